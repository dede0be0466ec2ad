"""Graph files: what is written is read back by others' readers, with every node, edge and attribute."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from pathlib import Path

import networkx as nx
import pytest
from lxml import etree

from graph_build.errors import InputError
from graph_build.store import Build
from graph_build.view import FORMATS, KINDS, Picture, picture, render, write
from graph_build.view.formats import edge_values, kumu_labels, node_values
from graph_build.view.lineage import of_trace
from graph_build.view.write import format_of
from tests.test_query import run
from tests.test_view_lineage import _hostile


@pytest.fixture(scope="module", params=[*KINDS, "hostile"])
def made(sample: Build, request: pytest.FixtureRequest) -> Picture:
    """Each kind of picture, and one with names that would break a file."""
    if request.param == "hostile":
        return of_trace(_hostile())
    return picture(sample.store, request.param, **({"thing": "symposium 2015"} if request.param == "lineage" else {}))


def _plain(text: str) -> str:
    return text.replace("\x07", "\\u0007").replace("\u202e", "\\u202e").replace("\u202c", "\\u202c")


def _same(values: Mapping[str, object], read: Mapping[str, object]) -> None:
    for name, value in values.items():
        assert read.get(name, "" if isinstance(value, str) else None) == (
            _plain(value) if isinstance(value, str) else value
        ), name


def test_graphml_comes_back_whole(made: Picture) -> None:
    text = render(made, "graphml")[""]
    graph = nx.parse_graphml(text, force_multigraph=True)
    assert graph.is_directed() == made.directed
    assert graph.number_of_nodes() == len({n.id for n in made.nodes})
    assert graph.number_of_edges() == len(made.edges)
    for node in made.nodes:
        _same(node_values(node), graph.nodes[node.id])
    assert isinstance(graph, nx.MultiGraph)  # of which MultiDiGraph is one
    by_key = {k: (a, b, data) for a, b, k, data in graph.edges(keys=True, data=True)}
    for number, edge in enumerate(made.edges):
        a, b, data = by_key[f"e{number}"]
        assert {a, b} == {edge.source, edge.target}
        _same(edge_values(edge), data)


def test_gexf_comes_back_whole_with_dates(made: Picture) -> None:
    text = render(made, "gexf")[""]
    graph = nx.read_gexf(io.BytesIO(text.encode("utf-8")))
    assert graph.number_of_nodes() == len(made.nodes)
    for node in made.nodes:
        _same(
            {"until" if k == "end" else k: v for k, v in node_values(node).items() if k != "label" and v != ""},
            graph.nodes[node.id],
        )
    root = etree.fromstring(text.encode("utf-8"))
    space = {"g": "http://www.gexf.net/1.2draft"}
    assert len(root.findall(".//g:edge", space)) == len(made.edges)
    # The order of elements and the types are those of the schema (gexf.net/1.2draft/gexf.xsd).
    assert [etree.QName(e).localname for e in root] == ["meta", "graph"]
    assert [etree.QName(e).localname for e in root[1]] == ["attributes", "attributes", "nodes", "edges"]
    for edge, element in zip(made.edges, root.findall(".//g:edge", space), strict=True):
        assert (element.get("source"), element.get("target")) == (edge.source, edge.target)
        assert len(element[0]) == len(edge_values(edge))
    days = [(e.get("start", ""), e.get("end", "")) for e in root.findall(".//g:node", space) if e.get("start")]
    assert len(days) == sum(1 for n in made.nodes if n.date)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", d) for pair in days for d in pair)
    assert all(a <= b for a, b in days)
    known = {a.get("id") for a in root.findall(".//g:attribute", space)}
    assert {a.get("for") for a in root.findall(".//g:attvalue", space)} <= known


def test_cytoscape_and_sheets_come_back_whole(made: Picture) -> None:
    elements = json.loads(render(made, "cytoscape")[""])["elements"]
    assert [e["data"] for e in elements["nodes"]] == [{"id": n.id, **node_values(n)} for n in made.nodes]
    assert len(elements["edges"]) == len(made.edges)
    sheets = render(made, "csv")
    nodes, edges = (list(csv.DictReader(io.StringIO(sheets[k], newline=""))) for k in (".nodes.csv", ".edges.csv"))
    assert [r["id"] for r in nodes] == [n.id for n in made.nodes]
    assert [(r["source"], r["relation"], r["target"], r["sentence"]) for r in edges] == [
        (e.source, e.relation, e.target, e.said[0].quote if e.said else "") for e in made.edges
    ]
    kumu = render(made, "kumu")
    things, ties = (
        list(csv.DictReader(io.StringIO(kumu[k], newline=""))) for k in (".elements.csv", ".connections.csv")
    )
    labels = kumu_labels(made)
    assert len(set(labels.values())) == len(made.nodes)
    assert [r["Label"] for r in things] == [labels[n.id] for n in made.nodes]
    assert {r["From"] for r in ties} | {r["To"] for r in ties} <= set(labels.values())
    assert len(ties) == len(made.edges)


def test_dot_and_mermaid_name_everything(made: Picture) -> None:
    dot = render(made, "dot")[""]
    quoted = r'"(?:[^"\\]|\\.)*"'
    assert len(re.findall(rf"^  {quoted} \[", dot, re.M)) == len(made.nodes)
    assert len(re.findall(rf"^  {quoted} (?:->|--) {quoted} \[", dot, re.M)) == len(made.edges)
    attributes = rf"(?:[A-Za-z_]\w*|{quoted})={quoted}"
    for line in dot.splitlines()[4:-1]:
        assert re.fullmatch(rf"  {quoted}(?: (?:->|--) {quoted})? \[(?:{attributes}(?:, )?)*\];", line), line
    mermaid = render(made, "mermaid")[""].splitlines()
    assert mermaid[2] == "flowchart LR"
    assert sum(1 for line in mermaid if re.match(r"  n\d+[\[({]", line)) == len(made.nodes)
    assert sum(1 for line in mermaid if re.match(r"  n\d+ (-->|---|-\.->)", line)) == len(made.edges)
    assert not [line for line in mermaid if "<" in line and not line.lstrip().startswith("%%")]


@pytest.mark.parametrize(
    ("path", "name"),
    [("a.svg", "svg"), ("a.HTML", "html"), ("a.graphml", "graphml"), ("a.gexf", "gexf"), ("a.gv", "dot"), ("a.mmd", "mermaid"),
     ("a.json", "cytoscape"), ("a.csv", "csv"), ("a.kumu.csv", "kumu"), ("a.rows.csv", "rows")],
)  # fmt: skip
def test_the_ending_says_the_format(path: str, name: str) -> None:
    assert format_of(path).name == name


def test_files_are_written_whole_or_not(sample: Build, tmp_path: Path) -> None:
    made = picture(sample.store, "timeline")
    assert {p.name for p in write(made, tmp_path / "t.csv")} == {"t.nodes.csv", "t.edges.csv"}
    (svg,) = write(made, tmp_path / "new" / "t.svg")
    assert svg.read_text(encoding="utf-8") == made.svg
    with pytest.raises(InputError, match="says no format"):
        write(made, tmp_path / "t.bmp")
    with pytest.raises(InputError, match="this is a folder"):
        write(made, tmp_path / "new", "svg")
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == ["t.edges.csv", "t.nodes.csv", "t.svg"]
    assert len(FORMATS) == 10


def test_the_command(sample: Build, tmp_path: Path) -> None:
    graph = str(sample.folder)
    for name in ("t.html", "t.gexf", "t.csv"):
        done = run("view", "lineage", "symposium 2015", "-g", graph, "-o", str(tmp_path / name))
        assert done == (
            0,
            f"{tmp_path / name}\n" if name != "t.csv" else f"{tmp_path / 't.nodes.csv'}\n{tmp_path / 't.edges.csv'}\n",
        )
    assert (tmp_path / "t.edges.csv").is_file()
    shown = run("view", "timeline", "-g", graph, "--since", "2015", "-o", "-")
    assert shown[1].startswith("<svg ")
    for wrong, said in (
        (("view", "lineage"), "name the thing"),
        (("view", "timeline", "x"), "of no one thing"),
        (("view", "lineage", "nothing like it", "-g", graph), "nothing in the graph is called"),
        (("view", "timeline", "-g", graph, "--since", "soon", "-o", "-"), "is not a year"),
        (("view", "timeline", "-g", graph, "--sort", "name", "-o", "-"), "no option 'sort'"),
        (("view", "timeline", "-g", graph, "-f", "kumu", "-o", "-"), "two files"),
    ):
        done = run(*wrong)
        assert done[0] == 2
        assert said in done[1]
