"""Which meetings of several documents are one.

A meeting is known by series, ordinal, date and place. Two accounts with full dates are compared only under the same
first day; an account with a month, a year or an ordinal joins the one dated meeting that it can mean; an account
with neither joins only by a specific name that one meeting bears. Meetings with different first days, different
ordinals or of unrelated bodies are never one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from dataclasses import dataclass
from functools import cache, lru_cache, partial

from graph_build.records import EventOutline, Outline, ThingOutline
from graph_build.resolve import names
from graph_build.resolve.bodies import Bodies, holders
from graph_build.resolve.clusters import Judged, Member, Pool, differ, mutual

_Named = Callable[[str, Member | None], tuple[str, tuple[str, ...], Member | None]]
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass
class EventMention:
    """A meeting as one document tells of it, taken apart.

    name     the folded words of its name without body, ordinal and year
    titles   sets of the words that tell it from others, one for each name that the document uses
    holder   the narrowest body that holds it, if the document says or its name does
    inferred whether the holder was taken from the forum of the paper
    """

    member: Member
    thing: ThingOutline
    fact: EventOutline | None
    ordinal: str
    start: str
    end: str
    city: str
    country: str
    heads: frozenset[str]
    core: frozenset[str]
    titles: tuple[frozenset[str], ...]
    words: tuple[str, ...]
    holder: Member | None
    inferred: bool

    @property
    def full(self) -> bool:
        """Whether the first day is known."""
        return len(self.start) == 10

    @property
    def published(self) -> bool:
        """Whether the document describes it."""
        return self.fact is not None and self.fact.status == "described"


def _value(fact: EventOutline | None, name: str) -> str:
    return getattr(fact, name) if fact else ""


def take_apart(
    member: Member, thing: ThingOutline, fact: EventOutline | None, held: list[Member], bodies: Bodies, named: _Named
) -> EventMention:
    """A meeting's name as holder, ordinal, kind of meeting and the words that tell it from others."""
    near = _narrowest(held, bodies) or bodies.forums.get(member[0])
    ordinal, found, opened = named(thing.label, near)
    ordinal = _value(fact, "ordinal") or ordinal
    heads, core = _told(found)
    titles = [core]
    for other in thing.names:
        _, rest, _ = named(other, near)
        if (told := _told(rest)[1]) and told not in titles:
            titles.append(told)
    holder = _narrowest([*held, *([opened] if opened else [])], bodies)
    inferred = False
    if holder is None and not _topic(core) and member[0] in bodies.forums:
        holder, inferred = bodies.forums[member[0]], True
    return EventMention(
        member, thing, fact, ordinal, _value(fact, "start"), _value(fact, "end"), names.fold(_value(fact, "city")),
        _value(fact, "country"), heads, core, tuple(titles), found, holder, inferred,
    )  # fmt: skip


def _name(bodies: Bodies, label: str, near: Member | None) -> tuple[str, tuple[str, ...], Member | None]:
    """The ordinal of a meeting's name, its words without ordinal, year and body, and the body. `near` is a body of
    the paper's context, which tells units of one name apart."""
    ordinal, found = names.split_ordinal(names.tokens(_YEAR.sub(" ", label)))
    opened, size = bodies.prefix(found)
    if opened:
        found = found[size:]
        while found and found[0] in names.listed("stop"):
            found = found[1:]
    # 'Bali Process | Working Group on X | Annual Meeting', 'meeting of the | Working Group on X'
    inner = _opening_unit(found, opened or near, bodies) or (None if opened else _held_at_end(found, near, bodies))
    if inner:
        opened, found = inner
    return ordinal, found, opened


def _opening_unit(found: tuple[str, ...], near: Member | None, bodies: Bodies) -> tuple[Member, tuple[str, ...]] | None:
    for size in range(min(len(found) - 1, 16), 0, -1):
        plain = size == 1 and found[0] in names.listed("unit") | names.listed("head")
        if not plain and (unit := bodies.unit(found[:size], near)):
            return unit, found[size:]
    return None


def _held_at_end(found: tuple[str, ...], near: Member | None, bodies: Bodies) -> tuple[Member, tuple[str, ...]] | None:
    """'meeting of the Working Group on X' → that group and 'meeting'."""
    for i in range(1, len(found) - 1):
        if found[i] == "of":
            tail = found[i + 2 :] if found[i + 1] == "the" else found[i + 1 :]
            opened, size = bodies.prefix(tail)
            member = bodies.index.get(tail) or bodies.unit(tail, near) or bodies.unit(tail[size:], opened or near)
            if member:
                return member, found[:i]
    return None


