"""What is asked of the model to see what a lever moves: it at its lowest and at its highest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from docketflow.core.quantity import Dated, Table
from docketflow.policy.catalogue import Lever

KEY = ("lever", "bounds", "under", "outcome", "declared")
EVERY, STILL = "every outcome", "still"
SHORT = 0.99999  # of the factor that leads to a bound: none leads past it


@dataclass(frozen=True)
class Pull:
    """A lever pulled to its bounds, from the first day of the answer on.

    Attributes
    ----------
    lever, bounds : its path, and how far it may be pulled
    under : the settings under which it is pulled
    low, high : the setting that leaves it at its lowest, and the one at its highest
    outcome, declared : what it should move, and which way: its sign, or `STILL` for `EVERY` outcome
    """

    lever: str
    bounds: str
    under: tuple[str, ...]
    low: str
    high: str
    outcome: str
    declared: str

    @property
    def key(self) -> tuple[str, ...]:
        """What is asked by it; a factor that leads to a bound is another with other figures."""
        row = self.row()
        return tuple(row[name] for name in KEY)

    def row(self) -> dict[str, str]:
        """Return it as the beginning of a row of a table."""
        return {**vars(self), "under": "; ".join(self.under)}


def pulls(one: Lever, values: Mapping[str, Dated]) -> list[Pull]:
    """Return what is asked of a lever: where it binds, and where it is idle if it says so.

    Parameters
    ----------
    one : Lever
    values : mapping of parameter path to Dated
        What a lever that only scales is scaled from: the highest of its cells comes to the bound.
    """
    low, high = _ends(one, values)
    bounds = " to ".join(one.choices or (f"{one.low:.10g}", f"{one.high:.10g}"))
    asked = [Pull(one.path, bounds, one.binds_under, low, high, one.moves, one.sign)]
    if one.idle_under is not None:
        asked.append(Pull(one.path, bounds, one.idle_under, low, high, EVERY, STILL))
    return asked


def _ends(one: Lever, values: Mapping[str, Dated]) -> tuple[str, str]:
    if one.kind == "name":
        return f"{one.path}={one.choices[0]}", f"{one.path}={one.choices[-1]}"
    low, high = one.low or 0.0, one.high or 0.0
    where = f"{one.path}[{one.label}]" if one.label else one.path
    if "set" in one.operations:
        return f"{where}={low:.10g}", f"{where}={high:.10g}"
    cells = (cell.data if isinstance(cell, Table) else cell for cell in values[one.path].values)
    top = max(float(np.max(cell)) for cell in cells)
    return f"{where}=*{low / top:.6f}", f"{where}=*{high / top * SHORT:.6f}"
