"""What each lever is declared to move, and what was seen when it was pulled to its bounds."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from docketflow.conductor.provenance import hash_of
from docketflow.conductor.simulator import Simulator
from docketflow.core.errors import ScenarioError
from docketflow.evidence import load
from docketflow.policy import levers, load_scenario
from docketflow.policy.catalogue import read_levers
from docketflow.policy.pull import KEY, STILL, Pull, pulls
from docketflow.policy.typed import read_typed

STUDY = Path(__file__).parents[2] / "benchmarks" / "levers.csv"
AGAIN = "; run: python benchmarks/levers.py"
PLAN = load_scenario("one-million-first-year")
VALUES = PLAN.compose(load().central())
PULLS = [pull for one in levers().values() for pull in pulls(one, VALUES)]
GOOD = (
    "- {path: a.b, title: A, unit: beds, kind: count, low: 0, high: 1, operations: [set], description: d, "
    "moves: arrests.ice, sign: up}\n"
)


def study() -> dict[tuple[str, ...], dict[str, str]]:
    with STUDY.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {tuple(row[name] for name in KEY): row for row in rows}


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        (
            "arrests.ice",
            "arrests.icy",
            "a.yaml, line 1.*unknown outcome 'arrests.icy'; did you mean 'arrests.ice'",
        ),
        ("sign: up", "sign: either", "a.yaml, line 1.*may be either says because of what"),
        ("sign: up", "sign: both", "a.yaml, line 1: sign Input should be 'up', 'down' or 'either'"),
        (", sign: up", "", "a.yaml, line 1: sign Field required"),
        ("up}", "up, label: iec, by: [agency]}", "unknown label 'iec'; did you mean 'ice'"),
        ("up}", "up, binds_under: [a.c=1]}", "unknown lever 'a.c' in a.yaml, line 1; did you mean 'a.b'"),
        ("up}", "up, idle_under: ['a.c[x]=1']}", "unknown lever 'a.c' in a.yaml, line 1; did you mean 'a.b'"),
    ],
)
def test_that_a_wrong_effect_gets_one_clear_line(before, after, wanted):
    assert read_levers({"a.yaml": GOOD})["a.b"].moves == "arrests.ice"
    with pytest.raises(ScenarioError, match=wanted) as caught:
        read_levers({"a.yaml": GOOD.replace(before, after)})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("pull", PULLS, ids=lambda pull: f"{pull.lever} {pull.declared}")
def test_that_a_lever_was_seen_to_move_what_it_declares_and_nothing_where_it_cannot(pull: Pull):
    row = study().get(pull.key)
    assert row is not None, f"{pull.lever} was never pulled so{AGAIN}"
    assert row["verdict"] == "as declared", f"{pull.lever}: {row['verdict']} ({row['seen']}){AGAIN}"


def test_that_what_is_typed_to_pull_a_lever_can_be_read():
    for pull in PULLS:
        for text in (*pull.under, pull.low, pull.high):
            assert read_typed(text, PLAN.start).lever in levers()


ONCE = "cost.one_time"  # recruits and places are paid for whether or not anything then comes of them


def test_that_some_levers_move_and_rest_today_as_the_table_says():
    """A few of those that were clear at once, others with every change of the code."""
    table, few = study(), 4
    clear = [
        pull
        for pull in PULLS
        if not pull.lever.startswith("target.")
        and (pull.declared == STILL or int(table[pull.key]["members"]) <= 4)
    ]
    first = int(hash_of("*.py", "*.yaml", "*.csv"), 16) % len(clear)
    simulator = Simulator(PLAN, scale="1/1000")
    for pull in (clear * 2)[first : first + few]:
        low, high = (simulator.member(0, settings=(*pull.under, end)) for end in (pull.low, pull.high))
        if pull.declared == STILL:
            lived = [
                {name: repr(value) for name, (_, value) in one.outcomes.items() if not name.startswith(ONCE)}
                for one in (low, high)
            ]
            assert lived[0] == lived[1], pull
        else:
            gap = high.outcomes[pull.outcome][1] - low.outcomes[pull.outcome][1]
            assert gap, pull
            assert pull.declared in ("either", "up" if gap > 0 else "down"), (pull, gap)
