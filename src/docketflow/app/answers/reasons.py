"""Why two scenarios differ: the shares of `answers.why` as plain data, under every counting rule at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from docketflow.answers.why.asked import Why, why
from docketflow.answers.why.groups import GROUP, LEVER, causes_of, differing
from docketflow.answers.why.shapley import MOST_EXACT, lives
from docketflow.app.answers.question import NotUnderstood, read_sets, shipped
from docketflow.app.answers.shelf import shelf
from docketflow.core.outcomes import counting_rules
from docketflow.core.plain import tidy
from docketflow.policy import Scenario

MEMBERS = 8  # of a question asked from a page; kept answers are made with more
WAYS = (GROUP, LEVER)
EACH = ("unit", "headline", "members_counted", "total", "difference", "not_explained")
"""What is told of every outcome; of its causes, all but their settings, which are the same under each."""


@dataclass(frozen=True)
class Side:
    """One of the two: a shipped scenario, and levers moved on it."""

    scenario: str
    sets: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "sets", tuple(sorted(self.sets)))

    @property
    def asked(self) -> Scenario:
        """The scenario with the levers moved."""
        return read_sets(self.scenario, counting_rules()[0], self.sets).asked

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"scenario": self.scenario, "sets": list(self.sets)}


def counts() -> tuple[str, ...]:
    """Return the outcomes whose difference is shared out: the counting rules, then what is declared."""
    return tuple(dict.fromkeys((*counting_rules(), *shelf().differ)))


def beside(scenario: str) -> list[Scenario]:
    """Return the shipped scenarios that answer for the same days as one, itself among them."""
    from docketflow.app.answers.shelf import scenarios

    one = shipped(scenario)
    span = (one.first, one.start, one.end)
    return [other for other in scenarios().values() if (other.first, other.start, other.end) == span]


def usual(one: Side, other: Side) -> str:
    """Return how settings are taken together if nobody says: one by one where all orders can be counted."""
    many = len(differing(one.asked, other.asked))
    return LEVER if many <= MOST_EXACT else GROUP


def runs(one: Side, other: Side, by: str, members: int = MEMBERS) -> int:
    """Return how many runs it takes; raise if there is nothing to explain."""
    paths = differing(one.asked, other.asked)
    if not paths:
        raise NotUnderstood("both say the same of every lever: there is nothing to explain", "a")
    return members * lives(len(causes_of(paths, by)))


def ask(
    one: Side,
    other: Side,
    *,
    by: str = GROUP,
    counts: Iterable[str],
    members: int = MEMBERS,
    told: Callable[..., None] | None = None,
) -> dict[str, Any]:
    """Return the whole answer as JSON holds it: of the first outcome in full, of each what it comes to.

    Parameters
    ----------
    one, other : the difference is ``one`` less ``other``
    by : "group" or "lever"
    counts : outcomes; those that the model does not answer are left out
    members : how many paired runs
    told : called after each run with how many are done, and of how many
    """
    first, *rest = counts
    found = why(one.asked, other.asked, outcome=first, by=by, members=members, told=told)
    each = [dataclasses.replace(found, outcome=name) for name in (first, *rest) if name in found.names]
    told_of = {one.outcome: _each(one) for one in each if len(one.known(one.outcome)) > 1}
    said: dict[str, Any] = tidy({**found.to_json(), "outcomes": told_of})
    return said


def _each(found: Why) -> dict[str, Any]:
    said = found.to_json()
    causes = [{key: value for key, value in one.items() if key != "settings"} for one in said["causes"]]
    return {**{key: said[key] for key in EACH}, "causes": causes}
