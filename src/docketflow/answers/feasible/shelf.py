"""What may be moved, kept and printed beside, as data (`levers.yaml`); what is no lever is refused."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from docketflow.answers import limits
from docketflow.answers.declared import declared
from docketflow.core.errors import UsageError, unknown
from docketflow.core.vocabulary import vocabulary
from docketflow.policy import levers as catalogue
from docketflow.policy.catalogue import Lever

FILE = "levers.yaml"
NEVER = "levers are national resources and rules, never a nationality, a place or a trait"
DIGITS = 10


class Strict(BaseModel):
    """A record that holds what is declared and nothing else."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Movable(Strict):
    """One thing that may be moved: a word, national levers with how far, and the days until it is at work."""

    name: str
    title: str
    words: tuple[str, ...] = ()
    levers: Mapping[str, float]
    move: Literal["add", "cut", "grow"]
    step: float
    lag: int
    source: str | None = None
    assumed: bool = False
    note: str

    @property
    def known(self) -> Lever:
        """The first lever as the catalogue has it."""
        return catalogue()[next(iter(self.levers))]

    def settings(self, amount: float, day: dt.date, lag: int) -> tuple[str, ...]:
        """Return the settings that move it by an amount from a day and its lag on."""
        whole, found = sum(self.levers.values()), []
        for path, most in self.levers.items():
            value = {"add": f"+{amount * most / whole:.{DIGITS}g}", "cut": f"*{1 - amount:.{DIGITS}g}"}
            value["grow"] = f"*{1 + amount:.{DIGITS}g}"
            found.append(f"{path}={value[self.move]}@{day}" + (f"+{lag}d" if lag else ""))
        return tuple(found)

    def said(self, amount: float) -> str:
        """Return an amount in words: 12,300 beds more, 40% less."""
        if self.move == "cut":
            return f"{amount:.0%} less"
        if self.move == "grow":
            return f"{1 + amount:.3g} times as {'often' if self.known.unit == 'share' else 'many'}"
        if self.known.unit == "share":
            return f"{100 * amount:.3g} points more"
        return f"{round3(amount):,.0f} {self.known.unit.replace('/day', ' a day')} more"


class Kept(Strict):
    """What must stay no worse than it is: an outcome, and which way is better."""

    outcome: str
    wanted: Literal["more", "less"]
    words: tuple[str, ...] = ()


class Shelf(Strict):
    """Everything in `levers.yaml`."""

    ahead: int
    standard: tuple[str, ...]
    levers: Mapping[str, Movable]
    keep: Mapping[str, Kept]
    cost: str
    beside: tuple[str, ...]

    @model_validator(mode="before")
    @classmethod
    def _named(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Give every lever its name, and what `limits.yaml` says of it."""
        shared = limits.shelf().limits
        for name, row in given["levers"].items():
            row["name"] = name
            if name in shared:
                row.setdefault("title", shared[name].title)
                row["words"] = [*row.get("words", ()), *shared[name].words]
        return given

    @model_validator(mode="after")
    def _national(self) -> Shelf:
        for one in self.levers.values():
            for path in one.levers:
                if path not in catalogue():
                    raise ValueError(unknown("lever", path, catalogue(), one.name))
                if {"add": "add"}.get(one.move, "scale") not in catalogue()[path].operations:
                    raise ValueError(f"{one.name}: {path} does not allow to {one.move} it")
                if catalogue()[path].by and one.move == "add":
                    raise ValueError(f"{one.name}: {path} is given by label; cut or grow it as a whole")
        return self


@functools.cache
def shelf() -> Shelf:
    """Return what is declared."""
    return declared(Shelf, "docketflow.answers.feasible", FILE)


def movable(words: Iterable[str]) -> tuple[Movable, ...]:
    """Return what words mean, each once; a label, a place or an unknown word is one clear line.

    >>> [one.name for one in movable(["planes", "detention.beds.contract", "beds"])]
    ['seats', 'beds']
    """
    known = shelf().levers
    meant = {word.casefold(): name for name, one in known.items() for word in one.words}
    meant |= {name: name for name in known}
    alone = [(path, name) for name, one in known.items() for path in one.levers if len(one.levers) == 1]
    meant |= dict(alone)
    found = []
    for word in words:
        asked = " ".join(word.casefold().split())
        if asked in meant:
            found.append(meant[asked])
            continue
        labels = {label for trait, values in vocabulary().items() for label in (trait, *values)}
        if "[" in asked or asked.replace(" ", "_") in {one.casefold() for one in labels}:
            raise UsageError(f"--using {word.strip()[:60]!r}: {NEVER}")
        raise UsageError(unknown("lever", word.strip(), [*known, *meant], "--using") + f" ({NEVER})")
    return tuple(known[name] for name in dict.fromkeys(found))


def round3(number: float) -> float:
    """Return a number in three significant digits."""
    return float(f"{number:.3g}")
