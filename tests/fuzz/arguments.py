"""Command lines gone wrong: every command with options that do not fit, values of other kinds, odd files."""

# ruff: noqa: E501 (lists of odd values read better on long lines)

from __future__ import annotations

import random

from docketflow.policy import levers

NUMBERS = (
    "0",
    "-1",
    "1",
    "2",
    "3.5",
    "1e9",
    "99999999999999999999",
    "nan",
    "x",
    "",
    "١",
    "0x10",
    " 1",
    "1_000",
)
SCALES = (
    "1/10000",
    "1/9999",
    "1/20001",
    "1",
    "0",
    "-1/2",
    "1/0",
    "2/3",
    "1e-3000000000",
    "1e-4",
    ".0001",
    "1/١",
    "/",
)
DAYS = (
    *("2025-01-20", "2025-01-25", "2025-02-20", "2024-10-01", "2024-09-30", "0001-01-01", "9999-12-31", "2025-02-30"),
    *("2025-1-20", "20250120", "2025-W04", "tomorrow", "", "2044-09-30", "1/20/2025"),
)  # fmt: skip
NAMES = (
    *("small.yaml", "small.yaml", "baseline-january-2025", "fiscal-year-2024", "one-million-first-year", "nosuch"),
    *("baseline", "none.yaml", ".", "..", "/", "/dev/zero", "/dev/null", "pipe.yaml", "binary.yaml", "empty.yaml"),
    *("a\x00b.yaml", "x" * 5000, "\x1b[2J", "é.yaml", "-", "--", "*", "$(ls)", "; ls", "loop.yaml", "", " "),
)  # fmt: skip
PLACES = ("out", "small.yaml", "/dev/null", "/proc/x", "", "a/b/c", "x" * 300, "\x00", ".", "link", "out/in")
SETS = (
    *("detention.beds.contract=30000", "detention.beds.contract=30000@2025-01-25", "detention.beds.contract"),
    *("=", "@", "a=b@c", "court.judges=+200", "court.judges=-47", "court.judges=*1.5", "court.judges=1e400", "x" * 4000),
    *("release.days[ice]=0.5", "release.days[x]=0.5", "[]=1", "target.removals=5"),
    *("target.series=removals.ohss", "target.series=5", "court.judges=nan", "court.judges=700@9999-12-31", "", "\x1b"),
)  # fmt: skip
OPTIONS: dict[str, tuple[str, ...]] = {
    "--members": ("1", "1", *NUMBERS), "--seed": ("1", "7", *NUMBERS), "--scale": ("1/10000", *SCALES),
    "--from": DAYS, "--to": DAYS, "--set": SETS, "--out": PLACES, "--trace": NUMBERS, "--trace-to": PLACES,
    "--with": ("evidence", "nothing", ""), "--people": NUMBERS, "--days": ("1", *NUMBERS), "--workers": ("1", *NUMBERS),
    "--json": (), "--recount": (), "--resume": (), "--help": (), "--nosuch": ("1",), "--result": PLACES, "-x": (),
}  # fmt: skip
COMMANDS = (
    *("run", "study", "compare", "scenarios", "levers", "outcomes", "explain", "evidence", "tables", "validate"),
    *("bench", "bench docket-ref", "bench national", "warm", "nosuch", "--version", "--help", ""),
)  # fmt: skip
HEAVY = ("run", "study", "compare", "bench docket-ref", "bench national", "warm", "tables")


def made(seed: int) -> list[str]:
    """Return the command line of a number; one that runs something runs little."""
    luck = random.Random(f"arguments {seed}")
    command = luck.choice(COMMANDS)
    words = command.split()
    for _ in range(luck.choice((0, 1, 1, 1, 2, 3))):
        words.append(luck.choice((luck.choice(NAMES), luck.choice(list(levers())), luck.choice(NAMES))))
    for _ in range(luck.choice((0, 1, 1, 2, 3, 5))):
        option = luck.choice(list(OPTIONS))
        words.append(option)
        if OPTIONS[option] and luck.random() < 0.95:
            words.append(luck.choice(OPTIONS[option]))
    luck.shuffle(words) if luck.random() < 0.05 else None
    if command in HEAVY:  # of what is given twice the last counts: small it is, unless refused before
        words += _small(command, luck)
    return words


def _small(command: str, luck: random.Random) -> list[str]:
    if command == "bench docket-ref":
        return ["--people", "1000", "--days", "2"]
    if command == "bench national":
        return ["--scale", "1/10000", "--days", "2"]
    if command == "warm":
        return ["--nosuch"]
    few = ["--scale", luck.choice(("1/10000", "1/10000", *SCALES))]
    few += [] if command == "tables" else ["--members", "1"]
    return [*few, "--workers", "1"] if command == "study" else few
