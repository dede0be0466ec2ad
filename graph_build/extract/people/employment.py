"""Posts and employers of persons, gathered from all paragraphs of a document."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from graph_build import vocabulary
from graph_build.extract.people.names import Range
from graph_build.extract.people.recognise import Naming, People, plain
from graph_build.extract.people.words import lexicon
from graph_build.extract.reading import Reading
from graph_build.records import Value

PRESIDING = re.compile(
    r"(?P<co>[Cc]o-?)?[Cc]hair(?:man|person|woman)?(?: of (?:the|this) (?:[Mm]eeting|[Ww]orkshop|[Cc]onference|[Ss]ymposium|[Ss]eminar|[Ss]ession|[Ss]ummit))?"
)
"""A post that is a role at the meeting itself, no employment."""


@dataclass(frozen=True, slots=True)
class Employment:
    """What a document says of a person's work; `affiliation_id` is the Thing of the employer where it is one."""

    position: Value | None = None
    affiliation: Value | None = None
    affiliation_id: str = ""


class Employments:
    """Posts and employers of the persons of a document, completed from its other paragraphs."""

    def __init__(self, reading: Reading, people: People) -> None:
        self.reading = reading
        self.people = people
        self.parents: dict[str, set[tuple[int, Range]]] = defaultdict(set)
        """Unit as written, lower case, to the employers that stand with it in this document."""
        for own in people.namings.values():
            for n in own:
                if n.post.affiliation is None or not n.described.pieces:
                    continue
                for a, b in n.post.position:
                    text = n.stretch.block.text[a:b]
                    for unit in _units(text):
                        self.parents[unit].add((n.stretch.block.index, n.post.affiliation))

    def of(self, person: str, here: Naming) -> Employment:
        """Position and affiliation as stated where the person is named, else elsewhere in the document."""
        own = [here, *(n for n in self.people.namings[person] if n is not here)]
        position = next((v for n in own if (v := self.position(n)) is not None), None)
        if position is not None and " " not in position.value:
            # 'Secretary Blinken' where another paragraph has 'Secretary of State Antony Blinken'
            fuller = (
                v
                for n in own
                if (v := self.position(n)) is not None and v.value.lower().startswith(f"{position.value.lower()} ")
            )
            position = next(fuller, position)
        rank = next((v for n in own if (v := self.rank(n)) is not None), None)
        affiliation: Value | None = None
        for n in own:
            affiliation = self.affiliation(n)
            if affiliation is not None:
                break
        if affiliation is None:
            affiliation = next((v for n in own if (v := self.completed(n)) is not None), None)
        if affiliation is None:
            affiliation = next((v for n in own if (v := self.delegation(n)) is not None), None)
        thing = ""
        if affiliation is not None:
            affiliation, thing = self.fullest(affiliation)
        return Employment(position or rank, affiliation, thing)

    def value(self, n: Naming, ranges: Iterable[Range], rule: str) -> Value | None:
        if n.post.affiliation is None:
            ranges = [r for r in ranges if not PRESIDING.fullmatch(n.stretch.block.text[r[0] : r[1]])]
        pieces = [re.sub(r"[’']s$", "", self.reading.words(n.stretch.block, *r)) for r in ranges]
        if not pieces:
            return None
        return Value("; ".join(pieces), pieces[0], self.reading.passage(n.stretch), rule)

    def position(self, n: Naming) -> Value | None:
        return self.value(n, n.post.position, f"people/{n.described.rule}") or self.line(n, "position")

    def line(self, n: Naming, kind: str) -> Value | None:
        """What a line below the name says."""
        for of, s, r in n.below:
            if of == kind:
                words = self.reading.words(s.block, *r)
                return Value(words, words, self.reading.passage(s), "people/line-below")
        return None

    def rank(self, n: Naming) -> Value | None:
        return self.value(n, [n.described.rank], "people/rank") if n.described.rank else None

    def affiliation(self, n: Naming) -> Value | None:
        if n.post.affiliation is not None:
            return self.value(n, [n.post.affiliation], f"people/{n.described.rule}")
        if n.post.nation is not None:
            m = n.post.nation
            words = self.reading.words(n.stretch.block, m.start, m.end)
            return Value(
                self.state(m.value), words, self.reading.passage(n.stretch), "people/adjective-of-post", "inferred"
            )
        return self.line(n, "affiliation")

    def state(self, code: str) -> str:
        """A state's name as this document has it, else as the reference data has it."""
        thing = self.reading.things.get(f"s:{code}")
        if thing is not None:
            return thing.label
        return next((s.label for s in vocabulary.states() if s.code == code), code)

    def completed(self, n: Naming) -> Value | None:
        """The employer that another paragraph gives to the same unit."""
        for a, b in n.post.position:
            for unit in _units(n.stretch.block.text[a:b]):
                parents = self.parents.get(unit, set())
                texts = {self.reading.words(self.reading.segmented.blocks[block], *r) for block, r in parents}
                if len(texts) == 1:
                    block, r = min(parents)
                    words = texts.pop()
                    s = next(x for x in self.reading.by_block[block] if x.start <= r[0] < x.end)
                    return Value(words, words, self.reading.passage(s), "people/unit-elsewhere", "inferred")
        return None

    def delegation(self, n: Naming) -> Value | None:
        """The state of the heading 'Australian Delegation' or 'AUSTRALIA' that a list of persons stands under."""
        blocks = self.reading.segmented.blocks
        for title in reversed(n.stretch.block.section[-4:]):
            for block in reversed(blocks[: n.stretch.block.index]):
                if block.kind != "heading" or block.text != title:
                    continue
                for m in self.reading.mentioned.mentions[block.index]:
                    alone = m.kind == "state" and m.end - m.start > 0.8 * len(block.text)
                    if alone or m.kind in ("state", "adjective") and "delegation" in block.text.lower():
                        words = self.reading.words(block, m.start, m.end)
                        passage = self.reading.segmented.passage(block, 0, len(block.text))
                        label = self.state(m.value or m.thing.removeprefix("s:"))
                        return Value(label, words, passage, "people/delegation-heading", "inferred")
                break
        return None

    def fullest(self, affiliation: Value) -> tuple[Value, str]:
        """An employer with its fullest name in this document: 'Ministry of Foreign Affairs' of one state only."""
        low = affiliation.value.lower()
        exact = ""
        longer: dict[str, str] = {}
        for t in self.reading.things.values():
            if t.kind not in ("body", "state"):
                continue
            names = {x.lower() for x in (t.label, t.acronym, *t.names) if x}
            if low in names or low.removeprefix("the ") in names:
                exact = exact or t.id
            if t.kind == "body":
                for x in (t.label, *t.names):
                    if x.lower().startswith(f"{low} of ") and low.startswith(
                        ("ministry", "department", "office", "embassy", "permanent mission")
                    ):
                        longer[x] = t.id
        for own in self.people.namings.values():
            for n in own:
                if n.post.affiliation is not None:
                    x = self.reading.words(n.stretch.block, *n.post.affiliation)
                    if x.lower().startswith(f"{low} of ") and low.startswith(
                        ("ministry", "department", "office", "embassy")
                    ):
                        longer.setdefault(x, exact)
        if len({plain(x.split(" of ")[-1]) for x in longer}) == 1 and longer:
            name, id_ = min(longer.items(), key=lambda item: (len(item[0]), item[0]))
            return replace(affiliation, value=name, known="inferred"), id_ or exact
        return affiliation, exact


def _units(text: str) -> Iterator[str]:
    """The units that a position names, lower case: 'department of x', 'crime prevention branch'."""
    lex = lexicon()
    for piece in re.split(r",\s*| of the | from the ", text):
        low = piece.strip().lower()
        first, last = (low.split() or [""])[0], (low.split() or [""])[-1]
        if (first in lex.units or last in lex.units) and len(low.split()) > 1:
            yield low
