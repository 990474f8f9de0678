"""Many people at once: each moves a lever every ten seconds; how soon is each first answer there?

Usage: python benchmarks/app_users.py [--users 50] [--minutes 5] [--write]

It begins the app with two workers, waits until they are ready, and asks as the page does: the first answer,
then the stream of refinements for as long as the user waits. Told are the first answers' times, replies that
are no answer, and how much the memory of server and workers grew from the first minute's end to the last.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import httpx
from machine import append, described, load

PORT = 8798
EVERY = 10.0
LEVERS = (
    ("detention.beds.contract", 1000),
    ("court.judges", 10),
    ("removal.seats.charter_per_day", 20),
    ("arrest.at_large.officers", 200),
)


async def user(number: int, until: float, took: list[float], wrong: list[int]) -> None:
    """Move a lever every ten seconds, each time to a place nobody was at."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{PORT}", timeout=30) as client:
        await asyncio.sleep(EVERY * (number % 50) / 50)
        step = 0
        while time.monotonic() < until:
            began = time.monotonic()
            path, size = LEVERS[(number + step) % len(LEVERS)]
            lever = f"{path}=+{size * (1 + step % 20) + number}@2025-06-01+60d"
            reply = await client.get("/live", params={"set": lever})
            took.append(1000 * (time.monotonic() - began))
            if reply.status_code != 200:
                wrong.append(reply.status_code)
            try:
                async with asyncio.timeout(max(0.1, EVERY - (time.monotonic() - began))):
                    async with client.stream("GET", "/stream", params={"set": lever}) as stream:
                        async for _ in stream.aiter_lines():
                            pass
            except (TimeoutError, httpx.HTTPError):
                pass
            step += 1
            await asyncio.sleep(max(0.0, EVERY - (time.monotonic() - began)))


async def measured(users: int, minutes: float, server: int) -> dict[str, object]:
    """Return what was measured."""
    took: list[float] = []
    wrong: list[int] = []
    until = time.monotonic() + 60 * minutes
    tasks = [asyncio.create_task(user(k, until, took, wrong)) for k in range(users)]
    await asyncio.sleep(min(60.0, 30 * minutes))
    before, spent, asked = memory(server), processor(server), len(took)
    await asyncio.gather(*tasks)
    served = 1000 * (processor(server) - spent) / max(1, len(took) - asked)
    took.sort()
    return {
        "users": users,
        "minutes": minutes,
        "answers": len(took),
        "first_p50_ms": round(statistics.median(took)),
        "first_p95_ms": round(took[round(0.95 * len(took)) - 1]),
        "not_answered": len(wrong),
        # of the server alone, refinements and pages of numbers included
        "server_cpu_ms_an_answer": round(served),
        "memory_mb": round(memory(server)),
        "memory_growth": round(memory(server) / before - 1, 3),
    }


def processor(process: int) -> float:
    """Return the processor time of a process alone, in seconds."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(process: int) -> float:
    """Return the resident memory of a process and its children in MB."""
    found, mine = 0.0, {process}
    for _ in range(3):
        for place in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = place.read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[1]) in mine:
                mine.add(int(place.parent.name))
    for one in mine:
        try:
            found += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * 4096 / 1e6
        except OSError:
            continue
    return found


def main() -> None:
    """Measure, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--ready", type=float, default=40.0, help="seconds given to the workers to be ready")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    command = [sys.executable, "-m", "docketflow.cli", "app", "--port", str(PORT), "--workers", "2"]
    server = subprocess.Popen(command)
    try:
        time.sleep(asked.ready)
        row = {
            **asyncio.run(measured(asked.users, asked.minutes, server.pid)),
            "load": load(),
            **described("fastapi"),
        }
    finally:
        server.terminate()
        server.wait(20)
    print(row)
    if asked.write:
        append(Path(__file__).with_suffix(".csv"), row)


if __name__ == "__main__":
    main()
