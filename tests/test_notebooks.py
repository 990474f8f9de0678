"""Python in a notebook: the three notebooks run as they stand, and what they show is there."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

import docketflow as dk
from docketflow.core.errors import DocketflowError

HOME = Path(__file__).parents[1] / "docs" / "notebooks"
NAMES = ("analyst", "reporter", "scholar")


@pytest.fixture(scope="module")
def runner():
    spec = importlib.util.spec_from_file_location("execute", HOME / "execute.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def result():
    return dk.run("fiscal-year-2024", members=3, scale="1/5000")


@pytest.mark.parametrize("name", NAMES)
def test_that_a_notebook_runs_from_its_first_cell_to_its_last(runner, name):
    notebook = json.loads((HOME / f"{name}.ipynb").read_text(encoding="utf-8"))
    kept = [_kinds(cell) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    again = runner.execute(notebook, {"MEMBERS": 2, "SCALE": "1/5000"})
    made = [_kinds(cell) for cell in again["cells"] if cell["cell_type"] == "code"]
    assert made == kept, "execute it anew: python docs/notebooks/execute.py"


def _kinds(cell):
    return [sorted(one.get("data", {"text": 0})) for one in cell["outputs"]]


def test_that_a_result_shows_itself_as_a_table_that_says_what_it_is_of(result):
    page = result._repr_html_()
    assert "<table>" in page and "simulated, not observed" in page and "removals.ice" in page
    assert str(result.manifest["settings"])[:12] in page


def test_that_a_picture_is_markup_that_can_be_read_and_kept(result, tmp_path):
    from xml.etree import ElementTree

    picture = result.plot("removals.ice", beside=result)
    root = ElementTree.fromstring(picture.svg)
    assert root.attrib["role"] == "img" and "NaN" not in picture.svg and "nan" not in picture.svg
    assert picture.save(tmp_path / "a.svg").read_text().startswith("<svg")


def test_that_a_table_of_a_result_holds_its_numbers(result):
    months = result.to_pandas()
    assert len(months[months.outcome == "removals.ice"]) == len(result.months)
    members = result.to_pandas("member")
    assert len(members) > 0 and len(result.to_pandas("period")) == len(result.names)
    with pytest.raises(DocketflowError, match="month"):
        result.to_pandas("moth")


def test_that_a_kept_result_opens_by_its_class(result, tmp_path):
    from docketflow.results import save

    again = dk.Result.load(save(result, tmp_path / "kept"))
    assert (again["removals.ice"].values == result["removals.ice"].values).all()


def test_that_what_was_drawn_is_a_row_a_member(result):
    assert len(result.draws) == 3 and "court.judges" in {name.split("@")[0] for name in result.draws}


def test_that_catalogues_are_tables_that_words_narrow():
    assert "one-million-first-year" in dk.scenarios().index
    assert "detention.beds.contract" in dk.levers("beds").index and len(dk.levers("beds")) < len(dk.levers())
    assert "removals.ice" in dk.outcomes("removal").index


def test_that_explain_tells_a_parameter_a_lever_and_an_outcome_and_names_the_nearest():
    told = dk.explain("court.judges")
    assert told["kind"] == "parameter" and told["evidence"] and "court.judges" in repr(told)
    assert "<li>" in told._repr_html_()
    assert dk.explain("removals.ice")["name"] == "removals.ice"
    with pytest.raises(DocketflowError, match="removals"):
        dk.explain("removals.icee")
