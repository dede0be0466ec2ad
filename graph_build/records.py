"""The typed records that every stage takes and returns.

All offsets are half-open `[start, end)` and count Unicode code points of the decoded, untouched source text.
All records are frozen; sequences are tuples; records compare by value and can be hashed.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import msgspec

from graph_build.errors import GroundingError

Known = Literal["stated", "inferred", "resolved", "judged"]
"""How a value is known: it stands there; a named rule says so; several papers say so; a person says so."""

ThingKind = Literal["event", "body", "instrument", "state", "person"]
EventStatus = Literal["described", "mentioned"]
Capacity = Literal["host", "co-chair", "participant", "observer"]
Role = Literal[
    "co-chair",
    "chair",
    "opener",
    "welcome",
    "keynote",
    "panellist",
    "speaker",
    "host",
    "rapporteur",
    "participant",
]
MemberCapacity = Literal["member", "co-chair", "chair", "lead", "observer"]
CommitmentClass = Literal["directive", "decision", "pledge", "recommendation"]
Relation = Literal[
    "deliversOn",
    "establishes",
    "consideredAt",
    "incorporatedInto",
    "reviews",
    "prepares",
    "adopts",
    "heldBy",
    "partOf",
    "follows",
    "refersTo",
]
BlockKind = Literal["title", "heading", "paragraph", "item", "row", "note", "furniture"]
"""Roles of a block: `item` is a list item, `row` a table row, `note` a footnote, `furniture` running headers,
footers, page numbers and rules, from which nothing is read."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points of one document's text; never empty, never reversed."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise GroundingError(f"span [{self.start}, {self.end}) is empty, reversed or negative")


def collapse(text: str) -> str:
    """White space runs written as one space, ends trimmed."""
    return " ".join(text.split())


_MARKED = re.compile(r"[<\[*_\\#\u00ad\u200b-\u200f\u2060\ufeff]")
_MARKUP = re.compile(
    r"<sup>\s*\d{1,3}\s*</sup>|</?(?:sup|sub|b|i|em|strong|u|br|span|font)\b[^<>]*>|\[\^[^\]\s]{1,12}\]:?|\*+"
    r"|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)|\\(?=[^\w\s])|^#+\s+|[\u00ad\u200b-\u200f\u2060\ufeff]",
    re.MULTILINE,
)


def readable(text: str) -> str:
    """Source text as a person quotes it: Markdown, HTML and footnote marks left out, white space collapsed."""
    return collapse(_MARKUP.sub("", text) if _MARKED.search(text) else text)


@dataclass(frozen=True, slots=True)
class Passage:
    """One or more spans of one document, in order, with the words that stand there.

    `quote` is the source text of the spans, marks left out and white space collapsed; the pieces of a passage
    that is cut in the file (page break, running header) are joined by ' … '. Make passages with
    `Document.passage`, which takes the words from the text; `DocumentFacts` checks them again.
    """

    document: str
    spans: tuple[Span, ...]
    quote: str

    def __post_init__(self) -> None:
        if not self.spans:
            raise GroundingError("a passage needs at least one span", self.document)
        if any(a.end > b.start for a, b in zip(self.spans, self.spans[1:], strict=False)):
            raise GroundingError(
                "the spans of a passage must be in order and must not overlap",
                self.document,
            )
        if not self.quote:
            raise GroundingError("a passage without words supports nothing", self.document)

    @property
    def start(self) -> int:
        return self.spans[0].start

    @property
    def end(self) -> int:
        return self.spans[-1].end


Box = tuple[float, float, float, float]
"""Left, top, right, bottom as parts (0 to 1) of the page's width and height, from the upper left corner."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A word of the text, or words side by side in a line: offsets, page (counted from 1) and box."""

    start: int
    end: int
    page: int
    box: Box


@dataclass(frozen=True)
class Document:
    """A paper as read: its key, its untouched text and what is known about it.

    key     path within its source folder (POSIX separators), or the file name where a file was given
    text    the decoded text; all offsets point into it
    sha256  hex digest of the file's bytes
    format  'text', 'markdown', 'html', 'docx', 'pdf', 'akn'
    meta    pairs from a sidecar or the file itself: date, publisher, series, address, licence, language, title
    pages   for paged formats, the start offset of each page's text; empty otherwise
    spots   for a PDF, where the words stand on the pages, in the order of the text; empty otherwise
    """

    key: str
    text: str
    sha256: str
    format: str = "text"
    meta: tuple[tuple[str, str], ...] = ()
    pages: tuple[int, ...] = ()
    spots: tuple[Spot, ...] = ()

    def passage(self, *spans: Span) -> Passage:
        """The passage at these spans, with its words; raises GroundingError outside the text or where it is blank."""
        if spans and spans[-1].end > len(self.text):
            raise GroundingError(f"span ends at {spans[-1].end}, the text at {len(self.text)}", self.key)
        quote = " … ".join(words for s in spans if (words := readable(self.text[s.start : s.end])))
        return Passage(self.key, tuple(spans), quote)


