"""Review of judges' decisions: when an order is final, the Board, petitions to a court of appeals."""

from __future__ import annotations

from docketflow.lifecycle.part import Part
from docketflow.lifecycle.review.board import board
from docketflow.lifecycle.review.circuit import circuit
from docketflow.lifecycle.review.finality import finality


def review() -> Part:
    """Return review by the Board and the courts of appeals."""
    return finality() + board() + circuit()
