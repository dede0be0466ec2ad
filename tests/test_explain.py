"""Everything said of a thing, each with its paper, paragraph, sentence, rule and how it is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_build.errors import QueryError
from graph_build.explain import as_text, explain
from graph_build.query import EndpointSource
from graph_build.store import Build
from tests.endpoint import endpoint
from tests.papers import WORKSHOP, river
from tests.test_query import run


def test_every_statement_with_its_sentence(sample: Build) -> None:
    found = explain(sample.store, "ministerial conference 2013")
    assert found.thing.id == "meeting/2013-04-02-5th-bali-process-regional-ministerial-conference"
    assert dict(found.values)["ordinal"] == "5"
    assert any(m.startswith("same-dates") for m in found.merges)
    assert [f.rsplit("/", 1)[-1] for f in found.former] == ["2013-04-02-bali-process-ministerial-conference"]
    assert {s.kind for s in found.statements} == {"Account", "Link", "Directive"}
    assert {s.document for s in found.statements} == {"000_7a1a196fd8975034.txt", "001_060104102ca28d5d.txt"}
    for statement in found.statements:
        assert statement.rules, statement
        assert statement.known, statement
        slug = statement.document[:-4].replace("_", "-")
        text = sample.text(slug)
        for passage in statement.support:
            assert passage.quote.split()[0] in text[passage.start : passage.end]
            assert passage.paragraph
        assert statement.support


def test_what_leads_to_it_is_no_statement_of_it(sample: Build) -> None:
    found = explain(sample.store, "forward work plan 2015")
    assert {s.kind for s in found.statements} == {"Account", "Link"}
    assert not any(name.startswith("leadsTo") for s in found.statements for name, _ in s.values)


def test_reconciled_values_say_how(sample: Build) -> None:
    found = explain(sample.store, "4th Bali Process Regional Ministerial Conference")
    assert any("start 2011-03-30" in line for line in found.reconciled)
    starts = {value for s in found.statements if s.kind == "Account" for name, value in s.values if name == "start"}
    assert starts == {"2011-03-30", "2011-03"}


def test_inferred_values_are_named(sample: Build) -> None:
    found = explain(
        sample.store, "commitment/003-6f0562d57840db0d/recommendation-law-enforcement-as-well-as-other-agency"
    )
    assert len(found.statements) == 1
    assert found.statements[0].inferred[0].startswith("addressee: ")
    assert "not stated: addressee" in as_text(found)


def test_a_statement_and_a_paper() -> None:
    store = river().store()
    pledge = explain(store, "gauge data")
    assert [s.kind for s in pledge.statements] == ["Pledge"]
    paper = explain(store, "document/reports-workshop-2011")
    assert {s.kind for s in paper.statements} >= {"Account", "Link", "Participation", "Directive", "StatedCount"}


def test_more_than_is_shown_is_said() -> None:
    found = explain(river().store(), WORKSHOP, most=3)
    assert len(found.statements) == 3
    assert found.more > 5
    assert f"… and {found.more} more statements" in as_text(found)


def test_hostile_words_stay_words() -> None:
    shown = as_text(explain(river().store(), "state/XK"))
    assert "<script>alert(1)</script>" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_nothing_said() -> None:
    assert "No paper here says anything of it." in as_text(
        explain(river().store(), "instrument-series/flood-warning-plan")
    )


def test_unknown_things() -> None:
    with pytest.raises(QueryError, match="nothing in the graph is called"):
        explain(river().store(), "zebra")


def test_over_http_the_same() -> None:
    store = river().store()
    with endpoint(store) as url:
        assert explain(EndpointSource(url), WORKSHOP) == explain(store, WORKSHOP)


def test_command(sample_folder: Path) -> None:
    graph = ("--graph", str(sample_folder))
    code, out = run("explain", "forward work plan 2015", *graph)
    assert code == 0
    assert "001_060104102ca28d5d.txt" in out
    assert "paragraph 3, characters" in out
    assert "known: stated, by rule gold" in out
    assert run("explain", "forward work plan 2015", *graph, "--format", "csv")[1].startswith(
        "document,paragraph,kind,says,quote"
    )
    assert run("explain", "zebra", *graph)[0] == 2
