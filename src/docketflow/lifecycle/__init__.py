"""The lifecycle, declared.

`national()` is the whole system, `place` where people start, `MEASURES` what is counted.
"""

from docketflow.lifecycle.network import national, paths_read
from docketflow.lifecycle.outcomes import ACCOUNTS, EDGES, MEASURES, STOCKS, UNITS
from docketflow.lifecycle.start import UNCOUNTED, place

__all__ = ["ACCOUNTS", "EDGES", "MEASURES", "STOCKS", "UNCOUNTED", "UNITS", "national", "paths_read", "place"]
