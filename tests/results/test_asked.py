"""Laws of answers kept with a result."""

from __future__ import annotations

import pytest

from docketflow.core.errors import ScenarioError, UsageError
from docketflow.results import load, save
from docketflow.results.questions import QUESTIONS, ask

from .made import made


class Answer:
    def to_json(self):
        return {"says": ["so"], "value": float("nan"), "low": 1.5}


def test_that_answers_kept_with_a_result_come_back_as_json_holds_them(tmp_path):
    save(made().keeping(binding=Answer()), tmp_path / "run")
    assert load(tmp_path / "run").asked == {"binding": {"says": ["so"], "value": None, "low": 1.5}}


def test_that_a_result_without_answers_has_none(tmp_path):
    save(made(), tmp_path / "run")
    assert load(tmp_path / "run").asked == {}


NEEDS = {"feasible": ["removals.ice >= 1"], "why": [made()], "since": [made()], "beside": ["nobody"]}
RUNS_AGAIN = {"cost": {"more": True}, "due_process": {"orders": True}}
OF_WHAT_IT_HOLDS = ("table", "draws", "plot", "html", "mechanisms", "levels", "small")


@pytest.mark.parametrize("question", [one for one in QUESTIONS if one not in (*OF_WHAT_IT_HOLDS, "load")])
def test_that_every_question_that_runs_again_has_somebody_who_answers(question):
    with pytest.raises((UsageError, ScenarioError)):  # a made-up result is of no scenario that could be run
        ask(question, made(), *NEEDS.get(question, ()), **RUNS_AGAIN.get(question, {}))


@pytest.mark.parametrize("question", OF_WHAT_IT_HOLDS)
def test_that_every_question_about_what_is_held_is_answered_without_a_run(question):
    assert ask(question, made()) is not None


def test_that_a_result_is_loaded_by_asking(tmp_path):
    save(made(), tmp_path / "run")
    assert ask("load", tmp_path / "run").scenario == made().scenario
