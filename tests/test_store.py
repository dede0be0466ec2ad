from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph_build import store
from graph_build.dataset import Dataset
from graph_build.errors import InputError
from graph_build.store import Content, DocumentEntry, Pointer, open_build, pointer, publish, switch, writing

ROOT = Path(__file__).resolve().parent.parent


def dataset(*values: str) -> Dataset:
    """A triple for each value in a document's graph, one of evidence, one of an entity that the document has too."""
    lines = tuple(sorted(f'<http://a/s> <http://a/p> "{v}"' for v in values))
    proof = ('<http://a/s> <http://a/q> "proof"',)
    return Dataset("http://a/", {"document/x": lines, "entities": lines[:1], "evidence/x": proof})


def values(out: Path) -> set[str]:
    with open_build(out) as build:
        return {str(row["o"].value) for row in build.store.query("SELECT ?o { ?s <http://a/p> ?o }")}  # type: ignore[union-attr]


def test_a_build_holds_dump_store_and_manifest(tmp_path: Path) -> None:
    entry = DocumentEntry("x.txt", "x", "ab", "Title", 3, 2)
    content = Content("1.0", "rules", (entry,), {"x": "Text\r\n é"}, {"report.json": b"{}"})
    with publish(
        dataset("1", "2"), tmp_path, content, Pointer("", sources=("/papers",)), "2026-01-01T00:00:00+00:00"
    ) as build:
        assert build.dump.read_text().splitlines() == sorted(build.dump.read_text().splitlines())
        assert len(build.dump.read_text().splitlines()) == 4
        assert build.manifest.documents == (entry,)
        assert build.manifest.triples == 2
        assert build.manifest.counts == {"document": 2, "entities": 1, "evidence": 1}
        assert build.text("x") == "Text\r\n é"
        assert (build.folder / "report.json").read_bytes() == b"{}"
        assert not (build.folder / "default.nt").exists()
        assert len(list(build.store)) == 4 + 2
        default = [q for q in build.store if q.graph_name == ox.DefaultGraph()]
        assert len(default) == 2
    at = pointer(tmp_path)
    assert at
    assert (at.build, at.sources, at.at) == (build.name, ("/papers",), "2026-01-01T00:00:00+00:00")
    assert "2026" not in (build.folder / "manifest.json").read_text()


def test_the_name_is_made_from_content(tmp_path: Path) -> None:
    first = publish(dataset("1"), tmp_path / "a", at="2026-01-01").name
    assert publish(dataset("1"), tmp_path / "b", at="2027-01-01").name == first
    assert publish(dataset("1"), tmp_path / "a").name == first
    assert publish(dataset("2"), tmp_path / "a").name != first
    assert publish(dataset("1"), tmp_path / "a", Content(rules="other")).name != first


def test_a_reader_keeps_its_build(tmp_path: Path) -> None:
    publish(dataset("1"), tmp_path)
    with open_build(tmp_path) as reader:
        for n in range(2, 4 + store.KEEP):
            publish(dataset(str(n)), tmp_path)
        assert not [p for p in (tmp_path / "builds").iterdir() if p.name.startswith(".")]
        assert len(list((tmp_path / "builds").iterdir())) == 1 + store.KEEP + 1
        assert [r["o"].value for r in reader.store.query("SELECT ?o { ?s <http://a/p> ?o }")] == ["1"]  # type: ignore[union-attr]
    publish(dataset("9"), tmp_path)
    assert not reader.folder.exists()
    assert values(tmp_path) == {"9"}


def test_former_builds_can_be_opened_by_name(tmp_path: Path) -> None:
    before = publish(dataset("1"), tmp_path, at="then").name
    publish(dataset("2"), tmp_path)
    assert open_build(tmp_path, before).name == before
    assert open_build(tmp_path / "builds" / before).name == before
    at = pointer(tmp_path)
    assert at
    assert [p.build for p in at.former] == [before]
    assert at.former[0].at == "then"


def test_the_same_text_is_shared_by_builds(tmp_path: Path) -> None:
    def content(text: str, sha: str) -> Content:
        return Content("1", documents=(DocumentEntry("x.txt", "x", sha),), texts={"x": text})

    one = publish(dataset("1"), tmp_path, content("a", "1"))
    two = publish(dataset("2"), tmp_path, content("a", "1"))
    three = publish(dataset("3"), tmp_path, content("b", "2"))
    assert os.path.samefile(one.folder / "texts/x.txt", two.folder / "texts/x.txt")
    assert (one.text("x"), three.text("x")) == ("a", "b")


NO_GRAPH = ["nothing", "empty", "broken pointer", "pointer to nothing", "a file", "another format", "broken manifest"]


