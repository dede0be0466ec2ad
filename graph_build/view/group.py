"""Things in groups, so that a picture stays readable: what hangs alike on the same thing first, then by lane and years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from graph_build.view.picture import Edge, Node

_SPANS = (1, 2, 5, 10, 25, 100, 10_000)


def grouped(
    nodes: Sequence[Node], edges: Sequence[Edge], limit: int, lane: Callable[[Node], str]
) -> tuple[list[Node], list[Edge], list[str]]:
    """Nodes and edges of which no more than about `limit` nodes are left, and what to say of it.

    A group stands for its members, which keep their ids in `members`. Focused nodes are never grouped.
    """
    total = sum(1 for n in nodes if n.kind != "Gap")
    if total <= limit:
        return list(nodes), list(edges), []
    into = _least(_alike(nodes, edges, lane), total, limit)
    for span in _SPANS:
        if _count(nodes, into) <= limit:
            break
        # The largest groups first, and no more of them than it takes.
        buckets = _by_years(nodes, {} if span > 1 else into, span, lane)
        kept = into if span == 1 else {}
        into = {**kept, **_least(buckets, _count(nodes, kept), limit)}
    shown, ties = _fold(nodes, edges, into)
    groups = [n for n in shown if n.members]
    inside = sum(len(n.members) for n in groups)
    return shown, ties, [
        f"{total} things are more than {limit}: {inside} of them are drawn in {len(groups)} group{'' if len(groups) == 1 else 's'}. "
        "The table has each of them."
    ] if groups else []  # fmt: skip


def _count(nodes: Sequence[Node], into: Mapping[str, str]) -> int:
    return len({into.get(n.id, n.id) for n in nodes if n.kind != "Gap"})


def _least(buckets: Iterable[Sequence[str]], count: int, limit: int) -> dict[str, str]:
    """Groups of the largest buckets, as many as it takes to come from `count` nodes to `limit`."""
    into: dict[str, str] = {}
    for members in sorted(buckets, key=lambda m: (-len(m), m)):
        if count <= limit:
            break
        into.update(dict.fromkeys(members, f"group/{members[0]}"))
        count -= len(members) - 1
    return into


def _alike(nodes: Sequence[Node], edges: Sequence[Edge], lane: Callable[[Node], str]) -> list[list[str]]:
    """Nodes that hang on one other thing only, as at least two others of their kind do by the same relation."""
    ties: defaultdict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for edge in edges:
        ties[edge.source].add((edge.target, edge.relation, "to"))
        ties[edge.target].add((edge.source, edge.relation, "from"))
    groups: defaultdict[tuple[str, str, frozenset[tuple[str, str, str]]], list[str]] = defaultdict(list)
    for node in nodes:
        outer = frozenset(t for t in ties[node.id] if not t[0].startswith("gap/"))
        if not node.focus and node.kind != "Gap" and len({t[0] for t in outer}) == 1:
            groups[lane(node), node.kind, outer].append(node.id)
    return [members for members in groups.values() if len(members) > 2]


def _by_years(
    nodes: Sequence[Node], into: Mapping[str, str], span: int, lane: Callable[[Node], str]
) -> list[list[str]]:
    """Nodes of one lane and kind by spans of years, of those that are in no group yet."""
    buckets: defaultdict[tuple[str, str, int], list[str]] = defaultdict(list)
    for node in nodes:
        if not node.focus and node.kind != "Gap" and node.id not in into:
            year = int(node.date[:4]) // span if node.date[:4].isdecimal() else -1
            buckets[lane(node), node.kind, year].append(node.id)
    return [members for members in buckets.values() if len(members) > 1]


def _fold(nodes: Sequence[Node], edges: Sequence[Edge], into: dict[str, str]) -> tuple[list[Node], list[Edge]]:
    by_id = {node.id: node for node in nodes}
    members: defaultdict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        if node.id in into:
            members[into[node.id]].append(node)
    silent = {e.source: e.target for e in edges if by_id[e.target].kind == "Gap"}
    hidden = {silent[n] for n in into if n in silent}
    shown: list[Node] = []
    done: set[str] = set()
    for node in nodes:
        group = into.get(node.id)
        if group is None:
            if node.id not in hidden:
                shown.append(node)
        elif group not in done:
            done.add(group)
            shown.append(_group(group, members[group], sum(1 for m in members[group] if m.id in silent)))
    ties: dict[tuple[str, str, str], Edge] = {}
    for edge in edges:
        if edge.target in hidden:
            continue
        source, target = into.get(edge.source, edge.source), into.get(edge.target, edge.target)
        if source == target:
            continue
        known = ties.get((source, target, edge.relation))
        if known is None:
            ties[source, target, edge.relation] = replace(edge, source=source, target=target)
        else:
            ties[source, target, edge.relation] = replace(
                known, weight=known.weight + edge.weight, said=(*known.said, *edge.said)[:40]
            )
    return shown, list(ties.values())


def _group(name: str, members: Sequence[Node], silent: int) -> Node:
    if len(members) == 1:
        return replace(members[0], id=name, members=(members[0].id,))
    dates = sorted(x for m in members for x in (m.date, m.end) if x)
    kinds = {m.kind for m in members}
    kind = members[0].kind
    plural = {"Body": "bodies", "Person": "people", "MeetingSeries": "series", "InstrumentSeries": "series"}
    what = plural.get(kind, f"{kind.lower()}s") if len(kinds) == 1 else "things"
    first = "; ".join(m.label for m in members[:2])
    note = f"{silent} of them with no follow-up" if silent else ""
    return Node(
        name, f"{len(members)} {what}: {first} …", kind, date=dates[0] if dates else "", end=dates[-1] if dates else "",
        note=note, held=any(m.held for m in members), members=tuple(m.id for m in members),
    )  # fmt: skip
