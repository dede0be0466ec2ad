from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest

from graph_build.dataset import Dataset
from graph_build.iris import BASE, CQ
from graph_build.readings import Corpus
from graph_build.records import Commitment, DocumentFacts, EventFact, Evidence, Link, Resolution, Span, Thing, Value
from graph_build.records import Document as Source
from graph_build.resolve import resolve
from graph_build.triples import triples
from graph_build.triples.derived import Hop, Promise, closure, derived, leads
from tests.gold_facts import gold_corpus, stand_in

SYMPOSIUM = "meeting/2015-03-25-regional-symposium-on-trafficking-for-the-purposes-of-labour"
CONFERENCE = "meeting/2013-04-02-5th-bali-process-regional-ministerial-conference"
GROUP = "body/bali-process-working-group-on-trafficking-in-persons"
FIRST = "meeting/2015-03-27-first-meeting-of-the-working-group-on-trafficking-in-persons"
PLAN = "instrument/forward-work-plan-for-2015-17"


def node(path: str) -> str:
    return f"<{BASE}id/{path}>"


def line(s: str, p: str, o: str) -> str:
    return f"{node(s)} <{CQ}{p}> {node(o)}"


@pytest.fixture(scope="module")
def gold() -> tuple[DocumentFacts, ...]:
    return gold_corpus()


@pytest.fixture(scope="module")
def dataset(gold: tuple[DocumentFacts, ...]) -> Dataset:
    return triples(Corpus.of(gold, stand_in(gold)))


def test_the_order_of_documents_changes_nothing(gold: tuple[DocumentFacts, ...], dataset: Dataset) -> None:
    papers = list(gold)
    for seed in range(3):
        random.Random(seed).shuffle(papers)
        assert triples(Corpus.of(papers, stand_in(papers))) == dataset


def test_every_line_is_sorted_once_and_without_blank_nodes(dataset: Dataset) -> None:
    assert {n.split("/")[0] for n in dataset.graphs} == {
        "derived",
        "document",
        "entities",
        "evidence",
        "ontology",
        "reference",
    }
    for lines in dataset.graphs.values():
        assert list(lines) == sorted(set(lines))
        assert not any(part.startswith("_:") for triple in lines for part in triple.split(" ", 2))


def test_each_fact_has_a_node_in_its_document_with_evidence(gold: tuple[DocumentFacts, ...], dataset: Dataset) -> None:
    for paper in gold:
        slug = paper.document.key[:-4].replace("_", "-")
        said, evidence = dataset.graphs[f"document/{slug}"], dataset.graphs[f"evidence/{slug}"]
        stated = {t.split(" ", 1)[0] for t in said if f"<{CQ}statedIn>" in t}
        supported = {t.split(" ", 1)[0] for t in evidence if f"<{CQ}evidence>" in t}
        assert stated == supported == {t.split(" ", 1)[0] for t in evidence if f"<{CQ}rule>" in t}
        for class_ in ("Commitment", "Directive", "Decision", "Pledge", "Recommendation"):
            expected = sum(isinstance(f, Commitment) and f.class_.capitalize() == class_ for f in paper.facts)
            assert sum(t.endswith(f"#type> <{CQ}{class_}>") for t in said) == expected
        links = {(f.source, f.relation, f.target) for f in paper.facts if isinstance(f, Link)}
        assert sum(t.endswith(f"#type> <{CQ}Link>") for t in said) == len(links)


def test_passages_are_shared_and_quote_the_text(gold: tuple[DocumentFacts, ...], dataset: Dataset) -> None:
    lines = dataset.graphs["evidence/001-060104102ca28d5d"]
    passages = {t.split(" ", 1)[0] for t in lines if t.endswith(f"<{CQ}Passage>")}
    cited = {t.rsplit(" ", 1)[1] for t in lines if f"<{CQ}evidence>" in t or f"<{CQ}clausePassage>" in t}
    assert passages == cited
    offsets = re.compile(r"/passage/001-060104102ca28d5d/(\d+)-(\d+)>$")
    for passage in passages:
        match = offsets.search(passage)
        assert match
        quote = next(t.split(" ", 2)[2] for t in lines if t.startswith(f"{passage} <{CQ}quote>"))
        start, end = int(match[1]), int(match[2])
        assert quote.strip('"')[:10] in gold[1].document.text[start:end].replace("*", "").replace("\n", " ")


