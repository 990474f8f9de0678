"""Who runs the tasks: processes of this machine, this process itself, or anybody's executor.

An executor is what `concurrent.futures.Executor` is: `submit(function, task)` gives a future. Distributed
engines bring one (MPI: `MPIPoolExecutor`; `cluster.py` for Dask), so they can take the same tasks.
It must not know what a task is. It tells apart what can befall one: the process that ran it died (`Died`:
that may be the task's doing), and there is nobody left to run anything (`Gone`).
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Future, ProcessPoolExecutor
from typing import Any, Protocol

from docketflow.core.errors import one_line

AHEAD = 2  # tasks a worker of another executor has before it: enough never to wait
STARTS = 3  # times that a process may fail to start, one after the other


class Submits(Protocol):
    """The little of an executor that is needed."""

    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Begin ``fn(*args)`` somewhere."""


class Died(Exception):
    """The process that ran a task ended without a word."""


class Gone(Exception):
    """There is nobody to run tasks, or nobody left."""


class Crew(Protocol):
    """Who runs tasks, and how many at a time."""

    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Begin ``fn(*args)``; raises `Gone` where nobody can."""

    def room(self) -> int:
        """Return how many tasks may be under way now; raises `Gone` where nobody is left."""

    def ended(self, future: Future[Any]) -> Any:
        """Return what a task gave, or raise `Died`, `Gone`, or what went wrong where it ran."""


class Here:
    """This very process: one task after the other."""

    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Do it now."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args))
        except Exception as error:
            future.set_exception(error)
        return future

    def room(self) -> int:
        """One at a time."""
        return 1

    def ended(self, future: Future[Any]) -> Any:
        """Return what a task gave."""
        return future.result()


class Theirs:
    """Somebody's executor, which cannot be mended from here.

    Parameters
    ----------
    executor : object with the ``submit`` of a `concurrent.futures.Executor`
    workers : int
        How many tasks it runs at once.
    """

    def __init__(self, executor: Submits, workers: int) -> None:
        self._executor, self._room = executor, AHEAD * workers

    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Begin a task."""
        try:
            return self._executor.submit(fn, *args)
        except (BrokenExecutor, RuntimeError) as error:  # broken, or shut down
            raise Gone(f"the executor takes no more tasks: {one_line(error)}") from None

    def room(self) -> int:
        """Return how many tasks it may have."""
        return self._room

    def ended(self, future: Future[Any]) -> Any:
        """Return what a task gave; an executor that broke is gone."""
        try:
            return future.result()
        except BrokenExecutor as error:
            raise Gone(f"the executor broke: {one_line(error)}") from None
        except CancelledError:
            raise Gone("the executor cancelled its tasks") from None


class Processes:
    """Processes of this machine, each a pool of its own, so that a death says whose task it was.

    Parameters
    ----------
    workers : int
    ready : callable
        What each process calls first; it begins afresh (spawned).
    """

    def __init__(self, workers: int, ready: Callable[[], object] = int) -> None:
        self._ready, self._failed = ready, 0
        self._idle: list[_Spawned] = []
        self._at: dict[Future[Any], _Spawned] = {}
        self._workers = workers
        self._before = set(multiprocessing.active_children())

    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Begin a task in a process that has none."""
        while True:
            pool = self._idle.pop() if self._idle else _Spawned(self._ready)
            try:
                future = pool.submit(fn, *args)
            except BrokenExecutor:  # it died while it had nothing to do
                pool.shutdown(wait=False)
                continue
            self._at[future] = pool
            return future

    def room(self) -> int:
        """One task a process."""
        return self._workers

    def ended(self, future: Future[Any]) -> Any:
        """Return what a task gave; a process that never came so far is no fault of the task."""
        pool = self._at.pop(future)
        try:
            said = future.result()
        except BrokenExecutor:
            pool.shutdown(wait=False)
            if pool.began():
                self._failed = 0
                raise Died("the process that ran it died") from None
            self._failed += 1
            if self._failed >= STARTS:
                raise Gone(f"processes cannot be started here ({STARTS} in a row ended at once)") from None
            raise
        except Exception:
            self._idle.append(pool)
            raise
        self._idle.append(pool)
        return said

    @contextlib.contextmanager
    def at_work(self) -> Iterator[Processes]:
        """Give the processes; whatever interrupts their use ends them at once."""
        try:
            yield self
        except BaseException:
            for process in set(multiprocessing.active_children()) - self._before:
                process.terminate()
            raise
        finally:
            for pool in (*self._idle, *self._at.values()):
                pool.shutdown(cancel_futures=True)


def can_begin() -> bool:
    """Return whether processes can be had here: their queues need memory to share, such as /dev/shm."""
    try:
        multiprocessing.get_context("spawn").Lock()
    except OSError:
        return False
    return True


class _Spawned(ProcessPoolExecutor):
    """One process, which never runs the caller's script again: it needs this package only."""

    def __init__(self, ready: Callable[[], object]) -> None:
        spawn = multiprocessing.get_context("spawn")
        super().__init__(1, mp_context=spawn, initializer=_begin, initargs=(ready,))
        self._hello = self.submit(int)

    def began(self) -> bool:
        """Say whether the process came as far as its first task."""
        return self._hello.done() and self._hello.exception() is None

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Begin ``fn`` in the process, which is started now if it was not."""
        main = sys.modules["__main__"]
        names: list[str] = [name for name in ("__file__", "__spec__") if name in vars(main)]
        hidden = {name: vars(main).pop(name) for name in names}
        main.__spec__ = None
        try:
            return super().submit(fn, *args, **kwargs)
        finally:
            vars(main).update(hidden)


def _begin(ready: Callable[[], object]) -> None:
    """Make a process ready: deaf to Ctrl-C, which is its parent's to hear, and gone when its parent is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    ready()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
