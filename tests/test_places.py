"""Where passages stand on the pages of a PDF: in the graph, on the page of the document, in the folder of files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_build.pipeline import build
from graph_build.pipeline.workers import read_facts
from graph_build.places import places, region
from graph_build.read import read
from graph_build.serve.files import write_site
from graph_build.store import Build, open_build
from tests.serving import Server, server

PAPER = Path(__file__).parent / "formats" / "meeting-columns.pdf"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("places") / "graph"
    build(PAPER, out=folder, workers=0)
    return folder


@pytest.fixture(scope="module")
def made(out: Path) -> Iterator[Build]:
    with open_build(out) as opened:
        yield opened


@pytest.fixture(scope="module")
def here(out: Path) -> Iterator[Server]:
    with server(out) as running:
        yield running


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


def test_the_build_keeps_the_file_and_the_next_one_shares_it(out: Path, made: Build) -> None:
    assert made.paper("meeting-columns") == PAPER.read_bytes()
    (kept,) = (made.folder / "papers").iterdir()
    again = build(PAPER.with_name("workshop.docx"), out=out, add=True, workers=0)
    (shared,) = (again.folder / "papers").iterdir()
    assert shared.name == kept.name == made.manifest.documents[0].sha256
    assert shared.stat().st_ino == kept.stat().st_ino


def test_passages_know_page_and_regions(made: Build) -> None:
    query = """PREFIX cq: <https://communique.example/ontology#> SELECT ?page ?region {
      GRAPH ?g { ?p cq:quote ?quote ; cq:page ?page ; cq:region ?region FILTER(STRSTARTS(?quote, "The Working Group events were attended")) } }"""
    found = [(row["page"].value, row["region"].value) for row in made.store.query(query)]
    assert len(found) > 4
    assert {page for page, _ in found} == {"1"}
    assert all(re.fullmatch(r"page=1&xywh=percent:[\d.]+,[\d.]+,[\d.]+,[\d.]+", r) for _, r in found)


def test_the_page_of_a_document_leads_to_the_picture_and_back(here: Server) -> None:
    page = here.ask("/id/document/meeting-columns.html").text
    links = re.findall(r'class="on" href="#(s1-(\d+-\d+))"', page)
    assert len(links) > 5
    for mark, span in links:
        assert f'<a id="{mark}" href="#p{span}"' in page
        assert f'id="p{span}"' in page
    assert re.search(r'<rect x="[\d.]+" y="[\d.]+" width="[\d.]+" height="[\d.]+"/>', page)
    (first, *_) = re.findall(r'<img src="([^"]+)"', page)
    reply = here.ask(first)
    assert (reply.status, reply.media, reply.body[:8]) == (200, "image/png", PNG)


@pytest.mark.parametrize(
    "path", ["/sheets/meeting-columns/99.png", "/sheets/meeting-columns/0.png", "/sheets/none/1.png"]
)
def test_pages_that_are_not_there(here: Server, path: str) -> None:
    assert here.ask(path).status == 404


def test_a_folder_of_files_has_the_pictures(made: Build, tmp_path: Path) -> None:
    write_site(made, tmp_path / "site")
    page = tmp_path / "site" / "id" / "document" / "meeting-columns.html"
    pictures = re.findall(r'<img src="([^"]+)"', page.read_text())
    assert pictures
    for address in pictures:
        assert (page.parent / address).resolve().read_bytes().startswith(PNG)
