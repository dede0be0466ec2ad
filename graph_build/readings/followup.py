"""What later papers say of each commitment; and where they say nothing, in how many papers that was looked for.

A follow-up is only what a paper says in a link or repeats in words, each with its sentence and its scope:

commitment  the sentence of the link names the commitment itself, or repeats its words
meeting     the paper speaks of what the meeting decided or of its outcomes, not of one commitment
body        the body that the commitment called for met
instrument  the plan or statement that the commitment names was adopted, reviewed or delivered on

A status is given only where the sentence itself has words for one (`status.toml`), and only to the commitment that
it speaks of.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal, NamedTuple

from graph_build.errors import RuleError
from graph_build.readings.language import Reuse, measure
from graph_build.readings.papers import Corpus, before, overlap
from graph_build.readings.said import folded
from graph_build.records import Commitment, DocumentFacts, Entity, Link, Outline, Passage, Relation, occurs

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
    """A commitment of which no later paper says anything: `papers` later ones were looked through, dated from `first`
    to `last`, `of_forum` of them of the same forum."""

    paper: str
    commitment: str
    papers: int
    first: str
    last: str
    of_forum: int


class Told(NamedTuple):
    """A link as one paper tells it; `number` is its place among the paper's links."""

    paper: str
    number: int
    source: Entity
    relation: Relation
    target: Entity


@lru_cache(1)
def _statuses() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return status_words(resources.files(__package__).joinpath("status.toml").read_text("utf-8"))


