"""Where the width of a band comes from: what is not known of parameters, of settings, and mere chance.

Of the variance over members, not of the band's ends. What settings explain is found by regression on what
each member drew for them; chance by members that were lived a second time with other luck; parameters are the
rest, with whatever they and settings do together or settings do other than in a straight line.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

SPARE = 10  # members that a regression needs beyond what it fits
PAIRS = 2  # members lived twice, at least
GROUPS = 50  # of members left out in turn, at most
KEPT = 20_000  # numbers drawn for whose members lines are kept for the next outcome: some 16 MB

_normal = np.vectorize(NormalDist().inv_cdf, otypes=[float])


@dataclass(frozen=True)
class Part:
    """A share of the variance and its standard error."""

    share: float
    error: float


@dataclass(frozen=True)
class Split:
    """The parts of one outcome's variance; together they are all of it."""

    parameters: Part
    settings: Part
    chance: Part


def split(values: np.ndarray, settings: np.ndarray, again: np.ndarray) -> Split | None:
    """Return the parts of a variance, or None when the members are too few to tell.

    Parameters
    ----------
    values : ndarray [member]
    settings : ndarray [setting, member]
        What each member drew; settings that rise and fall together count once.
    again : ndarray [member]
        The members that were lived twice, with other luck; the others NaN.
    """
    known = np.isfinite(values)
    y, drawn = values[known], settings[:, known]
    twice = (y - again[known])[np.isfinite(again[known])]
    scores = _scores(drawn)
    variance = float(np.var(y, ddof=1)) if len(y) > 1 else 0.0
    if len(twice) < PAIRS or len(y) < scores.shape[1] + 1 + SPARE or variance == 0:
        return None
    luck = float(np.mean(twice**2)) / 2 / variance
    chance = Part(min(1.0, luck), luck * math.sqrt(2 / len(twice) + 2 / (len(y) - 1)))
    explained = _explained(y, scores) if scores.shape[1] else Part(0.0, 0.0)
    settled = Part(min(max(0.0, explained.share), 1 - chance.share), explained.error)
    rest = Part(1 - settled.share - chance.share, math.hypot(settled.error, chance.error))
    return Split(rest, settled, chance)


def _scores(drawn: np.ndarray) -> np.ndarray:
    """Return the normal score of each member's rank [member, setting], each order of members once."""
    ranks = np.argsort(np.argsort(drawn, axis=1, kind="stable"), axis=1)
    moving = ranks[np.ptp(drawn, axis=1) > 0] if len(drawn) else ranks
    # as `np.unique` of rows, which imports masked arrays first
    sorts = moving[np.lexsort(moving.T[::-1])] if moving.size else moving
    orders = sorts[np.append(True, (sorts[1:] != sorts[:-1]).any(axis=1))[: len(sorts)]]
    return _normal((orders.T + 0.5) / drawn.shape[1]) if len(orders) else np.zeros((drawn.shape[1], 0))


def _explained(y: np.ndarray, scores: np.ndarray) -> Part:
    """Return the adjusted share of a variance that a straight line explains, and its jackknife error."""
    lines = _kept(scores.shape, scores.tobytes()) if scores.size <= KEPT else _lines(scores)
    whole, *some = (_adjusted(y[line.members], line) for line in lines)
    left = np.array(some)
    error = math.sqrt((len(left) - 1) / len(left) * float(np.sum((left - left.mean()) ** 2)))
    return Part(whole, error)


@dataclass(frozen=True, eq=False)
class _Line:
    """A straight line through some members: what makes slopes of their values, and values of these."""

    members: np.ndarray
    table: np.ndarray
    slopes: np.ndarray


@functools.lru_cache(maxsize=2)  # the outcomes of a result have the same settings
def _kept(shape: tuple[int, int], scores: bytes) -> list[_Line]:
    return list(_lines(np.frombuffer(scores).reshape(shape)))


def _lines(scores: np.ndarray) -> Iterator[_Line]:
    """Yield the line through all members, and without each group of them in turn."""
    groups = np.arange(len(scores)) % min(GROUPS, len(scores))
    for left_out in range(-1, groups.max() + 1):
        members = np.flatnonzero(groups != left_out)
        table = np.column_stack([np.ones(len(members)), scores[members]])
        least = np.finfo(float).eps * max(table.shape)
        yield _Line(members, table, np.linalg.pinv(table, rcond=least))


def _adjusted(y: np.ndarray, line: _Line) -> float:
    members, fitted = len(line.table), line.table.shape[1] - 1
    rest = y - line.table @ (line.slopes @ y)
    return 1 - float(rest @ rest) / (members - fitted - 1) / float(np.var(y, ddof=1))
