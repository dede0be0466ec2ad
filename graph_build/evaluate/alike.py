"""When two names, dates or passages are the same, for scoring a build against what a reader wrote down.

The measures are those of the annotation guideline (docs/guideline.md): names by rapidfuzz with guards against other
numbers and other words, dates at the coarser precision, passages by where they stand in the text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz import fuzz

_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-"})
_ORDINALS = {
    word: str(n)
    for n, word in enumerate(
        (
            *("zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
            *("eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth"),
            *("eighteenth", "nineteenth", "twentieth"),
        )
    )
}
_SMALL = frozenset(("the", "a", "an", "of", "on", "for", "to", "in", "and", "at", "with", "by", "its"))
_LONGER_NAME = frozenset(("on", "for", "to", "of"))
_CUT = re.compile(r"\s(?:…|\.\.\.|\[…\])\s")
Range = tuple[int, int]


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case without accents, markup and typographic marks; single spaces."""
    text = re.sub(r"</?\w+[^>]*>", "", text).replace("*", "").replace("\\", "")
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    text = re.sub(r"^#+\s*", "", text.translate(_QUOTES), flags=re.M)
    return re.sub(r"\s+", " ", text).strip().lower()


@lru_cache(maxsize=65536)
def words(text: str) -> str:
    """Folded text with letters, digits and spaces only."""
    return re.sub(r"[^a-z0-9 ]+", " ", fold(text)).strip()


def _plain(text: str) -> str:
    return " ".join(_ORDINALS.get(t, re.sub(r"^(\d+)(st|nd|rd|th)$", r"\1", t)) for t in words(text).split())


def _numbers(text: str) -> set[str]:
    """Last two figures of every number: 2021-23 and 2021-2023 are one period."""
    return {t.lstrip("0")[-2:].zfill(2) for t in re.findall(r"\d+", text)}


def _own(tokens: list[str], others: list[str]) -> list[str]:
    return [
        t for t in tokens if t not in _SMALL and not t[0].isdigit() and not any(fuzz.ratio(t, u) >= 80 for u in others)
    ]


@lru_cache(maxsize=262144)
def alike(a: str, b: str) -> float:
    """0 to 100: how surely two names are one thing's. Other numbers say no; own words on both sides say hardly."""
    one, other = _plain(a), _plain(b)
    if not one or not other:
        return 0.0
    first, second = one.split(), other.split()
    numbers, more = _numbers(one), _numbers(other)
    if numbers and more and numbers != more:
        return 0.0
    value = max(
        fuzz.token_sort_ratio(one, other),
        fuzz.ratio(one, other),
        min(fuzz.token_set_ratio(one, other), 60 + 0.4 * fuzz.token_sort_ratio(one, other)),
    )
    if _own(first, second) and _own(second, first):
        value = min(value, 75.0)
    short, long = sorted((first, second), key=len)
    if len(short) >= 2 and len(long) > len(short) and long[: len(short)] == short and long[len(short)] in _LONGER_NAME:
        value = max(value, 85.0)
    return value


def alike_person(a: str, b: str) -> float:
    """As `alike`; an initial stands for a given name where the last name is the same."""
    one, other = words(a).split(), words(b).split()
    if one and other and one[-1] == other[-1] and one[0][0] == other[0][0] and 1 in (len(one[0]), len(other[0])):
        return 92.0
    return max(alike(a, b), fuzz.token_sort_ratio(words(a), words(b)))


def alike_words(a: str, b: str) -> float:
    """0 to 100 for posts, issuers and the like: word order and additions count little."""
    return fuzz.token_set_ratio(words(a), words(b))


def same_date(a: str, b: str) -> bool | None:
    """True where equal at the coarser precision, False where they differ, None where one is absent."""
    if not a or not b:
        return None
    n = min(len(a), len(b))
    return n >= 4 and a[:n] == b[:n]


def _acronym(name: str) -> str:
    found = re.search(r"\(([A-Z][A-Za-z-]{1,12})\)", name)
    return found.group(1).lower() if found else ""


def same_party(party: str, name: str, code: str, label: str) -> bool:
    """A reader's party (ISO code, acronym or name) and a row's: states by code, organisations by acronym or name."""
    if re.fullmatch(r"[A-Z]{2}", party) and party not in ("EU", "UN"):
        return code.upper() == party
    return any(
        a and b and (fold(a) == fold(b) or alike(a, b) >= 88)
        for a in (party, name, _acronym(name))
        for b in (code, label, _acronym(label))
    )


def find(text: str, quote: str) -> Range | None:
    """Where a quote stands in a folded text; a quote in pieces (' … ') from its first to its last."""
    pieces = [p for p in _CUT.split(quote) if len(p) > 3]
    if len(pieces) > 1:
        found = [find(text, p) for p in pieces]
        whole = [f for f in found if f is not None]
        return (min(f[0] for f in whole), max(f[1] for f in whole)) if len(whole) == len(found) else None
    wanted = fold(quote).rstrip(" .;,")
    at = text.find(wanted)
    if at >= 0:
        return at, at + len(wanted)
    if len(wanted) > 30:  # a page break or note may stand inside
        near = fuzz.partial_ratio_alignment(wanted, text, score_cutoff=85)
        if near:
            return near.dest_start, near.dest_end
    return None


def verbatim(text: str, quote: str) -> bool:
    """Whether every piece of a quote stands in a folded text."""
    pieces = [fold(p).rstrip(" .;,") for p in _CUT.split(quote)]
    return all(p and p in text for p in pieces)


def overlap(a: Range | None, b: Range | None) -> float:
    """0 to 1: how far two ranges are one; a part of a clause counts where it is most of the shorter."""
    if not a or not b:
        return 0.0
    common = min(a[1], b[1]) - max(a[0], b[0])
    if common <= 0:
        return 0.0
    union = max(a[1], b[1]) - min(a[0], b[0])
    shorter = min(a[1] - a[0], b[1] - b[0])
    part = 0.7 * common / shorter if common / shorter > 0.85 and common / union > 0.25 else 0.0
    return max(common / union, part)
