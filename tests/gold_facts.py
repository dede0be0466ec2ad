"""Facts as two careful readers took them down, as `DocumentFacts`; and a stand-in for resolution.

`gold_corpus()` turns the gold of the seeds into the records that the text stages give, so that everything after them
can be developed and tested without them. `python -m tests.gold_facts FOLDER` publishes a graph made from it.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from graph_build.dataset import Dataset
from graph_build.iris import document_slugs, slug
from graph_build.read import read
from graph_build.readings import Corpus, Reader
from graph_build.records import (
    Attendance,
    Commitment,
    Document,
    DocumentFacts,
    Entity,
    EntityKind,
    EventFact,
    Evidence,
    Fact,
    Link,
    Membership,
    Passage,
    PersonRole,
    Resolution,
    Segmented,
    Span,
    Thing,
    Value,
    collapse,
    readable,
)
from graph_build.resolve import resolve
from graph_build.segment import segment
from graph_build.store import Content, DocumentEntry, publish, writing
from graph_build.triples import triples

HERE = Path(__file__).resolve().parent
SEEDS = HERE.parent / "seeds"
GOLD = HERE / "gold" / "seeds"
RULE = "gold"
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
LEVELS = {
    "ministers": "ministers",
    "participants": "participants",
    "members": "members",
    "co-chairs": "chairs",
}
BINDING = {
    "directive": "directed",
    "decision": "decided",
    "pledge": "committed",
    "recommendation": "recommended",
}
_MARKS = re.compile(r"</?(?:sup|sub|b|i|em|strong|u|br)\b[^>]*>|\*+|^#+\s+|\\(?=[^\w\s])", re.M)


class Finder:
    """Finds words in a text without regard to markup and white space, with the way back to the source."""

    def __init__(self, document: Document, segmented: Segmented) -> None:
        self.document = document
        kept = [True] * len(document.text)
        for match in _MARKS.finditer(document.text):
            kept[match.start() : match.end()] = [False] * (match.end() - match.start())
        pairs = [(i, c) for i, c in enumerate(document.text) if kept[i] and not c.isspace()]
        self.plain = "".join(c for _, c in pairs)
        self.offsets = [i for i, _ in pairs]
        self.sentences: list[Passage] = []
        self.paragraphs: list[str] = []
        for block in segmented.blocks:
            if block.kind != "furniture":
                for s in block.sentences:
                    self.sentences.append(segmented.passage(block, s.start, s.end))
                    self.paragraphs.append(block.number)

    def find(self, words: str, start: int = 0) -> Span | None:
        """The first span from a source offset at which words stand, or None."""
        wanted = re.sub(r"\s+", "", _MARKS.sub("", words))
        at = self.plain.find(wanted, next((n for n, i in enumerate(self.offsets) if i >= start), 0))
        return Span(self.offsets[at], self.offsets[at + len(wanted) - 1] + 1) if wanted and at >= 0 else None

    def passage(self, words: str) -> Passage | None:
        """The passage that is just these words."""
        span = self.find(words)
        return self.document.passage(span) if span else None

    def sentence(self, *names: str) -> Passage:
        """The first sentence that holds one of the names, the first name first; else the first sentence."""
        for name in names:
            if span := self.find(name):
                return self.around(span)
        return self.sentences[0]

    def around(self, span: Span) -> Passage:
        """The sentence in which a span lies; the span itself where it goes over a sentence's end."""
        for passage in self.sentences:
            if passage.start <= span.start and span.end <= passage.end:
                return passage
        return self.document.passage(span)


def gold_documents() -> tuple[Document, ...]:
    """The seed papers, read."""
    return tuple(read(path, path.name) for path in sorted(SEEDS.glob("*.txt")))


@cache
def gold_corpus() -> tuple[DocumentFacts, ...]:
    """The facts of the five seeds as their gold has them."""
    return tuple(gold_facts(d, (GOLD / d.key).with_suffix(".yaml")) for d in gold_documents())


