"""What `make run` shows: from the directive of 2013 over the group and the symposium to its first meeting and the work plan."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graph_build import pipeline
from graph_build.find import find_one
from graph_build.query import query
from graph_build.source import StoreSource
from graph_build.store import Build, open_build

SEEDS = Path(__file__).parent.parent / "seeds"


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    folder = tmp_path_factory.mktemp("job") / "graph"
    pipeline.build(SEEDS, out=folder, workers=0)
    return open_build(folder)


def test_the_mandate_leads_to_the_work_plan_hop_by_hop(build: Build) -> None:
    start = find_one(StoreSource(build.store), "ministerial conference 2013")
    hops = [(r["source_label"], r["relation"], r["target_label"]) for r in query(build.store, "lineage").records()]
    group = "Working Group on Trafficking in Persons"
    symposium = "Regional Symposium on Trafficking for the Purposes of Labour Exploitation"
    expected = [
        (r"5th Bali Process Regional Ministerial Conference", "establishes", group),
        (symposium, "deliversOn", r"Ministerial Conference"),
        (symposium, "heldBy", group),
        (symposium, "consideredAt", rf"first meeting of the {group}"),
        (symposium, "incorporatedInto", r"Forward Work Plan for 2015-17"),
    ]
    for source, relation, target in expected:
        assert any(re.search(source, a) and r == relation and re.search(target, b) for a, r, b in hops), (
            source,
            relation,
            target,
        )
    assert "2013-04-02" in start.iri


def test_only_the_conference_established_the_group(build: Build) -> None:
    made = {
        (r["source_label"], r["target_label"])
        for r in query(build.store, "lineage").records()
        if r["relation"] == "establishes"
    }
    assert made == {("5th Bali Process Regional Ministerial Conference", "Working Group on Trafficking in Persons")}


def test_the_trace_is_told_with_its_sentences(build: Build) -> None:
    from click.testing import CliRunner

    from graph_build.commands.trace import trace

    shown = CliRunner().invoke(trace, ["ministerial conference 2013", "--graph", str(build.folder.parent.parent)])
    text = re.sub(r"[\s│├└─]+", " ", shown.output)
    assert shown.exit_code == 0
    for words in (
        "there was made the directive",
        "established Bali Process Working Group on Trafficking in Persons",
        "held Bali Process Regional Symposium on Trafficking for the Purposes of Labour Exploitation 25-26 March 2015, Bangkok",
        "had its outcomes considered at first meeting of the Working Group on Trafficking in Persons 27 March 2015",
        "had its outcomes incorporated into Forward Work Plan for 2015-17",
        "have been incorporated into the Working Group's Forward Work Plan for 2015-17.”",
        "— 001_060104102ca28d5d.txt, paragraph 3",
        "no later mention found in 1 later paper",
    ):
        assert words in text
