"""Cards on lanes along a time axis: where each card stands, which way each edge goes, where its label fits."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from graph_build.trace import Said
from graph_build.trace_text import days
from graph_build.view.ink import Box, Ink, family, n
from graph_build.view.measure import clip, width, wrap
from graph_build.view.moments import Scale, first_day, fit, last_day, ticks
from graph_build.view.picture import Edge, Node
from graph_build.view.route import NEAR, Router, Way

GUTTER = 108.0
"""Room for the names of the lanes."""
EDGE = 16.0
HEAD, TITLE, SMALL = 11.5, 13.0, 11.5
"""Font sizes in px; none is smaller than 11.5."""
ROW_GAP, CARD_GAP, LANE_PAD = 58.0, 44.0, 24.0
ROUTED, FEW = 26, 14
"""Cards up to which every edge is led round them (with a choice of places to start and end at, up to `FEW`); beyond, edges are
curves behind the cards, and labels that find no room stand in the tooltip, the panel and the table alone."""

_NAMES = {"Silent": "Commitments", "MeetingSeries": "Series", "InstrumentSeries": "Series"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text on a card."""

    text: str
    size: float
    style: str


@dataclass
class Card:
    """A node as it is drawn: its lines, its size, and where it came to stand."""

    node: Node
    lines: tuple[Line, ...]
    width: float
    height: float
    start: int
    end: int
    dated: bool
    tail: Card | None = None
    x: float = 0.0
    y: float = 0.0
    row: int = 0

    @property
    def box(self) -> Box:
        """The card without its tail."""
        return Box(self.x, self.y, self.x + self.width, self.y + self.height)

    @property
    def breadth(self) -> float:
        """Room that it takes, with its tail."""
        return self.width + (30 + self.tail.width if self.tail else 0)

    @property
    def tallness(self) -> float:
        """Height of card or tail, whichever is taller."""
        return max(self.height, self.tail.height + 9 if self.tail else 0)


@dataclass
class Drawn:
    """A drawing in the making."""

    cards: dict[str, Card]
    lanes: list[tuple[str, float, float]]
    scale: Scale
    width: float
    height: float
    top: float
    gutter: float = GUTTER
    ways: list[tuple[Edge, Way]] = field(default_factory=list)
    chips: dict[int, tuple[Box, tuple[str, ...]]] = field(default_factory=dict)
    failed: set[int] = field(default_factory=set)


def draw(
    title: str,
    summary: str,
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    lane_of: Mapping[str, str],
    lanes: Sequence[str],
    page: float = 1140,
    notes: Sequence[str] = (),
    card_width: float = 228,
    heads: bool = False,
) -> str:
    """The drawing of nodes on lanes, as SVG.

    lane_of  lane of each node that is no gap; a gap stands behind the card of the node that an edge leads to it from
    lanes    the lanes, from the top
    page     its width in px
    heads    the names of the lanes stand above them, not beside
    """
    edges, foot = _footnoted(edges)
    inside: dict[int, str] = {}
    for _ in range(3):
        made = _lay_out(nodes, edges, lane_of, lanes, page, card_width, inside, len(notes), title, heads)
        if not made.failed:
            break
        # What found no room on its line is written on the card that it leads to.
        for number in made.failed:
            inside[number] = edges[number].label
    return _ink(title, summary, made, edges, notes, foot)


