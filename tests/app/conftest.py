"""A server of the app in this process, with one worker; what is asked of it is lived by the real engine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from app.browsing import browser, opened, server
from docketflow.app.answers import kept
from docketflow.app.answers.shelf import shelf
from docketflow.app.api import routes
from docketflow.app.safe import Safe
from docketflow.app.web import create

__all__ = ["browser", "opened", "server"]  # fixtures

BEDS = "detention.beds.contract=+38000@2025-06-01+60d"
PATIENCE = 600.0  # seconds: how fast a machine is decides no law


@pytest.fixture(scope="session", autouse=True)
def standing_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Answers kept of an earlier form of a scenario stand in for those of today's, shown as what they are.

    So one test fails where they are to be made anew (`test_answers`), and no other for want of them.
    """
    asked = shelf().questions[0]
    names = (asked.scenario, asked.without, asked.checked)
    if all(kept.place(name).is_dir() for name in names):
        yield
        return
    home = tmp_path_factory.mktemp("kept") / "kept"
    shutil.copytree(kept.HOME, home)
    for name in names:
        there = kept.place(name, home)
        for earlier in home.glob(f"{name}-{'?' * kept.HASH}"):
            earlier.rename(there)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "HOME", home)
        kept.forget()
        yield
    kept.forget()


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    jobs = tmp_path_factory.mktemp("jobs")
    with pytest.MonkeyPatch.context() as patient:
        patient.setattr(routes, "ANSWER_IN", PATIENCE)
        patient.setitem(Safe.__init__.__kwdefaults__, "seconds", PATIENCE)
        with TestClient(create(workers=1, warm=False, jobs=jobs), base_url="http://127.0.0.1") as found:
            yield found


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line each why tests of the app were left out, and how to have them."""
    reasons = {
        report.longrepr[-1]
        for report in terminalreporter.stats.get("skipped", ())
        if "/app/" in report.nodeid
    }
    for reason in sorted(str(one).removeprefix("Skipped: ") for one in reasons):
        terminalreporter.write_line(f"left out: {reason}")
