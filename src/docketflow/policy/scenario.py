"""A scenario: a name, a horizon, and layers of settings, checked together and applied to parameter values.

It knows levers and dates; it holds no parameter and runs nothing.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from docketflow.core import given
from docketflow.core.errors import ScenarioError
from docketflow.core.files import check_name
from docketflow.core.quantity import Dated
from docketflow.policy import compose as composing
from docketflow.policy.cases import PREFIX, State, turned
from docketflow.policy.setting import ONCE, PEOPLE, TARGET, Quantiles, Setting
from docketflow.policy.typed import read_case, read_typed

Layer = tuple[Setting, ...]
LONGEST = 7305  # days simulated at most: twenty years, far beyond what the parameters are dated for
SHOWN = 3  # changes a title names


@dataclass(frozen=True)
class Target:
    """How many, of which series: nobody ever defined it, so it is a lever."""

    removals: float
    series: str


@dataclass(frozen=True)
class Scenario:
    """What someone plans to change, and when.

    Parameters
    ----------
    name, title, summary
        What it is called, in a word, a line and a paragraph.
    first
        First simulated day: the run-in before the answer starts here.
    start, end
        The answer's period, both days included.
    layers
        Settings, the scenario extended first. Inside a layer their order does not matter.
    where
        The file it was read from, for errors.
    baseline
        The shipped scenario shown beside it, run on the same members; none if empty.
    """

    name: str
    title: str
    summary: str
    first: dt.date
    start: dt.date
    end: dt.date
    layers: tuple[Layer, ...] = ()
    where: str = ""
    baseline: str = ""

    def __post_init__(self) -> None:
        check_name(self.name, where=self.where, error=ScenarioError)
        if not self.first <= self.start <= self.end:
            raise ScenarioError(
                f"{self.where or self.name}: dates must come in the order first, start, end; "
                f"got {self.first}, {self.start}, {self.end}"
            )
        if (self.end - self.first).days > LONGEST:
            raise ScenarioError(
                f"{self.where or self.name}: {self.first} to {self.end} is longer than {LONGEST} days"
            )
        if self.layers:
            for setting in self.layers[-1]:
                self._inside(setting)
            composing.conflicts(self.layers[-1])

    @property
    def settings(self) -> tuple[Setting, ...]:
        """Every setting, the earliest layer first."""
        return tuple(setting for layer in self.layers for setting in layer)

    @functools.cached_property
    def hash(self) -> str:
        """Hash of what it says: days, levers, values, layers; nothing of its names, reasons or place.

        Two scenarios of one hash are one scenario, whatever they are called; so anything that is known of a
        scenario is looked up by this.
        """
        layers = [sorted(json.dumps(s.said(), sort_keys=True) for s in layer) for layer in self.layers]
        said = [str(self.first), str(self.start), str(self.end), [layer for layer in layers if layer]]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is allowed but perhaps not meant: an early beginning, a guess without a range."""
        early = tuple(
            f"{one.where}: from {one.start} is in the run-in; the answer begins on {self.start}"
            for one in self.settings
            if one.start is not None and self.first < one.start < self.start
        )
        bare = self.unranged
        if not bare:
            return early
        more = f" and {len(bare) - 1} more" if len(bare) > 1 else ""
        return (*early, f"{bare[0]}{more}: assumed without a range, so the band takes it as known")

    @property
    def target(self) -> Target | None:
        """The target, or None when the scenario names none."""
        last = {s.lever: s.value for s in self.settings if s.lever.startswith(TARGET)}
        removals, series = last.get("target.removals"), last.get("target.series")
        if removals is None:
            return None
        return Target(float(removals), str(series or "removals.ice"))  # type: ignore[arg-type]

    @property
    def people(self) -> int | None:
        """How many people live here without permanent status on the first day, if it says so."""
        said = [one.value for one in self.settings if one.lever == PEOPLE]
        return round(float(said[-1])) if said else None  # type: ignore[arg-type]

    @functools.cached_property
    def drawn(self) -> Mapping[str, tuple[Setting, ...]]:
        """What is drawn for settings, and for which: a lever for their ranges, three numbers for a spell."""
        found: dict[str, list[Setting]] = {}
        for setting in self.settings:
            for key in (setting.range.lever,) if setting.range is not None else ():
                found.setdefault(key, []).append(setting)
        for setting in self.settings:
            for key in setting.spell.keys if setting.spell is not None else ():
                found.setdefault(key, []).append(setting)
        return {key: tuple(settings) for key, settings in found.items()}

    @property
    def unranged(self) -> tuple[str, ...]:
        """Where a number is assumed with neither a range nor a reason why it has none."""
        return tuple(
            one.where
            for one in self.settings
            if one.assumed and one.range is None and not one.no_range and not one.lever.startswith(ONCE)
        )

    def _with(self, layers: tuple[Layer, ...]) -> Scenario:
        """Return the same scenario with layers that need no check."""
        plain = dataclasses.replace(self, layers=())
        object.__setattr__(plain, "layers", layers)
        return plain

    def compose(self, values: Mapping[str, Dated], quantiles: Quantiles | None = None) -> dict[str, Dated]:
        """Return parameter values with every lever applied; draws that pass a bound are held at it.

        Parameters
        ----------
        values
            Of one run, or of several side by side (`docketflow.core.runs`).
        quantiles
            Where each of `drawn` is drawn: a number, or an array with one for each run. Without them
            every setting is what it says.
        """
        composed = dict(values)
        for layer in self.layers:
            composed |= composing.apply(composed, layer, quantiles)
        return composed

    def check(self, values: Mapping[str, Dated]) -> None:
        """Raise if, at the central values, a lever acts on no parameter or leaves its bounds."""
        composed = dict(values)
        for layer in self.layers:
            composing.check(composed, layer)
            composed |= composing.apply(composed, layer)

    def touching(self, path: str) -> tuple[Setting, ...]:
        """Return the settings that act on one parameter, in the order in which they act."""
        chosen = [(n, s) for n, layer in enumerate(self.layers) for s in layer if s.lever == path]
        return tuple(s for _, s in sorted(chosen, key=lambda pair: (pair[0], *composing.order(pair[1]))))

    def rows(self) -> list[dict[str, object]]:
        """Return every setting as a plain row of the table of levers."""
        return [setting.row() for setting in self.settings]

    def between(
        self,
        first: dt.date | None = None,
        start: dt.date | None = None,
        end: dt.date | None = None,
    ) -> Scenario:
        """Return the same scenario over another horizon."""
        first = given.day(first, "first") or self.first
        start, end = given.day(start, "start") or self.start, given.day(end, "end") or self.end
        if not first <= start <= end:
            raise ScenarioError(
                f"{self.name} cannot answer for {start} to {end}: a period ends no sooner than it begins, "
                f"and begins no sooner than what is simulated, {first}"
            )
        bare = dataclasses.replace(self, layers=(), first=first, start=start, end=end)
        return bare._with(self.layers)  # settings outside a shorter horizon just never act

    def with_orders(self, states: Mapping[str, State]) -> Scenario:
        """Return the scenario with orders of courts as they are named, case by case (`policy/cases.py`)."""
        return self._with(turned(self.layers, states, self.first, self.end)) if states else self

    @property
    def orders(self) -> tuple[str, ...]:
        """The cases whose orders it has, on record or foreseen."""
        return tuple(dict.fromkeys(setting.case for setting in self.settings if setting.case))

    def with_sets(self, sets: Iterable[str]) -> Scenario:
        """Return the scenario with one more layer, written as on the command line.

        Parameters
        ----------
        sets
            ``PATH=VALUE@DATE`` each (see `policy/typed.py`): a number sets, ``+N`` and ``-N`` add, ``*N``
            scales; without a date it acts from the first day of the answer's period. ``litigation.CASE=off``
            takes an order of a court out, in whichever layer it stands.
        """
        texts = list(given.texts(sets, "sets"))
        if not texts:
            return self
        ours = [text for text in texts if text.strip().startswith(PREFIX)]
        states = {case: state for text in ours for case, state in read_case(text).items()}
        layer = tuple(read_typed(text, self.start) for text in texts if text not in ours)
        more = [f"and {len(texts) - SHOWN} more"] if len(texts) > SHOWN else []
        title = f"{self.title} (changed: {', '.join([*texts[:SHOWN], *more])})"
        changed = self.with_orders(states)
        return dataclasses.replace(changed, title=title, layers=(*changed.layers, layer))

    def _inside(self, setting: Setting) -> None:
        if setting.start is None:
            return
        horizon = f"{self.first} to {self.end}"
        if not self.first <= setting.start <= self.end:
            raise ScenarioError(f"{setting.where}: from {setting.start} is outside the horizon {horizon}")
        if setting.begins > self.end.toordinal():
            raise ScenarioError(
                f"{setting.where}: with its lag of {setting.lag} days it first acts on "
                f"{composing.day(setting.begins)}, after the horizon {horizon}"
            )
        if setting.end is not None and setting.end > self.end:
            raise ScenarioError(f"{setting.where}: to {setting.end} is outside the horizon {horizon}")
