"""What each draft is: title, heading, paragraph, item, row, note or furniture; its number, section, level and lead."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from graph_build.records import BlockKind
from graph_build.segment.drafts import CLOSED, ENDED, Draft, caps, titled
from graph_build.segment.lines import Mark, Style, compound, ordinal

_BOLD = re.compile(
    r"^(?:\*\*|__|<(?:b|strong|u)>|<span style=\"[^\"]*(?:underline|bold)[^\"]*\">)+.*(?:\*\*|__|</(?:b|strong|u|span)>)[:\s]*$",
    re.DOTALL,
)
_ITALIC = re.compile(r"^(?:\*|_)(?![*_]).*(?:\*|_)$", re.DOTALL)
_ANNEX = re.compile(
    r"(?i)^(?:annex|appendix|attachment|enclosure|schedule)(?:es)?\b(?:\s+(?:[A-Z]|\d{1,2}|[ivxl]+))?\b.{0,120}$"
)
_PART = re.compile(
    r"(?i)^(?:part|section|chapter|article|session|day|theme|pillar|panel|agenda item|item)\s+(?:\d{1,2}|[A-Z]|[ivxl]{1,5}|one|two|three|four|five|six|seven|eight|nine|ten)\b(?![,.]?\s+[a-z]+ed\b)"
)
_GENERIC = re.compile(
    r"(?i)^(?:\W|\d|[ivxl]+\.)*(?:introduction|background|preamble|overview|opening(?: (?:session|ceremony|remarks))?|context"
    r"|(?:executive )?summary of (?:discussions?|proceedings)|participants|participation|attendance|agenda)\W*$"
)
_SPEECH = re.compile(r"(?i)^\W*(?:opening|welcom(?:e|ing)|closing|keynote) (?:remarks|address|statement|speech)\W*$")
_DATE = re.compile(
    r"(?i)\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b[\s,.]*(?:\d{1,2}(?:st|nd|rd|th)?\b|(?:19|20)\d\d)|\b(?:19|20)\d\d\b"
)
_PLACE = re.compile(
    r"^(?:[A-Z][\w.'’-]*(?:[ ](?:[A-Z][\w.'’-]*|of|the|and|de|da|del|el|la))*)(?:,[ ][A-Z][\w.'’ -]+){1,3},?$"
)
_VERB = re.compile(
    r"(?i)\b(?:was|were|is|are|will|shall|met|agreed|welcomed|noted|held|hosted|attended|have|has|had|said|recommended)\b"
)
_LEADING = re.compile(
    r"(?i)\b(?:following|as follows|below|namely|including|include[sd]?|to)\W*$|\b(?:the following|as follows)\b"
)


@dataclass(slots=True)
class Role:
    """What a draft becomes; `lead` is a draft's position."""

    kind: BlockKind
    number: str = ""
    section: tuple[str, ...] = ()
    lead: int = -1
    level: int = 0


@dataclass(slots=True)
class _State:
    titles: bool = True
    ordinal: int = 0
    main: int = 0
    number: str = ""
    written: bool = False
    stack: list[tuple[int, str]] = field(default_factory=list)
    stem: int = -1
    items: list[tuple[str, str, int, int, int]] = field(default_factory=list)
    """Open lists, outermost first: style, form, indent, position of the last item, its ordinal."""
    names: bool = False
    """Whether short lines without marks, one a name, follow a stem that ends in a colon."""


def roles_of(drafts: list[Draft]) -> list[Role]:
    """The role of each draft, in one pass from the top."""
    state = _State()
    roles: list[Role] = []
    columns = _name_lists(drafts)
    letterhead = _letterhead(drafts)
    numbers = [ordinal(d.mark) for d in drafts if d.mark and d.mark.style == "arabic" and d.size > 80]
    opens_at = numbers[0] if len(numbers) >= 3 else 0
    for i, draft in enumerate(drafts):
        roles.append(_role(i, draft, drafts, roles, state, columns, letterhead, opens_at))
    return roles


