"""Facts and entities as quads: the only module that makes triples of what papers say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from graph_build.dataset import Dataset
from graph_build.iris import BASE, REFERENCE, document_slugs
from graph_build.judgements import NONE, Judgements
from graph_build.readings import Readings
from graph_build.records import Commitment, DocumentFacts, EventFact, Link, Resolution
from graph_build.triples import reference
from graph_build.triples.derived import Hop, Promise, derived
from graph_build.triples.entities import countries_only, entities
from graph_build.triples.papers import Paper, Statement, cq, entity_iri
from graph_build.triples.readings import judgement_lines, reading_lines

__all__ = ["Paper", "Statement", "triples"]


def triples(
    corpus: Sequence[DocumentFacts],
    resolution: Resolution,
    base: str = BASE,
    rejected: frozenset[str] = frozenset(),
    readings: Readings | None = None,
    judgements: Judgements = NONE,
) -> Dataset:
    """The quads of a corpus, whatever the order of its documents.

    rejected  IRIs of statements, entities, passages and documents that are left out: their triples, and every
              statement that hangs on them, stand in `graph:rejected` only, and nothing is derived from them
    readings    what the papers say together, for `graph:derived`; what speaks of something left out is left out
    judgements  what persons judged, for `graph:judgements`
    """
    papers = _papers(corpus, resolution, base)
    graphs: dict[str, set[str]] = defaultdict(set)
    graphs["ontology"].update(reference.ontology())
    out = {f"<{name}>" for name in rejected}
    for line in entities(resolution.entities, base, reference.state_names()):
        subject, _, object_ = line.split(" ", 2)
        graphs["rejected" if subject in out or object_ in out else "entities"].add(line)
    graphs["entities"].update(_countries(corpus, resolution, base))
    hops: list[Hop] = []
    promises: list[Promise] = []
    gone = set(out)
    for paper in papers:
        statements, refused = _kept(paper, out)
        if refused:
            gone.update(paper.id(s.path) for s in refused)
            graphs["rejected"].update(line for s in refused for line in paper.statement_lines(s))
            graphs["rejected"].update(paper.evidence_lines(refused))
        name = f"document/{paper.slug}"
        for line in paper.document_lines():
            graphs["rejected" if paper.iri in out or line.rsplit(" ", 1)[1] in out else name].add(line)
        for statement in statements:
            graphs[name].update(paper.statement_lines(statement))
            graphs[name].update(statement.direct)
        graphs[f"evidence/{paper.slug}"].update(paper.evidence_lines(statements))
        found, promised = _lineage(paper, statements)
        hops += found
        promises += promised
    graphs["derived"].update(derived(hops, promises, _dates(resolution, base)))
    if readings is not None:
        for name, lines in reading_lines(readings, papers, base, gone).items():
            graphs[name].update(lines)
    keys = {key: e.key for e in resolution.entities for key in (*e.former, e.key)}
    graphs["judgements"].update(
        line for line in judgement_lines(judgements, base, keys) if out.isdisjoint(line.split(" ", 2))
    )
    graphs["reference"].update(reference.entries(_used(graphs["entities"])))
    return Dataset(
        base,
        {name: tuple(sorted(lines)) for name, lines in sorted(graphs.items()) if lines},
    )


def _papers(corpus: Sequence[DocumentFacts], resolution: Resolution, base: str) -> list[Paper]:
    slugs = document_slugs(f.document.key for f in corpus)
    ordered = sorted(corpus, key=lambda f: f.document.key)
    return [Paper(f, slugs[f.document.key], base, resolution) for f in ordered]


def _kept(paper: Paper, out: set[str]) -> tuple[Sequence[Statement], Sequence[Statement]]:
    """A paper's statements without those that are rejected or hang on what is, and these."""
    if not out:
        return paper.statements, ()
    kept: list[Statement] = []
    refused: list[Statement] = []
    for statement in paper.statements:
        rests_on = {paper.iri, paper.id(statement.path), *statement.about, *paper.passages(statement)}
        (kept if out.isdisjoint(rests_on) else refused).append(statement)
    return kept, refused


def _countries(corpus: Sequence[DocumentFacts], resolution: Resolution, base: str) -> list[str]:
    """States that a paper names only as a meeting's country, so that no resolved entity stands for them."""
    known = {e.key for e in resolution.entities} | {
        f"state/{value}" for e in resolution.entities for name, value, _ in e.values if name == "country"
    }
    codes = {f.country.value for d in corpus for f in d.facts if isinstance(f, EventFact) and f.country}
    missing = {code for code in codes if f"state/{code}" not in known}
    return list(countries_only(missing, base, reference.state_names()))


def _lineage(paper: Paper, kept: Sequence[Statement]) -> tuple[list[Hop], list[Promise]]:
    """The links that a paper states, and its commitments with the links read from their sentences."""
    hops: list[Hop] = []
    cited: list[tuple[int, int, Hop]] = []
    for statement in kept:
        if isinstance(link := statement.fact, Link):
            hop = Hop(paper.entity(link.source), link.relation, paper.entity(link.target))
            hops.append(hop)
            cited += [(e.passage.start, e.passage.end, hop) for e in statement.evidence]
    promises = []
    for statement in kept:
        if isinstance(fact := statement.fact, Commitment) and fact.made_at:
            sentence = fact.evidence[0].passage
            near = tuple(dict.fromkeys(hop for a, b, hop in cited if a < sentence.end and sentence.start < b))
            if near:
                promises.append(Promise(paper.id(statement.path), paper.entity(fact.made_at), near))
    return hops, promises


def _dates(resolution: Resolution, base: str) -> dict[str, tuple[str, str]]:
    dates = {}
    for entity in resolution.entities:
        if entity.kind == "meeting":
            said = {name: value for name, value, _ in entity.values}
            if start := said.get("start"):
                dates[entity_iri(entity, base)] = (start, said.get("end") or start)
    return dates


def _used(lines: set[str]) -> list[str]:
    """Local names of the reference entries that entities point to."""
    marker = f" {cq('reference')} <{REFERENCE}"
    return sorted({line.split(marker, 1)[1][:-1] for line in lines if marker in line})
