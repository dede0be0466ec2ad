"""Organisations that a paper names only as somebody's employer: 'Kate Kennedy from Hagar Australia'.

Their names tell nothing by form; that a person works there tells that they are organisations.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from graph_build import vocabulary
from graph_build.records import Evidence, PersonRole, Thing

if TYPE_CHECKING:
    from collections.abc import Iterable

_RULE = "employers/affiliation"


@lru_cache(maxsize=1)
def _states() -> frozenset[str]:
    return frozenset(n.lower() for s in vocabulary.states() for n in (s.label, *s.names, *s.adjectives))


def _bare(words: str) -> str:
    """An affiliation without article and without the state that owns it: "Kenya's Open Harbour" is Open Harbour."""
    name = words.removeprefix("the ").strip()
    for mark in ("’s ", "'s ", "’ ", "' "):
        owner, found, rest = name.partition(mark)
        if found and (owner + mark.strip().removesuffix("s").strip("’'")).lower() in _states() and rest[:1].isupper():
            return rest
    plain = name
    for form in ("Kingdom of ", "Republic of ", "Government of ", "Commonwealth of "):
        plain = plain.removeprefix(form)
    return plain if plain.lower() in _states() else name.removesuffix("’s").removesuffix("'s")


def employers(things: Iterable[Thing], roles: Iterable[PersonRole]) -> tuple[tuple[Thing, ...], tuple[PersonRole, ...]]:
    """The organisations named only as affiliations, and the roles with the id of their affiliation filled in.

    A state is no organisation, and neither is an affiliation without a capital ('the host institution').
    """
    by_name: dict[str, str] = {}
    for t in things:
        if t.kind == "body":
            for name in (t.label, t.acronym, *t.names):
                if name:
                    by_name.setdefault(name.lower(), t.id)
    made: list[Thing] = []
    filled: list[PersonRole] = []
    for role in roles:
        value = role.affiliation
        if value is None or role.affiliation_id or value.known != "stated":
            filled.append(role)
            continue
        name = _bare(value.value)
        if not name[:1].isupper() or name.lower() in _states() or len(name.split()) > 14 or len(name) < 3:
            filled.append(role)
            continue
        low = name.lower()
        # 'Anti-Corruption Centre in Ukraine', 'Open Harbour Kenya': the organisation that the paper names elsewhere
        id_ = by_name.get(low, "") or next((i for n, i in by_name.items() if len(n) > 8 and low.startswith(n)), "")
        if not id_:
            id_ = f"bw{len(made) + 1}"
            by_name[name.lower()] = id_
            evidence = (Evidence(value.passage, _RULE),)
            made.append(Thing(id_, "body", name, evidence, type="organisation", named=True))
        filled.append(replace(role, affiliation_id=id_))
    return tuple(made), tuple(filled)
