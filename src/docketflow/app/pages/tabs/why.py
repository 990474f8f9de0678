"""Why two answers differ, as a picture and tables: from one side to the other, what each cause changes.

It reads an answer of `answers.reasons`; the picture's geometry is the report's own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docketflow.answers.binding import OUTCOME
from docketflow.app.answers.shelf import main_levers
from docketflow.app.pages import say
from docketflow.app.pages.levers import does
from docketflow.app.words import _
from docketflow.core.labels import label
from docketflow.core.outcomes import counting_rules
from docketflow.policy import Setting
from docketflow.report.pictures.waterfall import MOST_BARS, SHAPES, Shape, levers_of, waterfall

MOST_NAMED = 2  # causes told in the sentence above
ARRESTS = ("removals.cbp_arrest", "removals.ice_arrest")
WIDE = Shape("wide", 872, 282, 240, 54, 22, 40, 4, 38, 44)
NARROW = SHAPES[1]
Said = Mapping[str, Any]


@dataclass(frozen=True)
class Named:
    """One of the two sides, as it is called."""

    name: str
    about: str
    mine: bool = False
    english: bool = False  # in every language


def read(said: Said, count: str, sides: Mapping[str, Named]) -> dict[str, Any]:
    """Return what a page shows of an answer, counted in one way.

    Parameters
    ----------
    said : an answer of `answers.reasons`
    count : one of its outcomes
    sides : what is called ``a``, and ``b``; the difference is the first less the second
    """
    one = _of(said, count, sides)
    causes = [_row(cause, one) for cause in one["causes"]]
    return {
        "head": _head(one),
        "lead": _lead(one, sides),
        "between": _(
            "From %(b)s to %(a)s, counted in: %(what)s",
            b=_mid(sides["b"]),
            a=_mid(sides["a"]),
            what=_(label(count)),
        ),
        "from": sides["b"].name,
        "to": sides["a"].name,
        "falls": [_picture(one, shape, sides) for shape in (WIDE, NARROW)],
        "totals": {side: _total(one, side, sides) for side in ("a", "b")},
        "causes": causes,
        "together": _row({**one["difference"], "title": _("Together"), "settings": []}, one),
        "orders": said["all_orders"],
        "runs": said["runs"],
        "pairs": one["members_counted"],
        "rules": _beside(said, counting_rules(), sides),
        "arrests": _beside(said, ARRESTS, sides) if count == OUTCOME else None,
        "settings": [{"title": cause["title"], "rows": _settings(cause)} for cause in one["causes"]],
        "made": said,
    }


def _of(said: Said, count: str, sides: Mapping[str, Named]) -> dict[str, Any]:
    """Return the answer as `docketflow why --json` prints it, counted in one way, in the reader's words."""
    chosen = said["outcomes"][count]
    settings = {cause["cause"]: cause for cause in said["causes"]}
    translated = {lever.path: _(lever.title) for lever in main_levers(said["a"]["scenario"])}
    causes = []
    for cause in chosen["causes"]:
        rows = [
            {**row, "title": translated.get(row["lever"]) or _(row["title"])}
            for row in settings[cause["cause"]]["settings"]
        ]
        title = translated.get(cause["cause"]) or _(cause["title"])
        causes.append({**cause, "title": title, "settings": rows})
    named = {side: {"scenario": one.name, "title": one.about} for side, one in sides.items()}
    return {**chosen, **named, "outcome": count, "causes": causes}


def _head(one: Said) -> str:
    """Return what was found, in a few words."""
    head, _sep, title = one["headline"].partition(": ")
    if not title:
        return _(head)
    largest = max(one["causes"], key=lambda cause: abs(cause["value"]))
    return f"{_(head)}: {largest['title'][:1].lower()}{largest['title'][1:]}"


HEADS = (
    "No part can be told from zero",
    "Almost the same total, for opposite reasons",
    "Most of it is one thing",
    "Several things together",
)


def _lead(one: Said, sides: Mapping[str, Named]) -> list[str]:
    unit, gap = one["unit"], one["difference"]
    told = sorted((c for c in one["causes"] if _told(c)), key=lambda c: -abs(c["value"]))
    named = told if len(told) <= MOST_NAMED + 1 else told[:MOST_NAMED]
    whole = _(
        "%(what)s: %(a)s %(x)s, %(b)s %(y)s. Run against run the difference is %(gap)s (nine runs in ten: "
        "%(range)s).",
        what=_(label(one["outcome"])),
        a=_mid(sides["a"]),
        b=_mid(sides["b"]),
        x=say.amount(one["total"]["a"]["value"], unit),
        y=say.amount(one["total"]["b"]["value"], unit),
        gap=_change(gap["value"], unit),
        range=_nine(gap, unit),
    )
    if not _told(gap):
        whole += " " + _("It cannot be told from zero.")
    parts = [f"{c['title']} {_change(c['value'], unit)} ({_nine(c, unit)})" for c in named]
    rest = gap["value"] - sum(c["value"] for c in named)
    if len(named) < len(one["causes"]) and named:
        parts.append(_("all else together %(n)s", n=_change(rest, unit)))
    return [whole, *([f"{'; '.join(parts)}."] if parts else [])]


