"""Kill a study at random moments, resume it, and hold the folder against an uninterrupted one, byte by byte.

Usage: python benchmarks/kill_and_resume.py [KILLS]     (default 20; two minutes)

Moments are random within equal parts of an uninterrupted study's length. What was kept at the kill must be
the very same files after the resume: only blocks in flight are run again.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STUDY = ["study", "fiscal-year-2024", "--members", "40", "--scale", "1/500", "--workers", "2", "--seed", "3"]


def command(folder: Path, *more: str) -> list[str]:
    """Return the command of the study in a folder."""
    return [sys.executable, "-m", "docketflow.cli", *STUDY, "--out", str(folder), *more]


def contents(folder: Path) -> dict[str, str]:
    """Return a hash of every file by its place."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def kept(folder: Path) -> dict[Path, int]:
    """Return the blocks that are there and when each was written."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*.parquet")}


def main(kills: int) -> int:
    """Kill and resume; return the number of folders that differ."""
    home = Path(tempfile.mkdtemp())
    began = time.perf_counter()
    subprocess.run(command(home / "whole"), check=True, capture_output=True)
    whole, length = contents(home / "whole"), time.perf_counter() - began
    blocks = sum(name.endswith(".parquet") for name in whole)
    print(f"uninterrupted: {blocks} blocks in {length:.1f} s")
    wrong, luck = 0, random.Random(1)
    for k in range(kills):
        folder = home / f"killed-{k}"
        running = subprocess.Popen(command(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(length * (k + luck.random()) / kills)
        running.kill()
        running.wait()
        before = kept(folder)
        again = command(folder, *(["--resume"] if folder.exists() else []))
        ended = subprocess.run(again, capture_output=True, text=True)
        untouched = before.items() <= kept(folder).items()
        same = ended.returncode == 0 and contents(folder) == whole and untouched
        wrong += not same
        said = "same bytes" if same else ended.stderr.strip()[-200:] or "differs"
        print(f"kill {k + 1:2d}: {len(before):2d} of {blocks} blocks kept, {said}", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(home)
    print(f"{kills - wrong} of {kills} byte-equal")
    return wrong


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
