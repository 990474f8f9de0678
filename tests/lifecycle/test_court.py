"""Immigration court for people not detained: filing, the master calendar, relief, the merits, motions."""

from __future__ import annotations

import pytest

from docketflow.core.quantity import Table
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import join

from .slice import USUAL_SEARCHES, Way, bench, goes, live, name_of

_OPEN = {"docket": "pending"}
_ABSENT, _HELD = {**_OPEN, "left_unrecorded": "yes"}, {**_OPEN, "custody": "yes", "detention": "yes"}
_MASTER, _MERITS = "court.master", "court.merits"
SURELY_A_YEAR = 1000.0


def _decided(order: str, custody: str = "no") -> dict[str, dict[str, str]]:
    return {"decision": {"order": order, "custody": custody}, "decision_days": {"custody": custody}}


def _ended(how: str, custody: str = "no") -> dict[str, dict[str, str]]:
    return {how: {"custody": custody}, "decision_days": {"custody": custody}}


_RECEIPT = {"receipt": {"custody": "no"}}
_ASKED = {"application": {"custody": "no"}}
_ONLY = {"proceeding": "withholding_only"}
_FACTORS = [f"court.relief.granted_factor_by_{what}" for what in ("kind", "counsel")]
_PAPERS = "court.pretermitted_share"
_ORDERED_AWAY = {"order": "in_absentia", "docket": "ordered"}
_ENDS = {"docket": "none"}
_SETTLED = {**_OPEN, "years": "over_10"}
WAYS = [
    # filed: who has left the country gets no counsel and stands in no pool
    Way("filed", {"docket": "awaiting_filing", "left_unrecorded": "yes"}, ["court.counsel_share"],
        "master", _OPEN, _RECEIPT),
    Way("filed", {"docket": "awaiting_filing"}, ["court.counsel_share"], "master",
        {**_OPEN, "counsel": "yes"}, _RECEIPT, pool=True),
    Way("filed", {"docket": "awaiting_filing"}, [], "master", _OPEN, _RECEIPT, pool=True),
    # who does not appear is ordered removed in absentia, at the share of the absent or of those present
    Way("appearance", _ABSENT, ["court.in_absentia_share.left"], "ordered_not_detained", _ORDERED_AWAY,
        _decided("in_absentia")),
    Way("appearance", _ABSENT, ["court.in_absentia_share.in_the_country"], "continued"),
    Way("appearance", _OPEN, ["court.in_absentia_share.in_the_country"], "ordered_not_detained",
        _ORDERED_AWAY, _decided("in_absentia"), pool=True),
    Way("appearance", _OPEN, ["court.in_absentia_share.left"], "master_outcome"),
    # the master calendar: dismissed, put aside, voluntary departure, set for merits, continued
    Way("master_outcome", _OPEN, [f"{_MASTER}.dismissed_share"], "nothing_on_file", _ENDS,
        _ended("dismissed"), pool=True),
    Way("master_outcome", _OPEN, [f"{_MASTER}.inactive_share"], "inactive", {}, {"shelved": {}}),
    Way("master_outcome", _OPEN, [f"{_MASTER}.voluntary_departure_share"], "voluntary_departure_period",
        {"order": "voluntary_departure"}, _decided("voluntary_departure")),
    # before the end of proceedings not who is arriving (INA 240B(a)(4)), as people paroled are
    Way("master_outcome", {**_OPEN, "entry": "paroled"}, [f"{_MASTER}.voluntary_departure_share"],
        "continued"),
    Way("master_outcome", _OPEN, [f"{_MASTER}.set_for_merits_share"], "counsel_for_the_hearing"),
    Way("master_outcome", _OPEN, [], "continued"),
    Way("master_outcome", _OPEN, [f"{_MASTER}.dismissed_share", f"{_MASTER}.inactive_share"],
        "nothing_on_file", _ENDS, _ended("dismissed"), pool=True),
    Way("master_outcome", _OPEN, [f"{_MASTER}.inactive_share", f"{_MASTER}.voluntary_departure_share"],
        "inactive", {}, {"shelved": {}}),
    # who has no counsel may find one; who has keeps it
    Way("counsel_for_the_hearing", _OPEN, ["court.counsel_found_share"], "application", {"counsel": "yes"}),
    Way("counsel_for_the_hearing", _OPEN, [], "application"),
    Way("counsel_for_the_hearing", {**_OPEN, "counsel": "yes"}, [], "application"),
    # what is asked for: asylum, late asylum is withholding, cancellation, adjustment, nothing
    Way("application", _OPEN, ["court.relief.fear_share"], "set_for_a_hearing", {"relief": "asylum"}, _ASKED),
    Way("application", _OPEN, ["court.relief.fear_share", "court.relief.one_year_bar_share"],
        "set_for_a_hearing", {"relief": "withholding_or_cat"}, _ASKED),
    Way("application", _OPEN, ["court.relief.cancellation_share"], "set_for_a_hearing",
        {"relief": "cancellation"}, _ASKED),
    Way("application", _OPEN, ["court.relief.adjustment_share"], "set_for_a_hearing",
        {"relief": "adjustment"}, _ASKED),
    Way("application", _OPEN, [], "set_for_a_hearing"),
    Way("application", {**_OPEN, "relief": "asylum"}, ["court.relief.adjustment_share"], "set_for_a_hearing"),
    # denied on the papers: asylum and withholding, in removal proceedings, and nothing else
    Way("set_for_a_hearing", {**_OPEN, "relief": "asylum"}, [_PAPERS], "ordered", {"order": "judge"},
        {**_decided("judge"), "pretermitted": {"custody": "no"}}),
    Way("set_for_a_hearing", {**_HELD, "relief": "withholding_or_cat"}, [_PAPERS], "ordered_in_custody",
        {"order": "judge"}, {**_decided("judge", "yes"), "pretermitted": {"custody": "yes"}}),
    Way("set_for_a_hearing", {**_OPEN, "relief": "cancellation"}, [_PAPERS], "merits"),
    Way("set_for_a_hearing", {**_HELD, **_ONLY, "relief": "withholding_or_cat"}, [_PAPERS],
        "detained_preparation"),
    Way("set_for_a_hearing", {**_OPEN, "relief": "asylum"}, [], "merits"),
    Way("set_for_a_hearing", {**_HELD, "relief": "asylum"}, [], "detained_preparation"),
    # the merits hearing
    Way("merits_held", _ABSENT, [f"{_MERITS}.continued_share"], "ordered_not_detained", _ORDERED_AWAY,
        _decided("in_absentia")),
    Way("merits_held", _OPEN, [f"{_MERITS}.continued_share"], "merits"),
    Way("merits_held", _OPEN, [], "merits_outcome"),
    *(Way("merits_outcome", {**_OPEN, "relief": kind}, [f"{_MERITS}.relief_share"], "granted", {},
          _ended("relief")) for kind in ("asylum", "withholding_or_cat", "cancellation", "adjustment")),
    Way("merits_outcome", _OPEN, [f"{_MERITS}.relief_share"], "ordered", {"order": "judge"},
        _decided("judge")),  # who asks for nothing is granted nothing
    Way("merits_outcome", _OPEN, [f"{_MERITS}.dismissed_share"], "nothing_on_file", _ENDS,
        _ended("dismissed"), pool=True),
    # at the end of proceedings (INA 240B(b)(1)): a year here before the notice, good moral character
    Way("merits_outcome", _SETTLED, [f"{_MERITS}.voluntary_departure_share"], "voluntary_departure_period",
        {"order": "voluntary_departure"}, _decided("voluntary_departure")),
    *(Way("merits_outcome", who, [f"{_MERITS}.voluntary_departure_share"], "ordered", {"order": "judge"},
          _decided("judge")) for who in (_OPEN, {**_SETTLED, "criminal": "convicted"})),
    Way("merits_outcome", _OPEN, [], "ordered", {"order": "judge"}, _decided("judge")),
    Way("merits_outcome", {**_OPEN, "relief": "asylum"},
        [f"{_MERITS}.relief_share", f"{_MERITS}.dismissed_share"], "granted", {}, _ended("relief")),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=name_of)
