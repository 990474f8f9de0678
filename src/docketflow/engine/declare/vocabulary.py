"""The vocabulary in which a system is declared: what people wait for, what they hold, where they go next.

Nothing here knows what the system is about. A declaration is data: it can be read, printed, checked and
compiled, and holds no loop over people. Names are strings; a typo is an error that names the nearest one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from docketflow.core.quantity import Number
from docketflow.engine.declare.scarce import CLASSES as CLASSES
from docketflow.engine.declare.scarce import LISTED as LISTED
from docketflow.engine.declare.scarce import Effort as Effort
from docketflow.engine.declare.scarce import Floor as Floor
from docketflow.engine.declare.scarce import Need as Need
from docketflow.engine.declare.scarce import Quota as Quota
from docketflow.engine.declare.scarce import Space as Space

STAY = "(stay)"  # target of a clock or event that changes a trait or a space and moves nobody

When = Mapping[str, str | Sequence[str]]


# --- what a person is -------------------------------------------------------------------------------
@dataclass(frozen=True)
class Trait:
    """A small integer a person carries. The first value is what everyone has until told otherwise."""

    name: str
    values: tuple[str, ...]


# --- how long things take ---------------------------------------------------------------------------
@dataclass(frozen=True)
class Law:
    """A law of whole days (at least 1): compiled to a table of 1,024 quantiles for each trait combination.

    Built by `exponential`, `lognormal`, `weibull`, `fixed`, `uniform`, `never`; parameters may be
    quantities by trait. ``never_share`` is the probability that the time never ends by itself.
    """

    kind: str
    parameters: tuple[Number, ...]
    never_share: Number = 0.0


def exponential(mean: Number, never_share: Number = 0.0) -> Law:
    """Return the exponential law with a mean in days."""
    return Law("exponential", (mean,), never_share)


def lognormal(median: Number, sigma: Number, never_share: Number = 0.0) -> Law:
    """Return the lognormal law with a median in days and the standard deviation of its logarithm."""
    return Law("lognormal", (median, sigma), never_share)


def weibull(scale: Number, shape: Number, never_share: Number = 0.0) -> Law:
    """Return the Weibull law with a scale in days."""
    return Law("weibull", (scale, shape), never_share)


def fixed(days: Number, never_share: Number = 0.0) -> Law:
    """Return a time that is always the same."""
    return Law("fixed", (days,), never_share)


def uniform(low: Number, high: Number, never_share: Number = 0.0) -> Law:
    """Return a time uniform between two numbers of days."""
    return Law("uniform", (low, high), never_share)


# --- what happens on the way ------------------------------------------------------------------------
@dataclass(frozen=True)
class Op:
    """One small act on the person or the ledger; built by the functions below, never by hand."""

    code: str
    name: str
    value: str | int | None = None


def put(trait: str, value: str) -> Op:
    """Set a trait."""
    return Op("put", trait, value)


def step(trait: str, by: int) -> Op:
    """Add to a trait's index, never past its first or last value."""
    return Op("step", trait, by)


def take(space: str) -> Op:
    """Hold one of an uncapped space. Capped ones are taken by a Gate, Wait or Draw, or held at a Start."""
    return Op("take", space)


def release(space: str) -> Op:
    """Give the space back, if held."""
    return Op("release", space)


def start(clock: str) -> Op:
    """Start (or start again) a clock."""
    return Op("start", clock)


def stop(lane: str) -> Op:
    """Stop whatever clock runs in a lane."""
    return Op("stop", lane)


def join(pool: str) -> Op:
    """Enter a pool (or enter again with today's traits)."""
    return Op("join", pool)


def leave(pool: str) -> Op:
    """Leave a pool."""
    return Op("leave", pool)


def mark(watch: str) -> Op:
    """Set a stopwatch to zero today ("first", "second" or "third")."""
    return Op("mark", watch)


def count(tally: str) -> Op:
    """Add one to a tally, in the cell of the person's traits as they are at this point of the list."""
    return Op("count", tally)


def count_days(tally: str, watch: str) -> Op:
    """Add the days since a stopwatch was marked to a tally."""
    return Op("count_days", tally, watch)


def new_episode() -> Op:
    """Start a new episode of luck: later decisions of this person are drawn afresh."""
    return Op("episode", "")


def new_round() -> Op:
    """Start a new round of luck inside the episode; every loop must contain one of the two."""
    return Op("round", "")


@dataclass(frozen=True)
class To:
    """One way on: where, for whom (``when``), how likely, and what is done on the way.

    Among the ways whose ``when`` fits a person, shares are absolute and the way without a share takes
    the rest; or all have a ``weight`` and the weights are scaled to one.
    """

    target: str
    share: Number | None = None
    weight: Number | None = None
    when: When = field(default_factory=dict)
    do: tuple[Op, ...] = ()


def to(
    target: str,
    *,
    share: Number | None = None,
    weight: Number | None = None,
    when: When | None = None,
    do: Sequence[Op] = (),
) -> To:
    """Write one way on (see `To`)."""
    return To(target, share, weight, dict(when or {}), tuple(do))


Then = str | To | Sequence[To]


# --- where people are -------------------------------------------------------------------------------
@dataclass(frozen=True)
class Stage:
    """Time passes: a stay drawn on entry, then a way on."""

    name: str
    stay: Law
    then: Then


@dataclass(frozen=True)
class Rest:
    """Nothing happens by itself: only clocks, draws and events move a person on."""

    name: str


@dataclass(frozen=True)
class End:
    """The person leaves the system; everything held is given back, clocks stop, pools are left."""

    name: str


