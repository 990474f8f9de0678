"""A run is the same run however, wherever and in however many pieces it is made."""

from __future__ import annotations

import datetime as dt
import gc
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from docketflow.core.errors import ResultError
from docketflow.core.quantity import Dated
from docketflow.engine import Run
from docketflow.engine.inspect.reference import run as slowly
from docketflow.engine.run.paused import resume, save

from . import clinic
from .networks import differences


def _ledger(seed: int):
    return Run(clinic.bind(), clinic.cells(), seed).finish()


def test_that_the_clinic_equals_its_twin_and_uses_everything() -> None:
    ledger = _ledger(3)
    assert not differences(ledger, slowly(clinic.bind(), clinic.cells(), 3))
    for used in (ledger.served, ledger.taken, ledger.refused, ledger.arrived, ledger.spent, ledger.tallies):
        assert all(line.sum() > 0 for line in used.values())
    assert ledger.tried["visit"].sum() > ledger.missed["visit"].sum() > 0


def test_that_another_seed_is_another_run() -> None:
    assert differences(_ledger(1), _ledger(2))


def test_that_one_bound_declaration_serves_many_runs_unchanged() -> None:
    bound, cells = clinic.bind(), clinic.cells()
    first = Run(bound, cells, 5).finish()
    Run(bound, cells, 6).finish()
    assert not differences(first, Run(bound, cells, 5).finish())


def test_that_one_and_two_threads_give_the_same_books() -> None:
    alone = [clinic.fingerprint(_ledger(seed)) for seed in range(6)]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda seed: clinic.fingerprint(_ledger(seed)), range(6)))
    assert alone == together


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_that_another_process_gives_the_same_books(hash_seed: str) -> None:
    here = Path(__file__).parents[1]
    paths = os.pathsep.join([str(here), *filter(None, sys.path)])
    made = subprocess.run(
        [sys.executable, "-m", "engine.clinic", "4"], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": paths, "PYTHONHASHSEED": hash_seed},
    )  # fmt: skip
    assert made.stdout.strip() == clinic.fingerprint(_ledger(4))


def _month_ends() -> list[int]:
    days = [clinic.FIRST + dt.timedelta(day) for day in range(1, clinic.DAYS)]
    return [(day - clinic.FIRST).days for day in days if day.day == 1]


def test_that_a_pause_at_any_day_changes_nothing() -> None:
    run = Run(clinic.bind(), clinic.cells(), 8)
    for day in range(0, clinic.DAYS, 7):
        run.advance(day)
    assert not differences(run.finish(), _ledger(8))


def test_that_a_run_saved_and_resumed_at_a_months_end_gives_the_same_books(tmp_path: Path) -> None:
    whole = _ledger(8)
    for day in _month_ends():
        save(Run(clinic.bind(), clinic.cells(), 8).advance(day), tmp_path / "paused")
        assert not differences(resume(tmp_path / "paused", clinic.bind()).finish(), whole)


def test_that_a_resumed_run_takes_new_numbers_as_if_they_had_been_planned(tmp_path: Path) -> None:
    day = _month_ends()[2]
    start = (clinic.FIRST + dt.timedelta(day)).toordinal()
    planned = {
        "arrivals": Dated((1, start), (7.3, 60.0)),
        "minutes": Dated((1, start), (400.0, 900.0)),
        "home.share": Dated((1, start), (0.6, 0.9)),
    }
    save(Run(clinic.bind(), clinic.cells(), 8).advance(day), tmp_path / "paused")
    resumed = resume(tmp_path / "paused", clinic.bind(planned)).finish()
    assert not differences(resumed, Run(clinic.bind(planned), clinic.cells(), 8).finish())


def test_that_a_damaged_file_of_a_paused_run_is_refused(tmp_path: Path) -> None:
    bound = clinic.bind()
    save(Run(bound, clinic.cells(), 8).advance(22), tmp_path / "paused")
    content = (tmp_path / "paused").read_bytes()
    places = np.linspace(0, len(content) - 1, 60).astype(int)
    for place in places:
        broken = bytearray(content)
        broken[place] ^= 1 << (place % 8)
        (tmp_path / "broken").write_bytes(broken)
        with pytest.raises(ResultError, match="changed or cut short"):
            resume(tmp_path / "broken", bound)
    for length in [*places[:40], len(content) - 1]:
        (tmp_path / "broken").write_bytes(content[:length])
        with pytest.raises(ResultError, match="changed or cut short"):
            resume(tmp_path / "broken", bound)


def test_that_a_paused_run_of_another_declaration_or_no_file_is_refused(tmp_path: Path) -> None:
    save(Run(clinic.bind(), clinic.cells(), 8).advance(_month_ends()[3]), tmp_path / "paused")
    with pytest.raises(ResultError, match="longer run"):
        resume(tmp_path / "paused", clinic.bind(days=50))
    with pytest.raises(ResultError, match="cannot read"):
        resume(tmp_path / "nothing", clinic.bind())
    with pytest.raises(ResultError, match="cannot be written"):
        save(Run(clinic.bind(), clinic.cells(), 8).advance(22), tmp_path / "paused" / "folder")
    gc.collect()  # what the error kept alive can be collected
    with pytest.raises(ResultError, match="month's end only"):
        save(Run(clinic.bind(), clinic.cells(), 8).advance(30), tmp_path / "paused")
