"""A study in a storm: workers, clients and scheduler killed at random, held against a quiet run by its bytes.

Usage: python benchmarks/storm.py [--members 10000]   (the extra cluster; a quarter of an hour)

Four processes work on one folder: two of a local part (`--part --workers 2`) and two workers of a Dask
scheduler, whose client is another part (`--part --cluster`). Every 15 seconds a random one of the four is
ended by SIGKILL, every 60 seconds a random client and the scheduler; a keeper starts again what has ended.
Whenever the folder says that it is whole, its members are counted. Writes storm.csv beside this file; exit
code 1 if anything differs. (Cold processes that begin together are in kills.py.)
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import machine
import psutil
from kill_and_resume import contents

from docketflow.core.errors import DocketflowError
from docketflow.results.blocks import read_block
from docketflow.results.folder import Folder
from docketflow.studies import load

OUT = Path(__file__).with_name("storm.csv")
SCENARIO, SCALE = "fiscal-year-2024", "1/10000"
WORKER_EVERY, OTHERS_EVERY, LONGEST = 15.0, 60.0, 3600.0
LOCAL, WORKERS = 2, 2  # processes of the local part; workers of the cluster
PYTHON = (sys.executable, "-m")


def command(folder: Path, members: int, *more: str) -> list[str]:
    """Return the command of the study in a folder."""
    size = ("--members", str(members), "--scale", SCALE, "--seed", "3")
    return [*PYTHON, "docketflow.cli", "study", SCENARIO, *size, "--out", str(folder), *more]


class Kept:
    """A process that is started again whenever it ends, until it ends well."""

    def __init__(self, name: str, call: list[str], log: Path) -> None:
        self.name, self._call, self._log = name, call, log
        self.starts, self.done = 0, False
        self.start()

    def start(self) -> None:
        """Start it."""
        self.starts += 1
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(self._call, stdout=log, stderr=log, cwd=self._log.parent)

    def keep(self) -> None:
        """Start it again if it has ended otherwise than well."""
        code = self.process.poll()
        if code == 0 and "study" in self._call:
            self.done = True
        elif code is not None and not self.done:
            self.start()

    def end(self) -> None:
        """End it for good."""
        self.done = True
        self.process.kill()
        self.process.wait()


def workers_of(client: Kept) -> list[int]:
    """Return the worker processes of a local part."""
    try:
        children = psutil.Process(client.process.pid).children()
        return [child.pid for child in children if "spawn_main" in " ".join(child.cmdline())]
    except psutil.Error:
        return []


def kill(pid: int) -> bool:
    """End a process as the system does when memory runs out; say whether it was there."""
    try:
        os.kill(pid, 9)
    except ProcessLookupError:
        return False
    return True


def ends(folder: Folder) -> Counter[str]:
    """Return how many members of the blocks that are there answered and failed."""
    found: Counter[str] = Counter()
    for path in folder.blocks(SCENARIO).values():
        block, _ = read_block(path)
        found.update(answered=len(block.done), failed=len(block.failures), missing=len(block.missing))
    return found


def storm(home: Path, members: int, luck: random.Random) -> tuple[Counter[str], list[str], float]:
    """Run the study in a storm; return what was killed, what was wrong, and the seconds it took."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address, log, folder = f"tcp://127.0.0.1:{port}", home / "log", Folder(home / "storm")
    dask = [*PYTHON, "distributed.cli.dask_scheduler", "--port", str(port), "--no-dashboard"]
    scheduler = Kept("scheduler", dask, log)
    work = [
        *PYTHON,
        "distributed.cli.dask_worker",
        address,
        "--nthreads",
        "1",
        "--no-nanny",
        "--no-dashboard",
    ]
    far = [Kept("worker", work, log) for _ in range(WORKERS)]
    local = Kept("client", command(folder.path, members, "--part", "--workers", str(LOCAL)), log)
    client = Kept("client", command(folder.path, members, "--part", "--cluster", address), log)
    every = [scheduler, *far, local, client]
    killed: Counter[str] = Counter()
    wrong: list[str] = []
    began = worker_at = others_at = time.monotonic()
    try:
        while not (local.done and client.done) and time.monotonic() - began < LONGEST:
            time.sleep(0.5)
            for one in every:
                one.keep()
            if time.monotonic() - worker_at > WORKER_EVERY:
                worker_at += WORKER_EVERY
                pids = [one.process.pid for one in far] + workers_of(local)
                killed["worker"] += kill(luck.choice(pids))
            if time.monotonic() - others_at > OTHERS_EVERY:
                others_at += OTHERS_EVERY
                killed["client"] += kill(luck.choice([local, client]).process.pid)
                killed["scheduler"] += kill(scheduler.process.pid)
            if folder.finished and (found := ends(folder)).total() != members:
                wrong.append(f"says that it is whole with {dict(found)}")
    finally:
        for one in every:
            one.end()
    return killed, wrong, time.monotonic() - began


def main() -> int:
    """Run quiet and in a storm; write what was seen."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--members", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    home, rows = Path(tempfile.mkdtemp()), []

    def note(what: str, number: float, unit: str, fine: bool = True) -> None:
        rows.append([machine.described()["date"], what, given.members, number, unit, "yes" if fine else "NO"])
        print(f"{what}: {number:g} {unit}{'' if fine else '  <- NOT AS IT SHOULD BE'}", flush=True)

    began = time.monotonic()
    subprocess.run(command(home / "quiet", given.members), check=True, stdout=subprocess.DEVNULL)
    note("quiet run", round(time.monotonic() - began), "s")
    killed, wrong, seconds = storm(home, given.members, random.Random(given.seed))
    note("storm", round(seconds), "s")
    for kind in ("worker", "client", "scheduler"):
        note(f"killed: {kind}", killed[kind], "processes")
    note("moments at which it said it was whole and was not", len(wrong), "moments", not wrong)
    quiet, after = contents(home / "quiet"), contents(home / "storm")
    differing = [name for name in quiet.keys() | after.keys() if quiet.get(name) != after.get(name)]
    note("files that differ from the quiet run", len(differing), f"of {len(quiet)} files", not differing)
    note("whole by its checksums", *whole(home / "storm", given.members))
    shutil.rmtree(home)
    with OUT.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["date", "what", "members", "number", "unit", "as it should be"], *rows])
    return int(any(row[-1] == "NO" for row in rows))


def whole(path: Path, members: int) -> tuple[float, str, bool]:
    """Return how many members a closed study has, and whether that is all of them."""
    try:
        found = ends(load(path).folder)
    except DocketflowError as error:
        return 0, str(error), False
    many = found["answered"] + found["failed"]
    return many, f"of {members} members answered or failed", many == members


if __name__ == "__main__":
    sys.exit(main())
