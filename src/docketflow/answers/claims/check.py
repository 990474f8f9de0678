"""Check claims: the one door for files, sentences and the claims of the first file."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from docketflow.answers.claims.facts import judge_fact
from docketflow.answers.claims.judge import Judged
from docketflow.answers.claims.read import SHIPPED, read
from docketflow.answers.claims.sentence import read_sentence
from docketflow.answers.claims.statement import Statement
from docketflow.answers.claims.vocabulary import vocabulary
from docketflow.core.errors import UsageError, unknown
from docketflow.core.scale import read_scale
from docketflow.evidence import Room, load
from docketflow.evidence.verdict import CANNOT, VERDICTS

FILES = (".yaml", ".yml", ".csv")


@dataclass(frozen=True)
class Answers(Sequence[Judged]):
    """Claims with their verdicts, in the order in which they were given."""

    claims: tuple[Judged, ...]

    def __len__(self) -> int:
        return len(self.claims)

    def __iter__(self) -> Iterator[Judged]:
        return iter(self.claims)

    def __getitem__(self, key: Any) -> Any:
        """Return one claim by its id or its place."""
        if isinstance(key, str):
            found = {one.statement.id: one for one in self.claims}
            if key not in found:
                raise UsageError(unknown("claim", key, found))
            return found[key]
        return self.claims[key]

    def __repr__(self) -> str:
        counts = Counter(one.verdict for one in self.claims)
        told = ", ".join(f"{counts[name]} {name}" for name in VERDICTS if counts[name])
        return f"<Answers to {len(self)} claims: {told}>"

    def to_json(self) -> dict[str, Any]:
        """Return everything as JSON holds it."""
        return {"claims": [one.as_dict() for one in self.claims]}

    def rows(self) -> list[dict[str, Any]]:
        """Return a table: one row a claim."""
        return [
            {
                "id": one.statement.id,
                "verdict": one.verdict,
                "said": one.statement.said,
                "explanation": one.explanation,
            }
            for one in self.claims
        ]


def check(
    what: str | os.PathLike[str] | Statement | Iterable[Statement] | None = None,
    *,
    members: int | None = None,
    scale: Fraction | str | None = None,
    seed: int = 1,
    room: Room | None = None,
    only: Iterable[str] = (),
    progress: Any = None,
) -> Answers:
    """Return the verdict on claims about the past and the future.

    Parameters
    ----------
    what : str or path, optional
        A file of claims (.yaml, .csv), or a sentence. The claims of the first file, if not given.
    members, scale, seed : optional
        How the model is run where a claim needs it.
    room : Room, optional
        The evidence, if not the product's own.
    only : iterable of str
        Ids of the claims wanted.
    progress : callable, optional
        Called with the number of members done and the number of members, for each run.

    Raises
    ------
    DocketflowError
        One line that says what is wrong, where, and what is allowed.
    """
    statements = _statements(what)
    wanted = tuple(only)
    names = [one.id for one in statements]
    for name in wanted:
        if name not in names:
            raise UsageError(unknown("claim", name, names))
    chosen = [one for one in statements if not wanted or one.id in wanted]
    room = room or load()
    model = _Model(members, scale, seed, progress)
    return Answers(tuple(_said(_judge(one, room, model)) for one in chosen))


def _said(judged: Judged) -> Judged:
    """Return a verdict that says how the claim was read, where its words named no number."""
    read_as = judged.statement.read_as
    if not read_as:
        return judged
    return replace(judged, explanation=f"{judged.explanation} Read so: {read_as}.")


def _statements(what: Any) -> list[Statement]:
    if what is None:
        return read(SHIPPED)
    if isinstance(what, Statement):
        return [what]
    if isinstance(what, str | os.PathLike):
        path = Path(what)
        one_word = len(str(what).split()) == 1
        if path.suffix.lower() in FILES and (one_word or path.exists()):
            return read(path)
        if not isinstance(what, str) or (one_word and path.exists()):
            raise UsageError(f"{path}: a file of claims ends in {', '.join(FILES)}")
        return [read_sentence(what)]
    found = list(what)
    if not all(isinstance(one, Statement) for one in found):
        raise UsageError("check needs a file, a sentence, or statements")
    return found


class _Model:
    """The model, made ready when a claim first needs it: facts need none."""

    def __init__(self, members: int | None, scale: Fraction | str | None, seed: int, progress: Any) -> None:
        given = {"members": members, "scale": None if scale is None else read_scale(scale), "seed": seed}
        self._given: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        self._progress = progress
        self._asking: Any = None

    def judge(self, statement: Statement, room: Room) -> Judged:
        """Return the model's verdict on one claim."""
        from docketflow.answers.claims.model import Asking, judge_model

        if self._asking is None:
            self._asking = Asking(**self._given, progress=self._progress)
        return judge_model(statement, room, self._asking)


def _is_past(statement: Statement) -> bool:
    """Whether a forecast's period is over: what was to come has been counted since."""
    from docketflow.policy import load_scenario

    if statement.period is None or statement.about.asks == "levers":
        return False
    return statement.period[1] <= load_scenario(statement.scenario or vocabulary().scenario).start


def _judge(statement: Statement, room: Room, model: _Model) -> Judged:
    """Return the verdict on one claim: of evidence where it is of the past, else of the model."""
    if statement.unknown:
        why = f"{statement.unknown}. Nothing is judged by a guess of what is meant."
        return Judged(statement, CANNOT, why, "")
    about = statement.about
    followed = about.outcomes or statement.outcome or about.asks == "levers"
    counted = about.rules or about.series or about.shares
    if statement.kind == "fact" or (counted and not followed) or _is_past(statement):
        return judge_fact(statement, room)
    return model.judge(statement, room)
