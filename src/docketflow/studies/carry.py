"""Carries out the tasks of a study that have no block yet, beside whoever else works on its folder.

The order of one round:

1. Look which blocks are there, and which are leased to others.
2. Claim blocks and hand them to the crew, as many as it has room for.
3. Wait for one to end. Its worker has written the blocks itself where it sees the folder.
4. A task whose process died is tried again, then its members one at a time with nothing else under way here:
   only a member that brings its process down alone, each time, has failed. A task that failed by the
   machine (disk, memory) is tried again, then left: it is missing, and the study stays open.

It knows neither what a member is nor what lies in a block.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, replace
from pathlib import Path

from docketflow.core.errors import ResultError, one_line
from docketflow.results.folder import MANIFEST, Folder
from docketflow.studies.leases import Key, Leases
from docketflow.studies.task import Task
from docketflow.studies.workers import Crew, Died, Gone

TRIES = 3  # of a task, and then of each of its members alone
PATIENCE = 0.5  # seconds between looks at what others do
Progress = Callable[[int, int], None]
Work = Callable[[Task], bytes]


class Unfinished(ResultError):
    """A study some of whose members were not run; what there is stays, and it can be resumed."""

    exit_code = 75  # of `sysexits.h`: a failure that may pass; try again


class OtherCode(Exception):
    """A worker has another version of the code or the evidence than the study."""


@dataclass(frozen=True)
class Where:
    """Where blocks go, for a worker on any machine.

    Parameters
    ----------
    path : str
        The study's folder, as its client names it.
    manifest : str
        SHA-256 of the study's manifest: a folder of the same name that has another is another.
    made_by : mapping
        Version, code and evidence, by hash.
    """

    path: str
    manifest: str
    made_by: Mapping[str, str]

    @classmethod
    def of(cls, folder: Folder) -> Where:
        """Return where the blocks of a study go."""
        said = folder.manifest()
        made_by = {key: said[key] for key in ("docketflow", "code", "evidence")}
        return cls(str(folder.path), _sum(folder.path / MANIFEST), made_by)

    def check_code(self) -> None:
        """Raise if this installation is another version than the study's."""
        from docketflow.conductor.provenance import made_by

        mine = made_by(), made_by(fitted=False)  # a study draws from the posterior or not
        other = [key for key, value in self.made_by.items() if value not in (one.get(key) for one in mine)]
        if other:
            raise OtherCode(f"a worker has another version of the {other[0]} than the study")

    def folder(self) -> Folder | None:
        """Return the study's folder, if it can be seen from here."""
        try:
            return Folder(Path(self.path)) if _sum(Path(self.path) / MANIFEST) == self.manifest else None
        except OSError:
            return None


def run_and_keep(work: Work, tasks: Sequence[Task], where: Where) -> tuple[list[bytes], float]:
    """Run tasks where this is called; return blocks that could not be kept from there, and the seconds."""
    where.check_code()
    began = time.monotonic()
    folder, away = where.folder(), []
    for task in tasks:
        data = work(task)
        if folder is not None:
            folder.put(*task.key, data)
        away.append(b"" if folder is not None else data)
    return away, time.monotonic() - began


