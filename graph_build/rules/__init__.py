"""Rules as data: TOML patterns over sentences in which mentions are typed placeholders.

A rule file holds `[[rule]]` tables. Keys that every rule has:

id              unique in its file
pattern         a regular expression over the masked sentence, white space free to vary; `{State}`, `{Body}` ... stand
                for a mention of that kind, and named macros of the file's `[macros]` table may be used as `{name}`
cues            lower-case words of which a sentence must hold one for the rule to be tried; '*' for always
examples        sentences that must match, mentions written as `{State:Thailand}`
counterexamples sentences that must not match

Further keys belong to the family (predicate, class, capacity ...) and are declared by its loader.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from graph_build.errors import RuleError
from graph_build.records import Block, Mention, Mentioned

_KINDS = (
    "date",
    "state",
    "adjective",
    "place",
    "body",
    "instrument",
    "event",
    "group",
    "person",
)
# A mention is written as one character of the Basic Multilingual Plane's private use area, a range for each kind.
_WIDTH = 0x200
_BASE = {kind: 0xE000 + i * _WIDTH for i, kind in enumerate(_KINDS)}
_CLASSES = {kind.capitalize(): f"[{chr(base)}-{chr(base + _WIDTH - 1)}]" for kind, base in _BASE.items()}
_UNIONS = {
    "Party": ("state", "body"),
    "Actor": ("state", "body", "group", "person"),
    "Thing": ("body", "instrument", "event"),
    "Mention": _KINDS,
}
_CLASSES |= {
    name: "[" + "".join(f"{chr(_BASE[k])}-{chr(_BASE[k] + _WIDTH - 1)}" for k in kinds) + "]"
    for name, kinds in _UNIONS.items()
}
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_MARKED = re.compile(r"\{(\w+):([^{}]+)\}")
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")


@dataclass(frozen=True)
class Masked:
    """A stretch of a block with its outermost mentions as single characters.

    `offsets[i]` is the view offset of `text[i]`, with one more entry for the end.
    """

    text: str
    offsets: tuple[int, ...]
    mentions: Mapping[int, Mention]
    words: frozenset[str]

    def at(self, index: int) -> Mention | None:
        """The mention written at an index of the masked text."""
        return self.mentions.get(index)

    def range(self, start: int, end: int) -> tuple[int, int]:
        """View range of a masked range."""
        return self.offsets[start], self.offsets[end]

    def found(self, match: re.Match[str], group: str) -> tuple[Mention, ...]:
        """The mentions inside a named group of a match, in order."""
        start, end = match.span(group)
        return tuple(m for i in range(start, end) if (m := self.mentions.get(i)))


def mask(
    mentioned: Mentioned,
    block: Block,
    start: int,
    end: int,
    kinds: Iterable[str] = _KINDS,
) -> Masked:
    """The masked view range `[start, end)` of a block; mentions of other kinds stay words."""
    wanted = frozenset(kinds)
    text = block.view.text
    pieces: list[str] = []
    offsets: list[int] = []
    mentions: dict[int, Mention] = {}
    at, last = start, start
    counts = dict.fromkeys(_KINDS, 0)
    for m in mentioned.mentions[block.index]:
        if m.start < last or m.start < start or m.end > end or m.kind not in wanted:
            continue
        if counts[m.kind] >= _WIDTH:
            continue
        pieces.append(text[at : m.start])
        offsets.extend(range(at, m.start))
        mentions[len(offsets)] = m
        pieces.append(chr(_BASE[m.kind] + counts[m.kind]))
        counts[m.kind] += 1
        offsets.append(m.start)
        at = last = m.end
    pieces.append(text[at:end])
    offsets.extend(range(at, end))
    offsets.append(end)
    masked = "".join(pieces)
    return Masked(masked, tuple(offsets), mentions, frozenset(words(masked)))


def words(text: str) -> list[str]:
    """Lower-case words of a text, hyphens and apostrophes inside words kept."""
    return [w.lower() for w in _WORD.findall(text)]


@dataclass(frozen=True)
class Rule:
    """One compiled rule; `data` holds the keys of its family."""

    file: str
    id: str
    regex: re.Pattern[str]
    cues: frozenset[str]
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]
    data: Mapping[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.file}/{self.id}"

    def text(self, key: str, default: str = "") -> str:
        return str(self.data.get(key, default))


@dataclass(frozen=True)
class RuleSet:
    """The rules of one file, in order, with an index by cue word."""

    file: str
    rules: tuple[Rule, ...]
    tables: Mapping[str, Any]

    def candidates(self, present: frozenset[str]) -> list[Rule]:
        """Rules one of whose cues is among the words present, in file order."""
        return [r for r in self.rules if not r.cues or r.cues & present]

    def matches(self, masked: Masked) -> list[tuple[Rule, re.Match[str]]]:
        """Every match of every candidate rule, in file order."""
        return [(r, m) for r in self.candidates(masked.words) for m in r.regex.finditer(masked.text)]


def expand(pattern: str, macros: Mapping[str, str], where: str) -> str:
    """A pattern with its placeholders written out and its spaces free; RuleError for an unknown placeholder."""

    def one(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in _CLASSES:
            return _CLASSES[name]
        if name in macros:
            return f"(?:{expand(macros[name], macros, where)})"
        if name.isdigit():
            return match.group(0)
        raise RuleError(
            f"unknown placeholder {{{name}}}",
            where,
            f"use one of {', '.join(sorted(_CLASSES))} or a macro",
        )

    return _PLACEHOLDER.sub(one, pattern).replace("  ", " ")


def masked_example(sentence: str) -> Masked:
    """An example sentence, with `{State:Thailand}` as a placeholder, as rules see it."""
    pieces: list[str] = []
    mentions: dict[int, Mention] = {}
    counts = dict.fromkeys(_KINDS, 0)
    at = size = 0
    for match in _MARKED.finditer(sentence):
        kind = match.group(1).lower()
        if kind not in _BASE:
            raise RuleError(f"unknown mention kind {match.group(1)!r}", sentence[:60])
        pieces.append(sentence[at : match.start()])
        size += match.start() - at
        mentions[size] = Mention(kind, 0, size, size + 1, "example", match.group(2))  # type: ignore[arg-type]  # checked above
        pieces.append(chr(_BASE[kind] + counts[kind]))
        counts[kind] += 1
        size += 1
        at = match.end()
    pieces.append(sentence[at:])
    text = "".join(pieces)
    return Masked(text, tuple(range(len(text) + 1)), mentions, frozenset(words(text)))


@lru_cache(maxsize=64)
def tables(file: str) -> Mapping[str, Any]:
    """A rule file of this package as parsed TOML; RuleError where it is missing or broken."""
    try:
        return tomllib.loads(resources.files(__name__).joinpath(f"{file}.toml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RuleError("no such rule file", f"rules/{file}.toml") from None
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"not TOML: {error}", f"rules/{file}.toml") from None


@cache
def word_list(name: str) -> frozenset[str]:
    """A closed list of `rules/words.toml`; RuleError where there is none of that name."""
    try:
        return frozenset(tables("words")[name])
    except KeyError:
        raise RuleError(f"no word list {name!r}", "rules/words.toml", "add it there") from None


@lru_cache(maxsize=64)
def load(file: str, keys: tuple[str, ...] = ()) -> RuleSet:
    """The rules of `rules/FILE.toml`; `keys` are the family's own keys. RuleError names file, rule and mend."""
    parsed = tables(file)
    macros = parsed.get("macros", {})
    if not isinstance(macros, dict):
        raise RuleError("[macros] must be a table of names and patterns", f"rules/{file}.toml")
    known = {"id", "pattern", "cues", "examples", "counterexamples", *keys}
    rules: list[Rule] = []
    seen: set[str] = set()
    entries = parsed.get("rule", [])
    if not isinstance(entries, list):
        raise RuleError("rules are written as [[rule]] tables", f"rules/{file}.toml")
    for entry in entries:
        where = f"rules/{file}.toml: {entry.get('id', '(rule without id)')}"
        if unknown := set(entry) - known:
            raise RuleError(
                f"unknown key {min(unknown)!r}",
                where,
                f"known keys: {', '.join(sorted(known))}",
            )
        if missing := {"id", "pattern", "cues", "examples"} - set(entry):
            raise RuleError(f"missing key {min(missing)!r}", where, "add it")
        if entry["id"] in seen:
            raise RuleError("this id is given twice", where, "rename one")
        if not entry["examples"]:
            raise RuleError(
                "a rule needs at least one example",
                where,
                "add a sentence that it is meant for",
            )
        seen.add(entry["id"])
        try:
            regex = re.compile(expand(entry["pattern"], macros, where))
        except re.error as error:
            raise RuleError(f"the pattern does not compile: {error}", where, "mend the pattern") from None
        cues = frozenset() if entry["cues"] == ["*"] else frozenset(entry["cues"])
        rules.append(
            Rule(
                file,
                entry["id"],
                regex,
                cues,
                tuple(entry["examples"]),
                tuple(entry.get("counterexamples", ())),
                {k: entry[k] for k in keys if k in entry},
            )
        )
    return RuleSet(file, tuple(rules), parsed)


def fits(rule: Rule, sentence: str) -> bool:
    """Whether a rule matches an example sentence, cue included."""
    masked = masked_example(sentence)
    return (not rule.cues or bool(rule.cues & masked.words)) and rule.regex.search(masked.text) is not None
