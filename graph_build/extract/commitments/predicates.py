"""The finite verbs of speech and report in a sentence, each with its subject and the clause that it stands in."""

from __future__ import annotations

from dataclasses import dataclass

from graph_build.extract.commitments import clauses
from graph_build.extract.commitments.actors import is_actor
from graph_build.extract.commitments.clauses import BE, MODALS, PRONOUNS, QUOTES, Words, is_adverb
from graph_build.extract.commitments.lexicon import Verb, lexicon

_NOT_LAST = frozenset(
    "the a an and or our their its his her this that these those my your common best shared mutual joint own new".split()
)


PREPOSITIONS = frozenset(
    "of in on at to for with by from under as through during into between among over about within against after before upon".split()
)
CONDITION = frozenset("if whether unless until how why what which who whom whose once whenever (".split())


TIME = frozenset("where when after while whereas although though because since that so".split())


@dataclass(slots=True)
class Predicate:
    """A finite verb: word `at`, its group from `first`, its clause from `start`; the clause before it ends at `cut`.

    `intro` is the word that introduces the clause, `tense` 'past', 'third' or 'base'; `shared`: the subject is that of
    the verb before it.
    """

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


def predicates_of(w: Words, subjectless: bool) -> list[Predicate]:
    """The finite verbs of speech and report, left to right."""
    lex = lexicon()
    found: list[Predicate] = []
    verbs: set[int] = set()
    for i, word in enumerate(w.low):
        if (
            word in lex.adjectives
            and word not in lex.forms
            and not (w.low[i + 1 : i + 2] == ("to",) and verb_group(w, i)[1])
        ):
            continue
        known = word in lex.forms or word in lex.reports or word in lex.adjectives
        if not known and word not in lex.words["performing"]:
            continue
        p = _predicate(w, i, found, frozenset(verbs), subjectless)
        if p is not None:
            found.append(p)
            verbs.add(i)
    return found


def verb_group(w: Words, i: int) -> tuple[int, list[str], bool]:
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


def _predicate(w: Words, i: int, before: list[Predicate], verbs: frozenset[int], subjectless: bool) -> Predicate | None:
    lex = lexicon()
    word = w.low[i]
    performing = word in lex.words["performing"]
    speech = lex.performing[word] if performing else lex.forms.get(word, ())
    if word in ("took", "take", "takes") and w.low[i + 1 : i + 2] != ("note",):
        return None
    if word in ("look", "looks", "looked") and w.low[i + 1 : i + 2] != ("forward",):
        return None
    past = (
        any(v.forms.index(word) % 3 == 2 for v in speech)
        if speech and not performing
        else word.endswith(("ed", "took", "felt", "heard", "found", "saw", "said", "spoke"))
    )
    third = (
        (any(v.forms.index(word) % 3 == 1 for v in speech) if speech else word.endswith("s")) and not past
        if not performing
        else False
    )
    tense = "past" if past else ("third" if third else "base")
    j, auxiliaries, negated = verb_group(w, i)
    if (
        word in lex.adjectives and w.low[i + 1 : i + 2] == ("to",) and any(a in BE for a in auxiliaries)
    ):  # 'are committed to'
        speech, past = (), False
        tense = "base" if {"is", "are", "am", "remain", "remains"} & set(auxiliaries) else "past"
        auxiliaries = []
    if performing:  # 'the Bank is announcing a loan'
        if not auxiliaries or auxiliaries[-1] not in ("is", "are"):
            return None
        auxiliaries = []
    first = j + 1
    while first < i and w.low[first] in QUOTES:
        first += 1
    be = [a for a in auxiliaries if a in ("is", "are", "was", "were", "be", "been", "being", "am")]
    have = [a for a in auxiliaries if a in ("has", "have", "had")]
    modal = any(a in MODALS for a in auxiliaries)
    passive = past and bool(be)
    if auxiliaries and all(a in ("be", "been", "being") for a in auxiliaries):
        return None
    if (
        i
        and w.text[w.starts[i]].isupper()
        and not w.text[w.starts[i] : w.ends[i]].isupper()
        and w.low[i - 1] not in QUOTES | {":", "•"}
    ):
        return None  # part of a name: 'Lima Call'
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
        if (
            (not subjectless and not third)
            or (third and word in ("plans", "offers", "aims", "promises"))  # nouns: 'Plans to open a school'
            or passive
            or (auxiliaries and not have and "do" not in auxiliaries)
            or {"each", "all", "both", "such"} & set(w.low[:i])
        ):
            return None
        subject = None
    elif previous in ("which", "who", "whom", "whose", "that", "as", "when", "where", "than", "if", "how", "not"):
        return None
    elif previous in (",", "and", "but", "or", ";") or (
        previous == "well" and w.low[max(0, j - 2) : j + 1] == ("as", "well")
    ):
        shared = (
            bool(before)
            and before[-1].tense == tense
            and not before[-1].modal
            and before[-1].intro not in CONDITION
            and not (passive and not before[-1].passive)
        )
        if shared and tense == "base" and not _strong(w, i, word, before[-1]):
            shared = False
        acted_on = before[-1].subject if before else None
        if shared and not passive and before[-1].passive and not (acted_on and is_actor(w, *acted_on)):
            shared = False  # 'the plan was noted and agreed'; 'Ministers were briefed and agreed' is theirs
        if shared:
            last = before[-1]
            subject, intro = last.subject, last.intro
            k = j
            while k >= 0 and w.low[k] in (",", "and", "but", "or", ";", "as", "well"):
                k -= 1
            cut = k + 1
        elif (
            previous in (",", ";")
            and w.low[-1] == ":"
            and i >= len(w) - 3
            and tense != "past"
            and is_actor(w, 0, min(4, j))
        ):
            comma = next(
                (k for k in range(1, j) if w.low[k] in (",", ";")), j
            )  # 'The Assembly, having seen …, resolves:'
            subject, start, cut = (0, comma), i, j
        elif previous == "," and passive:
            start, intro = clauses.clause_start(w, j, verbs)
            start = clauses.trim_start(w, start, j)
            if start >= j or intro in CONDITION:
                return None
            subject, cut = (start, j), start
        elif previous == "," and w.low[0] == "we" and not past:  # 'We, the Ministers, …, do hereby agree'
            subject, start, cut = (0, 1), (0 if j < 12 else first), j
        elif previous == ",":  # 'The Committee, having met in March, agreed'
            start, intro = clauses.clause_start(w, j, verbs)
            start = clauses.trim_start(w, start, j)
            if start >= j or not is_actor(w, start, min(j, start + 8)) or intro in CONDITION:
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
        said = before[-1] if before and w.low[first - 1] in ("he", "she") and begin < before[-1].at < first else None
        if said is not None and said.subject is not None:  # 'The President said he plans to'
            return Predicate(
                i,
                first,
                said.start,
                said.subject,
                intro,
                speech,
                passive,
                negated,
                "had" in have,
                modal,
                said.cut,
                tense,
            )
        if w.low[first - 1] in ("we", "they") and first - 1 > begin:  # 'As a group we agreed'
            subject = (first - 1, first)
            if w.low[begin] != "as":
                begin = first - 1
            return Predicate(
                i, first, begin, subject, intro, speech, passive, negated, "had" in have, modal, begin, tense
            )
        if w.low[begin] in PREPOSITIONS and not passive:
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
    if intro in CONDITION or (intro == "that" and _relative(w, start)):
        return None
    return Predicate(
        i,
        first,
        start,
        subject,
        intro,
        speech,
        passive,
        negated,
        bool(have) and "had" in have,
        modal,
        cut,
        tense,
        shared,
    )


