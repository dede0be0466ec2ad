"""Footnotes: queries that are in no library, with the sentences that must stand behind each row."""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox
import pytest

from graph_build.serve.footnotes import footnotes
from graph_build.serve.jobs import Notes
from graph_build.store import Build
from tests.serving import PREFIXES

SYMPOSIUM = "id:meeting\\/2015-03-25-bangkok-regional-symposium-on-trafficking-for-the-purposes-of-labour-exploitation"


def noted(build: Build, query: str) -> tuple[list[tuple[str, ...]], Notes]:
    results = build.store.query(PREFIXES + query, base_iri=build.base)
    assert isinstance(results, ox.QuerySolutions)
    names = [v.value for v in results.variables]
    rows = [tuple(r) for r in results]
    notes = footnotes(build.store, PREFIXES + query, names, rows, build.base)
    return [tuple(getattr(t, "value", "") for t in row) for row in rows], notes


QUERIES: list[tuple[str, str, tuple[str, ...]]] = [
    # query, a cell by which the row is found, words of the sentences that must stand there, and no others
    (
        "SELECT ?label { ?m cq:start '2015-03-25'^^<http://www.w3.org/2001/XMLSchema#date> ; cq:hadHost/rdfs:label ?label }",
        "Thailand",
        ("The Governments of Thailand and Australia co-hosted",),
    ),
    ("SELECT ?x ?y { ?x cq:deliversOn ?y }", "2015-03-25", ("the symposium delivered on a commitment made at the 5th",)),
    (
        "SELECT ?clause { ?d a cq:Directive ; cq:clause ?clause }",
        "Ministers directed the Bali Process Ad Hoc Group",
        ("Ministers directed the Bali Process Ad Hoc Group to establish a Working Group",),
    ),
    ("SELECT ?name { [] cq:role ?r ; cq:name ?name . ?r skos:notation 'opener' }", "Don Pramudwinai", ("The workshop was opened by H.E. Mr. Don Pramudwinai",)),
    ("SELECT ?x ?y { ?y ^cq:leadsTo ?x }", "2013-04-02", ("5th Bali Process Regional Ministerial Conference",)),
    ("SELECT DISTINCT ?m { ?m cq:hadParticipant ?a ; cq:city 'Bangkok' }", "2015-03-25", ("in Bangkok, Thailand from 25 to 26 March 2015",)),
    ("SELECT (COUNT(?c) AS ?n) { ?c a cq:Directive }", "3", ()),
    ("SELECT (COUNT(?t) AS ?n) { ?c a cq:Directive ; cq:clause ?t }", "3", ("Ministers directed the Bali Process Ad Hoc Group",)),
    (
        "SELECT ?kind (COUNT(*) AS ?n) { ?c cq:commitmentClass/skos:notation ?kind } GROUP BY ?kind ORDER BY ?n",
        "directive",
        ("Ministers directed the Bali Process Ad Hoc Group",),
    ),
    ("SELECT ?who { { ?m cq:hadCoChair ?who } UNION { ?m cq:hadHost ?who } } ORDER BY ?who", "state/TH", ("Thai",)),
    ("SELECT ?who ?d { ?m cq:hadHost ?who OPTIONAL { ?m cq:start ?d } FILTER(?d > '2015-01-01'^^<http://www.w3.org/2001/XMLSchema#date>) } ORDER BY ?d", "state/TH", ("Thailand",)),
    ("SELECT ?m (SAMPLE(?d) AS ?day) { ?m a cq:Meeting ; cq:start ?d } GROUP BY ?m HAVING (COUNT(?d) > 0)", "2015-03-25", ("25",)),
    ("SELECT ?q { GRAPH ?g { ?p cq:quote ?q } } ORDER BY ?q LIMIT 2", "", ()),
    ("SELECT ?a ?b { ?a cq:memberOf ?b } ORDER BY ?a ?b", "state/AU", ()),
    ("SELECT ?c { ?c a <http://www.w3.org/2002/07/owl#Class> }", "", ()),
]  # fmt: skip


@pytest.mark.parametrize(("query", "cell", "words"), QUERIES, ids=[q[0][:60] for q in QUERIES])
def test_sentences_behind_rows(sample: Build, query: str, cell: str, words: Sequence[str]) -> None:
    rows, notes = noted(sample, query)
    assert notes.derived, notes.because
    assert len(notes.rows) == len(rows)
    texts = {d.slug: sample.text(d.slug) for d in sample.manifest.documents}
    for row in notes.rows:
        for note in row:
            assert note.quote
            assert 0 <= note.start < note.end <= len(texts[note.document.rsplit("/", 1)[1]])
    if words:
        at = [i for i, row in enumerate(rows) if any(cell in c for c in row)]
        assert at, rows[:5]
        quotes = [n.quote for i in at for n in notes.rows[i]]
        for wanted in words:
            assert any(wanted in q for q in quotes), quotes


def test_there_are_enough_of_them() -> None:
    assert len([q for q in QUERIES if q[2]]) >= 10


def test_each_row_has_its_own_sentences(sample: Build) -> None:
    """The sentence of one host is not put under another."""
    rows, notes = noted(
        sample, "SELECT ?m ?name { ?p cq:capacity/skos:notation 'host' ; cq:meeting ?m ; cq:name ?name }"
    )
    assert len(rows) > 5
    for (_, name), found in zip(rows, notes.rows, strict=True):
        assert found, name
        assert all(name.split()[0] in n.quote for n in found), (name, [n.quote for n in found])


def test_blank_nodes_are_solved_together(sample: Build) -> None:
    rows, notes = noted(sample, "SELECT ?name ?m { [] cq:role ?r ; cq:name ?name ; cq:meeting ?m }")
    for (name, _), found in zip(rows, notes.rows, strict=True):
        assert any(name.split()[-1] in n.quote for n in found), name


def test_what_comes_from_the_ontology_has_none_and_says_so(sample: Build) -> None:
    _, notes = noted(sample, "SELECT ?c ?l { ?c a <http://www.w3.org/2002/07/owl#Class> ; rdfs:label ?l }")
    assert notes.derived
    assert not any(notes.rows)
    assert "reference data" in notes.because


UNDERIVABLE = ["SELECT (1 AS ?one) {}", "SELECT ?x { VALUES ?x { 1 2 } }"]


@pytest.mark.parametrize("query", UNDERIVABLE)
def test_what_cannot_be_derived_is_said(sample: Build, query: str) -> None:
    _, notes = noted(sample, query)
    assert not notes.derived
    assert notes.because
    assert notes.rows == ()


def test_absence_has_no_sentence(sample: Build) -> None:
    rows, notes = noted(sample, "SELECT ?c { ?c a cq:Directive MINUS { ?c cq:leadsTo ?x } }")
    assert rows
    assert notes.derived
    assert not any(notes.rows)


def test_a_value_has_the_sentences_of_the_accounts_that_give_it(sample: Build) -> None:
    rows, notes = noted(sample, f"SELECT ?d {{ {SYMPOSIUM} cq:start ?d }}")
    assert rows
    assert notes.rows[0]
    assert all("2015" in n.quote or "25" in n.quote for n in notes.rows[0])
