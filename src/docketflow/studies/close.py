"""Closes a study: only when every planned member has answered or failed, and by one process.

It compares what blocks hold, and reads what they say of their members; how they came there is not its
business.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence

import numpy as np

from docketflow.core.errors import ResultError
from docketflow.results.blocks import read_block
from docketflow.results.folder import Folder
from docketflow.studies.carry import PATIENCE
from docketflow.studies.leases import Leases
from docketflow.studies.study import TABLES, Study, write_tables
from docketflow.studies.task import Task

CLOSING = ("-closing", 0)  # a lease of its own; no scenario has such a name


def close(folder: Folder, tasks: Sequence[Task], leases: Leases) -> bool:
    """Close a study, or wait until another process has; say whether that was possible.

    It was not when a block had been damaged: it is removed, and its members are to be run again.
    """
    while not folder.finished:
        if not _all_there(folder, tasks):
            return False
        if leases.claim(CLOSING):
            try:
                return folder.finished or _closed(folder, tasks, leases)
            finally:
                leases.give_back(CLOSING)
        leases.held()  # takes the lease of a closer that died away
        time.sleep(PATIENCE)
    return True


def _all_there(folder: Folder, tasks: Sequence[Task]) -> bool:
    names = dict.fromkeys(task.scenario.name for task in tasks)
    there = {(name, first) for name in names for first in folder.blocks(name)}
    return all(task.key in there for task in tasks)


def _closed(folder: Folder, tasks: Sequence[Task], leases: Leases) -> bool:
    names = dict.fromkeys(task.scenario.name for task in tasks)
    folder.tidy(names)
    if not _all_there(folder, tasks):
        return False
    for name in names:
        keep_one_of_each(folder, name)
    check_ends(folder, tasks)
    write_tables(Study(folder.path))
    folder.finish(TABLES)
    leases.clear()
    return True


def check_ends(folder: Folder, tasks: Sequence[Task]) -> None:
    """Raise unless every planned member has answered or failed, each once."""
    for task in tasks:
        path = folder.blocks(task.scenario.name)[task.first]
        block, _ = read_block(path)
        ends = Counter([*block.done, *block.failures])
        if ends != Counter(task.numbers):
            raise ResultError(
                f"{path}: has {ends.total()} members that answered or failed, not the {len(task.numbers)} "
                "that were planned; delete it and --resume"
            )


def keep_one_of_each(folder: Folder, scenario: str) -> None:
    """Keep one file of each block that two machines ran; raise if they gave different numbers.

    Libraries of other versions may write the same numbers as other bytes.
    """
    for first, paths in folder.copies(scenario).items():
        one, *others = (read_block(path, None) for path in paths)
        for (about, arrays), path in zip(others, paths[1:], strict=True):
            same = about == one[0] and arrays.keys() == one[1].keys()
            if not same or not all(np.array_equal(arrays[k], one[1][k], equal_nan=True) for k in arrays):
                raise ResultError(
                    f"{path}: two machines gave different numbers for the block from member {first} on; "
                    "delete one of the two files and --resume"
                )
            path.unlink(missing_ok=True)


def forget_failures(folder: Folder, tasks: Sequence[Task]) -> None:
    """Remove the blocks in which members failed, so that they are run again."""
    for task in tasks:
        path = folder.blocks(task.scenario.name).get(task.first)
        if path is not None and read_block(path)[0].failures:
            folder.remove(*task.key)
