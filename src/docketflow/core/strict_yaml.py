"""Read YAML strictly: plain files of plain text, no tags or aliases, no key twice, no NaN or infinity.

`yes`, `no` and `on` stay words; no text holds a control character, so that none reaches a terminal.

Every YAML file of the project and of its users comes through here. Knows nothing of what the files say.
"""

from __future__ import annotations

import math
import os
import re
import stat
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any

import yaml

from docketflow.core.errors import UNPRINTABLE, DocketflowError, EvidenceError

DEEPEST = 40
LARGEST = 1 << 20  # bytes: what people write by hand is pages, not data sets
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Place = tuple[str | int, ...]


class _Refused(Exception):
    """A construct the strict reader does not accept, with its line."""


class _Strict(Loader):
    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        seen: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise _Refused(f"line {line}: a key must be a word, a number or a date")
            if key in seen:
                raise _Refused(f"line {line}: {key!r} is given twice")
            seen[key] = self.construct_object(value_node, deep=True)
        return seen

    def construct_finite(self, node: Any) -> float:
        text = str(node.value).replace("_", "").lower()
        number = float(text if text[-1].isdigit() or text[-1] == "." else "inf")
        if not math.isfinite(number):
            raise _Refused(f"line {node.start_mark.line + 1}: {node.value!r} is not a finite number")
        return number


_REPLACED = ("bool", "float", "int")
# Plain words keep their meaning as words; numbers may be written 1e6 as well as 1000000.
_Strict.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.rsplit(":", 1)[-1] not in _REPLACED]
    for first, resolvers in Loader.yaml_implicit_resolvers.items()
}
_Strict.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), list("tf"))
_Strict.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^[-+]?(0|[1-9][\d_]*)$"), list("-+0123456789")
)
_Strict.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(
        r"^[-+]?(\d[\d_]*\.?[\d_]*([eE][-+]?\d+)?|\.\d[\d_]*([eE][-+]?\d+)?|\.(inf|Inf|INF)|\.(nan|NaN|NAN))$"
    ),
    list("-+.0123456789"),
)
_Strict.add_constructor("tag:yaml.org,2002:float", _Strict.construct_finite)
_Strict.add_constructor("tag:yaml.org,2002:map", _Strict.construct_mapping)


def _refuse(text: str) -> None:
    """Refuse what is more than plain text: aliases, nesting without end, tags, control characters."""
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused(f"{_line(event)}: anchors and aliases are not allowed")
        if getattr(event, "tag", None) is not None:
            raise _Refused(f"{_line(event)}: tags such as '!!float' are not allowed; write the plain value")
        if isinstance(event, yaml.ScalarEvent) and (found := UNPRINTABLE.search(event.value)):
            raise _Refused(f"{_line(event)}: {found.group()!r} is no character of plain text")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise _Refused(f"{_line(event)}: nested more than {DEEPEST} deep")


def _line(event: Any) -> str:
    return f"line {event.start_mark.line + 1 if event.start_mark else 0}"


def parse_yaml(text: str, *, where: str, error: type[DocketflowError] = EvidenceError) -> Any:
    """Return what a YAML text says, or raise ``error`` with one line that names the place."""
    return parse_lined(text, where=where, error=error)[0]


def parse_lined(
    text: str, *, where: str, error: type[DocketflowError] = EvidenceError
) -> tuple[Any, dict[Place, int]]:
    """Return what a YAML text says, and the line (from 1) of each of its parts, by keys and positions."""
    try:
        _refuse(text)
        loader = _Strict(text)
        node = loader.get_single_node()
        return (None, {}) if node is None else (loader.construct_document(node), dict(_lines(node, ())))
    except _Refused as refused:
        raise error(f"{where}: {refused}") from None
    except yaml.MarkedYAMLError as broken:
        line = f"line {broken.problem_mark.line + 1}: " if broken.problem_mark else ""
        raise error(f"{where}: {line}{broken.problem or broken.context or 'not valid YAML'}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as broken:
        first = str(broken).strip().splitlines()[0] if str(broken).strip() else type(broken).__name__
        raise error(f"{where}: not valid YAML: {first}") from None


def _lines(node: yaml.Node, place: Place) -> Iterator[tuple[Place, int]]:
    yield place, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _lines(value, (*place, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            yield from _lines(value, (*place, position))


def read_yaml(path: Path, *, error: type[DocketflowError] = EvidenceError) -> Any:
    """Return what a YAML file says; an unreadable file is the same kind of one-line error."""
    return parse_yaml(read_text(path, error=error), where=path.name, error=error)


def read_text(path: Path, *, error: type[DocketflowError] = EvidenceError) -> str:
    """Return the text of a plain file of bounded size, or raise one line that says why it cannot be read."""
    try:
        # A device or a pipe may have no end, and opening a pipe waits for a writer.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                kind = "is a folder, not a YAML file" if path.is_dir() else "is no plain file"
                raise error(f"{path}: {kind}")
            with open(handle, "rb", closefd=False) as file:
                data = file.read(LARGEST + 1)
        finally:
            os.close(handle)
    except FileNotFoundError:
        raise error(f"{path}: no such file") from None
    except (OSError, ValueError) as unreadable:
        said = getattr(unreadable, "strerror", None) or type(unreadable).__name__
        raise error(f"{path}: cannot be read ({said.lower()})") from None
    if len(data) > LARGEST:
        raise error(f"{path}: larger than {LARGEST} bytes, which nobody writes by hand")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise error(f"{path}: is not UTF-8 text") from None