def _card(node: Node, broad: float, extra: Sequence[str], start: int, end: int, dated: bool) -> Card:
    kind = family(node.kind)
    room = broad - 2 * 10
    if node.kind == "Gap":
        lines = [Line(t, SMALL, f"cq-f-gap{' cq-b' if i == 0 else ''}") for i, t in enumerate(_gap_lines(node, room))]
        return Card(node, tuple(lines), broad, sum(line.size * 1.3 for line in lines) + 14, start, end, dated)
    when = days(node.date, node.end) if node.kind != "Instrument" else ""
    type_ = str(dict(node.more).get("type", "")).replace("-", " ")
    name = f"{len(node.members)} together" if node.members else _NAMES.get(node.kind, type_.capitalize() or node.kind)
    head = " · ".join(x for x in (name, when) if x)
    lines = [Line(t, HEAD, f"cq-b cq-f-{kind}") for t in wrap(head, room - 18, HEAD, True, 2)]
    limit = 6 if kind == "mandate" else 4
    lines += [Line(t, TITLE, "cq-t cq-b") for t in wrap(node.label, room, TITLE, True, limit)]
    if node.place:
        lines += [Line(t, SMALL, "cq-s") for t in wrap(node.place, room, SMALL, False, 1)]
    if node.note:
        lines += [Line(t, SMALL, "cq-s cq-i") for t in wrap(node.note, room, SMALL, False, 3)]
    for text in extra:
        lines += [Line(t, SMALL, "cq-s") for t in wrap(text, room, SMALL, False, 2)]
    return Card(node, tuple(lines), broad, sum(line.size * 1.3 for line in lines) + 18, start, end, dated)


def _gap_lines(node: Node, room: float) -> tuple[str, ...]:
    return (*wrap(node.label, room, SMALL, True, 3), *wrap(node.note, room, SMALL, False, 7)) if node.note else wrap(
        node.label, room, SMALL, False, 8
    )  # fmt: skip


def _dates(nodes: Sequence[Node], edges: Sequence[Edge]) -> dict[str, tuple[int, int, bool]]:
    """First and last day of each node, and whether the graph gives them; what has no date follows what leads to it."""
    known: dict[str, tuple[int, int, bool]] = {}
    for node in nodes:
        start = first_day(node.date)
        if start is not None:
            end = last_day(node.end or node.date)
            known[node.id] = (start, max(start, end if end is not None else start), True)
    fallback = min((s for s, _, _ in known.values()), default=730_120)
    for _ in range(len(nodes)):
        fresh: dict[str, tuple[int, int, bool]] = {}
        for node in nodes:
            if node.id in known:
                continue
            before = [known[e.source][0] for e in edges if e.target == node.id and e.source in known and not e.beside]
            after = [known[e.target][0] for e in edges if e.source == node.id and e.target in known]
            after += [known[e.source][0] for e in edges if e.target == node.id and e.source in known and e.beside]
            if before:
                fresh[node.id] = (max(before), max(before), False)
            elif after:
                fresh[node.id] = (min(after), min(after), False)
        if not fresh:
            break
        known.update(fresh)
    return {node.id: known.get(node.id, (fallback, fallback, False)) for node in nodes}


def _lay_out(
    nodes: Sequence[Node], edges: Sequence[Edge], lane_of: Mapping[str, str], lanes: Sequence[str], page: float,
    card_width: float, inside: Mapping[int, str], noted: int, title: str, heads: bool,
) -> Drawn:  # fmt: skip
    dates = _dates(nodes, edges)
    names = {node.id: node.label for node in nodes}
    extra: dict[str, list[str]] = {}
    for number, words in inside.items():
        extra.setdefault(edges[number].target, []).append(f"← {words}: {names[edges[number].source]}")
    cards: dict[str, Card] = {}
    for node in nodes:
        broad = {"Gap": 200.0}.get(node.kind, card_width + (34 if family(node.kind) == "mandate" else 0))
        cards[node.id] = _card(node, broad, extra.get(node.id, ()), *dates[node.id])
    shown = {c for c in cards if cards[c].node.kind != "Gap"}
    for edge in edges:
        if cards[edge.target].node.kind == "Gap" and edge.source in shown:
            cards[edge.source].tail = cards[edge.target]
    standing = [cards[c] for c in cards if c in shown]
    used = [lane for lane in lanes if any(lane_of[c.node.id] == lane for c in standing)]
    gutter = 0.0 if heads else GUTTER
    left = EDGE + gutter
    spans = [(c.start, c.end if c.dated and c.node.kind != "Body" else c.start, c.breadth) for c in standing]
    least_page = left + max((c.breadth for c in standing), default=200) + EDGE
    page = max(page, least_page)
    scale = fit(spans or [(730_120, 730_120, 100.0)], left, page - EDGE, 30)
    top = 20 + 1.3 * 18 * len(wrap(title, page - 2 * EDGE, 18, True, 3)) + 44
    y = top
    bands = []
    aligned = _aligned({round(scale.x(c.start), 1) for c in standing})
    for lane in used:
        members = sorted((c for c in standing if lane_of[c.node.id] == lane), key=lambda c: (c.start, c.end, c.node.id))
        rows: list[list[Card]] = []
        for card in members:
            card.x = aligned[round(scale.x(card.start), 1)]
            row = next(
                (
                    r
                    for r in rows
                    if all(o.x + o.breadth + CARD_GAP <= card.x or card.x + card.breadth + CARD_GAP <= o.x for o in r)
                ),
                None,
            )
            if row is None:
                row = []
                rows.append(row)
            row.append(card)
        begin, y = y, y + LANE_PAD + (14 if heads else 0)
        for number, row in enumerate(rows):
            for card in row:
                card.y, card.row = round(y, 1), number
                if card.tail:
                    card.tail.x, card.tail.y = card.x + card.width + 30, card.y + 9
            y += max(c.tallness for c in row) + ((ROW_GAP if edges else 16) if number < len(rows) - 1 else 0)
        y += LANE_PAD
        bands.append((lane, begin, y))
    made = Drawn(cards, bands, scale, page, y + 16 + 17 * noted + 34, top, gutter)
    _connect(made, edges, inside)
    return made


