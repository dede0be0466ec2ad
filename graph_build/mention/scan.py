"""One pass over a document's blocks: dates, names of the reference data, names by form, meetings, speaking groups."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import pairwise

from graph_build import rules
from graph_build.mention.binding import bind
from graph_build.mention.dates import beside, dates, relative
from graph_build.mention.events import EventMention, lower_case
from graph_build.mention.gazetteer import Found, names
from graph_build.mention.groups import groups
from graph_build.mention.header import title_case, today
from graph_build.mention.listed import listed
from graph_build.mention.meeting_names import aliased, is_meeting, joined, shared_dates, topic, whose
from graph_build.mention.names import Name, Parser
from graph_build.mention.ordinals import ordinal
from graph_build.mention.sittings import numbered, sittings
from graph_build.mention.things import Raw, acronym_after, initials
from graph_build.mention.tokens import heads, tokens
from graph_build.mention.told import is_meeting_name, numbered_acronyms, told
from graph_build.mention.wide_names import under_plural, wide
from graph_build.records import Block, Mention, Segmented

_LOWER = re.compile(r"(?<![\w’'-])[a-z][a-z’'-]+")
_CITY_BEFORE = re.compile(r"(?:\b(?:in|at|from|to|near|city of|of|visited)|[,(:–—-]|^)\s*$")
# 'in Suva in May 2002 and Apia in June 2004'
_THEN_DATE = re.compile(
    r"(?:,\s+[A-Z]\w+,?)?\s+(?:in|on|from)\s+(?:\d|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
)
_PLACE_THEN_STATE = re.compile(
    r"(?<=\bin )(?P<city>[A-ZÀ-Þ][\w’'-]+(?:[ -](?:[A-ZÀ-Þ][\w’'-]+|de|la|del|of|es|al|el))*)(?P<gap>,\s+|\s+\()$"
)
_POST_AFTER = re.compile(
    r"\s+(?:Special\s+|High\s+|Senior\s+)?(?:Ministers?|Rapporteur|Envoy|Commissioner|Representative|Coordinator|Ambassador|President|Director|Secretary)\b"
)
_TOLD_TO = re.compile(r"\b(?:brief|inform|updat|appris|advis|address|assur)(?:e?d|ing)\s+(?:the|this)\s+$")
# The paper itself and its annexes are not among what it names: 'this Golden Declaration', 'the Principles (Annex)'.
_OWN_BEFORE = re.compile(r"\b(?:[Tt]his|[Tt]he present)\s+$")
_ANNEX_AFTER = re.compile(r"\s*\((?:[Aa]nnex|[Aa]ppendix|[Aa]ttached|[Aa]nnexed)\b")
_REVERSED = re.compile(
    r"(?<![\w-])(?P<acr>[A-Z][A-Z-]{2,9})\s\((?P<name>[A-Z][\w’'-]+(?:\s(?:of|for|on|in|and|the|to|[A-Z][\w’'-]+))*)\)"
)


@dataclass(slots=True)
class Scan:
    """What one block names. `plain` are dates, states, adjectives, places and groups."""

    block: Block
    plain: list[Mention] = field(default_factory=list)
    names: list[Raw] = field(default_factory=list)
    events: list[EventMention] = field(default_factory=list)


def scan(segmented: Segmented) -> list[Scan]:
    """A Scan for each block but furniture, in order."""
    lower: set[str] = set()
    for block in segmented.blocks:
        if block.kind not in ("furniture", "title"):
            lower.update(_LOWER.findall(block.text))
    frozen = frozenset(lower)
    day = today(segmented)
    letters = _meeting_acronyms(segmented)
    scans = [
        _scan(segmented, b, frozen, day, letters) for b in segmented.blocks if b.kind != "furniture" and b.text.strip()
    ]
    _over_lines(scans)
    _acronyms(scans)
    return scans


_DEFINED = re.compile(
    r"(?P<name>[A-Z][\w’'-]*(?:\s+(?:(?:of|on|for|and|the|in|among|to)\s+)*[A-Z][\w’'-]*){1,14})\s+\(\s?[“\"‘']?(?:the\s+)?(?:\d{1,2}(?:st|nd|rd|th)?\s?)?(?P<letters>[A-Z][A-Z-]{1,9}(?:\+\d{1,2})?)[”\"’']?\s?\)"
)


def _meeting_acronyms(segmented: Segmented) -> frozenset[str]:
    """The acronyms that a paper gives to meetings: 'East Harbour Summit (EHS)', '... Meeting on Crime (4th HMM+3)'."""
    return frozenset(
        m["letters"]
        for b in segmented.blocks
        if "(" in b.text
        for m in _DEFINED.finditer(b.text)
        if is_meeting_name(m["name"])
    )


def _scan(segmented: Segmented, block: Block, lower: frozenset[str], day: str, letters_of: frozenset[str]) -> Scan:
    text = block.text
    out = Scan(block)
    heading = block.kind in ("title", "heading")
    sample = text[:240]
    shouted = sum(map(str.isupper, sample)) > 0.7 * sum(map(str.isalpha, sample)) and len(text) > 8
    shown = title_case(text) if shouted else text
    found_dates = list(dates(text, block.index))
    # Dates said from the paper's day date meetings only; elsewhere they stay words, which rules read.
    said = [*relative(text, block.index, day), *beside(text, block.index, found_dates)]
    dated = [d for d in found_dates if not any(r.start <= d.start and d.end <= r.end for r in said)] + said
    dated.sort(key=lambda d: d.start)
    if block.kind == "title":
        shown = _lines_apart(segmented, block, shown, found_dates)
    known = tuple(f for f in names(text) if not any(d.start <= f.start < d.end for d in found_dates))
    # In a title or heading every word may be written with a capital: it proves as much as elsewhere.
    starts = frozenset() if heading else frozenset({s.start for s in block.sentences} | {0})
    items = [
        t if not any(d.start <= t.start < d.end and d.end - d.start > 4 for d in found_dates) else replace(t, cap=False)
        for t in tokens(shown, known, lower, starts)
    ]
    forms = wide(shown, list(Parser(shown, items).names()))
    forms = [numbered(_with_years(n, text), text) for n in forms]
    bodies = [
        f
        for f in known
        if f.kind == "body" and not any(n.start <= f.start and f.end <= n.end and not n.bare for n in forms)
    ]
    inner = [
        f
        for f in known
        if f.kind == "body"
        and any(n.start <= f.start and f.end <= n.end and (n.start, n.end) != (f.start, f.end) for n in forms)
    ]
    taken: list[tuple[int, int]] = []
    raws: list[Raw] = []
    events: list[EventMention] = []
    h = heads()
    exact = {(f.start, f.end): f for f in known if f.kind == "body"}
    for n in forms:
        words = shown[n.start : n.end]
        whole = exact.get((n.start, n.end))
        kind = "body" if whole is not None else n.kind
        if kind == "event" and n.head in h.body_too and not n.bare and not is_meeting(text, n, shown, dated, heading):
            if n.head not in ("forum", "assembly", "general assembly", "congress"):
                continue
            kind = "body"
        if kind == "event":
            if n.bare:
                continue
            if words.lower().startswith(f"{n.head} ") and _TOLD_TO.search(text, max(0, n.start - 24), n.start):
                # 'briefed the Meeting on the Harbour Partnership'
                events.append(
                    EventMention(
                        block.index, n.start, n.start + len(n.head), words[: len(n.head)], n.head, definite=True, short=True, rule="events/short"
                    )
                )  # fmt: skip
                taken.append((n.start, n.start + len(n.head)))
                continue
            held = (
                re.match(
                    r"[^.;,]{0,60}?\s(?:met|was held|took place|was convened)\b",
                    text[n.end : n.end + 80],
                )
                is not None
            )
            events.append(
                EventMention(
                    block.index,
                    n.start,
                    n.end,
                    words,
                    n.head,
                    ordinal(words),
                    True,
                    True,
                    heading=block.kind == "title",
                    held=held,
                )
            )
            taken.append((n.start, n.end))
            letters, _ = acronym_after(text, n.end)
            if letters and n.head in h.body_too:
                # 'convened the Major Rivers Forum (MRF) on 22 April': the forum's meeting and the forum itself
                raws.append(
                    Raw(
                        "body",
                        block.index,
                        n.start,
                        n.end,
                        words,
                        n.head,
                        rule="names/body",
                        acronym=letters,
                        heading=heading,
                    )
                )
            continue
        acronym, end = acronym_after(text, n.end) if not n.bare else ("", n.end)
        raws.append(
            Raw(
                kind,
                block.index,
                n.start,
                n.end,
                text[n.start : n.end] if not shouted else words,
                n.head,
                n.bare,
                n.unit,
                whole.value if whole else "",
                heading=heading,
                rule=f"names/{kind}",
                acronym=acronym,
            )
        )
        taken.append((n.start, end))
    for f in bodies:
        if any(a < f.start and f.end <= b for a, b in taken):
            continue  # inside an acronym: 'Meeting on Transnational Crime/ASEAN SOMTC'
        acronym, end = acronym_after(text, f.end)
        raws.append(
            Raw(
                "body",
                block.index,
                f.start,
                f.end,
                shown[f.start : f.end] if shouted and f.end - f.start > 12 else text[f.start : f.end],
                reference=f.value,
                heading=heading,
                rule="names/reference",
                acronym=acronym,
            )
        )
        taken.append((f.start, end))
    for f in inner:
        raws.append(
            Raw(
                "body",
                block.index,
                f.start,
                f.end,
                text[f.start : f.end],
                reference=f.value,
                nested=text[f.end : f.end + 2] not in ("'s", "’s"),
                heading=heading,
                rule="names/reference",
            )
        )
    plurals = list(under_plural(text, block.index, taken))
    raws += plurals
    taken += [(r.start, r.end) for r in plurals]
    raws += _contexts(text, block, taken, raws)
    for m in _REVERSED.finditer(text):
        named_kind = _kind_of(m.group("name"))
        if named_kind and initials(m.group("name"), m.group("acr")) and not any(a <= m.start() < b for a, b in taken):
            raws.append(
                Raw(
                    named_kind,
                    block.index,
                    m.start("name"),
                    m.end("name"),
                    m.group("name"),
                    rule="names/acronym-first",
                    acronym=m.group("acr"),
                    heading=heading,
                )
            )
            raws.append(
                Raw(
                    named_kind,
                    block.index,
                    m.start("acr"),
                    m.end("acr"),
                    m.group("acr"),
                    rule="names/acronym-first",
                    heading=heading,
                )
            )
            taken.append((m.start(), m.end()))
    for kind_, a, b in _emphasised(segmented, block):
        if not any(x <= a and b <= y for x, y in taken):
            raws = [r for r in raws if not (a <= r.start and r.end <= b)]
            if kind_ == "event":
                continue
            raws.append(Raw(kind_, block.index, a, b, text[a:b], rule="names/italics"))
            taken.append((a, b))
    for e in lower_case(
        shown,
        block.index,
        taken,
        [Mention("body", block.index, r.start, r.end, r.rule) for r in raws if not r.nested],
    ):
        events.append(replace(e, heading=block.kind == "title" and not e.short))
    events = joined(events, raws, text)
    events += sittings(raws, text, block)
    found_at = [(e.start, e.end) for e in events]
    if not heading:
        events += told(text, block.index, found_at, sorted(events, key=lambda e: e.start))
        events += numbered_acronyms(text, block.index, letters_of, found_at)
    raws.sort(key=lambda r: (r.start, -r.end))
    _units(raws, text)
    events = [whose(topic(e, shown), shown, taken) for e in events]
    for r in raws:
        if any(
            e.start <= r.start and r.end <= e.end and not e.short and e.rule != "events/session-of-body" for e in events
        ) or any(
            o is not r and o.start <= r.start and r.end <= o.end and (o.start, o.end) != (r.start, r.end) for o in raws
        ):
            r.nested = r.nested or text[r.end : r.end + 2] not in ("'s", "’s")
        if _POST_AFTER.match(text, r.end) or (
            r.kind == "instrument" and (_OWN_BEFORE.search(text, 0, r.start) or _ANNEX_AFTER.match(text, r.end))
        ):
            r.nested = True
    states, places = _states(known, taken, raws, events, block, text)
    out.plain += found_dates
    out.plain += states + places
    for f in known:
        if f.kind == "adjective":
            out.plain.append(
                Mention(
                    "adjective",
                    block.index,
                    f.start,
                    f.end,
                    "gazetteer/adjective",
                    f.value,
                )
            )
    full = [(r.start, r.end) for r in raws if not r.bare] + [(e.start, e.end) for e in events if not e.short]
    out.plain += [g for g in groups(text, block.index) if not any(a < g.end and g.start < b for a, b in full)]
    state_mentions = [m for m in states if m.kind == "state"]
    several = list(listed(text, block.index, dated, places))
    events = [e for e in events if not any(o.start < e.end and e.start < o.end for o in several)] + several
    begun = [e.start for e in events if not e.short]
    for e in events:
        if e.short or e.rule == "events/listed":
            out.events.append(e)
            continue
        s = next((x for x in block.sentences if x.start <= e.start < x.end), None)
        within = (s.start, s.end) if s else (0, len(text))
        others = [o for o in begun if o != e.start]
        out.events.append(bind(e, text, within, dated, places, state_mentions, others))
    out.events = [aliased(e, out.events, text) for e in out.events]
    out.events = shared_dates(sorted(out.events, key=lambda e: (e.start, -e.end)), text)
    out.events.sort(key=lambda e: (e.start, -e.end))
    out.names = sorted(raws, key=lambda r: (r.start, -r.end))
    return out


def _kind_of(name: str) -> str:
    """'body' or 'instrument' by the head noun before a name's complement; '' where it has none ('Bus Rapid Transit System')."""
    last = re.split(r"\s(?:of|on|for|to|against|in)\s", name)[0].lower().split()[-1]
    kind = heads().kind.get(last, "")
    return kind if kind in ("body", "instrument") else ""


