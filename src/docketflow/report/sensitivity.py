"""The page of what an answer depends on: a tornado an outcome, where its spread comes from, whose word it is.

It takes the study as `docketflow sensitivity --json` prints it; how it was made is not its business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from docketflow.core import files
from docketflow.policy import levers
from docketflow.policy.setting import SETTING
from docketflow.report.format import significant
from docketflow.report.page import kitchen
from docketflow.report.view import label

BILLION = 1e9
MOST_SOURCES, MOST_SWINGS = 5, 10
AIR = 0.04


def write_sensitivity(said: Mapping[str, Any], path: Path) -> Path:
    """Write the page of one study as a single HTML file, whole or not at all."""
    return files.write(path, render_sensitivity(said))


def render_sensitivity(said: Mapping[str, Any]) -> str:
    """Return the page of one study as HTML."""
    known = {
        "said": said,
        "label": label,
        "title": title,
        "shown": shown,
        "signed": signed,
        "tornado": tornado,
        "spread": spread,
        "most": MOST_SOURCES,
    }
    return kitchen().get_template("sensitivity.html").render(known)


def title(name: str) -> str:
    """Return the plain words for an input: the title of its lever, or its path as words.

    >>> title("fork merits_outcome")
    'Shares of one fork: merits outcome'
    """
    if name.startswith("fork "):
        return f"Shares of one fork: {name.removeprefix('fork ').replace('_', ' ').replace('.', ', ')}"
    path = name.removeprefix(f"{SETTING} ")
    known = levers()
    words = known[path].title if path in known else path.replace("_", " ").replace(".", ", ").capitalize()
    return f"{words} (the plan's own number)" if path != name else words


def tornado(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the bars of one outcome on one scale, in per cent of its width, with both ends of the scale."""
    swings = told["swings"][:MOST_SWINGS]
    ends = [one[end] for one in swings for end in ("at_5th_percentile", "at_95th_percentile")]
    low, high = min(ends), max(ends)
    air = (high - low) * AIR or 1.0
    low, high = low - air, high + air

    def x(value: float) -> float:
        return round((value - low) / (high - low) * 100, 2)

    rows = []
    for one in swings:
        first, last = one["at_5th_percentile"], one["at_95th_percentile"]
        rows.append({**one, "left": x(min(first, last)), "wide": round(abs(x(last) - x(first)), 2),
                     "from": x(first), "to": x(last), "falls": last < first})  # fmt: skip
    return {"rows": rows, "low": low, "high": high, "unit": told["unit"]}


def spread(told: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    """Return the parts of a spread that are not nothing, each with where it begins."""
    at, found = 0.0, []
    for part, share in told["spread"].items():
        wide = max(0.0, share["value"]) * 100
        if wide >= 0.5:
            found.append({"part": part, "left": round(at, 2), "wide": round(wide, 2), **share})
            at += wide
    return found


def shown(value: float, unit: str) -> str:
    """Return a simulated number with its unit.

    >>> shown(231_234, "persons"), shown(7.4e9, "USD"), shown(0.61, "share")
    ('231,000', '$7.4 bn', '61.0%')
    """
    if value != value:
        return "–"
    if unit in ("share", "probability"):
        return f"{value:.1%}"
    if unit == "USD":
        return f"${value / BILLION:.1f} bn" if abs(value) >= BILLION / 100 else f"${significant(value):,.0f}"
    return f"{significant(value):,.0f}" if abs(value) >= 10 else f"{significant(value):.3g}"


def signed(worth: Mapping[str, float], unit: str) -> str:
    """Return a change with its interval, minus signs as printed."""

    def one(value: float) -> str:
        if unit in ("share", "probability"):
            return f"{value * 100:+.1f}"
        if unit == "USD":
            return f"{value / BILLION:+.2f}"
        return f"{significant(value):+,.0f}"

    tail = {"share": " points", "probability": " points", "USD": " bn"}.get(unit, "")
    text = f"{one(worth['value'])}{tail} ({one(worth['low'])} to {one(worth['high'])})"
    return text.replace("-", "−")
