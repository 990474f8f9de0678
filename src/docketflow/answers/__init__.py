"""The answers room's public door."""

from __future__ import annotations

from docketflow.answers.claims import Answers, check
from docketflow.answers.claims_judge import Judged

__all__ = ["Answers", "Judged", "check"]
