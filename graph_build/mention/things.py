"""Bodies and instruments of one document: which names mean one thing.

Full names, acronyms ('(IOM)', 'Name/ACR', 'ACR (Name)'), short forms by prefix ('Bali Process' for 'Bali Process on People
Smuggling ...'), by suffix ('Working Group on X' for 'Bali Process Working Group on X') and bare heads ('the Working Group').
An ambiguous short form is joined to nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from graph_build import rules, vocabulary
from graph_build.mention.gazetteer import fold, names

_SPELLING = {
    "organisation": "organization", "organisations": "organization", "organizations": "organization", "programme": "program", "centre": "center", "labour": "labor",
    "taskforce": "task force", "attorneys": "attorney", "experts": "expert", "programmes": "program", "programs": "program", "workplan": "work plan",
}  # fmt: skip
_SMALL = rules.word_list("thing_small")
_PERIOD = re.compile(r"((?:19|20)\d\d)\s?[-/]\s?(\d\d)(?!\d)")
_ACRONYM_AFTER = re.compile(
    r"\s?(?:\(\s?[“\"‘']?(?:the\s+)?([A-Z][A-Za-z0-9&+-]{1,14}(?:\s[A-Z][A-Z-]{1,12})?)[”\"’']?\s?\)|/([A-Z][A-Z-]{1,11}(?:\s[A-Z][A-Z-]{2,11})?)\b)"
)


@dataclass(slots=True)
class Raw:
    """A body or instrument name where it stands."""

    kind: str
    block: int
    start: int
    end: int
    text: str
    head: str = ""
    bare: bool = False
    unit: bool = False
    reference: str = ""
    nested: bool = False
    heading: bool = False
    rule: str = ""
    acronym: str = ""


@dataclass(slots=True)
class Cluster:
    """Names that mean one thing."""

    kind: str
    raws: list[Raw] = field(default_factory=list)
    acronym: str = ""
    reference: str = ""
    keys: set[tuple[str, ...]] = field(default_factory=set)

    @property
    def label(self) -> str:
        """The fullest name as written, capitals of a heading last, with the acronym in brackets."""
        best = max(
            self.raws,
            key=lambda r: (
                not r.bare,
                not (r.text.isupper() and len(r.text) > 12),
                len(words(r.text)),
                not _adjective_first(r.text),
                -r.block,
                -r.start,
            ),
        )
        text = best.text
        if (
            self.acronym
            and self.acronym != text
            and f"({self.acronym})" not in text
            and not text.startswith(f"{self.acronym} ")
        ):
            text = f"{text} ({self.acronym})"
        return text


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The words that tell a name, spelling variants and states written in one way."""
    plain = fold(text)
    # a state and its adjective may be one word: each range is replaced once
    codes = {f.start: (f.end, f"={f.value.lower()}") for f in names(text) if f.kind in ("state", "adjective")}
    for start, (end, code) in reversed(codes.items()):
        plain = plain[:start] + f" {code} " + plain[end:]
    plain = _PERIOD.sub(lambda m: f"{m.group(1)} {m.group(1)[:2]}{m.group(2)}", plain)
    found: list[str] = []
    for w in re.findall(r"=?[^\W_]+(?:['-][^\W_]+)*", plain):
        w = w.removesuffix("'s").removesuffix("'")
        for part in _SPELLING.get(w, w).replace("-", " ").split():
            if part not in _SMALL:
                found.append(part)
    return tuple(found)


@lru_cache(maxsize=4096)
def _adjective_first(text: str) -> bool:
    """'Thai Ministry of X', where 'Ministry of X of Thailand' says the same."""
    return any(f.kind == "adjective" and f.start == 0 for f in names(text))


def key(text: str) -> tuple[str, ...]:
    """Words of a name in an order that 'Thai Ministry of X' and 'Ministry of X of Thailand' share."""
    return tuple(sorted(words(re.sub(r"\s*\([A-Z][\w-]{1,14}\)", "", text))))


def acronym_after(text: str, end: int) -> tuple[str, int]:
    """The acronym that follows a name in brackets or after a slash, and where it ends; ('', end) where there is none."""
    match = _ACRONYM_AFTER.match(text, end)
    if match is None:
        return "", end
    found = match.group(1) or match.group(2)
    if not found or (found.islower()) or sum(c.isupper() for c in found) < 2:
        return "", end
    return found, match.end()


def initials(name: str, acronym: str) -> bool:
    """Whether an acronym's letters are the initials of a name's words, small words optional."""
    letters = [c.lower() for c in acronym if c.isalnum()]
    tokens = [w.lower() for w in re.findall(r"[^\W_]+", name)]
    i = 0
    for token in tokens:
        if i < len(letters) and token[0] == letters[i]:
            i += 1
    return i == len(letters)


