"""Keep a result as a folder, and read it back: blocks of its members, and whatever is exported beside them.

It knows what lies in a result's folder, and when one may take another's place; how files come to be there
whole is `core/files.py`'s business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from docketflow.core import files
from docketflow.core.errors import ResultError
from docketflow.results.arrays import GROUPS, MEMBER, Held
from docketflow.results.block import pack
from docketflow.results.blocks import Blocks, result_of
from docketflow.results.folder import MANIFEST, Folder, OtherFormat, is_result
from docketflow.results.result import Result

RUN = ("settings", "members", "scale", "seed")
"""What a manifest says of which run it is: a result is replaced only by the same run made anew."""
MADE_BY = ("docketflow", "code", "evidence")
SCENARIO = ("scenario", "title", "first", "from", "to", "settings")
MEMBERS_A_BLOCK = 1000
ASKED = "asked-"  # how the names begin of files of answers that are kept with a result


def manifest_of(
    scenarios: Sequence[Mapping[str, Any]],
    *,
    members: int,
    scale: str,
    seed: int,
    block: int,
    made_by: Mapping[str, str],
) -> dict[str, Any]:
    """Return the manifest of a folder: all that decides its numbers, nothing of where, when or by whom.

    Parameters
    ----------
    scenarios
        Of each `SCENARIO` and its rows of ``levers``.
    members, scale, seed
        The same for all scenarios.
    block
        How many members a block has.
    made_by
        Version, code and evidence (`MADE_BY`).
    """
    head = {"members": members, "scale": scale, "seed": seed, "block": block}
    return {**head, "scenarios": [dict(one) for one in scenarios], **made_by}


def check_place(path: Path, run: Mapping[str, Any]) -> None:
    """Raise if the result of a run (`RUN`) cannot be put there, or something else is there already."""
    files.check_folder(path, _replaceable(run))


def place_for(name: str, run: Mapping[str, Any], *, within: Path, changed: bool = False) -> Path:
    """Return the folder of a run's result: the scenario's name, with a mark of the run where that is needed.

    It is needed for a changed plan, and where the name already holds another run or what another version
    wrote: nothing is written over.
    """
    plain = within / name
    marked = within / f"{name}-{files.mark(dict(run))}"
    if changed:
        return marked
    try:
        return plain if not is_result(plain) or _run_of(Folder(plain).manifest()) == _run(run) else marked
    except OtherFormat:
        return marked
    except ResultError:  # damaged: it is refused where it is judged
        return plain


def save(result: Result, path: Path, also: Callable[[Path], object] | None = None) -> Path:
    """Write a result folder, whole or not at all; the same run that is there already is replaced.

    Parameters
    ----------
    result : Result
    path : Path
        Where the folder goes.
    also : callable, optional
        Writes more files (a report) into the folder it is given, before it is sealed.

    Raises
    ------
    ResultError
        One line: the place holds another run, or files that docketflow did not write.
    """
    path = Path(path)
    made = result.manifest
    with files.folder(path, _replaceable(made)) as aside:
        folder = Folder(aside)
        folder.begin(
            manifest_of(
                [{**{key: made.get(key) for key in SCENARIO}, "levers": list(result.levers)}],
                members=result.members,
                scale=result.scale,
                seed=result.seed,
                block=MEMBERS_A_BLOCK,
                made_by={key: made[key] for key in MADE_BY if key in made},
            )
        )
        for first, data in _packed(result):
            folder.put(result.scenario, first, data)
        for question, said in result.asked.items():
            folder.write(f"{ASKED}{question}.json", files.sealed({"said": said}, indent=None))
        if also is not None:
            also(aside)
        folder.finish(name for name in folder.names() if "/" not in name and name != MANIFEST)
    return files.real(path)


def load(path: Path) -> Result:
    """Read a result folder and check that it is whole and unchanged.

    Raises
    ------
    ResultError
        One line: what is missing, changed, unreadable or of another version.
    """
    folder = Folder(Path(path))
    manifest = folder.manifest()
    names = [one["scenario"] for one in manifest["scenarios"]]
    if len(names) != 1:
        raise ResultError(f"{path}: is a study of {', '.join(names)}; a result is of one scenario")
    folder.check()
    [about] = manifest["scenarios"]
    blocks = Blocks(names[0], manifest["members"], list(folder.blocks(names[0]).values()))
    asked = {
        name.removeprefix(ASKED).removesuffix(".json"): files.unsealed(folder.path / name)["said"]
        for name in folder.sums()
        if name.startswith(ASKED)
    }
    return replace(result_of(blocks, about["levers"]), arrays=blocks.held(), asked=asked)


def _packed(result: Result) -> Iterator[tuple[int, bytes]]:
    """Yield the blocks of a result: first member and bytes."""
    groups = {name: dims.index(MEMBER) for name, dims in GROUPS.items() if name in result.arrays}
    arrays = {name: result.arrays[name] for name in groups}
    away = {**result.failures, **result.missing}
    for first in range(0, result.members, MEMBERS_A_BLOCK):
        numbers = range(first, min(first + MEMBERS_A_BLOCK, result.members))
        done = [number for number in numbers if number not in away]
        some = Held({name: arrays[name].take(done, axis=place) for name, place in groups.items()})
        ends = [
            {k: why for k, why in those.items() if k in numbers}
            for those in (result.failures, result.missing)
        ]
        yield first, pack(replace(result, arrays=some), numbers, *ends, members=result.members)


def _replaceable(run: Mapping[str, Any]) -> files.Judge:
    """Return what judges whether a folder is a result of the same run with nothing else in it."""

    def judge(there: Path, place: Path) -> Iterable[str]:
        if not is_result(there):
            raise ResultError(f"{place}: exists and is not a result folder; choose another place")
        folder = Folder(there)
        try:
            kept, wrote = folder.manifest(), folder.sums()
        except ResultError as error:
            said = str(error).replace(str(folder.path), str(place))
            raise ResultError(f"{said}; choose another place with --out, or delete it first") from None
        names = folder.names()
        strange = [n for n in names if n not in wrote or _changed(there / n, wrote[n])]
        if strange:
            more = f" and {len(strange) - 1} more" if len(strange) > 1 else ""
            raise ResultError(
                f"{place}: holds {strange[0]!r}{more}, not as docketflow wrote it; move it, or choose "
                "another place with --out"
            )
        if _run_of(kept) != _run(run):
            told = f"{kept['members']} members at {kept['scale']}, seed {kept['seed']}"
            scenarios = [one["scenario"] for one in kept["scenarios"]]
            other = "other settings" if _run_of(kept)[:1] != _run(run)[:1] else told
            raise ResultError(
                f"{place}: holds another run of {', '.join(scenarios)} ({other}); choose another place with "
                "--out, or delete it first"
            )
        return names

    return judge


def _changed(path: Path, wanted: str) -> bool:
    return path.is_symlink() or not path.is_file() or files.checksum(path) != wanted


def _run(run: Mapping[str, Any]) -> list[Any]:
    return [run.get(key) for key in RUN]


def _run_of(manifest: Mapping[str, Any]) -> list[Any]:
    """Return which run a folder holds; a study of several is none."""
    settings = [one["settings"] for one in manifest["scenarios"]]
    return _run({**manifest, "settings": settings[0] if len(settings) == 1 else settings})
