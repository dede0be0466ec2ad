"""Persons, attendance, membership and counts: tables of sentences with the facts that they state."""

from __future__ import annotations

import random
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from graph_build import rules
from graph_build.extract.attendance import KEYS as ATTENDANCE_KEYS
from graph_build.extract.attendance import attendance
from graph_build.extract.counts import counts
from graph_build.extract.membership import KEYS as MEMBERSHIP_KEYS
from graph_build.extract.membership import membership
from graph_build.extract.parties import Parties
from graph_build.extract.people import recognise, roles
from graph_build.extract.people.roles import KEYS as PEOPLE_KEYS
from graph_build.extract.reading import Reading
from graph_build.mention import mention
from graph_build.records import Document, Thing
from graph_build.segment import segment

CASES = Path(__file__).parent / "cases"
PAPER = """REGIONAL WORKSHOP ON BORDER SECURITY
SUVA, FIJI
3-4 JUNE 2014

Co-Chairs' Summary

1. The Regional Workshop on Border Security was held in Suva, Fiji, on 3 and 4 June 2014.

2. {}
"""
LEAST = {"people": 60, "attendance": 130, "membership": 80, "counts": 8}
KEYS = {"people": PEOPLE_KEYS, "attendance": ATTENDANCE_KEYS, "membership": MEMBERSHIP_KEYS, "counts": ()}


def table(family: str) -> list[dict[str, object]]:
    cases = tomllib.loads((CASES / f"{family}.toml").read_text(encoding="utf-8"))["case"]
    assert len(cases) >= LEAST[family]
    return list(cases)


def params(family: str) -> list[object]:
    return [
        pytest.param(
            c["text"],
            c["facts"],
            id=re.sub(r"\W+", "-", str(c["text"]))[:60],
            marks=[pytest.mark.xfail(strict=True, reason=str(c["fails"]))] if "fails" in c else [],
        )
        for c in table(family)
    ]


class Read:
    """What the four families read from one text."""

    def __init__(self, text: str) -> None:
        mentioned = mention(segment(Document("paper.txt", text, "0" * 64)))
        plain = Reading(mentioned)
        people = recognise(plain)
        self.reading = Reading(people.mentioned, plain.stretches)
        self.parties = Parties(self.reading)
        self.people = roles(self.reading, people)
        self.attendance = attendance(self.reading, self.parties, people, self.people)
        self.membership = membership(self.reading, self.parties, people)
        self.counts = counts(self.reading)
        self.things: dict[str, Thing] = {t.id: t for t in (*people.mentioned.things, *self.parties.things)}

    def party(self, id_: str) -> str:
        t = self.things[id_]
        return t.code or t.acronym or t.reference or t.label


@cache
def read(sentence: str) -> Read:
    return Read(PAPER.format(sentence))


def value(v: object) -> str:
    return str(getattr(v, "value", "") or "")


@pytest.mark.parametrize(("text", "facts"), params("people"))
def test_people(text: str, facts: list[str]) -> None:
    found = [f"{r.name} | {r.role} | {value(r.position)} | {value(r.affiliation)}" for r in read(text).people]
    assert [" ".join(f.split()) for f in found] == [" ".join(f.split()) for f in facts]


@pytest.mark.parametrize(("text", "facts"), params("attendance"))
def test_attendance(text: str, facts: list[str]) -> None:
    r = read(text)
    assert {f"{r.party(a.party)} {a.capacity}" for a in r.attendance} == set(facts)


@pytest.mark.parametrize(("text", "facts"), params("membership"))
def test_membership(text: str, facts: list[str]) -> None:
    r = read(text)
    found = {f"{r.things[m.body].label} | {r.party(m.party)} | {m.capacity} | {value(m.since)}" for m in r.membership}
    assert {" ".join(f.split()) for f in found} == {" ".join(f.split()) for f in facts}


@pytest.mark.parametrize(("text", "facts"), params("counts"))
def test_counts(text: str, facts: list[str]) -> None:
    r = read(text)
    assert [f"{c.number} | {c.unit} | {'exact' if c.exact else 'about'} | {c.lists}" for c in r.counts] == facts


@pytest.mark.parametrize("family", KEYS)
def test_rules_fit_their_examples(family: str) -> None:
    loaded = rules.load(family, KEYS[family])
    missed = [f"{r.name}: {e}" for r in loaded.rules for e in r.examples if not rules.fits(r, e)]
    wrong = [f"{r.name}: {e}" for r in loaded.rules for e in r.counterexamples if rules.fits(r, e)]
    assert (missed, wrong) == ([], [])
    assert len(loaded.rules) >= 6


WORDS = """the of and , ; ( ) : . Director Minister President Mr Ms Dr H.E. John Smith Fiji Australia UNODC IOM Ministry Affairs
Foreign Office workshop attended hosted by co-chaired from members participants observers as Working Group on – / 's Prime
Secretary General Chair in Bangkok 2014 opened welcome remarks delivered Sheikh de la Republic Kingdom""".split()


@pytest.mark.parametrize("seed", range(40))
def test_no_order_of_words_breaks_the_reading(seed: int) -> None:
    draw = random.Random(seed)
    r = Read(PAPER.format(" ".join(draw.choice(WORDS) for _ in range(120))))
    text = r.reading.segmented.document.text
    evidence = [e for p in r.people for e in p.evidence]
    evidence += [e for a in r.attendance for e in a.evidence]
    evidence += [e for m in r.membership for e in m.evidence]
    evidence += [e for c in r.counts for e in c.evidence]
    assert all(e.passage.end <= len(text) for e in evidence)


def test_a_long_run_of_one_phrase_is_read_in_time() -> None:
    for phrase in ("Mr ", "Mr A, Director, ", "Director of ", "and Minister Foo Bar ", "(a "):
        Read(PAPER.format(phrase * 1500))
