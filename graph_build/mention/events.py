"""Meetings as a paper names them, with the dates and places that stand beside them.

A meeting is told apart by a proper name, an ordinal or a date; 'the symposium' alone is a short form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

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
# What may stand between a meeting and its date or place.
_FILLER = re.compile(
    r"[\s,(:–—-]*(?:(?:which|that|to\s+be|due\s+to\s+be|scheduled\s+to\s+be)\s+)?"
    r"(?:(?:was|were|is|are|will|would|shall|had|has|have|to|be|been|being|also|successfully|jointly|then|virtually|due|currently|again|next|itself)\s+)*"
    r"(?:(?:held|hosted|convened|convene|meet|met|takes?\s+place|took\s+place|taking\s+place|taken\s+place|organi[sz]ed|scheduled|conducted|commenced|begin|began|concluded|assembled|gathered|hold|held\s+virtually)\s*(?:successfully\s+|jointly\s+|virtually\s+|back-to-back\s+)?)?"
    r"(?:(?:(?:by|via|through)\s+(?:video|tele|web)[- ]?(?:conference|conferencing|cast)|virtually|online)\s*)?"
    r"[\s,(:–—-]*(?:(?:on|in|at|from|during|between|of|for|over|dated|through)\s+)?(?:the\s+)?(?:(?:city|town|margins|island|capital|period|week|second\s+half|first\s+half|end|beginning)\s+(?:of\s+)?)?(?:early\s+|mid-?\s?|late\s+)?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?"
    r"(?:the\s+)?"
)
_HELD_AFTER = re.compile(
    r"[^.;]{0,40}?\b(?:was|were|is being|will be)\s+(?:also\s+|successfully\s+|jointly\s+)?(?:held|hosted|convened|organi[sz]ed|conducted|opened|attended)\b|[^.;]{0,30}?\b(?:took place|facilitated|brought together|met)\b"
)
_HELD_BEFORE = re.compile(
    r"\b(?:hosted|co-hosted|held|convened|organi[sz]ed|conducted|attended|opened|delivered)\s+(?:a|an|the|its|their)?\s*$"
)
_HOSTED_BY = re.compile(
    r"\s*,?\s*(?:which\s+)?(?:was\s+|to\s+be\s+|being\s+)?(?:co-)?(?:hosted|convened|organi[sz]ed)\s+by\s+(?:the\s+)?(?:[Gg]overnment\s+of\s+)?(?:the\s+)?"
)
_HAS_LINK = re.compile(r"(?i)\b(?:on|in|at|from|during|between|of|held|convened|hosted|met|place|dated)\b|[,(:–—]")


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
        end = match.end()
        complement = re.match(r"\s+of\s+(?:the\s+)?", text[end:])
        about = re.match(
            r"(?i)\s+(?:on|for)\s+(?:the\s+)?(?P<topic>[“‘\"']?(?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))[^\W\d][^.;:()]*?)(?=\s+(?:was|were|is|are|facilitated|held|hosted|convened|took|which|that|in\s+(?-i:[A-Z])\w*|on\s+\d+|from\s+\d+|will|to\s+be|provided|also|discussed|brought|attended|at\s+the|organi[sz]ed|co-hosted|on\s+(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|with)\b|[.;:(),]|$)",
            text[end:],
        )
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
        elif about and (number or det in ("a", "an", "") or first < match.start()):
            end += about.end("topic")
        named = end > match.end()
        proper = bool(re.search(r"(?<![\w’'])[A-Z]", text[first:end]))
        # 'the PECC meeting': a body's name right before the head noun names the meeting
        held_by = any(m.end <= first and not text[m.end : first].strip(" '’s") for m in outer if first - m.end <= 3)
        if not number and not named and not held_by and not re.search(r"[A-Z]", phrase):
            # 'the symposium', 'this meeting'; 'a meeting' and 'recent meetings' name nothing unless a date follows
            if det in ("the", "this", "that", "") and (det or match.group()[0].isupper()):
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
            elif det in ("a", "an"):
                yield EventMention(
                    block,
                    first,
                    match.end(),
                    text[first : match.end()],
                    head,
                    rule="events/indefinite",
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
            text[first:end].strip(),
            head,
            number,
            proper,
            det in ("the", "this", "that", "its"),
            False,
            rule="events/lower-case",
            held=held,
        )


def beside(
    event: EventMention,
    text: str,
    stop: int,
    dates: list[Mention],
    places: list[Mention],
    states: list[Mention],
) -> EventMention:
    """The event with the date and place that follow it in its sentence (which ends at `stop`) or stand right before it."""
    at_date = {m.start: m for m in dates}
    at_place = {m.start: m for m in places}
    at_state = {m.start: m for m in states}
    p = event.end
    bracket = re.match(
        r"\s*\((?:(?:\d+\w{2}\s)?[A-Z][\w/-]{1,15}(?: \d{1,3})?|Working Group|the [^)]{3,40})\)", text[p:stop]
    )
    if bracket:
        p += bracket.end()
    parties = re.match(
        r"\s+between\s+(?:the\s+)?[^,.;]{3,70}?(?=\s+(?:from|on|in|at|held)\s)",
        text[p:stop],
    )
    if parties:
        p += parties.end()
    region = re.match(
        r"\s+(?:in|for)\s+(?:the\s+)?[A-Z][\w-]+(?:\s+(?:and\s+)?(?:the\s+)?[A-Z][\w-]+)*,?(?=\s+(?:held|which|was|took)\b)",
        text[p:stop],
    )
    if region and not any(x.start < p + region.end() and p <= x.start for x in places):
        p += region.end()
    date, place, country = event.date, event.place, event.country
    host = _HOSTED_BY.match(text, p, stop)
    if host and (state := at_state.get(host.end())):
        p = state.end
    for _ in range(5):
        filler = _FILLER.match(text, p, stop)
        if filler is None:
            break
        q = filler.end()
        linked = _HAS_LINK.search(text[p:q]) is not None
        if not linked:
            break
        if q in at_date and date is None:
            date = at_date[q]
            p = date.end
        elif q in at_place and place is None:
            place = at_place[q]
            p = place.end
        elif q in at_state and country is None and re.search(r"\b(?:in|at)\b|[,(:]", text[p:q]):
            country = at_state[q]
            p = country.end
        else:
            break
    if date is None:
        for m in dates:
            if (
                m.end <= event.start
                and re.fullmatch(
                    r"\s*(?:,\s*)?(?:the\s+)?(?:joint\s+|annual\s+)?",
                    text[m.end : event.start],
                )
                and not re.search(r"(?:since|until|before|after)\s+(?:the\s+)?$", text[: m.start])
            ):
                date = m
    if date is None:
        inside = [m for m in dates if event.start <= m.start and m.end <= event.end]
        if inside:
            date = inside[0]
    return replace(event, date=date, place=place, country=country)
