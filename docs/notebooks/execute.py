"""Execute the notebooks in place: each cell's code is run, and what its last line says is kept as output.

Usage: python docs/notebooks/execute.py [NAME ...]      (all of them: some five minutes)

A notebook here is plain: code, text, tables as HTML, pictures as SVG. That needs no Jupyter, neither to make
nor to test it; Jupyter opens it like any other.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HOME = Path(__file__).parent
SETTINGS = "settings"  # the tag of the cell whose values a test may replace


def execute(notebook: dict[str, Any], instead: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a notebook with its outputs.

    Parameters
    ----------
    notebook : as its file holds it
    instead : names of the cell tagged "settings" that are to have other values
    """
    names: dict[str, Any] = {}
    count = 0
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        count += 1
        cell["outputs"] = _run("".join(cell["source"]), names)
        cell["execution_count"] = count
        if SETTINGS in cell["metadata"].get("tags", ()):
            names.update(instead or {})
    return notebook


def _run(code: str, names: dict[str, Any]) -> list[dict[str, Any]]:
    """Run a cell and return its outputs."""
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(tree, "<cell>", "exec"), names)  # noqa: S102 (our own cells)
        value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if last else None  # noqa: S307
    outputs: list[dict[str, Any]] = []
    if said.getvalue():
        lines = said.getvalue().splitlines(keepends=True)
        outputs.append({"output_type": "stream", "name": "stdout", "text": lines})
    if value is not None:
        data = {"text/plain": repr(value).splitlines(keepends=True)}
        page = getattr(value, "_repr_html_", lambda: None)()
        if page:
            data["text/html"] = page.splitlines(keepends=True)
        kept = {"output_type": "execute_result", "metadata": {}, "execution_count": None}
        outputs.append({**kept, "data": data})
    return outputs


def main(names: list[str]) -> None:
    """Execute notebooks and write them."""
    for path in sorted(HOME.glob("*.ipynb")):
        if not names or path.stem in names:
            made = execute(json.loads(path.read_text(encoding="utf-8")))
            path.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            print(path.name)


if __name__ == "__main__":
    main(sys.argv[1:])
