"""Laws of what binds: known bottlenecks are found, ties are ties, what hides what is told."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

import numpy as np
import pytest

import docketflow
from docketflow import engine
from docketflow.answers.binding_words import sentences
from docketflow.answers.lifting import Limit, search
from docketflow.answers.limits import named, shelf
from docketflow.answers.paired import Lived, parts_from, worth
from docketflow.cli.main import main
from docketflow.core.errors import UsageError
from docketflow.core.quantity import Dated, p
from docketflow.engine import Program, Run, compile_network
from docketflow.engine.declare import vocabulary as d
from docketflow.evidence import load
from docketflow.lifecycle import national
from docketflow.policy import list_scenarios
from docketflow.policy.catalogue import lever
from docketflow.report.alone import write_alone

from .networks import PEOPLE, two_lines

FIRST = dt.date(2025, 1, 1)
DAYS = 90
CUTS = [FIRST, dt.date(2025, 2, 1), dt.date(2025, 3, 1)]
ENOUGH = 1e6


def limits(**values: float) -> list[Limit]:
    return [Limit(name, ((name, v * 1.01),), ((name, ENOUGH),)) for name, v in values.items()]


def lived(program: Program, people: dict[str, list], known: dict[str, float], tally: str) -> Callable:
    """Return a function that lives a network under settings and says how many were counted, by month."""

    def evaluate(settings: tuple, member: int) -> Lived:
        values = {path: Dated.always(value) for path, value in {**known, **dict(settings)}.items()}
        bound = engine.bind(program, values.__getitem__, first=FIRST, days=DAYS, scale=1, cuts=CUTS)
        ledger = Run(bound, people, member).finish()
        months = ledger.tally(tally).sum(axis=tuple(range(1, ledger.tally(tally).ndim))).astype(float)
        return Lived(float(months.sum()), months)

    return evaluate


def counters() -> Callable:
    """A first counter (100 a day) and then a second one (150 a day), 50,000 people before them."""
    return lived(two_lines(), PEOPLE, {"first": 100.0, "second": 150.0}, "leaving")


def rooms_and_doors() -> Callable:
    """Rooms held ten days (500, so 50 a day), a door that lets 80 a day out, 20,000 waiting."""
    nodes = [
        d.Wait("line", space="rooms", then="stay"),
        d.Stage("stay", d.exponential(10), then=d.to("door line", do=[d.release("rooms")])),
        d.Wait("door line", effort="door", then=d.to("gone", do=[d.count("leaving")])),
        d.End("gone"),
    ]
    network = d.Network(
        "rooms and doors",
        traits=[d.Trait("kind", ("only",))],
        nodes=nodes,
        spaces=[d.Space("rooms", p("rooms"))],
        efforts=[d.Effort("door", p("door"))],
        starts=[d.Start("here", "line", None, ())],
        tallies=[d.Tally("leaving")],
    )
    people = {"start": ["here"], "kind": ["only"], "count": [20_000]}
    return lived(compile_network(network), people, {"rooms": 500.0, "door": 80.0}, "leaving")


@pytest.mark.parametrize(
    ("network", "values", "first", "then"),
    [
        (counters, {"second": 150, "first": 100}, "first", "second"),
        (rooms_and_doors, {"door": 80, "rooms": 500}, "rooms", "door"),
    ],
)
def test_that_the_known_bottleneck_of_a_declared_network_is_first_and_the_other_binds_after_it(
    network, values, first, then
):
    found = search(network(), limits(**values), members=3)
    one, two = found.order
    assert (one.limit, one.binds, one.ties) == (first, "now", ())
    assert (two.limit, two.binds, two.after) == (then, "after", (first,))
    assert [(step.limit, step.ties) for step in found.staircase] == [(first, ()), (then, ())]
    assert one.one.gains and one.alone.adds.gains and not two.one.told and not two.alone.adds.told
    assert found.agree and found.takes_over is None and found.together.gains


def test_that_two_lines_are_worth_what_arithmetic_says():
    found = search(counters(), limits(first=100, second=150), members=2)
    first = found.order[0]
    assert found.base.level.value == pytest.approx(100 * DAYS, rel=0.02)
    assert first.one.value == pytest.approx(DAYS, abs=2)
    assert first.alone.adds.value == pytest.approx(50 * DAYS, rel=0.02)
    assert found.staircase[-1].rung.level.value == 50_000


def test_that_the_adds_of_a_staircase_sum_to_all_lifted_less_none():
    rng = np.arange(40).reshape(5, 8) % 7
    found = search(lambda s, m: min(10 + m, 12, 13) + len(s) ** 2 + rng[m % 5, len(s)],
                   limits(a=1, b=1, c=1), members=5)  # fmt: skip
    assert sum(step.adds.value for step in found.staircase) == pytest.approx(
        found.staircase[-1].rung.adds.value
    )


def chain(**capacity: float) -> Callable:
    """Return what a chain lets through: its least capacity, and a little luck of the member."""

    def evaluate(settings: tuple, member: int) -> float:
        return min({**capacity, **dict(settings)}.values()) * (1 + 0.01 * member)

    return evaluate


def test_that_two_equal_limits_hide_each_other_and_neither_is_called_first_without_a_tie():
    found = search(chain(a=100, b=100, c=500), limits(a=100, b=100, c=500), members=4)
    assert all(one.binds != "now" for one in found.order)
    assert found.staircase[0].ties and found.together.gains


def test_that_the_limit_that_takes_over_is_named_where_a_little_more_and_lifting_disagree():
    def evaluate(settings: tuple, member: int) -> float:
        have = {"steep": 100.0, "deep": 100.0, **dict(settings)}
        return 5 * min(have["steep"], 101) + min(have["deep"], 1000) + member

    found = search(evaluate, limits(steep=100, deep=100), members=3)
    assert [one.limit for one in found.order] == ["steep", "deep"]
    assert found.by_lifting == ("deep", "steep")
    assert not found.agree and found.takes_over == ("steep", "deep")


def test_that_a_limit_of_which_a_little_adds_and_all_takes_away_is_no_agreement():
    def evaluate(settings: tuple, member: int) -> float:
        have = {"turning": 100.0, "other": 100.0, **dict(settings)}
        little = min(have["turning"], 101) - 0.5 * max(0.0, have["turning"] - 101)
        return little + 0.5 * min(have["other"], 110) + member

    found = search(evaluate, limits(turning=100, other=100), members=3)
    first = found.order[0]
    assert first.limit == "turning" and first.one.gains and first.alone.adds.high < 0
    assert not found.agree and found.takes_over == ("turning", "other")


def test_that_the_error_that_is_told_is_of_the_limit_that_is_called_first():
    def evaluate(settings: tuple, member: int) -> float:
        have = {"noisy": 100.0, "sure": 100.0, **dict(settings)}
        chance = (member - 1) * (min(have["noisy"], 300) - 100)
        return 100 + chance + 0.5 * (have["noisy"] > 300) + 0.01 * (have["sure"] > 200) * (1 + member)

    class Answered:
        found, outcome = search(evaluate, limits(noisy=100, sure=100), members=3), "left"
        month = staticmethod(lambda place: None)

    noisy, sure = Answered.found.order
    assert (noisy.limit, noisy.binds, sure.binds) == ("noisy", "no", "now") and noisy.one.error > 0
    said = sentences(Answered())
    assert said[0].startswith("What stops it first: sure;") and "one per cent: 0. So few" in said[-1]


def test_that_less_is_found_as_more_is():
    found = search(lambda s, m: -chain(a=100, b=150)(s, m), limits(a=100, b=150), members=3, wanted="less")
    assert found.order[0].limit == "a" and found.order[0].one.gains


def test_that_members_are_added_until_the_first_limit_is_told_from_zero_or_time_is_up():
    sure = search(chain(a=100, b=150), limits(a=100, b=150))
    assert sure.decided and sure.members == 24
    ticks = iter(range(10_000))
    slack = search(lambda s, m: 1.0, limits(a=1), seconds=5, clock=lambda: next(ticks))
    assert not slack.decided and slack.members < 48


def test_that_effects_show_from_the_month_after_which_they_stay_told_from_zero():
    early = np.array([[5.0, -5.0, 0.0, 3.0], [5.0, -5.0, 0.0, 3.1], [5.1, -5.1, 0.0, 3.0]])
    assert parts_from(early) == 3
    assert parts_from(np.zeros((3, 4))) is None
    assert worth(np.array([2.0, 2.0])).told


def test_that_a_limit_moves_national_levers_only_and_never_by_a_label():
    for declared in shelf().limits.values():
        for path, pull in declared.levers.items():
            assert lever(path).low <= pull.lifted <= lever(path).high
            assert pull.more.startswith("*") and "[" not in path


def test_that_lifting_a_limit_never_tightens_it_in_a_shipped_scenario():
    known = load().central()
    for scenario in list_scenarios():
        values = scenario.compose(known)
        for name, declared in shelf().limits.items():
            for path, pull in declared.levers.items():
                most, least = spread(values[path].at(scenario.end.toordinal()))
                less = pull.more.startswith("*0")
                assert pull.lifted <= least if less else pull.lifted >= most, (scenario.name, name, path)


def spread(value) -> tuple[float, float]:
    data = np.asarray(getattr(value, "data", value), float)
    return data.max(), data.min()


def test_that_a_limit_is_felt_in_resources_that_are_declared_and_each_in_one_limit_alone():
    network = national()
    named_ = [resource for one in shelf().limits.values() for resource in one.resources]
    assert len(named_) == len(set(named_))
    assert set(named_) <= {one.name for one in (*network.efforts, *network.spaces)}


def test_that_a_word_names_one_limit():
    words = [word.casefold() for name, one in shelf().limits.items() for word in (name, *one.words)]
    assert len(words) == len(set(words))


def test_that_ordinary_words_name_limits_and_an_unknown_one_is_one_clear_line(capsys):
    assert named(["Planes", "beds", "seats"]) == ("seats", "beds")
    with pytest.raises(UsageError, match="unknown limit 'bedz'"):
        named(["bedz"])
    assert main(["binding", "one-million-first-year", "--limits", "nationality"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.fixture(scope="module")
def country() -> docketflow.answers.binding.Binding:
    return docketflow.binding(
        "one-million-first-year", members=3, scale="1/2000", limits=["beds", "officers"]
    )


def test_that_the_country_is_answered_with_intervals_months_and_what_comes_with_it(country):
    said = json.loads(json.dumps(country.to_json()))
    for one in said["order"]:
        assert {"limit", "from", "worth_of_one_percent", "worth_of_lifting"} <= set(one)
        worth_ = one["worth_of_lifting"]
        assert worth_["low"] <= worth_["value"] <= worth_["high"]
    assert [len(step["lifted"]) for step in said["staircase"]] == [1, 2]
    assert said["staircase"][-1]["beside"]["cost.total"] > said["as_it_is"]["beside"]["cost.total"]
    row = next(one for one in said["resources"] if one["limit"] == "beds")
    assert 0 <= row["days_out"] <= row["days"]
    assert said["members"] == 3 and len(sentences(country)) >= 3


def test_that_a_number_of_members_fixes_every_digit(country):
    again = docketflow.binding(
        "one-million-first-year", members=3, scale="1/2000", limits=["beds", "officers"]
    )
    assert again.to_json() == country.to_json()


def test_that_a_limit_at_the_end_of_its_lever_is_left_out_and_named():
    found = docketflow.binding(
        "one-million-first-year",
        members=2,
        scale="1/2000",
        limits=["beds", "expedited"],
        sets=["route.interior.expedited_share=1"],
    )
    assert list(found.beyond) == ["expedited"] and [one.limit for one in found.found.order] == ["beds"]


def test_that_the_page_shows_every_limit_and_step_and_loads_nothing(country, tmp_path):
    page = write_alone("binding", country.to_json(), tmp_path / "binding.html").read_text(encoding="utf-8")
    assert page.count('class="rail-track"') - page.count("rail-row rail-scale") == 1 + 2 + 2
    assert "src=" not in page and "@import" not in page
    assert all(one["title"] in page for one in country.to_json()["order"])
