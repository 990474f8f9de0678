"""Laws of time, pools and the reference workload against theory; queues stand in `oracles/`."""

from __future__ import annotations

import math

import numpy as np
import pytest

from docketflow.core.quantity import Dated, Table
from docketflow.engine import Run, bind, compile_network
from docketflow.engine.compile.laws import quantiles
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.inspect.spent import age_in_equilibrium, remaining
from docketflow.engine.layout import NEVER
from docketflow.workloads import docket_ref

from . import clinic

# Mean and standard error over 40 seeds of an independent program written by hand for this workload alone.
EXPECTED = {
    "removals": (526.825, 2.99),
    "hearings": (2208.125, 3.109),
    "mean_detained": (59.58, 0.002),
    "mean_hearing_wait": (15.633, 0.148),
    "backlog_court": (672.825, 5.079),
    "events": (9518.025, 10.099),
}
LAWS = [
    ("exponential", (5.0,), lambda m: 1 / (1 - math.exp(-1 / m)), 0.01),
    ("exponential", (60.0,), lambda m: 1 / (1 - math.exp(-1 / m)), 0.01),
    ("lognormal", (30.0, 0.6), lambda m, s: m * math.exp(s * s / 2) + 0.5, 0.01),
    ("lognormal", (100.0, 1.0), lambda m, s: m * math.exp(s * s / 2) + 0.5, 0.02),
    ("weibull", (50.0, 1.5), lambda b, k: b * math.gamma(1 + 1 / k) + 0.5, 0.01),
    ("weibull", (80.0, 0.8), lambda b, k: b * math.gamma(1 + 1 / k) + 0.5, 0.01),
    ("uniform", (10.0, 30.0), lambda a, b: (a + b) / 2 + 0.5, 0.001),
    ("fixed", (17.0,), lambda days: days, 0.0),
]


@pytest.fixture(scope="module")
def docket_runs() -> dict[str, np.ndarray]:
    bound, cells = docket_ref.bind(10_000, 365), docket_ref.cells(10_000)
    runs = [docket_ref.outputs(Run(bound, cells, seed).finish()) for seed in range(1, 41)]
    return {name: np.array([run[name] for run in runs], dtype=float) for name in EXPECTED}


@pytest.mark.parametrize("output", EXPECTED)
def test_that_docket_ref_agrees_with_the_reference_program(
    output: str, docket_runs: dict[str, np.ndarray]
) -> None:
    values, (mean, error) = docket_runs[output], EXPECTED[output]
    combined = math.hypot(error, values.std(ddof=1) / math.sqrt(len(values)))
    assert abs(values.mean() - mean) < 4 * combined


@pytest.mark.parametrize(("kind", "parameters", "mean", "within"), LAWS)
def test_that_the_table_of_a_law_has_its_mean(kind, parameters, mean, within) -> None:
    table = quantiles(kind, parameters, 0.0, "a test")
    assert (np.diff(table.astype(int)) >= 0).all()
    assert table.min() >= 1
    assert table.mean() == pytest.approx(mean(*parameters), rel=within)


@pytest.mark.parametrize("never", [0.0, 0.25, 1.0])
def test_that_the_share_who_never_leave_is_in_the_table(never: float) -> None:
    table = quantiles("exponential", (10.0,), never, "a test")
    assert (table == NEVER).mean() == never


@pytest.mark.parametrize(("kind", "parameters"), [(kind, parameters) for kind, parameters, *_ in LAWS])
def test_that_age_and_rest_in_equilibrium_have_the_law_of_renewal_theory(kind, parameters) -> None:
    table = quantiles(kind, parameters, 0.0, "a test")
    days = table.astype(float)
    u = (np.arange(400) + 0.5) / 400
    ages = age_in_equilibrium(table, u)
    rest = remaining(table, np.repeat(ages, 400), np.tile(u, 400))
    biased = (days**2).sum() / days.sum()  # the whole stay of somebody found inside
    assert ages.mean() == pytest.approx((biased + 1) / 2, rel=0.01)
    assert rest.mean() == pytest.approx((biased - 1) / 2, rel=0.02, abs=0.02)
    assert np.all(rest >= 0)
    assert np.all(np.isin(rest + np.repeat(ages, 400), table))


def test_that_a_stay_longer_than_any_of_its_law_begins_afresh_and_an_endless_one_goes_on() -> None:
    u = np.array([0.0, 0.5, 0.999])
    table = quantiles("fixed", (20.0,), 0.0, "a test")
    assert remaining(table, np.array([25, 25, 25]), u).tolist() == [20, 20, 20]
    assert remaining(table, np.array([20, 20, 20]), u).tolist() == [0, 0, 0]
    endless = quantiles("fixed", (20.0,), 0.5, "a test")
    assert remaining(endless, np.array([25, 25, 25]), u).tolist() == [-1, -1, -1]
    assert remaining(endless, np.array([5, 5, 5]), u).tolist() == [15, -1, -1]


WEIGHTS = {"light": 0.2, "plain": 1.0, "heavy": 4.0}
EACH = 4000


def _thinned(exposure: float | None, effort: float) -> np.ndarray:
    """Return by class how many of 4,000 each are left after 100 days of a draw from a pool."""
    network = d.Network(
        "thinning",
        traits=[d.Trait("class", tuple(WEIGHTS))],
        nodes=[d.Rest("inside"), d.End("out")],
        efforts=[d.Effort("hours", effort)],
        pools=[d.Pool("pool")],
        draws=[
            d.Draw(
                "takes", "pool", d.to("out", do=[d.new_episode(), d.count("out")]),
                weight=Table.of("class", WEIGHTS), exposure=exposure, effort="hours",
            )
        ],
        starts=[d.Start("at first", "inside", None, (d.join("pool"),))],
        tallies=[d.Tally("out", ("class",))],
    )  # fmt: skip
    bound = bind(compile_network(network), lambda _: Dated.always(0.0), first=clinic.FIRST, days=100)
    cells = {"start": ["at first"] * 3, "class": list(WEIGHTS), "count": [EACH] * 3}
    return EACH - Run(bound, cells, 1).finish().tally("out").sum(axis=0)


def _fits(left: np.ndarray, level: float) -> None:
    chance = np.exp(-level * np.array(list(WEIGHTS.values())))
    error = np.sqrt(EACH * chance * (1 - chance)) + 1
    assert (np.abs(left - EACH * chance) < 4 * error).all()


@pytest.mark.parametrize("exposure", [0.0001, 0.002, 0.01])
def test_that_exposure_thins_a_pool_exponentially_in_its_weights(exposure: float) -> None:
    _fits(_thinned(exposure, effort=1e6), 100 * exposure)


@pytest.mark.parametrize("effort", [5, 30, 70])
def test_that_effort_takes_people_in_proportion_to_their_weights(effort: int) -> None:
    left = _thinned(None, effort)
    assert left.sum() == 3 * EACH - 100 * effort
    low, high = 0.0, 50.0  # the level at which so many are out
    for _ in range(60):
        level = (low + high) / 2
        out = sum(EACH * (1 - math.exp(-level * weight)) for weight in WEIGHTS.values())
        low, high = (level, high) if out < 100 * effort else (low, level)
    _fits(left, level)
