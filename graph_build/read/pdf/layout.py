"""From the words of pages to paragraphs: lines, columns, tables, footnotes, running headers.

Everything is measured in the size of the page's own type, so that papers of any format are read alike.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from graph_build.read.pdf.words import HYPHENS, Sheet, Word

_MARK = re.compile(
    r"^(?:[•‣▪●○■□◦⁃∙·►➢❖✓\uf000-\uf0ff–—*-]|o|\(?(?:\d{1,3}|[a-zA-Z]|[ivxlIVXL]{1,6})[.)]\)?|\(\w{1,4}\)|\d{1,2}(?:\.\d{1,2}){1,3}\.?|§+|\[\d{1,3}\])$"
)
_NUMBERED = re.compile(r"^\(?(?:\d{1,3}|[a-zA-Z]|[ivxlIVXL]{1,6})[.)]\)?$|^\(\w{1,4}\)$|^\d{1,2}(?:\.\d{1,2}){1,3}\.?$")
_ENDED = re.compile(r"[.!?:;…]['\"”’»)\]]*(?:\[\^\d+\])*$")
_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"^[ivxl]+$")


@dataclass(slots=True)
class Line:
    """Words side by side on one baseline; `cells` the starts of parts that wide white space sets apart."""

    words: list[Word]
    base: float
    height: float
    page: int = 0
    column: int = 0
    left: float = 0.0
    right: float = 0.0
    cells: list[int] = field(default_factory=lambda: [0])
    running: bool = False

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return self.words[-1].x1

    @property
    def text(self) -> str:
        return " ".join(w.text for w in self.words)

    @property
    def bold(self) -> bool:
        return all(w.bold for w in self.words if any(c.isalnum() for c in w.text))


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together. kind: 'text', 'heading' (level), 'row' (cells), 'note' (number), 'running'."""

    kind: str
    lines: list[Line]
    level: int = 0
    number: str = ""
    indent: int = 0
    close: bool = False
    cells: list[list[Word]] = field(default_factory=list)
    bold: bool = False


def paragraphs(sheets: list[Sheet]) -> list[list[Paragraph]]:
    """The paragraphs of each page, in reading order."""
    body = _body_height(sheets)
    pages = [_lines(sheet, page) for page, sheet in enumerate(sheets)]
    _mark_running(pages, sheets, body)
    sizes = _heading_sizes(pages, body)
    return [_page(lines, sheet, body, sizes) for lines, sheet in zip(pages, sheets, strict=True)]


def _body_height(sheets: list[Sheet]) -> float:
    """The type size in which most of the paper is set."""
    sizes: Counter[float] = Counter()
    for sheet in sheets[:60]:
        for word in sheet.words:
            sizes[round(word.height * 2) / 2] += len(word.text)
    return max(sizes.items(), key=lambda pair: pair[1])[0] if sizes else 12.0


# -- lines ---------------------------------------------------------------------------------------------------


def _lines(sheet: Sheet, page: int) -> list[Line]:
    """Runs of words on one baseline, as the file draws them; wide gaps part them."""
    found: list[Line] = []
    line: Line | None = None
    for word in sheet.words:
        if line is not None and _joins(line, word):
            line.words.append(word)
            continue
        line = Line([word], word.base, word.height, page)
        found.append(line)
    return found


def _joins(line: Line, word: Word) -> bool:
    last = line.words[-1]
    size = max(line.height, word.height)
    gap = word.x0 - last.x1
    if not -0.6 * size < gap < 1.3 * size:
        return False
    if abs(word.base - line.base) <= 0.06 * size or (
        abs(word.base - line.base) <= 0.2 * size and word.height > 0.86 * line.height
    ):
        return True
    if word.height < 0.95 * line.height and -0.75 * size < word.base - line.base < 0.3 * size:
        word.raised = word.base < line.base
        return True
    if len(line.words) == 1 and last.height < 0.95 * word.height and -0.75 * size < last.base - word.base < 0:
        last.raised = True
        line.base, line.height = word.base, word.height
        return True
    return False


