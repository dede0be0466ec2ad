"""Papers that we do not hold: what the papers cite or quote and no paper of the corpus is, with all that is quoted of it.

Four kinds: instruments that are cited (statements, plans, guides); treaties and other public law, which their keepers
publish; annexes that a paper says are attached and that its file does not have; records of meetings of which a paper
tells what they decided or took up, and no paper of their own is held. A meeting that is merely named is no paper, nor is
an undertaking ('Clean Rivers Partnership'; `missing.toml`). What a paper has within itself, as an annex or as itself
('this Declaration'), is held. Those that are quoted, then those that more papers cite, come first.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from graph_build.iris import slug
from graph_build.readings.language import folded
from graph_build.readings.papers import Corpus, event_facts
from graph_build.readings.patterns import kind_of
from graph_build.records import Commitment, DocumentFacts, Entity, Link, Passage, Quotation, Thing

Kind = Literal["instrument", "treaty", "annex", "meeting"]
_ORDER: tuple[Kind, ...] = ("instrument", "meeting", "annex", "treaty")

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
    def words(self) -> tuple[str, ...]:
        """All that is quoted of it, each once: words that stand in others are not told again."""
        quoted = sorted({c.quoted for c in self.cited if c.quoted})
        plain = {q: " ".join(folded(q)) for q in quoted}
        longer = {q for q in quoted if any(plain[q] in plain[o] and len(plain[q]) < len(plain[o]) for o in quoted)}
        return tuple(q for q in quoted if q not in longer)


def missing_papers(corpus: Corpus) -> tuple[Missing, ...]:
    """What is cited and not held, most wanted first."""
    held = held_instruments(corpus)
    cited: dict[str, list[Cited]] = defaultdict(list)
    for paper in corpus.papers:
        for thing in paper.things:
            if thing.kind == "instrument" and (key := corpus.entity(paper, thing.id).key) not in held:
                cited[key].append(Cited(paper.document.key, _telling(corpus, thing)))
        for key, quote in _quotes(corpus, paper):
            if key not in held:
                cited[key].append(quote)
    own = _issuers(corpus)
    _fold_short_names(corpus, cited)
    found = [
        _instrument(corpus, entity, places, own.get(key))
        for key, places in cited.items()
        if (entity := corpus.entities[key]).kind == "instrument" and _is_paper(entity, places)
    ]
    found += _annexes(corpus)
    found += _meetings(corpus, cited, {key for key in own.values() if key})
    return tuple(
        sorted(found, key=lambda m: (-len(m.words), _ORDER.index(m.kind), -m.papers, m.date or "9999", m.label, m.key))
    )


def _fold_short_names(corpus: Corpus, cited: dict[str, list[Cited]]) -> None:
    """A name that opens exactly one longer name of the same papers ('Model Law on Dams', '... and Weirs') is that paper."""
    names = {key: folded(corpus.entities[key].label) for key in cited if corpus.entities[key].kind == "instrument"}
    by_start: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for key, words in names.items():
        by_start[words[:2]].append(key)
    for key, words in sorted(names.items()):
        longer = [k for k in by_start[words[:2]] if len(names[k]) > len(words) and names[k][: len(words)] == words]
        if len(longer) == 1 and {c.paper for c in cited[key]} <= {c.paper for c in cited[longer[0]]}:
            cited[longer[0]] += cited.pop(key)


def _telling(corpus: Corpus, thing: Thing) -> Passage:
    """The first sentence that says more than the name, such as a heading does; else the first."""
    sentences = [corpus.sentence(e.passage) for e in thing.evidence]
    longer = (s for s in sentences if len(folded(s.quote)) > len(folded(thing.label)) + 3)
    return next(longer, sentences[0])


def _is_paper(entity: Entity, places: list[Cited]) -> bool:
    """Whether an instrument is something to look for: quoted, or no undertaking and not still to be made."""
    if any(c.quoted for c in places):
        return True
    return kind_of("missing", entity.label) != "undertaking" and any(
        kind_of("missing", c.passage.quote) != "to-come" for c in places
    )


def held_instruments(corpus: Corpus) -> dict[str, str]:
    """Instrument → the paper of the corpus that it is.

    A paper is an instrument where its title (where it has none, the name of its file) has all the words of the
    instrument's name; where it reports on the meeting that issued the instrument and is of the kind that the name says
    ('Co-Chairs' Statement'); where it speaks of itself by that name ('this Suva Declaration'); or where the instrument
    stands within it under a line of its own.
    """
    held = dict(sorted(_within(corpus), reverse=True))
    titles = {
        p.document.key: set(folded(p.title or PurePosixPath(p.document.key).stem.replace("-", " ").replace("_", " ")))
        for p in corpus.papers
    }
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
            held.setdefault(entity.key, found[0])
    return held


def _within(corpus: Corpus) -> Iterator[tuple[str, str]]:
    """(instrument, paper) where the paper calls itself by the instrument's name, or has it within itself."""
    for paper in corpus.papers:
        adopted = {f.target for f in paper.facts if isinstance(f, Link) and f.relation == "adopts"}
        annexed = bool(_ANNEXES.search(paper.document.text))
        for thing in paper.things:
            within = thing.id in adopted or annexed
            if thing.kind == "instrument" and (
                _itself(thing) or (within and _printed(paper, thing, thing.id in adopted))
            ):
                yield corpus.entity(paper, thing.id).key, paper.document.key


def _itself(thing: Thing) -> bool:
    own = re.compile(rf"\bth(?:is|e present) (?:{'|'.join(re.escape(n) for n in (thing.label, *thing.names))})(?!\w)")
    return any(own.search(e.passage.quote) for e in thing.evidence)


_ANNEXES = re.compile(r"(?im)^[^\w\n]*(?:annex|appendix|attachment|enclosure)\b")
_BEFORE_ANNEX = re.compile(r"(?:^|\n)[\W_]*(?:annex|appendix|attachment|enclosure)\b[^\n]{0,40}\s*\Z", re.I)


def _printed(paper: DocumentFacts, thing: Thing, adopted: bool) -> bool:
    """Whether a line of the paper is the instrument's name alone, and the instrument is an annex or adopted there: its
    words follow. A heading over what the meeting said of an instrument is neither."""
    for name in {thing.label, *thing.names}:
        words = r"\s+".join(re.escape(w) for w in name.split())
        for line in re.finditer(rf"(?im)^[^\w\n]*{words}[^\w\n]*$", paper.document.text):
            if adopted or _BEFORE_ANNEX.search(paper.document.text, 0, line.start()):
                return True
    return False


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
    # '1997 Suva Treaty' is of 1997; the years of 'Work Plan 2015-17' or 'Vision 2040' are not those of its issue.
    year = re.match(r"(?:the )?((?:19|20)\d\d) (?!Agenda|Vision)", entity.label, re.I)
    date = corpus.day(corpus.entities[issuer], last=True) if issuer else year[1] if year else ""
    law = entity.type in ("convention", "protocol") or kind_of("missing", entity.label) == "law"
    kind: Kind = "treaty" if law else "instrument"
    return Missing(f"missing/{entity.key.partition('/')[2]}", kind, entity.label, entity.key, date, _once(places))


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


def _coming(sentence: Passage) -> bool:
    return bool(kind_of("tense", sentence.quote))


_ACTS = frozenset({"adopts", "establishes", "consideredAt", "incorporatedInto", "deliversOn", "reviews"})


def _meetings(corpus: Corpus, quoted: dict[str, list[Cited]], issuing: set[str]) -> list[Missing]:
    """Meetings that no paper reports on and of which one tells what they decided or took up; not those whose statement is
    on the list already, nor those that were still to come."""
    own = {key for key in corpus.meetings.values() if key}
    told: set[str] = set()
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
        for fact_ in paper.facts:
            if isinstance(fact_, Commitment) and fact_.made_at:
                told.add(corpus.entity(paper, fact_.made_at).key)
            elif isinstance(fact_, Link) and fact_.relation in _ACTS and not _coming(fact_.evidence[0].passage):
                told.update(corpus.entity(paper, t).key for t in (fact_.source, fact_.target))
    found = []
    for key in sorted((told & places.keys()) - own - issuing):
        entity, cited = corpus.entities[key], _once([*places[key], *quoted.get(key, [])])
        if len(folded(entity.label)) > 2 and not all(_coming(c.passage) for c in cited):
            label = f"Record of the {entity.label}"
            key_ = f"missing/{key.partition('/')[2]}"
            found.append(Missing(key_, "meeting", label, key, corpus.day(entity, last=True), cited))
    return found
