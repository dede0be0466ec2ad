"""The server in its own words: service description (SPARQL 1.1), VoID, DCAT."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graph_build.iris import CQ, DCTERMS, RDF, RDFS, XSD, prefixes
from graph_build.serve import negotiate
from graph_build.serve.builds import Served
from graph_build.serve.results import GRAPH_FORMATS
from graph_build.serve.settings import Settings
from graph_build.store import Build

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
FORMATS = "http://www.w3.org/ns/formats/"
FOAF = "http://xmlns.com/foaf/0.1/"
IANA = "https://www.iana.org/assignments/media-types/"

_WELL_KNOWN = {
    negotiate.JSON: "SPARQL_Results_JSON",
    negotiate.XML: "SPARQL_Results_XML",
    negotiate.CSV: "SPARQL_Results_CSV",
    negotiate.TSV: "SPARQL_Results_TSV",
    negotiate.TURTLE: "Turtle",
    negotiate.NTRIPLES: "N-Triples",
    negotiate.NQUADS: "N-Quads",
    negotiate.TRIG: "TriG",
    negotiate.RDFXML: "RDF_XML",
    negotiate.JSONLD: "JSON-LD",
}

DOWNLOADS = {
    "nq": ("dump.nq", negotiate.NQUADS, "Everything with its evidence, sorted N-Quads"),
    "nt": ("data.nt", negotiate.NTRIPLES, "The default graph, N-Triples"),
    "ttl": ("data.ttl", negotiate.TURTLE, "The default graph, Turtle"),
    "trig": ("data.trig", negotiate.TRIG, "Everything with its evidence, TriG"),
}
"""Downloads of a build under `/download/`."""


def _node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def _number(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=_node(XSD + "integer"))


def service(served: Served, settings: Settings, here: str) -> Iterator[ox.Triple]:
    """The service description; `here` is the address of the endpoint."""
    endpoint, dataset = _node(here), _node(f"{here}#dataset")
    default, base = _node(f"{here}#default-graph"), served.build.base
    yield ox.Triple(endpoint, _node(RDF + "type"), _node(SD + "Service"))
    yield ox.Triple(endpoint, _node(SD + "endpoint"), endpoint)
    yield ox.Triple(endpoint, _node(SD + "supportedLanguage"), _node(SD + "SPARQL11Query"))
    for media in (*negotiate.RESULTS, *negotiate.GRAPHS):
        yield ox.Triple(endpoint, _node(SD + "resultFormat"), _node(FORMATS + _WELL_KNOWN[media]))
    features = ["EmptyGraphs"] + (["BasicFederatedQuery"] if settings.services else [])
    for feature in features:
        yield ox.Triple(endpoint, _node(SD + "feature"), _node(SD + feature))
    note = (
        "The default graph is the union of what the documents say, the entities, the derived links, the judgements, the "
        "reference data and the ontology. Evidence (graph/evidence/…) and what was rejected (graph/rejected) are named "
        "graphs only: name them with GRAPH. A query may run "
        f"{settings.timeout:g} seconds and is answered with at most {settings.rows} rows; the header Communique-Cut "
        "says where an answer was cut."
    )
    yield ox.Triple(endpoint, _node(RDFS + "comment"), ox.Literal(note, language="en"))
    yield ox.Triple(endpoint, _node(SD + "defaultDataset"), dataset)
    yield ox.Triple(dataset, _node(RDF + "type"), _node(SD + "Dataset"))
    yield ox.Triple(dataset, _node(SD + "defaultGraph"), default)
    yield ox.Triple(default, _node(RDF + "type"), _node(SD + "Graph"))
    yield ox.Triple(default, _node(VOID + "triples"), _number(served.build.manifest.triples))
    yield ox.Triple(default, _node(RDFS + "comment"), ox.Literal(note, language="en"))
    names = ["entities", "derived", "judgements", "reference", "ontology", "rejected"]
    documents = served.build.manifest.documents[:200]
    names += [f"{kind}/{d.slug}" for d in documents for kind in ("document", "evidence")]
    for name in names:
        graph, entry = _node(f"{base}graph/{name}"), _node(f"{here}#graph-{name.replace('/', '-')}")
        yield ox.Triple(dataset, _node(SD + "namedGraph"), entry)
        yield ox.Triple(entry, _node(RDF + "type"), _node(SD + "NamedGraph"))
        yield ox.Triple(entry, _node(SD + "name"), graph)


_CLASSES = "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c ORDER BY DESC(?n) ?c"
_PROPERTIES = (
    "SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects) "
    "{ ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n) ?p"
)
PARTITIONED = 2_000_000
"""Triples of the default graph up to which the partitions of VoID are counted at first use."""


def partitions(build: Build, memo: dict[str, Any]) -> tuple[list[tuple[str, int]], list[tuple[str, int, int, int]]]:
    """Classes with their instances, properties with their triples, subjects and objects; of the ontology's own data
    left out nothing. Empty for a build that is too large to be counted while somebody waits."""
    if "partitions" not in memo:
        classes: list[tuple[str, int]] = []
        properties: list[tuple[str, int, int, int]] = []
        if build.manifest.triples <= PARTITIONED:
            store = build.store
            counted, used = store.query(_CLASSES), store.query(_PROPERTIES)
            assert isinstance(counted, ox.QuerySolutions)
            assert isinstance(used, ox.QuerySolutions)
            for row in counted:
                classes.append((row["c"].value, int(row["n"].value)))
            for row in used:
                n, subjects, objects = (int(row[k].value) for k in ("n", "subjects", "objects"))
                properties.append((row["p"].value, n, subjects, objects))
        memo["partitions"] = (classes, properties)
    found: tuple[list[tuple[str, int]], list[tuple[str, int, int, int]]] = memo["partitions"]
    return found


def dataset(build: Build, at: str, root: str, memo: dict[str, Any]) -> Iterator[ox.Triple]:
    """VoID and DCAT of a build; `root` is the site's address with its final slash, `memo` keeps what was counted."""
    here, base, manifest = _node(f"{root}.well-known/void#dataset"), build.base, build.manifest
    file = _node(f"{root}.well-known/void")
    catalog = _node(f"{root}.well-known/void#catalog")
    kind = _node(RDF + "type")
    yield ox.Triple(file, kind, _node(VOID + "DatasetDescription"))
    yield ox.Triple(file, _node(FOAF + "primaryTopic"), here)
    yield ox.Triple(catalog, kind, _node(DCAT + "Catalog"))
    yield ox.Triple(catalog, _node(DCTERMS + "title"), ox.Literal("What the papers of meetings say", language="en"))
    yield ox.Triple(catalog, _node(DCAT + "dataset"), here)
    yield ox.Triple(here, kind, _node(VOID + "Dataset"))
    yield ox.Triple(here, kind, _node(DCAT + "Dataset"))
    title = "Meetings, actors and commitments, with the sentences that say so"
    yield ox.Triple(here, _node(DCTERMS + "title"), ox.Literal(title, language="en"))
    text = f"Read from {len(manifest.documents)} documents; every fact names its passage. Build {build.name}."
    yield ox.Triple(here, _node(DCTERMS + "description"), ox.Literal(text, language="en"))
    yield ox.Triple(here, _node(DCTERMS + "identifier"), ox.Literal(build.name))
    if at:
        issued = ox.Literal(at, datatype=_node(XSD + "dateTime"))
        yield ox.Triple(here, _node(DCTERMS + "issued"), issued)
    yield ox.Triple(here, _node(VOID + "sparqlEndpoint"), _node(f"{root}sparql"))
    yield ox.Triple(here, _node(VOID + "uriSpace"), ox.Literal(base))
    yield ox.Triple(here, _node(VOID + "triples"), _number(manifest.triples))
    yield ox.Triple(here, _node(VOID + "documents"), _number(len(manifest.documents)))
    yield ox.Triple(here, _node(VOID + "vocabulary"), _node(CQ))
    yield ox.Triple(here, _node(VOID + "openSearchDescription"), _node(f"{root}opensearch.xml"))
    accessed = _node(f"{root}.well-known/void#endpoint")
    yield ox.Triple(accessed, kind, _node(DCAT + "DataService"))
    yield ox.Triple(accessed, _node(DCAT + "endpointURL"), _node(f"{root}sparql"))
    yield ox.Triple(accessed, _node(DCAT + "endpointDescription"), _node(f"{root}sparql"))
    yield ox.Triple(accessed, _node(DCAT + "servesDataset"), here)
    for name, (path, media, words) in DOWNLOADS.items():
        download = _node(f"{root}download/{path}")
        distribution = _node(f"{root}.well-known/void#{name}")
        yield ox.Triple(here, _node(VOID + "dataDump"), download)
        yield ox.Triple(here, _node(DCAT + "distribution"), distribution)
        yield ox.Triple(distribution, kind, _node(DCAT + "Distribution"))
        yield ox.Triple(distribution, _node(DCTERMS + "title"), ox.Literal(words, language="en"))
        yield ox.Triple(distribution, _node(DCAT + "downloadURL"), download)
        yield ox.Triple(distribution, _node(DCAT + "mediaType"), _node(IANA + media))
    classes, properties = partitions(build, memo)
    yield ox.Triple(here, _node(VOID + "classes"), _number(len(classes)))
    yield ox.Triple(here, _node(VOID + "properties"), _number(len(properties)))
    for iri, n in classes:
        part = _node(f"{root}.well-known/void#class-{_local(iri)}")
        yield ox.Triple(here, _node(VOID + "classPartition"), part)
        yield ox.Triple(part, _node(VOID + "class"), _node(iri))
        yield ox.Triple(part, _node(VOID + "entities"), _number(n))
    for iri, n, subjects, objects in properties:
        part = _node(f"{root}.well-known/void#property-{_local(iri)}")
        yield ox.Triple(here, _node(VOID + "propertyPartition"), part)
        yield ox.Triple(part, _node(VOID + "property"), _node(iri))
        yield ox.Triple(part, _node(VOID + "triples"), _number(n))
        yield ox.Triple(part, _node(VOID + "distinctSubjects"), _number(subjects))
        yield ox.Triple(part, _node(VOID + "distinctObjects"), _number(objects))


