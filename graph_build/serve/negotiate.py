"""Content negotiation (RFC 9110, section 12.5.1): media ranges with q-values against what can be sent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
CSV = "text/csv"
TSV = "text/tab-separated-values"
TURTLE = "text/turtle"
NTRIPLES = "application/n-triples"
NQUADS = "application/n-quads"
TRIG = "application/trig"
RDFXML = "application/rdf+xml"
JSONLD = "application/ld+json"
HTML = "text/html"
PLAIN_JSON = "application/json"

RESULTS = (JSON, XML, CSV, TSV)
"""Media types of SELECT results, the preferred one first."""
BOOLEANS = (JSON, XML, CSV, TSV)
GRAPHS = (TURTLE, NTRIPLES, NQUADS, TRIG, RDFXML, JSONLD)
"""Media types of graphs, the preferred one first."""

ALIASES = {
    PLAIN_JSON: (JSON, JSONLD),
    "application/xml": (XML, RDFXML),
    "text/xml": (XML, RDFXML),
    "text/plain": (NTRIPLES,),
    "application/x-turtle": (TURTLE,),
    "text/n3": (TURTLE,),
    "application/x-trig": (TRIG,),
    "text/x-nquads": (NQUADS,),
}
"""Media types that clients ask for and what answers them. What is sent is named by its own type."""

ENDINGS = {
    "html": HTML,
    "ttl": TURTLE,
    "nt": NTRIPLES,
    "nq": NQUADS,
    "trig": TRIG,
    "rdf": RDFXML,
    "jsonld": JSONLD,
}
"""Endings of a thing's address and the media type of each."""

FORMATS = {
    **{name: media for name, media in ENDINGS.items() if name != "html"},
    "json": JSON,
    "xml": XML,
    "csv": CSV,
    "tsv": TSV,
    "turtle": TURTLE,
    "n3": TURTLE,
    "ntriples": NTRIPLES,
    "nquads": NQUADS,
    "rdfxml": RDFXML,
    "json-ld": JSONLD,
}
"""Values of the parameter `format` of the endpoint."""

TEXTUAL = {CSV, TSV, TURTLE, HTML}
_RANGE = re.compile(r"\s*([!#$%&'*+.^`|~\w-]+)/([!#$%&'*+.^`|~\w-]+)\s*((?:;[^;]*)*)", re.ASCII)
_QUALITY = re.compile(r"[qQ]\s*=\s*(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Range:
    """A media range of an Accept header with its quality (0 to 1)."""

    type: str
    subtype: str
    quality: float

    def fit(self, media: str) -> int:
        """How closely the range names a media type: 3 the type itself, 2 its family, 1 anything, 0 not at all."""
        kind, _, sub = media.partition("/")
        if self.type == "*":
            return 1 if self.subtype == "*" else 0
        if self.type != kind:
            return 0
        return 2 if self.subtype == "*" else 3 if self.subtype == sub else 0


def ranges(accept: str) -> tuple[Range, ...]:
    """The media ranges of an Accept header; parts that are no media range are passed over, as HTTP advises."""
    found = []
    for part in accept.split(","):
        match = _RANGE.fullmatch(part.rstrip())
        if not match:
            continue
        quality = 1.0
        for parameter in match[3].split(";"):
            text = parameter.strip()
            if text[:1] in ("q", "Q") and "=" in text:
                quality = float(text.partition("=")[2]) if _QUALITY.fullmatch(text) else 0.0
        found.append(Range(match[1].lower(), match[2].lower(), quality))
    return tuple(found)


def choose(accept: str | None, offers: Sequence[str]) -> str | None:
    """The offer that an Accept header likes best, the earlier offer among equals; None where it accepts none.

    Without a header, or with one that holds no media range at all, the first offer. Older names of a media type
    (ALIASES) count as asking for the type that answers them.
    """
    wanted = ranges(accept) if accept else ()
    if not wanted:
        return offers[0]
    best: tuple[float, int, int] | None = None
    chosen = None
    for order, offer in enumerate(offers):
        older = [alias for alias, media in ALIASES.items() if offer in media]
        fits = [(r.fit(offer), True, r.quality) for r in wanted if r.fit(offer)]
        fits += [(3, False, r.quality) for r in wanted for alias in older if r.fit(alias) == 3]
        if not fits:
            continue
        # The most specific range decides the quality; the type's own name counts before an older one.
        fit, own, quality = max(fits, key=lambda f: (f[0], f[1], f[2]))
        rank = (quality, int(fit == 3 and own), -order)
        if quality > 0 and (best is None or rank > best):
            best, chosen = rank, offer
    return chosen


def content_type(media: str) -> str:
    """The Content-Type header for a media type: text types say that they are UTF-8."""
    return f"{media}; charset=utf-8" if media.startswith("text/") else media
