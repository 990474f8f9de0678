"""Laws of result folders: whole or not at all, checked, never pickle."""

from __future__ import annotations

import json
import os

import numpy as np
import pandas as pd
import pytest

from docketflow.core.errors import ResultError
from docketflow.results import is_result, load, save
from docketflow.results.store import MANIFEST

from .made import made

GROUPS = ("period", "monthly", "opening", "stocks", "resources", "flows", "costs")


@pytest.fixture
def folder(result, tmp_path):
    return save(result, tmp_path / "kept")


def test_that_what_is_loaded_equals_what_was_saved(result, folder):
    again = load(folder)
    for group in GROUPS:
        assert np.array_equal(result.arrays[group], again.arrays[group], equal_nan=True), group
    assert again.to_json() == result.to_json()
    assert again.levers == result.levers and again.axes == result.axes


def test_that_a_result_without_optional_groups_is_kept_as_well(tmp_path):
    bare = made(stocks={}, resources={}, flows={}, costs={}, levers=[], target=None)
    again = load(save(bare, tmp_path / "bare"))
    assert again.to_json() == bare.to_json() and again.labels("stage") == ()


def test_that_saving_twice_writes_the_same_bytes_and_leaves_nothing_behind(result, folder):
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    save(result, folder)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert [entry.name for entry in folder.parent.iterdir()] == ["kept"]


def test_that_every_file_has_a_checksum_and_none_is_a_pickle(folder):
    manifest = json.loads((folder / MANIFEST).read_text())
    files = {file.name for file in folder.iterdir()} - {MANIFEST}
    assert set(manifest["files"]) == files
    assert all(name.endswith(".parquet") for name in files)


def test_that_outcomes_are_one_tidy_table(folder):
    table = pd.read_parquet(folder / "outcomes.parquet")
    assert list(table.columns) == ["member", "month", "outcome", "value"]
    assert {"period", "opening", "2025-02"} <= set(table["month"])


def test_that_more_files_are_sealed_with_the_folder(result, tmp_path):
    folder = save(result, tmp_path / "r", also=lambda place: (place / "report.html").write_text("<p>"))
    assert "report.html" in json.loads((folder / MANIFEST).read_text())["files"]
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
    "a table cut short": (lambda f: (f / "costs.parquet").write_bytes(b"PAR1"), "costs.parquet has changed"),
    "a table gone": (lambda f: (f / "costs.parquet").unlink(), "costs.parquet is missing"),
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
}


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
