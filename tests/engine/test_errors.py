"""Every mistake in a declaration or its numbers is one clear line: what, where and the nearest name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from docketflow.core.errors import DeclarationError, EngineError
from docketflow.core.quantity import Dated, Table, p
from docketflow.engine import Run, bind, compile_network
from docketflow.engine.declare import vocabulary as d

from .clinic import FIRST

WARD = d.Stage("ward", d.exponential(9), then="desk")
DESK = d.Wait("desk", effort="minutes", then=[d.to("home", share=0.4), d.to("left")])
HOME, LEFT = d.Rest("home"), d.End("left")
DOOR = d.Gate("door", "beds", free="ward", full="desk")
COMES = d.Arrive("comes", 2, then="ward")
GOOD = d.Network(
    "good",
    traits=[d.Trait("need", ("low", "middle", "high")), d.Trait("town", ("north", "south"))],
    nodes=[DOOR, WARD, DESK, HOME, LEFT],
    spaces=[d.Space("beds", 10), d.Space("badges")],
    efforts=[d.Effort("minutes", 60)],
    clocks=[d.Clock("review", "reviews", d.fixed(30), then=d.to("desk", do=[d.new_round()]))],
    pools=[d.Pool("followed")],
    draws=[d.Draw("recall", "followed", then=d.to("desk", do=[d.new_episode()]), exposure=0.1)],
    arrivals=[COMES],
    starts=[d.Start("start", "ward")],
    tallies=[d.Tally("seen", ("need",))],
)
NOBODY: dict[str, list] = {"start": ["start"], "count": [0]}


def _desk(**change: Any) -> Callable[[], d.Network]:
    return lambda: replace(GOOD, nodes=[DOOR, WARD, replace(DESK, **change), HOME, LEFT])


def _then(*ways: d.To) -> Callable[[], d.Network]:
    return _desk(then=ways)


def _do(*acts: d.Op) -> Callable[[], d.Network]:
    return _then(d.to("left", do=acts))


def _with(**change: Any) -> Callable[[], d.Network]:
    return lambda: replace(GOOD, **change)


def _wide() -> d.Network:
    traits = [d.Trait(f"t{k}", tuple("abcdefghijklmnop")) for k in range(6)]
    whens = [{f"t{k}": "a" for k in range(6)}, {}]
    return replace(GOOD, traits=[*GOOD.traits, *traits], nodes=[
        DOOR, WARD, replace(DESK, then=[d.to("left", share=0.5, when=whens[0]), d.to("left")]), HOME, LEFT,
    ])  # fmt: skip


def _also(**more: Any) -> Callable[[], d.Network]:
    return lambda: replace(GOOD, **{kind: [*getattr(GOOD, kind), thing] for kind, thing in more.items()})


def _spend(**change: Any) -> Callable[[], d.Network]:
    return _also(nodes=replace(d.Spend("escort", "minutes", "home", "left"), **change))


def _minutes(**change: Any) -> Callable[[], d.Network]:
    return lambda: replace(GOOD, efforts=[replace(GOOD.efforts[0], **change)])


SURE = d.Floor("sure", 0.4)
AGAIN = [d.new_round()]
DECLARED = {
    "target": (_then(d.to("hone")), "unknown target 'hone' in desk/then; did you mean 'home'"),
    "target of a stage": (
        _also(nodes=d.Stage("x", d.fixed(2), "wart")),
        "unknown target 'wart' in x; .*'ward'",
    ),
    "trait of a rule": (
        _then(d.to("left", when={"needs": "low"})),
        "unknown trait 'needs' in desk/then; .*'need'",
    ),
    "value of a rule": (
        _then(d.to("left", when={"need": "hi"})),
        "value of trait 'need' 'hi' in desk/then; .*'high'",
    ),
    "trait put": (_do(d.put("tow", "north")), "unknown trait 'tow' in .*; did you mean 'town'"),
    "value put": (_do(d.put("town", "noth")), "unknown value of trait 'town' 'noth' in desk/then; .*'north'"),
    "space": (_do(d.release("bets")), "unknown space 'bets' in desk/then; did you mean 'beds'"),
    "space of a gate": (
        _also(nodes=d.Gate("g", "bed", "ward", "desk")),
        "unknown space 'bed' in g; .*'beds'",
    ),
    "space of a wait": (_desk(space="bads"), "unknown space 'bads' in desk; did you mean"),
    "effort": (_desk(effort="minuts"), "unknown effort 'minuts' in desk; did you mean 'minutes'"),
    "clock": (_do(d.start("reviews")), "unknown clock 'reviews' in desk/then; did you mean 'review'"),
    "lane": (_do(d.stop("review")), "unknown lane 'review' in desk/then; did you mean 'reviews'"),
    "pool": (_do(d.join("follow")), "unknown pool 'follow' in desk/then; did you mean 'followed'"),
    "tally": (_do(d.count("sen")), "unknown tally 'sen' in desk/then; did you mean 'seen'"),
    "stopwatch": (_do(d.mark("fourth")), "unknown stopwatch 'fourth' in desk/then; "),
    "order": (_desk(order="arrivals"), "unknown order 'arrivals' in desk; did you mean 'arrival'"),
    "pool of a draw": (
        _also(draws=d.Draw("x", "all", d.to("desk", do=AGAIN), exposure=1)),
        "unknown pool 'all' in x",
    ),
    "tally's trait": (_with(tallies=[d.Tally("seen", ("ned",))]), "unknown trait 'ned' in good; .*'need'"),
    "rate fed back": (
        _with(feedbacks=[d.Feedback("f", "come", "seen", sum)]),
        "unknown rate 'come' in f; .*'comes'",
    ),
    "start": (_with(starts=[d.Start("s", "wart")]), "unknown target 'wart' in s/then; did you mean 'ward'"),
    "place of a start": (
        _with(starts=[d.Start("s", "door")]),
        "start 's' is at 'door', which is no stage, wait or rest",
    ),
    "equilibrium of a wait": (
        _with(starts=[d.Start("s", "desk", "equilibrium")]),
        "'s' is in equilibrium at 'desk'",
    ),
    "place of an event": (
        _with(events=[d.On("e", FIRST, "desk", ("left",))]),
        "event 'e' is at 'left', which is no stage, wait or rest",
    ),
    "place of an attempt": (
        _with(attempts=[d.Attempt("a", 1, "door", d.to("desk", do=AGAIN))]),
        "attempt 'a' is at 'door', which is no",
    ),
    "loop": (
        _then(d.to("ward", share=0.5), d.to("left")),
        "the loop .*desk.* repeats its luck: add new_round",
    ),
    "loop by a clock": (
        _with(clocks=[d.Clock("review", "reviews", d.fixed(9), d.to(d.STAY, do=[d.start("review")]))]),
        "the loop .*clock review.* repeats its luck",
    ),
    "loop of forks": (
        _also(nodes=d.Decision("x", [d.to("x", share=0.5, do=AGAIN), d.to("left")])),
        "the loop x -> x takes no time",
    ),
    "draw without fresh luck": (
        _with(draws=[d.Draw("recall", "followed", "desk", exposure=0.1)]),
        "taken by 'recall' must begin with new_ep",
    ),
    "stay after a service": (_then(d.to(d.STAY)), "what follows 'desk' may not be STAY"),
    "stay of an arrival": (
        _with(arrivals=[replace(COMES, then=d.STAY)]),
        "what follows 'comes' may not be STAY",
    ),
    "capped take": (
        _do(d.take("beds")),
        "'desk/then' takes 'beds', which has a capacity: use a Gate, a Wait or a Draw",
    ),
    "gate without capacity": (
        _also(nodes=d.Gate("g", "badges", "ward", "desk")),
        "gate 'g' is on 'badges', which has no",
    ),
    "wait for nothing": (_desk(effort=None), "the wait 'desk' needs an effort, a space or both"),
    "draw for nothing": (
        _with(draws=[d.Draw("recall", "followed", d.to("desk", do=AGAIN))]),
        "draw 'recall' needs an exposure, an effort",
    ),
    "two nodes": (_also(nodes=d.Rest("home")), "the node 'home' is declared twice"),
    "two spaces": (_also(spaces=d.Space("beds", 3)), "the space 'beds' is declared twice"),
    "two traits": (_also(traits=d.Trait("need", ("a",))), "the trait 'need' is declared twice"),
    "two tallies": (_also(tallies=d.Tally("seen")), "the tally 'seen' is declared twice"),
    "one name for two things": (_also(starts=d.Start("home", "home")), "the name 'home' is used twice"),
    "no way on": (_then(), "'desk/then' has no way on"),
    "effort of a spend": (
        _spend(effort="minute"),
        "unknown effort 'minute' in escort; did you mean 'minutes'",
    ),
    "target of a spend": (_spend(short="wart"), "unknown target 'wart' in escort; did you mean 'ward'"),
    "a further effort": (
        _desk(also=[d.Need("minuts")]),
        "unknown effort 'minuts' in desk; did you mean 'minutes'",
    ),
    "an effort twice": (_desk(also=[d.Need("minutes")]), "'desk' needs 'minutes' twice: add the costs"),
    "only further efforts": (
        _desk(effort=None, space="beds", also=[d.Need("minutes")]),
        "'desk' needs 'minutes' also, but no effort first",
    ),
    "space of a draw": (
        _with(draws=[replace(GOOD.draws[0], space="bds")]),
        "unknown space 'bds' in recall; did you mean 'beds'",
    ),
    "order of an effort": (
        _minutes(order="class"),
        "unknown order 'class' in minutes; did you mean 'classes'",
    ),
    "two floors": (_minutes(floors=[SURE, SURE]), "the floor 'sure' is declared twice"),
    "floor of another line": (
        _minutes(floors=[replace(SURE, waits=("dusk",))]),
        "unknown wait that spends 'minutes' 'dusk' in sure; did you mean 'desk'",
    ),
    "floor of no class": (
        _minutes(floors=[replace(SURE, classes=(32,))]),
        "the floor 'sure' is for the class 32; allowed: 0 to 31",
    ),
    "feedback on a quota": (
        _with(
            efforts=[*GOOD.efforts, d.Quota("cap", 5)],
            feedbacks=[d.Feedback("f", "cap", "seen", lambda past: 1.0)],
        ),
        "unknown rate 'cap' in f",
    ),
    "too many lanes": (_with(pools=[d.Pool(f"p{k}") for k in range(15)], draws=[]), "at most 14"),
    "too many traits": (
        _with(traits=[d.Trait(f"t{k}", tuple("ab")) for k in range(129)]),
        "need 129 bits in words of 64; at most 128",
    ),
    "too many spaces": (
        _with(spaces=[*GOOD.spaces, *(d.Space(f"s{k}") for k in range(47))]),
        "49 spaces; at most 48",
    ),
    "too many arrivals": (
        _with(arrivals=[replace(COMES, name=f"c{k}") for k in range(64)]),
        "64 arrivals; at most 63",
    ),
}
NUMBERS = {
    "shares over one": (
        _then(d.to("home", share=0.7), d.to("left", share=0.6)),
        "shares of 'desk/then' add to 1.3.* any trait; allowed",
    ),
    "shares over one for some": (
        _then(d.to("home", share=Table.of("need", {"low": 0.2, "middle": 1.5, "high": 0.0})), d.to("left")),
        "shares of 'desk/then' add to 1.5.* for need 'middle'",
    ),
    "shares under one": (
        _then(d.to("home", share=0.7), d.to("left", share=0.1)),
        "shares of 'desk/then' add to 0.8",
    ),
    "two ways for the rest": (_then(d.to("home"), d.to("left")), "with 2 .*for the rest"),
    "negative share": (
        _then(d.to("home", share=-0.1), d.to("left")),
        "'desk/then' has a share that is negative",
    ),
    "share not a number": (
        _then(d.to("home", share=float("nan")), d.to("left")),
        "has a share that is not a number",
    ),
    "weights with shares": (_then(d.to("home", weight=1), d.to("left")), "mixes weights with shares"),
    "weights of zero": (
        _then(d.to("home", weight=0), d.to("left", weight=0)),
        "only weights of zero for any trait",
    ),
    "orphan cells": (
        _then(d.to("left", when={"need": ("low", "high")})),
        "'desk/then' has no way on for a person with need 'middle'",
    ),
    "too wide a table": (_wide, "'desk/then' depends on .* cells, at most 1000000"),
    "negative capacity": (
        _with(spaces=[d.Space("beds", -1), d.Space("badges")]),
        "'beds' is negative or not a number",
    ),
    "capacity by trait": (
        _with(efforts=[d.Effort("minutes", Table.of("town", {"north": 1, "south": 2}))]),
        "'minutes' needs one number a day",
    ),
    "negative inflow": (_with(arrivals=[replace(COMES, per_day=-2)]), "'comes' is negative"),
    "negative cost": (_desk(cost=-1), "'desk' has a value that is negative"),
    "negative further cost": (
        _with(
            efforts=[*GOOD.efforts, d.Quota("cap", 5)],
            nodes=[DOOR, WARD, replace(DESK, also=[d.Need("cap", -1)]), HOME, LEFT],
        ),
        "'desk' has a value that is negative",
    ),
    "negative limit": (_also(efforts=d.Quota("cap", -5)), "'cap' is negative or not a number on day 0"),
    "floors over one": (
        _minutes(floors=[SURE, d.Floor("more", 0.7)]),
        "the floors up to 'more' add to 1.1; allowed: up to 1",
    ),
    "too low a class": (_desk(priority=32), "'desk' has a priority of 32 or more"),
    "table without a value": (_desk(cost=Table.of("need", {"low": 1, "high": 2})), "no value for 'middle'"),
    "table by an unknown trait": (
        _desk(cost=Table.of("ned", {"low": 1})),
        "unknown trait 'ned' in good; .*'need'",
    ),
    "calendar": (
        _with(efforts=[d.Effort("minutes", 1, "federl")]),
        "unknown calendar 'federl' in minutes; .*'federal'",
    ),
    "calendar too short": (
        _with(efforts=[d.Effort("minutes", 1, "short")]),
        "the calendar 'short' ends before the run",
    ),
    "law": (
        _also(nodes=d.Stage("x", d.exponential(-3), "left")),
        "the exponential law of 'x' needs positive parameters",
    ),
    "law not a number": (
        _also(nodes=d.Stage("x", d.fixed(float("inf")), "left")),
        "the fixed law of 'x' has parameters",
    ),
    "never share": (_also(nodes=d.Stage("x", d.fixed(3, 1.5), "left")), "law of 'x' has .* never share 1.5"),
    "weight of a draw": (
        _with(draws=[replace(GOOD.draws[0], weight=1e-7)]),
        "'recall' has a weight of 1e-07; allowed",
    ),
    "heavy weight": (
        _with(draws=[replace(GOOD.draws[0], weight=1e9)]),
        r"'recall' has a weight of 1e\+09; allowed: up to",
    ),
    "free draw": (
        _with(draws=[replace(GOOD.draws[0], exposure=None, effort="minutes", cost=0)]),
        "'recall' has a cost of 0 and no",
    ),
    "endless time spent": (
        _with(starts=[d.Start("start", "ward", d.fixed(3, 0.2))]),
        "time spent at 'start' may not be endless",
    ),
    "time spent by trait": (
        _with(starts=[d.Start("start", "ward", d.fixed(Table.of("town", {"north": 1, "south": 2})))]),
        "time spent at 'start' may not depend on traits",
    ),
}
CALENDARS = {"federal": np.ones(30, dtype=bool), "short": np.ones(3, dtype=bool)}


def _one_line(error: pytest.ExceptionInfo) -> None:
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 250


def _begin(network: d.Network, cells: dict[str, list] = NOBODY, **run: Any) -> Any:
    settings = {"first": FIRST, "days": 30, "calendars": CALENDARS, **run}
    return Run(bind(compile_network(network), lambda _: Dated.always(1.0), **settings), cells, 1)


def test_that_the_good_declaration_is_good() -> None:
    assert _begin(GOOD).finish().days == 30


@pytest.mark.parametrize("name", DECLARED)
def test_that_a_mistake_in_a_declaration_is_one_clear_line(name: str) -> None:
    network, message = DECLARED[name]
    with pytest.raises(DeclarationError, match=message) as error:
        compile_network(network())
    _one_line(error)


@pytest.mark.parametrize("name", NUMBERS)
def test_that_a_mistake_in_the_numbers_is_one_clear_line(name: str) -> None:
    network, message = NUMBERS[name]
    with pytest.raises(DeclarationError, match=message) as error:
        _begin(network(), {"start": ["start"], "count": [1]})
    _one_line(error)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            {"start": ["stat"], "count": [1]},
            "unknown start 'stat' in the starting stock; did you mean 'start'",
        ),
        (
            {"start": ["start"], "town": ["nord"], "count": [1]},
            "value of trait 'town' 'nord' in the starting stock",
        ),
        (
            {"start": ["start", "start"], "count": [1, -4]},
            "cell 1 of the starting stock has a negative count",
        ),
    ],
)
def test_that_a_mistake_in_the_starting_stock_is_one_clear_line(cells: dict[str, list], message: str) -> None:
    with pytest.raises(DeclarationError, match=message) as error:
        _begin(GOOD, cells)
    _one_line(error)


@pytest.mark.parametrize("days", [0, 16385])
def test_that_a_run_without_days_or_with_too_many_is_refused(days: int) -> None:
    with pytest.raises(DeclarationError, match=f"a run lasts 1 to 16384 days, got {days}"):
        _begin(GOOD, days=days)


@pytest.mark.parametrize("scale", [0, Fraction(3, 2), -1])
def test_that_an_odd_scale_is_refused(scale: Fraction) -> None:
    with pytest.raises(DeclarationError, match=f"a scale is above 0 and at most 1, got {scale}"):
        _begin(GOOD, scale=scale)


@pytest.mark.parametrize("factor", [-1.0, float("nan"), float("inf")])
def test_that_a_feedback_gone_wrong_is_named(factor: float) -> None:
    network = replace(GOOD, feedbacks=[d.Feedback("follow", "comes", "seen", lambda past: factor)])
    with pytest.raises(EngineError, match="the feedback 'follow' gave the factor"):
        _begin(network, days=30, first=dt.date(2025, 1, 15)).finish()


def test_that_numbers_wrong_only_after_a_date_are_refused_before_the_run() -> None:
    late = Dated((1, FIRST.toordinal() + 20), (0.5, 1.7))
    network = replace(
        GOOD, nodes=[DOOR, WARD, replace(DESK, then=[d.to("home", share=p("x")), d.to("left")]), HOME, LEFT]
    )
    with pytest.raises(DeclarationError, match=r"add to 1\.7"):
        bind(compile_network(network), lambda _: late, first=FIRST, days=30)
