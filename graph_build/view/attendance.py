"""Who sat at which table: parties by meetings, the capacity as a mark, with totals and changes of standing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graph_build.errors import QueryError
from graph_build.find import find_one
from graph_build.iris import CQ, RDFS, SKOS
from graph_build.source import Source
from graph_build.tables import table_of
from graph_build.trace import Said
from graph_build.trace_text import day, days
from graph_build.view.ink import Ink, n
from graph_build.view.measure import clip, width, wrap
from graph_build.view.picture import Edge, Node, Picture
from graph_build.view.years import within

ROWS, TABLES = 120, 18
"""Parties, and meetings or bodies, past which they are drawn in groups."""
NAME, CELL, TOTAL, STANDING, EDGE = 330.0, 98.0, 72.0, 250.0, 16.0
LINE = 24.0
CAPACITIES = ("host", "co-chair", "chair", "lead", "member", "participant", "observer")
"""Capacities that have a mark of their own, the foremost first."""
COLUMNS = ("date", "party_label", "code", "how", "capacity", "where_label", "since", "as_of", "document", "paragraph", "quote",
           "party", "where")  # fmt: skip

_ASKED = f"""
SELECT ?party ?party_label ?iso ?acronym ?class ?how ?capacity ?where ?where_label ?start ?end ?since ?as_of ?document ?paragraph
       ?quote WHERE {{
  {{
    ?statement <{CQ}memberCapacity> ?concept ; <{CQ}body> ?where .
    BIND("in a body" AS ?how)
    OPTIONAL {{ ?statement <{CQ}since> ?since }}
    OPTIONAL {{ ?statement <{CQ}asOf> ?as_of }}
  }} UNION {{
    ?statement <{CQ}capacity> ?concept ; <{CQ}meeting> ?where .
    BIND("at a meeting" AS ?how)
    OPTIONAL {{ ?where <{CQ}start> ?start }}
    OPTIONAL {{ ?where <{CQ}end> ?end }}
  }}
  ?statement <{CQ}actor> ?party ; <{CQ}statedIn> ?paper .
  ?concept <{SKOS}notation> ?capacity .
  ?paper <{CQ}path> ?document .
  ?party <{RDFS}label> ?party_label ; a ?class .
  ?where <{RDFS}label> ?where_label .
  OPTIONAL {{ ?party <{CQ}isoCode> ?iso }}
  OPTIONAL {{ ?party <{CQ}acronym> ?acronym }}
  OPTIONAL {{ GRAPH ?evidence {{ ?statement <{CQ}shownBy> ?passage . ?passage <{CQ}quote> ?quote .
    OPTIONAL {{ ?passage <{CQ}paragraph> ?paragraph }} }} }}
  FILTER(?class IN (<{CQ}State>, <{CQ}Organisation>, <{CQ}Body>, <{CQ}Person>))
}} ORDER BY ?party ?start ?where ?capacity ?since ?as_of ?document ?paragraph ?quote"""


@dataclass(frozen=True, slots=True)
class Seat:
    """A party somewhere, in a capacity, as papers say. `date` of the meeting, or from (at) which the membership is known."""

    party: str
    where: str
    how: str
    capacity: str
    date: str
    since: str
    as_of: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the picture: one meeting or body, or several meetings together."""

    id: str
    head: str
    label: str
    how: str
    members: tuple[str, ...]


@dataclass
class Party:
    """A row: a party, or several together."""

    node: Node
    seats: list[Seat] = field(default_factory=list)
    standing: str = ""


