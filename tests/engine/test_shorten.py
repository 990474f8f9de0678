"""What joining forks may do and may not: nobody's way, luck or refusal depends on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from docketflow.core.errors import DeclarationError
from docketflow.core.quantity import Dated, Number, Resolve, Table, p, quantity
from docketflow.engine import Run, bind, compile_network
from docketflow.engine.compile.bound import Bound
from docketflow.engine.compile.shorten import MOST_THRESHOLDS, MOST_WAYS, shorten
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.inspect.reference import Twin

from .networks import differences

FIRST = dt.date(2025, 1, 1)
SIZE, TOWN = d.Trait("size", tuple("abcd")), d.Trait("town", ("north", "south"))
CELLS = {"start": ["start"] * 8, "size": list("abcdabcd"), "town": ["north"] * 4 + ["south"] * 4,
         "count": [40] * 8}  # fmt: skip


def _network(*forks: Sequence[d.To], traits: Sequence[d.Trait] = (SIZE, TOWN)) -> d.Network:
    """Return a stay that leads to "fork 0", the first of some forks, and the ends x, y and z."""
    nodes: list[d.Node] = [d.Decision(f"fork {k}", ways) for k, ways in enumerate(forks)]
    ends = [d.End(name) for name in "xyz"]
    return d.Network(
        "chain", traits=traits, nodes=[d.Stage("stay", d.fixed(2), then="fork 0"), *nodes, *ends],
        starts=[d.Start("start", "stay")], tallies=[d.Tally("seen", tuple(trait.name for trait in traits))],
    )  # fmt: skip


def _joined(network: d.Network, name: str = "fork 0") -> tuple[d.Decision, str]:
    def known(number: Number) -> Dated:
        return quantity(number).evaluate(lambda _: Dated.always(0.5))

    program = compile_network(network)
    node = program.nodes[program.index[name]]
    assert isinstance(node, d.Decision)
    return shorten(program, node, known)


def _bind(network: d.Network, resolve: Resolve = lambda _: Dated.always(0.5), days: int = 9) -> Bound:
    return bind(compile_network(network), resolve, first=FIRST, days=days)


def _rules(fork: d.Decision) -> list[tuple[str, dict[str, str]]]:
    """Return where each way leads and for whom, the values of a trait as one word."""
    return [(way.target, {trait: "".join(values) for trait, values in way.when.items()}) for way in fork.ways]


def _ended(network: d.Network) -> Mapping[str, int]:
    """Return how many came to each end; the twin, which walks the forks as declared, finds the same."""
    bound = _bind(network)
    ledger = Run(bound, CELLS, 3).finish()
    assert not differences(ledger, Twin(bound, CELLS, 3).live())
    return {name: int(ledger.stock[name][-1]) for name in "xyz"}


SMALL, LARGE = d.to("fork 1", when={"size": ("a", "b")}), d.to("z", when={"size": ("c", "d")})
BY_TOWN = Table.of("town", {"north": 0.2, "south": 0.7})
HALVES = (d.to("x", share=0.5), d.to("y"))


# --- rules
def test_that_a_joined_way_is_for_those_whom_both_rules_fit() -> None:
    fork, _ = _joined(
        _network((SMALL, LARGE), (d.to("x", when={"size": ("b", "c")}), d.to("y", when={"size": ("a", "d")})))
    )
    assert _rules(fork) == [("x", {"size": "b"}), ("y", {"size": "a"}), ("z", {"size": "cd"})]


def test_that_a_way_for_nobody_is_left_out() -> None:
    following = (d.to("x", when={"size": ("a", "b")}), d.to("y", when={"size": ("c", "d")}))
    fork, _ = _joined(_network((SMALL, LARGE), following))
    assert _rules(fork) == [("x", {"size": "ab"}), ("z", {"size": "cd"})]


def test_that_a_value_put_on_the_way_decides_the_fork_that_follows() -> None:
    ways = (replace(SMALL, do=(d.put("town", "south"),)), LARGE)
    fork, _ = _joined(_network(ways, (d.to("x", when={"town": "north"}), d.to("y", when={"town": "south"}))))
    assert _rules(fork) == [("y", {"size": "ab"}), ("z", {"size": "cd"})]


@pytest.mark.parametrize(
    ("by", "low", "high"),
    [(1, "a", "bcd"), (2, "", "abcd"), (-1, "abc", "d"), (-3, "abcd", ""), (0, "ab", "cd")],
)
def test_that_a_step_is_undone_to_tell_whom_the_next_rule_fits(by: int, low: str, high: str) -> None:
    following = (d.to("x", when={"size": ("a", "b")}), d.to("y", when={"size": ("c", "d")}))
    network = _network((d.to("fork 1", do=[d.step("size", by)]),), following)
    fork, _ = _joined(network)
    assert _rules(fork) == [(to, {"size": sizes}) for to, sizes in (("x", low), ("y", high)) if sizes]
    assert _ended(network) == {"x": 80 * len(low), "y": 80 * len(high), "z": 0}


def test_that_of_several_acts_the_last_is_undone_first() -> None:
    following = (d.to("x", when={"size": ("a", "b")}), d.to("y", when={"size": ("c", "d")}))
    for acts, end in (
        ((d.put("size", "b"), d.step("size", 1)), "y"),
        ((d.step("size", 1), d.put("size", "b")), "x"),
    ):
        network = _network((d.to("fork 1", do=acts),), following)
        fork, _ = _joined(network)
        assert _rules(fork) == [(end, {})]
        assert fork.ways[0].do == acts
        assert _ended(network)[end] == 320


# --- luck
def test_that_a_joined_fork_asks_the_luck_of_the_one_that_asks() -> None:
    assert _joined(_network((SMALL, LARGE), HALVES))[1] == "fork 1"
    asking = (d.to("fork 1", share=0.5), d.to("z"))
    assert (
        _joined(_network(asking, (d.to("x", when={"town": "north"}), d.to("y", when={"town": "south"}))))[1]
        == "fork 0"
    )


def test_that_joined_forks_send_everybody_where_the_declared_ones_do() -> None:
    network = _network(
        (replace(SMALL, do=(d.step("size", 1), d.count("seen"))), LARGE),
        (
            d.to("fork 2", share=BY_TOWN),
            d.to("y", do=[d.count("seen")]),
        ),
        (d.to("x", when={"size": ("a", "b")}), d.to("z", when={"size": ("c", "d")})),
    )
    fork, asks = _joined(network)
    assert asks == "fork 1"
    assert {way.target for way in fork.ways} == set("xyz")
    ended = _ended(network)
    assert sum(ended.values()) == 320
    assert min(ended.values()) > 0


@pytest.mark.parametrize(
    ("acts", "following"),
    [
        ((d.new_round(),), HALVES),
        ((d.new_episode(),), HALVES),
        ((d.put("town", "south"),), (d.to("x", share=BY_TOWN), d.to("y"))),
        ((), (d.to("x", weight=1), d.to("y", weight=2))),
    ],
    ids=["after new luck", "after a new episode", "after its trait was set", "weights beside other ways"],
)  # fmt: skip
def test_that_a_question_is_left_where_it_would_be_another(acts: tuple, following: tuple) -> None:
    network = _network((replace(SMALL, do=acts), LARGE), following)
    fork, asks = _joined(network)
    assert fork is network.nodes[1]
    assert asks == "fork 0"
    _ended(network)


def test_that_two_questions_are_never_made_one() -> None:
    network = _network((d.to("fork 1", share=0.5), d.to("z")), HALVES)
    assert _joined(network)[0] is network.nodes[1]
    assert _ended(network)["z"] in range(120, 200)


def test_that_weights_after_a_single_way_keep_their_proportion() -> None:
    network = _network(
        (d.to("fork 1", do=[d.count("seen")]),),
        (d.to("x", weight=3), d.to("y", weight=1, when={"size": "a"})),
    )
    fork, asks = _joined(network)
    assert asks == "fork 1"
    assert [way.weight for way in fork.ways] == [3, 1]
    ended = _ended(network)
    assert ended["x"] + ended["y"] == 320
    assert ended["y"] in range(8, 34)  # a quarter of 80


# --- size
def _many(number: int, values: int) -> d.Network:
    """Return some forks in a row, each by a trait of its own."""
    traits = [d.Trait(f"t{k}", tuple(f"v{n}" for n in range(values))) for k in range(number)]
    ways = []
    for k, trait in enumerate(traits):
        half = values // 2
        onward = f"fork {k + 1}" if k + 1 < number else "y"
        ways.append(
            (
                d.to("x", when={trait.name: trait.values[:half]}),
                d.to(onward, when={trait.name: trait.values[half:]}),
            )
        )
    return _network(*ways, traits=traits)


def test_that_forks_are_joined_only_while_the_table_stays_small() -> None:
    assert len(_joined(_many(2, 64))[0].ways) == 3
    assert 3 * 64 * 64 <= MOST_THRESHOLDS < 3 * 128 * 128
    large = _many(2, 128)
    assert _joined(large)[0] is large.nodes[1]


def test_that_forks_each_of_which_is_small_bind_however_many_follow_one_another() -> None:
    network = replace(_many(6, 128), tallies=[])
    assert len(_bind(network).tables) < 30_000


def test_that_a_joined_fork_has_a_limited_number_of_ways() -> None:
    values = tuple(f"v{n}" for n in range(8))
    traits = [d.Trait(f"t{k}", values) for k in range(2)]
    first = [d.to("fork 1", when={"t0": value}) for value in values]
    network = _network(first, [d.to("x", when={"t1": value}) for value in values], traits=traits)
    ways = _joined(network)[0].ways
    assert len(first) < len(ways) <= MOST_WAYS


# --- refusals
def test_that_a_fork_with_two_ways_for_the_rest_is_refused_whatever_follows() -> None:
    network = _network((d.to("fork 1"), d.to("z")), HALVES)
    with pytest.raises(DeclarationError, match="the shares of 'fork 0' add to 0, with 2 ways for the rest"):
        _bind(network)


def test_that_a_fork_without_a_way_for_some_is_refused_whoever_comes_there() -> None:
    network = _network((SMALL, LARGE), (d.to("x", when={"size": "a"}), d.to("y", when={"size": "b"})))
    with pytest.raises(DeclarationError, match="'fork 1' has no way on for a person with size 'c'"):
        _bind(network)


def test_that_shares_wrong_from_a_date_on_are_refused_in_the_name_of_their_fork() -> None:
    late = Dated((1, FIRST.toordinal() + 20), (0.4, 0.9))
    shares = (d.to("fork 1", share=p("x")), d.to("z", share=0.6))
    following = (d.to("x", when={"town": "north"}), d.to("y", when={"town": "south"}))
    for chain, name in (
        ((shares, following), "fork 0"),
        (((SMALL, LARGE), _after(shares), following), "fork 1"),
    ):
        with pytest.raises(DeclarationError, match=rf"the shares of '{name}' add to 1\.5, .* for any trait"):
            _bind(_network(*chain), lambda _: late, days=30)
    _bind(_network(shares, following), lambda _: late, days=20)


def _after(shares: tuple[d.To, d.To]) -> tuple[d.To, d.To]:
    return replace(shares[0], target="fork 2"), shares[1]


def test_that_a_table_read_by_a_joined_fork_is_patched_on_its_date() -> None:
    late = Dated((1, FIRST.toordinal() + 5), (0.0, Table.of("town", {"north": 1.0, "south": 0.0})))
    network = _network((SMALL, LARGE), (d.to("x", share=p("x")), d.to("y")))
    bound = _bind(network, lambda _: late)
    assert _joined(network)[1] == "fork 1"
    assert sorted(bound.patches) == [5]
