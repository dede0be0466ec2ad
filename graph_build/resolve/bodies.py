"""Which bodies and organisations of several documents are one.

In tiers, so that nothing depends on the order of files: the entry of the reference data; the same name standing by
itself; an acronym that only one name bears; a short form that only one longer name opens with ('Bali Process'); then,
parents before children, units by name within the same whole ('Working Group on X' of one forum, 'Ministry of Y' of
one state).
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TypeVar

from graph_build.records import Outline, ThingOutline
from graph_build.resolve import names
from graph_build.resolve.clusters import Judged, Member, Pool, differ
from graph_build.vocabulary import organisations

Core = tuple[str, ...]
K = TypeVar("K", bound=Hashable)

_SHORT = re.compile(r"^(.{6,60}?)\s+(?:on|for|against|to)\s+(?=[A-Z])")


@dataclass
class BodyMention:
    """A body as one document names it, taken apart.

    nation  code of the state that the name carries; core the other words, without order
    within  words of the whole that the name itself gives after a comma
    unit    whether the name says nothing without its whole
    parent  the ThingOutline of this document that it is part of, or ''
    """

    member: Member
    thing: ThingOutline
    nation: str
    core: Core
    within: str
    unit: bool
    parent: str
    aliases: tuple[str, ...]
    acronyms: frozenset[str]
    scope: str = ""
    inferred: bool = False
    """Whether the whole was taken from the forum of the paper."""


@dataclass
class Bodies:
    """The clusters of bodies, and a way to find a body by its name at the start of another name."""

    pool: Pool
    mentions: dict[Member, BodyMention]
    forums: dict[str, Member]
    """document → the member of the standing body that its meeting belongs to, where that is clear"""
    index: dict[Core, Member] = field(default_factory=dict)
    units: dict[Core, tuple[Member, ...]] = field(default_factory=dict)
    """names of units, as ordered folded words without their whole → roots of the clusters that bear them"""
    parents: dict[Member, Member] = field(default_factory=dict)
    """member → member of its whole, as said or as its name says"""

    settled: bool = False
    """Whether clusters and wholes change no more, so that what was found of them holds."""
    _wholes: dict[Member, Member | None] = field(default_factory=dict)

    def top(self, member: Member) -> Member:
        """Root of the cluster of the outermost whole."""
        seen = set()
        at = self.pool.root(member)
        while at not in seen:
            seen.add(at)
            at = self.parent_root(at) or at
        return at

    def parent_root(self, root: Member) -> Member | None:
        """Root of the cluster of the whole that most members of a cluster give; None where none or undecided."""
        if not self.settled:
            return self._voted(root)
        if root not in self._wholes:
            self._wholes[root] = self._voted(root)
        return self._wholes[root]

    def _voted(self, root: Member) -> Member | None:
        votes: dict[Member, int] = {}
        for member in self.pool.cluster(root).members:
            if (parent := self.parents.get(member)) and self.pool.root(parent) != root:
                votes[self.pool.root(parent)] = votes.get(self.pool.root(parent), 0) + 1
        if not votes:
            return None
        best = max(votes.values())
        first = [m for m, v in votes.items() if v == best]
        return first[0] if len(first) == 1 else None

    def related(self, one: Member, other: Member) -> bool:
        """Whether two bodies are one or one is part of the other."""
        return self.pool.root(other) in self.line(one) or self.pool.root(one) in self.line(other)

    def line(self, member: Member) -> list[Member]:
        """A body and the wholes that it is part of, innermost first."""
        found = [self.pool.root(member)]
        while (parent := self.parent_root(found[-1])) and parent not in found:
            found.append(parent)
        return found

    def prefix(self, found: tuple[str, ...]) -> tuple[Member | None, int]:
        """The body whose name opens these folded words, and how many words that takes; the longest wins."""
        for size in range(min(len(found) - 1, 16), 0, -1):
            if member := self.index.get(found[:size]):
                return member, size
        return None, 0

    def unit(self, found: tuple[str, ...], near: Member | None) -> Member | None:
        """The unit of this name: the only one, or the only one within the same outermost body as `near`."""
        bearers = self.units.get(found, ())
        if near is not None:
            bearers = tuple(m for m in bearers if self.top(m) == self.top(near))
        return bearers[0] if len(bearers) == 1 else None


def take_apart(member: Member, thing: ThingOutline, known: Mapping[str, ThingOutline]) -> BodyMention:
    """A body's name as state, core, whole and acronyms."""
    nation, core, within, unit, aliases, found = _apart(thing.label, thing.names, thing.acronym)
    parent = thing.part_of if thing.part_of in known else ""
    if parent and known[parent].kind == "state":
        nation, parent = nation or known[parent].code, ""
    return BodyMention(member, thing, nation, core, within, unit, parent, aliases, found)


