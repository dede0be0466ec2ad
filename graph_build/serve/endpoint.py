"""`/sparql`: the endpoint itself."""

from __future__ import annotations

import logging

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from graph_build.serve import describe, negotiate, protocol
from graph_build.serve.builds import Builds, Served
from graph_build.serve.jobs import Job, Reply
from graph_build.serve.pool import BusyError, LateError, WorkerError
from graph_build.serve.protocol import Asked
from graph_build.serve.replies import CUT, NOTE, Answer, Refusal, bug, header_text, sent
from graph_build.serve.settings import Settings

_log = logging.getLogger("communique.serve")


class Endpoint:
    """ASGI middleware that answers requests to `/sparql` from the build in use, and passes on all others."""

    def __init__(self, app: ASGIApp, builds: Builds, settings: Settings) -> None:
        self.app = app
        self.builds = builds
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in ("/sparql", "/sparql/"):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            response = self._again(scope) or await self.respond(request)
        except Refusal as refusal:
            response = refusal.response()
        except Exception as error:
            _log.error("a mistake in communique itself at /sparql", exc_info=error)
            response = bug().response()
        await response(scope, receive, send)

    def _again(self, scope: Scope) -> Response | None:
        """The answer to a GET that was asked before in the same words, headers and all."""
        served = self.builds.current
        if served is None or scope["method"] != "GET" or not scope["query_string"]:
            return None
        answer = served.cache.get(_words(scope))
        if answer is None:
            return None
        response = Response(answer.body)
        response.raw_headers = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in answer.headers]
        return response

    async def respond(self, request: Request) -> Response:
        """The response to one request; Refusal where there is an error."""
        if request.method == "OPTIONS":
            return Response(None, 204, {"Allow": protocol.METHODS})
        if request.method not in ("GET", "HEAD", "POST"):
            raise Refusal(405, "method", f"{request.method} is not for queries", headers={"Allow": protocol.METHODS})
        asked = await protocol.operation(request, self.settings)
        async with self.builds.use() as served:
            if asked is None:
                return self._bare(request, served)
            key = (asked.query, asked.media, asked.default, asked.named, asked.footnotes)
            answer = served.cache.get(key) if asked.scan.steady else None
            if answer is None:
                answer = await self.answer(served, asked)
                if asked.scan.steady:
                    served.cache.put(key, answer)
            if request.method == "POST":
                response = Response(answer.body, headers={**dict(answer.headers), "Vary": "Accept"})
                response.headers["content-type"] = answer.media
                return response
            etag = served.etag(*map(repr, key)) if asked.scan.steady else ""
            response = sent(request, answer, etag, served.modified if etag else "")
            if etag and response.status_code == 200 and request.method == "GET":
                raw = tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in response.raw_headers)
                served.cache.put(_words(request.scope), Answer(answer.body, answer.media, raw))
            return response

    async def answer(self, served: Served, asked: Asked) -> Answer:
        """The answer of a worker; Refusal where there is none."""
        settings = self.settings
        job = Job(
            asked.query,
            asked.media,
            asked.default,
            asked.named,
            served.build.base,
            settings.page_rows if asked.footnotes else settings.rows,
            settings.bytes,
            asked.footnotes,
            seconds=settings.timeout,
        )
        reply, body = await run(served, job, asked.scan.light)
        return Answer(body, negotiate.content_type(reply.media), told(reply))

    def _bare(self, request: Request, served: Served) -> Response:
        accept = request.headers.get("accept")
        chosen = negotiate.choose(accept, (*negotiate.GRAPHS, negotiate.HTML))
        if chosen == negotiate.HTML:
            return RedirectResponse("/editor", 303, {"Vary": "Accept"})
        if chosen is None:
            raise Refusal(406, "not-acceptable", f"the service description comes as {', '.join(negotiate.GRAPHS)}")
        here = str(request.url.replace(query="", fragment=""))
        body = describe.written(describe.service(served, self.settings, here), chosen, served.build.base)
        answer = Answer(body, negotiate.content_type(chosen), (("Link", '</.well-known/void>; rel="describedby"'),))
        return sent(request, answer, served.etag("service", chosen, here), served.modified)


def _words(scope: Scope) -> tuple[str, bytes, tuple[bytes, ...]]:
    """All that a GET's answer depends on, as it was sent."""
    told = tuple(v for k, v in scope["headers"] if k in (b"accept", b"if-none-match", b"if-modified-since", b"host"))
    return ("again", scope["query_string"], told)


async def run(served: Served, job: Job, light: bool) -> tuple[Reply, bytes]:
    """The answer of a worker to a job; Refusal for every error that a query can have."""
    try:
        reply, body = await served.pool.run(job, light)
    except LateError as error:
        raise Refusal(503, "timeout", error.what, error.mend, {"Retry-After": "5"}) from None
    except WorkerError as error:
        raise Refusal(503, "too-much", error.what, error.mend) from None
    except BusyError as error:
        raise Refusal(503, "busy", error.what, error.mend, {"Retry-After": "5"}) from None
    if reply.status == 400:
        raise Refusal(400, "bad-query", reply.what, reply.mend, line=reply.line, column=reply.column)
    if reply.status == 507:
        raise Refusal(503, "too-much", reply.what, "ask for less, without sorting or joining everything")
    if reply.status != 200:
        codes = {404: "unknown", 406: "not-acceptable", 502: "service-failed"}
        raise Refusal(reply.status, codes.get(reply.status, "failed"), reply.what, reply.mend)
    return reply, body


def told(reply: Reply) -> tuple[tuple[str, str], ...]:
    """The headers that say what a body alone may not: where it was cut, which graphs are not here."""
    headers = []
    if reply.cut:
        unit = "triples" if reply.kind == "graph" else "rows"
        limit = "the limit in bytes" if reply.cut_by == "bytes" else "the limit of this endpoint"
        headers.append((CUT, f"after {reply.cut} {unit}, {limit}"))
    if reply.missing:
        gone = ", ".join(f"<{g}>" for g in reply.missing)
        headers.append((NOTE, header_text(f"not in this store, so empty: {gone}")))
    return tuple(headers)
