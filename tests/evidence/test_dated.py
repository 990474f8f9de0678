"""Laws of dated inputs: nothing of after 2024, no figure from a host that is no source, months in full."""

import datetime as dt

import pytest

from docketflow.conductor.model import parameters_read
from docketflow.core.errors import EvidenceError
from docketflow.evidence import Room, load
from docketflow.evidence.lint.checks import problems

LAST = dt.date(2024, 12, 31)
OUTCOMES = ("arrest", "book", "detained", "removal", "return", "departure", "completion", "fear", "receipt")
NOT_COUNTED = {  # names that hold such a word and are a rule, a request, a price or staff
    "expedited_removal_longest_stay",
    "expedited_removal_of_parolees",
    "immigration_judges_departures",
    "review_of_non_detained_docket",
    "self_departure_stipend",
    "target_arrests_per_day",
    "target_removals",
    "third_country_removal_without_notice",
}


def test_that_no_outcome_after_2024_stands_in_the_room():
    late = {row.metric for row in load().every.values() if row.period_start > LAST}
    assert {name for name in late if any(word in name for word in OUTCOMES)} <= NOT_COUNTED


def test_that_every_cell_of_a_table_of_months_is_a_figure_of_that_month():
    row = load().figure("chnv-cuba-2023-05")
    assert (row.period_start, row.period_end) == (dt.date(2023, 5, 1), dt.date(2023, 5, 31))
    assert row.metric == "chnv_paroles_monthly"
    assert row.value > 0


def test_that_a_figure_of_a_month_is_the_same_by_itself_as_in_its_table():
    apart, whole = Room(), load()
    for id in [*list(whole.monthly)[::300], *whole.rows][:200]:
        assert apart.find(id) == whole.every[id]
    assert "monthly" not in vars(apart)
    series = next(iter(whole.monthly))[: -len("-2023-05")]
    assert [apart.find(id) for id in ("nothing", series, f"{series}-1999-01", f"{series}-locator")] == [
        None
    ] * 4


@pytest.mark.parametrize(("old", "new"), [("2023-05,", "2023-5,"), (",2023-05,", ",May,")])
def test_that_a_column_that_is_no_month_is_refused_with_its_place(copy, old, new):
    table = copy / "months" / "border_dispositions.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(EvidenceError, match=r"border_dispositions\.csv line .*a month is YYYY-MM"):
        _ = Room(copy).every


@pytest.mark.parametrize("url", ["https://www.perplexity.ai/search/beds", ""])
def test_that_a_figure_read_on_a_host_that_is_no_source_must_have_grade_c(copy, url):
    sources = copy / "sources.csv"
    text = sources.read_text(encoding="utf-8")
    known = Room(copy).source("CRS_R47637").url
    sources.write_text(text.replace(known, url), encoding="utf-8")
    said = [line for line in problems(Room(copy), set(parameters_read())) if "CRS_R47637" in line]
    figures = [line for line in said if line.startswith("figure ")]
    assert figures and all("give it grade C" in line for line in figures)
    assert any(line.startswith("parameter ") and "say how: assumed" in line for line in said)


def test_that_an_order_of_a_court_is_in_force_before_it_is_lifted_and_memory_says_how_far_it_may_be_off():
    orders = load().litigation
    assert len(orders) > 40
    for order in orders:
        if order.in_force_from and order.lifted:
            assert order.in_force_from <= order.lifted
        if order.confidence == "C":
            assert order.within_days > 0
