"""What happened when: meetings on a time axis, in lanes by the body that held them or their series, with their papers."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

from graph_build.find import find_one
from graph_build.iris import CQ, RDFS, SKOS
from graph_build.source import Source
from graph_build.tables import Table, table_of
from graph_build.trace import Said
from graph_build.view.group import grouped
from graph_build.view.lanes import draw
from graph_build.view.lineage import NOT_HELD
from graph_build.view.picture import Edge, Node, Picture
from graph_build.view.years import within

LIMIT = 60
"""Meetings past which they are drawn in groups."""
OTHER = "Other meetings"
COLUMNS = ("date", "end", "meeting_label", "type", "place", "series", "body", "papers", "status", "document", "paragraph",
           "quote", "meeting")  # fmt: skip

_ASKED = f"""
SELECT ?meeting ?label ?start ?end ?city ?land ?type ?series ?series_label ?body ?body_label ?paper ?document ?title ?status
       ?paragraph ?quote WHERE {{
  ?meeting a <{CQ}Meeting> ; <{RDFS}label> ?label .
  OPTIONAL {{ ?meeting <{CQ}start> ?start }}
  OPTIONAL {{ ?meeting <{CQ}end> ?end }}
  OPTIONAL {{ ?meeting <{CQ}city> ?city }}
  OPTIONAL {{ ?meeting <{CQ}country> ?state . ?state <{RDFS}label> ?land }}
  OPTIONAL {{ ?meeting <{CQ}meetingType> ?kind . ?kind <{SKOS}notation> ?type }}
  OPTIONAL {{ ?meeting <{CQ}inSeries> ?series . ?series <{RDFS}label> ?series_label }}
  OPTIONAL {{ ?meeting <{CQ}heldBy> ?body . ?body <{RDFS}label> ?body_label }}
  OPTIONAL {{
    ?account <{CQ}about> ?meeting ; <{CQ}status> ?telling ; <{CQ}statedIn> ?paper .
    ?telling <{SKOS}notation> ?status .
    ?paper <{CQ}path> ?document .
    OPTIONAL {{ ?paper <http://purl.org/dc/terms/title> ?title }}
    OPTIONAL {{ GRAPH ?evidence {{ ?account <{CQ}shownBy> ?passage . ?passage <{CQ}quote> ?quote .
      OPTIONAL {{ ?passage <{CQ}paragraph> ?paragraph }} }} }}
  }}
}} ORDER BY ?start ?meeting ?body_label ?series_label ?status ?document ?quote"""


def timeline(source: Source, *, since: str = "", until: str = "", body: str = "", limit: int = LIMIT) -> Picture:
    """The meetings of the graph on a time axis.

    since, until  years, both included; body  only meetings that this body or organisation held, or of this series
    limit         meetings past which they are drawn in groups
    """
    only = find_one(source, body, ("Body", "Organisation", "MeetingSeries")) if body else None
    rows = [r for r in source.ask(_ASKED).records() if within(r["start"], since, until)]
    if only:
        wanted = {r["meeting"] for r in rows if only.iri in (r["body"], r["series"])}
        rows = [r for r in rows if r["meeting"] in wanted]
    title = "Timeline of meetings" + (f": {only.label}" if only else "") + _period(since, until)
    meetings, others, edges = _records(rows)
    lane_of = _lanes(rows)
    held = Counter(lane_of[m.id] for m in meetings)
    order = sorted(held, key=lambda lane: (lane == OTHER, -held[lane], lane))
    notes = []
    if not meetings:
        notes.append("No meeting of the graph falls into this choice.")
    undated = sum(1 for m in meetings if not m.date)
    if undated:
        notes.append(f"{undated} without a date stand at the beginning of the axis.")
    shown, ties, said = grouped(meetings, (), limit, lambda node: lane_of[node.id])
    for node in shown:
        if node.members:
            lane_of[node.id] = lane_of[node.members[0]]
    notes += said
    without = sum(1 for m in meetings if not m.held)
    summary = (
        f"{len(meetings)} meetings" + (f" from {meetings[0].date} to {max(m.end or m.date for m in meetings)}" if meetings else "")
        + f", in {len(order)} lanes by who held them: " + "; ".join(f"{lane} ({held[lane]})" for lane in order[:6])
        + f". Of {without} no paper is held here; they are drawn with dashes."
    )  # fmt: skip
    svg = draw(title, summary, shown, ties, lane_of, order, notes=notes, heads=True, card_width=250)
    nodes = (*meetings, *others)
    return Picture("timeline", title, summary, nodes, tuple(edges), _table(meetings, others, edges, title), svg, tuple(notes),
                   drawn=(tuple(_with_sentences(n, edges) for n in shown), ()))  # fmt: skip


def _period(since: str, until: str) -> str:
    if since and until:
        return f", {since} to {until}" if since != until else f", {since}"
    return f", from {since}" if since else f", until {until}" if until else ""


def _records(rows: list[dict[str, str]]) -> tuple[list[Node], list[Node], list[Edge]]:
    by_meeting: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        by_meeting[row["meeting"]].append(row)
    meetings: list[Node] = []
    others: dict[str, Node] = {}
    edges: dict[tuple[str, str, str], Edge] = {}
    for iri, said in by_meeting.items():
        first, id_ = said[0], _id(iri)
        telling = {r["document"] for r in said if r["status"] == "described"}
        naming = {r["document"] for r in said if r["status"] == "mentioned"} - telling
        papers = (
            f"{len(telling)} paper{'' if len(telling) == 1 else 's'}"
            if telling
            else f"{NOT_HELD}; named in {len(naming)} paper{'' if len(naming) == 1 else 's'}"
        )
        place = ", ".join(x for x in (first["city"], first["land"]) if x)
        meetings.append(
            Node(id_, first["label"], "Meeting", iri, first["start"], first["end"], place, papers, held=bool(telling),
                 more=(("type", first["type"]),))
        )  # fmt: skip
        for row in said:
            for key, relation, kind in (("body", "heldBy", "Body"), ("series", "inSeries", "MeetingSeries")):
                if row[key]:
                    others.setdefault(_id(row[key]), Node(_id(row[key]), row[f"{key}_label"], kind, row[key]))
                    words = "held by" if key == "body" else "in the series"
                    edges.setdefault(
                        (id_, _id(row[key]), relation), Edge(id_, _id(row[key]), relation, words, date=first["start"])
                    )
            if row["paper"]:
                paper = _id(row["paper"])
                others.setdefault(
                    paper,
                    Node(
                        paper,
                        row["title"] or row["document"],
                        "Document",
                        row["paper"],
                        more=(("path", row["document"]),),
                    ),
                )
                relation, words = (
                    ("describedIn", "described in") if row["status"] == "described" else ("mentionedIn", "mentioned in")
                )
                quote = Said(row["document"], row["paragraph"], row["quote"])
                known = edges.get((id_, paper, relation))
                if known is None:
                    edges[id_, paper, relation] = Edge(id_, paper, relation, words, (quote,), first["start"])
                elif quote not in known.said:
                    edges[id_, paper, relation] = Edge(
                        id_, paper, relation, words, (*known.said, quote), first["start"]
                    )
    meetings.sort(key=lambda m: (m.date or "~", m.id))
    return meetings, list(others.values()), list(edges.values())


def _id(iri: str) -> str:
    return iri.split("/id/", 1)[1] if "/id/" in iri else iri


def _lanes(rows: list[dict[str, str]]) -> dict[str, str]:
    """Lane of each meeting: the body that held it (the rarest of several, which says most), else its series."""
    count = Counter(label for _, label in {(r["meeting"], r["body_label"]) for r in rows if r["body_label"]})
    found: dict[str, str] = {}
    for row in rows:
        id_ = _id(row["meeting"])
        lane = row["body_label"] or row["series_label"] or OTHER
        known = found.get(id_)
        if known is None or known == OTHER or (row["body_label"] and (count[lane], lane) < (count[known], known)):
            found[id_] = lane
    return found


def _with_sentences(node: Node, edges: list[Edge]) -> Node:
    said = tuple(dict.fromkeys(s for e in edges if e.source == node.id for s in e.said))
    return replace(node, said=said) if said else node


def _table(meetings: list[Node], others: list[Node], edges: list[Edge], title: str) -> Table:
    labels = {n.id: n.label for n in others}
    ties: defaultdict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        ties[edge.source].append(edge)
    rows = []
    for m in meetings:
        series = "; ".join(labels[e.target] for e in ties[m.id] if e.relation == "inSeries")
        bodies = "; ".join(labels[e.target] for e in ties[m.id] if e.relation == "heldBy")
        papers = [e for e in ties[m.id] if e.relation in ("describedIn", "mentionedIn")]
        count = str(sum(1 for e in papers if e.relation == "describedIn"))
        told = [(e.relation, s) for e in papers for s in e.said] or [("", Said("", "", ""))]
        rows += [
            (m.date, m.end, m.label, str(dict(m.more)["type"]), m.place, series, bodies, count, {"describedIn": "described", "mentionedIn": "mentioned"}.get(how, ""), s.document, s.paragraph, s.quote, m.id)
            for how, s in told
        ]  # fmt: skip
    return table_of(COLUMNS, rows, title)