def attendance(
    source: Source, *, since: str = "", until: str = "", body: str = "", party: str = "", sort: str = "total",
    rows: int = ROWS, tables: int = TABLES,
) -> Picture:  # fmt: skip
    """The matrix of who was where.

    since, until  years of meetings, both included; memberships by the date at which they are known
    body          only meetings that this body held, and its members
    party         only this state or organisation, and the meetings where it was
    sort          'total', 'name' or 'first'
    rows, tables  parties, and meetings and bodies, past which they are drawn in groups
    """
    seats, parties, places = _read(source)
    if body:
        found = find_one(source, body, ("Body", "Organisation"))
        its = {_id(m) for m in source.ask(f"SELECT ?m WHERE {{ ?m <{CQ}heldBy> <{found.iri}> }}").column("m")} | {
            found.id
        }
        seats = [s for s in seats if s.where in its]
    if party:
        one = find_one(source, party, ("State", "Organisation", "Body"))
        seats = [s for s in seats if s.party == one.id]
    seats = [s for s in seats if within(s.date, since, until)]
    standing = _standing(seats)
    title = "Who took part in what, and as what"
    used = {s.where for s in seats}
    nodes = [parties[p] for p in parties if any(s.party == p for s in seats)] + [
        places[w] for w in places if w in used and not any(s.party == w for s in seats)
    ]
    edges = [Edge(s.party, s.where, "memberOf" if s.how == "in a body" else "tookPart", s.capacity, s.said, s.date,
                  more=(("capacity", s.capacity), ("since", s.since), ("as_of", s.as_of))) for s in seats]  # fmt: skip
    columns, notes = _columns(seats, places, tables)
    lines, more = _lines(seats, parties, standing, sort, rows)
    notes += more
    meetings = sum(1 for w in used if places[w].kind == "Meeting")
    count = len({s.party for s in seats})
    changed = "; ".join(f"{p.node.label}: {p.standing}" for p in lines if p.standing)
    summary = (
        f"{count} states and organisations by {meetings} meetings and {len(used) - meetings} bodies. A mark shows the capacity; an "
        f"empty cell means that no paper held here says so. {f'Changes of standing: {changed}.' if changed else 'No change of standing.'}"
    )
    if not seats:
        notes.append("Nobody's attendance or membership falls into this choice.")
    svg, drawn = _draw(title, summary, lines, columns, notes)
    table = table_of(COLUMNS, [
        (s.date, parties[s.party].label, str(dict(parties[s.party].more).get("code", "")), s.how, s.capacity, places[s.where].label,
         s.since, s.as_of, said.document, said.paragraph, said.quote, s.party, s.where)
        for s in seats for said in s.said
    ], title)  # fmt: skip
    return Picture("attendance", title, summary, tuple(nodes), tuple(edges), table, svg, tuple(notes),
                   drawn=((*(p.node for p in lines), *(Node(c.id, c.label, "Meeting" if c.how == "at a meeting" else "Body", members=c.members if len(c.members) > 1 else ()) for c in columns)), tuple(drawn)))  # fmt: skip


def _id(iri: str) -> str:
    return iri.split("/id/", 1)[1] if "/id/" in iri else iri


def _read(source: Source) -> tuple[list[Seat], dict[str, Node], dict[str, Node]]:
    parties: dict[str, Node] = {}
    places: dict[str, Node] = {}
    said: defaultdict[tuple[str, str, str, str, str, str, str], list[Said]] = defaultdict(list)
    for row in source.ask(_ASKED).records():
        party, where = _id(row["party"]), _id(row["where"])
        kind = row["class"].rsplit("#", 1)[-1]
        if kind == "Person":
            continue
        code = row["iso"] or row["acronym"]
        parties.setdefault(party, Node(party, row["party_label"], kind, row["party"], more=(("code", code),)))
        is_meeting = row["how"] == "at a meeting"
        places.setdefault(
            where,
            Node(
                where, row["where_label"], "Meeting" if is_meeting else "Body", row["where"], row["start"], row["end"]
            ),
        )
        date = row["start"] if is_meeting else row["since"] or row["as_of"]
        key = (party, where, row["how"], row["capacity"], date, row["since"], row["as_of"])
        quote = Said(row["document"], row["paragraph"], row["quote"])
        if quote not in said[key]:
            said[key].append(quote)
    seats = [Seat(*key, tuple(quotes)) for key, quotes in said.items()]
    seats.sort(key=lambda s: (s.party, s.date or "~", s.where, s.capacity))
    return seats, parties, places


def _standing(seats: Sequence[Seat]) -> dict[str, str]:
    """What changed of a party: an observer that later sits at the table, or the other way about."""
    by_party: defaultdict[str, list[Seat]] = defaultdict(list)
    for seat in seats:
        if seat.date:
            by_party[seat.party].append(seat)
    found = {}
    for party, its in by_party.items():
        observed = [s for s in its if s.capacity == "observer"]
        full = [s for s in its if s.capacity != "observer"]
        if not observed or not full:
            continue
        first, second = (observed[0], full) if observed[0].date < full[0].date else (full[0], observed)
        after = [s for s in second if s.date[: len(first.date)] > first.date[: len(s.date)]]
        if after:
            # Membership says more about standing than a seat at one meeting.
            then = min(after, key=lambda s: (s.how != "in a body", s.date))
            found[party] = f"{_told(first)} → {_told(then)}"
    return found


