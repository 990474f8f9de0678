"""A crew that is a Dask cluster, given by the address of its scheduler (the extra ``cluster``).

Tasks are handed to the cluster as its workers have room, its futures are let go as soon as they end, and what
Dask says of a lost worker or scheduler becomes what `workers.py` knows. It must not know what a task is.
"""

from __future__ import annotations

import contextlib
import logging
import math
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError, Future
from typing import TYPE_CHECKING, Any

from docketflow.core.errors import UsageError, one_line
from docketflow.studies.workers import AHEAD, Died, Gone

if TYPE_CHECKING:
    from distributed import Client

SECONDS = 5.0  # a task's least length: far more than the scheduler's own work for it
PATIENCE = 30.0  # seconds to wait for the scheduler, for a first worker, and when there is none left
EVERY = 2.0  # seconds between questions to the scheduler
OFTEN = 0.5  # seconds at least between two words of a task


class Cluster:
    """The workers of a Dask scheduler.

    Parameters
    ----------
    client : distributed.Client
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._threads, self._asked, self._last_seen = 0, -EVERY, time.monotonic()

    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Begin a task on some worker."""
        mine: Future[Any] = Future()
        try:
            theirs = self._client.submit(fn, *args, pure=False)
        except Exception as error:
            raise Gone(f"the cluster takes no more tasks: {_said(error)}") from None

        def hand_on(ended: Any) -> None:
            try:
                mine.set_result(ended.result())
            except BaseException as error:
                mine.set_exception(error)
            finally:
                ended.release()

        theirs.add_done_callback(hand_on)
        return mine

    def hear(self, topic: str, told: Callable[..., None]) -> None:
        """Call a function with what tasks `tell` under a topic, while they run."""
        self._client.subscribe_topic(topic, lambda event: told(*event[1]))

    def room(self) -> int:
        """Return how many tasks the cluster may have, by its own workers."""
        if time.monotonic() - self._asked >= EVERY:
            try:
                self._threads = sum(self._client.nthreads().values())
            except Exception:
                raise Gone("the scheduler was lost") from None
            self._asked = time.monotonic()
            if self._threads:
                self._last_seen = self._asked
            elif self._asked - self._last_seen > PATIENCE:
                raise Gone(f"the cluster has had no worker for {PATIENCE:.0f} seconds")
        return AHEAD * self._threads

    def ended(self, future: Future[Any]) -> Any:
        """Return what a task gave, or raise what `workers.py` knows."""
        from distributed import KilledWorker
        from distributed.comm import CommClosedError

        try:
            return future.result()
        except KilledWorker:
            raise Died("the workers that ran it died") from None
        except (CancelledError, CommClosedError):
            raise Gone("the scheduler was lost") from None


def telling(topic: str) -> Callable[..., None]:
    """Return, inside a task, what tells those who `hear` a topic: plain data, now and then."""
    from distributed import get_worker

    worker, last = get_worker(), -math.inf

    def tell(*told: Any) -> None:
        nonlocal last
        if time.monotonic() - last >= OFTEN:
            last = time.monotonic()
            worker.log_event(topic, list(told))

    return tell


@contextlib.contextmanager
def cluster(
    address: str, made_by: Mapping[str, str], whose: Callable[[], Mapping[str, str]]
) -> Iterator[Cluster]:
    """Give the crew of a cluster whose workers all have the study's code.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``tcp://host:8786``.
    made_by : mapping
        Version, code and evidence of the study.
    whose : callable
        Returns the same of the installation in which it is called.

    Raises
    ------
    UsageError
        Dask is not installed, or this is no address.
    Gone
        No scheduler answers, there are no workers, or they have another version.
    """
    try:
        from distributed import Client
    except ImportError:
        raise UsageError("--cluster needs Dask: pip install 'docketflow[cluster]'") from None
    with _quiet():
        try:
            client = Client(address, timeout=PATIENCE, set_as_default=False)
        except OSError:
            raise Gone(f"no scheduler answers at {address[:100]}") from None
        except (ValueError, TypeError, RuntimeError) as error:
            raise UsageError(f"--cluster {address[:100]!r}: is no address ({_said(error)})") from None
        try:
            _check_code(client, made_by, whose)
            yield Cluster(client)
        finally:
            with contextlib.suppress(Exception):
                client.close(timeout=EVERY)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Silence Dask's own lines: what matters is said once, by us."""
    names = [name for name in logging.Logger.manager.loggerDict if name.split(".")[0] == "distributed"]
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


def _check_code(client: Client, made_by: Mapping[str, str], whose: Callable[[], Mapping[str, str]]) -> None:
    """Raise unless there are workers and all of them have the study's code and evidence."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
        found = client.run(whose, on_error="return")
    except Exception as error:
        raise Gone(f"the cluster has no workers: {_said(error)}") from None
    for worker, theirs in found.items():
        if isinstance(theirs, BaseException):
            raise Gone(f"the worker {worker} cannot run docketflow: {_said(theirs)}")
        other = [key for key, value in made_by.items() if theirs.get(key) != value]
        if other:
            raise Gone(f"the worker {worker} has another version of the {other[0]}: nothing was run")


def _said(error: BaseException) -> str:
    return one_line(error)[:200] or type(error).__name__
