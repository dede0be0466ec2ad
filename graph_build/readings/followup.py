"""What later papers say of each commitment; and where they say nothing, in how many papers that was looked for.

A follow-up is only what a paper says in a link or repeats in words, each with its sentence and its scope:

commitment  the sentence of the link names the commitment itself, or repeats its words
meeting     the paper speaks of what the meeting decided or of its outcomes, not of one commitment
body        the body that the commitment called for met
instrument  the plan or statement that the commitment names was adopted, reviewed or delivered on

What a sentence only expects or plans is no follow-up (`tense.toml`). A status is given only where the sentence itself
has words for one (`status.toml`), and only to the commitment that it speaks of.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from graph_build.readings.language import Reuse, folded, measure
from graph_build.readings.papers import Corpus, before, overlap
from graph_build.readings.patterns import kind_of
from graph_build.records import Commitment, DocumentFacts, Entity, Link, Passage, occurs

Scope = Literal["commitment", "meeting", "body", "instrument"]
Kind = Literal["delivered-on", "considered", "incorporated", "reviewed", "adopted", "body-met", "repeated"]

SAME_ACT = 0.8
"""Least measure of two clauses that two papers give as a decision of one meeting, to be taken for one decision."""
_KIND: dict[str, Kind] = {
    "deliversOn": "delivered-on", "consideredAt": "considered", "incorporatedInto": "incorporated",
    "reviews": "reviewed", "adopts": "adopted",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One later mention of a commitment.

    paper, commitment  the paper that states the commitment and the commitment's id there
    kind, scope, status  see the module; status '' where no words give one
    followed_in  the paper that says so; passage its sentence; by the key of the meeting or instrument that follows up, or ''
    """

    paper: str
    commitment: str
    kind: Kind
    scope: Scope
    followed_in: str
    passage: Passage
    by: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Silence:
    """A commitment of which no later paper says anything.

    papers    how many later papers were looked through, dated from `first` to `last`
    of_forum  how many of them are of the same forum, or -1 where the forum of its own paper is not known
    dated     whether it is known when the commitment was made; if not, no paper can be called later
    """

    paper: str
    commitment: str
    papers: int
    first: str
    last: str
    of_forum: int
    dated: bool = True

    def __str__(self) -> str:
        if not self.dated:
            return "it is not known when this was made, so no paper can be called later: nothing can be said"
        if not self.papers:
            return "no later paper is held: nothing can be said"
        noun = "paper" if self.papers == 1 else "papers"
        forum = (
            "; the forum of its own paper is not known"
            if self.of_forum < 0
            else f", of which {self.of_forum} of this forum"
        )
        when = f"of {self.first}" if self.first == self.last else f"from {self.first} to {self.last}"
        return f"no later mention found in {self.papers} {noun} {when}{forum}"


@dataclass(frozen=True)
class _Told:
    """A link as one paper tells it."""

    paper: DocumentFacts
    link: Link
    source: Entity
    target: Entity
    sentence: Passage


def status_of(sentence: str) -> str:
    """The status that a sentence states, or ''."""
    return kind_of("status", sentence)


_TOLD = re.compile(
    r"[“\"].*?[”\"]|\bwh(?:ere|en|ich|o)\b[^,;.]*?\b(?:agreed|directed|decided|committed|undertook|pledged)\b.*$", re.S
)
"""What a sentence only tells again: quoted words, and what 'where Ministers directed' opens."""


def to_come(sentence: str) -> bool:
    """Whether a sentence speaks of what is still to come."""
    return bool(kind_of("tense", _TOLD.sub(" ", sentence)))


