"""The reference workload as a declared network: one multi-class system in which every resource binds.

It is here to measure and prove the engine; it is an ordinary declaration, the engine has no code for it.
"""

from __future__ import annotations

import datetime as dt
from importlib import resources
from typing import Any

import yaml

from docketflow import engine
from docketflow.core.quantity import Dated, Resolve, Table, Value, p
from docketflow.engine.compile.bound import Bound
from docketflow.engine.compile.network import compile_network
from docketflow.engine.declare.vocabulary import (
    Attempt,
    Decision,
    Effort,
    End,
    Gate,
    Network,
    Rest,
    Space,
    Stage,
    Start,
    Trait,
    Wait,
    exponential,
    lognormal,
    new_episode,
    new_round,
    put,
    release,
    step,
    to,
)
from docketflow.engine.run.ledger import Ledger

GROUPS = ("first", "second", "third", "fourth")
FIRST_DAY = dt.date(2025, 1, 1)


def network() -> Network:
    """Return the declaration of docket-ref."""
    return Network(
        "docket-ref",
        traits=[
            Trait("detained", ("no", "yes")),
            Trait("fast", ("no", "yes")),
            Trait("group", GROUPS),
            Trait("hearings_left", ("0", "1", "2", "3", "4")),
        ],
        nodes=[
            Rest("pool"),
            Gate(
                "booking",
                "beds",
                free=to("detained case", do=[put("detained", "yes")]),
                full="court case",
            ),
            Decision(
                "detained case",
                [
                    to("fast track", when={"fast": "yes"}),
                    to("before release", when={"fast": "no"}, share=p("release_share")),
                    to("court case", when={"fast": "no"}),
                ],
            ),
            Stage("fast track", exponential(p("fast_days")), then="document"),
            Stage(
                "before release",
                exponential(p("release_days")),
                then=to("court case", do=[put("detained", "no"), release("beds")]),
            ),
            Decision(
                "court case",
                [
                    to("first wait", weight=p(f"hearings_share.{n}"), do=[put("hearings_left", n)])
                    for n in "1234"
                ],
            ),
            Stage("first wait", lognormal(p("first_wait_median"), p("first_wait_sigma")), then="line"),
            Decision(
                "line",
                [
                    to("hearing of the detained", when={"detained": "yes"}),
                    to("hearing of others", when={"detained": "no"}),
                ],
            ),
            Wait("hearing of the detained", effort="hearings", order="arrival", then=_heard()),
            Wait("hearing of others", effort="hearings", order="arrival", then=_heard()),
            Decision(
                "after hearing",
                [
                    to("decided", when={"hearings_left": "0"}),
                    to("gap", when={"hearings_left": ("1", "2", "3", "4")}, do=[new_round()]),
                ],
            ),
            Stage("gap", lognormal(p("gap_median"), p("gap_sigma")), then="line"),
            Decision(
                "decided",
                [
                    to("pool", share=p("relief_share"), do=[release("beds"), put("detained", "no")]),
                    to("appeal", share=p("appeal_share")),
                    to("document"),
                ],
            ),
            Stage("appeal", lognormal(p("appeal_median"), p("appeal_sigma")), then="document"),
            Stage("document", exponential(p("document_days")), then="flight"),
            Wait("flight", effort="seats", order="arrival", then="removed"),
            End("removed"),
        ],
        spaces=[Space("beds", p("beds"))],
        efforts=[Effort("hearings", p("hearings")), Effort("seats", p("seats"))],
        attempts=[Attempt("arrest", p("arrests"), "pool", then=to("booking", do=[new_episode()]))],
        starts=[Start("everyone", at="pool")],
    )


def _heard() -> Any:
    return to("after hearing", do=[step("hearings_left", -1)])


def values(people: int) -> Resolve:
    """Return the workload's numbers for a population, by path."""
    text = resources.files("docketflow.workloads").joinpath("docket_ref.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    known: dict[str, Value] = {
        "arrests": round(people * data["arrests_per_person_day"]),
        "beds": round(people * data["beds_per_person"]),
        "hearings": round(people * data["hearings_per_person_day"]),
        "seats": round(people * data["seats_per_person_day"]),
        "document_days": Table.of("group", data["document_days"]),
    }
    for name in ("first_wait_median", "first_wait_sigma", "gap_median", "gap_sigma"):
        known[name] = Table.of("detained", data[name])
    known |= {f"hearings_share.{n}": share for n, share in data["hearings_share"].items()}
    return lambda path: Dated.always(known[path] if path in known else data[path])


def bind(people: int, days: int) -> Bound:
    """Return docket-ref bound to a population and a number of days."""
    return engine.bind(compile_network(network()), values(people), first=FIRST_DAY, days=days)


def cells(people: int) -> dict[str, list[Any]]:
    """Return the starting stock: everyone in the pool, by class and group."""
    text = resources.files("docketflow.workloads").joinpath("docket_ref.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    rows: dict[str, list[Any]] = {"start": [], "fast": [], "group": [], "count": []}
    for fast, share in (("yes", data["fast_share"]), ("no", 1 - data["fast_share"])):
        for group in GROUPS:
            rows["start"].append("everyone")
            rows["fast"].append(fast)
            rows["group"].append(group)
            rows["count"].append(round(people * share * data["group_share"][group]))
    rows["count"][0] += people - sum(rows["count"])
    return rows


def outputs(ledger: Ledger) -> dict[str, float]:
    """Return the outputs that the workload's specification names."""
    served, waited = ledger.served, ledger.waited
    lines = ("hearing of the detained", "hearing of others")
    hearings = int(sum(served[line].sum() for line in lines))
    removals = int(served["flight"].sum())
    return {
        "events": ledger.events,
        "removals": removals,
        "hearings": hearings,
        "mean_detained": float(ledger.held["beds"].mean()),
        "mean_hearing_wait": float(sum(waited[line].sum() for line in lines)) / max(1, hearings),
        "mean_flight_wait": float(waited["flight"].sum()) / max(1, removals),
        "backlog_court": int(sum(ledger.stock[line][-1] for line in lines)),
        "backlog_flight": int(ledger.stock["flight"][-1]),
    }