def _told(seat: Seat) -> str:
    if seat.how == "in a body":
        return f"{seat.capacity} since {day(seat.since)}" if seat.since else f"{seat.capacity} as of {seat.as_of[:4]}"
    return f"{seat.capacity} {seat.date[:4]}"


def _columns(seats: Sequence[Seat], places: Mapping[str, Node], limit: int) -> tuple[list[Column], list[str]]:
    met = sorted({s.where for s in seats if s.how == "at a meeting"}, key=lambda w: (places[w].date or "~", w))
    count = Counter(s.where for s in seats if s.how == "in a body")
    bodies = sorted(count, key=lambda w: (-count[w], w))
    notes = []
    columns = [
        Column(w, days(places[w].date, places[w].end) or "no date", places[w].label, "at a meeting", (w,)) for w in met
    ]
    span = 1
    while len(columns) > limit:
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for w in met:
            year = places[w].date[:4]
            low = int(year) // span * span if year.isdecimal() else 0
            groups[(str(low) if span == 1 else f"{low}-{low + span - 1}") if low else "no date"].append(w)
        columns = [
            Column(f"group/{k}", k, f"{len(ws)} meeting{'' if len(ws) == 1 else 's'}", "at a meeting", tuple(ws))
            for k, ws in groups.items()
        ]
        if len(columns) <= limit:
            notes.append(
                f"{len(met)} meetings are more than {limit}: a column stands for those of {'a year' if span == 1 else f'{span} years'}."
            )
        span = {1: 2, 2: 5, 5: 10, 10: 50}.get(span, 10_000)
    if len(bodies) > limit:
        notes.append(f"Of {len(bodies)} bodies those {limit} with the most members are drawn; the table has all.")
    columns += [Column(w, "Members", places[w].label, "in a body", (w,)) for w in bodies[:limit]]
    return columns, notes


def _lines(
    seats: Sequence[Seat], parties: Mapping[str, Node], standing: Mapping[str, str], sort: str, limit: int
) -> tuple[list[Party], list[str]]:
    found: dict[str, Party] = {}
    for seat in seats:
        found.setdefault(seat.party, Party(parties[seat.party], standing=standing.get(seat.party, ""))).seats.append(
            seat
        )
    keys = {
        "total": lambda p: (-_total(p), p.node.label.casefold(), p.node.id),
        "name": lambda p: (p.node.label.casefold(), p.node.id),
        "first": lambda p: (_first(p) or "~", p.node.label.casefold(), p.node.id),
    }
    if sort not in keys:
        raise QueryError(f"attendance is not sorted by {sort!r}", mend=f"sort by {', '.join(keys)}")
    lines = sorted(found.values(), key=keys[sort])
    if len(lines) <= limit:
        return lines, []
    kept = set(
        sorted((p.node.id for p in lines), key=lambda i: (not found[i].standing, -_total(found[i]), i))[: limit - 1]
    )
    rest = [p for p in lines if p.node.id not in kept]
    most = max(_total(p) for p in rest)
    together = Party(
        Node(
            "group/parties",
            f"{len(rest)} more, each at {most} meeting{'' if most == 1 else 's'} or fewer",
            "State",
            members=tuple(p.node.id for p in rest),
        ),
        [s for p in rest for s in p.seats],
    )
    return [*(p for p in lines if p.node.id in kept), together], [
        f"{len(lines)} parties are more than {limit}: the last row stands for {len(rest)} of them. The table has each."
    ]


def _total(party: Party) -> int:
    return len({s.where for s in party.seats if s.how == "at a meeting"})


def _first(party: Party) -> str:
    return min((s.date for s in party.seats if s.how == "at a meeting" and s.date), default="")


