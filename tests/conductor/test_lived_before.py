"""Laws of what plans are compared with: kept or lived, it is the same to the last bit, whatever befell it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from docketflow.conductor import ensemble, lived_before, model
from docketflow.conductor.ensemble import simulate_all
from docketflow.core import places
from docketflow.policy import load_scenario
from docketflow.results import Result

SMALL = Fraction(1, 10_000)
OTHER_CODE = SimpleNamespace(made_from=str, evidence=model.evidence)
PLAN = "one-million-first-year"


@pytest.fixture
def lived(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    """Keep things in a folder of the test, and say how many scenarios were lived by each call."""
    model.stock(load_scenario(PLAN).first)  # kept where others find it
    monkeypatch.setenv(places.NAMED, str(tmp_path))
    many: list[int] = []
    live = ensemble._lived

    def counted(simulators, *more):
        many.append(len(simulators))
        return live(simulators, *more)

    monkeypatch.setattr(ensemble, "_lived", counted)
    return many


def pair(members: int = 2, *, sets: tuple[str, ...] = (), **given: Any) -> list[Result]:
    plan = load_scenario(PLAN).between(end=dt.date(2025, 2, 10))
    baseline = load_scenario(plan.baseline).between(start=plan.start, end=plan.end).with_sets(sets)
    return simulate_all([plan, baseline], members=members, scale=SMALL, **given)


def same(one: Result, other: Result) -> None:
    assert list(one.manifest.items()) == list(other.manifest.items())
    assert one.axes == other.axes and list(one.arrays) == list(other.arrays)
    assert one.levers == other.levers
    for group in one.arrays:
        ours, theirs = one.arrays[group], other.arrays[group]
        assert ours.tobytes() == theirs.tobytes() and ours.strides == theirs.strides, group


def test_that_a_baseline_is_lived_once_and_is_the_same_ever_after(lived: list[int]) -> None:
    first, again, fewer = pair(3), pair(3), pair(2)
    assert lived == [2, 1, 1]
    for one, other in zip(first, again, strict=True):
        same(one, other)
    for few, all_of_them in zip(fewer, first, strict=True):
        assert np.array_equal(few.arrays["period"][:3], all_of_them.arrays["period"][:3, :2])
        assert few.manifest["hash"] != all_of_them.manifest["hash"]


@pytest.mark.parametrize(
    "befell",
    [
        lambda file, _: file.unlink(),
        lambda file, _: file.write_bytes(file.read_bytes()[:-1] + b"\0\0"),
        lambda _, patch: patch.setattr(lived_before, "model", OTHER_CODE),
    ],
    ids=["lost", "damaged", "of other code"],
)
def test_that_what_is_no_longer_to_be_trusted_is_lived_anew(
    befell: Callable[[Path, pytest.MonkeyPatch], object],
    lived: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    first = pair()
    [file] = tmp_path.glob(f"{lived_before.KIND}-*")
    befell(file, monkeypatch)
    for one, other in zip(first, pair(), strict=True):
        same(one, other)
    assert lived == [2, 2]


def test_that_where_a_member_is_missing_all_are_lived_and_kept(lived: list[int]) -> None:
    for members in (1, 2, 2):
        pair(members)
    assert lived == [2, 2, 1]


def test_that_another_seed_or_baseline_is_another_and_who_counts_again_lives(lived: list[int]) -> None:
    for given in ({}, {"seed": 2}, {"sets": ("court.judges=600",)}, {"recount": True}):
        pair(1, **given)
    assert lived == [2, 2, 2, 2]


def test_that_where_nothing_can_be_kept_all_is_lived(
    lived: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pair(1)
    for file in tmp_path.glob(f"{lived_before.KIND}-*"):
        file.unlink()
    monkeypatch.setattr(places, "writable", lambda: None)
    for one, other in zip(first, pair(1), strict=True):
        same(one, other)
    assert lived == [2, 2] and not list(tmp_path.glob(f"{lived_before.KIND}-*"))
