"""How the answers on past totals are laid out: rules down, claims across, and lists of estimates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docketflow.evidence.counting import AS_PUBLISHED, HIGHEST, MONTHS, ON_THE_DATE, Count
from docketflow.evidence.past_claims import PastTotal
from docketflow.report.provenance import Trace
from docketflow.report.sections import as_link

WEAK = "C"
"""The grade of a figure read from memory or on a host that is no source."""
LITERAL = frozenset({AS_PUBLISHED, ON_THE_DATE, MONTHS, HIGHEST})


def matrix(trace: Trace) -> dict[str, Any]:
    """Return claims on totals as columns and counting rules as rows.

    A cell holds the paths of the rule's lowest and highest count (one, when they are the same) over the ways
    of reading the claim's period, and whether any of its counts gives the claimed value.
    """
    claims = [total for total in trace.claims.values() if total.claim.kind != "level"]
    rules: dict[str, dict[str, Any]] = {}
    for total in claims:
        for n, count in enumerate(total.counts, start=1):
            row = rules.setdefault(count.rule, {"label": f"claim:{total.claim.id}.{n}/label", "cells": {}})
            row["cells"].setdefault(total.claim.id, []).append((count.value, n, count.within))
            row["weak"] = row.get("weak", False) or count.confidence == WEAK
    for row in rules.values():
        row["cells"] = {id: _cell(id, found) for id, found in row["cells"].items()}
    return {"claims": claims, "rows": list(rules.values())}


def _cell(id: str, found: list[tuple[float, int, bool]]) -> dict[str, Any]:
    low, high = min(found), max(found)
    paths = [f"claim:{id}.{n}" for n in dict.fromkeys((low[1], high[1]))]
    return {"paths": paths if low[0] != high[0] else paths[:1], "within": any(within for *_, within in found)}


def literal(total: PastTotal) -> list[str]:
    """Return the paths of the counts of the very period that give what was said, nearest first."""
    return _nearest(total, lambda count: count.reading in LITERAL)


def otherwise(total: PastTotal) -> list[str]:
    """Return the paths of the nearest matching counts that read the period in another way, one a rule."""
    return _nearest(total, lambda count: count.reading not in LITERAL)


def _nearest(total: PastTotal, chosen: Callable[[Count], bool]) -> list[str]:
    nearest: dict[str, tuple[float, str]] = {}
    for n, count in enumerate(total.counts, start=1):
        gap = (abs(count.value - total.claim.value), f"claim:{total.claim.id}.{n}")
        if count.within and chosen(count):
            nearest[count.rule] = min(gap, nearest.get(count.rule, gap))
    return [path for _, path in sorted(nearest.values())]


def sources(trace: Trace, total: PastTotal) -> list[str]:
    """Return the sources of the counts that give what was said, or of all where none does."""
    figures = (id for count in total.matches or total.counts for id in count.figures)
    return list(dict.fromkeys(trace.room.figure(id).source for id in figures))


def levels(trace: Trace) -> list[dict[str, Any]]:
    """Return claims on levels, each with the paths of the published counts: lowest first, and by estimate."""
    found = []
    for total in trace.claims.values():
        if total.claim.kind == "level":
            numbered = list(enumerate(total.counts, start=1))
            groups: dict[str, list[dict[str, Any]]] = {}
            for n, count in numbered:
                groups.setdefault(count.label, []).append(_level(total, n, count))
            ranked = [
                _level(total, n, count) for n, count in sorted(numbered, key=lambda pair: pair[1].value)
            ]
            found.append({"claim": total.claim, "counts": ranked, "groups": groups})
    return found


def _level(total: PastTotal, place: int, count: Count) -> dict[str, Any]:
    return {"path": f"claim:{total.claim.id}.{place}", "within": count.within}


def as_csv(trace: Trace) -> str:
    """Return every count of every claim, with its figures, as CSV."""
    head = [
        "claim",
        "said",
        "rule",
        "label",
        "from",
        "to",
        "reading",
        "value",
        "within",
        "confidence",
        "figures",
    ]
    rows = [
        [
            id,
            total.claim.value,
            c.rule,
            c.label,
            *_period(c),
            c.value,
            c.within,
            c.confidence,
            " ".join(c.figures),
        ]
        for id, total in trace.claims.items()
        for c in total.counts
    ]
    return as_link([head, *rows])


def _period(count: Count) -> tuple[str, str, str]:
    return count.start.isoformat(), count.end.isoformat(), count.reading
