"""The lineage of a thing, forward and back: what led to it, what came of it, each hop with the sentences that say so.

A hop follows `cq:leadsTo`, which runs forward in time, or leads from a meeting to a commitment made there that led to
something. What is shown and what is cut, what was looked for and not found, is said in the record: a gap names the
papers that were looked through.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import pyoxigraph as ox

from graph_build.errors import QueryError
from graph_build.find import COMMITMENTS, Found, describe, find_one
from graph_build.iris import CQ, DCTERMS, SKOS
from graph_build.source import Source, StoreSource
from graph_build.tables import Table, table_of

STEPS = 3
"""Steps each way that a trace shows by default."""
BREADTH = 12
"""Things that one step leads to which are shown by default, the earliest first."""
BESIDE = ("heldBy", "partOf", "follows", "refersTo")
"""Relations that are shown beside the trace and lead to nothing by themselves."""
ALL = 10_000

Direction = Literal["forward", "back"]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of a paper that supports a statement. `date` of the paper ('' where unknown), `rule` that read it."""

    document: str
    paragraph: str
    quote: str
    date: str = ""
    rule: str = ""
    known: str = ""
    statement: str = ""


@dataclass(frozen=True, slots=True)
class Hop:
    """How one thing led to a later one; `relation` as the papers' link has it ('deliversOn' runs from later to earlier).

    said  the sentences, oldest paper first
    step  distance of the far end from where the trace starts
    """

    earlier: Found
    later: Found
    relation: str
    said: tuple[Said, ...]
    step: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """Where the papers say nothing further of a thing.

    papers     how many dated papers are later than the last that speaks of the hop to it
    first, last  dates of the earliest and the latest of these
    mentioned  paths of those among them that name the thing, without saying what came of it
    undated    papers without a date, which could not be looked at in time
    successors later things of its series, which no paper ties to it
    """

    thing: Found
    papers: int
    first: str = ""
    last: str = ""
    mentioned: tuple[str, ...] = ()
    undated: int = 0
    successors: tuple[Found, ...] = ()

    def __str__(self) -> str:
        later = "; ".join(f.label for f in self.successors[:3]) + (" …" if len(self.successors) > 3 else "")
        return self._silence() + (f"; later in its series, by no stated link: {later}" if later else "")

    def _silence(self) -> str:
        papers = f"{self.papers} later paper{'' if self.papers == 1 else 's'}"
        span = self.first if self.first == self.last else f"from {self.first} to {self.last}"
        undated = f"; {self.undated} without a date not looked at" if self.undated else ""
        if not self.papers:
            return f"no paper here is later: what came of it cannot be known{undated}"
        if self.mentioned:
            named = ", ".join(self.mentioned[:3]) + (" …" if len(self.mentioned) > 3 else "")
            return f"no follow-up stated in {papers} ({span}), though named again in {named}{undated}"
        return f"no later mention found in {papers} ({span}){undated}"


@dataclass(frozen=True)
class Trace:
    """The lineage of `focus`.

    back, forward  hops, in the order of their steps and dates
    beside         links of the focus that lead to nothing by themselves (held by, part of, follows, refers to)
    gaps           one for each thing at the forward end of the trace
    more_back, more_forward  things further on that are not shown
    silent         commitments made at the focus of which nothing is said to have come
    target         where the trace was asked to lead, or None
    """

    focus: Found
    back: tuple[Hop, ...] = ()
    forward: tuple[Hop, ...] = ()
    beside: tuple[Hop, ...] = ()
    gaps: tuple[Gap, ...] = ()
    more_back: int = 0
    more_forward: int = 0
    silent: int = 0
    target: Found | None = None

    def __iter__(self) -> Iterator[Hop]:
        """All hops, from the earliest cause to the latest consequence."""
        yield from reversed(self.back)
        yield from self.forward

    @property
    def things(self) -> tuple[Found, ...]:
        """Everything on the trace, the focus among them, by date."""
        found = {self.focus.iri: self.focus}
        for hop in self:
            found.setdefault(hop.earlier.iri, hop.earlier)
            found.setdefault(hop.later.iri, hop.later)
        return tuple(sorted(found.values(), key=_when))

    def table(self) -> Table:
        """The hops as a table, one row for each sentence."""
        columns = ("step", "earlier_date", "earlier_label", "relation", "later_date", "later_label", "document",
                   "paragraph", "quote", "earlier", "later")  # fmt: skip
        rows = [
            (
                str(-h.step if way == "back" else h.step),
                h.earlier.date,
                h.earlier.label,
                h.relation,
                h.later.date,
                h.later.label,
                s.document,
                s.paragraph,
                s.quote,
                h.earlier.id,
                h.later.id,
            )
            for way, hops in (("back", tuple(reversed(self.back))), ("forward", self.forward))
            for h in hops
            for s in (h.said or (Said("", "", ""),))
        ]
        return table_of(columns, rows, f"Lineage of {self.focus.label}")


