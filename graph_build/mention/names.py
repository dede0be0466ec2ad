"""Proper names by form: capitalised phrases whose head noun says what they name.

A name is premodifiers, a head noun and its complements: 'Bali Process Working Group on Trafficking in Persons',
'Protocol to Prevent, Suppress and Punish Trafficking in Persons'. What stands before and after is decided by the head
nouns, posts and sentence openers of `rules/heads.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from graph_build import rules
from graph_build.mention import ordinals
from graph_build.mention.tokens import CONNECTORS, Token, heads

_POST_BEFORE = re.compile(
    r"(?:\b[Mm]inisters?(?:\s+of\s+[Ss]tate)?|\b[Ss]ecretary\s+of\s+[Ss]tate|\b[Ss]hadow\s+[Mm]inister)\s+(?:for|of)\s+(?:the\s+)?$"
)
# Who makes up a body: 'Community of Coffee States'
_JOINED = frozenset(("states", "nations", "countries", "peoples", "parties", "experts", "governments"))
# 'Director of Management Policy' is a post, not a policy
_OFFICER_BEFORE = re.compile(
    r"(?:\b[Dd]irector(?:-[Gg]eneral)?|\b[Hh]ead|\b[Cc]hief|\b[Ss]ecretary|\b[Cc]oordinator|\b[Aa]dvis[eo]r|\b[Oo]fficer|\b[Ss]pecialist)\s+(?:of|for|on)\s+(?:the\s+)?$"
)
_GATHERED = rules.word_list("gathered")
_LANDS = frozenset(("island", "islands", "peninsula", "lake", "river"))
_RANKS = frozenset(("senior", "deputy", "assistant", "acting", "special", "vice", "under"))
_THIN = rules.word_list("thin_heads")
_PREPOSITIONS = rules.word_list("prepositions")
_ARTICLES = frozenset(("the", "a", "an", "its", "their"))
_ORDINAL = re.compile(rf"(?i){ordinals.PATTERN}")


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name by form. `head` is its head noun, `bare` says that the head stands alone ('the Working Group')."""

    kind: str
    start: int
    end: int
    head: str
    bare: bool
    unit: bool = False
    ordinal: bool = False


