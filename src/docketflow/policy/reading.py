"""Read a YAML file of this room as plain data, with the line on which each part begins, for errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from docketflow.core.errors import ScenarioError
from docketflow.core.strict_yaml import Loader, parse_yaml

LARGEST = 1 << 20  # bytes: a scenario is a page, not a data set

Place = tuple[str | int, ...]


def read_text(path: Path) -> str:
    """Return a file's text, or raise the one line that says why it cannot be read."""
    try:
        if path.is_dir():
            raise ScenarioError(f"{path}: is a folder, not a YAML file")
        if path.stat().st_size > LARGEST:
            raise ScenarioError(f"{path}: larger than {LARGEST} bytes, which is no scenario")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read ({(error.strerror or 'error').lower()})") from None
    except UnicodeDecodeError:
        raise ScenarioError(f"{path}: is not UTF-8 text") from None


def parse(text: str, name: str) -> tuple[Any, dict[Place, int]]:
    """Return what a YAML text says, and the line of each of its parts.

    Parameters
    ----------
    text : str
    name : str
        What to call it in errors.

    Returns
    -------
    data : object
        Mappings, lists, words, numbers, dates.
    lines : dict
        Keys and positions down to a part, to its line number (from 1).
    """
    data = parse_yaml(text, where=name, error=ScenarioError)
    node = yaml.compose(text, Loader=Loader)
    return data, dict(_lines(node, ())) if node is not None else {}


def _lines(node: yaml.Node, place: Place) -> Iterator[tuple[Place, int]]:
    yield place, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _lines(value, (*place, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            yield from _lines(value, (*place, position))
