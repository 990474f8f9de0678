"""Immigration court: filing, the master calendar, the merits, both dockets."""

from __future__ import annotations

import pytest

from docketflow.core.quantity import Table
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import join, mark, start, take

from .slice import FIRST, Way, goes, live, name_of

_OPEN = {"docket": "pending"}
_ABSENT, _HELD = {**_OPEN, "left_unrecorded": "yes"}, {**_OPEN, "custody": "yes", "detention": "yes"}
_MASTER, _MERITS, _DETAINED = "court.master", "court.merits", "court.detained"
_FREE = {"custody": "no", "reopened": "no"}
_IN_CUSTODY = {"custody": "yes", "reopened": "no"}


def _decided(order: str, custody: str = "no") -> dict[str, dict[str, str]]:
    return {"decision": {"order": order, "custody": custody}, "decision_days": {"custody": custody}}


def _ended(how: str, custody: str = "no") -> dict[str, dict[str, str]]:
    return {how: {"custody": custody}, "decision_days": {"custody": custody}}


_RECEIPT = {"receipt": {"custody": "no"}}
_ORDERED_AWAY = {"order": "in_absentia", "docket": "ordered"}
_ENDS = {"docket": "none"}
WAYS = [
    # filed: who has left the country gets no counsel and stands in no pool
    Way("filed", {"docket": "awaiting_filing", "left_unrecorded": "yes"}, ["court.counsel_share"],
        "master", _OPEN,
        _RECEIPT),
    Way("filed", {"docket": "awaiting_filing"}, ["court.counsel_share"], "master",
        {**_OPEN, "counsel": "yes"}, _RECEIPT, pool=True),
    Way("filed", {"docket": "awaiting_filing"}, [], "master", _OPEN, _RECEIPT, pool=True),
    # who does not appear is ordered removed in absentia, at the share of the absent or of those present
    Way("appearance", _ABSENT, ["court.in_absentia_share.left"], "ordered_not_detained", _ORDERED_AWAY,
        _decided("in_absentia")),
    Way("appearance", _ABSENT, ["court.in_absentia_share.in_the_country"], "continued"),
    Way("appearance", _OPEN, ["court.in_absentia_share.in_the_country"], "ordered_not_detained",
        _ORDERED_AWAY,
        _decided("in_absentia"), pool=True),
    Way("appearance", _OPEN, ["court.in_absentia_share.left"], "master_outcome"),
    # the master calendar: dismissed, put aside, voluntary departure, set for merits, continued
    Way("master_outcome", _OPEN, [f"{_MASTER}.dismissed_share"], "nothing_on_file", _ENDS,
        _ended("closed"), pool=True),
    Way("master_outcome", _OPEN, [f"{_MASTER}.inactive_share"], "inactive"),
    Way("master_outcome", _OPEN, [f"{_MASTER}.voluntary_departure_share"], "voluntary_departure_period",
        {"order": "voluntary_departure"}, _decided("voluntary_departure")),
    Way("master_outcome", _OPEN, [f"{_MASTER}.set_for_merits_share"], "merits"),
    Way("master_outcome", _OPEN, [], "continued"),
    Way("master_outcome", _OPEN, [f"{_MASTER}.dismissed_share", f"{_MASTER}.inactive_share"],
        "nothing_on_file", _ENDS,
        _ended("closed"), pool=True),
    Way("master_outcome", _OPEN, [f"{_MASTER}.inactive_share", f"{_MASTER}.voluntary_departure_share"],
        "inactive"),
    # the merits hearing
    Way("merits_held", _ABSENT, [f"{_MERITS}.continued_share"], "ordered_not_detained", _ORDERED_AWAY,
        _decided("in_absentia")),
    Way("merits_held", _OPEN, [f"{_MERITS}.continued_share"], "merits"),
    Way("merits_held", _OPEN, [], "merits_outcome"),
    Way("merits_outcome", _OPEN, [f"{_MERITS}.relief_share"], "granted_relief", {}, _ended("relief")),
    Way("merits_outcome", _OPEN, [f"{_MERITS}.dismissed_share"], "nothing_on_file", _ENDS,
        _ended("closed"), pool=True),
    Way("merits_outcome", _OPEN, [f"{_MERITS}.voluntary_departure_share"], "voluntary_departure_period",
        {"order": "voluntary_departure"}, _decided("voluntary_departure")),
    Way("merits_outcome", _OPEN, [], "ordered", {"order": "judge"}, _decided("judge")),
    Way("merits_outcome", _OPEN, [f"{_MERITS}.relief_share", f"{_MERITS}.dismissed_share"],
        "granted_relief", {},
        _ended("relief")),
    # in custody: a receipt once, none for who has a case already or only asks for withholding
    Way("filed_in_custody", {"docket": "none", "custody": "yes"}, [], "detained_preliminary", _OPEN,
        {"receipt": {"custody": "yes"}}),
    Way("filed_in_custody", {"docket": "awaiting_filing", "custody": "yes"}, [], "detained_preliminary",
        _OPEN, {"receipt": {"custody": "yes"}}),
    Way("filed_in_custody", _HELD, [], "detained_preliminary"),
    Way("filed_in_custody", {**_HELD, "docket": "ordered"}, [], "detained_preliminary"),
    Way("detained_master_outcome", _HELD, [f"{_DETAINED}.ordered_share"], "final_order", {"order": "judge"},
        _decided("judge", "yes")),
    Way("detained_master_outcome", _HELD, [f"{_DETAINED}.voluntary_departure_share"], "removal_arranged",
        {"order": "voluntary_departure"}, _decided("voluntary_departure", "yes")),
    Way("detained_master_outcome", _HELD, [f"{_DETAINED}.dismissed_share"], "nothing_on_file",
        {"docket": "none", "custody": "no", "exit": "relief_or_terminated"},
        {**_ended("closed", "yes"), "book_out": {"exit": "relief_or_terminated"}, "stay_days": {}},
        pool=True),
    Way("detained_master_outcome", _HELD, [], "detained_preparation"),
    Way("detained_master_outcome", _HELD, [f"{_DETAINED}.ordered_share", f"{_DETAINED}.dismissed_share"],
        "final_order", {"order": "judge"}, _decided("judge", "yes")),
    Way("detained_merits_outcome", _HELD, [f"{_DETAINED}.relief_share"], "granted_relief",
        {"custody": "no", "exit": "relief_or_terminated"},
        {**_ended("relief", "yes"), "book_out": {"exit": "relief_or_terminated"}, "stay_days": {}}),
    Way("detained_merits_outcome", _HELD, [], "ordered_in_custody", {"order": "judge"},
        _decided("judge", "yes")),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=name_of)
