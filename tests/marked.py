"""Papers with their mentions marked by hand, for tests of what is read from mentions.

`{Body:Bali Group}` marks a mention, `{Main:Third Workshop}` a mention of the meeting that the paper reports on; marks may
be nested (`{Event:{Body:Bali Group} Third Workshop}`) and give the name of the thing that they mean behind a bar
(`{Main:workshop|Third Workshop}`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from hashlib import sha256

from graph_build.records import Document, EventFact, Evidence, Mention, Mentioned, Thing, Value
from graph_build.segment import segment

_OPEN = re.compile(r"\{(Main|Described|Event|Body|Instrument|State|Person|Place|Date):")
_ORDINAL = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b", re.I)
_PREFIX = {"event": "e", "body": "b", "instrument": "i", "person": "p"}


def plain(text: str) -> tuple[str, list[tuple[str, int, int, str]]]:
    """A marked text without its marks, and the marks: kind, start, end, name of the thing."""
    out: list[str] = []
    size = 0
    found: list[tuple[str, int, int, str]] = []
    stack: list[tuple[str, int]] = []
    i = 0
    while i < len(text):
        match = _OPEN.match(text, i)
        if match:
            stack.append((match.group(1), size))
            i = match.end()
        elif text[i] == "}" and stack:
            kind, start = stack.pop()
            said = "".join(out)[start:]
            words, _, name = said.partition("|")
            if name:
                out = ["".join(out)[: start + len(words)]]
                size = start + len(words)
            found.append((kind, start, size, name or words))
            i += 1
        else:
            out.append(text[i])
            size += 1
            i += 1
    return "".join(out), sorted(found, key=lambda f: (f[1], -f[2]))


def marked(text: str, genre: str = "", title: str = "") -> Mentioned:
    """A paper as the stage of mentions would give it, from a text with marks."""
    words, marks = plain(text)
    document = Document("marked.txt", words, sha256(words.encode()).hexdigest())
    segmented = segment(document)
    things: dict[tuple[str, str], Thing] = {}
    mentions: list[list[Mention]] = [[] for _ in segmented.blocks]
    events: list[EventFact] = []
    main = ""
    described: list[str] = []
    for mark, start, end, name in marks:
        kind = {"Main": "event", "Described": "event"}.get(mark, mark.lower())
        block = segmented.block_at(start)
        offsets = block.view.offsets
        a, b = bisect_left(offsets, start), bisect_left(offsets, end)
        evidence = (Evidence(segmented.passage(block, a, b), "marked"),)
        thing = ""
        if kind in (*_PREFIX, "state"):
            key = (kind, name)
            if key not in things:
                count = sum(k == kind for k, _ in things) + 1
                id_ = f"s:{name[:2].upper()}" if kind == "state" else f"{_PREFIX[kind]}{count}"
                things[key] = Thing(id_, kind, name, evidence, named=kind in ("body", "instrument"))  # type: ignore[arg-type]  # of ThingKind
                if kind == "event":
                    ordinal = _ORDINAL.search(name)
                    passage = evidence[0].passage
                    value = Value(ordinal.group(1), passage.quote, passage, "marked") if ordinal else None
                    status = "described" if mark in ("Main", "Described") else "mentioned"
                    events.append(EventFact(id_, status, evidence, ordinal=value))  # type: ignore[arg-type]  # of EventStatus
                    if status == "described":
                        described.append(id_)
                    if mark == "Main":
                        main = id_
            thing = things[key].id
        mentions[block.index].append(Mention(kind, block.index, a, b, "marked", "", thing))  # type: ignore[arg-type]  # of MentionKind
    return Mentioned(
        segmented,
        tuple(tuple(sorted(m, key=lambda x: (x.start, -x.end))) for m in mentions),
        tuple(things.values()),
        tuple(events),
        main,
        tuple(sorted(described, key=lambda d: d != main)),
        title,
        genre,
    )
