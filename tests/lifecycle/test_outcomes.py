"""What each outcome counts: one event, one person or one day at a time, written into the books by hand."""

from __future__ import annotations

import pytest

from docketflow.core.vocabulary import labels
from docketflow.engine.declare.measure import Level, Priced, Ratio, Scaled, Total
from docketflow.lifecycle import ACCOUNTS, EDGES, MEASURES, STOCKS
from docketflow.lifecycle.outcomes.custody import EXITS, OUTCOMES

from .books import MONTH, books, read

NO_COST = {name for name in MEASURES if not name.startswith("cost.")}


def _ratio(name: str) -> bool:
    return isinstance(MEASURES[name], Ratio)


def _move(ledger) -> set[str]:
    """Return the outcomes, ratios and money aside, that read one off these books."""
    names = [n for n in NO_COST if not _ratio(n) and not isinstance(MEASURES[n], Scaled)]
    values = {name: read(MEASURES[name], ledger) for name in names}
    assert set(values.values()) <= {0.0, 1.0}, {name: v for name, v in values.items() if v > 1}
    return {name for name, value in values.items() if value}


_BY_ICE = {"remover": "ice"}
_BY_CBP = {"remover": "cbp"}
_ORDERED = {"removals.ohss", "repatriations.title8_enforcement", "repatriations.all"}
_RETURNED = {"returns.enforcement", "repatriations.title8_enforcement", "repatriations.all"}
_ICE_ICE = {"removals.ice", "removals.ice_arrest"}
_ICE_CBP = {"removals.ice", "removals.cbp_arrest", "removals.cbp_arrest.not_through_detention"}
_ICE_OHSS = {*_ORDERED, "removals.ohss.ice_arrest"}
_HEARD, _OFFICER = {"removals.ice.hearing_held"}, {"removals.ice.officers_order"}
_NONE = {"removals.ice.no_order"}
_INITIAL = {"courts.initial_completions", "courts.total_completions", "courts.closures"}
_SUBSEQUENT = {"courts.subsequent_completions", "courts.total_completions", "courts.closures"}
_EITHER = "courts.removal_or_departure_orders"
_AGAIN = {"reopened": "reopened"}
_RECORDS = ("none", "pending", "convicted")
_RELEASED, _CASE_ENDED = "book_outs.released", "book_outs.relief_or_terminated"
_PENDING, _CLAIM = {**_BY_ICE, "docket": "pending"}, "removals.with_pending_claim"
EVENTS = [
    # who carried it out, who arrested: ICE's count; under what order: OHSS's count, a removal or a return
    ("departure", {**_BY_ICE, "agency": "ice", "order": "judge"},
     {*_ICE_ICE, *_ICE_OHSS, *_HEARD, "removals.ohss.other"}),
    ("departure", {**_BY_ICE, "agency": "ice", "order": "stipulated"},
     {*_ICE_ICE, *_ICE_OHSS, "removals.ice.stipulated", "removals.ohss.other"}),
    ("departure", {**_BY_ICE, "agency": "cbp", "order": "judge", "detention": "yes"},
     {"removals.ice", "removals.cbp_arrest", *_ORDERED, *_HEARD, "removals.ohss.other"}),
    ("departure", {**_BY_ICE, "agency": "cbp", "order": "expedited"},
     {*_ICE_CBP, *_ORDERED, *_OFFICER, "removals.ohss.expedited"}),
    ("departure", {**_BY_ICE, "agency": "none", "order": "reinstated"},
     {*_ICE_CBP, *_ORDERED, *_OFFICER, "removals.ohss.reinstated"}),
    ("departure", {**_BY_ICE, "agency": "ice", "order": "administrative"},
     {*_ICE_ICE, *_ICE_OHSS, *_OFFICER, "removals.ohss.other"}),
    ("departure", {**_BY_ICE, "agency": "ice", "order": "in_absentia"},
     {*_ICE_ICE, *_ICE_OHSS, "removals.ice.in_absentia", "removals.ohss.other"}),
    ("departure", {**_BY_ICE, "agency": "ice", "order": "none"}, {*_ICE_ICE, *_NONE, *_RETURNED}),
    ("departure", {**_BY_ICE, "agency": "ice", "order": "voluntary_departure"},
     {*_ICE_ICE, *_NONE, *_RETURNED}),
    ("departure", {**_BY_CBP, "agency": "cbp", "order": "expedited"}, {*_ORDERED, "removals.ohss.expedited"}),
    ("departure", {**_BY_CBP, "agency": "cbp", "order": "reinstated"},
     {*_ORDERED, "removals.ohss.reinstated"}),
    ("departure", {**_BY_CBP, "agency": "cbp", "order": "none"}, _RETURNED),
    ("departure", {**_BY_ICE, "agency": "ice", "order": "judge", "destination": "mexico"},
     {*_ICE_ICE, *_ICE_OHSS, *_HEARD, "removals.ohss.other", "removals.third_country.mexico"}),
    ("departure", {**_BY_ICE, "agency": "ice", "order": "judge", "destination": "other"},
     {*_ICE_ICE, *_ICE_OHSS, *_HEARD, "removals.ohss.other", "removals.third_country.other"}),
    ("expulsion", {}, {"expulsions.title42", "repatriations.all"}),
    ("departure", {**_BY_ICE, "agency": "ice", "order": "none", "destination": "prison"},
     {*_ICE_ICE, "removals.alien_enemies"}),
    ("app_departure", {}, {"departures.app_recorded"}),
    ("status_ended", {"status": "parole_other"}, {"parole.terminated"}),
    ("status_ended", {"status": "tps"}, {"tps.terminated"}),
    ("status_ended", {"status": "daca"}, set()),
    ("crew_return", {}, {"returns.administrative", "repatriations.all"}),
    ("departure_by_nationality", {**_BY_ICE, "nationality": "haiti"},
     {"removals.by_nationality_group.haiti"}),
    ("departure_by_nationality", {**_BY_CBP, "nationality": "haiti"}, set()),
    *(("departure_by_record", {**_BY_ICE, "criminal": record}, {f"removals.ice.{record}"})
      for record in _RECORDS),
    ("departure_by_record", _BY_CBP, set()),
    # a claim is counted once, and none that was given up, as by who withdraws with a case on file
    ("departure_by_claim", {**_BY_ICE, "docket": "ordered"}, set()),
    ("departure_by_claim", _PENDING, set()),
    ("departure_by_claim", {**_PENDING, "destination": "prison"}, {_CLAIM, f"{_CLAIM}.case"}),
    ("departure_by_claim", {**_PENDING, "motion": "pending", "destination": "prison"},
     {_CLAIM, f"{_CLAIM}.motion"}),
    ("departure_by_claim", {**_BY_ICE, "petition": "pending", "motion": "pending"},
     {_CLAIM, f"{_CLAIM}.petition"}),
    ("departure_by_claim", {**_BY_CBP, "petition": "pending"}, set()),
    ("voluntary_departure", {}, {"departures.voluntary_departure"}),
    ("unrecorded_departure", {"docket": "pending"}, {"departures.unrecorded"}),
    # arrests, screenings, custody
    ("arrest", {"channel": "custodial"}, {"arrests.ice", "arrests.ice.none", "arrests.custodial"}),
    ("arrest", {"channel": "supervision"}, {"arrests.ice", "arrests.ice.none", "arrests.supervision"}),
    ("arrest", {"channel": "at_large"}, {"arrests.ice", "arrests.ice.none", "arrests.at_large"}),
    ("arrest", {"channel": "custodial", "criminal": "convicted"},
     {"arrests.ice", "arrests.ice.convicted", "arrests.custodial"}),
    ("fear_positive", {}, {"credible_fear.decided", "credible_fear.decided.positive"}),
    ("fear_negative", {}, {"credible_fear.decided", "courts.closures"}),  # a judge reviews it
    ("fear_closed", {}, {"credible_fear.closed"}),
    ("book_in", {"agency": "ice"}, {"book_ins.ice_arrest", "book_ins.none"}),
    ("book_in", {"agency": "cbp"}, {"book_ins.cbp_arrest", "book_ins.none"}),
    ("book_in", {"agency": "none"}, {"book_ins.cbp_arrest", "book_ins.none"}),
    ("book_out", {"exit": "removal"}, {"book_outs.removal", "book_outs.removal.cbp_arrest"}),
    *(("book_out", {"exit": why}, {f"book_outs.{why}", f"book_outs.{why}.cbp_arrest", _RELEASED})
      for why in ("bond", "parole", "recognizance", "supervision")),
    ("book_out", {"exit": "court_ordered"}, {"book_outs.court_ordered", _RELEASED}),
    ("book_out", {"exit": "terminated"}, {"book_outs.terminated", _CASE_ENDED, _RELEASED}),
    ("book_out", {"exit": "relief"}, {"book_outs.relief", _CASE_ENDED}),
    ("book_out", {"exit": "other"}, {"book_outs.other"}),
    ("book_out", {"exit": "removal", "agency": "ice", "criminal": "convicted"},
     {"book_outs.removal", "book_outs.removal.ice_arrest", "book_outs.removal.convicted"}),
    ("bond_granted", {}, {"bond.hearings", "bond.hearings.granted"}),
    ("bond_denied", {}, {"bond.hearings"}),
    ("bond_denied", {"criminal": "convicted"}, {"bond.hearings", "bond.hearings.convicted"}),
    ("transfer", {}, {"transfers.between_circuits"}),
    ("habeas_filed", {}, {"habeas.filed"}),
    ("habeas_granted", {}, {"habeas.filed.granted"}),
    ("gave_up", {}, {"gave_up.in_custody"}),
    ("let_go_without_a_place", {}, {"let_go.without_a_place"}),
    ("reasonable_fear_found", {}, {"reasonable_fear.decided"}),
    ("reasonable_fear_not_found", {}, {"reasonable_fear.decided", "courts.closures"}),
    # court: what was decided before counts among all completions and all in absentia orders, no more
    ("receipt", {}, {"courts.receipts"}),
    ("reopening", {}, {"courts.motions_granted"}),
    ("decision", {"order": "judge"}, {*_INITIAL, "courts.removal_orders", _EITHER}),
    ("decision", {"order": "stipulated"},
     {*_INITIAL, "courts.removal_orders", "courts.stipulated_orders", _EITHER}),
    ("decision", {"order": "in_absentia"},
     {*_INITIAL, "courts.removal_orders", "courts.in_absentia_orders", _EITHER}),
    ("decision", {"order": "voluntary_departure"}, {*_INITIAL, "courts.voluntary_departure", _EITHER}),
    ("decision", {"order": "voluntary_departure", "custody": "yes"},
     {*_INITIAL, "courts.voluntary_departure", "courts.voluntary_departure.detained", _EITHER}),
    ("decision", {"order": "judge", **_AGAIN}, {*_SUBSEQUENT, _EITHER}),
    ("decision", {"order": "in_absentia", **_AGAIN},
     {*_SUBSEQUENT, "courts.in_absentia_orders", _EITHER}),
    ("decision", {"order": "voluntary_departure", "custody": "yes", **_AGAIN}, {*_SUBSEQUENT, _EITHER}),
    ("relief", {}, {*_INITIAL, "courts.relief"}),
    ("relief", {**_AGAIN, "relief": "asylum"},
     {*_SUBSEQUENT, "courts.relief.asylum", "asylum.decided", "asylum.decided.granted"}),
    ("decision", {"order": "judge", "relief": "asylum"},
     {*_INITIAL, "courts.removal_orders", _EITHER, "asylum.decided", "asylum.decided.denied"}),
    ("dismissed", {}, {*_INITIAL, "courts.dismissed_or_terminated"}),
    ("dismissed", _AGAIN, {*_SUBSEQUENT}),
    # review: what the Board decides is all it dismisses, sustains and sends back
    ("appeal", {}, {"appeals.filed"}),
    ("appeal_dismissed", {}, {"appeals.decided"}),
    ("sustained", {}, {"appeals.decided", "appeals.sustained"}),
    ("remand", {}, {"appeals.decided", "appeals.remanded"}),
    ("petition", {}, {"circuit.petitions"}),
    ("stay", {}, {"circuit.stays"}),
    ("motion", {}, {"courts.motions_received"}),
    ("shelved", {}, {"courts.administratively_closed", "courts.closures"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("tally", "traits", "outcomes"),
    EVENTS,
    ids=lambda it: "+".join(it.values()) if isinstance(it, dict) else None,
)
def test_that_an_event_counts_in_the_outcomes_of_its_rule_and_in_no_other(tally, traits, outcomes) -> None:
    assert _move(books([(tally, traits, 1)])) == outcomes


_CASES = ("master", "continued", "merits", "detained_preliminary", "detained_master", "detained_preparation",
          "detained_merits")  # fmt: skip
_DOCKET = "docket.not_detained"
PLACES = {
    "nothing_on_file": set(),
    "awaiting_filing": {_DOCKET},
    **{name: {"courts.pending.active", "courts.pending.all", f"courts.pending.{of}", _DOCKET}
       for name, of in (("master", "master"), ("continued", "master"), ("merits", "merits"))},
    **{name: {"courts.pending.active", "courts.pending.all", "courts.pending.detained"}
       for name in _CASES[3:]},
    "awaiting_release.filed": {"courts.pending.active", "courts.pending.all", "courts.pending.detained"},
    "awaiting_release": set(),
    "dormant_notice": {_DOCKET},
    "office_appointment": {_DOCKET},
    "appeal_window": {_DOCKET},
    "appeal_filed": {"appeals.pending", _DOCKET},
    "inactive": {"courts.pending.all", _DOCKET},
    "appeal": {"appeals.pending", _DOCKET},
    "voluntary_departure_period": {_DOCKET},
    **{name: {"orders.unexecuted", _DOCKET}
       for name in ("ordered_not_detained", "motion_with_stay", "motion_without_stay")},
    "travel_document": set(),
    "hold_room": {"hold_rooms.average", "hold_rooms.peak"},
}  # fmt: skip
_DETAINED = {"detained.average", "detained.peak", "detained.point"}
_OWN = ("detained.over_180_days", "detained.ina_235b1", "detained.ina_235b2", "detained.ina_236a",
        "detained.ina_236c", "detained.ina_241a", "detained.expedited", "detained.notice_to_appear",
        "detained.reinstated", "children.in_care")  # fmt: skip
SPACES = {
    "detention.beds": set(),
    "detention.overflow": set(),
    "detention.family": {"family_places.average"},
    "detention.with_cbp": {"waiting_with_cbp.average"},
    "detained.hold_rooms.over_limit": {"hold_rooms.over_limit"},
    **{
        f"detained.{by}.{label}": {*_DETAINED, f"detained.{by}", f"detained.{by}.{label}"}
        for by in ("ice_arrest", "cbp_arrest")
        for label in ("none", "pending", "convicted")
    },
    **{name: {name} for name in _OWN},
}


@pytest.mark.parametrize("place", PLACES)
def test_that_a_person_at_a_place_is_on_the_dockets_it_belongs_to(place) -> None:
    assert _move(books(standing={place: 1})) == PLACES[place]


@pytest.mark.parametrize("space", SPACES)
def test_that_a_person_in_a_space_is_counted_as_detained_there(space) -> None:
    assert _move(books(held={space: 1})) == SPACES[space]


def test_that_the_average_the_peak_and_the_last_day_of_detention_are_those_of_its_days() -> None:
    ice, cbp = "detained.ice_arrest.none", "detained.cbp_arrest.convicted"
    ledger = books(held={ice: 10, cbp: 3})
    ledger.held[ice][5] = 66
    ledger.held[cbp][-1] = 0
    found = {how: read(MEASURES[f"detained.{how}"], ledger) for how in ("average", "peak", "point")}
    assert found == {"average": 13 + (56 - 3) / MONTH, "peak": 69, "point": 10}


def test_that_long_stays_are_those_of_the_last_day() -> None:
    ledger = books(held={"detained.over_180_days": 10})
    ledger.held["detained.over_180_days"][-1] = 4
    assert read(MEASURES["detained.over_180_days"], ledger) == 4


def test_that_places_of_stock_show_the_mean_of_the_days() -> None:
    assert all(isinstance(one, Level) and one.how == "mean" for one in STOCKS.values())


_DEPARTURE = {"agency": "ice", **_BY_ICE, "order": "judge"}
_RULED = ("judge", "stipulated", "in_absentia")
RATIOS = [
    # outcome, events in the top, events in the bottom alone
    ("removals.through_detention", [("departure", {**_DEPARTURE, "detention": "yes"})],
     [("departure", _DEPARTURE)]),
    ("removals.without_hearing",
     [("departure", {**_DEPARTURE, "order": order})
      for order in ("none", "expedited", "reinstated", "administrative")],
     [("departure", {**_DEPARTURE, "order": order}) for order in ("judge", "stipulated", "in_absentia")]),
    ("courts.in_absentia_share", [("decision", {"order": "in_absentia"})],
     [("decision", {"order": "judge"}), ("relief", {}), ("dismissed", {})]),
    ("people.without_counsel_at_order", [("decision", {"order": order}) for order in _RULED],
     [("decision", {"order": order, "counsel": "yes"}) for order in _RULED]),
]  # fmt: skip


@pytest.mark.parametrize(("outcome", "top", "bottom"), RATIOS, ids=[row[0] for row in RATIOS])
def test_that_a_share_is_of_those_whom_its_definition_names(outcome, top, bottom) -> None:
    counted = [(tally, traits, 3) for tally, traits in top] + [(tally, traits, 2) for tally, traits in bottom]
    assert read(MEASURES[outcome], books(counted)) == pytest.approx(
        3 * len(top) / (3 * len(top) + 2 * len(bottom))
    )


def test_that_orders_in_custody_and_of_cases_opened_again_are_no_part_of_the_in_absentia_share() -> None:
    share = MEASURES["courts.in_absentia_share"]
    counted = [("decision", {"order": "in_absentia"}, 1), ("dismissed", {}, 3)]
    others = [("decision", {"order": "in_absentia", **_AGAIN}, 5), ("relief", {"custody": "yes"}, 7),
              ("dismissed", _AGAIN, 2)]  # fmt: skip
    assert read(share, books(counted)) == read(share, books([*counted, *others])) == 0.25


def test_that_mean_stays_and_waits_are_days_over_those_who_ended_them() -> None:
    ledger = books(
        [("stay_days", {"agency": "ice"}, 90), ("book_out", {"agency": "ice", "exit": "bond"}, 2),
         ("decision_days", {"custody": "yes"}, 30), ("relief", {"custody": "yes"}, 1),
         ("decision", {"custody": "yes", "order": "judge"}, 1),
         ("dismissed", {"custody": "yes", **_AGAIN}, 1),
         ("decision_days", {"custody": "no"}, 700), ("decision", {"order": "judge"}, 7)]
    )  # fmt: skip
    assert read(MEASURES["stay.mean_days"], ledger) == 45
    assert read(MEASURES["courts.wait_days.detained"], ledger) == 10
    assert read(MEASURES["courts.wait_days.not_detained"], ledger) == 100


_HELD_UNTIL = {
    "removal": (40, 3),
    "bond": (90, 2),
    "terminated": (70, 1),
    "relief": (300, 1),
    "other": (9, 4),
}


def test_that_days_held_by_outcome_are_those_of_all_who_left() -> None:
    ledger = books(
        (tally, {"exit": why}, many)
        for why, (days, left) in _HELD_UNTIL.items()
        for tally, many in (("stay_days", days), ("book_out", left))
    )
    mean = {how: read(MEASURES[f"stay.mean_days.{how}"], ledger)
            for how in ("removed", "released", "relief", "other")}  # fmt: skip
    assert mean == {"removed": 40 / 3, "released": 160 / 3, "relief": 300, "other": 9 / 4}
    left = {"removed": "removal", "released": "released", "relief": "relief", "other": "other"}
    days = sum(mean[how] * read(MEASURES[f"book_outs.{name}"], ledger) for how, name in left.items())
    assert days == pytest.approx(sum(days for days, _ in _HELD_UNTIL.values()))


def test_that_every_way_out_of_custody_is_one_outcome_and_one_of_the_published_kinds() -> None:
    for kinds in (OUTCOMES, EXITS):
        assert sorted(way for ways in kinds.values() for way in ways) == sorted(labels("exit"))


def test_that_a_flight_carries_its_passengers_by_charter_alone() -> None:
    seats = {"charter": 270, "commercial": 400, "land": 500}
    gone = [("departure", {**_DEPARTURE, "mode": mode}, many) for mode, many in seats.items()]
    flights = MEASURES["flights.removal"]
    assert read(flights, books(gone), {"removal.passengers_per_flight": 135}) == pytest.approx(2)


# --- how people flow --------------------------------------------------------------------------------
_HELD = {**_DEPARTURE, "detention": "yes"}
FLOWS = [
    ("arrest", {"channel": "custodial"}, {("custodial transfer", "arrested by ICE")}),
    ("arrest", {"channel": "supervision"}, {("already supervised", "arrested by ICE")}),
    ("arrest", {"channel": "at_large"}, {("at-large arrest", "arrested by ICE")}),
    ("book_in", {"agency": "ice"}, {("arrested by ICE", "detention")}),
    ("book_in", {"agency": "cbp"}, {("border", "detention")}),
    ("departure", _HELD,
     {("detention", "immigration judge's order"), ("immigration judge's order", "removed by ICE")}),
    ("departure", {**_HELD, "agency": "cbp", "order": "expedited"},
     {("detention", "expedited order"), ("expedited order", "removed by ICE")}),
    ("departure", {**_BY_CBP, "agency": "cbp", "order": "reinstated"},
     {("border", "reinstated order"), ("reinstated order", "sent by CBP")}),
    ("departure", {**_BY_CBP, "agency": "cbp", "order": "none"},
     {("border", "no order"), ("no order", "sent by CBP")}),
    ("departure", {**_DEPARTURE, "order": "administrative"},
     {("administrative removal order", "removed by ICE")}),
    ("book_out", {"exit": "bond"}, {("detention", "released: bond")}),
    ("book_out", {"exit": "relief"}, {("detention", "released: case ended")}),
    ("book_out", {"exit": "terminated"}, {("detention", "released: case ended")}),
    ("book_out", {"exit": "removal"}, set()),
]  # fmt: skip


@pytest.mark.parametrize(("tally", "traits", "flows"), FLOWS)
def test_that_an_event_runs_along_the_flows_it_belongs_to(tally, traits, flows) -> None:
    ledger = books([(tally, traits, 1)])
    assert {flow for flow, measure in EDGES.items() if read(measure, ledger)} == flows


# --- money ------------------------------------------------------------------------------------------
_OFFICE = ("arrest", {"channel": "supervision"}, 7)
_IN_COURT, _AT_INTERVIEW = [_OFFICE, ("arrest_in_court", {}, 7)], [_OFFICE, ("arrest_at_interview", {}, 7)]
_JUDGED = [("decision", {"order": "judge"}, 2), ("relief", _AGAIN, 3), ("dismissed", {"custody": "yes"}, 5)]
PRICES = [
    # account, price, books, units of that price
    ("arrest", "money.arrest.custodial", {"events": [("arrest", {"channel": "custodial"}, 7)]}, 7),
    ("arrest", "money.arrest.supervision", {"events": [("arrest", {"channel": "supervision"}, 7)]}, 7),
    ("arrest", "money.arrest.courthouse", {"events": _IN_COURT}, 7),
    ("arrest", "money.arrest.interview", {"events": _AT_INTERVIEW}, 7),
    ("arrest", "money.arrest.at_large", {"events": [("arrest", {"channel": "at_large"}, 7)]}, 7),
    ("detention", "money.booking.handed_over", {"events": [("book_in", {"agency": "cbp"}, 7)]}, 7),
    ("detention", "money.booking.placing", {"events": [("book_in", {"agency": "ice"}, 7)]}, 7),
    ("detention", "money.detention.bed_day", {"held": {"detention.beds": 3}}, 3 * MONTH),
    ("detention", "money.detention.overflow_day", {"held": {"detention.overflow": 3}}, 3 * MONTH),
    *(("supervision", "money.supervision.person_day", {"standing": {place: 3}}, 3 * MONTH)
      for place in ("awaiting_filing", "master", "continued", "merits", "ordered_not_detained")),
    *(("asylum officers", f"money.fear.{kind}", {"events": [(event, {}, 7)]}, 7)
      for kind, events in (("screening", ("fear_positive", "fear_negative", "fear_closed")),
                           ("reasonable", ("reasonable_fear_found", "reasonable_fear_not_found")))
      for event in events),
    ("federal courts", "money.court.habeas", {"events": [("habeas_filed", {}, 7)]}, 7),
    ("courts", "money.court.completion", {"events": _JUDGED}, 10),
    ("government counsel", "money.court.government_counsel", {"events": _JUDGED}, 10),
    *(("removal", f"money.removal.{mode}", {"events": [("departure", {**_DEPARTURE, "mode": mode}, 4)]}, 4)
      for mode in ("charter", "commercial", "land")),
    *(("removal", "money.removal.escort", {"events": [("departure", {**_DEPARTURE, "mode": mode}, 4)]}, 4)
      for mode in ("charter", "land")),
]  # fmt: skip


ESCORTED = ("money.removal.charter", "money.removal.land", "money.removal.escort")


@pytest.mark.parametrize(("account", "price", "written", "units"), PRICES, ids=[row[1] for row in PRICES])
def test_that_each_step_costs_its_own_price_on_its_own_account(account, price, written, units) -> None:
    ledger = books(**written)
    prices = dict.fromkeys((path for _, path, _, _ in PRICES), 0.0)
    assert read(ACCOUNTS[account], ledger, {**prices, price: 12.5}) == 12.5 * units
    every = dict.fromkeys(prices, 12.5)
    paid = 2 if price in ESCORTED else 1  # whose seat is paid for and who goes along
    assert read(ACCOUNTS[account], ledger, every) == 12.5 * units * paid
    assert read(ACCOUNTS[account], ledger, {**every, price: 0.0}) == 12.5 * units * (paid - 1)
    assert read(MEASURES["cost.total"], ledger, {**prices, price: 12.5}) == 12.5 * units


@pytest.mark.parametrize("remover", ["cbp", "none"])
def test_that_a_departure_which_ice_does_not_carry_out_costs_its_removals_nothing(remover) -> None:
    gone = [("departure", {"remover": remover, "mode": "land", "order": "expedited"}, 9)]
    assert read(ACCOUNTS["removal"], books(gone)) == 0


def test_that_the_cost_of_a_removal_is_all_money_over_the_removals_of_ice() -> None:
    gone = [("departure", {**_DEPARTURE, "mode": "commercial"}, 4), ("arrest", {"channel": "at_large"}, 4)]
    assert read(MEASURES["cost.per_removal.average"], books(gone)) == 200


def test_that_the_total_of_money_is_the_sum_of_all_accounts() -> None:
    whole = MEASURES["cost.total"]
    assert isinstance(whole, Total) and all(isinstance(part, Priced) for _, part in whole.parts)
    assert [part for _, part in whole.parts] == list(ACCOUNTS.values())
