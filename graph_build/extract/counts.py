"""Stated numbers of those at a meeting or in a body: '117 officials and experts', '15 members'."""

from __future__ import annotations

import re
from functools import lru_cache

from graph_build import rules
from graph_build.extract.reading import Reading
from graph_build.records import Evidence, StatedCount

_NUMBER = re.compile(r"\d")
_EXACT = frozenset(("", "a total of"))
_LATER = re.compile(r"\b(?:will|would|to be|shall|up to)\b")


@lru_cache(maxsize=1)
def load() -> rules.RuleSet:
    """The rules of `counts.toml`."""
    return rules.load("counts")


@lru_cache(maxsize=1)
def _vocabulary() -> tuple[dict[str, int], dict[str, str], frozenset[str]]:
    """Number words; nouns to the list that they can be held against; cue words."""
    tables = load().tables
    numbers, lists = tables["numbers"], tables["lists"]
    assert isinstance(numbers, dict)
    assert isinstance(lists, dict)
    return (
        dict(numbers),
        {noun: name for name, nouns in lists.items() for noun in nouns},
        frozenset(c for r in load().rules for c in r.cues) - {"with", "has", "made"},
    )


def number_words() -> dict[str, int]:
    """Numbers by the words that say them, up to a hundred."""
    return _vocabulary()[0]


def counts(reading: Reading) -> tuple[StatedCount, ...]:
    """Counts in order of the text, one for each number and unit of a meeting or body."""
    if not reading.described:
        return ()
    words, nouns, cues = _vocabulary()
    found: dict[tuple[str, int, str], StatedCount] = {}
    for s in reading.stretches:
        if (
            not s.words & cues
            or not (s.words & words.keys() or _NUMBER.search(s.text))
            or s.block.kind in ("title", "heading")
        ):
            continue
        masked = reading.masked(s)
        for rule, match in load().matches(masked):
            if _LATER.search(masked.text, max(0, match.start() - 20), match.end()):
                continue
            number = number_of(match.group("number"), words)
            if not number:
                continue
            a, b = masked.range(*match.span("unit"))
            unit = reading.words(s.block, a, b)
            if rule.id == "members-of-body":
                about: tuple[str, ...] = tuple(m.thing for m in masked.found(match, "body") if m.thing)
            else:
                about = reading.meant(s, masked, match)
            listed = next((nouns[w] for w in reversed(rules.words(unit)) if w in nouns), "")
            if "observers" in rules.words(unit) and "as" in rules.words(unit):
                listed = "observers"
            exact = (match.groupdict().get("about") or "").strip().lower() in _EXACT
            for thing in about:
                found.setdefault(
                    (thing, number, unit),
                    StatedCount(thing, number, unit, exact, listed, (Evidence(reading.passage(s), rule.name),)),
                )
    return tuple(found.values())


def number_of(words: str, table: dict[str, int]) -> int:
    """The number that figures or words say; 0 where they say none."""
    plain = words.replace(",", "").lower()
    if plain.isdigit():
        return int(plain)
    total = 0
    for part in re.split(r"[\s-]+", plain):
        value = table.get(part, 0)
        total = total * value if value == 100 and total else total + value
    return total
