"""Names that run over words which no name by form holds: topics written small before an acronym, quoted titles, and two
names under one plural noun ('the Lima and Quito Declarations')."""

from __future__ import annotations

import re
from collections.abc import Iterator

from graph_build.mention import ordinals
from graph_build.mention.names import Name
from graph_build.mention.things import Raw, initials
from graph_build.mention.tokens import heads

_CAPITALS = r"(?:[A-Z][\w’'-]*\s+){0,6}"
# 'Ad Hoc Experts’ Group on policy, legislation and law enforcement (AHEG II)'
_SMALL_TOPIC = re.compile(
    rf"(?<![\w’'-]){_CAPITALS}(?P<head>[A-Z][\w’'-]*)(?:\s+of\s+Action)?\s+(?:on|for|to|against|of)\s+(?:the\s+)?[a-z](?:(?!,\s\w+ed\sby\b)[^.;:()\n]){{3,110}}?(?=\s\((?:the\s+)?(?P<acronym>[A-Z][A-Za-z]{{1,11}})(?:\s[IVX]+|-[IVX\d]+)?\))"
)
# 'Declaration on “Clean Ports for All” in Asia and the Pacific', 'Plan of Action “Safe Harbours 2020”'
_QUOTED_AFTER = re.compile(
    rf"(?<![\w’'-]){_CAPITALS}(?P<head>[A-Z][\w’'-]*)(?:\s+of\s+Action)?\s+(?:(?:on|for)\s+(?:the\s+)?)?(?:“[A-Z0-9][^”“.;]{{2,90}}”|\"[A-Z0-9][^\".;]{{2,90}}\")(?:\s+in\s+[A-Z][\w-]+(?:\s+and\s+(?:the\s+)?[A-Z][\w-]+)*)?"
)
# 'the “Open Seas” Initiative'
_QUOTED_BEFORE = re.compile(
    r"(?:“[A-Z0-9][^”“.;]{2,60}”|\"[A-Z0-9][^\".;]{2,60}\")\s+(?P<rest>(?:[A-Z][\w’'-]*\s+){0,2}(?P<head>[A-Z][\w’'-]*))(?![\w’'-])"
)
_PLURALS = {
    "declarations": ("declaration", "instrument"), "protocols": ("protocol", "instrument"), "conventions": ("convention", "instrument"),
    "agreements": ("agreement", "instrument"), "treaties": ("treaty", "instrument"), "accords": ("accord", "instrument"),
    "communiqués": ("communiqué", "instrument"), "communiques": ("communique", "instrument"), "compacts": ("compact", "instrument"),
    "statements": ("statement", "instrument"), "charters": ("charter", "instrument"), "strategies": ("strategy", "instrument"),
    "frameworks": ("framework", "instrument"), "action plans": ("action plan", "instrument"), "plans of action": ("plan of action", "instrument"),
    "roadmaps": ("roadmap", "instrument"), "consensuses": ("consensus", "instrument"),
    "committees": ("committee", "body"), "commissions": ("commission", "body"), "working groups": ("working group", "body"),
    "task forces": ("task force", "body"), "secretariats": ("secretariat", "body"), "councils": ("council", "body"),
}  # fmt: skip
_ONE = r"[A-ZÀ-Þ][\w’'-]+(?:\s+[A-ZÀ-Þ][\w’'-]+)?"
_SEVERAL = re.compile(
    rf"\b(?:[Tt]he|both(?:\s+the)?)\s+(?P<list>{_ONE}(?:,\s+{_ONE})*,?\s+and\s+(?:the\s+)?(?P<last>{_ONE}?))\s+(?P<plural>{'|'.join(p.title().replace('Of', 'of') for p in _PLURALS)})(?![\w’'-])"
)
_LAST_WORD = re.compile(rf"(?<![\w’'-]){_ONE}(?![\w’'-])")


def wide(text: str, names: list[Name]) -> list[Name]:
    """The names by form of a text with those that run on over small words before an acronym, or over quotation marks."""
    found = list(_acronymed(text)) if "(" in text else []
    if "“" in text or '"' in text:
        found += _quoted(text)
    for f in found:
        names = [n for n in names if not (n.start < f.end and f.start < n.end)]
    return sorted([*names, *found], key=lambda n: (n.start, -n.end))


def _acronymed(text: str) -> Iterator[Name]:
    h = heads()
    for m in _SMALL_TOPIC.finditer(text):
        head = m["head"].lower()
        pair = " ".join(text[m.start() : m.end("head")].lower().split()[-2:])
        kind = h.kind.get(pair) or h.kind.get(head, "")
        start = _begins(text, m.start(), m.start("head"))
        if kind in ("body", "instrument") and initials(text[start : m.end()], m["acronym"]):
            yield Name(kind, start, m.end(), head, False, head in h.units)


def _quoted(text: str) -> Iterator[Name]:
    h = heads()
    for m in _QUOTED_AFTER.finditer(text):
        head = m["head"].lower()
        kind = h.kind.get(head, "")
        start = _begins(text, m.start(), m.start("head"))
        if kind == "instrument" and head not in h.never and head not in ("statement", "letter", "call", "report"):
            yield Name(kind, start, m.end(), head, False)
    for m in _QUOTED_BEFORE.finditer(text):
        head = m["head"].lower()
        if h.kind.get(head) in ("body", "instrument") and head not in h.never:
            yield Name(h.kind[head], m.start(), m.end("rest"), head, False)


def _begins(text: str, start: int, head: int) -> int:
    """Where a name whose head noun stands at `head` begins: behind the words that open a sentence or are posts."""
    h = heads()
    for w in re.finditer(r"[\w’'-]+", text[start:head]):
        if w.group().lower() in h.openers or w.group().lower() in h.posts or w.group() == "Both":
            start_after = start + w.end() + 1
            return _begins(text, start_after, head)
    return start


def under_plural(text: str, block: int, taken: list[tuple[int, int]]) -> Iterator[Raw]:
    """'the Honolulu and Suva Declarations': an instrument or body for each name under one plural noun."""
    h = heads()
    for m in _SEVERAL.finditer(text):
        single, kind = _PLURALS[m["plural"].lower()]
        ones = [(w.start(), w.end()) for w in _LAST_WORD.finditer(text, m.start("list"), m.end("list"))]
        words = [text[a:b] for a, b in ones]
        if len(ones) < 2 or any(
            w.lower() in h.generic or w.lower() in h.openers or w.lower() in h.posts or w.lower() in h.kind
            or re.fullmatch(rf"(?i){ordinals.PATTERN}", w)
            for whole in words
            for w in whole.split()
        ):  # fmt: skip
            continue
        if any(a < m.end("plural") and m.start("list") < b for a, b in taken):
            continue
        for i, (a, b) in enumerate(ones):
            end = m.end("plural") if i == len(ones) - 1 else b
            shown = " ".join(w.capitalize() if w != "of" else w for w in single.split())
            yield Raw(kind, block, a, end, f"{text[a:b]} {shown}", single.split()[-1], rule="names/plural")
