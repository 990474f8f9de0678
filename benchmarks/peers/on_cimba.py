"""docket-ref on cimba, in the style of events: a record a person with one event at a time, lines as stores.

(cimba's own compiler reads these classes.) The second of two runs is timed: the first compiles.
Usage: python on_cimba.py PEOPLE DAYS SEED
"""

import math
import time

import cimba as cb
import numpy as np
import workload as w
from cimba import random as luck

people, days, seed = run = w.arguments()


class World(cb.Model):
    """Everybody, the beds and the lines; one process serves them once a day."""

    in_pool: cb.Array[int]
    attributes: cb.Array[int]
    detained_line: cb.Store["Person"] = cb.Store()
    other_line: cb.Store["Person"] = cb.Store()
    flight_line: cb.Store["Person"] = cb.Store()
    arrests: cb.Output[int]
    misses: cb.Output[int]
    timers: cb.Output[int]
    hearings: cb.Output[int]
    removals: cb.Output[int]
    free: cb.Output[int]
    freed: cb.Output[int]
    hearing_wait: cb.Output[float]
    flight_wait: cb.Output[float]
    detained: cb.Output[float]
    court: cb.Output[int]
    flight: cb.Output[int]
    people: cb.Param[int]
    arrests_a_day: cb.Param[int]
    beds: cb.Param[int]
    hearings_a_day: cb.Param[int]
    seats_a_day: cb.Param[int]
    last: cb.Param[float]

    @cb.on_start
    def begin(self):
        """Set what does not start at zero, and sums."""
        self.hearing_wait = 0.0
        self.flight_wait = 0.0
        self.detained = 0.0
        self.free = self.beds

    @cb.process
    def each_day(self):
        """Arrest, serve the lines and count, once a day."""
        cb.hold(0.5)
        while True:
            for _ in range(self.arrests_a_day):
                i = int(luck.uniform(0.0, 1.0) * self.people)
                if self.in_pool[i] == 1:
                    self.in_pool[i] = 0
                    self.arrests += 1
                    p = cb.spawn(Person, world=self, number=i, state=0, held=0, left=0, joined=0.0)
                    p.arrest()
                else:
                    self.misses += 1
            left = self.hearings_a_day
            while left > 0 and self.detained_line.length() > 0:
                p = self.detained_line.get()
                p.hearing()
                left -= 1
            while left > 0 and self.other_line.length() > 0:
                p = self.other_line.get()
                p.hearing()
                left -= 1
            left = self.seats_a_day
            while left > 0 and self.flight_line.length() > 0:
                p = self.flight_line.get()
                p.fly()
                left -= 1
            self.detained += self.beds - self.free
            self.court = self.detained_line.length() + self.other_line.length()
            self.flight = self.flight_line.length()
            cb.hold(0.45)
            self.free += self.freed
            self.freed = 0
            cb.hold(0.55)


