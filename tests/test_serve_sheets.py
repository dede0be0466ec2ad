"""Pictures of the pages of a PDF: kept with the build, drawn when asked for, with what was read marked on them."""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_build.pipeline import build
from graph_build.serve.files import write_site
from graph_build.store import open_build
from tests.serving import Server, server

FORMATS = Path(__file__).parent / "formats"
PAPER = "symposium-writer.pdf"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sheets")
    (folder / "papers").mkdir()
    for name in (PAPER, "workshop.docx"):
        shutil.copy(FORMATS / name, folder / "papers" / name)
    build(folder / "papers", out=folder / "graph", workers=0)
    return folder / "graph"


@pytest.fixture(scope="module")
def here(graph: Path) -> Iterator[Server]:
    with server(graph) as started:
        yield started


def size(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_the_build_keeps_the_pdf_and_no_other_file(graph: Path) -> None:
    with open_build(graph) as made:
        assert made.original("symposium-writer") == (FORMATS / PAPER).read_bytes()
        assert made.original("workshop") is None
        assert made.original("../texts/workshop") is None


def test_builds_share_the_pdf(graph: Path, tmp_path: Path) -> None:
    out = tmp_path / "graph"
    shutil.copytree(graph.parent / "papers", tmp_path / "papers")
    build(tmp_path / "papers", out=out, workers=0)
    with open_build(out) as first:
        before = (first.folder / "originals" / PAPER).stat().st_ino
    shutil.copy(FORMATS / "meeting.docx", tmp_path / "papers" / "meeting.docx")
    build(tmp_path / "papers", out=out, workers=0)
    with open_build(out) as second:
        assert (second.folder / "originals" / PAPER).stat().st_ino == before


def test_pictures_of_pages(here: Server) -> None:
    reply = here.ask("/sheet/symposium-writer/1.png")
    assert (reply.status, reply.media) == (200, "image/png")
    assert 995 <= size(reply.body)[0] <= 1005
    for path in ("/sheet/symposium-writer/99.png", "/sheet/symposium-writer/0.png", "/sheet/workshop/1.png"):
        assert here.ask(path).status == 404, path


def test_passages_stand_on_their_pages(here: Server) -> None:
    page = here.ask("/id/document/symposium-writer.json").json
    text = here.ask("/text/symposium-writer.txt").text
    marked = [(s["number"], m) for s in page["sheets"] for m in s["passages"]]
    assert len(page["sheets"]) >= 3
    assert len(marked) >= 40
    for number, m in marked:
        assert m["spots"], m
        for spot in m["spots"]:
            assert 0 <= spot["left"] <= spot["left"] + spot["width"] <= 100.01, (number, m)
            assert 0 <= spot["top"] <= spot["top"] + spot["height"] <= 100.01, (number, m)
    # sentences further on in the text stand further on in the file
    order = [(number, int(m["span"].split("-")[0])) for number, m in marked]
    assert [n for n, _ in sorted(order, key=lambda o: o[1])] == sorted(n for n, _ in order)
    first = next(m for _, m in marked if text[int(m["span"].split("-")[0]) :].startswith("The Governments of Thailand"))
    html = here.ask("/id/document/symposium-writer.html").text
    assert f'id="on-1-{first["span"]}"' in html
    assert f'href="#on-1-{first["span"]}"' in html
    assert f'href="#p{first["span"]}"' in html


def test_a_paper_without_pages_has_none(here: Server) -> None:
    page = here.ask("/id/document/workshop.json").json
    assert page.get("sheets", []) == []
    assert "Pages of the file" not in here.ask("/id/document/workshop.html").text


def test_the_static_site_has_the_pictures(graph: Path, tmp_path: Path) -> None:
    with open_build(graph) as made:
        write_site(made, tmp_path / "site")
    page = (tmp_path / "site/id/document/symposium-writer.html").read_text(encoding="utf-8")
    assert "../../sheet/symposium-writer/1.png" in page
    pages = json.loads((tmp_path / "site/id/document/symposium-writer.json").read_bytes())["sheets"]
    pictures = sorted((tmp_path / "site/sheet/symposium-writer").iterdir())
    assert len(pictures) == len(pages)
    assert all(995 <= size(p.read_bytes())[0] <= 1005 for p in pictures)
