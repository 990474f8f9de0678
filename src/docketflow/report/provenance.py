"""Follow any number of the report to what it is: a result, a flow, a lever, a parameter, a figure, a source.

A path reads ``kind:name[@month]/field``, such as ``outcome:removals.ice@2025-03/median``. The page prints no
number it has not asked for here, so what is printed and what is traced cannot differ.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from docketflow.core.errors import UsageError, unknown
from docketflow.core.grounds import Grounds
from docketflow.core.labels import label
from docketflow.evidence.comparison import comparisons
from docketflow.evidence.explanation import plain
from docketflow.evidence.past_claims import past_totals
from docketflow.evidence.room import Room
from docketflow.policy import shipped_as
from docketflow.report.asked import Asked
from docketflow.report.back import Back
from docketflow.report.lever_words import change, reach
from docketflow.report.past import records
from docketflow.report.traced import COUNTED, Traced, Way
from docketflow.report.view import Reading, Resource, inside, modelled, words
from docketflow.results import Result

PATH = re.compile(r"^(?P<kind>[a-z]+):(?P<name>[^@/]*)(?:@(?P<when>[\d-]+))?(?:/(?P<field>\w+))?$")

SAYS = ("label", "definition")
RESOURCE = ("supply", "used", "refused", "low", "high")
BANDED = ("outcome", "stock", "cost")  # kinds whose value is a median with a band


class Trace:
    """Resolves paths against one result and the evidence room.

    What simulated numbers rest on is read off ``grounds``; without them they lead to the code that ran.
    """

    def __init__(self, reading: Reading, room: Room, grounds: Grounds | None = None) -> None:
        self.reading = reading
        self.room = room
        self.back = Back(grounds, reading)
        self.claims = {total.claim.id: total for total in past_totals(room=room)}
        result = reading.result
        shipped = shipped_as(result.manifest.get("settings"), likely=result.scenario)
        published = comparisons(shipped, result.start, result.end, room=room)
        self.checks = [one for one in published if one.check or math.isfinite(modelled(reading, one))]
        self._checks = {str(n): check for n, check in enumerate(self.checks, start=1)}
        self._levers = {str(n): lever for n, lever in enumerate(reading.levers, start=1)}
        known = {"days": reading.days, "record": reading.record, "from": result.start, "to": result.end}
        self._says = {**_flat(reading.manifest), **known}
        self._kinds: dict[str, Callable[[str, str, str | None, str], Traced]] = {
            "outcome": self._outcome,
            "split": self._split,
            "stock": self._stock,
            "resource": self._resource,
            "flow": self._flow,
            "cost": self._cost,
            "lever": self._lever,
            "target": self._target,
            "parameter": self._parameter,
            "figure": self._figure,
            "source": self._source,
            "manifest": self._manifest,
            "claim": self._claim,
            "record": lambda path, name, _, field: records.resolve(room, result.start, path, name, field),
            "check": self._check,
            "method": self._method,
            "word": self._word,
        }
        asked = Asked(result.asked, reading.answers, result.labels("resource"), record=reading.record)
        self._kinds |= {name: lambda path, *_: asked.resolve(path) for name in result.asked}

    def resolve(self, path: str) -> Traced:
        """Return what stands at a path.

        Raises
        ------
        UsageError
            When the path has no such form, kind, name, month or field.
        """
        match = PATH.match(path)
        if not match:
            raise UsageError(
                f"{path!r} is not a path; write kind:name/field, such as outcome:removals.ice/median"
            )
        kind, name, when, field = match["kind"], match["name"], match["when"], match["field"] or "value"
        if kind in BANDED and field == "value":  # what tables and JSON call it
            field = "median"
        if self.back.knows(kind):
            return Traced(path, name, "text", f"{kind} of the declaration", *self.back.element(path))
        if kind not in self._kinds:
            raise UsageError(unknown("kind", kind, self._kinds, path))
        return self._kinds[kind](path, name, when, field)

    def follow(self, path: str) -> Iterator[Traced]:
        """Yield what a path rests on, step by step, down to sources or to what is assumed."""
        seen: set[str] = set()
        waiting = [path]
        while waiting:
            step = waiting.pop(0)
            if step not in seen:
                seen.add(step)
                found = self.resolve(step)
                yield found
                waiting.extend(found.rests_on)

    # --- computed by the run ------------------------------------------------------------------------
    def _run(self, path: str, value: Any, unit: str, about: str, of: Way = tuple) -> Traced:
        """Return a simulated number; ``of``: the numbers it is made of, if not read off the books."""

        def way() -> tuple[str, ...]:
            return tuple(of()) or self.back.read_off(path)

        record = self.reading.record if unit in COUNTED else 0.0
        return Traced(path, value, unit, about, way, simulated=unit != "text", record=record)

    def _month(self, path: str, when: str) -> int:
        place = self.reading.month(when)
        if place < 0:
            raise UsageError(unknown("month", when, [month.label for month in self.reading.months], path))
        return place

    def _outcome(self, path: str, name: str, when: str | None, field: str) -> Traced:
        answer = _pick(self.reading.answers, "outcome", name, path)
        about = f"{label(name)}: {answer.definition}"
        if field in ("label", "definition", "unit"):
            return _said(path, label(name) if field == "label" else getattr(answer, field), about)
        made_of = functools.partial(self.back.made_of, name)
        if when:
            value = self._monthly(name, self._month(path, when), field, path)
            return self._run(path, value, answer.unit, about, made_of)
        whole = answer.whole
        fields = {
            "value": whole.value,
            "median": whole.value,
            "low": whole.low,
            "high": whole.high,
            "error": whole.error,
        }
        fields["half"] = (whole.high - whole.low) / 2
        fields["error_share"] = self.reading.result.monte_carlo(name)
        if self.reading.target:
            goal = self.reading.target[0]
            fields["reached"] = self.reading.reached(name)
            fields["of_target"] = whole.value / goal
            fields["highest"] = float(np.nanmax(answer.values))
            fields["short"] = max(0.0, goal - fields["highest"])
        unit = {"reached": "members", "of_target": "share", "error_share": "share"}.get(field, answer.unit)
        return self._run(path, _pick(fields, "field", field, path), unit, about, made_of)

    def _monthly(self, name: str, month: int, field: str, path: str) -> float:
        how, _, part = field.rpartition("_")
        names = {"": self.reading.monthly, "daily": self.reading.monthly, "running": self.reading.flowing}
        if name not in _pick(names, "field", how, path):
            raise UsageError(unknown("outcome by month", name, names[how], path))
        bands = self.reading.running(name) if how == "running" else self.reading.monthly[name]
        value = float(_pick(bands, "field", part, path)[month])
        return value / self.reading.months[month].days if how == "daily" else value

    def _split(self, path: str, name: str, when: str | None, field: str) -> Traced:
        family, _, error = field.partition("_")
        split = vars(_pick(self.reading.splits, "outcome whose variance is split", name, path))
        part, of = _pick(split, "field", family, path), (f"outcome:{name}/median",)
        about = f"{label(name)}: share of the variance over members that comes of {family}"
        return self._run(path, round(part.error if error else part.share, 2), "share", about, lambda: of)

    def _stock(self, path: str, name: str, when: str | None, field: str) -> Traced:
        stage = _pick(self.reading.stocks, "stage", name, path)
        about = f"{label(name)}: average number of people there in the month"
        if field in SAYS:
            return _said(path, label(name) if field == "label" else about, about)
        how, _, part = field.partition("_")
        if how == "change":
            return self._run(path, self.reading.change(name)[part or "median"], "persons", about)
        month = self._month(path, when or self.reading.months[-1].label)
        return self._run(path, float(_pick(stage, "field", field, path)[month]), "persons", about)

    def _resource(self, path: str, name: str, when: str | None, field: str) -> Traced:
        resource = _pick(self.reading.resources, "resource", name, path)
        about = f"{label(name)}: {field} ({resource.unit})"
        if field in ("unit", *SAYS):
            says = {"label": label(name), "unit": resource.unit, "definition": _resource_says(resource)}
            return _said(path, says[field], about)
        if field == "share":
            parts = (f"resource:{name}/used", f"resource:{name}/supply")
            return self._run(path, resource.share, "share", about, lambda: parts)
        if field not in RESOURCE:
            raise UsageError(unknown("field", field, (*RESOURCE, "share"), path))
        unit = "persons" if field == "refused" else resource.unit
        value = getattr(resource, field)[self._month(path, when)] if when else resource.whole(field)
        return self._run(path, float(value), unit, about)

    def _flow(self, path: str, name: str, when: str | None, field: str) -> Traced:
        source, _, target = name.partition(">")
        flows = self.reading.flows
        if not target:
            nodes = {node for edge in flows for node in edge[:2]}
            if source not in nodes:
                raise UsageError(unknown("place in the flow", source, nodes, path))
            into = sum(value for _, to, value in flows if to == source)
            out = sum(value for start, _, value in flows if start == source)
            about = f"{label(source)}: people who pass there in the period"
            if field == "label":
                return _said(path, label(source), about)
            edges_here = [f"flow:{a}>{b}" for a, b, _ in flows if source in (a, b)]
            return self._run(path, max(into, out), "persons", about, lambda: edges_here)
        edges = {f"{start}>{end}": value for start, end, value in flows}
        about = f"from {label(source)} to {label(target)} in the period"
        return self._run(path, _pick(edges, "flow", name, path), "persons", about)

    def _cost(self, path: str, name: str, when: str | None, field: str) -> Traced:
        account = _pick(self.reading.costs, "account", name, path)
        words = label(f"account.{name}")
        about = f"{words}: cost in the period, current dollars"
        if field in SAYS:
            return _said(path, words if field == "label" else about, about)
        return self._run(path, _pick(account, "field", field, path), "USD", about)

    # --- given to the run ---------------------------------------------------------------------------
    def _lever(self, path: str, name: str, when: str | None, field: str) -> Traced:
        lever = _pick(self._levers, "lever", name, path)
        source = str(lever["source"])
        rests_on = (f"source:{source}/title",) if source in self.room.sources else ()
        assumed = self.reading.assumed(lever)
        about = f"{lever['lever']}: {lever['note']}" + (" (assumed)" if assumed else "")
        if field in ("change", "reach"):
            row = self.reading.result.levers[int(name) - 1]
            said = change(row) if field == "change" else reach(row)
            return Traced(path, said, "text", about, rests_on, ground="assumed" if assumed else "source")
        value, unit = _pick(lever, "field", field, path), "text"
        if field in ("value", "lag"):
            own = "factor" if lever["operation"] == "scale" else lever["unit"]
            unit = "text" if isinstance(value, str) else "days" if field == "lag" else own
        if field in ("from", "to") and value:
            value = dt.date.fromisoformat(value)
        ground = "assumed" if assumed else "" if rests_on else "source"
        return Traced(path, value, unit or "number", about, rests_on, ground=ground)

    def _target(self, path: str, name: str, when: str | None, field: str) -> Traced:
        if self.reading.target is None:
            raise UsageError(f"{path}: the scenario {self.reading.result.scenario!r} names no target")
        goal = self.reading.target[0]
        about = "the scenario's target; nobody defined which series was meant"
        named = [n for n, lever in enumerate(self.reading.levers, 1) if lever["lever"] == "target.removals"]
        rests_on = tuple(f"lever:{n}/value" for n in named[-1:])
        pace = {"value": goal, "daily": goal / self.reading.days}
        return Traced(
            path,
            _pick(pace, "field", field, path),
            "persons",
            about,
            rests_on,
            ground="" if rests_on else "manifest",
        )

    def _manifest(self, path: str, name: str, when: str | None, field: str) -> Traced:
        found = _pick(self._says, "entry of the manifest", name, path)
        unit = {"members": "members", "days": "days", "seed": "name"}.get(name, "number")
        unit = "text" if isinstance(found, str) else "share" if name.startswith("bias.") else unit
        return Traced(path, found, unit, f"{name} of this run, from its manifest", ground="manifest")

    # --- known --------------------------------------------------------------------------------------
    def _parameter(self, path: str, name: str, when: str | None, field: str) -> Traced:
        parameter = _pick(self.room.parameters, "parameter", name, path)
        evidence = tuple(f"figure:{id}" for id in parameter.evidence)
        about = f"{name} ({parameter.how}): {parameter.about}"
        text = plain(parameter.value) if field == "value" else str(getattr(parameter, field))
        unit = parameter.unit if field == "value" else "text"
        return Traced(path, text, unit, about, evidence, ground="" if evidence else "assumed")

    def _figure(self, path: str, name: str, when: str | None, field: str) -> Traced:
        figure = self.room.find(name) or _pick(self.room.every, "figure", name, path)
        value = getattr(figure, field)
        unit = "text" if isinstance(value, str) else figure.unit
        return Traced(
            path, value, unit, figure.definition or figure.metric, (f"source:{figure.source}/title",)
        )

    def _source(self, path: str, name: str, when: str | None, field: str) -> Traced:
        source = _pick(self.room.sources, "source", name, path)
        text = getattr(source, "title" if field == "value" else field)
        return Traced(path, text, "text", f"{source.publisher}: {source.title}", ground="source")

    def _claim(self, path: str, name: str, when: str | None, field: str) -> Traced:
        id, _, place = name.partition(".")
        total = _pick(self.claims, "claim", id, path)
        if not place:
            said: dict[str, Any] = {
                "says": total.claim.says,
                "sentence": total.sentence,
                "verdict": total.verdict,
            }
            said |= {"start": total.claim.start, "end": total.claim.end}
            cited = tuple(f"figure:{figure}/value" for figure in total.figures)
            if field in said:
                return Traced(
                    path, said[field], "text", "what is said, and what the figures say of it", cited
                )
            parts = {"value": total.claim.value, "within": total.claim.within}
            parts |= {"counts": len(total.counts), "matches": len(total.matches)}
            unit = {"value": "persons", "within": "share"}.get(field, "counts")
            return Traced(path, _pick(parts, "field", field, path), unit, total.claim.says, cited)
        count = _pick(total.numbered, "count", place, path)
        cited = tuple(f"figure:{figure}/value" for figure in count.figures)
        about = f"{count.label}, {count.period} ({count.reading})"
        if field == "estimate":  # a count of one series, told from the others by whose it is
            series = next((f"{words}, " for words in total.claim.metrics.values()), "")
            return Traced(path, count.label.removeprefix(series), "text", about, cited)
        if field == "year":
            return Traced(path, f"{count.start:%Y}", "text", about, cited)
        if field in ("label", "period", "reading", "start", "end"):
            return Traced(path, getattr(count, field), "text", about, cited)
        return Traced(path, _pick({"value": count.value}, "field", field, path), "persons", about, cited)

    def _check(self, path: str, name: str, when: str | None, field: str) -> Traced:
        check = _pick(self._checks, "comparison", name, path)
        figures = tuple(f"figure:{figure.id}/value" for figure in check.figures)
        about = f"{label(check.outcome)}, {check.start} to {check.end}, as published"
        words = {"label": label(check.outcome), "tolerance": check.tolerance}
        words["note"] = check.note
        found = modelled(self.reading, check)
        words["verdict"] = check.verdict(found) if math.isfinite(found) else "not modelled"
        words["inside"] = inside(self.reading, check)
        if field in words:
            return _said(path, words[field], about)
        if field == "published":
            return Traced(path, check.value, check.unit, about, figures)
        counted = check.outcome.rpartition(":")[2]  # of a share or a change
        of: tuple[str, ...] = (f"outcome:{counted}/median",) if counted in self.reading.answers else ()
        of += figures if field == "off" else ()
        parts = {"model": found, "off": found / check.value - 1 if check.value else float("nan")}
        unit = "share" if field == "off" else check.unit
        return self._run(path, _pick(parts, "field", field, path), unit, about, lambda: of)

    # --- said by the report itself ------------------------------------------------------------------
    def _method(self, path: str, name: str, when: str | None, field: str) -> Traced:
        constant = _pick(words()["method"], "constant of the method", name, path)
        return Traced(path, constant["value"], constant["unit"], constant["text"], ground="definition")

    def _word(self, path: str, name: str, when: str | None, field: str) -> Traced:
        entry = _pick({str(n): word for n, word in enumerate(words()["words"], start=1)}, "word", name, path)
        return Traced(path, entry[field], "text", "a definition", ground="definition")


def explain(path: str, result: Result, room: Room, grounds: Grounds | None = None) -> list[dict[str, Any]]:
    """Return the way of a path, step by step to its sources, as JSON-ready data."""
    return [
        {
            "path": step.path,
            "value": step.value if isinstance(step.value, (int, float, str, dict)) else str(step.value),
            "unit": step.unit,
            "about": step.about,
            "ground": step.ground,
            "rests_on": list(step.rests_on),
        }
        for step in Trace(Reading(result), room, grounds).follow(path)
    ]


def resolve(path: str, result: Result, room: Room) -> Traced:
    """Return what stands at a path of the report of ``result``."""
    return Trace(Reading(result), room).resolve(path)


def _resource_says(resource: Resource) -> str:
    """Return what the numbers of a resource are."""
    if resource.kind == "space":
        return f"{label(resource.name)}: how many there are and how many are taken, on an average day"
    return f"{label(resource.name)}: how much there is in a month and how much is used ({resource.unit})"


def _said(path: str, text: str, about: str) -> Traced:
    """Return words of the report or the catalogue, which rest on nothing further."""
    return Traced(path, text, "text", about, ground="definition")


def _pick(table: Any, kind: str, name: str, path: str) -> Any:
    if name not in table:
        raise UsageError(unknown(kind, name, table, path))
    return table[name]


def _flat(manifest: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested entries under dotted names."""
    flat: dict[str, Any] = {}
    for key, value in manifest.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat
