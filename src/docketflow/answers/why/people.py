"""The difference counted in people: where lives first part, by cause and stage, over some members.

Sums only: nobody is shown, and what fewer than ten synthetic people share is added to one row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from docketflow.answers.paired import Worth, worth
from docketflow.answers.why.groups import Cause
from docketflow.answers.why.mixed import Mixed
from docketflow.conductor.inspect import parted
from docketflow.core.errors import UsageError
from docketflow.core.scale import read_scale
from docketflow.policy import Scenario

if TYPE_CHECKING:
    from docketflow.conductor.inspect import Parting

FEWEST = 10  # synthetic people below which a row is not shown by itself
COARSE = Fraction(1, 1000)  # people are lived one by one, slowly
DISPLACED = "displaced"
DISPLACED_TITLE = "Displaced by others in line"
FEW = "fewer than ten"


@dataclass(frozen=True)
class Row:
    """Lives that first part at one stage for one cause; per member, in persons.

    Attributes
    ----------
    cause, title : the cause, `DISPLACED`, or several at once
    levers : what decides there and differs
    kind, stage : what kind of thing decides, and its name
    lives : synthetic people who part there, over all members
    part : how much the outcome is more over them, with its interval (none with one member)
    gained, lost : how much of that is more, and less
    """

    cause: str
    title: str
    levers: tuple[str, ...]
    kind: str
    stage: str
    lives: int
    part: Worth
    gained: float
    lost: float

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "cause": self.cause,
            "title": self.title,
            "levers": list(self.levers),
            "kind": self.kind,
            "stage": self.stage,
            "synthetic_people": self.lives,
            **self.part.to_json(),
            "gained": self.gained,
            "lost": self.lost,
        }


@dataclass(frozen=True)
class People:
    """All lives of both sides.

    Attributes
    ----------
    members, scale : how many members were lived person by person, and at which scale
    one, other : the outcome of both sides over these members (means); rows add up to their difference
    alike : share of synthetic people whose two lives never part
    by_cause, by_stage : where lives part, by cause alone and by cause and stage
    """

    members: int
    scale: str
    one: float
    other: float
    alike: float
    by_cause: tuple[Row, ...]
    by_stage: tuple[Row, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "members": self.members,
            "scale": self.scale,
            "a": self.one,
            "b": self.other,
            "difference": self.one - self.other,
            "never_part": self.alike,
            "by_cause": [row.to_json() for row in self.by_cause],
            "by_stage": [row.to_json() for row in self.by_stage],
        }


def people(
    one: Scenario,
    other: Scenario,
    causes: Sequence[Cause],
    outcome: str,
    *,
    members: int,
    scale: Fraction | str,
    seed: int,
) -> People:
    """Live members person by person under two scenarios and count where their lives first part."""
    if one.people != other.people:
        raise UsageError("--people: two numbers of people have no lives in common to part; leave it out")
    coarse = min(read_scale(scale), COARSE)
    mixed = Mixed(one, other, causes, scale=coarse, seed=seed)
    every = list(mixed.causes)
    found = [
        parted(mixed.bare, member, mixed.values(every, member), mixed.values((), member), outcome)
        for member in range(members)
    ]
    lives = [sum(row.people for row in run.partings) + run.alike for run in found]
    parting = [run.partings for run in found]
    return People(
        members=members,
        scale=str(coarse),
        one=float(np.mean([run.one for run in found])),
        other=float(np.mean([run.other for run in found])),
        alike=sum(run.alike for run in found) / sum(lives),
        by_cause=rows(parting, causes, by_stage=False),
        by_stage=rows(parting, causes, by_stage=True),
    )


def rows(found: Sequence[Iterable[Parting]], causes: Sequence[Cause], *, by_stage: bool) -> tuple[Row, ...]:
    """Return partings of several members as rows, what few share in one; they add up as partings do."""
    titles = {cause.name: cause.title for cause in causes}
    groups: defaultdict[tuple[str, tuple[str, ...], str, str], list[tuple[int, Parting]]] = defaultdict(list)
    for member, partings in enumerate(found):
        for one in partings:
            cause = _cause(one, causes)
            levers = () if cause == DISPLACED else one.cause
            key = (cause, levers, one.kind, one.name) if by_stage else (cause, (), "", "")
            groups[key].append((member, one))
    few = [key for key, own in groups.items() if sum(one.people for _, one in own) < FEWEST]
    hidden = [pair for key in few for pair in groups.pop(key)]
    if hidden:
        groups[FEW, (), "", ""] = hidden
    named = {**titles, DISPLACED: DISPLACED_TITLE, FEW: "What fewer than ten share, together"}
    made = [
        Row(
            cause=cause,
            title=named.get(cause) or " and ".join(titles[name] for name in cause.split("+")),
            levers=levers,
            kind=kind,
            stage=stage,
            lives=sum(one.people for _, one in own),
            part=_worth(own, len(found)),
            gained=sum(one.gained for _, one in own) / len(found),
            lost=sum(one.lost for _, one in own) / len(found),
        )
        for (cause, levers, kind, stage), own in groups.items()
    ]
    return tuple(sorted(made, key=lambda row: (row.cause == FEW, -abs(row.part.value), row.cause, row.stage)))


def _cause(one: Parting, causes: Sequence[Cause]) -> str:
    """Return the cause whose levers decide there; several joined by a plus; nobody's: displaced by others."""
    return "+".join(cause.name for cause in causes if set(cause.levers) & set(one.cause)) or DISPLACED


def _worth(own: Iterable[tuple[int, Parting]], members: int) -> Worth:
    per_member = np.zeros(members)
    for member, one in own:
        per_member[member] += one.gained - one.lost
    return worth(per_member)
