"""Finds the persons of a document: where each is named, as whom, and which names are one person."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from graph_build import rules
from graph_build.extract.people.describe import Described, Reader, outer
from graph_build.extract.people.names import Range
from graph_build.extract.people.posts import Post, split
from graph_build.extract.people.words import lexicon, tokens
from graph_build.extract.reading import Reading, Stretch
from graph_build.records import Evidence, Mention, Mentioned, Thing

_CAPITAL = re.compile(r"(?<![\w’'-])[^\W\d_a-zß-öø-ÿ][\w.’'-]*")


@dataclass(frozen=True, slots=True)
class Naming:
    """One place where a person is named: view range of the whole description, what it says, and the person's id."""

    stretch: Stretch
    described: Described
    post: Post
    name: str
    person: str = ""
    below: tuple[tuple[str, Stretch, Range], ...] = ()
    """Lines below a bare name in a list of persons: 'position' or 'affiliation', where they stand."""


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
    leads = {
        b.index: bool(lead.search(b.text))
        for b in blocks
        if b.kind != "furniture" and any(w in b.text.lower() for w in listing_words)
    }
    columns = _columns(reading)
    for s in reading.stretches:
        block = s.block
        if block.index in columns:
            found += _row(reading, s, columns[block.index])
            continue
        from_list = len(s.text)
        if s.words & listing_words and (match := lead.search(s.text)):
            from_list = match.end()
        elif (block.kind in ("item", "row") and leads.get(block.lead)) or (
            len(s.text) < 400 and any(section.search(h) for h in block.section[-3:])
        ):
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
    return _joined(reading, _stacked(reading, found, section))


def _columns(reading: Reading) -> dict[int, tuple[str, ...]]:
    """For each row of a table of persons what its columns hold: 'name', 'position', 'affiliation' or ''."""
    words = rules.tables("people")["columns"]
    assert isinstance(words, dict)
    kinds = {w: kind for kind, names in words.items() for w in names}
    found: dict[int, tuple[str, ...]] = {}
    header: tuple[str, ...] = ()
    for block in reading.segmented.blocks:
        if block.kind == "furniture":
            continue
        if block.kind != "row" or len(block.cells) < 2:
            header = ()
            continue
        cells = tuple(kinds.get(block.text[c.start : c.end].strip(" :.").lower(), "") for c in block.cells)
        if "name" in cells and len([c for c in cells if c]) > 1:
            header = cells
        elif header and len(cells) == len(header):
            found[block.index] = header
    return found


def _row(reading: Reading, s: Stretch, columns: tuple[str, ...]) -> Iterator[Naming]:
    """The person of a table row, with post and employer from the columns beside the name."""
    block = s.block
    mentions = outer(block.text, reading.mentioned.mentions[block.index])
    below: list[tuple[str, Stretch, Range]] = []
    for column, kind in (("position", "position"), ("affiliation", "affiliation"), ("state", "affiliation")):
        below += [
            (kind, s, (c.start, c.end))
            for c, of in zip(block.cells, columns, strict=True)
            if of == column and c.end > c.start
        ]
    for c, of in zip(block.cells, columns, strict=True):
        if of != "name" or c.end <= c.start:
            continue
        reader = Reader(block.text, tokens(block.text, c.start, c.end, mentions), True)
        if not reader.toks:
            continue
        start, rank = reader.honorific(0)
        end, after = reader.name(start, True)
        if end == start or after < reader.n:
            continue
        d = Described(c.start, c.end, reader.bare_name(start, end), rank, (), "row")
        yield Naming(s, d, Post(), reading.words(block, *d.name), "", tuple(below))


def _stacked(reading: Reading, found: list[Naming], section: re.Pattern[str]) -> list[Naming]:
    """Namings of lists in which post and employer stand in lines of their own below the name."""
    named = {n.stretch.block.index for n in found}
    blocks = reading.segmented.blocks
    done: list[Naming] = []
    for n in found:
        block = n.stretch.block
        listed = any(section.search(h) for h in block.section)
        if not listed or n.described.pieces or n.described.end - n.described.start < 0.8 * len(block.text):
            done.append(n)
            continue
        below: list[tuple[str, Stretch, Range]] = []
        for other in blocks[block.index + 1 : block.index + 5]:
            if (
                other.index in named
                or len(other.text) > 160
                or other.kind == "furniture"
                or not reading.by_block.get(other.index)
            ):
                break
            mentions = outer(other.text, reading.mentioned.mentions[other.index])
            if (
                mentions
                and mentions[0].kind in ("state", "event", "date")
                and mentions[0].end - mentions[0].start > 0.8 * len(other.text)
                or section.search(other.text)
            ):
                break
            reader = Reader(other.text, tokens(other.text, 0, len(other.text), mentions))
            s = reading.by_block[other.index][0]
            pieces, _ = reader.segments(0)
            post = split(reader, tuple(pieces))
            if post.position and not any(k == "position" for k, _, _ in below):
                below += [("position", s, r) for r in post.position[:1]]
            if post.affiliation is not None and not any(k == "affiliation" for k, _, _ in below):
                below.append(("affiliation", s, post.affiliation))
        done.append(replace(n, below=tuple(below)))
    return done


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
        fits = [
            g for g in dict.fromkeys(by_last[key[-1]] + by_last[key[0]]) if any(same(key, keys[j]) for j in groups[g])
        ]
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
            Evidence(reading.passage(found[i].stretch), f"people/{found[i].described.rule}")
            for i in dict.fromkeys([best, *members])
        )
        things.append(Thing(id_, "person", label, tuple(dict.fromkeys(evidence)), names))
        own = []
        for i in members:
            n = replace(found[i], person=id_)
            block = n.stretch.block.index
            own.append(n)
            at[block, n.described.start] = n
            added[block].append(
                Mention("person", block, n.described.start, n.described.end, f"people/{n.described.rule}", "", id_)
            )
        namings[id_] = tuple(own)
    mentions = tuple(
        tuple(
            sorted(
                (*(x for x in ms if not _verb(reading, i, x)), *added[i]),
                key=lambda x: (x.start, -x.end, x.kind == "place", x.kind),
            )
        )
        if i in added
        else ms
        for i, ms in enumerate(m.mentions)
    )
    return People(replace(m, mentions=mentions, things=(*m.things, *things)), namings, at)


def _verb(reading: Reading, block: int, m: Mention) -> bool:
    """Whether a meeting is named by a verb only ('A and B met in ...'), which the rules read themselves."""
    return (
        m.kind == "event"
        and m.end - m.start < 10
        and reading.segmented.blocks[block].text[m.start : m.end] in ("met", "gathered", "convened")
    )
