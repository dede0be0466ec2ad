"""A corpus that grows: what is added paper by paper is the same as what is built at once, and only what differs is made."""

from __future__ import annotations

import random
from pathlib import Path

import pyoxigraph as ox
import pytest

from benchmarks.generate import write
from graph_build import changes, dataset, pipeline, store
from graph_build.changes import Changes, UnfitError
from graph_build.dataset import Part
from graph_build.pipeline import build, remove
from graph_build.pipeline.kept import Kept
from graph_build.store import open_build
from graph_build.triples import parts

FILES = ("manifest.json", "dump.nq", "report.json", "quality.json")


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("papers")
    write(folder, 14)
    return sorted(p for p in folder.rglob("*") if p.is_file())


def content(out: Path) -> tuple[dict[str, bytes], set[str]]:
    """The files of the build in use, and all quads of its store."""
    with open_build(out) as found:
        return {name: (found.folder / name).read_bytes() for name in FILES}, {str(quad) for quad in found.store}


def one_by_one(papers: list[Path], out: Path) -> None:
    for path in papers:
        build(path, out=out, add=True, workers=0)


@pytest.mark.parametrize("seed", [1, 2])
def test_added_one_by_one_in_any_order_is_built_at_once(
    papers: list[Path], tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(*papers, out=tmp_path / "once", workers=0)
    shuffled = random.Random(seed).sample(papers, len(papers))
    build(*shuffled[:8], out=tmp_path / "grown", workers=0)

    def never(*_: object) -> None:
        raise AssertionError("everything was written anew")

    monkeypatch.setattr(store, "_load", never)
    one_by_one(shuffled[8:], tmp_path / "grown")
    assert content(tmp_path / "grown") == content(tmp_path / "once")
    lines = (tmp_path / "grown" / "builds" / open_build(tmp_path / "grown").name / "dump.nq").read_text().splitlines()
    assert lines == sorted(set(lines))
