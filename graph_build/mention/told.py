"""Meetings that a paper tells of without a name: by who met, by how often a body met, by a number alone in a series, or by
a numbered acronym ('our senior officials met in Lima', 'the Task Force met for a second time', 'the first having been held
in Cork', 'the 7th HMM')."""

from __future__ import annotations

import re
from collections.abc import Iterator

from graph_build.mention import ordinals
from graph_build.mention.events import EventMention
from graph_build.mention.ordinals import ordinal
from graph_build.mention.tokens import heads

_GROUP_MET = re.compile(
    r"(?<![\w’'-])(?P<det>[Oo]ur|[Tt]heir|[Tt]he|[Ii]ts)\s+(?P<who>(?:[A-Z][\w’'-]*\s+(?:and\s+)?){0,4}(?:[Ss]enior\s+[Oo]fficials|[Mm]inisters|[Ll]eaders|[Ee]xperts|[Oo]fficials|[Ee]nvoys)(?:\s+of\s+(?:the\s+)?[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*){0,3})?)"
    r"\s+(?:(?:had|have|also|last|then|again|jointly)\s+){0,2}(?:met|convened|gathered)(?=\s+(?:in|at|on|last|again)\s|\s+(?:yesterday|earlier|this|here)\b)"
)
_TIMES = re.compile(
    rf"(?<![\w’'-])[Tt]he\s+(?P<body>(?:[A-Z][\w’'&-]*\s+(?:(?:and|of|for|on)\s+)?){{0,9}}[A-Z][\w’'-]*)(?:\s+\([A-Z][\w-]+\))?\s+(?:(?:has|had|have|also|then|subsequently|formally)\s+){{0,2}}(?:met|convened|gathered|assembled|sat)\s+(?:again\s+)?for\s+(?:the|a|its)\s+(?P<number>{ordinals.PATTERN})\s+time(?!\w)"
)
_OF_SERIES = re.compile(
    rf"\bthe\s+(?P<number>(?i:{ordinals.PATTERN}))(?:\s+(?:one|of\s+(?:which|these|them|the\s+series|its\s+kind)))?,?\s+(?=(?:was|were|having\s+been|being|had\s+been|is|is\s+to\s+be|will\s+be|to\s+be)\s+(?:held|hosted|convened|organi[sz]ed)\s+(?:in|on|at)\b|(?:took|taking|having\s+taken|will\s+take)\s+place\s+(?:in|on|at)\b|held\s+(?:in|on|at)\b)"
)
_ACRONYM = re.compile(
    rf"(?<![\w-])(?P<number>(?i:{ordinals.PATTERN}))\s+(?P<letters>[A-Z][A-Z-]{{1,9}}(?:\+\d{{1,2}})?)(?![\w’'/-]|\s+[A-Z])"
)
# Acronyms that spell meetings wherever they are used: 'SOM', 'SOMTC', 'AMM', 'AMMTC', 'ADMM'.
_SPELLS_MEETING = re.compile(r"SOM[A-Z]{0,3}(?:\+\d)?|A[A-Z]{0,2}MM[A-Z]{0,3}(?:\+\d)?|CHOGM|FEMM|FFMM")


def told(text: str, block: int, taken: list[tuple[int, int]], before: list[EventMention]) -> Iterator[EventMention]:
    """The meetings of a text that its verbs tell of. `taken` are ranges of meetings already found, `before` those meetings."""
    if " met" in text or "convened" in text or "gathered" in text:
        for m in _GROUP_MET.finditer(text):
            if _free(m.start("who"), m.end(), taken) and (
                m["det"].lower() in ("our", "their") or m["who"][0].isupper()
            ):
                yield EventMention(
                    block, m.start("who"), m.end(), f"meeting of {m['who']}", "meeting", definite=True, rule="events/met", held=True
                )  # fmt: skip
        for m in _TIMES.finditer(text):
            number = m["number"]
            yield EventMention(
                block, m.start("body"), m.end(), f"{number} meeting of the {m['body']}", "meeting", ordinal(number), True, True,
                rule="events/met", held=True,
            )  # fmt: skip
    for m in _OF_SERIES.finditer(text):
        earlier = [e for e in before if e.start < m.start()]
        if earlier and _free(m.start("number"), m.end("number"), taken):
            head = earlier[-1].head
            shown = head.capitalize() if earlier[-1].label[-len(head) :][:1].isupper() else head
            yield EventMention(
                block, m.start("number"), m.end("number"), f"{m['number']} {shown}", head, ordinal(m["number"]), False, True,
                rule="events/of-series", held=True,
            )  # fmt: skip


def numbered_acronyms(
    text: str, block: int, known: frozenset[str], taken: list[tuple[int, int]]
) -> Iterator[EventMention]:
    """'the 7th HMM': numbered meetings under an acronym of the paper's meetings (`known`) or one that spells a meeting."""
    for m in _ACRONYM.finditer(text):
        if (m["letters"] in known or _SPELLS_MEETING.fullmatch(m["letters"])) and _free(m.start(), m.end(), taken):
            yield EventMention(
                block, m.start(), m.end(), m.group(), "meeting", ordinal(m["number"]), True, True, rule="events/acronym"
            )  # fmt: skip


def is_meeting_name(name: str) -> bool:
    """Whether a name is that of meetings: its head noun, before what it is on, is a meeting's."""
    last = re.split(r"\s(?:of|on|for|to|against|among)\s", name)[0].lower().split()[-1:]
    return bool(last) and heads().kind.get(last[0]) == "event"


def _free(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    return not any(a < end and start < b for a, b in taken)
