"""What members are drawn from, as commands ask for it and say it: the kept posterior, or ranges alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from docketflow.cli.common import note

if TYPE_CHECKING:
    from docketflow.evidence import Room
    from docketflow.policy import Scenario

ranges_option = click.option(
    "--ranges", is_flag=True, help="Draw what was fitted from its ranges too, not from the posterior."
)


def drawn_room(members: int | None, *, ranges: bool, without: str | None = None) -> Room:
    """Return the evidence that members are drawn from, after saying what was not asked for.

    That is: why what was fitted is not drawn from the posterior, or that members are drawn beyond those that
    it holds.
    """
    from docketflow.conductor import rooms
    from docketflow.conductor.model import evidence
    from docketflow.conductor.simulator import MEMBERS
    from docketflow.fitted.kept import SHIPPED, members_of

    room = rooms.ranges() if ranges or without else rooms.believed()
    if without is not None or evidence().private is not None:
        what = "your own rows" if without is None else f"--without {without}"
        note(f"with {what} every number is drawn from its own range, not from the posterior")
    elif not rooms.is_fitted():
        note("the kept posterior was fitted to other evidence than this; drawing from the evidence's ranges")
    elif not ranges:
        held, asked = len(members_of(SHIPPED)[1]), members or MEMBERS
        if asked > held:
            more = asked - held
            note(f"the posterior holds {held} members; the other {more} are drawn from its fitted shape")
    return room


def told_of(scenario: Scenario, room: Room) -> dict[str, Any]:
    """Return how the model was fitted and how it did in backtests, for the outcome in question."""
    from docketflow.calibrate.record import record
    from docketflow.conductor.rooms import is_fitted

    drawn = "Members are drawn from the ranges of the evidence, not from the posterior."
    if room.jointly is not None:
        drawn = "What was fitted is drawn from the posterior, the rest from the ranges of the evidence."
    asked = scenario.target.series if scenario.target else ""
    return record(scenario.name, asked, drawn, of_this=is_fitted())
