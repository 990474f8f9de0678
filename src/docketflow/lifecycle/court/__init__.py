"""Immigration courts (INA 240): notices and their filing, the bench, both dockets, relief, motions."""

from __future__ import annotations

import functools
from operator import add

from docketflow.lifecycle.court.bench import bench
from docketflow.lifecycle.court.courthouse import courthouse
from docketflow.lifecycle.court.detained import detained
from docketflow.lifecycle.court.filing import filing
from docketflow.lifecycle.court.master import master
from docketflow.lifecycle.court.merits import merits
from docketflow.lifecycle.court.motions import motions
from docketflow.lifecycle.court.relief import relief
from docketflow.lifecycle.part import Part


def court() -> Part:
    """Return the immigration courts; of two lines in one class the earlier listed is served first."""
    parts = (bench(), detained(), merits(), master(), filing(), relief(), motions(), courthouse())
    return functools.reduce(add, parts)
