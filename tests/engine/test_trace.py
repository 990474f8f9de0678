"""Histories of synthetic people are those of the very run, join up, and say on every line what they are."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from fractions import Fraction

import pytest
from hypothesis import given

from docketflow.core.errors import UsageError
from docketflow.core.quantity import Dated
from docketflow.engine import Run, bind, compile_network
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.inspect.histories import FORMS, Trace
from docketflow.engine.inspect.trace import check_size, follow
from docketflow.engine.run.stock import Stock

from . import clinic
from .networks import Case, cases, differences
from .test_twin import examples


@pytest.fixture(scope="module")
def everybody() -> Trace:
    """Return the histories of everyone in the clinic who comes or moves at all."""
    return follow(clinic.bind(), clinic.cells(), 1, people=10**6)


def of_person(trace: Trace, number: int) -> list[dict]:
    return [row for row in trace.rows if row["person"] == number]


@examples
@given(cases())
def test_that_following_people_changes_nothing(case: Case) -> None:
    bound = case.bind()
    seen = follow(bound, case.cells, case.seed, people=3)
    assert not differences(Run(bound, case.cells, case.seed).finish(), seen.books)


def test_that_histories_of_all_add_up_to_the_books(everybody: Trace) -> None:
    books = everybody.books
    assert everybody.people == everybody.records == len({row["person"] for row in everybody.rows})
    served = [row for row in everybody.rows if row["waited"] is not None]
    assert len(served) == books.served["line"].sum()
    assert sum(row["waited"] for row in served) == books.waited["line"].sum()
    for tally in ("admitted", "leaving", "recalled"):
        counted = sum(row["counted"].count(tally) for row in everybody.rows)
        assert counted == books.tally(tally).sum() > 0
    taken, given_back = (
        sum(f"{what} beds" in row["spaces"] for row in everybody.rows) for what in ("takes", "gives back")
    )
    assert taken - given_back == books.held["beds"][-1]


def test_that_a_history_joins_up(everybody: Trace) -> None:
    for number in range(1, 400):
        rows = of_person(everybody, number)
        assert [row["date"] for row in rows] == sorted(row["date"] for row in rows)
        assert all(a["to"] == b["from"] for a, b in itertools.pairwise(rows))
        traits = dict(said.split(" ") for said in rows[0]["traits"])
        for said in (said for row in rows[1:] for said in row["traits"]):
            trait, before, _, after = said.split(" ")
            assert traits[trait] == before != after
            traits[trait] = after


def test_that_a_stay_ends_on_the_day_it_was_said_to_end(everybody: Trace) -> None:
    met = 0
    for a, b in itertools.pairwise(everybody.rows):
        if a["person"] == b["person"] and a["next"].startswith("stays to") and b["why"].startswith("stay at"):
            assert a["next"] == f"stays to {b['date']}"
            met += 1
    assert met > 1000


def test_that_luck_falls_inside_the_share_of_the_way_taken(everybody: Trace) -> None:
    said = [one for row in everybody.rows for one in row["decided"] if "luck" in one]
    assert len(said) > 1000
    for one in said:
        share, low, high, luck = map(float, re.findall(r"\d\.\d{4}", one))
        assert high - low == pytest.approx(share, abs=2e-4)
        assert low - 1e-4 <= luck <= high + 1e-4


def test_that_every_line_says_synthetic_in_every_form() -> None:
    trace = follow(clinic.bind(), clinic.cells(), 1, people=4)
    assert all(line.startswith("synthetic |") for line in trace.text().splitlines())
    assert "nobody" in trace.text().splitlines()[1]
    rows = list(csv.DictReader(io.StringIO(trace.csv())))
    assert len(rows) == len(trace.rows) and {row["mark"] for row in rows} == {"synthetic: nobody"}
    told = trace.to_json()
    assert told["synthetic"] is True and {row["mark"] for row in told["moves"]} == {"synthetic"}
    assert trace.written(".csv") == trace.csv() and trace.written(".txt") == trace.text()
    lines = trace.written(".json").splitlines()
    assert len(lines) == 1 + len(trace.rows) and all("synthetic" in line for line in lines)
    assert json.loads(trace.written(".json")) == told
    assert [json.loads(line.rstrip("]},") + "}")["mark"] for line in lines[1:]] == ["synthetic"] * len(
        trace.rows
    )


def test_that_a_trait_left_out_is_nowhere_nor_is_a_share_that_depends_on_it() -> None:
    trace = follow(clinic.bind(), clinic.cells(), 1, people=30, hide=["need"])
    text = trace.text()
    assert "Left out, with every share that reads or sets it: need." in text
    for line in text.splitlines()[4:]:
        assert not re.search(r"\bneed\b|in class|\d+ of minutes, for \d+ of minutes", line)
    door = [one for row in trace.rows for one in row["decided"] if one.startswith("triage/then")]
    assert door and all(one.endswith("by a trait left out here") for one in door)
    visits = [row["why"] for row in trace.rows if row["why"].startswith("served")]
    assert visits and all(why.endswith("for some of minutes") for why in visits)


LEFT, RIGHT = d.put("side", "left"), d.put("side", "right")
SETTING = ("by weight", "apart", "forced", "room", "stepped/then")
"""Forks that set a side: on the way itself, or on a way that has no choice; one of them is a gate."""


def sided() -> d.Network:
    """Return a network in which a side is set in every way there is, and a hand by what is not left out."""
    return d.Network(
        "sided",
        traits=[d.Trait("side", ("none", "left", "right")), d.Trait("hand", ("none", "open", "closed"))],
        nodes=[
            d.Decision(
                "hand", [d.to("by weight", weight=1, do=[d.put("hand", hand)]) for hand in ("open", "closed")]
            ),
            d.Decision(
                "by weight", [d.to("stepped", weight=3, do=[LEFT]), d.to("stepped", weight=1, do=[RIGHT])]
            ),
            d.Stage(
                "stepped", d.fixed(1),
                then=[d.to("apart", share=0.4, do=[d.step("side", 1)]), d.to("apart")],
            ),
            d.Decision("apart", [d.to("forced", share=0.3, do=[LEFT]), d.to("room")]),
            d.Decision("forced", [d.to("to the left", share=0.2), d.to("to the right")]),
            d.Decision("to the left", [d.to("here", do=[LEFT])]),
            d.Decision("to the right", [d.to("here", do=[RIGHT])]),
            d.Gate("room", "beds", free=d.to("here", do=[LEFT]), full="here"),
            d.Stage("here", d.fixed(2), d.to("gone")),
            d.End("gone"),
        ],
        spaces=[d.Space("beds", 3)],
        starts=[d.Start("start", "stepped")],
        arrivals=[d.Arrive("comes", 5, "hand")],
    )  # fmt: skip


def told_at(trace: Trace, fork: str) -> set[str]:
    said = (one for row in trace.rows for one in row["decided"])
    return {one.removeprefix(f"{fork}: ") for one in said if one.startswith(f"{fork}: ")}


def test_that_a_fork_that_sets_a_trait_left_out_tells_no_share_no_luck_and_no_way_that_tells_it() -> None:
    bound = bind(compile_network(sided()), lambda _: Dated.always(0.0), first=clinic.FIRST, days=30)
    cells = {"start": ["start"], "count": [20]}
    seen = follow(bound, cells, 1, people=10**6)
    hidden = follow(bound, cells, 1, people=10**6, hide=["side"])
    for fork in SETTING:
        assert len(told_at(seen, fork)) > 1
        assert all("share" in one for one in told_at(seen, fork)) == (fork != "room")
    assert told_at(hidden, "by weight") == {"stepped, sets a trait left out here"}
    assert told_at(hidden, "stepped/then") == {"apart, sets a trait left out here"}
    for fork in ("apart", "forced", "room"):
        assert told_at(hidden, fork) == {"sets a trait left out here"}
    assert told_at(hidden, "hand") == told_at(seen, "hand")  # what follows either hand is the same
    for form in FORMS:
        assert not re.search(r"\b(left|right)\b(?! out)", hidden.written(form).replace("left_out", ""))
    assert not differences(seen.books, hidden.books)


def test_that_the_people_followed_move_and_stand_evenly_in_order_of_identity(everybody: Trace) -> None:
    trace = follow(clinic.bind(), clinic.cells(), 1, people=5)
    assert trace.moves == 3 and trace.people == 5 < trace.among < trace.records
    for number in range(1, 6):
        assert len(of_person(trace, number)) > 3
    assert trace.rows == follow(clinic.bind(), clinic.cells(), 1, people=5).rows
    assert everybody.moves == 0 and "at least 0 moves" in everybody.text()


def test_that_a_run_too_large_is_refused_with_the_nearest_scale() -> None:
    bound, stock = clinic.bind(), Stock.of(clinic.bind().program, clinic.cells())
    with pytest.raises(
        UsageError, match=r"at most 600 records, and the scale 1 has 2,\d+; .* is 1/(\d)$"
    ) as said:
        check_size(bound, stock, 600)
    one_in = int(str(said.value)[-1])
    check_size(clinic.bind(scale=Fraction(1, one_in)), stock, 600)
    with pytest.raises(UsageError):
        check_size(clinic.bind(scale=Fraction(1, one_in - 1)), stock, 600)
    with pytest.raises(UsageError, match="at least 1 person, not 0"):
        follow(bound, stock, 1, people=0)
