"""The app over an agency's own figures: every page says so, and what is kept for all is not mistaken."""

from __future__ import annotations

import pytest

from docketflow.app.answers import kept
from docketflow.app.answers.shelf import shelf
from docketflow.app.web import create
from docketflow.core.errors import UsageError
from docketflow.core.given import PRIVATE_EVIDENCE
from docketflow.evidence.otherwise.overlay import laid, use
from evidence.test_private import PUBLISHED, given

PLAN = shelf().questions[0].scenario


@pytest.fixture
def over(client, tmp_path, monkeypatch):
    monkeypatch.setenv(PRIVATE_EVIDENCE, "")
    before = kept.model()
    kept.forget()
    yield client, use(given(tmp_path / "own", {})), before
    monkeypatch.setenv(PRIVATE_EVIDENCE, "")
    kept.forget()


@pytest.mark.parametrize("page", ["/claims", "/es/data?find=counted+on+our+roster", "/download"])
def test_that_every_page_says_that_private_figures_are_laid_over(over, page):
    client, own, _ = over
    text = client.get(page).text
    assert own.hash[:12] in text
    if "data" in page:
        assert "private, not published" in text


@pytest.mark.parametrize("page", ["/", "/take", "/why"])
def test_that_an_answer_kept_for_all_is_not_taken_for_one_on_private_figures(over, page):
    client, _, before = over
    assert kept.model() != before and kept.result(PLAN) is None
    text = client.get(page).text
    assert "rests on the published figures alone" in text and "an earlier version of the model" not in text


def test_that_a_call_says_whose_a_private_figure_is(over):
    client, _, _ = over
    rows = client.get("/api/v1/evidence", params={"find": "counted on our roster"}).json()["items"]
    assert [row["id"] for row in rows] == [PUBLISHED.id] and "private" in rows[0]["source"]


def test_that_an_app_made_in_python_is_laid_over_as_the_command_line_does_and_never_on_a_cluster(
    tmp_path, monkeypatch
):
    monkeypatch.setenv(PRIVATE_EVIDENCE, "")
    place = given(tmp_path / "own", {})
    with pytest.raises(UsageError, match="stay on this machine"):
        create(evidence=place, cluster="tcp://elsewhere:1", jobs=tmp_path / "jobs")
    assert laid() is None
    create(evidence=place, jobs=tmp_path / "jobs")
    assert laid() is not None
    monkeypatch.setenv(PRIVATE_EVIDENCE, "")
    kept.forget()
