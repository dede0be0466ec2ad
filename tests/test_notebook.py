"""The graph in a notebook: rows from questions, a networkx graph from a trace, a picture where there is one."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest

from graph_build import notebook
from graph_build.errors import InputError
from graph_build.notebook import Graph, Lineage, open_graph
from graph_build.store import Build
from graph_build.trace import trace
from tests.papers import CONFERENCE, GROUP, WORKSHOP, river


@pytest.fixture(scope="module")
def graph(sample_folder: Path) -> Graph:
    return open_graph(sample_folder)


def test_rows(graph: Graph) -> None:
    hosts = graph.query("hosts")
    assert next(r["code"] for r in hosts) == "AU"
    assert len(graph.query("mandates", year=2013)) == 4
    assert graph.sparql("ASK { ?s ?p ?o }").answer is True
    assert [f.date for f in graph.find("symposium 2015")] == ["2015-03-25"]
    assert graph.explain("symposium 2015").statements
    assert not graph.diff(graph)
    assert any(q.name == "hosts" for q in graph.queries)
    assert "5 documents" in repr(graph)


def test_a_trace_is_a_networkx_graph(graph: Graph) -> None:
    lineage = graph.trace("directive establish")
    assert isinstance(lineage, nx.MultiDiGraph)
    plan = next(n for n in lineage if n.startswith("instrument/"))
    start = next(n for n, focus in lineage.nodes(data="focus") if focus)
    assert nx.has_path(lineage, start, plan)
    assert nx.is_directed_acyclic_graph(lineage)
    for _, _, edge in lineage.edges(data=True):
        assert edge["quote"]
        assert edge["document"].endswith(".txt")
    assert lineage.nodes[start]["date"] == "2013-04-02"
    assert len(lineage.table()) >= lineage.number_of_edges()


def test_networkx_can_copy_it() -> None:
    lineage = Lineage.of(trace(river().store(), CONFERENCE))
    assert set(lineage.copy().nodes) == set(lineage.nodes)
    assert lineage.subgraph([WORKSHOP, GROUP]).number_of_nodes() == 2
    assert Lineage().table().rows == ()
    assert Lineage()._repr_html_()


def test_shown_as_a_table_without_a_picture(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook, "PICTURE", "graph_build.no_such_module:draw")
    lineage = graph.trace("symposium 2015")
    assert lineage._repr_svg_() is None
    assert "<table>" in lineage._repr_html_()
    assert "no later mention found" in lineage._repr_html_()


def test_shown_as_a_picture(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook, "picture", lambda: lambda found: f"<svg><title>{len(found.forward)}</title></svg>")
    lineage = graph.trace("directive establish")
    assert lineage._repr_svg_() == "<svg><title>5</title></svg>"
    assert lineage._repr_html_().startswith("<div><svg>")


def test_names_are_escaped() -> None:
    papers = river()
    papers.entity("meeting/evil", "Meeting", "<img src=x onerror=alert(1)>", start="2012-01-01")
    papers.link(papers.passage("It <b>delivered</b> on it.", "9"), "meeting/evil", "deliversOn", CONFERENCE)
    html = Lineage.of(trace(papers.store(), CONFERENCE))._repr_html_()
    assert "<img" not in html
    assert "<b>delivered" not in html


def test_no_graph(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no graph here"):
        open_graph(tmp_path)


def test_closing_lets_go(sample: Build) -> None:
    with open_graph(sample.folder) as again:
        assert again.build.name == sample.name
    assert again.build._pin == -1
