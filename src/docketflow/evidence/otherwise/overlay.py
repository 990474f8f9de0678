"""An agency's own rows, laid over the published ones: read from a folder of this machine, sent nowhere.

The folder has the form of the room itself: ``sources.csv``, ``figures/*.csv``, ``parameters/*.yaml``. A
figure with the id of a published one stands in its place, and a parameter that cites it for the same value
follows; a parameter with the path of a published one stands in its place. Every one is marked by its
source's title or its parameter's note, and so wherever it shows. What holds for published rows holds for
these (`lint`).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from docketflow.core.errors import EvidenceError, unknown
from docketflow.core.given import PRIVATE_EVIDENCE as NAMED
from docketflow.core.quantity import Dated
from docketflow.core.units import families, is_unit, unit
from docketflow.evidence.explanation import brief
from docketflow.evidence.left_out import about_figure
from docketflow.evidence.lint.checks import problems
from docketflow.evidence.otherwise.rows import MARK, Private, folder
from docketflow.evidence.room import Room, load
from docketflow.evidence.schema import Figure, Parameter, Source

SOURCES, FIGURES, PARAMETERS = "sources.csv", "figures", "parameters"
READS = (SOURCES, f"{FIGURES}/*.csv", f"{PARAMETERS}/*.yaml")
BESIDE = ("README", "LICENSE")  # what may lie there too
SMALLEST = 11  # a count of fewer, of a part of the country or of its people, stays suppressed
PERSONS = "persons"
PLACE_APART = "US"


def use(place: Path) -> Private:
    """Lay a folder over the published rows, in this process and those it begins.

    Raises
    ------
    EvidenceError
        One line: what is wrong and where.
    """
    before = os.environ.get(NAMED)
    os.environ[NAMED] = str(Path(place).resolve())
    try:
        found = load().private
        assert found is not None
    except EvidenceError:
        if before is None:
            del os.environ[NAMED]
        else:
            os.environ[NAMED] = before
        raise
    return found


@contextlib.contextmanager
def using(place: Path | str | None) -> Iterator[None]:
    """Lay a folder over the published rows for what is done inside; none, and all stays as it is."""
    before = os.environ.get(NAMED)
    if place is not None:
        use(Path(place))
    try:
        yield
    finally:
        if place is not None:
            os.environ.pop(NAMED)
            os.environ.update({} if before is None else {NAMED: before})


def laid() -> Private | None:
    """Return what is laid over the published rows in this process, if anything."""
    return load().private if folder() else None


def laid_over(room: Room, place: Path) -> Room:
    """Return a room with a folder's rows laid over it, which hold together as published ones do."""
    other = over(room, place)
    found = problems(other, set(room.parameters))
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise EvidenceError(f"--evidence {place.name}: {found[0]}{more}")
    return other


def over(room: Room, place: Path) -> Room:
    """Return a room with a folder's rows laid over it, whether they hold together or not."""
    where = f"--evidence {place.name}"
    digest = _digest(place, where)
    try:
        own = Room(place)
        rows, sources, entries = own.rows, own.sources, own.parameters
    except EvidenceError as wrong:
        raise EvidenceError(f"{where}: {wrong}") from None
    for said in (*own.repeats, *_wrong(room, rows, sources, entries)):
        raise EvidenceError(f"{where}: {said}")
    if not rows and not entries:
        raise EvidenceError(f"{where}: has neither a figure nor a parameter")
    titles = {id: one.model_copy(update={"title": f"{one.title} ({MARK})"}) for id, one in sources.items()}
    changed = {path: _own(room.parameters[path], entry) for path, entry in entries.items()}
    follow = {
        path: moved
        for path, parameter in room.parameters.items()
        if path not in changed and (moved := _following(room, rows, parameter)) is not None
    }
    says = {path: _says(room.parameters[path], entry) for path, entry in changed.items()}
    says |= {path: told for path, (_, told) in follow.items()}
    other = Room(room.home, room.outcomes)
    known = {
        "sources": room.sources | titles,
        "rows": {id: row for id, row in room.rows.items() if id not in rows} | rows,
        "monthly": {id: row for id, row in room.monthly.items() if id not in rows},
        "parameters": room.parameters | changed | {path: moved for path, (moved, _) in follow.items()},
    }
    other.__dict__.update(known)
    for path in says:
        least = min(float(cells.min()) for cells in other.parameters[path].cells())
        if least < room.parameters[path].bounds[0]:
            raise EvidenceError(f"{where}: parameter {path}: {least:g} is below 0, which none published is")
    other.private = Private(
        hash=digest,
        titles=tuple(one.title for one in titles.values()),
        sources=frozenset(titles),
        figures=frozenset(rows),
        replaced=dict(sorted(says.items())),
        idle=tuple(id for id in rows if not any(id in other.parameters[path].evidence for path in says)),
    )
    return other


