"""States and organisations at the meetings that a document describes: hosts, co-chairs, participants, observers."""

from __future__ import annotations

from graph_build.extract.attendance.announcements import of_announcements
from graph_build.extract.attendance.collectives import of_collectives
from graph_build.extract.attendance.envoys import state_of
from graph_build.extract.attendance.lists import in_lists
from graph_build.extract.attendance.sentences import KEYS, Found, cues, in_sentence, labelled
from graph_build.extract.attendance.sides import of_both_sides, of_envoys, of_joined_names
from graph_build.extract.parties import Parties
from graph_build.extract.people.recognise import People
from graph_build.extract.reading import Reading
from graph_build.records import Attendance, Capacity, PersonRole

__all__ = ["KEYS", "attendance", "labelled", "state_of"]


def attendance(
    reading: Reading, parties: Parties, people: People, roles: tuple[PersonRole, ...]
) -> tuple[Attendance, ...]:
    """One entry for each meeting, party and capacity, in order of the text."""
    if not reading.described:
        return ()
    found: list[Found] = []
    wanted = cues()
    for s in reading.stretches:
        if s.block.kind != "heading" and s.words & wanted:
            found += in_sentence(reading, parties, people, s)
    found += in_lists(reading, parties, people)
    found += of_collectives(reading, parties)
    found += of_announcements(reading, parties)
    found += of_both_sides(reading, parties)
    found += of_joined_names(reading, parties)
    found += of_envoys(reading, parties, people, roles)
    return _entries(found)


def _entries(found: list[Found]) -> tuple[Attendance, ...]:
    grouped: dict[tuple[str, str, Capacity], list[Found]] = {}
    for f in found:
        grouped.setdefault((f.event, f.party.thing, f.capacity), []).append(f)
    facts = []
    for (event, party, capacity), group in grouped.items():
        if (
            capacity == "participant"
            and (event, party, "observer") in grouped
            and all(
                f.evidence.rule.endswith(("/spoke", "/noted", "/heard-from", "/attended"))
                or f.evidence.passage in {o.evidence.passage for o in grouped[(event, party, "observer")]}
                for f in group
            )
        ):
            continue
        if (
            capacity == "participant"
            and (event, party, "host") in grouped
            and all(f.evidence.rule == "attendance/announced" for f in group)
        ):
            continue
        facts.append(
            Attendance(event, party, group[0].party.name, capacity, tuple(dict.fromkeys(f.evidence for f in group)))
        )
    return tuple(facts)
