"""Links: how one meeting, body or instrument led to another.

`links(mentioned) -> tuple[Link, ...]`. Patterns of `rules/links.toml` over sentences; that a body held a meeting is also
read from the meeting's name. Of one event and one instrument only the closest relation is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from graph_build import rules
from graph_build.extract.commitments import commitments
from graph_build.extract.reading import body_above
from graph_build.records import (
    Block,
    Commitment,
    Evidence,
    Link,
    Mention,
    Mentioned,
    Passage,
    Relation,
    Sentence,
    Thing,
)

__all__ = ["links"]

_KINDS = ("date", "state", "place", "body", "instrument", "event", "person")  # speaking groups stay words
_CLOSEST: tuple[Relation, ...] = (
    "establishes", "adopts", "deliversOn", "incorporatedInto", "prepares", "reviews", "consideredAt", "heldBy", "partOf",
    "follows", "refersTo",
)  # fmt: skip
_WHERE = re.compile(r"\b(?:where|when|in which|at which)\b")
_OPENING = re.compile(r"\W*(?:[Aa]t|[Dd]uring|[Ii]n)\b")
_ABOUT = re.compile(r"\b(?:on|for|about|against|regarding|to|with|and the)\b")
_SIDE = re.compile(r"\bside[- ]events?\b", re.I)
_NEGATED = re.compile(r"\b(?:not|never|no|cannot|without)\b")
_ONLY_OFFERED = re.compile(r"\b(?:noted|notes|thanked|took note of)\b[^.;]{0,40}\boffer\b")
_TO_COME = re.compile(
    r"\b(?:will|would|shall|plans? to|agreed to|is to|are to)(?: \w+)? (?:meet|convene|gather|be held|hold)\b[^.;]*$"
)
_PAST_PERFECT = re.compile(r"\bhad(?: \w+)? ?$")


@lru_cache(maxsize=1)
def _rules() -> rules.RuleSet:
    return rules.load("links", ("relation", "operative", "next", "here"))


def links(mentioned: Mentioned, made: tuple[Commitment, ...] | None = None) -> tuple[Link, ...]:
    """All links of a document, in the order of the text. `made`: its commitments, where they are already read."""
    return _Linker(mentioned, commitments(mentioned) if made is None else made).all()


class _Linker:
    def __init__(self, mentioned: Mentioned, made: tuple[Commitment, ...]) -> None:
        self.mentioned = mentioned
        self.segmented = mentioned.segmented
        self.things = mentioned.thing_of
        self.clauses: dict[int, list[Commitment]] = {}
        for c in made:
            self.clauses.setdefault(self.segmented.block_at(c.clause.start).index, []).append(c)
        self.status = {e.event: e.status for e in mentioned.events}
        self.found: list[Link] = []
        self.holders = self._holders()

    def all(self) -> tuple[Link, ...]:
        for block in self.segmented.blocks:
            if block.kind in ("furniture", "note", "title", "heading"):
                continue
            kinds = {m.kind for m in self.mentioned.mentions[block.index]}
            if not kinds & {"event", "instrument", "body"}:
                continue
            for s in block.sentences:
                self._sentence(block, s)
        self._side_events()
        self._held()
        return tuple(self._closest())

    # --- patterns ---

    def _sentence(self, block: Block, s: Sentence) -> None:
        masked = _without_acronyms(rules.mask(self.mentioned, block, s.start, s.end, _KINDS))
        if not masked.mentions:
            return
        passage: Passage | None = None
        for rule in _rules().candidates(masked.words):
            operative = bool(rule.data.get("operative"))
            if operative and block.index not in self.clauses:
                continue
            for match in rule.regex.finditer(masked.text):
                if operative and not self._in_clause(block, masked.range(*match.span("target"))):
                    continue
                if passage is None:
                    passage = self.segmented.passage(block, s.start, s.end)
                self._match(block, s, masked, rule, match, passage)

    def _match(
        self, block: Block, s: Sentence, masked: rules.Masked, rule: rules.Rule, match: re.Match[str], passage: Passage
    ) -> None:
        relation: Relation = rule.text("relation")  # type: ignore[assignment]  # checked by the test of the rule file
        if _NEGATED.search(match.group()) or _PAST_PERFECT.search(masked.text[: match.start()]):
            return
        groups = match.groupdict()
        at = masked.range(match.start(), match.end())[0]
        if rule.data.get("next"):
            if _ONLY_OFFERED.search(masked.text[: match.end("source")]):
                return  # an offer that was only noted settles nothing
            sources = [t for t in self._ends(masked, match, "source") if self._later(t)]
            targets = [self._here(block, s, at)]
            if self.status.get(targets[0]) != "described":
                return
        else:
            targets = [t for g in ("target", "target2") if groups.get(g) for t in self._ends(masked, match, g)]
            if rule.data.get("here") == "target":
                targets = [self._here(block, s, at)]
            if not targets and relation == "follows":
                targets = self._named_before(block, s)
            if groups.get("source"):
                sources = self._ends(masked, match, "source")
            elif "source" in groups and relation == "partOf":
                sources = (
                    [self.mentioned.main]
                    if self.mentioned.main and not _TO_COME.search(match.string, 0, match.start())
                    else []
                )
            else:
                sources = [self._here(block, s, at)]
        for source in sources:
            for target in targets:
                self._add(source, relation, target, Evidence(passage, rule.name))
        if relation in ("deliversOn", "refersTo", "reviews"):
            self._nested(masked, match, sources, relation, Evidence(passage, rule.name))

    def _ends(self, masked: rules.Masked, match: re.Match[str], group: str) -> list[str]:
        """Things of the mentions in a group; words between them that are no events, bodies or instruments do not count."""
        found: list[str] = []
        for m in masked.found(match, group):
            if m.thing and m.kind in ("event", "body", "instrument") and m.thing not in found:
                found.append(m.thing)
        return found

    def _nested(
        self, masked: rules.Masked, match: re.Match[str], sources: list[str], relation: Relation, evidence: Evidence
    ) -> None:
        """'the Statement of the 4th Conference': the conference is tied as well, and it adopted the statement."""
        for m in masked.found(match, "target") if "target" in match.groupdict() else ():
            if m.kind != "instrument":
                continue
            for inner in self.mentioned.mentions[m.block]:
                if inner.kind == "event" and inner.thing and m.start < inner.start and inner.end <= m.end:
                    for source in sources:
                        self._add(source, relation, inner.thing, evidence)
                    self._add(inner.thing, "adopts", m.thing, evidence)

    def _named_before(self, block: Block, s: Sentence) -> list[str]:
        """The meetings that the sentence before names, for 'these events'."""
        before = [t for t in block.sentences if t.start < s.start]
        if not before:
            return list(self.mentioned.described)
        last = before[-1]
        found = [
            m.thing
            for m in self.mentioned.mentions[block.index]
            if m.kind == "event" and m.thing and last.start <= m.start and m.end <= last.end
        ]
        return list(dict.fromkeys(found)) or list(self.mentioned.described)

    def _here(self, block: Block, s: Sentence, at: int) -> str:
        """The meeting that a sentence speaks of at a view offset."""
        text = block.view.text
        before = [
            m
            for m in self.mentioned.mentions[block.index]
            if m.kind == "event" and m.thing and s.start <= m.start and m.end <= at
        ]
        for m in reversed(before):
            if _WHERE.search(text, m.end, at) or (_OPENING.match(text[s.start : m.start]) and m.start - s.start < 60):
                return m.thing
        return self._section(block) or self.mentioned.main

    def _section(self, block: Block) -> str:
        if len(self.mentioned.described) < 2:
            return ""
        for heading in reversed(block.section):
            tokens = {t for t in re.findall(r"\w+", heading.lower()) if len(t) > 2}
            fits = [
                id_
                for id_ in self.mentioned.described
                if tokens and tokens <= set(re.findall(r"\w+", self.things[id_].label.lower()))
            ]
            if len(fits) == 1:
                return fits[0]
        return ""

    def _in_clause(self, block: Block, span: tuple[int, int]) -> bool:
        start, end = block.view.offsets[span[0]], block.view.offsets[span[1] - 1]
        for c in self.clauses[block.index]:
            if c.clause.start <= start and end <= c.clause.end:
                verb = self.segmented.document.text.find(c.verb, c.clause.start, c.clause.end)
                if verb < start:  # what stands before the verb is said of the speaker
                    return True
        return False

    def _later(self, event: str) -> bool:
        """Whether an event can be the next one of the main one's series: numbered, and not before it in time."""
        if event in self.mentioned.described or not self.mentioned.main:
            return False
        facts = {e.event: e for e in self.mentioned.events}
        ordinal = facts[event].ordinal
        if ordinal is None and not re.match(r"(?i)(?:the )?next\b", self.things[event].label):
            return False
        mine = facts[self.mentioned.main].ordinal
        if ordinal is not None and mine is not None and int(ordinal.value) <= int(mine.value):
            return False
        held = {b for b, _ in self.holders.get(event, [])} & {b for b, _ in self.holders.get(self.mentioned.main, [])}
        alike = _words(self.things[event]) & {w for x in (self.mentioned.main,) for w in _words(self.things[x])}
        if not held and len(alike) < 2:
            return False
        dates = {e.event: (e.start.value if e.start else "") for e in self.mentioned.events}
        main = dates.get(self.mentioned.main, "")
        own = dates.get(event, "")
        return not own or not main or own[: min(len(own), len(main))] >= main[: min(len(own), len(main))]

    # --- who held a meeting ---

    def _holders(self) -> dict[str, list[tuple[str, Passage]]]:
        """The bodies in the names of meetings: the narrowest of each name, with the sentence that names it."""
        found: dict[str, list[tuple[str, Passage]]] = {}
        acronyms = {t.acronym: t.id for t in self.mentioned.things if t.kind == "body" and t.acronym}
        for titles in (False, True):
            for block in self.segmented.blocks:
                if block.kind in ("furniture", "note") or (block.kind in ("title", "heading")) != titles:
                    continue
                for m in self.mentioned.mentions[block.index]:
                    if m.kind != "event" or not m.thing or m.thing in found:
                        continue
                    bodies = self._bodies_in(block, m, acronyms)
                    if bodies:
                        passage = self.segmented.sentence_at(self.segmented.passage(block, m.start, m.end))
                        found[m.thing] = [(b, passage) for b in bodies]
        self._by_label(found)
        above = body_above(self.mentioned)
        if above is not None and self.mentioned.main not in found:
            passage = self.segmented.passage(self.segmented.blocks[above.block], above.start, above.end)
            found[self.mentioned.main] = [(above.thing, self.segmented.sentence_at(passage))]
        return found

    def _by_label(self, found: dict[str, list[tuple[str, Passage]]]) -> None:
        """The body in the label of a meeting where no mention of the meeting holds it: 'meeting of Leaders of ASEAN'."""
        named = {
            name: t
            for t in self.mentioned.things
            if t.kind == "body" and t.named
            for name in (t.label, t.acronym, *t.names)
            if name
        }
        for e in self.mentioned.events:
            label = self.things[e.event].label
            if e.event in found:
                continue
            fits = [
                (n, t) for n, t in named.items()
                if len(n) < len(label) and n in label and (m := re.search(rf"(?<!\w){re.escape(n)}(?![\w’'])", label))
                and not _ABOUT.search(label, 0, m.start())
            ]  # fmt: skip
            if not fits:
                continue
            body = max(fits, key=lambda pair: len(pair[0]))[1]
            mention = next(
                (m for b in self.segmented.blocks for m in self.mentioned.mentions[b.index] if m.thing == e.event), None
            )
            if mention is not None:
                block = self.segmented.blocks[mention.block]
                passage = self.segmented.sentence_at(self.segmented.passage(block, mention.start, mention.end))
                found[e.event] = [(body.id, passage)]

    def _bodies_in(self, block: Block, event: Mention, acronyms: dict[str, str]) -> list[str]:
        text = block.view.text
        inside = [
            m
            for m in self.mentioned.mentions[block.index]
            if m.kind == "body" and m.thing and event.start <= m.start and m.end <= event.end
        ]
        wide: list[Mention] = []
        for m in inside:
            if any(o.start <= m.start and m.end <= o.end and o is not m for o in inside):
                continue
            if _ABOUT.search(text, event.start, m.start):
                continue  # 'Workshop on ASEAN integration' is about ASEAN
            whole = (m.start, m.end) == (event.start, event.end)  # a forum that is called like its meeting
            if self.things[m.thing].named and (not whole or event.thing in self.mentioned.described):
                wide.append(m)
        if not wide:
            hyphened = re.split(r"[-–/ ]", text[event.start : event.end])
            ids = [acronyms[t] for t in hyphened if t in acronyms and self.things[acronyms[t]].named]
            return list(dict.fromkeys(ids))
        narrow = [m for m in wide if not any(self._within(o.thing, m.thing) for o in wide if o is not m)]
        first = narrow[0]
        joint = [m for m in narrow[1:] if re.fullmatch(r"\W*(?:and|&|–|-|/)\W*(?:the )?", text[first.end : m.start])]
        return list(dict.fromkeys(m.thing for m in [first, *joint]))

    def _within(self, body: str, parent: str) -> bool:
        """Whether a body is part of another, as the text or their names say."""
        at = self.things[body].part_of
        return at == parent

    def _held(self) -> None:
        stated = {x.source for x in self.found if x.relation == "heldBy"}
        for event, bodies in self.holders.items():
            if event in stated:
                continue
            for body, passage in bodies:
                self._add(event, "heldBy", body, Evidence(passage, "links/body-in-name", "inferred"))
        self._shared_holder()

    def _shared_holder(self) -> None:
        """Two meetings under one verb ('co-chaired the Group's Ninth Meeting and Regional Event') share the body that the first names."""
        for block in self.segmented.blocks:
            if block.kind not in ("paragraph", "title"):
                continue
            events = [m for m in self.mentioned.outer(block.index) if m.kind == "event" and m.thing]
            for a, b in pairwise(events):
                if a.thing == b.thing or b.thing in self.holders or b.thing not in self.mentioned.described:
                    continue
                between = block.view.text[a.end : b.start]
                if re.fullmatch(r",?(?: and)?(?: the| its)? ", between) and "-" not in self.things[b.thing].label:
                    passage = self.segmented.sentence_at(self.segmented.passage(block, a.start, a.end))
                    for body, _ in self.holders.get(a.thing, []):
                        self._add(b.thing, "heldBy", body, Evidence(passage, "links/shared-body", "inferred"))

    def _side_events(self) -> None:
        """A title that speaks of side events: the meetings that are only mentioned, on its dates, are part of the main one."""
        main = self.mentioned.main
        title = next(
            (b for b in self.segmented.blocks if b.kind in ("title", "heading") and _SIDE.search(b.view.text)), None
        )
        if not main or title is None:
            return
        dates = [m.value for m in self.mentioned.mentions[title.index] if m.kind == "date"]
        days = {d for value in dates for d in value.split("/")}
        facts = {e.event: e for e in self.mentioned.events}
        start = facts[main].start
        days |= {start.value} if start else set()
        last = max(days, default="")
        for e in self.mentioned.events:
            if (
                e.status == "mentioned"
                and e.start
                and len(e.start.value) == 10
                and start
                and start.value <= e.start.value <= last
            ):
                passage = self.segmented.passage(title, 0, len(title.view.text))
                self._add(e.event, "partOf", main, Evidence(passage, "links/side-event-of-title", "inferred"))

    # --- checks ---

    def _add(self, source: str, relation: Relation, target: str, evidence: Evidence) -> None:
        source, target = self._event(source, relation), self._target(target, relation)
        if not source or not target or source == target:
            return
        a, b = self.things[source], self.things[target]
        if a.kind != "event" or not _fits(relation, b):
            return
        if relation == "refersTo" and (
            target in {x for bodies in self.holders.values() for x, _ in bodies}
            and b.kind == "body"
            and not _new(evidence, b)
        ):
            return  # the body that met is no other thing
        if b.kind == "instrument" and not b.named:
            return  # the paper itself
        self.found.append(Link(source, relation, target, (evidence,)))

    def _event(self, id_: str, relation: Relation) -> str:
        """A source: a body that held the main meeting stands for it."""
        if id_ and self.things[id_].kind == "body":
            return self.mentioned.main if any(b == id_ for b, _ in self.holders.get(self.mentioned.main, [])) else ""
        return id_

    def _target(self, id_: str, relation: Relation) -> str:
        if id_ and relation == "partOf" and self.things[id_].kind == "body":
            return self._event(id_, relation)
        return id_

    def _closest(self) -> Iterator[Link]:
        """Each pair once for each relation; of an event and an instrument only the closest relation."""
        rank = {r: i for i, r in enumerate(_CLOSEST)}
        best: dict[tuple[str, str], int] = {}
        for link in self.found:
            key = (link.source, link.target)
            best[key] = min(best.get(key, 99), rank[link.relation])
        seen: set[tuple[str, str, str]] = set()
        for link in sorted(
            self.found, key=lambda x: (x.evidence[0].passage.start, rank[x.relation], x.source, x.target)
        ):
            pair = (link.source, link.target)
            triple = (link.source, link.relation, link.target)
            single = self.things[link.target].kind == "instrument" or link.relation == "refersTo"
            if link.relation == "refersTo" and (link.target, link.source) in best:
                continue
            if triple in seen or (single and rank[link.relation] != best[pair]):
                continue
            seen.add(triple)
            yield link


