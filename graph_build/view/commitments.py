"""Commitments by year, class, theme, issuer and addressee: how many, and how many the papers follow up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from graph_build.find import find_one
from graph_build.iris import CQ, RDFS, SKOS
from graph_build.source import Source
from graph_build.tables import table_of
from graph_build.trace import Said
from graph_build.view.ink import Ink, n
from graph_build.view.measure import clip, width, wrap
from graph_build.view.picture import Edge, Node, Picture
from graph_build.view.years import within

BARS = 12
"""Bars of one part; what is beyond stands together in the last."""
PANEL, GAP, EDGE, LINE, NAMES = 540.0, 40.0, 16.0, 26.0, 210.0
PARTS = (("year", "By year"), ("class", "By class"), ("theme", "By theme"), ("issuer", "By who commits"), ("addressee", "By who is addressed"))
COLUMNS = ("date", "class", "issuer", "addressee", "themes", "clause", "followed_up", "meeting_label", "document", "paragraph",
           "quote", "commitment", "meeting")  # fmt: skip

_ASKED = f"""
SELECT ?commitment ?class ?clause ?date ?meeting ?meeting_label ?issuer ?addressee ?theme ?followed ?document ?paragraph ?quote WHERE {{
  ?commitment <{CQ}commitmentClass> ?concept ; <{CQ}clause> ?clause ; <{CQ}statedIn> ?paper .
  ?concept <{SKOS}notation> ?class .
  ?paper <{CQ}path> ?document .
  OPTIONAL {{ ?commitment <{CQ}madeAt> ?meeting . ?meeting <{RDFS}label> ?meeting_label . OPTIONAL {{ ?meeting <{CQ}start> ?start }} }}
  BIND(STR(?start) AS ?date)
  OPTIONAL {{ ?commitment <{CQ}issuer> ?issuer }}
  OPTIONAL {{ ?commitment <{CQ}addressee> ?addressee }}
  OPTIONAL {{ ?commitment <{CQ}theme> ?about . ?about <{SKOS}prefLabel> ?theme }}
  BIND(EXISTS {{ ?commitment <{CQ}leadsTo> ?anything }}
    || EXISTS {{ ?reading <{CQ}ofCommitment> ?commitment ; <{CQ}followUpKind> ?seen }} AS ?followed)
  OPTIONAL {{ ?commitment <{CQ}paragraph> ?paragraph }}
  OPTIONAL {{ GRAPH ?evidence {{ ?commitment <{CQ}shownBy> ?passage . ?passage <{CQ}quote> ?quote }} }}
}} ORDER BY ?date ?document ?commitment ?theme"""


@dataclass(slots=True)
class Made:
    """A commitment, and whether a later paper says what came of it."""

    node: Node
    year: str
    kind: str
    issuer: str
    addressee: str
    followed: bool
    meeting: str
    meeting_label: str
    themes: list[str] = field(default_factory=list)

    def under(self, part: str) -> Sequence[str]:
        """The bars of a part under which it counts."""
        if part == "theme":
            return self.themes or ["no theme recognised"]
        value = {"year": self.year, "class": self.kind, "issuer": self.issuer, "addressee": self.addressee}[part]
        return [value or {"year": "no date", "issuer": "not stated", "addressee": "not stated"}.get(part, "")]


def commitments(
    source: Source, *, since: str = "", until: str = "", kind: str = "", thing: str = "", limit: int = BARS
) -> Picture:
    """The commitments of the graph in five parts.

    since, until  years in which they were made, both included; kind  one class ('directive'); thing  the meeting where made
    limit         bars of one part
    """
    at = find_one(source, thing, ("Meeting",)).iri if thing else ""
    made: dict[str, Made] = {}
    for row in source.ask(_ASKED).records():
        if not within(row["date"], since, until) or (kind and row["class"] != kind) or (at and row["meeting"] != at):
            continue
        id_ = _id(row["commitment"])
        if id_ not in made:
            quote = Said(row["document"], row["paragraph"], row["quote"] or row["clause"])
            followed = row["followed"] == "true"
            node = Node(id_, row["clause"], row["class"].capitalize(), row["commitment"], row["date"],
                        note="" if followed else "no follow-up found in the papers held here", held=followed, said=(quote,),
                        more=(("issuer", row["issuer"]), ("addressee", row["addressee"]), ("followed_up", followed)))  # fmt: skip
            made[id_] = Made(node, row["date"][:4], row["class"], row["issuer"], row["addressee"], followed, _id(row["meeting"]), row["meeting_label"])
        if row["theme"] and row["theme"] not in made[id_].themes:
            made[id_].themes.append(row["theme"])
    every = list(made.values())
    followed = sum(1 for m in every if m.followed)
    title = "Commitments, and what is followed up"
    summary = (
        f"{len(every)} commitments; later papers say what came of {followed} of them, and nothing of {len(every) - followed}. "
        + " ".join(f"{head}: {_told(every, part)}." for part, head in PARTS)
    )
    notes = ["A commitment with several themes counts under each of them."] if any(len(m.themes) > 1 for m in every) else []
    if not every:
        notes.append("No commitment of the graph falls into this choice.")
    svg, bars = _draw(title, summary, every, notes, limit)
    meetings = {m.meeting: Node(m.meeting, m.meeting_label, "Meeting", date=m.node.date) for m in every if m.meeting}
    edges = [Edge(m.node.id, m.meeting, "madeAt", "made at", m.node.said, m.node.date) for m in every if m.meeting]
    table = table_of(COLUMNS, [
        (m.node.date, m.kind, m.issuer, m.addressee, "; ".join(m.themes), m.node.label, "yes" if m.followed else "no", m.meeting_label,
         m.node.said[0].document, m.node.said[0].paragraph, m.node.said[0].quote, m.node.id, m.meeting) for m in every
    ], title)  # fmt: skip
    return Picture("commitments", title, summary, (*(m.node for m in every), *meetings.values()), tuple(edges), table, svg, tuple(notes), drawn=(tuple(bars), ()))


def _id(iri: str) -> str:
    return iri.split("/id/", 1)[1] if "/id/" in iri else iri


def _told(every: Sequence[Made], part: str) -> str:
    bars = _bars(every, part, 5)
    return ", ".join(f"{name} {len(of)} ({sum(1 for m in of if m.followed)} followed up)" for name, of in bars) or "none"


def _bars(every: Sequence[Made], part: str, limit: int) -> list[tuple[str, list[Made]]]:
    found: defaultdict[str, list[Made]] = defaultdict(list)
    for m in every:
        for name in m.under(part):
            found[name].append(m)
    if part == "year":
        years = sorted(y for y in found if y.isdecimal())
        bars = [(y, found[y]) for y in years]
        if "no date" in found:
            bars.append(("no date", found["no date"]))
    else:
        bars = sorted(found.items(), key=lambda p: (-len(p[1]), p[0]))
    if len(bars) <= limit:
        return bars
    kept = bars[-(limit - 1):] if part == "year" else bars[: limit - 1]
    rest = bars[: -(limit - 1)] if part == "year" else bars[limit - 1 :]
    unique = list({m.node.id: m for _, of in rest for m in of}.values())
    other = (f"{rest[0][0]} to {rest[-1][0]}" if part == "year" else f"{len(rest)} others", unique)
    return [other, *kept] if part == "year" else [*kept, other]


def _draw(title: str, summary: str, every: Sequence[Made], notes: Sequence[str], limit: int) -> tuple[str, list[Node]]:
    broad = 2 * EDGE + 2 * PANEL + GAP
    ink = Ink(title, summary)
    y = ink.text(EDGE, 30, wrap(title, broad - 2 * EDGE, 18, True, 2), 18, "cq-t cq-b cq-title")
    top = y - 10
    ink.put("rect", x=n(EDGE), y=n(y - 2), width="26", height="13", class_="cq-f-mandate")
    ink.text(EDGE + 34, y + 9, "followed up in a later paper", 12, "cq-s")
    x = EDGE + 34 + width("followed up in a later paper", 12) + 26
    ink.put("rect", x=n(x), y=n(y - 2), width="26", height="13", class_="cq-card cq-dash")
    ink.text(x + 34, y + 9, "no follow-up found in the papers held here", 12, "cq-s")
    y += 34
    bars: list[Node] = []
    heights = [y, y]
    for number, (part, head) in enumerate(PARTS):
        side = 0 if heights[0] <= heights[1] else 1
        heights[side] = _part(ink, EDGE + side * (PANEL + GAP), heights[side], part, head, _bars(every, part, limit), bars) + 26
    y = max(heights)
    for note in notes:
        y = ink.text(EDGE, y, wrap(note, broad - 2 * EDGE, 12, False, 2), 12, "cq-s")
    return ink.document(broad, y + 10, top), bars


def _part(ink: Ink, x: float, y: float, part: str, head: str, bars: Sequence[tuple[str, list[Made]]], made: list[Node]) -> float:
    ink.text(x, y, head, 14, "cq-t cq-b")
    y += 12
    most = max((len(of) for _, of in bars), default=1)
    room = PANEL - NAMES - 96
    for name, of in bars:
        done = sum(1 for m in of if m.followed)
        node = Node(f"{part}/{name}", f"{head}: {name}", "Commitments", members=tuple(m.node.id for m in of), note=f"{len(of)} commitments, {done} followed up")
        made.append(node)
        ink.open("g", f"{name}\n{len(of)} commitments, {done} followed up", class_="cq-n", data_id=node.id, tabindex="0")
        ink.text(x, y + 17, clip(name, NAMES - 12, 12.5), 12.5, "cq-t")
        full, solid = max(2.0, len(of) / most * room), done / most * room
        ink.put("rect", x=n(x + NAMES), y=n(y + 5), width=n(full), height=n(LINE - 10), class_="cq-card cq-dash")
        if done:
            ink.put("rect", x=n(x + NAMES), y=n(y + 5), width=n(max(2.0, solid)), height=n(LINE - 10), class_="cq-f-mandate")
        ink.text(x + NAMES + full + 8, y + 17, f"{len(of)}" + (f", {done} followed up" if done else ""), 11.5, "cq-s")
        ink.close("g")
        y += LINE
    return y + 4
