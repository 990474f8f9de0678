"""The country of removal, in the order of INA 241(b)(2)."""

from __future__ import annotations

import pytest

from docketflow.core.quantity import Dated, Table
from docketflow.core.vocabulary import labels
from docketflow.engine.declare.vocabulary import take

from .slice import FIRST, Way, goes, live, name_of

_HELD = {"custody": "yes", "docket": "ordered", "order": "judge"}
_THIRD = "removal.third_country"
_MEXICO, _OTHER, _HALTED = f"{_THIRD}.mexico_share", f"{_THIRD}.other_share", f"{_THIRD}.halted_share"
_NEVER = "order.travel_document.never_share"
_SANCTIONED = "order.travel_document.sanctioned_share"
WAYS = [
    Way("destination", _HELD, [_MEXICO, _OTHER], "destination.own"),
    Way("destination", _HELD, [f"{_THIRD}.before_own_share"], "third_country"),
    Way("destination.own", _HELD, [_MEXICO, _OTHER], "travel_document"),
    Way("destination.own", _HELD, [_NEVER], "third_country"),
    Way("destination.own", _HELD, [_NEVER, _SANCTIONED], "travel_document"),
    Way("destination.own", _HELD, ["detention.guantanamo.sent_share"], "guantanamo"),
    Way("third_country", _HELD, [_MEXICO, _OTHER], "third_country.notice", {"destination": "mexico"}),
    Way("third_country", _HELD, [_OTHER], "third_country.place"),
    Way("third_country", _HELD, [_HALTED, _MEXICO, _OTHER], "no_country"),
    Way("third_country", _HELD, [], "no_country"),
    Way("third_country.screened", {**_HELD, "destination": "other"}, [f"{_THIRD}.screened_out_share"],
        "no_country", {"destination": "own"}, {"third_country_screened_out": {}}),
    Way("third_country.screened", {**_HELD, "destination": "other"}, [], "removal_arranged"),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=name_of)
def test_that_a_country_is_sought_in_the_order_of_the_law(way: Way) -> None:
    goes(way)


_COUNTRY = ("destination.own", "travel_document", "third_country", "third_country.place",
            "third_country.notice", "third_country.screened", "no_country", "guantanamo")  # fmt: skip
_NUMBERS = {
    "order.travel_document.median_days": 3.5, "order.travel_document.sigma": 1e-6, f"{_THIRD}.places": 1000.0,
    f"{_THIRD}.notice_days": 2.0, "detention.guantanamo.places": 0.0,
    f"{_THIRD}.cap": Table.of("agreement", dict.fromkeys(labels("agreement"), 0.0)),
}  # fmt: skip


def _sent(days: int = 12, **numbers):
    given = {**_NUMBERS, **{path.replace("__", "."): number for path, number in numbers.items()}}
    return live(*_COUNTRY, at="destination", who=_HELD, numbers=given, days=days)


def test_that_an_agreement_takes_nobody_whose_own_country_takes_them() -> None:
    lived = _sent(removal__third_country__other_share=1.0)
    assert lived.traits_at("removal_arranged")["destination"] == "own"


def test_that_a_court_halts_its_share_of_those_who_would_be_sent_elsewhere() -> None:
    sent = [
        live(at="third_country", who=_HELD, numbers={_MEXICO: 0.5, _OTHER: 0.1, _HALTED: halted})
        for halted in (0.0, 0.5, 1.0)
    ]
    for place, share in (("third_country.notice", 0.5), ("third_country.place", 0.1)):
        found = [lived.share_at(place) for lived in sent]
        assert found == pytest.approx([share, share / 2, 0], abs=0.06) and found[0] > found[1] > 0


def test_that_an_agreement_takes_no_more_than_its_places_and_the_rest_stay_held() -> None:
    lived = _sent(order__travel_document__never_share=1.0, removal__third_country__other_share=1.0,
                  removal__third_country__places=50.0)  # fmt: skip
    assert lived.counted("at removal_arranged") == 50
    assert lived.standing("no_country")[-1] == 350


def test_that_each_agreement_adds_its_cap_from_its_date() -> None:
    cap = {label: float(label == "rwanda") * 30 for label in labels("agreement")}
    none = Table.of("agreement", dict.fromkeys(cap, 0.0))
    begun = Dated((1, FIRST.toordinal() + 3), (none, Table.of("agreement", cap)))
    arriving = {**_NUMBERS, _NEVER: 1.0, _OTHER: 1.0, f"{_THIRD}.places": 20.0}
    before = live(
        *_COUNTRY, at="third_country.place", who=_HELD, numbers={**arriving, f"{_THIRD}.cap": begun}, days=9
    )
    always = live(*_COUNTRY, at="third_country.place", who=_HELD,
                  numbers={**arriving, f"{_THIRD}.cap": Table.of("agreement", cap)}, days=9)  # fmt: skip
    assert (before.counted("at removal_arranged"), always.counted("at removal_arranged")) == (20, 50)


def test_that_guantanamo_takes_no_more_than_its_places_and_gives_back_the_bed() -> None:
    numbers = {**_NUMBERS, "detention.guantanamo.sent_share": 1.0, "detention.guantanamo.places": 25.0}
    lived = live(
        "guantanamo", at="destination.own", who=_HELD, numbers=numbers, days=3, do=[take("detention.beds")]
    )
    assert lived.held("detention.guantanamo")[-1] == lived.counted("sent_to_guantanamo") == 25
    assert lived.held("detention.beds")[-1] == 375
    none = live("guantanamo", at="destination.own", who=_HELD, days=3,
                numbers={**numbers, "detention.guantanamo.places": 0.0})  # fmt: skip
    assert none.counted("sent_to_guantanamo") == 0 and none.share_at("travel_document") == 1


def test_that_a_court_order_halts_orders_of_its_class_and_no_others() -> None:
    halted = Table.of("order", {label: float(label == "judge") for label in labels("order")})
    numbers = {**_NUMBERS, _NEVER: 1.0, _MEXICO: 1.0, _HALTED: halted}
    for order, sent in (("judge", 0), ("expedited", 400)):
        lived = live(*_COUNTRY, at="destination", who={**_HELD, "order": order}, numbers=numbers, days=12)
        assert lived.counted("at removal_arranged") == sent


def test_that_a_travel_document_takes_its_days() -> None:
    lived = live(at="travel_document", who=_HELD, numbers=_NUMBERS, days=8)
    assert lived.standing("travel_document") == [0, 400, 400, 400, 400, 0, 0, 0]
    assert lived.share_at("removal_arranged") == 1


def test_that_who_is_sent_elsewhere_has_notice_first() -> None:
    lived = live(at="third_country.notice", who=_HELD, numbers=_NUMBERS, days=6)
    assert lived.standing("third_country.notice") == [0, 400, 400, 0, 0, 0] or lived.standing(
        "third_country.notice"
    ) == [0, 400, 0, 0, 0, 0]
