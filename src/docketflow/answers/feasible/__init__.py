"""What it would take: the least of one lever, the cheapest mix, the earliest date, or what stops it."""

from __future__ import annotations

from docketflow.answers.feasible.ask import Feasible, feasible, of_result

__all__ = ["Feasible", "feasible", "of_result"]
