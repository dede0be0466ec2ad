"""Lineage: the way from a mandate to what came of it, with every sentence, and gaps said as gaps."""

from __future__ import annotations

import pytest

from graph_build.errors import QueryError
from graph_build.query import EndpointSource
from graph_build.store import Build
from graph_build.trace import Trace, trace
from graph_build.trace_text import FORWARD, as_text, day, days
from tests.endpoint import endpoint
from tests.papers import CONFERENCE, FIRST, GROUP, PACT, PLAN, REVIEW, WORKSHOP, Papers, river
from tests.test_query import run

DIRECTIVE = "commitment/reports-workshop-2011/ministers-directed-officials-to-set-up-a-working-group-on"


def hops(found: Trace) -> set[tuple[str, str, str]]:
    return {(h.earlier.id, h.relation, h.later.id) for h in found}


def test_the_way_of_the_seeds(sample: Build) -> None:
    found = trace(sample.store, "directive establish")
    group = "body/bali-process-working-group-on-trafficking-in-persons"
    symposium = "meeting/2015-03-25-bangkok-regional-symposium-on-trafficking-for-the-purposes-of-labour-exploitation"
    assert found.focus.kind == "Directive"
    assert found.focus.date == "2013-04-02"
    assert hops(found) == {
        ("meeting/2013-04-02-5th-bali-process-regional-ministerial-conference", "madeAt", found.focus.id),
        (found.focus.id, "establishes", group),
        (found.focus.id, "deliversOn", symposium),
        (group, "heldBy", symposium),
        (symposium, "consideredAt", "meeting/2015-03-27-first-meeting-of-the-working-group-on-trafficking-in-persons"),
        (symposium, "incorporatedInto", "instrument/bali-process-working-group-on-trafficking-in-persons-forward-work-plan-2015-2017"),
    }  # fmt: skip
    text = sample.text("001-060104102ca28d5d") + sample.text("000-7a1a196fd8975034")
    for hop in found:
        assert hop.said, hop
        for said in hop.said:
            assert said.quote in " ".join(text.split())
            assert said.paragraph
            assert said.document.endswith(".txt")
    assert [g.papers for g in found.gaps] == [1, 1]
    assert found.gaps[0].successors or found.gaps[1].successors


def test_as_it_reads_in_a_terminal(sample: Build) -> None:
    shown = as_text(trace(sample.store, "directive establish"), 100)
    lines = [line.strip("│├└─ ") for line in shown.splitlines()]
    order = [
        "established Bali",
        "held Regional Symposium",
        "had its outcomes considered at",
        "had its outcomes incorporated into",
    ]
    at = [next(n for n, line in enumerate(lines) if line.startswith(start)) for start in order]
    assert at == sorted(at)
    assert "— 001_060104102ca28d5d.txt, paragraph 3" in lines
    assert shown.count("○ no later mention found in 1 later paper (2023-11-08)") == 2
    assert "\x1b[" not in shown
    assert "\x1b[" in as_text(trace(sample.store, "directive establish"), 100, color=True)
    assert max(map(len, shown.splitlines())) <= 100


def test_forward_and_back() -> None:
    store = river().store()
    found = trace(store, "workshop skopje")
    assert {(h.relation, h.later.id) for h in found.forward} == {
        ("consideredAt", FIRST), ("incorporatedInto", PLAN), ("reviews", REVIEW),
    }  # fmt: skip
    assert {(h.earlier.id, h.relation) for h in found.back} == {
        (CONFERENCE, "madeAt"), (CONFERENCE, "deliversOn"), (DIRECTIVE, "establishes"), (GROUP, "heldBy"),
    }  # fmt: skip
    assert {(h.relation, h.later.id) for h in found.beside} == {("heldBy", GROUP)}


def test_a_plan_goes_on_to_the_meeting_that_reviews_it() -> None:
    found = trace(river().store(), PLAN)
    assert [(h.relation, h.later.id) for h in found.forward] == [("reviews", REVIEW)]
    gap = found.gaps[0]
    assert (gap.thing.id, gap.papers, gap.first, gap.last) == (REVIEW, 1, "2015-02-01", "2015-02-01")
    assert str(gap) == "no later mention found in 1 later paper (2015-02-01)"


def test_steps_are_few_and_what_is_cut_is_said() -> None:
    store = river().store()
    found = trace(store, CONFERENCE, steps=1)
    assert found.more_forward == 3
    assert "… and 3 more further on" in as_text(found)
    everything = trace(store, CONFERENCE, steps=99)
    assert everything.more_forward == 0
    assert {h.later.id for h in everything.forward} >= {GROUP, WORKSHOP, FIRST, PLAN, REVIEW}


