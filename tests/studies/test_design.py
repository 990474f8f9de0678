"""Laws of the members' design: even in every parameter, the same for whoever asks, free of N."""

from __future__ import annotations

import numpy as np
import pytest

from docketflow.engine.draws import quantiles

NAMES = [f"parameter {k}" for k in range(40)]


def design(members, seed=1, names=NAMES):
    return quantiles(seed, names, range(members))


@pytest.mark.parametrize("members", [2, 4, 64, 256])
def test_that_a_power_of_two_of_members_is_a_latin_hypercube(members):
    parts = np.sort(np.floor(design(members) * members), axis=0)
    assert (parts == np.arange(members)[:, None]).all()


@pytest.mark.parametrize("members", [3, 10, 50, 200])
def test_that_any_number_of_members_fills_halves_to_sixteenths_within_one(members):
    points = design(members)
    for parts in (2, 4, 8, 16):
        for column in points.T:
            counts = np.bincount((column * parts).astype(int), minlength=parts)
            assert counts.max() - counts.min() <= 1


def test_that_a_member_is_the_same_whatever_else_is_drawn():
    alone = design(8, names=NAMES[7:8])
    assert (design(32)[:8, 7:8] == alone).all()
    assert (design(8, names=NAMES[::-1])[:, ::-1] == design(8)).all()


def test_that_parameters_are_not_tied_to_each_other_nor_to_the_seed():
    points = design(256)
    both = np.hstack([points, design(256, seed=2)])
    ties = np.corrcoef(both.T) - np.eye(both.shape[1])
    assert np.abs(ties).max() < 0.4
    assert abs(ties.mean()) < 0.01


def test_that_numbers_lie_strictly_between_zero_and_one_and_fill_their_parts():
    points = design(256)
    assert points.min() > 0 and points.max() < 1
    within = np.histogram(points * 256 % 1, bins=8, range=(0, 1))[0] / points.size
    assert np.abs(within - 1 / 8).max() < 0.02


def test_that_a_sum_of_parameters_is_known_better_than_by_independent_draws():
    errors = [design(64, seed).sum(axis=1).mean() - len(NAMES) / 2 for seed in range(12)]
    independent = np.sqrt(len(NAMES) / 12 / 64)
    assert np.std(errors) < independent / 5
