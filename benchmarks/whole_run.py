"""How long a person waits for `docketflow run one-million-first-year`, beside an older version, in turns.

Usage: python benchmarks/whole_run.py OLDER [--rounds N] [--write]     (default 10; three minutes)

OLDER is a copy of an older `src`; its dependencies are taken from this environment. Caches are warm: each
version runs once before. Every run writes a folder of its own, which is removed. Seconds go from before the
process begins until it has ended. `--write` adds a row for each version to whole_run.csv. Exit code 1 if a
bound is missed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import machine

SOURCE = Path(__file__).resolve().parents[1] / "src"
OUT = Path(__file__).with_name("whole_run.csv")
SCENARIO = "one-million-first-year"
ASKED = {"default": 3.0, "one member": 1.5}  # seconds
PART = 0.25  # of the older version's time
MORE = {"default": [], "one member": ["--members", "1"]}


def timed(source: Path, more: list[str], home: Path) -> float:
    """Return how long one run takes."""
    out = home / "out"
    command = [sys.executable, "-m", "docketflow.cli", "run", SCENARIO, "--out", str(out), *more]
    begun = time.perf_counter()
    subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(source)}, cwd=home, check=True, capture_output=True
    )
    took = time.perf_counter() - begun
    shutil.rmtree(out)
    return took


def main() -> int:
    """Run both in turns and say how long each took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("older", type=Path)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    sources = {"now": SOURCE, "before": asked.older.resolve()}
    missed = False
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for what, more in MORE.items():
            found: dict[str, list[float]] = {name: [] for name in sources}
            for turn in range(asked.rounds + 1):  # the first warms the caches
                for name, source in sources.items():
                    took = timed(source, more, home)
                    found[name] += [took] if turn else []
            middles = {name: statistics.median(some) for name, some in found.items()}
            for name, some in found.items():
                print(f"{what}, {name}: {middles[name]:.2f} s ({min(some):.2f} to {max(some):.2f})")
                if asked.write:
                    row = {"run": what, "version": name, "rounds": asked.rounds}
                    row |= {"seconds": f"{middles[name]:.3f}", "least": f"{min(some):.3f}"}
                    row |= {"most": f"{max(some):.3f}", "load": machine.load()}
                    machine.append(OUT, row | machine.described("numpy", "numba"))
            part = middles["now"] / middles["before"]
            of_the_means = statistics.mean(found["now"]) / statistics.mean(found["before"])
            print(f"{what}: {part:.3f} of it by the medians, {of_the_means:.3f} by the means")
            missed |= middles["now"] > ASKED[what] or (what == "default" and part > PART)
    print("a bound is missed: NO" if missed else "all bounds are met: yes")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
