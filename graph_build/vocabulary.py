"""Finds `ontology/` and `queries/`, and reads the reference data and schemes into plain records.

Both folders stand at the top of a source checkout (also under an editable install) and inside the package in an
installed wheel. The records know no RDF; each table is read once a process (about 20 ms for all of them).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph

from graph_build.errors import RuleError

_PACKAGE = Path(__file__).resolve().parent
_CQ = "https://communique.example/ontology#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_STATE = "https://communique.example/reference/state/"
_ORGANISATION = "https://communique.example/reference/organisation/"
_SCHEME = "https://communique.example/scheme/"


@dataclass(frozen=True, slots=True)
class State:
    """A state or territory: ISO 3166-1 alpha-2 `code` (XK for Kosovo; SU, YU, CS, DD for four former states).

    names       all its names, the label first
    adjectives  'Thai', 'British', also of its people ('Filipino')
    never       strings inside which a name or adjective does not mean it: 'Papua New Guinea' for Guinea
    """

    code: str
    label: str
    names: tuple[str, ...]
    adjectives: tuple[str, ...]
    never: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation, body, forum, process or well-known NGO.

    names     all its names, the label first; acronyms are not among them
    acronym   the usual one, '' where there is none; `acronyms` has all
    type      'organisation' or 'body' (a part of an organisation, a group, a process)
    parent    id of what it is part of, or ''
    never     strings inside which a name of it does not mean it
    """

    id: str
    label: str
    names: tuple[str, ...]
    acronym: str
    acronyms: tuple[str, ...]
    type: str
    parent: str
    never: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A name of a city or meeting place, the ISO code of its country, and whether a country must stand beside it.

    A name without `needs_country` is one place's alone; the others may be borne by several. `label` is the
    preferred name of the place.
    """

    name: str
    country: str
    needs_country: bool
    label: str


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of a scheme. `cues` are its other labels: words by which a text shows it."""

    notation: str
    label: str
    definition: str
    cues: tuple[str, ...]


def ontology_dir() -> Path:
    """The folder with the ontology, shapes, schemes and reference data."""
    return _folder("ontology")


def queries_dir() -> Path:
    """The folder with the named queries."""
    return _folder("queries")


