"""What a declaration takes of what there is only so much of, and how much is left for what comes."""

from __future__ import annotations

from docketflow.engine import layout as at
from docketflow.engine.compile.bound import Bound
from docketflow.engine.declare import vocabulary as d


def taken(bound: Bound) -> dict[str, tuple[int, int]]:
    """Return, for each thing that a record or line has so many of, how many are taken and how many there are.

    Trait bits are those of the words of traits; classes are those of the line that has most.
    """
    program, network = bound.program, bound.program.network
    waits = [k for k, node in enumerate(program.nodes) if isinstance(node, d.Wait)]
    classes = [int(bound.form.words[at.HEADER + k * at.NODE_WIDTH + at.WAYS]) for k in waits]
    return {
        "trait bits": (sum(field.width for field in program.fields.values()), at.TRAIT_BITS),
        "lanes": (len(program.lanes), at.LANES),
        "spaces": (len(network.spaces), at.MAX_SPACES),
        "priority classes": (max(classes, default=0), at.MAX_CLASSES),
        "arrivals": (len(network.arrivals), at.MAX_ARRIVALS),
    }
