"""The corpus as the readings look at it: papers in order of time, with their forums, and the sentence of any passage."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from graph_build.records import DocumentFacts, Entity, EventFact, Link, Passage, Resolution


@dataclass(frozen=True)
class Corpus:
    """All papers with what they name resolved."""

    papers: tuple[DocumentFacts, ...]
    resolution: Resolution

    @staticmethod
    def of(papers: Iterable[DocumentFacts], resolution: Resolution) -> Corpus:
        """The corpus in the order of its papers' keys."""
        return Corpus(tuple(sorted(papers, key=lambda p: p.document.key)), resolution)

    def entity(self, paper: DocumentFacts | str, thing: str) -> Entity:
        """The entity of a thing of a paper; KeyError where there is none."""
        key = paper if isinstance(paper, str) else paper.document.key
        return self.resolution.of[key, thing]

    @cached_property
    def by_key(self) -> dict[str, DocumentFacts]:
        """Paper by its key."""
        return {p.document.key: p for p in self.papers}

    @cached_property
    def entities(self) -> dict[str, Entity]:
        """Entity by its key."""
        return {e.key: e for e in self.resolution.entities}

    @cached_property
    def dates(self) -> dict[str, str]:
        """Paper key → its date ('2015-03-26', '2015-03', '2015' or ''): its own, else the last day of its meeting."""
        return {p.document.key: self._date(p) for p in self.papers}

    def _date(self, paper: DocumentFacts) -> str:
        if date := dict(paper.document.meta).get("date"):
            return date
        if paper.published_for:
            return self.day(self.entity(paper, paper.published_for), last=True)
        return ""

    @staticmethod
    def day(meeting: Entity, last: bool = False) -> str:
        """First or last day of a meeting, as far as it is known."""
        said = {name: value for name, value, _ in meeting.values}
        return said.get("end" if last else "start") or said.get("start", "")

    @cached_property
    def meetings(self) -> dict[str, str]:
        """Paper key → key of the meeting that it reports on, or ''."""
        return {p.document.key: self.entity(p, p.published_for).key if p.published_for else "" for p in self.papers}

    @cached_property
    def forums(self) -> dict[str, str]:
        """Paper key → key of the outermost body that holds its meeting, or ''."""
        return {p.document.key: self._forum(p) for p in self.papers}

    def _forum(self, paper: DocumentFacts) -> str:
        tops = {
            self.top(self.entity(paper, f.target).key)
            for f in paper.facts
            if isinstance(f, Link) and f.relation == "heldBy" and f.source == paper.published_for
        }
        if not tops and (opening := self._opening(paper)):
            tops = {self.top(self.entity(paper, opening).key)}
        return next(iter(tops)) if len(tops) == 1 else ""

    @staticmethod
    def _opening(paper: DocumentFacts) -> str:
        """The body whose name opens the paper's title or the name of its meeting, the longest name first; or ''."""
        heads = [paper.title, *(t.label for t in paper.things if t.id == paper.published_for)]
        plain = [re.sub(r"^the\s+", "", head.casefold()) for head in heads]
        found = [
            (len(name), t.id)
            for t in paper.things
            if t.kind == "body"
            for name in (t.label, *t.names)
            if name and any(h.startswith(n := name.casefold()) and not h[len(n) : len(n) + 1].isalnum() for h in plain)
        ]
        return max(found)[1] if found else ""

    @cached_property
    def _by_date(self) -> dict[str, list[tuple[str, str]]]:
        """Forum → (date, paper key) of its dated papers in order; '' for all papers."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for key, date in self.dates.items():
            if date:
                found[""].append((date, key))
                if self.forums[key]:
                    found[self.forums[key]].append((date, key))
        return {forum: sorted(pairs) for forum, pairs in found.items()}

    @cached_property
    def papers_of(self) -> dict[str, list[str]]:
        """Meeting → keys of the papers that report on it."""
        found: dict[str, list[str]] = defaultdict(list)
        for key, meeting in self.meetings.items():
            if meeting:
                found[meeting].append(key)
        return found

    def later(self, when: str, own: set[str], forum: str = "") -> tuple[int, str, str]:
        """How many papers (of a forum) are surely of after a date, and the first and last of their dates.

        own  keys of papers that are not counted
        """
        pairs = self._by_date.get(forum, [])
        # '2015~' is after every day of 2015: a date is later only if it is so as far as both are known.
        at = bisect_right(pairs, (when + "~", "")) if when else len(pairs)
        apart = sum(1 for key in own if key in self.dates and _stands(pairs, (self.dates[key], key), at))
        first = next((d for d, k in islice(pairs, at, None) if k not in own), "")
        last = next((d for d, k in islice(reversed(pairs), len(pairs) - at) if k not in own), "")
        return len(pairs) - at - apart, first, last

    def top(self, key: str) -> str:
        """The outermost whole of a body."""
        seen: set[str] = set()
        while key not in seen and (e := self.entities.get(key)) and e.part_of:
            seen.add(key)
            key = e.part_of
        return key

    @cached_property
    def _starts(self) -> dict[str, list[int]]:
        return {p.document.key: [s.start for s in p.sentences] for p in self.papers}

    def position(self, passage: Passage) -> int:
        """Index of the sentence of its paper in which a passage starts, or -1."""
        starts = self._starts[passage.document]
        at = bisect_right(starts, passage.start) - 1
        if at < 0 or passage.start >= self.by_key[passage.document].sentences[at].end:
            return -1
        return at

    def sentence(self, passage: Passage) -> Passage:
        """The whole sentence in which a passage starts; the passage itself where no sentence holds it."""
        at = self.position(passage)
        return self.by_key[passage.document].sentences[at] if at >= 0 else passage

    def paragraph(self, passage: Passage) -> str:
        """The number of the paragraph in which a passage starts, or ''."""
        at = self.position(passage)
        numbers = self.by_key[passage.document].paragraphs
        return numbers[at] if 0 <= at < len(numbers) else ""


def _stands(pairs: list[tuple[str, str]], pair: tuple[str, str], start: int) -> bool:
    at = bisect_left(pairs, pair, start)
    return at < len(pairs) and pairs[at] == pair


def event_facts(paper: DocumentFacts) -> dict[str, EventFact]:
    """Event id → what the paper says of it."""
    return {f.event: f for f in paper.facts if isinstance(f, EventFact)}


def before(one: str, other: str) -> bool:
    """Whether one date is surely before another; dates of unequal precision are compared as far as both are known."""
    length = min(len(one), len(other))
    return bool(length) and one[:length] < other[:length]


def overlap(one: Passage, other: Passage) -> bool:
    """Whether two passages of one paper share a character."""
    return one.document == other.document and one.start < other.end and other.start < one.end
