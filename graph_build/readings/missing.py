"""Papers that we do not hold: what the papers cite or quote and no paper of the corpus is, with all that is quoted of it.

Three kinds: instruments that are cited (statements, plans, guides); annexes that a paper says are attached and that
its file does not have; meetings of which no paper of their own is held. Those that are quoted, then those that more
papers cite, come first in the list of what to look for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from graph_build.iris import slug
from graph_build.readings.papers import Corpus
from graph_build.readings.said import folded
from graph_build.records import Commitment, DocumentFacts, Entity, Outline, Passage, Quotation

Kind = Literal["instrument", "annex", "meeting"]

_ANNEX = re.compile(
    r"\b(?:the )?((?:full )?(?:list of (?:participants|delegates|speakers)|participants? list|agenda|programme|concept note))"
    r"\b[^.]{0,60}?\b(?:attached|annexed|appended)\b(?:[^.]{0,30}\b(annex(?: [IVX\d]+)?)\b)?",
    re.I,
)
"""'The list of participants is attached hereto as Annex I.'"""


@dataclass(frozen=True, slots=True)
class Cited:
    """Where a paper speaks of it; `quoted` are the words that it quotes of it, or ''."""

    paper: str
    passage: Passage
    quoted: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """A paper that is not held.

    key      path below /id/: `missing/...`
    thing    key of the instrument or meeting that it is, or of the meeting whose annex it is
    date     when it was issued, as far as it is known
    cited    every place that speaks of it, in the order of papers
    """

    key: str
    kind: Kind
    label: str
    thing: str
    date: str
    cited: tuple[Cited, ...]

    @property
    def papers(self) -> int:
        """How many papers cite it."""
        return len({c.paper for c in self.cited})

    @property
    def quotes(self) -> int:
        """How many passages are quoted of it."""
        return len({c.quoted for c in self.cited if c.quoted})


class Wanted:
    """What the outlines tell of the papers that are held and not held.

    held     instrument → the paper of the corpus that it is
    issuers  instrument → the meeting that issued it, where one did
    own      meetings that a paper of the corpus reports on or describes
    """

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.issuers = _issuers(corpus)
        self.held = _held_instruments(corpus, self.issuers)
        self.own = {key for key in corpus.meetings.values() if key}
        for paper in corpus.outlines:
            self.own |= {corpus.entity(paper.key, e.event).key for e in paper.events if e.status == "described"}
        self._issuing = set(self.issuers.values())

    def lacks(self, thing: Entity) -> bool:
        """Whether the paper of an instrument or meeting is cited and not held; of a meeting not if its statement is on
        the list already."""
        if thing.kind == "instrument":
            return thing.key not in self.held
        return thing.kind == "meeting" and thing.key not in self.own and thing.key not in self._issuing

    def missing(self, thing: Entity) -> Missing:
        """The paper of an instrument or meeting that is not held, with every place that speaks of it."""
        corpus = self.corpus
        cited = []
        for paper, id_ in thing.members:
            facts = corpus.papers[paper]
            cited.append(Cited(paper, corpus.sentence(facts.thing(id_).evidence[0].passage)))
        for paper in sorted({paper for paper, _ in thing.members}):
            cited += [quote for key, quote in _quotes(corpus, corpus.papers[paper]) if key == thing.key]
        key = f"missing/{thing.key}"
        if thing.kind == "meeting":
            date = corpus.day(thing, last=True)
            return Missing(key, "meeting", f"Paper of the {thing.label}", thing.key, date, _once(cited))
        issuer = self.issuers.get(thing.key)
        said = {name: value for name, value, _ in thing.values}
        date = corpus.day(corpus.entities[issuer], last=True) if issuer else said.get("periodStart", "")
        return Missing(key, "instrument", thing.label, thing.key, date, _once(cited))


def most_wanted(found: Iterable[Missing]) -> tuple[Missing, ...]:
    """What is quoted, then what more papers cite, comes first."""
    return tuple(sorted(found, key=lambda m: (-m.quotes, -m.papers, m.date or "9999", m.key)))


def _held_instruments(corpus: Corpus, issuers: Mapping[str, str]) -> dict[str, str]:
    """A paper is an instrument where its title has all the words of the instrument's name, or where it reports on the
    meeting that issued the instrument and is of the kind that the name says ('Co-Chairs' Statement').
    """
    held: dict[str, str] = {}
    titles = {o.key: set(folded(o.title)) for o in corpus.outlines if o.title}
    having: dict[str, list[str]] = defaultdict(list)
    for key, title in titles.items():
        for word in title:
            having[word].append(key)
    for entity in corpus.resolution.entities:
        if entity.kind != "instrument":
            continue
        words = set(folded(entity.label)) - {"the", "of", "on", "for", "and", "a", "in", "to"}
        rarest = min(sorted(words), key=lambda w: len(having.get(w, ())), default="")
        named = [key for key in having.get(rarest, ()) if words <= titles[key] and _enough(words, entity, key)]
        issued = [
            key
            for key in corpus.papers_of.get(issuers.get(entity.key, ""), ())
            if _kind_fits(corpus.by_key[key], entity)
        ]
        if found := sorted({*named, *issued}):
            held[entity.key] = found[0]
    return held


def _enough(words: set[str], entity: Entity, paper: str) -> bool:
    """Whether a name says enough: two words ('Forum Communiqué') only where no other paper uses them."""
    return len(words) > 2 or (len(words) == 2 and {m[0] for m in entity.members} == {paper})


def _kind_fits(paper: Outline, entity: Entity) -> bool:
    kind = set(paper.genre.split("-")) - {"co", "chairs", "chair", "s", "outcome", "outcomes"}
    return bool(kind & set(folded(entity.label)))


def _issuers(corpus: Corpus) -> dict[str, str]:
    found: dict[str, set[str]] = defaultdict(set)
    for paper in corpus.outlines:
        for source, relation, target in paper.links:
            if relation == "adopts":
                found[corpus.entity(paper.key, target).key].add(corpus.entity(paper.key, source).key)
    return {key: next(iter(meetings)) for key, meetings in found.items() if len(meetings) == 1}


def _quotes(corpus: Corpus, paper: DocumentFacts) -> list[tuple[str, Cited]]:
    """(thing quoted from, where and what)."""
    found = []
    for fact in paper.facts:
        if isinstance(fact, Quotation) and fact.source:
            words, source, passage = fact.words.quote, fact.source, fact.evidence[0].passage
        elif isinstance(fact, Commitment) and fact.quoted:
            words, source, passage = fact.clause.quote, fact.quoted, fact.evidence[0].passage
        else:
            continue
        found.append(
            (corpus.entity(paper.document.key, source).key, Cited(paper.document.key, corpus.sentence(passage), words))
        )
    return found


def _once(places: list[Cited]) -> tuple[Cited, ...]:
    """Each place once: a sentence that quotes it says more than the same sentence naming it."""
    quoting = {(c.paper, c.passage) for c in places if c.quoted}
    kept = [c for c in dict.fromkeys(places) if c.quoted or (c.paper, c.passage) not in quoting]
    return tuple(sorted(kept, key=lambda c: (c.paper, c.passage.start, c.quoted)))


def annexes(corpus: Corpus, paper: str) -> tuple[Missing, ...]:
    """Annexes that a paper says are attached and that its file does not have."""
    facts, meeting = corpus.papers[paper], corpus.meetings[paper]
    found = []
    for sentence in facts.sentences:
        match = _ANNEX.search(sentence.quote)
        if not match or _has_annex(facts, sentence, match[2]):
            continue
        what = match[1][0].upper() + match[1][1:]
        whose = corpus.entities[meeting].label if meeting else facts.title or paper
        label = f"{what} ({match[2]}) of {whose}" if match[2] else f"{what} of {whose}"
        key = f"missing/annex/{slug(f'{match[1]} {paper}', 100)}"
        found.append(Missing(key, "annex", label, meeting, corpus.dates[paper], (Cited(paper, sentence),)))
    return tuple(found)


def _has_annex(paper: DocumentFacts, sentence: Passage, name: str | None) -> bool:
    """Whether the file goes on with a heading that is the annex."""
    rest = paper.document.text[sentence.end :]
    return bool(name and re.search(rf"(?im)^\W*{re.escape(name)}\b", rest))
