"""Lineage as a picture: the same hops as the trace, gaps drawn as gaps, groups past a number, nothing over anything."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from benchmarks.view import made_trace
from graph_build.errors import QueryError
from graph_build.find import Found
from graph_build.source import StoreSource
from graph_build.store import Build
from graph_build.trace import Gap, Hop, Said, Trace, trace
from graph_build.view import lineage_svg, picture
from graph_build.view.group import grouped
from graph_build.view.ink import Box
from graph_build.view.lineage import NOT_HELD, of_trace
from graph_build.view.measure import readable, width, wrap
from graph_build.view.moments import Scale, first_day, fit, last_day, ticks
from graph_build.view.picture import Edge, Node
from graph_build.view.route import Router
from tests.drawn import browser, look

HOSTILE = 'Meeting <script>alert(1)</script> & "quotes" \u202ereversed\u202c ]]> {{x}} \x07 & 会议 اجتماع'


def test_the_lineage_of_the_seeds(sample: Build) -> None:
    made = picture(sample.store, "lineage", thing="symposium 2015")
    found = trace(sample.store, "symposium 2015", steps=1)
    assert {(e.source, e.relation, e.target) for e in made.edges if e.relation != "noFollowUp" and not e.target.startswith("silent/")} == {
        (h.earlier.id, h.relation, h.later.id) for h in found
    }  # fmt: skip
    said = {s.quote for h in found for s in h.said}
    assert said
    assert {row["quote"] for row in made.table if row["quote"]} == said
    by_id = {n.id: n for n in made.nodes}
    conference = by_id["meeting/2013-04-02-5th-bali-process-regional-ministerial-conference"]
    assert (conference.held, conference.note) == (False, NOT_HELD)
    gaps = {e.source: by_id[e.target] for e in made.edges if e.relation == "noFollowUp"}
    assert {k.split("/")[0] for k in gaps} == {"meeting", "instrument"}
    assert all(
        g.label == "No later mention found" and "1 later paper (8 November 2023)" in g.note for g in gaps.values()
    )
    for words in ("delivered on by", "outcomes", "No later mention found", "2 April 2013", "25-26 March 2015"):
        assert words in made.svg
    for quote in said:
        assert quote[:40].replace("'", "&#x27;") in made.svg or quote[:40] in made.svg
    assert made.title in made.svg
    assert "Time runs from left to right" in made.summary


def test_the_same_graph_gives_the_same_bytes(sample: Build) -> None:
    first, second = (picture(sample.store, "lineage", thing="symposium 2015") for _ in range(2))
    assert first.svg == second.svg
    assert first.html == second.html
    assert of_trace(made_trace(120)).svg == of_trace(made_trace(120)).svg


def test_a_lineage_grows_and_leads_to(sample: Build) -> None:
    small = picture(sample.store, "lineage", thing="body/bali-process-working-group-on-trafficking-in-persons")
    assert small.wider
    sizes = [len(small.nodes), *(len(p.nodes) for _, p in small.wider)]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]
    assert "not drawn" in small.notes[0]
    assert next(name for name, _ in small.wider) in small.html
    to = picture(sample.store, "lineage", thing="5th regional ministerial conference 2013", to="forward work plan 2015")
    assert sum(n.focus for n in to.nodes) == 2
    away = picture(sample.store, "lineage", thing="symposium 2015", to="workshop victim protection")
    assert away.notes == ("Nothing that the papers here say leads from the one to the other.",)


def test_what_cannot_be_drawn_is_an_error(sample: Build) -> None:
    with pytest.raises(QueryError, match="has no lineage"):
        picture(sample.store, "lineage", thing="state/TH")
    with pytest.raises(QueryError, match="at least one step"):
        picture(sample.store, "lineage", thing="symposium 2015", depth=0)
    with pytest.raises(QueryError, match="no option 'colour'"):
        picture(sample.store, "lineage", thing="symposium 2015", colour="red")
    with pytest.raises(QueryError, match="no picture 'pie'"):
        picture(sample.store, "pie")


def _hostile() -> Trace:
    a, b = (
        Found(f"https://communique.example/id/meeting/{i}", f"meeting/{i}", "Meeting", HOSTILE, d)
        for i, d in ((1, "2001"), (2, "2003-02"))
    )
    return Trace(a, (), (Hop(a, b, "deliversOn", (Said("a<b>.txt", '"1"', HOSTILE),), 1),), gaps=(Gap(b, 0),))


def test_names_never_become_markup() -> None:
    made = of_trace(_hostile())
    for text in (made.svg, made.html):
        assert "<script>alert" not in text
        assert "\u202e" not in text
        assert "\x07" not in text
        text.encode("utf-8")
    assert "\\u003cscript" in made.html
    assert lineage_svg(_hostile()) == made.svg


@pytest.mark.parametrize("things", [0, 1, 2])
def test_a_trace_of_hardly_anything(things: int) -> None:
    focus = Found("urn:x", "meeting/x", "Meeting", "A meeting", "")
    found = Trace(focus) if things == 0 else made_trace(things)
    made = of_trace(found)
    assert made.svg.startswith("<svg ")
    assert made.summary


@pytest.mark.parametrize(("things", "limit"), [(60, 40), (300, 40), (5000, 40), (300, 290)])
def test_past_a_number_it_groups_and_says_so(things: int, limit: int) -> None:
    made = of_trace(made_trace(things), None, limit)
    drawn = [n for n in made.drawn[0] if n.kind != "Gap"]
    assert len(drawn) <= limit
    assert sum(1 for n in made.nodes if n.kind != "Gap") == things
    assert any(f"{things} things are more than {limit}" in note for note in made.notes)
    inside = {m for n in drawn for m in (n.members or (n.id,))}
    assert inside == {n.id for n in made.nodes if n.kind != "Gap"}
    assert len({row["later"] for row in made.table}) == len({e.target for e in made.edges})


def test_grouping_takes_no_more_than_it_must() -> None:
    nodes = [
        Node("f", "F", "Meeting", focus=True),
        *(Node(f"m{i}", f"M {i}", "Meeting", date=f"20{i:02}") for i in range(9)),
    ]
    edges = [Edge("f", f"m{i}", "deliversOn") for i in range(9)]
    shown, ties, notes = grouped(nodes, edges, 10, lambda n: n.kind)
    assert (len(shown), len(ties), notes) == (10, 9, [])
    shown, ties, notes = grouped(nodes, edges, 5, lambda n: n.kind)
    assert [n.id for n in shown] == ["f", "group/m0"]
    assert ties[0].weight == 9
    assert notes


@pytest.mark.parametrize(
    ("date", "first", "last"),
    [("2015", "2015-01-01", "2015-12-31"), ("2015-02", "2015-02-01", "2015-02-28"), ("2015-12", "2015-12-01", "2015-12-31"),
     ("2015-03-25", "2015-03-25", "2015-03-25"), ("", None, None), ("2015-13", None, None), ("soon", None, None), ("0000", None, None)],
)  # fmt: skip
def test_days_of_a_date(date: str, first: str | None, last: str | None) -> None:
    from datetime import date as day

    assert [first_day(date), last_day(date)] == [day.fromisoformat(d).toordinal() if d else None for d in (first, last)]


def test_the_axis_is_linear_but_for_marked_breaks() -> None:
    year = 365
    scale = fit([(0 + 700_000, 700_010, 100), (700_000 + year, 700_010 + year, 100)], 50, 1000)
    assert scale.breaks == ()
    assert scale.x(700_000) == 50
    assert scale.x(700_000 + year) + 100 == pytest.approx(1000, abs=0.5)
    assert scale.x(700_000 + year / 2) == pytest.approx((scale.x(700_000) + scale.x(700_000 + year)) / 2)
    broken = fit([(700_000, 700_010, 100), (700_000 + 30 * year, 700_010 + 30 * year, 100)], 50, 1000)
    assert len(broken.breaks) == 1
    places = [broken.x(700_000 + d) for d in range(0, 30 * year, 50)]
    assert places == sorted(places)
    shown = ticks(broken, 700_000 + 30 * year, 1000)
    assert all(not (a < t.day < b) for t in shown for a, b in broken.breaks)
    assert all(b.day > a.day for a, b in pairwise(shown))


def test_a_way_goes_round_cards() -> None:
    cards = [Box(0, 0, 100, 60), Box(200, 0, 300, 60), Box(400, 0, 500, 60)]
    xs = [-10, 50, 110, 190, 250, 310, 390, 450, 510]
    router = Router(cards, xs, [-20, 30, 80], careful=True)
    way = router.way([((100, 30), 0)], [((400, 30), 0)], Box(-100, -100, 600, 200))
    assert way[0] == (100, 30)
    assert way[-1] == (400, 30)
    for a, b in pairwise(way):
        assert a[0] == b[0] or a[1] == b[1]
        line = Box(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]) + 0.1, max(a[1], b[1]) + 0.1)
        assert not line.meets(cards[1])
    assert router.way([((100, 30), 0)], [], Box(0, 0, 1, 1)) == ()


def test_lines_of_text_fit_their_room() -> None:
    text = "Bali Process Regional Symposium on Trafficking for the Purposes of Labour Exploitation " + "x" * 80
    lines = wrap(text, 120, 13, True)
    assert all(width(line, 13, True) <= 120 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert wrap(text, 120, 13, True, 2)[-1].endswith("…")
    assert readable("a\u00adb\n c\ud800\ufffe") == "ab c\ufffd\ufffd"


def test_nothing_lies_over_anything(sample: Build) -> None:
    source = StoreSource(sample.store)
    group = "body/bali-process-working-group-on-trafficking-in-persons"
    with browser() as made:
        page = made.new_page()
        look(page, picture(source, "lineage", thing="symposium 2015").svg)
        look(page, picture(source, "lineage", thing=group, depth=3, beside=True).svg)
        look(page, of_trace(made_trace(30)).svg)
        look(page, of_trace(made_trace(300), None, 300).svg)
        look(page, of_trace(made_trace(5000)).svg)
        look(page, of_trace(_hostile()).svg)


def test_cards_of_any_two_things_keep_apart() -> None:
    made = of_trace(made_trace(40))
    import re

    boxes = []
    for x, y, w, h in re.findall(
        r'<g class="cq-n [^>]*>(?:<title>[^<]*</title>)?<rect x="([-\d.]+)" y="([-\d.]+)" width="([\d.]+)" height="([\d.]+)"',
        made.svg,
    ):
        boxes.append(Box(float(x), float(y), float(x) + float(w), float(y) + float(h)))
    assert len(boxes) >= 30
    assert not [1 for a, b in combinations(boxes, 2) if a.meets(b)]
    assert isinstance(fit([(1, 2, 3.0)], 0, 100), Scale)