def _lines_apart(segmented: Segmented, block: Block, shown: str, found_dates: list[Mention]) -> str:
    """A title with a mark before each of its lines that gives place or date: no name runs over it. Length kept."""
    source, offsets = segmented.document.text, block.view.offsets
    starts = [i for i in range(1, len(offsets)) if "\n" in source[offsets[i - 1] : offsets[i]]]
    out = list(shown)
    for a, b in pairwise((*starts, len(shown))):
        line = shown[a:b]
        placed = any(f.kind in ("place", "state") for f in names(line)) or any(a <= d.start < b for d in found_dates)
        if placed and not any(w.lower() in heads().kind for w in re.findall(r"[\w-]+", line)) and out[a - 1] == " ":
            out[a - 1] = "|"
    return "".join(out)


def _contexts(text: str, block: Block, taken: list[tuple[int, int]], raws: list[Raw]) -> list[Raw]:
    """Organisations whose names tell nothing by form, by the words around them: 'private sector representative (Meta)'."""
    ruleset = rules.load("contexts", ("kind",))
    found = []
    for rule, m in ((r, m) for r in ruleset.candidates(frozenset(rules.words(text))) for m in r.regex.finditer(text)):
        for part in re.finditer(r"[^,;/()]+(?:\([^)]*\))?", m.group("names")):
            for piece in re.finditer(r"(?:(?!\s+and\s+)[^,;])+", part.group()):
                words = re.sub(r"^\s*(?:and\s+)?(?:the\s+)?|\s+$", "", piece.group())
                if not re.match(r"[A-Z]", words) or len(words) < 3 or len(words.split()) > 8:
                    continue
                a = m.start("names") + part.start() + piece.start() + piece.group().index(words)
                b = a + len(words)
                if any(x < b and a < y for x, y in taken):
                    continue
                found.append(Raw(rule.text("kind"), block.index, a, b, words, rule=rule.name))
                taken.append((a, b))
    return found


