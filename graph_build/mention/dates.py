"""Dates and date ranges as such papers write them.

A date's value is 'START/END', each YYYY-MM-DD, YYYY-MM or YYYY; where the text gives no year, '--MM-DD' or '--MM'.
Dates said from the day of the paper ('last November', 'in July next year') are read where that day is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from graph_build.records import Mention

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_NUMBER = {m: i + 1 for i, m in enumerate(_MONTHS)} | {m[:3]: i + 1 for i, m in enumerate(_MONTHS)} | {"sept": 9}
_MONTH = r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?|JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|ST|ND|RD|TH)?"
_YEAR = r"(?:1[89]\d\d|20\d\d)"
_WEEKDAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?"
_TO = r"(?:\s*[-–—‑]\s*|\s+(?:to|and|until|through|&)\s+|,\s*)"
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_OF_WEEK = "|".join(w.capitalize() for w in _WEEKDAYS)
_DAYS = rf"{_DAY}(?:{_TO}{_WEEKDAY}{_DAY})*"

# Longest forms first: the first alternative that fits wins.
_DATE = re.compile(
    "|".join(
        (
            # 29 September - 1 October 2015, 30 December 2014 to 2 January 2015
            rf"(?<![\w.])(?P<d1>{_DAY})(?:\s+of)?\s+(?P<m1>{_MONTH})(?:,?\s+(?P<y1>{_YEAR}))?{_TO}{_WEEKDAY}(?P<d2>{_DAY})(?:\s+of)?\s+(?P<m2>{_MONTH})(?![\w-])(?:,?\s+(?P<y2>{_YEAR})\b)?",
            # October 31–November 1, 2022
            rf"\b(?P<m3>{_MONTH})\s+(?P<d3>{_DAY}){_TO}(?P<m4>{_MONTH})\s+(?P<d4>{_DAY})(?:,?\s+(?P<y4>{_YEAR}))?\b",
            # 3-4 June 2014, 7, 8 and 9 November 2023, 19 – 20 October 2015, 2 April 2013, 5 July
            rf"(?<![\w.])(?P<ds5>{_DAYS})(?:\s+(?:of\s+)?|-)(?P<m5>{_MONTH})(?!\w)(?:,?(?:\s+|-)(?P<y5>{_YEAR}))?(?!\d)",
            # June 3rd to 4th, 2014, June 13th
            rf"\b(?P<m6>{_MONTH})\s+(?P<ds6>{_DAYS})(?!\d|:)(?:,?\s+(?P<y6>{_YEAR}))?(?!\d)",
            # March 2011, March of 2011
            rf"\b(?P<m7>{_MONTH})(?:,|\s+of)?\s+(?P<y7>{_YEAR})\b",
            # in April (the year comes from the paper)
            rf"(?<=\b[Ii]n )(?P<m10>{_MONTH})(?![\w-]|\s+\d)",
            # 2015-03-25
            rf"(?<![\w-])(?P<iso>{_YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?![\w-])",
            # 25/03/2015 (day first, as most of these papers write it)
            rf"(?<![\w/.])(?P<d8>0?[1-9]|[12]\d|3[01])[/.](?P<m8>0?[1-9]|1[0-2])[/.](?P<y8>{_YEAR})(?![\w/])",
            # a year alone, mid-2018
            rf"(?:(?<=mid-)|(?<=early-)|(?<=late-)|(?<![\w$€£.,/–-]))(?P<y9>{_YEAR})(?![\w%–-]|,\d|\.\d|/\d)",
        )
    )
)
# 'last November', 'next July', '3 May last year', 'in May this year', 'next year', "last year's", 'later this year'
_RELATIVE = re.compile(
    rf"\b(?:(?P<near>[Ll]ast|[Nn]ext|[Tt]his(?:\s+coming|\s+past)?)\s+(?P<month>{_MONTH})(?![\w-]|,?\s+\d)"
    rf"|(?:(?P<days>{_DAYS})\s+(?:of\s+)?|\b)(?P<of>{_MONTH})\s+(?:of\s+)?(?P<when>last|next|this)\s+year"
    r"|(?:(?:earlier|later|late|early)\s+)?(?P<year>[Ll]ast|[Nn]ext|[Tt]his)\s+year"
    r"|(?P<ago>[Aa]|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en)\s+(?P<unit>years?|months?)\s+ago"
    r"|(?P<month_of>[Ll]ast|[Nn]ext|[Tt]his)\s+month"
    r"|(?P<day_of>(?:[Tt]he\s+day\s+before\s+)?[Yy]esterday|[Tt]omorrow|[Ll]ast\s+night|[Tt]his\s+(?:morning|afternoon|evening)|[Tt]oday)"
    rf"|(?:(?P<week>[Oo]n|[Ll]ast|[Nn]ext|[Tt]his)\s+(?:past\s+)?)(?P<weekday>{_DAY_OF_WEEK})(?!,?\s+(?:the\s+)?\d|,?\s+{_MONTH}))(?!\w)"
)
_AGO = {
    "a": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
_SAID_FROM_TODAY = re.compile(r"year|(?:ast|ext|his) |ago|esterday|omorrow|oday|day\b")
_TO_COME = re.compile(
    r"(?i)\b(?:will|shall|to\s+be|is\s+to|are\s+to|upcoming|forthcoming|scheduled|look(?:ed|ing|s)?\s+forward)\b"
)
# 'held the day before', 'took place the following day': from a day that stands before
_NEXT_TO = re.compile(
    r"\b(?:on\s+)?[Tt]he\s+(?:(?P<before>day\s+before|previous\s+day|preceding\s+day)|(?P<after>day\s+after|following\s+day|next\s+day)|(?P<same>same\s+day))(?!\w)(?!\s+(?:the|yesterday|tomorrow)\b)"
)
_NUMERAL = re.compile(r"\d+")
_IN_MONTH = re.compile(rf"\b[Ii]n {_MONTH}")


def _day(text: str) -> int:
    found = _NUMERAL.search(text)
    return int(found.group()) if found else 0


def _month(text: str) -> int:
    return _NUMBER[text.lower().rstrip(".")] if text.lower().rstrip(".") in _NUMBER else _NUMBER[text.lower()[:3]]


def _iso(year: str | None, month: int, day: int) -> str:
    return f"{year}-{month:02d}-{day:02d}" if year else f"--{month:02d}-{day:02d}"


def value_of(match: re.Match[str]) -> str:
    """The value 'START/END' of a date match."""
    g = match.groupdict()
    if g["d1"]:
        y1 = g["y1"] or g["y2"]
        return f"{_iso(y1, _month(g['m1']), _day(g['d1']))}/{_iso(g['y2'], _month(g['m2']), _day(g['d2']))}"
    if g["m3"]:
        return f"{_iso(g['y4'], _month(g['m3']), _day(g['d3']))}/{_iso(g['y4'], _month(g['m4']), _day(g['d4']))}"
    for n in ("5", "6"):
        if g[f"m{n}"]:
            days = [int(d) for d in _NUMERAL.findall(g[f"ds{n}"])]
            year, month = g[f"y{n}"], _month(g[f"m{n}"])
            return f"{_iso(year, month, days[0])}/{_iso(year, month, days[-1])}"
    if g["m7"]:
        value = f"{g['y7']}-{_month(g['m7']):02d}"
        return f"{value}/{value}"
    if g["m10"]:
        value = f"--{_month(g['m10']):02d}"
        return f"{value}/{value}"
    if g["iso"]:
        return f"{g['iso']}/{g['iso']}"
    if g["d8"]:
        value = _iso(g["y8"], int(g["m8"]), int(g["d8"]))
        return f"{value}/{value}"
    return f"{g['y9']}/{g['y9']}"


def dates(text: str, block: int) -> Iterator[Mention]:
    """Every date of a block's text, left to right."""
    if _NUMERAL.search(text) is None and _IN_MONTH.search(text) is None:
        return
    for match in _DATE.finditer(text):
        # 'May 2013' the month, but 'may 20' never: months are written with a capital
        yield Mention("date", block, match.start(), match.end(), "dates", value_of(match))


