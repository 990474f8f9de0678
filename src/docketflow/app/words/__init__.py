"""Words of the app in the reader's language: `_` marks what is translated, `language` says which is read.

English is what is written in code and templates; a catalogue beside this file translates it.
"""

from __future__ import annotations

import contextvars
import functools
import gettext
from importlib import resources
from pathlib import Path
from typing import Any

DOMAIN = "docketflow"
ENGLISH = "en"
_language: contextvars.ContextVar[str] = contextvars.ContextVar("language", default=ENGLISH)


@functools.cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the translations of a language; English says what is written."""
    home = Path(str(resources.files("docketflow.app.words"))) / "catalogues"
    return gettext.translation(DOMAIN, home, [language], fallback=True)


def use(language: str) -> None:
    """Read in a language from here on, in this request."""
    _language.set(language)


def language() -> str:
    """Return the language that is read."""
    return _language.get()


def _(text: str, **given: Any) -> str:
    """Return a text in the reader's language, with what is given put in."""
    found = catalogue(language()).gettext(text) if text else ""
    return found % given if given else found


def many(one: str, several: str, number: int, **given: Any) -> str:
    """Return the text for one or several."""
    return catalogue(language()).ngettext(one, several, number) % {"n": number, **given}
