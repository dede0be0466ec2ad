"""Commitments: tables of sentences and small papers, and the rule files both ways."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from graph_build import vocabulary
from graph_build.errors import RuleError
from graph_build.extract.commitments import commitments
from graph_build.extract.commitments.clauses import words
from graph_build.extract.commitments.leads import heading_class, lead_rules
from graph_build.extract.commitments.lexicon import Verb, lexicon, verb_of
from graph_build.extract.commitments.needs import patterns
from graph_build.extract.commitments.sentences import read
from graph_build.extract.quotations import quotations
from graph_build.records import DocumentFacts
from graph_build.rules import Rule
from tests.marked import marked, plain

CASES = Path(__file__).parent / "cases"


def sentences() -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for line in (CASES / "commitments.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("> "):
            found[-1][1].append(line[2:])
        elif line.strip() and not line.startswith("#"):
            found.append((line, []))
    return found


def said(text: str) -> list[str]:
    """The commitments of a marked text as rows of the tables, where they were made behind '@' if that is known."""
    mentioned = marked(text)
    rows = []
    for c in commitments(mentioned):
        row = f"{c.class_} | {c.issuer.value if c.issuer else '-'} | {c.addressee.value if c.addressee else '-'} | {c.clause.quote}"
        rows.append(row + (f" @ {mentioned.thing_of[c.made_at].label}" if c.made_at else ""))
    return rows


def test_there_are_many_sentences() -> None:
    assert len(sentences()) >= 150
    assert sum(not facts for _, facts in sentences()) >= 40


@pytest.mark.parametrize(("sentence", "facts"), sentences(), ids=[s[:60] for s, _ in sentences()])
def test_sentence(sentence: str, facts: list[str]) -> None:
    assert said(f"1. {sentence}\n") == facts


PAPERS = tomllib.loads((CASES / "commitments-papers.toml").read_text(encoding="utf-8"))["paper"]


@pytest.mark.parametrize("paper", PAPERS, ids=[p["name"] for p in PAPERS])
def test_paper(paper: dict[str, object]) -> None:
    assert said(str(paper["text"])) == paper["facts"]


def example(sentence: str) -> list[tuple[str, str]]:
    text, marks = plain(sentence)
    named = [(start, end) for kind, start, end, _ in marks if kind in ("State", "Body", "Person")]
    return [(a.rule, a.class_) for a in read(words(text, named), subjectless=True).acts if not a.earlier]


@pytest.mark.parametrize("verb", lexicon().verbs, ids=lambda v: v.id)
def test_verb_reads_its_examples_and_no_counterexample(verb: Verb) -> None:
    for sentence in verb.examples:
        assert {class_ for _, class_ in example(sentence)} & set(verb.frames.values()), sentence
    for sentence in verb.counterexamples:
        assert not example(sentence), sentence


@pytest.mark.parametrize("rule", patterns().rules, ids=lambda r: r.id)
def test_pattern_reads_its_examples_and_no_counterexample(rule: Rule) -> None:
    assert rule.text("class") in ("directive", "decision", "pledge", "recommendation")
    assert rule.text("start") in ("clause", "match")
    for sentence in rule.examples:
        assert rule.name in [name for name, _ in example(sentence)], sentence
    for sentence in rule.counterexamples:
        assert rule.name not in [name for name, _ in example(sentence)], sentence


@pytest.mark.parametrize("rule", lead_rules(), ids=lambda r: r.id)
def test_lead_rule_fits_its_examples_and_no_counterexample(rule: object) -> None:
    for sentence in rule.examples:  # type: ignore[attr-defined]  # a LeadRule
        assert rule.regex.search(sentence), sentence  # type: ignore[attr-defined]
        assert rule.cues & set(re.findall(r"[a-z]+", sentence.lower())), sentence  # type: ignore[attr-defined]
    for sentence in rule.counterexamples:  # type: ignore[attr-defined]
        assert not rule.regex.search(sentence), sentence  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("heading", "class_"),
    [
        ("Recommendations", "recommendation"),
        ("IV. RECOMMENDATIONS", "recommendation"),
        ("3. Agreed actions:", "decision"),
        ("Our commitments", "pledge"),
        ("Background", None),
        ("", None),
    ],
)
def test_heading(heading: str, class_: str | None) -> None:
    assert heading_class(("Report", heading)) == class_


@pytest.mark.parametrize(
    ("sentence", "level", "binding"),
    [
        ("Leaders endorsed the plan on reefs.", "leaders", "decided"),
        ("Foreign Ministers directed officials to meet.", "ministers", "directed"),
        ("Senior officials agreed to meet.", "officials", "decided"),
        ("Bali members agreed to meet.", "members", "decided"),
        ("The co-chairs undertook to report.", "chairs", "pledged"),
        ("Participants recommended that a fund be set up.", "participants", "recommended"),
        ("Panellists recommended that a fund be set up.", "experts", "recommended"),
        ("{State:Norway} pledged to plant trees.", "state", "pledged"),
        ("{State:Norway} and {State:Chile} pledged to plant trees.", "state", "pledged"),
        ("The {Body:Harbour Fund} pledged to plant trees.", "body", "pledged"),
    ],
)
def test_level_and_binding(sentence: str, level: str, binding: str) -> None:
    (one,) = commitments(marked(f"1. {sentence}\n"))
    assert (one.level, one.binding) == (level, binding)
    assert level in {c.notation for c in vocabulary.concepts("speaker-level")}
    assert binding in {c.notation for c in vocabulary.concepts("bindingness")}


def test_every_level_and_binding_is_a_concept() -> None:
    levels = {c.notation for c in vocabulary.concepts("speaker-level")}
    bindings = {c.notation for c in vocabulary.concepts("bindingness")}
    assert set(lexicon().levels.values()) <= levels
    assert {v.bound(c) for v in lexicon().verbs for c in v.frames.values()} <= bindings


def test_themes_are_those_of_the_clause() -> None:
    (one,) = commitments(
        marked("1. Ministers agreed to train border police to identify victims of human trafficking.\n")
    )
    assert "trafficking" in one.themes
    assert set(one.themes) <= {c.notation for c in vocabulary.concepts("theme")}


def test_names_of_issuer_and_addressee_lead_to_their_things() -> None:
    mentioned = marked("1. The {Body:Harbour Council} requested the {Body:Tide Office} to publish tables.\n")
    (one,) = commitments(mentioned)
    assert mentioned.thing_of[one.issuer_id].label == "Harbour Council"
    assert mentioned.thing_of[one.addressee_id].label == "Tide Office"


def test_paragraph_verb_rule_and_evidence() -> None:
    (one,) = commitments(marked("7. Noting the risk, Ministers also agreed to close the port.\n"))
    assert (one.paragraph, one.verb, one.evidence[0].rule) == ("7", "also agreed", "speech-acts/agree")
    assert one.clause.quote == "Ministers also agreed to close the port"
    assert one.evidence[0].passage.quote == "Noting the risk, Ministers also agreed to close the port."


def test_an_issuer_that_the_sentence_does_not_name_is_inferred_with_its_own_passage() -> None:
    text = "4. Participants discussed tides. It was suggested that a register be kept.\n"
    (one,) = commitments(marked(text))
    assert one.issuer is not None
    assert (one.issuer.value, one.issuer.known) == ("Participants", "inferred")
    assert one.issuer.passage.quote == "Participants discussed tides."


def test_quoted_clause_names_its_paper() -> None:
    mentioned = marked(
        "2. They recalled the {Instrument:Lima Statement} of the {Event:4th Conference} where Ministers “agreed to close "
        "the older ports as soon as this can safely be done”.\n"
    )
    (one,) = commitments(mentioned)
    assert mentioned.thing_of[one.quoted].label == "Lima Statement"
    assert mentioned.thing_of[one.made_at].label == "4th Conference"
    (quotation,) = quotations(mentioned)
    assert mentioned.thing_of[quotation.source].label == "Lima Statement"
    assert quotation.words.quote == "agreed to close the older ports as soon as this can safely be done"


@pytest.mark.parametrize(
    "text",
    [
        "1. The workshop on “Victim Protection and Safe Return of Workers” was held.\n",
        "1. They called for a “whole of government” approach.\n",
        "1. “We have made good progress in all of the ports of this region,” Mr Lee said.\n",
    ],
)
def test_titles_terms_and_speech_are_no_quotations(text: str) -> None:
    assert quotations(marked(text)) == ()


@pytest.mark.parametrize(
    "text", ["", " ", "1.", "::::", "agreed", "(((", "to to to to", "agreed to", "“", "We", "that that that"]
)
def test_odd_texts_are_read_without_error(text: str) -> None:
    read(words(text))
    read(words(text), subjectless=True, forward=True)


@pytest.mark.parametrize(
    "text", [f"1. {'agreed to and ' * 400}.\n", f"1. Ministers agreed to {'build, ' * 600}and rest.\n"]
)
def test_hostile_lengths_are_read_in_bounded_time(text: str) -> None:
    commitments(marked(text))


def test_all_is_grounded() -> None:
    for sentence, _ in sentences():
        mentioned = marked(f"1. {sentence}\n")
        facts = commitments(mentioned)
        DocumentFacts(
            mentioned.segmented.document, things=mentioned.things, facts=facts
        )  # refuses what does not stand there
        for c in facts:
            assert c.clause.start >= c.evidence[0].passage.start
            assert c.clause.end <= c.evidence[0].passage.end


def test_a_verb_with_an_unknown_key_is_refused() -> None:
    with pytest.raises(RuleError, match="unknown key 'colour'"):
        verb_of({"forms": ["paint"], "frames": {"to": "pledge"}, "examples": ["x"], "colour": "red"})
    with pytest.raises(RuleError, match="frame to"):
        verb_of({"forms": ["paint"], "frames": {"to": "wish"}, "examples": ["x"]})
