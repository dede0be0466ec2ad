"""The page of a document: its full text, every sentence from which something was read marked, with the facts."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator

import msgspec

from graph_build.errors import InputError
from graph_build.iris import local
from graph_build.serve.pages.reading import KINDS, Fact, Reader

_BLANK = re.compile(r"\n[ \t\r]*\n\s*|\f")
_MARKS = re.compile(
    r"</?(?:sup|sub|b|i|em|strong|u|br)\b[^>]*>|\*+|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)|\\(?=[^\w\s])|^#+\s+", re.M
)
"""Marks of Markdown and HTML that converters leave; not shown, as quotes leave them out."""
_HEADING = re.compile(r"\s*(?:#+\s|\*\*[^*]+\*\*\s*$)", re.S)
LONGEST = 400_000
"""Characters of a text that one page shows; the whole text is a file."""


class Said(msgspec.Struct, frozen=True):
    """A fact in words, with its kind and the rule that read it."""

    iri: str
    kind: str
    words: str
    rule: str = ""
    known: str = ""


class Piece(msgspec.Struct, frozen=True):
    """A piece of text. `level` counts the facts' passages over it: 0 plain, 1 a sentence, 2 a clause within.

    anchors  passages that begin here, as fragments of the page
    """

    text: str
    level: int = 0
    anchors: tuple[str, ...] = ()


class Run(msgspec.Struct, frozen=True):
    """Pieces of marked text that overlapping passages cover, with the facts read from them and the first passage; or
    one piece of plain text. What goes on over a paragraph's end has its facts where it begins."""

    pieces: tuple[Piece, ...]
    facts: tuple[Said, ...] = ()
    passage: str = ""


class Block(msgspec.Struct, frozen=True):
    """A paragraph of the text as it is shown."""

    heading: bool
    runs: tuple[Run, ...]


class DocumentPage(msgspec.Struct, frozen=True):
    """The page of a document."""

    iri: str
    kind: str
    title: str
    facts: tuple[Fact, ...]
    blocks: tuple[Block, ...]
    counted: tuple[tuple[str, int], ...]
    cut: int = 0


_WORDS = {
    "deliversOn": "delivers on", "establishes": "establishes", "consideredAt": "was considered at",
    "incorporatedInto": "went into", "reviews": "reviews", "prepares": "prepares", "adopts": "adopts",
    "heldBy": "was held by", "partOf": "was part of", "follows": "follows", "refersTo": "refers to",
}  # fmt: skip


def anchor(span: str) -> str:
    """The fragment under which a passage 'START-END' is found on its document's page."""
    return f"p{span}"


def said(reader: Reader, row: dict[str, str]) -> Said:
    """A statement in words, from the columns of STATEMENT."""
    kind = local(row["class"])
    if "rel" in row:
        words = f"{row.get('sl', '')} {_WORDS.get(local(row['rel']), local(row['rel']))} {row.get('tl', '')}"
    elif "clause" in row:
        words = f"{row.get('issuer', '')}: {row['clause']}" if row.get("issuer") else row["clause"]
    elif "role" in row:
        as_ = reader.concept(row["role"]).lower()
        words = f"{row.get('name', '')}, {as_}" + (f" at {row['ml']}" if "ml" in row else "")
    elif "number" in row:
        words = f"{row['number']} {row.get('unit', '')}"
    elif "quoted" in row:
        words = f"quotes “{row['quoted']}”"
    else:
        words = row.get("name", "") or local(row["st"])
    label = KINDS.get(kind, kind)
    return Said(row["st"], label, words.strip(), row.get("rule", ""), local(row.get("known", "")))


STATEMENT = """
  OPTIONAL { ?st cq:name ?name } OPTIONAL { ?st cq:clause ?clause } OPTIONAL { ?st cq:issuer ?issuer }
  OPTIONAL { ?st cq:relation ?rel . ?st cq:source ?s . ?s rdfs:label ?sl . ?st cq:target ?t . ?t rdfs:label ?tl }
  OPTIONAL { ?st cq:capacity|cq:role|cq:memberCapacity ?role OPTIONAL { ?st cq:meeting|cq:body ?m . ?m rdfs:label ?ml } }
  OPTIONAL { ?st cq:number ?number ; cq:unit ?unit } OPTIONAL { ?st cq:words ?quoted }
"""


