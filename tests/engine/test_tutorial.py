"""The tutorial runs as it stands, and its clinic obeys Little's law."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"


def test_that_the_clinic_of_the_tutorial_is_short_and_obeys_littles_law(capsys):
    code, looked = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len([line for line in code.splitlines() if line.strip()]) < 40
    names: dict = {}
    exec(compile(code, str(PAGE), "exec"), names)
    books = names["books"]
    stays = 1 / (1 - math.exp(-1 / names["numbers"]["stay"]))  # whole days, rounded up
    admitted = 60 * 0.2 - books.refused["beds"][365:].mean()
    assert books.held["beds"][365:].mean() == pytest.approx(
        admitted * (1 + stays), rel=0.08
    )  # a service takes its day
    assert books.served["doctor"][365:].mean() == pytest.approx(60, rel=0.02)
    assert "beds in use" in capsys.readouterr().out
    exec(compile(looked, str(PAGE), "exec"), names)
    said = capsys.readouterr().out
    assert "synthetic | person 2" in said and "    urgency urgent: 30" in said
