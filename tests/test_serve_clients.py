"""Real clients against the server: SPARQLWrapper, rdflib's SPARQLStore, roqet, Comunica; and requests made by machine."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.machine import need, need_program
from tests.serving import FORM, PREFIXES, Server, server

HOSTS = PREFIXES + "SELECT DISTINCT ?label WHERE { ?meeting cq:hadHost ?who . ?who rdfs:label ?label } ORDER BY ?label"
WEB = Path(__file__).resolve().parents[1] / "web"


@pytest.fixture(scope="module")
def here(sample_folder: Path) -> Iterator[Server]:
    with server(sample_folder) as started:
        yield started


@pytest.fixture(scope="module")
def labels(here: Server) -> list[str]:
    found = [r["label"]["value"] for r in here.sparql(HOSTS).json["results"]["bindings"]]
    assert "Thailand" in found
    return found


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_sparqlwrapper(here: Server, labels: list[str], method: str, form: str) -> None:
    from SPARQLWrapper import SPARQLWrapper

    client = SPARQLWrapper(here.url + "/sparql")
    client.setQuery(HOSTS)
    client.setMethod(method)
    client.setReturnFormat(form)
    answer: Any = client.query().convert()
    if form == "json":
        assert [r["label"]["value"] for r in answer["results"]["bindings"]] == labels
    elif form == "xml":
        assert answer.toxml().count("<literal>") == len(labels)
    else:
        assert len(answer.decode().splitlines()) == len(labels) + 1


@pytest.mark.parametrize("form", ["turtle", "xml", "json-ld", "n3"])
def test_sparqlwrapper_graphs(here: Server, form: str) -> None:
    from SPARQLWrapper import SPARQLWrapper

    client = SPARQLWrapper(here.url + "/sparql")
    client.setQuery(PREFIXES + "CONSTRUCT { ?m cq:hadHost ?a } WHERE { ?m cq:hadHost ?a }")
    client.setReturnFormat(form)
    answer: Any = client.query().convert()
    if isinstance(answer, bytes):
        from rdflib import Graph

        answer = Graph().parse(data=answer, format="turtle" if form in ("turtle", "n3") else form)
    assert len(answer) > 5


def test_rdflib_sparqlstore(here: Server, labels: list[str]) -> None:
    from rdflib import Graph
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    graph = Graph(SPARQLStore(here.url + "/sparql"))
    assert [str(row[0]) for row in graph.query(HOSTS)] == labels  # type: ignore[index]
    from rdflib import URIRef

    assert list(graph.objects(URIRef("https://communique.example/id/state/TH"), None))


def test_roqet(here: Server, labels: list[str]) -> None:
    roqet = need_program("roqet")
    done = subprocess.run(
        [roqet, "-q", "-p", here.url + "/sparql", "-r", "csv", "-e", HOSTS], capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0, done.stderr
    assert [line.strip('"') for line in done.stdout.split("\n")[1:] if line.strip()][: len(labels)] == labels


def test_comunica(here: Server, labels: list[str]) -> None:
    node = need_program("node")
    binary = WEB / "node_modules" / "@comunica" / "query-sparql" / "bin" / "query.js"
    need(binary.is_file(), "Comunica (npm ci in web/)")
    command = [node, str(binary), f"sparql@{here.url}/sparql", HOSTS, "-t", "application/sparql-results+json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert [r["label"]["value"] for r in json.loads(done.stdout)["results"]["bindings"]] == labels
    # And from the service description and linked data alone, over one thing's own document.
    command = [
        node,
        str(binary),
        f"{here.url}/id/state/TH.ttl",
        "SELECT * { ?s ?p ?o } LIMIT 3",
        "-t",
        "application/sparql-results+json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["results"]["bindings"]) == 3


# Requests made by machine: whatever comes, an answer of the right shape.

METHODS = st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
PLACES = st.sampled_from(
    ["/sparql", "/", "/search", "/commitments", "/query/events.csv", "/query/", "/id/", "/id/state/TH", "/ask", "/suggest",
     "/graph/", "/text/", "/assets/", "/download/", "/meetings.csv", "/scheme/", "/ontology", "/static/", "/.well-known/void"]
)  # fmt: skip
PARAMETERS = st.dictionaries(
    st.sampled_from(
        ["query", "default-graph-uri", "named-graph-uri", "format", "footnotes", "q", "page", "class", "year", "update"]
    ),
    st.text(max_size=60)
    | st.sampled_from(["ASK {}", "SELECT * {?s ?p ?o} LIMIT 1", "csv", "-1", "99999999999", "true"]),
    max_size=4,
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "Accept": st.sampled_from(["*/*", "text/html", "text/turtle", "application/json;q=x", ",", "text/csv;q=0"]),
        "Content-Type": st.sampled_from(
            [FORM, "application/sparql-query", "text/plain", "application/sparql-query;charset=x", ";"]
        ),
        "If-None-Match": st.sampled_from(["*", '"x"', "W/"]),
        "If-Modified-Since": st.sampled_from(["yesterday", "Thu, 01 Jan 2099 00:00:00 GMT"]),
        "Range": st.just("bytes=5-2"),
    },
)


@given(METHODS, PLACES, st.text(max_size=20), PARAMETERS, HEADERS, st.binary(max_size=60))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_request_is_answered_in_shape(
    here: Server, method: str, place: str, rest: str, parameters: dict[str, str], headers: dict[str, str], body: bytes
) -> None:
    path = place + quote(rest, errors="replace", safe="")
    if parameters:
        path += "?" + "&".join(f"{k}={quote(v, errors='replace', safe='')}" for k, v in parameters.items())
    sent: dict[str, Any] = {k.replace("-", "_"): v for k, v in headers.items()}
    reply = here.ask(
        path,
        method,
        body if method in ("POST", "PUT", "PATCH") else None,
        **sent,
    )
    assert reply.status < 500 or reply.status == 503, (reply.status, reply.body[:300])
    assert reply.headers["x-content-type-options"] == "nosniff"
    if reply.status >= 400 and reply.media == "application/json" and method != "HEAD":
        error = reply.json["error"]
        assert error["status"] == reply.status
        assert error["what"]
