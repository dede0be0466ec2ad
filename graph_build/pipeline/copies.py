"""Recognises papers that are there more than once: the same words under another name or in another format.

A copy is joined to the paper that it is a copy of: the graph has the paper once, under the first of the keys, and the
build names the others. Only what has the same words in the same order is a copy; a draft that differs in one word is a
paper of its own, and what it repeats is found as agreed language.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

from graph_build.records import DocumentFacts

LEAST = 20
"""Letters and digits that a paper must have at least to be known again by them."""

_REST = re.compile(r"[\W_]+")


def words_of(facts: DocumentFacts) -> str:
    """Digest of the words of a paper, the same in every format; '' where it has too few.

    Running headers, page numbers, marks, white space, hyphens at the ends of lines, punctuation and case are left out:
    converters change them.
    """
    said = "".join(s.quote for s in facts.sentences) or facts.document.text
    plain = _REST.sub("", said).casefold()
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest() if len(plain) >= LEAST else ""


def copies(papers: Iterable[DocumentFacts]) -> Mapping[str, str]:
    """Key of each copy to the key of the paper that it is a copy of, whatever the order of the papers."""
    by_words: dict[str, list[str]] = {}
    for facts in papers:
        if words := words_of(facts):
            by_words.setdefault(words, []).append(facts.document.key)
    return {key: min(keys) for keys in by_words.values() for key in keys if key != min(keys)}
