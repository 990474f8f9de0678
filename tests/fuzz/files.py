"""Scenario files gone wrong: shipped and small ones, with pieces changed, moved, cut, doubled or hostile."""

# ruff: noqa: E501 (lists of odd values read better on long lines)

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import docketflow
from docketflow.policy import levers

SHIPPED = Path(docketflow.__file__).parent / "policy" / "scenarios"
SMALL = """\
name: small
title: A small one
summary: For trying.
first: 2024-10-01
start: 2025-01-20
end: 2025-02-20
target: {removals: 1000000, series: removals.ice, assumed: true, note: a guess}
settings:
  - {lever: detention.beds.contract, operation: set, value: 50000, from: 2025-01-20, lag: 7, assumed: true, note: n}
  - lever: release.days
    operation: scale
    value: {ice: 0.5}
    by: agency
    from: 2025-01-25
    to: 2025-02-10
    source: a memorandum
    locator: page 3
  - {lever: court.judges, operation: ramp, value: 900, from: 2025-01-20, to: 2025-02-20, lag: 0, assumed: true, note: n}
"""
WORDS = (
    *("null", "~", "true", "no", "''", "[]", "{}", "- ", ": ", "? ", "---", "...", "<<: *a", "&a ", "*a", "|", ">"),
    *("!!float ''", "!!int ''", "!!bool x", "!!timestamp x", "!!map [1, 2]", "!!binary ''", "!!set {a}", "! x"),
    *("!!python/object/apply:os.system [ls]", "%YAML 9.9", "%TAG ! x", "{{7*7}}", "${HOME}", "=1+1", "@x", "`x`"),
    *(".nan", "-.inf", "1e999", "-1e308", "1e308", "1_000", "0o17", "0x1F", "-0", "1:30", "50,000", "25%", "٣"),
    *("9" * 400, "-5", "0.1", "1e-400", "2025-02-30", "0001-01-01", "9999-12-31", "2025-1-20", "45677", "36500"),
    *("2025-01-20T00:00:00Z", "2024-02-29", "/dev/zero", "/etc/passwd", "../../x", "./self.yaml", ".", "/", "a" * 3000),
    *('"\\e]0;x\\a"', '"\\u202e"', '"\\0"', '"\\uD800"', "\x00", "\x1b[2J", "\ufeff", "\u2028", "\r", "\t", "é", "😀"),
    *("[" * 200, "{a: " * 60, "- " * 60, "#", "'", '"', "extends: small.yaml", "extends: ./loop.yaml", "name: <b>"),
)  # fmt: skip
Change = Callable[[random.Random, list[str]], None]


def bases() -> list[str]:
    return [SMALL, SMALL, *(path.read_text(encoding="utf-8") for path in sorted(SHIPPED.glob("*.yaml")))]


def _cut(luck: random.Random, lines: list[str]) -> None:
    place = luck.randrange(len(lines))
    del lines[place : place + luck.randint(1, 3)]


def _double(luck: random.Random, lines: list[str]) -> None:
    place = luck.randrange(len(lines))
    lines[place:place] = [lines[place]] * luck.choice((1, 1, 2, 300))


def _move(luck: random.Random, lines: list[str]) -> None:
    lines.insert(luck.randrange(len(lines)), lines.pop(luck.randrange(len(lines))))


def _indent(luck: random.Random, lines: list[str]) -> None:
    place = luck.randrange(len(lines))
    lines[place] = " " * luck.randint(0, 9) + lines[place].lstrip()


def _value(luck: random.Random, lines: list[str]) -> None:
    place = luck.randrange(len(lines))
    head, colon, rest = lines[place].partition(": ")
    pieces = rest.split(", ")
    if len(pieces) > 1 and luck.random() < 0.7:
        which = luck.randrange(len(pieces))
        pieces[which] = f"{pieces[which].partition(': ')[0]}: {luck.choice(WORDS)}"
        lines[place] = f"{head}: {', '.join(pieces)}"
    elif colon:
        lines[place] = f"{head}: {luck.choice(WORDS)}"


def _letters(luck: random.Random, lines: list[str]) -> None:
    place = luck.randrange(len(lines))
    text = lines[place]
    at = luck.randint(0, len(text))
    new = luck.choice((luck.choice(WORDS), chr(luck.randrange(32, 0x250)), "", text[: luck.randint(0, 9)]))
    lines[place] = text[:at] + new + text[at + luck.randint(0, 3) :]


def _lever(luck: random.Random, lines: list[str]) -> None:
    """Add a setting of any lever, with anything beside it."""
    one = luck.choice(list(levers().values()))
    number = luck.choice((one.low, one.high, luck.uniform(-1, 2), luck.uniform(0, 1e6), 0, 1))
    value = str(number) if luck.random() < 0.6 or not one.by else _labelled(luck, one.labels(), number)
    row = {
        "lever": one.path,
        "operation": luck.choice((*one.operations, "set", "ramp")),
        "value": luck.choice((value, value, value, luck.choice(WORDS))),
        "from": luck.choice(("2025-01-20", "2025-02-20", "2024-10-01", "2025-02-19")),
        "to": luck.choice(("2025-02-20", "2025-01-20", "2026-01-19", "null")),
        "lag": luck.choice(("0", "7", "36500", "-1", "null")),
        "assumed": "true",
        "note": "n",
    }
    if luck.random() < 0.5:
        row.pop(luck.choice(list(row)))
    lines.append(f"  - {{{', '.join(f'{key}: {said}' for key, said in row.items())}}}")


def _labelled(luck: random.Random, traits: dict[str, tuple[str, ...]], number: object) -> str:
    labels = traits[luck.choice(list(traits))]
    chosen = luck.sample(labels, luck.randint(1, min(3, len(labels))))
    return f"{{{', '.join(f'{label}: {number}' for label in chosen)}}}"


CHANGES: tuple[Change, ...] = (
    _cut,
    _double,
    _move,
    _indent,
    _value,
    _value,
    _value,
    _letters,
    _letters,
    _lever,
    _lever,
)


def made(seed: int) -> bytes:
    """Return the scenario file of a number."""
    luck = random.Random(f"file {seed}")
    lines = luck.choice(bases()).splitlines()
    for _ in range(luck.choice((1, 1, 1, 2, 3, 6))):
        if lines:
            luck.choice(CHANGES)(luck, lines)
    data = "\n".join(lines).encode("utf-8", "surrogatepass")
    if luck.random() < 0.05:
        data = luck.choice(
            (data[: luck.randint(0, len(data))], data + bytes([luck.randrange(256)]), b"\xff\xfe" + data)
        )
    return data