def _over_lines(scans: list[Scan]) -> None:
    """A body's name that the title carries over two lines: 'The Bali Process' / 'on People Smuggling ...'."""
    for a, b in itertools.pairwise(scans):
        if a.block.kind == b.block.kind == "title" and re.match(
            r"(?:on|for|to|against)\s+(?:the\s+)?[A-Z]", b.block.text
        ):
            for r in a.names:
                if r.kind == "body" and not r.bare and r.end >= len(a.block.text.rstrip()):
                    r.text = f"{r.text} {b.block.text.strip()}"


def _units(raws: list[Raw], text: str) -> None:
    """'Department of X, Ministry of Y' and 'Department of X of the Ministry of Y' name the unit of that ministry."""
    for a, b in itertools.pairwise(raws):
        if (
            a.unit
            and b.kind == "body"
            and not b.bare
            and not b.unit
            and re.fullmatch(
                r",\s+(?:of\s+)?(?:the\s+)?|\s+(?:of|from|in|at)\s+(?:the\s+)?",
                text[a.end : b.start],
            )
        ):
            a.text = f"{a.text}, {b.text}"


def _with_years(n: Name, text: str) -> Name:
    """A plan's years belong to its name: 'Forward Work Plan for 2015-17', 'Strategy 2021–2025', 'Agenda 2030'."""
    if n.kind != "instrument":
        return n
    if n.head == "resolution" and (
        number := re.match(r"\s+(?:No\.?\s*)?[A-Z]?/?[A-Z]*/?\d[\w/()-]*", text[n.end : n.end + 24])
    ):
        return replace(n, end=n.end + number.end())
    m = re.match(
        r",?\s+(?:for\s+|to\s+)?(?:\()?(?:19|20)\d\d(?:\s?[-–‑/]\s?(?:19|20)?\d\d)?(?:(?<=\d)\))?(?!\w)",
        text[n.end : n.end + 24],
    )
    field_ = re.match(
        r"\s+in\s+the\s+(?:fields?|areas?)\s+of\s+(?:[A-Z][\w-]+(?:\s+and\s+|\s+)?)+(?<!\s)",
        text[n.end : n.end + 80],
    )
    if field_:
        return replace(n, end=n.end + len(field_.group().rstrip()))
    if m and (
        "-" in m.group()
        or "–" in m.group()
        or "/" in m.group()
        or "‑" in m.group()
        or n.head in ("agenda", "vision", "strategy", "plan", "goals", "report")
    ):
        return replace(n, end=n.end + m.end())
    return n


