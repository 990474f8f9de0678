"""What is kept of one member: its outcomes, stocks, resources, flows and costs, and what was drawn for it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from docketflow.core.quantity import Resolve, quantity
from docketflow.engine.declare.measure import Priced
from docketflow.engine.run.evaluate import Leaves, Reader, Sheet, opening
from docketflow.lifecycle import ACCOUNTS, EDGES, MEASURES, STOCKS
from docketflow.policy import Scenario

if TYPE_CHECKING:
    from docketflow.engine import Network
    from docketflow.engine.run.ledger import Ledger

STEPS = {
    (account, step): Priced(tuple(item for item in priced.items if str(quantity(item[1])) == step))
    for account, priced in ACCOUNTS.items()
    if isinstance(priced, Priced)
    for step in dict.fromkeys(str(quantity(price)) for _, price in priced.items)
}
LEAVES = Leaves([one for every in (MEASURES, STOCKS, EDGES, ACCOUNTS, STEPS) for one in every.values()])
OF_OUTCOMES, OF_STOCKS, OF_EDGES, OF_ACCOUNTS, OF_STEPS = (
    Sheet(LEAVES, list(every.values())) for every in (MEASURES, STOCKS, EDGES, ACCOUNTS, STEPS)
)
Lines = tuple[np.ndarray, np.ndarray, np.ndarray]
K = TypeVar("K")


class Named(Mapping[K, Any]):
    """The rows of a sheet by name, each taken out when it is asked for.

    Parameters
    ----------
    names : the rows' names, in their order
    sheet : ndarray [row, month] or, with the whole period in the last column, [row, month and one more]
    whole : whether it has the whole period: a row is then its months and that
    """

    def __init__(self, names: Iterable[K], sheet: np.ndarray, *, whole: bool = False) -> None:
        self._places, self.sheet, self._whole = {name: k for k, name in enumerate(names)}, sheet, whole

    def __getitem__(self, name: K) -> Any:
        row = self.sheet[self._places[name]]
        return (row[:-1], float(row[-1])) if self._whole else row

    def __iter__(self) -> Iterator[K]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __repr__(self) -> str:
        return repr(dict(self))


@dataclass(frozen=True, eq=False)
class Answer:
    """What is kept of one member.

    Attributes
    ----------
    months : the months of the answer's period, such as "2025-01"
    outcomes : name to values by month and the value of the whole period
    opening : name to the value on the day before, None for what has none
    stocks : stage to people by month
    resources : kind and name to supply, use and refusals by month
    flows : edge to people in the whole period
    costs : account to USD in the whole period
    design : every number drawn for the member, by parameter and place in it
    exhausted : space or effort to the days of each month on which somebody was stopped for want of it
    again : name to the value of the whole period with other luck, for the members that are lived twice
    steps : account and price to USD by month: what each account is made of
    """

    months: list[str]
    outcomes: Mapping[str, tuple[np.ndarray, float]]
    opening: dict[str, float | None]
    stocks: Mapping[str, np.ndarray]
    resources: dict[tuple[str, str], Lines]
    flows: dict[tuple[str, str], float]
    costs: dict[str, float]
    design: Mapping[str, float]
    exhausted: dict[str, np.ndarray]
    again: dict[str, float] = field(default_factory=dict)
    steps: Mapping[tuple[str, str], np.ndarray] = field(default_factory=dict)


def answer_of(
    scenario: Scenario,
    network: Network,
    ledger: Ledger,
    resolve: Resolve,
    design: Mapping[str, float],
    again: Ledger | None = None,
) -> Answer:
    """Read off a member's books all that is kept; ``again`` are its books with other luck."""
    window = scenario.start, scenario.end
    reader = Reader(ledger, window, resolve, LEAVES)
    other = None if again is None else Reader(again, window, resolve, LEAVES)
    return Answer(
        months=[ledger.segments[k][0].strftime("%Y-%m") for k in reader.segments],
        outcomes=Named(MEASURES, OF_OUTCOMES.read(reader), whole=True),
        opening={name: opening(one, ledger, scenario.start) for name, one in MEASURES.items()},
        stocks=Named(STOCKS, OF_STOCKS.read(reader)[:, :-1]),
        resources=_resources(network, ledger, reader),
        flows=_wholes(EDGES, OF_EDGES, reader),
        costs=_wholes(ACCOUNTS, OF_ACCOUNTS, reader),
        design=design,
        exhausted=_exhausted(network, ledger, reader),
        again={} if other is None else _wholes(MEASURES, OF_OUTCOMES, other),
        steps=Named(STEPS, OF_STEPS.read(reader)[:, :-1]),
    )


def _wholes(names: Iterable[K], sheet: Sheet, reader: Reader) -> dict[K, float]:
    return dict(zip(names, sheet.read(reader)[:, -1].tolist(), strict=True))


def sheet_of(lines: Mapping[Any, Any]) -> np.ndarray:
    """Return outcomes, stocks or steps of an answer as a sheet, the whole period of outcomes last."""
    if isinstance(lines, Named):
        return lines.sheet
    return np.array([np.append(*row) if isinstance(row, tuple) else row for row in lines.values()])


