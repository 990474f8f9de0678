"""Every number of three small national runs, as rows of one readable file.

A row is a number of one member: its value for the period and, where it has months, by month. Floats are
written so that reading them gives the same bits. Nothing here knows what a number means.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import docketflow
from docketflow.results import Result

FILE = Path(__file__).with_name("outcomes.csv")
SCENARIOS = ("fiscal-year-2024", "baseline-january-2025", "one-million-first-year")
MEMBERS, SCALE, SEED = 2, "1/1000", 1
COLUMNS = ("scenario", "kind", "name", "member", "period", "by_month")
Key = tuple[str, str, str, str]
Golden = dict[Key, tuple[str, str]]


def lived(name: str) -> Golden:
    """Run a scenario small and return its numbers, as they are written."""
    return dict(_rows(docketflow.run(name, members=MEMBERS, scale=SCALE, seed=SEED)))


def read() -> Golden:
    """Return the golden numbers."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return {tuple(row[:4]): (row[4], row[5]) for row in list(csv.reader(lines))[1:]}  # type: ignore[misc]


def write() -> list[str]:
    """Make the file anew and return what changed, one line a number."""
    new: Golden = {}
    for name in SCENARIOS:
        new |= lived(name)
    changed = differences(read() if FILE.exists() else {}, new)
    with FILE.open("w", encoding="utf-8", newline="") as lines:
        rows = csv.writer(lines, lineterminator="\n")
        rows.writerow(COLUMNS)
        rows.writerows((*key, *values) for key, values in new.items())
    return changed


def differences(old: Golden, new: Golden) -> list[str]:
    """Return one line for each number that is not what it was."""
    lines = [f"gone: {' / '.join(key)}" for key in old if key not in new]
    lines += [f"new: {' / '.join(key)} {values[0]}" for key, values in new.items() if key not in old]
    for key, (whole, months) in new.items():
        if key in old and old[key] != (whole, months):
            was = "its months alone" if old[key][0] == whole else f"{old[key][0]} -> {whole}"
            lines.append(f"changed: {' / '.join(key)}: {was}")
    return lines


def _rows(result: Result) -> Iterator[tuple[Key, tuple[str, str]]]:
    def row(kind: str, name: str, member: int, period: object, months: object) -> tuple[Key, tuple[str, str]]:
        return (result.scenario, kind, name, str(member)), (_written(period), _written(months))

    for member in range(result.members):
        for name in result.names:
            answer = result[name]
            months = [] if answer.by_month is None else answer.by_month[member]
            yield row("outcome", name, member, answer.values[member], months)
            if answer.opening is not None:
                yield row("opening", name, member, answer.opening[member], [])
        for stage, stocks in zip(result.labels("stage"), result.arrays["stocks"], strict=True):
            yield row("stock", stage, member, [], stocks[member])
        for name, parts in zip(result.labels("resource"), result.arrays["resources"], strict=True):
            for part, values in zip(result.labels("measure"), parts, strict=True):
                yield row("resource", f"{name} {part}", member, [], values[member])
        for edge, flows in zip(result.labels("edge"), result.arrays["flows"], strict=True):
            yield row("flow", edge, member, flows[member], [])
        for account, costs in zip(result.labels("account"), result.arrays["costs"], strict=True):
            yield row("cost", account, member, costs[member], [])


def _written(values: object) -> str:
    """Return numbers as text: whole ones without a point, others with as many digits as they have."""
    return " ".join(
        str(int(value)) if value.is_integer() else repr(value)
        for value in map(float, np.atleast_1d(np.asarray(values, dtype=float)))
    )
