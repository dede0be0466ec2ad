"""Search and the commitment register: a SQLite file beside the build, made at first open, read by many.

FTS5 holds labels and sentences; the register is a table with its facets. The file is named by the build and by FORMAT;
one of another name is never read. Made in a process of its own, so that nobody waits for a large build.
"""

from __future__ import annotations

import os
import re
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from graph_build.errors import CommuniqueError
from graph_build.iris import local
from graph_build.serve.pages.reading import COMMITMENTS, KINDS, Reader, spoken
from graph_build.store import Build, open_build

FORMAT = 1
_SCHEMA = """
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT, kind TEXT, label TEXT, detail TEXT, sort TEXT);
CREATE VIRTUAL TABLE thing_text USING fts5(label, names, tokenize='unicode61 remove_diacritics 2', prefix='2 3');
CREATE TABLE sentence (id INTEGER PRIMARY KEY, iri TEXT, document TEXT, paragraph TEXT, start INTEGER, end INTEGER);
CREATE VIRTUAL TABLE sentence_text USING fts5(quote, tokenize='unicode61 remove_diacritics 2', prefix='2 3');
CREATE TABLE commitment (id INTEGER PRIMARY KEY, iri TEXT, clause TEXT, class TEXT, issuer TEXT, addressee TEXT,
  year TEXT, start TEXT, meeting TEXT, meeting_label TEXT, followed INTEGER, document TEXT, paragraph TEXT, passage TEXT,
  bindingness TEXT, level TEXT);
CREATE TABLE theme (commitment INTEGER, theme TEXT);
CREATE INDEX by_kind ON thing (kind, sort);
CREATE INDEX by_theme ON theme (theme, commitment);
CREATE INDEX by_class ON commitment (class, year);
"""
FACETS = ("class", "year", "issuer", "addressee", "theme", "followed")


def place_of(build: Build) -> Path:
    """Where the search file of a build is kept: in the cache of its output folder, else among temporary files."""
    name = f"search-{build.name}-{FORMAT}.sqlite"
    out = build.folder.parent.parent
    if (out / "current.json").is_file() and os.access(out, os.W_OK):
        return out / "cache" / name
    return Path(tempfile.gettempdir()) / f"communique-{os.getuid()}" / name