class _Index:
    """Links by what they touch, so that each commitment looks only at its own."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.by_target: dict[str, list[_Told]] = defaultdict(list)
        self.by_source: dict[str, list[_Told]] = defaultdict(list)
        self.by_paper: dict[str, list[_Told]] = defaultdict(list)
        for paper in corpus.papers:
            for link in paper.facts:
                if isinstance(link, Link) and not to_come(link.evidence[0].passage.quote):
                    told = _Told(
                        paper, link, corpus.entity(paper, link.source), corpus.entity(paper, link.target),
                        link.evidence[0].passage,
                    )  # fmt: skip
                    self.by_target[told.target.key].append(told)
                    self.by_source[told.source.key].append(told)
                    self.by_paper[paper.document.key].append(told)
        self.commitments: dict[str, list[tuple[DocumentFacts, Commitment]]] = defaultdict(list)
        for paper in corpus.papers:
            for fact in paper.facts:
                if isinstance(fact, Commitment) and fact.made_at:
                    self.commitments[corpus.entity(paper, fact.made_at).key].append((paper, fact))

    def named(self, told: _Told, meeting: str) -> list[Commitment]:
        """The commitments of a meeting that the sentence of a link names."""
        return [
            c for p, c in self.commitments[meeting] if p is told.paper and overlap(c.evidence[0].passage, told.sentence)
        ]


def _one_act(one: Commitment, other: Commitment) -> bool:
    """Whether two papers tell of one commitment of a meeting: the same words but for a few."""
    return one is other or measure(folded(one.clause.quote), folded(other.clause.quote)) >= SAME_ACT


def follow_ups(corpus: Corpus, language: Iterable[Reuse]) -> tuple[tuple[FollowUp, ...], tuple[Silence, ...]]:
    """What the papers say later of each commitment, and those of which they say nothing."""
    index = _Index(corpus)
    repeats: dict[str, list[Reuse]] = defaultdict(list)
    for reuse in language:
        if not reuse.boilerplate and reuse.order == "later":
            repeats[reuse.earlier.document].append(reuse)
    found: list[FollowUp] = []
    silent: list[Silence] = []
    for paper in corpus.papers:
        for fact in paper.facts:
            if isinstance(fact, Commitment):
                rows = _of(index, paper, fact, repeats[paper.document.key])
                found += rows
                if not rows:
                    silent.append(_silence(corpus, paper, fact))
    return tuple(found), tuple(silent)


def _of(index: _Index, paper: DocumentFacts, fact: Commitment, repeats: list[Reuse]) -> list[FollowUp]:
    corpus = index.corpus
    rows: list[FollowUp] = []
    meeting = corpus.entity(paper, fact.made_at) if fact.made_at else None
    when = (corpus.day(meeting) if meeting else "") or corpus.dates[paper.document.key]
    if meeting:
        rows += _meeting(index, paper, fact, meeting, when)
    rows += _things(index, paper, fact, meeting, when)
    for reuse in repeats:
        if overlap(reuse.earlier, fact.clause) and _same_words(reuse, fact):
            rows.append(_row(paper, fact, "repeated", "commitment", reuse.later, "", status=False))
    seen: dict[tuple[str, str, str, Passage], FollowUp] = {}
    for row in rows:
        seen.setdefault((row.kind, row.by, row.followed_in, row.passage), row)
    return sorted(
        seen.values(),
        key=lambda r: (corpus.dates[r.followed_in] or "9999", r.followed_in, r.passage.start, r.kind, r.by),
    )


def _same_words(reuse: Reuse, fact: Commitment) -> bool:
    """Whether the words that came again are those of the clause, not of another part of the sentence."""
    clause, words = folded(fact.clause.quote), folded(reuse.words_earlier)
    short, long = sorted((clause, words), key=len)
    return len(set(short) & set(long)) >= 0.8 * len(set(short))


def _row(
    paper: DocumentFacts, fact: Commitment, kind: Kind, scope: Scope, passage: Passage, by: str, status: bool = True
) -> FollowUp:
    said = status_of(passage.quote) if status and scope == "commitment" else ""
    return FollowUp(paper.document.key, fact.id, kind, scope, passage.document, passage, by, said)


def _meeting(index: _Index, paper: DocumentFacts, fact: Commitment, meeting: Entity, when: str) -> list[FollowUp]:
    """Later meetings that deliver on the meeting or its statement, and where its outcomes went."""
    corpus = index.corpus
    rows = []
    issued = {t.target.key for t in index.by_source[meeting.key] if t.link.relation == "adopts"}
    for target in sorted({meeting.key, *issued}):
        for told in index.by_target[target]:
            if told.link.relation == "deliversOn" and _later(corpus, told.source, when, meeting):
                named = index.named(told, meeting.key)
                own = any(_one_act(fact, other) for other in named)
                if own or not named:
                    scope: Scope = "commitment" if own else "meeting"
                    rows.append(_row(paper, fact, "delivered-on", scope, told.sentence, told.source.key))
    for told in index.by_source[meeting.key]:
        if told.link.relation in ("consideredAt", "incorporatedInto") and _later(corpus, told.target, when, meeting):
            rows.append(_row(paper, fact, _KIND[told.link.relation], "meeting", told.sentence, told.target.key))
    return rows


def _later(corpus: Corpus, thing: Entity, when: str, meeting: Entity | None) -> bool:
    if meeting and thing.key == meeting.key:
        return False
    return thing.kind != "meeting" or not before(corpus.day(thing, last=True), when)


def _surely_later(corpus: Corpus, told: _Told, when: str, meeting: Entity | None) -> bool:
    """Whether an act on a thing that a commitment names came after it: by the day of the act, else by that of the paper."""
    if meeting and told.source.key == meeting.key:
        return False
    day = corpus.day(told.source, last=True) if told.source.kind == "meeting" else ""
    if day:
        return before(when, day)
    own = corpus.meetings[told.paper.document.key]
    return before(when, corpus.dates[told.paper.document.key]) and not (meeting and own == meeting.key)


def _things(index: _Index, paper: DocumentFacts, fact: Commitment, meeting: Entity | None, when: str) -> list[FollowUp]:
    """Later acts on the bodies and instruments that the commitment itself calls for or names."""
    corpus = index.corpus
    rows = []
    sentence = fact.evidence[0].passage
    for told in index.by_paper[paper.document.key]:
        if (
            told.link.relation != "establishes"
            or not overlap(told.sentence, sentence)
            or told.target.kind == "instrument"
        ):
            continue
        if not _calls_for(fact, paper, told):
            continue
        for held in index.by_target[told.target.key]:
            if held.link.relation == "heldBy" and _surely_later(corpus, held, when, meeting):
                rows.append(_row(paper, fact, "body-met", "body", held.sentence, held.source.key))
    for thing in paper.things:
        if thing.kind == "instrument" and any(occurs(n, fact.clause.quote) for n in (thing.label, *thing.names) if n):
            key = corpus.entity(paper, thing.id).key
            for told in index.by_target[key]:
                if told.link.relation in ("adopts", "reviews", "deliversOn") and _surely_later(
                    corpus, told, when, meeting
                ):
                    rows.append(
                        _row(paper, fact, _KIND[told.link.relation], "instrument", told.sentence, told.source.key)
                    )
    return rows


def _calls_for(fact: Commitment, paper: DocumentFacts, told: _Told) -> bool:
    """Whether the clause itself speaks of founding: a verb of founding stands in it."""
    return bool(
        re.search(r"\b(?:establish|creat|set up|form|launch|found|institut|constitut)", fact.clause.quote, re.I)
    )


def _silence(corpus: Corpus, paper: DocumentFacts, fact: Commitment) -> Silence:
    meeting = corpus.entity(paper, fact.made_at) if fact.made_at else None
    when = (corpus.day(meeting, last=True) if meeting else "") or corpus.dates[paper.document.key]
    key = paper.document.key
    own = {key}
    for told in {meeting.key if meeting else "", corpus.meetings[key]} - {""}:
        own.update(corpus.papers_of.get(told, ()))
    papers, first, last = corpus.later(when, own)
    forum = corpus.forums[key]
    of_forum = corpus.later(when, own, forum)[0] if forum else -1
    return Silence(key, fact.id, papers, first, last, of_forum, bool(when))
