"""What an answer depends on: the door of the sensitivity study."""

from __future__ import annotations

from docketflow.answers.sensitivity.answer import Sensitivity
from docketflow.answers.sensitivity.study import sensitivity

__all__ = ["Sensitivity", "sensitivity"]
