"""Why two scenarios answer differently: the difference shared out among groups of settings.

It is `docketflow.why`. The sentences of the answer are made in `words`.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from docketflow.answers.paired import Worth, level, worth
from docketflow.answers.why.groups import GROUP, Cause, causes_of, differing
from docketflow.answers.why.mixed import Mixed
from docketflow.answers.why.people import People
from docketflow.answers.why.people import people as count_people
from docketflow.answers.why.rebuilt import named, scenario_of
from docketflow.answers.why.shapley import Evaluate, Split, in_whole_numbers, lives, share_out
from docketflow.answers.why.words import headline, sentences
from docketflow.conductor.ensemble import check_members
from docketflow.conductor.model import checked
from docketflow.conductor.simulator import SCALE
from docketflow.core import given
from docketflow.core.errors import UsageError
from docketflow.core.scale import read_scale
from docketflow.policy import Scenario
from docketflow.policy.catalogue import lever
from docketflow.results import Result
from docketflow.results.result import about

OUTCOME = "removals.ice"
MEMBERS = 24
MOST_PEOPLE = 100  # members lived person by person, some seconds each
Asked = str | Path | Scenario | Result


@dataclass(frozen=True, eq=False)
class Why:
    """The answer: a difference, its parts, and both sides.

    Attributes
    ----------
    outcome : what is counted
    by : how settings are grouped
    causes : what may be turned on; ``split.parts`` has a part for each
    split : the difference of every outcome and its parts, member by member
    names : the outcomes in the split
    one, other : both sides as they would be run; the difference is ``one`` less ``other``
    people : the difference counted in people, if that was asked for
    """

    outcome: str
    by: str
    causes: tuple[Cause, ...]
    split: Split
    names: tuple[str, ...]
    one: Result
    other: Result
    people: People | None = None

    @property
    def unit(self) -> str:
        """What the outcome is counted in."""
        return self.one[self.outcome].unit

    def known(self, outcome: str) -> np.ndarray:
        """Return the members of which an outcome has a number whatever is on (a share may have none)."""
        place = self.names.index(outcome)
        every = [self.split.none[:, place], self.split.every[:, place], *self.split.parts[:, :, place]]
        return np.flatnonzero(np.isfinite(every).all(axis=0))

    def part(self, cause: int, outcome: str = "") -> Worth:
        """Return what one cause changes of an outcome, with its interval."""
        return self._worth(self.split.parts[cause], outcome or self.outcome)

    def gap(self, outcome: str = "") -> Worth:
        """Return the whole difference of an outcome."""
        return self._worth(self.split.gap, outcome or self.outcome)

    def _worth(self, values: np.ndarray, outcome: str) -> Worth:
        return worth(values[self.known(outcome), self.names.index(outcome)])

    def alone(self, cause: int) -> tuple[float, float] | None:
        """Return what a cause changes when it comes first, and last; None if not all were lived."""
        if self.split.first is None or self.split.last is None:
            return None
        place, known = self.names.index(self.outcome), self.known(self.outcome)
        return (
            float(self.split.first[cause][known, place].mean()),
            float(self.split.last[cause][known, place].mean()),
        )

    def sampled(self, cause: int) -> float:
        """Return the error of a part from having gone through some orders only."""
        return float(self.split.sampling[cause, self.names.index(self.outcome)])

    def rules(self) -> list[str]:
        """Return the counting rules in which a target may be named, the outcome asked about first."""
        return list(dict.fromkeys([self.outcome, *lever("target.series").choices]))

    def to_json(self) -> dict[str, Any]:
        """Return the whole answer as plain data."""
        known = self.known(self.outcome)
        gap = self.gap()
        parts = [self.part(k).value for k in range(len(self.causes))]
        return {
            **about(self.one),
            "a": about(self.one) | {"title": str(self.one.manifest.get("title", ""))},
            "b": about(self.other) | {"title": str(self.other.manifest.get("title", ""))},
            "outcome": self.outcome,
            "unit": self.unit,
            "by": self.by,
            "interval": "90% interval of the mean of paired runs",
            "headline": headline(self),
            "says": sentences(self),
            "all_orders": self.split.exact,
            "runs": self.split.runs,
            "members_counted": len(known),
            "total": {"a": self._level(self.one), "b": self._level(self.other)},
            "difference": gap.to_json() | {"whole": round(gap.value) if self._counts else None},
            "causes": [self._cause(k, whole) for k, whole in enumerate(self._whole(parts, gap.value))],
            "not_explained": gap.value - sum(parts),
            "rules": [self._rule(name) for name in self.rules()],
            "people": None if self.people is None else self.people.to_json(),
        }

    def _level(self, result: Result) -> dict[str, Any]:
        said = level(result[self.outcome].values[self.known(self.outcome)]).to_json()
        del said["runs_that_reach_the_target"]
        return said

    @property
    def _counts(self) -> bool:
        """Whether whole numbers mean anything: not of shares, means and rates."""
        return self.one[self.outcome].kind in ("flow", "stock")

    def _whole(self, parts: list[float], total: float) -> list[int | None]:
        """Return parts in whole persons (or dollars) that add up; None for what is no count."""
        if not self._counts:
            return [None] * len(parts)
        return list(in_whole_numbers(parts, total))

    def _cause(self, place: int, whole: int | None) -> dict[str, Any]:
        cause, alone = self.causes[place], self.alone(place)
        return {
            "cause": cause.name,
            "title": cause.title,
            "settings": self.settings(cause),
            **self.part(place).to_json(),
            "whole": whole,
            "error_of_sampled_orders": self.sampled(place),
            "turned_on_first": None if alone is None else alone[0],
            "turned_on_last": None if alone is None else alone[1],
        }

    def settings(self, cause: Cause) -> list[dict[str, Any]]:
        """Return what either side says of a cause's levers, a row a setting."""
        return [
            {
                "side": side,
                **{key: row[key] for key in ("lever", "title", "operation", "value", "unit", "assumed")},
                "from": None if row["from"] is None else str(row["from"]),
                "to": None if row["to"] is None else str(row["to"]),
                "lag": row["lag"],
            }
            for path in cause.levers
            for side, result in (("a", self.one), ("b", self.other))
            for row in result.levers
            if row["lever"] == path
        ]

    def _rule(self, name: str) -> dict[str, Any]:
        parts = [self.part(k, name).value for k in range(len(self.causes))]
        known = self.known(name)
        return {
            "outcome": name,
            "unit": self.one[name].unit,
            "a": float(self.one[name].values[known].mean()),
            "b": float(self.other[name].values[known].mean()),
            "parts": dict(zip((cause.name for cause in self.causes), parts, strict=True)),
        }

    def __repr__(self) -> str:
        head = f"<Why {self.one.scenario} and {self.other.scenario} differ, {self.outcome}"
        return "\n".join([head, *sentences(self)]) + ">"