def test_that_each_ruling_leads_where_the_law_says(way: Way) -> None:
    goes(way)


@pytest.mark.parametrize(("fork", "share"), [("master_outcome", _MASTER), ("merits_outcome", _MERITS)])
def test_that_who_is_to_depart_voluntarily_leaves_the_pool(fork, share) -> None:
    numbers = {f"{share}.voluntary_departure_share": 1.0}
    # the pool is met from the second day on; who was in it before the hearing is out of it after
    lived = live(at=fork, who=_OPEN, numbers=numbers, do=[join("not_detained")])
    assert lived.counted("(in the pool)") == 0


@pytest.mark.parametrize(
    ("fork", "share"),
    [("detained_master_outcome", "dismissed_share"), ("detained_merits_outcome", "relief_share")],
)
def test_that_who_wins_in_custody_gives_up_everything_held(fork, share) -> None:
    held = ("detention.beds", "detention.overflow", "detained.ice_arrest", "detained.over_180_days")
    lived = live(
        "bond_decided", at=fork, who={**_HELD, "agency": "ice"}, days=10,
        numbers={f"{_DETAINED}.{share}": 1.0, "custody.long_stay_days": 2.0,
                 "custody.bond_hearing.median_days": 2.5, "custody.bond_hearing.sigma": 1e-6},
        do=[*map(take, held), mark("first"), start("tenure_180"), start("bond_hearing")],
    )  # fmt: skip
    assert [lived.held(space)[-1] for space in held] == [0, 0, 0, 0]
    assert lived.counted("bond_denied") == 0


def test_that_who_departs_voluntarily_from_custody_is_heard_no_more_but_keeps_the_bed() -> None:
    numbers = {f"{_DETAINED}.voluntary_departure_share": 1.0, "custody.bond_hearing.median_days": 2.5,
               "custody.bond_hearing.sigma": 1e-6}  # fmt: skip
    lived = live("bond_decided", at="detained_master_outcome", who=_HELD, numbers=numbers, days=10,
                 do=[take("detained.ice_arrest"), start("bond_hearing")])  # fmt: skip
    assert lived.held("detained.ice_arrest")[-1] == 400
    assert lived.counted("bond_denied") == 0


# --- time and minutes -------------------------------------------------------------------------------
_WEEK = [True] * 5 + [False] * 2
_LINES = {
    # line: minutes a hearing, minutes a judge has for this kind a day; four judges
    "master": ("court.minutes.master", "court.minutes_per_judge_day.master", "appearance"),
    "merits": ("court.minutes.merits", "court.minutes_per_judge_day.merits", "merits_held"),
    "detained_master": ("court.minutes.detained_master", "court.minutes_per_judge_day.detained",
                        "detained_master_outcome"),
    "detained_merits": ("court.minutes.detained_merits", "court.minutes_per_judge_day.detained",
                        "detained_merits_outcome"),
}  # fmt: skip


@pytest.mark.parametrize("line", _LINES)
def test_that_judges_hear_on_working_days_as_many_as_their_minutes_of_that_kind_allow(line) -> None:
    cost, minutes, then = _LINES[line]
    numbers = {"court.judges": 4.0, minutes: 30.0, cost: 24.0}
    lived = live(at=line, numbers=numbers, days=14, calendar=_WEEK, people=60)
    served = lived.ledger.served[line].tolist()
    assert served == [0, *[5] * 4, 0, 0, *[5] * 5, 0, 0] or served == [0, 10, *[5] * 3, 0, 0, *[5] * 5, 0, 0]
    assert lived.counted(f"at {then}") == sum(served)