def _role(
    i: int,
    draft: Draft,
    drafts: list[Draft],
    roles: list[Role],
    state: _State,
    columns: set[int],
    letterhead: set[int],
    opens_at: int,
) -> Role:
    section = tuple(t for _, t in state.stack)
    if draft.kind == "furniture" or i in letterhead:
        return Role("furniture", section=section)
    if draft.mark and draft.mark.style == "note":
        return Role("note", draft.mark.label, section)
    if draft.kind == "row":
        state.titles = False
        return Role("row", state.number, section, state.stem)
    if state.titles and _is_title(draft, drafts, i):
        return Role("title", level=draft.level)
    named = draft.mark is None and (i in columns or _is_name(i, draft, drafts, state))
    rank = 0 if named else _rank(draft, drafts, i)
    if rank:
        state.titles = False
        while state.stack and state.stack[-1][0] >= rank:
            state.stack.pop()
        state.stack.append((rank, draft.bare.rstrip(":")))
        state.items.clear()
        state.stem = i
        state.number, state.written, state.names = "", False, False
        number = draft.mark.label if draft.mark and draft.mark.style != "bullet" else ""
        if draft.mark and draft.mark.style == "arabic":
            state.main = 0 if draft.mark.form == "#" else state.main
        return Role("heading", number, section, level=rank)
    state.titles = False
    state.names = named
    if named:
        return _plain_item(i, state, section)
    if draft.mark and _is_item(draft, drafts, i, state):
        return _item(i, draft, drafts, roles, state, section, opens_at > 0)
    if draft.mark is None and _is_clause(i, draft, drafts, state):
        return _plain_item(i, state, section)
    return _paragraph(i, draft, state, section, opens_at > 0, opens_at)


def _paragraph(i: int, draft: Draft, state: _State, section: tuple[str, ...], numbered: bool, opens_at: int) -> Role:
    state.ordinal += 1
    state.items.clear()
    if draft.mark and draft.mark.style != "bullet":
        mark = draft.mark = compound(draft.mark, draft.lines[0].text)
        state.number, state.written = mark.label.split(" ")[0], True
        if mark.style in ("arabic", "sign"):
            state.main = ordinal(mark)
        if " " in mark.label:
            inner = mark.label.rsplit("(", 1)[1].rstrip(")")
            style = "arabic" if inner.isdigit() else "roman" if inner == "i" else "letter"
            state.items.append((style, "()", 0, i, 1))
            state.stem = i
            return Role("paragraph", mark.label, section)
    elif not numbered:
        state.number, state.written = str(state.ordinal), False
    elif not state.written:
        state.number = "1" if state.ordinal == 1 and opens_at == 2 else ""
    state.stem = i
    return Role("paragraph", state.number, section)


def _plain_item(i: int, state: _State, section: tuple[str, ...]) -> Role:
    if not state.items:
        state.items.append(("plain", "", 0, i, 0))
    return Role("item", state.number, section, state.stem, 1)


def _item(
    i: int,
    draft: Draft,
    drafts: list[Draft],
    roles: list[Role],
    state: _State,
    section: tuple[str, ...],
    numbered: bool,
) -> Role:
    mark = draft.mark
    assert mark is not None
    indent = draft.lines[0].indent
    items = state.items
    mark = _as_letter(mark, items)
    place = ordinal(mark)
    style = mark.label if mark.style == "bullet" else mark.style
    for depth in range(len(items) - 1, -1, -1):
        same = items[depth][0] == style and items[depth][1] == mark.form
        if same and (
            mark.style != "bullet" or abs(items[depth][2] - indent) < 2 or depth == 0 and indent <= items[depth][2]
        ):
            del items[depth + 1 :]
            items[depth] = (style, mark.form, indent, i, place)
            break
    else:
        while items and items[-1][2] > indent and items[-1][0] != "plain":
            items.pop()
        if items and items[-1][0] == "plain":
            items.pop()
        items.append((style, mark.form, indent, i, place))
    level = len(items)
    lead = state.stem if level == 1 else items[-2][3]
    if level == 1 and lead >= 0 and not introduces(drafts[lead], draft):
        lead = -1
    if mark.style == "bullet" and level == 1 and not state.written and (lead < 0 or roles[lead].kind == "heading"):
        state.ordinal += 1
        state.number = str(state.ordinal) if not numbered else ""
    number = state.number
    if mark.style != "bullet":
        label = mark.label if mark.form == "." else f"({mark.label})"
        above = roles[lead].number if lead >= 0 and level > 1 else (state.number if state.written else "")
        number = f"{above} ({mark.label})" if above else label.strip("()")
        if mark.style == "outline":
            number = mark.label
    return Role("item", number, section, lead, level)


