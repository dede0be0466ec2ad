"""Agreed language: where a sentence or clause first stood, who said it again, and which words changed.

Sentences, and clauses of long sentences, become sets of word shingles; MinHash with locality-sensitive hashing
(datasketch) finds pairs that may be alike at a cost that grows with the number of sentences, not of pairs; every pair
is then compared word by word, and only what passes counts. A sentence is linked to the most alike one of an earlier
paper, so that chains go back to where the words first stood.

The measure is 2 m / (a + b): m words in common in their order (longest common subsequence), a and b words in all
(normalised indel similarity). Names of things are no language of their own: what is alike in nothing but names is left
out. Sentences that such papers repeat without agreeing on anything are told apart by kind (`boilerplate.toml`).

Broder, On the resemblance and containment of documents (1997); Leskovec, Rajaraman, Ullman, Mining of Massive
Datasets, chapter 3.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import numpy as np
from datasketch import MinHash
from rapidfuzz.distance import Indel, LCSseq

from graph_build.readings.papers import Corpus, before, overlap
from graph_build.readings.patterns import kind_of
from graph_build.records import Commitment, Passage

METHOD = "words in common in order, 2m/(a+b); candidates by MinHash over 3-word shingles"
SHINGLE = 3
"""Words in a shingle: two would make any two sentences of the genre alike, four lose a sentence with a change every
few words."""
BANDS, ROWS = 24, 2
"""A pair of Jaccard similarity j shares a band with probability 1 - (1 - j^ROWS)^BANDS: 0.99 at 0.42, which is left of the
shingles of a sentence when one word in seven is changed; 0.2 at 0.1."""
NEAREST = 12
"""How many of the texts with an equal band before it each text is compared with."""
ALIKE = 0.7
"""Least measure of a pair."""
LEAST = 8
"""Fewest words of a sentence or clause that can be agreed language, and fewest in common but for names."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CLAUSE = re.compile(
    r"[;:]\s+|,\s+(?:and|but|or|as well as|while|including)\s+(?=\w)|\s–\s|,\s+(?=(?:which|who|that|where|particularly|through|"
    r"in (?:the context of|order to|line with|accordance with|particular)|with a view to|taking into account|consistent with|given)\b)"
)
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
    speaker_earlier, speaker_later  who says it, where the sentence or its commitment states it
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


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, or a clause of one, as words."""

    paper: int
    sentence: int
    words: tuple[str, ...]
    text: str
    whole: bool


@lru_cache(1 << 16)
def boilerplate(sentence: str) -> str:
    """The kind of repeated phrase that a sentence is, or ''."""
    return kind_of("boilerplate", sentence)


def folded(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared: lower case, one apostrophe, no punctuation."""
    return tuple(sys.intern(w.replace("’", "'")) for w in _WORD.findall(text.casefold()))


def clauses(sentence: str) -> Iterator[str]:
    """The clauses of a long sentence, in order; nothing where it has only one."""
    cuts = [(0, 0), *((m.start(), m.end()) for m in _CLAUSE.finditer(sentence)), (len(sentence), 0)]
    if len(cuts) > 2:
        for (_, start), (end, _) in pairwise(cuts):
            yield sentence[start:end].strip(" ,;:–")


def units(sentences: Sequence[str], paper: int) -> list[Unit]:
    """The sentences of a paper and the clauses of the long ones, each with at least LEAST words."""
    found = []
    for i, text in enumerate(sentences):
        words = folded(text)
        if len(words) < LEAST:
            continue
        found.append(Unit(paper, i, words, text, True))
        if len(words) >= 2 * LEAST:
            found += [
                Unit(paper, i, w, part, False) for part in clauses(text) if LEAST <= len(w := folded(part)) < len(words)
            ]
    return found


def shingles(words: tuple[str, ...]) -> set[bytes]:
    """Runs of SHINGLE words."""
    return {" ".join(words[i : i + SHINGLE]).encode() for i in range(max(1, len(words) - SHINGLE + 1))}


