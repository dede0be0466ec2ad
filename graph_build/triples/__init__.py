"""Facts and entities as quads: the only module that makes triples of what papers say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from zlib import crc32

from graph_build.dataset import Dataset, Graphs, Part
from graph_build.iris import BASE, REFERENCE, document_slugs
from graph_build.judgements import NONE, Judgements
from graph_build.readings import Readings
from graph_build.records import DocumentFacts, EventFact, Passage, Resolution
from graph_build.triples import reference
from graph_build.triples.derived import Hop, Promise, derived
from graph_build.triples.entities import countries_only, entities
from graph_build.triples.papers import Paper, Statement, cq, entity_iri
from graph_build.triples.parts import InMemory, Kept, digest, give, of_parts
from graph_build.triples.readings import Source, judgement_lines, reading_lines

__all__ = ["Kept", "Paper", "Statement", "triples"]

_BUCKETS = 512
"""Parts of `graph:derived`: one more paper changes few of them. Their number decides nothing but speed."""


def triples(
    corpus: Sequence[DocumentFacts],
    resolution: Resolution,
    base: str = BASE,
    rejected: frozenset[str] = frozenset(),
    readings: Readings | None = None,
    judgements: Judgements = NONE,
    kept: Kept | None = None,
) -> Dataset:
    """The quads of a corpus, whatever the order of its documents.

    rejected  IRIs of statements, entities, passages and documents that are left out: their triples, and every
              statement that hangs on them, stand in `graph:rejected` only, and nothing is derived from them
    readings    what the papers say together, for `graph:derived`; what speaks of something left out is left out
    judgements  what persons judged, for `graph:judgements`
    kept        where what each paper gives is kept; what is known there is not made anew
    """
    kept = kept or InMemory()
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
    concerned = _concerned(out, base)
    sources: list[Source] = []
    parts: list[Part] = []
    for paper in papers:
        name = digest(paper, kept.facts(paper.facts.document.key), concerned(paper))
        summary = kept.summary(name)
        if summary is None:
            summary, made = give(paper, out)
            kept.put(name, summary, made)
            paper = _papers([paper.facts], resolution, base, {paper.facts.document.key: paper.slug})[0]
        sources.append(Source(paper, summary))
        gone.update(summary.gone)
        graphs["rejected"].update(summary.rejected)
        hops += summary.hops
        promises += summary.promises
        parts += _paper_parts(paper.slug, name, summary.sizes, kept)
    graphs["derived"].update(derived(hops, promises, _dates(resolution, base)))
    if readings is not None:
        told, cited = reading_lines(readings, sources, base, gone)
        graphs["derived"].update(told)
        parts += _cited_parts(sources, cited, kept)
    keys = {key: e.key for e in resolution.entities for key in (*e.former, e.key)}
    graphs["judgements"].update(
        line for line in judgement_lines(judgements, base, keys) if out.isdisjoint(line.split(" ", 2))
    )
    graphs["reference"].update(reference.entries(_used(graphs["entities"])))
    for name in sorted(graphs):
        lines = graphs.pop(name)
        if name == "derived":
            parts += [_part(name, f"{name}#{i}", bucket, kept) for i, bucket in _buckets(lines, base)]
        elif lines:
            parts.append(_part(name, name, lines, kept))
    return Dataset(base, Graphs(parts))


def _papers(
    corpus: Sequence[DocumentFacts], resolution: Resolution, base: str, slugs: Mapping[str, str] | None = None
) -> list[Paper]:
    slugs = slugs or document_slugs(f.document.key for f in corpus)
    ordered = sorted(corpus, key=lambda f: f.document.key)
    return [Paper(f, slugs[f.document.key], base, resolution) for f in ordered]


def _concerned(out: Iterable[str], base: str) -> Callable[[Paper], set[str]]:
    """What gives of the rejected nodes those that can concern a paper: its own, and the entities that it names."""
    by_paper: dict[str, set[str]] = defaultdict(set)
    others: set[str] = set()
    for node in out:
        path = node[1:-1].removeprefix(f"{base}id/").split("/")
        by_paper[path[1] if len(path) > 1 else ""].add(node)
        others.add(node)

    def concerned(paper: Paper) -> set[str]:
        if not others:
            return set()
        named = {paper.entity(t.id) for t in paper.facts.things}
        return by_paper.get(paper.slug, set()) | (others & named)

    return concerned


def _paper_parts(slug: str, name: str, sizes: tuple[int, int], kept: Kept) -> list[Part]:
    says, shows = f"document/{slug}", f"evidence/{slug}"

    def classes() -> tuple[str, ...]:
        return kept.classes(name)

    made = [
        Part(says, says, f"{name}/0", sizes[0], lambda: kept.lines(name).document, classes),
        Part(shows, shows, f"{name}/1", sizes[1], lambda: kept.lines(name).evidence, tuple),
    ]
    return [part for part in made if part.size]


def _cited_parts(sources: Sequence[Source], cited: Mapping[str, Mapping[str, Passage]], kept: Kept) -> Iterable[Part]:
    """The passages that only readings cite, in the evidence graphs of their papers."""
    for paper, summary in sources:
        start = len(paper.id(f"passage/{paper.slug}/")) - 1
        found = cited.get(paper.facts.document.key, {})
        lines = {
            line
            for node, passage in found.items()
            if node[start:-1] not in summary.passages
            for line in paper.passage_lines(passage, node)
        }
        if lines:
            yield _part(f"evidence/{paper.slug}", f"evidence/{paper.slug}#cited", lines, kept)


def _part(graph: str, name: str, found: set[str], kept: Kept) -> Part:
    lines = tuple(sorted(found))
    named = of_parts(lines)
    kept.put_part(named, lines)
    return Part(graph, name, named, len(lines), lambda: kept.part(named))


def _buckets(lines: set[str], base: str) -> Iterable[tuple[int, set[str]]]:
    """Lines by what their subjects are about: those of one subject stand together, and mostly those of one paper."""
    start = len(f"<{base}id/")
    found: dict[int, set[str]] = defaultdict(set)
    number: dict[str, int] = {}
    for line in lines:
        subject = line.split(" ", 1)[0]
        if subject not in number:
            about = "/".join(subject[start:-1].split("/", 2)[:2])
            number[subject] = crc32(about.encode()) % _BUCKETS
        found[number[subject]].add(line)
    return sorted(found.items())


def _countries(corpus: Sequence[DocumentFacts], resolution: Resolution, base: str) -> list[str]:
    """States that a paper names only as a meeting's country, so that no resolved entity stands for them."""
    known = {e.key for e in resolution.entities} | {
        f"state/{value}" for e in resolution.entities for name, value, _ in e.values if name == "country"
    }
    codes = {f.country.value for d in corpus for f in d.facts if isinstance(f, EventFact) and f.country}
    missing = {code for code in codes if f"state/{code}" not in known}
    return list(countries_only(missing, base, reference.state_names()))


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
