"""The Alien Enemies Act: closed unless named, with notice, and habeas back to the immigration laws."""

from __future__ import annotations

import pytest

from docketflow.engine.declare.vocabulary import take

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
    assert lived.share_at("wartime.back") == 1
    assert lived.counted(f"alien_enemy_{share.removesuffix('_share')}") == 400


_NOTICE = {"route": "notice_to_appear"}
_APPLICANT = "charge.applicant_share"
BACK = [
    Way("wartime.back", {**_HELD, "docket": "ordered"}, [_APPLICANT], "final_order",
        {"route": "unexecuted_order"}),
    Way("wartime.back", {**_HELD, "entry": "admitted"}, [_APPLICANT], "custody_decision",
        {**_NOTICE, "authority": "ina_236a"}),
    Way("wartime.back", _HELD, [], "custody_decision", {**_NOTICE, "authority": "ina_236a"}),
    Way("wartime.back", _HELD, [_APPLICANT], "custody_decision", {**_NOTICE, "authority": "ina_235b2"}),
    Way("wartime.back", {**_HELD, "entry": "paroled", "docket": "pending"}, [], "custody_decision",
        {**_NOTICE, "authority": "ina_235b2"}),
]  # fmt: skip


@pytest.mark.parametrize("way", BACK, ids=name_of)
def test_that_who_comes_back_is_under_the_order_or_the_statute_of_the_own_case(way: Way) -> None:
    goes(way)


def test_that_no_more_are_sent_than_the_prison_takes() -> None:
    lived = _noticed(25.0)
    assert lived.counted("at removal_arranged") == 25
    assert lived.counted("at wartime.back") == 375