def _emphasised(segmented: Segmented, block: Block) -> list[tuple[str, int, int]]:
    """View ranges set in italics in the source whose words hold a head noun of instruments: titles that run over small words."""
    offsets = block.view.offsets
    if not offsets:
        return []
    source = segmented.document.text
    found = []
    h = heads()
    for m in re.finditer(
        r"(?<![*\w\\])([*_])(?![*_\s])(?P<words>[^*_]{6,260}?)(?<![\s\\])\1(?![*_\w])",
        source[offsets[0] : offsets[-1] + 1],
    ):
        a, b = offsets[0] + m.start("words"), offsets[0] + m.end("words")
        first = bisect_left(offsets, a)
        last = bisect_left(offsets, b)
        if last <= first:
            continue
        words = block.text[first:last]
        tokens_ = re.findall(r"[\w’'-]+", words)
        if not words[:1].isupper() or sum(t[0].isupper() for t in tokens_) < 2:
            continue
        before = re.split(r"\s(?:to|on|for|against)\s", words)[0].lower().split()
        kinds = {h.kind.get(w) for w in before} | {h.kind.get(" ".join(before[i : i + 2])) for i in range(len(before))}
        if "event" not in kinds and "instrument" in kinds:
            found.append(("instrument", first, last))
    return found


