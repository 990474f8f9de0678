"""Ends docketflow by SIGKILL at chance moments, and starts many at once on a cold cache: what is lost.

Usage: python benchmarks/kills.py [--kills 50] [--together 50] [--seed 1]      (about ten minutes)

A third of the kills fall into a run, a third into a study, a third into a first compilation. After each, the
place of the result holds nothing or a whole result, and the same command then gives the same bytes as one
that was never ended (a study with --resume). Then processes begin together on a cold cache: one compiles all,
once, and says so, the others wait and load. Writes kills.csv beside this file; exit code 1 if anything was
lost. With --kills 0 the second part alone.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src" / "docketflow"
OUT = Path(__file__).with_name("kills.csv")
COMMAND = [sys.executable, "-m", "docketflow.cli"]
FEW = ["--members", "4", "--scale", "1/10000"]
RUN = ["run", "baseline-january-2025", *FEW, "--out", "result"]
STUDY = ["study", "baseline-january-2025", "one-million-first-year", *FEW, "--workers", "2", "--out", "study"]
COUNTED = """
import sys, time
from numba.core import event
class Count(event.Listener):
    def on_start(self, event):
        function = event.data["dispatcher"].py_func
        if function.__module__.startswith("docketflow"): print(function.__name__)
    def on_end(self, event): pass
event.register("numba:compile", Count())
from docketflow import load_scenario
from docketflow.conductor import ensemble
from docketflow.core.scale import read_scale
ensemble.simulate(load_scenario("baseline-january-2025"), members=1, scale=read_scale("1/10000"))
"""


def environment(cache: Path) -> dict[str, str]:
    """Use a copy of the source in which nothing was compiled, and a cache beside it."""
    return {**os.environ, "PYTHONPATH": os.environ["COPY"], "DOCKETFLOW_CACHE": str(cache)}


def ended(words: list[str], home: Path, cache: Path, after: float) -> bool:
    """Run a command and end it after some seconds, with its children; say whether it was still running."""
    process = subprocess.Popen(
        [*COMMAND, *words], cwd=home, env=environment(cache), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()
        return True
    return False


def whole(words: list[str], home: Path, cache: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words], cwd=home, env=environment(cache), capture_output=True, text=True
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def kill_run(home: Path, cache: Path, after: float, right: dict[str, bytes]) -> str:
    ended(RUN, home, cache, after)
    if (home / "result").exists() and contents(home / "result") != right:
        return "a result that is not whole"
    again = whole(RUN, home, cache)
    if again.returncode or contents(home / "result") != right:
        return f"not the same after a run again: {again.stderr[-200:]}"
    return ""


def kill_study(home: Path, cache: Path, after: float, right: dict[str, bytes]) -> str:
    ended(STUDY, home, cache, after)
    begun = (home / "study" / "manifest.json").exists()
    again = whole([*STUDY, *(["--resume"] if begun else [])], home, cache)
    if again.returncode or contents(home / "study") != right:
        return f"not the same when resumed: {again.stderr[-200:]}"
    return ""


def kill_compile(home: Path, cache: Path, after: float, right: dict[str, bytes]) -> str:
    return kill_run(home, home / "cold", after, right)


def together(many: int, home: Path) -> tuple[int, str]:
    """Begin many at once on a cold cache; return how many functions were compiled, and what was wrong."""
    cold = home / "together"
    begun = [
        subprocess.Popen(
            [sys.executable, "-c", COUNTED], env=environment(cold), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )
        for _ in range(many)
    ]  # fmt: skip
    ended = [process.communicate() for process in begun]
    compiled, notes = [out.split() for out, _ in ended if out], [err for _, err in ended if err]
    forms = len(list(cold.rglob("*.form")))
    right = not any(process.returncode for process in begun)
    right = right and len(compiled) == len(notes) == 1 and len(compiled[0]) == forms
    wrong = f"{list(map(len, compiled))} compiled, {forms} kept, {len(notes)} notes: {' '.join(notes)[-200:]}"
    return forms, "" if right else wrong


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--together", type=int, default=50)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    luck, rows, lost = random.Random(given.seed), [], 0
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        shutil.copytree(SOURCE, Path(folder) / "docketflow", ignore=shutil.ignore_patterns("__pycache__"))
        os.environ["COPY"] = folder
        warm = Path(folder) / "warm"
        quiet = Path(folder) / "quiet"
        quiet.mkdir()
        whole(RUN, quiet, warm)
        began = time.perf_counter()
        whole(RUN, quiet, warm)
        seconds = {"run": time.perf_counter() - began, "first compilation": 12.0}
        began = time.perf_counter()
        whole(STUDY, quiet, warm)
        seconds["study"] = time.perf_counter() - began
        ways: dict[str, tuple[Callable[..., str], dict[str, bytes]]] = {
            "run": (kill_run, contents(quiet / "result")),
            "study": (kill_study, contents(quiet / "study")),
            "first compilation": (kill_compile, contents(quiet / "result")),
        }
        for number in range(given.kills):
            name = list(ways)[number % 3]
            home = Path(folder) / f"home-{number}"
            home.mkdir()
            after = luck.uniform(0.1, 1.1 * seconds[name])
            fault = ways[name][0](home, warm, after, ways[name][1])
            rest = [entry.name for entry in home.iterdir() if entry.name not in ("result", "study", "cold")]
            rows.append(
                {"what": name, "after_seconds": round(after, 2), "fault": fault, "left": " ".join(rest)}
            )
            print(rows[-1], flush=True)
            lost += bool(fault)
            shutil.rmtree(home)
        forms, fault = together(given.together, Path(folder))
        rows.append(
            {
                "what": f"{given.together} together: {forms} functions",
                "after_seconds": "",
                "fault": fault,
                "left": "",
            }
        )
        print(rows[-1], flush=True)
        lost += bool(fault)
    if not given.kills:  # what was killed before stands
        before = csv.DictReader(OUT.read_text(encoding="utf-8").splitlines())
        rows = [*(row for row in before if "together" not in row["what"]), *rows]
    with OUT.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
