"""Answers under the hand: by the real engine, dropped when nobody waits, whole when a process dies."""

from __future__ import annotations

import asyncio
import os
import signal
import time

import numpy as np
import pytest

from app.conftest import BEDS
from docketflow.app.answers import kept
from docketflow.app.answers.crew import FIRST, IDLE, REST, Crew
from docketflow.app.answers.live import Live, Stage, shown
from docketflow.app.answers.prepare import slim
from docketflow.app.answers.question import read_sets
from docketflow.app.answers.shelf import shelf
from docketflow.conductor.ensemble import simulate
from docketflow.policy import load_scenario
from docketflow.results import save
from results.made import made

PLAN = shelf().questions[0].scenario


def in_a_crew(work, workers=1):
    async def whole():
        crew = Crew(workers)
        crew.start()
        try:
            return await work(crew)
        finally:
            await crew.stop()

    return asyncio.run(whole())


def slow(seconds: float, word: str) -> str:
    time.sleep(seconds)
    return word


def die_once(mark: str) -> str:
    if not os.path.exists(mark):
        open(mark, "w").close()
        os.kill(os.getpid(), signal.SIGKILL)
    return "lived"


def test_that_each_stage_is_bit_for_bit_what_a_full_run_of_its_members_says():
    question = read_sets(PLAN, "removals.ice", [BEDS])

    async def work(crew):
        live = Live(crew)
        hand = [one async for one in live.stages(question, (1,), whole=False) if isinstance(one, Stage)]
        return hand + [one async for one in live.stages(question, (1, 3)) if isinstance(one, Stage)]

    hand, first, then = in_a_crew(work)
    whole = simulate(load_scenario(PLAN), sets=[BEDS], members=max(then.members) + 1)
    assert set(shown()) <= set(hand.result.names) < set(whole.names) and hand.members == first.members
    assert first.result.names == then.result.names == whole.names
    for stage in (hand, first, then):
        for name in stage.result.names:
            some = whole[name].values[list(stage.members)]
            assert np.array_equal(stage.result[name].values, some, equal_nan=True), name
    assert then.runs == 3 and set(first.members) < set(then.members)


def test_that_what_is_urgent_goes_first_and_what_nobody_waits_for_is_never_begun():
    async def work(crew):
        order = []
        held = crew.ask(0, REST, slow, 0.2, "held")
        await asyncio.sleep(0.05)
        asked = {
            name: crew.ask(0, urgency, slow, 0.0, name)
            for name, urgency in (("idle", IDLE), ("rest", REST), ("dropped", REST), ("first", FIRST))
        }
        for name, one in asked.items():
            one.add_done_callback(lambda done, name=name: order.append((name, done.cancelled())))
        asked["dropped"].cancel()
        await asyncio.gather(held, *(one for name, one in asked.items() if name != "dropped"))
        return order

    assert in_a_crew(work) == [("dropped", True), ("first", False), ("rest", False), ("idle", False)]


def test_that_a_process_that_is_killed_is_replaced_and_its_member_lived_again(tmp_path):
    async def work(crew):
        return await crew.ask(0, FIRST, die_once, str(tmp_path / "died"))

    assert in_a_crew(work) == "lived"


class AtOnce:
    """A crew whose runs are done when they are asked for."""

    def ask(self, number, *_):
        done = asyncio.get_running_loop().create_future()
        done.set_result(number)
        return done


class Numbers(Live):
    """Answers that are the numbers of their runs."""

    def _stage(self, question, order, *_, **__):
        return [self._lived[question.key, k] for k in order]


def test_that_runs_that_are_done_at_once_are_all_in_the_answer():
    question = read_sets(PLAN, "removals.ice", [BEDS])

    async def work():
        return [one async for one in Numbers(AtOnce()).stages(question, (3,)) if isinstance(one, list)]

    [found] = asyncio.run(work())
    assert sorted(found) == sorted(Numbers(AtOnce()).order(question)[:3])


def test_that_the_kept_answers_are_those_of_this_model():
    """The one test that fails where they are stale: `make answers` makes them anew."""
    for question in shelf().questions:
        names = (question.scenario, question.without, question.checked)
        stale = [name for name in names if not kept.is_current(name)]
        assert not stale, f"kept answers of an earlier model or scenario: {', '.join(stale)}; make answers"
        assert kept.result(question.scenario).scenario == question.scenario
        assert kept.stairs(question.scenario), "no kept staircase; make answers"
    lived, found = simulate(load_scenario(PLAN), members=2), kept.result(PLAN)
    for name in lived.names:
        same = np.array_equal(found[name].values[:2], lived[name].values, equal_nan=True)
        assert same or "probability" in name, name


def test_that_a_small_answer_of_this_model_is_kept_and_read_back_bit_for_bit(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "HOME", tmp_path)
    small, there = made(PLAN, 2), kept.place(PLAN, tmp_path)
    save(slim(small), there / kept.ANSWER)
    for mark, current in ((kept.model(), True), ("of an earlier model", False)):
        (there / kept.MODEL).write_text(mark + "\n", encoding="utf-8")
        kept.forget()
        assert kept.is_current(PLAN) == current == (kept.result(PLAN) is not None)
        found = kept.earlier(PLAN)
        for name in small.names:
            assert np.array_equal(found[name].values, small[name].values, equal_nan=True), name
    kept.forget()


def test_that_what_is_kept_and_damaged_is_as_if_it_had_never_been_made(tmp_path):
    place = tmp_path / kept.STAIRS
    kept.write(place, {"removals.ice": {"total": 1.5}})
    whole = place.read_bytes()
    assert kept.read(place) == {"removals.ice": {"total": 1.5}}
    place.write_bytes(whole.replace(b"1.5", b"7.5"))
    assert kept.read(place) == {} == kept.read(tmp_path / "none.json")


def test_that_the_steps_of_limits_begin_where_the_plan_stands():
    for rule, said in kept.stairs(PLAN).items():
        value = kept.earlier(PLAN)[rule].whole.value
        assert said["base"]["value"][0] == pytest.approx(value)
        assert [len(rung["lifted"]) for rung in said["together"]] == list(range(1, len(said["alone"]) + 1))


def test_that_a_moved_lever_is_answered_by_one_run_and_then_by_more(client, monkeypatch):
    from docketflow.app.pages import routes

    nobody_was_there = BEDS.replace("38000", "38100")
    monkeypatch.setattr(routes, "STEPS", (1, 2, 3))
    first = client.get("/live", params={"set": nobody_was_there})
    said = first.json()
    assert first.status_code == 200 and said["runs"] == 1
    assert "1 run" in said["parts"]["mine"] and 'class="line mine"' in said["parts"]["months"]
    assert "Costs $" in said["parts"]["mine"] and '<td class="own"></td>' not in said["parts"]["facts"]
    assert said["address"] == f"/?set={nobody_was_there.replace('+', '%2B')}"
    events = client.get("/stream", params={"set": nobody_was_there}).text
    told = [line for line in events.splitlines() if line.startswith("event: ")]
    assert [one for one in told if one != "event: progress"] == ["event: answer"] * 2 + ["event: done"]


def test_that_a_lever_that_cannot_be_is_told_with_its_field_and_nothing_runs(client):
    said = client.get("/live", params={"court.judges": "9,999,999"})
    assert said.status_code == 422
    assert said.json()["field"] == "court.judges" and said.json()["nearest"]
