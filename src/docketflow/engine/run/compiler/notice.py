"""Says when the machine is being compiled: the first use of an installation waits some seconds for it.

It asks the compiler itself, so that the line comes with every real compilation and with no other start.
"""

from __future__ import annotations

import functools
import sys

from docketflow.core import places
from docketflow.core.errors import one_line

NOTICE = "docketflow: compiling the engine; this takes about twenty seconds, once for each installation"
OF_THE_USER = "docketflow: compiling the engine; this takes about twenty seconds, once (kept in {place})"
UNKEPT = (
    "docketflow: compiling the engine; this takes about twenty seconds, each time, as no folder can be "
    f"written to keep it; name one with {places.NAMED}"
)
_MACHINE = __name__.rpartition(".compiler.")[0]


def notice() -> str:
    """Return the line that says that the machine is being compiled, and for how long that is good."""
    if places.is_temporary():
        return UNKEPT
    place = places.writable()
    return NOTICE if place == places.INSTALLED else OF_THE_USER.format(place=place)


@functools.cache
def announce() -> None:
    """From now on write one line to standard error when the machine is compiled. Imports numba."""
    from numba.core import event

    class Listener(event.Listener):
        said = False

        def on_start(self, event: event.Event) -> None:
            dispatcher = (event.data or {}).get("dispatcher")
            module = getattr(getattr(dispatcher, "py_func", None), "__module__", "") or ""
            if not self.said and module.startswith(_MACHINE):
                self.said = True
                print(one_line(notice()), file=sys.stderr, flush=True)

        def on_end(self, event: event.Event) -> None:
            pass

    event.register("numba:compile", Listener())
