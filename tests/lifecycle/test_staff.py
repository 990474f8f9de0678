"""Who does the work: officers hired later, HSI, soldiers, support staff, agreements, the regime, courts."""

from __future__ import annotations

import datetime as dt

import pytest

from docketflow.core.quantity import Dated, Known
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import join, start
from docketflow.lifecycle.arrest import BOOKINGS, CHECK_INS, INTERVIEWS, SEARCH
from docketflow.lifecycle.staff import ON_BOARD, staff

from .slice import AS_USUAL, LATER, POOLED, live

DAY = dt.date(2025, 3, 1).toordinal()
_BUSY = {
    **AS_USUAL,
    "arrest.at_large.officers": 1000.0,
    "arrest.at_large.share_of_time": 0.1,
    "arrest.at_large.borrowed_officers": 0.0,
    "arrest.at_large.hours_per_officer_year": 365.25,
    "arrest.at_large.usual_officers": 1e6,
    "arrest.at_large.marginal_yield": 0.5,
    "arrest.at_large.hours_per_arrest": 10.0,
    "arrest.custodial.detainers_per_day": 100.0,
    "arrest.custodial.transfer_share": 0.5,
    "arrest.supervision.check_ins_per_day": 1000.0,
    "arrest.supervision.arrest_share": 0.01,
    "arrest.interview.interviews_per_day": 100.0,
    "arrest.interview.arrest_share": 0.0,
    "staff.hiring.attrition_share": 0.1,
    "staff.hiring.failure_share": 0.2,
    "staff.hiring.unreplaced_share": 0.0,
    "staff.hiring.academy_days": 100.0,
    "staff.hsi.at_large_share": 0.0,
    "staff.guard.lawful_share": 0.3,
    "staff.support.clerical_share": 0.2,
    "staff.removal_floor_share": 0.2,
    "staff.placing_floor_share": 0.1,
}


def _then(value: float) -> Dated:
    return Dated((1, DAY), (0.0, value))


def _minutes(of, day: int = DAY + 1, **changed) -> float:
    numbers = {**_BUSY, **{path.replace("__", "."): number for path, number in changed.items()}}
    known = Known(lambda path: n if isinstance(n := numbers[path], Dated) else Dated.always(n))
    return float(of.evaluate(known).at(day))


REST = staff().efforts[0].per_day
SEARCHING, JAILS, CHECKS, INTERVIEWED = (e.per_day for e in (SEARCH, BOOKINGS, CHECK_INS, INTERVIEWS))


def test_that_officers_hired_later_act_later_and_only_those_who_finish() -> None:
    recruits = {"staff__hiring__recruits_per_year": _then(1000.0)}
    before, after = DAY + 100, DAY + 100 + 366
    assert _minutes(ON_BOARD, before, **recruits) == 1000
    for of in (ON_BOARD, REST, SEARCHING):
        assert _minutes(of, before, **recruits) == _minutes(of, before)
        assert _minutes(of, after, **recruits) > _minutes(of, after) * 1.5
        assert _minutes(of, after, **recruits, staff__hiring__academy_days=200.0) < _minutes(
            of, after, **recruits
        )
    assert _minutes(ON_BOARD, after, **recruits, staff__hiring__failure_share=1.0) == 1000


def test_that_a_freeze_of_hiring_shrinks_the_corps_by_those_who_leave_and_without_one_nobody_is_missing() -> (
    None
):
    assert _minutes(ON_BOARD, DAY + 1000) == 1000
    frozen = _minutes(ON_BOARD, DAY + 366, staff__hiring__unreplaced_share=_then(1.0))
    assert frozen == pytest.approx(900, rel=0.01)


def test_that_soldiers_and_support_staff_free_officers_and_never_search() -> None:
    purse = _minutes(REST)
    for path in ("staff__guard__soldiers", "staff__lent__officers", "staff__support__added"):
        assert _minutes(REST, **{path: 100.0}) == pytest.approx(purse + 100 * 60)
        assert _minutes(SEARCHING, **{path: 100.0}) == _minutes(SEARCHING)
        assert _minutes(JAILS, **{path: 100.0}) == _minutes(JAILS)


def test_that_soldiers_free_no_more_than_lawful_tasks_take_and_nothing_where_there_is_no_officer() -> None:
    most = _minutes(REST, staff__guard__soldiers=270.0)
    assert _minutes(REST, staff__guard__soldiers=1e5) == most > _minutes(REST)
    assert _minutes(REST, staff__guard__soldiers=1e5, arrest__at_large__officers=0.0) == 0
    assert _minutes(SEARCHING, staff__guard__soldiers=1e5, arrest__at_large__officers=0.0) == 0


def test_that_hsi_and_deputised_soldiers_search_as_officers_do() -> None:
    hour = 60.0
    assert _minutes(SEARCHING, staff__hsi__agents=200.0) == _minutes(SEARCHING)
    more = _minutes(SEARCHING, staff__hsi__agents=200.0, staff__hsi__at_large_share=0.5)
    assert more == pytest.approx(_minutes(SEARCHING) + 100 * hour)
    assert _minutes(SEARCHING, staff__guard__deputised=100.0) == pytest.approx(more)