@lru_cache(1 << 16)
def _apart(
    full: str, others: tuple[str, ...], acronym: str
) -> tuple[str, Core, str, bool, tuple[str, ...], frozenset[str]]:
    label, _, within = _split_whole(full)
    nation, rest = _nation_and_rest(label)
    core = names.bag(tuple(w for w in rest if w not in names.listed("stop")))
    aliases = tuple(n for n in (*others, *_short_forms(full)) if not names.is_acronym(n) and not names.unit_only(n))
    found = {a for n in (full, acronym, *others) for a in names.acronyms(n)}
    return nation, core, within, is_unit(label, rest), aliases, frozenset(found)


def _nation_and_rest(label: str) -> tuple[str, tuple[str, ...]]:
    found = names.tokens(label)
    nation, rest = names.split_nation(found)
    # 'Hagar Australia' and 'Walk Free Thailand' are names; only a unit's state is its whole.
    return (nation, rest) if any(w in names.listed("unit") for w in rest) else ("", found)


def _split_whole(label: str) -> tuple[str, str, str]:
    """'X Division, Ministry of Y' → ('X Division', ',', 'Ministry of Y'); 'Office of X, Thailand' → one name of a state."""
    head, comma, tail = label.rpartition(", ")
    if comma and names.nation_of(tail):
        label = f"{head} of {tail}"
        head, comma, tail = label.rpartition(", ")
    unit = names.listed("unit")
    if comma and set(names.tokens(tail)) & unit and set(names.tokens(head)) & unit:
        return head, comma, tail
    return label, "", ""


@lru_cache(1 << 16)
def _short_forms(label: str) -> tuple[str, ...]:
    """'Bali Process' of 'Bali Process on People Smuggling ...': what stands before the matter that a body deals with."""
    match = _SHORT.match(label)
    if match and len(head := names.tokens(match[1])) > 1:
        lists = ("unit", "head", "soft", "standing", "wide")
        generic = frozenset[str]().union(*(names.listed(name) for name in lists))
        if not any(w in generic for w in head):
            return (match[1],)
    return ()


@lru_cache(1 << 16)
def is_unit(label: str, rest: tuple[str, ...]) -> bool:
    """Whether a name says nothing without its whole: 'Working Group on X', 'Ministry of Y'; not 'UN Office on Drugs'."""
    if not set(rest) & names.listed("unit"):
        return False
    if set(rest) & names.listed("national"):
        # 'Department of International Affairs' is a department of somebody.
        return not set(rest) & names.listed("standing")
    if set(rest) & (names.listed("standing") | names.listed("wide")):
        return False
    capitals = [w for w in re.findall(r"[\w-]+", re.sub(r"\([^)]*\)", "", label)) if names.is_acronym(w)]
    return not capitals and not names.nation_words(rest)


def resolve_bodies(documents: tuple[Outline, ...], judged: Judged) -> Bodies:
    """The clusters of all bodies of a corpus."""
    mentions: dict[Member, BodyMention] = {}
    for facts in documents:
        known = {t.id: t for t in facts.things}
        for thing in facts.things:
            if thing.kind == "body":
                member = (facts.key, thing.id)
                mentions[member] = take_apart(member, thing, known)
    pool = Pool(
        ((m, {"reference": b.thing.reference, "nation": b.nation}) for m, b in sorted(mentions.items())),
        {"reference": differ, "nation": differ},
        judged.frozen,
    )
    found = Bodies(pool, mentions, {})
    pool.judge(judged)
    _by_reference(found)
    _by_name(found)
    _by_acronym(found)
    _by_short_form(found)
    found.index = _index(found)
    _find_forums(found, documents)
    _units(found)
    _by_acronym(found)
    found.index = _index(found)
    found.units = _unit_index(found)
    found.settled = True
    return found


def _grouped(pairs: Iterable[tuple[K, Member]]) -> list[tuple[K, list[Member]]]:
    groups: dict[K, list[Member]] = {}
    for key, member in pairs:
        groups.setdefault(key, []).append(member)
    return sorted(((k, sorted(set(v))) for k, v in groups.items()), key=lambda g: str(g[0]))


