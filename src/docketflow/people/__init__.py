"""The synthetic population of a start date: cell counts by legal posture and traits, never persons."""

from docketflow.people.population import Population, build, reads

__all__ = ["Population", "build", "reads"]
