"""Which names by form are meetings, and how far the name of a meeting goes."""

from __future__ import annotations

import re
from dataclasses import replace

from graph_build.mention import ordinals
from graph_build.mention.events import EventMention
from graph_build.mention.header import title_case
from graph_build.mention.names import Name
from graph_build.mention.ordinals import ordinal
from graph_build.mention.things import Raw
from graph_build.mention.tokens import heads
from graph_build.records import Mention

_COORDINATED = re.compile(
    r"(?:\s+on\s+[a-z][\w\s-]{0,40}?)?(?:\s+\([^)]*\))?\s*(?:,|,?\s*and|,?\s+as\s+well\s+as|,?\s+together\s+with)\s+(?:the\s+|an?\s+|its\s+|their\s+)?(?:annual\s+|joint\s+|regular\s+|separate\s+)?(?:[A-Z][\w]*\s+)*"
)
# 'Conference on Small Island Developing | States': the word for parties ends other names
# 'Ports Conference with Foreign | Minister Silva'; 'Meeting of the G6 Interior | Ministers'
_CUT_POST = re.compile(r"\s+(?:with|by)\s+(?:the\s+)?[A-Z][\w’'-]+$")
_POST_NEXT = re.compile(r"\s+(?:Minister|Secretary|President|Ambassador|Chancellor|Commissioner|Prime)\b")
_MINISTERS_NEXT = re.compile(r"\s+(?:Ministers|Leaders|Officials|Experts|Directors|Chiefs)\b(?!\s+(?:met|of|were))")
_OF_MINISTERS = re.compile(
    r"\s+of\s+(?:the\s+)?(?:[A-Z][\w’'-]*\s+)?(?:Ministers|Leaders|Heads of (?:State|Government)(?: and Government)?|Officials|Experts|Parties|Attorneys-General)"
    r"(?:\s+(?:of|for|responsible\s+for)\s+(?:the\s+)?[A-Z][\w’'-]*(?:(?:\s+and)?\s+[A-Z][\w’'-]*)*){0,2}(?![\w’'-])"
)
# 'Conference of the Parties | to the Framework Convention on Harbours'
_TO_CONVENTION = re.compile(
    r"\s+to\s+the\s+[A-Z][\w’'-]*(?:\s+(?:[A-Z][\w’'-]*|(?:of|on|the|and|for|in|against)(?=\s+(?:the\s+)?[A-Z])))*"
)
_STATES_AFTER = re.compile(r"\s+States\b(?!\s+of\b)")
_STATES_BEFORE = re.compile(
    r"\b(?:Island|Developing|Arab|Gulf|Baltic|Coastal|Member|Archipelagic|Landlocked|American|African|Caribbean)$"
)
_QUOTED_TOPIC = re.compile(
    r"\s+(?:on|entitled|titled|with the theme|under the theme)?\s*[“\"‘](?P<topic>[^”\"’]{3,120})[”\"’]"
)


def aliased(e: EventMention, events: list[EventMention], text: str) -> EventMention:
    """A meeting whose acronym in brackets is a meeting's name too; date and place after the bracket are its own."""
    for f in events:
        if (
            not f.short
            and f.start > e.end
            and re.fullmatch(r"\s*\(", text[e.end : f.start])
            and text[f.end : f.end + 1] == ")"
        ):
            return replace(
                e, alias=f.label, date=e.date or f.date, place=e.place or f.place, country=e.country or f.country
            )
    return e


def shared_dates(events: list[EventMention], text: str) -> list[EventMention]:
    """'a Gathering on X and a Training on Y on 9 November 2023': a date after the last of coordinated meetings is all theirs."""
    out = list(events)
    for i in range(len(out) - 2, -1, -1):
        e, f = out[i], out[i + 1]
        if e.date is not None or f.date is None or e.short or f.short or f.date.start < f.end:
            continue
        if _COORDINATED.fullmatch(text, e.end, f.start):
            out[i] = replace(e, date=f.date, place=e.place or f.place, country=e.country or f.country)
    return out


