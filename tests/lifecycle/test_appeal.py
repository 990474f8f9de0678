"""Appeal to the Board: who appeals, how it ends, on both dockets."""

from __future__ import annotations

import pytest

from docketflow.engine.declare.vocabulary import mark, take

from .slice import Way, goes, live, name_of

_ORDER = {"docket": "pending", "order": "judge"}
_HELD = {**_ORDER, "custody": "yes", "detention": "yes"}
_BACK, _WON = "appeal.remanded_share", "appeal.sustained_share"
_REMANDED = {"reopened": "remanded", "order": "none"}
WAYS = [
    Way("ordered", _ORDER, ["appeal.share.not_detained"], "appeal"),
    Way("ordered", _ORDER, ["appeal.share.detained"], "final_order"),
    Way("appeal_decided", _ORDER, [_BACK], "merits", _REMANDED),
    Way("appeal_decided", _ORDER, [_WON], "granted_relief"),
    Way("appeal_decided", _ORDER, [_BACK, _WON], "merits", _REMANDED),
    Way("appeal_decided", _ORDER, [], "final_order"),
    Way("ordered_in_custody", _HELD, ["appeal.share.detained"], "detained_appeal"),
    Way("ordered_in_custody", _HELD, ["appeal.share.not_detained"], "final_order"),
    Way("detained_appeal_decided", _HELD, [_BACK], "detained_merits", _REMANDED),
    Way("detained_appeal_decided", _HELD, [_WON], "granted_relief",
        {"custody": "no", "exit": "relief_or_terminated"},
        {"book_out": {"exit": "relief_or_terminated"}, "stay_days": {}}),
    Way("detained_appeal_decided", _HELD, [], "final_order"),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=name_of)
def test_that_an_appeal_leads_where_the_law_says(way: Way) -> None:
    goes(way)


@pytest.mark.parametrize(
    ("place", "days", "other"),
    [
        ("appeal", "appeal.days.not_detained", "appeal.days.detained"),
        ("detained_appeal", "appeal.days.detained", "appeal.days.not_detained"),
    ],
)
def test_that_an_appeal_takes_the_days_of_its_docket(place, days, other) -> None:
    assert live(at=place, numbers={days: 1e-6, other: 5000.0}).share_at(f"{place}_decided") == 1
    assert live(at=place, numbers={days: 5000.0, other: 1e-6}).share_at(f"{place}_decided") < 0.05


def test_that_who_wins_an_appeal_in_custody_gives_up_everything_held() -> None:
    held = ("detention.beds", "detention.overflow", "detained.cbp_arrest", "detained.over_180_days")
    lived = live(at="detained_appeal_decided", who=_HELD, numbers={_WON: 1.0},
                 do=[*map(take, held), mark("first")])  # fmt: skip
    assert [lived.held(space)[-1] for space in held] == [0, 0, 0, 0]
