"""What decides a fit, hashed: a posterior of other evidence, or of another method, is not taken up."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from docketflow.calibrate.method import declared
from docketflow.calibrate.targets import LAST, series
from docketflow.evidence import Room
from docketflow.fitted.grounds import parameters
from docketflow.fitted.places import Fitted
from docketflow.policy import Scenario


def grounds(room: Room, scenario: Scenario, numbers: Sequence[Fitted] = ()) -> str:
    """Return a hash of what was known of days up to the last that fits see, and of how a fit is made.

    In it are parameters, targets with how sure each is, what the scenario sets, what is fitted (`numbers`, or
    `fitted.yaml`) and the constants of the method that decide fits. What is known of later days, the people
    of the first day and the code are not: a manifest names each apart.
    """
    digest = hashlib.sha256(parameters(room, LAST, numbers).encode())
    for target in series(room):
        figures = [(figure.period_start, figure.period_end, figure.value) for figure in target.figures]
        sure = (target.reporting, target.revised, target.discrepancy)
        digest.update(repr((target.outcome, figures, sure)).encode())
    constants = [(name, one["value"]) for name, one in sorted(declared().items()) if one.get("fits", True)]
    digest.update(repr(constants).encode())
    digest.update(scenario.hash.encode())
    return digest.hexdigest()
