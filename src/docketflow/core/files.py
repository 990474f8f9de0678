"""Names, places and writing: nothing half-written, nothing lost, nothing of a user's deleted.

The one home of every write of ours. A name is never a path. A place is followed through its links before it
is judged, and looked at again when the new folder is ready. A folder is built aside and swapped in, so that
no moment is without a whole one; of what was there only files that docketflow wrote are removed, one by one.
It knows files, bytes and seals; not what is in them.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from docketflow.core.errors import DocketflowError, ResultError

PREFIX, PART = ".docketflow-", ".part"
MARK = 8  # characters of a hash in a name
LONGEST_NAME = 100  # characters: room for endings within what file systems allow (255 bytes)
Judge = Callable[[Path, Path], Iterable[str]]
"""Given a folder and the place it is known by: the names of the files docketflow wrote; raises if it holds
anything else, or must not be replaced."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_CHUNK = 1 << 20
_HERE, _EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux
_aside: set[Path] = set()  # folders that are being filled: what is in them goes onto the disk at the end


# --- names ------------------------------------------------------------------------------------------
def check_name(name: str, *, where: str = "", error: type[DocketflowError] = ResultError) -> str:
    """Return a name that may become a file's name on any machine, or raise the line that says why not.

    Letters are those of English, accents allowed: what looks like another name is another name's neighbour,
    so letters that only look like these are refused.
    """
    whole = name == unicodedata.normalize("NFC", name) and not any(map(unicodedata.combining, name))
    plain = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    fault = ""
    if len(name) > LONGEST_NAME:
        fault = f"is longer than {LONGEST_NAME} characters"
    elif not whole or not _NAME.fullmatch(plain):
        fault = "is not made of letters, digits, - _ and ., a letter or digit first"
    elif _DEVICES.fullmatch(plain):
        fault = "is the name of a device"
    elif name.endswith("."):
        fault = "ends in a dot"
    if not fault:
        return name
    better = re.sub(r"[^A-Za-z0-9_]+", "-", plain[:LONGEST_NAME]).strip("-_")
    hint = f"; for instance {better!r}" if better and better != name and _fits(better) else ""
    place = f"{where}: " if where else ""
    raise error(f"{place}the name {name[:60]!r} {fault}: it becomes the name of a folder{hint}")


def _fits(name: str) -> bool:
    return bool(_NAME.fullmatch(name)) and not _DEVICES.fullmatch(name)


# --- places -----------------------------------------------------------------------------------------
def real(path: str | Path) -> Path:
    """Return where a path really leads: absolute, through every link, and by `..` out of nothing."""
    with clear(path):
        place = Path(os.path.realpath(path))
        if Path(path).exists() and not place.exists():  # such as /dev/stdout when it is a pipe
            raise ResultError(f"{path}: is a file that a program has open, not a place")
    return place


def check_folder(path: Path, judge: Judge) -> None:
    """Raise if a folder of ours cannot be put at a place, or something else is there already."""
    place = real(path)
    with clear(path):
        try:
            place.lstat()
        except (FileNotFoundError, NotADirectoryError):
            pass
        else:
            _check_there(place, path, judge)
        above = next(parent for parent in place.parents if parent.exists())
        os.rmdir(tempfile.mkdtemp(prefix=PREFIX, suffix=PART, dir=above))


def _check_there(place: Path, path: Path, judge: Judge) -> None:
    if place.is_symlink():
        raise ResultError(f"{path}: is a link that leads back to itself")
    if not place.is_dir():
        raise ResultError(f"{path}: is a file; a folder is needed")
    if Path.cwd().is_relative_to(place):
        raise ResultError(f"{path}: is the folder you are in, or one above it; choose another place")
    if os.path.ismount(place):
        raise ResultError(f"{path}: is where a disk is mounted; choose a folder in it")
    if any(place.iterdir()):
        judge(place, path)


@contextlib.contextmanager
def clear(path: str | Path, fault: str = "cannot be written") -> Iterator[None]:
    """Turn what the file system says into one line that names the place."""
    try:
        yield
    except OSError as error:
        raise ResultError(f"{str(path)[:200]}: {fault} ({(error.strerror or 'error').lower()})") from None
    except ValueError as error:
        if isinstance(error, UnicodeError) or "null" in str(error):
            raise ResultError(f"{str(path)[:200]!r}: is no path") from None
        raise


# --- one file ---------------------------------------------------------------------------------------
def write(path: str | Path, *parts: str | bytes, anew: bool = False) -> Path:
    """Write one file: aside, onto the disk, then renamed; a link is followed, folders above are made.

    With ``anew`` a file that is there already stays as it is, also if it came there at this very moment.
    """
    place = real(path)
    later = bool(_aside.intersection(place.parents))
    with clear(path):
        if place.exists() and not place.is_file():
            raise ResultError(f"{path}: is not a file")
        place.parent.mkdir(parents=True, exist_ok=True)
        mode = place.stat().st_mode & 0o777 if place.exists() else 0o644
        handle, name = tempfile.mkstemp(prefix=PREFIX, suffix=PART, dir=place.parent)
        aside = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                for part in parts:
                    file.write(part.encode() if isinstance(part, str) else part)
                file.flush()
                if not later:
                    os.fsync(file.fileno())
            aside.chmod(mode)
            if not (anew and _linked(aside, place)):
                aside.replace(place)
            if not later:
                _sync(place.parent)
        finally:
            aside.unlink(missing_ok=True)
    return place


