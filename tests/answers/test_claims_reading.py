"""Laws of how a claim is read: a sentence, a row, a file; what is missing is said in one line."""

import csv
import itertools
import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from docketflow.answers import check
from docketflow.answers.claims.model import _lever
from docketflow.answers.claims.read import _statement
from docketflow.answers.claims.sentence import read_sentence
from docketflow.answers.claims.statement import COMPARISONS, Statement
from docketflow.answers.claims.vocabulary import vocabulary
from docketflow.core.errors import UsageError
from docketflow.core.outcomes import outcomes
from docketflow.evidence import load
from docketflow.evidence.verdict import CANNOT, CONTRADICTED, SUPPORTED
from docketflow.report import write_claims

OURS = Path(__file__).parent / "claims.yaml"


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ("ICE deported 267,258 people", "no period is said"),
        ("ICE deported many people in 2019", "no number is said"),
        ("The moon was made of 30 percent cheese in 2024", "no series is named"),
        ("ICE deported 100 people and then 200 people in 2019", "more than one number"),
        ("34 people failed to appear in 2019", "say how many percent"),
        ("34 percent of people were deported in 2019", "is no share"),
        ("", "1 to"),
    ],
)
def test_that_a_sentence_is_refused_in_one_line_that_says_what_is_missing(said, missing):
    with pytest.raises(UsageError, match=missing) as refused:
        check(said)
    assert "\n" not in str(refused.value)


def test_that_a_sentence_gives_series_window_number_and_comparison():
    one = read_sentence("More than 2.5 million people were deported under the Obama administration")
    assert (one.quantity, one.value, one.comparison) == ("deportations", 2.5e6, "more than")
    assert [day.isoformat() for day in one.period] == ["2009-01-20", "2017-01-19"]


def test_that_what_is_to_come_is_asked_of_the_model():
    one = read_sentence("One million people will be deported in the first year back in office")
    assert (one.kind, one.value, one.comparison) == ("forecast", 1e6, "at least")
    other = read_sentence("It is unrealistic that one million are deported in the first year back in office")
    assert (other.kind, other.comparison) == ("forecast", "less than")


@pytest.mark.parametrize("word", vocabulary().highest)
def test_that_the_most_since_a_year_is_a_record_of_the_years_after_it(word):
    one = read_sentence(f"The removals of fiscal year 2024 were the {word} since 2014.")
    assert (one.comparison, one.value) == ("highest since", None)
    assert [day.isoformat() for day in one.than] == ["2013-10-01", "2014-09-30"]


def test_that_near_follows_the_digits_that_are_said():
    assert read_sentence("ICE deported 270,000 people in fiscal year 2024").within == 0.10
    assert read_sentence("ICE deported 271,484 people in fiscal year 2024").within == 0.02


# --- when --------------------------------------------------------------------------------------------------

