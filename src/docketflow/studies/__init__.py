"""The studies room's public door."""

from __future__ import annotations

from docketflow.studies.conduct import study
from docketflow.studies.study import Study, load

__all__ = ["Study", "load", "study"]