def _digest(place: Path, where: str) -> str:
    """Return the hash of a folder's files, or raise if it has others than are read."""
    if not place.is_dir():
        raise EvidenceError(f"{where}: there is no such folder")
    names = sorted(str(one.relative_to(place)) for one in place.rglob("*") if one.is_file())
    read = sorted(str(one.relative_to(place)) for form in READS for one in place.glob(form))
    for name in names:
        last = name.rpartition("/")[2]
        if name not in read and not last.startswith((".", *BESIDE)):
            raise EvidenceError(unknown("file", name, READS, where))
    digest = hashlib.sha256()
    for name in read:
        digest.update(name.encode() + (place / name).read_bytes())
    return digest.hexdigest()


def _wrong(
    room: Room, rows: Mapping[str, Figure], sources: Mapping[str, Source], entries: Mapping[str, Parameter]
) -> Iterator[str]:
    """Yield what a private row may not be, beyond what no row may be."""
    for id in sources:
        if id in room.sources:
            yield f"source {id!r} is a published one; give your own another id"
    for id, row in rows.items():
        if row.source not in sources:
            yield unknown("source", row.source, sources, f"figure {id} (a private row names its own source)")
        published = room.find(id)
        if published is not None and (row.metric, row.unit) != (published.metric, published.unit):
            yield (
                f"figure {id} is published as {published.metric} in {published.unit}; a row that says "
                "something else needs an id of its own"
            )
        yield from _beyond(row)
    for path, entry in entries.items():
        if path not in room.parameters:
            yield unknown("parameter", path, room.parameters)
            return
        known = room.parameters[path]
        if entry.unit != known.unit:
            yield f"parameter {path}: is in {known.unit}, not {entry.unit}"
        if entry.by != known.by:
            said = ", ".join(known.by) or "nothing"
            yield f"parameter {path}: varies by {said}; a private one may not vary by anything else"
        labels = getattr(known.value.values[0], "axes", None)
        if any(getattr(value, "axes", None) != labels for value in entry.value.values):
            yield f"parameter {path}: needs a value for each label that the published one has, and no other"


def _beyond(row: Figure) -> Iterator[str]:
    """Yield where a row would show what stays suppressed, or cross what is never crossed."""
    part = row.subgroup != "all" or row.geography != PLACE_APART
    family = unit(row.unit).top if is_unit(row.unit) else ()
    if part and family and family[0] in families() and family[0] == PERSONS and 0 < row.value < SMALLEST:
        yield (
            f"figure {row.id}: counts fewer than {SMALLEST} of a part of the country or of its people; small "
            "cells stay suppressed"
        )
    nation = any(word in row.subgroup.casefold() for word in ("citizenship", "nationality"))
    if "arrest" in row.metric.casefold() and nation and row.geography != PLACE_APART:
        yield f"figure {row.id}: arrests by nationality and place are never crossed"


def _own(published: Parameter, entry: Parameter) -> Parameter:
    """Return a private parameter: marked, with the luck and the given inputs of the published one."""
    note = f"{MARK.capitalize()}. {entry.note}".strip()
    bare = entry.how == "assumed" and entry.shape is None and not entry.no_range
    kept: dict[str, Any] = {"no_range": "Taken as it is."} if bare else {}
    kept |= {"formerly": published.formerly, "input_for": published.input_for, "bound": published.bound}
    return _with(entry, **kept, note=note, where=f"private {entry.where}")


def _with(parameter: Parameter, **fields: Any) -> Parameter:
    """Return a parameter with some fields of its own, checked anew."""
    return type(parameter)(
        **{name: getattr(parameter, name) for name in type(parameter).model_fields} | fields
    )


def _following(room: Room, rows: Mapping[str, Figure], parameter: Parameter) -> tuple[Parameter, str] | None:
    """Return a parameter with values of figures that have private ones in their place, moved to them."""
    if parameter.how == "fitted" or parameter.by:
        return None
    values, shape, told = list(parameter.value.values), parameter.shape, []
    for id in parameter.evidence:
        old, new = room.find(id), rows.get(id)
        if old is None or new is None:
            continue
        for k, value in enumerate(parameter.value.values):
            if value == old.value and values[k] != new.value:
                values[k] = new.value
                told.append(f"{old.value:,.6g} as published ({id}) becomes {new.value:,.6g}")
                shape = about_figure(parameter, new) if len(values) == 1 else shape
    if not told:
        return None
    said = "; ".join(told)
    note = f"{MARK.capitalize()}: {said}. {parameter.note}"
    moved = Dated(parameter.value.starts, tuple(values))
    return _with(parameter, value=moved, shape=shape, note=note), f"{said} {parameter.unit}"


def _says(old: Parameter, new: Parameter) -> str:
    return f"{brief(old.value)} as published becomes {brief(new.value)} {new.unit}"
