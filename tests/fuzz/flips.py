"""Every kind of file that docketflow keeps, damaged: a bit turned, a piece lost, zeroed or added.

What is read after that is one clear line, or nothing where it can be made anew, or the same answer as before.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from docketflow import results, studies
from docketflow.cli.main import main
from docketflow.conductor.simulator import SMALLEST, Simulator, centre
from docketflow.core import array_cache, places, sealed
from docketflow.engine.run.compiler import cache
from docketflow.engine.run.machine import Run
from docketflow.engine.run.paused import resume, save
from docketflow.policy import load_scenario

SMALL = "small.yaml"
MONTH = 31  # days after which a run is paused: at a month's end


@dataclass
class Kept:
    """Some files, how they are read, and what they say when they are whole."""

    files: list[Path]
    read: Callable[[Path], Any]
    said: Any

    def damaged(self, seed: int) -> Any:
        """Damage one file, and return what is read then: what was said, or None if it must be made anew."""
        luck = random.Random(f"flip {seed}")
        file = luck.choice(self.files)
        whole = file.read_bytes()
        file.write_bytes(_damage(luck, whole))
        try:
            return self.read(file)
        finally:
            file.write_bytes(whole)


def _damage(luck: random.Random, whole: bytes) -> bytes:
    place = luck.randrange(len(whole))
    kind = luck.choice(("bit", "bit", "bit", "cut", "zeros", "more"))
    if kind == "bit":
        return whole[:place] + bytes([whole[place] ^ (1 << luck.randrange(8))]) + whole[place + 1 :]
    if kind == "cut":
        return whole[:place]
    if kind == "zeros":
        size = min(luck.randint(1, 4096), len(whole) - place)
        return whole[:place] + bytes(size) + whole[place + size :]
    return whole + bytes([luck.randrange(256)]) * luck.randint(1, 9)


def every(folder: Path) -> dict[str, Kept]:
    """Keep one of each kind in a folder that has been furnished, and return them by name."""
    return {
        "result": _result(folder),
        "study": _study(folder),
        "paused run": _paused(folder),
        "starting stock": _stock(folder),
        "compiled form": _forms(folder),
    }


def _result(folder: Path) -> Kept:
    few = ["--members", "2", "--scale", "1/10000"]
    assert main(["run", SMALL, *few, "--trace", "2", "--out", "a-result", "--json"]) == 0

    def read(_: Path) -> Any:
        return results.load(Path("a-result")).to_json()

    return Kept(_files(folder / "a-result"), read, read(folder))


def _study(folder: Path) -> Kept:
    few = ["--members", "2", "--scale", "1/10000", "--workers", "1"]
    other = Path(SMALL).read_text(encoding="utf-8").replace("name: small", "name: other")
    Path("other.yaml").write_text(other.replace("value: 50000", "value: 10000"), encoding="utf-8")
    assert main(["study", SMALL, "other.yaml", *few, "--out", "a-study", "--json"]) == 0

    def read(_: Path) -> Any:
        return studies.load(Path("a-study")).to_json()

    return Kept(_files(folder / "a-study"), read, read(folder))


def _paused(folder: Path) -> Kept:
    scenario, file = load_scenario(SMALL), folder / "paused"
    bound = centre(scenario, SMALLEST)
    stock = Simulator(scenario, scale=SMALLEST).stock
    save(Run(bound, stock, 1).advance(MONTH), file)

    def read(_: Path) -> Any:
        ledger = resume(file, bound).finish()
        return {name: days.tolist() for name, days in {**ledger.stock, **ledger.spent}.items()}

    return Kept([file], read, read(file))


def _stock(folder: Path) -> Kept:
    with mock.patch.dict(os.environ, {places.NAMED: str(folder / "kept")}):
        array_cache.write("stock", "x", {"people": np.arange(5000) ** 2, "days": np.arange(50)})

    def read(_: Path) -> Any:
        with mock.patch.dict(os.environ, {places.NAMED: str(folder / "kept")}):
            found = array_cache.read("stock", "x")
        return None if found is None else {name: array.tolist() for name, array in found.items()}

    (file,) = (folder / "kept").glob("stock-*")
    return Kept([file], read, read(file))


def _forms(folder: Path) -> Kept:
    """What is sealed is not loaded when its seal is broken; `whole_machine` tries it to the end."""
    (found, *_) = (there for there in cache.folders() if there.is_dir())
    shutil.copytree(found, folder / "forms")
    files = sorted((folder / "forms").glob("*.form"))
    whole = {file.name: sealed.read(file) for file in files}

    def read(file: Path) -> Any:
        data = sealed.read(file)
        return None if data is None else data == whole[file.name]

    return Kept(files, read, True)


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file() and file.stat().st_size)


def whole_machine(seed: int, folder: Path) -> str:
    """Damage some compiled forms of a copy, run the machine in a process of its own; return a fault or ''."""
    (found, *_) = (there for there in cache.folders() if there.is_dir())
    shutil.copytree(found, folder / "cache" / cache.name(), dirs_exist_ok=True)
    forms = sorted((folder / "cache" / cache.name()).glob("*.form"))
    environment = {**os.environ, places.NAMED: str(folder / "cache")}
    words = [sys.executable, "-m", "docketflow.cli", "tables", SMALL, "--json"]

    def run() -> tuple[int, str, str]:
        done = subprocess.run(words, capture_output=True, text=True, env=environment)
        return done.returncode, done.stdout, done.stderr

    whole = run()
    luck = random.Random(f"machine {seed}")
    for form in luck.sample(forms, 3):
        form.write_bytes(_damage(luck, form.read_bytes()))
    code, said, errors = run()
    return "" if (code, said) == whole[:2] and errors.count("\n") <= 1 else f"{code}: {errors[-300:]}"
