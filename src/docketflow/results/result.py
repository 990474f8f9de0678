"""A Result: plain arrays in named groups, one run of one scenario over all its members.

It holds and names numbers. How they were computed, stored or drawn is not its business.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from docketflow.core import dates
from docketflow.core.errors import UsageError, unknown
from docketflow.core.plain import tidy
from docketflow.results.arrays import Arrays, Axes, Held, to_xarray
from docketflow.results.questions import ask
from docketflow.results.summary import LEVEL, Bands, Summary, bands, of_each, summarize

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

ABOUT = (
    *("scenario", "settings", "from", "to", "band", "members", "scale", "seed"),
    *("version", "source", "licence"),
)
HASH = 12  # characters of a hash: enough to tell from any other, and to find it in a manifest
LICENCE = "MIT"  # of all that docketflow writes, as of itself


class Every:
    """The answers of all outcomes of a result, worked out at once when any is asked for."""

    def __init__(self, arrays: Arrays, kinds: Sequence[str]) -> None:
        self._arrays, self._kinds = arrays, kinds

    @functools.cached_property
    def whole(self) -> Bands:
        """For the whole period."""
        return of_each(self._arrays["period"], self._kinds)

    @functools.cached_property
    def by_month(self) -> Bands:
        """By month."""
        return of_each(self._arrays["monthly"], self._kinds)


@dataclass(frozen=True, eq=False)
class Answer:
    """One outcome of one result."""

    name: str
    unit: str
    kind: str
    definition: str
    values: np.ndarray
    by_month: np.ndarray | None
    months: tuple[str, ...]
    opening: np.ndarray | None = None
    among: tuple[Every, int] | None = None

    @functools.cached_property
    def whole(self) -> Summary:
        """The answer for the whole period."""
        if self.among is None:
            return summarize(self.values, self.kind)
        every, place = self.among
        return every.whole.at(place)

    @functools.cached_property
    def bands(self) -> Bands | None:
        """The answers by month, if it has months."""
        if self.by_month is None:
            return None
        if self.among is None:
            return bands(self.by_month, self.kind)
        every, place = self.among
        return every.by_month.of(place)

    @property
    def change(self) -> np.ndarray | None:
        """Last day less the day before the first, of a stock."""
        return None if self.opening is None else self.values - self.opening

    def monthly(self) -> Iterator[tuple[str, Summary]]:
        """Yield each month of the period and its summary."""
        if self.bands is not None:
            for k, month in enumerate(self.months):
                yield month, self.bands.at(k)

    def __repr__(self) -> str:
        return f"<{self.name}: {self.whole!r} {self.unit}>"


@dataclass(frozen=True, eq=False)
class Result:
    """What one scenario says.

    Parameters
    ----------
    manifest : mapping
        Scenario, dates, members, scale, seed, target and what the run was made of.
    axes : mapping
        Of each axis its labels and what else is known of them.
    arrays : mapping
        Group to numbers: ``period`` and ``opening`` (outcome, member), ``monthly`` (outcome, member, month),
        ``stocks`` (stage, member, month: means of the month), ``resources`` (resource, measure, member,
        month: supply, used, refused), ``flows`` (edge, member), ``costs`` (account, member), ``steps`` (step,
        member, month: dollars), and more that a
        run may have kept (`docketflow.results.arrays.GROUPS`). What has no number is NaN.
    levers : sequence of mapping
        Every setting with its source, as JSON would hold it.
    failures, missing : mapping
        Member to the reason why it has no numbers: it failed, or it was not run to an end.
    asked : mapping
        Question (`results/questions.py`) to its answer as JSON holds it, where one is kept with the result.
    """

    manifest: Mapping[str, Any]
    axes: Axes
    arrays: Arrays
    levers: Sequence[Mapping[str, Any]] = ()
    failures: Mapping[int, str] = field(default_factory=dict)
    missing: Mapping[int, str] = field(default_factory=dict)
    asked: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def scenario(self) -> str:
        """The scenario's name."""
        return str(self.manifest["scenario"])

    @property
    def start(self) -> dt.date:
        """First day of the answer's period."""
        return dt.date.fromisoformat(self.manifest["from"])

    @property
    def end(self) -> dt.date:
        """Last day of the answer's period."""
        return dt.date.fromisoformat(self.manifest["to"])

    @property
    def members(self) -> int:
        """How many members were run."""
        return int(self.manifest["members"])

    @property
    def seed(self) -> int:
        """Seed of all luck."""
        return int(self.manifest["seed"])

    @property
    def scale(self) -> str:
        """Records a person, such as 1/100."""
        return str(self.manifest["scale"])

    @functools.cached_property
    def months(self) -> tuple[str, ...]:
        """Months of the period, such as 2025-01; the first and last may be parts (see `days`)."""
        return self.labels("month")

    @functools.cached_property
    def days(self) -> tuple[int, ...]:
        """How many days of each month lie in the period."""
        spans = dates.months(self.start, self.end)
        found = {dates.month_label(first): (last - first).days + 1 for first, last in spans}
        return tuple(found.get(month, 0) for month in self.months)

    @functools.cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the outcomes this result has."""
        return self.labels("outcome")

    @property
    def outcomes(self) -> dict[str, Answer]:
        """Every outcome by name."""
        return {name: self[name] for name in self.names}

    def labels(self, axis: str) -> tuple[str, ...]:
        """Return the labels of an axis: outcome, month, stage, resource, measure, edge, account ..."""
        return tuple(self.axes[axis]["label"]) if axis in self.axes else ()

    @functools.cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.names)}

    @functools.cached_property
    def _answers(self) -> dict[str, Answer]:
        return {}

    @functools.cached_property
    def every(self) -> Every:
        """The answers of all outcomes."""
        return Every(self.arrays, self.axes["outcome"]["kind"])

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def __getitem__(self, name: str) -> Answer:
        """Return one outcome, or raise the line that names the nearest."""
        if name in self._answers:
            return self._answers[name]
        if name not in self._places:
            raise UsageError(unknown("outcome", name, self.names, f"result of {self.scenario}"))
        place, about = self._places[name], self.axes["outcome"]
        values, opening, by_month = self.arrays.outcome(place)
        answer = Answer(
            name=name,
            unit=about["unit"][place],
            kind=about["kind"][place],
            definition=about["definition"][place],
            values=values,
            by_month=None if np.isnan(by_month).all() else by_month,
            months=self.months,
            opening=None if np.isnan(opening).all() else opening,
            among=(self.every, place) if isinstance(self.arrays, Held) else None,
        )
        if isinstance(self.arrays, Held):  # a view of what is held anyway
            self._answers[name] = answer
        return answer

    @staticmethod
    def load(path: Any) -> Result:
        """Return a result that was kept in a folder, checked."""
        found: Result = ask("load", path)
        return found

    def to_pandas(self, by: str = "month") -> pd.DataFrame:
        """Return the outcomes as a table, a row an outcome and what it is told by.

        Parameters
        ----------
        by : "month", "period" or "member"
        """
        return ask("table", self, by)

    @property
    def draws(self) -> pd.DataFrame:
        """What was drawn for each member: a row a member, a column a parameter or setting."""
        return ask("draws", self)

    def plot(self, name: str = "", *, beside: Result | None = None) -> Any:
        """Return a picture of an outcome by month, alone or beside another result (a notebook shows it)."""
        return ask("plot", self, name, beside)

    def _repr_html_(self) -> str:
        return str(ask("html", self))

    def binding(self, **more: Any) -> Any:
        """Return what stops the scenario, and what stops it next (see `docketflow.binding`)."""
        return ask("binding", self, **more)

    def feasible(self, goal: str, **more: Any) -> Any:
        """Return what it would take to reach a goal (see `docketflow.feasible`)."""
        return ask("feasible", self, goal, **more)

    def why(self, other: Any, **more: Any) -> Any:
        """Return why the answer differs from another result or scenario (see `docketflow.why`)."""
        return ask("why", self, other, **more)

    def since(self, older: Result, **more: Any) -> Any:
        """Return what has changed since an older version of the answer (see `docs/why.md`)."""
        return ask("since", self, older, **more)

    def sensitivity(self, **more: Any) -> Any:
        """Return what the answers depend on, and on whose word (see `docketflow.sensitivity`)."""
        return ask("sensitivity", self, **more)

    def cost(self, **more: Any) -> Any:
        """Return what the run costs, by account, step and fiscal year; ``more=True``: one more removal."""
        return ask("cost", self, **more)

    def due_process(self, **more: Any) -> Any:
        """Return what the run says of hearings and people; ``orders=True``: with and without each order."""
        return ask("due_process", self, **more)

    def mechanisms(self) -> Any:
        """Return what each mechanism of the scenario is worth, as it was measured (see `docs/worth.md`)."""
        return ask("mechanisms", self)

    def levels(self) -> Any:
        """Return what other numbers of people would change, as it was measured (see `docs/population.md`)."""
        return ask("levels", self)

    def small(self) -> Any:
        """Return the caps of the scenario that are too small at this scale to tell anything of."""
        return ask("small", self)

    def beside(self, baseline: str, base: Result | None = None) -> Any:
        """Return the answer beside that of a baseline (a shipped scenario), which is run if not given."""
        return ask("beside", self, baseline, base)

    def keeping(self, **answers: Any) -> Result:
        """Return the result with answers to be kept and reported with it (or what they said), by question."""
        said = {
            name: answer if isinstance(answer, dict) else tidy(answer.to_json())
            for name, answer in answers.items()
        }
        kept = replace(self, asked={**self.asked, **said})
        worked_out = vars(self).keys() - {one.name for one in fields(self)}  # of the same numbers
        vars(kept).update({name: vars(self)[name] for name in worked_out})
        return kept

    def to_xarray(self) -> xr.Dataset:
        """Return everything as one labelled data set, for whoever computes further with it."""
        about = {key: value for key, value in self.manifest.items() if isinstance(value, (str, int, float))}
        return to_xarray(self.arrays, self.axes, self.members, about)

    @property
    def target(self) -> tuple[float, str] | None:
        """The target and the series it is counted in, if the scenario names one."""
        target = self.manifest.get("target")
        return None if target is None else (float(target["removals"]), str(target["series"]))

    def monte_carlo(self, name: str) -> float:
        """Return the Monte Carlo error of an outcome's value over half the width of its band."""
        whole = self[name].whole
        half = (whole.high - whole.low) / 2
        return whole.error / half if half > 0 else 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the whole answer as plain data, as `docketflow run --json` prints it."""
        return {
            **about(self),
            "manifest": dict(self.manifest),
            "outcomes": {name: _plain(answer, self.days) for name, answer in self.outcomes.items()},
        }

    def __repr__(self) -> str:
        lines = [
            f"<Result {self.scenario}: {self.start} to {self.end}, {self.members} members at {self.scale}"
        ]
        for name in ("removals.ice", "arrests.ice", "detained.average", "cost.total"):
            if name in self:
                lines.append(f"  {name} {self[name].whole!r} {self[name].unit}")
        if self.target and "target.probability" in self:
            goal, series = self.target
            chance = self["target.probability"].whole.value
            lines.append(f"  probability that {series} reaches {goal:,.0f}: {chance:.0%}")
        return "\n".join(lines) + ">"


def about(result: Result) -> dict[str, Any]:
    """Return what a result is, so that whatever leaves the house says by itself what it is of."""
    made = {key: str(result.manifest.get(key, "")) for key in ("docketflow", "settings", "code", "evidence")}
    said = (
        *(result.scenario, made["settings"][:HASH], result.start.isoformat(), result.end.isoformat()),
        *(LEVEL, result.members, result.scale, result.seed, made["docketflow"]),
        f"docketflow, code {made['code'][:HASH]}, evidence {made['evidence'][:HASH]}",
        LICENCE,
    )
    own = result.manifest.get("private")
    return dict(zip(ABOUT, said, strict=True)) | ({"private": own["says"]} if own else {})


def _plain(answer: Answer, days: Sequence[int]) -> dict[str, Any]:
    return {
        "unit": answer.unit,
        "definition": answer.definition,
        "days": sum(days),
        **_triple(answer.whole),
        "by_month": [
            {"month": month, "days": length, **_triple(summary)}
            for length, (month, summary) in zip(days, answer.monthly(), strict=False)
        ],
    }


def _triple(summary: Summary) -> dict[str, float | None]:
    found = summary.rounded()
    values = {"value": found.value, "low": found.low, "high": found.high}
    return {key: value if np.isfinite(value) else None for key, value in values.items()}
