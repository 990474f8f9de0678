"""Laws of the courts and of review in the whole country, at extremes (a small made-up country: conftest)."""

from __future__ import annotations

NO_LINE = {"court__judges": 50_000, "court__government_counsel__attorneys": 1_000_000}
EVERYBODY_ASKS = {
    "court__relief__fear_share": 1,
    "court__merits__relief_share": 1,
    "court__relief__granted_factor_by_kind": 1,
    "court__relief__granted_factor_by_counsel": 1,
    "appeal__share__department": 0,
}


def test_that_judges_without_counsel_for_the_government_decide_no_more(run, plain):
    many, more = (run(court__judges=judges)["courts.total_completions"] for judges in (20_000, 40_000))
    assert many == more > plain["courts.total_completions"]


def test_that_a_bench_that_may_cross_decides_no_fewer_cases(run):
    apart, free = (run(court__bench__crossing_share=share) for share in (0, 1))
    assert free["courts.total_completions"] > apart["courts.total_completions"]


def test_that_counsel_for_everybody_means_more_relief_and_fewer_orders_in_absentia(run):
    paths = ("court__counsel_share", "court__counsel_found_share", "court__detained__counsel_share")
    nobody, everybody = (run(**NO_LINE, **dict.fromkeys(paths, share)) for share in (0, 1))
    assert everybody["courts.in_absentia_orders"] < nobody["courts.in_absentia_orders"]
    assert everybody["courts.relief"] > nobody["courts.relief"]
    assert everybody["people.without_counsel_at_order"] < nobody["people.without_counsel_at_order"]


def test_that_withholding_stays_an_order_and_asylum_is_none(run):
    late, in_time = (
        run(**NO_LINE, **EVERYBODY_ASKS, court__relief__one_year_bar_share=bar) for bar in (1, 0)
    )
    assert late["courts.relief.withholding_or_cat"] > in_time["courts.relief.withholding_or_cat"]
    assert late["courts.relief.asylum"] < in_time["courts.relief.asylum"]
    assert late["orders.unexecuted"] > in_time["orders.unexecuted"]


def test_that_what_is_denied_on_the_papers_is_ordered_and_needs_no_hearing(run, plain):
    papers = run(court__pretermitted_share=1)
    assert papers["courts.pretermitted"] > 0 == plain["courts.pretermitted"]
    assert papers["courts.removal_orders"] > plain["courts.removal_orders"]


def test_that_a_board_without_members_decides_nothing_and_holds_up_what_is_appealed(run, plain):
    empty = run(appeal__board__members=0)
    assert empty["appeals.decided"] == 0 < plain["appeals.decided"]
    assert empty["appeals.pending"] > plain["appeals.pending"]
    assert empty["courts.receipts"] > 0


def test_that_dormant_notices_wait_and_live_ones_do_not(run, plain):
    none, every = (run(court__filing__dormant_share=share) for share in (0, 1))
    assert none["courts.receipts"] > plain["courts.receipts"] > every["courts.receipts"]


def test_that_no_order_signed_for_no_waiver_and_no_order_at_once_hold_people_longer(run, plain):
    slow = run(court__detained__stipulated_share=0, court__detained__ordered_share=0,
               appeal__waived_share__detained=0, giving_up__scale_days=1e9)  # fmt: skip
    assert slow["courts.stipulated_orders"] == 0
    assert slow["courts.wait_days.detained_from_booking"] > plain["courts.wait_days.detained_from_booking"]
