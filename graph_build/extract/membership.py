"""Members, chairs, leads and standing observers of bodies, as a document states them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import get_args

from graph_build import rules
from graph_build.errors import RuleError
from graph_build.extract.attendance import labelled, state_of
from graph_build.extract.parties import Parties, Party
from graph_build.extract.people.recognise import Naming, People
from graph_build.extract.reading import Reading, Stretch
from graph_build.records import Evidence, MemberCapacity, Membership, Mention, Value

KEYS = ("capacity", "side", "least", "own", "group")
_CAPACITIES = frozenset(get_args(MemberCapacity))
_NOT = re.compile(
    r"\b(?:not|no longer|never|non-|would|could|should|may|might|wish(?:es|ed)?|appli(?:ed|cation)|invited|seek(?:s|ing)?|sought|propos(?:al|ed)|request(?:ed)?|former|until|withdr[ae]w(?:n|al)?|if)\b",
    re.I,
)
_GAP = re.compile(r"(?:, and|,| and|;| &) (?:the )?(?:Republic of )?(?:the )?$")
_MEMBERS = re.compile(r"(?i)\bmembers?\b")
_OPENS = re.compile(r"[(–—]")
_GROUP = re.compile(
    r"\b(?:[Gg]roup|[Ff]riends|[Tt]roika|[Cc]ommittee|[Cc]ouncil|[Ff]orum|[Aa]lliance|[Ii]nitiative|[Pp]rocess|[Cc]oalition|[Pp]artnership|Board"
    r"|[Pp]anel|[Tt]ask [Ff]orce|[Cc]ommunity|[Uu]nion|[Aa]ssociation|[Dd]ialogue|[Nn]etwork|Quad\w*|League|Pact)\b"
)
_NOTED = re.compile(
    r"\s?\((?:the )?(?P<office>[Cc]o-?[Cc]hair\w*|[Cc]hair\w*|[Cc]oordinator|[Ll]ead(?: [Ss]hepherd)?)\)"
)
_LISTED = re.compile(
    rules.expand(
        r"^\W*(?:The |the )?(?:(?:current|founding|present) )?(?:(?:[Mm]embers|[Mm]ember (?:[Ss]tates|[Cc]ountries|[Ee]conomies)|[Mm]embership|MEMBERS) of (?:the )?(?P<body>{Body})"
        r"|(?P<body2>{Body})(?:['’]s?)? (?:(?:currently |now )?(?:comprises|consists of|is composed of|is made up of)|[Mm]embers(?:hip)?|[Mm]ember (?:[Ss]tates|[Cc]ountries|[Ee]conomies)))"
        r"(?: ?\({Body}\))?(?: (?:currently |now )?(?:are|is|includes?|comprises?|consists? of))?(?: the following(?: \w+)?| as follows)?\s?:?\s*$",
        {},
        "extract/membership.py",
    )
)
_OFFICES: tuple[tuple[re.Pattern[str], MemberCapacity], ...] = (
    (re.compile(r"(?i)\bco-?chair(?:man|person|woman)?$"), "co-chair"),
    (re.compile(r"(?i)\b(?:chair(?:man|person|woman)?|president)$"), "chair"),
    (re.compile(r"(?i)\b(?:coordinator|co-ordinator|lead shepherd|lead)$"), "lead"),
)
_CAPACITY_OF = re.compile(
    r"^,?[^.;]{0,60}? (?:in (?:his|her|their) capacity as|as)(?: the)? (?P<office>(?:[\w-]+ ){0,2}?(?:[Cc]o-?[Cc]hair\w*|[Cc]hair\w*|[Cc]oordinator|[Ll]ead [Ss]hepherd|[Ll]ead)) (?:of|for) (?:the )?(?P<body>[\uE000-\uF8FF])"
)


@lru_cache(maxsize=1)
def load() -> rules.RuleSet:
    """The rules of `membership.toml`; RuleError for an unknown capacity."""
    loaded = rules.load("membership", KEYS)
    for r in loaded.rules:
        if r.text("capacity") not in _CAPACITIES:
            raise RuleError(
                f"no such capacity {r.text('capacity')!r}",
                f"rules/membership.toml: {r.id}",
                f"use one of {', '.join(sorted(_CAPACITIES))}",
            )
    return loaded


@lru_cache(maxsize=1)
def _cues() -> frozenset[str]:
    return frozenset(w for r in load().rules for c in r.cues for w in c.split("-")) - {"co", "as", "is"}


def membership(reading: Reading, parties: Parties, people: People) -> tuple[Membership, ...]:
    """One entry for each body, party and capacity, in order of the text; bilateral bodies have none."""
    found: dict[tuple[str, str, MemberCapacity], Membership] = {}
    cues = _cues()
    for s in reading.stretches:
        if s.words & cues or _OPENS.search(s.text):
            for m in _in_sentence(reading, parties, people, s):
                _add(reading, found, m)
    for m in _in_lists(reading, parties):
        _add(reading, found, m)
    for own in people.namings.values():
        for n in own:
            for m in _by_office(reading, parties, people, n):
                _add(reading, found, m)
    return tuple(found.values())


def _add(reading: Reading, found: dict[tuple[str, str, MemberCapacity], Membership], m: Membership) -> None:
    if m.party == m.body or _bilateral(reading, m.body):
        return
    key = (m.body, m.party, m.capacity)
    if key in found:
        former = found[key]
        evidence = tuple(dict.fromkeys((*former.evidence, *m.evidence)))
        m = Membership(m.body, m.party, former.name, m.capacity, evidence, former.since or m.since)
    found[key] = m


def _bilateral(reading: Reading, body: str) -> bool:
    """Whether a body's name joins two states: its members are these, and it is no forum that others join."""
    label = reading.things[body].label
    for mentions, block in zip(reading.mentioned.mentions, reading.segmented.blocks, strict=True):
        for m in mentions:
            if m.thing == body and block.text[m.start : m.end] in label:
                inside = {
                    x.value or x.thing
                    for x in mentions
                    if x.kind in ("state", "adjective") and m.start <= x.start and x.end <= m.end
                }
                return len(inside) == 2 and re.search(r"[-–—]|\band\b", block.text[m.start : m.end]) is not None
    return False


