"""Laws of what is kept between uses: the same arrays or none, never an error."""

from __future__ import annotations

import numpy as np
import pytest

from docketflow.core import array_cache, cache, places

ARRAYS = {"words": np.arange(2000, dtype=np.uint64) ** 3, "counts": np.array([3, -1], dtype=np.int64)}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv(places.NAMED, str(tmp_path / "kept"))
    monkeypatch.setattr(places, "INSTALLED", tmp_path / "none")
    return tmp_path / "kept"


def test_that_what_was_kept_is_found_under_its_key_only(home):
    array_cache.write("stock", "one", ARRAYS)
    found = array_cache.read("stock", "one")
    assert found is not None and set(found) == set(ARRAYS)
    for name, array in ARRAYS.items():
        assert found[name].dtype == array.dtype and (found[name] == array).all()
    assert array_cache.read("stock", "two") is None
    assert [path.name for path in home.iterdir()] == ["stock-one.npz"]


def test_that_a_damaged_file_is_as_if_it_had_never_been_kept(home):
    array_cache.write("stock", "one", ARRAYS)
    file = home / "stock-one.npz"
    whole = file.read_bytes()
    for place in np.linspace(0, len(whole) - 1, 80).astype(int):
        broken = bytearray(whole)
        broken[place] ^= 0x55
        for content in (bytes(broken), whole[:place]):
            file.write_bytes(content)
            assert array_cache.read("stock", "one") is None


def test_that_nothing_is_kept_where_nothing_can_be_written(monkeypatch):
    monkeypatch.setattr(places, "writable", lambda: None)
    array_cache.write("stock", "one", ARRAYS)
    assert array_cache.read("stock", "one") is None


def test_that_the_oldest_files_of_a_kind_make_room(home):
    for number in range(cache.MOST + 3):
        array_cache.write("stock", f"{number:02}", ARRAYS)
    assert len(list(home.iterdir())) == cache.MOST
    assert array_cache.read("stock", f"{cache.MOST + 2:02}") is not None
