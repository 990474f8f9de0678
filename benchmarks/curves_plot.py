"""Draw curves.csv: cost of an event against what grows, median and range of the rounds.

Knows the CSV, not how it was measured.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from statistics import median

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot as plt  # (after the choice above)
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

HELD, ALLOWED = ("stages", "queue"), 0.30  # how much dearer 300 stages or five million in line may make it
COLOURS, MARKERS = ("#0072B2", "#D55E00", "#009E73"), ("o", "s", "^")  # Okabe and Ito: told apart by all
LOGARITHMIC = {"queue": 1000, "width": 2}  # linear up to here
TITLES = {
    "people": "People", "days": "Days", "stages": "Stages", "queue": "People in line",
    "traits": "Number of traits", "width": "Width of a trait", "country-people": "The country: people",
    "country-days": "The country: days",
}  # fmt: skip
Costs = dict[float, list[float]]


def draw(source: Path, target: Path) -> str:
    """Draw every curve in the file and return, line by line, how much the cost changes."""
    curves: dict[str, dict[str, Costs]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    grows: dict[str, str] = {}
    with source.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            curves[row["curve"]][row["line"]][float(row["x"])].append(float(row["ns_per_event"]))
            grows[row["curve"]] = row["grows"]
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "curves", "font.size": 9})
    across = min(4, len(curves))
    down = -(-len(curves) // across)
    figure, axes = plt.subplots(down, across, figsize=(3.3 * across, 2.9 * down), squeeze=False)
    for axis in axes.flat[len(curves) :]:
        axis.set_visible(False)
    for axis, (name, series) in zip(axes.flat, curves.items(), strict=False):
        panel(axis, name, grows[name], series)
    figure.tight_layout()
    figure.savefig(target, metadata={"Date": None})
    plt.close(figure)
    return "\n".join(
        f"{TITLES[name]:<22} {line:<30} {said(costs)}"
        for name, series in curves.items()
        for line, costs in series.items()
    )


def panel(axis: Axes, name: str, grows: str, series: dict[str, Costs]) -> None:
    """Draw one curve: lines with their ranges, and the rise that is allowed above the first line's start."""
    for (line, costs), colour, marker in zip(series.items(), COLOURS, MARKERS, strict=False):
        x = sorted(costs)
        axis.plot(x, [median(costs[k]) for k in x], color=colour, marker=marker, markersize=4, label=line)
        axis.fill_between(
            x, [min(costs[k]) for k in x], [max(costs[k]) for k in x], color=colour, alpha=0.2, linewidth=0
        )
    top = max(cost for costs in series.values() for seen in costs.values() for cost in seen)
    if name in HELD:
        start = next(iter(series.values()))
        limit = (1 + ALLOWED) * median(start[min(start)])
        top = max(top, limit)
        axis.axhline(
            limit, color="#555555", linewidth=0.8, linestyle="--", label=f"first point + {ALLOWED:.0%}"
        )
    points = sorted({x for costs in series.values() for x in costs})
    if name in LOGARITHMIC:
        axis.set_xscale("symlog", linthresh=LOGARITHMIC[name])
        axis.set_xlim(points[0], points[-1] * 1.2)
    axis.set_xticks(points if len(points) < 7 or name in LOGARITHMIC else points[::2])
    axis.set_xticks([], minor=True)
    axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
    axis.set_title(TITLES[name])
    axis.set_xlabel(grows)
    axis.set_ylabel("nanoseconds an event")
    axis.set_ylim(0, 1.1 * top)
    axis.grid(axis="y", color="#dddddd", linewidth=0.6)
    axis.legend(fontsize=7, frameon=False, loc="lower right")
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)


def said(costs: Costs) -> str:
    """Return the cost at the first and last point, and the largest change from the first."""
    middle = {x: median(costs[x]) for x in sorted(costs)}
    first, last = next(iter(middle.values())), list(middle.values())[-1]
    furthest = max(middle.values(), key=lambda cost: abs(cost - first))
    return f"{first:7.1f} to {last:7.1f} ns, at most {furthest / first - 1:+.0%}"


def short(value: float) -> str:
    """Return a number for an axis."""
    for unit, letter in ((1e6, " M"), (1e3, " k")):
        if value >= unit and value % (unit / 10) == 0:
            return f"{value / unit:g}{letter}"
    return f"{value:g}"
