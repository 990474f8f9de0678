"""One run: places the starting stock, lives the days between pauses, and closes the books."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import mmap
from collections.abc import Callable, Mapping

import numpy as np

from docketflow.core.errors import EngineError
from docketflow.engine import layout as at
from docketflow.engine.compile.bound import Bound
from docketflow.engine.compile.needs import floors
from docketflow.engine.compile.rates import in_records
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.draws import seed_key
from docketflow.engine.run.ledger import Columns, Ledger, counted, kinds
from docketflow.engine.run.starting import in_line, leads_of, time_spent
from docketflow.engine.run.stock import Cells, Standing, Stock
from docketflow.engine.run.totals import Totals

_FAILURES = {
    1: "the calendar is full",
    2: "more people arrived than there is room for",
    3: "more people are due at once than there is room for",
}
_NOTHING = np.zeros(2, dtype=np.int64)
PAGE = 512  # words of a page of memory
MANY = 1 << 21  # words of records from which large pages are worth what it takes to clear them
ASKED = 1 << 22  # bytes of an array from which NumPy asks for large pages


class Memory:
    """The large arrays of a run; the next run in the same memory takes them over, pages and all."""

    def __init__(self) -> None:
        self._kept: dict[str, np.ndarray] = {}

    def words(self, name: str, size: int, kind: type, records: int = 0, at_hand: int = 0) -> np.ndarray:
        """Return an array of at least so many words, of any content, the first of them on pages at hand.

        It goes with so many words of records: with many of them it is on large pages, where there are such.
        """
        kept = self._kept.get(name)
        if kept is None or len(kept) < size:
            kept = self._kept[name] = _zeros(size, kind, records)
            kept[:at_hand:PAGE] = 0  # the system gives pages at their first use: not in the middle of a day
        return kept[:size]

    def records(self, size: int, given: int) -> np.ndarray:
        """Return words that begin on a cache line (no person straddles two); zeros from ``given`` on."""
        kept = self._kept.get("rec")
        if kept is None or len(kept) < size:
            raw = _zeros(size + 8, np.uint64, size)
            raw[::PAGE] = 0
            shift = (-raw.ctypes.data % 64) // 8
            kept = self._kept["rec"] = raw[shift : shift + size]
        else:
            kept[given:size] = 0
        return kept[:size]


def _zeros(size: int, kind: type, records: int) -> np.ndarray:
    """Return zeros that the system lays on pages at their first use: small ones for few records.

    NumPy asks for large pages. Where few people live they are hardly used, and to clear them can take longer
    than all days do: 75 ms against 13 were seen.
    """
    room = size * np.dtype(kind).itemsize
    if records >= MANY or room < ASKED or not hasattr(mmap, "MAP_ANONYMOUS"):
        return np.zeros(size, dtype=kind)
    try:
        return np.frombuffer(mmap.mmap(-1, room, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS), dtype=kind)
    except OSError:
        raise MemoryError(f"no room for {room:,} bytes") from None


class Run:
    """The state of a run between two days.

    Parameters
    ----------
    bound : Bound
    cells : Stock, or mapping of column to array
        ``start`` (name of a declared Start), one column a trait (labels; absent: the trait's first value)
        and ``count`` (real persons in the cell). Counts become records by running totals, so that no
        scale loses anybody by rounding. A `Stock` is the same, read once for many runs.
    seed : int
    memory : Memory, optional
        Where to live; whoever gives it to another run has done with this one.
    """

    def __init__(self, bound: Bound, cells: Cells | Stock, seed: int, memory: Memory | None = None) -> None:
        self.memory = memory or Memory()
        stock = cells if isinstance(cells, Stock) else Stock.of(bound.program, cells)
        self.prepare(bound, seed, stock.people(bound.scale))
        self._place(stock.standing(bound.scale, 1 << int(bound.form.words[at.H_RECORD])))
        self.opening = self._row.copy()

    # --- beginning ----------------------------------------------------------------------------------
    def prepare(self, bound: Bound, seed: int, started: int, already: int = 0, chunks: int = 0) -> None:
        """Set aside the memory of a run; of a resumed one also for the people and chunks it had already."""
        self.bound, self.seed, self.day, self.started = bound, seed, 0, started
        self.key = np.uint64(seed_key(seed))
        self.whole = dict(bound.whole)
        self.totals: list[np.ndarray] = []
        self.conserved = Totals(bound)
        tables, network = bound.form.words, bound.program.network
        self.mem = self.memory.words("mem", int(tables[at.H_END]), np.int64)
        bound.lay(self.mem)
        self.mem[len(tables) :] = 0
        fed = {feedback.on for feedback in network.feedbacks}
        inflow = self.whole["arrival"]
        spare = sum(
            int(inflow[:, k].sum()) for k, arrival in enumerate(network.arrivals) if arrival.name in fed
        )
        room = max(started, already) + int(inflow.sum()) + 4 * spare + 1
        if room > at.MOST_PEOPLE:
            raise EngineError(
                f"a run holds at most {at.MOST_PEOPLE:,} people, and this one may need room for {room:,}"
            )
        words = 1 << int(tables[at.H_RECORD])
        self.rec = self.memory.records(room * words, max(started, already) * words)
        # A day may add, for each person, calendar entries, a place in line and, for every draw, a point and a
        # place in its list; and each list may need one chunk more. Untouched memory costs nothing.
        lists, a_day = int(tables[at.H_BEGIN] - tables[at.H_OPEN]), 4 + 3 * len(network.draws)
        self.spare = a_day * room // at.ENTRIES + 2 * lists + 64
        # four entries a person, and a begun chunk for each list: most of a few people's are little more
        chunks = max(chunks, 4 * room // at.ENTRIES + lists + self.spare)
        self.mem[at.FULL] = chunks - self.spare
        self.chunk = self.memory.words("chunk", chunks * at.CHUNK, np.uint64, room * words, at_hand=room)
        self.chunk[: at.CHUNK] = 0
        for k in range(len(network.draws)):
            place = int(tables[at.H_DRAWS_AT]) + k * at.DRAW_WIDTH
            self.mem[place + at.HEAP_AT], self.mem[place + at.HEAP_ROOM] = k * (room + 64), room + 64
        for draw, pooled in zip(network.draws, self.pooled, strict=True):
            pooled[at.WIDE] = at.NARROW if draw.exposure is None else at.WINDOW
            pooled[at.SHIFT] = int(pooled[at.WIDE] // at.SLOTS).bit_length() - 1
        points = max(1, len(network.draws) * (room + 64))
        self.keys = self.memory.words("keys", points, np.int64, room * words)
        self.values = self.memory.words("values", points, np.uint64, room * words)
        self.books = np.zeros((len(self._row), bound.days), dtype=np.int64)

    @property
    def _row(self) -> np.ndarray:
        """What is written down each evening: stocks and flows, a view."""
        return self.mem[self.mem[at.H_STOCK] : self.mem[at.H_ROW_END]]

    @property
    def daily(self) -> np.ndarray:
        """What was written down each evening [day, line], a view; the days of a line stand together."""
        return self.books.T

    @property
    def pooled(self) -> np.ndarray:
        """How far each draw is, a row a draw (`layout.LEVEL` and on), a view."""
        draws = len(self.bound.program.network.draws)
        return self.mem[self.mem[at.H_POOLED] :][: draws * at.POOLED_WIDTH].reshape(draws, at.POOLED_WIDTH)

    @property
    def tally(self) -> np.ndarray:
        """All tallies, a view."""
        return self.mem[self.mem[at.H_TALLY] : self.mem[at.H_END]]

    @property
    def people(self) -> int:
        """Number of records so far."""
        return int(self.mem[at.PEOPLE])

    def _place(self, standing: Standing) -> None:
        program = self.bound.program
        self.mem[at.PEOPLE] = self.started
        size = standing.people.shape[1]
        self.rec[: standing.people.size] = standing.people.ravel()
        for ids, words in standing.marked:
            self.rec[ids * np.uint64(size) + np.uint64(at.TRAITS_AT)] = words[:, 0]
            if size == at.RECORD:
                self.rec[ids * np.uint64(size) + np.uint64(at.MORE_AT)] = words[:, 1]
        ids, spent = standing.ids, time_spent(self.bound, self.key, standing, self.rec, self.mem)
        leads, lines = leads_of(program)
        self._start(np.repeat(leads[: len(standing.many)], standing.many), ids, spent)
        ends = np.cumsum(standing.many)
        for line in lines:
            some = [k for k in line.leads if k < len(ends) and standing.many[k]]
            if some:
                parts = np.array([(ends[k] - standing.many[k], ends[k], line.leads[k]) for k in some])
                who, extra, nodes = in_line(self.key, line.key, parts, ids, spent)
                self._start(nodes, who, extra)

    # --- living -------------------------------------------------------------------------------------
    def _start(self, nodes: np.ndarray, people: np.ndarray, extra: np.ndarray) -> None:
        from docketflow.engine.run.kernel import door

        done = 0
        while done < len(people):
            done = door.place(
                done, nodes, people, extra.ravel(), self.rec, self.mem, self.bound.laws, self.chunk,
                self.keys, self.values, self.key,
            )  # fmt: skip
            self._check()
            self._make_room()

    def _check(self) -> None:
        failure = int(self.mem[at.ERROR])
        if failure:
            raise EngineError(
                f"{_FAILURES[failure]} on day {self.day} of {self.bound.program.network.name!r}"
            )

    def advance(self, until: int | None = None, progress: Callable[[int], None] | None = None) -> Run:
        """Live the days up to day number ``until`` (all of them by default), pausing where the run must."""
        from docketflow.engine.run.kernel import door

        until, began = self.bound.days if until is None else min(until, self.bound.days), self.day
        while self.day < until:
            self._morning()
            stop, whole = min([p for p in self.bound.pauses if p > self.day] + [until]), self.whole
            while self.day < stop:
                self.day = door.advance(
                    self.day, stop, whole["space"], whole["effort"], whole["floor"], whole["exposure"],
                    whole["arrival"], whole["attempt"], self.rec, self.mem, self.bound.laws, self.chunk,
                    self.keys, self.values, self.books, _NOTHING, self.key, self.started,
                )  # fmt: skip
                self._check()
                self._make_room()
            if self.day in self.bound.cuts or self.day == self.bound.days:
                self.totals.append(self.tally.copy())
            if progress is not None:
                progress(self.day)
        self.conserved.check(self, began)
        return self

    def _make_room(self) -> None:
        """Where lists have little room left, drop stale entries of the pools, and double it if need be."""
        from docketflow.engine.run.kernel import door

        if not door.is_full(self.mem):
            return
        for k in range(len(self.pooled)):
            door.drop_stale_pairs(k, self.rec, self.mem, self.chunk)
        used, old = int(self.mem[at.NEXT_CHUNK]), self.chunk
        if 4 * (used - self.mem[at.FREE_CHUNKS]) > 3 * self.mem[at.FULL]:
            self.chunk = np.empty(2 * len(old), dtype=np.uint64)
            self.chunk[: used * at.CHUNK] = old[: used * at.CHUNK]
            self.mem[at.FULL] = len(self.chunk) // at.CHUNK - self.spare

    def _morning(self) -> None:
        """Apply what changes on this day: tables, cohort events, feedback at a month's start."""
        from docketflow.engine.run.kernel import door

        if self.day in self.bound.patches:
            places, values = self.bound.patches[self.day]
            self.mem[places] = values
        today = self.bound.first + dt.timedelta(self.day)
        for k, effort in enumerate(self.bound.program.network.efforts):
            if isinstance(effort, d.Quota) and today in effort.renewed:
                self.mem[self.mem[at.H_LEFT] + k] = 0
        if self.day and today.day == 1:
            self._feed_back()
        program = self.bound.program
        due = [event for event in program.network.events if event.date == today]
        again = slice(None) if due or today.day == 1 else self.bound.reweighed.get(self.day, [])
        # weights may have changed, or the traits they read: look again
        self.pooled[again, at.EMPTY] = self.pooled[again, at.NEAREST] = 0
        if due:
            self._free_spaces()
        for event in due:
            stages = np.zeros(len(program.nodes), dtype=np.int64)
            stages[[program.index[name] for name in event.stages] if event.stages else slice(None)] = 1
            ended = [k for k, node in enumerate(program.nodes) if isinstance(node, d.End)]
            if not event.stages:
                stages[ended] = 0
            masks = np.zeros((len(event.when), 3), dtype=np.int64)
            for m, (trait, wanted) in enumerate(event.when.items()):
                field = program.fields[trait]
                names = [wanted] if isinstance(wanted, str) else wanted
                masks[m] = field.shift, field.mask, sum(1 << field.index(n, event.name) for n in names)
            done = 0
            while done < self.people:
                done = door.event(
                    done, program.then[event.name], stages, masks, self.day, self.rec, self.mem,
                    self.bound.laws, self.chunk, self.keys, self.values, _NOTHING, self.key,
                )  # fmt: skip
                self._check()
                self._make_room()

    def _free_spaces(self) -> None:
        """Set the day's capacities and free what was given back yesterday: cohort events may need them."""
        size = self.whole["space"].shape[1]
        held, freed, capacity = (
            self.mem[self.mem[slot] :][:size] for slot in (at.H_HELD, at.H_FREED, at.H_CAPACITY)
        )
        held -= freed
        freed[:] = 0
        capacity[:] = self.whole["space"][self.day]

    def _feed_back(self) -> None:
        network = self.bound.program.network
        if not network.feedbacks:
            return
        books = self.ledger()
        follow = {
            "exposure": [draw.name for draw in network.draws],
            "arrival": [arrival.name for arrival in network.arrivals],
            "effort": [effort.name for effort in network.efforts],
            "floor": [effort.name for effort, _ in floors(self.bound.program)],
        }
        for feedback in network.feedbacks:
            months: dict[tuple[int, int], int] = {}
            counts = books.tally_where(feedback.reads, {})
            for (start, _), people in zip(books.segments, counts, strict=True):
                month = start.year, start.month
                months[month] = months.get(month, 0) + int(people)
            factor = float(feedback.law([people * books.weight for people in months.values()]))
            if not np.isfinite(factor) or factor < 0:
                raise EngineError(f"the feedback {feedback.name!r} gave the factor {factor}")
            for kind, names in follow.items():
                for k, name in enumerate(names):
                    if name == feedback.on:
                        line = self.bound.rates[kind][:, k : k + 1].copy()
                        line[self.day :] *= factor
                        whole = in_records(kind, line[self.day :], self.bound.scale)
                        self.whole[kind] = self.whole[kind].copy()
                        self.whole[kind][self.day :, k : k + 1] = whole

    # --- the books ----------------------------------------------------------------------------------
    def ledger(self) -> Ledger:
        """Return the books up to today."""
        bound, program = self.bound, self.bound.program
        header, daily = self.mem[: at.HEADER], self.daily[: self.day]
        base = int(header[at.H_STOCK])

        def columns(slot: int, places: Mapping[str, int]) -> Columns:
            return Columns(daily, int(header[slot]) - base, places)

        def supplied(kind: str, places: Mapping[str, int]) -> Columns:
            return Columns(self.whole[kind][: self.day], 0, places)

        waits, places, spends = kinds(program)
        order, opened = program.order, self.opening.tolist()
        spaces, held_at = order["space"], int(header[at.H_HELD]) - base
        edges = [c for c in bound.cuts if c < self.day] + [self.day]
        first = bound.first
        segments = [
            (first + dt.timedelta(a), first + dt.timedelta(b - 1)) for a, b in itertools.pairwise(edges)
        ]
        totals = self.totals[: len(segments)]
        if len(totals) < len(segments):
            totals = [*totals, self.tally.copy()]
        steps = np.diff(np.array([np.zeros_like(self.tally), *totals]), axis=0)
        tallies, axes = {}, {}
        for tally, fields in counted(program).items():
            shape = tuple(len(labels) for _, labels in fields)
            place = program.tally_at[tally]
            tallies[tally] = steps[:, place : place + math.prod(shape)].reshape(len(segments), *shape)
            axes[tally] = list(fields)
        return Ledger(
            first=first,
            weight=float(1 / bound.scale),
            segments=segments,
            stock=columns(at.H_STOCK, places),
            held=columns(at.H_HELD, spaces),
            capacity=supplied("space", spaces),
            refused=columns(at.H_REFUSED, spaces),
            supply=supplied("effort", order["effort"]),
            spent=columns(at.H_SPENT, order["effort"]),
            served=columns(at.H_SERVED, waits),
            waited=columns(at.H_WAITED, waits),
            booked=columns(at.H_SERVED, spends),
            lacked=columns(at.H_WAITED, spends),
            full=columns(at.H_FULL, spaces),
            exhausted=columns(at.H_EXHAUSTED, order["effort"]),
            taken=columns(at.H_TAKEN, order["draw"]),
            tried=columns(at.H_TRIED, order["attempt"]),
            missed=columns(at.H_MISSED, order["attempt"]),
            arrived=columns(at.H_ARRIVED, order["arrival"]),
            timers=daily[:, int(header[at.H_TIMERS]) - base],
            opening={name: opened[k] for name, k in places.items()}
            | {name: opened[held_at + k] for name, k in spaces.items()},
            tallies=tallies,
            tally_axes=axes,
        )

    def finish(self, progress: Callable[[int], None] | None = None) -> Ledger:
        """Live the rest of the days and return the books."""
        return self.advance(progress=progress).ledger()