def make(build: Build, place: Path) -> None:
    """Write the search file of a build, under another name until it is whole."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    staging = place.with_suffix(f".{os.getpid()}")
    reader = Reader(build)
    connection = sqlite3.connect(staging)
    try:
        connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)
        _things(connection, reader)
        _sentences(connection, reader)
        _register(connection, reader)
        connection.execute("INSERT INTO thing_text(thing_text) VALUES('optimize')")
        connection.commit()
    finally:
        connection.close()
    os.replace(staging, place)
    for old in place.parent.glob("search-*.sqlite"):
        if old != place and not (build.folder.parent / old.name.split("-")[1]).is_dir():
            old.unlink(missing_ok=True)


def _things(connection: sqlite3.Connection, reader: Reader) -> None:
    found: dict[str, dict[str, object]] = {}
    kinds = [k for k in KINDS if k not in (*COMMITMENTS, "Passage", "Account", "Participation", "Membership", "Link",
                                           "StatedCount", "Quotation")]  # fmt: skip
    for kind in kinds:
        for row in reader.rows(
            f"SELECT ?x ?l ?alt ?start ?end ?city ?path {{ ?x a cq:{kind} . OPTIONAL {{ ?x rdfs:label|dcterms:title ?l }} "
            "OPTIONAL { ?x skos:altLabel|cq:acronym|cq:isoCode ?alt } OPTIONAL { ?x cq:start ?start } OPTIONAL { ?x cq:end "
            "?end } OPTIONAL { ?x cq:city ?city } OPTIONAL { ?x cq:path ?path } }"
        ):
            entry = found.setdefault(
                row["x"], {"kind": kind, "label": row.get("l") or row.get("path", ""), "names": set()}
            )
            names = entry["names"]
            assert isinstance(names, set)
            names.update(v for k in ("alt", "path") if (v := row.get(k)))
            entry["sort"] = row.get("start", "")
            when = spoken(row.get("start", ""), row.get("end", ""))
            entry["detail"] = " · ".join(p for p in (when, row.get("city", ""), row.get("path", "")) if p)
    for number, (iri, entry) in enumerate(sorted(found.items()), 1):
        label = str(entry["label"]) or local(iri)
        names = entry["names"]
        assert isinstance(names, set)
        sort = str(entry.get("sort", ""))
        connection.execute(
            "INSERT INTO thing VALUES (?,?,?,?,?,?)", (number, iri, entry["kind"], label, entry.get("detail", ""), sort)
        )
        connection.execute(
            "INSERT INTO thing_text(rowid, label, names) VALUES (?,?,?)", (number, label, " ".join(sorted(names)))
        )


def _sentences(connection: sqlite3.Connection, reader: Reader) -> None:
    number = 0
    for entry in reader.build.manifest.documents:
        graph = f"{reader.build.base}graph/evidence/{entry.slug}"
        for row in reader.rows(
            "SELECT ?p ?quote ?doc ?para ?a ?b { GRAPH ?g { ?p cq:quote ?quote ; cq:passageOf ?doc ; cq:startOffset ?a ; "
            "cq:endOffset ?b OPTIONAL { ?p cq:paragraph ?para } } } ORDER BY ?a ?b",
            g=graph,
        ):
            number += 1
            values = (number, row["p"], row["doc"], row.get("para", ""), int(row["a"]), int(row["b"]))
            connection.execute("INSERT INTO sentence VALUES (?,?,?,?,?,?)", values)
            connection.execute("INSERT INTO sentence_text(rowid, quote) VALUES (?,?)", (number, row["quote"]))


def _register(connection: sqlite3.Connection, reader: Reader) -> None:
    themes: dict[str, set[str]] = {}
    for row in reader.rows("SELECT ?c ?t { ?c cq:theme ?t }"):
        themes.setdefault(row["c"], set()).add(reader.concept(row["t"]))
    passages = {
        r["c"]: r["p"] for r in reader.rows("SELECT ?c ?p { ?c cq:commitmentClass ?k GRAPH ?g { ?c cq:shownBy ?p } }")
    }
    followed = {r["c"] for r in reader.rows("SELECT DISTINCT ?c { ?c cq:commitmentClass ?k ; cq:leadsTo ?x }")}
    seen: set[str] = set()
    for row in reader.rows(
        "SELECT * { ?c cq:commitmentClass ?k ; cq:clause ?clause ; cq:statedIn ?doc . ?k skos:notation ?class . "
        "OPTIONAL { ?c cq:issuer ?issuer } OPTIONAL { ?c cq:addressee ?addressee } OPTIONAL { ?c cq:paragraph ?para } "
        "OPTIONAL { ?c cq:bindingness ?b } OPTIONAL { ?c cq:speakerLevel ?level } "
        "OPTIONAL { ?c cq:madeAt ?m . ?m rdfs:label ?ml OPTIONAL { ?m cq:start ?start } } } ORDER BY ?start ?doc ?c"
    ):
        if row["c"] in seen:
            continue
        seen.add(row["c"])
        number = len(seen)
        start = row.get("start", "")
        connection.execute(
            "INSERT INTO commitment VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                number, row["c"], row["clause"], row["class"], row.get("issuer", ""), row.get("addressee", ""), start[:4],
                start, row.get("m", ""), row.get("ml", ""), int(row["c"] in followed), row["doc"], row.get("para", ""),
                passages.get(row["c"], ""), reader.concept(row.get("b", "")), reader.concept(row.get("level", "")),
            ),
        )  # fmt: skip
        connection.executemany(
            "INSERT INTO theme VALUES (?,?)", [(number, theme) for theme in sorted(themes.get(row["c"], ()))]
        )


class Hit(msgspec.Struct, frozen=True):
    """What a search found. `text` has the words found between U+0001 and U+0002."""

    iri: str
    kind: str
    label: str
    detail: str = ""
    document: str = ""
    start: int = -1
    end: int = -1


class Promise(msgspec.Struct, frozen=True):
    """A line of the commitment register."""

    iri: str
    clause: str
    class_: str
    issuer: str
    addressee: str
    year: str
    start: str
    meeting: str
    meeting_label: str
    followed: bool
    document: str
    paragraph: str
    passage: str
    bindingness: str
    level: str


def _promise(row: tuple[Any, ...]) -> Promise:
    names = (f.name for f in msgspec.structs.fields(Promise))
    return Promise(**{**dict(zip(names, row, strict=True)), "followed": bool(row[9])})


@dataclass(frozen=True, slots=True)
class Register:
    """Some lines of the register, how many there are in all, and the counts of every facet under the others."""

    lines: tuple[Promise, ...]
    total: int
    facets: Mapping[str, tuple[tuple[str, int], ...]]


def words_of(text: str) -> str:
    """What a person typed as an FTS5 query: every word must be there, the last one may go on. '' for no words."""
    words = re.findall(r"\w+", text)[:12]
    return " ".join(f'"{w}"' for w in words[:-1]) + (f' "{words[-1]}"*' if words else "")


class Index:
    """The search file of a build, open for reading. Use one from one thread."""

    def __init__(self, place: Path) -> None:
        self.connection = sqlite3.connect(f"file:{place}?mode=ro&immutable=1", uri=True, check_same_thread=False)

    def close(self) -> None:
        self.connection.close()

    def things(self, text: str, limit: int = 20, kind: str = "") -> list[Hit]:
        """Things whose names have these words, the best first."""
        asked = words_of(text)
        if not asked:
            return []
        where = " AND kind = ?4" if kind else ""
        rows = self.connection.execute(
            "SELECT iri, kind, label, detail FROM thing JOIN (SELECT rowid, bm25(thing_text, 3.0, 1.0) AS score FROM thing_text "
            f"WHERE thing_text MATCH ?1 ORDER BY score LIMIT 500) AS f ON f.rowid = thing.id WHERE 1{where} "
            "ORDER BY CASE WHEN lower(label) = ?2 THEN 0 WHEN instr(lower(label), ?2) = 1 THEN 1 ELSE 2 END, score, length(label), "
            "label LIMIT ?3",
            (asked, text.strip().lower(), limit, *((kind,) if kind else ())),
        )
        return [Hit(*row) for row in rows]

    def sentences(self, text: str, limit: int = 20) -> list[Hit]:
        """Sentences with these words, the best first."""
        asked = words_of(text)
        if not asked:
            return []
        rows = self.connection.execute(
            "SELECT iri, 'Passage', quoted, 'paragraph ' || paragraph, document, start, end FROM sentence JOIN (SELECT rowid, "
            "snippet(sentence_text, 0, char(1), char(2), ' … ', 48) AS quoted, rank FROM sentence_text WHERE sentence_text MATCH ? "
            "ORDER BY rank LIMIT ?) AS f ON f.rowid = sentence.id ORDER BY f.rank, iri",
            (asked, limit),
        )
        return [Hit(r[0], r[1], r[2], r[3] if r[3] != "paragraph " else "", r[4], r[5], r[6]) for r in rows]

    def listed(self, kind: str, limit: int, offset: int = 0) -> tuple[list[Hit], int]:
        """The things of a kind by date and name, and how many there are."""
        total = int(self.connection.execute("SELECT COUNT(*) FROM thing WHERE kind = ?", (kind,)).fetchone()[0])
        rows = self.connection.execute(
            "SELECT iri, kind, label, detail FROM thing WHERE kind = ? ORDER BY sort DESC, label, iri LIMIT ? OFFSET ?",
            (kind, limit, offset),
        )
        return [Hit(*row) for row in rows], total

    def counts(self) -> dict[str, int]:
        """How many things of each kind, how many commitments and sentences."""
        found = dict(self.connection.execute("SELECT kind, COUNT(*) FROM thing GROUP BY kind"))
        found["Commitment"] = self.connection.execute("SELECT COUNT(*) FROM commitment").fetchone()[0]
        found["Sentence"] = self.connection.execute("SELECT COUNT(*) FROM sentence").fetchone()[0]
        return found

    def register(self, chosen: Mapping[str, str], limit: int, offset: int = 0) -> Register:
        """The lines of the register that fit the chosen facets ('followed' is 'yes' or 'no', 'q' words of the clause)."""
        where, values = self._where(chosen)
        total = int(self.connection.execute(f"SELECT COUNT(*) FROM commitment c {where}", values).fetchone()[0])
        rows = self.connection.execute(
            "SELECT iri, clause, class, issuer, addressee, year, start, meeting, meeting_label, followed, document, paragraph, "
            f"passage, bindingness, level FROM commitment c {where} ORDER BY start DESC, document, id LIMIT ? OFFSET ?",
            (*values, limit, offset),
        )
        lines = tuple(_promise(r) for r in rows)
        facets = {}
        for facet in FACETS:
            others = {k: v for k, v in chosen.items() if k != facet}
            narrowed, given = self._where(others)
            column = {"theme": "t.theme", "followed": "CASE c.followed WHEN 1 THEN 'yes' ELSE 'no' END"}.get(
                facet, f"c.{facet}"
            )
            joined = "JOIN theme t ON t.commitment = c.id" if facet == "theme" else ""
            counted = self.connection.execute(
                f"SELECT {column} AS v, COUNT(*) AS n FROM commitment c {joined} {narrowed} GROUP BY v ORDER BY n DESC, v LIMIT 40",
                given,
            ).fetchall()
            if facet == "year":
                counted.sort(key=lambda c: c[0], reverse=True)
            facets[facet] = tuple((v, n) for v, n in counted if v)
        return Register(lines, total, facets)

    def _where(self, chosen: Mapping[str, str]) -> tuple[str, list[str | int]]:
        parts: list[str] = []
        values: list[str | int] = []
        for facet, value in chosen.items():
            if not value:
                continue
            if facet == "theme":
                parts.append("EXISTS (SELECT 1 FROM theme t WHERE t.commitment = c.id AND t.theme = ?)")
                values.append(value)
            elif facet == "followed":
                parts.append("c.followed = ?")
                values.append(int(value == "yes"))
            elif facet == "q":
                parts.append("(c.clause LIKE ? ESCAPE '\\')")
                values.append("%" + re.sub(r"([%_\\])", r"\\\1", value) + "%")
            elif facet in FACETS:
                parts.append(f"c.{facet} = ?")
                values.append(value)
        return ("WHERE " + " AND ".join(parts) if parts else ""), values

    def everything(self) -> Iterator[tuple[str, str, str, str]]:
        """All things as (iri, kind, label, names and detail), for a site without a server."""
        yield from self.connection.execute(
            "SELECT iri, kind, thing.label, detail || ' ' || names FROM thing JOIN thing_text ON thing_text.rowid = thing.id "
            "ORDER BY kind, thing.label"
        )


def main(arguments: list[str]) -> None:
    """Make the search file: arguments are the build's folder and the file."""
    try:
        with open_build(arguments[0]) as build:
            make(build, Path(arguments[1]))
    except (CommuniqueError, OSError, sqlite3.Error) as error:
        sys.exit(f"communique: no search: {error}")
