"""Laws of how a member ends: answered, failed by the model, or not run; and of when a study is whole."""

from __future__ import annotations

import errno
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import pytest

import docketflow as dk
from docketflow.core.errors import ResultError, UsageError
from docketflow.results.block import pack
from docketflow.results.blocks import read_block
from docketflow.studies.carry import Carrying, Unfinished
from docketflow.studies.close import check_ends, close, forget_failures, keep_one_of_each
from docketflow.studies.conduct import _crew
from docketflow.studies.leases import Leases
from docketflow.studies.task import DIED, reason
from docketflow.studies.workers import Here, Processes, Theirs

from . import made


@pytest.fixture
def folder(tmp_path):
    return made.begun(tmp_path / "study")


def carry(folder, crew, work):
    with Leases(folder.path) as leases:
        Carrying(folder, made.tasks(), crew, leases, work=work).until_all_are_there()


def in_processes(folder, work, workers=2):
    with Processes(workers).at_work() as crew:
        carry(folder, crew, work)


def failures(folder):
    found = {}
    for path in folder.blocks(made.SCENARIO.name).values():
        found |= read_block(path)[0].failures
    return found


def test_that_a_broken_executor_makes_no_member_fail_and_is_gone_on_with(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("STRUCK", str(tmp_path / "struck"))
    with (
        ProcessPoolExecutor(2) as theirs,
        pytest.raises(Unfinished, match="of 12 members were not run") as told,
    ):
        carry(folder, Theirs(theirs, 2), made.struck)
    assert told.value.exit_code not in (0, 2) and not folder.finished
    assert set(failures(folder).values()) <= {"too full"} and len(failures(folder)) < made.MEMBERS
    carry(folder, Here(), made.easy)
    assert failures(folder) == dict.fromkeys(range(made.MEMBERS), "too full")


def test_that_a_study_goes_on_in_this_process_where_no_memory_can_be_shared(folder, monkeypatch):
    def refuse(self: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(multiprocessing.context.SpawnContext, "Lock", refuse)
    with _crew(made.tasks(), 2, None, None, made.easy) as (crew, _):
        assert isinstance(crew, Here)


def test_that_a_worker_killed_from_outside_costs_no_member(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("STRUCK", str(tmp_path / "struck"))
    in_processes(folder, made.struck)
    assert (tmp_path / "struck").exists()
    assert failures(folder) == dict.fromkeys(range(made.MEMBERS), "too full")


def test_that_only_the_member_that_dies_alone_each_time_has_failed_of_it(folder):
    in_processes(folder, made.deadly)
    assert failures(folder) == {**dict.fromkeys(range(made.MEMBERS), "too full"), 4: DIED}


def test_that_what_the_machine_refuses_leaves_members_missing_and_the_study_open(folder):
    with pytest.raises(Unfinished, match=r"3 of 12 members were not run \(no space left on device\)"):
        carry(folder, Here(), made.full_disk)
    assert sorted(failures(folder)) == [0, 1, 2, *range(6, 12)]
    with Leases(folder.path) as leases:
        assert not close(folder, made.tasks(), leases)
    assert not folder.finished


@pytest.mark.parametrize("ends", [{3: "failed"}, {3: "a", 4: "b", 5: "c", 6: "d"}])
def test_that_a_study_is_whole_only_when_every_member_answered_or_failed_once(folder, ends):
    carry(folder, Here(), made.easy)
    check_ends(folder, made.tasks())
    folder.remove(made.SCENARIO.name, 3)
    folder.put(made.SCENARIO.name, 3, pack(None, ends, ends, members=made.MEMBERS))
    with pytest.raises(ResultError, match=f"has {len(ends)} members that answered or failed, not the 3"):
        check_ends(folder, made.tasks())


def test_that_a_member_that_was_not_run_to_an_end_is_no_end(folder):
    carry(folder, Here(), made.easy)
    folder.remove(made.SCENARIO.name, 3)
    gone = pack(None, (3, 4, 5), {3: "too full"}, {4: "lost", 5: "lost"}, members=made.MEMBERS)
    folder.put(made.SCENARIO.name, 3, gone)
    with pytest.raises(ResultError, match="has 1 members"):
        check_ends(folder, made.tasks())


def test_that_two_machines_that_disagree_are_told_and_nothing_is_chosen_for_them(folder):
    carry(folder, Here(), made.easy)
    keep_one_of_each(folder, made.SCENARIO.name)
    folder.put(made.SCENARIO.name, 3, pack(None, (3, 4, 5), dict.fromkeys((3, 4, 5), "other"), members=12))
    with pytest.raises(ResultError, match="two machines gave different numbers"):
        keep_one_of_each(folder, made.SCENARIO.name)
    assert len(folder.copies(made.SCENARIO.name)[3]) == 2


def test_that_a_worker_with_other_code_runs_nothing(tmp_path):
    folder = made.begun(tmp_path / "other", code="of another version")
    with pytest.raises(Unfinished, match=r"12 members were not run \(a worker has another version of"):
        carry(folder, Here(), made.easy)


def test_that_what_failed_is_run_again_when_asked(folder):
    in_processes(folder, made.deadly, workers=1)
    forget_failures(folder, made.tasks())
    assert not folder.blocks(made.SCENARIO.name)
    carry(folder, Here(), made.easy)
    assert DIED not in failures(folder).values()


def test_that_trying_again_needs_a_study_that_is_there(tmp_path):
    with pytest.raises(UsageError, match="--retry-failed needs --resume"):
        dk.study("fiscal-year-2024", out=tmp_path / "none", retry_failed=True)


@pytest.mark.parametrize(
    "said", ["lost tcp://127.0.0.1:38811 at once", "no route to 10.0.0.7:80", "<Thing at 0x7f3a>"]
)
def test_that_a_reason_is_the_same_whatever_the_address(said):
    assert not any(part in reason(ValueError(said)) for part in ("127", "10.0", "7f3a"))
