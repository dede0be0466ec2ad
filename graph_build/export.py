"""Write a build in other formats, whole: what was written is read back and compared before it gets its name.

Formats with named graphs (TriG, N-Quads, JSON-LD) hold every graph of the build. Formats of one graph (Turtle,
N-Triples, RDF/XML) hold the triples of all graphs but the rejected, which nobody asserts; which paper says a thing
stands in the statements themselves (`cq:statedIn`). `csv` is a folder of the tables that take no parameter, with those
of the report on data quality.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby
from pathlib import Path
from typing import TextIO

import pyoxigraph as ox

from graph_build.errors import InputError
from graph_build.iris import RDF, XSD, prefixes
from graph_build.quality import FILE as QUALITY
from graph_build.quality import decode
from graph_build.query import query
from graph_build.questions import questions
from graph_build.store import Build
from graph_build.tables import as_csv
from graph_build.vocabulary import ontology_dir

JsonValue = str | int | bool | dict[str, str]
Context = Mapping[str, str | float | Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Written:
    """What an export wrote: the file or folder, and how many statements (quads, triples) or rows are in it."""

    path: Path
    statements: int
    what: str


@dataclass(frozen=True, slots=True)
class Format:
    """A format by name: the ending of its files, and whether it keeps named graphs."""

    name: str
    ending: str
    media: str
    rdf: ox.RdfFormat | None
    graphs: bool = False


FORMATS: Mapping[str, Format] = {
    f.name: f
    for f in (
        Format("turtle", ".ttl", "text/turtle", ox.RdfFormat.TURTLE),
        Format("trig", ".trig", "application/trig", ox.RdfFormat.TRIG, True),
        Format("nquads", ".nq", "application/n-quads", ox.RdfFormat.N_QUADS, True),
        Format("ntriples", ".nt", "application/n-triples", ox.RdfFormat.N_TRIPLES),
        Format("jsonld", ".jsonld", "application/ld+json", ox.RdfFormat.JSON_LD, True),
        Format("rdfxml", ".rdf", "application/rdf+xml", ox.RdfFormat.RDF_XML),
        Format("csv", "", "text/csv", None),
    )
}

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that no XML 1.0 document can hold, not even escaped (XML 1.0, section 2.2)."""


def export(build: Build, form: str, path: Path) -> Written:
    """Write a build to a file (a folder for `csv`), replacing what is there in one step when all of it is written.

    Raises InputError where the format is unknown, the place cannot be written, or something would be lost.
    """
    wanted = FORMATS.get(form) or next((f for f in FORMATS.values() if f.ending and f.ending == f".{form}"), None)
    if wanted is None:
        raise InputError(f"no format {form!r}", mend=f"formats: {', '.join(FORMATS)}")
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if wanted.rdf is None:
            return _tables(build, path, beside)
        if path.is_dir():
            raise InputError("this is a folder", str(path), "name a file")
        _write(build, wanted, beside)
        statements = _compare(build, wanted, beside)
        os.replace(beside, path)
    except OSError as error:
        raise InputError(f"it cannot be written: {error}", str(path), "choose another place with -o") from None
    finally:
        if beside.is_dir():
            shutil.rmtree(beside, ignore_errors=True)
        else:
            with suppress(OSError):
                beside.unlink()
    return Written(path, statements, "quads" if wanted.graphs else "triples")


def quads(build: Build) -> Iterator[ox.Quad]:
    """The quads of the build's canonical dump, by subject."""
    return ox.parse(path=str(build.dump), format=ox.RdfFormat.N_QUADS)


def triples(build: Build) -> Iterator[ox.Triple]:
    """The triples of all graphs but the rejected, each once, by subject."""
    rejected = f"{build.base}graph/rejected"
    kept = (q for q in quads(build) if _name(q.graph_name) != rejected)
    for _, group in groupby(kept, key=lambda q: q.subject):
        # The dump is sorted, so all triples of a subject stand together, once for each graph that holds them.
        yield from dict.fromkeys(q.triple for q in group)


def _name(node: object) -> str:
    return node.value if isinstance(node, ox.NamedNode) else ""


