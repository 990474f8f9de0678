"""The list of planted faults: long enough, still of this code, mostly seen. Trying them is by hand."""

from __future__ import annotations

from pathlib import Path

import docketflow

from .__main__ import read
from .faults import faults, laws_of

HOUSE = Path(docketflow.__file__).parent
TOP = Path(__file__).parents[2]


def test_that_nine_in_ten_of_at_least_120_faults_still_change_a_text_that_is_there():
    applying = [one for one in faults() if (HOUSE / one.file).exists()]
    applying = [one for one in applying if one.planted((HOUSE / one.file).read_text(encoding="utf-8"))]
    assert len(applying) >= max(120, 0.9 * len(faults()))


def test_that_a_fault_is_named_once_and_changes_something():
    listed = faults()
    assert len({fault.id for fault in listed}) == len(listed)
    assert all(fault.why and all(old != new for old, new in fault.changes) for fault in listed)


def test_that_the_laws_of_every_room_exist():
    for fault in faults():
        for test in laws_of(fault):
            assert (TOP / test).exists(), test


def test_that_nine_in_ten_of_the_faults_tried_were_seen_by_a_law():
    seen = [row["seen_by"] for row in read() if row["seen_by"] in ("law", "golden", "nobody")]
    assert seen.count("law") >= 0.9 * len(seen)