def _mark_running(pages: list[list[Line]], sheets: list[Sheet], body: float) -> None:
    """Mark lines in the upper and lower seventh of pages that stand there on other pages too, and page numbers.

    The first of a running header in the largest type of its page is the paper's title.
    """
    seen: defaultdict[str, set[int]] = defaultdict(set)
    edge: list[tuple[str, Line]] = []
    for lines, sheet in zip(pages, sheets, strict=True):
        zone = [ln for ln in lines if ln.base < sheet.height / 7 or ln.base > sheet.height * 6 / 7]
        for line in zone:
            key = _DIGITS.sub("#", line.text.casefold())
            seen[key].add(line.page)
            edge.append((key, line))
    for key, line in edge:
        number = (
            key.strip(" -–—|[]") == "#" or bool(_ROMAN.match(key)) or bool(re.match(r"^page #(?: (?:of|/) #)?$", key))
        )
        line.running = len(seen[key]) > 1 or number
    # Left and right pages, and chapters, have headers of their own: they stand where the others do.
    heights = {round(line.base) for _, line in edge if line.running}
    for lines in pages[1:]:
        for line in _outermost(lines, body):
            line.running = line.running or round(line.base) in heights
    largest = max((line.height for line in pages[0]), default=0.0) if pages else 0.0
    for key, line in edge:
        if line.page == 0 and line.height > 0.99 * largest and largest > 1.05 * body and any(map(str.isalpha, key)):
            line.running = False


def _outermost(lines: list[Line], body: float) -> list[Line]:
    """The first and the last row of a page where white space sets them apart."""
    rows = _by_base(lines)
    found: list[Line] = []
    if len(rows) > 1 and rows[1][0].base - rows[0][0].base > 1.6 * body:
        found += rows[0]
    if len(rows) > 1 and rows[-1][0].base - rows[-2][0].base > 1.6 * body:
        found += rows[-1]
    return found


def _heading_sizes(pages: list[list[Line]], body: float) -> list[int]:
    """Type sizes larger than the body's in which lines are set, the largest first."""
    sizes = Counter(
        round(ln.height) for lines in pages[:60] for ln in lines if ln.height > 1.12 * body and not ln.running
    )
    return sorted(sizes, reverse=True)[:4]


# -- a page --------------------------------------------------------------------------------------------------


def _page(lines: list[Line], sheet: Sheet, body: float, sizes: list[int]) -> list[Paragraph]:
    head = sorted(
        (ln for ln in lines if ln.running and ln.base < sheet.height / 2), key=lambda ln: (round(ln.base), ln.x0)
    )
    foot = sorted(
        (ln for ln in lines if ln.running and ln.base >= sheet.height / 2), key=lambda ln: (round(ln.base), ln.x0)
    )
    rest = [ln for ln in lines if not ln.running]
    ruled = [_ruled(table) for table in sheet.tables]
    ruled = [table for table in ruled if table]
    notes = _notes(rest, body)
    taken = {id(ln) for ln in notes}
    found = [Paragraph("running", [ln]) for ln in head]
    ordered: list[Line] = []
    for column, band in enumerate(_columns([ln for ln in rest if id(ln) not in taken], body)):
        left, right = min(ln.x0 for ln in band), max(ln.x1 for ln in band)
        for line in _rows(band, body):
            line.column, line.left, line.right = column, left, right
            ordered.append(line)
    found += _gathered(ordered, body, sizes)
    for table in ruled:
        at = next(
            (i for i, p in enumerate(found) if p.kind != "running" and p.lines[0].base > table[0].lines[0].base),
            len(found),
        )
        found[at:at] = table
    found += _note_paragraphs(_rows(notes, body) if notes else [])
    return found + [Paragraph("running", [ln]) for ln in foot]


def _notes(lines: list[Line], body: float) -> list[Line]:
    """The footnotes at the foot of a page: the lines from the first whose number is one of the page's raised figures."""
    marks = {w.text for ln in lines for w in ln.words[1:] if w.raised and w.text.isdigit()}
    if not marks:
        return []
    ordered = sorted(lines, key=lambda ln: (round(ln.base), ln.x0))
    for at, line in enumerate(ordered):
        number, rest = _note_number(line)
        if number not in marks or (line.height >= 0.93 * body and not line.words[0].raised and not rest):
            continue
        if all(ln.height < 1.02 * body for ln in ordered[at:]) and (len(line.words) > 1 or rest):
            return ordered[at:]
    return []


_GLUED = re.compile(r"^(\d{1,3})([A-Z“\"][\w.,’'-]*)$")


