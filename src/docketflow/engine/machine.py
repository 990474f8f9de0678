"""One run: places the starting stock, lives the days between pauses, saves and resumes, closes the books."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import itertools
import json
import os
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from docketflow.core.errors import DeclarationError, EngineError, ResultError, unknown
from docketflow.engine import declare as d
from docketflow.engine import layout as at
from docketflow.engine.bind import Bound
from docketflow.engine.draws import EXPONENTIAL_TABLE, decide, person_key, seed_key
from docketflow.engine.laws import age_in_equilibrium, quantiles, remaining
from docketflow.engine.ledger import Ledger

Cells = Mapping[str, Any]
_STATE = ("rec", "chunk", "lists", "keys", "values", "control", "tally", "daily", "opening")
_FAILURES = {
    1: "the calendar is full",
    2: "more people arrived than there is room for",
}


class Run:
    """The state of a run between two days.

    Parameters
    ----------
    bound : Bound
    cells : mapping of column to array
        ``start`` (name of a declared Start), one column a trait (labels; absent: the trait's first value)
        and ``count`` (real persons in the cell). Counts become records by running totals, so that no
        scale loses anybody by rounding.
    seed : int
    """

    def __init__(self, bound: Bound, cells: Cells, seed: int) -> None:
        self.bound, self.seed, self.day = bound, seed, 0
        self._key = np.uint64(seed_key(seed))
        self._tables = bound.tables.copy()
        self._rates = {name: line.copy() for name, line in bound.rates.items()}
        self._whole = {name: _whole(name, line, bound.scale) for name, line in self._rates.items()}
        self._totals: list[np.ndarray] = []
        starts, words = _expand(bound, cells)
        self.started = len(starts)
        self._allocate()
        self._place(starts, words)
        row = bound.tables[at.H_ROW], bound.tables[at.H_ROW_END]
        self.opening = self.control[row[0] : row[1]].copy()

    # --- beginning ----------------------------------------------------------------------------------
    def _allocate(self) -> None:
        header, network = self._tables[: at.HEADER], self.bound.program.network
        fed = {feedback.on for feedback in network.feedbacks}
        spare = sum(
            int(self._whole["arrival"][:, k].sum()) for k, a in enumerate(network.arrivals) if a.name in fed
        )
        room = self.started + int(self._whole["arrival"].sum()) + 4 * spare + 1
        lists = int(header[at.H_LISTS])
        self.rec = _aligned(room * 4)
        self.lists = np.zeros(lists * at.LIST_WIDTH, dtype=np.int64)
        chunks = 8 * room // at.ENTRIES + 2 * lists + 64
        self.chunk = np.empty(chunks * at.CHUNK, dtype=np.uint64)
        self.chunk[: at.CHUNK] = 0
        draws, place = len(network.draws), int(header[at.H_DRAWS_AT])
        for k in range(draws):
            self._tables[place + k * at.DRAW_WIDTH + at.HEAP_AT] = k * (room + 64)
            self._tables[place + k * at.DRAW_WIDTH + at.HEAP_ROOM] = room + 64
        self.keys = np.empty(max(1, draws * (room + 64)), dtype=np.int64)
        self.values = np.empty(max(1, draws * (room + 64)), dtype=np.uint64)
        self.control = np.zeros(int(header[at.H_END]), dtype=np.int64)
        self.control[at.C_NEXT_CHUNK] = 1
        self.tally = np.zeros(max(1, self.bound.program.tally_cells), dtype=np.int64)
        self.daily = np.zeros((self.bound.days, int(header[at.H_ROW_END] - header[at.H_ROW])), dtype=np.int64)

    def _place(self, starts: np.ndarray, words: np.ndarray) -> None:
        network, program = self.bound.program.network, self.bound.program
        self.control[at.C_PEOPLE] = self.started
        people = self.rec.reshape(-1, 4)
        people[: self.started] = 0
        people[: self.started, 1] = words
        people[: self.started, 3] = np.arange(self.started, dtype=np.uint64) << np.uint64(16)
        for k, start in enumerate(network.starts):
            ids = np.flatnonzero(starts == k).astype(np.uint64)
            if len(ids) == 0:
                continue
            extra = self._spent(start, ids, words[ids.astype(np.int64)])
            if isinstance(program.nodes[program.index[start.at]], d.Wait):
                order = np.argsort(-extra[:, 1], kind="stable")
                ids, extra = ids[order], np.ascontiguousarray(extra[order])
            self._batch(at.STARTING, program.then[start.name], ids, extra.ravel())

    def _spent(self, start: d.Start, ids: np.ndarray, words: np.ndarray) -> np.ndarray:
        """Return what remains of each person's stay (-1 never, -2 to be drawn) and the days already spent."""
        bound = self.bound
        extra = np.zeros((len(ids), 2), dtype=np.int64)
        extra[:, 0] = -2
        if start.spent is None:
            return extra
        luck = person_key(int(self._key), ids)
        age_u = _unit(decide(luck, f"{start.name}/age"))
        rest_u = _unit(decide(luck, f"{start.name}/rest"))
        stage = bound.program.nodes[bound.program.index[start.at]]
        timed = isinstance(stage, d.Stage)
        fields, rows = bound.law_rows.get(start.at, ([], np.zeros(1, dtype=np.int64)))
        cell = np.zeros(len(ids), dtype=np.int64)
        for f in fields:
            cell = cell * len(f.values) + ((words >> np.uint64(f.shift)) & np.uint64(f.mask)).astype(np.int64)
        law_of = rows[cell] if timed else np.zeros(len(ids), dtype=np.int64)
        laws = bound.laws.reshape(-1, at.QUANTILES) if timed else np.zeros((1, at.QUANTILES), dtype=np.uint16)
        spent = None if isinstance(start.spent, str) else self._age_table(start)
        for number in np.unique(law_of):
            who = law_of == number
            if spent is None:
                age = age_in_equilibrium(laws[number], age_u[who])
            else:
                age = spent[(age_u[who] * at.QUANTILES).astype(np.int64)]
            extra[who, 1] = age
            if timed:
                extra[who, 0] = remaining(laws[number], age, rest_u[who])
        return extra

    def _age_table(self, start: d.Start) -> np.ndarray:
        law = start.spent
        if not isinstance(law, d.Law):
            raise DeclarationError(unknown("time spent", str(law), ["equilibrium"], start.name))
        parameters = self.bound.constants(law, start.name)
        return quantiles(law.kind, parameters[:-1], parameters[-1], start.name).astype(np.int64)

    # --- living -------------------------------------------------------------------------------------
    def _batch(self, mode: int, what: int, ids: np.ndarray, extra: np.ndarray) -> None:
        from docketflow.engine import kernel

        kernel.batch(
            mode, what, ids, 0, len(ids), 0, self.rec, self._tables, self.bound.laws, self.chunk, self.lists,
            self.keys, self.values, self.control, self.tally, EXPONENTIAL_TABLE, extra, self._key,
        )  # fmt: skip
        self._check()

    def _check(self) -> None:
        failure = int(self.control[at.C_ERROR])
        if failure:
            raise EngineError(
                f"{_FAILURES[failure]} on day {self.day} of {self.bound.program.network.name!r}"
            )

    def advance(self, until: int | None = None, progress: Callable[[int], None] | None = None) -> Run:
        """Live the days up to day number ``until`` (all of them by default), pausing where the run must."""
        from docketflow.engine import kernel

        until = self.bound.days if until is None else min(until, self.bound.days)
        extra = np.zeros(2, dtype=np.int64)
        while self.day < until:
            self._morning()
            stop = min([p for p in self.bound.pauses if p > self.day] + [until])
            whole = self._whole
            kernel.advance(
                self.day, min(stop, until), whole["space"], whole["effort"], whole["exposure"],
                whole["arrival"], whole["attempt"], self.rec, self._tables, self.bound.laws, self.chunk,
                self.lists, self.keys, self.values, self.control, self.tally, self.daily, EXPONENTIAL_TABLE,
                extra, self._key, self.started,
            )  # fmt: skip
            self._check()
            self.day = min(stop, until)
            if self.day in self.bound.cuts or self.day == self.bound.days:
                self._totals.append(self.tally.copy())
            if progress is not None:
                progress(self.day)
        return self

    def _morning(self) -> None:
        """Apply what changes on this day: tables, cohort events, feedback at a month's start."""
        from docketflow.engine import kernel

        if self.day in self.bound.patches:
            places, values = self.bound.patches[self.day]
            self._tables[places] = values
        today = self.bound.first + dt.timedelta(self.day)
        if self.day and today.day == 1:
            self._feed_back()
        program = self.bound.program
        for event in program.network.events:
            if event.date != today:
                continue
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
            kernel.event(
                program.then[event.name], stages, masks, self.day, self.rec, self._tables, self.bound.laws,
                self.chunk, self.lists, self.keys, self.values, self.control, self.tally, EXPONENTIAL_TABLE,
                np.zeros(2, dtype=np.int64), self._key,
            )  # fmt: skip
            self._check()

    def _feed_back(self) -> None:
        network = self.bound.program.network
        if not network.feedbacks:
            return
        books = self.ledger()
        kinds: dict[str, Sequence[Any]] = {
            "exposure": network.draws,
            "arrival": network.arrivals,
            "effort": network.efforts,
        }
        for feedback in network.feedbacks:
            past = books.tally_where(feedback.reads, {}).astype(float) * books.weight
            factor = float(feedback.law(past.tolist()))
            if not np.isfinite(factor) or factor < 0:
                raise EngineError(f"the feedback {feedback.name!r} gave the factor {factor}")
            for kind, things in kinds.items():
                for k, thing in enumerate(things):
                    if thing.name == feedback.on:
                        line = self.bound.rates[kind][:, k : k + 1].copy()
                        line[self.day :] *= factor
                        whole = _whole(kind, line[self.day :], self.bound.scale)
                        self._whole[kind][self.day :, k : k + 1] = whole

    # --- the books ----------------------------------------------------------------------------------
    def ledger(self) -> Ledger:
        """Return the books up to today."""
        bound, program = self.bound, self.bound.program
        network, header = program.network, self._tables[: at.HEADER]
        daily = self.daily[: self.day]
        base = int(header[at.H_ROW])

        def columns(slot: int, names: Sequence[str]) -> dict[str, np.ndarray]:
            place = int(header[slot]) - base
            return {name: daily[:, place + k] for k, name in enumerate(names)}

        nodes = [node.name for node in program.nodes]
        waits = {node.name for node in program.nodes if isinstance(node, d.Wait)}
        places = {n.name for n in program.nodes if not isinstance(n, (d.Decision, d.Gate))}
        spaces, efforts = [s.name for s in network.spaces], [e.name for e in network.efforts]
        attempts, draws = [a.name for a in network.attempts], [w.name for w in network.draws]
        edges = [c for c in bound.cuts if c < self.day] + [self.day]
        first = bound.first
        segments = [
            (first + dt.timedelta(a), first + dt.timedelta(b - 1)) for a, b in itertools.pairwise(edges)
        ]
        totals = self._totals[: len(segments)]
        if len(totals) < len(segments):
            totals = [*totals, self.tally.copy()]
        steps = np.diff(np.array([np.zeros_like(self.tally), *totals]), axis=0)
        tallies, axes = {}, {}
        for tally in network.tallies:
            fields = program.axes(tally.by)
            shape = tuple(len(f.values) for f in fields)
            place = program.tally_at[tally.name]
            size = int(np.prod(shape, dtype=np.int64))
            tallies[tally.name] = steps[:, place : place + size].reshape(len(segments), *shape)
            axes[tally.name] = [(f.name, f.values) for f in fields]
        return Ledger(
            first=first,
            weight=float(1 / bound.scale),
            segments=segments,
            stock={k: v for k, v in columns(at.H_STOCK, nodes).items() if k in places},
            held=columns(at.H_HELD, spaces),
            capacity={s: self._whole["space"][: self.day, k] for k, s in enumerate(spaces)},
            refused=columns(at.H_REFUSED, spaces),
            supply={e: self._whole["effort"][: self.day, k] for k, e in enumerate(efforts)},
            spent=columns(at.H_SPENT, efforts),
            served={k: v for k, v in columns(at.H_SERVED, nodes).items() if k in waits},
            waited={k: v for k, v in columns(at.H_WAITED, nodes).items() if k in waits},
            taken=columns(at.H_TAKEN, draws),
            tried=columns(at.H_TRIED, attempts),
            missed=columns(at.H_MISSED, attempts),
            arrived=columns(at.H_ARRIVED, [a.name for a in network.arrivals]),
            timers=columns(at.H_TIMERS, ["timers"])["timers"],
            opening={
                **{
                    n: int(self.opening[k + int(header[at.H_STOCK]) - base])
                    for k, n in enumerate(nodes)
                    if n in places
                },
                **{n: int(self.opening[k + int(header[at.H_HELD]) - base]) for k, n in enumerate(spaces)},
            },
            tallies=tallies,
            tally_axes=axes,
        )

    def finish(self, progress: Callable[[int], None] | None = None) -> Ledger:
        """Live the rest of the days and return the books."""
        return self.advance(progress=progress).ledger()

    # --- pausing ------------------------------------------------------------------------------------
    def _used(self) -> dict[str, np.ndarray]:
        people, chunks = int(self.control[at.C_PEOPLE]), int(self.control[at.C_NEXT_CHUNK])
        return {
            "rec": self.rec[: people * 4],
            "chunk": self.chunk[: chunks * at.CHUNK],
            "lists": self.lists,
            "keys": self.keys,
            "values": self.values,
            "control": self.control,
            "tally": self.tally,
            "daily": self.daily[: self.day],
            "opening": self.opening,
            "tables": self._tables,
            "totals": np.array(self._totals).reshape(len(self._totals), len(self.tally)),
            **{f"whole_{name}": line for name, line in self._whole.items()},
        }

    def save(self, path: Path) -> None:
        """Write the state to a file, whole or not at all, with a checksum.

        Raises
        ------
        ResultError
            If the file cannot be written.
        """
        arrays = self._used()
        meta = {"day": self.day, "seed": self.seed, "started": self.started, "sum": _checksum(arrays)}
        buffer = io.BytesIO()
        np.savez(
            buffer,
            allow_pickle=False,
            meta=np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8),
            **arrays,
        )
        partial = path.with_name(path.name + ".partial")
        try:
            with partial.open("wb") as file:
                file.write(buffer.getbuffer())
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        except OSError as error:
            raise ResultError(f"cannot write the paused run {path}: {error.strerror}") from None

    @classmethod
    def load(cls, path: Path, bound: Bound) -> Run:
        """Read a paused run; ``bound`` is the same declaration, perhaps with numbers changed from here on.

        Raises
        ------
        ResultError
            If the file cannot be read or was changed.
        """
        try:
            with np.load(path, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
            meta = json.loads(arrays.pop("meta").tobytes())
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise ResultError(f"cannot read the paused run {path}: {type(error).__name__}") from None
        if _checksum(arrays) != meta["sum"]:
            raise ResultError(f"the paused run {path} was changed or cut short: its checksum does not fit")
        run = cls.__new__(cls)
        run.bound, run.seed, run.day, run.started = bound, meta["seed"], meta["day"], meta["started"]
        run._key = np.uint64(seed_key(run.seed))
        run._rates = {name: line.copy() for name, line in bound.rates.items()}
        run._whole = {name: _whole(name, line, bound.scale) for name, line in bound.rates.items()}
        for name, line in run._whole.items():
            line[: run.day] = arrays[f"whole_{name}"][: run.day]
        run._tables = bound.tables.copy()
        run._totals = list(arrays["totals"])
        run._allocate()
        run.opening = np.zeros_like(arrays["opening"])
        for day in sorted(day for day in bound.patches if day < run.day):
            places, values = bound.patches[day]
            run._tables[places] = values
        for name in _STATE:
            mine = getattr(run, name)
            mine.ravel()[: arrays[name].size] = arrays[name].ravel()
        return run


def _expand(bound: Bound, cells: Cells) -> tuple[np.ndarray, np.ndarray]:
    """Return each record's start and trait word."""
    program = bound.program
    names = np.asarray(cells["start"], dtype=object)
    counts = np.asarray(cells["count"], dtype=np.int64)
    if len(counts) and counts.min() < 0:
        raise DeclarationError(f"cell {int(counts.argmin())} of the starting stock has a negative count")
    order = program.order["start"]
    for name in sorted(set(names)):
        if name not in order:
            raise DeclarationError(unknown("start", str(name), order, "the starting stock"))
    known, codes = np.unique(names.astype(str), return_inverse=True)
    start = np.array([order[name] for name in known], dtype=np.int64)[codes] if len(known) else codes
    indices: dict[str, np.ndarray] = {}
    for trait, field in program.fields.items():
        if trait in cells:
            values, codes = np.unique(np.asarray(cells[trait]).astype(str), return_inverse=True)
            indices[trait] = np.array([field.index(v, "the starting stock") for v in values])[codes]
    word = program.pack(indices) if indices else np.zeros(len(counts), dtype=np.uint64)
    records = _running(counts, bound.scale)
    return np.repeat(start, records), np.repeat(word, records)


def _running(amounts: np.ndarray, scale: Fraction) -> np.ndarray:
    """Return whole records for real amounts, fractions carried along so that totals are right."""
    totals = np.cumsum(amounts) * scale.numerator // scale.denominator
    return np.diff(totals, prepend=0)


def _whole(kind: str, line: np.ndarray, scale: Fraction) -> np.ndarray:
    """Return a rate by day as integers at record scale."""
    if kind == "exposure":
        return np.where(line < 0, -1, np.rint(line * 2.0**32)).astype(np.int64)
    if kind == "space":
        return np.floor(line * float(scale) + 0.5).astype(np.int64)
    totals = np.floor(np.cumsum(line, axis=0) * float(scale) + 1e-6).astype(np.int64)
    return np.diff(totals, axis=0, prepend=0)


def _unit(luck: np.ndarray) -> np.ndarray:
    """Return 64-bit luck as numbers in [0, 1)."""
    return (luck >> np.uint64(11)).astype(np.float64) / 2.0**53


def _aligned(words: int) -> np.ndarray:
    """Return zeroed words that begin on a cache line, so that no person straddles two."""
    raw = np.zeros(words + 8, dtype=np.uint64)
    shift = (-raw.ctypes.data % 64) // 8
    return raw[shift : shift + words]


def _checksum(arrays: Mapping[str, np.ndarray]) -> str:
    digest = hashlib.sha256()
    for name in sorted(arrays):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(arrays[name]).tobytes())
    return digest.hexdigest()
