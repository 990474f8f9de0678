"""People of the starting stock who stand at one of several starts by shares."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from docketflow.core.errors import DeclarationError
from docketflow.engine import Run, layout
from docketflow.engine.inspect import reference
from docketflow.engine.run.stock import Stock, _Laid

from . import clinic
from .networks import books

_WAYS = [("in triage", {}, 0.25), ("in line", {"town": "south"}, 0.5), ("at home", {}, None)]
_CELLS = {
    "start": ["in ward", "", "", "in line"],
    "fork": [-1, 0, 0, -1],
    "need": ["high", "low", "middle", "low"],
    "count": [30, 400, 200, 10],
}
_IN_TRIAGE, _IN_LINE, _AT_HOME = (0, 1, 3)


@pytest.fixture(scope="module")
def stock() -> Stock:
    return Stock.of(clinic.bind().program, _CELLS, [("somewhere", _WAYS)])


def test_that_each_start_of_a_fork_has_its_share_of_every_cell_and_marks_whom_it_has(stock: Stock) -> None:
    starts, words = stock.records(clinic.bind().scale)
    dealt = [np.bincount(starts[30 + a : 30 + b], minlength=4) for a, b in ((0, 400), (400, 600))]
    assert np.abs(dealt[0] - [100, 200, 0, 100]).max() <= 2
    assert np.abs(dealt[1] - [50, 100, 0, 50]).max() <= 2
    town = clinic.bind().program.fields["town"]
    assert (town.read(words[30:630]) == (starts[30:630] == _IN_LINE)).all()


def test_that_other_shares_move_only_as_many_people_as_they_must_and_leave_everybody_who_they_were(
    stock: Stock,
) -> None:
    scale = clinic.bind().scale
    before, after = (one.records(scale)[0] for one in (stock, stock.drawn([[0.25, 0.4]])))
    assert len(before) == len(after) == stock.people(scale)
    moved = before != after
    assert abs(moved.sum() - 60) <= 2
    assert set(before[moved]) == {_IN_LINE} and set(after[moved]) == {_AT_HOME}
    assert (stock.drawn([[0.25, 0.5]]).records(scale)[0] == before).all()


@pytest.mark.parametrize("shares", [[0.25, 0.5], [0.6, 0.3], [1.0, 0.0], [0.9, 0.9]])
def test_that_people_dealt_out_live_in_the_machine_as_in_its_twin(stock: Stock, shares) -> None:
    other, bound = stock.drawn([shares]), clinic.bind(days=60)
    assert books(Run(bound, other, 1).finish()) == books(reference.run(bound, other, 1))


def test_that_a_stock_is_what_it_was_when_it_has_been_kept(stock: Stock) -> None:
    again = Stock.kept(stock.arrays())
    assert again.hash() == stock.hash() != stock.drawn([[0.5, 0.2]]).hash()
    assert again.forks[0].name == "somewhere"
    plain = Stock.of(clinic.bind().program, clinic.cells())
    assert Stock.kept(plain.arrays()).hash() == plain.hash()


def test_that_a_fork_to_a_start_that_is_not_there_is_an_error_that_names_it() -> None:
    with pytest.raises(DeclarationError, match="in trage"):
        Stock.of(clinic.bind().program, _CELLS, [("somewhere", [("in trage", {}, 0.5), *_WAYS[1:]])])


def test_that_the_machine_forgets_nothing_of_a_base_that_others_were_drawn_from(stock: Stock) -> None:
    bound = clinic.bind(days=30)
    first = books(Run(bound, stock, 1).finish())
    Run(bound, stock.drawn([[0.0, 1.0]]), 1).finish()
    assert books(Run(bound, stock, 1).finish()) == first
    assert books(Run(bound, replace(stock), 1).finish()) == first


def test_that_records_are_seen_by_other_threads_when_all_is_in_them() -> None:
    class Seen(dict[int, np.ndarray]):
        def __setitem__(self, size: int, people: np.ndarray) -> None:
            assert people[:, layout.TRAITS_AT].tolist() == [5, 6]
            super().__setitem__(size, people)

    laid = _Laid(np.array([0, 0]), np.array([[5, 7], [6, 8]], dtype=np.uint64), Seen())
    assert laid.people(layout.RECORD)[:, layout.MORE_AT].tolist() == [7, 8]
    assert laid.people(layout.RECORD) is laid.people(layout.RECORD)
