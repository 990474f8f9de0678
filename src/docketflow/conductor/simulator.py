"""The one object under run, study, compare and whatever asks a scenario again and again.

What is the same for every member is made once: the compiled lifecycle, the form of its tables, the starting
stock. What a member's numbers change is filled in; and a change dated later goes on from the morning on which
it first acts, from a state of the same member held in memory.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from docketflow.conductor import model, rooms
from docketflow.conductor.blame import blaming
from docketflow.conductor.drawing import Drawn, central, draw, outright_by_date
from docketflow.conductor.mornings import Mornings
from docketflow.conductor.provenance import made_of
from docketflow.conductor.shapes import Shape
from docketflow.conductor.stocks import Stocks
from docketflow.core import given
from docketflow.core.errors import DocketflowError, UsageError
from docketflow.core.quantity import Dated, Known, Resolve, Table
from docketflow.core.scale import COARSEST, read_scale
from docketflow.policy import Scenario

if TYPE_CHECKING:
    from docketflow.conductor.answer import Answer
    from docketflow.engine import Program, Run
    from docketflow.engine.compile.bind import Filled
    from docketflow.engine.compile.bound import Bound
    from docketflow.engine.run.ledger import Ledger
    from docketflow.engine.run.machine import Memory
    from docketflow.engine.run.state import State
    from docketflow.engine.run.stock import Stock
    from docketflow.evidence import Room
    from docketflow.policy.setting import Setting

MEMBERS = 50
SCALE = Fraction(1, 100)
SMALLEST = Fraction(1, COARSEST)
SEEDS_APART = 1 << 20  # members of one seed never meet those of the next
TWICE = 12  # of so many members one is lived again with other luck: what chance alone does, for 8% of a run
OTHER_LUCK = 1 << 19  # beyond all members and before the next seed
MOST_BOUND = 64  # members whose filled tables are kept, some 4 MB each
K = TypeVar("K")
V = TypeVar("V")
Values = Mapping[str, "Dated | Table | float"]


class Simulator:
    """A scenario that is ready to be lived by any member, under further levers or other values.

    Parameters
    ----------
    scenario : Scenario
    scale : Fraction or str
        Records a person; capacities scale alike.
    seed : int
    stock : Stock, optional
        The starting stock; that of the scenario's first day if not given.
    recount : bool
        Count everybody again each evening (slow); stop at the first day that does not add up.
    room : Room, optional
        The evidence, if not as it is believed (`rooms`): a source left out, or drawn from ranges alone.
    program : Program, optional
        The compiled lifecycle, if another form of it.
    cuts : iterable of date, optional
        Days on which books are also closed, so that spans from and to them can be read.
    holds : bool
        Hold each state that a change goes on from, for the next on that morning; if not, only those that
        `hold` is told of, which nothing asked in between lets go.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        scale: Fraction | str = SCALE,
        seed: int = 1,
        stock: Stock | None = None,
        recount: bool = False,
        room: Room | None = None,
        program: Program | None = None,
        cuts: Iterable[dt.date] = (),
        holds: bool = True,
    ) -> None:
        given.whole(seed, "--seed", 0, given.LARGEST_SEED)
        self.scenario, self.scale, self.seed, self.recount = scenario, read_scale(scale), seed, recount
        self.room = room or rooms.believed()
        self._program, self._cuts, self.holds = program, frozenset(cuts), holds
        self._lock = threading.RLock()
        self._threads = threading.local()
        self._drawn: OrderedDict[int, Drawn] = OrderedDict()
        self._bound: OrderedDict[int, Bound] = OrderedDict()
        self._stocks = Stocks(scenario, stock)
        self._placed: WeakKeyDictionary[Bound, Stock] = WeakKeyDictionary()
        self._ready: dict[int, Bound] = {}
        self._mornings = Mornings()
        self._asked: OrderedDict[tuple[str, ...], Scenario] = OrderedDict()

    # --- what all members share -----------------------------------------------------------------------
    @property
    def program(self) -> Program:
        """The compiled lifecycle."""
        return self._program or model.program()

    @property
    def stock(self) -> Stock:
        """The starting stock, as it is dealt out at the central values."""
        return self._stocks.whole

    def stock_of(self, number: int, scenario: Scenario | None = None) -> Stock:
        """Return the starting stock of a member: the same people, dealt out by shares drawn for it."""
        return self._stocks.of(self._of(number), scenario or self.scenario)

    @property
    def days(self) -> int:
        """Number of simulated days, the run-in included."""
        return (self.scenario.end - self.scenario.first).days + 1

    @functools.cached_property
    def centre(self) -> Bound:
        """The lifecycle bound to the central values of the scenario."""
        with blaming(self.scenario.settings):
            return self._shape.filled(self._composed)

    @functools.cached_property
    def _composed(self) -> dict[str, Dated]:
        """Every parameter at its central value, changed by the scenario's levers."""
        return self.scenario.compose(central(self.room))

    @functools.cached_property
    def _shape(self) -> Shape:
        """What the lifecycle is laid out over."""
        scenario = self.scenario
        cuts = tuple(sorted({scenario.start, scenario.end + dt.timedelta(1), *self._cuts}))
        return Shape(self.program, scenario.first, self.days, self.scale, cuts)

    def made_of(self, members: int) -> dict[str, Any]:
        """Return what a result of that many members is made of, hashed (see `provenance`)."""
        return made_of(
            self.scenario,
            self.stock.hash(),
            members=members,
            scale=str(self.scale),
            seed=self.seed,
            otherwise=self.room.otherwise,
            fitted=self.room.jointly is not None,
        )

    # --- one member -------------------------------------------------------------------------------------
    def member(self, number: int, *, settings: Iterable[str] = (), values: Values | None = None) -> Answer:
        """Live one member and return what is kept of it.

        Parameters
        ----------
        number : int
            Which member: what is drawn for it and its luck depend on the seed and this alone.
        settings : iterable of str
            Further levers, ``PATH=VALUE@DATE``.
        values : mapping of parameter path to a number, `Table` or `Dated`, optional
            Parameters given outright, in place of what is drawn; levers act on them.

        Raises
        ------
        DocketflowError
            One line that says what is wrong and where.
        """
        levers, outright = tuple(settings), dict(values or {})
        bound, ledger = self.books(number, levers, outright)
        again = None
        if not levers and not outright and is_lived_twice(number):
            again = self.lived(number + OTHER_LUCK, bound, self.stock_of(number))
        return self.answer(number, bound, ledger, again)

    def answer(self, number: int, bound: Bound, ledger: Ledger, again: Ledger | None = None) -> Answer:
        """Return what is kept of a member's books, and of those with other luck where it was lived twice."""
        from docketflow.conductor.answer import answer_of

        about = (self.scenario, self.program.network, ledger, bound.known, self.design(number))
        return answer_of(*about, again)

    def at(
        self,
        luck: int,
        values: Values | None = None,
        *,
        quantiles: Mapping[str, float] | None = None,
        scenario: Scenario | None = None,
    ) -> Answer:
        """Live a member's luck at central values, but for those given, levers' quantiles, other settings."""
        from docketflow.conductor.answer import answer_of

        known = central(self.room)
        moved = {**known, **outright_by_date(values or {}, known)}
        bound = self._filled((scenario or self.scenario).compose(moved, quantiles), self.centre)
        one = scenario or self.scenario
        stock = self._stocks.at(one, moved, values or {}) or self._stocks.under(one)
        ledger = self.lived(luck, bound, stock)
        return answer_of(self.scenario, self.program.network, ledger, bound.known, {})

    def ledger(self, number: int, *, settings: Iterable[str] = (), values: Values | None = None) -> Ledger:
        """Live one member and return its books (see `member`)."""
        return self.books(number, tuple(settings), values or {})[1]

    def books(self, number: int, settings: tuple[str, ...], values: Values) -> tuple[Bound, Ledger]:
        """Live one member and return its books, and by which numbers they are read (see `member`)."""
        bound = self.bound(number, settings=settings, values=values)
        return bound, self.lived(number, bound, self.stock_of(number, self._further(settings)))

    def drawn(self, number: int) -> dict[str, Dated]:
        """Return every parameter of a member as it is drawn from its shape, before any lever."""
        return dict(self._of(number).parameters)

    def design(self, number: int) -> dict[str, float]:
        """Return every number that is drawn for a member, by its parameter or setting and its place in it."""
        return self._of(number).design

    def values(self, number: int) -> dict[str, Dated]:
        """Return every parameter of a member as it is lived: drawn, then changed by the scenario's levers."""
        return dict(self._of(number).values)

    def _of(self, number: int) -> Drawn:
        """Return what is drawn for a member."""
        with self._lock:
            found = self._drawn.get(number)
        if found is None:
            found = Drawn(draw(self.scenario, self.seed, [number], self.room), 0)
            with self._lock:
                _keep(self._drawn, number, found)
        return found

    def bound(self, number: int, *, settings: Iterable[str] = (), values: Values | None = None) -> Bound:
        """Return the lifecycle bound to a member's numbers."""
        levers, outright, drawn = tuple(settings), dict(values or {}), self._of(number)
        with self._lock:
            own = self._ready.pop(number, None) or self._bound.get(number)
        if own is None:
            own = self._filled(drawn.values, self.centre)
        if not levers and not outright:
            return own
        with self._lock:
            _keep(self._bound, number, own)
        lived = drawn.values
        if outright:
            moved = {**drawn.parameters, **outright_by_date(outright, central(self.room))}
            lived = self.scenario.compose(moved, drawn.quantiles)
        further = self._further(levers)
        found = self._filled(further.compose(lived), own, further.settings)
        stock = self._stocks.at(further, moved, outright) if outright else None
        if stock is not None:
            self._placed[found] = stock
        return found

    def ready(self, numbers: Iterable[int], beside: Filled | None = None) -> Filled | None:
        """Draw members who are lived soon and fill the form for them, all at once: the same in less time.

        ``beside`` is what another simulator made ready of the same numbers; what is made is returned.
        """
        from docketflow.engine.compile.bind import fill_all
        from docketflow.engine.compile.tables import Outgrown

        members = list(numbers)
        if self._ready.keys() >= set(members):
            return None
        draws = draw(self.scenario, self.seed, members, self.room)
        drawn = [Drawn(draws, place) for place in range(len(members))]
        with self._lock:
            for number, own in zip(members, drawn, strict=True):
                _keep(self._drawn, number, own)
        with contextlib.suppress(Outgrown, DocketflowError):  # whoever fails fails alone, with a reason
            together, alone = model.resolver(draws.values), [model.resolver(own.values) for own in drawn]
            filled = fill_all(self.centre.form, together, alone, self.centre, beside)
            with self._lock:
                self._ready |= dict(zip(members, filled.bounds, strict=True))
            return filled
        return None

    def forget(self) -> None:
        """Let go of what is held of members, of whom none is asked again soon."""
        for held in (self._drawn, self._bound, self._ready):
            held.clear()

    def _filled(self, values: Mapping[str, Dated], like: Bound, more: Iterable[Setting] = ()) -> Bound:
        """Return a form filled with numbers: the one laid out before, or a new one if they do not fit it."""
        from docketflow.engine.compile.bind import fill
        from docketflow.engine.compile.tables import Outgrown

        resolve: Resolve = model.resolver(values)
        with blaming((*self.scenario.settings, *more)):
            try:
                return fill(like.form, resolve, like)
            except Outgrown:
                known = Known(resolve)
                return fill(self._shape.form(known), known)

    def _further(self, settings: tuple[str, ...]) -> Scenario:
        """Return the scenario with further levers and no others, checked once."""
        with self._lock:
            found = self._asked.get(settings)
            if found is None:
                every, before = self.scenario.with_sets(settings).layers, self.scenario.layers
                more = every[len(before) :]
                if every[: len(before)] != before:
                    raise UsageError("a court order is switched for a whole scenario, not for one run of it")
                found = replace(self.scenario, layers=more)
                found.check(self._composed)  # the others were checked
                _keep(self._asked, settings, found)
            return found

    # --- living -----------------------------------------------------------------------------------------
    def lived(self, number: int, bound: Bound, stock: Stock) -> Ledger:
        """Live a member's luck with some numbers and return the books."""
        from docketflow.engine.inspect import recount

        run = self.begun(number, bound, self._placed.get(bound) or stock)
        return (recount.watch(run) if self.recount else run).finish()

    def begun(self, number: int, bound: Bound, stock: Stock) -> Run:
        """Return the run of a member at its first day, or on the first that it and its own do not share."""
        from docketflow.engine import Run
        from docketflow.engine.run.state import go_on

        base, state = self._base(bound), None
        if base is not None and stock is self.stock_of(number):
            near = self._mornings.nearest
            state = self._state(number, base, bound.since) if self.holds else near(number, bound.since)
        if state is None:
            return Run(bound, stock, self.seed_of(number), self.memory())
        return go_on(state, bound, self.memory())

    def _base(self, bound: Bound) -> Bound | None:
        """Return a member's own numbers where a change of them goes on from what was lived under these."""
        base = bound.like
        if base is None or base is self.centre or self.recount:
            return None
        return base if bound.since > 0 or bound.is_placed_as(base) else None

    def hold(self, number: int, settings: Iterable[str]) -> None:
        """Hold a member's state on the morning from which levers act, for what acts then or later."""
        bound = self.bound(number, settings=settings)
        base = self._base(bound)
        if base is not None:
            self._state(number, base, bound.since)

    def memory(self) -> Memory:
        """Return this thread's memory to live in: one run at a time, and none is kept."""
        from docketflow.engine.run.machine import Memory

        if not hasattr(self._threads, "memory"):
            self._threads.memory = Memory()
        memory: Memory = self._threads.memory
        return memory

    def seed_of(self, number: int) -> int:
        """Return the seed of a member's luck."""
        return self.seed * SEEDS_APART + number

    def _state(self, number: int, base: Bound, day: int) -> State:
        """Return the state of a member on a morning, lived from the latest one held before it."""
        from docketflow.engine import Run
        from docketflow.engine.run.state import go_on, hold

        day = base.halt_before(day)
        near = self._mornings.nearest(number, day)
        if near is not None and near.day == day:
            return near
        if near is None:
            run = Run(base, self.stock_of(number), self.seed_of(number), self.memory())
        else:
            run = go_on(near, base, self.memory())
        for stop in sorted({0, day} if near is None and self.holds else {day}):
            state = hold(run.advance(stop))
            self._mornings.keep(number, stop, state)
        return state


def _keep(kept: OrderedDict[K, V], key: K, value: V) -> None:
    """Keep a value, and let the oldest go where there are many."""
    kept[key] = value
    while len(kept) > MOST_BOUND:
        kept.popitem(last=False)


def is_lived_twice(number: int) -> bool:
    """Return whether a member is lived a second time with other luck."""
    return number % TWICE == TWICE - 1


def centre(scenario: Scenario, scale: Fraction | str = SCALE) -> Bound:
    """Return the lifecycle bound to a scenario's central values; nobody is built or placed."""
    return Simulator(scenario, scale=scale, seed=0).centre
