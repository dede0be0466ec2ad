"""The lineage of a thing as a picture: what led to it and what came of it, on lanes along a time axis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from graph_build.errors import QueryError
from graph_build.find import COMMITMENTS, Found
from graph_build.iris import CQ, SKOS
from graph_build.source import Source
from graph_build.tables import Table, table_of
from graph_build.trace import ALL, BREADTH, Gap, Hop, Said, Trace, trace
from graph_build.trace_text import day, days
from graph_build.view.group import grouped
from graph_build.view.lanes import draw
from graph_build.view.picture import Edge, Node, Picture

LIMIT = 40
"""Things past which a lineage is drawn in groups."""
LANES = ("Meetings", "Mandates", "Bodies", "Instruments")
COLUMNS = (
    "earlier_date", "earlier_label", "relation", "later_date", "later_label", "document", "paragraph", "quote", "earlier",
    "later",
)  # fmt: skip
_LANE = {"Meeting": "Meetings", "Body": "Bodies", "Organisation": "Bodies", "Instrument": "Instruments"}
_WORDS = {
    "establishes": "established", "adopts": "adopted", "prepares": "prepared", "consideredAt": "outcomes considered at",
    "incorporatedInto": "outcomes incorporated into", "deliversOn": "delivered on by", "reviews": "reviewed by",
    "heldBy": "held",
}  # fmt: skip
_BESIDE = {"heldBy": "held", "partOf": "part of", "follows": "came after", "refersTo": "refers to"}
_MADE = {"Directive": "directed", "Decision": "decided", "Pledge": "pledged", "Recommendation": "recommended"}
NOT_HELD = "no paper of it is held here"


def lineage(
    source: Source, thing: str | Found, *, to: str | Found | None = None, depth: int = 1, breadth: int = BREADTH,
    limit: int = LIMIT, beside: bool = False, grow: bool = True,
) -> Picture:  # fmt: skip
    """The picture of a lineage.

    thing    IRI, short id or words, as `find` takes them
    to       only what lies on a way from `thing` to this
    depth    steps each way; `breadth` things that one thing may lead to
    limit    things past which it is drawn in groups
    beside   also what is tied to the thing and leads to nothing by itself
    grow     carry the pictures of more steps along, for the page in which a reader asks for more

    Raises QueryError where a thing is not found or has no lineage.
    """
    if depth < 1:
        raise QueryError("a lineage has at least one step", mend="--depth 1")
    found = trace(source, thing, steps=depth, breadth=breadth, to=to)
    wider: list[tuple[str, Picture]] = []
    if grow and to is None:
        steps = depth
        more = found
        while (more.more_back or more.more_forward) and len(wider) < 3:
            steps = steps + 1 if len(wider) < 2 else ALL
            more = trace(source, found.focus, steps=steps, breadth=breadth if len(wider) < 2 else ALL)
            wider.append((_step_words(steps), of_trace(more, held(source), limit, beside, _step_words(steps))))
    made = of_trace(found, held(source), limit, beside, _step_words(depth))
    return replace(made, wider=tuple(wider))


def _step_words(steps: int) -> str:
    return "all steps" if steps >= ALL else f"{steps} step{'' if steps == 1 else 's'} each way"


def held(source: Source) -> frozenset[str]:
    """Meetings that a paper at hand is about, and instruments that are themselves papers at hand."""
    return frozenset(
        source.ask(
            f"""SELECT DISTINCT ?thing WHERE {{
              {{ ?paper <{CQ}publishedFor> ?thing }}
              UNION {{ ?thing <{CQ}heldAs> ?paper }}
              UNION {{ ?account <{CQ}about> ?thing ; <{CQ}status> ?telling . ?telling <{SKOS}notation> "described" }}
            }}"""
        ).column("thing")
    )


def lineage_svg(found: Trace) -> str:
    """The drawing of a trace, for a notebook."""
    return of_trace(found).svg


def of_trace(
    found: Trace, papers: frozenset[str] | None = None, limit: int = LIMIT, beside: bool = False, chosen: str = ""
) -> Picture:
    """The picture of a trace.

    papers  IRIs of things of which a paper is held; None where that was not asked, and nothing is marked then
    """
    things = {t.iri: t for t in found.things}
    for hop in found:
        # A hop's ends are described in full; the focus is known by what it was found by.
        things.update({t.iri: t for t in (hop.earlier, hop.later)})
    hops = list(found)
    besides = [h for h in found.beside if beside and "Document" not in (h.earlier.kind, h.later.kind)]
    for hop in besides:
        things.setdefault(hop.earlier.iri, hop.earlier)
        things.setdefault(hop.later.iri, hop.later)
    drawable = {iri: t for iri, t in things.items() if _lane(t.kind)}
    nodes = [_node(t, found, papers) for t in drawable.values()]
    edges = [_edge(h) for h in hops if h.earlier.iri in drawable and h.later.iri in drawable]
    known = {(e.source, e.target) for e in edges}
    for hop in besides:
        if hop.earlier.iri in drawable and hop.later.iri in drawable:
            tie = _beside(hop)
            if (tie.source, tie.target) not in known and (tie.target, tie.source) not in known:
                edges.append(tie)
    for gap in found.gaps:
        if gap.thing.iri in drawable:
            nodes.append(_gap(gap))
            edges.append(Edge(gap.thing.id, f"gap/{gap.thing.id}", "noFollowUp", "", date=gap.thing.date))
    if found.silent and found.focus.kind == "Meeting" and not found.target:
        nodes.append(_silent(found))
        edges.append(Edge(found.focus.id, f"silent/{found.focus.id}", "madeAt", "made there", date=found.focus.date))
    title = (
        f"What leads from {_short(found.focus)} to {_short(found.target)}"
        if found.target
        else f"Lineage of {_short(found.focus)}"
    )
    notes = list(_notes(found))
    shown, ties, said = grouped(nodes, edges, limit, lambda node: _lane(node.kind) or "")
    notes += said
    ties, cut = _heaviest(_joined(ties), shown, limit)
    notes += cut
    lanes = {node.id: _lane(node.kind) or "" for node in shown}
    summary = _summary(found, nodes, edges)
    svg = draw(title, summary, shown, ties, lanes, LANES, notes=notes)
    return Picture(
        "lineage", title, summary, tuple(nodes), tuple(edges), _table(nodes, edges, title), svg, tuple(notes),
        chosen=chosen, drawn=(tuple(shown), tuple(ties)),
    )  # fmt: skip


def _lane(kind: str) -> str | None:
    if kind in COMMITMENTS or kind == "Silent":
        return "Mandates"
    return "Meetings" if kind == "Gap" else _LANE.get(kind)


def _short(thing: Found) -> str:
    if thing.kind in COMMITMENTS:
        words = thing.label if len(thing.label) < 90 else thing.label[:90].rsplit(" ", 1)[0] + " …"
        return f"the {thing.kind.lower()} “{words}”"
    return thing.label


def _node(thing: Found, found: Trace, papers: frozenset[str] | None) -> Node:
    at_hand = papers is None or thing.kind not in ("Meeting", "Instrument") or thing.iri in papers
    end = thing.end
    if thing.kind == "Instrument" and thing.date and not end:
        end = thing.date
    return Node(
        thing.id, thing.label, thing.kind, thing.iri, thing.date, end, thing.place, "" if at_hand else NOT_HELD if thing.kind == "Meeting" else "its text is not held here",
        focus=thing.iri in (found.focus.iri, found.target.iri if found.target else ""), held=at_hand,
    )  # fmt: skip


def _edge(hop: Hop) -> Edge:
    words = _MADE.get(hop.later.kind, "made") if hop.relation == "madeAt" else _WORDS.get(hop.relation, hop.relation)
    return Edge(hop.earlier.id, hop.later.id, hop.relation, words, _once(hop.said), hop.later.date or hop.earlier.date)


def _beside(hop: Hop) -> Edge:
    edge = replace(_edge(hop), label=_BESIDE[hop.relation], beside=True)
    # As everywhere in the picture the body comes before the meeting that it held.
    return replace(edge, source=edge.target, target=edge.source, label="held") if hop.relation == "heldBy" else edge


def _once(said: Iterable[Said]) -> tuple[Said, ...]:
    """Each sentence once: one passage may support several statements."""
    return tuple({(s.document, s.paragraph, s.quote): s for s in said}.values())


def _gap(gap: Gap) -> Node:
    papers = f"{gap.papers} later paper{'' if gap.papers == 1 else 's'}"
    dates = day(gap.first) if gap.first == gap.last else f"{day(gap.first)} to {day(gap.last)}"
    if not gap.papers:
        label, note = "Open end", "no paper held here is later: what came of it cannot be known"
    elif gap.mentioned:
        label, note = (
            "No follow-up stated",
            f"in {papers} ({dates}), though named again in {len(gap.mentioned)} of them",
        )
    else:
        label, note = "No later mention found", f"in {papers} ({dates})"
    if gap.undated:
        note += f"; {gap.undated} without a date not looked at"
    if gap.successors:
        names = "; ".join(f.label for f in gap.successors[:2]) + (" …" if len(gap.successors) > 2 else "")
        note += f". Later in its series, by no stated link: {names}"
    return Node(f"gap/{gap.thing.id}", label, "Gap", date=gap.thing.date, note=note)


def _silent(found: Trace) -> Node:
    some = "commitment" if found.silent == 1 else "commitments"
    return Node(
        f"silent/{found.focus.id}", f"{found.silent} {'more ' if found.forward else ''}{some} made there", "Silent",
        date=found.focus.date, note="no paper held here says what came of any of them by itself", held=False,
    )  # fmt: skip


def _notes(found: Trace) -> Iterable[str]:
    if found.target and not found.forward:
        yield "Nothing that the papers here say leads from the one to the other."
    for number, where in ((found.more_back, "led to these"), (found.more_forward, "came of these")):
        if number:
            yield f"{number} more thing{'' if number == 1 else 's'} that {where}: further steps away, not drawn (more depth shows them)."


TIES = 48
"""Ties between groups that are drawn; more would be a tangle in which none can be followed."""


def _heaviest(edges: Sequence[Edge], shown: Sequence[Node], limit: int) -> tuple[list[Edge], list[str]]:
    """The ties to draw: all where they are few, else those of the focus, of gaps, and the heaviest others."""
    most = max(TIES, 2 * limit if limit > LIMIT else 0)
    if len(edges) <= most:
        return list(edges), []
    special = {n.id for n in shown if n.focus or n.kind == "Gap"}
    order = sorted(
        range(len(edges)), key=lambda i: (not {edges[i].source, edges[i].target} & special, -edges[i].weight, i)
    )
    kept = sorted(order[:most])
    return [edges[i] for i in kept], [
        f"{len(edges)} ties are more than can be followed: the {most} that stand for most are drawn. The table has each of them."
    ]


def _joined(edges: Sequence[Edge]) -> list[Edge]:
    """One edge for each pair of things: several relations between the same two are labelled together."""
    found: dict[tuple[str, str], Edge] = {}
    for edge in edges:
        key = (edge.source, edge.target)
        known = found.get(key)
        if known is None:
            found[key] = edge
        elif edge.label not in known.label.split(", "):
            found[key] = replace(known, label=f"{known.label}, {edge.label}", said=_once((*known.said, *edge.said)))
        else:
            found[key] = replace(known, said=_once((*known.said, *edge.said)))
    return list(found.values())


def _summary(found: Trace, nodes: Sequence[Node], edges: Sequence[Edge]) -> str:
    names = {node.id: node for node in nodes}
    hops = [e for e in edges if e.label and not e.beside and names[e.target].kind not in ("Gap", "Silent")]
    told = "; ".join(f"{_said_thing(names[e.source])} {e.label} {_said_thing(names[e.target])}" for e in hops[:8])
    gaps = [n for n in nodes if n.kind == "Gap"]
    more = f" and {len(hops) - 8} more steps, which the table has" if len(hops) > 8 else ""
    silence = (
        f" {len(gaps)} thing{'' if len(gaps) == 1 else 's'} of which the papers say nothing further." if gaps else ""
    )
    return (
        f"Time runs from left to right. {told[:1].upper()}{told[1:]}{more}.{silence}"
        if hops
        else f"No step is stated.{silence}"
    )


def _said_thing(node: Node) -> str:
    label = node.label if len(node.label) <= 100 else node.label[:100].rsplit(" ", 1)[0] + " …"
    when = days(node.date, node.end)
    name = f"the {node.kind.lower()} “{label}”" if node.kind in COMMITMENTS else label
    return f"{name} ({when})" if when else name


def _table(nodes: Sequence[Node], edges: Sequence[Edge], title: str) -> Table:
    by_id = {node.id: node for node in nodes}
    rows = []
    for edge in edges:
        a, b = by_id[edge.source], by_id[edge.target]
        later = f"{b.label}: {b.note}" if b.kind in ("Gap", "Silent") else b.label
        for said in edge.said or (Said("", "", ""),):
            rows.append(
                (a.date, a.label, edge.relation, b.date if b.kind != "Gap" else "", later, said.document, said.paragraph,
                 said.quote, a.id, b.id)
            )  # fmt: skip
    return table_of(COLUMNS, rows, title)
