"""docketflow, SimPy and Ciw say the same of three small networks, each written in its own way."""

from __future__ import annotations

import numpy as np
import pytest

from . import compare, on_docketflow
from .workload import Said

Runs = dict[tuple[str, str], list[Said]]


@pytest.fixture(scope="module")
def runs() -> Runs:
    return {
        (engine, network): compare.runs(
            engine, network, compare.OURS if engine == "docketflow" else compare.THEIRS[network]
        )
        for engine in compare.ENGINES
        for network in compare.NETWORKS
    }


@pytest.mark.parametrize("peer", compare.PEERS)
@pytest.mark.parametrize("network", compare.NETWORKS)
def test_that_every_mean_is_the_peers_within_four_standard_errors(
    network: str, peer: str, runs: Runs
) -> None:
    found = compare.means_apart(network, peer, runs["docketflow", network], runs[peer, network])
    assert len(found) >= 6
    assert all(abs(apart.z) < compare.LIMIT for apart in found), found


def test_that_laws_of_waits_and_times_are_the_peers_after_holm(runs: Runs) -> None:
    named = {
        (network, peer, what): chance
        for network in compare.NETWORKS
        for peer in compare.PEERS
        for what, chance in compare.chance_of_laws(
            network, runs["docketflow", network], runs[peer, network]
        ).items()
    }
    corrected = compare.holm(list(named.values()))
    assert len(named) == 14
    assert corrected.min() > compare.FAMILY, dict(zip(named, corrected, strict=True))


def test_that_those_told_apart_do_not_share_their_wait(runs: Runs) -> None:
    waits = np.array([said.tagged["plain in line"][1::2] for said in runs["docketflow", "rooms"]])
    neighbours = np.corrcoef(waits[:, :-1].ravel(), waits[:, 1:].ravel())[0, 1]
    assert abs(neighbours) < 4 / np.sqrt(waits[:, 1:].size)


@pytest.mark.parametrize("slower", [0.95, 1.05])
def test_that_stays_five_per_cent_off_are_noticed(slower: float, runs: Runs) -> None:
    ours = [on_docketflow.rooms(seed, slower) for seed in range(1, compare.OURS + 1)]
    found = compare.means_apart("rooms", "SimPy", ours, runs["SimPy", "rooms"])
    assert max(abs(apart.z) for apart in found) > compare.LIMIT


def test_that_a_line_shifted_by_a_day_for_one_in_three_is_noticed(runs: Runs) -> None:
    """The test of laws itself must be able to fail."""
    ours = [
        Said(
            {},
            {n: [days + ((k + seed) % 3 == 0) for k, days in enumerate(v)] for n, v in said.tagged.items()},
        )
        for seed, said in enumerate(runs["docketflow", "tandem"])
    ]
    chances = compare.chance_of_laws("tandem", ours, runs["SimPy", "tandem"])
    assert compare.holm(list(chances.values())).min() < compare.FAMILY
