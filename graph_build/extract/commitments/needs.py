"""What is needed or would be of use: the patterns of commitments.toml, and needs as nouns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from graph_build import rules
from graph_build.extract.commitments import clauses, coordination
from graph_build.extract.commitments.actors import head_of, is_actor, is_agent
from graph_build.extract.commitments.acts import Act
from graph_build.extract.commitments.clauses import QUOTES, Words, is_adverb
from graph_build.extract.commitments.frames import agent_of
from graph_build.extract.commitments.lexicon import binding_of, lexicon
from graph_build.extract.commitments.modals import free
from graph_build.extract.commitments.parts import parts_of
from graph_build.extract.commitments.predicates import CONDITION, Predicate, governor_of
from graph_build.records import CommitmentClass


@lru_cache(maxsize=1)
def patterns() -> rules.RuleSet:
    """The rules of commitments.toml."""
    return rules.load("commitments", ("class", "start", "list", "subject"))


def pattern_acts(
    w: Words, predicates: list[Predicate], verbs: frozenset[int], taken: Sequence[tuple[int, int]]
) -> list[Act]:
    """The rules of commitments.toml, over the plain sentence."""
    found: list[Act] = []
    present = frozenset(w.low)
    for rule in patterns().candidates(present):
        for match in rule.regex.finditer(w.text):
            a, b = match.span("verb")
            i = w.index(a)
            if i >= len(w) or w.depth[i] or not free(taken, i) or any(x.start <= i < x.end for x in found):
                continue
            act = _pattern_act(w, rule, match, i, max(w.index(b - 1) + 1, i + 1), predicates, verbs)
            if act is not None:
                if rule.text("list") == "subject":
                    found += _subject_list(w, act, i)
                elif act.class_ == "recommendation" or act.class_ == "decision":
                    found += parts_of(w, act, _body(w, act, match, i))
                else:
                    found.append(act)
    return found


def _body(w: Words, act: Act, match: re.Match[str], i: int) -> int:
    at = w.index(match.start("frame"))
    return min(at, act.end - 1) if match.group("frame") else act.end - 1


def _pattern_act(
    w: Words,
    rule: rules.Rule,
    match: re.Match[str],
    i: int,
    stop: int,
    predicates: list[Predicate],
    verbs: frozenset[int],
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
        anchor = first if w.low[first] == "there" else group_start(w, i)
        start, intro = (
            clauses.clause_start(w, anchor, verbs) if rule.text("list") != "subject" else _list_start(w, anchor)
        )
        start = clauses.trim_start(w, start, anchor)
        if start >= anchor and w.low[first] != "there":
            return None
        start = min(start, first) if w.low[first] == "there" else start
        if w.low[first] == "there":
            start = first
            intro = w.low[first - 1] if first else ""
    if intro in CONDITION or intro in ("because",):
        return None
    if "not" in w.low[first : i + 1] or "no" in w.low[first : i + 1] or (i and w.low[i - 1] == "not"):
        return None
    governor = governor_of(w, start, intro, predicates)
    clear = w.low[start - 2 : start - 1] and w.low[start - 2] in (
        "clear",
        "evident",
        "emerged",
        "obvious",
        "view",
        "opinion",
        "apparent",
    )
    if intro == "that" and governor is None and not clear and not any(p.at < start for p in predicates):
        return None
    at = governor.start if governor is not None else start
    issuer = (
        head_of(w, *governor.subject) if governor is not None and governor.subject and not governor.passive else None
    )
    if governor is not None and governor.passive:
        issuer = agent_of(w, governor.at + 1, start)
    if governor is None and intro == "that":
        outer = next((p for p in reversed(predicates) if p.at < start and p.subject and not p.passive), None)
        issuer = head_of(w, *outer.subject) if outer is not None and outer.subject else None
    if issuer is None and rule.text("start") == "clause" and any(p.at <= i and p.start == start for p in predicates):
        own = next(p for p in predicates if p.start == start)
        issuer = head_of(w, *own.subject) if own.subject and not own.passive else None
    if issuer is None and rule.text("start") == "match" and w.low[first] in ("we", "i", "they"):
        issuer = (first, first + 1)
    groups = match.groupdict()
    addressee = None
    if groups.get("addressee"):
        a, b = w.index(match.start("addressee")), w.index(match.end("addressee") - 1) + 1
        addressee = (a, b) if is_actor(w, a, b) else None
    if rule.text("subject") == "addressee" and governor is None and is_agent(w, start, group_start(w, i)):
        addressee = (start, group_start(w, i))
    limit = next(
        (p.cut for p in predicates if p.at > i and p.intro == "" and p.cut > i and p.subject and p.start > i), len(w)
    )
    end = clauses.clause_end(w, i, max(limit, stop), verbs=verbs)
    end = max(clauses.trim_end(w, at, end), stop)
    return Act(
        at, end, class_, (w.index(match.start("verb")), stop), f"commitments/{rule.id}", binding_of(class_), issuer, addressee,
        governor.earlier if governor else False, impersonal=issuer is None,
    )  # fmt: skip


def group_start(w: Words, i: int) -> int:
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
    start, end = act.start, group_start(w, i)
    cuts = [start]
    gerunds = coordination.is_gerund(w, start, end)
    for k in range(start, end):
        if w.depth[k] == w.depth[start] and (
            w.low[k] == "," or w.low[k] == "and" or w.low[k : k + 3] == ("as", "well", "as")
        ):
            nxt = k + 1
            while nxt < end and w.low[nxt] in ("and", "as", "well", ","):
                nxt += 1
            if gerunds and not coordination.is_gerund(w, nxt, end):
                continue
            if nxt < end and nxt != cuts[-1] and (w.low[k] != "and" or _parallel(w, cuts, nxt, k, end)):
                cuts.append(nxt)
    if len(cuts) < 3:
        return [act]
    edges = [*cuts[1:], end]
    return [
        replace(act, start=a, end=clauses.trim_end(w, a, b))
        for a, b in zip(cuts, edges, strict=True)
        if clauses.trim_end(w, a, b) > a
    ]


def _parallel(w: Words, cuts: list[int], nxt: int, k: int, end: int) -> bool:
    """Whether 'and' goes on the list and not a pair inside one of its members."""
    if w.low[nxt] in ("the", "a", "an") or coordination.is_gerund(w, nxt, len(w)) or w.low[k - 1] == ",":
        return True
    return len(cuts) > 1 and "of" in w.low[cuts[-1] : k] and "of" in w.low[nxt:end]  # 'A of B, C of D and E of F'


def needs(
    w: Words, predicates: list[Predicate], verbs: frozenset[int], taken: list[tuple[int, int]], forward: bool
) -> list[Act]:
    """'recognised the need to …', lists of needs, and, where a text looks ahead, of what is of value or importance."""
    found: list[Act] = []
    nouns = {"need", "needs", "necessity", "requirement"} | ({"value", "importance", "potential"} if forward else set())
    for i, word in enumerate(w.low):
        if (
            word not in nouns
            or i + 1 >= len(w)
            or w.low[i + 1] not in (("to", "for") if word in ("need", "needs") else ("to", "for", "of"))
            or w.depth[i]
        ):
            continue
        if any(a.start <= i < a.end for a in found) or not free(taken, i):
            continue
        d = i
        while (
            d > 0
            and (w.low[d - 1] in lexicon().words["before_need"] or is_adverb(w.low[d - 1]))
            and w.low[d - 1] != "and"
        ):
            d -= 1
        if d == i and not (i == 0 or w.low[i - 1] in (",", "and")):
            continue
        governor = next((p for p in reversed(predicates) if p.at < d), None)
        passive = next(
            (p for p in predicates if p.at > i and p.passive and p.subject and p.subject[0] <= d < p.subject[1]), None
        )
        direct = (
            governor is not None
            and not governor.negated
            and not governor.modal
            and all(t in QUOTES or is_adverb(t) for t in w.low[governor.at + 1 : d])
        )
        before = w.low[d - 1] if d else ""
        if passive is not None:
            start, end, issuer = d, len(w), agent_of(w, passive.at + 1, len(w))
            end = clauses.clause_end(w, passive.at, len(w), verbs=verbs)
            if before in lexicon().words["no_need"]:
                continue
        elif direct and governor is not None:
            if w.low[governor.at] in ("discussed", "considered", "examined", "reviewed", "heard") and not forward:
                continue
            start = governor.start
            issuer = head_of(w, *governor.subject) if governor.subject and not governor.passive else None
            limit = next((p.cut for p in predicates if p.at > i and p.intro == "" and p.cut > i), len(w))
            end = _need_end(w, i, limit, verbs)
        else:
            placed = before == "on" and w.low[d - 2] in ("placed", "put", "focused", "centred", "centered")
            listed = (
                before
                in (
                    ",",
                    "and",
                    ";",
                    "included",
                    "include",
                    "including",
                    ":",
                    "that",
                    "being",
                    "namely",
                    "",
                    "were",
                    "was",
                )
                or placed
            )
            source = governor is not None or any(
                w.low[k]
                in (
                    "recommendations",
                    "recommendation",
                    "emphasis",
                    "highlighted",
                    "stressed",
                    "emphasised",
                    "emphasized",
                    "themes",
                    "suggestions",
                    "messages",
                    "conclusions",
                    "points",
                )
                for k in range(d)
            )
            if not listed or not source or (before in lexicon().words["no_need"] and not placed):
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
        act = Act(
            start,
            end,
            "recommendation",
            (i, i + 1),
            "commitments/the-need",
            binding_of("recommendation"),
            issuer,
            None,
            earlier,
            impersonal=issuer is None,
        )
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
        if (
            nxt + 1 < end
            and w.low[nxt] in ("the", "a")
            and (
                any(
                    w.low[m]
                    in (
                        "need",
                        "needs",
                        "importance",
                        "role",
                        "value",
                        "challenge",
                        "challenges",
                        "necessity",
                        "use",
                        "problem",
                        "lack",
                        "growing",
                    )
                    for m in range(nxt + 1, min(end, nxt + 5))
                )
            )
        ):
            return k
    return end
