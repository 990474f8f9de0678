"""Laws of result folders: whole or not at all, checked, never pickle."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import numpy as np
import pytest

from docketflow.core.errors import ResultError
from docketflow.core.files import sealed
from docketflow.results import block, is_result, load, save, store
from docketflow.results.arrays import GROUPS, Held
from docketflow.results.block import pack, unpack
from docketflow.results.folder import CHECKSUMS, MANIFEST

from .made import made


@pytest.fixture
def folder(result, tmp_path):
    return save(result, tmp_path / "kept")


def test_that_what_is_loaded_equals_what_was_saved(result, folder):
    again = load(folder)
    assert_equal(result, again)
    assert again.to_json() == result.to_json()
    assert again.levers == result.levers and again.axes == result.axes


def test_that_a_result_without_optional_groups_is_kept_as_well(tmp_path):
    bare = made(stocks={}, resources={}, flows={}, costs={}, levers=[], target=None)
    again = load(save(bare, tmp_path / "bare"))
    assert again.to_json() == bare.to_json() and again.labels("stage") == ()


def test_that_saving_twice_writes_the_same_bytes_and_leaves_nothing_behind(result, folder):
    before = contents(folder)
    save(result, folder)
    assert contents(folder) == before
    assert [entry.name for entry in folder.parent.iterdir()] == ["kept"]


def contents(folder):
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_that_every_file_has_a_checksum_and_none_is_a_pickle(folder):
    sums = json.loads((folder / CHECKSUMS).read_text())["files"]
    assert set(sums) == set(contents(folder)) - {CHECKSUMS}
    assert all(name.endswith((".parquet", ".json")) for name in sums)


def test_that_many_members_are_kept_in_several_blocks_and_read_as_one(monkeypatch, tmp_path, result):
    monkeypatch.setattr(store, "MEMBERS_A_BLOCK", 7)
    folder = save(result, tmp_path / "many")
    assert len(list(folder.rglob("*.parquet"))) == 6
    assert_equal(load(folder), result)


def test_that_each_member_is_kept_with_its_end(tmp_path):
    some = made(design={"court.judges": np.arange(40.0)}, exhausted={"beds": np.ones((40, 3))})
    failures, missing = {3: "a day too full for the memory"}, {8: "its worker was lost"}
    for group, array in some.arrays.items():
        array.swapaxes(0, GROUPS[group].index("member"))[[3, 8]] = np.nan
    again = load(save(replace(some, failures=failures, missing=missing), tmp_path / "ends"))
    assert (again.failures, again.missing) == (failures, missing)
    assert_equal(again, some)
    assert again["removals.ice"].whole == some["removals.ice"].whole


def assert_equal(one, two):
    assert set(one.arrays) == set(two.arrays) and one.axes == two.axes
    for group, array in one.arrays.items():
        assert np.array_equal(array, two.arrays[group], equal_nan=True), group


def test_that_a_group_of_a_later_version_is_read_over(result, monkeypatch):
    more = Held(result.arrays, waits=result.arrays["stocks"])
    with monkeypatch.context() as later:
        later.setattr(block, "GROUPS", {**GROUPS, "waits": GROUPS["stocks"]})
        data = pack(replace(result, arrays=more), range(40), members=40)
    about, arrays = unpack(data, None)
    assert about.groups["waits"] == ("stage", "month") and arrays["waits"].shape == (40, 2, 3)


def test_that_more_files_are_sealed_with_the_folder(result, tmp_path):
    folder = save(result, tmp_path / "r", also=lambda place: (place / "report.html").write_text("<p>"))
    assert "report.html" in json.loads((folder / CHECKSUMS).read_text())["files"]
    assert load(folder).scenario == "trial"


def test_that_a_failure_while_writing_leaves_no_folder_and_keeps_the_old_one(result, folder, tmp_path):
    def fail(_):
        raise ValueError("the report broke")

    for place in (folder, tmp_path / "new"):
        with pytest.raises(ValueError, match="the report broke"):
            save(result, place, also=fail)
    assert [entry.name for entry in tmp_path.iterdir()] == ["kept"]
    assert load(folder).scenario == "trial"


DAMAGE = {
    "a block cut short": (lambda f: block_of(f).write_bytes(b"PAR1"), "parquet has changed"),
    "a block gone": (lambda f: block_of(f).unlink(), "parquet is missing"),
    "no manifest": (lambda f: (f / MANIFEST).unlink(), "not a result folder"),
    "half a manifest": (
        lambda f: (f / MANIFEST).write_text((f / MANIFEST).read_text()[:99]),
        "not valid JSON",
    ),
    "a number changed in the manifest": (
        lambda f: (f / MANIFEST).write_text((f / MANIFEST).read_text().replace('"seed": 1', '"seed": 2')),
        "manifest.json has changed",
    ),
    "a manifest of something else": (lambda f: (f / MANIFEST).write_text("{}"), "not that of a result"),
    "a list for a manifest": (lambda f: (f / MANIFEST).write_text("[1]"), "not that of a result"),
    "a manifest that is no text": (lambda f: (f / MANIFEST).write_bytes(b"\xff\xfe\x00"), "not valid JSON"),
    "no checksums": (lambda f: (f / CHECKSUMS).unlink(), "not finished"),
    "checksums changed": (lambda f: reseal(f / CHECKSUMS, files={}), "checksums.json has changed"),
    "a manifest of another version": (
        lambda f: (f / MANIFEST).write_text(sealed({"format": 1, "members": 5, "docketflow": "0.0.9"})),
        r"written by docketflow 0\.0\.9 in format 1; this version reads format 3: run it again",
    ),
}


def block_of(folder):
    return next(folder.rglob("*.parquet"))


def reseal(path, **more):
    path.write_text(json.dumps({**json.loads(path.read_text()), **more}))


@pytest.mark.parametrize("kind", DAMAGE)
def test_that_a_damaged_folder_gets_one_clear_line(kind, folder):
    harm, wanted = DAMAGE[kind]
    harm(folder)
    with pytest.raises(ResultError, match=wanted) as caught:
        load(folder)
    assert "\n" not in str(caught.value) and str(folder) in str(caught.value)


def test_that_a_folder_that_is_not_there_gets_one_clear_line(tmp_path):
    with pytest.raises(ResultError, match="there is no such folder"):
        load(tmp_path / "none")


def test_that_a_folder_with_something_else_in_it_is_never_overwritten(result, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(ResultError, match="exists and is not a result folder"):
        save(result, tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"
    with pytest.raises(ResultError, match="is a file"):
        save(result, tmp_path / "mine" / "thesis.txt")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_that_a_place_one_may_not_write_to_is_refused(result, tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(ResultError, match="cannot be written"):
        save(result, tmp_path / "kept")
    tmp_path.chmod(0o700)


def test_that_a_place_below_a_file_is_refused(result, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ResultError, match="cannot be written"):
        save(result, tmp_path / "file" / "kept")
    with pytest.raises(ResultError):
        save(result, tmp_path / ("x" * 500))


def test_that_an_empty_folder_may_become_a_result(result, tmp_path):
    (tmp_path / "empty").mkdir()
    assert not is_result(tmp_path / "empty")
    assert is_result(save(result, tmp_path / "empty"))


def test_that_nothing_infinite_enters_a_manifest(result, tmp_path):
    result.manifest["bias"] = np.inf
    with pytest.raises(ResultError, match="not plain"):
        save(result, tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


def test_that_what_another_version_wrote_is_left_alone_and_the_run_gets_a_place_beside_it(result, tmp_path):
    run = {key: result.manifest.get(key) for key in store.RUN}
    folder = save(result, tmp_path / "trial")
    assert store.place_for("trial", run, within=tmp_path) == folder
    (folder / MANIFEST).write_text(sealed({"format": 1, "members": 5}))
    beside = store.place_for("trial", run, within=tmp_path)
    assert beside.name.startswith("trial-")
    assert load(save(result, beside)).scenario == "trial"
    with pytest.raises(ResultError, match="of another version in format 1"):
        save(result, folder)
