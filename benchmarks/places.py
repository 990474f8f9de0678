"""Runs docketflow where little is allowed: a read-only root with no HOME, and a disk of 200 kB.

Usage: python benchmarks/places.py          (Linux, as root; some minutes, most of them compiling)

Each case lives in a mount namespace of its own (`unshare --mount`), which nobody else sees. It says how a
command must end (well; or one clear line and exit code 2, never a traceback) and what the disk must then
hold: the same bytes as anywhere, or nothing. Writes places.csv beside this file; exit code 1 if one is wrong.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import machine
from kill_and_resume import contents

OUT = Path(__file__).with_name("places.csv")
SOURCE = Path(__file__).resolve().parents[1] / "src"
DOCKETFLOW = f"{sys.executable} -m docketflow.cli"
FEW = "fiscal-year-2024 --members 4 --scale 1/5000"
RUN, STUDY = f"{DOCKETFLOW} run {FEW} --out", f"{DOCKETFLOW} study {FEW} --workers 2 --out"
# The whole machine seen again under a root where nothing can be written but a disk.
READ_ONLY = """mount --rbind / root; mount --make-rslave root; mount -o remount,bind,ro root
for place in tmp var/tmp dev/shm; do mount -t tmpfs -o ro none root/$place; done
mount -t tmpfs none root$PWD/disk"""
SMALL, LARGER = "mount -t tmpfs -o size=200k none disk", "mount -o remount,size=64M disk"
FULL = "mount -o remount,size=$(du -sk disk | cut -f1)k disk"
INSIDE = f'chroot root sh -c "{RUN} $PWD/disk/run"'


class Case(NamedTuple):
    """What is tried after which mounts, how it must end, and what the disk must then hold."""

    name: str
    mounts: str
    command: str
    code: int
    left: str
    cold: bool = False  # with nothing compiled


THEN = f"disk/run 2>&1; {LARGER}; {RUN} disk/run"
CASES = (
    Case("read-only root: run", READ_ONLY, INSIDE, 0, "run"),
    Case("read-only root, nothing compiled: run", READ_ONLY, INSIDE, 0, "run", cold=True),
    Case("read-only root: study", READ_ONLY, f'chroot root sh -c "{STUDY} $PWD/disk/study"', 0, "study"),
    Case(
        "read-only root: run where nothing can be written", READ_ONLY, INSIDE.replace("disk", "kept"), 2, ""
    ),
    Case("200 kB disk: run", SMALL, f"{RUN} disk/run", 2, ""),
    Case("200 kB disk, then a larger: run", SMALL, f"{RUN} {THEN}", 0, "run"),
    Case(
        "200 kB disk, then a larger: study",
        SMALL,
        f"{STUDY} disk/study 2>&1; {LARGER}; {STUDY} disk/study $(test -e disk/study && echo --resume)",
        0,
        "study",
    ),
    Case(
        "full disk with a result on it: run",
        f"{SMALL}; {LARGER}",
        f"{RUN} disk/run; {FULL}; {RUN} disk/run",
        2,
        "run",
    ),
    Case(
        "200 kB disk for what is compiled: run",
        SMALL,
        f"export DOCKETFLOW_CACHE=$PWD/disk/cache; {RUN} kept/run",
        0,
        "run",
        cold=True,
    ),
)


def main() -> int:
    """Try the cases, print them and write rows."""
    with tempfile.TemporaryDirectory(prefix="places-", dir=SOURCE.parent) as folder:
        home = Path(folder)
        for place in ("root", "disk", "kept", "quiet"):
            (home / place).mkdir()
        bare = shutil.ignore_patterns("__pycache__")
        shutil.copytree(SOURCE / "docketflow", home / "cold" / "docketflow", ignore=bare)
        for command in (RUN, STUDY):
            place = home / "quiet" / command.split()[3]
            subprocess.run(
                [*command.split(), place], check=True, stdout=subprocess.DEVNULL, env=known(SOURCE)
            )
        right = contents(home / "quiet")
        rows = []
        for case in CASES:
            left = {
                name: what for name, what in right.items() if case.left and name.startswith(f"{case.left}/")
            }
            rows.append({"case": case.name, **tried(home, case, left)})
            print(*rows[-1].values(), sep=" | ", flush=True)
    about = machine.described("numpy")
    with OUT.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, [*rows[0], *about], lineterminator="\n")
        writer.writeheader()
        writer.writerows(row | about for row in rows)
    return int(any(row["wrong"] for row in rows))


def known(source: Path) -> dict[str, str]:
    """Return all that a command knows of the world: no HOME is in it."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"}


def tried(home: Path, case: Case, left: dict[str, bytes]) -> dict[str, str]:
    """Run a command after mounts, with no HOME; return how it ended and what was wrong with that."""
    kept = home / "kept"
    shutil.rmtree(kept)
    kept.mkdir()
    look = "cp -r disk/. root$PWD/disk/. kept 2>&1; rm -rf kept/cache"
    source = home / "cold" if case.cold else SOURCE
    ended = subprocess.run(
        ["unshare", "--mount", "--propagation", "private", "sh", "-c",
         f"set -e; {case.mounts}\nset +e; {case.command}; code=$?\n{look}; exit $code"],
        cwd=home, capture_output=True, text=True, check=False,
        env=known(source),
    )  # fmt: skip
    said, held = [line for line in ended.stderr.splitlines() if line.strip()], contents(kept)
    wrong = [f"exit code {ended.returncode}, not {case.code}"] if ended.returncode != case.code else []
    wrong += ["a traceback"] if "Traceback" in ended.stderr + ended.stdout else []
    wrong += [f"{len(said)} lines, not one"] if case.code and len(said) != 1 else []
    wrong += [f"left otherwise: {sorted(set(held) ^ set(left))[:5]}"] if held != left else []
    return {"exit": str(ended.returncode), "says": said[-1] if said else "", "wrong": "; ".join(wrong)}


if __name__ == "__main__":
    raise SystemExit(main())
