"""The page of what stops a plan: the staircase as a picture to print, and its table.

It takes the answer as `docketflow binding --json` prints it; how it was found is not its business.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docketflow.core import files
from docketflow.report import charts
from docketflow.report.format import short, significant
from docketflow.report.page import kitchen
from docketflow.report.view import label

LEFT, RIGHT, WIDE, ROW, TOP = 230, 330, 1100, 34, 46
USD = 1e9


def write_binding(said: Mapping[str, Any], path: Path) -> Path:
    """Write the page of one answer as a single HTML file, whole or not at all."""
    return files.write(path, render_binding(said))


def render_binding(said: Mapping[str, Any]) -> str:
    """Return the page of one answer as HTML."""
    known = {"said": said, "picture": picture(said), "label": label, "amount": amount, "signed": signed}
    return kitchen().get_template("binding.html").render(known)


def picture(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the bars of the picture: as it is, each limit lifted alone, then one after another."""
    titles = {one["limit"]: one["title"] for one in said["order"]}
    base = said["as_it_is"]
    rows = [{"name": "As it is", "rung": base, "before": 0.0, "adds": None}]
    rows.append({"heading": "With one limit lifted"})
    start = base["total"]["value"]
    for one in said["order"]:
        rung = one["lifted_alone"]
        rows.append(
            {"name": titles[one["limit"]], "rung": rung, "before": start, "adds": one["worth_of_lifting"]}
        )
    rows.append({"heading": "One after another, each step what adds most"})
    for step in said["staircase"]:
        rows.append(
            {"name": f"+ {titles[step['limit']]}", "rung": step, "before": start, "adds": step["adds"]}
        )
        start = step["total"]["value"]
    reach = [row["rung"]["total"]["nine_in_ten_high"] for row in rows if "rung" in row]
    top = charts.room_above([*reach, said["target"] or 0.0])
    wide = WIDE - LEFT - RIGHT

    def x(value: float) -> float:
        return round(LEFT + max(0.0, value) / top * wide, 1)

    for k, row in enumerate(rows):
        row["y"] = TOP + k * ROW
        if "rung" in row:
            total, before = row["rung"]["total"], row["before"]
            row |= {"zero": x(0), "from": x(min(before, total["value"])), "to": x(total["value"])}
            row |= {"low": x(total["nine_in_ten_low"]), "high": x(total["nine_in_ten_high"])}
    step = charts.tick_step(top)
    ticks = [(x(k * step), short(k * step)) for k in range(int(top / step + 1e-9) + 1)]
    goal = said["target"]
    return {
        "rows": rows,
        "ticks": ticks,
        "width": WIDE,
        "columns": (WIDE - RIGHT + 100, WIDE),
        "base": TOP + len(rows) * ROW,
        "goal": None if goal is None else (x(goal), f"{goal:,.0f}"),
    }


def amount(value: float, unit: str = "") -> str:
    """Return a simulated number as it is printed here."""
    if value != value:
        return "–"
    if unit == "share":
        return f"{value:.0%}"
    if unit == "USD":
        return f"${value / USD:.1f} bn"
    return f"{significant(value):,.0f}"


def signed(worth: Mapping[str, float]) -> str:
    """Return a worth and its interval: +723 (+557 to +889)."""
    parts = [f"{significant(worth[key]):+,.0f}".replace("-", "−") for key in ("value", "low", "high")]
    return f"{parts[0]} ({parts[1]} to {parts[2]})"
