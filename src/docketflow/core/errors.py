"""The family of errors a user can meet, each one clear line: what, where, what is allowed, a near match.

DocketflowError
├── DeclarationError   a lifecycle that does not hold together
│   └── WeightError        a weight beyond what the engine keeps, and how far it would have to come back
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
import re
from collections.abc import Iterable

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that command a terminal, turn a line round or stand for nothing: never part of a plain text."""
LONGEST = 2_000  # characters of an error: who gives a megabyte does not get it back


def one_line(text: object) -> str:
    """Return text fit for one line of a terminal: spaces for line ends, nothing that commands it, an end.

    >>> one_line("a\\n\\x1b[2Jb")
    'a \\\\x1b[2Jb'
    """
    plain = UNPRINTABLE.sub(lambda found: ascii(found.group())[1:-1], " ".join(str(text).split()))
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST]} ..."


class DocketflowError(Exception):
    """Base of all errors shown to users as one line, with an exit code."""

    exit_code = 2

    def __init__(self, message: object = "") -> None:
        super().__init__(one_line(message))


class DeclarationError(DocketflowError):
    """A lifecycle declaration that does not hold together."""


class WeightError(DeclarationError):
    """A weight of a draw that is too large or too small to be kept.

    Attributes
    ----------
    draw : whose weight it is
    paths : the parameters it is made of
    weight, times : what it comes to, and the factor that leads back to what is kept
    """

    def __init__(self, draw: str, paths: Iterable[str], weight: float, kept: float) -> None:
        self.draw, self.paths = draw, frozenset(paths)
        self.weight, self.times = weight, kept / weight
        allowed = f"0, or at least {kept:.3g}" if weight < kept else f"up to {kept:.5g}"
        super().__init__(f"{draw!r} has a weight of {weight:.3g}; allowed: {allowed}")


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
    options, name = sorted(set(allowed)), name[:100]
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
    return f"unknown {kind} {name[:100]!r}{place}; {nearest(name, allowed)}"
