"""How a verb of speech governs what follows: infinitive, that-clause, object, person told to act, passive."""

from __future__ import annotations

import re

from graph_build.extract.commitments import coordination
from graph_build.extract.commitments.actors import gathering, head_of, is_actor, is_agent
from graph_build.extract.commitments.clauses import DETERMINERS, MODALS, PRONOUNS, QUOTES, Words, is_adverb
from graph_build.extract.commitments.lexicon import Frame, Verb, lexicon
from graph_build.extract.commitments.predicates import PREPOSITIONS, Predicate

_MOODS = frozenset("pleasure appreciation satisfaction thanks gratitude interest approval".split())
_NUMBERS = frozenset(
    "one two three four five six seven eight nine ten twelve twenty thirty fifty hundred thousand million billion".split()
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_EARLIER = frozenset("earlier previously originally formerly since".split())


_PLAIN = frozenset(
    "is are was were has have had remain remains remained continues continued constitutes constituted".split()
)
_OPERATIVE = frozenset(
    "should must would will shall could can may need needs needed necessary required requires ought cannot".split()
)


def frame_of(w: Words, p: Predicate, verb: Verb, limit: int) -> tuple[Frame, int, tuple[int, int] | None, bool] | None:
    """How a verb governs what follows: the frame, where its complement starts, the addressee, whether a list is to come."""
    frames = verb.frames
    i = p.at + 1
    n = limit
    while i < n and (w.low[i] in QUOTES or (is_adverb(w.low[i]) and w.low[i] not in ("all",))):
        i += 1
    if verb.reflexive and i < n and w.low[i] in ("themselves", "itself", "ourselves", "himself", "herself"):
        i += 1
        if w.low[i : i + 1] == ("and",) and w.low[i + 1 : i + 2] in (("their",), ("our",), ("its",)):
            i = next((k for k in range(i + 2, min(n, i + 7)) if w.low[k] == "to"), i)
    if i + 1 < n and w.low[i] == "," and w.low[i + 1] == "that":  # 'proposed, and the meeting agreed, that'
        i += 1
    if (
        w.low[i : i + 2]
        in (("in", "principle"), ("in", "full"), ("by", "consensus"), ("by", "acclamation"), ("among", "themselves"))
        and i + 2 < n
    ):
        i += 2
    if i + 2 < n and w.low[i] == "with" and w.low[i + 1] in _MOODS:  # 'accepted with pleasure the offer'
        i += 2
    if i + 2 < n and w.low[i] == "," and not verb.particles:  # 'agreed, in principle, to'
        k = next((k for k in range(i + 1, min(n, i + 14)) if w.low[k] == ","), -1)
        if k > 0 and k + 1 < n and w.low[k + 1] in ("to", "that"):
            i = k + 1
    elif (
        i + 2 < n
        and w.low[i] in ("in", "at", "by", "with", "during", "for")
        and "for" not in frames
        and ("to" in frames or "that" in frames)
    ):  # 'agreed in principle to'
        near = next((k for k in range(i + 1, min(n, i + 18)) if w.low[k] in ("to", "that", ",", ";", ":")), -1)
        if near > 0 and (near - i < 6 or (w.low[near] == "to" and near + 1 < n and w.low[near + 1] in lexicon().base)):
            i = near if w.low[near] in ("to", "that") else i
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
        span = addressee_of(w, i, n)
        if span is not None:
            object_, body = span
            if w.low[body] == ":" or body >= n - 1 or _opens_list(w, body, n):
                return "person", body, object_, True
            if verb.id == "invite" and _attends(w, body + 1, n) and w.low[body + 1] not in ("share", "make", "take"):
                return None
            return "person", body, object_, False
    if (verb.particles or verb.id == "ask") and "for" in frames:  # 'appealed to donors for help'
        k = next((k for k in range(i, min(n, i + 14)) if w.low[k] == "for"), -1)
        if k > i and is_agent(w, i, k):
            return "for", i, (i, k), False
    if word == "to" and "to" in frames and _opens_list(w, i, n):
        return "to", i, None, True
    if word == "to" and "to" in frames:
        if i + 1 >= n or w.low[i + 1] == ":":
            return "to", i, None, True
        if (
            verb.gerund
            or w.low[i + 1] in lexicon().base
            or w.low[i + 1] == "("
            or is_adverb(w.low[i + 1])
            or w.low[i + 1] in ("be", "not")
        ):
            return "to", i, None, False
        if _like_verb(w, i + 1) or ("object" in frames and w.low[i + 1].isalpha()):
            return "to", i, None, False
        return None
    if word == "that" and "that" in frames:
        if i + 1 >= n or w.low[i + 1] == ":":
            return "that", i, None, True
        if _only_states(w, verb, i + 1, n):
            return None
        if verb.future and not _future(w, i, n):
            return None
        if "modal" in verb.frames:
            return None
        return "that", i, told_subject(w, i + 1, n), False
    if word in ("on", "upon") and "on" in frames:
        if w.low[i + 1 : i + 3] in (
            ("the", "need"),
            ("the", "importance"),
            ("the", "desirability"),
            ("the", "necessity"),
        ):
            return None
        return "on", i, None, False
    if word == "for" and "for" in frames:
        return "for", i, None, False
    if "gerund" in frames and coordination.is_gerund(w, i, n):
        return "gerund", i, None, False
    if "that" in frames and _clause_follows(w, i, n):
        if _only_states(w, verb, i, n):
            return None
        if verb.future and not _future(w, i, n):
            return None
        return "that", i, told_subject(w, i, n), False
    if "object" in frames and _object(w, i, n, verb):
        if frames["object"] == "directive" and not _for_meeting(w, p) and verb.id in ("request", "ask", "invite"):
            return None
        if verb.future and any(w.low[k] in ("has", "have", "had") for k in range(i, min(n, i + 6))):
            return None
        return "object", i, None, False
    return None


def _only_states(w: Words, verb: Verb, start: int, end: int) -> bool:
    """Whether what was agreed or suggested is only how things stand: nothing is to be done."""
    settled = verb.frames["that"] == "decision" or verb.id == "suggest"
    return settled and not operative(w, start, end) and told_subject(w, start, end) is None


def operative(w: Words, start: int, end: int) -> bool:
    """Whether a that-clause says that something is to be done or to be so, and not how things stand."""
    plain = False
    for k in range(start, end):
        word = w.low[k]
        if word in _OPERATIVE or (
            word == "to"
            and w.low[k - 1] in ("is", "are", "was", "were", "scheduled")
            and w.low[k + 1 : k + 2] == ("be",)
        ):
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
    return len(rest) < 26 and (
        "following" in rest or "follows" in rest or "below" in rest or (len(rest) <= 2 and rest[-1] == ":")
    )


def _future(w: Words, i: int, n: int) -> bool:
    return any(
        w.low[k] in ("will", "would", "plans", "intends", "intend", "shall", "plan")
        or (w.low[k] in ("is", "are") and w.low[k + 1 : k + 2] in (("joining",), ("launching",), ("committing",)))
        for k in range(i, min(n, i + 18))
    )


def _clause_follows(w: Words, i: int, n: int) -> bool:
    """Whether a that-clause without 'that' follows: a subject and then a finite auxiliary."""
    if w.low[i] in PREPOSITIONS | {"to", ",", ".", "whether", "if", "how", "why", "what", "when"}:
        return False
    for k in range(i, min(n, i + 12)):
        if w.low[k] in ("to", ",", "which", "that", "who", ";"):
            return False
        if (
            w.low[k] in ("will", "would", "should", "must", "shall", "can", "could", "was", "were", "is", "are")
            and k > i
        ):
            return True
    return False


def _object(w: Words, i: int, n: int, verb: Verb) -> bool:
    """Whether an object follows that the verb may take."""
    word = w.low[i]
    if word in PREPOSITIONS | {"that", ",", ".", ";", ":", "and", "or", "but", "which", "who", ")"} or is_adverb(word):
        return False
    if any(
        t in ("importance", "view", "value", "whether", "if", "how", "why", "what", "questions")
        for t in w.low[i : i + 3]
    ):
        return False
    if verb.objects:
        window = w.low[i : min(n, i + 14)]
        if verb.future and not lexicon().words["no_news"].isdisjoint(window):
            return False
        if (
            verb.objects & {"million", "billion"}
            and any(t in ("million", "billion") for t in window)
            and any(t in ("$", "€", "£") or t.startswith("$") for t in window)
        ):
            return True
        stop = next(
            (k for k, t in enumerate(window) if t in ("of", "from", "on", "for", "to", "which", "that", "in", ",")),
            len(window),
        )
        return any(t in verb.objects for t in window[: stop or len(window)])
    return not (word.endswith("ing") and not coordination.is_gerund(w, i, n)) or True


def addressee_of(w: Words, i: int, n: int) -> tuple[tuple[int, int], int] | None:
    """An object and the infinitive (or 'with' + -ing) behind it: '… officials to draft', '… the Bank with managing'."""
    if i >= n or w.low[i] in PREPOSITIONS | {"that", ",", ".", ";", ":"} or w.low[i] == "to":
        return None
    if coordination.is_gerund(w, i, n) or (
        w.low[i] in ("us", "them", "him", "her", "me") and w.low[i + 1 : i + 2] == ("that",)
    ):
        return None
    comma = False
    for k in range(i + 1, min(n, i + 45)):
        word = w.low[k]
        if w.depth[k] > w.depth[i] or word in ("(", ")"):
            continue
        if word == ";" or word == ":":
            return ((i, tidy(w, i, k)), k) if word == ":" and k >= n - 1 and k - i < 12 else None
        if word in MODALS or (word in ("is", "are", "was", "were", "has", "had") and not _relative(w, i, k)):
            return None
        if word in (",",):
            comma = True
        if word == "to" and k + 1 < n:
            v = k + 1
            while v < n and (is_adverb(w.low[v]) or w.low[v] in ("not",) or w.low[v] in QUOTES):
                v += 1
            if v < n and (w.low[v] in lexicon().base or w.low[v] == ":" or (_like_verb(w, v) and is_agent(w, i, k))):
                return (i, tidy(w, i, k)), k
        if word == "with" and k + 1 < n and coordination.is_gerund(w, k + 1, n):
            return (i, tidy(w, i, k)), k
        if word in ("which", "who") and comma:
            continue
    if n > i and w.low[n - 1] == "to":
        return (i, tidy(w, i, n - 1)), n - 1
    return None


def _like_verb(w: Words, i: int) -> bool:
    """Whether an unknown word behind 'to' looks like a verb and not like a noun or name."""
    word = w.low[i]
    nouns = (
        len(word) < 3 or word in _NUMBERS or word.endswith(("s", "ing", "tion", "ment", "ity", "ness", "ence", "ance"))
    )
    return word.isalpha() and not nouns and word not in DETERMINERS and word not in PREPOSITIONS and not w.capital(i)


def _relative(w: Words, i: int, k: int) -> bool:
    return any(w.low[m] in ("which", "who", "that", "whose") for m in range(i, k))


def tidy(w: Words, i: int, k: int) -> int:
    """The end of an addressee: before what is set off by commas, and before a relative clause or participle."""
    for m in range(i + 1, k):
        if (
            w.low[m] in ("which", "who", "that", "whose", "–", "—", "where", "as", "including", "concerned")
            and m not in w.named
        ):
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


def _for_meeting(w: Words, p: Predicate) -> bool:
    """Whether the subject is the meeting, one of its groups or 'we', and not one State or agency."""
    if p.subject is None:
        return True
    start, end = head_of(w, *p.subject)
    if w.low[start] in ("we", "they", "it"):
        return True
    return any(
        w.low[k] in lexicon().speakers
        for k in range(start, end)
        if k == end - 1 or w.low[k + 1] in ("of", ",", "and", "on", "for", "from", "(") or k == start
    )


def agent_of(w: Words, start: int, end: int) -> tuple[int, int] | None:
    """Who did it, in a passive with 'by'."""
    for k in range(start, min(end, start + 14)):
        if w.low[k] == "by" and k + 1 < end:
            stop = k + 1
            while stop < end and w.low[stop] not in ("to", "that", ",", ";", "as", "in", "at", "on", "for", "and"):
                stop += 1
            if is_actor(w, k + 1, stop) and not coordination.is_gerund(w, k + 1, end):
                return head_of(w, k + 1, stop)
            return None
        if w.low[k] in ("to", "that"):
            return None
    return None


def _passive(
    w: Words, p: Predicate, verb: Verb, i: int, n: int
) -> tuple[Frame, int, tuple[int, int] | None, bool] | None:
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
    if it and word == "that" and i + 2 < n and _only_states(w, verb, i + 1, n):
        return None
    if it and word in ("that", "to", "on", "upon"):
        wanted: tuple[Frame, ...] = {"that": ("that",), "to": ("to", "that", "gerund")}.get(word, ("on",))  # type: ignore[assignment]  # of Frame
        name = next((f for f in wanted if f in frames), None)
        if name is None:
            return None
        opened = i + 1 >= n or w.low[i + 1] == ":"
        return name, i, told_subject(w, i + 1, n) if word == "that" else None, opened
    if it and "that" in frames and i < n and _clause_follows(w, i, n):
        return "that", i, told_subject(w, i, n), False
    if it:
        return None
    guests = any(
        w.low[k] in ("participants", "delegates", "speakers", "panelists", "panellists", "attendees", "groups")
        for k in range(*subject)
    )
    if (
        guests
        and verb.id in ("ask", "invite", "request")
        and any(w.low[k] in ("was", "were") for k in range(p.first, p.at))
    ):
        return None  # how a session ran: 'participants were asked to share their views'
    if "person" in frames and word in ("to", "with"):
        if verb.id == "invite" and _attends(w, i + 1, n):
            return None
        if i + 1 < n and (
            w.low[i + 1] in lexicon().base or is_adverb(w.low[i + 1]) or w.low[i + 1] in (":", "be") or word == "with"
        ):
            if word == "with" and not coordination.is_gerund(w, i + 1, n):
                return None
            return "person", i, subject, w.low[i + 1] == ":"
    if verb.id == "commit" or p.earlier:
        return None
    standing = verb.id in (
        "encourage",
        "urge",
        "recommend",
    )  # 'Cooperation is encouraged' is said by the sentence itself
    if not standing and not any(w.low[k] in ("was", "were", "been") for k in range(p.first, p.at)):
        return None
    if "object" in frames or "on" in frames or verb.id in ("encourage", "agree", "recommend"):
        if verb.id in (
            "request",
            "ask",
            "invite",
            "urge",
            "demand",
            "direct",
            "pledge",
            "suggest",
            "propose",
            "announce",
            "call-for",
        ):
            return None
        if any(_YEAR.fullmatch(w.low[k]) or w.low[k] in _EARLIER for k in range(p.at, n)):
            return None
        if (
            word in ("by", "in", "for", "as", "from", "with", "under")
            and verb.meeting_only
            and verb.id in ("appoint", "elect", "create", "establish")
        ):
            return None
        if verb.objects:
            if not any(w.low[k] in verb.objects for k in range(*subject)):
                return None
        elif verb.meeting_only and not _by_meeting(w, p):
            return None
        if w.low[subject[0]] in ("which", "who", "that", "he", "she", "they", "we", "this", "these"):
            return None
        between = next((k for k in range(*subject) if w.low[k] in ("between", "among")), -1) if standing else -1
        parties = (between + 1, subject[1]) if between > 0 and is_actor(w, between + 1, subject[1]) else None
        return "object", p.at + 1, parties, w.low[-1] == ":" and n == len(w)
    return None


def _attends(w: Words, i: int, n: int) -> bool:
    """Whether word `i` only has guests attend or take the floor, and not join a standing body."""
    if i >= n or w.low[i] not in lexicon().words["attending"]:
        return False
    return w.low[i] != "join" or lexicon().words["standing"].isdisjoint(w.low[i + 1 : min(n, i + 9)])


def _by_meeting(w: Words, p: Predicate) -> bool:
    """Whether a passive without a date is the meeting's own: its subject is what meetings adopt, approve or set up."""
    start, end = p.subject or (0, 0)
    have = any(w.low[k] in ("has", "have", "had", "been", "being", "be") for k in range(p.first, p.at))
    return not have and any(
        w.low[k] in lexicon().words["papers"] or w.low[k] in ("group", "committee", "force", "programme", "mandate", "budget", "terms", "recommendations", "mechanism", "text", "rules", "conclusions", "network", "centre", "secretariat", "invitation", "offer", "decisions", "recommendation", "letter", "membership", "taskforce", "actions", "points")
        for k in range(start, end)
    )  # fmt: skip


def told_subject(w: Words, i: int, n: int) -> tuple[int, int] | None:
    """The subject of a that-clause that says what somebody is to do: the addressee."""
    while i < n and w.low[i] in QUOTES:
        i += 1
    if i < n and w.low[i] == ",":  # 'announced that, under a new law, farmers will …'
        i = next((k + 1 for k in range(i + 1, min(n, i + 14)) if w.low[k] == ","), i)
    if i < n and w.low[i] == "to":  # 'agreed that to secure this they should …'
        i = next((k for k in range(i + 1, min(n, i + 10)) if w.low[k] in ("they", "we", "all", "members", "states")), i)
    for k in range(i, min(n, i + 18)):
        word = w.low[k]
        if word in ("should", "must", "would", "will", "shall", "need", "needs"):
            if (
                k > i
                and is_actor(w, i, k)
                and not gathering(w, i, k)
                and w.low[i] != "those"
                and not (k - i == 1 and w.low[i] in PRONOUNS)
                and (w.low[k + 1 : k + 2] != ("be",) or w.low[k + 2 : k + 3] in (("a",), ("an",), ("responsible",)))
            ):
                return (i, k)
            return None
        if word in ("which", "that", "is", "are", "was", "were", ";"):
            return None
        if word in lexicon().base_adjectives or w.capital(k):
            continue
        follower = w.low[k + 1] if k + 1 < n else ""
        governs = follower in ("within", "back", "to", "at", "further", "regular", "more") or follower in DETERMINERS
        noun = word in lexicon().base_nouns and not governs
        if word in lexicon().base and k > i and not noun and w.low[k - 1] not in PREPOSITIONS and is_agent(w, i, k):
            return (i, k) if word != "be" and not gathering(w, i, k) else None
    return None
