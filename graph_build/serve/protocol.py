"""The SPARQL 1.1 Protocol: a request read into what is asked, with the refusals that the protocol wants.

Source: SPARQL 1.1 Protocol (W3C Recommendation 21 March 2013), section 2.1 query operation, 2.2 update operation.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from anyio import to_thread
from starlette.requests import ClientDisconnect, Request

from graph_build.serve import negotiate
from graph_build.serve.replies import Refusal
from graph_build.serve.scan import CHAIN, NESTING, Scan, scan
from graph_build.serve.settings import Settings

METHODS = "GET, HEAD, POST, OPTIONS"
_FORM = "application/x-www-form-urlencoded"
_DIRECT = "application/sparql-query"
_UPDATE = "application/sparql-update"
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")
_YES = ("true", "1", "yes", "on")
LONG = 20_000
_one_at_a_time = asyncio.Semaphore(1)
FIELDS = 500
"""Fields that a form may have."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query operation. `default` None means the store's own default graph, `named` None all named graphs."""

    query: str
    scan: Scan
    media: tuple[str, str, str]
    default: tuple[str, ...] | None
    named: tuple[str, ...] | None
    footnotes: bool


async def body_of(request: Request, settings: Settings) -> bytes:
    """The body of a request; refuses one that is too large (413) or comes too slowly (408)."""
    length = request.headers.get("content-length", "")
    too_large = Refusal(413, "too-large", f"a request may have {settings.body} bytes", "ask for less at once")
    if length.isdigit() and int(length) > settings.body:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(settings.patience):
            async for chunk in request.stream():
                body += chunk
                if len(body) > settings.body:
                    raise too_large
    except TimeoutError:
        raise Refusal(408, "too-slow", "the request did not arrive in time", headers={"Connection": "close"}) from None
    except ClientDisconnect:
        raise Refusal(400, "gone", "the client went away") from None
    return bytes(body)


def fields(text: str) -> list[tuple[str, str]]:
    """The fields of a query string or form; 400 where they are no UTF-8 or too many."""
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=FIELDS)
    except UnicodeDecodeError:
        raise Refusal(400, "not-utf8", "the parameters are not UTF-8") from None
    except ValueError:
        raise Refusal(400, "too-many-fields", f"more than {FIELDS} parameters") from None


async def operation(request: Request, settings: Settings) -> Asked | None:
    """The query operation that a request is, or None for a bare GET (the service description)."""
    given = fields(request.url.query)
    query: list[str] = [v for k, v in given if k == "query"]
    if request.method == "POST":
        kind, parameters = _content_type(request)
        if kind == _UPDATE:
            raise _read_only()
        if kind not in (_FORM, _DIRECT):
            raise Refusal(
                415,
                "media-type",
                f"a query is sent as {_FORM} or {_DIRECT}" + (f", not as {kind}" if kind else ""),
                headers={"Accept-Post": f"{_FORM}, {_DIRECT}"},
            )
        charset = parameters.get("charset", "utf-8").lower()
        if charset not in ("utf-8", "utf8", "us-ascii"):
            raise Refusal(415, "charset", f"queries are UTF-8, not {charset}")
        try:
            body = (await body_of(request, settings)).decode("utf-8")
        except UnicodeDecodeError:
            raise Refusal(400, "not-utf8", "the query is not UTF-8") from None
        if kind == _FORM:
            form = fields(body)
            if query:
                raise Refusal(400, "two-places", "the query stands in the form, not in the address as well")
            query = [v for k, v in form if k == "query"]
            given = [(k, v) for k, v in given if k != "query"] + form
        else:
            if query:
                raise Refusal(400, "two-places", "the query stands in the body, not in the address as well")
            query = [body]
    names = [k for k, _ in given]
    if "update" in names:
        raise _read_only()
    if len(query) > 1:
        raise Refusal(400, "two-queries", "one query at a time")
    if any(n in names for n in ("using-graph-uri", "using-named-graph-uri")):
        raise Refusal(400, "update-parameter", "using-graph-uri belongs to an update; this endpoint answers queries")
    if not query:
        if request.method == "POST":
            raise Refusal(400, "no-query", "the parameter query is missing")
        return None
    return await read(request, query[0], given, settings)


