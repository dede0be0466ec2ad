"""The SPARQL 1.1 Protocol as requests and responses, and the W3C's own tests of it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from rdflib import RDF

from graph_build.dataset import Dataset
from graph_build.store import publish
from tests.serving import FORM, PREFIXES, Server, server

ASK = "ASK {}"
SELECT = "SELECT ?s WHERE { ?s ?p ?o } ORDER BY ?s LIMIT 2"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3"
DIRECT = "application/sparql-query"
UPDATE = "INSERT DATA { <a:b> <a:b> <a:b> }"


@pytest.fixture(scope="module")
def here(sample_folder: Path) -> Iterator[Server]:
    with server(sample_folder, "--rows", "50") as started:
        yield started


def q(**parameters: str) -> str:
    return "/sparql?" + urlencode(parameters)


TABLE: list[tuple[str, str, dict[str, str], bytes | str | None, int, str]] = [
    # method, address, headers, body, status, media type
    ("GET", q(query=ASK), {}, None, 200, "application/sparql-results+json"),
    ("GET", q(query=SELECT), {}, None, 200, "application/sparql-results+json"),
    ("GET", q(query=SELECT), {"Accept": "text/csv"}, None, 200, "text/csv"),
    ("GET", q(query=SELECT), {"Accept": "text/tab-separated-values"}, None, 200, "text/tab-separated-values"),
    ("GET", q(query=SELECT), {"Accept": "application/sparql-results+xml"}, None, 200, "application/sparql-results+xml"),
    ("GET", q(query=SELECT), {"Accept": "application/xml;q=0.1, text/csv;q=0.5"}, None, 200, "text/csv"),
    ("GET", q(query=SELECT), {"Accept": "text/html"}, None, 406, "application/json"),
    ("GET", q(query=SELECT), {"Accept": "text/turtle"}, None, 406, "application/json"),
    ("GET", q(query=SELECT, format="csv"), {"Accept": "text/html"}, None, 200, "text/csv"),
    ("GET", q(query=SELECT, format="nonsense"), {}, None, 400, "application/json"),
    ("GET", q(query=CONSTRUCT), {}, None, 200, "text/turtle"),
    ("GET", q(query=CONSTRUCT), {"Accept": "application/n-triples"}, None, 200, "application/n-triples"),
    ("GET", q(query=CONSTRUCT), {"Accept": "application/n-quads"}, None, 200, "application/n-quads"),
    ("GET", q(query=CONSTRUCT), {"Accept": "application/trig"}, None, 200, "application/trig"),
    ("GET", q(query=CONSTRUCT), {"Accept": "application/rdf+xml"}, None, 200, "application/rdf+xml"),
    ("GET", q(query=CONSTRUCT), {"Accept": "application/ld+json"}, None, 200, "application/ld+json"),
    ("GET", q(query="DESCRIBE <https://communique.example/id/state/TH>"), {}, None, 200, "text/turtle"),
    ("HEAD", q(query=SELECT), {}, None, 200, "application/sparql-results+json"),
    ("POST", "/sparql", {"Content-Type": FORM}, urlencode({"query": SELECT}), 200, "application/sparql-results+json"),
    (
        "POST",
        "/sparql",
        {"Content-Type": FORM + "; charset=UTF-8"},
        "query=" + quote(ASK),
        200,
        "application/sparql-results+json",
    ),
    ("POST", "/sparql", {"Content-Type": DIRECT}, SELECT, 200, "application/sparql-results+json"),
    ("POST", "/sparql/", {"Content-Type": DIRECT}, SELECT, 200, "application/sparql-results+json"),
    ("OPTIONS", "/sparql", {}, None, 204, ""),
    ("GET", "/sparql", {}, None, 200, "text/turtle"),
    ("GET", "/sparql", {"Accept": "application/ld+json"}, None, 200, "application/ld+json"),
    ("GET", "/sparql", {"Accept": "text/html"}, None, 303, ""),
    ("GET", "/sparql", {"Accept": "image/png"}, None, 406, "application/json"),
    ("GET", q(query="SELECT ?s WHERE { ?s ?p FOO }"), {}, None, 400, "application/json"),
    ("GET", q(query=""), {}, None, 400, "application/json"),
    ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", {}, None, 400, "application/json"),
    ("GET", "/sparql?query=%ff%fe", {}, None, 400, "application/json"),
    ("GET", q(query=ASK, **{"default-graph-uri": "not an iri"}), {}, None, 400, "application/json"),
    ("GET", q(update=UPDATE), {}, None, 403, "application/json"),
    ("GET", q(query=UPDATE), {}, None, 403, "application/json"),
    ("POST", "/sparql", {"Content-Type": FORM}, urlencode({"update": UPDATE}), 403, "application/json"),
    ("POST", "/sparql", {"Content-Type": "application/sparql-update"}, UPDATE, 403, "application/json"),
    ("POST", "/sparql", {"Content-Type": "text/plain"}, ASK, 415, "application/json"),
    ("POST", "/sparql", {}, ASK, 415, "application/json"),
    ("POST", "/sparql", {"Content-Type": DIRECT + "; charset=utf-16"}, ASK.encode("utf-16"), 415, "application/json"),
    ("POST", "/sparql", {"Content-Type": DIRECT}, b"ASK { <a:\xff> ?p ?o }", 400, "application/json"),
    ("POST", "/sparql", {"Content-Type": FORM}, "nothing=here", 400, "application/json"),
    ("POST", q(query=ASK), {"Content-Type": DIRECT}, ASK, 400, "application/json"),
    ("POST", "/sparql", {"Content-Type": DIRECT}, b"#" * (1 << 21), 413, "application/json"),
    ("PUT", "/sparql", {}, None, 405, "application/json"),
    ("DELETE", "/sparql", {}, None, 405, "application/json"),
    ("PATCH", "/sparql", {}, None, 405, "application/json"),
    ("GET", q(query="SELECT * {" + "{" * 3000 + "?s ?p ?o" + "}" * 3000 + "}"), {}, None, 400, "application/json"),
    ("GET", q(query="SELECT * { SERVICE <http://127.0.0.1:1/x> { ?s ?p ?o } }"), {}, None, 403, "application/json"),
    ("GET", q(query="SELECT * { SERVICE SILENT ?x { ?s ?p ?o } }"), {}, None, 403, "application/json"),
    (
        "GET",
        q(query="SELECT * FROM <http://127.0.0.1:1/x> { ?s ?p ?o }"),
        {},
        None,
        200,
        "application/sparql-results+json",
    ),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda r: f"{r[0]} {r[1][:60]} {r[4]}")
def test_requests_and_responses(
    here: Server, row: tuple[str, str, dict[str, str], bytes | str | None, int, str]
) -> None:
    method, path, headers, body, status, media = row
    sent: dict[str, Any] = {k.replace("-", "_"): v for k, v in headers.items()}
    reply = here.ask(path, method, body, **sent)
    assert (reply.status, reply.media) == (status, media), reply.body[:300]
    if method == "HEAD":
        assert reply.body == b""
        assert int(reply.headers["content-length"]) > 0
    elif status >= 400:
        error = reply.json["error"]
        assert error["status"] == status
        assert error["code"]
        assert error["what"]
    if status == 405:
        assert reply.headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_the_table_is_whole() -> None:
    assert len(TABLE) >= 50


def test_a_bad_query_is_told_line_and_column(here: Server) -> None:
    error = here.sparql("SELECT ?s\nWHERE { ?s ?p FOO }").json["error"]
    assert (error["line"], error["column"]) >= (2, 14)


def test_the_default_graph_leaves_evidence_out_and_graphs_can_be_named(here: Server) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s <https://communique.example/ontology#quote> ?o }"
    evidence = json.loads(
        here.sparql("SELECT ?g { GRAPH ?g { ?s <https://communique.example/ontology#quote> ?o } } LIMIT 1").body
    )
    graph = evidence["results"]["bindings"][0]["g"]["value"]

    def n(reply: Any) -> int:
        return int(reply.json["results"]["bindings"][0]["n"]["value"])

    assert n(here.sparql(count)) == 0
    assert n(here.ask(q(query=count, **{"default-graph-uri": graph}))) > 0
    assert n(here.sparql(count.replace("{ ?s", f"FROM <{graph}> {{ ?s", 1))) > 0
    named = count.replace("{ ?s", "{ GRAPH ?g { ?s").replace("?o }", "?o } }")
    assert n(here.ask(q(query=named, **{"named-graph-uri": graph}))) > 0
    # The request's dataset replaces the query's, and what it leaves out is empty (protocol, 2.1.4).
    assert n(here.ask(q(query=count.replace("{ ?s", f"FROM <{graph}> {{ ?s", 1), **{"named-graph-uri": graph}))) == 0


def test_a_graph_that_is_not_here_is_said(here: Server) -> None:
    reply = here.ask(q(query="SELECT * { ?s ?p ?o }", **{"default-graph-uri": "http://else.example/\u00e9"}))
    assert reply.json["results"]["bindings"] == []
    assert "not in this store" in reply.headers["communique-note"]


def test_a_cut_is_said_in_header_and_body(here: Server) -> None:
    everything = "SELECT * { ?s ?p ?o }"
    reply = here.sparql(everything)
    assert len(reply.json["results"]["bindings"]) == 50
    assert reply.json["cut"]["after"] == 50
    assert reply.headers["communique-cut"].startswith("after 50 rows")
    assert "<!-- cut after 50 rows" in here.sparql(everything, Accept="application/sparql-results+xml").text
    csv = here.sparql(everything, Accept="text/csv")
    assert csv.headers["communique-cut"].startswith("after 50 rows")
    graph = here.sparql("CONSTRUCT WHERE { ?s ?p ?o }")
    assert graph.text.rstrip().endswith("# cut after 50 triples, the limit of this endpoint")
    whole = here.sparql("SELECT * { ?s ?p ?o } LIMIT 50")
    assert "communique-cut" not in whole.headers
    assert "cut" not in whole.json


def test_answers_are_fresh_or_not_sent_again(here: Server) -> None:
    first = here.sparql(SELECT)
    assert first.headers["etag"]
    assert first.headers["vary"] == "Accept"
    again = here.sparql(SELECT, If_None_Match=first.headers["etag"])
    assert again.status == 304
    assert again.body == b""
    other = here.sparql(SELECT, Accept="text/csv")
    assert other.headers["etag"] != first.headers["etag"]
    assert "etag" not in here.sparql("SELECT (RAND() AS ?x) {}").headers


def test_cross_origin(here: Server) -> None:
    reply = here.sparql(ASK, Origin="https://notebook.example")
    assert reply.headers["access-control-allow-origin"] == "*"
    asked = here.ask("/sparql", "OPTIONS", Origin="https://notebook.example", Access_Control_Request_Method="POST")
    assert asked.status == 204
    assert "POST" in asked.headers["access-control-allow-methods"]
    assert "Content-Type" in asked.headers["access-control-allow-headers"]


def test_the_service_description_says_the_default_graph(here: Server) -> None:
    text = here.ask("/sparql").text
    assert "sd:endpoint" in text
    assert "union of what the documents say" in text
    assert "graph/evidence" in text


def test_results_agree_with_the_engine(here: Server, sample_folder: Path) -> None:
    """The same rows in all four formats as the engine's own writers give."""
    import pyoxigraph as ox

    from graph_build.store import open_build

    query = PREFIXES + "SELECT ?s ?l ?d { ?s rdfs:label ?l OPTIONAL { ?s cq:start ?d } } ORDER BY ?s ?l ?d LIMIT 40"
    forms = {
        "application/sparql-results+json": ox.QueryResultsFormat.JSON,
        "application/sparql-results+xml": ox.QueryResultsFormat.XML,
        "text/tab-separated-values": ox.QueryResultsFormat.TSV,
    }
    with open_build(sample_folder) as build:
        wanted = [tuple(r) for r in build.store.query(query)]  # type: ignore[union-attr]
    for media, form in forms.items():
        got = ox.parse_query_results(here.sparql(query, Accept=media).body, format=form)
        assert isinstance(got, ox.QuerySolutions)
        assert [tuple(r) for r in got] == wanted, media


