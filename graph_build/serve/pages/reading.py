"""Reading a build for pages: one query a section, never one a row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec
import pyoxigraph as ox

from graph_build.iris import CQ, DCTERMS, RDF, RDFS, SKOS, local
from graph_build.store import Build

PREFIXES = f"PREFIX cq: <{CQ}> PREFIX rdfs: <{RDFS}> PREFIX skos: <{SKOS}> PREFIX dcterms: <{DCTERMS}> "
MOST = 300
"""Rows of one section of a page; the number of further ones is said, and the data has them all."""

BATCH = 2_000
"""Statements whose sentences one query fetches."""

KINDS = {
    "Meeting": "Meeting",
    "MeetingSeries": "Series of meetings",
    "Place": "Place",
    "State": "State or territory",
    "Organisation": "Organisation",
    "Body": "Body",
    "Person": "Person",
    "Instrument": "Instrument",
    "InstrumentSeries": "Series of instruments",
    "Document": "Document",
    "Passage": "Passage",
    "Directive": "Directive",
    "Decision": "Decision",
    "Pledge": "Pledge",
    "Recommendation": "Recommendation",
    "Account": "Account",
    "Participation": "Participation",
    "Membership": "Membership",
    "Link": "Link",
    "StatedCount": "Stated count",
    "Quotation": "Quotation",
    "MissingPaper": "Paper that is not held",
    "Reuse": "Agreed language",
    "Comparison": "Two accounts compared",
    "CountCheck": "Number held against a list",
    "FollowUp": "Follow-up",
    "Silence": "No follow-up found",
    "Judgement": "What a person judged",
}
"""Classes that have pages, the most telling first, with their words."""
COMMITMENTS = ("Directive", "Decision", "Pledge", "Recommendation")

EVIDENCE = " ?st cq:statedIn ?doc . ?doc cq:path ?path . "
"""Joins a statement ?st with its document. The sentences of a whole page come from one query (`with_sentences`)."""


class Ref(msgspec.Struct, frozen=True):
    """A thing to link to, as a person reads it."""

    iri: str
    label: str


class Proof(msgspec.Struct, frozen=True):
    """The sentence behind a row. Offsets are code points of the document's text, half-open."""

    document: Ref
    passage: str = ""
    quote: str = ""
    paragraph: str = ""
    start: int = -1
    end: int = -1
    rule: str = ""
    known: str = ""
    statement: str = ""


Cell = str | Ref | tuple[Ref, ...]


class Row(msgspec.Struct, frozen=True):
    """A row of a section: its cells, and the sentences that say so."""

    cells: tuple[Cell, ...]
    proof: tuple[Proof, ...] = ()


class Section(msgspec.Struct, frozen=True):
    """A part of a page. `more` counts the rows that are not shown; `link` is a page of this site that says more."""

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""
    more: int = 0
    link: str = ""
    link_words: str = ""


class Fact(msgspec.Struct, frozen=True):
    """A line of the summary: a term and its values."""

    term: str
    values: tuple[Cell, ...]


class Page(msgspec.Struct, frozen=True):
    """A page of a thing."""

    iri: str
    kind: str
    kind_label: str
    title: str
    names: tuple[str, ...] = ()
    lead: str = ""
    facts: tuple[Fact, ...] = ()
    sections: tuple[Section, ...] = ()
    merged: tuple[str, ...] = ()


Row_ = dict[str, str]


