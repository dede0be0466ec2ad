"""Lines of a text and the marks with which they begin."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Style = Literal["bullet", "arabic", "letter", "LETTER", "roman", "ROMAN", "outline", "sign", "note"]


def words_of(text: str) -> frozenset[str]:
    """The words of a vocabulary that is written as running text."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands before a paragraph, item, heading or footnote.

    style   kind of the mark; `outline` is '2.1', `sign` is '§ 5', `note` the number of a footnote
    label   the number as written, without brackets and stops; the bullet itself for bullets
    form    what is written around the label: '.', ')', '()' ...; siblings of one list have one form
    length  characters that the mark takes from the line, the white space behind it included
    """

    style: Style
    label: str
    form: str
    length: int


@dataclass(slots=True)
class Line:
    """A line that is not blank.

    start, end  source offsets of its text without white space at the ends
    indent      columns of white space before it (a tab counts as four)
    gap         whether a blank line or a page break stands before it
    page        how many form feeds stand before it
    """

    start: int
    end: int
    text: str
    indent: int
    gap: bool
    page: int
    furniture: bool = False

    @property
    def width(self) -> int:
        return self.indent + self.end - self.start


def lines_of(text: str) -> list[Line]:
    """The lines of a text that are not blank, in order; every line end that Unicode knows ends a line."""
    found: list[Line] = []
    offset, gap, page = 0, True, 0
    for raw in text.splitlines(keepends=True):
        content = raw.strip()
        if content:
            lead = len(raw) - len(raw.lstrip())
            start = offset + lead
            indent = lead + 3 * raw.count("\t", 0, lead) if lead else 0
            found.append(Line(start, start + len(content), content, indent, gap, page))
            gap = False
        else:
            gap = True
        if raw[-1] == "\f":
            page += 1
            gap = True
        offset += len(raw)
    return found


BULLETS = "-*+•–—‣▪▫◦●○■□⁃∙·►▶➢➤✓✔→❖◆◇\uf000-\uf0ff"
_MARK = re.compile(
    rf"""
    (?P<bullet>\\?[{BULLETS}](?=[ \t\u00a0]) | [\uf000-\uf0ff•‣▪●■➢❖] | o(?=[ \t\u00a0]+\S) | <!--[ ]*-->\s*[-*](?=\s))
  | (?P<sign>[§¶]{{1,2}}\s*(?P<signed>\d{{1,4}}[a-z]?)[.)]?) (?=\s|$)
  | \[\^(?P<note>[^\]\s]{{1,12}})\]: | \[(?P<bracketed>\d{{1,3}})\](?=\s*\S)
  | <sup>\s*(?P<raised>\d{{1,3}}|[*†‡]{{1,3}}|[a-z])\s*</sup>(?=\s*\S)
  | (?P<tiny>[¹²³⁰⁴-⁹]{{1,3}})(?=\s*\S)
  | (?P<open>\(?)
    (?: (?P<outline>\d{{1,2}}(?:\.\d{{1,2}}){{1,3}})
      | (?P<arabic>\d{{1,3}}[a-z]?)
      | (?P<roman>[ivxl]{{1,6}})
      | (?P<ROMAN>[IVXL]{{1,6}})
      | (?P<letter>[a-z]{{1,2}})
      | (?P<LETTER>[A-Z]) )
    (?P<close>\\?[.)]\)?|[\u2013\u2014-](?=\s)|:(?=\s)|(?=[ ]{{2,}}|\t))
    (?: (?=[\s\u00a0]) | $ | (?<=\d[.)])(?=[A-Z“"*][a-z“"*A-Z]) | (?<=\))(?=[A-Za-z]{{2}}) )
    """,
    re.VERBOSE,
)
_DECORATED = re.compile(
    r"(?P<marks>(?:\*{1,3}|__?|<(?:u|b|strong|em|i)>)+)(?=\(?(?:\d{1,3}|[A-Za-z]|[ivxlIVXL]{1,6})\\?[.)]\s)"
)
_FIRST = frozenset("0123456789(§¶[<¹²³⁰⁴⁵⁶⁷⁸⁹\\" + "-*+•–—‣▪▫◦●○■□⁃∙·►▶➢➤✓✔→❖◆◇_")
_TINY = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_ROMAN_ONLY = re.compile(r"(?i)^(?=[ivxl])(?:xl|l?x{0,3})(?:ix|iv|v?i{0,3})$")
_INITIALS = re.compile(r"[A-Z]\.\s?(?:[A-Z]\.|[A-Z][a-z]+\s+[A-Z])")


def mark_of(line: str) -> Mark | None:
    """The mark with which a stripped line begins, or None: '12.', '(a)', 'iii)', '§ 5', '2.1', '•', '[1]' ..."""
    first = line[0]
    if first not in _FIRST and not ("\uf000" <= first <= "\uf0ff"):
        second = line[1:7]
        if not first.isalpha() or not any(c in second for c in ".)\\ \t\u00a0"):
            return None
    skip = 0
    if first in "*_<" and (decorated := _DECORATED.match(line)):
        skip = decorated.end()
    found = _MARK.match(line, skip)
    if not found:
        return None
    space = found.end()
    while space < len(line) and line[space].isspace():
        space += 1
    if found["bullet"] is not None:
        if space == len(line):
            return None
        return Mark("bullet", found["bullet"].lstrip("\\"), "", space)
    if found["sign"] is not None:
        return Mark("sign", found["signed"], "§", space)
    for name in ("note", "bracketed", "raised", "tiny"):
        if found[name] is not None:
            return Mark("note", found[name].translate(_TINY), name, space)
    if space == len(line):
        return None
    return _numbered(found, line, space)


def _numbered(found: re.Match[str], line: str, space: int) -> Mark | None:
    close = found["close"].lstrip("\\")
    form = ("(" if found["open"] else "") + close
    if found["open"] and ")" not in close:
        return None
    if found["outline"]:
        return Mark("outline", found["outline"], form or ".", space)
    if found["arabic"]:
        if close in ("", "-", "–", "—", ":") and not (line[space].isupper() and not close):
            return None
        return Mark("arabic", found["arabic"], form or "  ", space)
    if close not in (".", ")", ".)"):
        return None
    label = found["roman"] or found["ROMAN"] or found["letter"] or found["LETTER"]
    upper = label.isupper()
    if _ROMAN_ONLY.match(label) and (len(label) > 1 or label in "iIvVxX"):
        if upper and close == "." and _INITIALS.match(line):
            return None
        return Mark("ROMAN" if upper else "roman", label, form, space)
    if len(label) > 1 and label[0] != label[-1]:
        return None
    if upper and close == "." and _INITIALS.match(line):
        return None
    return Mark("LETTER" if upper else "letter", label, form, space)


_SECOND = re.compile(r"\((?P<label>\d{1,2}|[a-z]|[ivx]{1,4})\)\s+(?=\S)")


def compound(mark: Mark, line: str) -> Mark:
    """The mark with the sub-paragraph mark behind it, where there is one: '13. (1) The extradition' gives '13 (1)'."""
    if (
        mark.style in ("arabic", "outline", "sign")
        and mark.form != "()"
        and mark.length < len(line)
        and line[mark.length] == "("
    ):
        found = _SECOND.match(line, mark.length)
        if found and found["label"] in ("1", "a", "i"):
            return Mark(mark.style, f"{mark.label} ({found['label']})", mark.form, found.end())
    return mark


_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50}


def ordinal(mark: Mark) -> int:
    """Position of a mark within its list, from 1; 0 where it has none."""
    label = mark.label.lower()
    if mark.style in ("arabic", "sign"):
        return int("".join(c for c in label.split(" ")[0] if c.isdigit()))
    if mark.style in ("letter", "LETTER"):
        return ord(label[0]) - 96 + 26 * (len(label) - 1)
    if mark.style in ("roman", "ROMAN"):
        values = [_ROMAN_VALUES[c] for c in label]
        return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))
    return 0


_EMPHASIS = re.compile(r"\*+|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)|</?[a-zA-Z][^<>]{0,200}>|<!--.{0,200}?-->|\\(?=[^\w\s])")


def plain(text: str) -> str:
    """A line without emphasis, tags and escapes, for judging what it is."""
    if "*" in text or "<" in text or "_" in text or "\\" in text:
        text = _EMPHASIS.sub("", text)
    return " ".join(text.split())
