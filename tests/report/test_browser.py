"""The report in a real browser: no rule of accessibility broken, nothing lost at any width, light and dark.

Without a browser they are left out, as those of the app are.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from docketflow.report import write_report

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
playwright = pytest.importorskip("playwright.sync_api", reason="browser tests left out: no Playwright")
if CHROMIUM is None and os.environ.get("DOCKETFLOW_BROWSER") == "required":
    raise RuntimeError("browser tests are required here, and there is no chromium")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="browser tests left out: no chromium (on Debian: apt install chromium)"
)
SAID = json.loads((Path(__file__).parent / "asked.json").read_text(encoding="utf-8"))
WIDE, TABLET, BETWEEN, PHONE, SMALL = 1400, 768, 641, 390, 320
PAPER = 688  # a sheet of A4 within its margins


@pytest.fixture(scope="module")
def opened(result, room, tmp_path_factory):
    """Return what opens the report with every answer in it."""

    class Answer:
        def __init__(self, said):
            self.said = said

        def to_json(self):
            return self.said

    kept = result.keeping(**{question: Answer(said) for question, said in SAID.items()})
    path = write_report(kept, room, tmp_path_factory.mktemp("report") / "report.html")
    with playwright.sync_playwright() as begun:
        browser = begun.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

        def at(width=WIDE, **more):
            page = browser.new_context(viewport={"width": width, "height": 900}, **more).new_page()
            page.goto(path.as_uri())
            return page

        yield at
        browser.close()


@pytest.mark.parametrize(
    ("scheme", "width", "rules"), [("light", WIDE, None), ("dark", PHONE, ["color-contrast"])]
)
def test_that_the_report_breaks_no_rule_of_accessibility(opened, scheme, width, rules):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    options = {"runOnly": rules} if rules else {}
    page = opened(width, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = axe.run(page, options=options).response["violations"]
    told = [f"{one['id']} {len(one['nodes'])}: {one['nodes'][0]['html'][:160]}" for one in found]
    assert not told, told


def test_that_dark_is_dark_and_print_is_light(opened):
    ground = "getComputedStyle(document.body).backgroundColor"
    page = opened(color_scheme="dark")
    dark = page.evaluate(ground)
    assert dark != opened(color_scheme="light").evaluate(ground)
    page.emulate_media(media="print")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"


def test_that_nothing_is_lost_at_any_width_and_every_target_can_be_hit(opened):
    page = opened()
    for width in (WIDE, TABLET, BETWEEN, PHONE, SMALL):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        small = page.evaluate(
            """[...document.querySelectorAll('a, summary')]
            .filter(one => one.offsetParent && getComputedStyle(one).display !== 'inline')
            .filter(one => one.getBoundingClientRect().height < 24).map(one => one.outerHTML.slice(0, 80))"""
        )
        assert not small, width
        cut = page.evaluate(
            """[...document.querySelectorAll('.scroll')]
            .filter(one => !one.closest('details') && one.scrollWidth > one.clientWidth + 1)
            .map(one => one.getAttribute('aria-label'))"""
        )
        assert not cut or width == SMALL, width


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_that_a_name_opens_what_it_means_without_a_script(opened, width):
    page = opened(width, java_script_enabled=False)
    name = page.locator("#answer a.named").first
    place = page.locator(f"[id='{name.get_attribute('href').removeprefix('#')}'] dd")
    assert not place.is_visible()
    name.click()
    assert place.is_visible()


def test_that_only_a_phone_folds_and_paper_shows_all(opened):
    page = opened(PHONE)
    last = page.locator("#levers tbody tr").last
    assert not last.is_visible()
    page.locator("#levers summary").click()
    assert last.is_visible()
    for media, width in (("screen", WIDE), ("print", PHONE)):
        page = opened(width)
        page.emulate_media(media=media)
        assert all(page.locator(one).last.is_visible() for one in ("#levers tbody tr", ".words dd"))
    page = opened(PAPER)
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER
