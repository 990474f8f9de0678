"""Claims as cards: what was said, the verdict, and each count on a rail. Knows only the plain answers."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from docketflow.core import files

WIDTH, EDGE = 300.0, 6.0
RAILS = 6
LAST_TENTH, SHORT, LETTERS_A_TENTH = 6, 10, 3  # words so short fit from there; each few more, a tenth before
SAID = {"at least": "at least ", "at most": "at most ", "more than": "more than ", "less than": "less than "}
SAID_OF_DAYS = {"at least": "from ", "at most": "by ", "more than": "after ", "less than": "before "}
NUMBER = r"\d(?:[\d,.-]*\d)?%?"
Claim = Mapping[str, Any]


def write_claims(claims: Sequence[Claim], path: Path) -> Path:
    """Write claims with their verdicts as one page of cards.

    Parameters
    ----------
    claims : sequence of mapping
        As `Answers.to_json()["claims"]` holds them.
    path : Path
        Where the file goes; it is there whole or not at all.
    """
    from docketflow.report.page import kitchen

    return files.write(path, kitchen().get_template("claims_page.html").render(cards=cards(claims)))


def cards(claims: Sequence[Claim]) -> list[dict[str, Any]]:
    """Return what the template `claim_cards.html` draws: one card a claim."""
    return [_card(claim) for claim in claims]


def _card(claim: Claim) -> dict[str, Any]:
    first: dict[str, Mapping[str, Any]] = {}
    for number in claim["numbers"]:
        first.setdefault(number["label"], number)
    rows = sorted(first.values(), key=lambda number: number["holds"] is not True)[:RAILS]
    scale = _Scale(claim, rows)
    return {
        **claim,
        "mark": claim["verdict"].split()[0],
        "said": _said(claim),
        "explanation": dated(claim["explanation"]),
        "true_sentence": dated(
            true_sentence(claim, [claim["explanation"], *(_drawn(rows) if scale.drawn else [])])
        ),
        "rails": [] if len(rows) == 0 or not scale.drawn else [scale.rail(row) for row in rows],
        "more": max(0, len(first) - RAILS),
        "said_at": scale.said,
        "said_from": _from(scale.said, _said(claim)),
        "near": scale.near,
        "width": WIDTH,
        "rows": [
            {**row, "period": dated(row["period"]), "shown": shown(row["value"], row["unit"])}
            for row in claim["numbers"]
        ],
        "ends": [shown(end, rows[0]["unit"], short=True) for end in (scale.low, scale.high)]
        if scale.drawn and rows
        else [],
    }


class _Scale:
    """The rail of one card: from zero (or the lowest number) to a little beyond the highest."""

    def __init__(self, claim: Claim, rows: Sequence[Mapping[str, Any]]) -> None:
        said = claim["said_value"]
        every = [
            value for row in rows for value in (row["value"], row["low"], row["high"]) if value is not None
        ]
        every += [] if said is None else [said]
        self.drawn = bool(every) and not any(row["unit"] == "date" for row in rows)
        top = max(every, default=1.0)
        self.low, self.high = min(0.0, min(every, default=0.0)), top * 1.05 if top > 0 else 0.0
        self.said = None if said is None else self.at(said)
        near = claim["within"]
        self.near = None
        if said is not None and near is not None:
            left, right = self.at(said * (1 - near)), self.at(min(said * (1 + near), self.high))
            self.near = {"x": left, "width": right - left}

    def at(self, value: float) -> float:
        """Return where a value stands on the rail."""
        whole = self.high - self.low
        return EDGE + (WIDTH - 2 * EDGE) * ((value - self.low) / whole if whole > 0 else 0.0)

    def rail(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return a number as a rail draws it."""
        band = None if row["low"] is None else {"x1": self.at(row["low"]), "x2": self.at(row["high"])}
        return {
            "label": dated(row["label"]),
            "period": dated(row["period"]),
            "reading": row["reading"],
            "value": shown(row["value"], row["unit"]),
            "x": self.at(row["value"]),
            "holds": row["holds"],
            "band": band,
        }


def true_sentence(claim: Claim, told: Sequence[str]) -> str:
    """Return what would be true; nothing where every number of it has been told.

    >>> said = {"verdict": "contradicted", "true_sentence": "ICE removals came to 267,258 (FY2019)."}
    >>> true_sentence(said, ["No count bears it out."])
    'ICE removals came to 267,258 (FY2019).'
    >>> true_sentence(said, ["No count bears it out: 267,258 (ICE removals, FY2019)."])
    ''
    """
    sentence: str = claim["true_sentence"]
    numbers = set(re.findall(NUMBER, sentence))
    known = {number for text in told for number in re.findall(NUMBER, text)}
    return "" if claim["verdict"] == "supported" or (numbers and numbers <= known) else sentence


def _drawn(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what stands beside the rails of a card."""
    return [f"{shown(row['value'], row['unit'])} {row['period']}" for row in rows]


def dated(text: str) -> Markup:
    """Return a text whose days and months are not broken over lines."""
    return Markup(re.sub(r"\b\d{4}-\d\d(?:-\d\d)?\b", r"<time>\g<0></time>", str(escape(text))))  # noqa: S704


def _said(claim: Claim) -> str:
    """Return what was said with its comparison: "at least" is half of the claim."""
    if not claim["said"]:
        return ""
    days = any(number["unit"] == "date" for number in claim["numbers"])
    return (SAID_OF_DAYS if days else SAID).get(claim["comparison"], "") + claim["said"]


def _from(at: float | None, said: str) -> int:
    """Return the tenth of the rail at which what was said begins: near its line, and on one line of words."""
    room = LAST_TENTH - math.ceil(max(0, len(said) - SHORT) / LETTERS_A_TENTH)
    return 0 if at is None else max(0, min(int(at / WIDTH * 10) - 2, room))


def shown(value: float, unit: str, *, short: bool = False) -> str:
    """Return a number in words by its unit."""
    if unit == "share":
        return f"{100 * value:.3g}%"
    if unit == "date":
        digits = f"{value:.0f}"
        return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).isoformat()
    for size, word in ((1e9, "billion"), (1e6, "million")):
        if (short or unit == "USD") and abs(value) >= size:
            return f"{value / size:.3g} {word}{' USD' if unit == 'USD' and not short else ''}"
    if short:
        return f"{float(f'{value:.2g}'):,.0f}"
    return f"{value:,.0f}" if abs(value) >= 100 or math.isclose(value, round(value)) else f"{value:.3g}"
