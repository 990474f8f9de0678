"""What a posterior is of, hashed: one of other evidence, or of other numbers, is not taken up."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path

from docketflow.core import files
from docketflow.evidence import Room
from docketflow.evidence.otherwise.as_of import until
from docketflow.fitted.kept import MANIFEST, SHIPPED
from docketflow.fitted.kept import until as until_of
from docketflow.fitted.places import Fitted, cells, fitted


def parameters(room: Room, last: dt.date, numbers: Sequence[Fitted] = ()) -> str:
    """Return a hash of every parameter up to a day, and of what is fitted (`numbers`, or `fitted.yaml`)."""
    digest = hashlib.sha256()
    for path, one in sorted(room.parameters.items()):
        said = [(start, cells(value).tolist()) for start, value in until(one.value, last)]
        digest.update(repr((path, said, one.shape)).encode())
    digest.update(repr(tuple(numbers or fitted())).encode())
    return digest.hexdigest()


def is_of(room: Room, folder: Path = SHIPPED) -> bool:
    """Return whether a kept posterior was fitted to this evidence, in the places that this version has."""
    said = files.unsealed(folder / MANIFEST)
    return bool(said.get("parameters") == parameters(room, until_of(folder)))