def _folder(name: str) -> Path:
    for place in (_PACKAGE / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise RuleError(
        f"there is no folder {name!r}",
        str(_PACKAGE),
        "install the package again, or run from its checkout",
    )


@cache
def states() -> tuple[State, ...]:
    """All states and territories, by code. Raises RuleError where two claim one name."""
    return read_states(ontology_dir() / "reference" / "states.ttl")


@cache
def organisations() -> tuple[Organisation, ...]:
    """All organisations and bodies, by id. Raises RuleError where two claim one name or a state has it."""
    found = read_organisations(ontology_dir() / "reference" / "organisations.ttl")
    _one_claim(
        [(n, f"state {s.code}") for s in states() for n in s.names]
        + [(n, f"organisation {o.id}") for o in found for n in (*o.names, *o.acronyms)],
        "organisations.ttl",
    )
    return found


@cache
def places() -> tuple[Place, ...]:
    """All names of places, by name and country. Raises RuleError where two claim a name that needs no country."""
    return read_places(ontology_dir() / "reference" / "places.ttl")


@cache
def concepts(scheme: str) -> tuple[Concept, ...]:
    """The concepts of a scheme ('meeting-type', 'theme' ...), in the order of the file; RuleError for an unknown one."""
    found = _all_concepts().get(scheme)
    if not found:
        raise RuleError(
            f"there is no scheme {scheme!r}",
            "schemes.ttl",
            f"it has {', '.join(sorted(_all_concepts()))}",
        )
    return found


def schemes() -> tuple[str, ...]:
    """The names of all schemes, sorted."""
    return tuple(sorted(_all_concepts()))


@cache
def _all_concepts() -> dict[str, tuple[Concept, ...]]:
    return read_concepts(ontology_dir() / "schemes.ttl")


def read_states(path: Path) -> tuple[State, ...]:
    """The states of a Turtle file, sorted by code."""
    found = []
    for iri, said in _described(path, _STATE).items():
        code = _one(said, _CQ + "isoCode", iri, path)
        if iri != _STATE + code:
            raise RuleError(
                f"the code {code!r} does not fit its IRI",
                f"{path.name}: {iri}",
                "correct one of them",
            )
        label = _one(said, _SKOS + "prefLabel", iri, path)
        names = (label, *said.get(_SKOS + "altLabel", ()))
        adjectives = tuple(said.get(_CQ + "adjective", ()))
        found.append(State(code, label, names, adjectives, tuple(said.get(_CQ + "neverLabel", ()))))
    _one_claim(
        [(n, f"state {s.code}") for s in found for n in dict.fromkeys((*s.names, *s.adjectives))],
        path.name,
    )
    return tuple(sorted(found, key=lambda s: s.code))


def read_organisations(path: Path) -> tuple[Organisation, ...]:
    """The organisations and bodies of a Turtle file, sorted by id."""
    found = []
    described = _described(path, _ORGANISATION)
    for iri, said in described.items():
        label = _one(said, _SKOS + "prefLabel", iri, path)
        type_ = _one(said, _CQ + "thingType", iri, path)
        if type_ not in ("organisation", "body"):
            raise RuleError(
                f"the type {type_!r} is neither 'organisation' nor 'body'",
                f"{path.name}: {iri}",
            )
        parent = (said.get(_CQ + "parentBody") or [""])[0]
        if parent and parent not in described:
            raise RuleError(
                f"the parent {parent!r} is not described",
                f"{path.name}: {iri}",
                "add it or correct its id",
            )
        acronyms = tuple(said.get(_CQ + "acronym", ()))
        found.append(
            Organisation(
                iri.removeprefix(_ORGANISATION),
                label,
                (label, *said.get(_SKOS + "altLabel", ())),
                acronyms[0] if acronyms else "",
                acronyms,
                type_,
                parent.removeprefix(_ORGANISATION),
                tuple(said.get(_CQ + "neverLabel", ())),
            )
        )
    claims = [(n, f"organisation {o.id}") for o in found for n in dict.fromkeys((*o.names, *o.acronyms))]
    _one_claim(claims, path.name)
    return tuple(sorted(found, key=lambda o: o.id))


def read_places(path: Path) -> tuple[Place, ...]:
    """The names of places of a Turtle file, sorted by name and country; a country with two of a name has it once."""
    found: dict[tuple[str, str], Place] = {}
    for iri, said in _described(path, "https://communique.example/reference/place/").items():
        label = _one(said, _SKOS + "prefLabel", iri, path)
        country = _one(said, _CQ + "country", iri, path).removeprefix(_STATE)
        needs = "true" in said.get(_CQ + "needsCountry", ())
        for name in (label, *said.get(_SKOS + "altLabel", ())):
            known = found.get((name, country))
            if known is None or (known.needs_country and not needs):
                found[name, country] = Place(name, country, needs, label)
    _one_claim(
        [(p.name, f"a place in {p.country}") for p in found.values() if not p.needs_country],
        path.name,
    )
    return tuple(found[key] for key in sorted(found))


def read_concepts(path: Path) -> dict[str, tuple[Concept, ...]]:
    """The concepts of a Turtle file by scheme, in its order; a notation or cue claimed twice in a scheme is refused."""
    found: dict[str, list[Concept]] = defaultdict(list)
    for iri, said in _described(path, _SCHEME).items():
        scheme, _, notation = iri.removeprefix(_SCHEME).partition("/")
        if not notation:
            continue
        if _one(said, _SKOS + "notation", iri, path) != notation:
            raise RuleError(
                "the notation does not fit the IRI",
                f"{path.name}: {iri}",
                "correct one of them",
            )
        label, definition = (_one(said, _SKOS + part, iri, path) for part in ("prefLabel", "definition"))
        found[scheme].append(Concept(notation, label, definition, tuple(said.get(_SKOS + "altLabel", ()))))
    for scheme, members in found.items():
        claims = [(n, f"{scheme}/{c.notation}") for c in members for n in dict.fromkeys((c.label.lower(), *c.cues))]
        _one_claim(claims, path.name)
    return {scheme: tuple(members) for scheme, members in found.items()}


def _described(path: Path, base: str) -> dict[str, dict[str, list[str]]]:
    """What a Turtle file says of subjects below an IRI: subject → property → values, all in the file's order."""
    found: dict[str, dict[str, list[str]]] = {}
    try:
        for quad in pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE):
            subject, value = quad.subject, quad.object
            if not isinstance(subject, pyoxigraph.NamedNode) or isinstance(
                value, pyoxigraph.BlankNode | pyoxigraph.Triple
            ):
                continue
            if subject.value.startswith(base):
                found.setdefault(subject.value, {}).setdefault(quad.predicate.value, []).append(value.value)
    except SyntaxError as error:
        raise RuleError(f"is not Turtle: {error.msg}", f"{path}:{error.lineno}", "correct that line") from error
    except OSError as error:
        raise RuleError(f"cannot be read: {error}", str(path), "install the package again") from error
    return found


def _one(said: dict[str, list[str]], property_: str, iri: str, path: Path) -> str:
    values = said.get(property_, [])
    if len(values) != 1 or not values[0].strip():
        raise RuleError(
            f"needs exactly one {property_.rpartition('#')[2]}, has {values}",
            f"{path.name}: {iri}",
        )
    return values[0]


def _one_claim(claims: Iterable[tuple[str, str]], where: str) -> None:
    """Raises RuleError where one name is claimed by two entries, or twice by one."""
    claimed: dict[str, str] = {}
    for name, owner in claims:
        other = claimed.setdefault(name, owner)
        if other != owner:
            raise RuleError(
                f"the name {name!r} is claimed by {other} and by {owner}",
                where,
                "leave it to one of them",
            )
