"""Laws of a study's folder: the same bytes for any number of workers, and after being killed and resumed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from pathlib import Path

import pytest

STUDY = ["study", "fiscal-year-2024", "--members", "8", "--scale", "1/2000", "--seed", "5"]


def run(folder: Path, *more: str, study: list[str] = STUDY) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "docketflow.cli", *study, "--out", str(folder), *more]
    return subprocess.run(call, capture_output=True, text=True)


def contents(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("study") / "whole"
    ended = run(folder, "--workers", "1")
    assert ended.returncode == 0, ended.stderr
    return folder


@pytest.mark.parametrize("workers", ["2", "4", "8"])
def test_that_the_number_of_workers_changes_no_byte(workers, whole, tmp_path):
    assert run(tmp_path / "many", "--workers", workers).returncode == 0
    assert contents(tmp_path / "many") == contents(whole)


def test_that_a_killed_study_is_resumed_to_the_same_bytes(whole, tmp_path):
    folder = tmp_path / "killed"
    call = [sys.executable, "-m", "docketflow.cli", *STUDY, "--out", str(folder), "--workers", "1"]
    running = subprocess.Popen(call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not list(folder.rglob("*.parquet")) and running.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    running.kill()
    running.wait()
    assert list(folder.rglob("*.parquet")), "nothing was kept before the kill"
    ended = run(folder, "--workers", "1", "--resume")
    assert ended.returncode == 0, ended.stderr
    assert contents(folder) == contents(whole)


def test_that_a_study_of_other_settings_is_not_resumed(whole):
    before = contents(whole)
    other = [*STUDY[:-1], "6"]
    ended = run(whole, "--resume", study=other)
    assert ended.returncode == 2
    assert len(ended.stderr.strip().splitlines()) == 1
    assert "seed" in ended.stderr
    assert contents(whole) == before


def test_that_nothing_is_resumed_where_there_is_no_study(tmp_path):
    ended = run(tmp_path / "nowhere", "--resume")
    assert ended.returncode == 2
    assert len(ended.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "nowhere").exists()
