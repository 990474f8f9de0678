"""Apply settings to parameter values by date, always in the order set, scale, add, ramp, open, close.

It knows windows, labels and bounds; not what any parameter means, nor where settings were written.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from docketflow.core.errors import ScenarioError, unknown
from docketflow.core.quantity import FIRST_DAY, Dated, Table, Value, combine
from docketflow.policy.catalogue import OPERATIONS, Lever, lever
from docketflow.policy.setting import TARGET, Setting, check_bounds

WEEK = 7  # days between the steps of a ramp
LAST_DAY = dt.date.max.toordinal()


def order(setting: Setting) -> tuple[int, int]:
    """Return the place of a setting in its layer: operation first, then the day it begins."""
    return OPERATIONS.index(setting.operation), setting.begins if setting.start else 0


def apply(values: Mapping[str, Dated], layer: Iterable[Setting]) -> dict[str, Dated]:
    """Return the values with one layer of settings applied; the listing order never matters."""
    composed = dict(values)
    for path, settings in _by_lever(layer).items():
        base = composed.get(path)
        if base is None:
            raise ScenarioError(unknown("parameter", path, composed, settings[0].where))
        chosen = lever(path)
        for setting in settings:
            base = _ramped(base, setting) if setting.operation == "ramp" else _windowed(base, setting)
        composed[path] = _held(base, chosen, min(s.begins for s in settings))
    return composed


def check(values: Mapping[str, Dated], layer: Iterable[Setting]) -> None:
    """Raise if a setting acts on no parameter, uses labels it lacks, or leaves the lever's bounds."""
    for path, settings in _by_lever(layer).items():
        base = values.get(path)
        if base is None:
            raise ScenarioError(unknown("parameter", path, values, settings[0].where))
        for setting in settings:
            base = _ramped(base, setting) if setting.operation == "ramp" else _windowed(base, setting)
            for start in base.starts:
                if setting.begins <= start <= (setting.ends or start):
                    for number in (
                        _cells(base.at(start), setting).min(),
                        _cells(base.at(start), setting).max(),
                    ):
                        check_bounds(float(number), lever(path), setting.where)


def conflicts(layer: Iterable[Setting]) -> None:
    """Raise, naming both places, when two settings of one layer cannot both be meant."""
    for settings in _by_lever(layer).values():
        for n, one in enumerate(settings):
            for other in settings[n + 1 :]:
                if _disjoint(one, other):
                    continue
                kinds = {one.operation, other.operation}
                if len(kinds) == 1 and kinds <= {"set", "ramp"} and _overlap(one, other):
                    raise ScenarioError(
                        f"{one.where} and {other.place}: two {one.operation}s of one lever overlap "
                        f"({_window(one)}; {_window(other)}); end one before the other starts"
                    )
                if other.operation == "ramp" and one.operation != "ramp" and one.begins > other.begins:
                    raise ScenarioError(
                        f"{one.where} and {other.place}: this {one.operation} starts on {day(one.begins)}, "
                        f"after a ramp of the same lever that hides it ({_window(other)})"
                    )
    _targets_once(layer)


def _targets_once(layer: Iterable[Setting]) -> None:
    seen: dict[str, Setting] = {}
    for setting in layer:
        if setting.lever.startswith(TARGET):
            if setting.lever in seen:
                raise ScenarioError(
                    f"{seen[setting.lever].where} and {setting.place}: this target is set twice"
                )
            seen[setting.lever] = setting


def _by_lever(layer: Iterable[Setting]) -> dict[str, list[Setting]]:
    groups: dict[str, list[Setting]] = defaultdict(list)
    for setting in sorted((s for s in layer if not s.lever.startswith(TARGET)), key=order):
        groups[setting.lever].append(setting)
    return groups


def _disjoint(one: Setting, other: Setting) -> bool:
    """Say whether two settings name different labels of one trait."""
    if not isinstance(one.value, Mapping) or not isinstance(other.value, Mapping):
        return False
    return one.axes() == other.axes() and len(one.axes()) == 1 and not set(one.value) & set(other.value)


def _overlap(one: Setting, other: Setting) -> bool:
    return one.begins <= (other.ends or LAST_DAY) and other.begins <= (one.ends or LAST_DAY)


def _window(setting: Setting) -> str:
    until = day(setting.ends) if setting.ends else "the end"
    return f"{day(setting.begins)} to {until}"


def day(ordinal: int) -> str:
    """Return an ordinal as a date; the calendar ends, a lag may not."""
    return dt.date.fromordinal(ordinal).isoformat() if ordinal <= LAST_DAY else "a day past the calendar"


# --- arithmetic on dated values ---------------------------------------------------------------------
Change = Callable[[np.ndarray, float], np.ndarray]


def _change(setting: Setting) -> Change:
    return {
        "set": lambda old, number: np.full_like(old, number),
        "ramp": lambda old, number: np.full_like(old, number),
        "scale": lambda old, number: old * number,
        "add": lambda old, number: old + number,
        "open": lambda old, _: np.ones_like(old),
        "close": lambda old, _: np.zeros_like(old),
    }[setting.operation]


