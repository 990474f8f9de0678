"""Do the same runs give the same bits in every Python, with and without anything kept, for any workers?

Usage: python benchmarks/same_bits.py [--python PATH ...]     (default: this Python; under a minute for each)

Each Python needs the package's dependencies (`pip install -e .`); each is given a fresh copy of this very
source, so that nothing compiled or kept before is found. The last pass has a plain processor feigned: the
machine compiled for a generic one, NumPy without its wide instructions. Exit code 1 if anything differs.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import hashlib
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from docketflow.engine import Run

SOURCE = Path(__file__).resolve().parents[1] / "src" / "docketflow"
SCENARIOS = ("one-million-first-year", "baseline-january-2025")
STUDY = ["study", *SCENARIOS, "--members", "8", "--scale", "1/1000", "--seed", "3"]
WORKERS = (1, 2, 4, 8)
BOOKS, COUNTRY, RESULT, TABLES = (
    "docket-ref, 100,000 people, a year: daily books",
    "the country at 1/100, a year: daily books",
    "the country at 1/100, 2 members: result",
    "the country at 1/100, 2 members: files of the result",
)
STUDIED, STUDY_FILES = "study of 8 members, 2 scenarios: content", "study of 8 members, 2 scenarios: files"
OF_A_WRITER = (TABLES, STUDY_FILES)  # Parquet names its writer: the same bytes only from the same versions
Row = tuple[str, str, str, str]  # which Python, how, what, digest


# --- digests: what is done inside each Python -------------------------------------------------------
def feed(into: Any, value: Any) -> None:
    """Add any plain data to a hash: types, shapes and every bit."""
    import numpy as np

    if isinstance(value, Mapping):
        for key in sorted(value, key=str):
            into.update(f"{key}:".encode())
            feed(into, value[key])
    elif isinstance(value, np.ndarray) and value.dtype.kind not in "OUST":
        into.update(f"{value.dtype.str}{value.shape}".encode() + np.ascontiguousarray(value).tobytes())
    elif isinstance(value, np.ndarray | list | tuple):
        into.update(f"[{len(value)}]".encode())
        for one in value:
            feed(into, one)
    elif isinstance(value, float):
        into.update(struct.pack("<d", value))
    elif value is None or isinstance(value, str | int | bool | dt.date | np.generic):
        into.update(f"{value!s};".encode())
    else:
        raise TypeError(f"no rule for {type(value).__name__}")


def digest(*values: Any) -> str:
    """Return a SHA-256 of plain data."""
    found = hashlib.sha256()
    for value in values:
        feed(found, value)
    return found.hexdigest()


def books(ledger: Any) -> str:
    """Return a hash of everything in the books of a run."""
    return digest({field.name: getattr(ledger, field.name) for field in dataclasses.fields(ledger)})


def docket_ref(people: int = 100_000, days: int = 365) -> str:
    """Run docket-ref and return a hash of its books."""
    from docketflow.engine.run.compiler import notice
    from docketflow.workloads import docket_ref as workload

    notice.announce()
    return books(Run(workload.bind(people, days), workload.cells(people), 1).finish())


def country(place: Path) -> dict[str, str]:
    """Run the country and return hashes of its books, its result and the files of that."""
    import docketflow as dk
    from docketflow.conductor.simulator import Simulator
    from docketflow.results import save

    ledger = Simulator(dk.load_scenario("fiscal-year-2024")).ledger(0)
    result = dk.run("fiscal-year-2024", members=2)
    groups = ("period", "monthly", "opening", "stocks", "resources", "flows", "costs")
    numbers = {name: result.arrays[name] for name in groups}
    save(result, place / "result")
    tables = sorted((place / "result").rglob("*.parquet"))
    return {
        COUNTRY: books(ledger),
        RESULT: digest(numbers, result.manifest["people"]),
        TABLES: digest([file.name + hashlib.sha256(file.read_bytes()).hexdigest() for file in tables]),
    }


def studied(folder: Path) -> dict[str, str]:
    """Return hashes of a study's folder: of its files, and of what they say."""
    import pyarrow.parquet as pq

    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    content: list[Any] = []
    for path in files:
        if path.suffix == ".parquet":
            table = pq.read_table(path)
            flat = [column.combine_chunks() for column in table.columns]
            parts = [part.flatten() if hasattr(part.type, "list_size") else part for part in flat]
            about = {key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items()}
            content.append([path.name.split(".")[0], table.column_names, about])
            content.extend(part.to_numpy(zero_copy_only=False) for part in parts)
        elif path.name != "checksums.json":  # sums of the files' bytes
            content.append([path.name, path.read_text(encoding="utf-8")])
    return {STUDIED: digest(content), STUDY_FILES: digest(sums)}


# --- many Pythons -----------------------------------------------------------------------------------
def versions(python: str) -> dict[str, str]:
    """Return the versions of a Python and of what decides its numbers and files."""
    names = ("numpy", "numba", "pandas", "xarray", "pyarrow")
    code = (
        "import json, platform, importlib.metadata as m; "
        f"print(json.dumps({{'Python': platform.python_version(), **{{n: m.version(n) for n in {names}}}}}))"
    )
    found: dict[str, str] = json.loads(_ran([python, "-c", code]))
    return found


