"""Departures recorded through the government's app, with a stipend: the person reports, leaves, is paid.

Not voluntary departure under INA 240B; who leaves under an order has executed it (8 CFR 241.7). What
officials say of the app is a claim, not a count.
"""

from __future__ import annotations

from docketflow.core.quantity import p
from docketflow.engine.declare.vocabulary import Draw, Tally, count, new_episode, to
from docketflow.lifecycle.part import Part
from docketflow.lifecycle.staff import DAYS_A_YEAR

_RESPONSE = 1 + p("departure.app.response_to_stipend") * p("departure.app.stipend")
APP = Draw(
    "departure.app",
    pool="not_detained",
    weight=p("departure.app.weight_by_docket"),
    exposure=p("departure.app.share_per_year") * _RESPONSE / DAYS_A_YEAR,
    then=to("departed", do=[new_episode(), count("app_departure")]),
)


def app() -> Part:
    """Return departures through the app."""
    return Part(draws=(APP,), tallies=(Tally("app_departure", ("docket",)),))
