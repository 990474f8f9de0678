"""The app in Spanish: whole, by address or by what the browser asks for, without a cookie."""

from __future__ import annotations

import re

import pytest

from app.conftest import BEDS
from docketflow.app import words
from docketflow.app.pages.frame import TABS
from docketflow.app.words import LANGUAGES, keys

PAGES = [href for href, _ in TABS] + ["/rules", "/download", "/cite", "/words"]
pytestmark = pytest.mark.filterwarnings("ignore:Skipping f-string")


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != words.ENGLISH])
def test_that_every_text_is_translated(language):
    assert not keys.missing(language), "fill in what python -m docketflow.app.words.keys writes"


def test_that_a_translation_takes_what_its_text_takes():
    from babel.messages.pofile import read_po

    with keys.catalogue_of("es").open("rb") as file:
        for one in read_po(file, locale="es"):
            if one.id:
                assert not list(one.check()), one.id


def test_that_no_page_in_spanish_has_a_text_that_is_only_marked(client, monkeypatch):
    """What data declares is marked by its name only when a page shows it: each page is shown."""
    found = words.catalogue("es")
    missed = set()

    class Hearing:
        def gettext(self, text):
            told = found.gettext(text)
            if told == text and text not in SAME:
                missed.add(text)
            return told

        def ngettext(self, *given):
            return found.ngettext(*given)

    monkeypatch.setattr(words, "catalogue", lambda language: Hearing())
    for page in (*PAGES, f"/live?set={BEDS.replace('+', '%2B')}", "/levers?find=bond"):
        assert client.get(f"/es{page}").status_code == 200, page
    assert not sorted(missed)


SAME = {
    "API",
    "factor",
    "ICE, CBP, DHS, HHS, USCIS, EOIR",
    "no",
    "plan",
    "ICE removed 409,849 people in fiscal year 2012",
}


@pytest.mark.parametrize(
    "address, headers",
    [
        ("/es/courts", {}),
        ("/courts?lang=es", {}),
        ("/courts", {"accept-language": "fr;q=0.9, es-MX, en;q=0.5"}),
    ],
)
def test_that_the_language_is_that_of_the_address_or_of_the_browser(client, address, headers):
    reply = client.get(address, headers=headers)
    assert '<html lang="es">' in reply.text and "Tribunales" in reply.text
    assert "set-cookie" not in reply.headers


def test_that_english_is_read_where_nothing_else_is_asked_for(client):
    assert '<html lang="en">' in client.get("/").text
    assert '<html lang="en">' in client.get("/en/", headers={"accept-language": "es"}).text
    assert client.get("/").headers["vary"] == "accept-language"


@pytest.mark.parametrize("page", PAGES)
def test_that_a_link_of_a_spanish_page_leads_to_a_spanish_page(client, page):
    text = client.get(f"/es{page}").text
    links = re.findall(r"(?:href|action|hx-get)=\"(/[^\"]*)\"", text)
    assert links
    for link in links:
        assert link.startswith(("/es/", "/static/", "/api/", "/en/")), link


def test_that_a_form_and_a_moved_lever_stay_in_spanish(client):
    sent = client.get("/es/?court.judges=%2B300", follow_redirects=False)
    assert sent.headers["location"].startswith("/es/?set=court.judges")
    said = client.get("/es/live", params={"set": BEDS}).json()
    assert said["address"].startswith("/es/?") and "corrida" in said["parts"]["mine"]


def test_that_a_word_leads_to_what_it_means_in_both_languages(client):
    for root, word in (("", "Bond"), ("/es", "Fianza")):
        assert word in client.get(f"{root}/words?term=bond&part=1").text
        answer = client.get(f"{root}/").text.split('id="answer"')[1].split("</section>")[0]
        assert f'href="{root}/words?term=removal"' in answer
    assert client.get("/words?term=bonnd").status_code == 400


def test_that_a_lever_is_found_by_spanish_words_with_or_without_accents_and_still_by_english_ones(client):
    for typed in ("libertad condicional", "detencion", "parole"):
        found = client.get("/es/levers", params={"find": typed}).text
        titles = re.findall(r"<summary>(.*?) <span", found)
        assert any("libertad condicional" in one or "detención" in one for one in titles), typed
    assert "Share paroled" not in found and "personas" in found
    moved = client.get("/es/live", params={"set": "bond.granted_share=*1.1@2025-06-01"}).json()
    assert "proporción de audiencias de fianza" in moved["parts"]["months"]


def test_that_what_it_would_take_is_told_in_spanish_before_it_is_told_in_english(client):
    told = client.get("/es/take").text.split('id="long"')[1]
    own, _sep, english = told.partition('<p lang="en"')
    assert "corrida del medio" in own and "nine runs in ten" not in own and english
    assert "oficiales, días" in client.get("/es/take").text
    assert "All that was found" not in client.get("/take").text
