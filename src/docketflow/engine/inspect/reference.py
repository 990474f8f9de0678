"""The twin: the same machine written plainly and slowly, as the oracle that the kernel must equal to the bit.

It reads the declaration itself (not the flat tables): one object a person, lists for the calendar and the
lines, a heap for each draw. It shares with the fast machine only the hash, the tables of laws and the
rounding of rates. It must not know how anything lies in memory.
"""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from docketflow.engine.compile.bound import Bound
from docketflow.engine.compile.needs import floors
from docketflow.engine.compile.rates import in_records
from docketflow.engine.declare import vocabulary as d
from docketflow.engine.inspect.reference_moves import GOLDEN, Moves, Person, scramble
from docketflow.engine.inspect.spent import age_in_equilibrium, remaining
from docketflow.engine.layout import ARRIVAL_BIT, DAY_BIT, QUANTILES, WIDER, WINDOW
from docketflow.engine.run.ledger import Ledger
from docketflow.engine.run.stock import Cells, Stock

FAR, FURTHEST = 1 << 62, 1 << 56
TOGETHER = 128  # how many people a draw takes out of its pool before they are sent on
ATTEMPT_KEY = 0x94D049BB133111EB


def run(bound: Bound, cells: Cells | Stock, seed: int) -> Ledger:
    """Live the whole run slowly and return its books."""
    return Twin(bound, cells, seed).live()


