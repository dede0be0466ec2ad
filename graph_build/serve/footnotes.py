"""Footnotes: for each row of a SELECT, the sentences that support its bindings, without changing the query.

A row follows from triples: the triple patterns of the query with the row's values in them. So the query is asked once
more with all its visible variables, each pattern of each solution becomes triples that stand in the store, and each
triple leads to the statements that say it:

- a triple of a statement (a participation, a commitment, an account …) to that statement;
- a direct triple (`?meeting cq:hadHost ?actor`, `?x cq:establishes ?y`, `cq:memberOf`, `cq:leadsTo`) to the statements
  that it was made from;
- a value of an entity (`cq:start`, `cq:city`, `rdfs:label` …) to the accounts that give this very value.

What a row has from no sentence (a class, a code of the reference data, the ontology) has no footnote. Rows of a query
without DISTINCT and groups are solved with the same order and limit, one to one; other rows are matched by what they
have in common with the solutions behind them, so a group has the sentences of all its members. Absence (MINUS, NOT
EXISTS) has no sentence. A query that cannot be read so gets no footnotes, and is told why.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox
from rdflib import BNode, Literal, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, Path, SequencePath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from graph_build.iris import CQ, DCTERMS, RDFS, SCHEME, SKOS, local
from graph_build.serve.jobs import Footnote, Notes
from graph_build.serve.results import Term

EACH = 12
"""Sentences of one row; further ones are counted."""
SOLUTIONS = 20_000
"""Solutions behind an answer that are looked through."""
HOPS = 6
"""Steps of a path without end that are followed."""

Node = ox.NamedNode | ox.Literal | ox.BlankNode
_LINKS = (
    "deliversOn", "establishes", "consideredAt", "incorporatedInto", "reviews", "prepares", "adopts", "heldBy", "partOf",
    "follows", "refersTo",
)  # fmt: skip
_CAPACITIES = {"hadHost": "host", "hadCoChair": "co-chair", "hadParticipant": "participant", "hadObserver": "observer"}
_VALUES = {
    f"{CQ}{n}": f"{CQ}{n}" for n in ("start", "end", "city", "country", "ordinal", "periodStart", "periodEnd")
} | {f"{RDFS}label": f"{CQ}name", f"{SKOS}altLabel": f"{CQ}otherName", f"{CQ}acronym": f"{CQ}otherName"}
"""Properties of entities and those of the accounts that give the same value."""


def footnotes(
    store: ox.Store,
    query: str,
    names: Sequence[str],
    rows: Sequence[Sequence[Term]],
    base: str = "",
    default: Sequence[str] | None = None,
    named: Sequence[str] | None = None,
) -> Notes:
    """The sentences behind each row of an answer (see above); never raises for a query that the engine could answer."""
    try:
        return _derive(store, query, names, rows, base, default, named)
    except _UnreadableError as reason:
        return Notes(False, str(reason), ())
    except (ValueError, SyntaxError) as error:
        return Notes(False, f"the query uses something from which footnotes cannot be derived ({error})"[:300], ())


def _derive(
    store: ox.Store,
    query: str,
    names: Sequence[str],
    rows: Sequence[Sequence[Term]],
    base: str,
    default: Sequence[str] | None,
    named: Sequence[str] | None,
) -> Notes:
    shape = read(query, base)
    if not shape.patterns:
        return Notes(False, "the query has no triple pattern whose values can be seen from outside", ())
    graphs: dict[str, Any] = {
        "base_iri": base or None,
        "default_graph": None if default is None else [ox.NamedNode(g) for g in default],
        "named_graphs": None if named is None else [ox.NamedNode(g) for g in named],
    }
    groups = list(_solutions(store, shape, names, rows, graphs))
    finder = _Finder(store)
    noted, more = [], []
    for solutions in groups:
        found: dict[str, Footnote] = {}
        for solution in (full for s in solutions for full in finder.filled(shape, s)):
            for pattern in shape.patterns:
                for note in finder.notes(pattern, solution):
                    known = found.get(note.passage)
                    supports = tuple(dict.fromkeys((*known.supports, *note.supports))) if known else note.supports
                    found[note.passage] = _with(note if known is None else known, supports)
        ordered = sorted(found.values(), key=lambda n: (n.path, n.start, n.end))
        noted.append(tuple(ordered[:EACH]))
        more.append(max(0, len(ordered) - EACH))
    because = (
        "" if any(noted) else "no sentence stands behind these rows: they come from the ontology or reference data"
    )
    return Notes(True, because, tuple(noted), tuple(more))


def _with(note: Footnote, supports: tuple[str, ...]) -> Footnote:
    import msgspec

    return msgspec.structs.replace(note, supports=supports)


class _UnreadableError(Exception):
    """Why no footnotes can be derived."""


@dataclass(frozen=True)
class Pattern:
    """A triple pattern; `path` is an IRI, a variable or a property path."""

    subject: Any
    path: Any
    object: Any


@dataclass(frozen=True)
class Shape:
    """What a query asks, as far as footnotes go.

    head, where, tail   its text before SELECT, its WHERE clause with dataset, its modifiers
    patterns   triple patterns that every solution, or an optional part of it, satisfies
    visible    variables bound in WHERE
    blanks     the patterns with blank nodes, those that share one together
    plain      whether rows and solutions are one to one: no DISTINCT, REDUCED, group or aggregate
    keys       variables by which rows of another query are matched with their solutions
    projection  the SELECT clause without the word SELECT
    """

    head: str
    where: str
    tail: str
    patterns: tuple[Pattern, ...]
    visible: tuple[str, ...]
    plain: bool
    keys: tuple[str, ...]
    projection: str
    blanks: tuple[tuple[Pattern, ...], ...] = ()


def read(query: str, base: str = "") -> Shape:
    """The shape of a SELECT query; _UnreadableError where footnotes cannot be derived from it."""
    try:
        parsed = parseQuery(query)
        algebra = translateQuery(parsed, base=base or None).algebra
    except Exception as error:  # a parser of another library: whatever it cannot read has no footnotes
        raise _UnreadableError(
            f"the query uses something from which footnotes cannot be derived ({type(error).__name__})"
        ) from None
    if algebra.name != "SelectQuery":
        raise _UnreadableError("footnotes are for the rows of a SELECT")
    clause = parsed[1]
    patterns: list[Pattern] = []
    visible: dict[str, None] = {}
    inner = _inner(algebra)
    _walk(inner, patterns, visible, top=True)
    grouped = any(part.name in ("AggregateJoin", "Group") for part in _chain(algebra))
    distinct = bool(clause.get("modifier"))
    select, where_start, where_end = _split(query)
    asked = [str(v) for v in algebra.PV]
    keys = tuple(v for v in asked if v in visible)
    tail = query[where_end:]
    return Shape(
        query[: select[0]], query[where_start:where_end], tail, tuple(dict.fromkeys(patterns)), tuple(visible),
        not grouped and not distinct, keys, query[select[1] : where_start],
        _sharing(patterns),
    )  # fmt: skip


def _selected(part: Any) -> list[Any]:
    return list(part["PV"]) if "PV" in part else []


def _sharing(patterns: Iterable[Pattern]) -> tuple[tuple[Pattern, ...], ...]:
    """Patterns with blank nodes in groups that share one."""
    groups: list[tuple[set[BNode], list[Pattern]]] = []
    for pattern in dict.fromkeys(patterns):
        nodes = {x for x in (pattern.subject, pattern.object) if isinstance(x, BNode)}
        if not nodes:
            continue
        joined: list[Pattern] = [pattern]
        for group in [g for g in groups if g[0] & nodes]:
            nodes, joined = nodes | group[0], group[1] + joined
            groups.remove(group)
        groups.append((nodes, joined))
    return tuple(tuple(group) for _, group in groups)


def _chain(part: Any) -> Iterator[Any]:
    while isinstance(part, CompValue):
        yield part
        part = part.get("p")


def _inner(algebra: Any) -> Any:
    """The part of the algebra that is the WHERE clause: below projection, order, extension, groups."""
    part = next((p.p for p in _chain(algebra) if p.name == "Group"), algebra)
    while isinstance(part, CompValue) and part.name in (
        "SelectQuery", "Slice", "Project", "OrderBy", "Distinct", "Reduced",
    ):  # fmt: skip
        part = part.p
    return part


def _walk(part: Any, patterns: list[Pattern], visible: dict[str, None], top: bool) -> None:
    if not isinstance(part, CompValue):
        return
    if part.name in ("BGP", "TriplesBlock"):
        for s, p, o in part.triples:
            patterns.append(Pattern(s, p, o))
            visible.update({str(x): None for x in (s, p, o) if isinstance(x, Variable)})
    elif part.name == "ToMultiSet":
        if "p" in part:
            # A query within: its own variables are not seen outside, those that it selects are.
            within: list[Pattern] = []
            seen: dict[str, None] = {}
            _walk(_inner(part.p), within, seen, top=False)
            selected = {str(v) for v in _selected(part.p)}
            visible.update(dict.fromkeys(v for v in seen if v in selected))
            patterns += [
                p for p in within
                if all(not isinstance(x, Variable) or str(x) in selected for x in (p.subject, p.path, p.object))
            ]  # fmt: skip
            visible.update(dict.fromkeys(selected))
        for row in list(part["res"]) if "res" in part else []:  # its `get` takes other arguments
            visible.update({str(v): None for v in row})
    elif part.name == "Graph":
        if isinstance(part.term, Variable):
            visible[str(part.term)] = None
        _walk(part.p, patterns, visible, top)
    elif part.name == "Extend":
        _walk(part.p, patterns, visible, top)
        if "__agg" not in str(part.var):
            visible[str(part.var)] = None
    elif part.name == "Minus":
        _walk(part.p1, patterns, visible, top)
    elif part.name in ("Join", "LeftJoin", "Union"):
        _walk(part.p1, patterns, visible, top)
        _walk(part.p2, patterns, visible, top)
    else:
        for name in ("p", "p1", "p2"):
            _walk(part.get(name), patterns, visible, top)


_SKIPPED = re.compile(
    r"""\#[^\n\r]* | <[^<>"{}|^`\\\x00-\x20]*> | \"\"\"(?:"{0,2}(?:[^"\\]|\\.))*+\"\"\" | '''(?:'{0,2}(?:[^'\\]|\\.))*+'''
      | "(?:[^"\\\n\r]|\\.)*+" | '(?:[^'\\\n\r]|\\.)*+' | [?$]\w+ | [\w-]*:[\w.:%\\-]* | (?P<word>[A-Za-z]+) | (?P<mark>[{}()])""",
    re.X | re.S,
)


