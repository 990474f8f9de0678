"""What needs the optional extra `analysis`, asked for in one place."""

from __future__ import annotations

import importlib
from typing import Any

from docketflow.core.errors import UsageError

EXTRA = "analysis"


def needed(module: str) -> Any:
    """Return a module of the extra, or say in one line how to get it."""
    try:
        return importlib.import_module(module)
    except ImportError:
        name = module.partition(".")[0]
        raise UsageError(
            f"sensitivity: needs {name}; install it with: pip install 'docketflow[{EXTRA}]'"
        ) from None
