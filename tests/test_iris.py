from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_build.errors import InputError
from graph_build.iris import check_base, document_slugs, segments, slug, suffix

SLUGS = [
    ("Forward Work Plan for 2015-17", "forward-work-plan-for-2015-17"),
    ("  Côte d'Ivoire — 4th Meeting ", "cote-d-ivoire-4th-meeting"),
    ("Attorney-General's Department", "attorney-generals-department"),
    ("Co-Chairs’ Statement", "co-chairs-statement"),
    ("Łódź Straße Ørsted", "lodz-strasse-orsted"),
    ("Türkiye / İstanbul", "turkiye-istanbul"),
    ('<b>x</b> & "y"\n', "b-x-b-y"),
    ("\u202egnirts", "gnirts"),
    ("会议 2015", "会议-2015"),
    ("snake_case.txt", "snake-case-txt"),
    ("…", "x" + suffix("…")),
]


@pytest.mark.parametrize(("words", "expected"), SLUGS)
def test_slug(words: str, expected: str) -> None:
    assert slug(words) == expected


def test_slug_is_cut_at_a_word() -> None:
    assert slug("one two three four", 12) == "one-two"
    assert slug("one two", 7) == "one-two"
    assert slug("onlyoneverylongword", 8) == "onlyonev"


@given(st.text())
def test_a_slug_is_a_legal_segment(words: str) -> None:
    made = slug(words, 30)
    assert made
    assert len(made) <= 30
    assert not set(made) & set(' <>"{}|^`\\/#?%')
    assert slug(made, 30) == made


def test_only_contents_that_share_a_slug_get_a_suffix() -> None:
    pairs = [("a", "1"), ("b", "1"), ("b", "2"), ("a", "1")]
    made = segments(pairs)
    assert made[("a", "1")] == "a"
    assert made[("b", "1")] == f"b-{suffix('1')}"
    assert made[("b", "2")] == f"b-{suffix('2')}"
    random.Random(1).shuffle(pairs)
    assert segments(pairs) == made


def test_document_slugs_tell_same_names_apart() -> None:
    made = document_slugs(["2013/report.txt", "2013/report.md", "annex.txt"])
    assert made["annex.txt"] == "annex"
    assert len({*made.values()}) == 3
    assert all(m.startswith("2013-report-") for k, m in made.items() if k != "annex.txt")


@pytest.mark.parametrize(
    "base", ["", "x", "ftp://a/", "http://", "http://a/?q=1", "http://a/#f", "http://a/ b", 'http://a/"']
)
def test_what_is_no_base(base: str) -> None:
    with pytest.raises(InputError, match="is no base"):
        check_base(base)


def test_a_base_ends_with_a_slash() -> None:
    assert check_base("https://graph.example.org/bali") == "https://graph.example.org/bali/"
