"""Hypothesis strategies that build small valid declarations out of the engine's whole vocabulary.

Knows what a valid declaration is, not what a run of it gives.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from docketflow.core.quantity import Dated, Table, p
from docketflow.engine import bind, compile_network
from docketflow.engine.compile.bound import Bound
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.run.ledger import Ledger

MOST_COST = 4
WATCHES = ["first", "second", "third"]
COSTS = st.sampled_from([1.0, 0.0, 2.2, 3.0, 4.0])
WIDE = [d.Trait(f"wide {k}", ("only",)) for k in range(62)]
"""Traits that, like some pools and spaces, only push others into the further words of a record."""


@dataclass
class Case:
    """A declaration with its numbers, its starting stock and the way it is to be run."""

    network: d.Network
    known: dict[str, Dated]
    first: dt.date
    days: int
    scale: Fraction
    cells: dict[str, list]
    seed: int
    cuts: list[dt.date]
    calendar: np.ndarray

    def bind(self, long: bool = False) -> Bound:
        """Return the declaration bound to its numbers, perhaps in long records where short ones would do."""
        program = compile_network(self.network)
        program.short = program.short and not long
        return bind(
            program,
            self.known.__getitem__,
            first=self.first,
            days=self.days,
            scale=self.scale,
            cuts=self.cuts,
            calendars={"work": self.calendar},
        )

    def __repr__(self) -> str:
        values = {path: list(zip(v.starts, v.values, strict=True)) for path, v in self.known.items()}
        run = (self.first, self.days, self.scale, self.cells, self.seed)
        return f"Case({self.network!r}, {values}, {run})"


def books(ledger: Ledger) -> dict[str, list]:
    """Return everything a ledger holds as plain lists, by name."""
    plain: dict[str, list] = {}
    for part in fields(ledger):
        value = getattr(ledger, part.name)
        if isinstance(value, Mapping):
            for name, line in value.items():
                plain[f"{part.name} {name}"] = line.tolist() if isinstance(line, np.ndarray) else line
        else:
            plain[part.name] = value.tolist() if isinstance(value, np.ndarray) else value
    return plain


def differences(one: Ledger, other: Ledger) -> list[str]:
    """Return the lines of two books that differ."""
    a, b = books(one), books(other)
    return [
        f"{name}: {a.get(name)} | {b.get(name)}"
        for name in sorted(a.keys() | b.keys())
        if a.get(name) != b.get(name)
    ]


class Builder:
    """Draws the parts of one declaration from Hypothesis."""

    def __init__(self, draw: st.DrawFn, deep: bool) -> None:
        self.draw, self.known = draw, {}
        self.first = draw(st.dates(dt.date(2024, 1, 20), dt.date(2024, 3, 5)))
        self.days = draw(st.integers(30, 300 if deep else 110)) if draw(st.integers(0, 9)) else 1
        self.crowded = not draw(st.integers(0, 2))
        self.watches = WATCHES if self.crowded else WATCHES[:2]  # the third stands in long records alone
        self.traits = [
            d.Trait(f"t{k}", tuple("abcde"[:size]))
            for k, size in enumerate(draw(st.lists(st.integers(1, 4), min_size=1, max_size=3)))
        ]
        self.efforts = [f"effort {k}" for k in range(draw(st.integers(1, 2)))]
        self.quotas = [f"quota {k}" for k in range(draw(st.sampled_from([0, 0, 1])))]
        self.capped = [f"capped {k}" for k in range(draw(st.integers(1, 2)))]
        self.spaces = [*self.capped, *(f"open {k}" for k in range(draw(st.integers(0, 1))))]
        self.pools = [f"pool {k}" for k in range(draw(st.sampled_from([0, 1, 1, 2])))]
        self.clocks = [(f"clock {k}", f"lane {k % 2}") for k in range(draw(st.integers(0, 3)))]
        self.tallies = [f"tally {k}" for k in range(2)]
        kinds = draw(
            st.lists(
                st.sampled_from(["stage", "rest", "wait", "wait", "decision", "gate", "spend"]),
                min_size=2,
                max_size=6,
            )
        )
        chain = ["decision"] * draw(st.sampled_from([0, 2, 3, 4]))  # one after the other, as `shorten` joins
        self.kinds = ["stage", *chain, *kinds, "end"]
        self.names = [f"{kind} {k}" for k, kind in enumerate(self.kinds)]
        self.places = [n for n in self.names if n.split()[0] not in ("decision", "gate", "spend")]

    # --- numbers
    def number(self, values: st.SearchStrategy[float]) -> object:
        """Return a number: plain, by trait, or a parameter that changes on a date."""
        kind = self.draw(st.sampled_from(["named", "table", "plain"]))
        if kind == "plain":
            return self.draw(values)
        if kind == "table":
            return self.table(values)
        path = f"parameter.{len(self.known)}"
        days = self.draw(st.lists(st.integers(-5, self.days + 5), min_size=1, max_size=3, unique=True))
        starts = tuple(sorted(self.first.toordinal() + day for day in days))
        versions = (self.table(values) if self.draw(st.booleans()) else self.draw(values) for _ in starts)
        self.known[path] = Dated(starts, tuple(versions))
        return p(path)

    def table(self, values: st.SearchStrategy[float]) -> Table:
        """Return a table over one or two traits, in an order of axes of its own."""
        traits = self.draw(
            st.lists(st.sampled_from(self.traits), min_size=1, max_size=2, unique_by=lambda t: t.name)
        )
        axes = {trait.name: trait.values for trait in traits}
        shape = tuple(len(labels) for labels in axes.values())
        flat = [self.draw(values) for _ in range(int(np.prod(shape)))]
        return Table(axes, np.array(flat, dtype=float).reshape(shape))

    def by_day(self, values: st.SearchStrategy[float]) -> object:
        """Return a number that does not depend on traits."""
        if self.draw(st.booleans()):
            return self.draw(values)
        path = f"parameter.{len(self.known)}"
        day = self.first.toordinal() + self.draw(st.integers(0, self.days))
        self.known[path] = Dated((1, day), (self.draw(values), self.draw(values)))
        return p(path)

    def law(self, *, by_trait: bool = True) -> d.Law:
        """Return a law of time."""
        number = self.number if by_trait else self.draw
        kind = self.draw(st.sampled_from([d.exponential, d.lognormal, d.weibull, d.fixed, d.uniform]))
        days = st.sampled_from([3.0, 0.3, 9.5, 40.0])
        never = number(st.floats(0, 1)) if by_trait and self.draw(st.integers(0, 3)) == 0 else 0.0
        if kind is d.exponential:
            return d.exponential(number(days), never)
        if kind is d.fixed:
            return d.fixed(number(st.integers(0, 30).map(float)), never)
        if kind is d.uniform:
            return d.uniform(number(st.floats(0, 10)), number(st.floats(10, 30)), never)
        return kind(number(days), number(st.floats(0.2, 1.5)), never)

    # --- ways on
    def acts(self, *, fresh: bool, start: bool = False) -> list[d.Op]:
        """Return some acts; with ``fresh``, one that renews the luck stands among them."""
        trait = st.sampled_from(self.traits)
        spaces = self.spaces if start else [s for s in self.spaces if s.startswith("open")]
        choices = [
            trait.flatmap(lambda t: st.sampled_from(t.values).map(lambda v: d.put(t.name, v))),
            trait.flatmap(lambda t: st.integers(-2, 2).map(lambda by: d.step(t.name, by))),
            st.sampled_from(self.spaces).map(d.release),
            st.sampled_from(self.watches).map(d.mark),
            st.sampled_from(self.tallies).map(d.count),
            st.tuples(st.sampled_from(self.tallies), st.sampled_from(self.watches)).map(
                lambda a: d.count_days(*a)
            ),
        ]
        if spaces:
            choices.append(st.sampled_from(spaces).map(d.take))
        if self.clocks:
            choices.append(st.sampled_from(self.clocks).map(lambda c: d.start(c[0])))
            choices.append(st.sampled_from(self.clocks).map(lambda c: d.stop(c[1])))
        if self.pools:
            choices += [st.sampled_from(self.pools).map(d.join), st.sampled_from(self.pools).map(d.leave)]
        acts = self.draw(st.lists(st.one_of(choices), max_size=4))
        if fresh:
            renewal = self.draw(st.sampled_from([d.new_round(), d.new_episode()]))
            acts.insert(self.draw(st.integers(0, len(acts))), renewal)
        return acts

    def way(self, after: int, *, fresh: bool, stay: bool, fork: bool, **rule: object) -> d.To:
        """Return a way on: forward from node ``after``, or back to a place with fresh luck, or staying."""
        onward = self.names[after + 1 :]
        back = [] if after < 0 else (self.places[:-1] if fork else self.names)
        target = self.draw(st.sampled_from(onward[:1] * 4 + onward + back + [d.STAY] * (2 if stay else 0)))
        return d.to(target, do=self.acts(fresh=fresh or target not in onward), **rule)

    def ways(self, after: int, *, fresh: bool = False, stay: bool = False, fork: bool = False) -> list[d.To]:
        """Return ways on that leave nobody without one, in one of the forms that a decision may have."""

        def way(**rule: object) -> d.To:
            return self.way(after, fresh=fresh, stay=stay, fork=fork, **rule)

        form = self.draw(st.sampled_from(["one", "shares", "weights", "rules", "traits", "traits"]))
        some = self.draw(st.integers(1, 3))
        if form == "one":
            return [way()]
        if form == "traits":
            return self.shuffled([way(when={name: group}) for name, group in self.groups()])
        if form == "weights":
            ways = [way(weight=self.number(st.floats(0, 3)), when=self.rule()) for _ in range(some)]
            return self.shuffled([*ways, way(weight=self.number(st.floats(0.1, 3)))])
        if form == "shares":
            shares = [
                way(share=self.number(st.sampled_from([0.0, 0.01, 0.2, 0.31])), when=self.rule())
                for _ in range(some)
            ]
            return self.shuffled([*shares, way()])
        trait = self.draw(st.sampled_from(self.traits))
        cut = self.draw(st.integers(1, len(trait.values)))
        groups = [group for group in (trait.values[:cut], trait.values[cut:]) if group]
        ways = [way(when={trait.name: group}) for group in groups]
        ways += [way(share=self.number(st.floats(0, 1)), when={trait.name: groups[0]})]
        return self.shuffled(ways)

    def groups(self) -> list[tuple[str, tuple[str, ...]]]:
        """Return the values of a trait in groups that have none in common."""
        trait = self.draw(st.sampled_from(self.traits))
        values = self.draw(st.permutations(trait.values))
        cuts = self.draw(st.sets(st.integers(1, len(values)), max_size=2))
        bounds = sorted({0, *cuts, len(values)})
        return [(trait.name, tuple(values[begin:end])) for begin, end in itertools.pairwise(bounds)]

    def shuffled(self, ways: list[d.To]) -> list[d.To]:
        return self.draw(st.permutations(ways))

    def rule(self) -> dict[str, object]:
        """Return a rule on one trait, or none."""
        if self.draw(st.booleans()):
            return {}
        trait = self.draw(st.sampled_from(self.traits))
        values = self.draw(st.lists(st.sampled_from(trait.values), min_size=1, unique=True))
        return {trait.name: values[0] if len(values) == 1 else tuple(values)}

    def then(self, after: int) -> d.Then:
        """Return what follows a stage or a service."""
        if self.draw(st.integers(0, 3)) == 0:
            return self.draw(st.sampled_from(self.names[after + 1 :]))
        return self.ways(after)

    # --- places and the rest
    def node(self, k: int) -> d.Node:
        kind, name = self.kinds[k], self.names[k]
        if kind == "stage":
            return d.Stage(name, self.law(), then=self.then(k))
        if kind == "rest":
            return d.Rest(name)
        if kind == "end":
            return d.End(name)
        if kind == "decision":
            return d.Decision(name, self.ways(k, fork=True))
        if kind == "gate":
            ways = [self.way(k, fresh=False, stay=False, fork=True) for _ in range(2)]
            return d.Gate(name, self.draw(st.sampled_from(self.capped)), free=ways[0], full=ways[1])
        if kind == "spend":
            ways = [self.way(k, fresh=False, stay=False, fork=True) for _ in range(2)]
            return d.Spend(name, enough=ways[0], short=ways[1], cost=self.number(COSTS), **self.needs())
        needs = self.draw(st.sampled_from(["effort", "effort", "effort", "space", "both"]))
        return d.Wait(
            name,
            then=self.then(k),
            **(self.needs() if needs != "space" else {}),
            cost=self.number(COSTS),
            space=self.draw(st.sampled_from(self.spaces)) if needs != "effort" else None,
            priority=self.number(st.integers(0, 2).map(float)),
            order=self.draw(st.sampled_from(["hash", "arrival"])),
        )

    def needs(self) -> dict[str, object]:
        """Return an effort or quota, mostly alone, sometimes with others."""
        most = self.draw(st.sampled_from([1, 1, 1, 3]))
        chosen = st.lists(
            st.sampled_from([*self.efforts, *self.quotas]), min_size=1, max_size=most, unique=True
        )
        first, *others = self.draw(chosen)
        return {"effort": first, "also": [d.Need(other, self.number(COSTS)) for other in others]}

    def effort(self, name: str, supply: st.SearchStrategy[float], waits: list[str]) -> d.Effort:
        """Return an effort, sometimes with floors under some of the waits that share it."""
        floors = [
            d.Floor(
                f"floor {k} of {name}", self.by_day(st.sampled_from([0.1, 0.5, 0.0])),
                tuple(self.draw(st.lists(st.sampled_from(waits), max_size=2, unique=True))) if waits else (),
                tuple(self.draw(st.sampled_from([(), (), (0,), (1, 2)]))),
            )
            for k in range(self.draw(st.sampled_from([0, 0, 1, 2])))
        ]  # fmt: skip
        calendar, order = (st.sampled_from(some) for some in (["daily", "work"], [d.LISTED, d.CLASSES]))
        return d.Effort(name, self.by_day(supply), self.draw(calendar), self.draw(order), floors)

    def quota(self, name: str) -> d.Quota:
        """Return a quota that may change and be renewed."""
        days = self.draw(st.lists(st.integers(-3, self.days + 3), max_size=2))
        limit = self.by_day(st.sampled_from([20.0, 3.0, 90.0, 0.0]))
        return d.Quota(name, limit, tuple(self.first + dt.timedelta(day) for day in days))

    def a_draw(self, k: int, pool: str) -> d.Draw:
        needs: dict[str, object] = self.needs() if self.draw(st.integers(0, 2)) else {}
        exposed = not needs or self.draw(st.booleans())
        weight = self.number(st.sampled_from([0.0, 0.2, 1.0, 3.0]))
        return d.Draw(
            f"draw {k}",
            pool,
            then=self.ways(0, fresh=True, stay=True),
            weight=weight,
            exposure=self.by_day(st.sampled_from([0.03, 0.3, 0.0])) if exposed else None,
            cost=self.number(COSTS if exposed else COSTS.filter(bool)),
            **needs,
            space=self.draw(st.sampled_from([None, None, *self.spaces])),
        )

    def event(self, k: int) -> d.On:
        stages = self.draw(st.lists(st.sampled_from(self.places[:-1]), max_size=2, unique=True))
        date = self.first + dt.timedelta(self.draw(st.integers(0, self.days)))
        return d.On(f"event {k}", date, self.ways(0, stay=True, fresh=True), tuple(stages), self.rule())

    def begin(self, k: int, at: str) -> d.Start:
        kind = self.draw(st.sampled_from([None, "law", "equilibrium"]))
        spent: d.Law | str | None = kind
        if kind == "law" or (kind == "equilibrium" and not at.startswith("stage")):
            spent = self.law(by_trait=False)
        acts = self.acts(fresh=False, start=True)
        joined = [d.join(pool) for pool in self.pools if self.draw(st.booleans())]
        return d.Start(f"start {k}", at, spent, (*joined, *acts))

    def feedback(self, k: int, rates: list[str]) -> d.Feedback:
        most = self.draw(st.floats(0, 2))
        law = _follow(most)
        return d.Feedback(
            f"feedback {k}", self.draw(st.sampled_from(rates)), self.draw(st.sampled_from(self.tallies)), law
        )

    def build(self) -> Case:
        """Return a whole case."""
        draw, some = self.draw, st.integers(0, 2)
        capacity, supply = st.sampled_from([4.0, 1.0, 12.0, 0.0]), st.sampled_from([3.0, 0.7, 6.0, 0.0])
        per_day = st.sampled_from([1.0, 0.3, 2.7, 0.0])
        nodes = [self.node(k) for k in range(len(self.names))]
        draws = [self.a_draw(k, pool) for k, pool in enumerate(self.pools * 2) if draw(st.integers(0, 3))]
        arrivals = [
            d.Arrive(f"arrive {k}", self.by_day(per_day), then=self.ways(-1)) for k in range(draw(some))
        ]
        attempts = [
            d.Attempt(f"attempt {k}", self.by_day(per_day), draw(st.sampled_from(self.places[:-1])),
                      then=self.ways(0, fresh=True, stay=True))
            for k in range(draw(some))
        ]  # fmt: skip
        starts = [
            self.begin(k, draw(st.sampled_from(self.places[:-1]))) for k in range(draw(st.integers(1, 3)))
        ]
        exposed = [w.name for w in draws if w.exposure is not None]
        rates = [*exposed, *(a.name for a in arrivals), *self.efforts]
        network = d.Network(
            "random",
            traits=[*WIDE, *self.traits] if self.crowded else self.traits,
            nodes=nodes,
            spaces=[
                *(d.Space(f"wide space {k}") for k in range(40 * self.crowded)),
                *(d.Space(s, self.by_day(capacity) if s in self.capped else None) for s in self.spaces),
            ],
            efforts=[
                *(
                    self.effort(e, supply, [n.name for n in nodes if isinstance(n, d.Wait) and n.effort == e])
                    for e in self.efforts
                ),
                *map(self.quota, self.quotas),
            ],
            clocks=[
                d.Clock(name, lane, self.law(), then=self.ways(0, fresh=True, stay=True))
                for name, lane in self.clocks
            ],
            pools=[*(d.Pool(f"wide pool {k}") for k in range(8 * self.crowded)), *map(d.Pool, self.pools)],
            draws=draws,
            attempts=attempts,
            arrivals=arrivals,
            events=[self.event(k) for k in range(draw(some))],
            feedbacks=[self.feedback(k, rates) for k in range(draw(some))],
            starts=starts,
            tallies=[
                d.Tally(name, tuple(t.name for t in self.traits[k:])) for k, name in enumerate(self.tallies)
            ],
        )
        rows = range(draw(st.integers(1, 4)))
        cells: dict[str, list] = {"start": [draw(st.sampled_from(starts[::-1])).name for _ in rows]}
        for trait in self.traits[: draw(st.integers(0, 3))]:
            cells[trait.name] = [draw(st.sampled_from(trait.values)) for _ in rows]
        cells["count"] = [draw(st.sampled_from([0, 7, 25, 60])) for _ in rows]
        cuts = draw(st.lists(st.integers(-3, self.days + 3), max_size=2))
        return Case(
            network,
            self.known,
            self.first,
            self.days,
            draw(st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(2, 7)])),
            cells,
            draw(st.integers(0, 2**31)),
            [self.first + dt.timedelta(cut) for cut in cuts],
            np.array([draw(st.booleans()) for _ in range(7)] * (self.days // 7 + 1))[: self.days],
        )


def _follow(most: float):  # a law of feedback: the less was counted last month, the larger
    def law(past: list[float]) -> float:
        return most / (1.0 + sum(itertools.islice(reversed(past), 1)) / 20.0)

    return law


@st.composite
def cases(draw: st.DrawFn, *, deep: bool = False) -> Case:
    """Draw a case."""
    return Builder(draw, deep).build()
