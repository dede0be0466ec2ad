"""What a clause is about: concepts of the theme scheme whose labels stand in it."""

from __future__ import annotations

from functools import lru_cache

from graph_build import rules, vocabulary


@lru_cache(maxsize=1)
def _phrases() -> tuple[dict[tuple[str, ...], str], frozenset[str]]:
    found: dict[tuple[str, ...], str] = {}
    for concept in vocabulary.concepts("theme"):
        for cue in (concept.label, *concept.cues):
            found.setdefault(tuple(rules.words(cue)), concept.notation)
    return found, frozenset(phrase[0] for phrase in found if phrase)


def themes(clause: str) -> tuple[str, ...]:
    """Notations of the themes of a clause, in the order of their words; of nested labels the longest counts."""
    phrases, firsts = _phrases()
    tokens = rules.words(clause)
    found: list[str] = []
    i = 0
    while i < len(tokens):
        if tokens[i] in firsts:
            for size in (4, 3, 2, 1):
                notation = phrases.get(tuple(tokens[i : i + size]))
                if notation and len(tokens) >= i + size:
                    if notation not in found:
                        found.append(notation)
                    i += size - 1
                    break
        i += 1
    return tuple(found)
