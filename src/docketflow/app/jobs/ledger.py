"""The ledger of long questions: what is asked, who works on it until when, how it ended. One SQLite file.

A job is named by the hash of what it asks and of the code that answers, so that two who ask the same share
one. A lease is a worker's name and a time; who does not renew it in time has lost it, and another goes on.
Every step is one transaction: whatever is killed, and when, a job stands as it was before or after it. What
is asked is marked: a row that has changed on the disk is not answered; who asks again asks anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docketflow.conductor.provenance import made_by
from docketflow.core import files
from docketflow.core.errors import UsageError

FILE = "jobs.sqlite"
WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
OPEN = (WAITING, RUNNING)
LEASE = 10.0  # seconds
DEATHS = 10  # of workers, with no step forward between them, until a job is taken for one that kills
MOST_WAITING = 50
MOST_KEPT = 300  # jobs that ended; older ones go, and are run again if asked again
NAME = 24
PATIENCE = 10.0  # seconds to wait for another process's transaction
TABLE = """
create table if not exists job (
  name text primary key, kind text not null, asked text not null, state text not null,
  place integer not null, owner text not null default '', until real not null default 0,
  done integer not null default 0, whole integer not null default 0, deaths integer not null default 0,
  words text not null default '', ended real not null default 0, mark text not null
)
"""


class Full(UsageError):
    """More waits than is taken."""


@dataclass(frozen=True)
class Job:
    """One long question.

    Parameters
    ----------
    name : hash of what is asked and of the code
    kind, asked : which question, and what of it
    state : waiting, running, done, failed or cancelled
    done, whole : how many runs are done, and of how many; 0 where that is not known
    before : how many are before it in line
    words : why it failed
    so_far : what one that is open has found so far, as its kind tells it
    """

    name: str
    kind: str
    asked: Mapping[str, Any]
    state: str
    done: int
    whole: int
    before: int
    words: str
    so_far: Mapping[str, Any] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in OPEN


def name_of(kind: str, asked: Mapping[str, Any]) -> str:
    """Return the name of a job: it says everything that its answer depends on."""
    made = made_by()
    told = json.dumps([kind, asked, made["code"], made["evidence"]], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:NAME]


class Ledger:
    """The jobs in one folder, for any number of processes of one machine.

    Parameters
    ----------
    folder : Path
        Holds the ledger, and a folder for each job.
    lease : float
        Seconds after which a worker that is not heard of has lost its job.
    """

    def __init__(self, folder: Path, *, lease: float = LEASE) -> None:
        self.folder, self.lease = folder, lease
        with files.clear(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._step() as step:
            step.execute(TABLE)

    @contextlib.contextmanager
    def _step(self) -> Iterator[sqlite3.Connection]:
        """Give one transaction, written whole or not at all."""
        try:
            door = sqlite3.connect(self.folder / FILE, timeout=PATIENCE, isolation_level=None)
            door.row_factory = sqlite3.Row
            try:
                door.execute("pragma journal_mode = wal")  # a kill loses nothing; a power cut, the last steps
                door.execute("pragma synchronous = normal")
                door.execute("begin immediate")
                yield door
                door.execute("commit")
            finally:
                door.close()  # what was not committed is rolled back
        except sqlite3.Error as error:
            raise UsageError(f"--jobs {self.folder}: {error}") from None

    def place(self, name: str) -> Path:
        """Return the folder of a job."""
        return self.folder / name

    # --- those who ask ------------------------------------------------------------------------------
    def put(self, kind: str, asked: Mapping[str, Any]) -> Job:
        """Put a question in line, or find it there; one that was cancelled or failed goes on.

        Raises
        ------
        Full
            When as many wait as are taken.
        """
        name, said = name_of(kind, asked), json.dumps(asked, sort_keys=True)
        with self._step() as step:
            row = step.execute("select * from job where name = ?", (name,)).fetchone()
            waiting = step.execute("select count(*) from job where state = ?", (WAITING,)).fetchone()[0]
            if row is not None and row["mark"] != _mark(row):
                step.execute("delete from job where name = ?", (name,))
                row = None
            if (row is None or row["state"] not in (*OPEN, DONE)) and waiting >= MOST_WAITING:
                raise Full(f"{waiting} long questions wait already; try again in a few minutes")
            last = step.execute("select coalesce(max(place), 0) from job").fetchone()[0]
            if row is None:
                step.execute(
                    "insert into job (name, kind, asked, state, place, mark) values (?, ?, ?, ?, ?, ?)",
                    (name, kind, said, WAITING, last + 1, _mark({"name": name, "kind": kind, "asked": said})),
                )
            elif row["state"] not in (*OPEN, DONE):
                step.execute(
                    "update job set state = ?, place = ?, owner = '', until = 0, deaths = 0, words = '' "
                    "where name = ?",
                    (WAITING, last + 1, name),
                )
            old = step.execute(
                "select name from job where state not in (?, ?) order by ended desc limit -1 offset ?",
                (*OPEN, MOST_KEPT),
            ).fetchall()
            step.executemany("delete from job where name = ?", [(one["name"],) for one in old])
        self._forget(one["name"] for one in old)
        found = self.get(name)
        assert found is not None
        return found

    def _forget(self, names: Iterator[str]) -> None:
        import shutil

        for name in names:
            shutil.rmtree(self.place(name), ignore_errors=True)

    def get(self, name: str) -> Job | None:
        """Return a job as it stands, if there is one of this name."""
        with self._step() as step:
            row = step.execute("select * from job where name = ?", (name,)).fetchone()
            if row is None or row["mark"] != _mark(row):
                return None
            ahead = "select count(*) from job where state in (?, ?) and place < ?"
            before = step.execute(ahead, (*OPEN, row["place"])).fetchone()[0]
        return _job(row, before if row["state"] == WAITING else 0)

    def cancel(self, name: str) -> None:
        """Take a job out of line; who works on it hears of it at its next beat."""
        with self._step() as step:
            step.execute(
                "update job set state = ?, owner = '', words = '', ended = ? "
                "where name = ? and state in (?, ?)",
                (CANCELLED, time.time(), name, *OPEN),
            )

    def lost(self, name: str) -> None:
        """Put in line again a job whose answer is gone or damaged."""
        with self._step() as step:
            step.execute(
                "update job set state = ?, place = (select max(place) + 1 from job), until = 0, deaths = 0, "
                "done = 0 where name = ? and state = ?",
                (WAITING, name, DONE),
            )

    # --- those who work -----------------------------------------------------------------------------
    def claim(self, owner: str) -> Job | None:
        """Take the first job that nobody works on."""
        now = time.time()
        with self._step() as step:
            row = step.execute(
                "select * from job where state in (?, ?) and until < ? order by place limit 1", (*OPEN, now)
            ).fetchone()
            if row is None:
                return None
            if row["mark"] != _mark(row):
                step.execute("delete from job where name = ?", (row["name"],))
                return None
            step.execute(
                "update job set state = ?, owner = ?, until = ? where name = ?",
                (RUNNING, owner, now + self.lease, row["name"]),
            )
        return _job(row, 0)

    def beat(
        self, name: str, owner: str, done: int = 0, whole: int = 0, so_far: Mapping[str, Any] | None = None
    ) -> bool:
        """Renew a lease and say how far it is; return whether the job is still this worker's."""
        words = json.dumps(so_far) if so_far else ""  # while it is open; at its end, why it failed
        with self._step() as step:
            found = step.execute(
                "update job set until = ?, deaths = case when ? > done then 0 else deaths end, done = ?, "
                "whole = ?, words = ? where name = ? and owner = ? and state = ?",
                (time.time() + self.lease, done, done, whole, words, name, owner, RUNNING),
            )
            return found.rowcount == 1

    def end(self, name: str, owner: str, state: str, words: str = "") -> None:
        """Say how a job ended, if it is still this worker's."""
        with self._step() as step:
            step.execute(
                "update job set state = ?, words = ?, owner = '', ended = ?, done = max(done, whole * ?) "
                "where name = ? and owner = ?",
                (state, words, time.time(), state == DONE, name, owner),
            )

    def release(self, owner: str, *, died: bool, after: float = 0.0) -> None:
        """Put back in line what a worker had, which ended; of one that kills every worker, say so."""
        with self._step() as step:
            step.execute(
                "update job set state = ?, owner = '', until = ?, deaths = deaths + ? "
                "where owner = ? and state = ?",
                (WAITING, time.time() + after if after else 0, int(died), owner, RUNNING),
            )
            step.execute(
                "update job set state = ?, words = ?, ended = ? where state = ? and deaths >= ?",
                (FAILED, "the process that ran it died each time", time.time(), WAITING, DEATHS),
            )

    def next(self) -> float | None:
        """Return in how many seconds a job can be claimed: 0 for now, None where none is open."""
        with self._step() as step:
            soonest = step.execute("select min(until) from job where state in (?, ?)", OPEN).fetchone()[0]
        return None if soonest is None else max(0.0, soonest - time.time())


def _mark(row: sqlite3.Row | Mapping[str, str]) -> str:
    """Return what tells whether a row still asks what was asked."""
    said = json.dumps([row["name"], row["kind"], row["asked"]])
    return hashlib.sha256(said.encode()).hexdigest()[:NAME]


def _job(row: sqlite3.Row, before: int) -> Job:
    asked, words, so_far = json.loads(row["asked"]), row["words"], {}
    if row["state"] in OPEN:
        try:
            words, so_far = "", json.loads(words or "{}")
        except ValueError:  # damaged: its next beat says it again
            words = ""
    told = (row["state"], row["done"], row["whole"], before, words, so_far)
    return Job(row["name"], row["kind"], asked, *told)
