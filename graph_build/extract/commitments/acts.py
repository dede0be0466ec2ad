"""The operative clauses of one sentence: who decides, asks, pledges or recommends what.

Three readings, in this order: verbs that are acts in themselves ('agreed to', 'requested X to'), modal verbs ('will',
'should', 'must', 'need to') and words of need or use without a speaker ('there is a need for', 'would be useful').
Work under way, plain facts, what was welcomed or noted, what is negated, asked or only possible, and what an earlier
meeting did without being named are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from graph_build import rules
from graph_build.extract.commitments import clauses
from graph_build.extract.commitments.clauses import BE, MODALS, PRONOUNS, QUOTES, Words, is_adverb
from graph_build.extract.commitments.lexicon import Frame, Verb, binding_of, lexicon
from graph_build.records import CommitmentClass


@dataclass(frozen=True, slots=True)
class Act:
    """An operative clause as word indexes of its sentence; `issuer` and `addressee` are word ranges or None.

    verb      range of the deciding words
    issuer    the subject as it stands ('We', 'They', 'Leaders'); None for passive and impersonal clauses
    earlier   in the past perfect: another meeting did it
    where     introduced by 'where', 'when', 'after': said of what stands before it
    quoted    the clause stands in quotation marks
    impersonal  nobody is the subject: a passive, or a statement of need
    bare      the clause begins with its verb, without a subject: an operative paragraph or list item
    """

    start: int
    end: int
    class_: CommitmentClass
    verb: tuple[int, int]
    rule: str
    binding: str
    issuer: tuple[int, int] | None = None
    addressee: tuple[int, int] | None = None
    earlier: bool = False
    where: bool = False
    quoted: bool = False
    impersonal: bool = False
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Lead:
    """An operative lead-in whose list follows: the act that its items take over."""

    act: Act
    open_: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sentence gives: its acts, in order, an open lead-in if it ends with one, and its last subject."""

    acts: tuple[Act, ...] = ()
    lead: Act | None = None
    subject: tuple[int, int] | None = None


@dataclass(slots=True)
class _Predicate:
    at: int
    first: int  # first word of the verb group
    start: int  # first word of the clause
    subject: tuple[int, int] | None
    intro: str
    speech: tuple[Verb, ...]
    passive: bool
    negated: bool
    earlier: bool
    modal: bool
    cut: int  # where the clause before it ends
    tense: str
    shared: bool = False


_NOMINAL_LEAD = frozenset("the a an its their our his her this that strong firm full shared joint common continued continuing unwavering collective renewed steadfast respective mutual ongoing long-standing clear serious political strongest firmest profound deep sincere enduring keen a country's governments government's overarching abiding resolute both sides individual national unwavering and".split())  # fmt: skip
_NOT_AFTER_WILL = frozenset("benefit involve cover cost last reflect represent total occur apply contain require have suffer result mean depend bring help enable allow serve see need find become include consist receive know complement foster".split())  # fmt: skip
_REMARK = frozenset("noted recalled mentioned emphasised emphasized stressed read understood seen remembered underlined pointed said added acknowledged highlighted".split())  # fmt: skip
_IN_NAMES = frozenset("and of the for on de la le von van der den del di da al el bin ibn y e in with to or s & process".split())
_IRREGULAR = frozenset("found built drawn kept held put set brought met dealt understood further better fully more properly carefully urgently also adequately".split())
_ATTEND = frozenset("attend participate join address speak deliver present take share make witness be visit".split())
_NOT_LAST = frozenset("the a an and or our their its his her this that these those my your common best shared mutual joint own new".split())
_PREPOSITIONS = frozenset("of in on at to for with by from under as through during into between among over about within against after before upon".split())
_MONTHS = frozenset("january february march april may june july august september october november december today yesterday".split())
_YEAR = re.compile(r"(?:19|20)\d\d")
_QUANTITIES = frozenset("number all some most majority group range one each many several any half two three both series none coalition those".split())
_EARLIER = frozenset("earlier previously originally formerly since".split())
_CONDITION = frozenset("if whether unless until how why what which who whom whose once whenever (".split())
_TIME = frozenset("where when after while whereas although though because since that so".split())
_OPEN_ENDS = re.compile(r"(?:\bthe )?\b(?:following|as follows|below|to|that|on|namely)\b[\w ,’'-]{0,60}:?\s*$|[:–—]\s*$")


def _text(w: Words, span: tuple[int, int]) -> str:
    return w.cut(*span)


def is_actor(w: Words, start: int, end: int) -> bool:
    """Whether a noun phrase names or denotes somebody who can act."""
    lex = lexicon()
    for i in range(start, end):
        word = w.low[i]
        if word in ("of", "on", "for", "to", "in", "by", "with", "from", "between", "at") and i > start and i not in w.named:
            if not any(w.low[k] in _QUANTITIES for k in range(start, i)):
                break  # 'application of the Protocol' does not act, whoever stands behind 'of'
        if word in lex.levels or i in w.named:
            return True
        if w.capital(i) and w.text[w.starts[i]].isalpha() and word not in _MONTHS and not _heads_thing(w, start, end):
            return True
    return end - start == 1 and w.low[start] in PRONOUNS


def is_agent(w: Words, start: int, end: int) -> bool:
    """Whether a noun phrase is headed by somebody who can be told to act: 'governments', not 'government action'."""
    if not is_actor(w, start, end):
        return w.low[start] in ("them", "us", "those")
    stop = next((k for k in range(start + 1, end) if w.low[k] in ("of", "on", "for", "in", "from", "at", "to", "(", "with") and k not in w.named), end)
    if any(w.low[k] in _QUANTITIES for k in range(start, stop)):
        return True
    last = stop - 1
    return w.low[last] in lexicon().levels or w.capital(last) or w.low[last] == ")" or last + 1 < end


_DEEDS = frozenset("action actions efforts measures steps initiatives activities reforms policies programmes programs investments ways means moves projects strategies plans contributions talks negotiations proposals processes systems services procedures mechanisms resources needs opportunities approaches arrangements laws rules".split())  # fmt: skip


def _plural_agents(w: Words, start: int, end: int) -> bool:
    """Whether an object that is told to act is headed by a plural that is no deed ('all jurisdictions', not 'efforts')."""
    stop = next((k for k in range(start + 1, end) if w.low[k] in ("of", "on", "for", "in", "from", "at", "(", "with", ",")), end)
    last = w.low[stop - 1]
    return last.endswith("s") and last not in _DEEDS and not last.endswith(("ss", "ics", "ness"))


@lru_cache(maxsize=1)
def _things() -> frozenset[str]:
    return frozenset(
        """plan plans strategy framework declaration statement agreement treaty protocol convention roadmap guide guidelines
        agenda charter project act law bill scheme fund report resolution memorandum code toolkit compact policy vision
        principles goals outcome document communique communiqué handbook manual system measures efforts declarations
        treaties agreements pathway pathways blueprint""".split()
    )


def _heads_thing(w: Words, start: int, end: int) -> bool:
    """Whether a capitalised phrase names a paper and not an actor ('The Honiara Declaration')."""
    head = next((i for i in range(start, end) if w.low[i] in ("of", "on", "for", "to", "in", "(")), end) - 1
    return (head >= start and w.low[head] in _things()) or w.low[end - 1] in _things()


def head_of(w: Words, start: int, end: int) -> tuple[int, int]:
    """The subject as one would name it: without articles, relative clauses and what follows 'representing' or a comma."""
    while start < end and w.low[start] in ("the", "a", "an", "both", "also", "all", "these", "those", "their", "its", "our", *QUOTES):
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
        if stop > start and w.capital(stop - 1) and word.isalpha() and not w.capital(stop) and word not in lexicon().levels and word not in _IN_NAMES:
            if not any(w.low[k] in lexicon().levels for k in range(stop, end)) or word.endswith("ed"):
                break  # 'Jacinda Ardern opened the session and'
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
    return i + 1 < end and w.capital(i - 1) and (w.capital(i + 1) or (w.low[i + 1] == "the" and i + 2 < end and w.capital(i + 2))) and w.low[i] in ("on", "in", "to") and w.low[i - 1] in lexicon().levels