def trace(
    source: Source | ox.Store,
    thing: str | Found,
    *,
    steps: int = STEPS,
    breadth: int = BREADTH,
    to: str | Found | None = None,
) -> Trace:
    """The lineage of a meeting, body, commitment or instrument.

    thing    IRI, short id or words (see `find`)
    steps    how far each way; `breadth` how many things one thing may lead to
    to       only what lies on a way of stated links from `thing` to this, however long

    Raises QueryError where a thing is not found or has no lineage, such as a person.
    """
    where = StoreSource(source) if isinstance(source, ox.Store) else source
    focus = _traceable(where, thing)
    if to is not None:
        return _between(where, focus, _traceable(where, to))
    forward, more_forward = _walk(where, focus, "forward", steps, breadth)
    back, more_back = _walk(where, focus, "back", steps, breadth)
    return Trace(
        focus, back, forward, _beside(where, focus), _gaps(where, focus, forward, back), more_back, more_forward,
        _silent(where, focus),
    )  # fmt: skip


def _traceable(source: Source, thing: str | Found) -> Found:
    found = find_one(source, thing) if isinstance(thing, str) else thing
    if found.kind not in ("Meeting", "Body", "Organisation", "Instrument", *COMMITMENTS):
        raise QueryError(
            f"{found.id} is a {found.kind}, which has no lineage",
            mend=f"trace a meeting, body, commitment or instrument, or ask: explain {found.id}",
        )
    return found


def _between(source: Source, start: Found, end: Found) -> Trace:
    ahead = {start.iri, *_eventually(source, start.iri, "forward")}
    if end.iri not in ahead:
        if start.iri in _eventually(source, end.iri, "forward"):
            start, end = end, start
            ahead = {start.iri, *_eventually(source, start.iri, "forward")}
        else:
            return Trace(start, gaps=_gaps(source, start, (), ()), target=end)
    on_the_way = ahead & {end.iri, *_eventually(source, end.iri, "back")}
    hops, _ = _walk(source, start, "forward", ALL, ALL, frozenset(on_the_way))
    return Trace(start, (), hops, (), _gaps(source, start, hops, ()), target=end)


def _eventually(source: Source, iri: str, way: Direction) -> set[str]:
    pattern = f"<{iri}> <{CQ}leadsToEventually> ?x" if way == "forward" else f"?x <{CQ}leadsToEventually> <{iri}>"
    made = (
        f"?c <{CQ}madeAt> <{iri}> . ?c <{CQ}leadsToEventually> ?x" if way == "forward"
        else f"{pattern.replace('?x', '?c', 1)} . ?c <{CQ}madeAt> ?x"
    )  # fmt: skip
    reached = set(source.ask(f"SELECT DISTINCT ?x WHERE {{ {{ {pattern} }} UNION {{ {made} }} }}").column("x"))
    if way == "forward":
        reached |= set(source.ask(f"SELECT ?c WHERE {{ ?c <{CQ}madeAt> <{iri}> ; <{CQ}leadsTo> ?y }}").column("c"))
    else:
        reached |= set(source.ask(f"SELECT ?m WHERE {{ <{iri}> <{CQ}madeAt> ?m }}").column("m"))
    return reached - {iri}


def _when(thing: Found) -> tuple[str, str]:
    # What is known to the year only may have been at any day of it, and comes after what is known to the day.
    return (f"{thing.date}~" if thing.date else "~", thing.id)


@dataclass(frozen=True, slots=True)
class _Edge:
    earlier: str
    later: str
    relation: str
    said: Said


