"""Orders of courts that a scenario has, case by case: what each changes, as layers of settings.

A case on record (`litigation/`) acts on the days of its settings. Others may be foreseen: an order against a
class of policies, drawn, whose clock runs from the day on which the scenario first pulls a lever that it is
against. Where a case was decided stands in evidence; this file knows what a scenario is made of.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any, Literal, get_args

from docketflow.core.errors import ScenarioError, nearest, unknown
from docketflow.core.given import shown
from docketflow.core.strict_yaml import parse_lined
from docketflow.policy.setting import Setting
from docketflow.policy.written import read_setting

Layer = tuple[Setting, ...]
State = Literal["recorded", "lasting", "stayed", "foreseen"]
STATES = get_args(State)
"""On its own days; from its first day to the end; on none; drawn instead, by class of policies."""
WORDS: Mapping[str, State] = {"on": "recorded", "off": "stayed", **{state: state for state in STATES}}
ALL = "all"
PREFIX = "litigation."
FIELDS = ("case", "why", "settings")
FORESEEN = ("class", "against", "why", "settings")


@dataclass(frozen=True)
class Case:
    """What one case changes.

    Parameters
    ----------
    key : str
        Its name here, that of its file.
    case : str
        Its name in evidence (`litigation.csv`), or the class of policies.
    why : str
        How the order is read in this model.
    settings : tuple of Setting
        What it changes, on the days on which it was in force; of a foreseen case, without days.
    against : tuple of str
        Of a foreseen case, the levers whose first setting starts its clock.
    """

    key: str
    case: str
    why: str
    settings: Layer
    against: tuple[str, ...] = ()

    @property
    def first(self) -> dt.date:
        """The first day on which it changes anything."""
        return min(setting.start for setting in self.settings if setting.start is not None)


@functools.cache
def cases() -> dict[str, Case]:
    """Return every case on record by its name here, the first order first."""
    return {case.key: case for case in sorted(_read("", FIELDS), key=lambda case: (case.first, case.key))}


@functools.cache
def foreseen() -> dict[str, Case]:
    """Return every class of policies against which an order may be foreseen."""
    return {case.key: case for case in _read("foreseen", FORESEEN)}


def read_orders(given: Any, where: str) -> dict[str, State]:
    """Return the state of each case that a scenario names: one word for all, or a word a case."""
    if isinstance(given, str):
        given = {ALL: given}
    if not isinstance(given, Mapping) or not given:
        raise ScenarioError(
            f"{where}: is {', '.join(STATES)}, or one of them for each case, got {shown(given)}"
        )
    found: dict[str, State] = {}
    for key, word in given.items():
        word = {True: "on", False: "off"}.get(word, word) if isinstance(word, bool) else word
        if word not in WORDS:
            raise ScenarioError(
                f"{where}: unknown state of a case {shown(word)}; {nearest(str(word), WORDS)}"
            )
        state = WORDS[word]
        if key != ALL and key not in cases() and key not in foreseen():
            raise ScenarioError(unknown("case", str(key), (*cases(), *foreseen(), ALL), where))
        if key != ALL and state == "foreseen" and key not in foreseen():
            raise ScenarioError(f"{where}: {key} is on record; foreseen are {', '.join(foreseen())}")
        if key in foreseen() and state in ("recorded", "lasting"):
            raise ScenarioError(f"{where}: {key} is no case on record; it is foreseen or stayed")
        found[key] = state
    return found


def turned(
    layers: tuple[Layer, ...], states: Mapping[str, State], first: dt.date, end: dt.date
) -> tuple[Layer, ...]:
    """Return layers with the cases in the states that are named, and all others as they were.

    Later orders lie above earlier ones, so where two hold the same thing the last made decides.
    """
    whole = states.get(ALL)
    named = {key: state for key, state in states.items() if key != ALL}
    if whole is not None:
        of_all = foreseen() if whole == "foreseen" else cases()
        gone = {*cases(), *foreseen()}
        named = dict.fromkeys(of_all, whole) | named
    else:
        gone = set(named)
    kept = tuple(tuple(one for one in layer if one.case not in gone) for layer in layers)
    kept = tuple(layer for layer, was in zip(kept, layers, strict=True) if layer or not was)
    wanted = [case for key, case in cases().items() if named.get(key) in ("recorded", "lasting")]
    dated = [_on_record(case, named[case.key] == "lasting", first, end) for case in wanted]
    drawn = [_drawn(foreseen()[key], kept, end) for key, state in named.items() if state == "foreseen"]
    return (*kept, *(layer for layer in (*dated, *drawn) if layer))


def _on_record(case: Case, lasting: bool, first: dt.date, end: dt.date) -> Layer:
    """Return what a case changes within a horizon."""
    found = []
    for one in case.settings:
        last = None if lasting or one.end is None or one.end >= end else one.end
        if one.start is not None and one.start <= end and (last is None or last >= first):
            found.append(replace(one, start=max(one.start, first), end=last))
    return tuple(found)


def _drawn(case: Case, layers: Iterable[Layer], end: dt.date) -> Layer:
    """Return what a foreseen case changes once the policy it is against has begun; nothing without it."""
    begun = [
        one.start
        for layer in layers
        for one in layer
        if one.start is not None and one.lever in case.against and not one.case
    ]
    return tuple(replace(one, start=min(begun), end=end) for one in case.settings) if begun else ()


def _read(folder: str, fields: tuple[str, ...]) -> list[Case]:
    shelf = resources.files("docketflow.policy").joinpath("litigation", folder)
    files = sorted((file for file in shelf.iterdir() if file.name.endswith(".yaml")), key=lambda f: f.name)
    return [_case(file.name, file.read_text(encoding="utf-8"), fields) for file in files]


def _case(file: str, text: str, fields: tuple[str, ...]) -> Case:
    place, key = f"litigation/{file}", file.removesuffix(".yaml")
    data, lines = parse_lined(text, where=place, error=ScenarioError)
    if not isinstance(data, dict) or sorted(data) != sorted(fields):
        raise ScenarioError(f"{place}: a case is a mapping with {', '.join(fields)}")
    rows = data["settings"]
    if "against" in data:  # its days are those of a scenario; these let it be checked as any other
        rows = [{**row, "from": dt.date.min, "to": dt.date.max} for row in rows]
    settings = (
        read_setting({**row, "case": key}, f"{place}, line {lines[('settings', n)]}")
        for n, row in enumerate(rows)
    )
    name = str(data[fields[0]])
    return Case(key, name, str(data["why"]).strip(), tuple(settings), tuple(data.get("against", ())))
