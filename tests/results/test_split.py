"""Laws of the split of a variance: known parts are found, within the error that is said."""

from __future__ import annotations

import numpy as np
import pytest

from docketflow.results.split import split


def made(members, parameters, settings, chance, *, several=3, seed=0):
    """Return values whose variance has known parts, the drawn settings, and every sixth member again."""
    luck = np.random.default_rng(seed)
    drawn = luck.normal(size=(several, members))
    own = parameters**0.5 * luck.normal(size=members)
    steady = own + settings**0.5 * drawn.sum(axis=0) / several**0.5
    once, twice = (steady + chance**0.5 * luck.normal(size=members) for _ in range(2))
    return once, np.exp(drawn), np.where(np.arange(members) % 6 == 5, twice, np.nan)


@pytest.mark.parametrize("parts", [(0.5, 0.4, 0.1), (0.9, 0.0, 0.1), (0.1, 0.8, 0.1), (0.2, 0.2, 0.6)])
def test_that_known_parts_are_found_within_their_error(parts):
    off = []
    for seed in range(30):
        found = split(*made(120, *parts, seed=seed))
        triple = (found.parameters, found.settings, found.chance)
        assert sum(one.share for one in triple) == pytest.approx(1)
        off.append([one.share - wanted for one, wanted in zip(triple, parts, strict=True)])
    assert np.abs(np.mean(off, axis=0)).max() < 0.06


def test_that_the_error_said_is_the_error_made():
    found = [split(*made(60, 0.5, 0.4, 0.1, seed=seed)) for seed in range(60)]
    for part in ("parameters", "settings", "chance"):
        shares = np.array([getattr(one, part).share for one in found])
        said = np.mean([getattr(one, part).error for one in found])
        assert 0.5 < shares.std(ddof=1) / said < 1.6, part


def test_that_settings_drawn_together_count_once_and_those_that_stand_still_not_at_all():
    values, drawn, again = made(60, 0.5, 0.4, 0.1)
    more = np.concatenate([drawn, drawn**2, np.ones((1, 60))])
    assert split(values, more, again) == split(values, drawn, again)


def test_that_without_settings_all_is_parameters_and_chance():
    values, _, again = made(60, 0.9, 0.0, 0.1)
    found = split(values, np.zeros((0, 60)), again)
    assert (found.settings.share, found.settings.error) == (0, 0)
    assert found.parameters.share == 1 - found.chance.share


def test_that_too_few_members_are_not_split():
    values, drawn, again = made(60, 0.5, 0.4, 0.1)
    assert split(values[:13], drawn[:, :13], again[:13]) is None
    assert split(values, drawn, np.full(60, np.nan)) is None
    assert split(np.ones(60), drawn, np.ones(60)) is None


def test_that_members_that_failed_are_left_out():
    values, drawn, again = made(60, 0.5, 0.4, 0.1)
    holes = np.where(np.arange(60) == 7, np.nan, values)
    there = np.arange(60) != 7
    assert split(holes, drawn, again) == split(values[there], drawn[:, there], again[there])
