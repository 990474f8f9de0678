"""Laws of reading the evidence room."""

import datetime as dt
import subprocess
import sys

import numpy as np
import pytest

import docketflow.evidence as evidence
from docketflow.core.errors import EvidenceError
from docketflow.core.quantity import Table
from docketflow.evidence.schema import FIGURE_COLUMNS


def broken(draft, **changes):
    draft.parameters[0] = draft.parameters[0] | changes
    draft.parameters[0] = {k: v for k, v in draft.parameters[0].items() if v is not None}
    with pytest.raises(EvidenceError) as caught:
        _ = draft.room().parameters
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_that_the_room_is_loaded_once():
    assert evidence.load() is evidence.load()


def test_that_the_door_shows_what_it_says():
    assert list(evidence.__all__) == sorted(evidence.__all__)
    assert all(getattr(evidence, name) is not None for name in evidence.__all__)
    with pytest.raises(AttributeError):
        _ = evidence.nothing_like_this


def test_that_reading_parameters_does_not_import_pandas():
    code = (
        "import sys, docketflow.evidence as e; room = e.load(); room.parameters; room.rows; "
        "sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_that_figures_are_a_table_by_id():
    table = evidence.load().figures
    assert table.index.is_unique
    assert [*table.columns] == list(FIGURE_COLUMNS[1:])
    assert (table["period_start"] <= table["period_end"]).all()


def test_that_every_draw_at_one_half_is_the_central_value():
    room = evidence.load()
    for path, central in room.central().items():
        for drawn, value in zip(room.parameters[path].draw(0.5).values, central.values, strict=True):
            assert np.array_equal(*[x.data if isinstance(x, Table) else x for x in (drawn, value)]), path


@pytest.mark.parametrize("u", [0.001, 0.05, 0.95, 0.999])
def test_that_every_draw_stays_in_the_range_of_its_unit(u):
    for path, parameter in evidence.load().parameters.items():
        low, high = parameter.bounds
        for drawn in parameter.draw(u).values:
            cells = np.asarray(drawn.data if isinstance(drawn, Table) else drawn)
            assert np.isfinite(cells).all(), path
            assert ((low <= cells) & (cells <= high)).all(), path


def test_that_a_dated_table_takes_each_value_on_its_day(draft):
    early, late = {"no": 0.1, "yes": 0.2}, {"no": 0.3, "yes": 0.4}
    draft.parameters.append(
        {
            "path": "court.grant",
            "unit": "share",
            "by": ["counsel"],
            "dated": {dt.date(2023, 10, 1): early, dt.date(2024, 10, 1): late},
            "shape": {"kind": "logit", "low": 0.5, "high": 2, "relative": True},
            "how": "assumed",
            "note": "n",
        }
    )
    value = draft.room().parameters["court.grant"].value
    for day, wanted in [("2024-09-30", early), ("2024-10-01", late)]:
        table = value.at(dt.date.fromisoformat(day).toordinal())
        assert dict(zip(table.axes["counsel"], table.data, strict=True)) == wanted


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"unit": None}, "unit"),
        ({"value": None}, "either value or dated"),
        ({"dated": {dt.date(2024, 1, 1): 1}}, "either value or dated"),
        ({"value": "many"}, "'many' is not a number"),
        ({"value": True}, "not a number"),
        ({"value": float("inf")}, "finite"),
        ({"value": {"mexico": 1}}, "by: [trait]"),
        ({"by": ["nation"], "value": {"x": 1}}, "did you mean 'nationality'"),
        ({"by": ["counsel"], "value": {"yess": 1}}, "did you mean 'yes'"),
        ({"by": ["counsel"], "value": 3}, "a value for each label"),
        ({"by": ["counsel"], "value": {"no": 1, "yes": 2}}, "relative: true"),
        ({"value": None, "dated": {"soon": 1}}, "'soon' is not a date"),
        ({"value": None, "dated": {}}, "a date for each value"),
        ({"how": "guessed"}, "how"),
        ({"path": "judges"}, "path"),
        ({"shap": 1}, "did you mean 'shape'"),
        ({"shape": {"kind": "norml", "low": 1, "high": 2}}, "did you mean 'normal'"),
        ({"shape": {"kind": "normal", "low": 1}}, "a shape needs high"),
        ({"shape": {"kind": "normal", "low": 1, "high": 2, "hihg": 2}}, "did you mean 'high'"),
    ],
)
def test_that_a_malformed_parameter_is_one_line_that_says_what_and_where(draft, changes, said):
    message = broken(draft, **changes)
    assert said in message
    assert "all.yaml" in message


def test_that_a_table_needs_the_same_labels_in_every_row(draft):
    value = {"ice": {"no": 1, "yes": 2}, "cbp": {"no": 1}}
    assert "'yes' is missing" in broken(draft, by=["agency", "counsel"], value=value, shape=None)


def test_that_a_path_given_in_two_files_names_both(draft):
    draft.room()
    (draft.home / "parameters" / "more.yaml").write_text((draft.home / "parameters" / "all.yaml").read_text())
    with pytest.raises(EvidenceError, match=r"more.yaml.*also given in all.yaml"):
        _ = evidence.Room(draft.home).parameters


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"value": "NaN"}, "value"),
        ({"value": "many"}, "value"),
        ({"value": "1e999"}, "value"),
        ({"confidence": "D"}, "confidence"),
        ({"period_start": "2022-13-01"}, "period_start"),
        ({"source": ""}, "source"),
    ],
)
def test_that_a_malformed_figure_names_its_file_line_and_cell(draft, cells, said):
    draft.figures[1] = draft.figures[1] | cells
    with pytest.raises(EvidenceError, match=rf"all.csv line 3: {said}"):
        _ = draft.room().rows


def test_that_figures_in_other_columns_are_refused(draft):
    draft.room()
    (draft.home / "figures" / "odd.csv").write_text("id,value\nX,1\n")
    with pytest.raises(EvidenceError, match=r"odd.csv: the columns must be id,metric"):
        _ = evidence.Room(draft.home).rows


@pytest.mark.parametrize("kind", ["figure", "source", "parameter"])
def test_that_asking_for_an_unknown_name_gives_the_nearest(draft, kind):
    room = draft.room()
    known = {"figure": "J1", "source": "SRC", "parameter": "court.judges"}[kind]
    assert getattr(room, kind)(known) is not None
    with pytest.raises(EvidenceError, match=f"unknown {kind} .* did you mean '{known}'"):
        getattr(room, kind)(known + "x")
