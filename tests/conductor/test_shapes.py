"""Laws of forms that scenarios share: who shares one is bound to the numbers it would be bound to alone."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import numpy as np
import pytest

from docketflow.conductor import shapes
from docketflow.conductor.shapes import Shape
from docketflow.core.quantity import Dated, Table, p
from docketflow.engine import compile_network
from docketflow.engine.declare import vocabulary as d

ALIKE, OTHER = Dated.always(0.25), Dated((1, 738887), (0.25, 0.5))
BY_TRAIT = Dated.always(Table.of("age", {"young": 0.25, "old": 0.5}))


@pytest.fixture(autouse=True)
def shape(monkeypatch) -> Shape:
    monkeypatch.setattr(shapes, "_first", shapes.OrderedDict())
    network = d.Network(
        "a village",
        traits=[d.Trait("age", ("young", "old"))],
        nodes=[
            d.Stage("home", d.fixed(3), then="asked"),
            d.Decision("asked", [d.to("gone", share=p("share")), d.to("home", do=(d.new_round(),))]),
            d.End("gone"),
        ],
        starts=[d.Start("first", "home")],
    )
    return Shape(compile_network(network), dt.date(2024, 1, 1), 20, Fraction(1), ())


def numbers(bound) -> list:
    return [
        bound.tables.tolist(),
        bound.laws.tolist(),
        bound.pauses,
        {day: [part.tolist() for part in parts] for day, parts in bound.patches.items()},
    ]


@pytest.mark.parametrize("other", [ALIKE, OTHER, Dated.always(0.75)])
def test_that_a_shared_form_holds_the_numbers_that_one_of_its_own_would(shape, other):
    first = shape.filled({"share": ALIKE})
    shared = shape.filled({"share": other})
    assert shared.form is first.form and shared.like is None
    shapes._first.clear()
    alone = shape.filled({"share": other})
    assert alone.form is not first.form
    assert numbers(shared) == numbers(alone)


@pytest.mark.parametrize("pair", [(ALIKE, BY_TRAIT), (BY_TRAIT, ALIKE)])
def test_that_no_form_is_shared_by_numbers_that_other_traits_give(shape, pair):
    one, two = (shape.filled({"share": share}) for share in pair)
    assert one.form is not two.form
    assert not np.array_equal(one.form.words, two.form.words)


def test_that_no_form_is_shared_over_other_days(shape):
    longer = Shape(shape.program, shape.first, 21, shape.scale, ())
    assert shape.filled({"share": ALIKE}).form is not longer.filled({"share": ALIKE}).form
