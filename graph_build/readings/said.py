"""The sentences and clauses of one paper, as agreed language looks at them: made from the paper alone, kept beside it."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

SHINGLE = 3
"""Words in a shingle: two would make any two sentences of the genre alike, four lose a sentence with a change every
few words."""
BANDS, ROWS = 24, 2
"""A pair of Jaccard similarity j shares a band with probability 1 - (1 - j^ROWS)^BANDS: 0.99 at 0.42, which is left of the
shingles of a sentence when one word in seven is changed; 0.2 at 0.1."""
LEAST = 8
"""Fewest words of a sentence or clause that can be agreed language, and fewest in common but for names."""


_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CLAUSE = re.compile(
    r"[;:]\s+|,\s+(?:and|but|or|as well as|while|including)\s+(?=\w)|\s–\s|,\s+(?=(?:which|who|that|where|particularly|through)\b)"
)

UNIT = np.dtype(
    [("sentence", "<u4"), ("whole", "u1"), ("runs", "<u4"), ("text", "<u8", (2,)), ("bands", "<u4", (BANDS,))]
)
MIX = np.uint64(0x9E3779B97F4A7C15)
"""An odd multiplier that spreads bits (Fibonacci hashing; Knuth, The Art of Computer Programming 3, 6.4)."""
Lanes = NDArray[np.uint64]
_SEEDS = np.arange(1, BANDS * ROWS + 1, dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, or a clause of one, as words."""

    sentence: int
    words: tuple[str, ...]
    text: str
    whole: bool


class Said(NamedTuple):
    """The units of one paper as agreed language looks at them, made from its sentences alone.

    texts  each unit as it stands, one a line; table its row of `UNIT`; runs the checksums of all its runs of SHINGLE words
    """

    texts: str
    table: bytes
    runs: bytes


def folded(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared: lower case, one apostrophe, no punctuation."""
    return tuple(sys.intern(w.replace("’", "'")) for w in _WORD.findall(text.casefold()))


def clauses(sentence: str) -> Iterator[str]:
    """The clauses of a long sentence, in order; nothing where it has only one."""
    cuts = [(0, 0), *((m.start(), m.end()) for m in _CLAUSE.finditer(sentence)), (len(sentence), 0)]
    if len(cuts) > 2:
        for (_, start), (end, _) in pairwise(cuts):
            yield sentence[start:end].strip(" ,;:–")


def units(sentences: Iterable[str]) -> list[Unit]:
    """The sentences of a paper and the clauses of the long ones, each with at least LEAST words."""
    found = []
    for i, text in enumerate(sentences):
        words = folded(text)
        if len(words) < LEAST:
            continue
        found.append(Unit(i, words, text, True))
        if len(words) >= 2 * LEAST:
            found += [Unit(i, w, part, False) for part in clauses(text) if LEAST <= len(w := folded(part)) < len(words)]
    return found


def said_of(sentences: Iterable[str]) -> Said:
    """The units of a paper's sentences, with what tells which texts may be alike."""
    found = units(sentences)
    table = np.zeros(len(found), dtype=UNIT)
    runs: list[int] = []
    for row, unit in zip(table, found, strict=True):
        checks, bands = _signed(unit.words)
        row["sentence"], row["whole"], row["runs"], row["bands"] = unit.sentence, unit.whole, len(checks), bands
        row["text"] = lanes(f"{unit.whole:d} {' '.join(unit.words)}")
        runs += checks
    return Said("\n".join(u.text for u in found), table.tobytes(), np.array(runs, dtype="<u4").tobytes())


def runs_of(words: tuple[str, ...]) -> list[int]:
    """The checksums of all runs of SHINGLE words, in order."""
    return [crc32(" ".join(words[i : i + SHINGLE]).encode()) for i in range(max(1, len(words) - SHINGLE + 1))]


@lru_cache(1 << 12)
def _signed(words: tuple[str, ...]) -> tuple[list[int], NDArray[np.uint64]]:
    """The checksums of the runs of words, and the bands of their MinHash signature: the least that each of some hash
    functions gives of any run. Signatures are cut into BANDS of ROWS; texts with one equal band are candidates.
    """
    runs = runs_of(words)
    values = np.array(runs, dtype=np.uint64)
    signature = np.min(mixed(values[:, None] + mixed(_SEEDS * MIX)), axis=0)
    bands = np.zeros(BANDS, dtype=np.uint64)
    for row in range(ROWS):
        bands = bands * MIX + signature[row::ROWS]
    return runs, mixed(bands) >> np.uint64(32)


def lanes(text: str) -> tuple[int, int]:
    """128 bits of the hash of a text."""
    data = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return int.from_bytes(data[:8], "little"), int.from_bytes(data[8:], "little")


def mixed(values: Lanes) -> Lanes:
    """Numbers with all their bits spread, so that sums of them tell sets apart (the finalizer of SplitMix64; Steele,
    Lea, Flood, Fast splittable pseudorandom number generators, 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
