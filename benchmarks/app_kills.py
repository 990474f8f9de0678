"""Kill the app's server or its job worker at random moments while studies are in line; nothing may be lost.

Usage: python benchmarks/app_kills.py [KILLS]     (default 20; some two minutes)

Three studies are put in line. At each moment the server or the worker is killed (SIGKILL); a killed server is
begun again. At the end every study must be done, and say what the same study says that nobody disturbed.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

PORT = 8797
BASE = f"http://127.0.0.1:{PORT}/api/v1"
STUDIES = [
    {"scenarios": ["fiscal-year-2024"], "members": members, "scale": "1/1000"} for members in (20, 30, 40)
]


def server(jobs: Path) -> subprocess.Popen[bytes]:
    """Begin the app and wait until it answers."""
    more = ["--port", str(PORT), "--workers", "1", "--jobs", str(jobs)]
    process = subprocess.Popen([sys.executable, "-m", "docketflow.cli", "app", *more])
    for _ in range(600):
        try:
            httpx.get(f"{BASE}/scenarios", timeout=1)
            return process
        except httpx.HTTPError:
            time.sleep(0.1)
    raise SystemExit("the server does not answer")


def worker(parent: int) -> int | None:
    """Return the process that works on jobs for a server."""
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_bytes().split(b"\0")
            above = (place / "stat").read_text().rsplit(")", 1)[1].split()[1]
        except OSError:
            continue
        if b"docketflow.app.jobs.worker" in words and int(above) == parent:
            return int(place.name)
    return None


def put() -> list[str]:
    """Put every study in line and return the addresses of the jobs."""
    return [httpx.post(f"{BASE}/studies", json=one).headers["location"] for one in STUDIES]


def ended(places: list[str]) -> list[dict[str, object]]:
    """Wait until every job ended, and return how."""
    while True:
        said = [httpx.get(f"http://127.0.0.1:{PORT}{place}").json() for place in places]
        if all(one["state"] not in ("waiting", "running") for one in said):
            return said
        time.sleep(0.5)


def answers(places: list[str]) -> list[str]:
    """Return every answer as it is sent."""
    return [httpx.get(f"http://127.0.0.1:{PORT}{place}/answer").text for place in places]


def main(kills: int) -> int:
    """Kill, wait, and return the number of studies that were lost or say something else."""
    luck = random.Random(1)
    with tempfile.TemporaryDirectory() as home:
        running = server(Path(home) / "whole")
        began = time.monotonic()
        ended(put())
        length = time.monotonic() - began
        whole = answers(put())
        running.kill()
        running.wait()
        print(f"undisturbed: {length:.0f} s")
        jobs = Path(home) / "killed"
        running = server(jobs)
        places = put()
        for k in range(kills):
            time.sleep(luck.random() * 1.5 * length / kills)
            victim = worker(running.pid) if k % 2 else None
            if victim is not None:
                os.kill(victim, signal.SIGKILL)
            else:
                running.kill()
                running.wait()
                running = server(jobs)
            states = [httpx.get(f"http://127.0.0.1:{PORT}{place}").json() for place in places]
            told = ", ".join(f"{one['state']} {one['done']} of {one['whole']}" for one in states)
            print(f"kill {k + 1:2d} ({'worker' if victim else 'server'}): {told}", flush=True)
        said = ended(places)
        same = [one == two for one, two in zip(answers(places), whole, strict=True)]
        running.kill()
        lost = sum(one["state"] != "done" for one in said)
        print(f"{len(said) - lost} of {len(said)} studies done, {sum(same)} say the same to the byte")
        return lost + same.count(False)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
