"""Page furniture: page numbers, running headers and footers, rules between parts."""

from __future__ import annotations

import re
from collections import defaultdict

from graph_build.segment.lines import Line, plain

RULE = re.compile(r"^(?:\\?[*_=~#•·.\-–—\u2500-\u257f]\s*){3,}$")
_TABLE_RULE = re.compile(r"^\|(?:\s*:?-{2,}:?\s*\|?)+$")
_PAGE = re.compile(
    r"""^(?:
        [-–—|\[(~]?\s*\d{1,4}\s*[-–—|\])~]?
      | (?:page|pg\.?|p\.)\s*\d{1,4}(?:\s*(?:of|/|out\ of)\s*\d{1,4})?
      | \d{1,4}\s*(?:of|/)\s*\d{1,4} | [ivxl]{1,6}
      | page\s*\|\s*\d{1,4} | \d{1,4}\s*\|\s*p\s*a\s*g\s*e
    )$""",
    re.VERBOSE | re.IGNORECASE,
)
_PAGED = re.compile(r"(?i)\bpage\s+\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\b|^\d{1,3}\s*\|\s+\S|\S\s+\|\s*\d{1,3}$")
_CONTACT = re.compile(
    r"(?i)(?:\btel(?:ephone)?\b|\bfax\b|\bphone\b|https?://|www\.|\S@\S+\.\w)|(?:\b0\d{1,3}|\+\d{1,3})[ )]?(?:\s?\d{3,4}){2}"
)
_DIGITS = re.compile(r"\d+")
_TERMINAL = re.compile(r"[.!?:;…]['\"”’»)\]]*$")
_NOTICE = re.compile(
    r"(?i)^\W*(?:check against delivery|embargoed until .{0,60}|for immediate release|unclassified|limited distribution"
    r"|distr(?:ibution)?\.?:? (?:general|limited).{0,40}|original:? english|ends?|more)\W*$"
)
_CONTACTS = re.compile(
    r"(?i)\b(?:contacts?|enquiries|inquiries|office|media|press|tel|phone|fax|e-?mail|website)\b[^:]{0,40}:"
)


def is_rule(text: str) -> bool:
    """A line of dashes, stars or the like: '* * * * *', '---', '\\###', '|---|---|'."""
    first = text[0]
    if first == "|":
        return bool(_TABLE_RULE.match(text))
    return (first in "*_=~#•·.-–—\\" or "\u2500" <= first <= "\u257f") and bool(RULE.match(text))


def mark_furniture(lines: list[Line]) -> None:
    """Set `furniture` on the lines from which nothing is read.

    Beside rules, page numbers and contact lines these are lines that stand again and again where pages end: a
    line repeats as furniture where form feeds, page numbers or a sentence that it cuts show a page's end.
    """
    _mark_rules(lines)
    _mark_page_numbers(lines)
    _mark_running(lines)


def _mark_rules(lines: list[Line]) -> None:
    for line in lines:
        text = line.text
        size = len(text)
        if (
            is_rule(text)
            or (size < 90 and _NOTICE.match(text))
            or (text[0] == "<" and text[-1] == ">" and not plain(text))
        ):
            line.furniture = True
        elif size < 600 and _CONTACTS.search(text) and not _TERMINAL.search(text):
            line.furniture = len(_CONTACT.findall(text)) > (0 if size < 200 and line.gap else 1)


def _mark_page_numbers(lines: list[Line]) -> None:
    """A page number stands alone between blank lines or at a page's edge; figures in a column of figures do not count."""
    last = len(lines) - 1
    for i, line in enumerate(lines):
        if line.furniture or line.end - line.start > 40 or not _PAGE.match(plain(line.text)):
            continue
        after = i == last or lines[i + 1].gap
        edge = (i == 0 or lines[i - 1].page != line.page) or (i == last or lines[i + 1].page != line.page)
        if (line.gap and after) or edge or (after and _is_cut(lines, i)):
            alone = line.text.isdigit() or not line.text.isalpha() or edge
            neighbours = [lines[j].text for j in (i - 1, i + 1) if 0 <= j <= last]
            if alone and not (len(neighbours) == 2 and all(t.isdigit() for t in neighbours)):
                line.furniture = True


