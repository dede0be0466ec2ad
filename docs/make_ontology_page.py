"""Writes `docs/ontology.html` from the ontology, its schemes, its shapes and the named queries.

Run it after changing one of them: `python docs/make_ontology_page.py`.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import jinja2
import pyoxigraph as ox

from graph_build.questions import questions
from graph_build.vocabulary import concepts, ontology_dir, organisations, places, queries_dir, states

HERE = Path(__file__).resolve().parent
CQ = "https://communique.example/ontology#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SH = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
PREFIXES = {
    "cq": CQ,
    "rdfs": RDFS,
    "skos": SKOS,
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "prov": "http://www.w3.org/ns/prov#",
    "org": "http://www.w3.org/ns/org#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "schema": "https://schema.org/",
    "oa": "http://www.w3.org/ns/oa#",
    "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "eli-dl": "http://data.europa.eu/eli/eli-draft-legislation-ontology#",
}
KINDS = {"Class": "class", "ObjectProperty": "property to a node", "DatatypeProperty": "property with a value"}
GROUPS = (
    ("things", "Things", "What papers speak of, united over all documents; and its reconciled properties."),
    ("statements", "What a document says", "Statements: nodes that one document says, each with its passages."),
    ("commitments", "Commitments", "Operative clauses, with who speaks, to whom, where and how binding."),
    ("links", "Links and direct triples", "How one thing led to another, for easy queries and for tracing."),
    ("evidence", "Evidence", "Passages, and which rule read what from them: in the evidence graph of each document."),
    ("readings", "Readings and judgements", "What the papers say together, and what persons judge."),
    (
        "reference-terms",
        "Terms of the reference data",
        "Used in ontology/reference/, in the schemes and in validation.",
    ),
)
STATEMENTS = frozenset({"Statement", "Account", "Participation", "Membership", "StatedCount", "Quotation"})
COMMITMENTS = frozenset({"Commitment", "Directive", "Decision", "Pledge", "Recommendation"})
EVIDENCE = frozenset({"Passage", "evidence", "shownBy", "clausePassage", "rule", "known", "inferredValue", "paragraph"})
REFERENCE_TERMS = frozenset({"adjective", "neverLabel", "needsCountry", "rank", "earliest", "latest"})
UNASKED = frozenset({"earliest", "latest"})
"""Terms that no published graph has."""
ASKED = {
    "clause": "SELECT ?clause ?path WHERE { ?commitment cq:clause ?clause ; cq:statedIn ?paper . ?paper cq:path ?path } LIMIT 10",
    "relation": "SELECT ?from ?relation ?to WHERE {\n  ?link cq:relation ?concept ; cq:source ?from ; cq:target ?to . ?concept skos:notation ?relation\n} LIMIT 10",
    "source": "SELECT ?link ?name WHERE { ?link cq:source ?from . ?from rdfs:label ?name } LIMIT 10",
    "target": "SELECT ?link ?name WHERE { ?link cq:target ?to . ?to rdfs:label ?name } LIMIT 10",
    "statedIn": "SELECT ?statement ?path WHERE { ?statement cq:statedIn ?paper . ?paper cq:path ?path } LIMIT 10",
    "acronym": "SELECT ?name ?acronym WHERE { ?actor rdfs:label ?name ; cq:acronym ?acronym } LIMIT 10",
    "resultsFrom": "SELECT ?later ?earlier WHERE { ?later ^cq:leadsTo ?earlier } LIMIT 10",
    "needsCountry": "# in ontology/reference/places.ttl\nSELECT ?name WHERE { ?place skos:prefLabel ?name ; cq:needsCountry true } LIMIT 10",
    "Actor": "SELECT ?actor ?name WHERE {\n  VALUES ?class { cq:State cq:Organisation cq:Body cq:Person }\n  ?actor a ?class ; rdfs:label ?name\n} LIMIT 10",
    "Statement": "SELECT ?statement ?class ?path WHERE {\n  ?statement a ?class ; cq:statedIn ?paper . ?paper cq:path ?path\n} LIMIT 10",
    "Commitment": "SELECT ?class ?clause WHERE {\n  VALUES ?class { cq:Directive cq:Decision cq:Pledge cq:Recommendation }\n  ?commitment a ?class ; cq:clause ?clause\n} LIMIT 10",
    "hadParty": "SELECT ?meeting ?party WHERE {\n  ?meeting cq:hadHost|cq:hadCoChair|cq:hadParticipant|cq:hadObserver ?party\n} LIMIT 10",
    "rank": "SELECT ?degree ?rank WHERE { ?concept cq:rank ?rank ; skos:notation ?degree } ORDER BY ?rank",
}
SHOWN = {
    "Account": "name",
    "Participation": "name",
    "Membership": "name",
    "Quotation": "words",
    "StatedCount": "number",
} | dict.fromkeys(COMMITMENTS, "clause")
"""The property by which a query shows a statement; things are shown by their label."""


@dataclass(frozen=True)
class Term:
    """A term as the page shows it."""

    name: str
    label: str
    kind: str
    comment: str
    example: str
    source: str
    facts: tuple[tuple[str, tuple[dict[str, str], ...]], ...]
    queries: tuple[dict[str, str], ...]
    query: str
    group: str


def said(file: str) -> dict[str, dict[str, list[str]]]:
    """What a Turtle file of the ontology says of subjects that have an IRI."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in ox.parse(path=ontology_dir() / file, format=ox.RdfFormat.TURTLE):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
            found[quad.subject.value][quad.predicate.value].append(quad.object.value)
    return found