def candidates(found: Sequence[Unit]) -> dict[int, list[int]]:
    """For each unit the units before it, of other papers, that may be alike: locality-sensitive hashing over MinHash.

    Signatures are cut into BANDS of ROWS; units with one equal band are candidates. Bands are grouped by sorting, so
    that memory is one array of signatures; units of equal words are hashed once; in a group each looks at the NEAREST
    before it, so that a phrase of a thousand papers costs a thousand comparisons and not a million.
    """
    groups: dict[tuple[str, ...], list[int]] = {}
    for i, unit in enumerate(found):
        groups.setdefault(unit.words, []).append(i)
    near: dict[int, list[int]] = {}
    members = list(groups.values())
    for here in members:
        if len(here) > 1:
            _pair(found, here, here, near)
    # A unit that stands word for word before has its best candidate: only the first of each text looks any further.
    first = [
        [i for i in here if not any(found[j].whole == found[i].whole for j in near.get(i, ()))] for here in members
    ]
    for one, other in sorted(_alike(list(groups))):
        _pair(found, first[one], members[other], near)
        _pair(found, first[other], members[one], near)
    return near


def _alike(texts: Sequence[tuple[str, ...]]) -> set[tuple[int, int]]:
    """Pairs (later, earlier) of texts with an equal band."""
    a, b = MinHash(num_perm=BANDS * ROWS, seed=1).permutations
    signatures = np.empty((len(texts), BANDS * ROWS), dtype=np.uint32)
    for i, words in enumerate(texts):
        values = np.fromiter((crc32(s) for s in shingles(words)), dtype=np.uint64)
        # As datasketch computes it, for a whole set at once: the least of each permutation.
        signatures[i] = np.min(np.bitwise_and((values[:, None] * a + b) % _PRIME, _MASK), axis=0)
    pairs: set[tuple[int, int]] = set()
    for band in range(BANDS):
        keys = np.zeros(len(texts), dtype=np.uint64)
        for row in range(band * ROWS, (band + 1) * ROWS):
            keys = keys * _MIX + signatures[:, row]
        order = np.argsort(keys, kind="stable")
        edges = np.flatnonzero(np.diff(keys[order])) + 1
        for start, end in pairwise((0, *edges.tolist(), len(texts))):
            if end - start > 1:
                group = order[start:end].tolist()
                pairs.update((group[i], group[j]) for i in range(1, len(group)) for j in range(max(0, i - NEAREST), i))
    return pairs


_PRIME = np.uint64((1 << 61) - 1)
_MASK = np.uint64((1 << 32) - 1)
_MIX = np.uint64(0x9E3779B97F4A7C15)
"""An odd multiplier that spreads bits (Fibonacci hashing; Knuth, The Art of Computer Programming 3, 6.4)."""


def _pair(found: Sequence[Unit], later: Sequence[int], earlier: Sequence[int], near: dict[int, list[int]]) -> None:
    """Each later unit with the nearest one before it in another paper; the others of equal words measure the same."""
    for i in later:
        at = bisect_left(earlier, i) - 1
        while at >= 0 and found[earlier[at]].paper == found[i].paper:
            at -= 1
        if at >= 0:
            near.setdefault(i, []).append(earlier[at])


def measure(one: Sequence[str], other: Sequence[str], least: float = 0.0) -> float:
    """Words in common in their order, 2m/(a+b); 0 where it is below `least`."""
    return float(Indel.normalized_similarity(one, other, score_cutoff=least))


def aligned(earlier: str, later: str) -> Iterator[tuple[bool, str, str]]:
    """Two texts word by word: (whether the words are the same, words of the earlier, words of the later), in order.

    Case and punctuation at the ends of words are no difference; each side keeps its own.
    """
    a, b = earlier.split(), later.split()
    plain = [[re.sub(r"^\W+|\W+$", "", w).casefold() or w for w in words] for words in (a, b)]
    for tag, i, j, k, m in SequenceMatcher(None, plain[0], plain[1], autojunk=False).get_opcodes():
        yield tag == "equal", " ".join(a[i:j]), " ".join(b[k:m])


@lru_cache(1 << 14)
def difference(earlier: str, later: str) -> str:
    """The later words with what was left out as '[-…-]' and what came in as '[+…+]', word by word."""
    out: list[str] = []
    for same, was, now in aligned(earlier, later):
        if same:
            out.append(now)
            continue
        if was:
            out.append(f"[-{was}-]")
        if now:
            out.append(f"[+{now}+]")
    return " ".join(out)


@lru_cache(1 << 16)
def speaker(sentence: str) -> str:
    """Who speaks in a sentence, as it stands: 'Bali Process members', 'Participants'; '' where none is plain."""
    match = _SPEAKER.search(sentence)
    return match[1] if match else ""