class Parser:
    """Finds names in one list of tokens."""

    def __init__(self, text: str, items: list[Token]) -> None:
        self.text = text
        self.items = items
        self.h = heads()

    def gap(self, i: int) -> str:
        """The text between token i and the next."""
        return self.text[self.items[i].end : self.items[i + 1].start] if i + 1 < len(self.items) else "\n"

    def near(self, i: int) -> bool:
        """Whether token i is followed by the next with white space, a possessive or a joining dash only."""
        gap = self.gap(i)
        if re.fullmatch(r"(?:['’]s?)?\s+|[-–]", gap):
            return True
        return (
            bool(re.fullmatch(r"\s?[-–]\s?", gap))
            and self.items[i].known in ("state", "body")
            and self.items[i + 1].known in ("state", "body")
        )

    def head_at(self, i: int) -> str:
        """The head noun that ends at token i, two-word heads first; '' where there is none."""
        t = self.items[i]
        if not t.cap or t.known in ("state", "adjective"):
            return ""
        if t.known == "body":
            last = t.low.split()[-1]
            if " " not in t.low:
                return ""
            # 'Twentieth South Pacific Forum' is a meeting of that forum
            numbered = i > 0 and self.near(i - 1) and _ORDINAL.fullmatch(self.items[i - 1].low) is not None
            kind = self.h.kind.get(last)
            return last if kind == "body" or (numbered and (kind == "event" or last in self.h.body_too)) else ""
        if i and self.items[i - 1].cap and f"{self.items[i - 1].low} {t.low}" in self.h.kind:
            return f"{self.items[i - 1].low} {t.low}"
        if re.fullmatch(r"(?:cop|mop|cmp|mc|unga|wha|csw|cosp) ?-?\d{1,3}", t.low):
            return "conference"
        return t.low if t.low in self.h.kind else ""

    def stops(self, i: int) -> bool:
        """Whether a name cannot run on over token i."""
        t = self.items[i]
        if t.low in self.h.posts:
            return not t.cap or not self.post_in_name(i)
        return not t.cap or t.low in self.h.openers

    def post_in_name(self, i: int) -> bool:
        """'Senior Officials Meeting', 'Foreign Ministers' Conference', 'Attorney-General's Department', 'Leaders' Statement': a
        post or group word right before a head, or between capitals of a name."""
        j = i + 1
        while j < len(self.items) and self.items[j].cap and self.near(j - 1) and j <= i + 3:
            if self.head_at(j):
                return True
            j += 1
        return False

    def left(self, h: int) -> int:
        """First token of the premodifiers of the head at token h."""
        i = h
        while i > 0:
            p = self.items[i - 1]
            if self.near(i - 1) and p.cap and not self.stops(i - 1):
                i -= 1
            elif (
                i > 1
                and p.low == "in"
                and self.near(i - 1)
                and self.near(i - 2)
                and self.items[i - 2].cap
                and not self.items[i].known
                and not self.stops(i - 2)
                and not self.head_at(i - 2)
                and i != h
            ):
                # 'Trafficking in Persons Project'
                i -= 2
            elif (
                i > 1
                and p.low in ("and", "&")
                and self.near(i - 1)
                and self.near(i - 2)
                and self.items[i - 2].cap
                and not self.items[i - 2].known
                and not self.stops(i - 2)
                and i != h + 1
                and self.joinable(i - 2, i, h)
            ):
                i -= 2
            else:
                break
        return i

    def joinable(self, left: int, right: int, h: int) -> bool:
        """Whether 'X and Y HEAD' is one name: X has no head of its own and no article before it."""
        i = left
        if re.fullmatch(r"(?:19|20)\d\d", self.items[left].text):
            return False
        while i >= 0 and self.items[i].cap:
            if (
                (self.head_at(i) and self.head_at(i) not in self.h.weak)
                or self.items[i].known
                or self.items[i].low in self.h.posts
            ):
                return False
            if i == 0 or not self.near(i - 1):
                break
            i -= 1
        # 'Government and Business Forum', 'International Law and Human Rights Division'; not 'Bangkok and Regional Forum'
        return right <= h

    def complement(self, end: int, kind: str, head: str) -> int:
        """Index after the last token of the complements that follow token end-1."""
        items, n = self.items, len(self.items)
        i = end
        while i < n:
            k = i
            if not self.near(i - 1):
                # a list inside the complement: ', Trafficking in Persons and Related Crime'
                if items[i].text == "," and i > end and (stop := self.listed(i)) > i:
                    i = stop
                    continue
                break
            t = items[k]
            if t.low in _PREPOSITIONS and not t.cap:
                if t.low == "by" or (t.low == "at" and kind != "instrument"):
                    break
                if t.low == "in" and kind == "event" and i == end:
                    break
                k += 1
                if k < n and items[k].low in _ARTICLES and not items[k].cap and self.near(k - 1):
                    k += 1
                if k >= n or not self.near(k - 1) or not items[k].cap:
                    break
                first = items[k]
                if (
                    t.low in ("in", "at", "to", "with", "by", "from", "on")
                    and first.known in ("state", "body", "place")
                    and (t.low != "on" or first.known == "body")
                ):
                    break
                if t.low == "in" and self.before_state(self.run(k)):
                    break
                if t.low == "on" and kind == "event" and items[self.run(k) - 1].low in _LANDS:
                    break
                if (
                    first.low in self.h.openers
                    and first.low != "all"
                    and not (kind == "event" and first.low in _GATHERED)
                ) or re.match(r"(?:19|20)\d\d", first.text):
                    break
                if t.low in ("in", "with") and kind != "event" and self.head_run(k) and not self.event_run(k):
                    break
                if t.low in ("for", "on", "to") and first.low in self.h.posts and not self.post_in_name(k):
                    break
                stop = self.run(k, posts=t.low == "of")
                who = _GATHERED if kind == "event" else _JOINED
                while t.low == "of" and stop < n and items[stop].low in who and items[stop].cap and self.near(stop - 1):
                    stop = self.run(stop)
                if stop < n and items[stop].low in self.h.posts and not items[stop].cap and self.near(stop - 1):
                    break
                i = stop
                while (
                    t.low == "to"
                    and i + 1 < n
                    and items[i].low in _ARTICLES
                    and items[i + 1].cap
                    and self.near(i - 1)
                    and self.near(i)
                ):
                    i = self.run(i + 1)
            elif t.low in ("and", "&", "or") and i > end and k + 1 < n and self.near(k):
                k += 1
                article = items[k].low in _ARTICLES and not items[k].cap
                k += article
                if (
                    k >= n
                    or not items[k].cap
                    or items[k].known in ("state", "body")
                    or (self.stops(k) and items[k].low != "other")
                ):
                    break
                # 'a Memorandum on X and a Letter of Intent on Y' are two names
                if self.head_run(k, weak=article):
                    break
                i = self.run(k)
            else:
                break
        return i

    def head_run(self, k: int, weak: bool = False) -> bool:
        """Whether the run of capitals at token k holds a head noun of its own; weak heads count where asked for."""
        i = k
        n = len(self.items)
        while i < n and self.items[i].cap:
            if self.head_at(i) and (weak or self.head_at(i) not in self.h.weak):
                return True
            if i + 1 < n and not self.near(i):
                break
            i += 1
        return False

    def body_run(self, k: int) -> bool:
        """Whether the run of capitals at token k ends in a head noun of bodies."""
        return self.h.kind.get(self.head_at(self.run(k) - 1)) == "body"

    def run(self, k: int, posts: bool = False) -> int:
        """Index after the run of capitals at token k; stops before posts and openers. With `posts` the second word may be
        one: 'Office of the Attorney General'."""
        n = len(self.items)
        i = k + 1
        while (
            i < n
            and self.near(i - 1)
            and self.items[i].cap
            and (not self.stops(i) or (posts and i == k + 1 and self.items[i].low == "general"))
            and not (self.items[i].known == "place" and self.before_state(i + 1))
        ):
            i += 1
        if i < n and self.near(i - 1) and self.items[i].cap and self.items[i].low in self.h.posts:
            while i > k + 1 and self.items[i - 1].low in _RANKS:
                i -= 1
        return i

    def event_run(self, k: int) -> bool:
        """Whether the run at token k ends in a head noun of meetings: 'Trafficking in Persons Ninth Annual Meeting'."""
        end = self.run(k)
        return self.h.kind.get(self.head_at(end - 1)) == "event" and end - k > 1

    def before_state(self, k: int) -> bool:
        """Whether a comma and a state follow: what stands before token k is a place."""
        return k + 1 < len(self.items) and self.items[k].text == "," and self.items[k + 1].known == "state"

    def listed(self, i: int) -> int:
        """Index after a list of capitals that starts with the comma at token i and closes with 'and X'; i where none."""
        items, n = self.items, len(self.items)
        k = i
        closed = False
        while k < n and not closed:
            if items[k].text == ",":
                k += 1
                if k < n and items[k].low in ("and", "&", "or"):
                    closed = True
                    k += 1
            elif items[k].low in ("and", "&", "or"):
                closed = True
                k += 1
            else:
                return i
            if k < n and not items[k].cap and items[k].low == "especially":
                k += 1
            if k >= n or not items[k].cap or items[k].known or self.stops(k) or self.head_run(k):
                return i
            k = self.run(k)
            while (
                k + 1 < n
                and items[k].low in ("in", "of")
                and self.near(k - 1)
                and self.near(k)
                and items[k + 1].cap
                and not items[k + 1].known
            ):
                k = self.run(k + 1)
        return k if closed else i

    def names(self) -> Iterator[Name]:
        """Names left to right, not overlapping."""
        items, n = self.items, len(self.items)
        i = 0
        floor = 0
        while i < n:
            if not items[i].cap or not self.head_at(i):
                i += 1
                continue
            if (
                self.head_at(i) in self.h.weak
                and i + 2 < n
                and items[i + 1].low in ("and", "&")
                and not items[i + 1].cap
                and self.near(i)
                and self.near(i + 1)
                and self.body_run(i + 2)
                and i > floor
                and items[i - 1].cap
                and self.near(i - 1)
                and not items[i - 1].known
            ):
                # 'International Law and Human Rights Division'
                i += 1
                continue
            # the last head of the run of capitals decides
            last, j = i, i
            while j + 1 < n and self.near(j) and items[j + 1].cap and not self.stops(j + 1):
                j += 1
                if self.head_at(j):
                    last = j
            head = self.head_at(last)
            kind = self.h.kind[head] if head != "conference" or items[last].low in self.h.kind else "event"
            first = max(self.left(last), floor)
            while first < last and (items[first].low in ("new", "next") or self.stops(first)):
                first += 1
            # 'Declaration of the 8th East Asia Summit on Food Security': a forum's own name ends with its head
            whole = kind == "event" and items[last].known == "body"
            end = last + 1 if whole else self.complement(last + 1, kind, head)
            while end - 1 > last and (
                items[end - 1].known == "adjective" or (not items[end - 1].cap and items[end - 1].low in CONNECTORS)
            ):
                end -= 1
            around = (self.text, max(0, items[first].start - 40), items[first].start)
            if _POST_BEFORE.search(*around) or (kind == "instrument" and _OFFICER_BEFORE.search(*around)):
                floor = i = max(end, last + 1)
                continue
            # a second head right after the complement: 'Bali Process on People Smuggling Ministerial Conference'
            inner = last
            if kind == "event":
                # 'Twelfth Meeting of the Steering Committee of the X Fund' names the committee too
                yield from (
                    n_ for n_ in Parser(self.text, items[last + 1 : end]).names() if n_.kind == "body" and not n_.bare
                )
            if kind == "instrument":
                # 'ASEAN Summit Declaration' names the summit too
                for x in range(last - 1, first, -1):
                    if (
                        self.h.kind.get(self.head_at(x)) == "event"
                        and items[x].cap
                        and self.head_at(x) not in self.h.body_too
                    ):
                        yield Name("event", items[first].start, items[x].end, self.head_at(x), False)
                        break
                # 'Co-Chairs' Statement of the 4th Regional Ministerial Conference' names the conference too
                yield from (
                    n_ for n_ in Parser(self.text, items[last + 1 : end]).names() if n_.kind == "event" and not n_.bare
                )
                owner = next(
                    (
                        x
                        for x in range(last - 2, first - 1, -1)
                        if (re.fullmatch(r"['’]s\s+", self.gap(x)) or items[x].text.endswith(("'s", "’s")))
                        and items[x].low not in self.h.posts
                    ),
                    None,
                )
                first = first if owner is None else owner + 1
            elif items[first].known == "state" and first < last and re.fullmatch(r"['’]s?\s+", self.gap(first)):
                first += 1
            for k in range(last + 1, end):
                found = self.head_at(k)
                if (
                    found
                    and self.h.kind[found] == "event"
                    and k == end - 1
                    and kind != "event"
                    and items[k - 1].cap
                    and found not in self.h.body_too
                ):
                    kind, head, inner = "event", found, k
                    cut = next(
                        (
                            x
                            for x in range(last + 1, k)
                            if _ORDINAL.fullmatch(items[x].low) or items[x].low in ("annual", "ministerial", "special")
                        ),
                        None,
                    )
                    if cut is not None:
                        yield Name("body", items[first].start, items[cut - 1].end, head, False)
            if (
                kind == "instrument"
                and end < n
                and items[end].low in ("for", ",")
                and end + 1 < n
                and re.fullmatch(r"(?:19|20)\d\d\s?[-–‑/]\s?\d{2,4}", items[end + 1].text)
            ):
                end += 2
            words = list(items[first:end])
            low_head = head
            phrase = " ".join(t.low for t in words)
            bare = (
                phrase in self.h.kind
                or all(t.low in low_head.split() for t in words)
                or phrase == "standard operating procedures"
            )
            if not bare and end == last + 1 and kind != "event":
                before = [t.low for t in words if t.low not in low_head.split()]
                if all(
                    b in self.h.generic or _ORDINAL.fullmatch(b) or b in ("and", "&") for b in before
                ) and not re.match(r"\s?\([A-Z]", self.text[items[end - 1].end :]):
                    floor = i = max(end, last + 1)
                    continue
            if (
                kind == "instrument"
                and end == last + 1
                and end < n
                and items[end].cap
                and self.near(last)
                and items[end].low in self.h.posts
            ):
                floor = i = end
                continue
            if low_head in self.h.never and kind == "instrument":
                floor = i = max(end, last + 1)
                continue
            if not bare and (low_head not in self.h.weak or self.strong(first, last, end, low_head)):
                tail = 2 if words[-1].text.endswith(("'s", "’s")) else 1 if words[-1].text.endswith(("s'", "s’")) else 0
                # 'Partnership for Infrastructure' is agreed, 'the Harbour Partnership' acts
                acts = low_head == "partnership" and end == last + 1
                yield Name(
                    "body" if acts else kind,
                    words[0].start,
                    words[-1].end - tail,
                    low_head,
                    False,
                    low_head in self.h.units,
                    bool(_ORDINAL.fullmatch(words[0].low)),
                )
            elif bare:
                yield Name(kind, words[0].start, words[-1].end, low_head, True)
            floor = i = max(end, inner + 1, last + 1)

    def strong(self, first: int, last: int, end: int, head: str) -> bool:
        """Whether a weak head has enough beside it: a capitalised premodifier, or a complement."""
        if any(t.known == "body" for t in self.items[first : last + 1]):
            return True
        least = 1 if head in _THIN else 0
        before = [
            t
            for t in self.items[first : last + 1]
            if t.low not in head.split() and not _ORDINAL.fullmatch(t.low) and t.low not in ("and", "&")
        ]
        return len(before) > least or end > last + 1 or bool(before and before[0].known)
