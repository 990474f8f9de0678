"""Do two engines say the same? Means by their standard errors, laws by Kolmogorov and Smirnov, after Holm.

A test of laws wants independent samples. Neighbours in a line are not: so only people who come on days far
apart are compared, one by one, and runs are independent by their seeds. Days are whole numbers with many
ties; the test's probabilities hold for continuous laws and are too large for such, so it errs on the side
of agreement in single samples, which the means beside it do not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import ks_2samp

from . import on_ciw, on_docketflow, on_simpy
from .workload import Said

OURS = 200
THEIRS = {"tandem": 30, "rooms": 120, "beds": 60}
"""Runs of docketflow, and of each peer by what a run costs it, each with its own seed."""
LIMIT = 4.0
"""Combined standard errors between two means."""
FAMILY = 0.001
"""Chance that any of all the tests of laws fails though all laws are equal."""

ENGINES = {"docketflow": on_docketflow, "SimPy": on_simpy, "Ciw": on_ciw}
PEERS = ("SimPy", "Ciw")
NETWORKS = ("tandem", "rooms", "beds")
LAWS = {
    "tandem": {"in line a": slice(None), "in line b": slice(None), "in all": slice(None)},
    "rooms": {"urgent in line": slice(0, None, 2), "plain in line": slice(1, None, 2), "in all": slice(None)},
    "beds": {"in all": slice(None)},
}
"""What is compared as laws, and of whom: of rooms every other person told apart is urgent."""


@dataclass(frozen=True)
class Apart:
    """How far two engines' means are apart."""

    network: str
    what: str
    peer: str
    ours: float
    theirs: float
    error: float

    @property
    def z(self) -> float:
        """Return it in combined standard errors."""
        return (self.ours - self.theirs) / self.error if self.error else 0.0


def runs(engine: str, network: str, seeds: int) -> list[Said]:
    """Return what an engine says of a network over seeds."""
    run: Callable[[int], Said] = getattr(ENGINES[engine], network)
    return [run(seed) for seed in range(1, seeds + 1)]


def means_apart(network: str, peer: str, ours: Sequence[Said], theirs: Sequence[Said]) -> list[Apart]:
    """Return every mean of two engines side by side."""
    found = []
    assert ours[0].means.keys() == theirs[0].means.keys()
    for what in ours[0].means:
        a, b = (np.array([said.means[what] for said in some], dtype=float) for some in (ours, theirs))
        error = math.hypot(a.std(ddof=1) / math.sqrt(len(a)), b.std(ddof=1) / math.sqrt(len(b)))
        found.append(Apart(network, what, peer, float(a.mean()), float(b.mean()), error))
    return found


def chance_of_laws(network: str, ours: Sequence[Said], theirs: Sequence[Said]) -> dict[str, float]:
    """Return by name the chance that equal laws would look as different as these."""
    found = {}
    for what, who in LAWS[network].items():
        a, b = (np.concatenate([said.tagged[what][who] for said in some]) for some in (ours, theirs))
        found[what] = float(ks_2samp(a, b, method="asymp").pvalue)
    return found


def holm(chances: Sequence[float]) -> np.ndarray:
    """Return chances corrected for being several: each as if it stood alone (Holm 1979)."""
    order = np.argsort(chances)
    raised = np.array(chances)[order] * (len(chances) - np.arange(len(chances)))
    corrected = np.empty(len(chances))
    corrected[order] = np.minimum(np.maximum.accumulate(raised), 1.0)
    return corrected
