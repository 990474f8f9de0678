"""Print the pages that are read off the project: `python docs/pages.py`; a test finds a stale one.

The lifecycle from its declaration, parameters from the evidence, levers with what they were seen to move, the
table of authorities, the STRESS-DES checklist, what is not modelled, and where what the two reports say is.
"""

from __future__ import annotations

import csv
import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import docketflow
from docketflow.conductor.model import outcomes_answered
from docketflow.core.outcomes import outcomes
from docketflow.core.quantity import Table
from docketflow.core.strict_yaml import read_yaml
from docketflow.engine.compile.network import ways_of
from docketflow.engine.declare import vocabulary as d
from docketflow.evidence import load, table_of_authorities
from docketflow.evidence.schema import Parameter
from docketflow.lifecycle import national
from docketflow.lifecycle.network import PARTS
from docketflow.policy import Scenario, levers, list_scenarios
from docketflow.policy.cases import cases, foreseen
from docketflow.policy.described import described

DOCS = Path(__file__).resolve().parent
STUDY = DOCS.parent / "benchmarks" / "levers.csv"
HOUSE = Path(docketflow.__file__).parent
LESS = ("no-", "bond-hearings-kept", "orders-stayed", "release-rules-of-2024", "border-inflow-of-2024")
"""Scenarios that are another without one mechanism."""
PRINTED = "Printed by `python docs/pages.py`; not written by hand."
SHAPES = {d.Wait: "[/{}/]", d.End: "([{}])", d.Stage: "[{}]", d.Rest: "[({})]"}
FORK, OUTER, ACTS = "{{{{{}}}}}", "({})", "[[{}]]"


# --- the lifecycle ----------------------------------------------------------------------------------
def lifecycle() -> str:
    """Return the charts of the declaration: one of its parts, and one of each part."""
    where = {node.name: part.__name__ for part in PARTS for node in part().nodes}
    parts = [part for part in PARTS if _moves(part())]
    whole = {
        (part.__name__, where[target])
        for part in parts
        for _, target in _moves(part())
        if target in where and where[target] != part.__name__
    }
    lines = [
        "# The lifecycle",
        "",
        f"{PRINTED} A box is a place where time passes, a slanted one a line where",
        "capacity decides, a drum a place where nothing happens by itself, a hexagon a fork without time, a",
        "double box what acts from outside (an arrival, an arrest, a clock), a rounded one a place of",
        "another part. Shares, laws of time and limits stand in [parameters](parameters.md); `docketflow",
        "tables SCENARIO NAME` prints any place in full.",
        "",
        "## The parts",
        "",
        *_chart(sorted(whole), {part.__name__: ACTS for part in parts}),
    ]
    for part in parts:
        module = inspect.getmodule(part)
        file = Path(inspect.getfile(part)).relative_to(HOUSE.parent.parent).as_posix()
        about = (getattr(module, "__doc__", "") or "").strip().splitlines()[0]
        shapes = {node.name: SHAPES.get(type(node), FORK) for node in part().nodes}
        shapes |= {one.name: ACTS for one in _acting(part())}
        title = part.__name__.replace("_", " ").capitalize()
        lines += ["", f"## {title}", "", f"{about} [{file}](../{file})", "", *_chart(_moves(part()), shapes)]
    return "\n".join(lines) + "\n"


def _acting(part: Any) -> list[Any]:
    return [*part.clocks, *part.draws, *part.arrivals]


def _moves(part: Any) -> list[tuple[str, str]]:
    """Return who leads where, each once, in the order of the declaration."""
    found: dict[tuple[str, str], None] = {}
    for one in (*_acting(part), *part.nodes):
        ways = ways_of(one) if isinstance(one, d.Fork) else _ways(getattr(one, "then", ()))
        found |= {(one.name, way.target): None for way in ways if way.target != d.STAY}
    return list(found)


def _ways(then: d.Then) -> Sequence[d.To]:
    if isinstance(then, str):
        return [d.to(then)]
    return [then] if isinstance(then, d.To) else then


def _chart(moves: Iterable[tuple[str, str]], shapes: Mapping[str, str]) -> list[str]:
    moves = list(moves)
    names = list(dict.fromkeys(name for pair in moves for name in pair))
    number = {name: f"n{k}" for k, name in enumerate(names)}
    boxes = [
        f"  {number[name]}" + shapes.get(name, OUTER).format(f'"{name.replace("_", " ")}"') for name in names
    ]
    arrows = [f"  {number[a]} --> {number[b]}" for a, b in moves]
    return ["```mermaid", "flowchart LR", *boxes, *arrows, "```"]


# --- tables -----------------------------------------------------------------------------------------
def parameters() -> str:
    """Return every parameter: unit, value, range, and what it rests on."""
    rows = [
        (f"`{one.path}`", one.unit, _value(one), _range(one), one.how, _rests_on(one))
        for one in load().parameters.values()
    ]
    head = ("parameter", "unit", "value", "90% range", "how", "rests on")
    about = (
        f"{PRINTED} {len(rows)} parameters. A value by trait is told by its least and its highest, one that "
        "changes by date by its last; `docketflow explain PATH` shows all of it, each figure with its source."
    )
    return _page("Parameters", about, _table(head, rows))