def gold_facts(document: Document, gold: Path) -> DocumentFacts:
    """The facts of one document by its gold file."""
    return _Gold(document, yaml.safe_load(gold.read_text(encoding="utf-8"))).facts()


class _Gold:
    def __init__(self, document: Document, gold: dict[str, Any]) -> None:
        self.gold = gold
        self.finder = Finder(document, segment(document))
        self.things: dict[str, Thing] = {}
        self.by_label: dict[str, str] = {}
        self.found: list[Fact] = []

    def evidence(self, *names: str) -> tuple[Evidence, ...]:
        return (Evidence(self.finder.sentence(*names), RULE),)

    def value(self, value: str, *words: str) -> Value:
        """A value stated by the first of these words that stands in the text, else inferred from the first sentence."""
        for piece in words:
            if span := self.finder.find(piece):
                passage = self.finder.around(span)
                if collapse(readable(piece)) in passage.quote:
                    return Value(value, collapse(readable(piece)), passage, RULE)
        passage = self.finder.sentence(*words)
        return Value(value, passage.quote, passage, "gold-inferred", "inferred")

    def add(self, thing: Thing) -> str:
        self.things[thing.id] = thing
        return thing.id

    def body(self, label: str, type_: str = "body", named: bool = False) -> str:
        for known, id_ in self.by_label.items():
            if label == known or _bare(label) == _bare(known):
                return id_
        acronym = re.search(r"\(([^()]*[A-Z][^()]*)\)$", label)
        kind: Any = "instrument" if type_ == "instrument" else "body"
        id_ = f"{'i' if kind == 'instrument' else 'b'}{len(self.things) + 1}"
        self.by_label[label] = id_
        short = label if acronym is None else label[: acronym.start()].strip()
        acro = acronym.group(1) if acronym else label if re.fullmatch(r"[A-Z][A-Z-]{1,6}", label) else ""
        return self.add(
            Thing(
                id_,
                kind,
                label,
                self.evidence(label, short),
                acronym=acro,
                type=_kind(label, kind),
                named=named,
            )
        )

    def party(self, code: str, name: str) -> str:
        if re.fullmatch(r"[A-Z]{2}", code) and code not in ("UN", "EU"):
            id_ = f"s:{code}"
            if id_ not in self.things:
                self.add(Thing(id_, "state", name, self.evidence(name), code=code))
            return id_
        for known, id_ in self.by_label.items():
            if code == known or known.endswith(f"({code})"):
                return id_
        return self.body(name)

    def event(self, row: dict[str, Any]) -> None:
        label, start, end = (
            row["label"],
            str(row.get("start", "")),
            str(row.get("end", "")),
        )
        evidence = self.evidence(label, label.split(" on ")[0])
        type_ = next(
            (t for t in ("workshop", "symposium", "training", "exercise") if t in label.lower()),
            "meeting",
        )
        type_ = "ministerial-conference" if "Ministerial Conference" in label else type_
        self.add(Thing(row["id"], "event", label, evidence, type=type_))
        country = str(row.get("country", ""))
        city = row.get("city", "")
        ordinal = re.search(
            r"\b(?:(\d+)(?:st|nd|rd|th)|(First|Second|Third|Seventh|Ninth))\b",
            label,
            re.I,
        )
        words = {
            "first": "1",
            "second": "2",
            "third": "3",
            "seventh": "7",
            "ninth": "9",
        }
        self.found.append(
            EventFact(
                row["id"],
                row["status"],
                evidence,
                self.value(start, *_dates(start, end)) if start else None,
                self.value(end, *_dates(start, end)) if end else None,
                self.value(city, city) if city else None,
                self.value(country, city or label) if country else None,
                self.value(
                    ordinal.group(1) or words[ordinal.group(2).lower()],
                    ordinal.group(0),
                )
                if ordinal
                else None,
            )
        )

    def facts(self) -> DocumentFacts:
        gold = self.gold
        for row in gold["named"]:
            self.body(row["label"], row["type"], named=True)
        for row in gold["events"]:
            self.event(row)
        for row in gold["attendance"]:
            party = self.party(str(row["party"]), row["name"])
            self.found.append(
                Attendance(
                    row["event"],
                    party,
                    row["name"],
                    row["capacity"],
                    self.evidence(row["name"], row["party"]),
                )
            )
        for row in gold["people"]:
            self.person(row)
        for row in gold["membership"]:
            party, since = (
                self.party(str(row["party"]), row["name"]),
                str(row.get("since", "")),
            )
            self.found.append(
                Membership(
                    self.body(row["body"]),
                    party,
                    row["name"],
                    row["capacity"],
                    self.evidence(row["name"], str(row["party"])),
                    self.value(since, since) if since else None,
                )
            )
        for number, row in enumerate(gold["commitments"], 1):
            self.commitment(number, row)
        for row in gold["links"]:
            span = self.finder.find(row["quote"])
            assert span, row["quote"]
            evidence = (Evidence(self.finder.around(span), RULE),)
            self.found.append(
                Link(
                    self.end(row["source"]),
                    row["relation"],
                    self.end(row["target"]),
                    evidence,
                )
            )
        return DocumentFacts(
            self.finder.document,
            gold["title"],
            "co-chairs-summary",
            gold.get("published_for", ""),
            tuple(self.things.values()),
            tuple(self.found),
            (),
            tuple(self.finder.sentences),
            tuple(self.finder.paragraphs),
        )

    def end(self, name: str) -> str:
        return name if name in self.things else self.body(name)

    def person(self, row: dict[str, Any]) -> None:
        name = row["name"]
        id_ = next(
            (t.id for t in self.things.values() if t.kind == "person" and t.label == name),
            "",
        )
        id_ = id_ or self.add(Thing(f"p{len(self.things) + 1}", "person", name, self.evidence(name)))
        position, affiliation = row.get("position", ""), row.get("affiliation", "")
        self.found.append(
            PersonRole(
                row["event"],
                id_,
                name,
                row["role"],
                self.evidence(name),
                self.value(position, position, name) if position else None,
                self.value(affiliation, affiliation, name) if affiliation else None,
                self.by_label.get(affiliation, ""),
            )
        )

    def commitment(self, number: int, row: dict[str, Any]) -> None:
        span = self.finder.find(row["quote"])
        assert span, row["quote"]
        issuer, addressee = row.get("issuer", ""), row.get("addressee", "")
        self.found.append(
            Commitment(
                f"c{number}",
                row["class"],
                self.finder.document.passage(span),
                (Evidence(self.finder.around(span), RULE),),
                self.value(issuer, issuer) if issuer else None,
                self.value(addressee, addressee) if addressee else None,
                row.get("made_at", ""),
                level=LEVELS.get(issuer.lower(), "participants"),
                binding=BINDING[row["class"]],
                issuer_id=self.by_label.get(issuer, ""),
                addressee_id=self.by_label.get(addressee, ""),
            )
        )


