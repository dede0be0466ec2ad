"""Linked data: which IRI an address stands for, and what is said of it as triples, in every format."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from urllib.parse import quote

import pyoxigraph as ox

from graph_build.iris import CQ, DCTERMS, RDF, RDFS, SKOS, VOCABULARY, prefixes
from graph_build.serve import negotiate
from graph_build.serve.pages.reading import Reader
from graph_build.serve.results import GRAPH_FORMATS

PLACES = ("id/", "graph/", "ontology", "scheme/", "reference/")
"""First segments of addresses that are IRIs of the graph."""
_SAFE = "/:@!$&'()*+,;=-._~"
MOST = 5_000
"""Triples that say something of one thing in its data; the endpoint has all of them."""


def iri_of(base: str, path: str) -> str:
    """The IRI for which a decoded path ('id/meeting/…') stands: below the build's base, or of the vocabulary."""
    own = path.startswith(("id/", "graph/"))
    return (base if own else VOCABULARY) + path


def path_of(base: str, iri: str) -> str:
    """The address (path and fragment, percent-encoded) of an IRI of this graph; '' for any other."""
    for space in (base, VOCABULARY):
        if iri.startswith(space):
            rest = iri[len(space) :]
            if rest.startswith(PLACES):
                path, _, fragment = rest.partition("#")
                return "/" + quote(path, safe=_SAFE) + (f"#{quote(fragment, safe=_SAFE)}" if fragment else "")
    return ""


def split_ending(path: str) -> tuple[str, str]:
    """A path and its ending ('ttl', 'html' …, '' for none). No key of a thing has a dot in it."""
    stem, dot, ending = path.rpartition(".")
    return (stem, ending) if dot and ending in (*negotiate.ENDINGS, "json", "csv") else (path, "")


def replaced_by(reader: Reader, iri: str) -> str:
    """The IRI that replaces a former one, or ''."""
    values = reader.values(iri).get(f"{DCTERMS}isReplacedBy", [])
    return values[0] if values else ""


def quads_of(reader: Reader, iri: str) -> list[ox.Quad]:
    """What is said of a thing, with the named graphs: its own triples, statements about it, their evidence."""
    node = ox.NamedNode(iri)
    store, found = reader.store, dict[ox.Quad, None]()
    found.update(dict.fromkeys(q for q in store.quads_for_pattern(node, None, None, None) if named(q)))
    stated = ox.NamedNode(f"{CQ}statedIn")
    shown = (ox.NamedNode(f"{CQ}evidence"), ox.NamedNode(f"{CQ}clausePassage"))
    whole = not any(q.predicate.value == f"{CQ}sha256" for q in found)
    for quad in store.quads_for_pattern(None, None, node, None):
        if len(found) > MOST:
            break
        if not named(quad):
            continue
        found[quad] = None
        subject = quad.subject
        statement = whole and isinstance(subject, ox.NamedNode)
        if statement and next(iter(store.quads_for_pattern(subject, stated, None, None)), None) is not None:
            found.update(dict.fromkeys(q for q in store.quads_for_pattern(subject, None, None, None) if named(q)))
    for quad in list(found):
        if quad.predicate in shown and len(found) < MOST and isinstance(quad.object, ox.NamedNode):
            found.update(dict.fromkeys(q for q in store.quads_for_pattern(quad.object, None, None, None) if named(q)))
    return sorted(found, key=str)


def named(quad: ox.Quad) -> bool:
    """Whether a quad is of a named graph that is asserted (the default graph repeats those)."""
    graph = quad.graph_name
    return isinstance(graph, ox.NamedNode) and not graph.value.endswith("graph/rejected")


def graph_quads(reader: Reader, iri: str) -> list[ox.Quad]:
    """The quads of a named graph; none where the IRI is none."""
    try:
        ox.NamedNode(iri)
    except ValueError:
        return []
    return list(reader.store.quads_for_pattern(None, None, None, ox.NamedNode(iri)))


def written(quads: Sequence[ox.Quad], media: str, base: str, context: str) -> bytes:
    """Quads in a format; formats without named graphs get each triple once. `context` is the JSON-LD context's address."""
    if media == negotiate.JSONLD:
        return jsonld(quads, context)
    names = prefixes(base)
    if media in (negotiate.NQUADS, negotiate.TRIG):
        return ox.serialize(quads, format=GRAPH_FORMATS[media], prefixes=names) or b""
    triples = dict.fromkeys(ox.Triple(q.subject, q.predicate, q.object) for q in quads)
    return ox.serialize(triples, format=GRAPH_FORMATS[media], prefixes=names) or b""


