"""Pictures in the site: filters in the address, files of every format, links from things, errors that say what to do."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest
from lxml import etree

from graph_build.query import query
from graph_build.store import Build
from graph_build.view import picture
from graph_build.view.ink import DARK, FAMILIES, LIGHT
from tests.drawn import WIDTHS, browser
from tests.serving import Server, server

HTML = "text/html,*/*;q=0.8"
PLACES = ["/lineage/{symposium}", "/timeline", "/attendance", "/network", "/commitments/picture"]


@pytest.fixture(scope="module")
def here(sample_folder: Path) -> Iterator[Server]:
    with server(sample_folder) as started:
        yield started


@pytest.fixture(scope="module")
def symposium(sample: Build) -> str:
    (found,) = [r["meeting"] for r in query(sample.store, "meetings") if r["date"] == "2015-03-25"]
    return found.split("/id/")[1]


@pytest.mark.parametrize("place", PLACES)
def test_pictures_have_pages_and_files(here: Server, symposium: str, place: str) -> None:
    path = place.format(symposium=symposium)
    page = here.ask(path, accept=HTML)
    text = page.body.decode()
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "<svg " in text
    assert "The same as a table" in text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    svg = here.ask(f"{path}?format=svg")
    assert svg.headers["content-type"].startswith("image/svg+xml")
    assert etree.fromstring(svg.body) is not None
    assert nx.parse_graphml(here.ask(f"{path}?format=graphml").body.decode()).number_of_nodes() > 3
    assert json.loads(here.ask(f"{path}?format=cytoscape").body)["elements"]["nodes"]
    assert len(list(csv.reader(io.StringIO(here.ask(f"{path}?format=rows").body.decode(), newline="")))) > 2


def test_filters_stand_in_the_address(here: Server, sample: Build) -> None:
    shown = here.ask("/timeline?since=2015&until=2015&format=svg").body.decode()
    assert shown == picture(sample.store, "timeline", since="2015", until="2015").svg
    page = here.ask("/attendance?party=ILO&since=2015", accept=HTML).body.decode()
    assert 'name="party" value="ILO"' in page
    assert "observer" in page
    assert 'data-name="Bangladesh"' not in page


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/lineage/meeting/none", 404, "nothing in the graph is called"),
        ("/lineage/state/TH", 400, "has no lineage"),
        ("/timeline?since=soon", 400, "is not a year"),
        ("/timeline?format=exe", 404, "no format"),
        ("/attendance?party=no+such+party", 400, "nothing in the graph is called"),
        ("/lineage/meeting/none?depth=many", 400, "no number of steps"),
        ("/lineage/meeting/none?depth=999", 400, "no number of steps"),
    ],
)
def test_what_cannot_be_shown_says_why(here: Server, path: str, status: int, said: str) -> None:
    reply = here.ask(path, accept="application/json")
    assert (reply.status, said in json.loads(reply.body)["error"]["what"]) == (status, True)


def test_things_link_to_their_pictures(here: Server, symposium: str) -> None:
    assert f'href="/lineage/{symposium}"' in here.ask(f"/id/{symposium}.html").body.decode()
    assert 'href="/attendance?party=state%2FTH"' in here.ask("/id/state/TH.html").body.decode()


def test_a_picture_in_the_site_works_in_a_browser(here: Server, symposium: str) -> None:
    with browser() as made:
        errors: list[str] = []
        for width in WIDTHS:
            page = made.new_page(viewport={"width": width, "height": 900})
            page.on("console", lambda message: errors.append(message.text))
            page.goto(f"http://127.0.0.1:{here.port}/lineage/{symposium}")
            page.wait_for_selector(".cq-ready")
            page.locator("g.cq-n:has(> rect.cq-focus)").click()
            assert page.locator(".cq-panel a").get_attribute("href", timeout=2000)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert errors == []
            page.close()


def _light(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_stands_out_from_its_ground(colours: dict[str, str]) -> None:
    for name in ("ink", "soft", *FAMILIES):
        for ground in ("ground", "card", "band", "focus"):
            a, b = sorted((_light(colours[name]), _light(colours[ground])))
            assert (b + 0.05) / (a + 0.05) >= 4.5, (name, ground)
