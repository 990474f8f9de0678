"""The scoreboard beside rivals that know the months of fiscal years 2014 to 2018 too, as the model does.

Rivals of the scoreboard know the series that are fitted, from October 2018 on, as they did on every board.
Here the same rules are given every month that is published before an origin; the model's rows are those kept.

python benchmarks/rivals_longer.py [scoreboard.csv]
"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from types import SimpleNamespace

from docketflow.calibrate.backtest import GIVEN, INPUT, LAST, happened, in_a_row, others, scored
from docketflow.calibrate.board import apart, read, rows, told
from docketflow.calibrate.record import BOARD
from docketflow.calibrate.targets import series
from docketflow.core.dates import DAY, month_end
from docketflow.evidence import load


def main() -> None:
    """Print both boards: the model's rows as they are kept, rivals of longer memory."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("board", nargs="?", type=Path, default=BOARD)
    found = [row for row in read(asked.parse_args().board) if row["forecast"] == "model"]
    every = [one for one in series(load()) if one.monthly]
    history = [happened(one, figure) for one in every for figure in (*one.before, *one.figures)]
    for board, origin in dict.fromkeys((row["board"], row["origin"]) for row in found):
        mine = {
            (row["outcome"], row["horizon"])
            for row in found
            if (row["board"], row["origin"], row["forecast"]) == (board, origin, "model")
        }
        day = dt.date.fromisoformat(origin)
        known = [month for one in every for month in in_a_row(history, one.outcome, day)]
        given = [one for one in history if one.outcome == INPUT] if board == GIVEN else ()
        end = min(month_end((day + DAY).replace(year=day.year + 2) - DAY), LAST)
        beside = scored(others(known, day, end, given), history, day)
        longer = rows([SimpleNamespace(origin=day, board=board, scores=beside)])
        found += [row for row in longer if (row["outcome"], row["horizon"]) in mine]
    for name, some in {"all origins": found, **apart(found)}.items():
        print(name)
        for board, said in told(some).items():
            print(f"  {board}:", ", ".join(f"{what.replace('_', ' ')} {one}" for what, one in said.items()))


if __name__ == "__main__":
    main()
