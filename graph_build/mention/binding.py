"""Date, place and host of a meeting, from the words of its sentence.

What stands right after the meeting's name or right before it is its own; a date or place a clause away is taken only
over words that say that the meeting took place then, with no other meeting between. In doubt nothing is bound.
"""

from __future__ import annotations

import re
from dataclasses import replace

from graph_build import rules
from graph_build.mention.events import EventMention
from graph_build.mention.gazetteer import names
from graph_build.mention.ordinals import ordinal
from graph_build.records import Mention

# What may stand between a meeting and its date or place.
_FILLER = re.compile(
    r"[\s,(:–—-]*(?:(?:which|that|to\s+be|due\s+to\s+be|scheduled\s+to\s+be)\s+)?"
    r"(?:(?:was|were|is|are|will|would|shall|had|has|have|to|be|been|being|also|successfully|jointly|then|virtually|due|currently|again|next|itself|tentatively|provisionally|planned|expected|proposed|scheduled)\s+)*"
    r"(?:(?:held|hosted|convened|convene|meet|met|takes?\s+place|took\s+place|taking\s+place|taken\s+place|organi[sz]ed|scheduled|foreseen|envisaged|slated|conducted|commenced|opened|begin|began|concluded|assembled|gathered|follows|followed|hold|held\s+virtually)\s*(?:successfully\s+|jointly\s+|virtually\s+|back-to-back\s+)?)?"
    r"(?:(?:(?:by|via|through)\s+(?:video|tele|web)[- ]?(?:conference|conferencing|cast)|virtually|online)\s*)?"
    r"[\s,(:–—-]*(?:here\s+)?(?:(?:on|in|at|from|during|between|of|for|over|dated|through)\s+)?(?:the\s+)?(?:(?:city|town|margins|island|capital|period|week|second\s+half|first\s+half|end|beginning)\s+(?:of\s+)?)?(?:early\s+|mid-?\s?|late\s+|(?:[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter)\s+(?:of\s+)?)?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?"
    r"(?:the\s+)?(?:year\s+)?"
)
_HAS_LINK = re.compile(
    r"(?i)\b(?:on|in|at|from|during|between|of|held|place|convened?|hosted|met|meet|begin|opened|dated|scheduled|planned)\b|[,(:–—]"
)
_BRACKET = re.compile(
    r"\s*\(\s?(?:(?:\d+\w{2}\s)?[A-Z][\w/-]{1,15}(?: (?:\d{1,3}|[IVX]{1,5}))?|Working Group|the [^)]{3,40})\)"
)  # fmt: skip
_TOPIC_ASIDE = re.compile(
    r",\s+(?:on|for|focus(?:ing|ed)\s+on|dedicated\s+to|under\s+the\s+theme)\s+[^,.;]{3,90},(?=\s)"
)
_PARTIES = re.compile(r"\s+between\s+(?:the\s+)?[^,.;]{3,70}?(?=\s+(?:from|on|in|at|held)\s)")
_WITH = re.compile(r"\s+with\s+[^,.;]{3,60}?(?=\s+(?:took\s+place|was\s+held|were\s+held|held|which|convened)\b)")
_REGION = re.compile(
    r"\s+(?:in|for)\s+(?:the\s+)?[A-Z][\w-]+(?:\s+(?:and\s+)?(?:the\s+)?[A-Z][\w-]+)*,?(?=\s+(?:held|which|was|took)\b)"
)
_HOSTED_BY = re.compile(
    r"\s*,?\s*(?:which\s+)?(?:was\s+|were\s+|to\s+be\s+|will\s+be\s+|would\s+be\s+|shall\s+be\s+|is\s+to\s+be\s+|being\s+)?(?P<how>(?:co-)?(?:hosted|convened|organi[sz]ed))\s+(?:virtually\s+|online\s+|jointly\s+)?by\s+(?:the\s+)?(?:[Gg]overnment\s+of\s+)?(?:the\s+)?"
)
_HOSTS = re.compile(
    r"\s*(?:['’]s?)?,?\s+(?:(?:kind\s+|generous\s+)?(?:offer|invitation|proposal|decision|intention|willingness|readiness|plans?)\s+to\s+host|to\s+host|(?:(?:will|would|is\s+to|has|had)\s+)?(?:generously\s+|successfully\s+|kindly\s+)?host(?:ed|ing|s)?|for\s+(?:its\s+)?(?:generosity\s+in\s+|generously\s+|successfully\s+)?hosting|as\s+(?:the\s+)?hosts?\s+of)\s+(?:the\s+|an?\s+)?(?:next\s+)?$"
)
_WHICH = re.compile(r"\s*,?\s+(?:which|that)\s+(?:the\s+)?(?:[Gg]overnments?\s+of\s+)?(?:the\s+)?")
_DID_HOST = re.compile(
    r"\s+(?:(?:had|has|have|will|would|is\s+to|are\s+to)\s+)?(?:jointly\s+|generously\s+|kindly\s+)?(?P<how>(?:co-)?(?:host(?:ed)?|convened?|organi[sz]ed?|held))\b"
)
_ASIDE = re.compile(r",\s+(?:the|its|as)\s+[^,.;()]{3,60},(?=\s)")
# 'at the Port Academy in Kobe'
_VENUE = re.compile(r"(?:the\s+)?(?:[A-Z][\w’'&.-]*\s+|(?:of|and|for|de|the)\s+){0,7}[A-Z][\w’'&.-]*(?:\s+in\s+|,\s+)")
_MORE_STATES = re.compile(r"\s*(?:,|,?\s+and|\s*&)\s+(?:the\s+)?(?:[Gg]overnment\s+of\s+)?(?:the\s+)?$")
_VIRTUAL = re.compile(r"(?i)\b(?:virtual(?:ly)?|online|video[- ]?conferenc\w+|teleconferenc\w+|webinar)\b")
# ', attended by 14 ministers and chaired by X, took place in ...'; 'organised by the Secretariat was held from ...'
_TOOK_PLACE = re.compile(
    r"(?:,|\s\(|\s+(?:organi[sz]ed|convened|hosted|co-hosted|sponsored|attended|chaired)\s+by\b)[^;]{3,240}?(?:,|\)|\s)\s*"
    r"(?=(?:(?:was|were|is\s+being|will\s+be|is\s+to\s+be)\s+(?:\w+\s+)?(?:held|convened|hosted|conducted)|took\s+place|takes\s+place|will\s+take\s+place|convened|met)\s+(?:on|in|at|from|between|during)\s)"
)
_SAID_OF_OTHERS = re.compile(
    r"\b(?:that|recall\w*|not(?:ed|ing)|agreed?|agreeing|welcom\w+|elections?|who|where|whose|after|following)\b"
)
# 'Dialogue, opened by X and Y in Bergen on 6 December 2004'
_DONE_BY = re.compile(
    r"(?:\s+\w+)?,?\s+(?:which\s+was\s+|was\s+)?(?:jointly\s+|officially\s+|formally\s+)?(?:opened|inaugurated|hosted|co-hosted|organi[sz]ed|co-organi[sz]ed|convened|co-convened|chaired|co-chaired|attended|sponsored|co-sponsored|launched|led)\s+(?:jointly\s+)?by\s+[^.;]{2,160}?[\s,](?=(?:in|at|on|from)\s)"
)
_PAIR = re.compile(r",?\s+(?:on|from|in|at|between)?\s*(?:the\s+)?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?")
_LEAD_IN = re.compile(r"(?:in|at|on|from|during|between)\s+(?:the\s+)?(?:early\s+|mid-|late\s+)?$")
_UNKNOWN_PLACE = re.compile(
    r"(?P<place>(?!The\b|January|February|March|April|May|June|July|August|September|October|November|December|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)[A-ZÀ-Þ][\w’'-]+(?:[ -](?:[A-ZÀ-Þ][\w’'-]+|de|la|del|el)){0,2})(?P<gap>,?\s+(?:near\s+|(?:on|in|from)\s+(?:the\s+)?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?|))"
)
_IN_OR_AT = re.compile(r"\b(?:in|at|on)\s+(?:the\s+)?(?:(?:city|town|island|capital)\s+(?:of\s+)?)?$")
_SINCE = re.compile(r"(?:since|until|before|after)\s+(?:the\s+)?$")
_RIGHT_BEFORE = re.compile(r"(?:['’]s)?\s*(?:,\s*)?(?:the\s+|our\s+|its\s+|their\s+)?(?:joint\s+|annual\s+)?")
_PLACE_HEADS = frozenset(
    ("conference", "summit", "meeting", "ministerial", "workshop", "symposium", "seminar", "session", "roundtable")
)
_PLACE_GENERIC = rules.word_list("meeting_generic") | {
    "ministers", "leaders", "informal", "review", "world", "plenary", "foreign", "heads", "leaders'", "leaders’",
    "ministers'", "ministers’", "global", "high-level", "extraordinary", "officials", "officials'", "officials’",
    "senior", "2nd",
}  # fmt: skip


