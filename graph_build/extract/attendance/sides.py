"""Parties that are there by what the meeting is, or by who came: both sides of a bilateral meeting, states of ministers."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from graph_build import vocabulary
from graph_build.extract.attendance.envoys import state_of
from graph_build.extract.attendance.sentences import Found
from graph_build.extract.parties import Parties
from graph_build.extract.people.recognise import People
from graph_build.extract.reading import Reading
from graph_build.records import Evidence, Known, Mention, PersonRole

_STATE_ROLES = frozenset(
    (
        "people/participants-were",
        "people/attended",
        "people/list",
        "people/signature",
        "people/at-invitation",
        "people/principals-as-co-chairs",
    )
)
_HYPHENED = re.compile(r"(?P<a>[A-Z][\w.]+(?: [A-Z][\w.]+)?)\s?[-–—‑]\s?(?P<b>[A-Z][\w.]+(?: [A-Z][\w.]+)?)")
_JOINED = re.compile(r"\s?(?:[-–—/,‑]|and|&)\s?(?:the )?")


def of_both_sides(reading: Reading, parties: Parties) -> Iterator[Found]:
    """'9th Session of the South Africa–Sweden Commission', 'Commission between A and B': both sides took part."""
    done: set[str] = set()
    for s in reading.stretches:
        for m in reading.mentioned.mentions[s.block.index]:
            if (
                m.kind != "event"
                or m.thing not in reading.described
                or m.thing in done
                or not s.start <= m.start < s.end
            ):
                continue
            end = m.end
            text = s.block.text
            after = re.match(r"\s?(?:\([^)]*\) )?(?:between|of) (?:the )?", text[m.end : s.end])
            inside = [
                x
                for x in reading.mentioned.mentions[s.block.index]
                if x.start >= m.start and x.kind in ("state", "adjective") and x.end <= (s.end if after else end)
            ]
            for x, y in itertools.pairwise(inside):
                between = text[x.end : y.start]
                own = x.end <= m.end and y.end <= m.end and _JOINED.fullmatch(between)
                of_both = (
                    text[max(0, x.start - 12) : x.start].rstrip().endswith(("between", "between the"))
                    and re.fullmatch(r",? and (?:the )?(?:[RK]\w+ of )?", between)
                    and y.start - m.end < 60
                )
                codes = (x.value or x.thing.removeprefix("s:"), y.value or y.thing.removeprefix("s:"))
                if (own or of_both) and codes[0] != codes[1]:
                    done.add(m.thing)
                    for z in (x, y):
                        p = parties.of(s, z)
                        if p is not None:
                            yield Found(
                                m.thing,
                                p,
                                "participant",
                                Evidence(reading.passage(s), "attendance/both-sides", "inferred"),
                            )
                    break


def _pairs(label: str) -> tuple[str, str] | None:
    """The codes of two states that a hyphen joins in a meeting's name: 'India-Australia Dialogue'."""
    for m in _HYPHENED.finditer(label):
        codes = [_code(m.group(g)) for g in ("a", "b")]
        if codes[0] and codes[1] and codes[0] != codes[1]:
            return codes[0], codes[1]
    return None


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    return {n.lower(): s.code for s in vocabulary.states() for n in (s.label, *s.names) if len(n) > 3}


def _code(words: str) -> str:
    """The code of a state that a capitalised run ends or begins with."""
    parts = words.lower().split()
    names = [" ".join(parts), parts[-1], parts[0]]
    return next((_codes()[n] for n in names if n in _codes()), "")


def of_joined_names(reading: Reading, parties: Parties) -> Iterator[Found]:
    """Both states of a meeting whose name joins them by a hyphen, where no mention tells them apart."""
    for event in reading.described:
        thing = reading.things[event]
        pair = _pairs(thing.label)
        if pair is None or not thing.evidence:
            continue
        passage = thing.evidence[0].passage
        block = reading.segmented.block_at(passage.start)
        s = next(iter(reading.by_block.get(block.index, ())), None)
        if s is None:
            continue
        for code in pair:
            party = parties.state(s, code, s.start, s.end)
            known = reading.things.get(party.thing) or parties.made[party.thing]
            named = replace(party, name=known.label)
            yield Found(event, named, "participant", Evidence(passage, "attendance/both-sides", "inferred"))


def of_envoys(reading: Reading, parties: Parties, people: People, roles: tuple[PersonRole, ...]) -> Iterator[Found]:
    """Ministers and heads of state or government who attended: their states took part."""
    known: Known = "inferred"
    for r in roles:
        if r.role not in ("participant", "co-chair", "host") or not {e.rule for e in r.evidence} & _STATE_ROLES:
            continue
        for n in people.namings[r.person]:
            m = Mention("person", n.stretch.block.index, n.described.start, n.described.end, "")
            state = state_of(reading, parties, people, m)
            if state is not None:
                yield Found(
                    r.event,
                    replace(state),
                    "participant",
                    Evidence(reading.passage(n.stretch), "attendance/envoy", known),
                )
                break
