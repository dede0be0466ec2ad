"""What a browser makes of a drawing: where each text came to stand, and which of them lie over each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from tests.machine import CHROMIUM, need, need_module

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
WIDTHS = (360, 1024, 1600)

TEXTS = """() => {
  const svg = document.querySelector('svg'), inverse = svg.getScreenCTM().inverse();
  const box = (e) => {
    const b = e.getBBox(), m = inverse.multiply(e.getScreenCTM()), p = svg.createSVGPoint();
    p.x = b.x; p.y = b.y;
    const q = p.matrixTransform(m);
    return [q.x, q.y, q.x + b.width, q.y + b.height];
  };
  return [...svg.querySelectorAll('text')].filter((t) => getComputedStyle(t).display !== 'none' && t.textContent)
    .map((t) => {
      const g = t.parentElement;
      const rect = g.matches('.cq-n, .cq-words') ? g.querySelector(':scope > rect[rx]') : null;
      return {text: t.textContent, box: box(t), within: rect ? box(rect) : null, w: +svg.dataset.w, h: +svg.dataset.h};
    });
}"""
CARDS = """() => [...document.querySelectorAll('svg g.cq-n[data-id]')].map((g) => {
  const r = g.querySelector('rect.cq-card[rx]');
  if (!r) return null;
  const b = r.getBBox();
  return {text: g.dataset.id, box: [b.x, b.y, b.x + b.width, b.y + b.height]};
}).filter(Boolean)"""


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium without network; the test is skipped where there is none."""
    need(CHROMIUM, "chromium")
    need_module("playwright")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield made
        finally:
            made.close()


def show(page: Page, svg: str) -> None:
    """Load a drawing."""
    page.set_content(f"<!DOCTYPE html><body style='margin:0'>{svg}</body>")


def overlaps(boxes: list[dict[str, Any]], slack: float = 1.0) -> list[tuple[str, str]]:
    """Pairs that lie over each other by more than `slack` px both ways (line boxes are taller than their letters)."""
    found = []
    boxes = sorted(boxes, key=lambda b: float(b["box"][0]))
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            if b["box"][0] >= a["box"][2] - slack:
                break
            if a["box"][1] < b["box"][3] - slack and b["box"][1] < a["box"][3] - slack:
                found.append((a["text"], b["text"]))
    return found


def outside(texts: list[dict[str, Any]], slack: float = 0.5) -> list[str]:
    """Texts that leave their card or the picture."""
    found = []
    for t in texts:
        left, top, right, bottom = t["within"] or (0, 0, t["w"], t["h"])
        x0, y0, x1, y1 = t["box"]
        if x0 < left - slack or y0 < top - slack or x1 > right + slack or y1 > bottom + slack:
            found.append(t["text"])
    return found


def look(page: Page, svg: str) -> None:
    """Fail where texts or cards of a drawing lie over each other, or leave their card or the picture; it must be XML."""
    etree.fromstring(svg.encode("utf-8"))
    show(page, svg)
    texts = page.evaluate(TEXTS)
    assert len(texts) > 2
    assert overlaps(texts) == []
    assert outside(texts) == []
    assert overlaps(page.evaluate(CARDS)) == []


def written(folder: Path, name: str, text: str) -> str:
    """The file: address of a page."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path.as_uri()
