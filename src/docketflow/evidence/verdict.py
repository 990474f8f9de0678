"""The one rule by which a claim about a number is judged, whether its numbers are published or simulated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docketflow.evidence.counting import LITERAL_FIRST, Count

SUPPORTED = "supported"
CONTRADICTED = "contradicted"
DEPENDS = "depends on the counting rule"
CANNOT = "cannot be said"
VERDICTS = (SUPPORTED, CONTRADICTED, DEPENDS, CANNOT)


def verdict(rules: Iterable[tuple[bool, ...]]) -> str:
    """Return the verdict on a claim.

    Parameters
    ----------
    rules : iterable of tuple of bool
        For each counting rule that could be meant and has numbers, whether the claim holds under each reading
        of its period, the one nearest to the words first.

    >>> verdict([(True, False), (True,)]), verdict([(False, True)]), verdict([(False,)]), verdict([])
    ('supported', 'depends on the counting rule', 'contradicted', 'cannot be said')
    """
    found = [held for held in rules if held]
    if not found:
        return CANNOT
    if all(held[0] for held in found):
        return SUPPORTED
    return DEPENDS if any(any(held) for held in found) else CONTRADICTED


def of_counts(counts: Sequence[Count]) -> str:
    """Return the verdict that counts give: each label a rule, its counts in the order of `literal_first`."""
    return verdict(tuple(count.within for count in found) for found in by_rule(counts).values())


def by_rule(counts: Sequence[Count]) -> dict[str, list[Count]]:
    """Return the counts of each rule (an estimate of its own is one), nearest to the words first."""
    found: dict[str, list[Count]] = {}
    for count in counts:
        found.setdefault(count.label, []).append(count)
    return {label: sorted(rows, key=_far) for label, rows in found.items()}


def _far(count: Count) -> tuple[int, int]:
    """How far a count is from the words: its reading, then how long before the period's end it lies."""
    return LITERAL_FIRST.index(count.reading), -count.end.toordinal()