class Bench:
    """One Python with a fresh copy of the source."""

    def __init__(self, python: str, home: Path) -> None:
        self.python, self.home, self.versions = python, home, versions(python)
        shutil.copytree(SOURCE, home / "docketflow", ignore=shutil.ignore_patterns("__pycache__"))

    @property
    def name(self) -> str:
        """What the table calls it."""
        return f"{self.versions['Python']}, NumPy {self.versions['numpy']}"

    @property
    def writer(self) -> str:
        """Who writes its files."""
        return f"pyarrow {self.versions['pyarrow']}, pandas {self.versions['pandas']}"

    def digests(self, *what: str, **environment: str) -> dict[str, str]:
        """Do some work in a process of its own and return its digests."""
        call = [self.python, __file__, "--work", *what]
        found: dict[str, str] = json.loads(_ran(call, PYTHONPATH=str(self.home), **environment))
        return found

    def study(self, workers: int) -> dict[str, str]:
        """Run the study with some workers and return the digests of its folder."""
        folder = self.home / f"study-{workers}"
        call = [self.python, "-m", "docketflow.cli", *STUDY, "--workers", str(workers), "--out", str(folder)]
        _ran(call, PYTHONPATH=str(self.home))
        return self.digests(str(folder))

    def rows(self) -> Iterable[Row]:
        """Yield every digest of this Python."""
        for how, hash_seed, threads in (("nothing kept", "0", "1"), ("from the cache", "1", "4")):
            found = self.digests("runs", PYTHONHASHSEED=hash_seed, NUMBA_NUM_THREADS=threads)
            yield from ((self.name, how, what, one) for what, one in found.items())
        for workers in WORKERS:
            how = f"{workers} worker{'s' * (workers > 1)}"
            yield from ((self.name, how, what, one) for what, one in self.study(workers).items())


def plain_processor(python: str) -> dict[str, str]:
    """Return the environment in which numba and NumPy use nothing that not every processor has."""
    code = "from numpy._core._multiarray_umath import __cpu_dispatch__ as d; print(*d)"
    return {
        "NUMBA_CPU_NAME": "generic",
        "NUMBA_CPU_FEATURES": "",
        "NPY_DISABLE_CPU_FEATURES": _ran([python, "-W", "ignore", "-c", code]).strip(),
    }


def _ran(call: list[str], **environment: str) -> str:
    done = subprocess.run(call, capture_output=True, text=True, env={**os.environ, **environment})
    if done.returncode:
        raise SystemExit(f"{' '.join(call)}\n{done.stderr}")
    return done.stdout


def differing(rows: Iterable[Row], writers: Mapping[str, str]) -> list[str]:
    """Return what differs: content between any two rows, files between rows of the same writer."""
    groups: dict[tuple[str, str], dict[str, list[str]]] = {}
    for python, how, what, one in rows:
        writer = writers[python] if what in OF_A_WRITER else ""
        groups.setdefault((what, writer), {}).setdefault(one, []).append(f"{python}, {how}")
    return [
        f"{what} differ: " + " | ".join(f"{one[:12]} ({'; '.join(who)})" for one, who in found.items())
        for (what, _), found in groups.items()
        if len(found) > 1
    ]


def compare(pythons: list[str]) -> int:
    """Print every digest and whether all are equal; return the exit code."""
    rows: list[Row] = []
    writers: dict[str, str] = {}

    def show(more: Iterable[Row]) -> None:
        for row in more:
            rows.append(row)
            print(f"{row[0]:<24} {row[1]:<18} {row[2]:<53} {row[3][:16]}", flush=True)

    with tempfile.TemporaryDirectory() as home:
        for number, python in enumerate([*pythons, pythons[0]]):
            bench = Bench(python, Path(home) / str(number))
            writers[bench.name] = bench.writer
            if number < len(pythons):
                print("\n" + ", ".join(" ".join(pair) for pair in bench.versions.items()), flush=True)
                show(bench.rows())
            else:
                found = bench.digests("runs", **plain_processor(python))
                print()
                show((bench.name, "plain processor", what, one) for what, one in found.items())
    wrong = differing(rows, writers)
    print("\n" + ("\n".join(wrong) if wrong else f"all equal: {len(rows)} digests, {len(pythons)} Pythons"))
    if len(set(writers.values())) > 1:
        print("Files are compared within the same versions of pyarrow and pandas, which Parquet files name.")
    return int(bool(wrong))


def work(what: list[str]) -> int:
    """Do work in this very process and print its digests as JSON."""
    found: dict[str, str] = {}
    for one in what:
        if one == "docket-ref":
            found[BOOKS] = docket_ref(5_000, 60)
        elif one == "runs":
            found[BOOKS] = docket_ref()
            with tempfile.TemporaryDirectory() as place:
                found |= country(Path(place))
        else:
            found |= studied(Path(one))
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", nargs="+", default=[sys.executable], help="Pythons [this one]")
    parser.add_argument("--work", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    sys.exit(work(given.work) if given.work else compare(given.python))
