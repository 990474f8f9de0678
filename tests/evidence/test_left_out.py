"""Leaving out a source: its numbers give way, and nothing else does."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from docketflow.core.errors import EvidenceError
from docketflow.evidence import load, without
from docketflow.evidence.left_out import NEXT, WIDER

HELD_UP = load()


@functools.cache
def resting(source):
    return {
        path
        for path, one in HELD_UP.parameters.items()
        if any((figure := HELD_UP.find(id)) and figure.source == source for id in one.evidence)
    }


def reach(parameter, u):
    """Return how far the cells of a parameter lie from the middle at a quantile."""
    drawn = [np.asarray(getattr(value, "data", value)) for value in parameter.draw(u).values]
    return [np.abs(moved - own) for moved, own in zip(drawn, parameter.cells(), strict=True)]


def test_that_only_what_rests_on_a_source_changes_and_it_becomes_no_surer():
    for source in sorted({source for source in HELD_UP.sources if resting(source)}):
        found = without(HELD_UP, source)
        assert {one.path for one in found.replaced} == resting(source)
        for path, parameter in HELD_UP.parameters.items():
            assert path in resting(source) or found.room.parameters[path] is parameter
        for one in (one for one in found.replaced if one.how == WIDER):
            before, after = HELD_UP.parameters[one.path], found.room.parameters[one.path]
            assert after.how == "assumed"
            assert [c.tolist() for c in after.cells()] == [c.tolist() for c in before.cells()]
            for u in (0.05, 0.95):
                wider = zip(reach(after, u), reach(before, u), strict=True)
                assert all((new >= old - 1e-9).all() for new, old in wider), one.path


def test_that_the_next_source_of_a_direct_number_takes_its_place():
    path, source = next(
        (one.path, source)
        for source in HELD_UP.sources
        if resting(source)
        for one in without(HELD_UP, source).replaced
        if one.how == NEXT
    )
    parameter = without(HELD_UP, source).room.parameters[path]
    others = [HELD_UP.find(id) for id in parameter.evidence]
    assert parameter.value.values[0] in {figure.value for figure in others if figure.source != source}


def test_that_an_unknown_source_is_one_line_with_the_nearest():
    with pytest.raises(EvidenceError, match="unknown source 'MEMORX' in --without; did you mean 'MEMORY'"):
        without(HELD_UP, "MEMORX")
