"""The entities of a corpus as triples: class, names, reconciled values, merges, former IRIs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from graph_build.dataset import iri, moment, number, text
from graph_build.iris import DCTERMS, REFERENCE, SKOS, slug
from graph_build.records import Entity
from graph_build.triples.papers import LABEL, A, concept, cq, entity_iri

_CLASS = {
    "meeting": "Meeting",
    "series": "MeetingSeries",
    "body": "Body",
    "organisation": "Organisation",
    "state": "State",
    "person": "Person",
    "instrument": "Instrument",
    "instrument-series": "InstrumentSeries",
    "place": "Place",
}
_TYPE = {
    "meeting": ("meetingType", "meeting-type"),
    "instrument": ("instrumentType", "instrument-type"),
}
_SERIES = {"meeting": "inSeries", "instrument": "inInstrumentSeries"}
_VALUES = {
    "start": "start",
    "end": "end",
    "city": "city",
    "country": "country",
    "period_start": "periodStart",
    "period_end": "periodEnd",
    "periodStart": "periodStart",
    "periodEnd": "periodEnd",
}


class Common(NamedTuple):
    """What all entities of a build share: its base, the keys of all of them, the label of each ISO code."""

    base: str
    keys: frozenset[str]
    state_names: dict[str, str]


def entity_lines(found: Iterable[Entity], common: Common) -> Iterator[str]:
    """Triples of entities."""
    for entity in found:
        node = entity_iri(entity, common.base)
        for property_, value in _said(entity, common.base, common.keys):
            yield f"{node} {property_} {value}"
        for former in entity.former:
            yield f"{iri(f'{common.base}id/{former}')} <{DCTERMS}isReplacedBy> {node}"


def place_lines(found: Iterable[Entity], common: Common) -> Iterator[str]:
    """Triples of the places that meetings name, sorted."""
    places = {place for e in found if e.kind == "meeting" and (place := _place(e))}
    for city, country in sorted(places):
        node = iri(f"{common.base}id/{place_key(city, country)}")
        yield f"{node} {A} {cq('Place')}"
        yield f"{node} {LABEL} {text(city)}"
        if country:
            yield f"{node} {cq('country')} {iri(f'{common.base}id/state/{country}')}"


def state_lines(codes: Iterable[str], common: Common) -> Iterator[str]:
    """Triples of the states that are named only as a country, so that no entity stands for them, sorted."""
    for code in sorted(codes):
        if f"state/{code}" not in common.keys:
            node = iri(f"{common.base}id/state/{code}")
            yield f"{node} {A} {cq('State')}"
            yield f"{node} {LABEL} {text(common.state_names.get(code, code))}"
            yield f"{node} {cq('isoCode')} {text(code)}"
            if code in common.state_names:
                yield f"{node} {cq('reference')} {iri(f'{REFERENCE}state/{code}')}"


def place_key(city: str, country: str) -> str:
    """The path of a place below `/id/`."""
    return f"place/{slug(f'{city} {country}')}"


def _place(entity: Entity) -> tuple[str, str] | None:
    said = {name: value for name, value, _ in entity.values}
    return (said["city"], said.get("country", "")) if "city" in said else None


def _said(entity: Entity, base: str, keys: frozenset[str]) -> Iterator[tuple[str, str]]:
    def id_(path: str) -> str:
        return iri(f"{base}id/{path}")

    yield A, cq(_CLASS[entity.kind])
    yield LABEL, text(entity.label)
    for name in entity.names:
        if name != entity.label:
            yield f"<{SKOS}altLabel>", text(name)
    if entity.acronym:
        yield cq("acronym"), text(entity.acronym)
    if entity.code:
        yield cq("isoCode"), text(entity.code)
        if entity.kind == "state":
            yield cq("reference"), iri(f"{REFERENCE}state/{entity.code}")
    if entity.reference and entity.kind != "state":
        yield cq("reference"), iri(f"{REFERENCE}organisation/{entity.reference}")
    if entity.type and entity.kind in _TYPE:
        property_, scheme = _TYPE[entity.kind]
        yield cq(property_), concept(scheme, entity.type)
    if entity.part_of:
        yield cq("parentBody"), id_(entity.part_of)
    if entity.series in keys and entity.kind in _SERIES:
        yield cq(_SERIES[entity.kind]), id_(entity.series)
    if entity.ordinal.isdecimal():
        yield cq("ordinal"), number(int(entity.ordinal))
    for name, value, how in entity.values:
        if (property_ := _VALUES.get(name, "")) == "":
            continue
        if name == "country":
            yield cq(property_), id_(f"state/{value}")
        else:
            yield cq(property_), text(value) if name == "city" else moment(value)
        if how:
            yield cq("reconciledBecause"), text(f"{name} {value}: {how}")
    if entity.kind == "meeting" and (place := _place(entity)):
        yield cq("place"), id_(place_key(*place))
    for merge in entity.merges:
        yield cq("mergedBecause"), text(f"{merge.rule}: {merge.because}")