def _aligned(places: Collection[float]) -> dict[float, float]:
    """Left edges of cards for their places in time: those within a few pixels share one, so that lines can run beside them."""
    found: dict[float, float] = {}
    for x in sorted(places):
        near = next(reversed(found.values()), None)
        found[x] = near if near is not None and x - near < 9 else x
    return found


def _connect(made: Drawn, edges: Sequence[Edge], inside: Mapping[int, str]) -> None:
    cards = made.cards
    boxes = [c.box for c in cards.values()]
    drawn = [(i, e) for i, e in enumerate(edges) if cards[e.target].node.kind != "Gap"]
    if len(boxes) > ROUTED or len(drawn) > 2 * ROUTED:
        made.ways = [(e, _curve(cards[e.source].box, cards[e.target].box)) for e in edges]
        made.ways = [w for (e, w) in zip(edges, made.ways, strict=True) if cards[e.target].node.kind != "Gap"]
    else:
        few = len(boxes) <= FEW
        xs: set[float] = {made.width - 6, EDGE + made.gutter - 12}
        ys: set[float] = set()
        for box in boxes:
            xs |= {box.left - 10, box.right + 10, *(_ports(box.left, box.right, few))}
            ys |= {*(_sides(box.top, box.bottom, few))}
            if few:
                xs |= {box.left - 19, box.right + 19, box.left - 28}
        for _, begin, end in made.lanes:
            ys |= {begin + 5, begin + 13, end - 5, end - 13}
        for box in boxes:
            ys |= {box.bottom + 10, box.bottom + 19, box.top - 10, box.top - 19}
        router = Router(boxes, xs, ys, careful=few)
        order = sorted(drawn, key=lambda p: (_far(cards[p[1].source].box, cards[p[1].target].box), p[0]))
        found: dict[int, Way] = {}
        for number, edge in order:
            a, b = cards[edge.source].box, cards[edge.target].box
            area = Box(
                min(a.left, b.left) - NEAR,
                min(a.top, b.top) - NEAR,
                max(a.right, b.right) + NEAR,
                max(a.bottom, b.bottom) + NEAR,
            )
            starts = [((x, a.bottom), 1) for x in _ports(a.left, a.right, few)]
            starts += [((x, a.top), 3) for x in _ports(a.left, a.right, few)]
            starts += [((a.right, y), 0) for y in _sides(a.top, a.bottom, few)]
            ends = [((x, b.top), 1) for x in _ports(b.left, b.right, few)]
            ends += [((x, b.bottom), 3) for x in _ports(b.left, b.right, few)]
            ends += [((b.left, y), 0) for y in _sides(b.top, b.bottom, few)]
            found[number] = router.way(starts, ends, area) or _curve(a, b)
        made.ways = [(e, found[i]) for i, e in drawn]
    _label(made, [i for i, _ in drawn], inside)