def _split(query: str) -> tuple[tuple[int, int], int, int]:
    """Where SELECT stands, and where the dataset and WHERE clause begin and end."""
    select: tuple[int, int] | None = None
    start = -1
    depth = round_ = 0
    for match in _SKIPPED.finditer(query):
        word, mark = match["word"], match["mark"]
        if mark == "(":
            round_ += 1
        elif mark == ")":
            round_ -= 1
        elif mark == "{":
            if depth == 0 and start < 0:
                start = match.start()
            depth += 1
        elif mark == "}":
            depth -= 1
            if depth == 0 and select is not None:
                return select, start, match.end()
        elif word and depth == 0 and round_ == 0:
            if word.upper() == "SELECT" and select is None:
                select = match.span()
            elif word.upper() in ("FROM", "WHERE") and select is not None and start < 0:
                start = match.start()
    raise _UnreadableError("the query has no WHERE clause that can be told apart")


def _solutions(
    store: ox.Store, shape: Shape, names: Sequence[str], rows: Sequence[Sequence[Term]], graphs: dict[str, Any]
) -> Iterator[list[dict[str, Node]]]:
    """The solutions behind each row."""
    if shape.plain:
        extra = " ".join(f"?{v}" for v in shape.visible if v not in names)
        star = shape.projection.strip() == "*"
        text = f"{shape.head}SELECT {shape.projection}{'' if star else ' ' + extra} {shape.where}{shape.tail}"
        results = store.query(text, **graphs)
        assert isinstance(results, ox.QuerySolutions)
        seen = [v.value for v in results.variables]
        for _, solution in zip(rows, results, strict=False):
            yield [_bound(seen, solution)]
        return
    values = "" if not re.search(r"\bVALUES\b", shape.tail, re.I) else shape.tail[_last_values(shape.tail) :]
    text = f"{shape.head}SELECT {' '.join(f'?{v}' for v in shape.visible)} {shape.where} {values}"
    results = store.query(text, **graphs)
    assert isinstance(results, ox.QuerySolutions)
    at = {n: i for i, n in enumerate(names)}
    groups: defaultdict[tuple[Any, ...], list[dict[str, Node]]] = defaultdict(list)
    seen = [v.value for v in results.variables]
    for number, solution in enumerate(results):
        if number == SOLUTIONS:
            break
        bound = _bound(seen, solution)
        groups[tuple(bound.get(k) for k in shape.keys)].append(bound)
    for row in rows:
        yield groups.get(tuple(row[at[k]] for k in shape.keys), [])


