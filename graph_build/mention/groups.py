"""Speaking groups: 'Ministers', 'Bali Process members', 'some participants', 'the co-chairs', 'we'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from graph_build import rules
from graph_build.records import Mention


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    """The nouns of groups, the words before them, and the level of each noun; all over lower-case text."""
    table = rules.tables("groups")
    level_of = {noun: level["notation"] for level in table["level"] for noun in level["nouns"]}
    nouns = "|".join(re.escape(n) for n in sorted(level_of, key=lambda n: (-len(n), n)))
    before = "|".join(re.escape(m) for m in sorted(table["modifiers"], key=lambda m: (-len(m), m)))
    one = rf"(?<![\w’'-])(?:{nouns}|we)(?![\w-])"
    return re.compile(one), re.compile(rf"(?<![\w’'-])(?:(?:{before})\s+){{1,4}}$"), level_of


def groups(text: str, block: int) -> Iterator[Mention]:
    """Speaking groups of a text; the value is the notation of the level ('we' has none). 'X and Y' is one group."""
    nouns, before, level_of = _patterns()
    low = text.lower()
    if len(low) != len(text):
        # a letter whose small form is longer would shift what follows
        low = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
    held: tuple[int, int, str, str] | None = None
    for match in nouns.finditer(low):
        start, noun = match.start(), match.group()
        if noun == "we":
            level, rule = "", "groups/we"
        else:
            level = level_of[noun]
            rule = f"groups/{level}"
            floor = held[1] if held else 0
            left = before.search(low, max(floor, start - 60), start)
            start = left.start() if left else start
        if held and level and held[2] and low[held[1] : start].strip() == "and":
            held = (held[0], match.end(), level, rule)
            continue
        if held:
            yield Mention("group", block, held[0], held[1], held[3], held[2])
        held = (start, match.end(), level, rule)
    if held:
        yield Mention("group", block, held[0], held[1], held[3], held[2])