FIRST, BOTH = "2017-01-20/2021-01-19", "2009-01-20/2017-01-19"
PERIODS = [
    ("in the first Trump term", FIRST),
    ("during Trump's first term", FIRST),
    ("in the first term of President Trump", FIRST),
    ("in Mr. Trump’s first four years", FIRST),
    ("in Donald J. Trump's four-year term", FIRST),
    ("in the previous Trump administration", FIRST),
    ("while Trump was president", FIRST),
    ("in Trump's first term (2017-2021)", FIRST),
    ("under President Obama", BOTH),
    ("in Obama's eight years", BOTH),
    ("in the second Obama administration", "2013-01-20/2017-01-19"),
    ("in Biden's term", "2021-01-20/2025-01-19"),
    ("during the presidency of Joe Biden", "2021-01-20/2025-01-19"),
    ("in the first two years of the Biden administration", "2021-01-20/2023-01-19"),
    ("in the last year of Trump's first term", "2020-01-20/2021-01-19"),
    ("under Trump in fiscal year 2019", "2018-10-01/2019-09-30"),
    ("from January 2017 to January 2021", "2017-01-01/2021-01-31"),
    ("from October to December 2023", "2023-10-01/2023-12-31"),
    ("from Jan. 20, 2017 through January 19, 2021", FIRST),
    ("between 2017 and 2021", "2017-01-01/2021-12-31"),
    ("in 2017–2021", "2017-01-01/2021-12-31"),
    ("from fiscal year 2017 through fiscal year 2020", "2016-10-01/2020-09-30"),
    ("in fiscal years 2017 to 2020", "2016-10-01/2020-09-30"),
    ("in FY2017-20", "2016-10-01/2020-09-30"),
    ("in the four years from January 2017", "2017-01-01/2020-12-31"),
    ("over the 4 years from January 2017", "2017-01-01/2020-12-31"),
    ("at the end of fiscal year 2024", "2023-10-01/2024-09-30"),
    ("in the 2024 fiscal year", "2023-10-01/2024-09-30"),
    ("in the fiscal year that ended in September 2024", "2023-10-01/2024-09-30"),
    ("in the 12 months to March 2024", "2023-04-01/2024-03-31"),
    ("in the first half of 2024", "2024-01-01/2024-06-30"),
    ("in the last quarter of fiscal year 2024", "2024-07-01/2024-09-30"),
    ("in 2019, up from 2018", "2019-01-01/2019-12-31"),
    ("in Obama's two terms", BOTH),
    ("in President Obama's fifth year", "2013-01-20/2014-01-19"),
    ("in a single year under President Obama", BOTH),
    ("under Obama, in his second term,", "2013-01-20/2017-01-19"),
    ("by the Trump administration, President Biden said,", FIRST),
    ("in the 12 months to February 28, 2024", "2023-03-01/2024-02-28"),
    ("in the year to February 29, 2024", "2023-03-01/2024-02-29"),
    ("from October to March 2024", "2023-10-01/2024-03-31"),
    ("from October to 2024-03-15", "2023-10-01/2024-03-15"),
    ("from March to October 2024", "2024-03-01/2024-10-31"),
]


@pytest.mark.parametrize(("words", "period"), PERIODS, ids=[words for words, _ in PERIODS])
@pytest.mark.parametrize(
    "sentence", ["Some 1.5 million people were deported {}.", "{} 1.5 million were deported"]
)
def test_that_a_period_is_read_in_its_usual_wordings_and_never_for_the_number(sentence, words, period):
    one = read_sentence(sentence.format(words))
    assert "/".join(day.isoformat() for day in one.period) == period
    assert (one.value, one.quantity, one.kind) == (1.5e6, "deportations", "fact")


@pytest.mark.parametrize("which", range(2))
def test_that_every_term_that_is_declared_is_read_by_every_name_and_word_for_it(which):
    words = vocabulary()
    order = ("first", "second")[which]
    for one in words.presidents:
        for name, office in itertools.product(one.names, ("term", "presidency")):
            for said in (
                f"the {order} {name} {office}",
                f"{name}'s {order} {office}",
                f"the {order} {office} of {name}",
            ):
                if which < len(one.terms):
                    read = read_sentence(f"ICE deported 1.5 million people in {said}")
                    assert "/".join(day.isoformat() for day in read.period) == one.terms[which], said
                else:
                    with pytest.raises(UsageError, match=f"has no {order} term"):
                        read_sentence(f"ICE deported 1.5 million people in {said}")


def test_that_his_first_term_is_of_the_one_who_is_named():
    one = read_sentence("Trump deported 1.5 million people in his first term.")
    assert "/".join(day.isoformat() for day in one.period) == FIRST
    other = read_sentence(
        "Biden removed fewer people in his first two years than Trump in his first two years"
    )
    assert [other.period[0].year, other.than[0].year] == [2021, 2017]


def test_that_a_claim_of_what_is_to_come_means_the_term_that_is():
    one = read_sentence("One million people will be deported in Trump's first year in office")
    assert [day.isoformat() for day in one.period] == ["2025-01-20", "2026-01-19"]
    past = read_sentence("ICE deported 81,603 people in Trump's first year in office")
    assert [day.isoformat() for day in past.period] == ["2017-01-20", "2018-01-19"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("1.5 million people were deported since January 2021", "no period is said ('since' says no end)"),
        ("Since taking office in January 2021, Biden had 1.5 million deported", "no period is said"),
        ("1.5 million people were deported from 2021 to 2017", "ends before it begins"),
        ("1.5 million people were deported in Obama's four years", "no period is said"),
        ("People were deported from 2017 to 2021, and since 2015", "no number is said"),
        ("1.5 million people, then 2 million people, were deported in 2019", "more than one number"),
    ],
)
def test_that_what_could_be_more_than_one_time_or_number_is_not_guessed(said, why):
    with pytest.raises(UsageError, match=re.escape(why)):
        read_sentence(said)


