"""What a paper's text says of the paper itself: labelled lines at its head and end, and the day of a press release."""

from __future__ import annotations

import re

_EDGE = 1500
"""Characters at the head and at the end in which a paper speaks of itself."""
_MONTHS = "january february march april may june july august september october november december".split()
_DAY = (
    rf"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
    rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month>{'|'.join(_MONTHS)}),?\s+(?P<year>(?:19|20)\d\d)"
    rf"|(?P<month2>{'|'.join(_MONTHS)})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year2>(?:19|20)\d\d)"
    rf"|(?P<iso>(?:19|20)\d\d-\d\d-\d\d))"
)
_MARKS = r"[ \t#*_>|]*"
_DATED = re.compile(
    rf"(?im)^{_MARKS}(?:date(?: of (?:issue|publication|release))?|dated|published|issued|released?|release date|publication date)"
    rf"(?: on)?{_MARKS}:?{_MARKS}{_DAY}\.?{_MARKS}$"
)
_DAY_ALONE = re.compile(rf"(?im)^{_MARKS}{_DAY}\.?{_MARKS}$")
_PRESS = re.compile(r"(?im)^.{0,60}\b(?:media|press|news) (?:release|statement)\b.{0,40}$")
_OFFICE = r"Secretariat|Ministry|Department|Division|Office|Bureau|Service|Unit|Directorate|Commission"
_NAME = r"[A-Z][^\n,;:|]{1,90}?"
_END = r"(?=\s*(?:[.,;:|]|\s{2}|$))"
_LABELLED = {
    "publisher": re.compile(
        rf"(?m)^{_MARKS}(?:Publisher{_MARKS}:{_MARKS}|Published by:?\s+(?:the\s+)?)(?P<value>{_NAME}){_END}"
        rf"|^{_MARKS}(?i:issued by:?\s+(?:the\s+)?)(?P<office>[A-Z](?:(?!\s{{2}})[^\n,;:|]){{0,60}}?\b(?i:{_OFFICE})){_END}"
    ),
    "series": re.compile(rf"(?m)^{_MARKS}Series{_MARKS}:{_MARKS}(?P<value>{_NAME}){_END}"),
    "licence": re.compile(
        r"\b(?P<value>CC[ -](?:BY(?:-(?:SA|NC|ND|NC-SA|NC-ND))?|0)(?:[ -][1-4]\.0)?(?: IGO)?)(?![\w-])"
    ),
    "address": re.compile(
        rf"(?im)^{_MARKS}(?:source|url|address|retrieved from|available(?: online)? (?:at|from)){_MARKS}:?{_MARKS}<?"
        r"(?P<value>https?://[^\s<>|\"]{4,300}?)[>.,]?\s*$"
    ),
}


def stated(text: str) -> tuple[tuple[str, str], ...]:
    """Date, publisher, series, licence and address of a paper where its own text gives them, as pairs by name.

    The date is a labelled line ('Published: 3 May 2015'), or a line that is one day and nothing else at the head of a
    press release; in other papers such a line is the day of a meeting, of which they are the record.
    """
    head, tail = text[:_EDGE], text[max(_EDGE, len(text) - _EDGE) :]
    found = {}
    day = _DATED.search(head) or _DATED.search(tail)
    if day is None and _PRESS.search(head):
        days = list(_DAY_ALONE.finditer(head))
        day = days[0] if len({_iso(d) for d in days}) == 1 else None
    if day and (iso := _iso(day)):
        found["date"] = iso
    for name, pattern in _LABELLED.items():
        match = pattern.search(head) or pattern.search(tail)
        if match:
            found[name] = " ".join(next(g for g in match.groups() if g).split())
    return tuple(sorted(found.items()))


def _iso(match: re.Match[str]) -> str:
    """The day of a match as ISO 8601, or '' where there is no such day."""
    if match["iso"]:
        year, month, day = match["iso"].split("-")
    else:
        year, day = match["year"] or match["year2"], match["day"] or match["day2"]
        month = str(_MONTHS.index((match["month"] or match["month2"]).lower()) + 1)
    valid = 1 <= int(month) <= 12 and 1 <= int(day) <= 31
    return f"{year}-{int(month):02}-{int(day):02}" if valid else ""
