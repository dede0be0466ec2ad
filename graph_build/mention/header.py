"""The head of a paper: its title, its kind, and the dates and places that it gives."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from graph_build import rules
from graph_build.mention.dates import dates, full
from graph_build.mention.events import EventMention
from graph_build.mention.meetings import Meeting, told
from graph_build.mention.ordinals import ordinal
from graph_build.mention.things import key
from graph_build.records import Block, Mention, Segmented

if TYPE_CHECKING:
    from graph_build.mention.scan import Scan
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_SMALL = rules.word_list("title_small")
_KIND_OF_PAPER = re.compile(
    r"(?i)^\s*(?:the\s+)?(?:(?:draft|final|joint|outcome|summary|press|media|ministerial|leaders[’']?|co-?chairs?[’']?s?|chair(?:man|person|s)?[’']?s?|co-?hosts?[’']?)\s+)*"
    r"(?:communiqu[eé]|summary|statement|declaration|report|conclusions|outcomes?|outcome document|proceedings|record|minutes|summary of outcomes|press statement|note|release|remarks|readout|recommendations)\s+"
    r"(?:(?:of|from|on|for|issued\s+(?:by|at)|at)\s+)?(?:the\s+)?(?=\S)"
)


def title_case(text: str) -> str:
    """Capitals written as a title, length kept; words of four letters or fewer that no small word is stay capitals when
    they hold no vowel (acronyms)."""

    def one(match: re.Match[str]) -> str:
        word = match.group()
        low = word.lower()
        if match.start() and low in _SMALL:
            return low
        if re.fullmatch(r"[XVI]{2,6}", word):
            return word
        if (not re.search(r"[AEIOUY]", word) and len(word) <= 5) or word in _acronyms():
            return word
        return word[0] + low[1:] if len(low) == len(word) else word

    shown = re.sub(r"[^\W\d_]+(?:[’'][^\W\d_]+)?", one, text)
    return re.sub(r"(?<=\d)(?:ST|ND|RD|TH|St|Nd|Rd|Th)\b", lambda m: m.group().lower(), shown)


@lru_cache(maxsize=1)
def _acronyms() -> frozenset[str]:
    from graph_build import vocabulary

    return frozenset(a for o in vocabulary.organisations() for a in o.acronyms if a.isupper()) | {
        "UN",
        "EU",
        "AU",
        "US",
        "UK",
        "SAR",
        "UAE",
        "DPRK",
        "ICT",
    }


def top(segmented: Segmented) -> list[Block]:
    """The title blocks at the top."""
    return [b for b in segmented.blocks if b.kind == "title"]


def title(segmented: Segmented) -> tuple[str, str]:
    """The document's title lines joined by a space, and the notation of its kind of paper ('' where the title says none).

    Without a title the first paragraph may tell the kind.
    """
    found = next((v for k, v in segmented.document.meta if k == "title"), "")
    shown = " ".join(b.text for b in top(segmented)) or found
    body = [b for b in segmented.blocks if b.kind in ("paragraph", "heading")]
    genres = rules.tables("genres")["genre"]
    for source in (
        shown,
        " ".join(b.text for b in segmented.blocks if b.kind == "heading" and b.index < 12),
        body[0].text[:200] if body and not shown else "",
    ):
        for genre in genres:
            if source and re.search(genre["pattern"], source):
                return shown, str(genre["notation"])
    return shown, ""


def reports(genre: str) -> bool:
    """Whether papers of this kind report on a meeting of their own."""
    genres = rules.tables("genres")["genre"]
    return all(g["reports"] for g in genres if g["notation"] == genre)


def own_instrument(words: str) -> tuple[str, ...]:
    """Key of the instrument that the title names: the document itself is not among what it names."""
    match = re.search(
        r"(?:[A-Z][\w’'-]*\s+)+(?:Declaration|Statement|Communiqu[eé]|Consensus|Compact|Charter|Joint Statement)(?:\s+(?:on|of|for)\s+[A-Z][\w’', -]*)?",
        title_case(words) if words.isupper() else words,
    )
    return key(match.group()) if match else ()


def series(label: str) -> str:
    """A meeting's name without ordinal, year and article: the name of its series; '' where nothing tells it."""
    plain = re.sub(r"(?i)\b(?:\d{1,3}(?:st|nd|rd|th)|(?:19|20)\d\d)\b", "", label)
    plain = " ".join(w for w in plain.split() if not ordinal(w))
    plain = re.sub(r"(?i)^(?:the|a|an)\s+", "", plain.strip())
    return plain if ordinal(label) and told(plain) else ""


