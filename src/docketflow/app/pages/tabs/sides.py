"""Answers side by side: up to four, on the same members, each row with its dots. No markup."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np

from docketflow.app.pages import say
from docketflow.app.words import _
from docketflow.core.labels import label
from docketflow.core.strict_yaml import parse_yaml
from docketflow.results import Result
from docketflow.results.summary import Summary, summarize

WIDTH, EDGE, ROW = 230.0, 8.0, 13.0
KINDS = ("none", "plan", "mine", "four")
LETTERS = "ABCD"


@dataclass(frozen=True)
class Side:
    """One of the answers compared."""

    kind: str
    name: str
    about: str
    result: Result
    link: str = ""

    @property
    def place(self) -> int:
        """Its place among four."""
        return KINDS.index(self.kind)


@functools.cache
def lists() -> Mapping[str, Any]:
    """Return the rows that pages show."""
    text = resources.files("docketflow.app.pages.tabs").joinpath("people.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = parse_yaml(text, where="people.yaml")
    return found


def values(result: Result, name: str, of: str = "") -> np.ndarray | None:
    """Return an outcome's members; over another outcome's, where a share is asked for."""
    if name not in result or (of and of not in result):
        return None
    found = result[name].values
    if not of:
        return found
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(found / result[of].values)


def row(
    sides: Sequence[Side], name: str, *, of: str = "", title: str = "", note: str = ""
) -> dict[str, Any] | None:
    """Return one row: each side's value and range, the change from the first run against run, and dots."""
    every = [values(side.result, name, of) for side in sides]
    if any(one is None for one in every):
        return None
    members = [one for one in every if one is not None]
    unit = "share" if of else sides[0].result[name].unit
    found = [summarize(one, "mean") for one in members]
    cells = [say.Said(name, one, unit, say.record(sides[0].result)) for one in found]
    gaps = [_gap(one, members[0], unit, say.record(sides[0].result)) for one in members]
    return {
        "name": name,
        "title": _(title or label(name)),
        "note": _(note),
        "unit": unit,
        "cells": [{"value": cell.value, "range": cell.range} for cell in cells],
        "gaps": gaps,
        "dots": dots(sides, found, unit),
    }


def _gap(one: np.ndarray, first: np.ndarray, unit: str, record: float) -> dict[str, str]:
    if len(one) != len(first):
        return {"value": "–", "range": ""}
    found = summarize(one - first, "mean")
    per = record if unit == "persons" else 1.0
    said = [say.change(x, unit, record=per) for x in (found.value, found.low, found.high)]
    low = say.less(said[1], "%(n)s points")
    return {"value": said[0], "range": _("%(low)s to %(high)s", low=low, high=said[2])}


def dots(sides: Sequence[Side], found: Sequence[Summary], unit: str) -> dict[str, Any]:
    """Return ranges as lines with a mark at the middle, and both ends of the scale in words."""
    finite = [x for one in found for x in (one.low, one.high) if np.isfinite(x)]
    if not finite:
        return {"rows": [], "height": 0, "low": "", "high": "", "width": WIDTH}
    low, high = min(finite), max(finite)
    start = 0.0 if low < 0.6 * high else low - (high - low) * 0.3
    end = high + (high - start) * 0.06 or 1.0

    def x(value: float) -> float:
        return round(EDGE + (WIDTH - 2 * EDGE) * (value - start) / (end - start), 1)

    drawn = [
        {
            "kind": side.kind,
            "letter": LETTERS[k],
            "low": x(one.low),
            "high": x(one.high),
            "at": x(one.value),
            "y": ROW * k + 9,
        }
        for k, (side, one) in enumerate(zip(sides, found, strict=True))
        if np.isfinite(one.value)
    ]
    return {
        "rows": drawn,
        "height": ROW * len(sides) + 6,
        "width": WIDTH,
        "low": say.amount(start, unit),
        "high": say.amount(end, unit),
    }


def work_in_front(result: Result) -> np.ndarray | None:
    """Return, by member and month, the years of work that stand in front of a case filed at the month's end.

    Cases waiting, divided by the cases decided in that month and the three before it at a yearly pace.
    """
    listed = lists()
    waiting, decided = listed["waiting"], listed["decided"]
    if waiting not in result or decided not in result:
        return None
    stock, done = result[waiting].by_month, result[decided].by_month
    if stock is None or done is None:
        return None
    days, months = np.array(result.days, dtype=float), 4
    found = np.full(stock.shape, np.nan)
    for k in range(months - 1, stock.shape[1]):
        span = slice(k - months + 1, k + 1)
        pace = done[:, span].sum(axis=1) / days[span].sum()
        with np.errstate(divide="ignore", invalid="ignore"):
            found[:, k] = stock[:, k] / pace / YEAR
    return found


YEAR = 365.25