@pytest.mark.parametrize(
    "words",
    [
        *("before Trump was president", "after Obama was president", "since Biden was president"),
        *("before Trump's first term", "until Biden's term", "in the years after the Obama administration"),
        *(
            "under the Obama and Trump administrations",
            "under Obama and Trump",
            "under Obama, Biden and Bush",
        ),
        *("under the Obama administration and the Trump administration", "under Biden or under Trump"),
        *("in Obama's first two terms", "in Obama's first three terms", "in Trump's two terms"),
        *("in Trump's first eight-year term", "in Trump's fifth year", "in Biden's sixth month"),
        *("in the Bush administration's last year", "in the first six months of Trump's first term"),
        *("in Trump's first 100 days", "in the first 100 days under Biden", "halfway through Biden's term"),
        *("in the last three months of 2024", "in the first six months of 2024", "in 3 months in 2024"),
        *("before 2024", "until 2024", "after 2024", "from 2024", "by 2024", "early 2024", "in late 2024"),
        *("in 2019 or 2024", "in 2020, 2021 and 2022", "in 2020 and 2021", "in 2019, and in March 2024"),
        *("in 2019/2020", "in 2024 or later", "ahead of 2024", "in the three years to 2024", "late in 2024"),
        *("in the 12 months to 2024", "from late 2017 to early 2020", "from the end of 2017 to 2020"),
        *("in the four years after 2017", "in the second half of 2023 and the first half of 2024"),
        *("under Biden since 2023", "from January 5 to March 3, 2024", "President Obama said"),
        *(
            "from October to FY24",
            "from October to 2024",
            "in 2021 to the present",
            "in the 2020s",
            "in 2024, Q1",
        ),
        *("under Biden in his first year, Trump said", "each year under Obama", "a year under Obama"),
        *("under Trump's predecessor", "under Obama's successor Trump", "during the Trump campaign"),
        *("without Trump in office", "under Clinton through Obama", "just after Biden took office in 2021"),
    ],
)
@pytest.mark.parametrize("sentence", ["ICE deported 271,484 people {}.", "{}, ICE deported 271,484 people"])
def test_that_a_time_that_is_not_read_wholly_is_refused_in_one_line(sentence, words):
    with pytest.raises(UsageError, match=r"no period is said|has no|does not say the year") as refused:
        read_sentence(sentence.format(words))
    assert "\n" not in str(refused.value)


def test_that_who_only_speaks_was_not_in_office():
    one = read_sentence("President Trump said ICE deported 271,484 people under Biden")
    assert "/".join(day.isoformat() for day in one.period) == "2021-01-20/2025-01-19"


def test_that_a_number_that_could_be_a_year_or_a_length_of_time_is_still_the_number():
    assert read_sentence("ICE deported more than 2000 people in 2019").value == 2000
    assert read_sentence("ICE deported up to 2000 people in 2019").value == 2000
    assert read_sentence("ICE deported 2000 people now present elsewhere in 2019").period[0].year == 2019
    assert read_sentence("Years of parole were 2 years in 2023").value == 2
    assert read_sentence("More people were deported by ICE in 2020 than 2019").than[0].year == 2019


def test_that_a_number_near_that_of_a_term_of_which_some_days_are_meant_was_not_taken_for_it():
    (one,) = check("Some 1.5 million people were deported from January 2017 to January 2021")
    assert "FY2013-2016" not in one.explanation


def test_that_the_most_since_a_month_is_since_its_fiscal_year():
    one = read_sentence("The removals of fiscal year 2024 were the highest since October 2013.")
    assert [day.isoformat() for day in one.than] == ["2013-10-01", "2014-09-30"]


def test_that_a_year_without_a_word_before_it_may_be_a_number():
    one = read_sentence("ICE has 2000 deportation officers in 2019")
    assert (one.value, one.period[0].year) == (2000, 2019)


def test_that_more_than_one_million_compares_with_no_other_period():
    one = read_sentence("More than one million people were deported under Obama")
    assert (one.comparison, one.value, one.than) == ("more than", 1e6, None)


