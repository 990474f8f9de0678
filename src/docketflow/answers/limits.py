"""The limits a user may name, as data (`limits.yaml`): levers they move, what lifting means, what is scarce.

It knows words and levers; not how a limit is found to bind.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping
from importlib import resources

from pydantic import BaseModel, ConfigDict, ValidationError

from docketflow.answers.lifting import Limit
from docketflow.core.errors import EvidenceError, UsageError, unknown
from docketflow.core.strict_yaml import parse_yaml

FILE = "limits.yaml"


class Pull(BaseModel):
    """How one lever is moved: ``more`` as it is typed (`*1.01`), ``lifted`` to where it does not limit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    more: str
    lifted: float


class Declared(BaseModel):
    """One limit: a title, ordinary words, its levers, and the spaces and efforts in which it is felt."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    words: tuple[str, ...]
    levers: Mapping[str, Pull]
    resources: tuple[str, ...]

    def limit(self, name: str, day: dt.date) -> Limit:
        """Return the limit as settings that act from a day on."""
        more = tuple(f"{path}={pull.more}@{day}" for path, pull in self.levers.items())
        lifted = tuple(f"{path}={pull.lifted:g}@{day}" for path, pull in self.levers.items())
        return Limit(name, more, lifted)


class Shelf(BaseModel):
    """All limits, those asked about if none is named, and the outcomes printed beside."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    standard: tuple[str, ...]
    limits: Mapping[str, Declared]
    beside: tuple[str, ...]


@functools.cache
def shelf() -> Shelf:
    """Return what is declared."""
    text = resources.files("docketflow.answers").joinpath(FILE).read_text(encoding="utf-8")
    try:
        return Shelf.model_validate(parse_yaml(text, where=FILE))
    except ValidationError as error:
        raise EvidenceError(f"{FILE}: {error.errors()[0]['msg']}") from None


def named(words: Iterable[str]) -> tuple[str, ...]:
    """Return the limits that words mean, each once; an unknown word is one clear line.

    >>> named(["planes", "beds"])
    ('seats', 'beds')
    """
    known = shelf().limits
    meant = {word.casefold(): name for name, one in known.items() for word in (name, *one.words)}
    found = []
    for word in words:
        if word.strip().casefold() not in meant:
            raise UsageError(unknown("limit", word.strip(), known, "--limits"))
        found.append(meant[word.strip().casefold()])
    return tuple(dict.fromkeys(found))
