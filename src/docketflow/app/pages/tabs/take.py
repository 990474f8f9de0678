"""What it would take, as pictures and tables: how far each way goes, the least of each, what follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from docketflow.app.pages import say, stairs_picture
from docketflow.app.words import ENGLISH, _, language
from docketflow.core.labels import label
from docketflow.core.outcomes import outcomes


def read(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a page shows of an answer of `answers.takes`."""
    titles = {one["lever"]: _(one["title"]) for one in said["levers"]}
    rows = [_row("plan", _("The plan, as announced"), said["as_it_is"], said)]
    rows.append({"heading": _("All of them at their tops"), "aside": ""})
    rows.append(_row("rung", _("at work after the delays"), said["at_their_tops"], said))
    if said["at_their_tops_at_once"]:
        rows.append(_row("rung", _("at once, without delays"), said["at_their_tops_at_once"], said))
    stays = {name: one for name, one in said["one_as_it_is"].items() if one}
    if stays:
        rows.append({"heading": _("At their tops after the delays, but one as announced"), "aside": ""})
        rows += [_row("rung", titles.get(name, name), one, said) for name, one in stays.items()]
    return {
        "heads": {
            "ends": said["ends"],
            "proved": said["verdict"].endswith("proved") and "not proved" not in said["verdict"],
        },
        "says": [_plainly(line, said) for line in (_first(said), *said["says"][1:])],
        "own": [] if language() == ENGLISH else _own(said),
        "wide": stairs_picture.picture(rows, said["value"], stairs_picture.WIDE),
        "narrow": stairs_picture.picture(rows, said["value"], stairs_picture.NARROW),
        "rows": [row for row in rows if "heading" not in row],
        "levers": [_lever(one, said) for one in said["levers"]],
        "beside": _beside(said),
        "runs": said["runs_a_setting"],
        "settings": said["settings"],
        "goal": f"{said['value']:,.0f}",
        "by": said["by"],
    }


def _own(said: Mapping[str, Any]) -> list[str]:
    """Return in the reader's language the least that must be known; all of it is said in English."""
    found, early = said["found"], said.get("earliest") or {}
    lines = [
        _(
            "Asked: %(what)s, at least %(goal)s by %(day)s.",
            what=_(label(said["outcome"])),
            goal=f"{said['value']:,.0f}",
            day=say.day(dt.date.fromisoformat(said["by"])),
        ),
        _(
            "The setting found comes to %(value)s in the middle run (nine runs in ten: %(low)s to %(high)s); "
            "%(k)s of %(n)s runs reach it.",
            value=say.amount(found["value"]),
            low=say.amount(found["nine_in_ten_low"]),
            high=say.amount(found["nine_in_ten_high"]),
            k=found["runs_that_reach_it"],
            n=said["runs_a_setting"],
        ),
    ]
    if early.get("month"):
        month = say.day(dt.date.fromisoformat(early["month"]))
        lines.append(_("Earliest, with every lever at its top: by %(day)s.", day=month))
    return [*lines, _("A test, not a proposal.")]


def _first(said: Mapping[str, Any]) -> str:
    """Return the answer in one line; where settings were only tried, how many they were."""
    held = said.get("certificate") or {}
    if held.get("word") != "checked, not proved" or said["cut_short"]:
        return str(said["says"][0])
    return (
        f"{said['asks']}: not reached. {held['settings_looked_at']} settings were tried, every lever at its "
        "top among them, and none is enough: checked, not proved."
    )


def _plainly(line: str, said: Mapping[str, Any]) -> str:
    """Return a sentence with the outcome called as pages call it, and days as people say them."""
    day = dt.date.fromisoformat(said["by"])
    return line.replace(said["outcome"], label(said["outcome"])).replace(said["by"], say.day(day))


def _row(kind: str, name: str, stand: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    of = said["runs_a_setting"]
    return {
        "kind": kind,
        "name": name,
        "value": stand["value"],
        "low": stand["nine_in_ten_low"],
        "high": stand["nine_in_ten_high"],
        "from": 0.0 if kind == "plan" else min(said["as_it_is"]["value"], stand["value"]),
        "reached": _("%(n)s of %(of)s", n=stand["runs_that_reach_it"], of=of),
        "change": "",
        "told": False,
    }


def amounts(one: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, float | None]:
    """Return how much of a lever there is: announced, here, at the least that is needed, at its top."""
    stands, moved = one["as_it_is"], said["found"]["amounts"].get(one["lever"], 0.0)
    least = next((need["least"] for need in said["least"] if need["lever"] == one["lever"]), None)
    return {
        "announced": stands,
        "here": stands + moved if one["move"] == "add" else moved,
        "least": None if least is None else stands + least,
        "most": one["most_in_all"],
    }


def _lever(one: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": _(one["title"]),
        **{what: "–" if much is None else say.amount(much) for what, much in amounts(one, said).items()},
        "lag": one["lag"],
        "at_work": one["at_work"],
        "note": one["note"],
        "source": one["source"],
    }


def _beside(said: Mapping[str, Any]) -> list[dict[str, str]]:
    base, here = said["as_it_is"], said["found"]
    found = []
    for name, value in base["beside"].items():
        if name not in here["beside"] or value is None or here["beside"][name] is None:
            continue
        unit = outcomes()[name].unit if name in outcomes() else ""
        cells = {}
        for key, stand in (("plan", base), ("here", here)):
            low, high = stand["nine_in_ten"][name]
            cells[key] = say.amount(stand["beside"][name], unit)
            cells[f"{key}_range"] = (
                _("%(low)s to %(high)s", low=say.amount(low, unit), high=say.amount(high, unit))
                if low is not None
                else ""
            )
        found.append({"title": _(label(name)), **cells})
    return found
