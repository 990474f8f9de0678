"""The lifecycle, declared.

`national()` is the whole system, `place` where people start, `MEASURES` what is counted.
"""

from docketflow.lifecycle.network import national, paths_read
from docketflow.lifecycle.outcomes import (
    ACCOUNTS,
    EDGES,
    MEASURES,
    ONE_TIME,
    OUTLAYS,
    STOCKS,
    UNITS,
    built_up,
)
from docketflow.lifecycle.start import UNCOUNTED, forked, marks, shares, ways_of

__all__ = [
    "ACCOUNTS",
    "EDGES",
    "MEASURES",
    "ONE_TIME",
    "OUTLAYS",
    "STOCKS",
    "UNCOUNTED",
    "UNITS",
    "built_up",
    "forked",
    "marks",
    "national",
    "paths_read",
    "shares",
    "ways_of",
]