def _in_sentence(reading: Reading, parties: Parties, people: People, s: Stretch) -> Iterator[Membership]:
    if not reading.names_any(s, ("state", "body", "adjective", "person")):
        return
    masked = reading.masked(s)
    for rule, match in load().matches(masked):
        if _NOT.search(masked.text, max(0, match.start() - 40), match.end()):
            continue
        body = _body(reading, s, masked, match, bool(rule.data.get("own")))
        capacity: MemberCapacity = rule.data["capacity"]  # type: ignore[assignment]  # load() checks it
        evidence = (Evidence(reading.passage(s), rule.name),)
        since = _since(reading, s, masked, match, rule.name)
        if rule.text("side") == "groups":
            for label, group in _labelled(parties, s, masked, match.end()):
                of = (
                    next(
                        (
                            masked.mentions[i].thing
                            for i in label
                            if i in masked.mentions and masked.mentions[i].kind == "body"
                        ),
                        "",
                    )
                    or body
                )
                if of:
                    for p in group:
                        yield Membership(of, p.thing, p.name, capacity, evidence)
            continue
        if not body or rule.data.get("group") and not _of_members(reading, body):
            continue
        read = _read(reading, parties, people, s, masked, rule, match)
        if len(read) < int(str(rule.data.get("least", 1))):
            continue
        for p in read:
            yield Membership(body, p.thing, p.name, capacity, evidence, since)
            if capacity == "member" and (office := _noted(s, p)):
                yield Membership(body, p.thing, p.name, office, evidence)


def _of_members(reading: Reading, body: str) -> bool:
    """Whether one of a body's names says that it has members."""
    t = reading.things[body]
    return any(_GROUP.search(n) for n in (t.label, *t.names))


def _noted(s: Stretch, p: Party) -> MemberCapacity | None:
    """The office in brackets right behind a party of a list: 'Kenya (Chair), Ghana and Togo'."""
    m = _NOTED.match(s.block.view.text, p.end)
    if m is None:
        return None
    return next((c for pattern, c in _OFFICES if pattern.search(m.group("office"))), None)


def _in_lists(reading: Reading, parties: Parties) -> Iterator[Membership]:
    """Items and rows below a lead or heading that says whose members they are: 'Members of the Reef Panel:'."""
    blocks = reading.segmented.blocks
    leads: dict[int, str] = {}

    def body_of(index: int) -> str:
        if index not in leads:
            last = reading.by_block.get(index, ())[-1:]
            masked = reading.masked(last[0]) if last else None
            m = _LISTED.search(masked.text) if masked is not None else None
            found = masked.found(m, "body" if m.group("body") else "body2") if masked is not None and m else ()
            leads[index] = next((x.thing for x in found if x.kind == "body"), "")
        return leads[index]

    heading = -1
    for s in reading.stretches:
        block = s.block
        if block.kind in ("heading", "title"):
            heading = block.index
        if block.kind not in ("item", "row") or s.start != block.sentences[0].start:
            continue
        lead = block.lead if block.lead >= 0 else heading
        body = body_of(lead) if 0 <= lead < len(blocks) else ""
        if not body:
            continue
        masked = reading.masked(s)
        evidence = (Evidence(reading.passage(s), "membership/list"),)
        for p in parties.after(s, masked, 0):
            yield Membership(body, p.thing, p.name, "member", evidence)
            if office := _noted(s, p):
                yield Membership(body, p.thing, p.name, office, evidence)


