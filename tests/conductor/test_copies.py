"""Laws of copies of this process: what they come to is what comes of it here, whatever befalls them."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from docketflow.conductor import copies
from docketflow.conductor.answer import packed, unpacked
from docketflow.conductor.ensemble import simulate, simulate_all
from docketflow.conductor.simulator import Simulator
from docketflow.policy import load_scenario

SMALL = Fraction(1, 10_000)
only_with_copies = pytest.mark.skipif(not copies.can_be_made(), reason="no copies can be made here")


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make copies whatever threads tests before this one have left behind, which no copy here minds."""
    monkeypatch.setattr(copies, "can_be_made", lambda: True)


def lived(part: int, step: Callable[[], object]) -> tuple[int, int]:
    step()
    return part, os.getpid()


def both(live: Callable[[int, Callable[[], object]], tuple[int, int]]) -> tuple[list[tuple[int, int]], int]:
    steps: list[int] = []
    found = copies.side_by_side([1, 2], live, lambda: steps.append(1), list, lambda said, _: tuple(said))
    return found, len(steps)


@only_with_copies
def test_that_the_first_part_is_done_here_and_the_others_elsewhere_each_with_its_steps() -> None:
    (first, second), steps = both(lived)
    assert [first[0], second[0], steps] == [1, 2, 2]
    assert first[1] == os.getpid() != second[1]


@only_with_copies
@pytest.mark.parametrize("how", [lambda: os._exit(3), lambda: 1 / 0])
def test_that_the_part_of_a_copy_that_comes_to_nothing_is_done_here(how: Callable[[], object]) -> None:
    here = os.getpid()

    def live(part: int, step: Callable[[], object]) -> tuple[int, int]:
        if os.getpid() != here:
            how()
        return lived(part, step)

    assert both(live)[0] == [(1, here), (2, here)]


