from __future__ import annotations

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from graph_build.dataset import Dataset, iri, moment, number, text, truth

TERMS = [
    (
        text('a "b" \\ c\n\t\r\b\f\x00\x7f é 会'),
        r'"a \"b\" \\ c\n\t\r\b\f\u0000\u007F é 会"'.replace(r"\u007F", "\\u007F"),
    ),
    (number(7), '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'),
    (number(-0), '"0"^^<http://www.w3.org/2001/XMLSchema#integer>'),
    (truth(True), '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
    (truth(False), '"false"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
    (moment("2015-03-25"), '"2015-03-25"^^<http://www.w3.org/2001/XMLSchema#date>'),
    (moment("2015-03"), '"2015-03"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>'),
    (moment("2015"), '"2015"^^<http://www.w3.org/2001/XMLSchema#gYear>'),
    (moment("in March"), '"in March"'),
    (iri("https://a.example/x"), "<https://a.example/x>"),
]


@pytest.mark.parametrize(("made", "expected"), TERMS)
def test_terms(made: str, expected: str) -> None:
    assert made == expected


@pytest.mark.parametrize("bad", ["a b", "a<b", 'a"b', "a{b", "a\nb", "a\\b"])
def test_what_is_no_iri(bad: str) -> None:
    with pytest.raises(ValueError, match="is no IRI"):
        iri(bad)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_string_is_read_back_by_other_parsers(words: str) -> None:
    line = f"<http://a/s> <http://a/p> {text(words)} .\n"
    assert "\n" not in line[:-1]
    (quad,) = ox.parse(line.encode(), format=ox.RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, ox.Literal)
    assert quad.object.value == words
    (triple,) = rdflib.Graph().parse(data=line, format="nt")
    assert str(triple[2]) == words


def test_the_default_graph_leaves_out_evidence_and_rejected() -> None:
    shared, own, proof, bad = (f"<http://a/{n}> <http://a/p> <http://a/o>" for n in "abcd")
    dataset = Dataset(
        "http://a/",
        {"document/x": (shared,), "entities": (shared, own), "evidence/x": (proof,), "rejected": (bad,)},
    )
    assert list(dataset.default()) == [shared, own]
    assert dataset.ntriples() == f"{shared} .\n{own} .\n"
    assert dataset.ntriples(["evidence/x"]) == f"{proof} .\n"
    lines = list(dataset.nquads())
    assert lines == sorted(lines)
    assert lines[0] == f"{shared} <http://a/graph/document/x> .\n"
    assert len(lines) == 5
    assert dataset.counts() == {"document": 1, "entities": 2, "evidence": 1, "rejected": 1}
