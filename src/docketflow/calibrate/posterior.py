"""The posterior as a file, and the tables read off it: what is known, and how it meets what it was told."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from docketflow.calibrate.fit import Posterior
from docketflow.calibrate.method import method
from docketflow.calibrate.picture import pictures
from docketflow.calibrate.targets import Series, whole
from docketflow.core import files
from docketflow.core.dates import fiscal_year, month_label
from docketflow.fitted.kept import MANIFEST, TABLE

NORMAL = (-1.881, -1.175, -0.792, -0.489, -0.233, 0.0, 0.233, 0.489, 0.792, 1.175, 1.881)
"""Eleven values that stand for a standard normal: medians of its elevenths, as stratified luck."""
WITHIN = float(method("within"))


def keep(found: Posterior, folder: Path) -> Path:
    """Write a posterior: its members, what is known of each place, how it meets its targets, its manifest."""
    tables = {
        TABLE: _csv([dict(zip(found.space.names, member.tolist(), strict=True)) for member in found.members]),
        "identifiability.csv": _csv(identifiability(found)),
        "years.csv": _csv(years(found)),
        "months.csv": _csv(months(found)),
    }
    sums = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in tables.items()}
    modes = {name: round(value, 3) for name, value in found.matched.modes.items()}
    about = {
        **found.made,
        "fitted_to": [
            {"series": one.outcome, "figures": len(one.figures), "rule": one.rule, "vintage": one.vintage}
            for one in found.targets
        ],
        "not_ruled_out": len(found.matched.kept),
        "ruled_out_all": found.matched.ruled_out_all,
        "modes": modes,
        "summary": summary(found),
        "sha256": sums,
    }
    for name, text in tables.items():
        files.write(folder / name, text)
    for name, text in pictures(months(found)).items():
        files.write(folder / "pictures" / f"{name}.svg", text)
    return files.write(folder / MANIFEST, files.sealed(about))


def identifiability(found: Posterior) -> list[dict[str, Any]]:
    """Return of each place its moves before and after: a ratio near one says the data do not know it."""
    rows = []
    for place, (one, start) in enumerate(found.space.places):
        before, after = found.prior[:, place], found.members[:, place]
        rows.append(
            {
                "place": found.space.names[place],
                "parameter": one.path,
                "from": start or "",
                "scale": one.scale,
                "prior_sd": before.std(ddof=1),
                "median": np.median(after),
                "low": np.quantile(after, 0.05),
                "high": np.quantile(after, 0.95),
                "sd_ratio": after.std(ddof=1) / before.std(ddof=1),
            }
        )
    return rows


def band(members: np.ndarray, discrepancy: float) -> np.ndarray:
    """Return quantiles 0.05, 0.25, 0.5, 0.75, 0.95 of values, what the model misses put on each."""
    wide = np.exp(discrepancy * np.array(NORMAL))[:, None] * members[None, :]
    return np.quantile(wide, [0.05, 0.25, 0.5, 0.75, 0.95])


def months(found: Posterior) -> list[dict[str, Any]]:
    """Return of each published month the value and the band of the posterior, luck of one member included."""
    rows = []
    for one, line in _lines(found):
        if not one.monthly:
            continue
        for figure in one.figures:
            month = month_label(figure.period_start)
            if month in found.months:
                low, _, middle, _, high = band(line[:, found.months.index(month)], one.discrepancy)
                rows.append(
                    {"series": one.outcome, "month": month, "published": figure.value, "median": middle}
                    | {"low": low, "high": high, "inside": low <= figure.value <= high}
                )
    return rows


def years(found: Posterior) -> list[dict[str, Any]]:
    """Return of each fiscal year with all its figures the published value and the band of the posterior."""
    rows = []
    for one, line in _lines(found):
        by_year: dict[int, list[Any]] = {}
        for figure in one.figures:
            by_year.setdefault(fiscal_year(figure.period_end), []).append(figure)
        for year, some in sorted(by_year.items()):
            there = [k for k, month in enumerate(found.months) if _year_of(month) == year]
            if len(there) < 12 or (one.monthly and len(some) < 11):
                continue
            if one.monthly:  # a month that was not published is left out on both sides
                there = [found.months.index(month_label(f.period_start)) for f in some]
            published = [figure.value for figure in some]
            value = whole(one.outcome, published)
            ours = np.array([whole(one.outcome, each) for each in line[:, there]])
            low, _, middle, _, high = band(ours, one.discrepancy)
            rows.append(
                {"series": one.outcome, "fiscal_year": year, "published": value, "median": middle}
                | {"low": low, "high": high, "off": middle / value - 1, "inside": low <= value <= high}
            )
    return rows


def summary(found: Posterior) -> dict[str, Any]:
    """Return how the posterior meets what it was told: in sample, and called so."""
    by_year, by_month = years(found), months(found)
    named = dict.fromkeys(row["series"] for row in by_month)
    patterns = {
        name: float(np.corrcoef(*_columns([row for row in by_month if row["series"] == name]))[0, 1])
        for name in named
    }
    recent = [row for row in by_year if row["fiscal_year"] in (2023, 2024)]
    return {
        "what": "in sample",
        "years_within_a_tenth": _share([abs(row["off"]) <= WITHIN for row in by_year]),
        "years_2023_2024_within_a_tenth": _share([abs(row["off"]) <= WITHIN for row in recent]),
        "months_inside_90": _share([row["inside"] for row in by_month]),
        "month_correlation": {name: round(value, 3) for name, value in patterns.items()},
    }


def _columns(rows: Sequence[Mapping[str, Any]]) -> tuple[list[float], list[float]]:
    return [row["published"] for row in rows], [row["median"] for row in rows]


def _share(said: Sequence[bool]) -> float | None:
    return round(float(np.mean(said)), 3) if said else None


def _lines(found: Posterior) -> Iterable[tuple[Series, np.ndarray]]:
    for one in found.targets:
        if one.figures and one.outcome in found.outcomes:
            yield one, found.lived[:, found.outcomes.index(one.outcome)]


def _year_of(month: str) -> int:
    year, number = map(int, month.split("-"))
    return year + (number >= 10)


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    text = io.StringIO()
    if rows:
        lines = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        lines.writeheader()
        lines.writerows({name: _plain(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _plain(value: Any) -> Any:
    return repr(float(value)) if isinstance(value, (float, np.floating)) else value