def with_dates(segmented: Segmented, found: list[EventMention], scanned: list[Scan]) -> list[EventMention]:
    """Title meetings with the date and place lines of the title, and the paper's name of kind taken off; a sentence that
    opens 'On 25-26 March 2015, ...' dates its first meeting."""
    tops = {b.index for b in top(segmented)}
    lines = [s for s in scanned if s.block.index in tops]
    dated = [
        m
        for s in lines
        for m in s.plain
        if m.kind == "date"
        and not any(e.date is m for e in s.events)
        and not re.search(r"\bsince\s+$", s.block.text[: m.start])
    ]
    # the letterhead may give the place of the office and the day of issue before the title gives those of the meeting
    begun = min(((m.block, m.start) for m in found if m.block in tops and not m.short), default=(0, 0))
    days = [m for m in dated if full(m.value)]
    day = next((m for m in days if (m.block, m.start) > begun), next(iter([*days, *dated]), None))
    cities = [m for s in lines for m in s.plain if m.kind == "place"]
    city = next((m for m in cities if (m.block, m.start) > begun), next(iter(cities), None))
    land = next(
        (
            m
            for s in lines
            for m in s.plain
            if m.kind == "state" and city is not None and m.block == city.block and 0 <= m.start - city.end <= 4
        ),
        None,
    )
    out: list[EventMention] = []
    by_block = {s.block.index: s for s in scanned}
    for m in found:
        if m.block in tops and not m.short:
            prefix = _KIND_OF_PAPER.match(m.label)
            if prefix:
                m = replace(m, start=m.start + prefix.end(), label=m.label[prefix.end() :])
            block = segmented.blocks[m.block]
            subtitle = re.match(r"\s?[:–—-]\s+(?P<sub>[A-Z][^.;\d]{6,160})$", block.text[m.end :])
            if subtitle and not re.search(r"\d{4}", subtitle.group()):
                shown = title_case(block.text) if block.text.isupper() else block.text
                m = replace(
                    m,
                    end=len(block.text.rstrip()),
                    label=re.sub(r"\s+", " ", shown[m.start : len(block.text.rstrip())]),
                )
            if m.date is None and day is not None:
                m = replace(m, date=day)
            if m.place is None and city is not None:
                m = replace(m, place=city, country=m.country or land)
        elif (
            m.place is None
            and not m.short
            and m.block in by_block
            and (opened := _opening(segmented, by_block[m.block], m))
        ):
            m = replace(m, date=m.date or opened[0], place=opened[1], country=m.country or opened[2])
        elif m.date is None and not m.short and m.block in by_block:
            block = segmented.blocks[m.block]
            s = next((x for x in block.sentences if x.start <= m.start < x.end), None)
            lead = [d for d in by_block[m.block].plain if d.kind == "date" and s and s.start <= d.start < m.start]
            if (
                s
                and len(lead) == 1
                and re.fullmatch(
                    r"\s*(?:On|From|Between|In|During)\s+(?:the\s+)?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?",
                    block.text[s.start : lead[0].start],
                )
            ):
                others = [
                    o
                    for o in found
                    if o.block == m.block and s.start <= o.start < m.start and not o.short and o.date is None
                ]
                joint = all(
                    re.fullmatch(
                        r"\s*(?:,|and|,\s*and)\s*(?:the\s+|a\s+)?",
                        block.text[o.end : m.start],
                    )
                    for o in others
                )
                if (not others or joint) and block.text[lead[0].end :][:1] != "-":
                    m = replace(m, date=lead[0])
        out.append(m)
    return out


