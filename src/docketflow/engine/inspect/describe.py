"""Prints the compiled tables of a run: each place, fork, clock, draw, space, effort and inflow in words.

Everything said is read back from memory (`laid.py`), not from the declaration: forks told apart by traits
alone are one with those that lead there, as the machine walks them (`shorten.py`).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from docketflow.core.errors import UsageError, unknown
from docketflow.engine import layout as at
from docketflow.engine.compile.bound import Bound
from docketflow.engine.compile.program import Field
from docketflow.engine.compile.rates import in_records
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.inspect.decompile import KINDS, Laid, When, changes, grouped, runs

QUANTILES = (5, 25, 50, 75, 95)
MOST_LABELS = 6  # named in a line of text; JSON names all
LABELS = {"gate": ("free", "full"), "spend": ("enough", "short")}
UNLIMITED = np.iinfo(np.int64).max // 8
Entry = dict[str, Any]


def printed(bound: Bound) -> list[Entry]:
    """Return everything a run is made of: one dict a thing, with ``name``, ``kind`` and what is known of it.

    What depends on traits is a list of ``{"for": {trait: labels}, ...}``; what changes on a date is a list of
    ``{"from": date, ...}``.
    """
    return _Printer(bound).entries()


def entries_of(bound: Bound, name: str = "") -> list[Entry]:
    """Return the entries of one name (all of them if none is given).

    Raises
    ------
    UsageError
        Nothing bears the name; the nearest is named.
    """
    entries = printed(bound)
    chosen = [entry for entry in entries if name in ("", entry["name"])]
    if not chosen:
        raise UsageError(unknown("name", name, {entry["name"] for entry in entries}, "the tables"))
    return chosen


class _Printer:
    def __init__(self, bound: Bound) -> None:
        self.bound, self.network = bound, bound.program.network
        self.first = Laid(bound)
        self.nodes = [node.name for node in bound.program.nodes]
        self.used: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))

    def entries(self) -> list[Entry]:
        nodes = [self.node(k) for k in range(len(self.nodes))]
        acting = [self.clock(k) for k in range(len(self.network.clocks))]
        acting += [self.draw(k) for k in range(len(self.network.draws))]
        acting += self.inflows("arrival", at.H_ARRIVALS_AT) + self.inflows("attempt", at.H_ATTEMPTS_AT)
        network = self.network
        things = [self.space(k, space.name) for k, space in enumerate(network.spaces)]
        things += [
            self.quota(k, one) if isinstance(one, d.Quota) else self.effort(k, one.name)
            for k, one in enumerate(network.efforts)
        ]
        things += [self.pool(pool.name) for pool in network.pools]
        things += [self.tally(k) for k in range(len(network.tallies))]
        return nodes + acting + things

    # --- places and forks ---------------------------------------------------------------------------
    def node(self, number: int) -> Entry:
        row = self.first.node(number)
        words, name = self.first.words[row : row + at.NODE_WIDTH], self.nodes[number]
        kind = KINDS[int(words[at.KIND])]
        entry: Entry = {"name": name, "kind": kind}
        if kind in ("decision", "gate", "spend"):
            ways = self.first.ways(number)
            entry["ways"] = [{"to": way.to, "acts": way.acts} for way in ways]
            for way in ways:
                self._use(name, way.acts)
        if kind == "decision":
            if (asks := self.first.asks(number)) != name:
                entry["luck of"] = asks
            entry["shares"] = self.dated(row, at.NODE_WIDTH, lambda laid: _shares(laid, number))
        elif kind == "spend":
            entry |= self.spends(name, row, at.NODE_WIDTH, at.FIELDS_AT, at.ROWS_AT)
        elif kind == "gate":
            entry["space"] = self.network.spaces[int(words[at.SPACE])].name
            self.used[entry["space"]]["takes"].append(name)
        elif kind == "stage":
            entry["then"] = self.first.name(int(words[at.THEN]))
            entry["stay"] = self.dated(row, at.NODE_WIDTH, lambda laid: _law(laid, row))
        elif kind == "wait":
            entry |= {
                "then": self.first.name(int(words[at.THEN])),
                "order": "hash" if words[at.SORTED] else "arrival",
            }
            entry |= self.spends(name, row, at.NODE_WIDTH, at.FIELDS_AT, at.ROWS_AT)
            if words[at.SPACE] >= 0:
                entry["space"] = self.network.spaces[int(words[at.SPACE])].name
                self.used[entry["space"]]["takes"].append(name)
            entry["class"] = self.dated(
                row, at.NODE_WIDTH, lambda laid: _whole(laid, row, at.CLASS_FIELDS_AT, at.CLASS_ROWS_AT)
            )
        return entry

    def spends(self, name: str, row: int, wide: int, fields: int, rows: int) -> Entry:
        effort = int(self.first.words[row + at.EFFORT])
        if effort < 0:
            return {}
        said = self.network.efforts[effort].name
        self.used[said]["spends"].append(name)
        cost = self.dated(row, wide, lambda laid: _whole(laid, row, fields, rows))
        needs = self.first.needs(row)
        return {"effort": said, "cost": cost} | ({"also": list(map(self.need, needs))} if needs else {})

    def need(self, place: int) -> Entry:
        effort = self.network.efforts[int(self.first.words[place + at.NEED_EFFORT])].name
        cost = self.dated(
            place, at.NEED_WIDTH, lambda laid: _whole(laid, place, at.NEED_FIELDS, at.NEED_ROWS)
        )
        return {"effort": effort, "cost": cost}

    def _use(self, name: str, acts: Sequence[str]) -> None:
        """Note who takes and gives back what, and who counts where."""
        for act in acts:
            for verb in ("takes", "gives back", "counts", "joins", "leaves"):
                if act.startswith(f"{verb} "):
                    thing = act.split(" in ", 1)[-1] if verb == "counts" else act.removeprefix(f"{verb} ")
                    thing = f"pool {thing}" if verb in ("joins", "leaves") else thing
                    if name not in self.used[thing][verb]:
                        self.used[thing][verb].append(name)

    # --- clocks, draws, inflows ---------------------------------------------------------------------
    def clock(self, number: int) -> Entry:
        row = self.first.clock(number)
        lane, then = int(self.first.words[row + at.LANE]), int(self.first.words[row + at.THEN])
        return {
            "name": self.network.clocks[number].name, "kind": "clock", "then": self.first.name(then),
            "lane": self.first.lanes[lane],
            "after": self.dated(row, at.CLOCK_WIDTH, lambda laid: _law(laid, row)),
        }  # fmt: skip

    def draw(self, number: int) -> Entry:
        row, name = self.first.draw(number), self.network.draws[number].name
        words = self.first.words[row : row + at.DRAW_WIDTH]
        pool = self.first.lanes[int(words[at.LANE])]
        self.used[f"pool {pool}"]["draws"].append(name)

        def weights(laid: Laid) -> list[Entry]:
            axes, inverse = laid.rows(int(laid.words[row + at.FIELDS_AT]), int(laid.words[row + at.ROWS_AT]))
            weight = np.divide(at.WEIGHT_ONE, inverse, out=np.zeros(inverse.shape), where=inverse > 0)
            return _by_cell(axes, weight, lambda cell: {"weight": round(float(cell[0]), 6)})

        takes = {} if words[at.SPACE] < 0 else {"space": self.network.spaces[int(words[at.SPACE])].name}
        if takes:
            self.used[takes["space"]]["takes"].append(name)
        return {
            "name": name, "kind": "draw", "then": self.first.name(int(words[at.THEN])),
            "pool": pool, **takes,
            **self.spends(name, row, at.DRAW_WIDTH, at.COST_FIELDS_AT, at.COST_ROWS_AT),
            "weights": self.dated(row, at.DRAW_WIDTH, weights),
            "exposure": self.by_month("exposure", number),
        }  # fmt: skip

    def inflows(self, kind: str, slot: int) -> list[Entry]:
        things: Sequence[Any] = self.network.arrivals if kind == "arrival" else self.network.attempts
        place, entries = int(self.first.words[slot]), []
        for k, thing in enumerate(things):
            then, stage = (int(word) for word in self.first.words[place + 2 * k : place + 2 * k + 2])
            entry: Entry = {"name": thing.name, "kind": kind, "then": self.first.name(then)}
            if kind == "attempt":
                entry["at"] = self.first.name(stage)
            entries.append({**entry, "per day": self.by_month(kind, k)})
        return entries

    # --- what is scarce and what is counted ---------------------------------------------------------
    def space(self, number: int, name: str) -> Entry:
        used = self.used[name]
        return {
            "name": name, "kind": "space", "taken at": used["takes"],
            "given back at": [*used["gives back"], "every end"], "capacity": self.by_month("space", number),
        }  # fmt: skip

    def effort(self, number: int, name: str) -> Entry:
        """Return an effort with its floors and, where it has any, the order in which its lines are served."""
        words, floors = self.first.words, []
        for k in range(int(words[at.H_FLOORS])):
            row = int(words[at.H_FLOORS_AT]) + k * at.FLOOR_WIDTH
            if words[row + at.FLOOR_EFFORT] == number:
                plan = self.first.plan(int(words[row + at.FLOOR_PLAN]), int(words[row + at.FLOOR_LINES]))
                lines = [f"{wait}, class {rank}" for wait, rank in plan]
                floors.append({"lines": lines, "per day": self.by_month("floor", k)})
        entry = {"name": name, "kind": "effort", "spent at": self.used[name]["spends"]}
        return {**entry, "per day": self.by_month("effort", number)} | ({"floors": floors} if floors else {})

    def quota(self, number: int, quota: d.Quota) -> Entry:
        """Return a quota with the days on which more is granted (or less), and on which it is renewed."""
        line, first = self.bound.rates["effort"][:, number], self.bound.first
        granted = [
            {"from": first + dt.timedelta(int(day)), "amount": round(float(line[day]), 6)}
            for day in np.flatnonzero(line)
        ]
        return {
            "name": quota.name, "kind": "quota", "spent at": self.used[quota.name]["spends"],
            "granted": granted, "renewed": list(quota.renewed),
        }  # fmt: skip

    def pool(self, name: str) -> Entry:
        used = self.used[f"pool {name}"]
        return {
            "name": name, "kind": "pool", "joined at": used["joins"], "left at": used["leaves"],
            "drawn by": used["draws"],
        }  # fmt: skip

    def tally(self, number: int) -> Entry:
        name = self.network.tallies[number].name
        place = int(self.first.words[int(self.first.words[at.H_TALLIES_AT]) + number])
        axes, _ = self.first.rows(place, 0, 0)
        by = [axis.name for axis in axes]
        return {"name": name, "kind": "tally", "by": by, "counted at": self.used[name]["counts"]}

    # --- by date ------------------------------------------------------------------------------------
    def dated(self, row: int, wide: int, read: Callable[[Laid], list[Entry]]) -> list[Entry]:
        """Return what is read from a descriptor at each of its versions that differs from the last."""
        said: list[Entry] = []
        for day in changes(self.bound, row, wide):
            cells = read(Laid(self.bound, day) if day else self.first)
            if not said or said[-1]["cells"] != cells:
                said.append({"from": self.bound.first + dt.timedelta(day), "cells": cells})
        return said

    def by_month(self, kind: str, number: int) -> list[Entry]:
        """Return a rate as it was read in: means by month, equal months together, and that in records."""
        line = self.bound.rates[kind][:, number]
        if (line < 0).all() or (line > UNLIMITED).all():
            return []
        records = in_records(kind, line[:, None], self.bound.scale)[:, 0]
        months = [(self.bound.first + dt.timedelta(k)).strftime("%Y-%m") for k in range(len(line))]
        spans = runs(np.unique(months, return_inverse=True)[1])
        means = np.array([line[a : b + 1].mean() for a, b in spans])
        said = []
        for a, b in runs(np.round(means, 9)):
            days = slice(spans[a][0], spans[b][1] + 1)
            entry = {
                "from": months[spans[a][0]],
                "to": months[spans[b][0]],
                "mean": round(float(means[a]), 6),
            }
            said.append(
                entry | ({} if kind == "exposure" else {"records": round(float(records[days].mean()), 4)})
            )
        return said


def _by_cell(axes: Sequence[Field], rows: np.ndarray, say: Callable[[np.ndarray], Entry]) -> list[Entry]:
    return [{"for": when, **say(row)} for when, row in grouped(axes, rows)]


def _shares(laid: Laid, number: int) -> list[Entry]:
    axes, shares = laid.shares(number)
    return _by_cell(axes, shares, lambda row: {"shares": [round(float(share), 6) for share in row]})


def _whole(laid: Laid, row: int, fields: int, rows: int) -> list[Entry]:
    axes, values = laid.rows(int(laid.words[row + fields]), int(laid.words[row + rows]))
    return _by_cell(axes, values, lambda cell: {"value": int(cell[0])})


def _law(laid: Laid, row: int) -> list[Entry]:
    def say(table: np.ndarray) -> Entry:
        ending = table[table != at.NEVER]
        days = {f"{q}%": int(ending[len(ending) * q // 100]) for q in QUANTILES} if len(ending) else {}
        mean = round(float(ending.mean()), 2) if len(ending) else None
        return {"days": days, "mean": mean, "never": round(1 - len(ending) / at.QUANTILES, 4)}

    axes, tables = laid.law(row)
    return _by_cell(axes, tables, say)


# --- as text ------------------------------------------------------------------------------------------
def overview(entries: Sequence[Entry]) -> list[Entry]:
    """Return one short row an entry: kind, what follows, by which traits, how many cells, when it changes."""
    rows = []
    for entry in entries:
        versions = [
            v for key in ("shares", "stay", "after", "cost", "weights", "class") for v in entry.get(key, ())
        ]
        traits = dict.fromkeys(trait for v in versions for cell in v["cells"] for trait in cell["for"])
        dates = sorted({v["from"] for v in versions})[1:]
        follows = entry.get("then") or ", ".join(dict.fromkeys(way["to"] for way in entry.get("ways", ())))
        uses = entry.get("effort") or entry.get("space") or ""
        rows.append(
            {
                "name": entry["name"], "kind": entry["kind"], "uses": uses,
                "by": ", ".join([*traits, *entry.get("by", ())]), "changes": len(dates), "then": follows,
            }
        )  # fmt: skip
    return rows


def text(entry: Entry) -> str:
    """Return one entry as lines for people; of many labels alike only the first few are named."""
    lines = [f"{entry['name']} ({entry['kind']})"]
    for key in ("pool", "lane", "effort", "space", "order", "at", "then", "luck of"):
        if key in entry:
            lines.append(f"  {key}: {entry[key]}")
    for key in ("by", *(key for key in entry if key.endswith((" at", " by")))):
        if key in entry:
            lines.append(f"  {key}: {', '.join(entry[key]) or ('no trait' if key == 'by' else 'nowhere')}")
    ways = entry.get("ways", [])
    for k, way in enumerate(ways):
        label = f"way {k + 1}" if entry["kind"] == "decision" else LABELS[entry["kind"]][k]
        acts = f" [{', '.join(way['acts'])}]" if way["acts"] else ""
        lines.append(f"  {label}: {way['to']}{acts}")
    for key in ("shares", "stay", "after", "cost", "class", "weights"):
        for version in entry.get(key, ()) if len(ways) != 1 else ():
            lines.append(f"  {key} from {version['from']}")
            lines += [f"    {_whom(cell['for'])}: {_said(key, cell, ways)}" for cell in version["cells"]]
    for need in entry.get("also", ()):
        for version in need["cost"]:
            lines.append(f"  also of {need['effort']} from {version['from']}")
            lines += [f"    {_whom(cell['for'])}: {cell['value']}" for cell in version["cells"]]
    for grant in entry.get("granted", ()):
        lines.append(f"  granted on {grant['from']}: {grant['amount']:+,.6g}")
    for floor in entry.get("floors", ()):
        least = ", ".join(f"{span['mean']:,.6g} from {span['from']}" for span in floor["per day"])
        lines.append(f"  floor for {'; '.join(floor['lines']) or 'nobody'}: {least} a day")
    for key in ("per day", "capacity", "exposure"):
        for span in entry.get(key, ()):
            months = span["from"] if span["from"] == span["to"] else f"{span['from']} to {span['to']}"
            records = f" ({span['records']:,.4g} records)" if "records" in span else ""
            lines.append(f"  {key}, mean of {months}: {span['mean']:,.6g}{records}")
        if entry.get(key) == []:
            lines.append(f"  {key}: {'without limit' if key == 'capacity' else 'as far as the effort goes'}")
    return "\n".join(lines)


def _whom(when: When) -> str:
    said = []
    for trait, labels in when.items():
        more = len(labels) - MOST_LABELS
        named = " or ".join(labels) if more <= 1 else f"{' or '.join(labels[:MOST_LABELS])} or {more} more"
        said.append(f"{trait} {named}")
    return "; ".join(said) or "everyone"


def _said(key: str, cell: Entry, ways: Sequence[Entry]) -> str:
    if key == "shares":
        taken = [(k, share) for k, share in enumerate(cell["shares"]) if share > 0]
        return ", ".join(f"{share:.4f} way {k + 1} {ways[k]['to']}" for k, share in taken)
    if key in ("stay", "after"):
        never = f", {cell['never']:.1%} never by itself" if cell["never"] else ""
        days = ", ".join(f"{q} {days}" for q, days in cell["days"].items())
        return f"days {days} (mean {cell['mean']}){never}" if days else "never by itself"
    return f"{cell['weight']:g}" if key == "weights" else f"{cell['value']}"
