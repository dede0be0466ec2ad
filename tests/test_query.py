"""Named queries: their headers, parameters, answers in process and over HTTP, and the formats of an answer."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from graph_build.cli import cli
from graph_build.errors import CommuniqueError, QueryError
from graph_build.query import EndpointSource, StoreSource, query
from graph_build.questions import SEVEN, Question, question, questions, read_question
from graph_build.source import Source
from graph_build.store import Build
from graph_build.tables import FORMATS, Table, as_csv, as_json, as_markdown, as_text, as_tsv, render, table_of, visible
from tests.endpoint import endpoint
from tests.expected import CASES, Case
from tests.papers import river

COLUMNS = {
    "events": "document event label status start end city country paragraph quote",
    "attendance": "document event event_label party party_label code capacity paragraph quote",
    "people": "document event event_label person name role position affiliation paragraph quote",
    "membership": "document body body_label party party_label code capacity since paragraph quote",
    "named": "document thing label type paragraph quote",
    "commitments": "document commitment class issuer addressee made_at made_at_label paragraph quote",
    "lineage": "document source source_label relation target target_label quote paragraph",
}


@pytest.fixture(scope="module")
def graphs(sample: Build) -> dict[str, Source]:
    return {"seeds": StoreSource(sample.store), "river": StoreSource(river().store())}


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.graph}-{c.path.stem}")
def test_answer(case: Case, graphs: dict[str, Source]) -> None:
    assert case.ask(graphs[case.graph]) == case.path.read_text(encoding="utf-8"), (
        "the answer changed: run `python -m tests.expected` and read the difference"
    )


def test_answers_over_http(graphs: dict[str, Source]) -> None:
    assert len(CASES) >= 50
    stores = {name: source.store for name, source in graphs.items() if isinstance(source, StoreSource)}
    for graph, store in stores.items():
        with endpoint(store) as url:
            for case in CASES:
                if case.graph == graph:
                    assert case.ask(EndpointSource(url)) == case.path.read_text(encoding="utf-8"), case


READINGS = {"accounts", "judged", "followup", "count-checks", "missing", "cited", "language"}
"""Queries over what is derived from several papers; their answers are expected in the tests of the readings."""


def test_every_query_has_an_expected_answer() -> None:
    assert set(questions()) - READINGS == {c.name for c in CASES}
    assert len(questions()) >= 25


@pytest.mark.parametrize("name", SEVEN)
def test_fixed_columns(name: str) -> None:
    assert question(name).columns == tuple(COLUMNS[name].split())


def test_one_row_a_link(sample: Build) -> None:
    rows = [(r["document"], r["source"], r["relation"], r["target"]) for r in query(sample.store, "lineage")]
    assert len(rows) == len(set(rows)) >= 40


def test_cells_are_what_that_document_says(graphs: dict[str, Source]) -> None:
    conference = [
        r
        for r in query(graphs["seeds"], "events")
        if r["event"].endswith("4th-bali-process-regional-ministerial-conference")
    ]
    assert {r["start"] for r in conference} == {"2011-03-30", "2011-03"}


HEAD = "# title: T\n# question: Q?\n# columns: s\n# tags: x\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("SELECT ?s { ?s ?p ?o }", "lacks title"),
        (HEAD + "SELECT ?s ?p { ?s ?p ?o }", "names the columns s, the query gives s, p"),
        (HEAD + "# colour: red\nSELECT ?s { ?s ?p ?o }", "unknown header key 'colour'"),
        (HEAD + "# parameter year: year -- when\nSELECT ?s { ?s ?p ?o }", "no VALUES line"),
        (HEAD + "# parameter year: century -- when\nSELECT ?s { VALUES ?year { UNDEF } ?s ?p ?o }", "not a parameter"),
        (HEAD + "SELECT ?s { ?s ?p }", "not a SPARQL query: error at 5:"),
        (HEAD + "DELETE WHERE { ?s ?p ?o }", "not a SPARQL query"),
    ],
)  # fmt: skip
def test_wrong_headers(text: str, says: str) -> None:
    with pytest.raises(QueryError, match=says):
        read_question(text, "x", "x.rq")


TYPED = read_question(
    "# title: T\n# question: Q?\n"
    "# parameter word: text -- a word\n# parameter year: year -- a year\n# parameter day: date -- a day\n"
    "# parameter number: integer -- a number\n# parameter land: country -- a state\n"
    "# parameter mark: notation (a|b) -- a mark\n# parameter thing: thing (any) -- a thing\n"
    "# columns: word, year, day, number, land, mark, thing\n# tags: x\n"
    "SELECT ?word ?year ?day ?number ?land ?mark ?thing WHERE {\n"
    "  VALUES ?word { UNDEF }\n  VALUES ?year { \"2001\" }\n  VALUES ?day { UNDEF }\n  VALUES ?number { 7 }\n"
    "  VALUES ?land { UNDEF }\n  VALUES ?mark { \"a\" }\n  VALUES ?thing { <http://a.example/> }\n}\n",
    "typed", "typed.rq",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "cell"),
    [
        ("word", 'a "b" \\ } { ?x', 'a "b" \\ } { ?x'),
        ("word", "line\nend \u202e <script>", "line\nend \u202e <script>"),
        ("word", '" } DROP ALL #', '" } DROP ALL #'),
        ("word", r"\1 \g<0>", r"\1 \g<0>"),
        ("year", 2013, "2013"),
        ("day", "2013-04", "2013-04"),
        ("day", "2013-04-02", "2013-04-02"),
        ("number", "-3", "-3"),
        ("land", "th", "TH"),
        ("mark", "b", "b"),
        ("thing", "https://b.example/x", "https://b.example/x"),
        ("year", "", "2001"),
    ],
)  # fmt: skip
def test_values_are_terms_and_never_syntax(name: str, value: object, cell: str) -> None:
    table = query(ox.Store(), TYPED, **{name: value})
    assert len(table) == 1
    assert table.column(name) == (cell,)


def test_a_value_may_look_like_another_parameter() -> None:
    table = query(ox.Store(), TYPED, word='VALUES ?year { "2001" }', year="1999")
    assert (table.column("word"), table.column("year")) == (('VALUES ?year { "2001" }',), ("1999",))


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("year", "13", "is not a year"),
        ("year", "2013-04", "is not a year"),
        ("year", "٢٠١٣", "is not a year"),
        ("day", "2013-13", "is not a date"),
        ("day", "4 April", "is not a date"),
        ("number", "many", "is not a whole number"),
        ("land", "Thailand", "alpha-2"),
        ("mark", "c", "is none of a, b"),
        ("thing", "http://a b", "not an IRI"),
        ("hue", "red", "has no parameter 'hue'.*word \\(text\\)"),
    ],
)
def test_wrong_values(name: str, value: str, says: str) -> None:
    with pytest.raises(QueryError, match=says):
        query(ox.Store(), TYPED, **{name: value})


def test_a_thing_is_named_by_words(graphs: dict[str, Source]) -> None:
    by_words = query(graphs["seeds"], "delivered", decided="ministerial conference 2013")
    iri = by_words.column("decided")[0]
    assert by_words.rows == query(graphs["seeds"], "delivered", decided=iri).rows != ()
    assert by_words.rows == query(graphs["seeds"], "delivered", decided=iri.split("/id/")[1]).rows


def test_a_required_thing_is_asked_for(graphs: dict[str, Source]) -> None:
    with pytest.raises(QueryError, match=r"needs it named.*--set who="):
        query(graphs["seeds"], "together")


def test_unknown_names_are_errors(graphs: dict[str, Source], tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="did you mean mandates"):
        query(graphs["seeds"], "mandate")
    with pytest.raises(QueryError, match="cannot read the query"):
        query(graphs["seeds"], str(tmp_path / "none.rq"))
    (tmp_path / "binary.rq").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(QueryError, match="cannot read the query"):
        query(graphs["seeds"], str(tmp_path / "binary.rq"))


def test_a_query_of_ones_own(sample: Build, tmp_path: Path) -> None:
    for text, rows in (
        ("SELECT ?p WHERE { ?d <https://communique.example/ontology#path> ?p } ORDER BY ?p LIMIT 2", 2),
        ("# my own note\nASK { ?s ?p ?o }", 1),
        ("CONSTRUCT { ?d a <urn:x> } WHERE { ?d <https://communique.example/ontology#path> ?p }", 5),
    ):
        (tmp_path / "own.rq").write_text(text)
        here = query(sample.store, str(tmp_path / "own.rq"))
        assert len(here) == rows
        with endpoint(sample.store) as url:
            there = query(EndpointSource(url), str(tmp_path / "own.rq"))
        assert (there.columns, sorted(there.rows), there.answer) == (here.columns, sorted(here.rows), here.answer)


def test_endpoints_that_fail(sample: Build) -> None:
    with pytest.raises(QueryError, match="not the address"):
        EndpointSource("file:///etc/passwd")
    with pytest.raises(QueryError, match="cannot be reached"):
        query(EndpointSource("http://127.0.0.1:9/sparql", timeout=2), "hosts")
    with endpoint(sample.store, cut=True) as url, pytest.raises(QueryError, match="is cut or no result"):
        query(EndpointSource(url), "hosts")
    with endpoint(sample.store) as url, pytest.raises(QueryError, match="refused the query"):
        EndpointSource(url).ask("SELECT ?a { ?a }")


HOSTILE = Table(
    ("name", "when", "none"),
    (
        (ox.Literal('<b>"x"</b>, | `y`\nz'), ox.Literal("2015-03", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#gYearMonth")), None),
        (ox.NamedNode("https://communique.example/id/state/TH"), ox.Literal("\x1b[31m\u202e", language="en"), None),
    ),
)  # fmt: skip


def test_csv_keeps_every_cell() -> None:
    assert list(csv.reader(io.StringIO(as_csv(HOSTILE)))) == [list(HOSTILE.columns), *map(list, HOSTILE.rows)]


def test_json_is_sparql_results_json() -> None:
    parsed = ox.parse_query_results(as_json(HOSTILE).encode(), format=ox.QueryResultsFormat.JSON)
    assert isinstance(parsed, ox.QuerySolutions)
    assert tuple(tuple(s) for s in parsed) == HOSTILE.terms
    assert json.loads(as_json(Table(("answer",), ((ox.Literal(True),),), answer=True)))["boolean"] is True


def test_tsv_is_sparql_results_tsv() -> None:
    parsed = ox.parse_query_results(as_tsv(HOSTILE).encode(), format=ox.QueryResultsFormat.TSV)
    assert isinstance(parsed, ox.QuerySolutions)
    assert tuple(tuple(s) for s in parsed) == HOSTILE.terms


def test_markdown_and_text_show_marks_as_text() -> None:
    markdown = as_markdown(HOSTILE)
    assert "<b>" not in markdown
    assert "\\|" in markdown
    assert len(markdown.splitlines()) == 4
    text = as_text(HOSTILE, 80)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\\u001b[31m\\u202e" in text
    assert "empty in every row: none" in text
    assert "state/TH" in text


@pytest.mark.parametrize("width", [10, 40, 80, 200])
def test_text_cuts_nothing(width: int) -> None:
    words = "abcdefghij " * 40
    text = as_text(table_of(("a", "b", "c"), [(words, "1", "x" * 50)]), width)
    assert "".join(text.split()).count("abcdefghij") == 40


def test_empty_table_says_so() -> None:
    assert "no rows: the graph says nothing of it" in as_text(table_of(("a",), []))
    assert as_csv(table_of(("a",), [])) == "a\n"
    assert visible("caf\u00e9\n\ttab") == "caf\u00e9\n\ttab"


def test_unknown_format_and_column() -> None:
    with pytest.raises(QueryError, match=r"formats: table, csv, tsv, json, md"):
        render(HOSTILE, "xlsx")
    with pytest.raises(QueryError, match="columns: name, when, none"):
        HOSTILE.column("x")


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, list(arguments))
    if isinstance(result.exception, CommuniqueError):
        return result.exception.exit_code, str(result.exception)
    return result.exit_code, result.output


def test_command(sample_folder: Path, tmp_path: Path) -> None:
    graph = ("--graph", str(sample_folder))
    code, out = run("query", "--list")
    assert code == 0
    assert all(q.question in out for q in questions().values())
    assert json.loads(run("query", "--list", "--format", "json")[1])["head"]["vars"][0] == "name"
    assert run("query", "hosts", *graph, "--format", "csv")[1].startswith(
        "code,party_label,meetings,first,last,party\n"
    )
    for form in FORMATS:
        assert run("query", "delivered", *graph, "--format", form)[0] == 0
    assert run("query", *graph)[0] == 2
    assert run("query", "nothing", *graph)[0] == 2
    assert run("query", "mandates", *graph, "--set", "year")[0] == 2
    assert "set twice" in run("query", "mandates", *graph, "--set", "year=2013", "--set", "year=2014")[1]
    assert run("query", "hosts", "--graph", str(tmp_path / "none"))[0] == 2
    code, shown = run("query", "mandates", "--show", "--set", "year=2013")
    assert 'VALUES ?year { "2013" }' in shown
    assert isinstance(read_question(shown, "shown", "shown.rq"), Question)
