"""Where people stand on the first day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from docketflow.conductor import model
from docketflow.core.dates import working_days
from docketflow.core.quantity import Dated
from docketflow.core.vocabulary import labels
from docketflow.engine import Run, bind, compile_network
from docketflow.engine.declare.vocabulary import put
from docketflow.evidence import load
from docketflow.lifecycle import national
from docketflow.lifecycle.custody.first_day import ways as where_held
from docketflow.lifecycle.outcomes.courts import DETAINED_PENDING

FIRST = dt.date(2024, 10, 1)
_STARTS = [start.name for start in national().starts]


def _cells(**counts: int) -> pd.DataFrame:
    rows = [("none" if "_" not in k or k.split("_")[0] != "detained" else k.split("_")[1], k, n)
            for k, n in counts.items()]  # fmt: skip
    return pd.DataFrame({"agency": [a for a, _, _ in rows],
                         "posture": ["detained" if k.startswith("detained") else k for _, k, _ in rows],
                         "count": [n for _, _, n in rows]})  # fmt: skip


def _placed(cells: pd.DataFrame, **shares: float) -> dict[str, int]:
    paths = {name: name if name.startswith("charge") else f"start.{name}" for name in shares}
    given = {paths[name].replace("__", "."): Dated.always(share) for name, share in shares.items()}
    placed = _people(cells, given)
    kinds = placed["start"].where(placed["start"] != "start.merits", "start.merits." + placed["relief"])
    return kinds.value_counts().to_dict()


def _people(cells: pd.DataFrame, given: Mapping[str, Dated]) -> pd.DataFrame:
    """Return everybody as they are dealt out: the start and each trait by label."""
    known = dict.fromkeys(model.read_by_shares(), Dated.always(0.0)) | given
    starts, words = model.dealt(cells, known, FIRST).records(Fraction(1))
    fields = model.program().fields
    read = {name: np.array(lies.values)[lies.read(words)] for name, lies in fields.items()}
    return pd.DataFrame({"start": np.array(_STARTS)[starts], **read})


def _near(counts: dict[str, int]) -> object:
    return pytest.approx(counts, abs=2)  # people are spread evenly along the stock, not counted off


def test_that_pending_cases_are_split_into_inactive_set_for_merits_by_relief_and_the_rest() -> None:
    shares = {"pending__inactive_share": 0.2, "pending__set_for_merits_share": 0.35}
    assert _placed(_cells(proceedings=1000), **shares, pending__adjustment_share=0.2) == _near(
        {
            "start.inactive": 200,
            "start.merits.asylum": 280,
            "start.merits.adjustment": 70,
            "start.master": 450,
        }
    )
    shares = {"pending__inactive_share": 0.8, "pending__set_for_merits_share": 0.7}
    assert _placed(_cells(proceedings=1000), **shares) == _near(
        {"start.inactive": 800, "start.merits.asylum": 200}
    )


def test_that_what_is_not_filed_is_appeals_dormant_notices_and_the_rest() -> None:
    shares = {"unfiled__appeal_share": 0.1, "unfiled__dormant_share": 0.6}
    assert _placed(_cells(awaiting_filing=1000), **shares) == _near(
        {"start.appeal": 100, "start.dormant_notice": 600, "start.awaiting_filing": 300}
    )


def test_that_who_was_never_met_and_who_is_ordered_start_at_one_place() -> None:
    cells = _cells(never_encountered=5, final_order=7)
    assert _placed(cells) == {"start.never_encountered": 5, "start.ordered": 7}


def _held(order: str, agency: str = "cbp", criminal: str = "none", **shares: float) -> dict[str, int]:
    cells = pd.DataFrame(
        {"posture": ["detained"], "agency": [agency], "criminal": [criminal], "order": [order],
         "area": ["DAL"], "count": [1000]}
    )  # fmt: skip
    found = _placed(cells, **shares)
    assert all(name.endswith(f".{agency}.{criminal}") for name in found)
    return {name.split(".")[2]: count for name, count in found.items()}


def test_that_who_is_held_stands_where_the_order_on_file_leads() -> None:
    assert _held("expedited", custody__screening_share=0.5) == _near({"screening": 500, "expedited": 500})
    shares = {"custody__reasonable_fear_share": 0.1, "custody__withholding_only_share": 0.2}
    assert _held("reinstated", **shares) == _near(
        {"reasonable_fear": 100, "withholding_only": 200, "reinstated": 700}
    )
    assert _held("administrative") == {"administrative": 1000}
    assert _held("judge", "ice", "convicted") == {"ordered": 1000}
    fear = {"custody__credible_fear_share": 0.8, "custody__awaiting_parole_share": 0.5}
    assert _held("none", **fear, custody__awaiting_release_share=0.25) == _near(
        {"paroled": 400, "kept_after_fear": 400, "let_go": 50, "after_hearing": 150}
    )


def test_that_a_listed_crime_holds_a_part_of_those_who_are_not_held_after_a_fear() -> None:
    found = _held("none", "cbp", "convicted", custody__credible_fear_share=0.5, charge__crime_share=0.5)
    assert found == _near({"kept_after_fear": 500, "after_hearing_for_crime": 250, "after_hearing": 250})


def test_that_who_asks_for_asylum_on_the_merits_has_counsel_and_no_other_of_the_start() -> None:
    shares = {"start.pending.set_for_merits_share": 1.0, "start.pending.adjustment_share": 0.5}
    placed = _people(_cells(proceedings=100), {path: Dated.always(one) for path, one in shares.items()})
    assert dict(zip(placed["relief"], placed["counsel"], strict=True)) == {
        "asylum": "yes", "adjustment": "no"
    }  # fmt: skip


def test_that_nobody_knows_yet_whose_order_of_the_first_day_is_barred() -> None:
    ordered = next(one for one in national().starts if one.name == "start.ordered")
    assert put("bar", "unsettled") in ordered.do


def test_that_who_is_held_on_the_first_day_is_in_the_circuit_of_the_place() -> None:
    cells = pd.DataFrame(
        {"posture": ["detained", "detained", "final_order"], "agency": ["ice"] * 3,
         "criminal": ["none"] * 3, "order": ["judge"] * 3, "area": ["DAL", "NYC", "NYC"],
         "count": [10] * 3}
    )  # fmt: skip
    assert sorted(_people(cells, {})["circuit"].unique()) == ["2nd", "5th", "none"]


def test_that_many_small_cells_are_split_at_the_share_of_their_sum() -> None:
    many = pd.concat([_cells(proceedings=1)] * 1000, ignore_index=True)
    found = _placed(many, pending__inactive_share=0.2, pending__set_for_merits_share=0.35)
    expected = {"start.inactive": 200, "start.merits.asylum": 350, "start.master": 450}
    assert set(found) == set(expected)
    assert all(abs(found[name] - count) <= 2 for name, count in expected.items())


def _opened(people: int = 10, **changed: float):
    """Return the books of the whole system over two days: some people a start, no arrival, no arrest."""
    numbers = load().central() | {k.replace("__", "."): Dated.always(v) for k, v in changed.items()}
    still = [path for path in numbers if path.startswith(("border.", "arrest.")) and "_per_day" in path]
    still += ["arrest.at_large.officers", "arrest.at_large.borrowed_officers"]
    numbers |= dict.fromkeys(still, Dated.always(0.0))
    bound = bind(
        compile_network(national()), numbers.__getitem__, first=FIRST, days=2,
        calendars={"federal": working_days(FIRST, 2)}, strict=False,
    )  # fmt: skip
    return Run(bound, {"start": _STARTS, "count": [people] * len(_STARTS)}, 3).finish()


@pytest.fixture(scope="module")
def opened():
    return _opened()


def test_that_people_start_where_their_file_says(opened) -> None:
    places = ("nothing_on_file", "awaiting_filing", "dormant_notice", "master", "merits", "continued",
              "children.with_hhs", "inactive", "appeal", "ordered_not_detained")  # fmt: skip
    assert {place: opened.opening[place] for place in places} == dict.fromkeys(places, 10)
    assert opened.opening["alternatives"] == opened.opening["children.in_care"] == 10
    assert opened.opening["travel_document"] == 40 * 6  # four files, by arrest and class


def test_that_who_is_held_on_the_first_day_has_a_bed_and_is_counted_under_arrest_statute_and_file(
    opened,
) -> None:
    held = opened.opening["detention.beds"]
    assert held == 10 * sum(name.startswith("start.detained.") for name in _STARTS)
    whole = {
        "arrest": [f"detained.{by}_arrest.{label}" for by in ("ice", "cbp") for label in labels("criminal")],
        "statute": [f"detained.{label}" for label in labels("authority") if label.startswith("ina")],
        "file": ["detained.expedited", "detained.notice_to_appear", "detained.reinstated", "detained.other"],
    }
    for name, spaces in whole.items():
        assert sum(opened.opening[space] for space in spaces) == held, name
    assert opened.opening["detention.overflow"] == opened.opening["detention.hold_rooms"] == 0
    # after a fear or in expedited removal; without and with a listed crime; after an order
    places = {"235b1": 3, "235b2": 0, "236a": 4, "236c": 2, "241a": 6}
    assert {name: opened.opening[f"detained.ina_{name}"] for name in places} == {
        name: 60 * count for name, count in places.items()
    }


def test_that_who_is_held_on_the_first_day_comes_to_a_long_stay_like_everybody_else(opened) -> None:
    assert opened.held["detained.over_180_days"].tolist() == [0, 0]
    at_once = _opened(custody__long_stay_days=1.0)
    assert at_once.held["detained.over_180_days"][1] == at_once.held["detention.beds"][1] > 0


def test_that_a_stay_or_a_wait_begun_before_the_first_day_counts_from_its_beginning() -> None:
    waits = []
    for longest in (0.0, 1000.0):
        books = _opened(1000, start__pending__longest_wait_days=longest, court__judges=1e5)
        free, ended = {"custody": "no"}, ("decision", "relief", "dismissed")
        heard = sum(books.tally_where(tally, free).sum() for tally in ended)
        waits.append(books.tally_where("decision_days", free).sum() / heard)
    assert waits[0] < 3
    assert 300 < waits[1] < 700  # half of the longest, who begin evenly between none and that
    assert books.tally("stay_days").sum() / books.tally("book_out").sum() > 10


def test_that_some_children_who_came_of_late_without_a_case_are_in_care() -> None:
    cells = pd.DataFrame(
        {"posture": ["awaiting_filing"] * 3, "family": ["unaccompanied_child"] * 2 + ["family_unit"],
         "years": ["under_2", "over_10", "under_2"], "agency": ["cbp"] * 3, "count": [100] * 3}
    )  # fmt: skip
    found = _placed(cells, children__in_care_share=0.2)
    assert found == {"start.child_in_care": 20, "start.awaiting_filing": 280}


def test_that_everybody_held_without_an_order_on_the_first_day_is_a_case_pending_in_custody() -> None:
    at = {start.name: start.at for start in national().starts}
    for agency in ("ice", "cbp"):
        for name, _ in where_held(agency, "none", "none"):
            assert at[name] in DETAINED_PENDING, name
