"""Laws of where things are kept: what the user names first, then the installation, then the user's cache."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from docketflow.core import places


@pytest.fixture(autouse=True)
def nothing_named(monkeypatch, tmp_path):
    monkeypatch.setenv(places.NAMED, "")
    monkeypatch.setattr(places, "INSTALLED", tmp_path / "installed")
    monkeypatch.setattr(places, "_of_the_user", lambda: (tmp_path / "user",))
    monkeypatch.setattr(places, "_made", [])
    places._first_writable.cache_clear()
    yield tmp_path
    places._first_writable.cache_clear()


def unwritable(place: Path) -> None:
    place.write_text("a file where the folder should be")


def test_that_the_installation_comes_first_then_the_user_then_a_temporary_folder(nothing_named):
    home = nothing_named
    assert places.writable() == home / "installed" and not places.is_temporary()
    (home / "installed").rmdir()
    unwritable(home / "installed")
    places._first_writable.cache_clear()
    assert places.writable() == home / "user" and not places.is_temporary()
    (home / "user").rmdir()
    unwritable(home / "user")
    places._first_writable.cache_clear()
    made = places.writable()
    assert made is not None and made.is_dir() and places.is_temporary()
    assert os.environ[places.NAMED] == str(made), "its children look there too"
    places._remove(made, os.getpid())
    assert not made.exists()


def test_that_a_named_folder_is_made_and_the_installation_is_still_looked_into(nothing_named, monkeypatch):
    monkeypatch.setenv(places.NAMED, str(nothing_named / "a" / "b"))
    assert places.writable() == nothing_named / "a" / "b"
    assert places.readable() == (nothing_named / "a" / "b", nothing_named / "installed")


def test_that_without_any_folder_nothing_is_kept_and_nothing_fails(nothing_named, monkeypatch):
    unwritable(nothing_named / "installed")
    unwritable(nothing_named / "user")
    monkeypatch.setattr(places, "TEMPORARY", (str(nothing_named / "nowhere"),))
    assert places.writable() is None and places.is_temporary()
