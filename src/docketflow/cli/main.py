"""The door of the command line: commands, near matches, one line for every error, exit codes.

It must not import anything heavy: `docketflow --help` answers at once.
"""

from __future__ import annotations

import atexit
import contextlib
import errno
import gc
import os
import sys
import threading
from collections.abc import Sequence
from typing import NoReturn

import click

from docketflow.cli import (
    app,
    binding,
    catalogue,
    check,
    compare,
    cost,
    due_process,
    explain,
    feasible,
    run,
    sensitivity,
    study,
    why,
)
from docketflow.cli.common import INTERRUPTED
from docketflow.cli.known import evidence
from docketflow.cli.machine import bench, tables, warm
from docketflow.cli.record import backtest, calibrate, forecast, replicate
from docketflow.core.errors import DocketflowError, nearest, one_line
from docketflow.core.given import PRIVATE_EVIDENCE

BAD_INPUT = 2
SELDOM = 250_000, 20, 100
"""When Python looks for what refers to itself: less often than it does for programs of many small objects. A
fifth of the time of importing and a tenth of a report's went there; next to nothing was found."""

ONE_THREAD, SET_BY_USERS = "OPENBLAS_NUM_THREADS", ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")
"""Threads of linear algebra, which wait by turning round and round on the core that members need: one, where
a command is a process of its own and its user said nothing. Their number can decide last bits of large
products."""
NO_PLUGINS = "PYDANTIC_DISABLE_PLUGINS"  # else all that is installed is searched for some, at each start


class Commands(click.Group):
    """A group that names the nearest command when one is unknown, and lists commands in reading order."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which they were added."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which is nearest."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            ctx.fail(f"unknown command {name!r}; {nearest(name, self.commands)}")
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="docketflow", message="docketflow %(version)s")
def cli() -> None:
    """Simulate the U.S. immigration enforcement, court and removal system from published figures.

    Start with: docketflow run one-million-first-year
    """


for command in (
    run.run,
    study.study,
    compare.compare,
    check.check,
    binding.binding,
    why.why,
    sensitivity.sensitivity,
    cost.cost,
    due_process.due_process,
    feasible.feasible,
    forecast.forecast,
    forecast.rivals,
    forecast.score,
    replicate.replicate,
    calibrate.calibrate,
    backtest.backtest,
    catalogue.scenarios,
    catalogue.levers,
    catalogue.outcomes,
    explain.explain,
    evidence.evidence,
    tables.tables,
    catalogue.validate,
    bench.bench,
    warm.warm,
    app.app,
):
    cli.add_command(command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    _open_what_was_closed()
    gc.set_threshold(*SELDOM)
    if any("\0" in word for word in arguments or ()):  # no shell can, a caller of this function may
        return _bad("an argument holds the character 0, which no text and no path does")
    os.environ.pop(PRIVATE_EVIDENCE, None)  # only `--evidence` lays private rows over the published ones
    try:
        code = cli.main(None if arguments is None else list(arguments), "docketflow", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 0
    except click.ClickException as error:
        return _bad(_one_line(error))
    except DocketflowError as error:
        return _bad(str(error), error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("docketflow: interrupted", err=True)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe has seen enough
        _say_no_more()
        return 0
    except MemoryError:
        return _bad("this machine has not enough memory for that; a coarser scale or fewer people need less")
    except OSError as error:
        try:
            sys.stdout.flush()
        except OSError:  # what could not be written now could not be at the end either
            _say_no_more()
        if error.errno in (errno.ENOSPC, errno.EDQUOT):  # the file is one of ours, written aside and gone
            return _bad("the disk is full: nothing half-written was kept; make room and run it again")
        return _bad(f"{error.filename or 'file'}: {(error.strerror or str(error)).lower()}")
    finally:
        os.environ.pop(PRIVATE_EVIDENCE, None)


def process() -> NoReturn:
    """Run one command as a process of its own, and end it.

    Where nothing of it is at work any more and nobody watches it, it ends at once: what is left in memory is
    not taken down piece by piece.
    """
    if not any(name in os.environ for name in SET_BY_USERS):
        os.environ[ONE_THREAD] = "1"
    os.environ.setdefault(NO_PLUGINS, "__all__")
    code = main()
    if _is_at_work() or _is_watched():
        gc.freeze()  # at its end nobody looks for loops among what is left
        raise SystemExit(code)
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _is_at_work() -> bool:
    """Return whether threads or processes of this one are left, which Python ends in its own order."""
    processes = sys.modules.get("multiprocessing")
    return threading.active_count() > 1 or bool(processes and processes.active_children())


def _is_watched() -> bool:
    """Return whether a debugger, a profiler or a measure of coverage has something to do at the end."""
    tools = getattr(sys, "monitoring", None)
    at_tools = tools is not None and any(tools.get_tool(k) for k in range(6))
    return bool(sys.gettrace() or sys.getprofile() or sys.flags.inspect or at_tools)


def _say_no_more() -> None:
    """Let what is still to be written to standard output lead nowhere."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _open_what_was_closed() -> None:
    """Give a process begun without standard streams (`>&-`) ones that lead nowhere.

    Else the first file it opened would take their number, and what was meant for a terminal would go into it.
    """
    while True:
        handle = os.open(os.devnull, os.O_RDWR)
        if handle > 2:
            os.close(handle)
            break
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r+", encoding="utf-8"))  # noqa: SIM115 (for as long as it runs)


def _one_line(error: click.ClickException) -> str:
    """Return click's message as one line, with the nearest option where there is one."""
    if isinstance(error, click.NoSuchOption) and error.ctx is not None:
        names = [name for param in error.ctx.command.params for name in param.opts if name.startswith("--")]
        return f"unknown option {error.option_name!r}; {nearest(error.option_name, names)}"
    message = " ".join(error.format_message().split())
    return message[:1].lower() + message[1:].rstrip(".")


def _bad(message: str, code: int = BAD_INPUT) -> int:
    click.echo(f"docketflow: {one_line(message)}", err=True)
    return code