def read(
    w: Words, *, subjectless: bool = False, forward: bool = False, bare: bool = True, listed: bool = False
) -> Reading:
    """The acts of a sentence.

    subjectless  a sentence may begin with its verb ('Decides to …', 'Call upon …'): an operative paragraph or list item
    forward      what is of value or importance counts as well: the sentence looks ahead
    bare         sentences of need and advice without a speaker count ('Training is needed')
    listed       the sentence is an item of a list
    """
    if not len(w):
        return Reading()
    predicates = _predicates(w, subjectless)
    found: list[Act] = []
    lead: Act | None = None
    verbs = frozenset(p.at for p in predicates)
    taken: list[tuple[int, int]] = []
    for n, p in enumerate(predicates):
        limit = _limit(w, predicates, n)
        if not _free(taken, p.at):
            continue
        act, opened, span = _speech(w, p, limit, verbs)
        if opened is not None:
            lead = opened
        if span:
            taken.append(span)
        found += act
    for reader in (_adjectives, _participles, _modals):
        for act in reader(w, predicates, verbs, taken, bare):
            if act.end == len(w) and _OPEN_ENDS.search(w.cut(act.verb[0], len(w))) and w.low[-1] == ":":
                lead = act
            taken.append((act.start, act.end))
            found += _parts(w, act) if act.rule.endswith(("/will", "/ready", "/committing")) else [act]
    for act in _patterns(w, predicates, verbs, taken):
        if bare or act.class_ != "recommendation":
            taken.append((act.start, act.end))
            found.append(act)
    if bare:
        for act in _needs(w, predicates, verbs, taken, forward):
            found.append(act)
    if lead is not None:
        found = [a for a in found if a.start < lead.start and a.end <= lead.verb[0]]
    subject = next((p.subject for p in reversed(predicates) if p.subject and not p.passive and p.intro in ("", "while")), None)
    found.sort(key=lambda a: (a.start, a.end))
    return Reading(tuple(_quoted(w, a) for a in found), lead, subject)


def _quoted(w: Words, act: Act) -> Act:
    """Marks an act whose verb stands inside quotation marks."""
    marks = sum(w.low[i] in QUOTES - {"'", "’", "‘"} for i in range(act.verb[0]))
    later = any(w.low[i] in QUOTES - {"'", "’", "‘"} for i in range(act.verb[0], len(w)))
    return replace(act, quoted=True) if marks % 2 and later else act


# --- finite verbs ----------------------------------------------------------------------------------------------------


def _predicates(w: Words, subjectless: bool) -> list[_Predicate]:
    """The finite verbs of speech and report, left to right."""
    lex = lexicon()
    found: list[_Predicate] = []
    verbs: set[int] = set()
    for i, word in enumerate(w.low):
        if word in lex.adjectives and word not in lex.forms and not (w.low[i + 1 : i + 2] == ("to",) and _group(w, i)[1]):
            continue
        if word not in lex.forms and word not in lex.reports and word not in lex.adjectives:
            continue
        p = _predicate(w, i, found, frozenset(verbs), subjectless)
        if p is not None:
            found.append(p)
            verbs.add(i)
    return found


def _group(w: Words, i: int) -> tuple[int, list[str], bool]:
    """The word before a verb group, its auxiliaries (last first), and whether it is negated."""
    auxiliaries: list[str] = []
    negated = False
    j = i - 1
    while j >= 0 and w.depth[j] == w.depth[i]:
        word = w.low[j]
        if word in clauses.AUXILIARIES or word in ("remain", "remains", "remained"):
            auxiliaries.append(word)
        elif word in ("not", "never", "cannot", "neither", "nor", "hardly"):
            if not (word == "not" and w.low[j + 1] == "only"):
                negated = True
        elif not (is_adverb(word) or word in QUOTES or word in ("in-principle",)):
            break
        j -= 1
    return j, auxiliaries, negated


def _predicate(w: Words, i: int, before: list[_Predicate], verbs: frozenset[int], subjectless: bool) -> _Predicate | None:
    lex = lexicon()
    word = w.low[i]
    speech = lex.forms.get(word, ())
    if word in ("took", "take", "takes") and w.low[i + 1 : i + 2] != ("note",):
        return None
    if word in ("look", "looks", "looked") and w.low[i + 1 : i + 2] != ("forward",):
        return None
    past = any(v.forms.index(word) % 3 == 2 for v in speech) if speech else word.endswith(("ed", "took", "felt", "heard", "found", "saw", "said", "spoke"))
    third = (any(v.forms.index(word) % 3 == 1 for v in speech) if speech else word.endswith("s")) and not past
    tense = "past" if past else ("third" if third else "base")
    j, auxiliaries, negated = _group(w, i)
    if word in lex.adjectives and w.low[i + 1 : i + 2] == ("to",) and any(a in BE for a in auxiliaries):  # 'are committed to'
        speech, past = (), False
        tense = "base" if {"is", "are", "am", "remain", "remains"} & set(auxiliaries) else "past"
        auxiliaries = []
    first = j + 1
    be = [a for a in auxiliaries if a in ("is", "are", "was", "were", "be", "been", "being", "am")]
    have = [a for a in auxiliaries if a in ("has", "have", "had")]
    modal = any(a in MODALS for a in auxiliaries)
    passive = past and bool(be)
    if auxiliaries and all(a in ("be", "been", "being") for a in auxiliaries):
        return None
    if i and w.text[w.starts[i]].isupper() and not w.text[w.starts[i] : w.ends[i]].isupper() and w.low[i - 1] not in QUOTES | {":", "•"}:
        return None  # part of a name: 'Paris Call'
    if auxiliaries and not past and not modal and not any(a in ("do", "does", "did") for a in auxiliaries):
        return None
    if j >= 0 and w.low[j] == "to" and tense == "base":
        return None
    if any(a in ("remain", "remains", "remained") for a in auxiliaries):
        return None
    if i + 1 < len(w) and w.low[i + 1] == "by" and not be:
        return None
    previous = w.low[j] if j >= 0 else ""
    shared = False
    subject: tuple[int, int] | None
    intro = ""
    start = first
    cut = first
    if w.depth[i] and (j < 0 or w.depth[j] < w.depth[i] or w.low[j] == "("):
        return None
    if j < 0 or previous in (":", ";", "•") or (j == 0 and previous in (",", "and") and subjectless):
        if (not subjectless and not (third and j < 0)) or passive or (auxiliaries and not have and "do" not in auxiliaries) or {"each", "all", "both", "such"} & set(w.low[:i]):
            return None
        subject = None
    elif previous in ("which", "who", "whom", "whose", "that", "as", "when", "where", "than", "if", "how", "not"):
        return None
    elif previous in (",", "and", "but", "or", ";") or (previous == "well" and w.low[max(0, j - 2) : j + 1] == ("as", "well")):
        shared = bool(before) and before[-1].tense == tense and not before[-1].modal and before[-1].intro not in _CONDITION and not (passive and not before[-1].passive)
        if shared and tense == "base" and not _strong(w, i, word, before[-1]):
            shared = False
        if shared and passive is False and before[-1].passive:
            shared = False
        if shared:
            last = before[-1]
            subject, intro = last.subject, last.intro
            k = j
            while k >= 0 and w.low[k] in (",", "and", "but", "or", ";", "as", "well"):
                k -= 1
            cut = k + 1
        elif previous == "," and passive:
            start, intro = clauses.clause_start(w, j, verbs)
            start = clauses.trim_start(w, start, j)
            if start >= j or intro in _CONDITION:
                return None
            subject, cut = (start, j), start
        elif previous == "," and w.low[0] == "we" and not past:  # 'We, the Ministers, …, do hereby agree'
            subject, start, cut = (0, 1), (0 if j < 12 else first), j
        elif previous == ",":  # 'The Committee, having met in March, agreed'
            start, intro = clauses.clause_start(w, j, verbs)
            start = clauses.trim_start(w, start, j)
            if start >= j or not is_actor(w, start, min(j, start + 8)) or intro in _CONDITION:
                return None
            comma = next((k for k in range(start, j) if w.low[k] == "," and w.depth[k] == w.depth[i]), j)
            if comma == j or any(k in verbs for k in range(start, j)) or w.low[comma + 1] in ("and",):
                return None
            subject, cut = (start, comma), start
        else:
            return None
    else:
        start, intro = clauses.clause_start(w, first, verbs)
        begin = clauses.trim_start(w, start, first)
        if begin >= first:
            return None
        if w.low[first - 1] in ("we", "they") and first - 1 > begin:  # 'As a group we agreed'
            subject = (first - 1, first)
            if w.low[begin] != "as":
                begin = first - 1
            return _Predicate(i, first, begin, subject, intro, speech, passive, negated, "had" in have, modal, begin, tense)
        if w.low[begin] in _PREPOSITIONS and not passive:
            return None
        if w.low[begin] == "to" or w.low[begin].endswith("ing") and w.low[begin] not in lex.levels:
            return None
        if not passive and not _subject(w, begin, first, tense):
            return None
        if any(k in verbs for k in range(begin, first)) and not passive:
            return None
        subject = (begin, first)
        start = begin
        cut = start
        while cut > 0 and w.low[cut - 1] in (",", "and", "but", "or", ";", "also", "that", *QUOTES):
            cut -= 1
    if intro in _CONDITION:
        return None
    return _Predicate(
        i, first, start, subject, intro, speech, passive, negated, bool(have) and "had" in have, modal, cut, tense, shared
    )


