"""What the report reads off one result: bands by month, running totals, resources, labels.

The only file that knows how a `Result` names its parts. No text is written and nothing drawn here.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np

from docketflow.core import dates
from docketflow.core.labels import label
from docketflow.core.outcomes import counting_rules
from docketflow.core.scale import read_scale
from docketflow.core.strict_yaml import parse_yaml
from docketflow.evidence.comparison import Comparison
from docketflow.policy import levers
from docketflow.policy.ranges import range_in_words
from docketflow.policy.setting import SETTING
from docketflow.results import Result
from docketflow.results.split import Split, split
from docketflow.results.summary import Bands, Summary, bands, summarize

FIELDS = ("low", "median", "high")
STAYS, BEFORE = ": stays", ": before"
"""Ends of the names of places that make a flow balance."""


@functools.cache
def words() -> dict[str, Any]:
    """Return the definitions and lists of `words.yaml`."""
    text = resources.files("docketflow.report").joinpath("words.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = parse_yaml(text, where="words.yaml")
    return found


def _moves(path: str) -> str:
    """Return the outcome that a lever is declared to move, in words; a lever of old has none."""
    known = levers().get(path)
    return label(known.moves) if known else ""


def parts(found: Bands) -> dict[str, np.ndarray]:
    """Return bands as low, median and high, and the Monte Carlo error of the median."""
    named = dict(zip(FIELDS, (found.low, found.value, found.high), strict=True))
    return {**named, "error": found.error}


def rounded(found: Mapping[str, np.ndarray | float], *place: int) -> list[float]:
    """Return low, median and high at a place in the digits that the Monte Carlo error allows."""
    low, value, high, error = (float(np.asarray(found[part])[place]) for part in (*FIELDS, "error"))
    one = Summary(value, low, high, error).rounded()
    return [one.low, one.value, one.high]


@dataclass(frozen=True)
class Month:
    """A month of the answer's period, cut at its edges."""

    label: str
    start: dt.date
    end: dt.date

    @property
    def days(self) -> int:
        """Return how many days of the month lie in the period."""
        return (self.end - self.start).days + 1

    @property
    def cut(self) -> bool:
        """Say whether the month ends before its last day."""
        return self.end != dates.month_end(self.end)


@dataclass(frozen=True)
class Resource:
    """Supply, use and refusals of one space or effort, by month (medians over members).

    What a day leaves over of an effort is carried on. A month's supply holds what was carried into it and
    used, in each member, so that in no month more is used than there was.
    """

    name: str
    kind: str
    unit: str
    supply: np.ndarray
    used: np.ndarray
    refused: np.ndarray
    low: np.ndarray
    high: np.ndarray
    days: np.ndarray

    @property
    def idle(self) -> bool:
        """Say whether the middle run used none of it in any month, and turned nobody away."""
        return not (self.used > 0).any() and not (self.refused > 0).any()

    @property
    def capped(self) -> bool:
        """Say whether there is a limit at all."""
        return bool(np.isfinite(self.supply).all() and (self.supply > 0).any())

    def whole(self, part: str) -> float:
        """Return a part for the period.

        Supply and use: the mean of a space's days, the sum of an effort. Refused: all who found a
        space full; those in line for an effort at the end.
        """
        values = getattr(self, part)
        if part == "refused":
            return float(values.sum() if self.kind == "space" else values[-1])
        return float(np.average(values, weights=self.days) if self.kind == "space" else values.sum())

    @property
    def share(self) -> float:
        """Return the share of the supply that was used."""
        return min(1.0, self.whole("used") / self.whole("supply")) if self.capped else 0.0


