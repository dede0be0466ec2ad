"""A thing is found by IRI, by short id, or by words; several are listed, none is guessed."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from graph_build.errors import QueryError
from graph_build.find import LISTED, AmbiguousError, describe, find, find_one, tokens
from graph_build.iris import BASE
from graph_build.query import StoreSource
from graph_build.store import Build
from tests.papers import CONFERENCE, GROUP, PLAN, WORKSHOP, Papers, river

SYMPOSIUM = "meeting/2015-03-25-bangkok-regional-symposium-on-trafficking-for-the-purposes-of-labour-exploitation"


@pytest.fixture(scope="module")
def store() -> ox.Store:
    return river().store()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5th Ministerial Conference", ("5", "ministerial", "conference")),
        ("Fifth", ("5",)),
        ("Türkiye's plan", ("turkiyes", "plan")),
        ("2015-17", ("2015", "17")),
        ("_-_", ()),
    ],
)
def test_tokens(text: str, words: tuple[str, ...]) -> None:
    assert tokens(text) == words


@pytest.mark.parametrize(
    ("words", "id_"),
    [
        ("symposium 2015", SYMPOSIUM),
        ("SYMPOSIUM march 2015", SYMPOSIUM),
        ("symposium bangkok", SYMPOSIUM),
        ("symposium thailand", SYMPOSIUM),
        (SYMPOSIUM, SYMPOSIUM),
        (f"{BASE}id/{SYMPOSIUM}", SYMPOSIUM),
        ("ministerial conference 2013", "meeting/2013-04-02-5th-bali-process-regional-ministerial-conference"),
        ("fifth ministerial conference", "meeting/2013-04-02-5th-bali-process-regional-ministerial-conference"),
        ("meeting/2013-04-02-bali-process-ministerial-conference", "meeting/2013-04-02-5th-bali-process-regional-ministerial-conference"),
        ("Bali Process", "body/bali-process-on-people-smuggling-trafficking-in-persons-and-related"),
        ("TH", "state/TH"),
        ("catherine smith", "person/catherine-smith"),
        ("002_8cc4741ada6c1362.txt", "document/002-8cc4741ada6c1362"),
    ],
)  # fmt: skip
def test_found_in_the_seeds(words: str, id_: str, sample: Build) -> None:
    assert find_one(sample.store, words).id == id_


@pytest.mark.parametrize(
    ("words", "id_"),
    [
        ("WGFW", GROUP),
        ("third conference", CONFERENCE),
        ("flood warning plan", "instrument-series/flood-warning-plan"),
        ("flood plan 2012", PLAN),
        ("workshop skopje", WORKSHOP),
        ("gauge data", "commitment/reports-outcomes-2011/albania-undertook-to-share-river-gauge-data-with-its"),
        ("a letter", "document/letters-2015-b-odd-b"),
    ],
)
def test_found_in_the_river(words: str, id_: str, store: ox.Store) -> None:
    assert find_one(store, words).id == id_


def test_several_are_listed(sample: Build) -> None:
    with pytest.raises(AmbiguousError, match="may be any of") as error:
        find_one(sample.store, "working group")
    assert len(error.value.matches) >= 4
    assert all(m.id in str(error.value) for m in error.value.matches[:LISTED])
    assert find_one(sample.store, "working group 2015", kinds=["Meeting"]).date == "2015-03-27"


def test_one_of_many_names_is_listed_up_to_a_limit() -> None:
    papers = Papers()
    papers.paper("a.txt", "A", "")
    for n in range(30):
        papers.entity(f"body/committee-{n}", "Body", f"Committee {n}x on Water")
    with pytest.raises(AmbiguousError, match=r"30 things.*(?s:.*)and 18 more"):
        find_one(papers.store(), "committee water")


@pytest.mark.parametrize(
    "words", ["zebra", "meeting/1999-none", f"{BASE}id/meeting/none", "http://a b>", "“”", "x" * 5000]
)
def test_nothing_is_an_error(words: str, store: ox.Store) -> None:
    assert find(store, words) == ()
    with pytest.raises(QueryError, match="nothing in the graph is called"):
        find_one(store, words)


def test_nothing_named_and_no_documents() -> None:
    with pytest.raises(QueryError, match="no thing is named"):
        find_one(ox.Store(), "  ")
    with pytest.raises(QueryError, match="no documents"):
        find_one(ox.Store(), "meeting/x")


def test_near_names_are_offered(store: ox.Store) -> None:
    with pytest.raises(QueryError, match=r"nearest: .*body/river-pact"):
        find_one(store, "rivver pakt")


def test_hostile_names_are_shown_as_text(store: ox.Store) -> None:
    papers = river()
    papers.entity("body/evil", "Body", "Evil \x1b[31m\u202ebody")
    shown = str(find_one(papers.store(), "evil"))
    assert "\x1b" not in shown
    assert "\\u202e" in shown


def test_describe_many_at_once(sample: Build) -> None:
    source = StoreSource(sample.store)
    every = source.ask("SELECT DISTINCT ?s WHERE { ?s a ?c FILTER(CONTAINS(STR(?s), '/id/')) }").column("s")
    assert len(every) > 500
    assert set(describe(source, every)) == set(every)
