"""Laws of leases: one worker a block, and nobody who is gone keeps one."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from docketflow.studies import leases as module
from docketflow.studies.leases import LEASE, Leases

KEY, OTHER = ("plan.v2", 25), ("plan", 0)
HOLDER = """
import sys, time
from pathlib import Path
from docketflow.studies.leases import Leases
with Leases(Path(sys.argv[1])) as mine:
    print(mine.claim(("plan.v2", 25)), flush=True)
    time.sleep(600)
"""


@pytest.fixture
def holder(tmp_path):
    """Give a process that holds the lease of KEY."""
    call = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline().strip() == "True"
        yield process
        process.kill()


def test_that_a_block_is_leased_to_one_of_many(tmp_path):
    with Leases(tmp_path) as one, Leases(tmp_path) as two:
        got: list[bool] = []
        threads = [
            threading.Thread(target=lambda who=who: got.append(who.claim(KEY))) for who in (one, two) * 8
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(got) == [False] * 15 + [True]
        assert one.held() == two.held() == {KEY}


def test_that_leases_are_given_back_at_the_end_and_nothing_is_left(tmp_path):
    with Leases(tmp_path) as one:
        with Leases(tmp_path) as two:
            assert one.claim(KEY) and two.claim(OTHER)
        assert one.held() == {KEY}
    assert not list(tmp_path.iterdir())


def test_that_a_killed_process_under_the_same_system_keeps_nothing(tmp_path, holder):
    with Leases(tmp_path) as mine:
        assert mine.held() == {KEY} and not mine.claim(KEY)
        holder.kill()
        holder.wait()
        assert mine.held() == set() and mine.claim(KEY)
    assert not list(tmp_path.iterdir())


def test_that_one_on_another_machine_is_dead_when_it_beats_no_more(tmp_path, holder, monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])
    with Leases(tmp_path) as mine:
        monkeypatch.setattr(module, "_kernel", lambda: "elsewhere")
        holder.kill()
        holder.wait()
        for moment, held in ((0, {KEY}), (59, {KEY}), (61, set())):
            clock[0] = moment
            assert mine.held() == held


def test_that_one_that_beats_lives_whatever_its_clock_says(tmp_path, holder, monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])
    with Leases(tmp_path) as mine:
        monkeypatch.setattr(module, "_kernel", lambda: "elsewhere")
        [beat] = [path for path in (tmp_path / module.FOLDER).glob("*.beat") if mine.owner not in path.name]
        for count in range(4):
            clock[0] += 50
            beat.write_text(f"of another clock {count}")
            assert mine.held() == {KEY}


@pytest.mark.parametrize("said", ["", "nobody", "../../outside", "x/y", "\0"])
def test_that_no_lease_left_behind_blocks_for_ever(tmp_path, said, monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])
    with Leases(tmp_path) as mine:
        Path(tmp_path / module.FOLDER / f"plan.000000{LEASE}").write_text(said)
        outside = tmp_path.parent / "outside.beat"
        outside.touch()
        mine.held()
        clock[0] = 61
        assert mine.held() == set() and mine.claim(OTHER) and outside.exists()
