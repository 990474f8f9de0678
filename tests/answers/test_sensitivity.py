"""The sensitivity study: known indices are found, shares stay shares, the spread is shared out whole."""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from docketflow.answers.sensitivity.inputs import KINDS, LAWSUITS, Input, _settings, balanced
from docketflow.answers.sensitivity.shapley import closed, shares
from docketflow.cli.common import tidy
from docketflow.cli.main import main
from docketflow.core.errors import UsageError
from docketflow.evidence import Parameter
from docketflow.policy import load_scenario

POINTS = 4000


@pytest.fixture(autouse=True)
def _extra():
    pytest.importorskip("SALib")
    pytest.importorskip("sklearn")


def share(path: str, value: float) -> Parameter:
    shape = {"kind": "logit", "low": value / 2, "high": min(2 * value, 0.95)}
    return Parameter(path=path, unit="share", value=value, shape=shape, how="assumed")


def uniform(points: int, inputs: int, seed: int = 7) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0.001, 0.999, (points, inputs))


# --- Shapley ----------------------------------------------------------------------------------------
def test_that_shapley_shares_add_up_and_split_what_two_make_only_together():
    found = shares(lambda held: 3.0 * (0 in held) + 2.0 * ({1, 2} <= held), 3)
    assert found.tolist() == [3.0, 1.0, 1.0]


@pytest.mark.parametrize("tie", [0.0, 0.6])
def test_that_shapley_effects_of_a_line_in_tied_inputs_are_those_of_the_formula(tie):
    """Owen and Prieur (2017), two normal inputs."""
    from docketflow.answers.sensitivity.shapley import effects

    draws = np.random.default_rng(3).multivariate_normal([0, 0], [[1, tie], [tie, 1]], POINTS)
    weights = np.array([2.0, 1.0])
    whole = weights @ [[1, tie], [tie, 1]] @ weights
    own = weights**2 * (1 - tie**2 / 2) + tie * weights.prod() + weights[::-1] ** 2 * tie**2 / 2
    assert effects(draws, draws @ weights) == pytest.approx(own / whole, abs=0.05)


def test_that_groups_of_independent_inputs_share_out_the_variance_to_the_last_bit():
    one, other = uniform(POINTS, 3), uniform(POINTS, 3, 8)
    found = closed(lambda x: x[:, 0] + 4 * x[:, 1] * x[:, 2], one, other, [[0], [1, 2], []])
    assert found.sum() == pytest.approx(np.var(one[:, 0] + 4 * one[:, 1] * one[:, 2]))
    assert found[0] == pytest.approx(1 / 12, abs=0.02)
    assert found[2] == pytest.approx(0, abs=0.02)


# --- emulator and indices ---------------------------------------------------------------------------
def test_that_indices_of_a_known_function_lie_in_their_intervals_and_the_error_is_the_noise():
    from docketflow.answers.sensitivity.emulator import emulate
    from docketflow.answers.sensitivity.indices import sobol

    at = uniform(200, 4)
    noise = np.random.default_rng(1).normal(0, 0.3, 200)
    values = 6 * at[:, 0] + 6 * (at[:, 1] - 0.5) ** 2 + 2 * at[:, 2] + noise
    emulator = emulate(at, values)
    assert emulator.error == pytest.approx(0.3, rel=0.35)
    variance = 3 + 0.2 + 1 / 3 + 0.09
    found = {index.group: index for index in sobol(emulator, ["a", "b", "c", "d"], variance, 1)}
    for group, part in (("a", 3), ("b", 0.2), ("c", 1 / 3), ("d", 0)):
        total = found[group].total
        assert total.low - 0.01 <= part / variance <= total.high + 0.01, group
    assert found["a"].total.high - found["a"].total.low < 0.4


# --- shares of one fork -----------------------------------------------------------------------------
def test_that_shares_of_one_fork_stay_shares_of_one_whole_wherever_they_are_put():
    fork = {f"x.{k}": share(f"x.{k}", value) for k, value in enumerate((0.5, 0.3, 0.15))}
    moved = {path: one.draw(0.999) for path, one in fork.items()}
    assert sum(one.values[0] for one in moved.values()) > 1
    found = [one.values[0] for one in balanced(fork, moved).values()]
    assert 0 < sum(found) < 1
    assert found[0] / found[1] == pytest.approx(
        0.5 / 0.3 * (odds(moved["x.0"]) / odds(0.5)) / (odds(moved["x.1"]) / odds(0.3))
    )


def test_that_a_fork_at_its_centre_is_what_the_evidence_says():
    fork = {f"x.{k}": share(f"x.{k}", value) for k, value in enumerate((0.5, 0.3))}
    found = balanced(fork, {path: one.draw(0.5) for path, one in fork.items()})
    assert [one.values[0] for one in found.values()] == pytest.approx([0.5, 0.3])


def odds(value) -> float:
    number = value if isinstance(value, float) else value.values[0]
    return number / (1 - number)


