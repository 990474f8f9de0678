"""The report's public door: write the page of one result, and follow its numbers."""

from __future__ import annotations

from docketflow.report.claim_cards import write_claims
from docketflow.report.page import render, write_report
from docketflow.report.provenance import Trace, Traced, explain, resolve

__all__ = ["Trace", "Traced", "explain", "render", "resolve", "write_claims", "write_report"]
