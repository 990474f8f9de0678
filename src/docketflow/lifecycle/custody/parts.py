"""Adds up the parts of detention."""

from __future__ import annotations

import functools
from operator import add

from docketflow.lifecycle.custody.alternatives import alternatives
from docketflow.lifecycle.custody.bond import bond
from docketflow.lifecycle.custody.children import children
from docketflow.lifecycle.custody.giving_up import giving_up
from docketflow.lifecycle.custody.habeas import habeas
from docketflow.lifecycle.custody.release import release
from docketflow.lifecycle.custody.space import space
from docketflow.lifecycle.custody.stay import COUNTED, PLACES, TALLIES, TENURE
from docketflow.lifecycle.part import Part


def custody() -> Part:
    """Return detention."""
    stays = Part(spaces=(*PLACES, *COUNTED), clocks=(TENURE,), tallies=TALLIES)
    rooms = (space, release, bond, habeas, giving_up, children, alternatives)
    return functools.reduce(add, (part() for part in rooms), stays)
