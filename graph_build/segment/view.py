"""Cleaned views of a block's source, with offsets."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from graph_build.hyphens import WORD, Words, keeps_hyphen
from graph_build.records import View

_TAGS = (
    "sup|sub|b|i|em|strong|u|br|span|div|p|a|font|small|center|mark|ins|del|s|big|tt|code|li|ul|ol|blockquote"
    "|h[1-6]|table|tr|td|th|tbody|thead|img|hr|section|article|header|footer|cite|q|abbr|label"
)
NOISE = re.compile(
    rf"""
    (?=[^\w\ ,.;:()'"“”‘’!?/–—-]|[_¹²³⁰⁴-⁹]|[ ]\s|-\s)  # what can begin no noise is passed over at once
    (?: (?P<soft>\u00ad\s*)
  | (?P<broken>(?<=\w)[-‐]\s*[\n\r\f\u2028]\s*(?=\w))
  | (?P<space>[ \u00a0]*[^\S ]\s*|[ ]{{2,}}\s*)
  | (?P<zero>[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\x00-\x08\x0e-\x1b\x7f]+)
  | (?P<sup><sup>\s*(?P<raised>\d{{1,3}}|[*†‡]{{1,3}})\s*</sup>)
  | (?P<tag></?(?:{_TAGS})\b[^<>]{{0,400}}>|<!--[^<>]{{0,400}}-->)
  | (?P<entity>&(?:\#\d{{1,7}}|\#[xX][0-9a-fA-F]{{1,6}}|[a-zA-Z][a-zA-Z0-9]{{1,20}});)
  | (?P<tiny>(?<=[\w.,;:”"')\]])[¹²³⁰⁴-⁹]{{1,3}})
  | (?P<note>\[\^[^\]\s]{{1,12}}\]|(?<=[\w.,;:”"’)])\[\d{{1,3}}\])
  | (?P<link>!?\[(?=[^\[\]]{{0,600}}\]\((?:https?:|mailto:|/|\#|www\.)[^\s()]{{0,600}}(?:\([^\s()]{{0,200}}\)[^\s()]{{0,200}})?\)))
  | (?P<target>\]\((?:https?:|mailto:|/|\#|www\.)[^\s()]{{0,600}}(?:\([^\s()]{{0,200}}\)[^\s()]{{0,200}})?\))
  | (?P<stars>\*+(?=\S)|(?<=\S)\*+)
  | (?P<under>(?<![\w])_+(?=\w)|(?<=\w)_+(?!\w))
  | (?P<escape>\\(?=[^\w\s])) )
    """,
    re.VERBOSE,
)
_SUSPECT = re.compile(
    r"[^\S ]|  |[\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0e-\x1b\x7f<&*_\\\[¹²³⁰⁴-⁹]"
)
_UNITS = frozenset({"m", "km", "cm", "mm", "ha", "ft", "mi"})


@dataclass
class Cleaner:
    """Makes views of one document's text.

    notes  numbers of its footnotes: a figure behind a word that is one of them is a footnote mark
    """

    text: str
    notes: frozenset[str] = frozenset()
    words: Words = field(init=False)

    def __post_init__(self) -> None:
        self.words = Words(self.text)
        self._trailing = (
            re.compile(rf"(?<=[a-z][.,;:”\")’])(?:{'|'.join(sorted(map(re.escape, self.notes)))})(?=\s|$)")
            if self.notes
            else None
        )

    def view(self, pieces: list[tuple[int, int]], cuts: frozenset[int] = frozenset(), cells: bool = False) -> View:
        """The view of source ranges, in order.

        `cuts` are the starts of those pieces before which page furniture was left out; `cells` writes a tab for
        white space that parts the columns of a row.
        """
        chars: list[str] = []
        offsets: list[int] = []
        marks: list[int] = []
        for start, end in pieces:
            if chars and chars[-1][-1:] != " ":
                glued = self._glue(chars, offsets, start, end)
                if not glued and offsets[-1] + 1 < start:
                    chars.append(" ")
                    offsets.append(offsets[-1] + 1)
            if start in cuts and chars:
                marks.append(len(offsets))
            self._clean(start, end, chars, offsets, cells)
        text = "".join(chars)
        if text.endswith(" ") or text.startswith(" "):
            first = len(text) - len(text.lstrip())
            last = max(first, len(text.rstrip()))
            text, offsets = text[first:last], offsets[first:last]
            marks = [m - first for m in marks if first < m < last]
        return View(text, tuple(offsets), tuple(m for m in marks if 0 < m < len(text)))

    def raw(self, start: int, end: int) -> View:
        """The view of furniture: all characters, white space single."""
        kept = [
            (" " if c.isspace() else c, start + i)
            for i, c in enumerate(self.text[start:end])
            if not (c.isspace() and i and self.text[start + i - 1].isspace())
        ]
        return View("".join(c for c, _ in kept), tuple(at for _, at in kept))

    def _glue(self, chars: list[str], offsets: list[int], start: int, end: int) -> bool:
        """Join a word that the end of a piece breaks; true where no space belongs between the pieces."""
        last = chars[-1]
        if last[-1:] not in ("-", "‐") or len(last) < 2 or not last[-2].isalnum():
            return False
        right = WORD.match(self.text, start, end)
        if not right:
            return False
        left = re.search(r"\w+$", last[:-1])
        if left and not keeps_hyphen(left[0], right[0].split("-")[0], self.words):
            chars[-1] = last[:-1]
            offsets.pop()
        return True

    def _clean(self, start: int, end: int, chars: list[str], offsets: list[int], cells: bool) -> None:
        text = self.text
        if self._trailing is None and not _SUSPECT.search(text, start, end):
            chars.append(text[start:end])
            offsets.extend(range(start, end))
            return
        at = start
        for found in NOISE.finditer(text, start, end):
            a, b = found.span()
            if a < at:
                continue
            kept = self._kept(found, cells, bool(chars) or at < a)
            if kept is None:
                continue
            if at < a:
                self._copy(at, a, chars, offsets)
            at = b
            for char, where in kept:
                if char == " " and chars and chars[-1].endswith((" ", "\t")):
                    continue
                chars.append(char)
                offsets.append(where)
        if at < end:
            self._copy(at, end, chars, offsets)

    def _copy(self, start: int, end: int, chars: list[str], offsets: list[int]) -> None:
        text = self.text
        if start < end and text[start] == " " and chars and chars[-1].endswith((" ", "\t")):
            start += 1
        if self._trailing is not None:
            at = start
            for found in self._trailing.finditer(text, start, end):
                chars.append(text[at : found.start()])
                offsets.extend(range(at, found.start()))
                at = found.end()
            start = at
        if start < end:
            chars.append(text[start:end])
            offsets.extend(range(start, end))

    def _kept(self, found: re.Match[str], cells: bool, inside: bool) -> list[tuple[str, int]] | None:
        """What of a piece of noise stays in the view; None where it is no noise."""
        kind, a, b = found.lastgroup, found.start(), found.end()
        if found["raised"] is not None:
            kind = "sup"
        text = self.text
        if kind == "space":
            wide = cells and (b - a > 2 or "\t" in found[0])
            return [("\t" if wide else " ", a)] if inside else []
        if kind == "soft":
            return []
        if kind == "broken":
            left = re.search(r"\w+$", text[max(0, a - 40) : a])
            right = WORD.match(text, b)
            if left and right and not keeps_hyphen(left[0], right[0].split("-")[0], self.words):
                return []
            return [("-", a)]
        if kind == "sup":
            left = re.search(r"\w+$", text[max(0, a - 12) : a])
            if left and left[0] in _UNITS:
                return [(c, found.start("raised") + i) for i, c in enumerate(found["raised"])]
            return []
        if kind == "tag":
            return [(" ", a)] if found[0][:3].lower() == "<br" else []
        if kind == "entity":
            char = unescape(found[0])
            if len(char) != 1:
                return None
            if char in "\u00ad\u200b":
                return []
            return [(" " if char.isspace() else char, a)]
        if kind == "tiny":
            left = re.search(r"\w+$", text[max(0, a - 12) : a].rstrip("²³"))
            return None if left and (left[0] in _UNITS or left[0][-1].isdigit()) else []
        return []
