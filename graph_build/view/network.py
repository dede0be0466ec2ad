"""Who worked with whom: people and parties that hosted, chaired or spoke, tied by the meetings at which they did.

Drawn as columns of meetings, with time from left to right: first a row for each name that links several of them, then below
each meeting those who were at that one alone. Nothing lies over anything, whatever the size; and the place of a name says
whether it links meetings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import networkx as nx

from graph_build.iris import CQ, RDFS, SKOS
from graph_build.source import Source
from graph_build.tables import table_of
from graph_build.trace import Said
from graph_build.trace_text import days
from graph_build.view.ink import Ink, n
from graph_build.view.measure import clip, width, wrap
from graph_build.view.picture import Edge, Node, Picture
from graph_build.view.years import within

MEETINGS, LINKING, ALONE = 12, 24, 14
"""Meetings, linking names, and names below one meeting, past which the picture groups."""
EXACT = 400
"""Nodes up to which betweenness is counted over all pairs; beyond, over a fixed sample of `EXACT` starting points."""
COLUMN, GUTTER, EDGE, ROW = 216.0, 300.0, 16.0, 44.0
ROLES = {
    "host": "hosted", "co-chair": "co-chaired", "chair": "chaired", "opener": "opened", "keynote": "gave the keynote",
    "panellist": "spoke on a panel", "speaker": "spoke", "presenter": "presented", "moderator": "moderated",
    "welcome": "welcomed", "facilitator": "facilitated", "rapporteur": "reported", "closer": "closed",
}  # fmt: skip
COLUMNS = ("date", "meeting_label", "name", "kind", "role", "position", "affiliation", "meetings", "others", "betweenness",
           "document", "paragraph", "quote", "meeting", "actor")  # fmt: skip

_ASKED = f"""
SELECT ?meeting ?meeting_label ?start ?end ?actor ?label ?class ?role ?position ?affiliation ?document ?paragraph ?quote WHERE {{
  ?participation <{CQ}capacity>|<{CQ}role> ?concept ; <{CQ}meeting> ?meeting ; <{CQ}actor> ?actor ; <{CQ}statedIn> ?paper .
  ?concept <{SKOS}notation> ?role .
  FILTER(?role NOT IN ("participant", "observer"))
  ?paper <{CQ}path> ?document .
  ?meeting <{RDFS}label> ?meeting_label .
  ?actor <{RDFS}label> ?label ; a ?class .
  FILTER(?class IN (<{CQ}State>, <{CQ}Organisation>, <{CQ}Body>, <{CQ}Person>))
  OPTIONAL {{ ?meeting <{CQ}start> ?start }}
  OPTIONAL {{ ?meeting <{CQ}end> ?end }}
  OPTIONAL {{ ?participation <{CQ}position> ?position }}
  OPTIONAL {{ ?participation <{CQ}affiliation> ?affiliation }}
  OPTIONAL {{ GRAPH ?evidence {{ ?participation <{CQ}shownBy> ?passage . ?passage <{CQ}quote> ?quote .
    OPTIONAL {{ ?passage <{CQ}paragraph> ?paragraph }} }} }}
}} ORDER BY ?start ?meeting ?actor ?role ?document ?quote"""


@dataclass(frozen=True, slots=True)
class Central:
    """How an actor stands in the network.

    meetings     at how many it hosted, chaired or spoke
    others       with how many others it did so at the same meeting (degree in the network of actors)
    betweenness  share of the shortest ways between two others, over shared meetings, that lead through it (Freeman 1977)
    """

    meetings: int
    others: int
    betweenness: float


def network(source: Source, *, since: str = "", until: str = "", limit: int = LINKING) -> Picture:
    """The network of who hosted, chaired and spoke together, by period.

    since, until  years, both included
    limit         names that link meetings, past which they are drawn in a group
    """
    rows = [r for r in source.ask(_ASKED).records() if within(r["start"], since, until)]
    actors: dict[str, Node] = {}
    meetings: dict[str, Node] = {}
    said: defaultdict[tuple[str, str, str], list[Said]] = defaultdict(list)
    posts: dict[tuple[str, str, str], tuple[str, str]] = {}
    for row in rows:
        actor, meeting = _id(row["actor"]), _id(row["meeting"])
        actors.setdefault(actor, Node(actor, row["label"], row["class"].rsplit("#", 1)[-1], row["actor"]))
        meetings.setdefault(
            meeting, Node(meeting, row["meeting_label"], "Meeting", row["meeting"], row["start"], row["end"])
        )
        key = (actor, meeting, row["role"])
        posts[key] = max(posts.get(key, ("", "")), (row["position"], row["affiliation"]))
        quote = Said(row["document"], row["paragraph"], row["quote"])
        if quote not in said[key]:
            said[key].append(quote)
    central = centralities(said)
    nodes = [
        replace(
            a,
            more=(
                ("meetings", central[i].meetings),
                ("others", central[i].others),
                ("betweenness", round(central[i].betweenness, 4)),
            ),
        )
        for i, a in actors.items()
    ]
    edges = [Edge(a, m, role, ROLES.get(role, role), tuple(quotes), meetings[m].date, more=(("position", posts[a, m, role][0]), ("affiliation", posts[a, m, role][1])))
             for (a, m, role), quotes in said.items()]  # fmt: skip
    title = "Who hosted, chaired and spoke with whom" + (
        f", {since or 'the beginning'} to {until or 'today'}" if since or until else ""
    )
    notes = list(words(central, actors))
    if not rows:
        notes.append("No host, chair or speaker is stated in this choice.")
    summary = (
        f"{len(actors)} states, organisations and people who hosted, chaired or spoke at {len(meetings)} meetings. "
        + " ".join(notes)
    )
    svg, shown, ties, more = _draw(title, summary, nodes, list(meetings.values()), edges, central, notes, limit)
    notes += more
    table = table_of(COLUMNS, [
        (meetings[m].date, meetings[m].label, actors[a].label, actors[a].kind, role, *posts[a, m, role], str(central[a].meetings),
         str(central[a].others), f"{central[a].betweenness:.3f}", q.document, q.paragraph, q.quote, m, a)
        for (a, m, role), quotes in sorted(said.items(), key=lambda p: (meetings[p[0][1]].date or "~", p[0][1], p[0][0], p[0][2])) for q in quotes
    ], title)  # fmt: skip
    return Picture(
        "network",
        title,
        summary,
        (*nodes, *meetings.values()),
        tuple(edges),
        table,
        svg,
        tuple(notes),
        directed=False,
        drawn=(tuple(shown), tuple(ties)),
    )


def _id(iri: str) -> str:
    return iri.split("/id/", 1)[1] if "/id/" in iri else iri


def centralities(ties: Mapping[tuple[str, str, str], object] | Sequence[tuple[str, str, str]]) -> dict[str, Central]:
    """The centralities of actors from (actor, meeting, role). Ways lead from actor to meeting to actor; only actors count as
    ends of a way."""
    graph: nx.Graph[str] = nx.Graph()
    at: defaultdict[str, set[str]] = defaultdict(set)
    of: defaultdict[str, set[str]] = defaultdict(set)
    for actor, meeting, _ in sorted(ties):
        graph.add_edge(f"a {actor}", f"m {meeting}")
        at[actor].add(meeting)
        of[meeting].add(actor)
    ends = [f"a {a}" for a in sorted(at)]
    between: dict[str, float] = {}
    if len(ends) > 2:
        starts = ends if len(graph) <= EXACT else ends[:: -(-len(ends) // EXACT)]
        between = nx.betweenness_centrality_subset(graph, starts, ends, normalized=False)
    # Each unordered pair of others is counted from both its ends where all are starting points.
    pairs = (len(ends) - 1) * (len(ends) - 2) / 2
    scale = (len(ends) / len(starts)) / pairs if between and pairs else 0.0
    return {
        actor: Central(len(met), len({o for m in met for o in of[m]} - {actor}), between.get(f"a {actor}", 0.0) * scale)
        for actor, met in at.items()
    }


def words(central: Mapping[str, Central], actors: Mapping[str, Node]) -> list[str]:
    """What the centralities say, in sentences."""
    if not central:
        return []
    made = []
    often = max(c.meetings for c in central.values())
    if often > 1:
        made.append(
            f"Most often, at {often} meetings, hosted, chaired or spoke: {_names(central, actors, lambda c: c.meetings == often)}."
        )
    broad = max(c.others for c in central.values())
    made.append(
        f"With the most others, {broad}, shared a meeting's platform (degree): {_names(central, actors, lambda c: c.others == broad)}."
    )
    link = max(round(c.betweenness, 6) for c in central.values())
    if round(link * 100):
        made.append(
            f"Links most of those who did not meet: {_names(central, actors, lambda c: round(c.betweenness, 6) == link)}; on {link * 100:.0f} of "
            "100 shortest ways between two others, over shared meetings (betweenness)."
        )
    else:
        made.append("Nobody links groups that did not meet otherwise (betweenness is nought for all).")
    return made


def _names(central: Mapping[str, Central], actors: Mapping[str, Node], is_one: Callable[[Central], bool]) -> str:
    names = sorted(actors[i].label for i, c in central.items() if is_one(c))
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _draw(
    title: str, summary: str, actors: Sequence[Node], meetings: Sequence[Node], edges: Sequence[Edge],
    central: Mapping[str, Central], notes: Sequence[str], limit: int,
) -> tuple[str, list[Node], list[Edge], list[str]]:  # fmt: skip
    said: list[str] = []
    at: defaultdict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        at[edge.source].append(edge)
    columns = _columns(sorted(meetings, key=lambda m: (m.date or "~", m.id)), said)
    of = {member: c for c in columns for member in (c.members or (c.id,))}
    by_id = {a.id: a for a in actors}
    where: dict[str, list[str]] = {
        a: sorted({of[e.target].id for e in at[a]}, key=lambda c: [x.id for x in columns].index(c)) for a in at
    }
    linking = sorted(
        (a for a in at if len(where[a]) > 1), key=lambda a: (-central[a].betweenness, -len(where[a]), by_id[a].label, a)
    )
    if len(linking) > limit:
        said.append(
            f"{len(linking)} names link meetings: the {limit} with the highest betweenness are drawn; the table has all."
        )
    index = {c.id: i for i, c in enumerate(columns)}
    ink = Ink(title, summary)
    gutter = GUTTER if linking else 0.0
    left = EDGE + gutter
    broad = max(left + EDGE + COLUMN * len(columns), 700.0)
    y = ink.text(EDGE, 30, wrap(title, broad - 2 * EDGE, 18, True, 3), 18, "cq-t cq-b cq-title")
    top = y - 10
    shown: list[Node] = []
    ties: list[Edge] = []
    heads = {c.id: wrap(c.label, COLUMN - 40, 12.5, True, 6) for c in columns}
    tall = max((len(h) for h in heads.values()), default=1) * 12.5 * 1.3 + 30
    for i, column in enumerate(columns):
        x = left + i * COLUMN
        ink.open(
            "g",
            f"{column.label}\n{days(column.date, column.end)}",
            class_="cq-n cq-n-meeting",
            data_id=column.id,
            tabindex="0",
        )
        ink.put("rect", x=n(x), y=n(y), width=n(COLUMN - 14), height=n(tall), rx="5", class_="cq-card")
        ink.icon("meeting", x + 9, y + 9, 11)
        ink.text(
            x + 26,
            y + 19,
            clip(days(column.date, column.end) or "no date", COLUMN - 46, 11.5, True),
            11.5,
            "cq-f-meeting cq-b",
        )
        ink.text(x + 10, y + 36, heads[column.id], 12.5, "cq-t cq-b")
        ink.close("g")
        shown.append(column)
    if linking:
        ink.text(EDGE, y + tall - 8, "Linking several meetings", 12, "cq-s cq-b")
    y += tall + 6
    for number, actor in enumerate(linking[:limit]):
        node = by_id[actor]
        if number % 2 == 0:
            ink.put("rect", x="0", y=n(y), width=n(broad), height=n(ROW), class_="cq-band")
        ink.open("g", _tip(node, central[actor]), class_="cq-n", data_id=node.id, tabindex="0")
        _symbol(ink, node.kind, EDGE + 6, y + 15)
        ink.text(EDGE + 18, y + 19, clip(node.label, GUTTER - 30, 12.5, True), 12.5, "cq-t cq-b")
        share = round(central[actor].betweenness * 100)
        others = f"with {central[actor].others} other{'' if central[actor].others == 1 else 's'}"
        told = f"{others} · on {share} of 100 ways" if share else others
        ink.text(EDGE + 18, y + 34, clip(told, GUTTER - 30, 11.5), 11.5, "cq-s")
        ink.close("g")
        its = [index[c] for c in where[actor]]
        middle = y + 15
        ink.put(
            "path",
            d=f"M{n(left + its[0] * COLUMN + 16)} {n(middle)}H{n(left + its[-1] * COLUMN + 16)}",
            class_="cq-edge",
            stroke_width="2",
        )
        for i, column_id in zip(its, where[actor], strict=True):
            joined = _joined(actor, column_id, [e for e in at[actor] if of[e.target].id == column_id])
            ink.open("g", _said_tip(joined), class_="cq-e", data_edge=len(ties), tabindex="0")
            ink.put("circle", cx=n(left + i * COLUMN + 16), cy=n(middle), r="6", class_="cq-head")
            ink.text(left + i * COLUMN + 10, y + 34, clip(joined.label, COLUMN - 26, 11.5), 11.5, "cq-s cq-i")
            ink.close("g")
            ties.append(joined)
        shown.append(node)
        y += ROW
    y += 14
    if linking:
        ink.put("path", d=f"M{n(EDGE)} {n(y - 8)}H{n(broad - EDGE)}", class_="cq-edge cq-rule")
        ink.text(EDGE, y + 16, "At one meeting only", 12, "cq-s cq-b")
    bottom = y
    for i, column in enumerate(columns):
        x = left + i * COLUMN
        here = sorted((a for a in at if where[a] == [column.id]), key=lambda a: (_rank(at[a]), by_id[a].label, a))
        at_y = y + 6
        cut = len(here) - ALONE if len(here) > ALONE + 1 else 0
        for actor in here[: len(here) - cut]:
            node = by_id[actor]
            joined = _joined(actor, column.id, at[actor])
            ink.open("g", _tip(node, central[actor]), class_="cq-n", data_id=node.id, tabindex="0")
            _symbol(ink, node.kind, x + 6, at_y + 6)
            at_y = ink.text(x + 17, at_y + 10, wrap(node.label, COLUMN - 36, 12, False, 2), 12, "cq-t")
            at_y = ink.text(x + 17, at_y - 1, clip(joined.label, COLUMN - 36, 11.5), 11.5, "cq-s cq-i") - 7
            ink.close("g")
            shown.append(node)
            ties.append(joined)
        if cut:
            rest = here[len(here) - cut :]
            group = Node(f"group/{column.id}", f"{cut} more at this meeting", "Person", members=tuple(rest))
            ink.open("g", group.label, class_="cq-n", data_id=group.id, tabindex="0")
            ink.put("rect", x=n(x), y=n(at_y - 1), width=n(COLUMN - 16), height="20", rx="4", class_="cq-card cq-dash")
            ink.text(x + 10, at_y + 13, group.label, 12, "cq-t cq-b")
            ink.close("g")
            at_y += 26
            shown.append(group)
            said.append(
                f"{cut} of {len(here)} names that were at {clip(column.label, 300, 12)} alone are drawn as one; the table has all."
            )
        bottom = max(bottom, at_y)
    y = bottom + 20
    for note in (*notes, *said[:6]):
        y = ink.text(EDGE, y, wrap(note, broad - 2 * EDGE, 12, False, 3), 12, "cq-s") + 2
    x = EDGE + 6
    ink.open("g", class_="cq-key")
    for kind, name in (("State", "state"), ("Organisation", "organisation or body"), ("Person", "person")):
        _symbol(ink, kind, x, y)
        ink.text(x + 12, y + 4, name, 12, "cq-s")
        x += width(name, 12) + 36
    ink.close("g")
    return ink.document(broad, y + 22, top), shown, ties, said


def _said_tip(edge: Edge) -> str:
    first = edge.said[0] if edge.said else Said("", "", "")
    return f"{edge.label}\n“{first.quote}”\n— {first.document}" if first.quote else edge.label


def _joined(actor: str, column: str, edges: Sequence[Edge]) -> Edge:
    roles = ", ".join(dict.fromkeys(e.label for e in edges))
    return Edge(
        actor,
        column,
        edges[0].relation,
        roles,
        tuple(dict.fromkeys(s for e in edges for s in e.said)),
        weight=len(edges),
    )


def _columns(meetings: Sequence[Node], said: list[str]) -> list[Node]:
    """The meetings, or where they are too many, the meetings of one or several years together."""
    columns = list(meetings)
    for span in (1, 2, 5, 10, 50, 10_000):
        if len(columns) <= MEETINGS:
            break
        groups: defaultdict[int, list[Node]] = defaultdict(list)
        for m in meetings:
            groups[int(m.date[:4]) // span if m.date[:4].isdecimal() else -1].append(m)
        columns = [
            ms[0] if len(ms) == 1 else Node(f"group/{ms[0].id}", f"{len(ms)} meetings: {ms[0].label} …", "Meeting", date=ms[0].date, end=max(m.end or m.date for m in ms), members=tuple(m.id for m in ms))
            for ms in groups.values()
        ]  # fmt: skip
        if len(columns) <= MEETINGS:
            said.append(
                f"{len(meetings)} meetings are more than {MEETINGS}: those of {'a year' if span == 1 else f'{span} years'} stand together."
            )
    return columns


def _rank(edges: Sequence[Edge]) -> int:
    order = {role: i for i, role in enumerate(ROLES)}
    return min(order.get(e.relation, 99) for e in edges)


def _tip(node: Node, central: Central) -> str:
    plural = "" if central.meetings == 1 else "s"
    return f"{node.label}\n{central.meetings} meeting{plural}, with {central.others} others; betweenness {central.betweenness:.2f}"


def _symbol(ink: Ink, kind: str, x: float, y: float) -> None:
    if kind == "Person":
        ink.put("circle", cx=n(x), cy=n(y), r="5", class_="cq-f-meeting")
    elif kind == "State":
        ink.put("rect", x=n(x - 5), y=n(y - 5), width="10", height="10", class_="cq-f-mandate")
    else:
        ink.put(
            "path",
            d=f"M{n(x)} {n(y - 6)}L{n(x + 5.4)} {n(y - 3)}V{n(y + 3)}L{n(x)} {n(y + 6)}L{n(x - 5.4)} {n(y + 3)}V{n(y - 3)}Z",
            class_="cq-f-body",
        )