def why(
    a: Asked,
    b: Asked | None = None,
    *,
    outcome: str = OUTCOME,
    by: str = GROUP,
    members: int | None = None,
    scale: Fraction | str | None = None,
    seed: int | None = None,
    sets: Iterable[str] = (),
    people: int = 0,
    told: Callable[[int, int], None] | None = None,
) -> Why:
    """Share out the difference of two scenarios among the settings in which they differ.

    Parameters
    ----------
    a, b : str, Path, Scenario or Result
        The difference is ``a`` less ``b``; a result (or its folder) is lived again from what it kept. Without
        ``b``, ``a`` is held against itself without its last layer: without ``sets``, or without what it adds
        to the scenario it extends.
    outcome : str
        What is counted; the answer holds every outcome.
    by : "group", "lever", or a YAML file of groups like `groups.yaml`
    members : int, optional
        How many paired runs of each mixture (24, or as many as a result has).
    scale, seed : as of `docketflow.run`, or as of a result
    sets : iterable of str
        Further levers of ``a``, ``PATH=VALUE@DATE``.
    people : int
        Of how many members the difference is also counted in people, lived one by one at 1/1000 or coarser.
    told : callable, optional
        Called after each run with how many are done, and of how many.
    """
    left, right = _opened(a), _opened(b)
    kept = [side for side in (left, right) if isinstance(side, Result)]
    like = kept[0] if kept else None
    sets = given.texts(sets, "sets")
    bare = _scenario(left)
    one = bare.with_sets(sets)
    alone = bare if sets else _less_last_layer(bare)
    other = alone if right is None else _scenario(right)
    one, other = checked(one), checked(other)
    _comparable(one, other)
    many = members or (like.members if like else MEMBERS)
    check_members(many)
    causes = tuple(causes_of(differing(one, other), by))
    if not causes:
        raise UsageError(f"why: {one.name} and {other.name} say the same of every lever: nothing to explain")
    given.whole(people, "--people", 0, MOST_PEOPLE)
    lived: dict[str, Any] = {"scale": read_scale(scale or (like.scale if like else SCALE))}
    lived["seed"] = (like.seed if like else 1) if seed is None else seed
    mixed = Mixed(one, other, causes, **lived)
    mixed(frozenset(), 0)  # alone: compiles the engine once, and fails early
    mixed.place(outcome)
    counted = count_people(one, other, causes, outcome, members=people, **lived) if people else None
    live = mixed if told is None else _counted(mixed, told, many * lives(len(causes)))
    split = share_out(live, [cause.name for cause in causes], many)
    found = Why(
        outcome=outcome,
        by=by,
        causes=causes,
        split=split,
        names=mixed.names,
        one=mixed.result(many, every=True),
        other=mixed.result(many, every=False),
        people=counted,
    )
    if not sets:
        _same_again(left, found.one, outcome)
    _same_again(right, found.other, outcome)
    return found


