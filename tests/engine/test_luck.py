"""Luck has no memory: neighbours in person, visit, decision or seed have nothing to do with each other."""

from __future__ import annotations

import math

import numpy as np
import pytest

from docketflow.engine.draws import EXPONENTIAL_ONE, decide, exponential, person_key, seed_key

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