def bind(
    event: EventMention,
    text: str,
    sentence: tuple[int, int],
    dates: list[Mention],
    places: list[Mention],
    states: list[Mention],
    others: list[int],
) -> EventMention:
    """The event with the date, the place and the host's country that its sentence (a range of `text`) gives it.

    `others` are the places where other meetings of the block begin: nothing is bound over them from afar.
    """
    stop = sentence[1]
    p = _after_name(event, text, stop, places)
    host, p = _hosted_by(text, p, stop, states)
    if event.label != text[event.start : event.end]:
        # 'Seminar in Suva on Ports'
        inner = text.find(" in ", event.start, event.end)
        event = replace(event, place=next((x for x in places if inner > 0 and x.start == inner + 4), None))
    event = _follow(event, text, p, stop, dates, places, states)
    away = None if event.date or event.place else _clause_away(event, text, stop, others)
    if away is not None:
        event = _follow(event, text, away, stop, dates, places, states)
    if event.date is None and event.place is None:
        event = _done_in(event, text, stop, dates, places, others)
    if event.date is None:
        event = replace(event, date=_date_before(event, text, dates))
    if event.place is None:
        event = _place_in_name(event, text)
    if event.place is None and event.country is None:
        host = host or _host_before(event, text, sentence[0], states)
        if host is not None and not _VIRTUAL.search(text, sentence[0], stop):
            event = replace(event, country=replace(host, rule="events/host"))
    return event