def _source(build: Build, form: Format) -> Iterator[ox.Quad] | Iterator[ox.Triple]:
    return quads(build) if form.graphs else triples(build)


def _write(build: Build, form: Format, path: Path) -> None:
    if form.name == "jsonld":
        with path.open("w", encoding="utf-8") as out:
            write_jsonld(build, out)
        return
    if form.name == "nquads":
        shutil.copyfile(build.dump, path)
        return
    statements: Iterator[ox.Quad] | Iterator[ox.Triple]
    if form.name == "rdfxml":
        statements = _xml(triples(build))
    elif form.name == "trig":
        # By graph, so that each graph is opened once.
        statements = (q for graph in graphs(build) for q in build.store.quads_for_pattern(None, None, None, graph))
    else:
        statements = _source(build, form)
    known = prefixes(build.base) if form.name in ("turtle", "trig", "rdfxml") else None
    ox.serialize(statements, output=str(path), format=form.rdf, prefixes=known)


def _xml(statements: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    for s in statements:
        if isinstance(s.object, ox.Literal) and _NOT_XML.search(s.object.value):
            raise InputError(
                f"XML cannot hold a control character, and {_name(s.subject)} has one in {_name(s.predicate)}",
                mend="export it as turtle, trig, nquads or jsonld",
            )
        yield s


def graphs(build: Build) -> list[ox.NamedNode]:
    """The named graphs of a build, by name."""
    return sorted((g for g in build.store.named_graphs() if isinstance(g, ox.NamedNode)), key=lambda g: g.value)


def _compare(build: Build, form: Format, path: Path) -> int:
    """How many statements the file holds; InputError where they are not those of the build."""
    assert form.rdf is not None
    wanted = _fingerprint(_source(build, form), form.graphs)
    try:
        got = _fingerprint(ox.parse(path=str(path), format=form.rdf), form.graphs)
    except SyntaxError as error:
        raise InputError(f"what was written as {form.name} cannot be read back: {error}", str(path)) from None
    if wanted != got:
        raise InputError(
            f"the export as {form.name} would not say the same: {wanted[0]} statements in the graph, {got[0]} in the file",
            str(path), "nothing was written; report this",
        )  # fmt: skip
    return wanted[0]


def _fingerprint(statements: Iterable[ox.Quad | ox.Triple], with_graphs: bool) -> tuple[int, int]:
    """Number of statements and a sum of their hashes, whatever their order."""
    number = total = 0
    for s in statements:
        text = f"{s.subject} {s.predicate} {s.object}"
        if with_graphs and isinstance(s, ox.Quad):
            text += f" {s.graph_name}"
        number += 1
        total = (total + int.from_bytes(blake2b(text.encode("utf-8"), digest_size=16).digest())) % (1 << 128)
    return number, total


def context() -> Context:
    """The JSON-LD context of the ontology: short names of its terms."""
    path = ontology_dir() / "context.jsonld"
    try:
        found: Context = json.loads(path.read_text(encoding="utf-8"))["@context"]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"the JSON-LD context cannot be read: {error}", str(path), "install the package again"
        ) from None
    return found


class _Names:
    """Compact names of IRIs under a context: terms for properties, prefixes for the rest."""

    def __init__(self, known: Context) -> None:
        spaces = {k: v for k, v in known.items() if isinstance(v, str) and re.match(r"https?:.*[/#]$", v)}
        self.spaces = sorted(spaces.items(), key=lambda item: -len(item[1]))
        self.terms: dict[str, tuple[str, bool]] = {}
        for term, value in known.items():
            target = value if isinstance(value, str) else value.get("@id", "") if isinstance(value, Mapping) else ""
            prefix, colon, rest = target.partition(":")
            if colon and prefix in spaces:
                self.terms[spaces[prefix] + rest] = (term, isinstance(value, Mapping))

    def iri(self, value: str) -> str:
        for prefix, space in self.spaces:
            rest = value[len(space) :] if value.startswith(space) else ""
            if rest and not rest.startswith("//"):
                return f"{prefix}:{rest}"
        return value


