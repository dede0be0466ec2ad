"""What persons judged about a corpus, in a file beside the documents: `judgements.toml`.

    [[same]]                                    # these are one thing
    things = ["meeting/2015-03-25-...", {paper = "summary.txt", name = "the symposium"}]
    who = "A. Analyst"
    when = 2026-01-15
    why = "both papers give the same agenda"

    [[different]]                               # these are not; the first named keeps what the rules joined to it
    [[reject]]                                  # this statement is wrong: fact = "commitment/..."
    [[add]]                                     # a paper says this and the rules missed it:
                                                # paper, quote, subject, property, object
    [[label]]                                   # a better name: thing, label

Each entry has who, when (a date) and why. A thing is named by its key (its IRI below /id/, also a former one) or by
paper and name. A judgement is a person's statement: it is kept apart from what papers say.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from graph_build.errors import InputError

JudgementKind = Literal["same", "different", "reject", "add", "label"]

PROPERTIES = frozenset(
    [
        "hadHost",
        "hadCoChair",
        "hadParticipant",
        "hadObserver",
        "memberOf",
        "deliversOn",
        "establishes",
        "consideredAt",
        "incorporatedInto",
        "reviews",
        "prepares",
        "adopts",
        "heldBy",
        "partOf",
        "follows",
        "refersTo",
        "start",
        "end",
        "city",
        "country",
        "ordinal",
        "inSeries",
        "parentBody",
        "issuedBy",
        "addressedTo",
    ]
)
"""Properties that an added statement may have; dates, city, country code and ordinal take a text, the others a thing."""

LITERALS = frozenset({"start", "end", "city", "ordinal"})

_FIELDS: dict[str, frozenset[str]] = {
    "same": frozenset({"things"}),
    "different": frozenset({"things"}),
    "reject": frozenset({"fact"}),
    "add": frozenset({"paper", "quote", "subject", "property", "object"}),
    "label": frozenset({"thing", "label"}),
}
_SIGNED = frozenset({"who", "when", "why"})
_KEY = re.compile(r"[a-z-]+(?:/[^\s<>\"{}|^`\\]+)+")


@dataclass(frozen=True, slots=True, order=True)
class ThingReference:
    """A thing named by its key, or by the paper that names it and the name there."""

    key: str = ""
    paper: str = ""
    name: str = ""

    def __str__(self) -> str:
        return self.key or f"'{self.name}' in {self.paper}"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One entry of the file. `where` is the file and line; fields that its kind does not use are empty."""

    kind: JudgementKind
    who: str
    when: str
    why: str
    where: str
    things: tuple[ThingReference, ...] = ()
    fact: str = ""
    paper: str = ""
    quote: str = ""
    property: str = ""
    object: str = ""
    label: str = ""

    def __str__(self) -> str:
        said = {
            "same": " and ".join(str(t) for t in self.things) + " are one",
            "different": " and ".join(str(t) for t in self.things) + " are different things",
            "reject": f"{self.fact} is wrong",
            "add": f"{self.paper} says: {self.quote}",
            "label": f"{self.things[0] if self.things else ''} is better called '{self.label}'",
        }[self.kind]
        return f"{said} ({self.who}, {self.when}: {self.why})"


@dataclass(frozen=True, slots=True)
class Judgements:
    """All entries of a file, in its order."""

    entries: tuple[Judgement, ...] = ()

    def of(self, kind: JudgementKind) -> tuple[Judgement, ...]:
        """The entries of one kind."""
        return tuple(j for j in self.entries if j.kind == kind)

    def without(self, entries: Iterable[Judgement]) -> Judgements:
        """The judgements but for these."""
        gone = frozenset(entries)
        return Judgements(tuple(j for j in self.entries if j not in gone))

    @property
    def rejected(self) -> frozenset[str]:
        """Keys of the statements that persons judged wrong."""
        return frozenset(j.fact for j in self.of("reject"))


NONE = Judgements()


def load(*paths: Path) -> Judgements:
    """The judgements of files; InputError with file and line where an entry cannot be used or contradicts another."""
    found = tuple(entry for path in paths for entry in _read(path).entries)
    _contradictions(found)
    return Judgements(found)


def _read(path: Path) -> Judgements:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the judgements cannot be read: {error}", str(path), "save the file as UTF-8 text") from error
    return parse(text, str(path))


