"""The server: rooms of the app put together, workers begun and ended with it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from importlib import resources
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from docketflow.app import links
from docketflow.app.answers import kept
from docketflow.app.answers.crew import IDLE, Crew
from docketflow.app.answers.live import Live
from docketflow.app.answers.question import Question
from docketflow.app.answers.shelf import shelf
from docketflow.app.api import jobs as api_jobs
from docketflow.app.api import problems
from docketflow.app.api import routes as api
from docketflow.app.files import routes as files
from docketflow.app.jobs.keeper import Keeper
from docketflow.app.jobs.ledger import Ledger
from docketflow.app.pages import routes as pages
from docketflow.app.pages import trail
from docketflow.app.pages.frame import page
from docketflow.app.pages.tabs import routes as tabs
from docketflow.app.pages.tabs import take_routes, why_routes
from docketflow.app.safe import Safe
from docketflow.app.words.spoken import Spoken
from docketflow.core.errors import DocketflowError, UsageError
from docketflow.evidence.otherwise.overlay import use

YEAR = 365 * 24 * 3600
TITLE = "docketflow"


class Static(StaticFiles):
    """Our own files, which a browser may keep: their address names the version."""

    def file_response(self, *given: object, **more: object) -> Response:
        """Return a file with how long it may be kept."""
        found = super().file_response(*given, **more)  # type: ignore[arg-type]
        found.headers["cache-control"] = "public, max-age=3600"
        return found


def create(
    *,
    workers: int | None = None,
    warm: bool = True,
    jobs: Path | None = None,
    cluster: str | None = None,
    evidence: Path | str | None = None,
) -> FastAPI:
    """Return the app.

    Parameters
    ----------
    workers : int, optional
        Processes that live members; as many as there are cores if not given.
    warm : bool
        Make the shipped plan ready in the workers, so that the first moved lever is answered at once.
    jobs : Path, optional
        Folder of long questions; the user's own data folder if not given.
    cluster : str, optional
        Address of a Dask scheduler to which long questions go.
    evidence : Path or str, optional
        A folder of rows of one's own, laid over the published ones for as long as this process lives, as the
        command line's ``--evidence`` does; they stay on this machine.

    Raises
    ------
    DocketflowError
        One line: what of ``evidence`` cannot be, and where.
    """
    if evidence is not None:
        if cluster is not None:
            raise UsageError("evidence: private rows stay on this machine, and cluster names others")
        use(Path(evidence))
    ledger = Ledger(jobs) if jobs is not None else _ledger()

    @contextlib.asynccontextmanager
    async def alive(app: FastAPI) -> AsyncIterator[None]:
        crew = Crew(workers)
        crew.start()
        app.state.live = Live(crew)
        app.state.keeper = Keeper(ledger, cluster=cluster)
        app.state.keeper.start()
        begun = asyncio.create_task(_begin(app.state.live)) if warm else None
        try:
            yield
        finally:
            if begun is not None:
                begun.cancel()
            await app.state.keeper.stop()
            await crew.stop()

    app = FastAPI(
        title=TITLE,
        version=version("docketflow"),
        description="Simulated answers about the U.S. immigration enforcement, court and removal system.",
        lifespan=alive,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.include_router(pages.router)
    app.include_router(trail.router)
    app.include_router(tabs.router)
    app.include_router(take_routes.router)
    app.include_router(why_routes.router)
    app.include_router(files.router)
    app.include_router(links.router)
    app.include_router(api.router)
    app.include_router(api_jobs.router)
    home = Path(str(resources.files("docketflow.app.pages"))) / "static"
    app.mount("/static", Static(directory=home), name="static")
    app.add_middleware(links.Linked)
    app.add_middleware(Safe)
    app.add_middleware(Spoken)
    app.add_exception_handler(DocketflowError, _refused)
    app.add_exception_handler(HTTPException, _no_page)
    problems.install(app)
    return app


def _ledger() -> Ledger:
    """Return the long questions of this user, which outlive the server if there is a home to lie in."""
    import tempfile

    from platformdirs import user_data_path

    with contextlib.suppress(DocketflowError):
        return Ledger(user_data_path("docketflow", appauthor=False) / "jobs")
    return Ledger(Path(tempfile.mkdtemp(prefix="docketflow-jobs-")))


async def _begin(live: Live) -> None:
    """Make what is missing of this model, then keep the plan's members ready for moved levers."""
    for question in shelf().questions:
        for name in (question.scenario, question.without):
            if not kept.is_current(name):
                with contextlib.suppress(DocketflowError):
                    await live.answer(Question(name, ""), urgency=IDLE)
        live.warm(question.scenario)


async def _refused(request: Request, error: Exception) -> Response:
    """Return one clear line: as a problem to programs, as a page to people."""
    if request.url.path.startswith("/api/"):
        return api.refused(request, error)  # type: ignore[arg-type]
    return HTMLResponse(page("problem.html", request, words=str(error), here=""), status_code=400)


async def _no_page(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 404)
    if request.url.path.startswith("/api/"):
        found = problems.reply(status, str(getattr(error, "detail", error)), request)
        found.headers.update(getattr(error, "headers", None) or {})
        return found
    words = "there is no such page" if status == 404 else str(getattr(error, "detail", error))
    return HTMLResponse(page("problem.html", request, words=words, here=""), status_code=status)