def _after_name(event: EventMention, text: str, stop: int, places: list[Mention]) -> int:
    """Where the words after the meeting's name begin: behind its acronym, its parties, its region."""
    p = event.end
    for pattern in (_BRACKET, _TOPIC_ASIDE, _PARTIES, _WITH):
        if m := pattern.match(text, p, stop):
            p = m.end()
    region = _REGION.match(text, p, stop)
    if region and not any(p <= x.start < region.end() for x in places):
        p = region.end()
    return p


def _hosted_by(text: str, p: int, stop: int, states: list[Mention]) -> tuple[Mention | None, int]:
    """The one state that 'hosted by' or 'which X hosted' names right after the meeting, and where the words go on."""
    m = _HOSTED_BY.match(text, p, stop)
    before = m or _WHICH.match(text, p, stop)
    if before is None:
        return None, p
    first = next((s for s in states if s.start == before.end()), None)
    if first is None:
        return None, p
    end = first.end
    for s in sorted(states, key=lambda x: x.start):
        if s.start > end and _MORE_STATES.fullmatch(text, end, s.start):
            end = s.end
    only = end == first.end
    if m is None:
        m = _DID_HOST.match(text, end, stop)
        if m is None:
            return None, p
        end = m.end()
    elif aside := _ASIDE.match(text, end, stop):
        end = aside.end()
    return (first if only and m["how"] in ("hosted", "host") else None), end


def _follow(
    event: EventMention,
    text: str,
    p: int,
    stop: int,
    dates: list[Mention],
    places: list[Mention],
    states: list[Mention],
) -> EventMention:
    """The event with the dates and places that follow from `p` on, each joined by words that say so."""
    at_date = {m.start: m for m in dates}
    at_place = {m.start: m for m in places}
    at_state = {m.start: m for m in states}
    date, place, country = event.date, event.place, event.country
    for _ in range(5):
        filler = _FILLER.match(text, p, stop)
        if filler is None:
            break
        q = filler.end()
        # 'in Porto last year' needs no preposition
        if (here := at_date.get(p + (text[p : p + 1] == " "))) and here.rule == "dates/relative":
            q = here.start
        elif _HAS_LINK.search(text, p, q) is None:
            break
        if q in at_date and date is None:
            date = at_date[q]
            p = date.end
        elif q in at_place and place is None:
            place = at_place[q]
            # 'in Colombo, hosted by Sri Lanka, on 18 August 2014'
            p = _hosted_by(text, place.end, stop, states)[1]
        elif q in at_place and place is not None and text[place.end : q] == ", ":
            p = at_place[q].end  # 'in Denarau, Nadi, on 24 February'
        elif q in at_state and country is None and re.search(r"\b(?:in|at)\b|[,(:]", text[p:q]):
            country = at_state[q]
            p = country.end
        elif place is None and (venue := _VENUE.match(text, q, stop)) and venue.end() in at_place:
            place = at_place[venue.end()]
            p = place.end
        elif place is None and country is None and (found := _unknown_place(event, text, q, stop, dates, places)):
            place = found
            p = max([place.end, *(x.end for x in places if re.fullmatch(r",?\s+near\s+", text[place.end : x.start]))])
        else:
            break
    return replace(event, date=date, place=place, country=country)


