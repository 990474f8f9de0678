"""The outcomes: their names, units, kinds and definitions, read from `outcomes.csv`. Holds no result.

`unanswered.csv` says of those that no run has why not.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

from docketflow.core.errors import UsageError, unknown

PROBABILITY = "target.probability"


@dataclass(frozen=True)
class Outcome:
    """One name of an answer.

    Parameters
    ----------
    name, unit, definition
    kind
        ``flow`` (adds up over time), ``stock``, ``mean``, ``share`` or ``probability`` (a share of members).
    compare_with
        Metrics of the evidence room's comparison figures it may be compared with.
    counting_rule
        True when a target may be counted in it.
    sum_of
        Outcomes it is the sum of.
    no_answer
        Why no run has it, where none has.
    """

    name: str
    unit: str
    kind: str
    definition: str
    compare_with: tuple[str, ...] = ()
    counting_rule: bool = False
    sum_of: tuple[str, ...] = ()
    no_answer: str = ""

    @property
    def over(self) -> str:
        """How its months make a longer span: their sum, last, mean or most."""
        if self.kind == "stock":
            return (
                "mean"
                if self.name.endswith(".average")
                else "most"
                if self.name.endswith(".peak")
                else "last"
            )
        return "sum" if self.kind == "flow" else "mean"


@functools.cache
def outcomes() -> Mapping[str, Outcome]:
    """Return every outcome by name."""
    rows = _rows("outcomes.csv")
    why = {row["outcome"]: row["why"] for row in _rows("unanswered.csv")}
    return MappingProxyType(
        {
            row["outcome"]: Outcome(
                name=row["outcome"],
                unit=row["unit"],
                kind=row["kind"],
                definition=row["definition"],
                compare_with=tuple(name.strip() for name in row["compare_with"].split(";") if name.strip()),
                counting_rule=row["counting_rule"] == "yes",
                sum_of=tuple(row["sum_of"].split()),
                no_answer=why.get(row["outcome"], ""),
            )
            for row in rows
        }
    )


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files("docketflow.core").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def counting_rules() -> tuple[str, ...]:
    """Return the outcomes in which a target may be counted."""
    return tuple(name for name, outcome in outcomes().items() if outcome.counting_rule)


def outcome(name: str) -> Outcome:
    """Return one outcome (see `found`), or raise the line that names the nearest."""
    known = found(name)
    if known is None:
        raise UsageError(unknown("outcome", name, outcomes()))
    return known


def found(name: str) -> Outcome | None:
    """Return one outcome, None if there is none of that name.

    ``target.probability.SERIES`` is the probability counted in that series; a group such as
    ``removals.by_nationality_group.mexico`` is a part of the outcome before its last dot.
    """
    known = outcomes()
    if name in known:
        return known[name]
    if name.startswith(f"{PROBABILITY}.") and name.removeprefix(f"{PROBABILITY}.") in counting_rules():
        series = name.removeprefix(f"{PROBABILITY}.")
        whole = known[PROBABILITY]
        return Outcome(name, whole.unit, whole.kind, f"share of members in which {series} reaches the target")
    parent, _, part = name.rpartition(".")
    if parent in known and part:
        whole = known[parent]
        return Outcome(name, whole.unit, whole.kind, f"{whole.definition}: {part.replace('_', ' ')}")
    return None
