"""What is installed is what was said: locks hold all requirements, the lowest lock the stated minimums."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOP = Path(__file__).parents[1]
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PYTHONS = ("3.11", "3.12", "3.13")
EXTRAS = {
    "run": (),
    "app": ("app",),
    "lowest": ("app", "test", "cluster"),
    "dev": ("analysis", "app", "browser", "calibrate", "test", "cluster", "dev"),
}
"""What each lock is for, beside the requirements of docketflow itself."""


def asked_for(lock: str) -> list[Requirement]:
    extras = PROJECT["optional-dependencies"]
    texts = [*PROJECT["dependencies"], *(text for extra in EXTRAS[lock] for text in extras[extra])]
    return [r for text in texts if (r := Requirement(text)).name != "docketflow"]


def locked(lock: str, python: str) -> dict[str, str]:
    """Return name and version of all that a lock installs on a Python (of Linux)."""
    lines = (TOP / "requirements" / f"{lock}.lock").read_text(encoding="utf-8").splitlines()
    pins = (Requirement(line.removesuffix("\\").strip()) for line in lines if re.match(r"\w", line))
    where = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": "linux"}
    return {
        canonicalize_name(pin.name): str(pin.specifier).removeprefix("==")
        for pin in pins
        if not pin.marker or pin.marker.evaluate(where)
    }


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("lock", EXTRAS)
def test_that_a_lock_holds_all_that_is_asked_for(lock, python):
    have = locked(lock, python)
    wrong = [str(r) for r in asked_for(lock) if have.get(canonicalize_name(r.name), "0") not in r.specifier]
    assert not wrong, f"requirements/{lock}.lock lacks {wrong}: make lock"


@pytest.mark.parametrize("python", PYTHONS)
def test_that_a_run_is_locked_as_the_tests_are(python):
    assert locked("run", python).items() <= locked("dev", python).items()


def test_that_the_lowest_lock_is_the_lowest_that_is_stated():
    have = locked("lowest", PYTHONS[0])
    for wanted in asked_for("lowest"):
        (floor,) = (s.version for s in wanted.specifier if s.operator == ">=")
        got = have[canonicalize_name(wanted.name)]
        assert re.fullmatch(rf"{re.escape(floor)}(\.0)*", got), f"{wanted} is tried as {got}: make lock"


def test_that_every_page_names_the_same_version():
    version = PROJECT["version"]
    assert f"\nversion: {version}\n" in (TOP / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## {version}\n" in (TOP / "CHANGES.md").read_text(encoding="utf-8")
