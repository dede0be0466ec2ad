"""For whom a sentence speaks where it does not say so itself: 'we', 'they', 'it', passives and impersonal sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from graph_build.extract.commitments.actors import head_of
from graph_build.extract.commitments.acts import Reading
from graph_build.extract.commitments.clauses import Words, words
from graph_build.extract.commitments.lexicon import lexicon
from graph_build.records import Block, Mentioned, Passage, Value

_ACTORS = ("state", "body", "person")
_WE = re.compile(
    r"\b(?:[Ww]e|WE), (?:the )?(?P<who>[^,;:]{4,120}?)(?=,|;|:| (?:met|meeting|gathered|assembled|have|from|who|participating|attending|convened|reaffirm|adopt|agree)\b)"
)
_AS = re.compile(
    r"\bAs (?:a |an |the )?(?P<who>(?:[A-Z][\w’'-]*|members|leaders|ministers|partners|parties)(?: (?:of|[A-Z][\w’'-]*|members|leaders))*),? we\b"
)
_ENACTS = re.compile(
    r"\W*(?:[Tt]he |THE )(?P<who>(?:[A-Z][\w’'-]*|of|the|and|for|on)(?: (?:[A-Z][\w’'-]*|of|the|and|for|on)){0,14}?)(?:,| meeting| assembled| having met| gathered)[^.]*$"
)
_MADE_BY = re.compile(
    r"\b[Rr]ecommendations? (?:made )?(?:from|by|of) (?:the )?(?P<who>[\w ,’'-]{4,60}?) (?:centred|centered|focused|focussed|included|include|were|are|that)\b"
)
_TITLE = (
    (re.compile(r"\b(?:heads of (?:state|government)|leaders|presidents|summit)\b", re.I), ("leaders",)),
    (re.compile(r"\b(?:ministers|ministerial)\b", re.I), ("ministers",)),
    (re.compile(r"\bco-?chairs?\b", re.I), ("co-chairs", "co-chair")),
)
_GROUP = re.compile(
    r"\b(?:(?:[A-Z][\w’'-]+ ){0,4})(?:leaders|ministers|members|participants|co-chairs|parties|sides|governments|economies|delegates|panelists|panellists|experts|countries|states|heads of (?:state and )?government)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker as the document writes it, with the passage where that stands."""

    name: str
    passage: Passage
    known: str = "stated"
    rule: str = "commitments/subject"

    def value(self) -> Value:
        known = "stated" if self.known == "stated" else "inferred"
        return Value(self.name, self.name, self.passage, self.rule, known)  # type: ignore[arg-type]  # one of two literals


def named(mentioned: Mentioned, block: Block, start: int, end: int) -> list[tuple[int, int]]:
    """Ranges, relative to `start`, of the names of those who can act."""
    return [
        (max(m.start, start) - start, min(m.end, end) - start)
        for m in mentioned.mentions[block.index]
        if m.kind in _ACTORS and m.start < end and m.end > start
    ]


