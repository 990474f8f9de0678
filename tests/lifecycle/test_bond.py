"""Bond, habeas and giving up in custody: what the statute that holds a person allows."""

from __future__ import annotations

import pytest

from docketflow.core.quantity import Table
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import mark, start

from .slice import STAYS, Way, goes, live, name_of

_HELD = {"custody": "yes", "detention": "yes"}
_STATUTES = [label for label in labels("authority") if label.startswith("ina")]
_BARRED = [label for label in _STATUTES if label != "ina_236a"]


def _table(trait, **values):
    return Table.of(trait, {label: values.get(label, 0.0) for label in labels(trait)})


_BY_LAW = _table("authority", ina_236a=1.0)
_BOND = {
    "bond.open_share": _BY_LAW,
    "bond.circuit_open_share": _table("circuit"),
    "bond.asked_share": 1.0,
    "bond.hearing.median_days": 5.5,
    "bond.hearing.sigma": 1e-6,
    "bond.appeal_days": 1e-6,
    "bond.again.days": 1e-6,
    "bond.posted_share": 1.0,
    "bond.granted_share": 1.0,
    "giving_up.scale_days": 1e6,
    "giving_up.multiple_without_release": 1.0,
    "giving_up.shape": 1.0,
    "habeas.days_to_filing": 40.0,
    "habeas.multiple_without_bond": 4.0,
    "habeas.median_days": 1.5,
    "habeas.sigma": 1e-6,
    "habeas.decisions_per_day": 1e5,
    "custody.long_stay_days": 100.0,
    "court.judges": 100.0,
    "court.minutes_per_judge_day": 400.0,
    "court.minutes.detained_master": 10.0,
}
_CHAIN = (
    *("kept", "kept.open", "bond_decided", "bond_granted", "bond_posted", "bond_again"),
    *("habeas.heard", "habeas.decided", "habeas.hearing", "bond_decided_by_order"),
    *("gives_up", "gives_up.heard", "gives_up.granted", "gives_up.departs", "gives_up.stipulates"),
)


def _kept(statute, days=12, do=(), who=None, **changed):
    numbers = {**_BOND, **{path.replace("__", "."): value for path, value in changed.items()}}
    whole = {**_HELD, "authority": statute, "docket": "pending", **(who or {})}
    return live(*_CHAIN, at="kept", who=whole, numbers=numbers, days=days, do=[mark("first"), *do])


@pytest.mark.parametrize("statute", _BARRED)
def test_that_no_statute_but_one_gives_a_bond_hearing(statute) -> None:
    lived = _kept(statute, do=[start("habeas")])
    assert lived.counted("bond_granted") == lived.counted("bond_denied") == 0
    assert lived.share_at("filed_in_custody") == 1


def test_that_under_236a_who_asks_is_heard_on_the_day_and_let_go_when_the_bond_is_posted() -> None:
    lived = _kept("ina_236a")
    assert lived.counted_each("bond_granted", authority="ina_236a") == 1
    assert lived.share_at("released_from_custody") == 1
    assert lived.counted_each("book_out", exit="bond") == 1
    assert lived.counted_each("stay_days") == 6
    assert _kept("ina_236a", bond__asked_share=0.0).counted("bond_granted") == 0
    assert _kept("ina_236a", bond__posted_share=0.0).share_at("released_from_custody") == 0


def test_that_an_automatic_stay_keeps_who_was_granted_bond_until_the_board_decides() -> None:
    kept = _kept("ina_236a", bond__stayed_share=1.0, bond__appeal_sustained_share=1.0)
    assert kept.counted_each("bond_stayed") == kept.counted_each("bond_reversed") == 1
    assert kept.share_at("released_from_custody") == 0
    assert _kept("ina_236a", bond__stayed_share=1.0).share_at("released_from_custody") == 1


_ASKS_AGAIN = {"bond__again__asked_share": 1.0, "bond__granted_share": 0.0}


