"""The three networks as docketflow declarations."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence

from docketflow.core.quantity import Dated, Table
from docketflow.engine import Run, bind, compile_network
from docketflow.engine.compile.bound import Bound
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.run.ledger import Ledger

from . import workload as w

FIRST = dt.date(2025, 1, 1)
TAG = d.Trait("tag", ("none", *(str(k) for k in range(w.TAGS))))


def _tagged(*ways: d.To) -> list[d.Arrive]:
    """Return inflows of one person each on their day; of several ways they take turns."""
    found = []
    for k, day in enumerate(w.tagged_days()):
        way = ways[k % len(ways)]
        day += FIRST.toordinal()
        found.append(
            d.Arrive(
                f"tagged {k}", Dated((1, day, day + 1), (0.0, 1.0, 0.0)),
                d.to(way.target, do=[d.put("tag", str(k)), *way.do]),
            )
        )  # fmt: skip
    return found


def _tallies(names: Sequence[str]) -> list[d.Tally]:
    return [d.Tally(f"{what} {name}", ("tag",)) for name in names for what in ("days", "people")]


def _note(name: str, watch: str) -> list[d.Op]:
    return [d.count_days(f"days {name}", watch), d.count(f"people {name}")]


def _bind(network: d.Network) -> Bound:
    return bind(
        compile_network(network),
        lambda _: Dated.always(0.0),
        first=FIRST,
        days=w.DAYS,
        cuts=[FIRST + dt.timedelta(w.WARM)],
    )


def _said(bound: Bound, seed: int, names: Sequence[str]) -> w.Said:
    ledger: Ledger = Run(bound, {"start": ["none"], "count": [0]}, seed).finish()
    window = [k for k, (day, _) in enumerate(ledger.segments) if (day - FIRST).days >= w.WARM]
    said = w.Said()
    for name in names:
        days, people = ledger.tally(f"days {name}"), ledger.tally(f"people {name}")
        said.means[f"{name}, mean days"] = days[window].sum() / people[window].sum()
        said.means[f"{name}, a day"] = people[window].sum() / (w.DAYS - w.WARM)
        said.tagged[name] = days.sum(axis=0)[1:].tolist()
    return said


TANDEM = ("in line a", "in line b", "in all")


@functools.cache
def _tandem() -> Bound:
    n = w.Tandem
    join = [d.mark("first")]
    come = d.to("intake", do=[d.mark("second")])
    return _bind(
        d.Network(
            "tandem",
            traits=[TAG],
            nodes=[
                d.Decision("door", [d.to("intake", share=n.SHARE, do=come.do), d.to("gone")]),
                d.Stage("intake", d.lognormal(*n.INTAKE), d.to("line a", do=join)),
                d.Wait("line a", d.to("gap", do=_note("in line a", "first")), effort="a"),
                d.Stage("gap", d.exponential(n.GAP), d.to("line b", do=join)),
                d.Wait(
                    "line b",
                    [
                        d.to("intake", share=n.AGAIN, do=[*_note("in line b", "first"), d.new_round()]),
                        d.to("gone", do=[*_note("in line b", "first"), *_note("in all", "second")]),
                    ],
                    effort="b",
                ),
                d.End("gone"),
            ],
            efforts=[d.Effort("a", n.SLOTS), d.Effort("b", n.SLOTS)],
            arrivals=[d.Arrive("comes", n.TRIES, "door"), *_tagged(come)],
            starts=[d.Start("none", "intake")],
            tallies=_tallies(TANDEM),
        )
    )


ROOMS = ("urgent in line", "plain in line", "in all")


@functools.cache
def _rooms(slower: float = 1.0) -> Bound:
    n = w.Rooms
    kinds = {"urgent": n.URGENT, "plain": n.PLAIN}
    come = {kind: d.to("line", do=[d.put("kind", kind), d.mark("second")]) for kind in kinds}
    return _bind(
        d.Network(
            "rooms",
            traits=[d.Trait("kind", tuple(kinds)), TAG],
            nodes=[
                d.Wait(
                    "line", space="rooms", priority=Table.of("kind", {"urgent": 0, "plain": 1}),
                    then=[
                        d.to("exam", when={"kind": kind}, do=_note(f"{kind} in line", "second"))
                        for kind in kinds
                    ],
                ),
                d.Stage("exam", d.exponential(n.EXAM * slower), "recovery"),
                d.Stage(
                    "recovery", d.lognormal(n.RECOVERY[0] * slower, n.RECOVERY[1]),
                    d.to("gone", do=_note("in all", "second")),
                ),
                d.End("gone"),
            ],
            spaces=[d.Space("rooms", n.ROOMS)],
            arrivals=[
                *(
                    d.Arrive(
                        f"{kind} comes", n.TRIES,
                        [d.to("line", share=share, do=come[kind].do), d.to("gone")],
                    )
                    for kind, share in kinds.items()
                ),
                *_tagged(*come.values()),
            ],
            starts=[d.Start("none", "line")],
            tallies=_tallies(ROOMS),
        )
    )  # fmt: skip


BEDS = ("a in bed", "b in bed", "refused", "in all")


@functools.cache
def _beds() -> Bound:
    n = w.Beds
    come = {kind: d.to("beds free", do=[d.put("kind", kind), d.mark("second")]) for kind in n.SHARES}
    out = _note("in all", "second")
    medians = Table.of("kind", {kind: law[0] for kind, law in n.STAY.items()})
    sigmas = Table.of("kind", {kind: law[1] for kind, law in n.STAY.items()})
    return _bind(
        d.Network(
            "beds",
            traits=[d.Trait("kind", tuple(n.SHARES)), TAG],
            nodes=[
                d.Gate("beds free", "beds", free="bed", full=d.to("gone", do=_note("refused", "second"))),
                d.Stage(
                    "bed", d.lognormal(medians, sigmas),
                    [
                        d.to(
                            "after", when={"kind": kind},
                            do=[d.release("beds"), *_note(f"{kind} in bed", "second")],
                        )
                        for kind in n.SHARES
                    ],
                ),
                d.Decision(
                    "after",
                    [d.to("review", share=Table.of("kind", n.REVIEWED)), d.to("gone", do=out)],
                ),
                d.Stage("review", d.lognormal(*n.REVIEW), d.to("gone", do=out)),
                d.End("gone"),
            ],
            spaces=[d.Space("beds", n.BEDS)],
            arrivals=[
                *(
                    d.Arrive(
                        f"{kind} comes", n.TRIES,
                        [d.to("beds free", share=share, do=come[kind].do), d.to("gone")],
                    )
                    for kind, share in n.SHARES.items()
                ),
                *_tagged(*come.values()),
            ],
            starts=[d.Start("none", "review")],
            tallies=_tallies(BEDS),
        )
    )  # fmt: skip


def tandem(seed: int) -> w.Said:
    """Run two lines with feedback."""
    return _said(_tandem(), seed, TANDEM)


def rooms(seed: int, slower: float = 1.0) -> w.Said:
    """Run a line for rooms; ``slower`` other than one is a fault put in on purpose."""
    return _said(_rooms(slower), seed, ROOMS)


def beds(seed: int) -> w.Said:
    """Run beds or nothing."""
    return _said(_beds(), seed, BEDS)