def short(iri: str) -> str:
    """An IRI with a prefix, where one is known."""
    for prefix, base in PREFIXES.items():
        if iri.startswith(base):
            return f"{prefix}:{iri.removeprefix(base)}"
    return iri


def query_for(name: str, kind: str, group: str) -> str:
    """A query that uses a term, complete with the prefixes that it needs; '' for terms that no published graph has."""
    if name in UNASKED:
        return ""
    if name in ASKED:
        body = ASKED[name]
    elif kind == "class":
        line = f"?thing a cq:{name}"
        if name in ("Passage", "Link") or group == "readings":
            shown = {"Passage": "cq:quote ?words", "Link": "cq:source ?from ; cq:target ?to"}.get(
                name, "?property ?value"
            )
        else:
            shown = f"cq:{SHOWN[name]} ?shown" if name in SHOWN else "rdfs:label ?name"
        body = f"SELECT * WHERE {{ {line} ; {shown} }} LIMIT 10"
        if name == "Passage":
            body = f"SELECT * WHERE {{ GRAPH ?evidence {{ {line} ; {shown} }} }} LIMIT 10"
    else:
        body = {
            "evidence": f"SELECT * WHERE {{ GRAPH ?evidence {{ ?thing cq:{name} ?value }} }} LIMIT 10",
            "commitments": f"SELECT * WHERE {{ ?commitment a ?class ; cq:clause ?clause ; cq:{name} ?value }} LIMIT 10",
            "statements": f"SELECT * WHERE {{\n  ?statement cq:{name} ?value ; cq:statedIn ?paper . ?paper cq:path ?path\n}} LIMIT 10",
            "links": f"SELECT * WHERE {{ ?from cq:{name} ?to . ?to rdfs:label|cq:clause ?to_name }} LIMIT 10",
            "things": f"SELECT * WHERE {{ ?thing rdfs:label ?name ; cq:{name} ?value }} LIMIT 10",
        }.get(group, f"SELECT * WHERE {{ ?thing cq:{name} ?value }} LIMIT 10")
    used = [f"PREFIX {p}: <{PREFIXES[p]}>" for p in ("cq", "rdfs", "skos") if f"{p}:" in body]
    return "\n".join((*used, body))


def group_of(name: str, facts: Mapping[str, list[str]], marked: frozenset[str]) -> str:
    """The section of the page that a term stands in."""
    domain = {d.removeprefix(CQ) for d in facts[RDFS + "domain"]} | {name}
    above = {a.removeprefix(CQ) for a in facts[RDFS + "subPropertyOf"]}
    if name in marked:
        return "readings"
    if name in REFERENCE_TERMS:
        return "reference-terms"
    if domain & EVIDENCE:
        return "evidence"
    if domain & COMMITMENTS:
        return "commitments"
    if name == "Link" or "Link" in domain or above & {"leadsTo", "resultsFrom", "leadsToEventually", "hadParty"}:
        return "links"
    if name in ("leadsToEventually", "resultsFrom", "heldBy", "partOf", "follows", "refersTo", "hadParty", "memberOf"):
        return "links"
    if domain & STATEMENTS or name in ("name", "otherName", "about", "actor", "thingType"):
        return "statements"
    return "things"


