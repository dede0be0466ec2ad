"""The meetings of one document: which mentions are one meeting, which one the paper reports on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from graph_build import rules
from graph_build.mention.dates import compatible, full
from graph_build.mention.events import EventMention
from graph_build.mention.ordinals import ordinal
from graph_build.mention.things import words
from graph_build.mention.tokens import heads

_GENERIC = rules.word_list("meeting_generic")
# Heads under which one meeting goes by turns.
_LIKE = (
    frozenset(
        (
            "workshop",
            "symposium",
            "seminar",
            "conference",
            "meeting",
            "training",
            "event",
            "training course",
        )
    ),
    frozenset(("summit", "meeting", "conference", "forum")),
    frozenset(("ministerial", "meeting", "conference")),
    frozenset(("gathering", "meeting", "summit")),
    frozenset(("session", "meeting", "conference", "assembly")),
)
_SHORT_FOR_MAIN = frozenset(
    (
        "meeting",
        "workshop",
        "symposium",
        "conference",
        "seminar",
        "summit",
        "event",
        "training",
        "roundtable",
        "dialogue",
        "forum",
        "session",
        "retreat",
        "consultation",
        "consultations",
        "congress",
        "ministerial",
    )
)


@dataclass(slots=True)
class Meeting:
    """A meeting with the mentions that mean it."""

    mentions: list[EventMention] = field(default_factory=list)
    described: bool = False
    main: bool = False
    shorts: list[EventMention] = field(default_factory=list)
    label: str = ""

    @property
    def ordinals(self) -> set[str]:
        return {m.ordinal for m in self.mentions if m.ordinal}

    @property
    def heads(self) -> set[str]:
        return {m.head for m in self.mentions}

    def date(self) -> EventMention | None:
        """The mention with the finest date."""
        dated = [m for m in self.mentions if m.date is not None]
        return max(
            dated,
            key=lambda m: (
                len(m.date.value.lstrip("-")) if m.date else 0,
                not m.heading,
                -m.block,
            ),
            default=None,
        )

    @property
    def start(self) -> str:
        found = self.date()
        return found.date.value.split("/")[0] if found and found.date else ""

    def tokens(self) -> set[str]:
        return {w for m in self.mentions for w in told(m.label)}


@lru_cache(maxsize=4096)
def told(label: str) -> frozenset[str]:
    """The words of a meeting's name that tell it from others; in 'meeting of the Harbour Forum' the forum is one."""
    found = words(label)
    held_by = {"forum", "dialogue", "commission"} if {"meeting", "session"} & set(found) else set()
    return frozenset(
        w
        for w in found
        if (w not in _GENERIC or w in held_by) and not re.fullmatch(r"\d+(?:st|nd|rd|th)?", w) and not ordinal(w)
    )


def _by_initials(one: str, other: str) -> bool:
    """Whether one name has the acronym of what the other spells out: 'annual meeting of HOLN', 'Harbour Officers' Law Network'."""
    for a, b in ((one, other), (other, one)):
        for letters in re.findall(r"\b[A-Z]{3,8}\b", a):
            capitals = [w for w in re.findall(r"[^\W\d_][\w’'-]*", b) if w[0].isupper() and not ordinal(w)]
            shown = "".join(w[0] for w in capitals)
            if letters in shown and letters not in b:
                return True
    return False


def _like(head: str, known: set[str]) -> bool:
    """Whether a head noun may mean what others mean: 'ministerial' and 'conference'."""
    return head in known or any(head in like and known & like for like in _LIKE)


def same(meeting: Meeting, m: EventMention) -> bool:
    """Whether a mention means this meeting, by ordinal, date, head and name."""
    if m.ordinal and meeting.ordinals and m.ordinal not in meeting.ordinals:
        return False
    start = m.date.value.split("/")[0] if m.date else ""
    mine, theirs = told(m.label), meeting.tokens()
    if not compatible(start, meeting.start):
        # One number of one series in one month: a title's date line and the text's may differ by a misread day.
        return (
            bool(m.ordinal)
            and m.ordinal in meeting.ordinals
            and mine == theirs
            and compatible(start[:7], meeting.start[:7])
        )
    if not _like(m.head, meeting.heads):
        return False
    if m.ordinal and m.ordinal in meeting.ordinals and any(_by_initials(m.label, x.label) for x in meeting.mentions):
        return True
    # 'Australia-Indonesia Automotive Summit' and 'Australia-Indonesia Development Area Meeting' share only states
    own, known = ({w for w in words_ if not w.startswith("=")} for words_ in (mine, theirs))
    if own and known and not own & known:
        return False
    dated = len(start) == 10 and start == meeting.start
    if m.place and not dated and not (m.ordinal and m.ordinal in meeting.ordinals):
        held_in = {x.place.value.split("|")[0] for x in meeting.mentions if x.place}
        if held_in and m.place.value.split("|")[0] not in held_in:
            return False
    if dated and (mine & theirs or not mine or not theirs):
        return True
    if m.ordinal and m.ordinal in meeting.ordinals:
        return bool(mine & theirs) or not mine or not theirs
    if m.head not in meeting.heads and not meeting.main:
        return False
    if not mine:
        held_in = {x.place.value.split("|")[0] for x in meeting.mentions if x.place}
        there = m.place is not None and m.place.value.split("|")[0] in held_in
        return not m.ordinal and (meeting.main if not start else bool(meeting.start) and there)
    common = len(mine & theirs)
    subset = any(mine <= told(x.label) or told(x.label) <= mine for x in meeting.mentions if told(x.label))
    # another ordinal or a date on one side only: the same series, not surely the same meeting
    if (m.ordinal or start) and not meeting.ordinals and not meeting.start and not meeting.main:
        return subset and common >= 2
    if (meeting.ordinals or meeting.start) and not (m.ordinal or start):
        return subset and (meeting.main or common >= 2 or m.definite)
    return (subset and common >= 1) or (common >= 0.6 * min(len(mine), len(theirs)) and common >= 2)


