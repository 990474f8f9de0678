"""The printed tables say what the machine reads: the same numbers as the plain twin finds, slips included."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given

from docketflow.core.errors import EngineError, UsageError
from docketflow.core.quantity import Dated
from docketflow.engine import bind, compile_network
from docketflow.engine import layout as at
from docketflow.engine.compile.network import ways_of
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.inspect.decompile import Laid
from docketflow.engine.inspect.describe import entries_of, overview, printed, text
from docketflow.engine.inspect.reference import Twin
from docketflow.engine.inspect.reference_moves import Person

from . import clinic
from .networks import Case, cases
from .test_twin import examples


def everyone(twin: Twin) -> Iterator[Person]:
    """Yield somebody of each combination of traits."""
    for cell in itertools.product(*(range(len(values)) for values in twin.values.values())):
        yield Person(0, 0, dict(zip(twin.values, cell, strict=True)))


def of(entry: dict, key: str, date: dt.date, twin: Twin, person: Person) -> dict:
    """Return what an entry says of a person on a date: exactly one line must fit."""
    version = [v for v in entry[key] if v["from"] <= date][-1]
    labels = {trait: values[person.traits[trait]] for trait, values in twin.values.items()}
    fit = [c for c in version["cells"] if all(labels[trait] in ls for trait, ls in c["for"].items())]
    assert len(fit) == 1
    return fit[0]


Ends = dict[tuple, float]  # where a chain of forks leads, with what traits, what was done: how likely
WORDS = {
    "take": "takes {0}", "release": "gives back {0}", "start": "starts {0}", "stop": "stops {0}",
    "join": "joins {0}", "leave": "leaves {0}", "mark": "marks the {0} stopwatch", "count": "counts in {0}",
    "count_days": "counts days since the {1} mark in {0}", "episode": "new episode of luck",
    "round": "new round of luck",
}  # fmt: skip


def declared_ends(twin: Twin, name: str, person: Person) -> Ends:
    """Return where a declared fork leads in the end, through all forks that follow."""
    node = next((n for n in twin.bound.program.nodes if n.name == name), None)
    if not isinstance(node, d.Decision):
        return {(name, tuple(person.traits.values()), ()): 1.0}
    found: Ends = {}
    for k, share in twin.chances(person, node.ways):
        way, then, done = node.ways[k], Person(0, 0, person.traits), []
        for op in way.do:
            if op.code in ("put", "step"):
                twin.act(then, op)
            else:
                done.append(WORDS[op.code].format(op.name, op.value))
        _add(found, share, done, declared_ends(twin, way.target, then))
    return found


def printed_ends(entries: dict[str, dict], twin: Twin, name: str, person: Person, date: dt.date) -> Ends:
    """Return where a fork leads in the end, as printed."""
    entry = entries.get(name, {})
    if entry.get("kind") != "decision":
        return {(name, tuple(person.traits.values()), ()): 1.0}
    found: Ends = {}
    shares = of(entry, "shares", date, twin, person)["shares"]
    for way, share in zip(entry["ways"], shares, strict=True):
        then, done = Person(0, 0, person.traits), []
        for act in way["acts"]:
            words = act.split(" ")
            if words[0] == "puts":
                twin.act(then, d.put(words[1], words[2]))
            elif words[0] == "adds":
                twin.act(then, d.step(words[3], int(words[1])))
            else:
                done.append(act)
        if share > 0:
            _add(found, share, done, printed_ends(entries, twin, way["to"], then, date))
    return found


def _add(found: Ends, share: float, done: list[str], ends: Ends) -> None:
    for (target, traits, later), chance in ends.items():
        if share * chance > 0:
            key = target, traits, tuple(done) + later
            found[key] = found.get(key, 0.0) + share * chance


@examples
@given(cases())
def test_that_what_is_printed_is_what_the_twin_finds_for_everyone_on_every_date(case: Case) -> None:
    bound = case.bind()
    twin = Twin(bound, {"start": [], "count": []}, 1)
    entries = {entry["name"]: entry for entry in printed(bound)}
    for day in {0, case.days // 2, case.days - 1}:
        twin.day, date = day, case.first + dt.timedelta(day)
        for node, person in itertools.product(bound.program.nodes, everyone(twin)):
            entry = entries[node.name]
            if isinstance(node, d.Decision):
                said = printed_ends(entries, twin, node.name, person, date)
                wanted = declared_ends(twin, node.name, person)
                for end in said.keys() | wanted.keys():
                    assert said.get(end, 0.0) == pytest.approx(wanted.get(end, 0.0), abs=1e-5)
            elif isinstance(node, d.Wait):
                assert of(entry, "class", date, twin, person)["value"] == twin.whole_value(
                    node.priority, person
                )
                if node.effort:
                    assert of(entry, "cost", date, twin, person)["value"] == twin.whole_value(
                        node.cost, person
                    )
            elif isinstance(node, d.Spend):
                costs = [
                    (entry["effort"], entry["cost"]),
                    *((n["effort"], n["cost"]) for n in entry.get("also", ())),
                ]
                needs = [d.Need(node.effort, node.cost), *node.also]
                for (effort, cost), need in zip(costs, needs, strict=True):
                    said = of({"cost": cost}, "cost", date, twin, person)["value"]
                    assert (effort, said) == (need.effort, twin.whole_value(need.cost, person))
            elif isinstance(node, d.Stage):
                table = twin.table(node.stay, person)
                said = of(entry, "stay", date, twin, person)
                assert said["never"] == pytest.approx((table == at.NEVER).mean(), abs=1e-4)
                if said["days"]:
                    ending = table[table != at.NEVER]
                    assert said["days"]["50%"] == ending[len(ending) // 2]
    for node in bound.program.nodes:
        if isinstance(node, d.Gate | d.Spend):
            ways = [way["to"] for way in entries[node.name]["ways"]]
            assert ways == [way.target for way in ways_of(node)]
    for entry in entries.values():
        assert text(entry).startswith(f"{entry['name']} ({entry['kind']})")


def test_that_acts_spaces_efforts_pools_and_tallies_are_named_where_they_are_used() -> None:
    entries = {entry["name"]: entry for entry in printed(clinic.bind())}
    assert entries["door"]["ways"][0] == {"to": "ward", "acts": ["counts in admitted", "starts review"]}
    assert entries["beds"]["taken at"] == ["door", "in ward/then"]
    assert entries["beds"]["given back at"] == ["ward/then", "every end"]
    assert entries["minutes"]["spent at"] == ["line", "recall"]
    assert entries["followed"]["joined at"] == ["line/then", "at home/then"]
    assert entries["followed"]["drawn by"] == ["recall"]
    assert entries["days in all"] == {
        "name": "days in all", "kind": "tally", "by": ["need"], "counted at": ["line/then"],
    }  # fmt: skip
    kinds = {row["name"]: row["kind"] for row in overview(list(entries.values()))}
    assert kinds["review"] == "clock" and kinds["recall"] == "draw" and kinds["visit"] == "attempt"


def test_that_a_change_on_a_date_is_printed_with_its_date() -> None:
    change = clinic.FIRST + dt.timedelta(40)
    bound = clinic.bind({"ward.days": Dated((1, change.toordinal()), (25.0, 5.0))})
    (ward,) = entries_of(bound, "ward")
    assert [version["from"] for version in ward["stay"]] == [clinic.FIRST, change]
    assert f"stay from {change}" in text(ward)


def test_that_the_print_shows_a_slip_in_memory_not_the_declaration() -> None:
    bound = clinic.bind()
    laid = Laid(bound)
    row = laid.node(bound.program.index["line/then"])
    bound.tables[int(bound.tables[row + at.ROWS_AT])] //= 2
    (line,) = entries_of(bound, "line/then")
    assert line["shares"][0]["cells"] == [{"for": {}, "shares": [0.3, 0.7]}]


def test_that_equal_cells_are_said_once() -> None:
    network = d.Network(
        "many",
        traits=[d.Trait("a", tuple("abcdefgh")), d.Trait("b", ("x", "y"))],
        nodes=[
            d.Stage("wait", d.fixed(3), [
                d.to("out", when={"a": ["a", "b"], "b": "x"}, share=0.5), d.to("on"),
            ]),
            d.Stage("on", d.fixed(3), "out"), d.End("out"),
        ],
    )  # fmt: skip
    bound = bind(compile_network(network), lambda _: Dated.always(0.0), first=clinic.FIRST, days=9)
    (fork,) = entries_of(bound, "wait/then")
    assert fork["shares"][0]["cells"] == [
        {"for": {"a": ["a", "b"], "b": ["x"]}, "shares": [0.5, 0.5]},
        {"for": {"a": ["a", "b"], "b": ["y"]}, "shares": [0.0, 1.0]},
        {"for": {"a": list("cdefgh")}, "shares": [0.0, 1.0]},
    ]
    assert "a c or d or e or f or g or h: 1.0000 way 2 on" in text(fork)


def test_that_an_unknown_name_is_one_line_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="unknown name 'warrd' in the tables; did you mean 'ward'"):
        entries_of(clinic.bind(), "warrd")


def test_that_a_guide_that_leads_elsewhere_than_the_shares_is_refused() -> None:
    ways = [d.to("out", share=0.1) for _ in range(at.MANY_WAYS)]
    network = d.Network("guided", nodes=[d.Stage("wait", d.fixed(3), [*ways, d.to("out")]), d.End("out")])
    bound = bind(compile_network(network), lambda _: Dated.always(0.0), first=clinic.FIRST, days=9)
    (fork,) = entries_of(bound, "wait/then")
    assert fork["shares"][0]["cells"][0]["shares"] == pytest.approx([0.1] * at.MANY_WAYS + [0.4])
    row = Laid(bound).node(bound.program.index["wait/then"])
    bound.tables[int(bound.tables[row + at.ROWS_AT]) + len(ways) + 1 + 2] += 1
    with pytest.raises(EngineError, match="the guide of 'wait/then' does not lead where its shares do"):
        entries_of(bound, "wait/then")
