"""A lever as it is typed: PATH=VALUE@FROM..TO+LAGd, read as the row of a scenario file that says the same.

What is typed is what is meant: a sign adds, a star scales, everything else sets, FROM~TO rises evenly, and
what is none of these is refused in one line.
"""

from __future__ import annotations

import datetime as dt
import re

from docketflow.core.errors import ScenarioError, UsageError
from docketflow.policy.cases import PREFIX, State, read_orders
from docketflow.policy.catalogue import Lever, lever
from docketflow.policy.setting import ONCE, Setting
from docketflow.policy.written import read_setting

FORM = (
    "PATH=VALUE@DATE, for instance detention.beds.contract=50000@2025-06-01; +200 adds, -200 takes away, "
    "*1.5 scales; @FROM..TO ends, @FROM~TO rises evenly, and +60d after the date is a lag"
)
_FORM = re.compile(
    r"(?P<path>[^=@\[\]]+)(\[(?P<label>[^=@\[\]]+)\])?=(?P<value>[^@]+)"
    r"(@(?P<first>[^@+]+?)((?P<until>\.\.|~)(?P<last>[^@+]+))?(\+(?P<lag>[^@+]+)d)?)?"
)
_VALUE = re.compile(r"(?P<sign>[+*-]?)(?P<number>(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|nan|inf)", re.ASCII)
RISING = "~"
_OPERATIONS = {"": "set", "+": "add", "-": "add", "*": "scale"}


def read_typed(text: str, start: dt.date) -> Setting:
    """Return the setting that a text of the command line stands for.

    Parameters
    ----------
    text : str
        ``PATH=VALUE``, ``PATH[label]=VALUE``, with ``@FROM``, ``@FROM..TO``, ``@FROM~TO`` (a ramp, which
        reaches its value on the last day) and ``+LAGd`` if wanted.
        VALUE is a number, ``+N``, ``-N``, ``*N``, ``open``, ``close`` or a name.
    start : date
        The day from which it acts when none is typed.
    """
    place = f"--set {text}"
    found = _FORM.fullmatch(text.strip())
    if not found:
        raise UsageError(f"{place}: write it as {FORM}")
    chosen = lever(found["path"].strip(), place)
    row: dict[str, object] = {"lever": chosen.path, "assumed": True, "note": "given on the command line"}
    row["no_range"] = "asked for as it is"
    row |= _operation(found["value"].strip(), found["label"], chosen, place)
    if found["until"] == RISING:
        if row.get("operation") != "set":
            raise UsageError(f"{place}: what rises evenly names the number it comes to, such as 50000")
        row["operation"] = "ramp"
    if found["first"]:
        row["from"] = _date(found["first"].strip(), place)
    elif not chosen.path.startswith(ONCE):
        row["from"] = start
    if found["last"]:
        row["to"] = _date(found["last"].strip(), place)
    if found["lag"] or chosen.capacity:
        row["lag"] = _days(found["lag"] or "0", place)
    return read_setting(row, place)


def read_case(text: str) -> dict[str, State]:
    """Return the state of a case that a text of the command line stands for: ``litigation.CASE=off``."""
    place = f"--set {text}"
    name, equals, word = text.strip().removeprefix(PREFIX).partition("=")
    if not equals:
        raise UsageError(f"{place}: write it as {PREFIX}CASE=off, on or lasting")
    return read_orders({name.strip(): word.strip()}, place)


def _operation(word: str, label: str | None, chosen: Lever, place: str) -> dict[str, object]:
    if word in ("open", "close"):
        return {"operation": word}
    if chosen.kind == "name":
        return {"value": word}
    found = _VALUE.fullmatch(word)
    if not found:
        raise ScenarioError(f"{place}: needs a number in {chosen.unit}, got {word!r:.40}")
    number = float(found["number"]) * (-1 if found["sign"] == "-" else 1)
    value = {label.strip(): number} if label else number
    return {"operation": _OPERATIONS[found["sign"]], "value": value}


def _date(word: str, place: str) -> dt.date:
    try:
        return dt.date.fromisoformat(word)
    except ValueError:
        raise ScenarioError(f"{place}: {word!r:.40} is not a date such as 2025-06-01") from None


def _days(word: str, place: str) -> int:
    if not re.fullmatch(r"\d{1,6}", word, re.ASCII):
        raise ScenarioError(f"{place}: {word!r:.40} is not a number of days such as 60")
    return int(word)
