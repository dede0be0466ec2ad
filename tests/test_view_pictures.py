"""Timeline, attendance, network, commitments and ontology: the picture says what the named queries say."""

from __future__ import annotations

from collections import Counter

import pytest
from lxml import etree

from graph_build.errors import QueryError
from graph_build.notebook import open_graph
from graph_build.query import query
from graph_build.store import Build
from graph_build.view import KINDS, Picture, picture
from graph_build.view.attendance import Seat, _standing
from graph_build.view.network import centralities
from graph_build.view.ontology import ontology
from graph_build.view.years import within
from tests.drawn import browser, look
from tests.papers import many

OTHERS = [k for k in KINDS if k != "lineage"]


def test_the_timeline_has_every_meeting(sample: Build) -> None:
    made = picture(sample.store, "timeline")
    asked = query(sample.store, "meetings")
    assert {n.iri for n in made.nodes if n.kind == "Meeting"} == set(asked.column("meeting"))
    held = {row["meeting"] for row in asked if row["described_in"] != "0"}
    assert {n.iri for n in made.nodes if n.kind == "Meeting" and n.held} == held
    later = picture(sample.store, "timeline", since="2015", until="2015")
    assert {n.date[:4] for n in later.nodes if n.kind == "Meeting"} == {"2015"}
    assert "2015" in later.title
    body = picture(sample.store, "timeline", body="body/bali-process-working-group-on-trafficking-in-persons")
    assert 0 < sum(n.kind == "Meeting" for n in body.nodes) < len(asked)


def test_attendance_is_that_of_the_query(sample: Build) -> None:
    made = picture(sample.store, "attendance")
    asked = query(sample.store, "standing")
    assert {(e.source, str(dict(e.more)["capacity"]), e.target) for e in made.edges} == {
        (row["party"].split("/id/")[1], row["capacity"], row["where"].split("/id/")[1]) for row in asked
    }
    meetings = Counter(row["party"] for row in query(sample.store, "took-part"))
    assert meetings
    assert "observer 2015 → member since 2023" in made.svg
    ilo = [row for row in made.table if row["code"] == "ILO"]
    assert {(r["how"], r["capacity"], r["since"]) for r in ilo} >= {
        ("at a meeting", "observer", ""),
        ("in a body", "member", "2023"),
    }
    assert all(r["quote"] for r in ilo)
    one = picture(sample.store, "attendance", party="International Labour Organization")
    assert {e.source for e in one.edges} == {"organisation/international-labour-organization"}


@pytest.mark.parametrize(
    ("seats", "said"),
    [
        ([("observer", "2015-03-25", ""), ("member", "", "2023")], "observer 2015 → member since 2023"),
        ([("participant", "2012-01-01", ""), ("observer", "2023-11-07", "")], "participant 2012 → observer 2023"),
        ([("observer", "2015-03-25", ""), ("participant", "2015-03-25", "")], ""),
        ([("participant", "2012-01-01", ""), ("host", "2023-11-07", "")], ""),
        ([("observer", "2015-03-25", ""), ("participant", "2015", "")], ""),
    ],
)
def test_changes_of_standing(seats: list[tuple[str, str, str]], said: str) -> None:
    made = [
        Seat("p", f"w{i}", "in a body" if since else "at a meeting", capacity, date or since, since, "", ())
        for i, (capacity, date, since) in enumerate(seats)
    ]
    assert _standing(sorted(made, key=lambda s: s.date)).get("p", "") == said


def test_rows_are_sorted_as_asked(sample: Build) -> None:
    import re

    names = re.findall(r'data-name="([^"]*)"', picture(sample.store, "attendance", sort="name").svg)
    assert len(names) > 30
    assert names == sorted(names, key=str.casefold)
    totals = [int(t) for t in re.findall(r'data-total="(\d+)"', picture(sample.store, "attendance").svg)]
    assert totals == sorted(totals, reverse=True)
    with pytest.raises(QueryError, match="not sorted by 'luck'"):
        picture(sample.store, "attendance", sort="luck")


