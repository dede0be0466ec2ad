"""The ontology: documented term by term, OWL 2 DL, consistent, and the vocabulary of the graphs and queries."""

from __future__ import annotations

import re
import runpy
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from selectolax.lexbor import LexborHTMLParser

from graph_build.dataset import Dataset
from graph_build.readings import Corpus
from graph_build.records import readable
from graph_build.resolve import resolve
from graph_build.triples import triples
from graph_build.validate import validate
from graph_build.vocabulary import concepts, ontology_dir, queries_dir, schemes
from tests.gold_facts import gold_corpus, told
from tests.machine import need_module, need_program

ROOT = Path(__file__).parent.parent
CQ = "https://communique.example/ontology#"
OWL = "http://www.w3.org/2002/07/owl#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
EXAMPLE = "http://www.w3.org/2004/02/skos/core#example"
SOURCE = "http://purl.org/dc/terms/source"


@cache
def terms() -> dict[str, dict[str, list[str]]]:
    """Every class and property of the ontology: local name → property → values."""
    said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in ox.parse(path=ontology_dir() / "communique.ttl", format=ox.RdfFormat.TURTLE):
        if not isinstance(quad.subject, ox.NamedNode) or not isinstance(quad.object, ox.NamedNode | ox.Literal):
            continue
        if quad.subject.value.startswith(CQ):
            said[quad.subject.value.removeprefix(CQ)][quad.predicate.value].append(quad.object.value)
    return said


@cache
def graph_of_the_seeds() -> Dataset:
    """The graph of the seeds as careful readers took them down."""
    corpus = gold_corpus()
    return triples(Corpus.of(corpus, resolve(corpus)))


def test_it_stays_small() -> None:
    kinds = [kind for said in terms().values() for kind in said[TYPE]]
    assert 20 <= kinds.count(OWL + "Class") <= 40
    assert 50 <= kinds.count(OWL + "ObjectProperty") + kinds.count(OWL + "DatatypeProperty") <= 160


@pytest.mark.parametrize("name", sorted(terms()))
def test_a_term_has_label_definition_example_and_source(name: str) -> None:
    said = terms()[name]
    for property_ in (RDFS + "label", RDFS + "comment", EXAMPLE, SOURCE):
        assert len(said[property_]) == 1, property_
    assert said[RDFS + "comment"][0].endswith(".")
    assert name[0].isupper() == (OWL + "Class" in said[TYPE])


@pytest.mark.parametrize("name", sorted(terms()))
def test_an_example_stands_in_the_paper_and_paragraph_that_its_source_names(name: str) -> None:
    (source,), (example,) = terms()[name][SOURCE], terms()[name][EXAMPLE]
    file, _, paragraph = source.partition(", paragraph ")
    text = (ROOT / "seeds" / file).read_text(encoding="utf-8")
    assert example in readable(text)
    if paragraph:
        start = re.search(rf"^{paragraph}\. ", text, re.M)
        following = re.search(rf"^{int(paragraph) + 1}\. ", text, re.M)
        assert start
        assert example in readable(text[start.start() : following.start() if following else len(text)])


def test_every_term_that_a_build_writes_is_defined_as_what_it_is() -> None:
    dataset = graph_of_the_seeds()
    predicates, classes = set(), set()
    for name, lines in dataset.graphs.items():
        if name not in ("ontology", "reference"):
            for line in lines:
                _, predicate, value = line.split(" ", 2)
                predicates.add(predicate.strip("<>"))
                if predicate == f"<{TYPE}>":
                    classes.add(value.strip("<>"))
    properties = {p.removeprefix(CQ) for p in predicates if p.startswith(CQ)}
    assert len(properties) >= 50
    assert {p for p in properties if p not in terms() or OWL + "Class" in terms()[p][TYPE]} == set()
    assert {c for c in classes if OWL + "Class" not in terms()[c.removeprefix(CQ)][TYPE]} == set()


def test_literals_and_nodes_stand_where_their_properties_say() -> None:
    wrong = set()
    for name, lines in graph_of_the_seeds().graphs.items():
        for line in lines if name not in ("ontology", "reference") else ():
            _, predicate, value = line.split(" ", 2)
            local = predicate.strip("<>").removeprefix(CQ)
            if local in terms():
                wanted = OWL + ("ObjectProperty" if value.startswith("<") else "DatatypeProperty")
                if wanted not in terms()[local][TYPE]:
                    wrong.add((local, value))
    assert not wrong


@pytest.mark.parametrize("engine", ["pyshacl", "shacl"])
def test_the_graph_of_the_seeds_conforms(engine: str) -> None:
    if engine == "shacl":
        need_module("shacl")
    report = validate(graph_of_the_seeds(), engine=engine)  # type: ignore[arg-type]
    assert report.conforms, str(report)


