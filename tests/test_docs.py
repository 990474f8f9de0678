"""The pages of docs/ that are read off the project are of today; every mechanism has its lever."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from docketflow.conductor.model import outcomes_answered
from docketflow.core.outcomes import outcomes
from docketflow.core.strict_yaml import read_yaml
from docketflow.evidence import load
from docketflow.policy import levers

DOCS = Path(__file__).parents[1] / "docs"
ASKED = Path(__file__).with_name("outcomes_asked.txt")
MECHANISMS = read_yaml(DOCS / "mechanisms.yaml")
NO_LEVER = read_yaml(DOCS / "no_lever.yaml")


def _script(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


pages = _script(DOCS / "pages.py")
validation = _script(DOCS.parent / "benchmarks" / "validation.py")


@pytest.mark.parametrize("name", pages.PAGES)
def test_that_a_printed_page_is_of_today(name):
    assert (DOCS / name).read_text(encoding="utf-8") == pages.PAGES[name](), "stale: python docs/pages.py"


def test_that_the_page_on_validation_is_printed_from_what_was_measured():
    printed = validation.page(validation.kept())
    assert validation.PAGE.read_text(encoding="utf-8") == printed, "python benchmarks/validation.py --print"


def test_that_a_course_against_the_published_one_has_its_reason():
    opposite = validation.opposite(validation.kept())
    assert sorted(opposite) == sorted(read_yaml(validation.WORDS)["courses"])


def test_that_every_mechanism_has_a_lever_or_says_why_it_has_none():
    for row in MECHANISMS:
        assert row.get("levers") or row.get("left_out"), row["mechanism"]
        for start in row.get("levers", []):
            assert any(path.startswith(start) for path in levers()), start


def test_that_every_lever_belongs_to_a_mechanism():
    starts = tuple(start for row in MECHANISMS for start in row.get("levers", []))
    assert [path for path in levers() if not path.startswith(starts)] == []


def test_that_a_parameter_without_a_lever_says_why_and_one_with_a_lever_does_not():
    without = [path for path in load().parameters if path not in levers()]
    starts = [start for row in NO_LEVER for start in row["of"]]
    assert [path for path in without if sum(path.startswith(start) for start in starts) != 1] == []
    named = {start: [path for path in without if path.startswith(start)] for start in starts}
    assert [start for start, paths in named.items() if not paths] == []


def test_that_every_authority_belongs_to_one_mechanism():
    named = [key for row in MECHANISMS for key in row.get("law", [])]
    assert sorted(named) == sorted(load().laws)


def test_that_the_checklist_leads_to_files_that_are_there():
    for section in read_yaml(DOCS / "stress_des.yaml"):
        for item in section["items"]:
            assert all((DOCS / address).exists() for address in item["where"]), item["item"]


def test_that_every_outcome_has_an_answer_or_says_why_it_has_none():
    found = outcomes_answered()
    for name, one in outcomes().items():
        has = name in found or any(part.startswith(f"{name}.") for part in found)
        assert has == (not one.no_answer), name


def test_that_no_outcome_that_was_asked_for_is_gone():
    assert [name for name in ASKED.read_text(encoding="utf-8").split() if name not in outcomes()] == []
