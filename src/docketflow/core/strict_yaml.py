"""Read YAML strictly: no aliases, no repeated keys, no NaN or infinity, and `yes`, `no`, `on` stay words.

Every YAML file of the project and of its users comes through here. Knows nothing of what the files say.
"""

from __future__ import annotations

import math
import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from docketflow.core.errors import DocketflowError, EvidenceError

DEEPEST = 40
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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


def _refuse_bombs(text: str) -> None:
    """Refuse what makes a short text stand for gigabytes or overflow the stack: aliases and deep nesting."""
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused(f"line {line}: anchors and aliases are not allowed")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise _Refused(f"line {line}: nested more than {DEEPEST} deep")


def parse_yaml(text: str, *, where: str, error: type[DocketflowError] = EvidenceError) -> Any:
    """Return what a YAML text says, or raise ``error`` with one line that names the place."""
    try:
        _refuse_bombs(text)
        return yaml.load(text, Loader=_Strict)  # noqa: S506 (a SafeLoader made stricter)
    except _Refused as refused:
        raise error(f"{where}: {refused}") from None
    except yaml.MarkedYAMLError as broken:
        line = f"line {broken.problem_mark.line + 1}: " if broken.problem_mark else ""
        raise error(f"{where}: {line}{broken.problem or broken.context or 'not valid YAML'}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as broken:
        first = str(broken).strip().splitlines()[0] if str(broken).strip() else type(broken).__name__
        raise error(f"{where}: not valid YAML: {first}") from None


def read_yaml(path: Path, *, error: type[DocketflowError] = EvidenceError) -> Any:
    """Return what a YAML file says; an unreadable file is the same kind of one-line error."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise error(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError) as unreadable:
        raise error(f"{path}: cannot be read ({type(unreadable).__name__})") from None
    return parse_yaml(text, where=path.name, error=error)
