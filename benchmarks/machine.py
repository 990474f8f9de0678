"""What a measurement was made on, for the rows of a CSV; it never names the machine itself."""

from __future__ import annotations

import csv
import datetime as dt
import os
import platform
import subprocess
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def described(*packages: str) -> dict[str, str]:
    """Return the date, the processor, the system, and the versions of Python, packages and compiler."""
    return {
        "date": dt.datetime.now(dt.UTC).strftime("%Y-%m-%d"),
        "cpu": _cpu(),
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
        "versions": ", ".join([f"Python {platform.python_version()}", *map(_version, packages), _compiler()]),
    }


def on_core(core: int) -> None:
    """Keep this process, and those it starts, on one core."""
    os.sched_setaffinity(0, {core})


def load() -> str:
    """Return how many processes wanted a core in the last minute: above 1 or so, others were at work."""
    return f"{os.getloadavg()[0]:.2f}"


def append(place: Path, row: Mapping[str, object]) -> None:
    """Add a row to a CSV, which begins with the names of its columns."""
    new = not place.exists()
    with place.open("a", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(row))
        if new:
            writer.writeheader()
        writer.writerow(row)


def _cpu() -> str:
    fields: dict[str, str] = {}
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        fields.setdefault(name.strip(), value.strip())
    name = fields.get("model name", platform.processor())
    return f"{name} (family {fields.get('cpu family')}, model {fields.get('model')})"


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} absent"


def _compiler() -> str:
    try:
        found = subprocess.run(["gcc", "-dumpfullversion"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "gcc absent"
    return f"gcc {found.stdout.strip()}"
