"""The application: which address is answered by what."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from graph_build.errors import CommuniqueError
from graph_build.serve.builds import Builds
from graph_build.serve.endpoint import Endpoint
from graph_build.serve.gate import Gate
from graph_build.serve.replies import Refusal, bug
from graph_build.serve.settings import Settings
from graph_build.serve.site import Site

_log = logging.getLogger("communique.serve")


def make_app(settings: Settings) -> Starlette:
    """The ASGI application that serves the graph of an output folder.

    On start-up it opens the build in use; CommuniqueError where there is none.
    """
    builds = Builds(settings)
    site = Site(builds, settings)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await builds.start()
        try:
            yield
        finally:
            await builds.stop()

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)
        return await site.refusal(request, error)

    async def plain(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        refusal = Refusal(error.status_code, "http", error.detail, headers=error.headers)
        return await site.refusal(request, refusal)

    async def unusable(request: Request, error: Exception) -> Response:
        assert isinstance(error, CommuniqueError)
        return await site.refusal(request, Refusal(400, "unusable", error.what, error.mend))

    async def broken(request: Request, error: Exception) -> Response:
        _log.error("a mistake in communique itself at %r", request.url.path[:200], exc_info=error)
        return bug().response()

    app = Starlette(
        routes=site.routes(),
        exception_handlers={Refusal: refused, HTTPException: plain, CommuniqueError: unusable, Exception: broken},
        lifespan=lifespan,
    )
    # The endpoint stands before the pages, straight behind the gate: it is asked most and needs none of their layers.
    app.add_middleware(Endpoint, builds=builds, settings=settings)
    app.add_middleware(Gate, settings=settings)
    app.state.builds = builds
    return app
