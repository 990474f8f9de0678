"""What an address and a form ask."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from docketflow.app.answers.question import NotUnderstood, Question, read, read_sets
from docketflow.app.answers.shelf import main_levers, shelf
from docketflow.core.errors import DocketflowError
from docketflow.policy import levers

PLAN = shelf().questions[0].scenario
LEVER = main_levers(PLAN)[1]


def form(**fields: str) -> Question:
    names = {"amount": LEVER.path, "how": f"{LEVER.path}:how", "start": f"{LEVER.path}:from"}
    names["after"] = f"{LEVER.path}:after"
    return read([(names[name], value) for name, value in fields.items()])


def test_that_an_address_asks_again_what_it_was_made_from():
    asked = read_sets(
        PLAN, "removals.ohss", [f"{LEVER.path}=+38000@2025-06-01+60d", "court.judges=*1.5@2025-05-01"]
    )
    assert read(parse_qsl(asked.query())) == asked


def test_that_a_form_and_a_typed_lever_ask_the_same():
    typed = read([("set", f"{LEVER.path}=+38000@2025-06-01+60d")])
    assert form(amount="38,000", how="more", start="2025-06-01", after="60") == typed
    in_all = f"{LEVER.announced + 38000:.10g}"
    assert form(amount=in_all, how="all", start="2025-06-01", after="60").asked.hash == typed.asked.hash


def test_that_a_sign_adds_and_a_number_says_how_many_in_all():
    assert form(amount="+300", start="2025-06-01").sets == (f"{LEVER.path}=+300@2025-06-01+0d",)
    assert (
        form(amount=f"{LEVER.announced + 300:.10g}", start="2025-06-01").sets
        == form(amount="+300", start="2025-06-01").sets
    )


def test_that_what_stays_as_announced_is_not_moved():
    assert not form(
        amount=f"{LEVER.announced:,.0f}", how="more" if LEVER.announced == 0 else "all"
    ).moved or (LEVER.announced != round(LEVER.announced))


def test_that_the_order_of_levers_does_not_tell_two_questions_apart():
    sets = [f"{LEVER.path}=+38000@2025-06-01+60d", "court.judges=+300@2025-05-01"]
    assert read_sets(PLAN, "", sets).key == read_sets(PLAN, "", sets[::-1]).key


def test_that_too_many_beds_are_refused_beside_their_field_with_the_most_there_can_be():
    with pytest.raises(NotUnderstood) as refused:
        form(amount="99,999,999", how="all")
    assert refused.value.field == LEVER.path
    assert refused.value.nearest == f"{LEVER.highest:,.0f}"


@pytest.mark.parametrize(
    "sets",
    [
        ["court.judgs=900"],
        ["court.judges=many"],
        ["court.judges=+1@2025-13-01"],
        ["court.judges=+1@2026-01-10+60d"],
        ["court.judges=900", "court.judges=800"],
        ["court.judges=" + "9" * 300],
        [f"court.judges=+{k}@2025-06-01" for k in range(60)],
    ],
)
def test_that_what_cannot_be_asked_is_one_line(sets):
    with pytest.raises(DocketflowError) as refused:
        read_sets(PLAN, "removals.ice", sets)
    assert len(str(refused.value).splitlines()) == 1


def test_that_every_open_lever_stands_in_the_catalogue_between_zero_and_its_top():
    assert len(main_levers(PLAN)) == len(shelf().main)
    for lever in main_levers(PLAN):
        assert lever.path in levers()
        assert 0 <= lever.announced <= lever.top
