"""A scenario's answer over several spans of days at once: each member is lived once and read many times."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import Any

import numpy as np

from docketflow.conductor.answer import LEAVES
from docketflow.conductor.ensemble import Progress, check_members
from docketflow.conductor.model import checked
from docketflow.conductor.simulator import Simulator
from docketflow.core.dates import DAY, Span
from docketflow.engine.run.evaluate import Reader
from docketflow.evidence import Room
from docketflow.lifecycle import MEASURES
from docketflow.policy import Scenario
from docketflow.results import Result, Series, build


def over_spans(
    scenario: Scenario,
    spans: Iterable[Span],
    *,
    members: int,
    scale: Fraction | str,
    seed: int = 1,
    room: Room | None = None,
    progress: Progress | None = None,
) -> tuple[dict[Span, Result], dict[str, Any]]:
    """Run a scenario; return a result over each span, of whole spans alone, and what it is made of.

    Parameters
    ----------
    scenario : Scenario
    spans : first and last day of each, inside what the scenario simulates
    members, scale, seed, progress
        As of `simulate`.
    room : Room, optional
        As of `Simulator`.
    """
    check_members(members)
    asked = list(spans)
    edges = {day for start, end in asked for day in (start, end + DAY)}
    simulator = Simulator(checked(scenario), scale=scale, seed=seed, room=room, cuts=edges)

    def member(number: int) -> np.ndarray:
        known, ledger = simulator.bound(number).known, simulator.ledger(number)
        readers = (Reader(ledger, span, known, LEAVES) for span in asked)
        return np.array([[reader.read(one)[1] for one in MEASURES.values()] for reader in readers])

    found = [member(0)]  # alone: compiles the engine once, and fails early
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for one in pool.map(member, range(1, members)):
            found.append(one)
            if progress is not None:
                progress(len(found), members)
    read = np.array(found)  # [member, span, outcome]
    about = {"scale": str(simulator.scale), "seed": seed, "months": (), "title": scenario.title}
    results = {
        (start, end): build(
            scenario=scenario.name,
            first=start,
            start=start,
            end=end,
            series={name: Series(read[:, k, n]) for n, name in enumerate(MEASURES)},
            **about,  # type: ignore[arg-type]
        )
        for k, (start, end) in enumerate(asked)
    }
    made = {"title": scenario.title, "members": members, "scale": str(simulator.scale), "seed": seed}
    return results, {**made, **simulator.made_of(members)}
