"""M/M/c, M/M/c/K and Erlang's loss system: many servers, memoryless services, Poisson callers.

The day law (`daily.present`) is exact, so the machine is held against it with only chance allowed; the day
law is held against Erlang's formulas as days get short.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

from docketflow.engine.declare import vocabulary as d
from docketflow.engine.layout import MOST_DAYS

from . import daily, formulas, systems
from .findings import Finding, ledgers, spread

FEW = 0.02
"""Share of those who may come that do: at most so much is a day's variance below Poisson's."""

MORE = 0.1
"""The same for many servers, where the few would be a crowd."""

LINES = [  # servers, mean days of a service, days of a run, runs, copies, share who come
    (1, 5.0, MOST_DAYS, 30, 16, FEW), (10, 10.0, MOST_DAYS, 20, 4, FEW),
    (100, 20.0, 8000, 25, 2, MORE), (400, 20.0, 6000, 40, 1, MORE),
]  # fmt: skip
LOADS = (0.5, 0.8, 0.95)
RARE = {"present": 0.0, "in line": 0.1, "busy": 0.01}
"""What is less than this is seen too seldom to be measured."""


def some(per_day: float, few: float = FEW) -> daily.Comers:
    """Return callers so many a day, of whom only a few of those who might do come."""
    tries = math.ceil(per_day / few)
    return daily.Comers(tries, per_day / tries)


def room(servers: int, rho: float) -> int:
    """Return a number present that is never exceeded: chances below 1e-12."""
    return servers + int(math.log(1e-12) / math.log(rho))


def wait_for_servers(servers: int, work: float, days: int, runs: int, copies: int, few: float,
                     rho: float, pace: float = 1.0) -> list[Finding]:  # fmt: skip
    """Return what runs say of M/M/c; ``pace`` other than one is a fault put in on purpose."""
    stay, at_once, ends = systems.memoryless(work)
    comers, most = some(rho * servers * ends, few), room(servers, rho)
    law, _ = daily.present(comers, ends, servers, most)
    morning, _ = daily.present(comers, ends, servers, most, morning=True)
    begin = spread(morning, runs, copies)
    network = systems.waiting(copies, servers, stay, at_once, daily.Comers(comers.tries, comers.share * pace))

    def cells(run: int) -> dict[str, list]:
        return {"start": [f"start {n}" for n in range(copies)], "count": begin[run].tolist()}

    found: dict[str, list[float]] = {"present": [], "in line": [], "busy": []}
    for ledger in ledgers(network, runs, days, cells):
        line = np.mean([ledger.stock[f"line {n}"].mean() for n in range(copies)])
        held = np.array([ledger.held[f"servers {n}"] for n in range(copies)])
        found["present"].append(float(line + held.mean(axis=1).mean()))
        found["in line"].append(float(line))
        found["busy"].append(float((held == servers).mean()))
    load = rho * servers
    exact = {
        "present": float(law @ np.arange(most + 1)),
        "in line": daily.in_line(law, servers),
        "busy": float(law[servers:].sum()),
    }
    line = formulas.many_servers_line(servers, load)
    limit = {"present": line + load, "in line": line, "busy": formulas.erlang_c(servers, load)}
    name = f"M/M/{servers} at load {rho}"
    return [
        Finding(name, what, exact[what], np.array(found[what]), limit[what])
        for what in found
        if exact[what] > RARE[what]
    ]


@pytest.mark.parametrize("rho", LOADS)
@pytest.mark.parametrize("case", LINES, ids=lambda case: f"{case[0]} servers")
def test_that_a_line_for_servers_is_as_long_as_the_day_law_says(case: tuple, rho: float) -> None:
    for finding in wait_for_servers(*case, rho):
        finding.assert_within(8)


@pytest.mark.parametrize("pace", [0.97, 1.03])
def test_that_callers_three_per_cent_off_are_noticed(pace: float) -> None:
    findings = wait_for_servers(10, 10.0, MOST_DAYS, 6, 4, FEW, 0.8, pace)
    assert max(abs(finding.z) for finding in findings) > 2 * 4


def off_erlang(servers: int, rho: float, days: float) -> float:
    """Return how far the mean number present is off Erlang's, in parts, at so many days a service."""
    law, _ = daily.present(some(rho * servers / days, 0.5 / days), 1 / days, servers, room(servers, rho))
    load = rho * servers
    return float(law @ np.arange(len(law))) / (formulas.many_servers_line(servers, load) + load) - 1


@pytest.mark.parametrize("rho", LOADS)
@pytest.mark.parametrize("servers", [1, 10, 100, 400])
def test_that_the_day_law_comes_to_erlangs_as_days_get_short(servers: int, rho: float) -> None:
    off = [abs(off_erlang(servers, rho, days)) for days in (25.0, 100.0, 400.0)]
    assert off[2] < 0.004
    assert off[2] < 0.3 * off[1] + 1e-9 < 0.3 * 0.3 * off[0] + 1e-8


ROOMS = [(1, 5), (3, 8), (10, 15)]  # servers, places


