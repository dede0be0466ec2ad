"""What one paper gives to the graphs of a build, as it can be kept from build to build.

A paper's lines depend on its facts, its slug, the base, the keys of the entities that its things are, and on what of it
was rejected: `digest` names exactly these. Where they are the same, so are the lines, and nothing need be made anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol

from graph_build.records import Commitment, Link, StatedCount
from graph_build.triples.derived import Hop, Promise
from graph_build.triples.papers import A, Paper, Statement

_CODE = ("triples/papers.py", "triples/parts.py", "dataset.py", "iris.py", "records.py")


class Summary(NamedTuple):
    """What other papers and the readings need to know of a paper's lines.

    gone         nodes of the statements that were left out, and `rejected` their lines
    hops, promises  for what is derived
    commitments  (id of the commitment, node); counts (index of the fact, node)
    passages     local names of the passages in its evidence graph
    shared       places 'START-END' at which several passages stand, whose names therefore need a suffix
    sizes        lines of its document graph and of its evidence graph
    """

    gone: tuple[str, ...]
    rejected: tuple[str, ...]
    hops: tuple[Hop, ...]
    promises: tuple[Promise, ...]
    commitments: tuple[tuple[str, str], ...]
    counts: tuple[tuple[int, str], ...]
    passages: frozenset[str]
    shared: frozenset[str]
    sizes: tuple[int, int]


class Lines(NamedTuple):
    """The lines of a paper's two graphs, sorted."""

    document: tuple[str, ...]
    evidence: tuple[str, ...]


class Kept(Protocol):
    """Where what papers and graphs give is kept, by digest."""

    def facts(self, key: str) -> str:
        """Digest of the facts of a paper of this build."""

    def summary(self, digest: str) -> Summary | None:
        """What is known of a paper's lines, or None."""

    def put(self, digest: str, summary: Summary, lines: Lines) -> None:
        """Keep what a paper gives."""

    def lines(self, digest: str) -> Lines:
        """The lines that were kept."""

    def classes(self, digest: str) -> tuple[str, ...]:
        """Those of a paper's lines that say of what class a node is."""

    def put_part(self, digest: str, lines: tuple[str, ...]) -> None:
        """Keep the lines of a part of a graph."""

    def part(self, digest: str) -> tuple[str, ...]:
        """The lines of a part."""


@cache
def _code() -> str:
    package = Path(__file__).resolve().parents[1]
    return hashlib.sha256(b"\0".join((package / name).read_bytes() for name in _CODE)).hexdigest()


def digest(paper: Paper, facts: str, out: Iterable[str]) -> str:
    """The name of what a paper gives.

    facts  digest of its facts
    out    nodes that are rejected, of those that can concern this paper
    """
    things = [f"{t.id} {paper.entity(t.id)}" for t in paper.facts.things]
    whole = "\n".join((_code(), facts, paper.slug, paper.base, *things, "", *sorted(out)))
    return hashlib.sha256(whole.encode()).hexdigest()[:40]


def of_parts(lines: Sequence[str]) -> str:
    """The digest of a part by its lines."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:40]


def give(paper: Paper, out: set[str]) -> tuple[Summary, Lines]:
    """What a paper gives: statements that are rejected, or hang on what is, are left out."""
    kept, refused = _kept(paper, out)
    document: set[str] = set()
    rejected: set[str] = set()
    rejected.update(line for s in refused for line in paper.statement_lines(s))
    rejected.update(paper.evidence_lines(refused))
    for line in paper.document_lines():
        (rejected if paper.iri in out or line.rsplit(" ", 1)[1] in out else document).add(line)
    for statement in kept:
        document.update(paper.statement_lines(statement))
        document.update(statement.direct)
    evidence = tuple(sorted(set(paper.evidence_lines(kept))))
    hops, promises = _lineage(paper, kept)
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
        tuple((s.fact.id, paper.id(s.path)) for s in paper.statements if isinstance(s.fact, Commitment)),
        tuple(counts),
        frozenset(n[len(prefix) : -1] for line in evidence if (n := line.split(" ", 1)[0]).startswith(prefix)),
        paper.shared_places,
        (len(document), len(evidence)),
    )
    return summary, Lines(tuple(sorted(document)), evidence)


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


class InMemory:
    """Keeps what papers give in memory, for corpora that are written once."""

    def __init__(self) -> None:
        self._given: dict[str, tuple[Summary, Lines]] = {}
        self._parts: dict[str, tuple[str, ...]] = {}

    def facts(self, key: str) -> str:
        """The key itself: there is one version of each paper."""
        return key

    def summary(self, digest: str) -> Summary | None:
        """What is known of a paper's lines, or None."""
        known = self._given.get(digest)
        return known[0] if known else None

    def put(self, digest: str, summary: Summary, lines: Lines) -> None:
        """Keep what a paper gives."""
        self._given[digest] = summary, lines

    def lines(self, digest: str) -> Lines:
        """The lines that were kept."""
        return self._given[digest][1]

    def classes(self, digest: str) -> tuple[str, ...]:
        """Those of a paper's lines that say of what class a node is."""
        return tuple(line for lines in self._given[digest][1] for line in lines if line.split(" ", 2)[1] == A)

    def put_part(self, digest: str, lines: tuple[str, ...]) -> None:
        """Keep the lines of a part of a graph."""
        self._parts[digest] = lines

    def part(self, digest: str) -> tuple[str, ...]:
        """The lines of a part."""
        return self._parts[digest]
