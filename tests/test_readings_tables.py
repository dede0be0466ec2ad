"""The readings as named queries: whole tables on the seeds' gold, in process and over HTTP; and small papers read from
their text to the answer.

`python -m tests.test_readings_tables` writes the expected tables again; read the difference before you keep it.
"""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph_build.pipeline.workers import read_facts
from graph_build.query import query
from graph_build.readings import make_readings
from graph_build.readings.counts import check_counts
from graph_build.readings.papers import Corpus
from graph_build.resolve import resolve
from graph_build.source import EndpointSource, Source, StoreSource
from graph_build.triples import triples
from graph_build.validate import validate
from tests.endpoint import endpoint
from tests.gold_facts import SEEDS, gold_corpus

CASES = Path(__file__).parent / "cases" / "readings"
EXPECTED = CASES / "seeds"
TABLES: dict[str, tuple[str, ...]] = {
    "language": (
        "reuse", "method", "earlier_quote", "later_quote", "earlier_words", "later_words", "earlier_passage", "later_passage",
        "first_passage",
    ),
    "accounts": ("comparison", "meeting", "one_quote", "other_quote", "one_passage", "other_passage"),
    "followup": ("commitment", "by_thing", "meeting", "quote", "passage", "clause_passage"),
    "missing": ("missing", "thing", "quotes"),
    "cited": ("missing", "thing", "passage", "quote"),
}  # fmt: skip
"""Query → columns that are left out of the expected file for its readers' sake."""


@cache
def store() -> ox.Store:
    """The gold of the seeds with its readings, as a store."""
    corpus = gold_corpus()
    resolution = resolve(corpus)
    dataset = triples(corpus, resolution, readings=make_readings(corpus, resolution))
    made = ox.Store()
    made.load("".join(dataset.nquads()).encode(), format=ox.RdfFormat.N_QUADS)
    made.load(dataset.ntriples().encode(), format=ox.RdfFormat.N_TRIPLES)
    return made


def answer(source: Source, name: str) -> str:
    table = query(source, name)
    kept = [i for i, column in enumerate(table.columns) if column not in TABLES[name]]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([table.columns[i] for i in kept])
    writer.writerows([[row[i] for i in kept] for row in table.rows])
    return out.getvalue()


@pytest.mark.parametrize("name", TABLES)
def test_whole_tables_on_the_seeds(name: str) -> None:
    expected = (EXPECTED / f"{name}.csv").read_text("utf-8")
    assert len(expected.splitlines()) > 14
    assert answer(StoreSource(store()), name) == expected


def test_whole_tables_over_http() -> None:
    with endpoint(store()) as url:
        for name in TABLES:
            assert answer(EndpointSource(url), name) == (EXPECTED / f"{name}.csv").read_text("utf-8"), name


def test_every_row_has_its_sentences() -> None:
    source = StoreSource(store())
    for row in query(source, "language"):
        assert row["earlier_quote"]
        assert row["later_quote"]
        assert row["method"]
    for row in query(source, "accounts"):
        assert row["one_quote"] or row["other_quote"]
        assert bool(row["one_quote"]) == bool(row["one_value"])
    for row in query(source, "followup"):
        assert bool(row["quote"]) == (row["follow_up"] not in ("no later mention found", "cannot be said"))
        assert bool(row["quote"]) != bool(row["remark"])
    assert all(row["quotes"] for row in query(source, "missing"))


def test_readings_conform_to_their_shapes() -> None:
    corpus = gold_corpus()
    resolution = resolve(corpus)
    assert validate(triples(corpus, resolution, readings=make_readings(corpus, resolution))).conforms


# Small papers from their text to the answer. What is listed must be found, and what is ruled out must not.


@cache
def small() -> StoreSource:
    """Four papers of an invented process, read by the program."""
    facts = tuple(read_facts(path, path.name) for path in sorted((CASES / "papers").glob("*.txt")))
    resolution = resolve(facts)
    dataset = triples(facts, resolution, readings=make_readings(facts, resolution))
    made = ox.Store()
    made.load("".join(dataset.nquads()).encode(), format=ox.RdfFormat.N_QUADS)
    made.load(dataset.ntriples().encode(), format=ox.RdfFormat.N_TRIPLES)
    return StoreSource(made)


def rows(name: str, *columns: str) -> set[tuple[str, ...]]:
    return {tuple(row[c] for c in columns) for row in query(small(), name)}


