"""Who runs the tasks: processes of this machine, this process itself, or anybody's executor.

An executor is what `concurrent.futures.Executor` is: `submit(function, task)` gives a future. Distributed
engines bring one (Dask: `client.get_executor()`, MPI: `MPIPoolExecutor`), so they can take the same tasks.
It must not know what a task is.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
Work = Callable[[T], bytes]
Ended = tuple[T, bytes | BaseException]
AHEAD = 2  # tasks a worker has before it: enough never to wait, few enough to hold little


class Submits(Protocol):
    """The little of an executor that is needed."""

    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Begin ``fn(*args)`` somewhere."""


class WorkerDied(Exception):
    """The process that ran a task ended without a word."""


class Here(Executor):
    """This very process: one task after the other."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do it now."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def ended(tasks: Iterable[T], work: Work[T], executor: Submits, ahead: int) -> Generator[Ended[T]]:
    """Yield each task with its bytes or its error, as they end; never more than ``ahead`` are under way.

    When the executor breaks no more tasks are taken, and those under way end with its error.
    """
    rest = tasks if isinstance(tasks, deque) else deque(tasks)
    under_way: dict[Future[Any], T] = {}
    broken = False
    while under_way or (rest and not broken):
        while rest and len(under_way) < ahead and not broken:
            try:
                future = executor.submit(work, rest[0])
            except BrokenExecutor:
                broken = True
                break
            under_way[future] = rest.popleft()
        for future in wait(under_way, return_when=FIRST_COMPLETED).done:
            task, error = under_way.pop(future), future.exception()
            broken = broken or isinstance(error, BrokenExecutor)
            yield task, error if error is not None else future.result()


def in_processes(
    tasks: Iterable[T], work: Work[T], *, workers: int, ready: Callable[[], object] = int
) -> Generator[Ended[T]]:
    """Run tasks in processes of this machine.

    Parameters
    ----------
    tasks : iterable
    work : callable
        A function of a module: it is named, not sent.
    workers : int
        How many processes; each begins afresh (spawned) and first calls ``ready``.
    ready : callable

    Notes
    -----
    When a process dies nobody can tell whose task it was. Those under way are run again one at a time; one
    that brings its process down again ends with `WorkerDied`, the others lose nothing.
    """
    rest: deque[T] = deque(tasks)
    suspects: deque[T] = deque()
    while rest or suspects:
        queue, many, ahead = (suspects, 1, 1) if suspects else (rest, workers, AHEAD * workers)
        alone = queue is suspects
        with _processes(many, ready) as pool:
            for task, came in ended(queue, work, pool, ahead):
                if not isinstance(came, BrokenExecutor):
                    yield task, came
                elif alone:
                    yield task, WorkerDied("the process that ran it died, twice (out of memory?)")
                else:
                    suspects.append(task)


@contextlib.contextmanager
def _processes(workers: int, ready: Callable[[], object]) -> Iterator[Executor]:
    """Give a pool of processes; whatever interrupts its use ends them at once."""
    before = set(multiprocessing.active_children())
    spawn = multiprocessing.get_context("spawn")
    pool = _Spawned(workers, mp_context=spawn, initializer=_begin, initargs=(ready,))
    try:
        yield pool
    except BaseException:
        for process in set(multiprocessing.active_children()) - before:
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


class _Spawned(ProcessPoolExecutor):
    """Processes that never run the caller's script again: they need this package only."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Begin ``fn`` in a process, which is started now if one is missing."""
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
