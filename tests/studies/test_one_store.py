"""A run is a study of one scenario: one folder, one format, the same numbers, read by either door."""

from __future__ import annotations

import csv
import dataclasses
import re

import numpy as np
import pytest

import docketflow as dk
from docketflow.core.errors import ResultError
from docketflow.results import blocks, load, save
from docketflow.results.arrays import GROUPS
from docketflow.results.block import pack
from docketflow.results.blocks import read_block
from docketflow.results.result import ABOUT
from docketflow.studies import conduct
from docketflow.studies import load as load_study
from docketflow.studies.study import TABLES, write_tables

NAME, SIZE = "fiscal-year-2024", {"members": 3, "scale": "1/5000", "seed": 2}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return dk.study(NAME, **SIZE, workers=1, out=tmp_path_factory.mktemp("one") / "study")


@pytest.fixture(scope="module")
def run():
    return dk.run(NAME, **SIZE)


def assert_equal(one, two):
    assert one.axes == two.axes and dict(one.manifest) == dict(two.manifest)
    assert list(one.levers) == list(two.levers)
    for group in GROUPS:
        assert np.array_equal(one.arrays[group], two.arrays[group], equal_nan=True), group


def test_that_a_run_and_a_study_of_one_scenario_say_the_same(study, run, tmp_path):
    assert_equal(study[NAME], run)
    assert_equal(load(study.folder.path), run)
    assert_equal(load_study(save(run, tmp_path / "run"))[NAME], run)


def test_that_tables_are_the_same_however_few_outcomes_are_held_at_a_time(study, monkeypatch):
    folder, reads = study.folder.path, []
    before = {name: (folder / name).read_bytes() for name in TABLES}
    monkeypatch.setattr(blocks, "ROOM", 8 * study.members * 14 * 40)  # forty outcomes of twelve months

    def read(path, groups=()):
        reads.append(groups)
        return read_block(path, groups)

    monkeypatch.setattr(blocks, "read_block", read)
    write_tables(load_study(folder))
    assert {name: (folder / name).read_bytes() for name in TABLES} == before
    passes = -(-len(study[NAME].names) // 40)
    assert sum(groups == blocks.OUTCOMES for groups in reads) == passes * len(study.folder.blocks(NAME))


def test_that_what_was_drawn_for_each_member_is_kept(run):
    names, drawn = run.labels("parameter"), run.arrays["design"]
    moves = np.ptp(drawn, axis=1) > 0
    assert len(names) > 300
    assert set(drawn[~moves].flat) <= {0, 1}  # a share of nought and a factor of one keep to it
    paths = [re.split(r"[[@]", name)[0] for name in names]
    assert set(paths) == {path for path, own in zip(paths, moves, strict=True) if own}


def test_that_the_days_on_which_something_ran_out_are_kept_for_each_month(run):
    days = run.arrays["exhausted"]
    assert days.shape == (len(run.labels("resource")), run.members, len(run.months))
    assert (days >= 0).all() and (days <= np.array(run.days)).all() and days.sum() > 0


def test_that_a_study_writes_the_tables_of_a_run(study):
    for name in ("answers.csv", "answers_by_month.csv"):
        with (study.folder.path / name).open(newline="") as lines:
            rows = list(csv.DictReader(lines))
        assert {row["scenario"] for row in rows} == {NAME} and {row["members"] for row in rows} == {"3"}
        assert set(ABOUT) <= set(rows[0]) and {row["outcome"] for row in rows} <= set(study[NAME].names)


def test_that_a_study_says_of_each_member_how_it_ended(study, tmp_path, monkeypatch):
    def some(task):
        part = task.first
        result = dataclasses.replace(study[NAME], arrays=one_of(study[NAME], part), failures={}, missing={})
        return pack(
            None if part else result, task.numbers, {part: "=a day too full"} if part else {}, members=3
        )

    monkeypatch.setitem(conduct._carry_out.__kwdefaults__, "work", some)
    found = dk.study(NAME, **SIZE, workers=1, out=tmp_path / "ends")
    assert [(row["member"], row["end"]) for row in found.failures] == [(1, "failed"), (2, "failed")]
    assert found[NAME].failures == {1: "=a day too full", 2: "=a day too full"} and not found[NAME].missing
    assert np.isfinite(found[NAME]["removals.ice"].values).tolist() == [True, False, False]
    with (found.folder.path / "failures.csv").open(newline="") as lines:
        assert {row["reason"] for row in csv.DictReader(lines)} == {"'=a day too full"}


def one_of(result, member):
    from docketflow.results.arrays import GROUPS, Held

    groups = [name for name in GROUPS if name in result.arrays]
    return Held({name: result.arrays[name].take([member], GROUPS[name].index("member")) for name in groups})


def test_that_a_study_of_several_scenarios_is_not_taken_for_a_result(study, tmp_path):
    both = dk.study(
        [NAME, "baseline-january-2025"], **{**SIZE, "members": 1}, workers=1, out=tmp_path / "two"
    )
    with pytest.raises(ResultError, match="is a study of fiscal-year-2024, baseline-january-2025"):
        load(both.folder.path)
