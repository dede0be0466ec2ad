"""Persons and their descriptions in a stretch of text: honorifics, name, post, unit, employer.

Three ways of naming a person are read, left to right:

- name first: 'Ms Catherine Smith, Assistant Secretary, X Branch, Y Department'; without an honorific a post must
  follow ('Rebecca Surtees, an anthropologist'), or the text must be a list of persons ('Paul Buckley from UN-ACT')
- post first, comma: 'the Director of X of the Ministry of Y, Mr Z'
- post first, no comma: 'President of Moldova Maia Sandu', 'Minister Dutton'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph_build.extract.people.words import Lexicon, Token, lexicon
from graph_build.records import Mention

Range = tuple[int, int]
_APPOSITIVE = frozenset(("an", "a", "the"))
_MARKS = frozenset(",.;:()!?")
_GREATEST_NAME = 7
_FAR = 12


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


class Reader:
    """Reads the persons of one list of tokens.

    listing  whether the text is known to be a list of persons, in which a bare name followed by an employer, a mark or
             the end is a person
    """

    def __init__(self, text: str, toks: Sequence[Token], listing: bool = False) -> None:
        self.text = text
        self.toks = toks
        self.n = len(toks)
        self.listing = listing
        self.lex: Lexicon = lexicon()

    # what stands at a token

    def token(self, i: int) -> str:
        return self.toks[i].low if i < self.n else ""

    def mark(self, i: int) -> bool:
        """Whether a mark, the end, or a lower-case word that goes on with the sentence stands here."""
        return i >= self.n or self.toks[i].text in _MARKS

    def beyond(self, i: int) -> int:
        """Index after the mention that covers token i; i where none does."""
        m = self.toks[i].mention
        if m is None:
            return i
        while i < self.n and self.toks[i].mention is m:
            i += 1
        return i

    def honorific(self, i: int) -> tuple[int, Range | None]:
        """Index after the honorifics that start at token i and the rank among them; i where there are none."""
        t = self.toks[i]
        head = t.low.split(".")[0].split("-")[0].split(" ")[0]
        if not t.cap and t.low != "the" or head not in self.lex.first and t.low != "the" and head not in ("his", "her", "their", "your", "most"):
            return i, None
        m = self.lex.chain.match(self.text, t.start)
        if m is None or m.end() == m.start():
            return i, None
        j = i
        while j < self.n and self.toks[j].start < m.end():
            j += 1
        if j >= self.n or (j > i and self.toks[j - 1].end > m.end()):
            return i, None
        rank = None
        kept = j
        for k in range(i, j):
            word = self.toks[k].low
            if word in self.lex.ranks or f"{word} {self.token(k + 1)}" in self.lex.ranks:
                first = k
                while first > i and self.toks[first - 1].low in ("police", "major", "lieutenant", "associate", "rear", "air", "pol", "maj", "lt", "chief", "crown"):
                    first -= 1
                last = k
                while last + 1 < j and self.toks[last + 1].low in ("general", "marshal", "colonel", "admiral", "professor", "prince", "justice", "gen", "col"):
                    last += 1
                rank = rank or (self.toks[first].start, self.toks[last].end)
                kept = min(kept, first)
        # 'General Assembly', 'Justice Ministers', 'Chief Executive', 'Ambassador to Fiji': a rank before no name is none
        if rank is not None and kept == i and not self.given(j):
            return i, None
        return j, rank

    def given(self, i: int) -> bool:
        """Whether a word that may be part of a name stands here, and no vocabulary of posts and offices."""
        if i >= self.n:
            return False
        t = self.toks[i]
        if t.low in self.lex.particles and not t.cap:
            return self.particle(i)
        return (
            t.cap
            and t.low not in self.lex.plain
            and t.low not in self.lex.heads
            and t.low not in self.lex.organisations
            and (t.mention is None or t.mention.kind in ("state", "place") and self.beyond(i) == i + 1)
        )

    def name(self, i: int, anchored: bool) -> tuple[int, int]:
        """Index after the name that starts at token i, and after the letters that follow it; (i, i) where none does.

        anchored  an honorific or a post before it says that a name follows: words that also mean other things count
        """
        k = i
        while k < self.n and k - i < _GREATEST_NAME:
            t = self.toks[k]
            if t.low in self.lex.particles and not t.cap and (k > i or anchored) and self.particle(k):
                k += 1
                continue
            if not t.cap or t.text in _MARKS:
                break
            if t.low in self.lex.suffixes and t.text.isupper() and k > i:
                break
            if t.mention is not None and not self.surname(k, i, anchored):
                break
            if (len(t.text) == 1 or t.text.endswith(".")) and (k > i or self.given(k + 1) or (anchored and k + 1 < self.n and self.toks[k + 1].cap)):
                k += 1
                continue
            if anchored:
                if k > i and self.post(k, strict=True) >= 0 and not self.odd_surname(k, i):
                    break
                if k == i and t.low in self.lex.heads and self.token(k + 1) in ("of", "for"):
                    break
                if k > i and t.low in self.lex.organisations and not self.odd_surname(k, i):
                    break
            elif t.low in self.lex.plain or t.low in self.lex.heads or t.low in self.lex.organisations or t.text.isupper() and len(t.text) < 3 and not k > i:
                break
            k += 1
            if t.text.endswith(("’s", "'s", "’")) and len(t.text) > 2:
                break
        while k > i and self.toks[k - 1].low in self.lex.particles and not self.toks[k - 1].cap:
            k -= 1
        end = k
        if k > i and k < self.n:
            if self.token(k) in self.lex.juniors and self.toks[k].cap:
                k = end = k + 1
            elif self.token(k) == "," and self.token(k + 1) in self.lex.juniors and self.toks[k + 1].cap:
                k = end = k + 2
            while k < self.n:
                after = k + 1 if self.token(k) == "," else k
                if after < self.n and self.toks[after].low in self.lex.suffixes and self.toks[after].text.replace(".", "").isalpha() and self.toks[after].cap and (
                    self.toks[after].text.replace(".", "").isupper() or "." in self.toks[after].text or self.toks[after].low == "phd"
                ):
                    k = after + 1
                    if k < self.n and self.toks[k].text == ".":
                        k += 1
                else:
                    break
        return end, k

    def particle(self, k: int) -> bool:
        """Whether a capital follows the particles that start at token k: 'de la Cruz'."""
        while k < self.n and self.toks[k].low in self.lex.particles and not self.toks[k].cap:
            k += 1
        return k < self.n and self.toks[k].cap

    def surname(self, k: int, i: int, anchored: bool) -> bool:
        """Whether a token in a mention may be a name: 'Mr Michael Jordan', 'Dr Chad', not 'Mr John Smith Australia'."""
        m = self.toks[k].mention
        if m is None:
            return True
        if m.kind not in ("state", "place") or self.beyond(k) != k + 1 or (k > 0 and self.toks[k - 1].mention is m):
            return False
        if m.kind == "place" and (k == i and self.given(k + 1) or anchored and k > i and (self.mark(k + 1) or not self.toks[k + 1].cap)):
            return True
        if k - i > 1:
            return False
        return anchored or (k == i + 1 and self.token(k + 1) in (",", "from", "("))

    def odd_surname(self, k: int, i: int) -> bool:
        """'Mr Martin King,': a word of posts or offices that closes a name of one given name."""
        return k == i + 1 and len(self.toks[i].text) > 1 and (self.mark(k + 1) or not self.toks[k + 1].cap and self.token(k + 1) not in self.lex.binders)

    def post(self, i: int, strict: bool = False) -> int:
        """Index of the head word of the post that starts at token i ('Senior Labour Law Specialist': 3), or -1.

        strict  only words that are no names may stand before the head
        """
        k = i
        if self.token(k) in _APPOSITIVE:
            k += 1
        found = -1
        first = k
        while k < self.n and k - i < _FAR:
            t = self.toks[k]
            if t.mention is not None and t.mention.kind not in ("person", "group"):
                last = self.beyond(k)
                # a body whose name begins with a post ('Special Rapporteur on ...') is the post
                if t.low in self.lex.heads and self.token(k + 1) not in self.lex.not_after and t.cap and t.mention.start == t.start:
                    return k
                if found >= 0:
                    return found
                k = last
                continue
            word = t.low
            is_head = word in self.lex.heads or "-" in word and word.rsplit("-", 1)[1] in self.lex.heads
            if is_head and self.token(k + 1) not in self.lex.not_after and not (t.text.endswith(("’s", "'s", "’")) and t.cap):
                found = k
                k += 1
                continue
            if found >= 0:
                return found
            if word in self.lex.groups:
                return -1
            if word in self.lex.modifiers or (word in ("and", "&", "-", "–", "/") and k > first):
                k += 1
                continue
            if t.cap and not (strict and word not in self.lex.plain and word not in self.lex.organisations):
                k += 1
                continue
            return found
        return found

    def starts_person(self, i: int) -> bool:
        """Whether another person begins at token i."""
        if i >= self.n:
            return False
        j, _ = self.honorific(i)
        if j > i and (j < self.n and (self.toks[j].cap or self.token(j) in ("the", *self.lex.particles))):
            return True
        if not self.toks[i].cap:
            return False
        end, after = self.name(i, False)
        if end - i >= 2 and self.follows_name(after):
            return True
        h = self.post(i)
        if h >= 0 and h + 1 < self.n and self.toks[h].cap:
            end, _ = self.name(h + 1, False)
            return end - h - 1 >= 2 and self.toks[h + 1].mention is None
        return False

    def follows_name(self, k: int) -> bool:
        """Whether what stands at token k shows that the capitals before it were a person's name."""
        t = self.token(k)
        if t == ",":
            return self.post(k + 1) >= 0 or (self.listing and k + 1 < self.n and self.toks[k + 1].cap)
        if t in ("(", "-", "–", "—"):
            return self.post(k + 1) >= 0 or self.listing
        if self.listing:
            return t in ("from", "of", ";", "and", "", ".", "at") or self.post(k, strict=True) >= 0
        return k < self.n and self.toks[k].cap and self.post(k, strict=True) >= 0 and self.toks[k].mention is None

    # descriptions

    def phrase(self, i: int, naming: bool) -> int:
        """Index after the noun phrase that starts at token i: capitals, mentions, words of posts and what binds them.

        naming  a name is to follow ('President of Moldova Maia Sandu'): stop before it
        """
        k = i
        lex = self.lex
        while k < self.n:
            t = self.toks[k]
            word = t.low
            if t.text in (",", ";", ".", ":", ")", "!", "?"):
                break
            if t.text == "(":
                close = next((j for j in range(k + 1, min(k + 9, self.n)) if self.toks[j].text == ")"), -1)
                if close < 0 or k == i or not self.toks[k + 1].cap or self.toks[close - 1].low in ("chair", "co-chair", "rapporteur"):
                    break
                k = close + 1
                continue
            if t.mention is not None and t.mention.kind == "date":
                break
            if t.mention is not None and t.mention.kind in ("state", "adjective", "body", "instrument", "event") and t.mention.start == t.start:
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
            if word in lex.binders or t.text in ("&", "/", "-", "–"):
                if k == i and word not in ("of", "from", "for", "at", *_APPOSITIVE):
                    break
                nxt = k + 1
                while self.token(nxt) in lex.binders and nxt < self.n and not self.toks[nxt].cap and nxt - k < 4:
                    nxt += 1
                if nxt >= self.n:
                    break
                follow = self.toks[nxt]
                if follow.mention is not None and follow.mention.kind in ("date", "event") or follow.mention is not None and follow.mention.kind == "place" and word in ("in", "at", "to"):
                    break
                if word in ("and", "&") and (self.starts_person(k + 1) or self.starts_person(nxt)):
                    break
                if not (follow.cap or follow.low in lex.heads or follow.low in lex.modifiers or follow.low in lex.units):
                    break
                if word in ("and", "&") and not follow.cap and self.post(nxt) < 0:
                    break
                k = nxt
                continue
            if word in lex.heads or word in lex.modifiers or (word in lex.units and k > i):
                if word in ("lead", "head", "chair", "co-chair", "state", "speaker", "research", "people", "associate", "partner", "author", "chief") and self.post(k) < 0 and k > i and not self.toks[k - 1].low in lex.modifiers:
                    break
                k += 1
                continue
            break
        while k > i and not self.toks[k - 1].cap and (self.toks[k - 1].low in lex.binders or self.toks[k - 1].low in lex.modifiers and self.toks[k - 1].low not in lex.heads) and self.toks[k - 1].mention is None:
            k -= 1
        return k

    def named_here(self, k: int) -> bool:
        """Whether the name of the post's holder starts at token k, after a post, an office or a state."""
        p = self.toks[k - 1]
        if self.toks[k].mention is not None and self.toks[k].mention is p.mention:
            return False
        if not (p.cap or p.low in self.lex.heads) or p.text in _MARKS and p.text != ")":
            return False
        end, after = self.name(k, False)
        if end == k:
            return False
        if end - k < 2 and not (p.low in self.lex.heads):
            return False
        # 'Minister Dutton', 'President of Moldova Maia Sandu'; not 'Minister Foreign', 'Secretary Ban of'
        if after < self.n and self.toks[after].cap and self.toks[after].mention is None and self.post(after) < 0 and self.token(after) not in self.lex.suffixes:
            return False
        return self.token(after) not in ("of", "for")

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
            while self.token(start) in _APPOSITIVE and start + 1 < self.n and not self.toks[start].cap:
                start += 1
            if start >= self.n:
                break
            t = self.toks[start]
            if t.mention is not None and t.mention.kind in ("date", "event", "group") and not (t.mention.kind == "group" and self.post(start) >= 0):
                break
            bound = t.low in ("of", "from", "at") and start + 1 < self.n and (self.toks[start + 1].cap or self.token(start + 1) == "the")
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
        return end - i >= 2 and (self.mark(after) or self.token(after) == "and" or not self.toks[after].cap) and self.token(after) not in ("of", "for")

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
                i += 1
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
        if i > 0 and (self.toks[i - 1].cap and self.toks[i - 1].text not in _MARKS and self.toks[i - 1].mention is None or self.token(i - 1) in ("of", "for", "’s", "-")):
            return None
        return self.described(i, (i, end), after, None, "listed" if self.listing else "apposition")

    def described(self, i: int, name: tuple[int, int], after: int, rank: Range | None, rule: str) -> tuple[Described, int]:
        """The person whose name is at tokens `name`, with the description that follows token `after`."""
        pieces: list[tuple[int, int]] = []
        end = after
        t = self.token(after)
        if self.toks[name[1] - 1].text.endswith(("’s", "'s")):
            pieces = []
        elif t == "," and not self.starts_person(after + 1) and not (self.token(after + 1) == "and"):
            pieces, stop = self.segments(after + 1)
            if pieces and not self.described_by(pieces):
                pieces = []
            if pieces:
                end = stop
        elif t in ("(", "–", "—", "-") and after + 1 < self.n:
            close = next((k for k in range(after, min(self.n, after + 40)) if self.toks[k].text == ")"), self.n) if t == "(" else self.n
            inner = Reader(self.text, self.toks[:close], self.listing)
            pieces, stop = inner.segments(after + 1)
            if pieces and (t == "(" and stop == close and close < self.n or t != "(" and self.post(after + 1) >= 0):
                end = close + 1 if t == "(" else stop
            else:
                pieces = []
        elif t in ("from", "of", "at") and (rule != "apposition") and after + 1 < self.n:
            k = after + 1
            while self.token(k) in _APPOSITIVE:
                k += 1
            if k < self.n and self.toks[k].cap and not (self.toks[k].mention is not None and self.toks[k].mention.kind in ("date", "event", "place")):  # type: ignore[union-attr]  # checked
                pieces, stop = self.segments(k)
                if pieces:
                    end = stop
        elif after < self.n and self.toks[after].mention is None and self.toks[after].cap and self.post(after) >= 0:
            pieces, end = self.segments(after)
        elif self.listing and after < self.n and self.toks[after].cap:
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
        if m is not None and m.kind in ("body", "adjective") or self.toks[b - 1].low in self.lex.organisations | self.lex.units:
            return self.token(b) != "and" or self.starts_person(b + 1)
        return self.listing or any(self.post(x) >= 0 for x, _ in pieces[1:])

    def with_post(self, i: int, start: int | None = None) -> tuple[Described, int] | None:
        """'the POST of X, Mr Z', 'POST NAME'; `start` is where honorifics before the post begin."""
        if i >= self.n or not self.toks[i].cap or self.toks[i].low in _APPOSITIVE:
            return None
        if i > 0 and start is None and self.toks[i - 1].cap and self.toks[i - 1].text not in _MARKS and self.token(i - 1) not in self.lex.plain:
            return None
        h = self.post(i)
        if h < 0 or not self.toks[h].cap:
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
        else:
            j = after
            if not comma and not self.named_here(after):
                return None
            stop, beyond = self.name(after, False)
            if stop - after < (2 if comma or len(pieces) > 1 or self.post(i) + 1 != after else 1):
                return None
            if comma and not self.holder(after):
                return None
            if comma and self.token(beyond) == "," and self.post(beyond + 1) >= 0:
                return None
        first = i if start is None else start
        return Described(self.toks[first].start, self.toks[beyond - 1].end, self.bare_name(j, stop), rank, tuple(pieces), "post-first"), beyond


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
