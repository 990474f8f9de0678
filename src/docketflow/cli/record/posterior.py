"""The kept posterior under `docketflow run`: taken up where it is of this evidence, told in the report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from docketflow.cli.common import note

if TYPE_CHECKING:
    from docketflow.evidence import Room
    from docketflow.policy import Scenario


def fitted_room(members: int | None, folder: Path | None = None) -> Room | None:
    """Return the evidence with what was fitted drawn from the kept posterior; none if that is of another.

    What was not asked for is said in a line: that it is not taken up, or that members are drawn beyond those
    it holds.
    """
    from docketflow.calibrate.drawn import drawn_from, is_of
    from docketflow.calibrate.posterior import SHIPPED, members_of
    from docketflow.conductor.model import evidence
    from docketflow.conductor.simulator import MEMBERS

    kept = folder or SHIPPED
    if not is_of(evidence(), kept):
        note("the kept posterior was fitted to other evidence than this; drawing from the evidence's ranges")
        return None
    held, asked = len(members_of(kept)[1]), members or MEMBERS
    if asked > held:
        note(f"the posterior holds {held} members; the other {asked - held} are drawn from its fitted shape")
    return drawn_from(evidence(), kept)


def told_of(scenario: Scenario, room: Room | None) -> dict[str, Any]:
    """Return how the model was fitted and how it did in backtests, for the outcome in question."""
    from docketflow.calibrate.drawn import is_of
    from docketflow.calibrate.record import record
    from docketflow.conductor.model import evidence

    drawn = "Members are drawn from the ranges of the evidence: no posterior was asked for and taken up."
    if room is not None:
        drawn = "What was fitted is drawn from the posterior, the rest from the ranges of the evidence."
    asked = scenario.target.series if scenario.target else ""
    return record(scenario.name, asked, drawn, of_this=is_of(evidence()))
