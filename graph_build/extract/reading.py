"""A document on its way to facts: its sentences as rules see them, and the meeting that each of them speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from graph_build import rules
from graph_build.records import Block, Evidence, Mention, Mentioned, Passage, Thing

KINDS = ("date", "state", "adjective", "place", "body", "instrument", "event", "person")
"""Kinds that are placeholders in the rules of attendance, people and membership; speaking groups stay words."""
_PLURAL = re.compile(r"\b(?:[Mm]eetings|[Ee]vents|[Ss]essions|[Ww]orkshops|[Cc]onferences|[Ss]ummits|both|two)\b")
_ABBREVIATION = re.compile(r"(?:\b[A-Z]|\bSt|\bMr|\bMs|\bDr)$")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_OTHER = re.compile(
    r"\b(?:an?|another|other|next|future|forthcoming|upcoming|proposed|planned|previous|preceding|last|past|earlier|former|recent|separate|similar|own|annual|subsequent|follow-up|ensuing|regular|further|additional|virtual town|such|any|each|every|future|preparatory)\s+(?:[\w’'-]+\s+){0,3}(?:[\w’'-]+)?$"
)
_GENERIC = frozenset(
    (
        "meeting",
        "session",
        "workshop",
        "symposium",
        "seminar",
        "conference",
        "forum",
        "summit",
        "dialogue",
        "event",
        "the",
        "this",
        "these",
        "our",
        "roundtable",
        "training",
        "course",
        "discussion",
        "discussions",
        "consultation",
        "consultations",
        "gathering",
        "commission",
        "council",
        "committee",
        "talks",
        "ceremony",
        "meetings",
        "events",
        "sessions",
    )
)
_BRACKETED = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Stretch:
    """A sentence, list item, heading or table row: range `[start, end)` of a block's view."""

    block: Block
    start: int
    end: int
    words: frozenset[str]

    @property
    def text(self) -> str:
        return self.block.view.text[self.start : self.end]


@lru_cache(maxsize=1)
def _meeting() -> re.Pattern[str]:
    """A meeting as rules see it: mentions of meetings, or a noun for one with up to five words before it."""
    macros = rules.tables("attendance")["macros"]
    assert isinstance(macros, dict)
    return re.compile(rules.expand("{meeting}", macros, "rules/attendance.toml"))


def clause_start(text: str, at: int) -> int:
    """Where the clause before an index begins: after the last semicolon, or full stop that ends a sentence."""
    start = text.rfind(";", 0, at) + 1
    stop = text.rfind(". ", 0, at)
    while stop > start and _ABBREVIATION.search(text, max(0, stop - 4), stop):
        stop = text.rfind(". ", 0, stop)
    return max(start, stop + 1)