def _last_values(tail: str) -> int:
    return max((m.start() for m in re.finditer(r"\bVALUES\b", tail, re.I)), default=len(tail))


def _bound(names: Sequence[str], solution: Iterable[Any]) -> dict[str, Node]:
    return {
        n: t for n, t in zip(names, solution, strict=True) if isinstance(t, (ox.NamedNode, ox.Literal, ox.BlankNode))
    }


@dataclass
class _Finder:
    """Sentences of triples, each triple looked up once."""

    store: ox.Store
    of_triple: dict[tuple[Any, ...], tuple[Footnote, ...]] = field(default_factory=dict)
    of_statement: dict[ox.NamedNode, tuple[Footnote, ...]] = field(default_factory=dict)
    documents: dict[str, tuple[str, str]] = field(default_factory=dict)

    def notes(self, pattern: Pattern, solution: dict[str, Node]) -> Iterator[Footnote]:
        """The sentences behind a pattern in a solution, naming the variables that they support."""
        ends = [_term(x, solution) for x in (pattern.subject, pattern.object)]
        path = pattern.path
        if isinstance(path, Variable):
            bound = solution.get(str(path))
            if not isinstance(bound, ox.NamedNode):
                return
            path = URIRef(bound.value)
        subject, target = ends
        if subject is None or target is None:
            return
        supports = tuple(str(x) for x in (pattern.subject, pattern.object) if isinstance(x, Variable))
        for triple in self._triples(path, subject, target):
            for note in self._of(triple):
                yield _with(note, supports)

    def filled(self, shape: Shape, solution: dict[str, Node]) -> list[dict[str, Node]]:
        """A solution with the nodes that stand for the query's blank nodes: those that fit all their patterns at once."""
        found = [solution]
        for patterns in shape.blanks:
            asked = " . ".join(
                f"{_sparql(p.subject, solution)} {_sparql(p.path, solution)} {_sparql(p.object, solution)}"
                for p in patterns
            )
            results = self.store.query(f"SELECT * {{ {asked} }} LIMIT 5", use_default_graph_as_union=True)
            assert isinstance(results, ox.QuerySolutions)
            names = [v.value for v in results.variables]
            more = [_bound(names, r) for r in results]
            found = [
                {**one, **{f"_:{k[6:]}": v for k, v in m.items() if k.startswith("blank_")}}
                for one in found
                for m in more
            ]
        return found or [solution]

    def _triples(self, path: Any, subject: Any, target: Any) -> list[tuple[Any, Any, Any]]:
        """The triples by which a path leads from one node to another (None for any); none where it does not."""
        return next((list(dict.fromkeys(way)) for way, _ in self._ways(path, subject, target, HOPS) if way), [])

    def _ways(
        self, path: Any, subject: Any, target: Any, hops: int
    ) -> Iterator[tuple[list[tuple[Any, Any, Any]], Any]]:
        """Ways along a path from a node: the triples, and the node where each ends."""
        if isinstance(path, URIRef):
            if isinstance(subject, ox.Literal):
                return
            for quad in self.store.quads_for_pattern(subject, ox.NamedNode(_plain(path)), target, None):
                yield [(quad.subject, quad.predicate, quad.object)], quad.object
        elif isinstance(path, InvPath):
            if subject is None or isinstance(subject, ox.Literal) and target is None:
                return
            for way, _ in self._ways(path.arg, target, subject, hops):
                yield way, way[0][0] if way else subject
        elif isinstance(path, AlternativePath):
            for part in path.args:
                yield from self._ways(part, subject, target, hops)
        elif isinstance(path, SequencePath):
            first, rest = path.args[0], path.args[1:]
            if not rest:
                yield from self._ways(first, subject, target, hops)
                return
            further: Any = rest[0] if len(rest) == 1 else SequencePath(*rest)
            for number, (way, middle) in enumerate(self._ways(first, subject, None, hops)):
                if number > 500:
                    return
                for more, end in self._ways(further, middle, target, hops):
                    yield way + more, end
        elif isinstance(path, MulPath):
            if path.zero and subject == target:
                yield [], subject
            if hops <= 0:
                return
            for number, (way, middle) in enumerate(self._ways(path.path, subject, None, hops)):
                if number > 500:
                    return
                if target is None or middle == target:
                    yield way, middle
                elif path.more:
                    for more, end in self._ways(MulPath(path.path, "+"), middle, target, hops - 1):
                        yield way + more, end
        elif isinstance(path, (NegatedPath, Path)):
            return

    def _of(self, triple: tuple[Any, Any, Any]) -> tuple[Footnote, ...]:
        known = self.of_triple.get(triple)
        if known is None:
            found: dict[str, Footnote] = {}
            for statement in self._statements(*triple):
                found.update((n.passage, n) for n in self._saying(self._shown(statement), triple[2]))
            known = self.of_triple[triple] = tuple(found.values())
        return known

    def _objects(self, subject: Any, predicate: str) -> list[Any]:
        return list(
            dict.fromkeys(q.object for q in self.store.quads_for_pattern(subject, ox.NamedNode(predicate), None, None))
        )

    def _subjects(self, predicate: str, target: Any) -> list[Any]:
        return list(
            dict.fromkeys(q.subject for q in self.store.quads_for_pattern(None, ox.NamedNode(predicate), target, None))
        )

    def _has(self, subject: Any, predicate: str, target: Any) -> bool:
        return (
            next(iter(self.store.quads_for_pattern(subject, ox.NamedNode(predicate), target, None)), None) is not None
        )

    def _statements(self, subject: Any, predicate: Any, target: Any) -> Iterator[ox.NamedNode]:
        """The statements from which a triple comes."""
        name = local(predicate.value) if predicate.value.startswith(CQ) else ""
        if predicate.value.endswith("#type") or predicate.value.startswith(SCHEME):
            return
        if self._objects(subject, f"{CQ}statedIn") or self._has(subject, f"{CQ}passageOf", None):
            yield subject
        elif name in _CAPACITIES or name == "hadParty":
            concept = ox.NamedNode(f"{SCHEME}capacity/{_CAPACITIES[name]}") if name in _CAPACITIES else None
            for statement in self._subjects(f"{CQ}meeting", subject):
                if self._has(statement, f"{CQ}actor", target) and self._has(statement, f"{CQ}capacity", concept):
                    yield statement
        elif name == "memberOf":
            for statement in self._subjects(f"{CQ}body", target):
                if self._has(statement, f"{CQ}actor", subject):
                    yield statement
        elif name in _LINKS:
            concept = ox.NamedNode(f"{SCHEME}relation/{name}")
            for statement in self._subjects(f"{CQ}source", subject):
                if self._has(statement, f"{CQ}target", target) and self._has(statement, f"{CQ}relation", concept):
                    yield statement
        elif name in ("leadsTo", "resultsFrom", "leadsToEventually"):
            earlier, later = (subject, target) if name != "resultsFrom" else (target, subject)
            for a, b in ((earlier, later), (later, earlier)):
                for statement in self._subjects(f"{CQ}source", a):
                    if self._has(statement, f"{CQ}target", b):
                        yield statement
        elif predicate.value in _VALUES:
            for statement in self._subjects(f"{CQ}about", subject):
                if self._has(statement, _VALUES[predicate.value], target) or (
                    predicate.value == f"{RDFS}label" and self._has(statement, f"{CQ}otherName", target)
                ):
                    yield statement
        elif name in ("inSeries", "place", "inInstrumentSeries", "publishedFor", "parentBody"):
            about = target if name == "publishedFor" else subject
            for statement in self._subjects(f"{CQ}about", about):
                if name != "publishedFor" or self._has(statement, f"{CQ}statedIn", subject):
                    yield statement

    def _saying(self, notes: tuple[Footnote, ...], target: Any) -> tuple[Footnote, ...]:
        """Of a statement's sentences those that hold a value, where any does; else the one that shows the statement."""
        if not isinstance(target, ox.Literal):
            return notes[:1]
        words = target.value.casefold()
        dated = re.match(r"(\d{4})(?:-\d\d)?(?:-\d\d)?$", words)
        holding = [n for n in notes if (dated[1] if dated else words) in n.quote.casefold()]
        return tuple(holding[:2]) or notes[:1]

    def _shown(self, statement: ox.NamedNode) -> tuple[Footnote, ...]:
        known = self.of_statement.get(statement)
        if known is None:
            passages = list(
                dict.fromkeys((*self._objects(statement, f"{CQ}shownBy"), *self._objects(statement, f"{CQ}evidence")))
            )
            if self._has(statement, f"{CQ}passageOf", None):
                passages = [statement]
            rule = next((t.value for t in self._objects(statement, f"{CQ}rule")), "")
            how = next((local(t.value) for t in self._objects(statement, f"{CQ}known")), "")
            known = tuple(self._note(p, statement.value, rule, how) for p in passages[:10])
            self.of_statement[statement] = known
        return known

    def _note(self, passage: ox.NamedNode, statement: str, rule: str, how: str) -> Footnote:
        values = {q.predicate.value: q.object.value for q in self.store.quads_for_pattern(passage, None, None, None)
                  if isinstance(q.object, (ox.NamedNode, ox.Literal))}  # fmt: skip
        document = values.get(f"{CQ}passageOf", "")
        if document not in self.documents:
            node = ox.NamedNode(document) if document else passage
            path = next((t.value for t in self._objects(node, f"{CQ}path")), "")
            title = next((t.value for t in self._objects(node, f"{DCTERMS}title")), path)
            self.documents[document] = (path, title)
        path, title = self.documents[document]
        return Footnote(
            document, path, title, values.get(f"{CQ}paragraph", ""), values.get(f"{CQ}quote", ""), passage.value,
            int(values.get(f"{CQ}startOffset", -1)), int(values.get(f"{CQ}endOffset", -1)), (), statement, rule, how,
        )  # fmt: skip


