"""The corpus as the readings look at it: papers in order of time, with their forums, and the sentence of any passage."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from graph_build.readings.said import Said, said_of
from graph_build.records import DocumentFacts, Entity, EventFact, Outline, Passage, Resolution, outline


@dataclass(frozen=True)
class Corpus:
    """All papers with what they name resolved.

    outlines  of all papers, in the order of their keys
    papers    the facts of each by its key: looked up only where words are needed, for looking up may mean reading
    said      the sentences of each as agreed language looks at them
    """

    outlines: tuple[Outline, ...]
    papers: Mapping[str, DocumentFacts]
    said: Mapping[str, Said]
    resolution: Resolution

    @staticmethod
    def of(papers: Iterable[DocumentFacts], resolution: Resolution) -> Corpus:
        """The corpus of facts that are all at hand."""
        facts = {p.document.key: p for p in sorted(papers, key=lambda p: p.document.key)}
        said = {key: said_of(s.quote for s in p.sentences) for key, p in facts.items()}
        return Corpus(tuple(outline(p) for p in facts.values()), facts, said, resolution)

    def entity(self, paper: str, thing: str) -> Entity:
        """The entity of a thing of a paper, by its key; KeyError where there is none."""
        return self.resolution.of[paper, thing]

    @cached_property
    def by_key(self) -> dict[str, Outline]:
        """Outline by the key of its paper."""
        return {o.key: o for o in self.outlines}

    @cached_property
    def entities(self) -> dict[str, Entity]:
        """Entity by its key."""
        return {e.key: e for e in self.resolution.entities}

    @cached_property
    def dates(self) -> dict[str, str]:
        """Paper key → its date ('2015-03-26', '2015-03', '2015' or ''): its own, else the last day of its meeting."""
        return {o.key: self._date(o) for o in self.outlines}

    def _date(self, paper: Outline) -> str:
        if paper.date:
            return paper.date
        return self.day(self.entity(paper.key, paper.published_for), last=True) if paper.published_for else ""

    @staticmethod
    def day(meeting: Entity, last: bool = False) -> str:
        """First or last day of a meeting, as far as it is known."""
        said = {name: value for name, value, _ in meeting.values}
        return said.get("end" if last else "start") or said.get("start", "")

    @cached_property
    def meetings(self) -> dict[str, str]:
        """Paper key → key of the meeting that it reports on, or ''."""
        return {o.key: self.entity(o.key, o.published_for).key if o.published_for else "" for o in self.outlines}

    @cached_property
    def forums(self) -> dict[str, str]:
        """Paper key → key of the outermost body that holds its meeting, or ''."""
        return {o.key: self._forum(o) for o in self.outlines}

    def _forum(self, paper: Outline) -> str:
        tops = {
            self.top(self.entity(paper.key, target).key)
            for source, relation, target in paper.links
            if relation == "heldBy" and source == paper.published_for
        }
        if not tops and (opening := self._opening(paper)):
            tops = {self.top(self.entity(paper.key, opening).key)}
        return next(iter(tops)) if len(tops) == 1 else ""

    @staticmethod
    def _opening(paper: Outline) -> str:
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
        return {}

    def position(self, passage: Passage) -> int:
        """Index of the sentence of its paper in which a passage starts, or -1."""
        sentences = self.papers[passage.document].sentences
        starts = self._starts.get(passage.document)
        if starts is None:
            starts = self._starts[passage.document] = [s.start for s in sentences]
        at = bisect_right(starts, passage.start) - 1
        if at < 0 or passage.start >= sentences[at].end:
            return -1
        return at

    def sentence(self, passage: Passage) -> Passage:
        """The whole sentence in which a passage starts; the passage itself where no sentence holds it."""
        at = self.position(passage)
        return self.papers[passage.document].sentences[at] if at >= 0 else passage


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