def _note_number(line: Line) -> tuple[str, str]:
    """The number with which a note begins and what is glued to it: ('1', ''), ('1', 'United')."""
    first = line.words[0].text
    if first.isdigit() and len(first) < 4:
        return first, ""
    glued = _GLUED.match(first)
    return (glued[1], glued[2]) if glued else ("", "")


def _note_paragraphs(lines: list[Line]) -> list[Paragraph]:
    found: list[Paragraph] = []
    for line in lines:
        number, rest = _note_number(line)
        expected = str(int(found[-1].number) + 1) if found else number
        if number and (line.words[0].raised or number == expected):
            first = line.words[0]
            if rest:
                share = (first.x1 - first.x0) * len(number) / len(first.text)
                line.words[0] = replace(first, text=rest, x0=first.x0 + share)
            else:
                line.words = line.words[1:] or line.words
            found.append(Paragraph("note", [line], number=number))
        elif found:
            found[-1].lines.append(line)
    return found


def _columns(lines: list[Line], body: float) -> list[list[Line]]:
    """The lines in bands that are read one after the other: across the page, or column by column."""
    if len(lines) < 8:
        return [lines] if lines else []
    rows = _by_base(lines)
    left, right = min(ln.x0 for ln in lines), max(ln.x1 for ln in lines)
    bands: list[list[Line]] = [[]]
    at = 0
    while at < len(rows):
        stop, gutter = _run(rows, at, left, right, body)
        if gutter is None:
            bands[-1] += rows[at]
            at += 1
            continue
        middle = (gutter[0] + gutter[1]) / 2
        band = [ln for row in rows[at:stop] for ln in row]
        bands += [[ln for ln in band if ln.x0 < middle], [ln for ln in band if ln.x0 >= middle], []]
        at = stop
    return [band for band in bands if band]


