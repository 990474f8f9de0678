"""A browser for tests: Debian's Chromium, a server as a user begins it, hands with a mouse or a keyboard.

Without a browser these tests are left out, in one line that says how to get one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
if CHROMIUM is None and os.environ.get("DOCKETFLOW_BROWSER") == "required":
    raise RuntimeError("browser tests are required here, and there is no chromium")
needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="browser tests left out: no chromium (on Debian: apt install chromium)"
)
DESK, PHONE = {"width": 1400, "height": 1000}, {"width": 390, "height": 844}
PATIENCE = 60_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A server of its own, as a user begins it."""
    port = 20_000 + os.getpid() % 20_000
    command = [sys.executable, "-m", "docketflow.cli", "app", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen([*command, "--jobs", str(tmp_path_factory.mktemp("jobs"))])
    address = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{address}/static/icon.svg", timeout=1).close()
            break
        except OSError:
            time.sleep(0.25)
    yield address, process
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="browser tests left out: no Playwright")
    with playwright.sync_playwright() as begun:
        found = begun.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def opened(server, browser):
    """Return what opens a page, and holds that no script failed and nothing was asked of another machine."""
    faults: list[str] = []
    contexts = []

    def heard(fault: str) -> None:
        if not re.search(
            r"status of 422|ERR_CONNECTION|ERR_INTERNET|ERR_INCOMPLETE|ERR_EMPTY", fault
        ):  # told on the page
            faults.append(fault)

    def at(path: str = "/", size: dict[str, int] = DESK, **more: Any) -> Any:
        context = browser.new_context(viewport=size, **more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: heard(str(error)))
        page.on("console", lambda said: heard(said.text) if said.type == "error" else None)
        page.on(
            "request", lambda one: heard(one.url) if not one.url.startswith((server[0], "data:")) else None
        )
        page.goto(server[0] + path)
        return page

    yield at
    for context in contexts:
        context.close()
    assert not faults


def until(page: Any, holds: str) -> None:
    """Wait until something holds in the page, whose policy lets no text be run there: it is asked again."""
    for _ in range(PATIENCE // 100):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(100)
    raise AssertionError(holds)


class Mouse:
    """Clicks."""

    name = "mouse"

    def go(self, page: Any, what: str) -> None:
        """Use what a selector finds first."""
        page.locator(f"{what} >> visible=true").first.click()

    def write(self, page: Any, what: str, words: str) -> None:
        """Write into a field."""
        page.locator(what).first.fill(words)


class Keyboard:
    """Presses Tab until something has the focus; what cannot be reached so is a fault."""

    name = "keyboard"

    def reach(self, page: Any, what: str) -> None:
        """Put the focus on what a selector finds, as a reader without a mouse does."""
        for _ in range(150):
            page.keyboard.press("Tab")
            if page.evaluate("what => document.activeElement.matches(what)", what):
                return
        raise AssertionError(f"no key leads to {what}")

    def go(self, page: Any, what: str) -> None:
        """Use what a selector finds."""
        self.reach(page, what)
        page.keyboard.press("Enter")

    def write(self, page: Any, what: str, words: str) -> None:
        """Write into a field."""
        self.reach(page, what)
        page.keyboard.press("Control+A")
        page.keyboard.type(words)
