"""A Result whose numbers stay in their blocks until asked for, so that memory is bounded for any members.

One outcome is read at a time, with as many of its neighbours as fit in a fixed room. It does not know who ran
what.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from docketflow.core.errors import ResultError, UsageError, unknown
from docketflow.results import Result
from docketflow.results.result import Answer
from docketflow.studies.block import GROUPS, MEMBER, Axes, Block, beside_members, unpack

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

ROOM = 1 << 26  # bytes of outcomes held at a time


class Kept(Result):
    """One scenario of a study.

    Members that failed are NaN in every group, so that members of two scenarios stay in pairs.

    Parameters
    ----------
    scenario : str
    members : int
    blocks : sequence of Path
    levers : sequence of mapping
        Rows of the table of levers.
    """

    _axes: Axes
    _blocks: tuple[Path, ...]
    _members: int
    _rows: Sequence[Mapping[str, Any]]
    _failures: dict[int, str]
    _held: list[np.ndarray]

    def __init__(
        self, scenario: str, members: int, blocks: Sequence[Path], levers: Sequence[Mapping[str, Any]]
    ) -> None:
        self.__dict__.update(_blocks=tuple(blocks), _members=members, _rows=levers, _failures={})
        axes: Axes = {}
        manifest: dict[str, Any] = {}
        for path in blocks:
            block, _ = read_block(path)
            self._failures.update(block.failures)
            if not axes:
                axes, manifest = block.axes, block.manifest
            elif block.done and (block.axes != axes or block.manifest != manifest):
                raise ResultError(f"{path}: was made by other code, evidence or settings than its neighbours")
        if not axes:
            first, why = min(self._failures.items(), default=(0, "there are no blocks"))
            raise ResultError(f"{scenario}: every member failed; member {first}: {why}")
        self.__dict__.update(_axes=axes, manifest=manifest)

    @property
    def failures(self) -> dict[int, str]:
        """Member to the reason why it has no numbers."""
        return dict(sorted(self._failures.items()))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the outcomes this result has."""
        return tuple(self._axes["outcome"]["label"])

    @property
    def months(self) -> tuple[str, ...]:
        """Months of the period, such as 2025-01; the first and last may be parts."""
        return tuple(self._axes["month"]["label"])

    def __getitem__(self, name: str) -> Answer:
        """Return one outcome, or raise the line that names the nearest."""
        if name not in self.names:
            raise UsageError(unknown("outcome", name, self.names, f"result of {self.scenario}"))
        about, place = self._axes["outcome"], self.names.index(name)
        many = max(1, ROOM // (8 * self._members * (len(self.months) + 2)))
        period, opening, monthly = self._outcomes(place // many * many, many)
        at = place % many
        return Answer(
            name=name,
            unit=about["unit"][place],
            kind=about["kind"][place],
            definition=about["definition"][place],
            values=period[at],
            by_month=None if np.isnan(monthly[at]).all() else monthly[at],
            months=self.months,
            opening=None if np.isnan(opening[at]).all() else opening[at],
        )

    def _outcomes(self, first: int, many: int) -> list[np.ndarray]:
        """Return some outcomes' groups, reading all blocks; the last read is kept."""
        if self.__dict__.get("_last") != (first, many):
            some = slice(first, first + many)
            arrays = self._gathered(("period", "opening", "monthly"), some)
            self.__dict__.update(_last=(first, many), _held=list(arrays.values()))
        return self._held

    def _gathered(self, groups: Sequence[str], some: slice = slice(None)) -> dict[str, np.ndarray]:
        """Return groups as arrays [first axis, member, ...] over all members, NaN for those that failed."""
        found: dict[str, np.ndarray] = {}
        for path in self._blocks:
            block, arrays = read_block(path, groups)
            for group, array in arrays.items():
                part = array[:, some]
                if group not in found:
                    shape = (part.shape[1], self._members, *part.shape[2:])
                    found[group] = np.full(shape, np.nan)
                found[group][:, block.done] = np.moveaxis(part, 0, 1)
        return found

    def _labelled(self, group: str) -> xr.DataArray:
        """Return a whole group as a Result holds it."""
        import xarray as xr

        dims = beside_members(group)
        lengths = {dim: len(self._axes[dim]["label"]) for dim in dims}
        found = self._gathered([group])
        empty = np.zeros((lengths[dims[0]], self._members, *(lengths[dim] for dim in dims[1:])))
        coords: dict[str, Any] = {MEMBER: np.arange(self._members)}
        for dim in dims:
            coords[dim] = self._axes[dim]["label"]
            coords |= {about: (dim, said) for about, said in self._axes[dim].items() if about != "label"}
        array = xr.DataArray(found.get(group, empty), dims=(dims[0], MEMBER, *dims[1:]), coords=coords)
        return array.transpose(*GROUPS[group])

    period = functools.cached_property(lambda self: self._labelled("period"))
    opening = functools.cached_property(lambda self: self._labelled("opening"))
    monthly = functools.cached_property(lambda self: self._labelled("monthly"))
    stocks = functools.cached_property(lambda self: self._labelled("stocks"))
    resources = functools.cached_property(lambda self: self._labelled("resources"))
    flows = functools.cached_property(lambda self: self._labelled("flows"))
    costs = functools.cached_property(lambda self: self._labelled("costs"))

    @functools.cached_property
    def levers(self) -> pd.DataFrame:
        """Every setting with its source."""
        import pandas as pd

        from docketflow.results.build import LEVER_COLUMNS

        return pd.DataFrame([dict(row) for row in self._rows], columns=list(LEVER_COLUMNS))


def read_block(path: Path, groups: Sequence[str] = ()) -> tuple[Block, dict[str, np.ndarray]]:
    """Return what a kept block says of itself, and the wanted groups as arrays [member, ...]."""
    try:
        return unpack(path.read_bytes(), groups)
    except ResultError as error:
        raise ResultError(f"{path}: {error}") from None
    except OSError as error:
        raise ResultError(f"{path}: cannot be read ({(error.strerror or 'error').lower()})") from None
