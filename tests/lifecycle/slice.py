"""A slice of the lifecycle small enough to check by hand.

A slice is some places of the national declaration, just as they are declared, with the clocks, lines, spaces
and tallies they use. People are put in at one of them; every place that the slice leads to but does not hold
is its edge: people who come there stay there and are counted with their traits. Parameters are given
outright; a share that is not given is 0, what stands in `AS_USUAL` is as it is there, and any other number
that is missing is an error that names it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from docketflow.core.quantity import Dated, Value
from docketflow.engine import Run, bind, compile_network
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.run.ledger import Ledger
from docketflow.lifecycle import national

FIRST = dt.date(2025, 3, 3)  # a Monday
EVERYBODY = 400
LATER = 30.0  # days, more than a fork is followed
SURELY = 40.0  # events a person a day: who stands in the pool is met
DOOR, POOLED, STAYS = "(door)", "(in the pool)", "(stays)"
Numbers = Mapping[str, Value | Dated]
_MODELS = ("jail", "warrant", "task_force")
AS_USUAL = {  # what nobody changed: nobody hired or lent, no agreement beyond the usual, the usual regime
    **dict.fromkeys(("staff.hiring.recruits_per_year", "staff.hiring.academy_days", "staff.hsi.agents"), 0.0),
    **dict.fromkeys(("staff.lent.officers", "staff.guard.soldiers", "staff.guard.deputised"), 0.0),
    **dict.fromkeys(("staff.support.added", "arrest.appearance.response", "detention.beds.bases"), 0.0),
    **{
        f"agreements.{model}.{of}": 0.0 for model in _MODELS for of in ("signed", "usual", "arrests_per_year")
    },
    **dict.fromkeys(("arrest.regime.share", "arrest.regime.usual_share"), 1.0),
    **dict.fromkeys(("release.days_factor_by_authority", "release.days_factor_by_family"), 1.0),
}

# As many officers on searches as usual, so that nobody leaves more or less often for what they do.
USUAL_SEARCHES = {
    **{
        f"arrest.at_large.{of}": 1.0
        for of in (
            "officers",
            "share_of_time",
            "usual_officers",
            "hours_per_officer_year",
            "hours_per_arrest",
        )
    },
    **{"arrest.at_large.borrowed_officers": 0.0, "arrest.at_large.marginal_yield": 0.5},
    "departure.emigration.response_to_arrests": 0.0,
}


@dataclass(frozen=True)
class Lived:
    """What became of the people of a slice."""

    ledger: Ledger
    people: int

    def share_at(self, place: str, **trait: str) -> float:
        """Return the share of the people who came to an edge (once each), all or those with a trait."""
        tally = f"at {place}" if not trait else f"at {place}, {next(iter(trait))}"
        return float(self.ledger.tally_where(tally, trait).sum() / self.people)

    def counted(self, tally: str, **where: str | Sequence[str]) -> int:
        """Return how often something was counted, for whom."""
        return int(self.ledger.tally_where(tally, where).sum())

    def counted_each(self, tally: str, **where: str | Sequence[str]) -> float:
        """Return how often something was counted a person put in."""
        return self.counted(tally, **where) / self.people

    def traits_at(self, place: str) -> dict[str, str]:
        """Return the traits that all who came to an edge have in common."""
        found = {}
        for name, axes in self.ledger.tally_axes.items():
            if name.startswith(f"at {place}, "):
                trait, labels = axes[0]
                seen = np.flatnonzero(self.ledger.tally(name).sum(axis=0))
                if len(seen) == 1:
                    found[trait] = labels[int(seen[0])]
        return found

    def held(self, space: str) -> list[int]:
        """Return how many hold a space on each evening."""
        return [int(held) for held in self.ledger.held[space]]

    def standing(self, place: str) -> list[int]:
        """Return how many stand at a place of the slice on each evening."""
        return [int(held) for held in self.ledger.stock[place]]


def live(
    *places: str,
    at: str | None = None,
    numbers: Numbers | None = None,
    who: Mapping[str, str] | None = None,
    do: Iterable[d.Op] = (),
    days: int = 4,
    people: int = EVERYBODY,
    draws: Sequence[str] = (),
    arrivals: Sequence[str] = (),
    calendar: Iterable[bool] | None = None,
    otherwise: float | None = None,
) -> Lived:
    """Put people in at a place, let them live some days, and return what became of them.

    Parameters
    ----------
    places : names of further places of the slice (``at`` is one of them); the rest is edge
    at : where everybody comes in, on the evening of the first day
    numbers : parameter to its value; shares not given are 0
    who : traits of everybody, as far as they are not the first of their labels
    do : what is done to everybody at the door (a space held, a clock begun, a pool joined)
    days : how long
    people : how many
    draws : names of the draws of the slice, which take people from the pool at large (none: who stands in the
        pool is counted instead)
    arrivals : names of the arrivals of the slice; people then come by themselves
    calendar : which days are working days (all, if not given)
    otherwise : what any number that is no share is, if not given
    """
    network = _network({at or places[0], *places}, at or places[0], tuple(do), draws, arrivals)
    given = dict(numbers or {})

    def resolve(path: str) -> Dated:
        share = "share" in path or "scope" in path
        number = given.get(path, AS_USUAL.get(path, 0.0 if share else otherwise))
        assert number is not None, f"this slice reads {path}: say what it is"
        return _dated(number)

    every_day = np.ones(days, dtype=bool) if calendar is None else np.resize(list(calendar), days)
    bound = bind(
        compile_network(network),
        resolve,
        first=FIRST,
        days=days,
        calendars={"federal": every_day},
        strict=True,
    )
    people = 0 if arrivals else people
    cells = {"start": ["(start)"], "count": [people], **{trait: [v] for trait, v in (who or {}).items()}}
    return Lived(Run(bound, cells, 5).finish(), people)


def bench(judges: float, minutes: float, **more: float) -> dict[str, Value | Dated]:
    """Return the numbers of a bench whose minutes all go to whoever is first, if not said otherwise."""
    numbers = {
        "court.judges": judges, "court.minutes_per_judge_day": minutes, "court.bench.crossing_share": 1.0,
        "court.priority.detained": 0.0, "court.priority.merits": 1.0, "court.priority.master": 2.0,
        "court.government_counsel.attorneys": 1e6, "court.government_counsel.minutes_per_day": 60.0,
    }  # fmt: skip
    return {**numbers, **{f"court.{path.replace('__', '.')}": number for path, number in more.items()}}


def node(name: str) -> d.Node:
    """Return a place of the national declaration."""
    return next(one for one in national().nodes if one.name == name)


class Way(NamedTuple):
    """What everybody at a fork does, given who they are and which shares are 1 (all others are 0).

    ``left`` are the traits that the way changes, ``counted`` the tallies it counts once a person, each with
    the traits it is counted under; nothing else may be counted. ``pool``: whether they then stand in the
    pool of people at large.
    """

    fork: str
    who: Mapping[str, str]
    ones: Sequence[str]
    then: str
    left: Mapping[str, str] = {}
    counted: Mapping[str, Mapping[str, str]] = {}
    pool: bool = False


def goes(way: Way) -> None:
    """Check that everybody takes a way: where they go, what is changed, counted and joined, and no more."""
    lived = live(at=way.fork, who=way.who, numbers=dict.fromkeys(way.ones, 1.0), otherwise=LATER)
    assert lived.share_at(way.then) == 1
    found = lived.traits_at(way.then)
    was = {trait.name: trait.values[0] for trait in national().traits} | dict(way.who)
    assert found == was | dict(way.left)
    told = {tally.name: lived.counted_each(tally.name) for tally in national().tallies}
    assert {name: each for name, each in told.items() if each} == dict.fromkeys(way.counted, 1)
    for tally, where in way.counted.items():
        assert lived.counted_each(tally, **where) == 1, (tally, where)
    assert lived.counted_each(POOLED) == way.pool


def name_of(way: Way) -> str:
    """Return a way in a few words, for the list of tests."""
    return f"{way.fork}-{'+'.join([*way.who.values(), *way.ones]) or 'else'}-{way.then}"


def _dated(value: Value | Dated) -> Dated:
    return value if isinstance(value, Dated) else Dated.always(value)


def _network(
    inside: set[str], at: str, do: tuple[d.Op, ...], drawn: Sequence[str], arriving: Sequence[str]
) -> d.Network:
    """Return the declaration of a slice: its places, their surroundings and its edge."""
    whole = national()
    nodes: list[d.Node] = [one for one in whole.nodes if one.name in inside]
    assert {one.name for one in nodes} == inside, inside - {one.name for one in nodes}
    nodes = [_entered(one) if one.name == at else one for one in nodes]
    draws = [one for one in whole.draws if one.name in drawn]
    arrivals = [one for one in whole.arrivals if one.name in arriving]
    clocks = _clocks(whole, [*nodes, *draws], do)
    reached = _targets([*nodes, *draws, *arrivals, *clocks]) | {at}
    tallies = [*whole.tallies, d.Tally(POOLED)]
    for place in sorted(reached - inside - {d.STAY}):
        counters = [d.Tally(f"at {place}")]
        counters += [d.Tally(f"at {place}, {trait.name}", (trait.name,)) for trait in whole.traits]
        tallies += counters
        nodes.append(d.Decision(place, [d.to(f"({place})", do=[d.count(c.name) for c in counters])]))
        nodes.append(d.Rest(f"({place})"))
    held = tuple(op for op in do if op.code == "take")
    watches = (d.mark("first"), d.mark("second"))  # what nobody marks shows one day at the door
    door = d.to(at, do=[d.new_episode(), *(op for op in do if op not in held)])
    probe = d.Draw(
        "(probe)", "not_detained", d.to(d.STAY, do=[d.new_episode(), d.count(POOLED)]), exposure=SURELY
    )
    spending = [one for one in [*nodes, *draws] if isinstance(one, d.Wait | d.Draw | d.Spend)]
    efforts = {need for one in spending for need in (one.effort, *(also.effort for also in one.also))}
    return dataclasses.replace(
        whole,
        name="a slice",
        nodes=[*nodes, d.Stage(DOOR, d.fixed(1), door)],
        spaces=_free_of_figures(whole.spaces, [*nodes, *draws]),
        efforts=[_floored(one, inside) for one in whole.efforts if one.name in efforts],
        clocks=[*clocks, *_idle_clocks(whole, clocks)],
        draws=draws or [probe],
        arrivals=arrivals,
        starts=[d.Start("(start)", DOOR, do=(*watches, *held))],
        tallies=tallies,
    )


def _floored(one: d.Effort | d.Quota, inside: set[str]) -> d.Effort | d.Quota:
    """Return an effort with the floors under lines of the slice alone."""
    if isinstance(one, d.Quota):
        return one
    return dataclasses.replace(one, floors=[floor for floor in one.floors if inside.issuperset(floor.waits)])


def _entered(one: d.Node) -> d.Node:
    """Return a fork into which people are put: who would stay where they are goes to an edge instead."""
    if not isinstance(one, d.Decision):
        return one
    ways = [dataclasses.replace(way, target=STAYS) if way.target == d.STAY else way for way in one.ways]
    return dataclasses.replace(one, ways=ways)


def _clocks(whole: d.Network, things: Sequence[object], do: Sequence[d.Op]) -> list[d.Clock]:
    """Return the clocks that anything here starts, and those that they start in turn."""
    found: list[d.Clock] = []
    while True:
        started = {op.name for op in [*do, *_acts([*things, *found])] if op.code == "start"}
        more = [one for one in whole.clocks if one.name in started and one not in found]
        if not more:
            return found
        found += more


def _idle_clocks(whole: d.Network, clocks: Sequence[d.Clock]) -> list[d.Clock]:
    """Return a clock that nobody starts for each lane that no clock of the slice uses: lanes are stopped."""
    lanes = {clock.lane for clock in whole.clocks} - {clock.lane for clock in clocks}
    return [d.Clock(f"({lane})", lane, d.fixed(1), d.to(d.STAY)) for lane in sorted(lanes)]


def _free_of_figures(spaces: Sequence[d.Space], things: Sequence[object]) -> list[d.Space]:
    """Return the spaces, those that no gate, line or draw of the slice is on without their capacity."""
    limited = {one.space for one in things if isinstance(one, d.Gate | d.Wait | d.Draw)}
    return [one if one.name in limited else dataclasses.replace(one, capacity=None) for one in spaces]


def _ways(thing: object) -> list[d.To]:
    ways: list[d.To] = []
    for field in ("then", "ways", "free", "full", "enough", "short"):
        onward = getattr(thing, field, ())
        for way in (onward,) if isinstance(onward, str | d.To) else onward:
            ways.append(d.to(way) if isinstance(way, str) else way)
    return ways


def _acts(things: Sequence[object]) -> list[d.Op]:
    return [op for thing in things for way in _ways(thing) for op in way.do]


def _targets(things: Sequence[object]) -> set[str]:
    return {way.target for thing in things for way in _ways(thing)}
