"""Where passages stand on the pages of a PDF, and how the graph says it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph_build.pipeline import build
from graph_build.pipeline.workers import read_facts
from graph_build.places import places, region
from graph_build.read import read
from graph_build.store import Build, open_build

PAPER = Path(__file__).parent / "formats" / "meeting-columns.pdf"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("places") / "graph"
    build(PAPER, out=folder, workers=0)
    return folder


@pytest.fixture(scope="module")
def made(out: Path) -> Iterator[Build]:
    with open_build(out) as opened:
        yield opened


def test_what_is_kept_places_every_passage_as_all_words_do() -> None:
    facts, words = read_facts(PAPER, PAPER.name), read(PAPER, PAPER.name).spots
    assert 0 < len(facts.document.spots) < len(words)
    for passage in facts.passages():
        assert places(facts.document.spots, passage.spans) == places(words, passage.spans), passage


@pytest.mark.parametrize(
    ("page", "box", "expected"),
    [
        (1, (0.1, 0.2, 0.6, 0.25), "page=1&xywh=percent:10,20,50,5"),
        (12, (0.12345, 0.0, 1.0, 0.01), "page=12&xywh=percent:12.35,0,87.66,1"),
    ],
)
def test_region(page: int, box: tuple[float, float, float, float], expected: str) -> None:
    assert region(page, box) == expected


def test_passages_know_page_and_regions(made: Build) -> None:
    query = """PREFIX cq: <https://communique.example/ontology#> SELECT ?page ?region {
      GRAPH ?g { ?p cq:quote ?quote ; cq:page ?page ; cq:region ?region FILTER(STRSTARTS(?quote, "The Working Group events were attended")) } }"""
    answer = made.store.query(query)
    assert isinstance(answer, ox.QuerySolutions)
    found = [(row["page"].value, row["region"].value) for row in answer]
    assert len(found) > 4
    assert {page for page, _ in found} == {"1"}
    assert all(re.fullmatch(r"page=1&xywh=percent:[\d.]+,[\d.]+,[\d.]+,[\d.]+", r) for _, r in found)
