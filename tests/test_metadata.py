"""What files beside a paper say of it, and what people are told when such a file is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_build.errors import InputError
from graph_build.metadata import FIELDS, beside, is_beside, read_sidecar, read_table
from graph_build.pipeline.sources import gather
from graph_build.pipeline.workers import read_facts

FULL = """
date = 2015-03-26
publisher = "Bali  Process"
series = "Summaries"
address = "https://www.example.org/outcome"
licence = "CC-BY-4.0"
language = "EN"
title = "Regional Symposium"
"""


def test_sidecar(tmp_path: Path) -> None:
    (tmp_path / "a.pdf.meta.toml").write_text(FULL)
    assert beside(tmp_path / "a.pdf") == (
        ("date", "2015-03-26"),
        ("publisher", "Bali Process"),
        ("series", "Summaries"),
        ("address", "https://www.example.org/outcome"),
        ("licence", "CC-BY-4.0"),
        ("language", "en"),
        ("title", "Regional Symposium"),
    )
    assert beside(tmp_path / "b.pdf") == ()


def test_sidecar_by_stem_and_table_complete_each_other(tmp_path: Path) -> None:
    (tmp_path / "a.meta.toml").write_text('date = "2015"')
    (tmp_path / "documents.csv").write_text("\ufefffile,publisher,date\na.pdf,The Forum,\nb.pdf,,2016-02\n", "utf-8")
    assert beside(tmp_path / "a.pdf") == (("date", "2015"), ("publisher", "The Forum"))
    assert beside(tmp_path / "b.pdf") == (("date", "2016-02"),)
    assert beside(tmp_path / "c.pdf") == ()


def test_a_changed_table_is_read_again(tmp_path: Path) -> None:
    table = tmp_path / "documents.csv"
    table.write_text("file,date\na.pdf,2015\n")
    assert beside(tmp_path / "a.pdf") == (("date", "2015"),)
    table.write_text("file,date\na.pdf,2015-06\n")
    assert beside(tmp_path / "a.pdf") == (("date", "2015-06"),)


def test_semicolons_and_quotes(tmp_path: Path) -> None:
    (tmp_path / "documents.csv").write_text('file;title\na.pdf;"Ports; and ""roads"""\n')
    assert read_table(tmp_path / "documents.csv") == {"a.pdf": (("title", 'Ports; and "roads"'),)}


def test_contradiction_names_both(tmp_path: Path) -> None:
    (tmp_path / "a.meta.toml").write_text('date = "2015"')
    (tmp_path / "documents.csv").write_text("file,date\na.pdf,2016\n")
    with pytest.raises(InputError, match=r"date is '2016' here and '2015' in a\.meta\.toml") as problem:
        beside(tmp_path / "a.pdf")
    assert problem.value.where == "documents.csv"


WRONG_SIDECARS = [
    ('date = "26 March 2015"', "a.meta.toml:1", "is no date"),
    ('title = "x"\ndate = "2015-02-30"', "a.meta.toml:2", "is no day of the calendar"),
    ('date = "2015-13"', "a.meta.toml:1", "is no day of the calendar"),
    ('adress = "https://x.org"', "a.meta.toml:1", "unknown field 'adress'"),
    ('address = "www.example.org"', "a.meta.toml:1", "is no web address"),
    ('address = "https://x.org/<script>"', "a.meta.toml:1", "is no web address"),
    ('language = "English language"', "a.meta.toml:1", "is no language tag"),
    ('title = ""', "a.meta.toml:1", "is empty"),
    ("title = true", "a.meta.toml:1", "must be text"),
    ("title = ['a']", "a.meta.toml:1", "must be text"),
    ("[title]\nx = 1", "a.meta.toml:1", "must be text"),
    ("title = ", "a.meta.toml", "no TOML"),
    (f'title = "{"x" * 1001}"', "a.meta.toml:1", "longer than 1,000"),
]


@pytest.mark.parametrize(("text", "where", "reason"), WRONG_SIDECARS)
def test_wrong_sidecars(tmp_path: Path, text: str, where: str, reason: str) -> None:
    (tmp_path / "a.meta.toml").write_text(text)
    with pytest.raises(InputError) as problem:
        read_sidecar(tmp_path / "a.meta.toml")
    assert reason in problem.value.what
    assert problem.value.where == where
    assert problem.value.mend


WRONG_TABLES = [
    ("name,date\na.pdf,2015\n", "documents.csv:1", "no column 'file'"),
    ("file,dat\na.pdf,2015\n", "documents.csv:1", "unknown column 'dat'"),
    ("file,date,date\na.pdf,2015,2015\n", "documents.csv:1", "stands twice"),
    ("file,date\na.pdf,2015,x\n", "documents.csv:2", "more cells"),
    ("file,date\n,2015\n", "documents.csv:2", "names no file"),
    ("file,date\na.pdf,2015\n\na.pdf,2016\n", "documents.csv:4", "stands in line 2 too"),
    ("file,date\n../a.pdf,2015\n", "documents.csv:2", "not in this folder"),
    ("file,date\na.pdf,soon\n", "documents.csv:2", "is no date"),
    ("", "documents.csv:1", "no column 'file'"),
]


@pytest.mark.parametrize(("text", "where", "reason"), WRONG_TABLES)
def test_wrong_tables(tmp_path: Path, text: str, where: str, reason: str) -> None:
    (tmp_path / "documents.csv").write_text(text)
    with pytest.raises(InputError) as problem:
        read_table(tmp_path / "documents.csv")
    assert reason in problem.value.what
    assert problem.value.where == where
    assert problem.value.mend


def test_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "a.meta.toml").write_bytes(b'title = "caf\xe9"')
    with pytest.raises(InputError, match="not UTF-8"):
        read_sidecar(tmp_path / "a.meta.toml")


def test_a_build_uses_what_stands_beside_papers(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    seed = Path(__file__).parent.parent / "seeds" / "001_060104102ca28d5d.txt"
    (folder / "a.txt").write_bytes(seed.read_bytes())
    (folder / "documents.csv").write_text("file,publisher\na.txt,The Secretariat\n")
    corpus = gather([folder])
    assert [(p.key, p.meta) for p in corpus.papers] == [("a.txt", (("publisher", "The Secretariat"),))]
    assert read_facts(folder / "a.txt", "a.txt").document.meta == (("publisher", "The Secretariat"),)
    (folder / "documents.csv").write_text("file,date\na.txt,soon\n")
    corpus = gather([folder])
    assert [(p.key, p.meta) for p in corpus.papers] == [("a.txt", ())]
    assert [(p.key, p.reason) for p in corpus.problems] == [("documents.csv:2", "date 'soon' is no date")]
    assert read_facts(folder / "a.txt", "a.txt").document.meta == ()


def test_which_files_are_beside() -> None:
    assert [
        is_beside(n) for n in ("documents.csv", "a.meta.toml", "a.pdf.meta.toml", "a.toml", "papers.csv", "a.pdf")
    ] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


def test_fields_are_those_that_documents_carry() -> None:
    assert FIELDS == ("date", "publisher", "series", "address", "licence", "language", "title")