def _bare(label: str) -> str:
    return re.sub(r"\s*\([^()]*\)$|^the\s+", "", label.lower())


def _kind(label: str, kind: str) -> str:
    if kind == "instrument":
        return next(
            (t for t in ("plan", "statement", "strategy", "guide", "protocol") if t in label.lower()),
            "instrument",
        )
    return "organisation" if re.search(r"\(|Ministry|Department|International", label) else "body"


def _dates(start: str, end: str) -> list[str]:
    """How a text may write a day or a range of days of one month; a month; a year."""
    parts = start.split("-")
    year = parts[0]
    if len(parts) == 1:
        return [year]
    month = MONTHS[int(parts[1]) - 1]
    if len(parts) == 2:
        return [f"{month} {year}", year]
    first, last = int(parts[2]), int(end.split("-")[2])
    forms = [f"{first}{dash}{last} {month} {year}" for dash in ("-", "–", " - ", " – ", " and ", " to ")]
    forms = forms if first != last else [f"{first} {month} {year}"]
    upper = [f.upper() for f in forms]
    return [
        *forms,
        *upper,
        *(f.removesuffix(f" {year}") for f in forms),
        f"{first} {month} {year}",
        year,
    ]


def stand_in(corpus: Sequence[DocumentFacts]) -> Resolution:
    """Entities by the plainest grouping: meetings of one first day that no paper tells apart, others by their label."""
    dates = {
        (d.document.key, f.event): (
            f.start.value if f.start else "",
            f.end.value if f.end else "",
        )
        for d in corpus
        for f in d.facts
        if isinstance(f, EventFact)
    }
    days: defaultdict[tuple[str, str], int] = defaultdict(int)
    for (document, _), (start, _) in dates.items():
        days[document, start] += 1
    groups: defaultdict[tuple[str, str], list[tuple[str, Thing]]] = defaultdict(list)
    for paper in sorted(corpus, key=lambda d: d.document.key):
        key = paper.document.key
        for thing in paper.things:
            start = dates.get((key, thing.id), ("", ""))[0]
            alone = len(start) == 10 and days[key, start] == 1
            name = thing.code if thing.kind == "state" else _bare(thing.label).removeprefix("bali process ")
            groups[thing.kind, start if alone else f"{start} {name}".strip()].append((key, thing))
    return Resolution(
        tuple(
            sorted(
                (_entity(group, dates) for group in groups.values()),
                key=lambda e: e.key,
            )
        )
    )