# The W3C's own protocol tests


def _suite() -> Path | None:
    for place in (
        os.environ.get("W3C_TESTS", ""),
        *(str(p / "shared" / "w3c") for p in Path(__file__).resolve().parents),
    ):
        if place and (Path(place) / "sparql11-protocol" / "manifest.ttl").is_file():
            return Path(place) / "sparql11-protocol"
    return None


def _node(value: Any) -> Any:
    # A request without headers has no list of them; the empty list has no items.
    return RDF.nil if value is None else value


def _cases() -> list[Any]:
    suite = _suite()
    if suite is None:
        return [pytest.param(None, id="the W3C protocol tests")]
    from rdflib import Graph, Namespace

    mf = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
    ht = Namespace("http://www.w3.org/2011/http#")
    cnt = Namespace("http://www.w3.org/2011/content#")
    graph = Graph().parse(suite / "manifest.ttl")
    found = []
    for test in graph.subjects(RDF.type, mf.ProtocolTest):
        requests = []
        action = graph.value(test, mf.action)
        for request in graph.items(_node(graph.value(action, ht.requests))):
            response = graph.value(request, ht.resp)
            headers = {
                str(graph.value(h, ht.fieldName)): str(graph.value(h, ht.fieldValue))
                for h in graph.items(_node(graph.value(request, ht.headers)))
            }
            body = graph.value(request, ht.body)
            encoding = str(graph.value(body, cnt.characterEncoding) or "UTF-8")
            chars = graph.value(body, cnt.chars)
            requests.append(
                (
                    str(graph.value(request, ht.methodName)),
                    str(graph.value(request, ht.absolutePath)),
                    headers,
                    None if chars is None else str(chars).encode(encoding),
                    sorted(str(s)[-3:] for s in graph.objects(response, mf.expectedStatus)),
                    graph.value(response, mf.expectedBoolean),
                    graph.value(response, mf.expectedFormat),
                )
            )
        found.append(pytest.param(requests, id=str(test).rsplit("#", 1)[-1]))
    return sorted(found, key=lambda p: str(p.id))