_SPACES = (("", CQ), ("rdfs:", RDFS), ("skos:", SKOS), ("dcterms:", DCTERMS), ("rdf:", RDF))


def _short(iri: str) -> str:
    for prefix, space in _SPACES:
        if iri.startswith(space) and "/" not in iri[len(space) :]:
            return prefix + iri[len(space) :]
    return iri


def jsonld(quads: Iterable[ox.Quad], context: str) -> bytes:
    """Quads as JSON-LD with our own context: one node for each subject, terms short, every value in its full form."""
    nodes: dict[str, dict[str, list[object]]] = {}
    for quad in dict.fromkeys(ox.Triple(q.subject, q.predicate, q.object) for q in quads):
        assert isinstance(quad.subject, ox.NamedNode)
        node = nodes.setdefault(quad.subject.value, {})
        name = "type" if quad.predicate.value == f"{RDF}type" else _short(quad.predicate.value)
        node.setdefault(name, []).append(_value(quad.object, name == "type"))
    graph = [
        {"id": iri, **{k: v[0] if len(v) == 1 else v for k, v in sorted(node.items())}} for iri, node in nodes.items()
    ]
    return json.dumps({"@context": context, "@graph": graph}, ensure_ascii=False, indent=1).encode() + b"\n"


def _value(term: object, is_type: bool) -> object:
    if isinstance(term, ox.NamedNode):
        return _short(term.value) if is_type else {"id": term.value}
    assert isinstance(term, ox.Literal)
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == "http://www.w3.org/2001/XMLSchema#string":
        return term.value
    return {"@value": term.value, "@type": term.datatype.value}


def context() -> bytes:
    """The JSON-LD context: our terms without prefix, those of other vocabularies with theirs."""
    body = {
        "@context": {
            "@version": 1.1,
            "id": "@id",
            "type": "@type",
            "@vocab": CQ,
            **{prefix: space for prefix, space in prefixes().items() if prefix not in ("id", "graph")},
        }
    }
    return json.dumps(body, indent=1).encode() + b"\n"


SCHEMA_TYPES = {
    "Meeting": "Event",
    "MeetingSeries": "EventSeries",
    "Person": "Person",
    "State": "Country",
    "Organisation": "Organization",
    "Body": "Organization",
    "Instrument": "CreativeWork",
    "Document": "DigitalDocument",
    "Place": "Place",
}
"""schema.org types of the classes that have one."""


def schema_org(reader: Reader, iri: str, kind: str, title: str) -> str:
    """schema.org data of a thing as JSON-LD for its page, safe inside a script element; '' where it has no type."""
    if kind not in SCHEMA_TYPES:
        return ""
    values = reader.values(iri)

    def first(name: str) -> str:
        return values.get(f"{CQ}{name}", [""])[0]

    data: dict[str, object] = {"@context": "https://schema.org", "@type": SCHEMA_TYPES[kind], "@id": iri, "name": title}
    also = values.get(f"{SKOS}altLabel", [])
    if also:
        data["alternateName"] = also
    if kind == "Meeting":
        data |= {n: v for n, v in (("startDate", first("start")), ("endDate", first("end"))) if v}
        place = {"@type": "Place", "address": {"@type": "PostalAddress", "addressLocality": first("city")}}
        if first("country"):
            place["address"]["addressCountry"] = reader.label(first("country"))  # type: ignore[index]
        if first("city") or first("country"):
            data["location"] = place
        if first("inSeries"):
            data["superEvent"] = {
                "@type": "EventSeries",
                "@id": first("inSeries"),
                "name": reader.label(first("inSeries")),
            }
    if kind == "State" and first("isoCode"):
        data["identifier"] = first("isoCode")
    if kind == "Document":
        data["encodingFormat"] = "text/plain"
        if first("publishedFor"):
            data["about"] = {
                "@type": "Event",
                "@id": first("publishedFor"),
                "name": reader.label(first("publishedFor")),
            }
    # '<' never stands in it, so no text of a document can end the element.
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
