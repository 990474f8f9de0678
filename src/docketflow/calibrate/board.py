"""The scoreboard: what backtests scored, series by series and horizon by horizon, wins and losses alike."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from docketflow.calibrate.backtest import ALONE, INPUT, LONGER, Backtest, horizons
from docketflow.calibrate.method import method

ROWS = (
    *("board", "origin", "horizon", "outcome", "forecast", "value", "median", "wis", "crps", "error"),
    *("inside_50", "inside_90", "width_90"),
)
RIVALS = ("last-value", "linear-trend", "seasonal", "last-year", "last-ratio")
ELDERS = tuple(f"{rival}{LONGER}" for rival in RIVALS)
"""The same rivals where they know every month that is published, as the model's spread does."""
NAMES = ("model", *RIVALS, *ELDERS, ALONE)


def rows(tests: Iterable[Backtest]) -> list[dict[str, Any]]:
    """Return every score of some backtests; the forecast of the model is called ``model``."""
    found = []
    for one in tests:
        ahead = {span: months for months, span in horizons(one.origin)}
        for score in one.scores:
            said = vars(score) | {"board": one.board, "origin": one.origin.isoformat()}
            name = "model" if score.forecast == one.board else score.forecast
            said |= {"horizon": ahead[score.start, score.end], "forecast": name}
            found.append({column: said[column] for column in ROWS})
    return found


def written(found: Sequence[Mapping[str, Any]]) -> str:
    """Return the rows as CSV."""
    text = io.StringIO()
    lines = csv.DictWriter(text, ROWS, lineterminator="\n")
    lines.writeheader()
    lines.writerows(found)
    return text.getvalue()


