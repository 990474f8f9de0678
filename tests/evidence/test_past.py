"""Laws of the past totals: every counting rule is asked, and verdicts follow the figures."""

import csv

import pytest

from docketflow.evidence import Room, load, past_totals
from docketflow.evidence.verdict import CANNOT, CONTRADICTED, DEPENDS

CLAIMS = ["bc-08", "bc-09", "wp-03", "wp-04", "wp-08"]


def of(claim, room=None):
    return next(total for total in past_totals(room=room) if total.claim.id == claim)


def count(total, rule, reading):
    (found,) = [c for c in total.counts if (c.rule, c.reading) == (rule, reading)]
    return found


def test_that_every_claim_is_answered():
    assert [total.claim.id for total in past_totals()] == CLAIMS


@pytest.mark.parametrize("claim", CLAIMS)
def test_that_every_count_is_the_sum_of_figures_that_stand_in_the_room(claim):
    room = load()
    for answer in of(claim).counts:
        assert answer.figures
        assert answer.value == sum(room.figure(id).value for id in answer.figures)


@pytest.mark.parametrize("claim", ["bc-08", "bc-09"])
def test_that_a_total_is_asked_under_every_counting_rule(claim):
    total = of(claim)
    assert {c.rule for c in total.counts} == {rule.rule for rule in load().counting_rules}
    assert total.without_evidence == ()


def test_that_the_four_years_from_2017_follow_from_published_figures():
    total = of("bc-08")
    years = "fiscal years in the period"
    assert count(total, "removals.ice", years).value == 226_120 + 256_090 + 267_258 + 185_884
    both = count(total, "repatriations.title8_enforcement", years)
    assert (both.value, both.period, both.within) == (
        372_270 + 414_410 + 428_640 + 287_760,
        "FY2017-2020",
        True,
    )
    months = count(total, "repatriations.all", "months in the period")
    assert (months.period, months.within) == ("2017-02 to 2021-01", False)
    assert total.verdict == DEPENDS


def test_that_the_highest_year_is_named():
    total = of("wp-03")
    ice = count(total, "removals.ice", "highest fiscal year")
    assert (ice.value, ice.period, ice.within) == (409_849, "FY2012", True)
    assert total.without_evidence == ("Title 42 expulsions",)


def test_that_final_orders_are_the_published_count():
    assert count(of("wp-04"), "orders.unexecuted", "on the date").value == 1_445_549


def test_that_estimates_of_the_population_stand_side_by_side():
    total = of("wp-08")
    assert len(total.counts) >= 10
    assert any(c.within for c in total.counts) and any(not c.within for c in total.counts)
    assert [c.start for c in total.counts] == sorted(c.start for c in total.counts)


@pytest.mark.parametrize("claim", CLAIMS)
def test_that_the_sentence_states_the_claimed_value_and_a_count(claim):
    total = of(claim)
    assert f"{total.claim.value:,.0f}" in total.sentence
    assert any(f"{c.value:,.0f}" in total.sentence for c in total.counts)
    assert total.sentence.endswith(".") and "\n" not in total.sentence


def edit(home, change):
    """Apply a change to every row of figures in a copy of the evidence."""
    for path in (home / "figures").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            rows = [row for row in map(change, reader) if row]
        with path.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, reader.fieldnames)
            writer.writeheader()
            writer.writerows(rows)
    return Room(home)


def test_that_a_verdict_flips_when_the_evidence_changes(copy):
    def halved(row):
        return row | {"value": float(row["value"]) / 2} if row["metric"] == "orders.unexecuted" else row

    total = of("wp-04", edit(copy, halved))
    assert total.verdict == CONTRADICTED
    assert total.sentence.startswith("No counting rule gives 1,400,000 within 10%")


def test_that_a_rule_begins_to_match_when_the_evidence_changes(copy):
    def raised(row):
        return row | {"value": 1_500_000} if row["id"] == "past-2017-01-20_2021-01-19-returns" else row

    total = of("bc-08", edit(copy, raised))
    assert count(total, "returns", "as published").within
    assert not count(of("bc-08"), "returns", "as published").within


def test_that_a_missing_month_leaves_the_reading_unanswered_rather_than_guessed(copy):
    def without(row):
        return None if row["id"] == "past-2019-05-removals.ohss" else row

    total = of("bc-08", edit(copy, without))
    readings = {c.reading for c in total.counts if c.rule == "removals.ohss"}
    assert "months in the period" not in readings
    assert "fiscal years in the period" in readings


def test_that_without_any_figure_a_claim_says_so(copy):
    total = of("wp-04", edit(copy, lambda row: None))
    assert (total.counts, total.verdict) == ((), CANNOT)
    assert "No figure in the evidence" in total.sentence