@lru_cache(1 << 16)
def _told(found: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """Words for the kind of meeting, and the words that tell it from others of its kind."""
    left = frozenset(w for w in found if w not in names.listed("stop") and not w.isdigit())
    return left & names.listed("head"), left - names.listed("soft")


def _topic(core: frozenset[str]) -> frozenset[str]:
    return core - names.listed("head") - names.listed("recurring")


def _narrowest(held: list[Member], bodies: Bodies) -> Member | None:
    """Of related bodies the innermost; None where two are unrelated."""
    best: Member | None = None
    for member in held:
        if best is None or bodies.pool.root(best) in bodies.line(member):
            best = member
        elif bodies.pool.root(member) not in bodies.line(best):
            return None
    return best


def dates_differ(one: Set[str], other: Set[str]) -> bool:
    """Whether two sets of dates contradict: neither is the beginning of the other (2011-03 and 2011-03-30 agree)."""
    return any(not a.startswith(b) and not b.startswith(a) for a in one for b in other)


class Events:
    """All meetings of a corpus, resolved."""

    def __init__(self, documents: tuple[Outline, ...], bodies: Bodies, judged: Judged) -> None:
        self.bodies = bodies
        self.mentions: dict[Member, EventMention] = {}
        named = cache(partial(_name, bodies))
        for facts in documents:
            held = holders(facts, bodies)
            about = {f.event: f for f in facts.events}
            for thing in facts.things:
                if thing.kind == "event":
                    member = (facts.key, thing.id)
                    self.mentions[member] = take_apart(
                        member, thing, about.get(thing.id), held.get(thing.id, []), bodies, named
                    )
        self.pool = Pool(
            (
                (m, {"start": e.start, "ordinal": e.ordinal, "country": e.country})
                for m, e in sorted(self.mentions.items())
            ),
            {"start": dates_differ, "ordinal": differ, "country": differ},
            judged.frozen,
        )
        self.pool.judge(judged)
        self._dated()
        self._numbered()
        self._named()

    def holder(self, member: Member) -> Member | None:
        """The narrowest body that holds a meeting, over all its accounts; None where unknown or undecided."""
        held = [h for m in self.pool.cluster(member).members if (h := self.mentions[m].holder)]
        return _narrowest(sorted(held), self.bodies)

    def _blocks(self, key: Callable[[EventMention], object]) -> list[tuple[object, list[Member]]]:
        groups: dict[object, list[Member]] = {}
        for member, event in self.mentions.items():
            if (k := key(event)) is not None:
                groups.setdefault(k, []).append(member)
        return sorted(((k, sorted(v)) for k, v in groups.items()), key=lambda g: str(g[0]))

    def _signature(self, event: EventMention) -> object:
        holder = self.bodies.pool.root(event.holder) if event.holder else ""
        return (event.start, event.end, event.ordinal, tuple(sorted(event.core)), event.city, event.country, holder)

    def _dated(self) -> None:
        same = self._blocks(lambda e: self._signature(e) if e.full else None)
        for _, members in same:
            event = self.mentions[members[0]]
            if _topic(event.core) or event.holder:
                self.pool.join(members, "same-date-and-name", f"the same name and dates: {self._said(members)}")
        for _, members in self._blocks(lambda e: e.start if e.full else None):
            roots = sorted({self.pool.root(m) for m in members})
            if 1 < len(roots) <= 400:
                for group in mutual(roots, self._agree):
                    self.pool.join(group, "same-dates", f"the same dates and compatible names: {self._said(group)}")

    def _said(self, members: list[Member]) -> str:
        labels = sorted({self.mentions[m].thing.label for m in members})
        event = self.mentions[members[0]]
        when = event.start if event.end in ("", event.start) else f"{event.start} to {event.end}"
        place = f", {event.city.title()}" if event.city else ""
        shown = "; ".join(f"'{label}'" for label in labels[:4])
        return f"{shown} ({when}{place})" if when else shown

    def _holders_agree(self, a: EventMention, b: EventMention) -> bool | None:
        """True or False where both are known, None where one is not."""
        if a.holder is None or b.holder is None:
            return None
        return self.bodies.related(a.holder, b.holder)

    def _agree(self, one: Member, other: Member) -> bool:
        """Whether two clusters with the same first day can be one: places, holders, ordinals and names agree."""
        if self.pool.contradict(one, other):
            return False
        pairs = [(a, b) for a in self._distinct(one) for b in self._distinct(other)]
        return all(self._pair(a, b) for a, b in pairs)

    def _distinct(self, member: Member) -> list[EventMention]:
        seen: dict[object, EventMention] = {}
        for m in self.pool.cluster(member).members:
            seen.setdefault(self._signature(self.mentions[m]), self.mentions[m])
        return list(seen.values())

    def _pair(self, a: EventMention, b: EventMention) -> bool:
        held = self._holders_agree(a, b)
        if held is False:
            return False
        numbered = bool(a.ordinal) and a.ordinal == b.ordinal
        equal = bool(set(a.titles) & set(b.titles))
        if a.city and b.city and a.city != b.city and not (equal and _topic(a.core)) and not (numbered and held):
            return False
        if a.end and b.end and a.end != b.end and not equal and not (numbered and held):
            return False
        return self._names_agree(a, b, bool(held), numbered)

    @staticmethod
    def _names_agree(a: EventMention, b: EventMention, held: bool, numbered: bool) -> bool:
        """One name holds the other's words; a name without a topic of its own needs the same body as well."""
        for x in a.titles:
            for y in b.titles:
                if not (x <= y or y <= x):
                    continue
                shorter = min(x, y, key=len)
                topic = _topic(shorter)
                if len(topic) >= 2 or (held and (topic or numbered or shorter == x == y)):
                    return True
                if held and shorter & names.listed("recurring"):
                    return True
        return False

    def _numbered(self) -> None:
        """Accounts with an ordinal, without a full date: they join the one dated meeting of that number of that body."""
        pairs = self._blocks(lambda e: (e.ordinal, self.bodies.top(e.holder)) if e.ordinal and e.holder else None)
        for _, members in pairs:
            dated = sorted({self.pool.root(m) for m in members if self._is_dated(m)})
            loose = sorted({self.pool.root(m) for m in members if not self._is_dated(m)})
            self._attach(loose, dated, "same-ordinal", "the same ordinal, series and body, and compatible dates")

    def _named(self) -> None:
        """Accounts without a full date: by month or year and name; without any date only by a name of its own."""
        index: dict[str, set[Member]] = {}
        for member, event in self.mentions.items():
            for word in _topic(event.core):
                index.setdefault(word, set()).add(self.pool.root(member))
        loose: dict[Member, list[Member]] = {}
        for member in sorted({self.pool.root(m) for m in self.mentions}):
            events = [self.mentions[m] for m in self.pool.cluster(member).members]
            if any(e.full for e in events):
                continue
            topic = frozenset[str]().union(*(_topic(e.core) for e in events))
            if len(topic) < 2 or not self._specific(events):
                continue
            rare = min(sorted(topic), key=lambda w: len(index[w]))
            loose[member] = sorted(r for r in index[rare] if self._may_be(r, member))
        self._attach_each(loose, "same-name", "a specific name that only one meeting in these papers bears")

    @staticmethod
    def _specific(events: list[EventMention]) -> bool:
        dated = any(e.start for e in events)
        recurring = any(e.core & names.listed("recurring") for e in events)
        return dated or not recurring or any(e.ordinal for e in events)

    def _is_dated(self, member: Member) -> bool:
        return any(len(s) == 10 for s in self.pool.cluster(member).attributes.get("start", ()))

    def _may_be(self, one: Member, other: Member) -> bool:
        if self.pool.root(one) == self.pool.root(other) or self.pool.contradict(one, other):
            return False
        return all(
            self._holders_agree(a, b) is not False
            and (not a.city or not b.city or a.city == b.city)
            and (a.heads & b.heads or not a.heads or not b.heads)
            and any((x <= y or y <= x) and len(_topic(min(x, y, key=len))) >= 2 for x in a.titles for y in b.titles)
            for a in self._distinct(one)
            for b in self._distinct(other)
        )

    def _attach(self, loose: list[Member], dated: list[Member], rule: str, because: str) -> None:
        wanted = {m: [d for d in dated if self._compatible(m, d)] for m in loose}
        self._attach_each(wanted, rule, because)
        rest = sorted({self.pool.root(m) for m in loose if not wanted[m]})
        if len(rest) > 1:
            for group in mutual(rest, self._compatible):
                self.pool.join(group, rule, f"{because}: {self._said(group)}")

    def _compatible(self, one: Member, other: Member) -> bool:
        if self.pool.contradict(one, other):
            return False
        return all(
            self._holders_agree(a, b) is not False and self._names_agree(a, b, True, True)
            for a in self._distinct(one)
            for b in self._distinct(other)
        )

    def _attach_each(self, wanted: dict[Member, list[Member]], rule: str, because: str) -> None:
        """Each loose account joins the one cluster that it can mean, where there is exactly one. Of several that
        want one cluster, those that contradict each other all stay out."""
        targets: dict[Member, list[Member]] = {}
        for member, candidates in sorted(wanted.items()):
            if len(candidates) == 1:
                targets.setdefault(candidates[0], []).append(member)
        for target, members in sorted(targets.items()):
            fit = [m for m in members if not any(self.pool.contradict(m, o, True) for o in members if o != m)]
            for member in fit:
                self.pool.join([target, member], rule, f"{because}: {self._said([target, member])}")
