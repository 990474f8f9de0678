"""Books of the lifecycle written by hand, to see what each outcome reads off them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from docketflow.core.quantity import Dated
from docketflow.engine.declare.measure import Measure
from docketflow.engine.run.evaluate import evaluate
from docketflow.engine.run.ledger import Ledger
from docketflow.lifecycle import national

FIRST, MONTH = dt.date(2025, 2, 1), 28
WINDOW = (FIRST, FIRST + dt.timedelta(MONTH - 1))
PRICE = 100.0


def books(
    events: Iterable[tuple[str, Mapping[str, str], int]] = (),
    standing: Mapping[str, int] | None = None,
    held: Mapping[str, int] | None = None,
) -> Ledger:
    """Return books of one month.

    Parameters
    ----------
    events : tally, the traits it was counted under (the first of its labels if not said), how often
    standing : place to people there, every day
    held : space to people holding one, every day
    """
    network = national()
    labels = {trait.name: tuple(trait.values) for trait in network.traits}
    axes = {tally.name: [(trait, labels[trait]) for trait in tally.by] for tally in network.tallies}
    tallies = {name: np.zeros((1, *(len(values) for _, values in axes[name])), np.int64) for name in axes}
    for tally, traits, many in events:
        assert set(traits) <= {trait for trait, _ in axes[tally]}, (tally, traits)
        cell = tuple(values.index(traits.get(trait, values[0])) for trait, values in axes[tally])
        tallies[tally][(0, *cell)] += many

    def daily(given: Mapping[str, int] | None, names: Iterable[str]) -> dict[str, np.ndarray]:
        lines = {name: np.zeros(MONTH, dtype=np.int64) for name in names}
        for name, many in (given or {}).items():
            lines[name] += many
        return lines

    stock = daily(standing, [node.name for node in network.nodes])
    spaces = daily(held, [space.name for space in network.spaces])
    written: dict[str, Any] = {
        "first": FIRST, "weight": 1.0, "segments": [WINDOW], "stock": stock, "held": spaces,
        "timers": np.zeros(MONTH, dtype=np.int64), "tallies": tallies, "tally_axes": axes,
    }  # fmt: skip
    return Ledger(**{field.name: written.get(field.name, {}) for field in dataclasses.fields(Ledger)})


def read(one: Measure, ledger: Ledger, prices: Mapping[str, float] | None = None) -> float:
    """Return the value of a measure for the month; every number it reads is 100 if not given."""
    return evaluate(
        one, ledger, WINDOW, lambda path: Dated.always((prices or {}).get(path, PRICE))
    )[1]  # fmt: skip
