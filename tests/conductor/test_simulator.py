"""Laws of the simulator: whatever is taken over, held or branched from, the answer is that of a run anew."""

from __future__ import annotations

import datetime as dt
import re
import threading
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from docketflow.conductor import copies
from docketflow.conductor.answer import Answer
from docketflow.conductor.ensemble import gather, simulate
from docketflow.conductor.inspect import parted
from docketflow.conductor.model import resolver
from docketflow.conductor.simulator import Simulator
from docketflow.conductor.spans import over_spans
from docketflow.core.errors import DocketflowError, UsageError
from docketflow.core.outcomes import PROBABILITY
from docketflow.engine import Run, bind
from docketflow.engine.run.evaluate import Reader
from docketflow.lifecycle import MEASURES
from docketflow.policy import load_scenario

PLAN, SMALL = "one-million-first-year", Fraction(1, 2000)
LEVERS = (
    "detention.beds.contract=90000",
    "detention.beds.contract=90000@2025-06-01",
    "court.judges=900@2025-03-01",
    "court.judges=900@2024-10-01",
    "court.filing.days=*1.5@2024-10-01",  # the first day's people are placed otherwise
    "arrest.at_large.officers=*2@2025-06-15",
    "removal.seats.charter_per_day=20@2026-01-19",
)


def plain(answer: Answer) -> dict[str, Any]:
    """Return all numbers of an answer as bytes."""
    groups = (answer.outcomes, answer.opening, answer.stocks, answer.resources, answer.flows, answer.costs)
    return {f"{k}:{name}": str(value) for k, group in enumerate(groups) for name, value in group.items()}


@pytest.fixture(scope="module")
def simulator() -> Simulator:
    return Simulator(load_scenario(PLAN), scale=SMALL)


@pytest.mark.parametrize("lever", LEVERS)
@pytest.mark.parametrize("member", [0, 3])
def test_that_a_member_under_a_further_lever_is_that_of_a_run_with_the_lever(
    simulator: Simulator, lever: str, member: int
) -> None:
    np.set_printoptions(threshold=10**6)
    afresh = Simulator(load_scenario(PLAN).with_sets([lever]), scale=SMALL).member(member)
    assert plain(simulator.member(member, settings=[lever])) == plain(afresh)
    assert plain(simulator.member(member, settings=[lever])) == plain(afresh)  # from what is held now


def test_that_one_that_holds_only_what_it_is_told_lives_on_from_there_to_the_same_answer(
    simulator: Simulator,
) -> None:
    told = Simulator(load_scenario(PLAN), scale=SMALL, holds=False)
    later, earlier = "court.judges=900@2025-06-01", "court.judges=900@2025-02-01"
    told.hold(3, ["detention.beds.contract=+1@2025-03-01"])
    held = told._mornings.days(3)
    assert held == [(dt.date(2025, 3, 1) - told.scenario.first).days]
    for lever in (
        later,
        earlier,
    ):  # from the morning that is held; from the first day, none being held before it
        assert plain(told.member(3, settings=[lever])) == plain(simulator.member(3, settings=[lever]))
    assert told._mornings.days(3) == held


def test_that_a_filled_form_is_the_declaration_bound_afresh(simulator: Simulator) -> None:
    from docketflow.core.dates import working_days

    scenario, bound = simulator.scenario, simulator.bound(2)
    afresh = bind(
        simulator.program,
        resolver(simulator.values(2)),
        first=scenario.first,
        days=simulator.days,
        scale=SMALL,
        calendars={"federal": working_days(scenario.first, simulator.days)},
        cuts=[scenario.start],
        strict=False,
    )
    assert {kind: line.tolist() for kind, line in bound.rates.items()} == {
        kind: line.tolist() for kind, line in afresh.rates.items()
    }
    books = [Run(one, simulator.stock, 7).finish() for one in (bound, afresh)]
    for name, line in books[0].stock.items():
        assert np.array_equal(line, books[1].stock[name]), name


def test_that_members_filled_together_are_those_filled_alone(simulator: Simulator) -> None:
    together = Simulator(load_scenario(PLAN), scale=SMALL)
    together.ready(range(7))
    for number in (0, 3, 6):
        one, other = together.bound(number), simulator.bound(number)
        assert one.pauses == other.pauses
        for kind, lines in one.rates.items():
            assert np.array_equal(lines, other.rates[kind]), kind
    together.ready(range(7))
    assert [plain(together.member(k)) for k in range(7)] == [plain(simulator.member(k)) for k in range(7)]


def test_that_a_lever_dated_later_lives_from_the_morning_on_which_it_first_acts(simulator: Simulator) -> None:
    first = simulator.scenario.first
    bound = simulator.bound(1, settings=["court.judges=900@2025-06-02"])
    assert bound.since == (dt.date(2025, 6, 2) - first).days
    assert simulator.bound(1, settings=["court.judges=900@2024-10-01"]).is_placed_as(simulator.bound(1))


