"""Numbers of answers kept with a result: a path such as ``binding:staircase>0>adds>value`` digs in one.

It takes an answer as `--json` prints it; how it was found is not its business.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from docketflow.core.errors import UsageError, unknown
from docketflow.core.labels import label
from docketflow.core.outcomes import found, outcome
from docketflow.report.traced import COUNTED, Traced

INTO = ">"
RUNS = {
    *("members", "runs", "runs_a_setting", "settings_looked_at"),
    *("runs_that_reach_the_target", "runs_that_reach_it"),
}
SHARES = {"weight", "foretells_of_the_variance", "part_of_year"}
GROUNDS = {"figures": "figure", "parameters": "parameter", "outcomes": "outcome"}
MOVED = {"lifted_to", "price", "published", "target", "levers", "amounts", "least", "voted", "allowed"}
"""Parts of an answer whose numbers no run counted: what is moved, asked, paid or published."""
OF_LEVERS = {"least", "least_at_once", "amounts", "levers"}


class Asked:
    """Answers by question.

    Parameters
    ----------
    answers : mapping of question to its answer as plain data
    outcomes, resources : those to which a number can be led back
    record : how many people one simulated record stands for, where it is known
    """

    def __init__(
        self,
        answers: Mapping[str, Mapping[str, Any]],
        outcomes: Collection[str] = (),
        resources: Collection[str] = (),
        *,
        record: float = 0.0,
    ) -> None:
        self.answers, self.outcomes, self.resources, self.record = answers, outcomes, resources, record

    def resolve(self, path: str) -> Traced:
        """Return what stands at a path."""
        question, _, inside = path.partition(":")
        if question not in self.answers:
            raise UsageError(unknown("answer", question, self.answers, path))
        said = self.answers[question]
        keys = inside.partition("@")[0].split(INTO)
        value: Any = said
        for key in keys:
            try:
                value = _part(value, key)
            except KeyError:
                known = [str(k) for k, _ in _inside(value)]
                raise UsageError(unknown("part of the answer", key, known, path)) from None
        about = f"{question} of {said['scenario']}: {', '.join(self._words(keys))}"
        plain = isinstance(value, (int, float)) and not isinstance(value, bool)
        unit = self._unit(said, keys) if plain else "text"
        shown = value if plain else "" if value is None else str(value)
        record = self.record if plain and unit in COUNTED and not MOVED & set(keys) else 0.0
        way = functools.partial(self._rests_on, said, keys)
        return Traced(path, shown, unit, about, way, simulated=plain, record=record)

    @staticmethod
    def _words(keys: list[str]) -> Iterator[str]:
        for key in keys:
            yield str(int(key) + 1) if key.isdigit() else label(key)

    def _unit(self, said: Mapping[str, Any], keys: list[str]) -> str:
        if keys[-1] in RUNS:
            return "runs"
        if keys[-1] in SHARES | {"days"}:
            return "days" if keys[-1] == "days" else "share"
        named = _outcome(keys)
        if named is not None:
            return outcome(named).unit
        if OF_LEVERS & set(keys) and "levers" in said:
            moved = next((one for one in said["levers"] if one["lever"] in self._levers(said, keys)), None)
            if keys[-1] == "lag":
                return "days"
            if moved is not None:
                share = moved["move"] != "add" and keys[-1] not in ("as_it_is", "most_in_all")
                return "share" if share else str(moved["unit"])
        return str(self._near(said, keys, ("unit",)).get("unit", "number"))

    def _near(self, said: Mapping[str, Any], keys: list[str], wanted: Collection[str]) -> Mapping[str, Any]:
        """Return the innermost part on the way to a number that says one of some things of it."""
        found, value = said, said
        for key in keys[:-1]:
            value = _part(value, key)
            if isinstance(value, Mapping) and any(name in value for name in wanted):
                found = value
        return found

    def _levers(self, said: Mapping[str, Any], keys: list[str]) -> list[str]:
        """Return the limits or levers that a path is about."""
        found: list[str] = []
        value: Any = said
        for key in keys:
            value = _part(value, key)
            if isinstance(value, Mapping):
                found += [str(value[name]) for name in ("limit", "lever") if name in value]
                found += [str(one) for one in value.get("lifted", ())]
        return [*found, *keys]

    def _rests_on(self, said: Mapping[str, Any], keys: list[str]) -> Iterator[str]:
        """Yield the outcome a number is of, the parameters of the levers that are moved, and the code."""
        name = _outcome(keys) or str(self._near(said, keys, ("outcome",)).get("outcome", ""))
        if name in self.outcomes:
            yield f"outcome:{name}/median"
        near = self._near(said, keys, GROUNDS)
        if near is not said:
            yield from (f"{GROUNDS[kind]}:{one}/value" for kind in GROUNDS for one in near.get(kind, ()))
            if "figures" in near:  # published: no run made it
                return
        about = set(self._levers(said, keys))
        if keys[0] == "certificate":  # a bound is made of what there is, not of what is moved
            parts = said["certificate"].get("made_of", {})
            named = [part for part in parts if part in about] or list(parts)
            yield from (f"resource:{part}/supply" for part in named if part in self.resources)
        lifted = said.get("lifted_to", {})
        for limit in about & set(lifted):
            yield from (f"parameter:{path}/value" for path in lifted[limit])
        moved: Any = said.get("levers")  # of what it would take; one by itself where the path names it
        for one in moved if isinstance(moved, list) else ():
            if one["lever"] in about or not about & {other["lever"] for other in moved}:
                yield from (f"parameter:{path}/value" for path in one["paths"])
        yield "manifest:code"


def _part(value: Any, key: str) -> Any:
    """Return a part of an answer by its name, or by its place in a list."""
    if isinstance(value, Mapping) and key in value:
        return value[key]
    if isinstance(value, list) and key.isdecimal() and key == str(int(key)) and int(key) < len(value):
        return value[int(key)]
    return {str(k): one for k, one in _inside(value)}[key]


def _inside(value: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def _outcome(keys: list[str]) -> str | None:
    """Return the outcome that a path names itself."""
    for key in reversed(keys):
        known = found(key) if "." in key else None  # no message is made for what is none
        if known is not None:
            return known.name
    return None
