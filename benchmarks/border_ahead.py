"""Which rule foretells the border: tried on fiscal years 2000 to 2018 alone, before any origin of a backtest.

Every month from October 2007 on is an origin; what is said 3, 6, 12 and 24 months ahead, up to September
2018, is scored (WIS) beside the last value with its band of what it missed before, as the scoreboard's rival
has it. A rule is how many years have the season (0: none, 99: all) and of how many last months the level is
the mean (0: as many, of one to three, as told it best so far).

python benchmarks/border_ahead.py
"""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass

import numpy as np

from docketflow.calibrate.ahead import spread
from docketflow.calibrate.backtest import HORIZONS, INPUT
from docketflow.calibrate.border import BEFORE_A_MISS, Border
from docketflow.calibrate.targets import series
from docketflow.evidence import load
from docketflow.forecasts.rivals import _band, last_value
from docketflow.forecasts.scoring import wis
from docketflow.forecasts.table import LEVELS

LAST = dt.date(2018, 9, 30)
FIRST = 96  # months that are known at the first origin


@dataclass(frozen=True, eq=False)
class Tried(Border):
    """A rule that is tried."""

    months: int = 0

    def level(self, even: np.ndarray) -> float:
        """Return the mean of so many last months."""
        return float(even[-self.months :].mean()) if self.months else super().level(even)


def main() -> None:
    """Score every rule and print how it did, the best first."""
    [followed] = [one for one in series(load()) if one.outcome == INPUT]
    whole = Border.of(followed.inflow, LAST)
    values = np.exp(whole.logs)
    rival = {ahead: _scored(values, ahead, lambda cut, k: _last(values[:cut], k)) for ahead in HORIZONS}
    found = []
    for years, months in itertools.product((0, 3, 5, 8, 99), (0, 1, 2, 3)):
        rule = Tried(whole.logs, whole.first, years, months)
        said = {
            cut: rule.ahead(rule.logs[:cut], max(HORIZONS), cut) for cut in range(BEFORE_A_MISS, len(values))
        }
        ours = {k: _scored(values, k, lambda cut, k, s=said, r=rule: _ours(r, s, cut, k)) for k in HORIZONS}
        ratios = [ours[k][0] / rival[k][0] for k in HORIZONS]
        found.append((np.mean(ratios), years, months, ratios, [ours[k][1] for k in HORIZONS]))
    print("years months  WIS over that of the last value: mean, and at", *HORIZONS, "| inside 90% bands")
    for mean, years, months, ratios, inside in sorted(found, key=lambda one: one[0]):
        print(f"{years:5} {months:6}  {mean:.3f}:", *(f"{one:.2f}" for one in ratios), "|",
              *(f"{one:.0%}" for one in inside))  # fmt: skip


def _scored(values, ahead, quantiles):
    scores, inside = [], []
    for cut in range(FIRST, len(values) - ahead + 1):
        own, value = quantiles(cut, ahead), values[cut + ahead - 1]
        scores.append(wis(own, value))
        inside.append(own[0] <= value <= own[-1])
    return float(np.mean(scores)), float(np.mean(inside))


def _last(known, ahead):
    return _band(last_value, known, ahead, np.zeros(0), (0.0, np.inf))


def _ours(rule, said, cut, ahead):
    """Return the quantiles after some months: as wide as was missed by then, as sure as there are years."""
    before = range(BEFORE_A_MISS, cut - ahead + 1)
    square = np.mean([(rule.logs[k + ahead - 1] - said[k][ahead - 1]) ** 2 for k in before])
    return spread(said[cut][ahead - 1 : ahead], float(square), (cut - BEFORE_A_MISS) // 12, LEVELS)


if __name__ == "__main__":
    main()
