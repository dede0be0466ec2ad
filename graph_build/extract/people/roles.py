"""What named persons did at the meetings that a document describes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import get_args

from graph_build import rules
from graph_build.errors import RuleError
from graph_build.extract.people.employment import PRESIDING, Employments
from graph_build.extract.people.recognise import Naming, People
from graph_build.extract.reading import Reading, Stretch
from graph_build.records import Evidence, Mention, PersonRole, Role

KEYS = ("role", "weak", "span", "accounts", "back")
_ROLES = frozenset(get_args(Role))
_GAP = re.compile(
    r"(?:[,;:]|\band\b|&|\bas well as\b|\balongside\b|\btogether with\b|\balong with\b|^)\s*(?:and |also |the |by |from |his counterpart,? |her counterpart,? |as well as |alongside |together with |on behalf of )*$"
)
_CLAUSE = re.compile(
    r"\b(?:who|which|that|while|where|whereas|thanked|said|noted|highlighted|emphasi[sz]ed|stressed|met|discussed|agreed|welcomed)\b"
)
_INFERRED = frozenset(("people/principals-as-co-chairs", "people/signature"))
_PART = re.compile(
    r"\b(?:(?<!opening )(?<!plenary )(?<!Opening )session|panel|dinner|lunch(?:eon)?|reception)\b(?! of the)", re.I
)
_PANEL = re.compile(
    r"\b(?:[Pp]anel (?:discussions?|sessions?)|(?:[Aa]|[Tt]he|[Tt]his|first|second|third|final|[Aa]n?\w*) (?:[\w-]+ )?panel(?= on| of speakers|,|\.| discussed| focused| explored| then)|[Pp]anell?ists|[Rr]emarks|[Kk]eynote|[Pp]lenary|closed (?:the|by)|concluding|[Ii]nterventions)\b"
)
_LATER = re.compile(r"\b(?:will|would|shall|may|to)(?: also| again| jointly)? be (?:also |jointly )?$")
_CO_CHAIRS = re.compile(r"\b[Cc]o-?[Cc]hairs\b(?! of )")
_CLAIM_LESS = frozenset(("press-release", "speech", "fact-sheet"))


@dataclass(frozen=True, slots=True)
class Found:
    """A role of a person at a meeting, and what says so; `weak` roles give way to others."""

    event: str
    person: str
    role: Role
    rule: str
    weak: bool
    naming: Naming
    stretch: Stretch


@lru_cache(maxsize=1)
def load() -> rules.RuleSet:
    """The rules of `people.toml`; RuleError where a role is none of the guideline's."""
    loaded = rules.load("people", KEYS)
    for r in loaded.rules:
        if r.text("role") not in _ROLES:
            raise RuleError(
                f"no such role {r.text('role')!r}",
                f"rules/people.toml: {r.id}",
                f"use one of {', '.join(sorted(_ROLES))}",
            )
    return loaded


@lru_cache(maxsize=1)
def _lists() -> tuple[tuple[re.Pattern[str], Role, bool], ...]:
    """Leads and headings of lists of persons, with the role of those listed."""
    entries = load().tables["list"]
    assert isinstance(entries, list)
    return tuple((re.compile(e["pattern"]), e["role"], bool(e.get("weak"))) for e in entries)


def roles(reading: Reading, people: People) -> tuple[PersonRole, ...]:
    """One entry for each meeting, person and role, in order of the text; `reading` is of `people.mentioned`."""
    if not reading.described or not people.at:
        return ()
    found: list[Found] = []
    for block in sorted({k[0] for k in people.at}):
        for s in reading.by_block.get(block, ()):
            found += _in_sentence(reading, people, s)
            found += _in_list(reading, people, s)
    found += _presiding(reading, people)
    found += _signed(reading, people)
    found += _speaks(reading, people)
    found += _principals(reading, people, found)
    return _entries(reading, people, found)


