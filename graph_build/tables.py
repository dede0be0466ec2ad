"""Answers as tables: the record that every query gives back, and its output formats.

A cell of `rows` is what a person reads ('' where nothing is known); the cell of `terms` at the same place is the RDF
term behind it, or None. CSV and TSV follow the SPARQL 1.1 Query Results CSV and TSV Formats, JSON the SPARQL 1.1 Query
Results JSON Format.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from graph_build.errors import QueryError

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


def words_of(term: Term | None) -> str:
    """What a person reads of a term: the lexical form of a literal, the IRI, '' where there is none."""
    if term is None:
        return ""
    return term.value if isinstance(term, (ox.NamedNode, ox.Literal)) else str(term)


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a question.

    columns  names of the columns, in the order of the query
    terms    rows of RDF terms, None where a cell is unbound
    title    title of the named query, or ''
    answer   the answer of an ASK query; None for tables
    """

    columns: tuple[str, ...]
    terms: tuple[tuple[Term | None, ...], ...]
    title: str = ""
    answer: bool | None = None

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The cells as text."""
        return tuple(tuple(words_of(term) for term in row) for row in self.terms)

    def records(self) -> Iterator[dict[str, str]]:
        """Each row as a mapping from column to text."""
        for row in self.terms:
            yield {c: words_of(term) for c, term in zip(self.columns, row, strict=True)}

    def column(self, name: str) -> tuple[str, ...]:
        """One column's cells as text; QueryError where there is no such column."""
        if name not in self.columns:
            raise QueryError(f"no column {name!r}", mend=f"columns: {', '.join(self.columns)}")
        at = self.columns.index(name)
        return tuple(words_of(row[at]) for row in self.terms)

    def __len__(self) -> int:
        return len(self.terms)

    def __iter__(self) -> Iterator[dict[str, str]]:
        return self.records()

    def _repr_html_(self) -> str:
        """The table as Jupyter shows it, every cell escaped."""
        from html import escape

        head = "".join(f"<th>{escape(c)}</th>" for c in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(visible(cell))}</td>" for cell in row) + "</tr>" for row in self.rows
        )
        caption = f"<caption>{escape(self.title)}</caption>" if self.title else ""
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def visible(text: str) -> str:
    """Text that cannot steer a terminal: control characters and direction marks written as escapes, but for line ends.

    A document may hold escape sequences and right-to-left overrides; shown raw they would forge what a reader sees
    (Unicode TR 36, section 2.10).
    """
    return "".join(
        f"\\u{ord(c):04x}" if c not in "\n\t" and unicodedata.category(c) in ("Cc", "Cf") and c != "\u00ad" else c
        for c in text
    )


def as_csv(table: Table) -> str:
    """SPARQL CSV: header and plain values, quoted as RFC 4180 has it, lines ended by a line feed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(table.rows)
    return out.getvalue()


def as_tsv(table: Table) -> str:
    """SPARQL TSV: header with '?', terms in Turtle syntax, so that IRIs, plain text and dates can be told apart."""
    lines = ["\t".join(f"?{c}" for c in table.columns)]
    lines += ["\t".join("" if t is None else str(t).replace("\t", "\\t") for t in row) for row in table.terms]
    return "\n".join(lines) + "\n"


def _json_term(term: Term) -> dict[str, object]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Literal):
        found: dict[str, object] = {"type": "literal", "value": term.value}
        if term.language:
            found["xml:lang"] = term.language
        elif term.datatype.value != XSD_STRING:
            found["datatype"] = term.datatype.value
        return found
    parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
    return {"type": "triple", "value": {k: _json_term(v) for k, v in parts.items()}}


def as_json(table: Table) -> str:
    """SPARQL 1.1 Query Results JSON, with datatypes and languages."""
    if table.answer is not None:
        return json.dumps({"head": {}, "boolean": table.answer}) + "\n"
    bindings = [
        {c: _json_term(t) for c, t in zip(table.columns, row, strict=True) if t is not None} for row in table.terms
    ]
    body = {"head": {"vars": list(table.columns)}, "results": {"bindings": bindings}}
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


_MD_MARKS = str.maketrans({c: f"\\{c}" for c in "\\`*_[]|"} | {"<": "&lt;", ">": "&gt;", "&": "&amp;", "\n": " "})


def as_markdown(table: Table) -> str:
    """A GitHub table; marks in the cells are escaped, so that a name cannot become markup."""
    lines = ["| " + " | ".join(table.columns) + " |", "|" + " --- |" * len(table.columns)]
    lines += ["| " + " | ".join(visible(c).translate(_MD_MARKS) for c in row) + " |" for row in table.rows]
    return "\n".join(lines) + "\n"


def short(iri: str) -> str:
    """An IRI as a person reads it: the path below /id/, a scheme's notation, or the IRI as it is."""
    for mark in ("/id/", "/scheme/"):
        if iri.startswith("http") and mark in iri:
            return iri.split(mark, 1)[1]
    return iri