def gather(mentions: list[EventMention]) -> list[Meeting]:
    """The meetings that a document's mentions mean, in order of appearance; short forms are left to `join_short`."""
    meetings: list[Meeting] = []
    for m in mentions:
        if m.short or (m.rule in ("events/indefinite", "events/next") and m.date is None):
            continue
        fits = [x for x in meetings if same(x, m)]
        if m.rule == "events/listed":
            # the members of one list are different meetings
            fits = [x for x in fits if not any(y.rule == m.rule and y.block == m.block for y in x.mentions)]
        # 'the Regional Event' is the 'Regional Event on Victim Protection', whatever other meetings there are
        begun = [x for x in meetings if any(y.label.lower().startswith(f"{m.label.lower()} on ") for y in x.mentions)]
        if len(begun) == 1 and " " in m.label and not m.ordinal and m.date is None:
            fits = begun
        # 'Conference of Parties (COP 26)', and 'COP 26' from then on
        named = [x for x in meetings if any(m.label in (y.alias, y.label) for y in x.mentions if y.alias)]
        fits = named or fits
        if len(fits) > 1:
            exact = [x for x in fits if any(told(y.label) == told(m.label) for y in x.mentions)]
            dated = [x for x in fits if m.date is not None and x.start and full(m.date.value)]
            fits = exact if len(exact) == 1 else dated if len(dated) == 1 else [x for x in fits if x.main][:1]
        if fits:
            fits[0].mentions.append(m)
            fits[0].main = fits[0].main or m.heading
        else:
            meetings.append(Meeting([m], m.heading, m.heading and not any(x.main for x in meetings)))
    return meetings


def join_short(meetings: list[Meeting], mentions: list[EventMention]) -> list[tuple[EventMention, Meeting]]:
    """Short forms ('the Symposium', 'that Conference') with the one meeting that they can mean.

    A short form means the only meeting with its head noun named before it; else the meeting that the paper reports on, if
    it reports on one only and no other meeting with that head was named.
    """
    joined: list[tuple[EventMention, Meeting]] = []
    described = [x for x in meetings if x.described]
    for m in mentions:
        if not m.short:
            continue
        own = told(m.label)
        fits = [
            x
            for x in meetings
            if m.head in x.heads and any((y.block, y.start) < (m.block, m.start) for y in x.mentions)
        ]
        if own:
            fits = [x for x in fits if own <= x.tokens()]
        near = [x for x in fits if x.described]
        target: Meeting | None = None
        if len(near) == 1:
            target = near[0]
        elif len(fits) == 1 and m.label.lower().startswith("that"):
            target = fits[0]
        elif not fits and not own and m.head in _SHORT_FOR_MAIN and len(described) == 1:
            target = described[0]
        elif len(fits) == 1:
            target = fits[0]
        if target is not None:
            target.shorts.append(m)
            joined.append((m, target))
    return joined


def keep(meeting: Meeting, headings: set[int], main: Meeting | None) -> bool:
    """Whether a meeting can be told apart: a proper name, an ordinal or a date, and not a part of a meeting.

    'Second Ministerial Conference' tells another of the series of `main` where that one is numbered too. What stands in headings alone (`headings` are their blocks) is the subject of a section rather than a meeting.
    """
    if meeting.main:
        return True
    if all(m.block in headings and not m.ordinal and m.date is None for m in meeting.mentions):
        return False
    h = heads()
    for m in meeting.mentions:
        low = m.label.lower()
        if any(low.endswith(part) for part in h.parts):
            return False
    best = meeting.mentions
    if any(m.ordinal for m in best) and any(told(m.label) or m.date for m in best):
        return True
    if main and main.ordinals and any(m.ordinal and m.proper and _like(m.head, main.heads) for m in best):
        return True
    if any(m.date for m in best) and any(m.rule != "events/indefinite" for m in best):
        return True
    if all(m.head in h.body_too and m.head != "conference" and not m.held for m in best):
        return False
    return any(m.proper and told(m.label) and m.rule == "events/name" for m in best) or any(
        m.held and m.rule == "events/lower-case" and len(told(m.label)) >= 2 and not m.definite for m in best
    )


def label_of(meeting: Meeting) -> tuple[str, EventMention]:
    """The fullest name, title case, without date; and the mention that carries it."""

    def fullness(m: EventMention) -> tuple[bool, int, int]:
        return (
            m.rule not in ("events/indefinite", "events/next"),
            len(list(words(m.label))),
            -m.block,
        )

    best = max(meeting.mentions, key=fullness)
    return best.label, best