def write_jsonld(build: Build, out: TextIO) -> None:
    """All graphs as JSON-LD: one node object a graph, subjects sorted, in compact names of our own context."""
    # 'id' is the prefix of things in the other formats; here it is the key of a node, so things get 'thing'.
    known = {**context(), "thing": f"{build.base}id/", "graph": f"{build.base}graph/"}
    names = _Names(known)
    out.write('{"@context": ' + json.dumps(known, ensure_ascii=False) + ',\n"@graph": [')
    for n, graph in enumerate(graphs(build)):
        out.write(("," if n else "") + '\n{"id": ' + json.dumps(names.iri(graph.value)) + ', "@graph": [')
        nodes = sorted(
            (_node(subject, list(group), names) for subject, group in groupby(
                build.store.quads_for_pattern(None, None, None, graph), key=lambda q: q.subject
            )),
            key=lambda node: str(node["id"]),
        )  # fmt: skip
        out.write(",".join("\n " + json.dumps(node, ensure_ascii=False) for node in nodes) + "\n]}")
    out.write("\n]}\n")


def _node(subject: object, of: list[ox.Quad], names: _Names) -> dict[str, object]:
    node: dict[str, object] = {"id": names.iri(_name(subject))}
    by_property: dict[str, list[JsonValue]] = {}
    for quad in of:
        if quad.predicate.value == f"{RDF}type" and isinstance(quad.object, ox.NamedNode):
            by_property.setdefault("type", []).append(names.iri(quad.object.value))
            continue
        term, is_link = names.terms.get(quad.predicate.value, ("", False))
        by_property.setdefault(term or quad.predicate.value, []).append(_json(quad.object, is_link, names))
    for term, values in sorted(by_property.items()):
        values.sort(key=json.dumps)
        node[term] = values[0] if len(values) == 1 else values
    return node


def _json(term: object, is_link: bool, names: _Names) -> JsonValue:
    if isinstance(term, ox.NamedNode):
        return names.iri(term.value) if is_link else {"id": names.iri(term.value)}
    if not isinstance(term, ox.Literal):
        raise InputError(f"{term} has no place in our JSON-LD", mend="export it as nquads")
    kind = term.datatype.value
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if kind == f"{XSD}integer" and re.fullmatch(r"0|-?[1-9]\d{0,14}", term.value):
        return int(term.value)
    if kind == f"{XSD}boolean" and term.value in ("true", "false"):
        return term.value == "true"
    if kind == f"{XSD}string":
        return {"@value": term.value} if is_link else term.value
    return {"@value": term.value, "@type": names.iri(kind)}


def _quality(build: Build) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    """The report on data quality as tables: name, and lines with the heads first; none where the build has no report."""
    path = build.folder / QUALITY
    if not path.is_file():
        return
    report = decode(path.read_bytes())
    heads = ("document", "title", "date", "sentences", "with_facts", "facts", "unread")
    yield (
        "quality-coverage",
        [
            heads,
            *(
                (c.document, c.title, c.date, c.sentences, c.with_facts, sum(c.facts.values()), " | ".join(c.unread))
                for c in report.coverage
            ),
        ],
    )
    yield (
        "quality-doubts",
        [
            ("kind", "why", "things", "mentions"),
            *((d.kind, d.why, "; ".join(d.things), " | ".join(d.mentions)) for d in report.doubts),
        ],
    )


def _tables(build: Build, path: Path, beside: Path) -> Written:
    """Every named query that needs no parameter, and the report on data quality, as CSV files in a folder."""
    if path.exists() and not path.is_dir():
        raise InputError("this is a file", str(path), "name a folder")
    beside.mkdir()
    rows = 0
    for name, asked in questions().items():
        if not any(p.required for p in asked.parameters):
            table = query(build.store, asked)
            rows += len(table)
            (beside / f"{name}.csv").write_text(as_csv(table), encoding="utf-8", newline="")
    for name, lines in _quality(build):
        rows += len(lines) - 1
        with (beside / f"{name}.csv").open("w", encoding="utf-8", newline="") as table_file:
            csv.writer(table_file, lineterminator="\r\n").writerows(lines)
    path.mkdir(exist_ok=True)
    for file in sorted(beside.iterdir()):
        os.replace(file, path / file.name)
    return Written(path, rows, "rows")
