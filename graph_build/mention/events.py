"""Meetings as a paper names them, with the dates and places that stand beside them.

A meeting is told apart by a proper name, an ordinal or a date; 'the symposium' alone is a short form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from graph_build import rules
from graph_build.mention.ordinals import ordinal
from graph_build.mention.tokens import heads
from graph_build.records import Mention

_HEADS = "meeting|session|conference|symposium|workshop|workshops|seminar|summit|training|exercise|forum|dialogue|roundtable|round table|consultation|consultations|gathering|congress|retreat|colloquium|training course"
_HEAD = re.compile(rf"(?i)(?<![\w-])(?:{_HEADS})(?![\w-])")
_BEFORE = re.compile(
    r"(?i)(?P<det>(?<![\w-])(?:the|a|an|this|that|its|their|our|his|these|next|last|previous|upcoming|forthcoming|one)\s+)?(?P<mods>(?:[\w’'&–-]+\s+){0,6})$"
)
_STOP_MODIFIERS = rules.word_list("stop_modifiers")
_HELD_AFTER = re.compile(
    r"[^.;]{0,40}?\b(?:was|were|is being|will be)\s+(?:also\s+|successfully\s+|jointly\s+)?(?:held|hosted|convened|organi[sz]ed|conducted|opened|attended)\b|[^.;]{0,30}?\b(?:took place|facilitated|brought together|met)\b"
)
_HELD_BEFORE = re.compile(
    r"\b(?:hosted|co-hosted|held|convened|organi[sz]ed|conducted|attended|opened|delivered)\s+(?:a|an|the|its|their)?\s*$"
)


_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_NOT_TOPIC = rf"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b|(?:{_MONTHS})\b|an?\s+(?:mutually|date)|dates?\b|(?:margins?|sidelines?|occasion|invitation|eve|basis|side|behalf|initiative)\b"
_ABOUT = re.compile(
    rf"(?i)\s+(?:on|for)\s+(?:the\s+)?(?P<topic>[“‘\"']?(?!(?:the\s+)?(?:{_NOT_TOPIC}))[^\W\d][^.;:()]*?)(?=\s+(?:was|were|is|are|facilitated|held|hosted|convened|took|which|that|in\s+(?-i:[A-Z])\w*|on\s+\d+|from\s+\d+|will|to\s+be|provided|also|discussed|brought|attended|at\s+the|organi[sz]ed|co-hosted|on\s+(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|{_NOT_TOPIC})|with)\b|[.;:(),]|$)"
)
_PLACE_AND_DATE = re.compile(
    rf"(?:\s+(?:held\s+)?in\s+(?!(?:{_MONTHS})\b)[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)?(?:,\s+[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)?,?)?)?"
    rf"(?:\s+(?:on|from|in)\s+(?:\d[\d\s–-]*(?:(?:to|and)\s+\d+\s+)?)?(?:{_MONTHS})(?:\s+\d{{1,2}}(?!\d),?)?(?:\s+(?:19|20)\d\d)?,?|\s+in\s+(?:19|20)\d\d(?!\d))?"
)
_THEN_HELD = re.compile(
    r",?\s+(?:which\s+(?:was|were)\s+|that\s+(?:was|were)\s+)?(?:held|hosted|convened|organi[sz]ed|conducted)\s+(?:in|at|on|by|from|during)\b"
)
_MASS = frozenset(("dialogue", "training", "consultation", "consultations", "exercise"))
_DEFINITE = ("the", "their", "our", "its", "his", "her")
_TOLD_BY = re.compile(r"\s+(?:held\s+)?in\s+[A-Z].*\s(?:on|from|in)\s")
_SAID_OF = re.compile(r"\b(?:was|is|as|be|being|marks|marked)\s+(?:the|our|its|their)\s+(?:very\s+)?$")
_PURPOSE = re.compile(
    r"\s+to\s+(?:mark|commemorate|celebrate)\s+(?:the\s+)?[^.,;:()]{4,90}?(?=\s+(?:was|were|is|will|held|hosted|in\s+[A-Z]|on\s+\d|from\s+\d|to\s+be|which|that)\b|[.;:(),]|$)"
)


@dataclass(frozen=True, slots=True)
class EventMention:
    """A meeting in a block: view range of its name, head noun, ordinal and what stands beside it."""

    block: int
    start: int
    end: int
    label: str
    head: str
    ordinal: str = ""
    proper: bool = False
    definite: bool = False
    short: bool = False
    """a short form: 'the Symposium', 'this meeting'"""
    date: Mention | None = None
    place: Mention | None = None
    country: Mention | None = None
    rule: str = "events/name"
    heading: bool = False
    alias: str = ""
    """its acronym in brackets, where that is a meeting's name too: 'Conference of Parties (COP 26)'"""
    held: bool = False
    """whether the words beside it say that it took place"""

    @property
    def start_date(self) -> str:
        return self.date.value.split("/")[0] if self.date else ""