def status_words(text: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The status words of a TOML text, examples and counterexamples checked; RuleError where one fails."""
    found = []
    for row in tomllib.loads(text)["status"]:
        pattern = re.compile(row["pattern"], re.I)
        bad = [e for e in row["examples"] if not pattern.search(e)] + [
            e for e in row["counterexamples"] if pattern.search(e)
        ]
        if bad or not row["examples"]:
            raise RuleError(f"an example fails: {bad[0] if bad else 'none given'}", f"status.toml [{row['id']}]")
        found.append((row["id"], pattern))
    return tuple(found)


def status_of(sentence: str) -> str:
    """The status that a sentence states, or ''."""
    return next((id_ for id_, pattern in _statuses() if pattern.search(sentence)), "")


class Links:
    """The links of all papers by what they touch, so that each commitment looks only at its own."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.by_target: dict[str, list[Told]] = defaultdict(list)
        self.by_source: dict[str, list[Told]] = defaultdict(list)
        self.by_paper: dict[str, list[Told]] = defaultdict(list)
        of = corpus.resolution.of
        for paper in corpus.outlines:
            for number, (source, relation, target) in enumerate(paper.links):
                told = Told(paper.key, number, of[paper.key, source], relation, of[paper.key, target])
                self.by_target[told.target.key].append(told)
                self.by_source[told.source.key].append(told)
                self.by_paper[paper.key].append(told)

    def sentence(self, told: Told) -> Passage:
        """The sentence of a link."""
        links = [f for f in self.corpus.papers[told.paper].facts if isinstance(f, Link)]
        return links[told.number].evidence[0].passage

    def named(self, told: Told, meeting: str) -> list[Commitment]:
        """The commitments of a meeting that the sentence of a link names."""
        sentence = self.sentence(told)
        return [
            f
            for f in self.corpus.papers[told.paper].facts
            if isinstance(f, Commitment)
            and f.made_at
            and self.corpus.entity(told.paper, f.made_at).key == meeting
            and overlap(f.evidence[0].passage, sentence)
        ]

    def touching(self, paper: Outline) -> Iterator[Told]:
        """Every link of any paper that can decide what follows the commitments of this one: those of its meetings and
        of what they adopt, of the bodies that it says are established, of its instruments."""
        of = self.corpus.resolution.of
        near = {of[paper.key, t.id].key for t in paper.things if t.kind in ("event", "instrument")}
        issued = {t.target.key for key in near for t in self.by_source.get(key, ()) if t.relation == "adopts"}
        founded = {t.target.key for t in self.by_paper.get(paper.key, ()) if t.relation == "establishes"}
        for key in sorted(near | issued | founded):
            yield from self.by_target.get(key, ())
            yield from self.by_source.get(key, ())


def _one_act(one: Commitment, other: Commitment) -> bool:
    """Whether two papers tell of one commitment of a meeting: the same words but for a few."""
    return one is other or measure(folded(one.clause.quote), folded(other.clause.quote)) >= SAME_ACT


def follow_ups(
    links: Links, paper: str, again: Iterable[Reuse]
) -> tuple[tuple[FollowUp, ...], tuple[tuple[str, str], ...]]:
    """What the papers say later of each commitment of a paper; and (commitment, event at which it was made) of those
    of which they say nothing.

    again  what others say again of this paper
    """
    repeats = [reuse for reuse in again if not reuse.boilerplate and reuse.order == "later"]
    facts = links.corpus.papers[paper]
    found: list[FollowUp] = []
    silent: list[tuple[str, str]] = []
    for fact in facts.facts:
        if isinstance(fact, Commitment):
            rows = _of(links, facts, fact, repeats)
            found += rows
            if not rows:
                silent.append((fact.id, fact.made_at))
    return tuple(found), tuple(silent)


def _of(links: Links, paper: DocumentFacts, fact: Commitment, repeats: list[Reuse]) -> list[FollowUp]:
    corpus = links.corpus
    rows: list[FollowUp] = []
    meeting = corpus.entity(paper.document.key, fact.made_at) if fact.made_at else None
    when = (corpus.day(meeting) if meeting else "") or corpus.dates[paper.document.key]
    if meeting:
        rows += _meeting(links, paper, fact, meeting, when)
    rows += _things(links, paper, fact, meeting, when)
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


def _meeting(links: Links, paper: DocumentFacts, fact: Commitment, meeting: Entity, when: str) -> list[FollowUp]:
    """Later meetings that deliver on the meeting or its statement, and where its outcomes went."""
    corpus = links.corpus
    rows = []
    issued = {t.target.key for t in links.by_source[meeting.key] if t.relation == "adopts"}
    for target in sorted({meeting.key, *issued}):
        for told in links.by_target[target]:
            if told.relation == "deliversOn" and _later(corpus, told.source, when, meeting):
                named = links.named(told, meeting.key)
                own = any(_one_act(fact, other) for other in named)
                if own or not named:
                    scope: Scope = "commitment" if own else "meeting"
                    rows.append(_row(paper, fact, "delivered-on", scope, links.sentence(told), told.source.key))
    for told in links.by_source[meeting.key]:
        if told.relation in ("consideredAt", "incorporatedInto") and _later(corpus, told.target, when, meeting):
            rows.append(_row(paper, fact, _KIND[told.relation], "meeting", links.sentence(told), told.target.key))
    return rows


def _later(corpus: Corpus, thing: Entity, when: str, meeting: Entity | None) -> bool:
    if meeting and thing.key == meeting.key:
        return False
    return thing.kind != "meeting" or not before(corpus.day(thing, last=True), when)


def _things(links: Links, paper: DocumentFacts, fact: Commitment, meeting: Entity | None, when: str) -> list[FollowUp]:
    """Later acts on the bodies and instruments that the commitment itself calls for or names."""
    corpus = links.corpus
    rows = []
    sentence = fact.evidence[0].passage
    for told in links.by_paper[paper.document.key]:
        if (
            told.relation != "establishes"
            or not overlap(links.sentence(told), sentence)
            or told.target.kind == "instrument"
        ):
            continue
        if not _calls_for(fact, paper, told):
            continue
        for held in links.by_target[told.target.key]:
            if held.relation == "heldBy" and _later(corpus, held.source, when, meeting):
                rows.append(_row(paper, fact, "body-met", "body", links.sentence(held), held.source.key))
    for thing in paper.things:
        if thing.kind == "instrument" and any(occurs(n, fact.clause.quote) for n in (thing.label, *thing.names) if n):
            key = corpus.entity(paper.document.key, thing.id).key
            for told in links.by_target[key]:
                if told.relation in ("adopts", "reviews", "deliversOn") and _later(corpus, told.source, when, meeting):
                    rows.append(
                        _row(paper, fact, _KIND[told.relation], "instrument", links.sentence(told), told.source.key)
                    )
    return rows


def _calls_for(fact: Commitment, paper: DocumentFacts, told: Told) -> bool:
    """Whether the clause itself speaks of founding: a verb of founding stands in it."""
    return bool(
        re.search(r"\b(?:establish|creat|set up|form|launch|found|institut|constitut)", fact.clause.quote, re.I)
    )


def silences(corpus: Corpus, paper: str, silent: Iterable[tuple[str, str]]) -> tuple[Silence, ...]:
    """In how many later papers something was looked for of each silent commitment (see `follow_ups`) of a paper."""
    searched: dict[str, tuple[int, str, str, int]] = {}
    found = []
    for commitment, made_at in silent:
        if made_at not in searched:
            searched[made_at] = _searched(corpus, paper, made_at)
        found.append(Silence(paper, commitment, *searched[made_at]))
    return tuple(found)


def _searched(corpus: Corpus, paper: str, made_at: str) -> tuple[int, str, str, int]:
    meeting = corpus.entity(paper, made_at) if made_at else None
    when = (corpus.day(meeting, last=True) if meeting else "") or corpus.dates[paper]
    own = {paper}
    for told in {meeting.key if meeting else "", corpus.meetings[paper]} - {""}:
        own.update(corpus.papers_of.get(told, ()))
    papers, first, last = corpus.later(when, own)
    forum = corpus.forums[paper]
    return papers, first, last, corpus.later(when, own, forum)[0] if forum else 0