class Carrying:
    """The tasks of a study, while they are carried out by one crew.

    Parameters
    ----------
    folder : Folder
    tasks : sequence of Task
    crew : Crew
    leases : Leases
    work : callable
        What gives the block of a task: a function of a module, which is named, not sent.
    seconds : float
        How long what is handed to a worker at once should take it at least; 0: one task each.
    progress : callable, optional
    """

    def __init__(
        self,
        folder: Folder,
        tasks: Sequence[Task],
        crew: Crew,
        leases: Leases,
        *,
        work: Work,
        seconds: float = 0.0,
        progress: Progress | None = None,
    ) -> None:
        self.folder, self.tasks, self.crew, self.leases = folder, tasks, crew, leases
        self._work, self._where, self._seconds, self._progress = work, Where.of(folder), seconds, progress
        self._under_way: dict[Future[tuple[list[bytes], float]], list[Task]] = {}
        self._tries: Counter[Key] = Counter()
        self._dying: set[Key] = set()
        self._missing: dict[Key, str] = {}
        self._in_a_row = 0  # tasks that failed by the machine since one ended well
        self._pace: dict[str, float] = {}  # scenario: seconds a task
        self._there: set[Key] = set()
        self._held: set[Key] = set()
        self._looked = -math.inf

    def until_all_are_there(self) -> None:
        """Run what is missing, and wait for what others run.

        Raises
        ------
        Unfinished
            When some members were not run and nobody else runs them.
        """
        try:
            while left := self._left():
                self._hand_out(left)
                if self._under_way:
                    self._take_in(wait(self._under_way, PATIENCE, FIRST_COMPLETED).done)
                elif not self._one_alone(left):
                    if all(task.key in self._missing for task in left):
                        raise self._unfinished(next(iter(self._missing.values())))
                    time.sleep(PATIENCE)  # others are at work on the rest
        except Gone as gone:
            raise self._unfinished(str(gone)) from None
        except OtherCode as other:
            raise self._unfinished(f"{other}; nothing was run there") from None

    # --- one round ----------------------------------------------------------------------------------
    def _left(self) -> list[Task]:
        """Return the tasks that have no block, those under way among them."""
        if time.monotonic() - self._looked >= PATIENCE:
            names = dict.fromkeys(task.scenario.name for task in self.tasks)
            self._there = {(name, first) for name in names for first in self.folder.blocks(name)}
            self._held = self.leases.held()
            self._looked = time.monotonic()
        left = [task for task in self.tasks if task.key not in self._there]
        if self._progress is not None:
            total = sum(len(task.numbers) for task in self.tasks)
            self._progress(total - sum(len(task.numbers) for task in left), total)
        return left

    def _hand_out(self, left: Iterable[Task]) -> None:
        """Claim what is free and hand it out, as long as the crew has room."""
        room = self.crew.room() - len(self._under_way)
        if room <= 0:
            return
        taken = {task.key for tasks in self._under_way.values() for task in tasks}
        taken |= self._held | self._dying | self._missing.keys()
        free = deque(task for task in left if task.key not in taken)
        most = math.ceil(len(free) / max(1, self.crew.room()))
        while free and room > 0:
            some = self._some(free, most)
            if some:
                future = self.crew.submit(run_and_keep, self._work, tuple(some), self._where)
                self._under_way[future] = some
                room -= 1

    def _claim(self, task: Task) -> bool:
        """Claim a task that nobody works on and nobody has done."""
        if not self.leases.claim(task.key):
            self._held.add(task.key)
            return False
        if task.first not in self.folder.blocks(task.scenario.name):
            return True
        self._done(task)
        return False

    def _done(self, task: Task) -> None:
        self._there.add(task.key)
        self.leases.give_back(task.key)

    def _some(self, free: deque[Task], most: int) -> list[Task]:
        """Claim the next task, and more of its scenario until they take long enough."""
        first = free.popleft()
        if not self._claim(first):
            return []
        some, name = [first], first.scenario.name
        pace = self._pace.get(name, math.inf)
        many = min(most, math.ceil(self._seconds / pace)) if pace else most
        for task in [task for task in free if task.scenario.name == name][: max(0, many - 1)]:
            free.remove(task)
            if self._claim(task):
                some.append(task)
        return some

    def _take_in(self, done: Iterable[Future[tuple[list[bytes], float]]]) -> None:
        for future in done:
            tasks = self._under_way.pop(future)
            try:
                self._keep(tasks, *self.crew.ended(future))
            except (Gone, OtherCode):
                raise
            except Exception as error:
                self._in_a_row += not isinstance(error, Died)
                if self._in_a_row > TRIES * self.crew.room():  # a full disk, say: no task will fare better
                    raise Gone(_said(error)) from None
                for task in tasks:
                    self._count(task.key, error)
            finally:
                for task in tasks:
                    self.leases.give_back(task.key)

    def _keep(self, tasks: Sequence[Task], away: Sequence[bytes], seconds: float) -> None:
        for task, data in zip(tasks, away, strict=True):
            if data:
                self.folder.put(*task.key, data)
            self._done(task)
        self._in_a_row = 0
        self._pace[tasks[0].scenario.name] = seconds / len(tasks)

    # --- what goes wrong ----------------------------------------------------------------------------
    def _count(self, key: Key, error: Exception) -> None:
        self._tries[key] += 1
        if self._tries[key] >= TRIES:
            if isinstance(error, Died):
                self._dying.add(key)
            else:
                self._missing[key] = _said(error)

    def _one_alone(self, left: Iterable[Task]) -> bool:
        """Run one task that others died of, each member alone; say whether there was one to run."""
        task = next((t for t in left if t.key in self._dying and t.key not in self._held), None)
        if task is None or not self._claim(task):
            return False
        try:
            lost = tuple(n for n in task.numbers if self._dies(replace(task, first=n, last=n)))
            self._keep([task], *self._alone(replace(task, lost=lost), self._where))
        except Died:
            self._missing[task.key] = "the processes that ran it died, though none of its members did alone"
        except (Gone, OtherCode):
            raise
        except Exception as error:
            self._missing[task.key] = _said(error)
        finally:
            self._dying.discard(task.key)
            self.leases.give_back(task.key)
        return True

    def _dies(self, member: Task) -> bool:
        """Say whether a member brings down whatever process runs it alone."""
        try:
            self._alone(member, replace(self._where, path=""))  # to see whether it ends, not to keep it
        except Died:
            return True
        return False

    def _alone(self, task: Task, where: Where) -> tuple[list[bytes], float]:
        """Run a task while nothing else is under way, several times if need be."""
        for again in reversed(range(TRIES)):
            try:
                future = self.crew.submit(run_and_keep, self._work, (task,), where)
                while not wait([future], PATIENCE).done:
                    self.crew.room()  # raises when nobody is left
                found: tuple[list[bytes], float] = self.crew.ended(future)
                return found
            except (Gone, OtherCode):
                raise
            except Exception:
                if not again:
                    raise
        raise AssertionError("there is at least one try")

    def _unfinished(self, why: str) -> Unfinished:
        self._looked = -math.inf
        left, total = (sum(len(task.numbers) for task in tasks) for tasks in (self._left(), self.tasks))
        place = self.folder.path
        return Unfinished(
            f"{place}: {left} of {total} members were not run ({why}); --resume goes on with it"
        )


def _said(error: Exception) -> str:
    return one_line(error) or type(error).__name__


def _sum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
