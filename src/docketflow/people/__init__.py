"""The synthetic population of a start date: cell counts by legal posture and traits, never persons."""

from docketflow.people.population import Population, build

__all__ = ["Population", "build"]
