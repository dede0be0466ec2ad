"""The tokens of a SPARQL text, as far as the server must know them before an engine reads it.

It finds what must never reach the engine (SERVICE, updates, nesting that no parser survives) and the form of the
query. It accepts more than SPARQL; the engine says what is wrong.
Terminals: SPARQL 1.1 Query Language, section 19.8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

NESTING = 100
"""Brackets within brackets that a query may have; the engine's parser overflows its stack at a few thousand."""
CHAIN = 2_000
"""Operators in a row that a query may have, for the same reason."""

_IRI = r"""<[^<>"{}|^`\\\x00-\x20]*>"""
_PNAME = r"""(?:[^\W\d_](?:[\w.\u00b7-]*[\w\u00b7-])?)?:(?:(?:[\w:.\u00b7-]|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?\#@%-])*
      (?:[\w:\u00b7-]|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?\#@%-]))?"""
# What is passed over in one go: white space, comments, IRIs, strings, variables, numbers, blank nodes, names.
_TOKEN = re.compile(
    rf"""
    (?P<plain>(?:[\s\ufeff]+ | \#[^\n\r]* | {_IRI}
      | \"\"\"(?:\"{{0,2}}(?:[^"\\]|\\.))*+\"\"\" | '''(?:'{{0,2}}(?:[^'\\]|\\.))*+'''
      | "(?:[^"\\\n\r]|\\.)*+" | '(?:[^'\\\n\r]|\\.)*+'
      | [?$]\w+ | _:\w[\w.-]* | (?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)? | {_PNAME})++)
  | (?P<word>@?[A-Za-z_][\w-]*+)
  | (?P<opens>[{{(\[])
  | (?P<closes>[}})\]])
  | (?P<ends>[.;,])
  | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_TARGET = re.compile(
    rf"""(?:[\s\ufeff]|\#[^\n\r]*)*(?:SILENT\b(?:[\s\ufeff]|\#[^\n\r]*)*)?(?:(?P<iri>{_IRI})|(?P<name>{_PNAME}))""",
    re.I | re.X,
)
_DECLARED = re.compile(
    rf"""(?:[\s\ufeff]|\#[^\n\r]*)+(?:(?P<prefix>[^\s:]*):(?:[\s\ufeff]|\#[^\n\r]*)*)?(?P<iri>{_IRI})""", re.X
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_HIDDEN = re.compile(r"""<[^<>"{}|^`\\\x00-\x20)]*\)[^<>"{}|^`\\\x00-\x20]*?service""", re.I)
_NAMED = re.compile(rf"""[{{(][^{{}}()]*?(?:{_IRI}|\w:\w)""", re.X)

UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
FORMS = ("SELECT", "CONSTRUCT", "DESCRIBE", "ASK")
HEAVY = {"ORDER", "GROUP", "REGEX", "MINUS", "COUNT", "CONTAINS", "REPLACE", "NOT", "EXISTS", "VALUES", "DISTINCT"}
UNSTEADY = {"NOW", "RAND", "UUID", "STRUUID", "BNODE"}
"""Functions whose answer is another one each time."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a query text is.

    form       SELECT, CONSTRUCT, DESCRIBE, ASK, UPDATE, or '' where none is found
    steady     whether the same build gives the same answer each time
    depth      deepest nesting of brackets
    chain      longest run of operators
    services   the endpoints that it would call; '' for one that only the answer names
    light      whether it looks like a look-up: short, names a thing, no paths without end, no sorting or grouping;
               a guess that orders a queue and decides nothing else
    """

    form: str
    steady: bool
    depth: int
    chain: int
    services: tuple[str, ...]
    light: bool


def scan(text: str) -> Scan:
    """What a query text is, from its tokens alone; never raises. Linear in its length."""
    words: list[tuple[str, int]] = []
    depth = deepest = chain = longest = 0
    endless = False
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "plain":
            continue
        if kind == "word":
            words.append((match[0].upper(), match.end()))
        elif kind == "opens":
            depth += 1
            deepest = max(deepest, depth)
            chain = 0
        elif kind == "closes":
            depth = max(0, depth - 1)
        elif kind == "ends":
            chain = 0
        else:
            chain += 1
            longest = max(longest, chain)
            endless = endless or (depth > 0 and match[0] in "*+")
    services = list(_services(text, words))
    # Code point escapes are read before the grammar (section 19.2), so SERVICE may hide in them.
    plain = _ESCAPE.sub(_unescape, text) if "\\" in text else text
    if plain != text:
        spoken = [(m[0].upper(), m.end()) for m in _TOKEN.finditer(plain) if m.lastgroup == "word"]
        services += [s for s in _services(plain, spoken) if s not in services]
    spelled = {word for word, _ in words}
    form = next((word for word, _ in words if word in FORMS or word in UPDATES), "")
    return Scan(
        "UPDATE" if form in UPDATES else form,
        not spelled & UNSTEADY,
        deepest,
        longest,
        tuple(services),
        not spelled & HEAVY and not endless and len(text) < 4_000 and _NAMED.search(text) is not None,
    )


def _unescape(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else " "


def _services(text: str, words: list[tuple[str, int]]) -> Iterator[str]:
    if _HIDDEN.search(text):
        # `?a<?b)SERVICE#>` reads as an IRI here and may be a comparison to another parser.
        yield ""
    prefixes: dict[str, str] = {}
    base = ""
    for word, end in words:
        if word in ("PREFIX", "BASE"):
            declared = _DECLARED.match(text, end)
            if declared and word == "BASE":
                base = urljoin(base, declared["iri"][1:-1])
            elif declared:
                prefixes[declared["prefix"] or ""] = urljoin(base, declared["iri"][1:-1])
        elif word == "SERVICE":
            target = _TARGET.match(text, end)
            if target and target["iri"]:
                yield urljoin(base, target["iri"][1:-1])
            elif target:
                prefix, _, rest = target["name"].partition(":")
                yield prefixes[prefix] + rest if prefix in prefixes else ""
            else:
                yield ""
