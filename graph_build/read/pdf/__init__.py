"""PDF files with a text layer: words with their places, put into lines, columns, tables, notes and paragraphs."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from graph_build.hyphens import WORD, Words, keeps_hyphen
from graph_build.read.pdf.layout import Paragraph, broken, paragraphs
from graph_build.read.pdf.ruled import Drawn, drawn_on
from graph_build.read.pdf.words import HYPHENS, Sheet, Word, words_of
from graph_build.read.reading import Reading, UnreadableError, encoded
from graph_build.records import Spot

PAGES = 1000
"""Most pages of a paper."""
_PASSWORD = 4


def read_pdf(data: bytes) -> bytes:
    """The reading of a PDF; encrypted and damaged files, pictures of text and too many pages are named."""
    try:
        return encoded(_composed(data))
    except UnreadableError as problem:
        return encoded(Reading(problem=problem.what, mend=problem.mend))


def _composed(data: bytes) -> Reading:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as problem:
        if getattr(problem, "err_code", None) == _PASSWORD or "password" in str(problem).lower():
            raise UnreadableError("the PDF is encrypted", "save it without a password") from problem
        raise UnreadableError("the PDF is damaged", "fetch it again, or print it to a new PDF") from problem
    try:
        count = len(document)
        if count > PAGES:
            raise UnreadableError(f"the PDF has {count:,} pages, the limit is {PAGES:,}", "give the paper alone")
        sheets = []
        pictures = 0
        for at in range(count):
            try:
                page = document[at]
            except pypdfium2.PdfiumError:
                sheets.append(Sheet([], 1.0, 1.0))
                continue
            sheets.append(_sheet(page))
            if not sheets[-1].words:
                pictures += _has_picture(page)
            page.close()
        letters = sum(len(w.text) for s in sheets for w in s.words)
        if letters < 40 and (pictures or count):
            what = "the PDF is a scan without text" if pictures else "the PDF has no text"
            raise UnreadableError(what, "run text recognition (OCR) on it first")
        composer = _Composer(sheets)
        composer.compose()
        return Reading("".join(composer.out), tuple(composer.pages), _meta(document), spots=tuple(composer.spots))
    finally:
        document.close()


def _sheet(page: object) -> Sheet:
    """A page's words, those of ruled tables apart by cell; a dot drawn before a line becomes a bullet."""
    sheet = words_of(page)
    if len(sheet.words) < 2:
        return sheet
    drawn = drawn_on(page) if sheet.upright else Drawn()
    words, tables = sheet.words, []
    for grid in drawn.grids:
        inside = [w for w in words if grid.holds(w)]
        if len(inside) < 4:
            continue
        cells: list[list[list[Word]]] = [[[] for _ in grid.xs[1:]] for _ in grid.ys[1:]]
        for word in inside:
            row, column = grid.cell(word)
            cells[row][column].append(word)
        if sum(any(row) for row in cells) < 2 or sum(any(row[c] for row in cells) for c in range(len(grid.xs) - 1)) < 2:
            continue
        taken = {id(w) for w in inside}
        words = [w for w in words if id(w) not in taken]
        tables.append(tuple(tuple(tuple(cell) for cell in row) for row in cells))
    if drawn.dots:
        words = list(_bulleted(words, drawn.dots))
    return Sheet(words, sheet.width, sheet.height, tuple(tables), sheet.upright)


def _bulleted(words: list[Word], dots: list[tuple[float, float, float, float]]) -> Iterator[Word]:
    left = set(dots)
    for word in words:
        for dot in left:
            if 0 < word.x0 - dot[2] < 1.6 * word.height and word.top < (dot[1] + dot[3]) / 2 < word.bottom:
                yield Word("•", dot[0], dot[2], word.top, word.bottom, word.base, word.height, False)
                left.remove(dot)
                break
        yield word


def _has_picture(page: object) -> bool:
    import pypdfium2.raw as pdfium

    return next(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]), None) is not None  # type: ignore[attr-defined]  # a PdfPage


