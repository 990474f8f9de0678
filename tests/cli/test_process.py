"""Laws of how a command ends as a process of its own: at once, or in order where something is left of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

LEFT = {
    "nothing": "",
    "a thread": "import threading, time; threading.Thread(target=time.sleep, args=(0.2,)).start()",
    "a pool of processes": (
        "import concurrent.futures as c; pool = c.ProcessPoolExecutor(1); pool.submit(abs, 1).result()"
    ),
}


@pytest.mark.parametrize("left", LEFT)
def test_that_a_command_ends_with_its_code_whatever_is_left_of_it(left: str) -> None:
    code = f"""
import atexit
from docketflow.cli import main
atexit.register(print, "last words")
{LEFT[left]}
main.main = lambda: 7
main.process()
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (found.returncode, found.stdout) == (7, "last words\n")  # Python itself may grumble at a pool


def test_that_a_profiler_keeps_what_it_saw(tmp_path: Path) -> None:
    out = tmp_path / "seen"
    command = [sys.executable, "-m", "cProfile", "-o", str(out), "-m", "docketflow.cli", "levers", "--help"]
    subprocess.run(command, capture_output=True, check=True, timeout=60)
    assert out.stat().st_size > 1000


@pytest.mark.parametrize("said", ["", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"])
def test_that_threads_of_linear_algebra_are_one_unless_a_user_says_how_many(
    monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    if said:
        monkeypatch.setenv(said, "2")
    code = (
        "import os; from docketflow.cli import main\n"
        "main.main = lambda: print(os.environ.get(main.ONE_THREAD)) or 0\nmain.process()"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert found.stdout == {"": "1\n", "OMP_NUM_THREADS": "None\n", "OPENBLAS_NUM_THREADS": "2\n"}[said]