def _edited(value: Value, setting: Setting, change: Change) -> Value:
    """Return a value with a change made to the cells the setting names (all, when it names none)."""
    if not isinstance(setting.value, Mapping):
        given = setting.value if isinstance(setting.value, (int, float)) else 0.0
        if isinstance(value, Table):
            return Table(value.axes, change(value.data, given))
        return float(change(np.array(value), given))
    table, axis = _table(value, setting)
    data, labels = table.data.copy(), table.axes[axis]
    view = np.moveaxis(data, list(table.axes).index(axis), 0)
    for label, given in setting.value.items():
        view[labels.index(label)] = change(view[labels.index(label)], given)
    return Table(table.axes, data)


def _table(value: Value, setting: Setting) -> tuple[Table, str]:
    """Return the table and the trait whose labels a setting names."""
    labels = list(setting.value) if isinstance(setting.value, Mapping) else []
    if not isinstance(value, Table):
        raise ScenarioError(f"{setting.where}: the parameter is one number, not a number by label")
    axes = {name: have for name, have in value.axes.items() if setting.by in (None, name)}
    fitting = [name for name, have in axes.items() if set(labels) <= set(have)]
    if not fitting:
        every = [label for have in axes.values() for label in have]
        wrong = next((label for label in labels if label not in every), labels[0])
        raise ScenarioError(unknown("label", wrong, every, setting.where))
    if len(fitting) > 1:
        raise ScenarioError(f"{setting.where}: say by: {' or '.join(fitting)}; both have these labels")
    return value, fitting[0]


def _cells(value: Value, setting: Setting) -> np.ndarray:
    """Return the cells of a value that a setting changes."""
    if not isinstance(setting.value, Mapping):
        return value.data if isinstance(value, Table) else np.array([value])
    table, axis = _table(value, setting)
    wanted = [table.axes[axis].index(label) for label in setting.value]
    return np.take(table.data, wanted, axis=list(table.axes).index(axis))


def _windowed(base: Dated, setting: Setting) -> Dated:
    """Return the values changed from the setting's first to its last day."""
    begin, last = setting.begins, setting.ends
    edges = {begin} if last is None else {begin, last + 1}
    starts = sorted(set(base.starts) | edges)
    change = _change(setting)
    values = [
        _edited(base.at(s), setting, change) if s >= begin and (last is None or s <= last) else base.at(s)
        for s in starts
    ]
    return _dated(starts, values, base)


def _ramped(base: Dated, setting: Setting) -> Dated:
    """Return the values led in weekly steps from what is in force to the setting's value, and held there."""
    begin, last = setting.begins, setting.ends
    if last is None:
        raise ScenarioError(f"{setting.where}: a ramp needs 'to', the day on which its value is reached")
    steps = sorted({*range(begin, last, WEEK), last})
    starts = sorted({*base.starts, *steps})
    origin = base.at(begin)
    values: list[Value] = []
    for start in starts:
        if start < begin:
            values.append(base.at(start))
            continue
        step = max(s for s in steps if s <= start)
        part = (step - begin) / (last - begin) if last > begin else 1.0
        values.append(_between(origin, base.at(start), setting, part))
    return _dated(starts, values, base)


def _between(origin: Value, now: Value, setting: Setting, part: float) -> Value:
    """Return ``now`` with the ramped cells a ``part`` of the way from their origin to the value."""
    goal = _edited(origin, setting, _change(setting))
    if not isinstance(origin, Table) or not isinstance(goal, Table):
        return float(combine(lambda a, b: a + (b - a) * part, origin, goal))  # type: ignore[arg-type]
    moved = origin.data + (goal.data - origin.data) * part
    if not isinstance(setting.value, Mapping) or not isinstance(now, Table):
        return Table(origin.axes, moved)
    table, axis = _table(now, setting)
    data, place = table.data.copy(), list(table.axes).index(axis)
    for label in setting.value:
        where = (slice(None),) * place + (table.axes[axis].index(label),)
        data[where] = moved[where]
    return Table(table.axes, data)


def _dated(starts: Sequence[int], values: Sequence[Value], base: Dated) -> Dated:
    """Return a dated value; what held before the first start keeps holding."""
    if starts[0] < base.starts[0]:  # `Dated.at` reaches back with its first value: a lever's must not
        starts, values = [FIRST_DAY, *starts], [base.at(FIRST_DAY), *values]
    return Dated(tuple(starts), tuple(values))


def _held(dated: Dated, chosen: Lever, since: int) -> Dated:
    """Return the values with draws beyond a bound held at the bound, from the day levers act."""
    low, high = chosen.low, chosen.high

    def held(value: Value) -> Value:
        if isinstance(value, Table):
            return Table(value.axes, np.clip(value.data, low, high))
        return float(np.clip(value, low, high))

    return Dated(dated.starts, tuple(held(v) if s >= since else v for s, v in dated))