def _states(
    known: tuple[Found, ...],
    taken: list[tuple[int, int]],
    raws: list[Raw],
    events: list[EventMention],
    block: Block,
    text: str,
) -> tuple[list[Mention], list[Mention]]:
    states: list[Mention] = []
    places: list[Mention] = []
    at: dict[int, Found] = {}
    for f in known:
        inside = any(a <= f.start and f.end <= b for a, b in taken)
        if f.kind == "state":
            states.append(Mention("state", block.index, f.start, f.end, "gazetteer/state", f.value))
            at[f.start] = f
            m = _PLACE_THEN_STATE.search(text[max(0, f.start - 60) : f.start])
            if m and not inside:
                base = max(0, f.start - 60)
                start, end = base + m.start("city"), base + m.end("city")
                if not any(p.start <= start < p.end for p in places):
                    places.append(
                        Mention(
                            "place",
                            block.index,
                            start,
                            end,
                            "places/city-then-state",
                            f"{text[start:end]}|{f.value}",
                        )
                    )
    for f in known:
        if (
            f.kind != "place"
            or any(a <= f.start and f.end <= b for a, b in taken)
            or any(p.start <= f.start < p.end for p in places)
        ):
            continue
        before = text[max(0, f.start - 12) : f.start]
        listed_ = before.endswith(" and ") and _THEN_DATE.match(text, f.end)
        if not _CITY_BEFORE.search(before) and not listed_ and block.kind != "title":
            continue
        _name, code = f.value.split("|")
        after = re.match(r",?\s*\(?", text[f.end : f.end + 4])
        beside_ = at.get(f.end + (after.end() if after else 0))
        if f.weak and beside_ is None and block.kind != "title" and not re.search(r"\b(?:in|at)\s+$", before):
            continue
        end = f.end
        shown = text[f.start : end]
        if shown.isupper() and len(shown) > 3:
            shown = title_case(shown)
        dc = re.match(r",?\s+D\.?C\.?(?!\w)", text[end : end + 7])
        if dc:
            end += dc.end()
            shown = re.sub(r"\s+", " ", text[f.start : end])
        places.append(
            Mention(
                "place",
                block.index,
                f.start,
                end,
                "gazetteer/place",
                f"{shown}|{beside_.value if beside_ else code}",
            )
        )
    return states, sorted(places, key=lambda m: m.start)


