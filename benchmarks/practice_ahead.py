"""Which rule says how far practice walks: tried on fiscal years 2014 to 2018 alone, before any origin.

Every month from September 2015 (and then 2016) on is an origin; what is said 3, 6, 12 and 24 months ahead, up
to September 2018, is scored (WIS) beside the last value with its band of what it missed before, as the
scoreboard's rival has it, on the same months. No model has a word here. A rule is of how many last months the
level is the mean; what its spread is of: whole years (how far they walked, as known by then), months (what
the level missed at every earlier month), both, or quantiles of those misses as rivals take them; and in which
power of Box and Cox misses are alike (nought: logarithms). A backtest has the last month, both and one half.
Book-ins of CBP are also tried in the season of the border.

python benchmarks/practice_ahead.py
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from docketflow.calibrate.ahead import YEAR, Stand, Walk, spread, walk_of
from docketflow.calibrate.backtest import HORIZONS
from docketflow.calibrate.border import Border
from docketflow.calibrate.method import method
from docketflow.calibrate.targets import Series, series
from docketflow.core.dates import fiscal_year
from docketflow.evidence import Figure, load
from docketflow.forecasts.rivals import _band, last_value
from docketflow.forecasts.scoring import wis
from docketflow.forecasts.table import LEVELS
from docketflow.policy import load_scenario

FIRSTS = (24, 36)  # months that are known at the first origin
SPREADS = ("years", "months", "both", "quantiles")
POWERS = (0.0, 1 / 3, 1 / 2, 1.0)
Says = Callable[[int, int], Sequence[float]]
"""Quantiles said after so many months, so many ahead."""


def main() -> None:
    """Score every rule and print how it did, the best first."""
    until = load_scenario("historical").start
    tried = [one for one in series(load()) if one.before]
    months = {
        one.outcome: [*one.before, *(figure for figure in one.figures if figure.period_end < until)]
        for one in tried
    }
    values = {name: np.array([figure.value for figure in own]) for name, own in months.items()}
    for first in FIRSTS:
        found = []
        for power, latest, kind in itertools.product(POWERS, (1, 2, 3), SPREADS):
            scores = {
                one.outcome: beside_last(
                    values[one.outcome], rule(one, values[one.outcome], power, latest, kind), first
                )
                for one in tried
            }
            found.append((_mean(scores.values(), 0), power, latest, kind, scores))
        print(f"{first} months known. WIS over that of the last value")
        print("power level spread  mean; by series |", *HORIZONS, "| in 90% bands")
        for mean, power, latest, kind, scores in sorted(found, key=lambda one: one[0]):
            by_series = ", ".join(f"{name} {_mean([own], 0):.2f}" for name, own in scores.items())
            ahead = [np.mean([own[0][k] for own in scores.values()]) for k in range(len(HORIZONS))]
            print(f"{power:5.2f} {latest:5} {kind:6}  {mean:.3f}; {by_series} |",
                  *(f"{one:.2f}" for one in ahead), f"| {_mean(scores.values(), 1):.0%}")  # fmt: skip
        for one in tried:
            if one.inflow:
                own = values[one.outcome]
                plain = beside_last(own, rule(one, own, 1 / 2, 1, "both"), first)[0]
                season = beside_last(own, in_season(one, months[one.outcome], own), first)[0]
                print(f"{one.outcome}: without a season", *(f"{ratio:.2f}" for ratio in plain),
                      "in that of the border", *(f"{ratio:.2f}" for ratio in season))  # fmt: skip


def beside_last(values: np.ndarray, says: Says, first: int) -> tuple[list[float], list[float]]:
    """Return WIS over that of the last value, and what share the 90% bands held, by months ahead."""
    ratios, inside = [], []
    for ahead in HORIZONS:
        ours, last, held = [], [], []
        for cut in range(first, len(values) - ahead + 1):
            said, value = says(cut, ahead), values[cut + ahead - 1]
            ours.append(wis(said, value))
            last.append(wis(_band(last_value, values[:cut], ahead, np.zeros(0), (0.0, np.inf)), value))
            held.append(said[0] <= value <= said[-1])
        ratios.append(float(np.mean(ours) / np.mean(last)))
        inside.append(float(np.mean(held)))
    return ratios, inside


def rule(one: Series, values: np.ndarray, power: float, latest: int, kind: str) -> Says:
    """Return what a rule says: of so many months' level, as wide as years, months or both have it."""

    def says(cut: int, ahead: int) -> Sequence[float]:
        stand = Stand(values[:cut], _walk(one, cut), latest, power)
        variance, freedom = stand.variance(ahead)
        missed = stand.missed(ahead)
        if kind == "quantiles" and len(missed):
            return stand.people(stand.level + np.quantile([*missed, *-missed, 0.0], LEVELS))
        if kind == "years" or (kind != "both" and not len(missed)):
            variance, freedom = stand.walked(ahead), stand.walk.freedom
        elif kind == "months":
            variance, freedom = float(np.mean(missed**2)), max(len(missed) / YEAR, method("faith"))
        return stand.people(spread(np.array([stand.level]), variance, freedom, LEVELS))

    return says


def _walk(one: Series, cut: int) -> Walk:
    """Return how far whole years had walked after so many months."""
    last = fiscal_year(one.before[0].period_start) + cut // YEAR - 1
    return walk_of([year.value for year in one.past if year.period_end.year <= last])


def in_season(one: Series, months: Sequence[Figure], values: np.ndarray) -> Says:
    """Return the same rule on a series a day without the season of the border as it was known."""
    days = np.array([(figure.period_end - figure.period_start).days + 1 for figure in months])
    of = np.array([figure.period_start.month - 1 for figure in months])

    def says(cut: int, ahead: int) -> Sequence[float]:
        scale = days * np.exp(Border.of(one.inflow, months[cut - 1].period_end).season()[of])
        stand = Stand(values[:cut] / scale[:cut], _walk(one, cut), 1)
        return stand.said(np.zeros(1), ahead, LEVELS) * scale[cut + ahead - 1]

    return says


def _mean(scores: Iterable[tuple[list[float], list[float]]], which: int) -> float:
    return float(np.mean([own[which] for own in scores]))


if __name__ == "__main__":
    main()
