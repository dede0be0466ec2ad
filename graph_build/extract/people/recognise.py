"""Finds the persons of a document: where each is named, as whom, and which names are one person."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from graph_build import rules, vocabulary
from graph_build.extract.people.describe import Described, Range, Reader, outer
from graph_build.extract.people.posts import Post, split
from graph_build.extract.people.words import lexicon, tokens
from graph_build.extract.reading import Reading, Stretch
from graph_build.records import Evidence, Mention, Mentioned, Thing, Value

_CAPITAL = re.compile(r"(?<![\w’'-])[^\W\d_a-zß-öø-ÿ][\w.’'-]*")
_DELEGATION = re.compile(r"(?i)\bdelegation\b|^[^\W\d_][\w .,'’()&-]{2,60}$")


@dataclass(frozen=True, slots=True)
class Naming:
    """One place where a person is named: view range of the whole description, what it says, and the person's id."""

    stretch: Stretch
    described: Described
    post: Post
    name: str
    person: str = ""


@dataclass(frozen=True)
class People:
    """The persons of a document.

    mentioned  the document with a mention of kind 'person' over each whole description, and the persons' Things
    namings    by person id, in order of the text
    at         naming by (block, start) of its mention
    """

    mentioned: Mentioned
    namings: dict[str, tuple[Naming, ...]]
    at: dict[tuple[int, int], Naming]


@lru_cache(maxsize=1)
def _cues() -> tuple[frozenset[str], re.Pattern[str], re.Pattern[str], frozenset[str]]:
    table = rules.tables("people")
    listing = table["listing"]
    assert isinstance(listing, dict)
    lex = lexicon()
    weak = frozenset(listing["weak"])
    anchors = (lex.first | lex.heads | {h.split("-")[0] for h in lex.heads if "-" in h}) - weak
    return anchors, re.compile(listing["lead"]), re.compile(listing["section"]), frozenset(listing["words"])


def recognise(reading: Reading) -> People:
    """Every person that the document names, joined where two names are certainly one person."""
    anchors, lead, section, listing_words = _cues()
    found: list[Naming] = []
    blocks = reading.segmented.blocks
    leads = {b.index: bool(lead.search(b.text)) for b in blocks if b.kind != "furniture" and any(w in b.text.lower() for w in listing_words)}
    for s in reading.stretches:
        block = s.block
        from_list = len(s.text)
        if s.words & listing_words and (match := lead.search(s.text)):
            from_list = match.end()
        elif block.kind in ("item", "row") and (leads.get(block.lead) or any(section.search(h) for h in block.section[-1:])):
            from_list = 0
        elif any(section.search(h) for h in block.section[-1:]) and len(s.text) < 400:
            from_list = 0
        if from_list == len(s.text) and not _anchored(s.text, anchors):
            continue
        mentions = outer(block.text, reading.mentioned.mentions[block.index])
        edges = [(s.start + from_list * (from_list < len(s.text)), s.end, from_list < len(s.text))]
        if 0 < from_list < len(s.text):
            edges.insert(0, (s.start, s.start + from_list, False))
        if block.kind == "row" and block.cells:
            edges = [(c.start, c.end, from_list == 0) for c in block.cells if c.start >= s.start and c.end <= s.end]
        for start, end, listing in edges:
            reader = Reader(block.text, tokens(block.text, start, end, mentions), listing)
            for d in reader.persons():
                name = reading.words(block, *d.name)
                found.append(Naming(s, d, split(reader, d.pieces), name))
    return _joined(reading, found)


def _anchored(text: str, anchors: frozenset[str]) -> bool:
    """Whether a capitalised word of the text is an honorific or a post."""
    for match in _CAPITAL.finditer(text):
        word = match.group().lower()
        if word in anchors or word.rstrip(".").split(".")[0].split("-")[0].split("’")[0] in anchors:
            return True
    return False


