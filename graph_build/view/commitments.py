"""Commitments by year, class, theme, issuer and addressee: how many, and how many the papers follow up."""

from __future__ import annotations

from collections import Counter, defaultdict
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
STATES = ("itself", "with its meeting", "no")
"""Followed up itself; the outcomes of its meeting, or its body, were taken up; nothing found."""
PARTS = (
    ("year", "By year"),
    ("class", "By class"),
    ("theme", "By theme"),
    ("issuer", "By who commits"),
    ("addressee", "By who is addressed"),
)
COLUMNS = ("date", "class", "issuer", "addressee", "themes", "clause", "followed_up", "meeting_label", "document", "paragraph",
           "quote", "commitment", "meeting")  # fmt: skip

_ASKED = f"""
SELECT ?commitment ?class ?clause ?date ?meeting ?meeting_label ?issuer ?addressee ?theme ?followed ?taken_up ?document ?paragraph ?quote WHERE {{
  ?commitment <{CQ}commitmentClass> ?concept ; <{CQ}clause> ?clause ; <{CQ}statedIn> ?paper .
  ?concept <{SKOS}notation> ?class .
  ?paper <{CQ}path> ?document .
  OPTIONAL {{ ?commitment <{CQ}madeAt> ?meeting . ?meeting <{RDFS}label> ?meeting_label . OPTIONAL {{ ?meeting <{CQ}start> ?start }} }}
  BIND(STR(?start) AS ?date)
  OPTIONAL {{ ?commitment <{CQ}issuer> ?issuer }}
  OPTIONAL {{ ?commitment <{CQ}addressee> ?addressee }}
  OPTIONAL {{ ?commitment <{CQ}theme> ?about . ?about <{SKOS}prefLabel> ?theme }}
  BIND(EXISTS {{ ?commitment <{CQ}leadsTo> ?anything }}
    || EXISTS {{ ?reading <{CQ}ofCommitment> ?commitment ; <{CQ}followUpKind> ?seen ; <{CQ}scope> "commitment" }} AS ?followed)
  BIND(EXISTS {{ ?other <{CQ}ofCommitment> ?commitment ; <{CQ}followUpKind> ?met }} AS ?taken_up)
  OPTIONAL {{ ?commitment <{CQ}paragraph> ?paragraph }}
  OPTIONAL {{ GRAPH ?evidence {{ ?commitment <{CQ}shownBy> ?passage . ?passage <{CQ}quote> ?quote }} }}
}} ORDER BY ?date ?document ?commitment ?theme"""


_NOTES = {
    STATES[0]: "",
    STATES[
        1
    ]: "nothing is said of it by itself; the outcomes of its meeting, or its body, are taken up in later papers",
    STATES[2]: "no follow-up found in the papers held here",
}


@dataclass(slots=True)
class Made:
    """A commitment, and what later papers say of it: `followed` is one of STATES."""

    node: Node
    year: str
    kind: str
    issuer: str
    addressee: str
    followed: str
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
            followed = STATES[0] if row["followed"] == "true" else STATES[1] if row["taken_up"] == "true" else STATES[2]
            node = Node(id_, row["clause"], row["class"].capitalize(), row["commitment"], row["date"],
                        note=_NOTES[followed], held=followed == STATES[0], said=(quote,),
                        more=(("issuer", row["issuer"]), ("addressee", row["addressee"]), ("followed_up", followed)))  # fmt: skip
            made[id_] = Made(
                node,
                row["date"][:4],
                row["class"],
                row["issuer"],
                row["addressee"],
                followed,
                _id(row["meeting"]),
                row["meeting_label"],
            )
        if row["theme"] and row["theme"] not in made[id_].themes:
            made[id_].themes.append(row["theme"])
    every = list(made.values())
    count = {state: sum(1 for m in every if m.followed == state) for state in STATES}
    title = "Commitments, and what is followed up"
    summary = (
        f"{len(every)} commitments. Later papers say what came of {count['itself']} of them; of {count['with its meeting']} more they say only "
        f"that the outcomes of the meeting were taken up, and of {count['no']} nothing. "
        + " ".join(f"{head}: {_told(every, part)}." for part, head in PARTS)
    )
    notes = (
        ["A commitment with several themes counts under each of them."] if any(len(m.themes) > 1 for m in every) else []
    )
    if not every:
        notes.append("No commitment of the graph falls into this choice.")
    svg, bars = _draw(title, summary, every, notes, limit)
    meetings = {m.meeting: Node(m.meeting, m.meeting_label, "Meeting", date=m.node.date) for m in every if m.meeting}
    edges = [Edge(m.node.id, m.meeting, "madeAt", "made at", m.node.said, m.node.date) for m in every if m.meeting]
    table = table_of(COLUMNS, [
        (m.node.date, m.kind, m.issuer, m.addressee, "; ".join(m.themes), m.node.label, m.followed, m.meeting_label,
         m.node.said[0].document, m.node.said[0].paragraph, m.node.said[0].quote, m.node.id, m.meeting) for m in every
    ], title)  # fmt: skip
    return Picture(
        "commitments",
        title,
        summary,
        (*(m.node for m in every), *meetings.values()),
        tuple(edges),
        table,
        svg,
        tuple(notes),
        drawn=(tuple(bars), ()),
    )


def _id(iri: str) -> str:
    return iri.split("/id/", 1)[1] if "/id/" in iri else iri


