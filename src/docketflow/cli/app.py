"""`docketflow app`: the report with levers, in a browser."""

from __future__ import annotations

import socket
from pathlib import Path

import click

from docketflow.cli.known.own import lay_over, own_rows
from docketflow.cli.record.posterior import drawn_room
from docketflow.core.errors import UsageError

LOOPBACK = "127.0.0.1"
PORT = 8765


@click.command()
@click.option("--host", default=LOOPBACK, help="Address to listen on; this machine alone if not given.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, help="Port to listen on [8765].")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that run the model [cores].")
@click.option("--jobs", type=click.Path(path_type=Path), help="Folder of long questions [the user's data].")
@click.option("--cluster", help="Address of a Dask scheduler to which long questions go.")
@own_rows
@click.option("--prepare", is_flag=True, help="Make the kept answers of the shipped scenarios anew, and end.")
def app(
    host: str,
    port: int,
    workers: int | None,
    jobs: Path | None,
    cluster: str | None,
    own: Path | None,
    prepare: bool,
) -> None:
    """Open the app: ask in a browser, move a lever, see the model answer.

    It listens on this machine alone unless --host says otherwise, keeps nothing but long questions (with
    their answers, in the folder of --jobs), and needs no network.
    """
    if own is not None and (cluster is not None or prepare):
        raise UsageError("--evidence: private rows stay on this machine and out of what is kept for all")
    lay_over(own)
    if own is not None:
        drawn_room(None, ranges=False)
    try:
        import uvicorn

        from docketflow.app.web import create
        from docketflow.studies.workers import can_begin
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the app needs {error.name}, which is not installed: pip install 'docketflow[app]'"
        ) from None
    if prepare:
        from docketflow.app.answers.prepare import prepare as make

        make(say=click.echo)
        return
    if not can_begin():
        raise UsageError(
            "the app runs the model in processes, which need shared memory (/dev/shm); none can be had here"
        )
    with _listening(host, port) as door:
        name = f"[{host}]" if ":" in host else host
        click.echo(f"docketflow: http://{name}:{door.getsockname()[1]} (Ctrl-C ends it)")
        config = uvicorn.Config(
            create(workers=workers, jobs=jobs, cluster=cluster),
            log_level="warning",
            server_header=False,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=3,
            limit_concurrency=512,
        )
        uvicorn.Server(config).run(sockets=[door])


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens, or say in one line why it cannot."""
    try:
        family, *_, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        door = socket.socket(family)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(place)
    except OSError as error:
        why = (error.strerror or "cannot be listened on").lower()
        raise UsageError(
            f"--host {host[:100]} --port {port}: {why}; choose another, such as --port 0"
        ) from None
    return door
