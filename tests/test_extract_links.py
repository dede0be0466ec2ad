"""Links: a table of sentences, and the rule file both ways."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from graph_build import rules
from graph_build.extract.links import links
from graph_build.records import DocumentFacts, Relation
from graph_build.rules import Rule
from tests.marked import marked

CASES = Path(__file__).parent / "cases"
RULES = rules.load("links", ("relation", "operative", "next", "here")).rules


def sentences() -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for line in (CASES / "links.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("> "):
            found[-1][1].append(line[2:])
        elif line.strip() and not line.startswith("#"):
            found.append((line, []))
    return found


def tied(text: str) -> list[str]:
    mentioned = marked(text)
    label = {t.id: t.label for t in mentioned.things}
    return sorted(f"{label[x.source]} | {x.relation} | {label[x.target]}" for x in links(mentioned))


def test_every_relation_has_cases_and_rules() -> None:
    assert len(sentences()) >= 50
    assert {fact.split(" | ")[1] for _, facts in sentences() for fact in facts} == set(get_args(Relation))
    assert {r.text("relation") for r in RULES} == set(get_args(Relation))


@pytest.mark.parametrize(("sentence", "facts"), sentences(), ids=[s[:60] for s, _ in sentences()])
def test_sentence(sentence: str, facts: list[str]) -> None:
    assert tied(f"1. {sentence}\n") == sorted(facts)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_rule_fits_its_examples_and_no_counterexample(rule: Rule) -> None:
    for sentence in rule.examples:
        assert rules.fits(rule, sentence), sentence
    for sentence in rule.counterexamples:
        assert not rules.fits(rule, sentence), sentence


def test_this_refers_back_to_the_meetings_of_the_sentence_before() -> None:
    text = "1. The {Main:Ninth Meeting} was held in Bangkok. This was followed by the {Event:Tenth Training}.\n"
    assert tied(text) == ["Tenth Training | follows | Ninth Meeting"]


def test_meetings_under_one_verb_share_the_body_that_the_first_names() -> None:
    text = "1. They co-chaired the {Main:{Body:Ports Group} Ninth Meeting} and {Described:Regional Event} in Suva.\n"
    assert tied(text) == ["Ports Group Ninth Meeting | heldBy | Ports Group", "Regional Event | heldBy | Ports Group"]


def test_one_relation_for_one_meeting_and_paper() -> None:
    text = (
        "1. The {Main:meeting} reviewed the implementation of the {Instrument:Tide Plan}.\n\n"
        "2. Members of the {Main:meeting} agreed to act in line with the {Instrument:Tide Plan}.\n"
    )
    assert tied(text) == ["meeting | reviews | Tide Plan"]


def test_no_link_ties_a_thing_to_itself_and_all_are_grounded() -> None:
    for sentence, _ in sentences():
        mentioned = marked(f"1. {sentence}\n")
        found = links(mentioned)
        assert all(x.source != x.target for x in found)
        DocumentFacts(mentioned.segmented.document, things=mentioned.things, facts=found)


def test_a_paper_without_meetings_has_no_links() -> None:
    assert links(marked("1. Nothing is said of a meeting.\n")) == ()
    assert links(marked("")) == ()
