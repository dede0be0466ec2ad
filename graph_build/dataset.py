"""Quads as the build writes them: N-Triples lines by named graph, in canonical lexical forms.

A triple is one text `<s> <p> o` without the closing dot. The store rewrites some literals; the dump is therefore
written from these lines, and every literal is made here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from graph_build.iris import BASE, XSD

APART = ("evidence/", "rejected")
"""Graphs (local names or their beginnings) that are no part of the default graph."""

_ESCAPES = {c: f"\\u{c:04X}" for c in (*range(0x20), 0x7F)} | {
    8: "\\b",
    9: "\\t",
    10: "\\n",
    12: "\\f",
    13: "\\r",
    0x22: '\\"',
    0x5C: "\\\\",
}
"""The escapes of canonical N-Quads (RDF Dataset Canonicalization, section 5), and no others."""

_NEEDS_ESCAPE = re.compile(r'[\x00-\x1f\x7f"\\]')
_ILLEGAL = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MONTH = re.compile(r"\d{4}-\d\d")
_YEAR = re.compile(r"\d{4}")


def iri(value: str) -> str:
    """An IRI as N-Triples writes it; ValueError where a character in it is not allowed."""
    if _ILLEGAL.search(value):
        raise ValueError(f"{value!r} is no IRI")
    return f"<{value}>"


def text(value: str) -> str:
    """A plain string."""
    return f'"{value.translate(_ESCAPES) if _NEEDS_ESCAPE.search(value) else value}"'


def number(value: int) -> str:
    """An xsd:integer in its canonical form."""
    return f'"{int(value)}"^^<{XSD}integer>'


def truth(value: bool) -> str:
    """An xsd:boolean in its canonical form."""
    return f'"{"true" if value else "false"}"^^<{XSD}boolean>'


def moment(value: str) -> str:
    """A date as precise as it is known: xsd:date, xsd:gYearMonth or xsd:gYear; anything else stays a string,
    which the shapes then name."""
    if _DAY.fullmatch(value):
        return f'"{value}"^^<{XSD}date>'
    if _MONTH.fullmatch(value):
        return f'"{value}"^^<{XSD}gYearMonth>'
    if _YEAR.fullmatch(value):
        return f'"{value}"^^<{XSD}gYear>'
    return text(value)


@dataclass(frozen=True)
class Dataset:
    """The quads of a build.

    base    base IRI of its things, with its final slash
    graphs  local graph name ('document/…', 'evidence/…', 'entities' …) to its triples, sorted, each once
    """

    base: str = BASE
    graphs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def graph(self, name: str) -> str:
        """The IRI of a graph by its local name."""
        return f"{self.base}graph/{name}"

    @cached_property
    def default_names(self) -> tuple[str, ...]:
        """Names of the graphs whose union is the default graph."""
        return tuple(name for name in self.graphs if not name.startswith(APART))

    def default(self) -> Iterator[str]:
        """The triples of the default graph, sorted, each once."""
        return _union(self.graphs[name] for name in self.default_names)

    def nquads(self) -> Iterator[str]:
        """The canonical dump: every named graph's quads as N-Quads lines with their newline, in code point order."""
        # Sorting runs that are sorted already costs few comparisons, for the runs of two papers seldom overlap.
        return iter(
            sorted(
                line
                for name, lines in sorted(self.graphs.items())
                for graph in (f" {iri(self.graph(name))} .\n",)
                for line in [f"{triple}{graph}" for triple in lines]
            )
        )

    def ntriples(self, names: Iterable[str] | None = None) -> str:
        """Triples of some graphs (default: those of the default graph) as one N-Triples text."""
        chosen = self.default_names if names is None else tuple(names)
        return "".join(f"{triple} .\n" for triple in _union(self.graphs[name] for name in chosen))

    def counts(self) -> dict[str, int]:
        """Triples by kind of graph ('document', 'evidence', 'entities' …) and of the default graph."""
        counts: dict[str, int] = {}
        for name, lines in self.graphs.items():
            kind = name.split("/", 1)[0]
            counts[kind] = counts.get(kind, 0) + len(lines)
        return dict(sorted(counts.items()))


def _union(graphs: Iterable[Iterable[str]]) -> Iterator[str]:
    # One sort of sorted runs; merging thousands of them line by line in Python takes ten times as long.
    last = None
    for line in sorted(chain.from_iterable(graphs)):
        if line != last:
            yield line
            last = line
