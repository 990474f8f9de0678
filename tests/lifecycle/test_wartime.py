"""The Alien Enemies Act: closed unless named, with notice, and habeas back to the immigration laws."""

from __future__ import annotations

import pytest

from docketflow.engine.declare.vocabulary import take
from docketflow.lifecycle.wartime import GATES

from .slice import Way, goes, live, name_of

_ALONE = {"family": "single_adult", "nationality": "venezuela"}
_HELD = {**_ALONE, "custody": "yes", "route": "alien_enemy", "authority": "usc_50_21"}
_DESIGNATED = "wartime.designated_share"
WAYS = [
    Way("charge.wartime", _ALONE, [], "charge.order"),
    Way("charge.wartime", _ALONE, [_DESIGNATED], "charge.held",
        {"route": "alien_enemy", "authority": "usc_50_21"}, {"alien_enemy_designated": {}}),
    Way("charge.wartime", {**_ALONE, "family": "family_unit"}, [_DESIGNATED], "charge.order"),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=name_of)
def test_that_nobody_is_designated_without_a_proclamation_and_no_families(way: Way) -> None:
    goes(way)


def _noticed(places: float, days: int = 8, **shares: float):
    numbers = {"wartime.notice_days": 3.0, "wartime.places": places}
    numbers |= {f"wartime.{name}": share for name, share in shares.items()}
    return live("wartime.place", at="wartime.notice", who=_HELD, numbers=numbers, days=days,
                do=[take("detained.ice_arrest.none")])  # fmt: skip


def test_that_nobody_is_sent_before_the_notice_has_run() -> None:
    assert _noticed(1000.0, days=4).counted("at removal_arranged") == 0
    lived = _noticed(1000.0)
    assert lived.share_at("removal_arranged") == 1
    found = lived.traits_at("removal_arranged")
    assert (found["destination"], found["order"]) == ("prison", "none")  # no order of removal is made


@pytest.mark.parametrize("share", ["habeas_share", "halted_share"])
def test_that_habeas_or_a_court_order_leads_back_to_the_immigration_laws(share: str) -> None:
    lived = _noticed(1000.0, **{share: 1.0})
    assert lived.share_at("wartime.back.order") == 1
    assert lived.counted(f"alien_enemy_{share.removesuffix('_share')}") == 400


def test_that_a_court_halts_its_share_of_those_whom_habeas_leaves() -> None:
    lived = _noticed(1000.0, habeas_share=0.6, halted_share=0.5)
    assert lived.counted("alien_enemy_halted") / 400 == pytest.approx(0.2, abs=0.06)
    assert lived.share_at("wartime.back.order") < 1


_REINSTATED, _FELONY = "route.interior.reinstatement_share", "route.interior.administrative_share"
_EXPEDITED = ("route.interior.expedited_scope", "route.interior.expedited_share")
_APPLICANT, _CRIME, _DISMISSED = (f"charge.{name}_share" for name in ("applicant", "crime", "dismissed"))
_PENDING = {"docket": "pending"}
_EVERY_GATE = [gate.name for gate in GATES]
BACK = [
    # who, shares that are 1, route, authority, what the file says
    ({"docket": "ordered"}, [_REINSTATED], "unexecuted_order", "ina_241a", "other"),
    ({}, [_REINSTATED], "reinstatement", "ina_241a", "reinstated"),
    (_PENDING, [_REINSTATED], "notice_to_appear", "ina_236a", "notice_to_appear"),
    ({}, [_FELONY], "administrative", "ina_236c", "other"),
    ({}, _EXPEDITED, "expedited", "ina_235b1", "expedited"),
    (_PENDING, _EXPEDITED, "notice_to_appear", "ina_236a", "notice_to_appear"),
    (_PENDING, [*_EXPEDITED, _DISMISSED], "expedited", "ina_235b1", "expedited"),
    ({}, [_CRIME], "notice_to_appear", "ina_236c", "notice_to_appear"),
    ({}, [_APPLICANT], "notice_to_appear", "ina_235b2", "notice_to_appear"),
    ({"entry": "admitted"}, [_APPLICANT], "notice_to_appear", "ina_236a", "notice_to_appear"),
    ({"entry": "paroled", **_PENDING}, [], "notice_to_appear", "ina_235b2", "notice_to_appear"),
    ({}, [], "notice_to_appear", "ina_236a", "notice_to_appear"),
]


@pytest.mark.parametrize(("who", "ones", "route", "authority", "file"), BACK)
def test_that_who_comes_back_passes_every_gate_of_the_charge(who, ones, route, authority, file) -> None:
    lived = live(*_EVERY_GATE, "wartime.back.let_go", at="wartime.back.order", who={**_HELD, **who},
                 numbers=dict.fromkeys(ones, 1.0), do=[take("detained.other")])  # fmt: skip
    assert lived.share_at("proceed") == 1
    found = lived.traits_at("proceed")
    assert (found["route"], found["authority"]) == (route, authority)
    held = {name: days[-1] for name, days in lived.ledger.held.items() if days[-1]}
    assert held == {f"detained.{authority}": 400, f"detained.{file}": 400}


@pytest.mark.parametrize("bar", ["withheld", "stayed", "motion"])
def test_that_who_comes_back_with_an_order_that_is_stayed_or_withheld_is_let_go(bar: str) -> None:
    lived = live(*_EVERY_GATE, "wartime.back.let_go", at="wartime.back.order",
                 who={**_HELD, "docket": "ordered", "bar": bar})  # fmt: skip
    assert lived.share_at("released_from_custody", exit="supervision") == 1


def test_that_no_more_are_sent_than_the_prison_takes() -> None:
    lived = _noticed(25.0)
    assert lived.counted("at removal_arranged") == 25
    assert lived.counted("at wartime.back.order") == 375
