"""Clusters that refuse to unite what contradicts itself.

A pool holds the mentions of one kind. Members are joined by rules; each cluster keeps the attributes that its members
give (reference entry, state, ordinal, dates ...), and a join that would bring two contradicting values together, or two
different things of one document, is refused. Frozen members are those that a person judged to be another thing: no
rule joins them. Sets are folded small into large, so that joining n mentions costs about n log n.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, field
from itertools import combinations

from graph_build.records import Merge

Member = tuple[str, str]
"""(document key, thing id)"""


@dataclass(frozen=True)
class Judged:
    """What persons said about identity, as members: `frozen` members no rule may join, `same` groups are one, each
    with the reason."""

    frozen: frozenset[Member] = frozenset()
    same: tuple[tuple[tuple[Member, ...], str], ...] = ()


@dataclass
class Cluster:
    """Members that are one thing so far, with the attributes that may not contradict each other."""

    members: list[Member]
    attributes: dict[str, set[str]]
    documents: dict[str, int]
    merges: list[Merge] = field(default_factory=list)


def differ(one: Set[str], other: Set[str]) -> bool:
    """Whether two sets of values contradict: both give one and they are not the same."""
    return bool(one) and bool(other) and one != other


class Pool:
    """The clusters of one kind of thing. `clash` maps an attribute to the test for contradiction."""

    def __init__(
        self,
        members: Iterable[tuple[Member, dict[str, str]]],
        clash: dict[str, Callable[[Set[str], Set[str]], bool]],
        frozen: frozenset[Member] = frozenset(),
    ) -> None:
        self._clash = clash
        self._frozen = frozen
        self._root: dict[Member, Member] = {}
        self._cluster: dict[Member, Cluster] = {}
        for member, attributes in members:
            self._root[member] = member
            self._cluster[member] = Cluster([member], {k: {v} for k, v in attributes.items() if v}, {member[0]: 1})

    def root(self, member: Member) -> Member:
        """The member that stands for its cluster."""
        while self._root[member] != member:
            self._root[member] = self._root[self._root[member]]
            member = self._root[member]
        return member

    def cluster(self, member: Member) -> Cluster:
        """The cluster of a member."""
        return self._cluster[self.root(member)]

    def clusters(self) -> list[Cluster]:
        """All clusters, in the order of their first members."""
        found = [self._cluster[m] for m in self._root if self._root[m] == m]
        for cluster in found:
            cluster.members.sort()
        return sorted(found, key=lambda c: c.members[0])

    def contradict(self, one: Member, other: Member, same_document: bool = False) -> bool:
        """Whether two clusters may not be one. `same_document` allows two mentions of one document."""
        a, b = self.cluster(one), self.cluster(other)
        if a is b:
            return False
        if len(a.members) > len(b.members):
            a, b = b, a
        if self._frozen and any(m in self._frozen for c in (a, b) for m in c.members):
            return True
        if not same_document and not b.documents.keys().isdisjoint(a.documents):
            return True
        return any(test(a.attributes.get(k, set()), b.attributes.get(k, set())) for k, test in self._clash.items())

    def agree(self, roots: Sequence[Member], same_document: bool = False) -> bool:
        """Whether no two of these clusters, each given by its root, contradict; in one go through them."""
        clusters = [self._cluster[r] for r in roots]
        if len(clusters) > 1 and self._frozen and any(m in self._frozen for c in clusters for m in c.members):
            return False
        if not same_document:
            every = set().union(*(c.documents for c in clusters))
            if len(every) < sum(len(c.documents) for c in clusters):
                return False
        for name, test in self._clash.items():
            found = {frozenset(values) for c in clusters if (values := c.attributes.get(name))}
            if len(found) > 1 and any(test(a, b) for a, b in combinations(found, 2)):
                return False
        return True

    def force(self, members: Sequence[Member], rule: str, because: str) -> None:
        """Unite what a person judged to be one, whatever contradicts it."""
        known = sorted(m for m in members if m in self._root)
        for other in known[1:]:
            if self.root(known[0]) != self.root(other):
                self._unite(self.root(known[0]), self.root(other))
        if len(known) > 1:
            self.cluster(known[0]).merges.append(Merge(rule, because, tuple(known)))

    def join(self, members: Sequence[Member], rule: str, because: str, same_document: bool = False) -> bool:
        """Unite the clusters of these members where no two contradict; nothing happens where some do."""
        members = [m for m in members if m not in self._frozen]
        roots = sorted({self.root(m) for m in members})
        if len(roots) < 2:
            return False
        few = len(roots) <= 40
        if few and not self.agree(roots, same_document):
            return False
        joined = False
        first = roots[0]
        for other in roots[1:]:
            # Where each agrees with each, those united first agree with the next.
            if few or not self.contradict(first, other, same_document):
                self._unite(self.root(first), self.root(other))
                joined = True
        if joined:
            target = self.cluster(first)
            target.merges.append(
                Merge(rule, because, tuple(sorted(m for m in members if self.root(m) == self.root(first))))
            )
        return joined

    def judge(self, judged: Judged) -> None:
        """Unite what persons judged to be one."""
        for members, because in judged.same:
            self.force(members, "judged", because)

    def _unite(self, one: Member, other: Member) -> None:
        a, b = self._cluster[one], self._cluster[other]
        if len(a.members) < len(b.members):
            one, other, a, b = other, one, b, a
        self._root[other] = one
        a.members += b.members
        a.merges += b.merges
        for key, values in b.attributes.items():
            a.attributes.setdefault(key, set()).update(values)
        for key, count in b.documents.items():
            a.documents[key] = a.documents.get(key, 0) + count
        del self._cluster[other]


def mutual(nodes: Sequence[Member], agree: Callable[[Member, Member], bool]) -> list[list[Member]]:
    """Groups of nodes of which each agrees with all others of its group. A node that agrees with two that disagree
    with each other is ambiguous and stands alone. The result does not depend on the order of the nodes."""
    near: dict[Member, set[Member]] = {n: set() for n in nodes}
    for i, a in enumerate(nodes):
        for b in nodes[i + 1 :]:
            if agree(a, b):
                near[a].add(b)
                near[b].add(a)
    sure = [n for n in nodes if all(b in near[a] for a in near[n] for b in near[n] if a != b)]
    kept = set(sure)
    groups: list[list[Member]] = []
    done: set[Member] = set()
    for n in sorted(sure):
        if n not in done:
            group = sorted({n, *(near[n] & kept)} - done)
            done.update(group)
            if len(group) > 1:
                groups.append(group)
    return groups
