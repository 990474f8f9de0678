"""Words of the app in the reader's language: `_` marks what is translated, `language` says which is read.

English is what is written in code and templates; a catalogue beside this file (`catalogues/es.po`) translates
it. `docketflow.app.words.keys` lists every text that is told, and a test holds the catalogues against it.
"""

from __future__ import annotations

import contextvars
import functools
import gettext
import io
from importlib import resources
from typing import Any

ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "es": "Español"}
LOCALES = {ENGLISH: "en_US", "es": "es_US"}  # of dates; both write numbers as 1,234.5
_language: contextvars.ContextVar[str] = contextvars.ContextVar("language", default=ENGLISH)
_root: contextvars.ContextVar[str] = contextvars.ContextVar("root", default="")


@functools.cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the translations of a language; English says what is written."""
    if language == ENGLISH:
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    place = resources.files("docketflow.app.words").joinpath("catalogues", f"{language}.po")
    made = io.BytesIO()
    with place.open("rb") as file:
        write_mo(made, read_po(file, locale=language))
    made.seek(0)
    return gettext.GNUTranslations(made)


def use(language: str, root: str = "") -> None:
    """Read in a language from here on, in this request; its links begin with ``root``."""
    _language.set(language)
    _root.set(root)


def language() -> str:
    """Return the language that is read."""
    return _language.get()


def root() -> str:
    """Return what links begin with: the language, where the address named it."""
    return _root.get()


def _(text: str, **given: Any) -> str:
    """Return a text in the reader's language, with what is given put in."""
    found = catalogue(language()).gettext(text) if text else ""
    return found % given if given else found


def many(one: str, several: str, number: int, **given: Any) -> str:
    """Return the text for one or several."""
    return catalogue(language()).ngettext(one, several, number) % {"n": number, **given}
