"""What of the evidence a fit rests on, hashed: a posterior of other evidence than this is not taken up."""

from __future__ import annotations

import hashlib

from docketflow.calibrate.fitted import cells, fitted
from docketflow.calibrate.targets import LAST, series
from docketflow.evidence import Room
from docketflow.evidence.otherwise.as_of import until


def grounds(room: Room) -> str:
    """Return a hash of what was known of days up to the last that fits see, and of what is fitted.

    What is known of later days, and the code, are not in it: a manifest names both apart.
    """
    digest = hashlib.sha256()
    for path, one in sorted(room.parameters.items()):
        said = [(start, cells(value).tolist()) for start, value in until(one.value, LAST)]
        digest.update(repr((path, said, one.shape)).encode())
    for target in series(room):
        digest.update(repr((target.outcome, [figure.value for figure in target.figures])).encode())
    digest.update(repr(fitted()).encode())
    return digest.hexdigest()