def relative(text: str, block: int, today: str) -> Iterator[Mention]:
    """Dates of a text that are said from the day of the paper, `today` (YYYY, YYYY-MM or YYYY-MM-DD; '' gives none).

    'last November' is the November before the paper's month, 'next May' the May after it; without the paper's month
    neither is known. 'Yesterday' and 'on Sunday' need its day: a day of the week is the last one, or the next where the
    words before say that it is to come.
    """
    if not today or _SAID_FROM_TODAY.search(text) is None:
        return
    year = int(today[:4])
    for m in _RELATIVE.finditer(text):
        if m["day_of"] or m["weekday"]:
            if (day := _near_day(m, text, today)) is not None:
                start = m.start("weekday") if m["weekday"] and m["week"].lower() == "on" else m.start()
                yield Mention("date", block, start, m.end(), "dates/relative", f"{day}/{day}")
            continue
        if m["ago"] or m["month_of"]:
            back = _AGO[m["ago"].lower()] if m["ago"] else {"last": 1, "this": 0, "next": -1}[m["month_of"].lower()]
            if m["ago"] and m["unit"].startswith("year"):
                value = str(year - back)
            elif len(today) < 7:
                continue
            else:
                then, month = divmod(year * 12 + int(today[5:7]) - 1 - back, 12)
                value = f"{then}-{month + 1:02d}"
        elif m["near"]:
            month = _month(m["month"])
            if len(today) < 7:
                continue
            now = int(today[5:7])
            near = m["near"].lower()
            then = year - (month >= now) if near == "last" else year + (month <= now) if near == "next" else year
            value = f"{then}-{month:02d}"
        else:
            then = year + {"last": -1, "next": 1, "this": 0}[(m["when"] or m["year"]).lower()]
            value = f"{then}-{_month(m['of']):02d}" if m["of"] else str(then)
            if m["days"]:
                days = [int(d) for d in _NUMERAL.findall(m["days"])]
                yield Mention(
                    "date", block, m.start(), m.end(), "dates/relative", f"{value}-{days[0]:02d}/{value}-{days[-1]:02d}"
                )
                continue
        yield Mention("date", block, m.start(), m.end(), "dates/relative", f"{value}/{value}")


