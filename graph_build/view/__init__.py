"""Pictures that answer a question, as SVG, as self-contained HTML, and as graph files.

    from graph_build import open_graph
    from graph_build.view import picture, write
    with open_graph("graph") as graph:
        write(picture(graph.source, "lineage", thing="symposium 2015"), Path("lineage.html"))

Nothing but this package is needed: no Node, no Graphviz, no network. The same graph gives the same bytes.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping

import pyoxigraph as ox

from graph_build.errors import QueryError
from graph_build.source import Source, StoreSource
from graph_build.view.attendance import attendance
from graph_build.view.commitments import commitments
from graph_build.view.lineage import lineage, lineage_svg
from graph_build.view.network import network
from graph_build.view.ontology import ontology
from graph_build.view.picture import KINDS, Edge, Node, Picture
from graph_build.view.timeline import timeline
from graph_build.view.write import FORMATS, render, write

__all__ = ["FORMATS", "KINDS", "Edge", "Node", "Picture", "lineage_svg", "picture", "render", "write"]

_MAKERS: Mapping[str, Callable[..., Picture]] = {
    "lineage": lineage,
    "timeline": timeline,
    "attendance": attendance,
    "network": network,
    "commitments": commitments,
    "ontology": ontology,
}


def picture(source: Source | ox.Store, kind: str, /, **options: object) -> Picture:
    """The picture of a kind of KINDS.

    Options are those of the function of that name in this package: `lineage` needs a `thing`. Raises QueryError for an
    unknown kind or option, and where a thing is not found.
    """
    where = StoreSource(source) if isinstance(source, ox.Store) else source
    make = _MAKERS.get(kind)
    if make is None:
        raise QueryError(f"no picture {kind!r}", mend=f"pictures: {', '.join(KINDS)}")
    known = set(inspect.signature(make).parameters) - {"source"}
    if wrong := sorted(set(options) - known):
        raise QueryError(f"a picture of {kind} has no option {wrong[0]!r}", mend=f"options: {', '.join(sorted(known))}")
    return make(where, **options)
