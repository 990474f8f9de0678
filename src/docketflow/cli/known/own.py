"""The option by which rows of one's own are laid over the published ones, and how an answer says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from docketflow.cli.common import note

own_rows = click.option(
    "--evidence",
    "own",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Your own figures, laid over the published ones and marked private; they leave this machine never.",
)


def lay_over(own: Path | None) -> None:
    """Lay a folder of private rows over the published ones, and say so."""
    if own is not None:
        from docketflow.evidence.otherwise.overlay import use

        for said in use(own).notes:
            note(said)


def laid_over(result: Any) -> str:
    """Return the line that says on which private rows a result rests, or nothing."""
    found = result.manifest.get("private")
    return f"Private: rests on {found['says']}; nobody else can check it.\n\n" if found else ""
