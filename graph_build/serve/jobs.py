"""What a worker is asked and what it answers, as both ends of the pipe see it."""

from __future__ import annotations

import msgspec


class Job(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """A query to be run.

    query     SPARQL text, or '' where a named query is asked
    media     media types that the asker takes, by kind of answer: rows, truth, graph ('' where none fits)
    default   graphs of the default graph, None for the store's own; '' for an empty one
    named     named graphs, None for all
    base      IRI against which relative IRIs are resolved
    name      named query; `given` its parameters as typed
    """

    query: str
    media: tuple[str, str, str] = ("", "", "")
    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None
    base: str = ""
    rows: int = 100_000
    bytes: int = 1 << 26
    footnotes: bool = False
    name: str = ""
    given: tuple[tuple[str, str], ...] = ()
    seconds: float = 2.0


class Reply(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """The answer to a Job.

    status   200, or 400 (bad query), 406 (no acceptable form for this kind of answer), 404 (unknown graph or query)
    media    media type of the body
    rows     rows or triples in it
    cut      the limit at which it was cut, 0 for not; `cut_by` 'rows' or 'bytes'
    missing  graphs that were asked for and that the store does not hold
    what, mend, line, column   of an error
    sparql   the text that was run, where a named query was asked
    """

    status: int
    media: str = ""
    rows: int = 0
    cut: int = 0
    cut_by: str = ""
    missing: tuple[str, ...] = ()
    what: str = ""
    mend: str = ""
    line: int = 0
    column: int = 0
    sparql: str = ""
    kind: str = ""


class Cell(msgspec.Struct, frozen=True, array_like=True):
    """A cell of a row as pages show it: `kind` 'uri', 'literal', 'bnode' or '' where nothing is bound."""

    kind: str
    value: str
    language: str = ""
    datatype: str = ""


class Footnote(msgspec.Struct, frozen=True):
    """A sentence that supports bindings of a row. Offsets are code points of the document's text, half-open."""

    document: str
    path: str
    title: str
    paragraph: str
    quote: str
    passage: str
    start: int
    end: int
    supports: tuple[str, ...]
    statement: str
    rule: str = ""
    known: str = ""


class Notes(msgspec.Struct, frozen=True):
    """Footnotes of an answer: one tuple per row. `because` says why a row has none, or why none could be derived."""

    derived: bool
    because: str
    rows: tuple[tuple[Footnote, ...], ...]
    more: tuple[int, ...] = ()


class Rows(msgspec.Struct, frozen=True):
    """Rows as pages show them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: Notes | None = None


ROWS = "application/x-msgpack; rows"
"""Media type by which a page asks for Rows."""
MARKDOWN = "text/markdown"