def _walk(
    source: Source, focus: Found, way: Direction, steps: int, breadth: int, within: frozenset[str] | None = None
) -> tuple[tuple[Hop, ...], int]:
    """Hops up to `steps` away, and how many things are further on or were cut."""
    level = {focus.iri: 0}
    edges: dict[tuple[str, str, str], list[Said]] = defaultdict(list)
    frontier = [focus.iri]
    cut: set[str] = set()
    while frontier:
        reached: list[str] = []
        grouped: defaultdict[str, dict[str, list[_Edge]]] = defaultdict(lambda: defaultdict(list))
        for edge in _edges(source, frontier, way):
            near, far = (edge.earlier, edge.later) if way == "forward" else (edge.later, edge.earlier)
            if within is None or far in within:
                grouped[near][far].append(edge)
        for near in frontier:
            ends = grouped[near]
            for number, far in enumerate(ends):
                # A commitment stands in the same step as the meeting where it was made.
                step = level[near] + (0 if {e.relation for e in ends[far]} == {"madeAt"} else 1)
                if (step > steps or number >= breadth) and far not in level:
                    cut.add(far)
                    continue
                if far not in level:
                    level[far] = step
                    reached.append(far)
                for edge in ends[far]:
                    edges[edge.earlier, edge.later, edge.relation].append(edge.said)
        frontier = reached
    known = describe(source, [*level])
    hops = [
        Hop(known[a], known[b], relation, _oldest_first(said), max(1, level[b if way == "forward" else a]))
        for (a, b, relation), said in edges.items()
        if a in known and b in known
    ]
    hops.sort(key=lambda h: (h.step, *_when(h.later if way == "forward" else h.earlier), h.earlier.id, h.relation))
    further = 0
    if within is None and cut:
        further = len(_eventually(source, focus.iri, way) - set(level))
    return _without_doubles(tuple(hops)), further


def _edges(source: Source, nodes: Sequence[str], way: Direction) -> list[_Edge]:
    """Edges from (or to) these nodes with their sentences, ordered by date and IRI of the far end."""
    near, far = ("earlier", "later") if way == "forward" else ("later", "earlier")
    rows: list[tuple[str, ...]] = []
    for start in range(0, len(nodes), BATCH):
        values = " ".join(f"<{n}>" for n in nodes[start : start + BATCH])
        # Each branch starts from the given nodes: an engine that joins a union as a whole would read all links.
        branches = " UNION ".join(f"{{ VALUES ?{near} {{ {values} }} {branch} }}" for branch in _BRANCHES)
        rows += source.ask(
            f"""SELECT DISTINCT ?earlier ?later ?relation ?link ?date WHERE {{
              {branches}
              OPTIONAL {{ ?{far} <{CQ}start> ?date }}
            }}"""
        ).rows
    kept = [row for row in rows if row[2] not in ("partOf", "follows", "refersTo")]
    kept.sort(key=lambda row: (f"{row[4]}~", row[1] if way == "forward" else row[0], row[0], row[1], row[2], row[3]))
    sayings = _sayings(source, [row[3] for row in kept])
    return [
        _Edge(earlier, later, relation, said)
        for earlier, later, relation, link, _ in kept
        for said in sayings.get(link, ())
    ]


_LINKED = f"?link <{CQ}relation> ?concept . ?concept <{SKOS}notation> ?relation ."
_BRANCHES = (
    f"?earlier <{CQ}leadsTo> ?later . ?link <{CQ}source> ?earlier ; <{CQ}target> ?later . {_LINKED}",
    f"?earlier <{CQ}leadsTo> ?later . ?link <{CQ}target> ?earlier ; <{CQ}source> ?later . {_LINKED}",
    # A commitment leads to what the links of its own paper say of the meeting where it was made.
    f"?earlier <{CQ}leadsTo> ?later ; <{CQ}madeAt> ?meeting ; <{CQ}statedIn> ?same ."
    f" ?link <{CQ}source> ?meeting ; <{CQ}target> ?later ; <{CQ}statedIn> ?same . {_LINKED}",
    f"?earlier <{CQ}leadsTo> ?later ; <{CQ}madeAt> ?meeting ; <{CQ}statedIn> ?same ."
    f" ?link <{CQ}target> ?meeting ; <{CQ}source> ?later ; <{CQ}statedIn> ?same . {_LINKED}",
    f'?later <{CQ}madeAt> ?earlier ; <{CQ}leadsTo> ?anything . BIND(?later AS ?link) BIND("madeAt" AS ?relation)',
)
BATCH = 200
"""IRIs named in one query."""


