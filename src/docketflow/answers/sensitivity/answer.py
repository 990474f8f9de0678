"""The answer of a sensitivity study: what each headline depends on, how sure that is, and on whose word.

Plain data and what it says in sentences; `study` makes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docketflow.answers.paired import Worth
from docketflow.answers.sensitivity.indices import Index, Share
from docketflow.answers.sensitivity.inputs import KINDS
from docketflow.answers.sensitivity.screening import Effect
from docketflow.answers.sensitivity.sources import MOST, Rest
from docketflow.answers.sensitivity.structure import Turned
from docketflow.core.labels import label

PARTS = (*KINDS, "chance", "not told apart", "structure")
APART = (
    "Every input moves over its own range here, apart from the others; a run draws what was fitted together, "
    "from the posterior, which is narrower."
)
GOOD = 0.8  # of the variance, foretold unseen


@dataclass(frozen=True)
class Swing:
    """Where an outcome ends with one input at the 5th and at the 95th percentile, the rest central."""

    name: str
    assumed: bool
    sources: tuple[str, ...]
    low: float
    high: float
    change: Worth


@dataclass(frozen=True)
class Told:
    """What one outcome depends on.

    Attributes
    ----------
    mean, sd : of the members, all inputs drawn at once
    screened : every group of inputs by its elementary effect
    explained, error : of the emulator: the share of members' variance it foretells unseen, and its error
    indices : Sobol indices of the groups that were kept
    shapley : Shapley effects of the inputs that count most, dependence among shares of one fork included
    split : where the spread comes from; the parts add up to one
    assumed : the share of the spread that rests on assumed numbers, and what of it could be attributed
    swings : the tornado
    rests : the sources the outcome rests on most
    """

    outcome: str
    unit: str
    mean: float
    sd: float
    screened: Sequence[Effect]
    explained: float
    error: float
    indices: Sequence[Index]
    shapley: Mapping[str, float]
    split: Mapping[str, Share]
    assumed: Share
    swings: Sequence[Swing]
    rests: Sequence[Rest]

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "outcome": self.outcome,
            "unit": self.unit,
            "outcomes": [self.outcome],
            "mean": self.mean,
            "standard_deviation": self.sd,
            "emulator": {"foretells_of_the_variance": self.explained, "error": self.error},
            "spread": {part: share.to_json() for part, share in self.split.items()},
            "rests_on_assumed_numbers": self.assumed.to_json(),
            "indices": [
                {"group": one.group, "first": one.first.to_json(), "total": one.total.to_json()}
                for one in self.indices
            ],
            "shapley_effects": {"unit": "share", **self.shapley},
            "swings": [
                {
                    "input": one.name,
                    "assumed": one.assumed,
                    "sources": list(one.sources),
                    "parameters": [] if one.name.startswith("setting ") else [one.name],
                    "at_5th_percentile": one.low,
                    "at_95th_percentile": one.high,
                    "change": one.change.to_json(),
                }
                for one in self.swings
            ],
            "sources": [
                {
                    "source": one.source,
                    "title": one.title,
                    "numbers": list(one.numbers),
                    "change_if_a_tenth_larger": one.change.to_json(),
                    "relative": {"value": one.share, "unit": "share"},
                }
                for one in self.rests
            ],
            "screened": [
                {"group": one.group, "effect": one.size, "error": one.error} for one in self.screened
            ],
        }


@dataclass(frozen=True)
class Sensitivity:
    """A sensitivity study of one scenario.

    Attributes
    ----------
    about : scenario, period, scale, seed, version
    told : one answer an outcome
    forms : the structural switches, with what each changes of each outcome
    forks : groups of shares of one fork, moved as log ratios
    inputs, runs : how many there were
    """

    about: Mapping[str, Any]
    told: Sequence[Told]
    forms: Sequence[Turned]
    forks: Mapping[str, tuple[str, ...]]
    inputs: int
    runs: Mapping[str, int]

    def __getitem__(self, outcome: str) -> Told:
        """Return the answer for one outcome."""
        return next(one for one in self.told if one.outcome == outcome)

    def to_json(self) -> dict[str, Any]:
        """Return the whole answer as plain data."""
        return {
            **self.about,
            "interval": "90%",
            "inputs": self.inputs,
            "runs": dict(self.runs),
            "says": sentences(self),
            "outcomes": [one.to_json() for one in self.told],
            "structure": [
                {
                    "switch": one.switch.name,
                    "weight": one.switch.weight,
                    "why": one.switch.why,
                    "applies": one.changes is not None,
                    "changes": {}
                    if one.changes is None
                    else {told.outcome: {**change.to_json(), "unit": told.unit}
                          for told, change in zip(self.told, one.changes, strict=True)},
                }
                for one in self.forms
            ],
            "forks": {name: list(paths) for name, paths in self.forks.items()},
        }  # fmt: skip

    def __repr__(self) -> str:
        return "\n".join([f"<Sensitivity {self.about['scenario']}", *sentences(self)]) + ">"


def sentences(found: Sensitivity) -> list[str]:
    """Return what the study says, one outcome after another, and what it cannot say."""
    said = [APART, *(line for told in found.told for line in _of(told))]
    none = [one.switch.name for one in found.forms if one.changes is None]
    if none:
        said.append(f"Forms that change nothing in the lifecycle that stands: {', '.join(none)}.")
    return said


def _of(told: Told) -> list[str]:
    name = label(told.outcome)
    if not told.indices:
        return [f"{name}: nothing that is uncertain moves it."]
    first, *others = told.indices
    tied = [one.group for one in others if one.total.high >= first.total.low]
    more = f"; not told apart from it: {', '.join(tied)}" if tied else ""
    there = {part: share for part, share in told.split.items() if share.value or part not in KINDS}
    parts = ", ".join(f"{part} {share.value:.0%}" for part, share in there.items())
    lines = [
        f"{name}: what moves it most is {first.group}, {percent(first.total)} of the spread{more}.",
        f"{name}: the spread comes from {parts}.",
        f"{name}: {percent(told.assumed)} of the spread between members rests on assumed numbers.",
    ]
    if told.rests:
        named = "; ".join(f"{one.title} ({one.share:+.1%})" for one in told.rests[:MOST])
        lines.append(f"{name} rests most on (change if all read from it is a tenth larger): {named}.")
    if told.explained < GOOD:
        lines.append(
            f"{name}: the stand-in for the model foretells only {told.explained:.0%} of the spread, "
            "so shares below that are not sure; more --members would sharpen it."
        )
    return lines


def percent(share: Share) -> str:
    """Return a share with its interval: 35% (30% to 41%)."""
    return f"{share.value:.0%} ({share.low:.0%} to {share.high:.0%})"