def _as_letter(mark: Mark, items: list[tuple[str, str, int, int, int]]) -> Mark:
    """The mark 'i' behind 'h' is a letter, though it is written as the roman figure."""
    if mark.style in ("roman", "ROMAN") and len(mark.label) == 1:
        style: Style = "letter" if mark.style == "roman" else "LETTER"
        letter = Mark(style, mark.label, mark.form, mark.length)
        if any(it[0] == style and it[1] == mark.form and it[4] == ordinal(letter) - 1 for it in items):
            return letter
    return mark


def introduces(stem: Draft, item: Draft) -> bool:
    """Whether a paragraph or heading introduces the list item behind it."""
    end = stem.last.rstrip("*_ ")
    if stem.kind == "heading" or not ENDED.search(end):
        return True
    tail = " ".join(line.text for line in stem.lines[-4:])[-200:]
    return bool(_LEADING.search(tail)) or item.bare[:1].islower()


def _is_item(draft: Draft, drafts: list[Draft], i: int, state: _State) -> bool:
    mark = draft.mark
    assert mark is not None
    if mark.style in ("bullet", "letter", "roman"):
        return True
    if mark.style in ("LETTER", "ROMAN"):
        return True
    if mark.style == "outline":
        return False
    if mark.style == "sign":
        return False
    place = ordinal(mark)
    opened = state.stem >= 0 and drafts[state.stem].last.rstrip("*_ ").endswith((":", "–", "—"))
    active = next((it for it in reversed(state.items) if it[0] == "arabic" and it[1] == mark.form), None)
    if active is not None and place == active[4] + 1:
        if (
            place == state.main + 1
            and draft.lines[0].indent <= active[2]
            and draft.size > 120
            and ENDED.search(draft.last)
        ):
            before = drafts[active[3]]
            return draft.size < 2.5 * before.size
        return True
    if place == 1 and opened and not (state.main == 0 and draft.size > 400):
        return True
    if state.main and place == state.main + 1:
        return False
    if mark.form in ("()", ")") and state.main:
        return True
    return place == 1 and draft.size < 60 and not ENDED.search(draft.last)


def _is_name(i: int, draft: Draft, drafts: list[Draft], state: _State) -> bool:
    """A line of a list of names that a colon opens: 'was attended by:' 'Australia' 'Mr A, Ambassador'."""
    if draft.kind != "text" or len(draft.lines) > 2 or draft.size > 120 or not titled(draft.bare.rstrip(",;.*")):
        return False
    if state.names:
        return not _ANNEX.match(draft.bare) and not _BOLD.match(_source(draft))
    stem = drafts[state.stem] if state.stem >= 0 else None
    previous = next((j for j in range(i - 1, max(-1, i - 4), -1) if drafts[j].kind != "furniture"), -1)
    return (
        stem is not None and previous == state.stem and stem.last.rstrip("*_ ").endswith(":") and not caps(draft.bare)
    )


def _is_clause(i: int, draft: Draft, drafts: list[Draft], state: _State) -> bool:
    """A clause of a list without marks: 'Through the Declaration the Forum:' 'resolved ...;' 'determined ...;'."""
    previous = next((drafts[j] for j in range(i - 1, max(-1, i - 6), -1) if drafts[j].kind != "furniture"), None)
    if previous is None or not draft.bare[:1].islower():
        return False
    end = previous.last.rstrip("*_ ")
    opened = end.endswith(":") and previous is (drafts[state.stem] if state.stem >= 0 else None)
    inside = bool(state.items) and end.endswith((";", "; and", ";and", "; or", ", and"))
    return opened or inside