def _counted(evaluate: Evaluate, told: Callable[[int, int], None], whole: int) -> Evaluate:
    """Return what lives a member and says after each life how many there were."""
    done = itertools.count(1)

    def one(on: frozenset[str], member: int) -> np.ndarray | float:
        found = evaluate(on, member)
        told(next(done), whole)
        return found

    return one


def _same_again(kept: Asked | None, again: Result, outcome: str) -> None:
    """Raise if a kept result, lived again, comes to other numbers: another version made it."""
    if not isinstance(kept, Result) or (kept.seed, kept.scale) != (again.seed, again.scale):
        return
    many = min(kept.members, again.members)
    if not np.array_equal(kept[outcome].values[:many], again[outcome].values[:many], equal_nan=True):
        raise UsageError(
            f"why: {kept.scenario} comes to other numbers when it is lived again: another version of the "
            "model or the evidence made it; run it again, or see what changed: docketflow compare NEW OLD"
        )


def _opened(asked: Asked | None) -> Asked | None:
    """Return a result where a folder of one is named; all else as it is."""
    from docketflow.results import is_result, load

    if isinstance(asked, str | Path) and is_result(Path(asked)):
        return load(Path(asked))
    return asked


def _scenario(asked: Asked | None) -> Scenario:
    if isinstance(asked, Result):
        return scenario_of(asked)
    return named(asked)


def _less_last_layer(scenario: Scenario) -> Scenario:
    if not any(scenario.layers[-1:]):
        raise UsageError(
            f"why: {scenario.name} adds no setting to anything: name what it is held against "
            f"(docketflow why OTHER {scenario.name}), or --set"
        )
    before = dataclasses.replace(scenario, layers=scenario.layers[:-1])
    return dataclasses.replace(before, name=f"{scenario.name}-before", title="Without what it adds")


def _comparable(one: Scenario, other: Scenario) -> None:
    """Raise if two scenarios do not answer for the same days from the same start."""
    for what, left, right in (
        ("periods", f"{one.start} to {one.end}", f"{other.start} to {other.end}"),
        ("first simulated days", str(one.first), str(other.first)),
    ):
        if left != right:
            raise UsageError(
                f"why: {one.name} and {other.name} have different {what}, {left} and {right}; "
                "compare answers for the same days"
            )
