"""Laws of what numbers rest on: nothing outside a number's ground moves it, and no ground is all there is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields, replace

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docketflow.core.errors import DeclarationError
from docketflow.core.grounds import Grounds
from docketflow.core.quantity import Dated, Table, Value, p
from docketflow.engine import Run, bind, compile_network
from docketflow.engine.declare import measure as m
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.grounds import grounds_of, key, read_off, supplied, used
from docketflow.engine.run.ledger import Ledger

from .networks import Case, cases


def lines_of(network: d.Network, nodes: list[d.Node]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return what each line of the books is read off."""
    named = {node.name: key(node) for node in nodes}
    of: dict[tuple[str, str], tuple[str, ...]] = {}
    for name, one in named.items():
        of |= {(part, name): (one,) for part in ("stock", "served", "waited", "booked", "lacked")}
    for space in network.spaces:
        of["capacity", space.name] = supplied(space)
        of |= {(part, space.name): used(space) for part in ("held", "refused", "full")}
    for effort in network.efforts:
        of["supply", effort.name] = supplied(effort)
        of |= {(part, effort.name): used(effort) for part in ("spent", "exhausted")}
    of |= {("taken", draw.name): (key(draw),) for draw in network.draws}
    of |= {("missed", attempt.name): (key(attempt),) for attempt in network.attempts}
    of |= {("arrived", arrival.name): (key(arrival),) for arrival in network.arrivals}
    of |= {("tallies", tally.name): (key(tally),) for tally in network.tallies}
    return of


def books(ledger: Ledger) -> dict[tuple[str, str], list]:
    lines = {}
    for part in fields(ledger):
        value = getattr(ledger, part.name)
        if isinstance(value, Mapping):
            lines |= {(part.name, name): np.asarray(v).tolist() for name, v in value.items()
                      if isinstance(v, np.ndarray)}  # fmt: skip
    return lines


def moved(value: Dated, how: str) -> Dated:
    """Return a value that is another: half of it, or the same on other days."""
    if how == "later":
        return Dated(tuple(start + 9 for start in value.starts), value.values)

    def half(one: Value) -> Value:
        return Table(one.axes, one.data / 2) if isinstance(one, Table) else one / 2

    return Dated(value.starts, tuple(half(one) for one in value.values))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=cases(), data=st.data())
def test_that_a_parameter_outside_the_ground_of_a_line_of_the_books_changes_nothing_of_it(
    case: Case, data: st.DataObject
) -> None:
    if not case.known:
        return
    bound = case.bind()
    of = lines_of(case.network, bound.program.nodes)
    grounds = grounds_of(bound.program, {str(line): read for line, read in of.items()})
    before = books(Run(bound, case.cells, case.seed).finish())
    chosen = data.draw(st.lists(st.sampled_from(sorted(case.known)), min_size=1, max_size=3, unique=True))
    how = data.draw(st.sampled_from(["half", "later"]))
    for path in chosen:
        other = replace(case, known={**case.known, path: moved(case.known[path], how)})
        try:
            after = books(Run(other.bind(), case.cells, case.seed).finish())
        except DeclarationError:
            continue  # half of it is no number for what it is
        for line, values in before.items():
            if line in of and after[line] != values:
                assert path in grounds.of(str(line)), (line, path, how)


# --- what rests on what, by hand -----------------------------------------------------------------------
MARK = d.put("kind", "marked")
HALVES = d.Network(
    "two halves",
    traits=[d.Trait("kind", ("plain", "marked"))],
    nodes=[
        d.Stage("left", d.fixed(p("left.days")), "left line"),
        d.Wait("left line", d.to("left end", do=[d.count("left done")]), "left hands", p("left.cost")),
        d.End("left end"),
        d.Stage("right", d.fixed(p("right.days")), "right fork"),
        d.Decision("right fork", [d.to("right end", share=p("right.share"), do=[d.count("right done")]),
                                  d.to("right", do=[d.new_round()])]),
        d.End("right end"),
    ],
    spaces=[d.Space("rooms", p("rooms"))],
    efforts=[d.Effort("left hands", p("left.hands") * p("left.minutes"))],
    pools=[d.Pool("beside")],
    clocks=[d.Clock("left clock", "lane", d.fixed(p("left.clock")), d.to(d.STAY, do=[MARK]))],
    arrivals=[
        d.Arrive("left in", p("left.per_day"), d.to("left", do=[d.start("left clock")])),
        d.Arrive("right in", p("right.per_day"), "right"),
    ],
    tallies=[d.Tally("left done"), d.Tally("right done")],
)  # fmt: skip
LEFT = {"left.days", "left.cost", "left.hands", "left.minutes", "left.clock", "left.per_day"}
RIGHT = {"right.days", "right.share", "right.per_day"}


def back(network: d.Network, **measures: m.Measure) -> Grounds:
    program = compile_network(network)
    numbers = {name: read_off(program, measure) for name, measure in measures.items()}
    for effort in network.efforts:
        numbers |= {f"{effort.name}/supply": supplied(effort), f"{effort.name}/used": used(effort)}
    return grounds_of(program, numbers)


