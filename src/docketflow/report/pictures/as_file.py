"""A picture as a file of its own: title, note, source, version, date and style inside it, on white."""

from __future__ import annotations

import base64
import datetime as dt
import html
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MARGIN, LINE, FOOT = 20, 17, 15
WIDE = 872  # the width of a picture over which so many letters go:
TITLE, NOTE, TAIL = 92, 118, 136
GROUND = '<rect width="100%" height="100%" fill="#fff"/>'
TYPE = 'text { font-family: Arial, "Liberation Sans", Helvetica, sans-serif; }'


@dataclass(frozen=True)
class Style:
    """The rules by which a page draws its pictures: its style sheet, and where they begin and end in it."""

    css: str
    begin: str
    end: str

    def of(self, svg: str) -> str:
        """Return what a picture needs of them, in the light colours."""
        tokens = dict(re.findall(r"--([\w-]+): ([^;]+);", self.css.split("@media")[0]))
        first = self.css.index(self.begin)
        text = re.sub(r"/\*.*?\*/", "", self.css[first : self.css.index(self.end, first)])
        text = re.sub(r"var\(--([\w-]+)\)", lambda one: tokens[one[1]], text)
        have = set(re.findall(r"[\w-]+", " ".join(re.findall(r'class="([^"]+)"', svg))))
        kept = [TYPE]
        for selectors, body in re.findall(r"([^{}]+){([^{}]*)}", text):
            mine = [one.strip() for one in selectors.split(",")]
            mine = [one for one in mine if set(re.findall(r"\.([\w-]+)", one)) <= have and ":" not in one]
            names = ", ".join(re.sub(r"^svg\s+", "", one) for one in mine if not one.startswith("details"))
            kept += [f"{names} {{{body}}}"] if names else []
        soft = f"fill: {tokens['soft']};"
        own = f".note {{ {soft} }} .foot {{ font-size: 11px; {soft} }}"
        return " ".join([*kept, ".title { font-size: 18px; font-weight: 700; }", own])


def standalone(svg: str, *, title: str, note: str, foot: str, style: Style, within: str = "") -> str:
    """Return a picture of a page as an SVG file that needs nothing else.

    Parameters
    ----------
    svg : the picture as the page has it
    title, note : above it
    foot : source, version and date, below it
    style : the rules of the page
    within : a class of what it stands in on the page
    """
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if not found:
        raise ValueError("a picture needs a viewBox")
    width, height = float(found[1]), float(found[2])
    inner = f'<g class="{within}">{svg[svg.index(">") + 1 : svg.rindex("</svg>")]}</g>'
    top, head, tail = (
        textwrap.wrap(words, max(20, int(letters * width / WIDE)))
        for words, letters in ((title, TITLE), (note, NOTE), (foot, TAIL))
    )
    first = MARGIN + 22 * len(top)
    above = first + LINE * len(head) + 14
    whole = above + height + 14 + FOOT * len(tail) + MARGIN
    said = [
        *(_line("title", MARGIN - 6 + 22 * (k + 1), line) for k, line in enumerate(top)),
        *(_line("note", first + LINE * (k + 1), line) for k, line in enumerate(head)),
        f'<g transform="translate({MARGIN},{above})">{inner}</g>',
        *(_line("foot", above + height + 24 + FOOT * k, line) for k, line in enumerate(tail)),
    ]
    size = f'width="{width + 2 * MARGIN:.0f}" height="{whole:.0f}"'
    rules = html.escape(style.of(f'{inner}<g class="title note foot">'), quote=False)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width + 2 * MARGIN:.0f} {whole:.0f}" '
        f'role="img"><title>{html.escape(title)}</title><style>{rules}</style>'
        f"{GROUND}{''.join(said)}</svg>\n"
    )


def _line(kind: str, y: float, words: str) -> str:
    return f'<text class="{kind}" x="{MARGIN}" y="{y:.0f}">{html.escape(words)}</text>'


def foot(cite: str, about: Mapping[str, Any], made: dt.date | None) -> str:
    """Return the line below a picture: what it is of, its band, when it was made, the licence."""
    day = f" Made {made.isoformat()}." if made else ""
    own = f" Rests on {about['private']}." if "private" in about else ""
    return f"{cite}{own} Band: {about['band']}.{day} {about['licence']} licence."


def cited(about: Mapping[str, Any]) -> str:
    """Return how what a result shows is cited where it has no address."""
    return (
        f"Simulated, not observed. docketflow {about['version']}, scenario {about['scenario']}, "
        f"{about['from']} to {about['to']}; settings {about['settings']}, {about['members']} runs at "
        f"{about['scale']}, seed {about['seed']}."
    )


def as_link(text: str) -> str:
    """Return a picture as an address that holds it."""
    return "data:image/svg+xml;base64," + base64.b64encode(text.encode()).decode()
