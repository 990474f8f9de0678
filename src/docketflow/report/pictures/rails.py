"""Rows with a rail: where bars, rings and discs of a row stand on one common scale, in per cent of its width.

Geometry and words only; the numbers are asked for by their paths in the templates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from docketflow.core.labels import in_a_sentence, label
from docketflow.policy import levers
from docketflow.policy.setting import SETTING

MOST_SOURCES, MOST_SWINGS, TIED_SHOWN = 5, 10, 2
AIR = 0.04


def leaders(told: Mapping[str, Any]) -> str:
    """Return what moves an outcome most: the first input, and those whose interval reaches into its own."""
    first, *others = told["indices"]
    tied = [title(one["group"]) for one in others if one["total"]["high"] >= first["total"]["low"]]
    if not tied:
        return title(first["group"])
    more = f" and {len(tied) - TIED_SHOWN} more" if len(tied) > TIED_SHOWN else ""
    named = "; ".join([title(first["group"]), *tied[:TIED_SHOWN]])
    return f"{named}{more} (their shares of the spread cannot be told apart)"


def title(name: str) -> str:
    """Return the plain words for an input: the title of its lever, or its path as words.

    >>> title("fork merits_outcome")
    'Shares of one fork: merits outcome'
    """
    if name.startswith("fork "):
        return f"Shares of one fork: {name.removeprefix('fork ').replace('_', ' ').replace('.', ', ')}"
    if name.startswith("lawsuit "):
        return f"Order of a court: {name.removeprefix('lawsuit ')}"
    path = name.removeprefix(f"{SETTING} ")
    known = levers()
    words = known[path].title if path in known else label(path)
    return f"{words} (the plan's own number)" if path != name else words


def tornado(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the bars of one outcome on one scale, in per cent of its width, with both ends of the scale."""
    swings = told["swings"][:MOST_SWINGS]
    ends = [one[end] for one in swings for end in ("at_5th_percentile", "at_95th_percentile")]
    low, high = min(ends), max(ends)
    air = (high - low) * AIR or 1.0
    low, high = low - air, high + air

    def x(value: float) -> float:
        return round((value - low) / (high - low) * 100, 2)

    rows = []
    for one in swings:
        first, last = one["at_5th_percentile"], one["at_95th_percentile"]
        rows.append({**one, "left": x(min(first, last)), "wide": round(abs(x(last) - x(first)), 2),
                     "from": x(first), "to": x(last), "falls": last < first})  # fmt: skip
    return {"rows": rows, "low": low, "high": high, "unit": told["unit"]}


def spread(told: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    """Return the parts of a spread that are not nothing, each with where it begins."""
    at, found = 0.0, []
    for part, share in told["spread"].items():
        wide = max(0.0, share["value"]) * 100
        if wide >= 0.5:
            found.append({"part": part, "left": round(at, 2), "wide": round(wide, 2), **share})
            at += wide
    return found


def steps(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the steps of all accounts, dearest first: where each stands in the answer and on the rail."""
    rows = [
        {
            "at": f"money:accounts>{k}>steps>{m}>",
            "account": label(f"account.{account['account']}"),
            "title": label(step["price"]["path"]),
            "priced": step["price"].get("value") is not None,
            "unit": step["price"].get("unit", ""),
            "how": step["price"].get("how", ""),
            "total": step["total"],
        }
        for k, account in enumerate(said["accounts"])
        for m, step in enumerate(account["steps"])
    ]
    drawn = bands([row["total"] for row in rows])
    return sorted(
        ({**row, **one} for row, one in zip(rows, drawn, strict=True)), key=lambda row: -row["wide"]
    )


def accounts(names: Sequence[str]) -> str:
    """Return accounts in words.

    >>> accounts(["arrest", "government counsel"])
    'Arrest and government counsel'
    """
    first, *rest = [in_a_sentence(f"account.{name}") for name in names]
    words = f"{', '.join([first, *rest[:-1]])} and {rest[-1]}" if rest else first
    return words[:1].upper() + words[1:]


def bands(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, float]]:
    """Return a bar from zero, and the band on it, of each of some rows on one scale."""
    top = max((row["high"] for row in rows), default=0.0) * (1 + AIR) or 1.0

    def x(value: float) -> float:
        return round(max(0.0, value) / top * 100, 2)

    return [
        {"wide": x(row["value"]), "low": x(row["low"]), "reach": round(x(row["high"]) - x(row["low"]), 2)}
        for row in rows
    ]


def band(row: Mapping[str, Any]) -> dict[str, float]:
    """Return the band of one row on a scale of its own: a share of the whole, anything else from zero."""
    whole = 1.0 if row["unit"] == "share" else row["high"] * (1 + AIR) or 1.0
    low, value, high = (round(min(1.0, row[key] / whole) * 100, 2) for key in ("low", "value", "high"))
    return {"low": low, "value": value, "reach": round(high - low, 2)}
