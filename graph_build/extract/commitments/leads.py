"""Lists: what their lead-in or heading makes of the items."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from graph_build import rules
from graph_build.errors import RuleError
from graph_build.extract.commitments.lexicon import lexicon
from graph_build.records import CommitmentClass

_KEYS = {"id", "class", "pattern", "cues", "examples", "counterexamples"}


@dataclass(frozen=True)
class LeadRule:
    """A pattern over a sentence that introduces a list."""

    id: str
    class_: CommitmentClass
    regex: re.Pattern[str]
    cues: frozenset[str]
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]


@lru_cache(maxsize=1)
def lead_rules() -> tuple[LeadRule, ...]:
    """The `[[lead]]` tables of commitments.toml; RuleError where one contradicts the schema."""
    found = []
    for entry in cast("list[dict[str, Any]]", rules.tables("commitments")["lead"]):
        where = f"rules/commitments.toml: {entry.get('id', '(lead without id)')}"
        if unknown := set(entry) - _KEYS:
            raise RuleError(f"unknown key {sorted(unknown)[0]!r}", where, f"known keys: {', '.join(sorted(_KEYS))}")
        if missing := (_KEYS - {"counterexamples"}) - set(entry):
            raise RuleError(f"missing key {sorted(missing)[0]!r}", where, "add it")
        found.append(
            LeadRule(
                entry["id"],
                entry["class"],
                re.compile(entry["pattern"]),
                frozenset(entry["cues"]),
                tuple(entry["examples"]),
                tuple(entry.get("counterexamples", ())),
            )
        )
    return tuple(found)


def lead_of(sentence: str) -> tuple[LeadRule, re.Match[str]] | None:
    """The first lead rule that a sentence before a list fits."""
    present = frozenset(rules.words(sentence))
    for rule in lead_rules():
        if rule.cues & present:
            match = rule.regex.search(sentence)
            if match:
                return rule, match
    return None


@lru_cache(maxsize=1)
def _headings() -> Mapping[str, CommitmentClass]:
    table = cast("Mapping[CommitmentClass, list[str]]", rules.tables("commitments")["headings"])
    return {heading: class_ for class_, headings in table.items() for heading in headings}


def heading_class(section: tuple[str, ...]) -> CommitmentClass | None:
    """What the items under a heading are ('Recommendations', 'Agreed actions'); only the innermost heading counts."""
    if not section:
        return None
    heading = re.sub(r"^[\W\d_]*(?:[ivxIVX]+\.|[a-zA-Z][.)])?\s*|[\W\d_]+$", "", section[-1]).lower()
    return _headings().get(heading)


def imperative(item: str) -> bool:
    """Whether an item begins with what is to be done: a base verb, a gerund, or 'to' and a verb."""
    tokens = rules.words(item)[:4]
    lex = lexicon()
    while tokens and tokens[0] in ("to", "further", "jointly", "actively", "also", "continue", "the"):
        if tokens[0] in ("continue",):
            return True
        if tokens[0] == "the":
            return tokens[1:2] in (["need"], ["establishment"], ["development"])
        tokens = tokens[1:]
    if not tokens:
        return False
    return tokens[0] in lex.base or tokens[0] in lex.gerunds