def test_that_parts_that_share_nothing_do_not_rest_on_each_other() -> None:
    grounds = back(HALVES, left=m.Flow("left done"), right=m.Flow("right done"), line=m.Level(("left line",)))
    assert grounds.of("left") == LEFT
    assert grounds.of("line") == LEFT
    assert grounds.of("right") == RIGHT
    assert grounds.of("left hands/supply") == {"left.hands", "left.minutes"}
    assert grounds.of("left hands/used") == LEFT


def test_that_parts_that_share_an_effort_rest_on_each_other_but_its_supply_on_neither() -> None:
    nodes = [node for node in HALVES.nodes if node.name != "right"]
    nodes.append(d.Wait("right", "right fork", effort="left hands", cost=p("right.days")))
    grounds = back(replace(HALVES, nodes=nodes), left=m.Flow("left done"), right=m.Flow("right done"))
    assert grounds.of("left") == grounds.of("right") == LEFT | RIGHT
    assert grounds.of("left hands/supply") == {"left.hands", "left.minutes"}


def test_that_a_feedback_leads_on_to_what_it_reads() -> None:
    fed = replace(HALVES, feedbacks=[d.Feedback("pace", "right in", "left done", lambda past: 1.0)])
    grounds = back(fed, left=m.Flow("left done"), right=m.Flow("right done"))
    assert grounds.of("right") == LEFT | RIGHT
    assert grounds.of("left") == LEFT
    hands = replace(HALVES, feedbacks=[d.Feedback("pace", "left hands", "right done", lambda past: 1.0)])
    assert back(hands).of("left hands/supply") == {"left.hands", "left.minutes", *RIGHT}


def test_that_a_stopped_clock_touches_nobody_further_on() -> None:
    stopped = d.Stage("left", d.fixed(p("left.days")), d.to("left line", do=[d.stop("lane")]))
    nodes = [stopped if node.name == "left" else node for node in HALVES.nodes]
    free = back(HALVES, line=m.Level(("left line",))).elements["wait:left line"]
    assert "clock:left clock" in free.beside
    grounds = back(replace(HALVES, nodes=nodes), line=m.Level(("left line",)))
    assert "clock:left clock" not in grounds.elements["wait:left line"].beside


def test_that_prices_stand_first_and_only_where_they_price() -> None:
    done = m.Flow("left done")
    costs = m.Priced(((done, p("price")), (m.Flow("right done"), p("other price"))))
    grounds = back(HALVES, done=done, cost=costs, trips=m.Scaled(done, 1 / p("seats a trip")))
    first = next(grounds.steps("cost"))
    assert (first.away, first.element, set(first.parameters)) == (1, None, {"price", "other price"})
    assert grounds.of("cost") == LEFT | RIGHT | {"price", "other price"}
    assert grounds.of("trips") == LEFT | {"seats a trip"}
    assert grounds.of("done") == LEFT


def test_that_what_feeds_a_number_directly_comes_before_what_lies_further_back() -> None:
    steps = list(back(HALVES, left=m.Flow("left done")).steps("left"))
    assert [step.away for step in steps] == sorted(step.away for step in steps)
    near = {path for step in steps if step.away == 1 for path in step.parameters}
    assert near == {"left.cost"}  # who is served; what hands them on and what serves them lie behind
    next_ = {path for step in steps if step.away == 2 for path in step.parameters}
    assert next_ == {"left.days", "left.hands", "left.minutes", "left.clock"}


def test_that_the_date_of_a_weight_elsewhere_does_not_make_a_draw_look_again() -> None:
    """Who could not be taken is looked for again when a weight of that draw changes, not any number."""
    first = dt.date(2025, 1, 2)
    weight = Table({"kind": ("plain", "marked")}, np.array([0.0, 1.0]))
    network = d.Network(
        "one pool",
        traits=[d.Trait("kind", ("plain", "marked"))],
        nodes=[d.Rest("in"), d.End("out"), d.Stage("other", d.fixed(p("other.days")), "out")],
        pools=[d.Pool("beside")],
        clocks=[d.Clock("turns", "lane", d.fixed(5), d.to(d.STAY, do=[d.put("kind", "marked")]))],
        draws=[d.Draw("draw", "beside", d.to("out", do=[d.new_round()]), weight=weight, exposure=2.0)],
        starts=[d.Start("start", "in", do=(d.join("beside"), d.start("turns")))],
    )
    program = compile_network(network)

    def taken(days: Dated) -> list[int]:
        bound = bind(program, {"other.days": days}.__getitem__, first=first, days=40)
        return Run(bound, {"start": ["start"], "count": [50]}, 3).finish().taken["draw"].tolist()

    changing = Dated((1, first.toordinal() + 12), (3.0, 4.0))
    assert "other.days" not in grounds_of(program, {"taken": ("draw:draw",)}).of("taken")
    assert taken(changing) == taken(Dated.always(3.0))
    assert sum(taken(changing)) > 0
