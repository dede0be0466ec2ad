"""The tokens of a SPARQL text, as far as the server must know them before an engine reads it.

It finds what must never reach the engine (SERVICE, updates, nesting that no parser survives), the form of the query,
and the brackets between which footnotes are added. It accepts more than SPARQL; the engine says what is wrong.
Terminals: SPARQL 1.1 Query Language, section 19.8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin

Kind = Literal["iri", "string", "var", "pname", "word", "number", "blank", "mark"]

NESTING = 100
"""Brackets within brackets that a query may have; the engine's parser overflows its stack at a few thousand."""
CHAIN = 2_000
"""Operators in a row that a query may have, for the same reason."""

_TOKEN = re.compile(
    r"""
    (?P<space>[\s\ufeff]+|\#[^\n\r]*)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<string>\"\"\"(?:\"{0,2}(?:[^"\\]|\\.))*\"\"\"|'''(?:'{0,2}(?:[^'\\]|\\.))*'''
      |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
  | (?P<var>[?$]\w+)
  | (?P<blank>_:[\w.·-]*\w)
  | (?P<pname>(?:[^\W\d_](?:[\w.·-]*[\w·-])?)?:(?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?#@%-])
      (?:(?:[\w.:·-]|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?#@%-])*(?:[\w:·-]|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?#@%-]))?)?)
  | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<word>@?[A-Za-z_][\w-]*)
  | (?P<mark><<\(?|\)?>>|\^\^|\|\||&&|[<>!]=|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_HIDDEN = re.compile(r"\).*?service", re.IGNORECASE | re.DOTALL)

UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
FORMS = ("SELECT", "CONSTRUCT", "DESCRIBE", "ASK")
UNSTEADY = {"NOW", "RAND", "UUID", "STRUUID", "BNODE"}
"""Functions whose answer is another one each time."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token with its place: `start` and `end` are code points, `depth` the open brackets around it."""

    kind: Kind
    text: str
    start: int
    end: int
    depth: int

    @property
    def upper(self) -> str:
        return self.text.upper()


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text but for white space and comments; a closing bracket has the depth of its opening one."""
    depth = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "space" or kind is None:
            continue
        word = match[0]
        closes = kind == "mark" and word in "})]"
        if closes:
            depth = max(0, depth - 1)
        yield Token(kind, word, match.start(), match.end(), depth)  # type: ignore[arg-type]  # the names are the kinds
        if kind == "mark" and word in "{([":
            depth += 1


@dataclass(frozen=True, slots=True)
class Scan:
    """What a query text is.

    form       SELECT, CONSTRUCT, DESCRIBE, ASK, UPDATE, or '' where none is found
    steady     whether the same build gives the same answer each time
    depth      deepest nesting of brackets
    chain      longest run of tokens without a bracket or full stop
    services   the endpoints that it would call; '' for one that only the answer gives
    prefixes   its PREFIX declarations
    base       its BASE, or ''
    """

    form: str
    steady: bool
    depth: int
    chain: int
    services: tuple[str, ...]
    prefixes: Mapping[str, str]
    base: str
    tokens: tuple[Token, ...]

    @property
    def light(self) -> bool:
        """Whether it looks like a look-up: short, names a thing, no paths without end, no sorting or grouping.

        A guess that orders a queue and decides nothing else.
        """
        words = {t.upper for t in self.tokens if t.kind == "word"}
        heavy = words & {"ORDER", "GROUP", "REGEX", "MINUS", "COUNT", "CONTAINS", "REPLACE", "NOT", "EXISTS"}
        marks = [t.text for t in self.tokens if t.kind == "mark"]
        named = any(t.kind in ("iri", "pname") and t.depth > 0 for t in self.tokens)
        paths = "*" in marks[1:] or "+" in marks
        return named and not heavy and len(self.tokens) < 150 and not (paths and self.form != "SELECT")


def scan(text: str) -> Scan:
    """What a query text is, from its tokens alone; never raises."""
    found = tuple(tokens(text))
    prefixes, base = _prologue(found)
    services = list(_services(found, prefixes, base))
    # Code point escapes are read before the grammar (section 19.2), so SERVICE may hide in them.
    plain = _ESCAPE.sub(_unescape, text)
    if plain != text:
        services += [s for s in _services(tuple(tokens(plain)), prefixes, base) if s not in services]
    form = next((t.upper for t in found if t.kind == "word" and t.upper in (*FORMS, *UPDATES)), "")
    calls = {a.upper for a, b in zip(found, found[1:], strict=False) if a.kind == "word" and b.text == "("}
    chain = longest = 0
    for token in found:
        chain = 0 if token.text in ("{", "}", ".", ";", ",") else chain + 1
        longest = max(longest, chain) if token.kind == "mark" else longest
    return Scan(
        "UPDATE" if form in UPDATES else form,
        not calls & UNSTEADY,
        max((t.depth for t in found), default=0),
        longest,
        tuple(services),
        prefixes,
        base,
        found,
    )


def _unescape(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else " "


def _prologue(found: tuple[Token, ...]) -> tuple[dict[str, str], str]:
    prefixes: dict[str, str] = {}
    base = ""
    for a, b, c in zip(found, found[1:], found[2:], strict=False):
        if a.kind == "word" and a.upper == "PREFIX" and b.kind == "pname" and c.kind == "iri":
            prefixes[b.text[:-1]] = urljoin(base, c.text[1:-1])
        elif a.kind == "word" and a.upper == "BASE" and b.kind == "iri":
            base = urljoin(base, b.text[1:-1])
    return prefixes, base


def _services(found: tuple[Token, ...], prefixes: Mapping[str, str], base: str) -> Iterator[str]:
    for at, token in enumerate(found):
        if token.kind == "iri" and _HIDDEN.search(token.text):
            # `?a<?b)SERVICE#>` reads as an IRI here and may be a comparison to another parser.
            yield ""
        if token.kind != "word" or token.upper != "SERVICE":
            continue
        target = next((t for t in found[at + 1 : at + 3] if t.upper != "SILENT"), None)
        if target is not None and target.kind == "iri":
            yield urljoin(base, target.text[1:-1])
        elif target is not None and target.kind == "pname":
            prefix, _, rest = target.text.partition(":")
            yield prefixes.get(prefix, "") + rest if prefix in prefixes else ""
        else:
            yield ""
