"""Speaking groups: 'Ministers', 'Bali Process members', 'some participants', 'the co-chairs', 'we'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from graph_build import rules
from graph_build.records import Mention


@lru_cache(maxsize=1)
def _pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    table = rules.tables("groups")
    levels = table["level"]
    level_of = {noun: level["notation"] for level in levels for noun in level["nouns"]}
    modifiers = table["modifiers"]
    nouns = "|".join(re.escape(n) for n in sorted(level_of, key=lambda n: (-len(n), n)))
    before = "|".join(re.escape(m) for m in sorted(modifiers, key=lambda m: (-len(m), m)))
    one = rf"(?:(?:{before})\s+){{0,4}}(?:{nouns})"
    return re.compile(rf"(?i)(?<![\w’'-])(?:{one}(?![\w-])(?:\s+and\s+{one}(?![\w-]))?|we(?!\w))"), level_of


def groups(text: str, block: int) -> Iterator[Mention]:
    """Speaking groups of a text; the value is the notation of the level ('we' has none)."""
    pattern, level_of = _pattern()
    for match in pattern.finditer(text):
        words = match.group().lower()
        if words == "we":
            yield Mention("group", block, match.start(), match.end(), "groups/we")
            continue
        parts = words.split()
        for size in range(min(5, len(parts)), 0, -1):
            level = level_of.get(" ".join(parts[-size:]))
            if level:
                yield Mention("group", block, match.start(), match.end(), f"groups/{level}", level)
                break
