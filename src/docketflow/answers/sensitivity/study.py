"""The study: screen all inputs, emulate what is left, share out the spread, turn switches, move sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from docketflow.answers.paired import worth
from docketflow.answers.sensitivity.answer import PARTS, Sensitivity, Swing, Told
from docketflow.answers.sensitivity.emulator import FOLDS, Emulator, emulate
from docketflow.answers.sensitivity.extra import needed
from docketflow.answers.sensitivity.indices import EDGE, Share, sobol
from docketflow.answers.sensitivity.inputs import KINDS, Inputs
from docketflow.answers.sensitivity.lives import Lives
from docketflow.answers.sensitivity.lives import Told as Telling
from docketflow.answers.sensitivity.screening import Effect, screen
from docketflow.answers.sensitivity.shapley import MOST, closed, effects
from docketflow.answers.sensitivity.sources import rests
from docketflow.answers.sensitivity.structure import turn
from docketflow.answers.why.rebuilt import scenario_of
from docketflow.conductor.model import checked, evidence, parameters_read, quantiles
from docketflow.conductor.provenance import made_by
from docketflow.conductor.simulator import SCALE, Simulator
from docketflow.core import given
from docketflow.core.errors import UsageError, unknown
from docketflow.core.shapes import HIGH, LOW
from docketflow.policy import Scenario, load_scenario
from docketflow.results import Result
from docketflow.results.result import LICENCE
from docketflow.results.summary import LEVEL, NORMAL_95

OUTCOMES = (
    "removals.ice",
    "detained.average",
    "courts.total_completions",
    "removals.without_hearing",
    "cost.total",
)
PATHS, MEMBERS, LUCKS = 6, 256, 4
LEAST_MEMBERS = 64
KEPT = 14  # groups of inputs the emulator is given
SHOWN = 10  # sources
POINTS = 4096  # of the emulator


def sensitivity(
    scenario: str | Path | Scenario,
    *,
    outcomes: Iterable[str] = OUTCOMES,
    paths: int = PATHS,
    members: int = MEMBERS,
    lucks: int = LUCKS,
    scale: Fraction | str = SCALE,
    seed: int = 1,
    sets: Iterable[str] = (),
    told: Telling | None = None,
) -> Sensitivity:
    """Say what the answers of a scenario depend on, and on whose word they rest.

    Every input moves over its own range, apart from the others, as shares of a spread need it; what a run
    draws together from the posterior too.

    Parameters
    ----------
    scenario : str, Path or Scenario
    outcomes : iterable of str
    paths : int
        Morris paths through all groups of inputs.
    members : int
        Members that train the emulator, all inputs drawn at once.
    lucks : int
        Lucks of each paired run: of swings, sources and structural switches.
    scale, seed, sets : as of `docketflow.run`
    told : callable, optional
        Called with what is run next, and how many runs that is.
    """
    for module in ("SALib.sample", "sklearn.gaussian_process"):
        needed(module)
    given.whole(paths, "--paths", 2, given.MOST_MEMBERS)
    given.whole(members, "--members", LEAST_MEMBERS, given.MOST_MEMBERS)
    given.whole(lucks, "--lucks", 2, given.MOST_MEMBERS)
    found = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    simulator = Simulator(checked(found.with_sets(sets)), scale=scale, seed=seed, room=evidence())
    names = tuple(dict.fromkeys(given.texts(outcomes, "outcomes"))) or OUTCOMES
    known = _outcomes()
    for name in names:
        if name not in known:
            raise UsageError(unknown("outcome", name, known, "--outcome"))
    reads = parameters_read()
    inputs, lives = Inputs(simulator, reads), Lives(simulator, names, told)
    screened = screen(inputs, lives, paths, seed)
    at, lived, again = lives.design(inputs, members)
    kept = [_kept(inputs, effects) for effects in screened]
    swings = _swings(inputs, lives, [places for groups in kept for places in groups.values()], lucks)
    forms = turn(lives, lucks * 2)
    sources = rests(lives, reads, lucks)
    answers = []
    for k, name in enumerate(names):
        extra = sum(one.variance(k) for one in forms)
        answers.append(
            _told(
                name, known[name], inputs, screened[k], kept[k], (at, lived[:, k], again[:, k]), extra, seed
            )
            | {"swings": swings[k], "rests": sources[k][:SHOWN]}
        )
    about = _about(simulator)
    counts = {"paths": paths, "members": members, "lucks": lucks, "all": lives.runs}
    return Sensitivity(about, [Told(**one) for one in answers], forms, inputs.forks, len(inputs.list), counts)


def of_result(result: Result, **more: Any) -> Sensitivity:
    """Ask of the scenario of a result, with its scale and seed (see `sensitivity`)."""
    return sensitivity(scenario_of(result), **{"scale": result.scale, "seed": result.seed, **more})


def _outcomes() -> dict[str, str]:
    from docketflow.conductor.model import outcomes_answered
    from docketflow.core.outcomes import outcomes

    units = {name: one.unit for name, one in outcomes().items()}
    return {name: units.get(name, "") for name in outcomes_answered() if not name.startswith("target.")}


def _about(simulator: Simulator) -> dict[str, Any]:
    scenario = simulator.scenario
    return {
        "scenario": scenario.name,
        "settings": scenario.hash,
        "from": str(scenario.start),
        "to": str(scenario.end),
        "band": LEVEL,
        "scale": str(simulator.scale),
        "seed": simulator.seed,
        "version": made_by()["docketflow"],
        "licence": LICENCE,
    }


def _kept(inputs: Inputs, screened: Sequence[Effect]) -> dict[str, list[int]]:
    """Return the groups with the largest effects, and where their inputs stand."""
    return {effect.group: inputs.groups[effect.group] for effect in screened[:KEPT] if effect.size > 0}


def _told(
    name: str,
    unit: str,
    inputs: Inputs,
    screened: Sequence[Effect],
    kept: dict[str, list[int]],
    lived: tuple[np.ndarray, np.ndarray, np.ndarray],
    extra: float,
    seed: int,
) -> dict[str, Any]:
    """Return what one outcome depends on, but for swings and sources."""
    at, values, again = lived
    places = [place for group in kept.values() for place in group]
    groups = [group for group, own in kept.items() for _ in own]
    variance = float(np.var(values, ddof=1))
    about = {"outcome": name, "unit": unit, "mean": float(values.mean()), "sd": float(np.sqrt(variance))}
    if not places or not variance:
        none = Share(0.0, 0.0, 0.0)
        split = dict.fromkeys(PARTS, none)
        return about | {"screened": screened, "explained": 0.0, "error": 0.0, "indices": [], "shapley": {},
                        "split": split, "assumed": none}  # fmt: skip
    emulator = emulate(at[:, places], values)
    indices = sobol(emulator, groups, variance, seed)
    split, assumed = _split(inputs, places, emulator, values, again, extra)
    top = [place for one in indices for place in kept[one.group]][:MOST]
    return about | {
        "screened": screened,
        "explained": emulator.explained,
        "error": emulator.error,
        "indices": indices,
        "shapley": _shapley(inputs, places, top, emulator, seed),
        "split": split,
        "assumed": assumed,
    }


def _points(seed: int, names: Sequence[str], first: int, points: int) -> np.ndarray:
    """Return quantiles [point, name] from the room of luck: members far beyond all that are lived."""
    return np.clip(quantiles(seed, names, range(first, first + points)), EDGE, 1 - EDGE)


def _split(
    inputs: Inputs, places: list[int], emulator: Emulator, values: np.ndarray, again: np.ndarray, extra: float
) -> tuple[dict[str, Share], Share]:
    """Return where the spread comes from, and the share of the members' own that rests on assumed numbers."""
    kinds = [(inputs.list[place].kind, inputs.list[place].assumed) for place in places]
    cells = list(dict.fromkeys(kinds))
    groups = [[k for k, own in enumerate(kinds) if own == cell] for cell in cells]
    names = [f"pick {k}" for k in range(len(places))]
    first, second = (_points(0, names, start, POINTS // 4) for start in (0, POINTS))
    fits = [emulator.whole, *emulator.without]
    parts = np.array([closed(fit, first, second, groups) for fit in fits])
    twice = (values - again)[np.isfinite(again)]
    luck = float(np.mean(twice**2)) / 2
    within = float(np.var(values, ddof=1))
    whole = within + extra
    relative = np.sqrt(2 / max(1, len(twice)))

    def of(some: Sequence[bool]) -> np.ndarray:
        return np.asarray(parts[:, list(some)].sum(axis=1))

    def share(found: np.ndarray, of: float) -> Share:
        reach = NORMAL_95 * float(np.sqrt((FOLDS - 1) * np.var(found[1:])))
        value = max(0.0, float(found[0]))
        return Share(value / of, max(0.0, value - reach) / of, min(1.0, (value + reach) / of))

    told = {
        **{kind: share(of([cell[0] == kind for cell in cells]), whole) for kind in KINDS},
        "chance": Share(
            luck / whole,
            max(0.0, luck * (1 - NORMAL_95 * relative)) / whole,
            luck * (1 + NORMAL_95 * relative) / whole,
        ),
        "structure": Share(extra / whole, extra / whole, extra / whole),
    }
    rest = 1 - sum(one.value for one in told.values())
    told["not told apart"] = Share(rest, rest, rest)
    return {part: told[part] for part in PARTS}, share(of([ground for _, ground in cells]), within)


def _shapley(
    inputs: Inputs, places: list[int], top: list[int], emulator: Emulator, seed: int
) -> dict[str, float]:
    """Return Shapley effects of the first inputs on the emulator, of what they are, not how they are drawn.

    Shares of one fork are read as they end up beside each other, so that they depend on one another.
    """
    names = [inputs.list[place].drawn_as for place in places]
    at = _points(seed, names, 1 << 18, POINTS // 2)
    where = [places.index(place) for place in top]
    fixed = np.full_like(at, 0.5)
    fixed[:, where] = at[:, where]
    values = emulator.whole(fixed)
    if not float(np.var(values)):
        return {}
    full = np.tile(inputs.central(), (len(at), 1))
    full[:, top] = at[:, where]
    seen = fixed[:, where].copy()
    forked = [k for k, place in enumerate(top) if inputs.list[place].group in inputs.forks]
    for row, quantile in enumerate(full if forked else ()):
        known = inputs.at(quantile).values
        for k in forked:
            seen[row, k] = _size(known[inputs.list[top[k]].name])
    return dict(zip([inputs.list[place].name for place in top], effects(seen, values).tolist(), strict=True))


def _size(value: Any) -> float:
    """Return one number that stands for a value: the mean of its cells."""
    return float(np.mean([number for _, number in value.cells()]))


def _swings(inputs: Inputs, lives: Lives, groups: Sequence[list[int]], lucks: int) -> list[list[Swing]]:
    """Return, for each outcome, where it ends with each input at either end of its range."""
    places = sorted({place for group in groups for place in group})
    points = []
    for place in places:
        for end in (LOW, HIGH):
            at = inputs.central()
            at[place] = end
            points += [(inputs.at(at), luck) for luck in range(lucks)]
    lived = lives("one input after another", points).reshape(len(places), 2, lucks, -1)
    found = []
    for k in range(lived.shape[3]):
        rows = []
        for n, place in enumerate(places):
            one, ends = inputs.list[place], lived[n, :, :, k]
            low, high = (float(x) for x in ends.mean(axis=1))
            rows.append(Swing(one.name, one.assumed, one.sources, low, high, worth(ends[1] - ends[0])))
        found.append(sorted(rows, key=lambda swing: -abs(swing.change.value)))
    return found
