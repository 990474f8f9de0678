"""Every text that the app tells: what code and templates mark, and what is declared beside them.

A catalogue is made and mended with it: `python -m docketflow.app.words.keys` writes what is missing of each
to its file, for a translator to fill in. Descriptions of levers, sources and verdicts stay as they are.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from docketflow.app.words import ENGLISH, LANGUAGES

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

Key = str | tuple[str, str]
KEYWORDS = {"_": None, "many": (1, 2)}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
PLURALS = "nplurals=2; plural=(n != 1)"  # nothing here counts to a million
HEAD = """# docketflow: the app in another language. MIT licence.
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plurals};\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
HOME = Path(str(resources.files("docketflow.app")))


def keys() -> set[Key]:
    """Return every text; of one that counts, both its forms."""
    return {key for key in (*_marked(), *_declared()) if key}


def _marked() -> Iterator[Key]:
    """Yield what is marked in code and templates."""
    from babel.messages.extract import extract_from_dir

    found = extract_from_dir(HOME, METHODS, keywords=KEYWORDS)
    for _file, _line, text, _comments, _context in found:
        yield (text[0], text[1]) if isinstance(text, tuple) else text


def _declared() -> Iterator[str]:
    """Yield what is declared in data: levers, facts, rows of pages, terms."""
    from docketflow.answers.feasible.shelf import shelf as movables
    from docketflow.answers.limits import shelf as limits
    from docketflow.answers.why.groups import declared as groups
    from docketflow.app.answers import kept
    from docketflow.app.answers.shelf import shelf
    from docketflow.app.pages.frame import TABS
    from docketflow.app.pages.gloss import glossary
    from docketflow.app.pages.tabs.courts import account
    from docketflow.app.pages.tabs.record import SHOWN, against
    from docketflow.app.pages.tabs.routes import VERDICTS
    from docketflow.app.pages.tabs.sides import lists
    from docketflow.app.pages.tabs.why import HEADS
    from docketflow.calibrate.record import SAID
    from docketflow.conductor.model import accounts
    from docketflow.core.labels import label
    from docketflow.core.outcomes import counting_rules
    from docketflow.policy import levers
    from docketflow.report.view import words

    chosen = shelf()
    yield from (one.title for one in groups().values())
    yield from HEADS
    yield from (*SHOWN.values(), *SAID.values())
    yield from (account(name) for name in accounts())
    yield from (label(name) for name in chosen.differ)
    yield from (words_ for _href, words_ in TABS)
    yield from (one[:1].upper() + one[1:] for one in VERDICTS)
    for question in chosen.questions:
        yield question.ask
        yield from (
            label(name) for name in kept.take(question.scenario).get("as_it_is", {}).get("beside", ())
        )
        checked = against(kept.earlier(question.checked))
        yield from (label(str(row["outcome"])) for row in checked)
    for lever in chosen.main:
        yield from (lever.title, lever.unit)
    for behind in levers().values():
        yield from (behind.title, behind.unit, label(behind.moves))
    for fact in chosen.facts:
        yield from (fact.title, fact.of)
    yield from chosen.marks.values()
    for name in limits().standard:
        yield from (limits().limits[name].title, name)
    for name in movables().standard:
        yield from (movables().levers[name].title, name)
    yield from (label(name) for name in (*counting_rules(), *movables().beside))
    for row in lists()["people"]:
        yield from (row["title"], row["note"])
    for group, names in lists()["compare"].items():
        yield group
        yield from (label(name) for name in names)
    for term in glossary().values():
        yield from (term["word"], term["find"], term["means"])
    for one in words()["words"]:
        yield from (one["word"], one["text"])
    yield from words()["not_modelled"]


def catalogue_of(language: str) -> Path:
    """Return where the translations of a language lie."""
    return HOME / "words" / "catalogues" / f"{language}.po"


def missing(language: str) -> set[Key]:
    """Return the texts that a catalogue does not translate."""
    from babel.messages.pofile import read_po

    with catalogue_of(language).open("rb") as file:
        found = read_po(file, locale=language)
    done = {one.id for one in found if one.id and not one.fuzzy and _said(one.string)}
    return {key for key in keys() if key not in done}


def _said(translation: str | Sequence[str] | None) -> bool:
    return all(translation) if isinstance(translation, (tuple, list)) else bool(translation)


def mend(language: str) -> int:
    """Write a catalogue anew with every text that is told, and return how many have no translation."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    place = catalogue_of(language)
    old = Catalog(locale=language)
    if place.is_file():
        with place.open("rb") as file:
            old = read_po(file, locale=language)
    new = Catalog(locale=language)
    new.mime_headers = [("plural-forms", PLURALS)]
    for key in sorted(keys(), key=str):
        known = old.get(key if isinstance(key, str) else key[0])
        new.add(key, string=known.string if known else None)
    write(new, place)
    return len(missing(language))


def write(catalogue: Catalog, place: Path) -> None:
    """Write a catalogue, the same bytes whenever it says the same."""
    from babel.messages.pofile import write_po

    body = io.BytesIO()
    write_po(body, catalogue, width=0, omit_header=True)
    head = HEAD.format(language=catalogue.locale, plurals=PLURALS)
    place.write_text(head + body.getvalue().decode(), encoding="utf-8")


if __name__ == "__main__":
    for code in LANGUAGES:
        if code != ENGLISH:
            print(f"{code}: {mend(code)} texts are not translated")