def _strong(w: Words, i: int, word: str, last: _Predicate) -> bool:
    """Whether a base form behind 'and' is a verb of its own ('and call upon') rather than a second infinitive."""
    if word in ("reaffirm", "reiterate", "request", "urge", "welcome", "look", "note", "thank", "commend", "recall", "underline", "underscore", "stress", "express", "recognize", "recognise", "acknowledge", "commit", "pledge", "affirm", "congratulate", "condemn", "decide", "agree", "endorse", "resolve", "reconfirm", "restate", "emphasise", "emphasize", "intend", "plan"):
        return True
    if word == "call":
        return w.low[i + 1 : i + 2] in (("on",), ("upon",), ("for",))
    inside = any(w.low[k] == "to" for k in range(last.at, i))
    return not inside


def _subject(w: Words, start: int, end: int, tense: str) -> bool:
    """Whether words are a subject that can speak."""
    if end - start == 1 and w.low[start] in PRONOUNS:
        return True
    last = end - 1
    while last > start and (w.low[last] in QUOTES or w.depth[last] > w.depth[start] or w.low[last] == ")"):
        last -= 1
    if w.low[last] in _PREPOSITIONS | _NOT_LAST:
        return False
    if tense != "past" and not (w.low[last] in lexicon().levels or w.capital(last)):
        return False
    return is_actor(w, start, end)


def _limit(w: Words, predicates: list[_Predicate], n: int) -> int:
    """Where the clause of a predicate must end at the latest: before the next verb on its own level."""
    p = predicates[n]
    for q in predicates[n + 1 :]:
        if q.intro == p.intro and (q.shared or q.intro == ""):
            return max(q.cut, p.at + 1)
        if q.intro == "" and q.start > p.at:
            return max(q.cut, p.at + 1)
    return len(w)


# --- verbs of speech -------------------------------------------------------------------------------------------------


def _speech(
    w: Words, p: _Predicate, limit: int, verbs: frozenset[int]
) -> tuple[list[Act], Act | None, tuple[int, int] | None]:
    """The acts of one finite verb, an open lead-in, and the words that it covers."""
    if p.negated or p.modal:
        return [], None, None
    nominal = _nominal(w, p, limit, verbs)
    if nominal is not None:
        return nominal
    for verb in p.speech:
        frame = _frame(w, p, verb, limit)
        if frame is None:
            continue
        name, body, addressee, opened = frame
        class_ = verb.frames[name]
        embedded = name in ("that", "object") or verb.id in ("agree", "decide")
        end = limit if limit < len(w) else clauses.clause_end(
            w, p.at, limit, embedded=name == "that", verbs=verbs - {p.at}, semicolon=name != "that" or not _semicolon_list(w, p.at, limit)
        )
        if limit < len(w):
            end = min(end, clauses.clause_end(w, p.at, limit, embedded=name == "that" or embedded, verbs=frozenset(), semicolon=not _semicolon_list(w, p.at, limit)))
        end = clauses.trim_end(w, p.start, end)
        if end <= p.at:
            end = p.at + 1
        group = (p.first, p.at + 1 + bool(verb.particles))
        issuer = None if p.passive or p.subject is None else head_of(w, *p.subject)
        if p.passive:
            issuer = _agent(w, p.at + 1, end)
        if name == "person" and addressee is not None and not p.passive and not (is_agent(w, *addressee) or _plural_agents(w, *addressee)):
            if "object" not in verb.frames:
                continue
            addressee = None
        act = Act(
            p.start, end, class_, group, f"speech-acts/{verb.id}", verb.bound(class_), issuer, addressee, p.earlier,
            p.intro in _TIME and p.intro != "that", impersonal=issuer is None, bare=p.subject is None,
        )  # fmt: skip
        if opened:
            items = _inline(w, act, p.at)
            return (items, None, (p.start, len(w))) if items else ([], replace(act, end=len(w)), (p.start, len(w)))
        return _parts(w, act, body), None, (p.start, end)
    return [], None, None


def _semicolon_list(w: Words, start: int, end: int) -> bool:
    """Whether semicolons part the infinitives or that-clauses of one verb ('agreed to: (a) …; (b) …')."""
    for i in range(start, end - 1):
        if w.low[i] == ";":
            k = i + 1
            while k < end and (w.low[k] in ("and", "(", ")", "also") or (w.depth[k] and len(w.low[k]) < 4)):
                k += 1
            if k < end and (w.low[k] in ("to", "that") or clauses.is_verb(w, k, end) or clauses.is_gerund(w, k, end)):
                return True
    return False


def _frame(
    w: Words, p: _Predicate, verb: Verb, limit: int
) -> tuple[Frame, int, tuple[int, int] | None, bool] | None:
    """How a verb governs what follows: the frame, where its complement starts, the addressee, whether a list is to come."""
    frames = verb.frames
    i = p.at + 1
    n = limit
    while i < n and (w.low[i] in QUOTES or (is_adverb(w.low[i]) and w.low[i] not in ("all",))):
        i += 1
    if verb.reflexive and i < n and w.low[i] in ("themselves", "itself", "ourselves", "himself", "herself"):
        i += 1
    if i + 1 < n and w.low[i] == "," and w.low[i + 1] == "that":  # 'proposed, and the meeting agreed, that'
        i += 1
    if w.low[i : i + 2] == ("in", "principle") and i + 2 < n and w.low[i + 2] not in ("to", "that"):
        i += 2
    if i + 2 < n and w.low[i] == "with" and w.low[i + 2] in ("the", "an", "a"):  # 'accepted with pleasure the offer'
        i += 2
    if i + 2 < n and w.low[i] == "," and not verb.particles:  # 'agreed, in principle, to'
        k = next((k for k in range(i + 1, min(n, i + 14)) if w.low[k] == ","), -1)
        if k > 0 and k + 1 < n and w.low[k + 1] in ("to", "that"):
            i = k + 1
    elif i + 2 < n and w.low[i] in ("in", "at", "by", "with", "during") and ("to" in frames or "that" in frames):  # 'agreed in principle to'
        k = next((k for k in range(i + 1, min(n, i + 6)) if w.low[k] in ("to", "that")), -1)
        if k > 0:
            i = k
    if verb.particles:
        if i >= n or w.low[i] not in verb.particles:
            return None
        i += 1
        while i < n and is_adverb(w.low[i]) and w.low[i] != "all":
            i += 1
    if p.passive:
        return _passive(w, p, verb, i, n)
    if verb.meeting_only and not _for_meeting(w, p):
        return None
    if i >= n or (w.low[i] == ":" and i >= n - 1):
        ends_open = i < len(w) and w.low[i] == ":"
        if ends_open and frames:
            name: Frame = next((f for f in ("to", "that", "object", "person", "on") if f in frames), "object")
            return name, i, None, True
        return None
    word = w.low[i]
    if _opens_list(w, i, n) and word != "to":
        name = next((f for f in ("that", "object", "on", "to", "person") if f in frames), "object")
        if name == "person":
            return None
        return name, i, None, True
    if "person" in frames:
        span = _addressee(w, i, n)
        if span is not None:
            object_, body = span
            if w.low[body] == ":" or body >= n - 1 or _opens_list(w, body, n):
                return "person", body, object_, True
            if verb.id == "invite" and w.low[body + 1 : body + 2] and w.low[body + 1] in _ATTEND and w.low[body + 1] not in ("share", "make", "take"):
                return None
            return "person", body, object_, False
    if verb.particles and "for" in frames:  # 'appealed to donors for help'
        k = next((k for k in range(i, min(n, i + 14)) if w.low[k] == "for"), -1)
        if k > i and is_agent(w, i, k):
            return "for", i, (i, k), False
    if word == "to" and "to" in frames:
        if i + 1 >= n or w.low[i + 1] == ":":
            return "to", i, None, True
        if verb.gerund or w.low[i + 1] in lexicon().base or w.low[i + 1] == "(" or is_adverb(w.low[i + 1]) or w.low[i + 1] in ("be", "not"):
            return "to", i, None, False
        if w.low[i + 1].isalpha() and ("object" in frames or "on" in frames):
            return "to", i, None, False
        return None
    if word == "that" and "that" in frames:
        if i + 1 >= n or w.low[i + 1] == ":":
            return "that", i, None, True
        if not operative(w, i + 1, n):
            return None
        if verb.future and not _future(w, i, n):
            return None
        if "modal" in verb.frames:
            return None
        return "that", i, _should_subject(w, i + 1, n), False
    if word in ("on", "upon") and "on" in frames:
        if w.low[i + 1 : i + 3] in (("the", "need"), ("the", "importance"), ("the", "desirability"), ("the", "necessity")):
            return None
        return "on", i, None, False
    if word == "for" and "for" in frames:
        return "for", i, None, False
    if "gerund" in frames and clauses.is_gerund(w, i, n):
        return "gerund", i, None, False
    if "that" in frames and _clause_follows(w, i, n):
        if not operative(w, i, n):
            return None
        if verb.future and not _future(w, i, n):
            return None
        return "that", i, _should_subject(w, i, n), False
    if "object" in frames and _object(w, i, n, verb):
        if verb.future and any(w.low[k] in ("has", "have", "had") for k in range(i, min(n, i + 6))):
            return None
        return "object", i, None, False
    return None