def test_that_what_would_be_true_is_left_out_where_the_verdict_has_said_it(tmp_path):
    claims = check("ICE deported 300,000 people in fiscal year 2019").to_json()["claims"]
    words = "<strong>True would be:</strong> {}".format
    page = tmp_path / "cards.html"
    assert claims[0]["true_sentence"] and words("") not in write_claims(claims, page).read_text(
        encoding="utf-8"
    )
    claims[0]["true_sentence"] = "In other years it came to 1,234."
    assert words("In other years it came to 1,234.") in write_claims(claims, page).read_text(encoding="utf-8")


# --- files -------------------------------------------------------------------------------------------------


def test_that_a_table_and_a_list_of_the_same_claims_say_the_same(tmp_path):
    rows = yaml.safe_load(OURS.read_text(encoding="utf-8"))
    names = sorted({key for row in rows for key in row})
    path = tmp_path / "claims.csv"
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, names)
        writer.writeheader()
        writer.writerows(rows)
    assert [one.verdict for one in check(path)] == [one.verdict for one in check(OURS)]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"quantity": "removals", "valu": 3}, "did you mean 'value'"),
        ({"quantity": "removals", "value": "many"}, "is not a number"),
        ({"quantity": "removals", "value": 1, "period": "last year"}, "is not a day, a month"),
        ({"quantity": "removals", "value": 1, "kind": "rumour"}, "allowed: fact, forecast, model"),
        ({"value": 1}, "needs a quantity"),
        ({"quantity": "removals", "value": 1, "period": "9999-12"}, "is not between 1900 and 2100"),
        ({"quantity": "removals", "value": 1, "levers": 5}, "levers need a list"),
        ({"quantity": "removals", "value": 1, "within": -1}, "is not a share from 0 to 1"),
    ],
)
def test_that_a_wrong_claim_is_one_line_with_what_is_allowed(tmp_path, row, said):
    path = tmp_path / "claims.yaml"
    path.write_text(yaml.safe_dump([row]), encoding="utf-8")
    with pytest.raises(UsageError, match=re.escape(said)) as wrong:
        check(path)
    assert "claims.yaml" in str(wrong.value) and "\n" not in str(wrong.value)


def test_that_a_claim_of_what_nobody_knows_cannot_be_said_and_the_others_of_its_file_are_judged(tmp_path):
    rows = [
        {
            "id": "lost",
            "claim": "Boats were stopped",
            "quantity": "removal.ice",
            "value": 5,
            "period": "FY2012",
        },
        {"id": "far", "claim": "Cheese", "quantity": "zzzz", "value": 5},
        {"id": "known", "claim": "So many", "quantity": "removals.ice", "value": 409_849, "period": "FY2012"},
    ]
    path = tmp_path / "claims.yaml"
    path.write_text(yaml.safe_dump(rows), encoding="utf-8")
    lost, far, known = check(path)
    assert (lost.verdict, far.verdict, known.verdict) == (CANNOT, CANNOT, SUPPORTED)
    assert (
        "'removal.ice' (did you mean 'removals.ice'?)" in lost.explanation and "allowed: " in far.explanation
    )
    assert lost.as_dict()["numbers"] == [] and lost.as_dict()["said"] == "5"
    assert "lost" in (write_claims(check(path).to_json()["claims"], tmp_path / "cards.html")).read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize(
    ("said", "near"),
    [
        (400_000, "within 10%, as one digit is said"),
        (410_000, "within 10%, as two digits are said"),
        (409_849, "within 2%, as three digits or more are said"),
        (1_000, "within 10%, as one digit is said"),
    ],
)
def test_that_how_near_is_near_is_said_with_the_verdict(said, near):
    (one,) = check(row(quantity="removals.ice", value=said, period="FY2012"))
    assert f"({near})" in one.explanation
    (above,) = check(replace(one.statement, comparison="at least"))
    assert "within" not in above.explanation


@pytest.mark.parametrize(
    ("change", "told"), [("+1000", "+1,000"), ("*1.0625", "*1.0625"), ("25000.12345", "25,000.12345")]
)
def test_that_a_setting_is_told_as_the_number_it_is(change, told):
    assert _lever(f"court.judges={change}@2025-03-01").endswith(f" {told} from 2025-03-01")


def test_that_a_day_is_near_no_other_day():
    begun = next(name for name, one in vocabulary().quantities.items() if one.unit == "date")
    one = Statement("x", "x", begun, value=20250310, within=0.10)
    assert one.holds(20250310) and not one.holds(20250311) and not one.holds(20210501)