def _value(one: Parameter) -> str:
    last = one.value.values[-1]
    changes = f", {len(one.value.values)} dates" if len(one.value.values) > 1 else ""
    if isinstance(last, Table):
        return f"{last.data.min():.4g} to {last.data.max():.4g} by {', '.join(one.by)}{changes}"
    return f"{last:.6g}{changes}"


def _range(one: Parameter) -> str:
    if one.shape is None:
        return f"none: {one.no_range[:1].lower()}{one.no_range[1:].rstrip('.')}" if one.no_range else ""
    return f"{one.shape.low:.4g} to {one.shape.high:.4g}" + (" times it" if one.shape.relative else "")


def _rests_on(one: Parameter) -> str:
    if one.evidence:
        return f"{len(one.evidence)} figures" if len(one.evidence) > 1 else "1 figure"
    return "no figure: a scenario's alone" if one.scenario_only else ""


def _scenario_only(path: str) -> bool:
    known = load().parameters
    return path not in known or known[path].scenario_only


def catalogue() -> str:
    """Return which lever carries which mechanism, and what each lever was seen to move."""
    laws = load().laws
    mechanisms = []
    for row in read_yaml(DOCS / "mechanisms.yaml"):
        named = [laws[key].ina or laws[key].cite for key in row.get("law", [])]
        carried = ", ".join(f"`{start}`" for start in row.get("levers", []))
        mechanisms.append((row["mechanism"], carried, "; ".join(named), row.get("left_out", "")))
    with STUDY.open(encoding="utf-8", newline="") as lines:
        seen = {row["lever"]: row for row in csv.DictReader(lines) if row["declared"] != "still"}
    rows = []
    for path, one in levers().items():
        bounds = f"{len(one.choices)} names" if one.choices else f"{one.low:.10g} to {one.high:.10g}"
        moved = seen.get(path, {})
        gap = (
            f"{float(moved['difference']):+,.4g} ± {float(moved['standard_error']):,.2g}"
            if moved.get("difference")
            else ""
        )
        told = (
            one.title,
            one.unit,
            bounds,
            one.moves,
            one.sign,
            one.because,
            ", ".join(one.binds_under),
            gap,
        )
        rows.append((f"`{path}`", *told, "scenario" if _scenario_only(path) else "figures"))
    about = (
        f"{PRINTED} {len(mechanisms)} mechanisms, {len(rows)} levers. *Seen* is what its outcome did from "
        "the lever's lowest to its highest value in the plan, or under the settings named, with its standard "
        "error; [the study](../benchmarks/levers.csv) has every row. A lever rests on the scenario alone "
        "where no figure or series bears on it. Labels, operations and lags: `docketflow levers`."
    )
    first = _table(("mechanism", "levers", "law", "left out"), mechanisms)
    head = ("lever", "what", "unit", "bounds", "moves", "goes", "because", "under", "seen", "rests on")
    second = ["", "## Every lever", "", *_table(head, rows)]
    without = [
        (one["what"], ", ".join(f"`{start}`" for start in one["of"]), one["why"])
        for one in read_yaml(DOCS / "no_lever.yaml")
    ]
    third = ["", "## Without a lever", "", *_table(("what", "parameters", "why none"), without)]
    return _page("Levers", about, ["## By mechanism", "", *first, *second, *third])


def checklist() -> str:
    """Return the STRESS-DES checklist with what is counted today."""
    counts = _counts()
    lines = []
    for section in read_yaml(DOCS / "stress_des.yaml"):
        rows = [
            (one["item"], one["says"].format(**counts), " ".join(map(_link, one["where"])))
            for one in section["items"]
        ]
        lines += ["", f"## {section['section']}", "", *_table(("item", "what is done", "where"), rows)]
    return _page("STRESS-DES checklist", PRINTED, lines[1:])


def _link(address: str) -> str:
    name = re.sub(r"^(\.\./)+(src/)?", "", address)
    return f"[{name}]({address})"


def _counts() -> dict[str, int]:
    network, room, found = national(), load(), outcomes_answered()
    given = [one for one in room.parameters.values() if one.shape is not None]
    return {
        "outcomes": len(outcomes()),
        "answered": sum(not one.no_answer for one in outcomes().values()),
        "scenarios": len(list_scenarios()),
        "levers": len(levers()),
        "figures": len(room.figures),
        "sources": len(room.sources),
        "parameters": len(room.parameters),
        "drawn": len(given),
        "assumed": sum(one.how == "assumed" for one in room.parameters.values()),
        "names_of_answers": len(found),
        **{name: len(getattr(network, name)) for name in _OF_NETWORK},
    }


_OF_NETWORK = ("nodes", "clocks", "draws", "arrivals", "traits", "spaces", "efforts", "pools")


