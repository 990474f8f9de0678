"""Laws of what has changed since last time: each cause alone is told as itself, and parts always add up."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

import docketflow
import docketflow.answers.why.since as since_of
from docketflow.answers.why.since import CHANCE, EVIDENCE, MODEL, PARTS, SCENARIO, Since
from docketflow.cli.main import main
from docketflow.conductor.ensemble import gather
from docketflow.conductor.simulator import Simulator
from docketflow.core.errors import UsageError
from docketflow.evidence import load
from docketflow.policy import load_scenario
from docketflow.results import Result, save
from docketflow.results.arrays import Held

PLAN, OUTCOME = "one-million-first-year", "removals.ice"
SMALL = {"members": 3, "scale": "1/2000"}
SETS = ["removal.seats.charter_per_day=+2000@2025-02-01"]


@pytest.fixture(scope="module")
def new() -> Result:
    return docketflow.run(PLAN, **SMALL)


def marked(result: Result, **manifest: object) -> Result:
    return dataclasses.replace(result, manifest={**result.manifest, **manifest})


def other_numbers(sets: list[str], factor: float) -> Result:
    """Return a result as an older evidence room would have drawn it: fewer documents never come."""
    scenario = load_scenario(PLAN).with_sets(sets)
    simulator = Simulator(scenario, scale=SMALL["scale"])
    path, answers = "order.travel_document.never_share", []
    for member in range(SMALL["members"]):
        drawn = simulator.drawn(member)[path]
        older = dataclasses.replace(drawn, values=tuple(
            dataclasses.replace(v, data=v.data * factor) if hasattr(v, "data") else v * factor
            for v in drawn.values
        ))  # fmt: skip
        cells = {path + where: number for where, number in older.cells()}
        answer = simulator.member(member, values={path: older})
        answers.append(dataclasses.replace(answer, design={**answer.design, **cells}))
    made = simulator.made_of(SMALL["members"]) | {"evidence": "older"}
    return gather(simulator, answers, made)


def split(new: Result, old: Result) -> tuple[Since, set[str]]:
    """Return the split, and which parts there are; whatever they are, they add up."""
    found = new.since(old)
    whole = new[OUTCOME].values - old[OUTCOME].values
    assert sum(found.parts.values()) == pytest.approx(whole, abs=1e-6)
    return found, {name for name in PARTS if found.parts[name].any()}


def test_that_nothing_has_changed_where_nothing_has(new):
    found, parts = split(new, new)
    assert parts == set() and "Not a number differs." in found.sentences()


def test_that_settings_alone_are_scenario(new):
    assert split(docketflow.run(PLAN, sets=SETS, **SMALL), new)[1] == {SCENARIO}


def test_that_another_seed_alone_is_chance(new):
    assert split(docketflow.run(PLAN, seed=2, **SMALL), new)[1] == {CHANCE}


def test_that_other_drawn_numbers_alone_are_evidence(new):
    assert split(new, other_numbers([], 0.5))[1] == {EVIDENCE}


def test_that_what_nothing_kept_explains_is_model_or_fixed_evidence_and_said_so(new):
    arrays = Held({**new.arrays, "period": np.asarray(new.arrays["period"]) + 7.0})
    old = dataclasses.replace(new, arrays=arrays)
    found, parts = split(new, marked(old, code="older"))
    assert parts == {MODEL} and found.part(MODEL).value == -7
    found, parts = split(new, marked(old, evidence="older"))
    assert parts == {EVIDENCE} and "values without a range" in found.says[-1]
    found, parts = split(new, marked(old, evidence="older", code="older"))
    assert parts == {MODEL} and "cannot be told apart" in found.says[-1]


def test_that_all_at_once_still_add_up_and_none_is_lost(new):
    old = marked(other_numbers(SETS, 0.5), code="older")
    arrays = Held({**old.arrays, "period": np.asarray(old.arrays["period"]) + 500.0})
    found, parts = split(docketflow.run(PLAN, seed=2, **SMALL), dataclasses.replace(old, arrays=arrays))
    assert parts == set(PARTS) and found.part(MODEL).value == pytest.approx(-500)


def test_that_a_number_that_is_not_drawn_any_more_is_named(new):
    labels = list(new.axes["parameter"]["label"])
    gone = next(label for label in labels if label.startswith("order.travel_document.never_share"))
    axes = {**new.axes, "parameter": {"label": [one if one != gone else "gone" for one in labels]}}
    found = new.since(dataclasses.replace(new, axes=axes))
    assert any("order.travel_document.never_share" in sentence for sentence in found.says)


def test_that_what_was_drawn_under_a_former_name_is_taken_for_the_renamed_number(new, monkeypatch):
    path, former = "order.travel_document.never_share", "order.papers.never_share"
    labels = [one.replace(path, former) for one in new.axes["parameter"]["label"]]
    older = dataclasses.replace(new, axes={**new.axes, "parameter": {"label": labels}})
    now = {path: load().parameters[path].central}
    assert since_of._Drawn(older).values(0, now) == {}
    monkeypatch.setattr(since_of, "_formerly", lambda name: former)
    (found,) = since_of._Drawn(older).values(0, now).values()
    drawn = dict(zip(new.labels("parameter"), np.asarray(new.arrays["design"])[:, 0], strict=True))
    assert [number for _, number in found.cells()] == [drawn[path + at] for at, _ in found.cells()]


def test_that_two_folders_of_one_scenario_are_split_and_others_are_refused_in_one_line(new, tmp_path, capsys):
    save(new, tmp_path / "new")
    save(docketflow.run(PLAN, sets=SETS, **SMALL), tmp_path / "old")
    assert main(["compare", str(tmp_path / "new"), str(tmp_path / "old"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)["since"]
    assert said["parts"]["scenario"]["value"] == said["difference"]["value"] < 0
    save(docketflow.run(PLAN, members=2, scale="1/2000"), tmp_path / "few")
    assert main(["compare", str(tmp_path / "new"), str(tmp_path / "few")]) == 2
    assert "members 3 and 2" in capsys.readouterr().err
    with pytest.raises(UsageError, match="members"):
        new.since(docketflow.run(PLAN, members=2, scale="1/2000"))
