"""`docketflow app`: the report with levers, in a browser."""

from __future__ import annotations

import click

from docketflow.core.errors import UsageError

LOOPBACK = "127.0.0.1"
PORT = 8765


@click.command()
@click.option("--host", default=LOOPBACK, help="Address to listen on; this machine alone if not given.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, help="Port to listen on [8765].")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that run the model [cores].")
@click.option("--prepare", is_flag=True, help="Make the kept answers of the shipped scenarios anew, and end.")
def app(host: str, port: int, workers: int | None, prepare: bool) -> None:
    """Open the app: ask in a browser, move a lever, see the model answer.

    It listens on this machine alone unless --host says otherwise, keeps nothing of what is asked, and needs
    no network.
    """
    try:
        import uvicorn

        from docketflow.app.web import create
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the app needs {error.name}, which is not installed: pip install 'docketflow[app]'"
        ) from None
    if prepare:
        from docketflow.app.answers.prepare import prepare as make

        make(say=click.echo)
        return
    click.echo(f"docketflow: http://{host}:{port} (Ctrl-C ends it)")
    config = uvicorn.Config(
        create(workers=workers),
        host=host,
        port=port,
        log_level="warning",
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=3,
        limit_concurrency=512,
    )
    uvicorn.Server(config).run()
