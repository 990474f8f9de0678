"""What others call of the kernel: one process compiles all of it, others that need it wait and load."""

from docketflow.engine.run.compiler.compiled import by_one

with by_one():
    from docketflow.engine.run.kernel.days import advance, event
    from docketflow.engine.run.kernel.lists import is_full
    from docketflow.engine.run.kernel.placing import by_start, line_up, place
    from docketflow.engine.run.kernel.pools import drop_stale, drop_stale_pairs
    from docketflow.engine.run.kernel.spent import settle

__all__ = [
    "advance",
    "by_start",
    "drop_stale",
    "drop_stale_pairs",
    "event",
    "is_full",
    "line_up",
    "place",
    "settle",
]