def terms() -> list[Term]:
    """All terms in the order of the file."""
    text = (ontology_dir() / "communique.ttl").read_text(encoding="utf-8")
    marked = frozenset(re.findall(r"^cq:(\w+) a ", text[text.index("# Readings and judgements") :], re.M))
    asked: dict[str, list[dict[str, str]]] = defaultdict(list)
    for name, question in sorted(questions().items()):
        written = (queries_dir() / f"{name}.rq").read_text(encoding="utf-8")
        for term in sorted(set(re.findall(r"\bcq:(\w+)", written))):
            asked[term].append({"name": name, "title": question.title})
    found = []
    for iri, facts in said("communique.ttl").items():
        name = iri.removeprefix(CQ)
        kind = next((KINDS[t.removeprefix(OWL)] for t in facts[TYPE] if t.removeprefix(OWL) in KINDS), "")
        if iri == name or not kind:
            continue
        group = group_of(name, facts, marked)
        shown = []
        for title, property_ in (
            ("Of", "domain"),
            ("To", "range"),
            ("Kind of", "subClassOf"),
            ("Narrower than", "subPropertyOf"),
            ("See also", "seeAlso"),
        ):
            if values := facts[RDFS + property_]:
                links = (
                    {"text": short(v), "href": "#" + v.removeprefix(CQ) if v.startswith(CQ) else ""} for v in values
                )
                shown.append((title, tuple(links)))
        found.append(
            Term(
                name,
                facts[RDFS + "label"][0],
                kind,
                facts[RDFS + "comment"][0],
                facts[SKOS + "example"][0],
                facts[PREFIXES["dcterms"] + "source"][0],
                tuple(shown),
                tuple(asked[name][:3]),
                query_for(name, kind, group),
                group,
            )
        )
    return found


def shapes() -> list[dict[str, str]]:
    """A row for each field that is checked, in the order of the file."""
    facts = said("shapes.ttl")
    targets: dict[str, str] = {}
    for iri, shape in facts.items():
        classes = ", ".join(t.removeprefix(CQ) for t in shape[SH + "targetClass"])
        for part in (iri, *shape[SH + "property"]):
            if classes:
                targets[part] = classes
    return [
        {
            "classes": targets.get(iri, ""),
            "field": shape[SH + "name"][0],
            "message": shape[SH + "message"][0],
            "severity": shape[SH + "severity"][0].removeprefix(SH).lower(),
        }
        for iri, shape in facts.items()
        if shape[SH + "message"]
    ]


def page() -> str:
    """The HTML of the page."""
    ontology = said("communique.ttl")["https://communique.example/ontology"]
    found = terms()
    counted = {kind: sum(t.kind == kind for t in found) for kind in KINDS.values()}
    schemes = said("schemes.ttl")
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=False)
    template = environment.from_string((HERE / "ontology.html.j2").read_text(encoding="utf-8"))
    return template.render(
        description=ontology["http://purl.org/dc/terms/description"][0],
        version=ontology[OWL + "versionInfo"][0],
        namespace=CQ,
        counts=f"It has {counted['class']} classes and {len(found) - counted['class']} properties",
        groups=[
            {"id": id_, "title": title, "about": about, "terms": [t for t in found if t.group == id_]}
            for id_, title, about in GROUPS
        ],
        schemes=[
            {
                "name": iri.rpartition("/")[2],
                "label": facts[SKOS + "prefLabel"][0],
                "definition": facts[SKOS + "definition"][0],
                "concepts": concepts(iri.rpartition("/")[2]),
            }
            for iri, facts in schemes.items()
            if SKOS + "ConceptScheme" in facts[TYPE]
        ],
        reference=(
            f"{len(states())} states and territories (all of ISO 3166-1, Kosovo and four former states), "
            f"{len(organisations())} organisations and bodies, {len({(p.label, p.country) for p in places()})} meeting places."
        ),
        shapes=shapes(),
    )


def main() -> int:
    """Writes the page."""
    (HERE / "ontology.html").write_text(page() + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
