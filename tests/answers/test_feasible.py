"""Laws of what it would take: known least amounts are found, the impossible is certified."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from docketflow import engine
from docketflow.answers.feasible.solve import Proof, solve
from docketflow.answers.feasible.trials import Asked, Lever, Line, Trials, ranks
from docketflow.answers.lifting import Limit, search
from docketflow.answers.paired import Lived
from docketflow.core.quantity import Dated, p
from docketflow.engine import Run, compile_network
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.declare.measure import Flow
from docketflow.engine.run.ceiling import Ways, ceiling
from docketflow.engine.run.stock import Stock

from .networks import PEOPLE, two_lines

FIRST = dt.date(2025, 1, 1)
DAYS = 90
SERVED = DAYS - 1  # the second line serves from the second day on
HAVE = {"first": 100.0, "second": 150.0}


def lived(settings, member):
    have = dict(HAVE)
    for name, more, day in settings:
        have[name] = (*np.atleast_1d(have[name]), more, day) if day else have[name] + more
    values = {}
    for name, one in have.items():
        if isinstance(one, tuple):  # more of it from a day on
            base, more, day = one
            values[name] = Dated((1, FIRST.toordinal() + day), (base, base + more))
        else:
            values[name] = Dated.always(one)
    program = two_lines()
    bound = engine.bind(program, values.__getitem__, first=FIRST, days=DAYS, scale=1)
    ledger = Run(bound, PEOPLE, member).finish()
    return bound, ledger


def evaluate(settings, member):
    return once(settings)


@functools.cache  # nothing is left to luck here, so that all members are one
def once(settings):
    _, ledger = lived(settings, 0)
    left = float(ledger.tally("leaving").sum())
    spent = sum(float(ledger.supply[name].sum()) * price for name, price in (("first", 1), ("second", 2)))
    return Lived(left, beside={"left": left, "cost": spent})


def most(bound, people, ledger, flow):
    return ceiling(Ways(bound.program, Stock.of(bound.program, people), flow), bound, ledger, (0, DAYS))


def counter(name, most=400.0, lag=0):
    def settings(amount, day):
        return ((name, amount, day),)

    at_once = (lambda x: settings(x, 0)) if lag else None
    return Lever(name, most, lambda x: settings(x, lag), at_once)


def toy(levers, goal, *, more=True, members=2, evaluate=evaluate, deadline=math.inf, **solving):
    with ThreadPoolExecutor(1) as pool:
        trials = Trials(evaluate, levers, [Asked("left", more, goal)], members, 0.5, pool, deadline)
        return solve(trials, **solving)


def test_that_a_search_tells_each_run_once_and_its_best_so_far_never_falls():
    told = []
    with ThreadPoolExecutor(1) as pool:
        asked = [Asked("left", True, 12_000)]
        levers = [counter("first")]
        trials = Trials(
            evaluate, levers, asked, 2, 0.5, pool, told=lambda runs, best: told.append((runs, best))
        )
        found = solve(trials)
    assert [runs for runs, _ in told] == list(range(1, found.runs + 1))
    best = [(one.held / one.of, one.value) for _, one in told if one is not None]
    assert best == sorted(best) and trials.best.held == trials.best.of == 2
    assert trials.best.value == found.top.level.value


def proof_of(goal):
    def proof(point):
        settings = tuple((n, x, 0) for n, x in zip(("first", "second"), (*point, 0)[:2], strict=False) if x)
        bound, ledger = lived(settings, 0)
        found = most(bound, PEOPLE, ledger, Flow("leaving"))
        return Proof(found.most, found.allowed, found.beyond, 1) if found and found.most < goal else None

    return proof


def test_that_the_least_of_one_counter_is_what_arithmetic_says():
    found = toy([counter("first")], 12_000)
    assert found.ends == "least"
    assert 100 + found.each[0].amount == -(-12_000 // SERVED)
    assert found.each[0].rises


def test_that_the_cheapest_mix_of_two_lines_is_what_arithmetic_says():
    found = toy([counter("first"), counter("second")], 20_000, cost="cost")
    wanted = -(-20_000 // SERVED)
    assert found.ends == "mix"
    assert found.mix.stand.point == {"first": wanted - 100, "second": wanted - 150}
    assert {one.lever: one.amount for one in found.each} == found.mix.stand.point


def test_that_binding_and_feasible_say_the_same_of_two_lines():
    limits = [Limit(n, ((n, v * 0.01, 0),), ((n, 1e6, 0),)) for n, v in HAVE.items()]
    bind = search(evaluate, limits, members=2)
    assert [one.limit for one in bind.order] == ["first", "second"]
    assert bind.order[1].after == ("first",)
    alone = toy([counter("first")], 150 * SERVED)
    assert alone.ends == "least" and alone.each[0].amount == 50
    assert toy([counter("first")], 150 * SERVED + 1).ends == "short"


def test_that_what_cannot_be_is_certified_by_a_bound_and_lifting_what_it_names_undoes_it():
    goal = 20_000
    short = toy([counter("first")], goal, proof=proof_of(goal))
    assert short.proved and short.proof.most == 150 * DAYS and set(short.proof.parts) == {"second"}
    assert short.top.highest <= short.proof.most
    lifted = toy([counter("first"), counter("second")], goal, proof=proof_of(goal))
    assert lifted.ends == "mix" and lifted.mix.stand.reached == lifted.members


def test_that_without_a_bound_what_falls_short_is_checked_not_proved():
    found = toy([counter("first")], 20_000)
    assert found.ends == "short" and not found.proved
    assert found.tried > 10 and found.best.reached == 0
    assert found.best.level.value == 150 * SERVED and not found.unfinished


def test_that_what_was_not_looked_for_to_the_end_is_not_called_checked():
    found = toy([counter("first")], 20_000, deadline=-1.0)
    assert found.ends == "short" and found.tried == 1 and found.unfinished
    asked = toy([counter("first")], 20_000, deadline=-1.0, proof=proof_of(20_000))
    assert asked.proved and not asked.unfinished, "a bound needs no search"


def test_that_a_lag_is_honoured_and_shown_to_matter():
    late = toy([counter("first", lag=45)], 11_000)
    without = -(-11_000 // SERVED) - 100
    assert late.at_once.amount == without
    assert late.each[0].amount > 1.5 * without
    assert late.top_at_once.level.value >= late.top.level.value


def test_that_less_of_something_is_asked_as_more_is():
    def waiting(settings, member):
        one = evaluate(settings, member)
        return Lived(50_000 - one.value, beside={"left": 50_000 - one.value})

    found = toy([counter("first")], 38_000, more=False, evaluate=waiting)
    assert 100 + found.each[0].amount == -(-12_000 // SERVED)


def noisy(settings, member):
    """A made-up small case: two things that stand in for one another a little, and members that differ."""
    have = {"a": 0.0, "b": 0.0} | dict(settings)
    left = (1 + 0.05 * (member * 7 % 11 - 5)) * (10 + have["a"] + 4 * np.sqrt(have["b"]))
    return Lived(left, beside={"left": left, "cost": 3 * have["a"] + have["b"] + 0.001 * left})


def plain(name, most=60.0):
    return Lever(name, most, lambda x: ((name, x),))


def test_that_a_brute_force_grid_finds_the_same_least_lever_within_its_error():
    members, goal = 24, 40.0
    found = toy([plain("a")], goal, members=members, evaluate=noisy)
    shares = {x: np.mean([noisy((("a", x),), m).value >= goal for m in range(members)]) for x in range(61)}
    grid = min(x for x, share in shares.items() if share > 0.5)
    [need] = found.each
    assert need.amount == grid and need.low <= grid <= need.high


def test_that_a_brute_force_grid_finds_no_mix_that_is_cheaper():
    members, goal = 12, 45.0
    found = toy([plain("a"), plain("b")], goal, members=members, evaluate=noisy, cost="cost")

    def enough(a, b):
        held = sum(noisy((("a", a), ("b", b)), m).value >= goal for m in range(members))
        return held > members / 2

    cheapest = min(3 * a + b for a, b in itertools.product(range(61), repeat=2) if enough(a, b))
    point = found.mix.stand.point
    assert cheapest <= 3 * point["a"] + point["b"] <= cheapest * 1.05
    assert found.mix.saves.value < 0


def test_that_a_point_inside_is_found_where_the_top_is_too_much():
    def humped(settings, member):
        x = dict(settings).get("a", 0.0)
        return Lived(float(x * (60 - x)), beside={"left": float(x * (60 - x))})

    found = toy([plain("a")], 800, evaluate=humped)
    assert found.ends == "least" and found.each[0].amount == 20 and found.top.reached == 0


def test_that_the_interval_of_a_middle_covers_it_nine_times_in_ten():
    low, high = ranks(24, 0.5)
    inside = 0
    for seed in range(2_000):  # a hash, not luck: sorted points of a lattice that is shifted each time
        points = np.sort((np.arange(24) * 0.7548776662 + seed * 0.5698402910 + (seed * 37 % 101) / 101) % 1)
        inside += points[low - 1] <= 0.5 <= points[high - 1]
    assert inside / 2_000 >= 0.9
    assert ranks(3, 0.5) == (None, None)


def test_that_a_line_looks_no_nearer_than_it_must():
    asked = []

    def count(x):
        asked.append(x)
        return int(x >= 300)

    line = Line(count, lambda x: float(np.ceil(x)), lambda x: 1.0)
    line.scan(0, 1000, 4)
    assert line.least(1) == 300 and len(asked) <= 14 and line.rises


# --- the ceiling ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(3))
def test_that_no_run_passes_a_ceiling_and_those_beyond_are_counted(seed):
    network = d.Network(
        "doors",
        traits=[d.Trait("kind", ("a", "b"))],
        nodes=[
            d.Wait("outer", effort="outer", then="hall"),
            d.Stage("hall", d.exponential(5), then="way"),
            d.Decision("way", [d.to("outer", share=0.3, do=[d.new_round()]), d.to("inner")]),
            d.Wait("inner", effort="inner", cost=2, then=d.to("gone", do=[d.count("through")])),
            d.End("gone"),
        ],
        efforts=[d.Effort("outer", p("outer")), d.Effort("inner", p("inner"))],
        starts=[d.Start("outside", "outer", None, ()), d.Start("inside", "hall", None, ())],
        tallies=[d.Tally("through", ("kind",))],
    )
    people = {"start": ["outside", "inside"], "kind": ["a", "b"], "count": [3_000, 200]}
    program = compile_network(network)
    for have, named in (({"outer": 5.0, "inner": 90.0}, "outer"), ({"outer": 90.0, "inner": 7.0}, "inner")):
        bound = engine.bind(
            program,
            {k: Dated.always(v) for k, v in have.items()}.__getitem__,
            first=FIRST,
            days=DAYS,
            scale=1,
        )
        ledger = Run(bound, people, seed).finish()
        found = most(bound, people, ledger, Flow("through"))
        assert found.efforts == (named,)
        assert found.beyond == (200 if named == "outer" else 0)
        assert ledger.tally("through").sum() <= found.most
        only = most(bound, people, ledger, Flow("through", {"kind": "b"}))
        assert ledger.tally_where("through", {"kind": "b"}).sum() <= only.most <= found.most


def test_that_a_way_round_an_effort_leaves_no_ceiling():
    network = d.Network(
        "side door",
        traits=[d.Trait("kind", ("only",))],
        nodes=[
            d.Wait("front", effort="door", then=d.to("gone", do=[d.count("through")])),
            d.End("gone"),
        ],
        efforts=[d.Effort("door", p("door"))],
        starts=[d.Start("here", "front", None, ())],
        tallies=[d.Tally("through")],
        arrivals=[d.Arrive("side", p("side"), d.to("gone", do=[d.count("through")]))],
    )
    people = {"start": ["here"], "kind": ["only"], "count": [100]}
    values = {"door": Dated.always(2.0), "side": Dated.always(3.0)}
    bound = engine.bind(compile_network(network), values.__getitem__, first=FIRST, days=DAYS, scale=1)
    ledger = Run(bound, people, 1).finish()
    assert most(bound, people, ledger, Flow("through")) is None
