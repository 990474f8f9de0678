"""The tables of an answer, as rows: results, months, levers, definitions, and what to read first.

Each says by itself what it is of; how they are written (CSV, XLSX) is not its business.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from docketflow.app.answers.question import Question
from docketflow.app.answers.told import told
from docketflow.core.labels import label
from docketflow.core.outcomes import outcome
from docketflow.evidence import load
from docketflow.evidence.otherwise.overlay import laid
from docketflow.policy.catalogue import levers
from docketflow.report.view import words
from docketflow.results import Result
from docketflow.results.compare import differences
from docketflow.results.result import about
from docketflow.results.tables import answers, by_month

Row = dict[str, Any]


def results(result: Result) -> list[Row]:
    """Return every outcome of the period with range, unit and definition."""
    names = set(told(result))
    return [_named(row) for row in answers(result) if row["outcome"] in names]


def months(result: Result) -> list[Row]:
    """Return every outcome by month with the days covered."""
    return [_named(row) for row in by_month(result, told(result))]


def _named(row: Mapping[str, Any]) -> Row:
    return {"name": label(row["outcome"]), **row}


def settings(result: Result) -> list[Row]:
    """Return every lever moved, by the scenario and on top of it, with its source."""
    sources = load().sources
    found = []
    for row in result.levers:
        source = sources.get(str(row.get("source") or ""))
        found.append(
            {
                "lever": row["lever"],
                "title": row["title"],
                "operation": row["operation"],
                "value": row["value"] if not isinstance(row["value"], Mapping) else str(dict(row["value"])),
                "unit": row["unit"],
                "from": str(row["from"] or ""),
                "to": str(row["to"] or ""),
                "delay in days": row["lag"],
                "assumed": "yes" if row["assumed"] or not row["source"] else "no",
                "source": source.title if source else "",
                "publisher": source.publisher if source else "",
                "published": str(source.published or "") if source else "",
                "address": source.url if source else "",
                "locator": row["locator"] or "",
                "note": row["note"] or "",
            }
        )
    return found


def definitions(result: Result) -> list[Row]:
    """Return what each outcome and each word means."""
    found = [
        {"name": label(name), "outcome": name, "unit": one.unit, "kind": one.kind, "means": one.definition}
        for name in told(result)
        for one in [outcome(name)]
    ]
    terms = [
        {"name": term["word"], "outcome": "", "unit": "", "kind": "word", "means": term["text"]}
        for term in words()["words"]
    ]
    return found + terms


def read_me(question: Question, result: Result, cite: str) -> list[Row]:
    """Return what to know before using the numbers: how sure, what is left out, how to cite and repeat."""
    said = about(result)
    facts = [
        ("What", f"{result.manifest['title']}"),
        (
            "Simulated, not observed",
            "Synthetic people, never persons. A simulation, not a forecast and not a proposal.",
        ),
        ("Period", f"{result.start} to {result.end}"),
        ("Value", "the middle run (median)"),
        ("low, high", f"nine runs in ten lie between them ({said['band']} band)"),
        ("Runs", f"{result.members}, at {result.scale} records a person, seed {result.seed}"),
        ("Scenario", result.scenario),
        ("Levers moved", "; ".join(question.sets) or "none"),
        *([("Private figures", f"rests on {said['private']}; not published")] if "private" in said else []),
        ("Version", f"docketflow {said['version']}"),
        ("Hash of settings", str(result.manifest.get("settings", ""))),
        ("Hash of the run", str(result.manifest.get("hash", ""))),
        ("Made", dt.date.today().isoformat()),
        ("Licence", said["licence"]),
        ("Cite", cite),
        ("Repeat it", command(question)),
        ("Events, not people", "Removals and returns are events: one person can be counted more than once."),
        ("Left out here", "Outcomes by nationality group: small groups stay suppressed."),
        *(("Not modelled", line) for line in words()["not_modelled"]),
    ]
    return [{"about": name, "says": text} for name, text in facts]


def command(question: Question) -> str:
    """Return the command that gives the same numbers."""
    sets = "".join(f' --set "{one}"' for one in question.sets)
    own = " --evidence FOLDER" if laid() else ""
    return f"docketflow run {question.scenario}{sets}{own}"


def python(question: Question) -> str:
    """Return the lines of Python that give the same numbers."""
    given = f", sets={list(question.sets)!r}" if question.moved else ""
    given += ', evidence="FOLDER"' if laid() else ""
    return (
        f'import docketflow as dk\nresult = dk.run("{question.scenario}"{given})\nresult["{question.count}"]'
    )


def scenario_file(question: Question) -> str:
    """Return the question as a scenario file that `docketflow run` takes."""
    import yaml

    if not question.moved:
        return yaml.safe_dump({"name": "mine", "extends": question.scenario}, sort_keys=False)
    start = question.asked.layers[-1]
    rows = []
    for setting in start:
        row: Row = {"lever": setting.lever, "operation": setting.operation}
        if setting.value is not None:
            row["value"] = dict(setting.value) if isinstance(setting.value, Mapping) else setting.value
        row |= {"from": setting.start} if setting.start else {}
        row |= {"to": setting.end} if setting.end else {}
        row |= {"lag": setting.lag} if setting.lag or levers()[setting.lever].capacity else {}
        row |= {"assumed": True, "no_range": "asked for as it is", "note": "moved in the app"}
        rows.append(row)
    text = yaml.safe_dump(
        {
            "name": f"mine-{question.key[:8]}",
            "title": question.asked.title,
            "extends": question.scenario,
            "settings": rows,
        },
        sort_keys=False,
        allow_unicode=True,
        width=100,
    )
    return f"# Run it: docketflow run FILE\n{text}"


def limits(rows: Sequence[Mapping[str, Any]], result: Result) -> list[Row]:
    """Return the rungs of the picture of limits."""
    tail = about(result)
    return [
        {
            "under": row["name"],
            "value": row["value"],
            "low": row["low"],
            "high": row["high"],
            "runs that reach it": row["reached"],
            "change from the plan, run against run": row["change"],
            **tail,
        }
        for row in rows
        if "heading" not in row
    ]


def sides(found: Sequence[tuple[str, Result]]) -> list[Row]:
    """Return every outcome of answers side by side, with the change from the first, run against run."""
    first = found[0][1]
    made = []
    for name, result in found:
        alike = result is not first and result.members == first.members
        gaps = {gap.outcome: gap.rounded().gap for gap in differences(result, first)} if alike else {}
        for outcome_ in told(result):
            one, gap = result[outcome_].whole.rounded(), gaps.get(outcome_)
            made.append(
                {
                    "answer": name,
                    "name": label(outcome_),
                    "outcome": outcome_,
                    "unit": result[outcome_].unit,
                    "value": one.value,
                    "low": one.low,
                    "high": one.high,
                    "change from the first, run against run": "" if gap is None else gap.value,
                    "change low": "" if gap is None else gap.low,
                    "change high": "" if gap is None else gap.high,
                    **about(result),
                }
            )
    return made