def _mid(side: Named) -> str:
    """Return a side's name inside a sentence."""
    return side.name[:1].lower() + side.name[1:]


def _told(cause: Said) -> bool:
    return bool(cause["low"] is not None and (cause["low"] > 0 or cause["high"] < 0))


def _nine(one: Said, unit: str) -> str:
    return _range(one["nine_in_ten_low"], one["nine_in_ten_high"], unit, _change)


def _range(low: float | None, high: float | None, unit: str, words: Any) -> str:
    if low is None or high is None:
        return ""
    return _("%(low)s to %(high)s", low=words(low, unit), high=words(high, unit))


def _row(cause: Said, one: Said) -> dict[str, Any]:
    """Return a cause's row of the table; parts in whole numbers add up to the whole."""
    unit = one["unit"]
    whole = cause["whole"]
    exact = _change(cause["value"], unit)
    if whole is not None and unit != "USD":
        exact = f"{whole:+,}".replace("-", say.MINUS)
    return {
        "title": cause["title"],
        "value": exact,
        "interval": _range(cause["low"], cause["high"], unit, _change),
        "range": _nine(cause, unit),
        "first": _or(cause.get("turned_on_first"), unit),
        "last": _or(cause.get("turned_on_last"), unit),
        "error": say.amount(error, unit) if (error := cause.get("error_of_sampled_orders")) else "",
        "levers": len(levers_of(cause)),
    }


def _change(value: float, unit: str) -> str:
    """Return a change as it is read, of what is counted in whole units."""
    return say.change(value if unit in ("share", "probability", "USD") else round(value), unit)


def _or(value: float | None, unit: str) -> str:
    return "" if value is None else _change(value, unit)


def _total(one: Said, side: str, sides: Mapping[str, Named]) -> dict[str, str]:
    total, unit = one["total"][side], one["unit"]
    ranged = _range(total["nine_in_ten_low"], total["nine_in_ten_high"], unit, say.amount)
    return {"name": sides[side].name, "value": say.amount(total["value"], unit), "range": ranged}


def _picture(one: Said, shape: Shape, sides: Mapping[str, Named]) -> dict[str, Any]:
    """Return the bars, told in the reader's words."""
    fall = waterfall(one, shape)
    unit = one["unit"]
    for row in fall["rows"]:
        total = "side" in row
        words = say.amount if total else _change
        value, low, high = row["raw"]
        row |= {"value": words(value, unit), "range": _range(low, high, unit, words)}
        row["mine"] = total and sides[row["side"]].mine
        row["lang"] = "" if total else "en"
        if row["path"] == "why:difference":
            others = row is not fall["rows"][-1]
            row["title"] = _("All else together") if others else _("Together")
            if not others:
                ends = one["total"]
                row["notes"] = [f"{sides[s].name}: {say.amount(ends[s]['value'], unit)}" for s in ("b", "a")][
                    : 2 if shape.kind == "wide" else 1
                ]
            row["lang"] = ""
    return fall


def _beside(said: Said, names: Sequence[str], sides: Mapping[str, Named]) -> dict[str, Any] | None:
    """Return several outcomes side by side, and what each cause changes of them; None of too many causes."""
    every = [_of(said, name, sides) for name in names if name in said["outcomes"]]
    if not every or len(said["causes"]) > MOST_BARS:
        return None
    cells = [[_cell(one["causes"][k], one["unit"]) for one in every] for k in range(len(every[0]["causes"]))]
    titles = [cause["title"] for cause in every[0]["causes"]]
    return {
        "heads": [_(label(one["outcome"])) for one in every],
        "b": [say.amount(one["total"]["b"]["value"], one["unit"]) for one in every],
        "a": [say.amount(one["total"]["a"]["value"], one["unit"]) for one in every],
        "rows": [{"title": title, "cells": row} for title, row in zip(titles, cells, strict=True)],
    }


def _cell(cause: Said, unit: str) -> dict[str, str]:
    return {"value": _change(cause["value"], unit), "range": _nine(cause, unit)}


def _settings(cause: Said) -> list[dict[str, str]]:
    """Return what either side says of a cause's levers."""
    return [
        {"title": row["title"], "side": row["side"], "lever": row["lever"], "says": does(_setting(row))}
        for row in cause["settings"]
    ]


def _setting(row: Said) -> Setting:
    """Return the setting that a row of an answer tells of."""
    first, last = (row[end] and dt.date.fromisoformat(row[end]) for end in ("from", "to"))
    return Setting(row["lever"], row["operation"], row["value"], first, last, row["lag"])
