"""Web pages as people save them: the paper without the navigation around it; nothing is fetched, nothing is run."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph_build.errors import InputError
from graph_build.read.reading import Piece, Reading, UnreadableError, encoded, written
from graph_build.read.text import decode

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode as Node

_DEEPEST = 400
_LARGEST = 400_000
"""Most elements of a page."""
_CHARSET = re.compile(rb"""(?i)<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]{2,40})""")
_GONE = "script style noscript template iframe object embed svg math canvas video audio form button select textarea input nav aside dialog map"
_BLOCKS = frozenset(
    """p div section article main body header footer h1 h2 h3 h4 h5 h6 ul ol li table blockquote pre dl dt dd figure
    figcaption address hr center fieldset details summary tr td th tbody thead tfoot caption hgroup""".split()
)
_HOLDERS = _BLOCKS - {"p", "ul", "ol", "table", "li", "blockquote"}
"""Elements below which a whole paper may stand."""
_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar", "toolbar", "dialog", "alert"}
)
_AROUND = re.compile(
    r"(?i)(?:^|[\s_-])(?:nav|navbar|menu|breadcrumbs?|sidebar|footer|masthead|share|sharing|social|related|cookies?|comments?|advert\w*"
    r"|skip|pagination|pager|toolbar|login|search|subscribe|newsletter|banner|print|sr-only|visually-hidden|tags?|toc)(?:$|[\s_-])"
)
_HIDDEN = re.compile(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden")
_NOTE = re.compile(r"(?i)^_?(?:fn|ftn|footnote|note|endnote|edn)[-_:]?(\d{1,3})$")
_BREAKS = re.compile(r"[\n\r\f\v\x1c-\x1e\x85\u2028\u2029]")
_PLAIN = Piece("")
_OWN_MARK = re.compile(r"^(?:<sup>\d{1,3}</sup>|\[\^?\d{1,3}\]|\d{1,3}[.)]?(?=\s))\s*")
"""The number with which a footnote itself begins."""
_EMPTY_LINE = re.compile(r"\n\s*\n")


def read_html(data: bytes) -> bytes:
    """The reading of an HTML page; pages without text or nested without end are refused."""
    try:
        return encoded(_read(data))
    except UnreadableError as problem:
        return encoded(Reading(problem=problem.what, mend=problem.mend))


def _read(data: bytes) -> Reading:
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(_decoded(data))
    if tree.body is None:
        raise UnreadableError("the page has no text", "save the page again, as a whole")
    if len(tree.css("*")) > _LARGEST:
        raise UnreadableError(f"the page has more than {_LARGEST:,} elements", "save the paper alone")
    meta = _meta(tree.css("meta"), tree.css("title"), tree.css("html"), tree.css("link[rel]"), tree.css("a[rel]"))
    for node in tree.css(_GONE.replace(" ", ",")):
        node.decompose()
    for node in tree.css("[hidden],[style],[role]"):
        attributes = node.attributes
        hidden = "hidden" in attributes or _HIDDEN.search(attributes.get("style") or "")
        if hidden or (attributes.get("role") or "").lower() in _ROLES:
            node.decompose()
    body = tree.body
    if body is None:
        raise UnreadableError("the page has no text", "save the page again, as a whole")
    root = _paper(body)
    writer = _Writer()
    for title in _titles(tree.css("h1"), root):
        writer.put(f"# {title}")
    writer.walk(root, 0)
    text = writer.text()
    if not text.strip():
        raise UnreadableError(
            "the page has no text of its own", "it may be filled in by a script; save the page as shown"
        )
    return Reading(text, (), meta)


def _decoded(data: bytes) -> str:
    """The characters of a page, by its byte order mark, by what it says of its encoding, or as text is read.

    Bytes that are UTF-8 are read so whatever the page says: programs that save pages change the bytes and leave the claim.
    """
    named = _CHARSET.search(data[:4096])
    marked = data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if named and not marked and not _is_utf8(data):
        name = named[1].decode("ascii", "replace").lower()
        name = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252"}.get(name, name)
        try:
            if "16" not in name and "32" not in name and codecs.lookup(name)._is_text_encoding:
                return data.decode(name)
        except (LookupError, UnicodeDecodeError, AttributeError):
            pass
    try:
        return decode(data, "")
    except InputError as problem:
        raise UnreadableError(problem.what, problem.mend) from problem


def _is_utf8(data: bytes) -> bool:
    """Whether bytes beyond ASCII are all UTF-8, which those of another encoding are not by chance."""
    if data.isascii():
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


_META = {
    "title": ("dcterms.title", "dc.title", "og:title", "citation_title"),
    "date": (
        "dcterms.issued",
        "dcterms.date",
        "dc.date.issued",
        "dc.date",
        "citation_publication_date",
        "article:published_time",
        "dcterms.created",
        "date",
        "publish-date",
        "pubdate",
    ),
    "publisher": ("dcterms.publisher", "dc.publisher", "citation_publisher", "og:site_name", "publisher"),
    "language": ("dcterms.language", "dc.language", "language", "content-language"),
    "licence": ("dcterms.license", "dc.rights.license", "dcterms.rights", "dc.rights", "copyright"),
    "address": ("dcterms.identifier", "dc.identifier", "og:url"),
    "series": ("dcterms.ispartof", "dc.relation.ispartof"),
}
_DATE = re.compile(r"^(\d{4})[-/](\d\d)(?:[-/](\d\d))?")


def _meta(
    metas: list[Node], titles: list[Node], pages: list[Node], links: list[Node], anchors: list[Node]
) -> tuple[tuple[str, str], ...]:
    """Date, publisher, licence ... from meta elements (Dublin Core, Open Graph), canonical and licence links."""
    said: dict[str, str] = {}
    for node in metas:
        name = (
            node.attributes.get("name") or node.attributes.get("property") or node.attributes.get("http-equiv") or ""
        ).lower()
        content = " ".join((node.attributes.get("content") or "").split())
        if name and content and len(content) < 500:
            said.setdefault(name.replace("dc:", "dc.").replace("dcterms:", "dcterms."), content)
    found = {key: next((said[n] for n in names if n in said), "") for key, names in _META.items()}
    date = _DATE.match(found["date"])
    found["date"] = "-".join(p for p in date.groups() if p) if date else ""
    for node in (*links, *anchors):
        rel = (node.attributes.get("rel") or "").lower().split()
        href = node.attributes.get("href") or ""
        if "canonical" in rel and not found["address"]:
            found["address"] = href
        if "license" in rel and not found["licence"]:
            found["licence"] = href
    if not found["address"].startswith(("http://", "https://")):
        found["address"] = ""
    if not found["title"] and titles:
        found["title"] = " ".join(titles[0].text().split())
    if not found["language"] and pages:
        found["language"] = pages[0].attributes.get("lang") or ""
    return tuple((k, v) for k, v in sorted(found.items()) if v)


def _children(node: Node) -> Iterator[Node]:
    child = node.child
    while child is not None:
        yield child
        child = child.next


def _prose(node: Node) -> int:
    """Characters of running text below an element: text that is not mostly links."""
    total = len(node.text(deep=True, separator=" ").split())
    linked = sum(len(a.text(deep=True).split()) for a in node.css("a"))
    return max(0, total - linked)


def _paper(body: Node) -> Node:
    """The element that holds the paper: the deepest that still has nearly all running text of the page.

    An element that the page itself calls main or article is taken at once where it has most of the text.
    """
    whole = _prose(body)
    for selector in ("main", "[role=main]", "article"):
        most, found = _most(body.css(selector))
        if found is not None and most > 0.6 * whole:
            body, whole = found, most
            break
    node = body
    for _ in range(_DEEPEST):
        least = max(0.85 * whole, 20)
        # A word and the space behind it are two characters: what has fewer need not be counted.
        inner = [
            c for c in _children(node) if c.tag in _HOLDERS and len(c.text(deep=True, separator=" ")) > 2 * least - 2
        ]
        most, best = _most(inner)
        if best is None or most < least:
            return node
        node = best
    return node


def _most(nodes: list[Node]) -> tuple[int, Node | None]:
    """The first of the elements with the most running text, and how much that is."""
    counts = [_prose(node) for node in nodes]
    most = max(counts, default=0)
    return most, nodes[counts.index(most)] if nodes else None


def _titles(headings: list[Node], root: Node) -> list[str]:
    """The page's own title where it stands outside the element that holds the paper."""
    inside = {" ".join(n.text(deep=True).split()) for n in root.css("h1")}
    if inside:
        return []
    outside = [" ".join(n.text(deep=True).split()) for n in headings]
    return [t for t in outside[:1] if t and len(t) < 300]


