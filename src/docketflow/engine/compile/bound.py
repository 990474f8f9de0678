"""A declaration with the numbers of one run: what the machine is given."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from docketflow.core.errors import DeclarationError
from docketflow.core.quantity import Resolve, Table, quantity
from docketflow.engine.compile.program import Field, Program
from docketflow.engine.declare import vocabulary as d


@dataclass(eq=False)
class Bound:
    """A declaration with the numbers of one run.

    Attributes
    ----------
    tables : ndarray of int64: header, nodes, clocks, draws, fields, edges, acts, rows
    laws : ndarray of uint16, 1,024 a law
    patches : day number to (places, values) written into ``tables`` that morning
    rates : name of a rate ("space", "effort", "exposure", "arrival", "attempt") to float array [day, thing],
        real persons or units, before scaling
    pauses : day numbers at which the run halts: months, cuts, patches, events
    """

    program: Program
    first: dt.date
    days: int
    scale: Fraction
    tables: np.ndarray
    laws: np.ndarray
    law_rows: dict[str, tuple[list[Field], np.ndarray]]
    patches: dict[int, tuple[np.ndarray, np.ndarray]]
    rates: dict[str, np.ndarray]
    pauses: list[int]
    cuts: list[int]
    resolve: Resolve

    def constants(self, law: d.Law, where: str) -> tuple[float, ...]:
        """Return the parameters of a law that depends on no trait, on the first day, never share last."""
        values = [
            quantity(n).evaluate(self.resolve).at(self.first.toordinal())
            for n in (*law.parameters, law.never_share)
        ]
        if any(isinstance(value, Table) for value in values):
            raise DeclarationError(f"the time spent at {where!r} may not depend on traits")
        return tuple(float(value) for value in values if not isinstance(value, Table))
