"""Acts of finite verbs: 'agreed to', 'requested X to', and pledges as nouns: 'reaffirmed their commitment to'."""

from __future__ import annotations

from dataclasses import replace

from graph_build.extract.commitments import clauses
from graph_build.extract.commitments.actors import head_of, is_actor, is_agent, plural_agents
from graph_build.extract.commitments.acts import Act
from graph_build.extract.commitments.clauses import Words, is_adverb
from graph_build.extract.commitments.frames import addressee_of, agent_of, frame_of
from graph_build.extract.commitments.lexicon import binding_of, lexicon
from graph_build.extract.commitments.parts import inline_items, parts_of, semicolon_list
from graph_build.extract.commitments.predicates import TIME, Predicate
from graph_build.records import CommitmentClass


def speech(
    w: Words, p: Predicate, limit: int, verbs: frozenset[int]
) -> tuple[list[Act], Act | None, tuple[int, int] | None]:
    """The acts of one finite verb, an open lead-in, and the words that it covers."""
    if p.negated or p.modal:
        return [], None, None
    pledged = nominal(w, p, limit, verbs)
    if pledged is not None:
        return pledged
    for verb in p.speech:
        frame = frame_of(w, p, verb, limit)
        if frame is None:
            continue
        name, body, addressee, opened = frame
        class_ = verb.frames[name]
        embedded = name in ("that", "object") or verb.id in ("agree", "decide")
        end = (
            limit
            if limit < len(w)
            else clauses.clause_end(
                w,
                p.at,
                limit,
                embedded=name == "that",
                verbs=verbs - {p.at},
                semicolon=name != "that" or not semicolon_list(w, p.at, limit),
            )
        )
        if limit < len(w):
            end = min(
                end,
                clauses.clause_end(
                    w,
                    p.at,
                    limit,
                    embedded=name == "that" or embedded,
                    verbs=frozenset(),
                    semicolon=not semicolon_list(w, p.at, limit),
                ),
            )
        end = clauses.trim_end(w, p.start, end)
        if end <= p.at:
            end = p.at + 1
        group = (p.first, p.at + 1 + bool(verb.particles))
        issuer = None if p.passive or p.subject is None else head_of(w, *p.subject)
        if p.passive:
            issuer = agent_of(w, p.at + 1, end)
            if verb.id == "encourage" and issuer is not None and not is_actor(w, *issuer):
                continue  # 'We were encouraged by the progress made'
        if (
            name == "person"
            and addressee is not None
            and not p.passive
            and not (is_agent(w, *addressee) or plural_agents(w, *addressee))
        ):
            if "object" not in verb.frames:
                continue
            addressee = None
        act = Act(
            p.start, end, class_, group, f"speech-acts/{verb.id}", verb.bound(class_), issuer, addressee, p.earlier,
            p.intro in TIME and p.intro != "that", impersonal=issuer is None, bare=p.subject is None,
        )  # fmt: skip
        if opened:
            items = inline_items(w, act, p.at)
            return (items, None, (p.start, len(w))) if items else ([], replace(act, end=len(w)), (p.start, len(w)))
        return parts_of(w, act, body), None, (p.start, end)
    return [], None, None


