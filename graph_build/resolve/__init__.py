"""Decides which mentions in which papers are one thing, once, over all documents.

States by code, bodies before meetings (a meeting is of a body), meetings before instruments (a statement is of a
meeting), persons by name and affiliation. Nothing depends on the order of documents; what is ambiguous is not merged;
every merge carries its rule and reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace

from graph_build.judgements import LITERALS, NONE, Judgement, Judgements, ThingReference
from graph_build.records import DocumentFacts, Entity, Outline, Resolution, collapse, outline, readable
from graph_build.resolve import names
from graph_build.resolve.bodies import resolve_bodies
from graph_build.resolve.clusters import Judged, Member
from graph_build.resolve.entities import Draft, Drafts, finish
from graph_build.resolve.events import Events
from graph_build.resolve.instruments import Instruments
from graph_build.resolve.persons import Persons

__all__ = ["resolve", "unapplied"]


def resolve(
    documents: Iterable[DocumentFacts | Outline], judgements: Judgements = NONE, former: Resolution | None = None
) -> Resolution:
    """The entities of a corpus, in the order of their keys.

    judgements  what persons said is the same, different or better called; entries that name nothing here do nothing
                (`unapplied` lists them)
    former      an earlier resolution of a corpus that this one extends: its keys stay as aliases of what they meant
    """
    ordered = _ordered(documents)
    drafts, series = _drafts(ordered, Judged())
    olds = _former(former)
    found = _finished(drafts, series, olds)
    if judgements.of("same") or judgements.of("different"):
        judged = _judged(judgements, ordered, drafts, found)
        drafts, series = _drafts(ordered, judged)
        found = _finished(drafts, series, _keys_of(found) | olds)
    return _labelled(found, judgements, ordered)


def _ordered(documents: Iterable[DocumentFacts | Outline]) -> tuple[Outline, ...]:
    outlines = (outline(d) if isinstance(d, DocumentFacts) else d for d in documents)
    return tuple(sorted(outlines, key=lambda d: d.key))


def _drafts(documents: tuple[Outline, ...], judged: Judged) -> tuple[list[Draft], Drafts]:
    bodies = resolve_bodies(documents, judged)
    events = Events(documents, bodies, judged)
    instruments = Instruments(documents, bodies, events, judged)
    drafts = Drafts(bodies, events, instruments, Persons(documents, bodies, judged))
    found = drafts.all(((d.key, t.id), t) for d in documents for t in d.things if t.kind == "state")
    return found, drafts


def _finished(drafts: list[Draft], made: Drafts, former: dict[str, Member]) -> Resolution:
    return Resolution(finish(drafts, made.series.values(), former))


def _former(former: Resolution | None) -> dict[str, Member]:
    if former is None:
        return {}
    return _keys_of(former)


def _keys_of(found: Resolution) -> dict[str, Member]:
    return {key: e.members[0] for e in found.entities if e.members for key in (e.key, *e.former)}


def _named(documents: tuple[Outline, ...]) -> dict[tuple[str, str], list[Member]]:
    """(paper, folded name) → the things of that paper which bear the name."""
    found: dict[tuple[str, str], list[Member]] = defaultdict(list)
    for facts in documents:
        for thing in facts.things:
            for name in sorted({_plain(n) for n in (thing.label, thing.acronym, *thing.names) if n}):
                found[facts.key, name].append((facts.key, thing.id))
    return found


def _plain(name: str) -> str:
    return " ".join(names.tokens(name)) or name.casefold()


def _members(
    reference: ThingReference,
    named: dict[tuple[str, str], list[Member]],
    keyed: dict[str, tuple[Member, ...]],
) -> tuple[Member, ...]:
    """The mentions that a judgement names; empty where it names nothing, or a name that two things of a paper bear."""
    if reference.key:
        return keyed.get(reference.key, ())
    found = named.get((reference.paper, _plain(reference.name)), [])
    return tuple(found) if len(found) == 1 else ()


def _by_key(found: Resolution, drafts: Iterable[Draft] = ()) -> dict[str, tuple[Member, ...]]:
    keyed = {key: e.members for e in found.entities for key in (*e.former, e.key)}
    for draft in drafts:
        # A key that one paper alone gives names that paper's mention, although it is an alias of the whole by now.
        keyed |= {key: tuple(ms) for key, ms in draft.alone.items() if key in keyed and len(ms) < len(keyed[key])}
    return keyed | {e.key: e.members for e in found.entities}


def _judged(judgements: Judgements, documents: tuple[Outline, ...], drafts: list[Draft], found: Resolution) -> Judged:
    named, keyed = _named(documents), _by_key(found, drafts)
    kind: dict[Member, str] = {(d.key, t.id): t.kind for d in documents for t in d.things}
    frozen: set[Member] = set()
    same: list[tuple[tuple[Member, ...], str]] = []
    for entry in judgements.of("different"):
        groups = [_members(t, named, keyed) for t in entry.things]
        if not all(groups):
            continue
        for group in groups[1:]:
            if set(group) & set(groups[0]):
                continue
            frozen.update(group)
            same.append((group, _because(entry)))
    for entry in judgements.of("same"):
        groups = [_members(t, named, keyed) for t in entry.things]
        members = tuple(sorted({m for g in groups for m in g}))
        if all(groups) and len({kind[m] for m in members}) == 1:
            same.append((members, _because(entry)))
    return Judged(frozenset(frozen), tuple(same))


def _because(entry: Judgement) -> str:
    return f"judged by {entry.who} on {entry.when}: {entry.why}"


def _labelled(found: Resolution, judgements: Judgements, documents: tuple[Outline, ...]) -> Resolution:
    if not judgements.of("label"):
        return found
    named, keyed = _named(documents), _by_key(found)
    labels: dict[str, str] = {}
    for entry in judgements.of("label"):
        for member in _members(entry.things[0], named, keyed)[:1]:
            labels[found.of[member].key] = entry.label
    entities = []
    for e in found.entities:
        if (label := labels.get(e.key)) and label != e.label:
            e = _renamed(e, label)
        entities.append(e)
    return Resolution(tuple(entities))


def _renamed(entity: Entity, label: str) -> Entity:
    others = tuple(sorted({*entity.names, entity.label} - {label}))
    return replace(entity, label=label, names=others)


def unapplied(
    judgements: Judgements,
    papers: Mapping[str, DocumentFacts],
    found: Resolution,
    statements: Container[str] | None = None,
) -> tuple[tuple[Judgement, str], ...]:
    """Judgements that no longer apply, each with the reason in words.

    papers      the corpus by key; read are those that a judgement names
    statements  keys of all statements of the build, to check rejections; None leaves them unchecked
    """
    if not judgements.entries:
        return ()
    cited = {t.paper for entry in judgements.entries for t in entry.things if t.paper in papers}
    named, keyed = _named(_ordered(papers[key] for key in cited)), _by_key(found)
    out: list[tuple[Judgement, str]] = []
    for entry in judgements.entries:
        missing = [str(t) for t in entry.things if not _members(t, named, keyed) and t.key not in keyed]
        if missing:
            out.append((entry, f"nothing is called {missing[0]} any more"))
        elif entry.kind == "same":
            if len({found.of[m].key for t in entry.things for m in _members(t, named, keyed)}) != 1:
                out.append((entry, "the things are of different kinds"))
        elif entry.kind == "different":
            keys = [{found.of[m].key for m in _members(t, named, keyed)} for t in entry.things]
            if any(a & b for i, a in enumerate(keys) for b in keys[i + 1 :]):
                out.append((entry, "both now name one mention in one paper"))
        elif entry.kind == "reject" and statements is not None and entry.fact not in statements:
            out.append((entry, "no statement has this key any more"))
        elif entry.kind == "add":
            if entry.paper not in papers:
                out.append((entry, f"the paper {entry.paper} is not in the corpus"))
            elif collapse(readable(entry.quote)) not in collapse(readable(papers[entry.paper].document.text)):
                out.append((entry, "the quote does not stand in the paper"))
            elif entry.property not in LITERALS and entry.object not in keyed and not entry.object.startswith("state/"):
                out.append((entry, f"nothing is called {entry.object} any more"))
    return tuple(out)
