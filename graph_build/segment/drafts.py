"""Lines gathered into drafts of blocks, and drafts joined where a page or a conversion cut them."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field

from graph_build.segment.lines import Line, Mark, mark_of, ordinal, plain, words_of

ENDED = re.compile(r"[.!?…](?:['\"”’»)\]*_]|</?\w{1,6}>|\[\^?\d{1,3}\]|<sup>\w{1,3}</sup>|[¹²³⁰⁴-⁹])*(?<!\bU\.S\.)$")
CLOSED = re.compile(r"[.!?…:;](?:['\"”’»)\]*_]|</?\w{1,6}>|\[\^?\d{1,3}\]|<sup>\w{1,3}</sup>|[¹²³⁰⁴-⁹])*$")
_ATX = re.compile(r"#{1,6}(?=[\s*])")
_SETEXT = re.compile(r"^(?:={3,}|-{3,})$")
_OPEN_WORDS = words_of(
    """
    and or of the a an to in on for with by from at as including between under into & that which their its nor
    but regarding concerning against among through towards via per than within our his her this these
    """
)
_OPEN_CAPS = _OPEN_WORDS - {"a", "i", "including", "their", "our", "his", "her", "this", "these"} | {"st"}
_PREAMBLE = re.compile(r"^(?:\w+ly |\w+ly, )?(?:\w+(?:ing|ed)|conscious|aware|mindful|having|being)\b", re.IGNORECASE)
_WORD = re.compile(r"\S+")


@dataclass(slots=True)
class Draft:
    """A block in the making.

    kind    'text', 'heading' (by its own mark), 'row', 'furniture', 'note'
    lines   its lines; `cuts` the starts of those before which page furniture was left out
    mark    the mark with which it begins, if any
    level   of a heading with marks of its own
    gap     whether a blank line or page break stands before it; `behind` the same of what follows
    """

    kind: str
    lines: list[Line]
    mark: Mark | None = None
    level: int = 0
    gap: bool = True
    behind: bool = True
    cuts: list[int] = field(default_factory=list)
    bare: str = ""

    @property
    def start(self) -> int:
        return self.lines[0].start + (self.mark.length if self.mark else 0)

    def seal(self) -> None:
        """Keep the plain text: up to 400 characters from its beginning are enough to judge a block by."""
        text = " ".join(line.text for line in self.lines[:6])
        self.bare = plain(text[self.mark.length :] if self.mark else text)

    @property
    def size(self) -> int:
        return self.lines[-1].end - self.lines[0].start

    @property
    def last(self) -> str:
        return self.lines[-1].text


def margin(lines: list[Line]) -> int:
    """The width at which the text is wrapped by hand, or 0 where paragraphs stand on one line each."""
    widths = sorted(line.width for line in lines if not line.furniture)
    if len(widths) < 3:
        return widths[-1] if widths and widths[-1] <= 100 else 0
    wide = widths[int(len(widths) * 0.95) - 1]
    return wide if wide <= 130 else 0


def gather(lines: list[Line], width: int) -> list[Draft]:
    """Lines joined into drafts: a blank line, a mark, a heading, a table row or the shape of the lines begins a new one."""
    drafts: list[Draft] = []
    current: Draft | None = None
    aligned = _aligned(lines)
    last = len(lines) - 1
    for i, line in enumerate(lines):
        text = line.text
        if line.furniture:
            if (
                current is not None
                and not line.gap
                and len(current.lines) == 1
                and _SETEXT.match(text)
                and current.kind == "text"
                and line.end - line.start < 120
                and current.mark is None
            ):
                current.kind, current.level = "heading", 1 if text[0] == "=" else 2
            drafts.append(Draft("furniture", [line]))
            current = None
            continue
        kind = "row" if i in aligned or (text[0] == "|" and text.count("|") > 2) else "text"
        mark = None
        if text[0] == "#" and (atx := _ATX.match(text)):
            current = Draft("heading", [line], level=atx.end(), gap=line.gap)
            current.mark = Mark("bullet", "#", "#", len(text) - len(text[atx.end() :].lstrip()))
            drafts.append(current)
            continue
        if kind == "text":
            mark = mark_of(text)
        if (
            mark
            and mark.style == "bullet"
            and mark.label in "*-_"
            and text.endswith(("*", "-", "_"))
            and len(text) < 12
        ):
            mark = None
        if (
            current is None
            or kind == "row"
            or current.kind != "text"
            or line.gap
            or (mark and _begins(current, line, mark))
            or _breaks(current, line, width, lines[i + 1] if i < last else None)
        ):
            current = Draft(kind, [line], mark, gap=line.gap)
            drafts.append(current)
        else:
            current.lines.append(line)
    for draft, following in itertools.pairwise(drafts):
        draft.behind = following.gap
    for draft in drafts:
        draft.seal()
    return drafts


_COLUMNS = re.compile(r"(?<=\S)(?:\t+| {3,})(?=\S)")


def _aligned(lines: list[Line]) -> set[int]:
    """Lines whose columns, parted by tabs or three and more spaces, stand under those of a neighbour.

    The white space behind the mark of an item ('-   The President') parts no columns.
    """
    found: set[int] = set()
    before: tuple[int, list[int]] | None = None
    for i, line in enumerate(lines):
        text = line.text
        if line.furniture or ("   " not in text and "\t" not in text) or len(text) > 250:
            before = None
            continue
        mark = mark_of(text)
        own = mark.length if mark else 0
        stops = [m.end() + line.indent for m in _COLUMNS.finditer(text, own)]
        tabs = text.count("\t", own)
        if not stops:
            before = None
            continue
        if (
            before
            and before[0] == i - 1
            and ((tabs and "\t" in lines[i - 1].text) or any(abs(a - b) <= 1 for a in stops for b in before[1]))
        ):
            found.update((i - 1, i))
        before = (i, stops)
    return found


def _begins(current: Draft, line: Line, mark: Mark) -> bool:
    """Whether a mark at the start of a line within a run of lines begins a new block there."""
    previous = current.lines[-1]
    closed = bool(CLOSED.search(previous.text)) or previous.text.endswith((",", "; and", "; or", ", and", ", or"))
    own = current.mark
    if own and own.style == mark.style and own.form == mark.form and (own.style != "bullet" or own.label == mark.label):
        if mark.style == "bullet":
            return True
        return ordinal(mark) == ordinal(own) + 1 or closed
    if mark.style == "bullet":
        return closed or mark.label not in "-–—*+" or current.lines[0].width < 60 and previous.end - previous.start < 60
    if not closed:
        return mark.form in (".", "§") and mark.style == "arabic" and len(current.lines) == 1 and previous.width < 70
    if mark.form == "()":
        inline = "".join(each.text for each in current.lines[-8:])
        opened = mark.label in ("a", "i", "1", "A")
        return opened or f"({chr(ord(mark.label[0]) - 1)}" not in inline
    return True


def _breaks(current: Draft, line: Line, width: int, following: Line | None) -> bool:
    """Whether a paragraph ends between the last line of a draft and this one, with no blank line to say so."""
    previous = current.lines[-1]
    if len(current.lines) < 6 and sum(each.text.count("**") for each in current.lines) % 2:
        return False
    text = line.text
    ended = bool(ENDED.search(previous.text))
    upper = not text[0].islower()
    if not width:
        if previous.end - previous.start > 130:
            return upper or ended
        return upper and (ended or _headline(current) or previous.text.endswith(":"))
    first = _WORD.match(text)
    room = previous.width + 1 + (first.end() if first else 0) <= width * 0.88
    if room and upper and (ended or previous.text.endswith((":", ";"))):
        return True
    if room and previous.text.endswith((":", ";")) and not current.mark:
        return True
    if previous.text[-1] == ";" and current.mark is None and current.lines[0].text[0].islower():
        return True
    if _headline(current) and upper and room and len(current.lines) <= 3:
        return _last_word(previous.text) not in _OPEN_WORDS
    if current.bare == "" and ended and upper and following is not None and not following.gap:
        short = line.width < width * 0.7 and not CLOSED.search(text)
        return short and titled(plain(text)) and not following.text[0].islower()
    return False


def _headline(draft: Draft) -> bool:
    """Whether all lines so far read as a heading."""
    return (
        draft.mark is None
        and len(draft.lines) <= 3
        and all(line.end - line.start < 110 and (caps(line.text) or titled(plain(line.text))) for line in draft.lines)
    )


def _last_word(text: str) -> str:
    return text.rstrip("*_ ").rsplit(None, 1)[-1].lower() if text.strip("*_ ") else ""


def caps(text: str) -> bool:
    """Whether a line is written in capitals."""
    return text.isupper() and sum(map(str.isalpha, text)) > 3


_SMALL = words_of(
    """
    of the and for in on to at with by a an from or as de la du des d' & vs into von der und
    """
)


def titled(text: str) -> bool:
    """Whether a line is written as titles are: no stop at its end, capitals on (nearly) all words that count."""
    if not text or len(text) > 140 or not (text[0].isupper() or text[0].isdigit() or text[0] in "“\"'‘("):
        return False
    if text[-1] in ".;,:" and not text.endswith((" Inc.", " Ltd.", "D.C.")):
        return False
    words = [w for w in text.split() if w[0].isalpha() and w.lower() not in _SMALL]
    return bool(words) and sum(w[0].isupper() for w in words) >= 0.75 * len(words)


def mend(drafts: list[Draft]) -> list[Draft]:
    """Drafts joined where a page break, a running header or a blank line of a conversion cuts a sentence."""
    _number(drafts)
    mended: list[Draft] = []
    open_: Draft | None = None
    between = False
    for draft in drafts:
        if mended and _continues_title(mended[-1], draft):
            mended[-1].lines += draft.lines
            mended[-1].behind = draft.behind
            mended[-1].seal()
            continue
        if draft.kind == "furniture" or (draft.mark is not None and draft.mark.style == "note"):
            mended.append(draft)
            between = True
            continue
        if open_ is not None and draft.kind == "text" and draft.mark is None and goes_on(open_, draft, between):
            if between:
                open_.cuts.append(draft.lines[0].start)
            open_.lines += draft.lines
            open_.behind = draft.behind
            if len(open_.lines) <= 6:
                open_.seal()
        else:
            mended.append(draft)
            open_ = draft if draft.kind == "text" else None
        between = False
    return mended


_BARE_NUMBER = re.compile(r"(\d{1,3})\s+(?=[A-Z“\"][a-z]|\(\w{1,3}\)\s)")


def _number(drafts: list[Draft]) -> None:
    """Marks for paragraphs whose number lost its stop: '16 (1) For the purpose' after paragraph 15."""
    last = 0
    for draft in drafts:
        if draft.mark and draft.mark.style == "arabic" and draft.mark.form != "()":
            last = ordinal(draft.mark)
        elif last and draft.kind == "text" and draft.mark is None and draft.gap and draft.lines[0].text[0].isdigit():
            found = _BARE_NUMBER.match(draft.lines[0].text)
            if found and int(found[1]) == last + 1 and draft.size > 60:
                draft.mark = Mark("arabic", found[1], ".", found.end())
                draft.seal()
                last += 1


def _continues_title(first: Draft, second: Draft) -> bool:
    """Whether a line in capitals is the rest of the one above, broken in the middle: '... BARRIERS TO' 'DEVELOPMENT'."""
    if first.kind != "text" or second.kind != "text" or second.mark is not None or first.size > 200:
        return False
    above, below = first.last.strip("*_ "), second.lines[0].text.strip("*_ ")
    if not (above.isupper() and below.isupper()) or len(second.lines) > 2 or second.size > 120 or len(above) < 20:
        return False
    if above.count("(") > above.count(")") or _last_word(above) in _OPEN_CAPS or above[-1] in ",&":
        return True
    return below.split(None, 1)[0].lower() in _OPEN_CAPS or (len(above) >= 60 and " " not in below)


def goes_on(first: Draft, second: Draft, between: bool) -> bool:
    """Whether the second draft continues the sentence in which the first one stops.

    `between` tells that page furniture stands between them, which makes a cut likely.
    """
    end = first.last.rstrip("*_ ")
    start = second.lines[0].text.lstrip("*_ \"'“‘([")
    if not end or not start or first.size < 25:
        return False
    if caps(end) and first.size < 200 or second.lines[0].text[0] == "|":
        return False
    if ENDED.search(end):
        return False
    long = first.size >= 60 or len(first.lines) > 1 or first.mark is not None
    if end[-1] == ";":
        return between and first.mark is None and start[0].islower() and ";" in first.bare[:-1]
    if end[-1] == ":":
        return False
    if start[0].islower():
        return long or end[-1] in ",-–"
    if not long:
        return False
    if end[-1] in ",-–&" or _last_word(end) in _OPEN_WORDS:
        if _PREAMBLE.match(first.bare) and _PREAMBLE.match(second.bare):
            return False
        return not (caps(second.bare) and second.size < 150)
    prose = CLOSED.search(second.last) is not None and second.size > 30
    if between and first.mark is None or between and first.size > 100:
        return prose or second.size > 120
    return prose and first.mark is not None and first.mark.style in ("arabic", "outline") and first.size > 120
