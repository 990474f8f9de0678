"""What an answer depends on: the door of the sensitivity study."""

from __future__ import annotations

from docketflow.answers.sensitivity.answer import Sensitivity
from docketflow.answers.sensitivity.study import of_result, sensitivity

__all__ = ["Sensitivity", "of_result", "sensitivity"]
