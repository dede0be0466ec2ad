"""Akoma Ntoso (OASIS LegalDocML), as the United Nations publish it: numbers, headings, paragraphs, tables, notes."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph_build.read.reading import Reading, UnreadableError, encoded

if TYPE_CHECKING:
    from lxml.etree import _Element

_DEEPEST = 200
_BLOCKS = frozenset(
    """p heading subheading crossHeading docTitle docNumber docDate docType docProponent docStage docPurpose preface
    longTitle li tr block signature location""".split()
)
_SKIPPED = frozenset({"meta", "authorialNote", "remark", "img", "marker", "eol"})
_TEXTUAL = frozenset(
    {
        "p",
        "heading",
        "subheading",
        "crossHeading",
        "block",
        "signature",
        "longTitle",
        "listIntroduction",
        "listWrapUp",
        "wrapUp",
        "intro",
    }
)
_LANGUAGES = {"eng": "en", "fra": "fr", "fre": "fr", "spa": "es", "rus": "ru", "ara": "ar", "zho": "zh", "chi": "zh"}
_ENTITY = re.compile(rb"<!ENTITY|<!DOCTYPE[^>\[]*\[")


def read_akn(data: bytes) -> bytes:
    """The reading of an Akoma Ntoso file; files with entities of their own or broken XML are refused."""
    try:
        return encoded(_read(data))
    except UnreadableError as problem:
        return encoded(Reading(problem=problem.what, mend=problem.mend))


def _read(data: bytes) -> Reading:
    from lxml import etree

    if _ENTITY.search(data):
        raise UnreadableError(
            "the XML declares entities of its own", "they can be made to harm; save it without a DOCTYPE"
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.parse(io.BytesIO(data), parser).getroot()
    except etree.XMLSyntaxError as problem:
        line = problem.lineno or 0
        raise UnreadableError(f"the XML is broken at line {line}: {problem.msg}", "fetch it again") from problem
    writer = _Writer()
    for child in root:
        writer.walk(child, 0, 0)
    writer.end_notes()
    return Reading("\n\n".join(writer.out) + "\n", (), _meta(root))


def _name(element: _Element) -> str:
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def _meta(root: _Element) -> tuple[tuple[str, str], ...]:
    """Date, author, language and address from the FRBR block and the publication element."""
    found: dict[str, str] = {}
    names: dict[str, str] = {}
    for element in root.iter():
        name = _name(element)
        if name.startswith("TLC"):
            names["#" + element.get("eId", element.get("id", ""))] = element.get("showAs", "")
        elif name == "FRBRdate" and "date" not in found:
            found["date"] = element.get("date", "")
        elif name == "FRBRlanguage" and "language" not in found:
            language = element.get("language", "")
            found["language"] = _LANGUAGES.get(language, language)
        elif name == "FRBRauthor" and "publisher" not in found:
            found["publisher"] = element.get("href", "")
        elif name == "FRBRuri" and "address" not in found and element.get("value", "").startswith("http"):
            found["address"] = element.get("value", "")
        elif name == "docTitle" and "title" not in found:
            found["title"] = " ".join("".join(str(t) for t in element.itertext()).split())
    publisher = found.get("publisher", "")
    found["publisher"] = names.get(publisher, "" if publisher.startswith(("#", "/")) else publisher)
    if not re.fullmatch(r"\d{4}(?:-\d\d(?:-\d\d)?)?", found.get("date", "")) or found.get("date", "").startswith(
        "0001"
    ):
        found.pop("date", None)
    return tuple((k, v) for k, v in sorted(found.items()) if v)


@dataclass
class _Writer:
    out: list[str] = field(default_factory=list)
    notes: list[tuple[str, _Element]] = field(default_factory=list)

    def walk(self, element: _Element, level: int, depth: int) -> None:
        """Write an element of the body: containers give their parts, blocks a paragraph each."""
        name = _name(element)
        if not name or name in _SKIPPED:
            return
        if depth > _DEEPEST:
            raise UnreadableError(f"the XML is nested deeper than {_DEEPEST} elements", "it may be made to harm")
        if name == "table":
            self.table(element)
            return
        if name == "toc":
            return
        children = [c for c in element if _name(c)]
        number = next((self.line(c) for c in children if _name(c) == "num"), "")
        heading = next((self.line(c) for c in children if _name(c) == "heading"), "")
        if name in ("docTitle", "docNumber", "docDate", "docType") or name in _TEXTUAL or self.leaf(element, children):
            text = self.line(element)
            title = next((t for t in element.iter() if _name(t) == "docTitle"), None)
            level = (
                1 if title is not None and self.line(title) == text else 2 if name in ("heading", "crossHeading") else 0
            )
            if text:
                self.out.append(f"{'#' * level} {text}" if level else text)
            return
        if heading:
            self.out.append(f"{'#' * min(6, 2 + level)} {' '.join(x for x in (number, heading) if x)}")
            number = ""
            level += 1
        for child in children:
            if _name(child) in ("num", "heading"):
                continue
            before = len(self.out)
            self.walk(child, level, depth + 1)
            if number and len(self.out) > before:
                mark = number if number[-1:] in ".)" else number + "."
                if not self.out[before].startswith(("#", "|")):
                    self.out[before] = f"{mark} {self.out[before]}"
                else:
                    self.out.insert(before, mark)
                number = ""

    def leaf(self, element: _Element, children: list[_Element]) -> bool:
        """Whether an element holds running text itself."""
        if (element.text or "").strip() or any((c.tail or "").strip() for c in children):
            return True
        return (
            bool(children)
            and all(
                _name(c)
                in (
                    "ref",
                    "i",
                    "b",
                    "u",
                    "span",
                    "a",
                    "def",
                    "term",
                    "date",
                    "person",
                    "organization",
                    "role",
                    "event",
                    "docTitle",
                    "docNumber",
                    "docDate",
                    "docType",
                    "sup",
                    "sub",
                    "inline",
                    "authorialNote",
                    "location",
                    "entity",
                    "eol",
                )
                for c in children
            )
            and not any(_name(c) == "docTitle" for c in children)
        )

    def line(self, element: _Element) -> str:
        """The words of an element in one line, footnotes as marks."""
        return " ".join("".join(self.words(element)).split())

    def words(self, element: _Element) -> list[str]:
        found: list[str] = []
        stack: list[tuple[_Element, bool]] = [(element, False)]
        while stack:
            node, closing = stack.pop()
            if closing:
                found.append(("*" if _name(node) == "i" else "") + (node.tail or ""))
                continue
            name = _name(node)
            if node is not element:
                stack.append((node, True))
            if name == "authorialNote":
                number = str(len(self.notes) + 1)
                self.notes.append((number, node))
                found.append(f"[^{number}]")
                continue
            if name in ("eol", "br"):
                found.append(" ")
            if name in ("num",) and node is not element:
                continue
            if not name or name in ("meta", "remark", "img"):
                continue
            found.append(("*" if name == "i" and node is not element else "") + (node.text or ""))
            stack += [(child, False) for child in reversed(node)]
        return found

    def table(self, element: _Element) -> None:
        rows = []
        for row in element.iter():
            if _name(row) == "tr":
                cells = [self.line(cell).replace("|", "/") for cell in row if _name(cell) in ("td", "th")]
                if any(cells):
                    rows.append("| " + " | ".join(cells) + " |")
        if rows:
            self.out.append("\n".join(rows))

    def end_notes(self) -> None:
        done = 0
        while done < len(self.notes):
            number, note = self.notes[done]
            done += 1
            text = " ".join(" ".join("".join(self.words(child)) for child in note).split()) or " ".join(
                (note.text or "").split()
            )
            if text:
                self.out.append(f"[^{number}]: {text}")