def _near_day(m: re.Match[str], text: str, today: str) -> date | None:
    """The day that 'yesterday' or 'last Friday' means on `today`; None where that is no full date."""
    if len(today) != 10:
        return None
    now = date.fromisoformat(today)
    if m["day_of"]:
        words = m["day_of"].lower()
        shift = (
            -2 if "before" in words else -1 if words in ("yesterday", "last night") else 1 if words == "tomorrow" else 0
        )
        return now + timedelta(days=shift)
    ahead = (_WEEKDAYS.index(m["weekday"].lower()) - now.weekday()) % 7
    which = m["week"].lower()
    before = text[max(0, text.rfind(". ", 0, m.start())) : m.start()]
    if which == "next" or (which == "on" and _TO_COME.search(before)):
        return now + timedelta(days=ahead or 7)
    if which == "this":
        return now + timedelta(days=ahead)
    return now - timedelta(days=(7 - ahead) % 7 or (7 if which == "last" else 0))


def beside(text: str, block: int, found: list[Mention]) -> Iterator[Mention]:
    """'the day before', 'the following day': said from the last full day of the same text before them."""
    for m in _NEXT_TO.finditer(text) if " day" in text else ():
        days = [d for d in found if d.end <= m.start() and full(d.value)]
        if days:
            first, last = (date.fromisoformat(part) for part in days[-1].value.split("/"))
            day = first - timedelta(days=1) if m["before"] else last + timedelta(days=1) if m["after"] else first
            start = m.start(m.lastgroup or 0)
            yield Mention("date", block, start, m.end(), "dates/relative", f"{day}/{day}")


def full(value: str) -> bool:
    """Whether a date value is known to the day and year."""
    start = value.split("/")[0]
    return len(start) == 10 and not start.startswith("--")


def with_year(value: str, year: str) -> str:
    """A value without year completed by one; others as they are."""
    return "/".join(f"{year}-{part[2:]}" if part.startswith("--") else part for part in value.split("/"))


def compatible(a: str, b: str) -> bool:
    """Whether two date parts can be the same day, month or year: one is as the other, but coarser."""
    if not a or not b:
        return True
    if a.startswith("--") or b.startswith("--"):
        a, b = (x.removeprefix("--") if x.startswith("--") else x[5:] for x in (a, b))
    n = min(len(a), len(b))
    return a[:n] == b[:n]
