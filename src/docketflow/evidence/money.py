"""Published money that a run's cost is held beside: estimates with the reasons they differ, what was voted,
obligated and paid out.

Nothing here is an input or a check. Dollars are told in dollars, whatever a figure's own unit.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from docketflow.core.errors import EvidenceError
from docketflow.core.strict_yaml import read_yaml
from docketflow.evidence.room import HOME, Room
from docketflow.evidence.schema import Figure, Strict, Word

DOLLARS = {"USD": 1.0, "USD million": 1e6, "million USD": 1e6, "USD billion": 1e9}


class Estimate(Strict):
    """A published estimate of cost, what of the model stands beside it, and why the two differ."""

    figure: Word
    accounts: tuple[Word, ...] = ()
    over: str = ""
    why: Word


class Authority(Strict):
    """What was voted for a fiscal year, or on a day for several, by the accounts it pays for.

    ``voted`` is told where a scenario has settings from that day or later: others know nothing of it.
    """

    fiscal_year: int
    accounts: tuple[Word, ...] = Field(min_length=1)
    figures: Annotated[tuple[Word, ...], Field(min_length=1)]
    note: str = ""
    voted: dt.date | None = None
    until: int | None = None

    def is_of(self, year: int, last_known: dt.date | None) -> bool:
        """Return whether it may be used in a year, by a scenario that knows what was decided by a day."""
        if self.voted is not None and (last_known is None or last_known < self.voted):
            return False
        return self.fiscal_year <= year <= (self.until or self.fiscal_year)


class Executed(Strict):
    """What was voted for an account, obligated from it and paid out of it, as far as somebody published it.

    ``known_from`` is the day from which a scenario's settings must go on for it to be told beside them.
    """

    published: Word
    accounts: tuple[Word, ...] = Field(min_length=1)
    voted: tuple[Word, ...] = ()
    obligated: tuple[Word, ...] = ()
    paid: tuple[Word, ...] = ()
    known_from: dt.date | None = None
    note: str = ""

    def is_known(self, last_known: dt.date | None) -> bool:
        """Return whether a scenario that knows what was decided by a day may be told of it."""
        return self.known_from is None or (last_known is not None and last_known >= self.known_from)

    def parts(self) -> dict[str, tuple[str, ...]]:
        """Return the figures of what was voted, obligated and paid out."""
        return {"voted": self.voted, "obligated": self.obligated, "paid": self.paid}


@functools.cache
def estimates() -> tuple[Estimate, ...]:
    """Return the estimates of `estimates.yaml`."""
    return tuple(Estimate(**entry) for entry in read_yaml(HOME / "estimates.yaml"))


@functools.cache
def authorities() -> tuple[Authority, ...]:
    """Return the budget authority of `authority.yaml`."""
    return tuple(Authority(**entry) for entry in read_yaml(HOME / "authority.yaml")["voted"])


@functools.cache
def paid_by_others() -> frozenset[str]:
    """Return the steps that no appropriation of ICE or EOIR pays (`authority.yaml`)."""
    return frozenset(read_yaml(HOME / "authority.yaml")["paid_by_others"])


@functools.cache
def executed() -> tuple[Executed, ...]:
    """Return what was voted, obligated and paid out (`executed.yaml`)."""
    return tuple(Executed(**entry) for entry in read_yaml(HOME / "executed.yaml"))


def dollars(figure: Figure) -> float:
    """Return a figure in dollars (for each removal, for a year ...).

    Raises
    ------
    EvidenceError
        When its unit is not one of money.
    """
    unit = figure.unit.partition(" per ")[0].partition("/")[0]
    if unit not in DOLLARS:
        raise EvidenceError(f"figure {figure.id}: {figure.unit} is not a unit of money")
    return figure.value * DOLLARS[unit]


def together(figures: Iterable[str], room: Room) -> float:
    """Return the dollars of some figures, added."""
    return sum(dollars(room.figure(id)) for id in figures)
