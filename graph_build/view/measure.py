"""How broad words are, without a browser or a font: advance widths, and lines that fit.

The widths are the greater of Liberation Sans (metrically Arial and Helvetica) and DejaVu Sans, in 1/1000 em, so that a
label stays within its box whichever of these a reader's machine has.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from graph_build.tables import visible

FONT = "Arial, 'Liberation Sans', Helvetica, 'DejaVu Sans', sans-serif"

# From U+0020 to U+007E.
_REGULAR = (
    318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 500, 838, 318, 361, 318, 337, 637, 637, 637, 637, 637, 637, 637,
    637, 637, 637, 337, 337, 838, 838, 838, 557, 1016, 685, 687, 723, 771, 667, 611, 778, 752, 295, 500, 667, 558, 863,
    749, 788, 667, 788, 723, 667, 611, 732, 685, 989, 686, 667, 686, 391, 337, 391, 838, 557, 500, 613, 635, 550, 635,
    616, 353, 635, 634, 278, 278, 580, 278, 975, 634, 612, 635, 635, 412, 521, 393, 634, 592, 818, 592, 592, 525, 637,
    337, 637, 838,
)  # fmt: skip
_BOLD = (
    349, 457, 521, 838, 696, 1002, 873, 307, 458, 458, 523, 838, 380, 416, 380, 366, 696, 696, 696, 696, 696, 696, 696,
    696, 696, 696, 400, 400, 838, 838, 838, 611, 1000, 774, 763, 734, 831, 684, 684, 821, 837, 373, 557, 775, 638, 996,
    837, 851, 733, 851, 771, 721, 683, 813, 774, 1104, 771, 725, 726, 458, 366, 458, 838, 557, 500, 675, 716, 593, 716,
    679, 436, 716, 712, 343, 343, 666, 343, 1042, 712, 688, 716, 716, 494, 596, 479, 712, 652, 924, 646, 652, 583, 712,
    366, 712, 838,
)  # fmt: skip
_OTHER = {"–": 557, "’": 380, "‘": 380, "“": 658, "”": 658, "•": 640, "·": 380, "\u00ad": 420}
_ELLIPSIS = "…"


def readable(text: str) -> str:
    """Text that XML can hold and that cannot steer its surroundings: controls written out, white space as one space.

    Soft hyphens, which mark only where a line may break, are left out. What XML 1.0 cannot hold is written U+FFFD.
    """
    plain = visible(re.sub(r"\s+", " ", text.replace("\u00ad", ""))).strip()
    return "".join("\ufffd" if unicodedata.category(c) == "Cs" or ord(c) & 0xFFFE == 0xFFFE else c for c in plain)


@lru_cache(maxsize=65536)
def width(text: str, size: float, bold: bool = False) -> float:
    """Advance width of a line of text in px, at a font size in px."""
    return sum(_advance(c, bold) for c in text) * size / 1000


@lru_cache(maxsize=4096)
def _advance(char: str, bold: bool) -> int:
    table = _BOLD if bold else _REGULAR
    if " " <= char <= "~":
        return table[ord(char) - 32]
    if char in _OTHER:
        return _OTHER[char]
    if unicodedata.combining(char):
        return 0
    base = unicodedata.normalize("NFD", char)[0]
    if base != char and " " <= base <= "~":
        return table[ord(base) - 32]
    return 1400 if ord(char) > 0xFFFF else 1000


def wrap(text: str, room: float, size: float, bold: bool = False, lines: int = 99) -> tuple[str, ...]:
    """The text in at most `lines` lines no broader than `room` px; what does not fit is cut with an ellipsis.

    A word that is broader than a line is broken where the line ends.
    """
    made: list[str] = []
    line = ""
    rest = readable(text).split(" ")
    while rest:
        word = rest.pop(0)
        tried = f"{line} {word}" if line else word
        if width(tried, size, bold) <= room:
            line = tried
            continue
        if line:
            made.append(line)
            line = ""
            rest.insert(0, word)
            continue
        part = max((n for n in range(1, len(word)) if width(word[:n], size, bold) <= room), default=1)
        made.append(word[:part])
        if word[part:]:
            rest.insert(0, word[part:])
    if line:
        made.append(line)
    if len(made) > lines:
        made = [*made[: lines - 1], _cut(made[lines - 1], room, size, bold)]
    return tuple(made) or ("",)


def clip(text: str, room: float, size: float, bold: bool = False) -> str:
    """The text as one line no broader than `room` px, cut with an ellipsis where it must be."""
    return wrap(text, room, size, bold, 1)[0]


def _cut(line: str, room: float, size: float, bold: bool) -> str:
    while line and width(f"{line} {_ELLIPSIS}", size, bold) > room:
        line = line.rsplit(" ", 1)[0] if " " in line else line[:-1]
    return f"{line.rstrip(' ,;:–-')} {_ELLIPSIS}".strip()
