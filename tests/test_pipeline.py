from __future__ import annotations

import os
import shutil
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from graph_build import pipeline
from graph_build.dataset import Dataset
from graph_build.errors import InputError, ValidationError
from graph_build.pipeline import build, remove, status
from graph_build.pipeline.cache import decode, encode
from graph_build.pipeline.sources import gather
from graph_build.pipeline.workers import read_all, read_facts
from graph_build.readings import Corpus
from graph_build.records import Document, DocumentFacts, EventFact, Evidence, Span, Thing, Value
from graph_build.resolve import resolve
from graph_build.store import Problem, open_build, pointer
from graph_build.triples import triples
from graph_build.validate import validate
from tests.gold_facts import gold_corpus

SEEDS = Path(__file__).resolve().parent.parent / "seeds"


def paper(name: str, day: int = 3) -> str:
    return (
        f"{name}\n\n{day}-{day + 1} May 2014, Lima, Peru\n\nCo-Chairs' Summary\n\n"
        f"1. The Governments of Peru and Fiji co-hosted the {name} in Lima, Peru, on {day}-{day + 1} May 2014.\n\n"
        f"2. Participants from Fiji, Japan, Kenya and Peru attended.\n"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "papers"
    (made / "2014").mkdir(parents=True)
    (made / "one.txt").write_text(paper("Regional Workshop on Fisheries"))
    (made / "2014" / "two.txt").write_text(paper("Regional Symposium on Ports", 12))
    return made


def dump(out: Path) -> str:
    with open_build(out) as found:
        return found.dump.read_text()


# --- sources -----------------------------------------------------------------------------------------------------


def test_folders_are_read_recursively_and_hidden_files_skipped(folder: Path) -> None:
    (folder / ".hidden.txt").write_text("x")
    (folder / ".git").mkdir()
    (folder / ".git" / "x.txt").write_text("x")
    (folder / "judgements.toml").write_text("")
    corpus = gather([folder])
    assert [p.key for p in corpus.papers] == ["2014/two.txt", "one.txt"]
    assert corpus.judgements == (folder / "judgements.toml",)


def test_a_file_is_known_by_its_name_or_its_path_in_a_folder_given_too(folder: Path) -> None:
    assert [p.key for p in gather([folder / "2014" / "two.txt"]).papers] == ["two.txt"]
    both = gather([folder / "2014" / "two.txt", folder])
    assert [p.key for p in both.papers] == ["2014/two.txt", "one.txt"]
    assert gather([folder, folder / "2014" / "two.txt"]) == both


def test_same_names_in_two_folders_are_told_apart(tmp_path: Path) -> None:
    for top in ("a", "b"):
        (tmp_path / top / "x").mkdir(parents=True)
        (tmp_path / top / "x" / "same.txt").write_text(top)
        (tmp_path / top / f"{top}.txt").write_text(top)
    corpus = gather([tmp_path / "b", tmp_path / "a"])
    assert [p.key for p in corpus.papers] == ["a.txt", "a/x/same.txt", "b.txt", "b/x/same.txt"]
    deep = gather([tmp_path / "a" / "x", tmp_path / "b" / "x"])
    assert [p.key for p in deep.papers] == ["a/x/same.txt", "b/x/same.txt"]


def test_what_is_missing_or_oddly_named_is_a_problem(tmp_path: Path) -> None:
    os.makedirs(tmp_path / "f")
    Path(os.fsdecode(os.fsencode(tmp_path / "f") + b"/bad\xff.txt")).write_text("x")
    corpus = gather([tmp_path / "nothing", tmp_path / "f"])
    assert not corpus.papers
    assert [(p.key.rsplit("/", 1)[-1], p.reason) for p in corpus.problems] == [
        ("nothing", "the source does not exist"),
        ("bad\ufffd.txt", "the file's name is not valid UTF-8"),
    ]


def test_links_in_a_circle_end(folder: Path) -> None:
    (folder / "again").symlink_to(folder)
    assert [p.key for p in gather([folder]).papers] == ["2014/two.txt", "one.txt"]


# --- cache -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("facts", gold_corpus(), ids=lambda f: f.document.key[:3])
def test_facts_come_back_from_the_cache_as_they_were(facts: DocumentFacts) -> None:
    assert decode(encode(facts)) == facts
    assert encode(decode(encode(facts))) == encode(facts)


def test_facts_read_from_text_come_back_too() -> None:
    for path in sorted(SEEDS.glob("*.txt")):
        facts = read_facts(path, path.name)
        assert decode(encode(facts)) == facts


def test_a_damaged_or_forged_entry_is_refused() -> None:
    facts = gold_corpus()[1]
    data = encode(facts)
    for bad in (b"", data[:-20], b"x" * 40):
        with pytest.raises(ValueError, match="damaged"):
            decode(bad)
    forged = replace(facts.document, text=facts.document.text.replace("Thai", "That"))
    object.__setattr__(facts := replace(facts), "document", forged)
    with pytest.raises(Exception, match="does not stand at"):
        decode(encode(facts))


# --- builds ------------------------------------------------------------------------------------------------------


def test_only_what_changed_is_read_again(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "g"
    first = build(folder, out=out)
    assert (first.documents, first.read, first.unchanged, first.complete) == (2, 2, False, True)
    again = build(folder, out=out)
    assert (again.read, again.unchanged, again.name) == (0, True, first.name)
    (folder / "one.txt").write_text(paper("Regional Workshop on Harbours"))
    changed = build(folder, out=out)
    assert (changed.documents, changed.read, changed.unchanged) == (2, 1, False)
    assert "Regional Workshop on Harbours" in dump(out)
    assert "Regional Workshop on Fisheries" not in dump(out)


def test_a_changed_rule_reads_everything_again(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(folder, out=tmp_path / "g")
    monkeypatch.setattr("graph_build.pipeline.cache.reading_hash", lambda: "other rules")
    assert build(folder, out=tmp_path / "g").read == 2
    assert len(list((tmp_path / "g" / "cache").iterdir())) == 2


def test_a_damaged_cache_is_read_again(folder: Path, tmp_path: Path) -> None:
    first = build(folder, out=tmp_path / "g")
    shutil.rmtree(tmp_path / "g" / "parts")
    for entry in (tmp_path / "g" / "cache").iterdir():
        entry.write_bytes(b"damaged")
    again = build(folder, out=tmp_path / "g")
    assert (again.read, again.name) == (2, first.name)


def test_add_gives_the_same_build_as_all_at_once(folder: Path, tmp_path: Path) -> None:
    build(folder / "one.txt", out=tmp_path / "a")
    added = build(folder, out=tmp_path / "a", add=True)
    assert added.read == 1
    at_once = build(folder, folder / "one.txt", out=tmp_path / "b")
    assert added.name == at_once.name
    nothing_new = build(out=tmp_path / "a", add=True)
    assert (nothing_new.read, nothing_new.unchanged) == (0, True)


def test_without_add_the_named_sources_are_the_corpus(folder: Path, tmp_path: Path) -> None:
    build(folder, out=tmp_path / "g")
    assert build(folder / "one.txt", out=tmp_path / "g").documents == 1


def test_remove_and_status(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "g"
    build(folder, out=out)
    (folder / "three.txt").write_text(paper("Regional Seminar on Rivers", 20))
    (folder / "one.txt").write_text(paper("Regional Workshop on Lakes"))
    now = status(out)
    assert [(p.key, p.state) for p in now.papers] == [("2014/two.txt", "same"), ("one.txt", "changed")]
    assert (now.new, now.stale) == (("three.txt",), True)
    assert remove("2014/two.txt", out=out).documents == 2
    assert status(out).excluded == ("2014/two.txt",)
    assert build(out=out, add=True).documents == 2
    (folder / "three.txt").unlink()
    assert [(p.key, p.state) for p in status(out).papers if p.state != "same"] == [("three.txt", "gone")]
    assert build(folder / "2014", out=out, add=True).documents == 2
    with pytest.raises(InputError, match="no paper or source"):
        remove("nothing.txt", out=out)
    with pytest.raises(InputError, match="nothing to publish"):
        remove(str(folder), str(folder / "2014"), out=out)
    assert status(out).excluded == ()


def test_the_base_is_kept_until_another_is_named(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "g"
    build(folder, out=out, base="https://graph.example.org")
    build(folder, out=out)
    assert "<https://graph.example.org/id/document/one>" in dump(out)
    build(folder, out=out, base="https://other.example.org/")
    assert "graph.example.org" not in dump(out)


BAD_FILES = [
    ("empty.txt", b"", "empty"),
    ("blank.txt", b" \n\t\n", "empty"),
    ("binary.txt", bytes(range(256)) * 40, ""),
    ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(500), ""),
]


@pytest.mark.parametrize(("name", "data", "reason"), BAD_FILES)
@pytest.mark.parametrize("workers", [0, 1])
def test_what_cannot_be_read_is_named_and_the_rest_goes_on(
    folder: Path, tmp_path: Path, name: str, data: bytes, reason: str, workers: int
) -> None:
    (folder / name).write_bytes(data)
    built = build(folder, out=tmp_path / "g", workers=workers)
    assert built.documents == 2
    assert [p.key for p in built.problems] == [name]
    assert reason in built.problems[0].reason
    assert not built.complete
    with open_build(tmp_path / "g") as found:
        assert found.manifest.problems == built.problems


def test_a_file_without_permission(folder: Path, tmp_path: Path) -> None:
    (folder / "one.txt").chmod(0)
    try:
        built = build(folder, out=tmp_path / "g")
    finally:
        (folder / "one.txt").chmod(0o644)
    if os.geteuid() == 0:
        assert built.documents == 2  # nothing is forbidden to root
    else:
        assert [p.key for p in built.problems] == ["one.txt"]
        assert "permission" in built.problems[0].reason


def test_a_paper_in_which_nothing_is_found_is_named(folder: Path, tmp_path: Path) -> None:
    (folder / "poem.txt").write_text("The wind is low, the leaves are few.\n")
    built = build(folder, out=tmp_path / "g")
    assert built.silent == ("poem.txt",)
    assert built.complete
    assert "id/document/poem>" in dump(tmp_path / "g")


def test_nothing_to_publish_leaves_the_former_graph(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "g"
    before = build(folder, out=out).name
    (tmp_path / "none").mkdir()
    for sources in ([tmp_path / "none"], [tmp_path / "missing"]):
        with pytest.raises(InputError, match="nothing to publish"):
            build(*sources, out=out)
    at = pointer(out)
    assert at
    assert at.build == before


# --- workers -----------------------------------------------------------------------------------------------------


def odd(path: Path, key: str) -> DocumentFacts:
    """Reads like the real one, but for papers whose names say how they fail."""
    if "crash" in key:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "hang" in key:
        time.sleep(60)
    if "bug" in key:
        raise ZeroDivisionError("division by zero")
    if "memory" in key:
        raise MemoryError
    return read_facts(path, key)


def test_a_worker_that_crashes_or_hangs_costs_one_paper(folder: Path) -> None:
    for name in ("crash1", "crash2", "hang", "bug", "memory"):
        (folder / f"{name}.txt").write_text(paper("Regional Workshop on Forests"))
    found = {p.key: r for p, r in read_all(gather([folder]).papers, 2, odd, patience=20)}
    assert len(found) == 7
    problems = {key: r.reason for key, r in found.items() if isinstance(r, Problem)}
    assert problems == {
        "crash1.txt": "the process that read it died (SIGSEGV)",
        "crash2.txt": "the process that read it died (SIGSEGV)",
        "hang.txt": "reading took longer than 20 seconds and was stopped",
        "bug.txt": "reading failed: ZeroDivisionError: division by zero",
        "memory.txt": "reading failed: MemoryError: ",
    }
    read = found["one.txt"]
    assert not isinstance(read, Problem)
    assert isinstance(read.facts, DocumentFacts)


def test_workers_and_this_process_read_the_same(folder: Path) -> None:
    papers = gather([folder, SEEDS]).papers
    assert dict(read_all(papers, 2)) == dict(read_all(papers, 0))


# --- shapes ------------------------------------------------------------------------------------------------------


def wrong(path: Path, key: str) -> DocumentFacts:
    """One meeting that is as it should be, and one on a day that no calendar has."""
    document = Document(key, "A workshop was held on 4 May 2014. A seminar was held on 39 May 2014.", "0" * 64)
    facts, things = [], []
    for id_, span, day, words in (
        ("e1", Span(0, 34), "2014-05-04", "4 May 2014"),
        ("e2", Span(35, 69), "2014-05-39", "39 May 2014"),
    ):
        passage = document.passage(span)
        evidence = (Evidence(passage, "rule"),)
        things.append(Thing(id_, "event", passage.quote.split()[1], evidence, type="workshop"))
        value = Value(day, words, passage, "rule")
        facts.append(EventFact(id_, "described", evidence, value, value))
    return DocumentFacts(document, things=tuple(things), facts=tuple(facts))


def test_one_bad_fact_never_costs_the_graph(folder: Path, tmp_path: Path) -> None:
    (folder / "2014" / "two.txt").unlink()
    built = build(folder, out=tmp_path / "g", reader=wrong, workers=0)
    assert built.left_out
    assert not built.complete
    assert any("39 May 2014" in f.sentence for f in built.left_out)
    with open_build(tmp_path / "g") as found:
        rejected = [line for line in found.dump.read_text().splitlines() if line.endswith("/graph/rejected> .")]
        assert any("seminar" in line for line in rejected)
        rows = list(found.store.query("SELECT ?l { ?m a cq:Meeting ; rdfs:label ?l }", prefixes=PREFIXES))  # type: ignore[arg-type]
        assert [r["l"].value for r in rows] == ["workshop"]
        assert found.manifest.left_out == len(built.left_out)
    report, left_out = pipeline.check(tmp_path / "g")
    assert report.conforms
    assert left_out == built.left_out


PREFIXES = {"cq": "https://communique.example/ontology#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#"}


def test_strict_publishes_nothing(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "g"
    before = build(folder, out=out).name
    with pytest.raises(ValidationError, match="nothing was published"):
        build(folder, out=out, reader=wrong, workers=0, strict=True)
    at = pointer(out)
    assert at
    assert at.build == before


def test_a_judgement_rejects_a_statement(folder: Path, tmp_path: Path) -> None:
    build(folder, out=tmp_path / "a")
    key = next(
        line.split("/id/")[1].split(">")[0]
        for line in dump(tmp_path / "a").splitlines()
        if "/id/participation/one/" in line
    )
    (folder / "judgements.toml").write_text(
        f'[[reject]]\nfact = "{key}"\nwho = "A"\nwhen = "2026-01-01"\nwhy = "not so"\n'
    )
    build(folder, out=tmp_path / "a")
    lines = [
        line for line in dump(tmp_path / "a").splitlines() if line.startswith(f"<https://communique.example/id/{key}> ")
    ]
    assert lines
    assert all(line.endswith("/graph/rejected> .") for line in lines)


def test_the_dump_is_read_back(folder: Path, tmp_path: Path) -> None:
    build(folder, out=tmp_path / "g")
    with open_build(tmp_path / "g") as found:
        dataset = pipeline.dataset_of(found)
        assert isinstance(dataset, Dataset)
        assert "".join(dataset.nquads()) == found.dump.read_text()


def test_a_full_disk_while_keeping_what_was_read(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "g"
    before = build(folder, out=out).name
    shutil.rmtree(out / "cache")
    shutil.rmtree(out / "parts")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("graph_build.pipeline.cache.Cache.put", full)
    with pytest.raises(InputError, match="disk is full"):
        build(folder, out=out)
    at = pointer(out)
    assert at
    assert at.build == before


def test_large_graphs_are_validated_in_parts_with_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers = tuple(wrong(Path(), f"{n}.txt") for n in range(3)) + gold_corpus()
    dataset = triples(Corpus.of(papers, resolve(papers)))
    whole = validate(dataset)
    assert not whole.conforms
    monkeypatch.setattr("graph_build.validate._PASS", 500)
    assert validate(dataset) == whole