_PLAIN = frozenset("is are was were has have had remain remains remained continues continued constitutes constituted".split())
_OPERATIVE = frozenset("should must would will shall could can may need needs needed necessary required requires ought cannot".split())


def operative(w: Words, start: int, end: int) -> bool:
    """Whether a that-clause says that something is to be done or to be so, and not how things stand."""
    plain = False
    for k in range(start, end):
        word = w.low[k]
        if word in _OPERATIVE or (word == "to" and w.low[k - 1] in ("is", "are", "was", "were", "scheduled") and w.low[k + 1 : k + 2] == ("be",)):
            return True
        if word == "important" and w.low[k + 1 : k + 2] in (("to",), ("that",)):
            return True
        plain = plain or (word in _PLAIN and not (k > start and w.low[k - 1] in ("which", "who", "that")))
    return not plain


def _opens_list(w: Words, i: int, n: int) -> bool:
    """Whether the rest of the sentence only announces a list: 'the following actions:', 'as follows:'."""
    if n < len(w) or w.low[-1] not in (":", "following", "follows"):
        return False
    rest = w.low[i:n]
    return len(rest) < 26 and ("following" in rest or "follows" in rest or "below" in rest or (len(rest) <= 2 and rest[-1] == ":"))


def _future(w: Words, i: int, n: int) -> bool:
    return any(w.low[k] in ("will", "would", "plans", "intends", "intend", "shall", "plan") for k in range(i, min(n, i + 12)))


def _clause_follows(w: Words, i: int, n: int) -> bool:
    """Whether a that-clause without 'that' follows: a subject and then a finite auxiliary."""
    if w.low[i] in _PREPOSITIONS | {"to", ",", "."}:
        return False
    for k in range(i, min(n, i + 12)):
        if w.low[k] in ("to", ",", "which", "that", "who", ";"):
            return False
        if w.low[k] in ("will", "would", "should", "must", "shall", "can", "could", "was", "were", "is", "are") and k > i:
            return True
    return False


def _object(w: Words, i: int, n: int, verb: Verb) -> bool:
    """Whether an object follows that the verb may take."""
    word = w.low[i]
    if word in _PREPOSITIONS | {"that", ",", ".", ";", ":", "and", "or", "but", "which", "who", ")"} or is_adverb(word):
        return False
    if any(t in ("importance", "view", "value") for t in w.low[i : i + 3]):
        return False
    if verb.objects:
        window = w.low[i : min(n, i + 14)]
        if verb.objects & {"million", "billion"} and any(t in ("million", "billion") for t in window) and any(t in ("$", "€", "£") or t.startswith("$") for t in window):
            return True
        stop = next((k for k, t in enumerate(window) if t in ("of", "from", "on", "for", "to", "which", "that", "in", ",")), len(window))
        return any(t in verb.objects for t in window[: stop or len(window)])
    return not (word.endswith("ing") and not clauses.is_gerund(w, i, n)) or True


def _addressee(w: Words, i: int, n: int) -> tuple[tuple[int, int], int] | None:
    """An object and the infinitive (or 'with' + -ing) behind it: '… officials to draft', '… the Bank with managing'."""
    if i >= n or w.low[i] in _PREPOSITIONS | {"that", ",", ".", ";", ":"} or w.low[i] == "to":
        return None
    if clauses.is_gerund(w, i, n):
        return None
    comma = False
    for k in range(i + 1, min(n, i + 45)):
        word = w.low[k]
        if w.depth[k] > w.depth[i] or word in ("(", ")"):
            continue
        if word == ";" or word == ":":
            return ((i, _tidy(w, i, k)), k) if word == ":" and k >= n - 1 and k - i < 12 else None
        if word in MODALS or (word in ("is", "are", "was", "were", "has", "had") and not _relative(w, i, k)):
            return None
        if word in (",",):
            comma = True
        if word == "to" and k + 1 < n:
            v = k + 1
            while v < n and (is_adverb(w.low[v]) or w.low[v] in ("not",) or w.low[v] in QUOTES):
                v += 1
            if v < n and (w.low[v] in lexicon().base or w.low[v] in (":",)):
                return (i, _tidy(w, i, k)), k
        if word == "with" and k + 1 < n and clauses.is_gerund(w, k + 1, n):
            return (i, _tidy(w, i, k)), k
        if word in ("which", "who") and comma:
            continue
    if n > i and w.low[n - 1] == "to":
        return (i, _tidy(w, i, n - 1)), n - 1
    return None


def _relative(w: Words, i: int, k: int) -> bool:
    return any(w.low[m] in ("which", "who", "that", "whose") for m in range(i, k))


def _tidy(w: Words, i: int, k: int) -> int:
    """The end of an addressee: before what is set off by commas, and before a relative clause or participle."""
    for m in range(i + 1, k):
        if w.low[m] in ("which", "who", "that", "whose", "–", "—", "where", "as", "including", "concerned") and m not in w.named:
            k = m
            break
        if w.low[m] == "," and w.low[m + 1] in (
            "in", "through", "including", "with", "where", "as", "which", "who", "together", "by", "at", "on", "under", "within", "working", "inter", "particularly", "especially", "pursuant", "if",
        ):  # fmt: skip
            k = m
            break
    while k > i + 1 and w.low[k - 1] in (",", "also", "further", "not"):
        k -= 1
    return k


def _should_subject(w: Words, i: int, n: int) -> tuple[int, int] | None:
    """The subject of a that-clause that says what somebody is to do: the addressee."""
    while i < n and (w.low[i] in QUOTES or w.low[i] in ("all",) and False):
        i += 1
    for k in range(i, min(n, i + 18)):
        word = w.low[k]
        if word in ("should", "must", "would", "will", "shall", "need", "needs"):
            if k > i and is_actor(w, i, k) and not _gathering(w, i, k) and not (k - i == 1 and w.low[i] in PRONOUNS) and w.low[k + 1 : k + 2] != ("be",):
                return (i, k)
            return None
        if word in ("which", "that", "is", "are", "was", "were", ";"):
            return None
        if word in lexicon().base and k > i and word not in lexicon().base_nouns and is_actor(w, i, k):
            return (i, k) if word != "be" and not _gathering(w, i, k) else None
    return None


def _gathering(w: Words, start: int, end: int) -> bool:
    """Whether a phrase is headed by a meeting, which is held and does not act ('the tenth session')."""
    stop = next((k for k in range(start + 1, end) if w.low[k] in ("of", "on", "for", "to", "in")), end)
    return any(w.low[k] in ("session", "meeting", "meetings", "conference", "summit", "workshop", "seminar", "symposium", "sessions", "consultation", "consultations") for k in (stop - 1, end - 1))


def _for_meeting(w: Words, p: _Predicate) -> bool:
    """Whether the subject is the meeting, one of its groups or 'we', and not one State or agency."""
    if p.subject is None:
        return True
    start, end = head_of(w, *p.subject)
    if w.low[start] in ("we", "they", "it"):
        return True
    return any(w.low[k] in lexicon().speakers for k in range(start, end) if k == end - 1 or w.low[k + 1] in ("of", ",", "and", "on", "for", "from", "(") or k == start)


def _agent(w: Words, start: int, end: int) -> tuple[int, int] | None:
    """Who did it, in a passive with 'by'."""
    for k in range(start, min(end, start + 14)):
        if w.low[k] == "by" and k + 1 < end:
            stop = k + 1
            while stop < end and w.low[stop] not in ("to", "that", ",", ";", "as", "in", "at", "on", "for", "and") :
                stop += 1
            if is_actor(w, k + 1, stop) and not clauses.is_gerund(w, k + 1, end):
                return head_of(w, k + 1, stop)
            return None
        if w.low[k] in ("to", "that"):
            return None
    return None