def _draw(
    title: str, summary: str, lines: Sequence[Party], columns: Sequence[Column], notes: Sequence[str]
) -> tuple[str, list[Edge]]:
    has_standing = any(p.standing for p in lines)
    broad = max(EDGE * 2 + NAME + CELL * len(columns) + TOTAL + (STANDING if has_standing else 0), 560)
    ink = Ink(title, summary)
    y = ink.text(EDGE, 30, wrap(title, broad - 2 * EDGE, 18, True, 3), 18, "cq-t cq-b cq-title")
    top = y - 10
    heads = [(wrap(c.head, CELL - 10, 11.5, True, 3), wrap(c.label, CELL - 10, 11.5, False, 12)) for c in columns]
    tall = max((len(a) + len(b) for a, b in heads), default=1) * 11.5 * 1.3 + 10
    left = EDGE + NAME
    for i, (when, label) in enumerate(heads):
        x = left + i * CELL
        column = columns[i]
        ink.open("g", column.label, class_="cq-n cq-n-meeting", data_id=column.id, tabindex="0")
        at = ink.text(
            x + 2, y + 6, when, 11.5, "cq-f-meeting cq-b" if column.how == "at a meeting" else "cq-f-body cq-b"
        )
        ink.text(x + 2, at, label, 11.5, "cq-t")
        ink.close("g")
    right = left + CELL * len(columns)
    ink.text(right + 4, y + 6, ["Meetings"], 11.5, "cq-t cq-b")
    if has_standing:
        ink.text(right + TOTAL, y + 6, ["Change of standing"], 11.5, "cq-t cq-b")
    y += tall
    ink.put("path", d=f"M{n(EDGE)} {n(y)}H{n(broad - EDGE)}", class_="cq-edge")
    drawn: list[Edge] = []
    for number, party in enumerate(lines):
        begin = y + number * LINE
        code = str(dict(party.node.more).get("code", ""))
        ink.open(
            "g",
            class_="cq-row",
            data_row=number,
            data_y=n(begin),
            data_name=party.node.label,
            data_first=_first(party) or "~",
            data_total=_total(party),
        )
        if number % 2 == 0:
            ink.put("rect", x="0", y=n(begin), width=n(broad), height=n(LINE), class_="cq-band")
        ink.open("g", party.node.label, class_="cq-n", data_id=party.node.id, tabindex="0")
        code_room = 0.0
        if code and code != party.node.label and width(code, 11.5, True) < 74:
            ink.text(EDGE, begin + 16, code, 11.5, "cq-s cq-b")
            code_room = 58.0 if width(code, 11.5, True) < 54 else 80.0
        ink.text(EDGE + code_room, begin + 16, clip(party.node.label, NAME - code_room - 10, 12.5), 12.5, "cq-t")
        ink.close("g")
        for i, column in enumerate(columns):
            its = [s for s in party.seats if s.where in column.members and s.how == column.how]
            if its:
                _cell(ink, left + i * CELL + 12, begin + LINE / 2, its, party, column, len(drawn))
                said = tuple(dict.fromkeys(q for s in its for q in s.said))
                words = ", ".join(dict.fromkeys(_told(s) if s.how == "in a body" else s.capacity for s in its))
                drawn.append(
                    Edge(party.node.id, column.id, "memberOf" if column.how == "in a body" else "tookPart", words, said)
                )
        ink.text(right + 12, begin + 16, str(_total(party)), 12.5, "cq-t cq-b")
        if party.standing:
            ink.text(right + TOTAL, begin + 16, clip(party.standing, STANDING - 4, 11.5), 11.5, "cq-f-gap cq-b")
        ink.close("g")
    for i in range(1, len(columns)):
        if columns[i].how != columns[i - 1].how:
            x = left + i * CELL - 6
            ink.put("path", d=f"M{n(x)} {n(y - tall - 8)}V{n(y + len(lines) * LINE + 26)}", class_="cq-edge")
    y += len(lines) * LINE
    ink.put("path", d=f"M{n(EDGE)} {n(y)}H{n(broad - EDGE)}", class_="cq-edge")
    ink.text(EDGE, y + 18, "Total", 12.5, "cq-t cq-b")
    for i, column in enumerate(columns):
        total = len({s.party for p in lines for s in p.seats if s.where in column.members and s.how == column.how})
        ink.text(left + i * CELL + 8, y + 18, str(total), 12.5, "cq-t cq-b")
    y += 44
    for note in notes:
        y = ink.text(EDGE, y, wrap(note, broad - 2 * EDGE, 12, False, 3), 12, "cq-s")
    seen = {s.capacity for p in lines for s in p.seats}
    y = _key(
        ink,
        y + 4,
        [c for c in CAPACITIES if c in seen] + (["another capacity"] if seen - set(CAPACITIES) else []),
        broad,
    )
    return ink.document(broad, y + 14, top), drawn