@dataclass
class Voices:
    """The speakers of one document.

    `sentences` are (block, start, end) of everything that is read; subjects of sentences are found when first asked for.
    """

    mentioned: Mentioned
    readings: Mapping[tuple[int, int], tuple[Words, Reading]]
    _default: Voice | None = None
    _we: Voice | None = None
    _paragraphs: dict[int, Voice | None] = field(default_factory=dict)
    _known: bool = False
    _names: dict[str, set[int]] | None = None

    def subjects(self, block: Block) -> Iterator[tuple[int, str, Passage]]:
        """(view offset, name, passage) of the speaking groups that are subjects in a paragraph."""
        for s in block.sentences:
            found = self.readings.get((block.index, s.start))
            if found is None:
                continue
            w, reading = found
            if reading.subject:
                a, b = head_of(w, *reading.subject)
                name = w.cut(a, b)
                if w.low[a] in ("we", "they", "it", "he", "she", "i"):
                    continue
                yield s.start + w.starts[a], name, self.mentioned.segmented.passage(block, s.start, s.end)

    def elsewhere(self, name: str, block: Block) -> bool:
        """Whether a speaker is also the subject of sentences in other paragraphs: it speaks for this paper."""
        if self._names is None:
            self._names = {}
            for (index, _), (w, reading) in self.readings.items():
                if reading.subject is not None:
                    a, b = head_of(w, *reading.subject)
                    self._names.setdefault(w.cut(a, b).lower(), set()).add(index)
        return bool(self._names.get(name.lower(), set()) - {block.index})

    def paragraph(self, block: Block) -> Voice | None:
        """The group that speaks in a paragraph: the first that is the subject of what is said there."""
        if block.index not in self._paragraphs:
            self._paragraphs[block.index] = self._paragraph(block)
        return self._paragraphs[block.index]

    def _paragraph(self, block: Block) -> Voice | None:
        made = _MADE_BY.search(block.view.text)
        if made:
            s = next((s for s in block.sentences if s.start <= made.start() < s.end), None)
            if s is not None and _speaks(made.group("who")):
                return Voice(
                    made.group("who"),
                    self.mentioned.segmented.passage(block, s.start, s.end),
                    "inferred",
                    "commitments/paragraph-speaker",
                )
        said = [(name, passage) for _, name, passage in self.subjects(block) if _speaks(name)]
        people = [pair for pair in said if level_of(pair[0], frozenset()) != "body"]
        for name, passage in people or said:  # 'participants' rather than 'the workshop'
            return Voice(name, passage, "inferred", "commitments/paragraph-speaker")
        return None

    def enacting(self, block: Block) -> Voice | None:
        """Who enacts an operative paragraph without a subject: 'The Assembly,' or 'We, the Ministers of …,' before it."""
        for before in reversed(self.mentioned.segmented.blocks[: block.index]):
            if _WE.match(before.view.text):
                return self.we()
            match = _ENACTS.match(before.view.text) if before.kind != "furniture" else None
            if match:
                passage = self.mentioned.segmented.sentence_at(
                    self.mentioned.segmented.passage(before, match.start("who"), match.end("who"))
                )
                return Voice(match.group("who"), passage, "inferred", "commitments/enacting")
        return self.we() or self.default()

    @cached_property
    def speaker(self) -> Voice | None:
        """Who gives the speech, named in its heading; None for other papers."""
        if self.mentioned.genre != "speech":
            return None
        for block in self.mentioned.segmented.blocks[:8]:
            for m in self.mentioned.mentions[block.index]:
                if m.kind == "person" and m.thing and m.end - m.start >= 0.6 * len(block.text.strip()):
                    name = self.mentioned.thing_of[m.thing].label
                    if name in block.text:
                        passage = self.mentioned.segmented.passage(block, m.start, m.end)
                        return Voice(name, passage, "inferred", "commitments/speaker")
        return None

    def _search(self) -> None:
        """Finds whom 'we' and impersonal sentences stand for in the whole document."""
        self._known = True
        counts: Counter[str] = Counter()
        first: dict[str, Voice] = {}
        segmented = self.mentioned.segmented
        participants: Voice | None = None
        for block in segmented.blocks:
            if block.kind in ("furniture", "note"):
                continue
            text = block.view.text
            if self._we is None and ("We," in text or "WE," in text or "we," in text or "As " in text):
                for pattern in (_WE, _AS):
                    match = pattern.search(text)
                    if match and self._we is None:
                        passage = segmented.sentence_at(segmented.passage(block, match.start("who"), match.end("who")))
                        who = match.group("who")
                        if re.match(r",? (?:[A-Z]|the [A-Z])", text[match.end("who") :]):
                            who = who.partition(" of ")[0]  # 'We, the Ministers of Chile, Peru and …'
                        w = words(who)
                        a, b = head_of(w, 0, len(w))
                        self._we = Voice(w.cut(a, b), passage, "inferred", "commitments/we")
            if participants is None:
                match = re.search(r"\b[Pp]articipants\b", text)
                if match:
                    passage = segmented.sentence_at(segmented.passage(block, match.start(), match.end()))
                    participants = Voice(match.group(), passage, "inferred", "commitments/those-present")
            for _, name, passage in self.subjects(block):
                if _speaks(name):
                    counts[name.lower()] += 1
                    first.setdefault(name.lower(), Voice(name, passage, "inferred", "commitments/those-present"))
        common = sorted(counts, key=lambda n: (-counts[n], n))
        # of 'members' and 'CRI members' the fuller name says more
        if common:
            best = common[0]
            fuller = [n for n in common if n != best and n.endswith(" " + best)]
            if fuller and counts[fuller[0]] * 2 >= counts[best]:
                best = fuller[0]
            if self._we is None:
                self._we = Voice(first[best].name, first[best].passage, "inferred", "commitments/we")
        if participants is not None and participants.name.lower() in counts:
            self._default = participants
        elif common and counts[common[0]] >= 2:
            self._default = first[common[0]]
        else:
            self._default = participants or (first[common[0]] if common else None)
        if self.speaker is not None:
            self._default = self.speaker
            if self._we is None or self._we.rule == "commitments/we" and _WE.search(self._we.passage.quote) is None:
                self._we = self.speaker
        if self._we is None:
            self._we = self._title()

    def _title(self) -> Voice | None:
        """Leaders or ministers, where the title says whose paper it is and the text writes the word."""
        for pattern, nouns in _TITLE:
            if pattern.search(self.mentioned.title):
                for noun in nouns:
                    for block in self.mentioned.segmented.blocks:
                        match = re.search(rf"\b{noun}\b", block.view.text, re.I)
                        if match:
                            passage = self.mentioned.segmented.sentence_at(
                                self.mentioned.segmented.passage(block, match.start(), match.end())
                            )
                            return Voice(match.group(), passage, "inferred", "commitments/we")
        return None

    def we(self) -> Voice | None:
        if not self._known:
            self._search()
        return self._we

    def default(self) -> Voice | None:
        if not self._known:
            self._search()
        return self._default


def _speaks(name: str) -> bool:
    """Whether a subject is a group (or the meeting itself) that can speak for the paper."""
    tokens = name.lower().split()
    speakers = lexicon().speakers
    head = tokens[: next((k for k, t in enumerate(tokens) if t in ("of", "on", "for", "from")), len(tokens))]
    return bool(head) and head[-1].strip(",") in speakers - {"side", "party"}


def level_of(name: str, kinds: frozenset[str]) -> str:
    """The level at which a speaker speaks: by the noun that it is called by, else state or body by what it names."""
    lex = lexicon()
    tokens = re.findall(r"[\w’'-]+", name.lower())
    of = next((k for k, t in enumerate(tokens) if t in ("of", "on", "for", "from")), len(tokens))
    head = tokens[:of]
    pairs = [" ".join(head[k : k + 2]) for k in range(len(head) - 1)]
    if (
        head
        and all(t[:1].isupper() or t in ("and", "the", "of") for t in name.split())
        and kinds == frozenset({"state"})
    ):
        return "state"
    found = [lex.levels[t] for t in (*head, *pairs) if t in lex.levels]
    if head and head[-1] in lex.levels:
        last = lex.levels[head[-1]]
        if last != "members" or len(found) == 1:
            return last
    if found:
        return min(found, key=lambda level: lex.ranks[level])
    if "state" in kinds:
        return "state"
    if "body" in kinds:
        return "body"
    if "person" in kinds:
        return ""
    return ""
