"""The states for which ministers and heads of state or government act."""

from __future__ import annotations

import re

from graph_build.extract.parties import Parties, Party
from graph_build.extract.people.recognise import People
from graph_build.extract.reading import Reading
from graph_build.records import Mention

_ENVOYS = re.compile(
    r"(?i)\b(?:minister|president|premier|chancellor|king|queen|sultan|emir|secretary of state|head of (?:state|government|delegation)|foreign secretary|attorney-general|taoiseach)\b"
)


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
    inside = [
        x
        for x in reading.mentioned.mentions[m.block]
        if a <= x.start and x.end <= b and x.kind in ("state", "body", "adjective")
    ]
    states = {x.thing for x in inside if x.kind == "state"}
    if len(states) == 1 and (any_post or not any(x.kind == "body" for x in inside)):
        return parties.of(naming.stretch, next(x for x in inside if x.kind == "state"))
    return None
