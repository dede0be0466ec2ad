"""Agreed language over many generated sentences with planted reuse: recall, precision, seconds, memory.

    python -m benchmarks.language [SENTENCES] [SEED]

Sentences are made of the genre's frames ('Participants agreed that ...') and of words drawn with the skew of natural
language, so that many share beginnings and phrases. Of every 25 sentences one is planted: an earlier sentence of
another paper, with up to 15 % of its words replaced, left out or added. Recall is the share of planted pairs that are
found (linked to the planted source or to another copy of it); precision the share of found links that were planted.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from dataclasses import dataclass, field

from graph_build.readings.language import ALIKE, Agreed, measure
from graph_build.readings.papers import Corpus
from graph_build.readings.said import folded
from graph_build.records import Document, DocumentFacts, Passage, Resolution, Span

SPEAKERS = "Members Participants Ministers Officials Delegations Experts Co-chairs".split()
VERBS = "agreed that,acknowledged that,recognised that,noted that,stressed the need for,welcomed,called for,encouraged".split(
    ","
)
TAILS = (
    "in the region,by the end of the year,at the next meeting,with a view to closer cooperation,as appropriate".split(
        ","
    )
)
PER_PAPER = 50
PLANTED = 25
EDITS = 0.15


@dataclass
class Generated:
    """Papers, and for each planted sentence (paper, position) the sentence it was made from."""

    papers: list[list[str]] = field(default_factory=list)
    source: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)


def generate(sentences: int, seed: int) -> Generated:
    """Papers of PER_PAPER sentences; the same numbers give the same papers."""
    chance = random.Random(seed)
    words = ["".join(chance.choices("bdfgklmnprstv", k=1) + chance.choices("aeiou", k=1)) for _ in range(9)]
    vocabulary = sorted({"".join(chance.choices(words, k=chance.randint(1, 4))) for _ in range(9000)})
    weights = [1 / (rank + 3) for rank in range(len(vocabulary))]
    chance.shuffle(vocabulary)
    made = Generated()
    for paper in range(max(2, sentences // PER_PAPER)):
        lines: list[str] = []
        for at in range(PER_PAPER):
            if paper and at % PLANTED == 7:
                where = (chance.randrange(paper), chance.randrange(PER_PAPER))
                lines.append(edited(made.papers[where[0]][where[1]], vocabulary, chance))
                made.source[paper, at] = where
            else:
                body = " ".join(chance.choices(vocabulary, weights, k=chance.randint(12, 32)))
                lines.append(f"{chance.choice(SPEAKERS)} {chance.choice(VERBS)} {body} {chance.choice(TAILS)}.")
        made.papers.append(lines)
    return made


def edited(sentence: str, vocabulary: list[str], chance: random.Random) -> str:
    """A sentence with up to EDITS of its words changed."""
    words = sentence.rstrip(".").split()
    for _ in range(chance.randint(0, int(len(words) * EDITS))):
        at = chance.randrange(len(words))
        how = chance.randrange(3)
        if how == 0:
            words[at] = chance.choice(vocabulary)
        elif how == 1:
            words.insert(at, chance.choice(vocabulary))
        elif len(words) > 10:
            del words[at]
    return " ".join(words) + "."


def corpus(made: Generated) -> Corpus:
    """The papers as facts without any fact, a day apart."""
    papers = []
    for number, lines in enumerate(made.papers):
        key, text = f"{number:06}.txt", "\n".join(lines)
        meta = (("date", f"{1900 + number // 336}-{1 + number // 28 % 12:02}-{1 + number % 28:02}"),)
        document = Document(key, text, f"{number:064}", meta=meta)
        at, sentences = 0, []
        for line in lines:
            sentences.append(Passage(key, (Span(at, at + len(line)),), line))
            at += len(line) + 1
        papers.append(DocumentFacts(document, sentences=tuple(sentences), paragraphs=("",) * len(sentences)))
    return Corpus.of(papers, Resolution(()))


def main(sentences: int = 100_000, seed: int = 7) -> None:
    """Print the figures."""
    made = generate(sentences, seed)
    papers = corpus(made)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    links = Agreed(papers).all()
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    place = {s: (n, i) for n, p in enumerate(papers.papers.values()) for i, s in enumerate(p.sentences)}
    found = {place[r.later]: place[r.earlier] for r in links}

    def origin(at: tuple[int, int]) -> tuple[int, int]:
        while at in made.source:
            at = made.source[at]
        return at

    hits = {at for at, earlier in found.items() if at in made.source and origin(earlier) == origin(at)}
    reachable = {
        at for at, where in made.source.items()
        if measure(folded(made.papers[where[0]][where[1]]), folded(made.papers[at[0]][at[1]]), ALIKE)
    }  # fmt: skip
    count = sum(len(p) for p in made.papers)
    print(
        f"{count:,} sentences in {len(made.papers):,} papers, {len(made.source):,} planted ({len(reachable):,} of measure {ALIKE} and more)"
    )
    print(
        f"recall {len(hits) / len(made.source):.4f} of all planted, {len(hits & reachable) / len(reachable):.4f} of those alike enough"
    )
    print(f"precision {len(hits) / max(1, len(found)):.4f} of {len(found):,} links")
    print(
        f"{seconds:.1f} s of one core, {count / seconds:,.0f} sentences a second, peak {peak / 1024:,.0f} MB ({(peak - before) / 1024:,.0f} MB above the papers)"
    )


if __name__ == "__main__":
    main(*(int(a) for a in sys.argv[1:3]))