def _passive(w: Words, p: _Predicate, verb: Verb, i: int, n: int) -> tuple[Frame, int, tuple[int, int] | None, bool] | None:
    """Frames of 'it was agreed that', 'the Secretariat was requested to', 'the plan was endorsed'."""
    frames = verb.frames
    if not verb.passive or p.subject is None:
        return None
    subject = p.subject
    it = subject[1] - subject[0] == 1 and w.low[subject[0]] == "it"
    word = w.low[i] if i < n else ""
    if word == "by" and i + 1 < n:
        k = i + 1
        while k < n and w.low[k] not in ("to", "that", ",", ";", "."):
            k += 1
        if not is_actor(w, i + 1, k):
            return None
        i, word = (k, w.low[k]) if k < n else (k, "")
    if it and word == "that" and i + 2 < n and not operative(w, i + 1, n):
        return None
    if it and word in ("that", "to", "on", "upon"):
        name: Frame | None = next((f for f in (("that",) if word == "that" else ("to", "that") if word == "to" else ("on",)) if f in frames), None)  # type: ignore[misc]
        if name is None and word == "to" and "gerund" in frames:
            name = "gerund"
        if name is None:
            return None
        opened = i + 1 >= n or w.low[i + 1] == ":"
        return name, i, _should_subject(w, i + 1, n) if word == "that" else None, opened
    if it and "that" in frames and i < n and _clause_follows(w, i, n):
        return "that", i, _should_subject(w, i, n), False
    if it:
        return None
    if "person" in frames and word in ("to", "with"):
        if verb.id == "invite" and w.low[i + 1 : i + 2] and w.low[i + 1] in _ATTEND:
            return None
        if i + 1 < n and (w.low[i + 1] in lexicon().base or is_adverb(w.low[i + 1]) or w.low[i + 1] in (":", "be") or word == "with"):
            if word == "with" and not clauses.is_gerund(w, i + 1, n):
                return None
            return "person", i, subject, w.low[i + 1] == ":"
    if verb.id == "commit" or p.earlier:
        return None
    standing = verb.id in ("encourage", "urge", "recommend")  # 'Cooperation is encouraged' is said by the sentence itself
    if not standing and not any(w.low[k] in ("was", "were", "been") for k in range(p.first, p.at)):
        return None
    if "object" in frames or "on" in frames or verb.id in ("encourage", "agree", "recommend"):
        if verb.id in ("request", "ask", "invite", "urge", "demand", "direct", "pledge", "suggest", "propose", "announce", "accept", "call-for"):
            return None
        if any(_YEAR.fullmatch(w.low[k]) or w.low[k] in _EARLIER for k in range(p.at, n)):
            return None
        if word in ("by", "in", "for", "as", "from", "with", "under") and verb.meeting_only and verb.id in ("appoint", "elect", "create", "establish"):
            return None
        if verb.meeting_only and not _by_meeting(w, p):
            return None
        if w.low[subject[0]] in ("which", "who", "that", "he", "she", "they", "we", "this", "these"):
            return None
        return "object", p.at + 1, None, w.low[-1] == ":" and n == len(w)
    return None


def _by_meeting(w: Words, p: _Predicate) -> bool:
    """Whether a passive without a date is the meeting's own: its subject is what meetings adopt, approve or set up."""
    start, end = p.subject or (0, 0)
    have = any(w.low[k] in ("has", "have", "had", "been", "being", "be") for k in range(p.first, p.at))
    return not have and any(
        w.low[k] in _things() or w.low[k] in ("group", "committee", "force", "programme", "mandate", "budget", "terms", "recommendations", "mechanism", "text", "rules", "conclusions", "network", "centre", "secretariat", "invitation", "offer", "decisions", "recommendation", "letter", "membership", "taskforce", "actions", "points")
        for k in range(start, end)
    )  # fmt: skip


# --- pledges as nouns ------------------------------------------------------------------------------------------------


def _nominal(
    w: Words, p: _Predicate, limit: int, verbs: frozenset[int]
) -> tuple[list[Act], Act | None, tuple[int, int] | None] | None:
    """'reaffirmed their commitment to …', 'expressed willingness to …', 'welcomed Italy's commitment to …'."""
    lex = lexicon()
    word = w.low[p.at]
    if word not in lex.nominal_verbs and word not in lex.thanks:
        return None
    at = next((k for k in range(p.at + 1, min(limit, p.at + 16)) if w.low[k] in lex.nominal_nouns), -1)
    call = next((k for k in range(p.at + 2, min(limit, p.at + 6)) if w.low[k] in lex.calls and w.low[k - 1] in ("their", "its", "our", "the", "urgent", "strong")), -1)
    if call > 0 and call + 2 < limit and not p.passive and word not in lex.thanks and not word.startswith("recall"):
        return _call(w, p, call, limit, verbs)
    if at < 0 or at + 1 >= limit:
        return None
    if p.passive:
        return None
    end = clauses.trim_end(w, p.start, clauses.clause_end(w, at, limit, verbs=verbs))
    preposition = w.low[at + 1]
    if word in lex.thanks:
        if at - p.at > 12:
            return None
        owner = next((k for k in range(p.at + 1, at) if w.low[k].endswith(("’s", "'s", "s’", "s'")) or w.low[k] in ("’", "'")), -1)
        if preposition not in ("to", "of") or (owner < 0 and not is_actor(w, p.at + 1, at)):
            return None
        start = p.at + 1
        if owner > 0 and any(w.low[k] not in _NOMINAL_LEAD and not w.low[k].endswith("ed") and not is_adverb(w.low[k]) for k in range(owner + 1, at)):
            return None
        if any(w.low[k] in (",", "and", "of", "that", "for", "to", "in") and k not in w.named for k in range(start, owner if owner > 0 else at)):
            return None
        if not is_actor(w, start, at) or (preposition == "of" and not any(w.low[k][0].isdigit() or w.low[k] == "$" for k in range(at, min(limit, at + 6)))):
            return None
        issuer = head_of(w, start, owner + 1 if owner > 0 else at)
        act = Act(start, end, "pledge", (at, at + 1), "commitments/their-commitment", binding_of("pledge"), issuer)
        return _parts(w, act, at + 1), None, (start, end)
    between = w.low[p.at + 1 : at]
    if any(t not in _NOMINAL_LEAD and not is_adverb(t) and not t.endswith(("’s", "'s", "s’", "ed")) and t not in lex.nominal_nouns and not w.capital(p.at + 1 + k) and t not in lex.levels and t != "," for k, t in enumerate(between)):
        return None
    if word.startswith("recall") and not set(between) & {"our", "their", "its"}:
        return None
    if preposition == "of":  # 'the commitment of their governments to'
        own = bool({"their", "its", "our"} & set(w.low[at + 2 : at + 4]))
        preposition = next((w.low[k] for k in range(at + 2, min(limit, at + 10)) if w.low[k] in ("to", ",", "and")), "") if own else ""
    if preposition not in ("to", "towards", "for", "in", "that"):
        return None
    if preposition == "in" or (preposition == "that" and w.low[at] not in ("determination", "intention", "resolve", "commitment")):
        return None
    if preposition == "for" and w.low[at] not in ("readiness", "preparedness"):
        return None
    issuer = head_of(w, *p.subject) if p.subject else None
    owner = next((k for k in range(p.at + 1, at) if w.low[k].endswith(("’s", "'s")) and (w.capital(k) or w.low[k][:-2] in lex.levels)), -1)
    if owner > 0:  # 'he emphasised Australia's commitment to'
        first = next(k for k in range(p.at + 1, owner + 1) if w.capital(k) or w.low[k][:-2] in lex.levels)
        issuer = head_of(w, first, owner + 1)
    act = Act(
        p.start, end, "pledge", (p.first, at + 1), "commitments/reaffirmed-commitment", binding_of("pledge"), issuer,
        None, p.earlier, p.intro in _TIME and p.intro != "that", impersonal=issuer is None, bare=p.subject is None,
    )  # fmt: skip
    if at + 2 >= len(w) or (w.low[-1] == ":" and ("following" in w.low[at:] or at + 3 >= len(w))):
        return [], act, (p.start, len(w))
    return _parts(w, act, at + 1), None, (p.start, end)


