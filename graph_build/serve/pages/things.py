"""Pages of things: meetings, actors, bodies, instruments, commitments, series, places, and single statements."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from graph_build.iris import CQ, DCTERMS, RDF, RDFS, SKOS, local
from graph_build.serve.linked import path_of
from graph_build.serve.pages.reading import (
    COMMITMENTS,
    EVIDENCE,
    KINDS,
    Cell,
    Fact,
    Page,
    Proof,
    Reader,
    Ref,
    Row,
    Section,
    grouped,
    ref,
    section,
    spoken,
)

_ASKED = " LIMIT 3000"
_LATER = ("deliversOn", "reviews")
"""Relations whose source is the later thing."""
_EARLIER = ("establishes", "adopts", "prepares", "consideredAt", "incorporatedInto")
"""Relations whose source is the earlier thing."""
_WORDS = {
    "deliversOn": ("delivers on", "is delivered on by"),
    "establishes": ("establishes", "was established by"),
    "consideredAt": ("was considered at", "considered the outcomes of"),
    "incorporatedInto": ("went into", "took in the outcomes of"),
    "reviews": ("reviews", "is reviewed by"),
    "prepares": ("prepares", "was prepared by"),
    "adopts": ("adopts", "was adopted by"),
    "heldBy": ("was held by", "held"),
    "partOf": ("was part of", "included"),
    "follows": ("follows", "was followed by"),
    "refersTo": ("refers to", "is referred to by"),
}


def thing_page(reader: Reader, iri: str) -> Page | None:
    """The page of a thing or statement, or None where the graph does not know it."""
    kind = reader.kind(iri)
    if not kind:
        return None
    values = reader.values(iri)
    makers = (*_SECTIONS.get(kind, (_proofs,)), _judged)
    sections = [made for make in makers if (made := make(reader, iri)) is not None]
    also = tuple(dict.fromkeys((*values.get(f"{SKOS}altLabel", ()), *values.get(f"{CQ}acronym", ()))))
    return Page(
        iri,
        kind,
        KINDS[kind],
        _title(reader, iri, kind, values),
        tuple(a for a in also if a != reader.label(iri)),
        "",
        tuple(_facts(reader, kind, values)),
        reader.with_sentences(sections),
        tuple(values.get(f"{CQ}mergedBecause", ())),
    )


def _title(reader: Reader, iri: str, kind: str, values: dict[str, list[str]]) -> str:
    if kind in ("FollowUp", "Silence"):
        return f"{KINDS[kind]}: {reader.label(values.get(f'{CQ}ofCommitment', [iri])[0])}"
    if kind == "Comparison":
        return f"{values.get(f'{CQ}field', [''])[0]}: {reader.label(values.get(f'{CQ}comparedMeeting', [iri])[0])}"
    if kind == "CountCheck":
        return values.get(f"{CQ}remark", [KINDS[kind]])[0]
    if kind == "Reuse":
        return values.get(f"{CQ}laterWords", [""])[0]
    if kind in ("Link", "Participation", "Membership", "StatedCount", "Account"):
        named = values.get(f"{CQ}name", [""])[0]
        return f"{KINDS[kind]}: {named}" if named else f"{KINDS[kind]} in {_in(reader, values)}"
    return reader.label(iri)


def _in(reader: Reader, values: dict[str, list[str]]) -> str:
    return reader.document(values.get(f"{CQ}statedIn", [""])[0]).label


_QUIET = {
    f"{RDF}type", f"{RDFS}label", f"{SKOS}altLabel", f"{CQ}acronym", f"{CQ}mergedBecause", f"{CQ}clause",
    f"{CQ}reconciledBecause", f"{CQ}leadsToEventually", f"{CQ}hadHost", f"{CQ}hadCoChair", f"{CQ}hadParticipant",
    f"{CQ}hadObserver", f"{CQ}hadParty", f"{CQ}memberOf", f"{CQ}leadsTo", f"{CQ}resultsFrom", f"{CQ}place",
    f"{CQ}quotedWords", f"{CQ}restsOn", f"{CQ}earlierPassage", f"{CQ}laterPassage", f"{CQ}firstPassage",
    f"{CQ}earlierWords", f"{CQ}laterWords", f"{CQ}firstIn", f"{CQ}earlierIn", f"{CQ}laterIn",
    f"{CQ}difference", f"{CQ}citedIn",
    f"{SKOS}notation", f"{SKOS}prefLabel", f"{DCTERMS}title",
    *(f"{CQ}{relation}" for relation in _WORDS),
}  # fmt: skip
_TERMS = {
    "start": "Date", "meetingType": "Type", "city": "City", "country": "Country", "inSeries": "Series",
    "ordinal": "Number in the series", "isoCode": "ISO code", "parentBody": "Part of", "instrumentType": "Type",
    "inInstrumentSeries": "Series", "periodStart": "Period", "commitmentClass": "Class", "decidingVerb": "Deciding words",
    "speakerLevel": "Who speaks", "bindingness": "Bindingness", "issuer": "Issued by", "issuedBy": "Issuer",
    "addressee": "Addressed to", "addressedTo": "Addressee", "madeAt": "Made at", "theme": "Themes",
    "paragraph": "Paragraph", "statedIn": "Stated in", "reference": "Reference data", "path": "File", "sha256": "SHA-256",
    "publishedFor": "Reports on", "documentType": "Kind of paper", "sameAs": "Same as", "exactMatch": "Same as",
    "about": "About", "asOf": "As of", "memberCapacity": "Capacity", "capacity": "Capacity", "role": "Role",
    "affiliatedWith": "Affiliation", "thingType": "Listed as", "missingKind": "Kind", "missingOf": "Paper of",
    "issuedOn": "Date", "citedIn": "Cited in", "heldAs": "Held as", "measure": "Words in common",
    "earlierSpeaker": "Earlier speaker", "laterSpeaker": "Later speaker", "timeOrder": "Order in time",
}  # fmt: skip
_ORDER = list(_TERMS)


def _facts(reader: Reader, kind: str, values: dict[str, list[str]]) -> list[Fact]:
    found: dict[str, Fact] = {}
    for name, given in values.items():
        short = local(name)
        if name in _QUIET or (short in ("end", "periodEnd")):
            continue
        if short in ("start", "periodStart"):
            last = values.get(f"{CQ}{'end' if short == 'start' else 'periodEnd'}", [""])[0]
            found[short] = Fact(_TERMS[short], (spoken(given[0], last),))
            continue
        cells: list[Cell] = []
        for value in given:
            if value in reader.concepts:
                cells.append(reader.concepts[value])
            elif value.startswith(("http://", "https://")):
                known = value.startswith((reader.build.base, CQ.removesuffix("ontology#")))
                cells.append(Ref(value, reader.label(value) if known else value))
            else:
                cells.append(value)
        term = _TERMS.get(short) or "".join(f" {c.lower()}" if c.isupper() else c for c in short).capitalize()
        found[short] = Fact(term, tuple(cells))
    # The words of the paper and the thing they mean stand in one line.
    for words, meant in (("issuer", "issuedBy"), ("addressee", "addressedTo")):
        if words in found and meant in found:
            found[words] = Fact(found[words].term, (*found[words].values, *found.pop(meant).values))
    rank = {name: at for at, name in enumerate(_ORDER)}
    return [found[k] for k in sorted(found, key=lambda k: (rank.get(k, 99), k))]


def _accounts(reader: Reader, iri: str) -> Section | None:
    rows = [
        Row(
            (
                reader.document(r["doc"]),
                r.get("name", ""),
                " · ".join(p for p in (spoken(r.get("start", ""), r.get("end", "")), r.get("city", "")) if p),
            ),
            (reader.proof(r),),
        )
        for r in reader.rows(
            "SELECT * { ?st cq:about ?thing ; a cq:Account OPTIONAL { ?st cq:name ?name } OPTIONAL { ?st cq:start ?start } "
            f"OPTIONAL {{ ?st cq:end ?end }} OPTIONAL {{ ?st cq:city ?city }} {EVIDENCE} }} ORDER BY ?path ?st{_ASKED}",
            thing=iri,
        )
    ]
    note = "Two papers that say different things stand side by side; nothing is overwritten." if len(rows) > 1 else ""
    return section("accounts", "What each paper says of it", ("Paper", "Name used", "Date and place"), rows, note)


def _took_part(reader: Reader, iri: str) -> Section | None:
    order = {"host": 0, "co-chair": 1, "participant": 2, "observer": 3}
    found = list(
        reader.rows(
            "SELECT * { ?st cq:meeting ?thing ; cq:capacity ?capacity ; cq:actor ?actor . ?capacity skos:notation ?note . "
            f"OPTIONAL {{ ?actor rdfs:label ?label }} {EVIDENCE} }} ORDER BY ?label ?st{_ASKED}",
            thing=iri,
        )
    )
    found.sort(key=lambda r: order.get(r["note"], 9))
    rows = grouped([Row((ref(r, "actor", "label"), r["note"]), (reader.proof(r),)) for r in found])
    return section("participants", "States and organisations", ("Who", "As"), rows)


def _people(reader: Reader, iri: str) -> Section | None:
    rows = grouped(
        [
            Row(
                (ref(r, "actor", "name"), r["note"], r.get("position", ""), r.get("affiliation", "")),
                (reader.proof(r),),
            )
            for r in reader.rows(
                "SELECT * { ?st cq:meeting ?thing ; cq:role ?role ; cq:actor ?actor ; cq:name ?name . ?role skos:notation "
                "?note . OPTIONAL { ?st cq:position ?position } OPTIONAL { ?st cq:affiliation ?affiliation } "
                f"{EVIDENCE} }} ORDER BY ?note ?name ?st{_ASKED}",
                thing=iri,
            )
        ]
    )
    return section("people", "People", ("Who", "Role", "Post", "Affiliation"), rows)


def _commitments(title: str, id_: str, pattern: str) -> Callable[[Reader, str], Section | None]:
    def make(reader: Reader, iri: str) -> Section | None:
        rows = [
            Row(
                (
                    Ref(r["st"], r["clause"]),
                    r["note"],
                    r.get("issuer", ""),
                    r.get("addressee", ""),
                    Ref(r["meeting"], r.get("meeting_label", "")) if "meeting" in r else "",
                ),
                (reader.proof(r),),
            )
            for r in reader.rows(
                f"SELECT * {{ {pattern} ?st cq:commitmentClass ?class ; cq:clause ?clause . ?class skos:notation ?note . "
                "OPTIONAL { ?st cq:issuer ?issuer } OPTIONAL { ?st cq:addressee ?addressee } "
                "OPTIONAL { ?st cq:madeAt ?meeting . ?meeting rdfs:label ?meeting_label OPTIONAL { ?meeting cq:start ?on } } "
                f"{EVIDENCE} }} ORDER BY ?on ?path ?st{_ASKED}",
                thing=iri,
            )
        ]
        here = all(isinstance(r.cells[4], Ref) and r.cells[4].iri == iri for r in rows)
        columns: tuple[str, ...] = ("Words", "Class", "Issued by", "Addressed to", "Made at")
        if here:
            rows = [Row(r.cells[:4], r.proof) for r in rows]
            columns = columns[:4]
        return section(id_, title, columns, rows)

    return make


def _links(reader: Reader, iri: str) -> list[tuple[str, Row]]:
    found: list[tuple[str, Row]] = []
    for way in ("source", "target"):
        other = "target" if way == "source" else "source"
        for r in reader.rows(
            f"SELECT * {{ ?st cq:{way} ?thing ; cq:{other} ?other ; cq:relation ?relation . ?relation skos:notation ?note . "
            "OPTIONAL { ?other rdfs:label ?label } OPTIONAL { ?other cq:start ?start } OPTIONAL { ?other cq:end ?end } "
            f"{EVIDENCE} }} ORDER BY ?start ?label ?st{_ASKED}",
            thing=iri,
        ):
            note = r["note"]
            words = _WORDS.get(note, (note, note))[0 if way == "source" else 1]
            later = (note in _LATER and way == "source") or (note in _EARLIER and way == "target")
            where = "beside" if note not in (*_LATER, *_EARLIER) else "back" if later else "forward"
            when = spoken(r.get("start", ""), r.get("end", ""))
            found.append((where, Row((words, ref(r, "other", "label"), when), (reader.proof(r),))))
    return found


def _lineage(where: str, id_: str, title: str) -> Callable[[Reader, str], Section | None]:
    def make(reader: Reader, iri: str) -> Section | None:
        rows = grouped([row for place, row in _links(reader, iri) if place == where])
        return section(id_, title, ("How", "What", "When"), rows)

    return make


def _at_meetings(reader: Reader, iri: str) -> Section | None:
    found = reader.rows(
        "SELECT * { ?st cq:actor ?thing ; cq:meeting ?meeting . OPTIONAL { ?meeting rdfs:label ?label } OPTIONAL { ?meeting "
        "cq:start ?start } OPTIONAL { ?meeting cq:end ?end } OPTIONAL { ?st cq:capacity ?c . ?c skos:notation ?capacity } "
        "OPTIONAL { ?st cq:role ?r . ?r skos:notation ?role } OPTIONAL { ?st cq:position ?position } OPTIONAL { ?st "
        f"cq:affiliation ?affiliation }} {EVIDENCE} }} ORDER BY ?start ?label ?st{_ASKED}",
        thing=iri,
    )
    rows = grouped(
        [
            Row(
                (
                    spoken(r.get("start", ""), r.get("end", "")),
                    ref(r, "meeting", "label"),
                    r.get("capacity") or r.get("role", ""),
                    ", ".join(p for p in (r.get("position", ""), r.get("affiliation", "")) if p),
                ),
                (reader.proof(r),),
            )
            for r in found
        ]
    )
    columns: tuple[str, ...] = ("When", "Meeting", "As", "Post and affiliation")
    if not any(r.cells[3] for r in rows):
        rows, columns = [Row(r.cells[:3], r.proof) for r in rows], columns[:3]
    return section("meetings", "At meetings", columns, rows)


def _memberships(own: str, other: str, id_: str, title: str, head: str) -> Callable[[Reader, str], Section | None]:
    def make(reader: Reader, iri: str) -> Section | None:
        rows = grouped(
            [
                Row(
                    (ref(r, "other", "label"), r["note"], spoken(r.get("since", "")), spoken(r.get("as_of", ""))),
                    (reader.proof(r),),
                )
                for r in reader.rows(
                    f"SELECT * {{ ?st a cq:Membership ; cq:{own} ?thing ; cq:{other} ?other ; cq:memberCapacity ?c . "
                    "?c skos:notation ?note . OPTIONAL { ?other rdfs:label ?label } OPTIONAL { ?st cq:since ?since } "
                    f"OPTIONAL {{ ?st cq:asOf ?as_of }} {EVIDENCE} }} ORDER BY ?note ?label ?st{_ASKED}",
                    thing=iri,
                )
            ]
        )
        return section(id_, title, (head, "As", "Since", "As of"), rows)

    return make


def _people_of(reader: Reader, iri: str) -> Section | None:
    rows = grouped(
        [
            Row(
                (ref(r, "person", "name"), r.get("position", ""), ref(r, "meeting", "label")),
                (reader.proof(r),),
            )
            for r in reader.rows(
                "SELECT * { ?st cq:affiliatedWith ?thing ; cq:actor ?person ; cq:name ?name ; cq:meeting ?meeting . "
                "OPTIONAL { ?st cq:position ?position } OPTIONAL { ?meeting rdfs:label ?label } "
                f"{EVIDENCE} }} ORDER BY ?name ?st{_ASKED}",
                thing=iri,
            )
        ]
    )
    return section("people", "People affiliated with it", ("Who", "Post", "At"), rows)


def _listed(id_: str, title: str, pattern: str) -> Callable[[Reader, str], Section | None]:
    def make(reader: Reader, iri: str) -> Section | None:
        rows = [
            Row((ref(r, "item", "label"), spoken(r.get("start", ""), r.get("end", "")), r.get("city", "")))
            for r in reader.rows(
                f"SELECT DISTINCT ?item ?label ?start ?end ?city {{ {pattern} ?item rdfs:label ?label . OPTIONAL {{ ?item "
                "cq:start ?start } OPTIONAL { ?item cq:end ?end } OPTIONAL { ?item cq:city ?city } } "
                f"ORDER BY ?start ?label{_ASKED}",
                thing=iri,
            )
        ]
        columns: tuple[str, ...] = ("What", "When", "Where")
        if not any(r.cells[1] or r.cells[2] for r in rows):
            rows, columns = [Row(r.cells[:1]) for r in rows], columns[:1]
        return section(id_, title, columns, rows)

    return make


def _papers(reader: Reader, iri: str) -> Section | None:
    rows = [
        Row((reader.document(r["doc"]), r.get("path", ""), "reports on it" if "reports" in r else "speaks of it"))
        for r in reader.rows(
            "SELECT DISTINCT ?doc ?path ?reports { ?st cq:about ?thing ; cq:statedIn ?doc . ?doc cq:path ?path OPTIONAL { "
            f"?doc cq:publishedFor ?thing BIND(true AS ?reports) }} }} ORDER BY ?path{_ASKED}",
            thing=iri,
        )
    ]
    return section("papers", "The papers", ("Paper", "File", "How"), rows)


def _counts(reader: Reader, iri: str) -> Section | None:
    rows = grouped(
        [
            Row(
                (
                    ("" if r.get("exact") == "true" else "about ") + r["number"],
                    r.get("unit", ""),
                    reader.concept(r.get("verdict", "")),
                    r.get("remark", ""),
                ),
                (reader.proof(r),),
            )
            for r in reader.rows(
                "SELECT * { ?st a cq:StatedCount ; cq:about ?thing ; cq:number ?number OPTIONAL { ?st cq:unit ?unit } "
                "OPTIONAL { ?st cq:exact ?exact } OPTIONAL { ?check cq:ofCount ?st ; cq:verdict ?verdict ; cq:remark ?remark } "
                f"{EVIDENCE} }} ORDER BY ?path ?st ?verdict ?remark{_ASKED}",
                thing=iri,
            )
        ]
    )
    made = section("counts", "Numbers that the papers state", ("Number", "Of", "Against the list", "Why"), rows)
    return made and msgspec.structs.replace(made, link="/counts", link_words="All stated numbers")


def _passages(reader: Reader, pattern: str, **bound: str) -> list[dict[str, str]]:
    """Rows of a pattern that binds a passage ?pa and its graph ?ev, with all that a proof shows."""
    return list(
        reader.rows(
            f"SELECT * {{ {pattern} GRAPH ?ev {{ ?pa cq:quote ?quote ; cq:startOffset ?from ; cq:endOffset ?to ; "
            "cq:passageOf ?doc . OPTIONAL { ?pa cq:paragraph ?para } } ?doc cq:path ?path } "
            f"ORDER BY ?path ?from{_ASKED}",
            **bound,
        )
    )


_FIELDS = {"differ": 0, "agree": 1, "only-one": 2}


def _compared(reader: Reader, iri: str) -> Section | None:
    """What two papers say of a meeting, field by field; where they differ first."""
    found = list(
        reader.rows(
            "SELECT * { ?st cq:comparedMeeting ?thing ; cq:field ?field ; cq:verdict ?verdict . ?verdict skos:notation ?note . "
            "OPTIONAL { ?st cq:firstValue ?one ; cq:firstShownBy ?pa . GRAPH ?ev { ?pa cq:quote ?quote ; cq:startOffset ?from ; "
            "cq:endOffset ?to ; cq:passageOf ?doc } } "
            "OPTIONAL { ?st cq:secondValue ?two ; cq:secondShownBy ?pa2 . GRAPH ?ev2 { ?pa2 cq:quote ?quote2 ; "
            "cq:startOffset ?from2 ; cq:endOffset ?to2 ; cq:passageOf ?doc2 } } OPTIONAL { ?st cq:remark ?remark } } "
            f"ORDER BY ?field ?st{_ASKED}",
            thing=iri,
        )
    )
    found.sort(key=lambda r: _FIELDS.get(r["note"], 9))
    rows = []
    for r in found:
        second = {k: r[f"{k}2"] for k in ("pa", "quote", "from", "to", "doc") if f"{k}2" in r}
        proofs = [reader.proof({k: v for k, v in of.items() if k != "st"}) for of in (r, second) if "pa" in of]
        result = ", ".join(p for p in (reader.concept(r["verdict"]), r.get("remark", "")) if p)
        rows.append(Row((r["field"], result, r.get("one", ""), r.get("two", "")), tuple(proofs)))
    made = section("compared", "Two accounts compared", ("Field", "Result", "One paper", "The other"), rows)
    link = "/accounts/" + path_of(reader.build.base, iri).removeprefix("/id/")
    return made and msgspec.structs.replace(made, link=link, link_words="The accounts side by side")


def _follow(reader: Reader, iri: str) -> Section | None:
    """What later papers say of a commitment, or where it was looked for in vain."""
    rows = [
        Row(
            (
                reader.concept(r["kind"]),
                ref(r, "by", "label"),
                _SCOPES.get(r["scope"], r["scope"]),
                reader.concept(r.get("status", "")),
            ),
            (reader.proof(r),),
        )
        for r in _passages(
            reader,
            "?f cq:ofCommitment ?thing ; cq:followUpKind ?kind ; cq:scope ?scope ; cq:restsOn ?pa OPTIONAL { ?f cq:followedBy "
            "?by . ?by rdfs:label ?label } OPTIONAL { ?f cq:followUpStatus ?status }",
            thing=iri,
        )
    ]
    columns = ("How", "By", "Of what the sentence speaks", "Status in its words")
    made = section("follow", "What later papers say of it", columns, rows)
    if made:
        return made
    silent = next(
        reader.rows("SELECT ?remark { ?s cq:ofCommitment ?thing ; a cq:Silence ; cq:remark ?remark }", thing=iri), None
    )
    note = silent["remark"] if silent else "This graph was built without looking for later mentions"
    words = f"{note[0].upper()}{note[1:]}. That is silence of these papers, not proof that nothing was done."
    return Section("follow", "What later papers say of it", columns, (), words)


_SCOPES = {
    "commitment": "this commitment",
    "meeting": "the meeting’s outcomes as a whole",
    "body": "the body that it called for",
    "instrument": "the instrument that it names",
}


def _rests_on(title: str, link: str, words: str) -> Callable[[Reader, str], Section | None]:
    """The passages on which a reading rests, and the page that has all of its kind."""

    def make(reader: Reader, iri: str) -> Section | None:
        rows = [
            Row((reader.document(r["doc"]), r["quote"]), (reader.proof(r),))
            for r in _passages(reader, "?thing cq:restsOn ?pa .", thing=iri)
        ]
        made = section("cited", title, ("Paper", "Sentence"), rows)
        return made and msgspec.structs.replace(made, link=link, link_words=words)

    return make


def _quoted_words(reader: Reader, iri: str) -> Section | None:
    rows = [
        Row((f"“{r['words']}”",))
        for r in reader.rows("SELECT ?words { ?thing cq:quotedWords ?words } ORDER BY ?words", thing=iri)
    ]
    return section("quoted", "Words that papers quote from it", ("Words",), rows)


def _not_held(reader: Reader, iri: str) -> Section | None:
    rows = [
        Row((Ref(r["m"], r["label"]),))
        for r in reader.rows(
            "SELECT ?m ?label { ?m cq:missingOf ?thing ; rdfs:label ?label } ORDER BY ?label", thing=iri
        )
    ]
    note = "No paper here is it; the papers cite or quote it." if rows else ""
    return section("not-held", "Papers that are not held", ("What",), rows, note)


def _judged(reader: Reader, iri: str) -> Section | None:
    rows = [
        Row((r["label"], r["who"], spoken(r["on"]), r["why"]))
        for r in reader.rows(
            "SELECT * { ?j cq:judges ?thing ; rdfs:label ?label ; cq:judgedBy ?who ; cq:judgedOn ?on ; cq:judgedBecause ?why } "
            f"ORDER BY ?on ?j{_ASKED}",
            thing=iri,
        )
    ]
    note = "Statements of persons, not of papers."
    return section("judged", "What persons judged", ("Judgement", "Who", "When", "Why"), rows, note)


def _quotations(reader: Reader, iri: str) -> Section | None:
    rows = [
        Row((f"“{r['words']}”",), (reader.proof(r),))
        for r in reader.rows(
            f"SELECT * {{ ?st cq:quotedFrom ?thing ; cq:words ?words . {EVIDENCE} }} ORDER BY ?path ?st{_ASKED}",
            thing=iri,
        )
    ]
    return section("quoted", "Words that papers quote from it", ("Words",), rows)


def _proofs(reader: Reader, iri: str) -> Section | None:
    rows = [
        Row((r.get("quote", ""),), (reader.proof({**r, "st": iri}),))
        for r in reader.rows(
            "SELECT DISTINCT ?pa ?quote ?from ?to ?para ?rule ?known ?doc { GRAPH ?g { ?thing cq:evidence ?pa . ?pa cq:quote "
            "?quote ; cq:startOffset ?from ; cq:endOffset ?to ; cq:passageOf ?doc . OPTIONAL { ?pa cq:paragraph ?para } "
            f"OPTIONAL {{ ?thing cq:rule ?rule }} OPTIONAL {{ ?thing cq:known ?known }} }} }} ORDER BY ?doc ?from{_ASKED}",
            thing=iri,
        )
    ]
    return section("sentences", "The sentences that say so", ("Sentence",), grouped(rows))


def passage_page(reader: Reader, iri: str) -> Page | None:
    """The page of a passage: its words, its document, and every fact that it supports."""
    own = next(
        reader.rows(
            "SELECT * { GRAPH ?g { ?pa cq:quote ?quote ; cq:startOffset ?from ; cq:endOffset ?to ; cq:passageOf ?doc . "
            "OPTIONAL { ?pa cq:paragraph ?para } } } LIMIT 1",
            pa=iri,
        ),
        None,
    )
    if own is None:
        return None
    proof: Proof = reader.proof(own)
    rows = []
    for r in reader.rows(
        "SELECT * { GRAPH ?g { ?st cq:evidence ?pa OPTIONAL { ?st cq:rule ?rule } OPTIONAL { ?st cq:known ?known } } "
        "?st a ?class . OPTIONAL { ?st cq:name ?name } OPTIONAL { ?st cq:clause ?clause } OPTIONAL { ?st cq:relation ?rel . "
        "?st cq:source ?s . ?st cq:target ?t . ?s rdfs:label ?sl . ?t rdfs:label ?tl } } ORDER BY ?class ?name ?st"
        + _ASKED,
        pa=iri,
    ):
        kind = local(r["class"])
        if kind not in KINDS:
            continue
        words = _WORDS.get(local(r["rel"]), ("leads to", ""))[0] if "rel" in r else ""
        said = r.get("clause") or (f"{r['sl']} {words} {r['tl']}" if "sl" in r and "tl" in r else r.get("name", ""))
        rows.append(
            Row((KINDS[kind], Ref(r["st"], said or local(r["st"])), r.get("rule", ""), local(r.get("known", ""))))
        )
    made = section("facts", "What is read from it", ("Kind", "Fact", "Rule", "Known as"), rows)
    facts = [Fact("Document", (proof.document,))]
    if proof.paragraph:
        facts.append(Fact("Paragraph", (proof.paragraph,)))
    facts.append(Fact("Characters", (f"{proof.start}–{proof.end}",)))
    return Page(iri, "Passage", "Passage", proof.quote, (), "", tuple(facts), (made,) if made else ())


_FORWARD = _lineage("forward", "came", "What came of it")
_BACK = _lineage("back", "led", "What led to it")
_BESIDE = _lineage("beside", "beside", "Connected with it")
_MEMBER_OF = _memberships("actor", "body", "member-of", "Member of", "Body")
_SAID_BY = _commitments("Commitments that it made", "made", "?st cq:issuedBy ?thing .")
_SAID_TO = _commitments("Commitments addressed to it", "addressed", "?st cq:addressedTo ?thing .")
_PARTY = (_at_meetings, _MEMBER_OF, _SAID_BY, _SAID_TO, _people_of)

_SECTIONS: dict[str, tuple[Callable[[Reader, str], Section | None], ...]] = {
    "Meeting": (
        _commitments("What was decided", "decided", "?st cq:madeAt ?thing ."), _BACK, _FORWARD, _took_part, _people,
        _compared, _counts, _BESIDE, _accounts, _quotations, _not_held, _papers,
    ),
    "MeetingSeries": (_listed("meetings", "Meetings of the series", "?item cq:inSeries ?thing ."),),
    "InstrumentSeries": (_listed("instruments", "Instruments of the series", "?item cq:inInstrumentSeries ?thing ."),),
    "Place": (_listed("meetings", "Meetings here", "?item cq:place ?thing ."),),
    "State": (*_PARTY, _listed("held", "Meetings held there", "?item cq:country ?thing ; a cq:Meeting ."), _accounts),
    "Organisation": (*_PARTY, _BACK, _FORWARD, _BESIDE, _accounts, _papers),
    "Body": (
        _BACK, _FORWARD, _memberships("body", "actor", "members", "Members", "Who"), *_PARTY, _BESIDE,
        _listed("parts", "Its parts", "?item cq:parentBody ?thing ."), _counts, _accounts, _papers,
    ),
    "Person": (_at_meetings, _MEMBER_OF, _accounts),
    "Instrument": (_BACK, _FORWARD, _BESIDE, _quotations, _not_held, _accounts, _papers),
    "MissingPaper": (_quoted_words, _rests_on("What the papers say of it", "/missing", "All papers that are not held")),
    "FollowUp": (_rests_on("The sentence that says so", "/followup", "Follow-up of all commitments"),),
    "CountCheck": (_rests_on("The list", "/counts", "All stated numbers"),),
    "Reuse": (),
    **dict.fromkeys(COMMITMENTS, (_proofs, _follow)),
}  # fmt: skip