_SAYING = frozenset(
    "view opinion agreement recommendation proposal consensus conclusion suggestion and but hope belief understanding".split()
)


def _relative(w: Words, start: int) -> bool:
    """Whether the 'that' before a clause belongs to a noun: 'initiatives that the Union intends to launch'."""
    k = start - 1
    while k >= 0 and (w.low[k] in QUOTES or w.low[k] in ("while", "and")):
        k -= 1
    if k < 1 or w.low[k] != "that":
        return False
    before = w.low[k - 1]
    return before.isalpha() and before not in _SAYING and not clauses.is_report(before) and not is_adverb(before)


def _strong(w: Words, i: int, word: str, last: Predicate) -> bool:
    """Whether a base form behind 'and' is a verb of its own ('and call upon') rather than a second infinitive."""
    if word in (
        "reaffirm",
        "reiterate",
        "request",
        "urge",
        "welcome",
        "look",
        "note",
        "thank",
        "commend",
        "recall",
        "underline",
        "underscore",
        "stress",
        "express",
        "recognize",
        "recognise",
        "acknowledge",
        "commit",
        "pledge",
        "affirm",
        "congratulate",
        "condemn",
        "decide",
        "agree",
        "endorse",
        "resolve",
        "reconfirm",
        "restate",
        "emphasise",
        "emphasize",
        "intend",
        "plan",
    ):
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
    if w.low[last] in PREPOSITIONS | _NOT_LAST:
        return False
    if tense != "past" and not (w.low[last] in lexicon().levels or w.capital(last)):
        return False
    return is_actor(w, start, end)


def limit_of(w: Words, predicates: list[Predicate], n: int) -> int:
    """Where the clause of a predicate must end at the latest: before the next verb on its own level."""
    p = predicates[n]
    for q in predicates[n + 1 :]:
        if q.intro == p.intro and (q.shared or q.intro == ""):
            return max(q.cut, p.at + 1)
        if q.intro == "" and q.start > p.at:
            return max(q.cut, p.at + 1)
    return len(w)


def governor_of(w: Words, begin: int, intro: str, predicates: list[Predicate]) -> Predicate | None:
    """The verb of report that a clause is the first complement of ('Ministers noted that States should')."""
    for p in reversed(predicates):
        if p.at < begin and not p.negated:
            gap = [
                t for t in w.low[p.at + 1 : begin] if t not in QUOTES and t not in ("that", ",") and not is_adverb(t)
            ]
            if not gap or (intro == "that" and len(gap) <= 3 and gap[0] in ("the", "by", "with", "their", "its")):
                return p
            later = (
                intro == "that"
                and p.intro == ""
                and w.low[begin - 2] in ("and", ",", ";", "but")
                and begin - p.at <= 60
            )
            return replace_start(p, begin) if later else None
    return None


def replace_start(p: Predicate, start: int) -> Predicate:
    """The same verb for a later clause of its complement, which is quoted from its own subject."""
    return Predicate(p.at, p.first, start, p.subject, p.intro, p.speech, p.passive, p.negated, p.earlier, p.modal, p.cut, p.tense, p.shared)  # fmt: skip
