"""Exports: each format is read back by rdflib to an isomorphic graph; what would lose something fails."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic

from graph_build import export as exporting
from graph_build.dataset import Dataset
from graph_build.errors import InputError
from graph_build.export import FORMATS, context, export, graphs, triples
from graph_build.iris import BASE, CQ, RDF
from graph_build.questions import SEVEN
from graph_build.store import Build, open_build, publish
from graph_build.vocabulary import ontology_dir
from tests.papers import river
from tests.test_query import run

RDFLIB = {
    "turtle": "turtle",
    "trig": "trig",
    "nquads": "nquads",
    "ntriples": "nt",
    "jsonld": "json-ld",
    "rdfxml": "xml",
}


def lines(quads: list[ox.Quad]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for q in quads:
        name = q.graph_name.value.removeprefix(f"{BASE}graph/")  # type: ignore[union-attr]  # every graph is named
        found.setdefault(name, set()).add(f"{q.subject} {q.predicate} {q.object}")
    return {name: tuple(sorted(said)) for name, said in sorted(found.items())}


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Build]:
    """A small build with hostile names, numbers, dates, a language and a rejected statement."""
    papers = river()
    papers.quads = [q for q in papers.quads if "\x1b" not in q.object.value]  # type: ignore[union-attr]  # no blank nodes
    papers.put("rejected", "commitment/x/never", "cq:clause", "what nobody asserts")
    papers.put(
        "entities",
        "body/odd",
        "rdfs:label",
        'A "quoted" \\ name\n\twith <b>marks</b> & \u202eright to left, Übung, 中文, 𝒳',
    )
    papers.put("entities", "body/odd", "skos:altLabel", ox.Literal("Flußkreis", language="de"))
    papers.put(
        "entities",
        "body/odd",
        "cq:ordinal",
        ox.Literal("-7", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
    )
    papers.put("entities", "body/odd", "dcterms:source", "plain words where a link is usual")
    papers.put("entities", "body/odd", "cq:parentBody", "a name instead of a thing")
    papers.dataset()
    out = tmp_path_factory.mktemp("export")
    publish(Dataset(BASE, lines(papers.quads)), out).close()
    with open_build(out) as found:
        yield found


def read(path: Path, form: str) -> rdflib.Dataset:
    found = rdflib.Dataset(default_union=True)
    found.parse(path, format=RDFLIB[form])
    return found


@pytest.mark.parametrize("form", [f for f in FORMATS if f != "csv"])
def test_read_back_by_rdflib(form: str, build: Build, tmp_path: Path) -> None:
    written = export(build, form, tmp_path / f"graph{FORMATS[form].ending}")
    got = read(written.path, form)
    wanted = rdflib.Dataset(default_union=True)
    wanted.parse(build.dump, format="nquads")
    if FORMATS[form].graphs:
        assert written.statements == sum(1 for _ in wanted.quads()) > 500
        for graph in graphs(build):
            name = rdflib.URIRef(graph.value)
            assert isomorphic(got.graph(name), wanted.graph(name)), name
        assert {str(g.identifier) for g in got.graphs() if len(g)} == {g.value for g in graphs(build)}
    else:
        flat = rdflib.Graph()
        for s, p, o, g in wanted.quads():
            if not str(g).endswith("graph/rejected"):
                flat.add((s, p, o))
        merged = rdflib.Graph()
        for s, p, o, _ in got.quads():
            merged.add((s, p, o))
        assert isomorphic(merged, flat)
        assert written.statements == len(flat) > 500


@pytest.mark.parametrize("form", ["turtle", "jsonld"])
def test_the_seeds_too(form: str, sample: Build, tmp_path: Path) -> None:
    assert export(sample, form, tmp_path / "x").statements > 5000


def test_the_rejected_is_not_asserted(build: Build, tmp_path: Path) -> None:
    assert not any("nobody asserts" in str(t.object) for t in triples(build))
    assert "nobody asserts" in export(build, "trig", tmp_path / "x").path.read_text()


@pytest.mark.parametrize("form", ["turtle", "trig", "jsonld", "ntriples", "rdfxml"])
def test_an_exporter_that_drops_a_field_fails(
    form: str, build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tmp_path / "graph"
    before.write_text("what was there before")
    write = exporting._write

    def dropping(of: Build, as_: exporting.Format, path: Path) -> None:
        write(of, as_, path)
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("Deputy Minister of Water", "Deputy Minister"), encoding="utf-8")

    monkeypatch.setattr(exporting, "_write", dropping)
    with pytest.raises(InputError, match="would not say the same"):
        export(build, form, before)
    assert before.read_text() == "what was there before"
    assert list(tmp_path.iterdir()) == [before]


def test_what_xml_cannot_hold_is_refused(tmp_path: Path) -> None:
    papers = river()
    publish(Dataset(BASE, lines(papers.quads)), tmp_path / "graph").close()
    with open_build(tmp_path / "graph") as found:
        with pytest.raises(InputError, match=r"XML cannot hold a control character.*passage/letters.*quote"):
            export(found, "rdfxml", tmp_path / "x.rdf")
        assert not (tmp_path / "x.rdf").exists()
        for form in ("turtle", "trig", "jsonld", "ntriples"):
            assert export(found, form, tmp_path / f"x.{form}").statements > 500


def test_jsonld_is_in_our_own_words(build: Build, tmp_path: Path) -> None:
    document = json.loads(export(build, "jsonld", tmp_path / "x").path.read_text(encoding="utf-8"))
    nodes = {n["id"]: n for g in document["@graph"] if g["id"] == "graph:entities" for n in g["@graph"]}
    body = nodes["thing:body/river-pact-working-group-on-flood-warning"]
    assert body["parentBody"] == "thing:body/river-pact"
    assert body["type"] == "cq:Body"
    assert nodes["thing:body/odd"]["parentBody"] == {"@value": "a name instead of a thing"}
    assert nodes["thing:body/odd"]["ordinal"] == -7


def test_the_context_knows_the_ontology() -> None:
    known = context()
    ontology = rdflib.Graph().parse(ontology_dir() / "communique.ttl")
    kinds = rdflib.Namespace("http://www.w3.org/2002/07/owl#")
    for kind, linked in ((kinds.ObjectProperty, True), (kinds.DatatypeProperty, False)):
        names = {str(s) for s in ontology.subjects(rdflib.URIRef(RDF + "type"), kind) if str(s).startswith(CQ)}
        assert len(names) > 15
        for name in names:
            value = known.get(name.removeprefix(CQ))
            assert isinstance(value, dict) == linked, f"{name}: run the context again, it lacks the term or its type"


def test_tables_as_csv(build: Build, tmp_path: Path) -> None:
    written = export(build, "csv", tmp_path / "tables")
    assert {f"{n}.csv" for n in (*SEVEN, "documents")} <= {p.name for p in written.path.iterdir()}
    with (written.path / "lineage.csv").open(newline="", encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 7
    assert not list(written.path.glob("quality-*")), "this build was published without a report"
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="this is a file"):
        export(build, "csv", tmp_path / "file")


def test_wrong_formats_and_places(build: Build, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="formats: turtle, trig"):
        export(build, "excel", tmp_path / "x")
    with pytest.raises(InputError, match="this is a folder"):
        export(build, "turtle", tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot be written"):
        export(build, "turtle", tmp_path / "file" / "x.ttl")


def test_command(sample_folder: Path, tmp_path: Path) -> None:
    code, out = run("export", "turtle", "--graph", str(sample_folder), "--out", str(tmp_path / "g.ttl"))
    assert (code, "read back and compared" in out) == (0, True)
    code, out = run("export", "nquads", "--graph", str(sample_folder), "--out", "-")
    assert out.count("\n") > 5000
    assert run("export", "nothing", "--graph", str(sample_folder))[0] == 2
