"""Small papers made by hand: each call writes a sentence and the thing or fact that it says.

paper = Made("a.txt", forum="River Process")
paper.event("4th River Process Ministerial Conference", start="2011-03-30", city="Delta")
facts = paper.facts()
"""

from __future__ import annotations

import hashlib
from typing import Any

from graph_build.records import (
    Attendance,
    Commitment,
    Document,
    DocumentFacts,
    EventFact,
    Evidence,
    Fact,
    Link,
    Membership,
    Passage,
    PersonRole,
    Quotation,
    Span,
    StatedCount,
    Thing,
    Value,
)


class Made:
    """A paper in the making. Ids of things are given in order: 'e1', 'b1', 'i1', 'p1', 's:TH'."""

    def __init__(self, key: str, date: str = "", title: str = "", genre: str = "") -> None:
        self.key, self.title, self.genre = key, title, genre
        self.meta = (("date", date),) if date else ()
        self.published_for = ""
        self._lines: list[str] = []
        self._things: list[tuple[str, dict[str, Any], str]] = []
        self._facts: list[tuple[type, dict[str, Any], str]] = []
        self._numbers: dict[str, int] = {}

    def say(self, sentence: str) -> str:
        """A sentence of the paper, once."""
        if sentence not in self._lines:
            self._lines.append(sentence)
        return sentence

    def _thing(self, letter: str, kind: str, label: str, said: str = "", **fields: Any) -> str:
        self._numbers[letter] = self._numbers.get(letter, 0) + 1
        id_ = f"{letter}{self._numbers[letter]}"
        names = tuple(fields.pop("names", ()))
        self._things.append(
            (id_, {"kind": kind, "label": label, "names": names, **fields}, self.say(said or f"{label}."))
        )
        return id_

    def body(self, label: str, **fields: Any) -> str:
        fields.setdefault("type", "body")
        fields.setdefault("named", True)
        return self._thing("b", "body", label, **fields)

    def instrument(self, label: str, **fields: Any) -> str:
        return self._thing("i", "instrument", label, **({"named": True} | fields))

    def person(
        self, label: str, event: str = "", affiliation: str = "", role: str = "speaker", position: str = ""
    ) -> str:
        said = f"{label} {position} {affiliation}."
        id_ = self._thing("p", "person", label, said)
        if event:
            values = {k: v for k, v in (("affiliation", affiliation), ("position", position)) if v}
            self.fact(PersonRole, said, event=event, person=id_, name=label, role=role, values=values)
        return id_

    def state(self, code: str, label: str, **fields: Any) -> str:
        id_ = f"s:{code}"
        if all(i != id_ for i, _, _ in self._things):
            self._things.append((id_, {"kind": "state", "label": label, "code": code, **fields}, self.say(f"{label}.")))
        return id_

    def event(self, label: str, status: str = "described", held: str = "", **values: Any) -> str:
        """A meeting; `values` are start, end, city, country, ordinal, and series and names."""
        series, names = values.pop("series", ""), values.pop("names", ())
        said = self.say(f"{label} {' '.join(values.values())}.")
        id_ = self._thing("e", "event", label, said, names=names)
        if status == "described" and not self.published_for:
            self.published_for = id_
        self.fact(EventFact, said, event=id_, status=status, series=series, values=values)
        if held:
            self.link(id_, "heldBy", held)
        return id_

    def link(self, source: str, relation: str, target: str, said: str = "") -> None:
        self.fact(Link, said or f"{source} {relation} {target}.", source=source, relation=relation, target=target)

    def attend(self, event: str, party: str, name: str, capacity: str = "participant", said: str = "") -> None:
        self.fact(Attendance, said or f"{name} at {event}.", event=event, party=party, name=name, capacity=capacity)

    def member(
        self, body: str, party: str, name: str, capacity: str = "member", said: str = "", since: str = ""
    ) -> None:
        values = {"since": since} if since else {}
        said = said or f"{name} is {capacity} of {body} {since}."
        self.fact(Membership, said, body=body, party=party, name=name, capacity=capacity, values=values)

    def count(self, about: str, number: int, unit: str, lists: str, said: str, exact: bool = True) -> None:
        self.fact(StatedCount, said, about=about, number=number, unit=unit, lists=lists, exact=exact)

    def quotation(self, words: str, source: str, said: str) -> None:
        self.fact(Quotation, said, source=source, passages={"words": words})

    def commit(self, clause: str, class_: str = "recommendation", said: str = "", id_: str = "", **fields: Any) -> str:
        number = self._numbers["c"] = self._numbers.get("c", 0) + 1
        values = {k: fields.pop(k) for k in ("issuer", "addressee") if k in fields}
        words = " ".join(v for v in values.values() if v not in (said or clause))
        said = said or (f"{words} {clause}." if words else f"{clause}.")
        self.fact(
            Commitment, said, id=id_ or f"c{number}", class_=class_, passages={"clause": clause}, values=values, **fields
        )  # fmt: skip
        return id_ or f"c{number}"

    def fact(self, made: type, said: str, **fields: Any) -> None:
        self._facts.append((made, fields, self.say(said)))

    def facts(self) -> DocumentFacts:
        """The paper with all that it says."""
        text = "\n\n".join(self._lines)
        digest = hashlib.sha256(text.encode()).hexdigest()
        document = Document(self.key, text, digest, meta=self.meta)
        starts: dict[str, int] = {}
        at = 0
        for line in self._lines:
            starts[line] = at
            at += len(line) + 2

        def passage(line: str, words: str = "") -> Passage:
            start = starts[line] + (line.index(words) if words else 0)
            return document.passage(Span(start, start + len(words or line)))

        things = tuple(
            Thing(id_, evidence=(Evidence(passage(line), "made"),), **fields) for id_, fields, line in self._things
        )
        facts: list[Fact] = []
        for made, given, line in self._facts:
            fields = dict(given)
            values = {k: Value(v, v, passage(line), "made") for k, v in fields.pop("values", {}).items()}
            parts = {k: passage(line, v) for k, v in fields.pop("passages", {}).items()}
            facts.append(made(evidence=(Evidence(passage(line), "made"),), **fields, **values, **parts))
        sentences = tuple(passage(line) for line in self._lines)
        return DocumentFacts(
            document, self.title, self.genre, self.published_for, things, tuple(facts), (), sentences,
            tuple(str(i) for i in range(1, len(sentences) + 1)),
        )  # fmt: skip