def _call(
    w: Words, p: _Predicate, at: int, limit: int, verbs: frozenset[int]
) -> tuple[list[Act], Act | None, tuple[int, int] | None] | None:
    """'reiterated their call on all parties to show restraint', 'renewed its call for a ceasefire'."""
    addressee: tuple[int, int] | None = None
    if w.low[at + 1] in ("on", "upon", "to"):
        found = _addressee(w, at + 2, limit)
        if found is None or not is_agent(w, *found[0]):
            return None
        addressee = found[0]
    elif w.low[at + 1] != "for":
        return None
    end = clauses.trim_end(w, p.start, clauses.clause_end(w, at, limit, verbs=verbs))
    issuer = head_of(w, *p.subject) if p.subject else None
    act = Act(p.start, end, "directive", (p.first, at + 1), "commitments/reiterated-call", binding_of("directive"), issuer, addressee, p.earlier)
    return [act], None, (p.start, end)


def _parts(w: Words, act: Act, body: int = -1) -> list[Act]:
    """An act in the parts that can be followed up alone: the first from its subject, the others from their verb."""
    start = body if body >= 0 else act.verb[1]
    found = _enumerated(w, act, start)
    if found:
        return found
    that = start < act.end and w.low[start] == "that"
    if that:
        return _that_parts(w, act, start)
    parts = clauses.split(w, start, act.end, only_marked=act.class_ == "recommendation")
    if len(parts) == 1:
        return [act]
    return [replace(act, end=parts[0].end), *(replace(act, start=q.start, end=q.end) for q in parts[1:])]


def _inline(w: Words, act: Act, start: int) -> list[Act]:
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
    for a, b in zip(cuts, cuts[1:], strict=False):
        first = clauses.trim_start(w, a + 1, b)
        last = clauses.trim_end(w, first, b)
        if last > first:
            items.append(replace(act, start=first, end=last))
    return items


_MARK = re.compile(r"[a-z]|[ivx]{1,4}|\d{1,2}")


