"""Published projections as they are declared, read strictly."""

from __future__ import annotations

import datetime as dt
import functools
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from docketflow.core.errors import ScenarioError, unknown
from docketflow.core.strict_yaml import read_yaml
from docketflow.replications.networks import NETWORKS

Word = Annotated[str, Field(min_length=1)]
Finite = Annotated[float, Field(allow_inf_nan=False)]


class Strict(BaseModel):
    """A record that refuses names it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Assumption(Strict):
    """A number that a projection rests on: stated by its authors, from evidence, or solved from a result."""

    value: Finite
    how: Literal["stated", "evidence", "solved", "assumed"]
    rests_on: tuple[str, ...] = ()
    why: Word


class Published(Strict):
    """One result that was published: of a run's outcome on a day, or over the twelve months before it."""

    run: Word
    outcome: Word
    on: dt.date
    value: Finite
    within: Annotated[float, Field(gt=0)]
    solved: tuple[str, ...] = ()
    where: Word


class Projection(Strict):
    """What somebody published: where, from which assumptions, which runs, with which results."""

    name: Word
    title: Word
    source: Word
    network: Word
    start: dt.date
    end: dt.date
    scale: Annotated[int, Field(gt=0)]
    assumptions: dict[str, Assumption]
    runs: dict[str, dict[str, Finite]]
    published: tuple[Published, ...]
    differs: Word

    @model_validator(mode="after")
    def _holds_together(self) -> Projection:
        if self.network not in NETWORKS:
            raise ValueError(unknown("network", self.network, NETWORKS))
        wanted = NETWORKS[self.network]()
        for name in {*self.assumptions, *(one for run in self.runs.values() for one in run)}:
            if name not in wanted.assumptions:
                raise ValueError(unknown("assumption", name, wanted.assumptions))
        for run, changed in self.runs.items():
            if lacking := set(wanted.assumptions) - {*self.assumptions, *changed}:
                raise ValueError(f"{run} lacks {', '.join(sorted(lacking))}")
        for one in self.published:
            if one.run not in self.runs:
                raise ValueError(unknown("run", one.run, self.runs))
            if one.outcome not in wanted.measures:
                raise ValueError(unknown("outcome", one.outcome, wanted.measures))
            if not self.start <= one.on <= self.end:
                raise ValueError(f"published {one.outcome} on {one.on} is outside the horizon")
        return self


@functools.cache
def projections() -> tuple[Projection, ...]:
    """Return every declared projection, by name."""
    folder = Path(str(resources.files("docketflow.replications").joinpath("declared")))
    return tuple(read(path) for path in sorted(folder.glob("*.yaml")))


def read(path: Path) -> Projection:
    """Read one projection, or raise one line that says what is wrong where."""
    data: Any = read_yaml(path, error=ScenarioError)
    try:
        return Projection(**(data if isinstance(data, dict) else {}))
    except ValidationError as wrong:
        first = wrong.errors()[0]
        field = ".".join(map(str, first["loc"]))
        said = first["msg"].removeprefix("Value error, ")
        raise ScenarioError(f"{path.name}: {field + ': ' if field else ''}{said}") from None


def names() -> list[str]:
    """Return the names of all runs."""
    return [run for one in projections() for run in one.runs]


def find(name: str) -> Projection:
    """Return the projection that a run belongs to, or raise the line that names the nearest."""
    for one in projections():
        if name in one.runs:
            return one
    raise ScenarioError(unknown("replication", name[:200], names()))
