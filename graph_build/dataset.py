"""Quads as the build writes them: N-Triples lines by named graph, in canonical lexical forms.

A triple is one text `<s> <p> o` without the closing dot. The store rewrites some literals; the dump is therefore
written from these lines, and every literal is made here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from heapq import merge
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryFile

from graph_build.iris import BASE, XSD

APART = ("evidence/", "rejected")
"""Graphs (local names or their beginnings) that are no part of the default graph."""

RUN = 500_000
"""Lines that are sorted in memory at a time: some 150 MB."""

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


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of one graph that change together.

    graph   local name of the graph; a graph's parts share no line
    name    the part's own name, which it keeps from build to build: 'document/x', 'derived#17'
    digest  parts with the same digest have the same lines
    size    how many lines
    lines   gives the lines, sorted; read when they are needed, so that a large graph need not stand in memory
    types   gives those of them that say of what class a node is, where that is quicker
    """

    graph: str
    name: str
    digest: str
    size: int
    lines: Callable[[], tuple[str, ...]]
    types: Callable[[], tuple[str, ...]] | None = None


class Graphs(Mapping[str, tuple[str, ...]]):
    """The graphs of a build by local name, made of parts whose lines are read each time they are asked for."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self.parts = tuple(sorted(parts, key=lambda part: (part.graph, part.name)))
        self._by_graph: dict[str, list[Part]] = {}
        for part in self.parts:
            self._by_graph.setdefault(part.graph, []).append(part)

    def __getitem__(self, name: str) -> tuple[str, ...]:
        parts = self._by_graph[name]
        return parts[0].lines() if len(parts) == 1 else tuple(sorted(chain.from_iterable(p.lines() for p in parts)))

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_graph)

    def __len__(self) -> int:
        return len(self._by_graph)

    def size(self, name: str) -> int:
        """How many lines a graph has, without reading them."""
        return sum(part.size for part in self._by_graph[name])


@dataclass(frozen=True)
class Dataset:
    """The quads of a build.

    base    base IRI of its things, with its final slash
    graphs  local graph name ('document/…', 'evidence/…', 'entities' …) to its triples, sorted, each once
    """

    base: str = BASE
    graphs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of its graphs, where it is made of parts that are known from build to build."""
        return self.graphs.parts if isinstance(self.graphs, Graphs) else ()

    def graph(self, name: str) -> str:
        """The IRI of a graph by its local name."""
        return f"{self.base}graph/{name}"

    @cached_property
    def default_names(self) -> tuple[str, ...]:
        """Names of the graphs whose union is the default graph."""
        return tuple(name for name in self.graphs if not name.startswith(APART))

    def size(self, name: str) -> int:
        """How many triples a graph has."""
        return self.graphs.size(name) if isinstance(self.graphs, Graphs) else len(self.graphs[name])

    def default(self, folder: Path | None = None) -> Iterator[str]:
        """The triples of the default graph, sorted, each once. `folder`: see `in_order`."""
        return _once(in_order((line for name in self.default_names for line in self.graphs[name]), folder))

    def nquads(self, folder: Path | None = None) -> Iterator[str]:
        """The canonical dump: every named graph's quads as N-Quads lines with their newline, in code point order.
        `folder`: see `in_order`."""
        quads = (
            f"{triple}{graph}"
            for name in sorted(self.graphs)
            for graph in (f" {iri(self.graph(name))} .",)
            for triple in self.graphs[name]
        )
        return (f"{quad}\n" for quad in in_order(quads, folder))

    def ntriples(self, names: Iterable[str] | None = None) -> str:
        """Triples of some graphs (default: those of the default graph) as one N-Triples text."""
        chosen = self.default_names if names is None else tuple(names)
        lines = sorted(line for name in chosen for line in self.graphs[name])
        return "".join(f"{triple} .\n" for triple in _once(iter(lines)))

    def counts(self) -> dict[str, int]:
        """Triples by kind of graph ('document', 'evidence', 'entities' …) and of the default graph."""
        counts: dict[str, int] = {}
        for name in self.graphs:
            kind = name.split("/", 1)[0]
            counts[kind] = counts.get(kind, 0) + self.size(name)
        return dict(sorted(counts.items()))


def _once(lines: Iterator[str]) -> Iterator[str]:
    last = None
    for line in lines:
        if line != last:
            yield line
            last = line


def in_order(lines: Iterable[str], folder: Path | None = None) -> Iterator[str]:
    """Lines in code point order; those that are too many for memory wait in sorted runs on the disk.

    folder  where they wait; None for the system's folder of temporary files
    """
    source = iter(lines)
    run = sorted(islice(source, RUN))
    if len(run) < RUN:
        yield from run
        return
    with ExitStack() as files:
        runs: list[Iterator[str]] = []
        while run:
            file = files.enter_context(TemporaryFile("w+", encoding="utf-8", newline="\n", dir=folder))
            file.writelines(f"{line}\n" for line in run)
            file.seek(0)
            runs.append(map(_without_newline, file))
            run = sorted(islice(source, RUN))
        # Few long runs: merging thousands of short ones line by line takes ten times as long as one sort.
        yield from merge(*runs)


def _without_newline(line: str) -> str:
    return line[:-1]
