"""Histories of synthetic people are those of the very run, join up, and say on every line what they are."""

from __future__ import annotations

import csv
import io
import itertools
import re
from fractions import Fraction

import pytest
from hypothesis import given

from docketflow.core.errors import UsageError
from docketflow.engine.histories import Trace
from docketflow.engine.starting import Stock
from docketflow.engine.trace import check_size, follow

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
    assert not differences(bound.begin(case.cells, case.seed).finish(), seen.books)


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


def test_that_a_trait_left_out_is_nowhere_nor_is_a_share_that_depends_on_it() -> None:
    trace = follow(clinic.bind(), clinic.cells(), 1, people=30, hide=["need"])
    text = trace.text()
    assert "Left out, with every share that depends on it: need." in text
    for line in text.splitlines()[4:]:
        assert not re.search(r"\bneed\b|in class|\d+ of minutes, for \d+ of minutes", line)
    door = [one for row in trace.rows for one in row["decided"] if one.startswith("triage/then")]
    assert door and all(one.endswith("by a trait left out here") for one in door)
    visits = [row["why"] for row in trace.rows if row["why"].startswith("served")]
    assert visits and all(why.endswith("for some of minutes") for why in visits)


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
