"""Stated numbers held against the lists that the papers give: fits, does not fit, or cannot be said, and why.

A number is checked against a list only where the list is of what is counted: the names in the brackets that follow
the number, else the parties that the paper lists of the meeting or body in the counted capacity. A number of persons
is never held against a list of states. The list of another paper of the same meeting is shown as a check of its own.
"""

from __future__ import annotations

import re
from collections import defaultdict
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
_STATES = re.compile(r"\b(?:countries|states|governments|economies|nations)\b")
_SOME = re.compile(
    r"\b(?:includ(?:ing|es?)|such as|among (?:them|others)|inter alia|for example|notably|e\.g\.|as well as others)",
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


def check_counts(corpus: Corpus) -> tuple[CountCheck, ...]:
    """Every stated number of the corpus against the lists of its own paper, and of other papers of the same meeting."""
    rows: list[CountCheck] = []
    for paper in corpus.papers:
        for fact in paper.facts:
            if isinstance(fact, StatedCount):
                rows += _check(corpus, paper, fact)
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class _List:
    """A list that a paper gives: the names read, the sentence, and how many names it may have.

    most     upper bound of the names: its parts at commas and 'and', as far as they were not all read
    counts   how many they are, with and without observers, hosts and chairs where the number does not say
    some     whether the list is of some only ('including', 'such as')
    """

    names: tuple[str, ...]
    passage: Passage
    most: int
    counts: frozenset[int]
    some: bool
    what: str


def _check(corpus: Corpus, paper: DocumentFacts, fact: StatedCount) -> list[CountCheck]:
    about = corpus.entity(paper, fact.about).key
    key = paper.document.key
    bracket = _bracketed(corpus, paper, fact)
    if bracket is not None:
        return [_held(about, key, fact, bracket, key)]
    persons = _PERSONS.search(fact.unit) and not _PARTIES.search(fact.unit)
    if persons or (not fact.lists and not _PARTIES.search(fact.unit)):
        why = "it counts persons; the papers list states and organisations"
        return [CountCheck(about, key, fact, "cannot-be-said", why)]
    rows = []
    own = _listed(corpus, paper, fact.about, fact, "this paper")
    if own:
        rows.append(_held(about, key, fact, own, key))
    else:
        rows.append(CountCheck(about, key, fact, "cannot-be-said", "this paper gives no list of them"))
    for other, thing in () if own else corpus.entities[about].members:
        listed = _listed(corpus, corpus.by_key[other], thing, fact, other) if other != key else None
        if listed:
            rows.append(_held(about, key, fact, listed, other))
    return rows


def _held(about: str, paper: str, fact: StatedCount, against: _List, list_in: str) -> CountCheck:
    verdict, why = _verdict(fact, against)
    count = len(against.names)
    return CountCheck(about, paper, fact, verdict, why, count, list_in, against.passage, against.names)


def _verdict(fact: StatedCount, against: _List) -> tuple[Fit, str]:
    count, number = len(against.names), fact.number
    told = f"{against.what}: {count}, stated {'' if fact.exact else 'about '}{number}"
    if not fact.exact:
        # 'Over 100', 'some 80': a list of about as many, or of more than 'over' says, fits.
        fits = number <= count <= number * 1.5 or abs(count - number) <= max(1, number // 10)
    else:
        fits = number in against.counts
    if fits:
        return "fits", told + (
            "" if number == count or not fact.exact else " (without observers, or with hosts and chairs)"
        )
    if against.some and number > count:
        return "cannot-be-said", f"{told}; the list names some only"
    if count < number <= against.most:
        return "cannot-be-said", f"{told}; not all of its words were read as names"
    return "does-not-fit", told


def _bracketed(corpus: Corpus, paper: DocumentFacts, fact: StatedCount) -> _List | None:
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
            found.setdefault(corpus.entity(paper, other.party).key, other.name)
    if not found:
        return None
    names = tuple(sorted(found.values()))
    some = bool(_SOME.search(inside))
    return _List(
        names, sentence, _parts(inside), frozenset({len(names)}), some, "the names in brackets after the number"
    )


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


_LIST = 3
"""Fewest parties that make a list: one host or chair alone is none, nor are parties named here and there."""
_NEAR = 2
"""How many sentences from a list another one may stand that goes on with it ('A, B and C came as observers')."""
_ENTRY = 12
"""Most words of a line of a list that has one name a line."""


def _listed(corpus: Corpus, paper: DocumentFacts, about: str, fact: StatedCount, whose: str) -> _List | None:
    """The list that a paper gives of the parties of a meeting or body in the counted capacity, of the counted kind."""
    unit = fact.unit.casefold()
    states_only = bool(_STATES.search(unit)) and "organi" not in unit
    capacities = _capacities(fact.lists, unit)
    said: dict[Passage, dict[str, tuple[str, str]]] = defaultdict(dict)
    for other in paper.facts:
        of = other.event if isinstance(other, Attendance) else other.body if isinstance(other, Membership) else None
        if of != about or not isinstance(other, (Attendance, Membership)) or other.capacity not in capacities:
            continue
        entity = corpus.entity(paper, other.party)
        if not states_only or entity.kind == "state":
            sentence = corpus.sentence(other.evidence[0].passage)
            said[sentence].setdefault(entity.key, (other.name, other.capacity))
    at = {sentence: corpus.position(sentence) for sentence in said}
    found = _of_list(said, at)
    if not found:
        return None
    listed: dict[str, tuple[str, str]] = {}
    for sentence in found:
        for key, party in said[sentence].items():
            listed.setdefault(key, party)
    hosts = {
        k for parties in said.values() for k, (_, c) in parties.items() if c in ("host", "co-chair")
    } - listed.keys()
    # A number of members may or may not count those who came as observers.
    extra = {k for k, (_, c) in listed.items() if c == "observer"} if "observer" not in unit else set()
    core = len(listed) - len(extra)
    first = min(found, key=lambda s: (-len(said[s]), s.start))
    counts = {len(listed), core, len(listed) + len(hosts), core + len(hosts)}
    return _List(
        tuple(sorted(name for name, _ in listed.values())),
        first,
        max(len(listed), sum(_parts(s.quote) for s in found)),
        frozenset(counts),
        any(_SOME.search(s.quote) for s in found),
        f"the {'states' if states_only else 'parties'} that {whose} lists",
    )


def _of_list(said: dict[Passage, dict[str, tuple[str, str]]], at: dict[Passage, int]) -> list[Passage]:
    """The sentences that make up a list: those with several parties, lines of one party in a row, and what goes on with
    them; in order of the text."""
    lines = {i for s, i in at.items() if len(s.quote.split()) <= _ENTRY and len(said[s]) < _LIST}
    runs = {i for i in lines if len({i - 2, i - 1, i, i + 1, i + 2} & lines) >= _LIST}
    heads = [i for s, i in at.items() if len(said[s]) >= _LIST or i in runs]
    return sorted((s for s, i in at.items() if any(abs(i - h) <= _NEAR for h in heads)), key=lambda s: s.start)


def _parts(text: str) -> int:
    """How many names a list of words can have: its parts at commas, semicolons and 'and'."""
    return len([p for p in re.split(r"[,;]|\band\b", text) if p.strip()])


def _capacities(lists: str, unit: str) -> frozenset[str]:
    if lists == "observers" or (lists == "" and "observer" in unit and "member" not in unit):
        return frozenset({"observer"})
    if lists == "members":
        return frozenset({"member"})
    if "observer" in unit or lists == "parties":
        return frozenset({"participant", "observer", "host", "co-chair", "member"})
    return frozenset({"participant", "member", "host", "co-chair"})