def _linked(aside: Path, place: Path) -> bool:
    """Give a file another name unless the name is taken; say whether this file system can."""
    try:
        os.link(aside, place)
    except FileExistsError:
        pass
    except (AttributeError, NotImplementedError, OSError):
        return place.exists()
    return True


# --- one folder -------------------------------------------------------------------------------------
@contextlib.contextmanager
def folder(path: Path, judge: Judge) -> Iterator[Path]:
    """Give an empty folder aside, and put it at a place, whole, when all went well.

    Raises
    ------
    ResultError
        One line. If the place turned bad only while the folder was filled, the folder is kept beside it
        and the line says where.
    """
    check_folder(path, judge)
    place = real(path)
    with clear(path):
        place.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=PREFIX, suffix=PART, dir=place.parent))
    _aside.add(aside)
    try:
        with clear(path):
            yield aside
            aside.chmod(0o755)
            for file in (*aside.rglob("*"), aside):
                with clear(file):
                    _sync(file)
    except BaseException as error:
        shutil.rmtree(aside, ignore_errors=True)
        if isinstance(error, ResultError):  # what was to be, not where it was made: that is gone
            raise ResultError(str(error).replace(str(aside), str(path))) from None
        raise
    finally:
        _aside.discard(aside)
    try:
        with clear(path):
            _swap(aside, place, judge)
            _sync(place.parent)
    except ResultError as refused:
        raise ResultError(f"{refused}; what was made is kept as {_beside(aside, place)}") from None


def _swap(aside: Path, place: Path, judge: Judge) -> None:
    """Put a folder at a place, and remove what docketflow wrote of the folder that was there."""
    if real(place) != place:
        raise ResultError(f"{place}: leads elsewhere than when this was begun")
    try:
        aside.rename(place)  # takes the place of nothing or of an empty folder, never of anything else
        return
    except OSError:
        if not place.is_dir():
            raise
    _check_there(place, place, judge)
    old = _exchange(aside, place)
    try:  # what was there is out of everybody's way only now: look at it once more
        ours = judge(old, place) if any(old.iterdir()) else ()
    except BaseException:
        _exchange_back(aside, place, old)
        raise
    for name in ours:
        (old / name).unlink(missing_ok=True)
        for above in Path(name).parents[:-1]:
            with contextlib.suppress(OSError):  # it holds more
                (old / above).rmdir()
    try:
        old.rmdir()
    except OSError:  # a file came in through an open door: it stays, where it is seen
        _beside(old, place.with_name(f"{place.name}-kept"))


def _exchange(aside: Path, place: Path) -> Path:
    """Swap two folders in one step where the system can, else in two; return where the old one is now."""
    if _exchanged(aside, place):
        return aside
    old = Path(tempfile.mkdtemp(prefix=PREFIX, suffix=".old", dir=place.parent))
    old.rmdir()
    place.rename(old)
    try:
        aside.rename(place)
    except OSError:
        old.rename(place)
        raise
    return old


def _exchange_back(aside: Path, place: Path, old: Path) -> None:
    if old == aside:
        _exchanged(aside, place)
    else:
        place.rename(aside)
        old.rename(place)


def _exchanged(one: Path, two: Path) -> bool:
    """Exchange two paths at once (Linux); say whether that was possible."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    if rename(_HERE, os.fsencode(one), _HERE, os.fsencode(two), _EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EPERM):  # this file system cannot
        return False
    raise OSError(code, os.strerror(code), str(two))


def _beside(made: Path, place: Path) -> Path:
    """Put a folder at the first free name beside a place."""
    number = 2
    while True:
        free = place.with_name(f"{place.name}-{number}")
        if not os.path.lexists(free):
            with contextlib.suppress(FileExistsError):
                made.rename(free)
                return free
        number += 1


def _sync(path: Path) -> None:
    """Have a file or folder on the disk; some systems cannot for folders."""
    with contextlib.suppress(OSError) if path.is_dir() else contextlib.nullcontext():
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


# --- seals ------------------------------------------------------------------------------------------
def checksum(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def checksums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every plain file directly in a folder; links and folders are not looked into."""
    files = sorted(entry for entry in folder.iterdir() if entry.is_file() and not entry.is_symlink())
    return {file.name: checksum(file) for file in files}


def sealed(data: Mapping[str, Any], *, where: object = "", indent: int | None = 1) -> str:
    """Return data as JSON that carries its own checksum; long ones are written faster without indents."""
    try:
        return json.dumps({**data, "seal": _seal(data)}, indent=indent, allow_nan=False) + "\n"
    except (TypeError, ValueError) as error:
        raise ResultError(f"{where}: holds something that is not plain data ({error})") from None


def unsealed(path: Path) -> dict[str, Any]:
    """Return the data of a sealed file, or raise if it has changed."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        raise ResultError(f"{path.parent}: {path.name} is not valid JSON; it is damaged") from None
    if not isinstance(data, dict) or "seal" not in data:
        raise ResultError(f"{path.parent}: {path.name} is not that of a result or a study")
    if data.pop("seal") != _seal(data):
        raise ResultError(f"{path.parent}: {path.name} has changed since it was written (seal differs)")
    return data


def mark(data: Mapping[str, Any]) -> str:
    """Return a few characters that tell data from other data, for a name."""
    return _seal(data)[:MARK]


def _seal(data: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True, allow_nan=False).encode()).hexdigest()
