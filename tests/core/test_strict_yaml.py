"""Laws of reading YAML: nothing surprising is read, everything else is one line with its place."""

import datetime as dt
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docketflow.core.errors import ScenarioError
from docketflow.core.strict_yaml import LARGEST, parse_lined, parse_yaml, read_yaml


def test_that_words_stay_words_and_numbers_become_numbers():
    said = parse_yaml("{a: no, yes: on, b: 1e6, c: 1_000, d: .5, e: true, f: 1:30, 2024-02-29: 7}", where="x")
    assert said == {
        "a": "no",
        "yes": "on",
        "b": 1e6,
        "c": 1000,
        "d": 0.5,
        "e": True,
        "f": "1:30",
        dt.date(2024, 2, 29): 7,
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x [1]\nb: *x", "aliases"),
        ("a: .nan", "finite"),
        ("a: -.inf", "finite"),
        ("a: 1e999", "finite"),
        ("a: 1\nb: 2\na: 3", "line 3: 'a' is given twice"),
        ("a: [1", "line 2"),
        ("a: !!python/object:os.system 1", "tags"),
        ("a: !!float ''", "line 1: tags"),
        ("a:\n  - !!int ''", "line 2: tags"),
        ("a: !!bool x", "tags"),
        ("a: !!timestamp x", "tags"),
        ("a: !!map [1, 2]", "tags"),
        ("! a: 1", "tags"),
        ('a: "\\e]0;owned\\a"', r"'\\x1b' is no character of plain text"),
        ('"\\u202e": 1', "no character of plain text"),
        ("? [a]\n: b", "key"),
        ("a: \x00", "YAML"),
        ("[" * 100_000, "nest"),
        ("a: 2024-02-31", "YAML"),
    ],
)
def test_that_a_dangerous_or_broken_text_is_one_line(text, said):
    with pytest.raises(ScenarioError, match=said) as caught:
        parse_yaml(text, where="plan.yaml", error=ScenarioError)
    assert str(caught.value).startswith("plan.yaml: ")
    assert "\n" not in str(caught.value)


@given(st.text(max_size=60))
def test_that_any_text_is_read_or_refused_in_one_line(text):
    try:
        parse_yaml(text, where="x", error=ScenarioError)
    except ScenarioError as refused:
        assert "\n" not in str(refused)


def test_that_an_unreadable_file_is_one_line(tmp_path):
    with pytest.raises(ScenarioError, match="no such file"):
        read_yaml(tmp_path / "none.yaml", error=ScenarioError)
    for other in (b"a: \xff\xfe", "a: Ávila – 20".encode("cp1252"), "a: 1".encode("utf-16")):
        (tmp_path / "other.yaml").write_bytes(other)
        with pytest.raises(ScenarioError, match="UTF-8"):
            read_yaml(tmp_path / "other.yaml", error=ScenarioError)


def test_that_only_plain_files_of_bounded_size_are_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "large.yaml").write_bytes(b"#" * (LARGEST + 1))
    for path, said in (
        (Path("/dev/zero"), "is no plain file"),
        (tmp_path / "pipe.yaml", "is no plain file"),
        (tmp_path, "is a folder"),
        (tmp_path / "large.yaml", "larger than"),
    ):
        with pytest.raises(ScenarioError, match=said):
            read_yaml(path, error=ScenarioError)


def test_that_every_part_has_the_line_on_which_it_begins():
    said, lines = parse_lined("a: 1\nb:\n  - x\n  - y: 2\n", where="x")
    assert said == {"a": 1, "b": ["x", {"y": 2}]}
    assert (lines["a",], lines["b", 0], lines["b", 1, "y"]) == (1, 3, 4)
