"""The pages in a real browser: nothing breaks, nothing is fetched from elsewhere, and everybody can use them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from graph_build.serve.files import write_site
from graph_build.serve.pages.writing import BUNDLE
from graph_build.store import Build
from tests.machine import CHROMIUM, need, need_module
from tests.serving import PREFIXES, Server, server

WEB = Path(__file__).resolve().parents[1] / "web"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDTHS = (360, 1024, 1600)


@pytest.fixture(scope="module")
def here(sample_folder: Path) -> Iterator[Server]:
    with server(sample_folder) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    need(CHROMIUM, "Chromium")
    need_module("playwright")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def page(browser: Any, here: Server) -> Iterator[Any]:
    """A page that fails the test for any error in the console and any request to another host."""
    context = browser.new_context(viewport={"width": 1024, "height": 900})
    opened = context.new_page()
    problems: list[str] = []
    opened.on("console", lambda m: problems.append(m.text) if m.type == "error" and "404" not in m.text else None)
    opened.on("pageerror", lambda e: problems.append(str(e)))
    opened.on(
        "request",
        lambda r: (
            problems.append(r.url)
            if urlsplit(r.url).scheme in ("http", "https") and urlsplit(r.url).hostname != "127.0.0.1"
            else None
        ),
    )
    yield opened
    context.close()
    assert not problems


def addresses(here: Server, sample: Build) -> dict[str, str]:
    meeting = next(h["iri"] for h in here.ask("/meetings.json").json if "2015-03-25" in h["iri"])
    claim = here.ask("/commitments.json?class=directive").json["commitments"][0]
    return {
        "home": "/",
        "meeting": urlsplit(meeting).path + ".html",
        "state": "/id/state/TH.html",
        "document": f"/id/document/{sample.manifest.documents[0].slug}.html",
        "commitment": urlsplit(claim["iri"]).path + ".html",
        "passage": urlsplit(claim["passage"]).path + ".html",
        "register": "/commitments",
        "search": "/search?q=labour",
        "questions": "/queries",
        "question": "/query/took-part?as=host&footnotes=true",
        "people": "/people",
        "quality": "/quality",
        "ontology": "/ontology.html",
        "builds": "/builds",
        "help": "/help",
        "missing": "/id/state/nowhere",
    }


def test_pages_fit_and_axe_finds_nothing_serious(browser: Any, here: Server, sample: Build) -> None:
    axe = WEB / "node_modules" / "axe-core" / "axe.min.js"
    need(axe.is_file(), "axe-core (npm ci in web/)")
    wrong: dict[str, Any] = {}
    for scheme in ("light", "dark"):
        for width in WIDTHS:
            # The policy of the pages forbids foreign scripts; the test's own comes in beside it.
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
            )
            opened = context.new_page()
            for name, path in addresses(here, sample).items():
                opened.goto(here.url + path)
                if opened.evaluate("document.documentElement.scrollWidth") > width:
                    wrong[f"{name} {width}: wider than the window"] = opened.evaluate(
                        "document.documentElement.scrollWidth"
                    )
                if width == 1024 or (scheme == "light" and name in ("home", "meeting", "document", "register")):
                    opened.add_script_tag(path=str(axe))
                    found = opened.evaluate("axe.run(document, {resultTypes: ['violations']})")
                    for v in found["violations"]:
                        if v["impact"] in ("serious", "critical"):
                            wrong[f"{name} {scheme} {width}: {v['id']}"] = [n["html"][:160] for n in v["nodes"][:2]]
            context.close()
    assert not wrong


def test_search_as_one_types_with_the_keyboard(page: Any, here: Server) -> None:
    page.goto(here.url + "/")
    page.locator("#q").press_sequentially("thailand", delay=20)
    page.wait_for_selector(".suggest li")
    page.keyboard.press("ArrowDown")
    assert page.locator('.suggest li[aria-selected="true"]').inner_text().startswith("Thailand")
    page.keyboard.press("Enter")
    page.wait_for_url("**/id/state/TH.html")
    assert page.locator("h1").inner_text() == "Thailand"


def test_a_facet_narrows_the_register(page: Any, here: Server) -> None:
    page.goto(here.url + "/commitments")
    before = int(page.locator("[data-total]").inner_text())
    page.select_option("#f-class", "directive")
    page.wait_for_url("**class=directive**")
    after = int(page.locator("[data-total]").inner_text())
    assert 0 < after < before
    assert set(page.locator(".register .tag:first-child").all_inner_texts()) == {"directive"}


def test_from_a_fact_one_step_to_its_sentence(page: Any, here: Server, sample: Build) -> None:
    page.goto(here.url + addresses(here, sample)["meeting"])
    proof = page.locator("#decided details.proof").first
    proof.locator("summary").click()
    quote_ = proof.locator("blockquote").first.inner_text()
    proof.locator("figcaption a").first.click()
    page.wait_for_load_state()
    target = page.evaluate("document.getElementById(location.hash.slice(1)).getBoundingClientRect().top")
    assert 0 <= target < 900
    assert quote_[:30] in page.locator(".hl.found").first.inner_text()


def test_pointing_at_or_focusing_a_highlight_shows_its_facts(page: Any, here: Server, sample: Build) -> None:
    page.goto(here.url + addresses(here, sample)["document"])
    run = page.locator(".run").nth(2)
    pop = run.locator(".pop")
    assert not pop.is_visible()
    run.locator(".hl").first.hover()
    assert pop.is_visible()
    assert pop.locator(".fact").count() >= 1
    page.mouse.move(5, 5)
    run.locator(".num").focus()
    assert pop.is_visible()
    page.keyboard.press("Tab")
    assert pop.is_visible()


def test_a_table_sorts(page: Any, here: Server) -> None:
    page.goto(here.url + "/id/state/TH.html")
    head = page.locator("#meetings th button").nth(1)
    head.click()
    names = page.locator("#meetings tbody tr td:nth-child(2)").all_inner_texts()
    assert names == sorted(names, key=str.lower) or len(names) > 1
    assert page.locator("#meetings th").nth(1).get_attribute("aria-sort") == "ascending"


def test_footnotes_by_a_switch(page: Any, here: Server) -> None:
    page.goto(here.url + "/ask?query=" + quote(PREFIXES + "SELECT ?who WHERE { ?m cq:hadHost ?who }"))
    assert page.locator("blockquote").count() == 0
    page.check("#p-notes")
    page.click("form.ask button")
    page.wait_for_selector("blockquote")
    assert page.locator("blockquote").count() >= 3


def test_the_editor_asks_and_shows_rows(page: Any, here: Server) -> None:
    need((BUNDLE / "editor.js").is_file(), "the bundled editor (npm run build in web/)")
    query = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 5"
    page.goto(here.url + "/editor?query=" + quote(query))
    page.wait_for_selector("html[data-editor=ready]")
    page.locator(".yasqe_queryButton:visible").first.click()
    rows = page.locator(".tabPanel.active .yasr tbody tr")
    rows.first.wait_for(timeout=10_000)
    assert rows.count() == 5
    assert page.locator(".tab").count() >= 1


def test_pages_read_without_scripts(browser: Any, here: Server, sample: Build) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    for path in addresses(here, sample).values():
        opened.goto(here.url + path)
        assert opened.locator("h1").inner_text()
    opened.goto(here.url + "/")
    opened.fill("#q", "Thailand")
    opened.press("#q", "Enter")
    assert opened.locator("#main a", has_text="Thailand").count() >= 1
    opened.goto(here.url + "/editor")
    opened.fill("#e-q", "ASK {}")
    opened.locator(".plain-editor button").click()
    assert opened.locator("td", has_text="true").count() == 1
    context.close()


def test_the_site_works_from_disk(browser: Any, sample: Build, tmp_path: Path) -> None:
    out = tmp_path / "site"
    write_site(sample, out)
    context = browser.new_context()
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda e: problems.append(str(e)))
    # going on to the next page while the icon is still being read aborts it: no fault of the site
    opened.on("requestfailed", lambda r: problems.append(r.url) if r.failure != "net::ERR_ABORTED" else None)
    opened.goto((out / "index.html").as_uri())
    opened.locator("#q").press_sequentially("thailand", delay=10)
    opened.wait_for_selector(".suggest li")
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("Enter")
    opened.wait_for_url("**/TH.html")
    opened.goto((out / "commitments.html").as_uri())
    opened.select_option("#f-class", "directive")
    assert int(opened.locator("[data-total]").inner_text()) == opened.locator(".register > li:visible").count() > 0
    context.close()
    assert not problems
