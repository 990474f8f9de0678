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
    assert lived.share_at("custody_decision") == 1
    found = lived.traits_at("custody_decision")
    assert (found["route"], found["authority"]) == ("notice_to_appear", "ina_235b2")


def test_that_no_more_are_sent_than_the_prison_takes() -> None:
    lived = _noticed(25.0)
    assert lived.counted("at removal_arranged") == 25
    assert lived.counted("at custody_decision") == 375