def _far(a: Box, b: Box) -> float:
    return round(max(0.0, b.left - a.right, a.left - b.right) + max(0.0, b.top - a.bottom, a.top - b.bottom), 1)


def _ports(left: float, right: float, few: bool) -> tuple[float, ...]:
    middle = round((left + right) / 2, 1)
    return (round(left + 30, 1), middle, round(right - 30, 1)) if few else (middle,)


def _sides(top: float, bottom: float, few: bool) -> tuple[float, ...]:
    middle = round((top + bottom) / 2, 1)
    return (round(top + 16, 1), middle, round(bottom - 16, 1)) if few and bottom - top > 50 else (middle,)


def _curve(a: Box, b: Box) -> Way:
    return ((a.right, (a.top + a.bottom) / 2), (b.left, (b.top + b.bottom) / 2))


def _label(made: Drawn, numbers: Sequence[int], inside: Mapping[int, str]) -> None:
    many = len(made.cards) > ROUTED or len(numbers) > 2 * ROUTED
    blocked = [c.box for c in made.cards.values()]
    blocked += [
        Box(
            0,
            begin + 2,
            EDGE + made.gutter - 14 if made.gutter else made.width,
            begin + 46 if made.gutter else begin + 26,
        )
        for _, begin, _ in made.lanes
    ]
    lines = [
        (number, a, b) for number, (_, way) in zip(numbers, made.ways, strict=True) for a, b in itertools.pairwise(way)
    ]
    order = sorted(
        zip(numbers, made.ways, strict=True),
        key=lambda p: (
            sum(abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in zip(p[1][1], p[1][1][1:], strict=False)),
            p[0],
        ),
    )
    for number, (edge, way) in order:
        if not edge.label or number in inside:
            continue
        best: tuple[float, Box, tuple[str, ...]] | None = None
        for room in (400.0, 118.0, 84.0)[: 1 if many else 3]:
            words = wrap(edge.label, room, SMALL, False, 4)
            broad = max(width(t, SMALL) for t in words) + 8
            tall = len(words) * SMALL * 1.3 + 3
            for x, y, cost in _spots(way, broad, tall)[:: 4 if many else 1]:
                box = Box(x - broad / 2, y - tall / 2, x + broad / 2, y + tall / 2)
                if box.left < 4 or box.right > made.width - 4 or any(box.meets(other, 2) for other in blocked):
                    continue
                cost += 0 if many else 40 * sum(1 for other, a, b in lines if other != number and _through(box, a, b))
                cost += 6 * (len(words) - 1)
                if best is None or cost < best[0]:
                    best = (cost, box, words)
        if best is None:
            if not many:
                made.failed.add(number)
            continue
        made.chips[number] = (best[1], best[2])
        blocked.append(best[1])


