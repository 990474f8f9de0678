"""Does parts of some work side by side in copies of this process, where the system makes such copies (Linux).

Half of a member is Python, of which a process runs one line at a time: two threads take turns where two
copies do not. A copy shares all that was made before (the form, the starting stock, the compiled machine),
and sends back numbers alone. What befalls it is no result: its part is done here instead, so that whatever
is wrong is said as if nobody else had tried. It must not know what the parts are.
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

Part = TypeVar("Part")
Found = TypeVar("Found")
Step = Callable[[], object]
Live = Callable[[Part, Step], Found]


def can_be_made() -> bool:
    """Return whether this process can be copied: a copy has no threads but the one that makes it.

    A process that another one started makes none: it is one of several at work already, unless it was made
    here to do all of some work (`aside`). Only Python's threads are seen here, not those of libraries. These
    do no harm: nothing is compiled to run on several threads, so none but those of a library of linear
    algebra can wait, which minds copies itself and no member calls.
    """
    alone = threading.active_count() == 1 and threading.current_thread() is threading.main_thread()
    first = multiprocessing.parent_process() is None or _conducts
    return sys.platform == "linux" and alone and first


def aside(work: Callable[[Step], Found], meanwhile: Callable[[], object], step: Step) -> Found:
    """Do some work in a copy of this process, and something else here; return what the work came to.

    Its steps are called here, when the other thing is done (see `begun`).
    """
    with begun(work, step) as found:
        meanwhile()
        return found()


@contextlib.contextmanager
def begun(work: Callable[[Step], Found], step: Step = lambda: None) -> Iterator[Callable[[], Found]]:
    """Begin some work in a copy of this process, which may make copies itself; give what waits for it.

    What it comes to are plain data and arrays, not None. Where there can be no copy, or it comes to nothing,
    the work is done here, when it is asked for. At the end of the block the copy ends, whatever it does.
    """
    if not can_be_made():
        yield lambda: work(step)
        return
    with _uninterrupted():
        copy = _Copy(None, lambda _, step: work(step), conducts=True)

    def found() -> Found:
        copy.hear(step, to_the_end=True)
        return work(step) if copy.said is None else copy.said

    try:
        yield found
    finally:
        copy.end()


def side_by_side(
    parts: Sequence[Part], live: Live[Part, Found], step: Step, pack: Callable[[Found], Any],
    unpack: Callable[[Any, Found], Found],
) -> list[Found]:  # fmt: skip
    """Do the first part here and each other one in a copy of this process; return what each came to.

    Parameters
    ----------
    parts : sequence
    live : callable
        Does a part, and calls what it is given after each step of it.
    step : callable
        Called here for each step of every part.
    pack, unpack : callables
        From what a part came to, to what a copy sends of it; and back, beside what the first part came to.
    """
    copies: list[_Copy[Part]] = []
    try:
        for part in parts[1:]:
            with _uninterrupted():
                copies.append(_Copy(part, lambda part, step: pack(live(part, step))))

        def stepped() -> None:
            step()
            for copy in copies:
                copy.hear(step)

        first = live(parts[0], stepped)
        found = [first]
        for copy in copies:
            copy.hear(step, to_the_end=True)
            found.append(live(copy.part, step) if copy.said is None else unpack(copy.said, first))
        return found
    finally:
        for copy in copies:
            copy.end()


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait until a copy is deaf to it, and its maker knows of the copy.

    It is heard and told later, not blocked: a thread of a library would still take a blocked one.
    """
    heard: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)
        if heard:
            signal.raise_signal(signal.SIGINT)


class _Copy(Generic[Part]):
    """A copy of this process that does a part; one that conducts may make copies of its own."""

    def __init__(self, part: Part, work: Live[Part, Any], *, conducts: bool = False) -> None:
        self.part, self._open = part, False
        self.said: Any = None
        self._ended = contextlib.ExitStack()
        with contextlib.suppress(OSError):  # no room for it: nobody is heard, and its part is done here
            self._hears, says = multiprocessing.Pipe(duplex=False)
            self._ended.enter_context(self._hears)
            process = multiprocessing.get_context("fork").Process(
                target=_do, args=(work, part, self._hears, says, os.getpid()), daemon=not conducts
            )
            # Python warns of the threads of libraries (see `can_be_made`).
            with says, warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                process.start()
            self._ended.callback(process.join)
            self._ended.callback(process.kill)
            self._open = True

    def hear(self, step: Step, *, to_the_end: bool = False) -> None:
        """Take in what the copy says: that a step is done, or what its part came to."""
        while self._open:
            try:
                if not to_the_end and not self._hears.poll():
                    return
                word = self._hears.recv()
            except (EOFError, OSError):  # it is no more
                self._open = False
                return
            if word is None:
                step()
            else:
                self.said, self._open = word, False

    def end(self) -> None:
        """End the copy, whatever it does.

        Nobody waits for one that has said all and is about to go: the next one takes in what is left of it.
        """
        multiprocessing.active_children()  # takes in those that went before
        if self.said is None:
            self._ended.close()
        else:
            self._hears.close()


def _do(work: Live[Part, Any], part: Part, hears: Connection, says: Connection, maker: int) -> None:
    """Do a part and say so step by step; whatever goes wrong is said where the part is done again."""
    global _conducts
    _conducts = not multiprocessing.current_process().daemon
    hears.close()  # so that whoever is left alone notices with the next word
    with contextlib.suppress(AttributeError, OSError):  # or, where it may ask for it, at once
        ctypes.CDLL(None).prctl(_ENDS_WITH_MAKER, signal.SIGKILL)
    if os.getppid() != maker:
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # its maker's to hear
    try:
        says.send(work(part, lambda: says.send(None)))
    except BaseException:
        os._exit(1)
    os._exit(0)  # nothing of what the maker does at its end


_ENDS_WITH_MAKER = 1  # PR_SET_PDEATHSIG of Linux
_conducts = False  # whether this is a copy that may make copies
