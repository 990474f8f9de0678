"""Laws of compiled forms: compiled once for all processes, never run damaged, never taken for another's."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from numba import njit, types

from docketflow.core import places
from docketflow.engine.run.compiler import cache, notice
from docketflow.engine.run.compiler.compiled import compiled, inner

COMPILES = """
import sys, time
from numba import types
from numba.core import event
from docketflow.engine.run.compiler.compiled import by_one, compiled, inner

class Count(event.Listener):
    def on_start(self, event): print("compiled", event.data["dispatcher"].__name__)
    def on_end(self, event): pass

event.register("numba:compile", Count())

while time.time() < float(sys.argv[1]): pass
with by_one():
    @inner()
    def inside(x):
        return x * 3

    @compiled(types.int64(types.int64), within=True)
    def middle(x):
        return inside(x) + 1

    time.sleep(0.3)  # others would take their turn here

    @compiled(types.int64(types.int64))
    def outer(x):
        return middle(x)
assert outer(5) == 16
"""


SIGNATURE = types.int64(types.int64)


def thrice(x):
    return x * 3


@pytest.fixture
def kept(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv(places.NAMED, str(tmp_path / "kept"))
    monkeypatch.setattr(places, "INSTALLED", tmp_path / "installed")
    return tmp_path / "kept"


def form(kept: Path) -> Path:
    (found,) = kept.rglob("*.form")
    return found


def test_that_of_processes_that_begin_together_one_compiles_everything(tmp_path):
    script = tmp_path / "compiles.py"
    script.write_text(COMPILES)
    environment = {**os.environ, places.NAMED: str(tmp_path / "kept")}
    start = str(time.time() + 2)
    begun = [
        subprocess.Popen(
            [sys.executable, str(script), start], env=environment, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    said = sorted(process.communicate(timeout=120)[0] for process in begun)
    assert [process.returncode for process in begun] == [0, 0, 0]
    assert said[:2] == ["", ""]
    assert said[2].split() == ["compiled", "middle", "compiled", "inside", "compiled", "outer"]


def test_that_a_damaged_form_is_compiled_anew_and_mended(kept):
    assert compiled(SIGNATURE)(thrice)(5) == 15
    file = form(kept)
    whole = file.read_bytes()
    for place in np.linspace(0, len(whole) - 1, 12).astype(int):
        broken = bytearray(whole)
        broken[place] ^= 0x10
        for content in (bytes(broken), whole[:place]):
            file.write_bytes(content)
            again = compiled(SIGNATURE)(thrice)
            assert again(5) == 15 and not again.stats.cache_hits
            assert len(file.read_bytes()) > len(whole) / 2
    again = compiled(SIGNATURE)(thrice)
    assert again(5) == 15 and again.stats.cache_hits


def test_that_python_is_told_that_it_cannot_call_an_inner_function():
    @inner()
    def within(x):
        return x * 3

    for _ in range(2):
        with pytest.raises(TypeError, match="within is called by compiled functions alone"):
            within(5)
        assert njit(lambda x: within(x) + 1)(5) == 16


def test_that_no_compiled_function_calls_one_that_is_kept_for_python_alone(kept):
    alone, within = compiled(SIGNATURE)(thrice), compiled(SIGNATURE, within=True)(thrice)
    assert njit(lambda x: within(x) + 1)(5) == 16
    with pytest.raises(TypeError, match="thrice is called by Python alone"):
        njit(lambda x: alone(x) + 1)(5)
    assert alone(5) == 15


def test_that_a_form_is_found_where_it_cannot_be_written(kept, tmp_path, monkeypatch):
    assert compiled(SIGNATURE)(thrice)(5) == 15
    kept.rename(tmp_path / "installed")
    monkeypatch.setattr(places, "writable", lambda: None)
    again = compiled(SIGNATURE)(thrice)
    assert again(5) == 15 and again.stats.cache_hits


def test_that_without_any_place_it_is_compiled_and_not_kept(kept, monkeypatch):
    monkeypatch.setattr(places, "writable", lambda: None)
    assert compiled(SIGNATURE)(thrice)(5) == 15
    assert not list(kept.rglob("*"))
    assert notice.notice() == notice.UNKEPT


def test_that_what_a_killed_process_left_half_written_is_removed(kept):
    assert compiled(SIGNATURE)(thrice)(5) == 15
    part = form(kept).with_name(".docketflow-abc.part")
    part.write_bytes(b"half")
    form(kept).unlink()
    assert compiled(SIGNATURE)(thrice)(5) == 15
    assert not part.exists()


def test_that_another_compiler_setting_or_processor_has_a_folder_of_its_own(monkeypatch):
    def named(key: str, value: str) -> str:
        with monkeypatch.context() as patched:
            patched.setenv(key, value)
            return cache.name.__wrapped__()

    plain = cache.name.__wrapped__()
    others = [named("NUMBA_OPT", "1"), named("NUMBA_CPU_NAME", "generic"), named("NUMBA_ENABLE_AVX", "0")]
    assert len({plain, *others}) == 4
    assert named("NUMBA_NUM_THREADS", "1") == named("NUMBA_CACHE_DIR", "x") == plain


def test_that_the_oldest_folders_of_forms_make_room(kept, monkeypatch):
    for number in range(cache.MOST + 3):
        monkeypatch.setattr(cache, "name", lambda number=number: f"machine-{number:02}")
        folder = cache.folder()
        assert folder is not None and folder.is_dir()
        os.utime(folder, (number, number))
    assert len(list(kept.iterdir())) == cache.MOST
    assert (kept / f"machine-{cache.MOST + 2:02}").is_dir()


def test_that_a_place_outside_the_memory_is_seen_where_the_compiler_checks_bounds(tmp_path):
    script = """
import numpy as np
from numba import njit, types
from docketflow.engine.run.kernel.memory import add, load, store

def caught(do):
    try:
        do()
    except IndexError:
        return "caught"

asked = (lambda a, i: load(a, i), lambda a, i: store(a, i, 1), lambda a, i: add(a, i, 1))
for function in map(njit, asked):
    print(*(caught(lambda: function(np.arange(3), i)) for i in (2, 3, -1)))
"""
    environment = os.environ | {"NUMBA_BOUNDSCHECK": "1", places.NAMED: str(tmp_path)}
    said = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    assert said.stdout.split() == ["None", "caught", "caught"] * 3, said.stderr