def _is_title(draft: Draft, drafts: list[Draft], i: int) -> bool:
    """Whether a draft at the top belongs to the title: no prose, no number, no heading that every paper has."""
    if (
        re.match(r"(?i)(?:we|having|recalling|reaffirming|mindful|conscious)(?:,|\s)\s*\S", draft.bare)
        and draft.size > 60
    ):
        return False  # the enacting words of a declaration
    if draft.mark and draft.mark.form != "#":
        return False
    text = draft.bare
    if len(text) > 330 or len(draft.lines) > 6:
        return False
    if _GENERIC.match(text):
        # 'Opening remarks' above everything is what the paper is
        return _SPEECH.match(text) is not None and all(d.kind == "furniture" for d in drafts[:i])
    if draft.kind == "heading" or caps(text) or _BOLD.match(_source(draft)):
        return not (ENDED.search(text) and _VERB.search(text)) and not _opens_section(draft, drafts, i)
    if _ITALIC.match(_source(draft)) and len(text) < 200:
        return True
    if (text[-1:] in ".;:" or ENDED.search(draft.last)) and not re.search(r"\b[A-Z]\.$|\(\w+\.\)$", text):
        return len(text) < 80 and not _VERB.search(text) and bool(_DATE.search(text))
    if len(text) > 260:
        return False
    if titled(text) or _DATE.search(text) and not _VERB.search(text) or _PLACE.match(text):
        return True
    return len(text) < 140 and not _VERB.search(text) and text[-1:] != ","


def _opens_section(draft: Draft, drafts: list[Draft], i: int) -> bool:
    """Whether a heading near the top, after other titles, opens the first section: another of its make follows later.

    Judged by kind: a deeper ATX heading directly above prose, with a sibling of its level further on.
    """
    if draft.kind != "heading" or i == 0 or not any(d.kind != "furniture" for d in drafts[:i]):
        return False
    following = next((d for d in drafts[i + 1 : i + 6] if d.kind != "furniture"), None)
    if following is None or following.kind == "heading" or following.size < 120:
        return False
    before = [d for d in drafts[:i] if d.kind == "heading" and d.level <= draft.level]
    siblings = sum(1 for d in drafts[i + 1 :] if d.kind == "heading" and d.level == draft.level)
    same = [d for d in drafts[i + 1 :] if d.kind == "heading" and d.bare == draft.bare]
    return bool(before) and siblings > 0 and not same and not _DATE.search(draft.bare) and len(draft.bare) < 80


def _source(draft: Draft) -> str:
    return " ".join(line.text for line in draft.lines[:6])


def _rank(draft: Draft, drafts: list[Draft], i: int) -> int:
    """Rank of a heading, 1 the highest; 0 where the draft is none."""
    text = draft.bare
    if draft.kind == "heading":
        return draft.level
    if len(text) > 180 or len(draft.lines) > 3 or not text or text.startswith(("We, ", "WE, ")):
        return 0
    mark = draft.mark
    if mark is not None:
        if mark.style in ("bullet", "note", "sign") or ENDED.search(text) or text[-1] in ";,:" or len(text) > 110:
            return 0
        if mark.style in ("letter", "roman") or mark.form in ("()", ")"):
            return 5 if _is_topic(i, draft, drafts) else 0
        if not (caps(text) or titled(text) or _BOLD.match(draft.lines[0].text[mark.length :])):
            return 0
        following = next((d for d in drafts[i + 1 : i + 5] if d.kind != "furniture"), None)
        if following is None:
            return 0
        sibling = following.mark is not None and following.mark.style == mark.style and following.mark.form == mark.form
        if (
            sibling
            and following.mark is not None
            and ordinal(following.mark) == ordinal(mark) + 1
            and following.size < 140
        ):
            return 0
        return {"ROMAN": 2, "LETTER": 3, "arabic": 3, "outline": 2 + text.count(".")}.get(mark.style, 3)
    if _ANNEX.match(text) and not ENDED.search(text) and len(text) < 100 and not _VERB.search(text):
        return 1
    if text[-1] in ",;" or ENDED.search(text) and not text.endswith(("?", "D.C.")):
        return 0
    if caps(text):
        return 2 if len(text) < 160 else 0
    whole = _source(draft)
    if _BOLD.match(whole):
        return 3
    if text[-1] == ":":
        return 4 if len(text) < 60 and titled(text[:-1]) and draft.gap and draft.behind else 0
    if _PART.match(text) and len(text) < 100:
        return 3
    following = next((d for d in drafts[i + 1 : i + 5] if d.kind != "furniture"), None)
    if following is None or (_DATE.search(text) and _dateline(text)):
        return 0
    if _ITALIC.match(whole) and len(text) < 120 and not CLOSED.search(text):
        return 4
    words = len(text.split())
    if titled(text) and words <= 16:
        return 4
    prose = following.size > 100 or following.mark is not None
    if (
        draft.gap
        and draft.behind
        and words <= 10
        and text[0].isupper()
        and not _VERB.search(text)
        and prose
        and text[-1] != ","
    ):
        return 4
    return 0


