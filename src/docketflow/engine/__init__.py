"""The machine: follows people through a declared network, day by day, and knows nothing of its subject.

This is a modeller's one door: ``from docketflow.engine import Network, Stage, compile_network, bind, Run``.
"""

import typing

from docketflow.core.quantity import Dated, Table, p
from docketflow.engine.compile.bind import bind
from docketflow.engine.compile.network import compile_network
from docketflow.engine.compile.program import Program
from docketflow.engine.declare.vocabulary import (
    STAY,
    Arrive,
    Attempt,
    Clock,
    Decision,
    Draw,
    Effort,
    End,
    Feedback,
    Floor,
    Gate,
    Need,
    Network,
    On,
    Pool,
    Quota,
    Rest,
    Space,
    Spend,
    Stage,
    Start,
    Tally,
    To,
    Trait,
    Wait,
    count,
    count_days,
    exponential,
    fixed,
    join,
    leave,
    lognormal,
    mark,
    new_episode,
    new_round,
    put,
    release,
    start,
    step,
    stop,
    take,
    to,
    uniform,
    weibull,
)

if typing.TYPE_CHECKING:
    from docketflow.engine.inspect.describe import entries_of, text
    from docketflow.engine.inspect.trace import follow
    from docketflow.engine.run.ledger import Ledger
    from docketflow.engine.run.machine import Run

_LATER = {
    "Ledger": "run.ledger",
    "Run": "run.machine",
    "entries_of": "inspect.describe",
    "follow": "inspect.trace",
    "text": "inspect.describe",
}
"""Names whose files need the compiler, imported when first asked for."""

__all__ = [
    "STAY",
    "Arrive",
    "Attempt",
    "Clock",
    "Dated",
    "Decision",
    "Draw",
    "Effort",
    "End",
    "Feedback",
    "Floor",
    "Gate",
    "Ledger",
    "Need",
    "Network",
    "On",
    "Pool",
    "Program",
    "Quota",
    "Rest",
    "Run",
    "Space",
    "Spend",
    "Stage",
    "Start",
    "Table",
    "Tally",
    "To",
    "Trait",
    "Wait",
    "bind",
    "compile_network",
    "count",
    "count_days",
    "entries_of",
    "exponential",
    "fixed",
    "follow",
    "join",
    "leave",
    "lognormal",
    "mark",
    "new_episode",
    "new_round",
    "p",
    "put",
    "release",
    "start",
    "step",
    "stop",
    "take",
    "text",
    "to",
    "uniform",
    "weibull",
]


def __getattr__(name: str) -> typing.Any:
    """Import a name whose file needs the compiler when it is first asked for."""
    if name not in _LATER:
        raise AttributeError(f"module 'docketflow.engine' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"docketflow.engine.{_LATER[name]}"), name)
