"""The bench: whose minutes they are, who is heard first, and what may cross dockets."""

from __future__ import annotations

import numpy as np
import pytest

from docketflow.evidence import load

from .slice import bench, live

_WEEK = [True] * 5 + [False] * 2
_LINES = {
    # line: minutes a hearing, where the case goes
    "master": ("court.minutes.master", "appearance"),
    "merits": ("court.minutes.merits", "merits_held"),
    "detained_master": ("court.minutes.detained_master", "detained_master_outcome"),
    "detained_merits": ("court.minutes.detained_merits", "detained_merits_outcome"),
}


@pytest.mark.parametrize("line", _LINES)
def test_that_judges_hear_on_working_days_as_many_as_their_minutes_allow(line) -> None:
    cost, then = _LINES[line]
    lived = live(at=line, numbers={**bench(4.0, 30.0), cost: 24.0}, days=14, calendar=_WEEK, people=60)
    served = lived.ledger.served[line].tolist()
    assert served == [0, *[5] * 4, 0, 0, *[5] * 5, 0, 0] or served == [0, 10, *[5] * 3, 0, 0, *[5] * 5, 0, 0]
    assert lived.counted(f"at {then}") == sum(served)
    assert (lived.ledger.supply["judges"] > 0).tolist() == np.resize(_WEEK, 14).tolist()


def test_that_no_more_is_heard_than_counsel_for_the_government_can_attend() -> None:
    few = {"government_counsel__attorneys": 2.0, "government_counsel__minutes_per_day": 36.0}
    lived = live(at="master", numbers={**bench(1e6, 30.0, **few), "court.minutes.master": 24.0}, days=6)
    assert set(lived.ledger.served["master"][2:].tolist()) == {3}


def _two_lines(judges: float = 1.0, **more: float):
    """Return 120 people before judges of 100 minutes, half for merits (50 minutes), half for master (10)."""
    numbers = {**bench(judges, 100.0, **more), "court.minutes.master": 10.0, "court.minutes.merits": 50.0,
               "court.master.set_for_merits_share": 0.5, "court.continuance_days": 1e-6}  # fmt: skip
    return live(
        *("continued", "master", "merits", "counsel_for_the_hearing", "application", "set_for_a_hearing"),
        at="master_outcome", numbers=numbers, who={"docket": "pending"}, days=30, people=120,
    )  # fmt: skip


def test_that_no_minute_is_idle_while_somebody_waits_where_all_may_cross() -> None:
    lived = _two_lines()
    waiting = np.array(lived.standing("master")) + np.array(lived.standing("merits"))
    spent = lived.ledger.spent["judges"]
    assert all(spent[day] == 100 for day in range(3, 29) if waiting[day] > 0)
    assert lived.ledger.served["master"][4:20].sum() == 0  # merits hearings come first here
    assert set(lived.ledger.served["merits"][4:20].tolist()) == {2}


def test_that_the_class_decides_and_not_the_docket() -> None:
    lived = _two_lines(priority__master=0.0, priority__merits=1.0)
    assert set(lived.ledger.served["master"][4:6].tolist()) == {10}
    assert lived.ledger.served["merits"][4:6].sum() == 0


def test_that_dockets_lend_each_other_nothing_where_nothing_may_cross() -> None:
    lived = _two_lines(bench__crossing_share=0.0, bench__own_share__merits=0.5)
    assert set(lived.ledger.served["merits"][4:20].tolist()) == {1}
    assert lived.ledger.served["master"].max() == 5
    later = [day for day in range(20, 30) if lived.standing("master")[day - 1] == 0]
    assert later and all(lived.ledger.spent["judges"][day] <= 50 for day in later)  # idle, though some wait


@pytest.mark.parametrize("crossing", [0.0, 0.5, 1.0])
def test_that_a_larger_part_that_may_cross_never_lowers_what_is_heard(crossing) -> None:
    own = {"bench__own_share__merits": 0.5}
    heard = [
        lived.ledger.spent["judges"].sum()
        for lived in (_two_lines(bench__crossing_share=share, **own) for share in (crossing, 1.0))
    ]
    assert heard[0] <= heard[1]


def test_that_a_floor_is_kept_whatever_comes_first() -> None:
    lived = _two_lines(bench__floor_share__master=0.5)
    assert set(lived.ledger.served["master"][4:10].tolist()) == {5}
    assert set(lived.ledger.served["merits"][4:10].tolist()) == {1}


@pytest.mark.parametrize("judges", [1.0, 1e4])
def test_that_a_floor_is_a_share_of_the_minutes_that_both_judges_and_counsel_have(judges) -> None:
    counsel = {"government_counsel__attorneys": 1.0, "government_counsel__minutes_per_day": 100.0}
    lived = _two_lines(judges, bench__floor_share__master=0.5, **counsel)
    assert set(lived.ledger.served["master"][4:10].tolist()) == {5}
    assert set(lived.ledger.served["merits"][4:10].tolist()) == {1}


def test_that_people_in_custody_come_first_and_what_comes_back_before_what_is_new() -> None:
    central = load().central()
    first = {docket: central[f"court.priority.{docket}"].at(739_000).data
             for docket in ("detained", "merits", "master")}  # fmt: skip
    assert first["detained"].max() < min(first["merits"].min(), first["master"].min())
    for docket in ("merits", "master"):
        new, back = first[docket][0], first[docket][1:]  # by whether a case is new, reopened or remanded
        assert back.max() < new.min()
