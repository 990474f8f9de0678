"""Load the evidence room: figures, sources, parameters and checks, from the files beside this one.

Files are never written by code. Wrong form is an error here; wrong substance is named by `lint`.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlparse

from pydantic import BaseModel, ValidationError

from docketflow.core import yaml_cache
from docketflow.core.errors import EvidenceError, unknown
from docketflow.core.outcomes import Outcome, outcomes
from docketflow.core.quantity import Dated
from docketflow.core.strict_yaml import parse_yaml, read_text, read_yaml
from docketflow.evidence import rates
from docketflow.evidence.months import MONTHS_COLUMNS, SUFFIX, months
from docketflow.evidence.otherwise.rows import folder
from docketflow.evidence.schema import (
    FIGURE_COLUMNS,
    LAW_COLUMNS,
    LITIGATION_COLUMNS,
    PRIOR_COLUMNS,
    SOURCE_COLUMNS,
    Check,
    Claim,
    CountingRule,
    Events,
    Figure,
    Law,
    LitigationOrder,
    NotSources,
    Parameter,
    Prior,
    Series,
    Source,
)

if TYPE_CHECKING:
    import pandas as pd

    from docketflow.evidence.otherwise.jointly import Jointly
    from docketflow.evidence.otherwise.rows import Private

HOME = Path(__file__).parent
OVERLAY = "docketflow.evidence.otherwise.overlay"  # lays private rows over a room; it knows this file
Model = TypeVar("Model", bound=BaseModel)


class Room:
    """Everything that is known, read once.

    Parameters
    ----------
    home : Path
        The folder with ``figures/``, ``parameters/``, ``sources.csv`` and ``checks.yaml``.
    catalog : mapping, optional
        The outcomes that figures are compared with, if not the product's own.
    """

    def __init__(self, home: Path = HOME, catalog: Mapping[str, Outcome] | None = None) -> None:
        self.home = home
        self.otherwise = ""  # what makes it another: a source or later days left out, no posterior drawn from
        self.private: Private | None = None  # rows laid over the published ones (`private`)
        self.jointly: Jointly | None = None  # draws some parameters together, if a posterior does
        self.outcomes = outcomes() if catalog is None else catalog

    def __repr__(self) -> str:
        counts = f"{len(self.rows)} figures, {len(self.sources)} sources, {len(self.parameters)} parameters"
        return f"<Room: {counts}>"

    @cached_property
    def rows(self) -> dict[str, Figure]:
        """Figures by id. Of two rows with one id the first counts; `lint` names both (see `repeats`)."""
        found: dict[str, Figure] = {}
        for where, figure in self._every_row:
            if figure.id in found:
                self.repeats.append(f"{where}: figure {figure.id!r} is given twice")
            found.setdefault(figure.id, figure)
        return found

    @cached_property
    def repeats(self) -> list[str]:
        """Where an id is given a second time."""
        return []

    @cached_property
    def _every_row(self) -> list[tuple[str, Figure]]:
        return [
            (where, _model(Figure, {k: v for k, v in cells.items() if v != ""}, where))
            for path in sorted((self.home / "figures").glob("*.csv"))
            for where, cells in _csv_rows(path, FIGURE_COLUMNS)
        ]

    @cached_property
    def monthly(self) -> dict[str, Figure]:
        """Figures of the tables of months by id, read when asked for: most questions do without them."""
        found: dict[str, Figure] = {}
        for path in sorted((self.home / "months").glob("*.csv")):
            for where, cells in _csv_rows(path, MONTHS_COLUMNS, more=True):
                for figure in months(where, cells):
                    if figure.id in found:
                        self.repeats.append(f"{where}: figure {figure.id!r} is given twice")
                    found.setdefault(figure.id, figure)
        return found

    @cached_property
    def every(self) -> dict[str, Figure]:
        """All figures by id, those of the tables of months included."""
        return self.rows | self.monthly

    def find(self, id: str) -> Figure | None:
        """Return one figure, or None; of the tables of months only the cell that is asked for is read."""
        found = self.rows.get(id)
        if found is not None or "monthly" in vars(self):
            return found or self.monthly.get(id)
        if id not in self._months:
            where, cells = self._series.get(id[:-SUFFIX], ("", {}))
            wanted = (*MONTHS_COLUMNS, id[1 - SUFFIX :])
            one = {column: cells[column] for column in wanted} if wanted[-1] in cells else {}
            self._months[id] = next(months(where, one), None) if one else None
        return self._months[id]

    @cached_property
    def _months(self) -> dict[str, Figure | None]:
        """What was asked for of the tables of months."""
        return {}

    @cached_property
    def _series(self) -> dict[str, tuple[str, dict[str, str]]]:
        """The rows of the tables of months by id, as they are written."""
        found: dict[str, tuple[str, dict[str, str]]] = {}
        for path in sorted((self.home / "months").glob("*.csv")):
            for where, cells in _csv_rows(path, MONTHS_COLUMNS, more=True):
                found.setdefault(cells["id"], (where, cells))
        return found

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Figures as a table indexed by id."""
        import pandas as pd

        table = pd.DataFrame([row.model_dump() for row in self.rows.values()], columns=list(FIGURE_COLUMNS))
        for column in ("period_start", "period_end"):
            table[column] = pd.to_datetime(table[column])
        return table.set_index("id")

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Sources by id."""
        found: dict[str, Source] = {}
        for where, cells in _csv_rows(self.home / "sources.csv", SOURCE_COLUMNS):
            source = _model(Source, cells, where)
            if source.id in found:
                self.repeats.append(f"{where}: source {source.id!r} is given twice")
            found.setdefault(source.id, source)
        return found

    @cached_property
    def not_sources(self) -> frozenset[str]:
        """Hosts that are not sources (`not_sources.yaml`)."""
        path = self.home / "not_sources.yaml"
        kinds = [_model(NotSources, entry, where) for where, entry in _entries(path)] if path.exists() else []
        return frozenset(host for kind in kinds for host in kind.hosts)

    def is_source(self, name: str) -> bool:
        """Say whether a source has an address, on a host that is one (`not_sources.yaml`), or is private."""
        return (self.private is not None and name in self.private.sources) or self._has_host[name]

    @cached_property
    def _has_host(self) -> dict[str, bool]:
        hosts = {name: urlparse(source.url).netloc.split(".") for name, source in self.sources.items()}
        return {
            name: bool(parts[0])
            and not any(".".join(parts[n:]) in self.not_sources for n in range(len(parts)))
            for name, parts in hosts.items()
        }

    @cached_property
    def litigation(self) -> tuple[LitigationOrder, ...]:
        """Orders of courts on policies, by date (`litigation.csv`)."""
        path = self.home / "litigation.csv"
        rows = _csv_rows(path, LITIGATION_COLUMNS) if path.exists() else ()
        return tuple(
            _model(LitigationOrder, {k: v for k, v in row.items() if v != ""}, where) for where, row in rows
        )

    @cached_property
    def priors(self) -> tuple[Prior, ...]:
        """What is assumed where nothing was published (`priors.csv`)."""
        path = self.home / "priors.csv"
        rows = _csv_rows(path, PRIOR_COLUMNS) if path.exists() else ()
        return tuple(_model(Prior, {k: v for k, v in row.items() if v != ""}, where) for where, row in rows)

    @cached_property
    def laws(self) -> dict[str, Law]:
        """Citations of law by key."""
        found: dict[str, Law] = {}
        for where, cells in _csv_rows(self.home / "law.csv", LAW_COLUMNS):
            law = _model(Law, {k: v for k, v in cells.items() if v != ""}, where)
            if law.key in found:
                raise EvidenceError(f"{where}: law {law.key!r} is given twice")
            found[law.key] = law
        return found

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """Parameters by path."""
        found: dict[str, Parameter] = {}
        texts = {path.name: read_text(path) for path in sorted((self.home / "parameters").glob("*.yaml"))}

        def read() -> dict[str, Any]:
            return {name: parse_yaml(text, where=name) for name, text in texts.items()}

        said = yaml_cache.kept("parameters", texts, read) if self.home == HOME else read()
        for name, entries in said.items():
            for where, entry in _placed(name, entries):
                parameter = _model(Parameter, {**self._with_months(entry, where), "where": name}, where)
                if parameter.path in found:
                    other = found[parameter.path].where
                    raise EvidenceError(f"{where}: parameter {parameter.path!r} is also given in {other}")
                found[parameter.path] = parameter
        return found

    def _with_months(self, entry: dict[str, Any], where: str) -> dict[str, Any]:
        """Return an entry with the months before its first date laid out, if it follows published counts."""
        if "months" not in entry:
            return entry
        try:
            past, rests = rates.rates(rates.read(entry["months"]), self._counts)
        except (EvidenceError, ValidationError) as wrong:
            raise EvidenceError(f"{where}: {str(wrong).splitlines()[0]}") from None
        said = {name: value for name, value in entry.items() if name != "months"}
        given = said.get("dated") or {}
        return {**said, "dated": {**past, **given}, "evidence": (*said.get("evidence", ()), *rests)}

    @cached_property
    def _counts(self) -> rates.Table:
        """Counts by row and month, as the tables of months say them."""
        return {
            cells["id"]: {month: float(cell) for month, cell in cells.items() if month[:2] == "20" and cell}
            for path in sorted((self.home / "months").glob("*.csv"))
            for _, cells in _csv_rows(path, MONTHS_COLUMNS, more=True)
        }

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """The comparisons with published figures that have a tolerance."""
        path = self.home / "checks.yaml"
        return tuple(_model(Check, entry, where) for where, entry in _entries(path)) if path.exists() else ()

    @cached_property
    def finer_series(self) -> tuple[Series, ...]:
        """The finer published series a scenario is held against, as listed (`series*.yaml`)."""
        paths = sorted(self.home.glob("series*.yaml"))
        return tuple(
            _model(Series, {**entry, "where": path.name}, where)
            for path in paths
            for where, entry in _entries(path)
        )

    @cached_property
    def events(self) -> dict[str, tuple[str, ...]]:
        """Kinds of happening, each with the patterns of the series that count it."""
        path = self.home / "events.yaml"
        kinds = [_model(Events, entry, where) for where, entry in _entries(path)] if path.exists() else []
        return {kind.events: kind.metrics for kind in kinds}

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """The past totals that others state, in our own words."""
        return tuple(_model(Claim, entry, where) for where, entry in _entries(self.home / "claims.yaml"))

    @cached_property
    def counting_rules(self) -> tuple[CountingRule, ...]:
        """The ways departures can be counted."""
        return tuple(
            _model(CountingRule, entry, where) for where, entry in _entries(self.home / "counting.yaml")
        )

    @cached_property
    def series(self) -> dict[tuple[str, dt.date, dt.date], Figure]:
        """National figures of whole series (no subgroup) by metric, first day and last day."""
        whole = (row for row in self.rows.values() if row.subgroup == "all" and row.geography == "US")
        return {(row.metric, row.period_start, row.period_end): row for row in whole}

    @cached_property
    def spans(self) -> dict[tuple[str, dt.date, dt.date], list[Figure]]:
        """All figures, of parts as well, by metric, first day and last day."""
        found: dict[tuple[str, dt.date, dt.date], list[Figure]] = {}
        for row in self.rows.values():
            found.setdefault((row.metric, row.period_start, row.period_end), []).append(row)
        return found

    @cached_property
    def metrics(self) -> frozenset[str]:
        """The names of all series."""
        return frozenset(row.metric for row in self.every.values())

    def figure(self, id: str) -> Figure:
        """Return one figure."""
        found = self.find(id)
        if found is None:
            raise EvidenceError(unknown("figure", id, self.every))
        return found

    def source(self, id: str) -> Source:
        """Return one source."""
        if id not in self.sources:
            raise EvidenceError(unknown("source", id, self.sources))
        return self.sources[id]

    def parameter(self, path: str) -> Parameter:
        """Return one parameter."""
        if path not in self.parameters:
            raise EvidenceError(unknown("parameter", path, self.parameters))
        return self.parameters[path]

    def central(self) -> dict[str, Dated]:
        """Return the central value of every parameter."""
        return {path: parameter.central for path, parameter in self.parameters.items()}


def load(home: Path = HOME) -> Room:
    """Return the evidence room, loaded once; with private rows over it, where a command was given some."""
    return _loaded(home, folder() if home == HOME else "")


@functools.cache
def _loaded(home: Path, over: str) -> Room:
    room = Room(home)
    if not over:
        return room
    laid: Room = import_module(OVERLAY).laid_over(room, Path(over))
    return laid


def _csv_rows(
    path: Path, columns: tuple[str, ...], *, more: bool = False
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each row of a CSV file with its place, after checking its columns (and ``more`` of them)."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.reader(lines)
            named = tuple(next(reader, ()))
            if named[: len(columns)] != columns or (len(named) > len(columns) and not more):
                raise EvidenceError(f"{path.name}: the columns must be {','.join(columns)}")
            for cells in reader:
                where = f"{path.name} line {reader.line_num}"
                if len(cells) != len(named) and cells:
                    raise EvidenceError(f"{where}: needs {len(named)} cells")
                if cells:
                    yield where, dict(zip(named, map(str.strip, cells), strict=True))
    except FileNotFoundError:
        raise EvidenceError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError, csv.Error) as unreadable:
        raise EvidenceError(f"{path}: cannot be read ({type(unreadable).__name__})") from None


def _entries(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    return _placed(path.name, read_yaml(path))


def _placed(name: str, entries: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each entry of a YAML list with the place it stands."""
    if entries is not None and not isinstance(entries, list):
        raise EvidenceError(f"{name}: needs a list of entries")
    for n, entry in enumerate(entries or ()):
        where = f"{name}: entry {n + 1}"
        if not isinstance(entry, dict) or not all(isinstance(key, str) for key in entry):
            raise EvidenceError(f"{where}: needs names with values")
        called = entry.get("path") or entry.get("id") or entry.get("outcome")
        yield f"{name}: {called}" if called else where, entry


def _model(kind: type[Model], given: dict[str, Any], where: str) -> Model:
    """Build a record, or raise one line that names the place, the field and the fault."""
    try:
        return kind(**given)
    except EvidenceError as wrong:
        raise EvidenceError(f"{where}: {wrong}") from None
    except ValidationError as wrong:
        first = wrong.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise EvidenceError(unknown("field", field, kind.model_fields, where)) from None
        said = first["msg"].removeprefix("Value error, ")
        raise EvidenceError(f"{where}: {field + ': ' if field else ''}{said}") from None
