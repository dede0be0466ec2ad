"""Agreed language: where a sentence or clause first stood, who said it again, and which words changed.

Sentences, and clauses of long sentences, become sets of word shingles; MinHash with locality-sensitive hashing (`said`)
finds pairs that may be alike at a cost that grows with the number of sentences, not of pairs; every pair
is then compared word by word, and only what passes counts. A sentence is linked to the most alike one of an earlier
paper, so that chains go back to where the words first stood.

The measure is 2 m / (a + b): m words in common in their order (longest common subsequence), a and b words in all
(normalised indel similarity). Names of things are no language of their own: what is alike in nothing but names is left
out. Sentences that such papers repeat without agreeing on anything are told apart by kind (`boilerplate.toml`).

What a text is most alike to follows from the texts that share a band with it and stand before it, and from the names
in them. A sum over these (`_Texts.digests`, two lanes of 64 bits) tells whether any of it changed: what was found
before is taken over where the sum is the same, so that one paper more compares little.

Broder, On the resemblance and containment of documents (1997); Leskovec, Rajaraman, Ullman, Mining of Massive
Datasets, chapter 3.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel, LCSseq

from graph_build.errors import RuleError
from graph_build.readings.papers import Corpus, before, overlap
from graph_build.readings.said import BANDS, LEAST, MIX, SHINGLE, UNIT, Lanes, folded, lanes, mixed, runs_of
from graph_build.records import Commitment, Passage

METHOD = "words in common in order, 2m/(a+b); candidates by MinHash over 3-word shingles"
NEAREST = 12
"""How many of the texts with an equal band before it each text is compared with."""
ALIKE = 0.7
"""Least measure of a pair."""
_SPEAKER = re.compile(
    r"(?:^|[,;]\s+|\band\s+)((?:(?:some|all|the|many|several|these|expert|[A-Z]\w*)\s+){0,4}(?:members?|participants|ministers|"
    r"leaders|co-?chairs?|chairs?|officials|countries|delegates|delegations|pan?nell?ists|experts|states|parties|meeting|"
    r"conference|workshop|symposium|forum|group|we))\s+(?:also\s+|further\s+|then\s+|\w+ly\s+)?(?:\w+(?:ed|d)|noted?|agreed?|"
    r"spoke|saw|heard|emphasi[sz]e|recogni[sz]e|acknowledge|reaffirm|welcome|undertake|undertook|commit)\b",
    re.I,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reuse:
    """A passage that says again what an earlier one said.

    earlier, later   the sentences; of papers whose order is not known, by date then key
    words_earlier, words_later  the words compared: of a clause, or of the whole sentence
    measure     2m/(a+b) of the words, 0 to 1
    difference  the later words with what was left out as '[-…-]' and what came in as '[+…+]'
    speaker_earlier, speaker_later  who says it, where the sentence or its commitment says so
    first       where the words first stood, as far as the papers go: the start of the chain
    boilerplate kind of repeated phrase, or '' where it is language of substance
    order       'later', 'same meeting' (two papers of one meeting) or 'unknown'
    """

    earlier: Passage
    later: Passage
    words_earlier: str
    words_later: str
    measure: float
    difference: str
    speaker_earlier: str
    speaker_later: str
    first: Passage
    boilerplate: str
    order: str


@lru_cache(1)
def _kinds() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return boilerplate_kinds(resources.files(__package__).joinpath("boilerplate.toml").read_text("utf-8"))


def boilerplate_kinds(text: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The kinds of repeated phrases of a TOML text, examples and counterexamples checked; RuleError where one fails."""
    found = []
    for row in tomllib.loads(text)["kind"]:
        where = f"boilerplate.toml [{row.get('id', '?')}]"
        if row.keys() != {"id", "pattern", "examples", "counterexamples"} or not row["examples"]:
            raise RuleError("a kind has id, pattern, examples and counterexamples", where)
        pattern = re.compile(row["pattern"], re.I)
        if bad := [e for e in row["examples"] if not pattern.search(e)]:
            raise RuleError(f"the example does not match: {bad[0]}", where)
        if bad := [e for e in row["counterexamples"] if pattern.search(e)]:
            raise RuleError(f"the counterexample matches: {bad[0]}", where)
        found.append((row["id"], pattern))
    return tuple(found)


