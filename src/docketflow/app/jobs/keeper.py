"""Keeps workers at the jobs of a ledger for as long as the server lives, and replaces one that dies."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from typing import Any

from docketflow.app.jobs.ledger import DONE, Job, Ledger
from docketflow.app.jobs.worker import LOST, answer

ASK = 1.0  # seconds between looks, where another server's worker has what is open


class Keeper:
    """The workers of one server.

    Parameters
    ----------
    ledger : Ledger
    workers : int
        How many long questions are worked on at once.
    cluster : str, optional
        Address of a Dask scheduler.
    """

    def __init__(self, ledger: Ledger, workers: int = 1, cluster: str | None = None) -> None:
        self.ledger, self.workers, self.cluster = ledger, workers, cluster
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.processes: dict[int, Process] = {}

    def start(self) -> None:
        """Begin; what an earlier server left is gone on with."""
        self._wake.set()
        self._tasks = [asyncio.create_task(self._keep(k)) for k in range(self.workers)]

    async def stop(self) -> None:
        """End the workers; what they had is gone on with by the next."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def put(self, kind: str, asked: Mapping[str, Any]) -> Job:
        """Put a question in line and see that somebody works on it."""
        job = await asyncio.to_thread(self.ledger.put, kind, asked)
        self._wake.set()
        return job

    async def get(self, name: str) -> Job | None:
        """Return a job as it stands."""
        return await asyncio.to_thread(self.ledger.get, name)

    async def answer(self, job: Job) -> dict[str, Any] | None:
        """Return the answer of a job that is done; one that is gone or damaged is made anew."""
        if job.state != DONE:
            return None
        found = await asyncio.to_thread(answer, self.ledger.place(job.name))
        if found is None:
            await asyncio.to_thread(self.ledger.lost, job.name)
            self._wake.set()
        return found

    async def cancel(self, name: str) -> None:
        """Take a job out of line."""
        await asyncio.to_thread(self.ledger.cancel, name)

    async def _keep(self, k: int) -> None:
        while True:
            soon = await asyncio.to_thread(self.ledger.next)
            if soon is None:
                self._wake.clear()
                await self._wake.wait()
            elif soon > 0:
                await asyncio.sleep(min(soon, ASK))
            else:
                await self._one(k)

    async def _one(self, k: int) -> None:
        """Let one worker work until it has nothing to do, or dies."""
        more = ["--cluster", self.cluster] if self.cluster else []
        owner = f"{os.getpid()}-{time.time_ns():x}-{k}"
        command = (sys.executable, "-m", "docketflow.app.jobs.worker", str(self.ledger.folder), owner)
        process = await asyncio.create_subprocess_exec(
            *command, "--lease", str(self.ledger.lease), *more, stdin=PIPE, stdout=DEVNULL
        )
        self.processes[k] = process
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            await asyncio.to_thread(self.ledger.release, owner, died=False)
            raise
        finally:
            self.processes.pop(k, None)
        await asyncio.to_thread(self.ledger.release, owner, died=code not in (0, LOST))
        if code not in (0, LOST):
            await asyncio.sleep(ASK)
