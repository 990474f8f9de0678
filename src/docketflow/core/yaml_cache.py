"""What YAML texts say, kept between uses as JSON: parsing those of the installation takes a while."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from docketflow.core import cache, strict_yaml

MARK = "\0"  # no YAML text of ours holds it
_READER = Path(strict_yaml.__file__).read_bytes() + Path(__file__).read_bytes()


def kept(kind: str, texts: Mapping[str, str], read: Callable[[], Any]) -> Any:
    """Return what some texts say, as it was kept or as ``read`` reads it.

    Parameters
    ----------
    kind : str
        A word for the texts.
    texts : mapping of name to text
        All that what is said depends on.
    read : callable
        Reads them, to lists, mappings, words, numbers and dates.
    """
    digest = hashlib.sha256(_READER)
    digest.update(repr(list(texts.items())).encode())
    key = digest.hexdigest()[:24]
    found = cache.read(f"yaml-{kind}", key, cache.PLAIN)
    if found is not None:
        return json.loads(found, object_hook=_as_said)
    said = read()
    cache.write_plain(f"yaml-{kind}", key, _as_json(said))
    return said


def _as_json(value: Any) -> Any:
    """Return a value with dates, and mappings from anything but words, in a form that JSON has."""
    if isinstance(value, dict):
        if all(isinstance(key, str) for key in value):
            return {key: _as_json(one) for key, one in value.items()}
        return {MARK: [[_as_json(key), _as_json(one)] for key, one in value.items()]}
    if isinstance(value, list):
        return [_as_json(one) for one in value]
    if isinstance(value, dt.date):
        return {f"{MARK}{type(value).__name__}": value.isoformat()}
    return value


def _as_said(found: dict[str, Any]) -> Any:
    if f"{MARK}date" in found:
        return dt.date.fromisoformat(found[f"{MARK}date"])
    if f"{MARK}datetime" in found:
        return dt.datetime.fromisoformat(found[f"{MARK}datetime"])
    return dict(found[MARK]) if MARK in found else found
