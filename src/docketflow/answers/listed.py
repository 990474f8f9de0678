"""What there is to run, move and ask, as tables for whoever works in Python."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from docketflow.conductor.rooms import believed
from docketflow.core import given
from docketflow.core import outcomes as known_outcomes
from docketflow.core.errors import UsageError, unknown
from docketflow.evidence import explain as rests_on
from docketflow.evidence import load
from docketflow.policy import levers as every_lever
from docketflow.policy import list_scenarios, load_scenario
from docketflow.policy.catalogue import find_levers

if TYPE_CHECKING:
    import pandas as pd


def scenarios() -> pd.DataFrame:
    """Return the shipped scenarios by name: title, first and last day, how many settings."""
    rows = [
        {
            "name": one.name,
            "title": one.title,
            "from": one.start,
            "to": one.end,
            "settings": len(one.settings),
        }
        for one in list_scenarios()
    ]
    return _table(rows, "name", ("title", "from", "to", "settings"))


def levers(words: str = "") -> pd.DataFrame:
    """Return the levers that ordinary words find, by path; all for no word.

    Parameters
    ----------
    words : str
        Such as "beds"; what `docketflow levers` takes.
    """
    [words] = given.texts([words], "words")
    found = find_levers(words) if words.strip() else every_lever()
    names = ("title", "unit", "kind", "low", "high", "operations", "description")
    rows = [{"path": path, **{name: getattr(one, name) for name in names}} for path, one in found.items()]
    return _table(rows, "path", names)


def outcomes(words: str = "") -> pd.DataFrame:
    """Return the outcomes that words find in name or definition, by name; all for no word."""
    [words] = given.texts([words], "words")
    names = ("unit", "kind", "definition", "counting_rule")
    rows = [
        {"name": name, **{key: getattr(one, key) for key in names}}
        for name, one in known_outcomes.outcomes().items()
        if all(word in f"{name} {one.definition}".casefold() for word in words.casefold().split())
    ]
    return _table(rows, "name", names)


def _table(rows: list[dict[str, Any]], index: str, columns: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=[index, *columns]).set_index(index)


class Explained(dict[str, Any]):
    """What is known of a parameter, a lever or an outcome: plain data that tells itself."""

    @property
    def _title(self) -> str:
        return f"{self.get('path') or self['name']} ({self['kind']}, {self['unit']})"

    @property
    def _said(self) -> str:
        return str(self.get("note") or self.get("description") or self.get("definition") or "")

    def _figures(self) -> list[str]:
        return [
            f"{row['id']}: {row['value']:,.10g} {row['unit']}, {row['period']}; {row['source']['title']}, "
            f"{row['locator']}"
            for row in self.get("evidence", ())
        ]

    def __repr__(self) -> str:
        return "\n  ".join([f"<{self._title}", self._said, *self._figures()]) + ">"

    def _repr_html_(self) -> str:
        from html import escape

        rows = "".join(f"<li>{escape(line)}</li>" for line in self._figures())
        return f"<p><b>{escape(self._title)}</b><br>{escape(self._said)}</p><ul>{rows}</ul>"


def explain(path: str, scenario: str | None = None) -> Explained:
    """Return what a parameter, a lever or an outcome is, and what it rests on.

    Parameters
    ----------
    path : str
        Such as ``court.judges`` or ``removals.ice``.
    scenario : str, optional
        Whose levers on a parameter are told; those of every shipped scenario if not given.

    Raises
    ------
    UsageError
        One line that names the nearest.
    """
    room = load()
    lever = every_lever().get(path)
    if path in room.parameters:
        chosen = [load_scenario(scenario)] if scenario else list_scenarios()
        applied = [
            {"scenario": one.name, **row} for one in chosen for row in one.rows() if row["lever"] == path
        ]
        told = {"kind": "parameter", **rests_on(path, room=room).as_dict()}
        told["from_posterior"] = path in (together.paths if (together := believed().jointly) else ())
        return Explained(told, lever=None if lever is None else lever.model_dump(), levers_applied=applied)
    if lever is not None:
        return Explained({"kind": "lever", **lever.model_dump()})
    try:
        return Explained({"kind": "outcome", **dataclasses.asdict(known_outcomes.outcome(path))})
    except UsageError:
        names = [*room.parameters, *every_lever(), *known_outcomes.outcomes()]
        raise UsageError(unknown("path", path, names)) from None
