"""Quotations: words that a document quotes from another paper or meeting.

Told apart from titles ('the workshop on "Victim Protection"'), terms ('a "whole of government" approach') and speech
('said Mr Lee'): a quotation is a stretch of running text, and the paper or meeting that it comes from usually stands
before it in the sentence.
"""

from __future__ import annotations

import re

from graph_build.records import Block, Evidence, Mentioned, Quotation, Sentence

__all__ = ["quotations"]

_MARKED = re.compile(r"“(?P<a>[^“”]{25,1500})”|\"(?P<b>[^\"“”]{25,1500})\"|«\s?(?P<c>[^«»]{25,1500}?)\s?»")
_SMALL = re.compile(r"\b[a-z][a-z’'-]*\b")
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_SAID = re.compile(r"\b(?:said|says|remarked|told|commented|added|quipped|asked|stated|noted)\b", re.I)
_PAPER = re.compile(
    r"\b(?:norm|principle|provision|article|paragraph|resolution|declaration|statement|report|letter|charter|constitution|communiqué|plan|mandate|agreement)s?\b|\b(?:states|reads|stating|reading) that\b",
    re.I,
)
_SPEECHES = frozenset({"speech", "remarks", "press-release", "news", "media-release"})
_LEAST_WORDS = 6


def quotations(mentioned: Mentioned) -> tuple[Quotation, ...]:
    """The quotations of a document, in the order of the text, each with the thing it is quoted from where one is named."""
    found = []
    for block in mentioned.segmented.blocks:
        if block.kind not in ("paragraph", "item"):
            continue
        text = block.view.text
        if not any(mark in text for mark in '“"«'):
            continue
        for match in _MARKED.finditer(text):
            group = next(g for g in ("a", "b", "c") if match.group(g) is not None)
            start, end = match.span(group)
            if not _running(text[start:end]):
                continue
            sentence = next((s for s in block.sentences if s.start <= match.start() < s.end), Sentence(0, len(text)))
            source = _source(mentioned, block, sentence, start, end)
            speech = _SAID.search(text, sentence.start, match.start()) or _SAID.search(
                text, match.end(), min(len(text), match.end() + 60)
            )
            if source == mentioned.main and source:
                continue  # what somebody said at this meeting
            if not source and (
                speech or mentioned.genre in _SPEECHES or not _PAPER.search(text, sentence.start, start)
            ):
                continue
            passage = mentioned.segmented.passage(block, min(sentence.start, start), max(sentence.end, end))
            rule = "quotations/from-named" if source else "quotations/in-marks"
            found.append(Quotation(mentioned.segmented.passage(block, start, end), source, (Evidence(passage, rule),)))
    return tuple(found)


def _running(words: str) -> bool:
    """Whether words are running text and no title: six words or more, most of them written small."""
    tokens = _WORD.findall(words)
    return len(tokens) >= _LEAST_WORDS and len(_SMALL.findall(words)) * 3 >= len(tokens) * 2


def _source(mentioned: Mentioned, block: Block, sentence: Sentence, start: int, end: int) -> str:
    """The paper, else the meeting, named nearest before the words in their sentence, else right behind them."""
    outer = [m for m in mentioned.outer(block.index, sentence.start, max(sentence.end, end)) if m.thing]
    before = [m for m in outer if m.end <= start and m.kind in ("instrument", "event")]
    papers = [m for m in before if m.kind == "instrument"]
    if papers or before:
        return (papers or before)[-1].thing
    behind = [m for m in outer if m.start >= end and m.start - end < 60 and m.kind in ("instrument", "event")]
    return behind[0].thing if behind else ""