def _words(event: Thing) -> frozenset[str]:
    """The words of a meeting's names that tell its series."""
    tokens = re.findall(r"[^\W\d_]{3,}", " ".join((event.label, *event.names)).lower())
    return frozenset(tokens) - {
        "the",
        "and",
        "for",
        "meeting",
        "conference",
        "session",
        "forum",
        "regional",
        "first",
        "second",
    }


_ACRONYM = re.compile(r"([\ue000-\uf8ff])( ?\([\ue000-\uf8ff]\))")


def _without_acronyms(masked: rules.Masked) -> rules.Masked:
    """A masked sentence with 'the Delta Plan (DP)' as one mention."""
    cuts = [m.span(2) for m in _ACRONYM.finditer(masked.text) if _same(masked, m.start(1), m.end(2) - 2)]
    if not cuts:
        return masked
    keep = [i for i in range(len(masked.text)) if not any(a <= i < b for a, b in cuts)]
    mentions = {n: masked.mentions[i] for n, i in enumerate(keep) if i in masked.mentions}
    offsets = (*(masked.offsets[i] for i in keep), masked.offsets[-1])
    return rules.Masked("".join(masked.text[i] for i in keep), offsets, mentions, masked.words)


def _same(masked: rules.Masked, a: int, b: int) -> bool:
    one, other = masked.at(a), masked.at(b)
    return one is not None and other is not None and bool(one.thing) and one.thing == other.thing


def _new(evidence: Evidence, body: Thing) -> bool:
    return bool(re.search(rf"\bnew (?:\w+ )?{re.escape(body.label.split(' (')[0])}", evidence.passage.quote))


def _fits(relation: Relation, target: Thing) -> bool:
    """Whether a relation can have this kind of target."""
    if relation == "heldBy":
        return target.kind == "body"
    if relation == "establishes":
        return target.kind in ("body", "instrument")
    if relation in ("incorporatedInto", "reviews", "prepares", "adopts"):
        return target.kind == "instrument"
    if relation in ("consideredAt", "partOf", "follows"):
        return target.kind == "event"
    return target.kind in ("event", "instrument", "body")