class Twin(Moves):
    """A whole run: the starting stock, the passes of each day, the books."""

    def __init__(self, bound: Bound, cells: Cells | Stock, seed: int) -> None:
        super().__init__(bound, seed)
        self.waits = [node for node in self.network.nodes if isinstance(node, d.Wait)]
        self.efforts = {effort.name: effort for effort in self.network.efforts}
        self.budgets = {floor.name: 0 for _, floor in floors(bound.program)}
        self.short = dict.fromkeys(self.budgets, 0)
        self.book: dict[str, dict[str, list[int]]] = {
            kind: {name: [] for name in columns} for kind, columns in self.now.items()
        }
        self._new_segment()
        self._place(cells)
        self.started = len(self.people)
        self.opening = {**self.now["stock"], **self.now["held"]}

    # --- the starting stock -------------------------------------------------------------------------
    def _place(self, cells: Cells | Stock) -> None:
        stock = cells if isinstance(cells, Stock) else Stock.of(self.bound.program, cells)
        starts, words = stock.records(self.bound.scale)
        fields = self.bound.program.fields.values()
        kinds, alike = np.unique(words, axis=0, return_inverse=True)
        traits = [{f.name: int(f.read(kinds)[k]) for f in fields} for k in range(len(kinds))]
        self.people += [Person(k, k, traits[kind]) for k, kind in enumerate(alike.ravel())]
        begun = [self.network.starts[number] for number in starts]
        spent = [self._spent(start, person) for start, person in zip(begun, self.people, strict=True)]

        def turn(k: int) -> tuple[bool, int, int, int]:
            wait = self.nodes[begun[k].at]
            if not isinstance(wait, d.Wait):
                return False, 0, starts[k], k
            return True, -spent[k][0], starts[k], self.in_line(self.people[k], wait)

        for k in sorted(range(len(self.people)), key=turn):
            self.age, self.rest = spent[k]
            way = d.to(begun[k].at, do=begun[k].do)
            self.settle(self.people[k], self.follow(self.people[k], way, begun[k].name), starting=True)
        self.age, self.rest = 0, None

    def _spent(self, start: d.Start, person: Person) -> tuple[int, int | None]:
        """Return the days already spent and what remains of the stay."""
        if start.spent is None:
            return 0, None
        node = self.nodes[start.at]
        table = self.table(node.stay, person) if isinstance(node, d.Stage) else None
        early, late = (self._unit(person, f"{start.name}/{what}") for what in ("age", "rest"))
        if isinstance(start.spent, d.Law):
            age = int(self.table(start.spent, person)[int(early[0] * QUANTILES)])
        else:
            assert table is not None
            age = int(age_in_equilibrium(table, early)[0])
        return age, None if table is None else int(remaining(table, np.array([age]), late)[0])

    def _unit(self, person: Person, name: str) -> np.ndarray:
        return np.array([(self.draw_of(person, name) >> 11) / 2.0**53])

    # --- a day --------------------------------------------------------------------------------------
    def live(self) -> Ledger:
        """Live every day and return the books."""
        for day in range(self.bound.days):
            self.day = day
            self._month()
            self._spaces()
            self._events()
            self._efforts()
            self._arrivals()
            self._timers()
            self.serving = True
            self._floors()
            self.serving = False
            for draw in self.network.draws:
                self._draw(draw)
            for number, attempt in enumerate(self.network.attempts):
                self._attempt(number, attempt)
            self._places()
            self.serving = True
            self._floors()
            self._services()
            self.serving = False
            self._evening()
        return self._ledger()

    def _new_segment(self) -> None:
        for tally in self.network.tallies:
            shape = tuple(len(values) for trait, values in self.values.items() if trait in tally.by)
            self.tallies[tally.name].append(np.zeros(shape, dtype=np.int64))

    def _month(self) -> None:
        today = self.bound.first + dt.timedelta(self.day)
        for name, effort in self.efforts.items():
            if isinstance(effort, d.Quota) and today in effort.renewed:
                self.left[name] = 0
        if self.day and today.day == 1:
            for feedback in self.network.feedbacks:
                months: defaultdict[tuple[int, int], int] = defaultdict(int)
                for cut, cells in zip(self.bound.cuts, self.tallies[feedback.reads], strict=False):
                    start = self.bound.first + dt.timedelta(cut)
                    months[start.year, start.month] += int(cells.sum())
                past = [counted * float(1 / self.bound.scale) for counted in months.values()]
                self._change_rate(feedback.on, float(feedback.law(past)))
        if self.day and self.day in self.bound.cuts:
            self._new_segment()
        all_again = today.day == 1 or today in {e.date for e in self.network.events}
        for k, draw in enumerate(self.network.draws):
            if all_again or k in self.bound.reweighed.get(self.day, []):
                self.empty[draw.name] = False

    def _change_rate(self, name: str, factor: float) -> None:
        kinds: dict[str, Iterable[str]] = {
            "exposure": self.heaps, "arrival": self.now["arrived"], "effort": self.efforts,
            "floor": [effort.name for effort, _ in floors(self.bound.program)],
        }  # fmt: skip
        for kind, names in kinds.items():
            for k, one in enumerate(names):
                if one == name:
                    line = self.bound.rates[kind][self.day :, k : k + 1] * factor
                    self.whole[kind][self.day :, k : k + 1] = in_records(kind, line, self.bound.scale)

    def _events(self) -> None:
        for event in self.network.events:
            if (event.date - self.bound.first).days != self.day:
                continue
            for person in self.people:
                assert person.place is not None
                wanted = (
                    person.place.name in event.stages if event.stages else not isinstance(person.place, d.End)
                )
                if wanted and self.fits(person, event.when):
                    self.send(person, event)

    def _spaces(self) -> None:
        for k, space in enumerate(self.capacity):
            self.now["held"][space] -= self.freed[space]
            self.freed[space] = 0
            self.capacity[space] = int(self.whole["space"][self.day, k])

    def _efforts(self) -> None:
        for k, effort in enumerate(self.left):
            self.left[effort] += int(self.whole["effort"][self.day, k])
            self.blocked[effort] = False
            self.wanted[effort] = 0
        for k, floor in enumerate(self.budgets):
            self.budgets[floor] += int(self.whole["floor"][self.day, k])

    def _arrivals(self) -> None:
        for k, arrive in enumerate(self.network.arrivals):
            for ordinal in range(int(self.whole["arrival"][self.day, k])):
                identity = (k + 1) << ARRIVAL_BIT | self.day << DAY_BIT | ordinal
                person = Person(len(self.people), identity, dict.fromkeys(self.values, 0))
                self.people.append(person)
                self.now["arrived"][arrive.name] += 1
                self.send(person, arrive)

    def _timers(self) -> None:
        for person, clock, token in self.calendar.pop(self.day, []):
            if clock is None:
                if token == person.token:
                    self.now["timers"]["timers"] += 1
                    self.send(person, person.place)
            elif token == person.lanes.get(clock.lane):
                self.now["timers"]["timers"] += 1
                del person.lanes[clock.lane]
                self.send(person, clock)

    def afford(self, person: Person, owner: d.Wait | d.Draw) -> bool:
        """Give a person what they need; if an effort is short, all they need is kept for them."""
        if owner.space is not None and self.no_room(owner.space):
            return False
        short = self.charge(person, owner)
        if short is not None:
            self.blocked[short] = True
            for effort, cost in self.costs(person, owner).items():
                self.wanted[effort] = max(self.wanted[effort], cost)
            return False
        if owner.space is not None:
            self.hold(person, owner.space)
        return True

    def kept(self, owner: d.Wait | d.Draw) -> bool:
        """Return whether any effort that is needed is kept for somebody else today."""
        needed = [owner.effort, *(need.effort for need in owner.also)]
        return any(self.blocked[effort] for effort in needed if effort is not None)

    def _draw(self, draw: d.Draw) -> None:
        heap, number = self.heaps[draw.name], list(self.heaps).index(draw.name)
        exposure = int(self.whole["exposure"][self.day, number])
        upto = FAR if exposure < 0 else self.levels[draw.name] + exposure
        while not self.kept(draw):
            found: list[tuple[int, int, int, Person]] = []
            while heap and len(found) < TOGETHER and heap[0][0] <= upto:
                entry = heapq.heappop(heap)
                if entry[3].lanes.get(draw.pool) == entry[2]:
                    found.append(entry)
            if not found:
                if self._window_ends(draw, upto):
                    continue
                if exposure >= 0:
                    self.levels[draw.name] = upto
                return
            used, so_far = 0, self.levels[draw.name]
            for level, _, token, person in found:
                if person.lanes.get(draw.pool) == token:
                    if not self.afford(person, draw):
                        break
                    del person.lanes[draw.pool]
                    self.now["taken"][draw.name] += 1
                    self.levels[draw.name] = level
                    self.send(person, draw)
                used += 1
            self.levels[draw.name] = max(so_far, found[used - 1][0]) if used else so_far
            for entry in found[used:]:
                heapq.heappush(heap, entry)
            if used < len(found):
                return

    def _window_ends(self, draw: d.Draw, upto: int) -> bool:
        """Open the windows that follow, as far as the level goes; say whether to look for people again."""
        start, wide = self.windows[draw.name]
        if upto < start + wide:
            return False
        start += wide
        if not self.empty[draw.name]:
            members = [p for p in self.people if draw.pool in p.lanes and self.inverse(draw, p)]
            if members:
                wide = max(wide, min(wide << WIDER, WINDOW))
                while not self._due(draw, members, start, wide) and start + wide <= upto and wide < FURTHEST:
                    start, wide = start + wide, 2 * wide
                self.windows[draw.name], self.levels[draw.name] = (start, wide), start
                return True
            self.empty[draw.name] = True
        if upto != FAR and upto >= start:
            self.windows[draw.name] = (start + (upto - start) // wide * wide, wide)
        return False

    def _due(self, draw: d.Draw, members: Sequence[Person], start: int, wide: int) -> bool:
        for person in members:
            self.expect(draw, person, start, wide, start)
        return bool(self.heaps[draw.name])

    def _attempt(self, number: int, attempt: d.Attempt) -> None:
        luck = scramble(self.seed + (number + 1) * ATTEMPT_KEY)
        for k in range(int(self.whole["attempt"][self.day, number])):
            hashed = scramble(luck + (self.day << 32 | k) * GOLDEN)
            chosen = (hashed >> 32) * self.started >> 32
            self.now["tried"][attempt.name] += 1
            if chosen < self.started and self.people[chosen].place is self.nodes[attempt.stage]:
                self.send(self.people[chosen], attempt)
            else:
                self.now["missed"][attempt.name] += 1

    def _places(self) -> None:
        for name, classes in self.joiners.items():
            node = self.nodes[name]
            assert isinstance(node, d.Wait)
            for rank, joiners in classes.items():
                if node.order == "hash":
                    joiners.sort(key=lambda ticket: ticket[0].turn)
                self.lines[name][rank] += joiners
                joiners.clear()

    def _services(self) -> None:
        done = set()
        for wait in self.waits:
            effort = self.efforts.get(wait.effort or "")
            if not isinstance(effort, d.Effort) or effort.order == d.LISTED:
                self._serve_all([wait], None)
            elif effort.name not in done:
                done.add(effort.name)
                self._serve_all([other for other in self.waits if other.effort == effort.name], effort)

    def _serve_all(
        self, waits: Sequence[d.Wait], by_class: d.Effort | None, floor: d.Floor | None = None
    ) -> None:
        """Serve waits one after the other, or class by class over all; of a floor only its classes."""
        pairs = [(k, rank) for k, wait in enumerate(waits) for rank in sorted(self.lines[wait.name])]
        if by_class is not None:
            pairs.sort(key=lambda pair: (pair[1], pair[0]))
        for k, rank in pairs:
            if floor is None or not floor.classes or rank in floor.classes:
                self._serve(waits[k], rank)

    def _floors(self) -> None:
        """Serve each floor as if its budget were all there is."""
        for effort, floor in floors(self.bound.program):
            name, waits = effort.name, [one for one in self.waits if one.effort == effort.name]
            if self.blocked[name]:
                continue
            before, self.wanted[name] = self.wanted[name], 0
            whole, budget = self.left[name], self.budgets[floor.name]
            self.left[name] = most = min(whole, budget)
            chosen = [one for one in waits if not floor.waits or one.name in floor.waits]
            self._serve_all(chosen, effort if effort.order == d.CLASSES else None, floor)
            used = most - self.left[name]
            self.left[name], self.budgets[floor.name] = whole - used, budget - used
            if self.blocked[name] and most < whole:
                self.blocked[name] = False
            self.short[floor.name] = self.wanted[name]
            self.wanted[name] = max(before, self.wanted[name])

    def _serve(self, wait: d.Wait, rank: int) -> None:
        if self.kept(wait):
            return
        line = self.lines[wait.name][rank]
        for k, (person, token) in enumerate(line):
            if token != person.token:
                continue
            if not self.afford(person, wait):
                del line[:k]
                return
            self.now["served"][wait.name] += 1
            self.now["waited"][wait.name] += self.day - person.joined
            self.send(person, wait)
        line.clear()

    def _evening(self) -> None:
        for name, blocked in self.blocked.items():
            if blocked:
                self.now["exhausted"][name] = 1
            if not isinstance(self.efforts[name], d.Quota):
                self.left[name] = min(self.left[name], self.wanted[name])
        for floor, short in self.short.items():
            self.budgets[floor] = min(self.budgets[floor], short)
        for kind, columns in self.now.items():
            for name, amount in columns.items():
                self.book[kind][name].append(amount)
                if kind not in ("stock", "held"):
                    columns[name] = 0

    # --- the books ----------------------------------------------------------------------------------
    def _ledger(self) -> Ledger:
        bound = self.bound
        edges = [bound.first + dt.timedelta(c) for c in (*bound.cuts, bound.days)]
        lines = {
            kind: {name: np.array(days, dtype=np.int64) for name, days in columns.items()}
            for kind, columns in self.book.items()
        }
        return Ledger(
            first=bound.first,
            weight=float(1 / bound.scale),
            segments=[(a, b - dt.timedelta(1)) for a, b in itertools.pairwise(edges)],
            capacity={name: self.whole["space"][:, k] for k, name in enumerate(self.capacity)},
            supply={name: self.whole["effort"][:, k] for k, name in enumerate(self.left)},
            timers=lines.pop("timers")["timers"],
            opening=self.opening,
            tallies={name: np.stack(cells) for name, cells in self.tallies.items()},
            tally_axes={
                t.name: [(trait, values) for trait, values in self.values.items() if trait in t.by]
                for t in self.network.tallies
            },
            **lines,
        )
