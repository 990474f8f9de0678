"""Laws of writing: what goes wrong is told of the place a user named, and leaves nothing there."""

from __future__ import annotations

import errno

import pytest

from docketflow.core import files
from docketflow.core.errors import ResultError


def test_that_a_full_disk_is_told_of_the_place_and_not_of_where_it_was_made(tmp_path, monkeypatch):
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    place = tmp_path / "result"
    with (
        pytest.raises(ResultError, match="no space left") as caught,
        files.folder(place, lambda *_: ()) as aside,
    ):
        files.write(aside / "report.html", "text")
    assert str(place / "report.html") in str(caught.value)
    assert files.PREFIX not in str(caught.value)
    assert not list(tmp_path.iterdir())
