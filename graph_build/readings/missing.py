"""Papers that we do not hold: what the papers cite or quote and no paper of the corpus is, with all that is quoted of it.

Three kinds: instruments that are cited (statements, plans, guides); annexes that a paper says are attached and that
its file does not have; meetings of which no paper of their own is held. Those that are quoted, then those that more
papers cite, come first in the list of what to look for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from graph_build.iris import slug
from graph_build.readings.language import folded
from graph_build.readings.papers import Corpus, event_facts
from graph_build.records import Commitment, DocumentFacts, Entity, Link, Passage, Quotation

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


def missing_papers(corpus: Corpus) -> tuple[Missing, ...]:
    """What is cited and not held, most wanted first."""
    held = held_instruments(corpus)
    cited: dict[str, list[Cited]] = defaultdict(list)
    for paper in corpus.papers:
        for thing in paper.things:
            if thing.kind == "instrument" and (key := corpus.entity(paper, thing.id).key) not in held:
                cited[key].append(Cited(paper.document.key, corpus.sentence(thing.evidence[0].passage)))
        for key, quote in _quotes(corpus, paper):
            if key not in held:
                cited[key].append(quote)
    own = _issuers(corpus)
    found = [
        _instrument(corpus, corpus.entities[key], places, own.get(key)) for key, places in cited.items()
        if corpus.entities[key].kind == "instrument"
    ]  # fmt: skip
    found += _annexes(corpus)
    found += _meetings(corpus, cited, {key for key in own.values() if key})
    return tuple(sorted(found, key=lambda m: (-m.quotes, -m.papers, m.date or "9999", m.key)))


def held_instruments(corpus: Corpus) -> dict[str, str]:
    """Instrument → the paper of the corpus that it is.

    A paper is an instrument where its title has all the words of the instrument's name, or where it reports on the
    meeting that issued the instrument and is of the kind that the name says ('Co-Chairs' Statement').
    """
    held: dict[str, str] = {}
    titles = {p.document.key: set(folded(p.title)) for p in corpus.papers if p.title}
    having: dict[str, list[str]] = defaultdict(list)
    for key, title in titles.items():
        for word in title:
            having[word].append(key)
    issuers = _issuers(corpus)
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


def _kind_fits(paper: DocumentFacts, entity: Entity) -> bool:
    kind = set(paper.genre.split("-")) - {"co", "chairs", "chair", "s", "outcome", "outcomes"}
    return bool(kind & set(folded(entity.label)))


def _issuers(corpus: Corpus) -> dict[str, str]:
    """Instrument → the meeting that issued it, where one did."""
    found: dict[str, set[str]] = defaultdict(set)
    for paper in corpus.papers:
        for fact in paper.facts:
            if isinstance(fact, Link) and fact.relation == "adopts":
                found[corpus.entity(paper, fact.target).key].add(corpus.entity(paper, fact.source).key)
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
        found.append((corpus.entity(paper, source).key, Cited(paper.document.key, corpus.sentence(passage), words)))
    return found


def _instrument(corpus: Corpus, entity: Entity, places: list[Cited], issuer: str | None) -> Missing:
    said = {name: value for name, value, _ in entity.values}
    date = corpus.day(corpus.entities[issuer], last=True) if issuer else said.get("periodStart", "")
    return Missing(
        f"missing/{entity.key.partition('/')[2]}", "instrument", entity.label, entity.key, date, _once(places)
    )


def _once(places: list[Cited]) -> tuple[Cited, ...]:
    """Each place once: a sentence that quotes it says more than the same sentence naming it."""
    quoting = {(c.paper, c.passage) for c in places if c.quoted}
    kept = [c for c in dict.fromkeys(places) if c.quoted or (c.paper, c.passage) not in quoting]
    return tuple(sorted(kept, key=lambda c: (c.paper, c.passage.start, c.quoted)))


def _annexes(corpus: Corpus) -> list[Missing]:
    found = []
    for paper in corpus.papers:
        meeting = corpus.meetings[paper.document.key]
        for sentence in paper.sentences:
            match = _ANNEX.search(sentence.quote)
            if not match or _has_annex(paper, sentence, match[2]):
                continue
            what = match[1][0].upper() + match[1][1:]
            whose = corpus.entities[meeting].label if meeting else paper.title or paper.document.key
            label = f"{what} ({match[2]}) of {whose}" if match[2] else f"{what} of {whose}"
            key = f"missing/{slug(f'{match[1]} {paper.document.key}', 100)}"
            found.append(
                Missing(
                    key,
                    "annex",
                    label,
                    meeting,
                    corpus.dates[paper.document.key],
                    (Cited(paper.document.key, sentence),),
                )
            )
    return found


def _has_annex(paper: DocumentFacts, sentence: Passage, name: str | None) -> bool:
    """Whether the file goes on with a heading that is the annex."""
    rest = paper.document.text[sentence.end :]
    return bool(name and re.search(rf"(?im)^\W*{re.escape(name)}\b", rest))


def _meetings(corpus: Corpus, quoted: dict[str, list[Cited]], issuing: set[str]) -> list[Missing]:
    """Meetings that are only mentioned; not those whose statement is on the list already, unless nothing else is."""
    own = {key for key in corpus.meetings.values() if key}
    places: dict[str, list[Cited]] = defaultdict(list)
    for paper in corpus.papers:
        said = event_facts(paper)
        for thing in paper.things:
            if thing.kind == "event":
                key = corpus.entity(paper, thing.id).key
                fact = said.get(thing.id)
                if fact and fact.status == "described":
                    own.add(key)
                places[key].append(Cited(paper.document.key, corpus.sentence(thing.evidence[0].passage)))
    found = []
    for key, cited in places.items():
        if key not in own and key not in issuing:
            entity = corpus.entities[key]
            label = f"Paper of the {entity.label}"
            found.append(
                Missing(
                    f"missing/{key.partition('/')[2]}",
                    "meeting",
                    label,
                    key,
                    corpus.day(entity, last=True),
                    _once([*cited, *quoted.get(key, [])]),
                )
            )
    return found