@dataclass(frozen=True)
class Wait:
    """Capacity decides. Served in order of priority class, day joined, then hash (or arrival).

    Parameters
    ----------
    effort, cost
        The Effort spent by each service and how much of it (by trait); None when no effort is needed.
    space
        A Space taken at service, if any.
    also
        What else is spent by each service: the line stops where any of it runs short.
    priority
        Class by trait, 0 first (at most 32 classes).
    order
        "hash": each day's joiners sorted by their luck; "arrival": in the order they came.

    A service takes its day: what follows counts from the next, and a space given back is free then.
    """

    name: str
    then: Then
    effort: str | None = None
    cost: Number = 1
    space: str | None = None
    priority: Number = 0
    order: str = "hash"
    also: Sequence[Need] = ()


@dataclass(frozen=True)
class Decision:
    """A fork without time: ways on by share, rule and date."""

    name: str
    ways: Sequence[To]


@dataclass(frozen=True)
class Gate:
    """A fork on capacity: one of the space is taken if free today, else the other way is gone."""

    name: str
    space: str
    free: To | str
    full: To | str


@dataclass(frozen=True)
class Spend:
    """A fork on effort: what a step costs is spent if so much is left today, else the other way is gone.

    Nobody waits for it (a booking, an escort, a place out of a quota); what waits spend later is less by it.
    """

    name: str
    effort: str
    enough: To | str
    short: To | str
    cost: Number = 1
    also: Sequence[Need] = ()


Node = Stage | Rest | End | Wait | Decision | Gate | Spend
Fork = Decision | Gate | Spend


# --- what acts from outside -------------------------------------------------------------------------
@dataclass(frozen=True)
class Clock:
    """A timer carried across stages in a lane. When it fires the person moves, or stays (target STAY)."""

    name: str
    lane: str
    after: Law
    then: Then


@dataclass(frozen=True)
class Pool:
    """A set of people carried across stages, from which draws take. Uses a lane of its own."""

    name: str


@dataclass(frozen=True)
class Draw:
    """Takes people out of a pool in the order in which their own hashed points come along its level.

    Each person has points along the level at a rate of their weight (a Poisson process, hashed, so that it
    is the same in every scenario). Each day's ``exposure`` (mean events per person of weight one) raises it;
    everyone with a point below it is taken, as far as ``effort`` allows at ``cost`` each.
    Without exposure, effort alone decides: the next in order are taken. A ``space`` is taken with each; when
    it is full, or an effort short, the draw stops for the day and the rest of its exposure is lost, so that
    it goes on at its old pace once there is room. Weight zero: never taken; a weight is read when a person
    joins and when the level enters a new window (and, where nobody could be taken, on the first of a month,
    on the day of an event and when a weight changes by date). Who is taken leaves the pool. Where effort
    alone decides, keep weights within a factor of a thousand or so: while hardly anybody light is left the
    level strides ahead, and who is a million times heavier and joins then has all their points passed over.
    """

    name: str
    pool: str
    then: Then
    weight: Number = 1
    exposure: Number | None = None
    effort: str | None = None
    cost: Number = 1
    also: Sequence[Need] = ()
    space: str | None = None


@dataclass(frozen=True)
class Attempt:
    """Tries people of the starting stock, drawn evenly, each day; those not at ``stage`` are missed."""

    name: str
    per_day: Number
    stage: str
    then: Then


@dataclass(frozen=True)
class Arrive:
    """Inflow: new people a day (rounded by carrying fractions), who begin at ``then``."""

    name: str
    per_day: Number
    then: Then


@dataclass(frozen=True)
class On:
    """A cohort event on one date: everyone in one of ``stages`` (all if empty) with ``when`` goes on."""

    name: str
    date: dt.date
    then: Then
    stages: tuple[str, ...] = ()
    when: When = field(default_factory=dict)


@dataclass(frozen=True)
class Feedback:
    """A rate that follows the run's own past: between months the exposure of a draw, the inflow of an
    arrival or the refill of an effort (``on``) is multiplied by ``law(monthly totals of the tally)``.

    The law gets the tally's totals by month so far (scaled to real numbers) and returns a factor.
    """

    name: str
    on: str
    reads: str
    law: Callable[[Sequence[float]], float]


@dataclass(frozen=True)
class Start:
    """Where people stand on the first day: at a stage or wait, with ``spent`` days already behind them.

    ``spent`` "equilibrium" draws the age and the residual stay of a stage in its steady state; a law
    draws the time spent (and the residual stay given it); None means entering today.
    """

    name: str
    at: str
    spent: Law | str | None = None
    do: tuple[Op, ...] = ()


@dataclass(frozen=True)
class Tally:
    """A counter by month and by the traits named."""

    name: str
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Network:
    """A whole declaration. Order of ``waits`` served, draws made: the order in which they are listed."""

    name: str
    traits: Sequence[Trait] = ()
    nodes: Sequence[Node] = ()
    spaces: Sequence[Space] = ()
    efforts: Sequence[Effort | Quota] = ()
    clocks: Sequence[Clock] = ()
    pools: Sequence[Pool] = ()
    draws: Sequence[Draw] = ()
    attempts: Sequence[Attempt] = ()
    arrivals: Sequence[Arrive] = ()
    events: Sequence[On] = ()
    feedbacks: Sequence[Feedback] = ()
    starts: Sequence[Start] = ()
    tallies: Sequence[Tally] = ()
    luck: Mapping[str, str] = field(default_factory=dict)  # new name to the one it drew luck by