def _sparql(node: Any, solution: dict[str, Node]) -> str:
    """A node or path of a pattern as SPARQL, with the value that a solution gives it."""
    if isinstance(node, BNode):
        return f"?blank_{_letters(node)}"
    if isinstance(node, Variable):
        value = solution.get(str(node))
        return str(value) if value is not None and not isinstance(value, ox.BlankNode) else f"?{node}"
    return re.sub(r"<[^<>]*>", lambda m: _plain(m[0]), str(node.n3()))


def _plain(iri: str) -> str:
    """An IRI without the escapes of a prefixed name, which the parser leaves in (SPARQL 1.1, PN_LOCAL_ESC)."""
    return re.sub(r"\\([_~.!$&'()*+,;=/?#@%-])", r"\1", iri)


def _letters(node: BNode) -> str:
    return re.sub(r"\W", "_", str(node))


def _term(node: Any, solution: dict[str, Node]) -> Node | None:
    """A node of a pattern as the store has it, with the value that a solution gives it; None where it gives none."""
    if isinstance(node, BNode):
        return solution.get(f"_:{_letters(node)}")
    if isinstance(node, Variable):
        return solution.get(str(node))
    if isinstance(node, URIRef):
        return ox.NamedNode(_plain(node))
    if isinstance(node, Literal):
        if node.language:
            return ox.Literal(str(node), language=node.language)
        return (
            ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype))) if node.datatype else ox.Literal(str(node))
        )
    return None
