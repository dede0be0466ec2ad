"""Names as identity compares them: folded words, ordinals, the state that a name carries.

`words('The Attorney-General’s Department (AGD)')` is `('attorney', 'general', 'department')`: lower case, no accents,
one spelling, singular, brackets that hold an acronym left out, words that never tell names apart left out.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib import resources
from typing import Any

from graph_build.records import readable
from graph_build.vocabulary import states


@lru_cache(1)
def _data() -> dict[str, dict[str, Any]]:
    return tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text("utf-8"))


@lru_cache(None)
def listed(name: str) -> frozenset[str]:
    """A list of `words.toml` by name."""
    return frozenset(_data()["lists"][name])


_ACRONYM = re.compile(r"\b[A-Z][A-Za-z]?[A-Z][A-Za-z0-9]{,8}(?:[-/][A-Z0-9]{1,8}|[ ][A-Z0-9]{2,8})*\b")
_BRACKET = re.compile(r"\s*\(([^()]*)\)")


def _bracket(match: re.Match[str]) -> str:
    inside = match[1].strip()
    # '(UNODC)', '(Working Group)' name again; '(Thailand)' tells things apart and stays.
    return " " if _ACRONYM.fullmatch(inside) or not inside or unit_only(inside) else f" {inside} "


@lru_cache(1 << 16)
def unit_only(text: str) -> bool:
    """Whether a text is a unit word with nothing that tells it from others: 'Working Group', 'the Forum'."""
    return all(w in listed("unit") or w in ("working", "the", "ad", "hoc") for w in _folded(text))


def fold(text: str) -> str:
    """Lower case without accents, compatibility forms resolved."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def singular(word: str) -> str:
    """A word without its plural s; 'crisis', 'process', 'status' keep theirs."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "ics")):
        return word[:-1]
    return word


@lru_cache(1 << 16)
def _folded(text: str) -> tuple[str, ...]:
    text = re.sub(r"[’'`´](?:s\b)?", "", fold(text)).replace("&", " and ")
    found: list[str] = []
    spelling = _data()["spelling"]
    for token in re.findall(r"[^\W_]+", text):
        token = spelling.get(token) or spelling.get(singular(token)) or token
        found += [singular(t) for t in token.split()]
    return tuple(found)


@lru_cache(1 << 16)
def tokens(text: str) -> tuple[str, ...]:
    """All folded words in order, stop words kept, acronym brackets left out."""
    return _folded(_BRACKET.sub(_bracket, readable(text)))


@lru_cache(1 << 16)
def words(text: str) -> tuple[str, ...]:
    """The folded words that tell a name from others, in order."""
    stop = listed("stop")
    return tuple(t for t in tokens(text) if t not in stop)


def bag(found: tuple[str, ...]) -> tuple[str, ...]:
    """Words without their order: 'Department of X' and 'X Department' are one name."""
    return tuple(sorted(found))


@lru_cache(1 << 16)
def acronyms(text: str) -> tuple[str, ...]:
    """Acronyms in brackets of a name, and the name itself where it is one."""
    inside = [m[1].strip() for m in _BRACKET.finditer(text)]
    return tuple(a for a in (*inside, text.strip()) if is_acronym(a))


@lru_cache(1 << 16)
def is_acronym(text: str) -> bool:
    """'UNODC', 'TEG-RR', 'UN-ACT', 'ASEAN SOMTC'; not 'Meta', not 'II'."""
    return len(text) > 1 and bool(_ACRONYM.fullmatch(text)) and not re.fullmatch(r"[IVXLC]+", text)


def ordinal(word: str) -> int:
    """The number that an ordinal word or figure gives, or 0: 'fourth', '4th', 'twenty-first' is two words."""
    if match := re.fullmatch(r"(\d{1,3})(?:st|nd|rd|th)", word):
        return int(match[1])
    return int(_data()["ordinals"].get(word, 0))


_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}


@lru_cache(1 << 16)
def split_ordinal(found: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The one ordinal of a name in figures ('' where there is none or more than one) and the words without it."""
    numbers: list[int] = []
    rest: list[str] = []
    skip = False
    for i, word in enumerate(found):
        if skip:
            skip = False
            continue
        following = found[i + 1] if i + 1 < len(found) else ""
        if word in _TENS and 0 < ordinal(following) < 10:
            numbers.append(_TENS[word] + ordinal(following))
            skip = True
        elif number := ordinal(word):
            numbers.append(number)
        else:
            rest.append(word)
    return (str(numbers[0]) if len(set(numbers)) == 1 else ""), tuple(rest)


@lru_cache(1)
def _nations() -> dict[tuple[str, ...], str]:
    """Names and adjectives of states, as folded words, and the code that each means; what two claim, neither has."""
    found: dict[tuple[str, ...], set[str]] = {}
    for state in states():
        for name in (*state.names, *state.adjectives):
            found.setdefault(_folded(name), set()).add(state.code)
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}


@lru_cache(1 << 14)
def nation_of(text: str) -> str:
    """The code of the state that a whole text names ('Thai', 'the Republic of Indonesia'), or ''."""
    return nation_words(tuple(t for t in _folded(text)))


def nation_words(found: tuple[str, ...]) -> str:
    """The code of the state that these folded words name, or ''."""
    while found and found[0] in ("the", "republic", "kingdom", "of", "people", "government", "state", "royal"):
        if code := _nations().get(found):
            return code
        found = found[1:]
    return _nations().get(found, "")


@lru_cache(1 << 16)
def split_nation(found: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The state that a name of a unit opens or ends with, and the words without it.

    'thai ministry of foreign affair' → TH, 'ministry of foreign affair of the republic of indonesia' → ID,
    'australian government attorney general department' → AU. '' and the words themselves where there is none.
    """
    for size in range(min(5, len(found) - 1), 0, -1):
        if code := _nations().get(found[:size]):
            rest = found[size:]
            return code, rest[1:] if len(rest) > 1 and rest[0] == "government" else rest
        if code := _nations().get(found[-size:]):
            rest = found[:-size]
            while len(rest) > 1 and rest[-1] in ("of", "the", "republic", "kingdom", "people", "government", "royal"):
                rest = rest[:-1]
            return code, rest
    return "", found