def little_room(servers: int, places: int, rho: float, runs: int = 20) -> list[Finding]:
    """Return what runs say of M/M/c/K."""
    stay, at_once, ends = systems.memoryless(20.0)
    comers, copies = some(rho * servers * ends), 4
    law, refused = daily.present(comers, ends, servers, places)
    begin = spread(law, runs, copies)
    network = systems.waiting(copies, servers, stay, at_once, comers, places)

    def cells(run: int) -> dict[str, list]:
        return {"start": [f"start {n}" for n in range(copies)], "count": begin[run].tolist()}

    found: dict[str, list[float]] = {"present": [], "refused": []}
    for ledger in ledgers(network, runs, 12_000, cells):
        found["present"].append(np.mean([ledger.held[f"places {n}"].mean() for n in range(copies)]))
        turned = np.mean([ledger.refused[f"places {n}"][1:].mean() for n in range(copies)])
        found["refused"].append(float(turned / comers.mean))
    limit = formulas.room_for(places, servers, rho * servers)
    name = f"M/M/{servers}/{places} at load {rho}"
    return [
        Finding(name, "present", float(law @ np.arange(places + 1)), np.array(found["present"]),
                float(limit @ np.arange(places + 1))),
        Finding(name, "refused", refused, np.array(found["refused"]), float(limit[-1])),
    ]  # fmt: skip


@pytest.mark.parametrize("rho", [0.8, 1.2])
@pytest.mark.parametrize(("servers", "places"), ROOMS)
def test_that_a_room_of_few_places_refuses_what_the_day_law_says(servers, places, rho) -> None:
    for finding in little_room(servers, places, rho):
        finding.assert_within(5)


def off_birth_and_death(servers: int, places: int, rho: float, days: float) -> float:
    """Return how far the share refused is off the textbook's, in parts, at so many days a service."""
    _, refused = daily.present(some(rho * servers / days, 0.5 / days), 1 / days, servers, places)
    return refused / formulas.room_for(places, servers, rho * servers)[-1] - 1


@pytest.mark.parametrize("rho", [0.8, 1.2])
@pytest.mark.parametrize(("servers", "places"), [*ROOMS, (12, 12)])
def test_that_the_day_law_of_a_room_comes_to_the_textbooks_as_days_get_short(servers, places, rho) -> None:
    off = [abs(off_birth_and_death(servers, places, rho, days)) for days in (50.0, 200.0, 800.0)]
    assert off[2] < 0.005
    assert off[2] < 0.3 * off[1] < 0.3 * 0.3 * off[0]


LOSSES = [(1, 0.5), (12, 10.0), (100, 95.0)]  # lines, load
CALLS = {
    "exponential": systems.memoryless(25.0)[0],
    "fixed": d.fixed(25),
    "lognormal": d.lognormal(15, 1.0),
}


def lost_calls(lines: int, load: float, kind: str, runs: int = 20) -> Finding:
    """Return what runs say of the share of calls lost."""
    call, copies, days = CALLS[kind], min(8, max(1, 96 // lines)), 12_000
    mean = float(systems.days_of(call).mean())
    comers = some(load / mean, MORE if lines > 50 else FEW)
    law, lost = daily.present(comers, 1 / mean, lines, lines)
    begin = spread(law, runs, copies)

    def cells(run: int) -> dict[str, list]:
        return {"start": [f"start {n}" for n in range(copies)], "count": begin[run].tolist()}

    shares = []
    for ledger in ledgers(systems.losing(copies, lines, call, comers), runs, days, cells):
        turned = [ledger.refused[f"lines {n}"][500:].mean() for n in range(copies)]
        shares.append(float(np.mean(turned)) / comers.mean)
    name = f"Erlang B, {lines} lines, {load:g} offered, {kind} calls"
    return Finding(name, "lost", lost, np.array(shares), formulas.erlang_b(lines, load))


@pytest.mark.parametrize(("lines", "load"), LOSSES)
def test_that_a_loss_system_loses_what_the_day_law_says(lines: int, load: float) -> None:
    lost_calls(lines, load, "exponential").assert_within(3)


@pytest.mark.parametrize("kind", ["fixed", "lognormal"])
def test_that_loss_depends_on_the_mean_of_a_call_and_on_nothing_else_of_its_law(kind: str) -> None:
    """Erlang's formula holds for any law of calls; in days that is true but for some per cent."""
    finding = lost_calls(12, 10.0, kind)
    assert finding.error < 0.02 * finding.expected
    assert abs(finding.mean - finding.expected) < 4 * finding.error + 0.02 * finding.expected


def findings(more: int = 1) -> Iterator[Finding]:
    """Yield everything that is held against an oracle here, from ``more`` times as many runs."""
    for servers, work, days, runs, copies, few in LINES:
        for rho in LOADS:
            yield from wait_for_servers(servers, work, days, runs * more, copies, few, rho)
    for servers, places in ROOMS:
        for rho in (0.8, 1.2):
            yield from little_room(servers, places, rho, 20 * more)
    for lines, load in LOSSES:
        yield lost_calls(lines, load, "exponential", 20 * more)
