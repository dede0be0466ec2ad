"""Every address of the site but `/sparql`: pages, lists, search, named queries, linked data, downloads."""

from __future__ import annotations

import csv
import functools
import io
import mimetypes
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from graph_build.errors import InputError
from graph_build.serve import describe, linked, negotiate, pictures, protocol
from graph_build.serve.builds import Builds, Served
from graph_build.serve.endpoint import run
from graph_build.serve.jobs import MARKDOWN, ROWS, Job, Rows
from graph_build.serve.pages import contents, readings
from graph_build.serve.pages.contents import Contents
from graph_build.serve.pages.writing import ASSETS, BUNDLE, LISTS, Links, render
from graph_build.serve.replies import EDITOR_POLICY, Answer, Refusal, sent
from graph_build.serve.settings import Settings

T = TypeVar("T")
PAGE = 200
"""Lines of one page of a list or of the register."""
READ = 20.0
"""Seconds that a query of a reading's page may run: it is ours, goes over all papers, and is kept by build."""
_NAME = re.compile(r"[\w-]{1,80}")
_READ = ["GET", "HEAD"]


class Site:
    """Answers the requests for pages and data from the build in use."""

    def __init__(self, builds: Builds, settings: Settings) -> None:
        self.builds = builds
        self.settings = settings

    def routes(self) -> list[Route]:
        """The routes, the more special first."""
        pages: list[tuple[str, Callable[..., Any]]] = [
            ("/", self.home),
            ("/search", self.search),
            ("/search.json", self.search),
            ("/suggest", self.suggest),
            ("/commitments", self.register),
            ("/commitments.csv", self.register),
            ("/commitments.json", self.register),
            ("/readings", self.simple),
            *((f"/{address}", self.reading) for address in readings.ALL),
            ("/accounts/{id:path}", self.reading),
            ("/queries", self.queries),
            ("/query/{name}", self.query),
            ("/ask", self.ask),
            ("/editor", self.editor),
            ("/builds", self.simple),
            ("/quality", self.simple),
            ("/help", self.simple),
            ("/context.jsonld", self.context),
            ("/.well-known/void", self.void),
            ("/void", self.void),
            ("/download/{file}", self.download),
            ("/text/{slug}.txt", self.text),
            ("/lineage/{id:path}", self.picture),
            *((f"/{address}", self.picture) for address in pictures.PICTURES if address != "lineage"),
            ("/assets/view.css", self.drawing),
            ("/assets/view.js", self.drawing),
            ("/assets/{file}", self.asset),
            ("/static/{file:path}", self.bundle),
            ("/robots.txt", self.robots),
            ("/favicon.ico", self.icon),
        ]
        pages += [(f"/{name}{ending}", self.listing) for name in LISTS for ending in ("", ".csv", ".json")]
        found = [Route(path, handler, methods=_READ) for path, handler in pages]
        found.append(Route("/{path:path}", self.thing, methods=_READ))
        return found

    async def _contents(self, served: Served) -> Contents:
        return await self._off(contents.of, served)

    async def _off(self, work: Callable[..., T], *arguments: Any) -> T:
        """Work that reads the store, beside the event loop: our own queries, a fixed number a page. Strangers' never."""
        return await to_thread.run_sync(functools.partial(work, *arguments))

    async def _kept(self, served: Served, key: object, work: Callable[[], T]) -> Answer:
        """An answer from the cache, or made now."""
        answer = served.cache.get(key)
        if answer is None:
            made = await self._off(work)
            assert isinstance(made, Answer)
            answer = made
            served.cache.put(key, answer)
        return answer

    def _html(self, template: str, served: Served, **values: object) -> Answer:
        links = Links(served.build.base)
        body = render(template, links, build=served.build, at=served.at, **values)
        return Answer(body, negotiate.content_type(negotiate.HTML))

    async def _page(self, request: Request, work: Callable[[Served, Contents], Answer]) -> Response:
        """A page made from the build, kept by address and query string."""
        async with self.builds.use() as served:
            found = await self._contents(served)
            key = ("page", request.url.path, request.url.query)
            answer = await self._kept(served, key, lambda: work(served, found))
            return sent(request, answer, served.etag(*key), served.modified)

    async def home(self, request: Request) -> Response:
        return await self._page(request, lambda s, c: self._html("home.html", s, **c.home()))

    async def simple(self, request: Request) -> Response:
        name = request.url.path.strip("/")
        return await self._page(request, lambda s, c: self._html(f"{name}.html", s, **getattr(c, name)()))

    async def search(self, request: Request) -> Response:
        q = request.query_params.get("q", "")[:200]

        def work(served: Served, found: Contents) -> Answer:
            things, sentences = found.search(q, 50)
            if request.url.path.endswith(".json"):
                return _json({"q": q, "things": things, "sentences": sentences})
            return self._html("search.html", served, q=q, things=things, sentences=sentences, title="Search")

        return await self._page(request, work)

    async def suggest(self, request: Request) -> Response:
        q = request.query_params.get("q", "")[:200]

        def work(served: Served, found: Contents) -> Answer:
            things, sentences = found.search(q, 6)
            links = Links(served.build.base)
            shown = [
                {"label": h.label, "kind": h.kind, "detail": h.detail, "href": links.thing(h.iri)} for h in things
            ] + [
                {"label": h.label, "kind": "Sentence", "detail": h.detail, "href": links.sentence(h.document, h.iri)}
                for h in sentences
            ]
            return _json(shown)

        return await self._page(request, work)

    async def listing(self, request: Request) -> Response:
        name, ending = linked.split_ending(request.url.path.strip("/"))
        kind, title = LISTS[name]
        page = _number(request.query_params.get("page", "1"))

        def work(served: Served, found: Contents) -> Answer:
            if ending:
                hits, _ = found.index.listed(kind, self.settings.rows)
                rows = [(h.iri, h.label, h.detail) for h in hits]
                return _json(hits) if ending == "json" else _csv(("iri", "label", "detail"), rows)
            hits, total = found.index.listed(kind, PAGE, (page - 1) * PAGE)
            return self._html(
                "list.html",
                served,
                title=title,
                name=name,
                hits=hits,
                total=total,
                page=page,
                pages=-(-total // PAGE) or 1,
            )

        return await self._page(request, work)

    async def register(self, request: Request) -> Response:
        chosen = {k: request.query_params.get(k, "")[:500] for k in ("q", *contents.FACETS)}
        page = _number(request.query_params.get("page", "1"))
        ending = linked.split_ending(request.url.path)[1]

        def work(served: Served, found: Contents) -> Answer:
            limit = self.settings.rows if ending else PAGE
            register = found.index.register(chosen, limit, 0 if ending else (page - 1) * PAGE)
            if ending == "json":
                return _json(
                    {
                        "total": register.total,
                        "chosen": chosen,
                        "facets": register.facets,
                        "commitments": register.lines,
                    }
                )
            if ending == "csv":
                names = msgspec.structs.fields(contents.Promise)
                return _csv([f.name.rstrip("_") for f in names], [msgspec.structs.astuple(p) for p in register.lines])
            return self._html(
                "register.html", served, title="Commitments", register=register, chosen=chosen, page=page,
                pages=-(-register.total // PAGE) or 1, facet_names=contents.FACET_NAMES,
                suffix="".join(f"{k}={quote(v)}&" for k, v in chosen.items() if v),
            )  # fmt: skip

        return await self._page(request, work)

    async def reading(self, request: Request) -> Response:
        """A reading: its queries asked in workers, one after another, and its page."""
        address = request.url.path.strip("/").split("/")[0]
        page = readings.ALL[address]
        id_ = request.path_params.get("id", "").removesuffix(".html")
        wanted = {name for names in page.asks.values() for name in names}
        given = {k: v[:1000] for k, v in request.query_params.items() if k in wanted and v}
        async with self.builds.use() as served:
            found = await self._contents(served)
            meeting = f"{served.build.base}id/{id_}" if id_ else ""
            if meeting:
                given = {"meeting": await self._off(found.resolve, f"id/{id_}")}
            key = ("reading", address, id_, tuple(sorted(given.items())))
            kept = served.cache.get(key)
            if kept is None:
                rows, cuts = {}, {}
                for name, names in page.asks.items():
                    job = Job(
                        "", (ROWS,) * 3, base=served.build.base, name=name, rows=max(page.rows, self.settings.page_rows),
                        given=tuple((k, v) for k, v in given.items() if k in names),
                        seconds=max(self.settings.timeout, READ),
                    )  # fmt: skip
                    reply, body = await run(served, job, light=False)
                    rows[name] = readings.rows_of(msgspec.msgpack.decode(body, type=Rows))
                    if reply.cut:
                        cuts[name] = reply.cut
                kept = await self._off(
                    lambda: self._html(f"{address}.html", served, **found.reading(page, rows, given, cuts, meeting))
                )
                served.cache.put(key, kept)
            return sent(request, kept, served.etag(request.url.path, request.url.query), served.modified)

    async def queries(self, request: Request) -> Response:
        return await self._page(request, lambda s, c: self._html("queries.html", s, **c.queries()))

    async def query(self, request: Request) -> Response:
        """A named query with its parameters: the page, or the rows as .csv, .tsv, .json, .md; .rq is the text itself."""
        name, dot, ending = request.path_params["name"].partition(".")
        known = contents.question_of(name) if _NAME.fullmatch(name) else None
        if known is None:
            raise Refusal(404, "unknown", f"there is no question {name!r}", "the list of questions is at /queries")
        media = {"": ROWS, "csv": negotiate.CSV, "tsv": negotiate.TSV, "json": negotiate.JSON, "md": MARKDOWN}
        if dot and ending == "rq":
            return Response(known.text, media_type="application/sparql-query")
        if ending not in media or (dot and not ending):
            raise Refusal(404, "unknown", f"a question has no .{ending}", "endings: .csv .tsv .json .md .rq")
        given = tuple((k, v[:1000]) for k, v in request.query_params.items() if k not in ("footnotes",))
        notes = request.query_params.get("footnotes", "").lower() in ("true", "1", "yes", "on")
        open_ = [p.name for p in known.parameters if p.required and not dict(given).get(p.name)]
        async with self.builds.use() as served:
            found = await self._contents(served)
            if not ending and open_:
                answer = await self._off(
                    lambda: self._html("query.html", served, **found.open_question(known, dict(given)))
                )
                return sent(request, answer, served.etag(request.url.path, request.url.query), served.modified)
            job = Job(
                "", (media[ending],) * 3, base=served.build.base, name=name, given=given, footnotes=notes,
                rows=self.settings.rows if ending else self.settings.page_rows, seconds=self.settings.timeout,
            )  # fmt: skip
            key = ("named", job)
            kept = served.cache.get(key)
            if kept is not None:
                answer = kept
            else:
                reply, body = await run(served, job, light=False)
                if ending:
                    from graph_build.serve.endpoint import told

                    kind = "text/markdown; charset=utf-8" if ending == "md" else negotiate.content_type(reply.media)
                    answer = Answer(body, kind, told(reply))
                else:
                    rows = msgspec.msgpack.decode(body, type=Rows)
                    values = found.answered(known, dict(given), rows, reply, notes)
                    answer = await self._off(lambda: self._html("query.html", served, **values))
                served.cache.put(key, answer)
            return sent(request, answer, served.etag(request.url.path, request.url.query), served.modified)

    async def ask(self, request: Request) -> Response:
        """A query of one's own as a page, without any script."""
        given = protocol.fields(request.url.query)
        text = dict(given).get("query", "")
        if not text.strip():
            return RedirectResponse("/editor", 303)
        asked = await protocol.read(
            request,
            text,
            [*((k, v) for k, v in given if k not in ("format", "output")), ("format", "json")],
            self.settings,
        )
        async with self.builds.use() as served:
            found = await self._contents(served)
            job = Job(
                text, (ROWS,) * 3, asked.default, asked.named, served.build.base, self.settings.page_rows,
                footnotes=asked.footnotes, seconds=self.settings.timeout,
            )  # fmt: skip
            reply, body = await run(served, job, asked.scan.light)
            rows = msgspec.msgpack.decode(body, type=Rows)
            values = found.answered(None, {}, rows, msgspec.structs.replace(reply, sparql=text), asked.footnotes)
            answer = await self._off(lambda: self._html("query.html", served, **values))
            return sent(request, answer, "", "")

    async def editor(self, request: Request) -> Response:
        async with self.builds.use() as served:
            found = await self._contents(served)
            text = request.query_params.get("query", "")[:100_000]
            answer = await self._off(lambda: self._html("editor.html", served, **found.editor(text)))
        response = sent(request, answer, "", "")
        response.headers["content-security-policy"] = EDITOR_POLICY
        return response

    async def picture(self, request: Request) -> Response:
        """A picture as a page, or as a file with `?format=`."""
        path = request.url.path.strip("/")
        id_ = request.path_params.get("id", "").removesuffix(".html")
        address = "lineage" if "id" in request.path_params else path

        def work(served: Served, found: Contents) -> Answer:
            given = request.query_params
            made = pictures.draw(served.build, address, id_, given)
            if given.get("format"):
                return pictures.file(made, given["format"])
            links = Links(served.build.base)
            chosen = {k: v for k, v in given.items() if v}
            answer = self._html(
                "picture.html", served, title=made.title, drawing=pictures.fragment(made, links.thing), chosen=chosen,
                address="/" + quote(path), filters=pictures.PICTURES[address][1], downloads=pictures.DOWNLOADS,
                thing=next((n.iri for n in made.nodes if n.focus), "") if address == "lineage" else "",
                query="".join(f"{quote(k)}={quote(v)}&" for k, v in chosen.items()),
            )  # fmt: skip
            return Answer(answer.body, answer.media, (("Content-Security-Policy", EDITOR_POLICY),))

        return await self._page(request, work)

    async def drawing(self, request: Request) -> Response:
        """Style and script of the pictures, which a page of its own has inside."""
        is_style = request.url.path.endswith(".css")
        body = pictures.style() if is_style else pictures.script()
        kind = "text/css" if is_style else "text/javascript"
        return Response(body, media_type=kind, headers={"Cache-Control": "max-age=300"})

    async def context(self, request: Request) -> Response:
        return sent(request, Answer(linked.context(), negotiate.JSONLD), "", "")

    async def void(self, request: Request) -> Response:
        chosen = negotiate.choose(request.headers.get("accept"), negotiate.GRAPHS) or negotiate.TURTLE
        root = str(request.base_url)
        async with self.builds.use() as served:
            key = ("void", chosen, root)
            answer = await self._kept(
                served,
                key,
                lambda: Answer(
                    describe.written(
                        describe.dataset(served.build, served.at, root, served.memo), chosen, served.build.base
                    ),
                    negotiate.content_type(chosen),
                ),
            )
            return sent(request, answer, served.etag(*key), served.modified)

    async def download(self, request: Request) -> Response:
        known = {path: media for path, media, _ in describe.DOWNLOADS.values()}
        file = request.path_params["file"]
        if file not in known:
            raise Refusal(404, "unknown", f"there is no download {file!r}", f"downloads: {', '.join(known)}")
        async with self.builds.use() as served:
            headers = {
                "ETag": served.etag("download", file),
                "Content-Disposition": f'attachment; filename="communique-{served.name}-{file}"',
            }
            if file == "dump.nq":
                return FileResponse(served.build.dump, headers=headers, media_type=known[file])
            made = await self._off(describe.download, served, file)
            return FileResponse(made, headers=headers, media_type=known[file])

    async def text(self, request: Request) -> Response:
        async with self.builds.use() as served:
            try:
                body = await self._off(served.build.text, request.path_params["slug"])
            except InputError as error:
                raise Refusal(404, "unknown", error.what) from None
            answer = Answer(body.encode("utf-8", "replace"), "text/plain; charset=utf-8")
            return sent(request, answer, served.etag("text", request.url.path), served.modified)

    async def asset(self, request: Request) -> Response:
        return self._file(ASSETS, request.path_params["file"])

    async def bundle(self, request: Request) -> Response:
        return self._file(BUNDLE, request.path_params["file"])

    def _file(self, folder: Any, name: str) -> Response:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder) or not path.is_file():
            raise Refusal(404, "unknown", "there is no such file")
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        kind = "text/javascript" if kind.endswith("javascript") else kind
        return FileResponse(path, media_type=kind, headers={"Cache-Control": "max-age=300"})

    async def robots(self, request: Request) -> Response:
        return Response("User-agent: *\nDisallow: /sparql\nDisallow: /ask\n", media_type="text/plain")

    async def icon(self, request: Request) -> Response:
        return RedirectResponse("/assets/icon.svg", 301)

    async def thing(self, request: Request) -> Response:
        """An IRI of the graph or the ontology by its path: 303 to the form that the client likes, or that form."""
        path = request.path_params["path"]
        if not path.startswith(linked.PLACES):
            raise Refusal(404, "unknown", f"there is nothing at /{path[:200]}", "search, or start at the home page")
        stem, ending = linked.split_ending(path.rstrip("/"))
        async with self.builds.use() as served:
            found = await self._contents(served)
            if not ending:
                accept = request.headers.get("accept")
                kinds = (*negotiate.ENDINGS.values(),)
                chosen = negotiate.choose(accept, kinds)
                if chosen is None:
                    raise Refusal(406, "not-acceptable", f"this comes as {', '.join(kinds)}")
                await self._off(found.resolve, stem)
                ending = next(e for e, media in negotiate.ENDINGS.items() if media == chosen)
                place = "/" + quote(stem, safe="/:@!$&'()*+,;=-._~") + f".{ending}"
                return RedirectResponse(place, 303, {"Vary": "Accept", "Link": _alternates(stem)})
            root = str(request.base_url)
            key = ("thing", stem, ending, root if ending == "jsonld" else "")
            answer = await self._kept(served, key, lambda: found.representation(served, stem, ending, root))
            return sent(request, answer, served.etag(*key), served.modified)

    async def refusal(self, request: Request, refusal: Refusal) -> Response:
        """An error: JSON in its one shape, or a page for who prefers one; a former IRI is a redirect."""
        if refusal.status in (301, 302, 303):
            return Response(None, refusal.status, refusal.headers)
        page = request.url.path not in ("/sparql", "/sparql/") and refusal.status != 421
        if (
            not page
            or negotiate.choose(request.headers.get("accept"), ("application/json", negotiate.HTML)) != negotiate.HTML
        ):
            return refusal.response()
        async with self.builds.use() as served:
            near = []
            if refusal.status == 404:
                words = re.sub(r"[^\w]+", " ", request.url.path.rsplit("/", 1)[-1])
                found = await self._contents(served)
                near = await self._off(lambda: found.near(words))
            answer = await self._off(
                lambda: self._html("error.html", served, title=f"{refusal.status}", refusal=refusal, near=near)
            )
        response = Response(answer.body, refusal.status, {"Cache-Control": "no-store", **refusal.headers})
        response.headers["content-type"] = answer.media
        return response


def _alternates(stem: str) -> str:
    place = "/" + quote(stem, safe="/:@!$&'()*+,;=-._~")
    return ", ".join(f'<{place}.{e}>; rel="alternate"; type="{m}"' for e, m in negotiate.ENDINGS.items())


def _number(text: str) -> int:
    return min(max(int(text), 1), 1_000_000) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def _json(value: object) -> Answer:
    return Answer(msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n", "application/json")


def _csv(names: Sequence[str], rows: Sequence[Sequence[object]]) -> Answer:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows(rows)
    return Answer(out.getvalue().encode("utf-8", "replace"), "text/csv; charset=utf-8")