def _sayings(source: Source, statements: Sequence[str]) -> dict[str, list[Said]]:
    """The sentences of statements, by statement."""
    found: defaultdict[str, list[Said]] = defaultdict(list)
    names = list(dict.fromkeys(statements))
    for start in range(0, len(names), BATCH):
        values = " ".join(f"<{n}>" for n in names[start : start + BATCH])
        for row in source.ask(
            f"""SELECT ?statement ?document ?paragraph ?quote ?dated ?ended ?rule ?known WHERE {{
              VALUES ?statement {{ {values} }}
              ?statement <{CQ}statedIn> ?paper .
              ?paper <{CQ}path> ?document .
              OPTIONAL {{ ?paper <{DCTERMS}date> ?dated }}
              OPTIONAL {{ ?paper <{CQ}publishedFor> ?reported . ?reported <{CQ}end> ?ended }}
              OPTIONAL {{ GRAPH ?evidence {{ ?statement <{CQ}shownBy> ?passage . ?passage <{CQ}quote> ?quote .
                OPTIONAL {{ ?passage <{CQ}paragraph> ?paragraph }}
                OPTIONAL {{ ?statement <{CQ}rule> ?rule }}
                OPTIONAL {{ ?statement <{CQ}known> ?known }} }} }}
            }} ORDER BY ?statement ?dated ?document ?quote ?rule"""
        ).records():
            found[row["statement"]].append(_said(row, row["statement"]))
    return found


def _said(row: dict[str, str], statement: str) -> Said:
    known = row["known"].rsplit("/", 1)[-1]
    date = row["dated"] or row["ended"]
    return Said(row["document"], row["paragraph"], row["quote"], date, row["rule"], known, statement)


def _oldest_first(said: Iterable[Said]) -> tuple[Said, ...]:
    """One sentence a statement (a statement read by two rules comes twice), the oldest paper first."""
    unique: dict[tuple[str, str], Said] = {}
    for s in sorted(said, key=lambda s: (s.date or "9999", s.document, s.quote, s.rule)):
        unique.setdefault((s.document, s.quote), s)
    return tuple(unique.values())


def _without_doubles(hops: tuple[Hop, ...]) -> tuple[Hop, ...]:
    """Hops without those that say again of a meeting what a commitment made at it says with the same sentences."""
    made = {(h.earlier.iri, h.later.iri) for h in hops if h.relation == "madeAt"}
    by_commitment = {
        (meeting, h.later.iri, h.relation): h.said for h in hops for meeting, c in made if h.earlier.iri == c
    }
    return tuple(
        h for h in hops
        if not (known := by_commitment.get((h.earlier.iri, h.later.iri, h.relation)))
        or {(s.document, s.quote) for s in h.said} - {(s.document, s.quote) for s in known}
    )  # fmt: skip


def _beside(source: Source, focus: Found) -> tuple[Hop, ...]:
    """Links of the focus that lead to nothing by themselves; `earlier` is the link's source, `later` its target."""
    rows: list[tuple[str, ...]] = []
    for end in ("source", "target"):
        rows += source.ask(
            f"""SELECT ?source ?target ?relation ?link WHERE {{
              VALUES ?{end} {{ <{focus.iri}> }}
              ?link <{CQ}{end}> ?{end} ; <{CQ}source> ?source ; <{CQ}target> ?target . {_LINKED}
            }}"""
        ).rows
    rows = sorted({row for row in rows if row[2] in BESIDE})
    sayings = _sayings(source, [row[3] for row in rows])
    grouped: defaultdict[tuple[str, str, str], list[Said]] = defaultdict(list)
    for one, other, relation, link in rows:
        grouped[one, other, relation] += sayings.get(link, ())
    known = describe(source, [iri for a, b, _ in grouped for iri in (a, b)])
    hops = [
        Hop(known[a], known[b], r, _oldest_first(said))
        for (a, b, r), said in grouped.items()
        if a in known and b in known
    ]
    return tuple(sorted(hops, key=lambda h: (BESIDE.index(h.relation), h.earlier.date, h.earlier.id, h.later.id)))


