"""What answers SPARQL: a build's store in process, or an endpoint over HTTP. The same text, the same answer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Protocol

import pyoxigraph as ox

from graph_build.errors import QueryError
from graph_build.tables import Table, Term


class Source(Protocol):
    """What answers SPARQL."""

    def ask(self, sparql: str) -> Table:
        """The answer to a SPARQL query; QueryError where the query is wrong or cannot be answered."""


class StoreSource:
    """A pyoxigraph store, opened read-only by whoever owns it."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store

    def ask(self, sparql: str) -> Table:
        try:
            answer = self.store.query(sparql)
        except SyntaxError as error:
            raise QueryError(f"not a SPARQL query: {error}", mend="see the line and column") from None
        except (OSError, RuntimeError) as error:
            raise QueryError(f"the graph could not answer: {error}") from None
        if isinstance(answer, ox.QueryBoolean):
            return _yes_or_no(bool(answer))
        if isinstance(answer, ox.QueryTriples):
            return Table(("subject", "predicate", "object"), tuple(tuple(t) for t in answer))
        columns = tuple(v.value for v in answer.variables)
        try:
            return Table(columns, tuple(tuple(row) for row in answer))
        except RuntimeError as error:
            raise QueryError(f"the graph could not answer: {error}") from None


def _yes_or_no(answer: bool) -> Table:
    return Table(("answer",), ((ox.Literal(answer),),), answer=answer)


class EndpointSource:
    """A SPARQL 1.1 endpoint, asked over HTTP by SPARQLWrapper; `timeout` in seconds."""

    def __init__(self, url: str, timeout: int = 60) -> None:
        if not re.match(r"https?://[^\s/]+", url):
            raise QueryError(f"not the address of an endpoint: {url!r}", mend="give http://host:port/path")
        self.url, self.timeout = url, timeout

    def ask(self, sparql: str) -> Table:
        from urllib.error import URLError

        from SPARQLWrapper import JSON, POST, TURTLE, URLENCODED, SPARQLWrapper
        from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

        wrapper = SPARQLWrapper(self.url)
        wrapper.setTimeout(self.timeout)
        # A form POST: long queries fit, and it is the one form that every endpoint we know answers.
        wrapper.setMethod(POST)
        wrapper.setRequestMethod(URLENCODED)
        # SPARQLWrapper takes the first keyword that it meets for the form of the query, in a header's words too.
        wrapper.setQuery(re.sub(r"\A(?:\s*#[^\n]*\n)+", "", sparql))
        graph = wrapper.queryType in ("CONSTRUCT", "DESCRIBE")
        wrapper.setReturnFormat(TURTLE if graph else JSON)
        try:
            reply = wrapper.query()
            body = reply.response.read()
            kind = str(reply.info().get("content-type", ""))
        except SPARQLWrapperException as error:
            said = re.sub(r"\s+", " ", str(error))[:400]
            raise QueryError(f"the endpoint refused the query: {said}", self.url) from None
        except (URLError, OSError, ValueError) as error:
            raise QueryError(f"the endpoint cannot be reached: {error}", self.url, "is it running?") from None
        return self._graph(body) if graph else self._table(body, kind)

    def _graph(self, body: bytes) -> Table:
        try:
            triples = [quad.triple for quad in ox.parse(body, format=ox.RdfFormat.TURTLE)]
        except SyntaxError as error:
            raise QueryError(f"the endpoint's answer is no Turtle: {error}", self.url) from None
        return Table(("subject", "predicate", "object"), tuple(tuple(t) for t in triples))

    def _table(self, body: bytes, kind: str) -> Table:
        try:
            answer = json.loads(body)
            if "boolean" in answer:
                return _yes_or_no(bool(answer["boolean"]))
            columns = tuple(answer["head"]["vars"])
            rows = tuple(tuple(_term(b[c]) if c in b else None for c in columns) for b in answer["results"]["bindings"])
        except (ValueError, KeyError, TypeError) as error:
            # A server that runs out of time in the middle may answer 200 with half a body.
            raise QueryError(
                f"the endpoint's answer ({kind or 'no type'}) is cut or no result: {error}", self.url
            ) from None
        return Table(columns, rows)


def _term(cell: Mapping[str, str]) -> Term:
    value = cell["value"]
    if cell["type"] == "uri":
        return ox.NamedNode(value)
    if cell["type"] == "bnode":
        return ox.BlankNode(value)
    if "xml:lang" in cell:
        return ox.Literal(value, language=cell["xml:lang"])
    return ox.Literal(value, datatype=ox.NamedNode(cell["datatype"])) if "datatype" in cell else ox.Literal(value)
