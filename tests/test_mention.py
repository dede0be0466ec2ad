"""Mentions, things and meetings: tables of cases in tests/cases, and small papers as wholes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graph_build.mention import mention
from graph_build.mention.dates import compatible, dates, with_year
from graph_build.mention.ordinals import ordinal
from graph_build.records import Document, Mentioned
from graph_build.segment import segment

CASES = Path(__file__).parent / "cases"
_MARK = re.compile(r"\[([bie])\|([^\]]+)\]")
_KINDS = {"b": "body", "i": "instrument", "e": "event"}


def rows(name: str, least: int) -> list[str]:
    found = [x for x in (CASES / name).read_text(encoding="utf-8").splitlines() if x.strip() and not x.startswith("#")]
    assert len(found) >= least
    return found


def paper(text: str) -> Mentioned:
    return mention(segment(Document("paper.txt", text, "0" * 64)))


@pytest.mark.parametrize("row", rows("dates.txt", 20))
def test_dates(row: str) -> None:
    text, _, expected = row.partition(" =>")
    got = [f"{text[m.start : m.end]} = {m.value}" for m in dates(text, 0)]
    assert got == [x.strip() for x in expected.split(";") if x.strip()]


@pytest.mark.parametrize("row", rows("names.txt", 18))
def test_names(row: str) -> None:
    expected = []
    plain = ""
    at = 0
    for m in _MARK.finditer(row):
        plain += row[at : m.start()]
        name = re.sub(r"\s*\([A-Z]+\)$", "", m.group(2))
        expected.append((len(plain), len(plain) + len(name), _KINDS[m.group(1)]))
        plain += m.group(2)
        at = m.end()
    plain += row[at:]
    found = paper(plain)
    named = {t.id for t in found.things if t.named or t.kind == "event"}
    got = [
        (m.start, m.end, m.kind)
        for m in found.outer(len(found.mentions) - 1)
        if m.kind in _KINDS.values() and m.thing in named
    ]
    # an acronym in brackets is a mention of its own
    got = [g for g in got if not any(e[1] < g[0] <= e[1] + 2 for e in expected)]
    assert got == expected


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Ninth Annual Meeting", "9"),
        ("the 45th session", "45"),
        ("Forty-fifth Session", "45"),
        ("twenty third meeting", "23"),
        ("Twentieth Forum", "20"),
        ("COP21", "21"),
        ("the XVI Summit", "16"),
        ("Inaugural Dialogue", "1"),
        ("Regional Symposium", ""),
        ("thirtieth anniversary", "30"),
    ],
)
def test_ordinals(text: str, figures: str) -> None:
    assert ordinal(text) == figures


@pytest.mark.parametrize(
    ("a", "b", "fits"),
    [
        ("2011-03", "2011-03-30", True),
        ("2011", "2011-03-30", True),
        ("2011-04", "2011-03-30", False),
        ("", "2011", True),
        ("--07-05", "2014-07-05", True),
        ("--07-05", "2014-07-06", False),
    ],
)
def test_dates_that_can_be_one(a: str, b: str, fits: bool) -> None:
    assert compatible(a, b) is fits


def test_a_year_from_context() -> None:
    assert with_year("--07-05/--07-06", "2014") == "2014-07-05/2014-07-06"
    assert with_year("2013/2013", "2014") == "2013/2013"


def facts(text: str) -> list[tuple[str, str, str, str, str, str]]:
    """(status, label, start, end, city, country) of each meeting of a paper."""
    found = paper(text)

    def v(value: object) -> str:
        return getattr(value, "value", "") if value else ""

    return [
        (e.status, found.thing_of[e.event].label, v(e.start), v(e.end), v(e.city), v(e.country)) for e in found.events
    ]


_HEAD = (
    "Fifth Conference of Harbour Masters⏎Lisbon, 12 March 2011¶"
    "The Conference was attended by forty harbour masters and their deputies.¶"
)
_OF_HEAD = "D Fifth Conference of Harbour Masters | 2011-03-12 | Lisbon PT"


def meetings(text: str) -> list[str]:
    """The meetings of a paper in small, as tests/cases/events.txt writes them."""
    text = f"{_HEAD}{text[1:]}" if text.startswith("§") else text
    shown = []
    for status, label, start, end, city, country in facts(text.replace("¶", "\n\n").replace("⏎", "\n")):
        when = start if start == end else f"{start}/{end}"
        shown.append(f"{status[0].upper()} {label} | {when or '-'} | {f'{city} {country}'.strip() or '-'}")
    return [x for x in shown if x != _OF_HEAD] if text.startswith(_HEAD) else shown


@pytest.mark.parametrize("row", rows("events.txt", 60))
def test_meetings_of_small_papers(row: str) -> None:
    text, _, expected = row.partition("=>")
    assert meetings(text.strip()) == [x.strip() for x in expected.split(";;") if x.strip()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "HARBOUR FORUM\n\nTHIRD MEETING OF PORT DIRECTORS\n\nLIMA, PERU\n\n4-6 MAY 2009\n\nChair's Summary\n\n"
            "1. The Third Meeting of Port Directors was held in Lima, Peru, from 4 to 6 May 2009.\n\n"
            "2. The Meeting recalled the Second Meeting of Port Directors held in Suva, Fiji, in June 2007.",
            [
                ("described", "Third Meeting of Port Directors", "2009-05-04", "2009-05-06", "Lima", "PE"),
                ("mentioned", "Second Meeting of Port Directors", "2007-06", "2007-06", "Suva", "FJ"),
            ],
        ),
        (
            "Joint Communiqué of the 4th Session of the Kenya–Norway Joint Commission, Nairobi, 3–4 June 2014\n\n"
            "The 4th Session of the Joint Commission was held in Nairobi from 3 to 4 June 2014. "
            "The Commission agreed that the 5th Session would be held in Oslo in 2016.",
            [
                (
                    "described",
                    "4th Session of the Kenya–Norway Joint Commission",
                    "2014-06-03",
                    "2014-06-04",
                    "Nairobi",
                    "KE",
                ),
                ("mentioned", "5th Session", "2016", "2016", "Oslo", "NO"),
            ],
        ),
        (
            "The members of the Harbour Safety Initiative (HSI) met in Rotterdam, the Netherlands, on October 31–November 1, 2022.\n\n"
            "At the Second HSI Summit, members reaffirmed their commitment to safe harbours.",
            [("described", "Second HSI Summit", "2022-10-31", "2022-11-01", "Rotterdam", "NL")],
        ),
        (
            "MEDIA RELEASE\n\n5 August 2013\n\nThe Minister will attend the Sixth Harbour Conference in Suva, Fiji, on 9 August 2013.",
            [("mentioned", "Sixth Harbour Conference", "2013-08-09", "2013-08-09", "Suva", "FJ")],
        ),
    ],
    ids=["title-and-text", "bilateral-commission", "no-title", "news"],
)
def test_meetings(text: str, expected: list[tuple[str, str, str, str, str, str]]) -> None:
    assert facts(text) == expected


def test_short_forms_are_joined_only_where_one_thing_fits() -> None:
    found = paper(
        "Summary of the Second Workshop on Rural Roads, Suva, Fiji, 3 May 2001\n\n"
        "1. The Working Group on Ports and the Working Group on Roads took part in the workshop.\n\n"
        "2. The Working Group was thanked."
    )
    labels = {t.label: t.names for t in found.things if t.kind == "body"}
    assert labels == {"Working Group on Ports": (), "Working Group on Roads": ()}
    short = [m for m in found.mentions[1] if m.rule == "events/short"]
    assert [m.thing for m in short] == [found.main]


def test_acronyms_and_fuller_names_are_one_thing() -> None:
    found = paper(
        "The Harbour Safety Task Force (HSTF) met.\n\nThe HSTF adopted the Lima Action Plan on Ports 2019-2023. "
        "The Port Safety Office/PSO and the PSO spoke."
    )
    things = {t.label: (t.acronym, t.names) for t in found.things if t.kind == "body"}
    assert things["Harbour Safety Task Force (HSTF)"] == ("HSTF", ("Harbour Safety Task Force", "HSTF"))
    assert things["Port Safety Office (PSO)"][0] == "PSO"


def test_hostile_text_is_only_text() -> None:
    found = paper('<script>alert("x")</script> The Task Force on "Ports" \u202e met\x00 in Lima on 3 May 2001. ' * 30)
    assert all(m.end > m.start for ms in found.mentions for m in ms)