@dataclass
class Reader:
    """A build's store with the words of its concepts."""

    build: Build
    concepts: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.rows("SELECT ?c ?l ?n { ?c skos:notation ?n OPTIONAL { ?c skos:prefLabel ?l } }"):
            self.concepts[row["c"]] = row.get("l") or row["n"]
        for entry in self.build.manifest.documents:
            self.titles[f"{self.build.base}id/document/{entry.slug}"] = entry.title or entry.key

    @property
    def store(self) -> ox.Store:
        return self.build.store

    def rows(self, query: str, **bound: str) -> Iterator[Row_]:
        """The rows of a query with some variables replaced by IRIs; cells as text, unbound ones left out."""
        for name, iri in bound.items():
            # An IRI that NamedNode admits holds nothing that could end it, so it stays one.
            query = str(ox.NamedNode(iri)).join(re.split(rf"\?{name}\b", query))
        results = self.store.query(PREFIXES + query)
        assert isinstance(results, ox.QuerySolutions)
        names = [v.value for v in results.variables]
        for solution in results:
            row = {
                n: t.value
                for n, t in zip(names, solution, strict=True)
                if t is not None and not isinstance(t, ox.Triple)
            }
            yield {**bound, **row}

    def values(self, iri: str) -> dict[str, list[str]]:
        """The triples of a thing in the default graph, by local name of the property."""
        found: dict[str, list[str]] = {}
        subject = ox.NamedNode(iri)
        for quad in self.store.quads_for_pattern(subject, None, None, ox.DefaultGraph()):
            value = quad.object.value if not isinstance(quad.object, ox.Triple) else str(quad.object)
            found.setdefault(quad.predicate.value, []).append(value)
        return {p: sorted(v) for p, v in found.items()}

    def kind(self, iri: str) -> str:
        """The most telling class of a thing that has pages, '' where it has none."""
        types = set(self.values(iri).get(f"{RDF}type", ()))
        return next((k for k in KINDS if CQ + k in types), "")

    def exists(self, iri: str) -> bool:
        """Whether anything is said of a thing or with it, in any graph."""
        try:
            node = ox.NamedNode(iri)
        except ValueError:
            return False
        return any(
            next(iter(self.store.quads_for_pattern(subject, None, target, None)), None) is not None
            for subject, target in ((node, None), (None, node))
        )

    def label(self, iri: str) -> str:
        """What a person calls a thing."""
        if iri in self.concepts:
            return self.concepts[iri]
        if iri in self.titles:
            return self.titles[iri]
        values = self.values(iri)
        for name in (f"{RDFS}label", f"{SKOS}prefLabel", f"{DCTERMS}title", f"{CQ}clause", f"{CQ}name"):
            if name in values:
                return values[name][0]
        return local(iri)

    def concept(self, iri: str) -> str:
        """The words of a concept."""
        return self.concepts.get(iri, local(iri)) if iri else ""

    def document(self, iri: str) -> Ref:
        """A document by its title."""
        return Ref(iri, self.titles.get(iri) or local(iri))

    def proof(self, row: Row_) -> Proof:
        """The proof of a row's statement ?st; its sentence is filled in by `with_sentences`."""
        return Proof(
            self.document(row.get("doc", "")),
            row.get("pa", ""),
            row.get("quote", ""),
            row.get("para", ""),
            int(row.get("from", -1)),
            int(row.get("to", -1)),
            row.get("rule", ""),
            local(row["known"]) if "known" in row else "",
            row.get("st", ""),
        )

    def sentences(self, statements: list[str]) -> dict[str, Row_]:
        """The passage that shows each statement, with rule and how it is known; one query for BATCH of them."""
        found: dict[str, Row_] = {}
        for at in range(0, len(statements), BATCH):
            listed = " ".join(str(ox.NamedNode(s)) for s in statements[at : at + BATCH])
            # Each OPTIONAL outside the graph pattern: the engine then looks up instead of joining everything.
            query = (
                f"SELECT * {{ VALUES ?st {{ {listed} }} GRAPH ?ev {{ ?st cq:shownBy ?pa }} "
                "GRAPH ?ev { ?pa cq:quote ?quote ; cq:startOffset ?from ; cq:endOffset ?to } "
                "OPTIONAL { GRAPH ?ev { ?pa cq:paragraph ?para } } OPTIONAL { GRAPH ?ev { ?st cq:rule ?rule } } "
                "OPTIONAL { GRAPH ?ev { ?st cq:known ?known } } } ORDER BY ?st ?rule ?known"
            )
            for row in self.rows(query):
                found.setdefault(row["st"], row)
        return found

    def with_sentences(self, sections: list[Section]) -> tuple[Section, ...]:
        """Sections with the sentence of every proof filled in."""
        wanted = dict.fromkeys(
            p.statement for s in sections for r in s.rows for p in r.proof if p.statement and not p.quote
        )
        if not wanted:
            return tuple(sections)
        found = self.sentences(list(wanted))

        def filled(proof: Proof) -> Proof:
            row = found.get(proof.statement)
            return self.proof({**row, "doc": proof.document.iri}) if row and not proof.quote else proof

        return tuple(
            msgspec.structs.replace(
                s,
                rows=tuple(
                    Row(
                        r.cells,
                        tuple(dict.fromkeys(sorted(map(filled, r.proof), key=lambda p: (p.document.iri, p.start)))),
                    )
                    for r in s.rows
                ),
            )
            for s in sections
        )


def ref(row: Row_, iri: str, label: str) -> Cell:
    """A link from two columns of a row; the label alone where there is no IRI."""
    return Ref(row[iri], row.get(label) or local(row[iri])) if iri in row else row.get(label, "")


def section(id_: str, title: str, columns: tuple[str, ...], rows: list[Row], note: str = "") -> Section | None:
    """A section of at most MOST rows, or None where there are none."""
    if not rows:
        return None
    return Section(id_, title, columns, tuple(rows[:MOST]), note, max(0, len(rows) - MOST))


def grouped(rows: list[Row]) -> list[Row]:
    """Rows with the same cells as one, with all their sentences."""
    found: dict[tuple[Cell, ...], list[Proof]] = {}
    for row in rows:
        proofs = found.setdefault(row.cells, [])
        proofs += [p for p in row.proof if p not in proofs]
    return [Row(cells, tuple(proofs)) for cells, proofs in found.items()]


_MONTHS = "January February March April May June July August September October November December".split()


def spoken(start: str, end: str = "") -> str:
    """A date or a range as people write it: '25–26 March 2015', 'November 2023', '2011'."""
    if not start:
        return ""
    a, b = start.split("-"), (end or start).split("-")
    if not all(part.isdigit() for part in (*a, *b)) or not a[0] or len(a) != len(b):
        return start if not end or start == end else f"{start} to {end}"
    if len(a) == 1:
        return a[0] if a == b else f"{a[0]}–{b[0]}"
    month = _MONTHS[int(a[1]) - 1] if 1 <= int(a[1]) <= 12 else a[1]
    other = _MONTHS[int(b[1]) - 1] if 1 <= int(b[1]) <= 12 else b[1]
    if len(a) == 2:
        return f"{month} {a[0]}" if a == b else f"{month} {a[0]} – {other} {b[0]}"
    day, last = str(int(a[2])), str(int(b[2]))
    if a == b:
        return f"{day} {month} {a[0]}"
    if a[:2] == b[:2]:
        return f"{day}–{last} {month} {a[0]}"
    if a[0] == b[0]:
        return f"{day} {month} – {last} {other} {a[0]}"
    return f"{day} {month} {a[0]} – {last} {other} {b[0]}"
