"""The answer of `binding` in sentences: what binds now, what hides what, how sure, and what comes with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Protocol

from docketflow.answers.lifting import AFTER, NOW, Found
from docketflow.answers.paired import Worth
from docketflow.core.labels import in_a_sentence

WHOLE = 100  # from here on no decimals


class Answered(Protocol):
    """What is put into words: what was found, of which outcome, with which months."""

    @property
    def found(self) -> Found:
        """What the search found."""

    @property
    def outcome(self) -> str:
        """What is counted."""

    def month(self, place: int | None) -> str | None:
        """Return the label of a month."""


def said(worth: Worth, unit: str = "") -> str:
    """Return a worth as read: +723 (557 to 889)."""
    return f"{_round(worth.value, True)} ({_round(worth.low, True)} to {_round(worth.high, True)}){unit}"


def sentences(binding: Answered) -> list[str]:
    """Return the answer in sentences: the first limit, what all together are worth, then the rest."""
    first, *rest = _now(binding)
    return [
        *(first, *_together(binding), *rest),
        *(*_later(binding), *_orders(binding), *_sure(binding)),
    ]


def _now(binding: Answered) -> list[str]:
    now = [one for one in binding.found.order if one.binds == NOW]
    if not now:
        return ["Of these limits none can be told from zero, by one per cent or lifted alone."]
    first = now[0]
    by = (
        f"one per cent more is worth {said(first.one)}"
        if first.one.gains
        else f"lifted alone it is worth {said(first.alone.adds)}, one per cent more {said(first.one)}"
    )
    since = _month(binding, first.since)
    shows = f", which shows from {since}" if since else ""
    tie = f" It ties with {listed(first.ties)}: their intervals overlap." if first.ties else ""
    found = [f"What stops it first: {first.limit}; {by} {in_a_sentence(binding.outcome)}{shows}.{tie}"]
    if len(now) > 1:
        found.append(f"Binding now: {listed(one.limit for one in now)}.")
    return found


def _together(binding: Answered) -> list[str]:
    found = binding.found
    top = max(one.alone.adds.value for one in found.order)
    whole = found.staircase[-1].rung.adds
    alone = f"Lifted alone none adds more than {_round(top)}; all together add {said(whole)}"
    if len(found.order) == 1:
        return []
    if found.together.gains:
        how = "each hides the next"
    elif found.together.told:
        how = "they stand in for one another: together they add less than the sum of each"
    else:
        how = "together they cannot be told from the sum of each"
    rest = [f"all but {one.limit} {_round(one.all_but.adds.value, True)}" for one in found.order]
    return [f"{alone}: {how}. {'; '.join(rest).capitalize()}."]


def _later(binding: Answered) -> list[str]:
    later = [one for one in binding.found.order if one.binds == AFTER]
    return [
        f"{one.limit.capitalize()}: not binding now, but with {listed(one.after)} lifted"
        + (f", from {_month(binding, one.since)}." if one.since is not None else ".")
        for one in later
    ]


def _orders(binding: Answered) -> list[str]:
    found = binding.found
    if len(found.order) == 1:
        return []
    by_one = [one.limit for one in found.order][:2]
    if found.agree:
        return ["One per cent more and lifting agree on the first two, as far as they can be told apart."]
    said_ = (
        f"One per cent more puts first {' then '.join(by_one)}; "
        f"lifting puts first {' then '.join(found.by_lifting[:2])}."
    )
    back = [one for one in found.order if one.one.gains and one.alone.adds.high < 0]
    said_ += "".join(f" {one.limit.capitalize()} lifted alone: {said(one.alone.adds)}." for one in back)
    if found.takes_over is None:
        return [said_]
    first, then = found.takes_over
    return [f"{said_} A little more is not much more: with {first} lifted, {then} takes over."]


def _sure(binding: Answered) -> list[str]:
    found = binding.found
    first = next((one for one in found.order if one.binds == NOW), found.order[0])
    told = "" if found.decided else " So few do not tell a first limit from zero both ways."
    return [
        f"Means of {found.members} paired runs with their 90% intervals; Monte Carlo error of the first "
        f"limit's one per cent: {_round(first.one.error)}.{told}"
    ]


def _month(binding: Answered, place: int | None) -> str:
    """Return a month in words; nothing where there is none."""
    label = binding.month(place)
    return f"{dt.date.fromisoformat(f'{label}-01'):%B %Y}" if label else ""


def listed(names: Iterable[str]) -> str:
    """Return names as a list of words."""
    words = list(names)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else "none"


def _round(value: float, signed: bool = False) -> str:
    """Return a number in three significant digits."""
    rounded = float(f"{value:.3g}")
    shown = f"{rounded:,.0f}" if abs(rounded) >= WHOLE else f"{rounded:.3g}"
    return f"+{shown}" if signed and rounded > 0 else shown
