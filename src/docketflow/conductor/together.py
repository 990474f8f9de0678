"""Several scenarios lived by one member: what they share of its life, up to the day they part, is lived once.

A plan and its baseline have the same people on the first day, the same numbers and the same luck until the
plan begins. Each gets the books it would get alone, to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from docketflow.conductor.simulator import OTHER_LUCK, Simulator, is_lived_twice

if TYPE_CHECKING:
    from docketflow.conductor.answer import Answer
    from docketflow.engine.compile.bound import Bound
    from docketflow.engine.run.ledger import Ledger


def ready(simulators: Sequence[Simulator], numbers: Iterable[int]) -> None:
    """Make members ready in several scenarios; what two of them fill the form with is worked out once."""
    members, first = list(numbers), None
    for simulator in simulators:
        made = simulator.ready(members, first)
        first = first or made


def member(simulators: Sequence[Simulator], number: int) -> list[Answer]:
    """Live one member in several scenarios of one seed and return what is kept of each life."""
    if len(simulators) == 1:
        return [simulators[0].member(number)]
    bounds = [one.bound(number) for one in simulators]
    books = _lived(simulators, bounds, number, number)
    again: Sequence[Ledger | None] = [None] * len(bounds)
    if is_lived_twice(number):
        again = _lived(simulators, bounds, number, number + OTHER_LUCK)
    each = zip(simulators, bounds, books, again, strict=True)
    return [one.answer(number, bound, ledger, twice) for one, bound, ledger, twice in each]


def _lived(simulators: Sequence[Simulator], bounds: Sequence[Bound], number: int, luck: int) -> list[Ledger]:
    """Live the first scenario, and each other one from the day on which it parts from the first."""
    from docketflow.engine.run.state import go_on, state_of

    def alone(k: int) -> Ledger:
        return simulators[k].lived(luck, bounds[k], simulators[k].stock_of(number))

    parting = {k: _parts(simulators, bounds, k) for k in range(1, len(bounds))}
    books = {k: alone(k) for k, day in parting.items() if not day}
    if not any(parting.values()):
        return [alone(0), *books.values()]
    run = simulators[0].begun(luck, bounds[0], simulators[0].stock_of(number))
    for k in sorted(parting.keys() - books, key=parting.__getitem__):
        now = state_of(run.advance(parting[k]))  # as it stands, not a copy: the other goes on from it at once
        books[k] = go_on(now, bounds[k], simulators[k].memory()).finish()
    books[0] = run.finish()
    return [books[k] for k in range(len(bounds))]


def _parts(simulators: Sequence[Simulator], bounds: Sequence[Bound], k: int) -> int:
    """Return the day on which a scenario parts from the first; 0 where it is lived alone."""
    one, other = simulators[0], simulators[k]
    alike = one.seed == other.seed and one.room is other.room and one.stock is other.stock
    if not alike or one.recount or other.recount:
        return 0
    if bounds[0].form is not bounds[k].form or not bounds[k].is_placed_as(bounds[0]):
        return 0
    return bounds[k].halt_before(bounds[k].since_of(bounds[0]))
