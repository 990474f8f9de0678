"""The results room's public door."""

from __future__ import annotations

from docketflow.results.build import Resource, Series, build
from docketflow.results.compare import Published, PublishedSeries, paired, with_evidence, with_series
from docketflow.results.folder import is_result
from docketflow.results.result import Result
from docketflow.results.store import load, save
from docketflow.results.summary import Summary

__all__ = [
    "Published",
    "PublishedSeries",
    "Resource",
    "Result",
    "Series",
    "Summary",
    "build",
    "is_result",
    "load",
    "paired",
    "save",
    "with_evidence",
    "with_series",
]
