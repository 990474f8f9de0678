"""Lines of the past that a reader can put on the chart of removals: records, and what others say."""

from __future__ import annotations

import datetime as dt
from typing import Any

from docketflow.core.errors import UsageError, unknown
from docketflow.evidence.records import EVER, TEN, Record, records
from docketflow.evidence.room import Room
from docketflow.report.traced import Traced

WORDS = {EVER: "most in a fiscal year", TEN: "most in the ten fiscal years before"}
HISTORIC = ("removals.ohss", "repatriations.all")  # rules under which the largest in history can be said
A_YEAR = (360, 370)  # days of a period that a fiscal year can be held against


def resolve(room: Room, before: dt.date, path: str, name: str, field: str) -> Traced:
    """Return what stands at ``record:RULE.KIND/field``: a record of a counting rule before a day."""
    rule, _, kind = name.rpartition(".")
    rules = {one.rule: one for one in room.counting_rules}
    if rule not in rules:
        raise UsageError(unknown("counting rule", rule, rules, path))
    found = records(room, rules[rule], before)
    if kind not in found:
        raise UsageError(unknown("record", kind, found, path))
    one = found[kind]
    about = f"{one.count.label}: {WORDS[kind]}, of FY{one.since} to FY{one.until}"
    cited = tuple(f"figure:{id}/value" for id in one.count.figures)
    texts = {
        "label": WORDS[kind],
        "rule": one.count.label,
        "period": one.count.period,
        "since": f"FY{one.since}",
        "until": f"FY{one.until}",
    }
    if field in texts:
        return Traced(path, texts[field], "text", about, cited)
    if field != "value":
        raise UsageError(unknown("field", field, (*texts, "value"), path))
    return Traced(path, one.count.value, "persons", about, cited)


def lines(trace: Any, rule: str) -> list[dict[str, Any]]:
    """Return the lines a reader can put on the chart of a rule over a year, each with its sources.

    ``whole`` says of the record whether it is known to be the highest in history.
    """
    room, reading = trace.room, trace.reading
    ruled = next((one for one in room.counting_rules if one.rule == rule), None)
    if ruled is None or not A_YEAR[0] < reading.days < A_YEAR[1]:
        return []
    found = [_line(room, rule, kind, one) for kind, one in records(room, ruled, reading.result.start).items()]
    return found + [
        {"kind": "said", "path": f"claim:{id}", "at": total.claim.value, "whole": True, "sources": []}
        for id, total in trace.claims.items()
        if total.claim.kind == "highest year"
    ]


def in_history(trace: Any, rule: str) -> list[dict[str, Any]]:
    """Return the records, under other counting rules, that are known to be the highest in history."""
    room, before = trace.room, trace.reading.result.start
    others = (one for one in room.counting_rules if one.rule in HISTORIC and one.rule != rule)
    known = ((one.rule, records(room, one, before).get(EVER)) for one in others)
    return [_line(room, name, EVER, found) for name, found in known if found is not None and found.whole]


def _line(room: Room, rule: str, kind: str, found: Record) -> dict[str, Any]:
    return {
        "kind": kind,
        "path": f"record:{rule}.{kind}",
        "at": found.count.value,
        "whole": found.whole,
        "sources": list(dict.fromkeys(one.source for one in map(room.find, found.count.figures) if one)),
    }
