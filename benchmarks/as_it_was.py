"""The country as an older version declares it, to be lived by this one: the same work for both kernels.

`DUMP` is run by the older version, as it was called at commit 4c920bf; `begun` reads what it wrote into this
version's vocabulary, class by class and field by field, and places the same people.
"""

from __future__ import annotations

import pickle
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from docketflow.core import quantity
from docketflow.engine import Run, bind
from docketflow.engine.compile.network import compile_network
from docketflow.engine.declare import vocabulary
from docketflow.engine.run.stock import Stock

DUMP = """
import datetime as dt, pickle, sys
from docketflow import conductor
from docketflow.engine.starting import Stock
from docketflow.policy import load_scenario
scenario, days = load_scenario("fiscal-year-2024"), int(sys.argv[2])
scenario = scenario.between(end=scenario.first + dt.timedelta(days - 1))
of, seen = Stock.of, {}
Stock.of = lambda program, cells: (seen.update(cells), of(program, cells))[1]
conductor._built(scenario.first)
kept = {
    "network": conductor._program().network,
    "known": scenario.compose(conductor._room().central()),
    "cells": {name: column.tolist() for name, column in seen.items()},
    "first": scenario.first,
    "days": days,
    "cuts": [scenario.start, scenario.end + dt.timedelta(1)],
    "calendars": {"federal": conductor.working_days(scenario.first, days)},
}
with open(sys.argv[1], "wb") as file:
    pickle.dump(kept, file)
"""


class _Reader(pickle.Unpickler):
    """Reads objects of the older version as their fields alone, each with the class it now is of."""

    def find_class(self, module: str, name: str) -> Any:
        if not module.startswith("docketflow."):
            return super().find_class(module, name)
        now = next(getattr(place, name) for place in (vocabulary, quantity) if hasattr(place, name))
        return type(name, (), {"now": now})


def _made(value: Any) -> Any:
    """Return what was read as objects of this version, which check their fields."""
    if hasattr(type(value), "now"):
        return type(value).now(**{name: _made(own) for name, own in vars(value).items()})
    if isinstance(value, dict):
        return {key: _made(own) for key, own in value.items()}
    return type(value)(map(_made, value)) if isinstance(value, (list, tuple)) else value


def begun(path: Path, scale: str) -> Run:
    """Return a run of the older version's country on its first day."""
    with path.open("rb") as file:
        kept = _Reader(file).load()
    known, program = _made(kept["known"]), compile_network(_made(kept["network"]))
    about = {name: kept[name] for name in ("first", "days", "cuts", "calendars")}
    bound = bind(program, known.__getitem__, scale=Fraction(scale), strict=False, **about)
    cells = {name: np.array(column) for name, column in kept["cells"].items()}
    return Run(bound, Stock.of(program, cells), 1)
