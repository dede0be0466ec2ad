"""What two builds say differently: facts gained, lost and changed, with their sentences, whatever their IRIs."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from graph_build.compare import VIEWS, as_text, compare
from graph_build.iris import CQ
from graph_build.questions import question
from tests.papers import PLAN, REVIEW, WORKSHOP, Papers, date, river
from tests.test_query import run


def changed(papers: Papers, name: str, old: object, new: object) -> ox.Store:
    """The store of these papers with one value of a property put in the place of another."""
    a, b = (v if isinstance(v, ox.Literal) else ox.Literal(str(v)) for v in (old, new))
    papers.quads = [
        ox.Quad(q.subject, q.predicate, b, q.graph_name) if q.predicate.value == CQ + name and q.object == a else q
        for q in papers.quads
    ]
    return papers.store()


def test_the_same() -> None:
    found = compare(river().store(), river().store())
    assert not found
    assert as_text(found).startswith("No difference: both graphs say the same ")


def test_other_iris_are_no_difference() -> None:
    moved = river()
    text = ox.serialize(moved.quads, format=ox.RdfFormat.N_QUADS) or b""
    elsewhere = text.replace(b"//communique.example/id/", b"//other.example/id/")
    assert elsewhere != text
    moved.quads = list(ox.parse(elsewhere, format=ox.RdfFormat.N_QUADS))
    moved.leads.clear()
    assert not compare(river().store(), moved.store())


def test_gained_and_lost_are_each_others() -> None:
    more = river()
    more.document, more.offset = "reports-review-2014", 9000
    s = more.passage("Kosovo took part as an observer.", "4")
    more.attend(s, REVIEW, "state/XK", "Kosovo", "observer")
    there = compare(river().store(), more.store())
    assert [(f.table, f.key, f.quote, f.paragraph) for f in there.gained] == [
        (
            "attendance",
            ("reports/review-2014.txt", "Review Meeting", "XK", "observer"),
            "Kosovo took part as an observer.",
            "4",
        )
    ]
    assert not there.lost
    back = compare(more.store(), river().store())
    assert (back.lost, back.gained, back.changed) == (there.gained, (), ())
    assert "+ attendance  Review Meeting · XK · observer" in as_text(there)
    assert "“Kosovo took part as an observer.”  — paragraph 4" in as_text(there)
    assert {t: b - a for t, a, b in there.counts}["attendance"] == 1


@pytest.mark.parametrize(
    ("name", "old", "new", "table", "field"),
    [
        ("start", date("2014-03-01"), date("2014-03-02"), "events", ("start", "2014-03-01", "2014-03-02")),
        ("addressee", "officials", "all officials", "commitments", ("addressee", "officials", "all officials")),
        ("position", "Deputy Minister of Water", "Minister", "people", ("position", "Deputy Minister of Water", "Minister")),
        ("since", date("2013"), date("2012"), "membership", ("since", "2013", "2012")),
        ("sha256", "0" * 64, "1" * 64, "documents", ("sha256", "0" * 64, "1" * 64)),
    ],
)  # fmt: skip
def test_changed_values(name: str, old: object, new: object, table: str, field: tuple[str, str, str]) -> None:
    found = compare(river().store(), changed(river(), name, old, new))
    assert {c.after.table for c in found.changed} == {table}
    assert field in found.changed[0].fields
    assert not found.gained
    assert not found.lost


def test_a_merge_that_comes_apart_is_seen() -> None:
    apart = river()
    other = apart.entity("instrument/other-plan", "Instrument", "Flood Warning Plan 2012-14")
    apart.quads = [
        ox.Quad(q.subject, q.predicate, apart.id(other), q.graph_name)
        if q.predicate.value == CQ + "about" and q.object == apart.id(PLAN) and "review-2014" in str(q.subject) else q
        for q in apart.quads
    ]  # fmt: skip
    found = compare(river().store(), apart.store())
    assert {c.after.table for c in found.changed} == {"identity"}
    assert {c.fields for c in found.changed} == {(("other_documents", "1", "0"),)}


def test_views_name_columns_that_exist() -> None:
    for view in VIEWS:
        if view.table != "identity":
            assert {*view.key, *view.values} <= set(question(view.table).columns), view


def test_a_thing_taken_from_a_paper() -> None:
    less = river()
    less.quads = [q for q in less.quads if not str(q.subject.value).endswith("workshop-on-flood-warning-state-mk-host")]  # type: ignore[union-attr]  # no blank nodes
    found = compare(river().store(), less.store())
    assert WORKSHOP
    assert [(f.table, f.key[-1]) for f in found.lost] == [("attendance", "host")]


def test_command(sample_folder: Path, tmp_path: Path) -> None:
    assert run("diff", str(sample_folder), str(sample_folder))[1].startswith("No difference")
    assert run("diff", str(sample_folder), str(tmp_path))[0] == 2
