"""Clauses with 'will', 'should', 'must', 'need to', and with 'are committed to', 'stand ready to'."""

from __future__ import annotations

from collections.abc import Sequence

from graph_build.extract.commitments import clauses, coordination
from graph_build.extract.commitments.actors import head_of, is_actor
from graph_build.extract.commitments.acts import Act
from graph_build.extract.commitments.clauses import BE, MODALS, PRONOUNS, Words, is_adverb
from graph_build.extract.commitments.frames import agent_of
from graph_build.extract.commitments.lexicon import binding_of, lexicon
from graph_build.extract.commitments.predicates import CONDITION, Predicate, governor_of, verb_group
from graph_build.records import CommitmentClass

_STRESSING = frozenset(
    "stressing emphasising emphasizing underlining underscoring highlighting agreeing recommending suggesting".split()
)


def free(taken: Sequence[tuple[int, int]], i: int) -> bool:
    """Whether a word stands in none of the clauses that are already read."""
    return not any(a <= i < b for a, b in taken)


def adjectives(
    w: Words, predicates: list[Predicate], verbs: frozenset[int], taken: Sequence[tuple[int, int]], bare: bool
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
        if k >= len(w) or w.low[k] != "to" or not free(taken, i):
            continue
        j, auxiliaries, negated = verb_group(w, i)
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
            if intro in CONDITION or intro in ("that", "where") or start > j or not is_actor(w, start, j + 1):
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


def participles(
    w: Words, predicates: list[Predicate], verbs: frozenset[int], taken: Sequence[tuple[int, int]], bare: bool
) -> list[Act]:
    """'Peru joined the effort, committing to …': a pledge of the sentence's subject."""
    found: list[Act] = []
    for i, word in enumerate(w.low):
        if word not in ("committing", "pledging", "undertaking", "promising", "vowing") or w.low[i + 1 : i + 2] != (
            "to",
        ):
            continue
        if i < 2 or w.low[i - 1] not in (",", "–", "—", "-") or w.depth[i] or not free(taken, i):
            continue
        first = 0
        while first < i and not (w.low[first] in lexicon().levels or w.capital(first) or w.low[first] in PRONOUNS):
            first += 1
        last = first
        while last < i and (
            w.low[last] in lexicon().levels or w.capital(last) or w.low[last] in (*PRONOUNS, "and", "the", "of")
        ):
            last += 1
        if first >= i or last <= first or first > 8:
            continue
        end = clauses.trim_end(w, i, clauses.clause_end(w, i, len(w), verbs=verbs))
        found.append(
            Act(
                first,
                end,
                "pledge",
                (i, i + 1),
                "commitments/committing",
                binding_of("pledge"),
                head_of(w, first, last),
            )
        )
    return found


_TOLD: dict[str, CommitmentClass] = {
    **dict.fromkeys(
        "urging imploring exhorting inviting requesting asking calling directing tasking".split(), "directive"
    ),
    **dict.fromkeys("encouraging recommending advising".split(), "recommendation"),
}
"""Participles with which a speaker goes on: 'He spoke of ports, urging members to act.'"""


def asides(
    w: Words, predicates: list[Predicate], verbs: frozenset[int], taken: Sequence[tuple[int, int]], bare: bool
) -> list[Act]:
    """What the subject of a sentence tells others to do in a participle at its end: ', urging members to ratify it'."""
    found: list[Act] = []
    for i, word in enumerate(w.low):
        class_ = _TOLD.get(word)
        if class_ is None or i < 4 or w.low[i - 1] not in (",", "–", "—") or w.depth[i] or not free(taken, i):
            continue
        outer = next((p for p in reversed(predicates) if p.at < i and p.intro == ""), None)
        if (
            outer is None
            or outer.subject is None
            or outer.passive
            or w.low[outer.subject[0]] in ("it", "this", "these")
        ):
            continue
        first = i + 1 + (word == "calling")
        if word == "calling" and w.low[i + 1 : i + 2] not in (("on",), ("upon",), ("for",)):
            continue
        at = next((k for k in range(first, min(first + 14, len(w))) if w.low[k] in ("to", "for", ",", ".", "that")), -1)
        told = at > first and w.low[at] == "to" and at + 1 < len(w) and w.low[at + 1].isalpha()
        if not told and w.low[i + 1 : i + 2] != ("for",):
            continue
        end = clauses.trim_end(w, i, clauses.clause_end(w, i, len(w), verbs=verbs))
        addressee = head_of(w, first, at) if told and is_actor(w, first, at) else None
        found.append(
            Act(
                i,
                max(end, i + 3),
                class_,
                (i, first),
                "commitments/aside",
                binding_of(class_),
                head_of(w, *outer.subject),
                addressee,
                outer.earlier,
            )
        )
    return found


_LAUNCHED = frozenset("launched created established opened unveiled introduced".split())


def announcements(w: Words, verbs: frozenset[int], taken: Sequence[tuple[int, int]]) -> list[Act]:
    """Among what parties announced: 'Peru launched a scheme' (decision), 'Chad is opening …', 'The scheme will train …' (pledges)."""
    for i, word in enumerate(w.low):
        auxiliary = word in ("is", "are", "will")
        if w.depth[i] or not (auxiliary or word in _LAUNCHED):
            continue
        v = i + 1 if auxiliary else i
        while v < len(w) and (is_adverb(w.low[v]) or w.low[v] == "also"):
            v += 1
        if v >= len(w) or not free(taken, v):
            continue
        if word == "will":
            deed = w.low[v] in lexicon().base and w.low[v] != "be"
        else:
            deed = not auxiliary or coordination.is_gerund(w, v, len(w))
        j, auxiliaries, negated = verb_group(w, i)
        if not deed or negated or j < 0 or any(a in ("was", "were", "had", "be", "been") for a in auxiliaries):
            continue
        start, intro = clauses.clause_start(w, j + 1, verbs)
        start = clauses.trim_start(w, start, j + 1)
        if intro or start > j or start > 12 or w.low[start] in ("this", "these", "such", "it", "there"):
            continue
        inert = w.low[start] == "the" and w.low[j] in lexicon().words["announced"]
        if not is_actor(w, start, j + 1) or (word == "will" and not inert):
            continue
        if word != "will" and not (w.capital(j) or j in w.named or w.low[j] in lexicon().levels):
            continue
        end = max(clauses.trim_end(w, i, clauses.clause_end(w, i, len(w), verbs=verbs)), v + 1)
        class_: CommitmentClass = "pledge" if auxiliary else "decision"
        return [
            Act(start, end, class_, (i, v + 1), "commitments/announced", binding_of(class_), head_of(w, start, j + 1))
        ]
    return []


def modals(
    w: Words, predicates: list[Predicate], verbs: frozenset[int], taken: Sequence[tuple[int, int]], bare: bool
) -> list[Act]:
    """Clauses with 'will' and 'shall' of those who speak, and with 'should', 'must', 'need to' of anybody."""
    found: list[Act] = []
    for i, word in enumerate(w.low):
        need = word in ("need", "needs", "needed", "ought") and w.low[i + 1 : i + 2] == ("to",)
        if word not in ("will", "shall", "should", "must", "would") and not need or w.depth[i] or not free(taken, i):
            continue
        if i + 1 >= len(w) or (found and i < found[-1].end):
            continue
        v = i + 1 + need
        while v < len(w) and is_adverb(w.low[v]):
            v += 1
        if v >= len(w):
            continue
        if (
            word == "need"
            and i
            and (
                w.low[i - 1]
                in (
                    "the",
                    "a",
                    "an",
                    "no",
                    "of",
                    "urgent",
                    "is",
                    "was",
                    "to",
                    "not",
                    "may",
                    "real",
                    "pressing",
                    "any",
                    "growing",
                    "continued",
                    "clear",
                    "in",
                )
                or w.low[i - 1].endswith(("ing",))
            )
        ):
            continue
        act = _modal(w, i, v, word, predicates, verbs, bare)
        if act is not None:
            found.append(act)
    return found


def _modal(
    w: Words, i: int, v: int, word: str, predicates: list[Predicate], verbs: frozenset[int], bare: bool
) -> Act | None:
    j = i - 1
    while j >= 0 and (is_adverb(w.low[j]) or (w.low[j] == "will" and word == "need")):
        j -= 1
    if j < 0:
        return None
    if w.low[j] in ("and", ",", "but", "or"):
        return _shared(w, i, j, v, word, predicates, verbs)
    start, intro = clauses.clause_start(w, j + 1, verbs)
    begin = clauses.trim_start(w, start, j + 1)
    if begin > j or intro in CONDITION:
        return None
    if intro == "which" or w.low[begin] in ("there", "nothing", "nobody", "none", "neither"):
        return None
    if w.low[j] in PRONOUNS and w.low[begin] != "as":  # 'noting "we must …"'
        begin = j
    subject = (begin, j + 1)
    governor = governor_of(w, begin, intro, predicates)
    if pronoun_we(w, subject) and _inside_quotes(w, i):
        return None
    if (
        intro == "that"
        and governor is None
        and not (
            start >= 2
            and w.low[start - 2]
            in (
                "view",
                "recommendation",
                "recommendations",
                "suggestion",
                "opinion",
                "agreed",
                "feeling",
                "consensus",
                "proposal",
                "need",
                "clear",
                "evident",
                "know",
                *_STRESSING,
            )
        )
    ):
        return None
    follower = w.low[v]
    if follower in ("not", "never") and word in ("will", "shall", "need"):
        return None
    end = _modal_end(w, i, predicates, verbs)
    if intro == "that":  # '… that States should act, and that funds are low': the first clause only
        end = next(
            (
                clauses.trim_end(w, i, k)
                for k in range(i + 2, end)
                if w.low[k] == "that" and w.low[k - 1] in ("and", ",", ";")
            ),
            end,
        )
    pronoun = subject[1] - subject[0] == 1 and w.low[begin] in PRONOUNS
    if word == "would":
        inner = next((p for p in reversed(predicates) if begin < p.at < j and p.intro == ""), None)
        if inner is not None and governor is None:  # 'noted Chad would'
            subject, governor = (inner.at + 1, j + 1), inner
        return _would(w, i, v, subject, end, governor)
    if word in ("will", "shall"):
        if governor is not None or intro in ("that", "where", "because", "while"):
            return None
        if (
            not _wills(w, subject)
            or follower in lexicon().words["states"]
            or (follower == "be" and w.low[v + 1 : v + 2] not in (("working",), ("seeking",)))
        ):
            return None
        if follower == "continue" and w.low[v + 1 : v + 3] == ("to", "be") or follower in ("meet", "convene", "remain"):
            return None
        if follower == ":" and v == len(w) - 1:
            return Act(begin, len(w), "pledge", (i, v), "commitments/will", binding_of("pledge"), head_of(w, *subject))
        if not (follower.isalpha() and follower.islower()):
            return None
        return Act(begin, end, "pledge", (i, v), "commitments/will", binding_of("pledge"), head_of(w, *subject))
    if (
        follower == "be"
        and w.low[v + 1 : v + 2]
        and w.low[v + 1] in lexicon().words["remarks"]
        or follower == "like"
        or (follower == "have" and governor is None)
    ):
        return None
    if not bare and governor is None:
        return None
    if (
        word.startswith("need")
        and follower == "be"
        and not (
            w.low[v + 1 : v + 2]
            and (w.low[v + 1].endswith(("ed", "en", "ne", "de")) or w.low[v + 1] in lexicon().words["participles"])
        )
    ):
        return None
    if (
        word.startswith("need")
        and not (
            pronoun
            or is_actor(w, *subject)
            or w.low[begin] in ("one", "efforts", "more", "further", "action", "attention", "this", "these", "there")
        )
        and governor is None
        and w.low[v] != "be"
    ):
        return None
    if pronoun and w.low[begin] in ("he", "she", "i"):
        return None
    if follower == ":" and v == len(w) - 1:
        end = len(w)
    rule = "commitments/should" if word != "must" else "commitments/must"
    actor = is_actor(w, *subject) and not pronoun
    issuer = None
    addressee = None
    at = begin
    if governor is not None:
        at = governor.start
        issuer = head_of(w, *governor.subject) if governor.subject and not governor.passive else None
        if governor.passive:
            issuer = agent_of(w, governor.at + 1, begin)
    elif intro == "that" and w.low[start - 2] in _STRESSING:
        outer = next((p for p in reversed(predicates) if p.at < start and p.subject and not p.passive), None)
        issuer = head_of(w, *outer.subject) if outer is not None and outer.subject else None
    elif intro == "that" and (view := _viewer(w, start, verbs)) is not None:
        at, issuer = view[0], head_of(w, *view)
    elif pronoun and w.low[begin] == "we":
        issuer = subject
    if actor and w.low[v] != "be":
        addressee = head_of(w, *subject)
        if issuer is not None and w.cut(*issuer).lower() == w.cut(*addressee).lower():
            addressee = None
    return Act(
        at, end, "recommendation", (i, v), rule, binding_of("recommendation"), issuer, addressee,
        governor.earlier if governor else False, impersonal=issuer is None,
    )  # fmt: skip


_HYPOTHETICAL = frozenset("if unless were could might otherwise without suggested argued believed".split())
_NO_UNDERTAKING = frozenset(
    "be like remain have prefer welcome appreciate support agree go come seem appear want wish lose gain fall rise face miss do get".split()
)
"""Verbs behind 'would' with which nobody undertakes anything."""
_REPORTED = frozenset(
    "said stated noted announced indicated advised informed explained reported declared added affirmed".split()
)


def _would(w: Words, i: int, v: int, subject: tuple[int, int], end: int, governor: Predicate | None) -> Act | None:
    """'The Minister said that Chad would open a school', 'Chad would host the course': what a party said it will do."""
    follower = w.low[v]
    if governor is None and _wills(w, subject) and _HYPOTHETICAL.isdisjoint(w.low) and follower in lexicon().base:
        # in a paper that tells what was said
        if follower in lexicon().words["states"] or follower in _NO_UNDERTAKING or w.low[subject[0]] in PRONOUNS:
            return None
        return Act(subject[0], end, "pledge", (i, v), "commitments/would", binding_of("pledge"), head_of(w, *subject))
    if governor is None or governor.passive or governor.negated or governor.subject is None:
        return None
    if w.low[governor.at] not in _REPORTED or follower not in lexicon().base or not is_actor(w, *governor.subject):
        return None
    if follower in lexicon().words["states"] or follower in ("be", "like", "remain", "have", "meet"):
        return None
    begin, stop = subject
    own = stop - begin == 1 and w.low[begin] in ("he", "she", "it", "they")
    theirs = w.low[begin] in ("his", "her", "their", "its") and w.low[stop - 1] in lexicon().levels
    speaker = w.cut(*head_of(w, *governor.subject)).lower()
    named = _wills(w, subject) and w.cut(*head_of(w, begin, stop)).lower() in speaker
    if not (own or theirs or named) or any(w.low[k] in CONDITION for k in range(governor.at, begin)):
        return None
    return Act(
        governor.start, end, "pledge", (i, v), "commitments/will", binding_of("pledge"), head_of(w, *governor.subject),
        None, governor.earlier,
    )  # fmt: skip


def _shared(
    w: Words, i: int, j: int, v: int, word: str, predicates: list[Predicate], verbs: frozenset[int]
) -> Act | None:
    """'We welcome the plan, and will support it': a pledge of the subject of the verb before."""
    last = next((p for p in reversed(predicates) if p.at < i), None)
    if word not in ("will", "shall") or w.low[j] not in ("and", "but") or last is None or last.intro or last.passive:
        return None
    if last.subject is None or not _wills(w, last.subject) or w.low[v] not in lexicon().base:
        return None
    if w.low[v] in lexicon().words["states"] or w.low[v] in ("be", "meet", "convene", "remain"):
        return None
    if any(w.low[k] in ("which", "who", "that", "where") for k in range(last.at, i)):
        return None
    end = max(clauses.trim_end(w, i, clauses.clause_end(w, i, len(w), verbs=verbs)), v + 1)
    return Act(i, end, "pledge", (i, v), "commitments/will", binding_of("pledge"), head_of(w, *last.subject))


def _viewer(w: Words, start: int, verbs: frozenset[int]) -> tuple[int, int] | None:
    """Whose view a that-clause at `start` is: 'Participants were of the view that …'."""
    k = start - 5
    if k < 1 or w.low[start - 4 : start - 3] != ("of",) or w.low[k] not in BE:
        return None
    first, _ = clauses.clause_start(w, k, verbs)
    first = clauses.trim_start(w, first, k)
    return (first, k) if first < k and is_actor(w, first, k) else None


def pronoun_we(w: Words, subject: tuple[int, int]) -> bool:
    """Whether a subject is 'we'."""
    return subject[1] - subject[0] == 1 and w.low[subject[0]] == "we"


def _inside_quotes(w: Words, i: int) -> bool:
    """Whether a word stands inside quotation marks that open and close in the sentence: somebody else's 'we'."""
    marks = sum(w.low[k] in ("“", "”", '"') for k in range(i))
    return marks % 2 == 1


def _modal_end(w: Words, i: int, predicates: list[Predicate], verbs: frozenset[int]) -> int:
    limit = next((p.cut for p in predicates if p.at > i and p.intro == "" and p.cut > i), len(w))
    end = clauses.clause_end(w, i, limit, verbs=verbs)
    return max(clauses.trim_end(w, i, end), i + 1)


def _wills(w: Words, subject: tuple[int, int]) -> bool:
    """Whether a subject can pledge with 'will': 'we', States, groups and bodies; not plans, projects, 'this' or 'it'."""
    start, end = subject
    if end - start == 1 and w.low[start] in PRONOUNS:
        return w.low[start] == "we"
    if w.low[start] in (
        "this",
        "these",
        "such",
        "it",
        "that",
        "each",
        "which",
        "future",
        "any",
        "no",
        "some",
        "many",
        "more",
    ):
        return False
    a, b = head_of(w, start, end)
    if b != end and w.low[b] not in (",", "(", "representing", "from", "in", "meeting", "at"):
        return False
    last = next((k for k in range(a, b) if w.low[k] in ("of", "on", "for", "to", "in", "from", "(")), b) - 1
    lex = lexicon()
    if (
        last < a
        or (w.low[last] in lex.inert and not (w.capital(last) and last > a))
        or w.low[last] in lexicon().words["papers"]
    ):
        return False
    if w.low[last] in lex.levels:
        return True
    return (
        all(w.capital(k) or w.low[k] in ("and", "the", "of", ",", "-", "–") or k in w.named for k in range(a, b))
        and is_actor(w, a, b)
        and (a > 0 or a in w.named)
    )
