"""Laws of the lint: the room that ships holds together, and each named check finds its own fault."""

import copy
import csv
import datetime as dt
from dataclasses import replace

import pytest

from docketflow.conductor.model import parameters_read
from docketflow.core.errors import EvidenceError
from docketflow.evidence import load, notes
from docketflow.evidence.lint.checks import CHECKS, former_names, problems
from docketflow.evidence.room import HOME, Room

from .conftest import figure

READ = {"court.judges"}


def found(draft, check):
    """Return what one named check says, after making sure no other check speaks."""
    said = problems(draft.room(), READ)
    assert all(line.endswith(f"[{check}]") for line in said), said
    return said


def test_that_the_room_that_ships_holds_together():
    assert problems(load(), set(parameters_read())) == []


def test_that_a_sound_draft_has_no_problems(draft):
    assert problems(draft.room(), READ) == []


def test_that_every_check_says_itself_in_one_sentence():
    for check in CHECKS:
        assert (check.__doc__ or "").strip().endswith(".")
        assert "\n" not in (check.__doc__ or "").strip()


CASES = {
    "resting_on_nothing": ({"evidence": []}, "rests on nothing"),
    "unknown_evidence": ({"evidence": ["J11"]}, "did you mean 'J1'"),
    "unknown_units": ({"unit": "judgs"}, "did you mean 'judges'"),
    "units_that_do_not_fit": ({"unit": "beds"}, "'beds' does not fit"),
    "values_out_of_range": ({"value": 800}, "800 is outside 700 to 760"),
}


@pytest.mark.parametrize("check", CASES)
def test_that_a_faulty_parameter_is_found_by_the_check_of_that_name(draft, check):
    changes, said = CASES[check]
    draft.parameters[0] |= changes
    (line,) = found(draft, check)
    assert said in line
    assert "court.judges" in line


def test_that_a_former_name_belongs_to_one_parameter_and_its_luck_with_it(draft):
    draft.parameters[0] |= {"formerly": "court.bench"}
    assert draft.room().parameters["court.judges"].drawn_as == "parameter court.bench"
    draft.parameters.append(copy.deepcopy(draft.parameters[0]) | {"path": "court.bench", "formerly": ""})
    assert [line for line in former_names(draft.room(), READ) if "formerly 'court.bench'" in line]


def test_that_assumed_parameters_may_rest_on_nothing(draft):
    draft.parameters[0] |= {"evidence": [], "how": "assumed"}
    assert problems(draft.room(), READ) == []


def test_that_a_parameter_without_a_note_is_found(draft):
    draft.parameters[0] |= {"note": ""}
    assert "no note" in found(draft, "resting_on_nothing")[0]


def test_that_a_figure_nobody_can_look_up_needs_the_word_assumed_and_a_range(draft):
    draft.figures[0] |= {"confidence": "C"}
    (line,) = found(draft, "unverified_evidence")
    assert "J1 (SRC) is from memory, a copy or a host that is no source" in line
    draft.parameters[0] |= {"how": "assumed"}
    assert problems(draft.room(), READ) == []
    shape = draft.parameters[0].pop("shape")
    assert "give it a shape, or say in no_range" in found(draft, "unverified_evidence")[0]
    draft.parameters[0] |= {"no_range": "it moves nothing"}
    assert problems(draft.room(), READ) == []
    draft.parameters[0] |= {"shape": shape}
    with pytest.raises(EvidenceError, match="has a shape and says why it has none"):
        _ = draft.room().parameters


def test_that_an_assumption_has_a_range_or_says_why_none_whatever_it_rests_on(draft):
    draft.parameters[0] |= {"how": "assumed", "evidence": []}
    del draft.parameters[0]["shape"]
    (line,) = found(draft, "unverified_evidence")
    assert "parameter court.judges: is assumed; give it a shape, or say in no_range why it has none" in line
    draft.parameters[0] |= {"no_range": "a choice"}
    assert found(draft, "unverified_evidence") == []


@pytest.mark.parametrize("said", ["Judges on board; from memory.", "From knowledge of the courts."])
def test_that_a_note_that_remembers_is_of_an_assumption(draft, said):
    draft.parameters[0] |= {"note": said}
    assert "its note says" in found(draft, "unverified_evidence")[0]
    draft.parameters[0] |= {"how": "assumed"}
    assert found(draft, "unverified_evidence") == []


def test_that_one_weak_figure_among_sound_ones_is_enough(draft):
    draft.figures.append(figure("J2", "judges", "judges", 740, confidence="C"))
    draft.parameters[0] |= {"evidence": ["J1", "J2"]}
    assert "J2" in found(draft, "unverified_evidence")[0]


def test_that_a_figure_from_memory_has_grade_c_and_a_range_however_well_it_is_told(draft):
    draft.sources[0] |= {"url": ""}
    draft.parameters[0] |= {"how": "assumed"}
    assert {line.split(";")[1] for line in found(draft, "refused_sources")} == {
        " find the primary or give it grade C [refused_sources]"
    }
    for row in draft.figures:
        row |= {"confidence": "C", "low": "", "high": ""}
    ranged = found(draft, "refused_sources")
    assert len(ranged) == len(draft.figures) and all("give it low and high" in line for line in ranged)
    for row in draft.figures:
        row |= {"low": row["value"], "high": row["value"]}
    assert found(draft, "refused_sources") == []


