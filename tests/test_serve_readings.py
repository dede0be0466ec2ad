"""The pages of the readings: small papers read by the program, served and written as files; hostile text stays text."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from graph_build import pipeline
from graph_build.export import export
from graph_build.query import query
from graph_build.readings.language import aligned
from graph_build.serve.files import write_site
from graph_build.serve.pages.readings import ALL, again, chains, marked, pairs
from graph_build.store import open_build
from tests.machine import CHROMIUM, need, need_module
from tests.serving import Server, server
from tests.test_serve_browser import FLAGS, WEB

PAPERS = Path(__file__).parent / "cases" / "readings" / "papers"
HTML = "text/html,*/*;q=0.8"
EVIL = "<img src=x onerror=alert(1)> \u202e \"'{{7*7}}"
SAID = f"Members agreed that every {EVIL} dam of the basin must be counted and marked by its state within ten years."
JUDGED = """
[[label]]
thing = "meeting/2015-03-10-apia-river-basin-process-regional-workshop-on-flood-warning-for-downstream"
label = "Apia <b>Flood</b> Workshop"
who = "A. Analyst <i>"
when = 2026-01-15
why = "as everybody calls it"

[[reject]]
fact = "commitment/none/of-this-name"
who = "A. Analyst"
when = 2026-01-15
why = "no longer here"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder of the small papers, two of them with hostile words, and a judgement."""
    made = tmp_path_factory.mktemp("readings")
    shutil.copytree(PAPERS, made / "papers")
    for file, day in (("2018-dams.txt", "3 May 2018"), ("2019-dams.txt", "4 May 2019")):
        (made / "papers" / file).write_text(
            f"Third {EVIL} Workshop on Dams\n\n{day}, Suva, Fiji\n\nCo-Chairs' Summary\n\n1. The Workshop on Dams was held in "
            f"Suva, Fiji on {day}. The Working Group on Flood Warning comprises Fiji, Samoa and Tonga.\n\n2. {SAID if '2018' in file else SAID.replace('ten', 'five')}\n",
            "utf-8",
        )
    pipeline.build(made / "papers", out=made / "graph", workers=0)
    (made / "papers" / "judgements.toml").write_text(JUDGED, "utf-8")
    pipeline.build(made / "papers", out=made / "graph", workers=0)
    return made / "graph"


@pytest.fixture(scope="module")
def here(folder: Path) -> Iterator[Server]:
    with server(folder) as started:
        yield started


@pytest.fixture(scope="module")
def site(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("files") / "site"
    with open_build(folder) as build:
        write_site(build, out)
    return out


def text_of(page: str) -> str:
    """The words of a page, without marks and with single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def rows(here: Server, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(here.ask(f"/query/{name}.csv").text)))


WORKSHOP = "River Basin Process Regional Workshop on Flood Warning for Downstream Communities"
SAYS = [
    ("/readings", "Agreed language"),
    ("/readings", "What persons judged 2"),
    ("/", "What the papers say together"),
    ("/language", "through 3 papers first stood in 2013-ministers.txt"),
    ("/language", "speaker: Participants → Members"),
    ("/language", "two papers of one meeting"),
    ("/language?kind=boilerplate", "always said: thanks"),
    ("/language?words=no+such+words", "No passage of one paper stands again in another."),
    ("/language?paper=2013-ministers.txt", "2 passages that stand again"),
    ("/accounts", "2015-workshop-outcomes.txt , 2015-workshop-summary.txt"),
    ("/counts", "Fits 3"),
    ("/counts?only=cannot-be-said", "it counts persons; the papers list states and organisations"),
    ("/followup", "no later mention found in 5 papers from 2015-03-11 to 2019-05-04, of which 3 of this forum"),
    ("/followup?found=any&kind=directive", "→ delivered on by Apia <b>Flood</b> Workshop"),
    ("/followup?by=ministers&found=none", "1 commitment, 1 without a later mention"),
    ("/missing", "Record of the first meeting of the Working Group on Flood Warning"),
    ("/missing?kind=annex", "List of participants (Annex I)"),
    ("/members?on=2017-08-07&known=2018", "by papers up to 2018"),
    ("/quality", "no statement has this key any more"),
    ("/quality", "Changes since the build before"),
    ("/quality", "Coverage by paper 6"),
    ("/commitments?followed=no+later+mention+found", "no later mention found in 5 papers"),
    ("/commitments?level=ministers", "deciding words “ directed ”"),
    ("/query/judged", "as everybody calls it"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "words"), SAYS)
