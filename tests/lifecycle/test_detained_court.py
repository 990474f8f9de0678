"""Court in custody: first hearings, merits, and proceedings for withholding alone."""

from __future__ import annotations

import pytest

from docketflow.engine.declare.vocabulary import mark, start, take

from .slice import Way, bench, goes, live, name_of

_DETAINED = "court.detained"
_FELONY = "court.departure.felony_share"
_AT_THE_END = f"{_DETAINED}.departure_at_end_share"
_OPEN = {"docket": "pending"}
_HELD = {**_OPEN, "custody": "yes", "detention": "yes"}
_ONLY = {**_HELD, "docket": "ordered", "proceeding": "withholding_only", "order": "reinstated"}
_PROTECTION = {"relief": "withholding_or_cat"}
_RECEIPT = {"receipt": {"custody": "yes"}}
_DAYS: dict[str, dict[str, str]] = {"decision_days": {"custody": "yes"}, "decision_days_held": {}}


def _decided(order: str) -> dict[str, dict[str, str]]:
    return {"decision": {"order": order, "custody": "yes"}, **_DAYS}


def _ended(how: str) -> dict[str, dict[str, str]]:
    return {how: {"custody": "yes"}, **_DAYS}


_GONE = {"book_out": {"exit": "terminated"}, "stay_days": {}}
WAYS = [
    # a receipt once: none for who has a case already, none for withholding only, whose order stands
    Way("filed_in_custody", {"docket": "none", "custody": "yes"}, [], "detained_preliminary", _OPEN,
        _RECEIPT),
    Way("filed_in_custody", {"docket": "awaiting_filing", "custody": "yes"},
        [f"{_DETAINED}.counsel_share"], "detained_preliminary", {**_OPEN, "counsel": "yes"}, _RECEIPT),
    Way("filed_in_custody", _HELD, [], "detained_preliminary"),
    Way("filed_in_custody", {**_HELD, "order": "judge"}, [], "appeal_filed"),
    Way("filed_in_custody", _ONLY, [], "detained_preliminary", _PROTECTION),
    # the first hearing: signed, ordered, voluntary departure, dismissed, or prepared
    Way("detained_master_outcome", _HELD, [f"{_DETAINED}.stipulated_share"], "final_order",
        {"order": "stipulated"}, _decided("stipulated")),
    Way("detained_master_outcome", _HELD, [f"{_DETAINED}.ordered_share"], "ordered_in_custody",
        {"order": "judge"}, _decided("judge")),
    Way("detained_master_outcome", _HELD, [f"{_DETAINED}.voluntary_departure_share"], "detained_departure"),
    Way("detained_departure", _HELD, [_FELONY], "removal_arranged", {"order": "voluntary_departure"},
        _decided("voluntary_departure")),
    Way("detained_departure", {**_HELD, "authority": "ina_236c"}, [_FELONY], "application"),
    Way("detained_departure", {**_HELD, "entry": "paroled"}, [], "removal_arranged", {}, _decided("none")),
    Way("detained_master_outcome", _HELD, [f"{_DETAINED}.dismissed_share"], "nothing_on_file",
        {"docket": "none", "custody": "no", "exit": "terminated"},
        {**_ended("dismissed"), **_GONE}, pool=True),
    Way("detained_master_outcome", _HELD, [], "application"),
    Way("detained_master_outcome", _HELD, [f"{_DETAINED}.stipulated_share", f"{_DETAINED}.dismissed_share"],
        "final_order", {"order": "stipulated"}, _decided("stipulated")),
    # withholding only: no voluntary departure, no dismissal, no stipulation, whatever the shares
    Way("detained_master_outcome", {**_ONLY, **_PROTECTION},
        [f"{_DETAINED}.{how}_share" for how in ("stipulated", "ordered", "voluntary_departure", "dismissed")],
        "application"),
    # the merits
    *(Way("detained_merits_outcome", {**_HELD, "relief": kind}, [f"{_DETAINED}.relief_share"], "granted", {},
          _ended("relief")) for kind in ("asylum", "withholding_or_cat", "cancellation",
                                                   "adjustment")),
    Way("detained_merits_outcome", _HELD, [f"{_DETAINED}.relief_share"], "detained_denied"),
    # voluntary departure at the end (INA 240B(b)(1)): a year here before the notice, good moral character
    Way("detained_denied", _HELD, [], "ordered_in_custody", {"order": "judge"}, _decided("judge")),
    Way("detained_denied", {**_HELD, "years": "over_10"}, [_AT_THE_END], "removal_arranged",
        {"order": "voluntary_departure"}, _decided("voluntary_departure")),
    Way("detained_denied", _HELD, [_AT_THE_END], "ordered_in_custody", {"order": "judge"}, _decided("judge")),
    Way("detained_denied", {**_HELD, "years": "over_10", "criminal": "convicted"}, [_AT_THE_END],
        "ordered_in_custody", {"order": "judge"}, _decided("judge")),
    # the order that stood stands, granted or not
    Way("detained_merits_outcome", {**_ONLY, **_PROTECTION}, ["court.withholding_only.granted_share"],
        "protected", {}, _ended("relief")),
    Way("detained_merits_outcome", {**_ONLY, **_PROTECTION}, [f"{_DETAINED}.relief_share"],
        "ordered_in_custody", {}, _decided("reinstated")),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=name_of)
