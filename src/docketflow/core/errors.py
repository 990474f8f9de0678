"""The family of errors a user can meet, each one clear line: what, where, what is allowed, a near match.

DocketflowError
├── DeclarationError   a lifecycle that does not hold together
├── EvidenceError      a figure, source or parameter that is wrong or missing
├── ScenarioError      a scenario or lever that cannot be applied
├── UsageError         a flag, date, path or name given by the user
├── ResultError        a result folder that cannot be read or written
└── EngineError        a broken invariant inside a run (a bug: please report)
    └── ConservationError  people, spaces or efforts that do not add up: day, stage, resource, by how much
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable


class DocketflowError(Exception):
    """Base of all errors shown to users as one line with exit code 2."""


class DeclarationError(DocketflowError):
    """A lifecycle declaration that does not hold together."""


class EvidenceError(DocketflowError):
    """A figure, source or parameter that is wrong or missing."""


class ScenarioError(DocketflowError):
    """A scenario or lever that cannot be applied."""


class UsageError(DocketflowError):
    """A flag, date, path or name given by the user."""


class ResultError(DocketflowError):
    """A result folder that cannot be read or written."""


class EngineError(DocketflowError):
    """A broken invariant inside a run."""


class ConservationError(EngineError):
    """People, spaces or efforts of a run that do not add up."""

    def __init__(
        self, network: str, *, date: dt.date, stage: str, resource: str, fault: str, amount: int
    ) -> None:
        super().__init__(
            f"{network!r} does not add up on {date} at the stage {stage!r} in {resource!r}: {fault}"
            f" ({abs(amount)} too {'many' if amount > 0 else 'few'})"
        )
        self.date, self.stage, self.resource, self.amount = date, stage, resource, amount


def nearest(name: str, allowed: Iterable[str]) -> str:
    """Return a hint that names the closest allowed value, or the first few when none is close.

    >>> nearest("judgs", ["judges", "beds"])
    "did you mean 'judges'?"
    """
    options = sorted(set(allowed))
    close = difflib.get_close_matches(name, options, n=1, cutoff=0.5)
    if not close:  # compare the last dotted words as well: people remember the tail of a path
        tails = {option.rsplit(".", 1)[-1]: option for option in options}
        tail = difflib.get_close_matches(name.rsplit(".", 1)[-1], list(tails), n=1, cutoff=0.5)
        close = [tails[tail[0]]] if tail else []
    if close:
        return f"did you mean {close[0]!r}?"
    shown = ", ".join(options[:8]) + (", ..." if len(options) > 8 else "")
    return f"allowed: {shown}" if shown else "nothing is allowed here"


def unknown(kind: str, name: str, allowed: Iterable[str], where: str = "") -> str:
    """Return the standard one-line message for a name that does not exist."""
    place = f" in {where}" if where else ""
    return f"unknown {kind} {name!r}{place}; {nearest(name, allowed)}"
