"""The operative clauses of one sentence: who decides, asks, pledges or recommends what.

Three readings, in this order: verbs that are acts in themselves ('agreed to', 'requested X to'), modal verbs ('will',
'should', 'must', 'need to') and words of need or use without a speaker ('there is a need for', 'would be useful').
Work under way, plain facts, what was welcomed or noted, what is negated, asked or only possible, and what an earlier
meeting did without being named are left out.
"""

from __future__ import annotations

import re
from dataclasses import replace

from graph_build.extract.commitments.actors import head_of, is_agent, plural_agents
from graph_build.extract.commitments.acts import Act, Reading
from graph_build.extract.commitments.clauses import QUOTES, Words
from graph_build.extract.commitments.lexicon import lexicon
from graph_build.extract.commitments.modals import adjectives, announcements, asides, free, modals, participles
from graph_build.extract.commitments.needs import needs, pattern_acts
from graph_build.extract.commitments.parts import noun_list, parts_of
from graph_build.extract.commitments.predicates import limit_of, predicates_of
from graph_build.extract.commitments.speech import speech

_MARKS = QUOTES - {"'", "’", "‘"}
_OPEN_ENDS = re.compile(
    r"(?:\bthe )?\b(?:following|as follows|below|to|that|on|namely)\b[\w ,’'-]{0,60}:?\s*$|[:–—]\s*$"
)


def read(
    w: Words, *, subjectless: bool = False, forward: bool = False, bare: bool = True, announced: bool = False
) -> Reading:
    """The acts of a sentence.

    subjectless  a sentence may begin with its verb ('Decides to …', 'Call upon …'): an operative paragraph or list item
    forward      what is of value or importance counts as well: the sentence looks ahead
    announced    it stands among what parties announced: what one of them launches or is doing counts as well
    bare         sentences of need and advice without a speaker count ('Training is needed')
    """
    if not len(w):
        return Reading()
    predicates = predicates_of(w, subjectless)
    found: list[Act] = []
    lead: Act | None = None
    verbs = frozenset(p.at for p in predicates)
    taken: list[tuple[int, int]] = []
    for n, p in enumerate(predicates):
        limit = limit_of(w, predicates, n)
        if not free(taken, p.at):
            continue
        spoken, opened, span = speech(w, p, limit, verbs)
        if opened is not None:
            lead = opened
        if span:
            taken.append(span)
        found += spoken
    for reader in (adjectives, participles, asides, modals):
        for act in reader(w, predicates, verbs, taken, bare):
            if act.end == len(w) and _OPEN_ENDS.search(w.cut(act.verb[0], len(w))) and w.low[-1] == ":":
                lead = act
            taken.append((act.start, act.end))
            found += parts_of(w, act) if act.rule.endswith(("/will", "/ready", "/committing")) else [act]
    if announced:
        for act in announcements(w, verbs, taken):
            taken.append((act.start, act.end))
            found.append(act)
    for act in pattern_acts(w, predicates, verbs, taken):
        if bare or act.class_ != "recommendation":
            taken.append((act.start, act.end))
            found.append(act)
    if bare:
        found += needs(w, predicates, verbs, taken, forward)
    if ";" in w.low and found and (last := max(found, key=lambda a: a.end)).class_ != "directive":
        found += noun_list(w, last, verbs)
    if lead is not None:
        found = [a for a in found if a.start < lead.start and a.end <= lead.verb[0]]
    subject = next(
        (p.subject for p in reversed(predicates) if p.subject and not p.passive and p.intro in ("", "while")), None
    )
    found = [_addressed(w, a) for a in found]
    found.sort(key=lambda a: (a.start, a.end))
    if not _MARKS.isdisjoint(w.low):
        found = [_quoted(w, a) for a in found]
    return Reading(tuple(found), lead, subject)


def _addressed(w: Words, act: Act) -> Act:
    """The act with who is to act, where the words say it behind the verb: 'urged carriers to', 'a need for carriers to'."""
    if act.addressee is not None or act.class_ not in ("directive", "recommendation"):
        return act
    at = act.verb[1]
    for first in (at, *(k + 1 for k in range(at - 1, min(at + 8, act.end)) if w.low[k] == "for")):
        stop = next((k for k in range(first, min(first + 9, act.end)) if w.low[k] in ("to", ",", ";", ".", "that")), 0)
        if stop <= first or w.low[stop] != "to" or stop + 1 >= act.end or w.low[stop + 1] not in lexicon().base:
            continue
        if first == at and act.class_ != "directive" or any(w.low[k] in _NO_NAME for k in range(first, stop)):
            continue
        if is_agent(w, first, stop) or plural_agents(w, first, stop):
            return replace(act, addressee=head_of(w, first, stop))
    return act


_NO_NAME = frozenset("for by with".split())


def _quoted(w: Words, act: Act) -> Act:
    """Marks an act whose verb stands inside quotation marks."""
    marks = sum(w.low[i] in _MARKS for i in range(act.verb[0]))
    if marks % 2 == 0:
        return act
    later = any(w.low[i] in _MARKS for i in range(act.verb[0], len(w)))
    return replace(act, quoted=True) if later else act
