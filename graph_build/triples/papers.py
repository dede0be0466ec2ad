"""What one document says, and the evidence for it, as triples."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from graph_build.dataset import iri, moment, number, text, truth
from graph_build.iris import CQ, DCTERMS, RDF, RDFS, SCHEME, segments, slug
from graph_build.places import places, region
from graph_build.records import (
    Attendance,
    Commitment,
    DocumentFacts,
    Entity,
    EventFact,
    Evidence,
    Fact,
    Link,
    Membership,
    Passage,
    PersonRole,
    Quotation,
    Resolution,
    Span,
    StatedCount,
    Thing,
    Value,
)

A = f"<{RDF}type>"
LABEL = f"<{RDFS}label>"
_SLUG = 56
"""Characters of one part of a statement's IRI: the first words tell a reader what it is about."""
_META = {
    "date": "date",
    "publisher": "publisher",
    "language": "language",
    "licence": "license",
    "address": "source",
    "series": "isPartOf",
}
"""Pairs of `Document.meta` and their DCTERMS properties."""
_DIRECT = {
    "host": "hadHost",
    "co-chair": "hadCoChair",
    "participant": "hadParticipant",
    "observer": "hadObserver",
}
_CLASS = {
    "directive": "Directive",
    "decision": "Decision",
    "pledge": "Pledge",
    "recommendation": "Recommendation",
}


def cq(name: str) -> str:
    """A term of the ontology, as N-Triples writes it."""
    return f"<{CQ}{name}>"


def concept(scheme: str, notation: str) -> str:
    """A concept of a scheme, as N-Triples writes it."""
    return iri(f"{SCHEME}{scheme}/{slug(notation)}") if " " in notation else iri(f"{SCHEME}{scheme}/{notation}")


@dataclass(frozen=True)
class Statement:
    """A node of the document's graph: an account, participation, commitment, link ...

    path      its path below `/id/`
    content   what tells it from another statement that would have the same path
    triples   (predicate, object) pairs, as N-Triples writes them
    evidence  what it rests on
    direct    triples over entities that say the same in short
    about     the entities it speaks of, as N-Triples writes them
    clause    a commitment's own clause
    inferred  which of its values are not stated, with rule and words
    fact      the fact that it writes down; None for the account of a thing without facts of its own
    """

    path: str
    content: str
    triples: tuple[tuple[str, str], ...]
    evidence: tuple[Evidence, ...]
    direct: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    clause: Passage | None = None
    inferred: tuple[str, ...] = ()
    fact: Fact | None = None