class Reading:
    """One result as the report sees it."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.manifest: dict[str, Any] = dict(result.manifest)
        spans = dates.months(result.start, result.end)
        self.months = tuple(Month(dates.month_label(first), first, last) for first, last in spans)
        self.days = (result.end - result.start).days + 1
        self._running: dict[str, dict[str, np.ndarray]] = {}

    @property
    def target(self) -> tuple[float, str] | None:
        """The target and the series it is counted in."""
        return self.result.target

    @functools.cached_property
    def answers(self) -> dict[str, Any]:
        """Every outcome by name."""
        return self.result.outcomes

    @functools.cached_property
    def rules(self) -> tuple[str, ...]:
        """The counting rules this run has, the target's series first."""
        present = [name for name in counting_rules() if name in self.answers]
        if self.target:
            present.sort(key=lambda name: name != self.target[1])  # type: ignore[index]
        return tuple(present)

    @functools.cached_property
    def monthly(self) -> dict[str, dict[str, np.ndarray]]:
        """Low, median and high of every outcome that has months."""
        return {name: parts(one.bands) for name, one in self.answers.items() if one.bands is not None}

    def running(self, name: str) -> dict[str, np.ndarray]:
        """Return low, median and high of a flow, added up since the period began."""
        if name not in self._running:
            so_far = np.cumsum(self.answers[name].by_month, axis=1)
            self._running[name] = parts(bands(so_far, self.answers[name].kind))
        return self._running[name]

    @functools.cached_property
    def flowing(self) -> tuple[str, ...]:
        """The outcomes that add up over months."""
        return tuple(name for name in self.monthly if self.answers[name].kind == "flow")

    @functools.cached_property
    def stocks(self) -> dict[str, dict[str, np.ndarray]]:
        """Low, median and high of each stage, the mean of each month."""
        return self._banded("stocks", "stage")

    def change(self, stage: str) -> dict[str, float]:
        """Return how a stage changes from the first month to the last, run by run: low, median and high."""
        lived = self.result.arrays["stocks"][self.result.labels("stage").index(stage)]
        found = parts(bands(lived[:, -1] - lived[:, 0], "stock"))
        return {part: float(value) for part, value in found.items()}

    @functools.cached_property
    def resources(self) -> dict[str, Resource]:
        """Every space and effort by name."""
        result, days = self.result, np.array([month.days for month in self.months])
        known, measures = result.axes["resource"], result.labels("measure")
        lived = np.moveaxis(np.array(result.arrays["resources"], dtype=float), 2, 0)
        supply, used = measures.index("supply"), measures.index("used")
        effort = np.array([kind == "effort" for kind in known["kind"]])
        lived[:, effort, supply] = np.maximum(lived[:, effort, supply], lived[:, effort, used])
        found = bands(lived, "stock")
        return {
            name: Resource(
                name=name,
                kind=known["kind"][k],
                unit=known["unit"][k],
                days=days,
                low=found.low[k, used],
                high=found.high[k, used],
                **dict(zip(measures, found.value[k], strict=True)),
            )
            for k, name in enumerate(result.labels("resource"))
        }

    @functools.cached_property
    def flows(self) -> tuple[tuple[str, str, float], ...]:
        """Edges of the flow: from, to, people (mean of the members), with what makes each place balance.

        Who comes to a place and goes on by none of its edges stays there or leaves another way; who goes on
        beyond those who came was there before.
        """
        known, means = (
            self.result.axes["edge"],
            np.nanmean(np.ascontiguousarray(self.result.arrays["flows"]), axis=1),
        )
        edges = list(zip(known["source"], known["target"], means.tolist(), strict=True))
        gaps: dict[str, float] = {}
        for source, target, people in edges:
            gaps[source] = gaps.get(source, 0.0) - people
            gaps[target] = gaps.get(target, 0.0) + people
        inner = [name for name in gaps if name in known["source"] and name in known["target"]]
        stays = ((name, f"{name}{STAYS}", gaps[name]) for name in inner if gaps[name] >= self.record / 2)
        before = ((f"{name}{BEFORE}", name, -gaps[name]) for name in inner if -gaps[name] >= self.record / 2)
        return (*edges, *stays, *before)

    @functools.cached_property
    def record(self) -> float:
        """How many people one simulated record stands for."""
        return float(1 / read_scale(self.result.scale))

    @functools.cached_property
    def costs(self) -> dict[str, dict[str, float]]:
        """Low, median and high of each account."""
        found = self._banded("costs", "account")
        return {name: {part: float(value) for part, value in one.items()} for name, one in found.items()}

    def _banded(self, group: str, axis: str) -> dict[str, dict[str, np.ndarray]]:
        """Return low, median and high of a group [axis, member, ...]."""
        found = parts(bands(np.moveaxis(self.result.arrays[group], 1, 0), "stock"))
        names = self.result.labels(axis)
        return {name: {part: values[k] for part, values in found.items()} for k, name in enumerate(names)}

    @functools.cached_property
    def levers(self) -> tuple[dict[str, Any], ...]:
        """Rows of the table of levers."""
        return tuple(
            {key: "" if value is None else value for key, value in row.items()}
            | {"range": range_in_words(row.get("range")), "moves": _moves(str(row["lever"]))}
            for row in self.result.levers
        )

    @functools.cached_property
    def splits(self) -> dict[str, Split]:
        """Where the variance of each counting rule comes from; empty when the members are too few to tell."""
        held, labels = self.result.arrays, self.result.labels("parameter")
        if "again" not in held or "design" not in held:
            return {}
        settings = held["design"][[name.startswith(f"{SETTING} ") for name in labels]]
        found = {
            name: split(self.answers[name].values, settings, held["again"][self.result.names.index(name)])
            for name in self.rules
        }
        return {name: one for name, one in found.items() if one is not None}

    @staticmethod
    def assumed(lever: dict[str, Any]) -> bool:
        """Say whether a row of the table of levers rests on no announcement."""
        return not lever["source"] or lever["assumed"] is True

    def reached(self, series: str) -> int:
        """Return in how many members a series reaches the target."""
        return int((self.answers[series].values >= self.target[0]).sum()) if self.target else 0

    def month(self, label: str) -> int:
        """Return the place of a month, or -1."""
        return next((k for k, month in enumerate(self.months) if month.label == label), -1)


def modelled(reading: Reading, check: Comparison) -> float:
    """Return the simulated value that a published figure is held against; NaN when there is none."""
    values = _lived(reading, check)
    return float("nan") if values is None else float(np.nanmedian(values))


def inside(reading: Reading, check: Comparison) -> str:
    """Say whether a published figure lies where nine runs in ten do."""
    values = _lived(reading, check)
    if values is None or np.isnan(values).all():
        return ""
    found = summarize(values, "stock")
    return "inside" if found.low <= check.value <= found.high else "outside"


def _lived(reading: Reading, check: Comparison) -> np.ndarray | None:
    change, name = check.outcome.startswith("change:"), check.outcome.split(":")[-1]
    whole = (check.start, check.end) == (reading.result.start, reading.result.end)
    if name not in reading.answers or check.subgroup != "all":
        return None
    answer = reading.answers[name]
    return (answer.change if change else answer.values) if whole or answer.kind == "stock" else None
