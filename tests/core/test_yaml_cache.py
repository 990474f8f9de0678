"""Laws of what YAML texts say, kept between uses: it is what they say, and no text's is another's."""

from __future__ import annotations

import datetime as dt

import pytest

from docketflow.core import places, yaml_cache
from docketflow.core.strict_yaml import parse_yaml

TEXT = """
- {path: a.b, value: 1e6, many: 12, yes: true, none: null, small: 0.1}
- dated: {2025-01-20: 0.5, 2025-02-01: {x: 1, 2: y}}
  at: 2025-03-01
  words: ["2025-03-01", "", "é"]
  when: 2025-03-01 10:20:30
"""


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv(places.NAMED, str(tmp_path / "kept"))
    monkeypatch.setattr(places, "INSTALLED", tmp_path / "none")
    return tmp_path / "kept"


def said(text: str) -> object:
    return yaml_cache.kept("some", {"one.yaml": text}, lambda: parse_yaml(text, where="one.yaml"))


def never() -> object:
    raise AssertionError("it was kept")


def test_that_what_was_kept_is_what_the_text_says_to_the_type():
    first = said(TEXT)
    again = yaml_cache.kept("some", {"one.yaml": TEXT}, never)
    assert again == first and repr(again) == repr(first)
    assert again[1]["dated"][dt.date(2025, 1, 20)] == 0.5


def test_that_another_text_or_another_name_is_read_anew():
    said(TEXT)
    assert said(TEXT.replace("0.5", "0.6"))[1]["dated"][dt.date(2025, 1, 20)] == 0.6
    with pytest.raises(AssertionError):
        yaml_cache.kept("some", {"two.yaml": TEXT}, never)


def test_that_what_was_damaged_is_read_anew(home):
    first = said(TEXT)
    for path in home.iterdir():
        path.write_bytes(path.read_bytes()[:-9] + b"123456789")
    assert said(TEXT) == first
