"""Compare a result with another on the same members, or with published figures. Knows no scenario."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from docketflow.core.errors import UsageError
from docketflow.results.result import Result
from docketflow.results.summary import NORMAL_95, Summary, summarize

if TYPE_CHECKING:
    import pandas as pd

CHANGE, SHARE = "change:", "share:"


class Published(Protocol):
    """One published figure, with the rule by which a simulated value is judged (the evidence room has these).

    ``outcome`` may be ``change:NAME``, its last day less the day before the first, or ``share:NAME``.
    """

    @property
    def outcome(self) -> str: ...
    @property
    def value(self) -> float: ...
    @property
    def tolerance(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def locator(self) -> str: ...
    @property
    def note(self) -> str: ...

    def verdict(self, simulated: float) -> str: ...


@dataclass(frozen=True)
class Difference:
    """One outcome of two results, and what lies between them member by member."""

    outcome: str
    unit: str
    a: Summary
    b: Summary
    gap: Summary

    def rounded(self) -> Difference:
        """Return the same in the digits that the Monte Carlo errors allow."""
        return replace(self, a=self.a.rounded(), b=self.b.rounded(), gap=self.gap.rounded())

    def row(self) -> dict[str, Any]:
        """Return it as one row of a table."""
        return {
            "outcome": self.outcome,
            "unit": self.unit,
            "a": self.a.value,
            "b": self.b.value,
            "difference": self.gap.value,
            "low": self.gap.low,
            "high": self.gap.high,
            "relative": self.gap.value / self.b.value if self.b.value else math.nan,
        }


COLUMNS = ("outcome", "unit", "a", "b", "difference", "low", "high", "relative")


def paired(a: Result, b: Result) -> pd.DataFrame:
    """Return, for every outcome both have, each value and the difference a less b on the same members.

    Raises
    ------
    UsageError
        When the two were not run on the same members, seed, scale and period.
    """
    import pandas as pd

    rows = [difference.row() for difference in differences(a, b)]
    return pd.DataFrame(rows, columns=list(COLUMNS)).set_index("outcome")


def differences(a: Result, b: Result, names: Sequence[str] = ()) -> Iterator[Difference]:
    """Yield the difference a less b of every outcome both have, or of some of them (see `paired`)."""
    for what in ("members", "seed", "scale", "start", "end"):
        one, other = getattr(a, what), getattr(b, what)
        if one != other:
            raise UsageError(
                f"{a.scenario} and {b.scenario} cannot be paired: {what} {one} and {other}; run both alike"
            )
    for name in names or a.names:
        if name in a and name in b:
            first, second = a[name], b[name]
            gap = _gap(first.values - second.values, first.kind)
            yield Difference(name, first.unit, first.whole, second.whole, gap)


def _gap(gaps: np.ndarray, kind: str) -> Summary:
    """Return the summary of differences; that of a probability is a difference of shares, not a share."""
    if kind != "probability":
        return summarize(gaps, kind)
    known = gaps[np.isfinite(gaps)]
    mean = float(known.mean()) if known.size else math.nan
    error = float(known.std(ddof=1)) / math.sqrt(known.size) if known.size > 1 else math.nan
    return Summary(mean, mean - NORMAL_95 * error, mean + NORMAL_95 * error, error)


def with_evidence(result: Result, figures: Iterable[Published]) -> list[dict[str, Any]]:
    """Return each published figure beside what the result says, and whether it is near enough.

    ``band`` says whether the figure lies ``inside`` or ``outside`` the result's 90% band; the verdict is the
    figure's own, by its tolerance, or ``not modelled``.
    """
    rows = []
    for figure in figures:
        values = _values(result, figure.outcome)
        row: dict[str, Any] = {"outcome": figure.outcome, "published": figure.value, "model": math.nan}
        row |= {"low": math.nan, "high": math.nan, "off": math.nan, "relative": math.nan, "band": ""}
        verdict = "not modelled"
        if values is not None:
            found = summarize(values, "flow")
            off = found.value - figure.value
            row |= {"model": found.value, "low": found.low, "high": found.high, "off": off}
            row["relative"] = off / figure.value if figure.value else math.nan
            row["band"] = "inside" if found.low <= figure.value <= found.high else "outside"
            verdict = figure.verdict(found.value)
        row |= {"tolerance": figure.tolerance, "verdict": verdict}
        row |= {"source": figure.source, "locator": figure.locator, "note": figure.note}
        rows.append(row)
    return rows


class PublishedSeries(Protocol):
    """A published series over months of its own, with the rule by which a simulated value is judged."""

    @property
    def outcome(self) -> str: ...
    @property
    def value(self) -> float: ...
    @property
    def months(self) -> tuple[str, ...]: ...
    @property
    def series(self) -> Any: ...
    @property
    def tolerance(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def note(self) -> str: ...

    def verdict(self, simulated: float) -> str: ...
    def course(self, simulated: list[float]) -> str: ...


def with_series(result: Result, found: Iterable[PublishedSeries]) -> list[dict[str, Any]]:
    """Return each published series beside what the result says over the same months.

    The columns are those of `with_evidence`, and whether the series is held out and its course is the same.
    """
    rows = []
    for one in found:
        series = one.series
        row: dict[str, Any] = {"series": series.id, "outcome": one.outcome, "held_out": series.held_out}
        row |= {"published": one.value, "model": math.nan, "low": math.nan, "high": math.nan, "band": ""}
        row |= {"relative": math.nan, "tolerance": one.tolerance, "verdict": "not modelled", "course": ""}
        months = _months(result, one)
        if months is not None:
            by = {"sum": months.sum(axis=1), "mean": months.mean(axis=1), "last": months[:, -1]}
            here = summarize(by[series.over], "flow")
            row |= {"model": here.value, "low": here.low, "high": here.high}
            row["relative"] = here.value / one.value - 1 if one.value else math.nan
            row["band"] = "inside" if here.low <= one.value <= here.high else "outside"
            row["verdict"] = one.verdict(here.value)
            row["course"] = one.course([float(value) for value in np.median(months, axis=0)])
        rows.append(row | {"source": one.source, "note": one.note})
    return rows


def _months(result: Result, one: PublishedSeries) -> np.ndarray | None:
    """Return what a result says by the months of a series, or its whole period: the same, or a stand-in."""
    if one.outcome not in result or not one.months:
        return None
    answer = result[one.outcome]
    if answer.by_month is None or set(one.months) - set(answer.months):
        stands_in = bool(one.note) and not set(one.months) & set(answer.months)  # a figure of another time
        return answer.values[:, None] if stands_in or set(answer.months) == set(one.months) else None
    by_month: np.ndarray = answer.by_month[:, [answer.months.index(month) for month in one.months]]
    return by_month


def _values(result: Result, name: str) -> np.ndarray | None:
    bare = name.removeprefix(CHANGE).removeprefix(SHARE)
    if bare not in result:
        return None
    return result[bare].change if name.startswith(CHANGE) else result[bare].values