class Person(cb.Model):
    """One person; state 1 fast, 2 before release, 3 court, 4 appeal, 5 document."""

    world: cb.Ref[World]
    number: cb.Param[int]
    state: cb.Output[int]
    held: cb.Output[int]
    left: cb.Output[int]
    joined: cb.Output[float]

    @cb.function
    def exponential(self, mean: float) -> float:
        """Return whole days of an exponential law."""
        return min(1000.0, max(1.0, math.ceil(luck.exponential(mean))))

    @cb.function
    def lognormal(self, median: float, spread: float) -> float:
        """Return whole days of a lognormal law."""
        return min(1000.0, max(1.0, math.ceil(median * math.exp(spread * luck.normal(0.0, 1.0)))))

    @cb.function
    def set_hearings(self) -> None:
        """Draw how many hearings the case needs."""
        u = luck.uniform(0.0, 1.0)
        if u < 0.3:
            self.left = 1
        elif u < 0.6:
            self.left = 2
        elif u < 0.85:
            self.left = 3
        else:
            self.left = 4

    @cb.function
    def arrest(self) -> None:
        """Take a bed if there is one; begin."""
        world = self.world
        if world.free > 0:
            world.free -= 1
            self.held = 1
            if (world.attributes[self.number] & 1) == 1:
                self.state = 1
                cb.schedule(self.fire, self.exponential(10.0) - 0.5)
                return
            if luck.uniform(0.0, 1.0) < 0.3:
                self.state = 2
                cb.schedule(self.fire, self.exponential(20.0) - 0.5)
                return
        self.set_hearings()
        self.state = 3
        if self.held == 1:
            cb.schedule(self.fire, self.lognormal(21.0, 0.6) - 0.5)
        else:
            cb.schedule(self.fire, self.lognormal(120.0, 0.6) - 0.5)

    @cb.function
    def to_document(self, lag: float) -> None:
        """Wait for a travel document."""
        group = self.world.attributes[self.number] >> 1
        mean = 7.0
        if group == 1:
            mean = 20.0
        elif group == 2:
            mean = 60.0
        elif group == 3:
            mean = 180.0
        self.state = 5
        cb.schedule(self.fire, self.exponential(mean) + lag)

    @cb.event
    def fire(self):
        """End a stay (events left over are fired after the last day: not ours)."""
        world = self.world
        if cb.now() >= world.last:
            return
        world.timers += 1
        if self.state == 3:
            self.joined = cb.now()
            if self.held == 1:
                world.detained_line.put(self)
            else:
                world.other_line.put(self)
        elif self.state == 5:
            self.joined = cb.now()
            world.flight_line.put(self)
        elif self.state == 2:
            world.free += 1
            self.held = 0
            self.set_hearings()
            self.state = 3
            cb.schedule(self.fire, self.lognormal(120.0, 0.6))
        else:
            self.to_document(0.0)

    @cb.function
    def hearing(self) -> None:
        """Be heard; what follows counts from tomorrow."""
        world = self.world
        world.hearings += 1
        world.hearing_wait += cb.now() - 0.5 - self.joined
        self.left -= 1
        if self.left > 0:
            if self.held == 1:
                cb.schedule(self.fire, self.lognormal(14.0, 0.5) + 0.5)
            else:
                cb.schedule(self.fire, self.lognormal(90.0, 0.5) + 0.5)
            return
        u = luck.uniform(0.0, 1.0)
        if u < 0.3:
            world.freed += self.held
            world.in_pool[self.number] = 1
            cb.release(self)
        elif u < 0.45:
            self.state = 4
            cb.schedule(self.fire, self.lognormal(150.0, 0.4) + 0.5)
        else:
            self.to_document(0.5)

    @cb.function
    def fly(self) -> None:
        """Leave for good."""
        world = self.world
        world.removals += 1
        world.flight_wait += cb.now() - 0.5 - self.joined
        world.freed += self.held
        cb.release(self)


def main():
    """Run twice and report the second."""
    model = World()
    sizes = w.sizes(people)
    model.arrests_a_day, model.beds, model.hearings_a_day, model.seats_a_day = sizes
    model.people, model.last = people, float(days)
    model.in_pool = cb.Array([1] * people)
    model.attributes = cb.Array(list(w.attributes(people, seed)))
    trial = cb.Experiment(model, replications=1, window=cb.Window(duration=float(days)), seed=seed)
    trial.run()
    began = time.process_time()
    found = trial.run()
    seconds = time.process_time() - began

    def of(name):
        value = getattr(found[model], name)
        return float(np.asarray(getattr(value, "values", value)).ravel()[0])

    whole = ("arrests", "misses", "timers", "hearings", "removals")
    counts = w.Counts(
        *(int(of(name)) for name in whole), of("hearing_wait"), of("flight_wait"), of("detained")
    )
    name = f"cimba {cb.__version__}, events"
    w.report(name, run, seconds, counts, int(of("court")), int(of("flight")))


main()
