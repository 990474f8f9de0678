"""Follows a few synthetic people through a run and tells their histories, move by move.

The twin lives the run, to the last bit the one the fast machine lives, and everybody's moves are noted on
the way; only those of the people followed are put into words. It adds nothing to the fast machine. It must
not know what the network is about, nor change a run by looking.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

from docketflow.core.errors import UsageError
from docketflow.core.unsearched import unsearched
from docketflow.engine.compile.bound import Bound
from docketflow.engine.compile.rates import in_records
from docketflow.engine.inspect.follower import Follower, Progress
from docketflow.engine.inspect.histories import Trace
from docketflow.engine.inspect.narrate import Words
from docketflow.engine.run.stock import Cells, Stock

MOST_RECORDS = 500_000  # under a minute, some 1.7 gigabytes
MOVES = 3  # fewer hardly make a history


def records_of(bound: Bound, stock: Stock, scale: Fraction | None = None) -> int:
    """Return how many records a run has, starting and coming (feedback aside)."""
    scale = bound.scale if scale is None else scale
    inflow = in_records("arrival", bound.rates["arrival"], scale)
    return stock.people(scale) + int(inflow.sum())


def check_size(bound: Bound, stock: Stock, most: int = MOST_RECORDS) -> None:
    """Raise if a run has too many records to be lived one by one, and name the nearest scale that has not."""
    records = records_of(bound, stock)
    if records > most:
        one_in = -(-records * bound.scale.denominator // (most * bound.scale.numerator))
        while records_of(bound, stock, Fraction(1, one_in)) > most:
            one_in += 1
        raise UsageError(
            f"a trace lives the run person by person, with at most {most:,} records, and the scale"
            f" {bound.scale} has {records:,}; the nearest scale that can be traced is 1/{one_in}"
        )


def follow(
    bound: Bound,
    cells: Cells | Stock,
    seed: int,
    *,
    people: int,
    moves: int = MOVES,
    hide: Sequence[str] = (),
    title: str = "",
    progress: Progress | None = None,
) -> Trace:
    """Live a run and return the histories of some of its people.

    Parameters
    ----------
    bound, cells, seed
        What `Run` is given: the people are those of that run, with the same luck.
    people : int
        How many to follow: evenly, in order of identity (the starting stock, then each inflow by day),
        among those who make at least ``moves`` moves; where that leaves too few, among those who make fewer.
    hide : traits to leave out, with every share that reads them and every fork that sets them (what a way
        does besides, and where it leads, is told: a declaration can tell a trait by that)
    title : what the header calls the run [the declaration's name and the seed]
    progress : called with days lived and days in all

    Raises
    ------
    UsageError
        If nobody or too many are to be followed, or the run is too large to be lived person by person.
    """
    if people < 1:
        raise UsageError(f"a trace follows at least 1 person, not {people}")
    stock = cells if isinstance(cells, Stock) else Stock.of(bound.program, cells)
    bound.program.axes(hide)  # an unknown trait is said before anything is lived
    check_size(bound, stock)
    with unsearched():  # millions of small notes
        twin = Follower(bound, stock, seed, progress)
        books = twin.live()
    made = {number: len(notes) - 1 for number, notes in twin.moves.items()}
    while moves > 0 and sum(many >= moves for many in made.values()) < people:
        moves -= 1
    movers = sorted((n for n, many in made.items() if many >= moves), key=lambda n: twin.people[n].identity)
    people = min(people, len(movers))
    chosen = [movers[(2 * k + 1) * len(movers) // (2 * people)] for k in range(people)]
    words = Words(twin, frozenset(hide))
    rows = [row for k, n in enumerate(chosen) for row in words.history(k + 1, twin.people[n])]
    return Trace(
        title=title or f"{bound.program.network.name}, seed {seed}",
        scale=str(bound.scale),
        first=bound.first,
        last=bound.first + dt.timedelta(bound.days - 1),
        people=people,
        moves=moves,
        among=len(movers),
        records=len(twin.people),
        hidden=tuple(hide),
        rows=rows,
        books=books,
    )
