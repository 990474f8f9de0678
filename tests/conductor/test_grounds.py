"""Laws of what the country's numbers rest on: the ground is enough to move them, and never all there is."""

from __future__ import annotations

import json
import random
from fractions import Fraction

import pytest

from docketflow.conductor.answer import Answer
from docketflow.conductor.grounds import grounds, read_off_anew
from docketflow.conductor.model import evidence
from docketflow.conductor.simulator import Simulator
from docketflow.core.grounds import Grounds
from docketflow.core.quantity import Dated, Table, Value
from docketflow.lifecycle import national, paths_read
from docketflow.policy import load_scenario

SMALL = Fraction(1, 3000)
PAID = ("money.appropriation.", "money.removal.")  # what an appropriation holds to its sum
BEDS = {
    "detention.beds.contract",
    "detention.beds.usable_share",
    "money.appropriation.beds",
    "money.appropriation.binds_share",
}


@pytest.fixture(scope="module")
def simulator() -> Simulator:
    return Simulator(load_scenario("one-million-first-year"), scale=SMALL)


@pytest.fixture(scope="module")
def declared(simulator: Simulator) -> Grounds:
    return grounds(simulator.scenario.first)


def test_that_grounds_kept_between_uses_are_those_that_were_read_off(
    simulator: Simulator, declared: Grounds
) -> None:
    kept = Grounds.of_plain(json.loads(json.dumps(declared.plain())))
    found = read_off_anew(simulator.scenario.first)
    for one in (kept, declared):
        assert dict(one.elements) == dict(found.elements)
        assert dict(one.numbers) == dict(found.numbers)


def numbers(answer: Answer) -> dict[str, bytes]:
    """Return all numbers of an answer to the last bit, named as the grounds name them."""
    found = {
        f"outcome:{name}": by.tobytes() + repr(all_).encode() for name, (by, all_) in answer.outcomes.items()
    }
    found |= {f"stock:{name}": line.tobytes() for name, line in answer.stocks.items()}
    found |= {f"flow:{a}>{b}": repr(value).encode() for (a, b), value in answer.flows.items()}
    found |= {f"cost:{name}": repr(value).encode() for name, value in answer.costs.items()}
    for (_, name), lines in answer.resources.items():
        for part, line in zip(("supply", "used", "refused"), lines, strict=True):
            found[f"resource:{name}/{part}"] = line.tobytes()
    return found


def nearly(value: Dated) -> Dated:
    """Return a value three per cent less."""

    def less(one: Value) -> Value:
        return Table(one.axes, one.data * 0.97) if isinstance(one, Table) else one * 0.97

    return Dated(value.starts, tuple(less(one) for one in value.values))


def test_that_no_parameter_outside_the_ground_of_a_number_moves_a_bit_of_it(
    simulator: Simulator, declared: Grounds
) -> None:
    drawn, before = simulator.drawn(1), numbers(simulator.member(1))
    luck = random.Random(10)
    people = [name for name in before if not name.endswith("/supply")]
    limits = [name for name in before if name.endswith("/supply")]
    for name in (*luck.sample(people, 6), *luck.sample(limits, 4)):
        outside = sorted(paths_read() - declared.of(name))
        chosen = luck.sample(outside, min(12, len(outside)))
        after = numbers(simulator.member(1, values={path: nearly(drawn[path]) for path in chosen}))
        assert after[name] == before[name], (name, chosen)
        unlike = {other for other in before if after[other] != before[other]}
        assert all(declared.of(other) & set(chosen) for other in unlike)


def test_that_every_number_has_a_ground_and_none_rests_on_all_parameters(
    simulator: Simulator, declared: Grounds
) -> None:
    every = frozenset(evidence().parameters)
    boundless = {f"resource:{space.name}/supply" for space in national().spaces if space.capacity is None}
    assert set(numbers(simulator.member(0))) <= set(declared.numbers)
    for name in declared.numbers:
        ground = declared.of(name)
        if name in boundless:
            assert not ground, name
            continue
        assert ground < every, name
        if not name.startswith(("resource:detained.", "cost:", "outcome:cost")):
            prices = {path for path in ground if path.startswith("money.") and not path.startswith(PAID)}
            assert ground and not prices, name
    read = frozenset().union(*(declared.of(name) for name in declared.numbers))
    assert read >= paths_read()


@pytest.mark.parametrize(
    ("number", "ground"),
    [
        (
            "resource:appellate decisions/supply",
            {"appeal.board.members", "appeal.board.decisions_per_member_year"},
        ),
        ("resource:seats.land/supply", {"removal.seats.land_per_day"}),
        ("resource:detention.beds/supply", BEDS),
        ("outcome:returns.administrative", {"border.crew_returns_per_day"}),
    ],
)
def test_that_what_is_given_rests_on_its_own_numbers_alone(
    number: str, ground: set[str], declared: Grounds
) -> None:
    assert declared.of(number) == ground


def test_that_judges_stand_before_all_else_in_the_use_of_their_minutes(declared: Grounds) -> None:
    first = next(declared.steps("resource:judges/used"))
    floors = {"court.bench.floor_share.master", "court.bench.floor_share.merits"}
    bench = {"court.judges", "court.minutes_per_judge_day"}
    counsel = {f"court.government_counsel.{one}" for one in ("attorneys", "minutes_per_day")}
    assert set(first.parameters) == bench | counsel | floors  # floors are shares of what both have


def test_that_beds_stand_before_all_else_in_the_use_of_beds(declared: Grounds) -> None:
    first = next(declared.steps("resource:detention.beds/used"))
    assert set(first.parameters) == BEDS


def test_that_the_band_of_what_is_used_rests_on_what_the_use_does(declared: Grounds) -> None:
    for field in ("low", "high"):
        number = declared.number(f"resource:judges.master@2025-03/{field}")
        assert number is not None and declared.of(number) == declared.of("resource:judges.master/used")
    assert declared.number("resource:judges.master@2025-03/middle") is None
