"""A goal as it is typed: OUTCOME >= NUMBER, "by DATE", "using LEVERS"; and what is to be kept."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass

from docketflow.answers.claims.vocabulary import vocabulary
from docketflow.answers.feasible.shelf import shelf
from docketflow.answers.feasible.trials import Asked
from docketflow.core.errors import UsageError, unknown

FORM = "OUTCOME >= NUMBER or OUTCOME <= NUMBER, such as 'removals.ice >= 1_000_000 by 2026-01-19 using beds'"
_GOAL = re.compile(
    r"\s*(?P<outcome>[^<>=≥≤]+?)\s*(?P<sign>>=|<=|≥|≤|=>|=<|>|<|={1,2}|\bat least\b|\bat most\b)\s*"
    r"(?P<number>[$]?\s*\d[\d_,.]*(e\d+)?\s*(%|thousand|million|billion)?)\s*"
    r"(\bby\s+(?P<by>\S+))?\s*(\busing\s+(?P<using>.+?))?\s*",
    re.IGNORECASE,
)
_MORE, _LESS = (">=", "≥", "=>", "at least"), ("<=", "≤", "=<", "at most")
_TIMES = {"%": 0.01, "thousand": 1e3, "million": 1e6, "billion": 1e9}


@dataclass(frozen=True)
class Goal:
    """What is asked: an outcome, at least or at most a number, by a day, with some levers."""

    outcome: str
    more: bool
    value: float
    by: dt.date | None = None
    using: tuple[str, ...] = ()

    @property
    def asked(self) -> Asked:
        """What a run must hold."""
        return Asked(self.outcome, self.more, self.value)

    def __str__(self) -> str:
        value = f"{self.value:,.10g}" if self.value < 1e15 else f"{self.value:g}"
        return f"{self.outcome} {'>=' if self.more else '<='} {value}"


def read_goal(text: object, outcomes: Collection[str], where: str = "the goal") -> Goal:
    """Read a goal; an outcome is meant by its name or by words that claims use of it.

    >>> str(read_goal("ICE removals at least 1 million by 2026-01-19 using beds, judges", ["removals.ice"]))
    'removals.ice >= 1,000,000'
    """
    said = text if isinstance(text, str) else ""
    found = _GOAL.fullmatch(said)
    if not found:
        raise UsageError(f"{where} {text!r:.80}: write it as {FORM}")
    sign = found["sign"].lower()
    if sign not in (*_MORE, *_LESS):
        raise UsageError(f"{where} {said!r:.80}: {sign} asks for a single number; write >= or <=")
    by = _date(found["by"], where) if found["by"] else None
    using = tuple(word.strip() for word in (found["using"] or "").split(",") if word.strip())
    return Goal(
        _outcome(found["outcome"], outcomes, where), sign in _MORE, _number(found["number"], where), by, using
    )


def read_kept(text: object, outcomes: Collection[str]) -> Asked:
    """Read what is to be kept: a comparison, or a word that `levers.yaml` declares."""
    where = "--keep"
    words = {word: one for name, one in shelf().keep.items() for word in (name, *one.words)}
    plain = " ".join(str(text).casefold().split())
    if plain in words:
        kept = words[plain]
        return Asked(_outcome(kept.outcome, outcomes, where), kept.wanted == "more")
    if not re.search(r"[<>=≥≤]|\bat (least|most)\b", plain):
        raise UsageError(f"{unknown('word', plain, shelf().keep, where)}; or write {FORM}")
    goal = read_goal(text, outcomes, where)
    if goal.by or goal.using:
        raise UsageError(f"{where} {text!r:.80}: a day and levers belong to the goal")
    return goal.asked


def _outcome(text: str, outcomes: Collection[str], where: str) -> str:
    name = " ".join(text.split())
    if name in outcomes:
        return name
    for one in vocabulary().quantities.values():
        if name.casefold() in (one.label.casefold(), *one.also, *one.phrases):
            meant = next((outcome for outcome in one.outcomes if outcome in outcomes), None)
            if meant is not None:
                return meant
    raise UsageError(unknown("outcome", name, outcomes, where))


def _number(text: str, where: str) -> float:
    plain = text.replace("$", "").replace(" ", "").lower()
    times = 1.0
    for word, factor in _TIMES.items():
        if plain.endswith(word):
            plain, times = plain.removesuffix(word), factor
    try:
        return float(plain.replace(",", "").replace("_", "")) * times
    except ValueError:
        raise UsageError(f"{where}: {text.strip()!r:.40} is not a number such as 1_000_000") from None


def _date(text: str, where: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{where}: by {text!r:.40} is not a date such as 2026-01-19") from None
