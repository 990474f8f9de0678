"""Kill a study at random moments, resume it, and hold the folder against an uninterrupted one, byte by byte.

Usage: python benchmarks/kill_and_resume.py [KILLS]     (default 20; under two minutes)
"""

from __future__ import annotations

import hashlib
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


def main(kills: int) -> int:
    """Kill and resume; return the number of folders that differ."""
    home = Path(tempfile.mkdtemp())
    began = time.perf_counter()
    subprocess.run(command(home / "whole"), check=True, capture_output=True)
    whole, length = contents(home / "whole"), time.perf_counter() - began
    print(f"uninterrupted: {len(whole)} files in {length:.1f} s")
    wrong = 0
    for k in range(kills):
        folder = home / f"killed-{k}"
        running = subprocess.Popen(command(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(length * (k + 0.5) / kills)
        running.kill()
        running.wait()
        kept = len(list(folder.rglob("*.parquet"))) if folder.exists() else 0
        again = command(folder, *(["--resume"] if folder.exists() else []))
        ended = subprocess.run(again, capture_output=True, text=True)
        same = ended.returncode == 0 and contents(folder) == whole
        wrong += not same
        print(f"kill {k + 1:2d}: {kept} blocks kept, {'same bytes' if same else ended.stderr.strip()[-200:]}")
        shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(home)
    print(f"{kills - wrong} of {kills} byte-equal")
    return wrong


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
