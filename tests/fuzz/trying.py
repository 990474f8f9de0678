"""Tries one wrong thing within limits, and says what became of it: done, refused in one line, or a fault.

In a folder of its own, which holds what the made things name. Limits are of processor time and of memory.
"""

from __future__ import annotations

import contextlib
import io
import os
import resource
import signal
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docketflow.cli.main import main
from docketflow.conductor.model import validated
from docketflow.conductor.simulator import SMALLEST, centre
from docketflow.core.errors import UNPRINTABLE, DocketflowError
from docketflow.policy import load_scenario
from fuzz import arguments, calls, files, flips

SECONDS, MOST_SECONDS = 2.0, 30.0  # of processor: to refuse, and to run the little that is asked
MEGABYTES, BEGUN = 500, 200  # all that may be used, of which this is a process with everything loaded
DONE, REFUSED = "done", "refused"


@dataclass(frozen=True)
class End:
    """What became of one thing: done, refused, or the fault that was seen."""

    kind: str
    seed: int
    what: str
    said: str = ""
    seconds: float = 0.0

    @property
    def fault(self) -> bool:
        return self.what not in (DONE, REFUSED)


class _TooLong(BaseException):
    """More processor time than anything may take."""


def furnish(folder: Path) -> None:
    """Put into a folder the files that made things name."""
    (folder / "small.yaml").write_text(files.SMALL, encoding="utf-8")
    (folder / "loop.yaml").write_text("extends: ./loop.yaml\n", encoding="utf-8")
    (folder / "empty.yaml").write_text("", encoding="utf-8")
    (folder / "binary.yaml").write_bytes(bytes(range(256)))
    if not (folder / "pipe.yaml").exists():
        os.mkfifo(folder / "pipe.yaml")
        (folder / "link").symlink_to("link")


def warm_up() -> None:
    """Have the engine compiled and everything loaded, which no tried thing is to answer for."""
    for name in ("run", "trace"):
        given = {key: calls.ALWAYS[key] for key in calls.TAKES[name] if key in calls.ALWAYS}
        calls.call(name, {"scenario": calls.SMALL, **given})
    with contextlib.redirect_stdout(io.StringIO()):
        main(
            ["bench", "national", "--scale", "1/10000", "--days", "2"]
        )  # builds the people it starts with, once


def block(kind: str, first: int, last: int, ends: Any) -> None:
    """Try some things in a folder of their own; hand over each number before, and each end after."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        os.chdir(folder)
        furnish(Path(folder))
        warm_up()
        for seed in range(first, last):
            ends.send(seed)
            ends.send(tried(kind, seed))


def flips_block(first: int, last: int, ends: Any) -> None:
    """Damage every kind of kept file, and hand over each number before, and each end after."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        os.chdir(folder)
        furnish(Path(folder))
        with contextlib.redirect_stdout(io.StringIO()):
            every = flips.every(Path(folder))
        for seed in range(first, last):
            ends.send(seed)
            ends.send(flipped(every, seed))


def flipped(every: dict[str, flips.Kept], seed: int) -> End:
    """Damage one file of a kind, and say whether what is then read is refused, or what it was."""
    kind = list(every)[seed % len(every)]
    try:
        found = every[kind].damaged(seed)
    except DocketflowError as error:
        return End(kind, seed, _clear(str(error)), str(error))
    except Exception as error:
        return End(kind, seed, type(error).__name__, str(error)[:300])
    if found is None:
        return End(kind, seed, REFUSED, "made anew")
    return End(kind, seed, DONE if found == every[kind].said else "a wrong answer")


def tried(kind: str, seed: int) -> End:
    """Make the thing of a number and try it in the present folder."""
    attempt = {"files": _file, "arguments": _arguments, "calls": _call}[kind]
    _forget_peak()
    began, before = _clock(), _memory("VmRSS")
    try:
        with _limited():
            what, said = attempt(seed)
    except _TooLong:
        what, said = "takes too long", ""
    except BaseException as error:  # what else there is is what is looked for
        what, said = f"{type(error).__name__}", str(error)[:300]
    seconds = _clock() - began
    if what == REFUSED:
        what = _clear(said)
    if what == REFUSED and seconds > SECONDS:
        what = "takes too long to refuse"
    if _memory("VmHWM") - before > MEGABYTES - BEGUN:
        what = "takes too much memory"
    return End(kind, seed, what, said, seconds)


def _clock() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _memory(what: str) -> float:
    """Return memory in megabytes: VmRSS is what is held now, VmHWM the peak since it was last forgotten."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1024


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _clear(said: str) -> str:
    if "\n" in said.strip() or not said.strip():
        return "not one line"
    if UNPRINTABLE.search(said):
        return "a line that commands a terminal"
    return REFUSED if len(said) < 2_500 and "Traceback" not in said else "a line that nobody reads"


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    def end(*_: object) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _refused(attempt: Callable[[], object]) -> tuple[str, str]:
    try:
        attempt()
    except DocketflowError as error:
        return REFUSED, str(error)
    return DONE, ""


def _file(seed: int) -> tuple[str, str]:
    """Load and check a file; what is valid must also bind, as it would when run."""
    path = Path("made.yaml")
    path.write_bytes(files.made(seed))
    what, said = _refused(lambda: validated(load_scenario(path)))
    if what == DONE:
        centre(load_scenario(path), SMALLEST)
    return what, said


def _arguments(seed: int) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments.made(seed))
    return {0: (DONE, ""), 2: (REFUSED, err.getvalue())}.get(code, (f"exit code {code}", err.getvalue()))


def _call(seed: int) -> tuple[str, str]:
    name, given = calls.made(seed)
    return _refused(lambda: calls.call(name, given))
