"""The machine: follows people through a declared network, day by day. It knows nothing of what it is about."""

from docketflow.engine.compile import Program, compile_network

__all__ = ["Program", "compile_network"]
