"""The named queries: `queries/NAME.rq`, each valid SPARQL as it stands, with a header that says what it asks.

    # title: What ministers directed
    # question: What did ministers direct, and what do the papers say came of it?
    # parameter year: year = "" -- the year of the meeting; empty for all
    # columns: commitment, clause, made_at
    # tags: commitments, mandates
    SELECT ?commitment ?clause ?made_at WHERE {
      VALUES ?year { UNDEF }
      ...

A parameter is a `VALUES ?name { ... }` line of the query with its default in it; asking with another value puts
that value's RDF term, serialised by the SPARQL engine's own library, in the place of the default. So the text that is
run is again plain SPARQL that any endpoint answers, and a value never becomes syntax.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import pyoxigraph as ox

from graph_build.errors import QueryError
from graph_build.vocabulary import queries_dir

Kind = Literal["text", "year", "date", "integer", "country", "notation", "thing"]
"""Types of a parameter: `text` as given; `year` YYYY; `date` YYYY, YYYY-MM or YYYY-MM-DD; `integer`; `country` ISO
3166-1 alpha-2; `notation` one of the words listed for it; `thing` an IRI, or a short id or words that `find` resolves."""

SEVEN = ("events", "attendance", "people", "membership", "named", "commitments", "lineage")
"""The tables whose columns are fixed."""

_KEYS = ("title", "question", "columns", "tags")
_PARAMETER = re.compile(
    r"(?P<name>[a-z][a-z_]*)\s*:\s*(?P<kind>[a-z]+)(?:\s*\((?P<choices>[^)]*)\))?\s*--\s*(?P<about>.+)"
)
_FORMS: Mapping[str, tuple[str, str]] = {
    "year": (r"\d{4}", "a year, YYYY"),
    "date": (r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", "a date, YYYY, YYYY-MM or YYYY-MM-DD"),
    "integer": (r"[+-]?\d{1,18}", "a whole number"),
    "country": (r"[A-Za-z]{2}", "an ISO 3166-1 alpha-2 code"),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A typed parameter of a named query; `default` is the VALUES body as the file has it ('UNDEF' for any)."""

    name: str
    kind: Kind
    about: str
    default: str
    choices: tuple[str, ...] = ()

    @property
    def required(self) -> bool:
        """Whether the query asks of one thing that must be named: a thing without default."""
        return self.kind == "thing" and self.default == "UNDEF" and "any" not in self.choices

    def term(self, value: object, resolve: Callable[[str], str] | None = None) -> ox.NamedNode | ox.Literal:
        """The value as an RDF term; QueryError where it is not of the parameter's type.

        `resolve` turns what a person typed into an IRI (see `find`); without it a thing must be an IRI.
        """
        text = value.isoformat() if hasattr(value, "isoformat") else str(value)
        if self.kind == "thing":
            iri = text if re.match(r"[A-Za-z][\w+.-]*://", text) else resolve(text) if resolve else text
            try:
                return ox.NamedNode(iri)
            except ValueError as error:
                raise QueryError(f"{self.name}={text!r} is not an IRI ({error})", mend=self.about) from None
        if self.kind in _FORMS and not re.fullmatch(_FORMS[self.kind][0], text, re.ASCII):
            raise QueryError(f"{self.name}={text!r} is not {_FORMS[self.kind][1]}", mend=self.about)
        if self.choices and text not in self.choices:
            raise QueryError(f"{self.name}={text!r} is none of {', '.join(self.choices)}", mend=self.about)
        if self.kind == "integer":
            return ox.Literal(int(text))
        return ox.Literal(text.upper() if self.kind == "country" else text)


