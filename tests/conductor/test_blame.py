"""Laws of weights at their ends: a bound is taken in every draw, what cannot be kept names its setting."""

from __future__ import annotations

import re

import pytest

from docketflow.conductor.simulator import Simulator
from docketflow.core.errors import ScenarioError
from docketflow.policy import levers, load_scenario

PLAN = load_scenario("one-million-first-year")
WEIGHTS = [path for path, one in levers().items() if one.unit == "weight"]
OTHER_DRAWS = 2
EXTREME = 14  # of seed 1: its priority of people with a conviction is drawn 2.6 times as high


def bound(setting: str, member: int = EXTREME) -> Simulator:
    simulator = Simulator(PLAN.with_sets([setting]), scale="1/2000")
    simulator.bound(member)
    return simulator


@pytest.mark.parametrize("path", WEIGHTS)
@pytest.mark.parametrize("end", ["low", "high"])
def test_that_a_weight_at_its_bound_is_taken_in_an_extreme_draw(path, end):
    bound(f"{path}={getattr(levers()[path], end):g}")


@pytest.mark.parametrize(
    ("typed", "member", "times"),
    [
        ("arrest.at_large.weight_by_docket=0.0003", 0, ""),
        ("arrest.custodial.weight_by_area=*0.0003", 2, " times what it says"),
    ],
)
def test_that_a_weight_too_small_to_keep_names_the_setting_and_what_it_may_be(typed, member, times):
    with pytest.raises(ScenarioError, match="too small") as caught:
        bound(typed, member)
    said = str(caught.value)
    assert said.startswith(f"--set {typed} (") and said.endswith(times) and "\n" not in said
    least = float(re.search(r"allowed in this draw: 0, or at least (\S+)", said).group(1)) * OTHER_DRAWS
    path, _, value = typed.partition("=")
    bound(f"{path}=*{float(value[1:]) * least:g}" if times else f"{path}={least:g}", member)
