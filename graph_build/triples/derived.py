"""What follows from the links: `leadsTo`, forward in time, and its closure.

From what was decided to the meeting that delivers on it and to the body or instrument that it establishes, adopts or
prepares; from a meeting to where its outcomes were considered or incorporated; from an instrument to the meeting that
reviews it; from a commitment to what the link read from its own sentence names. From an established body to a meeting
that it held only where that meeting delivers on, or considers the outcomes of, what established it: not everything
that a body did follows from its founding.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from graph_build.triples.papers import cq

FORWARD = frozenset({"establishes", "adopts", "prepares", "consideredAt", "incorporatedInto"})
BACKWARD = frozenset({"deliversOn", "reviews"})


class Hop(NamedTuple):
    """A link between two nodes, as N-Triples writes them."""

    source: str
    relation: str
    target: str


class Promise(NamedTuple):
    """A commitment, the meeting where it was made, and the links read from its sentence."""

    commitment: str
    made_at: str
    hops: tuple[Hop, ...]


def leads(hop: Hop) -> tuple[str, str] | None:
    """Where a link leads, earlier node first; None where it leads to nothing by itself."""
    if hop.relation in FORWARD:
        return hop.source, hop.target
    if hop.relation in BACKWARD:
        return hop.target, hop.source
    return None


def derived(
    hops: Iterable[Hop],
    promises: Iterable[Promise],
    dates: Mapping[str, tuple[str, str]],
) -> Iterator[str]:
    """Triples of `leadsTo` and `leadsToEventually`.

    dates  first and last day of each dated meeting (whole or as 'YYYY-MM', 'YYYY'): what would lead back in time is
           left out
    """
    hops = tuple(hops)
    edges = {pair for hop in hops if (pair := leads(hop))}
    edges |= _taken_up(hops)
    for promise in promises:
        for hop in promise.hops:
            pair = leads(hop)
            if pair and pair[0] == promise.made_at:
                edges.add((promise.commitment, pair[1]))
    edges = {(a, b) for a, b in edges if a != b and not _back_in_time(dates.get(a), dates.get(b))}
    for a, b in edges:
        yield f"{a} {cq('leadsTo')} {b}"
    for a, b in closure(edges):
        yield f"{a} {cq('leadsToEventually')} {b}"


def closure(edges: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """All pairs (a, b) with a way of one or more edges from a to b; a thing never leads to itself."""
    after: defaultdict[str, set[str]] = defaultdict(set)
    for a, b in edges:
        after[a].add(b)
    for start in tuple(after):
        reached: set[str] = set()
        todo = [*after[start]]
        while todo:
            node = todo.pop()
            if node not in reached:
                reached.add(node)
                todo += after.get(node, ())
        for node in reached - {start}:
            yield start, node


def _taken_up(hops: tuple[Hop, ...]) -> set[tuple[str, str]]:
    """(body, meeting) where the body held the meeting and the meeting takes up what established the body."""
    founded: defaultdict[str, set[str]] = defaultdict(set)
    takes_up: defaultdict[str, set[str]] = defaultdict(set)
    for hop in hops:
        if hop.relation == "establishes":
            founded[hop.target].add(hop.source)
        elif hop.relation == "deliversOn":
            takes_up[hop.source].add(hop.target)
        elif hop.relation == "consideredAt":
            takes_up[hop.target].add(hop.source)
    return {
        (hop.target, hop.source)
        for hop in hops
        if hop.relation == "heldBy" and takes_up[hop.source] & founded.get(hop.target, set())
    }


def _back_in_time(first: tuple[str, str] | None, second: tuple[str, str] | None) -> bool:
    """Whether the second surely ended before the first began; dates of unequal precision are compared as far as
    both are known."""
    if not first or not second:
        return False
    start, end = first[0], second[1]
    length = min(len(start), len(end))
    return end[:length] < start[:length]
