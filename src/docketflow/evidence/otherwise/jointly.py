"""What a room says of parameters that are drawn together, if a posterior is drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from docketflow.core.quantity import Dated, Value

if TYPE_CHECKING:
    import numpy as np


class Jointly(Protocol):
    """Draws some parameters together, as a posterior does."""

    paths: tuple[str, ...]

    def __call__(self, seed: int, numbers: Sequence[int]) -> Mapping[str, Dated]:
        """Return these parameters of some members, side by side."""

    def moved(self, path: str, value: Value) -> np.ndarray:
        """Return which numbers of a value of a parameter are drawn."""