def nominal(
    w: Words, p: Predicate, limit: int, verbs: frozenset[int]
) -> tuple[list[Act], Act | None, tuple[int, int] | None] | None:
    """'reaffirmed their commitment to …', 'expressed willingness to …', 'welcomed Peru's commitment to …'."""
    lex = lexicon()
    word = w.low[p.at]
    if word not in lex.nominal_verbs and word not in lex.thanks:
        return None
    at = next(
        (
            k
            for k in range(p.at + 1, min(limit, p.at + 16))
            if w.low[k] in lex.nominal_nouns or (w.low[k] == "decision" and word in lex.thanks)
        ),
        -1,
    )
    call = next(
        (
            k
            for k in range(p.at + 2, min(limit, p.at + 6))
            if w.low[k] in lex.calls and w.low[k - 1] in ("their", "its", "our", "the", "urgent", "strong")
        ),
        -1,
    )
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
        owner = next(
            (k for k in range(p.at + 1, at) if w.low[k].endswith(("’s", "'s", "s’", "s'")) or w.low[k] in ("’", "'")),
            -1,
        )
        if preposition in ("by", "of") and owner < 0 and (of := _of_another(w, p, at, limit, end)) is not None:
            return of
        if w.low[at] in ("interest", "decision"):
            return None
        if preposition not in ("to", "of") or (owner < 0 and not is_actor(w, p.at + 1, at)):
            return None
        start = p.at + 1
        if owner > 0 and any(
            w.low[k] not in lexicon().words["before_commitment"]
            and not w.low[k].endswith("ed")
            and not is_adverb(w.low[k])
            for k in range(owner + 1, at)
        ):
            return None
        if any(
            w.low[k] in (",", "and", "of", "that", "for", "to", "in") and k not in w.named
            for k in range(start, owner if owner > 0 else at)
        ):
            return None
        if not is_actor(w, start, at) or (
            preposition == "of"
            and not any(w.low[k][0].isdigit() or w.low[k] == "$" for k in range(at, min(limit, at + 6)))
        ):
            return None
        issuer = head_of(w, start, owner + 1 if owner > 0 else at)
        act = Act(start, end, "pledge", (at, at + 1), "commitments/their-commitment", binding_of("pledge"), issuer)
        return parts_of(w, act, at + 1), None, (start, end)
    between = w.low[p.at + 1 : at]
    if any(
        t not in lexicon().words["before_commitment"]
        and not is_adverb(t)
        and not t.endswith(("’s", "'s", "s’", "ed"))
        and t not in lex.nominal_nouns
        and not w.capital(p.at + 1 + k)
        and t not in lex.levels
        and t != ","
        for k, t in enumerate(between)
    ):
        return None
    if word.startswith(("recall", "note")) and not set(between) & {"our", "their", "its"}:
        return None
    if preposition == "of":  # 'the commitment of their governments to'
        own = bool({"their", "its", "our"} & set(w.low[at + 2 : at + 4]))
        preposition = (
            next((w.low[k] for k in range(at + 2, min(limit, at + 10)) if w.low[k] in ("to", ",", "and")), "")
            if own
            else ""
        )
    if preposition == ",":  # 'their willingness, collectively and individually, to contribute'
        closing = next((k for k in range(at + 2, min(limit, at + 12)) if w.low[k] == ","), -1)
        preposition = "to" if closing > 0 and w.low[closing + 1 : closing + 2] == ("to",) else ""
    if preposition not in ("to", "towards", "for", "in", "that"):
        return None
    if (
        w.low[at] == "interest"
    ):  # 'keen interest to open a school', 'interest in hosting'; not 'interest in the subject'
        doing = w.low[at + 2 : at + 3]
        if not doing or doing[0] not in (lex.words["own_deeds"] if preposition == "in" else lex.base):
            return None
    elif preposition == "in" or (
        preposition == "that" and w.low[at] not in ("determination", "intention", "resolve", "commitment")
    ):
        return None
    if preposition == "for" and w.low[at] not in ("readiness", "preparedness"):
        return None
    speaker = head_of(w, *p.subject) if p.subject else None
    owner = next(
        (
            k
            for k in range(p.at + 1, at)
            if w.low[k].endswith(("’s", "'s")) and (w.capital(k) or w.low[k][:-2] in lex.levels)
        ),
        -1,
    )
    if owner > 0:  # 'he emphasised Chile's commitment to'
        first = next(k for k in range(p.at + 1, owner + 1) if w.capital(k) or w.low[k][:-2] in lex.levels)
        speaker = head_of(w, first, owner + 1)
    act = Act(
        p.start, end, "pledge", (p.first, at + 1), "commitments/reaffirmed-commitment", binding_of("pledge"), speaker,
        None, p.earlier, p.intro in TIME and p.intro != "that", impersonal=speaker is None, bare=p.subject is None,
    )  # fmt: skip
    if at + 2 >= len(w) or (w.low[-1] == ":" and ("following" in w.low[at:] or at + 3 >= len(w))):
        return [], act, (p.start, len(w))
    return parts_of(w, act, at + 1), None, (p.start, end)


def _of_another(
    w: Words, p: Predicate, at: int, limit: int, end: int
) -> tuple[list[Act], Act | None, tuple[int, int] | None] | None:
    """'welcomed the commitment of the Bank to lend …', 'the decision by Leaders to open …': said of another."""
    to = next((k for k in range(at + 3, min(end, at + 24)) if w.low[k] == "to" and w.low[k + 1] in lexicon().base), -1)
    if to < 0 or w.low[p.at + 1] not in ("the", "a", "this", "both") or not is_agent(w, at + 2, to):
        return None
    if any(w.low[k] in ("which", "who", "that") for k in range(at + 2, to)):
        return None
    class_: CommitmentClass = "decision" if w.low[at] == "decision" else "pledge"
    act = Act(
        p.at + 1, end, class_, (at, at + 1), "commitments/their-commitment", binding_of(class_), head_of(w, at + 2, to)
    )
    return parts_of(w, act, to), None, (p.at + 1, end)


def _call(
    w: Words, p: Predicate, at: int, limit: int, verbs: frozenset[int]
) -> tuple[list[Act], Act | None, tuple[int, int] | None] | None:
    """'reiterated their call on all parties to show restraint', 'renewed its call for a ceasefire'."""
    addressee: tuple[int, int] | None = None
    if w.low[at + 1] in ("on", "upon", "to"):
        found = addressee_of(w, at + 2, limit)
        if found is None or not is_agent(w, *found[0]):
            return None
        addressee = found[0]
    elif w.low[at + 1] != "for":
        return None
    end = clauses.trim_end(w, p.start, clauses.clause_end(w, at, limit, verbs=verbs))
    issuer = head_of(w, *p.subject) if p.subject else None
    act = Act(
        p.start,
        end,
        "directive",
        (p.first, at + 1),
        "commitments/reiterated-call",
        binding_of("directive"),
        issuer,
        addressee,
        p.earlier,
    )
    return [act], None, (p.start, end)
