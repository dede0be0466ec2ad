"""Which form is sent for which Accept header; what a query text is before an engine reads it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_build.serve import negotiate as n
from graph_build.serve.replies import header_text
from graph_build.serve.scan import scan
from graph_build.serve.settings import Settings, host_name

ACCEPTS = [
    (None, n.RESULTS, n.JSON),
    ("", n.RESULTS, n.JSON),
    ("*/*", n.RESULTS, n.JSON),
    ("text/csv", n.RESULTS, n.CSV),
    ("text/*", n.RESULTS, n.CSV),
    ("application/json", n.RESULTS, n.JSON),
    ("application/xml", n.RESULTS, n.XML),
    ("application/sparql-results+xml;q=0.9, text/csv;q=0.1", n.RESULTS, n.XML),
    ("application/sparql-results+xml;q=0.1, text/csv", n.RESULTS, n.CSV),
    ("text/csv;q=0, */*;q=0.1", n.RESULTS, n.JSON),
    ("text/html", n.RESULTS, None),
    ("text/csv;q=0", n.RESULTS, None),
    ("*/*;q=0", n.RESULTS, None),
    ("text/tab-separated-values , text/csv;q=0.5", n.RESULTS, n.TSV),
    ("TEXT/CSV", n.RESULTS, n.CSV),
    ("rubbish", n.RESULTS, n.JSON),
    ("text/csv;q=2", n.RESULTS, None),
    ("application/ld+json", n.GRAPHS, n.JSONLD),
    ("application/rdf+xml, text/turtle;q=0.9", n.GRAPHS, n.RDFXML),
    ("text/n3", n.GRAPHS, n.TURTLE),
    ("application/trig", n.GRAPHS, n.TRIG),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", (n.HTML, n.TURTLE, n.RDFXML), n.HTML),
    ("application/n-triples,text/turtle", n.GRAPHS, n.TURTLE),
]


@pytest.mark.parametrize(("accept", "offers", "chosen"), ACCEPTS)
def test_choose(accept: str | None, offers: tuple[str, ...], chosen: str | None) -> None:
    assert n.choose(accept, offers) == chosen


@given(st.text(max_size=200))
def test_any_accept_header_is_answered(accept: str) -> None:
    assert n.choose(accept, n.RESULTS) in (*n.RESULTS, None)


SERVICES = [
    ("SELECT * {SERVICE <http://a/b> {?s ?p ?o}}", ("http://a/b",)),
    ("select * {service silent <http://a/b> {?s ?p ?o}}", ("http://a/b",)),
    ("PREFIX x: <http://h/> SELECT * {SERVICE SILENT x:y {?s ?p ?o}}", ("http://h/y",)),
    ("BASE <http://q/> SELECT * {SERVICE <z> {}}", ("http://q/z",)),
    ("SELECT * {SERVICE ?x {?s ?p ?o}}", ("",)),
    ("SELECT * {SERVICE # <http://a/>\n <http://b/> {}}", ("http://b/",)),
    ("SELECT * {SERV\\u0049CE <http://a/b> {?s ?p ?o}}", ("http://a/b",)),
    ("SELECT * {?a ?b ?c FILTER(?a<?b)SERVICE#>\n?x{?s ?p ?o}}", ("",)),
    ("SELECT * {?s <http://x/service> ?SERVICE . ?s x:SERVICE 'SERVICE' # SERVICE\n}", ()),
    ("SELECT * {?s ?p '''a'SERVICE'b''' }", ()),
    ("SELECT * {?s ?p 'it\\'s SERVICE' }", ()),
    ("SELECT ?service {?service ?p ?o}", ()),
]


@pytest.mark.parametrize(("query", "services"), SERVICES)
def test_service_is_seen_wherever_it_hides(query: str, services: tuple[str, ...]) -> None:
    assert scan(query).services == services


FORMS = [
    ("SELECT * {}", "SELECT"),
    ("# INSERT\nASK {}", "ASK"),
    ("PREFIX select: <x:> construct where {}", "CONSTRUCT"),
    ("insert data {}", "UPDATE"),
    ("PREFIX a: <b:> DELETE WHERE {}", "UPDATE"),
    ("DESCRIBE <x:y>", "DESCRIBE"),
    ("", ""),
    ("hello", ""),
]


@pytest.mark.parametrize(("query", "form"), FORMS)
def test_form(query: str, form: str) -> None:
    assert scan(query).form == form


def test_what_changes_each_time_is_not_kept() -> None:
    assert scan("SELECT (NOW() AS ?n) {}").steady is False
    assert scan("SELECT ?now { ?now <x:rand> 'RAND()' }").steady is True


@given(st.text(max_size=400))
def test_scan_never_raises(text: str) -> None:
    scan(text)


HOSTS = [
    ("localhost", True),
    ("localhost:7878", True),
    ("LOCALHOST.:80", True),
    ("127.0.0.1:7878", True),
    ("127.8.9.1", True),
    ("[::1]:7878", True),
    ("allowed.example", True),
    ("evil.example", False),
    ("127.0.0.1.evil.example", False),
    ("localhost.evil.example:7878", False),
    ("evil.example@localhost", False),
    ("localhost:port", False),
    ("2130706433", False),
    ("[::1", False),
    ("", False),
    ("localhost, evil.example", False),
]


@pytest.mark.parametrize(("header", "admitted"), HOSTS)
def test_host_header(header: str, admitted: bool, tmp_path: object) -> None:
    from pathlib import Path

    assert Settings(Path(), hosts=("allowed.example",)).admits(header) is admitted


@given(st.text(max_size=60))
def test_any_host_header_is_judged(header: str) -> None:
    name = host_name(header)
    assert name is None or not set(name) & set(" /@,\r\n")


@given(st.text(max_size=200))
def test_no_text_steers_a_header(text: str) -> None:
    written = header_text(text)
    assert written.isascii()
    assert written.isprintable()