_CONVENING = re.compile(
    r"\b(?:convened|hosted|co-hosted|held|chaired|co-chaired|opened|organi[sz]ed|concluded|wrapped\s+up|attended|kicked\s+off|addressed)\s+(?:the|an?|its|their)\s+$"
)


def is_meeting(text: str, n: Name, shown: str, found_dates: list[Mention], heading: bool) -> bool:
    """Whether a name whose head may be a body's ('Pacific Islands Forum', 'Abu Dhabi Dialogue') is a meeting here."""
    words = shown[n.start : n.end]
    if ordinal(words) or re.search(r"\b(?:19|20)\d\d\b", words) or re.match(r"(?i)(?:cop|mop|cmp)\s?-?\d", words):
        return True
    if n.head in (
        "conference",
        "consultation",
        "consultations",
        "session",
        "round",
        "ministerial",
        "talks",
    ) and not re.search(r"(?i)\b(?:chair|secretariat|member|standing)\b", text[n.end : n.end + 14]):
        return n.head != "session" or ordinal(words) != ""
    if _CONVENING.search(text, max(0, n.start - 30), n.start):
        return True
    after = text[n.end : n.end + 40]
    if re.match(
        r"[^.;,]{0,60}?\s(?:met|was held|took place|was convened|will (?:also )?(?:meet|be held|be hosted|take place|convene))\b",
        text[n.end : n.end + 80],
    ):
        return True
    if re.match(
        r"\s*(?:\([A-Z][\w-]+\)\s*)?(?:,|\(|was|were|which was|that was)?\s*(?:held|convened|hosted|took place|on \d|on [A-Z][a-z]+ \d|in [A-Z]\w+ (?:on|from)|from \d)",
        after,
    ):
        return True
    if heading:  # 'Regional High-Level Forum on Dust Storms, 2019'; 'Harbour Forum' above a date may be the body
        return n.head in ("forum", "dialogue") and any(
            re.fullmatch(r",?\s", shown[n.end : d.start]) and " on " in words for d in found_dates if d.start > n.end
        )
    return any(0 <= d.start - n.end <= 3 or 0 <= n.start - d.end <= 6 for d in found_dates)


def topic(e: EventMention, text: str) -> EventMention:
    """A meeting with the end of its name where it belongs: its quoted title ('Workshop on “Victim Protection”'), its
    ministers, its States; without a post that only follows."""
    if e.short:
        return e
    if (cut := _CUT_POST.search(e.label)) and _POST_NEXT.match(text, e.end):
        e = replace(e, end=e.end - len(cut.group()), label=e.label[: cut.start()])
    if " of " in e.label and (who := _MINISTERS_NEXT.match(text, e.end)):
        e = replace(e, end=who.end(), label=f"{e.label}{who.group()}")
    if e.head in ("meeting", "conference", "summit", "session") and (of := _OF_MINISTERS.match(text, e.end)):
        e = replace(e, end=of.end(), label=f"{e.label}{of.group()}")
    if e.label.endswith("Parties") and (to := _TO_CONVENTION.match(text, e.end)):
        return replace(e, end=to.end(), label=f"{e.label}{to.group()}")
    if _STATES_BEFORE.search(e.label) and (states := _STATES_AFTER.match(text, e.end)):
        return replace(e, end=states.end(), label=f"{e.label}{states.group()}")
    m = _QUOTED_TOPIC.match(text, e.end)
    if m and not (m.group("topic").endswith((".", ",")) and " " not in m.group("topic")):
        return replace(e, end=m.end(), label=re.sub(r"\s+", " ", text[e.start : m.end()]))
    return e


