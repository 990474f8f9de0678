"""The starting stocks of a simulator: the same people, dealt out by shares that are drawn for each member."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from docketflow.conductor import model
from docketflow.conductor.drawing import Drawn, Draws
from docketflow.core.quantity import Dated
from docketflow.policy import Scenario

if TYPE_CHECKING:
    from docketflow.engine.run.stock import Stock


class Stocks:
    """The starting stocks of a scenario.

    Parameters
    ----------
    scenario : Scenario
    given : Stock, optional
        The starting stock at central values; that of the scenario's first day if not given.
    """

    def __init__(self, scenario: Scenario, given: Stock | None = None) -> None:
        self.scenario, self._whole = scenario, given
        self._lock = threading.Lock()
        self._dealt: WeakKeyDictionary[Draws, list[tuple[list[np.ndarray], Stock]]] = WeakKeyDictionary()

    @property
    def whole(self) -> Stock:
        """The starting stock, as it is dealt out at the central values."""
        with self._lock:
            if self._whole is None:
                self._whole = model.stock(self.scenario.first, self.scenario.people)
            return self._whole

    def under(self, scenario: Scenario) -> Stock:
        """Return the starting stock, another one where a scenario says how many people there are."""
        if scenario.people in (None, self.scenario.people):
            return self.whole
        return model.stock(self.scenario.first, scenario.people)

    def of(self, drawn: Drawn, scenario: Scenario) -> Stock:
        """Return the starting stock of a member under a scenario; the same object under the own one."""
        stock, whole = self.under(scenario), self.whole
        if not stock.forks:
            return stock
        with self._lock:
            dealt = self._dealt.get(drawn.draws)
            if dealt is None:
                every = model.shares(whole, drawn.draws.parameters, self.scenario.first)
                dealt = self._dealt[drawn.draws] = [(shares, whole.drawn(shares)) for shares in every]
        shares, own = dealt[min(drawn.place, len(dealt) - 1)]
        return own if stock is whole else stock.drawn(shares)

    def at(self, scenario: Scenario, values: Mapping[str, Dated], given: Collection[str]) -> Stock | None:
        """Return the starting stock at values some of which are given, None if none of these deals it out."""
        stock = self.under(scenario)
        if not stock.forks or model.read_by_shares().isdisjoint(given):
            return None
        return stock.drawn(next(model.shares(stock, values, self.scenario.first)))