@lru_cache(1 << 16)
def boilerplate(sentence: str) -> str:
    """The kind of repeated phrase that a sentence is, or ''."""
    return next((kind for kind, pattern in _kinds() if pattern.search(sentence)), "")


_FOUND = np.dtype([("digest", "<u8", (2,)), ("best", "<u8"), ("score", "<f8"), ("own", "u1")])
Numbers = NDArray[np.int64]


class _Texts:
    """All units of a corpus in order of time, and their distinct texts in the order in which they first stood.

    A text is words, said as a whole sentence or as a clause. Arrays over units: `table`, `paper` (position in order of
    time), `text` (position of its text), `begins` (first unit of its paper), `stood` (the nearest unit of the same text
    before it in another paper, or -1). Over texts: `first` (its first unit).
    """

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.order = sorted((o.key for o in corpus.outlines), key=lambda key: (corpus.dates[key] or "9999", key))
        said = [corpus.said[key] for key in self.order]
        self.table = np.frombuffer(b"".join(s.table for s in said), dtype=UNIT)
        self.runs = np.frombuffer(b"".join(s.runs for s in said), dtype="<u4")
        sizes = np.array([len(s.table) // UNIT.itemsize for s in said], dtype=np.int64)
        self.starts = np.concatenate(([0], np.cumsum(sizes)))
        self.paper = np.repeat(np.arange(len(said)), sizes)
        self.begins = self.starts[self.paper]
        _, first, inverse = np.unique(self.table["text"][:, 0], return_index=True, return_inverse=True)
        by_time = np.argsort(first, kind="stable")
        place = np.empty_like(by_time)
        place[by_time] = np.arange(len(by_time))
        self.first: Numbers = first[by_time]
        self.text: Numbers = place[inverse.reshape(-1)]
        self.members = np.argsort(self.text, kind="stable")
        self.stood = self._stood()
        self._words: dict[int, tuple[str, ...]] = {}

    def _stood(self) -> Numbers:
        at = np.arange(len(self.members))
        text, paper = self.text[self.members], self.paper[self.members]
        of_text = np.maximum.accumulate(np.where(np.diff(text, prepend=-1) != 0, at, 0))
        fresh = (np.diff(text, prepend=-1) != 0) | (np.diff(paper, prepend=-1) != 0)
        of_paper = np.maximum.accumulate(np.where(fresh, at, 0))
        found = np.full(len(self.members), -1)
        again = of_paper > of_text
        found[self.members[again]] = self.members[of_paper[again] - 1]
        return found

    def words(self, text: int) -> tuple[str, ...]:
        """The words of a text."""
        found = self._words.get(text)
        if found is None:
            found = self._words[text] = folded(self.as_said(int(self.first[text])))
        return found

    def as_said(self, unit: int) -> str:
        """A unit as it stands in its paper."""
        paper = int(self.paper[unit])
        return self.corpus.said[self.order[paper]].texts.split("\n")[unit - int(self.starts[paper])]

    @cached_property
    def _bands(self) -> list[tuple[Numbers, Numbers, Numbers]]:
        """For each band: texts grouped by it, in order of time; the place of each text there; where its window, the
        NEAREST before it in its group, begins. So a phrase of a thousand papers costs a thousand comparisons, not a
        million."""
        made = []
        at = np.arange(len(self.first))
        bands = self.table["bands"][self.first]
        for band in range(BANDS):
            keys = bands[:, band]
            order = np.argsort(keys, kind="stable")
            groups = np.maximum.accumulate(np.where(np.diff(keys[order].astype(np.int64), prepend=-1) != 0, at, 0))
            place = np.empty_like(order)
            place[order] = at
            made.append((order, place, np.maximum(groups, at - NEAREST)))
        return made

    def before(self, text: int) -> set[int]:
        """The texts that may be alike and stood before, in another paper."""
        found: set[int] = set()
        for order, place, begins in self._bands:
            at = int(place[text])
            found.update(order[int(begins[at]) : at].tolist())
        own = self.paper[self.first[text]]
        return {other for other in found if self.paper[self.first[other]] != own}

    def digests(self, named: _Names) -> Lanes:
        """What decides to which text each is most alike: itself, and the texts in its windows, each with the names in
        it and the place where it first stood."""
        ends = np.cumsum(self.table["runs"].astype(np.int64))
        dates = np.array([lanes(f"{self.corpus.dates[key]} {key}") for key in self.order], dtype=np.uint64)
        digests = np.zeros((len(self.first), 2), dtype=np.uint64)
        checks, values = named.checks
        at = np.minimum(np.searchsorted(checks, self.runs), len(checks) - 1)
        hit = checks[at] == self.runs
        for lane in (0, 1):
            weights = np.where(hit, values[at, lane], np.uint64(0))
            sums = np.concatenate((np.zeros(1, dtype=np.uint64), np.cumsum(weights, dtype=np.uint64)))[ends]
            names = np.diff(sums, prepend=np.uint64(0))[self.first]
            said = self.table["text"][self.first, lane]
            number = (self.first - self.begins[self.first]).astype(np.uint64)
            one = mixed(said ^ mixed(names + mixed(dates[self.paper[self.first], lane] + number * MIX)))
            total = mixed(one + MIX)
            for band, (order, place, begins) in enumerate(self._bands):
                sums = np.concatenate((np.zeros(1, dtype=np.uint64), np.cumsum(one[order], dtype=np.uint64)))
                window = sums[:-1] - sums[begins]
                total += window[place] * np.uint64(2 * band + 3)
            digests[:, lane] = total
        return digests


def measure(one: Sequence[str], other: Sequence[str], least: float = 0.0) -> float:
    """Words in common in their order, 2m/(a+b); 0 where it is below `least`."""
    return float(Indel.normalized_similarity(one, other, score_cutoff=least))


@lru_cache(1 << 14)
def difference(earlier: str, later: str) -> str:
    """The later words with what was left out as '[-…-]' and what came in as '[+…+]', word by word."""
    a, b = earlier.split(), later.split()
    plain = [[re.sub(r"^\W+|\W+$", "", w).casefold() or w for w in words] for words in (a, b)]
    out: list[str] = []
    for tag, i, j, k, m in SequenceMatcher(None, plain[0], plain[1], autojunk=False).get_opcodes():
        if tag == "equal":
            out.append(" ".join(b[k:m]))
            continue
        if i < j:
            out.append(f"[-{' '.join(a[i:j])}-]")
        if k < m:
            out.append(f"[+{' '.join(b[k:m])}+]")
    return " ".join(out)


@lru_cache(1 << 16)
def speaker(sentence: str) -> str:
    """Who speaks in a sentence, as it stands: 'Bali Process members', 'Participants'; '' where none is plain."""
    match = _SPEAKER.search(sentence)
    return match[1] if match else ""


class _Names:
    """Folded names of everything that the papers name, of three words and more, and the papers' titles."""

    def __init__(self, corpus: Corpus) -> None:
        said = {n for o in corpus.outlines for t in o.things for n in (t.label, *t.names)}
        said |= {o.title for o in corpus.outlines}
        self.opening: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        self._left: dict[tuple[str, ...], list[str]] = {}
        for name in sorted({n for n in map(folded, said) if len(n) > 2}, key=lambda n: (-len(n), n)):
            self.opening.setdefault(name[:SHINGLE], []).append(name)

    @property
    def checks(self) -> tuple[Lanes, Lanes]:
        """Checksums of the words that open names, in order, and lanes of the names that each opens."""
        found = {0: (0, 0)}
        for opening, given in self.opening.items():
            check, given_lanes = runs_of(opening)[0], lanes("\n".join(" ".join(name) for name in given))
            one, other = found.get(check, (0, 0))
            found[check] = ((one + given_lanes[0]) % (1 << 64), (other + given_lanes[1]) % (1 << 64))
        checks = sorted(found)
        return np.array(checks, dtype=np.uint32), np.array([found[c] for c in checks], dtype=np.uint64)

    def without(self, words: tuple[str, ...]) -> list[str]:
        """The words that stand in no name; of names that begin at one word the longest counts."""
        known = self._left.get(words)
        if known is not None:
            return known
        left: list[str] = []
        i = 0
        while i < len(words):
            size = next((len(n) for n in self.opening.get(words[i : i + 3], ()) if words[i : i + len(n)] == n), 0)
            if not size:
                left.append(words[i])
            i += size or 1
        self._left[words] = left
        return left


def _substance(a: list[str], b: list[str], least: int) -> bool:
    """Whether more than names and turns of phrase is alike: so many words but for names."""
    return int(LCSseq.similarity(a, b)) >= least


def _least(whole: bool) -> int:
    """LEAST words of whole sentences; of a clause two more."""
    return LEAST if whole else LEAST + 2


class Agreed:
    """The agreed language of a corpus: for each sentence that says again what an earlier paper said, the link to it.

    The links are found at once; their records are made paper by paper, when they are asked for.
    """

    def __init__(self, corpus: Corpus, known: bytes = b"") -> None:
        """`known`: what `found` was for the corpus before; it decides nothing but speed."""
        self._corpus = corpus
        self._texts = _Texts(corpus)
        self._number = {key: i for i, key in enumerate(self._texts.order)}
        if len(self._texts.table):
            self._link(*self._alike(np.frombuffer(known, dtype=_FOUND)))
        else:
            self.found = b""
            self._later = self._earlier = self._first = np.zeros(0, dtype=np.int64)
            self._score = np.zeros(0)

    def _alike(self, known: NDArray[np.void]) -> tuple[Numbers, NDArray[np.float64], NDArray[np.bool_]]:
        """For each text the earlier text that it is most alike to, or -1; the measure; whether it has substance."""
        texts = self._texts
        named = _Names(self._corpus)
        digests = texts.digests(named)
        ids = texts.table["text"][texts.first, 0]
        found = np.zeros(len(ids), dtype=_FOUND)
        found["digest"] = digests
        todo = np.ones(len(ids), dtype=bool)
        if len(known):
            at = np.minimum(np.searchsorted(known["digest"][:, 0], digests[:, 0]), len(known) - 1)
            same = (known["digest"][at] == digests).all(axis=1)
            found[same], todo = known[at[same]], ~same
        for text in np.flatnonzero(todo).tolist():
            best, score = self._most_alike(text, named)
            own = len(named.without(texts.words(text))) >= _least(self._whole(text))
            found[text] = (digests[text], ids[best] if best >= 0 else 0, score, own)
        self.found = found[np.argsort(found["digest"][:, 0], kind="stable")].tobytes()
        by_id = np.argsort(ids, kind="stable")
        at = np.minimum(np.searchsorted(ids[by_id], found["best"]), len(ids) - 1)
        return np.where(found["score"] > 0, by_id[at], -1), found["score"], found["own"].astype(bool)

    def _whole(self, text: int) -> bool:
        return bool(self._texts.table["whole"][self._texts.first[text]])

    def _most_alike(self, text: int, named: _Names) -> tuple[int, float]:
        """Whole sentences before clauses, clauses before a clause and a sentence, then the more alike, then the younger."""
        texts, whole = self._texts, self._whole(text)
        words = texts.words(text)
        ranked = []
        for other in texts.before(text):
            if score := measure(texts.words(other), words, ALIKE):
                both, same = whole and self._whole(other), whole == self._whole(other)
                ranked.append((both, same, round(score, 6), other, score))
        for both, _, _, other, score in sorted(ranked, reverse=True):
            if _substance(named.without(texts.words(other)), named.without(words), _least(both)):
                return other, score
        return -1, 0.0

    def _link(self, best: Numbers, score: NDArray[np.float64], own: NDArray[np.bool_]) -> None:
        """One link for each sentence: of its texts, those that stood word for word before are linked to the nearest
        place, others to the nearest place of the text that they are most alike to."""
        texts = self._texts
        unit = np.arange(len(texts.table))
        again = texts.stood >= 0
        other = np.where(again, -1, best[texts.text])
        keys = texts.text[texts.members] * len(unit) + texts.members
        nearest = texts.members[np.searchsorted(keys, np.maximum(other, 0) * len(unit) + texts.begins) - 1]
        earlier = np.where(again, texts.stood, np.where(other >= 0, nearest, -1))
        alike = np.where(again, np.where(own[texts.text], 1.0, 0.0), score[texts.text])
        held = (earlier >= 0) & (alike > 0)
        later, earlier, alike = unit[held], earlier[held], alike[held]
        whole = texts.table["whole"].astype(bool)
        place = self._places(later)
        rank = (
            later,
            earlier,
            np.round(alike, 6),
            whole[later] == whole[earlier],
            whole[later] & whole[earlier],
            place,
        )
        order = np.lexsort(rank)
        last = order[np.diff(place[order], append=-1) != 0]
        self._later, self._earlier, self._score = later[last], earlier[last], alike[last]
        self._first = self._chained()

    def _places(self, units: Numbers) -> Numbers:
        """Numbers of the sentences of units, in order of time."""
        found: Numbers = (self._texts.paper[units] << 32) | self._texts.table["sentence"][units].astype(np.int64)
        return found

    def _chained(self) -> Numbers:
        """The unit at the start of the chain of each link: each step doubles how far back all have looked."""
        if not len(self._later):
            return self._earlier
        places, before = self._places(self._later), self._places(self._earlier)
        at = np.minimum(np.searchsorted(places, before), len(places) - 1)
        root = np.where(places[at] == before, at, np.arange(len(places)))
        while (root[root] != root).any():
            root = root[root]
        return self._earlier[root]

    def sums(self, papers: Mapping[str, tuple[int, int]]) -> tuple[dict[str, int], dict[str, int]]:
        """Sums that change where a link changes: by the paper that says it again, and by the paper that said it.

        papers  what tells each paper from what it was before, in two lanes of 64 bits
        """
        texts = self._texts
        told = np.array([papers[key] for key in texts.order], dtype=np.uint64).reshape(-1, 2)
        totals = np.zeros((2, len(texts.order), 2), dtype=np.uint64)
        for lane in (0, 1):
            row = np.ascontiguousarray(self._score).view(np.uint64).copy()
            for units in (self._later, self._earlier, self._first):
                number = (units - texts.begins[units]).astype(np.uint64)
                row = mixed(row + mixed(told[texts.paper[units], lane] + number * MIX))
            for side, units in enumerate((self._later, self._earlier)):
                np.add.at(totals[side, :, lane], texts.paper[units], row)
        later, earlier = (
            {key: (int(one) << 64) | int(other) for key, (one, other) in zip(texts.order, side, strict=True)}
            for side in totals
        )
        return later, earlier

    @cached_property
    def _by_earlier(self) -> Numbers:
        return np.argsort(self._texts.paper[self._earlier], kind="stable")

    def of(self, paper: str) -> tuple[Reuse, ...]:
        """What a paper says again, in the order of its sentences."""
        number = self._number[paper]
        low, high = np.searchsorted(self._texts.paper[self._later], (number, number + 1))
        return tuple(self._reuse(i) for i in range(low, high))

    def again(self, paper: str) -> tuple[Reuse, ...]:
        """What others say again of a paper."""
        number = self._number[paper]
        papers = self._texts.paper[self._earlier[self._by_earlier]]
        low, high = np.searchsorted(papers, (number, number + 1))
        return tuple(self._reuse(i) for i in self._by_earlier[low:high].tolist())

    def all(self) -> tuple[Reuse, ...]:
        """Every link, in order of the later paper's date and place."""
        return tuple(self._reuse(i) for i in range(len(self._later)))

    def _sentence(self, unit: int) -> Passage:
        key = self._texts.order[int(self._texts.paper[unit])]
        return self._corpus.papers[key].sentences[int(self._texts.table["sentence"][unit])]

    def _reuse(self, link: int) -> Reuse:
        earlier, later = int(self._earlier[link]), int(self._later[link])
        one, other = self._sentence(earlier), self._sentence(later)
        before, after = self._texts.as_said(earlier), self._texts.as_said(later)
        whole = self._texts.table["whole"]
        return Reuse(
            one,
            other,
            before,
            after,
            round(float(self._score[link]), 3),
            difference(before, after),
            _speaker(self._corpus, one, before, bool(whole[earlier])),
            _speaker(self._corpus, other, after, bool(whole[later])),
            self._sentence(int(self._first[link])),
            boilerplate(after) or boilerplate(before),
            _order(self._corpus, one.document, other.document),
        )


def _order(corpus: Corpus, earlier: str, later: str) -> str:
    if corpus.meetings[earlier] and corpus.meetings[earlier] == corpus.meetings[later]:
        return "same meeting"
    return "later" if before(corpus.dates[earlier], corpus.dates[later]) else "unknown"


def _speaker(corpus: Corpus, sentence: Passage, text: str, whole: bool) -> str:
    """Who says it: the issuer of a commitment in these words, else the speaker that the words name."""
    for fact in corpus.papers[sentence.document].facts:
        if not isinstance(fact, Commitment) or not fact.issuer or not overlap(fact.clause, sentence):
            continue
        if whole or fact.clause.quote in text or text in fact.clause.quote:
            return fact.issuer.value
    return speaker(text) or ("" if whole else speaker(sentence.quote))
