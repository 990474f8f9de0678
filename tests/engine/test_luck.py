"""Luck has no memory: neighbours in person, visit, decision or seed have nothing to do with each other."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest

from docketflow.engine.draws import (
    EXPONENTIAL_ONE,
    GOLDEN,
    decide,
    exponential,
    mix,
    name_key,
    person_key,
    seed_key,
)

PEOPLE = 200_000
SEED = seed_key(1)


def _unit(seed: int, people: np.ndarray, visit: int, name: str) -> np.ndarray:
    return (decide(person_key(seed, people, visit), name) >> np.uint64(11)) / 2.0**53


IDS = np.arange(PEOPLE, dtype=np.uint64)
INFLOW = (np.uint64(3) << np.uint64(42)) | (IDS // np.uint64(50) << np.uint64(28)) | (IDS % np.uint64(50))
FIRST = _unit(SEED, IDS, 0, "a")
NEIGHBOURS = {
    "the next person": _unit(SEED, IDS + np.uint64(1), 0, "a"),
    "the next visit": _unit(SEED, IDS, 1, "a"),
    "the next episode": _unit(SEED, IDS, 256, "a"),
    "another decision": _unit(SEED, IDS, 0, "b"),
    "a decision with nearly the same name": _unit(SEED, IDS, 0, "a/then"),
    "the next seed": _unit(seed_key(2), IDS, 0, "a"),
    "a person of an inflow": _unit(SEED, INFLOW, 0, "a"),
}


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_that_luck_is_uniform_and_unlike_that_of(name: str) -> None:
    other = NEIGHBOURS[name]
    assert abs(np.corrcoef(FIRST, other)[0, 1]) < 4.5 / math.sqrt(PEOPLE)
    cells = np.histogram2d(FIRST, other, bins=32, range=[[0, 1], [0, 1]])[0]
    expected = PEOPLE / 32**2
    chi = ((cells - expected) ** 2 / expected).sum()
    assert abs(chi - 1023) < 5 * math.sqrt(2 * 1023)


@pytest.mark.parametrize("bit", [0, 11, 31, 32, 53, 63])
def test_that_every_bit_of_luck_is_a_fair_coin_in_every_other_run_of_people(bit: int) -> None:
    words = decide(person_key(SEED, IDS), "a")
    bits = ((words >> np.uint64(bit)) & np.uint64(1)).astype(int)
    assert abs(bits.mean() - 0.5) < 4.5 * 0.5 / math.sqrt(PEOPLE)
    for lag in (1, 2, 3, 64, 256):
        agree = (bits[lag:] == bits[:-lag]).mean()
        assert abs(agree - 0.5) < 4.5 * 0.5 / math.sqrt(PEOPLE - lag)


def test_that_the_integer_exponential_has_the_exponential_law() -> None:
    words = decide(person_key(SEED, IDS[:40_000]), "wait")
    values = np.sort(np.array([exponential(int(z)) for z in words]) / 2.0**EXPONENTIAL_ONE)
    distance = np.abs(-np.expm1(-values) - (np.arange(len(values)) + 0.5) / len(values)).max()
    assert distance < 1.95 / math.sqrt(len(values))
    assert values.mean() == pytest.approx(1.0, abs=4.5 / math.sqrt(len(values)))


def test_that_the_integer_exponential_falls_as_luck_rises() -> None:
    words = [0, 1, 1 << 31, 1 << 40, (1 << 63) - 1, 1 << 63, (1 << 63) + (1 << 50), (1 << 64) - 1]
    values = [exponential(word) for word in words]
    assert values == sorted(values, reverse=True)
    assert values[-1] >= 0


# --- all neighbours at once: do three bits of one say anything of three bits of the other? ----------------
NAMES = [f"decision {number}" for number in range(9)]
MANY = np.arange(20_000, dtype=np.uint64)
SEEDS = np.array([seed_key(int(number)) for number in MANY], dtype=np.uint64)
PLACES = (61, 54, 32, 0)
"""Where three bits are read: the first, the last of a quantile, the last of a share, the last of all."""


def _neighbours(scramble: Callable[[np.ndarray], np.ndarray]) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    keys = [np.uint64(name_key(name)) for name in NAMES]
    with np.errstate(over="ignore"):

        def luck(seed: Any, identity: Any, visit: int, key: Any) -> np.ndarray:
            whole = (np.asarray(identity) << np.uint64(16)) | np.uint64(visit)
            return scramble(scramble(np.asarray(seed, dtype=np.uint64) + whole * GOLDEN) + key)

        for identity in (0, 1 << 28, (5 << 42) | (77 << 28) | 3):
            of_seeds = luck(SEEDS, np.uint64(identity), 0, keys[0])
            yield f"seeds, of person {identity}", of_seeds[:-1], of_seeds[1:]
        for step in (1, 2, 1 << 14, 1 << 28, 1 << 33):
            people = luck(SEED, MANY * np.uint64(step), 0, keys[0])
            yield f"people {step} apart", people[:-1], people[1:]
        for visit in (0, 1, 2, 255, 256):
            yield f"visits {visit}", luck(SEED, MANY, visit, keys[0]), luck(SEED, MANY, visit + 1, keys[0])
        for one, other in pairwise(keys):
            yield f"names {one}", luck(SEED, MANY, 0, one), luck(SEED, MANY, 0, other)
        for key in keys:
            yield f"complement {key}", luck(SEED, MANY, 0, key), luck(SEED, MANY, 0, ~key)


def _smallest_chance(scramble: Callable[[np.ndarray], np.ndarray]) -> float:
    """Return the smallest p-value of all 8 by 8 tables, times how many there are: Holm's first step."""
    chances = []
    for _, one, other in _neighbours(scramble):
        for a, b in product(PLACES, PLACES):
            cell = ((one >> np.uint64(a)) & np.uint64(7)) * np.uint64(8) + (
                (other >> np.uint64(b)) & np.uint64(7)
            )
            seen, expected = np.bincount(cell.astype(np.int64), minlength=64), len(one) / 64
            chi = ((seen - expected) ** 2).sum() / expected
            spread = 2 / (9 * 63)
            chances.append(math.erfc(((chi / 63) ** (1 / 3) - 1 + spread) / math.sqrt(2 * spread)) / 2)
    return len(chances) * min(chances)


def test_that_no_neighbouring_keys_share_luck() -> None:
    assert _smallest_chance(mix) > 0.01


def test_that_half_the_scrambling_would_be_noticed() -> None:
    def half(z: np.ndarray) -> np.ndarray:
        return (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)

    assert _smallest_chance(half) < 1e-6
