"""The meeting that a paper reports on, and the others that it describes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from graph_build.mention.dates import compatible, full
from graph_build.mention.events import EventMention
from graph_build.mention.gazetteer import names
from graph_build.mention.header import reports, top
from graph_build.mention.meetings import Meeting, told
from graph_build.mention.things import words
from graph_build.records import Block, Mention, Segmented

if TYPE_CHECKING:
    from graph_build.mention.scan import Scan

_SHORT_HEADS = frozenset(
    ("meeting", "workshop", "symposium", "conference", "seminar", "summit", "session", "training", "forum", "dialogue")
)
_ITSELF = re.compile(
    r"(?:\s*\([^)]{2,40}\))?,?\s+(?:(?:was|were|has|had|have|is|also|successfully|been|formally|duly)\s+){0,3}"
)
_MET = re.compile(
    r"(?P<met>(?:^(?:Held|Convened)(?=\s+(?:in|at|on|by|via|from|virtually|online)\b)|\b(?:met|convened|gathered|assembled|came together|(?<=\bin\s)an?\s+(?:[\w-]+\s+){0,2}meeting(?=,?\s+(?:held\s+)?(?:in|at|on)\s)|(?:meeting|gathering)(?=\s+(?:in|at|on)\s)|held\s+(?:a|an|their|its|the)\s+(?:[\w-]+\s+){0,4}?(?:meeting|summit|session|talks|consultations|dialogue|conference|retreat|forum))\b))(?P<rest>(?:[^.;]|\.(?=\S)|(?<=\b[A-Z])\.)(?:[^.;]|\.(?=\S)|(?<=\b[A-Z])\.|(?<=\.[A-Z])\.){0,320})"
)


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
    of_title = words(" ".join(b.text for b in top(segmented)))
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


_FOR_THE = re.compile(r"\b(?:for|at|during)\s+(?:the|our|its|their)\s+$")


def _headed(segmented: Segmented, scanned: list[Scan], said: str, place: Mention | None) -> Mention | None:
    """The one full date of the title, where its line names the place at which they met, or no other place."""
    tops = {b.index: b for b in top(segmented)}
    days = [m for s in scanned if s.block.index in tops for m in s.plain if m.kind == "date" and full(m.value)]
    if len({d.value for d in days}) != 1:
        return None
    line = tops[days[0].block].text
    at = re.search(r"\b(?:in|at)\s+(?P<place>[A-Z][\w’'-]+)", said)
    return days[0] if at and (at["place"] in line or (place is not None and at["place"] in place.value)) else None


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
        if date is None:
            # 'met in Weimar', below the line 'Weimar, 28 August 2016'
            date = _headed(segmented, scanned, s.block.text[met.start() : stop], place)
        if date is None and place is None:
            continue
        land = next(
            (m for m in s.plain if m.kind == "state" and place is not None and 0 <= m.start - place.end <= 4),
            None,
        )
        near = [
            x
            for x in meetings
            if any(m.block in numbers for m in x.mentions)
            and not (x.start and full(x.start + "/" + x.start))
            and (date is None or compatible(x.start, date.value.split("/")[0]))
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
                and (
                    met.start() <= m.start <= met.start() + 60
                    or (m.proper and met.start() < m.start < stop and _FOR_THE.search(s.block.text, 0, m.start))
                )
                and not re.search(
                    r"(?i)sidelines|margins|occasion|\bprepar|\bahead\b|\bbefore\b|\bafter\b|\bfollow|\bsince\b|\boutcomes?\b|\bdiscuss|\breview",
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
        aside = re.search(
            r"(?i)\b(?:on|in|at) the (?:sidelines|margins) of\b",
            s.block.text[met.start() : met.end()],
        )
        if aside:
            target = None
        elif target is not None and target not in subject and target.mentions[0].rule == "events/indefinite":
            target.label = target.label or _label(s.block.text, met, "", s.plain)
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
_WAS_HELD = re.compile(
    r"(?:\s*\([^)]{2,40}\))?(?:\s+(?:of|on)\s+[^.;,]{3,80})?\s+(?:was\s+(?:successfully\s+|officially\s+)?(?:held|convened|opened|hosted)|took\s+place|concluded|ended|opened|wrapped\s+up|met)\b"
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
            elif block.index in prose[:1] and first == block.sentences[0].start and _WAS_HELD.match(block.text, m.end):
                told = True
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
    r"(?i)\b(?:since|from|following|followed|follows|built on|building on|preceded|follow-?up to|during (?:his|her|its|their)|ahead of|next|previous|last|upcoming|forthcoming|recalled|recalling|as agreed at|prior to|preparation for)\b[^.;,]{0,60}$"
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


_BROUGHT = re.compile(r"\b(?:brought\s+together|organi[sz]ed|hosted|co-hosted|convened|held)\b")


def _complete(segmented: Segmented, scanned: list[Scan], main: Meeting, meetings: list[Meeting]) -> None:
    """Give the titled meeting the date and place of the first paragraphs where the title has none, or none so fine."""
    # a meeting on the same days may share the place
    others = [m for x in meetings if x is not main and (not x.start or x.start != main.start) for m in x.mentions]
    for s in [s for s in scanned if s.block.kind == "paragraph"][:3]:
        text = s.block.text
        met = _MET.search(text)
        own = [m for m in main.mentions if m.block == s.block.index]
        first = s.block.sentences[0] if s.block.sentences else None
        brought = first is not None and _BROUGHT.search(text, first.start, first.end)
        if met is None and not own and not brought:
            continue
        lo = met.start() if met else own[0].start if own else 0
        stop = _sentence_end(s.block, lo)
        free = [m for m in s.plain if lo <= m.start < stop and not any(m is o.date or m is o.place for o in others)]
        date = next((m for m in free if m.kind == "date" and len(m.value.split("/")[0]) == 10), None)
        place = next((m for m in free if m.kind == "place"), None)
        m = main.mentions[0]
        start = date.value.split("/")[0] if date else ""
        if (
            met is not None
            and date is not None
            and date.end <= met.end()
            and main.start
            and main.start != start
            and not _several_days(main)
            and not _of_another(text, met.start(), date, meetings, s.block.index)
        ):
            # the sentence that says when they met outweighs the date line of the title, which may be that of the paper
            main.mentions[:] = [replace(x, date=date) if x.heading else x for x in main.mentions]
        elif date is not None and main.start and len(main.start) < 10 and compatible(start, main.start):
            main.mentions[0] = m = replace(m, date=date)
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


def _several_days(main: Meeting) -> bool:
    """Whether the title gives the days of a meeting rather than the day of the paper."""
    return any(m.heading and m.date and len(set(m.date.value.split("/"))) > 1 for m in main.mentions)


def _of_another(text: str, verb: int, date: Mention, meetings: list[Meeting], block: int) -> bool:
    """Whether a date behind the verb 'met' is that of another meeting: 'gathered ahead of the Fourth Consultation, to be
    held on 24 January', 'convened as the second in a series, the first having been held on 14 February'."""
    named = any(
        verb < m.start < date.start and not m.short and not m.heading
        for x in meetings
        for m in x.mentions
        if m.block == block
    )
    return named or _ANOTHER.search(text, verb, date.start) is not None


_ANOTHER = re.compile(
    r"(?i)\b(?:ahead of|prior to|before|following|after|since|to be (?:held|hosted)|having been|(?:the )?(?:first|previous|last|next|former|earlier|latter)(?: one| of which)? (?:was|having|had|is|will)|will be|would be)\b"
)


def mark_described(segmented: Segmented, meetings: list[Meeting]) -> None:
    """Meetings of the title, or with a heading of their own, are described."""
    tops = {b.index for b in top(segmented)}
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