def test_the_contract_and_the_queries_name_no_unknown_term() -> None:
    for path in [ROOT / "docs" / "graph.md", *sorted(queries_dir().glob("*.rq"))]:
        named = set(re.findall(r"\bcq:([A-Za-z]\w*)", path.read_text(encoding="utf-8")))
        assert named <= terms().keys() | {"ontology"}, path.name


def test_every_concept_is_in_its_scheme() -> None:
    said: dict[str, set[str]] = defaultdict(set)
    for quad in ox.parse(path=ontology_dir() / "schemes.ttl", format=ox.RdfFormat.TURTLE):
        if quad.predicate.value.endswith("#inScheme") and isinstance(quad.object, ox.NamedNode):
            said[quad.object.value].add(str(quad.subject).strip("<>"))
    base = "https://communique.example/scheme/"
    assert dict(said) == {base + s: {f"{base}{s}/{c.notation}" for c in concepts(s)} for s in schemes()}


def test_the_rules_name_concepts_that_there_are() -> None:
    """What TOML rules give as kinds of meetings and papers, levels and degrees is in the schemes."""
    import tomllib

    rules = ROOT / "graph_build" / "rules"
    known = {scheme: {c.notation for c in concepts(scheme)} for scheme in schemes()}
    genres = tomllib.loads((rules / "genres.toml").read_text(encoding="utf-8"))["genre"]
    assert {g["notation"] for g in genres} <= known["document-type"]
    heads = tomllib.loads((rules / "heads.toml").read_text(encoding="utf-8"))
    assert set(heads["event"]["types"].values()) <= known["meeting-type"]
    acts = tomllib.loads((rules / "speech-acts.toml").read_text(encoding="utf-8"))["verb"]
    assert {a["binding"] for a in acts if "binding" in a} <= known["bindingness"]
    levels = tomllib.loads((rules / "commitments.toml").read_text(encoding="utf-8"))["levels"]
    assert levels.keys() <= known["speaker-level"]


def reason(extra: str = "", data: Sequence[str] = ()) -> list[str]:
    """Unsatisfiable classes under HermiT of the ontology alone, or with triples; raises where it is inconsistent."""
    need_module("owlready2")
    need_program("java")
    import tempfile

    from owlready2 import World, sync_reasoner_hermit

    head = f"@prefix cq: <{CQ}> . @prefix owl: <{OWL}> . @prefix rdfs: <{RDFS}> .\n"
    turtle = (ontology_dir() / "communique.ttl").read_text(encoding="utf-8") + "\n" + head + extra
    # The datatypes of OWL 2 have no xsd:date and xsd:gYear (section 4 of its syntax): the shapes check those.
    assert not re.search(r"xsd:(?:date\b|gYear)", re.sub(r'"[^"]*"', "", turtle))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ontology.nt"
        lines = [*(str(q.triple) for q in ox.parse(turtle, format=ox.RdfFormat.TURTLE)), *data]
        path.write_text("".join(f"{line} .\n" for line in lines), encoding="utf-8")
        world = World()
        ontology = world.get_ontology(path.as_uri()).load()
        with ontology:
            sync_reasoner_hermit(world, debug=0)
        return sorted(str(c) for c in world.inconsistent_classes() if "Nothing" not in str(c))


def test_the_ontology_is_consistent_and_every_class_can_have_members() -> None:
    assert reason() == []


def test_the_reasoner_sees_what_excludes_what() -> None:
    """That it finds nothing wrong above says something only if it finds what is wrong."""
    found = reason("cq:Odd a owl:Class ; rdfs:subClassOf cq:State, cq:Person .")
    assert len(found) == 1
    assert found[0].endswith("Odd")


@pytest.mark.parametrize(
    "extra",
    [
        "<urn:x> a cq:Meeting, cq:Person .",
        "<urn:x> a cq:Directive, cq:Pledge .",
        "<urn:x> cq:madeAt <urn:y> . <urn:y> a cq:Organisation .",
        "<urn:x> a cq:Passage ; cq:actor <urn:y> . <urn:y> cq:memberOf <urn:x> .",
    ],
)
def test_contradictions_are_inconsistent(extra: str) -> None:
    need_module("owlready2")
    from owlready2 import OwlReadyInconsistentOntologyError

    with pytest.raises(OwlReadyInconsistentOntologyError):
        reason(extra)


def facts_of_the_seeds() -> list[str]:
    """What the graph of the seeds says in terms of the ontology, without dates."""
    return [
        line
        for name, lines in graph_of_the_seeds().graphs.items()
        for line in lines
        if name not in ("ontology", "reference") and not re.search(r"XMLSchema#(?:date|gYear)", line)
        if line.split(" ", 2)[1] == f"<{TYPE}>" or line.split(" ", 2)[1].startswith(f"<{CQ}")
    ]


