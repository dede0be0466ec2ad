"""States that speak in a list of what was announced at the meeting: 'Members announced the following commitments: ...'."""

from __future__ import annotations

import re
from collections.abc import Iterator

from graph_build import rules
from graph_build.extract.attendance.sentences import Found
from graph_build.extract.parties import Parties
from graph_build.extract.reading import Reading
from graph_build.records import Evidence

_LEAD = re.compile(
    r"\b(?:[Cc]ountries|[Mm]embers|[Pp]artners|[Pp]articipants|[Ll]eaders|[Mm]inisters|[Dd]elegations|[Gg]overnments|[Ss]tates|[Ee]conomies)\b"
    r"[^.]{0,120}?\b(?:announced|presented|made|pledged|put forward|unveiled|delivered)\b[^.]{0,60}?\bfollowing\b[^.]{0,40}?"
    r"\b(?:initiatives|commitments|pledges|announcements|actions|contributions|deliverables|measures|statements)\b"
)
_VERBS = (
    "announced",
    "committed",
    "pledged",
    "confirmed",
    "reaffirmed",
    "reiterated",
    "declared",
    "undertook",
    "promised",
    "expressed",
    "informed",
    "presented",
    "offered",
    "unveiled",
)
_CUES = frozenset(_VERBS)
_SPEAKS = re.compile(
    rules.expand(
        r"^\W*(?:The |the )?(?P<parties>{State}(?:(?:,? and|,|,? as well as) (?:the )?{State})*)(?: (?:also|both|each|jointly|together|further|has|have))* (?:"
        + "|".join(_VERBS)
        + r")\b",
        {},
        "attendance/announcements.py",
    )
)


def of_announcements(reading: Reading, parties: Parties) -> Iterator[Found]:
    """The states that are the subjects of the items after a lead that says that those present announced what follows.

    The list goes on over its sub-headings and ends with the next paragraph of running text.
    """
    events: tuple[str, ...] = ()
    for s in reading.stretches:
        if s.block.kind not in ("item", "row"):
            if s.block.kind == "paragraph" and len(s.words) > 12:
                events = ()
            if "following" in s.words and _LEAD.search(s.text):
                events = reading.settings[s.block.index]
            continue
        if not events or not s.words & _CUES:
            continue
        masked = reading.masked(s)
        m = _SPEAKS.match(masked.text)
        if m is None:
            continue
        evidence = Evidence(reading.passage(s), "attendance/announced", "inferred")
        for mention in masked.found(m, "parties"):
            party = parties.of(s, mention)
            if party is not None:
                for event in events:
                    yield Found(event, party, "participant", evidence)
