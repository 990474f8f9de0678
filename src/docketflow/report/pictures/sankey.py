"""Lay out a flow from left to right: columns by distance from where people enter, heights by how many pass.

It knows names and numbers only. Loops are not drawn: an edge that closes one is an error.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from docketflow.core.errors import ResultError

Edge = tuple[str, str, float]
SWEEPS = 12
LINE = 16.0  # the least room of a box, so that words beside it do not touch


@dataclass
class Node:
    """A place people pass: its column, its box, and a short key for small screens."""

    name: str
    column: int
    value: float
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0
    key: str = ""
    last: bool = False

    @property
    def middle(self) -> float:
        """Return the height of its middle."""
        return self.y + self.height / 2


@dataclass(frozen=True)
class Ribbon:
    """One edge as a drawn path."""

    source: str
    target: str
    path: str
    width: float
    column: int


@dataclass(frozen=True)
class Sankey:
    """A laid out flow."""

    width: int
    height: int
    nodes: tuple[Node, ...]
    ribbons: tuple[Ribbon, ...]


def layout(
    edges: Sequence[Edge], *, width: int, height: int, margin: float = 0, gap: float = 10, bar: float = 12
) -> Sankey:
    """Place nodes and ribbons.

    Parameters
    ----------
    edges
        (source, target, people); people above zero.
    width, height
        Of the drawing, in user units.
    margin
        Room on the right for the labels of the last column.
    gap, bar
        Space between boxes of a column, and their width.
    """
    edges = [edge for edge in edges if edge[2] > 0]
    if not edges:
        return Sankey(width, height, (), ())
    columns = _columns(edges)
    values = {name: max(_sum(edges, 0, name), _sum(edges, 1, name)) for name in columns}
    nodes = {name: Node(name, column, values[name]) for name, column in columns.items()}
    deepest = max(columns.values())
    ranks = [[node for node in nodes.values() if node.column == k] for k in range(deepest + 1)]
    unit = min(_unit([node.value for node in rank], height, gap) for rank in ranks)
    for rank in ranks:
        rank.sort(key=lambda node: -node.value)
        for node in rank:
            node.height, node.width = max(node.value * unit, 1.0), bar
            node.x = node.column * (width - bar - margin) / max(1, deepest)
            node.last = node.column == deepest and not margin
        _stack(rank, height, gap)
    for sweep in range(SWEEPS):
        _sort(ranks, edges, nodes, forward=sweep % 2 == 0)
        for rank in ranks:
            _stack(rank, height, gap)
    for k, node in enumerate(node for rank in ranks for node in rank):
        node.key = chr(ord("A") + k) if k < 26 else "A" + chr(ord("A") + k - 26)
    ordered = tuple(node for rank in ranks for node in rank)
    return Sankey(width, height, ordered, tuple(_ribbons(edges, nodes, unit)))


def _sum(edges: Sequence[Edge], end: int, name: str) -> float:
    return sum(edge[2] for edge in edges if edge[end] == name)


def _columns(edges: Sequence[Edge]) -> dict[str, int]:
    """Return each node's longest distance from where people enter; who goes no further stands there."""
    columns = {name: 0 for edge in edges for name in edge[:2]}
    for round_ in range(len(columns) + 1):
        changed = False
        for source, target, _ in edges:
            if columns[target] <= columns[source]:
                columns[target], changed = columns[source] + 1, True
        if not changed:
            break
        if round_ == len(columns):
            raise ResultError("the flow has a loop and cannot be drawn from left to right")
    return columns


def _unit(values: Sequence[float], height: float, gap: float) -> float:
    """Return the height of one person at which a column fits, its small boxes keeping the room of a line."""
    ranked = sorted(values, reverse=True)
    for large in range(len(ranked), 0, -1):
        left = height - gap * (len(ranked) - 1) - LINE * (len(ranked) - large)
        unit = left / sum(ranked[:large])
        if ranked[large - 1] * unit >= LINE or large == 1:
            return max(unit, 1e-12)
    return 1e-12


def _stack(rank: Sequence[Node], height: float, gap: float) -> None:
    """Place the boxes of a column one below the other, with even room between."""
    rooms = [max(node.height, LINE) for node in rank]
    spare = max(0.0, height - sum(rooms) - gap * (len(rank) - 1)) / (len(rank) + 1)
    y = spare
    for node, room in zip(rank, rooms, strict=True):
        node.y = y + (room - node.height) / 2
        y += room + gap + spare


def _sort(
    ranks: Sequence[list[Node]], edges: Sequence[Edge], nodes: dict[str, Node], *, forward: bool
) -> None:
    """Order each column by the mean height of what its boxes are joined to, so that ribbons cross little."""
    joined: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for source, target, value in edges:
        here, there = (target, source) if forward else (source, target)
        joined[here].append((nodes[there].middle, value))
    for rank in ranks:
        rank.sort(key=lambda node: _mean(joined[node.name], node.middle))


def _mean(pairs: Sequence[tuple[float, float]], otherwise: float) -> float:
    weight = sum(value for _, value in pairs)
    return sum(place * value for place, value in pairs) / weight if weight else otherwise


def _ribbons(edges: Sequence[Edge], nodes: dict[str, Node], unit: float) -> list[Ribbon]:
    left = {name: node.y for name, node in nodes.items()}
    right = dict(left)
    starts: dict[Edge, float] = {}
    for edge in sorted(edges, key=lambda edge: nodes[edge[1]].middle):
        starts[edge] = right[edge[0]]
        right[edge[0]] += edge[2] * unit
    drawn = []
    for edge in sorted(edges, key=lambda edge: nodes[edge[0]].middle):
        source, target, value = edge
        thick = max(value * unit, 0.6)
        x0, x1 = nodes[source].x + nodes[source].width, nodes[target].x
        path = _band(x0, starts[edge], x1, left[target], thick)
        left[target] += value * unit
        drawn.append(Ribbon(source, target, path, round(thick, 1), nodes[source].column))
    return sorted(drawn, key=lambda ribbon: -ribbon.width)


def _band(x0: float, y0: float, x1: float, y1: float, thick: float) -> str:
    """Return a band of one thickness that leaves and arrives level."""
    bend = (x0 + x1) / 2
    there = f"M{x0:.1f},{y0:.1f}C{bend:.1f},{y0:.1f} {bend:.1f},{y1:.1f} {x1:.1f},{y1:.1f}"
    y0, y1 = y0 + thick, y1 + thick
    back = f"L{x1:.1f},{y1:.1f}C{bend:.1f},{y1:.1f} {bend:.1f},{y0:.1f} {x0:.1f},{y0:.1f}Z"
    return there + back