@dataclass(frozen=True, slots=True)
class Question:
    """A named query with its header. `text` is the whole file, runnable as it stands."""

    name: str
    title: str
    question: str
    columns: tuple[str, ...]
    text: str
    parameters: tuple[Parameter, ...] = ()
    tags: tuple[str, ...] = ()
    path: Path = field(default=Path(), compare=False)

    def parameter(self, name: str) -> Parameter:
        """The parameter of this name; QueryError says which ones exist."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        known = ", ".join(f"{p.name} ({p.kind})" for p in self.parameters) or "none"
        raise QueryError(f"query {self.name!r} has no parameter {name!r}", mend=f"parameters: {known}")

    def bind(self, values: Mapping[str, object], resolve: Callable[[str], str] | None = None) -> str:
        """The SPARQL text with these values in the place of the defaults; a value '' leaves the default.

        Raises QueryError for an unknown parameter, a value of the wrong type, or a required thing left open.
        """
        text = self.text
        given = {name: self.parameter(name).term(v, resolve) for name, v in values.items() if str(v) != ""}
        for name, term in given.items():
            # re reads backslashes in a replacement; the pieces between the defaults do not.
            text = f"VALUES ?{name} {{ {term} }}".join(re.split(_values_line(name), text))
        open_ = [p for p in self.parameters if p.required and p.name not in given]
        if open_:
            wanted = ", ".join(f"--set {p.name}=... ({p.about})" for p in open_)
            raise QueryError(f"query {self.name!r} asks about one thing and needs it named", mend=wanted)
        return text


def _values_line(name: str) -> str:
    # A literal may hold '}' or an escaped quote; a default is written by hand on one line.
    return rf'VALUES \?{name} \{{ (?:UNDEF|<[^>]*>|"(?:[^"\\]|\\.)*"|[+-]?\d+) \}}'


def read_question(text: str, name: str, where: str, named: bool = True) -> Question:
    """A query file's header and text.

    A file without header (`named=False`, a stranger's query) has its variables as columns. Raises QueryError where the
    header lacks a key, declares a parameter that the query has no VALUES line for, or names other columns than the
    query selects, and where the SPARQL is wrong (with line and column).
    """
    head: dict[str, str] = {}
    parameters: list[Parameter] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#"):
            break
        key, _, value = line.lstrip("# ").partition(":")
        if key.startswith("parameter "):
            parameters.append(_parameter(f"{key[10:]}:{value}", text, f"{where}:{number}"))
        elif key in _KEYS:
            head[key] = value.strip()
        elif named and key and not line.startswith("#   "):
            raise QueryError(f"unknown header key {key!r}", f"{where}:{number}", f"keys: {', '.join(_KEYS)}")
        elif named and head and line.startswith("#   "):
            last = list(head)[-1]
            head[last] = f"{head[last]} {line[1:].strip()}"
    missing = [k for k in _KEYS if k not in head]
    if named and missing:
        raise QueryError(f"the header lacks {', '.join(missing)}", where, "every named query says what it asks")
    try:
        answer = ox.Store().query(text)
    except SyntaxError as error:
        raise QueryError(f"not a SPARQL query: {error}", where, "see the line and column") from None
    selected = tuple(v.value for v in answer.variables) if isinstance(answer, ox.QuerySolutions) else ()
    columns = tuple(c.strip() for c in head["columns"].split(",")) if "columns" in head else selected
    if columns != selected:
        raise QueryError(
            f"the header names the columns {', '.join(columns)}, the query gives {', '.join(selected)}", where
        )
    declared = {p.name for p in parameters}
    tags = tuple(t.strip() for t in head.get("tags", "").split(",") if t.strip())
    if len(declared) != len(parameters):
        raise QueryError("a parameter is declared twice", where)
    return Question(
        name, head.get("title", name), head.get("question", ""), columns, text, tuple(parameters), tags, Path(where)
    )


def _parameter(text: str, query: str, where: str) -> Parameter:
    found = _PARAMETER.fullmatch(text.strip())
    if not found or found["kind"] not in get_args(Kind):
        raise QueryError(
            f"not a parameter: {text!r}",
            where,
            "write '# parameter NAME: TYPE -- what it is'; types: " + ", ".join(get_args(Kind)),
        )
    line = re.search(_values_line(found["name"]), query)
    if not line:
        raise QueryError(
            f"parameter {found['name']!r} has no VALUES line", where, f"write VALUES ?{found['name']} {{ UNDEF }}"
        )
    default = line[0].split("{", 1)[1].rsplit("}", 1)[0].strip()
    choices = tuple(c.strip() for c in (found["choices"] or "").split("|") if c.strip())
    kind: Kind = next(k for k in get_args(Kind) if k == found["kind"])
    return Parameter(found["name"], kind, found["about"].strip(), default, choices)


@cache
def questions() -> Mapping[str, Question]:
    """All named queries by name, the seven tables first, then by name; QueryError where a file is wrong."""
    found = {}
    for path in sorted(queries_dir().glob("*.rq")):
        found[path.stem] = read_question(path.read_text(encoding="utf-8"), path.stem, str(path))
    order = [*(n for n in SEVEN if n in found), *(n for n in found if n not in SEVEN)]
    return {name: found[name] for name in order}


def question(name: str) -> Question:
    """The named query, or the query in the file `name` where it ends in .rq; QueryError lists near names."""
    if name.endswith(".rq"):
        path = Path(name)
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise QueryError(f"cannot read the query: {error}", name, "name a file with SPARQL in UTF-8") from None
        return read_question(text, path.stem, name, named=False)
    known = questions()
    if name not in known:
        from rapidfuzz import process

        near = [n for n, score, _ in process.extract(name, list(known), limit=3) if score >= 60]
        advice = f"did you mean {' or '.join(near)}? " if near else ""
        raise QueryError(f"no query {name!r}", mend=f"{advice}`query --list` shows all {len(known)}")
    return known[name]
