"""Laws of the closed list of units."""

import doctest

import pytest

from docketflow.core import units
from docketflow.core.errors import EvidenceError, ScenarioError


def test_that_the_examples_in_the_text_are_true():
    assert doctest.testmod(units).failed == 0


def test_that_no_word_stands_in_two_families():
    words = [word for members in units.families().values() for word in members]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("name", [word for members in units.families().values() for word in members])
def test_that_every_listed_unit_fits_itself_and_its_family(name):
    assert units.fits(name, name)
    assert name in units.alike(name)
    assert units.convert(3.5, name, name) == 3.5


@pytest.mark.parametrize(
    ("one", "other"),
    [("beds", "judges"), ("share", "factor"), ("persons", "persons/day"), ("USD", "days"), ("days", "1/day")],
)
def test_that_units_of_different_things_do_not_fit(one, other):
    assert not units.fits(one, other)


@pytest.mark.parametrize(
    ("value", "given", "wanted", "expected"),
    [
        (90, "minutes", "hours", 1.5),
        (2, "USD million", "USD", 2e6),
        (7, "persons/week", "persons/day", 1),
        (50, "percent", "share", 0.5),
        (3, "cases/judge/day", "cases per judge per day", 3),
    ],
)
def test_that_a_value_keeps_its_size_when_its_unit_changes(value, given, wanted, expected):
    assert units.convert(value, given, wanted) == pytest.approx(expected)
    assert units.convert(expected, wanted, given) == pytest.approx(value)


def test_that_an_unknown_unit_is_one_line_that_names_the_place_and_the_nearest():
    with pytest.raises(EvidenceError, match=r"^court.judges: unknown unit 'judgs'; did you mean 'judges'\?$"):
        units.unit("judgs", where="court.judges")


def test_that_a_unit_that_does_not_fit_names_both():
    with pytest.raises(ScenarioError, match="'beds' does not fit 'judges'"):
        units.require_fit("beds", "judges", where="court.judges", error=ScenarioError)


def test_that_only_shares_are_bounded_above():
    assert units.unit("share").bounds == (0, 1)
    assert units.unit("percent").bounds == (0, 100)
    assert units.unit("factor").bounds == (0, float("inf"))
    assert units.unit("share/year").bounds == (0, float("inf"))
