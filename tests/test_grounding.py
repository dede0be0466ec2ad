"""Every fact of every text at hand stands on words that stand where it says; what does not cannot be made."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_build.errors import GroundingError
from graph_build.extract import extract
from graph_build.mention import mention
from graph_build.records import (
    Document,
    DocumentFacts,
    Evidence,
    Passage,
    Span,
    Thing,
    Value,
    View,
    occurs,
    readable,
)
from graph_build.segment import segment

ROOT = Path(__file__).parent.parent
TEXTS = sorted((ROOT / "seeds").glob("*.txt")) + sorted((ROOT.parent / "shared" / "eval").glob("*/**/*.txt"))


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: p.stem[:24])
def test_every_fact_of_every_text_is_grounded(path: Path) -> None:
    text = path.read_text(encoding="utf-8", errors="replace")
    facts = extract(mention(segment(Document(path.name, text, "0" * 64))))
    passages = facts.passages()
    assert len(passages) > 5
    for passage in passages:
        pieces = [words for s in passage.spans if (words := readable(text[s.start : s.end]))]
        assert " … ".join(pieces) == passage.quote
    values = 0
    for fact in facts.facts:
        for name in fact.__dataclass_fields__:
            value = getattr(fact, name)
            if isinstance(value, Value):
                values += 1
                assert occurs(value.words, value.passage.quote)
        assert all(e.rule for e in fact.evidence)
    assert values


DOCUMENT = Document("a.txt", "Ministers agreed.\n\nThey met in Lima.", "0" * 64)


@given(st.integers(-3, 60), st.integers(-3, 60))
def test_spans_are_never_empty_reversed_or_outside(start: int, end: int) -> None:
    if 0 <= start < end <= len(DOCUMENT.text) and DOCUMENT.text[start:end].strip():
        assert DOCUMENT.passage(Span(start, end)).quote == readable(DOCUMENT.text[start:end])
    else:
        with pytest.raises(GroundingError):
            DOCUMENT.passage(Span(start, end))


def test_a_value_needs_its_words_in_its_passage() -> None:
    passage = DOCUMENT.passage(Span(19, 36))
    assert Value("Lima", "Lima", passage, "places").value == "Lima"
    with pytest.raises(GroundingError, match="do not stand"):
        Value("Lima", "Quito", passage, "places")
    with pytest.raises(GroundingError, match="empty"):
        Value("", "Lima", passage, "places")


@pytest.mark.parametrize(
    "made",
    [
        lambda p: DocumentFacts(DOCUMENT, sentences=(Passage("a.txt", p.spans, "Ministers refused."),)),
        lambda p: DocumentFacts(DOCUMENT, sentences=(Passage("b.txt", p.spans, p.quote),)),
        lambda p: DocumentFacts(DOCUMENT, published_for="e1"),
        lambda p: DocumentFacts(
            DOCUMENT,
            things=(
                Thing("b1", "body", "X", (Evidence(p, "r"),)),
                Thing("b1", "body", "Y", (Evidence(p, "r"),)),
            ),
        ),
    ],
    ids=["other-words", "other-document", "unknown-thing", "one-id-twice"],
)
def test_facts_that_do_not_stand_cannot_be_made(made) -> None:  # type: ignore[no-untyped-def]  # four lambdas
    with pytest.raises(GroundingError):
        made(DOCUMENT.passage(Span(0, 17)))


def test_a_passage_over_a_cut_has_two_pieces() -> None:
    text = "They agreed to\n\n- Page 2 -\n\nmeet again."
    view = View("They agreed to meet again.", (*range(14), 14, *range(28, 39)), (15,))
    spans = view.spans(0, len(view.text))
    assert spans == (Span(0, 14), Span(28, 39))
    assert Document("a.txt", text, "0").passage(*spans).quote == "They agreed to … meet again."