def _by_reference(found: Bodies) -> None:
    pairs = ((b.thing.reference, m) for m, b in found.mentions.items() if b.thing.reference)
    for reference, members in _grouped(pairs):
        found.pool.join(members, "same-reference", f"all are {reference} of the reference data", same_document=True)


def _standing(body: BodyMention) -> bool:
    return not body.unit and not body.within and not body.parent or bool(body.thing.reference)


def _by_name(found: Bodies) -> None:
    own = [((b.core, b.nation), m) for m, b in found.mentions.items() if _standing(b) and b.core]
    for _, members in _grouped(own):
        label = found.mentions[members[0]].thing.label
        found.pool.join(members, "same-name", f"the same name: {label}", same_document=True)
    other = [
        ((names.bag(w), ""), m)
        for m, b in found.mentions.items()
        for alias in b.aliases
        if len(w := names.words(alias)) > 1 and not is_unit(alias, names.tokens(alias))
    ]
    by_alias = dict(_grouped([*own, *other]))
    for key in sorted({k for k, _ in other}, key=str):
        members = by_alias[key]
        if not _ambiguous(found.pool, members):
            words = " ".join(key[0])
            found.pool.join(members, "same-other-name", f"one paper gives the other's name ({words}) as another name")


def _ambiguous(pool: Pool, members: list[Member]) -> bool:
    roots = sorted({pool.root(m) for m in members})
    return len(roots) > 40 or not pool.agree(roots)


def _by_acronym(found: Bodies) -> None:
    """A name that is an acronym joins the one name that bears it."""
    pairs = [(a, m) for m, b in found.mentions.items() for a in b.acronyms if len(a) > 1]
    for acronym, members in _grouped(pairs):
        full = {found.pool.root(m) for m in members if not names.is_acronym(found.mentions[m].thing.label)}
        cores = {found.mentions[m].core for m in members if not names.is_acronym(found.mentions[m].thing.label)}
        if len(full) > 1 and len(cores) == 1 and not _ambiguous(found.pool, sorted(full)):
            found.pool.join(sorted(full), "same-name-and-acronym", f"the same name and acronym ({acronym})")
            full = {found.pool.root(m) for m in full}
        if len(full) <= 1:
            found.pool.join(members, "same-acronym", f"only one name in these papers bears the acronym {acronym}")


def _by_short_form(found: Bodies) -> None:
    """'Bali Process' joins the one body whose name opens with it and goes on with its matter."""
    longer: dict[Core, set[Member]] = {}
    for member, body in found.mentions.items():
        for short in _short_forms(body.thing.label):
            longer.setdefault(names.bag(names.words(short)), set()).add(found.pool.root(member))
    for member, body in sorted(found.mentions.items()):
        if body.core in longer and _standing(body):
            roots = {found.pool.root(r) for r in longer[body.core]} - {found.pool.root(member)}
            if len(roots) == 1:
                target = next(iter(roots))
                found.pool.join(
                    [member, target],
                    "short-form",
                    f"{body.thing.label} opens the name of only one body in these papers",
                )


def _index(found: Bodies) -> dict[Core, Member]:
    """Names of bodies that stand by themselves, as ordered folded words, to find them inside other names."""
    claims: dict[Core, set[Member]] = {}
    for member, body in found.mentions.items():
        if _standing(body):
            for name in (body.thing.label, *body.aliases, *body.acronyms):
                if key := names.tokens(name):
                    claims.setdefault(key, set()).add(found.pool.root(member))
    return {key: min(roots) for key, roots in claims.items() if len(roots) == 1}


def _unit_index(found: Bodies) -> dict[Core, tuple[Member, ...]]:
    claims: dict[Core, set[Member]] = {}
    for member, body in found.mentions.items():
        if not _standing(body) or member in found.parents:
            for name in (body.thing.label, *body.aliases, *body.acronyms):
                key = names.tokens(name)
                _, size = found.prefix(key)
                claims.setdefault(key[size:], set()).add(found.pool.root(member))
    return {key: tuple(sorted(roots)) for key, roots in claims.items() if key}


def _find_forums(found: Bodies, documents: tuple[Outline, ...]) -> None:
    for facts in documents:
        key = facts.key
        held = {
            (key, target)
            for source, relation, target in facts.links
            if relation == "heldBy" and source == facts.published_for
        } & found.mentions.keys()
        tops = {_outermost(found, m) for m in held}
        if not tops:
            title = names.tokens(facts.title)
            if title[:1] == ("the",):
                title = title[1:]
            member, _ = found.prefix(title)
            if not member and facts.published_for:
                member, _ = found.prefix(names.tokens(facts.thing(facts.published_for).label))
            tops = {found.pool.root(member)} if member else set()
        if len(tops) == 1:
            found.forums[key] = next(iter(tops))