def _meta(document: object) -> tuple[tuple[str, str], ...]:
    """The title and the language that the file gives. Its dates are those of the file, not of the paper."""
    import pypdfium2.raw as pdfium

    title = " ".join(document.get_metadata_value("Title").split())  # type: ignore[attr-defined]  # a PdfDocument
    size = pdfium.FPDFCatalog_GetLanguage(document, None, 0)
    language = ""
    if 2 < size < 64:
        buffer = ctypes.create_string_buffer(size)
        pdfium.FPDFCatalog_GetLanguage(document, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
        language = buffer.raw.decode("utf-16-le", "replace").rstrip("\0").strip()
    named = title and len(title) < 300 and not re.search(r"(?i)^(?:untitled|microsoft word\b)|\.\w{2,5}$", title)
    pairs = (("title", title if named else ""), ("language", language))
    return tuple((k, v) for k, v in pairs if v)


@dataclass
class _Composer:
    """Writes paragraphs as text and remembers where each word of it stands."""

    sheets: list[Sheet]
    out: list[str] = field(default_factory=list)
    size: int = 0
    pages: list[int] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    page: int = 0

    def compose(self) -> None:
        self.words = Words("\n".join(" ".join(w.text for w in sheet.words) for sheet in self.sheets))
        for page, found in enumerate(paragraphs(self.sheets)):
            self.page = page
            if page:
                self.put("\f")
            self.pages.append(self.size)
            for at, paragraph in enumerate(found):
                if at:
                    self.put("\n" if paragraph.close else "\n\n")
                self.paragraph(paragraph)
            self.put("\n")

    def put(self, text: str) -> None:
        self.out.append(text)
        self.size += len(text)

    def word(self, text: str, word: Word) -> None:
        sheet = self.sheets[self.page]
        w, h = sheet.width or 1.0, sheet.height or 1.0
        box = (round(word.x0 / w, 5), round(word.top / h, 5), round(word.x1 / w, 5), round(word.bottom / h, 5))
        if sheet.upright:
            self.spots.append(Spot(self.size, self.size + len(text), self.page + 1, box))
        self.put(text)

    def paragraph(self, paragraph: Paragraph) -> None:
        if paragraph.kind == "row":
            self.put("| ")
            for at, cell in enumerate(paragraph.cells):
                if at:
                    self.put(" | ")
                self.run(cell)
            self.put(" |")
            return
        words = [w for line in paragraph.lines for w in line.words]
        if paragraph.kind == "running":
            # As a comment: the words of the page, from which no later stage reads.
            self.put("<!-- ")
            self.run(words)
            self.put(" -->")
            return
        bold = paragraph.bold and paragraph.kind == "text" and sum(len(w.text) for w in words) < 400
        if paragraph.kind == "note":
            self.put(f"[^{paragraph.number}]: ")
        elif paragraph.kind == "heading":
            self.put("#" * paragraph.level + " ")
        elif paragraph.indent > 0:
            self.put(" " * paragraph.indent)
        if bold:
            self.put("**")
        whole = bold or paragraph.kind != "text" or words[0].italic or any("*" in w.text for w in words)
        self.run(words, {id(line.words[0]) for line in paragraph.lines[1:]}, not whole)
        if bold:
            self.put("**")

    def run(self, words: list[Word], breaks: set[int] | None = None, slanted: bool = False) -> None:
        """Words with single spaces between them; halves of broken words joined; raised figures as footnote marks.

        slanted  whether words in italics stand between stars
        """
        glue = True
        open_ = False
        for at, word in enumerate(words):
            text = word.text.replace("|", "/") if breaks is None else word.text
            following = words[at + 1] if at + 1 < len(words) else None
            if word.raised and text.isdigit() and len(text) <= 3 and at and not _exponent(words[at - 1].text):
                text = f"[^{text}]"
                glue = True
            elif (
                at
                and words[at - 1].raised
                and word.x0 - words[at - 1].x1 < 0.15 * word.height
                or word.raised
                and at
                and text.lower() in ("st", "nd", "rd", "th")
                and words[at - 1].text[-1:].isdigit()
            ):
                glue = True
            if open_ and not word.italic:
                self.put("*")
                open_ = False
            if not glue:
                self.put(" ")
            if slanted and word.italic and not open_ and not glue:
                self.put("*")
                open_ = True
            glue = False
            ends = following is not None and (breaks is None or id(following) in breaks) and following.base != word.base
            if following is not None and ends and broken(text):
                text, glue = self.half(text, following.text), True
            if not text.isascii() or "\x02" in text:
                text = "".join(_cleaned(text))
            if open_ and (following is None or not following.italic):
                # The stop behind a title in italics belongs to the sentence.
                inner = text.rstrip(".,;:)")
                if inner:
                    self.word(inner, word)
                self.put("*")
                open_, text = False, text[len(inner) :]
            if text:
                self.word(text, word)

    def half(self, left: str, right: str) -> str:
        """The first half of a broken word, with its hyphen where that belongs to the word."""
        if left[-1] == "\u00ad":
            return left[:-1]
        a, b = WORD.search(left[:-1][::-1]), WORD.match(right)
        if a and b and not keeps_hyphen(a[0][::-1].split("-")[-1], b[0].split("-")[0], self.words):
            return left[:-1]
        return left[:-1] + "-"


def _exponent(before: str) -> bool:
    return before in ("m", "km", "cm", "mm", "ft")


def _cleaned(text: str) -> Iterator[str]:
    for char in text:
        if char in HYPHENS:
            yield "-" if char != "\u00ad" else ""
        elif char not in "\ufeff\u200b":
            yield char