def test_that_who_was_refused_is_heard_again_only_where_circumstances_have_changed() -> None:
    unchanged = _kept("ina_236a", days=30, **_ASKS_AGAIN)
    assert unchanged.counted_each("bond_denied") == unchanged.counted_each("bond_not_heard_again") == 1
    changed = _kept("ina_236a", days=30, bond__again__changed_share=1.0, **_ASKS_AGAIN)
    assert changed.counted_each("bond_denied") > 5
    assert changed.counted("bond_not_heard_again") == 0


@pytest.mark.parametrize("statute", _BARRED)
def test_that_nobody_asks_again_whom_the_statute_gives_no_hearing(statute) -> None:
    again = {"bond__again__asked_share": 1.0, "bond__again__changed_share": 1.0}
    lived = _kept(statute, 40, [start("habeas")], habeas__days_to_filing=1e-6, habeas__hearing_share=1.0,
                  bond__posted_share=0.0, **again)  # fmt: skip
    assert lived.counted_each("bond_by_order_granted") == lived.counted_each("bond_not_posted") == 1
    assert lived.counted("bond_granted") == lived.counted("bond_denied") == 0


@pytest.mark.parametrize(("circuit", "heard"), [("2nd", 1), ("5th", 0)])
def test_that_a_circuit_opens_bond_to_people_read_as_applicants_for_admission(circuit, heard) -> None:
    opens = _table("circuit", **{"2nd": 1.0})
    lived = _kept("ina_235b2", who={"circuit": circuit}, bond__circuit_open_share=opens)
    assert lived.counted_each("bond_granted") == heard
    paroled = _kept("ina_235b2", who={"circuit": circuit, "entry": "paroled"}, bond__circuit_open_share=opens)
    assert paroled.counted("bond_granted") == 0


def test_that_closing_bond_never_lowers_habeas_filings() -> None:
    def filed(multiple, **closed):
        lived = _kept("ina_236a", 30, [start("habeas")], bond__granted_share=0.0,
                      habeas__multiple_without_bond=multiple, **closed)  # fmt: skip
        return lived.counted("habeas_filed")

    shut = {"bond__open_share": _table("authority")}
    assert filed(4.0, **shut) > 1.5 * filed(4.0) > 0
    assert filed(1.0, **shut) >= 0.8 * filed(1.0)


@pytest.mark.parametrize("statute", _STATUTES)
def test_that_anybody_held_may_file_for_habeas_and_a_court_can_order_release(statute) -> None:
    lived = live(
        *_CHAIN, "booked.file", "released_at_limit", at="booked.statute", do=[mark("first")], days=30,
        who={**_HELD, "authority": statute}, numbers={**_BOND, "habeas.released_share": 1.0},
        people=100,
    )  # fmt: skip
    assert lived.counted("habeas_filed", authority=statute) == lived.counted("habeas_filed") > 20
    assert lived.counted("book_out", exit="court_ordered") == lived.counted("habeas_granted") > 20


@pytest.mark.parametrize("statute", _STATUTES)
def test_that_nobody_held_for_a_listed_crime_is_let_go_while_a_petition_is_pending(statute) -> None:
    lived = _kept(statute, 12, [start("habeas")], habeas__days_to_filing=1e-6, bond__granted_share=0.0,
                  habeas__let_go_meanwhile_share=1.0)  # fmt: skip
    assert lived.share_at("released_at_limit") == (statute != "ina_236c")


def test_that_an_order_for_a_hearing_gives_one_whatever_the_statute_and_it_is_told_apart() -> None:
    lived = _kept("ina_236c", 40, [start("habeas")], habeas__days_to_filing=1e-6, habeas__hearing_share=1.0)
    assert lived.counted_each("bond_by_order_granted") == 1
    assert lived.counted("bond_granted") == 0
    assert lived.counted_each("book_out", exit="bond") == 1


def test_that_counsel_changes_a_hearing_by_order_as_any_other() -> None:
    def granted(counsel):
        lived = _kept("ina_236c", 40, [start("habeas")], {"counsel": counsel}, bond__granted_share=0.0,
                      bond__granted_share_with_counsel=1.0, habeas__days_to_filing=1e-6,
                      habeas__hearing_share=1.0)  # fmt: skip
        return lived.counted_each("bond_by_order_granted")

    assert granted("yes") == 1
    assert granted("no") == 0


