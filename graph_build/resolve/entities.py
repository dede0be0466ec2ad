"""Clusters as entities: a readable key made from content, a label, reconciled values, former keys.

A thing's former keys are those that each of its papers alone would have given it, so that an address made when only
one paper was held goes on working after another paper completed the date or the name.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from graph_build.iris import slug, suffix
from graph_build.records import Entity, EntityKind, Merge, ThingOutline
from graph_build.resolve import names
from graph_build.resolve.bodies import Bodies
from graph_build.resolve.clusters import Cluster, Member
from graph_build.resolve.events import EventMention, Events
from graph_build.resolve.instruments import InstrumentMention, Instruments
from graph_build.resolve.persons import Persons
from graph_build.vocabulary import organisations, states

_SUBTITLE = re.compile(r"\s*(?::|\s[–—-]\s)\s*")


@dataclass
class Draft:
    """An entity before its key is made unlike all others: `key` from content, `apart` what tells it from another of
    the same key, `alone` the keys that single papers give it."""

    key: str
    apart: str
    entity: Entity
    alone: dict[str, list[Member]]


def reconcile(accounts: Iterable[tuple[str, str, bool]]) -> tuple[str, str] | None:
    """One value of several accounts `(value, document, described)`, and how it was found; None where none gives one.

    Dates that agree (2011-03 and 2011-03-30) give the finest. Of values that differ, the one of the papers that
    describe the meeting wins, then that of most papers, then the first in order; `how` names them all.
    """
    said: dict[str, set[str]] = defaultdict(set)
    described: set[str] = set()
    for value, document, own in accounts:
        if value:
            said[value].add(document)
            if own:
                described.add(value)
    if not said:
        return None
    finest = max(said, key=lambda v: (len(v), v))
    papers = len(set().union(*said.values()))
    if len(said) == 1:
        return finest, "stated in one paper" if papers == 1 else f"{papers} papers agree"
    if all(finest.startswith(v) for v in said):
        return finest, f"finest of {papers} agreeing accounts"
    best = min(said, key=lambda v: (v not in described, -len(said[v]), -len(v), v))
    listed = ", ".join(f"{v} ({len(d)} paper{'s' if len(d) > 1 else ''})" for v, d in sorted(said.items()))
    return best, f"accounts differ: {listed}"


def _fullest(labels: Iterable[str]) -> str:
    """The longest name; of equal ones that of more papers, then the first in order. Capitals alone lose to mixed case."""
    count = Counter(labels)
    if len(count) == 1:
        return next(iter(count))
    return min(count, key=lambda n: (n.isupper() and len(n) > 12, -len(names.words(n)), -len(n), -count[n], n))


def _others(things: Sequence[ThingOutline], label: str) -> tuple[str, ...]:
    said = {(t.label, t.names) for t in things}
    found = {n for name, names_ in said for n in (name, *names_) if n and n != label}
    return tuple(sorted(n for n in found if not names.unit_only(n)))


def _acronym(things: Sequence[ThingOutline]) -> str:
    count = Counter(a for t in things for a in ([t.acronym] if t.acronym else names.acronyms(t.label)) if a)
    return min(count, key=lambda a: (-count[a], a)) if count else ""


def _one(values: Iterable[str]) -> str:
    """The value that most give; ties by order; '' where none gives one."""
    count: dict[str, int] = {}
    for value in values:
        if value:
            count[value] = count.get(value, 0) + 1
    return min(count, key=lambda v: (-count[v], v)) if count else ""


def _bare(label: str) -> str:
    """A name without an acronym in brackets."""
    return re.sub(r"\s*\(([^()]*)\)", lambda m: "" if names.is_acronym(m[1]) else m[0], label)


def _told(thing: ThingOutline) -> tuple[str, str, str]:
    """What of a body decides its key."""
    return thing.type, thing.reference, thing.label


def _alone(members: Iterable[Member]) -> dict[str, list[Member]]:
    papers: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        papers[member[0]].append(member)
    return papers


class Drafts:
    """The drafts of all kinds, with the keys of bodies known before meetings and instruments need them."""

    def __init__(self, bodies: Bodies, events: Events, instruments: Instruments, persons: Persons) -> None:
        self.bodies, self.events, self.instruments, self.persons = bodies, events, instruments, persons
        self.series: dict[str, Entity] = {}
        self.event_keys: dict[Member, str] = {}
        self._reference = {o.id: o for o in organisations()}
        self._body_keys: dict[tuple[tuple[str, str, str], ...], str] = {}
        self._segments: dict[Member, str] = {}

    def all(self, state_things: Iterable[tuple[Member, ThingOutline]]) -> list[Draft]:
        """Every draft of the corpus."""
        found = [*self._states(state_things)]
        found += [self._body(c) for c in self.bodies.pool.clusters()]
        found += [self._person(c) for c in self.persons.pool.clusters()]
        meetings = [self._event(c) for c in self.events.pool.clusters()]
        self.event_keys = {self.events.pool.root(d.entity.members[0]): d.key for d in meetings}
        found += meetings
        found += [self._instrument(c) for c in self.instruments.pool.clusters()]
        return found

    @staticmethod
    def _draft(key: str, apart: str, entity: Entity, cluster: Cluster | None, alone: dict[str, list[Member]]) -> Draft:
        merges: tuple[Merge, ...] = ()
        if cluster and cluster.merges:
            merges = tuple(sorted(set(cluster.merges), key=lambda m: (m.members, m.rule, m.because)))
        members = tuple(sorted(cluster.members)) if cluster else entity.members
        return Draft(key, apart, replace(entity, key=key, members=members, merges=merges), alone)

    def _states(self, things: Iterable[tuple[Member, ThingOutline]]) -> Iterable[Draft]:
        known = {s.code: s.label for s in states()}
        groups: dict[str, list[tuple[Member, ThingOutline]]] = defaultdict(list)
        for member, thing in things:
            groups[thing.code or thing.label].append((member, thing))
        for code, group in sorted(groups.items()):
            found = [t for _, t in group]
            label = known.get(code) or _fullest(t.label for t in found)
            members = tuple(sorted(m for m, _ in group))
            entity = Entity("", "state", label, _others(found, label), code=found[0].code, members=members)
            merges = (Merge("same-code", f"the ISO code {code}", members),) if len(members) > 1 else ()
            key = f"state/{found[0].code}" if found[0].code else f"state/{slug(label)}"
            yield Draft(key, "", replace(entity, key=key, merges=merges), {})

    # Bodies

    def body_key(self, members: Sequence[Member]) -> str:
        """The key that these mentions give a body."""
        return self._key_of(tuple(_told(self.bodies.mentions[m].thing) for m in members))

    def _key_of(self, told: tuple[tuple[str, str, str], ...]) -> str:
        key = self._body_keys.get(told)
        if key is None:
            kind = "organisation" if _one(t[0] for t in told) == "organisation" else "body"
            key = self._body_keys[told] = f"{kind}/{slug(_bare(self._body_label(told)))}"
        return key

    def _named(self, member: Member) -> str:
        """The segment that the body of a mention has in keys of other things."""
        root = self.bodies.pool.root(member)
        if root not in self._segments:
            self._segments[root] = self.body_key(self.bodies.pool.cluster(root).members).partition("/")[2]
        return self._segments[root]

    def _body_label(self, told: Iterable[tuple[str, str, str]]) -> str:
        told = tuple(told)
        if known := self._reference.get(_one(reference for _, reference, _ in told)):
            return known.label
        return _bare(_fullest(label for _, _, label in told))

    def _body(self, cluster: Cluster) -> Draft:
        mentions = [self.bodies.mentions[m] for m in sorted(cluster.members)]
        things = [m.thing for m in mentions]
        label = self._body_label(map(_told, things))
        kind: EntityKind = "organisation" if _one(t.type for t in things) == "organisation" else "body"
        nation = _one(m.nation for m in mentions)
        parent = self.bodies.parent_root(self.bodies.pool.root(cluster.members[0]))
        apart = nation.lower() or (self._named(parent) if parent else "")
        entity = Entity(
            "", kind, label, _others(things, label), _acronym(things), reference=_one(t.reference for t in things),
            type=_one(t.type for t in things), part_of="/".join(parent) if parent else "", code="",
        )  # fmt: skip
        alone = {self.body_key(ms): ms for ms in _alone(cluster.members).values()}
        return self._draft(self.body_key(cluster.members), apart, entity, cluster, alone)

    # Persons

    def _person(self, cluster: Cluster) -> Draft:
        mentions = [self.persons.mentions[m] for m in sorted(cluster.members)]
        things = [m.thing for m in mentions]
        label = min((t.label for t in things), key=lambda n: (-len(n.split()), -len(n), n))
        apart = slug(_one(m.affiliation for m in mentions).partition(" ")[2][:60]) if mentions else ""
        entity = Entity("", "person", label, _others(things, label))
        alone = {}
        for ms in _alone(cluster.members).values():
            first = min((self.persons.mentions[m].thing.label for m in ms), key=lambda n: (-len(n), n))
            alone[f"person/{slug(first)}"] = ms
        return self._draft(f"person/{slug(label)}", apart, entity, cluster, alone)

    # Meetings

    def _event_key(self, mentions: Sequence[EventMention], values: dict[str, str]) -> str:
        label = self._event_label(mentions)
        head = _SUBTITLE.split(label)[0]
        name = head if len(names.words(head)) > 2 else label
        if len(slug(name, 200)) > 80:
            # A forum with a long name leaves no room for the meeting's own.
            _, size = self.bodies.prefix(names.tokens(name))
            name = " ".join(names.tokens(name)[size:]) if size > 3 else name
        city = slug(values["city"]) if values.get("city") else ""
        place = city if city and not slug(name).startswith(city) else ""
        return "meeting/" + "-".join(p for p in (values.get("start", ""), place, slug(name)) if p)

    @staticmethod
    def _event_label(mentions: Sequence[EventMention]) -> str:
        own = [m for m in mentions if m.published] or list(mentions)
        return _bare(_fullest(m.thing.label for m in own))

    @staticmethod
    def _values(mentions: Sequence[EventMention]) -> list[tuple[str, str, str]]:
        found: list[tuple[str, str, str]] = []
        start = ""
        for name in ("start", "end", "city", "country"):
            accounts = []
            for m in mentions:
                if m.fact and (value := getattr(m.fact, name)):
                    accounts.append((value, m.member[0], m.published))
            if name == "end" and start:
                # A month as the end of a meeting whose first day another paper gives says nothing more.
                accounts = [a for a in accounts if len(a[0]) >= len(start)]
            if best := reconcile(accounts):
                found.append((name, *best))
                start = best[0] if name == "start" else start
        return found

    def _event(self, cluster: Cluster) -> Draft:
        mentions = [self.events.mentions[m] for m in sorted(cluster.members)]
        values = self._values(mentions)
        plain = {n: v for n, v, _ in values}
        label = self._event_label(mentions)
        things = [m.thing for m in mentions]
        holder = self.events.holder(cluster.members[0])
        ordinal = _one(m.ordinal for m in mentions)
        entity = Entity(
            "", "meeting", label, _others(things, label), _acronym(things), type=_one(t.type for t in things),
            ordinal=ordinal, values=tuple(values), series=self._in_series(mentions, ordinal, holder),
        )  # fmt: skip
        alone = {}
        for ms in _alone(cluster.members).values():
            own = [self.events.mentions[m] for m in ms]
            alone[self._event_key(own, {n: v for n, v, _ in self._values(own)})] = ms
        apart = self._named(holder) if holder else ""
        return self._draft(self._event_key(mentions, plain), apart, entity, cluster, alone)

    def _in_series(self, mentions: Sequence[EventMention], ordinal: str, holder: Member | None) -> str:
        """The key of the series of a numbered meeting, and the series itself kept; '' where it has no number."""
        if not ordinal:
            return ""
        numbered = [m for m in mentions if m.ordinal]
        core = min((tuple(w for w in m.words if w in m.core) for m in numbered), key=lambda c: (len(c), c))
        label = _fullest(
            (m.fact.series if m.fact and m.fact.series else _without_number(m.thing.label)) for m in numbered
        )
        if not label:
            return ""
        whose = self._named(holder) if holder else ""
        key = f"series/{whose}-{slug(' '.join(core))}" if whose else f"series/{slug(label)}"
        before = self.series.get(key)
        label = _fullest([before.label, label]) if before else label
        self.series[key] = Entity(key, "series", label)
        return key

    # Instruments

    def _instrument_key(self, mentions: Sequence[InstrumentMention]) -> str:
        label = _fullest(m.thing.label for m in mentions)
        issued = next((m.issued for m in mentions if m.issued), None)
        if issued and len(names.words(label)) <= 4:
            # A 'Co-Chairs' Statement' is told from others only by its meeting.
            return f"instrument/{slug(_bare(label))}-{self.event_keys[issued].partition('/')[2]}"
        whose = self._whose(mentions)
        name = slug(_bare(_period_as_years(label)), 110)
        return f"instrument/{whose}-{name}" if whose and not name.startswith(whose[:12]) else f"instrument/{name}"

    def _whose(self, mentions: Sequence[InstrumentMention]) -> str:
        """The owner's name, for plans whose own name does not tell whose they are."""
        if any(m.topic or m.issued for m in mentions):
            return ""
        owners = [m.owner for m in mentions if m.owner]
        return slug(self._named(min(owners)), 60) if owners else ""

    def _instrument(self, cluster: Cluster) -> Draft:
        mentions = [self.instruments.mentions[m] for m in sorted(cluster.members)]
        things = [m.thing for m in mentions]
        label = _fullest(t.label for t in things)
        values: list[tuple[str, str, str]] = []
        period = next((m.period for m in mentions if m.period[0]), ("", ""))
        if period[0]:
            papers = len({m.member[0] for m in mentions if m.period == period})
            how = "stated in one paper" if papers == 1 else f"{papers} papers agree"
            values = [("periodStart", period[0], how), ("periodEnd", period[1], how)]
        elif year := _one(m.year for m in mentions):
            values = [("periodStart", year, "the year in its name"), ("periodEnd", year, "the year in its name")]
        entity = Entity(
            "", "instrument", label, _others(things, label), _acronym(things),
            reference=_one(t.reference for t in things), type=_one(t.type for t in things), values=tuple(values),
            series=self._plan_series(mentions, label) if period[0] else "",
        )  # fmt: skip
        alone = {
            self._instrument_key([self.instruments.mentions[m] for m in ms]): ms
            for ms in _alone(cluster.members).values()
        }
        issued = next((m.issued for m in mentions if m.issued), None)
        apart = slug("/".join(issued)) if issued else (self._owner_slug(mentions))
        return self._draft(self._instrument_key(mentions), apart, entity, cluster, alone)

    def _owner_slug(self, mentions: Sequence[InstrumentMention]) -> str:
        owners = [m.owner for m in mentions if m.owner]
        return self._named(min(owners)) if owners else ""

    def _plan_series(self, mentions: Sequence[InstrumentMention], label: str) -> str:
        name = re.sub(r"\s+(?:for|of)$", "", re.sub(r"\s+", " ", _NO_PERIOD.sub(" ", _bare(label))).strip())
        whose = self._owner_slug(mentions)
        stem = slug(name)
        key = (
            f"instrument-series/{whose}-{stem}"
            if whose and not stem.startswith(whose[:12])
            else f"instrument-series/{stem}"
        )
        self.series[key] = Entity(key, "instrument-series", name)
        return key


