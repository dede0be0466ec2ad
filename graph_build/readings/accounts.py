"""Two accounts of one meeting, field by field: where they agree, where they differ, what only one says.

Each paper that tells of a meeting is an account; every two accounts of a meeting are compared. Nothing is decided:
each row keeps both values with both sentences. Dates of unequal precision that do not contradict agree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from graph_build.readings.language import ALIKE, Reuse, folded, measure
from graph_build.readings.papers import Corpus, event_facts, overlap
from graph_build.records import (
    Attendance,
    Commitment,
    DocumentFacts,
    Passage,
    PersonRole,
    StatedCount,
)

Verdict = Literal["agree", "differ", "only-one"]


@dataclass(frozen=True, slots=True)
class Said:
    """What one paper says in one field: the value as read, and its sentence."""

    value: str
    passage: Passage


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field of one meeting in two papers. A side is None where that paper does not say it.

    meeting  key of the meeting; field 'start', 'host', 'participants' ...; note a word on the verdict, or ''
    """

    meeting: str
    field: str
    verdict: Verdict
    papers: tuple[str, str]
    one: Said | None
    other: Said | None
    note: str = ""


@dataclass
class Account:
    """One paper's account of one meeting."""

    paper: str
    label: Said
    values: dict[str, Said]
    parties: dict[str, dict[str, Said]]
    """capacity → key of the state or organisation → its name there"""
    persons: dict[str, dict[str, Said]]
    counts: list[tuple[StatedCount, Said]]
    outcomes: list[Said]
    described: bool = False


def accounts(corpus: Corpus) -> dict[str, list[Account]]:
    """Meeting key → its accounts, in the order of the papers' keys."""
    found: dict[str, list[Account]] = defaultdict(list)
    for paper in corpus.papers:
        for thing in paper.things:
            if thing.kind == "event":
                key = corpus.entity(paper, thing.id).key
                found[key].append(_account(corpus, paper, thing.id))
    return dict(sorted(found.items()))


def _account(corpus: Corpus, paper: DocumentFacts, event: str) -> Account:
    thing = paper.thing(event)
    found = Account(
        paper.document.key, Said(thing.label, corpus.sentence(thing.evidence[0].passage)), {}, defaultdict(dict),
        defaultdict(dict), [], [],
    )  # fmt: skip
    said = event_facts(paper).get(event)
    found.described = said is not None and said.status == "described"
    for name in ("start", "end", "city", "country", "ordinal"):
        if said and (value := getattr(said, name)):
            found.values[name] = Said(value.value, value.passage)
    for fact in paper.facts:
        if isinstance(fact, Attendance) and fact.event == event:
            key = corpus.entity(paper, fact.party).key
            found.parties[fact.capacity].setdefault(key, Said(fact.name, fact.evidence[0].passage))
        elif isinstance(fact, PersonRole) and fact.event == event:
            key = corpus.entity(paper, fact.person).key
            found.persons[fact.role].setdefault(key, Said(fact.name, fact.evidence[0].passage))
        elif isinstance(fact, StatedCount) and fact.about == event:
            words = f"{'' if fact.exact else 'about '}{fact.number} {fact.unit}".strip()
            found.counts.append((fact, Said(words, fact.evidence[0].passage)))
        elif isinstance(fact, Commitment) and fact.made_at == event:
            found.outcomes.append(Said(fact.clause.quote, fact.clause))
    return found


Said2 = tuple[Passage, Passage]


def compare(corpus: Corpus, language: Iterable[Reuse] = ()) -> tuple[Comparison, ...]:
    """Every field of every meeting that two papers tell of, meeting by meeting. `language` is what stands in both."""
    again: dict[frozenset[str], list[Said2]] = defaultdict(list)
    for reuse in language:
        if not reuse.boilerplate:
            again[frozenset((reuse.earlier.document, reuse.later.document))].append((reuse.earlier, reuse.later))
    rows: list[Comparison] = []
    for key, told in accounts(corpus).items():
        for one, other in _pairs(told):
            rows += _fields(key, one, other, again[frozenset((one.paper, other.paper))])
    return tuple(rows)


