"""The interactive page in a browser: readable at three widths, sentences on click, search, keyboard; nothing is loaded."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.view import made_trace
from graph_build.store import Build
from graph_build.view import KINDS, Picture, picture
from graph_build.view.lineage import of_trace
from tests.drawn import WIDTHS, browser, written

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page


def watch(page: Page) -> tuple[list[str], list[str]]:
    """What the page asks for, and what it complains of, from now on."""
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    return asked, errors


def pictures(sample: Build) -> dict[str, Picture]:
    return {k: picture(sample.store, k, **({"thing": "symposium 2015"} if k == "lineage" else {})) for k in KINDS}


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_are_readable_as_they_open(sample: Build, tmp_path: Path, width: int) -> None:
    with browser() as made:
        for scheme in ("light", "dark"):
            page = made.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
            asked, errors = watch(page)
            for kind, drawn in pictures(sample).items():
                address = written(tmp_path, f"{kind}.html", drawn.html)
                asked.clear()
                page.goto(address)
                page.wait_for_selector(".cq-ready")
                assert asked == [address]
                assert errors == []
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                # Letters as they stand on the screen, in px.
                page.wait_for_timeout(50)
                scale = page.evaluate(
                    "document.querySelector('.cq-view svg').getBoundingClientRect().width / +document.querySelector('.cq-view svg').dataset.w"
                )
                assert scale * 11.5 > 10
                ground = page.evaluate("getComputedStyle(document.querySelector('.cq-ground')).fill")
                assert ground == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(20, 23, 27)")
            page.close()


def test_a_click_opens_the_sentence(sample: Build, tmp_path: Path) -> None:
    with browser() as made:
        page = made.new_page(viewport={"width": 1280, "height": 1400})
        page.goto(written(tmp_path, "l.html", pictures(sample)["lineage"].html))
        page.wait_for_selector(".cq-ready")
        page.locator(".cq-words", has_text="considered at").first.click()
        panel = page.locator(".cq-panel")
        assert "Outcomes from the symposium were considered at the first meeting" in panel.inner_text()
        assert "001_060104102ca28d5d.txt, paragraph 3" in panel.inner_text()
        panel.locator("button.cq-go").last.click()
        assert "no paper of it is held here" in panel.inner_text()
        page.keyboard.press("Escape")
        page.locator(".cq-view").focus()
        page.keyboard.press("Escape")
        assert panel.is_hidden()
        # With the keyboard alone: Tab comes to the first part, Enter opens it.
        page.locator(".cq-view").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert panel.is_visible()
        page.locator("summary", has_text="The same as a table").click()
        rows = page.locator(".cq-table tbody tr")
        assert rows.count() == len(pictures(sample)["lineage"].table)
        page.locator(".cq-table th button").first.click()
        assert page.locator(".cq-table th[aria-sort]").count() == 1


def test_search_zoom_and_steps(sample: Build, tmp_path: Path) -> None:
    drawn = picture(sample.store, "lineage", thing="body/bali-process-working-group-on-trafficking-in-persons")
    with browser() as made:
        page = made.new_page(viewport={"width": 900, "height": 800})
        page.goto(written(tmp_path, "b.html", drawn.html))
        page.wait_for_selector(".cq-ready")
        before = page.locator(".cq-view g.cq-n").count()
        page.locator("select[data-steps]").select_option(index=1)
        assert page.locator(".cq-view g.cq-n").count() > before
        page.locator("input[type=search]").fill("forward work plan")
        assert page.locator(".cq-hit").count() >= 1
        assert page.locator(".cq-found").inner_text().startswith("1 of ")
        page.locator("input[type=search]").fill("no such thing")
        assert "nothing of that name" in page.locator(".cq-found").inner_text()
        page.locator("input[type=search]").fill("")
        assert page.locator(".cq-faded").count() == 0
        scale = "document.querySelector('.cq-view svg').style.transform"
        at = page.evaluate(scale)
        page.locator("button", has_text="+").click()
        page.wait_for_timeout(60)
        assert page.evaluate(scale) != at
        page.locator("button", has_text="Whole").click()
        page.wait_for_timeout(60)
        box, view = page.locator(".cq-view svg").bounding_box(), page.locator(".cq-view").bounding_box()
        assert box is not None
        assert view is not None
        assert box["width"] <= view["width"] + 1
        assert box["height"] <= view["height"] + 1


def test_rows_of_attendance_change_their_order(sample: Build, tmp_path: Path) -> None:
    with browser() as made:
        page = made.new_page(viewport={"width": 1280, "height": 900})
        page.goto(written(tmp_path, "a.html", pictures(sample)["attendance"].html))
        page.wait_for_selector(".cq-ready")
        page.locator("select[data-order]").select_option("name")
        tops = page.evaluate(
            "[...document.querySelectorAll('[data-row]')].map((r) => [r.getBoundingClientRect().top, r.dataset.name])"
        )
        names = [name for _, name in sorted(tops)]
        assert len(names) > 30
        assert names[:3] == sorted(names, key=str.casefold)[:3]


def test_five_thousand_things_open_in_two_seconds(tmp_path: Path) -> None:
    address = written(tmp_path, "big.html", of_trace(made_trace(5000)).html)
    with browser() as made:
        page = made.new_page(viewport={"width": 1280, "height": 800})
        began = time.perf_counter()
        page.goto(address)
        page.wait_for_selector(".cq-ready")
        assert time.perf_counter() - began < 2


def test_names_in_a_page_run_nothing(tmp_path: Path) -> None:
    from tests.test_view_lineage import _hostile

    with browser() as made:
        page = made.new_page()
        said: list[str] = []

        def dismissed(dialog: Dialog) -> None:
            said.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", dismissed)
        page.goto(written(tmp_path, "h.html", of_trace(_hostile()).html))
        page.wait_for_selector(".cq-ready")
        page.locator("g.cq-n").first.click()
        assert "<script>" in page.locator(".cq-panel").inner_text()
        assert said == []
