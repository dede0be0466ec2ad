"""From the text of a document to its blocks and sentences.

The text stays as it is. Each block carries a cleaned view of its part of it with the way back: page furniture,
emphasis, list marks, footnote marks and line breaks are left out there, and a paragraph that a page break cuts
stands in one block, its `View.cuts` telling where.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left

from graph_build.records import Block, Document, Segmented, Sentence, View
from graph_build.segment.drafts import Draft, gather, margin, mend
from graph_build.segment.furniture import mark_furniture
from graph_build.segment.lines import lines_of
from graph_build.segment.roles import Role, line_breaks, roles_of
from graph_build.segment.sentences import sentences_of
from graph_build.segment.view import Cleaner

__all__ = ["segment"]


def segment(document: Document) -> Segmented:
    """The blocks of a document in the order of the text, each with kind, number, section, view and sentences."""
    lines = lines_of(document.text)
    mark_furniture(lines)
    drafts = mend(gather(lines, margin(lines)))
    roles = roles_of(drafts)
    notes = frozenset(r.number for r in roles if r.kind == "note" and r.number.isdigit())
    cleaner = Cleaner(document.text, notes)
    blocks: list[Block] = []
    index: dict[int, int] = {}
    for at, (draft, role) in enumerate(zip(drafts, roles, strict=True)):
        block = _block(len(blocks), draft, role, index.get(role.lead, -1), cleaner)
        if block.view.text:
            index[at] = len(blocks)
            blocks.append(block)
    return Segmented(document, tuple(blocks))


def _block(index: int, draft: Draft, role: Role, lead: int, cleaner: Cleaner) -> Block:
    if role.kind == "furniture":
        view = cleaner.raw(draft.lines[0].start, draft.lines[-1].end)
        return Block(index, "furniture", view, (Sentence(0, len(view.text)),), "", role.section)
    row = role.kind == "row"
    view = cleaner.view(_pieces(draft), frozenset(draft.cuts), row)
    cells: tuple[Sentence, ...] = ()
    if row:
        view, cells = _row(view)
        sentences: tuple[Sentence, ...] = (Sentence(0, len(view.text)),) if view.text else ()
    elif role.kind in ("title", "heading"):
        sentences = _statements(view, line_breaks(draft) if role.kind == "title" else [])
    else:
        sentences = sentences_of(view.text)
    return Block(index, role.kind, view, sentences, role.number, role.section, lead, role.level, cells)


def _pieces(draft: Draft) -> list[tuple[int, int]]:
    """Source ranges of a draft: from its first line to its last, parted only where furniture was cut out."""
    pieces: list[tuple[int, int]] = []
    start = draft.start
    for before, line in zip(draft.lines, draft.lines[1:], strict=False):
        if line.start in draft.cuts:
            pieces.append((start, before.end))
            start = line.start
    pieces.append((start, draft.lines[-1].end))
    return [(a, b) for a, b in pieces if a < b]


def _statements(view: View, breaks: list[int]) -> tuple[Sentence, ...]:
    edges = [0, *(bisect_left(view.offsets, at) for at in breaks), len(view.text)]
    found = []
    for a, b in itertools.pairwise(edges):
        while b > a and view.text[b - 1] == " ":
            b -= 1
        if a < b:
            found.append(Sentence(a, b))
    return tuple(found)


_PIPES = re.compile(r"^\|\s*|\s*\|$")


def _row(view: View) -> tuple[View, tuple[Sentence, ...]]:
    """A row's view without the pipes and white space at its ends, and the ranges of its cells."""
    text, offsets = view.text, view.offsets
    ends = "| \t" if text.startswith("|") or text.endswith("|") else " \t"
    first = len(text) - len(text.lstrip(ends))
    last = max(first, len(text.rstrip(ends)))
    text, offsets = text[first:last], offsets[first:last]
    cells: list[Sentence] = []
    at = 0
    for cell in re.split(r"(\||\t)", text):
        trimmed = cell.strip()
        if trimmed and cell not in ("|", "\t"):
            start = at + len(cell) - len(cell.lstrip())
            cells.append(Sentence(start, start + len(trimmed)))
        at += len(cell)
    return View(text, offsets, tuple(c for c in view.cuts if 0 < c < len(text))), tuple(cells)
