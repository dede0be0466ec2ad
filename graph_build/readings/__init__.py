"""What the papers say together: readings made from the facts of a corpus and its resolution, never from guesses.

Agreed language, two accounts of one meeting, stated numbers, follow-up of commitments, papers that are not held. Each
reading is a tuple of records with the sentences that it rests on; `triples` writes them into the graph.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graph_build.readings.accounts import Comparison, compare
from graph_build.readings.counts import CountCheck, check_counts
from graph_build.readings.followup import FollowUp, Silence, follow_ups
from graph_build.readings.language import Reuse, agreed_language
from graph_build.readings.missing import Missing, held_instruments, missing_papers
from graph_build.readings.papers import Corpus
from graph_build.records import DocumentFacts, Resolution

__all__ = ["Comparison", "CountCheck", "FollowUp", "Missing", "Readings", "Reuse", "Silence", "make_readings"]


@dataclass(frozen=True)
class Readings:
    """All readings of a corpus. `held` maps instruments to the paper of the corpus that they are."""

    language: tuple[Reuse, ...] = ()
    accounts: tuple[Comparison, ...] = ()
    counts: tuple[CountCheck, ...] = ()
    followed: tuple[FollowUp, ...] = ()
    silent: tuple[Silence, ...] = ()
    missing: tuple[Missing, ...] = ()
    held: tuple[tuple[str, str], ...] = ()


def make_readings(papers: Iterable[DocumentFacts], resolution: Resolution) -> Readings:
    """All readings of a corpus, whatever the order of its papers."""
    corpus = Corpus.of(papers, resolution)
    language = agreed_language(corpus)
    followed, silent = follow_ups(corpus, language)
    return Readings(
        language,
        compare(corpus, language),
        check_counts(corpus),
        followed,
        silent,
        missing_papers(corpus),
        tuple(sorted(held_instruments(corpus).items())),
    )