def _outermost(found: Bodies, member: Member) -> Member:
    """The body at the head of a name, or the whole that the paper gives, else the body itself."""
    for _ in range(8):
        body = found.mentions[member]
        opened, _size = found.prefix(names.tokens(body.thing.label))
        if body.parent and (member[0], body.parent) in found.mentions:
            member = (member[0], body.parent)
        elif opened and found.pool.root(opened) != found.pool.root(member):
            member = opened
        else:
            break
    return found.pool.root(member)


def _units(found: Bodies) -> None:
    """Units by name within the same whole, wholes first."""
    entries: dict[str, Member] = {}
    for member, body in sorted(found.mentions.items()):
        if body.thing.reference:
            entries.setdefault(body.thing.reference, member)
    wholes = {o.id: o.parent for o in organisations() if o.parent}
    for member, body in found.mentions.items():
        opened, size = found.prefix(names.tokens(body.thing.label))
        tail = names.tokens(body.thing.label)[size:]
        if body.parent and (member[0], body.parent) in found.mentions:
            found.parents[member] = (member[0], body.parent)
        elif (whole := entries.get(wholes.get(body.thing.reference, ""))) and whole != member:
            found.parents[member] = whole
        elif opened and found.pool.root(opened) != found.pool.root(member) and set(tail) & names.listed("unit"):
            found.parents[member] = opened
    waiting = {m for m, b in found.mentions.items() if not _standing(b) or m in found.parents}
    for _ in range(5):
        ready = {m for m in waiting if found.parents.get(m) not in waiting}
        ready = {m for m in ready if not found.mentions[m].within} or ready
        if not ready:
            break
        _place(found, ready)
        waiting -= ready


def _place(found: Bodies, ready: set[Member]) -> None:
    pairs: list[tuple[tuple[Core, str, str], Member]] = []
    top = cache(found.top)  # no cluster changes before all are placed
    wholes: dict[tuple[Core, str], set[Member]] = {}
    for member, body in found.mentions.items():
        if not body.within:
            wholes.setdefault((body.core, body.nation), set()).add(found.pool.root(member))
    for member in sorted(ready):
        body = found.mentions[member]
        core, whole = body.core, ""
        if parent := found.parents.get(member):
            whole = "/".join(top(parent))
            opened, size = found.prefix(names.tokens(body.thing.label))
            if opened and top(opened) == top(parent):
                core = names.bag(
                    tuple(w for w in names.tokens(body.thing.label)[size:] if w not in names.listed("stop"))
                )
        elif body.within:
            nation, rest = _nation_and_rest(body.within)
            within = names.bag(tuple(w for w in rest if w not in names.listed("stop")))
            whole = f"{nation}:{' '.join(within)}"
            if len(bearers := wholes.get((within, nation), set())) == 1:
                found.parents[member] = min(bearers)
        elif not body.nation and body.unit and not set(core) & names.listed("national") and member[0] in found.forums:
            whole, body.inferred = "/".join(top(found.forums[member[0]])), True
        body.scope = whole
        if whole or body.nation:
            pairs.append(((core, body.nation, whole), member))
    for key, members in _grouped(pairs):
        thing = found.mentions[members[0]].thing
        said = (
            "of the forum of these papers" if any(found.mentions[m].inferred for m in members) else "of the same whole"
        )
        reason = f"the same name ({thing.label}) {said}" if key[2] else f"the same unit of {key[1]}: {thing.label}"
        if len({m[0] for m in members}) == len(members) or not _ambiguous(found.pool, members):
            found.pool.join(members, "same-unit", reason)
        else:
            found.pool.join(members, "same-unit", reason, same_document=_one_name(found, members))


def _one_name(found: Bodies, members: list[Member]) -> bool:
    return len({found.mentions[m].core for m in members}) == 1


def holders(facts: Outline, found: Bodies) -> dict[str, list[Member]]:
    """Event id → the bodies that hold it, as this document says."""
    held: dict[str, list[Member]] = {}
    for source, relation, target in facts.links:
        if relation == "heldBy" and (facts.key, target) in found.mentions:
            held.setdefault(source, []).append((facts.key, target))
    return held
