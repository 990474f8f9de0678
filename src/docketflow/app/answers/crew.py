"""The worker processes: members waiting in line by urgency, each lived by the process that knows it.

A member always goes to the same process, which holds its tables and its states; the member of first answers
is held by all, and goes to whoever is free. One member is one task, so a first answer waits for at most one
member in hand, and what nobody waits for any more is never begun. A process that dies is replaced, and its
member is lived again.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from typing import Any

FIRST, SOON, REST, IDLE = range(4)
"""How urgent: the first answer under the hand, the next few members, the rest, and what may wait for ever."""
TRIES = 3


@dataclass(order=True)
class Job:
    """One call waiting in line."""

    urgency: int
    place: int
    call: Callable[..., Any] = field(compare=False)
    given: tuple[Any, ...] = field(compare=False)
    done: asyncio.Future[Any] = field(compare=False)


class Crew:
    """Processes that live members.

    Parameters
    ----------
    workers : int, optional
        How many processes; as many as there are cores if not given.
    """

    def __init__(self, workers: int | None = None) -> None:
        self.many = workers or os.cpu_count() or 1
        self._lines: list[list[Job]] = [[] for _ in range(self.many)]
        self._wakes = [asyncio.Event() for _ in range(self.many)]
        self._pools: list[ProcessPoolExecutor | None] = [None] * self.many
        self._busy = [0] * self.many
        self._place = itertools.count()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to serve the lines; processes begin with their first member."""
        self._tasks = [asyncio.create_task(self._serve(k)) for k in range(len(self._lines))]

    async def stop(self) -> None:
        """End the processes; what waits is cancelled."""
        for task in self._tasks:
            task.cancel()
        for line in self._lines:
            for job in line:
                job.done.cancel()
        for pool in self._pools:
            if pool is not None:
                pool.shutdown(wait=False, cancel_futures=True)
                for process in list((pool._processes or {}).values()):
                    process.terminate()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def ask(self, number: int, urgency: int, call: Callable[..., Any], *given: Any) -> asyncio.Future[Any]:
        """Put a call about a member in its line; cancel what is returned and it is never begun.

        Parameters
        ----------
        number : the member: who lives it
        urgency : `FIRST` to `IDLE`
        call, given : a function of a module, and its arguments
        """
        line = number % self.many if urgency != FIRST else self._freest()
        return self._put(line, urgency, call, given)

    def ask_all(self, call: Callable[..., Any], *given: Any) -> list[asyncio.Future[Any]]:
        """Put a call in every member's lane, when nothing else is asked: what all are to hold."""
        return [self._put(line, IDLE, call, given) for line in range(self.many)]

    def _freest(self) -> int:
        """Return the lane in which a first answer is lived soonest."""
        first = [sum(job.urgency == FIRST for job in line) for line in self._lines]
        return min(range(self.many), key=lambda k: (first[k] + self._busy[k], first[k]))

    def _put(
        self, line: int, urgency: int, call: Callable[..., Any], given: tuple[Any, ...]
    ) -> asyncio.Future[Any]:
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._lines[line], Job(urgency, next(self._place), call, given, done))
        self._wakes[line].set()
        return done

    @property
    def waiting(self) -> int:
        """How many calls wait that somebody still waits for."""
        return sum(not job.done.cancelled() and job.urgency < IDLE for line in self._lines for job in line)

    async def _serve(self, k: int) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._busy[k] = 0
            while not self._lines[k]:
                self._wakes[k].clear()
                await self._wakes[k].wait()
            job = heapq.heappop(self._lines[k])
            self._busy[k] = 1
            for left in range(TRIES - 1, -1, -1):
                if job.done.done():
                    break
                try:
                    found = await loop.run_in_executor(self._pool(k), job.call, *job.given)
                    if not job.done.done():
                        job.done.set_result(found)
                except BrokenProcessPool as error:
                    self._pools[k] = None
                    if not left and not job.done.done():
                        job.done.set_exception(error)
                except asyncio.CancelledError:
                    job.done.cancel()
                    raise
                except Exception as error:
                    if not job.done.done():
                        job.done.set_exception(error)

    def _pool(self, k: int) -> ProcessPoolExecutor:
        pool = self._pools[k]
        if pool is None:
            spawn = multiprocessing.get_context("spawn")
            pool = ProcessPoolExecutor(1, mp_context=spawn, initializer=_alone)
            self._pools[k] = pool
        return pool


def _alone() -> None:
    """Leave an interrupt from the terminal to the server, and end with it."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError, AttributeError):  # Linux: whoever loses its server ends
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
