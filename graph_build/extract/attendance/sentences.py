"""Parties that sentences name: the rules of `attendance.toml` and the lists beside their matches."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import get_args

from graph_build import rules
from graph_build.errors import RuleError
from graph_build.extract.attendance.envoys import state_of
from graph_build.extract.parties import Parties, Party
from graph_build.extract.people.recognise import People
from graph_build.extract.reading import Reading, Stretch, clause_start
from graph_build.records import Capacity, Evidence, Mention

KEYS = ("capacity", "side", "open", "spoke", "nations", "pair", "summary", "then", "behind", "unless", "back")
_CAPACITIES = frozenset(get_args(Capacity))
_CLAIM_LESS = frozenset(("press-release", "speech", "fact-sheet"))
_SUMMARIES = frozenset(
    ("co-chairs-summary", "chairs-summary", "summary-of-proceedings", "report", "outcome-note", "co-chairs-statement")
)
_NOT = re.compile(
    r"\b(?:unable to|(?:did|could|was|were|had|has|have) not|apologies|absen(?:t|ce)|regrets|declined|instead of)\b",
    re.I,
)
_LATER = re.compile(
    r"\b(?:to be|will be|would be|shall be|will|would|may|could|should|to|offer(?:ed|s)?|next|future|forthcoming|upcoming)\s*$|\b(?:will|would|shall|to|may) (?:be )?(?:again |also |jointly )?$",
    re.I,
)
_OPEN = frozenset(
    (
        "attended",
        "participated",
        "representatives",
        "bringing",
        "brought",
        "hosted",
        "organised",
        "organized",
        "participants",
    )
)
_AS_OBSERVERS = re.compile(
    r"\)?,?(?: [\w-]+){0,3}? (?:as (?:an? )?(?:\w+ )?[Oo]bservers?|in (?:an |the )?observer)\b(?! (?:to|of|in) )"
)
_LABELLED = re.compile(r"(?P<label>[^()]{1,140}?)\s?\((?P<inner>[^()]*(?:\([^()]*\)[^()]*)*)\)")


@dataclass(frozen=True, slots=True)
class Found:
    """A party at a meeting, and what says so."""

    event: str
    party: Party
    capacity: Capacity
    evidence: Evidence


@lru_cache(maxsize=1)
def load() -> rules.RuleSet:
    """The rules of `attendance.toml`; RuleError for an unknown capacity."""
    loaded = rules.load("attendance", KEYS)
    for r in loaded.rules:
        if r.text("capacity") not in _CAPACITIES:
            raise RuleError(
                f"no such capacity {r.text('capacity')!r}",
                f"rules/attendance.toml: {r.id}",
                f"use one of {', '.join(sorted(_CAPACITIES))}",
            )
    return loaded


@lru_cache(maxsize=1)
def cues() -> frozenset[str]:
    """Words of which a sentence must hold one, the parts of hyphenated cues apart."""
    return frozenset(w for r in load().rules for c in r.cues for w in c.split("-"))


def in_sentence(reading: Reading, parties: Parties, people: People, s: Stretch) -> Iterator[Found]:
    """The parties that a sentence puts at a described meeting."""
    masked = reading.masked(s)
    if not any(m.kind in ("state", "body", "adjective", "person") for m in masked.mentions.values()) and not re.search(
        r"(?i)represent|bring|attend|particip", masked.text
    ):
        return
    less = reading.mentioned.genre in _CLAIM_LESS
    for rule, match in load().matches(masked):
        data = rule.data
        if data.get("spoke") and less or data.get("summary") and reading.mentioned.genre not in _SUMMARIES:
            continue
        if _LATER.search(masked.text, max(0, match.start() - 30), match.start()) or _NOT.search(
            masked.text, max(0, match.start() - 60), min(len(masked.text), match.end() + 20)
        ):
            continue
        if (behind := rule.text("behind")) and not _compiled(behind).search(
            masked.text, clause_start(masked.text, match.start()), match.start()
        ):
            continue
        if (unless := rule.text("unless")) and _compiled(unless).search(
            masked.text, max(0, match.start() - 80), match.start() + 1
        ):
            continue
        events = _meetings(reading, s, masked, match, bool(data.get("back")))
        if not events:
            continue
        evidence = Evidence(reading.passage(s), rule.name)
        capacity: Capacity = rule.data["capacity"]  # type: ignore[assignment]  # load() checks it
        for party, as_ in _parties(reading, parties, people, s, masked, rule, match, capacity):
            for event in events:
                if (
                    data.get("spoke")
                    and party.thing in reading.own_bodies(event)
                    or as_ == "participant"
                    and party.thing == reading.holder(event)
                ):
                    continue
                yield Found(event, party, as_, evidence)


def _meetings(reading: Reading, s: Stretch, masked: rules.Masked, match: re.Match[str], back: bool) -> tuple[str, ...]:
    """The described meetings of a match. A sentence that names only other meetings says nothing of them."""
    group = "event" if match.re.groupindex.get("event") and match.group("event") else ""
    events = reading.meant(s, masked, match, back)
    if group and any(m.kind == "event" for m in masked.found(match, group)):
        return events
    # 'At the summit of 2010, attended by ...', 'attended the summit of 2010': another meeting beside the words
    near = tuple(m for i, m in masked.mentions.items() if m.kind == "event" and i < match.end() + 40)
    if not near:
        return events
    here = reading.events(near)
    return here if len(here) < 2 else events


def _parties(
    reading: Reading,
    parties: Parties,
    people: People,
    s: Stretch,
    masked: rules.Masked,
    rule: rules.Rule,
    match: re.Match[str],
    capacity: Capacity,
) -> Iterator[tuple[Party, Capacity]]:
    side = rule.text("side")
    open_ = bool(rule.data.get("open"))
    if side == "groups":
        for label, group in labelled(parties, s, masked, match.end(), open_):
            for p in group:
                yield p, "observer" if re.search(r"(?i)\bobservers?\b", label) else capacity
        return
    if side == "inside":
        groups = [g for g in ("parties", "others") if g in match.re.groupindex and match.group(g)]
        for named in (m for g in groups for m in masked.found(match, g)):
            if named.kind in ("state", "adjective") and (own := parties.of(s, named)) is not None:
                yield own, capacity
        return
    if rule.data.get("nations"):
        for p in _nations(parties, s, masked, match.start()):
            yield p, capacity
        return
    read = (
        parties.after(s, masked, match.end(), open_)
        if side == "after"
        else parties.before(s, masked, match.start(), open_)
    )
    if (then := rule.text("then")) and not (read and _compiled(then).match(masked.text, _after(masked, read[-1].end))):
        return
    # 'welcomed the attendance of A and B as observers'
    listed = side == "after" and capacity == "participant" and read
    if listed and _AS_OBSERVERS.match(masked.text, _after(masked, read[-1].end)):
        capacity = "observer"
    if rule.data.get("pair"):
        states = [p for p in read if p.thing.startswith("s:")]
        read = states if len(states) > 1 else []
    for p in read:
        yield p, capacity
    if not read and capacity == "host":
        # 'At the invitation of Ms A, Deputy Prime Minister of X', 'Prime Minister A of X hosted the meeting'
        m = masked.at(match.end()) if side == "after" else _person_before(masked, match.start())
        if m is not None and m.kind == "person":
            state = state_of(reading, parties, people, m)
            if state is not None:
                yield state, "host"


def _person_before(masked: rules.Masked, at: int) -> Mention | None:
    """The person that is the subject of what stands at a masked index."""
    return masked.at(len(masked.text[:at].rstrip(", ")) - 1) if at else None


@lru_cache(maxsize=32)
def _compiled(pattern: str) -> re.Pattern[str]:
    macros = load().tables["macros"]
    assert isinstance(macros, dict)
    return re.compile(rules.expand(pattern.removeprefix("^"), macros, "rules/attendance.toml"))


def _after(masked: rules.Masked, offset: int) -> int:
    """The masked index at a view offset."""
    return bisect_left(masked.offsets, offset)


def labelled(
    parties: Parties, s: Stretch, masked: rules.Masked, at: int, open_: bool
) -> Iterator[tuple[str, list[Party]]]:
    """'15 members (A, B), three observers (C) and the Support Office (RSO)' from masked index `at`, as labels and parties."""
    text = masked.text
    while m := _LABELLED.match(text, at):
        label = m.group("label")
        if re.search(r"[.;]\s", label):
            return
        a, b = m.span("inner")
        near = masked.at(m.start("inner") - 2 - (text[m.start("inner") - 2] == " "))
        group = parties.after(s, masked, a, open_, b)
        if near is not None and near.kind == "state" and len(group) < 2:
            # 'France (New Caledonia)' is a party, no group
            return
        ahead = [
            masked.mentions[i]
            for i in range(m.start("label"), m.end("label"))
            if i in masked.mentions and masked.mentions[i].kind == "body"
        ]
        acronym = (
            ahead
            and text[m.end("label") - 1] != " "
            and m.end("label") - 1 in masked.mentions
            and (
                len(group) == 1
                and group[0].thing == ahead[-1].thing
                or not group
                or re.fullmatch(r"[A-Z][\w-]{1,9}", m.group("inner")) is not None
            )
        )
        if acronym:
            own = parties.of(s, ahead[-1])
            if own is not None:
                yield label, [own]
        elif group:
            yield label, group
        else:
            return
        at = m.end()


def _nations(parties: Parties, s: Stretch, masked: rules.Masked, end: int) -> list[Party]:
    """'the Italian and U.S. co-chairs': two or more states by adjective right before an index."""
    found: list[Party] = []
    i = end - 1
    text = masked.text
    while i >= 0:
        m = masked.at(i)
        if m is None or m.kind not in ("adjective", "state"):
            break
        p = parties.of(s, m)
        if p is not None:
            found.append(p)
        gap = re.search(r"(?:,? and |, |-|–)$", text[:i])
        if gap is None:
            break
        i = gap.start() - 1
    return found[::-1] if len(found) > 1 else []
