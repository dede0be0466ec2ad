"""What a build needs to know of every paper without its words, and the facts of those papers that it looks at.

A corpus of thousands of papers has their facts on the disk and their briefs in memory: a paper more is made from its own
facts and from those of the papers that it touches.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Container, Iterator, Mapping

import msgspec

from graph_build.quality import Coverage, cover
from graph_build.readings import Said, said_of
from graph_build.records import DocumentFacts, Outline, outline

LEAST = 20
"""Letters and digits that a paper must have at least to be known again by them."""

_REST = re.compile(r"[\W_]+")


class Brief(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One paper in brief, made from its facts alone.

    sha256    hash of the file's bytes; `digest` of its encoded facts
    words     digest of its words, the same in every format; '' where it has too few
    facts, candidates, sentences  how many it has
    """

    sha256: str
    digest: str
    words: str
    title: str
    sentences: int
    facts: int
    candidates: int
    outline: Outline
    said: Said
    coverage: Coverage


def brief_of(facts: DocumentFacts, digest: str) -> Brief:
    """The brief of a paper."""
    return Brief(
        facts.document.sha256,
        digest,
        words_of(facts),
        facts.title,
        len(facts.sentences),
        len(facts.facts),
        len(facts.candidates),
        outline(facts),
        said_of(s.quote for s in facts.sentences),
        cover(facts),
    )


def words_of(facts: DocumentFacts) -> str:
    """Digest of the words of a paper, the same in every format; '' where it has too few.

    Running headers, page numbers, marks, white space, hyphens at the ends of lines, punctuation and case are left out:
    converters change them.
    """
    said = "".join(s.quote for s in facts.sentences) or facts.document.text
    plain = _REST.sub("", said).casefold()
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest() if len(plain) >= LEAST else ""


def copies(briefs: Mapping[str, Brief]) -> Mapping[str, str]:
    """Key of each paper that is there more than once (the same words under another name or in another format) to the
    key of the paper that it is a copy of: the first of them. A draft that differs in one word is a paper of its own."""
    by_words: dict[str, list[str]] = {}
    for key, brief in briefs.items():
        if brief.words:
            by_words.setdefault(brief.words, []).append(key)
    return {key: min(keys) for keys in by_words.values() for key in keys if key != min(keys)}


class Papers(Mapping[str, DocumentFacts]):
    """The facts of a corpus by key, read from the disk when they are first looked at.

    load  reads the facts of a paper; what it raises goes to who looks
    """

    def __init__(
        self, briefs: Mapping[str, Brief], loaded: dict[str, DocumentFacts], load: Callable[[str], DocumentFacts]
    ):
        self.briefs = briefs
        self._loaded = loaded
        self._load = load

    def without(self, keys: Container[str]) -> Papers:
        """The same papers but for some."""
        return Papers({k: b for k, b in self.briefs.items() if k not in keys}, self._loaded, self._load)

    def __getitem__(self, key: str) -> DocumentFacts:
        if key not in self.briefs:
            raise KeyError(key)
        found = self._loaded.get(key)
        if found is None:
            found = self._loaded[key] = self._load(key)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.briefs)

    def __len__(self) -> int:
        return len(self.briefs)
