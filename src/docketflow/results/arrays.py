"""The numbers of a result: named groups of plain arrays, and the axes along which they lie.

A group is open to more: whoever adds one says its axes, and it is kept, read and shown like the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np

Axes = Mapping[str, Mapping[str, Sequence[str]]]
"""Of each axis its labels (under "label") and what else is known of each: unit, kind, definition ..."""

MEMBER = "member"
GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "period": ("outcome", MEMBER),
        "opening": ("outcome", MEMBER),
        "monthly": ("outcome", MEMBER, "month"),
        "stocks": ("stage", MEMBER, "month"),
        "resources": ("resource", "measure", MEMBER, "month"),
        "flows": ("edge", MEMBER),
        "costs": ("account", MEMBER),
        "steps": ("step", MEMBER, "month"),
        "design": ("parameter", MEMBER),
        "exhausted": ("resource", MEMBER, "month"),
        "again": ("outcome", MEMBER),
    }
)
"""The groups that are known, and the axes of each. A result need not have all."""


class Arrays(Protocol):
    """Where a result's numbers are: in memory, or in files that are read when asked."""

    def __getitem__(self, group: str) -> np.ndarray:
        """Return a whole group."""

    def __contains__(self, group: object) -> bool:
        """Say whether there is such a group."""

    def outcome(self, place: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return one outcome's period [member], opening [member] and months [member, month]."""


class Held(dict[str, np.ndarray]):
    """Arrays in memory."""

    def outcome(self, place: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return one outcome's period [member], opening [member] and months [member, month]."""
        return self["period"][place], self["opening"][place], self["monthly"][place]


def to_xarray(arrays: Arrays, axes: Axes, members: int, about: Mapping[str, Any]) -> Any:
    """Return all groups as one labelled data set; what is known of an axis is a coordinate along it."""
    import xarray as xr

    coords: dict[str, Any] = {MEMBER: np.arange(members)}
    for axis, known in axes.items():
        coords[axis] = list(known["label"])
        coords |= {f"{axis}_{key}": (axis, list(said)) for key, said in known.items() if key != "label"}
    groups = {name: (dims, arrays[name]) for name, dims in GROUPS.items() if name in arrays}
    return xr.Dataset(groups, coords=coords, attrs=dict(about))