def test_the_graph_of_the_seeds_is_consistent_with_the_ontology() -> None:
    """Domains, ranges and what excludes what hold for every statement, evidence too."""
    facts = facts_of_the_seeds()
    assert len(facts) > 5000
    assert reason(data=facts) == []


def test_a_statement_that_breaks_the_ontology_makes_the_graph_inconsistent() -> None:
    need_module("owlready2")
    from owlready2 import OwlReadyInconsistentOntologyError

    state = next(line.split(" ", 1)[0] for line in facts_of_the_seeds() if line.endswith(f"<{CQ}State>"))
    with pytest.raises(OwlReadyInconsistentOntologyError):
        reason(data=[*facts_of_the_seeds(), f"<urn:x> <{CQ}publishedFor> {state}"])


def test_no_axiom_leaves_owl_2_dl() -> None:
    """Every property used has one kind; a transitive property, and what is above it, is in no restriction."""
    kinds: dict[str, set[str]] = defaultdict(set)
    used: set[str] = set()
    for quad in ox.parse(path=ontology_dir() / "communique.ttl", format=ox.RdfFormat.TURTLE):
        if quad.predicate.value == TYPE and isinstance(quad.object, ox.NamedNode):
            name = quad.object.value.removeprefix(OWL)
            if name in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty"):
                kinds[str(quad.subject)].add(name)
        if quad.predicate.value in (RDFS + "subPropertyOf", RDFS + "subClassOf", RDFS + "domain"):
            used |= {str(quad.subject), str(quad.object)}
        assert quad.predicate.value != OWL + "onProperty"
    assert {iri for iri, found in kinds.items() if len(found) != 1} == set()
    assert {iri for iri in used if iri not in kinds} == set()


def test_alignments_reach_the_vocabularies_that_people_know() -> None:
    above = {v for said in terms().values() for p in ("subClassOf", "subPropertyOf") for v in said[RDFS + p]}
    for base in (
        "http://www.w3.org/ns/prov#",
        "http://www.w3.org/ns/org#",
        "http://xmlns.com/foaf/0.1/",
        "http://purl.org/dc/terms/",
        "https://schema.org/",
        "http://www.w3.org/ns/oa#",
        "http://semanticweb.cs.vu.nl/2009/11/sem/",
    ):
        assert any(iri.startswith(base) for iri in above), base


@cache
def page() -> dict[str, Any]:
    """The names of docs/make_ontology_page.py."""
    return runpy.run_path(str(ROOT / "docs" / "make_ontology_page.py"))


def test_the_page_has_every_term_as_it_is_defined_now() -> None:
    """After changing the ontology: python docs/make_ontology_page.py"""
    tree = LexborHTMLParser((ROOT / "docs" / "ontology.html").read_text(encoding="utf-8"))
    shown = {node.attributes["id"]: node.text() for node in tree.css("section.term")}
    assert shown.keys() == terms().keys()
    for name, said in terms().items():
        assert said[RDFS + "comment"][0] in shown[name], name
        assert said[EXAMPLE][0] in shown[name], name


def test_the_page_stands_alone_and_its_links_lead_somewhere() -> None:
    tree = LexborHTMLParser(page()["page"]())
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids)) > 150
    links = [node.attributes["href"] or "" for node in tree.css("a")]
    assert {link for link in links if not link.startswith("#") or link[1:] not in ids} == set()
    assert not tree.css("script, link, img, iframe")
    assert "url(" not in tree.css_first("style").text()
    assert "@import" not in tree.css_first("style").text()
    assert tree.css_first("html").attributes["lang"] == "en"


@cache
def store_of_the_seeds() -> ox.Store:
    """The graph of the seeds with its readings, as a build stores it."""
    corpus = gold_corpus()
    resolution = resolve(corpus)
    dataset = told(corpus, resolution)
    store = ox.Store()
    store.bulk_load("".join(dataset.nquads()).encode(), format=ox.RdfFormat.N_QUADS)
    store.bulk_load("".join(f"{t} .\n" for t in dataset.default()).encode(), format=ox.RdfFormat.N_TRIPLES)
    return store


def test_the_query_of_each_term_runs_and_finds_what_the_seeds_have() -> None:
    empty = set()
    for term in page()["terms"]():
        if not term.query:
            assert term.name in ("earliest", "latest")
            continue
        assert term.name in term.query or term.name in page()["ASKED"], term.name
        found = store_of_the_seeds().query(term.query)
        assert isinstance(found, ox.QuerySolutions)
        if next(iter(found), None) is None:
            empty.add(term.name)
    # Nothing in the careful readers' notes of the seeds: judgements, what resolution or later papers would add.
    assert len(empty) < 45, sorted(empty)
    assert not empty & {
        "Meeting",
        "Statement",
        "Passage",
        "quote",
        "evidence",
        "leadsTo",
        "resultsFrom",
        "clause",
        "role",
    }
