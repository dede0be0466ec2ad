"""Facts and entities as quads: the only module that makes triples of what papers say.

A graph is made of parts: what a paper gives, what a topic of the readings gives, some entities. Each part is an entry that is kept by a digest of all that decides it (`parts`); only entries that are not
known are made, and only for them are facts looked up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from zlib import crc32

import msgspec

from graph_build.dataset import Dataset, Graphs, Part
from graph_build.iris import BASE, REFERENCE, document_slugs
from graph_build.judgements import NONE, Judgements
from graph_build.readings import Corpus, CountCheck, Reader
from graph_build.records import Entity, Outline, Resolution
from graph_build.triples import reference
from graph_build.triples.derived import Hop, Promise, derived
from graph_build.triples.entities import Common, entity_lines, place_lines, state_lines
from graph_build.triples.papers import A, Paper, Statement, cq, entity_iri
from graph_build.triples.parts import (
    InMemory,
    Kept,
    Names,
    Summary,
    by_content,
    digest,
    digest_of,
    give,
    names_of,
    pack,
    paper_parts,
    part,
    summary_of,
)
from graph_build.triples.readings import Told, cited_lines, judgement_lines, silence_lines, tell, told_of, topic_part

__all__ = ["Kept", "Paper", "Statement", "triples"]

_BUCKETS = 512
"""Parts of the entities and of the ways that lead from one to another: one more paper changes few of them. Their number
decides nothing but speed."""


def triples(
    corpus: Corpus,
    base: str = BASE,
    rejected: frozenset[str] = frozenset(),
    reader: Reader | None = None,
    judgements: Judgements = NONE,
    kept: Kept | None = None,
    misfits: list[CountCheck] | None = None,
) -> Dataset:
    """The quads of a corpus, whatever the order of its documents.

    rejected    IRIs of statements, entities, passages and documents that are left out: their triples, and every
                statement that hangs on them, stand in `graph:rejected` only, and nothing is derived from them
    reader      what reads the papers together, for `graph:derived`; what speaks of something left out is left out
    judgements  what persons judged, for `graph:judgements`
    kept        where what each paper and topic gives is kept; what is known there is not made anew
    misfits     takes the stated numbers that do not fit their lists
    """
    kept = kept or InMemory()
    kept.begin()
    build = _Build(corpus, base, frozenset(f"<{name}>" for name in rejected), kept)
    parts = [by_content(kept, "ontology", "ontology", reference.ontology()), *build.papers(), *build.entities()]
    parts += build.ways()
    if reader is not None:
        told = build.topics(reader)
        parts += told
        if misfits is not None:
            misfits += build.misfits
    parts += build.rest(judgements)
    return Dataset(base, Graphs(p for p in parts if p.size))


class _Build:
    """The parts of one build."""

    def __init__(self, corpus: Corpus, base: str, out: frozenset[str], kept: Kept) -> None:
        self._corpus, self._base, self._out, self._kept = corpus, base, out, kept
        self._slugs = document_slugs(o.key for o in corpus.outlines)
        self._digests: dict[str, str] = {}
        self._papers: dict[str, Paper] = {}
        self._names: dict[str, Names] = {}
        self._gone = set(out)
        self._rejected: set[str] = set()
        self._hops: list[Hop] = []
        self._promises: list[Promise] = []
        self._used: set[str] = set()
        self.misfits: list[CountCheck] = []

    # What readings point to: made for the papers of which they speak

    def paper(self, key: str) -> Paper:
        """A paper, which can write down its passages."""
        found = self._papers.get(key)
        if found is None:
            found = self._papers[key] = self._fresh(key)
        return found

    def _fresh(self, key: str) -> Paper:
        return Paper(self._corpus.papers[key], self._slugs[key], self._base, self._corpus.resolution)

    def names(self, key: str) -> Names:
        """The nodes of a paper that readings point to."""
        found = self._names.get(key)
        if found is None:
            found = self._names[key] = names_of(self._kept, self._digests[key])
        return found

    # Parts

    def papers(self) -> Iterator[Part]:
        """What each paper says, and its evidence."""
        concerned = self._concerned()
        of = self._corpus.resolution.of
        for o in self._corpus.outlines:
            things = [f"{t.id} {of[o.key, t.id].key}" for t in o.things]
            slug = self._slugs[o.key]
            name = digest(things, self._kept.facts(o.key), slug, self._base, concerned(o))
            summary = summary_of(self._kept, name)
            if summary is None:
                # Not kept in `_papers`: a paper that wrote all its statements holds much.
                summary = give(self._fresh(o.key), set(self._out), self._kept, name)
            self._digests[o.key] = name
            self._take(summary)
            yield from paper_parts(self._kept, slug, name, summary.sizes)

    def _take(self, summary: Summary) -> None:
        self._gone.update(summary.gone)
        self._rejected.update(summary.rejected)
        self._hops += summary.hops
        self._promises += summary.promises

    def _concerned(self) -> Callable[[Outline], set[str]]:
        """What gives of the rejected nodes those that can concern a paper: its own, and the entities that it names."""
        by_paper: dict[str, set[str]] = defaultdict(set)
        for node in self._out:
            path = node[1:-1].removeprefix(f"{self._base}id/").split("/")
            by_paper[path[1] if len(path) > 1 else ""].add(node)

        def concerned(o: Outline) -> set[str]:
            if not self._out:
                return set()
            named = {entity_iri(self._corpus.entity(o.key, t.id), self._base) for t in o.things}
            return by_paper.get(self._slugs[o.key], set()) | (self._out & named)

        return concerned

    def entities(self) -> Iterator[Part]:
        """The entities, series with what is in them, those whose keys share a checksum together; the states and places
        that only their values name."""
        found = self._corpus.resolution.entities
        common = Common(self._base, frozenset(e.key for e in found), reference.state_names())
        buckets: dict[int, list[Entity]] = defaultdict(list)
        for e in found:
            buckets[crc32((e.series or e.key).encode()) % _BUCKETS].append(e)
        encode = msgspec.msgpack.Encoder().encode
        for number, bucket in sorted(buckets.items()):
            series = [e.series in common.keys for e in bucket]
            decides = encode((bucket, series)).hex()
            name = digest_of("entities", self._base, decides, *sorted(self._out))
            yield self._entity_part(f"entities#{number}", name, lambda b=bucket: entity_lines(b, common))  # type: ignore[misc]  # bound here
        codes = {e.country for o in self._corpus.outlines for e in o.events if e.country}
        codes |= {value for e in found for name, value, _ in e.values if name == "country"}
        lines = [*state_lines(codes, common), *place_lines(found, common)]
        yield self._entity_part("entities#", digest_of("places", *lines, *sorted(self._out)), lambda: lines)

    def _entity_part(self, name: str, digest: str, make: Callable[[], Iterable[str]]) -> Part:
        head = self._kept.head(digest)
        if head is None:
            lines = sorted(set(make()))
            refused = [x for x in lines if self._out and not self._out.isdisjoint(x.split(" ", 2))]
            lines = sorted(set(lines) - set(refused))
            used = _used(lines)
            head = msgspec.msgpack.encode((len(lines), used, refused))
            self._kept.put(digest, head, pack(lines), pack(x for x in lines if x.split(" ", 2)[1] == A))
        size, used, refused = msgspec.msgpack.decode(head, type=tuple[int, list[str], list[str]])
        self._used.update(used)
        self._rejected.update(refused)
        return part(self._kept, "entities", name, digest, size, 0, 1)

    def ways(self) -> Iterator[Part]:
        """What leads to what."""
        start = len(f"<{self._base}id/")
        found: dict[int, list[str]] = defaultdict(list)
        for line in set(derived(self._hops, self._promises, _dates(self._corpus.resolution, self._base))):
            about = "/".join(line[start:].split(">", 1)[0].split("/", 2)[:2])
            found[crc32(about.encode()) % _BUCKETS].append(line)
        for number, lines in sorted(found.items()):
            yield by_content(self._kept, "derived", f"derived#{number}", lines)

    def topics(self, reader: Reader) -> Iterator[Part]:
        """What the papers say together, and the passages that only this cites."""
        cited: dict[str, list[str]] = defaultdict(list)
        same = digest_of(self._base, *sorted(self._out))
        for topic in reader.topics():
            name = digest_of("topic", same, topic.digest)
            told = told_of(self._kept, name)
            if told is None:
                told = tell(topic.make(), self, self._base, self._gone, self._kept, name)
            for key in told.cites:
                cited[key].append(name)
            self.misfits += told.misfits
            yield topic_part(self._kept, f"{topic.kind}/{topic.key}", name, told)
            if told.unfollowed:
                yield self._silences(reader, topic.key, told)
        for key, names in sorted(cited.items()):
            yield self._cited(key, names)

    def _silences(self, reader: Reader, key: str, told: Told) -> Part:
        silent = reader.silent(key, (u[:2] for u in told.unfollowed))
        nodes = {commitment: node for commitment, _, node in told.unfollowed}
        slug = self._slugs[key]
        lines = silence_lines(slug, silent, nodes, self._base, self._gone)
        return by_content(self._kept, "derived", f"derived/silence/{key}", lines)

    def _cited(self, key: str, topics: list[str]) -> Part:
        name = digest_of("cited", key, *sorted(topics))
        head = self._kept.head(name)
        if head is None:
            lines = sorted({line for topic in topics for line in cited_lines(self._kept, topic, key)})
            head = msgspec.msgpack.encode(len(lines))
            self._kept.put(name, head, pack(lines))
        graph = f"evidence/{self._slugs[key]}"
        return part(self._kept, graph, f"{graph}#cited", name, msgspec.msgpack.decode(head, type=int), 0)

    def rest(self, judgements: Judgements) -> Iterator[Part]:
        """What persons judged, the reference data that entities point to, and what was rejected."""
        judged: set[str] = set()
        if judgements.entries:
            keys = {key: e.key for e in self._corpus.resolution.entities for key in (*e.former, e.key)}
            lines = judgement_lines(judgements, self._base, keys)
            judged.update(line for line in lines if self._out.isdisjoint(line.split(" ", 2)))
        for name, found in (
            ("judgements", judged),
            ("reference", set(reference.entries(sorted(self._used)))),
            ("rejected", self._rejected),
        ):
            if found:
                yield by_content(self._kept, name, name, found)


def _dates(resolution: Resolution, base: str) -> Mapping[str, tuple[str, str]]:
    dates = {}
    for entity in resolution.entities:
        if entity.kind == "meeting":
            said = {name: value for name, value, _ in entity.values}
            if start := said.get("start"):
                dates[entity_iri(entity, base)] = (start, said.get("end") or start)
    return dates


def _used(lines: Iterable[str]) -> list[str]:
    """Local names of the reference entries that entities point to."""
    marker = f" {cq('reference')} <{REFERENCE}"
    return sorted({line.split(marker, 1)[1][:-1] for line in lines if marker in line})