@only_with_copies
@pytest.mark.parametrize("missing", ["fork", "pipe"])
def test_that_the_part_of_a_copy_that_cannot_be_made_is_done_here(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    def refused() -> None:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(os, missing, refused)
    assert both(lived) == ([(1, os.getpid()), (2, os.getpid())], 2)


@only_with_copies
def test_that_what_goes_wrong_in_saying_a_step_is_not_taken_for_the_end_of_a_copy() -> None:
    steps: list[int] = []

    def step() -> None:
        steps.append(1)
        if len(steps) == 2:  # that of the copy
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        copies.side_by_side([1, 2], lived, step, list, lambda said, _: tuple(said))


@only_with_copies
def test_that_no_copy_outlives_a_part_that_fails_here() -> None:
    here, (hears, says) = os.getpid(), os.pipe()

    def live(part: int, step: Callable[[], object]) -> tuple[int, int]:
        if os.getpid() == here:
            os.close(says)
            raise KeyError(part)
        threading.Event().wait()  # for ever
        return lived(part, step)

    with pytest.raises(KeyError):
        both(live)
    assert os.read(hears, 1) == b""  # nobody is left who could write
    os.close(hears)


@only_with_copies
def test_that_a_copy_is_deaf_to_an_interrupt_from_its_first_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    do = copies._do

    def interrupted(*given: Any) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        do(*given)

    monkeypatch.setattr(copies, "_do", interrupted)
    (_, second), _ = both(lived)
    assert second[1] != os.getpid()


@only_with_copies
def test_that_no_copy_outlives_an_interrupt_while_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(copies._Copy[int]):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            os.kill(os.getpid(), signal.SIGINT)

    def as_ever(number: int, frame: Any) -> None:
        signal.default_int_handler(number, frame)

    outside = signal.signal(signal.SIGINT, as_ever)  # a shell's job in the background is deaf to it
    before = multiprocessing.active_children(), signal.getsignal(signal.SIGINT)
    _ = np.ones((300, 300)) @ np.ones((300, 300))  # wakes the threads of a library, which take signals too
    monkeypatch.setattr(copies, "_Copy", Interrupted)
    try:
        with pytest.raises(KeyboardInterrupt):
            both(lambda part, step: lived(part, threading.Event().wait))  # for ever
        assert set(multiprocessing.active_children()) <= set(before[0])
        assert signal.getsignal(signal.SIGINT) == before[1]
    finally:
        signal.signal(signal.SIGINT, outside)


@only_with_copies
def test_that_a_process_that_another_one_started_makes_no_copies() -> None:
    worker = multiprocessing.get_context("fork").Process(target=lambda: os._exit(copies.can_be_made()))
    worker.start()
    worker.join()
    assert worker.exitcode == 0


@only_with_copies
@pytest.mark.usefixtures("alone")
def test_that_work_is_done_aside_in_copies_of_a_copy_while_something_else_is_done_here() -> None:
    here, done, steps = os.getpid(), list[int](), list[int]()
    found = copies.aside(
        lambda step: copies.side_by_side([1, 2], lived, step, list, lambda said, _: tuple(said)),
        lambda: done.append(os.getpid()),
        lambda: steps.append(1),
    )
    assert [part for part, _ in found] == [1, 2] and len({here, *(maker for _, maker in found)}) == 3
    assert done == [here] and len(steps) == 2


@only_with_copies
@pytest.mark.parametrize("how", [lambda: os._exit(3), lambda: 1 / 0])
def test_that_work_that_comes_to_nothing_aside_is_done_here_after_the_other_thing(
    how: Callable[[], object],
) -> None:
    here, done = os.getpid(), list[str]()

    def work(step: Callable[[], object]) -> int:
        if os.getpid() != here:
            how()
        done.append("work")
        return os.getpid()

    assert copies.aside(work, lambda: done.append("other"), lambda: None) == here
    assert done == ["other", "work"]


@only_with_copies
@pytest.mark.usefixtures("alone")
def test_that_no_copy_of_a_copy_outlives_what_goes_wrong_here() -> None:
    hears, says = os.pipe()

    def live(part: int, step: Callable[[], object]) -> tuple[int, int]:
        os.write(says, b".")
        threading.Event().wait()  # for ever
        return lived(part, step)

    def wrong() -> None:
        os.close(says)
        assert os.read(hears, 1) + os.read(hears, 1) == b".."  # both are at work
        raise KeyError

    with pytest.raises(KeyError):
        copies.aside(
            lambda step: copies.side_by_side([1, 2], live, step, list, lambda said, _: said),
            wrong,
            lambda: None,
        )
    assert os.read(hears, 1) == b""  # nobody is left who could write
    os.close(hears)


def test_that_members_lived_in_copies_or_in_threads_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = load_scenario("last-quarter-2024")
    in_copies = simulate(scenario, members=8, scale=SMALL, workers=2)
    monkeypatch.setattr(copies, "can_be_made", lambda: False)
    in_threads = simulate(scenario, members=8, scale=SMALL, workers=2)
    assert in_copies.arrays.keys() == in_threads.arrays.keys()
    for name, numbers in in_copies.arrays.items():
        np.testing.assert_array_equal(numbers, in_threads.arrays[name], strict=True)


def test_that_an_answer_is_all_there_when_it_comes_back() -> None:
    simulator = Simulator(load_scenario("last-quarter-2024"), scale=SMALL)
    like, sent = simulator.member(0), simulator.member(11)  # which is lived again with other luck
    [found] = unpacked(packed([sent]), like)
    for name, value in vars(sent).items():
        plain = list if isinstance(value, list) else dict
        np.testing.assert_equal(plain(getattr(found, name)), plain(value))
    assert found.again and not unpacked(packed([like]), sent)[0].again


@only_with_copies
def test_that_members_lived_aside_are_the_same_and_their_steps_are_heard() -> None:
    scenario, steps, here = load_scenario("last-quarter-2024"), list[int](), list[int]()
    [aside] = simulate_all(
        [scenario], members=8, scale=SMALL, workers=2, meanwhile=lambda: here.append(os.getpid()),
        progress=lambda done, _: steps.append(done),
    )  # fmt: skip
    alone = simulate(scenario, members=8, scale=SMALL, workers=2)
    assert here == [os.getpid()] and steps == list(range(1, 9))
    assert aside.manifest == alone.manifest and aside.axes == alone.axes and aside.levers == alone.levers
    for name, numbers in aside.arrays.items():
        np.testing.assert_array_equal(numbers, alone.arrays[name], strict=True)
