"""Hold the model against two periods that are known, and print docs/validation.md.

    python benchmarks/validation.py            # some minutes: lives both periods, keeps the rows, prints
    python benchmarks/validation.py --print    # only prints, from the rows that are kept

Rows of every version that was measured stand in validation.csv, the last of them newest: what is closer and
what is farther than the version before is read off there. Words, and the reason of each course that runs
against what was published, stand in docs/validation.yaml; a course without one is refused.
"""

from __future__ import annotations

import csv
import datetime as dt
import statistics
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from docketflow.core.strict_yaml import read_yaml

HERE = Path(__file__).resolve().parent
KEPT = HERE / "validation.csv"
BIAS = HERE.parent / "src" / "docketflow" / "results" / "scale_bias.csv"
PAGE, WORDS = (HERE.parent / "docs" / f"validation.{kind}" for kind in ("md", "yaml"))
YEAR, QUARTER = "fiscal-year-2024", "last-quarter-2024"
MEMBERS, SCALE, SEED = 50, "1/100", 1
FIELDS = ("version", "day", "scenario", "part", "series", "published", "model", "low", "high", "band",
          "relative", "verdict", "course", "told")  # fmt: skip
HELD_OUT = "held out"  # of the posterior; of the halves of the finer series too
FARTHER = 0.03  # of what was published: less is the luck of fifty members
NEAR = 0.15
Row = dict[str, str]


def measure() -> list[Row]:
    """Live both periods and return their rows, of the code as it is committed."""
    import docketflow
    from docketflow.calibrate.published import finer, published

    git = ("git", "-C", str(HERE), "rev-parse", "--short", "HEAD")
    code = subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    about = {"version": code, "day": dt.date.today().isoformat()}
    rows = []
    for scenario in (YEAR, QUARTER):
        result = docketflow.run(scenario, members=MEMBERS, scale=SCALE, seed=SEED)
        for one in published(result):
            rows.append(
                {**about, "scenario": scenario, "part": "check", "series": one["outcome"], **_told(one)}
            )
        for one in finer(result):
            part = HELD_OUT if one["held_out"] else "other"
            rows.append({**about, "scenario": scenario, "part": part, "series": one["series"], **_told(one)})
    return rows


def _told(one: dict[str, Any]) -> Row:
    number = {name: f"{one[name]:.10g}" for name in ("published", "model", "low", "high", "relative")}
    return {**number, "band": one["band"], "verdict": one["verdict"], "course": one.get("course", ""),
            "told": one["told"]}  # fmt: skip


def kept() -> list[Row]:
    """Return the rows of every version."""
    with KEPT.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def versions(rows: Iterable[Row]) -> list[str]:
    """Return the versions that were measured, the oldest first."""
    return list(dict.fromkeys(row["version"] for row in rows))


def opposite(rows: Sequence[Row]) -> list[str]:
    """Return the series whose course by month ran against the published one, in the newest version."""
    now = versions(rows)[-1]
    return [row["series"] for row in rows if row["version"] == now and row["course"] == "opposite"]