def test_that_a_share_above_one_is_found(draft):
    entry = {
        "path": "court.grant",
        "unit": "share",
        "value": 1.2,
        "how": "ratio",
        "evidence": ["S1"],
        "note": "n",
    }
    draft.parameters.append(entry)
    assert any("1.2 is above 1 share" in line for line in problems(draft.room(), READ | {"court.grant"}))


@pytest.mark.parametrize(
    ("cells", "said"), [({"source": "SRCE"}, "did you mean 'SRC'"), ({"locator": ""}, "locator")]
)
def test_that_a_figure_without_a_source_or_its_place_is_found(draft, cells, said):
    draft.figures[0] |= cells
    assert said in found(draft, "missing_sources")[0]


def test_that_parameters_nothing_reads_and_paths_nobody_gives_are_found(draft):
    room = draft.room()
    assert "nothing reads it" in problems(room, set())[0]
    assert "unknown parameter 'court.judge'" in problems(room, READ | {"court.judge"})[0]


def test_that_one_id_twice_and_one_cell_under_two_ids_are_found(draft):
    draft.figures += [draft.figures[0] | {"value": 736}, draft.figures[1] | {"id": "S2"}]
    said = found(draft, "repeats")
    assert len(said) == 2
    assert "'J1' is given twice" in said[0]
    assert "S2: says the same as S1" in said[1]


def checked(draft):
    """Add a published outcome of fiscal year 2024 that a scenario is checked against."""
    year = {"period_start": "2023-10-01", "period_end": "2024-09-30"}
    draft.figures.append(figure("OUT", "removals.ice", "persons", 271484, **year))
    draft.checks.append({"scenario": "fy24", "outcome": "removals.ice", "figures": ["OUT"], "relative": 0.25})
    return year


@pytest.mark.parametrize(
    "form", ["the same id", "the same cell under another id", "the same series and period"]
)
def test_that_a_checked_figure_under_a_parameter_is_found_in_any_form(draft, form):
    year = checked(draft)
    other = {
        "the same cell under another id": ("count", 271484.0),
        "the same series and period": ("removals.ice", 1),
    }
    if form in other:
        metric, value = other[form]
        draft.figures.append(
            figure("RAW", metric, "persons", value, **year, geography="US", locator="table 2")
        )
    draft.parameters[0] |= {"evidence": ["J1", "RAW" if form in other else "OUT"]}
    said = [line for line in problems(draft.room(), READ) if "[checked_outcomes_used_as_inputs]" in line]
    assert len(said) == 1
    assert "which fy24 is checked against" in said[0]
    draft.parameters[0] |= {"input_for": ["fy24"]}
    assert problems(draft.room(), READ) == []


def test_that_behaviour_may_not_rest_on_any_figure_of_the_checked_year(draft):
    year = checked(draft)
    draft.figures[0] |= year
    assert "J1, of the period fy24 is checked over" in found(draft, "outcomes_of_a_checked_period")[0]
    draft.parameters[0] |= {"input_for": ["fy24"]}
    assert problems(draft.room(), READ) == []


def test_that_a_figure_of_the_checked_year_may_set_a_later_value(draft):
    year = checked(draft)
    draft.figures[0] |= year
    entry = draft.parameters[0]
    for word in ("value", "shape"):
        del entry[word]
    entry["dated"] = {dt.date(2022, 10, 1): 700, dt.date(2024, 10, 1): 735}
    assert problems(draft.room(), READ) == []
    entry["dated"] = {dt.date(2022, 10, 1): 700, dt.date(2024, 4, 1): 735}
    assert found(draft, "outcomes_of_a_checked_period")


def test_that_a_check_on_another_series_or_an_unknown_outcome_is_found(draft):
    draft.figures[1] |= checked(draft)
    draft.checks[0] |= {"figures": ["S1"]}
    assert "figure S1 is of grant_share" in found(draft, "comparisons")[0]
    draft.checks[0] |= {"figures": ["OUT2"]}
    assert "did you mean 'OUT'" in found(draft, "comparisons")[0]
    draft.checks.clear()
    draft.outcomes[0] = replace(draft.outcomes[0], compare_with=("removals.icee",))
    assert "unknown metric 'removals.icee'" in found(draft, "comparisons")[0]


def test_that_a_figure_nobody_cites_is_only_a_note(draft):
    assert notes(draft.room()) == ["figure S1: no parameter cites it"]


def test_that_a_prior_needs_a_range_around_its_median_a_unit_and_figures_that_stand(copy):
    path = copy / "priors.csv"
    head = path.read_text(encoding="utf-8").splitlines()[0]
    rows = [
        "habeas.released_share,,share,0.08,0.08,0.08,judgement,,no figure",
        "orders.barred_share,,shares of all,0.13,0.06,0.25,judgement,NOPE,no figure",
    ]
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    said = [line for line in problems(Room(copy), set(parameters_read())) if "prior " in line]
    assert len(said) == 3
    assert "needs a range around it" in said[0]
    assert "unknown unit 'shares of all'" in said[1]
    assert "'NOPE'" in said[2]


def test_that_a_start_on_the_last_day_of_march_2023_has_its_judges_and_its_docket():
    day = dt.date(2023, 3, 31)
    levels = {row.metric: row.value for row in load().rows.values() if row.period_end == day}
    assert levels["immigration_judges_on_board"] == 649
    assert levels["eoir_pending_cases_end"] == pytest.approx(2e6)


def test_that_nothing_that_happened_after_2024_stands_among_the_series_for_start_dates():
    with (HOME / "figures" / "start_dates.csv").open(encoding="utf-8", newline="") as lines:
        assert max(row["period_end"] for row in csv.DictReader(lines)) <= "2024-12-31"
