"""Coordination: which verbs after a comma or 'and' are acts of their own."""

from __future__ import annotations

from dataclasses import dataclass

from graph_build.extract.commitments.clauses import DETERMINERS, QUOTES, Words, is_adverb, trim_end
from graph_build.extract.commitments.lexicon import lexicon

_LOOSE_ENDS = frozenset(", and but also or only not well as ;".split())


def is_verb(w: Words, i: int, limit: int) -> bool:
    """Whether word `i` is a verb in its base form with something to govern, and not a noun that looks like one."""
    lex = lexicon()
    if i >= limit:
        return False
    word = w.low[i]
    word = word.removeprefix("re-") if word not in lex.base else word
    if word not in lex.base:
        return False
    if word in lex.base_adjectives:
        nxt = w.low[i + 1] if i + 1 < limit else "."
        return nxt in DETERMINERS or nxt in ("up", "further")
    if word in lex.base_nouns:
        nxt = w.low[i + 1] if i + 1 < limit else "."
        if nxt in (
            "of",
            "for",
            "to",
            "in",
            "from",
            "by",
            "and",
            ",",
            ".",
            ";",
            ")",
            "or",
            "at",
            "between",
            "among",
            "into",
            "through",
            "is",
            "are",
            "will",
            "as",
            "under",
        ):
            return nxt in ("to", "in", "for", "from", "as") and word in (
                "work",
                "focus",
                "report",
                "help",
                "participate",
                "act",
                "use",
            )
    return True


def is_gerund(w: Words, i: int, limit: int) -> bool:
    """Whether word `i` is a verb in -ing with something to govern."""
    lex = lexicon()
    if i >= limit or not w.low[i].endswith("ing") or w.low[i] in lex.no_gerunds:
        return False
    nxt = w.low[i + 1] if i + 1 < limit else "."
    if w.low[i] == "developing" and nxt.startswith(("countr", "econom", "nation", "state", "world", "member", "small")):
        return False
    if w.low[i] == "increasing" and nxt in (
        "number",
        "numbers",
        "problem",
        "importance",
        "trend",
        "role",
        "use",
        "demand",
        "need",
        "rate",
        "complexity",
        "and",
    ):
        return False
    if w.low[i] in lex.noun_gerunds:
        return nxt in DETERMINERS or nxt in ("to", "up", "out")
    return w.low[i] in lex.gerunds


def heads(w: Words, start: int, limit: int) -> tuple[int, str]:
    """The verb that a complement at `start` is about and its form: 'base', 'gerund', 'that' or '' where it is a noun phrase."""
    i = start
    while (
        i < limit
        and (is_adverb(w.low[i]) or w.low[i] in QUOTES or w.low[i] in ("only", "to", "be", ","))
        and not is_gerund(w, i, limit)
    ):
        i += 1
    if i >= limit:
        return i, ""
    if w.low[i] == "that":
        return i, "that"
    form = "gerund" if is_gerund(w, i, limit) else ("base" if w.low[i] in lexicon().base else "")
    while form and w.low[i] in lexicon().chain:  # "continue to work to ensure": the act is to ensure
        k = i + 1
        while k < limit and (is_adverb(w.low[k]) or w.low[k] in ("closely", "jointly")):
            k += 1
        if k + 1 < limit and w.low[k] == "to" and w.low[k + 1] in lexicon().base:
            i, form = k + 1, "base"
        elif k < limit and is_gerund(w, k, limit):
            i, form = k, "gerund"
        else:
            break
    return i, form


@dataclass(frozen=True, slots=True)
class Part:
    """Words `[start, end)` of a complement that could be followed up alone."""

    start: int
    end: int


