"""What a paper's text says of the paper itself."""

from __future__ import annotations

import pytest

from graph_build.read.stated import stated

BODY = "Ministers met in Suva on 3 May 2015 and agreed to meet again.\n" * 60


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("MEDIA RELEASE\n\n4 June 2014\n\n", {"date": "2014-06-04"}),
        ("Press statement by the Minister\n\nWednesday, June 4, 2014\n\n", {"date": "2014-06-04"}),
        ("MEDIA RELEASE\n\n4 June 2014\n\nEmbargo until:\n\n5 June 2014\n\n", {}),
        ("JOINT STATEMENT\n\nSuva\n\n4 June 2014\n\n", {}),
        ("MEDIA RELEASE\n\nMeeting of 4 June 2014\n\n", {}),
        ("MEDIA RELEASE\n\n45 June 2014\n\n", {}),
        ("**Published:** 2014-06-04\n\n", {"date": "2014-06-04"}),
        ("Date of issue: 4th June 2014\n\n", {"date": "2014-06-04"}),
        ("Published by the Pacific Ports Secretariat, Suva\n\n", {"publisher": "Pacific Ports Secretariat"}),
        ("ISSUED BY THE Press Office  12 High Street\n\n", {"publisher": "Press Office"}),
        ("Issued by the Co-Chairs\n\n", {}),
        ("Source: https://www.example.org/a/b.\n\n", {"address": "https://www.example.org/a/b"}),
        ("Series: Ports Papers\n\n", {"series": "Ports Papers"}),
        ("This work is under CC BY-SA 4.0.\n\n", {"licence": "CC BY-SA 4.0"}),
        ("Copies go to the CC BYOD list.\n\n", {}),
    ],
)
def test_stated(head: str, expected: dict[str, str]) -> None:
    assert dict(stated(head + BODY)) == expected


def test_the_end_counts_as_the_head_does_and_the_middle_does_not() -> None:
    assert dict(stated(BODY + "Published by the Ports Office\n")) == {"publisher": "Ports Office"}
    assert stated(BODY + "Published by the Ports Office\n" + BODY) == ()
