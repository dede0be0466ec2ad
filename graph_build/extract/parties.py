"""Lists of states and organisations: 'the Governments of Thailand and Australia', 'Meta, IJM, and the Australian Federal Police'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from graph_build import rules, vocabulary
from graph_build.extract.people.words import lexicon
from graph_build.extract.reading import Reading, Stretch
from graph_build.records import Evidence, Mention, Thing

_SEPARATOR = re.compile(
    r"\s*(?:[,;]\s*(?:and|as well as|together with|along with|plus|or)?(?=\W)|/|\b(?:and|as well as|together with|along with|plus)\b|&|—|–\s)\s*"
)
_PEOPLE = re.compile(
    r"(?:(?:and|the) )?(?:[a-z-]+ ){0,4}(?:experts|officials|academics|academia|representatives|NGOs?|practitioners|society|sector|organi[sz]ations|institutions|stakeholders|partners|universities|media|industry)"
)
_APPOSED = re.compile(
    r",\s(?:as|in its|in their|on behalf of|speaking|through (?:its|their)|via (?:its|their)|represented by (?:its|their))\s[^,;]{2,80},?\s*$"
)
_OTHERWISE = re.compile(r"\s(?:serving |acting )?as (?:the |an? |its )?(?:[Vv]ice|[Rr]apporteur|[Dd]eputy)")
_EDGE = re.compile(r"[()]|" + _SEPARATOR.pattern)
_UNKNOWN = re.compile(r"[A-Z][\w’'&.-]*(?: (?:(?:of|for|the|and|on|in|de|to) )*[A-Z][\w’'&.-]*){0,8}")
_NATIONAL = re.compile(
    r"[\uE000-\uF8FF](?: [A-Z][\w’'&-]+){2,6}(?: \((?P<acronym>[A-Z][A-Za-z-]{1,9})\)(?: [A-Z][\w’'&-]+){0,6})?"
)
_PARTY = ("state", "body")
_OWN_SEATS = ("HK", "MO", "TW")
"""Territories that take part in meetings under a name of their own behind a state's."""


@dataclass(frozen=True, slots=True)
class Party:
    """A party of a list: its Thing, its name as the list has it, and its view range."""

    thing: str
    name: str
    start: int
    end: int
    rule: str = ""


@lru_cache(maxsize=1)
def _chunk() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    table = rules.tables("attendance")["chunk"]
    assert isinstance(table, dict)
    return re.compile(table["before"]), re.compile(table["after"]), re.compile(table["goes_on"])