@dataclass(frozen=True)
class Paper:
    """One document's facts over resolved entities: makes its statements, and the lines of its graphs."""

    facts: DocumentFacts
    slug: str
    base: str
    resolution: Resolution

    @property
    def iri(self) -> str:
        """The document's IRI, as N-Triples writes it."""
        return self.id(f"document/{self.slug}")

    def id(self, path: str) -> str:
        """A thing of the build, as N-Triples writes it."""
        return iri(f"{self.base}id/{path}")

    def entity(self, thing: str) -> str:
        """The resolved entity of one of this document's things."""
        return self.id(self.resolution.of[self.facts.document.key, thing].key)

    def state(self, code: str) -> str:
        """A state by its ISO code."""
        return self.id(f"state/{code}")

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Path segment of each thing in this document's own words: its label, before it the day of an event."""
        starts = {f.event: f.start.value for f in self.facts.facts if isinstance(f, EventFact) and f.start}
        wanted = {
            t.id: (
                slug(f"{starts.get(t.id, '')} {t.code or t.label}", _SLUG),
                "\x1f".join(
                    (
                        t.kind,
                        t.label,
                        starts.get(t.id, ""),
                        str([e.passage.spans for e in t.evidence]),
                        t.id,
                    )
                ),
            )
            for t in self.facts.things
        }
        made = segments(wanted.values())
        return {id_: made[pair] for id_, pair in wanted.items()}

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """All statements, one for each path: facts that say the same share one node with all their evidence."""
        drafts = [
            *self._accounts(),
            *(replace(self._draft(f), fact=f) for f in self.facts.facts),
        ]
        made = segments((d.path, d.content) for d in drafts)
        nodes: dict[str, Statement] = {}
        for d in drafts:
            path = made[d.path, d.content]
            known = nodes.get(path)
            evidence = tuple(dict.fromkeys((*(known.evidence if known else ()), *d.evidence)))
            nodes[path] = replace(d, path=path, evidence=evidence)
        return tuple(nodes[path] for path in sorted(nodes))

    def document_lines(self) -> list[str]:
        """What is known of the document itself."""
        document, facts = self.facts.document, self.facts
        meta = dict(document.meta)
        said = [
            (A, cq("Document")),
            (LABEL, text(facts.title or meta.get("title") or document.key)),
            (cq("path"), text(document.key)),
            (cq("sha256"), text(document.sha256)),
        ]
        if title := facts.title or meta.get("title"):
            said.append((f"<{DCTERMS}title>", text(title)))
        if facts.published_for:
            said.append((cq("publishedFor"), self.entity(facts.published_for)))
        if facts.genre:
            said.append((cq("documentType"), concept("document-type", facts.genre)))
        said += [
            (
                f"<{DCTERMS}{property_}>",
                moment(meta[key]) if key == "date" else text(meta[key]),
            )
            for key, property_ in _META.items()
            if meta.get(key)
        ]
        return [f"{self.iri} {p} {o}" for p, o in said]

    def statement_lines(self, statement: Statement) -> list[str]:
        """A statement's own triples."""
        node = self.id(statement.path)
        return [f"{node} {p} {o}" for p, o in (*statement.triples, (cq("statedIn"), self.iri))]

    def evidence_lines(self, statements: Iterable[Statement]) -> list[str]:
        """The evidence of statements, and the passages that they cite."""
        lines: list[str] = []
        passages: set[Passage] = set()
        for statement in statements:
            node = self.id(statement.path)
            if statement.evidence:
                lines.append(f"{node} {cq('shownBy')} {self.passage_iri(statement.evidence[0].passage)}")
            for e in statement.evidence:
                passages.add(e.passage)
                lines.append(f"{node} {cq('evidence')} {self.passage_iri(e.passage)}")
                lines.append(f"{node} {cq('rule')} {text(e.rule)}")
                lines.append(f"{node} {cq('known')} {concept('known', e.known)}")
            if statement.clause is not None:
                passages.add(statement.clause)
                lines.append(f"{node} {cq('clausePassage')} {self.passage_iri(statement.clause)}")
            lines += [f"{node} {cq('inferredValue')} {text(name)}" for name in statement.inferred]
        for passage in passages:
            lines += self.passage_lines(passage)
        return lines

    def passages(self, statement: Statement) -> set[str]:
        """The passages on which a statement rests, as N-Triples writes them."""
        cited = {e.passage for e in statement.evidence} | ({statement.clause} if statement.clause else set())
        return {self.passage_iri(passage) for passage in cited}

    @cached_property
    def _passages(self) -> Mapping[Passage, str]:
        wanted = {p: (f"{p.start}-{p.end}", str(p.spans)) for p in self.facts.passages()}
        made = segments(wanted.values())
        return {p: self.id(f"passage/{self.slug}/{made[pair]}") for p, pair in wanted.items()}

    @cached_property
    def shared_places(self) -> frozenset[str]:
        """Places 'START-END' at which several passages of this document stand, told apart by a suffix."""
        places: dict[str, set[tuple[Span, ...]]] = {}
        for passage in self._passages:
            places.setdefault(f"{passage.start}-{passage.end}", set()).add(passage.spans)
        return frozenset(place for place, found in places.items() if len(found) > 1)

    def passage_iri(self, passage: Passage) -> str:
        """The node of a passage that this document cites, as N-Triples writes it."""
        return self._passages[passage]

    def passage_lines(self, passage: Passage, node: str = "") -> list[str]:
        """A passage's own triples. `node` is its node, where that is known."""
        node = node or self.passage_iri(passage)
        said = [
            (A, cq("Passage")),
            (cq("quote"), text(passage.quote)),
            (cq("startOffset"), number(passage.start)),
            (cq("endOffset"), number(passage.end)),
            (cq("passageOf"), self.iri),
            *((cq("span"), text(f"{s.start}-{s.end}")) for s in passage.spans),
        ]
        for place in places(self.facts.document.spots, passage.spans):
            said.append((cq("page"), number(place.page)))
            said += [(cq("region"), text(region(place.page, box))) for box in place.boxes]
        if paragraph := self.paragraph(passage):
            said.append((cq("paragraph"), text(paragraph)))
        return [f"{node} {p} {o}" for p, o in said]

    @cached_property
    def _starts(self) -> list[tuple[int, str]]:
        pairs = zip(self.facts.sentences, self.facts.paragraphs, strict=False)
        return sorted((sentence.start, paragraph) for sentence, paragraph in pairs)

    def paragraph(self, passage: Passage) -> str:
        """The number of the paragraph in which a passage starts, or ''."""
        at = bisect_right(self._starts, passage.start, key=lambda pair: pair[0]) - 1
        return self._starts[at][1] if at >= 0 else ""

    @cached_property
    def as_of(self) -> str:
        """The date of the paper: its own, else that of the end of the meeting that it reports on, or ''."""
        if date := dict(self.facts.document.meta).get("date"):
            return date
        for fact in self.facts.facts:
            if isinstance(fact, EventFact) and fact.event == self.facts.published_for:
                value = fact.end or fact.start
                return value.value if value else ""
        return ""

    def _accounts(self) -> list[Statement]:
        events = {f.event for f in self.facts.facts if isinstance(f, EventFact)}
        return [self._account(t, ()) for t in self.facts.things if t.kind != "state" and t.id not in events]

    def _account(
        self,
        thing: Thing,
        more: Iterable[tuple[str, str]],
        evidence: tuple[Evidence, ...] = (),
    ) -> Statement:
        said = [
            (A, cq("Account")),
            (cq("about"), self.entity(thing.id)),
            (cq("name"), text(thing.label)),
        ]
        said += [(cq("otherName"), text(name)) for name in thing.names]
        if thing.acronym:
            said.append((cq("acronym"), text(thing.acronym)))
        if thing.named and thing.kind in ("body", "instrument"):
            said.append((cq("thingType"), text(thing.kind)))
        path = f"account/{self.slug}/{self.names[thing.id]}"
        return Statement(
            path,
            thing.id,
            (*said, *more),
            (*thing.evidence, *evidence),
            about=(self.entity(thing.id),),
        )

    def _draft(self, fact: Fact) -> Statement:
        match fact:
            case EventFact():
                return self._event(fact)
            case Attendance() | PersonRole():
                return self._participation(fact)
            case Membership():
                return self._membership(fact)
            case Commitment():
                return self._commitment(fact)
            case Link():
                return self._link(fact)
            case StatedCount():
                return self._count(fact)
            case Quotation():
                return self._quotation(fact)

    def _event(self, fact: EventFact) -> Statement:
        said = [(cq("status"), concept("status", fact.status))]
        given = {
            "start": fact.start,
            "end": fact.end,
            "city": fact.city,
            "country": fact.country,
        }
        for name, value in given.items():
            if value is not None:
                write = {"city": text, "country": self.state}.get(name, moment)
                said.append((cq(name), write(value.value)))
        if fact.ordinal and fact.ordinal.value.isdecimal():
            said.append((cq("ordinal"), number(int(fact.ordinal.value))))
        values = {**given, "ordinal": fact.ordinal}
        draft = self._account(
            self.facts.thing(fact.event),
            said,
            (*fact.evidence, *_evidence(*values.values())),
        )
        return replace(draft, inferred=_inferred(values))

    def _participation(self, fact: Attendance | PersonRole) -> Statement:
        meeting = self.entity(fact.event)
        actor = self.entity(fact.party if isinstance(fact, Attendance) else fact.person)
        said = [
            (A, cq("Participation")),
            (cq("meeting"), meeting),
            (cq("actor"), actor),
            (cq("name"), text(fact.name)),
        ]
        about = [meeting, actor]
        path = f"participation/{self.slug}/{self.names[fact.event]}"
        if isinstance(fact, Attendance):
            said.append((cq("capacity"), concept("capacity", fact.capacity)))
            direct = (f"{meeting} {cq(_DIRECT[fact.capacity])} {actor}",)
            path += f"/{self.names[fact.party]}-{fact.capacity}"
            content = "\x1f".join((fact.event, fact.party, fact.capacity, fact.name))
            return Statement(path, content, tuple(said), fact.evidence, direct, tuple(about))
        said.append((cq("role"), concept("role", fact.role)))
        if fact.position:
            said.append((cq("position"), text(fact.position.value)))
        if fact.affiliation:
            said.append((cq("affiliation"), text(fact.affiliation.value)))
        if fact.affiliation_id:
            employer = self.entity(fact.affiliation_id)
            said.append((cq("affiliatedWith"), employer))
            about.append(employer)
        values = {"position": fact.position, "affiliation": fact.affiliation}
        content = "\x1f".join(
            (
                fact.event,
                fact.person,
                fact.role,
                fact.name,
                *(v.value if v else "" for v in values.values()),
            )
        )
        evidence = (*fact.evidence, *_evidence(*values.values()))
        direct = (f"{meeting} {cq('hadParticipant')} {actor}",)
        path += f"/{self.names[fact.person]}-{fact.role}"
        return Statement(
            path,
            content,
            tuple(said),
            evidence,
            direct,
            tuple(about),
            inferred=_inferred(values),
        )

    def _membership(self, fact: Membership) -> Statement:
        body, actor = self.entity(fact.body), self.entity(fact.party)
        said = [
            (A, cq("Membership")),
            (cq("body"), body),
            (cq("actor"), actor),
            (cq("name"), text(fact.name)),
            (cq("memberCapacity"), concept("member-capacity", fact.capacity)),
        ]
        if fact.since:
            said.append((cq("since"), moment(fact.since.value)))
        if self.as_of:
            said.append((cq("asOf"), moment(self.as_of)))
        path = f"membership/{self.slug}/{self.names[fact.body]}/{self.names[fact.party]}-{fact.capacity}"
        content = "\x1f".join(
            (
                fact.body,
                fact.party,
                fact.capacity,
                fact.name,
                fact.since.value if fact.since else "",
            )
        )
        direct = (f"{actor} {cq('memberOf')} {body}",)
        evidence = (*fact.evidence, *_evidence(fact.since))
        inferred = _inferred({"since": fact.since})
        return Statement(
            path,
            content,
            tuple(said),
            evidence,
            direct,
            (body, actor),
            inferred=inferred,
        )

    def _commitment(self, fact: Commitment) -> Statement:
        said = [
            (A, cq(_CLASS[fact.class_])),
            (cq("commitmentClass"), concept("commitment-class", fact.class_)),
            (cq("clause"), text(fact.clause.quote)),
        ]
        about = []
        known = {t.id for t in self.facts.things}
        for name, link, value, thing in (
            ("issuer", "issuedBy", fact.issuer, fact.issuer_id),
            ("addressee", "addressedTo", fact.addressee, fact.addressee_id),
        ):
            if value:
                said.append((cq(name), text(value.value)))
            if thing in known:
                said.append((cq(link), self.entity(thing)))
                about.append(self.entity(thing))
        for name, thing in (("madeAt", fact.made_at), ("quotedFrom", fact.quoted)):
            if thing:
                said.append((cq(name), self.entity(thing)))
                about.append(self.entity(thing))
        if fact.verb:
            said.append((cq("decidingVerb"), text(fact.verb)))
        if fact.level:
            said.append((cq("speakerLevel"), concept("speaker-level", fact.level)))
        if fact.binding:
            said.append((cq("bindingness"), concept("bindingness", fact.binding)))
        said += [(cq("theme"), concept("theme", theme)) for theme in fact.themes]
        if paragraph := fact.paragraph or self.paragraph(fact.clause):
            said.append((cq("paragraph"), text(paragraph)))
        values = {"issuer": fact.issuer, "addressee": fact.addressee}
        return Statement(
            f"commitment/{self.slug}/{slug(f'{fact.class_} {fact.clause.quote}', _SLUG)}",
            "\x1f".join(
                (
                    fact.class_,
                    fact.issuer.value if fact.issuer else "",
                    str(fact.clause.spans),
                    fact.made_at,
                )
            ),
            tuple(said),
            (*fact.evidence, *_evidence(*values.values())),
            (),
            tuple(about),
            fact.clause,
            _inferred(values),
        )

    def _link(self, fact: Link) -> Statement:
        source, target = self.entity(fact.source), self.entity(fact.target)
        said = (
            (A, cq("Link")),
            (cq("source"), source),
            (cq("relation"), concept("relation", fact.relation)),
            (cq("target"), target),
        )
        path = f"link/{self.slug}/{self.names[fact.source]}/{slug(fact.relation)}/{self.names[fact.target]}"
        content = "\x1f".join((fact.source, fact.relation, fact.target))
        direct = (f"{source} {cq(fact.relation)} {target}",)
        return Statement(path, content, said, fact.evidence, direct, (source, target))

    def _count(self, fact: StatedCount) -> Statement:
        about = self.entity(fact.about)
        said = [
            (A, cq("StatedCount")),
            (cq("about"), about),
            (cq("number"), number(fact.number)),
            (cq("exact"), truth(fact.exact)),
        ]
        if fact.unit:
            said.append((cq("unit"), text(fact.unit)))
        if fact.lists:
            said.append((cq("countedList"), text(fact.lists)))
        path = f"count/{self.slug}/{self.names[fact.about]}/{slug(f'{fact.number} {fact.unit}', _SLUG)}"
        content = "\x1f".join((fact.about, str(fact.number), fact.unit, str(fact.exact), fact.lists))
        return Statement(path, content, tuple(said), fact.evidence, about=(about,))

    def _quotation(self, fact: Quotation) -> Statement:
        said = [(A, cq("Quotation")), (cq("words"), text(fact.words.quote))]
        about: tuple[str, ...] = ()
        if fact.source:
            said.append((cq("quotedFrom"), self.entity(fact.source)))
            about = (self.entity(fact.source),)
        path = f"quotation/{self.slug}/{slug(fact.words.quote, _SLUG)}"
        content = "\x1f".join((str(fact.words.spans), fact.source))
        evidence = (
            *fact.evidence,
            Evidence(fact.words, fact.evidence[0].rule, fact.evidence[0].known),
        )
        return Statement(path, content, tuple(said), evidence, about=about)


def _evidence(*values: Value | None) -> tuple[Evidence, ...]:
    return tuple(Evidence(v.passage, v.rule, v.known) for v in values if v is not None)


def _inferred(values: Mapping[str, Value | None]) -> tuple[str, ...]:
    """Which of a statement's values are not stated, with the rule and the words: 'country: capital-of (Bangkok)'."""
    return tuple(f"{name}: {v.rule} ({v.words})" for name, v in values.items() if v and v.known != "stated")


def entity_iri(entity: Entity, base: str) -> str:
    """An entity's IRI, as N-Triples writes it."""
    return iri(f"{base}id/{entity.key}")
