"""Mentions and things: what a segmented document names, and which names mean one thing.

`mention(segmented) -> Mentioned`. Nothing of RDF here. The order of work: scan each block for dates, names of the reference
data and names by form; join names to bodies and instruments; join meetings; find the meeting that the paper reports on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from graph_build import vocabulary
from graph_build.mention import header
from graph_build.mention.dates import with_year
from graph_build.mention.events import EventMention
from graph_build.mention.meetings import Meeting, gather, join_short, keep, label_of
from graph_build.mention.reported import choose_main, mark_described
from graph_build.mention.scan import Scan, scan
from graph_build.mention.things import Cluster, Raw, cluster, key, words
from graph_build.mention.tokens import heads
from graph_build.records import (
    EventFact,
    Evidence,
    Known,
    Mention,
    Mentioned,
    Segmented,
    Thing,
    Value,
)

__all__ = ["mention"]


def mention(segmented: Segmented) -> Mentioned:
    """The mentions, things and meetings of one document."""
    scanned = [s for s in scan(segmented) if s is not None]
    title, genre = header.title(segmented)
    meetings, shorts = _meetings(segmented, scanned, genre)
    forum = _forum(scanned, meetings)
    clusters = cluster([r for s in scanned for r in s.names], forum)
    builder = _Builder(segmented, scanned)
    things = [builder.state(code, found) for code, found in builder.states().items()]
    facts: list[EventFact] = []
    year = header.year(segmented, meetings)
    for i, meeting in enumerate(meetings, 1):
        thing, fact = builder.meeting(f"e{i}", meeting, year, next((x for x in meetings if x.main), None))
        things.append(thing)
        facts.append(fact)
    for m, meeting in shorts:
        builder.add(
            "event",
            m.block,
            m.start,
            m.end,
            m.rule,
            thing=f"e{meetings.index(meeting) + 1}",
        )
    bodies = instruments = 0
    own = header.own_instrument(title)
    for c in clusters:
        if c.kind == "body":
            bodies += 1
            id_ = f"b{bodies}"
        else:
            instruments += 1
            id_ = f"i{instruments}"
        things.append(builder.thing(id_, c, own))
    main = next((f"e{i}" for i, x in enumerate(meetings, 1) if x.main), "")
    if held := next((header.series(t.label) for t in things if t.id == main), ""):
        # 'Thirty-Eighth Pacific Islands Forum' names the body that met
        things = [replace(t, named=True) if t.kind == "body" and held in (t.label, *t.names) else t for t in things]
    described = tuple(f.event for f in facts if f.status == "described")
    return Mentioned(
        segmented,
        builder.sorted(),
        tuple(things),
        tuple(facts),
        main,
        (*(m for m in (main,) if m), *(d for d in described if d != main)),
        title,
        genre,
    )


def _meetings(
    segmented: Segmented, scanned: list[Scan], genre: str
) -> tuple[list[Meeting], list[tuple[EventMention, Meeting]]]:
    found = [m for s in scanned for m in s.events]
    found = header.with_dates(segmented, found, scanned)
    meetings = gather(found)
    choose_main(segmented, scanned, meetings, genre)
    mark_described(segmented, meetings)
    headings = {b.index for b in segmented.blocks if b.kind == "heading"}
    main = next((x for x in meetings if x.main), None)
    meetings = [x for x in meetings if keep(x, headings, main)]
    meetings.sort(
        key=lambda x: (
            not x.main,
            not x.described,
            x.mentions[0].block,
            x.mentions[0].start,
        )
    )
    return meetings, join_short(meetings, found)


def _forum(scanned: list[Scan], meetings: list[Meeting]) -> tuple[str, ...]:
    """Words of the body to which the paper's title or main meeting belongs: the first body name of the title, cut before
    its complement."""
    for s in scanned:
        for raw in s.names:
            if raw.kind == "body" and raw.heading and not raw.bare:
                short = re.split(r"(?i)\s(?:on|for|to|against)\s", raw.text)[0]
                if len(words(short)) >= 2 or raw.reference:
                    return words(short)
    return ()


class _Builder:
    """Collects mentions by block while things are made."""

    def __init__(self, segmented: Segmented, scanned: list[Scan]) -> None:
        self.segmented = segmented
        self.found: list[list[Mention]] = [[] for _ in segmented.blocks]
        self.state_mentions: dict[str, list[Mention]] = {}
        for s in scanned:
            for m in s.plain:
                if m.kind == "state":
                    self.state_mentions.setdefault(m.value, []).append(m)
                else:
                    self.found[m.block].append(m)
        self.labels = {s.code: s.label for s in vocabulary.states()}

    def add(
        self,
        kind: str,
        block: int,
        start: int,
        end: int,
        rule: str,
        value: str = "",
        thing: str = "",
    ) -> None:
        self.found[block].append(Mention(kind, block, start, end, rule, value, thing))  # type: ignore[arg-type]  # kinds of this package

    def evidence(self, places: Iterable[tuple[int, int, int, str]], most: int = 12) -> tuple[Evidence, ...]:
        """Sentences of the first `most` places, each once."""
        seen: dict[tuple[int, int], Evidence] = {}
        for block, start, _end, rule in places:
            b = self.segmented.blocks[block]
            s = next((x for x in b.sentences if x.start <= start < x.end), None)
            a, z = (s.start, s.end) if s else (0, len(b.text))
            if (block, a) not in seen:
                seen[block, a] = Evidence(self.segmented.passage(b, a, z), rule)
            if len(seen) >= most:
                break
        return tuple(seen.values())

    def states(self) -> dict[str, list[Mention]]:
        return self.state_mentions

    def state(self, code: str, found: list[Mention]) -> Thing:
        texts = list(dict.fromkeys(self.segmented.blocks[m.block].text[m.start : m.end] for m in found))
        for m in found:
            self.found[m.block].append(replace(m, thing=f"s:{code}"))
        return Thing(
            f"s:{code}",
            "state",
            self.labels.get(code, texts[0]),
            self.evidence([(m.block, m.start, m.end, m.rule) for m in found], 4),
            tuple(texts),
            code=code,
            reference=code,
        )

    def thing(self, id_: str, c: Cluster, own: tuple[str, ...]) -> Thing:
        outer = [r for r in c.raws if not r.nested]
        for r in c.raws:
            self.add(c.kind, r.block, r.start, r.end, r.rule, thing=id_)
        names = tuple(dict.fromkeys(r.text for r in c.raws if r.text != c.label))
        first = max(c.raws, key=lambda r: (r.text == c.label.split(" (")[0], -r.block))
        ordered = [first, *(r for r in c.raws if r is not first)]
        named = any(not r.heading for r in outer) or any(r.heading and c.kind == "body" and not r.bare for r in outer)
        if c.kind == "instrument" and own and (key(c.label) == own or set(own) <= set(key(c.label))):
            named = False
        reference = c.reference
        type_ = ""
        if c.kind == "body":
            by_id = {o.id: o for o in vocabulary.organisations()}
            type_ = by_id[reference].type if reference in by_id else _body_type(c.raws)
        else:
            type_ = _instrument_type(c.label)
        return Thing(
            id_,
            "body" if c.kind == "body" else "instrument",
            c.label,
            self.evidence([(r.block, r.start, r.end, r.rule) for r in ordered]),
            names,
            c.acronym,
            reference=reference,
            type=type_,
            named=named,
        )

    def during(self, meeting: Meeting, main: Meeting | None) -> Mention | None:
        """The date of the main meeting where a sentence says that this one was held during it."""
        found = main.date() if main is not None and main is not meeting else None
        if found is None or found.date is None or len(found.start_date) != 10:
            return None
        for m in meeting.mentions:
            block = self.segmented.blocks[m.block]
            s = next((x for x in block.sentences if x.start <= m.start < x.end), None)
            words_ = block.text[s.start : s.end] if s else block.text
            if m.held and re.search(
                r"\b(?:during|on the margins of|in the margins of|on the sidelines of)\s+the\s",
                words_,
            ):
                return found.date
        return None

    def meeting(self, id_: str, meeting: Meeting, year: str, main: Meeting | None) -> tuple[Thing, EventFact]:
        label, best = label_of(meeting)
        label = meeting.label or label
        for m in meeting.mentions:
            # 'met' in 'Leaders met in Lima' stays a word: rules read it
            if m.rule != "header/met":
                self.add("event", m.block, m.start, m.end, m.rule, thing=id_)
        ordered = [best, *(m for m in meeting.mentions if m is not best)]
        evidence = self.evidence([(m.block, m.start, m.end, m.rule) for m in ordered])
        h = heads()
        label = header.title_case(label) if label.isupper() and len(label) > 12 else label
        # a title line in capitals beside one that is not
        label = re.sub(r"[A-Z][A-Z’'-]+(?:\s+[A-Z][A-Z’'-]+){2,}", lambda x: header.title_case(x.group()), label)
        label = re.sub(r"^(?:19|20)\d\d\s+(?=\w)", "", label)
        thing = Thing(
            id_,
            "event",
            label,
            evidence,
            tuple(dict.fromkeys(m.label for m in meeting.mentions if m.label != label)),
            type=h.types.get(best.head, "meeting"),
        )
        start = end = city = country = number = None
        dated = meeting.date()
        if dated is not None and dated.date is not None:
            d = dated.date
            value = with_year(d.value, year) if year else d.value
            a, z = value.split("/")
            if not a.startswith("--"):
                known: Known = "stated" if value == d.value else "inferred"
                start, end = (
                    self.value(a, d, "dates", known),
                    self.value(z, d, "dates", known),
                )
        elif (day := self.during(meeting, main)) is not None:
            month = day.value.split("/")[0][:7]
            start = self.value(month, day, "dates/during-main", "inferred")
            end = start
        placed = next(
            (m for m in sorted(meeting.mentions, key=lambda m: not m.heading) if m.place is not None),
            None,
        )
        stated = next((m for m in meeting.mentions if m.country is not None), None)
        if placed is not None and placed.place is not None:
            name, code = placed.place.value.split("|")
            city = self.value(name, placed.place, "places")
            beside = placed.country or (stated.country if stated and not code else None)
            if beside is not None:
                country = self.value(beside.value, beside, "places/country")
            elif code:
                country = self.value(code, placed.place, "places/country-of-city", "inferred")
        elif stated is not None and stated.country is not None:
            host = stated.country.rule == "events/host"
            rule = "places/country-of-host" if host else "places/country"
            country = self.value(stated.country.value, stated.country, rule, "inferred" if host else "stated")
        if numbered := next((m for m in meeting.mentions if m.ordinal), None):
            mark = Mention("event", numbered.block, numbered.start, numbered.end, "events/ordinal")
            number = self.value(numbered.ordinal, mark, "events/ordinal", "inferred")
        fact = EventFact(
            id_,
            "described" if meeting.described or meeting.main else "mentioned",
            evidence,
            start,
            end,
            city,
            country,
            number,
            header.series(label),
        )
        return thing, fact

    def value(self, value: str, m: Mention, rule: str, known: Known = "stated") -> Value:
        block = self.segmented.blocks[m.block]
        s = next((x for x in block.sentences if x.start <= m.start < x.end), None)
        a, z = (s.start, s.end) if s and m.end <= s.end else (0, len(block.text))
        return Value(
            value,
            self.segmented.passage(block, m.start, m.end).quote,
            self.segmented.passage(block, a, z),
            rule,
            known,
        )

    def sorted(self) -> tuple[tuple[Mention, ...], ...]:
        return tuple(
            tuple(sorted(set(ms), key=lambda m: (m.start, -m.end, m.kind == "place", m.kind))) for ms in self.found
        )


def _body_type(raws: list[Raw]) -> str:
    standing = (
        "group",
        "committee",
        "commission",
        "council",
        "task force",
        "taskforce",
        "process",
        "forum",
        "board",
        "panel",
        "network",
        "secretariat",
        "office",
        "working group",
        "working party",
        "steering committee",
        "subcommittee",
        "subgroup",
        "unit",
        "division",
        "branch",
        "department",
        "bureau",
        "directorate",
        "section",
    )
    return "body" if any(r.head in standing for r in raws) else "organisation"


def _instrument_type(label: str) -> str:
    low = label.lower()
    for cue, notation in (
        ("work plan", "plan"), ("plan of action", "plan"), ("action plan", "plan"), ("plan", "plan"), ("strategy", "strategy"), ("roadmap", "strategy"), ("framework", "framework"),
        ("declaration", "declaration"), ("statement", "statement"), ("communiqu", "statement"), ("convention", "convention"), ("protocol", "protocol"), ("charter", "convention"),
        ("treaty", "convention"), ("agreement", "agreement"), ("memorandum", "agreement"), ("guide", "guide"), ("toolkit", "guide"), ("manual", "guide"), ("handbook", "guide"),
        ("programme", "programme"), ("program", "programme"), ("agenda", "agenda"), ("goals", "agenda"), ("resolution", "resolution"), ("principles", "principles"),
    ):  # fmt: skip
        if cue in low:
            return notation
    return "instrument"
