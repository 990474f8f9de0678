"""`python -m planted` (in tests/): plant each fault in a copy, run the laws of its room, note who saw it.

Resumable: a fault already tried is not tried again unless its text changed or `--again` is given. What the
laws of a room do not see is then held against the golden outcomes, which see every change of an answer but do
not say what is wrong. `--report` writes docs/planted_faults.md.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

from .faults import HERE, Fault, faults, laws_of
from .report import write

TOP = HERE.parent.parent
TRIED = HERE / "tried.csv"
COLUMNS = ("id", "mark", "seen_by", "test", "seconds")
GOLDEN = ["tests/golden"]
LIBRARIES = ("numba", "numpy", "pandas", "scipy.stats", "pydantic", "hypothesis", "pyarrow.parquet")
LONGEST = 600  # seconds; a fault that makes the tests hang is seen


def main() -> int:
    """Try what is asked for and has not been tried."""
    parser = argparse.ArgumentParser(prog="python -m planted", description=__doc__)
    parser.add_argument("--room", action="append", help="only faults of this room (more than once allowed)")
    parser.add_argument("--only", action="append", help="only this fault (more than once allowed)")
    parser.add_argument("--again", action="store_true", help="also those already tried")
    parser.add_argument("--trust", action="store_true", help="the tests are known to pass without a fault")
    parser.add_argument("--list", action="store_true", help="only say which faults no longer apply")
    parser.add_argument("--report", action="store_true", help="only write docs/planted_faults.md")
    asked = parser.parse_args()
    chosen = [
        fault
        for fault in faults()
        if (not asked.room or fault.room in asked.room) and (not asked.only or fault.id in asked.only)
    ]
    if asked.list:
        gone = [fault for fault in chosen if fault.planted(_source(TOP, fault).read_text()) is None]
        print(*(f"{fault.id}: no longer applies to {fault.file}" for fault in gone), sep="\n")
        print(f"{len(chosen) - len(gone)} of {len(chosen)} faults apply")
        return int(bool(gone))
    if not asked.report:
        tried = {(row["id"], row["mark"]) for row in read()} if not asked.again else set()
        _try([fault for fault in chosen if (fault.id, fault.mark) not in tried], trust=asked.trust)
    write(faults(), read(), TOP / "docs" / "planted_faults.md")
    return 0


def read() -> list[dict[str, str]]:
    """Return what was found so far, the last word on each fault."""
    if not TRIED.exists():
        return []
    with TRIED.open(encoding="utf-8", newline="") as lines:
        return list({row["id"]: row for row in csv.DictReader(lines)}.values())


def _try(untried: list[Fault], *, trust: bool) -> None:
    for library in LIBRARIES:
        importlib.import_module(library)
    with _copy() as copy:
        for room in dict.fromkeys(fault.room for fault in untried):
            mine = [fault for fault in untried if fault.room == room]
            sound, said = (True, "") if trust else _passes(copy, laws_of(mine[0]))
            if not sound:
                raise SystemExit(f"the tests of {room} do not pass without a fault: {said}")
            for fault in mine:
                _write(_tried(copy, fault))


def _tried(copy: Path, fault: Fault) -> dict[str, str]:
    """Plant a fault, see who sees it, take it out again."""
    file, began = _source(copy, fault), time.monotonic()
    source = file.read_text(encoding="utf-8")
    planted = fault.planted(source)
    row = dict.fromkeys(COLUMNS, "") | {"id": fault.id, "mark": fault.mark}
    if planted is None:
        return row | {"seen_by": "does not apply"}
    _put(file, planted)
    try:
        passed, said = _passes(copy, laws_of(fault))
        seen_by = "nobody" if passed else "law"
        if passed:
            passed, said = _passes(copy, GOLDEN)
            seen_by = "nobody" if passed else "golden"
    finally:
        _put(file, source)
    print(f"{fault.id:6s} {seen_by:7s} {said}", flush=True)
    return row | {"seen_by": seen_by, "test": said, "seconds": f"{time.monotonic() - began:.0f}"}


def _write(row: dict[str, str]) -> None:
    new = not TRIED.exists()
    with TRIED.open("a", encoding="utf-8", newline="") as lines:
        rows = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
        if new:
            rows.writeheader()
        rows.writerow(row)


def _passes(copy: Path, tests: list[str]) -> tuple[bool, str]:
    """Run some tests in the copy up to the first failure; return whether all pass, and who failed.

    A child of this process runs them, for the libraries are loaded here once, and ours never are.
    """
    said = copy / "said.txt"
    child = os.fork()
    if child == 0:
        _child(copy, tests, said)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return False, f"(ends by signal {os.WTERMSIG(status)})"
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", said.read_text(encoding="utf-8"), re.MULTILINE)
    return os.WEXITSTATUS(status) == 0, failed[1].split("/")[-1] if failed else ""


def _child(copy: Path, tests: list[str], said: Path) -> NoReturn:
    """Run pytest on the copy and end the process."""
    code = 1
    try:
        signal.alarm(LONGEST)
        os.chdir(copy)
        sys.path.insert(0, str(copy / "src"))
        os.environ["PYTHONPATH"] = str(copy / "src")
        with said.open("w", encoding="utf-8") as out:
            for stream in (1, 2):
                os.dup2(out.fileno(), stream)
            code = int(pytest.main(["-q", "-x", "-p", "no:cacheprovider", "--tb=no", *tests]))
            sys.stdout.flush()
    finally:
        os._exit(code)


_puts = iter(range(10**9, 2 * 10**9, 10))


def _put(file: Path, text: str) -> None:
    """Write a file with a time that no earlier text of it had: Python keeps compiled forms by time."""
    file.write_text(text, encoding="utf-8")
    moment = next(_puts)
    os.utime(file, (moment, moment))


@contextmanager
def _copy() -> Iterator[Path]:
    """Yield a copy of all that tests read, the compiled engine with it."""
    with tempfile.TemporaryDirectory(prefix="planted-") as folder:
        copy = Path(folder)
        for part in ("src", "tests", "docs", "benchmarks"):
            shutil.copytree(TOP / part, copy / part, ignore=shutil.ignore_patterns("*.pyc", "*.npz"))
        for file in (path for path in TOP.iterdir() if path.is_file()):
            shutil.copy(file, copy)
        yield copy


def _source(top: Path, fault: Fault) -> Path:
    return top / "src" / "docketflow" / fault.file


if __name__ == "__main__":
    raise SystemExit(main())
