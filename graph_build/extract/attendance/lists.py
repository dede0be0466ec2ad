"""Parties in lists of their own: items after a lead, rows of a table, states that head the persons of an annex."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from graph_build import rules
from graph_build.extract.attendance.sentences import Found, load
from graph_build.extract.parties import Parties, Party
from graph_build.extract.people.recognise import People
from graph_build.extract.reading import Reading, Stretch
from graph_build.records import Capacity, Evidence, Mention

_HEAD = re.compile(
    rules.expand(
        r"^\W*(?P<person>{Person})(?:,? (?:(?:[A-Z][\w'’-]+|of|the|and|for) )*\(?(?P<party>{State}|{Body})\)?)?[\s.;]*$",
        {},
        "attendance/lists.py",
    )
)
_HEADS = re.compile(
    r"(?i)\b(?:minister|president|premier|chancellor|king|queen|sultan|emir|secretary|envoy|ambassador|head|representative|attorney-general|taoiseach|governor|commissioner)\b"
)
_HEADS_OF_BODIES = re.compile(
    r"(?i)\b(?:secretary[- ]general|president|director[- ]general|executive (?:secretary|director)|high commissioner|chairperson|administrator|managing director)\b"
)


@lru_cache(maxsize=1)
def _lists() -> tuple[tuple[re.Pattern[str], Capacity], ...]:
    entries = load().tables["list"]
    assert isinstance(entries, list)
    return tuple((re.compile(e["pattern"]), e["capacity"]) for e in entries)


def in_lists(reading: Reading, parties: Parties, people: People) -> Iterator[Found]:
    """Parties that items, rows and headings of a list of those present name."""
    blocks = reading.segmented.blocks
    capacities: dict[str, Capacity | None] = {}
    peopled = {
        blocks[i].section for i, ms in enumerate(reading.mentioned.mentions) if any(m.kind == "person" for m in ms)
    }

    def capacity_of(title: str) -> Capacity | None:
        title = title[-240:]
        if title not in capacities:
            capacities[title] = next((c for p, c in _lists() if p.search(title)), None)
        return capacities[title]

    for s in reading.stretches:
        block = s.block
        if (
            block.kind not in ("item", "row", "heading", "paragraph")
            or s.start != block.sentences[0].start
            and block.kind != "row"
        ):
            continue
        capacity: Capacity | None = None
        if block.lead >= 0 and block.kind in ("item", "row"):
            capacity = capacity_of(blocks[block.lead].text)
        if capacity is None and block.section:
            capacity = next((c for h in reversed(block.section[-3:]) if (c := capacity_of(h))), None)
            if (
                capacity is not None
                and block.kind == "paragraph"
                and not all(_bare_list(reading, x) for x in reading.by_block[block.index])
            ):
                continue
        if capacity is None:
            continue
        if _is_person(reading, s):
            if block.kind in ("item", "row") and (own := _of_head(reading, parties, people, s)) is not None:
                evidence = Evidence(reading.passage(s), "attendance/list-of-persons", "inferred")
                for event in reading.settings[block.index]:
                    yield Found(event, own, capacity, evidence)
            continue
        masked = reading.masked(s)
        end = len(masked.text)
        if block.cells:
            end = next((i for i, o in enumerate(masked.offsets) if o >= block.cells[0].end), end)
        read = parties.after(s, masked, 0, block.kind in ("item", "row"), end)
        if block.kind == "heading" and (len(read) != 1 or read[0].end - read[0].start < 0.7 * (s.end - s.start)):
            continue
        if block.section in peopled:
            # among the posts and employers of listed persons only the states that head them are parties
            read = (
                [p for p in read if p.thing.startswith("s:")]
                if len(read) == 1 and read[0].end - read[0].start >= 0.8 * (s.end - s.start)
                else []
            )
        evidence = Evidence(reading.passage(s), "attendance/list")
        for event in reading.settings[block.index]:
            for p in read:
                yield Found(event, p, capacity, evidence)


def _is_person(reading: Reading, s: Stretch) -> bool:
    return any(
        m.kind == "person" and m.start < s.start + 40
        for m in reading.mentioned.mentions[s.block.index]
        if s.start <= m.start < s.end
    )


def _of_head(reading: Reading, parties: Parties, people: People, s: Stretch) -> Party | None:
    """'President A B, Republic of X', 'Secretary-General A B, United Nations': the state or body that the head of a
    delegation stands for."""
    masked = reading.masked(s)
    m = _HEAD.match(masked.text)
    if m is None:
        return None
    person = masked.at(m.start("person"))
    if person is None:
        return None
    last = masked.at(m.start("party")) if m["party"] else _closing(reading, person)
    if last is None:
        return None
    naming = people.at.get((person.block, person.start))
    if naming is None:
        return None
    posts = " ".join(s.block.text[a:b] for a, b in (*naming.post.position, (person.start, person.end)))
    if not (_HEADS if last.kind == "state" else _HEADS_OF_BODIES).search(posts):
        return None
    return parties.of(s, last)


def _closing(reading: Reading, person: Mention) -> Mention | None:
    """The state or body with which the description of a person ends."""
    ends = person.end - (reading.segmented.blocks[person.block].text[person.end - 1] == ")")
    return next(
        (
            m
            for m in reading.mentioned.mentions[person.block]
            if m.kind in ("state", "body") and person.start < m.start and m.end == ends
        ),
        None,
    )


def _bare_list(reading: Reading, s: Stretch) -> bool:
    """Whether a paragraph is nothing but names and separators."""
    masked = reading.masked(s)
    return len(re.findall(r"[a-z]{3,}", re.sub(r"\b(?:and|the|of|as|well)\b", "", masked.text))) <= 1 and bool(
        masked.mentions
    )
