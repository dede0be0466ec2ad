"""A picture as records: nodes and edges of one query result, from which both the drawing and the table are made."""

from __future__ import annotations

from dataclasses import dataclass, field

from graph_build.tables import Table
from graph_build.trace import Said

KINDS = ("lineage", "timeline", "attendance", "network", "commitments", "ontology")
"""The kinds of pictures."""

Value = str | int | float | bool
Attributes = tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A thing in a picture.

    id         short id, unique in the picture
    iri        its IRI, '' for what stands for several things or for none
    kind       class of the thing ('Meeting', 'Directive', 'State' ...), 'Gap' for a follow-up that is missing
    date, end  as the graph has them: YYYY, YYYY-MM or YYYY-MM-DD, '' where unknown
    note       what is to be said of it: 'no paper of it is held here'
    members    ids of the things that it stands for, where it is a group
    more       further attributes, by name
    """

    id: str
    label: str
    kind: str
    iri: str = ""
    date: str = ""
    end: str = ""
    place: str = ""
    note: str = ""
    focus: bool = False
    held: bool = True
    members: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()
    more: Attributes = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """A tie between two nodes (by id), with its relation, the words for it, and the sentences that say so."""

    source: str
    target: str
    relation: str
    label: str = ""
    said: tuple[Said, ...] = ()
    date: str = ""
    weight: int = 1
    beside: bool = False
    more: Attributes = ()


@dataclass(frozen=True)
class Picture:
    """A picture that answers one question.

    summary  one or two sentences that say what is to be seen, for those who do not see it
    nodes, edges  everything that the picture stands for, what it groups included
    table    the same as rows
    notes    what is grouped, cut or not known
    svg      the drawing, a whole SVG 1.1 document
    wider    the same question with more steps: (what a reader chooses, picture)
    directed whether its edges have a direction
    """

    kind: str
    title: str
    summary: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    table: Table
    svg: str
    notes: tuple[str, ...] = ()
    wider: tuple[tuple[str, Picture], ...] = ()
    chosen: str = ""
    directed: bool = True
    drawn: tuple[tuple[Node, ...], tuple[Edge, ...]] = field(default=((), ()), repr=False)
    """The nodes and edges as they were drawn, groups among them."""

    @property
    def html(self) -> str:
        """The picture as one self-contained HTML page that loads nothing."""
        from graph_build.view.page import page

        return page(self)

    @property
    def fragment(self) -> str:
        """The picture, its panel and its table as HTML for the inside of a page, without style and script."""
        from graph_build.view.page import fragment

        return fragment(self)

    def _repr_svg_(self) -> str:
        return self.svg
