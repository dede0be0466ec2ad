"""The same papers give the same bytes: in any order of files, on any machine, with any seed of Python's hashes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from benchmarks.generate import write
from graph_build.pipeline import build, dataset_of
from graph_build.store import open_build

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"

CODE = """
import os, sys
from pathlib import Path
walk, backwards = os.walk, sys.argv[3] == "backwards"
def shuffled(*args, **kwargs):
    for top, folders, files in walk(*args, **kwargs):
        yield top, folders, sorted(files, reverse=backwards)
os.walk = shuffled
from graph_build.pipeline import build
sources = sorted(Path(sys.argv[1]).iterdir(), reverse=backwards)
print(build(*sources, out=sys.argv[2], workers=0).name)
"""


def built(papers: Path, out: Path, seed: str, order: str) -> tuple[str, str]:
    """Name of a build made by another process, and the hash of its dump."""
    run = subprocess.run(
        [sys.executable, "-c", CODE, str(papers), str(out), order],
        env={**os.environ, "PYTHONHASHSEED": seed, "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=True,
    )
    with open_build(out) as found:
        return run.stdout.strip(), found.dump.hash


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("papers")
    write(folder / "made", 8)
    shutil.copytree(SEEDS, folder / "seeds")
    return folder


def test_the_same_bytes_in_any_order_with_any_hash_seed(papers: Path, tmp_path: Path) -> None:
    first = built(papers, tmp_path / "a", "0", "forwards")
    assert built(papers, tmp_path / "b", "4242", "backwards") == first
    moved = tmp_path / "elsewhere"
    shutil.copytree(papers, moved)
    assert built(moved, tmp_path / "c", "7", "forwards") == first


def test_workers_and_the_cache_give_the_same_bytes(papers: Path, tmp_path: Path) -> None:
    alone = build(papers, out=tmp_path / "a", workers=0)
    assert build(papers, out=tmp_path / "b", workers=2).name == alone.name
    again = build(papers, out=tmp_path / "b", workers=2)
    assert (again.read, again.name) == (0, alone.name)


def test_one_by_one_gives_the_same_bytes_as_all_at_once(tmp_path: Path) -> None:
    for path in sorted(SEEDS.glob("*.txt"), reverse=True):
        added = build(path, out=tmp_path / "a", add=True)
    assert added.name == build(SEEDS, out=tmp_path / "b").name


def test_the_store_holds_what_the_dump_says_to_the_letter(papers: Path, tmp_path: Path) -> None:
    build(papers, out=tmp_path / "g")
    with open_build(tmp_path / "g") as found:
        dataset = dataset_of(found)
        named = {
            f"{q.subject} {q.predicate} {q.object} {q.graph_name} .\n"
            for q in found.store
            if q.graph_name != ox.DefaultGraph()
        }
        plain = {f"{q.subject} {q.predicate} {q.object}" for q in found.store if q.graph_name == ox.DefaultGraph()}
    assert named == set(dataset.nquads())
    assert plain == set(dataset.default())


def test_no_time_stands_in_a_build(papers: Path, tmp_path: Path) -> None:
    made = build(papers, out=tmp_path / "g")
    for path in (*(made.folder / "dump").iterdir(), made.folder / "manifest.json", made.folder / "report.json"):
        text = path.read_text()
        assert "2026-" not in text
        assert str(tmp_path) not in text
        assert str(papers) not in text
