"""Names from the reference data: states, their adjectives, organisations and cities.

Only capitalised words are looked up, so the cost is one dictionary access for each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from graph_build import vocabulary

CAPITAL = re.compile(r"(?<![\w’'])[A-ZÀ-ÖØ-ÞĀ-Ž][\w’'.]*")
_FOLD = str.maketrans({"’": "'", "‘": "'", "–": "-", "‑": "-", "—": "-", "\u00a0": " ", "\u2010": "-"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A name of the reference data. `exact` names match in this case only ('US', 'WHO')."""

    kind: str
    name: str
    value: str
    exact: bool
    weak: bool = False


def fold(text: str) -> str:
    """Same length as the text: lower case, plain quotes and dashes."""
    if text.isascii():
        return text.lower()
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c if len(c) == 1 else o for o, c in zip(text, map(str.lower, text), strict=True))
    return low.translate(_FOLD)


def _first(name: str) -> str:
    return re.split(r"[\s,(/‑–-]", name, maxsplit=1)[0].rstrip(".").removesuffix("'s")


@lru_cache(maxsize=1)
def _index() -> dict[str, tuple[Entry, ...]]:
    """First word of each name to its entries, longest names first."""
    entries: dict[str, list[Entry]] = {}

    def add(kind: str, name: str, value: str, weak: bool = False) -> None:
        exact = name.isupper() and len(name.replace(".", "")) <= 8
        key = _first(fold(name))
        entries.setdefault(key, []).append(
            Entry(kind, fold(name), value, exact, weak) if not exact else Entry(kind, name, value, True, weak)
        )

    for state in vocabulary.states():
        for name in (state.label, *state.names):
            add("state", name, state.code)
        for adjective in state.adjectives:
            add("adjective", adjective, state.code)
        for name in state.never:
            add("never", name, state.code)
    for body in vocabulary.organisations():
        for name in (body.label, *body.names, body.acronym):
            if name:
                add("body", name, body.id)
        for name in body.never:
            add("never", name, body.id)
    for place in vocabulary.places():
        add("place", place.name, f"{place.name}|{place.country}", place.needs_country)
    order = {"state": 0, "never": 1, "body": 2, "adjective": 3, "place": 4}
    return {k: tuple(sorted(v, key=lambda e: (-len(e.name), order[e.kind], e.weak))) for k, v in entries.items()}


@dataclass(frozen=True, slots=True)
class Found:
    """A name of the reference data in a text; `weak` names of places need a country beside them."""

    kind: str
    start: int
    end: int
    value: str
    weak: bool


def names(text: str) -> Iterator[Found]:
    """Names of the reference data in a text, longest first at each place, left to right, not overlapping.

    At one place a state and a city may share a name (Singapore): both are given, the state first.
    """
    index = _index()
    folded = fold(text)
    at = 0
    for match in CAPITAL.finditer(text):
        start = match.start()
        if start < at:
            continue
        word = folded[start : match.end()].rstrip(".")
        found = index.get(_first(word))
        if not found:
            continue
        end = start
        for entry in found:
            stop = start + len(entry.name)
            if stop < end:
                break
            if (text if entry.exact else folded)[start:stop] != entry.name:
                continue
            after = text[stop : stop + 1]
            if after and (
                after.isalnum()
                or (after in "-–" and text[stop + 1 : stop + 2].isalpha() and entry.kind in ("place", "body"))
            ):
                continue
            end = stop
            at = max(at, stop)
            if entry.kind == "never":
                continue  # 'Panama City' is not Panama; a city of that very name may follow
            yield Found(entry.kind, start, stop, entry.value, entry.weak)
