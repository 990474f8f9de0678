"""A first use compiles aloud; what is kept of it changes speed and no bit, in any Python found here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import docketflow
from docketflow.conductor import model
from docketflow.core import places
from docketflow.engine.run.compiler import notice
from docketflow.policy import load_scenario

SAME_BITS = Path(__file__).parents[1] / "benchmarks" / "same_bits.py"
PACKAGE = Path(docketflow.__file__).parent


def use(python: str, home: Path, many: int = 1) -> tuple[dict[str, str], str]:
    """Run a small docket-ref from a copy of the package, in so many processes; return digests and notes."""
    if not (home / "docketflow").exists():
        shutil.copytree(PACKAGE, home / "docketflow", ignore=shutil.ignore_patterns("__pycache__"))
    environment = {**os.environ, "PYTHONPATH": str(home)}
    command, pipe = [python, str(SAME_BITS), "--work", "docket-ref"], subprocess.PIPE
    begun = [
        subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment) for _ in range(many)
    ]
    books, said = zip(*(process.communicate() for process in begun), strict=True)
    assert [process.returncode for process in begun] == [0] * many, said
    assert len(set(books)) == 1
    return json.loads(books[0]), "".join(said)


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> tuple[dict[str, str], str, Path]:
    home = tmp_path_factory.mktemp("fresh")
    return *use(sys.executable, home, many=3), home


def test_that_a_first_use_by_several_at_once_says_once_that_it_compiles_and_later_ones_are_silent(first):
    books, said, home = first
    assert said.strip() == notice.NOTICE
    again, silence = use(sys.executable, home)
    assert again == books
    assert silence == ""


def test_that_an_installation_that_cannot_be_written_is_used_as_it_is_without_a_home(first):
    books, _, home = first
    locked = f"mount --bind {home} {home} && mount -o remount,ro,bind {home}"
    if subprocess.run(["unshare", "-m", "sh", "-c", locked], capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", f"{locked} && exec {sys.executable} {SAME_BITS} --work docket-ref"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(home), "HOME": "/proc/1"},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == books


@pytest.mark.parametrize("name", ["python3.11", "python3.12", "python3.13"])
def test_that_another_python_gives_the_same_books(name, first, tmp_path):
    python = shutil.which(name)
    if python is None or name == f"python3.{sys.version_info.minor}":
        pytest.skip(f"no other {name} here")
    if subprocess.run([python, "-c", "import docketflow, numba"], capture_output=True).returncode:
        pytest.skip(f"{name} has no docketflow")
    books, said = use(python, tmp_path)
    assert books == first[0]
    assert said.strip() == notice.NOTICE


def test_that_a_kept_starting_stock_is_the_one_that_is_built(tmp_path, monkeypatch):
    monkeypatch.setenv(places.NAMED, str(tmp_path))
    monkeypatch.setattr(places, "INSTALLED", tmp_path)
    day = load_scenario("fiscal-year-2024").first
    built = model._known.__wrapped__(day, model.made_from(day))
    assert len(list(tmp_path.glob("stock-*"))) == 1
    monkeypatch.setattr(model, "_built", None)
    assert model._known.__wrapped__(day, model.made_from(day)).hash() == built.hash()