def _in_sentence(reading: Reading, people: People, s: Stretch) -> Iterator[Found]:
    masked = reading.masked(s)
    if not any(m.kind == "person" for m in masked.mentions.values()):
        return
    less = reading.mentioned.genre in _CLAIM_LESS
    for rule, match in load().matches(masked):
        if rule.data.get("accounts") and less:
            continue
        if _LATER.search(masked.text, max(0, match.start() - 24), match.start()):
            continue
        events = reading.meant(s, masked, match, bool(rule.data.get("back")))
        if not events:
            continue
        group = next(g for g in ("people", "others", "third") if g in match.re.groupindex and match.group(g))
        listed = masked.found(match, group)
        persons = (
            _listed(masked, match, group) if rule.text("span") == "list" else [m for m in listed if m.kind == "person"]
        )
        role: Role = rule.text("role")  # type: ignore[assignment]  # load() checks it
        # to open a session or a panel is to speak at the meeting, not to open it
        if role in ("opener", "welcome", "host") and _part_of_meeting(s, masked, match):
            role = "speaker"
        if rule.name == "people/spoke" and _on_panel(s, masked.offsets[match.start()]):
            role = "panellist"
        for m in persons:
            naming = people.at.get((m.block, m.start))
            if naming is None or _possessive(masked, m):
                continue
            for event in events:
                yield Found(event, m.thing, role, rule.name, bool(rule.data.get("weak")), naming, s)


def _part_of_meeting(s: Stretch, masked: rules.Masked, match: re.Match[str]) -> bool:
    """Whether a match speaks of a session, panel or dinner."""
    a, b = masked.range(max(0, match.start() - 60), match.end())
    return _PART.search(s.block.text[a:b]) is not None


def _on_panel(s: Stretch, at: int) -> bool:
    """Whether the paragraph tells of a panel before a view offset, and of nothing after it."""
    told = [m.group().lower() for m in _PANEL.finditer(s.block.text, 0, at)]
    return bool(told) and "panel" in told[-1]


def _possessive(masked: rules.Masked, m: Mention) -> bool:
    """'President A's leadership': what follows is said of something of hers."""
    at = next(i for i, x in masked.mentions.items() if x is m)
    return masked.text[at + 1 : at + 3] in ("’s", "'s")


def _listed(masked: rules.Masked, match: re.Match[str], group: str) -> list[Mention]:
    """The persons of a list, up to the first gap that goes on with a sentence."""
    start, end = match.span(group)
    persons: list[Mention] = []
    last = start
    for i in range(start, end):
        m = masked.at(i)
        if m is None or m.kind != "person":
            continue
        gap = masked.text[last:i]
        if persons and (len(gap) > 140 or not _GAP.search(gap) or _CLAUSE.search(gap)):
            break
        persons.append(m)
        last = i + 1
    return persons


def _in_list(reading: Reading, people: People, s: Stretch) -> Iterator[Found]:
    """Items and rows under 'Panellists:' or 'List of participants'."""
    block = s.block
    titles: list[str] = []
    if block.lead >= 0:
        titles.append(reading.segmented.blocks[block.lead].text[-200:])
    titles += reversed(block.section[-3:])
    if not titles:
        return
    named = [n for k, n in people.at.items() if k[0] == block.index and s.start <= k[1] < s.end]
    if not named:
        return
    for title in titles:
        for pattern, role, weak in _lists():
            if pattern.search(title):
                # prose under such a heading tells of other things as well
                covered = sum(n.described.end - n.described.start for n in named)
                if block.kind in ("paragraph", "heading") and covered < 0.6 * (s.end - s.start):
                    return
                for n in named:
                    for event in reading.settings[block.index]:
                        yield Found(event, n.person, role, "people/list", weak, n, s)
                return


def _presiding(reading: Reading, people: People) -> Iterator[Found]:
    """'The Chair, Mr A B,': the post that a paper gives to a person is that of the meeting."""
    for own in people.namings.values():
        for n in own:
            for a, b in n.post.position if n.post.affiliation is None else ():
                if match := PRESIDING.fullmatch(n.stretch.block.text[a:b]):
                    role: Role = "co-chair" if match.group("co") else "chair"
                    for event in reading.settings[n.stretch.block.index]:
                        yield Found(event, n.person, role, "people/presiding", False, n, n.stretch)


def _signed(reading: Reading, people: People) -> Iterator[Found]:
    """Signature blocks at the end of a joint paper: lines that hold a person with a post and nothing else."""
    if reading.mentioned.genre in _CLAIM_LESS or not people.at:
        return
    stretches = reading.stretches
    tail = stretches[int(len(stretches) * 0.7) :] if len(stretches) > 8 else ()
    for s in tail:
        if s.end - s.start > 400 or s.block.kind in ("row", "item"):
            continue
        named = [n for k, n in people.at.items() if k[0] == s.block.index and s.start <= k[1] < s.end]
        if not named or not any(n.post.position for n in named):
            continue
        covered = sum(n.described.end - n.described.start for n in named)
        if covered >= 0.85 * (s.end - s.start):
            for n in named:
                for event in reading.settings[0]:
                    yield Found(event, n.person, "participant", "people/signature", True, n, s)