def cluster(raws: Iterable[Raw], forum: tuple[str, ...]) -> list[Cluster]:
    """The things that the names mean. `forum` are the words of the document's own forum ('Bali Process'), to which a short
    form belongs where several bodies could carry it."""
    clusters: list[Cluster] = []
    by_key: dict[tuple[str, tuple[str, ...]], Cluster] = {}
    by_reference: dict[str, Cluster] = {}
    by_acronym: dict[str, Cluster] = {}
    shorts: list[Raw] = []
    labels = {o.id: o for o in vocabulary.organisations()}
    for raw in raws:
        if raw.bare:
            shorts.append(raw)
            continue
        k = (raw.kind, key(raw.text))
        found = by_reference.get(raw.reference) if raw.reference else None
        found = found or by_key.get(k)
        if found is None and raw.text.isupper() and raw.text in by_acronym:
            found = by_acronym[raw.text]
        if found is None:
            found = Cluster(raw.kind)
            clusters.append(found)
        by_key.setdefault(k, found)
        found.keys.add(k[1])
        found.raws.append(raw)
        if raw.reference:
            found.reference = found.reference or raw.reference
            by_reference[raw.reference] = found
        if raw.acronym and not found.acronym:
            found.acronym = raw.acronym
            other = by_acronym.get(raw.acronym)
            if other is not None and other is not found and other in clusters:
                found.raws += other.raws
                found.keys |= other.keys
                found.reference = found.reference or other.reference
                clusters.remove(other)
                for bk in [b for b, c in by_key.items() if c is other]:
                    by_key[bk] = found
                for br in [b for b, c in by_reference.items() if c is other]:
                    by_reference[br] = found
            by_acronym[raw.acronym] = found
        elif raw.text.isupper() and " " not in raw.text:
            by_acronym.setdefault(raw.text, found)
    _join_short(clusters, forum)
    for raw in shorts:
        target = _bearer(raw, clusters, forum)
        if target is not None:
            target.raws.append(raw)
    for c in clusters:
        if c.reference and not c.acronym and c.reference in labels:
            acronym = labels[c.reference].acronym
            if acronym and any(r.text == acronym for r in c.raws):
                c.acronym = acronym
        c.raws.sort(key=lambda r: (r.block, r.start))
    clusters.sort(key=lambda c: (c.raws[0].block, c.raws[0].start))
    return clusters


def _join_short(clusters: list[Cluster], forum: tuple[str, ...]) -> None:
    """Join a short name to the one full name that it begins or ends."""
    by_word: dict[tuple[str, str], list[Cluster]] = defaultdict(list)
    for c in clusters:
        for word in set(words(c.label)):
            by_word[c.kind, word].append(c)
    for c in sorted(clusters, key=lambda c: len(words(c.label))):
        short = words(c.label)
        text = fold(re.sub(r"\s*\([A-Z][\w-]{1,14}\)$", "", c.label))
        if len(short) < 2 or c not in clusters:
            continue
        fits = []
        rarest = min(short, key=lambda w: (len(by_word[c.kind, w]), w))
        for other in by_word[c.kind, rarest]:
            if other is c or other not in clusters or len(words(other.label)) <= len(short):
                continue
            full = fold(other.label)
            begins = (
                full.startswith(text)
                and re.match(r"\s+(?:on|for|to|against|of|in)\b|[:,]|\s+\d{4}", full[len(text) :]) is not None
            )
            ends = re.sub(r"\s*\([a-z][\w-]{1,14}\)$", "", full).endswith(" " + text) and not full.endswith(f", {text}")
            years = re.findall(r"\d{4}", text) == re.findall(r"\d{4}", full) or not re.findall(r"\d{4}", text)
            if (begins or ends) and years and (not c.acronym or not other.acronym or c.acronym == other.acronym):
                fits.append(other)
        if len(fits) > 1 and forum:
            near = [o for o in fits if set(forum) <= set(words(o.label))]
            fits = near if len(near) == 1 else fits
        # 'Forward Work Plan' may be several: then it is none of them
        if len(fits) == 1 and not (c.reference and fits[0].reference and c.reference != fits[0].reference):
            _merge(clusters, fits[0], c)


def _merge(clusters: list[Cluster], into: Cluster, gone: Cluster) -> None:
    into.raws += gone.raws
    into.keys |= gone.keys
    into.acronym = into.acronym or gone.acronym
    into.reference = into.reference or gone.reference
    clusters.remove(gone)


def _bearer(raw: Raw, clusters: list[Cluster], forum: tuple[str, ...]) -> Cluster | None:
    """The one thing that a bare head ('the Working Group') can mean: the only one with that head, else the forum's own."""
    head = fold(raw.text).split()
    fits = [c for c in clusters if c.kind == raw.kind and any(_has_head(r, head) for r in c.raws if not r.bare)]
    if len(fits) > 1:
        before = [c for c in fits if any((r.block, r.start) < (raw.block, raw.start) for r in c.raws)]
        own = [c for c in before if forum and set(forum) <= set(words(c.label))]
        titled = [c for c in before if any(r.heading for r in c.raws)]
        fits = own if len(own) == 1 else titled if len(titled) == 1 else before if len(before) == 1 else []
    return fits[0] if len(fits) == 1 else None


def _has_head(raw: Raw, head: list[str]) -> bool:
    tokens = fold(raw.text).split()
    if raw.head and raw.head.split() != head and raw.head != head[-1]:
        return False
    return any(tokens[i : i + len(head)] == head for i in range(len(tokens) - len(head) + 1))