def _cell(ink: Ink, x: float, y: float, seats: Sequence[Seat], party: Party, column: Column, number: int) -> None:
    order = {c: i for i, c in enumerate(CAPACITIES)}
    marks = sorted({s.capacity for s in seats}, key=lambda c: (order.get(c, 99), c))
    places = len({s.where for s in seats})
    first = seats[0].said[0] if seats[0].said else Said("", "", "")
    tip = f"{party.node.label} — {column.label}\n{', '.join(marks)}" + (
        f"\n“{first.quote}”\n— {first.document}" if first.quote else ""
    )
    ink.open("g", tip, class_="cq-e", data_edge=number, tabindex="0")
    ink.put(
        "rect",
        x=n(x - 10),
        y=n(y - LINE / 2 + 1),
        width=n(CELL - 8),
        height=n(LINE - 2),
        fill="transparent",
        stroke="none",
    )
    for i, capacity in enumerate(marks[:4]):
        mark(ink, capacity, x + i * 17, y)
    text = ""
    if len(column.members) > 1:
        text = f"×{places}"
    elif column.how == "in a body":
        since = next((s.since for s in seats if s.since), "")
        text = f"since {since[:4]}" if since else ""
    if text:
        ink.text(x + min(len(marks), 4) * 17 - 6, y + 4, text, 11.5, "cq-s")
    ink.close("g")


def mark(ink: Ink, capacity: str, x: float, y: float) -> None:
    """The mark of a capacity, centred; each has a shape of its own."""
    if capacity == "host":
        ink.put("rect", x=n(x - 5.5), y=n(y - 5.5), width="11", height="11", class_="cq-f-mandate")
    elif capacity in ("co-chair", "chair"):
        ink.put(
            "path",
            d=f"M{n(x)} {n(y - 7)}L{n(x + 7)} {n(y)}L{n(x)} {n(y + 7)}L{n(x - 7)} {n(y)}Z",
            class_="cq-f-instrument",
        )
        if capacity == "chair":
            ink.put("circle", cx=n(x), cy=n(y), r="2", class_="cq-ground")
    elif capacity == "lead":
        ink.put("path", d=f"M{n(x)} {n(y - 7)}L{n(x + 7)} {n(y + 6)}L{n(x - 7)} {n(y + 6)}Z", class_="cq-f-instrument")
    elif capacity == "member":
        ink.put(
            "path",
            d=f"M{n(x)} {n(y - 6.5)}L{n(x + 5.8)} {n(y - 3.2)}V{n(y + 3.2)}L{n(x)} {n(y + 6.5)}L{n(x - 5.8)} {n(y + 3.2)}V{n(y - 3.2)}Z",
            class_="cq-f-body",
        )
    elif capacity == "participant":
        ink.put("circle", cx=n(x), cy=n(y), r="5", class_="cq-f-meeting")
    elif capacity == "observer":
        ink.put("circle", cx=n(x), cy=n(y), r="4.6", class_="cq-open", stroke_width="2")
    else:
        ink.put(
            "path",
            d=f"M{n(x - 5)} {n(y - 5)}L{n(x + 5)} {n(y + 5)}M{n(x + 5)} {n(y - 5)}L{n(x - 5)} {n(y + 5)}",
            class_="cq-edge",
            stroke_width="2",
        )


def _key(ink: Ink, y: float, capacities: Sequence[str], broad: float) -> float:
    x = EDGE + 8
    ink.open("g", class_="cq-key")
    for capacity in capacities:
        room = 14 + width(capacity, 12) + 26
        if x + room > broad:
            x, y = EDGE + 8, y + 20
        mark(ink, capacity, x, y - 4)
        ink.text(x + 13, y, capacity, 12, "cq-s")
        x += room
    ink.close("g")
    return y