def test_counts_of_the_seeds() -> None:
    """The gold has no counts, so these are read by the program."""
    facts = tuple(read_facts(path, path.name) for path in sorted(SEEDS.glob("*.txt")))
    rows = [
        (c.paper[:3], c.fact.number, c.fact.unit, c.verdict, c.listed)
        for c in check_counts(Corpus.of(facts, resolve(facts)))
    ]
    assert sorted(rows) == [
        ("000", 117, "officials and experts", "cannot-be-said", -1),
        ("001", 35, "Bali Process member countries and observers, and experts", "cannot-be-said", -1),
        ("001", 35, "Bali Process member countries and observers, and experts", "fits", 35),
        ("001", 117, "participants", "cannot-be-said", -1),
        ("002", 80, "officials and experts", "cannot-be-said", -1),
        ("003", 100, "participants", "cannot-be-said", -1),
        ("004", 3, "civil society representatives", "fits", 3),
        ("004", 7, "additional Bali Process members as observers", "fits", 7),
        ("004", 15, "members", "fits", 15),
    ]


def test_language_of_small_papers() -> None:
    assert rows("language", "earlier", "later", "first", "earlier_speaker", "later_speaker", "order") == {
        ("2013-ministers.txt", "2015-workshop-summary.txt", "2013-ministers.txt", "Ministers", "Participants", "later"),
        ("2015-workshop-summary.txt", "2017-working-group.txt", "2013-ministers.txt", "Participants", "Members", "later"),
        (
            "2015-workshop-outcomes.txt", "2015-workshop-summary.txt", "2015-workshop-outcomes.txt", "Participants",
            "Participants", "same meeting",
        ),
    }  # fmt: skip


def test_accounts_of_small_papers() -> None:
    found = rows("accounts", "field", "result", "one_value", "other_value")
    assert found >= {
        ("end", "differ", "2013-06-05", "2013-06-04"),
        ("start", "agree", "2013-06-04", "2013-06-04"),
        (
            "role",
            "differ",
            "co-chair: Samoan Ministry of Natural Resources",
            "host: Samoan Ministry of Natural Resources",
        ),
        ("count", "agree", "62 participants", "62 officials and experts"),
    }
    assert {f for f, r, *_ in found if r == "differ"} == {"end", "role", "outcome"}


def test_counts_of_small_papers() -> None:
    found = rows("count-checks", "number", "result", "list_in")
    assert found >= {
        ("5", "fits", "2017-working-group.txt"),
        ("3", "fits", "2017-working-group.txt"),
        ("7", "fits", "2015-workshop-summary.txt"),
        ("62", "cannot-be-said", ""),
    }
    assert "does-not-fit" not in {result for _, result, _ in found}


def test_follow_up_of_small_papers() -> None:
    found = rows("followup", "document", "clause", "follow_up", "scope", "followed_in")
    told = "Ministers directed the River Basin Process Senior Officials to establish a Working Group on Flood Warning"
    silent = "Ministers urged all states to publish the safety records of large dams every year"
    assert ("2013-ministers.txt", told, "delivered-on", "commitment", "2015-workshop-summary.txt") in found
    assert [row for row in found if row[1] == silent] == [
        ("2013-ministers.txt", silent, "no later mention found", "", "")
    ]
    (looked,) = [row for row in query(small(), "followup") if row["clause"] == silent]
    assert (looked["papers_searched"], looked["papers_of_forum"], looked["searched_from"], looked["searched_to"]) == (
        "3", "3", "2015-03-11", "2017-08-07",
    )  # fmt: skip


def test_missing_of_small_papers() -> None:
    found = rows("missing", "kind", "label", "papers")
    workshop = "River Basin Process Regional Workshop on Flood Warning for Downstream Communities"
    assert found >= {
        ("annex", f"List of participants (Annex I) of {workshop}", "1"),
        ("meeting", "Record of the first meeting of the Working Group on Flood Warning", "1"),
    }
    plans = {(kind, papers) for kind, label, papers in found if label.startswith("Forward Work Plan")}
    assert plans == {("instrument", "2"), ("instrument", "1")}
    assert len(found) == 4


if __name__ == "__main__":
    EXPECTED.mkdir(exist_ok=True)
    for table in TABLES:
        (EXPECTED / f"{table}.csv").write_text(answer(StoreSource(store()), table), "utf-8")
