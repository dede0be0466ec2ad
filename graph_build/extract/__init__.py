"""From the mentions of a document to its facts, by families of rules: persons, attendance, membership, counts ...

Each family is one function that takes what was read and returns facts; persons come first, since the other families'
rules see them as one mention each.
"""

from __future__ import annotations

from graph_build.extract.attendance import attendance
from graph_build.extract.commitments import commitments
from graph_build.extract.counts import counts
from graph_build.extract.employers import employers
from graph_build.extract.links import links
from graph_build.extract.membership import membership
from graph_build.extract.parties import Parties
from graph_build.extract.people import recognise, roles
from graph_build.extract.quotations import quotations
from graph_build.extract.reading import Reading
from graph_build.records import DocumentFacts, Fact, Mentioned, Passage

__all__ = ["extract"]


_CUES = frozenset(
    "agreed decided endorsed adopted approved tasked directed instructed requested urged invited called committed undertook "
    "recommended encouraged should must need needs chaired hosted organised organized attended participated convened".split()
)
"""Words that promise a commitment or a fact of a meeting: a sentence with one of them that gave nothing is worth a look."""


def _candidates(reading: Reading, facts: list[Fact]) -> tuple[Passage, ...]:
    """Sentences with a cue from which no fact was read, in order."""
    starts = {e.passage.start for f in facts for e in f.evidence}
    found = []
    for s in reading.stretches:
        if s.words & _CUES and s.block.kind not in ("title", "heading"):
            passage = reading.passage(s)
            if passage.start not in starts:
                found.append(passage)
    return tuple(found)


def extract(mentioned: Mentioned) -> DocumentFacts:
    """Everything that a document says, each fact with its passages; GroundingError where a fact is not grounded."""
    plain = Reading(mentioned)
    people = recognise(plain)
    reading = Reading(people.mentioned, plain.stretches)
    facts: list[Fact] = [*mentioned.events]
    parties = Parties(reading)
    employing, acted = employers(people.mentioned.things, roles(reading, people))
    facts += acted
    facts += attendance(reading, parties, people, acted)
    facts += membership(reading, parties, people)
    made = commitments(people.mentioned)
    facts += made
    facts += links(people.mentioned, made)
    facts += quotations(people.mentioned)
    facts += counts(reading)
    document = mentioned.segmented.document
    return DocumentFacts(
        document,
        mentioned.title,
        mentioned.genre,
        mentioned.main,
        (*people.mentioned.things, *employing, *parties.things),
        tuple(facts),
        _candidates(reading, facts),
        tuple(reading.passage(s) for s in reading.stretches),
        tuple(s.block.number for s in reading.stretches),
    )