def _labelled(parties: Parties, s: Stretch, masked: rules.Masked, at: int) -> Iterator[tuple[range, list[Party]]]:
    """Groups whose label says 'members': the label's masked range and its parties."""
    text = masked.text
    for label, group in labelled(parties, s, masked, at, True):
        start = text.find(label, at)
        if _MEMBERS.search(label):
            yield range(start, start + len(label)), group


def _read(
    reading: Reading,
    parties: Parties,
    people: People,
    s: Stretch,
    masked: rules.Masked,
    rule: rules.Rule,
    match: re.Match[str],
) -> list[Party]:
    side = rule.text("side")
    if side == "after":
        return parties.after(s, masked, match.end())
    if side == "before":
        return parties.before(s, masked, match.start())
    if side == "beside":
        read = _beside(parties, s, masked, match.start())
        # one party holds a chair
        return read[-1:] if rule.text("capacity") == "chair" else read
    if side == "bracket":
        opened = masked.text.rfind("(", 0, match.start())
        closed = masked.text.rfind(")", 0, match.start())
        if 0 <= opened < closed and masked.text.find(". ", opened, match.start()) < 0:
            return parties.after(s, masked, opened + 1)
        return parties.before(s, masked, match.start())
    inside = masked.found(match, "parties")
    if side == "persons":
        return [p for m in inside if m.kind == "person" and (p := state_of(reading, parties, people, m)) is not None]
    return [p for m in inside if m.kind in ("state", "adjective") and (p := parties.of(s, m)) is not None]


def _beside(parties: Parties, s: Stretch, masked: rules.Masked, end: int) -> list[Party]:
    """The states and bodies that stand right before an index, joined by commas and 'and', whatever is before them."""
    found: list[Party] = []
    text = masked.text
    i = end - 1
    while (m := masked.at(i)) is not None and m.kind in ("state", "body"):
        p = parties.of(s, m)
        if p is not None:
            found.append(p)
        gap = _GAP.search(text, max(0, i - 16), i)
        if gap is None:
            break
        i = gap.start() - 1
    return found[::-1]


def _body(reading: Reading, s: Stretch, masked: rules.Masked, match: re.Match[str], own: bool) -> str:
    for group in ("body", "body2"):
        if group in match.re.groupindex and match.group(group):
            named = [m.thing for m in masked.found(match, group) if m.kind == "body" and m.thing]
            if named:
                return named[0]
    if not own:
        return ""
    events = reading.settings[s.block.index]
    if not events:
        return ""
    return reading.holder(events[0])


def _since(reading: Reading, s: Stretch, masked: rules.Masked, match: re.Match[str], rule: str) -> Value | None:
    for group in ("since", "since2"):
        if group in match.re.groupindex and match.group(group):
            m = next(iter(masked.found(match, group)), None)
            if m is not None and m.value:
                start, _, end = m.value.partition("/")
                value = start if start == end or not end else start[:7] if start[:7] == end[:7] else start[:4]
                if re.fullmatch(r"\d{4}(?:-\d\d){0,2}", value):
                    return Value(value, reading.words(s.block, m.start, m.end), reading.passage(s), rule)
    return None


def _by_office(reading: Reading, parties: Parties, people: People, n: Naming) -> Iterator[Membership]:
    """'G7 President', 'Coordinator of the Expert Group' in a state's official's description or beside it: the state's office."""
    s = n.stretch
    mention = Mention("person", s.block.index, n.described.start, n.described.end, "")
    state = state_of(reading, parties, people, mention, any_post=True)
    if state is None:
        return
    evidence = (Evidence(reading.passage(s), "membership/office-of-official", "inferred"),)
    text = s.block.text
    for a, b in n.post.position:
        for m in reading.mentioned.mentions[s.block.index]:
            if m.kind == "body" and m.thing and a <= m.start and m.end <= b:
                ahead = re.sub(r"\s(?:of|for)(?: the)?\s*$", "", text[a : m.start])
                for pattern, capacity in _OFFICES:
                    if (
                        ahead != text[a : m.start]
                        and pattern.search(ahead)
                        or pattern.match(text[m.end : b].strip().split(" and ")[0])
                    ):
                        yield Membership(m.thing, state.thing, state.name, capacity, evidence)
                        break
    masked = reading.masked(s)
    at = next((i for i, m in masked.mentions.items() if m.kind == "person" and m.start == n.described.start), -1)
    if at >= 0 and (found := _CAPACITY_OF.match(masked.text[at + 1 :])):
        body = masked.at(at + 1 + found.start("body"))
        if body is not None and body.kind == "body" and body.thing:
            for pattern, capacity in _OFFICES:
                if pattern.search(found.group("office")):
                    yield Membership(body.thing, state.thing, state.name, capacity, evidence)
                    break