def read(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a scoreboard that was written."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [_numbers(row) for row in csv.DictReader(lines)]


def _numbers(row: Mapping[str, str]) -> dict[str, Any]:
    words = ("board", "origin", "outcome", "forecast")
    return {name: text if name in words else _number(text) for name, text in row.items()}


def _number(text: str) -> float:
    return float(text == "True") if text in ("True", "False") else float(text)


Cells = dict[tuple[str, str, float], list[dict[str, float]]]
"""Board, series and months ahead to the WIS of every forecast, origin by origin."""


def _cells(found: Iterable[Mapping[str, Any]]) -> Cells:
    groups: dict[tuple[str, str, float], dict[str, dict[str, float]]] = {}
    for row in found:
        key = (row["board"], row["outcome"], row["horizon"])
        groups.setdefault(key, {}).setdefault(row["origin"], {})[row["forecast"]] = row["wis"]
    return {key: list(groups[key].values()) for key in sorted(groups)}


def beside(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the mean WIS of the model and of each rival, for each board, series and horizon.

    All are over the same origins: those at which there are rivals (of a series of few months there is none
    yet). Who has no word at one of them is not listed.
    """
    listed = []
    for (board, outcome, horizon), every in _cells(found).items():
        met = [of for of in every if not of.keys().isdisjoint(RIVALS)]
        if not met:
            continue
        spoke = [name for name in NAMES if all(name in of for of in met)]
        scores = {name: float(np.mean([of[name] for of in met])) for name in spoke}
        best = min((name for name in RIVALS if name in scores), key=scores.__getitem__)
        elders = [scores[name] for name in ELDERS if name in scores]
        listed.append(
            {"board": board, "outcome": outcome, "horizon": horizon, "origins": len(met), **scores}
            | {"best": best, "better": scores["model"] < scores[best]}
            | ({"better_longer": scores["model"] < min(elders)} if elders else {})
        )
    return listed


def told(found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return of each board: against how many series and horizons the model is better, and its coverage.

    Beside the level alone the series that a board may give is left out: there the model is given it, or has
    no word.
    """
    said: dict[str, Any] = {}
    for board in dict.fromkeys(row["board"] for row in found):
        rows = [row for row in found if row["board"] == board]
        against, ours = beside(rows), [row for row in rows if row["forecast"] == "model"]
        said[board] = {
            "series_and_horizons": len(against),
            **{f"better_than_{rival.replace('-', '_')}": _better(rows, rival) for rival in RIVALS},
            "better_than_the_best": _share([row["better"] for row in against]),
            "better_than_last_value_of_longer_memory": _better(rows, ELDERS[0]),
            "better_than_the_best_of_longer_memory": _share(
                [row["better_longer"] for row in against if "better_longer" in row]
            ),
            "better_than_the_level_alone": _better([row for row in rows if row["outcome"] != INPUT], ALONE),
            "coverage_50": _share([row["inside_50"] for row in ours]),
            "coverage_90": _share([row["inside_90"] for row in ours]),
            "width_90_over_value": round(
                float(np.median([row["width_90"] / row["value"] for row in ours])), 3
            ),
        }
    return said


def _better(found: Iterable[Mapping[str, Any]], rival: str) -> float | None:
    """Return on what share of cells the model is better than a rival, over the origins of which it speaks."""
    pairs = [[(of["model"], of[rival]) for of in every if rival in of] for every in _cells(found).values()]
    return _share([np.mean([a for a, _ in own]) < np.mean([b for _, b in own]) for own in pairs if own])


def _share(found: Sequence[Any]) -> float | None:
    return round(float(np.mean(found)), 3) if found else None


def page(found: Sequence[Mapping[str, Any]]) -> str:
    """Return the scoreboard as a page of Markdown: wins and losses alike, series by series."""
    lines = ["# Scoreboard of the backtests", "", INTRO, ""]
    for board, said in told(found).items():
        views = [told(some).get(board, {}) for some in apart(found).values()]
        heads = ["all origins", *apart(found)]
        lines += [f"## {TITLES[board]}", "", f"| | {' | '.join(heads)} |", "|---|" + "--:|" * len(heads)]
        for name, value in said.items():
            cells = [value, *(view.get(name) for view in views)]
            if value is not None:
                said_as = ["" if one is None else str(one) for one in cells]
                lines.append(f"| {name.replace('_', ' ')} | {' | '.join(said_as)} |")
        others = (*RIVALS, ELDERS[0], ALONE)
        columns = ("series", "months ahead", "origins", "model", *others, "best rival", "model better")
        lines += ["", "| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
        for row in beside(found):
            if row["board"] == board:
                cells = [row["outcome"], f"{row['horizon']:g}", str(row["origins"]), f"{row['model']:,.0f}"]
                cells += [f"{row[rival]:,.0f}" if rival in row else "" for rival in others]
                cells += [row["best"], "yes" if row["better"] else "**no**"]
                lines.append("| " + " | ".join(cells) + " |")
        lines += ["", _by_origin(found, board), ""]
    return "\n".join(lines)


def apart(found: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Return the rows of some origins: without those asked for bands alone, the first, the rest."""
    bands = ", ".join(day.isoformat() for day in sorted(method("bands_only")))
    some = compared(found)
    first = min((row["origin"] for row in some), default="")
    return {
        f"without {bands}": some,
        f"{first} alone": [row for row in some if row["origin"] == first],
        "later than that": [row for row in some if row["origin"] != first],
    }


def compared(found: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the rows of the origins at which the model is compared with rivals."""
    bands = {day.isoformat() for day in method("bands_only")}
    return [row for row in found if row["origin"] not in bands]


def _by_origin(found: Sequence[Mapping[str, Any]], board: str) -> str:
    """Return in a line how many 90% bands held, origin by origin."""
    ours = [row for row in found if row["board"] == board and row["forecast"] == "model"]
    parts = []
    for origin in dict.fromkeys(row["origin"] for row in ours):
        held = [row["inside_90"] for row in ours if row["origin"] == origin]
        parts.append(f"{origin} {int(sum(held))} of {len(held)}")
    return f"Values inside the 90% band by origin: {'; '.join(parts)}."


TITLES = {
    "inputs-given": "Inputs given: border, judges and other resources after the origin are known",
    "inputs-forecast": "Inputs forecast: the border goes on at its level before the origin, in its season",
}
INTRO = """Mean weighted interval score by series and months ahead, over the origins that reach so far.
Less is better. Series and horizons were fixed before the first fit (`evidence/targets.yaml`,
`calibrate/method.yaml`); rivals are those of `docketflow rivals`. `last-ratio` is the last ratio to CBP
book-ins times the book-ins that came. Of longer memory are rivals that know the months of fiscal years
2014 to 2018 too, as the spread of the model's forecast does; `level-alone` is that spread about the last
month, as if the model had no word. How it is made, how well it does and why it loses where it does stands in
[calibration](calibration.md)."""
