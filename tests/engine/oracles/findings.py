"""What independent runs say beside what an oracle says, and how far apart the two are.

A tolerance is a number of standard errors of the mean over runs: nothing is allowed for a formula that is
exact in days. Where a formula is a limit, how far the limit is off is computed, not guessed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from docketflow.core.quantity import Dated
from docketflow.engine import Run, bind, compile_network
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.run.ledger import Ledger

FIRST = dt.date(2025, 1, 1)
LIMIT = 4.0
"""Standard errors: about a hundred findings in all, so a true one fails once in a hundred and fifty tries."""


@dataclass(frozen=True, eq=False)
class Finding:
    """One number of one system.

    Attributes
    ----------
    oracle, what : the system and the number
    expected : what the exact formula in days says
    found : what each independent run says
    textbook : the limit as days get short, where it is another number
    """

    oracle: str
    what: str
    expected: float
    found: np.ndarray
    textbook: float | None = None

    @property
    def mean(self) -> float:
        """Return the mean over runs."""
        return float(self.found.mean())

    @property
    def error(self) -> float:
        """Return the standard error of the mean."""
        return float(self.found.std(ddof=1) / np.sqrt(len(self.found)))

    @property
    def z(self) -> float:
        """Return how many standard errors the runs are off."""
        return (self.mean - self.expected) / self.error if self.error else 0.0

    def assert_within(self, percent: float) -> None:
        """Check that the runs agree, and that they are many enough to say so to some per cent."""
        assert self.error < percent / 100 * self.expected, f"too few runs: {self}"
        assert abs(self.z) < LIMIT, str(self)

    def __str__(self) -> str:
        return f"{self.oracle}, {self.what}: {self.mean:.5g} +- {self.error:.2g} for {self.expected:.5g}"


def ledgers(
    network: d.Network, runs: int, days: int, cells: Callable[[int], dict[str, list]], seed: int = 0
) -> Iterator[Ledger]:
    """Yield the books of independent runs, run k begun with ``cells(k)``."""
    bound = bind(compile_network(network), lambda _: Dated.always(0.0), first=FIRST, days=days)
    for k in range(runs):
        yield Run(bound, cells(k), seed + k).finish()


def spread(law: np.ndarray, runs: int, copies: int) -> np.ndarray:
    """Return numbers with a given law, one for each run and copy, evenly over its quantiles.

    Runs that begin in the steady state need no days to reach it, which at a load of .95 would be most days.
    """
    many = runs * copies
    quantiles = (np.random.default_rng(many).permutation(many) + 0.5) / many
    return np.searchsorted(np.cumsum(law), quantiles).reshape(runs, copies)
