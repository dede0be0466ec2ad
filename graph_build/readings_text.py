"""The readings for a terminal: texts side by side, each with paper, paragraph and sentence; made from query rows."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import TypeVar

from graph_build.tables import Table, visible

Row = dict[str, str]
K = TypeVar("K")

_BOLD, _RED, _GREEN, _DIM, _OFF = "\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[2m", "\x1b[0m"
_CHANGED = re.compile(r"\[-(.*?)-\]|\[\+(.*?)\+\]", re.S)


class _Page:
    """Lines of a page of a width, in colour or plain."""

    def __init__(self, width: int, color: bool) -> None:
        self.width, self.color = width, color
        self.lines: list[str] = []

    def head(self, text: str) -> None:
        if self.lines:
            self.lines.append("")
        self.lines += [self._style(line, _BOLD) for line in textwrap.wrap(visible(text), self.width)]

    def say(self, text: str, indent: int = 2, dim: bool = False) -> None:
        pad = " " * indent
        # Marks of a change are kept together and coloured after wrapping, so that colour costs no width.
        for line in textwrap.wrap(visible(text), max(self.width - indent, 30)) or [""]:
            self.lines.append(pad + (self._style(line, _DIM) if dim else self._changes(line)))

    def _style(self, line: str, style: str) -> str:
        return f"{style}{line}{_OFF}" if self.color else line

    def _changes(self, line: str) -> str:
        if not self.color:
            return line
        return _CHANGED.sub(lambda m: f"{_RED if m[1] is not None else _GREEN}{m[0]}{_OFF}", line)

    def text(self) -> str:
        return "\n".join(self.lines) + "\n" if self.lines else ""


def _by(rows: Iterable[Row], key: Callable[[Row], K]) -> Iterator[tuple[K, list[Row]]]:
    for value, group in groupby(rows, key):
        yield value, list(group)


def _place(paper: str, paragraph: str) -> str:
    return f"{paper}, paragraph {paragraph}" if paragraph else paper


def other_speaker(earlier: str, later: str) -> bool:
    """Whether two named speakers differ, not in case or article alone."""
    plain = [re.sub(r"^the\s+", "", who.casefold()) for who in (earlier, later)]
    return all(plain) and plain[0] != plain[1]


def language_text(table: Table, width: int, color: bool) -> str:
    """Each passage that stands again, with the earlier one and what changed."""
    page = _Page(width, color)
    for row in table:
        changed = "the same words" if row["measure"] in ("1", "1.0") else f"{float(row['measure']):.0%} of the words"
        order = (
            ""
            if row["order"] == "later"
            else f" ({row['order']}: "
            + ("two papers of one meeting)" if row["order"] == "same meeting" else "their order in time is not known)")
        )
        page.head(f"{row['later']} says again what {row['earlier']} said: {changed}{order}")
        who = f"{row['earlier_speaker']} → {row['later_speaker']}"
        if other_speaker(row["earlier_speaker"], row["later_speaker"]):
            page.say(f"speaker: {who}")
        page.say(f"{_place(row['earlier'], row['earlier_paragraph'])}:", dim=True)
        page.say(row["earlier_quote"], 4)
        page.say(f"{_place(row['later'], row['later_paragraph'])}:", dim=True)
        page.say(row["later_quote"], 4)
        if row["measure"] not in ("1", "1.0"):
            page.say("changed:", dim=True)
            page.say(row["difference"], 4)
        if row["first"] != row["earlier"]:
            page.say(f"first stood in {row['first']}")
    page.head(
        f"{len(table)} passages that stand again" if len(table) else "no passage of one paper stands again in another"
    )
    return page.text()


_MARKS = {"agree": "=", "differ": "≠", "only-one": "1"}


def accounts_text(table: Table, width: int, color: bool, quotes: bool = True) -> str:
    """Meeting by meeting, what two papers say of each field; what differs with both sentences."""
    page = _Page(width, color)
    for (_, label, one, other), rows in _by(table, lambda r: (r["meeting"], r["meeting_label"], r["one"], r["other"])):
        page.head(f"{label}: {one} and {other}")
        for row in sorted(rows, key=lambda r: ("differ", "agree", "only-one").index(r["result"])):
            remark = f" ({row['remark']})" if row["remark"] else ""
            if row["result"] == "agree":
                both = (
                    row["one_value"]
                    if row["one_value"] == row["other_value"]
                    else f"{row['one_value']} / {row['other_value']}"
                )
                page.say(f"= {row['field']}: {both}{remark}")
            elif row["result"] == "only-one":
                side = "one" if row["one_value"] else "other"
                page.say(f"1 {row['field']}, only {row[side]}: {row[f'{side}_value']}{remark}")
            else:
                page.say(f"≠ {row['field']}{remark}")
                for side in ("one", "other"):
                    page.say(f"{row[side]}: {row[f'{side}_value']}", 4)
                    if quotes and row[f"{side}_quote"] != row[f"{side}_value"]:
                        page.say(f"“{row[f'{side}_quote']}”", 6, dim=True)
    count = {mark: sum(1 for r in table if r["result"] == mark) for mark in _MARKS}
    if len(table):
        page.head(f"{count['agree']} agree, {count['differ']} differ, {count['only-one']} are said by only one")
    else:
        page.head("no meeting of which two papers tell")
    return page.text()


def counts_text(table: Table, width: int, color: bool) -> str:
    """Every stated number with its verdict, the reason and the sentence."""
    page = _Page(width, color)
    said = {"fits": "fits", "does-not-fit": "DOES NOT FIT", "cannot-be-said": "cannot be said"}
    for row in table:
        page.head(f"{row['number']} {row['unit']}: {said[row['result']]}")
        page.say(f"{row['remark']} ({row['about_label']})")
        page.say(f"“{row['quote']}”", 4)
        page.say(_place(row["document"], row["paragraph"]), 4, dim=True)
        if row["list_quote"] and row["list_quote"] != row["quote"]:
            page.say(f"the list: “{row['list_quote']}” ({row['list_in']})", 4)
    page.head(f"{len(table)} checks" if len(table) else "the papers state no numbers that can be held against a list")
    return page.text()


_FOLLOWED = {
    "delivered-on": "delivered on by", "considered": "outcomes considered at", "incorporated": "outcomes went into",
    "reviewed": "reviewed by", "adopted": "adopted by", "body-met": "the body that it called for met:", "repeated": "said again",
}  # fmt: skip
_SCOPES = {
    "meeting": "of the meeting's outcomes as a whole; not said of this commitment",
    "instrument": "of the instrument that it names",
}


def followup_text(table: Table, width: int, color: bool) -> str:
    """Each commitment with what later papers say of it, or that nothing was found and where it was looked for."""
    page = _Page(width, color)
    silent = 0
    for _, rows in _by(table, lambda r: r["commitment"]):
        first = rows[0]
        when = f"{first['meeting_label']}, {first['date']}" if first["date"] else first["meeting_label"]
        page.head(f"[{first['class']}] {first['clause']}")
        page.say(
            f"{first['issuer'] or 'issuer not stated'}; {when or 'meeting not stated'}; {_place(first['document'], first['paragraph'])}",
            dim=True,
        )
        for row in rows:
            if row["follow_up"] not in _FOLLOWED:
                silent += 1
                page.say(row["remark"])
                continue
            scope = f" ({_SCOPES[row['scope']]})" if row["scope"] in _SCOPES else ""
            status = f"; status in its words: {row['status']}" if row["status"] else ""
            page.say(f"→ {_FOLLOWED[row['follow_up']]} {row['by_label']}{scope}{status}")
            page.say(f"“{row['quote']}”", 4)
            page.say(_place(row["followed_in"], row["followed_paragraph"]), 4, dim=True)
    total = len({r["commitment"] for r in table})
    page.head(f"{total} commitments, {silent} without a later mention" if total else "no such commitment")
    return page.text()


def missing_text(table: Table, width: int, color: bool) -> str:
    """The list of what to look for: quoted papers first, with all that is quoted of them."""
    page = _Page(width, color)
    for row in table:
        page.head(f"{row['label']}" + (f" ({row['issued']})" if row["issued"] else ""))
        page.say(f"{row['kind']}, cited in {row['cited_in']}", dim=True)
        for words in filter(None, row["words"].split(" | ")):
            page.say(f"quoted: “{words}”", 4)
        if not row["words"]:
            for quote in filter(None, row["quotes"].split(" | ")[:2]):
                page.say(f"“{quote}”", 4)
    page.head(f"{len(table)} papers are cited and not held" if len(table) else "every cited paper is held")
    return page.text()
