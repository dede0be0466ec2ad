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

import msgspec

from graph_build.errors import CommuniqueError
from graph_build.iris import local
from graph_build.serve.pages.reading import COMMITMENTS, KINDS, Reader, spoken
from graph_build.store import Build, open_build

FORMAT = 2
_SCHEMA = """
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT, kind TEXT, label TEXT, detail TEXT, sort TEXT);
CREATE VIRTUAL TABLE thing_text USING fts5(label, names, tokenize='unicode61 remove_diacritics 2', prefix='2 3');
CREATE TABLE sentence (id INTEGER PRIMARY KEY, iri TEXT, document TEXT, paragraph TEXT, start INTEGER, end INTEGER);
CREATE VIRTUAL TABLE sentence_text USING fts5(quote, tokenize='unicode61 remove_diacritics 2', prefix='2 3');
CREATE TABLE commitment (id INTEGER PRIMARY KEY, iri TEXT, clause TEXT, class TEXT, issuer TEXT, addressee TEXT,
  year TEXT, start TEXT, meeting TEXT, meeting_label TEXT, followed TEXT, document TEXT, paragraph TEXT, passage TEXT,
  bindingness TEXT, level TEXT, verb TEXT, status TEXT, silence TEXT);
CREATE TABLE value (commitment INTEGER, facet TEXT, value TEXT);
CREATE INDEX by_kind ON thing (kind, sort);
CREATE INDEX by_value ON value (facet, value, commitment);
CREATE INDEX by_class ON commitment (class, year);
"""
FACETS = ("class", "year", "issuer", "level", "bindingness", "addressee", "theme", "followed", "status")
_MANY = ("theme", "followed", "status")
"""Facets of which a commitment can have several values."""
_NO_THINGS = (
    "Passage", "Account", "Participation", "Membership", "Link", "StatedCount", "Quotation", "Reuse", "Comparison",
    "CountCheck", "FollowUp", "Silence", "Judgement",
)  # fmt: skip


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
    kinds = [k for k in KINDS if k not in (*COMMITMENTS, *_NO_THINGS)]
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
    followed, statuses, silences = _followed(reader)
    seen: set[str] = set()
    for row in reader.rows(
        "SELECT * { ?c cq:commitmentClass ?k ; cq:clause ?clause ; cq:statedIn ?doc . ?k skos:notation ?class . "
        "OPTIONAL { ?c cq:issuer ?issuer } OPTIONAL { ?c cq:addressee ?addressee } OPTIONAL { ?c cq:paragraph ?para } "
        "OPTIONAL { ?c cq:bindingness ?b } OPTIONAL { ?c cq:speakerLevel ?level } OPTIONAL { ?c cq:decidingVerb ?verb } "
        "OPTIONAL { ?c cq:madeAt ?m . ?m rdfs:label ?ml OPTIONAL { ?m cq:start ?start } } } ORDER BY ?start ?doc ?c"
    ):
        if row["c"] in seen:
            continue
        seen.add(row["c"])
        number = len(seen)
        start = row.get("start", "")
        kinds, status = sorted(followed.get(row["c"], ())), sorted(statuses.get(row["c"], ()))
        silence = silences.get(row["c"], "")
        silent = [] if not silence else [NOT_FOUND if silence.startswith(NOT_FOUND) else "cannot be said"]
        connection.execute(
            f"INSERT INTO commitment VALUES ({','.join('?' * 19)})",
            (
                number, row["c"], row["clause"], row["class"], row.get("issuer", ""), row.get("addressee", ""), start[:4],
                start, row.get("m", ""), row.get("ml", ""), "; ".join(kinds or silent), row["doc"], row.get("para", ""),
                passages.get(row["c"], ""), reader.concept(row.get("b", "")), reader.concept(row.get("level", "")),
                row.get("verb", ""), "; ".join(status), silence,
            ),
        )  # fmt: skip
        for facet, values in (
            ("theme", sorted(themes.get(row["c"], ()))),
            ("followed", kinds or silent),
            ("status", status),
        ):
            connection.executemany("INSERT INTO value VALUES (?,?,?)", [(number, facet, v) for v in values])


NOT_FOUND = "no later mention found"
"""How a silence begins that says in how many papers was looked (`readings.followup.Silence`)."""


def _followed(reader: Reader) -> tuple[dict[str, set[str]], dict[str, set[str]], dict[str, str]]:
    """By commitment: how later papers follow it up, the statuses that they state, and what silence says."""
    kinds: dict[str, set[str]] = {}
    statuses: dict[str, set[str]] = {}
    for row in reader.rows(
        "SELECT ?c ?kind ?scope ?status { ?f a cq:FollowUp ; cq:ofCommitment ?c ; cq:followUpKind ?kind ; cq:scope ?scope "
        "OPTIONAL { ?f cq:followUpStatus ?status } }"
    ):
        whole = ", as the meeting’s outcomes" if row["scope"] == "meeting" else ""
        kinds.setdefault(row["c"], set()).add(reader.concept(row["kind"]) + whole)
        if "status" in row:
            statuses.setdefault(row["c"], set()).add(reader.concept(row["status"]))
    silent = {
        r["c"]: r["remark"]
        for r in reader.rows("SELECT ?c ?remark { ?s a cq:Silence ; cq:ofCommitment ?c ; cq:remark ?remark }")
    }
    return kinds, statuses, silent


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
    """A line of the commitment register. `followed` (what later papers say) and `status` are values joined by '; ';
    `silence` is the sentence where no later paper says anything."""

    iri: str
    clause: str
    class_: str
    issuer: str
    addressee: str
    year: str
    start: str
    meeting: str
    meeting_label: str
    followed: str
    document: str
    paragraph: str
    passage: str
    bindingness: str
    level: str
    verb: str
    status: str
    silence: str


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
        """The lines of the register that fit the chosen facets ('q' is words of the clause)."""
        where, values = self._where(chosen)
        total = int(self.connection.execute(f"SELECT COUNT(*) FROM commitment c {where}", values).fetchone()[0])
        rows = self.connection.execute(
            "SELECT iri, clause, class, issuer, addressee, year, start, meeting, meeting_label, followed, document, paragraph, "
            f"passage, bindingness, level, verb, status, silence FROM commitment c {where} ORDER BY start DESC, document, id LIMIT ? OFFSET ?",
            (*values, limit, offset),
        )
        lines = tuple(Promise(*r) for r in rows)
        facets = {}
        for facet in FACETS:
            others = {k: v for k, v in chosen.items() if k != facet}
            narrowed, given = self._where(others)
            column = "v.value" if facet in _MANY else f"c.{facet}"
            joined = f"JOIN value v ON v.commitment = c.id AND v.facet = '{facet}'" if facet in _MANY else ""
            counted = self.connection.execute(
                f"SELECT {column} AS given, COUNT(*) AS n FROM commitment c {joined} {narrowed} GROUP BY given ORDER BY n DESC, given LIMIT 40",
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
            if facet in _MANY:
                parts.append("EXISTS (SELECT 1 FROM value v WHERE v.commitment = c.id AND v.facet = ? AND v.value = ?)")
                values += [facet, value]
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