def document_page(reader: Reader, iri: str, facts: tuple[Fact, ...]) -> DocumentPage | None:
    """The page of a document, or None where its text is not in the build."""
    slug = local(iri).removeprefix("document/")
    try:
        text = reader.build.text(slug)
    except InputError:
        return None
    spans: dict[tuple[int, int], list[Said]] = {}
    counted: dict[str, set[str]] = {}
    passages: dict[tuple[int, int], str] = {}
    query = (
        "SELECT ?st ?pa ?span ?rule ?known ?class ?name ?clause ?issuer ?rel ?sl ?tl ?role ?ml ?number ?unit ?quoted { "
        "GRAPH ?g { ?st cq:evidence|cq:clausePassage ?pa . ?pa cq:span ?span . OPTIONAL { ?st cq:rule ?rule } "
        "OPTIONAL { ?st cq:known ?known } } ?st a ?class . FILTER(STRSTARTS(STR(?class), STR(cq:))) "
        f"{STATEMENT} }}"
    )
    for row in reader.rows(query, g=f"{reader.build.base}graph/evidence/{slug}"):
        kind = local(row["class"])
        if kind not in KINDS:
            continue
        start, _, end = row["span"].partition("-")
        at = (int(start), int(end))
        fact = said(reader, row)
        known = spans.setdefault(at, [])
        if not any(f.iri == fact.iri for f in known):
            known.append(fact)
        passages[at] = row["pa"]
        counted.setdefault(fact.kind, set()).add(row["st"])
    shown = text[:LONGEST]
    blocks = tuple(
        _blocks(shown, spans, passages, _cited(reader, f"{reader.build.base}graph/evidence/{slug}", passages))
    )
    counts = tuple(sorted(((k, len(v)) for k, v in counted.items()), key=lambda c: (-c[1], c[0])))
    title = reader.titles.get(iri) or slug
    return DocumentPage(iri, "Document", title, facts, blocks, counts, len(text) - len(shown))


def _cited(reader: Reader, graph: str, passages: dict[tuple[int, int], str]) -> set[tuple[int, int]]:
    """Passages from which nothing was read and which a reading cites: they need a place to link to."""
    found: set[tuple[int, int]] = set()
    for row in reader.rows("SELECT ?from ?to { GRAPH ?g { ?pa cq:startOffset ?from ; cq:endOffset ?to } }", g=graph):
        at = (int(row["from"]), int(row["to"]))
        if at not in passages:
            found.add(at)
    return found


def _blocks(
    text: str,
    spans: dict[tuple[int, int], list[Said]],
    passages: dict[tuple[int, int], str],
    cited: set[tuple[int, int]],
) -> Iterator[Block]:
    starts: dict[int, list[tuple[int, int]]] = {}
    for span in (*spans, *sorted(cited)):
        starts.setdefault(span[0], []).append(span)
    runs = _runs(spans)
    edges = sorted({p for span in (*spans, *cited) for p in span})
    at, cursor = 0, 0
    cuts = [(m.start(), m.end()) for m in _BLANK.finditer(text)] + [(len(text), len(text))]
    depth_at = _depths(spans, edges)
    for end, after in cuts:
        raw = text[at:end]
        shown: list[Run] = []
        position = at
        while cursor < len(edges) and edges[cursor] <= at:
            cursor += 1
        inside = cursor
        while position < end:
            stop = min(end, edges[inside]) if inside < len(edges) else end
            if stop > position:
                begins = sorted(starts.get(position, ()), key=lambda s: -s[1])
                level = depth_at(position)
                run = runs.get(position)
                piece = Piece(_MARKS.sub("", text[position:stop]), level, tuple(f"{s[0]}-{s[1]}" for s in begins))
                if level and not run and shown and shown[-1].pieces[-1].level:
                    shown[-1] = Run((*shown[-1].pieces, piece), shown[-1].facts, shown[-1].passage)
                else:
                    shown.append(
                        Run((piece,), tuple(run or ()), next((passages[b] for b in begins if b in passages), ""))
                    )
            position = stop
            inside += 1
        if any(p.text.strip() or p.anchors for run in shown for p in run.pieces):
            yield Block(bool(_HEADING.match(raw)) and len(raw) < 400, tuple(shown))
        at = after


def _runs(spans: dict[tuple[int, int], list[Said]]) -> dict[int, list[Said]]:
    """The facts of each run of overlapping passages, by the run's start."""
    runs: dict[int, list[Said]] = {}
    begin, reach = -1, -1
    for span in sorted(spans):
        if span[0] >= reach:
            begin, reach = span[0], span[1]
            runs[begin] = []
        reach = max(reach, span[1])
        have = {f.iri for f in runs[begin]}
        runs[begin] += [f for f in spans[span] if f.iri not in have]
    return runs


def _depths(spans: dict[tuple[int, int], list[Said]], edges: list[int]) -> Callable[[int], int]:
    """How many passages, two at most, lie over a position."""
    change = dict.fromkeys(edges, 0)
    for start, end in spans:
        change[start] += 1
        change[end] -= 1
    total, depths = 0, []
    for edge in edges:
        total += change[edge]
        depths.append(total)

    def depth(position: int) -> int:
        found = bisect_right(edges, position) - 1
        return min(2, depths[found]) if found >= 0 else 0

    return depth