def test_that_each_ruling_in_custody_leads_where_the_law_says(way: Way) -> None:
    goes(way)


def test_that_whose_case_is_dismissed_in_custody_gives_up_everything_held() -> None:
    held = ("detention.beds", "detention.overflow", "detained.ice_arrest.none", "detained.over_180_days")
    lived = live(at="detained_master_outcome", who={**_HELD, "agency": "ice"},
                 numbers={f"{_DETAINED}.dismissed_share": 1.0}, days=6, otherwise=2.0,
                 do=[*map(take, held), mark("first"), start("tenure_180")])  # fmt: skip
    assert [lived.held(space)[-1] for space in held] == [0, 0, 0, 0]


def test_that_who_departs_voluntarily_from_custody_is_heard_no_more_but_keeps_the_place() -> None:
    numbers = {f"{_DETAINED}.voluntary_departure_share": 1.0, "bond.hearing.median_days": 2.5,
               "bond.hearing.sigma": 1e-6}  # fmt: skip
    lived = live("bond_decided", "detained_departure", at="detained_master_outcome", who=_HELD,
                 numbers=numbers, days=10,
                 do=[take("detention.beds"), start("bond_hearing")])  # fmt: skip
    assert lived.held("detention.beds")[-1] == 400
    assert lived.counted("bond_denied") == 0


def test_that_people_in_custody_are_heard_at_the_merits_only_with_what_first_hearings_leave() -> None:
    numbers = {**bench(1.0, 60.0), "court.minutes.detained_master": 20.0,
               "court.minutes.detained_merits": 60.0, "court.detained.preparation_median_days": 1e-3,
               "court.detained.sigma": 1e-6}  # fmt: skip
    lived = live(
        *("detained_master_outcome", "application", "set_for_a_hearing", "detained_preparation"),
        "detained_merits", at="detained_master", who=_HELD, numbers=numbers, people=9, days=13,
    )  # fmt: skip
    first = lived.ledger.served["detained_master"]
    merits = lived.ledger.served["detained_merits"]
    assert (first.sum(), first[1:4].tolist()) == (9, [3, 3, 3])
    assert merits[:4].sum() == 0 and set(merits[4:].tolist()) == {1}


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


@pytest.mark.parametrize("counsel", ["no", "yes"])
def test_that_counsel_changes_how_often_relief_is_granted(counsel) -> None:
    by = {"no": 0.5, "yes": 1.5}
    numbers = {f"{_DETAINED}.relief_share": 0.4, "court.relief.granted_factor_by_kind": 1.0,
               "court.relief.granted_factor_by_counsel": by[counsel]}  # fmt: skip
    lived = live(at="detained_merits_outcome", who={**_HELD, "relief": "asylum", "counsel": counsel},
                 numbers=numbers, people=20_000)  # fmt: skip
    assert lived.counted_each("relief", counsel=counsel) == pytest.approx(0.4 * by[counsel], rel=0.06)


def test_that_counsel_changes_how_often_bond_is_granted_and_never_for_the_worse() -> None:
    for with_counsel, expected in ((0.8, 0.8), (0.1, 0.4)):
        numbers = {"bond.granted_share": 0.4, "bond.granted_share_with_counsel": with_counsel}
        lived = live(at="bond_decided", who={**_HELD, "counsel": "yes"}, numbers=numbers, people=20_000)
        assert lived.counted_each("bond_granted") == pytest.approx(expected, rel=0.05)
    alone = live(at="bond_decided", who=_HELD, numbers=numbers, people=20_000)
    assert alone.counted_each("bond_granted") == pytest.approx(0.4, rel=0.05)