def test_that_a_claim_that_says_too_little_cannot_be_said():
    (one,) = check(Statement("x", "Removals.", "removals"))
    assert one.verdict == CANNOT and "names no number" in one.explanation


def row(**fields: object) -> list[Statement]:
    """Return a row of a file as it is read."""
    names = ("claim", "quantity", "value", "unit", "period", "kind")
    return [_statement({name: fields[name] for name in names if name in fields}, "row", "row")]


def test_that_words_of_a_row_without_a_number_are_read_by_declared_rules_and_the_reading_is_told():
    (one,) = check(row(claim="They remain because their home countries refuse to take them back",
                       quantity="final_orders_unexecuted", unit="share", period="2024-2025"))  # fmt: skip
    assert one.verdict == CONTRADICTED and "Read so: they remain because of it" in one.explanation
    assert one.statement.quantity == "final_orders.refused" and one.as_dict()["read_as"]
    (app,) = check(row(claim="They are urged to leave through the renamed app CBP Home",
                       quantity="self_departures", period="2025", kind="model"))  # fmt: skip
    assert app.verdict == SUPPORTED
    (term,) = row(claim="It was on track to match its predecessor", quantity="repatriations",
                  period="2021-01-20/2025-01-20", kind="forecast")  # fmt: skip
    assert [day.isoformat() for day in term.than] == ["2017-01-20", "2021-01-19"]


def test_that_a_vague_amount_is_its_least_and_a_denial_turns_it_round():
    (one,) = row(claim="That staff is not enough to find millions", quantity="arrests.ice", kind="model")
    assert (one.value, one.comparison) == (2_000_000, "less than")
    (more,) = row(claim="Tens of thousands are arrested", quantity="arrests.ice", kind="fact")
    assert (more.value, more.comparison) == (20_000, "at least")


def test_that_a_number_that_is_named_is_never_read_out_of_words():
    (one,) = check(Statement("x", "Cost is no obstacle", "removals", value=3.0, kind="fact"))
    assert one.statement.read_as == "" and one.statement.value == 3


def test_that_every_reading_names_what_exists():
    words, room = vocabulary(), load()
    for reading in words.readings:
        assert {reading.quantity, reading.instead or reading.quantity} <= set(words.quantities)
        assert reading.comparison in COMPARISONS
        assert not reading.value_from or room.figure(reading.value_from).value > 0
        said = [reading.value is not None, bool(reading.value_from), reading.by_the_end, reading.than_before]
        assert sum(said) == 1, reading.says


def test_that_a_count_of_an_earlier_day_neither_bears_out_nor_refutes_one_of_later():
    (one,) = check(row(claim="x", quantity="detained", value=39_703, period="2025-01-12"))
    assert one.verdict == CANNOT and one.numbers and all(number.holds is None for number in one.numbers)
    assert "covers 2025-01-12; there is" in one.explanation
    (estimate,) = check(
        row(claim="x", quantity="unauthorized_population", value=50_000_000, period="2025-01-12")
    )
    assert estimate.verdict == CONTRADICTED  # which is all there ever is of some numbers


# --- the vocabulary ----------------------------------------------------------------------------------------


def test_that_every_word_of_the_vocabulary_names_something_that_exists():
    room, words = load(), vocabulary()
    rules = {rule.rule for rule in room.counting_rules}
    seen = {}
    for name, one in words.quantities.items():
        assert set(one.rules) <= rules, name
        assert {*one.series, *one.beside, *(share.series for share in one.shares)} <= room.metrics, name
        assert {*one.outcomes, *([one.over] if one.over else [])} <= set(outcomes()), name
        assert set(one.taken_for) <= set(words.quantities), name
        for phrase in one.phrases:
            assert seen.setdefault(phrase, name) == name, f"{phrase!r} means {seen[phrase]} and {name}"


def test_that_what_the_model_does_not_follow_is_not_made_up():
    for value in (9e6, 41_500):  # figures of years before are told, and bear out no year to come
        (one,) = check(row(claim="x", quantity="beds_funded", value=value, period="2027", kind="forecast"))
        assert one.verdict == CANNOT and one.numbers
        assert all(number.figures and not number.made for number in one.numbers)