_NO_PERIOD = re.compile(r"\s*(?:for\s+|of\s+)?\(?(?:19|20)\d\d\s*[-–—/]\s*(?:19|20)?\d\d\)?")


def _period_as_years(label: str) -> str:
    """'Forward Work Plan for 2021-23' → 'Forward Work Plan 2021 2023', so that both writings give one key."""

    def years(match: re.Match[str]) -> str:
        first, last = match[1], match[2]
        return f" {first} {last if len(last) == 4 else first[:2] + last}"

    return re.sub(r"\s*(?:for\s+|of\s+)?((?:19|20)\d\d)\s*[-–—/]\s*((?:19|20)?\d\d)\b", years, label)


def _without_number(label: str) -> str:
    kept = [w for w in label.split() if not names.ordinal(names.fold(w).strip("'’,"))]
    return " ".join(kept)


def finish(drafts: Sequence[Draft], series: Iterable[Entity], former: dict[str, Member]) -> tuple[Entity, ...]:
    """Entities with keys unlike each other, links between them as keys, and former keys.

    former  key in an earlier resolution → one member that it had
    """
    keys = _unlike(drafts)
    key_of = {m: key for draft, key in zip(drafts, keys, strict=True) for m in draft.entity.members}
    taken = set(keys)
    claims: Counter[str] = Counter()
    wanted: list[set[str]] = []
    for draft, key in zip(drafts, keys, strict=True):
        own = {k for k in (*draft.alone, draft.key) if k not in taken and k != key}
        claims.update(own)
        wanted.append(own)
    earlier: dict[str, set[str]] = defaultdict(set)
    for old, member in former.items():
        if old not in taken and member in key_of:
            earlier[key_of[member]].add(old)
    parents, formers = [], []
    for draft, key, own in zip(drafts, keys, wanted, strict=True):
        part = tuple(draft.entity.part_of.rsplit("/", 1)) if draft.entity.part_of else ()
        parent = key_of.get((part[0], part[1]), "") if len(part) == 2 else ""
        parents.append(parent if parent != key else "")
        formers.append(sorted({k for k in own if claims[k] == 1} | earlier.get(key, set())))
    aliases = Counter(k for olds in formers for k in olds)
    found = []
    for draft, key, parent, olds in zip(drafts, keys, parents, formers, strict=True):
        e, former_keys = draft.entity, tuple(k for k in olds if aliases[k] == 1)
        if (e.key, e.part_of, e.former) != (key, parent, former_keys):
            e = replace(e, key=key, part_of=parent, former=former_keys)
        found.append(e)
    return tuple(sorted([*found, *series], key=lambda e: e.key))


def _unlike(drafts: Sequence[Draft]) -> list[str]:
    """Keys that differ: where two drafts share one, each gets what tells it apart, and if that is not enough the
    paper that names it, and at last a suffix of its mentions."""
    keys = [d.key for d in drafts]
    steps = (
        lambda d: d.apart,
        lambda d: slug(d.entity.members[0][0].rpartition(".")[0] or d.entity.members[0][0], 60),
        lambda d: suffix(*(f"{a}\x1e{b}" for a, b in d.entity.members)),
    )
    for step in steps:
        count = Counter(keys)
        keys = [f"{k}-{extra}" if count[k] > 1 and (extra := step(d)) else k for k, d in zip(keys, drafts, strict=True)]
    return keys
