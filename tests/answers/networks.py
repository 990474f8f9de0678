"""A declared network on which arithmetic knows the answer, for the laws of what people ask."""

from __future__ import annotations

import functools

from docketflow.core.quantity import p
from docketflow.engine import compile_network
from docketflow.engine.declare import vocabulary as d

PEOPLE = {"start": ["here"], "kind": ["only"], "count": [50_000]}


@functools.cache
def two_lines():
    """Return a line at a first counter and then one at a second; who is served is in the next a day later."""
    nodes = [
        d.Wait("first line", effort="first", then="second line"),
        d.Wait("second line", effort="second", then=d.to("gone", do=[d.count("leaving")])),
        d.End("gone"),
    ]
    return compile_network(
        d.Network(
            "two lines",
            traits=[d.Trait("kind", ("only",))],
            nodes=nodes,
            efforts=[d.Effort("first", p("first")), d.Effort("second", p("second"))],
            starts=[d.Start("here", "first line", None, ())],
            tallies=[d.Tally("leaving")],
        )
    )
