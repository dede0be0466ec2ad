"""A sentence as words, and where its clauses begin and end.

No parser and no model: papers of meetings are written in long but regular sentences, and what a commitment needs is
where its clause starts, where it ends and which parts of it could be followed up alone. Positions are word indexes;
`Words.offset` leads back to the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from graph_build.extract.commitments.lexicon import lexicon

_TOKEN = re.compile(r"[^\W_]+(?:[-‑’'./&@][^\W_]+)*|\S")
AUXILIARIES = frozenset(
    "is are was were be been being has have had will would shall should must may might can could do does did".split()
)
MODALS = frozenset("will would shall should must may might can could".split())
BE = frozenset("is are was were be been being remain remains remained am".split())
QUOTES = frozenset("\"“”‘’'«»")
PRONOUNS = frozenset("we they it he she i".split())
_ADVERBS = frozenset(
    """also further furthermore therefore thus hence again still now then hereby thereby once both all each moreover
    nevertheless however never not likewise together again anew twice already just even always often instead too
    respectively earlier previously recently duly first hereto accordingly otherwise in-principle""".split()
)
_NO_ADVERBS = frozenset(
    "assembly family italy july supply reply ally apply rely comply multiply anomaly fly daily".split()
)
_SUBORDINATE = frozenset(
    """that after before where while whereas whether if when whenever unless how why what because although though which who whom
    whose until""".split()
)
_ADJUNCT = frozenset(
    """in on at to for with by from under given as through during following throughout within after before upon
    pursuant further despite amid since towards against based building considering recognising recognizing noting
    having being mindful aware convinced concerned conscious guided inspired determined in-line consistent also
    additionally finally lastly moreover furthermore therefore accordingly similarly importantly consequently
    internationally regarding concerning beyond among between without today here there once while although if when
    where first second third firstly secondly thirdly alongside together along subject where due thanks because
    recalling reaffirming welcoming acknowledging emphasising emphasizing stressing looking through-out like
    nevertheless nonetheless meanwhile""".split()
)
_TAILS = frozenset(
    """noting recognising recognizing acknowledging welcoming stressing emphasising emphasizing underlining
    underscoring recalling referencing reaffirming reiterating highlighting expressing appreciating commending
    bearing mindful conscious convinced thanking observing adding citing""".split()
)
DETERMINERS = frozenset("the a an its their our his her this that these those such all any each every no some".split())
_NO_SUBJECTS = frozenset(
    """to that which who including by with in on for from as through if when where because unless once until since although
    provided subject taking where""".split()
)


def is_adverb(word: str) -> bool:
    """Whether a word may stand between a subject and its verb, or a verb and what it governs."""
    return word in _ADVERBS or (word.endswith("ly") and len(word) > 4 and word not in _NO_ADVERBS)


@dataclass(frozen=True)
class Words:
    """A sentence in words. `low` lower case; `starts`, `ends` offsets in `text`; `depth` of brackets."""

    text: str
    low: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    depth: tuple[int, ...]
    named: frozenset[int] = field(default=frozenset())
    """Indexes of words that stand in the name of a state, body or person."""

    def __len__(self) -> int:
        return len(self.low)

    def cut(self, start: int, end: int) -> str:
        """The text of words `[start, end)`."""
        return self.text[self.starts[start] : self.ends[end - 1]]

    def index(self, offset: int) -> int:
        """The word at or after a text offset."""
        return bisect_right(self.ends, offset)

    def capital(self, i: int) -> bool:
        """Whether a word is written with a capital though it does not begin the sentence, or stands in a name."""
        first = self.text[self.starts[i]]
        return i in self.named or (i > 0 and first.isupper() and self.low[i - 1] not in QUOTES | {":", "•"})


def words(text: str, named: Sequence[tuple[int, int]] = ()) -> Words:
    """The words of a sentence; `named` are the text ranges of names in it, in order."""
    found = list(_TOKEN.finditer(text))
    low = tuple(m.group().lower() for m in found)
    starts = tuple(m.start() for m in found)
    ends = tuple(m.end() for m in found)
    if "(" in text or "[" in text:
        level, depth = 0, []
        for w in low:
            if w in ("(", "["):
                level += 1
            depth.append(level)
            if w in (")", "]") and level:
                level -= 1
        if level:  # a bracket that is never closed nests nothing
            depth = [0] * len(low)
    else:
        depth = [0] * len(low)
    inside: set[int] = set()
    for a, b in named:
        inside.update(range(bisect_left(starts, a), bisect_left(starts, b)))
    return Words(text, low, starts, ends, tuple(depth), frozenset(inside))


def dash(w: Words, i: int) -> bool:
    """Whether a dash parts clauses (and not the ends of a range or the words of a name)."""
    if w.low[i] not in ("–", "—", "-", "--"):
        return False
    spaced = 0 < i < len(w) - 1 and w.starts[i] > w.ends[i - 1] and w.starts[i + 1] > w.ends[i]
    number = 0 < i < len(w) - 1 and (w.low[i - 1].isdigit() or w.low[i + 1].isdigit())
    name = 0 < i < len(w) - 1 and w.capital(i - 1) and w.capital(i + 1)
    return spaced and not number and not name


def finite(w: Words, start: int, end: int, verbs: frozenset[int] = frozenset()) -> bool:
    """Whether words hold a finite verb of their own: an auxiliary, or one of the known `verbs`, outside a relative clause."""
    relative = False
    for i in range(start, end):
        word = w.low[i]
        if w.depth[i]:
            continue
        if word in ("which", "who", "whose", "whom") or (word == "that" and i > start and not is_report(w.low[i - 1])):
            relative = True
        elif word == ",":
            relative = False
        elif (word in AUXILIARIES and word not in ("be", "been", "being")) or i in verbs:
            if relative:
                relative = False
            else:
                return True
    return False


def is_report(word: str) -> bool:
    """Whether a word is a verb of speech or report."""
    lex = lexicon()
    return word in lex.reports or word in lex.forms


def clause_start(w: Words, end: int, verbs: frozenset[int] = frozenset()) -> tuple[int, str]:
    """Where the clause begins whose subject ends before word `end`, and the word that introduces it ('' in a main clause).

    'which', 'who' or 'that' right before the verb are given as 'which': a relative clause.
    """
    floor = 0
    level = w.depth[end] if end < len(w) else 0
    for i in range(end - 1, -1, -1):
        if w.depth[i] == level and (w.low[i] in (";", ":", "•") or dash(w, i)):
            floor = i + 1
            break
    i = end - 1
    while i >= floor:
        word = w.low[i]
        if w.depth[i] > level or (w.depth[i] == level and word in ("(", ")")):
            i -= 1
            continue
        if w.depth[i] < level:
            return i + 1, "("
        if word in _SUBORDINATE and not (word in ("how", "what", "when", "where") and w.low[i + 1 : i + 2] == ("to",)):
            if word in ("after", "before") and (i + 1 == end or w.low[i + 1].endswith("ing")):
                i -= 1
                continue
            relative = word in ("that", "which", "who") and i > floor and not is_report(w.low[i - 1])
            if relative and i + 1 < end and finite(w, i + 1, end, verbs) and w.low[i - 1] not in (",", "and"):
                i -= 1  # 'States that have ratified it should': the clause is the subject's own
                continue
            if i + 1 == end and word in ("that", "which", "who", "whom", "whose"):
                return i + 1, "which"
            return i + 1, word
        if word == "," and i + 1 < end:
            first = next((k for k in range(floor, i) if w.low[k] not in QUOTES | {"and", "but"}), i)
            opening = w.low[first]
            if _own_clause(w, floor, i, verbs) or opening in _ADJUNCT or (is_adverb(opening) and first + 1 == i):
                return i + 1, ""
            if opening.endswith("ed") and w.low[first + 1] in ("by", "in", "on", "at", "with", "to", "from", "under"):
                return i + 1, ""
            acting = opening not in lexicon().noun_gerunds or w.low[first + 1] in DETERMINERS
            if opening.endswith("ing") and first + 1 < i and acting:
                return i + 1, ""
        if word in ("and", "but", "or", "so", "yet") and i + 1 < end and _own_clause(w, floor, i, verbs):
            return i + 1, ""
        i -= 1
    return floor, ""


def _own_clause(w: Words, floor: int, i: int, verbs: frozenset[int]) -> bool:
    """Whether what stands before a connective is complete: it has a finite verb, also behind its last 'how' or 'that'."""
    inner = next(
        (
            k
            for k in range(i - 1, floor - 1, -1)
            if w.low[k] in ("how", "whether", "that", "if", "why") and not w.depth[k]
        ),
        -1,
    )
    return finite(w, floor, i, verbs) and (inner < 0 or w.low[inner + 1] == "to" or finite(w, inner + 1, i, verbs))


def trim_start(w: Words, start: int, end: int) -> int:
    """The first word of a clause behind connectives, opening adverbs and quotation marks."""
    while start < end and (
        w.low[start]
        in QUOTES | {",", "and", "but", "or", "so", "yet", "nor", "that", "then", ";", ":", "–", "—", "•", "-"}
        or (
            w.low[start]
            in (
                "however",
                "therefore",
                "also",
                "moreover",
                "furthermore",
                "thus",
                "finally",
                "lastly",
                "accordingly",
                "consequently",
                "additionally",
                "importantly",
            )
        )
    ):
        start += 1
    return start


def trim_end(w: Words, start: int, end: int) -> int:
    """The end of a clause before closing punctuation and connectives."""
    while end > start and (
        w.low[end - 1] in {".", ";", ",", ":", "and", "or", "but", "–", "—", "-", "…", "as", "well", "while", "also"}
        and not (w.low[end - 1] in ("well", "as", "also") and w.low[min(end, len(w) - 1)] in (".",))
    ):
        if w.low[end - 1] == "well" and not (end > 1 and w.low[end - 2] == "as"):
            break
        end -= 1
    return end


def new_clause(w: Words, i: int, limit: int, verbs: frozenset[int] = frozenset()) -> int:
    """Where a clause with a subject and a finite verb of its own starts behind the connective at `i`; -1 if none does."""
    start = i + 1
    while start < limit and w.low[start] in ("and", "but", ",", "so", "also", "thus", "therefore", "yet"):
        start += 1
    if start >= limit:
        return -1
    if w.low[start] in _NO_SUBJECTS:
        return -1
    for k in range(start, min(limit, start + 14)):
        word = w.low[k]
        if w.depth[k]:
            continue
        if k in verbs or (word in AUXILIARIES and word not in ("be", "been", "being", "do")):
            return start if k > start else -1
        if word in (",", ";", "to", "that", "which", "who", "where", "whose", "and"):
            if word == "and" and k + 1 < limit and w.capital(k + 1) and w.capital(k - 1):
                continue
            return -1
    return -1


def clause_end(
    w: Words,
    start: int,
    limit: int,
    *,
    embedded: bool = False,
    verbs: frozenset[int] = frozenset(),
    semicolon: bool = True,
) -> int:
    """Where the clause that holds word `start` ends, at most at `limit`: before a new clause, a reporting tail or ';'.

    `embedded`: the clause holds a that-clause, whose own coordination does not end it.
    """
    level = w.depth[start] if start < len(w) else 0
    i = start
    while i < limit:
        word = w.low[i]
        if w.depth[i] > level or (w.depth[i] == level and word == "("):
            i += 1
            continue
        if w.depth[i] < level:
            return i
        if word == ";" and semicolon:
            return i
        if word in (",", "–", "—") and i + 1 < limit:
            nxt = i + 1
            if w.low[nxt] in ("while", "thereby", "and", "also"):
                nxt += 1
            if (
                nxt < limit
                and w.low[nxt] in _TAILS
                and not (nxt + 1 < limit and w.low[nxt + 1] in (",", "and") and embedded)
            ):
                return i
            if w.low[i + 1] in ("whereas",) or (
                w.low[i + 1] == "while" and nxt < limit and not w.low[nxt].endswith("ing")
            ):
                return i
        if not embedded and word in (",", "and", "but") and new_clause(w, i, limit, verbs) >= 0:
            return i
        i += 1
    return limit
