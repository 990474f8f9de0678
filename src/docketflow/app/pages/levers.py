"""The levers as a reader meets them: open ones with value, dates and sentence; all others by search."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docketflow.app.answers.question import Question, shipped
from docketflow.app.answers.shelf import Main, main_levers, shelf
from docketflow.app.pages.say import day
from docketflow.app.words import ENGLISH, _, language
from docketflow.core.labels import label
from docketflow.policy import Setting, levers
from docketflow.policy.catalogue import Lever, find_levers
from docketflow.policy.setting import ONCE
from docketflow.policy.typed import read_typed

STEPS = 100  # an arrow moves a slider by a hundredth of its way


@dataclass(frozen=True)
class Row:
    """One open lever as the form shows it."""

    lever: Main
    value: float
    start: str
    after: int
    until: str
    evenly: bool
    moves: str
    moved: bool
    words: str
    error: str
    nearest: str
    given: str

    @property
    def path(self) -> str:
        """Path of the lever it moves first."""
        return self.lever.path

    @property
    def shown(self) -> str:
        """The value of the number field."""
        return self.given or f"{self.value:,.0f}"

    @property
    def step(self) -> float:
        """How far an arrow moves the slider."""
        rough = self.lever.top / STEPS
        return max(1.0, float(f"{rough:.1g}"))

    @property
    def tick(self) -> float:
        """Where on the slider the announced value stands, in per cent."""
        return round(100 * self.lever.announced / self.lever.top, 2)

    @property
    def at(self) -> float:
        """Where on the slider the value stands, in per cent."""
        return round(100 * min(self.value, self.lever.top) / self.lever.top, 2)

    @property
    def more(self) -> str:
        """The change in words of the menu: "10,000 more"."""
        gap = self.value - self.lever.announced
        if gap == 0:
            return _("as announced")
        if gap > 0:
            return _("%(n)s more", n=f"{gap:,.0f}")
        return _("%(n)s fewer", n=f"{-gap:,.0f}")


def rows(
    question: Question, given: Mapping[str, str] | None = None, error: tuple[str, str, str] = ("", "", "")
) -> list[Row]:
    """Return the open levers of a question.

    Parameters
    ----------
    question : Question
    given : what stands in the fields of a form that was not understood
    error : the field it stands beside, one line, and the nearest value that can be
    """
    first = shipped(question.scenario).start
    moved: dict[str, Setting] = {}
    for text in question.sets:
        one = read_typed(text, first)
        moved.setdefault(one.lever, one)
    field, said, nearest = error
    found = []
    for lever in main_levers(question.scenario):
        one_ = moved.get(lever.path)
        value = lever.announced if one_ is None else in_all(one_, lever)
        start = (one_.start if one_ else None) or shelf().start
        until = str(dt.date.fromordinal(one_.ends)) if one_ and one_.ends else ""
        typed = dict(given or {}) if field else {}
        found.append(
            Row(
                lever=lever,
                value=value,
                start=typed.get(f"{lever.path}:from") or start.isoformat(),
                after=one_.lag if one_ else lever.delay,
                until=typed.get(f"{lever.path}:until") or until,
                evenly=one_ is not None and one_.operation == "ramp",
                moves=moves(lever.path),
                moved=one_ is not None,
                words="" if one_ is None else _sentence(one_, lever),
                error=said if field == lever.path else "",
                nearest=nearest if field == lever.path else "",
                given=typed.get(lever.path, "") if field == lever.path else "",
            )
        )
    return found


def in_all(setting: Setting, lever: Main) -> float:
    """Return what a setting leaves a lever at in all."""
    if not isinstance(setting.value, (int, float)):
        return lever.announced
    if setting.operation == "add":
        return lever.announced + float(setting.value)
    others = lever.announced - lever.own
    if setting.operation == "scale":
        return others + lever.own * float(setting.value)
    return others + float(setting.value)


def moves(path: str) -> str:
    """Return what a lever is declared to move, and which way."""
    lever = levers()[path]
    what = _(label(lever.moves))
    if lever.sign == "up":
        return _("More of it raises: %(what)s.", what=what)
    if lever.sign == "down":
        return _("More of it lowers: %(what)s.", what=what)
    return _("More of it may raise or lower: %(what)s.", what=what)


def sentence(text: str, scenario: str) -> str:
    """Return one moved lever in a sentence."""
    setting = read_typed(text, shipped(scenario).start)
    main = next((one for one in main_levers(scenario) if one.path == setting.lever), None)
    if main is not None and isinstance(setting.value, (int, float)):
        return _sentence(setting, main)
    return f"{_(levers()[setting.lever].title)}: {does(setting)}."


def does(setting: Setting) -> str:
    """Return what a setting does and on which days, without its lever's name."""
    value = setting.value
    if isinstance(value, Mapping):
        words = ", ".join(f"{name.replace('_', ' ')} {_bare(number)}" for name, number in value.items())
    else:
        words = "" if value is None else _bare(value)
    verb = {
        "set": _("set to %(v)s", v=words),
        "ramp": _("set to %(v)s", v=words),
        "add": _("%(v)s added", v=words),
        "scale": _("times %(v)s", v=words),
        "open": _("opened"),
        "close": _("closed"),
    }[setting.operation]
    return verb + _when(setting)


def _bare(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.10g}"


def _sentence(setting: Setting, lever: Main) -> str:
    whole = in_all(setting, lever)
    gap = whole - lever.announced
    how = _("more than announced") if gap >= 0 else _("fewer than announced")
    return _(
        "%(n)s %(unit)s %(how)s (%(all)s in all)%(when)s.",
        n=f"{abs(gap):,.0f}",
        unit=_(lever.unit),
        how=how,
        all=f"{whole:,.0f}",
        when=_when(setting),
    )


def _when(setting: Setting) -> str:
    """Return the days of a setting: ordered, at work, and until when or by when."""
    if setting.start is None:
        return ""
    works = day(dt.date.fromordinal(setting.begins))
    ends = "" if setting.ends is None else day(dt.date.fromordinal(setting.ends))
    found = _(", ordered on %(day)s", day=day(setting.start)) if setting.lag else ""
    if setting.operation == "ramp":
        return found + _(", rising evenly from %(day)s to %(last)s", day=works, last=ends)
    found += _(", in use from %(day)s", day=works) if setting.lag else _(", from %(day)s", day=works)
    return found + (_(" to %(day)s", day=ends) if ends else "")


def search(words: str, scenario: str) -> list[dict[str, Any]]:
    """Return the levers that words find, the open ones left out; all of them for no word."""
    shown = {one.path for one in main_levers(scenario)}
    found = find(words) if words.strip() else levers()
    return [
        {
            "path": path,
            "title": _(one.title),
            "unit": _(one.unit),
            "description": one.description,
            "low": one.low,
            "high": one.high,
            "operations": one.operations,
            "choices": one.choices,
            "capacity": one.capacity,
            "by": one.labels(),
            "moves": moves(path),
            "because": one.because,
        }
        for path, one in found.items()
        if path not in shown and not path.startswith(ONCE)
    ]


def find(words: str) -> dict[str, Lever]:
    """Return the levers that words find: in the reader's language by title, then as the command line does."""
    found = find_levers(words.strip())
    if language() == ENGLISH:
        return found
    wanted = _plain(words)
    own = {
        path: one
        for path, one in levers().items()
        if wanted and all(any(word.startswith(begins) for word in _plain(_(one.title))) for begins in wanted)
    }
    return own | found


def _plain(text: str) -> list[str]:
    """Return the words of a text without accents, as they are typed in a hurry."""
    bare = "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))
    return re.findall(r"\w+", bare.casefold())
