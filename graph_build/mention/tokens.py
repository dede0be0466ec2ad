"""Tokens of a text with what is known of each, and the head nouns by which names are told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from graph_build import rules
from graph_build.mention.gazetteer import Found, fold

_WORD = r"(?:(?:COP|MOP|CMP|MC|UNGA|WHA|CSW)\s\d{1,3}\b|[A-Z]{2,8}\+\d{1,2}(?![\w+])|[A-ZÀ-ÖØ-ÞĀ-Ž][\w’'&.]*(?:[-‑–](?:[A-Z0-9][\w’'&]*|[a-z]+(?=\b)))*|\d+(?:st|nd|rd|th)\b(?=\s+[A-Z])|\d+[A-Z]+\w*)"
_TOKEN = re.compile(
    rf"(?P<cap>{_WORD})|(?P<years>(?:19|20)\d\d(?:\s?[-–‑/]\s?(?:(?:19|20)?\d\d))?(?![\w,.]*\d))|(?P<word>[^\W_][\w’'-]*)|(?P<mark>[^\w\s])"
)
CONNECTORS = rules.word_list("connectors")
_CAPITAL_NEXT = re.compile(r"(?:[’']s?)?\s+[A-Z]")


@dataclass(frozen=True)
class Heads:
    """The head nouns of `rules/heads.toml`, as sets of lower-case strings."""

    kind: dict[str, str]
    weak: frozenset[str]
    never: frozenset[str]
    units: frozenset[str]
    body_too: frozenset[str]
    parts: frozenset[str]
    types: dict[str, str]
    openers: frozenset[str]
    posts: frozenset[str]
    generic: frozenset[str]
    small: frozenset[str]
    """small words that matter beside names: connectors, posts"""


@lru_cache(maxsize=1)
def heads() -> Heads:
    """The head nouns, read once."""
    t = rules.tables("heads")
    body, instrument, event, plain = t["body"], t["instrument"], t["event"], t["words"]
    kind = dict.fromkeys(event["heads"], "event")
    kind |= dict.fromkeys(instrument["heads"], "instrument")
    kind |= dict.fromkeys(body["heads"], "body")
    return Heads(
        kind,
        frozenset(body["weak"]) | frozenset(instrument["weak"]),
        frozenset(instrument["never"]),
        frozenset(body["units"]),
        frozenset(event["body_too"]),
        frozenset(event["parts"]),
        dict(event["types"]),
        frozenset(plain["openers"]),
        frozenset(plain["posts"]),
        frozenset(plain["generic"]),
        CONNECTORS | frozenset(plain["posts"]) | rules.word_list("prepositions") | frozenset(("especially", "also")),
    )


@dataclass(slots=True)
class Token:
    """A word or mark, or a whole gazetteer name; `low` without possessive; `cap` where it can belong to a name."""

    text: str
    low: str
    start: int
    end: int
    cap: bool
    known: str = ""
    """kind of a gazetteer name that covers it: state, body, adjective"""
    value: str = ""


def tokens(text: str, known: tuple[Found, ...], lower: frozenset[str], starts: frozenset[int]) -> list[Token]:
    """The tokens of a text; a gazetteer name is one token. `lower` are words that the document also writes in lower
    case, `starts` the offsets at which sentences start: a capital there proves nothing."""
    found: list[Token] = []
    it = iter([f for f in known if f.kind != "never"])
    nxt = next(it, None)
    at = 0
    h = heads()
    while (m := _TOKEN.search(text, at)) is not None:
        at = m.end()
        while nxt is not None and nxt.start < m.start():
            nxt = next(it, None)
        if nxt is not None and nxt.start == m.start() and nxt.end >= m.end() - 2:
            end = nxt.end
            found.append(
                Token(
                    text[nxt.start : end],
                    fold(text[nxt.start : end]),
                    nxt.start,
                    end,
                    True,
                    nxt.kind,
                    nxt.value,
                )
            )
            at = end
            if text[end : end + 2] in ("'s", "’s"):
                at = end + 2
            elif text[end : end + 1] in ("'", "’"):
                at = end + 1
            nxt = next(it, None)
            continue
        raw = m.group()
        kind = m.lastgroup
        if (kind == "word" and raw not in h.small) or (kind == "mark" and raw != ","):
            continue
        end = m.end()
        if kind == "cap":
            while raw.endswith((".", "'", "’")) and not re.fullmatch(r"(?:[A-Z]\.)+", raw):
                raw, end = raw[:-1], end - 1
        low = (raw.lower() if raw.isascii() else fold(raw)).removesuffix("'s")
        cap = kind in ("cap", "years")
        if cap and low in CONNECTORS and len(low) > 1:
            cap = False
        if (
            cap
            and m.start() in starts
            and (low in h.openers or (low in lower and low not in h.kind and not _CAPITAL_NEXT.match(text, end)))
        ):
            cap = False
        found.append(Token(raw, low, m.start(), end, cap))
    return found
