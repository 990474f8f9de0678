"""A question: a scenario, what is counted, and levers moved; read from an address or a form, written as one.

An address holds each moved lever as the command line takes it (`set=PATH=+38000@2025-06-01+60d`), so that it
can be read and typed. A form holds it in parts; both come to the same question. An address that is passed on
names more than ten levers by a short hash and carries them after its #, which no server is sent or keeps.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from docketflow.app.answers.shelf import Main, composed, main_levers, scenarios, shelf
from docketflow.core.errors import DocketflowError, UsageError, unknown
from docketflow.core.outcomes import counting_rules
from docketflow.policy import Scenario
from docketflow.policy.compose import check
from docketflow.policy.typed import RISING, read_typed

MOST_SETS = 40
READABLE = 10  # levers that an address to be passed on holds in words
SHORT = "levers"  # the name of the hash that stands for more of them
LONGEST_SET = 200
MORE, ALL, PERCENT, EVENLY = "more", "all", "percent", "ramp"
HOW = (MORE, ALL, PERCENT, EVENLY)


class NotUnderstood(UsageError):
    """What was asked cannot be: one line, the field it stands beside, and the nearest value that can."""

    def __init__(self, message: str, field: str = "", nearest: str = "") -> None:
        super().__init__(message)
        self.field, self.nearest = field, nearest


@dataclass(frozen=True)
class Question:
    """What is asked.

    Parameters
    ----------
    scenario : name of a shipped scenario
    count : the outcome in which removals are counted
    sets : levers moved on top of it, each as typed on the command line, in order
    """

    scenario: str
    count: str
    sets: tuple[str, ...] = ()

    @functools.cached_property
    def asked(self) -> Scenario:
        """The scenario with the levers moved."""
        return shipped(self.scenario).with_sets(self.sets)

    @property
    def key(self) -> str:
        """What tells the members of this question from those of any other: what is counted does not."""
        return hashlib.sha256(json.dumps([self.scenario, sorted(self.sets)]).encode()).hexdigest()[:16]

    @property
    def moved(self) -> bool:
        """Whether any lever is moved."""
        return bool(self.sets)

    def query(self, **more: str) -> str:
        """Return the question as the part of an address after the question mark."""
        first = shelf().questions[0].scenario
        pairs = [("scenario", self.scenario)] if self.scenario != first else []
        pairs += [("count", self.count)] if self.count != _usual(self.scenario) else []
        pairs += [("set", one) for one in self.sets] + list(more.items())
        return urlencode(pairs, safe="=@+:,[]*", quote_via=_plus)

    @property
    def mark(self) -> str:
        """What a short address tells this question by: a hash of all it says."""
        return hashlib.sha256(self.query().encode()).hexdigest()[:12]

    def address(self, path: str) -> str:
        """Return the address of a page that is passed on with this question.

        It can be read up to `READABLE` levers; beyond, it has the hash of them all, and they themselves stand
        after the #: the page sends them when it is opened, also to a server that never saw them.
        """
        query = self.query()
        if len(self.sets) > READABLE:
            return f"{path}?{SHORT}={self.mark}#{query}"
        return f"{path}?{query}" if query else path

    def counted_in(self, count: str) -> Question:
        """Return the same question, counted otherwise."""
        return replace(self, count=count)

    def unmoved(self, scenario: str | None = None) -> Question:
        """Return the question with no lever moved, of this or another scenario."""
        return replace(self, scenario=scenario or self.scenario, sets=())


def _plus(text: Any, safe: Any, encoding: Any = None, errors: Any = None) -> str:
    return quote(text, safe=safe.replace("+", ""), encoding=encoding, errors=errors)


def shipped(name: str) -> Scenario:
    """Return a shipped scenario, or raise the line that names the nearest."""
    found = scenarios()
    if name not in found:
        raise NotUnderstood(unknown("scenario", name, found), "scenario")
    return found[name]


def _usual(scenario: str) -> str:
    target = shipped(scenario).target
    return target.series if target else counting_rules()[0]


def read(pairs: Iterable[tuple[str, str]]) -> Question:
    """Return the question of an address or a form.

    Parameters
    ----------
    pairs : names and values, in order
        ``scenario``, ``count``, ``set`` (repeated); of a form also ``PATH`` with ``PATH:how``, ``PATH:from``,
        ``PATH:after`` and ``PATH:until`` for each lever that lies open. Other names are left alone.

    Raises
    ------
    NotUnderstood
        One line: what is wrong, where, and what is allowed.
    """
    listed = [(name, value.strip()) for name, value in pairs]
    fields = dict(listed)
    scenario = fields.get("scenario") or shelf().questions[0].scenario
    shipped(scenario)
    count = fields.get("count") or _usual(scenario)
    if count not in counting_rules():
        raise NotUnderstood(unknown("counting rule", count, counting_rules()), "count")
    typed = [value for name, value in listed if name == "set" and value]
    return read_sets(scenario, count, [*typed, *_of_form(scenario, fields)])


def read_sets(scenario: str, count: str, sets: Iterable[str]) -> Question:
    """Return the question of some levers as typed; the last word on one lever and day counts."""
    texts = list(dict.fromkeys(sets))
    if len(texts) > MOST_SETS:
        raise NotUnderstood(f"{len(texts)} levers moved; at most {MOST_SETS}", "set")
    start = shipped(scenario).start
    for text in texts:
        if len(text) > LONGEST_SET:
            raise NotUnderstood(f"a lever is written in at most {LONGEST_SET} characters", "set")
        try:
            read_typed(text, start)
        except DocketflowError as error:
            raise _beside(error, text) from None
    question = Question(scenario, count, tuple(texts))
    try:  # what is moved alone: the scenario itself was checked when it was shipped
        for layer in question.asked.layers[len(shipped(scenario).layers) :]:
            check(composed(scenario), layer)
    except DocketflowError as error:
        raise _beside(error, *texts) from None
    return question


def _beside(error: DocketflowError, *texts: str) -> NotUnderstood:
    """Return an error with the field it belongs to, and the nearest value where one is known."""
    from docketflow.policy import levers

    said = str(error)
    path = next((text.partition("=")[0].partition("[")[0] for text in texts if text in said), "")
    chosen = levers().get(path)
    nearest = ""
    if chosen is not None and chosen.high is not None and "out of bounds" in said:
        nearest = f"{chosen.high:.12g}" if f"{chosen.high:.10g}" in said else ""
    plain = said.removeprefix("--set ").lstrip(": ")
    return NotUnderstood(plain, path, nearest)


def _of_form(scenario: str, fields: Mapping[str, str]) -> list[str]:
    """Return what the open levers of a form say, those that are left as announced left out."""
    found = []
    for lever in main_levers(scenario):
        amount = fields.get(lever.path, "")
        if amount:
            text = _typed(scenario, lever, amount, fields)
            found += [text] if text else []
    path = fields.get("more", "")
    if path and fields.get("more:value"):
        evenly = fields.get("more:how") == EVENLY
        dated = evenly or fields.get("more:from") or fields.get("more:until")
        days = _days(scenario, fields, "more", shipped(scenario).start, path) if dated else ""
        found.append(f"{path}={fields['more:value'].replace(',', '')}{days}")
    return found


def _typed(scenario: str, lever: Main, amount: str, fields: Mapping[str, str]) -> str | None:
    """Return one lever of a form as typed; None if it stays as announced."""
    path = lever.path
    how = fields.get(f"{path}:how", ALL)
    if how not in HOW:
        raise NotUnderstood(unknown("way to say it", how, HOW), path)
    bare = amount.replace(",", "").replace(" ", "")
    evenly = how == EVENLY
    if bare[:1] in "+-−":
        how = MORE
    try:
        number = float(bare.replace("−", "-").removesuffix("%"))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise NotUnderstood(f"{lever.title}: {amount!r:.40} is not a number", path, f"{lever.announced:,.0f}")
    stands = float(f"{lever.announced:.0f}")  # as the field shows it
    added = {MORE: number, PERCENT: stands * number / 100}.get(how, number - stands)
    whole = float(f"{lever.announced + added:.0f}")
    if not 0 <= whole <= lever.highest:
        most = f"{lever.highest:,.0f}"
        edge = f"At most {most}" if whole > 0 else "At least 0"
        raise NotUnderstood(f"{edge} {lever.unit}", path, most if whole > 0 else "0")
    change = round(added, 2)
    if change == 0:
        return None
    days = _days(scenario, fields, path, shelf().start, path, lever.title)
    return f"{path}={lever.own + change:.10g}{days}" if evenly else f"{path}={change:+.10g}{days}"


def _days(
    scenario: str, fields: Mapping[str, str], part: str, start: dt.date, path: str, title: str = ""
) -> str:
    """Return the days of a lever of a form as typed, from a day on if none is said."""
    evenly, title = fields.get(f"{part}:how") == EVENLY, title or path
    day = fields.get(f"{part}:from") or start.isoformat()
    lag = fields.get(f"{part}:after") or "0"
    until = fields.get(f"{part}:until") or (str(shipped(scenario).end) if evenly else "")
    for one in filter(None, (day, until)):
        try:
            dt.date.fromisoformat(one)
        except ValueError:
            raise NotUnderstood(f"{title}: {one!r:.40} is not a date such as 2025-06-01", path) from None
    if not lag.isdecimal() or len(lag) > len("9999"):
        raise NotUnderstood(f"{title}: {lag!r:.40} is not a number of days such as 60", path)
    if not evenly:
        return f"@{day}{'..' if until else ''}{until}+{lag}d"
    # a lag moves both days of a rise: what is asked for is the day on which it is reached
    last = dt.date.fromisoformat(until) - dt.timedelta(days=int(lag))
    if last < dt.date.fromisoformat(day):
        raise NotUnderstood(f"{title}: reached on {until}, before it is at work", path)
    return f"@{day}{RISING}{last}+{lag}d"
