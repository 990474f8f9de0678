"""What four people come for, each from the first page: a reporter, an analyst, legal aid, a scholar.

At a desk and on a phone, by mouse and by keyboard; in Spanish, without JavaScript, and without a connection.
"""

from __future__ import annotations

import io

import openpyxl
import pytest

from app.browsing import DESK, PHONE, Keyboard, Mouse, needs_browser, until

pytestmark = needs_browser
BOTH = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
HANDS = pytest.mark.parametrize("hand", [Mouse(), Keyboard()], ids=["mouse", "keyboard"])
BEDS = "detention.beds.contract"


def to(page, hand, path, root=""):
    """Go to a page by its tab, or on a phone by the menu."""
    if page.locator(".pages > summary").is_visible():
        hand.go(page, ".pages > summary")
        hand.go(page, f".pages nav a[href^='{root}{path}']")
    else:
        hand.go(page, f".tabs a[href^='{root}{path}']")
    page.wait_for_url(f"**{root}{path}*")


@BOTH
@HANDS
def test_that_a_reporter_learns_whether_it_can_be_what_stops_it_and_whether_a_sentence_is_so(
    opened, size, hand
):
    page = opened("/", size)
    answer = page.locator("#answer").inner_text()
    assert "runs" in answer and "Without the plan" in answer and "Run against run" in answer
    stairs = page.locator("#stairs svg.wide" if size is DESK else "#stairs svg.narrow")
    assert stairs.is_visible() and stairs.locator(".row.rung").count() >= 4
    to(page, hand, "/claims")
    hand.write(page, "input[name=claim]", "ICE removed 409,849 people in fiscal year 2012")
    page.keyboard.press("Enter")
    page.wait_for_url("**claim=ICE*")
    assert "Supported" in page.locator("main section h3").first.inner_text()
    page.go_back()
    page.go_back()
    hand.go(page, "#answer a[href='/cite'], #answer a[href^='/cite']")
    page.wait_for_timeout(50)  # copied where a clipboard is, else a page
    assert page.url.endswith("/cite") or page.locator("#answer a[data-copy]").inner_text() == "Copied"


@BOTH
@HANDS
def test_that_an_analyst_takes_a_clean_workbook_and_moves_a_lever_with_its_delay(opened, size, hand):
    page = opened("/download", size)
    with page.expect_download() as coming:
        hand.go(page, "a[href^='/file/book.xlsx']")
    book = openpyxl.load_workbook(io.BytesIO(coming.value.path().read_bytes()))
    assert "Levers" in book.sheetnames
    page.goto(page.url.removesuffix("/download"))
    lever = page.locator(f"[data-lever='{BEDS}']")
    if size is PHONE and lever.get_attribute("open") is None:
        hand.go(page, f"[data-lever='{BEDS}'] > summary")
    hand.write(page, f"[name='{BEDS}']", "+38,000")
    until(page, "document.querySelector('#mine .kicker').innerText == 'Mine'")
    assert "38,000 beds more than announced" in lever.locator("[data-words]").inner_text()
    assert f"set={BEDS}" in page.url


@BOTH
@HANDS
def test_that_legal_aid_finds_waits_counsel_and_what_a_word_means_in_spanish(opened, size, hand):
    page = opened("/es/", size)
    assert page.locator("html").get_attribute("lang") == "es"
    to(page, hand, "/courts", "/es")
    text = page.locator("main").inner_text()
    assert "sin abogado" in text and "en ausencia" in text and "Fianza" in text
    hand.go(page, "main a.term")
    page.wait_for_selector("dialog[open]")
    assert len(page.locator("dialog dd").inner_text()) > 30
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


@BOTH
@HANDS
def test_that_a_scholar_finds_a_number_its_source_and_how_to_repeat_it(opened, size, hand):
    page = opened("/", size)
    to(page, hand, "/data")
    hand.write(page, "input[name=find]", "judges")
    page.keyboard.press("Enter")
    page.wait_for_url("**find=judges**")
    page.wait_for_selector("main a[href^='http']")
    hand.go(page, ".foot a[href='/api/v1/docs']")
    page.wait_for_url("**/api/v1/docs")
    assert "/api/v1/studies" in page.locator("main").inner_text()
    page.goto(page.url.replace("/api/v1/docs", "/cite"))
    cited = page.locator("main").inner_text()
    assert "docketflow run one-million-first-year" in cited and "import docketflow as dk" in cited


@BOTH
@pytest.mark.parametrize("root", ["", "/es"])
def test_that_without_javascript_pages_read_and_forms_lead_on(opened, size, root):
    page = opened(f"{root}/", size, java_script_enabled=False)
    assert page.locator("#answer").is_visible() and page.locator("#levers").is_visible()
    to(page, Mouse(), "/claims", root)
    page.locator("input[name=claim]").fill("ICE removed 409,849 people in fiscal year 2012")
    page.locator("main form button").first.click()
    page.wait_for_url("**claim=ICE*")
    assert page.locator("main section h3").first.is_visible()
    page.locator(f"a[href='{root}/']").first.click()
    page.locator("#answer a.term").first.click()
    assert page.locator("main dd").first.is_visible()


@BOTH
def test_that_without_a_connection_the_page_stays_and_levers_say_how_to_run_it(opened, size):
    page = opened("/", size)
    page.context.set_offline(True)
    if size is PHONE:
        page.locator("[data-lever='court.judges']").evaluate("one => one.open = true")
    page.locator("[name='court.judges']").fill("900")
    page.wait_for_selector("#message:not([hidden])")
    said = page.locator("#message").inner_text()
    assert "docketflow run one-million-first-year" in said and "court.judges" in said
    assert page.locator("#answer").is_visible() and page.locator("#months").is_visible()
    page.locator("[data-twin]").first.click()
    assert page.locator("#stairs-table").is_visible()