def split(w: Words, start: int, end: int, *, only_marked: bool = False) -> tuple[Part, ...]:
    """A complement `[start, end)` in the parts that are separate acts, in order; one part where it is one act.

    Verbs that share an object ('strengthen and regulate X'), verbs in a purpose clause ('to build skills and promote
    resilience'), and noun phrases stay together. `only_marked`: part only where the second act has its own 'to' or the
    acts form a list with commas.
    """
    head, form = heads(w, start, end)
    if form not in ("base", "gerund"):
        return (Part(start, end),)
    level = w.depth[head]
    starts = [start]
    purpose = relative = shadow = False
    last = head
    i = head + 1
    while i < end:
        word = w.low[i]
        if w.depth[i] > level or word in ("(", ")"):
            i += 1
            continue
        if word == ";" and i + 1 < end:
            k = _behind(w, i, end)
            if k < end and (w.low[k] == "to" or is_verb(w, k, end) or is_gerund(w, k, end)):
                starts.append(k)
                last = k + (w.low[k] == "to")
                purpose = relative = shadow = False
                i = last + 1
                continue
        if word == "to" and i + 1 < end and (w.low[i + 1] in lexicon().base or is_adverb(w.low[i + 1])):
            if not (w.low[i - 1] in lexicon().chain and i - 1 == last):
                purpose = True
        elif word in ("when", "if", "because", "although"):
            break  # what follows is part of the condition
        elif word in ("which", "who", "whose", "where", "whereby") or (word == "that" and form != "that"):
            relative = True
        elif (
            word
            in ("by", "including", "through", "such", "with", "from", "while", "without", "especially", "particularly")
            and form == "gerund"
        ):
            shadow = True
        elif word in (",", "and", "but", "or") or (word == "as" and w.low[i : i + 3] == ("as", "well", "as")):
            k = _behind(w, i, end)
            comma = word == "," or w.low[i - 1] == ","
            own_to = k < end and w.low[k] == "to"
            v = k + 1 if own_to else k
            while v < end and (is_adverb(w.low[v]) or w.low[v] in ("will", "shall")) and w.low[v] not in ("not",):
                v += 1
            object_before = i - last > 1
            verb = is_gerund(w, v, end) if form == "gerund" else is_verb(w, v, end)
            joined = (
                word in ("and", "but") or (k > i + 1 and w.low[k - 1] in ("and", "but", "as")) or w.low[k - 1] == "also"
            )
            if verb and not object_before:  # 'investigate, promote and implement the design': one object
                last = v
                i = v + 1
                continue
            if verb and (not relative or (form == "gerund" and (joined or len(starts) > 1))):
                if form == "gerund":
                    if only_marked and not comma and len(starts) == 1:
                        i += 1
                        continue
                    free = not shadow or (own_to and joined) or (comma and joined and not _in_list(w, last, i))
                elif own_to:
                    free = joined and (comma or not (purpose or only_marked))
                elif k < end and w.low[k] in ("will", "shall"):
                    free = True
                else:
                    free = not purpose and (comma or not only_marked or len(starts) > 1)
                if free:
                    starts.append(k)
                    last = v
                    purpose = relative = shadow = False
                    i = v + 1
                    continue
            if word == ",":
                relative = relative and not joined
        i += 1
    parts = []
    for a, b in zip(starts, [*starts[1:], end], strict=True):
        stop = trim_end(w, a, b)
        while stop > a and (w.low[stop - 1] in _LOOSE_ENDS or w.low[stop - 2 : stop] == ("where", "appropriate")):
            stop -= 1 + (w.low[stop - 1] == "appropriate")
        if stop > a:
            parts.append(Part(a, stop))
    return tuple(parts)


def _behind(w: Words, i: int, end: int) -> int:
    """The first word behind a connective: past ', and', 'as well as', 'but also'."""
    k = i
    while k < end and w.low[k] in (
        ",",
        "and",
        "but",
        "or",
        "also",
        "as",
        "well",
        ";",
        "further",
        "then",
        "where",
        "appropriate",
    ):
        if w.low[k] == "where" and not (k + 1 < end and w.low[k + 1] == "appropriate"):
            break
        k += 1
    return k


def _in_list(w: Words, last: int, i: int) -> bool:
    """Whether the words since the last verb hold 'including' or 'such as' whose list a comma may go on."""
    return any(w.low[k] in ("including", "such") for k in range(last, i))
