"""Stated numbers held against the lists that the papers give: fits, does not fit, or cannot be said, and why.

A number is checked against a list only where the list is of what is counted: the names in the brackets that follow
the number, else the parties that the paper lists of the meeting or body in the counted capacity. A number of persons
is never held against a list of states. The list of another paper of the same meeting is shown as a check of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from graph_build.readings.papers import Corpus
from graph_build.records import Attendance, DocumentFacts, Membership, Passage, StatedCount

Fit = Literal["fits", "does-not-fit", "cannot-be-said"]

_PERSONS = re.compile(
    r"\b(?:participants?|officials?|experts?|delegates?|representatives?|people|persons?|attendees|practitioners|"
    r"men|women|trainees|officers|speakers|panell?ists)\b",
    re.I,
)  # fmt: skip
_PARTIES = re.compile(
    r"\b(?:members?|countries|states|economies|governments|nations|organi[sz]ations?|agencies|observers?|parties|territories|"
    r"delegations|jurisdictions)\b",
    re.I,
)
_SOCIETY = re.compile(r"\b(?:civil society|private sector|non-?governmental|NGOs?|academi)", re.I)


@dataclass(frozen=True, slots=True)
class CountCheck:
    """One stated number and one list.

    about    key of the meeting or body; paper that states the number; index of the fact among the paper's facts
    listed   how many names the list has, or -1 where there is no list
    list_in  the paper that gives the list; passage the sentence of the list, or None
    names    the names of the list
    """

    about: str
    paper: str
    fact: StatedCount
    verdict: Fit
    because: str
    listed: int = -1
    list_in: str = ""
    passage: Passage | None = None
    names: tuple[str, ...] = ()


def check_counts(corpus: Corpus, paper: str) -> tuple[CountCheck, ...]:
    """Every stated number of a paper against the lists of this paper, and of other papers of the same meeting."""
    facts = corpus.papers[paper]
    return tuple(row for fact in facts.facts if isinstance(fact, StatedCount) for row in _check(corpus, facts, fact))


def _check(corpus: Corpus, paper: DocumentFacts, fact: StatedCount) -> list[CountCheck]:
    key = paper.document.key
    about = corpus.entity(key, fact.about).key
    bracket = _bracketed(corpus, paper, fact)
    if bracket is not None:
        names, passage = bracket
        return [_held(about, key, fact, names, key, passage, "the names in brackets after the number")]
    persons = _PERSONS.search(fact.unit) and not _PARTIES.search(fact.unit)
    if persons or (not fact.lists and not _PARTIES.search(fact.unit)):
        return [
            CountCheck(
                about, key, fact, "cannot-be-said", "it counts persons; the papers list states and organisations"
            )
        ]
    rows = []
    own = _listed(corpus, paper, fact.about, fact)
    if own:
        rows.append(_held(about, key, fact, own[0], key, own[1], "the parties that this paper lists"))
    else:
        rows.append(CountCheck(about, key, fact, "cannot-be-said", "this paper gives no list of them"))
    for other, thing in () if own else corpus.entities[about].members:
        listed = _listed(corpus, corpus.papers[other], thing, fact) if other != key else None
        if listed:
            rows.append(_held(about, key, fact, listed[0], other, listed[1], f"the list of {other}"))
    return rows


def _held(
    about: str, paper: str, fact: StatedCount, names: tuple[str, ...], list_in: str, passage: Passage, what: str
) -> CountCheck:
    count = len(names)
    number = fact.number
    if not fact.exact:
        # 'Over 100', 'some 80': a list of about as many, or of more than 'over' says, fits.
        fits = number <= count <= number * 1.5 or abs(count - number) <= max(1, number // 10)
        verdict: Fit = "fits" if fits else "does-not-fit"
        return CountCheck(
            about, paper, fact, verdict, f"{what}: {count}, stated about {number}", count, list_in, passage, names
        )
    verdict = "fits" if count == number else "does-not-fit"
    return CountCheck(about, paper, fact, verdict, f"{what}: {count}, stated {number}", count, list_in, passage, names)


def _bracketed(corpus: Corpus, paper: DocumentFacts, fact: StatedCount) -> tuple[tuple[str, ...], Passage] | None:
    """The parties in the brackets that follow the counted words, if the sentence has such a list."""
    sentence = corpus.sentence(fact.evidence[0].passage)
    at = sentence.quote.find(fact.unit) if fact.unit else -1
    if at < 0:
        return None
    after = sentence.quote[at + len(fact.unit) :]
    opened = re.match(r"[^(),;.]{0,60}\(", after)
    inside = _balanced(after[opened.end() :]) if opened else ""
    if "," not in inside and " and " not in inside:
        return None
    found: dict[str, str] = {}
    for other in paper.facts:
        if isinstance(other, (Attendance, Membership)) and _in(other.name, inside, paper, other.party):
            found.setdefault(corpus.entity(paper.document.key, other.party).key, other.name)
    return (tuple(sorted(found.values())), sentence) if found else None


def _balanced(text: str) -> str:
    depth = 1
    for i, c in enumerate(text):
        depth += (c == "(") - (c == ")")
        if depth == 0:
            return text[:i]
    return text


def _in(name: str, text: str, paper: DocumentFacts, party: str) -> bool:
    thing = paper.thing(party)
    plain = re.sub(r"\s*\([^)]*\)", "", name)
    forms = {name, plain, thing.label, thing.acronym, *thing.names} - {""}
    return any(re.search(rf"(?<!\w){re.escape(form)}(?!\w)", text) for form in forms)


def _listed(
    corpus: Corpus, paper: DocumentFacts, about: str, fact: StatedCount
) -> tuple[tuple[str, ...], Passage] | None:
    """The parties that a paper lists of a meeting or body in the counted capacity, of the counted kind."""
    unit = fact.unit.casefold()
    states_only = (
        bool(re.search(r"\b(?:countries|states|governments|economies|nations)\b", unit)) and "organi" not in unit
    )
    capacities = _capacities(fact.lists, unit)
    found: dict[str, str] = {}
    sentences: Counter[Passage] = Counter()
    for other in paper.facts:
        of = other.event if isinstance(other, Attendance) else other.body if isinstance(other, Membership) else None
        if of != about or not isinstance(other, (Attendance, Membership)) or other.capacity not in capacities:
            continue
        entity = corpus.entity(paper.document.key, other.party)
        if states_only and entity.kind != "state":
            continue
        found.setdefault(entity.key, other.name)
        sentences[corpus.sentence(other.evidence[0].passage)] += 1
    if len(found) < 3:  # one host or chair alone is no list
        return None
    return tuple(sorted(found.values())), min(sentences, key=lambda s: (-sentences[s], s.start))


def _capacities(lists: str, unit: str) -> frozenset[str]:
    if lists == "observers" or (lists == "" and "observer" in unit and "member" not in unit):
        return frozenset({"observer"})
    if lists == "members":
        return frozenset({"member"})
    if "observer" in unit or lists == "parties":
        return frozenset({"participant", "observer", "host", "co-chair", "member"})
    return frozenset({"participant", "member", "host", "co-chair"})
