"""The words by which commitments are known, as `rules/speech-acts.toml` and `rules/commitments.toml` give them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, cast, get_args

from graph_build import rules
from graph_build.errors import RuleError
from graph_build.records import CommitmentClass

Frame = Literal["to", "that", "on", "object", "person", "gerund", "for"]
_VERB_KEYS = {
    "id",
    "forms", "frames", "binding", "passive", "speaker", "particles", "objects", "future", "gerund", "reflexive", "self",
    "modal", "examples", "counterexamples",
}  # fmt: skip
_BINDING: Mapping[CommitmentClass, str] = {
    "directive": "directed",
    "decision": "decided",
    "pledge": "pledged",
    "recommendation": "recommended",
}


@dataclass(frozen=True)
class Verb:
    """One verb of speech-acts.toml; `forms` are base, third person and past."""

    id: str
    forms: tuple[str, ...]
    frames: Mapping[Frame, CommitmentClass]
    binding: str
    passive: bool
    meeting_only: bool
    particles: tuple[str, ...]
    objects: frozenset[str]
    future: bool
    gerund: bool
    reflexive: bool
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]

    def bound(self, class_: CommitmentClass) -> str:
        return self.binding or _BINDING[class_]


@dataclass(frozen=True)
class Lexicon:
    """All word lists, ready for look-up. `levels` maps a noun to the level at which it speaks."""

    verbs: tuple[Verb, ...]
    forms: Mapping[str, tuple[Verb, ...]]
    reports: frozenset[str]
    levels: Mapping[str, str]
    ranks: Mapping[str, int]
    inert: frozenset[str]
    speakers: frozenset[str]
    cues: frozenset[str]
    nominal_nouns: frozenset[str]
    nominal_verbs: frozenset[str]
    thanks: frozenset[str]
    calls: frozenset[str]
    adjectives: frozenset[str]
    base: frozenset[str]
    base_nouns: frozenset[str]
    base_adjectives: frozenset[str]
    gerunds: frozenset[str]
    noun_gerunds: frozenset[str]
    no_gerunds: frozenset[str]
    chain: frozenset[str]
    performing: Mapping[str, tuple[Verb, ...]]
    words: Mapping[str, frozenset[str]]


def binding_of(class_: CommitmentClass) -> str:
    """The degree of the bindingness scheme that a class of commitment has by itself."""
    return _BINDING[class_]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The word lists; RuleError where a file contradicts its schema."""
    table: Mapping[str, Any] = rules.tables("commitments")
    verbs = tuple(verb_of(entry) for entry in cast("list[dict[str, Any]]", rules.tables("speech-acts")["verb"]))
    forms: dict[str, tuple[Verb, ...]] = {}
    for verb in verbs:
        for form in verb.forms:
            forms[form] = (*forms.get(form, ()), verb)
    levels: dict[str, str] = {}
    ranks: dict[str, int] = {}
    for rank, (level, nouns) in enumerate(table["levels"].items()):
        ranks[level] = rank
        for noun in nouns:
            levels.setdefault(noun, level)
    base = frozenset(table["verbs"]["base"].split())
    gerunds = frozenset(_gerund(verb) for verb in base)
    chain = frozenset(table["verbs"]["chain"])
    return Lexicon(
        verbs,
        forms,
        frozenset(table["reports"]["verbs"].split()),
        levels,
        ranks,
        frozenset(table["inert"]["nouns"]),
        frozenset(table["speakers"]["nouns"]),
        frozenset(table["cues"]["words"].split()) | frozenset(forms) | frozenset(table["words"]["performing"].split()),
        frozenset(table["nominal"]["nouns"]),
        frozenset(table["nominal"]["verbs"].split()),
        frozenset(table["nominal"]["thanks"].split()),
        frozenset(table["nominal"]["calls"]),
        frozenset(table["nominal"]["adjectives"]),
        base,
        frozenset(table["verbs"]["nouns"].split()),
        frozenset(table["verbs"]["adjectives"].split()),
        gerunds,
        frozenset(table["verbs"]["noun_gerunds"].split()),
        frozenset(table["verbs"]["no_gerunds"].split()),
        chain,
        {_gerund(form): found for form, found in forms.items()},
        {key: frozenset(text.split()) for key, text in table["words"].items()},
    )


def _gerund(verb: str) -> str:
    if verb in ("be", "see", "agree", "oversee", "flee", "free", "guarantee"):
        return verb + "ing"
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return verb[:-1] + "ing"
    doubled = {"put", "set", "cut", "get", "let", "plan", "stop", "ban", "map", "curb", "submit", "commit", "permit", "refer", "transfer", "combat", "curtail", "tap", "step", "stem", "halt", "control", "compel", "deter", "avert", "run", "begin", "win", "confer", "admit", "drop", "spur", "equip", "regret", "occur", "recur"}  # fmt: skip
    if verb in doubled and verb not in ("curb", "curtail", "halt", "avert", "combat"):
        return verb + verb[-1] + "ing"
    return verb + "ing"


def verb_of(entry: dict[str, Any]) -> Verb:
    """One `[[verb]]` table; RuleError where it contradicts the schema."""
    forms = tuple(entry.get("forms", ()))
    where = f"rules/speech-acts.toml: {forms[0] if forms else '(verb without forms)'}"
    if unknown := set(entry) - _VERB_KEYS:
        raise RuleError(f"unknown key {sorted(unknown)[0]!r}", where, f"known keys: {', '.join(sorted(_VERB_KEYS))}")
    if not forms or not entry.get("examples") or not entry.get("frames"):
        raise RuleError("a verb needs forms, frames and at least one example", where, "add them")
    for frame, class_ in entry["frames"].items():
        if frame not in get_args(Frame) or class_ not in get_args(CommitmentClass):
            raise RuleError(f"frame {frame} = {class_!r} is unknown", where, f"frames: {', '.join(get_args(Frame))}")
    particles = tuple(entry.get("particles", ()))
    return Verb(
        str(entry.get("id", "-".join((forms[0], *particles[:1])))),
        forms,
        entry["frames"],
        str(entry.get("binding", "")),
        bool(entry.get("passive", False)),
        entry.get("speaker") == "meeting",
        particles,
        frozenset(entry.get("objects", ())),
        bool(entry.get("future", False)),
        bool(entry.get("gerund", False)),
        bool(entry.get("reflexive", False)),
        tuple(entry["examples"]),
        tuple(entry.get("counterexamples", ())),
    )
