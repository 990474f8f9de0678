"""Laws of the claims: one rule for verdicts, traps not fallen into, both sides alike, evidence decides."""

import csv
import dataclasses
import json
import re
from pathlib import Path

import pytest
import yaml

import docketflow
from docketflow.answers import check
from docketflow.answers.claims.read import SHIPPED, read
from docketflow.cli.main import main
from docketflow.evidence import Room, load
from docketflow.evidence.verdict import CANNOT, CONTRADICTED, DEPENDS, SUPPORTED, VERDICTS

HERE = Path(__file__).parent
OURS = HERE / "claims.yaml"
BY_HAND = {row["id"]: row["verdict"] for row in csv.DictReader((HERE / "by_hand.csv").open(encoding="utf-8"))}


def verdict(sentence):
    (one,) = check(sentence)
    return one.verdict


@pytest.fixture(scope="module")
def facts():
    return check([one for one in read(SHIPPED) if one.kind == "fact"])


# --- claims that were worked out by hand ---------------------------------------------------------------


def test_that_twenty_claims_of_both_sides_get_the_verdicts_a_reader_found_by_hand():
    found = {one.statement.id: one.verdict for one in check(OURS)}
    assert len(found) == 20
    assert {id: told for id, told in found.items() if BY_HAND[id] != told} == {}


def test_that_every_verdict_with_numbers_names_its_sources_and_what_would_be_true(facts):
    for one in [*facts, *check(OURS)]:
        assert one.verdict in VERDICTS
        assert one.explanation.endswith(".") and "\n" not in one.explanation
        if one.verdict != CANNOT:
            assert one.numbers and one.sources and one.true_sentence.endswith(".")
            assert all(source["title"] for source in one.sources)


def test_that_every_number_is_the_sum_of_its_figures_and_rests_on_one(facts):
    room = load()
    for one in facts:
        about = one.statement.about
        for number in one.numbers:
            assert number.figures
            if about.kind != "share" and one.statement.than is None:
                assert number.value == sum(room.figure(id).value for id in number.figures)


def test_that_the_first_file_is_whole():
    ids = [one.id for one in read(SHIPPED)]
    assert ids == [f"bc-{n:02}" for n in range(1, 12)] + [f"wp-{n:02}" for n in range(1, 15)]


def test_that_the_past_totals_of_the_report_and_these_claims_agree(facts):
    """One rule gives both: who reads the report and who checks the claim is told the same."""
    from docketflow.evidence import past_totals

    told = {total.claim.id: total.verdict for total in past_totals()}
    assert told["bc-08"] == facts["bc-08"].verdict == DEPENDS
    assert told["bc-09"] == facts["bc-09"].verdict == DEPENDS
    assert facts["wp-04"].verdict == SUPPORTED


# --- evidence decides ------------------------------------------------------------------------------------


@pytest.fixture
def copy(tmp_path):
    """Return a way to read the evidence with its figures changed."""
    import shutil

    home = tmp_path / "evidence"
    shutil.copytree(load().home, home)

    def edited(change):
        for path in (home / "figures").glob("*.csv"):
            with path.open(encoding="utf-8", newline="") as lines:
                reader = csv.DictReader(lines)
                rows = [row for row in map(change, reader) if row]
            with path.open("w", encoding="utf-8", newline="") as lines:
                writer = csv.DictWriter(lines, reader.fieldnames)
                writer.writeheader()
                writer.writerows(rows)
        return Room(home)

    return edited


def test_that_a_verdict_flips_when_the_evidence_is_edited(copy):
    def halved(row):
        return row | {"value": float(row["value"]) / 2} if row["metric"] == "orders.unexecuted" else row

    said = "1.4 million people have a final order of removal in 2024"
    (before,), (after,) = check(said), check(said, room=copy(halved))
    assert (before.verdict, after.verdict) == (SUPPORTED, CONTRADICTED)
    assert "722,774" in after.explanation


def test_that_without_figures_nothing_is_said(copy):
    (one,) = check("ICE deported 271,484 people in fiscal year 2024", room=copy(lambda row: None))
    assert (one.verdict, one.numbers, one.sources) == (CANNOT, (), ())


# --- who says it plays no part -----------------------------------------------------------------------------

PARTIES = {"Democrats": "Republicans", "Republicans": "Democrats", "left": "right", "right": "left"}


def swapped(text):
    return re.sub("|".join(PARTIES), lambda found: PARTIES[found[0]], text)


