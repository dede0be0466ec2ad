"""One verb, several acts: the parts of a clause that could be followed up alone."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from graph_build.extract.commitments import clauses, coordination
from graph_build.extract.commitments.acts import Act
from graph_build.extract.commitments.clauses import MODALS, Words
from graph_build.extract.commitments.frames import operative, told_subject
from graph_build.extract.commitments.lexicon import lexicon


def semicolon_list(w: Words, start: int, end: int) -> bool:
    """Whether semicolons part the infinitives or that-clauses of one verb ('agreed to: (a) …; (b) …')."""
    for i in range(start, end - 1):
        if w.low[i] == ";":
            k = i + 1
            while k < end and (w.low[k] in ("and", "(", ")", "also") or (w.depth[k] and len(w.low[k]) < 4)):
                k += 1
            if k < end and (
                w.low[k] in ("to", "that") or coordination.is_verb(w, k, end) or coordination.is_gerund(w, k, end)
            ):
                return True
    return False


def parts_of(w: Words, act: Act, body: int = -1) -> list[Act]:
    """An act in the parts that can be followed up alone: the first from its subject, the others from their verb."""
    start = body if body >= 0 else act.verb[1]
    found = _enumerated(w, act, start)
    if found:
        return found
    that = start < act.end and w.low[start] == "that"
    if that:
        return _that_parts(w, act, start)
    parts = coordination.split(w, start, act.end, only_marked=act.class_ == "recommendation")
    parts = (parts[0], *(q for q in parts[1:] if not _courteous(w, q.start)))
    if len(parts) == 1:
        return _listed(w, act, start)
    return [replace(act, end=parts[0].end), *(replace(act, start=q.start, end=q.end) for q in parts[1:])]


def _courteous(w: Words, i: int) -> bool:
    """Whether a part only welcomes or thanks: nothing is to be done."""
    return w.low[i + (w.low[i] == "to")] in ("welcome", "note", "thank", "commend", "congratulate", "applaud", "recall")


_ARTICLES = frozenset("the a an".split())


def _listed(w: Words, act: Act, start: int) -> list[Act]:
    """'endorsed the plan, the convening of …, and a joint seminar': of three or more nouns with articles each is decided."""
    if act.class_ != "decision" or w.low[start] in ("to", "that", "on"):
        return [act]
    cuts = []
    for k in range(start + 1, act.end - 1):
        if w.low[k] == "," and not w.depth[k]:
            joined = w.low[k + 1] == "and"
            if w.low[k + 1 + joined] in _ARTICLES and w.low[k + 2 + joined : k + 3 + joined]:
                cuts.append(k + 1 + joined)
            elif joined or w.low[k + 1] in ("including", "which", "who", "as", "with", "in", "to"):
                cuts.append(-1)
    if len(cuts) < 2 or -1 in cuts or w.low[cuts[-1] - 1] != "and":
        return [act]
    edges = [*cuts, act.end]
    if any(
        w.low[m] in MODALS or w.low[m] in ("which", "that", "was", "were", "is", "are") for m in range(start, act.end)
    ):
        return [act]
    return [
        replace(act, end=clauses.trim_end(w, start, cuts[0])),
        *(replace(act, start=a, end=clauses.trim_end(w, a, b)) for a, b in pairwise(edges)),
    ]


def noun_list(w: Words, act: Act, verbs: frozenset[int]) -> list[Act]:
    """'will speed the switch to electric buses; clean ships; and quiet trains': nouns between semicolons are acts of their own."""
    if act.end >= len(w) or w.low[act.end] != ";" or w.depth[act.end] != w.depth[act.start]:
        return []
    level = w.depth[act.end]
    cuts = [k for k in range(act.end, len(w)) if w.low[k] == ";" and w.depth[k] == level]
    found = []
    for a, b in pairwise([*cuts, len(w)]):
        first, last = clauses.trim_start(w, a + 1, b), clauses.trim_end(w, a + 1, b)
        if (
            last <= first
            or last - first > 30
            or w.low[first] in ("such", "this", "it", "we", "in", "for", "to", "that")
        ):
            return []
        if any(k in verbs or w.low[k] in MODALS or w.low[k] in clauses.AUXILIARIES for k in range(first, last)):
            return []
        if coordination.is_verb(w, first, last):
            return []
        found.append(replace(act, start=first, end=last, addressee=None))
    return found if len(found) > 1 else []


def inline_items(w: Words, act: Act, start: int) -> list[Act]:
    """The items of a list that follows its colon in the same sentence: 'agreed that: A should …; and B should …'."""
    colon = next((k for k in range(start, len(w) - 2) if w.low[k] == ":" and w.depth[k] == w.depth[start]), -1)
    if colon < 0:
        return []
    end = clauses.trim_end(w, colon, len(w))
    found = _enumerated(w, replace(act, end=end), colon)
    if found:
        return found
    cuts = [colon, *(k for k in range(colon + 1, end) if w.low[k] == ";" and w.depth[k] == w.depth[start]), end]
    items = []
    for a, b in pairwise(cuts):
        first = clauses.trim_start(w, a + 1, b)
        last = clauses.trim_end(w, first, b)
        if last > first:
            items.append(replace(act, start=first, end=last))
    return items


_MARK = re.compile(r"[a-z]|[ivx]{1,4}|\d{1,2}")


def _enumerated(w: Words, act: Act, start: int) -> list[Act]:
    """The items of a list inside the sentence: '(a) …; (b) …', 'i) …'."""
    marks = [
        k for k in range(start, act.end - 1) if w.low[k] == ")" and _MARK.fullmatch(w.low[k - 1]) and k + 2 < act.end
    ]
    if len(marks) < 2:
        return []
    items = []
    for n, k in enumerate(marks):
        stop = marks[n + 1] - 1 if n + 1 < len(marks) else act.end
        if stop < len(w) and stop > 0 and w.low[stop - 1] == "(":
            stop -= 1
        stop = clauses.trim_end(w, k + 1, stop)
        if stop > k + 1:
            items.append(replace(act, start=k + 1, end=stop))
    return items


def verb_items(w: Words) -> list[tuple[int, int]]:
    """The items of a list in the sentence that all begin with a verb of speech: '(a) endorsed …; (b) urged …', '1. Agree …; 2. …'.

    Word ranges without their marks, in order; empty where there are fewer than two or one begins otherwise.
    """
    marks = [
        k
        for k in range(1, len(w) - 2)
        if w.low[k] in (")", ".")
        and _MARK.fullmatch(w.low[k - 1])
        and (w.low[k] == ")" or w.low[k - 2] in (":", ";", "and"))
    ]
    lex = lexicon()
    firsts = {w.low[k + 1] for k in marks}
    if len(marks) < 2 or firsts.isdisjoint(lex.forms) or not all(t in lex.forms or t in lex.reports for t in firsts):
        return []
    items = []
    for n, k in enumerate(marks):
        stop = marks[n + 1] - 1 if n + 1 < len(marks) else len(w)
        if w.low[stop - 1] == "(":
            stop -= 1
        stop = clauses.trim_end(w, k + 1, stop)
        if stop <= k + 2:
            return []
        items.append((k + 1, stop))
    return items


def _that_parts(w: Words, act: Act, start: int) -> list[Act]:
    """'agreed that A should …, and that B should …': two acts where both say what is to be done."""
    cuts = [
        k
        for k in range(start + 1, act.end - 1)
        if w.low[k] == "that" and w.low[k - 1] in ("and", ",", ";") and w.depth[k] == w.depth[start]
    ]
    if act.addressee is None:
        later = next((t for k in (start, *cuts) if (t := told_subject(w, k + 1, act.end)) is not None), None)
        act = replace(act, addressee=later)
    if not cuts:
        return _told(w, act, start)
    edges = [start, *cuts, act.end]
    told = [
        any(w.low[m] in ("should", "must", "would", "will", "shall") for m in range(a, b))
        or (
            w.low[a + 1] != "while"
            and operative(w, a + 1, b)
            and any(w.low[m] in lexicon().base or w.low[m] == "be" for m in range(a + 2, b))
        )
        for a, b in pairwise(edges)
    ]
    if not all(told):
        return [act]
    found = [replace(act, end=clauses.trim_end(w, act.start, cuts[0]))]
    for a, b in zip(cuts, [*cuts[1:], act.end], strict=True):
        found.append(
            replace(act, start=a, end=clauses.trim_end(w, a, b), addressee=told_subject(w, a + 1, b) or act.addressee)
        )
    return found


def _told(w: Words, act: Act, start: int) -> list[Act]:
    """'directed that the group explore …, and identify …': the acts that one subject is told to do."""
    told = told_subject(w, start + 1, act.end)
    if told is None:
        return [act]
    parts = coordination.split(w, told[1] + (w.low[told[1]] in MODALS), act.end, only_marked=True)
    return [replace(act, end=parts[0].end), *(replace(act, start=q.start, end=q.end) for q in parts[1:])]
