"""Lays a lifecycle out over some days: once for scenarios that can share it, such as a plan and its baseline.

A form depends on numbers only in the traits by which they are given; where these are the same it is the same.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from docketflow.conductor.model import resolver
from docketflow.core.dates import working_days
from docketflow.core.quantity import Dated, Known

if TYPE_CHECKING:
    from docketflow.engine import Program
    from docketflow.engine.compile.bound import Bound
    from docketflow.engine.compile.form import Form

MOST = 4  # shapes kept, some 5 MB each


@dataclass(frozen=True)
class Shape:
    """Over what a lifecycle is laid out.

    Attributes
    ----------
    program : the compiled lifecycle
    first, days : the first day and how many there are
    scale : records a person
    cuts : days on which books are closed, beside the first of each month
    """

    program: Program
    first: dt.date
    days: int
    scale: Fraction
    cuts: tuple[dt.date, ...]

    def form(self, known: Known) -> Form:
        """Return the form for some numbers."""
        from docketflow.engine.compile.form import lay_out
        from docketflow.engine.run.compiler import notice

        notice.announce()
        return lay_out(
            self.program,
            known,
            first=self.first,
            days=self.days,
            scale=self.scale,
            calendars={"federal": working_days(self.first, self.days)},
            cuts=self.cuts,
            strict=False,
        )

    def filled(self, values: Mapping[str, Dated]) -> Bound:
        """Return the lifecycle bound to some numbers, in a form laid out before if it is theirs."""
        from docketflow.engine.compile.bind import fill
        from docketflow.engine.compile.tables import Outgrown

        with _lock:
            like = _first.get(self)
        if like is not None and like.form.is_for(Known(resolver(values), like.known)):
            try:
                return replace(fill(like.form, resolver(values), like), like=None)
            except Outgrown:  # it has more classes
                pass
        known = Known(resolver(values))
        bound = fill(self.form(known), known)
        with _lock:
            _first.setdefault(self, bound)
            while len(_first) > MOST:
                _first.popitem(last=False)
        return bound


_first: OrderedDict[Shape, Bound] = OrderedDict()  # the first that was bound in each shape
_lock = threading.Lock()