def _entity(group: list[tuple[str, Thing]], dates: dict[tuple[str, str], tuple[str, str]]) -> Entity:
    first = max((t for _, t in group), key=lambda t: (len(t.label), t.label))
    kind: EntityKind = {
        "event": "meeting",
        "state": "state",
        "person": "person",
        "instrument": "instrument",
    }.get(first.kind, "organisation" if first.type == "organisation" else "body")  # type: ignore[assignment]
    members = tuple((document, t.id) for document, t in group)
    start, end = max((dates.get(m, ("", "")) for m in members), key=len)
    values = tuple((n, v, f"as {len(group)} papers say") for n, v in (("start", start), ("end", end)) if v)
    name = first.code if kind == "state" else slug(f"{start} {first.label}")
    names = tuple(dict.fromkeys(n for _, t in group for n in (t.label, *t.names) if n != first.label))
    acronym = next((t.acronym for _, t in group if t.acronym), "")
    reference = acronym if kind in ("body", "organisation") and acronym in ("IOM", "ILO", "UNHCR", "UNODC") else ""
    return Entity(
        f"{kind}/{name}",
        kind,
        first.label,
        names,
        acronym,
        first.code,
        reference,
        first.type,
        values=values,
        members=members,
    )


def publish_sample(out: Path, corpus: Iterable[DocumentFacts] | None = None) -> Path:
    """Publish a graph of the gold facts under a folder; the folder of the build."""
    papers = tuple(corpus) if corpus is not None else gold_corpus()
    slugs = document_slugs(p.document.key for p in papers)
    entries = tuple(
        DocumentEntry(
            p.document.key,
            slugs[p.document.key],
            p.document.sha256,
            p.title,
            len(p.sentences),
            len(p.facts),
        )
        for p in sorted(papers, key=lambda p: p.document.key)
    )
    texts = {slugs[p.document.key]: p.document.text for p in papers}
    with writing(out):
        return publish(triples(Corpus.of(papers, resolve(papers))), out, Content("0", "gold", entries, texts)).folder


if __name__ == "__main__":
    print(publish_sample(Path(sys.argv[1])))


def told(papers: Sequence[DocumentFacts], resolution: Resolution) -> Dataset:
    """The quads of papers with what they say together."""
    corpus = Corpus.of(papers, resolution)
    return triples(corpus, reader=Reader(corpus))
