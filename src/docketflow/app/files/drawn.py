"""A picture of a page drawn on paper: our own SVG, read with its style, onto a canvas of reportlab.

It reads what our pictures are made of (paths, bars, circles, words, groups) and no other SVG: what it does
not know it refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree

import cssselect2
import tinycss2
from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

Style = dict[str, str]
SVG = "{http://www.w3.org/2000/svg}"
PLAIN, BOLD, HEAVY = "Helvetica", "Helvetica-Bold", 600
OWN = ("opacity",)  # of a group or a shape, not handed down
STEP = re.compile(r"([A-Za-z])|(-?[\d.]+(?:e-?\d+)?)")
SHORT = re.compile("([0-9a-f])")
TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Z": 0}
STROKE_ONLY, FILL_ONLY = 1, 0


class Unknown(ValueError):
    """A picture has something that cannot be drawn."""


def size(svg: str) -> tuple[float, float]:
    """Return the width and height of a picture."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if not found:
        raise Unknown("a picture needs a viewBox")
    return float(found[1]), float(found[2])


def draw(canvas: Canvas, svg: str, *, left: float, bottom: float, scale: float) -> None:
    """Draw a picture that stands alone (`as_file.standalone`) with its lower left corner at a place."""
    root = ElementTree.fromstring(svg)  # noqa: S314 (our own)
    _, height = size(svg)
    canvas.saveState()
    canvas.translate(left, bottom + height * scale)
    canvas.scale(scale, -scale)
    _Drawing(canvas, root, size(svg)).element(cssselect2.ElementWrapper.from_xml_root(root), {})
    canvas.restoreState()


def read_aloud(svg: str) -> str:
    """Return the words of a picture in their order, but for those of its axes."""
    root = ElementTree.fromstring(svg)  # noqa: S314 (our own)
    silent = {text for group in root.iter() if group.get("aria-hidden") == "true" for text in group.iter()}
    told = (one for one in root.iter(f"{SVG}text") if one not in silent)
    words = (" ".join("".join(one.itertext()).split()) for one in told)
    return "; ".join(one for one in words if one) + "."


