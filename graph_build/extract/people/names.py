"""What stands at a token: honorifics, names of persons, posts."""

from __future__ import annotations

from collections.abc import Sequence

from graph_build.extract.people.words import Lexicon, Token, lexicon

Range = tuple[int, int]
APPOSITIVE = frozenset(("an", "a", "the"))
MARKS = frozenset(",.;:()!?")
NAME_TITLES = frozenset(("sheikh", "shaikh", "sheikha", "sheik"))
"""Titles that belong to a name of one word: 'Sheikh Hasina'."""
_GREATEST_NAME = 7
_FAR = 12


class Names:
    """Looks at the tokens of a text.

    listing  whether the text is known to be a list of persons, in which a bare name followed by an employer, a mark or
             the end is a person
    """

    def __init__(self, text: str, toks: Sequence[Token], listing: bool = False) -> None:
        self.text = text
        self.toks = toks
        self.n = len(toks)
        self.listing = listing
        self.lex: Lexicon = lexicon()

    def token(self, i: int) -> str:
        return self.toks[i].low if i < self.n else ""

    def mark(self, i: int) -> bool:
        """Whether a mark, the end, or a lower-case word that goes on with the sentence stands here."""
        return i >= self.n or self.toks[i].text in MARKS

    def kind(self, i: int) -> str:
        """Kind of the mention over token i; '' where there is none."""
        m = self.toks[i].mention if i < self.n else None
        return m.kind if m is not None else ""

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
        if (
            not t.cap
            and t.low != "the"
            or head not in self.lex.first
            and t.low != "the"
            and head not in ("his", "her", "their", "your", "most")
        ):
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
                while first > i and self.toks[first - 1].low in (
                    "police",
                    "major",
                    "lieutenant",
                    "associate",
                    "rear",
                    "air",
                    "pol",
                    "maj",
                    "lt",
                    "chief",
                    "crown",
                ):
                    first -= 1
                last = k
                while last + 1 < j and self.toks[last + 1].low in (
                    "general",
                    "marshal",
                    "colonel",
                    "admiral",
                    "professor",
                    "prince",
                    "justice",
                    "gen",
                    "col",
                ):
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
            if not t.cap or t.text in MARKS:
                break
            if t.low in self.lex.suffixes and t.text.isupper() and k > i:
                break
            if t.mention is not None and not self.surname(k, i, anchored):
                break
            if (len(t.text) == 1 or t.text.endswith(".")) and (
                k > i or self.given(k + 1) or (anchored and k + 1 < self.n and self.toks[k + 1].cap)
            ):
                k += 1
                continue
            if anchored:
                if k > i and self.post(k, strict=True) >= 0 and not self.odd_surname(k, i):
                    break
                if k == i and t.low in self.lex.heads and self.token(k + 1) in ("of", "for"):
                    break
                if k > i and t.low in self.lex.organisations and not self.odd_surname(k, i):
                    break
            elif (
                t.low in self.lex.plain
                or t.low in self.lex.heads
                or t.low in self.lex.organisations
                or t.text.isupper()
                and len(t.text) < 3
                and not k > i
            ):
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
                if (
                    after < self.n
                    and self.toks[after].low in self.lex.suffixes
                    and self.toks[after].text.replace(".", "").isalpha()
                    and self.toks[after].cap
                    and (
                        self.toks[after].text.replace(".", "").isupper()
                        or "." in self.toks[after].text
                        or self.toks[after].low == "phd"
                    )
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
        if m.kind == "place" and (
            k == i and self.given(k + 1) or anchored and k > i and (self.mark(k + 1) or not self.toks[k + 1].cap)
        ):
            return True
        if k - i > 1:
            return False
        return anchored or (k == i + 1 and self.token(k + 1) in (",", "from", "("))

    def odd_surname(self, k: int, i: int) -> bool:
        """'Mr Martin King,': a word of posts or offices that closes a name of one given name."""
        return (
            k == i + 1
            and len(self.toks[i].text) > 1
            and (self.mark(k + 1) or not self.toks[k + 1].cap and self.token(k + 1) not in self.lex.binders)
        )

    def post(self, i: int, strict: bool = False) -> int:
        """Index of the head word of the post that starts at token i ('Senior Labour Law Specialist': 3), or -1.

        strict  only words that are no names may stand before the head
        """
        k = i
        if self.token(k) in APPOSITIVE:
            k += 1
        found = -1
        first = k
        while k < self.n and k - i < _FAR:
            t = self.toks[k]
            if t.mention is not None and t.mention.kind not in ("person", "group"):
                last = self.beyond(k)
                # a body whose name begins with a post ('Special Rapporteur on ...') is the post
                if (
                    t.low in self.lex.heads
                    and self.token(k + 1) not in self.lex.not_after
                    and t.cap
                    and not t.text.endswith(("’s", "'s"))
                    and t.mention.start == t.start
                ):
                    return k
                if found >= 0:
                    return found
                k = last
                continue
            word = t.low
            is_head = word in self.lex.heads or "-" in word and word.rsplit("-", 1)[1] in self.lex.heads
            if (
                is_head
                and self.token(k + 1) not in self.lex.not_after
                and not (t.text.endswith(("’s", "'s", "’")) and t.cap)
            ):
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