def _is_topic(i: int, draft: Draft, drafts: list[Draft]) -> bool:
    """A lettered line that heads numbered paragraphs: '(a) The London Scheme' above '15. ...'."""
    following = next((d for d in drafts[i + 1 : i + 5] if d.kind != "furniture"), None)
    before = next((d for d in reversed(drafts[max(0, i - 4) : i]) if d.kind != "furniture"), None)
    return (
        following is not None
        and following.mark is not None
        and following.mark.style == "arabic"
        and following.mark.form in (".", "  ")
        and following.size > 100
        and len(draft.bare) < 90
        and draft.bare[0].isupper()
        and (before is None or not before.last.rstrip("*_ ").endswith((":", ";", ",", " and", " or")))
    )


def _name_lists(drafts: list[Draft]) -> set[int]:
    """Drafts that are lines of a list of names without marks: four and more short lines in a row, alike in make."""
    found: set[int] = set()
    run: list[int] = []

    def close() -> None:
        if len(run) >= 4:
            found.update(run)
        run.clear()

    for i, draft in enumerate(drafts):
        text = draft.bare
        short = (
            draft.kind == "text"
            and draft.mark is None
            and len(draft.lines) == 1
            and 1 < len(text) < 90
            and not CLOSED.search(text)
            and not _BOLD.match(draft.lines[0].text)
            and titled(text.rstrip(",;*"))
            and not _ANNEX.match(text)
        )
        if short and run and caps(text) != caps(drafts[run[-1]].bare):
            close()
        if short:
            run.append(i)
        elif draft.kind != "furniture":
            close()
    close()
    return found


def _letterhead(drafts: list[Draft]) -> set[int]:
    """The letterhead of a secretariat that names its members: twelve and more very short lines above the title."""
    head: list[int] = []
    for i, draft in enumerate(drafts[:200]):
        if draft.kind == "furniture":
            continue
        if draft.kind != "text" or draft.mark is not None or draft.size > 45 or any(c.isdigit() for c in draft.bare):
            if len(head) == 0 and i < 6:
                continue
            break
        head.append(i)
    return set(head) if len(head) >= 12 else set()


def line_breaks(draft: Draft) -> list[int]:
    """Source offsets of those lines of a title before which a new statement begins: a place, a date, what follows them."""
    found: list[int] = []
    for before, line in zip(draft.lines, draft.lines[1:], strict=False):
        a, b = before.text.strip("*_ #"), line.text.strip("*_ #")
        if _dateline(a) or _dateline(b):
            found.append(line.start)
    return found


def _dateline(text: str) -> bool:
    date = _DATE.search(text)
    if date and len(text) < 60:
        rest = _DATE.sub("", text)
        return sum(w[:1].isalpha() for w in rest.split()) <= 6
    return len(text) < 50 and bool(_PLACE.match(text))
