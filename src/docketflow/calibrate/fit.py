"""One fit, from targets to posterior: history matching, then the smoother; resumed from what was lived."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from docketflow.calibrate.grounds import grounds
from docketflow.calibrate.lived import Lived, by_month, luck_of, without_luck
from docketflow.calibrate.matching import Matched, match, refocused
from docketflow.calibrate.method import method
from docketflow.calibrate.smoother import heard, smooth
from docketflow.calibrate.targets import LAST, Datum, Series, data, read, series, vector
from docketflow.core import given
from docketflow.core.dates import fiscal_year
from docketflow.core.errors import UsageError
from docketflow.core.quantity import Dated
from docketflow.evidence import Room, load
from docketflow.fitted.grounds import parameters
from docketflow.fitted.places import Fitted, Space, fitted, nearness
from docketflow.policy import Scenario

MEMBERS, STEPS, WAVES = int(method("members")), int(method("steps")), int(method("waves"))
SCALE = Fraction(method("scale"))
FEWEST = int(method("fewest_members"))

Truth = Callable[[Lived, Sequence[Datum], np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class Posterior:
    """What a fit found.

    Attributes
    ----------
    space : what the places of a member mean
    until : the last day of which it was told
    prior, members : ensembles before and after [member, place]
    targets : the series it was told
    data, sd : the numbers it was fitted to, and the standard deviation of each logarithm, luck included
    matched : what history matching found
    lived : the outcomes of the posterior members, luck of the coarse scale taken out [member, outcome, month]
    luck : variance that luck alone leaves in the logarithm of a month, by outcome
    outcomes, months : labels of ``lived``
    made : what it is made of
    """

    space: Space
    until: dt.date
    prior: np.ndarray
    members: np.ndarray
    targets: tuple[Series, ...]
    data: tuple[Datum, ...]
    sd: np.ndarray
    matched: Matched
    lived: np.ndarray
    luck: np.ndarray
    outcomes: tuple[str, ...]
    months: tuple[str, ...]
    made: Mapping[str, object]


def fit(
    scenario: Scenario,
    *,
    until: dt.date,
    folder: Path,
    members: int = MEMBERS,
    steps: int = STEPS,
    scale: Fraction | str = SCALE,
    seed: int = 1,
    room: Room | None = None,
    inputs: Mapping[str, Dated] | None = None,
    numbers: Sequence[Fitted] | None = None,
    early: bool = False,
    truth: Truth | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Posterior:
    """Fit the model to the published series of a scenario's days up to one.

    Parameters
    ----------
    scenario : Scenario
        Which years, and what was given in them.
    until : date
        The last day that is known; figures of later days are not looked at.
    folder : Path
        Where lived members are kept: the same call goes on from there, to the same bits.
    members, steps, scale, seed
        Size of the ensemble, assimilations, records a person, seed of all luck.
    room, inputs
        The evidence, if not all of it; parameters given to every member.
    numbers
        What is fitted, if not `fitted.yaml`.
    early
        Whether figures are as sure as they were on that day, before later revisions.
    truth : callable, optional
        Says the logarithms to be fitted in place of what was published (`synthetic`).
    progress : callable, optional
        Called with the step at hand, members done and members.
    """
    given.whole(members, "--members", FEWEST, given.MOST_MEMBERS)
    given.whole(steps, "--steps", 1, 32)
    if until > LAST:
        raise UsageError(f"--until {until}: no fit looks past {LAST}; what came after it is a blind test")
    if until <= scenario.start:
        raise UsageError(f"--until {until}: {scenario.name} begins on {scenario.start}")
    known = load() if room is None else room
    told = tuple(one.as_of(until) if early else one.until(until) for one in series(known))
    every = [one for one in data(told, scenario.start) if one.year <= fiscal_year(scenario.end)]
    if not every:
        raise UsageError(f"--until {until}: no published series reaches into {scenario.name} by then")
    years = tuple(range(fiscal_year(scenario.start), fiscal_year(scenario.end) + 1))
    turns = tuple(day for day in method("turns") if scenario.start < day <= until)
    known_best = min(method("known"), fiscal_year(until))
    space = Space(tuple(numbers or fitted()), years, turns, known_best, method("known") - known_best)
    outcomes = tuple(dict.fromkeys(one.outcome for one in every))
    lived = Lived(
        scenario.between(end=min(scenario.end, until)),
        space,
        outcomes,
        scale=scale,
        seed=seed,
        folder=folder,
        room=known,
        given=inputs,
    )
    wanted, sd = vector(every)
    wanted = wanted if truth is None else truth(lived, every, sd)
    luck = lived.luck()
    sd = np.hypot(sd, logs(luck, every, lived).std(axis=0, ddof=1))
    count = iter(
        [*(f"matching {k + 1}" for k in range(WAVES)), *(f"step {k + 1}" for k in range(steps)), "posterior"]
    )

    def forward(ensemble: np.ndarray) -> np.ndarray:
        step = next(count)
        tell = None if progress is None else lambda done, of: progress(step, done, of)
        return logs(lived(ensemble, tell), every, lived)

    prior, in_years = space.prior(seed, members), [one.year for one in every]
    near, named = nearness(space, in_years), [one.outcome for one in every]
    places, centre = space.in_years, np.zeros(len(space.places))
    waves: list[np.ndarray] = []
    for _ in range(WAVES):
        waves.append(forward(prior + centre))
        centre = refocused(prior + centre, np.abs(waves[-1] - wanted) / sd, in_years, places)
    matched = match(prior, waves[0], wanted, sd, named, space.names, centre)
    near = near * heard(prior, waves[-1])
    posterior, _ = smooth(prior + centre, forward, wanted, sd, near, steps=steps, seed=seed)
    months_luck = luck_of(luck)
    return Posterior(
        space=space,
        until=until,
        prior=prior,
        members=posterior,
        targets=told,
        data=tuple(every),
        sd=sd,
        matched=matched,
        lived=without_luck(lived(posterior), months_luck),
        luck=months_luck,
        outcomes=outcomes,
        months=lived.months,
        made={
            **lived.simulator.made_of(members),
            "grounds": grounds(known, scenario, space.fitted),
            "parameters": parameters(known, until, space.fitted),
            "scenario": scenario.name,
            "until": until.isoformat(),
            "members": members,
            "steps": steps,
            "scale": str(lived.simulator.scale),
            "seed": seed,
        },
    )


def logs(found: np.ndarray, every: Sequence[Datum], lived: Lived) -> np.ndarray:
    """Return the logarithms of what each member says of each datum [member, datum]."""
    return np.array([read(every, by_month(one, lived.outcomes, lived.months)) for one in found])
