"""A sensitivity study in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docketflow.answers.sensitivity.sources import MOST

if TYPE_CHECKING:
    from docketflow.answers.sensitivity.answer import Sensitivity, Told
    from docketflow.answers.sensitivity.indices import Share

GOOD = 0.8


def sentences(found: Sensitivity) -> list[str]:
    """Return what the study says, one outcome after another, and what it cannot say."""
    said = [line for told in found.told for line in _of(told)]
    none = [one.switch.name for one in found.forms if one.changes is None]
    if none:
        said.append(f"Forms that change nothing in the lifecycle that stands: {', '.join(none)}.")
    return said


def _of(told: Told) -> list[str]:
    if not told.indices:
        return [f"{told.outcome}: nothing that is uncertain moves it."]
    first = told.indices[0]
    parts = ", ".join(f"{part} {share.value:.0%}" for part, share in told.split.items())
    lines = [
        f"{told.outcome}: what moves it most is {first.group}, {percent(first.total)} of the spread.",
        f"{told.outcome}: the spread comes from {parts}.",
        f"{told.outcome}: {percent(told.assumed)} of the spread between members rests on assumed numbers.",
    ]
    if told.rests:
        named = "; ".join(f"{one.title} ({one.share:+.1%})" for one in told.rests[:MOST])
        lines.append(f"{told.outcome} rests most on (change if all read from it is a tenth larger): {named}.")
    if told.explained < GOOD:
        lines.append(
            f"{told.outcome}: the stand-in for the model foretells only {told.explained:.0%} of the spread, "
            "so shares below that are not sure; more --members would sharpen it."
        )
    return lines


def percent(share: Share) -> str:
    """Return a share with its interval: 35% (30% to 41%)."""
    return f"{share.value:.0%} ({share.low:.0%} to {share.high:.0%})"