def not_modelled() -> str:
    """Return what the model leaves out, from each place that says so."""
    words = read_yaml(HOUSE / "report" / "words.yaml")
    rows = read_yaml(DOCS / "mechanisms.yaml")
    lines = [
        *(f"- {line}" for line in words["not_modelled"]),
        *("", "## Of what the two reports describe", ""),
        *(f"- {one.row}: {one.left_out}." for one in described() if one.left_out),
        *("", "## Of the mechanisms and the law", ""),
        *(f"- {row['mechanism']}: {row['left_out']}." for row in rows if row.get("left_out")),
        *("", "## Names of answers that no run has", ""),
        *(f"- `{one.name}`: {one.no_answer}." for one in outcomes().values() if one.no_answer),
    ]
    return _page("Not modelled", PRINTED, lines)


# --- the two reports --------------------------------------------------------------------------------
def _taken_back(one: Scenario) -> set[str]:
    """Return the levers that a scenario sets, or leaves out, of the one it extends."""
    said = read_yaml(HOUSE / "policy" / "scenarios" / one.where)
    return {setting.lever for setting in one.layers[-1]} | set(said.get("leave_out", ()))


def reports() -> str:
    """Return what the two reports say, by what it is about, with its levers, its law and what is left out."""
    said = {row["id"]: row["claim"] for row in read_yaml(HOUSE / "answers" / "claims" / "claims.yaml")}
    mechanisms, laws = read_yaml(DOCS / "mechanisms.yaml"), load().laws
    less = [one for one in list_scenarios() if one.name.startswith(LESS)]
    moved = {one.name: _taken_back(one) for one in less}
    lines = []
    for row in described():
        of = [path for path in levers() if path.startswith(row.levers)]
        alone = [path for path in of if _scenario_only(path)]
        shared = [
            one for one in mechanisms if any(path.startswith(tuple(one.get("levers", ()))) for path in of)
        ]
        cited = [laws[key].ina or laws[key].cite for one in shared for key in one.get("law", ())]
        without = [name for name in moved if any(path.startswith(row.levers) for path in moved[name])]
        lines += [f"## {row.row}", ""]
        lines += [*(f"- “{said[claim]}” (`{claim}`)" for claim in row.claims), ""] if row.claims else []
        lines += [
            f"**Levers** ({len(of)}; {len(alone)} rest on the scenario alone): "
            f"{', '.join(f'`{start}`' for start in row.levers)}. Without a setting: {row.without}.",
        ]
        lines += [f"**Law**: {'; '.join(dict.fromkeys(cited))}."] if cited else []
        lines += (
            [f"**The plan without it**: {', '.join(f'`{name}`' for name in without)}."] if without else []
        )
        lines += [f"**Left out**: {row.left_out}."] if row.left_out else []
        lines += [""]
    about = (
        f"{PRINTED} What two news reports of November 2024 and April 2025 say, in our own words and in the "
        "order in which their plan is told. [Plan](plan.md) says how each mechanism is modelled, "
        "[levers](levers.md) which levers carry it and what each was seen to move, [worth](worth.md) what it "
        "is worth, `docketflow check` whether a statement holds, and a report first what of it a run sets."
    )
    return _page("What the two reports say, and where it is", about, lines[:-1])


# --- court orders -----------------------------------------------------------------------------------
def court_orders() -> str:
    """Return every order on record: its days, and the levers it switches here or why none."""
    switched = {case.case: case for case in cases().values()}
    head = ("Order", "Court", "On what", "In force", "What it switches here")
    rows, without = [], 0
    for order in load().litigation:
        case = switched.get(order.case)
        without += case is None
        levers_of = sorted({f"`{one.lever}`" for one in case.settings}) if case else ()
        here = f"{', '.join(levers_of)} (`{case.key}`)" if case else f"Nothing. {order.no_lever}"
        days = f"{order.in_force_from} to {order.lifted or 'open'}" if order.in_force_from else "never"
        about = f"up to {order.within_days} days off" if order.within_days else ""
        where = ", ".join(part for part in (order.court, order.docket) if part)
        rows.append((order.case, where, order.policy, " ".join(filter(None, (days, about))), here))
    lines = [
        f"{len(rows)} orders are on record; {len(rows) - without} switch levers, each by a file of",
        "`policy/litigation/` that a scenario takes or leaves (`orders:`, `--set litigation.CASE=off`);",
        f"{without} switch none, and the table says why. Days that were not read say how far they may be",
        "off; sources stand in `evidence/litigation.csv`. What is foreseen where no order is on record:",
        f"{', '.join(f'`{key}`' for key in foreseen())}.",
        "",
        *_table(head, rows),
    ]
    return _page("Court orders", PRINTED, lines)


def _page(title: str, about: str, lines: Iterable[str]) -> str:
    return "\n".join([f"# {title}", "", about, "", *lines]) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    said = [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    return [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *said]


PAGES: dict[str, Callable[[], str]] = {
    "lifecycle.md": lifecycle,
    "parameters.md": parameters,
    "levers.md": catalogue,
    "authorities.md": table_of_authorities,
    "court-orders.md": court_orders,
    "stress-des.md": checklist,
    "not-modelled.md": not_modelled,
    "reports.md": reports,
}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
