"""Apply settings to parameter values by date, always in the order set, scale, add, ramp, open, close.

It knows their order, bounds and what cannot both be meant; what each does to a value is in `course`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from docketflow.core.errors import ScenarioError, unknown
from docketflow.core.quantity import Dated
from docketflow.policy.catalogue import OPERATIONS, lever
from docketflow.policy.course import Course
from docketflow.policy.setting import ONCE, Quantiles, Setting, check_bounds

LAST_DAY = dt.date.max.toordinal()


def order(setting: Setting) -> tuple[int, int]:
    """Return the place of a setting in its layer: operation first, then the day it begins."""
    return OPERATIONS.index(setting.operation), setting.begins if setting.start else 0


def apply(
    values: Mapping[str, Dated], layer: Iterable[Setting], quantiles: Quantiles | None = None
) -> dict[str, Dated]:
    """Return the values that one layer of settings changes; the listing order never matters."""
    changed = {}
    for path, settings in _by_lever(layer).items():
        course = _course(values, path, settings)
        for setting in sorted(settings, key=_in_line):
            course.apply(setting, setting.at(quantiles), setting.window(quantiles))
        chosen = lever(path)
        course.hold(chosen.low, chosen.high, min(s.begins for s in settings))
        changed[path] = course.dated()
    return changed


def check(values: Mapping[str, Dated], layer: Iterable[Setting]) -> None:
    """Raise if a setting acts on no parameter, uses labels it lacks, or leaves the lever's bounds."""
    for path, settings in _by_lever(layer).items():
        course = _course(values, path, settings)
        for setting in settings:
            course.apply(setting, setting.at(None), setting.window(None))
            for number in course.extremes(setting):
                check_bounds(number, lever(path), setting.where)


def _course(values: Mapping[str, Dated], path: str, settings: Sequence[Setting]) -> Course:
    if path not in values:
        raise ScenarioError(unknown("parameter", path, values, settings[0].where))
    return Course.of(values[path], settings)


def conflicts(layer: Iterable[Setting]) -> None:
    """Raise, naming both places, when two settings of one layer cannot both be meant."""
    for settings in _by_lever(layer).values():
        for operation in ("set", "ramp"):
            latest = _Foremost()  # settings come by the day they begin, so the last to end reaches farthest
            for one in (s for s in settings if s.operation == operation):
                other = latest.meeting(one)
                if other is not None and (other.ends or LAST_DAY) >= one.begins:
                    raise ScenarioError(
                        f"{other.where} and {one.place}: two {operation}s of one lever overlap "
                        f"({_window(other)}; {_window(one)}); end one before the other starts"
                    )
                latest.add(one, one.ends or LAST_DAY)
        ramps = _Foremost()
        for ramp in (s for s in settings if s.operation == "ramp"):
            ramps.add(ramp, -ramp.begins)
        for one in (s for s in settings if s.operation != "ramp"):
            hider = ramps.meeting(one)
            if hider is not None and one.begins > hider.begins:
                raise ScenarioError(
                    f"{one.where} and {hider.place}: this {one.operation} starts on {day(one.begins)}, "
                    f"after a ramp of the same lever that hides it ({_window(hider)})"
                )
    _said_once(layer)


class _Foremost:
    """Of the settings added, the one of the highest rank that shares a cell with another setting.

    Two settings share no cell only if both name labels of the same one trait, and no label in common.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str | None, str | None], tuple[int, Setting]] = {}

    def add(self, setting: Setting, rank: int) -> None:
        trait, labels = _named(setting)
        for key in ((trait, label) for label in (None, *labels)):
            if key not in self._kept or self._kept[key][0] < rank:
                self._kept[key] = (rank, setting)

    def meeting(self, setting: Setting) -> Setting | None:
        trait, labels = _named(setting)
        met = [
            found
            for (kept_trait, label), found in self._kept.items()
            if (label is None and (trait is None or kept_trait != trait))
            or (kept_trait == trait and label in labels)
        ]
        return max(met, key=lambda found: found[0])[1] if met else None


def _named(setting: Setting) -> tuple[str | None, tuple[str, ...]]:
    """Return the one trait whose labels a setting names, and the labels; None when it may touch any cell."""
    if not isinstance(setting.value, Mapping) or len(setting.axes()) != 1:
        return None, ()
    return setting.axes()[0], tuple(setting.value)


def _said_once(layer: Iterable[Setting]) -> None:
    seen: dict[str, Setting] = {}
    for setting in layer:
        if setting.lever.startswith(ONCE):
            if setting.lever in seen:
                raise ScenarioError(
                    f"{seen[setting.lever].where} and {setting.place}: this lever is set twice"
                )
            seen[setting.lever] = setting


def _by_lever(layer: Iterable[Setting]) -> dict[str, list[Setting]]:
    groups: dict[str, list[Setting]] = defaultdict(list)
    for setting in sorted((s for s in layer if not s.lever.startswith(ONCE)), key=order):
        groups[setting.lever].append(setting)
    return groups


def _in_line(setting: Setting) -> tuple[int, int, int, str, str]:
    """Return what settings are sorted by: products of floats differ in their last bit by order."""
    return (*order(setting), setting.ends or 0, repr(setting.value), repr(setting.range))


def _window(setting: Setting) -> str:
    until = day(setting.ends) if setting.ends else "the end"
    return f"{day(setting.begins)} to {until}"


def day(ordinal: int) -> str:
    """Return an ordinal as a date; the calendar ends, a lag may not."""
    return dt.date.fromordinal(ordinal).isoformat() if ordinal <= LAST_DAY else "a day past the calendar"
