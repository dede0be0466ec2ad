"""The ontology as a diagram: its classes with what they are, each with the properties that lead from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pyoxigraph as ox

from graph_build.iris import CQ, OWL, RDF, RDFS
from graph_build.source import Source
from graph_build.tables import table_of
from graph_build.view.ink import Ink, n
from graph_build.view.measure import clip, wrap
from graph_build.view.picture import Edge, Node, Picture
from graph_build.vocabulary import ontology_dir

CARD, GAP, EDGE, COLUMNS_WIDE = 300.0, 26.0, 16.0, 4
COLUMNS = ("class", "subclass_of", "comment", "property", "range", "property_comment", "class_iri", "property_iri")


def ontology(source: Source | None = None) -> Picture:
    """The diagram of the ontology that comes with this package; no graph and no server is asked."""
    lists: defaultdict[str, dict[str, object]] = defaultdict(dict)
    unions: list[tuple[str, str, str]] = []
    said: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in ox.parse(path=str(ontology_dir() / "communique.ttl"), format=ox.RdfFormat.TURTLE):
        subject, value = quad.subject, quad.object
        if isinstance(subject, ox.BlankNode):
            lists[subject.value][quad.predicate.value] = value
        if isinstance(value, ox.BlankNode) and isinstance(subject, ox.NamedNode) and quad.predicate.value in _DOMAINS:
            unions.append((subject.value, quad.predicate.value, value.value))
        if (
            isinstance(subject, ox.NamedNode)
            and subject.value.startswith(CQ)
            and isinstance(value, (ox.NamedNode, ox.Literal))
        ):
            said[subject.value][quad.predicate.value].append(value.value)
    for iri, predicate, node in unions:
        said[iri][predicate] += _members(lists, node)
    classes = {iri for iri, of in said.items() if f"{OWL}Class" in of[f"{RDF}type"]}
    kinds = (f"{OWL}ObjectProperty", f"{OWL}DatatypeProperty")
    properties = [iri for iri, of in said.items() if any(k in of[f"{RDF}type"] for k in kinds)]

    def label(iri: str) -> str:
        named = said[iri][f"{RDFS}label"] if iri in said else []
        return named[0] if named else iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]

    def note(iri: str) -> str:
        return (said[iri][f"{RDFS}comment"] or [""])[0] if iri in said else ""

    nodes = {iri: Node(_short(iri), label(iri), "Class", iri, note=note(iri)) for iri in said if iri in classes}
    edges: list[Edge] = []
    for iri in nodes:
        edges += [
            Edge(_short(iri), _short(up), "subClassOf", "is a kind of")
            for up in said[iri][f"{RDFS}subClassOf"]
            if up in classes
        ]
    of_class: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for iri in properties:
        domains = [d for d in said[iri][f"{RDFS}domain"] if d in classes] or [""]
        ranges = said[iri][f"{RDFS}range"] or [""]
        for domain in domains:
            of_class[domain].append((iri, ranges[0]))
            for target in ranges:
                if domain and target in classes:
                    edges.append(
                        Edge(_short(domain), _short(target), _short(iri), label(iri), more=(("comment", note(iri)),))
                    )
    title = "The ontology: classes and their properties"
    summary = (
        f"{len(classes)} classes and {len(properties)} properties. A card is a class; a class that is a kind of another stands below it, "
        "moved to the right; each line of a card is a property, with the class or type of its values."
    )
    svg, drawn = _draw(title, summary, nodes, of_class, said, label)
    rows = []
    for iri in (*nodes, ""):
        ups = "; ".join(label(u) for u in said[iri][f"{RDFS}subClassOf"] if u in classes) if iri else ""
        for prop, target in of_class[iri] or [("", "")]:
            if iri or prop:
                rows.append(
                    (
                        label(iri) if iri else "(any)",
                        ups,
                        note(iri) if iri else "",
                        label(prop) if prop else "",
                        label(target) if target else "",
                        note(prop) if prop else "",
                        iri,
                        prop,
                    )
                )
    every = list(nodes.values())
    if of_class[""]:
        # Properties of anything, and those whose values are literals, are attributes of the classes in a graph file.
        every.append(Node("anything", "Any thing", "Class", note="properties that any thing may have"))
    carried = [_with_properties(node, of_class[node.iri], label) for node in every]
    return Picture(
        "ontology",
        title,
        summary,
        tuple(carried),
        tuple(edges),
        table_of(COLUMNS, rows, title),
        svg,
        drawn=(tuple(_with_properties(x, of_class[x.iri], label) for x in drawn), ()),
    )


_DOMAINS = (f"{RDFS}domain", f"{RDFS}range")


def _members(lists: Mapping[str, Mapping[str, object]], node: str) -> list[str]:
    """The classes of a union (owl:unionOf) that stands as a blank node."""
    at, found = lists[node].get(f"{OWL}unionOf"), []
    while isinstance(at, ox.BlankNode):
        first = lists[at.value].get(f"{RDF}first")
        if isinstance(first, ox.NamedNode):
            found.append(first.value)
        at = lists[at.value].get(f"{RDF}rest")
    return found


def _short(iri: str) -> str:
    return f"cq:{iri[len(CQ) :]}"


def _with_properties(node: Node, of: Sequence[tuple[str, str]], label: Callable[[str], str]) -> Node:
    return (
        replace(node, more=(("properties", "; ".join(f"{label(p)} → {label(r)}" if r else label(p) for p, r in of)),))
        if of
        else node
    )


def _draw(
    title: str, summary: str, nodes: Mapping[str, Node], of_class: Mapping[str, Sequence[tuple[str, str]]],
    said: Mapping[str, Mapping[str, Sequence[str]]], label: Callable[[str], str],
) -> tuple[str, list[Node]]:  # fmt: skip
    broad = 2 * EDGE + COLUMNS_WIDE * CARD + (COLUMNS_WIDE - 1) * GAP
    ink = Ink(title, summary)
    y = ink.text(EDGE, 30, wrap(title, broad - 2 * EDGE, 18, True, 2), 18, "cq-t cq-b cq-title")
    top = y - 10
    below: defaultdict[str, list[str]] = defaultdict(list)
    for iri in nodes:
        ups = [u for u in said[iri][f"{RDFS}subClassOf"] if u in nodes]
        below[ups[0] if ups else ""].append(iri)
    heights = [y] * COLUMNS_WIDE
    drawn: list[Node] = []

    def tallness(iri: str) -> float:
        return _height(nodes[iri], of_class[iri]) + 12 + sum(tallness(b) for b in below[iri])

    def put(iri: str, x: float, at: float, depth: int) -> float:
        node = nodes[iri]
        drawn.append(node)
        left, high = x + depth * 18, _height(node, of_class[iri])
        _card(ink, node, of_class[iri], left, at, CARD - depth * 18, label)
        bottom = at + high + 12
        for child in below[iri]:
            ink.put("path", d=f"M{n(left + 8)} {n(at + high)}V{n(bottom + 16)}H{n(left + 18)}", class_="cq-edge")
            bottom = put(child, x, bottom, depth + 1)
        return bottom

    roots = sorted(below[""], key=lambda i: (-tallness(i), i))
    for iri in roots:
        column = min(range(COLUMNS_WIDE), key=lambda c: (heights[c], c))
        heights[column] = put(iri, EDGE + column * (CARD + GAP), heights[column], 0) + 8
    if of_class[""]:
        column = min(range(COLUMNS_WIDE), key=lambda c: (heights[c], c))
        node = Node("anything", "Any thing", "Class", note="properties that any thing may have")
        drawn.append(node)
        _card(ink, node, of_class[""], EDGE + column * (CARD + GAP), heights[column], CARD, label)
        heights[column] += _height(node, of_class[""]) + 12
    return ink.document(broad, max(heights) + 10, top), drawn


def _height(node: Node, of: Sequence[tuple[str, str]]) -> float:
    return 34 + 16 * len(wrap(node.note, 262, 11.5, False, 3)) * bool(node.note) + 17 * len(of)


def _card(
    ink: Ink, node: Node, of: Sequence[tuple[str, str]], x: float, y: float, broad: float, label: Callable[[str], str]
) -> None:
    ink.open("g", f"{node.label}\n{node.note}", class_="cq-n", data_id=node.id, tabindex="0")
    ink.put("rect", x=n(x), y=n(y), width=n(broad), height=n(_height(node, of)), rx="5", class_="cq-card")
    ink.text(x + 10, y + 20, clip(node.label, broad - 20, 14, True), 14, "cq-f-meeting cq-b")
    at = y + 37
    if node.note:
        for line in wrap(node.note, broad - 20, 11.5, False, 3):
            ink.text(x + 10, at, line, 11.5, "cq-s")
            at += 16
    for prop, target in of:
        room = broad - 20
        ink.text(x + 10, at, clip(f"{label(prop)}{f' → {label(target)}' if target else ''}", room, 12), 12, "cq-t")
        at += 17
    ink.close("g")