def _speaks(reading: Reading, people: People) -> Iterator[Found]:
    """The speaker of a speech, named in its heading."""
    if reading.mentioned.genre != "speech":
        return
    for s in reading.stretches[:8]:
        named = [n for k, n in people.at.items() if k[0] == s.block.index and s.start <= k[1] < s.end]
        if named and sum(n.described.end - n.described.start for n in named) >= 0.6 * (s.end - s.start):
            title = reading.mentioned.title.lower()
            role: Role = (
                "keynote"
                if "keynote" in title
                else "welcome"
                if re.search(r"\b(?:opening|welcom)", title)
                else "speaker"
            )
            for event in reading.settings[0]:
                yield Found(event, named[0].person, role, "people/speech", False, named[0], s)
            return


def _principals(reading: Reading, people: People, found: list[Found]) -> Iterator[Found]:
    """Two persons met, whom the paper then calls 'the Co-Chairs' without naming others."""
    if reading.mentioned.genre in _CLAIM_LESS or any(f.role in ("co-chair", "chair") for f in found):
        return
    first = next(
        (
            s
            for s in reading.stretches
            if any((s.block.index, s.start) <= k < (s.block.index, s.end) for k in people.at)
        ),
        None,
    )
    called = next((s for s in reading.stretches if "chairs" in s.words and _CO_CHAIRS.search(s.text)), None)
    if first is None or called is None or (first.block.index, first.start) >= (called.block.index, called.start):
        return
    named = [n for k, n in sorted(people.at.items()) if k[0] == first.block.index and first.start <= k[1] < first.end]
    if len({n.person for n in named}) != 2 or not all(n.post.position for n in named):
        return
    if not {f.person for f in found} >= {n.person for n in named}:
        return
    for n in named:
        for event in reading.settings[first.block.index]:
            yield Found(event, n.person, "co-chair", "people/principals-as-co-chairs", False, n, first)
            yield Found(event, n.person, "co-chair", "people/principals-as-co-chairs", False, n, called)


def _entries(reading: Reading, people: People, found: list[Found]) -> tuple[PersonRole, ...]:
    """Facts from what was found: weak roles only where there is no other, a chair who is co-chair is that only."""
    strong = {(f.event, f.person) for f in found if not f.weak}
    co_chairs = {(f.event, f.person) for f in found if f.role == "co-chair"}
    said = {
        (f.event, f.person, f.stretch.block.index, f.stretch.start) for f in found if f.role in ("welcome", "keynote")
    }
    found = [
        f
        for f in found
        if f.role != "speaker" or f.weak or (f.event, f.person, f.stretch.block.index, f.stretch.start) not in said
    ]
    grouped: dict[tuple[str, str, Role], list[Found]] = {}
    best: dict[tuple[str, str], Role] = {}
    for f in found:
        if f.weak:
            # of weak roles a person gets one: having spoken says more than having been there
            if (f.event, f.person) in strong:
                continue
            best[f.event, f.person] = "speaker" if "speaker" in (f.role, best.get((f.event, f.person))) else f.role
    for f in found:
        if f.weak and ((f.event, f.person) in strong or best[f.event, f.person] != f.role):
            continue
        if f.role == "chair" and (f.event, f.person) in co_chairs:
            continue
        grouped.setdefault((f.event, f.person, f.role), []).append(f)
    employments = Employments(reading, people)
    names = {t.id: t.label for t in people.mentioned.things if t.kind == "person"}
    facts: list[PersonRole] = []
    for (event, person, role), group in grouped.items():
        e = employments.of(person, group[0].naming)
        evidence = tuple(
            dict.fromkeys(
                Evidence(reading.passage(f.stretch), f.rule, "inferred" if f.rule in _INFERRED else "stated")
                for f in group
            )
        )
        facts.append(
            PersonRole(event, person, names[person], role, evidence, e.position, e.affiliation, e.affiliation_id)
        )
    return tuple(facts)
