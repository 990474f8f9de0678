"""docket-ref on salabim, in its faster generator mode: one component a person arrested.

Usage: python on_salabim.py PEOPLE DAYS SEED
"""

from __future__ import annotations

import random
import time
from collections.abc import Generator
from typing import Any

import salabim
import workload as w

salabim.yieldless(False)
Steps = Generator[Any, Any, None]
people, days, seed = run = w.arguments()
arrests_a_day, beds_in_all, hearings_a_day, seats_a_day = w.sizes(people)
luck = random.Random(seed)
attributes = w.attributes(people, seed)
in_pool = bytearray(b"\1") * people
counts = w.Counts()


class Person(salabim.Component):
    """One person, from arrest to removal or relief."""

    def setup(self, i: int) -> None:
        """Remember who it is."""
        self.i = i

    def process(self) -> Steps:
        """Live."""
        fast, group = attributes[self.i] & 1, attributes[self.i] >> 1
        held, lag = False, 0.5
        if beds.available_quantity() >= 1:
            held = True
            yield self.request(beds)
        if held and fast:
            yield self.hold(w.exponential(luck, w.FAST_DAYS) - 0.5)
            counts.timers += 1
        else:
            if held and luck.random() < w.RELEASE_SHARE:
                yield self.hold(w.exponential(luck, w.RELEASE_DAYS) - 0.5)
                counts.timers += 1
                lag = 0.0
                self.release(beds)
                held = False
            left = w.hearings(luck)
            yield self.hold(w.lognormal(luck, w.FIRST_DETAINED if held else w.FIRST_OTHER) - lag)
            counts.timers += 1
            while True:
                joined = env.now()
                yield self.request((court, 1, 0 if held else 1))
                counts.hearings += 1
                counts.hearing_wait += env.now() - joined
                yield self.hold(1)
                self.release(court)
                left -= 1
                if left == 0:
                    break
                yield self.hold(w.lognormal(luck, w.GAP_DETAINED if held else w.GAP_OTHER))
                counts.timers += 1
            u = luck.random()
            if u < w.RELIEF_SHARE:
                if held:
                    self.release(beds)
                in_pool[self.i] = 1
                return
            if u < w.RELIEF_SHARE + w.APPEAL_SHARE:
                yield self.hold(w.lognormal(luck, w.APPEAL))
                counts.timers += 1
        yield self.hold(w.exponential(luck, w.DOCUMENT_DAYS[group]))
        counts.timers += 1
        joined = env.now()
        yield self.request(seats)
        counts.removals += 1
        counts.flight_wait += env.now() - joined
        yield self.hold(1)
        self.release(seats)
        if held:
            self.release(beds)


class Arrests(salabim.Component):
    """Arrests once a day."""

    def process(self) -> Steps:
        """Live."""
        yield self.hold(0.5)
        while True:
            for _ in range(arrests_a_day):
                i = int(luck.random() * people)
                if in_pool[i]:
                    in_pool[i] = 0
                    counts.arrests += 1
                    Person(i=i)
                else:
                    counts.misses += 1
            yield self.hold(0.25)
            counts.detained += beds_in_all - beds.available_quantity()
            yield self.hold(0.75)


began = time.process_time()
env = salabim.Environment(trace=False, random_seed=seed)
court = salabim.Resource(capacity=hearings_a_day, monitor=False)
seats = salabim.Resource(capacity=seats_a_day, monitor=False)
beds = salabim.Resource(capacity=beds_in_all, monitor=False)
Arrests()
env.run(till=days)
took = time.process_time() - began
lines = len(court.requesters()), len(seats.requesters())
w.report(f"salabim {salabim.__version__}", run, took, counts, *lines)