def test_that_each_ruling_leads_where_the_law_says(way: Way) -> None:
    goes(way)


@pytest.mark.parametrize(("fork", "share"), [("master_outcome", _MASTER), ("merits_outcome", _MERITS)])
def test_that_who_is_to_depart_voluntarily_leaves_the_pool(fork, share) -> None:
    numbers = {f"{share}.voluntary_departure_share": 1.0}
    numbers |= dict.fromkeys(_FACTORS, 1.0)
    # the pool is met from the second day on; who was in it before the hearing is out of it after
    lived = live(at=fork, who=_SETTLED, numbers=numbers, do=[join("not_detained")])
    assert lived.counted("(in the pool)") == 0


def test_that_a_case_waits_from_its_filing_not_from_its_hearing() -> None:
    numbers = {**bench(1.0, 1e6), "court.minutes.master": 1.0,
               "court.in_absentia_share.in_the_country": 1.0}  # fmt: skip
    closed_for_a_week = [False] * 7 + [True] * 7
    lived = live("master", "appearance", at="filed", who={"docket": "awaiting_filing"}, numbers=numbers,
                 calendar=closed_for_a_week, days=14)  # fmt: skip
    assert lived.counted_each("decision", order="in_absentia") == 1
    assert (
        lived.counted_each("decision_days", custody="no") == 6
    )  # filed on the second day, heard on the eighth


def test_that_a_live_notice_is_filed_after_its_days_and_a_dormant_one_late_or_never() -> None:
    soon = {"court.filing.days": 1e-6}
    assert live(at="awaiting_filing", numbers=soon).share_at("filed") == 1
    dormant = {**soon, "court.filing.dormant_share": 1.0}
    assert live(at="awaiting_filing", numbers=dormant).share_at("dormant_notice") == 1
    late = {"court.filing.dormant_days": 1e-6}
    assert live(at="dormant_notice", numbers=late).share_at("filed") == 1
    never = live(at="dormant_notice", numbers={**late, "court.filing.never_share": 1.0})
    assert never.standing("dormant_notice")[-1] == 400


