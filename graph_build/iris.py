"""IRIs made from content: readable, the same on every machine and in every order of documents.

`slug` is the one way to make a path segment from words. `Slugs` gives several contents of one scope their segments
and tells apart, by a suffix taken from the content, only those that would share one.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from graph_build.errors import InputError

BASE = "https://communique.example/"
"""The default base of things; `.example` is reserved (RFC 2606), so that nobody else answers there."""

VOCABULARY = "https://communique.example/"
"""The ontology, the schemes and the reference data keep their IRIs whatever the base of a build."""

CQ = VOCABULARY + "ontology#"
SCHEME = VOCABULARY + "scheme/"
REFERENCE = VOCABULARY + "reference/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
OWL = "http://www.w3.org/2002/07/owl#"
OA = "http://www.w3.org/ns/oa#"
PROV = "http://www.w3.org/ns/prov#"

PREFIXES: dict[str, str] = {
    "cq": CQ,
    "scheme": SCHEME,
    "ref": REFERENCE,
    "rdf": RDF,
    "rdfs": RDFS,
    "xsd": XSD,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "owl": OWL,
    "oa": OA,
    "prov": PROV,
}
"""Prefixes of the vocabulary; `prefixes(base)` adds those of a build's things."""

SUFFIX = 8
"""Hex digits that tell apart two contents of one slug: 32 bits, among the handful of contents that share a slug."""

_LETTERS = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ł": "l",
    "ı": "i",
}
"""Latin letters without a Unicode decomposition, as libraries romanise them."""


def prefixes(base: str = BASE) -> dict[str, str]:
    """All prefixes of a build with this base: those of the vocabulary, `id:` and `graph:`."""
    return {**PREFIXES, "id": f"{base}id/", "graph": f"{base}graph/"}


@lru_cache(1 << 16)
def slug(words: str, limit: int = 80) -> str:
    """Words as one lower-case path segment: letters and digits, runs of anything else as one hyphen.

    Latin letters lose their accents, other scripts stay as they are (they are legal in IRIs). Cut at a word's end
    before `limit` characters. Words without any letter or digit give a segment made from their hash.
    """
    # Twice, as Unicode's caseless matching has it (section 3.13, D146): a compatibility form may be upper case.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", words).casefold())
    folded = "".join(_LETTERS.get(c, c) for c in plain if not unicodedata.combining(c))
    folded = re.sub(r"(?<=\w)['’ʼ](?=s\b)", "", folded)
    parts = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", folded))
    text = "-".join(parts)
    if not text:
        return "x" + suffix(words)
    if len(text) > limit:
        cut = text[: limit + 1]
        text = (cut[: cut.rfind("-")] if "-" in cut else cut[:limit]).strip("-")
    return text


def suffix(*content: str) -> str:
    """The first digits of the hash of a content, for telling apart what shares a slug."""
    return hashlib.sha256("\x1f".join(content).encode("utf-8", "surrogatepass")).hexdigest()[:SUFFIX]


def segments(contents: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The path segment of each (slug, content): the slug, with a suffix of the content where contents share it.

    The answer depends on the set alone, not on its order.
    """
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for name, content in contents:
        groups[name].add(content)
    return {
        (name, content): name if len(group) == 1 else f"{name}-{suffix(content)}"
        for name, group in groups.items()
        for content in group
    }


def document_slugs(keys: Iterable[str]) -> Mapping[str, str]:
    """The slug of every document of a corpus by its key: its path without the file's ending.

    Two papers whose slugs agree (`report.txt`, `report.md`) both get a suffix made from their keys.
    """
    named = [(slug(str(PurePosixPath(key).with_suffix("")), 100), key) for key in keys]
    return {key: segment for (_, key), segment in segments(named).items()}


def check_base(base: str) -> str:
    """The base IRI of a build with its final slash; InputError where it is no absolute http(s) IRI to build on."""
    parts = urlsplit(base)
    legal = not re.search(r'[\x00-\x20<>"{}|\\^`]', base)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment or not legal:
        raise InputError(
            f"{base!r} is no base for IRIs",
            mend="give an absolute http or https address without query, such as " + BASE,
        )
    return base if base.endswith("/") else base + "/"


def local(iri: str) -> str:
    """The part of an IRI below `/id/`, or after the last `#` or `/`: what a person reads."""
    if "/id/" in iri:
        return iri.split("/id/", 1)[1]
    return re.split(r"[#/]", iri)[-1]