@pytest.mark.parametrize("case", NO_GRAPH)
def test_what_is_no_graph_is_an_error(tmp_path: Path, case: str) -> None:
    out = tmp_path / "graph"
    if case == "empty":
        out.mkdir()
    elif case == "a file":
        out.write_text("x")
    elif case != "nothing":
        build = publish(dataset("1"), out)
        manifest = build.folder / "manifest.json"
        if case == "broken pointer":
            (out / "current.json").write_text("{")
        elif case == "pointer to nothing":
            switch(out, Pointer("0" * 16))
        elif case == "broken manifest":
            manifest.write_text("[]")
        else:
            manifest.write_text(manifest.read_text().replace('"format": 1', '"format": 99'))
    with pytest.raises(InputError) as error:
        open_build(out)
    assert str(out) in str(error.value)


def test_texts_are_only_those_of_the_build(tmp_path: Path) -> None:
    build = publish(dataset("1"), tmp_path, Content(texts={"x": "a"}))
    for slug in ("y", "../manifest", "../texts/x"):
        with pytest.raises(InputError):
            build.text(slug)


FAULTS = [
    (OSError(errno.ENOSPC, "No space left on device"), "disk is full"),
    (OSError("IO error: No space left on device: While appending to file"), "disk is full"),
    (PermissionError(errno.EACCES, "Permission denied"), "may not be written"),
    (OSError(errno.EROFS, "Read-only file system"), "may not be written"),
    (OSError(errno.EIO, "Input/output error"), "could not be written"),
]


@pytest.mark.parametrize(("fault", "message"), FAULTS)
@pytest.mark.parametrize("where", ["_write", "_load", "_flush"])
def test_a_fault_while_writing_leaves_the_former_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: OSError, message: str, where: str
) -> None:
    publish(dataset("1"), tmp_path)

    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(store, where, fail)
    with pytest.raises(InputError, match=message):
        publish(dataset("2"), tmp_path)
    assert values(tmp_path) == {"1"}
    assert not list((tmp_path / "builds").glob(".*"))


def run(code: str, *args: object) -> subprocess.Popen[str]:
    head = "import sys, time; from pathlib import Path; from tests.test_store import *; out = Path(sys.argv[1])\n"
    return subprocess.Popen(
        [sys.executable, "-c", head + code, *map(str, args)],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_a_real_limit_on_the_size_of_files(tmp_path: Path) -> None:
    publish(dataset("1"), tmp_path)
    code = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))
try:
    publish(dataset(*(f"{n:060}" for n in range(2000))), out)
except InputError as error:
    print(error)
"""
    told, _ = run(code, tmp_path).communicate(timeout=60)
    assert "could not be written" in told
    assert values(tmp_path) == {"1"}


@pytest.mark.parametrize("step", ["_write", "_load", "_flush", "switch", "_flush_path", "_prune"])
def test_a_build_killed_at_any_step_leaves_the_former_one(tmp_path: Path, step: str) -> None:
    publish(dataset("1"), tmp_path)
    code = f"""
def stop(*_, **__):
    print("here", flush=True); time.sleep(60)
store.{step} = stop
with writing(out):
    publish(dataset("2"), out)
"""
    process = run(code, tmp_path)
    assert process.stdout
    assert process.stdout.readline() == "here\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert values(tmp_path) == ({"2"} if step == "_prune" else {"1"})
    with writing(tmp_path):
        assert not list((tmp_path / "builds").glob(".*"))
        publish(dataset("3"), tmp_path)
    assert values(tmp_path) == {"3"}


def test_a_second_build_of_a_folder_waits_and_says_so(tmp_path: Path) -> None:
    process = run('with writing(out):\n    print("here", flush=True); time.sleep(1.5)', tmp_path)
    assert process.stdout
    process.stdout.readline()
    told: list[str] = []
    start = time.monotonic()
    with writing(tmp_path, told.append):
        waited = time.monotonic() - start
    process.communicate()
    assert waited > 0.3
    assert told == [f"another build of {tmp_path} is running (process {process.pid}); waiting for it"]
    with writing(tmp_path, told.append):
        assert len(told) == 1


def test_readers_beside_a_writer_see_whole_builds(tmp_path: Path) -> None:
    publish(dataset("0", "0b"), tmp_path)
    code = 'for n in range(1, 12):\n    with writing(out): publish(dataset(str(n), f"{n}b"), out)'
    process = run(code, tmp_path)
    seen = set()
    while process.poll() is None:
        found = sorted(values(tmp_path))
        assert len(found) == 2
        assert found[1] == f"{found[0]}b"
        seen.add(found[0])
    _, errors = process.communicate()
    assert process.returncode == 0, errors
    assert values(tmp_path) == {"11", "11b"}
    assert len(seen) > 1


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="file, not a folder"), writing(tmp_path / "file"):
        pass
    with pytest.raises(InputError), writing(Path("/proc/nothing/graph")):
        pass


def test_the_pointer_is_plain_json(tmp_path: Path) -> None:
    build = publish(dataset("1"), tmp_path)
    assert json.loads((tmp_path / "current.json").read_text())["build"] == build.name
    shutil.rmtree(tmp_path / "builds")
    with pytest.raises(InputError):
        open_build(tmp_path)
