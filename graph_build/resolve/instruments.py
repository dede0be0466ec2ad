"""Which plans, statements, guides and treaties of several documents are one.

An instrument is known by its name, its period or year, and whose it is: the body that its name, the paper or the
meetings linked with it give; a statement by the meeting that issued it. 'Forward Work Plan 2021-23' and 'Forward Work
Plan 2021-2023' of one body are one; the plan for 2015-17 is another of the same series.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph_build.records import Outline, Relation, ThingOutline
from graph_build.resolve import names
from graph_build.resolve.bodies import Bodies
from graph_build.resolve.clusters import Judged, Member, Pool, differ
from graph_build.resolve.events import Events

_PERIOD = re.compile(r"\b((?:19|20)\d\d)\s*(?:[-–—/]|to|until)\s*((?:19|20)?\d\d)\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass
class InstrumentMention:
    """An instrument as one document names it.

    period   first and last year, or ('', ''); year a single year in the name, or ''
    base     the words of the name without body, period and issuing meeting, without order
    scope    root of the outermost body whose instrument it is, or None
    issued   root of the meeting whose statement it is, or None
    """

    member: Member
    thing: ThingOutline
    period: tuple[str, str]
    year: str
    base: tuple[str, ...]
    topic: tuple[str, ...]
    scope: Member | None
    owner: Member | None
    issued: Member | None


def period_of(label: str) -> tuple[str, str]:
    """First and last year that a name gives ('for 2015-17' → 2015, 2017), or ('', '')."""
    match = _PERIOD.search(label)
    if not match:
        return "", ""
    first, last = match[1], match[2]
    last = last if len(last) == 4 else first[:2] + last
    return (first, last) if first <= last else ("", "")


def take_apart(facts: Outline, thing: ThingOutline, bodies: Bodies, events: Events) -> InstrumentMention:
    """An instrument's name as period, base words, owner and issuing meeting."""
    key = facts.key
    period = period_of(thing.label)
    label = _PERIOD.sub(" ", thing.label)
    years = sorted(set(_YEAR.findall(label)))
    label = _YEAR.sub(" ", label)
    found = names.tokens(label)
    opened, size = bodies.prefix(found)
    linked = [(source, relation) for source, relation, target in facts.links if target == thing.id]
    adopting = [(key, source) for source, relation in linked if relation == "adopts"]
    issuing = sorted({events.pool.root(m) for m in adopting if m in events.mentions})
    issued = issuing[0] if len(issuing) == 1 and set(found) & names.listed("issued") else None
    if issued:
        found = _without_meeting(found)
        opened, size = bodies.prefix(found)
    words = tuple(w for w in found[size:] if w not in names.listed("stop"))
    topic = tuple(w for w in words if w not in names.listed("paper"))
    owner = _owner(facts, thing, linked, opened, bool(topic), bodies, events)
    return InstrumentMention(
        (key, thing.id), thing, period, years[0] if len(years) == 1 else "", names.bag(words), topic,
        bodies.top(owner) if owner else None, owner, issued,
    )  # fmt: skip


def _without_meeting(found: tuple[str, ...]) -> tuple[str, ...]:
    """A statement's name without the meeting: 'co chair statement | of the 4th ministerial conference'."""
    last = max((i for i, w in enumerate(found) if w in names.listed("issued")), default=-1)
    return found[: last + 1] if last >= 0 else found


def _owner(
    facts: Outline,
    thing: ThingOutline,
    linked: list[tuple[str, Relation]],
    opened: Member | None,
    has_topic: bool,
    bodies: Bodies,
    events: Events,
) -> Member | None:
    key = facts.key
    if thing.part_of and (key, thing.part_of) in bodies.mentions:
        return (key, thing.part_of)
    if opened:
        return opened
    if has_topic and thing.reference:
        return None
    near = ("adopts", "prepares", "reviews", "incorporatedInto", "deliversOn")
    held = [
        holder
        for source, relation in linked
        if relation in near and (key, source) in events.mentions and (holder := events.holder((key, source)))
    ]
    if held and len({bodies.top(h) for h in held}) == 1:
        return max(held, key=lambda h: (len(bodies.line(h)), bodies.pool.root(h)))
    return None if has_topic else bodies.forums.get(key)


class Instruments:
    """All instruments of a corpus, resolved."""

    def __init__(
        self,
        documents: tuple[Outline, ...],
        bodies: Bodies,
        events: Events,
        judged: Judged,
    ) -> None:
        self.bodies, self.events = bodies, events
        self.mentions = {
            (facts.key, thing.id): take_apart(facts, thing, bodies, events)
            for facts in documents
            for thing in facts.things
            if thing.kind == "instrument"
        }
        self.pool = Pool(
            (
                (
                    m,
                    {
                        "reference": i.thing.reference,
                        "period": "-".join(i.period).strip("-"),
                        "year": "" if i.period[0] else i.year,
                        "issued": "/".join(i.issued or ()),
                    },
                )
                for m, i in sorted(self.mentions.items())
            ),
            {"reference": differ, "period": differ, "year": differ, "issued": differ},
            judged.frozen,
        )
        self.pool.judge(judged)
        self._join()

    @staticmethod
    def _groups(pairs: Sequence[tuple[tuple[object, ...], Member]]) -> list[tuple[tuple[object, ...], list[Member]]]:
        groups: dict[tuple[object, ...], list[Member]] = {}
        for key, member in pairs:
            groups.setdefault(key, []).append(member)
        return sorted(((k, sorted(set(v))) for k, v in groups.items()), key=lambda g: str(g[0]))

    def _join(self) -> None:
        found = self.mentions
        by_reference = [((i.thing.reference,), m) for m, i in found.items() if i.thing.reference]
        for key, members in self._groups(by_reference):
            self.pool.join(members, "same-reference", f"all are {key[0]} of the reference data", same_document=True)
        issued = [((i.issued, i.base), m) for m, i in found.items() if i.issued]
        for _, members in self._groups(issued):
            label = found[members[0]].thing.label
            self.pool.join(members, "same-meeting", f"the statement that the same meeting issued: {label}")
        owned = [((i.base, i.period, i.year, i.scope), m) for m, i in found.items() if i.scope and not i.issued]
        for _, members in self._groups(owned):
            label = found[members[0]].thing.label
            when = "-".join(found[members[0]].period).strip("-")
            self.pool.join(
                members, "same-name-and-owner",
                f"the same name and body{' and period ' + when if when else ''}: {label}", same_document=True,
            )  # fmt: skip
        named = [((i.base,), m) for m, i in found.items() if len(i.topic) >= 2 and not i.issued]
        for _, members in self._groups(named):
            self._by_name(members)

    def _by_name(self, members: list[Member]) -> None:
        """One name with a topic of its own: those without body or year join the only one that has them."""
        roots = sorted({self.pool.root(m) for m in members})
        if len(roots) < 2:
            return
        scopes = {s for m in members if (s := self.mentions[m].scope)}
        if len(scopes) < 2 and len(roots) <= 60 and self.pool.agree(roots):
            label = self.mentions[members[0]].thing.label
            self.pool.join(roots, "same-name", f"the same specific name: {label}")