# --- orders of courts ---------------------------------------------------------------------------------
def test_that_the_numbers_of_an_order_of_a_court_are_one_lawsuit_and_other_settings_none():
    found = _settings(load_scenario("orders-foreseen"))
    orders = [one for one in found if one.kind == LAWSUITS]
    groups = {one.group: [other.name for other in orders if other.group == one.group] for one in orders}
    assert groups and all(len(names) >= 3 for names in groups.values())
    plan = {one.name for one in _settings(load_scenario("one-million-first-year"))}
    assert {one.name for one in found} - {one.name for one in orders} <= plan


def test_that_the_spread_of_a_line_is_shared_out_to_parameters_settings_and_lawsuits():
    from docketflow.answers.sensitivity.study import FOLDS, _split

    def line(at):
        return at @ np.array([1.0, 2.0, 3.0])

    own = [Input(kind, kind, kind == LAWSUITS, (), kind, kind) for kind in KINDS]
    stand_in = SimpleNamespace(whole=line, without=[line] * FOLDS)
    values = line(np.random.default_rng(1).random((4000, 3)))
    inputs = SimpleNamespace(list=own)
    split, assumed = _split(inputs, [0, 1, 2], stand_in, values, values, 0.0)
    for kind, part in zip(KINDS, (1 / 14, 4 / 14, 9 / 14), strict=True):
        assert split[kind].value == pytest.approx(part, abs=0.06)
    assert sum(one.value for one in split.values()) == pytest.approx(1) and split["chance"].value == 0
    assert assumed.value == split[LAWSUITS].value


# --- other forms ------------------------------------------------------------------------------------
def test_that_at_least_four_declared_forms_change_the_lifecycle_that_stands():
    from docketflow.answers.sensitivity.structure import declared
    from docketflow.lifecycle import national

    forms = [switch.applied(national()) for switch in declared()]
    assert sum(form is not None for form in forms) >= 4


def test_that_merged_efforts_are_spent_from_one_supply():
    from docketflow.answers.sensitivity.structure import Switch
    from docketflow.engine.declare.vocabulary import Effort, End, Network, Wait

    lines = (Wait("a", effort="desk.a", then="out"), Wait("b", effort="desk.b", then="out"), End("out"))
    network = Network("toy", nodes=lines, efforts=(Effort("desk.a", 2), Effort("desk.b", 3)))
    switch = Switch(name="one desk", kind="merge", weight=0.5, why="a test", efforts="desk.*", into="desk")
    found = switch.applied(network)
    (desk,) = found.efforts
    assert (desk.name, desk.per_day.evaluate({}.__getitem__).at(1)) == ("desk", 5)
    assert {node.effort for node in found.nodes if isinstance(node, Wait)} == {"desk"}
    assert switch.applied(found) is None


# --- the country ------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def study():
    pytest.importorskip("SALib")
    pytest.importorskip("sklearn")
    from docketflow.answers.sensitivity import sensitivity

    return sensitivity(
        "one-million-first-year", outcomes=["removals.ice"], paths=2, members=64, lucks=2, scale="1/5000"
    )


@pytest.mark.slow
def test_that_the_parts_of_a_spread_are_all_of_it(study):
    told = study["removals.ice"]
    assert sum(share.value for share in told.split.values()) == pytest.approx(1)
    assert told.split["chance"].value > 0
    assert sum(told.shapley.values()) == pytest.approx(1)
    of_members = 1 - told.split["structure"].value
    drawn = told.split["parameters"].value + told.split["settings"].value
    assert 0 <= told.assumed.value <= drawn / of_members + 1e-9


@pytest.mark.slow
def test_that_every_group_of_inputs_was_screened_and_only_some_were_kept(study):
    told = study["removals.ice"]
    groups = {effect.group for effect in told.screened}
    assert set(study.forks) <= groups
    assert {index.group for index in told.indices} <= groups
    assert len(told.indices) < len(groups)


@pytest.mark.slow
def test_that_the_study_is_one_json_object_and_a_page(study, tmp_path):
    from docketflow.report.alone import write_alone

    said = json.loads(json.dumps(tidy(study.to_json()), allow_nan=False))
    assert said["outcomes"][0]["swings"][0]["change"]["value"] != 0
    page = write_alone("sensitivity", study.to_json(), tmp_path / "page.html").read_text(encoding="utf-8")
    assert "rests on assumed numbers" in page


def test_that_a_missing_extra_is_one_line_with_what_to_install(monkeypatch):
    from docketflow.answers.sensitivity import sensitivity

    monkeypatch.setitem(sys.modules, "SALib.sample", None)
    with pytest.raises(UsageError, match=r"docketflow\[analysis\]"):
        sensitivity("one-million-first-year")


def test_that_an_unknown_outcome_is_one_line(capsys):
    assert main(["sensitivity", "one-million-first-year", "--outcome", "removals.ise"]) == 2
    said = capsys.readouterr().err
    assert "removals.ice" in said
    assert len(said.splitlines()) == 1
