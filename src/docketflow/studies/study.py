"""A study: several scenarios on the same members, each answering what one run answers, compared in pairs.

It reads a finished folder; how the numbers came there is not its business.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docketflow.core.errors import UsageError, unknown
from docketflow.core.sheets import as_csv
from docketflow.results import Result, paired
from docketflow.results.blocks import Blocks, read_block, result_of
from docketflow.results.compare import differences
from docketflow.results.folder import Folder
from docketflow.results.result import about
from docketflow.results.tables import answers, by_month, csv_of

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

ANSWERS, MONTHS = "answers.csv", "answers_by_month.csv"
DIFFERENCES, FAILURES = "differences.csv", "failures.csv"
TABLES = (ANSWERS, MONTHS, DIFFERENCES, FAILURES)
FAILURE_COLUMNS = ("scenario", "member", "end", "reason")


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
        self._results: dict[str, Result] = {}

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

    def __getitem__(self, name: str) -> Result:
        """Return the result of one scenario, or raise the line that names the nearest."""
        if name not in self.scenarios:
            raise UsageError(unknown("scenario", name, self.scenarios, str(self.folder.path)))
        if name not in self._results:
            rows = next(one["levers"] for one in self.manifest["scenarios"] if one["scenario"] == name)
            blocks = list(self.folder.blocks(name).values())
            self._results[name] = result_of(Blocks(name, self.members, blocks), rows)
        return self._results[name]

    @property
    def answered(self) -> tuple[str, ...]:
        """The scenarios of which at least one member did not fail."""
        failed = Counter(end["scenario"] for end in self.failures)
        return tuple(name for name in self if failed[name] < self.members)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Each scenario and the first, where both have answers for the same period."""
        first, *others = self.answered or [""]
        alike = [name for name in others if self[name].end == self[first].end]
        return tuple((name, first) for name in alike if self[name].start == self[first].start)

    @functools.cached_property
    def failures(self) -> list[dict[str, Any]]:
        """Every member without numbers: scenario, member, end (failed or missing), reason."""
        return [dict(zip(FAILURE_COLUMNS, end, strict=True)) for end in _ends(self)]

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

    @property
    def draws(self) -> pd.DataFrame:
        """What was drawn for each member, alike in every scenario: a row a member, a column a parameter."""
        import pandas as pd

        every = pd.concat([self[name].draws for name in self.answered], axis=1)
        return every.loc[:, ~every.columns.duplicated()]

    def to_pandas(self, by: str = "month") -> pd.DataFrame:
        """Return the outcomes of every scenario as one table (see `Result.to_pandas`)."""
        import pandas as pd

        tables = {name: self[name].to_pandas(by) for name in self.answered}
        same = [table.assign(scenario=name) for name, table in tables.items()]
        return pd.concat(same, ignore_index=True)

    def to_xarray(self) -> xr.Dataset:
        """Return everything of every scenario as one labelled data set."""
        import xarray as xr

        found = [self[name].to_xarray().expand_dims(scenario=[name]) for name in self.answered]
        return xr.concat(found, dim="scenario", join="outer", combine_attrs="drop_conflicts")

    def _repr_html_(self) -> str:
        return "".join(self[name]._repr_html_() for name in self.answered)

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
                    "outcomes": [gap.rounded().row() for gap in differences(self[name], self[first])],
                }
                for name, first in self.pairs
            ],
            "failures": self.failures,
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
    """Write what a reader opens first: who failed, answers (as a run writes them), paired differences.

    Outcome by outcome through all tables, as they lie in the blocks: each is read once.
    """
    folder, results = study.folder, {name: study[name] for name in study.answered}
    folder.write(FAILURES, as_csv([FAILURE_COLUMNS, *_ends(study)]))
    rows: dict[str, dict[Any, list[dict[str, Any]]]] = {ANSWERS: {}, MONTHS: {}, DIFFERENCES: {}}
    for outcome in dict.fromkeys(name for result in results.values() for name in result.names):
        for name, result in results.items():
            for table, told in ((ANSWERS, answers), (MONTHS, by_month)):
                more = told(result, [outcome]) if outcome in result else []
                rows[table].setdefault(name, []).extend(more)
        for pair in study.pairs:
            rows[DIFFERENCES].setdefault(pair, []).extend(_gaps(study, *pair, outcome))
    for name, parts in rows.items():
        folder.write(name, csv_of([row for part in parts.values() for row in part]))


def _ends(study: Study) -> Iterator[tuple[str, int, str, str]]:
    """Yield every member without numbers, how it ended, and why."""
    for name in study:
        for path in study.folder.blocks(name).values():
            block, _ = read_block(path)
            ends = {"failed": block.failures, "missing": block.missing}
            found = [(name, member, end, why) for end, those in ends.items() for member, why in those.items()]
            yield from sorted(found)


def _gaps(study: Study, name: str, first: str, outcome: str) -> Iterator[dict[str, Any]]:
    """Yield the row of an outcome of one scenario less the first, where both have it."""
    one, other = study[name], study[first]
    tail = {key: value for key, value in about(one).items() if key not in ("scenario", "settings")}
    for difference in differences(one, other, [outcome]):
        row = difference.rounded().row()
        head = {"scenario": name, "less": first, "outcome": row.pop("outcome"), "unit": row.pop("unit")}
        yield {**head, "value": row.pop("a"), "value_of_less": row.pop("b"), **row, **tail}