def test_that_values_given_outright_take_the_place_of_what_is_drawn(simulator: Simulator) -> None:
    own = simulator.member(1)
    assert plain(simulator.member(1, values=simulator.drawn(1))) == plain(own)
    slow = simulator.member(1, values={"court.minutes.merits": 10_000.0})
    assert slow.outcomes["courts.total_completions"][1] < own.outcomes["courts.total_completions"][1]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"settings": ["court.judge=900"]}, "court.judges"),
        ({"settings": ["court.judges=-5000"]}, "court.judges"),
        ({"values": {"court.judge": 900.0}}, "court.judges"),
        ({"values": {"court.judges": float("nan")}}, "court.judges"),
    ],
)
def test_that_what_does_not_fit_is_one_clear_line(
    simulator: Simulator, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(DocketflowError, match=said) as error:
        simulator.member(0, **given)
    assert "\n" not in str(error.value)


RANGED = """\
name: a-guess
extends: one-million-first-year
settings:
  - {lever: court.judges, operation: add, value: 100, from: 2025-03-01, lag: 30, assumed: true, note: a guess,
     range: {shape: lognormal, low: 20, high: 500}}
  - {lever: arrest.booked_share, operation: scale, value: {none: 0.5, convicted: 0.1}, from: 2025-06-02,
     assumed: true, note: a guess, range: {shape: lognormal, low: 0.5, high: 2, relative: true}}
"""


def ranged(folder: Path, name: str = "a-guess", more: str = "") -> Simulator:
    page = folder / f"{name}.yaml"
    page.write_text(RANGED.replace("a-guess", name) + more, encoding="utf-8")
    return Simulator(load_scenario(page), scale=SMALL)


def settings_drawn(simulator: Simulator, number: int, beginning: str = "") -> dict[str, float]:
    design = simulator.design(number)
    return {name: value for name, value in design.items() if name.startswith(f"setting {beginning}")}


def test_that_a_member_takes_the_number_drawn_for_it_as_if_it_were_written(tmp_path: Path) -> None:
    one = ranged(tmp_path)
    (judges,) = settings_drawn(one, 2, "court.judges add 100 from").values()
    none, convicted = settings_drawn(
        one, 2, "arrest.booked_share scale none 0.5, convicted 0.1 from"
    ).values()
    assert judges != 100 and none / convicted == pytest.approx(5)
    page = tmp_path / "outright.yaml"
    page.write_text(
        re.sub(r",\s+range: {[^}]*}", "", RANGED)
        .replace("100", repr(judges))
        .replace("{none: 0.5, convicted: 0.1}", f"{{none: {none!r}, convicted: {convicted!r}}}"),
        encoding="utf-8",
    )
    outright = Simulator(load_scenario(page), scale=SMALL)
    assert len(settings_drawn(one, 2)) - len(settings_drawn(outright, 2)) == len((judges, none, convicted))
    assert plain(one.member(2)) == plain(outright.member(2))
    assert plain(one.member(2)) != plain(Simulator(load_scenario(PLAN), scale=SMALL).member(2))


def test_that_a_setting_is_drawn_alike_in_every_scenario_and_not_like_its_parameter(tmp_path: Path) -> None:
    more = """  - {lever: court.judges, operation: scale, value: 2, from: 2025-07-01, lag: 0, assumed: true,
     note: a guess, range: {shape: lognormal, low: 1, high: 4}}\n"""
    one, two = ranged(tmp_path), ranged(tmp_path, "another", more)
    for number in range(6):
        assert one.design(number).items() <= two.design(number).items()
        (added,) = settings_drawn(two, number, "court.judges add 100 from").values()
        (times,) = settings_drawn(two, number, "court.judges scale 2 from").values()
        assert (added > 100) == (times > 2)
    assert len({tuple(settings_drawn(one, number).values()) for number in range(6)}) == 6


def test_that_a_further_lever_leaves_what_is_drawn_for_a_member_as_it_is(tmp_path: Path) -> None:
    one = ranged(tmp_path)
    page = tmp_path / "a-guess.yaml"
    lever = "detention.beds.contract=90000@2025-06-01"
    afresh = Simulator(load_scenario(page).with_sets([lever]), scale=SMALL).member(1)
    assert plain(one.member(1, settings=[lever])) == plain(afresh)


def test_that_the_centre_of_a_scenario_is_what_its_settings_say(tmp_path: Path) -> None:
    page = tmp_path / "plain.yaml"
    one = ranged(tmp_path)
    page.write_text(re.sub(r",\s+range: {[^}]*}", "", RANGED), encoding="utf-8")
    bare = Simulator(load_scenario(page), scale=SMALL)
    assert {k: v.tolist() for k, v in one.centre.rates.items()} == {
        k: v.tolist() for k, v in bare.centre.rates.items()
    }


def test_that_a_million_beds_ten_times_the_judges_and_twenty_times_the_officers_can_be_lived() -> None:
    asked = ("detention.beds.contract=1e6", "court.judges=*10", "arrest.at_large.officers=*20")
    scenario = load_scenario(PLAN).between(end=dt.date(2025, 3, 31))
    extreme = Simulator(scenario.with_sets(asked), scale=SMALL, recount=True).member(1)
    plain_run = Simulator(scenario, scale=SMALL).member(1)
    for name in ("arrests.ice", "courts.total_completions"):
        assert extreme.outcomes[name][1] > plain_run.outcomes[name][1]


@pytest.mark.parametrize("name", ["detained.average", "target.probability", "population.unauthorized"])
def test_that_what_counts_nobody_is_not_counted_in_people(simulator: Simulator, name: str) -> None:
    with pytest.raises(UsageError, match="no count of what people do"):
        parted(simulator, 1, {}, {}, name)


def test_that_once_a_member_fails_no_other_thread_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    failed, lived = threading.Event(), []

    def member(_: Simulator, number: int) -> None:
        if number == 2:
            failed.set()
            raise UsageError("no such member")
        if number > 25:
            failed.wait(10)
            time.sleep(0.02)
        lived.append(number)

    monkeypatch.setattr(copies, "can_be_made", lambda: False)
    monkeypatch.setattr(Simulator, "member", member)
    monkeypatch.setattr(Simulator, "ready", lambda *_: None)
    with pytest.raises(UsageError, match="no such member"):
        simulate(load_scenario(PLAN), members=51, scale=SMALL, workers=2)
    assert len(lived) < 10


def test_that_one_member_in_twelve_is_lived_again_with_other_luck_and_its_own_answer_stays(
    tmp_path: Path,
) -> None:
    one = ranged(tmp_path)
    answer = one.member(11)
    assert one.member(10).again == {}
    ledger, bound = one.ledger(11), one.bound(11)
    reader = Reader(ledger, (one.scenario.start, one.scenario.end), bound.known)
    for name in ("removals.ice", "courts.total_completions"):
        assert reader.read(MEASURES[name])[1] == answer.outcomes[name][1]
        assert answer.again[name] != answer.outcomes[name][1]
        assert answer.again[name] == pytest.approx(answer.outcomes[name][1], rel=0.4)  # so few records
    assert answer.again.keys() == answer.outcomes.keys()
    kept = gather(one, [answer, one.member(12)], {}).arrays["again"]
    assert np.isfinite(kept[:, 0]).any() and np.isnan(kept[:, 1]).all()


def test_that_a_span_read_beside_others_is_what_a_run_of_that_period_says() -> None:
    scenario = load_scenario("last-quarter-2024")
    spans = [(dt.date(2024, 10, 1), dt.date(2024, 10, 31)), (dt.date(2024, 10, 10), dt.date(2024, 11, 20))]
    found, made = over_spans(scenario, spans, members=2, scale=SMALL)
    alone = simulate(scenario.between(start=spans[1][0], end=spans[1][1]), members=2, scale=SMALL)
    assert set(alone.names) - set(found[spans[1]].names) == {
        n for n in alone.names if n.startswith(PROBABILITY)
    }
    for name in found[spans[1]].names:
        np.testing.assert_array_equal(found[spans[1]][name].values, alone[name].values)
    assert made["members"] == 2


_SHARE = "start.custody.screening_share"


def test_that_the_people_of_the_first_day_are_dealt_out_anew_a_member_and_alike_under_any_lever(
    simulator: Simulator,
) -> None:
    one, two = (simulator.stock_of(member).records(SMALL)[0] for member in (1, 2))
    whole = simulator.stock.records(SMALL)[0]
    assert len(one) == len(two) == len(whole)
    assert 0 < (one != two).mean() < 0.2
    other = Simulator(load_scenario(PLAN).with_sets(["court.judges=900@2025-03-01"]), scale=SMALL)
    assert (other.stock_of(1).records(SMALL)[0] == one).all()


def test_that_a_share_of_the_first_day_given_outright_is_lived() -> None:
    def screened(share: float, lived: Callable[..., Answer]) -> float:
        return float(lived(1, values={_SHARE: share}).stocks["custody: fear screening"][0])

    simulator = Simulator(load_scenario("last-quarter-2024"), scale=SMALL)
    own = simulator.member(1).stocks
    for lived in (simulator.at, simulator.member):
        assert screened(1.0, lived) > screened(0.0, lived)
    assert all((simulator.member(1).stocks[name] == own[name]).all() for name in own)
