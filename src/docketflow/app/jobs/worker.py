"""A worker process: takes job after job from a ledger, and says at each beat that it lives and how far it is.

It ends when the server that began it ends, in whatever way: then its door to it closes. Which of both was
killed, and when, costs at most what was not yet written down.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docketflow.app.jobs.kinds import KINDS
from docketflow.app.jobs.ledger import DONE, FAILED, LEASE, Job, Ledger
from docketflow.core import files, sealed
from docketflow.core.errors import DocketflowError, one_line

ANSWER = "answer.sealed"
LOST = 3  # exit code of a worker whose job was cancelled or taken over
LINGER, LOOK = (
    30.0,
    0.25,
)  # seconds a worker with nothing to do stays, since it is warm; and between its looks
LATER = 5.0  # seconds until what failed by the machine is tried again
BEATS = 5  # a lease


def answer(folder: Path) -> dict[str, Any] | None:
    """Return the answer kept in the folder of a job, None if there is none or it is damaged."""
    kept = sealed.read(folder / ANSWER)
    return None if kept is None else json.loads(kept)


class Worker:
    """One process at work on the jobs of a ledger.

    Parameters
    ----------
    ledger : Ledger
    owner : str
        Its name in the ledger, no other's.
    cluster : str, optional
        Address of a Dask scheduler to which studies go; other kinds go there whole.
    """

    def __init__(self, ledger: Ledger, owner: str, cluster: str | None = None) -> None:
        self.ledger, self.owner, self.cluster = ledger, owner, cluster
        self._at: Job | None = None
        self._done, self._whole = 0, 0
        self._so_far: dict[str, Any] = {}

    def work(self, linger: float = LINGER) -> None:
        """Do what is in line, and end when nothing has been for a while."""
        threading.Thread(target=self._beat, daemon=True).start()
        idle = time.monotonic()
        while time.monotonic() - idle < linger:
            job = self.ledger.claim(self.owner)
            if job is None:
                time.sleep(LOOK)
                continue
            self.do(job)
            idle = time.monotonic()

    def do(self, job: Job) -> None:
        """Answer one job, and keep the answer before saying that it is there."""
        from docketflow.studies.carry import Unfinished
        from docketflow.studies.workers import Died, Gone

        self._done, self._whole, self._so_far = 0, 0, {}
        self._at = job
        try:
            folder = self.ledger.place(job.name)
            with files.clear(folder):
                folder.mkdir(exist_ok=True)
            said = self._answer(job, folder)
            sealed.keep(folder / ANSWER, json.dumps(said, ensure_ascii=False).encode())
            self._at = None
            self.ledger.beat(
                job.name, self.owner, self._done, self._whole
            )  # it may end before the first beat
            self.ledger.end(job.name, self.owner, DONE)
        except (Unfinished, Died, Gone, OSError, MemoryError):  # of machines: what there is stays
            self._at = None
            self.ledger.release(self.owner, died=True, after=LATER)
        except Exception as error:
            self._at = None
            said_ = str(error) if isinstance(error, DocketflowError) else f"{type(error).__name__}: {error}"
            self.ledger.end(job.name, self.owner, FAILED, one_line(said_))

    def _answer(self, job: Job, folder: Path) -> dict[str, Any]:
        asked = dict(job.asked)
        if self.cluster is None:
            return KINDS[job.kind](asked, folder, self._tell)
        if job.kind == "studies":
            return KINDS[job.kind](asked, folder, self._tell, self.cluster)
        from docketflow.conductor.provenance import made_by
        from docketflow.studies.cluster import cluster

        with cluster(self.cluster, made_by(), made_by) as crew:
            crew.hear(job.name, self._tell)
            return dict(crew.ended(crew.submit(whole, job.kind, asked, job.name)))

    def _tell(self, done: int, whole: int, so_far: Mapping[str, Any] | None = None) -> None:
        self._done, self._whole, self._so_far = done, whole, dict(so_far or {})

    def _beat(self) -> None:
        while True:
            time.sleep(self.ledger.lease / BEATS)
            job = self._at
            if job is None:
                continue
            with contextlib.suppress(
                DocketflowError
            ):  # a ledger that cannot be written now may be at the next
                mine = self.ledger.beat(job.name, self.owner, self._done, self._whole, self._so_far)
                if not mine and self._at is job:
                    os._exit(LOST)


def whole(kind: str, asked: dict[str, Any], name: str) -> dict[str, Any]:
    """Answer a job on a worker of a cluster, and tell under its name how far it is."""
    import tempfile

    from docketflow.studies.cluster import telling

    with tempfile.TemporaryDirectory(prefix="docketflow-job-") as folder:
        return KINDS[kind](asked, Path(folder), telling(name))


def _end_with_server() -> None:
    sys.stdin.buffer.read()
    os._exit(LOST)


def main() -> None:
    """Work for the server at the other end of the standard input."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("owner")
    parser.add_argument("--lease", type=float, default=LEASE)
    parser.add_argument("--cluster")
    asked = parser.parse_args()
    threading.Thread(target=_end_with_server, daemon=True).start()
    with contextlib.suppress(OSError, AttributeError):
        os.nice(10)  # behind whoever waits with a hand on a lever
    Worker(Ledger(asked.folder, lease=asked.lease), asked.owner, asked.cluster).work()


if __name__ == "__main__":
    main()
