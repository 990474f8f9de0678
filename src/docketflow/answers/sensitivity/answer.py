"""The answer of a sensitivity study: what each headline depends on, how sure that is, and on whose word.

Plain data; `study` makes it, `words` says it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docketflow.answers.paired import Worth
from docketflow.answers.sensitivity.indices import Index, Share
from docketflow.answers.sensitivity.screening import Effect
from docketflow.answers.sensitivity.sources import Rest
from docketflow.answers.sensitivity.structure import Turned

PARTS = ("parameters", "settings", "chance", "not told apart", "structure")


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
            "mean": self.mean,
            "standard_deviation": self.sd,
            "emulator": {"foretells_of_the_variance": self.explained, "error": self.error},
            "spread": {part: share.to_json() for part, share in self.split.items()},
            "rests_on_assumed_numbers": self.assumed.to_json(),
            "indices": [
                {"group": one.group, "first": one.first.to_json(), "total": one.total.to_json()}
                for one in self.indices
            ],
            "shapley_effects": dict(self.shapley),
            "swings": [
                {
                    "input": one.name,
                    "assumed": one.assumed,
                    "sources": list(one.sources),
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
                    "relative": one.share,
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
        from docketflow.answers.sensitivity.words import sentences

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
                    else {told.outcome: change.to_json()
                          for told, change in zip(self.told, one.changes, strict=True)},
                }
                for one in self.forms
            ],
            "forks": {name: list(paths) for name, paths in self.forks.items()},
        }  # fmt: skip

    def __repr__(self) -> str:
        from docketflow.answers.sensitivity.words import sentences

        return "\n".join([f"<Sensitivity {self.about['scenario']}", *sentences(self)]) + ">"
