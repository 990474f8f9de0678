"""A study: several scenarios on the same members, each answering what one run answers, compared in pairs.

It reads a finished folder; how the numbers came there is not its business.
"""

from __future__ import annotations

import csv
import functools
import io
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docketflow.core.errors import UsageError, unknown
from docketflow.results import paired
from docketflow.studies.folder import Folder
from docketflow.studies.kept import Kept, read_block

if TYPE_CHECKING:
    import pandas as pd

ANSWERS, DIFFERENCES, FAILURES = "answers.csv", "differences.csv", "failures.csv"
FAILURE_COLUMNS = ("scenario", "member", "reason")
DIFFERENCE_COLUMNS = (
    *("scenario", "less", "outcome", "unit", "value", "value_of_less"),
    *("difference", "low", "high", "relative"),
)
ANSWER_COLUMNS = (
    *("scenario", "outcome", "month", "value", "low", "high"),
    *("unit", "monte_carlo_error", "definition"),
)


class Study:
    """Several scenarios on the same members.

    Parameters
    ----------
    path : Path
        The study's folder.
    hold : object, optional
        Anything that must live as long as the study, such as a temporary folder.

    Examples
    --------
    ``study["baseline-january-2025"]["removals.ice"]`` is an answer; ``study.compare()`` a paired table.
    """

    def __init__(self, path: Path, *, hold: object = None) -> None:
        self.folder, self._hold = Folder(path), hold
        self.manifest = self.folder.manifest()
        self._results: dict[str, Kept] = {}

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios, in the order in which they were given."""
        return tuple(one["scenario"] for one in self.manifest["scenarios"])

    @property
    def members(self) -> int:
        """How many members each scenario was run on."""
        return int(self.manifest["members"])

    @property
    def seed(self) -> int:
        """Seed of all luck."""
        return int(self.manifest["seed"])

    @property
    def scale(self) -> str:
        """Records a person, such as 1/100."""
        return str(self.manifest["scale"])

    def __iter__(self) -> Iterator[str]:
        return iter(self.scenarios)

    def __len__(self) -> int:
        return len(self.scenarios)

    def __contains__(self, name: object) -> bool:
        return name in self.scenarios

    def __getitem__(self, name: str) -> Kept:
        """Return the result of one scenario, or raise the line that names the nearest."""
        if name not in self.scenarios:
            raise UsageError(unknown("scenario", name, self.scenarios, str(self.folder.path)))
        if name not in self._results:
            rows = next(one["levers"] for one in self.manifest["scenarios"] if one["scenario"] == name)
            blocks = list(self.folder.blocks(name).values())
            self._results[name] = Kept(name, self.members, blocks, rows)
        return self._results[name]

    @property
    def answered(self) -> tuple[str, ...]:
        """The scenarios of which at least one member did not fail."""
        failed = self.failures["scenario"].value_counts()
        return tuple(name for name in self if failed.get(name, 0) < self.members)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Each scenario and the first, where both have answers for the same period."""
        first, *others = self.answered or [""]
        alike = [name for name in others if self[name].end == self[first].end]
        return tuple((name, first) for name in alike if self[name].start == self[first].start)

    @functools.cached_property
    def failures(self) -> pd.DataFrame:
        """Every member that failed: scenario, member, reason."""
        import pandas as pd

        return pd.read_csv(self.folder.path / FAILURES, keep_default_na=False)

    def compare(self, a: str | None = None, b: str | None = None) -> pd.DataFrame:
        """Return every outcome of two scenarios and the difference a less b on the same members.

        Parameters
        ----------
        a, b : str, optional
            Names of scenarios; by default the second and the first.
        """
        if len(self) < 2 and (a is None or b is None):
            raise UsageError(f"{self.folder.path}: has one scenario; there is nothing to compare it with")
        return paired(self[a or self.scenarios[1]], self[b or self.scenarios[0]])

    def to_json(self) -> dict[str, Any]:
        """Return the whole answer as plain data, as `docketflow study --json` prints it."""
        return {
            "members": self.members,
            "scale": self.scale,
            "seed": self.seed,
            "scenarios": {name: self[name].to_json() for name in self.answered},
            "differences": [
                {
                    "a": name,
                    "b": first,
                    "outcomes": self.compare(name, first).reset_index().to_dict("records"),
                }
                for name, first in self.pairs
            ],
            "failures": self.failures.to_dict("records"),
        }

    def __repr__(self) -> str:
        failed = f", {len(self.failures)} failed" if len(self.failures) else ""
        head = f"<Study of {self.members} members at {self.scale}, seed {self.seed}{failed}"
        return "\n  ".join([head, *(repr(self[name]) for name in self.answered)]) + ">"


def load(path: Path) -> Study:
    """Open a finished study and check that it is whole and unchanged.

    Raises
    ------
    ResultError
        One line: what is missing, changed or unfinished.
    """
    found = Study(Path(path))
    found.folder.check()
    return found


def write_tables(study: Study) -> None:
    """Write what a reader opens first: failures, answers with units and definitions, paired differences."""
    folder = study.folder
    failed = (
        (name, member, why)
        for name in study
        for path in folder.blocks(name).values()
        for member, why in sorted(read_block(path)[0].failures.items())
    )
    folder.write(FAILURES, _csv(FAILURE_COLUMNS, failed))
    answers = (row for name in study.answered for row in _answers(name, study[name]))
    folder.write(ANSWERS, _csv(ANSWER_COLUMNS, answers))
    gaps = (
        (name, first, *row)
        for name, first in study.pairs
        for row in study.compare(name, first).itertuples(name=None)
    )
    folder.write(DIFFERENCES, _csv(DIFFERENCE_COLUMNS, gaps))


def _answers(scenario: str, result: Kept) -> Iterator[tuple[Any, ...]]:
    for name in result.names:
        answer = result[name]
        for month, found in (("period", answer.whole), *answer.monthly()):
            numbers = (found.value, found.low, found.high)
            yield scenario, name, month, *numbers, answer.unit, found.error, answer.definition


def _csv(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(
        ["" if isinstance(cell, float) and not math.isfinite(cell) else cell for cell in row] for row in rows
    )
    return text.getvalue()