def agreed_language(corpus: Corpus) -> tuple[Reuse, ...]:
    """Every passage that says again what an earlier paper said, in order of the later paper's date and place."""
    order = sorted(range(len(corpus.papers)), key=lambda i: _when(corpus, i))
    found = [unit for paper in order for unit in units([s.quote for s in corpus.papers[paper].sentences], paper)]
    named = _Names(corpus)
    best: dict[tuple[int, int], tuple[float, Unit, Unit]] = {}
    for i, others in candidates(found).items():
        later = found[i]
        for j in sorted(others):
            earlier = found[j]
            if later.whole != earlier.whole and (later.paper, later.sentence) in best:
                continue
            score = measure(earlier.words, later.words, ALIKE)
            place = (later.paper, later.sentence)
            better = score and (place not in best or _better(score, earlier, later, best[place]))
            if better and _substance(earlier, later, score, named):
                best[place] = (score, earlier, later)
    return _chained(corpus, best)


def _when(corpus: Corpus, paper: int) -> tuple[str, str]:
    key = corpus.papers[paper].document.key
    return (corpus.dates[key] or "9999", key)


def _better(score: float, earlier: Unit, later: Unit, known: tuple[float, Unit, Unit]) -> bool:
    """Whole sentences before clauses, then the more alike, then the nearer in time (candidates come in order of time)."""
    rank = (later.whole and earlier.whole, round(score, 6))
    return rank >= (known[2].whole and known[1].whole, round(known[0], 6))


class _Names:
    """Folded names of everything that the papers name, of three words and more, and the papers' titles."""

    def __init__(self, corpus: Corpus) -> None:
        said = {n for p in corpus.papers for t in p.things for n in (t.label, *t.names)}
        said |= {p.title for p in corpus.papers}
        self.opening: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        self._left: dict[tuple[str, ...], list[str]] = {}
        for name in sorted({n for n in map(folded, said) if len(n) > 2}, key=lambda n: (-len(n), n)):
            self.opening.setdefault(name[:3], []).append(name)

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


def _substance(earlier: Unit, later: Unit, score: float, named: _Names) -> bool:
    """Whether more than names and turns of phrase is alike: LEAST words but for names, of a clause two more."""
    a, b = named.without(earlier.words), named.without(later.words)
    least = LEAST if earlier.whole and later.whole else LEAST + 2
    if len(a) == len(earlier.words) and len(b) == len(later.words):
        # No names: the measure has counted the common words already.
        return round(score * (len(a) + len(b)) / 2) >= least
    return int(LCSseq.similarity(a, b)) >= least


def _chained(corpus: Corpus, best: dict[tuple[int, int], tuple[float, Unit, Unit]]) -> tuple[Reuse, ...]:
    links = []
    for (paper, sentence), (score, earlier, later) in best.items():
        first = (earlier.paper, earlier.sentence)
        seen = {(paper, sentence)}
        while first in best and first not in seen:
            seen.add(first)
            first = (best[first][1].paper, best[first][1].sentence)
        one = corpus.papers[earlier.paper].sentences[earlier.sentence]
        other = corpus.papers[paper].sentences[sentence]
        links.append(
            Reuse(
                one,
                other,
                earlier.text,
                later.text,
                round(score, 3),
                difference(earlier.text, later.text),
                _speaker(corpus, one, earlier),
                _speaker(corpus, other, later),
                corpus.papers[first[0]].sentences[first[1]],
                boilerplate(later.text) or boilerplate(earlier.text),
                _order(corpus, one.document, other.document),
            )
        )
    return tuple(
        sorted(links, key=lambda r: (corpus.dates[r.later.document] or "9999", r.later.document, r.later.start))
    )


def _order(corpus: Corpus, earlier: str, later: str) -> str:
    if corpus.meetings[earlier] and corpus.meetings[earlier] == corpus.meetings[later]:
        return "same meeting"
    return "later" if before(corpus.dates[earlier], corpus.dates[later]) else "unknown"


def _speaker(corpus: Corpus, sentence: Passage, unit: Unit) -> str:
    """Who says it: the issuer of a commitment in these words where the paper states one, else the speaker that the words
    name."""
    for fact in corpus.by_key[sentence.document].facts:
        if not isinstance(fact, Commitment) or not overlap(fact.clause, sentence):
            continue
        if not fact.issuer or fact.issuer.known != "stated":
            continue
        if unit.whole or fact.clause.quote in unit.text or unit.text in fact.clause.quote:
            return fact.issuer.value
    return speaker(unit.text) or ("" if unit.whole else speaker(sentence.quote))


def reused(links: Iterable[Reuse]) -> tuple[Reuse, ...]:
    """The links of substance: no boilerplate."""
    return tuple(r for r in links if not r.boilerplate)
