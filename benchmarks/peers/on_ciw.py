"""docket-ref on Ciw, as near as it can say it: a node of delays, a court, a flight; detained people first.

Ciw holds no resource across nodes, so beds are a counter in the routing; one identity that is arrested again
is kept by drawing people in the arrival hook, which sees the beds before the day's arrests (its mean number
detained is therefore lower). Usage: python on_ciw.py PEOPLE DAYS SEED
"""

from __future__ import annotations

import random
import time
from typing import Any

import ciw
import workload as w

people, days, seed = run = w.arguments()
arrests_a_day, beds, hearings_a_day, seats_a_day = w.sizes(people)
luck = random.Random(seed)
attributes = w.attributes(people, seed)
in_pool = bytearray(b"\1") * people
counts = w.Counts()


class World:
    """Beds that are free, and who is arrested today."""

    free = beds
    found: list[int]


class Arrests(ciw.dists.Distribution):
    """How many people are found in a day."""

    def sample(self, t: Any = None, ind: Any = None) -> int:
        """Try people at random."""
        World.found = []
        for _ in range(arrests_a_day):
            i = int(luck.random() * people)
            if in_pool[i]:
                in_pool[i] = 0
                World.found.append(i)
            else:
                counts.misses += 1
        counts.arrests += len(World.found)
        counts.detained += beds - World.free
        return len(World.found)


class Daily(ciw.dists.Distribution):
    """Noon of every day."""

    first = True

    def sample(self, t: Any = None, ind: Any = None) -> float:
        """Return the days to the next noon."""
        if self.first:
            self.first = False
            return 0.5
        return 1.0


class Delay(ciw.dists.Distribution):
    """Every stay, by what the person is waiting for."""

    def sample(self, t: Any = None, ind: Any = None) -> float:
        """Return the days to wait."""
        state = getattr(ind, "state", None)
        if state is None:
            return self.arrested(ind)
        if state == "released":
            ind.state = "court"
            return w.lognormal(luck, w.FIRST_OTHER)
        if state == "gap":
            ind.state = "court"
            return w.lognormal(luck, w.GAP_DETAINED if ind.held else w.GAP_OTHER)
        if state == "appeal":
            return w.lognormal(luck, w.APPEAL)
        return w.exponential(luck, w.DOCUMENT_DAYS[ind.group])

    def arrested(self, ind: Any) -> float:
        """Take a bed if there is one; return the first stay from noon on."""
        ind.person = World.found.pop()
        ind.held, ind.left, ind.group = False, 0, attributes[ind.person] >> 1
        if World.free > 0:
            World.free -= 1
            ind.held = True
            if attributes[ind.person] & 1:
                ind.state = "fast"
                return w.exponential(luck, w.FAST_DAYS) - 0.5
            if luck.random() < w.RELEASE_SHARE:
                ind.state = "release"
                return w.exponential(luck, w.RELEASE_DAYS) - 0.5
        ind.left = w.hearings(luck)
        ind.state = "court"
        return w.lognormal(luck, w.FIRST_DETAINED if ind.held else w.FIRST_OTHER) - 0.5


class Heard(ciw.dists.Distribution):
    """A hearing takes a day."""

    def sample(self, t: Any = None, ind: Any = None) -> float:
        """Count it."""
        counts.hearings += 1
        counts.hearing_wait += t - ind.arrival_date
        return 1.0


class Flown(ciw.dists.Distribution):
    """A flight takes a day."""

    def sample(self, t: Any = None, ind: Any = None) -> float:
        """Count it."""
        counts.removals += 1
        counts.flight_wait += t - ind.arrival_date
        return 1.0


class AfterDelay(ciw.routing.NodeRouting):
    """Where a stay leads."""

    def next_node(self, ind: Any) -> Any:
        """Return the court, the flight or another stay."""
        nodes, state = self.simulation.nodes, ind.state
        counts.timers += 1
        if state == "court":
            ind.customer_class = "Detained" if ind.held else "Other"
            ind.priority_class = 0 if ind.held else 1
            return nodes[2]
        if state == "release":
            World.free += 1
            ind.held = False
            ind.left = w.hearings(luck)
            ind.state = "released"
            return nodes[1]
        if state in ("fast", "appeal"):
            ind.state = "document"
            return nodes[1]
        ind.customer_class, ind.priority_class = "Other", 1
        return nodes[3]


class AfterHearing(ciw.routing.NodeRouting):
    """Where a hearing leads."""

    def next_node(self, ind: Any) -> Any:
        """Return another stay, or the way out."""
        nodes = self.simulation.nodes
        ind.left -= 1
        ind.customer_class, ind.priority_class = "Other", 1
        if ind.left:
            ind.state = "gap"
            return nodes[1]
        u = luck.random()
        if u < w.RELIEF_SHARE:
            if ind.held:
                World.free += 1
            in_pool[ind.person] = 1
            return nodes[-1]
        ind.state = "appeal" if u < w.RELIEF_SHARE + w.APPEAL_SHARE else "document"
        return nodes[1]


class AfterFlight(ciw.routing.NodeRouting):
    """Out."""

    def next_node(self, ind: Any) -> Any:
        """Give the bed back."""
        if ind.held:
            World.free += 1
        return self.simulation.nodes[-1]


class Node(ciw.Node):
    """A node that takes a person's new class as it stands."""

    def accept(self, ind: Any) -> None:
        """Let a person in."""
        ind.prev_priority_class, ind.previous_class = ind.priority_class, ind.customer_class
        super().accept(ind)


def network() -> Any:
    """Return the network."""
    services = [Delay(), Heard(), Flown()]
    one = ciw.dists.Deterministic(1)
    ways = ciw.routing.NetworkRouting(routers=[AfterDelay(), AfterHearing(), AfterFlight()])
    return ciw.create_network(
        arrival_distributions={"Other": [Daily(), None, None], "Detained": [None, None, None]},
        batching_distributions={"Other": [Arrests(), one, one], "Detained": [one, one, one]},
        service_distributions={"Other": services, "Detained": services},
        number_of_servers=[float("inf"), hearings_a_day, seats_a_day],
        priority_classes={"Detained": 0, "Other": 1},
        routing={"Other": ways, "Detained": ways},
    )


def main() -> None:
    """Run and report."""
    declared = network()
    began = time.process_time()
    ciw.seed(seed)
    simulation = ciw.Simulation(declared, node_class=Node)
    simulation.simulate_until_max_time(days)
    court, flight = (
        sum(1 for one in node.all_individuals if not one.server) for node in simulation.nodes[2:4]
    )
    w.report(f"Ciw {ciw.__version__}", run, time.process_time() - began, counts, court, flight)


main()
