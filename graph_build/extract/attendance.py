"""States and organisations at the meetings that a document describes: hosts, co-chairs, participants, observers."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import get_args

from graph_build import rules
from graph_build.errors import RuleError
from graph_build.extract.parties import Parties, Party
from graph_build.extract.people.recognise import People
from graph_build.extract.reading import Reading, Stretch
from graph_build.records import Attendance, Capacity, Evidence, Known, Mention, PersonRole

KEYS = ("capacity", "side", "open", "spoke", "nations", "pair", "summary", "then")
_CAPACITIES = frozenset(get_args(Capacity))
_CLAIM_LESS = frozenset(("press-release", "speech", "fact-sheet"))
_SUMMARIES = frozenset(("co-chairs-summary", "chairs-summary", "summary-of-proceedings", "report", "outcome-note", "co-chairs-statement"))
_NOT = re.compile(r"\b(?:unable to|(?:did|could|was|were|had|has|have) not|apologies|absen(?:t|ce)|regrets|declined|instead of)\b", re.I)
_LATER = re.compile(r"\b(?:to be|will be|would be|shall be|will|would|may|could|should|to|offer(?:ed|s)?|next|future|forthcoming|upcoming)\s*$|\b(?:will|would|shall|to|may) (?:be )?(?:again |also |jointly )?$", re.I)
_LABELLED = re.compile(r"(?P<label>[^()]{1,140}?)\s?\((?P<inner>[^()]*(?:\([^()]*\)[^()]*)*)\)")
_ENVOYS = re.compile(r"(?i)\b(?:minister|president|premier|chancellor|king|queen|sultan|emir|secretary of state|head of (?:state|government|delegation)|foreign secretary|attorney-general|taoiseach)\b")
_STATE_ROLES = frozenset(("people/participants-were", "people/attended", "people/list", "people/signature", "people/at-invitation", "people/principals-as-co-chairs"))
_JOINED = re.compile(r"\s?(?:[-–—/,‑]|and|&)\s?(?:the )?")


@dataclass(frozen=True, slots=True)
class Found:
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
            raise RuleError(f"no such capacity {r.text('capacity')!r}", f"rules/attendance.toml: {r.id}", f"use one of {', '.join(sorted(_CAPACITIES))}")
    return loaded


@lru_cache(maxsize=1)
def _cues() -> frozenset[str]:
    return frozenset(w for r in load().rules for c in r.cues for w in c.split("-"))


@lru_cache(maxsize=1)
def _lists() -> tuple[tuple[re.Pattern[str], Capacity], ...]:
    entries = load().tables["list"]
    assert isinstance(entries, list)
    return tuple((re.compile(e["pattern"]), e["capacity"]) for e in entries)


def attendance(reading: Reading, parties: Parties, people: People, roles: tuple[PersonRole, ...]) -> tuple[Attendance, ...]:
    """One entry for each meeting, party and capacity, in order of the text."""
    if not reading.described:
        return ()
    found: list[Found] = []
    cues = _cues()
    for s in reading.stretches:
        if s.block.kind != "heading" and s.words & cues:
            found += _in_sentence(reading, parties, people, s)
    found += _in_lists(reading, parties)
    found += _of_both_sides(reading, parties)
    found += _of_envoys(reading, parties, people, roles)
    return _entries(found)


def _entries(found: list[Found]) -> tuple[Attendance, ...]:
    grouped: dict[tuple[str, str, Capacity], list[Found]] = {}
    for f in found:
        grouped.setdefault((f.event, f.party.thing, f.capacity), []).append(f)
    facts = []
    for (event, party, capacity), group in grouped.items():
        if capacity == "participant" and (event, party, "observer") in grouped and all(f.evidence.rule.endswith(("/spoke", "/noted", "/heard-from", "/attended")) for f in group):
            continue
        facts.append(Attendance(event, party, group[0].party.name, capacity, tuple(dict.fromkeys(f.evidence for f in group))))
    return tuple(facts)


# sentences


def _in_sentence(reading: Reading, parties: Parties, people: People, s: Stretch) -> Iterator[Found]:
    masked = reading.masked(s)
    if not any(m.kind in ("state", "body", "adjective", "person") for m in masked.mentions.values()) and not re.search(r"(?i)represent|bring|attend|particip", masked.text):
        return
    less = reading.mentioned.genre in _CLAIM_LESS
    for rule, match in load().matches(masked):
        data = rule.data
        if data.get("spoke") and less or data.get("summary") and reading.mentioned.genre not in _SUMMARIES:
            continue
        if _LATER.search(masked.text, max(0, match.start() - 30), match.start() + 1) or _NOT.search(masked.text, max(0, match.start() - 60), min(len(masked.text), match.end() + 20)):
            continue
        events = _meetings(reading, s, masked, match)
        if not events:
            continue
        evidence = Evidence(reading.passage(s), rule.name)
        capacity: Capacity = rule.data["capacity"]  # type: ignore[assignment]  # load() checks it
        for party, as_ in _parties(reading, parties, people, s, masked, rule, match, capacity):
            for event in events:
                if data.get("spoke") and party.thing in reading.own_bodies(event):
                    continue
                yield Found(event, party, as_, evidence)


def _meetings(reading: Reading, s: Stretch, masked: rules.Masked, match: re.Match[str]) -> tuple[str, ...]:
    """The described meetings of a match. A sentence that names only other meetings says nothing of them."""
    group = "event" if match.re.groupindex.get("event") and match.group("event") else ""
    events = reading.meant(s, masked, match)
    if group and any(m.kind == "event" for m in masked.found(match, group)):
        return events
    # 'At the summit of 2010, attended by ...', 'attended the summit of 2010': another meeting beside the words
    near = tuple(m for i, m in masked.mentions.items() if m.kind == "event" and i < match.end() + 40)
    if not near:
        return events
    here = reading.events(near)
    return here if len(here) < 2 else events


def _parties(
    reading: Reading, parties: Parties, people: People, s: Stretch, masked: rules.Masked, rule: rules.Rule, match: re.Match[str], capacity: Capacity
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
        for m in (m for g in groups for m in masked.found(match, g)):
            if m.kind in ("state", "adjective") and (p := parties.of(s, m)) is not None:
                yield p, capacity
        return
    if rule.data.get("nations"):
        for p in _nations(parties, s, masked, match.start()):
            yield p, capacity
        return
    read = parties.after(s, masked, match.end(), open_) if side == "after" else parties.before(s, masked, match.start(), open_)
    if (then := rule.text("then")) and not (read and _then(then).match(masked.text, _after(masked, read[-1].end))):
        return
    if rule.data.get("pair"):
        states = [p for p in read if p.thing.startswith("s:")]
        read = states if len(states) > 1 else []
    for p in read:
        yield p, capacity
    if not read and capacity == "host" and side == "after":
        # 'At the invitation of Ms A, Deputy Prime Minister of X'
        m = masked.at(match.end())
        if m is not None and m.kind == "person":
            state = state_of(reading, parties, people, m)
            if state is not None:
                yield state, "host"


@lru_cache(maxsize=16)
def _then(pattern: str) -> re.Pattern[str]:
    return re.compile(rules.expand(pattern.removeprefix("^"), {}, "rules/attendance.toml: then"))


def _after(masked: rules.Masked, offset: int) -> int:
    """The masked index at a view offset."""
    return bisect_left(masked.offsets, offset)


def labelled(parties: Parties, s: Stretch, masked: rules.Masked, at: int, open_: bool) -> Iterator[tuple[str, list[Party]]]:
    """'15 members (A, B), three observers (C) and the Support Office (RSO)' from masked index `at`, as labels and parties."""
    text = masked.text
    while m := _LABELLED.match(text, at):
        label = m.group("label")
        if re.search(r"[.;]\s", label):
            return
        a, b = m.span("inner")
        group = parties.after(s, masked, a, open_, b)
        ahead = [masked.mentions[i] for i in range(m.start("label"), m.end("label")) if i in masked.mentions and masked.mentions[i].kind == "body"]
        acronym = ahead and text[m.end("label") - 1] != " " and m.end("label") - 1 in masked.mentions and (
            len(group) == 1 and group[0].thing == ahead[-1].thing or not group or re.fullmatch(r"[A-Z][\w-]{1,9}", m.group("inner")) is not None
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


def state_of(reading: Reading, parties: Parties, people: People, m: Mention, any_post: bool = False) -> Party | None:
    """The state for which a minister or head of state or government acts, as the text names it beside the post.

    any_post  other officials as well, and the state in the name of a ministry or office
    """
    naming = people.at.get((m.block, m.start))
    if naming is None:
        return None
    block = naming.stretch.block
    if not any_post and not any(_ENVOYS.search(block.text[a:b]) for a, b in naming.post.position):
        return None
    if naming.post.nation is not None:
        return parties.of(naming.stretch, naming.post.nation)
    if naming.post.affiliation is None:
        return None
    a, b = naming.post.affiliation
    inside = [x for x in reading.mentioned.mentions[m.block] if a <= x.start and x.end <= b and x.kind in ("state", "body", "adjective")]
    states = {x.thing for x in inside if x.kind == "state"}
    if len(states) == 1 and (any_post or not any(x.kind == "body" for x in inside)):
        return parties.of(naming.stretch, next(x for x in inside if x.kind == "state"))
    return None


# lists in blocks of their own


def _in_lists(reading: Reading, parties: Parties) -> Iterator[Found]:
    blocks = reading.segmented.blocks
    capacities: dict[str, Capacity | None] = {}

    def capacity_of(title: str) -> Capacity | None:
        title = title[-240:]
        if title not in capacities:
            capacities[title] = next((c for p, c in _lists() if p.search(title)), None)
        return capacities[title]

    for s in reading.stretches:
        block = s.block
        if block.kind not in ("item", "row", "heading", "paragraph") or s.start != block.sentences[0].start and block.kind != "row":
            continue
        capacity: Capacity | None = None
        if block.lead >= 0 and block.kind in ("item", "row"):
            capacity = capacity_of(blocks[block.lead].text)
        if capacity is None and block.section:
            capacity = next((c for h in reversed(block.section[-3:]) if (c := capacity_of(h))), None)
            if capacity is not None and block.kind == "paragraph" and not all(_bare_list(reading, x) for x in reading.by_block[block.index]):
                continue
        if capacity is None or _is_person(reading, s):
            continue
        masked = reading.masked(s)
        end = len(masked.text)
        if block.cells:
            end = next((i for i, o in enumerate(masked.offsets) if o >= block.cells[0].end), end)
        read = parties.after(s, masked, 0, block.kind in ("item", "row"), end)
        if block.kind == "heading" and (len(read) != 1 or read[0].end - read[0].start < 0.7 * (s.end - s.start)):
            continue
        evidence = Evidence(reading.passage(s), "attendance/list")
        for event in reading.settings[block.index]:
            for p in read:
                yield Found(event, p, capacity, evidence)


def _is_person(reading: Reading, s: Stretch) -> bool:
    return any(m.kind == "person" and m.start < s.start + 40 for m in reading.mentioned.mentions[s.block.index] if s.start <= m.start < s.end)


def _bare_list(reading: Reading, s: Stretch) -> bool:
    """Whether a paragraph is nothing but names and separators."""
    masked = reading.masked(s)
    return len(re.findall(r"[a-z]{3,}", re.sub(r"\b(?:and|the|of|as|well)\b", "", masked.text))) <= 1 and bool(masked.mentions)


# meetings of two sides


def _of_both_sides(reading: Reading, parties: Parties) -> Iterator[Found]:
    """'9th Session of the South Africa–Sweden Commission', 'Commission between A and B': both sides took part."""
    done: set[str] = set()
    for s in reading.stretches:
        for m in reading.mentioned.mentions[s.block.index]:
            if m.kind != "event" or m.thing not in reading.described or m.thing in done or not s.start <= m.start < s.end:
                continue
            end = m.end
            text = s.block.text
            after = re.match(r"\s?(?:\([^)]*\) )?(?:between|of) (?:the )?", text[m.end : s.end])
            inside = [x for x in reading.mentioned.mentions[s.block.index] if x.start >= m.start and x.kind in ("state", "adjective") and x.end <= (s.end if after else end)]
            for x, y in zip(inside, inside[1:], strict=False):
                between = text[x.end : y.start]
                own = x.end <= m.end and y.end <= m.end and _JOINED.fullmatch(between)
                of_both = text[max(0, x.start - 12) : x.start].rstrip().endswith(("between", "between the")) and re.fullmatch(r",? and (?:the )?(?:[RK]\w+ of )?", between) and y.start - m.end < 60
                codes = (x.value or x.thing.removeprefix("s:"), y.value or y.thing.removeprefix("s:"))
                if (own or of_both) and codes[0] != codes[1]:
                    done.add(m.thing)
                    for z in (x, y):
                        p = parties.of(s, z)
                        if p is not None:
                            yield Found(m.thing, p, "participant", Evidence(reading.passage(s), "attendance/both-sides", "inferred"))
                    break


def _of_envoys(reading: Reading, parties: Parties, people: People, roles: tuple[PersonRole, ...]) -> Iterator[Found]:
    """Ministers and heads of state or government who attended: their states took part."""
    known: Known = "inferred"
    for r in roles:
        if r.role not in ("participant", "co-chair", "host") or not {e.rule for e in r.evidence} & _STATE_ROLES:
            continue
        for n in people.namings[r.person]:
            m = Mention("person", n.stretch.block.index, n.described.start, n.described.end, "")
            state = state_of(reading, parties, people, m)
            if state is not None:
                yield Found(r.event, replace(state), "participant", Evidence(reading.passage(n.stretch), "attendance/envoy", known))
                break