def test_the_trace_of_the_directive_is_in_the_graph(dataset: Dataset) -> None:
    lines = set(dataset.graphs["derived"])
    directive = "commitment/000-7a1a196fd8975034/directive-ministers-directed-the-bali-process-ad-hoc"
    for a, b in [
        (directive, GROUP),
        (directive, SYMPOSIUM),
        (CONFERENCE, GROUP),
        (CONFERENCE, SYMPOSIUM),
        (GROUP, SYMPOSIUM),
        (SYMPOSIUM, FIRST),
        (SYMPOSIUM, PLAN),
    ]:
        assert line(a, "leadsTo", b) in lines
    assert line(directive, "leadsToEventually", PLAN) in lines
    assert line(SYMPOSIUM, "leadsTo", CONFERENCE) not in lines


LEADS = [
    ("establishes", ("a", "b")),
    ("adopts", ("a", "b")),
    ("prepares", ("a", "b")),
    ("consideredAt", ("a", "b")),
    ("incorporatedInto", ("a", "b")),
    ("deliversOn", ("b", "a")),
    ("reviews", ("b", "a")),
    ("heldBy", None),
    ("refersTo", None),
    ("partOf", None),
    ("follows", None),
]


@pytest.mark.parametrize(("relation", "expected"), LEADS)
def test_what_leads_to_what(relation: str, expected: tuple[str, str] | None) -> None:
    assert leads(Hop("a", relation, "b")) == expected


def pairs(
    hops: list[Hop], promises: list[Promise] | None = None, dates: dict[str, tuple[str, str]] | None = None
) -> set[str]:
    found = derived(hops, promises or [], dates or {})
    return {t.replace(f"<{CQ}leadsTo>", "→") for t in found if f"<{CQ}leadsTo>" in t}


HELD: list[tuple[list[Hop], set[str]]] = [
    ([Hop("X", "establishes", "B"), Hop("M", "heldBy", "B")], {"X → B"}),
    (
        [Hop("X", "establishes", "B"), Hop("M", "heldBy", "B"), Hop("M", "deliversOn", "X")],
        {"X → B", "X → M", "B → M"},
    ),
    (
        [Hop("X", "establishes", "B"), Hop("M", "heldBy", "B"), Hop("X", "consideredAt", "M")],
        {"X → B", "X → M", "B → M"},
    ),
    ([Hop("X", "establishes", "B"), Hop("M", "heldBy", "B"), Hop("M", "deliversOn", "Y")], {"X → B", "Y → M"}),
    ([Hop("M", "heldBy", "B"), Hop("M", "deliversOn", "X")], {"X → M"}),
    ([Hop("A", "establishes", "A")], set()),
]


@pytest.mark.parametrize(("hops", "expected"), HELD)
def test_a_body_leads_only_to_meetings_that_take_up_what_established_it(hops: list[Hop], expected: set[str]) -> None:
    assert pairs(hops) == expected


DATED = [
    (("2015", "2015"), ("2013", "2013"), False),
    (("2013", "2013"), ("2015", "2015"), True),
    (("2015-03-25", "2015-03-26"), ("2015-03", "2015-03"), True),
    (("2015-03-25", "2015-03-26"), ("2015-03-26", "2015-03-26"), True),
    (("2015-03-25", "2015-03-26"), ("2015-03-24", "2015-03-24"), False),
    (("2015-12", "2015-12"), ("2015-03-24", "2015-03-24"), False),
]


@pytest.mark.parametrize(("first", "second", "kept"), DATED)
def test_nothing_leads_back_in_time(first: tuple[str, str], second: tuple[str, str], kept: bool) -> None:
    assert bool(pairs([Hop("A", "consideredAt", "B")], dates={"A": first, "B": second})) is kept
    assert pairs([Hop("A", "consideredAt", "B")], dates={"A": first}) == {"A → B"}


def test_a_commitment_leads_where_its_own_sentence_says() -> None:
    hop, other = Hop("M", "establishes", "B"), Hop("N", "adopts", "P")
    assert pairs([hop, other], [Promise("C", "M", (hop, other))]) == {"M → B", "N → P", "C → B"}


def test_closure_ends_in_a_circle_and_leaves_out_itself() -> None:
    assert set(closure([("a", "b"), ("b", "c"), ("c", "a")])) == {(x, y) for x in "abc" for y in "abc" if x != y}


def small(key: str, text: str, label: str, start: str = "", city: str = "") -> DocumentFacts:
    document = Source(key, text, "0" * 64)
    passage = document.passage(Span(0, len(text)))
    evidence = (Evidence(passage, "rule"),)
    thing = Thing("e1", "event", label, evidence, type="workshop")
    words = {"start": start, "city": city}
    values = {n: Value(v, text.split()[0], passage, "rule", "inferred") for n, v in words.items() if v}
    fact = EventFact("e1", "described", evidence, start=values.get("start"), city=values.get("city"))
    return DocumentFacts(document, things=(thing,), facts=(fact,), sentences=(passage,), paragraphs=("3",))