@pytest.mark.parametrize("model", ["jail", "warrant", "task_force"])
def test_that_agreements_beyond_the_usual_raise_what_their_model_finds_and_nothing_else(model) -> None:
    signed = {f"agreements__{model}__signed": 110.0, f"agreements__{model}__usual": 10.0,
              f"agreements__{model}__arrests_per_year": 36.525}  # fmt: skip
    usual = {**signed, f"agreements__{model}__signed": 10.0}
    of, other, a_day = (SEARCHING, JAILS, 10 * 600) if model == "task_force" else (JAILS, SEARCHING, 10)
    assert _minutes(of, **signed) == pytest.approx(_minutes(of) + a_day)
    assert _minutes(of, **usual) == _minutes(of)
    assert _minutes(other, **signed) == _minutes(other)
    assert _minutes(JAILS, **{**signed, f"agreements__{model}__usual": 1e6}) >= 0


def test_that_the_regime_moves_every_way_of_finding_people_and_nothing_where_it_is_the_usual_one() -> None:
    half = {"arrest__regime__share": 0.2, "arrest__regime__usual_share": 0.4}
    for of in (JAILS, CHECKS, SEARCHING):
        assert _minutes(of, **half) == pytest.approx(_minutes(of) / 2)
        assert _minutes(of, **{**half, "arrest__regime__share": 0.4}) == _minutes(of)
    assert _minutes(CHECKS, arrest__regime__share=1.0, arrest__regime__usual_share=1e-6) <= 1000


def test_that_arrests_at_check_ins_keep_people_away_where_they_respond_and_not_where_they_do_not() -> None:
    assert _minutes(CHECKS) == pytest.approx(10)
    assert _minutes(CHECKS, arrest__appearance__response=5.0) == pytest.approx(10 / 1.05)
    assert _minutes(CHECKS, arrest__appearance__response=1e6) < 0.01
    assert _minutes(INTERVIEWED) == 0 < _minutes(INTERVIEWED, arrest__interview__arrest_share=0.1)


@pytest.mark.parametrize("response", [0.0, 2.0, 8.0])
def test_that_a_larger_share_arrested_of_those_who_come_is_more_arrests_up_to_all_of_them(response) -> None:
    shares = (0.0, 0.01, 0.25, 0.5, 0.75, 0.99, 1.0)
    now = {"arrest__appearance__response": response}
    found = [_minutes(CHECKS, arrest__supervision__arrest_share=share, **now) for share in shares]
    assert found == sorted(found) and len(set(found)) == len(shares)
    assert found[-1] == pytest.approx(1000 / (1 + response))  # all who still come


_COURT, _AWAY = "arrest.courthouse.arrest_share", "court.in_absentia_share.in_the_country"
_PENDING = {"docket": "pending", "left_unrecorded": "no"}
_MET = {"arrest_in_court": {}, "arrest": {"channel": "supervision", "docket": "pending"}}


@pytest.mark.parametrize("supervision", labels("supervision"))
def test_that_who_comes_to_court_may_be_arrested_there(supervision) -> None:
    numbers = {_COURT: 1.0, "arrest.at_large.officers": 1000.0,
               "arrest.at_large.hours_per_officer_year": 365.25,
               "staff.hours.supervision_arrest": 1.0, "detention.hold_rooms.places": 1000.0,
               "court.continuance_days": 1e6}  # fmt: skip
    who = {**_PENDING, "supervision": supervision}
    lived = live("continued", "arrested.in_court", "arrested.in_court.room", at="appearance", who=who,
                 numbers=numbers, do=[join("not_detained")])  # fmt: skip
    assert {tally: lived.counted(tally, **where) for tally, where in _MET.items()} == dict.fromkeys(_MET, 400)
    assert lived.share_at("charge") == 1 and lived.counted(POOLED) == 0


@pytest.mark.parametrize(
    ("arrested", "response", "absent"), [(0.0, 8.0, 0.25), (0.1, 0.0, 0.25), (0.1, 5.0, 0.5)]
)
def test_that_arrests_in_court_make_people_absent_only_where_there_are_some_and_people_respond(
    arrested, response, absent
) -> None:
    numbers = {_COURT: arrested, "arrest.appearance.response": response, _AWAY: 0.25}
    lived = live(at="appearance", who=_PENDING, numbers=numbers, people=20_000, otherwise=LATER)
    assert lived.share_at("ordered_not_detained") == pytest.approx(absent, abs=0.01)
    assert lived.share_at("continued") == pytest.approx((1 - absent) * arrested, abs=0.01)


@pytest.mark.parametrize(
    ("officers", "places", "arrests"), [(1000.0, 1000.0, 400), (0.0, 1000.0, 0), (1000.0, 7.0, 7)]
)
def test_that_an_arrest_in_court_takes_an_officer_and_a_place_or_the_hearing_goes_on(
    officers, places, arrests
) -> None:
    numbers = {
        "arrest.at_large.officers": officers, "arrest.at_large.hours_per_officer_year": 365.25,
        "staff.hours.supervision_arrest": 1.0, "detention.hold_rooms.places": places,
    }  # fmt: skip
    numbers["court.continuance_days"] = 1e6
    lived = live("arrested.in_court", "arrested.in_court.room", at="continued", who=_PENDING, numbers=numbers,
                 do=[start("arrest_in_court")], people=400)  # fmt: skip
    assert lived.counted("arrest_in_court") == lived.counted("arrest", channel="supervision") == arrests
    assert lived.counted("at charge") == arrests
    assert lived.standing("continued")[-1] == lived.counted(POOLED) == 400 - arrests