class Reading:
    """One document with its sentences and meetings; `mentioned` already holds the persons when families read it."""

    def __init__(self, mentioned: Mentioned, stretches: tuple[Stretch, ...] | None = None) -> None:
        self.mentioned = mentioned
        self.segmented = mentioned.segmented
        self._masks: dict[tuple[int, int], rules.Masked] = {}
        self._passages: dict[tuple[int, int], Passage] = {}
        self.stretches = stretches if stretches is not None else tuple(self._stretches())

    def _stretches(self) -> Iterator[Stretch]:
        for block in self.segmented.blocks:
            if block.kind in ("furniture", "note"):
                continue
            text = block.view.text
            for s in block.sentences or ():
                found = frozenset(w.lower() for w in _BRACKETED.findall(text, s.start, s.end))
                yield Stretch(block, s.start, s.end, found)

    @cached_property
    def by_block(self) -> dict[int, tuple[Stretch, ...]]:
        found: dict[int, list[Stretch]] = {}
        for s in self.stretches:
            found.setdefault(s.block.index, []).append(s)
        return {k: tuple(v) for k, v in found.items()}

    def masked(self, s: Stretch) -> rules.Masked:
        """The stretch with its mentions as placeholders."""
        key = (s.block.index, s.start)
        if key not in self._masks:
            self._masks[key] = rules.mask(self.mentioned, s.block, s.start, s.end, KINDS)
        return self._masks[key]

    def passage(self, s: Stretch) -> Passage:
        """The passage of a whole stretch, made once."""
        key = (s.block.index, s.start)
        if key not in self._passages:
            self._passages[key] = self.segmented.passage(s.block, s.start, s.end)
        return self._passages[key]

    def evidence(self, s: Stretch, rule: str) -> Evidence:
        return Evidence(self.passage(s), rule)

    def words(self, block: Block, start: int, end: int) -> str:
        """The words at a view range, as a passage quotes them; the mark of a page cut left out."""
        return self.segmented.passage(block, start, end).quote.replace(" … ", " ")

    @cached_property
    def things(self) -> dict[str, Thing]:
        return self.mentioned.thing_of

    def _named(self, s: Stretch, masked: rules.Masked, start: int, a: int, b: int) -> tuple[str, ...]:
        """The described meetings that the masked range `[a, b)` names, by mention or by words."""
        named = tuple(m for i in range(a, b) if (m := masked.mentions.get(i)) is not None and m.kind == "event")
        if named:
            return self.events(named)
        if len(self.described) > 1 and _PLURAL.search(masked.text[a:b]):
            return self.described
        return self._by_words(s, masked, start, a, b)

    def names_any(self, s: Stretch, kinds: tuple[str, ...]) -> bool:
        """Whether a mention of one of these kinds stands in the stretch."""
        return any(m.kind in kinds and s.start <= m.start < s.end for m in self.mentioned.mentions[s.block.index])

    def _by_words(self, s: Stretch, masked: rules.Masked, start: int, a: int, b: int) -> tuple[str, ...]:
        """Meetings that plain words mean: 'the Meeting' is the section's; 'a roundtable', 'the next Forum', 'the Interfaith
        Dialogue' are others, unless a described meeting's name has these words."""
        text = masked.text
        words = text[a:b]
        dated = [
            masked.mentions[i].value[:4]
            for i in range(max(0, a - 25), a)
            if i in masked.mentions
            and masked.mentions[i].kind == "date"
            and re.fullmatch(r".(?: [\w’'-]+){0,3} ?", text[i:a])
        ]
        if dated and not any(year in self._years for year in dated):
            return ()
        before = text[max(start, a - 60) : a] if start < a else text[max(0, a - 25) : a]
        if _OTHER.search(f"{before[-40:]}{words}"):
            return ()
        named = [
            w
            for w in re.findall(r"[A-Z][\w’'-]+", words[1:] if words[:1].isupper() and not before.strip() else words)
            if w.lower() not in _GENERIC
        ]
        if not named:
            return self.settings[s.block.index]
        return tuple(e for e in self.described if all(w.lower() in self.things[e].label.lower() for w in named))[:1]

    # meetings

    @cached_property
    def described(self) -> tuple[str, ...]:
        return self.mentioned.described

    @cached_property
    def settings(self) -> tuple[tuple[str, ...], ...]:
        """For each block the described meetings that its section is about: those that the innermost heading above it
        names, else the main one."""
        main = (self.mentioned.main,) if self.mentioned.main in self.described else self.described[:1]
        if len(self.described) < 2:
            return (main,) * len(self.segmented.blocks)
        named: dict[str, tuple[str, ...]] = {}
        found: list[tuple[str, ...]] = []
        for block in self.segmented.blocks:
            if block.kind == "heading":
                named[block.text] = self.events(self.mentioned.mentions[block.index])
            found.append(next((named[h] for h in reversed(block.section) if named.get(h)), main))
        return tuple(found)

    def events(self, mentions: tuple[Mention, ...]) -> tuple[str, ...]:
        """Ids of the described meetings among mentions, each once."""
        return tuple(
            dict.fromkeys(
                m.thing for m in mentions if m.kind == "event" and m.thing in self.described and self._in_time(m)
            )
        )

    def _in_time(self, m: Mention) -> bool:
        """'The 2010 workshop' is not the workshop of 2014."""
        years = _YEAR.findall(self.segmented.blocks[m.block].view.text[m.start : m.end])
        return not years or not self._years or any(y in self._years for y in years)

    def meant(self, s: Stretch, masked: rules.Masked, match: re.Match[str], back: bool = False) -> tuple[str, ...]:
        """The described meetings that a match speaks of.

        Those in its group 'event'; none where that group names only others. Without one, the meeting of the section;
        'both events' and other plurals are all that the document describes.
        """
        if "event" in match.re.groupindex and match.group("event"):
            return self._named(s, masked, match.start(), *match.span("event"))
        if back:
            start = max(clause_start(masked.text, match.start()), match.start() - 200)
            before = [m.span() for m in _meeting().finditer(masked.text, start, match.start())]
            if before:
                return self._named(s, masked, start, *before[-1])
        return self.settings[s.block.index]

    def holder(self, event: str) -> str:
        """The narrowest body whose meeting this is: the one whose name holds the most of the meeting's; '' where none."""
        label = self.things[event].label.lower()

        def share(body: str) -> int:
            t = self.things[body]
            return max((len(n) for n in (t.label, t.acronym, *t.names) if n and n.lower() in label), default=0)

        return min(self.own_bodies(event), key=lambda b: (-share(b), b), default="")

    @cached_property
    def _years(self) -> frozenset[str]:
        """Years of the described meetings."""
        return frozenset(
            v.value[:4]
            for f in self.mentioned.events
            if f.event in self.described
            for v in (f.start, f.end)
            if v is not None
        )

    def own_bodies(self, event: str) -> frozenset[str]:
        """Bodies whose meeting this is: those named inside its name."""
        return self._own.get(event, frozenset())

    @cached_property
    def _own(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {e: set() for e in self.described}
        for mentions in self.mentioned.mentions:
            for m in mentions:
                if m.kind == "event" and m.thing in found:
                    found[m.thing] |= {
                        x.thing
                        for x in mentions
                        if x.kind == "body" and x.thing and m.start <= x.start and x.end <= m.end
                    }
        for event, bodies in found.items():
            label = self.things[event].label.lower()
            for t in self.mentioned.things:
                if t.kind == "body" and any(len(n) > 2 and n.lower() in label for n in (t.label, t.acronym, *t.names)):
                    bodies.add(t.id)
            if not bodies and event == self.mentioned.main and (above := body_above(self.mentioned)) is not None:
                bodies.add(above.thing)
        return {e: frozenset(b) for e, b in found.items()}


def body_above(mentioned: Mentioned) -> Mention | None:
    """The body with whose name the title line above the main meeting's opens: 'HARBOUR DIALOGUE' over 'SENIOR OFFICIALS’
    MEETING'; None where the lines say nothing of the kind."""
    titles = [b for b in mentioned.segmented.blocks if b.kind == "title"]
    for above, own in pairwise(titles):
        if own.index == above.index + 1 and any(
            m.kind == "event" and m.thing == mentioned.main for m in mentioned.mentions[own.index]
        ):
            for m in mentioned.mentions[above.index]:
                if (
                    m.kind == "body"
                    and m.thing
                    and mentioned.thing_of[m.thing].named
                    and not above.text[: m.start].strip()
                ):
                    rest = above.text[m.end :].strip()
                    if not rest or re.match(r"(?i)(?:on|for|of|among|between|\([A-Z]+\)$)", rest):
                        return m
            return None
    return None
