"""A corpus that grows: what is added paper by paper is the same as what is built at once, and only what differs is made."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import msgspec
import pytest

from benchmarks.generate import write
from graph_build import changes, dataset, dump, pipeline, store
from graph_build.changes import Changes, UnfitError
from graph_build.dataset import Part
from graph_build.pipeline import build, remove
from graph_build.pipeline.kept import Kept
from graph_build.pipeline.workers import read_facts
from graph_build.readings import Corpus, Reader
from graph_build.resolve import resolve
from graph_build.store import open_build
from graph_build.triples import parts, readings, triples
from graph_build.triples.parts import InMemory
from tests.gold_facts import gold_corpus

FILES = ("manifest.json", "report.json", "quality.json")


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("papers")
    write(folder, 14)
    return sorted(p for p in folder.rglob("*") if p.is_file())


def content(out: Path) -> tuple[dict[str, bytes], set[str]]:
    """The files of the build in use, and all quads of its store."""
    with open_build(out) as found:
        names = (*FILES, *(f"dump/{p.name}" for p in (found.folder / "dump").iterdir()))
        return {name: (found.folder / name).read_bytes() for name in names}, {str(quad) for quad in found.store}


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
    with open_build(tmp_path / "grown") as found:
        lines = found.dump.read_text().splitlines()
    assert lines == sorted(set(lines))


def test_what_is_taken_out_again_leaves_nothing_behind(papers: list[Path], tmp_path: Path) -> None:
    build(*papers[:6], out=tmp_path / "once", workers=0)
    build(*papers[:8], out=tmp_path / "g", workers=0)
    remove(papers[6].name, str(papers[7]), out=tmp_path / "g", workers=0)
    assert content(tmp_path / "g") == content(tmp_path / "once")


def test_a_changed_paper_gives_what_a_new_graph_has(papers: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    for path in papers[:5]:
        (folder / path.name).write_bytes(path.read_bytes())
    build(folder, out=tmp_path / "g", workers=0)
    (folder / papers[0].name).write_text(
        papers[0].read_text().replace("Bangkok", "Jakarta") + "\n\n9. Ministers agreed to meet again.\n"
    )
    (folder / papers[1].name).rename(folder / "another-name.txt")
    (folder / "judgements.toml").write_text("")
    build(folder, out=tmp_path / "g", workers=0)
    build(folder, out=tmp_path / "new", workers=0)
    assert content(tmp_path / "g") == content(tmp_path / "new")


def test_a_rejected_statement_goes_and_comes_back(papers: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    for path in papers[:5]:
        (folder / path.name).write_bytes(path.read_bytes())
    first = build(folder, out=tmp_path / "g", workers=0).name
    with open_build(tmp_path / "g") as found:
        line = next(x for x in found.dump.read_text().splitlines() if "/id/commitment/" in x)
    key = line.split("/id/")[1].split(">")[0]
    said = f'[[reject]]\nfact = "{key}"\nwho = "A"\nwhen = "2026-01-01"\nwhy = "not so"\n'
    (folder / "judgements.toml").write_text(said)
    build(folder, out=tmp_path / "g", workers=0)
    build(folder, out=tmp_path / "new", workers=0)
    assert content(tmp_path / "g") == content(tmp_path / "new")
    (folder / "judgements.toml").unlink()
    assert build(folder, out=tmp_path / "g", workers=0).name == first


@pytest.mark.parametrize("seed", range(4))
def test_what_is_kept_never_shows(papers: list[Path], seed: int) -> None:
    """Parts of a corpus in random order, over and over, with all that was kept for the parts before."""
    facts = [read_facts(p, p.name) for p in papers] + list(gold_corpus())
    chance = random.Random(seed)
    kept, agreed = InMemory(), b""
    for _ in range(6):
        corpus = Corpus.of(found := chance.sample(facts, chance.randint(1, len(facts))), resolve(found))
        reader = Reader(corpus, known=agreed)
        assert triples(corpus, reader=reader, kept=kept) == triples(corpus, reader=Reader(corpus))
        agreed = reader.found


def test_papers_come_and_go_in_any_order(papers: list[Path], tmp_path: Path) -> None:
    chance = random.Random(7)
    held = set(chance.sample(papers, 9))
    build(*held, out=tmp_path / "g", workers=0)
    for step in range(5):
        gone = set(chance.sample(sorted(held), 2))
        new = set(chance.sample(sorted(set(papers) - held), 2))
        remove(*map(str, gone), out=tmp_path / "g", workers=0)
        build(*new, out=tmp_path / "g", add=True, workers=0)
        held = held - gone | new
        build(*held, out=tmp_path / f"{step}", workers=0)
        assert content(tmp_path / "g") == content(tmp_path / f"{step}")


DAMAGE = [
    "ledger gone",
    "parts gone",
    "a part cut",
    "all parts cut",
    "lines damaged",
    "papers gone",
    "papers cut",
    "facts gone",
    "facts damaged",
    "parts of other code",
    "dump of the former build changed",
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_was_kept_and_is_damaged_is_made_anew(papers: list[Path], tmp_path: Path, damage: str) -> None:
    out = tmp_path / "g"
    build(*papers[:5], out=out, workers=0)
    kept = [p for p in (out / "parts").iterdir() if p.name not in ("ledger", "papers")]
    briefs = out / "parts" / "papers"
    if damage == "ledger gone":
        (out / "parts" / "ledger").unlink()
    elif damage == "parts gone":
        for path in kept[::2]:
            path.unlink()
    elif damage == "papers gone":
        briefs.unlink()
    elif damage == "papers cut":
        briefs.write_bytes(briefs.read_bytes()[:-50])
    elif damage.startswith("facts"):
        for path in (out / "cache").iterdir():
            path.unlink() if damage == "facts gone" else path.write_bytes(b"damaged")
    elif damage == "parts of other code":
        ledger = Kept(out / "parts").ledger
        for path in kept:
            path.write_bytes(b"of another kind")
        other = msgspec.structs.replace(ledger, version="other")
        (out / "parts" / "ledger").write_bytes(msgspec.msgpack.encode(other))
    elif damage == "a part cut":
        kept[0].write_bytes(kept[0].read_bytes()[:10])
    elif damage == "all parts cut":
        for path in kept:
            path.write_bytes(path.read_bytes()[:-5])
    elif damage == "lines damaged":
        for path in kept:
            path.write_bytes(path.read_bytes()[:-9] + b"x" * 9)
    else:
        with open_build(out) as found:
            lines = [line for line in found.dump.read_text().splitlines() if "papersSearched" not in line]
            shutil.rmtree(found.dump.folder)
            dump.write(found.dump.folder, lines)
    build(papers[5], out=out, add=True, workers=0)
    build(*papers[:6], out=tmp_path / "new", workers=0)
    assert content(out) == content(tmp_path / "new")


def test_only_new_papers_are_made_and_validated(
    papers: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(*papers[:10], out=tmp_path / "g", workers=0)
    made: list[str] = []
    give = parts.give
    monkeypatch.setattr("graph_build.triples.give", lambda paper, *rest: made.append(paper.slug) or give(paper, *rest))  # type: ignore[func-returns-value]
    told: list[str] = []
    tell = readings.tell
    monkeypatch.setattr("graph_build.triples.tell", lambda *rest: told.append(rest[-1]) or tell(*rest))  # type: ignore[func-returns-value]
    build(out=tmp_path / "g", add=True, workers=0)
    assert made == told == []
    looked: list[int] = []
    monkeypatch.setattr("graph_build.validate._pass", lambda units, *_: looked.append(len(units)) or iter(()))  # type: ignore[func-returns-value]
    build(papers[10], out=tmp_path / "g", add=True, workers=0)
    assert papers[10].stem in made
    assert len(made) < 6
    assert 0 < len(told) < 30
    assert sum(looked) < 100


def test_the_former_build_is_not_touched(papers: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "g"
    before = build(*papers[:5], out=out, workers=0).name
    with open_build(out) as reader:
        was = {str(quad) for quad in reader.store}
        build(papers[5], out=out, add=True, workers=0)
        assert {str(quad) for quad in reader.store} == was
        tables = {p.stat().st_ino for p in (reader.folder / "store").glob("*.sst")}
    with open_build(out) as now:
        assert tables & {p.stat().st_ino for p in (now.folder / "store").glob("*.sst")}
    with open_build(out, before) as again:
        assert {str(quad) for quad in again.store} == was


# --- changes ------------------------------------------------------------------------------------------------------

LINES = ["<http://a/a> <http://a/p> <http://a/o>", '<http://a/b> <http://a/p> "x"', '<http://a/b> <http://a/p> "x"@en']
EDITS = [
    ([], LINES[:1], LINES[1:]),
    (LINES[:1], [], LINES[1:]),
    (LINES[2:], LINES[:1], LINES[1:2]),
    ([LINES[1]], ['<http://a/b> <http://a/p> "é"'], [LINES[0], LINES[2]]),
    (LINES, ['<http://z/b> <http://a/p> "z"'], []),
]


def quads(lines: list[str]) -> list[str]:
    return sorted(f"{line} <http://a/graph/{g}> ." for line in lines for g in ("entities", "evidence/x"))


@pytest.mark.parametrize("every", [1, 2, 4096])
@pytest.mark.parametrize(("out", "into", "stay"), EDITS)
def test_a_changed_dump_is_the_dump_written_anew(
    tmp_path: Path, out: list[str], into: list[str], stay: list[str], every: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dump, "_EVERY", every)
    former = dump.write(tmp_path / "one", quads(out + stay))
    made = Changes("http://a/", tuple(quads(out)), tuple(quads(into)))
    new, default = dump.change(former, tmp_path / "two", made)
    assert files(tmp_path / "two") == files(dump.write(tmp_path / "new", quads(into + stay)).folder)
    assert (sorted(default.removed), sorted(default.added)) == (sorted(out), sorted(into))
    with pytest.raises(UnfitError):
        dump.change(new, tmp_path / "three", made)


def files(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir()}


@pytest.mark.parametrize("seed", range(30))
def test_pieces_follow_from_the_lines_alone(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dump, "_EVERY", 5)
    chance = random.Random(seed)
    every = quads([f"<http://a/{n}> <http://a/p> <http://a/é>" for n in range(60)])
    held = sorted(chance.sample(every, chance.randint(0, len(every))))
    at = dump.write(tmp_path / "0", held)
    for step in range(1, 6):
        gone = sorted(chance.sample(held, min(len(held), chance.randint(0, 9))))
        come = sorted(chance.sample(sorted(set(every) - set(held)), min(len(every) - len(held), chance.randint(0, 9))))
        held = sorted(set(held) - set(gone) | set(come))
        at, _ = dump.change(at, tmp_path / f"{step}", Changes("http://a/", tuple(gone), tuple(come)))
        new = dump.write(tmp_path / f"new{step}", held)
        assert files(at.folder) == files(new.folder)
        assert at.open().read() == "".join(f"{line}\n" for line in held).encode()
        assert [*at.starting("<http://a/3")] == [line for line in held if line.startswith("<http://a/3")]
    assert at.hash == new.hash
    assert at.size == sum(len(f"{line}\n".encode()) for line in held)


def test_a_piece_that_did_not_change_is_shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dump, "_EVERY", 3)
    lines = quads([f"<http://a/{n}> <http://a/p> <http://a/o>" for n in range(60)])
    former = dump.write(tmp_path / "one", lines)
    now, _ = dump.change(former, tmp_path / "two", Changes("http://a/", (lines[50],), ()))
    shared = {p.stat().st_ino for p in former.folder.iterdir()} & {p.stat().st_ino for p in now.folder.iterdir()}
    assert len(shared) >= len(former.pieces) - 2


def test_a_triple_of_two_graphs_stays_in_the_default_graph(tmp_path: Path) -> None:
    both = [f"{LINES[0]} <http://a/graph/{g}> ." for g in ("derived", "document/x")]
    former = dump.write(tmp_path / "one", both)
    less, default = dump.change(former, tmp_path / "two", Changes("http://a/", (both[0],), ()))
    assert (default.removed, default.added) == ((), ())
    _, default = dump.change(less, tmp_path / "three", Changes("http://a/", (both[1],), ()))
    assert default.removed == (LINES[0],)


def test_lines_that_wait_on_the_disk_come_in_the_same_order(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"<http://a/{random.Random(n).random()}> é" for n in range(500)]
    whole = list(dataset.in_order(lines))
    monkeypatch.setattr(dataset, "RUN", 60)
    assert list(dataset.in_order(lines)) == whole == sorted(lines)


def test_much_change_is_written_anew() -> None:
    def part(name: str, size: int) -> Part:
        return Part(name, name, f"{name}{size}", size, lambda: tuple(f"<{name}{i}> <p> <o>" for i in range(size)))

    before = {"entities": part("entities", 9000)}
    assert changes.changes("http://a/", before, [part("entities", 5000)]) is None
    few = changes.changes("http://a/", before | {"derived": part("derived", 3)}, [before["entities"]])
    assert few
    assert (len(few.removed), few.added) == (3, ())


def test_what_is_not_used_any_more_is_removed(papers: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "g"
    build(*papers[:4], out=out, workers=0)
    remove(papers[0].name, out=out, workers=0)
    with_more = {p.name for p in (out / "parts").iterdir()}
    build(*papers[1:4], out=tmp_path / "new", workers=0)
    assert with_more == {p.name for p in (tmp_path / "new" / "parts").iterdir()}
    assert Kept(out / "parts").before("another build") is None
    assert pipeline.status(out).papers