def plain(name: str) -> tuple[str, ...]:
    """The words of a name for comparing: lower case, no accents, no full stops."""
    text = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).lower()
    return tuple(w for w in re.findall(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", text.replace("’", "'")) if w)


def same(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether two names of at least two words are one person's: equal, or the last words equal and the given names
    equal, initials of each other, or a part of each other ('Joseph R. Biden', 'Joseph Biden')."""
    if a == b:
        return True
    if len(a) < 2 or len(b) < 2:
        return False
    short, long = sorted((a, b), key=len)
    if a[-1] == b[-1]:
        x, y = a[0], b[0]
        return (x == y or (len(x) == 1 or len(y) == 1) and x[0] == y[0]) and all(
            any(w == v or (len(w) == 1 or len(v) == 1) and w[0] == v[0] for v in long[1:-1]) for w in short[1:-1]
        )
    return long[: len(short)] == short


def _joined(reading: Reading, found: list[Naming]) -> People:
    """Namings with person ids: full names first, then single names that fit exactly one of them."""
    keys = [plain(n.name) for n in found]
    groups: list[list[int]] = []
    by_last: dict[str, list[int]] = defaultdict(list)
    for i, key in enumerate(keys):
        if len(key) < 2:
            continue
        fits = [g for g in dict.fromkeys(by_last[key[-1]] + by_last[key[0]]) if any(same(key, keys[j]) for j in groups[g])]
        if len(fits) == 1:
            groups[fits[0]].append(i)
            g = fits[0]
        else:
            exact = [g for g in fits if any(keys[j] == key for j in groups[g])]
            if exact:
                g = exact[0]
                groups[g].append(i)
            else:
                groups.append([i])
                g = len(groups) - 1
        for word in (key[-1], key[0]):
            if g not in by_last[word]:
                by_last[word].append(g)
    words: dict[str, list[int]] = defaultdict(list)
    for g, members in enumerate(groups):
        for word in {w for j in members for w in keys[j] if len(w) > 1}:
            words[word].append(g)
    single: dict[str, int] = {}
    for i, key in enumerate(keys):
        if len(key) != 1:
            continue
        fits = words.get(key[0], [])
        last = [g for g in fits if any(keys[j][-1] == key[0] for j in groups[g])]
        if len(fits) == 1 or len(last) == 1:
            groups[(fits if len(fits) == 1 else last)[0]].append(i)
        elif not fits:
            if key[0] not in single:
                groups.append([])
                single[key[0]] = len(groups) - 1
            groups[single[key[0]]].append(i)
    return _people(reading, found, groups)


def _people(reading: Reading, found: list[Naming], groups: list[list[int]]) -> People:
    m = reading.mentioned
    order = sorted((sorted(g) for g in groups if g), key=lambda g: g[0])
    things: list[Thing] = []
    namings: dict[str, tuple[Naming, ...]] = {}
    at: dict[tuple[int, int], Naming] = {}
    added: dict[int, list[Mention]] = defaultdict(list)
    for number, members in enumerate(order, 1):
        id_ = f"p{number}"
        best = max(members, key=lambda i: (len(plain(found[i].name)), not found[i].name.isupper(), -i))
        label = found[best].name
        names = tuple(dict.fromkeys(found[i].name for i in members if found[i].name != label))
        evidence = tuple(
            Evidence(reading.passage(found[i].stretch), f"people/{found[i].described.rule}") for i in dict.fromkeys([best, *members])
        )
        things.append(Thing(id_, "person", label, tuple(dict.fromkeys(evidence)), names))
        own = []
        for i in members:
            n = replace(found[i], person=id_)
            block = n.stretch.block.index
            own.append(n)
            at[block, n.described.start] = n
            added[block].append(Mention("person", block, n.described.start, n.described.end, f"people/{n.described.rule}", "", id_))
        namings[id_] = tuple(own)
    mentions = tuple(
        tuple(sorted((*(x for x in ms if not _verb(reading, i, x)), *added[i]), key=lambda x: (x.start, -x.end, x.kind == "place", x.kind))) if i in added else ms
        for i, ms in enumerate(m.mentions)
    )
    return People(replace(m, mentions=mentions, things=(*m.things, *things)), namings, at)


def _verb(reading: Reading, block: int, m: Mention) -> bool:
    """Whether a meeting is named by a verb only ('A and B met in ...'), which the rules read themselves."""
    return m.kind == "event" and m.end - m.start < 10 and reading.segmented.blocks[block].text[m.start : m.end] in ("met", "gathered", "convened")


# what a document says of a person, over all places


@dataclass(frozen=True, slots=True)
class Employment:
    position: Value | None = None
    affiliation: Value | None = None
    affiliation_id: str = ""


class Employments:
    """Posts and employers of the persons of a document, completed from its other paragraphs."""

    def __init__(self, reading: Reading, people: People) -> None:
        self.reading = reading
        self.people = people
        self.parents: dict[str, set[tuple[int, Range]]] = defaultdict(set)
        """Unit as written, lower case, to the employers that stand with it in this document."""
        for own in people.namings.values():
            for n in own:
                if n.post.affiliation is None or not n.described.pieces:
                    continue
                for a, b in n.post.position:
                    text = n.stretch.block.text[a:b]
                    for unit in _units(text):
                        self.parents[unit].add((n.stretch.block.index, n.post.affiliation))

    def of(self, person: str, here: Naming) -> Employment:
        """Position and affiliation as stated where the person is named, else elsewhere in the document."""
        own = [here, *(n for n in self.people.namings[person] if n is not here)]
        position = next((v for n in own if (v := self.position(n)) is not None), None)
        if position is not None and " " not in position.value:
            # 'Secretary Blinken' where another paragraph has 'Secretary of State Antony Blinken'
            fuller = (v for n in own if (v := self.position(n)) is not None and v.value.lower().startswith(f"{position.value.lower()} "))
            position = next(fuller, position)
        rank = next((v for n in own if (v := self.rank(n)) is not None), None)
        affiliation: Value | None = None
        for n in own:
            affiliation = self.affiliation(n)
            if affiliation is not None:
                break
        if affiliation is None:
            affiliation = next((v for n in own if (v := self.completed(n)) is not None), None)
        if affiliation is None:
            affiliation = next((v for n in own if (v := self.delegation(n)) is not None), None)
        thing = ""
        if affiliation is not None:
            affiliation, thing = self.fullest(affiliation)
        return Employment(position or rank, affiliation, thing)

    def value(self, n: Naming, ranges: Iterable[Range], rule: str) -> Value | None:
        pieces = [re.sub(r"[’']s$", "", self.reading.words(n.stretch.block, *r)) for r in ranges]
        if not pieces:
            return None
        return Value("; ".join(pieces), pieces[0], self.reading.passage(n.stretch), rule)

    def position(self, n: Naming) -> Value | None:
        return self.value(n, n.post.position, f"people/{n.described.rule}")

    def rank(self, n: Naming) -> Value | None:
        return self.value(n, [n.described.rank], "people/rank") if n.described.rank else None

    def affiliation(self, n: Naming) -> Value | None:
        if n.post.affiliation is not None:
            return self.value(n, [n.post.affiliation], f"people/{n.described.rule}")
        if n.post.nation is not None:
            m = n.post.nation
            words = self.reading.words(n.stretch.block, m.start, m.end)
            return Value(self.state(m.value), words, self.reading.passage(n.stretch), "people/adjective-of-post", "inferred")
        return None

    def state(self, code: str) -> str:
        """A state's name as this document has it, else as the reference data has it."""
        thing = self.reading.things.get(f"s:{code}")
        if thing is not None:
            return thing.label
        return next((s.label for s in vocabulary.states() if s.code == code), code)

    def completed(self, n: Naming) -> Value | None:
        """The employer that another paragraph gives to the same unit."""
        for a, b in n.post.position:
            for unit in _units(n.stretch.block.text[a:b]):
                parents = self.parents.get(unit, set())
                texts = {self.reading.words(self.reading.segmented.blocks[block], *r) for block, r in parents}
                if len(texts) == 1:
                    block, r = min(parents)
                    words = texts.pop()
                    s = next(x for x in self.reading.by_block[block] if x.start <= r[0] < x.end)
                    return Value(words, words, self.reading.passage(s), "people/unit-elsewhere", "inferred")
        return None

    def delegation(self, n: Naming) -> Value | None:
        """The state of the heading 'Australian Delegation' that a list of persons stands under."""
        section = n.stretch.block.section
        if not section or not _DELEGATION.search(section[-1]):
            return None
        for block in reversed(self.reading.segmented.blocks[: n.stretch.block.index]):
            if block.kind == "heading" and block.text == section[-1]:
                for m in self.reading.mentioned.mentions[block.index]:
                    if m.kind in ("state", "adjective"):
                        words = self.reading.words(block, m.start, m.end)
                        passage = self.reading.segmented.passage(block, 0, len(block.text))
                        return Value(self.state(m.value or m.thing.removeprefix("s:")), words, passage, "people/delegation-heading", "inferred")
                return None
        return None

    def fullest(self, affiliation: Value) -> tuple[Value, str]:
        """An employer with its fullest name in this document: 'Ministry of Foreign Affairs' of one state only."""
        low = affiliation.value.lower()
        exact = ""
        longer: dict[str, str] = {}
        for t in self.reading.things.values():
            if t.kind not in ("body", "state"):
                continue
            names = {x.lower() for x in (t.label, t.acronym, *t.names) if x}
            if low in names or low.removeprefix("the ") in names:
                exact = exact or t.id
            if t.kind == "body":
                for x in (t.label, *t.names):
                    if x.lower().startswith(f"{low} of ") and low.startswith(("ministry", "department", "office", "embassy", "permanent mission")):
                        longer[x] = t.id
        for own in self.people.namings.values():
            for n in own:
                if n.post.affiliation is not None:
                    x = self.reading.words(n.stretch.block, *n.post.affiliation)
                    if x.lower().startswith(f"{low} of ") and low.startswith(("ministry", "department", "office", "embassy")):
                        longer.setdefault(x, exact)
        if len({plain(x.split(" of ")[-1]) for x in longer}) == 1 and longer:
            name, id_ = min(longer.items(), key=lambda item: (len(item[0]), item[0]))
            return replace(affiliation, value=name, known="inferred"), id_ or exact
        return affiliation, exact


def _units(text: str) -> Iterator[str]:
    """The units that a position names, lower case: 'department of x', 'crime prevention branch'."""
    lex = lexicon()
    for piece in re.split(r",\s*| of the | from the ", text):
        low = piece.strip().lower()
        first, last = (low.split() or [""])[0], (low.split() or [""])[-1]
        if (first in lex.units or last in lex.units) and len(low.split()) > 1:
            yield low
