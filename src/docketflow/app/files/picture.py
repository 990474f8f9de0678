"""A picture as a file of its own: title, note, source, version, date and style inside it, on white."""

from __future__ import annotations

import datetime as dt
import functools
import html
import re
import textwrap
from importlib import resources

MARGIN, LINE = 20, 17
LETTERS = 118  # of a note's line over the width of a wide picture


def standalone(svg: str, *, title: str, note: str, foot: str) -> str:
    """Return a picture of a page as an SVG file that needs nothing else.

    Parameters
    ----------
    svg : the picture as the page has it
    title, note : above it
    foot : source, version and date, below it
    """
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if not found:
        raise ValueError("a picture needs a viewBox")
    width, height = float(found[1]), float(found[2])
    inner = svg[svg.index(">") + 1 : svg.rindex("</svg>")]
    head = textwrap.wrap(note, LETTERS)
    tail = textwrap.wrap(foot, LETTERS + 18)
    above = MARGIN + 26 + LINE * len(head) + 10
    whole = above + height + 14 + 15 * len(tail) + MARGIN
    said = [
        _line("title", MARGIN + 16, title),
        *(_line("note", MARGIN + 22 + LINE * (k + 1), line) for k, line in enumerate(head)),
        f'<g transform="translate({MARGIN},{above})">{inner}</g>',
        *(_line("foot", above + height + 24 + 15 * k, line) for k, line in enumerate(tail)),
    ]
    size = f'width="{width + 2 * MARGIN:.0f}" height="{whole:.0f}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width + 2 * MARGIN:.0f} {whole:.0f}" '
        f'role="img"><title>{html.escape(title)}</title><style>{_style()}</style>'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(said)}</svg>\n'
    )


def _line(kind: str, y: float, words: str) -> str:
    return f'<text class="{kind}" x="{MARGIN}" y="{y:.0f}">{html.escape(words)}</text>'


@functools.cache
def _style() -> str:
    """Return the rules of the page's style that pictures need, in the light colours."""
    home = resources.files("docketflow.app.pages").joinpath("static", "app.css")
    text = home.read_text(encoding="utf-8")
    tokens = dict(re.findall(r"--([\w-]+): ([^;]+);", text.split("@media")[0]))
    start, end = text.index("svg text {"), text.index("details.twin")
    rules = re.sub(r"var\(--([\w-]+)\)", lambda one: tokens[one[1]], text[start:end])
    rules = rules.replace("svg text", "text").replace("svg .", ".").replace("\n", " ")
    return (
        f"{rules} .title {{ font-size: 18px; font-weight: 700; }} .note {{ fill: {tokens['soft']}; }} "
        f".foot {{ font-size: 11px; fill: {tokens['soft']}; }}"
    )


def foot(cite: str) -> str:
    """Return the line below a picture."""
    return f"{cite} Made {dt.date.today().isoformat()}. MIT licence."
