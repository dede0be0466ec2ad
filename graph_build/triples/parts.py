"""What one paper, or one topic of the readings, gives to the graphs of a build, as it can be kept from build to build.

An entry is named by a digest of all that decides it but the code: what other code made is not kept. Its head is small and known for every entry of a build; its
sections are read when they are needed. A paper's lines depend on its facts, its slug, the base, the keys of the entities
that its things are, and on what of it was rejected.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

import msgspec

from graph_build.dataset import Part
from graph_build.records import Commitment, Link, StatedCount
from graph_build.triples.derived import Hop, Promise
from graph_build.triples.papers import A, Paper, Statement


class Kept(Protocol):
    """Where entries are kept, by digest."""

    def facts(self, key: str) -> str:
        """Digest of the facts of a paper of this build."""

    def begin(self) -> None:
        """Entries that are not asked for or put from here on are no part of the build."""

    def head(self, digest: str) -> bytes | None:
        """The head of an entry, or None where it is not known."""

    def section(self, digest: str, number: int) -> bytes:
        """A section of an entry whose head is known."""

    def put(self, digest: str, head: bytes, *sections: bytes) -> None:
        """Keep an entry."""


class InMemory:
    """Keeps entries in memory, for corpora that are written once."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[bytes, ...]] = {}

    def facts(self, key: str) -> str:
        """The key itself: there is one version of each paper."""
        return key

    def begin(self) -> None:
        """Nothing is forgotten."""

    def head(self, digest: str) -> bytes | None:
        """The head of an entry, or None where it is not known."""
        known = self._entries.get(digest)
        return known[0] if known else None

    def section(self, digest: str, number: int) -> bytes:
        """A section of an entry."""
        return self._entries[digest][number + 1]

    def put(self, digest: str, head: bytes, *sections: bytes) -> None:
        """Keep an entry."""
        self._entries[digest] = (head, *sections)


def digest_of(*content: str) -> str:
    """A digest of texts in their order."""
    return hashlib.blake2b("\0".join(content).encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


def pack(lines: Iterable[str]) -> bytes:
    """Lines as a section."""
    return zlib.compress("\n".join(lines).encode(), 1)


def unpack(data: bytes) -> tuple[str, ...]:
    """The lines of a section."""
    text = zlib.decompress(data).decode()
    return tuple(text.split("\n")) if text else ()


def part(kept: Kept, graph: str, name: str, digest: str, size: int, lines: int, types: int = -1) -> Part:
    """The part of a graph that a section of an entry is; `types` is the section that says of what class nodes are."""
    return Part(
        graph,
        name,
        f"{digest}/{lines}",
        size,
        lambda: unpack(kept.section(digest, lines)),
        (lambda: unpack(kept.section(digest, types))) if types >= 0 else None,
    )


def by_content(kept: Kept, graph: str, name: str, found: Iterable[str]) -> Part:
    """A part that is known by its lines."""
    lines = tuple(sorted(found))
    digest = digest_of(*lines)
    if kept.head(digest) is None:
        kept.put(digest, b"", pack(lines))
    return part(kept, graph, name, digest, len(lines), 0)


# What a paper gives ---------------------------------------------------------------------------------------------------


class Summary(NamedTuple):
    """What other papers and the readings need to know of a paper's lines: the head of its entry.

    gone         nodes of the statements that were left out, and `rejected` their lines
    hops, promises  for what is derived
    sizes        lines of its document graph and of its evidence graph
    """

    gone: tuple[str, ...]
    rejected: tuple[str, ...]
    hops: tuple[Hop, ...]
    promises: tuple[Promise, ...]
    sizes: tuple[int, int]


class Names(NamedTuple):
    """The nodes of a paper that readings point to.

    commitments  (id of the commitment, node); counts (index of the fact, node)
    passages     local names of the passages in its evidence graph
    shared       places 'START-END' at which several passages stand, whose names therefore need a suffix
    """

    commitments: tuple[tuple[str, str], ...]
    counts: tuple[tuple[int, str], ...]
    passages: frozenset[str]
    shared: frozenset[str]


_NAMES, _CLASSES, _DOCUMENT, _EVIDENCE = range(4)
_summary = msgspec.msgpack.Decoder(Summary)
_names = msgspec.msgpack.Decoder(Names)


def digest(paper_of: Iterable[str], facts: str, slug: str, base: str, out: Iterable[str]) -> str:
    """The name of what a paper gives.

    paper_of  'THING ENTITY' of each of its things
    facts     digest of its facts
    out       nodes that are rejected, of those that can concern this paper
    """
    return digest_of(facts, slug, base, *paper_of, "", *sorted(out))


def summary_of(kept: Kept, digest: str) -> Summary | None:
    """What is known of a paper's lines, or None."""
    head = kept.head(digest)
    return None if head is None else _summary.decode(head)


def names_of(kept: Kept, digest: str) -> Names:
    """The nodes of a paper that readings point to."""
    return _names.decode(kept.section(digest, _NAMES))


def paper_parts(kept: Kept, slug: str, digest: str, sizes: tuple[int, int]) -> list[Part]:
    """The parts of a paper's two graphs; the first gives the classes of the nodes of both."""
    says, shows = f"document/{slug}", f"evidence/{slug}"
    made = [
        part(kept, says, says, digest, sizes[0], _DOCUMENT, _CLASSES),
        replace(part(kept, shows, shows, digest, sizes[1], _EVIDENCE), types=tuple),
    ]
    return [p for p in made if p.size]


def give(paper: Paper, out: set[str], kept: Kept, digest: str) -> Summary:
    """Make and keep what a paper gives: statements that are rejected, or hang on what is, are left out."""
    stay, refused = _kept(paper, out)
    document: set[str] = set()
    rejected: set[str] = set()
    rejected.update(line for s in refused for line in paper.statement_lines(s))
    rejected.update(paper.evidence_lines(refused))
    for line in paper.document_lines():
        (rejected if paper.iri in out or line.rsplit(" ", 1)[1] in out else document).add(line)
    for statement in stay:
        document.update(paper.statement_lines(statement))
        document.update(statement.direct)
    evidence = sorted(set(paper.evidence_lines(stay)))
    hops, promises = _lineage(paper, stay)
    prefix = paper.id(f"passage/{paper.slug}/")[:-1]
    counts = []
    for i, fact in enumerate(paper.facts.facts):
        if isinstance(fact, StatedCount):
            counts += [(i, paper.id(s.path)) for s in paper.statements if s.fact == fact]
    summary = Summary(
        tuple(paper.id(s.path) for s in refused),
        tuple(sorted(rejected)),
        tuple(hops),
        tuple(promises),
        (len(document), len(evidence)),
    )
    names = Names(
        tuple((s.fact.id, paper.id(s.path)) for s in paper.statements if isinstance(s.fact, Commitment)),
        tuple(counts),
        frozenset(n[len(prefix) : -1] for line in evidence if (n := line.split(" ", 1)[0]).startswith(prefix)),
        paper.shared_places,
    )
    said = sorted(document)
    classes = pack(line for line in (*said, *evidence) if line.split(" ", 2)[1] == A)
    kept.put(
        digest, msgspec.msgpack.encode(summary), msgspec.msgpack.encode(names), classes, pack(said), pack(evidence)
    )
    return summary


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
