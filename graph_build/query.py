"""Ask a named question of a graph, in process or at an endpoint; the answer is a Table either way."""

from __future__ import annotations

import pyoxigraph as ox

from graph_build.find import find_one
from graph_build.questions import Question, question
from graph_build.source import EndpointSource, Source, StoreSource
from graph_build.tables import Table

__all__ = ["EndpointSource", "Source", "StoreSource", "query"]


def query(source: Source | ox.Store, name: str | Question, /, **parameters: object) -> Table:
    """The answer to a named query (or to the query in a file NAME.rq) with typed parameters.

    Raises QueryError for an unknown name or parameter, a value of the wrong type, a thing that is not found or not the
    only one of its name, and where the graph cannot answer.
    """
    asked = question(name) if isinstance(name, str) else name
    where = StoreSource(source) if isinstance(source, ox.Store) else source
    answer = where.ask(asked.bind(parameters, resolve=lambda words: find_one(where, words).iri))
    return Table(answer.columns, answer.terms, asked.title, answer.answer)
