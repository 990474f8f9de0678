"""Since last time: two kept results of two versions of one scenario, and what lies between them.

The difference is split into evidence, model, scenario and chance. Of the older version only its result is
left, so what can be lived again is lived on the present model: its settings, and every number that was drawn
for its members. What is left over is the model, with whatever a result does not keep; sentences say which.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from docketflow.answers.binding_words import listed
from docketflow.answers.binding_words import said as in_words
from docketflow.answers.paired import Worth, level, worth
from docketflow.answers.why.mixed import with_sums
from docketflow.answers.why.rebuilt import scenario_of
from docketflow.answers.why.shapley import share_out
from docketflow.conductor.model import evidence
from docketflow.conductor.simulator import Simulator
from docketflow.core.errors import UsageError, unknown
from docketflow.core.labels import in_a_sentence
from docketflow.core.quantity import Dated, Table
from docketflow.policy import Scenario
from docketflow.results import Result
from docketflow.results.result import about

OUTCOME = "removals.ice"
EVIDENCE, MODEL, SCENARIO, CHANCE = PARTS = ("evidence", "model", "scenario", "chance")
DERIVED = "target."  # what is worked out over members has no member's number
MOST_NAMED = 5
SEEDS = (
    "The seeds differ, and the newer result was not drawn from the present evidence: chance is luck alone, "
    "and that other numbers were drawn counts as evidence."
)
ELSEWHERE = (
    "Code, evidence, settings and seed are the same, and the numbers are not: libraries or machine differ."
)
FIXED = (
    "The code is the same, so what is left over is evidence too: values without a range, the starting stock."
)
BOTH = (
    "Model means code, and what a result does not keep: evidence values without a range. The two cannot be "
    "told apart from kept results."
)


@dataclass(frozen=True, eq=False)
class Since:
    """What lies between two versions of an answer.

    Attributes
    ----------
    outcome : what is counted
    new, old : both results
    parts : part to its differences [member]; over parts they add up to new less old
    says : what each part rests on, and what cannot be told apart
    """

    outcome: str
    new: Result
    old: Result
    parts: Mapping[str, np.ndarray]
    says: tuple[str, ...]

    def part(self, name: str) -> Worth:
        """Return a part with its interval."""
        return worth(self.parts[name])

    @property
    def gap(self) -> Worth:
        """The whole difference."""
        return worth(np.sum(list(self.parts.values()), axis=0))

    def sentences(self) -> list[str]:
        """Return the answer in sentences."""
        found = [f"{name} {in_words(self.part(name))}" for name in PARTS if self.parts[name].any()]
        nothing = [name for name in PARTS if not self.parts[name].any()]
        split = f"Of that {'; '.join(found)}." if found else "Not a number differs."
        still = [f"Nothing from {listed(nothing)}."] if nothing and found else []
        first = f"Since last time: {in_words(self.gap)} {in_a_sentence(self.outcome)}, member by member."
        return [first, split, *still, *self.says]

    def to_json(self) -> dict[str, Any]:
        """Return the answer as plain data."""
        return {
            "outcome": self.outcome,
            "unit": self.new[self.outcome].unit,
            "new": about(self.new) | level(self.new[self.outcome].values).to_json(),
            "old": about(self.old) | level(self.old[self.outcome].values).to_json(),
            "interval": "90% interval of the mean of paired runs",
            "difference": self.gap.to_json(),
            "parts": {name: self.part(name).to_json() for name in PARTS},
            "says": self.sentences(),
        }

    def __repr__(self) -> str:
        return "\n".join([f"<Since {self.old.scenario}, {self.outcome}", *self.sentences()]) + ">"


def since(new: Result, old: Result, *, outcome: str = OUTCOME) -> Since:
    """Split the difference of two kept results of one scenario into evidence, model, scenario and chance.

    Parameters
    ----------
    new, old : Result
        Of the same days, members and scale; their settings, seeds, evidence and code may differ.
    outcome : str
    """
    if not isinstance(old, Result):
        raise UsageError(f"since: needs an older result, got {old!r:.40}")
    for what in ("members", "scale", "start", "end"):
        if getattr(new, what) != getattr(old, what):
            raise UsageError(
                f"compare: {what} {getattr(new, what)} and {getattr(old, what)}: the split needs the same "
                "members, scale and days"
            )
    for result in (new, old):
        if outcome.startswith(DERIVED) or outcome not in result:
            known = [name for name in result.names if not name.startswith(DERIVED)]
            raise UsageError(unknown("outcome", outcome, known, f"result of {result.scenario}"))
    return _Split(new, old, outcome).since()


class _Split:
    """Two results, and what of them can be lived again."""

    def __init__(self, new: Result, old: Result, outcome: str) -> None:
        self.new, self.old, self.outcome = new, old, outcome
        self.says: list[str] = []
        self.differs = {
            what: new.manifest.get(what) != old.manifest.get(what)
            for what in ("code", "evidence", "settings", "seed", "people")
        }
        self.newer = scenario_of(new)
        self.older = self._older()
        self._lock = threading.Lock()
        self._simulators: dict[tuple[bool, int], Simulator] = {}
        self.drawn = {id(one): _Drawn(one) for one in (new, old)}

    def _older(self) -> Scenario:
        try:
            return scenario_of(self.old)
        except UsageError as error:
            self.says.append(f"The older settings cannot be lived again and count as model: {error}.")
            return self.newer

    def simulator(self, newer: bool, seed: int) -> Simulator:
        """Return what lives a member of either scenario with a seed."""
        with self._lock:
            if (newer, seed) not in self._simulators:
                scenario = self.newer if newer else self.older
                self._simulators[newer, seed] = Simulator(scenario, scale=self.new.scale, seed=seed)
            return self._simulators[newer, seed]

    def live(self, newer: bool, seed: int, like: Result | None, member: int) -> float:
        """Live a member now; ``like`` gives the numbers that were drawn for it, else they are drawn now."""
        simulator = self.simulator(newer, seed)
        values = {} if like is None else self.drawn[id(like)].now(member, simulator)
        return with_sums(simulator.member(member, values=values))[self.outcome]

    def since(self) -> Since:
        """Return the split."""
        new, old = self.new[self.outcome].values, self.old[self.outcome].values
        many = range(self.new.members)
        chance = np.zeros(len(new))
        like: Result | None = self.new
        if self.differs["seed"]:
            if self.drawn[id(self.new)].is_as(self.simulator(True, self.new.seed)):
                like = None  # drawn from the present evidence: so they can be drawn for the other seed too
            else:
                self.says.append(SEEDS)
            seeds = (self.new.seed, self.old.seed)
            here, there = (np.array([self.live(True, seed, like, m) for m in many]) for seed in seeds)
            chance = here - there

        def evaluate(on: frozenset[str], member: int) -> float:
            drawn = like if EVIDENCE in on else self.old
            return self.live(SCENARIO in on, self.old.seed, drawn, member)

        split = share_out(evaluate, [EVIDENCE, SCENARIO], self.new.members)
        evidence, scenario = split.parts[:, :, 0]
        rest = (new - old) - chance - evidence - scenario
        self._say_rest(rest)
        whole = {EVIDENCE: evidence, MODEL: np.zeros(len(new)), SCENARIO: scenario, CHANCE: chance}
        alone = EVIDENCE if self.differs["evidence"] and not self.differs["code"] else MODEL
        whole[alone] = whole[alone] + rest
        return Since(
            self.outcome, self.new, self.old, {name: whole[name] for name in PARTS}, tuple(self.says)
        )

    def _say_rest(self, rest: np.ndarray) -> None:
        """Say what is left over where all that a result keeps has been lived again."""
        strange = sorted(self.drawn[id(self.old)].strange | self.drawn[id(self.new)].strange)
        if strange:
            more = f" and {len(strange) - MOST_NAMED} more" if len(strange) > MOST_NAMED else ""
            self.says.append(
                f"Drawn numbers that the present model does not have in that form, and takes its own for: "
                f"{', '.join(strange[:MOST_NAMED])}{more}."
            )
        if not rest.any():
            return
        if not self.differs["code"] and not self.differs["evidence"]:
            self.says.append(ELSEWHERE)
        elif not self.differs["code"]:
            self.says.append(FIXED)
        elif self.differs["evidence"]:
            self.says.append(BOTH)
        if self.differs["people"] and self.differs["code"]:
            self.says.append(
                "The starting stock differs too; a result does not keep it, so it counts as model."
            )


class _Drawn:
    """The numbers that were drawn for the members of a kept result, by parameter."""

    def __init__(self, result: Result) -> None:
        self.strange: set[str] = set()
        labels = result.labels("parameter")
        kept = np.asarray(result.arrays["design"]) if labels else np.empty((0, result.members))
        self.cells = dict(zip(labels, kept, strict=True))
        self.members = result.members

    def now(self, member: int, simulator: Simulator) -> dict[str, Dated]:
        """Return what was drawn for a member and is not drawn for it by a simulator."""
        paths = simulator.room.jointly.paths if simulator.room.jointly is not None else ()
        design = simulator.design(member) if paths else {}
        together = {key: number for key, number in design.items() if _path(key) in paths}
        return self.values(member, simulator.drawn(member), together)

    def values(
        self, member: int, now: Mapping[str, Dated], together: Mapping[str, float] | None = None
    ) -> dict[str, Dated]:
        """Return what was drawn for a member and is not drawn now; what has another form is left.

        ``together`` is what is drawn from a posterior now, of whose course a result keeps one day.
        """
        found = {}
        for path, dated in now.items():
            cells = [where for where, _ in dated.cells()]
            names = [path, formerly] if (formerly := _formerly(path)) else [path]
            keys, known = max((self._known(name, cells) for name in names), key=lambda both: sum(both[1]))
            if not any(known):
                continue
            if not all(known):
                kept_of = {key: float(at[member]) for key, at in self.cells.items() if _path(key) in names}
                if not kept_of.items() <= (together or {}).items():
                    self.strange.add(path)
                continue
            kept = [float(self.cells[key][member]) for key in keys]
            if kept != [number for _, number in dated.cells()]:
                found[path] = _filled(dated, kept)
        return found

    def _known(self, path: str, cells: Iterable[str]) -> tuple[list[str], list[bool]]:
        """Return what the cells of a parameter are called, and which of them were drawn."""
        keys = [path + where for where in cells]
        return keys, [key in self.cells for key in keys]

    def is_as(self, simulator: Simulator) -> bool:
        """Return whether every member was drawn as it is drawn now."""
        return not any(self.now(member, simulator) for member in range(self.members))


def _path(key: str) -> str:
    """Return the parameter of which a drawn number is."""
    return key.partition("[")[0].partition("@")[0]


def _formerly(path: str) -> str:
    """Return what a parameter was called when older results were kept; empty if it always had its name."""
    found = evidence().parameters.get(path)
    return found.formerly if found is not None else ""


def _filled(like: Dated, numbers: Iterable[float]) -> Dated:
    """Return a dated value of the same form with other numbers, in the order of its cells."""
    left = iter(numbers)
    return Dated(
        like.starts,
        tuple(
            Table(
                value.axes, np.array([next(left) for _ in range(value.data.size)]).reshape(value.data.shape)
            )
            if isinstance(value, Table)
            else next(left)
            for value in like.values
        ),
    )
