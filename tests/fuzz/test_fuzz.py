"""What is wrong ends in one clear line, soon and in little memory: some hundred things of each kind.

`python tests/fuzz` tries thousands. A number that once showed a fault is kept below, for ever.
"""

from __future__ import annotations

import pytest

from fuzz import flips, trying

MANY = {"files": 100, "arguments": 120, "calls": 50}
ONCE_WRONG = {"files": (), "arguments": (1303,), "calls": (18, 34, 71, 83, 137, 221)}
FIRST = 1_000_000  # numbers the script does not come to, so that the suite tries others


@pytest.mark.parametrize("kind", MANY)
def test_that_what_is_wrong_ends_in_one_clear_line(kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    trying.furnish(tmp_path)
    trying.warm_up()
    seeds = [*ONCE_WRONG[kind], *range(FIRST, FIRST + MANY[kind])]
    ends = [trying.tried(kind, seed) for seed in seeds]
    faults = [end for end in ends if end.fault]
    assert not faults, "\n".join(f"{end.kind} {end.seed}: {end.what}: {end.said}" for end in faults)
    assert {trying.DONE, trying.REFUSED} == {end.what for end in ends}, "some fit and some do not"


def test_that_a_damaged_file_is_one_clear_line_or_made_anew_or_harmless(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    trying.furnish(tmp_path)
    every = flips.every(tmp_path)
    ends = [trying.flipped(every, seed) for seed in range(FIRST, FIRST + 80)]
    faults = [end for end in ends if end.fault]
    assert not faults, "\n".join(f"{end.kind} {end.seed}: {end.what}: {end.said}" for end in faults)
    for kind in every:
        assert any(end.what == trying.REFUSED for end in ends if end.kind == kind), kind


def test_that_a_machine_of_damaged_forms_is_mended_and_says_the_same(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    trying.furnish(tmp_path)
    assert flips.whole_machine(FIRST, tmp_path) == ""