def _spots(way: Way, broad: float, tall: float) -> list[tuple[float, float, float]]:
    """Places for the middle of a label along a way, with a cost: broad level stretches first, near the middle of each."""
    found = []
    for (ax, ay), (bx, by) in itertools.pairwise(way):
        long = abs(bx - ax) + abs(by - ay)
        flat = abs(by - ay) < 0.5
        need = broad + 14 if flat else tall + 8
        if long < need:
            continue
        steps = max(1, int((long - need) // 8))
        for i in range(steps + 1):
            part = (need / 2 + (long - need) * (i / steps)) / long
            cost = abs(part - 0.5) * 20 + (0 if flat else 14) - min(long, 300) / 30
            found.append((ax + (bx - ax) * part, ay + (by - ay) * part, cost))
    return found


def _through(box: Box, a: tuple[float, float], b: tuple[float, float]) -> bool:
    if a[1] == b[1]:
        return (
            box.top < a[1] < box.bottom
            and (a[0] < box.right or b[0] < box.right)
            and (a[0] > box.left or b[0] > box.left)
        )
    return (
        box.left < a[0] < box.right and (a[1] < box.bottom or b[1] < box.bottom) and (a[1] > box.top or b[1] > box.top)
    )


def _ink(
    title: str, summary: str, made: Drawn, edges: Sequence[Edge], notes: Sequence[str], foot: Sequence[Said]
) -> str:
    ink = Ink(title, summary)
    y = 30.0
    y = ink.text(EDGE, y, wrap(title, made.width - 2 * EDGE, 18, True, 3), 18, "cq-t cq-b cq-title")
    bottom = made.lanes[-1][2] if made.lanes else made.top
    for number, (name, begin, end) in enumerate(made.lanes):
        if number % 2 == 0:
            ink.put("rect", x=0, y=n(begin), width=n(made.width), height=n(end - begin), class_="cq-band")
        room = made.gutter - 20 if made.gutter else made.width - 2 * EDGE
        ink.text(EDGE, begin + 22, wrap(name, room, 12, True, 6 if made.gutter else 1), 12, "cq-s cq-b")
    _axis(ink, made, bottom)
    for number, (edge, way) in zip(
        (i for i, e in enumerate(edges) if made.cards[e.target].node.kind != "Gap"), made.ways, strict=True
    ):
        _edge(ink, number, edge, way, made)
    for card in made.cards.values():
        _draw_card(ink, card, made)
    _chips(ink, edges, made)
    y = bottom + 22
    for note in notes:
        y = ink.text(EDGE, y, wrap(note, made.width - 2 * EDGE, 12, False, 3), 12, "cq-s") + 1
    _key(ink, made, y)
    y = _feet(ink, made, foot, y + 12)
    return ink.document(made.width, y + 8, made.top - 50)


FEET = 12
"""Sentences up to which they are printed below the drawing; of more, the page and the table have them."""
_SUPER = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _footnoted(edges: Sequence[Edge]) -> tuple[list[Edge], tuple[Said, ...]]:
    """Edges with the numbers of their sentences on their labels, and the sentences; none where there are too many."""
    numbers: dict[tuple[str, str, str], int] = {}
    said: list[Said] = []
    for edge in edges:
        for s in edge.said if edge.label else ():
            if s.quote and numbers.setdefault((s.document, s.paragraph, s.quote), len(said) + 1) > len(said):
                said.append(s)
    if len(said) > FEET:
        return list(edges), ()
    made = []
    for edge in edges:
        at = sorted({numbers[s.document, s.paragraph, s.quote] for s in edge.said if s.quote}) if edge.label else []
        marks = "˒".join(str(i).translate(_SUPER) for i in at)
        made.append(replace(edge, label=f"{edge.label} {marks}") if marks else edge)
    return made, tuple(said)


def _feet(ink: Ink, made: Drawn, foot: Sequence[Said], y: float) -> float:
    if not foot:
        return y
    ink.put("path", d=f"M{n(EDGE)} {n(y)}H{n(made.width - EDGE)}", class_="cq-edge cq-rule")
    y += 20
    for number, said in enumerate(foot, 1):
        where = f"{said.document}, paragraph {said.paragraph}" if said.paragraph else said.document
        ink.open("g", class_="cq-foot", id=f"cq-foot-{number}")
        ink.text(EDGE + 12, y, str(number), 12, "cq-t cq-b", "end")
        y = ink.text(EDGE + 20, y, wrap(f"“{said.quote}”", made.width - 2 * EDGE - 24, 12), 12, "cq-t")
        y = ink.text(EDGE + 20, y, clip(where, made.width - 2 * EDGE - 24, SMALL), SMALL, "cq-s") + 5
        ink.close("g")
    return y


def _axis(ink: Ink, made: Drawn, bottom: float) -> None:
    if not any(c.dated for c in made.cards.values()):
        return
    base = made.top - 14
    ink.open("g", class_="cq-axis")
    ink.put("path", d=f"M{n(EDGE + made.gutter)} {n(base)}H{n(made.width - EDGE)}", class_="cq-edge")
    last = max(c.end for c in made.cards.values())
    for tick in ticks(made.scale, last, made.width - EDGE):
        x = made.scale.x(tick.day)
        ink.put("path", d=f"M{n(x)} {n(base - (6 if tick.label else 3))}V{n(base)}", class_="cq-edge")
        if tick.label:
            ink.put(
                "path",
                d=f"M{n(x)} {n(base)}V{n(bottom)}",
                class_="cq-edge cq-rule",
                stroke_width="0.8",
                stroke_dasharray="1 3",
            )
            ink.text(x, base - 10, tick.label, 12, "cq-s", "middle")
    for first, end in made.scale.breaks:
        x = (made.scale.x(first) + made.scale.x(end)) / 2
        ink.put("rect", x=n(x - 7), y=n(base - 8), width="14", height="16", class_="cq-plate")
        ink.put("path", d=f"M{n(x - 8)} {n(base + 7)}l6 -14M{n(x + 2)} {n(base + 7)}l6 -14", class_="cq-edge")
    ink.close("g")


def _edge(ink: Ink, number: int, edge: Edge, way: Way, made: Drawn) -> None:
    ink.open("g", _tip(edge), class_="cq-e", data_edge=number, tabindex="0")
    style = "cq-edge" + (" cq-dot" if edge.beside else "")
    if len(way) == 2 and way[0][0] != way[1][0] and way[0][1] != way[1][1]:
        (ax, ay), (bx, by) = way
        reach = max(30.0, abs(bx - ax) / 2)
        d = f"M{n(ax)} {n(ay)}C{n(ax + reach)} {n(ay)} {n(bx - reach)} {n(by)} {n(bx - 7)} {n(by)}"
        turn = 0
    else:
        d, turn = _rounded(way)
    ink.put("path", d=d, class_=style)
    x, y = way[-1]
    head = {0: (-8, -4, -8, 4), 1: (-4, -8, 4, -8), 2: (8, -4, 8, 4), 3: (-4, 8, 4, 8)}[turn]
    ink.put(
        "path",
        d=f"M{n(x)} {n(y)}L{n(x + head[0])} {n(y + head[1])}L{n(x + head[2])} {n(y + head[3])}Z",
        class_="cq-head",
    )
    ink.close("g")


def _chips(ink: Ink, edges: Sequence[Edge], made: Drawn) -> None:
    """The labels, above all lines."""
    for number, (box, words) in made.chips.items():
        ink.open("g", _tip(edges[number]), class_="cq-e cq-words", data_edge=number)
        ink.put(
            "rect",
            x=n(box.left),
            y=n(box.top),
            width=n(box.right - box.left),
            height=n(box.bottom - box.top),
            rx="4",
            class_="cq-chip",
        )
        ink.text((box.left + box.right) / 2, box.top + SMALL * 1.05 + 1, words, SMALL, "cq-t", "middle")
        ink.close("g")


def _tip(edge: Edge) -> str:
    if not edge.said:
        return edge.label
    first = edge.said[0]
    where = f"{first.document}, paragraph {first.paragraph}" if first.paragraph else first.document
    return f"{edge.label}\n“{first.quote}”\n— {where}"


def _rounded(way: Way) -> tuple[str, int]:
    """The path of a way with rounded bends, ended before the arrow's point; and the direction in which it ends."""
    (px, py), (x, y) = way[-2], way[-1]
    turn = 0 if x > px else 2 if x < px else 1 if y > py else 3
    points = [*way[:-1], (x - 7 * (turn == 0) + 7 * (turn == 2), y - 7 * (turn == 1) + 7 * (turn == 3))]
    d = f"M{n(points[0][0])} {n(points[0][1])}"
    for before, at, after in zip(points, points[1:], points[2:], strict=False):
        r = min(
            7.0,
            (abs(at[0] - before[0]) + abs(at[1] - before[1])) / 2,
            (abs(at[0] - after[0]) + abs(at[1] - after[1])) / 2,
        )
        a = _towards(at, before, r)
        b = _towards(at, after, r)
        d += f"L{n(a[0])} {n(a[1])}Q{n(at[0])} {n(at[1])} {n(b[0])} {n(b[1])}"
    return d + f"L{n(points[-1][0])} {n(points[-1][1])}", turn


def _towards(at: tuple[float, float], to: tuple[float, float], by: float) -> tuple[float, float]:
    dx, dy = to[0] - at[0], to[1] - at[1]
    return (at[0] + by * ((dx > 0) - (dx < 0)), at[1] + by * ((dy > 0) - (dy < 0)))


def _draw_card(ink: Ink, card: Card, made: Drawn) -> None:
    node, box = card.node, card.box
    kind = family(node.kind)
    tip = "\n".join(x for x in (node.label, days(node.date, node.end), node.place, node.note) if x)
    ink.open("g", tip, class_=f"cq-n cq-n-{kind}", data_id=node.id, tabindex="0")
    if node.kind == "Gap":
        ink.put(
            "path", d=f"M{n(box.left - 30)} {n(box.top + 13)}H{n(box.left - 12)}", class_="cq-edge cq-l-gap cq-dash"
        )
        ink.put("circle", cx=n(box.left - 7), cy=n(box.top + 13), r="4.5", class_="cq-open", stroke_width="1.6")
        ink.put(
            "rect",
            x=n(box.left),
            y=n(box.top),
            width=n(card.width),
            height=n(card.height),
            rx="5",
            class_="cq-card cq-dash cq-l-gap",
        )
        y = box.top + 17
        for line in card.lines:
            y = ink.text(box.left + 9, y, line.text, line.size, line.style)
        ink.close("g")
        return
    style = "cq-card" + (" cq-focus" if node.focus else "") + ("" if node.held else " cq-dash")
    if node.members:
        for shift in (6, 3):
            ink.put(
                "rect",
                x=n(box.left + shift),
                y=n(box.top + shift),
                width=n(card.width),
                height=n(card.height),
                rx="5",
                class_="cq-card",
            )
    ink.put(
        "rect",
        x=n(box.left),
        y=n(box.top),
        width=n(card.width),
        height=n(card.height),
        rx="5",
        class_=style,
        stroke_width="2" if node.focus else None,
    )
    if card.dated:
        # The time that the thing takes, at its true place on the axis.
        begin = made.scale.x(card.start)
        end = max(made.scale.x(card.end + 1), begin + 4)
        ink.put("path", d=f"M{n(begin)} {n(box.top)}H{n(end)}", class_=f"cq-l-{kind}", stroke_width="4")
        if end > box.right:
            ink.put("path", d=f"M{n(end)} {n(box.top - 5)}V{n(box.top + 5)}", class_=f"cq-l-{kind}", stroke_width="2")
    ink.icon(kind, box.left + 9, box.top + 10, 11)
    y = box.top + 20
    for i, line in enumerate(card.lines):
        if i and line.size != card.lines[i - 1].size:
            y += 1
        y = ink.text(
            box.left + (26 if line.size == HEAD and line.style.startswith("cq-b") else 10),
            y,
            line.text,
            line.size,
            line.style,
        )
    ink.close("g")


def _key(ink: Ink, made: Drawn, y: float) -> None:
    """What the icons and strokes mean, of those that are in the picture."""
    x = EDGE
    kinds = {family(c.node.kind) for c in made.cards.values()}
    names = {
        "meeting": "meeting",
        "mandate": "mandate",
        "body": "body",
        "instrument": "instrument",
        "gap": "nothing further in the papers",
    }
    ink.open("g", class_="cq-key")
    for kind, name in names.items():
        if kind in kinds:
            ink.icon(kind, x, y - 9, 11)
            ink.text(x + 17, y, name, 12, "cq-s")
            x += 17 + width(name, 12) + 22
    if any(not c.node.held for c in made.cards.values()):
        ink.put("rect", x=n(x), y=n(y - 10), width="20", height="12", rx="2", class_="cq-card cq-dash")
        ink.text(x + 26, y, "no paper of it held", 12, "cq-s")
    ink.close("g")
