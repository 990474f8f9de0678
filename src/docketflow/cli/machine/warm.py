"""`docketflow warm`: make ready now what a first run would wait for, for an image or many machines."""

from __future__ import annotations

import click


@click.command()
def warm() -> None:
    """Compile the engine and build the starting stocks now, so that no run waits for it.

    For images and shared folders: what is kept is read there later even if it cannot be written. It is kept
    inside the installation, else in your cache folder; DOCKETFLOW_CACHE names another. Compiled forms are for
    this processor; NUMBA_CPU_NAME (such as x86-64-v3), set now and later, makes them good for others.
    """
    from docketflow.conductor.ensemble import make_ready

    click.echo(f"ready: kept in {make_ready()}")
