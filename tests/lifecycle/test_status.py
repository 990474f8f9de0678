"""Permissions that end on a date, and what people do next."""

from __future__ import annotations

import pytest

from docketflow.core.quantity import Table
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import join

from .slice import Way, goes, live, name_of

_TPS, _PAROLE = {"status": "tps"}, {"status": "parole_cbp_one"}
_BESIDE_PAROLE, _BESIDE_ASYLUM = "status.tps_with_parole_share", "status.tps_with_asylum_share"
_LEAVES, _NOTICE = "status.then_leaves_share", "status.then_notice_share"
WAYS = [
    # the end of one ends no other: what was held beside it shows
    Way("status_ended", _TPS, [_BESIDE_PAROLE], "status_next", {"status": "parole_other"}),
    Way("status_ended", _TPS, [_BESIDE_ASYLUM], "status_next", {"status": "asylum_affirmative"}),
    Way("status_ended", _TPS, [_BESIDE_PAROLE, _BESIDE_ASYLUM], "status_next", {"status": "parole_other"}),
    Way("status_ended", _TPS, [], "status_next", {"status": "none"}),
    Way("status_ended", _PAROLE, ["status.parole_with_asylum_share"], "status_next",
        {"status": "asylum_affirmative"}),
    Way("status_ended", _PAROLE, [], "status_next", {"status": "none"}),
    Way("status_ended", {"status": "daca"}, ["status.parole_with_asylum_share"], "status_next",
        {"status": "none"}),
    Way("status_next", {"docket": "none"}, [_LEAVES], "departed", {}, {"unrecorded_departure": {}}),
    Way("status_next", {"docket": "none"}, [_NOTICE], "awaiting_filing", {"docket": "awaiting_filing"},
        pool=True),
    Way("status_next", {"docket": "pending"}, [_LEAVES], "(stays)", {"left_unrecorded": "yes"},
        {"unrecorded_departure": {"docket": "pending"}}),
    Way("status_next", {"docket": "pending"}, [_NOTICE], "(stays)", {"docket": "pending"}, pool=True),
    Way("status_next", {"status": "asylum_affirmative"}, [_LEAVES, _NOTICE], "(stays)", pool=True),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=name_of)
def test_that_a_permission_ends_alone_and_each_goes_on_as_declared(way: Way) -> None:
    goes(way)


def _by(trait: str, **at: float) -> Table:
    return Table.of(trait, {label: at.get(label, 0.0) for label in labels(trait)})


_PACE = {"status.ending_share_per_day": 5.0}
_NONE_ENDED = {**_PACE, "status.ended": _by("status"), "status.tps_ended": _by("nationality"),
               "status.tps_holder": _by("status", tps=1.0)}  # fmt: skip


def _met(who: dict[str, str], **changed):
    return live(
        at="nothing_on_file", draws=["status_ends", "tps_ends"], numbers={**_NONE_ENDED, **changed}, who=who,
        do=[join("not_detained")], days=12,
    )  # fmt: skip


@pytest.mark.parametrize("status", ["parole_cbp_one", "parole_other", "tps", "daca"])
def test_that_nothing_ends_unless_a_setting_says_so(status: str) -> None:
    assert _met({"status": status}).counted("status_ended") == 0


def test_that_a_programme_ends_for_its_people_once_and_for_no_others() -> None:
    ended = {"status.ended": _by("status", parole_cbp_one=1.0)}
    assert _met(_PAROLE, **ended).counted_each("status_ended", status="parole_cbp_one") == 1
    for other in ("parole_other", "tps", "daca", "asylum_affirmative", "none"):
        assert _met({"status": other}, **ended).counted("status_ended") == 0


def test_that_a_designation_ends_for_the_country_designated_and_for_no_other() -> None:
    ended = {"status.tps_ended": _by("nationality", haiti=1.0)}
    assert _met({**_TPS, "nationality": "haiti"}, **ended).counted_each("status_ended") == 1
    assert _met({**_TPS, "nationality": "venezuela"}, **ended).counted("status_ended") == 0
    assert _met({**_PAROLE, "nationality": "haiti"}, **ended).counted("status_ended") == 0
