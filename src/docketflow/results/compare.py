"""Compare a result with another on the same members, or with published figures. Knows no scenario."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from docketflow.core.errors import UsageError
from docketflow.results.result import Answer, Result
from docketflow.results.summary import summarize

if TYPE_CHECKING:
    import pandas as pd

CHANGE, SHARE = "change:", "share:"


@dataclass(frozen=True)
class Published:
    """One published figure and how far an outcome may be from it.

    Parameters
    ----------
    outcome
        An outcome's name; ``change:NAME`` is its last day less the day before the first.
    value
        What was published.
    tolerance
        Largest distance that passes, in the figure's unit.
    given
        True when the scenario takes this figure as an input, so that agreement proves nothing.
    source, locator, note
        Where it stands, and anything to say beside it.
    """

    outcome: str
    value: float
    tolerance: float
    given: bool = False
    source: str = ""
    locator: str = ""
    note: str = ""


def paired(a: Result, b: Result) -> pd.DataFrame:
    """Return, for every outcome both have, each value and the difference a less b on the same members.

    Raises
    ------
    UsageError
        When the two were not run on the same members, seed, scale and period.
    """
    import pandas as pd

    for what in ("members", "seed", "scale", "start", "end"):
        one, other = getattr(a, what), getattr(b, what)
        if one != other:
            raise UsageError(
                f"{a.scenario} and {b.scenario} cannot be paired: {what} {one} and {other}; run both alike"
            )
    rows = []
    for name in a.names:
        if name not in b:
            continue
        one, other = a[name], b[name]
        gap = _difference(one, other)
        rows.append(
            {
                "outcome": name,
                "unit": one.unit,
                "a": one.whole.value,
                "b": other.whole.value,
                "difference": gap.value,
                "low": gap.low,
                "high": gap.high,
                "relative": gap.value / other.whole.value if other.whole.value else math.nan,
            }
        )
    return pd.DataFrame(
        rows, columns=["outcome", "unit", "a", "b", "difference", "low", "high", "relative"]
    ).set_index("outcome")


def _difference(one: Answer, other: Answer) -> Interval:
    gaps = one.values - other.values
    if one.kind != "probability":
        found = summarize(gaps, one.kind)
        return Interval(found.value, found.low, found.high)
    known = gaps[np.isfinite(gaps)]
    mean = float(known.mean()) if known.size else math.nan
    half = 1.645 * float(known.std(ddof=1)) / math.sqrt(known.size) if known.size > 1 else math.nan
    return Interval(mean, mean - half, mean + half)


@dataclass(frozen=True)
class Interval:
    """A value between two bounds."""

    value: float
    low: float
    high: float


def with_evidence(result: Result, figures: Iterable[Published]) -> pd.DataFrame:
    """Return each published figure beside what the result says, and whether it is near enough.

    The verdict is ``pass``, ``off``, ``input`` (the figure was given to the scenario) or ``not modelled``.
    """
    import pandas as pd

    rows = []
    for figure in figures:
        values = _values(result, figure.outcome)
        row = {"outcome": figure.outcome, "published": figure.value, "model": math.nan}
        row |= {"low": math.nan, "high": math.nan, "off": math.nan, "relative": math.nan}
        verdict = "not modelled"
        if values is not None:
            found = summarize(values, "flow")
            off = found.value - figure.value
            row |= {"model": found.value, "low": found.low, "high": found.high, "off": off}
            row["relative"] = off / figure.value if figure.value else math.nan
            verdict = "pass" if abs(off) <= figure.tolerance else "off"
            verdict = "input" if figure.given else verdict
        row |= {"tolerance": figure.tolerance, "verdict": verdict}
        row |= {"source": figure.source, "locator": figure.locator, "note": figure.note}
        rows.append(row)
    columns = ["outcome", "published", "model", "low", "high", "off", "relative", "tolerance", "verdict"]
    return pd.DataFrame(rows, columns=[*columns, "source", "locator", "note"]).set_index("outcome")


def _values(result: Result, name: str) -> np.ndarray | None:
    bare = name.removeprefix(CHANGE).removeprefix(SHARE)
    if bare not in result:
        return None
    return result[bare].change if name.startswith(CHANGE) else result[bare].values
