"""A graph in a notebook: questions give rows, a trace gives a networkx graph that Jupyter shows as a picture.

from graph_build import open_graph
graph = open_graph("graph")
graph.query("mandates", year=2013)
graph.trace("symposium 2015")
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import networkx as nx

from graph_build.compare import Difference, compare
from graph_build.explain import Explanation, explain
from graph_build.find import Found, find
from graph_build.query import query
from graph_build.questions import Question, questions
from graph_build.source import StoreSource
from graph_build.store import Build, open_build
from graph_build.tables import Table, visible
from graph_build.trace import BREADTH, STEPS, Hop, Trace, trace

if TYPE_CHECKING:
    Directed = nx.MultiDiGraph[str]
else:
    Directed = nx.MultiDiGraph

PICTURE = "graph_build.view:lineage_svg"
"""`module:function` that draws a Trace as an SVG text; a trace is shown as a table where it is not installed."""


def picture() -> Callable[[Trace], str] | None:
    """The function that draws a lineage, or None where there is none."""
    module, _, name = PICTURE.partition(":")
    if find_spec(module) is None:
        return None
    draw: Callable[[Trace], str] | None = getattr(import_module(module), name, None)
    return draw


class Lineage(Directed):
    """A trace as a directed multigraph, earlier things to later ones.

    Nodes are short ids with `label`, `kind`, `date`, `end`, `place`, `iri` and `focus`; edges have the relation as
    their key and `relation`, `step`, `beside`, and the first sentence's `quote`, `document` and `paragraph`, with all of
    them in `said`.
    """

    found: Trace | None = None

    @classmethod
    def of(cls, found: Trace) -> Lineage:
        """The graph of a trace."""
        made = cls()
        made.found = found
        for thing in (*found.things, *(t for h in found.beside for t in (h.earlier, h.later))):
            made.add_node(
                thing.id, label=thing.label, kind=thing.kind, date=thing.date, end=thing.end, place=thing.place,
                iri=thing.iri, focus=thing.iri == found.focus.iri,
            )  # fmt: skip
        for hop in found:
            made._join(hop, beside=False)
        for hop in found.beside:
            made._join(hop, beside=True)
        return made

    def _join(self, hop: Hop, *, beside: bool) -> None:
        first = hop.said[0] if hop.said else None
        self.add_edge(
            hop.earlier.id, hop.later.id, key=hop.relation, relation=hop.relation, step=hop.step, beside=beside,
            said=hop.said, quote=first.quote if first else "", document=first.document if first else "",
            paragraph=first.paragraph if first else "",
        )  # fmt: skip

    def table(self) -> Table:
        """The hops with their sentences as rows; empty for a graph that was not made from a trace."""
        return self.found.table() if self.found else Table((), ())

    def _repr_svg_(self) -> str | None:
        draw = picture()
        return draw(self.found) if draw and self.found else None

    def _repr_html_(self) -> str:
        # Jupyter prefers HTML where there is any, so the picture stands in it, and the sentences below.
        silence = "".join(
            f"<li>{escape(visible(g.thing.label))}: {escape(visible(str(g)))}</li>"
            for g in (self.found.gaps if self.found else ())
        )
        return f"<div>{self._repr_svg_() or ''}{self.table()._repr_html_()}{f'<ul>{silence}</ul>' if silence else ''}</div>"


class Graph:
    """One build of a graph, pinned while this is open: whatever is built meanwhile, it says the same."""

    def __init__(self, build: Build) -> None:
        self.build = build
        self.source = StoreSource(build.store)

    def query(self, name: str | Question, /, **parameters: object) -> Table:
        """The rows of a named query, or of the query in a file NAME.rq; a Table can be looped over as mappings."""
        return query(self.source, name, **parameters)

    def sparql(self, text: str) -> Table:
        """The rows of a SPARQL query."""
        return self.source.ask(text)

    def trace(self, thing: str, *, to: str | None = None, steps: int = STEPS, breadth: int = BREADTH) -> Lineage:
        """The lineage of a thing; Jupyter shows it as a picture with its sentences."""
        return Lineage.of(trace(self.source, thing, steps=steps, breadth=breadth, to=to))

    def explain(self, thing: str) -> Explanation:
        """Everything said of a thing."""
        return explain(self.source, thing)

    def find(self, words: str) -> tuple[Found, ...]:
        """Everything that these words may mean."""
        return find(self.source, words)

    def diff(self, later: Graph) -> Difference:
        """What another graph says differently from this one."""
        return compare(self.source, later.source)

    @property
    def queries(self) -> tuple[Question, ...]:
        """The named queries."""
        return tuple(questions().values())

    def close(self) -> None:
        """Let go of the build."""
        self.build.close()

    def __enter__(self) -> Graph:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace_: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Graph {self.build.name}: {len(self.build.manifest.documents)} documents>"


def open_graph(folder: Path | str = "graph") -> Graph:
    """The graph in use in a folder, or the build that the folder itself is; InputError where there is none."""
    return Graph(open_build(folder))
