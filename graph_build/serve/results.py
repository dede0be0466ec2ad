"""Answers as bytes: rows in the four result formats of SPARQL 1.1, with a cut said where the format has room.

JSON says a cut in a member `cut` beside `head`, XML and the graph formats in a comment; CSV, TSV and JSON-LD have no
room for it, the header says it for all. Footnotes stand in JSON beside the bindings, in XML in a comment-free
element of our own namespace never: they are given in JSON, CSV and TSV (as one more column) only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from graph_build.serve import negotiate

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_quote = json.encoder.encode_basestring

GRAPH_FORMATS = {
    negotiate.TURTLE: ox.RdfFormat.TURTLE,
    negotiate.NTRIPLES: ox.RdfFormat.N_TRIPLES,
    negotiate.NQUADS: ox.RdfFormat.N_QUADS,
    negotiate.TRIG: ox.RdfFormat.TRIG,
    negotiate.RDFXML: ox.RdfFormat.RDF_XML,
    negotiate.JSONLD: ox.RdfFormat.JSON_LD,
}
RESULT_FORMATS = {
    negotiate.JSON: ox.QueryResultsFormat.JSON,
    negotiate.XML: ox.QueryResultsFormat.XML,
    negotiate.CSV: ox.QueryResultsFormat.CSV,
    negotiate.TSV: ox.QueryResultsFormat.TSV,
}


def json_term(term: Term) -> str:
    """A term in SPARQL 1.1 Query Results JSON (triple terms as SPARQL 1.2 has them)."""
    if isinstance(term, ox.NamedNode):
        return f'{{"type":"uri","value":{_quote(term.value)}}}'
    if isinstance(term, ox.Literal):
        if term.language:
            direction = f',"its:dir":{_quote(term.direction.value)}' if term.direction else ""
            return f'{{"type":"literal","value":{_quote(term.value)},"xml:lang":{_quote(term.language)}{direction}}}'
        if term.datatype.value == XSD_STRING:
            return f'{{"type":"literal","value":{_quote(term.value)}}}'
        return f'{{"type":"literal","value":{_quote(term.value)},"datatype":{_quote(term.datatype.value)}}}'
    if isinstance(term, ox.BlankNode):
        return f'{{"type":"bnode","value":{_quote(term.value)}}}'
    assert isinstance(term, ox.Triple)
    parts = ",".join(f'"{n}":{json_term(getattr(term, n))}' for n in ("subject", "predicate", "object"))
    return f'{{"type":"triple","value":{{{parts}}}}}'


def _xml_text(text: str) -> str:
    # XML 1.0 has no control characters at all; they are shown by the replacement character.
    return escape("".join(c if c >= " " or c in "\t\n" else "�" for c in text)).replace("\r", "&#13;")


def xml_term(term: Term) -> str:
    """A term in SPARQL Query Results XML."""
    if isinstance(term, ox.NamedNode):
        return f"<uri>{_xml_text(term.value)}</uri>"
    if isinstance(term, ox.BlankNode):
        return f"<bnode>{_xml_text(term.value)}</bnode>"
    if isinstance(term, ox.Literal):
        if term.language:
            return f"<literal xml:lang={quoteattr(term.language)}>{_xml_text(term.value)}</literal>"
        if term.datatype.value == XSD_STRING:
            return f"<literal>{_xml_text(term.value)}</literal>"
        return f"<literal datatype={quoteattr(term.datatype.value)}>{_xml_text(term.value)}</literal>"
    assert isinstance(term, ox.Triple)
    parts = "".join(f"<{n}>{xml_term(getattr(term, n))}</{n}>" for n in ("subject", "predicate", "object"))
    return f"<triple>{parts}</triple>"


def csv_term(term: Term) -> str:
    """A term in SPARQL Query Results CSV: the value alone, quoted where it must be (RFC 4180)."""
    if term is None:
        return ""
    if isinstance(term, ox.BlankNode):
        return f"_:{term.value}"
    text = term.value if isinstance(term, (ox.NamedNode, ox.Literal)) else str(term)
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in '",\r\n') else text


def tsv_term(term: Term) -> str:
    """A term in SPARQL Query Results TSV: Turtle syntax, without tabs and line ends."""
    return "" if term is None else str(term).replace("\t", "\\t")


def rows_json(
    names: Sequence[str], rows: Iterable[Sequence[Term]], cut: int = 0, notes: Sequence[str] | None = None
) -> Iterator[str]:
    """SELECT results as JSON; `cut` is the limit at which they were cut (0 for not), `notes` one JSON text per row."""
    yield f'{{"head":{{"vars":[{",".join(map(_quote, names))}]}},"results":{{"bindings":['
    keys = [_quote(n) + ":" for n in names]
    comma = "\n"
    for row in rows:
        cells = [k + json_term(t) for k, t in zip(keys, row, strict=True) if t is not None]
        yield f"{comma}{{{','.join(cells)}}}"
        comma = ",\n"
    yield "]}"
    if notes is not None:
        yield f',"footnotes":[{",".join(notes)}]'
    if cut:
        yield f',"cut":{{"after":{cut},"because":"the limit of this endpoint"}}'
    yield "}\n"


def rows_xml(names: Sequence[str], rows: Iterable[Sequence[Term]], cut: int = 0) -> Iterator[str]:
    """SELECT results as XML."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head>'
    yield "".join(f"<variable name={quoteattr(n)}/>" for n in names) + "</head><results>"
    opens = [f"<binding name={quoteattr(n)}>" for n in names]
    for row in rows:
        cells = [f"{o}{xml_term(t)}</binding>" for o, t in zip(opens, row, strict=True) if t is not None]
        yield f"\n<result>{''.join(cells)}</result>"
    yield "</results>"
    if cut:
        yield f"<!-- cut after {cut} rows, the limit of this endpoint -->"
    yield "</sparql>\n"


def rows_csv(names: Sequence[str], rows: Iterable[Sequence[Term]]) -> Iterator[str]:
    """SELECT results as CSV (RFC 4180 line ends)."""
    yield ",".join(names) + "\r\n"
    for row in rows:
        yield ",".join(csv_term(t) for t in row) + "\r\n"


def rows_tsv(names: Sequence[str], rows: Iterable[Sequence[Term]]) -> Iterator[str]:
    """SELECT results as TSV."""
    yield "\t".join(f"?{n}" for n in names) + "\n"
    for row in rows:
        yield "\t".join(tsv_term(t) for t in row) + "\n"


def rows_as(
    media: str, names: Sequence[str], rows: Sequence[Sequence[Term]], cut: int = 0, notes: Sequence[str] | None = None
) -> bytes:
    """SELECT results in one of the four formats."""
    if media == negotiate.JSON:
        return "".join(rows_json(names, rows, cut, notes)).encode("utf-8", "replace")
    if media == negotiate.XML:
        return "".join(rows_xml(names, rows, cut)).encode("utf-8", "replace")
    writer = rows_csv if media == negotiate.CSV else rows_tsv
    return "".join(writer(names, rows)).encode("utf-8", "replace")


def graph_as(media: str, triples: Sequence[ox.Triple], prefixes: dict[str, str], cut: int = 0) -> bytes:
    """A graph in one of the graph formats, with a comment where it was cut and the format has comments."""
    body = ox.serialize(triples, format=GRAPH_FORMATS[media], prefixes=prefixes) or b""
    if cut and media == negotiate.RDFXML:
        return body + f"\n<!-- cut after {cut} triples, the limit of this endpoint -->\n".encode()
    if cut and media != negotiate.JSONLD:
        return body + f"# cut after {cut} triples, the limit of this endpoint\n".encode()
    return body
