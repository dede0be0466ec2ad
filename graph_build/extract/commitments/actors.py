"""Noun phrases: whether they can act, and how one would name them."""

from __future__ import annotations

from graph_build.extract.commitments.clauses import PRONOUNS, QUOTES, Words
from graph_build.extract.commitments.lexicon import lexicon

_IN_NAMES = frozenset(
    "and of the for on de la le von van der den del di da al el bin ibn y e in with to or s & process".split()
)


_MONTHS = frozenset(
    "january february march april may june july august september october november december today yesterday".split()
)
_QUANTITIES = frozenset(
    "number all some most majority group range one each many several any half two three both series none coalition those rest remainder".split()
)


def is_actor(w: Words, start: int, end: int) -> bool:
    """Whether a noun phrase names or denotes somebody who can act."""
    lex = lexicon()
    for i in range(start, end):
        word = w.low[i]
        ends = word in ("of", "on", "for", "to", "in", "by", "with", "from", "between", "at") and i not in w.named
        if ends and i > start and not any(w.low[k] in _QUANTITIES for k in range(start, i)):
            break  # 'application of the Protocol' does not act, whoever stands behind 'of'
        if word in lex.levels or i in w.named:
            return True
        if w.capital(i) and w.text[w.starts[i]].isalpha() and word not in _MONTHS and not heads_thing(w, start, end):
            return True
    return end - start == 1 and w.low[start] in PRONOUNS


def is_agent(w: Words, start: int, end: int) -> bool:
    """Whether a noun phrase is headed by somebody who can be told to act: 'governments', not 'government action'."""
    if not is_actor(w, start, end):
        return w.low[start] in ("them", "us", "those")
    stop = next(
        (
            k
            for k in range(start + 1, end)
            if w.low[k] in ("of", "on", "for", "in", "from", "at", "to", "(", "with") and k not in w.named
        ),
        end,
    )
    if any(w.low[k] in _QUANTITIES for k in range(start, stop)):
        return True
    last = stop - 1
    return w.low[last] in lexicon().levels or w.capital(last) or w.low[last] == ")" or last + 1 < end


def plural_agents(w: Words, start: int, end: int) -> bool:
    """Whether an object that is told to act is headed by a plural that is no deed ('all jurisdictions', not 'efforts')."""
    stop = next(
        (k for k in range(start + 1, end) if w.low[k] in ("of", "on", "for", "in", "from", "at", "(", "with", ",")), end
    )
    last = w.low[stop - 1]
    return last.endswith("s") and last not in lexicon().words["deeds"] and not last.endswith(("ss", "ics", "ness"))


def heads_thing(w: Words, start: int, end: int) -> bool:
    """Whether a capitalised phrase names a paper and not an actor ('The Honiara Declaration')."""
    head = next((i for i in range(start, end) if w.low[i] in ("of", "on", "for", "to", "in", "(")), end) - 1
    return (head >= start and w.low[head] in lexicon().words["papers"]) or w.low[end - 1] in lexicon().words["papers"]


def head_of(w: Words, start: int, end: int) -> tuple[int, int]:
    """The subject as one would name it: without articles, relative clauses and what follows 'representing' or a comma."""
    while start < end and w.low[start] in (
        "the",
        "a",
        "an",
        "both",
        "also",
        "all",
        "these",
        "those",
        "their",
        "its",
        "our",
        *QUOTES,
    ):
        if w.low[start] in ("all", "both", "our", "their", "its", "these", "those") and end - start == 1:
            break
        start += 1
    stop = start
    depth = w.depth[start] if start < end else 0
    while stop < end:
        word = w.low[stop]
        if w.depth[stop] > depth:
            stop += 1
            continue
        if stop > start and word in (
            "who", "which", "that", "representing", "attending", "meeting", "from", "present", "including", "gathered",
            "assembled", "participating", "at", "in", "convened", "held", "during", "as", "having", "with", "concerned",
            "responsible", "being", "under", "on", "through", "by", "to",
        ):  # fmt: skip
            if word in ("meeting", "in", "on", "at", "to", "present", "with", "from") and _name_goes_on(w, stop, end):
                stop += 1
                continue
            break
        small = word.isalpha() and not w.capital(stop) and word not in lexicon().levels and word not in _IN_NAMES
        if stop > start and small and w.capital(stop - 1):
            grouped = any(w.low[k] in lexicon().levels for k in range(stop, end))
            if not grouped or word.endswith("ed"):
                break  # 'Maria Silva opened the session and'
        if word in (",", "–", "—") and stop > start:
            nxt = stop + 1
            if not (nxt < end and (w.capital(nxt) or w.low[nxt] in lexicon().levels or w.low[nxt] == "and")):
                break
        stop += 1
    while stop > start and w.low[stop - 1] in (",", "and", "also", "–", "—", *QUOTES):
        stop -= 1
    return (start, stop) if stop > start else (start, max(end, start + 1))


def _name_goes_on(w: Words, i: int, end: int) -> bool:
    """Whether a word that usually ends a subject stands inside a name ('Working Group on Trafficking')."""
    if i in w.named:
        return True
    if w.low[i] == "meeting":
        return i == end - 1 or w.capital(i)
    return (
        i + 1 < end
        and w.capital(i - 1)
        and (w.capital(i + 1) or (w.low[i + 1] == "the" and i + 2 < end and w.capital(i + 2)))
        and w.low[i] in ("on", "in", "to")
        and w.low[i - 1] in lexicon().levels
    )


def gathering(w: Words, start: int, end: int) -> bool:
    """Whether a phrase is headed by a meeting, which is held and does not act ('the tenth session')."""
    stop = next((k for k in range(start + 1, end) if w.low[k] in ("of", "on", "for", "to", "in")), end)
    return any(
        w.low[k]
        in (
            "session",
            "meeting",
            "meetings",
            "conference",
            "summit",
            "workshop",
            "seminar",
            "symposium",
            "sessions",
            "consultation",
            "consultations",
        )
        for k in (stop - 1, end - 1)
    )
