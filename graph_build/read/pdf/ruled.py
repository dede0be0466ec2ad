"""Tables with ruled lines, and bullets that are drawn: what the graphics of a page tell of its text."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium

from graph_build.read.pdf.words import Word

if TYPE_CHECKING:
    import pypdfium2

_MOST = 40_000
"""Most graphic objects of a page that are looked at."""
Rect = tuple[float, float, float, float]
"""Left, top, right, bottom in points from the upper left corner."""


@dataclass(slots=True)
class Grid:
    """A ruled table: the places of its columns' and rows' edges."""

    xs: list[float]
    ys: list[float]

    def holds(self, word: Word) -> bool:
        x, y = (word.x0 + word.x1) / 2, word.base - 0.3 * word.height
        return self.xs[0] < x < self.xs[-1] and self.ys[0] < y < self.ys[-1]

    def cell(self, word: Word) -> tuple[int, int]:
        """Row and column of a word."""
        x, y = word.x0 + min(2.0, (word.x1 - word.x0) / 2), word.base - 0.3 * word.height
        return sum(y > edge for edge in self.ys[1:-1]), sum(x > edge for edge in self.xs[1:-1])


@dataclass(slots=True)
class Drawn:
    """Ruled tables of a page, and small filled shapes that may be bullets."""

    grids: list[Grid] = field(default_factory=list)
    dots: list[Rect] = field(default_factory=list)


def drawn_on(page: pypdfium2.PdfPage) -> Drawn:
    """The tables and dots among the paths of a page that is shown upright."""
    flat: list[Rect] = []
    steep: list[Rect] = []
    found = Drawn()
    if page.get_rotation():
        return found
    x, _, _, y = page.get_bbox()
    edges = [ctypes.c_float() for _ in range(4)]
    at = [ctypes.byref(edge) for edge in edges]
    # The raw functions: a page has an object for nearly every word, and only the few paths matter.
    count, get, type_of = pdfium.FPDFPage_CountObjects(page), pdfium.FPDFPage_GetObject, pdfium.FPDFPageObj_GetType
    items = (get(page, i) for i in range(min(count, _MOST)))
    for item in [item for item in items if type_of(item) == pdfium.FPDF_PAGEOBJ_PATH]:
        if not pdfium.FPDFPageObj_GetBounds(item, *at):
            continue
        left, bottom, right, top = (edge.value for edge in edges)
        rect = (left - x, y - top, right - x, y - bottom)
        wide, high = right - left, top - bottom
        if high < 2.5 and wide > 12:
            flat.append(rect)
        elif wide < 2.5 and high > 6:
            steep.append(rect)
        elif wide > 12 and high > 8:
            flat += [(rect[0], rect[1], rect[2], rect[1]), (rect[0], rect[3], rect[2], rect[3])]
            steep += [(rect[0], rect[1], rect[0], rect[3]), (rect[2], rect[1], rect[2], rect[3])]
        elif 1.2 < wide < 7 and 1.2 < high < 7 and 0.7 < wide / high < 1.4:
            found.dots.append(rect)
    found.grids = _grids(flat, steep)
    return found


def _grids(flat: list[Rect], steep: list[Rect]) -> list[Grid]:
    """Tables: bands of the page in which three and more upright lines stand side by side."""
    found: list[Grid] = []
    steep.sort(key=lambda r: (r[1], r[0]))
    group: list[Rect] = []
    low = 0.0
    for line in [*steep, (0.0, 1e9, 0.0, 1e9)]:
        if group and line[1] > low + 3.0:
            grid = _grid(group, flat)
            if grid:
                found.append(grid)
            group = []
        low = max(low, line[3]) if group else line[3]
        group.append(line)
    return found


def _grid(steep: list[Rect], flat: list[Rect]) -> Grid | None:
    top, bottom = min(r[1] for r in steep), max(r[3] for r in steep)
    xs = _edges([(r[0] + r[2]) / 2 for r in steep])
    left, right = xs[0], xs[-1]
    ys = _edges(
        [(r[1] + r[3]) / 2 for r in flat if top - 3 <= r[1] <= bottom + 3 and r[0] < right and r[2] > left]
        + [top, bottom]
    )
    if len(xs) < 3 or len(ys) < 3 or len(xs) > 30 or right - left < 60:
        return None
    return Grid(xs, ys)


def _edges(values: list[float]) -> list[float]:
    """Values in order, those within 3 points of each other as one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > 3.0:
            found.append(value)
    return found
