"""docket-ref on Mesa's event simulator: every person an agent, its next event scheduled.

Setting up the agents is part of the time. Usage: python on_mesa.py PEOPLE DAYS SEED
"""

from __future__ import annotations

import random
import time
from collections import deque
from typing import Any

import mesa
import workload as w
from mesa.experimental.devs import DEVSimulator, Priority

people, days, seed = run = w.arguments()
arrests_a_day, beds, hearings_a_day, seats_a_day = w.sizes(people)
attributes = w.attributes(people, seed)
counts = w.Counts()


class Person(mesa.Agent):
    """One person, and what happens next."""

    def __init__(self, model: Docket, i: int) -> None:
        super().__init__(model)
        self.fast, self.group = attributes[i] & 1, attributes[i] >> 1
        self.state, self.held, self.left, self.joined = "pool", False, 0, 0

    def wait(self, state: str, day: int) -> None:
        """Enter a state that ends on a day."""
        self.state = state
        self.model.at(self, day)

    def arrest(self, day: int) -> None:
        """Take a bed if there is one; begin."""
        model, luck = self.model, self.model.luck
        if model.free > 0:
            model.free -= 1
            self.held = True
            if self.fast:
                return self.wait("fast", day + w.exponential(luck, w.FAST_DAYS))
            if luck.random() < w.RELEASE_SHARE:
                return self.wait("release", day + w.exponential(luck, w.RELEASE_DAYS))
        self.left = w.hearings(luck)
        self.wait("court", day + w.lognormal(luck, w.FIRST_DETAINED if self.held else w.FIRST_OTHER))

    def fire(self) -> None:
        """End a stay."""
        model, luck, day, state = self.model, self.model.luck, self.model.day, self.state
        counts.timers += 1
        if state == "court":
            self.joined = day
            (model.detained_line if self.held else model.other_line).append(self)
        elif state == "document":
            self.joined = day
            model.flight_line.append(self)
        elif state == "release":
            model.free += 1
            self.held = False
            self.left = w.hearings(luck)
            self.wait("court", day + w.lognormal(luck, w.FIRST_OTHER))
        else:
            self.wait("document", day + w.exponential(luck, w.DOCUMENT_DAYS[self.group]))

    def hearing(self) -> None:
        """Be heard; what follows counts from tomorrow."""
        luck, day = self.model.luck, self.model.day
        counts.hearings += 1
        counts.hearing_wait += day - self.joined
        self.left -= 1
        if self.left:
            law = w.GAP_DETAINED if self.held else w.GAP_OTHER
            return self.wait("court", day + 1 + w.lognormal(luck, law))
        u = luck.random()
        if u < w.RELIEF_SHARE:
            self.give_back()
            self.state = "pool"
        elif u < w.RELIEF_SHARE + w.APPEAL_SHARE:
            self.wait("appeal", day + 1 + w.lognormal(luck, w.APPEAL))
        else:
            self.wait("document", day + 1 + w.exponential(luck, w.DOCUMENT_DAYS[self.group]))

    def fly(self) -> None:
        """Leave for good."""
        counts.removals += 1
        counts.flight_wait += self.model.day - self.joined
        self.state = "removed"
        self.give_back()

    def give_back(self) -> None:
        """Give the bed back, if held: it is free tomorrow."""
        if self.held:
            self.model.freed += 1
            self.held = False


class Docket(mesa.Model):
    """Everybody, the beds and the lines."""

    def __init__(self) -> None:
        super().__init__(seed=seed)
        self.luck = random.Random(seed)
        self.day, self.free, self.freed = 0, beds, 0
        self.detained_line: deque[Person] = deque()
        self.other_line: deque[Person] = deque()
        self.flight_line: deque[Person] = deque()
        self.people = [Person(self, i) for i in range(people)]
        self.clock = DEVSimulator()
        self.clock.setup(self)

    def at(self, agent: Person, day: int) -> None:
        """Schedule the end of a stay."""
        if day < days:
            self.clock.schedule_event_absolute(agent.fire, float(day), priority=Priority.HIGH)

    def evening(self) -> None:
        """Arrest, serve the lines and count, once a day."""
        for _ in range(arrests_a_day):
            agent: Any = self.people[int(self.luck.random() * people)]
            if agent.state == "pool":
                counts.arrests += 1
                agent.arrest(self.day)
            else:
                counts.misses += 1
        left = hearings_a_day
        for line in (self.detained_line, self.other_line):
            while left and line:
                left -= 1
                line.popleft().hearing()
        left = seats_a_day
        while left and self.flight_line:
            left -= 1
            self.flight_line.popleft().fly()
        counts.detained += beds - self.free


def main() -> None:
    """Run and report."""
    began = time.process_time()
    model = Docket()
    for day in range(days):
        model.day = day
        model.free += model.freed
        model.freed = 0
        model.clock.run_until(float(day))
        model.evening()
    seconds = time.process_time() - began
    court = len(model.detained_line) + len(model.other_line)
    w.report(f"Mesa {mesa.__version__}, events", run, seconds, counts, court, len(model.flight_line))


main()
