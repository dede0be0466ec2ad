"""Persons and their descriptions in a stretch of text: honorifics, name, post, unit, employer.

Three ways of naming a person are read, left to right:

- name first: 'Ms Catherine Smith, Assistant Secretary, X Branch, Y Department'; without an honorific a post must
  follow ('Rebecca Surtees, an anthropologist'), or the text must be a list of persons ('Paul Buckley from UN-ACT')
- post first, comma: 'the Director of X of the Ministry of Y, Mr Z'
- post first, no comma: 'President of Moldova Maia Sandu', 'Minister Dutton'
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph_build.extract.people.names import APPOSITIVE, MARKS, NAME_TITLES, Names, Range
from graph_build.records import Mention

_SUBJECT = re.compile(
    r"on (?:the )?[a-z][a-z ,-]{3,110}?(?=, (?:[a-z]+ed|gave|spoke|made|said|led|who|also|then)\b|, (?:Mr|Ms|Mrs|Dr|H\.E|Prof))"
)
_LONGEST = 60
"""Tokens of one piece of a description; no post of any paper is longer."""


@dataclass(frozen=True, slots=True)
class Described:
    """A person as one place of a text describes them; all ranges are offsets of that text.

    start, end   the whole, honorifics and employer included
    name         without honorifics and letters after the name
    rank         an honorific that is a post as well ('Ambassador'), where there is one
    pieces       the pieces of the description, as ranges of tokens, without the commas between them
    rule         which way of naming it is
    """

    start: int
    end: int
    name: Range
    rank: Range | None
    pieces: tuple[tuple[int, int], ...]
    rule: str


class Reader(Names):
    """Reads the persons of one list of tokens, with what is said of them."""

    def phrase(self, i: int, naming: bool) -> int:
        """Index after the noun phrase that starts at token i: capitals, mentions, words of posts and what binds them.

        naming  a name is to follow ('President of Moldova Maia Sandu'): stop before it
        """
        k = i
        lex = self.lex
        while k < self.n and k - i < _LONGEST:
            t = self.toks[k]
            word = t.low
            if t.text in (",", ";", ".", ":", ")", "!", "?"):
                break
            if t.text == "(":
                close = next((j for j in range(k + 1, min(k + 9, self.n)) if self.toks[j].text == ")"), -1)
                if (
                    close < 0
                    or k == i
                    or not self.toks[k + 1].cap
                    or self.toks[close - 1].low in ("chair", "co-chair", "rapporteur")
                ):
                    break
                k = close + 1
                continue
            if t.mention is not None and t.mention.kind == "date":
                break
            if (
                t.mention is not None
                and t.mention.kind in ("state", "adjective", "body", "instrument", "event")
                and t.mention.start == t.start
            ):
                if naming and k > i and self.named_here(k):
                    break
                k = self.beyond(k)
                continue
            if k > i and t.cap and self.honorific(k)[0] > k and self.given(self.honorific(k)[0]):
                break
            if t.cap or t.text[0].isdigit() and k > i and self.toks[k - 1].cap:
                if naming and k > i and self.named_here(k):
                    break
                k += 1
                continue
            if word == "on" and k > i and self.toks[k - 1].low in ("rapporteur", "representative", "envoy", "expert"):
                # 'Special Rapporteur on trafficking in persons, especially women and children, gave'
                subject = _SUBJECT.match(self.text, t.start)
                if subject is not None:
                    while k < self.n and self.toks[k].start < subject.end():
                        k += 1
                    break
            if word in lex.binders or t.text in ("&", "/", "-", "–"):
                if k == i and word not in ("of", "from", "for", "at", *APPOSITIVE):
                    break
                nxt = k + 1
                while self.token(nxt) in lex.binders and nxt < self.n and not self.toks[nxt].cap and nxt - k < 4:
                    nxt += 1
                if nxt >= self.n:
                    break
                follow = self.toks[nxt]
                if (
                    follow.mention is not None
                    and follow.mention.kind in ("date", "event")
                    or follow.mention is not None
                    and follow.mention.kind == "place"
                    and word in ("in", "at", "to")
                ):
                    break
                if word in ("and", "&") and (self.starts_person(k + 1) or self.starts_person(nxt)):
                    break
                if not (
                    follow.cap or follow.low in lex.heads or follow.low in lex.modifiers or follow.low in lex.units
                ):
                    break
                if word in ("and", "&") and not follow.cap and self.post(nxt) < 0:
                    break
                k = nxt
                continue
            if word in lex.heads or word in lex.modifiers or (word in lex.units and k > i):
                if (
                    word
                    in (
                        "lead",
                        "head",
                        "chair",
                        "co-chair",
                        "state",
                        "speaker",
                        "research",
                        "people",
                        "associate",
                        "partner",
                        "author",
                        "chief",
                    )
                    and self.post(k) < 0
                    and k > i
                    and self.toks[k - 1].low not in lex.modifiers
                ):
                    break
                k += 1
                continue
            break
        while (
            k > i
            and not self.toks[k - 1].cap
            and (
                self.toks[k - 1].low in lex.binders
                or self.toks[k - 1].low in lex.modifiers
                and self.toks[k - 1].low not in lex.heads
            )
            and self.toks[k - 1].mention is None
        ):
            k -= 1
        return k

    def named_here(self, k: int) -> bool:
        """Whether the name of the post's holder starts at token k, after a post, an office or a state."""
        p = self.toks[k - 1]
        if self.toks[k].mention is not None and self.toks[k].mention is p.mention:
            return False
        if not (p.cap or p.low in self.lex.heads) or p.text in MARKS and p.text != ")":
            return False
        end, after = self.name(k, False)
        if end == k:
            return False
        if end - k < 2 and p.low not in self.lex.heads:
            return False
        # 'Minister Dutton', 'President of Moldova Maia Sandu'; not 'Minister Foreign', 'Secretary Ban of'
        if (
            after < self.n
            and self.toks[after].cap
            and self.toks[after].mention is None
            and self.post(after) < 0
            and self.token(after) not in self.lex.suffixes
        ):
            return False
        return self.token(after) != "of" or self.of_party(after)

    def titled(self, i: int) -> bool:
        """Whether 'the POST of X, NAME' starts here: the next of a list of persons with their posts first."""
        k = i + (self.token(i) == "the")
        pieces, end = self.segments(k, naming=True)
        return bool(pieces) and self.token(end) == "," and self.holder(end + 1)

    def of_party(self, i: int) -> bool:
        """Whether 'of STATE' or 'of BODY' stands at token i."""
        k = i + 1 + (self.token(i + 1) == "the")
        m = self.toks[k].mention if k < self.n else None
        return m is not None and m.kind in ("state", "body") and m.start == self.toks[k].start

    def segments(self, i: int, naming: bool = False) -> tuple[list[tuple[int, int]], int]:
        """Comma-separated pieces of a description from token i on, as token ranges, and the index where it ends."""
        found: list[tuple[int, int]] = []
        k = i
        while k < self.n and len(found) < 8:
            start = k
            if self.token(start) == "and" and found:
                start += 1
                if self.post(start) < 0 and self.token(start) not in ("former",):
                    break
            if found and self.starts_person(start):
                break
            if found and (self.post_first(start) or naming and self.holder(start)):
                break
            while self.token(start) in APPOSITIVE and start + 1 < self.n and not self.toks[start].cap:
                start += 1
            if start >= self.n:
                break
            t = self.toks[start]
            if (
                t.mention is not None
                and t.mention.kind in ("date", "event", "group")
                and not (t.mention.kind == "group" and self.post(start) >= 0)
            ):
                break
            bound = (
                t.low in ("of", "from", "at")
                and start + 1 < self.n
                and (self.toks[start + 1].cap or self.token(start + 1) == "the")
            )
            if not (t.cap or bound or self.post(start) >= 0):
                break
            if bound and not found:
                start += 1
                while self.token(start) in ("the", "a", "an") and not self.toks[start].cap:
                    start += 1
            end = self.phrase(start, naming)
            if end == start:
                break
            if found and not self.closes(end, start):
                break
            found.append((start, end))
            k = end
            if naming and k < self.n and self.named_here(k):
                break
            if self.token(k) != ",":
                break
            k += 1
        return found, (found[-1][1] if found else i)

    def holder(self, i: int) -> bool:
        """Whether the name of a post's holder stands at token i, after the post and a comma."""
        end, after = self.name(i, False)
        return (
            end - i >= 2
            and (self.mark(after) or self.token(after) == "and" or not self.toks[after].cap)
            and (self.token(after) != "of" or self.of_party(after))
        )

    def closes(self, end: int, start: int) -> bool:
        """Whether a further piece ends as a piece of a description does, rather than as the subject of a verb."""
        if self.mark(end) or self.token(end) == "and" or self.post(start) >= 0:
            return True
        m = self.toks[start].mention
        last = self.toks[end - 1].low
        return m is not None and m.kind in ("body", "state") or last in self.lex.organisations or last in self.lex.units

    def post_first(self, i: int) -> bool:
        """Whether 'the POST ..., Mr NAME' starts here: the post belongs to the person after it."""
        k = i
        if self.token(k) == "the":
            k += 1
        elif self.honorific(k)[0] > k:
            k = self.honorific(k)[0]
        elif i > 0 and self.token(i - 1) != "and":
            return False
        if self.post(k) < 0:
            return False
        end = self.phrase(k, False)
        while self.token(end) == "," and end + 1 < self.n and end - k < 40:
            j, _ = self.honorific(end + 1)
            if j > end + 1 and self.given(j):
                return True
            if self.starts_person(end + 1) or not self.toks[end + 1].cap:
                return False
            nxt = self.phrase(end + 1, False)
            if nxt == end + 1:
                return False
            end = nxt
        return False

    # persons

    def persons(self) -> list[Described]:
        """Every person described, left to right, not overlapping."""
        found: list[Described] = []
        i = 0
        while i < self.n:
            t = self.toks[i]
            if not t.cap and t.low != "the":
                lower = t.low in self.lex.heads and i > 0 and self.token(i - 1) in ("the", "a", "an", "by")
                after = self.with_post(i) if lower else None
                if after is not None:
                    found.append(after[0])
                i = after[1] if after is not None else i + 1
                continue
            read = self.with_honorific(i) or self.with_post(i) or self.bare(i)
            if read is None:
                i += 1
                continue
            person, i = read
            found.append(person)
        return found

    def chars(self, a: int, b: int) -> Range:
        return self.toks[a].start, self.toks[b - 1].end

    def bare_name(self, a: int, b: int) -> Range:
        """The offsets of a name without a possessive at its end."""
        start, end = self.chars(a, b)
        last = self.toks[b - 1].text
        return start, end - (2 if last.endswith(("’s", "'s")) else 1 if last.endswith(("’", "'")) else 0)

    def with_honorific(self, i: int) -> tuple[Described, int] | None:
        j, rank = self.honorific(i)
        if j == i:
            return None
        if self.token(j) == "the" or (self.post(j) >= 0 and not self.given(j)):
            return self.with_post(j + (self.token(j) == "the"), i)
        end, after = self.name(j, True)
        if end == j:
            return None
        if end - j == 1 and self.toks[j - 1].low in NAME_TITLES:
            # 'Sheikh Hasina'
            j -= 1
        # one capital that is no name: 'Excellencies Ministers', 'Dr Congo'
        if end - j == 1 and (self.toks[j].low in self.lex.groups or len(self.toks[j].text) < 2):
            return None
        return self.described(i, (j, end), after, rank, "honorific")

    def bare(self, i: int) -> tuple[Described, int] | None:
        t = self.toks[i]
        if t.text.isupper() and not self.listing and len(t.text) > 1 and "." not in t.text:
            return None
        if t.mention is not None and not (t.mention.kind in ("place",) and self.beyond(i) == i + 1):
            return None
        end, after = self.name(i, False)
        if not 2 <= end - i <= 5 or not self.follows_name(after):
            return None
        if i > 0 and (
            self.toks[i - 1].cap
            and self.toks[i - 1].text not in MARKS
            and self.toks[i - 1].mention is None
            or self.token(i - 1) in ("of", "for", "’s", "-")
        ):
            return None
        return self.described(i, (i, end), after, None, "listed" if self.listing else "apposition")

    def described(
        self, i: int, name: tuple[int, int], after: int, rank: Range | None, rule: str
    ) -> tuple[Described, int]:
        """The person whose name is at tokens `name`, with the description that follows token `after`."""
        pieces: list[tuple[int, int]] = []
        end = after
        t = self.token(after)
        if self.toks[name[1] - 1].text.endswith(("’s", "'s")):
            pieces = []
        elif t == "," and not self.starts_person(after + 1) and self.token(after + 1) != "and":
            pieces, stop = self.segments(after + 1)
            if pieces and not self.described_by(pieces):
                pieces = []
            if pieces:
                end = stop
        elif t in ("(", "–", "—", "-") and after + 1 < self.n:
            close = (
                next((k for k in range(after, min(self.n, after + 40)) if self.toks[k].text == ")"), self.n)
                if t == "("
                else self.n
            )
            inner = Reader(self.text, self.toks[:close], self.listing)
            pieces, stop = inner.segments(after + 1)
            if pieces and (t == "(" and stop == close and close < self.n or t != "(" and self.post(after + 1) >= 0):
                end = close + 1 if t == "(" else stop
            else:
                pieces = []
        elif t in ("from", "of", "at") and (rule != "apposition") and after + 1 < self.n:
            k = after + 1
            while self.token(k) in APPOSITIVE:
                k += 1
            if k < self.n and self.toks[k].cap and self.kind(k) not in ("date", "event", "place"):
                pieces, stop = self.segments(k)
                if pieces:
                    end = stop
        elif (
            after < self.n
            and self.toks[after].mention is None
            and self.toks[after].cap
            and self.post(after) >= 0
            or self.listing
            and after < self.n
            and self.toks[after].cap
        ):
            pieces, end = self.segments(after)
        person = Described(
            self.toks[i].start,
            self.toks[end - 1].end,
            self.bare_name(*name),
            rank,
            tuple(pieces),
            rule,
        )
        return person, end

    def ends_entry(self, k: int, i: int) -> bool:
        """Whether the description of a person that began at token i ends before token k with his state or body."""
        if self.token(k) == ";":
            return True
        if self.token(k) == ",":
            return k + 1 < self.n and not self.toks[k + 1].cap and self.token(k + 1) not in ("and", "as")
        return (k >= self.n or k == self.n - 1 and self.token(k) == ".") and (self.listing or self.begins(i))

    def begins(self, i: int) -> bool:
        """Whether nothing but marks stands before token i."""
        return all(t.text in MARKS or not t.text[0].isalnum() for t in self.toks[:i])

    def described_by(self, pieces: list[tuple[int, int]]) -> bool:
        """Whether comma-separated pieces after a name say something of the person: a post, an office or a state first.

        'Mr A, Australia and Indonesia noted' is a list of three.
        """
        a, b = pieces[0]
        if self.post(a) >= 0:
            return True
        m = self.toks[a].mention
        if m is not None and m.kind == "state":
            return len(pieces) == 1 and self.token(b) != "and" and b - a < 8 and self.mark(b)
        if (
            m is not None
            and m.kind in ("body", "adjective")
            or self.toks[b - 1].low in self.lex.organisations | self.lex.units
        ):
            return self.token(b) != "and" or self.starts_person(b + 1)
        return self.listing or any(self.post(x) >= 0 for x, _ in pieces[1:])

    def with_post(self, i: int, start: int | None = None) -> tuple[Described, int] | None:
        """'the POST of X, Mr Z', 'POST NAME'; `start` is where honorifics before the post begin."""
        if i >= self.n or self.toks[i].low in APPOSITIVE:
            return None
        lower = not self.toks[i].cap
        if (
            i > 0
            and start is None
            and self.toks[i - 1].cap
            and self.toks[i - 1].text not in MARKS
            and self.token(i - 1) not in self.lex.plain
        ):
            return None
        h = self.post(i)
        if h < 0 or not self.toks[h].cap and not lower:
            return None
        pieces, end = self.segments(i, naming=True)
        if not pieces:
            return None
        after = end
        comma = self.token(end) == ","
        if comma:
            after = end + 1
        if after >= self.n:
            return None
        j, rank = self.honorific(after)
        if j > after:
            stop, beyond = self.name(j, True)
            if stop == j:
                return None
            if stop - j == 1 and j - after == 1 and self.toks[after].low in NAME_TITLES:
                j = after
            if comma and end - i < 3 and self.token(beyond) == "," and self.post(beyond + 1, strict=True) >= 0:
                # 'In the absence of the Minister, Mr A, Secretary to the Ministry, ...'
                return None
        else:
            j = after
            # 'the delegate of Italy, Ms X': without an honorific a post in lower case is read only after the name
            if lower:
                return None
            if not comma and not self.named_here(after):
                return None
            stop, beyond = self.name(after, False)
            if stop - after < (2 if comma or len(pieces) > 1 or self.post(i) + 1 != after else 1):
                return None
            if comma and not self.holder(after):
                return None
            if comma and self.token(beyond) == "," and self.post(beyond + 1) >= 0 and not self.titled(beyond + 1):
                return None
        first = i if start is None else start
        k = beyond + 1
        party = k < self.n and self.kind(k) in ("state", "body")
        if party and self.token(beyond) == "(" and self.token(self.beyond(k)) == ")":
            # 'President A B (Argentina)'
            pieces = [*pieces, (k, self.beyond(k))]
            beyond = self.beyond(k) + 1
        elif party and self.token(beyond) == "," and self.ends_entry(self.beyond(k), i):
            # 'Prime Minister A B, Bangladesh; ...', '- Prime Minister A B, Bangladesh', 'Prime Minister A B, Bangladesh, said'
            pieces = [*pieces, (k, self.beyond(k))]
            beyond = self.beyond(k)
        elif self.token(beyond) in ("of", "from") and beyond + 1 < self.n:
            # 'Minister A B of Argentina'
            k = beyond + 1 + (self.token(beyond + 1) == "the")
            if self.of_party(beyond):
                pieces = [*pieces, (k, self.beyond(k))]
                beyond = self.beyond(k)
        return Described(
            self.toks[first].start,
            self.toks[beyond - 1].end,
            self.bare_name(j, stop),
            rank,
            tuple(pieces),
            "post-first",
        ), beyond


def outer(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions that stand in no other, of those sorted by start, longer first; 'State A B and the European Commission'
    after 'Secretary of' is no name of a body."""
    found: list[Mention] = []
    for m in mentions:
        if m.kind == "body" and text.startswith("State ", m.start) and text.endswith("Secretary of ", 0, m.start):
            continue
        if m.kind != "person" and (not found or m.start >= found[-1].end):
            found.append(m)
    return found
