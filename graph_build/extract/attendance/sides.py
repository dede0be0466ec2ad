"""Parties that are there by what the meeting is, or by who came: both sides of a bilateral meeting, states of ministers."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

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