async def read(request: Request, query: str, given: list[tuple[str, str]], settings: Settings) -> Asked:
    """A query with its parameters; refuses what no worker may see."""
    if len(query.encode("utf-8", "replace")) > settings.body:
        raise Refusal(413, "too-large", f"a query may have {settings.body} bytes", "ask for less at once")
    if "\x00" in query:
        raise Refusal(400, "bad-query", "a query has no NUL characters")
    # A long text is looked through beside the event loop, one at a time, so that nobody waits for it.
    if len(query) > LONG:
        async with _one_at_a_time:
            found = await to_thread.run_sync(scan, query)
    else:
        found = scan(query)
    if found.form == "UPDATE":
        raise _read_only()
    if found.depth > NESTING or found.chain > CHAIN:
        raise Refusal(400, "too-deep", f"more than {NESTING} brackets within each other", "write it flatter")
    for service in found.services:
        host = urlsplit(service).netloc.lower().rpartition("@")[2]
        allowed = {s.lower() for s in settings.services}
        if not host or (host not in allowed and (urlsplit(service).hostname or "") not in allowed):
            raise Refusal(
                403,
                "service",
                f"SERVICE {service or '?…'} is not called from here",
                "the operator names hosts with --allow-service" if service else "name the endpoint by its IRI",
            )
    graphs: dict[str, tuple[str, ...]] = {}
    for name in ("default-graph-uri", "named-graph-uri"):
        graphs[name] = tuple(v for k, v in given if k == name)
        for iri in graphs[name]:
            if not _IRI.fullmatch(iri):
                raise Refusal(400, "bad-iri", f"{name} is no absolute IRI: {iri[:200]}")
    # A dataset in the request replaces the one in the query (section 2.1.4); what it leaves out is empty.
    either = bool(graphs["default-graph-uri"] or graphs["named-graph-uri"])
    asked = dict(given)
    return Asked(
        query,
        found,
        media(request, asked.get("format") or asked.get("output") or "", found.form),
        graphs["default-graph-uri"] if either else None,
        graphs["named-graph-uri"] if either else None,
        asked.get("footnotes", "").lower() in _YES,
    )


def media(request: Request, form: str, kind: str) -> tuple[str, str, str]:
    """The media types of rows, of a truth and of a graph that the client takes ('' where it takes none).

    Raises 406 where it takes none that this form of query can have.
    """
    if form:
        # A media type, or several, is taken as an Accept header (SPARQLWrapper sends such).
        named = negotiate.FORMATS.get(form.lower()) or (form if "/" in form else "")
        if not named:
            known = ", ".join(sorted(negotiate.FORMATS))
            raise Refusal(400, "format", f"no format {form[:50]!r}", f"formats: {known}")
        accept: str | None = named
        if named == negotiate.XML and kind in ("CONSTRUCT", "DESCRIBE"):
            accept = negotiate.RDFXML
        if named == negotiate.JSON and kind in ("CONSTRUCT", "DESCRIBE"):
            accept = negotiate.JSONLD
    else:
        accept = ",".join(request.headers.getlist("accept")) or None
    rows = negotiate.choose(accept, negotiate.RESULTS) or ""
    graph = negotiate.choose(accept, negotiate.GRAPHS) or ""
    wanted = {"SELECT": rows, "ASK": rows, "CONSTRUCT": graph, "DESCRIBE": graph}.get(kind, rows or graph)
    if not wanted:
        offers = negotiate.GRAPHS if kind in ("CONSTRUCT", "DESCRIBE") else negotiate.RESULTS
        raise Refusal(406, "not-acceptable", f"a {kind} query answers in {', '.join(offers)}")
    return rows, rows, graph


def _content_type(request: Request) -> tuple[str, dict[str, str]]:
    kind, *rest = request.headers.get("content-type", "").split(";")
    pairs = (p.partition("=") for p in rest)
    return kind.strip().lower(), {k.strip().lower(): v.strip().strip('"') for k, _, v in pairs}


def _read_only() -> Refusal:
    return Refusal(403, "read-only", "this endpoint answers queries; it changes nothing", "use `communique build`")
