"""Collective nouns for the parties of a list: 'the six Andean countries' where the paper says once who they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from graph_build.extract.attendance.sentences import Found
from graph_build.extract.counts import number_of, number_words
from graph_build.extract.parties import Parties, Party
from graph_build.extract.reading import Reading
from graph_build.records import Evidence

_NOUN = r"(?:[Cc]ountries|[Ss]tates|[Nn]ations|[Ee]conomies|[Gg]overnments|[Mm]embers|[Jj]urisdictions|[Tt]erritories)"
_PRESENT = re.compile(
    r"\b(?:attended by|brought together|bringing together|participation of|attendance of|participants (?:from|included)|participants? including)\b[^.;]{0,240}$"
)
_CAME = re.compile(
    r"^\)?,?(?: [\w-]+)? (?:attended|participated|took part|were (?:all )?(?:present|represented)|met|gathered)(?! (?:in|at) (?:the|a|an) (?:\w+ ){0,3}(?:past|previous|last|first|second|third))\b"
)
_CUES = frozenset(
    ("countries", "states", "nations", "economies", "governments", "members", "jurisdictions", "territories")
)


@lru_cache(maxsize=1)
def _collective() -> re.Pattern[str]:
    number = "|".join(sorted(number_words(), key=len, reverse=True))
    return re.compile(
        rf"\b(?P<number>(?i:(?:(?:{number})-)?(?:{number}))|\d{{1,2}}) "
        rf"(?P<name>(?:[\w’'\uE000-\uF8FF-]+ ){{0,4}}?{_NOUN})(?P<open>\s?\(|:| – | — |, namely,? )?"
    )


def of_collectives(reading: Reading, parties: Parties) -> Iterator[Found]:
    """Parties of a collective that attended, where another place of the paper gives as many as it counts, in brackets."""
    numbers = number_words()
    lists: dict[tuple[int, str], list[Party]] = {}
    uses: list[tuple[tuple[int, str], Found]] = []
    for s in reading.stretches:
        if not s.words & _CUES or s.block.kind in ("title", "heading"):
            continue
        masked = reading.masked(s)
        for m in _collective().finditer(masked.text):
            number = number_of(m.group("number"), numbers)
            if not 2 <= number <= 60:
                continue
            a, b = masked.range(*m.span("name"))
            key = (number, " ".join(reading.words(s.block, a, b).lower().split()))
            if m.group("open") and key not in lists:
                read = parties.after(s, masked, m.end())
                if len({p.thing for p in read}) == number:
                    lists[key] = read
                    continue
            if _PRESENT.search(masked.text, max(0, m.start() - 320), m.start()) or _CAME.match(
                masked.text[m.end("name") : m.end("name") + 120]
            ):
                if any(x.kind == "event" and x.thing not in reading.described for x in masked.mentions.values()):
                    continue
                evidence = Evidence(reading.passage(s), "attendance/collective")
                for event in reading.settings[s.block.index]:
                    uses.append((key, Found(event, _NOBODY, "participant", evidence)))
    for key, use in uses:
        for p in lists.get(key, ()):
            yield Found(use.event, p, use.capacity, use.evidence)


_NOBODY = Party("", "", 0, 0)
