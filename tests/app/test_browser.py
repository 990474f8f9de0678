"""The app in a real browser: Debian's Chromium, by mouse, by keyboard, without JavaScript, without a server.

Without a browser they are left out, in one line that says how to get one.
"""

from __future__ import annotations

import pytest

from app.browsing import DESK, PHONE, needs_browser, until
from docketflow.app.answers.question import read
from docketflow.app.pages.frame import TABS

pytestmark = needs_browser
PAGES = [href for href, _ in TABS] + ["/rules", "/download", "/cite", "/words"]


@pytest.mark.parametrize("size", [DESK, {"width": 768, "height": 1000}, PHONE, {"width": 320, "height": 700}])
def test_that_no_page_scrolls_sideways(opened, size):
    page = opened("/", size)
    for path in PAGES:
        page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_that_no_page_breaks_a_rule_of_accessibility(opened, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = opened("/", color_scheme=scheme)
    root = page.url.rstrip("/")
    for path in [*PAGES, "/?set=court.judges=%2B300@2025-06-01", "/?court.judges=9999999"]:
        with page.expect_response(lambda reply: True):
            page.goto(root + path)
        found = axe.run(page)
        told = [
            f"{path}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in found.response["violations"]
        ]
        assert not told, told


def test_that_a_lever_moved_by_keyboard_is_answered_by_one_run_and_then_by_more(opened):
    page = opened()
    page.evaluate(
        "window.runs = []; addEventListener('answered', one => window.runs.push(one.detail.runs), true)"
    )
    slider = page.locator("[data-lever='court.judges'] [data-slider]")
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    until(page, "window.runs.includes(1) && window.runs.some(one => one > 1)")
    assert "set=court.judges" in page.url
    assert page.locator("#mine .kicker").inner_text() == "Mine"
    assert page.locator("#stairs svg.wide .row.mine").count() == 1
    assert (
        "judges more than announced" in page.locator("[data-lever='court.judges'] [data-words]").inner_text()
    )
    page.keyboard.press("Home")
    until(page, "!location.search.includes('court.judges')")
    assert page.locator("#stairs svg.wide .row.mine").count() == 0


def test_that_a_lever_rises_evenly_to_the_day_that_is_chosen_for_it(opened):
    page = opened()
    lever = page.locator("[data-lever='court.judges']")
    assert not lever.locator(".until").is_visible()
    lever.locator("[data-slider]").focus()
    assert lever.locator(".until").is_visible() and lever.locator(".moves").inner_text().startswith(
        "More of it"
    )
    lever.locator("select").select_option("ramp")
    assert lever.locator("[name$=':until']").input_value() != ""
    lever.locator("[data-slider]").focus()
    page.keyboard.press("ArrowRight")
    until(page, "location.search.includes('~')")
    assert "rising evenly from" in lever.locator("[data-words]").inner_text()
    assert lever.locator("select").input_value() == "ramp"


def test_that_what_is_not_understood_is_told_beside_the_field_and_mended_by_its_link(opened):
    page = opened()
    field = page.locator("[name='court.judges']")
    field.fill("900,000,000")
    page.wait_for_selector("[data-lever='court.judges'] .error:not([hidden])")
    assert field.get_attribute("aria-invalid") == "true"
    assert page.locator("#stairs svg.wide .row.plan").count() == 1
    page.locator("[data-lever='court.judges'] .error a").click()
    until(page, "!document.querySelector(\"[name='court.judges']\").hasAttribute('aria-invalid')")


def test_that_without_javascript_the_page_reads_and_the_form_runs(opened):
    page = opened("/", java_script_enabled=False)
    assert page.locator("#answer").is_visible() and page.locator("#stairs svg.wide").is_visible()
    page.locator("[name='court.judges']").fill("+300")
    page.locator("button.run").click()
    page.wait_for_url("**/?set=court.judges**")
    assert "50 runs." in page.locator("#mine").inner_text()
    assert page.locator("[data-lever='court.judges'] .in-words").is_visible()


def test_that_a_phone_has_the_same_in_one_column_with_mine_at_hand(opened):
    page = opened("/", PHONE)
    assert (
        page.locator("#stairs svg.narrow").is_visible() and not page.locator("#stairs svg.wide").is_visible()
    )
    assert page.locator(".dock").is_visible()
    assert page.locator(".lever[open]").count() <= 1
    small = page.evaluate(
        """[...document.querySelectorAll('button, select, input:not([type=hidden]), .button, summary')]
        .filter(one => one.offsetParent && getComputedStyle(one).position !== 'absolute')
        .filter(one => one.getBoundingClientRect().height < 24).map(one => one.outerHTML.slice(0, 80))"""
    )
    assert not small


def test_that_a_number_tells_what_it_is_and_the_table_opens_under_the_picture(opened):
    page = opened()
    page.locator("#answer a.n").first.click()
    page.wait_for_selector("dialog[open]")
    assert "events, not people" in page.locator("dialog").inner_text()
    page.keyboard.press("Escape")
    page.locator("[data-twin]").first.click()
    assert page.locator("#stairs-table").is_visible()


def test_that_a_link_with_many_levers_opens_where_nobody_saw_it_and_keeps_its_address(opened):
    question = read([("set", f"court.judges=+{k}@2025-0{k % 5 + 3}-{k + 1:02}") for k in range(1, 13)])
    page = opened(question.address("/download"))
    page.wait_for_selector("a[href^='/file/book.xlsx?set=court.judges']")
    assert page.url.endswith(question.address("/download"))
    page.reload()
    page.wait_for_selector("a[href^='/file/book.xlsx?set=court.judges']")


def test_that_the_page_stays_readable_when_the_server_is_gone(opened, server):  # the last: no server after it
    page = opened()
    server[1].terminate()
    server[1].wait(20)
    page.locator("[name='court.judges']").fill("900")
    page.wait_for_selector("#message:not([hidden])")
    assert "docketflow run" in page.locator("#message").inner_text()
    assert page.locator("#stairs svg.wide").is_visible()