def test_that_after_a_final_order_a_court_that_finds_for_the_person_releases() -> None:
    lived = _kept("ina_241a", 12, [start("habeas")], {"docket": "ordered", "order": "judge"},
                  habeas__days_to_filing=1e-6, habeas__hearing_share=1.0)  # fmt: skip
    assert lived.counted_each("book_out", exit="court_ordered") == 1
    assert lived.counted("bond_by_order_granted") == 0


def test_that_federal_courts_decide_no_more_in_a_day_than_they_can() -> None:
    lived = _kept("ina_236c", 20, [start("habeas")], habeas__days_to_filing=1e-6,
                  habeas__released_share=1.0, habeas__decisions_per_day=10.0)  # fmt: skip
    assert 100 < lived.counted("habeas_granted") <= 10 * 18


# --- giving up --------------------------------------------------------------------------------------
def _gave_up(statute, days=30, who=None, **changed):
    return _kept(
        statute, days, who={"order": "none", **(who or {})}, bond__granted_share=0.0, **changed
    )  # fmt: skip


def test_that_people_give_up_sooner_where_release_is_closed_and_never_later() -> None:
    few = {"giving_up__scale_days": 60.0}
    open_, shut = (
        _gave_up(statute, giving_up__multiple_without_release=3.0, **few).counted("gave_up")
        for statute in ("ina_236a", "ina_236c")
    )
    assert shut > 1.5 * open_ > 0
    same = _gave_up("ina_236c", **few).counted("gave_up")
    assert abs(same - open_) < 0.25 * open_


_OLD = {"proceeding": "withholding_only", "docket": "ordered", "order": "reinstated"}
_GAVE_UP = {"gave_up": {}}
_SIGNED = {**_GAVE_UP, "decision": {}, "decision_days": {}, "decision_days_held": {}}
_CASE = {**_HELD, "docket": "pending"}
GIVING_UP = [
    Way("gives_up", {**_CASE, "authority": "ina_236a"}, [], "gives_up.heard"),
    Way("gives_up", {**_CASE, "authority": "ina_241a", **_OLD}, [], "final_order", {}, _GAVE_UP),
    Way("gives_up", {**_CASE, "authority": "ina_236a", "order": "judge"}, [], "final_order", {}, _GAVE_UP),
    Way("gives_up", {**_CASE, "docket": "ordered", "order": "judge"}, [], STAYS),
    Way("gives_up", {**_CASE, "order": "voluntary_departure"}, [], STAYS),
    Way("gives_up.granted", _CASE, ["giving_up.departure_share"], "gives_up.departs"),
    Way("gives_up.granted", _CASE, [], "gives_up.stipulates"),
    Way("gives_up.stipulates", _CASE, [], "final_order", {"order": "stipulated"}, _SIGNED),
    # before the end of proceedings (INA 240B(a)): not after an aggravated felony, not who is arriving
    *(Way("gives_up.departs", {**_CASE, "authority": f"ina_{statute}"}, ["court.departure.felony_share"],
          "removal_arranged", {"order": "voluntary_departure"}, _SIGNED) for statute in ("236a", "235b2")),
    Way("gives_up.departs", {**_CASE, "authority": "ina_236c"}, ["court.departure.felony_share"],
        "gives_up.stipulates"),
    Way("gives_up.departs", {**_CASE, "authority": "ina_236c"}, [], "removal_arranged",
        {"order": "voluntary_departure"}, _SIGNED),
    *(Way("gives_up.departs", {**_CASE, "authority": f"ina_{statute}", "entry": "paroled"},
          ["court.departure.felony_share"], "removal_arranged", {}, _SIGNED)
      for statute in ("235b2", "236c")),
]  # fmt: skip


@pytest.mark.parametrize("way", GIVING_UP, ids=name_of)
def test_that_giving_up_leads_where_the_statute_allows(way: Way) -> None:
    goes(way)


def test_that_nobody_gives_up_a_case_while_no_judge_has_a_minute_to_sign() -> None:
    few = {"giving_up__scale_days": 5.0}
    assert _gave_up("ina_236c", **few).counted("gave_up") > 100
    assert _gave_up("ina_236c", **few, court__judges=0.0).counted("gave_up") == 0