def lower_case(text: str, block: int, taken: list[tuple[int, int]], outer: list[Mention]) -> Iterator[EventMention]:
    """Meetings whose head noun is written small: 'first meeting of the Working Group', 'a seminar on X', 'the symposium'.

    `taken` are ranges of names already found; `outer` the body mentions of the block, for 'of the Working Group on X'.
    """
    h = heads()
    starts = {m.start: m for m in outer}
    for match in _HEAD.finditer(text):
        if any(a <= match.start() < b for a, b in taken):
            continue
        low = match.group().lower()
        head = low[:-1] if low == "workshops" else low
        before = text[max(0, match.start() - 90) : match.start()]
        base = max(0, match.start() - 90)
        mods = _BEFORE.search(before)
        first = match.start()
        det = ""
        if mods:
            words = list(re.finditer(r"[\w’'&–-]+", mods.group("mods")))
            offset = base + mods.start("mods")
            keep: list[re.Match[str]] = []
            for w in reversed(words):
                if any(a <= offset + w.start() < b for a, b in taken):
                    break
                if w.group().lower() in _STOP_MODIFIERS:
                    if w.group().lower() in (
                        "the",
                        "a",
                        "an",
                        "this",
                        "that",
                        "its",
                        "their",
                        "our",
                        "next",
                        "last",
                        "previous",
                        "upcoming",
                        "forthcoming",
                    ):
                        det = w.group().lower()
                    break
                keep.append(w)
            else:
                det = (mods.group("det") or "").strip().lower() if mods.group("det") else ""
            if keep:
                first = offset + keep[-1].start()
            # a body or state right before belongs to the name: 'CRI summit'
        phrase = text[first : match.start()]
        if f"{phrase.split()[-1].lower() if phrase.split() else ''} {low}" in h.parts or (
            low in ("session",)
            and re.search(
                r"(?i)(opening|closing|final|panel|plenary|working|parallel|breakout|executive|question)\s*$",
                phrase,
            )
        ):
            continue
        number = ordinal(phrase)
        if (
            not det
            and not number
            and head in _MASS
            and match.group().islower()
            and re.search(r"[a-z]\s+$", text[:first])
        ):
            continue  # 'to continue dialogue on ports in 2015'
        if number == "1" and _SAID_OF.search(text, max(0, first - 24), first) and phrase.islower():
            continue  # 'it was the first dialogue of its kind'
        end = match.end()
        between = ""
        complement = re.match(r"\s+of\s+(?:the\s+)?", text[end:])
        at = _PLACE_AND_DATE.match(text, end)
        about = _ABOUT.match(text, at.end() if at and at.group() else end)
        if complement and (body := starts.get(end + complement.end())):
            end = body.end
        elif complement and (
            group := re.match(
                r"(?:the\s+)?(?:[A-Z][\w’'-]*\s+)*(?:[Mm]inisters|[Ll]eaders|[Hh]eads of (?:State|Government)(?: and Government)?|[Oo]fficials|[Ee]xperts|[Pp]arties)(?:\s+(?:of|for|on|responsible\s+for)\s+(?:the\s+)?[A-Z][\w’'-]*(?:\s+(?:and\s+)?[A-Z][\w’'-]*)*)?",
                text[end + complement.end() :],
            )
        ):
            end += complement.end() + group.end()
        elif complement and (letters := re.match(r"[A-Z][A-Z-]+\b(?![\w’'])", text[end + complement.end() :])):
            end += complement.end() + letters.end()
        elif (
            complement
            and number
            and (
                phrase_ := re.match(
                    r"(?:[A-Z][\w’'-]*\s+(?:(?:and|of|for|on)\s+(?:the\s+)?)?)*[A-Z][\w’'-]+",
                    text[end + complement.end() :],
                )
            )
        ):
            end += complement.end() + phrase_.end()
        elif (
            about
            and (
                number
                or det in ("a", "an", "")
                or first < match.start()
                or match.group()[0].isupper()
                # 'the workshop on passports in Lima in July': told by place and date
                or ((beside := _PLACE_AND_DATE.match(text, about.end("topic"))) and " in " in beside.group()[:4])
                # 'the workshop on passports, held in Lima'
                or _THEN_HELD.match(text, about.end("topic"))
            )
        ):
            # 'Seminar in Suva on Ports': place and date between are no part of the name
            between = text[end : about.start()]
            end = about.end("topic")
        elif purpose := _PURPOSE.match(text, end):
            end = purpose.end()
        named = end > match.end()
        proper = bool(re.search(r"(?<![\w’'])[A-Z]", text[first:end]))
        # 'the PECC meeting': a body's name right before the head noun names the meeting
        held_by = any(m.end <= first and not text[m.end : first].strip(" '’s") for m in outer if first - m.end <= 3)
        if not number and not named and not held_by and not re.search(r"[A-Z]", phrase):
            # 'the symposium', 'this meeting'; 'a meeting' and 'recent meetings' name nothing unless a date follows
            if det in _DEFINITE and at and _TOLD_BY.match(at.group()):
                # 'the special meeting in Lima in February': told by place and date
                yield EventMention(
                    block, first, match.end(), text[first : match.end()], head, definite=True, rule="events/next"
                )
            elif det in ("the", "this", "that", "") and (det or match.group()[0].isupper()):
                yield EventMention(
                    block,
                    first if phrase.strip() else match.start(),
                    match.end(),
                    text[first : match.end()],
                    head,
                    definite=True,
                    short=True,
                    rule="events/short",
                )
            elif det in ("a", "an", "next", "last", "previous", "upcoming", "forthcoming"):
                # named by its date, where one stands beside it
                if det not in ("a", "an"):
                    first = text.rindex(det, 0, match.start()) if det in text[: match.start()] else first
                yield EventMention(
                    block,
                    first,
                    match.end(),
                    text[first : match.end()],
                    head,
                    rule="events/indefinite" if det in ("a", "an") else "events/next",
                )
            continue
        held = (
            _HELD_AFTER.match(text, end) is not None
            or _HELD_BEFORE.search(text[max(0, first - 60) : first]) is not None
        )
        yield EventMention(
            block,
            first,
            end,
            (text[first : match.end()] + text[match.end() + len(between) : end]).strip(),
            head,
            number,
            proper,
            det in ("the", "this", "that", "its"),
            False,
            # 'Seminar on Coastal Shipping': written as a name
            rule="events/name" if match.group()[0].isupper() and named and proper else "events/lower-case",
            held=held,
        )
