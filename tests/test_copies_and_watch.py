"""The same paper twice is one paper; a graph follows its papers while somebody watches."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from graph_build.commands.build import build as build_command
from graph_build.commands.status import status as status_command
from graph_build.pipeline import build, status
from graph_build.pipeline.briefs import brief_of, copies, words_of
from graph_build.pipeline.watch import look, watch
from graph_build.pipeline.workers import read_facts
from graph_build.store import Copy, open_build

ROOT = Path(__file__).resolve().parent.parent

TEXT = """Regional Workshop on Ports

3-4 May 2014, Lima, Peru

Co-Chairs' Summary

1. The Governments of Peru and Fiji co-hosted the Regional Workshop on Ports in Lima, Peru, on 3-4 May 2014.

2. Participants from Fiji, Japan, Kenya and Peru attended.
"""
MARKDOWN = TEXT.replace("Regional Workshop on Ports\n", "# Regional Workshop on Ports\n", 1).replace(
    "2. Part", "2\\. Part"
)
WRAPPED = TEXT.replace("co-hosted the Regional", "co-hosted\nthe Regional").replace("Kenya and", "Kenya\nand")
HTML = "<html><body><main>{}</main></body></html>".format(
    "".join(f"<p>{p}</p>" for p in TEXT.strip().split("\n\n")).replace(
        "<p>Regional Workshop on Ports</p>", "<h1>Regional Workshop on Ports</h1>"
    )
)
OTHER = TEXT.replace("Japan", "Chile")

SAME = [
    ("b.txt", TEXT),
    ("b.txt", WRAPPED),
    ("b.txt", TEXT.replace("\n", "\r\n")),
    ("a.md", MARKDOWN),
    ("b.html", HTML),
]


@pytest.mark.parametrize(("name", "text"), SAME, ids=["bytes", "line breaks", "line ends", "Markdown", "HTML"])
def test_the_same_paper_is_in_the_graph_once(tmp_path: Path, name: str, text: str) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT)
    alone = build(folder, out=tmp_path / "alone", workers=0)
    (folder / name).write_bytes(text.encode())
    built = build(folder, out=tmp_path / "g", workers=0)
    kept, copy = sorted(["a.txt", name])
    assert (built.documents, built.copies) == (1, ((copy, kept),))
    assert built.triples == alone.triples
    with open_build(tmp_path / "g") as found:
        (entry,) = found.manifest.documents
        assert entry.key == kept
        assert [c.key for c in entry.copies] == [copy]
        dump = found.dump.read_text()
        assert f'"{copy}"' not in dump


def test_a_paper_that_differs_in_a_word_is_a_paper_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.txt").write_text(OTHER)
    built = build(tmp_path / "a.txt", tmp_path / "b.txt", out=tmp_path / "g", workers=0)
    assert (built.documents, built.copies) == (2, ())


def test_copies_do_not_depend_on_the_order_and_short_papers_are_none(tmp_path: Path) -> None:
    facts = []
    for name, text in (("c.txt", TEXT), ("a.txt", TEXT), ("b.txt", OTHER), ("d.txt", "Yes.\n"), ("e.txt", "Yes.\n")):
        (tmp_path / name).write_text(text)
        facts.append(read_facts(tmp_path / name, name))
    briefs = {f.document.key: brief_of(f, "") for f in facts}
    assert copies(briefs) == copies(dict(reversed(briefs.items()))) == {"c.txt": "a.txt"}
    assert words_of(facts[3]) == ""
    assert words_of(replace(facts[0], sentences=(), paragraphs=())) != ""


def test_status_names_copies_and_sees_them_change(tmp_path: Path) -> None:
    folder, out = tmp_path / "papers", tmp_path / "g"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT)
    (folder / "b.txt").write_text(TEXT)
    said = CliRunner().invoke(build_command, [str(folder), "--out", str(out), "--workers", "0"])
    assert "joined: b.txt is the same paper as a.txt" in said.stderr
    assert said.stdout.startswith("1 paper,")
    now = status(out)
    assert [(p.key, p.copy_of, p.state) for p in now.papers] == [("a.txt", "", "same"), ("b.txt", "a.txt", "same")]
    assert not now.stale
    shown = CliRunner().invoke(status_command, ["--out", str(out)]).stdout
    assert "1 paper and 1 copy of them" in shown
    assert "= b.txt  the same paper as a.txt" in shown
    (folder / "b.txt").write_text(OTHER)
    assert [p.state for p in status(out).papers] == ["same", "changed"]
    assert build(out=out, add=True, workers=0).documents == 2
    (folder / "a.txt").unlink()
    (folder / "c.txt").write_text(OTHER)
    built = build(out=out, add=True, workers=0)
    assert (built.documents, built.copies) == (1, (("c.txt", "b.txt"),))
    with open_build(out) as found:
        assert isinstance(found.manifest.documents[0].copies[0], Copy)


# --- watching -----------------------------------------------------------------------------------------------------


def test_look_leaves_out_what_is_no_paper(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / ".hidden").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "nothing")
    build_folder = tmp_path / "graph"
    (build_folder / "builds").mkdir(parents=True)
    (build_folder / "lock").write_text("1")
    assert list(look([tmp_path, tmp_path / "missing"])) == [str(tmp_path / "a.txt")]


def test_a_change_counts_when_it_has_come_to_rest(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    acts: Iterator[str] = iter(["", "write", "write", "", "", "delete", "", ""])
    slept: list[str] = []

    def sleep(_: float) -> None:
        act = next(acts)
        slept.append(act)
        if act == "write":
            with (tmp_path / "b.txt").open("a") as file:
                file.write("more")
        elif act == "delete":
            (tmp_path / "a.txt").unlink()
            (tmp_path / "c.txt").write_text("x")

    changed = watch(lambda: [tmp_path], 0, sleep)
    assert next(changed) == 1
    assert slept == ["", "write", "write", ""]
    assert next(changed) == 2
    assert slept[4:] == ["", "delete", ""]


def test_what_changes_while_the_caller_works_is_noticed(tmp_path: Path) -> None:
    changed = watch(lambda: [tmp_path], 0, lambda _: None)
    (tmp_path / "a.txt").write_text("x")
    assert next(changed) == 1
    (tmp_path / "b.txt").write_text("x")
    assert next(changed) == 1


def test_the_command_follows_the_papers_until_it_is_ended(tmp_path: Path) -> None:
    folder, out = tmp_path / "papers", tmp_path / "g"
    folder.mkdir()
    command = ["build", str(folder), "--out", str(out), "--watch", "--workers", "0"]
    process = subprocess.Popen(
        [sys.executable, "-c", "from graph_build.cli import main; main()", *command],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout
        assert process.stderr
        assert "nothing to publish" in process.stderr.readline()
        for name, papers in (("a.txt", "1 paper,"), ("b.txt", "2 papers (1 of them known")):
            time.sleep(0.1)
            (folder / name).write_text(TEXT if name == "a.txt" else OTHER)
            assert process.stdout.readline().startswith(papers)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "no longer watching" in errors
    with open_build(out) as found:
        assert len(found.manifest.documents) == 2