def test_pages_say(here: Server, path: str, words: str) -> None:
    reply = here.ask(path, Accept=HTML)
    assert (reply.status, reply.media) == (200, "text/html"), reply.body[:300]
    assert words in text_of(reply.text)
    assert reply.text.count("<h1") == 1
    assert not re.search(r"<[^>]+\s(?:on\w+|style)=", reply.text)
    assert "<img src=x" not in reply.text
    assert "<b>Flood" not in reply.text
    assert "Analyst <i>" not in reply.text
    assert "49" not in re.findall(r"&#39;(\d+)", reply.text)


def test_changed_words_are_marked_on_both_sides(here: Server) -> None:
    page = " ".join(here.ask("/language", Accept=HTML).text.split())
    assert "<del>ten</del>" in page
    assert "<ins>five</ins>" in page
    assert re.search(r"<del>Ministers</del> agreed that the loss of wetlands", page)
    assert re.search(r"<ins>Participants</ins> agreed that the loss of wetlands", page)
    assert re.search(r"&lt;img src=x onerror=alert\(1\)&gt;", page), "the words of a paper stand there as words"


def test_every_sentence_that_a_page_cites_is_found_in_its_paper(here: Server) -> None:
    papers: dict[str, str] = {}
    seen = 0
    for path in ("/language?kind=all", "/counts", "/followup", "/missing", "/members", *accounts(here)):
        for paper, place in set(
            re.findall(r'href="(/id/document/[^"#]+)#(p[\d-]+)"', here.ask(path, Accept=HTML).text)
        ):
            papers.setdefault(paper, here.ask(paper, Accept=HTML).text)
            assert f'id="{place}"' in papers[paper], (path, paper, place)
            seen += 1
    assert seen > 60


def accounts(here: Server) -> list[str]:
    return sorted(set(re.findall(r'href="(/accounts/[^"]+)"', here.ask("/accounts", Accept=HTML).text)))


def test_accounts_stand_in_two_columns_field_by_field(here: Server) -> None:
    (page,) = [p for p in accounts(here) if "2015-03-10" in p]
    text = text_of(here.ask(page, Accept=HTML).text)
    assert "Field 2015-workshop-outcomes.txt 2015-workshop-summary.txt They differ" in text
    assert "role host in one, co-chair in the other co-chair: Samoan Ministry of Natural Resources" in text
    assert "count 62 participants The workshop was attended by 62 participants" in text
    assert text.index("They differ") < text.index("They agree") < text.index("Only one says")
    assert here.ask("/accounts/meeting/none", Accept="application/json").status == 404
    one = rows(here, "meetings")[0]["meeting"]
    alone = next(
        m
        for m in (r["meeting"] for r in rows(here, "meetings"))
        if f"/accounts/{m.split('/id/')[1]}" not in accounts(here)
    )
    assert one
    assert here.ask(f"/accounts/{alone.split('/id/')[1]}", Accept="application/json").status == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/language?kind=nothing", 400),
        ("/members?on=soon", 400),
        ("/followup?thing=zzzz", 400),
        ("/missing?kind=all", 400),
    ],
)
def test_what_cannot_be_asked_says_so(here: Server, path: str, status: int) -> None:
    reply = here.ask(path, Accept="application/json")
    assert (reply.status, reply.json["error"]["code"]) == (status, "bad-query")


def test_membership_as_known_at_a_date(here: Server) -> None:
    counts = {}
    for asked in ("", "?on=2017-08-06", "?on=2018-06", "?on=2020&known=2018", "?known=2017-08-06"):
        page = here.ask(f"/members{asked}", Accept=HTML).text
        found = re.search(r'id="m">Members of bodies <span class="n">(\d+)</span>', page)
        assert found
        told = list(csv.DictReader(io.StringIO(here.ask(f"/query/members.csv{asked}").text)))
        assert int(found[1]) == len(told), asked
        counts[asked] = len(told)
    assert counts["?on=2017-08-06"] == counts["?known=2017-08-06"] == 0, "no paper up to then says who is a member"
    assert counts["?on=2018-06"] == counts["?on=2020&known=2018"] >= 3, (
        "the paper of 2019 says it of a later day, and later"
    )
    assert counts[""] == counts["?on=2018-06"] + 3


def thing(here: Server, name: str, column: str, **wanted: str) -> str:
    found = next(r for r in rows(here, name) if all(r[k] == v for k, v in wanted.items()))
    return text_of(here.ask(urlsplit(found[column]).path + ".html", Accept=HTML).text)