@pytest.mark.parametrize("path", [SHIPPED, OURS], ids=["first file", "ours"])
def test_that_no_verdict_changes_when_the_parties_are_swapped(path):
    claims = [one for one in read(path) if one.kind == "fact"]
    other = [
        dataclasses.replace(one, says=swapped(one.says), said_by=swapped(one.said_by) or "someone")
        for one in claims
    ]
    assert [one.verdict for one in check(claims)] == [one.verdict for one in check(other)]


@pytest.mark.parametrize(
    "said",
    [
        "Democrats say that ICE deported 271,484 people in fiscal year 2024",
        "Republicans claim 1.4 million people have final orders of removal in 2024",
        "Democrats complain that 3.7 million people have final orders of removal in 2024",
    ],
)
def test_that_a_sentence_is_judged_alike_from_either_side(said):
    assert verdict(said) == verdict(swapped(said))


def test_that_all_terms_of_office_are_held_to_the_same_rule():
    """ICE's own total of each term, said exactly as it is published, is borne out whoever held office."""
    for who, total in (("Obama", "2,749,706"), ("Trump", "935,346"), ("Biden", "545,252")):
        assert verdict(f"ICE deported about {total} people under {who}") == SUPPORTED, who
        assert verdict(f"ICE deported more than 5 million people under {who}") == CONTRADICTED, who


# --- traps -------------------------------------------------------------------------------------------------


def test_that_a_whole_term_is_not_taken_for_a_single_year():
    (one,) = check("1.5 million people were deported under Trump in a single year")
    assert one.verdict == CONTRADICTED
    assert "another length of time" in one.explanation


def test_that_a_term_is_not_held_against_a_year_by_its_total_alone():
    (one,) = check("More people were deported by ICE under Biden than in fiscal year 2012")
    assert one.verdict == DEPENDS  # in all yes, a year no
    assert {number.holds for number in one.numbers} == {True, False}


def test_that_two_definitions_of_not_appearing_are_told_apart():
    cases = "In 2019, 34 percent of cases ended because people failed to appear"
    people = "In 2019, 34 percent of immigrants failed to appear"
    assert (verdict(cases), verdict(people)) == (SUPPORTED, DEPENDS)


def test_that_a_share_of_completions_is_not_taken_for_a_share_of_people():
    (one,) = check("In 2019, 34 percent of respondents failed to appear in court")
    assert one.verdict == DEPENDS
    assert "counts completed cases and not people" in one.explanation
    assert verdict("In 2019, 90 percent of respondents failed to appear in court") == CONTRADICTED


def test_that_pending_cases_are_not_taken_for_final_orders():
    (one,) = check("3.7 million people have final orders of removal in 2024")
    assert one.verdict == CONTRADICTED
    assert "cases pending in the immigration courts, which is something else" in one.explanation


def test_that_removals_of_one_agency_are_not_taken_for_all():
    assert verdict("ICE deported 271,484 people in fiscal year 2024") == SUPPORTED
    (all_of_it,) = check("The country deported 271,484 people in fiscal year 2024")
    assert all_of_it.verdict == DEPENDS
    (one,) = check("ICE deported 432,201 people in fiscal year 2013")
    assert one.verdict == CONTRADICTED and "removals by the whole department" in one.explanation


def test_that_events_are_not_taken_for_people():
    (one,) = check("More than 200,000 different people were deported by ICE in fiscal year 2019")
    assert one.verdict == DEPENDS
    assert "counts events and not people" in one.explanation
    assert (
        verdict("More than 700,000 different people were deported by ICE in fiscal year 2019") == CONTRADICTED
    )


def test_that_a_part_of_a_period_can_refute_but_never_bear_out():
    rows = {
        number.label: number
        for number in check("315,470 people were deported in fiscal year 2024")[0].numbers
    }
    assert rows["OHSS removals"].reading == "a part of the period" and rows["OHSS removals"].holds is None


# --- the model ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def forecasts():
    return check(
        members=3,
        scale="1/2000",
        only=["bc-01", "bc-02", "bc-04", "bc-05", "bc-07", "wp-01", "wp-07", "wp-14"],
    )


def test_that_a_forecast_and_its_denial_get_opposite_verdicts(forecasts):
    assert (forecasts["wp-01"].verdict, forecasts["wp-07"].verdict) == (CONTRADICTED, SUPPORTED)
    assert [one.value for one in forecasts["wp-01"].numbers] == [
        one.value for one in forecasts["wp-07"].numbers
    ]


