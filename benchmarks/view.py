"""How long a picture of a large graph takes: to draw, and until a browser shows it and moves it.

    python -m benchmarks.view              # 5,000 things
    python -m benchmarks.view 300 5000

A made-up chain of mandates, meetings, bodies and plans; the numbers are printed as a table.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from graph_build.find import Found
from graph_build.trace import Gap, Hop, Said, Trace
from graph_build.view.lineage import of_trace
from graph_build.view.picture import Picture

_TOWNS = ("Delta", "Port Alma", "Kestrel Bay", "Old Harbour", "Three Rivers")
_KINDS = ("Meeting", "Directive", "Body", "Meeting", "Instrument")
_RELATION = {"Directive": "madeAt", "Body": "establishes", "Instrument": "incorporatedInto"}


def made_trace(things: int) -> Trace:
    """A lineage of so many things: each but the first follows from one or two earlier ones."""
    found = [_thing(i) for i in range(things)]
    hops = []
    for i in range(1, things):
        for back in {(i - 1) // 3, max(0, i - 7)} if i % 11 == 0 else {(i - 1) // 3}:
            relation = _RELATION.get(found[i].kind, "heldBy" if found[back].kind == "Body" else "deliversOn")
            sentence = f"In paragraph {i} the officials noted that the work of item {back} had led to item {i}."
            hops.append(
                Hop(
                    found[back],
                    found[i],
                    relation,
                    (Said(f"paper-{i % 40:02}.txt", str(i % 30), sentence, found[i].date),),
                    1 + i // 400,
                )
            )
    leading = {h.earlier.iri for h in hops}
    gaps = tuple(Gap(t, 3, "2021-05-01", "2023-11-08") for t in found if t.iri not in leading and t.kind == "Meeting")
    return Trace(found[0], (), tuple(hops), (), gaps[: things // 20])


def _thing(number: int) -> Found:
    kind = _KINDS[number % len(_KINDS)]
    year, month, day = 1998 + number * 7 % 26, 1 + number * 5 % 12, 1 + number * 11 % 28
    date = "" if kind == "Body" else f"{year}" if kind == "Instrument" else f"{year}-{month:02}-{day:02}"
    end = str(year + 2) if kind == "Instrument" else ""
    name = {
        "Meeting": f"{number}th regional meeting of senior officials on the protection of rivers and lakes",
        "Directive": f"Ministers directed officials to report on item {number} of the agenda before the next meeting",
        "Body": f"Working Group {number} on the safety of river crossings",
        "Instrument": f"Forward Work Plan {number}",
    }[kind]
    id_ = f"{kind.lower()}/{number}"
    return Found(
        f"https://communique.example/id/{id_}",
        id_,
        kind,
        name,
        date,
        _TOWNS[number % 5] if kind == "Meeting" else "",
        end,
    )


def in_browser(picture: Picture) -> tuple[float, float]:
    """Seconds until the page is usable, and the longest of 60 frames while it is dragged, in milliseconds."""
    from tests.drawn import browser

    with tempfile.TemporaryDirectory() as folder, browser() as made:
        file = Path(folder) / "view.html"
        file.write_text(picture.html, encoding="utf-8")
        page = made.new_page(viewport={"width": 1280, "height": 800})
        began = time.perf_counter()
        page.goto(file.as_uri())
        page.wait_for_selector(".cq-ready")
        opened = time.perf_counter() - began
        box = page.locator(".cq-view").bounding_box()
        assert box is not None
        page.evaluate(
            """() => { window.worst = 0; let last = performance.now();
                const tick = (now) => { window.worst = Math.max(window.worst, now - last); last = now; requestAnimationFrame(tick); };
                requestAnimationFrame(tick); }"""
        )
        page.mouse.move(box["x"] + 600, box["y"] + 30)
        page.mouse.down()
        for step in range(60):
            page.mouse.move(box["x"] + 600 - step * 8, box["y"] + 30)
        page.mouse.up()
        return opened, float(page.evaluate("window.worst"))


def main(sizes: list[int]) -> None:
    print(f"{'things':>8} {'draw s':>8} {'html MB':>8} {'drawn':>6} {'open s':>8} {'worst frame ms':>15}")
    for size in sizes:
        trace = made_trace(size)
        began = time.perf_counter()
        picture = of_trace(trace)
        html = picture.html
        drew = time.perf_counter() - began
        opened, worst = in_browser(picture)
        print(
            f"{size:>8} {drew:>8.2f} {len(html) / 1e6:>8.2f} {len(picture.drawn[0]):>6} {opened:>8.2f} {worst:>15.0f}"
        )


if __name__ == "__main__":
    main([int(a) for a in sys.argv[1:]] or [5000])