def papers(source: Source) -> dict[str, tuple[str, str]]:
    """Every paper of the graph: IRI to (path, date); the date is its own, else that of the end of its meeting, or ''."""
    rows = source.ask(
        f"""SELECT ?paper ?document ?dated ?ended WHERE {{
          ?paper <{CQ}path> ?document .
          OPTIONAL {{ ?paper <{DCTERMS}date> ?dated }}
          OPTIONAL {{ ?paper <{CQ}publishedFor> ?reported . ?reported <{CQ}end> ?ended }}
        }} ORDER BY ?document ?dated ?ended"""
    ).rows
    return {paper: (path, dated or ended) for paper, path, dated, ended in rows}


def _gaps(source: Source, focus: Found, hops: Sequence[Hop], back: Sequence[Hop]) -> tuple[Gap, ...]:
    """A gap for each thing at the end of the trace that leads to nothing further in the papers."""
    onward = {h.earlier.iri for h in hops}
    ends = {h.later.iri: h.later for h in hops if h.later.iri not in onward}
    if not hops:
        ends = {focus.iri: focus}
    if not ends:
        return ()
    values = " ".join(f"<{iri}>" for iri in ends)
    leading = set(
        source.ask(f"SELECT DISTINCT ?x WHERE {{ VALUES ?x {{ {values} }} ?x <{CQ}leadsTo> ?y }}").column("x")
    )
    mentions: defaultdict[str, set[str]] = defaultdict(set)
    for named_thing, paper in source.ask(
        f"SELECT DISTINCT ?x ?paper WHERE {{ VALUES ?x {{ {values} }} ?account <{CQ}about> ?x ; <{CQ}statedIn> ?paper }}"
    ).rows:
        mentions[named_thing].add(paper)
    dated = papers(source)
    own: defaultdict[str, list[str]] = defaultdict(list)
    for statement, paper in source.ask(
        f"SELECT ?x ?paper WHERE {{ VALUES ?x {{ {values} }} ?x <{CQ}statedIn> ?paper }}"
    ).rows:
        own[statement].append(dated[paper][1])
    undated = sum(1 for _, date in dated.values() if not date)
    found = []
    for iri, thing in sorted(ends.items(), key=lambda item: (item[1].date, item[0])):
        if iri in leading:
            continue
        # A plan's period may begin before the paper that first speaks of it, and a meeting is told of afterwards.
        since = max([thing.date, *own[iri], *(s.date for h in (*hops, *back) if h.later.iri == iri for s in h.said)])
        later = sorted((date, path, paper) for paper, (path, date) in dated.items() if date > since)
        named = tuple(path for _, path, paper in later if paper in mentions[iri])
        first, last = (later[0][0], later[-1][0]) if later else ("", "")
        found.append(Gap(thing, len(later), first, last, named, undated, _successors(source, thing)))
    return tuple(found)


def _successors(source: Source, thing: Found) -> tuple[Found, ...]:
    rows = source.ask(
        f"""SELECT DISTINCT ?other WHERE {{
          VALUES (?in ?begins) {{ (<{CQ}inSeries> <{CQ}start>) (<{CQ}inInstrumentSeries> <{CQ}periodStart>) }}
          <{thing.iri}> ?in ?series ; ?begins ?own .
          ?other ?in ?series ; ?begins ?later .
          FILTER(STR(?later) > CONCAT(STR(?own), "~"))
        }}"""
    )
    return tuple(sorted(describe(source, rows.column("other")).values(), key=_when))


def _silent(source: Source, focus: Found) -> int:
    rows = source.ask(
        f"""SELECT (COUNT(DISTINCT ?c) AS ?n) WHERE {{
          ?c <{CQ}madeAt> <{focus.iri}> ; <{CQ}commitmentClass> ?class .
          FILTER NOT EXISTS {{ ?c <{CQ}leadsTo> ?anything }}
        }}"""
    ).rows
    return int(rows[0][0]) if rows else 0
