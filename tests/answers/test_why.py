"""Laws of why two answers differ: parts add up, are exact where arithmetic knows them, and are data."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import json
import re
from collections.abc import Callable

import numpy as np
import pytest

import docketflow
from docketflow import engine
from docketflow.answers.why.groups import causes_of, declared, differing
from docketflow.answers.why.people import FEW, FEWEST, rows
from docketflow.answers.why.rebuilt import scenario_of
from docketflow.answers.why.shapley import MOST_EXACT, in_whole_numbers, share_out
from docketflow.cli.main import main
from docketflow.conductor.provenance import settings_of
from docketflow.conductor.rooms import RANGES
from docketflow.core.errors import UsageError
from docketflow.core.quantity import Dated, Table, p
from docketflow.engine import Run, compile_network
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.declare.measure import Flow
from docketflow.engine.inspect.parting import OTHERS, Parted, Parting, part
from docketflow.engine.run.stock import Stock
from docketflow.evidence import load
from docketflow.policy import load_scenario
from docketflow.policy.catalogue import levers
from docketflow.policy.setting import TARGET
from docketflow.report import render
from docketflow.report.pictures.waterfall import MOST_BARS, SHAPES, waterfall
from docketflow.report.why import write_why
from docketflow.results.arrays import Held

from .networks import PEOPLE, two_lines

FIRST = dt.date(2025, 1, 1)
DAYS = 60
PLAN, BASE = "one-million-first-year", "baseline-january-2025"
SMALL = {"members": 3, "scale": "1/2000"}


def counters(before: dict[str, float], after: dict[str, float]) -> Callable:
    """Return how many leave two lines: min(first, second) on each day but the first."""

    def evaluate(on: frozenset[str], member: int) -> float:
        values = {name: Dated.always((after if name in on else before)[name]) for name in before}
        bound = engine.bind(two_lines(), values.__getitem__, first=FIRST, days=DAYS, scale=1)
        return float(Run(bound, PEOPLE, member).finish().tally("leaving").sum())

    return evaluate


def test_that_two_stages_are_shared_out_as_arithmetic_says_to_the_last_person():
    live = counters({"first": 100.0, "second": 150.0}, {"first": 160.0, "second": 120.0})
    found = share_out(live, ["first", "second"], 2)
    alone, last = 150 - 100, 120 - 100  # of first, by whether the second has changed
    first = (alone + last) / 2
    second = ((100 - 100) + (120 - 150)) / 2
    assert found.exact and found.runs == 2 * 4
    assert found.none.tolist() == [[100 * (DAYS - 1)]] * 2
    assert found.parts[:, :, 0].tolist() == [[first * (DAYS - 1)] * 2, [second * (DAYS - 1)] * 2]
    assert found.first is not None and found.last is not None
    assert found.first[0, 0, 0] == alone * (DAYS - 1) and found.last[0, 0, 0] == last * (DAYS - 1)


def entangled(on: frozenset[str], member: int) -> np.ndarray:
    """Return two numbers in which every pair of causes does something of its own."""
    names = sorted(on)
    pairs = [(ord(a) * ord(b) + member) % 17 - 8 for a, b in itertools.combinations(names, 2)]
    return np.array([float(sum(pairs) + 3 * len(names)), float(len(names) ** 3)])


def by_hand(causes: str, member: int) -> np.ndarray:
    every = []
    for order in itertools.permutations(causes):
        on, steps = frozenset[str](), {}
        for cause in order:
            steps[cause] = entangled(on | {cause}, member) - entangled(on, member)
            on |= {cause}
        every.append([steps[cause] for cause in causes])
    return np.mean(every, axis=0)


def test_that_a_part_is_what_a_cause_changes_averaged_over_all_orders():
    found = share_out(entangled, "abcde", 3)
    assert found.runs == 3 * 2**5
    for member in range(3):
        assert found.parts[:, member] == pytest.approx(by_hand("abcde", member))


def test_that_more_than_eight_causes_go_through_some_orders_which_still_add_up_and_tell_their_error():
    causes = [chr(97 + k) for k in range(MOST_EXACT + 3)]
    found = share_out(entangled, causes, 6, workers=1)
    assert not found.exact and found.first is None
    assert found.parts.sum(axis=0) == pytest.approx(found.gap)
    assert (found.sampling[:, 0] > 0).any()
    more = share_out(entangled, causes, 6, orders=4, workers=1)
    assert more.sampling[:, 1] == pytest.approx(0, abs=found.sampling[:, 1].max())
    again = share_out(entangled, causes, 6, workers=3)
    assert np.array_equal(again.parts, found.parts)


def test_that_a_cause_that_does_nothing_has_no_part_and_one_that_does_all_has_all():
    found = share_out(lambda on, m: 7.0 * ("all" in on) + m, ["nothing", "all", "none"], 2)
    assert found.parts[:, :, 0].tolist() == [[0, 0], [7, 7], [0, 0]]


def test_that_whole_numbers_still_add_up():
    parts = [10.6, -3.3, 0.5, 0.2]
    whole = in_whole_numbers(parts, sum(parts))
    assert sum(whole) == round(sum(parts))
    assert all(abs(a - b) < 1 for a, b in zip(whole, parts, strict=True))


# --- where lives part --------------------------------------------------------------------------------
def lanes_before(ordinary: int) -> d.Network:
    """Somebody special comes and is served first; of the ordinary so many wait from the first day."""
    nodes = [
        d.Wait("line", effort="counter", priority=Table.of("kind", {"ordinary": 1, "special": 0}),
               then=d.to("gone", do=[d.count("leaving")]), order="arrival"),
        d.End("gone"),
    ]  # fmt: skip
    return d.Network(
        "two lanes",
        traits=[d.Trait("kind", ("ordinary", "special"))],
        nodes=nodes,
        efforts=[d.Effort("counter", p("counter"))],
        arrivals=[d.Arrive("special", p("special"), d.to("line", do=[d.put("kind", "special")]))],
        starts=[d.Start("here", "line", None, ())],
        tallies=[d.Tally("leaving", by=("kind",))],
    )


def parted(before: dict[str, float], after: dict[str, float], flow: Flow, ordinary: int = 2_000) -> Parted:
    program = compile_network(lanes_before(ordinary))
    people = {"start": ["here"], "kind": ["ordinary"], "count": [ordinary]}
    bounds = []
    for side in (after, before):
        values = {name: Dated.always(value) for name, value in side.items()}
        bounds.append(engine.bind(program, values.__getitem__, first=FIRST, days=DAYS, scale=1))
    window = (FIRST, FIRST + dt.timedelta(DAYS - 1))
    return part(*bounds, Stock.of(program, people), 1, flows=[(1, flow)], window=window)


def test_that_who_is_displaced_by_others_in_line_is_counted_apart_from_who_comes():
    """Ten are served a day. Four special a day come first: as many ordinary people are served no more."""
    found = parted({"counter": 10.0, "special": 0.0}, {"counter": 10.0, "special": 4.0}, Flow("leaving"))
    come, displaced = found.partings
    assert (come.cause, come.kind, come.name) == (("special",), "arrive", "special")
    assert (displaced.cause, displaced.kind, displaced.name) == ((OTHERS,), "wait", "line")
    assert come.gained == displaced.lost == 4 * DAYS and come.lost == displaced.gained == 0
    assert found.one == found.other == 10 * DAYS
    assert come.people == 4 * DAYS


def test_that_more_of_what_is_scarce_is_the_cause_where_there_is_more_and_partings_add_up():
    found = parted({"counter": 10.0, "special": 2.0}, {"counter": 14.0, "special": 2.0}, Flow("leaving"))
    assert [one.cause for one in found.partings] == [("counter",)]
    only = found.partings[0]
    assert found.one - found.other == only.gained - only.lost == 4 * DAYS
    both = parted({"counter": 10.0, "special": 2.0}, {"counter": 14.0, "special": 5.0},
                  Flow("leaving", {"kind": "ordinary"}))  # fmt: skip
    assert sum(one.gained - one.lost for one in both.partings) == both.one - both.other == (4 - 3) * DAYS


def test_that_the_same_numbers_part_nobody():
    same = {"counter": 10.0, "special": 2.0}
    found = parted(same, same, Flow("leaving"))
    assert found.partings == () and found.alike == 2_000 + 2 * DAYS


def test_that_what_fewer_than_ten_share_is_one_row_and_rows_add_up():
    def at(cause: str, name: str, people: int, gained: float) -> Parting:
        return Parting((cause,), "wait", name, people, gained, 0.0)

    causes = causes_of(["court.judges", "removal.seats.land_per_day"], "group")
    found = [
        [
            at("court.judges", "master", 40, 5.0),
            at(OTHERS, "line", 4, 1.0),
            at("court.judges", "rare", 3, 2.0),
        ],
        [at("court.judges", "master", 2, 1.0)],
    ]
    made = rows(found, causes, by_stage=True)
    assert [(row.cause, row.stage, row.lives) for row in made] == [("law", "master", 42), (FEW, "", 7)]
    assert sum(row.part.value for row in made) == pytest.approx((5 + 1 + 2 + 1) / 2)


# --- groups, as data ---------------------------------------------------------------------------------
def test_that_every_differing_lever_stands_in_one_cause_with_all_its_settings():
    paths = differing(load_scenario(PLAN), load_scenario(BASE))
    for by in ("group", "lever"):
        standing = [path for cause in causes_of(paths, by) for path in cause.levers]
        assert sorted(standing) == sorted(paths)
    assert len(causes_of(paths, "group")) <= MOST_EXACT


def test_that_groups_begin_like_levers_and_no_beginning_stands_in_two():
    starts = [start for group in declared().values() for start in group.levers]
    assert len(starts) == len(set(starts))
    assert all(any(path.startswith(start) for path in levers()) for start in starts)


def test_that_every_lever_of_the_country_stands_in_a_declared_group():
    paths = [path for path in levers() if not path.startswith(TARGET)]
    assert {one.name for one in causes_of(paths, "group")} == set(declared())


def test_that_a_lever_no_group_names_makes_a_group_of_its_own():
    causes = causes_of(["court.judges", "weather.rain", "weather.snow"], "group")
    assert [(one.title, one.levers) for one in causes][-1] == ("Weather", ("weather.rain", "weather.snow"))


def test_that_groups_of_ones_own_are_read_from_a_file_and_a_wrong_one_is_one_clear_line(tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_text("bench: {title: The bench, levers: [court.judges]}\n", encoding="utf-8")
    causes = causes_of(["court.judges", "court.filing.days"], str(mine))
    assert [one.name for one in causes] == ["bench", "court"]
    mine.write_text("bench: {levers: [court.judges]}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"mine.yaml: bench: title: field required"):
        causes_of(["court.judges"], str(mine))
    with pytest.raises(UsageError, match="not one of: group, lever"):
        causes_of(["court.judges"], "weather")


def test_that_what_two_scenarios_say_alike_is_no_difference_whatever_their_listing():
    plan = load_scenario(PLAN)
    turned = dataclasses.replace(plan, layers=tuple(layer[::-1] for layer in plan.layers))
    assert differing(plan, turned) == []
    assert differing(plan, plan.with_sets(["court.judges=+100"])) == ["court.judges"]


# --- the country -------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def country() -> docketflow.answers.why.asked.Why:
    return docketflow.why(PLAN, BASE, people=1, **SMALL)


def test_that_both_ends_are_the_very_runs_of_the_scenarios(country):
    for side, name in ((country.one, PLAN), (country.other, BASE)):
        run = docketflow.run(name, **SMALL)
        for outcome in country.names:
            assert np.array_equal(side[outcome].values, run[outcome].values, equal_nan=True), outcome


def test_that_the_country_adds_up_under_every_counting_rule_to_the_last_person(country):
    said = json.loads(json.dumps(country.to_json()))
    assert sum(one["whole"] for one in said["causes"]) == said["difference"]["whole"]
    assert abs(said["not_explained"]) < 1e-6
    for row in said["rules"]:
        assert row["b"] + sum(row["parts"].values()) == pytest.approx(row["a"], abs=1e-6)
    for one in said["causes"]:
        assert one["low"] <= one["value"] <= one["high"] and one["settings"]


def test_that_the_country_counted_in_people_adds_up_and_shows_nobody(country):
    people = country.people
    assert people is not None
    member = [float(side["removals.ice"].values[0]) for side in (country.one, country.other)]
    assert [people.one, people.other] == member  # at one scale, the very runs
    for made in (people.by_cause, people.by_stage):
        assert sum(row.part.value for row in made) == pytest.approx(people.one - people.other)
        assert all(row.lives >= FEWEST or row.cause == FEW for row in made)
    levers = {path for cause in country.causes for path in cause.levers}
    assert all(set(row.levers) <= levers for row in people.by_stage)
    assert 0 < people.alike < 1


def test_that_outcomes_declared_as_sums_of_others_are_answered_and_counted_too(country):
    place = country.names.index("book_ins")
    assert country.part(0, "book_ins").value == float(country.split.parts[0, :, place].mean())
    found = docketflow.why(PLAN, BASE, outcome="book_ins", people=1, members=1, scale="1/2000")
    assert found.people is not None
    assert found.people.one - found.people.other == found.gap().value


def test_that_the_other_way_round_every_part_turns_its_sign(country):
    back = docketflow.why(BASE, PLAN, **SMALL)
    assert back.split.parts == pytest.approx(-country.split.parts, nan_ok=True)


def test_that_one_lever_makes_the_whole_difference_and_a_result_is_lived_again_as_it_was():
    sets = ["removal.seats.charter_per_day=+2000@2025-03-01"]
    found = docketflow.why(BASE, sets=sets, **SMALL)
    assert [one.levers for one in found.causes] == [("removal.seats.charter_per_day",)]
    run = docketflow.run(BASE, sets=sets, **SMALL)
    assert found.part(0).value == pytest.approx(
        float(np.mean(run["removals.ice"].values - docketflow.run(BASE, **SMALL)["removals.ice"].values))
    )
    assert scenario_of(run).hash == run.manifest["settings"]
    again = docketflow.why(run, BASE)
    assert again.part(0).value == found.part(0).value and again.split.none.shape[0] == SMALL["members"]
    ranged = dataclasses.replace(
        run, manifest={**run.manifest, "settings": settings_of(scenario_of(run), RANGES)}
    )
    with pytest.raises(UsageError, match="was run with --ranges"):
        scenario_of(ranged)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([PLAN, "last-quarter-2024"], "different periods"),
        ([PLAN, PLAN], "nothing to explain"),
        (["fiscal-year-2024"], "adds no setting to anything"),
        ([PLAN, BASE, "--outcome", "removals.ise", "--members", "1", "--scale", "1/2000"], "removals.ice"),
        ([PLAN, BASE, "--by", "weather"], "group, lever"),
        ([PLAN, BASE, "--outcome", "cost.total", "--people", "1", "--members", "1"], "is no count of what"),
    ],
)
def test_that_what_cannot_be_asked_is_one_clear_line(arguments, line, capsys):
    assert main(["why", *arguments]) == 2
    said = capsys.readouterr().err
    assert line in said and said.count("\n") == 1


# --- the page ----------------------------------------------------------------------------------------
def test_that_the_page_draws_every_part_twice_loads_nothing_and_every_number_has_its_way_back(
    country, tmp_path, capsys
):
    said = json.loads(json.dumps(country.to_json()))
    page = write_why(said, tmp_path / "why.html").read_text(encoding="utf-8")
    assert "src=" not in page and "@import" not in page
    assert len(re.findall(r'<rect class="(?:rose|fell)', page)) == 2 * (len(said["causes"]) + 2)
    assert all(page.count(one["title"]) >= 4 for one in said["causes"])
    for path in sorted(set(re.findall(r'data-path="([^"]+)"', page))):
        assert main(["explain", path]) == 0, path
    assert said["causes"][0]["settings"][0]["lever"] in capsys.readouterr().out


def test_that_bars_lead_from_one_side_to_the_other_without_a_gap(country):
    said = country.to_json()
    for shape in SHAPES:
        rows = waterfall(said, shape)["rows"]
        for before, after in itertools.pairwise(rows):
            start = (
                after["x"] + (after["wide"] if after["fall"] else 0)
                if after is not rows[-1]
                else after["end"]
            )
            assert start == pytest.approx(before["end"], abs=1.1)
        assert all(row["low"] >= 0 and row["high"] <= shape.width for row in rows)


def test_that_changes_small_against_the_totals_are_drawn_by_themselves(country):
    said = country.to_json()
    far = {side: {key: value + 1e8 for key, value in said["total"][side].items()} for side in "ab"}
    drawn = waterfall({**said, "total": far}, SHAPES[0])
    assert drawn["changes"] and drawn["rows"][0]["span"] is None
    assert drawn["rows"][-1]["span"][1] == pytest.approx(said["difference"]["value"])


def test_that_of_many_causes_the_smallest_are_one_bar_and_none_is_lost(country):
    said = country.to_json()
    pattern = said["causes"][0]
    many = [{**pattern, "cause": f"c{k}", "title": f"C {k}", "value": float(k - 9)} for k in range(30)]
    rows = waterfall({**said, "causes": many}, SHAPES[0])["rows"][1:-1]
    assert len(rows) == MOST_BARS and rows[-1]["title"] == "19 others together"
    assert sum(row["span"][1] - row["span"][0] for row in rows) == pytest.approx(
        sum(one["value"] for one in many)
    )


def test_that_a_share_is_told_in_points_and_has_no_whole_numbers():
    found = docketflow.why(PLAN, BASE, outcome="removals.without_hearing", **SMALL)
    said = found.to_json()
    assert "points" in said["says"][0]
    assert said["difference"]["whole"] is None and {one["whole"] for one in said["causes"]} == {None}
    assert sum(one["value"] for one in said["causes"]) == pytest.approx(said["difference"]["value"])


def test_that_a_runs_page_has_the_section_when_it_was_asked(country, tmp_path):
    result = country.one.keeping(why=country)
    assert '<section id="why">' in render(result, load())
    assert '<section id="why">' not in render(country.one, load())
    assert result.why(BASE).part(0).value == country.part(0).value


def test_that_a_kept_result_that_is_lived_otherwise_now_is_refused(country):
    arrays = Held({**country.one.arrays, "period": np.asarray(country.one.arrays["period"]) + 1.0})
    with pytest.raises(UsageError, match="comes to other numbers when it is lived again"):
        docketflow.why(dataclasses.replace(country.one, arrays=arrays), BASE)
