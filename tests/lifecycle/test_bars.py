"""What bars the execution of an order: withholding, a stay, a motion."""

from __future__ import annotations

import pytest

from docketflow.engine.declare.vocabulary import mark, take

from .slice import Way, goes, live, name_of

_HELD = {"custody": "yes", "docket": "ordered", "order": "judge"}
_OLD = {**_HELD, "bar": "unsettled"}
_WITHHELD, _STAYED, _MOTION = (f"order.bars.{kind}_share" for kind in ("withheld", "stayed", "motion"))
_ELSEWHERE = "order.bars.withheld_to_third_country_share"
WAYS = [
    Way("bars", _HELD, [_WITHHELD], "bars.known", {"bar": "none"}),  # a new order brings what the judge said
    Way("bars", _OLD, [_WITHHELD], "bars.known", {"bar": "withheld"}),
    Way("bars", _OLD, [_STAYED], "bars.known", {"bar": "stayed"}),
    Way("bars", _OLD, [_MOTION], "bars.known", {"bar": "motion"}),
    Way("bars", _OLD, [_WITHHELD, _STAYED], "bars.known", {"bar": "withheld"}),
    Way("bars", _OLD, [], "bars.known", {"bar": "none"}),
    Way("bars.known", {**_HELD, "bar": "withheld"}, [], "withheld"),
    Way("bars.known", {**_HELD, "bar": "stayed"}, [], "stay_of_removal"),
    Way("bars.known", {**_HELD, "bar": "motion"}, [], "stay_of_removal"),
    Way("bars.known", _HELD, [], "destination"),
    Way("withheld", {**_HELD, "bar": "withheld"}, [], "no_country_for_now"),
    Way("withheld", {**_HELD, "bar": "withheld"}, [_ELSEWHERE], "third_country"),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=name_of)
def test_that_a_bar_is_settled_once_and_stops_what_the_law_says(way: Way) -> None:
    goes(way)


def test_that_nobody_whose_removal_is_withheld_is_sent_home() -> None:
    lived = live("bars.known", "withheld", "no_country_for_now", "released_from_custody", at="bars",
                 who={**_HELD, "bar": "withheld"}, numbers={"order.bars.release_days": 2.0}, days=40,
                 do=[mark("first"), take("detained.ice_arrest.none")])  # fmt: skip
    assert lived.counted("at destination") == 0
    assert lived.share_at("ordered_not_detained") == 1
    found = lived.traits_at("ordered_not_detained")
    assert (found["order"], found["bar"], found["exit"]) == ("judge", "withheld", "supervision")
    assert lived.held("detained.ice_arrest.none")[-1] == 0


def test_that_a_stay_ends_and_the_order_is_executed_after_it() -> None:
    lived = live(at="stay_of_removal", who={**_HELD, "bar": "stayed"}, numbers={"order.bars.stay_days": 2.0},
                 days=60)  # fmt: skip
    assert lived.share_at("destination") == 1
    assert lived.traits_at("destination")["bar"] == "none"
