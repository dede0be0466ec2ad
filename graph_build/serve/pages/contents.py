"""A build as pages need it: its reader, its search file, and what each page is made from."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

import msgspec

from graph_build.errors import CommuniqueError, InputError
from graph_build.iris import CQ, RDF, RDFS, SKOS, VOCABULARY, local, prefixes
from graph_build.quality import FILE as QUALITY
from graph_build.quality import Quality
from graph_build.query import query
from graph_build.questions import Question, questions
from graph_build.serve import linked, negotiate
from graph_build.serve.jobs import Cell, Reply, Rows
from graph_build.serve.pages.document import document_page
from graph_build.serve.pages.reading import Reader
from graph_build.serve.pages.readings import ALL, Chain, Reading
from graph_build.serve.pages.readings import Row as ReadingRow
from graph_build.serve.pages.readings import chains as made_chains
from graph_build.serve.pages.things import passage_page, thing_page
from graph_build.serve.pages.writing import Links, render
from graph_build.serve.replies import Answer, Refusal
from graph_build.serve.search import FACETS, Hit, Index, Promise, place_of
from graph_build.store import Build, open_build, pointer
from graph_build.tables import words_of
from graph_build.validate import Finding

if TYPE_CHECKING:
    from graph_build.serve.builds import Served

T = TypeVar("T")
__all__ = ["FACETS", "FACET_NAMES", "Contents", "Promise", "of", "question_of"]

FACET_NAMES = {
    "class": "Class", "year": "Year", "issuer": "Issued by", "level": "Who speaks", "bindingness": "How binding",
    "addressee": "Addressed to", "theme": "Theme", "followed": "What later papers say", "status": "Status in a paper’s words",
}  # fmt: skip
INDEX_WAIT = 8.0
"""Seconds that the first page waits for the search file of a new build."""
_ROOT = __file__.rsplit("/graph_build/", 1)[0]
_MAKE = "import sys; sys.path.insert(0, sys.argv.pop(1)); from graph_build.serve.search import main; main(sys.argv[1:])"
_lock = threading.Lock()


def of(served: Served) -> Contents:
    """The contents of a build, its search file made at first use; Refusal (503) while that takes long."""
    with _lock:
        known = served.memo.get("contents")
        if known is None:
            place = place_of(served.build)
            if not place.is_file():
                _make(served, place)
            known = served.memo["contents"] = Contents(served.build, Index(place), served.at)
        assert isinstance(known, Contents)
        return known


def _make(served: Served, place: Any) -> None:
    process = served.memo.get("indexing")
    if process is None:
        command = [sys.executable, "-P", "-c", _MAKE, _ROOT, str(served.build.folder), str(place)]
        process = served.memo["indexing"] = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
    try:
        _, told = process.communicate(timeout=INDEX_WAIT)
    except subprocess.TimeoutExpired:
        raise Refusal(
            503,
            "index",
            "the search index of a new build is being made",
            "ask again in a minute",
            {"Retry-After": "60"},
        ) from None
    del served.memo["indexing"]
    if process.returncode != 0:
        raise CommuniqueError(f"the search index cannot be made: {told.strip()[:300]}", str(place))


def question_of(name: str) -> Question | None:
    """A named query, or None."""
    return questions().get(name)


class Contents:
    """What pages are made from."""

    def __init__(self, build: Build, index: Index, at: str = "") -> None:
        self.build = build
        self.index = index
        self.at = at
        self.reader = Reader(build)
        self._guard = threading.Lock()

    # Lists and home

    def home(self) -> dict[str, object]:
        """What is in the graph."""
        recent, _ = self.index.listed("Meeting", 6)
        documents, _ = self.index.listed("Document", 8)
        register = self.index.register({}, 0)
        return {
            "title": "What the papers of meetings say",
            "counts": self.index.counts(),
            "recent": recent,
            "documents": documents,
            "register": register,
            "readings": [(made, self.reading_counts().get(address, "")) for address, made in ALL.items()],
            "asked": [questions()[n] for n in _SHOWN if n in questions()] or list(questions().values())[:6],
            "all_questions": len(questions()),
        }

    def search(self, q: str, limit: int) -> tuple[list[Hit], list[Hit]]:
        """Things and sentences."""
        return self.index.things(q, limit), self.index.sentences(q, limit)

    def near(self, words: str) -> list[Hit]:
        """Things whose names have some of the words, for a page that says 404."""
        found: dict[str, Hit] = {}
        for word in sorted(words.split(), key=len, reverse=True)[:4]:
            found.update((h.iri, h) for h in self.index.things(word, 5))
        return list(found.values())[:8]

    def builds(self) -> dict[str, object]:
        """The build in use and those before it."""
        at = pointer(self.build.folder.parent.parent)
        former = tuple(at.former) if at else ()
        return {"title": "Builds", "manifest": self.build.manifest, "former": former, "downloads": _downloads()}

    # Readings

    @cached_property
    def papers(self) -> dict[str, str]:
        """Path of a paper → its IRI."""
        return {e.key: f"{self.build.base}id/document/{e.slug}" for e in self.build.manifest.documents}

    def reading_counts(self) -> dict[str, int]:
        """How many nodes each reading has in the graph, by the address of its page."""
        counted = {
            local(r["c"]): int(r["n"])
            for r in self.reader.rows(
                "SELECT ?c (COUNT(*) AS ?n) { VALUES ?c { cq:Reuse cq:Comparison cq:CountCheck cq:FollowUp cq:Silence "
                "cq:MissingPaper cq:Membership cq:Judgement } ?x a ?c } GROUP BY ?c"
            )
        }
        names = {
            "language": "Reuse", "accounts": "Comparison", "counts": "CountCheck", "missing": "MissingPaper",
            "members": "Membership", "judged": "Judgement",
        }  # fmt: skip
        found = {address: counted.get(name, 0) for address, name in names.items()}
        return {**found, "followup": counted.get("FollowUp", 0) + counted.get("Silence", 0)}

    def readings(self) -> dict[str, object]:
        """The page that lists the readings."""
        counts = self.reading_counts()
        listed = [(made, counts[address], "") for address, made in ALL.items()]
        return {"title": "What the record shows", "listed": listed, "judged": counts["judged"]}

    def reading(
        self,
        page: Reading,
        found: Mapping[str, list[ReadingRow]],
        given: Mapping[str, str],
        cuts: Mapping[str, int],
        meeting: str = "",
    ) -> dict[str, object]:
        """The page of a reading from the rows of its queries; `meeting` where it is of one meeting alone."""
        asked = "&".join(f"{quote(k)}={quote(v)}" for k, v in given.items() if v)
        made = page.make(found)
        title = page.title
        if meeting:
            title = self.reader.label(meeting)
            if not made["pairs"]:
                raise Refusal(404, "unknown", "there are no two accounts of this meeting", "the list is at /accounts")
        return {
            "page": page, "title": title, "given": given, "cuts": cuts, "papers": self.papers, "dates": self._dates,
            "suffix": f"?{asked}" if asked else "", "detail": bool(meeting), **made,
        }  # fmt: skip

    @cached_property
    def _dates(self) -> dict[str, str]:
        """Path of a paper → its date: its own, else the last day of its meeting."""
        return {
            r["path"]: r.get("dated") or r.get("ended", "")
            for r in self.reader.rows(
                "SELECT ?path ?dated ?ended { ?d a cq:Document ; cq:path ?path OPTIONAL { ?d dcterms:date ?dated } "
                "OPTIONAL { ?d cq:publishedFor/cq:end ?ended } }"
            )
        }

    def quality(self) -> dict[str, object]:
        """What the graph is not sure of: what violates the shapes, what was left out, sentences not read."""
        report = self._file("report.json", dict[str, list[Finding]], {})
        made = self._file(QUALITY, Quality, Quality())
        known: dict[str, int] = {}
        for row in self.reader.rows(
            "SELECT ?k (COUNT(*) AS ?n) { GRAPH ?g { ?s cq:known ?k } } GROUP BY ?k ORDER BY DESC(?n)"
        ):
            known[self.reader.concept(row["k"])] = int(row["n"])
        rules = [
            (r["rule"], int(r["n"]))
            for r in self.reader.rows(
                "SELECT ?rule (COUNT(*) AS ?n) { GRAPH ?g { ?s cq:rule ?rule } } GROUP BY ?rule ORDER BY DESC(?n) ?rule LIMIT 40"
            )
        ]
        return {
            "title": "Data quality",
            "manifest": self.build.manifest,
            "findings": [(severity, finding) for severity, found in report.items() for finding in found],
            "made": made,
            "doubts": [(words, [d for d in made.doubts if d.kind == kind], kind) for kind, words in _DOUBTS],
            "coverage": sorted(made.coverage, key=lambda c: (c.with_facts / max(1, c.sentences), c.document)),
            "papers": self.papers,
            "changes": self._changes(),
            "known": known,
            "rules": rules,
        }

    def _file(self, name: str, kind: type[T], none: T) -> T:
        """A report of the build; `none` where it has none."""
        path = self.build.folder / name
        return msgspec.json.decode(path.read_bytes(), type=kind) if path.is_file() else none

    def _changes(self) -> str:
        """What the build says differently from the one before; '' where there is none before."""
        from graph_build.compare import as_text, compare

        at = pointer(self.build.folder.parent.parent)
        if at is None or not at.former:
            return ""
        if self.build.manifest.triples > COMPARED:
            return f"The build is large: communique diff {at.former[0].build} {self.build.name} lists the changes."
        try:
            with open_build(self.build.folder.parent.parent, at.former[0].build) as before:
                return as_text(compare(before.store, self.build.store), 100, most=20)
        except InputError:
            # The former build was removed since: there is nothing to compare with.
            return ""

    def help(self) -> dict[str, object]:
        """How to use the site and its addresses."""
        return {"title": "Using this site", "prefixes": prefixes(self.build.base)}

    # Questions

    def queries(self) -> dict[str, object]:
        """The question library, by first tag."""
        groups: dict[str, list[Question]] = {}
        for question in questions().values():
            groups.setdefault(question.tags[0] if question.tags else "other", []).append(question)
        return {"title": "Questions", "groups": groups}

    def open_question(self, question: Question, given: Mapping[str, str]) -> dict[str, object]:
        """The page of a question that needs a thing named first."""
        return {
            "title": question.title, "question": question, "given": given, "rows": None, "sparql": question.text,
            "cut": 0, "missing": (), "notes": None, "footnotes": False, "count": 0, "suffix": "",
        }  # fmt: skip

    def answered(
        self, question: Question | None, given: Mapping[str, str], rows: Rows, reply: Reply, footnotes: bool
    ) -> dict[str, object]:
        """The page of an answer."""
        asked = "&".join(f"{quote(k)}={quote(v)}" for k, v in given.items() if v)
        columns = list(rows.columns)
        hidden = {c for c in columns if question is not None and (f"{c}_label" in columns or c.endswith("passage"))}
        shown = [c for c in columns if c not in hidden]
        return {
            "title": question.title if question else "Answer",
            "question": question,
            "given": given,
            "rows": self.cells(rows, shown, Links(self.build.base)),
            "columns": shown,
            "sparql": reply.sparql,
            "cut": reply.cut,
            "missing": reply.missing,
            "notes": rows.notes,
            "footnotes": footnotes,
            "count": reply.rows,
            "suffix": f"?{asked}" if asked else "",
        }

    def cells(self, rows: Rows, shown: list[str], links: Links) -> list[list[tuple[str, str]]]:
        """Rows as (text, address) pairs; a label column links to the thing beside it."""
        at = {c: i for i, c in enumerate(rows.columns)}
        made = []
        for row in rows.rows:
            cells = []
            for column in shown:
                cell = row[at[column]]
                own = at.get(column.removesuffix("_label"), at[column]) if column.endswith("_label") else at[column]
                target: Cell = row[own]
                href = links.thing(target.value) if target.kind == "uri" else ""
                text = cell.value if cell.kind != "uri" else self._short(cell.value)
                cells.append((text, href))
            made.append(cells)
        return made

    def _short(self, iri: str) -> str:
        if iri in self.reader.concepts:
            return self.reader.concepts[iri]
        for prefix, space in prefixes(self.build.base).items():
            if iri.startswith(space) and iri != space:
                return f"{prefix}:{iri[len(space) :]}"
        return iri

    def editor(self, text: str) -> dict[str, object]:
        """The editor with prefixes and examples."""
        declared = "\n".join(
            f"PREFIX {p}: <{s}>" for p, s in prefixes(self.build.base).items() if p in ("cq", "id", "rdfs")
        )
        terms = sorted(
            {
                r["t"]
                for r in self.reader.rows(
                    f"SELECT DISTINCT ?t {{ ?t rdfs:isDefinedBy|a ?x FILTER(STRSTARTS(STR(?t), '{CQ}')) }}"
                )
            }
        )
        settings = {
            "prefixes": prefixes(self.build.base),
            "terms": terms,
            "examples": [{"name": q.name, "title": q.title, "query": q.text} for q in questions().values()],
        }
        start = f"{declared}\n\nSELECT ?meeting ?label ?start WHERE {{\n  ?meeting a cq:Meeting ; rdfs:label ?label .\n  OPTIONAL {{ ?meeting cq:start ?start }}\n}} ORDER BY ?start LIMIT 50"
        return {
            "title": "SPARQL",
            "text": text or start,
            "settings": msgspec.json.encode(settings).decode(),
            "examples": list(questions().values()),
        }

    # Things

    def resolve(self, stem: str) -> str:
        """The IRI that an address stands for; Refusal 404, or 301 to what replaced it."""
        iri = linked.iri_of(self.build.base, stem)
        reader = self.reader
        if stem == "ontology":
            return iri
        if stem.startswith("graph/"):
            if linked.graph_quads(reader, iri):
                return iri
        elif reader.exists(iri):
            replaced = linked.replaced_by(reader, iri)
            if replaced:
                raise Refusal(
                    301,
                    "moved",
                    "this is known under another address",
                    headers={"Location": linked.path_of(self.build.base, replaced)},
                )
            return iri
        elif stem.startswith(("scheme/", "reference/")) and "/" not in stem.partition("/")[2]:
            return iri
        raise Refusal(404, "unknown", f"nothing is known of {iri[:300]}", "search for its name")

    def representation(self, served: Served, stem: str, ending: str, root: str) -> Answer:
        """One form of a thing: its page, or its data."""
        iri = self.resolve(stem)
        base = self.build.base
        own = linked.path_of(base, iri) or "/" + stem
        canonical = (
            (("Link", f'<{own}>; rel="canonical", <{iri}>; rel="describes"'),)
            if own.isascii() and iri.isascii()
            else ()
        )
        if ending == "html":
            return self.page(iri, stem, Links(base))
        if ending == "json":
            page = self.page_of(iri)
            if page is None:
                raise Refusal(404, "unknown", "there is no page of this as JSON", "its data is there as .jsonld")
            body = msgspec.json.format(msgspec.json.encode(page), indent=1) + b"\n"
            return Answer(body, "application/json", canonical)
        if ending == "csv":
            raise Refusal(
                404, "unknown", "a thing has no .csv", "lists and questions have; a thing has .ttl, .jsonld, .json"
            )
        quads = self.quads(iri, stem)
        media = negotiate.ENDINGS[ending]
        body = linked.written(quads, media, base, f"{root}context.jsonld")
        return Answer(body, negotiate.content_type(media), canonical)

    def quads(self, iri: str, stem: str) -> list[Any]:
        """The data of an address."""
        if stem == "ontology":
            return linked.graph_quads(self.reader, f"{self.build.base}graph/ontology")
        if stem.startswith("graph/"):
            return linked.graph_quads(self.reader, iri)
        return linked.quads_of(self.reader, iri)

    def page_of(self, iri: str) -> Any:
        """The record of a thing's page: a document, a passage, a thing or a statement; None where there is none."""
        kind = self.reader.kind(iri)
        if kind == "Document":
            thing = thing_page(self.reader, iri)
            return document_page(self.reader, iri, thing.facts if thing else ())
        if kind:
            return thing_page(self.reader, iri)
        return passage_page(self.reader, iri)

    def page(self, iri: str, stem: str, links: Links) -> Answer:
        """The page of an address."""
        if stem == "ontology":
            return self._written("ontology.html", links, **self.ontology())
        if stem.startswith(("scheme/", "reference/")) and not self.reader.exists(iri):
            return self._written("terms.html", links, **self._terms(iri, stem))
        if stem.startswith("graph/"):
            return self._written("triples.html", links, **self._triples(iri, stem, local(iri)))
        page = self.page_of(iri)
        if page is None:
            return self._written("triples.html", links, **self._triples(iri, stem, self.reader.label(iri)))
        template = "document.html" if page.kind == "Document" else "thing.html"
        schema = linked.schema_org(self.reader, iri, page.kind, page.title)
        chains = self._chain(iri) if page.kind == "Reuse" else []
        return self._written(
            template, links, page=page, title=page.title, iri=iri, schema=schema, chains=chains, papers=self.papers
        )

    def _chain(self, reuse: str) -> list[Chain]:
        """The whole chain of agreed language that a link is part of."""
        first = self.reader.values(reuse).get(f"{CQ}firstPassage", [""])[0]
        table = query(self.build.store, "language", kind="all", first_passage=first)
        rows = [{c: words_of(t) for c, t in zip(table.columns, row, strict=True)} for row in table.terms]
        own = next((i for i, row in enumerate(rows) if row["reuse"] == reuse), 0)
        return made_chains(rows[max(0, own - LINKS // 2) : own + LINKS // 2])

    def _written(self, template: str, links: Links, **values: object) -> Answer:
        body = render(template, links, build=self.build, at=self.at, **values)
        return Answer(body, negotiate.content_type(negotiate.HTML))

    def ontology(self) -> dict[str, object]:
        """The terms of the ontology."""
        terms: dict[str, dict[str, list[str]]] = {}
        for quad in linked.graph_quads(self.reader, f"{self.build.base}graph/ontology"):
            subject = getattr(quad.subject, "value", "")
            if subject.startswith(CQ):
                value = getattr(quad.object, "value", str(quad.object))
                terms.setdefault(subject, {}).setdefault(quad.predicate.value, []).append(value)
        listed = []
        for iri, said in sorted(terms.items()):
            types = [local(t) for t in said.get(f"{RDF}type", [])]
            listed.append(
                {
                    "iri": iri, "name": iri[len(CQ) :], "is_class": "Class" in types,
                    "label": said.get(f"{RDFS}label", [local(iri)])[0], "comment": " ".join(said.get(f"{RDFS}comment", [])),
                    "example": said.get(f"{SKOS}example", []),
                    "above": said.get(f"{RDFS}subClassOf", []) + said.get(f"{RDFS}subPropertyOf", []),
                    "domain": said.get(f"{RDFS}domain", []), "range": said.get(f"{RDFS}range", []),
                }
            )  # fmt: skip
        return {"title": "Ontology", "terms": listed, "iri": CQ}

    def _terms(self, iri: str, stem: str) -> dict[str, object]:
        rows = [
            (r["c"], r.get("l", local(r["c"])), r.get("d", ""))
            for r in self.reader.rows(
                f"SELECT ?c ?l ?d {{ ?c skos:prefLabel|rdfs:label ?l FILTER(STRSTARTS(STR(?c), '{VOCABULARY}{quote(stem)}/')) "
                "OPTIONAL { ?c skos:definition ?d } } ORDER BY ?c LIMIT 2000"
            )
        ]
        if not rows:
            raise Refusal(404, "unknown", f"nothing is known of {iri[:300]}", "search for its name")
        return {"title": local(iri), "rows": list({r[0]: r for r in rows}.values()), "iri": iri}

    def _triples(self, iri: str, stem: str, title: str) -> dict[str, object]:
        quads = self.quads(iri, stem)
        rows = list(
            dict.fromkeys(
                (
                    getattr(q.subject, "value", ""),
                    q.predicate.value,
                    getattr(q.object, "value", str(q.object)),
                    self._short(q.predicate.value),
                )
                for q in quads
            )
        )
        return {"title": title, "iri": iri, "rows": rows[:500], "more": max(0, len(rows) - 500)}


LINKS = 40
"""Links of a chain that the page of one of them shows, nearest to it; the list has all."""
COMPARED = 300_000
"""Triples up to which the page of data quality compares a build with the one before."""
_DOUBTS = (
    ("unresolved", "Names that do not say which thing they mean"),
    ("weak-merge", "Merges on little"),
    ("look-alike", "Kept apart, but alike"),
)
_SHOWN = ("mandates", "no-follow-up", "came-of", "took-part", "who-committed", "posts", "members", "not-held")


def _downloads() -> list[tuple[str, str]]:
    from graph_build.serve.describe import DOWNLOADS

    return [(path, words) for path, _, words in DOWNLOADS.values()]
