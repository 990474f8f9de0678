"""A result in a notebook: a table of what matters, a picture of an outcome by month. No script, no file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np

from docketflow.core import files
from docketflow.core.errors import UsageError
from docketflow.core.labels import label
from docketflow.report.charts import Frame, between, room_above, steps
from docketflow.results import Result
from docketflow.results.result import about
from docketflow.results.summary import Bands

HEADLINES = ("removals.ice", "arrests.ice", "detained.average", "courts.pending.active", "cost.total")
WIDTH, HEIGHT = 640, 300
COLOURS = (("#0b63a8", "#bcdcef", ""), ("#55606b", "#d9dee3", "7 3"))  # the result, and what it is beside
STYLE = 'font-family="sans-serif" font-size="12"'


def html(result: Result) -> str:
    """Return a result as a table: outcome, middle run, nine runs in ten, unit."""
    first = [result.target[1]] if result.target else []
    names = [name for name in dict.fromkeys([*first, *HEADLINES]) if name in result]
    rows = "".join(_row(result, name) for name in names)
    made = about(result)
    return (
        f"<table><caption>{escape(str(result.manifest.get('title', result.scenario)))}<br>{result.start} to "
        f"{result.end}, {result.members} members at {result.scale}, seed {result.seed}; settings "
        f"{made['settings']}; simulated, not observed</caption>"
        "<thead><tr><th>outcome</th><th>median</th><th>90% of members</th><th>unit</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _row(result: Result, name: str) -> str:
    answer = result[name]
    said = answer.whole.rounded()
    cells = (f"{escape(label(name))}<br><code>{name}</code>", f"{said.value:,}")
    more = (f"{said.low:,} to {said.high:,}", escape(answer.unit))
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in (*cells, *more)) + "</tr>"


@dataclass(frozen=True)
class Picture:
    """A picture that a notebook shows, and that can be kept."""

    svg: str

    def _repr_html_(self) -> str:
        return self.svg

    def save(self, path: str | Path) -> Path:
        """Write it as an SVG file."""
        return files.write(Path(path), self.svg + "\n")

    def __repr__(self) -> str:
        return f"<Picture, {len(self.svg):,} characters of SVG; .save(PATH) keeps it>"


def plot(result: Result, name: str = "", beside: Result | None = None) -> Picture:
    """Return an outcome by month: the middle member and the band, a day where it counts what happens.

    Parameters
    ----------
    result : Result
    name : str
        The outcome; that of the target if not given.
    beside : Result, optional
        Another result of the same period, drawn dashed.
    """
    name = name or (result.target[1] if result.target else HEADLINES[0])
    sides = [result] if beside is None else [result, beside]
    if beside is not None and (beside.start, beside.end) != (result.start, result.end):
        raise UsageError(f"{beside.scenario}: covers other days than {result.scenario}")
    drawn: list[tuple[Result, Bands]] = []
    for one in sides:
        bands = one[name].bands
        if bands is None:
            raise UsageError(f"{name}: has no months to draw")
        drawn.append((one, bands))
    daily = result[name].kind == "flow"
    days = np.array(result.days, dtype=float)
    values = [
        [np.asarray(x) / days if daily else np.asarray(x) for x in (one.value, one.low, one.high)]
        for _side, one in drawn
    ]
    top = room_above([float(x) for side in values for part in side for x in part])
    frame = Frame(WIDTH, HEIGHT, result.start, sum(result.days), top, left=64, right=16, above=40, below=52)
    lines = [_line(frame, result.days, value, k) for k, value in enumerate(values)]
    title = f"{label(name)}{', a day' if daily else ''} ({result[name].unit})"
    return Picture(_svg(frame, title, [one.scenario for one in sides], lines))


def _line(frame: Frame, days: Sequence[int], value: Sequence[np.ndarray], k: int) -> str:
    middle, low, high = (steps(frame, days, np.nan_to_num(one).tolist()) for one in value)
    stroke, fill, dash = COLOURS[k]
    area = f'<path d="{between(low, high)}" fill="{fill}" fill-opacity="0.6"/>'
    return (
        area
        + f'<path d="{middle}" fill="none" stroke="{stroke}" stroke-width="2" stroke-dasharray="{dash}"/>'
    )


def _svg(frame: Frame, title: str, names: Sequence[str], lines: Sequence[str]) -> str:
    grid = "".join(
        f'<path d="M{frame.left},{y}H{frame.edge}" stroke="#d3d9df"/>'
        f'<text x="{frame.left - 6}" y="{y + 4}" text-anchor="end">{words}</text>'
        for y, words in frame.grid()
    )
    months = "".join(
        f'<text x="{x}" y="{frame.base + 16}">{month}{" " + year if year else ""}</text>'
        for x, month, year in frame.calendar()
    )
    key = "".join(
        f'<text x="{frame.left + 220 * k}" y="{HEIGHT - 8}" fill="{COLOURS[k][0]}">'
        f"{'dashed: ' if k else ''}{escape(name)}</text>"
        for k, name in enumerate(names)
    )
    said = escape(f"{title}: {' beside '.join(names)}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img" '
        f'aria-label="{said}" {STYLE}><rect width="100%" height="100%" fill="#fff"/>'
        f'<text x="{frame.left}" y="18" font-weight="bold">{escape(title)}</text>{grid}{"".join(lines)}'
        f"{months}{key}</svg>"
    )
