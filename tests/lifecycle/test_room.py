"""Room for what the lifecycle still has to learn: nothing that a record holds only so much of is used up."""

from __future__ import annotations

from fractions import Fraction

import pytest

from docketflow.conductor.simulator import centre
from docketflow.engine.compile.room import taken
from docketflow.policy import load_scenario


def test_that_every_bit_lane_space_and_class_is_not_taken_yet(capsys: pytest.CaptureFixture[str]) -> None:
    room = taken(centre(load_scenario("one-million-first-year"), Fraction(1, 10_000)))
    with capsys.disabled():
        print("\nleft for the country:", ", ".join(f"{n - k} of {n} {what}" for what, (k, n) in room.items()))
    assert set(room) >= {"trait bits", "lanes", "spaces", "priority classes"}
    assert all(0 < k < n for k, n in room.values())
