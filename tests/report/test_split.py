"""Laws of the page's split of a variance: it is there when members were lived twice, and only then."""

from __future__ import annotations

import dataclasses

import numpy as np

from docketflow.report.page import render
from docketflow.report.view import Reading
from docketflow.results.arrays import Held

DRAWN = ["arrest.share", "setting court.judges add 100 from 2025-03-01, 20 to 500 (lognormal)"]


def test_that_the_page_splits_the_variance_of_members_that_were_lived_twice(result, room):
    values = result.arrays["period"]
    own = values[list(result.names).index("removals.ice")]
    twice = np.where(np.arange(result.members) % 12 == 11, values * 1.01, np.nan)
    held = Held({group: result.arrays[group] for group in ("period", "opening", "monthly", "stocks")})
    held |= {group: result.arrays[group] for group in ("resources", "flows", "costs")}
    held |= {"design": np.array([own[::-1], own]), "again": twice}
    more = dataclasses.replace(result, arrays=held, axes={**result.axes, "parameter": {"label": DRAWN}})
    split = Reading(more).splits["removals.ice"]
    assert split.settings.share > 0.9  # the parameter beside it is not taken for a setting
    assert 0 < split.chance.share < 0.05
    page = render(more, room)
    assert "What the range is made of" in page and 'data-path="split:removals.ice/settings_error"' in page
    assert "What the range is made of" not in render(result, room)