def test_that_people_in_custody_are_heard_at_the_merits_only_with_what_first_hearings_leave() -> None:
    numbers = {"court.judges": 1.0, "court.minutes_per_judge_day.detained": 60.0,
               "court.minutes.detained_master": 20.0, "court.minutes.detained_merits": 60.0,
               "court.detained.preparation_median_days": 1e-3, "court.detained.sigma": 1e-6}  # fmt: skip
    lived = live(
        "detained_master_outcome", "detained_preparation", "detained_merits", at="detained_master",
        who=_HELD, numbers=numbers, people=9, days=13,
    )  # fmt: skip
    first = lived.ledger.served["detained_master"]
    merits = lived.ledger.served["detained_merits"]
    assert (first.sum(), first[1:4].tolist()) == (9, [3, 3, 3])
    assert merits[:4].sum() == 0 and set(merits[4:].tolist()) == {1}


def test_that_a_case_waits_from_its_filing_not_from_its_hearing() -> None:
    numbers = {"court.judges": 1.0, "court.minutes_per_judge_day.master": 1e6, "court.minutes.master": 1.0,
               "court.in_absentia_share.in_the_country": 1.0}  # fmt: skip
    closed_for_a_week = [False] * 7 + [True] * 7
    lived = live("master", "appearance", at="filed", who={"docket": "awaiting_filing"}, numbers=numbers,
                 calendar=closed_for_a_week, days=14)  # fmt: skip
    assert lived.counted_each("decision", order="in_absentia") == 1
    assert (
        lived.counted_each("decision_days", custody="no") == 6
    )  # filed on the second day, heard on the eighth


def test_that_a_notice_is_filed_after_its_days_or_never() -> None:
    soon = live(at="awaiting_filing", numbers={"court.filing_days": 1e-6})
    assert soon.share_at("filed") == 1
    never = live(at="awaiting_filing", numbers={"court.filing_days": 1e-6, "court.never_filed_share": 1.0})
    assert never.standing("awaiting_filing")[-1] == 400


def test_that_a_continued_case_comes_back_to_the_master_calendar_after_its_days() -> None:
    assert live(at="continued", numbers={"court.continuance_days": 1e-6}).share_at("master") == 1
    late = live(at="continued", numbers={"court.continuance_days": 2000.0}, people=4000)
    assert late.share_at("master") < 0.01


def test_that_a_first_hearing_and_its_preparation_in_custody_take_their_own_days() -> None:
    numbers = {"court.detained.first_hearing_median_days": 2.5, "court.detained.preparation_median_days": 4.5,
               "court.detained.sigma": 1e-6}  # fmt: skip
    for place, days, then in (
        ("detained_preliminary", 3, "detained_master"),
        ("detained_preparation", 5, "detained_merits"),
    ):
        lived = live(at=place, numbers=numbers, days=9)
        assert lived.standing(place) == [0, *[400] * days, *[0] * (8 - days)]
        assert lived.share_at(then) == 1


# --- taken from the pool ----------------------------------------------------------------------------
def _by(trait: str, **weights: float) -> Table:
    return Table.of(trait, {label: weights.get(label, 0.0) for label in labels(trait)})


def test_that_an_asylum_office_refers_its_number_a_day_with_a_receipt_and_a_case() -> None:
    numbers = {
        "court.referral.per_day": 6.0,
        "court.referral.weight_by_status": _by("status", asylum_affirmative=1.0),
        "court.referral.weight_by_docket": _by("docket", none=1.0),
    }
    who = {"status": "asylum_affirmative"}
    lived = live(at="nothing_on_file", draws=["asylum_referral"], numbers=numbers,
        do=[join("not_detained")], who=who,
                 days=12)  # fmt: skip
    assert lived.ledger.taken["asylum_referral"][2:].tolist() == [6] * 10
    assert lived.counted("receipt", status="none") == lived.counted("at master")
    found = lived.traits_at("master")
    assert (found["docket"], found["status"]) == ("pending", "none")
    for other in ({"status": "none"}, {**who, "docket": "pending"}):
        assert live(at="nothing_on_file", draws=["asylum_referral"], numbers=numbers,
            do=[join("not_detained")],
                    who=other).counted("receipt") == 0  # fmt: skip


def test_that_a_case_opened_again_has_no_order_and_is_no_receipt() -> None:
    numbers = {"court.reopening.share_per_year": 365.25 / 10, "court.reopening.weight_by_docket": _by(
        "docket", ordered=1.0)}  # fmt: skip
    lived = live(at="ordered_not_detained", draws=["reopening"], numbers=numbers, do=[join("not_detained")],
                 who={"docket": "ordered", "order": "judge"}, people=4000, days=12)  # fmt: skip
    found = lived.traits_at("master")
    assert (found["docket"], found["order"], found["reopened"]) == ("pending", "none", "reopened")
    assert lived.counted("reopening") == lived.counted("at master")
    assert lived.counted("receipt") == 0
    assert 1 - lived.share_at("master") == pytest.approx(0.9**11, rel=0.1)  # a tenth a day, by exposure
    assert FIRST.weekday() == 0
