"""Word documents: paragraphs, numbers that Word itself counts, lists, tables, footnotes; no macro, no reference."""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graph_build.read.reading import Piece, Reading, UnreadableError, encoded, written

if TYPE_CHECKING:
    from lxml.etree import _Element

UNPACKED = 256 * 1024 * 1024
"""Largest size of all parts together, in bytes."""
PARTS = 4000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_V = re.compile(r"%(\d)")


def read_docx(data: bytes) -> bytes:
    """The reading of a DOCX file; what python-docx refuses, archives that explode and encrypted files are named."""
    try:
        _check(data)
        return encoded(_read(data))
    except UnreadableError as problem:
        return encoded(Reading(problem=problem.what, mend=problem.mend))


def _check(data: bytes) -> None:
    """Refuse archives that are broken, encrypted or far larger inside than outside, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as problem:
        raise UnreadableError("the Word file is damaged: it is no whole archive", "fetch it again") from problem
    if len(infos) > PARTS:
        raise UnreadableError(
            f"the Word file has {len(infos):,} parts, the limit is {PARTS:,}", "save it again from Word"
        )
    if any(info.flag_bits & 1 for info in infos):
        raise UnreadableError("the file is encrypted", "save it without a password")
    size = sum(info.file_size for info in infos)
    if size > UNPACKED or any(i.file_size > 20_000_000 and i.file_size > 200 * i.compress_size for i in infos):
        raise UnreadableError(
            f"the Word file unpacks to {size // 1024**2:,} MB, the limit is {UNPACKED // 1024**2:,} MB",
            "it may be made to harm; save it again from Word without pictures",
        )


def _read(data: bytes) -> Reading:
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from lxml import etree

    try:
        document = docx.Document(io.BytesIO(data))
    except (
        PackageNotFoundError,
        KeyError,
        ValueError,
        zipfile.BadZipFile,
        etree.XMLSyntaxError,
        OSError,
        EOFError,
    ) as problem:
        raise UnreadableError("the Word file is damaged", "open it in Word and save it again") from problem
    except Exception as problem:
        if "zlib" in type(problem).__module__ or type(problem).__name__ == "error":
            raise UnreadableError("the Word file is damaged", "open it in Word and save it again") from problem
        raise
    parts = {
        rel.reltype.rsplit("/", 1)[-1]: rel.target_part for rel in document.part.rels.values() if not rel.is_external
    }
    writer = _Writer(_Styles(document.styles.element), _Numbering(_tree(parts.get("numbering"))), _notes(parts))
    writer.blocks(document.element.body)
    writer.end_notes()
    properties = document.core_properties
    meta = (("title", properties.title or ""), ("language", properties.language or ""))
    return Reading(writer.text(), (), tuple((k, " ".join(v.split())) for k, v in meta if v and len(v) < 300))


def _tree(part: Any) -> _Element | None:
    """The XML of a part that python-docx keeps as bytes, parsed without entities, DTDs or anything from outside."""
    from lxml import etree

    if part is None:
        return None
    element: _Element | None = getattr(part, "element", None)
    if element is not None:
        return element
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(part.blob, parser)


def _notes(parts: dict[str, Any]) -> dict[str, _Element]:
    """Footnotes and endnotes by kind and id: 'footnote 2'."""
    found: dict[str, _Element] = {}
    for kind in ("footnote", "endnote"):
        tree = _tree(parts.get(f"{kind}s"))
        for note in tree.iter(f"{_W}{kind}") if tree is not None else ():
            if note.get(f"{_W}type") in (None, "normal"):
                found[f"{kind} {note.get(f'{_W}id')}"] = note
    return found


def _value(element: _Element | None, path: str) -> str | None:
    """The w:val of a child; '' where the child has none; None without the child."""
    child = element.find(path.replace("w:", _W)) if element is not None else None
    return None if child is None else child.get(f"{_W}val", "")


def _on(element: _Element | None, path: str) -> bool:
    """Whether a toggle such as w:b stands and is not switched off."""
    value = _value(element, path)
    return value is not None and value not in ("0", "false", "off", "none")


@dataclass
class _Styles:
    """What the styles say that the text needs: heading level, numbering, bold type."""

    element: _Element
    names: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    levels: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, tuple[str, int]] = field(default_factory=dict)
    bold: dict[str, bool] = field(default_factory=dict)
    italic: dict[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for style in self.element.iter(f"{_W}style"):
            id_ = style.get(f"{_W}styleId", "")
            self.names[id_] = (_value(style, "w:name") or "").lower()
            self.parents[id_] = _value(style, "w:basedOn") or ""
            properties = style.find(f"{_W}pPr")
            outline = _value(properties, "w:outlineLvl")
            if outline and outline.isdigit() and int(outline) < 9:
                self.levels[id_] = int(outline) + 1
            number = properties.find(f"{_W}numPr") if properties is not None else None
            if number is not None:
                self.numbers[id_] = (_value(number, "w:numId") or "", int(_value(number, "w:ilvl") or 0))
            for toggle, known in (("b", self.bold), ("i", self.italic)):
                if style.find(f"{_W}rPr/{_W}{toggle}") is not None:
                    known[id_] = _on(style.find(f"{_W}rPr"), f"w:{toggle}")

    def chain(self, id_: str) -> Iterator[str]:
        """A style and those that it is based on."""
        seen: set[str] = set()
        while id_ and id_ not in seen:
            seen.add(id_)
            yield id_
            id_ = self.parents.get(id_, "")

    def level(self, id_: str) -> int:
        """Level of a heading style, 1 for a title; 0 for text."""
        for each in self.chain(id_):
            name = self.names.get(each, "")
            if name == "title":
                return 1
            if name == "subtitle":
                return 2
            if name.startswith("heading ") and name[8:].isdigit():
                return int(name[8:])
            if each in self.levels:
                return self.levels[each]
        return 0

    def number(self, id_: str) -> tuple[str, int] | None:
        return next((self.numbers[each] for each in self.chain(id_) if each in self.numbers), None)

    def is_bold(self, id_: str) -> bool:
        return next((self.bold[each] for each in self.chain(id_) if each in self.bold), False)

    def is_italic(self, id_: str) -> bool:
        return next((self.italic[each] for each in self.chain(id_) if each in self.italic), False)


_ROMANS = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)


def figure(number: int, format_: str) -> str:
    """A number as Word writes it: decimal, lowerLetter, upperRoman ..."""
    if format_.endswith("Letter"):
        text = chr(97 + (number - 1) % 26) * (1 + (number - 1) // 26) if number > 0 else "0"
        return text.upper() if format_.startswith("upper") else text
    if format_.endswith("Roman"):
        text, rest = "", max(0, min(number, 3999))
        for value, letters in _ROMANS:
            text += letters * (rest // value)
            rest %= value
        return text.upper() if format_.startswith("upper") else text
    return f"{number:02}" if format_ == "decimalZero" else str(number)


@dataclass
class _Numbering:
    """The lists of a document and where each stands."""

    tree: _Element | None
    levels: dict[str, dict[int, tuple[str, str, int]]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    starts: dict[tuple[str, int], int] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def __post_init__(self) -> None:
        if self.tree is None:
            return
        for abstract in self.tree.iter(f"{_W}abstractNum"):
            found = {}
            for level in abstract.findall(f"{_W}lvl"):
                start = _value(level, "w:start") or "1"
                found[int(level.get(f"{_W}ilvl", "0"))] = (
                    _value(level, "w:numFmt") or "decimal",
                    _value(level, "w:lvlText") or "",
                    int(start) if start.isdigit() else 1,
                )
            self.levels[abstract.get(f"{_W}abstractNumId", "")] = found
        for number in self.tree.iter(f"{_W}num"):
            id_ = number.get(f"{_W}numId", "")
            self.lists[id_] = _value(number, "w:abstractNumId") or ""
            for override in number.findall(f"{_W}lvlOverride"):
                again = _value(override, "w:startOverride")
                if again and again.isdigit():
                    self.starts[id_, int(override.get(f"{_W}ilvl", "0"))] = int(again)

    def mark(self, id_: str, level: int) -> str:
        """The next mark of a list: '12.', '(a)', '-' for bullets; '' where the list has none."""
        abstract = self.lists.get(id_, "")
        levels = self.levels.get(abstract, {})
        if id_ == "0" or level not in levels:
            return ""
        format_, pattern, start = levels[level]
        if format_ == "bullet":
            return "-"
        if format_ == "none":
            return ""
        # Lists that share an abstract list go on counting, unless this one starts anew.
        owner = id_ if any(key[0] == id_ for key in self.starts) else f"abstract {abstract}"
        counts = self.counts[owner]
        counts[level] = counts[level] + 1 if level in counts else self.starts.get((id_, level), start)
        for deeper in [k for k in counts if k > level]:
            del counts[deeper]

        def fill(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            shape, _, first = levels.get(at, ("decimal", "", 1))
            return figure(counts.get(at, first), shape)

        return _V.sub(fill, pattern).strip()


@dataclass
class _Writer:
    """Writes blocks as text with blank lines between them; footnotes follow the paragraph block at the end."""

    styles: _Styles
    numbering: _Numbering
    notes: dict[str, _Element]
    out: list[str] = field(default_factory=list)
    used: list[tuple[str, str]] = field(default_factory=list)
    listed: bool = False

    def text(self) -> str:
        return "".join(self.out).strip("\n") + "\n"

    def blocks(self, parent: _Element) -> None:
        """The paragraphs and tables of a body or of a container in it, in order."""
        stack = [iter(parent)]
        while stack:
            child = next(stack[-1], None)
            if child is None:
                stack.pop()
            elif child.tag == f"{_W}p":
                self.paragraph(child)
            elif child.tag == f"{_W}tbl":
                self.table(child)
            elif child.tag in (
                f"{_W}sdt",
                f"{_W}sdtContent",
                f"{_W}ins",
                f"{_W}moveTo",
                f"{_W}customXml",
                f"{_W}smartTag",
            ):
                stack.append(iter(child))

    def put(self, text: str, close: bool = False) -> None:
        """A block; `close` sets it directly below the one before, as list items and rows stand."""
        if close and self.out:
            self.out[-1] = self.out[-1][:-1]
        self.out.append(text + "\n\n")

    def paragraph(self, element: _Element) -> None:
        boxes: list[_Element] = []
        properties = element.find(f"{_W}pPr")
        style = _value(properties, "w:pStyle") or ""
        pieces = list(self.runs(element, boxes, self.styles.is_bold(style)))
        plain = "".join(p.text for p in pieces)
        headed = bool(self.styles.level(style))
        text = plain if headed else written(pieces)
        text = "\n".join(" ".join(line.split(" ")).strip(" ") for line in text.split("\n")).strip()
        number = properties.find(f"{_W}numPr") if properties is not None else None
        listed = (_value(number, "w:numId") or "0", int(_value(number, "w:ilvl") or 0)) if number is not None else None
        if number is not None and _value(number, "w:numId") is None and (inherited := self.styles.number(style)):
            listed = (inherited[0], listed[1] if listed else 0)
        listed = listed or self.styles.number(style)
        if text:
            self.emit(text, style, properties, listed)
        for box in boxes:
            self.blocks(box)

    def emit(self, text: str, style: str, properties: _Element | None, listed: tuple[str, int] | None) -> None:
        mark = self.numbering.mark(*listed) if listed else ""
        level = self.styles.level(style)
        outline = _value(properties, "w:outlineLvl")
        if not level and outline and outline.isdigit() and int(outline) < 9:
            level = int(outline) + 1
        if level:
            line = " ".join(text.split()).removeprefix("**").removesuffix("**")
            self.put(f"{'#' * min(level, 6)} {mark + ' ' if mark else ''}{line}")
        elif mark:
            indent = "  " * listed[1] if listed else ""
            self.put(f"{indent}{mark} {text}", close=self.listed and mark == "-")
        else:
            self.put(text)
        self.listed = mark == "-"

    def runs(self, element: _Element, boxes: list[_Element], bold: bool) -> Iterator[Piece]:
        """The text of a paragraph's runs; text boxes are set aside."""
        stack = [iter(element)]
        while stack:
            child = next(stack[-1], None)
            if child is None:
                stack.pop()
                continue
            tag = child.tag
            if tag == f"{_W}r":
                yield from self.run(child, boxes, bold)
            elif tag in (f"{_W}del", f"{_W}moveFrom", f"{_W}pPr") or not isinstance(tag, str):
                continue
            else:
                stack.append(iter(child))

    def run(self, run: _Element, boxes: list[_Element], bold: bool) -> Iterator[Piece]:
        properties = run.find(f"{_W}rPr")
        if properties is not None and _on(properties, "w:vanish"):
            return
        style = _value(properties, "w:rStyle") or ""
        bold = bold or self.styles.is_bold(style)
        if properties is not None and properties.find(f"{_W}b") is not None:
            bold = _on(properties, "w:b")
        italic = self.styles.is_italic(style)
        if properties is not None and properties.find(f"{_W}i") is not None:
            italic = _on(properties, "w:i")
        lifted = _value(properties, "w:position") or ""
        raised = _value(properties, "w:vertAlign") == "superscript" or (lifted.isdigit() and int(lifted) > 3)
        for child in run:
            tag = child.tag
            if tag == f"{_W}t":
                text = child.text or ""
                yield Piece(f"<sup>{text}</sup>" if raised and text.strip().isdigit() else text, bold, italic)
            elif tag == f"{_W}tab":
                yield Piece("\t", bold, italic)
            elif tag in (f"{_W}br", f"{_W}cr"):
                yield Piece("\n", bold, italic)
            elif tag == f"{_W}noBreakHyphen":
                yield Piece("-", bold, italic)
            elif tag == f"{_W}sym":
                code = child.get(f"{_W}char", "")
                yield Piece(chr(int(code, 16)) if re.fullmatch(r"[0-9A-Fa-f]{1,4}", code) else "", bold, italic)
            elif tag in (f"{_W}footnoteReference", f"{_W}endnoteReference"):
                kind = "footnote" if "footnote" in tag else "endnote"
                key = f"{kind} {child.get(f'{_W}id')}"
                if key in self.notes:
                    self.used.append((str(len(self.used) + 1), key))
                    yield Piece(f"[^{self.used[-1][0]}]", bold, italic)
            elif tag == f"{_MC}AlternateContent":
                choice = child.find(f"{_MC}Choice")
                boxes.extend((choice if choice is not None else child).iter(f"{_W}txbxContent"))
            else:
                boxes.extend(child.iter(f"{_W}txbxContent"))

    def table(self, table: _Element) -> None:
        """A table as rows with |; a table of one column is a frame around paragraphs."""
        rows = table.findall(f"{_W}tr")
        cells = [[c for c in row.iter(f"{_W}tc") if next(c.iterancestors(f"{_W}tbl")) is table] for row in rows]
        if all(len(row) <= 1 for row in cells):
            for row in cells:
                for cell in row:
                    self.blocks(cell)
            return
        before = self.out
        for at, row in enumerate(cells):
            texts = []
            for cell in row:
                self.out = []
                self.listed = False
                self.blocks(cell)
                texts.append(" ".join("".join(self.out).replace("|", "/").replace("*", "").split()))
            self.out = before
            if any(texts):
                self.put("| " + " | ".join(texts) + " |", close=at > 0 and bool(before) and before[-1].startswith("|"))
        self.listed = False

    def end_notes(self) -> None:
        """The footnotes, in the order of their marks."""
        done = 0
        while done < len(self.used):
            number, key = self.used[done]
            done += 1
            before, self.out, self.listed = self.out, [], False
            self.blocks(self.notes[key])
            text = " ".join("".join(self.out).split())
            self.out = before
            if text:
                self.put(f"[^{number}]: {text}")
