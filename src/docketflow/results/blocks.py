"""The numbers of a result in its blocks: read when asked, so that memory is bounded for any members.

One outcome is read at a time, with as many of its neighbours as fit in a fixed room. It does not know who ran
what.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from docketflow.core.errors import ResultError
from docketflow.results.arrays import GROUPS, MEMBER, Axes, Held
from docketflow.results.block import Block, unpack
from docketflow.results.result import Result

ROOM = 1 << 24  # bytes of outcomes held at a time
OUTCOMES = ("period", "opening", "monthly")


class Blocks:
    """Arrays of one scenario that stay in their blocks.

    Members that did not answer are NaN in every group, so that members of two scenarios stay in pairs.

    Parameters
    ----------
    scenario : str
    members : int
    paths : sequence of Path
    """

    def __init__(self, scenario: str, members: int, paths: Sequence[Path]) -> None:
        self.paths, self.members = tuple(paths), members
        self.failures: dict[int, str] = {}
        self.missing: dict[int, str] = {}
        self.axes: Axes = {}
        self.groups: Mapping[str, tuple[str, ...]] = {}
        self.manifest: dict[str, Any] = {}
        for path in paths:
            block, _ = read_block(path)
            self.failures.update(block.failures)
            self.missing.update(block.missing)
            if not self.manifest:
                self.axes, self.groups, self.manifest = block.axes, block.groups, block.manifest
            elif block.done and (block.axes != self.axes or block.manifest != self.manifest):
                raise ResultError(f"{path}: was made by other code, evidence or settings than its neighbours")
        if not self.manifest:
            said = {**self.failures, **self.missing}
            first, why = min(said.items(), default=(0, "there are no blocks"))
            raise ResultError(f"{scenario}: every member failed; member {first}: {why}")
        self._last: tuple[int, Held] = (-1, Held())

    def __contains__(self, group: object) -> bool:
        return group in self.groups

    def __getitem__(self, group: str) -> np.ndarray:
        """Return a whole group."""
        return self._gathered([group])[group]

    def outcome(self, place: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return one outcome's period [member], opening [member] and months [member, month]."""
        first = place // self._many * self._many
        if self._last[0] != first:
            self._last = (-1, Held())  # not both at a time
            self._last = (first, self._gathered(OUTCOMES, slice(first, first + self._many)))
        return self._last[1].outcome(place - first)

    @functools.cached_property
    def _many(self) -> int:
        months = len(self.axes["month"]["label"])
        return max(1, ROOM // (8 * self.members * (months + 2)))

    def held(self) -> Held:
        """Return all groups, read at once."""
        return self._gathered(tuple(self.groups))

    def _gathered(self, groups: Sequence[str], some: slice = slice(None)) -> Held:
        """Return groups with all members, NaN for those that did not answer."""
        found = Held()
        for group in groups:
            lengths = [len(self.axes[axis]["label"]) for axis in self.groups[group]]
            lengths[:1] = [len(range(*some.indices(lengths[0])))]
            found[group] = np.full((self.members, *lengths), np.nan)
        for path in self.paths:
            block, arrays = read_block(path, groups)
            for group, array in arrays.items():
                found[group][block.done] = array[:, some]
        return Held({group: _turned(group, array, self.groups[group]) for group, array in found.items()})


def result_of(blocks: Blocks, levers: Sequence[Mapping[str, Any]]) -> Result:
    """Return the result that lies in blocks, and stays there until it is asked for."""
    return Result(blocks.manifest, blocks.axes, blocks, levers, blocks.failures, blocks.missing)


def read_block(path: Path, groups: Sequence[str] | None = ()) -> tuple[Block, dict[str, np.ndarray]]:
    """Return what a kept block says of itself, and the wanted groups as arrays [member, ...]."""
    try:
        return unpack(path.read_bytes(), groups)
    except ResultError as error:
        raise ResultError(f"{path}: {error}") from None
    except OSError as error:
        raise ResultError(f"{path}: cannot be read ({(error.strerror or 'error').lower()})") from None


def _turned(group: str, array: np.ndarray, dims: tuple[str, ...]) -> np.ndarray:
    """Return a group [member, ...] with its axes in the order in which a result holds them."""
    place = GROUPS[group].index(MEMBER) if group in GROUPS else min(1, len(dims))
    return np.moveaxis(array, 0, place)