def test_things_tell_what_the_readings_say_of_them(here: Server) -> None:
    silent = "Ministers urged all states to publish the safety records of large dams every year"
    page = thing(here, "followup", "commitment", clause=silent)
    assert "What later papers say of it No later mention found in 5 papers" in page
    assert "That is silence of these papers, not proof that nothing was done." in page
    assert "communique judge reject commitment/2013-ministers/" in page
    told = thing(here, "followup", "commitment", follow_up="delivered-on", scope="commitment")
    assert "delivered on Apia <b>Flood</b> Workshop this commitment" in told
    meeting = thing(here, "accounts", "meeting", date="2015-03-10", field="role")
    assert "Two accounts compared" in meeting
    assert "Numbers that the papers state" in meeting
    assert "What persons judged 1 Statements of persons, not of papers." in meeting
    assert "A. Analyst <i> 15 January 2026 as everybody calls it" in meeting
    assert "communique judge label meeting/2015-03-10-apia" in meeting
    assert "Papers that are not held 1" in meeting
    missing = thing(here, "missing", "missing", kind="annex")
    assert "Paper that is not held List of participants (Annex I)" in missing
    assert "What the papers say of it 1" in missing
    reuse = thing(here, "language", "reuse", later="2017-working-group.txt")
    assert "through 3 papers" in reuse


def test_the_forms_of_a_reading_are_data(here: Server) -> None:
    path = urlsplit(rows(here, "missing")[0]["missing"]).path
    assert "cq:MissingPaper" in here.ask(path, Accept="text/turtle").text or here.ask(path + ".ttl").text
    assert here.ask(path + ".json").json["kind"] == "MissingPaper"


def test_tables_of_the_readings_are_exported(folder: Path, tmp_path: Path) -> None:
    with open_build(folder) as build:
        export(build, "csv", tmp_path / "tables")
    wanted = ("language", "accounts", "count-checks", "followup", "missing", "cited", "members", "posts", "judged",
              "quality-coverage", "quality-doubts")  # fmt: skip
    for name in wanted:
        with (tmp_path / "tables" / f"{name}.csv").open(newline="", encoding="utf-8") as file:
            assert len(list(csv.DictReader(file))) >= (0 if name == "posts" else 1), name


# The site as files