def _enumerated(w: Words, act: Act, start: int) -> list[Act]:
    """The items of a list inside the sentence: '(a) …; (b) …', 'i) …'."""
    marks = [
        k
        for k in range(start, act.end - 1)
        if w.low[k] == ")" and _MARK.fullmatch(w.low[k - 1]) and k + 2 < act.end
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


def _that_parts(w: Words, act: Act, start: int) -> list[Act]:
    """'agreed that A should …, and that B should …': two acts where both say what is to be done."""
    cuts = [
        k
        for k in range(start + 1, act.end - 1)
        if w.low[k] == "that" and w.low[k - 1] in ("and", ",", ";") and w.depth[k] == w.depth[start]
    ]
    if act.addressee is None:
        later = next((t for k in (start, *cuts) if (t := _should_subject(w, k + 1, act.end)) is not None), None)
        act = replace(act, addressee=later)
    if not cuts:
        return _told(w, act, start)
    edges = [start, *cuts, act.end]
    told = [
        any(w.low[m] in ("should", "must", "would", "will", "shall") for m in range(a, b))
        or (w.low[a + 1] != "while" and operative(w, a + 1, b) and any(w.low[m] in lexicon().base or w.low[m] == "be" for m in range(a + 2, b)))
        for a, b in zip(edges, edges[1:], strict=False)
    ]
    if not all(told):
        return [act]
    found = [replace(act, end=clauses.trim_end(w, act.start, cuts[0]))]
    for a, b in zip(cuts, [*cuts[1:], act.end], strict=True):
        found.append(replace(act, start=a, end=clauses.trim_end(w, a, b), addressee=_should_subject(w, a + 1, b) or act.addressee))
    return found


def _told(w: Words, act: Act, start: int) -> list[Act]:
    """'directed that the group explore …, and identify …': the acts that one subject is told to do."""
    told = _should_subject(w, start + 1, act.end)
    if told is None:
        return [act]
    parts = clauses.split(w, told[1] + (w.low[told[1]] in MODALS), act.end, only_marked=True)
    return [replace(act, end=parts[0].end), *(replace(act, start=q.start, end=q.end) for q in parts[1:])]


# --- adjectives and modals -------------------------------------------------------------------------------------------


def _free(taken: Sequence[tuple[int, int]], i: int) -> bool:
    return not any(a <= i < b for a, b in taken)


def _adjectives(
    w: Words, predicates: list[_Predicate], verbs: frozenset[int], taken: Sequence[tuple[int, int]], bare: bool
) -> list[Act]:
    """'we are committed to …', 'remain determined to …', 'stand ready to …'."""
    found: list[Act] = []
    lex = lexicon()
    for i, word in enumerate(w.low):
        if word not in lex.adjectives or i + 1 >= len(w) or w.depth[i]:
            continue
        k = i + 1
        while k < len(w) and (is_adverb(w.low[k]) or w.low[k] in ("not", "only")) and w.low[k] != "to":
            k += 1
        if k >= len(w) or w.low[k] != "to" or not _free(taken, i):
            continue
        j, auxiliaries, negated = _group(w, i)
        be = [a for a in auxiliaries if a in BE]
        if not be and j >= 0 and w.low[j] in ("stand", "stands", "stood"):
            be, j = ["stand"], j - 1
        if not be or negated or any(a in MODALS for a in auxiliaries):
            continue
        shared = next((p for p in reversed(predicates) if p.at < i and p.intro == "" and p.subject), None)
        if j >= 0 and w.low[j] in (",", "and") and shared is not None:
            subject, start = shared.subject, j + 1
        elif j < 0:
            continue
        else:
            start, intro = clauses.clause_start(w, j + 1, verbs)
            start = clauses.trim_start(w, start, j + 1)
            if intro in _CONDITION or intro in ("that", "where") or start > j or not is_actor(w, start, j + 1):
                continue
            subject = (start, j + 1)
        if subject is None or not is_actor(w, *subject):
            continue
        limit = next((p.cut for p in predicates if p.start > i and p.intro == ""), len(w))
        end = clauses.trim_end(w, start, clauses.clause_end(w, i, max(limit, i + 1), verbs=verbs))
        if end <= k:
            end = len(w)
        found.append(
            Act(start, end, "pledge", (j + 1, i + 1), "commitments/ready", binding_of("pledge"), head_of(w, *subject))
        )
    return found


def _participles(
    w: Words, predicates: list[_Predicate], verbs: frozenset[int], taken: Sequence[tuple[int, int]], bare: bool
) -> list[Act]:
    """'Italy joined the effort, committing to …': a pledge of the sentence's subject."""
    found: list[Act] = []
    for i, word in enumerate(w.low):
        if word not in ("committing", "pledging", "undertaking", "promising", "vowing") or w.low[i + 1 : i + 2] != ("to",):
            continue
        if i < 2 or w.low[i - 1] not in (",", "–", "—", "-") or w.depth[i] or not _free(taken, i):
            continue
        first = 0
        while first < i and not (w.low[first] in lexicon().levels or w.capital(first) or w.low[first] in PRONOUNS):
            first += 1
        last = first
        while last < i and (w.low[last] in lexicon().levels or w.capital(last) or w.low[last] in (*PRONOUNS, "and", "the", "of")):
            last += 1
        if first >= i or last <= first or first > 8:
            continue
        end = clauses.trim_end(w, i, clauses.clause_end(w, i, len(w), verbs=verbs))
        found.append(
            Act(first, end, "pledge", (i, i + 1), "commitments/committing", binding_of("pledge"), head_of(w, first, last))
        )
    return found


def _modals(
    w: Words, predicates: list[_Predicate], verbs: frozenset[int], taken: Sequence[tuple[int, int]], bare: bool
) -> list[Act]:
    """Clauses with 'will' and 'shall' of those who speak, and with 'should', 'must', 'need to' of anybody."""
    found: list[Act] = []
    for i, word in enumerate(w.low):
        need = word in ("need", "needs", "needed", "ought") and w.low[i + 1 : i + 2] == ("to",)
        if word not in ("will", "shall", "should", "must") and not need or w.depth[i] or not _free(taken, i):
            continue
        if i + 1 >= len(w) or (found and i < found[-1].end):
            continue
        v = i + 1 + need
        while v < len(w) and is_adverb(w.low[v]):
            v += 1
        if v >= len(w):
            continue
        if word == "need" and i and (w.low[i - 1] in ("the", "a", "an", "no", "of", "urgent", "is", "was", "to", "not", "may", "will", "real", "pressing", "any", "growing", "continued", "clear", "in") or w.low[i - 1].endswith(("ing",))):
            continue
        act = _modal(w, i, v, word, predicates, verbs, bare)
        if act is not None:
            found.append(act)
    return found


def _modal(
    w: Words, i: int, v: int, word: str, predicates: list[_Predicate], verbs: frozenset[int], bare: bool
) -> Act | None:
    j = i - 1
    while j >= 0 and is_adverb(w.low[j]):
        j -= 1
    if j < 0:
        return None
    if w.low[j] in ("and", ",", "but", "or"):  # 'will do X and must do Y'
        return None
    start, intro = clauses.clause_start(w, j + 1, verbs)
    begin = clauses.trim_start(w, start, j + 1)
    if begin > j or intro in _CONDITION:
        return None
    if intro == "which" or w.low[begin] in ("there", "nothing", "nobody", "none", "neither"):
        return None
    subject = (begin, j + 1)
    governor = _governor(w, begin, intro, predicates)
    if pronoun_we(w, subject) and _inside_quotes(w, i):
        return None
    if intro == "that" and governor is None and not (start >= 2 and w.low[start - 2] in ("view", "recommendation", "recommendations", "suggestion", "opinion", "agreed", "feeling", "consensus", "proposal", "need")):
        return None
    follower = w.low[v]
    if follower in ("not", "never") and word in ("will", "shall", "need"):
        return None
    end = _modal_end(w, i, predicates, verbs)
    pronoun = subject[1] - subject[0] == 1 and w.low[begin] in PRONOUNS
    if word in ("will", "shall"):
        if governor is not None or intro in ("that", "where", "because", "while"):
            return None
        if not _wills(w, subject) or follower in _NOT_AFTER_WILL or (follower == "be" and w.low[v + 1 : v + 2] not in (("working",), ("seeking",))):
            return None
        if follower == "continue" and w.low[v + 1 : v + 3] == ("to", "be") or follower in ("meet", "convene", "remain"):
            return None
        if not (follower in lexicon().base or clauses.is_verb(w, v, len(w))):
            return None
        return Act(begin, end, "pledge", (i, v), "commitments/will", binding_of("pledge"), head_of(w, *subject))
    if follower == "be" and w.low[v + 1 : v + 2] and w.low[v + 1] in _REMARK or follower in ("have", "like"):
        return None
    if not bare and governor is None:
        return None
    if word.startswith("need") and follower == "be" and not (w.low[v + 1 : v + 2] and (w.low[v + 1].endswith(("ed", "en", "ne", "de")) or w.low[v + 1] in _IRREGULAR)):
        return None
    if word.startswith("need") and not (pronoun or is_actor(w, *subject) or w.low[begin] in ("one", "efforts", "more", "further", "action", "attention", "this", "these", "there")) and governor is None and w.low[v] != "be":
        return None
    if pronoun and w.low[begin] in ("he", "she", "i"):
        return None
    rule = "commitments/should" if word != "must" else "commitments/must"
    actor = is_actor(w, *subject) and not pronoun
    issuer = None
    addressee = None
    at = begin
    if governor is not None:
        at = governor.start
        issuer = head_of(w, *governor.subject) if governor.subject and not governor.passive else None
        if governor.passive:
            issuer = _agent(w, governor.at + 1, begin)
    elif pronoun and w.low[begin] == "we":
        issuer = subject
    if actor and (w.low[v] != "be" or False):
        addressee = head_of(w, *subject)
        if issuer is not None and _text(w, issuer).lower() == _text(w, addressee).lower():
            addressee = None
    return Act(
        at, end, "recommendation", (i, v), rule, binding_of("recommendation"), issuer, addressee,
        governor.earlier if governor else False, impersonal=issuer is None,
    )  # fmt: skip


def pronoun_we(w: Words, subject: tuple[int, int]) -> bool:
    return subject[1] - subject[0] == 1 and w.low[subject[0]] == "we"


def _inside_quotes(w: Words, i: int) -> bool:
    """Whether a word stands inside quotation marks that open and close in the sentence: somebody else's 'we'."""
    marks = sum(w.low[k] in ("“", "”", '"') for k in range(i))
    return marks % 2 == 1


def _modal_end(w: Words, i: int, predicates: list[_Predicate], verbs: frozenset[int]) -> int:
    limit = next((p.cut for p in predicates if p.at > i and p.intro == "" and p.cut > i), len(w))
    end = clauses.clause_end(w, i, limit, verbs=verbs)
    return max(clauses.trim_end(w, i, end), i + 1)


def _governor(w: Words, begin: int, intro: str, predicates: list[_Predicate]) -> _Predicate | None:
    """The verb of report that a clause is the first complement of ('Ministers noted that States should')."""
    for p in reversed(predicates):
        if p.at < begin and not p.negated:
            gap = [t for t in w.low[p.at + 1 : begin] if t not in QUOTES and t not in ("that", ",") and not is_adverb(t)]
            if not gap or (intro == "that" and len(gap) <= 3 and gap[0] in ("the", "by", "with", "their", "its")):
                return p
            later = intro == "that" and p.intro == "" and w.low[begin - 2] in ("and", ",", ";", "but") and begin - p.at <= 60
            return replace_start(p, begin) if later else None
    return None


def replace_start(p: _Predicate, start: int) -> _Predicate:
    """The same verb for a later clause of its complement, which is quoted from its own subject."""
    return _Predicate(p.at, p.first, start, p.subject, p.intro, p.speech, p.passive, p.negated, p.earlier, p.modal, p.cut, p.tense, p.shared)  # fmt: skip


def _wills(w: Words, subject: tuple[int, int]) -> bool:
    """Whether a subject can pledge with 'will': 'we', States, groups and bodies; not plans, projects, 'this' or 'it'."""
    start, end = subject
    if end - start == 1 and w.low[start] in PRONOUNS:
        return w.low[start] == "we"
    if w.low[start] in ("this", "these", "such", "it", "that", "each", "which", "future", "any", "no", "some", "many", "more"):
        return False
    a, b = head_of(w, start, end)
    if b != end and w.low[b] not in (",", "(", "representing", "from", "in", "meeting", "at"):
        return False
    last = next((k for k in range(a, b) if w.low[k] in ("of", "on", "for", "to", "in", "from", "(")), b) - 1
    lex = lexicon()
    if last < a or (w.low[last] in lex.inert and not (w.capital(last) and last > a)) or w.low[last] in _things():
        return False
    if w.low[last] in lex.levels:
        return True
    return all(w.capital(k) or w.low[k] in ("and", "the", "of", ",", "-", "–") or k in w.named for k in range(a, b)) and is_actor(w, a, b) and (a > 0 or a in w.named)


# --- what is needed or would be of use -------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def patterns() -> rules.RuleSet:
    return rules.load("commitments", ("class", "start", "list", "subject"))


def _patterns(
    w: Words, predicates: list[_Predicate], verbs: frozenset[int], taken: Sequence[tuple[int, int]]
) -> list[Act]:
    """The rules of commitments.toml, over the plain sentence."""
    found: list[Act] = []
    present = frozenset(w.low)
    for rule in patterns().candidates(present):
        for match in rule.regex.finditer(w.text):
            a, b = match.span("verb")
            i = w.index(a)
            if i >= len(w) or w.depth[i] or not _free(taken, i) or any(x.start <= i < x.end for x in found):
                continue
            act = _pattern_act(w, rule, match, i, max(w.index(b - 1) + 1, i + 1), predicates, verbs)
            if act is not None:
                if rule.text("list") == "subject":
                    found += _subject_list(w, act, i)
                elif act.class_ == "recommendation" or act.class_ == "decision":
                    found += _parts(w, act, _body(w, act, match, i))
                else:
                    found.append(act)
    return found


def _body(w: Words, act: Act, match: re.Match[str], i: int) -> int:
    at = w.index(match.start("frame"))
    return min(at, act.end - 1) if match.group("frame") else act.end - 1


def _pattern_act(
    w: Words, rule: rules.Rule, match: re.Match[str], i: int, stop: int, predicates: list[_Predicate], verbs: frozenset[int]
) -> Act | None:
    class_: CommitmentClass = rule.text("class")  # type: ignore[assignment]  # checked by the test of the rule file
    first = w.index(match.start())
    if rule.text("start") == "match":
        begin = first
        start, intro = clauses.clause_start(w, begin, verbs) if begin else (0, "")
        start = begin
        if begin and w.low[begin - 1] in ("that", "how", "whether", "if", "which", "where", "because", "when"):
            intro = w.low[begin - 1]
    else:
        anchor = first if w.low[first] == "there" else _verb_group(w, i)
        start, intro = clauses.clause_start(w, anchor, verbs) if rule.text("list") != "subject" else _list_start(w, anchor)
        start = clauses.trim_start(w, start, anchor)
        if start >= anchor and w.low[first] != "there":
            return None
        start = min(start, first) if w.low[first] == "there" else start
        if w.low[first] == "there":
            start = first
            intro = w.low[first - 1] if first else ""
    if intro in _CONDITION or intro in ("because",):
        return None
    if "not" in w.low[first : i + 1] or "no" in w.low[first : i + 1] or (i and w.low[i - 1] == "not"):
        return None
    governor = _governor(w, start, intro, predicates)
    if intro == "that" and governor is None and not any(p.at < start for p in predicates):
        return None
    at = governor.start if governor is not None else start
    issuer = head_of(w, *governor.subject) if governor is not None and governor.subject and not governor.passive else None
    if governor is not None and governor.passive:
        issuer = _agent(w, governor.at + 1, start)
    if governor is None and intro == "that":
        outer = next((p for p in reversed(predicates) if p.at < start and p.subject and not p.passive), None)
        issuer = head_of(w, *outer.subject) if outer is not None and outer.subject else None
    if issuer is None and rule.text("start") == "clause" and any(p.at <= i and p.start == start for p in predicates):
        own = next(p for p in predicates if p.start == start)
        issuer = head_of(w, *own.subject) if own.subject and not own.passive else None
    groups = match.groupdict()
    addressee = None
    if groups.get("addressee"):
        a, b = w.index(match.start("addressee")), w.index(match.end("addressee") - 1) + 1
        addressee = (a, b) if is_actor(w, a, b) else None
    if rule.text("subject") == "addressee" and governor is None and is_agent(w, start, _verb_group(w, i)):
        addressee = (start, _verb_group(w, i))
    limit = next((p.cut for p in predicates if p.at > i and p.intro == "" and p.cut > i and p.subject and p.start > i), len(w))
    end = clauses.clause_end(w, i, max(limit, stop), verbs=verbs)
    end = max(clauses.trim_end(w, at, end), stop)
    return Act(
        at, end, class_, (w.index(match.start("verb")), stop), f"commitments/{rule.id}", binding_of(class_), issuer, addressee,
        governor.earlier if governor else False, impersonal=issuer is None,
    )  # fmt: skip


def _verb_group(w: Words, i: int) -> int:
    """The first word of the verb group that holds word `i`."""
    while i > 0 and (w.low[i - 1] in clauses.AUXILIARIES or is_adverb(w.low[i - 1]) or w.low[i - 1] in ("not",)):
        i -= 1
    return i


def _list_start(w: Words, anchor: int) -> tuple[int, str]:
    """Where a list of subjects begins: behind ', and that', 'noted that' or a semicolon, else with the sentence."""
    for k in range(anchor - 1, 0, -1):
        if w.low[k] in (";", ":"):
            return k + 1, ""
        if w.low[k] == "that" and (w.low[k - 1] in ("and", ",") or clauses.is_report(w.low[k - 1])):
            return k + 1, "that"
    return 0, ""


def _subject_list(w: Words, act: Act, i: int) -> list[Act]:
    """'A, B and C are important steps to …': one act for each of three or more subjects."""
    start, end = act.start, _verb_group(w, i)
    cuts = [start]
    gerunds = clauses.is_gerund(w, start, end)
    for k in range(start, end):
        if w.depth[k] == w.depth[start] and (w.low[k] == "," or w.low[k] == "and" or w.low[k : k + 3] == ("as", "well", "as")):
            nxt = k + 1
            while nxt < end and w.low[nxt] in ("and", "as", "well", ","):
                nxt += 1
            if gerunds and not clauses.is_gerund(w, nxt, end):
                continue
            if nxt < end and nxt != cuts[-1] and (w.low[k] != "and" or _parallel(w, cuts, nxt, k, end)):
                cuts.append(nxt)
    if len(cuts) < 3:
        return [act]
    edges = [*cuts[1:], end]
    return [replace(act, start=a, end=clauses.trim_end(w, a, b)) for a, b in zip(cuts, edges, strict=True) if clauses.trim_end(w, a, b) > a]


def _parallel(w: Words, cuts: list[int], nxt: int, k: int, end: int) -> bool:
    """Whether 'and' goes on the list and not a pair inside one of its members."""
    if w.low[nxt] in ("the", "a", "an") or clauses.is_gerund(w, nxt, len(w)) or w.low[k - 1] == ",":
        return True
    return len(cuts) > 1 and "of" in w.low[cuts[-1] : k] and "of" in w.low[nxt:end]  # 'A of B, C of D and E of F'


_BEFORE_NEED = frozenset("the a an urgent pressing continued continuing real clear strong great growing particular ongoing need common critical vital essential further increasing special specific practical immediate shared overall and general".split())  # fmt: skip
_NO_NEED = frozenset("given reflecting despite due of to by from considering with on meet meets met addressing identified without".split())


def _needs(
    w: Words, predicates: list[_Predicate], verbs: frozenset[int], taken: list[tuple[int, int]], forward: bool
) -> list[Act]:
    """'recognised the need to …', lists of needs, and, where a text looks ahead, of what is of value or importance."""
    found: list[Act] = []
    nouns = {"need", "needs", "necessity", "requirement"} | ({"value", "importance", "potential"} if forward else set())
    for i, word in enumerate(w.low):
        if word not in nouns or i + 1 >= len(w) or w.low[i + 1] not in (("to", "for", "of") if word != "need" else ("to", "for")) or w.depth[i]:
            continue
        if any(a.start <= i < a.end for a in found) or not _free(taken, i):
            continue
        d = i
        while d > 0 and (w.low[d - 1] in _BEFORE_NEED or is_adverb(w.low[d - 1])) and w.low[d - 1] != "and":
            d -= 1
        if d == i and not (i == 0 or w.low[i - 1] in (",", "and")):
            continue
        governor = next((p for p in reversed(predicates) if p.at < d), None)
        passive = next((p for p in predicates if p.at > i and p.passive and p.subject and p.subject[0] <= d < p.subject[1]), None)
        direct = governor is not None and not governor.negated and not governor.modal and all(t in QUOTES or is_adverb(t) for t in w.low[governor.at + 1 : d])
        before = w.low[d - 1] if d else ""
        if passive is not None:
            start, end, issuer = d, len(w), _agent(w, passive.at + 1, len(w))
            end = clauses.clause_end(w, passive.at, len(w), verbs=verbs)
            if before in _NO_NEED:
                continue
        elif direct and governor is not None:
            if w.low[governor.at] in ("discussed", "considered", "examined", "reviewed", "heard") and not forward:
                continue
            start = governor.start
            issuer = head_of(w, *governor.subject) if governor.subject and not governor.passive else None
            limit = next((p.cut for p in predicates if p.at > i and p.intro == "" and p.cut > i), len(w))
            end = _need_end(w, i, limit, verbs)
        else:
            listed = before in (",", "and", ";", "included", "include", "including", ":", "that", "being", "namely", "", "were", "was")
            source = governor is not None or any(w.low[k] in ("recommendations", "recommendation", "emphasis", "highlighted", "stressed", "emphasised", "emphasized", "themes", "suggestions", "messages", "conclusions", "points") for k in range(d))
            if not listed or not source or before in _NO_NEED:
                continue
            if governor is not None and governor.negated:
                continue
            start, issuer = d, None
            if governor is not None and governor.subject and not governor.passive:
                issuer = head_of(w, *governor.subject)
            limit = next((p.cut for p in predicates if p.at > i and p.intro == "" and p.cut > i), len(w))
            end = _need_end(w, i, limit, verbs)
        end = clauses.trim_end(w, start, end)
        if end <= i + 1:
            continue
        earlier = bool(governor and direct and governor.earlier)
        act = Act(start, end, "recommendation", (i, i + 1), "commitments/the-need", binding_of("recommendation"), issuer, None, earlier, impersonal=issuer is None)
        found.append(act)
        taken.append((start, end))
    return found


def _need_end(w: Words, i: int, limit: int, verbs: frozenset[int]) -> int:
    """Where one need ends in a list of needs: before ', the …' or '; the …'."""
    end = clauses.clause_end(w, i, limit, verbs=verbs)
    for k in range(i + 2, end):
        if w.depth[k] or w.low[k] not in (",", ";"):
            continue
        nxt = k + 1
        while nxt < end and w.low[nxt] in ("and", "as", "well", ","):
            nxt += 1
        if nxt + 1 < end and w.low[nxt] in ("the", "a") and (
            any(w.low[m] in ("need", "needs", "importance", "role", "value", "challenge", "challenges", "necessity", "use", "problem", "lack", "growing") for m in range(nxt + 1, min(end, nxt + 5)))
        ):
            return k
    return end
