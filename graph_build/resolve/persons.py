"""Which named persons of several documents are one: the same name within compatible affiliations.

Full names that are written alike are one person where neither paper gives a state or organisation that the other
contradicts. A name with an initial or without a middle name needs the same affiliation as well, a bare surname a
single bearer of it with the same affiliation. Two bearers of a name, or two employers, merge nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from graph_build.records import Outline, ThingOutline
from graph_build.resolve import names
from graph_build.resolve.bodies import Bodies
from graph_build.resolve.clusters import Judged, Member, Pool, differ, mutual


@dataclass
class PersonMention:
    """A person as one document names them.

    name   folded words without forms of address, in order
    states codes of the states that the affiliation gives; bodies roots of the bodies that it gives
    """

    member: Member
    thing: ThingOutline
    name: tuple[str, ...]
    states: set[str] = field(default_factory=set)
    bodies: set[Member] = field(default_factory=set)

    @property
    def affiliation(self) -> str:
        """The one state or body that the paper gives for this person, as a key; '' where none or several."""
        if len(self.states) == 1:
            return f"state {next(iter(self.states))}"
        tops = sorted({"/".join(b) for b in self.bodies})
        return f"body {tops[0]}" if len(tops) == 1 and not self.states else ""


def plain_name(name: str) -> tuple[str, ...]:
    """Folded words of a name, forms of address at its start and end left out: 'H.E. Mr. Don X' → ('don', 'x')."""
    found = tuple(t for t in names.fold(name).replace(".", " ").replace("'", "").replace("’", "").split())
    found = tuple(w.strip(",;()") for w in found if w.strip(",;()"))
    if found[:2] == ("h", "e"):
        found = found[2:]
    while len(found) > 1 and found[0] in names.listed("honorific"):
        found = found[1:]
    while len(found) > 2 and found[-1] in names.listed("honorific"):
        found = found[:-1]
    return found


def fits(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one name can be a fuller writing of the other: same surname, first names equal, initial or left out."""
    short, long = sorted((one, other), key=lambda n: (len(n), n))
    if len(short) < 2 or short[-1] != long[-1]:
        return False
    rest = list(long[:-1])
    for word in short[:-1]:
        at = next((i for i, w in enumerate(rest) if w == word or (1 in (len(w), len(word)) and w[0] == word[0])), -1)
        if at < 0:
            return False
        rest = rest[at + 1 :]
    return short[0][0] == long[0][0]


class Persons:
    """All named persons of a corpus, resolved."""

    def __init__(self, documents: tuple[Outline, ...], bodies: Bodies, judged: Judged) -> None:
        self.mentions: dict[Member, PersonMention] = {}
        for facts in documents:
            key = facts.key
            known = {t.id: t for t in facts.things}
            for thing in facts.things:
                if thing.kind == "person":
                    self.mentions[key, thing.id] = PersonMention((key, thing.id), thing, plain_name(thing.label))
            for person, affiliation, of in facts.posts:
                if (key, person) in self.mentions:
                    self._affiliate(self.mentions[key, person], affiliation, of, known, bodies)
        self.pool = Pool(
            ((m, {"affiliation": p.affiliation}) for m, p in sorted(self.mentions.items())),
            {"affiliation": differ},
            judged.frozen,
        )
        self.pool.judge(judged)
        self._join()

    @staticmethod
    def _affiliate(
        person: PersonMention, affiliation: str, of: str, known: dict[str, ThingOutline], bodies: Bodies
    ) -> None:
        member = (person.member[0], of)
        thing = known.get(of)
        if thing and thing.kind == "state":
            person.states.add(thing.code)
        elif affiliation and (state := state_in(affiliation)):
            person.states.add(state)
        elif member in bodies.mentions:
            nation = bodies.mentions[member].nation
            if nation:
                person.states.add(nation)
            else:
                person.bodies.add(bodies.top(member))

    def _join(self) -> None:
        same: dict[tuple[str, ...], list[Member]] = {}
        surnames: dict[str, list[Member]] = {}
        for member, person in sorted(self.mentions.items()):
            same.setdefault(person.name, []).append(member)
            if person.name:
                surnames.setdefault(person.name[-1], []).append(member)
        for name, members in sorted(same.items()):
            if len(name) > 1:
                self._alike(members)
        for _, members in sorted(surnames.items()):
            roots = sorted({self.pool.root(m) for m in members})
            if 1 < len(roots) <= 60:
                for group in mutual(roots, self._agree):
                    self.pool.join(
                        group, "compatible-name", f"{self._said(group)}: compatible names, the same affiliation"
                    )

    def _alike(self, members: list[Member]) -> None:
        """Written alike: those of one affiliation are one; those without any join where there is only one."""
        groups: dict[str, list[Member]] = {}
        for member in members:
            groups.setdefault(self.mentions[member].affiliation, []).append(member)
        for affiliation, group in sorted(groups.items()):
            if affiliation:
                self.pool.join(
                    group, "same-name-and-affiliation", f"{self._said(group)}: the same name and affiliation"
                )
        if len(groups) <= 2:
            self.pool.join(
                members, "same-name", f"{self._said(members)}: the same full name, no affiliation against it"
            )

    def _agree(self, one: Member, other: Member) -> bool:
        if self.pool.contradict(one, other):
            return False
        a, b = self.pool.cluster(one), self.pool.cluster(other)
        if not a.attributes.get("affiliation") or not b.attributes.get("affiliation"):
            return False
        return all(
            fits(x, y) or (1 in (len(x), len(y)) and x[-1] == y[-1])
            for x in {self.mentions[m].name for m in a.members}
            for y in {self.mentions[m].name for m in b.members}
        )

    def _said(self, members: list[Member]) -> str:
        return ", ".join(sorted({self.mentions[m].thing.label for m in members})[:4])


def state_in(affiliation: str) -> str:
    """The state that an affiliation is of: 'Ministry of Foreign Affairs of Thailand', 'Thailand', 'Office of X, Thailand'."""
    if code := names.nation_of(affiliation):
        return code
    label = affiliation.rpartition(", ")
    if label[1] and (code := names.nation_of(label[2]) or names.split_nation(names.tokens(label[2]))[0]):
        return code
    found = names.tokens(affiliation)
    return names.split_nation(found)[0] if set(found) & names.listed("unit") else ""
