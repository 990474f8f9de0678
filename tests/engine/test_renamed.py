"""A decision that is renamed keeps its luck where the declaration says what it was called."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest

from docketflow.core.errors import DeclarationError
from docketflow.engine import Run, compile_network
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.inspect.reference import Twin

from . import clinic
from .networks import books, differences

NAMES = (
    *("triage", "door", "ward", "line", "home", "left", "review", "recall", "visit", "comes", "call"),
    *("in triage", "in line", "in ward", "at home"),
)
NEW = {name: f"{name}, renamed" for name in NAMES}
FORMER = {new: old for old, new in NEW.items()}


def renamed(thing: Any) -> Any:
    """Return a declaration in which everything bears its new name."""
    if isinstance(thing, str):
        return NEW.get(thing, thing)
    if dataclasses.is_dataclass(thing):
        parts = {part.name: renamed(getattr(thing, part.name)) for part in dataclasses.fields(thing)}
        return dataclasses.replace(thing, **parts)
    if isinstance(thing, Mapping):
        return {key: renamed(value) for key, value in thing.items()}
    return type(thing)(map(renamed, thing)) if isinstance(thing, list | tuple) else thing


def clinic_with(luck: Mapping[str, str]) -> d.Network:
    return dataclasses.replace(renamed(clinic.network()), luck=luck)


def cells() -> dict[str, list]:
    return {**clinic.cells(), "start": [NEW[name] for name in clinic.cells()["start"]]}


def lived(network: d.Network) -> dict[str, list]:
    """Return all that a ledger holds, under the old names."""
    found = books(Run(clinic.bind(declared=network), cells(), 1).finish())
    return {name.replace(", renamed", ""): line for name, line in found.items()}


def test_that_who_is_renamed_lives_as_before_to_the_bit_where_it_keeps_its_luck_and_only_there() -> None:
    before = books(Run(clinic.bind(), clinic.cells(), 1).finish())
    same, other = lived(clinic_with(FORMER)), lived(clinic_with({}))
    assert [name for name in before if same[name] != before[name]] == []
    assert [name for name in before if other[name] != before[name]]


def test_that_the_plain_twin_keeps_the_same_luck() -> None:
    bound = clinic.bind(declared=clinic_with(FORMER), days=40)
    assert not differences(Run(bound, cells(), 1).finish(), Twin(bound, cells(), 1).live())


@pytest.mark.parametrize(
    ("luck", "said"),
    [({"trage, renamed": "triage"}, "did you mean 'triage, renamed'"),
     ({"ward, renamed": "line, renamed"}, "whose luck another has"),
     ({"ward, renamed": "x", "line, renamed": "x"}, "whose luck another has")],
)  # fmt: skip
def test_that_luck_of_nobody_or_of_another_is_refused_in_one_line(luck: dict[str, str], said: str) -> None:
    with pytest.raises(DeclarationError, match=said) as refused:
        compile_network(clinic_with(luck))
    assert "\n" not in str(refused.value)
