"""Laws of what is called the most in history: answered where counted, denied by any higher year."""

import pytest

from docketflow.answers import check
from docketflow.evidence.verdict import CANNOT, CONTRADICTED, DEPENDS, SUPPORTED


@pytest.mark.parametrize(
    ("said", "verdict", "told"),
    [
        ("The department returned the most people in history in fiscal year 2000.", SUPPORTED, "FY1927-1999"),
        ("In fiscal year 2012 ICE removed the most people in history.", CANNOT, "since FY2009"),
        ("In fiscal year 2019 ICE removed the most people in history.", CONTRADICTED, "409,849 (FY2012)"),
        ("The removals of fiscal year 2013 were the largest in history.", DEPENDS, "432,201 (OHSS removals"),
    ],
)
def test_that_the_most_in_history_is_held_against_every_year_there_is(said, verdict, told):
    (claim,) = check(said).to_json()["claims"]
    assert claim["verdict"] == verdict
    assert told in claim["explanation"]
