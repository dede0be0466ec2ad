"""A small corpus of invented papers, written straight into RDF as docs/graph.md says, for the tests of asking.

`river()` is four papers of one invented process, with a mandate, a working group, a workshop that delivers on it, a work
plan, a later paper that reviews it, and a pledge of which nothing is heard again. `many(n)` makes n papers for size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from graph_build.iris import BASE, CQ, DCTERMS, RDF, RDFS, SCHEME, SKOS, XSD, slug

OUTSIDE = (f"{BASE}graph/evidence/", f"{BASE}graph/rejected")
LEADS_BACK = {"deliversOn", "reviews"}
LEADS_ON = {"establishes", "adopts", "prepares", "consideredAt", "incorporatedInto"}


def date(text: str) -> ox.Literal:
    kind = {4: "gYear", 7: "gYearMonth", 10: "date"}[len(text)]
    return ox.Literal(text, datatype=ox.NamedNode(XSD + kind))


@dataclass
class Papers:
    """Quads by hand; every method takes short ids and returns the id of what it made."""

    quads: list[ox.Quad] = field(default_factory=list)
    leads: set[tuple[str, str]] = field(default_factory=set)
    base: str = BASE
    document: str = ""
    offset: int = 0

    def id(self, short: str) -> ox.NamedNode:
        return ox.NamedNode(f"{self.base}id/{short}")

    def put(self, graph: str, subject: str, prop: str, value: object) -> None:
        prefix, _, name = prop.partition(":")
        space = {"cq": CQ, "rdf": RDF, "rdfs": RDFS, "skos": SKOS, "dcterms": DCTERMS}[prefix]
        node: ox.NamedNode | ox.Literal
        if isinstance(value, ox.NamedNode | ox.Literal):
            node = value
        elif isinstance(value, bool | int):
            node = ox.Literal(value)
        else:
            node = ox.Literal(str(value))
        self.quads.append(
            ox.Quad(self.id(subject), ox.NamedNode(space + name), node, ox.NamedNode(f"{self.base}graph/{graph}"))
        )

    def concept(self, scheme: str, notation: str) -> ox.NamedNode:
        node = ox.NamedNode(f"{SCHEME}{scheme}/{notation}")
        self.quads.append(
            ox.Quad(
                node, ox.NamedNode(SKOS + "notation"), ox.Literal(notation), ox.NamedNode(f"{self.base}graph/ontology")
            )
        )
        return node

    def entity(self, short: str, kind: str, label: str, **more: str) -> str:
        self.put("entities", short, "rdf:type", ox.NamedNode(CQ + kind))
        self.put("entities", short, "rdfs:label", label)
        for name, value in more.items():
            if name in ("start", "end"):
                self.put("entities", short, f"cq:{name}", date(value))
            elif name in ("country", "parentBody", "inSeries", "inInstrumentSeries"):
                self.put("entities", short, f"cq:{name}", self.id(value))
            elif name in ("meetingType", "instrumentType"):
                scheme = "meeting-type" if name == "meetingType" else "instrument-type"
                self.put("entities", short, f"cq:{name}", self.concept(scheme, value))
            elif name == "altLabel":
                self.put("entities", short, "skos:altLabel", value)
            elif name == "ordinal":
                self.put("entities", short, "cq:ordinal", int(value))
            elif name in ("periodStart", "periodEnd"):
                self.put("entities", short, f"cq:{name}", date(value))
            else:
                self.put("entities", short, f"cq:{name}", value)
        return short

    def state(self, code: str, label: str) -> str:
        return self.entity(f"state/{code}", "State", label, isoCode=code)

    def paper(self, key: str, title: str, about: str, when: str = "") -> str:
        self.document, self.offset = slug(key.rsplit(".", 1)[0]), 0
        here = f"document/{self.document}"
        graph = f"document/{self.document}"
        self.put(graph, here, "rdf:type", ox.NamedNode(CQ + "Document"))
        self.put(graph, here, "rdfs:label", title)
        self.put(graph, here, "cq:path", key)
        self.put(graph, here, "cq:sha256", "0" * 64)
        self.put(graph, here, "dcterms:title", title)
        self.put(graph, here, "cq:documentType", self.concept("document-type", "co-chairs-summary"))
        if about:
            self.put(graph, here, "cq:publishedFor", self.id(about))
        if when:
            self.put(graph, here, "dcterms:date", date(when))
        return here

    def passage(self, quote: str, paragraph: str) -> str:
        start, end = self.offset, self.offset + len(quote)
        self.offset = end + 1
        short, graph = f"passage/{self.document}/{start}-{end}", f"evidence/{self.document}"
        self.put(graph, short, "rdf:type", ox.NamedNode(CQ + "Passage"))
        self.put(graph, short, "cq:quote", quote)
        self.put(graph, short, "cq:startOffset", start)
        self.put(graph, short, "cq:endOffset", end)
        self.put(graph, short, "cq:span", f"{start}-{end}")
        self.put(graph, short, "cq:passageOf", self.id(f"document/{self.document}"))
        if paragraph:
            self.put(graph, short, "cq:paragraph", paragraph)
        return short

    def say(self, passage: str, short: str, kind: str, rule: str, **values: object) -> str:
        """A statement node with its evidence; values that are ids of things start with '@'."""
        graph = f"document/{self.document}"
        self.put(graph, short, "rdf:type", ox.NamedNode(CQ + kind))
        self.put(graph, short, "cq:statedIn", self.id(f"document/{self.document}"))
        for name, value in values.items():
            if isinstance(value, str) and value.startswith("@"):
                self.put(graph, short, f"cq:{name}", self.id(value[1:]))
            elif name in ("start", "end", "since", "asOf"):
                self.put(graph, short, f"cq:{name}", date(str(value)))
            elif isinstance(value, str) and value.startswith("scheme:"):
                self.put(graph, short, f"cq:{name}", self.concept(*value[7:].split("/")))
            else:
                self.put(graph, short, f"cq:{name}", value)
        evidence, known = f"evidence/{self.document}", "stated"
        self.put(evidence, short, "cq:shownBy", self.id(passage))
        self.put(evidence, short, "cq:evidence", self.id(passage))
        self.put(evidence, short, "cq:rule", rule)
        self.put(evidence, short, "cq:known", self.concept("known", known))
        return short

    def account(self, passage: str, thing: str, name: str, **values: object) -> str:
        short = f"account/{self.document}/{thing.replace('/', '-')}"
        return self.say(passage, short, "Account", "named", about=f"@{thing}", name=name, **values)

    def link(self, passage: str, source: str, relation: str, target: str) -> str:
        short = f"link/{self.document}/{slug(source)}-{relation}-{slug(target)}"
        self.put(f"document/{self.document}", source, f"cq:{relation}", self.id(target))
        if relation in LEADS_BACK:
            self.leads.add((target, source))
        elif relation in LEADS_ON:
            self.leads.add((source, target))
        return self.say(
            passage,
            short,
            "Link",
            f"{relation}-by",
            source=f"@{source}",
            target=f"@{target}",
            relation=f"scheme:relation/{relation}",
        )

    def attend(self, passage: str, meeting: str, actor: str, name: str, capacity: str) -> str:
        short = f"participation/{self.document}/{slug(meeting)}-{slug(actor)}-{capacity}"
        prop = {"host": "hadHost", "co-chair": "hadCoChair", "observer": "hadObserver"}.get(capacity, "hadParticipant")
        self.put(f"document/{self.document}", meeting, f"cq:{prop}", self.id(actor))
        return self.say(
            passage,
            short,
            "Participation",
            "list-of-parties",
            meeting=f"@{meeting}",
            actor=f"@{actor}",
            name=name,
            capacity=f"scheme:capacity/{capacity}",
        )

    def person(self, passage: str, meeting: str, person: str, name: str, role: str, **values: object) -> str:
        short = f"participation/{self.document}/{slug(meeting)}-{slug(person)}-{role}"
        return self.say(
            passage,
            short,
            "Participation",
            "person-in-role",
            meeting=f"@{meeting}",
            actor=f"@{person}",
            name=name,
            role=f"scheme:role/{role}",
            **values,
        )

    def member(self, passage: str, body: str, actor: str, name: str, capacity: str, **values: object) -> str:
        short = f"membership/{self.document}/{slug(body)}-{slug(actor)}-{capacity}"
        self.put(f"document/{self.document}", actor, "cq:memberOf", self.id(body))
        return self.say(
            passage,
            short,
            "Membership",
            "list-of-members",
            body=f"@{body}",
            actor=f"@{actor}",
            name=name,
            memberCapacity=f"scheme:member-capacity/{capacity}",
            **values,
        )

    def commit(self, sentence: str, clause: str, paragraph: str, kind: str, issuer: str, **values: object) -> str:
        passage = self.passage(sentence, paragraph)
        short = f"commitment/{self.document}/{slug(clause, 60)}"
        self.say(
            passage,
            short,
            kind.capitalize(),
            f"{kind}-clause",
            clause=clause,
            issuer=issuer,
            paragraph=paragraph,
            commitmentClass=f"scheme:commitment-class/{kind}",
            **values,
        )
        self.put(f"evidence/{self.document}", short, "cq:clausePassage", self.id(self.passage(clause, paragraph)))
        return short

    def dataset(self) -> list[ox.Quad]:
        """All quads: named graphs, lineage derived from the links, and the default graph written out."""
        derived = [(a, "leadsTo", b) for a, b in sorted(self.leads)]
        seen = set(self.leads)
        while more := {(a, d) for a, b in seen for c, d in self.leads if b == c} - seen:
            seen |= more
        derived += [(a, "leadsToEventually", b) for a, b in sorted(seen)]
        for a, prop, b in derived:
            self.put("derived", a, f"cq:{prop}", self.id(b))
        named = dict.fromkeys(self.quads)
        union = {
            ox.Quad(q.subject, q.predicate, q.object)
            for q in named
            if not str(q.graph_name.value).startswith(OUTSIDE)  # type: ignore[union-attr]  # all graphs here are named
        }
        return [*named, *union]

    def store(self) -> ox.Store:
        store = ox.Store()
        store.bulk_extend(self.dataset())
        return store


GROUP = "body/river-pact-working-group-on-flood-warning"
PACT = "body/river-pact"
CONFERENCE = "meeting/2010-05-04-tirana-third-river-pact-ministerial-conference"
WORKSHOP = "meeting/2011-09-12-skopje-workshop-on-flood-warning"
FIRST = "meeting/2011-09-14-first-meeting-of-the-working-group"
REVIEW = "meeting/2014-03-01-podgorica-review-meeting"
PLAN = "instrument/flood-warning-plan-2012-14"


def river() -> Papers:
    """Four invented papers from 2011 to 2015."""
    p = Papers()
    for code, name in (("AL", "Albania"), ("MK", "North Macedonia"), ("ME", "Montenegro"), ("XK", "Kosovo")):
        p.state(code, name)
    p.entity(PACT, "Body", "River Pact on Floods and Droughts", altLabel="River Pact")
    p.entity(GROUP, "Body", "River Pact Working Group on Flood Warning", acronym="WGFW", parentBody=PACT)
    p.entity("organisation/WMO", "Organisation", "World Meteorological Organization", acronym="WMO")
    p.entity(
        CONFERENCE,
        "Meeting",
        "Third River Pact Ministerial Conference",
        start="2010-05-04",
        end="2010-05-04",
        city="Tirana",
        country="state/AL",
        ordinal="3",
        inSeries="series/river-pact-ministerial-conference",
        meetingType="ministerial-conference",
    )
    p.entity("series/river-pact-ministerial-conference", "MeetingSeries", "River Pact Ministerial Conference")
    p.entity(
        WORKSHOP,
        "Meeting",
        "Workshop on Flood Warning",
        start="2011-09-12",
        end="2011-09-13",
        city="Skopje",
        country="state/MK",
        meetingType="workshop",
        mergedBecause="same dates and place in two papers",
    )
    p.entity(
        FIRST,
        "Meeting",
        "first meeting of the Working Group on Flood Warning",
        start="2011-09-14",
        end="2011-09-14",
        ordinal="1",
        meetingType="working-group-meeting",
    )
    p.entity(
        REVIEW,
        "Meeting",
        "Review Meeting",
        start="2014-03-01",
        end="2014-03-01",
        city="Podgorica",
        country="state/ME",
        meetingType="meeting",
    )
    p.entity(
        PLAN,
        "Instrument",
        "Flood Warning Plan 2012-14",
        periodStart="2012",
        periodEnd="2014",
        instrumentType="work-plan",
        inInstrumentSeries="instrument-series/flood-warning-plan",
    )
    p.entity("instrument-series/flood-warning-plan", "InstrumentSeries", "Flood Warning Plan")
    p.entity("person/mira-koleva", "Person", "Mira Koleva")

    p.paper("reports/workshop-2011.txt", "Workshop on Flood Warning: Chair's Summary", WORKSHOP)
    s = p.passage(
        "The Government of North Macedonia hosted the Workshop on Flood Warning in Skopje from 12 to 13 "
        "September 2011.",
        "1",
    )
    p.account(
        s,
        WORKSHOP,
        "Workshop on Flood Warning",
        status="scheme:status/described",
        start="2011-09-12",
        end="2011-09-13",
        city="Skopje",
        country="@state/MK",
    )
    p.attend(s, WORKSHOP, "state/MK", "North Macedonia", "host")
    s = p.passage(
        "The workshop fulfilled a commitment made at the Third River Pact Ministerial Conference on 4 May "
        "2010, where Ministers directed officials to set up a Working Group on Flood Warning.",
        "2",
    )
    p.account(
        s,
        CONFERENCE,
        "Third River Pact Ministerial Conference",
        status="scheme:status/mentioned",
        start="2010-05-04",
        end="2010-05-04",
    )
    p.account(s, GROUP, "Working Group on Flood Warning", thingType="body")
    p.account(s, PACT, "River Pact", thingType="body")
    p.link(s, WORKSHOP, "deliversOn", CONFERENCE)
    p.link(s, CONFERENCE, "establishes", GROUP)
    p.link(s, WORKSHOP, "heldBy", GROUP)
    p.leads.add((GROUP, WORKSHOP))
    directive = p.commit(
        "The workshop fulfilled a commitment made at the Third River Pact Ministerial Conference on 4 May 2010, where "
        "Ministers directed officials to set up a Working Group on Flood Warning.",
        "Ministers directed officials to set up a Working Group on Flood Warning",
        "2",
        "directive",
        "Ministers",
        addressee="officials",
        madeAt=f"@{CONFERENCE}",
        decidingVerb="directed",
        speakerLevel="scheme:speaker-level/ministers",
        bindingness="scheme:bindingness/mandate",
        theme="scheme:theme/institutions",
    )
    p.leads.add((directive, GROUP))
    s = p.passage(
        "The workshop was chaired by Ms Mira Koleva, Head of the Hydrology Unit, Ministry of Water of North Macedonia.",
        "3",
    )
    p.person(
        s,
        WORKSHOP,
        "person/mira-koleva",
        "Mira Koleva",
        "chair",
        position="Head of the Hydrology Unit",
        affiliation="Ministry of Water of North Macedonia",
    )
    s = p.passage(
        "Officials from Albania, Montenegro and North Macedonia attended; the World Meteorological "
        "Organization (WMO) took part as an observer.",
        "4",
    )
    for code, name in (("AL", "Albania"), ("ME", "Montenegro"), ("MK", "North Macedonia")):
        p.attend(s, WORKSHOP, f"state/{code}", name, "participant")
    p.attend(s, WORKSHOP, "organisation/WMO", "World Meteorological Organization (WMO)", "observer")
    p.account(s, "organisation/WMO", "World Meteorological Organization (WMO)", thingType="body")
    p.say(
        s,
        "count/workshop-2011/participants",
        "StatedCount",
        "stated-count",
        about=f"@{WORKSHOP}",
        number=41,
        unit="officials",
        exact=True,
        countedList="participants",
    )

    p.paper("reports/outcomes-2011.txt", "Outcomes of the Workshop on Flood Warning", WORKSHOP)
    s = p.passage("The Flood Warning Workshop took place in Skopje on 12 and 13 September 2011.", "1")
    p.account(
        s,
        WORKSHOP,
        "Flood Warning Workshop",
        status="scheme:status/described",
        start="2011-09-12",
        end="2011-09-13",
        city="Skopje",
        country="@state/MK",
    )
    s = p.passage(
        "Its outcomes were considered at the first meeting of the Working Group on Flood Warning on 14 September 2011.",
        "5",
    )
    p.account(
        s,
        FIRST,
        "first meeting of the Working Group on Flood Warning",
        status="scheme:status/mentioned",
        start="2011-09-14",
        end="2011-09-14",
    )
    p.link(s, WORKSHOP, "consideredAt", FIRST)
    p.link(s, FIRST, "heldBy", GROUP)
    s = p.passage("They have been incorporated into the Flood Warning Plan 2012-14.", "5")
    p.account(s, PLAN, "Flood Warning Plan 2012-14", thingType="instrument")
    p.link(s, WORKSHOP, "incorporatedInto", PLAN)
    p.commit(
        "Albania undertook to share river gauge data with its neighbours every hour.",
        "Albania undertook to share river gauge data with its neighbours every hour",
        "6",
        "pledge",
        "Albania",
        addressee="its neighbours",
        madeAt=f"@{WORKSHOP}",
        decidingVerb="undertook",
        speakerLevel="scheme:speaker-level/state",
        bindingness="scheme:bindingness/pledge",
        theme="scheme:theme/data",
        issuedBy="@state/AL",
    )

    s = p.passage(
        "It recalled that Ministers had 'resolved to warn each other of every flood' at the Third River Pact "
        "Ministerial Conference.",
        "7",
    )
    p.say(
        s,
        "quotation/reports-outcomes-2011/resolved-to-warn",
        "Quotation",
        "quoted-words",
        words="resolved to warn each other of every flood",
        quotedFrom=f"@{CONFERENCE}",
    )
    p.account(s, CONFERENCE, "Third River Pact Ministerial Conference", status="scheme:status/mentioned")

    p.paper("reports/review-2014.txt", "Review Meeting: Summary", REVIEW)
    s = p.passage(
        "The Review Meeting, held in Podgorica on 1 March 2014, took stock of the Flood Warning Plan 2012-14.", "1"
    )
    p.account(
        s,
        REVIEW,
        "Review Meeting",
        status="scheme:status/described",
        start="2014-03-01",
        end="2014-03-01",
        city="Podgorica",
        country="@state/ME",
    )
    p.account(s, PLAN, "Flood Warning Plan 2012-14", thingType="instrument")
    p.link(s, REVIEW, "reviews", PLAN)
    p.attend(s, REVIEW, "state/ME", "Montenegro", "host")
    s = p.passage(
        "The Working Group has four members: Albania, Montenegro, North Macedonia and, since 2013, the World "
        "Meteorological Organization (WMO).",
        "2",
    )
    p.account(s, GROUP, "River Pact Working Group on Flood Warning", thingType="body")
    for code, name in (("AL", "Albania"), ("ME", "Montenegro"), ("MK", "North Macedonia")):
        p.member(s, GROUP, f"state/{code}", name, "member", asOf="2014-03-01")
    p.member(
        s,
        GROUP,
        "organisation/WMO",
        "World Meteorological Organization (WMO)",
        "member",
        since="2013",
        asOf="2014-03-01",
    )
    p.say(
        s,
        "count/review-2014/members",
        "StatedCount",
        "stated-count",
        about=f"@{GROUP}",
        number=4,
        unit="members",
        exact=True,
        countedList="members",
    )
    s = p.passage("Mira Koleva, Deputy Minister of Water, opened the meeting.", "3")
    p.person(s, REVIEW, "person/mira-koleva", "Mira Koleva", "opener", position="Deputy Minister of Water")

    p.paper("letters/2015 <b>\u202eodd\u202c</b>.txt", "A letter", "", "2015-02-01")
    s = p.passage('The Kosovo letter speaks of "<script>alert(1)</script>", and of \x1b[31mred\x1b[0m marks.', "")
    p.account(s, "state/XK", '"<script>alert(1)</script>"')
    return p


def many(documents: int) -> Iterator[ox.Quad]:
    """Quads of `documents` invented papers, each with about 75 statements, from ever new words; the default graph too."""
    p = Papers()
    codes = [chr(65 + i) + chr(65 + j) for i in range(8) for j in range(10)]
    for code in codes:
        p.state(code, f"Land of {code}")
    for n in range(documents):
        year, series = 1980 + n % 45, n % 97
        meeting, body = f"meeting/{year}-meeting-{n}", f"body/group-{series}"
        p.entity(
            meeting,
            "Meeting",
            f"Meeting {n} on Subject {series}",
            start=f"{year}-03-0{1 + n % 9}",
            end=f"{year}-03-1{n % 9}",
            city="Tirana",
            country=f"state/{codes[n % 80]}",
        )
        if n < 97:
            p.entity(body, "Body", f"Group {series}")
        p.paper(f"papers/{n}.txt", f"Summary {n}", meeting)
        s = p.passage(f"Meeting {n} on Subject {series} was held in Tirana in March {year}.", "1")
        p.account(
            s,
            meeting,
            f"Meeting {n} on Subject {series}",
            status="scheme:status/described",
            start=f"{year}-03-0{1 + n % 9}",
            end=f"{year}-03-1{n % 9}",
            city="Tirana",
            country=f"@state/{codes[n % 80]}",
        )
        p.link(s, meeting, "heldBy", body)
        if n >= 97:
            before = f"meeting/{1980 + (n - 97) % 45}-meeting-{n - 97}"
            p.account(s, before, f"Meeting {n - 97}", status="scheme:status/mentioned")
            p.link(s, meeting, "deliversOn", before)
        s = p.passage(f"Officials of thirty states attended the meeting number {n}.", "2")
        for k in range(30):
            code = codes[(n * 7 + k) % 80]
            p.attend(s, meeting, f"state/{code}", f"Land of {code}", "participant")
        for k in range(8):
            s = p.passage(f"Person {n % 500} {k}, Head of Unit {k}, spoke at the meeting {n}.", "3")
            if n < 500:
                p.entity(f"person/person-{n % 500}-{k}", "Person", f"Person {n % 500} {k}")
            p.person(
                s,
                meeting,
                f"person/person-{n % 500}-{k}",
                f"Person {n % 500} {k}",
                "speaker",
                position=f"Head of Unit {k}",
                affiliation=f"Ministry {n % 50}",
            )
        s = p.passage(f"The group has ten members in {year} ({n}).", "4")
        p.account(s, body, f"Group {series}", thingType="body")
        for k in range(10):
            code = codes[(n * 3 + k) % 80]
            p.member(s, body, f"state/{code}", f"Land of {code}", "member", asOf=f"{year}-03-01")
        for k in range(15):
            words = f"Members agreed to take step {k} of {n} on theme {k % 5} without delay and in good faith"
            p.commit(
                f"{words}, it was said.",
                words,
                str(5 + k),
                "decision",
                "Members",
                madeAt=f"@{meeting}",
                decidingVerb="agreed",
                speakerLevel="scheme:speaker-level/members",
            )
        if len(p.quads) > 400_000:
            yield from _flush(p)
    for a, b in sorted(p.leads):
        p.put("derived", a, "cq:leadsTo", p.id(b))
    yield from _flush(p)


def _flush(p: Papers) -> Iterator[ox.Quad]:
    for quad in dict.fromkeys(p.quads):
        yield quad
        if not quad.graph_name.value.startswith(OUTSIDE):  # type: ignore[union-attr]  # all graphs here are named
            yield ox.Quad(quad.subject, quad.predicate, quad.object)
    p.quads.clear()