def test_that_a_simulated_number_has_an_interval_and_says_how_it_was_made(forecasts):
    for number in forecasts["wp-01"].numbers:
        assert number.low <= number.value <= number.high
        assert "3 runs of the model at 1/2000, seed 1" in number.made


def test_that_a_record_is_the_highest_published_year(forecasts):
    assert "409,849 (FY2012)" in forecasts["bc-01"].numbers[0].period


def test_that_an_effect_is_taken_member_by_member(forecasts):
    one = forecasts["bc-05"]
    assert [number.reading for number in one.numbers] == ["added, run by run"] * 2
    for number in one.numbers:
        assert number.low < number.value < number.high
        assert number.holds is (True if number.low > 0 else False if number.high < 0 else None)


def test_that_a_file_that_names_no_comparison_is_read_by_its_words(tmp_path):
    rows = [
        {"id": "said", "claim": "One million", "quantity": "removals", "value": 1e6, "kind": "forecast"},
        {"id": "denied", "claim": "It is unrealistic", "quantity": "removals", "value": 1e6, "kind": "model"},
        {"id": "record", "claim": "The largest ever", "quantity": "removals", "kind": "forecast"},
    ]
    path = tmp_path / "claims.yaml"
    path.write_text(yaml.safe_dump(rows), encoding="utf-8")
    assert [one.comparison for one in read(path)] == ["at least", "less than", "highest since"]


def test_that_a_forecast_whose_period_is_over_is_held_against_what_was_counted():
    from docketflow.answers.claims.statement import read_period

    past = dataclasses.replace(
        next(one for one in read(OURS) if one.id == "h-01"), kind="forecast", period=read_period("FY2024", "")
    )
    (one,) = check([past])
    assert one.verdict == SUPPORTED and one.numbers[0].figures


def test_that_an_effect_that_is_not_settled_is_told_with_its_interval_and_what_would_settle_it(forecasts):
    one = forecasts["wp-14"]
    effect, beside = one.numbers
    assert one.verdict == CANNOT and effect.low <= 0 <= effect.high and not beside.decides
    assert one.sources and ("members would tell" in one.explanation or "would be settled" in one.explanation)


def test_that_what_is_said_by_a_published_figure_names_its_source(forecasts):
    cost = forecasts["bc-07"]
    assert {source["id"] for source in cost.sources} > {load().figure("ENF01611").source}


def test_that_a_claim_of_years_without_a_figure_is_told_the_nearest_that_there_is():
    (one,) = check("In 1999, 34 percent of cases ended because people failed to appear")
    assert one.verdict == CANNOT and one.sources
    assert [number.holds for number in one.numbers] == [None]
    assert "Nothing is guessed from other years" in one.explanation


def test_that_an_interval_reaches_from_the_lowest_to_the_highest_count_that_could_be_meant(facts):
    for one in facts:
        decided = [number.value for number in one.numbers if number.holds is not None]
        assert one.interval["low"] <= min(decided)
        assert one.interval["high"] is None or one.interval["high"] >= max(decided)


def test_that_every_claim_of_the_first_file_about_the_past_can_be_said(facts):
    assert [one.statement.id for one in facts if one.verdict == CANNOT] == []


# --- the surfaces ------------------------------------------------------------------------------------------


def test_that_the_command_prints_one_json_object_with_what_is_promised(capsys):
    assert main(["check", "ICE deported 271,484 people in fiscal year 2024", "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["claims"]
    assert {"id", "verdict", "explanation", "numbers", "sources", "true_sentence"} <= set(one)
    assert one["verdict"] == SUPPORTED and one["sources"][0]["url"].startswith("http")


def test_that_a_refusal_is_one_line_and_exit_code_two(capsys):
    assert main(["check", "ICE deported many"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("docketflow: no number is said") and said.count("\n") == 1


def test_that_each_claim_is_a_card_on_a_page_that_needs_no_network(tmp_path, capsys):
    page = tmp_path / "claims.html"
    assert main(["check", str(OURS), "--table", "--html", str(page)]) == 0
    capsys.readouterr()
    text = page.read_text(encoding="utf-8")
    assert text.count("<article") == 20
    for id in BY_HAND:
        assert f'id="claim-{id}"' in text
    assert "<script" not in text and "src=" not in text


def test_that_check_is_a_public_call():
    assert docketflow.check is check