def _unknown_place(
    event: EventMention, text: str, q: int, stop: int, dates: list[Mention], places: list[Mention]
) -> Mention | None:
    """A place that no list has: 'in Yaren in 1993', 'on Blake Island near Seattle' (country of the known one)."""
    m = _UNKNOWN_PLACE.match(text, q, stop)
    if m is None or _IN_OR_AT.search(text, max(0, q - 24), q) is None:
        return None
    near = next((x for x in places if x.start == m.end()), None) if "near" in m["gap"] else None
    if near is None and not (m["gap"].strip(", ") and any(d.start == m.end() for d in dates)):
        return None
    if ordinal(m["place"]) or any(x.start <= q < x.end for x in dates):
        return None
    country = near.value.split("|")[1] if near else ""
    return Mention("place", event.block, q, m.end("place"), "places/by-form", f"{m['place']}|{country}")


def _clause_away(event: EventMention, text: str, stop: int, others: list[int]) -> int | None:
    """Where 'was held in' begins after a clause about the same meeting; None where anything else may be meant."""
    m = _TOOK_PLACE.match(text, event.end, min(stop, event.end + 330))
    if m is None or any(event.end <= o < m.end() for o in others) or _SAID_OF_OTHERS.search(m.group()):
        return None
    return m.end()


def _done_in(
    event: EventMention, text: str, stop: int, dates: list[Mention], places: list[Mention], others: list[int]
) -> EventMention:
    """'opened by X and Y in Bergen on 6 December 2004': place and date side by side after who did it."""
    m = _DONE_BY.match(text, event.end, stop)
    while m is not None:
        if any(event.end <= o < m.end() for o in others):
            return event
        for one, two in ((places, dates), (dates, places)):
            for a in one:
                if a.start < m.end() or a.start > m.end() + 24 or not _LEAD_IN.fullmatch(text, m.end(), a.start):
                    continue
                for b in two:
                    gap = _PAIR.match(text, a.end)
                    if gap and b.start == gap.end():
                        place, date = (a, b) if a.kind == "place" else (b, a)
                        return replace(event, date=date, place=place)
        later = _DONE_ON.search(text, m.end(), min(stop, event.end + 220))
        if later is None:
            return event
        m = later
    return event


_DONE_ON = re.compile(r"[\s,](?=(?:in|at|on|from)\s)")


def _date_before(event: EventMention, text: str, dates: list[Mention]) -> Mention | None:
    """The date right before the name ('the May 2012 Summit', 'last year's Summit'), else one inside it."""
    found = None
    for m in dates:
        if (
            m.end <= event.start
            and _RIGHT_BEFORE.fullmatch(text, m.end, event.start)
            and (m.rule == "dates/relative" or not _SINCE.search(text, 0, m.start))
        ):
            found = m
    return found or next((m for m in dates if event.start <= m.start and m.end <= event.end), None)


def _place_in_name(event: EventMention, text: str) -> EventMention:
    """'Hong Kong Ministerial Meeting', 'Fourth Bali Regional Ministerial Conference': held in the city of its name.

    A forum or dialogue may keep the name of the city where it began; a body's name may hold a city too. So nothing but
    words that any meeting's name may have stands between the city and 'conference', 'summit', 'meeting' ...
    """
    if not event.proper or event.head not in _PLACE_HEADS:
        return event
    shown = text[event.start : event.end]
    for f in names(shown):
        if f.kind == "state":
            continue
        if f.kind != "place" or f.weak:
            return event
        before = shown[: f.start].lower().split()
        after = re.split(r"\s(?:on|of|for|to|in|at)\s", shown[f.end :].lower())[0].split()
        if all(w in _PLACE_GENERIC or ordinal(w) for w in (*before, *after)) and event.head.split()[-1] in after:
            place = Mention("place", event.block, event.start + f.start, event.start + f.end, "places/in-name", f.value)
            return replace(event, place=place)
        return event
    return event


def _host_before(event: EventMention, text: str, first: int, states: list[Mention]) -> Mention | None:
    """The one state that hosted, hosts or offered to host the meeting, named before it."""
    for s in reversed(states):
        if s.end > event.start or s.start < first or event.start - s.end > 60:
            continue
        if _HOSTS.fullmatch(text, s.end, event.start):
            several = any(_MORE_STATES.fullmatch(text, o.end, s.start) for o in states if first <= o.start < s.start)
            # an offer that was only noted settles nothing
            noted = re.search(
                r"\bnot(?:ed|es|ing)\b[^.;]{0,60}\b(?:offer|proposal|interest)\b", text[first : event.start]
            )
            return None if noted or several else s
        break
    return None