_WHOSE = (
    # '23rd APEC Ministers Responsible for Trade | Meeting'
    re.compile(
        rf"(?:(?:(?i:{ordinals.PATTERN})|[A-Z][\w’'-]*)\s+){{0,5}}(?:Ministers|Officials|Leaders|Heads|Directors|Chiefs)(?:\s+(?:R|r)esponsible)?\s+(?:for|of)\s+(?:(?:[A-Z][\w’'-]*|and|for|of)\s+)*$"
    ),
    # 'G7 Interior and | Security Ministers' Meeting'
    re.compile(rf"(?:(?i:{ordinals.PATTERN})\s+)?(?:[A-Z][\w-]*\s+){{0,3}}[A-Z][\w-]+(?:,\s+[A-Z][\w-]+)*,?\s+and\s+$"),
)
# 'Strategic and | Economic Dialogue'
_TWO_ADJECTIVES = re.compile(
    rf"\b(?:the|next|annual|(?i:{ordinals.PATTERN}))\s+(?P<own>(?:[A-Z]{{2,8}}\s+)?(?P<one>[A-Z][a-z]+)\s+and\s+)$"
)
_PLAIN_PAIR = re.compile(
    r"[A-Z][a-z]+\s+(?:Dialogue|Meeting|Conference|Forum|Summit|Consultations|Workshop|Seminar|Symposium)$"
)
_OF_WHOM = re.compile(r"(?:[A-Z][\w-]+\s+){1,2}(?:Ministers|Leaders|Officials|Experts|Attorneys-General|Secretaries)\b")
_REGION_BEFORE = re.compile(
    r"(?<![\w-])(?:Africa|Asia|Europe|Latin America|the Caribbean|Caribbean|Pacific|Arab|Gulf|ASEAN|APEC|EU|UN|AU|CARICOM|CELAC|OAS|SADC|ECOWAS|GCC)\s?[-–—/]\s?$"
)
_OPENS_NAME = re.compile(r"(?:The|Joint Statement|Statement|Communiqué)\s+(?:of\s+)?(?:the\s+)?")


def whose(e: EventMention, text: str, taken: list[tuple[int, int]]) -> EventMention:
    """A meeting with all the ministers whose meeting it is, where 'and' or 'for' stands among them."""
    if e.short or e.rule not in ("events/name", "events/lower-case"):
        return e
    if region := _REGION_BEFORE.search(text, max(0, e.start - 30), e.start):
        return replace(e, start=region.start(), label=text[region.start() : e.end])
    head = text[e.start : e.end]
    if (
        _PLAIN_PAIR.fullmatch(head)
        and (pair := _TWO_ADJECTIVES.search(text, max(0, e.start - 60), e.start))
        and pair["one"].lower() not in heads().kind
        and not any(a < e.start and pair.start("own") < b for a, b in taken if (a, b) != (e.start, e.end))
    ):
        start = pair.start("own")
        return replace(e, start=start, label=text[start : e.end])
    if e.rule != "events/name":
        return e
    for pattern, fits in zip(
        _WHOSE,
        (
            re.match(r"[A-Z][\w-]+\s+(?:Meeting|Conference|Summit|Forum)\b|Meeting\b|Conference\b", head),
            _OF_WHOM.match(head),
        ),
        strict=True,
    ):
        if not fits:
            continue
        m = pattern.search(text, max(0, e.start - 110), e.start)
        if m is None or (not e.heading and any(a < m.start() < b for a, b in taken)):
            continue
        start = m.start()
        if opened := _OPENS_NAME.match(text, start):
            start = opened.end()
        if start < e.start:
            label = text[start : e.end]
            return replace(e, start=start, label=label, ordinal=e.ordinal or ordinal(label))
    return e


def joined(events: list[EventMention], raws: list[Raw], text: str) -> list[EventMention]:
    """A meeting whose name starts with a body's: 'Bali Process Working Group on X (Working Group) Ninth Annual Meeting'."""
    ends = {r.end: r for r in raws if r.kind == "body" and not r.bare}
    out = []
    for e in events:
        for end, r in ends.items():
            if end < e.start and re.fullmatch(r"\s*(?:\([^)]{2,40}\))?(?:['’]s?)?\s+", text[end : e.start]):
                whose_ = title_case(r.text) if r.text.isupper() and len(r.text) > 12 else r.text
                e = replace(e, start=r.start, label=f"{whose_} {e.label}")
                break
        out.append(e)
    return out
