"""docket-ref as data for the C program: rules flattened to one table of outcomes by state and attributes.

Usage: python tables.py FILE     (attributes: bit 0 detained, 1 fast class, 2-3 group, 4-6 hearings left)
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import workload as w

NAMES = (
    "pool fast before-release first-detained first-other gap-detained gap-other appeal document "
    "court-detained court-other flight removed arrested court heard decided"
)
STATES = {name: k for k, name in enumerate(NAMES.split())}
REST, STAY, LINE, FORK = range(4)
LAWS = {
    "fast": 0, "before-release": 1, "first-detained": 2, "first-other": 3, "gap-detained": 4, "gap-other": 5,
    "appeal": 6, "document": 7,  # and the next three, by group
}  # fmt: skip
LINES = {"court-detained": 0, "court-other": 1, "flight": 2}
FORKS = {"arrested", "court", "heard", "decided"}
KIND = {
    name: STAY if name in LAWS else LINE if name in LINES else FORK if name in FORKS else REST
    for name in STATES
}


class Rule(NamedTuple):
    """For attributes that equal ``value`` under ``mask``: so likely, go there and do that."""

    mask: int
    value: int
    share: float
    then: str
    act: str = ""


class Outcome(NamedTuple):
    """How likely, where to, with which attributes, and how many beds are given back."""

    share: float
    state: str
    attributes: int
    freed: int


RULES = {
    "arrested": [
        Rule(3, 3, 1, "fast"),
        Rule(3, 1, w.RELEASE_SHARE, "before-release"),
        Rule(3, 1, 1, "first-detained", "draw hearings"),
        Rule(0, 0, 1, "first-other", "draw hearings"),
    ],
    "fast": [Rule(0, 0, 1, "document")],
    "before-release": [Rule(0, 0, 1, "court", "give bed back")],
    "court": [Rule(0, 0, 1, "first-other", "draw hearings")],
    "first-detained": [Rule(0, 0, 1, "court-detained")],
    "first-other": [Rule(0, 0, 1, "court-other")],
    "gap-detained": [Rule(0, 0, 1, "court-detained")],
    "gap-other": [Rule(0, 0, 1, "court-other")],
    "court-detained": [Rule(0, 0, 1, "heard", "count hearing")],
    "court-other": [Rule(0, 0, 1, "heard", "count hearing")],
    "heard": [
        Rule(0x70, 0, 1, "decided"),
        Rule(1, 1, 1, "gap-detained"),
        Rule(0, 0, 1, "gap-other"),
    ],
    "decided": [
        Rule(1, 1, w.RELIEF_SHARE, "pool", "give bed back"),
        Rule(1, 0, w.RELIEF_SHARE, "pool"),
        Rule(0, 0, w.APPEAL_SHARE / (1 - w.RELIEF_SHARE), "appeal"),
        Rule(0, 0, 1, "document"),
    ],
    "appeal": [Rule(0, 0, 1, "document")],
    "document": [Rule(0, 0, 1, "flight")],
    "flight": [Rule(1, 1, 1, "removed", "give bed back"), Rule(0, 0, 1, "removed")],
}


def acted(rule: Rule, attributes: int) -> list[tuple[float, int, int]]:
    """Return what a rule's act makes of attributes: share, attributes, beds given back."""
    if rule.act == "draw hearings":
        cleared = attributes & 0x8F
        return [(share, cleared | ((k + 1) << 4), 0) for k, share in enumerate(w.HEARING_SHARES)]
    if rule.act == "count hearing":
        return [(1, attributes - 16, 0)] if attributes >= 16 else []
    if rule.act == "give bed back":
        return [(1, attributes & ~1, 1)]
    return [(1, attributes, 0)]


def outcomes(state: str, attributes: int, freed: int = 0) -> list[Outcome]:
    """Return where a state leads, through all forks."""
    found: list[Outcome] = []
    left = 1.0
    for rule in RULES[state]:
        if (attributes & rule.mask) != rule.value or left <= 0:
            continue
        share = left * rule.share
        left -= share
        for part, after, given in acted(rule, attributes):
            if KIND[rule.then] == FORK:
                further = outcomes(rule.then, after)
                found += [
                    Outcome(share * part * o.share, o.state, o.attributes, freed + given + o.freed)
                    for o in further
                ]
            else:
                found.append(Outcome(share * part, rule.then, after, freed + given))
    return found


def packed(found: list[Outcome]) -> list[int]:
    """Return outcomes as words: threshold 32, beds 8, law or line 6, kind 2, attributes 8, state 8."""
    words, total = [], 0.0
    for k, one in enumerate(found):
        total += one.share
        level = 0xFFFFFFFF if k == len(found) - 1 else int(total * 2**32)
        which = LAWS.get(one.state, LINES.get(one.state, 0))
        if one.state == "document":
            which += (one.attributes >> 2) & 3
        low = STATES[one.state] | one.attributes << 8 | KIND[one.state] << 16 | which << 18 | one.freed << 24
        words.append(level << 32 | low)
    return words


def laws() -> np.ndarray:
    """Return 1,024 quantiles of each law, in whole days."""
    levels = (np.arange(1024) + 0.5) / 1024
    normal = np.array([NormalDist().inv_cdf(u) for u in levels])

    def whole(days: np.ndarray) -> np.ndarray:
        return np.clip(np.ceil(days), 1, w.LONGEST).astype(np.uint16)

    def exponential(mean: float) -> np.ndarray:
        return whole(-mean * np.log1p(-levels))

    def lognormal(law: tuple[float, float]) -> np.ndarray:
        return whole(law[0] * np.exp(law[1] * normal))

    rows: list[tuple[Callable, object]] = [(exponential, w.FAST_DAYS), (exponential, w.RELEASE_DAYS)]
    rows += [
        (lognormal, one) for one in (w.FIRST_DETAINED, w.FIRST_OTHER, w.GAP_DETAINED, w.GAP_OTHER, w.APPEAL)
    ]
    rows += [(exponential, mean) for mean in w.DOCUMENT_DAYS]
    return np.stack([law(given) for law, given in rows])


def main(path: Path) -> None:
    """Write the tables."""
    first = np.zeros(32 * 128, dtype=np.uint16)
    words: list[int] = []
    known: dict[tuple[Outcome, ...], int] = {}
    for name in (state for state in STATES if state in RULES):
        for attributes in range(128):
            found = outcomes(name, attributes)
            if not found:
                continue
            if tuple(found) not in known:
                known[tuple(found)] = len(words)
                words += packed(found)
            first[STATES[name] * 128 + attributes] = known[tuple(found)]
    days = laws()
    with path.open("wb") as file:
        np.array([STATES["arrested"], first.size, len(words), days.size], dtype=np.uint32).tofile(file)
        first.tofile(file)
        np.array(words, dtype=np.uint64).tofile(file)
        days.tofile(file)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