def _by_base(lines: list[Line]) -> list[list[Line]]:
    """Lines in rows from top to bottom."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda ln: ln.base):
        if rows and abs(rows[-1][0].base - line.base) < 0.35 * line.height:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _run(
    rows: list[list[Line]], at: int, left: float, right: float, body: float
) -> tuple[int, tuple[float, float] | None]:
    """The longest run of rows from `at` that one gutter parts into columns of prose; None where there is none."""
    width = right - left
    free = [(left + 0.2 * width, right - 0.2 * width)]
    stop = at
    for row in rows[at:]:
        narrowed = free
        for line in row:
            narrowed = [
                part
                for a, b in narrowed
                for part in ((a, min(b, line.x0)), (max(a, line.x1), b))
                if part[1] - part[0] >= 0.55 * body
            ]
        if not narrowed:
            break
        free = narrowed
        stop += 1
    if stop - at < 4:
        return at + 1, None
    gutter = max(free, key=lambda part: part[1] - part[0])
    sides: list[list[Line]] = [[], []]
    for row in rows[at:stop]:
        for line in row:
            sides[line.x0 >= gutter[1] - 1].append(line)
    for side in sides:
        if len(side) < 3:
            return at + 1, None
        wide = max(ln.x1 for ln in side) - min(ln.x0 for ln in side)
        if (
            wide < 0.25 * width
            or median(ln.x1 - ln.x0 for ln in side) < 0.62 * wide
            or median(len(ln.words) for ln in side) < 3.5
        ):
            return at + 1, None
    return stop, gutter


def _rows(lines: list[Line], body: float) -> list[Line]:
    """Lines from top to bottom; parts on one baseline become one line with cells."""
    found: list[Line] = []
    for row in _by_base(lines):
        row.sort(key=lambda ln: ln.x0)
        line = row[0]
        line.cells = [0]
        for part in row[1:]:
            gap = part.x0 - line.x1
            mark = len(line.words) == 1 and bool(_MARK.match(line.words[0].text))
            if gap > 1.3 * body and not mark:
                line.cells.append(len(line.words))
            line.words += part.words
            line.height = max(line.height, part.height)
        found.append(line)
    return found


# -- paragraphs ----------------------------------------------------------------------------------------------


def _gathered(lines: list[Line], body: float, sizes: list[int]) -> list[Paragraph]:
    pitch = _pitch(lines, body)
    _align(lines, body)
    found: list[Paragraph] = []
    at = 0
    while at < len(lines):
        stop = _table(lines, at, body)
        if stop > at:
            found += _table_rows(lines[at:stop], pitch)
            at = stop
            continue
        line = lines[at]
        last = found[-1] if found and found[-1].kind == "text" else None
        if last is not None and not _parts(last, line, pitch, body, lines[at + 1] if at + 1 < len(lines) else None):
            last.lines.append(line)
        else:
            found.append(Paragraph("text", [line]))
        at += 1
    for paragraph in found:
        if paragraph.kind == "text":
            _judge(paragraph, body, sizes)
    for before, paragraph in pairwise(found):
        gap = paragraph.lines[0].base - before.lines[-1].base
        same = paragraph.lines[0].column == before.lines[-1].column
        marked = bool(_MARK.match(paragraph.lines[0].words[0].text))
        if paragraph.kind == "text" and before.kind == "text":
            paragraph.close = marked and same and 0 < gap < 1.35 * pitch
    return found


def _pitch(lines: list[Line], body: float) -> float:
    """The usual distance of baselines within paragraphs."""
    gaps: Counter[float] = Counter()
    for a, b in pairwise(lines):
        gap = b.base - a.base
        if a.column == b.column and 0.82 * body < gap < 2.4 * body and abs(a.height - b.height) < 0.1 * body:
            # A full line is followed by more of its paragraph, a short one mostly by another.
            gaps[round(gap * 2) / 2] += 3 if a.x1 > a.right - 0.12 * (a.right - a.left) else 1
    if not gaps:
        return 1.15 * body
    most = max(gaps.values())
    return min(g for g, n in gaps.items() if n >= 0.6 * most)


def _parts(paragraph: Paragraph, line: Line, pitch: float, body: float, following: Line | None) -> bool:
    """Whether a line begins a new paragraph."""
    last = paragraph.lines[-1]
    text = last.text
    ended = bool(_ENDED.search(text))
    first = line.words[0].text
    lower = first[:1].islower()
    if last.column != line.column:
        return (
            not lower
            and (ended or last.x1 < last.right - 0.15 * (last.right - last.left))
            or bool(_NUMBERED.match(first))
        )
    if abs(line.height - last.height) > 0.11 * body or (
        line.bold != last.bold and not (last.words[-1].bold and line.words[0].bold)
    ):
        return not (lower and not ended and abs(line.height - last.height) < 0.05 * body)
    if line.base - last.base > 1.22 * pitch * max(1.0, line.height / body) or line.base < last.base:
        return True
    width = line.right - line.left
    room = last.right - last.x1 > line.words[0].x1 - line.words[0].x0 + 0.3 * body
    if _MARK.match(first) and len(line.words) > 1:
        own = paragraph.lines[0].words[0].text
        hanging = bool(_MARK.match(own)) and abs(line.x0 - paragraph.lines[0].x0) < 0.5 * body
        return hanging or ended or (room and first not in "–—-")
    if ended and room and last.right - last.x1 > 0.08 * width:
        return True
    if line.x0 - line.left > 0.8 * body and abs(last.x0 - last.left) < 0.4 * body and ended and following is not None:
        return abs(following.x0 - line.left) < 0.4 * body
    centred = abs((line.x0 + line.x1) / 2 - (last.x0 + last.x1) / 2) < 0.02 * width and abs(line.x0 - last.x0) > body
    if centred and room and not lower:
        return False
    return False


def _judge(paragraph: Paragraph, body: float, sizes: list[int]) -> None:
    """Tell headings by their type, list items by their indent."""
    lines = paragraph.lines
    size = round(lines[0].height)
    paragraph.bold = all(ln.bold for ln in lines)
    if size in sizes and lines[0].height > 1.12 * body and len(lines) <= 5:
        paragraph.kind, paragraph.level = "heading", 1 + sizes.index(size)
    elif _MARK.match(lines[0].words[0].text):
        paragraph.indent = 2 * round((lines[0].x0 - lines[0].left) / (2.2 * body))


# -- tables --------------------------------------------------------------------------------------------------


def _align(lines: list[Line], body: float) -> None:
    """Part lines into cells also where narrow columns leave little space: where words behind gaps stand in line."""
    flush: Counter[int] = Counter()
    for line in lines:
        flush[line.column] += 1 if abs(line.x1 - line.right) < 0.3 * body else -1
    # In justified columns any space may be wide.
    gaps = [_gaps(line, body) if flush[line.column] < 0 else [] for line in lines]
    for at, line in enumerate(lines):
        near = [
            x
            for other in (at - 2, at - 1, at + 1, at + 2)
            if 0 <= other < len(lines)
            and lines[other].column == line.column
            and (gaps[other] or len(lines[other].cells) > 1)
            for x in (*(lines[other].words[i].x0 for i in gaps[other]), *_starts(lines[other])[1:])
        ]
        cells = {i for i in gaps[at] if any(abs(line.words[i].x0 - x) < 0.15 * body for x in near)}
        if cells:
            line.cells = sorted({*line.cells, *cells})


def _gaps(line: Line, body: float) -> list[int]:
    """Words that stand behind a gap much wider than the spaces of their line; the first behind a mark does not count."""
    words = line.words
    spaces = [b.x0 - a.x1 for a, b in pairwise(words)]
    if not spaces:
        return []
    usual = median(spaces) if len(spaces) > 2 else 0.25 * body
    first = 2 if _MARK.match(words[0].text) else 1
    found = [i for i in range(first, len(words)) if spaces[i - 1] > max(0.42 * body, 1.8 * min(usual, 0.35 * body))]
    return found if len(found) <= 6 else []


def _starts(line: Line) -> list[float]:
    return [line.words[c].x0 for c in line.cells]


def _table(lines: list[Line], at: int, body: float) -> int:
    """Where the table that begins at a line ends; `at` where none begins: two and more lines whose cells align."""
    if len(lines[at].cells) < 2 or at + 1 >= len(lines):
        return at
    columns = _starts(lines[at])
    stop, rows = at + 1, 1
    while stop < len(lines) and lines[stop].column == lines[at].column:
        line = lines[stop]
        starts = _starts(line)
        fits = [any(abs(s - c) < 0.5 * body for c in columns) for s in starts]
        if len(starts) > 1 and sum(fits) >= 2:
            rows += 1
            columns += [s for s, fit in zip(starts, fits, strict=True) if not fit]
        elif not (
            len(starts) == 1
            and fits[0]
            and line.base - lines[stop - 1].base < 1.6 * body
            and _narrow(line, columns, body)
        ):
            break
        stop += 1
    return stop if rows >= 2 else at


def _narrow(line: Line, columns: list[float], body: float) -> bool:
    """Whether a line of one part stays within its column."""
    right = min((c for c in columns if c > line.x0 + body), default=line.right)
    return line.x1 < right + 0.3 * body and (right < line.right or line.x0 > line.left + body)


def _table_rows(lines: list[Line], pitch: float) -> list[Paragraph]:
    columns: list[float] = []
    for start in sorted(s for line in lines for s in _starts(line)):
        if not columns or start - columns[-1] > 0.6 * lines[0].height:
            columns.append(start)
    found: list[Paragraph] = []
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        cells: list[list[Word]] = [[] for _ in columns]
        for at, start in enumerate(line.cells):
            stop = line.cells[at + 1] if at + 1 < len(line.cells) else len(line.words)
            column = max((i for i, c in enumerate(columns) if c <= line.words[start].x0 + 0.3 * line.height), default=0)
            cells[column] += line.words[start:stop]
        last = found[-1] if found else None
        gap = line.base - last.lines[-1].base if last is not None else 0.0
        near = gap < 1.25 * pitch
        if not cells[0] and following is not None and following.base - line.base < 0.8 * gap:
            near = False  # a row whose first cell stands in the middle of its height
        if last is not None and near and (not cells[0] or not last.cells[0] or len(line.cells) == 1):
            last.lines.append(line)
            for own, more in zip(last.cells, cells, strict=True):
                own += more
        else:
            found.append(Paragraph("row", [line], cells=cells, close=last is not None))
    return found


def _ruled(table: tuple[tuple[tuple[Word, ...], ...], ...]) -> list[Paragraph]:
    """The rows of a ruled table."""
    found: list[Paragraph] = []
    for row in table:
        words = [w for cell in row for w in cell]
        if words:
            line = Line(words, min(w.base for w in words), words[0].height)
            found.append(Paragraph("row", [line], cells=[list(cell) for cell in row], close=bool(found)))
    return found


def broken(word: str) -> bool:
    """Whether a word at the end of a line may be the first half of one."""
    return len(word) > 1 and word[-1] in HYPHENS and word[-2].isalnum()
