"""stub"""
from __future__ import annotations
from starlette.requests import Request
from starlette.responses import Response
from graph_build.serve.builds import Builds
from graph_build.serve.replies import Refusal
from graph_build.serve.settings import Settings

class Site:
    def __init__(self, builds: Builds, settings: Settings) -> None:
        self.builds = builds
    def routes(self): return []
    async def refusal(self, request: Request, refusal: Refusal) -> Response:
        return refusal.response()