def _pairs(told: list[Account]) -> Iterator[tuple[Account, Account]]:
    """The accounts to compare: each that describes the meeting with all others; of those that only mention it one for
    each different thing that they say, so that a conference of which a thousand papers speak stays readable."""
    kept: list[Account] = []
    seen: set[object] = set()
    for account in told:
        values = (folded(account.label.value), tuple(sorted((n, s.value) for n, s in account.values.items())))
        if account.described or account.outcomes or values not in seen:
            seen.add(values)
            kept.append(account)
    for one, other in combinations(kept, 2):
        if one.paper != other.paper:
            yield one, other


def _fields(key: str, one: Account, other: Account, again: Sequence[Said2]) -> Iterator[Comparison]:
    papers = (one.paper, other.paper)
    verdict: Verdict = "agree" if folded(one.label.value) == folded(other.label.value) else "differ"
    yield Comparison(key, "name", verdict, papers, one.label, other.label)
    for name in ("start", "end", "city", "country", "ordinal"):
        yield from _value(key, name, papers, one.values.get(name), other.values.get(name))
    yield from _roles(key, papers, one.parties, other.parties, ("host", "co-chair"))
    for name in ("participant", "observer"):
        yield from _lists(key, f"{name}s", papers, one.parties.get(name, {}), other.parties.get(name, {}))
    yield from _roles(key, papers, one.persons, other.persons, ("co-chair", "chair", "opener", "keynote"), "person ")
    yield from _counts(key, papers, one.counts, other.counts)
    yield from _outcomes(key, papers, one.outcomes, other.outcomes, again)


def _value(key: str, field: str, papers: tuple[str, str], a: Said | None, b: Said | None) -> Iterator[Comparison]:
    if a and b:
        finer = a.value != b.value and (a.value.startswith(b.value) or b.value.startswith(a.value))
        dates = field in ("start", "end") and finer
        same = a.value.casefold() == b.value.casefold() or dates
        yield Comparison(key, field, "agree" if same else "differ", papers, a, b, "one is more exact" if dates else "")
    elif a or b:
        yield Comparison(key, field, "only-one", papers, a, b)


def _roles(
    key: str,
    papers: tuple[str, str],
    one: dict[str, dict[str, Said]],
    other: dict[str, dict[str, Said]],
    roles: Sequence[str],
    prefix: str = "",
) -> Iterator[Comparison]:
    """Who did what: the same actor in the same role agrees; in another role, and not also in this one, it differs."""
    done: set[str] = set()
    for role in roles:
        for actor in sorted(one.get(role, {}).keys() | other.get(role, {}).keys()):
            a, b = one.get(role, {}).get(actor), other.get(role, {}).get(actor)
            if a and b:
                yield Comparison(key, f"{prefix}{role}", "agree", papers, a, b)
                done.add(actor)
        for actor in sorted(one.get(role, {}).keys() | other.get(role, {}).keys()):
            a, b = one.get(role, {}).get(actor), other.get(role, {}).get(actor)
            if actor in done or (a and b):
                continue
            there = other if a else one
            elsewhere = [(r, s[actor]) for r in roles if r != role and (s := there.get(r, {})) and actor in s]
            if elsewhere:
                as_what, said = elsewhere[0]
                mine, theirs = f"{role}: {(a or b or said).value}", f"{as_what}: {said.value}"
                left = Said(mine, a.passage) if a else Said(theirs, said.passage)
                right = Said(mine, b.passage) if b else Said(theirs, said.passage)
                yield Comparison(
                    key, f"{prefix}role", "differ", papers, left, right, f"{role} in one, {as_what} in the other"
                )
                done.add(actor)
            else:
                yield Comparison(key, f"{prefix}{role}", "only-one", papers, a, b)