def test_that_who_reports_to_an_office_for_a_notice_is_charged_there_and_counts_as_arrested() -> None:
    soon = {"arrest.office.days": 1e-6, "arrest.office.share": 1.0}
    charged = live("office_appointment", at="reports_to_office", who={"criminal": "pending"}, numbers=soon)
    assert charged.share_at("awaiting_filing") == 1
    assert charged.counted_each("arrest_at_office", criminal="pending") == 1
    nobody = live(at="reports_to_office", numbers={**soon, "arrest.office.share": 0.0})
    assert nobody.share_at("dormant_notice") == 1 and not nobody.counted("arrest_at_office")


def test_that_a_case_closed_administratively_comes_back_to_the_calendar_or_never() -> None:
    soon = {"court.inactive.days": 1e-6}
    back = live(at="inactive", numbers=soon)
    assert back.share_at("continued") == back.counted_each("recalendared") == 1
    never = live(at="inactive", numbers={**soon, "court.inactive.never_share": 1.0})
    assert never.standing("inactive")[-1] == 400


def test_that_a_continued_case_comes_back_to_the_master_calendar_after_its_days() -> None:
    assert live(at="continued", numbers={"court.continuance_days": 1e-6}).share_at("master") == 1
    late = live(at="continued", numbers={"court.continuance_days": 2000.0}, people=4000)
    assert late.share_at("master") < 0.01


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


_MOTIONS = {
    # kind: for whom, which share a year, and whether removal is stayed meanwhile
    "rescind": ("in_absentia", "motion_with_stay", "motion"),
    "reopen": ("judge", "motion_without_stay", "none"),
}


def _asked(kind: str, order: str, a_year: float, **more: str):
    allowed = _MOTIONS[kind][0]
    numbers = {
        "court.motion.share_per_year": _by("order", **{allowed: a_year}),
        "court.motion.weight_by_docket": _by("docket", ordered=1.0),
        "court.motion.weight_by_bar": _by("bar", none=1.0),
    }
    return live(at="ordered_not_detained", draws=["motion"], numbers=numbers, do=[join("not_detained")],
                who={"docket": "ordered", "order": order, **more}, people=4000, days=12)  # fmt: skip


@pytest.mark.parametrize("kind", _MOTIONS)
def test_that_a_motion_stays_removal_only_against_an_order_in_absentia(kind) -> None:
    order, place, bar = _MOTIONS[kind]
    lived = _asked(kind, order, 365.25 / 100)
    assert lived.counted("motion", order=order) == lived.counted(f"at {place}")
    assert (lived.traits_at(place)["bar"], lived.traits_at(place)["motion"]) == (
        bar,
        "none" if bar == "motion" else "pending",  # one that stays removal is decided before it
    )
    assert lived.share_at(place) == pytest.approx(1 - 0.99**11, rel=0.15)  # a hundredth a day, by exposure
    others = [("expedited", {}), (order, {"bar": "withheld"}), (order, {"docket": "pending"})]
    assert all(_asked(kind, who, SURELY_A_YEAR, **more).counted("motion") == 0 for who, more in others)


@pytest.mark.parametrize("kind", _MOTIONS)
def test_that_a_case_opened_again_has_no_order_and_no_bar_and_is_no_receipt(kind) -> None:
    order, place, bar = _MOTIONS[kind]
    who = {"docket": "ordered", "order": order, "bar": bar, "motion": "pending"}
    soon = {"court.motion.days": 1e-6}
    lived = live(at=place, who=who, numbers={**soon, f"court.motion.{kind}.granted_share": 1.0})
    found = lived.traits_at("master")
    assert [found[trait] for trait in ("docket", "order", "bar", "reopened", "motion")] == [
        *("pending", "none", "none", "reopened", "none")
    ]
    assert lived.counted_each("reopening") == 1 and lived.counted("receipt") == 0
    denied = live(at=place, who=who, numbers=soon)
    found = denied.traits_at("ordered_not_detained")
    assert (found["order"], found["bar"], denied.counted("reopening")) == (order, "none", 0)


@pytest.mark.parametrize("kind", _MOTIONS)
def test_that_who_has_filed_a_motion_may_still_leave_or_be_arrested(kind) -> None:
    order, place, _ = _MOTIONS[kind]
    numbers = {
        "court.motion.share_per_year": SURELY_A_YEAR, "court.motion.days": 400.0,
        "court.motion.weight_by_docket": 1.0, "court.motion.weight_by_bar": 1.0,
        "departure.emigration.weight_by_years": 1.0, "departure.emigration.share_per_year": SURELY_A_YEAR,
        **USUAL_SEARCHES,
    }  # fmt: skip
    lived = live(place, at="ordered_not_detained", draws=["motion", "emigration"], numbers=numbers, days=8,
                 who={"docket": "ordered", "order": order}, do=[join("not_detained")])  # fmt: skip
    assert lived.counted_each("unrecorded_departure") > 0.9