def parse(text: str, where: str = "judgements.toml") -> Judgements:
    """The judgements of a text in TOML, checked; InputError names the line of a bad entry."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"not valid TOML: {error}", where, "see https://toml.io for the syntax") from error
    kinds: tuple[JudgementKind, ...] = get_args(JudgementKind)
    if unknown := sorted(data.keys() - set(kinds)):
        raise InputError(f"unknown table [[{unknown[0]}]]", where, f"use one of {', '.join(kinds)}")
    entries: list[tuple[int, Judgement]] = []
    for kind in (k for k in kinds if k in data):
        rows = data[kind]
        lines = [i for i, line in enumerate(text.splitlines(), 1) if re.match(rf"\s*\[\[\s*{kind}\s*\]\]", line)]
        if not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
            raise InputError(
                f"'{kind}' must be written as [[{kind}]] tables", where, f"write [[{kind}]] above each entry"
            )
        for i, row in enumerate(rows):
            line = lines[i] if i < len(lines) else 0
            entries.append((line, _entry(kind, row, f"{where}:{line}")))
    entries.sort(key=lambda e: e[0])
    found = tuple(j for _, j in entries)
    _contradictions(found)
    return Judgements(found)


def _entry(kind: JudgementKind, row: dict[str, Any], where: str) -> Judgement:
    wanted = _FIELDS[kind] | _SIGNED
    if missing := sorted(wanted - row.keys()):
        raise InputError(
            f"[[{kind}]] lacks {', '.join(missing)}", where, f"each [[{kind}]] has {', '.join(sorted(wanted))}"
        )
    if extra := sorted(row.keys() - wanted):
        raise InputError(f"[[{kind}]] has no field '{extra[0]}'", where, f"its fields are {', '.join(sorted(wanted))}")
    when = row["when"]
    if isinstance(when, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", when):
        try:
            when = datetime.date.fromisoformat(when)
        except ValueError:
            when = None
    if isinstance(when, datetime.datetime) or not isinstance(when, datetime.date):
        raise InputError(f"'when' is no date: {row['when']!r}", where, "write it as 2026-01-15")
    texts = {k: _text(row[k], k, where) for k in sorted(wanted - {"when", "things", "thing", "subject"})}
    things: tuple[ThingReference, ...] = ()
    if kind in ("same", "different"):
        if not isinstance(row["things"], list) or len(row["things"]) < 2:
            raise InputError(
                "'things' needs at least two things", where, 'things = ["KEY", {paper = "...", name = "..."}]'
            )
        things = tuple(_reference(t, where) for t in row["things"])
        if len(set(things)) != len(things):
            raise InputError("'things' names one thing twice", where, "name each thing once")
    elif kind in ("label", "add"):
        things = (_reference(row["thing" if kind == "label" else "subject"], where),)
    if kind == "add" and texts["property"] not in PROPERTIES:
        raise InputError(
            f"unknown property '{texts['property']}'", where, f"use one of {', '.join(sorted(PROPERTIES))}"
        )
    if kind == "add" and texts["property"] not in LITERALS and not _KEY.fullmatch(texts["object"]):
        raise InputError(
            f"'object' must be the key of a thing: {texts['object']!r}", where, "as in 'body/working-group'"
        )
    if kind == "reject" and not _KEY.fullmatch(texts["fact"]):
        raise InputError(
            f"'fact' is no key of a statement: {texts['fact']!r}", where, "as `communique explain` shows it"
        )
    return Judgement(
        kind, texts["who"], when.isoformat(), texts["why"], where, things, texts.get("fact", ""), texts.get("paper", ""),
        texts.get("quote", ""), texts.get("property", ""), texts.get("object", ""), texts.get("label", ""),
    )  # fmt: skip


def _text(value: object, name: str, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"'{name}' must be a text that is not empty", where, f'{name} = "..."')
    return value.strip()


def _reference(value: object, where: str) -> ThingReference:
    if isinstance(value, str) and _KEY.fullmatch(value.strip()):
        return ThingReference(key=value.strip())
    if isinstance(value, dict) and value.keys() == {"paper", "name"}:
        return ThingReference(paper=_text(value["paper"], "paper", where), name=_text(value["name"], "name", where))
    raise InputError(
        f"{value!r} names no thing", where, 'write its key ("meeting/2015-03-25-...") or {paper = "...", name = "..."}'
    )


def _contradictions(entries: tuple[Judgement, ...]) -> None:
    said: dict[frozenset[ThingReference], Judgement] = {}
    for entry in entries:
        if entry.kind in ("same", "different"):
            for i, one in enumerate(entry.things):
                for other in entry.things[i + 1 :]:
                    before = said.setdefault(frozenset({one, other}), entry)
                    if before.kind != entry.kind:
                        raise InputError(
                            f"{one} and {other} are judged {before.kind} at {before.where} and {entry.kind} here",
                            entry.where, "keep one of the two",
                        )  # fmt: skip


def quoted(text: str) -> str:
    """A text as a basic TOML string, safe for any character."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in escaped) + '"'


def written(judgement: Judgement) -> str:
    """The entry as TOML, to be appended to the file."""

    def reference(thing: ThingReference) -> str:
        if thing.key:
            return quoted(thing.key)
        return f"{{paper = {quoted(thing.paper)}, name = {quoted(thing.name)}}}"

    lines = [f"[[{judgement.kind}]]"]
    if judgement.kind in ("same", "different"):
        lines.append(f"things = [{', '.join(reference(t) for t in judgement.things)}]")
    elif judgement.kind in ("label", "add"):
        lines.append(f"{'thing' if judgement.kind == 'label' else 'subject'} = {reference(judgement.things[0])}")
    for name in ("fact", "paper", "quote", "property", "object", "label"):
        if value := getattr(judgement, name):
            lines.append(f"{name} = {quoted(value)}")
    lines += [f"who = {quoted(judgement.who)}", f"when = {judgement.when}", f"why = {quoted(judgement.why)}"]
    return "\n".join(lines) + "\n"
