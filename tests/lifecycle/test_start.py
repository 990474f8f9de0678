"""Where people stand on the first day, and the rest of a stay begun earlier."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from docketflow.core.dates import working_days
from docketflow.core.quantity import Dated
from docketflow.engine import Run, bind, compile_network
from docketflow.engine.declare.vocabulary import mark, take
from docketflow.evidence import load
from docketflow.lifecycle import national, place

from .slice import Way, goes, live, name_of

_HELD = {"custody": "yes", "detention": "yes"}
_SHARE = "start.custody."
_ALL = [
    f"{_SHARE}{why}_share" for why in ("removed", "paroled", "recognizance", "bond", "supervision", "relief")
]


def _out(why: str) -> dict[str, dict[str, str]]:
    return {"book_out": {"exit": why}, "stay_days": {}}


def _free(why: str, **also: str) -> dict[str, str]:
    return {"custody": "no", "exit": why, **also}


_EARLIER = "removal_under_earlier_order"
WAYS = [
    # the rest of a stay ends as stays ended before: removed, let go for one of five reasons, or other
    Way("held_before_ends", _HELD, _ALL, _EARLIER),
    Way("held_before_ends", _HELD, _ALL[1:], "released_from_custody", _free("parole"), _out("parole")),
    Way("held_before_ends", _HELD, _ALL[2:], "released_from_custody", _free("recognizance"),
        _out("recognizance")),
    Way("held_before_ends", _HELD, _ALL[3:], "released_from_custody", _free("bond"), _out("bond")),
    Way("held_before_ends", _HELD, _ALL[4:], "released_from_custody",
        _free("supervision", docket="ordered", order="judge"), _out("supervision")),
    Way("held_before_ends", {**_HELD, "docket": "pending"}, _ALL[5:], "nothing_on_file",
        _free("relief_or_terminated", docket="none"), _out("relief_or_terminated"), pool=True),
    Way("held_before_ends", _HELD, [], "in_other_custody", _free("other"), _out("other")),
    # who is removed without an order on file was ordered: by a judge after an ICE arrest, else expedited
    *(Way(_EARLIER, {**_HELD, "order": order, "agency": "ice"}, [], "removal_arranged")
      for order in ("expedited", "reinstated", "administrative", "judge", "stipulated", "in_absentia")),
    *(Way(_EARLIER, {**_HELD, "order": order, "agency": agency}, [], "removal_arranged", {"order": given})
      for order in ("none", "voluntary_departure")
      for agency, given in (("ice", "judge"), ("cbp", "expedited"), ("none", "expedited"))),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=name_of)
def test_that_the_rest_of_a_stay_ends_as_stays_ended(way: Way) -> None:
    goes(way)


def test_that_who_was_held_on_the_first_day_gives_everything_back() -> None:
    held = ("detention.beds", "detained.ice_arrest", "detained.over_180_days")
    for shares in ([], *([share] for share in _ALL[1:])):
        lived = live(at="held_before_ends", who=_HELD, numbers=dict.fromkeys(shares, 1.0),
                     do=[*map(take, held), mark("first")])  # fmt: skip
        assert [lived.held(space)[-1] for space in held] == [0, 0, 0]


FIRST = dt.date(2024, 10, 1)


def _cells(**counts: int) -> pd.DataFrame:
    rows = [("none" if "_" not in k or k.split("_")[0] != "detained" else k.split("_")[1], k, n)
            for k, n in counts.items()]  # fmt: skip
    return pd.DataFrame({"agency": [a for a, _, _ in rows],
                         "posture": ["detained" if k.startswith("detained") else k for _, k, _ in rows],
                         "count": [n for _, _, n in rows]})  # fmt: skip


def _placed(cells: pd.DataFrame, **shares: float) -> dict[str, int]:
    given = {f"start.{name.replace('__', '.')}": Dated.always(share) for name, share in shares.items()}

    def resolve(path: str) -> Dated:
        return given.get(path, Dated.always(0.0))

    placed = place(cells, resolve, FIRST)
    return {str(name): int(count) for name, count in placed.groupby("start")["count"].sum().items()}


def test_that_pending_cases_are_split_into_inactive_set_for_merits_by_relief_and_the_rest() -> None:
    shares = {"pending__inactive_share": 0.2, "pending__set_for_merits_share": 0.35}
    assert _placed(_cells(proceedings=1000), **shares, pending__adjustment_share=0.2) == {
        "start.inactive": 200,
        "start.merits.asylum": 280,
        "start.merits.adjustment": 70,
        "start.master": 450,
    }
    shares = {"pending__inactive_share": 0.8, "pending__set_for_merits_share": 0.7}
    assert _placed(_cells(proceedings=1000), **shares) == {"start.inactive": 800, "start.merits.asylum": 200}


def test_that_what_is_not_filed_is_appeals_dormant_notices_and_the_rest() -> None:
    shares = {"unfiled__appeal_share": 0.1, "unfiled__dormant_share": 0.6}
    assert _placed(_cells(awaiting_filing=1000), **shares) == {
        "start.appeal": 100,
        "start.dormant_notice": 600,
        "start.awaiting_filing": 300,
    }


def test_that_every_other_posture_is_one_place() -> None:
    cells = _cells(never_encountered=5, final_order=7, detained_ice=8, detained_cbp=9, detained_none=10)
    assert _placed(cells) == {
        "start.never_encountered": 5,
        "start.ordered": 7,
        "start.detained_after_ice_arrest": 8,
        "start.detained_after_cbp_arrest": 19,
    }


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
    starts = [start.name for start in national().starts]
    bound = bind(
        compile_network(national()), numbers.__getitem__, first=FIRST, days=2,
        calendars={"federal": working_days(FIRST, 2)}, strict=False,
    )  # fmt: skip
    return Run(bound, {"start": starts, "count": [people] * len(starts)}, 3).finish()


@pytest.fixture(scope="module")
def opened():
    return _opened()


def test_that_people_start_where_their_file_says(opened) -> None:
    places = ("nothing_on_file", "awaiting_filing", "dormant_notice", "master", "inactive", "appeal",
              "ordered_not_detained")  # fmt: skip
    assert {place: opened.opening[place] for place in places} == dict.fromkeys(places, 10)
    assert opened.opening["merits"] == 40  # by what is asked for
    assert opened.opening["held_from_before"] == 20


def test_that_who_is_held_on_the_first_day_has_a_bed_and_is_counted_under_the_arrest(opened) -> None:
    spaces = ("detention.beds", "detained.ice_arrest", "detained.cbp_arrest", "detention.overflow")
    assert [opened.opening[space] for space in spaces] == [20, 10, 10, 0]


def test_that_who_is_held_on_the_first_day_comes_to_a_long_stay_like_everybody_else(opened) -> None:
    assert opened.held["detained.over_180_days"].tolist() == [0, 0]
    at_once = _opened(custody__long_stay_days=1.0)
    held = at_once.held["detained.ice_arrest"][1] + at_once.held["detained.cbp_arrest"][1]
    assert at_once.held["detained.over_180_days"][1] == held > 0


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
