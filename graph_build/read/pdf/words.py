"""Words of a PDF page with their places, taken from pdfium character by character."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pypdfium2.raw as pdfium

if TYPE_CHECKING:
    import pypdfium2

HYPHENS = "-‐\u00ad\x02\ufffe"
"""Characters that pdfium gives for a hyphen at the end of a line."""
_BLANK = frozenset((0, 9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 0x85, 0xA0, 0x2028, 0x2029))
_HEAVY = (b"bold", b"black", b"heavy", b"demi")
_ITALIC = 1 << 6
"""Flag of slanted type in font descriptors (PDF 1.7, table 123)."""


@dataclass(slots=True)
class Word:
    """A word of a page. Coordinates are points from the upper left corner of the page as it is shown.

    base    y of its baseline; `height` that of a line of its type
    raised  whether it stands higher and smaller than the word before it on its line
    """

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    base: float
    height: float
    bold: bool
    italic: bool = False
    raised: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: its words in the order in which the file draws them, its size as shown, in points."""

    words: list[Word]
    width: float
    height: float
    tables: tuple[tuple[tuple[tuple[Word, ...], ...], ...], ...] = ()
    """Ruled tables: rows of cells of words, in the order of the page; these words are not among `words`."""
    upright: bool = True
    """Whether the page is shown as its text reads."""


class _Probe:
    """Reads characters of one text page, with the buffers that ctypes fills."""

    def __init__(self, text: Any, rotation: int, size: tuple[float, float], corner: tuple[float, float]) -> None:
        self.text = text
        self.rotation, (self.width, self.height), (self.left, self.bottom) = rotation, size, corner
        self.rect = pdfium.FS_RECTF()
        self.rect_at = ctypes.byref(self.rect)
        self.x, self.y = ctypes.c_double(), ctypes.c_double()
        self.x_at, self.y_at = ctypes.byref(self.x), ctypes.byref(self.y)
        self.name = ctypes.create_string_buffer(128)
        self.flags = ctypes.c_int()
        self.flags_at = ctypes.byref(self.flags)
        self.types: dict[bytes, tuple[bool, bool]] = {}
        self.matrix = pdfium.FS_MATRIX()
        self.matrix_at = ctypes.byref(self.matrix)

    def box(self, at: int) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of a character's line box, as shown."""
        pdfium.FPDFText_GetLooseCharBox(self.text, at, self.rect_at)
        r = self.rect
        if not self.rotation:
            up = self.height + self.bottom
            return r.left - self.left, up - r.top, r.right - self.left, up - r.bottom
        a, b = self.turned(r.left, r.top), self.turned(r.right, r.bottom)
        return min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])

    def size(self, at: int) -> float:
        """Type size of a character in points, as shown; 0 for what does not read from left to right."""
        pdfium.FPDFText_GetMatrix(self.text, at, self.matrix_at)
        m = self.matrix
        if abs((math.degrees(math.atan2(m.b, m.a)) - self.rotation + 180) % 360 - 180) > 8:
            return 0.0
        return float(pdfium.FPDFText_GetFontSize(self.text, at) * math.hypot(m.c, m.d))

    def origin(self, at: int) -> tuple[float, float]:
        pdfium.FPDFText_GetCharOrigin(self.text, at, self.x_at, self.y_at)
        if not self.rotation:
            return self.x.value - self.left, self.height + self.bottom - self.y.value
        return self.turned(self.x.value, self.y.value)

    def turned(self, x: float, y: float) -> tuple[float, float]:
        """A point of the page as shown; width and height are those of the page as shown."""
        x, y = x - self.left, y - self.bottom
        if self.rotation == 90:
            return y, x
        if self.rotation == 180:
            return self.width - x, y
        return self.width - y, self.height - x

    def type(self, at: int) -> tuple[bool, bool]:
        """Whether a character is bold, whether it is slanted: by its font's name, weight and flags."""
        size = pdfium.FPDFText_GetFontInfo(self.text, at, self.name, 128, self.flags_at)
        name = self.name.raw[: size - 1].lower() if 0 < size <= 128 else b""
        known = self.types.get(name)
        if known is None:
            slanted = bool(self.flags.value & _ITALIC) or b"italic" in name or b"oblique" in name
            heavy = any(h in name for h in _HEAVY) or pdfium.FPDFText_GetFontWeight(self.text, at) >= 600
            known = self.types[name] = (heavy, slanted)
        return known


def words_of(page: pypdfium2.PdfPage) -> Sheet:
    """The words of a page that read from left to right; text at an angle (stamps, watermarks) is left out."""
    left, bottom, right, top = page.get_bbox()
    turned = page.get_rotation()
    text = pdfium.FPDFText_LoadPage(page.raw)
    try:
        count = pdfium.FPDFText_CountChars(text)
        rotation = _direction(text, count, turned)
        wide, high = right - left, top - bottom
        width, height = (high, wide) if rotation in (90, 270) else (wide, high)
        probe = _Probe(text, rotation, (width, height), (left, bottom))
        return Sheet(_words(probe, count), width, height, upright=rotation == turned)
    finally:
        pdfium.FPDFText_ClosePage(text)


def _direction(text: Any, count: int, turned: int) -> int:
    """By how many degrees the page must be turned for its text to read from left to right: mostly as it is shown."""
    matrix = pdfium.FS_MATRIX()
    found: Counter[int] = Counter()
    for at in range(0, count, max(1, count // 60)):
        pdfium.FPDFText_GetMatrix(text, at, ctypes.byref(matrix))
        if pdfium.FPDFText_GetUnicode(text, at) > 32:
            found[round(math.degrees(math.atan2(matrix.b, matrix.a)) / 90) * 90 % 360] += 1
    likeliest = max(found, key=lambda angle: found[angle], default=turned)
    return likeliest if found[likeliest] > 2 * found[turned] else turned


def _words(probe: _Probe, count: int) -> list[Word]:
    get = pdfium.FPDFText_GetUnicode
    text = probe.text
    codes = [get(text, i) for i in range(count)]
    found: list[Word] = []
    start = -1
    for i in range(count + 1):
        blank = i == count or codes[i] in _BLANK
        if not blank:
            if start < 0:
                start = i
        elif start >= 0:
            _word(probe, codes, start, i, found)
            start = -1
    return found


def _word(probe: _Probe, codes: list[int], start: int, end: int, found: list[Word]) -> None:
    """Add the word of some characters; a raised end ('Protocol12') becomes a word of its own."""
    size = probe.size(start)
    if size <= 0:
        return
    left, base = probe.box(start)[0], probe.origin(start)[1]
    right = probe.box(end - 1)[2]
    if end - start > 1:
        last_base = probe.origin(end - 1)[1]
        if abs(last_base - base) > 0.05 * size:
            middle = start + 1
            while middle < end and abs(probe.origin(middle)[1] - base) <= 0.05 * size:
                middle += 1
            _word(probe, codes, start, middle, found)
            if middle < end:
                _word(probe, codes, middle, end, found)
            return
    own = codes[start:end]
    string = "".join(map(chr if min(own) > 32 and max(own) < 0xD800 else _char, own))
    if string:
        found.append(
            Word(string, left, right, base - 0.9 * size, base + 0.25 * size, base, 1.15 * size, *probe.type(start))
        )


def _char(code: int) -> str:
    if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return "\ufffd"
    if code < 32 and code != 2:
        return ""
    return chr(code)
