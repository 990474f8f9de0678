"""Calls of the Python door gone wrong: arguments of other kinds, sizes and signs."""

# ruff: noqa: E501 (lists of odd values read better on long lines)

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import docketflow as dk

SMALL = Path("small.yaml")
ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 1, 2**70, 10**400, 1.5, math.nan, math.inf, -0.0, "", "x", "\x00", "\x1b[2J", "a" * 5000, b"x"),
    *((), [], {}, {"a": 1}, [None], ["x"], object(), dt.date(1, 1, 1), dt.datetime(2025, 1, 1), Path("/dev/zero")),
    *(Fraction(2, 3), Fraction(1, 10**30), "1/0", "1e-3000000000", "baseline-january-2025", "none.yaml", Path("."), print),
)  # fmt: skip
GOOD: dict[str, tuple[Any, ...]] = {
    "scenario": (SMALL, "small.yaml", "baseline-january-2025"),
    "members": (1, 2),
    "scale": ("1/10000", Fraction(1, 10_000), 0.0001),
    "seed": (0, 1, 2**63 - 1),
    "sets": ((), ["detention.beds.contract=30000"], ["court.judges=700@2025-01-25"]),
    "people": (1, 3),
    "start": (None, dt.date(2025, 1, 20)),
    "end": (None, dt.date(2025, 1, 25)),
    "member": (0, 1),
    "out": ("out-of-a-call", None),
    "workers": (1,),
    "resume": (False,),
}
ALWAYS = {"members": 1, "scale": "1/10000", "people": 1, "workers": 1}
TAKES: dict[str, tuple[str, ...]] = {
    "run": ("scenario", "members", "scale", "seed", "sets"),
    "trace": ("scenario", "people", "scale", "seed", "sets", "start", "end", "member"),
    "study": ("scenario", "members", "scale", "seed", "sets", "out", "workers", "resume"),
    "load_scenario": ("scenario",),
    "with_sets": ("sets",),
    "between": ("start", "end"),
}


def made(seed: int) -> tuple[str, dict[str, Any]]:
    """Return the call of a number: what is called, and with what; most of it fits."""
    luck = random.Random(f"call {seed}")
    name = luck.choice(list(TAKES))
    given = {
        key: ALWAYS.get(key, luck.choice(GOOD[key]))
        for key in TAKES[name]
        if key in ALWAYS or luck.random() < 0.5
    }
    given.setdefault("scenario", SMALL)
    if name == "with_sets":
        given.setdefault("sets", ())
    for key in luck.sample(TAKES[name], min(len(TAKES[name]), luck.choice((0, 1, 1, 1, 2)))):
        odd = luck.choice(ODD)
        given[key] = 2 if key == "scale" and odd == 1 else odd  # the whole country is right, and large
    return name, given


def call(name: str, given: dict[str, Any]) -> object:
    """Make the call."""
    given = dict(given)
    scenario = given.pop("scenario")
    if name in ("with_sets", "between"):
        return getattr(dk.load_scenario(SMALL), name)(**given)
    made: Callable[..., object] = getattr(dk, name)
    return made(scenario, **given)