def as_text(table: Table, width: int | None = None) -> str:
    """A table for a terminal of `width` characters (100), by rich; IRIs are shown as short ids, nothing is cut.

    A table whose rows would fold into many lines, as sentences do, is written as one block a row. Columns in which no
    row has a value are left out and named below.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table as Grid
    from rich.text import Text

    width = width or 100
    out = io.StringIO()
    console = Console(file=out, width=width, color_system=None, legacy_windows=False)
    empty = [c for i, c in enumerate(table.columns) if not any(row[i] is not None for row in table.terms)]
    shown = [i for i, c in enumerate(table.columns) if c not in empty or not table.terms]
    cells = [
        [visible(short(words_of(row[i])) if isinstance(row[i], ox.NamedNode) else words_of(row[i])) for i in shown]
        for row in table.terms
    ]
    if table.title:
        console.print(Text(table.title, style="bold"))
    if _fits([[table.columns[i] for i in shown], *cells], width):
        grid = Grid(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
        for i in shown:
            grid.add_column(Text(table.columns[i]), overflow="fold")
        for cell_row in cells:
            grid.add_row(*(Text(c) for c in cell_row))
        console.print(grid)
    else:
        broad = max(len(table.columns[i]) for i in shown)
        for number, cell_row in enumerate(cells, 1):
            grid = Grid(box=None, show_header=False, pad_edge=False)
            grid.add_column(width=broad)
            grid.add_column(overflow="fold")
            for i, cell in zip(shown, cell_row, strict=True):
                if cell:
                    grid.add_row(Text(table.columns[i], style="dim"), Text(cell))
            console.print(Text(f"── {number} ".ljust(min(width, 60), "─")), grid, sep="\n")
    count = len(table.terms)
    console.print(Text(f"{count} row{'' if count == 1 else 's'}" if count else "no rows: the graph says nothing of it"))
    if empty and table.terms:
        console.print(Text(f"empty in every row: {', '.join(empty)}"))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


LINES = 3
"""How many lines the cells of a usual row may take before a table is written in blocks."""


def _fits(rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether a usual row takes few lines as one row of a grid of this width."""
    broadest = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    if sum(min(b, 10) + 3 for b in broadest) > width:
        return False
    room = width - 3 * len(broadest)
    # Columns share the width as rich does it: narrow ones get what they need, the broad ones the rest.
    share = max(10, (room - sum(b for b in broadest if b <= 16)) // max(1, sum(1 for b in broadest if b > 16)))
    tall = sum(1 for row in rows[1:] if max(-(-len(c) // share) for c in row) > LINES)
    return tall <= len(rows) // 10


FORMATS: Mapping[str, Callable[[Table], str]] = {
    "table": as_text,
    "csv": as_csv,
    "tsv": as_tsv,
    "json": as_json,
    "md": as_markdown,
}
MEDIA_TYPES: Mapping[str, str] = {
    "table": "text/plain",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/sparql-results+json",
    "md": "text/markdown",
}


def render(table: Table, form: str) -> str:
    """The table in one of FORMATS; QueryError names them where `form` is none."""
    if form not in FORMATS:
        raise QueryError(f"no format {form!r}", mend=f"formats: {', '.join(FORMATS)}")
    return FORMATS[form](table)


def table_of(columns: Sequence[str], rows: Sequence[Sequence[str]], title: str = "") -> Table:
    """A table of plain text cells; '' becomes an unbound cell."""
    return Table(tuple(columns), tuple(tuple(ox.Literal(c) if c else None for c in r) for r in rows), title)