def some_of(scenario: Scenario, ledger: Ledger, resolve: Resolve, only: Collection[str]) -> Answer:
    """Read some outcomes off a member's books and nothing else, where nobody waits for more."""
    reader = Reader(ledger, (scenario.start, scenario.end), resolve, LEAVES)
    some = {name: one for name, one in MEASURES.items() if name in only}
    return Answer(
        months=[ledger.segments[k][0].strftime("%Y-%m") for k in reader.segments],
        outcomes={name: reader.read(one) for name, one in some.items()},
        opening={name: opening(one, ledger, scenario.start) for name, one in some.items()},
        **{part: {} for part in ("stocks", "resources", "flows", "costs", "design", "exhausted")},
    )


def packed(answers: Sequence[Answer]) -> np.ndarray:
    """Return all numbers of some answers, a row an answer."""
    return np.array([np.concatenate([np.ravel(part) for part in _parts(one)]) for one in answers])


def unpacked(rows: np.ndarray, like: Answer) -> list[Answer]:
    """Return answers from their numbers; names are those of another answer of the same scenario."""
    shapes = [np.shape(part) for part in _parts(like)]
    ends = [0, *itertools.accumulate(map(math.prod, shapes))]
    places = list(zip(itertools.pairwise(ends), shapes, strict=True))

    def parts(row: np.ndarray) -> Iterator[np.ndarray]:
        for (begin, end), shape in places:
            yield row[begin:end] if len(shape) == 1 else row[begin:end].reshape(shape)

    return [_named(like, parts(row)) for row in rows]


def _parts(one: Answer) -> Iterator[Any]:
    """Yield the numbers of an answer in the order in which `_named` takes them."""
    yield sheet_of(one.outcomes)
    yield [np.nan if level is None else level for level in one.opening.values()]
    yield sheet_of(one.stocks)
    for lines in one.resources.values():
        yield from lines
    yield from map(list, (one.flows.values(), one.costs.values(), one.design.values()))
    yield from one.exhausted.values()
    yield [one.again.get(name, np.nan) for name in one.outcomes]
    yield sheet_of(one.steps)


def _named(like: Answer, parts: Iterator[np.ndarray]) -> Answer:
    """Return an answer of some numbers."""

    def all_of(names: Iterable[K]) -> dict[K, float]:
        return dict(zip(names, next(parts).tolist(), strict=True))

    outcomes = Named(like.outcomes, next(parts), whole=True)
    opening = {
        name: None if like.opening[name] is None else level for name, level in all_of(like.opening).items()
    }
    stocks = Named(like.stocks, next(parts))
    resources = {name: (next(parts), next(parts), next(parts)) for name in like.resources}
    flows, costs, design = all_of(like.flows), all_of(like.costs), all_of(like.design)
    exhausted = {name: next(parts) for name in like.exhausted}
    again = {name: value for name, value in all_of(like.outcomes).items() if not np.isnan(value)}
    return Answer(
        like.months, outcomes, opening, stocks, resources, flows, costs, design, exhausted, again,
        Named(like.steps, next(parts)),
    )  # fmt: skip


def _resources(network: Network, ledger: Ledger, reader: Reader) -> dict[tuple[str, str], Lines]:
    """Return supply, use and refusals by month: daily means of spaces, sums of efforts.

    Refused: people who found a space full; people in line at the month's end for an effort.
    """
    ends = np.array([b - 1 for _, b in reader.spans])
    lines: dict[str, list[str]] = {effort.name: [] for effort in network.efforts}
    for node in network.nodes:
        effort_of = getattr(node, "effort", None)
        if effort_of is not None and node.name in ledger.stock:
            lines[effort_of].append(node.name)
    spaces = [space.name for space in network.spaces if space.capacity is not None]
    of_spaces = (
        reader.means(_side_by_side(ledger.capacity, spaces)),
        reader.means(_side_by_side(ledger.held, spaces)),
        reader.sums(_side_by_side(ledger.refused, spaces)),
    )
    none = np.zeros(len(ends), dtype=np.int64)
    of_efforts = (
        reader.sums(_side_by_side(ledger.supply, lines)),
        reader.sums(_side_by_side(ledger.spent, lines)),
        np.array([sum((ledger.stock[line][ends] for line in own), none) for own in lines.values()]),
    )
    found: dict[tuple[str, str], Lines] = {}
    for kind, names, parts in (("space", spaces, of_spaces), ("effort", list(lines), of_efforts)):
        for name, *own in zip(names, *(part * ledger.weight for part in parts), strict=True):
            found[kind, name] = own[0], own[1], own[2]
    return found


def _side_by_side(lines: Mapping[str, np.ndarray], names: Collection[str]) -> np.ndarray:
    """Return lines by day [name, day]."""
    return np.array([lines[name] for name in names]).reshape(len(names), -1 if names else 0)


def _exhausted(network: Network, ledger: Ledger, reader: Reader) -> dict[str, np.ndarray]:
    """Return the days of each month on which a space or effort stopped somebody, in resources' order."""
    spaces = {space.name: ledger.full[space.name] for space in network.spaces if space.capacity is not None}
    efforts = {effort.name: ledger.exhausted[effort.name] for effort in network.efforts}
    found = {**spaces, **efforts}
    return dict(zip(found, reader.sums(_side_by_side(found, found)).astype(float), strict=True))