_OPENING = re.compile(
    r"\s*(?:On|In|At|From|Between|During)\s+(?:the\s+(?:city|town|capital)\s+of\s+)?(?:[DPS]|,|\s|\b(?:on|in|at|from|the|of)\b)+(?:the\s+|its\s+|their\s+|an?\s+)?"
)


def _opening(segmented: Segmented, s: Scan, m: EventMention) -> tuple[Mention | None, Mention, Mention | None] | None:
    """Date, place and country where the meeting's sentence opens with them alone: 'In Quito, from 12 to 14 May, the ...'."""
    start = _sentence(segmented, m)[1]
    lead = [x for x in s.plain if x.kind in ("date", "place", "state") and start <= x.start and x.end <= m.start]
    found = {kind: [x for x in lead if x.kind == kind] for kind in ("date", "place", "state")}
    if len(found["place"]) != 1 or len(found["date"]) > 1 or len(found["state"]) > 1:
        return None
    masked = s.block.text[start : m.start]
    for x in sorted(lead, key=lambda x: -x.start):
        masked = f"{masked[: x.start - start]}{x.kind[0].upper()}{masked[x.end - start :]}"
    if not _OPENING.fullmatch(masked):
        return None
    return next(iter(found["date"]), None), found["place"][0], next(iter(found["state"]), None)


def today(segmented: Segmented) -> str:
    """The first day or else month that the head of a paper gives, else what is known of its date; '' where nothing says it.

    It is what 'last November' is said from: close to the day of the paper, be it the day of the meeting or of issue.
    """
    body = [b for b in segmented.blocks if b.kind != "furniture"]
    tops = [b for b in body if b.kind == "title"]
    stated = next((v for k, v in segmented.document.meta if k == "date"), "")
    months = ""
    for b in (*tops, *[b for b in body if b.kind != "title"][:4]):
        for d in dates(b.text[:900], b.index):
            start = d.value.split("/")[0]
            if full(d.value):
                return start
            if not months and len(start) == 7 and not start.startswith("--") and b.kind == "title":
                months = start
    years = _years(top(segmented))
    return stated or months or (years.pop() if len(years) == 1 else "")


def _sentence(segmented: Segmented, m: EventMention) -> tuple[int, int]:
    """The sentence of a mention, by block and start."""
    block = segmented.blocks[m.block]
    return m.block, next((s.start for s in block.sentences if s.start <= m.start < s.end), 0)


def _years(blocks: Iterable[Block]) -> set[str]:
    return {m.group() for b in blocks for m in _YEAR.finditer(b.text)}


def year(segmented: Segmented, meetings: list[Meeting]) -> str:
    """The year of the paper: of the meeting that it reports on, else of its date, else the only year of its title."""
    for x in meetings:
        if x.main and x.start and not x.start.startswith("--"):
            return x.start[:4]
    stated = next((v for k, v in segmented.document.meta if k == "date"), "")
    if stated:
        return stated[:4]
    years = _years(top(segmented))
    if not years:
        # where the paper opens and ends, but not the years that other sentences than the meeting's own give to others
        own = {_sentence(segmented, m) for x in meetings if x.main for m in x.mentions}
        others = [
            m.date for x in meetings for m in x.mentions if not x.main and m.date and _sentence(segmented, m) not in own
        ]
        years = {
            m.group()
            for b in (*segmented.blocks[:3], *segmented.blocks[-3:])
            for m in _YEAR.finditer(b.text)
            if not any(d.block == b.index and d.start <= m.start() < d.end for d in others)
        }
    return years.pop() if len(years) == 1 else ""
