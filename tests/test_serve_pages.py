"""Pages, linked data, lists, questions, downloads: each address with what it must hold; hostile text stays text."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import pyoxigraph as ox
import pytest
from rdflib import Graph

from graph_build.dataset import Dataset, text
from graph_build.serve.files import write_site
from graph_build.store import Build, Content, DocumentEntry, publish
from tests.serving import PREFIXES, Server, server

HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CQ = "https://communique.example/ontology#"


@pytest.fixture(scope="module")
def here(sample_folder: Path) -> Iterator[Server]:
    with server(sample_folder) as started:
        yield started


PAGES = [
    ("/", "What the papers of meetings say"),
    ("/meetings", "Bali Process Regional Ministerial Conference"),
    ("/people", "Catherine Smith"),
    ("/states", "Thailand"),
    ("/bodies", "Working Group"),
    ("/organisations", "International Organization for Migration"),
    ("/instruments", "Strategy"),
    ("/documents", "Co-Chairs"),
    ("/series", "Series of meetings"),
    ("/places", "Places"),
    ("/commitments", "Directives, decisions"),
    ("/commitments?class=directive", "Ministers directed"),
    ("/commitments?followed=cannot+be+said&year=2015", "commitment"),
    ("/search?q=labour+exploitation", "<mark>labour</mark>"),
    ("/queries", "Meetings by document"),
    ("/query/events", "rows"),
    ("/query/took-part?as=host", "host"),
    ("/ask?query=SELECT+*+%7B%3Fs+%3Fp+%3Fo%7D+LIMIT+3", "3</strong> rows"),
    ("/ask?query=ASK+%7B%7D", "true"),
    ("/editor", "SPARQL"),
    ("/builds", "Hash of the dump"),
    ("/quality", "How facts are known"),
    ("/readings", "What the record shows"),
    ("/language", "No passage of one paper stands again"),
    ("/accounts", "no meeting of which two"),
    ("/counts", "no number that could be held"),
    ("/followup", "No commitment fits"),
    ("/missing", "Every paper that is cited is held"),
    ("/members?on=2015-03-25&known=2016-01-01", "As of 25 March 2015"),
    ("/help", "Communique-Cut"),
    ("/ontology.html", "cq:Meeting"),
    ("/id/state/TH.html", "Thailand"),
    ("/scheme/capacity/host.html", "host"),
    ("/reference/state/TH.html", "Thailand"),
    ("/graph/entities.html", "cq:"),
]


@pytest.mark.parametrize(("path", "words"), PAGES)
def test_pages(here: Server, path: str, words: str) -> None:
    reply = here.ask(path, Accept=HTML)
    assert (reply.status, reply.media) == (200, "text/html"), reply.body[:200]
    assert words in reply.text
    policy = reply.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "'unsafe-eval'" not in policy
    # Nothing from other hosts, no script in the page, no style in an element.
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//[^\"]*\.(?:js|css|png|woff2?)", reply.text)
    assert not re.search(r"<script(?![^>]*(?:src=|application/ld\+json))", reply.text)
    assert not re.search(r"<[^>]+\s(?:on\w+|style)=", reply.text)
    assert reply.text.count("<h1") == 1
    assert '<html lang="en">' in reply.text


def test_every_link_of_the_pages_leads_somewhere(here: Server, sample: Build) -> None:
    links: set[str] = set()
    pages = [p for p, _ in PAGES] + [f"/id/document/{sample.manifest.documents[0].slug}.html"]
    for page in pages:
        body = here.ask(page, Accept=HTML).text
        links |= {urljoin(page, unescape(h)).split("#")[0] for h in re.findall(r'(?:href|src|action)="([^"]+)"', body)}
    own = sorted(link for link in links if not urlsplit(link).netloc)
    assert len(own) > 150
    bad = {}
    for link in own[:: max(1, len(own) // 150)]:
        status = here.ask(link, Accept=HTML).status
        if status not in (200, 301, 303):
            bad[link] = status
    assert not bad


def test_a_page_is_made_well_under_a_tenth_of_a_second(here: Server, sample: Build) -> None:
    slow = {}
    meetings = [h["iri"] for h in here.ask("/meetings.json").json]
    for iri in meetings:
        path = urlsplit(iri).path + ".html"
        here.ask("/")
        began = time.perf_counter()
        assert here.ask(path).status == 200
        slow[path] = time.perf_counter() - began
    assert sorted(slow.values())[len(slow) // 2] < 0.1, slow


# Linked data

ACCEPTS = [
    (HTML, "html", "text/html"),
    ("text/turtle", "ttl", "text/turtle"),
    ("application/n-triples", "nt", "application/n-triples"),
    ("application/n-quads", "nq", "application/n-quads"),
    ("application/trig", "trig", "application/trig"),
    ("application/ld+json", "jsonld", "application/ld+json"),
    ("application/rdf+xml", "rdf", "application/rdf+xml"),
]


@pytest.mark.parametrize(
    "iri", ["/id/state/TH", "/ontology", "/scheme/capacity/host", "/reference/state/TH", "/graph/entities"]
)
@pytest.mark.parametrize(("accept", "ending", "media"), ACCEPTS)
def test_an_iri_leads_to_its_form(here: Server, iri: str, accept: str, ending: str, media: str) -> None:
    reply = here.ask(iri, Accept=accept)
    assert reply.status == 303
    assert reply.headers["location"] == f"{iri}.{ending}"
    assert "Accept" in reply.headers["vary"]
    assert 'rel="alternate"' in reply.headers["link"]
    body = here.ask(reply.headers["location"])
    assert body.status == 200
    assert body.media == media
    assert len(body.body) > 100


@pytest.mark.parametrize(
    ("ending", "form"),
    [("ttl", "turtle"), ("nt", "nt"), ("rdf", "xml"), ("jsonld", "json-ld"), ("trig", "trig"), ("nq", "nquads")],
)
def test_the_forms_say_the_same(here: Server, ending: str, form: str) -> None:
    from rdflib import Dataset as Graphs

    body = here.ask(f"/id/state/TH.{ending}").text
    read: Graph = Graphs(default_union=True) if form in ("trig", "nquads") else Graph()
    if form == "json-ld":
        body = body.replace(
            f'"{here.url}/context.jsonld"', json.dumps(json.loads(here.ask("/context.jsonld").text)["@context"])
        )
    read.parse(data=body, format=form)
    nt = Graph().parse(data=here.ask("/id/state/TH.nt").text, format="nt")
    assert len(nt) > 10
    assert {tuple(t)[:3] for t in read} == set(nt)


def test_a_jsonld_context_of_our_own_is_at_a_stable_address(here: Server) -> None:
    context = here.ask("/id/state/TH.jsonld").json["@context"]
    assert context == f"{here.url}/context.jsonld"
    reply = here.ask("/context.jsonld")
    assert reply.status == 200
    assert reply.json["@context"]["@vocab"] == CQ


def test_unknown_things_are_404_with_a_useful_page(here: Server) -> None:
    reply = here.ask("/id/state/atlantis-thailand", Accept=HTML)
    assert reply.status == 404
    assert "Thailand" in reply.text
    assert 'href="/search"' in reply.text
    told = here.ask("/id/state/atlantis", Accept="text/turtle")
    assert told.status == 404
    assert told.json["error"]["code"] == "unknown"


def test_pages_carry_schema_org_data(here: Server) -> None:
    iri = next(h["iri"] for h in here.ask("/meetings.json").json if "2015-03-25" in h["iri"])
    page = here.ask(urlsplit(iri).path + ".html").text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert found
    data = json.loads(found[1])
    assert data["@type"] == "Event"
    assert data["startDate"] == "2015-03-25"
    assert data["@id"] == iri


def test_a_meeting_tells_what_was_decided_who_came_and_what_came_of_it(here: Server) -> None:
    iri = next(h["iri"] for h in here.ask("/meetings.json").json if "2015-03-25" in h["iri"])
    page = here.ask(urlsplit(iri).path + ".json").json
    sections = {s["id"]: s for s in page["sections"]}
    assert {"decided", "led", "participants", "people", "accounts", "papers"} <= set(sections)
    assert {f["term"]: f["values"][0] for f in page["facts"]}["Date"] == "25–26 March 2015"
    for name in ("decided", "led", "participants", "people"):
        assert all(row["proof"] and row["proof"][0]["quote"] for row in sections[name]["rows"]), name


def test_a_document_shows_its_text_with_every_passage_marked(here: Server, sample: Build) -> None:
    entry = sample.manifest.documents[0]
    page = here.ask(f"/id/document/{entry.slug}.html").text
    asked = here.sparql(
        f"SELECT DISTINCT ?span {{ GRAPH <{sample.base}graph/evidence/{entry.slug}> {{ ?p <{CQ}span> ?span . ?s ?e ?p }} }}"
    )
    spans = {r["span"]["value"] for r in asked.json["results"]["bindings"]}
    assert len(spans) > 30
    assert {f'id="p{s}"' for s in spans} <= set(re.findall(r'id="p[\d-]+"', page))
    shown = re.sub(
        r"<span class=\"facts-of\">.*?</span></span></span></span>",
        "",
        page.split('<div class="text"', 1)[1],
        flags=re.S,
    )
    shown = unescape(re.sub(r"<[^>]+>", "", shown))
    words = list(re.findall(r"\w+", sample.text(entry.slug)))[:400]
    assert " ".join(words) in " ".join(re.findall(r"\w+", shown))


def test_void_describes_the_data(here: Server, sample: Build) -> None:
    graph: Any = Graph().parse(data=here.ask("/.well-known/void").text, format="turtle")
    void = "http://rdfs.org/ns/void#"
    asked = f"SELECT ?n {{ ?d a <{void}Dataset> ; <{void}triples> ?n }}"
    assert [int(str(r[0])) for r in list(graph.query(asked))] == [sample.manifest.triples]
    parts = {
        str(r[0]): int(str(r[1])) for r in graph.query(f"SELECT ?c ?n {{ ?p <{void}class> ?c ; <{void}entities> ?n }}")
    }
    assert parts[f"{CQ}Meeting"] == len(here.ask("/meetings.json").json)
    used = {str(r[0]) for r in graph.query(f"SELECT ?p {{ ?x <{void}property> ?p }}")}
    assert f"{CQ}hadHost" in used
    for (dump,) in graph.query(f"SELECT ?u {{ ?d <{void}dataDump> ?u }}"):
        reply = here.ask(urlsplit(str(dump)).path)
        assert reply.status == 200, dump
        assert len(reply.body) > 1000, dump


# Questions


def test_a_named_query_is_a_page_and_a_table(here: Server) -> None:
    rows = list(csv.reader(io.StringIO(here.ask("/query/attendance.csv").text)))
    assert rows[0][:7] == ["document", "event", "event_label", "party", "party_label", "code", "capacity"]
    table = here.ask("/query/attendance.json").json
    assert len(table["results"]["bindings"]) == len(rows) - 1 > 100
    assert here.ask("/query/attendance.md").text.startswith("| document |")
    page = here.ask("/query/attendance").text
    assert "SELECT" in page
    assert "/editor" in page
    assert "/query/attendance.csv" in page
    assert here.ask("/query/attendance.rq").text.startswith("# title:")


QUESTIONS = [
    ("/query/nothing", 404, "unknown"),
    ("/query/nothing.csv", 404, "unknown"),
    ("/query/events.pdf", 404, "unknown"),
    ("/query/events.csv?nope=1", 400, "bad-query"),
    ("/query/took-part.csv?year=soon", 400, "bad-query"),
    ("/query/came-of.csv", 400, "bad-query"),
    ("/query/came-of.csv?thing=zzzz", 400, "bad-query"),
    ("/query/..%2f..%2fetc%2fpasswd.rq", 404, "unknown"),
]


@pytest.mark.parametrize(("path", "status", "code"), QUESTIONS)
def test_a_question_that_cannot_be_asked_says_why(here: Server, path: str, status: int, code: str) -> None:
    reply = here.ask(path)
    assert (reply.status, reply.json["error"]["code"]) == (status, code)


def test_the_register_narrows_down(here: Server) -> None:
    everything = here.ask("/commitments.json").json
    assert everything["total"] == len(everything["commitments"]) > 50
    for facet, values in everything["facets"].items():
        for value, count in values[:3]:
            narrowed = here.ask(f"/commitments.json?{facet}={quote(value)}").json
            assert narrowed["total"] == count, (facet, value)
    rows = list(csv.DictReader(io.StringIO(here.ask("/commitments.csv?class=directive").text)))
    assert rows
    assert {r["class"] for r in rows} == {"directive"}


def test_suggestions_as_one_types(here: Server) -> None:
    found = here.ask("/suggest?q=traff").json
    assert found
    assert all("traff" in (h["label"] + h["detail"]).lower().replace("\x01", "").replace("\x02", "") for h in found)
    assert all(here.ask(h["href"].split("#")[0]).status == 200 for h in found)
    for odd in ("%22", "*", "a%00b", "NEAR(", "%27+OR+1=1--", "\u202e".encode().hex()):
        assert here.ask(f"/suggest?q={odd}").status == 200


# Hostile text

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u202e</textarea>{{7*7}}"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("hostile") / "graph"
    base, rdf = "https://communique.example/", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    label, quoted = "http://www.w3.org/2000/01/rdf-schema#label", text(EVIL)
    meeting, doc, claim, passage = (
        f"<{base}id/{k}>" for k in ("meeting/m", "document/d", "commitment/d/c", "passage/d/0-9")
    )

    def q(s: str, p: str, o: str) -> str:
        return f"{s} <{p if '://' in p else CQ + p}> {o}"

    number = '"{}"^^<http://www.w3.org/2001/XMLSchema#integer>'
    graphs = {
        "entities": tuple(sorted([q(meeting, rdf, f"<{CQ}Meeting>"), q(meeting, label, quoted), q(meeting, "city", quoted)])),
        "document/d": tuple(sorted([
            q(doc, rdf, f"<{CQ}Document>"), q(doc, "path", quoted), q(doc, "sha256", '"0"'),
            q(doc, "http://purl.org/dc/terms/title", quoted),
            q(claim, rdf, f"<{CQ}Directive>"), q(claim, "clause", quoted), q(claim, "issuer", quoted),
            q(claim, "statedIn", doc), q(claim, "madeAt", meeting), q(claim, "commitmentClass", f"<{base}scheme/commitment-class/directive>"),
        ])),
        "evidence/d": tuple(sorted([
            q(claim, "evidence", passage), q(claim, "shownBy", passage), q(claim, "rule", quoted), q(passage, "quote", quoted),
            q(passage, "startOffset", number.format(0)), q(passage, "endOffset", number.format(9)), q(passage, "span", '"0-9"'),
            q(passage, "passageOf", doc), q(passage, rdf, f"<{CQ}Passage>"),
        ])),
        "ontology": (
            f'<{base}scheme/commitment-class/directive> <http://www.w3.org/2004/02/skos/core#notation> "directive"',
        ),
    }  # fmt: skip
    entry = DocumentEntry(EVIL, "d", "0", EVIL)
    content = Content(documents=(entry,), texts={"d": EVIL + "\n\n" + EVIL})
    publish(Dataset(graphs=graphs), folder, content).close()
    with server(folder) as started:
        yield started


@pytest.mark.parametrize(
    "path",
    [
        "/", "/meetings", "/documents", "/commitments", "/id/meeting/m.html", "/id/document/d.html", "/id/commitment/d/c.html",
        "/id/passage/d/0-9.html", "/search?q=" + quote(EVIL), "/quality", "/query/commitments", "/nothing/" + quote(EVIL, safe=""),
        "/ask?query=" + quote(f"SELECT ('''{EVIL}''' AS ?x) {{}}"), "/editor?query=" + quote(EVIL),
        "/ask?footnotes=true&query=" + quote(f"SELECT ?c {{ ?x <{CQ}clause> ?c }}"),
    ],
)  # fmt: skip
def test_hostile_text_appears_as_text(hostile: Server, path: str) -> None:
    reply = hostile.ask(path, Accept=HTML)
    assert reply.media == "text/html", reply.body[:200]
    assert "<script>alert" not in reply.text
    assert "<img src=x" not in reply.text
    assert "</textarea>{{7*7}}" not in reply.text
    assert "49" not in re.findall(r"textarea&gt;(\d+)", reply.text)


def test_hostile_text_is_data_in_every_form(hostile: Server) -> None:
    assert EVIL in [
        r["c"]["value"] for r in hostile.sparql(f"SELECT ?c {{ ?x <{CQ}clause> ?c }}").json["results"]["bindings"]
    ]
    rows = list(csv.reader(io.StringIO(hostile.ask("/commitments.csv").text)))
    assert EVIL in rows[1]
    assert f'"{CQ}clause"' not in hostile.ask("/id/commitment/d/c.rdf").text
    assert any(
        str(o) == EVIL for o in Graph().parse(data=hostile.ask("/id/commitment/d/c.rdf").text, format="xml").objects()
    )


def test_a_former_iri_leads_to_the_thing_that_it_is_now(tmp_path: Path) -> None:
    base, folder = "https://other.example/data/", tmp_path / "graph"
    now, old = f"<{base}id/meeting/now>", f"<{base}id/meeting/then>"
    lines = (
        f"{now} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{CQ}Meeting>",
        f'{now} <http://www.w3.org/2000/01/rdf-schema#label> "Now"',
        f"{old} <http://purl.org/dc/terms/isReplacedBy> {now}",
    )
    publish(Dataset(base=base, graphs={"entities": tuple(sorted(lines))}), folder).close()
    with server(folder) as started:
        # Found by its path whatever host, and path prefix, stands in the IRI.
        reply = started.ask("/id/meeting/then", Accept="text/turtle")
        assert reply.status == 301
        assert reply.headers["location"] == "/id/meeting/now"
        assert f"{base}id/meeting/now" in started.ask("/id/meeting/now.nt").text


def test_the_site_as_files_has_no_broken_link(sample: Build, tmp_path: Path) -> None:
    out = tmp_path / "site"
    assert write_site(sample, out) > 1000
    assert not list(tmp_path.glob(".site*"))
    seen = 0
    for page in out.rglob("*.html"):
        for found in set(re.findall(r'(?:href|src|action)="([^"]*)"', page.read_text())):
            target = unescape(found)
            if target.startswith(("http:", "https:", "#", "data:")):
                continue
            assert not target.startswith("/"), (page, target)
            from urllib.parse import unquote

            path = unquote(target.split("#")[0].split("?")[0])
            seen += 1
            assert not path or (page.parent / path).exists(), (page, target)
    assert seen > 10_000
    th = Graph().parse(out / "id/state/TH.jsonld", format="json-ld")
    assert set(th) == set(Graph().parse(out / "id/state/TH.ttl", format="turtle"))


def test_footnotes_stand_on_the_page(here: Server) -> None:
    query = PREFIXES + "SELECT ?who WHERE { ?meeting cq:hadHost ?who } LIMIT 3"
    page = here.ask("/ask?footnotes=true&query=" + quote(query)).text
    assert page.count("<blockquote>") >= 3
    assert re.search(r"/id/document/[\w-]+\.html#p\d+-\d+", page)


def test_csv_of_a_store_reads_back(here: Server) -> None:
    got = ox.parse(here.ask("/download/data.nt").body, format=ox.RdfFormat.N_TRIPLES)
    assert sum(1 for _ in got) > 1000
