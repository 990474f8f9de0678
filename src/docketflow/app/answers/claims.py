"""Claims held against published figures, for a page or a call: facts at once, forecasts told to be run.

A sentence is read as words and never as the name of a file.
"""

from __future__ import annotations

import functools
from typing import Any

from docketflow.answers import check
from docketflow.answers.claims.sentence import read_sentence
from docketflow.core.errors import UsageError

MOST_WORDS = 500


@functools.lru_cache(maxsize=256)
def checked(sentence: str) -> dict[str, Any]:
    """Return the verdict on one sentence as plain data.

    Raises
    ------
    DocketflowError
        One line: what of it is not understood.
    """
    words = " ".join(sentence.split())
    if not words or len(words) > MOST_WORDS:
        raise UsageError(f"a claim is a sentence of at most {MOST_WORDS} characters")
    [claim] = check(read_sentence(words), members=16).to_json()["claims"]
    return dict(claim)


@functools.cache
def shipped() -> tuple[dict[str, Any], ...]:
    """Return the claims of the two news reports with their verdicts, as they lie ready."""
    from docketflow.app.answers.kept import CLAIMS, HOME, read

    return tuple(read(HOME / CLAIMS).get("claims", ()))
