"""Courts and costs read off answers side by side: the work in front of a case, the accounts of a cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from docketflow.app.pages import say
from docketflow.app.pages.tabs.sides import Side, work_in_front
from docketflow.app.words import _
from docketflow.report.charts import Frame, room_above, tick_step
from docketflow.results.summary import bands, summarize

WIDE, HIGH = 872, 300
APART = 34.0
KEYS = ("value", "low", "high")


def read(found: Sequence[Side]) -> dict[str, Any] | None:
    """Return the sentence and the picture of the work in front of a case."""
    fronts = [(side, front) for side in found if (front := work_in_front(side.result)) is not None]
    if not fronts:
        return None
    last = {side.kind: summarize(front[:, -1], "mean") for side, front in fronts}
    plan = next((front for side, front in fronts if side.kind == "plan"), None)
    none = next((front for side, front in fronts if side.kind == "none"), None)
    first = last.get("plan", next(iter(last.values()))).value
    gap = None
    if plan is not None and none is not None and plan.shape == none.shape:
        gap = summarize(plan[:, -1] - none[:, -1], "mean")
    return {
        "years": {kind: _years(one) for kind, one in last.items()},
        "gap": None if gap is None else _gap(gap),
        "title": _("Courts: about %(n)s years of work in front of a case filed today", n=f"{first:.0f}"),
        "picture": _picture(fronts),
        "table": _table(fronts),
    }


def _gap(gap: Any) -> dict[str, Any]:
    return {"size": f"{abs(gap.value):.1f}", "less": gap.value < 0, "range": _range(gap)}


def _years(one: Any) -> dict[str, str]:
    return {
        "value": f"{one.value:.1f}",
        "range": _("%(low)s to %(high)s", low=f"{one.low:.1f}", high=f"{one.high:.1f}"),
    }


def _range(gap: Any) -> str:
    said = [f"{x:+.1f}".replace("-", say.MINUS) for x in (gap.low, gap.high)]
    return _("%(low)s to %(high)s", low=said[0], high=said[1])


def _picture(fronts: Sequence[tuple[Side, np.ndarray]]) -> dict[str, Any]:
    result = fronts[0][0].result
    lines = [(side, bands(front, "mean")) for side, front in fronts]
    finite = [float(x) for _side, one in lines for x in one.high if np.isfinite(x)]
    top = room_above(finite)
    step = tick_step(top)
    frame = Frame(WIDE, HIGH, result.start, sum(result.days), top, left=34, right=230, above=10, below=24)
    ends = np.cumsum(result.days)
    drawn: list[dict[str, Any]] = []
    labels: list[dict[str, Any]] = []
    for side, one in lines:
        there = np.isfinite(one.value)
        spots = [(frame.x(float(day)), k) for k, day in enumerate(ends) if there[k]]
        path = "M" + "L".join(f"{x},{frame.y(float(one.value[k]))}" for x, k in spots)
        low = [f"{x},{frame.y(float(one.low[k]))}" for x, k in spots]
        high = [f"{x},{frame.y(float(one.high[k]))}" for x, k in spots]
        area = "M" + "L".join([*low, *high[::-1]]) + "Z"
        drawn.append({"kind": side.kind, "path": path, "area": area})
        at = frame.y(float(one.value[there][-1]))
        last = {
            "value": float(one.value[there][-1]),
            "low": float(one.low[there][-1]),
            "high": float(one.high[there][-1]),
        }
        labels.append({"kind": side.kind, "name": side.name, "at": at, **last})
    bottom = float(frame.base)
    for words in sorted(labels, key=lambda entry: -float(entry["at"])):
        words["y"] = min(words["at"], bottom)
        bottom = words["y"] - APART
    return {
        "frame": frame,
        "width": WIDE,
        "height": HIGH,
        "grid": [(frame.y(k * step), f"{k * step:g}") for k in range(int(top / step + 1e-9) + 1)],
        "ticks": [
            (frame.x(float(day)), say.day(end, short=True))
            for k, (day, end) in enumerate(zip(ends, _ends(result), strict=True))
            if k % 2 == 0 and k > 2
        ],
        "lines": drawn,
        "labels": labels,
        "last": frame.edge,
    }


def _ends(result: Any) -> list[Any]:
    from docketflow.core import dates

    return [last for _first, last in dates.months(result.start, result.end)]


def _table(fronts: Sequence[tuple[Side, np.ndarray]]) -> list[dict[str, Any]]:
    result = fronts[0][0].result
    every = [bands(front, "mean") for _side, front in fronts]
    return [
        {
            "month": month,
            "cells": [
                _("%(value)s (%(low)s to %(high)s)", **{key: f"{getattr(one, key)[k]:.1f}" for key in KEYS})
                for one in every
            ],
        }
        for k, month in enumerate(result.months)
        if all(np.isfinite(one.value[k]) for one in every)
    ]


def accounts(found: Sequence[Side]) -> list[dict[str, Any]]:
    """Return each account of the cost: every side's middle run and range, and the change from the first."""
    labels = found[0].result.labels("account")
    rows = []
    for name in labels:
        members = [_account(side, name) for side in found]
        if any(one is None for one in members):
            continue
        known = [one for one in members if one is not None]
        cells = [say.Said(name, summarize(one, "mean"), "USD", 1.0) for one in known]
        gaps = []
        for one in known:
            if len(one) != len(known[0]):
                gaps.append({"value": "–", "range": ""})
                continue
            gap = summarize(one - known[0], "mean")
            said = [say.change(x, "USD") for x in (gap.value, gap.low, gap.high)]
            gaps.append({"value": said[0], "range": _("%(low)s to %(high)s", low=said[1], high=said[2])})
        rows.append(
            {
                "title": _(account(name)),
                "cells": [{"value": cell.value, "range": cell.range} for cell in cells],
                "gaps": gaps,
            }
        )
    return rows


def account(name: str) -> str:
    """Return an account's name in words."""
    return name.replace("_", " ").replace(".", ", ").capitalize()


def _account(side: Side, name: str) -> np.ndarray | None:
    labels = side.result.labels("account")
    if name not in labels or "costs" not in side.result.arrays:
        return None
    return np.asarray(side.result.arrays["costs"][labels.index(name)])
