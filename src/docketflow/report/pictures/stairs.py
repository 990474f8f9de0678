"""Rows with bars for answers: where they begin and end on one scale, in per cent of its width.

It knows an answer as `--json` prints it, and numbers; no colour. Each row carries the paths of its numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from docketflow.report import charts
from docketflow.report.format import short

Row = dict[str, Any]
WHOLE = 100.0


def staircase(said: Mapping[str, Any]) -> Row:
    """Return the bars of what stops a plan: as it is, each limit lifted alone, then one after another."""
    titles = {one["limit"]: f"binding:order>{k}>title" for k, one in enumerate(said["order"])}
    base = said["as_it_is"]["total"]["value"]
    rows: list[Row] = [_row("As it is", "binding:as_it_is", said["as_it_is"]["total"], "total", base)]
    rows.append({"heading": "With one limit lifted"})
    for k, one in enumerate(said["order"]):
        path = f"binding:order>{k}>lifted_alone"
        row = _row("", path, one["lifted_alone"]["total"], "total", base)
        rows.append(row | {"title": titles[one["limit"]], "adds": f"binding:order>{k}>worth_of_lifting"})
    rows.append({"heading": "One after another, each step what adds most"})
    carried = base
    for k, one in enumerate(said["staircase"]):
        row = _row("+ ", f"binding:staircase>{k}", one["total"], "total", carried)
        rows.append(row | {"title": titles[one["limit"]], "adds": f"binding:staircase>{k}>adds"})
        carried = one["total"]["value"]
    return _scaled(rows, said["target"], "target")


def reach(said: Mapping[str, Any]) -> Row:
    """Return the bars of how far each way goes: as it is, the tops with and without lags, one as it is."""
    titles = {one["lever"]: f"feasible:levers>{k}>title" for k, one in enumerate(said["levers"])}
    tops = "At the tops" if len(titles) > 1 else "At the top"
    base = said["as_it_is"]["value"]
    rows = [_stand("As it is", "as_it_is", said, base)]
    if said["at_their_tops_at_once"] is not None:
        rows.append(_stand(f"{tops}, if there were no lags", "at_their_tops_at_once", said, base))
        rows.append(_stand(f"{tops}, after the lags", "at_their_tops", said, base))
    else:
        rows.append(_stand(tops, "at_their_tops", said, base))
    if said["ends"] == "short" and said["found"]["amounts"] != said["at_their_tops"]["amounts"]:
        rows.append(_stand("The best that was reached", "found", said, base))
    if said["one_as_it_is"]:
        rows.append({"heading": "At the tops, but one as it is"})
        for name in said["one_as_it_is"]:
            rows.append(_stand("", f"one_as_it_is>{name}", said, base) | {"title": titles[name]})
    if said["ends"] in ("least", "mix"):
        rows.append({"heading": "What is enough"})
        words = "The cheapest mix found" if said["ends"] == "mix" else "The least of it"
        rows.append(_stand(words, "found", said, base))
    return _scaled(rows, said["value"], "goal")


def _stand(name: str, place: str, said: Mapping[str, Any], base: float) -> Row:
    one: Any = said
    for key in place.split(">"):
        one = one[key]
    return _row(name, f"feasible:{place}", one, "", base) | {"runs": f"feasible:{place}>runs_that_reach_it"}


def tracks(said: Mapping[str, Any]) -> list[Row]:
    """Return a track a lever, from nothing to its top in all: as it is, the least of it, what is shown."""
    found = []
    leasts = {one["lever"]: (k, one) for k, one in enumerate(said["least"])}
    for k, one in enumerate(said["levers"]):
        plain = one["as_it_is"] if one["move"] == "add" and one["as_it_is"] is not None else 0.0
        top = plain + one["most"]
        row: Row = {"lever": one, "path": f"feasible:levers>{k}", "plain": WHOLE * plain / top}
        amount = said["found"]["amounts"][one["lever"]]
        row |= {"here": WHOLE * (plain + amount) / top, "words": f"feasible:in_words>{one['lever']}"}
        row["moved"] = amount > 0
        if one["lever"] in leasts and leasts[one["lever"]][1]["least"] is not None:
            place, need = leasts[one["lever"]]
            ends = (need["low"] or 0.0, one["most"] if need["high"] is None else need["high"])
            row |= {"least": WHOLE * (plain + need["least"]) / top, "need": f"feasible:least>{place}"}
            row |= {"low": WHOLE * (plain + ends[0]) / top, "high": WHOLE * (plain + ends[1]) / top}
            row |= {"beyond": need["high"] is None, "told": need["interval_looked_for"]}
        found.append(row)
    return found


def beside(question: str, places: Iterable[tuple[str, str]], said: Mapping[str, Any]) -> list[Row]:
    """Return what comes with an answer: a row an outcome, with the paths of its numbers at some places."""
    columns = list(places)
    first: Any = said
    for key in columns[0][1].split(">"):
        first = first[key]
    rows = []
    for name in first["beside"]:
        cells = [
            {
                "of": words,
                "path": f"{question}:{place}>beside>{name}",
                "band": f"{question}:{place}>nine_in_ten>{name}",
                "banded": True,
            }
            for words, place in columns
        ]
        rows.append({"name": name, "cells": cells})
    return rows


def with_each(said: Mapping[str, Any]) -> list[Row]:
    """Return what comes with each step of a staircase: a row an outcome."""
    places = [("as it is", "as_it_is")]
    places += [(f"+ {one['limit']}", f"staircase>{k}") for k, one in enumerate(said["staircase"])]
    rows = beside("binding", places, said)
    for row in rows:
        row["cells"] = [cell | {"banded": False} for cell in row["cells"]]
    return rows


def _row(name: str, path: str, total: Mapping[str, Any], inside: str, carried: float) -> Row:
    place = f"{path}>{inside}" if inside else path
    ends = (total["nine_in_ten_low"], total["nine_in_ten_high"])
    return {"name": name, "path": place, "value": total["value"], "ends": ends, "carried": carried}


def _scaled(rows: list[Row], goal: float | None, called: str) -> Row:
    """Return rows with their places on one scale, its ticks, and the place and name of the goal."""
    tops = [row["ends"][1] for row in rows if "ends" in row]
    top = charts.room_above([*tops, goal or 0.0])
    for row in rows:
        if "ends" in row:
            near, far = sorted((row["carried"], row["value"]))
            row |= {"near": _per(near, top), "far": _per(far, top), "falls": row["value"] < row["carried"]}
            row |= {"low": _per(row["ends"][0], top), "high": _per(row["ends"][1], top)}
    step = charts.tick_step(top)
    ticks = [(_per(k * step, top), short(k * step)) for k in range(int(top / step + 1e-9) + 1)]
    found: Row = {"rows": rows, "top": top, "ticks": ticks, "goal": None}
    if goal is not None:
        found |= {"goal": _per(goal, top), "goal_words": f"{called} {short(goal)}"}
    return found


def _per(value: float, top: float) -> float:
    return round(WHOLE * max(0.0, value) / top, 2) if top else 0.0
