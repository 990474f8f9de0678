"""Results made of synthetic arrays."""

from __future__ import annotations

import pytest

from .made import made


@pytest.fixture
def result():
    """Return one small result."""
    return made()
