"""Laws of the shipped levers and scenarios, held against the evidence room and the lifecycle."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from docketflow.conductor.model import parameters_read
from docketflow.core.errors import ScenarioError
from docketflow.core.outcomes import counting_rules
from docketflow.evidence import load
from docketflow.policy import levers, list_scenarios, load_scenario
from docketflow.policy.setting import ONCE, TARGET

SHIPPED = [scenario.name for scenario in list_scenarios()]
ACTING = [path for path in levers() if not path.startswith(ONCE)]
NEWS_ENDS = dt.date(2025, 4, 30)


@pytest.fixture(scope="module")
def read() -> frozenset[str]:
    return frozenset(parameters_read())


@pytest.mark.parametrize("path", ACTING)
def test_that_a_lever_acts_on_a_parameter_that_the_model_reads(path, read):
    room = load()
    assert path in room.parameters, f"{path} is no parameter"
    assert path in read, f"{path} is read by nothing"
    assert levers()[path].unit == room.parameters[path].unit
    assert set(levers()[path].by) <= set(room.parameters[path].by)


@pytest.mark.parametrize("name", SHIPPED)
def test_that_a_shipped_scenario_fits_the_parameters(name):
    load_scenario(name).check(load().central())


@pytest.mark.parametrize("name", SHIPPED)
def test_that_every_setting_cites_a_known_source_or_says_assumed(name):
    for setting in load_scenario(name).settings:
        assert setting.assumed or setting.source, setting.where
        assert setting.note, setting.where
        assert setting.source is None or setting.source in load().sources, setting.where


def test_that_the_three_scenarios_of_the_first_question_are_shipped():
    assert {"fiscal-year-2024", "baseline-january-2025", "one-million-first-year"} <= set(SHIPPED)
    plan, base = load_scenario("one-million-first-year"), load_scenario("baseline-january-2025")
    assert (plan.first, plan.start, plan.end) == (base.first, base.start, base.end)
    assert (plan.start, plan.end) == (dt.date(2025, 1, 20), dt.date(2026, 1, 19))
    assert plan.target == base.target and plan.target.removals == 1_000_000
    assert plan.target.series == "removals.ice"


def test_that_a_baseline_changes_nothing():
    for name in ("fiscal-year-2024", "baseline-january-2025"):
        scenario = load_scenario(name)
        assert all(setting.lever.startswith(TARGET) for setting in scenario.settings)
        values = load().central()
        assert {path: (d.starts, d.values) for path, d in scenario.compose(values).items()} == {
            path: (d.starts, d.values) for path, d in values.items()
        }


def test_that_the_plan_foresees_nothing_announced_after_the_reports():
    plan = load_scenario("one-million-first-year")
    for setting in plan.layers[-1]:
        assert plan.start <= setting.start <= NEWS_ENDS, setting.where


def test_that_the_plan_and_the_baseline_are_the_same_until_the_first_day():
    plan, base = load_scenario("one-million-first-year"), load_scenario("baseline-january-2025")
    values = load().central()
    before, after = base.compose(values), plan.compose(values)
    for path in values:
        for day in range(plan.first.toordinal(), plan.start.toordinal()):
            assert str(before[path].at(day)) == str(after[path].at(day)), path


LEFT_OUT = {
    "release-rules-of-2024": {
        *("release.parole_share", "release.recognizance_share", "release.ice_bond_share"),
        "arrest.booked_share",
    },
    "no-expanded-expedited-removal": {
        *("route.interior.expedited_scope", "route.interior.expedited_paroled_scope"),
    },
    "no-third-countries": {
        *("removal.third_country.mexico_share", "removal.third_country.other_share"),
    },
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_that_what_is_left_out_stands_as_before_the_plan_in_every_draw(name):
    """Not at the median alone: no draw of the plan's ranges is left in what it does not say."""
    values = load().central()
    plan, kept = load_scenario("one-million-first-year"), load_scenario(name)
    taken_back = {setting.lever for setting in plan.settings} - {setting.lever for setting in kept.settings}
    drawn = dict.fromkeys(plan.drawn, 0.9)
    before, after = plan.compose(values, drawn), kept.compose(values, drawn)
    for path in values:
        same = values if path in taken_back else before
        assert str(after[path].at(plan.end.toordinal())) == str(same[path].at(plan.end.toordinal())), path
    assert taken_back == LEFT_OUT[name]


def test_that_the_target_can_be_counted_by_every_rule():
    assert levers()["target.series"].choices == counting_rules()


@pytest.mark.parametrize("trait", ["nationality"])
def test_that_only_what_other_countries_decide_is_by_nationality(trait):
    """No lever sets arrest, release or hearing by where a person comes from."""
    decided_abroad = {"removal.third_country.mexico_share", "removal.third_country.other_share"}
    decided_abroad |= {"order.travel_document.never_share", "order.travel_document.median_days"}
    decided_abroad |= {"order.travel_document.sanctioned_share"}
    after_orders = {"order.review.released_share.first", "order.review.released_share.next"}
    # the law names a country: INA 244(b), 50 USC 21
    named_by_law = {"status.tps_ended", "wartime.designated_share"}
    found = {path for path, lever in levers().items() if trait in lever.by}
    assert found <= decided_abroad | after_orders | named_by_law


def test_that_a_typo_in_a_shipped_lever_names_the_right_one():
    with pytest.raises(ScenarioError, match=r"did you mean 'detention\.beds\.contract'"):
        load_scenario("baseline-january-2025").with_sets(["detention.bed.contract=5"])


def test_that_the_example_of_the_guide_loads_and_fits_the_parameters(tmp_path):
    guide = Path(__file__).parents[2] / "docs" / "scenarios.md"
    page = tmp_path / "example.yaml"
    page.write_text(guide.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0])
    example = load_scenario(page)
    example.check(load().central())
    assert len(example.layers) == 3 and len(example.layers[-1]) == 2


def test_that_an_assumed_number_of_a_shipped_scenario_has_a_range_or_says_why_it_has_none():
    bare = [where for name in SHIPPED for where in load_scenario(name).unranged]
    assert not bare, "\n".join(bare)


EXTREMES = {
    "detention.beds.contract": "1e6",
    "court.judges": "*10",
    "arrest.at_large.officers": "*20",
    "removal.seats.charter_per_day": "*100",
    "border.adults_to_ice_per_day": "*20",
    "arrest.supervision.check_ins_per_day": "*20",
}


@pytest.mark.parametrize("path", EXTREMES)
def test_that_a_lever_may_be_pulled_as_far_as_people_ask(path):
    plan = load_scenario("one-million-first-year").with_sets([f"{path}={EXTREMES[path]}"])
    plan.check(load().central())


@pytest.mark.parametrize(
    "name", [name for name in SHIPPED if name.startswith("no-") and "appropriation" not in name]
)
def test_that_a_plan_without_a_mechanism_has_it_as_its_baseline_has_it_and_the_plan_otherwise(name):
    central, scenario = load().central(), load_scenario(name)
    less, base, plan = (
        load_scenario(one).compose(central) for one in (name, scenario.baseline, "one-million-first-year")
    )
    days = range(scenario.start.toordinal(), scenario.end.toordinal() + 1, 7)
    for path in {setting.lever for setting in scenario.layers[-1]}:
        here, there, planned = (
            [
                np.asarray(getattr(value, "data", value))
                for value in map((one.get(path) or central[path]).at, days)
            ]
            for one in (less, base, plan)
        )
        assert np.array_equal(here, there), path
        assert not np.array_equal(here, planned), path