@dataclass(frozen=True)
class View:
    """Cleaned text of a block for matching, with the way back to the source.

    `text` has markup, line breaks, soft hyphens and page furniture left out, typographic quotes, apostrophes and
    dashes kept as they are, white space single. `offsets[i]` is the source offset of `text[i]`; it rises strictly.
    """

    text: str
    offsets: tuple[int, ...]
    cuts: tuple[int, ...] = ()
    """View positions where page furniture was cut out of the source: a passage over a cut has several spans."""

    def __post_init__(self) -> None:
        if len(self.text) != len(self.offsets):
            raise GroundingError(f"view has {len(self.text)} characters and {len(self.offsets)} offsets")

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """Source spans of view range `[start, end)`, one more for each cut inside it; blank ends trimmed."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        edges = [start, *(c for c in self.cuts if start < c < end), end]
        spans = []
        for a, b in itertools.pairwise(edges):
            while b > a and self.text[b - 1].isspace():
                b -= 1
            while a < b and self.text[a].isspace():
                a += 1
            if a < b:
                spans.append(Span(self.offsets[a], self.offsets[b - 1] + 1))
        if not spans:
            raise GroundingError(f"view range [{start}, {end}) is blank")
        return tuple(spans)


@dataclass(frozen=True)
class Sentence:
    """A sentence (or a list item's clause) as a range of its block's view."""

    start: int
    end: int


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, list item, table row ... of a document.

    index    position among the document's blocks
    kind     role, see BlockKind
    view     cleaned text with offsets
    sentences  ranges of the view, in order
    number   the paragraph's own number as written ('5', '12 (a)', 'iii'), or its ordinal among paragraphs
    section  headings above it, outermost first, cleaned
    lead     index of the block whose sentence introduces this item ('... the following actions:'), or -1
    cells    for a row: view ranges of its cells
    """

    index: int
    kind: BlockKind
    view: View
    sentences: tuple[Sentence, ...]
    number: str = ""
    section: tuple[str, ...] = ()
    lead: int = -1
    level: int = 0
    cells: tuple[Sentence, ...] = ()

    @property
    def text(self) -> str:
        return self.view.text


@dataclass(frozen=True)
class Segmented:
    """A document with its blocks."""

    document: Document
    blocks: tuple[Block, ...]

    def passage(self, block: Block | int, start: int, end: int) -> Passage:
        """The passage at view range `[start, end)` of a block."""
        view = (self.blocks[block] if isinstance(block, int) else block).view
        return self.document.passage(*view.spans(start, end))

    @cached_property
    def starts(self) -> tuple[int, ...]:
        return tuple(b.view.offsets[0] if b.view.offsets else 0 for b in self.blocks)

    def block_at(self, offset: int) -> Block:
        """The block whose view holds a source offset: of those that start before it, the last that also reaches it.

        Where a page break cuts a block, furniture starts within it; then the block before the furniture is meant.
        """
        last = max(0, bisect_right(self.starts, offset) - 1)
        for at in range(last, max(-1, last - 40), -1):
            offsets = self.blocks[at].view.offsets
            if offsets and offsets[-1] >= offset:
                return self.blocks[at]
        return self.blocks[last]

    def sentence_at(self, passage: Passage) -> Passage:
        """The whole sentence (or the whole block) in which a passage starts."""
        block = self.block_at(passage.start)
        at = bisect_right(block.view.offsets, passage.start) - 1
        for s in block.sentences:
            if s.start <= at < s.end:
                return self.passage(block, s.start, s.end)
        return self.passage(block, 0, len(block.text))


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why something is said: the passage, the rule that read it, and how it is known."""

    passage: Passage
    rule: str
    known: Known = "stated"


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a fact, normalised, with the words behind it.

    `value` is what the tables give ('2015-03-25', 'TH', 'Bangkok'); `words` are the words as they stand
    ('25-26 March 2015'). A stated value's words must occur in its passage. An inferred value names its rule and
    the words that it was inferred from.
    """

    value: str
    words: str
    passage: Passage
    rule: str
    known: Known = "stated"

    def __post_init__(self) -> None:
        if not self.value:
            raise GroundingError("a value must not be empty", self.passage.document)
        if not occurs(self.words, self.passage.quote):
            raise GroundingError(
                f"the words {self.words!r} do not stand in the passage {self.passage.quote[:80]!r}",
                self.rule,
            )


def occurs(words: str, quote: str) -> bool:
    """Whether words stand in a quote, letter for letter but for white space and the mark of a cut."""
    plain = collapse(quote.replace(" … ", " "))
    return bool(words.strip()) and collapse(readable(words).replace(" … ", " ")) in plain


@dataclass(frozen=True, slots=True)
class Thing:
    """What one document talks about, under an id of that document.

    id         'e1', 'b2', 'i3', 'p4', or 's:TH' for a state
    label      fullest name in this document, as written (events: without date and place)
    names      its other names in this document, in order of appearance
    acronym    as the text gives it, in brackets or alone
    code       ISO 3166-1 alpha-2 of a state or territory
    reference  id of the entry of the reference data that it was recognised as ('IOM'), or empty
    type       for events a notation of the meeting-type scheme; for bodies 'organisation' or 'body';
               for instruments a notation of the instrument-type scheme
    part_of    id of the parent body, where the text or the name says so
    named      whether it is a proper name that the `named` table lists
    evidence   where it is named; the first is the passage that carries the label
    """

    id: str
    kind: ThingKind
    label: str
    evidence: tuple[Evidence, ...]
    names: tuple[str, ...] = ()
    acronym: str = ""
    code: str = ""
    reference: str = ""
    type: str = ""
    part_of: str = ""
    named: bool = False


@dataclass(frozen=True, slots=True)
class EventFact:
    """What a document says of a meeting. `ordinal` in figures ('5'), `series` the name without ordinal and year."""

    event: str
    status: EventStatus
    evidence: tuple[Evidence, ...]
    start: Value | None = None
    end: Value | None = None
    city: Value | None = None
    country: Value | None = None
    ordinal: Value | None = None
    series: str = ""


@dataclass(frozen=True, slots=True)
class Attendance:
    """A state or organisation at a described meeting. `name` as the document lists it."""

    event: str
    party: str
    name: str
    capacity: Capacity
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class PersonRole:
    """A named person at a described meeting; `affiliation_id` is the Thing of the affiliation where it is one."""

    event: str
    person: str
    name: str
    role: Role
    evidence: tuple[Evidence, ...]
    position: Value | None = None
    affiliation: Value | None = None
    affiliation_id: str = ""


@dataclass(frozen=True, slots=True)
class Membership:
    """A party of a standing body, in a capacity, as this document says."""

    body: str
    party: str
    name: str
    capacity: MemberCapacity
    evidence: tuple[Evidence, ...]
    since: Value | None = None


@dataclass(frozen=True, slots=True)
class Commitment:
    """An operative clause.

    clause     the passage of the clause itself; evidence[0].passage is the whole sentence
    verb       the deciding words as they stand ('directed', 'there is a need to')
    level      speaker level notation: ministers, leaders, members, officials, participants, experts, chairs, body, state
    binding    degree on the stated scale, a notation of the bindingness scheme
    themes     notations of the theme scheme
    quoted     id of the instrument or event whose words are quoted, where the clause is a quotation
    """

    id: str
    class_: CommitmentClass
    clause: Passage
    evidence: tuple[Evidence, ...]
    issuer: Value | None = None
    addressee: Value | None = None
    made_at: str = ""
    paragraph: str = ""
    verb: str = ""
    level: str = ""
    binding: str = ""
    themes: tuple[str, ...] = ()
    quoted: str = ""
    issuer_id: str = ""
    addressee_id: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """How one thing led to another; source and target are ids of Things; evidence[0].passage is the sentence."""

    source: str
    relation: Relation
    target: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class StatedCount:
    """A number that the text states of an event's attendance or a body's members.

    `about` is the Thing; `unit` what is counted, as written ('member countries and observers'); `exact` is false
    for 'over 100', 'some 80'; `lists` says which list it can be held against: 'participants', 'parties', 'members',
    'observers' or '' where none.
    """

    about: str
    number: int
    unit: str
    exact: bool
    lists: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words that this document quotes from another paper or meeting (`source`, a Thing id or '')."""

    words: Passage
    source: str
    evidence: tuple[Evidence, ...]


Fact = EventFact | Attendance | PersonRole | Membership | Commitment | Link | StatedCount | Quotation


class ThingOutline(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A `Thing` without its evidence."""

    id: str
    kind: ThingKind
    label: str
    names: tuple[str, ...] = ()
    acronym: str = ""
    code: str = ""
    reference: str = ""
    type: str = ""
    part_of: str = ""


class EventOutline(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The values of an `EventFact` without their words; '' for what the document does not say."""

    event: str
    status: EventStatus
    start: str = ""
    end: str = ""
    city: str = ""
    country: str = ""
    ordinal: str = ""
    series: str = ""


class Outline(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What the corpus as a whole needs to know of a document, without its words. It is held for every paper of a large
    corpus, where facts are loaded for those papers alone that something new touches; hence a struct, which is decoded
    five times as fast as a dataclass.

    date     of the paper itself, '' where only its meeting dates it
    links    (source, relation, target)
    posts    (person, affiliation as written or '', affiliation_id or '') of each role of a person
    counted  things of which a number is stated, each once
    """

    key: str
    title: str
    genre: str
    published_for: str
    date: str
    things: tuple[ThingOutline, ...]
    events: tuple[EventOutline, ...]
    links: tuple[tuple[str, Relation, str], ...]
    posts: tuple[tuple[str, str, str], ...]
    counted: tuple[str, ...]

    def thing(self, id_: str) -> ThingOutline:
        """The thing with this id; KeyError where there is none."""
        for thing in self.things:
            if thing.id == id_:
                return thing
        raise KeyError(id_)


@dataclass(frozen=True)
class DocumentFacts:
    """All that was read from one document. Cannot be made where a passage's words do not stand at its offsets,
    a fact speaks of an unknown Thing, or an id is given twice.

    genre        notation of the document-type scheme ('co-chairs-summary', 'communique', 'press-release' ...)
    title        the document's own title lines, joined by a space; empty where there are none
    published_for  id of the event that the document reports on, or ''
    candidates   sentences with a commitment cue or a meeting cue from which nothing was read, for the quality report
    """

    document: Document
    title: str = ""
    genre: str = ""
    published_for: str = ""
    things: tuple[Thing, ...] = ()
    facts: tuple[Fact, ...] = ()
    candidates: tuple[Passage, ...] = ()
    sentences: tuple[Passage, ...] = field(default=())
    """All sentences from which facts can be read (no furniture), for agreed language and coverage."""
    paragraphs: tuple[str, ...] = ()
    """Paragraph number of each of `sentences`."""

    def __post_init__(self) -> None:
        text, key = self.document.text, self.document.key
        ids = [t.id for t in self.things]
        if len(set(ids)) != len(ids):
            raise GroundingError("two things have one id", key)
        known = {*ids, ""}
        for passage in dict.fromkeys(self.passages()):
            pieces = [words for s in passage.spans if (words := readable(text[s.start : s.end]))]
            if passage.document != key or passage.end > len(text) or " … ".join(pieces) != passage.quote:
                raise GroundingError(
                    f"the quote {passage.quote[:80]!r} does not stand at {passage.spans}",
                    key,
                )
        for fact in self.facts:
            for name in (
                "event",
                "party",
                "person",
                "body",
                "made_at",
                "source",
                "target",
                "about",
                "quoted",
            ):
                if getattr(fact, name, "") not in known:
                    raise GroundingError(
                        f"{type(fact).__name__}.{name} {getattr(fact, name)!r} is no thing here",
                        key,
                    )
        if self.published_for not in known:
            raise GroundingError(f"published_for {self.published_for!r} is no thing here", key)

    def passages(self) -> list[Passage]:
        """Every passage that any thing or fact cites."""
        found = [*self.candidates, *self.sentences]
        for record in (*self.things, *self.facts):
            found += [e.passage for e in record.evidence]
            for name in record.__dataclass_fields__:
                value = getattr(record, name)
                if isinstance(value, Value):
                    found.append(value.passage)
                elif isinstance(value, Passage):
                    found.append(value)
        return found

    def thing(self, id_: str) -> Thing:
        """The Thing with this id; KeyError where there is none."""
        for thing in self.things:
            if thing.id == id_:
                return thing
        raise KeyError(id_)


def outline(facts: DocumentFacts) -> Outline:
    """The outline of a document's facts."""

    def said(value: Value | None) -> str:
        return value.value if value else ""

    events: list[EventOutline] = []
    links: list[tuple[str, Relation, str]] = []
    posts: list[tuple[str, str, str]] = []
    counted: dict[str, None] = {}
    for f in facts.facts:
        match f:
            case EventFact():
                days = (said(f.start), said(f.end))
                events.append(
                    EventOutline(f.event, f.status, *days, said(f.city), said(f.country), said(f.ordinal), f.series)
                )
            case Link():
                links.append((f.source, f.relation, f.target))
            case PersonRole():
                posts.append((f.person, said(f.affiliation), f.affiliation_id))
            case StatedCount():
                counted[f.about] = None
    return Outline(
        facts.document.key,
        facts.title,
        facts.genre,
        facts.published_for,
        dict(facts.document.meta).get("date", ""),
        tuple(
            ThingOutline(t.id, t.kind, t.label, t.names, t.acronym, t.code, t.reference, t.type, t.part_of)
            for t in facts.things
        ),
        tuple(events),
        tuple(links),
        tuple(posts),
        tuple(counted),
    )


MentionKind = Literal[
    "date",
    "state",
    "adjective",
    "place",
    "body",
    "instrument",
    "event",
    "group",
    "person",
]


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a block that name something.

    start, end  view range in block `block`
    value  state, adjective: ISO code; place: 'Bangkok|TH'; date: 'START/END' (each YYYY-MM-DD, YYYY-MM or YYYY, or
           '--MM-DD' where the year is not known); group: notation of the speaker level; else empty
    thing  id of the Thing that it names, where it names one (body, instrument, event, person, state)
    """

    kind: MentionKind
    block: int
    start: int
    end: int
    rule: str
    value: str = ""
    thing: str = ""


@dataclass(frozen=True)
class Mentioned:
    """A segmented document with its mentions (by block, sorted by start, longer first), its things and meetings.

    main       id of the event that the document reports on, or ''
    described  ids of the events that it describes, the main one first
    """

    segmented: Segmented
    mentions: tuple[tuple[Mention, ...], ...]
    things: tuple[Thing, ...] = ()
    events: tuple[EventFact, ...] = ()
    main: str = ""
    described: tuple[str, ...] = ()
    title: str = ""
    genre: str = ""

    def outer(self, block: int, start: int = 0, end: int = 1 << 60) -> tuple[Mention, ...]:
        """Mentions inside a view range that stand in no other mention, in order."""
        found: list[Mention] = []
        for m in self.mentions[block]:
            if m.start >= start and m.end <= end and (not found or m.start >= found[-1].end):
                found.append(m)
        return tuple(found)

    @cached_property
    def thing_of(self) -> dict[str, Thing]:
        return {t.id: t for t in self.things}


EntityKind = Literal[
    "meeting",
    "series",
    "body",
    "organisation",
    "state",
    "person",
    "instrument",
    "instrument-series",
    "place",
]


@dataclass(frozen=True, slots=True)
class Merge:
    """Why two mentions are one thing: the rule, its features in words, and the members as (document, thing id)."""

    rule: str
    because: str
    members: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Entity:
    """One thing, over all documents. `key` is its path below /id/, readable and made from content:
    'meeting/2015-03-25-bangkok-regional-symposium-on-trafficking'.

    values    reconciled (property, value, how) e.g. ('start', '2011-03-30', 'finest of 2 agreeing accounts')
    members   (document key, thing id) of every mention that it unites
    former    keys that this thing had before a merge completed it
    """

    key: str
    kind: EntityKind
    label: str
    names: tuple[str, ...] = ()
    acronym: str = ""
    code: str = ""
    reference: str = ""
    type: str = ""
    part_of: str = ""
    series: str = ""
    ordinal: str = ""
    values: tuple[tuple[str, str, str], ...] = ()
    members: tuple[tuple[str, str], ...] = ()
    merges: tuple[Merge, ...] = ()
    former: tuple[str, ...] = ()


@dataclass(frozen=True)
class Resolution:
    """The entities of a corpus and the entity of every (document key, thing id)."""

    entities: tuple[Entity, ...]

    @cached_property
    def of(self) -> dict[tuple[str, str], Entity]:
        return {member: e for e in self.entities for member in e.members}