def test_hostile_names_stay_one_legal_line() -> None:
    label = '<script>alert("x")</script> \u202eWorkshop\n on {a} \\ | ^`'
    dataset = triples(Corpus.of((small("a b/ü.txt", label, label),), resolve((small("a b/ü.txt", label, label),))))
    for name, lines in dataset.graphs.items():
        assert not re.search(r'[\x00-\x20<>"{}|\\^`]', dataset.graph(name)), name
        for triple in lines:
            assert "\n" not in triple
            subject, predicate, _ = triple.split(" ", 2)
            assert re.fullmatch(r"<[^\x00-\x20<>\"{}|\\^`]+>", subject)
            assert predicate.startswith("<")


def test_an_inferred_value_says_so() -> None:
    papers = (small("a.txt", "Workshop held", "Workshop", "2015"),)
    dataset = triples(Corpus.of(papers, resolve(papers)))
    account = node("account/a/2015-workshop")
    assert f'{account} <{CQ}inferredValue> "start: rule (Workshop)"' in dataset.graphs["evidence/a"]
    assert f'{account} <{CQ}start> "2015"^^<http://www.w3.org/2001/XMLSchema#gYear>' in dataset.graphs["document/a"]


def test_papers_of_one_slug_keep_apart() -> None:
    papers = (small("a.txt", "Workshop one", "Workshop"), small("a.md", "Workshop two", "Workshop"))
    dataset = triples(Corpus.of(papers, resolve(papers)))
    assert sum(n.startswith("document/a-") for n in dataset.graphs) == 2


def test_what_is_rejected_takes_with_it_what_hangs_on_it(gold: tuple[DocumentFacts, ...], dataset: Dataset) -> None:
    bad = f"{BASE}id/{SYMPOSIUM}"
    less = triples(Corpus.of(gold, stand_in(gold)), rejected=frozenset({bad}))
    public = [t for n in less.default_names for t in less.graphs[n]]
    assert not [t for t in public if f"<{bad}>" in t]
    rejected = less.graphs["rejected"]
    assert any(t.startswith(f"<{bad}> ") for t in rejected)
    assert any("/participation/" in t for t in rejected)
    # Whatever does not hang on it is as before.
    assert less.graphs["document/004-78a992bfb09ab6c1"] == dataset.graphs["document/004-78a992bfb09ab6c1"]
    assert line(CONFERENCE, "leadsTo", SYMPOSIUM) not in less.graphs["derived"]


def test_a_rejected_statement_takes_its_short_form_with_it(gold: tuple[DocumentFacts, ...], dataset: Dataset) -> None:
    slug = "000-7a1a196fd8975034"
    link = next(
        t.split(" ", 1)[0] for t in dataset.graphs[f"document/{slug}"] if f"/link/{slug}/" in t and "/establishes/" in t
    )
    less = triples(Corpus.of(gold, stand_in(gold)), rejected=frozenset({link[1:-1]}))
    assert line(CONFERENCE, "establishes", GROUP) in dataset.graphs[f"document/{slug}"]
    assert line(CONFERENCE, "establishes", GROUP) not in less.graphs[f"document/{slug}"]
    assert {t for t in dataset.graphs[f"document/{slug}"] if t.startswith(f"{link} ")} <= set(less.graphs["rejected"])


def test_a_former_key_points_to_the_entity(gold: tuple[DocumentFacts, ...]) -> None:
    found = stand_in(gold)
    entities = tuple(replace(e, former=("meeting/before",)) if e.key == SYMPOSIUM else e for e in found.entities)
    lines = triples(Corpus.of(gold, Resolution(entities))).graphs["entities"]
    assert f"{node('meeting/before')} <http://purl.org/dc/terms/isReplacedBy> {node(SYMPOSIUM)}" in lines


def test_the_base_moves_things_but_not_the_vocabulary(gold: tuple[DocumentFacts, ...]) -> None:
    dataset = triples(Corpus.of(gold, stand_in(gold)), "https://graph.example.org/")
    lines = dataset.graphs["document/001-060104102ca28d5d"]
    assert all(t.startswith("<https://graph.example.org/id/") for t in lines)
    assert any(f"<{CQ}statedIn>" in t for t in lines)