def _lists(
    key: str, field: str, papers: tuple[str, str], one: dict[str, Said], other: dict[str, Said]
) -> Iterator[Comparison]:
    """Lists of parties as wholes: those in both, those only in one, each with the sentence of the list."""
    both = sorted(one.keys() & other.keys())
    if both:
        yield Comparison(key, field, "agree", papers, _listed(one, both), _listed(other, both), f"{len(both)} in both")
    only, others = sorted(one.keys() - other.keys()), sorted(other.keys() - one.keys())
    if only and others and both:
        note = f"{len(only)} only in the first, {len(others)} only in the second"
        yield Comparison(key, field, "differ", papers, _listed(one, only), _listed(other, others), note)
    elif only:
        yield Comparison(key, field, "only-one", papers, _listed(one, only), None, f"{len(only)} only in the first")
    if others and not (only and both):
        yield Comparison(
            key, field, "only-one", papers, None, _listed(other, others), f"{len(others)} only in the second"
        )


def _listed(said: dict[str, Said], keys: Sequence[str]) -> Said:
    return Said(", ".join(sorted(said[k].value for k in keys)), said[keys[0]].passage)


def _counts(
    key: str, papers: tuple[str, str], one: list[tuple[StatedCount, Said]], other: list[tuple[StatedCount, Said]]
) -> Iterator[Comparison]:
    """Numbers of what is counted in like words: 'officials and experts' with 'participants' as wholes of the attendance."""
    left = list(other)
    for count, said in one:
        match = next((o for o in left if _unit(o[0]) == _unit(count)), None)
        if match is None:
            yield Comparison(key, "count", "only-one", papers, said, None)
            continue
        left.remove(match)
        verdict: Verdict = "agree" if match[0].number == count.number else "differ"
        note = "" if match[0].exact and count.exact else "one of them is not exact"
        if verdict == "differ" and note:
            continue_ = max(count.number, match[0].number)
            small = min(count.number, match[0].number)
            verdict = "agree" if small / continue_ > 0.8 else "differ"
        yield Comparison(key, "count", verdict, papers, said, match[1], note)
    for _, said in left:
        yield Comparison(key, "count", "only-one", papers, None, said)


_PEOPLE = frozenset(
    "participants participant officials experts delegates representatives people persons attendees".split()
)


def _unit(count: StatedCount) -> str:
    """What is counted: everybody in the room, or what the unit's words say."""
    words = set(folded(count.unit))
    return (
        "people"
        if words & _PEOPLE and not words & {"countries", "members", "observers", "states"}
        else " ".join(sorted(words))
    )


_ALONE = "no outcome in like words in the other"


def _outcomes(
    key: str, papers: tuple[str, str], one: list[Said], other: list[Said], again: Sequence[Said2]
) -> Iterator[Comparison]:
    """Commitments that say the same in both papers, in part or as wholes, and those that only one gives in such words."""
    words = [folded(o.value) for o in other]
    left = set(range(len(other)))
    apart: list[Said] = []
    for said in one:
        mine = folded(said.value)
        scored = [(measure(mine, words[i], ALIKE), -i) for i in sorted(left)]
        score, at = max(scored, default=(0.0, 0))
        if score:
            left.discard(-at)
            verdict: Verdict = "agree" if mine == words[-at] else "differ"
            note = "" if verdict == "agree" else "the same outcome in other words"
            yield Comparison(key, "outcome", verdict, papers, said, other[-at], note)
        else:
            apart.append(said)
    for said in apart:
        partly = next((i for i in sorted(left) if _stand_again(said.passage, other[i].passage, again)), None)
        if partly is None:
            yield Comparison(key, "outcome", "only-one", papers, said, None, _ALONE)
        else:
            left.discard(partly)
            yield Comparison(key, "outcome", "differ", papers, said, other[partly], "the same words in part")
    for i in sorted(left):
        yield Comparison(key, "outcome", "only-one", papers, None, other[i], _ALONE)


def _stand_again(one: Passage, other: Passage, again: Sequence[Said2]) -> bool:
    """Whether words of one passage stand again in the other, as the reading of agreed language found."""
    return any((overlap(a, one) and overlap(b, other)) or (overlap(b, one) and overlap(a, other)) for a, b in again)
