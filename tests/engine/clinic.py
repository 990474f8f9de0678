"""A small made-up clinic that uses the whole vocabulary: what the laws of runs are tested on."""

from __future__ import annotations

import datetime as dt
import hashlib
import sys
from fractions import Fraction

import numpy as np

from docketflow import engine
from docketflow.core.quantity import Dated, Table, p
from docketflow.engine import Run
from docketflow.engine.compile.bound import Bound
from docketflow.engine.compile.network import compile_network
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.run.ledger import Ledger

from .networks import books

FIRST = dt.date(2025, 3, 10)
DAYS = 200
VALUES: dict[str, object] = {
    "triage.days": 6.0,
    "ward.share": Table.of("need", {"low": 0.2, "middle": 0.5, "high": 0.9}),
    "ward.days": 25.0,
    "beds": 60.0,
    "minutes": 400.0,
    "visit.minutes": Table.of("need", {"low": 20.0, "middle": 30.0, "high": 45.0}),
    "arrivals": 7.3,
    "recall.exposure": 0.004,
    "home.share": 0.6,
}


_CALL = dt.date(2025, 6, 20)
_ADMIT = [d.count("admitted"), d.start("review")]
_RECALL = [d.new_episode(), d.count("recalled"), d.count_days("days at home", "first")]
_VISIT = [d.new_episode(), d.leave("followed")]


def network() -> d.Network:
    """Return the declaration."""
    return d.Network(
        "clinic",
        traits=[d.Trait("need", ("low", "middle", "high")), d.Trait("town", ("north", "south"))],
        nodes=[
            d.Stage(
                "triage",
                d.exponential(p("triage.days")),
                then=[d.to("door", share=p("ward.share")), d.to("line")],
            ),
            d.Gate("door", "beds", free=d.to("ward", do=_ADMIT), full="line"),
            d.Stage(
                "ward",
                d.lognormal(p("ward.days"), 0.6),
                then=d.to("line", do=[d.release("beds"), d.stop("lane")]),
            ),
            d.Wait(
                "line",
                effort="minutes",
                cost=p("visit.minutes"),
                priority=Table.of("need", {"low": 1, "middle": 1, "high": 0}),
                then=[
                    d.to("home", share=p("home.share"), do=[d.mark("first"), d.join("followed")]),
                    d.to("left", do=[d.count("leaving"), d.count_days("days in all", "second")]),
                ],
            ),
            d.Rest("home"),
            d.End("left"),
        ],
        spaces=[d.Space("beds", p("beds"))],
        efforts=[d.Effort("minutes", p("minutes"), "work")],
        clocks=[
            d.Clock(
                "review",
                "lane",
                d.uniform(5, 20),
                then=[
                    d.to(d.STAY, share=0.5, do=[d.new_round(), d.step("need", -1), d.start("review")]),
                    d.to(d.STAY, do=[d.new_round(), d.step("need", 1)]),
                ],
            )
        ],
        pools=[d.Pool("followed")],
        draws=[
            d.Draw(
                "recall",
                "followed",
                weight=Table.of("need", {"low": 0.5, "middle": 1.0, "high": 2.0}),
                exposure=p("recall.exposure"),
                effort="minutes",
                cost=5,
                then=d.to("line", do=_RECALL),
            )
        ],
        attempts=[d.Attempt("visit", 2.5, "home", then=d.to("line", do=_VISIT))],
        arrivals=[
            d.Arrive(
                "comes",
                p("arrivals"),
                then=[
                    d.to("triage", weight=3, do=[d.mark("second"), d.put("town", "south")]),
                    d.to("triage", weight=2, do=[d.mark("second"), d.put("need", "high")]),
                ],
            )
        ],
        events=[
            d.On("call", _CALL, d.to("line", do=[d.new_round()]), ("home",), {"town": "south"}),
        ],
        feedbacks=[d.Feedback("crowding", "comes", "leaving", lambda past: 1.0 + (past[-1] < 100) * 0.1)],
        starts=[
            d.Start("in triage", "triage", "equilibrium", (d.mark("second"),)),
            d.Start("in line", "line", d.exponential(30), (d.mark("second"), d.count("recalled"))),
            d.Start("in ward", "ward", "equilibrium", (d.take("beds"), d.mark("second"), d.start("review"))),
            d.Start("at home", "home", None, (d.mark("first"), d.join("followed"))),
        ],
        tallies=[
            d.Tally("admitted", ("need", "town")),
            d.Tally("leaving", ("town",)),
            d.Tally("recalled"),
            d.Tally("days in all", ("need",)),
            d.Tally("days at home"),
        ],
    )


def cells() -> dict[str, list]:
    """Return the starting stock."""
    rows = [
        ("in triage", "low", "north", 30), ("in triage", "high", "south", 10),
        ("in line", "middle", "north", 70), ("in line", "low", "south", 50),
        ("in ward", "high", "north", 40),
        ("at home", "low", "south", 400), ("at home", "middle", "north", 300),
    ]  # fmt: skip
    return dict(zip(("start", "need", "town", "count"), map(list, zip(*rows, strict=True)), strict=True))


def bind(
    changes: dict[str, object] | None = None,
    *,
    days: int = DAYS,
    scale: Fraction | int = 1,
    declared: d.Network | None = None,
) -> Bound:
    """Return the clinic (or one declared otherwise) bound to its numbers, some of them changed."""
    known = {**VALUES, **(changes or {})}
    dated = {
        path: value if isinstance(value, Dated) else Dated.always(value) for path, value in known.items()
    }
    work = np.array([(FIRST + dt.timedelta(day)).weekday() < 5 for day in range(days)])
    return engine.bind(
        compile_network(declared or network()),
        dated.__getitem__,
        first=FIRST,
        days=days,
        scale=scale,
        calendars={"work": work},
        cuts=[FIRST, dt.date(2025, 5, 20)],
    )


def fingerprint(ledger: Ledger) -> str:
    """Return a hash of everything in the books."""
    return hashlib.sha256(repr(books(ledger)).encode()).hexdigest()


if __name__ == "__main__":
    print(fingerprint(Run(bind(), cells(), int(sys.argv[1])).finish()))
