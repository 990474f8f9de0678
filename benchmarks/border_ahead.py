"""Which season foretells the border: tried on fiscal years 2000 to 2018 alone, before any origin.

Every month from October 2007 on is an origin; what is said 3, 6, 12 and 24 months ahead, up to September
2018, is scored (WIS) beside the last value with its band of what it missed before, as the scoreboard's rival
has it. A rule is how many years have the season (0: none, 99: all) and of how many last months the level is
the mean; it is as wide as it missed at every earlier month, from the fourth year on.

python benchmarks/border_ahead.py
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence

import numpy as np
from practice_ahead import Says, beside_last

from docketflow.calibrate.ahead import YEAR, spread
from docketflow.calibrate.backtest import HORIZONS, INPUT
from docketflow.calibrate.border import Border
from docketflow.calibrate.targets import series
from docketflow.evidence import load
from docketflow.forecasts.table import LEVELS

LAST = dt.date(2018, 9, 30)
FIRST = 96  # months that are known at the first origin
TAUGHT = 3 * YEAR  # months that only teach


def main() -> None:
    """Score every rule and print how it did, the best first."""
    [followed] = [one for one in series(load()) if one.outcome == INPUT]
    whole = Border.of(followed.inflow, LAST)
    found = []
    for years, months in itertools.product((0, 3, 5, 8, 99), (1, 2, 3)):
        ratios, inside = beside_last(np.exp(whole.logs), rule(whole, years, months), FIRST)
        found.append((np.mean(ratios), years, months, ratios, inside))
    print("years months  WIS over that of the last value: mean, and at", *HORIZONS, "| inside 90% bands")
    for mean, years, months, ratios, inside in sorted(found, key=lambda one: one[0]):
        print(f"{years:5} {months:6}  {mean:.3f}:", *(f"{one:.2f}" for one in ratios), "|",
              *(f"{one:.0%}" for one in inside))  # fmt: skip


def rule(whole: Border, years: int, months: int) -> Says:
    """Return what a rule says: as sure as there are years in which it was seen what it missed."""
    said = {
        cut: _ahead(Border(whole.logs[:cut], whole.first, years), months)
        for cut in range(TAUGHT, len(whole.logs))
    }

    def says(cut: int, ahead: int) -> Sequence[float]:
        missed = [whole.logs[k + ahead - 1] - said[k][ahead - 1] for k in range(TAUGHT, cut - ahead + 1)]
        variance = float(np.mean(np.square(missed)))
        return np.exp(spread(said[cut][ahead - 1 : ahead], variance, (cut - TAUGHT) // YEAR, LEVELS))

    return says


def _ahead(border: Border, months: int) -> np.ndarray:
    season, known = border.season(), len(border.logs)
    of = (border.first + np.arange(known + max(HORIZONS))) % YEAR
    even = border.logs - season[of[:known]]
    return np.asarray(even[-months:].mean() + season[of[known:]])


if __name__ == "__main__":
    main()
