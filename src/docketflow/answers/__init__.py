"""The answers room's public door."""

from __future__ import annotations

from docketflow.answers.claims.check import Answers, check
from docketflow.answers.claims.judge import Judged

__all__ = ["Answers", "Judged", "check"]
