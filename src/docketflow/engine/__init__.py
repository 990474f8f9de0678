"""The machine: follows people through a declared network, day by day, and knows nothing of its subject."""

from docketflow.engine.compile import Program, compile_network

__all__ = ["Program", "compile_network"]