def _told(every: Sequence[Made], part: str) -> str:
    bars = _bars(every, part, 5)
    return (
        ", ".join(
            f"{name} {len(of)} ({sum(1 for m in of if m.followed == STATES[0])} followed up)" for name, of in bars
        )
        or "none"
    )


def _bars(every: Sequence[Made], part: str, limit: int) -> list[tuple[str, list[Made]]]:
    folded: defaultdict[str, list[tuple[str, Made]]] = defaultdict(list)
    for m in every:
        for name in m.under(part):
            folded[name.casefold()].append((name, m))
    # 'Participants' and 'participants' are the same words; the more usual spelling stands for both.
    found = {Counter(n for n, _ in of).most_common(1)[0][0]: [m for _, m in of] for of in folded.values()}
    if part == "year":
        years = sorted(y for y in found if y.isdecimal())
        if years and int(years[-1]) - int(years[0]) < limit:
            years = [str(y) for y in range(int(years[0]), int(years[-1]) + 1)]
        bars = [(y, found.get(y, [])) for y in years]
        if "no date" in found:
            bars.append(("no date", found["no date"]))
    else:
        bars = sorted(found.items(), key=lambda p: (-len(p[1]), p[0]))
    if len(bars) <= limit:
        return bars
    kept = bars[-(limit - 1) :] if part == "year" else bars[: limit - 1]
    rest = bars[: -(limit - 1)] if part == "year" else bars[limit - 1 :]
    unique = list({m.node.id: m for _, of in rest for m in of}.values())
    other = (f"{rest[0][0]} to {rest[-1][0]}" if part == "year" else f"{len(rest)} others", unique)
    return [other, *kept] if part == "year" else [*kept, other]


def _draw(title: str, summary: str, every: Sequence[Made], notes: Sequence[str], limit: int) -> tuple[str, list[Node]]:
    broad = 2 * EDGE + 2 * PANEL + GAP
    ink = Ink(title, summary)
    y = ink.text(EDGE, 30, wrap(title, broad - 2 * EDGE, 18, True, 2), 18, "cq-t cq-b cq-title")
    top = y - 10
    x = EDGE
    for state, words in zip(
        STATES,
        (
            "followed up in a later paper",
            "only its meeting's outcomes, or its body, taken up",
            "no follow-up found in the papers held here",
        ),
        strict=True,
    ):
        _bar(ink, x, y - 2, 26, 13, state)
        ink.text(x + 34, y + 9, words, 12, "cq-s")
        x += 34 + width(words, 12) + 24
    y += 34
    bars: list[Node] = []
    heights = [y, y]
    for part, head in PARTS:
        side = 0 if heights[0] <= heights[1] else 1
        heights[side] = (
            _part(ink, EDGE + side * (PANEL + GAP), heights[side], part, head, _bars(every, part, limit), bars) + 26
        )
    y = max(heights)
    for note in notes:
        y = ink.text(EDGE, y, wrap(note, broad - 2 * EDGE, 12, False, 2), 12, "cq-s")
    return ink.document(broad, y + 10, top), bars


def _part(
    ink: Ink, x: float, y: float, part: str, head: str, bars: Sequence[tuple[str, list[Made]]], made: list[Node]
) -> float:
    ink.text(x, y, head, 14, "cq-t cq-b")
    y += 12
    most = max((len(of) for _, of in bars), default=1)
    room = PANEL - NAMES - 96
    for name, of in bars:
        parts = [(state, sum(1 for m in of if m.followed == state)) for state in STATES]
        told = f"{len(of)}" + (f", {parts[0][1]} followed up" if parts[0][1] else "")
        node = Node(
            f"{part}/{name}",
            f"{head}: {name}",
            "Commitments",
            members=tuple(m.node.id for m in of),
            note=f"{told}; {parts[1][1]} only with their meeting; {parts[2][1]} not",
        )
        made.append(node)
        ink.open("g", f"{name}\n{node.note}", class_="cq-n", data_id=node.id, tabindex="0")
        ink.text(x, y + 17, clip(name, NAMES - 12, 12.5), 12.5, "cq-t")
        at = x + NAMES
        for state, number in parts:
            if number:
                _bar(ink, at, y + 5, max(3.0, number / most * room), LINE - 10, state)
                at += max(3.0, number / most * room)
        ink.text(at + 8, y + 17, told, 11.5, "cq-s")
        ink.close("g")
        y += LINE
    return y + 4


def _bar(ink: Ink, x: float, y: float, broad: float, tall: float, state: str) -> None:
    """A piece of a bar: full, hatched or empty with dashes, so that it is told apart without colour."""
    if state == STATES[2]:
        ink.put("rect", x=n(x), y=n(y), width=n(broad), height=n(tall), class_="cq-card cq-dash")
        return
    ink.put(
        "rect",
        x=n(x),
        y=n(y),
        width=n(broad),
        height=n(tall),
        class_="cq-f-mandate" if state == STATES[0] else "cq-card",
    )
    if state == STATES[1]:
        strokes = "".join(
            f"M{n(x + at)} {n(y + tall)}L{n(min(x + at + tall, x + broad))} {n(y + max(0.0, tall - (broad - at)))}"
            for at in range(0, int(broad), 6)
        )
        ink.put("path", d=strokes, class_="cq-l-mandate", stroke_width="1.4", fill="none")