@pytest.fixture(scope="module")
def w3c(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    suite = _suite()
    if suite is None:
        # They belong to the W3C and come from no registry: no machine can be asked to have them.
        pytest.skip("the W3C's protocol tests are not here: name their folder in W3C_TESTS")
    folder = tmp_path_factory.mktemp("w3c") / "graph"
    graphs = {
        f"http://kasei.us/2009/09/sparql/data/data{n}.rdf": tuple(
            line.strip().rstrip(".").strip()
            for line in (suite / f"data{n}.nt").read_text().splitlines()
            if line.strip()
        )
        for n in (1, 2, 3)
    }

    class Foreign(Dataset):
        """Graphs with names of their own."""

        def graph(self, name: str) -> str:
            return name

    publish(Foreign(graphs=graphs), folder).close()
    with server(folder) as started:
        yield started


@pytest.mark.parametrize("requests", _cases())
def test_w3c_protocol(w3c: Server, requests: list[Any], request: pytest.FixtureRequest) -> None:
    if request.node.callspec.id.startswith("update_"):
        # This endpoint is read-only: every update is refused, and nothing of it is done.
        for method, path, headers, body, *_ in requests:
            if "query" not in path:
                status = w3c.ask(path, method, body, **{k.replace("-", "_"): v for k, v in headers.items()}).status
                assert status in (200, 403), status
        return
    for method, path, headers, body, statuses, truth, form in requests:
        reply = w3c.ask(path, method, body, **{k.replace("-", "_"): v for k, v in headers.items()})
        assert any(str(reply.status)[0] == s[0] for s in statuses), (reply.status, statuses, reply.body[:200])
        if truth is not None:
            assert reply.json["boolean"] is bool(truth)
        if str(form) == "RDF":
            assert reply.media in ("text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json")
