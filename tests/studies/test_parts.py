"""Laws of many processes on one folder, and of a cluster: the same bytes as one quiet process writes."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

import docketflow as dk
from docketflow.core.errors import ResultError, UsageError
from docketflow.results.folder import Folder
from docketflow.studies import cluster as dask
from docketflow.studies.carry import Carrying
from docketflow.studies.close import close
from docketflow.studies.leases import Leases
from docketflow.studies.workers import Gone

from . import made
from .test_resume import contents, run

PARTS = ["study", "fiscal-year-2024", "--members", "6", "--scale", "1/10000", "--seed", "5"]


def part(folder):
    call = [sys.executable, "-m", "docketflow.cli", *PARTS, "--workers", "1", "--part", "--out", str(folder)]
    return subprocess.Popen(call, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def test_that_parts_begun_at_once_and_one_killed_close_one_study(tmp_path):
    assert run(tmp_path / "quiet", "--workers", "1", study=PARTS).returncode == 0
    folder = tmp_path / "parts"
    parts = [part(folder) for _ in range(3)]
    until = time.monotonic() + 60
    while not list(folder.rglob("*.lease")) and time.monotonic() < until:
        time.sleep(0.02)
    parts[0].kill()
    said = [one.communicate()[1] for one in parts]
    assert [one.returncode for one in parts[1:]] == [0, 0], said
    assert contents(folder) == contents(tmp_path / "quiet")
    assert not list(folder.rglob("*.lease")) and not list(folder.rglob("*.beat"))


def test_that_a_part_that_is_a_moment_late_joins_what_another_began(tmp_path, monkeypatch):
    begin = Folder.begin

    def late(folder, manifest):
        begin(Folder(folder.path), manifest)
        begin(folder, manifest)

    monkeypatch.setattr(Folder, "begin", late)
    told = {"members": 1, "scale": "1/10000", "workers": 1}
    assert dk.study("fiscal-year-2024", out=tmp_path / "study", part=True, **told).folder.finished
    with pytest.raises(ResultError, match="holds results already"):
        dk.study("fiscal-year-2024", out=tmp_path / "other", **told)


def test_that_a_part_of_another_study_is_refused_and_touches_nothing(tmp_path):
    made.begun(tmp_path / "study")
    before = contents(tmp_path / "study")
    told = run(tmp_path / "study", "--part", study=[*PARTS[:2], "--members", "7"])
    assert told.returncode == 2 and len(told.stderr.strip().splitlines()) == 1
    assert contents(tmp_path / "study") == before


@pytest.fixture(scope="module")
def address():
    distributed = pytest.importorskip("distributed")
    options = {"n_workers": 1, "threads_per_worker": 1, "processes": False, "dashboard_address": None}
    with distributed.LocalCluster(protocol="tcp", silence_logs=50, **options) as local:
        yield local.scheduler_address


def test_that_a_cluster_writes_what_one_process_writes(address, tmp_path):
    quiet, folder = made.begun(tmp_path / "quiet"), made.begun(tmp_path / "cluster")
    for task in made.tasks():
        quiet.put(*task.key, made.easy(task))
    with dask.cluster(address, made.made_by(), made.made_by) as crew, Leases(folder.path) as leases:
        assert crew.room() == 2  # by its one thread, whatever this machine has
        carrying = Carrying(folder, made.tasks(), crew, leases, work=made.easy, seconds=dask.SECONDS)
        carrying.until_all_are_there()
        assert not list((folder.path / ".leases").glob("*.lease"))
    assert contents(folder.path) == contents(quiet.path)


def test_that_a_cluster_with_other_code_runs_nothing(address):
    other = {**made.made_by(), "evidence": "of another version"}
    with pytest.raises(Gone, match="has another version of the evidence: nothing was run"):
        dask.cluster(address, other, made.made_by).__enter__()


def test_that_a_scheduler_that_is_not_there_is_one_clear_line(monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(dask, "PATIENCE", 0.5)
    with pytest.raises(Gone, match="no scheduler answers at tcp:"):
        dask.cluster("tcp://127.0.0.1:9", made.made_by(), made.made_by).__enter__()
    with pytest.raises(UsageError, match="is no address"):
        dask.cluster("carrier-pigeon://roof", made.made_by(), made.made_by).__enter__()


def test_that_a_study_is_closed_by_one_while_others_wait(tmp_path):
    folder = made.begun(tmp_path / "study")
    with Leases(folder.path) as leases:
        assert not close(folder, made.tasks(), leases)
        assert leases.held() == set()