def _is_cut(lines: list[Line], i: int) -> bool:
    """Whether prose runs on over line i: the text before has no end."""
    return i > 0 and lines[i - 1].end - lines[i - 1].start > 50 and not _TERMINAL.search(lines[i - 1].text)


def _key(line: Line) -> str:
    return _DIGITS.sub("#", plain(line.text).casefold())


def _mark_running(lines: list[Line]) -> None:
    seen: dict[str, list[int]] = defaultdict(list)
    for i, line in enumerate(lines):
        if not line.furniture and line.end - line.start <= 200:
            seen[line.text if not any(c in line.text for c in "0123456789*_<\\") else _key(line)].append(i)
    repeated = {key: at for key, at in seen.items() if len(at) > 1 and len(key) > 2}
    places = {i for at in repeated.values() for i in at}
    paged = bool(lines) and lines[-1].page > 0
    for at in repeated.values():
        edges = sum(_at_edge(lines, i, places) for i in at) if paged else 0
        numbered = sum(_by_number(lines, i, places) for i in at)
        cuts = sum(_cuts(lines, i, places) for i in at)
        pages = len({lines[i].page for i in at})
        isolated = sum(_isolated(lines, i, places) for i in at)
        if (
            (pages > 1 and edges * 2 > len(at))
            or (numbered * 2 > len(at) and len(at) > 1 and isolated * 2 > len(at))
            or (cuts and isolated == len(at))
        ):
            contact = bool(_CONTACT.search(lines[at[0]].text)) or (
                len(at) > 2 and bool(_DIGITS.search(lines[at[0]].text))
            )
            first = at[0] if _is_title(lines, at[0], places) and not contact else -1
            for i in at:
                if i != first:
                    lines[i].furniture = True
    for line in lines:
        if (
            not line.furniture
            and line.end - line.start < 160
            and _PAGED.search(line.text)
            and line.gap
            and _CONTACT.search(line.text)
        ):
            line.furniture = True


def _run(lines: list[Line], i: int, step: int, places: set[int]) -> int:
    """The nearest line before or behind i that is neither furniture nor repeated; -1 or len(lines) at the ends."""
    j = i + step
    while 0 <= j < len(lines) and abs(j - i) < 12 and (lines[j].furniture or j in places):
        j += step
    return j


def _at_edge(lines: list[Line], i: int, places: set[int]) -> bool:
    before, after = _run(lines, i, -1, places), _run(lines, i, 1, places)
    page = lines[i].page
    return before < 0 or after >= len(lines) or lines[before].page != page or lines[after].page != page


def _by_number(lines: list[Line], i: int, places: set[int]) -> bool:
    """Whether a page number stands beside it, with nothing but repeated lines between."""
    for step in (-1, 1):
        j = i + step
        while 0 <= j < len(lines) and abs(j - i) < 6:
            if lines[j].furniture and not is_rule(lines[j].text):
                return True
            if j not in places:
                break
            j += step
    return False


def _cuts(lines: list[Line], i: int, places: set[int]) -> bool:
    """Whether it stands within a sentence: prose without an end before, its going on behind."""
    before, after = _run(lines, i, -1, places), _run(lines, i, 1, places)
    if before < 0 or after >= len(lines):
        return False
    a, b = lines[before], lines[after]
    return (
        a.end - a.start > 60
        and not _TERMINAL.search(a.text)
        and a.text[-1] not in "*#"
        and a.text[0] not in "#|"
        and (b.text[0].islower() or (b.end - b.start > 60 and b.text[0] not in "#*|-0123456789"))
        and not a.text.isupper()
    )


def _isolated(lines: list[Line], i: int, places: set[int]) -> bool:
    """Whether blank lines part it (or its run of repeated lines) from the text."""
    j = i
    while j > max(0, i - 12) and not lines[j].gap and (j - 1 in places or lines[j - 1].furniture):
        j -= 1
    k = i + 1
    while k < min(len(lines), i + 12) and not lines[k].gap and (k in places or lines[k].furniture):
        k += 1
    return lines[j].gap and (k >= len(lines) or lines[k].gap)


def _is_title(lines: list[Line], i: int, places: set[int]) -> bool:
    """Whether nothing but short lines stands before it: the first of the running headers is the title itself."""
    return i < 8 and all(lines[j].end - lines[j].start < 130 for j in range(i))
