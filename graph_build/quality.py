"""What to look at before trusting a build: coverage by paper, doubtful identity, numbers that do not fit, findings.

Made at build time from the facts and their resolution, written into the build as `quality.json`; what changed since
the build before is compared when the report is shown, for a build's content knows nothing of other builds.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import msgspec

from graph_build.errors import InputError
from graph_build.judgements import Judgement
from graph_build.readings import Corpus, CountCheck
from graph_build.records import DocumentFacts, Entity, Outline, Resolution
from graph_build.resolve import names
from graph_build.resolve.bodies import is_unit

T = TypeVar("T")
FILE = "quality.json"
_WEAK = {
    "same-acronym": "joined by the acronym alone",
    "short-form": "joined because one name opens the other",
    "same-other-name": "joined by another name that one paper gives",
    "compatible-name": "joined by compatible names and the same affiliation",
    "same-dates": "joined by the same dates and compatible names",
    "same-name": "joined by the name alone",
}
"""Rules of identity that lean on less than a full name with its date, owner or reference."""
_SURE_BY_NAME = ("body", "organisation", "instrument")


@dataclass(frozen=True)
class Coverage:
    """How much of one paper was read.

    with_facts  sentences that gave at least one fact
    unread      sentences with a cue from which nothing was read, as they stand
    facts       facts by kind
    """

    document: str
    title: str
    date: str
    sentences: int
    with_facts: int
    unread: tuple[str, ...]
    facts: dict[str, int]


@dataclass(frozen=True)
class Doubt:
    """Something about identity that a person should look at.

    kind    'weak-merge' (joined on little), 'look-alike' (kept apart, but alike), 'unresolved' (cannot be told)
    things  keys of the things; why in words; mentions as 'paper: name'
    """

    kind: str
    things: tuple[str, ...]
    why: str
    mentions: tuple[str, ...]


@dataclass(frozen=True)
class Count:
    """A stated number that does not fit its list."""

    document: str
    number: int
    unit: str
    why: str
    sentence: str
    listed: tuple[str, ...]


@dataclass(frozen=True)
class Unapplied:
    """A judgement that no longer applies."""

    judgement: str
    where: str
    why: str


@dataclass(frozen=True)
class Quality:
    """The report of one build."""

    coverage: tuple[Coverage, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    counts: tuple[Count, ...] = ()
    unapplied: tuple[Unapplied, ...] = ()


def quality(
    corpus: Corpus,
    covered: Mapping[str, Coverage],
    misfits: Iterable[CountCheck],
    unapplied: Iterable[tuple[Judgement, str]] = (),
) -> Quality:
    """The report on a corpus; the same input gives the same report.

    covered  how much of each paper was read (`cover`), by its key
    misfits  stated numbers that do not fit their lists
    """
    resolution = corpus.resolution
    labels = {(o.key, t.id): t.label for o in corpus.outlines for t in o.things}
    counts = tuple(
        Count(c.paper, c.fact.number, c.fact.unit, c.because, c.fact.evidence[0].passage.quote, c.names)
        for c in misfits
    )
    doubts = (*_weak(resolution, labels), *_alike(resolution, labels), *_unresolved(corpus.outlines, resolution))
    return Quality(
        tuple(replace(covered[o.key], date=corpus.dates[o.key]) for o in corpus.outlines),
        doubts,
        counts,
        tuple(Unapplied(str(j), j.where, why) for j, why in unapplied),
    )


def encode(report: Quality) -> bytes:
    """The report as JSON."""
    return msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n"


def decode(data: bytes) -> Quality:
    """The report of JSON; InputError where it is none."""
    try:
        return msgspec.json.decode(data, type=Quality)
    except msgspec.DecodeError as error:
        raise InputError(f"this is no quality report: {error}", FILE, "build the graph again") from error


def cover(paper: DocumentFacts) -> Coverage:
    """How much of a paper was read; its date is not looked at."""
    starts = sorted({e.passage.start for f in paper.facts for e in f.evidence})
    cited = [s for s in paper.sentences if _meets(starts, s.start, s.end)]
    kinds = Counter(type(f).__name__ for f in paper.facts)
    unread = tuple(c.quote for c in paper.candidates if not _meets(starts, c.start, c.end))
    return Coverage(
        paper.document.key, paper.title, "", len(paper.sentences), len(cited), unread, dict(sorted(kinds.items()))
    )


def _meets(starts: list[int], start: int, end: int) -> bool:
    """Whether a passage begins in a range."""
    at = bisect_left(starts, start)
    return at < len(starts) and starts[at] < end


Labels = Mapping[tuple[str, str], str]


def _mentions(members: Iterable[tuple[str, str]], labels: Labels) -> tuple[str, ...]:
    return tuple(f"{m[0]}: {labels[m]}" for m in sorted(set(members)))


def _weak(resolution: Resolution, labels: Labels) -> Iterator[Doubt]:
    """Merges on little, but those of bodies and instruments by one full name, and of names that are alike."""
    for entity in resolution.entities:
        for merge in entity.merges:
            said = {labels[m] for m in merge.members}
            if merge.rule not in _WEAK or (merge.rule == "same-name" and entity.kind in _SURE_BY_NAME):
                continue
            if len(said) > 1 or merge.rule == "same-name":
                yield Doubt(
                    "weak-merge",
                    (entity.key,),
                    f"{_WEAK[merge.rule]}: {merge.because}",
                    _mentions(merge.members, labels),
                )


def _alike(resolution: Resolution, labels: Labels) -> Iterator[Doubt]:
    """Things that were kept apart although their names, or their days and words, are alike."""
    groups: dict[tuple[str, str], dict[str, Entity]] = defaultdict(dict)
    for entity in resolution.entities:
        for kind, sign in _signs(entity, labels):
            groups[kind, sign][entity.key] = entity
    for (kind, sign), found in sorted(groups.items()):
        if 1 < len(found) <= 12:
            members = [m for e in found.values() for m in e.members]
            yield Doubt("look-alike", tuple(sorted(found)), f"kept apart: {kind} ({sign})", _mentions(members, labels))


def _signs(entity: Entity, labels: Labels) -> Iterator[tuple[str, str]]:
    if entity.kind == "person":
        yield "persons of one name, affiliations differ or are not stated", " ".join(names.tokens(entity.label))
    elif entity.kind in ("body", "organisation"):
        if entity.acronym:
            yield "bodies with one acronym", entity.acronym
        yield "bodies of one name", " ".join(names.bag(names.words(entity.label)))
    elif entity.kind == "instrument":
        yield "instruments of one name", " ".join(names.tokens(entity.label))
    elif entity.kind == "meeting":
        said = {n: v for n, v, _ in entity.values}
        if len(said.get("start", "")) == 10 and said.get("city"):
            yield "meetings of one day and city", f"{said['start']}, {said['city']}"
        if entity.series and entity.ordinal:
            yield "meetings of one series and number", f"{entity.series}, {entity.ordinal}"


def _unresolved(papers: Iterable[Outline], resolution: Resolution) -> Iterator[Doubt]:
    """Names that do not say which thing they mean: a unit without its whole, a meeting with neither date nor number."""
    for paper in papers:
        events = {f.event: f for f in paper.events}
        for thing in paper.things:
            if thing.kind not in ("body", "event"):
                continue
            entity = resolution.of[paper.key, thing.id]
            if len(entity.members) > 1:
                continue
            mention = (f"{paper.key}: {thing.label}",)
            if thing.kind == "body" and not entity.reference and not entity.part_of and not thing.acronym:
                found = names.tokens(thing.label)
                if is_unit(thing.label, found) and not names.split_nation(found)[0]:
                    yield Doubt("unresolved", (entity.key,), "a unit, and no paper says of what", mention)
            elif thing.kind == "event":
                fact = events.get(thing.id)
                if fact and not fact.start and not fact.ordinal:
                    yield Doubt("unresolved", (entity.key,), "a meeting with neither date nor number", mention)


def as_text(report: Quality, findings: Sequence[str] = (), changes: str = "", most: int = 8) -> str:
    """The report for people. `findings` are the results of the shapes in words, `changes` what the build before lacked
    or had; of each list the first `most` are shown, and how many more there are."""
    total = len(report.coverage)
    lines: list[str] = ["Coverage by paper"]
    covered = report.coverage
    if total > 5 * most:
        covered = tuple(sorted(covered, key=lambda c: (c.with_facts / max(1, c.sentences), c.document))[: 5 * most])
        lines = [f"Coverage by paper: the {len(covered)} of {total:,} of which least was read"]
    for c in covered:
        share = f"{c.with_facts} of {c.sentences} sentences gave facts" if c.sentences else "no sentences were read"
        facts = sum(c.facts.values())
        lines.append(
            f"  {c.document}{f' ({c.date})' if c.date else ' (no date)'}: {share}, {facts} facts, {len(c.unread)} candidates without"
        )
        lines += _some(c.unread, most, lambda q: f"      ? {q}")
    for kind, title in (
        ("unresolved", "Names that do not say which thing they mean"),
        ("weak-merge", "Merges on little (contradict one with: communique judge different)"),
        ("look-alike", "Kept apart, but alike (join with: communique judge same)"),
    ):
        doubts = [d for d in report.doubts if d.kind == kind]
        lines += ["", f"{title}: {len(doubts)}"]
        lines += _some(doubts, most, lambda d: f"  {d.why}\n" + "\n".join(f"      {m}" for m in d.mentions[:6]))
    lines += ["", f"Stated numbers that do not fit: {len(report.counts)}"]
    lines += _some(report.counts, most, lambda n: f"  {n.document}: {n.number} {n.unit}; {n.why}\n      “{n.sentence}”")
    lines += ["", f"Results of the shapes: {len(findings)}"]
    lines += _some(findings, most, lambda f: "\n".join(f"  {line}" for line in f.splitlines()))
    lines += ["", f"Judgements that no longer apply: {len(report.unapplied)}"]
    lines += _some(report.unapplied, most, lambda u: f"  {u.where}: {u.why} ({u.judgement})")
    if changes:
        lines += ["", "Changes since the build before", *(f"  {line}" for line in changes.splitlines())]
    return "\n".join(lines) + "\n"


def _some(items: Sequence[T], most: int, write: Callable[[T], str]) -> list[str]:
    shown = [write(item) for item in items[:most]]
    return [*shown, f"      … and {len(items) - most} more"] if len(items) > most else shown
