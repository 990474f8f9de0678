"""A picture of each target by month: what was published, and the band of the posterior. Plain SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 720, 220, 64, 28, 24
TICKS = 4
STYLE = (
    "text{font:12px sans-serif;fill:#333}.band{fill:#9db8d2;opacity:.6}"
    ".middle{fill:none;stroke:#1f4e79;stroke-width:1.5}.dot{fill:#b3472d}.axis{stroke:#ccc}"
)


def pictures(months: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the picture of each series of a table of months (`posterior.months`), by its name."""
    named = dict.fromkeys(row["series"] for row in months)
    return {name: picture(name, [row for row in months if row["series"] == name]) for name in named}


def picture(name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """Return one series: a dot a published month, the 90% band, its median."""
    top = _round(max(max(row["high"], row["published"]) for row in rows))
    x = np.linspace(LEFT, WIDTH - 12, len(rows))

    def y(value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top)

    up = [f"{a:.1f},{y(row['high']):.1f}" for a, row in zip(x, rows, strict=True)]
    down = [f"{a:.1f},{y(row['low']):.1f}" for a, row in zip(x, rows, strict=True)]
    middle = [f"{a:.1f},{y(row['median']):.1f}" for a, row in zip(x, rows, strict=True)]
    parts = [
        f'<text x="{LEFT}" y="16">{escape(name)}: published (dots), 90% band and median, in sample</text>'
    ]
    for k in range(TICKS + 1):
        value = top * k / TICKS
        parts.append(
            f'<line class="axis" x1="{LEFT}" x2="{WIDTH - 12}" y1="{y(value):.1f}" y2="{y(value):.1f}"/>'
        )
        parts.append(f'<text x="{LEFT - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{value:,.0f}</text>')
    parts.append(f'<polygon class="band" points="{" ".join([*up, *reversed(down)])}"/>')
    parts.append(f'<polyline class="middle" points="{" ".join(middle)}"/>')
    for a, row in zip(x, rows, strict=True):
        parts.append(f'<circle class="dot" cx="{a:.1f}" cy="{y(row["published"]):.1f}" r="2"/>')
        if row["month"].endswith("-10"):
            parts.append(f'<text x="{a:.1f}" y="{HEIGHT - 6}" text-anchor="middle">{row["month"]}</text>')
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img"><title>{escape(name)}</title>'
    return f"{head}<style>{STYLE}</style>{''.join(parts)}</svg>\n"


def _round(value: float) -> float:
    """Return the next round number above a value."""
    step = 10 ** np.floor(np.log10(max(value, 1.0)))
    return float(np.ceil(value / step * 2) / 2 * step)
