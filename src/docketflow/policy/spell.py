"""A time in force that is drawn: whether it comes, after how many days, and for how many it lasts.

What nobody can date (an order of a court that may be made, stayed and reversed) is dated by luck, once a
member: by the seed and the name of the spell, so in every scenario alike. It knows days from a first one, and
nothing of what is in force.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from docketflow.core.errors import ScenarioError, unknown
from docketflow.core.given import shown
from docketflow.core.shapes import LOW, MEDIAN, Number, Shape, finite, read_shape

NAMED, CHANCE, AFTER, LASTS, MIDDLE = "as", "chance", "after", "lasts", "middle"
FIELDS = (NAMED, CHANCE, AFTER, LASTS)


@dataclass(frozen=True)
class Days:
    """A number of days that is not known: its median, and the 5th and 95th percentiles around it."""

    middle: float
    shape: Shape

    def at(self, quantile: Number) -> Number:
        """Return the days at a quantile, or at several."""
        return self.shape.quantile(self.middle, quantile, bounds=(0.0, np.inf))

    def row(self) -> dict[str, object]:
        """Return it as it is written."""
        return {MIDDLE: self.middle, "shape": self.shape.kind, "low": self.shape.low, "high": self.shape.high}


@dataclass(frozen=True)
class Spell:
    """Whether, when and for how long something is in force.

    Parameters
    ----------
    name : str
        Under which it is drawn: spells of one name come and go together, in every scenario.
    chance : float
        That it comes at all.
    after, lasts : Days
        From the first day of the setting to the first in force, and how long it then is.
    """

    name: str
    chance: float
    after: Days
    lasts: Days

    @property
    def keys(self) -> tuple[str, str, str]:
        """The names under which its three numbers are drawn."""
        return f"{self.name}: comes", f"{self.name}: {AFTER}", f"{self.name}: {LASTS}"

    def window(self, quantiles: Mapping[str, Number] | None) -> tuple[Number, Number]:
        """Return the days from the first on which it begins and is over; it never is where they are the same.

        Without quantiles every number is its median, and it comes if that is as likely as not.
        """
        comes, after, lasts = (MEDIAN if quantiles is None else quantiles[key] for key in self.keys)
        begins, many = self.after.at(after), self.lasts.at(lasts)
        return begins, begins + np.where(np.asarray(comes) <= self.chance, many, 0.0)

    def row(self) -> dict[str, object]:
        """Return it as it is written."""
        return {NAMED: self.name, CHANCE: self.chance, AFTER: self.after.row(), LASTS: self.lasts.row()}


def read_spell(given: Any, where: str) -> Spell:
    """Check a spell as someone writes it.

    Raises
    ------
    ScenarioError
        One line: what is wrong, where, and what is allowed.
    """
    where = f"{where}: spell"
    if not isinstance(given, dict):
        raise ScenarioError(f"{where} is a mapping with {', '.join(FIELDS)}, got {shown(given)}")
    for key in given:
        if key not in FIELDS:
            raise ScenarioError(unknown("field", str(key), FIELDS, where))
    lacking = [key for key in FIELDS if key not in given]
    if lacking:
        raise ScenarioError(f"{where} needs {lacking[0]}")
    name, chance = given[NAMED], given[CHANCE]
    if not isinstance(name, str) or not name.strip():
        raise ScenarioError(f"{where}: {NAMED} is the name it is drawn under, got {shown(name)}")
    if isinstance(chance, bool) or not isinstance(chance, (int, float)) or not 0 <= chance <= 1:
        raise ScenarioError(f"{where}: {CHANCE} is a share from 0 to 1, got {shown(chance)}")
    return Spell(name, float(chance), *(_days(given[key], f"{where} {key}") for key in (AFTER, LASTS)))


def _days(given: Any, where: str) -> Days:
    if not isinstance(given, dict):
        raise ScenarioError(f"{where} is a mapping with {MIDDLE}, shape, low and high, got {shown(given)}")
    rest = {key: value for key, value in given.items() if key != MIDDLE}
    try:
        middle, shape = finite(given.get(MIDDLE)), read_shape(rest, "shape")
    except ValueError as error:
        raise ScenarioError(f"{where}: {error}") from None
    fault = shape.fault(middle) or ("days are not relative" if shape.relative else "")
    if not fault and float(shape.quantile(middle, LOW)) < 0:
        fault = "days are 0 or more"
    if fault:
        raise ScenarioError(f"{where}: {fault}")
    return Days(middle, shape)