def page(rows: Sequence[Row]) -> str:
    """Return the page, from the rows that are kept and the words."""
    words, names = read_yaml(WORDS), versions(rows)
    now, before, first = names[-1], names[-2], names[0]
    mine = [row for row in rows if row["version"] == now]
    off = {
        name: {(row["scenario"], row["series"]): row["relative"] for row in rows if row["version"] == name}
        for name in (before, first)
    }

    def table(scenario: str, part: str) -> list[str]:
        lines = ["| series | published | model | 90% band | band | off | before | at first | posterior |",
                 "|---|--:|--:|---|---|--:|--:|--:|---|"]  # fmt: skip
        for row in _answered(mine, scenario, part):
            where = scenario, row["series"]
            says = (
                f"`{row['series']}`", _number(row["published"]), _number(row["model"]),
                f"{_number(row['low'])} to {_number(row['high'])}", row["band"], _percent(row["relative"]),
                *(_percent(off[name].get(where, "")) for name in (before, first)), row["told"],
            )  # fmt: skip
            lines.append(f"| {' | '.join(says)} |")
        return lines

    def error(part: str) -> str:
        told = [row for row in _answered(mine, YEAR, part) if row["told"] == HELD_OUT]
        mean = statistics.median(abs(float(row["relative"])) for row in told if row["verdict"] != "input")
        return f"{mean:.0%} of {sum(row['verdict'] != 'input' for row in told)}"

    moved = [row for row in mine if off[before].get((row["scenario"], row["series"]))]
    gap = {row["series"]: (off[before][row["scenario"], row["series"]], row["relative"]) for row in moved}
    closer = {name: _way(*pair) for name, pair in gap.items() if _grew(*pair) < -FARTHER}
    farther = {name: _way(*pair) for name, pair in gap.items() if _grew(*pair) > FARTHER}
    new = [row["series"] for row in mine if row["series"] not in gap and row["model"] != "nan"]
    outside = [row["series"] for row in mine if row["band"] == "outside"]
    none = [row["series"] for row in mine if row["model"] == "nan"]
    quarter = {row["series"]: row for row in mine if row["scenario"] == QUARTER}
    far = [name for name in words["quarter_asked"] if abs(float(quarter[name]["relative"])) > NEAR]
    near = [name for name in words["quarter_asked"] if name not in far]
    told = {
        "version": now, "day": mine[0]["day"], "before_version": before, "members": MEMBERS, "scale": SCALE,
        "seed": SEED, "held_error": error(HELD_OUT), "other_error": error("other"),
        "checks": "\n".join(table(YEAR, "check")), "held": "\n".join(table(YEAR, HELD_OUT)),
        "other": "\n".join(table(YEAR, "other")),
        "quarter": "\n".join([*table(QUARTER, HELD_OUT), *table(QUARTER, "other")[2:]]),
        "closer": _listed(closer), "farther": _listed(farther), "new": _names(new), "none": _names(none),
        "near": _names(near), "far": _names(far), "outside": _names(outside), "outside_count": len(outside),
        "all_count": sum(row["model"] != "nan" for row in mine),
        "why_off": "\n".join(f"- **{one['what']}**: {one['why']}." for one in words["off"]),
        "courses": "\n".join(f"- `{name}`: {words['courses'][name]}." for name in opposite(rows)),
        "course_count": len(opposite(rows)), "bias": "\n".join(_bias()),
        "chosen": "\n".join(f"- {line}" for line in words["chosen"]),
    }  # fmt: skip
    return words["page"].format(**told)


def _answered(rows: Iterable[Row], scenario: str, part: str) -> list[Row]:
    return [
        row for row in rows if (row["scenario"], row["part"]) == (scenario, part) and row["model"] != "nan"
    ]


def _grew(then: str, now: str) -> float:
    return abs(float(now)) - abs(float(then))


def _way(then: str, now: str) -> str:
    return f"{_percent(then)} to {_percent(now)}"


def _number(text: str) -> str:
    number = float(text)
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def _percent(text: str) -> str:
    return f"{float(text):+.0%}" if text else "-"


def _names(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "none"


def _listed(moved: dict[str, str]) -> str:
    return ", ".join(f"`{name}` ({way})" for name, way in moved.items()) or "none"


def _bias() -> Iterable[str]:
    with BIAS.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["scenario"] == YEAR]
    scales = list(dict.fromkeys(row["scale"] for row in rows))
    yield f"| outcome | {' | '.join(scales)} |"
    yield f"|---|{'--:|' * len(scales)}"
    for name in dict.fromkeys(row["outcome"] for row in rows):
        told = [
            f"{100 * float(row['bias']):+.1f} ({100 * float(row['standard_error']):.1f})"
            for row in rows
            if row["outcome"] == name
        ]
        yield f"| `{name}` | {' | '.join(told)} |"


def main() -> None:
    """Measure, keep and print; or print alone."""
    rows = kept()
    if "--print" not in sys.argv[1:]:
        found = measure()
        rows = [row for row in rows if row["version"] != found[0]["version"]] + found
        with KEPT.open("w", encoding="utf-8", newline="") as lines:
            table = csv.DictWriter(lines, FIELDS, restval="", lineterminator="\n")
            table.writeheader()
            table.writerows(rows)
    missing = [name for name in opposite(rows) if name not in read_yaml(WORDS)["courses"]]
    if missing:
        sys.exit(
            f"the course of {', '.join(missing)} runs against the published one: say why in {WORDS.name}"
        )
    PAGE.write_text(page(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
