"""Compiles the functions of the machine, once for all processes of an installation, and keeps what comes out.

A compiled form is a sealed file: the seal is checked before anything is loaded, so that a damaged form is
compiled anew and never run. Who compiles holds a lock, from the first function to the last (`by_one`); who
waited for it finds the forms and loads them.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import pickle
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llvmlite import binding as llvm
from numba import njit
from numba.core import caching
from numba.core.runtime import rtsys

from docketflow.core import files, sealed
from docketflow.core.unsearched import unsearched
from docketflow.engine.run.compiler import cache

if TYPE_CHECKING:
    from filelock import BaseFileLock

LONGEST_WAIT = 300  # seconds for another process that compiles, which may have been stopped


def compiled(signature: Any, *, within: bool = False, **options: Any) -> Callable[[Any], Any]:
    """Compile a function of the machine that Python calls, and keep it.

    Parameters
    ----------
    signature
        Its types.
    within : bool
        Compiled functions call it too, and what is kept of it is linked into theirs.
    options
        The compiler's.
    """

    def decorate(function: Any) -> Any:
        dispatcher = _kept(function, options, linked=within)
        if dispatcher is function:  # the compiler may be switched off
            return function

        def refused(*_: Any) -> None:
            raise TypeError(f"{function.__name__} is called by Python alone")

        if not within:
            dispatcher.get_call_template = refused
        dispatcher.compile(signature)
        dispatcher.disable_compile()
        return dispatcher

    return decorate


def _kept(function: Any, options: Mapping[str, Any], *, linked: bool) -> Any:
    """Return a function as the compiler has it, with the forms that are kept of it."""
    dispatcher: Any = njit(**options)(function)
    if dispatcher is not function:
        dispatcher._cache = _Kept(function, linked)
    return dispatcher


def inner(signature: Any = None, **options: Any) -> Callable[[Any], Any]:
    """Compile a function that compiled ones alone call.

    With a signature it is compiled once, whatever each calls it with, where nothing is compiled yet.

    What Python would need to call it is left out: a sixth of all compiling. With ``_nrt=False`` it makes no
    arrays and does not count who holds those it is given, which takes longer than most of these calls do; a
    function that makes arrays says ``_nrt=True``, or it would take over what whoever calls it says.
    """

    def decorate(function: Any) -> Any:
        without = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
        made = _kept(function, {**without, **options}, linked=True)

        def noted(form: Any) -> None:
            made.overloads[tuple(form.signature.args)] = form

        def refused(*_: Any) -> None:
            raise TypeError(f"{function.__name__} is called by compiled functions alone")

        if made is not function:  # the compiler may be switched off
            made.add_overload, made._compile_for_args = noted, refused
            if signature is not None and not cache.is_compiled():
                made.compile(signature)
                made.disable_compile()
        return made

    return decorate


class _Nowhere(caching._SourceFileBackedLocatorMixin, caching._CacheLocator):
    """A place that the compiler need not find: `cache` knows it."""

    def __init__(self, function: Any, file: str) -> None:
        self._py_file, self._lineno = file, function.__code__.co_firstlineno

    @classmethod
    def from_function(cls, function: Any, file: str) -> _Nowhere:
        return cls(function, file)

    def get_cache_path(self) -> str:
        return ""

    def ensure_cache_path(self) -> None:
        pass


class _Form(caching.CompileResultCacheImpl):
    """How a compiled function becomes plain data and comes back: as the compiler does it."""

    _locator_classes = [_Nowhere]  # noqa: RUF012 (as the class it is made from has it)


class _Kept(caching.FunctionCache):
    """The compiled forms of one function, one sealed file for each signature."""

    _impl_class = _Form

    def __init__(self, function: Any, linked: bool) -> None:
        super().__init__(function)
        self._held, self._linked = contextlib.ExitStack(), linked

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return a compiled form that was kept; if there is none, it is this process's turn to compile it."""
        rtsys.initialize(target_context)  # all of the compiler that a kept form needs
        found = self._found(sig, target_context)
        if found is None and self._enabled:
            self._held.enter_context(_alone())
            found = self._found(sig, target_context)
            if found is not None:
                self._held.close()
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a compiled form, and let others compile."""
        with self._held:
            folder = cache.folder()
            if folder is not None and self._enabled and self._impl.check_cachable(data):
                form = self._impl.reduce(data)
                packed = self._cache_file._dump(form if self._linked else _unlinked(form))
                sealed.write(folder / self._name_of(sig, data.codegen), packed)

    def _found(self, sig: Any, target_context: Any) -> Any:
        name = self._name_of(sig, target_context.codegen())
        for folder in cache.folders():
            data = sealed.read(folder / name)
            if data is not None:
                # Sealed by who may write this folder, as what Python keeps of a module is.
                return self._impl.rebuild(target_context, pickle.loads(data))  # noqa: S301
        return None

    def _name_of(self, sig: Any, codegen: Any) -> str:
        key = hashlib.sha256(repr(self._index_key(sig, codegen)).encode()).hexdigest()[:24]
        return f"{self._impl.filename_base}-{key}{'' if self._linked else '-alone'}.form"


def _unlinked(form: Any) -> Any:
    """Return a compiled form that nothing is linked with: of its code before the last step, names alone.

    Each start would read all of it, which takes longer than to load the rest.
    """
    (name, kind, (code, before)), *rest = form
    module = llvm.parse_bitcode(before)
    functions = (one.name for one in module.functions if not one.is_declaration)
    places = (one.name for one in module.global_variables if not one.is_declaration)
    named = [f'define void @"{one}"() {{ ret void }}' for one in functions]
    named += [f'@"{one}" = global i8 0' for one in places]
    return (name, kind, (code, llvm.parse_assembly("\n".join(named)).as_bitcode())), *rest


@contextlib.contextmanager
def by_one() -> Iterator[None]:
    """Let one process compile everything in this block, if it never was; others wait, then load it."""
    if cache.is_compiled():
        yield
        return
    with _alone(), unsearched():
        yield
        folder = cache.folder()
        if folder is not None:
            sealed.write(folder / cache.WHOLE, b"")


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Hold the lock of the folder of compiled forms, if there is one and no other holds it for ever."""
    folder = cache.folder()
    with contextlib.ExitStack() as stack:
        if folder is not None:
            with contextlib.suppress(OSError, NotImplementedError):  # a timeout is an OSError
                stack.enter_context(_lock(folder).acquire(timeout=LONGEST_WAIT))
                if _lock(folder).lock_counter == 1:  # only its holder writes: a killed one's rest may go
                    for part in folder.glob(f"{files.PREFIX}*{files.PART}"):
                        part.unlink(missing_ok=True)
        yield


@functools.cache
def _lock(folder: Path) -> BaseFileLock:
    from filelock import FileLock

    return FileLock(folder / ".lock", thread_local=False)  # functions are compiled inside one another
