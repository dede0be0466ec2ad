"""The head of a paper: title, kind of paper, and the meeting that it reports on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from graph_build import rules
from graph_build.mention.dates import dates, full
from graph_build.mention.events import EventMention
from graph_build.mention.gazetteer import names
from graph_build.mention.meetings import Meeting, told
from graph_build.mention.ordinals import ordinal
from graph_build.mention.things import key, words
from graph_build.records import Block, Mention, Segmented

if TYPE_CHECKING:
    from graph_build.mention.scan import Scan

_SMALL = rules.word_list("title_small")
_KIND_OF_PAPER = re.compile(
    r"(?i)^\s*(?:the\s+)?(?:(?:draft|final|joint|outcome|summary|press|media|ministerial|leaders[’']?|co-?chairs?[’']?s?|chair(?:man|person|s)?[’']?s?|co-?hosts?[’']?)\s+)*"
    r"(?:communiqu[eé]|summary|statement|declaration|report|conclusions|outcomes?|outcome document|proceedings|record|minutes|summary of outcomes|press statement|note|release|remarks|readout|recommendations)\s+"
    r"(?:(?:of|from|on|for|issued\s+(?:by|at)|at)\s+)?(?:the\s+)?(?=\S)"
)
_SHORT_HEADS = frozenset(
    ("meeting", "workshop", "symposium", "conference", "seminar", "summit", "session", "training", "forum", "dialogue")
)
_ITSELF = re.compile(
    r"(?:\s*\([^)]{2,40}\))?,?\s+(?:(?:was|were|has|had|have|is|also|successfully|been|formally|duly)\s+){0,3}"
)
_MET = re.compile(
    r"(?P<met>(?:^(?:Held|Convened)(?=\s+(?:in|at|on|by|via|from|virtually|online)\b)|\b(?:met|convened|gathered|assembled|came together|(?<=\bin\s)an?\s+(?:[\w-]+\s+){0,2}meeting(?=,?\s+(?:held\s+)?(?:in|at|on)\s)|(?:meeting|gathering)(?=\s+(?:in|at|on)\s)|held\s+(?:a|an|their|its|the)\s+(?:[\w-]+\s+){0,4}?(?:meeting|summit|session|talks|consultations|dialogue|conference|retreat|forum))\b))(?P<rest>(?:[^.;]|\.(?=\S)|(?<=\b[A-Z])\.)(?:[^.;]|\.(?=\S)|(?<=\b[A-Z])\.|(?<=\.[A-Z])\.){0,320})"
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


def _top(segmented: Segmented) -> list[Block]:
    """The title blocks at the top."""
    return [b for b in segmented.blocks if b.kind == "title"]


def title(segmented: Segmented) -> tuple[str, str]:
    """The document's title lines joined by a space, and the notation of its kind of paper ('' where the title says none).

    Without a title the first paragraph may tell the kind.
    """
    found = next((v for k, v in segmented.document.meta if k == "title"), "")
    shown = " ".join(b.text for b in _top(segmented)) or found
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
    tops = {b.index for b in _top(segmented)}
    lines = [s for s in scanned if s.block.index in tops]
    day = next(
        (m for s in lines for m in s.plain if m.kind == "date" and not any(e.date is m for e in s.events)),
        None,
    )
    city = next((m for s in lines for m in s.plain if m.kind == "place"), None)
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


def choose_main(segmented: Segmented, scanned: list[Scan], meetings: list[Meeting], genre: str) -> None:
    """Mark the meeting that the paper reports on, and those that its opening puts beside it."""
    _choose(segmented, scanned, meetings, genre)
    _beside(segmented, meetings)


_AND = re.compile(
    r"(?:\s*\([^)]{2,60}\))?\s*(?:,|,?\s+and|,?\s+as\s+well\s+as|,?\s+together\s+with|,?\s+along\s+with)\s+(?:the\s+)?"
)


def _beside(segmented: Segmented, meetings: list[Meeting]) -> None:
    """'The seventh meeting of X and the fifth meeting of Y were held in ...': a paper that opens so reports on both, and
    first on the first."""
    main = next((x for x in meetings if x.main), None)
    of_title = words(" ".join(b.text for b in _top(segmented)))
    early = {b.index for b in [b for b in segmented.blocks if b.kind == "paragraph"][:2]}
    if main is None:
        return
    for m in list(main.mentions):
        if m.block not in early or m.date is None:
            continue
        for x in meetings:
            for o in x.mentions:
                if x is main or o.block != m.block or o.date is not m.date or not (o.ordinal or o.proper):
                    continue
                a, b = sorted((o, m), key=lambda e: e.start)
                if not _AND.fullmatch(segmented.blocks[m.block].text, a.end, b.start):
                    continue
                x.described = True
                # the title may put them side by side too: 'X-Y FORUM AND X-Y AREA MEETING'
                titled = not any(y.heading for y in main.mentions) or (
                    len(own := {w for w in told(o.label) if not w.startswith("=")}) > 0 and own <= set(of_title)
                )
                if a is o and titled:
                    main.main, main.described, x.main = False, True, True
                    main = x


def _choose(segmented: Segmented, scanned: list[Scan], meetings: list[Meeting], genre: str) -> None:
    """Mark the meeting that the paper reports on: of the title, else of its first paragraphs, else made from 'met in'."""
    titled = [x for x in meetings if x.main]
    if titled:
        _complete(segmented, scanned, titled[0], meetings)
        return
    joint = re.search(r"(?i)\bjoint\s+(?:press|media|news)\b", " ".join(b.text for b in segmented.blocks[:6]))
    if not reports(genre) and not (joint and genre == "press-release"):
        _today(segmented, scanned, meetings, genre)
        return
    opening = [s for s in scanned if s.block.kind in ("paragraph", "item")][:4]
    numbers = {s.block.index for s in opening}
    # the sentence that says who met, where and when
    for s in opening[:3]:
        met = _MET.search(s.block.text)
        if met is None:
            continue
        plain = [m for m in s.plain if met.start() <= m.start < met.end() or m.start < met.start()]
        dated = [m for m in plain if m.kind == "date"]
        after = [m for m in dated if m.start >= met.start()]
        date = next(
            (m for m in (*after, *dated) if len(m.value.split("/")[0]) >= 7 and m.value.count("-") >= 2), None
        ) or next(iter((*after, *dated)), None)
        stop = _sentence_end(s.block, met.start())
        place = next((m for m in s.plain if m.kind == "place" and met.start() <= m.start < stop), None)
        if date is None and place is None:
            continue
        land = next(
            (m for m in s.plain if m.kind == "state" and place is not None and 0 <= m.start - place.end <= 4),
            None,
        )
        near = [
            x
            for x in meetings
            if any(m.block in numbers for m in x.mentions) and not (x.start and full(x.start + "/" + x.start))
        ]
        named = [
            x
            for x in near
            if any(m.ordinal and m.proper and m.block <= s.block.index + 2 and _opens(segmented, m) for m in x.mentions)
        ]
        here = [
            x
            for x in meetings
            if any(
                m.block == s.block.index and met.start() <= m.start < met.end() and m.date is date and date is not None
                for m in x.mentions
            )
        ]
        inside = [
            x
            for x in meetings
            if any(
                m.block == s.block.index
                and met.start() <= m.start <= met.start() + 60
                and not re.search(
                    r"(?i)sidelines|margins|occasion",
                    s.block.text[met.start() : m.start],
                )
                for m in x.mentions
            )
        ]
        first = next((x.start for x in s.block.sentences if x.start <= met.start() < x.end), 0)
        # 'The Sixth Summit of X convened on ...', 'The Conference, at its third session, met in ...'
        subject = [
            x
            for x in meetings
            if any(
                m.block == s.block.index
                and first <= m.start
                and m.end <= met.start()
                and (m.ordinal or (m.proper and m.rule == "events/name"))
                and _ITSELF.fullmatch(s.block.text, m.end, met.start())
                for m in x.mentions
            )
        ]
        target = next(iter(subject or here or inside or named), None)
        if target is not None and not subject and target.mentions[0].rule == "events/indefinite" and not target.label:
            target.label = _label(s.block.text, met, "", s.plain)
        aside = re.search(
            r"(?i)\b(?:on|in|at) the (?:sidelines|margins) of\b",
            s.block.text[met.start() : met.end()],
        )
        if aside:
            target = None
        if target is None:
            beside = next(
                (
                    m
                    for x in meetings
                    for m in x.mentions
                    if aside and m.block == s.block.index and m.start >= met.start() + aside.start()
                ),
                None,
            )
            named_by = re.sub(r"^(?:19|20)\d\d\s+", "", beside.label) if beside else ""
            label = _label(
                s.block.text, met, f" {aside.group().strip()} the {named_by}" if aside and named_by else "", s.plain
            )
            target = Meeting(
                [
                    EventMention(
                        s.block.index,
                        met.start("met"),
                        met.end("met"),
                        label,
                        "meeting",
                        date=date,
                        place=place,
                        country=land,
                        proper=True,
                        rule="header/met",
                    )
                ]
            )
            target.label = label
            meetings.append(target)
            if aside and date is not None:
                for x in meetings:
                    for i, m in enumerate(x.mentions):
                        if x is not target and m.block == s.block.index and m.date is date:
                            own = next(
                                (
                                    d
                                    for d in s.plain
                                    if d.kind == "date" and m.start <= d.start and d.end <= m.end and d is not date
                                ),
                                None,
                            )
                            x.mentions[i] = replace(
                                m,
                                date=own if own is not None or date.value.startswith("--") else m.date,
                            )
        else:
            m = target.mentions[0]
            target.mentions[0] = replace(
                m,
                date=m.date or date,
                place=m.place or place,
                country=m.country or land,
            )
        target.main = target.described = True
        return
    best = max(meetings, key=lambda x: _weight(segmented, x, numbers), default=None)
    if best is not None and _weight(segmented, best, numbers) > 0:
        best.main = best.described = True
        _complete(segmented, scanned, best, meetings)


# What a speaker says of the meeting at which he speaks: 'welcome to the Sixth Conference', 'to address this Forum'.
_SPOKEN_AT = re.compile(
    r"\b(?:welcom(?:e|ing)\s+(?:you\s+)?(?:all\s+)?(?:here\s+)?to|(?:to|I|we|now|hereby|formally)\s+(?:declare\s+)?(?:open(?:ing)?|address|join|inaugurate|attend|host|co-chair|chair)(?:\s+you\s+(?:all\s+)?(?:at|for|in))?"
    r"|(?:opening|address(?:ing)?|hosting|co-hosting|chairing|co-chairing)(?:\s+of)?|(?:here\s+)?(?:today|this\s+morning|gathered|assembled|meet|with\s+you|be\s+here|speak|speaking|remarks|statement)(?:\s+(?:here|today))?\s+(?:at|for|in|to))"
    r"\s+(?:this|the|our)\s+(?:opening\s+(?:session\s+)?of\s+(?:this|the)\s+)?$"
)
_NEWS_OF = re.compile(
    r"\b(?:attend(?:ed|ing)|co-?hosted|hosted|co-?chaired|chaired|opened|concluded|met|gathered|convened|took\s+part|participated|agreed|endorsed|adopted|welcomed|joined|announced)\b"
)
_THIS_DAY = re.compile(r"\b(?:today|yesterday|this\s+(?:week|morning|afternoon|evening))\b")
_STILL_TO_COME = re.compile(r"\b(?:will|would|is\s+to|are\s+to|to\s+be|tomorrow|upcoming|forthcoming|next)\b")


def _today(segmented: Segmented, scanned: list[Scan], meetings: list[Meeting], genre: str) -> None:
    """The meeting of a speech or of news of the day: what the speaker opens, what the news say happened today.

    'agreed today at the Sixth Conference' is about that meeting, on the day of the release.
    """
    tops = [s for s in scanned if s.block.kind == "title" or s.block.index < 8]
    days = [m for s in tops for m in s.plain if m.kind == "date" and full(m.value)]
    prose = [b.index for b in segmented.blocks if b.kind in ("paragraph", "item") and len(b.text) > 60]
    for x in meetings:
        for i, m in enumerate(x.mentions):
            block = segmented.blocks[m.block]
            s = next((y for y in block.sentences if y.start <= m.start < y.end), None)
            first, stop = (s.start, s.end) if s else (0, len(block.text))
            if re.search(
                r"\btoday,?\s+(?:at|in|during)\s+(?:the\s+)?$", block.text[max(first, m.start - 40) : m.start]
            ):
                told = True
            elif block.index not in prose[:4] or not (m.ordinal or m.proper):
                continue
            elif genre == "speech":
                told = _SPOKEN_AT.search(block.text, first, m.start) is not None
            else:
                told = (
                    block.index in prose[:3]
                    and _THIS_DAY.search(block.text, first, stop) is not None
                    and _NEWS_OF.search(block.text, first, stop) is not None
                    and not _STILL_TO_COME.search(block.text, first, m.start)
                    and not _EARLIER_OR_LATER.search(block.text, first, m.start)
                )
            if told:
                # a speech is headed by the day and place of the meeting, news by the day of issue
                heading = [d for d in days if genre != "speech" or segmented.blocks[d.block].kind == "title"]
                if m.date is None and len({d.value for d in heading}) == 1 and not x.start:
                    x.mentions[i] = m = replace(m, date=heading[0])
                places = [p for s in scanned if s.block.kind == "title" for p in s.plain if p.kind == "place"]
                if genre == "speech" and m.place is None and len({p.value for p in places}) == 1:
                    x.mentions[i] = replace(m, place=places[0])
                x.main = x.described = True
                return


_TOOK_PLACE = re.compile(
    r"\b(?:was|were)\s+(?:\w+\s+)?(?:held|hosted|convened|organi[sz]ed|attended|opened)\b|\b(?:organi[sz]ed|hosted|held|convened|co-hosted|met|gathered|attended|took place)\b"
)
_EARLIER_OR_LATER = re.compile(
    r"(?i)\b(?:since|from|following|follow-?up to|during (?:his|her|its|their)|ahead of|next|previous|last|upcoming|forthcoming|recalled|recalling|as agreed at|prior to|preparation for)\b[^.;,]{0,60}$"
)


def _weight(segmented: Segmented, x: Meeting, opening: set[int]) -> int:
    """How much speaks for a meeting as the one that an untitled paper reports on: that the opening says that it took
    place, its day, later short forms; against it what marks it as earlier or still to come."""
    total = 0
    for m in x.mentions:
        block = segmented.blocks[m.block]
        s = next((y for y in block.sentences if y.start <= m.start < y.end), None)
        start, stop = (s.start, s.end) if s else (0, len(block.text))
        if _EARLIER_OR_LATER.search(block.text, start, m.start):
            total -= 3
        elif m.block in opening and _TOOK_PLACE.search(block.text, max(start, m.start - 60), min(stop, m.end + 60)):
            total += 3
        if m.block in opening and m.date is not None and full(m.date.value):
            total += 2
    if not any(m.block in opening for m in x.mentions):
        return 0
    told_by = 1 if any(m.ordinal or m.proper for m in x.mentions) else 0
    heads_ = {w for m in x.mentions for w in m.label.lower().replace("-", " ").split()} & _SHORT_HEADS
    short = sum(1 for b in segmented.blocks for w in heads_ if re.search(rf"\b[Tt]h(?:e|is) (?:\w+ )?{w}\b", b.text))
    return total + told_by + min(short, 3)


def _sentence_end(block: Block, at: int) -> int:
    return next((x.end for x in block.sentences if x.start <= at < x.end), len(block.text))


def _opens(segmented: Segmented, m: EventMention) -> bool:
    """Whether a sentence opens with the meeting: 'At the Second Summit, members ...', 'The Third Session was ...'."""
    block = segmented.blocks[m.block]
    s = next((x for x in block.sentences if x.start <= m.start < x.end), None)
    return (
        s is not None
        and re.fullmatch(r"(?i)\s*(?:at|during|for|in)?\s*(?:the|our|this|its)?\s*", block.text[s.start : m.start])
        is not None
    )


_POST = re.compile(
    r"\s+(?P<post>(?:[A-Z][\w’'-]*\s+){0,3}?(?:Prime\s+Minister|Minister|President|Secretary|Chancellor|Premier|Ambassador|Commissioner|Attorney-General)"
    r"(?:\s+(?:of|for)\s+(?:the\s+)?[A-Z][\w’'-]*(?:(?:,|\s+and|\s+&)?\s+[A-Z][\w’'-]*)*)?)"
)


def _by_posts(text: str, first: int, stop: int, plain: list[Mention]) -> str:
    """'the New Zealand Minister for Trade and the Chilean Minister of Economy': of persons who met, what tells whose
    meeting it was; '' for fewer than two."""
    found: list[str] = []
    for m in sorted(plain, key=lambda x: x.start):
        if m.kind in ("state", "adjective") and first <= m.start < stop and (post := _POST.match(text, m.end, stop)):
            # the next person's name is no part of a ministry: 'Minister for Trade, Ms Cruz', 'for Trade and Ms Cruz'
            office = re.split(r"(?:,|\s+and)?\s+(?:Mr|Mrs|Ms|Dr|H\.?E|His|Her|Hon|Sir|Dame)\b", post["post"])[0]
            whole = f"the {text[m.start : m.end]} {office.rstrip(', ')}"
            if whole not in found:
                found.append(whole)
    return f"{', '.join(found[:-1])} and {found[-1]}" if len(found) >= 2 else ""


def _label(text: str, met: re.Match[str], margins: str, plain: list[Mention]) -> str:
    """A name for a meeting that has none: 'meeting' or 'gathering', with whom or of whom it was, and the meeting on whose
    margins it was held (`margins`: ' on the margins of the Sixth Summit'), which tells it apart."""
    held = re.search(r"(?i)held\s+(?:a|an|their|its|the)\s+(?P<name>.+)$", met.group("met"))
    noun = "gathering" if re.match(r"(?i)gather|assembl", met.group("met")) else "meeting"
    if held:
        return held.group("name") + margins
    rest = re.split(
        r"\s+(?:on the (?:sidelines|margins)|in the margins|in\s+[A-Z]|at\s+[A-Z]|on\s+\d|on\s+[A-Z]|from\s+\d|to\s+|under\s+|representing\s+|,)",
        met.group("rest"),
        maxsplit=1,
    )[0].strip()
    if rest.startswith("with "):
        return f"{noun} {rest}{margins}"
    if margins:
        return noun + margins
    opens = text[: met.start()].rsplit(". ", 1)[-1]
    if posts := _by_posts(text, met.start() - len(opens), met.start(), plain):
        return f"{noun} of {posts}"
    # 'At the invitation of the Government of Peru, the Ministers ... met'
    opens = re.sub(r"^\s*(?:At the (?:kind )?invitation|On|Under|Following|In|Further to)\b[^,]{3,120},\s+", "", opens)
    lead = re.sub(r"(?i)^(?:we\s*,?\s*)?(?:the\s+)?", "", opens)
    subject = re.split(r"[—–,;(]", lead)[0].strip()
    listed = re.match(r"[^.;(]{4,110}?(?=,?\s+(?:in\s*)?$)", lead)
    if listed and re.search(
        r"\sof\s(?:[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)?(?:,\s|,?\sand\s)){1,3}[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)?$",
        listed.group(),
    ):
        return f"{noun} of the {listed.group()}"  # 'the Foreign Ministers of Kenya, Uganda and Tanzania'
    if lead[len(subject) :].startswith(","):
        # a list of states follows: 'Heads of State and Government of the Argentine Republic, Barbados, ...'
        last = re.search(r"\s+of\s+(?:the\s+)?(?P<who>(?:[A-Z][\w’'-]+\s*)+)$", subject)
        if last and any(f.kind == "state" for f in names(last.group("who"))):
            subject = subject[: last.start()]
    if subject and len(subject) < 120 and re.search(r"[A-Z]", subject):
        return subject if subject.startswith("meeting") else f"{noun} of {subject}"
    return noun


def _complete(segmented: Segmented, scanned: list[Scan], main: Meeting, meetings: list[Meeting]) -> None:
    """Give the titled meeting the date and place of the first paragraphs where the title has none."""
    for s in [s for s in scanned if s.block.kind == "paragraph"][:3]:
        met = _MET.search(s.block.text)
        own = [m for m in main.mentions if m.block == s.block.index]
        if met is None and not own:
            continue
        lo = met.start() if met else own[0].start
        date = next(
            (m for m in s.plain if m.kind == "date" and m.start >= lo and len(m.value.split("/")[0]) == 10),
            None,
        )
        stop = _sentence_end(s.block, lo)
        place = next((m for m in s.plain if m.kind == "place" and lo <= m.start < stop), None)
        m = main.mentions[0]
        if (
            met is not None
            and date is not None
            and date.end <= met.end()
            and main.start
            and main.start != date.value.split("/")[0]
            and len(main.mentions) >= 1
        ):
            # the sentence that says when they met outweighs the date line of the title, which may be that of the paper
            main.mentions[:] = [replace(x, date=date) if x.heading else x for x in main.mentions]
        if main.start and any(x.place for x in main.mentions):
            return
        if date is not None or place is not None:
            land = next(
                (x for x in s.plain if x.kind == "state" and place is not None and 0 <= x.start - place.end <= 4),
                None,
            )
            main.mentions[0] = replace(
                m,
                date=m.date if main.start else date,
                place=m.place or place,
                country=m.country or land,
            )
            return


def mark_described(segmented: Segmented, meetings: list[Meeting]) -> None:
    """Meetings of the title, or with a heading of their own, are described."""
    tops = {b.index for b in _top(segmented)}
    for b in segmented.blocks:
        if b.kind != "heading":
            continue
        for x in meetings:
            chief = next((y for y in meetings if y.main), None)
            if (
                chief is not None
                and chief is not x
                and chief.ordinals
                and x.ordinals
                and chief.ordinals != x.ordinals
                and chief.tokens() & x.tokens()
            ):
                continue  # the next of the series, in a section on its date and venue
            if any(m.block == b.index and len(m.label) > 0.6 * len(b.text.strip()) and not m.short for m in x.mentions):
                x.described = x.described or any(m.block != b.index for m in x.mentions)
    for x in meetings:
        if any(m.block in tops for m in x.mentions):
            x.described = True


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
    years = _years(_top(segmented))
    return stated or months or (years.pop() if len(years) == 1 else "")


def _sentence(segmented: Segmented, m: EventMention) -> tuple[int, int]:
    """The sentence of a mention, by block and start."""
    block = segmented.blocks[m.block]
    return m.block, next((s.start for s in block.sentences if s.start <= m.start < s.end), 0)


def _years(blocks: Iterable[Block]) -> set[str]:
    return set(re.findall(r"\b(?:19|20)\d\d\b", " ".join(b.text for b in blocks)))


def year(segmented: Segmented, meetings: list[Meeting]) -> str:
    """The year of the paper: of the meeting that it reports on, else of its date, else the only year of its title."""
    for x in meetings:
        if x.main and x.start and not x.start.startswith("--"):
            return x.start[:4]
    stated = next((v for k, v in segmented.document.meta if k == "date"), "")
    if stated:
        return stated[:4]
    years = _years(_top(segmented))
    if not years:
        # where the paper opens and ends, but not the years that other sentences than the meeting's own give to others
        ends = (*segmented.blocks[:3], *segmented.blocks[-3:])
        own = {_sentence(segmented, m) for x in meetings if x.main for m in x.mentions}
        others = {
            m.date.value[:4]
            for x in meetings
            for m in x.mentions
            if not x.main and m.date and any(b.index == m.block for b in ends) and _sentence(segmented, m) not in own
        }
        years = _years(ends) - others
    return years.pop() if len(years) == 1 else ""
