"""Tokens of a stretch of text, and what `rules/honorifics.toml` and `rules/posts.toml` know of words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from graph_build import rules
from graph_build.errors import RuleError
from graph_build.records import Mention

_TOKEN = re.compile(r"[^\W\d_]\.(?:\s?[^\W\d_]\.)*(?!\w)|[^\W\d_]+(?:[-‑’'‘`.&/][^\W\d_]+)*[’']?|\d+(?:[.,]\d+)*|\S")
_POSSESSIVE = re.compile(r"[’'](?:s|S)?$")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark. `low` is its lower-case form without full stop, typographic apostrophes made straight; `mention`
    the outermost mention that covers it."""

    text: str
    low: str
    start: int
    end: int
    cap: bool
    mention: Mention | None = None


@dataclass(frozen=True)
class Lexicon:
    """The word lists as sets of lower-case strings; `chain` matches a run of honorifics before a capital."""

    chain: re.Pattern[str]
    ranks: frozenset[str]
    suffixes: frozenset[str]
    juniors: frozenset[str]
    particles: frozenset[str]
    short: frozenset[str]
    heads: frozenset[str]
    modifiers: frozenset[str]
    not_after: frozenset[str]
    units: frozenset[str]
    organisations: frozenset[str]
    binders: frozenset[str]
    plain: frozenset[str]
    groups: frozenset[str]
    first: frozenset[str]
    """First words of honorifics, lower case: a sentence without one of these and without a post names nobody."""


def _strings(table: dict[str, object], key: str) -> list[str]:
    value = table.get(key)
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise RuleError(f"{key!r} must be a list of words", "rules/honorifics.toml, rules/posts.toml")
    return value


def _literal(title: str) -> str:
    """A title as a pattern: typographic apostrophes, free spaces and full stops."""
    parts = [re.escape(w).replace("'", "[’'‘`]?") for w in title.rstrip(".").replace(".", ". ").split()]
    joined = r"\.?[ ]*".join(parts) if "." in title else r"\.?\s+".join(parts)
    return joined.replace(r"\.\.?", r"\.?") + (r"\." if title.endswith(".") else r"\.?")


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The word lists, read once; RuleError where a list is missing."""
    honor, post = dict(rules.tables("honorifics")), dict(rules.tables("posts"))
    titles, exact, ranks = _strings(honor, "titles"), _strings(honor, "exact"), _strings(honor, "ranks")
    free = "|".join(_literal(t) for t in sorted(titles, key=len, reverse=True))
    kept = "|".join(_literal(t) for t in sorted([*exact, *ranks], key=len, reverse=True))
    chain = re.compile(rf"(?:(?:(?:{kept})|(?i:{free}))(?![\w’'-]),?\s*){{1,8}}")
    return Lexicon(
        chain,
        frozenset(r.lower() for r in ranks),
        frozenset(s.lower().rstrip(".") for s in _strings(honor, "suffixes")),
        frozenset(s.lower() for s in _strings(honor, "juniors")),
        frozenset(_strings(honor, "particles")),
        frozenset(s.lower() for s in _strings(honor, "short")),
        frozenset(_strings(post, "heads")),
        frozenset(_strings(post, "modifiers")),
        frozenset(_strings(post, "not_after")),
        frozenset(_strings(post, "units")),
        frozenset(_strings(post, "organisations")),
        frozenset(_strings(post, "binders")),
        frozenset(_strings(post, "plain")) | frozenset(_strings(post, "groups")),
        frozenset(_strings(post, "groups")),
        frozenset(re.findall(r"[^\W\d_]+", " ".join([*titles, *exact, *ranks]).lower()))
        - {"the", "a", "his", "her", "their", "your", "most"},
    )


def low(text: str) -> str:
    """Lower case, straight apostrophes, no final full stop, no possessive."""
    return (
        _POSSESSIVE.sub("", text.replace("’", "'").replace("‘", "'").replace("`", "'").replace("‑", "-"))
        .rstrip(".")
        .lower()
    )


def tokens(text: str, start: int, end: int, mentions: Iterable[Mention]) -> list[Token]:
    """The tokens of `text[start:end]`, each with the outermost mention over it; mentions sorted by start."""
    found: list[Token] = []
    it = iter(mentions)
    m = next(it, None)
    for match in _TOKEN.finditer(text, start, end):
        a, b = match.span()
        while m is not None and m.end <= a:
            m = next(it, None)
        word = match.group()
        found.append(Token(word, low(word), a, b, word[0].isupper(), m if m is not None and m.start <= a else None))
    return found
