"""Meetings that go under the name of the body that met: 'the twelfth Governing Council', 'the first Joint Commission, held in Oslo'."""

from __future__ import annotations

import re
from dataclasses import replace

from graph_build.mention import ordinals
from graph_build.mention.events import EventMention
from graph_build.mention.names import Name
from graph_build.mention.ordinals import ordinal
from graph_build.mention.things import Raw
from graph_build.records import Block

_NUMBERED = re.compile(rf"(?i)(?<![\w-])(?:(?P<other>{ordinals.PATTERN})\s+and\s+)?(?P<own>{ordinals.PATTERN})\s+$")
# Bodies whose numbered sessions are called by the body's name: 'the twelfth Governing Council'.
_SITTING = frozenset(("council", "assembly", "forum", "congress", "conference", "dialogue", "summit", "symposium"))
# The same of bodies that meet seldom, where the words say that it met: 'the first Joint Commission, held in Oslo'.
_SITTING_IF_HELD = frozenset(
    (
        "commission",
        "committee",
        "consultations",
        "talks",
        "board",
        "group",
        "working group",
        "task force",
        "steering committee",
    )
)
_SAT_AFTER = re.compile(
    r"(?:\s\([^)]{2,30}\))?,?\s+(?:(?:which|that)\s+)?(?:(?:is|was|will|would|shall|had|has)\s+)?(?:(?:be|also|been|to be|successfully)\s+)*"
    r"(?:held|meet|met|convened?|take place|took place|hosted)\b"
    r"|,?\s+(?:in|on|at)\s+(?:[A-Z][\w-]+(?:,?\s[A-Z][\w-]+)*,?\s+(?:in|on|from)\s+)?(?:\d|(?:January|February|March|April|May|June|July|August|September|October|November|December|last|next|early|late)\b)"
)
_NUMBERED_NAME = re.compile(rf"(?i)(?P<other>)(?P<own>{ordinals.PATTERN})\s+")
_KNOWN_MEETING = frozenset(("meeting", "summit", "conference", "ministerial", "forum", "dialogue"))
_OF_IT = re.compile(r"\b(?:of|by|with|to|for|from)\s+(?:the\s+)?$")
_NUMBERED_BODY = re.compile(
    rf"(?<![\w-])(?P<own>(?i:{ordinals.PATTERN}))\s+(?P<name>(?:[A-Z][\w’'&-]+\s+){{1,4}}(?P<head>Commission|Committee|Consultations|Talks|Ministerial|Working Group|Task Force))(?![\w-])"
)
_NUMBERED_BODY_CUE = re.compile(
    r"\b(?:Commission|Committee|Consultations|Talks|Ministerial|Working Group|Task Force)\b"
)
_SAT_BEFORE = re.compile(
    r"\b(?:hold(?:ing)?|held|host(?:ed|ing)?|co-hosted|convened?|convening|during|at|since)\s+(?:the|its|their|our)\s+$"
)


def numbered(n: Name, text: str) -> Name:
    """An ordinal written small belongs to the name of a meeting: 'the first Regional Workshop on Ports'."""
    if n.kind != "event" or n.bare:
        return n
    m = _NUMBERED.search(text, max(0, n.start - 40), n.start)
    return replace(n, start=m.start("own"), ordinal=True) if m else n


def sittings(raws: list[Raw], text: str, block: Block) -> list[EventMention]:
    """Numbered sessions under a body's name: 'the eleventh and twelfth Governing Council of X' are two meetings."""
    found = []
    for r in raws:
        # Meetings that the reference data know: 'the Commonwealth Heads of Government Meeting in Perth in 2011'
        head = r.text.lower().split()[-1]
        head = head if head in _KNOWN_MEETING else _head_in(r.text)
        if not r.reference or head not in _KNOWN_MEETING:
            continue
        numbered = _NUMBERED.search(text, max(0, r.start - 40), r.start)
        # 'Chairman's Statement of the 8th East Asia Summit': the name of the paper holds that of the meeting
        if r.nested and (numbered is None or head not in ("summit", "meeting")):
            continue
        if numbered is None and head in ("forum", "dialogue", "conference") and _OF_IT.search(text, 0, r.start):
            continue  # 'the Leaders of the Pacific Islands Forum met in Apia'
        headed = block.kind == "title" and head not in ("forum", "dialogue")
        if not headed and head not in ("meeting", "summit") and not _SAT_AFTER.match(text, r.end):
            continue
        start = numbered.start("own") if numbered else r.start
        found.append(
            EventMention(
                block.index, start, r.end, f"{text[start : r.start]}{r.text}", head, ordinal(text[start : r.end]), True, True,
                # a forum that met is still a body
                rule="events/session-of-body" if head in ("forum", "dialogue") else "events/known", heading=block.kind == "title",
            )
        )  # fmt: skip
    held = {e.end for e in found}
    for bare in _NUMBERED_BODY.finditer(text) if _NUMBERED_BODY_CUE.search(text) else ():
        # a bare name is no body: 'the eleventh Joint Commission will meet in ...'
        if not any(r.start < bare.end() and bare.start("name") < r.end and not r.bare for r in raws) and (
            _SAT_AFTER.match(text, bare.end()) or _SAT_BEFORE.search(text, max(0, bare.start() - 20), bare.start())
        ):
            found.append(
                EventMention(
                    block.index, bare.start(), bare.end(), bare.group(), bare["head"].lower(), ordinal(bare["own"]), True, True,
                    rule="events/session-of-body", heading=block.kind == "title",
                )
            )  # fmt: skip
    for r in raws:
        if r.kind != "body" or r.nested or r.end in held:
            continue
        # '5th Kenya-Norway Working Group': the number may stand in the name that was read
        m = _NUMBERED_NAME.match(text, r.start) or _NUMBERED.search(text, max(0, r.start - 40), r.start)
        if m is None:
            continue
        head = r.head or _head_in(r.text)
        if r.bare and text[r.end - 1].islower() and text[r.start].islower():
            continue
        if head not in _SITTING and not (
            head in _SITTING_IF_HELD
            and (_SAT_AFTER.match(text, r.end) or _SAT_BEFORE.search(text, max(0, m.start() - 20), m.start()))
        ):
            continue
        for which in ("other", "own"):
            if words := m.group(which):
                found.append(
                    EventMention(
                        block.index,
                        m.start(which),
                        r.end,
                        f"{words} {r.text[m.end() - r.start :] if m.start() == r.start else r.text}",
                        "session",
                        ordinal(words),
                        True,
                        True,
                        rule="events/session-of-body",
                        heading=block.kind == "title",
                    )
                )
    return found


def _head_in(name: str) -> str:
    """The word of a known body's name under which it sits: 'conference' of 'Regional Conference on Migration'."""
    before = re.split(r"\s(?:of|on|for|to|against)\s", name.lower())[0].split()
    return before[-1] if before else ""