class _Drawing:
    """One picture on its way to a canvas whose y goes down."""

    def __init__(self, canvas: Canvas, root: ElementTree.Element, whole: tuple[float, float]) -> None:
        self.canvas, self.whole = canvas, whole
        self.rules = cssselect2.Matcher()
        for style in root.iter(f"{SVG}style"):
            for rule in tinycss2.parse_stylesheet(style.text or "", skip_comments=True, skip_whitespace=True):
                said = {
                    one.lower_name: tinycss2.serialize(one.value).strip()
                    for one in tinycss2.parse_blocks_contents(rule.content)
                    if one.type == "declaration"
                }
                for selector in cssselect2.compile_selector_list(rule.prelude):
                    self.rules.add_selector(selector, said)

    def element(self, wrapped: Any, above: Mapping[str, str]) -> None:
        """Draw an element with all it holds."""
        one, style = wrapped.etree_element, self.style(wrapped, above)
        kind = one.tag.removeprefix(SVG)
        if kind in ("style", "title", "desc") or style.get("display") == "none":
            return
        self.canvas.saveState()
        if said := one.get("transform"):
            moved = re.fullmatch(r"translate\(([\d.-]+),\s*([\d.-]+)\)", said)
            if not moved:
                raise Unknown(f"a picture has {said}, which cannot be drawn")
            self.canvas.translate(float(moved[1]), float(moved[2]))
        if kind in ("svg", "g"):
            handed = {name: value for name, value in style.items() if name not in OWN}
            for child in wrapped.iter_children():
                self.element(child, handed)
        elif kind == "text":
            self.words(wrapped, style)
        else:
            self.shape(kind, one, style)
        self.canvas.restoreState()

    def style(self, wrapped: Any, above: Mapping[str, str]) -> Style:
        """Return the style of an element: handed down, its attributes, the rules that fit it."""
        found = dict(above) | {k: v for k, v in wrapped.etree_element.attrib.items() if k != "class"}
        for _specificity, _order, _pseudo, said in sorted(self.rules.match(wrapped), key=lambda m: m[:2]):
            found |= said
        return found

    # --- shapes ---------------------------------------------------------------------------------------
    def shape(self, kind: str, one: ElementTree.Element, style: Style) -> None:
        """Draw a shape."""
        path = self.canvas.beginPath()
        if kind == "rect":
            wide, high = (self.length(one, name, k) for k, name in enumerate(("width", "height")))
            path.rect(float(one.get("x", 0)), float(one.get("y", 0)), wide, high)
        elif kind == "circle":
            path.circle(float(one.get("cx", 0)), float(one.get("cy", 0)), float(one.get("r", 0)))
        elif kind == "line":
            path.moveTo(float(one.get("x1", 0)), float(one.get("y1", 0)))
            path.lineTo(float(one.get("x2", 0)), float(one.get("y2", 0)))
        elif kind == "path":
            follow(path, one.get("d", ""))
        else:
            raise Unknown(f"a picture has a {kind}, which cannot be drawn")
        filled = self.ink("fill", style, "#000000")
        stroked = self.ink("stroke", style, "none")
        self.canvas.drawPath(path, fill=int(filled), stroke=int(stroked))

    def length(self, one: ElementTree.Element, name: str, axis: int) -> float:
        """Return a length, which may be said as a share of the picture."""
        said = one.get(name, "0")
        return self.whole[axis] * float(said[:-1]) / 100 if said.endswith("%") else float(said)

    def ink(self, what: str, style: Style, usual: str) -> bool:
        """Take up the ink of a fill or a stroke; say whether there is any."""
        said = style.get(what, usual)
        if said == "none":
            return False
        thin = float(style.get("opacity", 1)) * float(style.get(f"{what}-opacity", 1))
        colour: Color = HexColor(SHORT.sub(r"\1\1", said) if len(said) == len("#fff") else said)
        if what == "fill":
            self.canvas.setFillColor(colour, alpha=thin)
            return True
        self.canvas.setStrokeColor(colour, alpha=thin)
        self.canvas.setLineWidth(_number(style.get("stroke-width", "1")))
        dashes = re.findall(r"[\d.]+", style.get("stroke-dasharray", ""))
        self.canvas.setDash([float(one) for one in dashes])
        self.canvas.setLineJoin(int(style.get("stroke-linejoin") == "round"))
        return True

    # --- words ----------------------------------------------------------------------------------------
    def words(self, wrapped: Any, style: Style) -> None:
        """Draw words, their halo first."""
        parts = [(text, own, *_font(own)) for text, own in self.spans(wrapped, style)]
        wide = sum(stringWidth(text, face, high) for text, _, face, high in parts)
        one = wrapped.etree_element
        back = {"middle": wide / 2, "end": wide}.get(style.get("text-anchor", "start"), 0.0)
        x, y = float(one.get("x", 0)) - back, float(one.get("y", 0))
        self.canvas.translate(x, y)
        self.canvas.scale(1, -1)
        for mode, what, usual in ((STROKE_ONLY, "stroke", "none"), (FILL_ONLY, "fill", "#000000")):
            at = 0.0
            self.canvas.saveState()  # how letters are inked would stay otherwise
            for text, own, face, high in parts:
                if self.ink(what, own, usual):
                    line = self.canvas.beginText(at, 0)
                    line.setFont(face, high)
                    line.setTextRenderMode(mode)
                    line.textOut(text)
                    self.canvas.drawText(line)
                at += stringWidth(text, face, high)
            self.canvas.restoreState()

    def spans(self, wrapped: Any, style: Style) -> Iterator[tuple[str, Style]]:
        """Yield the runs of words of a text, each with its style."""
        one = wrapped.etree_element
        if one.text:
            yield re.sub(r"\s+", " ", one.text), style
        for child in wrapped.iter_children():
            handed = {name: value for name, value in style.items() if name not in OWN}
            yield from self.spans(child, self.style(child, handed))
            if child.etree_element.tail:
                yield re.sub(r"\s+", " ", child.etree_element.tail), style


def _font(style: Style) -> tuple[str, float]:
    """Return the face and size of a style."""
    said = style.get("font-weight", "400")
    heavy = said == "bold" or (said.isdecimal() and int(said) >= HEAVY)
    return BOLD if heavy else PLAIN, _number(style.get("font-size") or style.get("font", "13px"))


def _number(said: str) -> float:
    found = re.search(r"[\d.]+", said)
    return float(found[0]) if found else 0.0


def follow(path: Any, said: str) -> None:
    """Follow the steps of a path; a small letter goes from where the last step ended."""
    numbers: list[float] = []
    x, y, at = 0.0, 0.0, ""
    for letter, number in STEP.findall(said):
        if letter:
            if letter.upper() not in TAKES:
                raise Unknown(f"a path has a step {letter}, which cannot be drawn")
            at, numbers = letter, []
            if letter in "Zz":
                path.close()
            continue
        numbers.append(float(number))
        if len(numbers) < TAKES[at.upper()]:
            continue
        own = at.islower()
        if at in "Hh":
            x = numbers[0] + (x if own else 0)
        elif at in "Vv":
            y = numbers[0] + (y if own else 0)
        else:
            pairs = [
                (a + (x if own else 0), b + (y if own else 0))
                for a, b in zip(numbers[::2], numbers[1::2], strict=True)
            ]
            x, y = pairs[-1]
            if at in "Cc":
                path.curveTo(*(c for pair in pairs for c in pair))
        if at in "Mm":
            path.moveTo(x, y)
            at = "L" if at == "M" else "l"
        elif at not in "Cc":
            path.lineTo(x, y)
        numbers = []