def _local(iri: str) -> str:
    """A fragment for a term that two vocabularies cannot share: its short name where we know one."""
    for prefix, space in {**prefixes(), "void": VOID, "sd": SD}.items():
        if iri.startswith(space):
            return f"{prefix}-{iri[len(space) :].replace('/', '-')}"
    return "".join(c if c.isalnum() else "-" for c in iri.split("//", 1)[-1])


def written(triples: Iterator[ox.Triple], media: str, base: str) -> bytes:
    """A description in one of the graph formats."""
    names = {**prefixes(base), "sd": SD, "void": VOID, "dcat": DCAT, "foaf": FOAF}
    return ox.serialize(triples, format=GRAPH_FORMATS[media], prefixes=names) or b""


def download(served: Served, file: str) -> Path:
    """A download, written once for each build."""
    media = next(m for path, m, _ in DOWNLOADS.values() if path == file)
    folder = Path(tempfile.gettempdir()) / f"communique-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    place = folder / f"{served.name}-{file}"
    if not place.is_file():
        staging = place.with_suffix(f".{os.getpid()}")
        dump(served.build, staging, media)
        os.replace(staging, place)
    return place


def dump(build: Build, place: Path, media: str) -> None:
    """Write the default graph, or all named graphs where the format has them."""
    if media == negotiate.NQUADS:
        build.dump.copy(place)
        return
    names = prefixes(build.base)
    with place.open("wb") as out:
        if media == negotiate.TRIG:
            # The default graph repeats the named ones, which have it all.
            quads = build.store.quads_for_pattern(None, None, None, None)
            named = (q for q in quads if isinstance(q.graph_name, ox.NamedNode))
            ox.serialize(named, out, format=GRAPH_FORMATS[media], prefixes=names)
        else:
            build.store.dump(out, GRAPH_FORMATS[media], from_graph=ox.DefaultGraph(), prefixes=names)
