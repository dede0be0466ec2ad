"""Several meetings under one plural noun.

'the first and second Regional Conferences, held in Lima in 2002 and in Quito in 2003', 'workshops on ports (Lagos, March
2004) and on customs (Accra, June 2004)', 'meetings in Suva in May 2001 and Apia in June 2001', 'the 2019 ministerial
meetings for Trade, Energy, and Women and the Economy'. Each is a meeting only where something tells it from the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from graph_build.mention import ordinals
from graph_build.mention.events import EventMention
from graph_build.mention.ordinals import ordinal
from graph_build.records import Mention

_SINGULAR = {
    "meetings": "meeting", "workshops": "workshop", "conferences": "conference", "seminars": "seminar",
    "symposia": "symposium", "symposiums": "symposium", "summits": "summit", "sessions": "session",
    "forums": "forum", "fora": "forum", "dialogues": "dialogue", "ministerials": "ministerial",
    "roundtables": "roundtable", "exercises": "exercise", "retreats": "retreat",
}  # fmt: skip
_PLURAL = re.compile(rf"(?i)(?<![\w-])(?:{'|'.join(_SINGULAR)})(?![\w-])")
_ORDINALS = re.compile(
    rf"(?i)(?<![\w-])(?P<all>{ordinals.PATTERN}(?:,\s+{ordinals.PATTERN})*,?\s+and\s+(?:the\s+)?{ordinals.PATTERN})\s+(?P<mods>(?:[A-Za-z][\w’'&–-]*\s+){{0,7}})$"
)
_ONE = re.compile(rf"(?i)(?<![\w-]){ordinals.PATTERN}(?![\w-])")
_NO_MODIFIER = frozenset(
    (
        *("the", "of", "in", "at", "on", "two", "three", "four", "five", "six", "several", "a", "an", "and", "these", "both"),
        *("recent", "previous", "regular", "its", "their", "our", "various", "following", "to", "for", "by", "that", "with"),
        *("series", "held", "host", "hosted", "attend", "attended", "from", "all", "other", "further", "such", "as"),
    )
)  # fmt: skip
_OF = re.compile(
    r"\s+of\s+(?:the\s+)?[A-Z][\w’'-]*(?:\s+(?:(?:of|and|for|on|to|the)\s+)*[A-Z][\w’'-]*)*(?:\s+\([A-Z]{2,10}\))?"
)
_ON = re.compile(
    r"\s+(?:on|for)\s+(?:the\s+)?[^.;,()]{3,90}?(?=,?\s+(?:(?:was|were|which|have|had)\b|(?:held|convened|hosted|organi[sz]ed)\b|(?:in|at|on)\s+[A-Z\d])|[.;,(])"
)
_TOPIC_AND_PLACE = re.compile(
    r"(?:\s*(?:,|;|,?\s+and)?\s+(?:on|for)\s+|\s*(?:,|;|,?\s+and)\s+(?:on\s+|for\s+)?)(?:the\s+)?(?P<topic>[^();,.]{3,90}?)\s+\((?P<where>[^()]{4,60})\)"
)
_GAP = re.compile(
    r"(?:\s*\([A-Z][\w-]{1,12}\))?\)?,?\s*(?:,|;|and|,\s*and|,\s*as well as)?\s*(?:which\s+)?(?:(?:were|was|are|have\s+been|will\s+be|to\s+be|also)\s+)*(?:(?:held|convened|hosted|organi[sz]ed|took\s+place)\s+)?(?:both\s+)?(?:in|at|on|from)?\s*(?:the\s+)?\(?"
)


def listed(text: str, block: int, dates: list[Mention], places: list[Mention]) -> Iterator[EventMention]:
    """The meetings of each plural noun of a text; nothing for 'recent meetings'."""
    for head in _PLURAL.finditer(text):
        single = _SINGULAR[head.group().lower()]
        shown = single.capitalize() if head.group()[0].isupper() else single
        before = text[max(0, head.start() - 160) : head.start()]
        if (numbered := _ORDINALS.search(before)) is not None:
            yield from _numbered(text, block, head, shown, single, numbered, max(0, head.start() - 160), dates, places)
            continue
        mods = _modifiers(before)
        found = list(_by_place(text, block, head, f"{mods}{shown}", single, dates, places))
        yield from found or _in_brackets(text, block, head, f"{mods}{shown}", single, dates, places)


def _modifiers(before: str) -> str:
    kept: list[str] = []
    for word in reversed(re.findall(r"[\w’'&–-]+(?=\s)|[^\w\s]", before)[-5:]):
        if word.lower() in _NO_MODIFIER or not word[0].isalpha() or ordinal(word):
            break
        kept.append(word)
    return "".join(f"{w} " for w in reversed(kept))


def _event(
    block: int, start: int, end: int, label: str, head: str, date: Mention | None, place: Mention | None
) -> EventMention:
    return EventMention(
        block,
        start,
        end,
        label,
        head,
        ordinal(label),
        bool(re.search(r"(?<![\w’'])[A-Z]", label)),
        True,
        date=date,
        place=place,
        rule="events/listed",
        held=True,
    )


def _pairs(
    text: str, p: int, dates: list[Mention], places: list[Mention]
) -> tuple[list[tuple[Mention | None, Mention | None]], int]:
    """(date, place) pairs that follow from `p` on, joined by commas and 'and' alone; where they end."""
    pairs: list[list[Mention | None]] = []
    for _ in range(24):
        gap = _GAP.match(text, p)
        q = gap.end() if gap else p
        found = next((m for m in (*places, *dates) if m.start == q), None)
        if found is None:
            land = re.match(r",\s+[A-Z][\w-]+(?:\s[A-Z][\w-]+)?(?=,?\s+(?:in|on|from)\s+[\dA-Z]|,?\s+and\b)", text[p:])
            if not land:
                break
            p += land.end()
            continue
        at = 0 if found.kind == "date" else 1
        if not pairs or pairs[-1][at] is not None:
            pairs.append([None, None])
        pairs[-1][at] = found
        p = found.end
    return [(a, b) for a, b in pairs], p


def _numbered(
    text: str,
    block: int,
    head: re.Match[str],
    shown: str,
    single: str,
    found: re.Match[str],
    base: int,
    dates: list[Mention],
    places: list[Mention],
) -> Iterator[EventMention]:
    """'first and second Regional Conferences of X': one for each ordinal, with the dates and places that follow."""
    p = head.end()
    complement = _OF.match(text, p) or _ON.match(text, p)
    tail = complement.group() if complement else ""
    p += len(tail)
    ones = list(_ONE.finditer(found.group("all")))
    pairs, _ = _pairs(text, p, dates, places)
    for i, one in enumerate(ones):
        date, place = pairs[i] if len(pairs) == len(ones) else (None, None)
        if len(pairs) == 1:
            date, place = pairs[0]
        if place is None and len([x for _, x in pairs if x is not None]) == 1:
            place = next(x for _, x in pairs if x is not None)  # 'in Rome in 2010 and 2011 respectively'
        start = base + found.start("all") + one.start()
        last = i == len(ones) - 1
        end = p if last else start + len(one.group())
        yield _event(block, start, end, f"{one.group()} {found.group('mods')}{shown}{tail}", single, date, place)


def _in_brackets(
    text: str,
    block: int,
    head: re.Match[str],
    name: str,
    single: str,
    dates: list[Mention],
    places: list[Mention],
) -> Iterator[EventMention]:
    """'workshops on A (Lagos, March 2004) and on B (Accra, June 2004)': two or more, each with a date or place."""
    p = head.end()
    found = []
    while (m := _TOPIC_AND_PLACE.match(text, p)) is not None:
        a, z = m.span("where")
        date = next((d for d in dates if a <= d.start < z), None)
        place = next((x for x in places if a <= x.start < z), None)
        if date is None and place is None:
            break
        found.append(_event(block, m.start("topic"), m.end("topic"), f"{name} on {m['topic']}", single, date, place))
        p = m.end()
    if len(found) >= 2:
        yield from found


def _by_place(
    text: str,
    block: int,
    head: re.Match[str],
    name: str,
    single: str,
    dates: list[Mention],
    places: list[Mention],
) -> Iterator[EventMention]:
    """'workshops in Lagos in March 2004 and Accra in June 2004': two or more, each with its place and date."""
    p = head.end()
    about = re.match(r"\s+(?:on|of)\s+(?:the\s+)?[^.;,()]{3,80}?(?=,?\s+(?:held\s+)?(?:in|at)\s+[A-Z])", text[p:])
    tail = about.group() if about else ""
    pairs, _ = _pairs(text, p + len(tail), dates, places)
    whole = [(d, x) for d, x in pairs if d is not None and x is not None]
    if len(whole) >= 2 and len(whole) == len(pairs):
        for i, (date, place) in enumerate(whole):
            yield _event(
                block,
                place.start if i else head.start(),
                max(place.end, date.end),
                f"{name}{tail}",
                single,
                date,
                place,
            )
