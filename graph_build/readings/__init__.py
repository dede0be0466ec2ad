"""What the papers say together: readings made from the facts of a corpus and its resolution, never from guesses.

Agreed language, two accounts of one meeting, stated numbers, follow-up of commitments, papers that are not held. Each
reading is a tuple of records with the sentences that it rests on; `triples` writes them into the graph.

Readings come by topic: what is read of one paper, and what is read of one meeting or instrument. A topic's digest names
all that decides it, so that what was made for the corpus before holds where the digest is the same; the facts of the
papers are looked up only for topics that are made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from graph_build.readings.accounts import Comparison, compare
from graph_build.readings.counts import CountCheck, check_counts
from graph_build.readings.followup import FollowUp, Links, Silence, follow_ups, silences
from graph_build.readings.language import Agreed, Reuse
from graph_build.readings.missing import Missing, Wanted, annexes, most_wanted
from graph_build.readings.papers import Corpus
from graph_build.readings.said import Said, said_of
from graph_build.records import DocumentFacts, Outline, Resolution

__all__ = [
    "Comparison",
    "Corpus",
    "CountCheck",
    "FollowUp",
    "Missing",
    "Reader",
    "Readings",
    "Reuse",
    "Said",
    "Silence",
    "Topic",
    "make_readings",
    "said_of",
]


@dataclass(frozen=True)
class Readings:
    """Readings of a corpus, or of one topic of it.

    unfollowed  (paper, commitment, event at which it was made) of the commitments of which nothing is said later
    held        (instrument, the paper of the corpus that it is)
    """

    language: tuple[Reuse, ...] = ()
    accounts: tuple[Comparison, ...] = ()
    counts: tuple[CountCheck, ...] = ()
    followed: tuple[FollowUp, ...] = ()
    silent: tuple[Silence, ...] = ()
    missing: tuple[Missing, ...] = ()
    held: tuple[tuple[str, str], ...] = ()
    unfollowed: tuple[tuple[str, str, str], ...] = ()


class Topic(NamedTuple):
    """What is read of one paper or thing.

    kind, key  'paper' and its key, or 'thing' and the key of a meeting or instrument
    digest     topics with the same digest have the same readings
    """

    kind: str
    key: str
    digest: str
    make: Callable[[], Readings]


class Reader:
    """Makes the readings of a corpus, topic by topic.

    facts  a digest of the facts of each paper
    known  `found` of the reader of the corpus before; it decides nothing but speed
    """

    def __init__(self, corpus: Corpus, facts: Callable[[str], str] = str, known: bytes = b"") -> None:
        self._corpus = corpus
        self._agreed = Agreed(corpus, known)
        self._links = Links(corpus)
        self._wanted = Wanted(corpus)
        self._facts = facts
        self._things = {e.key: _digest(msgspec.msgpack.encode(e)) for e in corpus.resolution.entities}

    @property
    def found(self) -> bytes:
        """What the search for agreed language found, to be used again."""
        return self._agreed.found

    def topics(self) -> Iterator[Topic]:
        """Every topic, papers first, in the order of their keys."""
        papers = {o.key: self._resolved(o) for o in self._corpus.outlines}
        later, earlier = self._agreed.sums({k: (int(d[:16], 16), int(d[16:32], 16)) for k, d in papers.items()})
        for o in self._corpus.outlines:
            told = {(t.paper, t.number) for t in self._links.touching(o)}
            about = {m for id_ in o.counted for m in self._corpus.entity(o.key, id_).members}
            near = [f"{papers[paper]} {number}" for paper, number in sorted(told)]
            near += [f"{papers[paper]} {thing}" for paper, thing in sorted(about)]
            digest = _digest("\n".join((papers[o.key], str(later[o.key]), str(earlier[o.key]), *near)).encode())
            yield Topic("paper", o.key, digest, lambda key=o.key: self._of_paper(key))  # type: ignore[misc]  # bound here
        for e in self._corpus.resolution.entities:
            if e.kind not in ("meeting", "instrument") or not e.members:
                continue
            held, issuer = self._wanted.held.get(e.key, ""), self._wanted.issuers.get(e.key, "")
            lacks = self._wanted.lacks(e)
            several = e.kind == "meeting" and len({paper for paper, _ in e.members}) > 1
            if several or held or lacks:
                said = [papers[paper] for paper, _ in e.members]
                at = (self._things[e.key], held, issuer, self._things.get(issuer, ""), str(lacks), *said)
                yield Topic("thing", e.key, _digest("\n".join(at).encode()), lambda key=e.key: self._of_thing(key))  # type: ignore[misc]  # bound here

    def _resolved(self, o: Outline) -> str:
        """A digest of a paper's facts, of what its things are, and of where it stands among the others."""
        corpus = self._corpus
        place = (self._facts(o.key), corpus.dates[o.key], corpus.meetings[o.key], corpus.forums[o.key])
        meeting = self._things.get(corpus.meetings[o.key], "")
        things = [f"{t.id} {(e := corpus.entity(o.key, t.id)).key} {e.values}" for t in o.things]
        return _digest("\n".join((*place, meeting, *things)).encode())

    def _of_paper(self, key: str) -> Readings:
        followed, unfollowed = follow_ups(self._links, key, self._agreed.again(key))
        return Readings(
            self._agreed.of(key),
            counts=check_counts(self._corpus, key),
            followed=followed,
            missing=annexes(self._corpus, key),
            unfollowed=tuple((key, commitment, made_at) for commitment, made_at in unfollowed),
        )

    def _of_thing(self, key: str) -> Readings:
        thing = self._corpus.entities[key]
        return Readings(
            accounts=compare(self._corpus, thing) if thing.kind == "meeting" else (),
            missing=(self._wanted.missing(thing),) if self._wanted.lacks(thing) else (),
            held=((key, held),) if (held := self._wanted.held.get(key)) else (),
        )

    def silent(self, paper: str, unfollowed: Iterable[tuple[str, str]]) -> tuple[Silence, ...]:
        """In how many later papers the unfollowed commitments of a paper were looked for: of all readings the only
        ones that every dated paper changes, and made without looking at facts."""
        return silences(self._corpus, paper, unfollowed)


def make_readings(papers: Iterable[DocumentFacts], resolution: Resolution) -> Readings:
    """All readings of a corpus, whatever the order of its papers."""
    corpus = Corpus.of(papers, resolution)
    reader = Reader(corpus)
    made = [(t, t.make()) for t in reader.topics()]
    parts = [r for _, r in made]
    silent = [s for t, r in made for s in reader.silent(t.key, (u[1:] for u in r.unfollowed))]
    when = corpus.dates
    language = sorted(
        (r for p in parts for r in p.language),
        key=lambda r: (when[r.later.document] or "9999", r.later.document, r.later.start),
    )
    return Readings(
        tuple(language),
        tuple(r for p in parts for r in p.accounts),
        tuple(r for p in parts for r in p.counts),
        tuple(r for p in parts for r in p.followed),
        tuple(silent),
        most_wanted(r for p in parts for r in p.missing),
        tuple(sorted(r for p in parts for r in p.held)),
    )


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=20).hexdigest()