def test_the_site_as_files_has_the_readings_and_no_broken_link(site: Path) -> None:
    pages = [site / f"{address}.html" for address in (*ALL, "readings", "quality")]
    pages += sorted((site / "accounts").rglob("*.html"))
    assert len(pages) >= 9
    for page in pages:
        for found in set(re.findall(r'(?:href|src|action)="([^"]*)"', page.read_text("utf-8"))):
            target = unescape(found)
            if target.startswith(("http:", "https:", "#", "data:")):
                continue
            path = unquote(target.split("#")[0].split("?")[0])
            assert not target.startswith("/"), (page, target)
            assert not path or (page.parent / path).exists(), (page, target)
    assert "always said" in text_of((site / "language.html").read_text("utf-8")), (
        "all there is, for nobody can ask for more"
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    need(CHROMIUM, "Chromium")
    need_module("playwright")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


def test_pages_fit_and_nothing_serious_is_wrong_with_them(browser: Any, here: Server) -> None:
    axe = WEB / "node_modules" / "axe-core" / "axe.min.js"
    wrong: dict[str, Any] = {}
    for width, scheme in ((400, "light"), (1300, "light"), (1300, "dark")):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
        opened = context.new_page()
        opened.on("pageerror", lambda e: wrong.setdefault(str(e), 1))
        opened.on("dialog", lambda d: wrong.setdefault(d.message, 1))
        for path in ("/readings", "/language?kind=all", "/accounts", *accounts(here), "/counts", "/followup", "/missing", "/members",
                     "/quality", "/commitments"):  # fmt: skip
            opened.goto(here.url + path)
            if opened.evaluate("document.documentElement.scrollWidth") > width:
                wrong[f"{path} {width}"] = "wider than the window"
            if axe.is_file():
                opened.add_script_tag(path=str(axe))
                found = opened.evaluate("axe.run(document, {resultTypes: ['violations']})")
                for v in found["violations"]:
                    if v["impact"] in ("serious", "critical"):
                        wrong[f"{path} {scheme} {width}: {v['id']}"] = [n["html"][:160] for n in v["nodes"][:2]]
        context.close()
    assert not wrong


def test_texts_stand_beside_each_other_and_under_each_other_where_narrow(browser: Any, here: Server) -> None:
    opened = browser.new_page(viewport={"width": 1300, "height": 900})
    opened.goto(here.url + "/language")
    first, second = (opened.locator(".twice figure").nth(i).bounding_box() for i in (0, 1))
    assert first["y"] == second["y"]
    assert first["x"] < second["x"]
    opened.set_viewport_size({"width": 400, "height": 900})
    first, second = (opened.locator(".twice figure").nth(i).bounding_box() for i in (0, 1))
    assert first["y"] < second["y"]
    opened.locator(".twice figcaption a").first.click()
    opened.wait_for_load_state()
    assert "agreed that the loss of wetlands" in opened.locator(".hl.found").first.inner_text()
    opened.close()


def test_the_files_narrow_down_without_a_server(browser: Any, site: Path, folder: Path) -> None:
    opened = browser.new_page()
    opened.goto((site / "members.html").as_uri())
    shown = "table.asof tbody tr:visible"
    everything = opened.locator(shown).count()
    opened.fill("#p-on", "2016")
    assert opened.locator("section:has(#m) tbody tr:visible").count() == 0
    assert 0 < opened.locator(shown).count() < everything
    opened.fill("#p-on", "")
    opened.fill("#p-known", "2018")
    with open_build(folder) as build:
        known = len(query(build.store, "members", known="2018"))
    assert opened.locator("section:has(#m) tbody tr:visible").count() == known >= 3
    opened.goto((site / "commitments.html").as_uri())
    for value in ("no later mention found", "cannot be said", "repeated"):
        opened.select_option("#f-followed", value)
        assert int(opened.locator("[data-total]").inner_text()) == opened.locator(".register > li:visible").count() > 0
    opened.close()


# What the pages are made from


def row(was: str, now: str, **more: str) -> dict[str, str]:
    base = {
        "earlier_words": was, "later_words": now, "earlier_quote": was, "later_quote": now, "measure": "0.8",
        "earlier_speaker": "", "later_speaker": "", "first_passage": "p1", "earlier_passage": "p1", "later_passage": "p2",
        "earlier": "a", "later": "b", "boilerplate": "", "reuse": "r",
    }  # fmt: skip
    return {**base, **more}


def test_pieces_of_both_texts_are_their_own_words() -> None:
    made = again(
        row(
            "The dams, of old",
            "the dams of new",
            earlier_quote="Now: The dams, of old ones",
            later_quote="the dams of new",
        )
    )
    assert [(p.text, p.how) for p in made.earlier] == [
        ("Now:", "beside"), ("The dams, of", "same"), ("old", "changed"), ("ones", "beside"),
    ]  # fmt: skip
    assert [(p.text, p.how) for p in made.later] == [("the dams of", "same"), ("new", "changed")]
    assert list(aligned("a b", "a c")) == [(True, "a", "a"), (False, "b", "c")]
    assert marked({"one_value": "a b", "other_value": "a"})[1] == again(row("a", "a")).later


@pytest.mark.parametrize(
    ("one", "other", "speaks"),
    [("Members", "Participants", True), ("participants", "Participants", False), ("The co-chairs", "Co-Chairs", False), ("", "Members", False)],
)  # fmt: skip
def test_a_speaker_changed_only_where_two_are_named(one: str, other: str, speaks: bool) -> None:
    assert again(row("a", "b", earlier_speaker=one, later_speaker=other)).speaker is speaks


def test_chains_come_with_the_longest_first() -> None:
    made = chains(
        [
            row("x", "y", first_passage="p9", earlier_passage="p9"),
            row("a", "b"),
            row("b", "c", earlier="b", later="c", earlier_passage="p2", later_passage="p3"),
        ]
    )
    assert [(c.id, c.papers, len(c.links)) for c in made] == [("p1", 3, 2), ("p9", 2, 1)]
    assert made[0].first["earlier"] == "a"


def test_accounts_are_paired_by_meeting_and_papers() -> None:
    base = {
        "date": "2012",
        "meeting": "m",
        "meeting_label": "M",
        "one": "a",
        "other": "b",
        "one_value": "x",
        "other_value": "y",
    }
    made = pairs(
        [
            {**base, "field": field, "result": result, "other": other}
            for field, result, other in (("outcome", "differ", "b"), ("name", "differ", "b"), ("start", "agree", "c"))
        ]
    )
    assert [(p.other, [r["field"] for r in p.differ], len(p.agree)) for p in made] == [
        ("b", ["name", "outcome"], 0),
        ("c", [], 1),
    ]