class Parties:
    """Reads lists of parties of one document and keeps the Things that they make."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.made: dict[str, Thing] = {}
        self._names: dict[str, str] = {}
        for t in reading.mentioned.things:
            if t.kind == "body":
                for name in (t.label, t.acronym, *t.names):
                    if name:
                        self._names.setdefault(name.lower().removeprefix("the "), t.id)

    @property
    def things(self) -> tuple[Thing, ...]:
        """Things that the lists made, in order."""
        return tuple(self.made.values())

    # parties from mentions and words

    def state(self, s: Stretch, code: str, start: int, end: int) -> Party:
        id_ = f"s:{code}"
        words = self.reading.words(s.block, start, end)
        if id_ not in self.reading.things and id_ not in self.made:
            label = next((x.label for x in vocabulary.states() if x.code == code), words)
            self.made[id_] = Thing(
                id_, "state", label, (Evidence(self.reading.passage(s), "parties/adjective"),), (words,), "", code, code
            )
        known = self.reading.things.get(id_) or self.made[id_]
        return Party(id_, words if words[0].isupper() else known.label, start, end)

    def of(self, s: Stretch, m: Mention) -> Party | None:
        """The party that a mention of a state, its adjective or a body names."""
        if m.kind in ("state", "adjective"):
            party = self.state(s, m.value or m.thing.removeprefix("s:"), m.start, m.end)
            if m.kind == "adjective":
                thing = self.reading.things.get(party.thing) or self.made[party.thing]
                return Party(party.thing, thing.label, m.start, m.end, "adjective")
            return party
        if m.kind == "body" and m.thing:
            label = self.reading.things[m.thing].label
            words = self.reading.words(s.block, m.start, m.end)
            # the fullest name, unless it is one of another shape ('Department of X, Ministry of Y' for 'the Thai Ministry of Y')
            long = (
                " " in words and words.lower() not in label.lower() and not label.lower().startswith(words.lower()[:6])
            )
            return Party(m.thing, words if long else label, m.start, m.end)
        return None

    def unknown(self, s: Stretch, start: int, end: int, acronym: str = "") -> Party | None:
        """An organisation that no mention covers, by its capitals."""
        words = self.reading.words(s.block, start, end)
        known = self._names.get(words.lower().removeprefix("the "))
        if known:
            thing = self.reading.things.get(known) or self.made[known]
            return Party(known, thing.label, start, end)
        lex = lexicon()
        parts = [w.lower() for w in re.findall(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*", words)]
        if (
            not parts
            or all(w in lex.plain or w in lex.heads or len(w) < 2 for w in parts)
            or any(w in lex.groups for w in parts)
            or re.match(r"Annex|Appendix|Figure|Table|Chapter|H\.?E\b|Mr|Ms|Dr", words)
        ):
            return None
        id_ = f"bx{sum(k.startswith('bx') for k in self.made) + 1}"
        passage = self.reading.segmented.passage(s.block, start, end)
        self.made[id_] = Thing(
            id_, "body", words, (Evidence(passage, "parties/listed"),), (), acronym, "", "", "organisation", "", True
        )
        self._names[words.lower()] = id_
        return Party(id_, words, start, end)

    # lists

    def after(
        self, s: Stretch, masked: rules.Masked, at: int, open_: bool = False, stop: int | None = None
    ) -> list[Party]:
        """The parties of the list that starts at masked index `at`, up to the first words that are no part of it."""
        found: list[Party] = []
        pending: list[Party] = []
        known = False
        for a, b in _chunks(masked.text, at, stop if stop is not None else _end(masked.text, at)):
            read = self.chunk(s, masked, a, b, open_)
            if read is None:
                break
            party, closed, is_known = read
            known = known or is_known
            if party is None:
                if closed:
                    break
                continue
            (found if known else pending).append(party)
            if known and pending:
                found[:0] = pending
                pending = []
            if closed:
                break
        return found

    def before(self, s: Stretch, masked: rules.Masked, at: int, open_: bool = False) -> list[Party]:
        """The parties of the list that ends before masked index `at`: the subject of what stands there."""
        start = max(
            (i + 1 for i in range(max(0, at - 3000), at) if masked.text[i] in ".:" and _boundary(masked.text, i)),
            default=0,
        )
        while at > start and masked.text[at - 1] in " –—":
            at -= 1
        if apposed := _APPOSED.search(masked.text, start, at):
            at = apposed.start()
        chunks = list(_chunks(masked.text, start, at))
        found: list[Party] = []
        for n, (a, b) in enumerate(reversed(chunks)):
            read = self.chunk(s, masked, a, b, open_ and bool(found or n == 0), subject=True)
            if read is None:
                # 'the work of Australia and Indonesia': a part of a phrase is no subject
                joined = chunks[len(chunks) - n][0] - b if n else 0
                between = masked.text[b : b + joined] if n else ""
                if n and re.search(r"\band\b|&", between) and "," not in between:
                    first = min((i for i, m in masked.mentions.items() if a <= i < b and m.kind in _PARTY), default=-1)
                    # ... but 'Thailand shared its experience and Malaysia spoke' are two clauses
                    if first >= 0 and _chunk()[0].fullmatch(f"{masked.text[a:first].strip()} ".lstrip()) is None:
                        return []
                break
            party, _, is_known = read
            if party is not None:
                if not is_known and not found and n == 0 and not open_:
                    return []
                found.append(party)
        if not found or all(p.thing.startswith("bx") for p in found):
            return []
        return found[::-1]

    def chunk(
        self, s: Stretch, masked: rules.Masked, a: int, b: int, open_: bool, subject: bool = False
    ) -> tuple[Party | None, bool, bool] | None:
        """One item of a list: (party, whether the list ends with it, whether it is a known party); None where it is none."""
        before, after, goes_on = _chunk()
        text = masked.text
        inner = re.match(r"([^()]*)(\([^()]*\))?([^()]*)$", text[a:b])
        if inner is None:
            return None
        core_end = a + inner.end(1)
        indexes = [i for i in range(a, core_end) if i in masked.mentions]
        kinds = [masked.mentions[i].kind for i in indexes]
        if "person" in kinds:
            # 'H.E. Mr A, Minister of X': a person among parties; the list goes on
            return None, False, False
        parties = [i for i, k in zip(indexes, kinds, strict=True) if k in ("state", "body", "adjective")]
        if not parties and _PEOPLE.fullmatch(text[a:core_end].strip()):
            # '..., academic experts, and representatives of ADB'
            return None, False, False
        if not parties and before.fullmatch(f"{text[a:core_end].strip()} "):
            # 'the Government, and the people of X'
            return None, False, False
        if not parties:
            return self._unknown(s, masked, a, core_end, inner, open_)
        first = parties[0]
        lead = text[a:first]
        if subject:
            lead = re.sub(
                r"^\s*(?:On|In|At|During|From|Since|Throughout|Earlier|Meanwhile|Today|Also|Furthermore|Additionally)\b.*[\uE000-\uF8FF],?\s+(?=(?:the )?$)",
                "",
                lead,
            )
            lead = re.sub(r"^.*\bthat\s+(?=(?:the )?$)", "", lead)
        lead = re.sub(r"^\s*\(?\d+\)?\s+", "", lead).strip()
        if lead and before.fullmatch(lead + " ") is None:
            return None
        last = first
        mention = masked.mentions[first]
        k = 1
        # 'the Thai Ministry', 'Australia's Department', 'ASEAN SOMTC': the body that the words before it belong to
        while k < len(parties):
            gap = text[last + 1 : parties[k]]
            m = masked.mentions[parties[k]]
            if gap in (" ", "’s ", "'s ", " ("):
                if m.kind == "body":
                    mention, last = m, parties[k]
                else:
                    return None
            elif gap in (" of ", " of the ") and m.kind == "state":
                last = parties[k]
            else:
                break
            k += 1
        rest = text[last + 1 : core_end]
        note = inner.group(2) or ""
        tail = inner.group(3) if note else ""
        closed = False
        if _OTHERWISE.match(rest):
            # 'chaired by A, with B as vice-chair': in another part
            return None
        trailing = after.match(rest)
        left = rest[trailing.end() :] if trailing else rest
        if (
            mention.kind in ("state", "adjective")
            and (national := self._national(s, masked, first, b, goes_on, subject)) is not None
        ):
            return national
        if left.strip():
            if subject or not goes_on.match(left):
                return None
            closed = True
        elif tail.strip():
            if not goes_on.match(tail) and not after.fullmatch(tail):
                return None
            closed = bool(goes_on.match(tail))
        if mention.kind == "adjective" and not (
            trailing and re.search(r"[Gg]overnment|delegation|authorit|side", trailing.group())
        ):
            return None
        party = self.of(s, mention)
        if party is None:
            return None
        if note:
            base = a + inner.start(2)
            inside = [masked.mentions[i] for i in range(base, base + len(note)) if i in masked.mentions]
            if (
                mention.kind == "state"
                and len(inside) == 1
                and inside[0].kind == "state"
                and inside[0].thing != mention.thing
                and (inside[0].value or inside[0].thing.removeprefix("s:")) in _OWN_SEATS
            ):
                # 'China (Macau SAR)' is the territory; 'France (New Caledonia)' is the state
                other = self.of(s, inside[0])
                if other is not None:
                    end = masked.offsets[base + len(note)]
                    party = Party(other.thing, self.reading.words(s.block, mention.start, end), mention.start, end)
        return party, closed, True

    def _national(
        self, s: Stretch, masked: rules.Masked, first: int, b: int, goes_on: re.Pattern[str], subject: bool
    ) -> tuple[Party, bool, bool] | None:
        """'the US Immigration Customs Enforcement (ICE)': a state's organisation that no mention covers."""
        m = _NATIONAL.match(masked.text, first, b)
        if m is None:
            return None
        left = masked.text[m.end() : b]
        if left.strip() and (subject or not goes_on.match(left)):
            return None
        party = self.unknown(s, *masked.range(first, m.end()), acronym=m.group("acronym") or "")
        return (party, bool(left.strip()), True) if party is not None else None

    def _unknown(
        self, s: Stretch, masked: rules.Masked, a: int, b: int, inner: re.Match[str], open_: bool
    ) -> tuple[Party | None, bool, bool] | None:
        if not open_:
            return None
        before, _, goes_on = _chunk()
        text = masked.text
        while a < b and text[a].isspace():
            a += 1
        lead = before.match(text, a, b)
        for start in dict.fromkeys((lead.end() if lead else a, a)):
            m = _UNKNOWN.match(text, start, b)
            if m is None or start > a and text[start - 1] not in " ":
                continue
            left = text[m.end() : b]
            if left.strip() and not goes_on.match(left):
                continue
            x, y = masked.range(m.start(), m.end())
            party = self.unknown(s, x, y)
            if party is not None:
                return party, bool(left.strip()), not party.thing.startswith("bx")
            if not left.strip() and m.end() - m.start() < 40:
                return None, False, False
        return None


def _boundary(text: str, i: int) -> bool:
    """Whether a full stop, semicolon or colon at index i ends a clause: not in 'U.S.', 'St. Lucia', 'a (b; c) d'."""
    if text[i] == "." and not (
        i + 1 >= len(text)
        or text[i + 1] == " "
        and not re.search(r"(?:\b[A-Z]|\bSt|\bMr|\bMs|\bDr)$", text[max(0, i - 3) : i])
    ):
        return False
    return text.count("(", 0, i) <= text.count(")", 0, i)


def _end(text: str, at: int) -> int:
    for i in range(at, len(text)):
        if text[i] in ".:" and _boundary(text, i):
            return i
    return len(text)


def _chunks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Ranges between separators outside brackets; a bracket that never closes ends the list."""
    depth = 0
    a = start
    for m in _EDGE.finditer(text, start, end):
        c = m.group()
        if c == "(":
            depth += 1
        elif c == ")":
            if depth == 0:
                end = m.start()
                break
            depth -= 1
        elif depth == 0:
            if text[a : m.start()].strip():
                yield a, m.start()
            a = m.end()
    if depth == 0 and text[a:end].strip():
        yield a, end