def _acronyms(scans: list[Scan]) -> None:
    """Acronyms that the document defines, wherever they stand alone."""
    defined: dict[str, Raw] = {}
    for s in scans:
        for r in s.names:
            if r.acronym:
                defined.setdefault(r.acronym, r)
    if not defined:
        return
    pattern = re.compile(
        r"(?<![\w-])(?:" + "|".join(re.escape(a) for a in sorted(defined, key=lambda a: (-len(a), a))) + r")(?![\w-])"
    )
    for s in scans:
        held: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for m in pattern.finditer(s.block.text):
            if any(
                r.start <= m.start() and m.end() <= r.end and not (r.start == m.start() and r.end == m.end())
                for r in s.names
            ) or any(r.start == m.start() and r.end == m.end() for r in s.names):
                if any(r.start == m.start() and r.end == m.end() for r in s.names):
                    continue
                nested = True
            else:
                nested = any(e.start <= m.start() and m.end() <= e.end and not e.short for e in s.events)
            origin = defined[m.group()]
            bracketed = s.block.text[max(0, m.start() - 1) : m.start()] == "(" and any(
                r.acronym == m.group() and r.end <= m.start() for r in s.names
            )
            s.names.append(
                Raw(
                    origin.kind,
                    s.block.index,
                    m.start(),
                    m.end(),
                    m.group(),
                    origin.head,
                    False,
                    False,
                    nested=nested or bracketed,
                    heading=s.block.kind in ("title", "heading"),
                    rule="names/acronym",
                )
            )
            held[s.block.index].append((m.start(), m.end()))
            for r in s.names:
                if m.start() <= r.start and r.end <= m.end() and r.end - r.start < m.end() - m.start():
                    r.nested = True
        s.names.sort(key=lambda r: (r.start, -r.end))
