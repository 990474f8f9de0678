"""The state of a run between two days, held in memory, to go on from, perhaps with other numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from docketflow.core.errors import EngineError
from docketflow.engine import layout as at
from docketflow.engine.compile.bound import Bound
from docketflow.engine.run.machine import Memory, Run

_COUNTERS = (at.FREE_CHUNK, at.FREE_CHUNKS, at.NEXT_CHUNK, at.PEOPLE, at.ERROR)
_SEVERAL = ("rec", "chunk")


@dataclass(frozen=True, eq=False)
class State:
    """All that a run is on a morning, apart from its numbers.

    Attributes
    ----------
    day, seed, started : the day number, the seed, and how many people the run began with
    arrays : the books, records, lists and points, as copies that no run writes to
    """

    day: int
    seed: int
    started: int
    arrays: dict[str, np.ndarray]

    @property
    def size(self) -> int:
        """Bytes held."""
        return sum(array.nbytes for array in self.arrays.values())


def hold(run: Run) -> State:
    """Return a copy of the state of a run.

    A run with feedback goes on rightly from a month's first day only.
    """
    now = state_of(run)
    return replace(now, arrays={name: view.copy(order="K") for name, view in now.arrays.items()})


def state_of(run: Run) -> State:
    """Return the state of a run as it stands, which changes when the run goes on."""
    from docketflow.engine.run.kernel.door import drop_stale

    for k in range(len(run.pooled)):  # those still entered are no more than the people
        drop_stale(k, run.rec, run.mem, run.keys, run.values)
    people, chunks = int(run.mem[at.PEOPLE]), int(run.mem[at.NEXT_CHUNK])
    views = {
        "books": run.mem[run.mem[at.H_STOCK] :],
        "counters": run.mem[list(_COUNTERS)],
        "rec": run.rec[: people << int(run.mem[at.H_RECORD])],
        "chunk": run.chunk[: chunks * at.CHUNK],
        "keys": _heaps(run, run.keys),
        "values": _heaps(run, run.values),
        "daily": run.daily[: run.day],
        "opening": run.opening,
        "totals": np.array(run.totals, dtype=np.int64).reshape(len(run.totals), len(run.tally)),
        **{f"lived_{name}": line[: run.day] for name, line in run.whole.items()},
    }
    return State(run.day, run.seed, run.started, views)


def go_on(state: State, bound: Bound, memory: Memory | None = None) -> Run:
    """Return a run that goes on from a state; ``bound`` may have other numbers from that day on.

    Raises
    ------
    EngineError
        If the state is that of another declaration or of a longer run.
    """
    arrays = state.arrays
    draws, chunks = len(bound.program.network.draws), len(arrays["chunk"]) // at.CHUNK
    run = Run.__new__(Run)
    run.memory = memory or Memory()
    already = len(arrays["rec"]) >> int(bound.form.words[at.H_RECORD])
    run.prepare(bound, state.seed, state.started, already=already, chunks=2 * chunks)
    run.day, run.totals, run.opening = state.day, list(arrays["totals"]), arrays["opening"]
    if len(arrays["books"]) != len(run.mem) - int(run.mem[at.H_STOCK]) or run.day > bound.days:
        raise EngineError("the state belongs to another declaration or a longer run")
    for day in sorted(day for day in bound.patches if day < run.day):
        places, values = bound.patches[day]
        run.mem[places] = values
    run.mem[run.mem[at.H_STOCK] :] = arrays["books"]
    run.mem[list(_COUNTERS)] = arrays["counters"]
    for name, line in run.whole.items():
        run.whole[name] = np.concatenate([arrays[f"lived_{name}"], line[run.day :]])
    run.daily[: run.day] = arrays["daily"]
    for name in _SEVERAL:
        getattr(run, name).ravel()[: arrays[name].size] = arrays[name].ravel()
    for name in ("keys", "values"):  # one block a draw
        heaps = arrays[name].reshape(max(1, draws), -1)
        getattr(run, name).reshape(max(1, draws), -1)[:, : heaps.shape[1]] = heaps
    return run


def _heaps(run: Run, entries: np.ndarray) -> np.ndarray:
    """Return the used part of the runs and heaps, as long as the longest for each draw."""
    draws = len(run.bound.program.network.draws)
    used = run.pooled[:, at.RUN_END] + run.pooled[:, at.LATE]
    return entries.reshape(max(1, draws), -1)[:, : int(used.max(initial=0))]