def test_breadth_is_bounded_and_the_rest_counted() -> None:
    papers = Papers()
    papers.entity("meeting/2000-start", "Meeting", "Start", start="2000-01-01", end="2000-01-01")
    papers.paper("a.txt", "A", "meeting/2000-start")
    for n in range(40):
        papers.entity(f"meeting/2001-m{n}", "Meeting", f"Follow-up {n}", start=f"2001-01-{1 + n % 28:02}")
        papers.link(
            papers.passage(f"Follow-up {n} delivered on the Start.", "1"),
            f"meeting/2001-m{n}",
            "deliversOn",
            "meeting/2000-start",
        )
    found = trace(papers.store(), "meeting/2000-start", breadth=10)
    assert (len(found.forward), found.more_forward) == (10, 30)


def test_only_the_way_between_two() -> None:
    store = river().store()
    found = trace(store, DIRECTIVE, to=PLAN)
    assert {h.later.id for h in found.forward} == {GROUP, WORKSHOP, PLAN}
    assert trace(store, PLAN, to=CONFERENCE).focus.id == CONFERENCE
    none = trace(store, REVIEW, to=FIRST)
    assert none.forward == ()
    assert "Nothing that the papers here say leads from the one to the other." in as_text(none)


def test_circles_end() -> None:
    papers = Papers()
    for n in "ab":
        papers.entity(f"meeting/{n}", "Meeting", f"Meeting {n}", start="2000-01-01")
    papers.paper("a.txt", "A", "meeting/a")
    for a, b in ("ab", "ba"):
        papers.link(
            papers.passage(f"Meeting {a} was taken up at meeting {b}.", "1"),
            f"meeting/{a}",
            "consideredAt",
            f"meeting/{b}",
        )
    found = trace(papers.store(), "meeting/a", steps=50)
    assert "Meeting b" in as_text(found)


def test_a_pledge_without_a_follow_up() -> None:
    found = trace(river().store(), "gauge data")
    assert found.forward == ()
    assert str(found.gaps[0]) == "no later mention found in 2 later papers (from 2014-03-01 to 2015-02-01)"
    assert "○ no later mention found in 2 later papers" in as_text(found)


def test_nothing_later_can_be_known() -> None:
    papers = Papers()
    papers.entity("meeting/m", "Meeting", "Meeting M", start="2000-01-01", end="2000-01-01")
    papers.paper("a.txt", "A", "meeting/m")
    papers.paper("b.txt", "B", "")
    gap = trace(papers.store(), "meeting/m").gaps[0]
    assert str(gap) == "no paper here is later: what came of it cannot be known; 1 without a date not looked at"


def test_what_has_no_lineage() -> None:
    with pytest.raises(QueryError, match=r"is a Person, which has no lineage.*explain person/mira-koleva"):
        trace(river().store(), "mira koleva")


def test_table_and_picture_come_from_one_result() -> None:
    found = trace(river().store(), CONFERENCE, steps=9)
    table = found.table()
    assert {(r["earlier"], r["relation"], r["later"]) for r in table} == hops(found)
    assert all(r["quote"] and r["document"] for r in table)


def test_over_http_the_same() -> None:
    store = river().store()
    with endpoint(store) as url:
        assert trace(EndpointSource(url), CONFERENCE) == trace(store, CONFERENCE)


def test_every_leading_relation_has_words() -> None:
    assert set(FORWARD) == {
        "establishes",
        "adopts",
        "prepares",
        "consideredAt",
        "incorporatedInto",
        "deliversOn",
        "reviews",
        "heldBy",
        "madeAt",
    }


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2015-03-25", "2015-03-26", "25-26 March 2015"),
        ("2015-03-31", "2015-04-01", "31 March - 1 April 2015"),
        ("2014-12-31", "2015-01-01", "31 December 2014 - 1 January 2015"),
        ("2011-03", "2011-03", "March 2011"),
        ("2015", "2017", "2015-2017"),
        ("2015", "", "2015"),
        ("", "", ""),
    ],
)
def test_days(start: str, end: str, words: str) -> None:
    assert days(start, end) == words


def test_day_leaves_what_is_no_date() -> None:
    assert day("2015-13-01") == "2015-13-01"
    assert day("soon") == "soon"


def test_hostile_words_stay_words() -> None:
    papers = river()
    papers.entity("meeting/evil", "Meeting", "[bold]Evil[/] \x1b[31m meeting", start="2012-01-01")
    papers.link(papers.passage("It [red]delivered\x07[/red] on it.", "9"), "meeting/evil", "deliversOn", CONFERENCE)
    shown = as_text(trace(papers.store(), CONFERENCE))
    assert "[bold]Evil[/] \\u001b[31m" in shown
    assert "\x07" not in shown


def test_command(sample_folder) -> None:  # type: ignore[no-untyped-def]  # a path from conftest
    graph = ("--graph", str(sample_folder))
    assert "What came of it" in run("trace", "symposium 2015", *graph)[1]
    assert run("trace", "symposium 2015", *graph, "--format", "csv")[1].startswith("step,earlier_date")
    assert "by rule" in run("trace", "symposium 2015", *graph, "--rules", "--all")[1]
    assert run("trace", "working group", *graph)[0] == 2
    assert run("trace", PACT, *graph)[0] == 2
    assert run("trace", "symposium 2015", *graph, "--to", "forward work plan 2015")[0] == 0