def _around(node: Node) -> bool:
    """Whether an element within the paper is navigation or the like: by its name, and few words of its own."""
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}" if attributes else ""
    if len(names) > 1 and _AROUND.search(names):
        return _prose(node) < 60
    if node.tag in ("ul", "ol", "footer", "header"):
        words = len(node.text(deep=True, separator=" ").split())
        return words > 0 and _prose(node) < 0.2 * words
    return False


@dataclass
class _Writer:
    out: list[str] = field(default_factory=list)
    line: list[Piece] = field(default_factory=list)
    """Pieces of the paragraph in the making."""

    def text(self) -> str:
        return "".join(self.out).strip("\n") + "\n"

    def put(self, text: str, close: bool = False) -> None:
        if close and self.out:
            self.out[-1] = self.out[-1][:-1]
        self.out.append(text + "\n\n")

    def flush(self, prefix: str = "", close: bool = False) -> bool:
        """End the paragraph in the making; true where it had words."""
        pieces = self.line
        if not pieces:
            return False
        self.line = []
        text = written(pieces)
        wrote = False
        for part in _EMPTY_LINE.split(text) if "\n" in text else (text,):
            lines = [" ".join(line.split()) for line in part.split("\n")]
            paragraph = "\n".join(line for line in lines if line)
            if not paragraph:
                continue
            self.put(prefix + paragraph, close and not wrote)
            wrote, prefix = True, ""
        return wrote

    def walk(self, root: Node, depth: int) -> None:
        """Write what is below an element."""
        if depth > _DEEPEST:
            raise UnreadableError(f"the page is nested deeper than {_DEEPEST} elements", "save the paper alone")
        for node in _children(root):
            self.node(node, depth, _PLAIN)
        self.flush()

    def node(self, node: Node, depth: int, type_: Piece) -> None:
        tag = node.tag or ""
        if depth > _DEEPEST:
            raise UnreadableError(f"the page is nested deeper than {_DEEPEST} elements", "save the paper alone")
        if tag == "-text":
            text = node.text_content or ""
            if not text.isspace():
                text = text if text.isprintable() else _BREAKS.sub(" ", text)
                self.line.append(Piece(text, type_.bold, type_.italic))
            elif self.line:
                self.line.append(Piece(" ", type_.bold, type_.italic))
        elif tag == "br":
            self.line.append(type_._replace(text="\n"))
        elif tag == "sup":
            self.raised(node, type_)
        elif tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.flush()
            text = " ".join(node.text(deep=True, separator="").split())
            if text:
                self.put(f"{'#' * int(tag[1])} {text}")
        elif tag in ("ul", "ol"):
            self.flush()
            if not _around(node):
                self.list(node, depth, 0)
        elif tag == "table":
            self.flush()
            self.table(node, depth)
        elif tag == "pre":
            self.flush()
            self.put(node.text(deep=True))
        elif tag == "hr":
            self.flush()
        elif tag in _BLOCKS:
            self.flush()
            if not _around(node):
                self.block(node, depth)
        elif not tag.startswith(("-", "!")):
            for child in _children(node):
                bold, italic = type_.bold or tag in ("b", "strong"), type_.italic or tag in ("i", "em", "cite")
                self.node(child, depth + 1, Piece("", bold, italic))

    def block(self, node: Node, depth: int) -> None:
        note = _NOTE.match(node.attributes.get("id") or "")
        before = len(self.out)
        child = node.child
        if child is not None and child.next is None and child.tag == "-text" and not self.line:
            if words := " ".join((child.text_content or "").split()):
                self.put(words)
        else:
            while child is not None:
                self.node(child, depth + 1, _PLAIN)
                child = child.next
            self.flush()
        if note and len(self.out) == before + 1:
            words = _OWN_MARK.sub("", self.out[before].strip())
            self.out[before] = f"[^{note[1]}]: {words}\n\n"

    def raised(self, node: Node, type_: Piece) -> None:
        text = " ".join(node.text(deep=True).split()).strip("[]() ")
        if text.isdigit() and len(text) <= 3:
            linked = any((a.attributes.get("href") or "").find("#") >= 0 for a in node.css("a"))
            self.line.append(type_._replace(text=f"[^{text}]" if linked else f"<sup>{text}</sup>"))
        else:
            self.line.append(type_._replace(text=text))

    def list(self, node: Node, depth: int, level: int) -> None:
        """A list's items, one a line, with the numbers that a browser would show."""
        if depth > _DEEPEST:
            raise UnreadableError(f"the page is nested deeper than {_DEEPEST} elements", "save the paper alone")
        start = node.attributes.get("start") or "1"
        number = int(start) if re.fullmatch(r"\d{1,6}", start) else 1
        kind = node.attributes.get("type") or "1"
        first = True
        for item in _children(node):
            if item.tag in ("ul", "ol"):
                self.list(item, depth + 1, level + 1)
                continue
            if item.tag != "li":
                continue
            value = item.attributes.get("value") or ""
            number = int(value) if re.fullmatch(r"\d{1,6}", value) else number
            note = _NOTE.match(item.attributes.get("id") or "")
            mark = f"[^{note[1]}]:" if note else "-" if node.tag == "ul" else f"{_figure(number, kind)}."
            number += 1
            prefix = "  " * level + mark + " "
            for child in _children(item):
                if child.tag in ("ul", "ol"):
                    first = not self.flush(prefix, not first and not note) and first
                    prefix = "  " * (level + 1)
                    self.list(child, depth + 1, level + 1)
                elif child.tag in _BLOCKS and child.tag != "table":
                    if self.flush(prefix, not first and not note):
                        prefix, first = "  " * (level + 1), False
                    for inner in _children(child):
                        self.node(inner, depth + 2, _PLAIN)
                    if self.flush(prefix, not first and not note and not prefix.isspace()):
                        prefix, first = "  " * (level + 1), False
                else:
                    self.node(child, depth + 1, _PLAIN)
            first = not self.flush(prefix, not first and not note and not prefix.isspace()) and first

    def table(self, node: Node, depth: int) -> None:
        """A table of data as rows with |; a table that only lays out the page as what stands in it."""
        if (
            node.css_first("table table") is not None
            or node.css_first("td p + p + p, td ul, td h1, td h2, td h3") is not None
        ):
            for cell in node.css("td,th"):
                if cell.parent is not None and _own(cell, node):
                    self.block(cell, depth + 1)
            return
        rows = []
        for row in node.css("tr"):
            cells = [" ".join(c.text(deep=True, separator=" ").split()).replace("|", "/") for c in row.css("td,th")]
            if any(cells):
                rows.append(cells)
        if all(len(row) == 1 for row in rows) or any(len(c) > 1200 for row in rows for c in row):
            for texts in rows:
                for text in texts:
                    if text:
                        self.put(text)
        elif rows:
            self.put("\n".join("| " + " | ".join(texts) + " |" for texts in rows))


def _own(cell: Node, table: Node) -> bool:
    """Whether a cell belongs to this table and not to one inside it."""
    parent = cell.parent
    while parent is not None and parent.tag != "table":
        parent = parent.parent
    return parent is not None and parent.mem_id == table.mem_id


def _figure(number: int, kind: str) -> str:
    if kind in "aA" and 0 < number <= 26:
        return chr((97 if kind == "a" else 65) + number - 1)
    if kind in "iI" and 0 < number < 100:
        tens, ones = divmod(number, 10)
        text = ["", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx", "xc"][tens]
        text += ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"][ones]
        return text if kind == "i" else text.upper()
    return str(number)