def test_centralities_of_a_small_network() -> None:
    # One actor between two meetings of two others each: of six pairs of others four are tied only through it.
    ties = [
        ("hub", "m1", "host"),
        ("a", "m1", "chair"),
        ("b", "m1", "chair"),
        ("hub", "m2", "host"),
        ("c", "m2", "chair"),
        ("d", "m2", "chair"),
    ]
    found = centralities(ties)
    assert (found["hub"].meetings, found["hub"].others) == (2, 4)
    assert found["hub"].betweenness == pytest.approx(4 / 6)
    assert found["a"].betweenness == 0
    assert centralities([]) == {}
    assert centralities([("a", "m", "host")])["a"].others == 0


def test_the_network_has_every_chair(sample: Build) -> None:
    made = picture(sample.store, "network")
    chairs = {(r["actor"].split("/id/")[1], r["meeting"].split("/id/")[1]) for r in query(sample.store, "chairs")}
    assert chairs
    assert chairs <= {(e.source, e.target) for e in made.edges}
    assert not {e.relation for e in made.edges} & {"participant", "observer"}
    assert any("betweenness" in note for note in made.notes)
    assert made.directed is False
    none = picture(sample.store, "network", since="1990", until="1991")
    assert none.edges == ()
    assert none.notes == ("No host, chair or speaker is stated in this choice.",)


def test_commitments_are_counted_as_the_register_counts(sample: Build) -> None:
    made = picture(sample.store, "commitments")
    asked = query(sample.store, "commitments")
    assert len(made.table) == len(asked)
    assert Counter(made.table.column("class")) == Counter(asked.column("class"))
    bars = {n.id: n for n in made.drawn[0]}
    assert len(bars["class/directive"].members) == Counter(asked.column("class"))["directive"]
    only = picture(sample.store, "commitments", kind="directive", since="2013", until="2013")
    assert set(only.table.column("class")) == {"directive"}


def test_the_ontology_has_every_class_and_property() -> None:
    made = ontology()
    text = (made.svg + str(made.table.rows)).casefold()
    for name in ("participation", "meeting series", "deliverson", "clause"):
        assert name in text
    assert {("cq:Directive", "subClassOf", "cq:Commitment"), ("cq:Body", "subClassOf", "cq:Actor")} <= {
        (e.source, e.relation, e.target) for e in made.edges
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_picture_is_deterministic_and_has_words(sample: Build, kind: str) -> None:
    options = {"thing": "symposium 2015"} if kind == "lineage" else {}
    first, second = (picture(sample.store, kind, **options) for _ in range(2))
    assert first.svg == second.svg
    root = etree.fromstring(first.svg.encode("utf-8"))
    space = "{http://www.w3.org/2000/svg}"
    assert root.findtext(f"{space}title") == first.title
    assert root.findtext(f"{space}desc") == first.summary.strip()
    assert len(first.table) > 0
    assert not root.xpath("//*[local-name()='image' or local-name()='script' or local-name()='foreignObject']")


@pytest.mark.parametrize("kind", OTHERS)
def test_an_empty_graph_is_an_empty_picture(kind: str) -> None:
    import pyoxigraph as ox

    made = picture(ox.Store(), kind)
    assert etree.fromstring(made.svg.encode("utf-8")) is not None
    assert kind == "ontology" or made.notes


@pytest.mark.parametrize(
    ("date", "since", "until", "is_in"),
    [("2015-03", "2015", "", True), ("2015", "", "2014", False), ("", "2015", "", False), ("", "", "", True)],
)
def test_periods(date: str, since: str, until: str, is_in: bool) -> None:
    assert within(date, since, until) is is_in
    with pytest.raises(QueryError, match="not a year"):
        within(date, "20")


def test_a_trace_in_a_notebook_is_a_picture(sample: Build) -> None:
    with open_graph(sample.folder) as graph:
        made = graph.trace("symposium 2015")
        svg = made._repr_svg_()
        assert svg is not None
        assert svg.startswith("<svg ")
        assert svg in made._repr_html_()


def test_nothing_lies_over_anything(sample: Build) -> None:
    with browser() as made:
        page = made.new_page()
        for kind in OTHERS:
            look(page, picture(sample.store, kind).svg)


@pytest.fixture(scope="module")
def large() -> Picture:
    """Attendance of a graph of hundreds of meetings."""
    import pyoxigraph as ox

    store = ox.Store()
    store.bulk_extend(many(300))
    return picture(store, "attendance")


def test_large_pictures_group_and_stay_apart(large: Picture) -> None:
    assert any("a column stands for" in note for note in large.notes)
    with browser() as made:
        look(made.new_page(), large.svg)
