"""Named queries as the server asks them: the same files, the same parameters as on the command line."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox

from graph_build.find import find_one
from graph_build.questions import question
from graph_build.source import StoreSource


def bound(store: ox.Store, name: str, given: Mapping[str, str]) -> str:
    """The SPARQL of a named query with its parameters in it; QueryError for an unknown name or a wrong value."""
    source = StoreSource(store)
    return question(name).bind(given, resolve=lambda words: find_one(source, words).iri)
