"""Where passages stand on the pages of a PDF: the boxes of their lines, from the boxes of the words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from graph_build.records import Box, DocumentFacts, Span, Spot


@dataclass(frozen=True, slots=True)
class Place:
    """The boxes of a passage on one page (counted from 1): one for each line of it."""

    page: int
    boxes: tuple[Box, ...]


def places(known: Sequence[Spot], spans: Iterable[Span]) -> tuple[Place, ...]:
    """The places of some spans among known spots (in the order of the text), page by page."""
    found: dict[int, list[Box]] = {}
    for span in spans:
        for at in range(bisect_right(known, span.start, key=lambda s: s.end), len(known)):
            spot = known[at]
            if spot.start >= span.end:
                break
            boxes = found.setdefault(spot.page, [])
            if boxes and _same_line(boxes[-1], spot.box):
                boxes[-1] = _joined(boxes[-1], spot.box)
            else:
                boxes.append(spot.box)
    return tuple(Place(page, tuple(boxes)) for page, boxes in sorted(found.items()))


def region(page: int, box: Box) -> str:
    """A box as a fragment: `page` as RFC 8118 has it, `xywh` in percent of the page as Media Fragments have it."""
    left, top, right, bottom = box
    x, y, w, h = (f"{100 * v:.2f}".rstrip("0").rstrip(".") for v in (left, top, right - left, bottom - top))
    return f"page={page}&xywh=percent:{x},{y},{w},{h}"


def placed(facts: DocumentFacts) -> DocumentFacts:
    """The facts with as many spots as the places of their passages need: words side by side that no passage parts are
    one, and words of no passage none."""
    if not facts.document.spots:
        return facts
    spans = {span for passage in facts.passages() for span in passage.spans}
    edges = sorted({at for span in spans for at in (span.start, span.end)})
    covered = _merged(spans)
    kept: list[Spot] = []
    part = -1
    for spot in facts.document.spots:
        at = bisect_right(covered, spot.start, key=lambda s: s[0]) - 1
        if at >= 0 and spot.start < covered[at][1] or at + 1 < len(covered) and covered[at + 1][0] < spot.end:
            now = bisect_right(edges, spot.start)
            last = kept[-1] if kept else None
            if last and now == part and last.page == spot.page and _same_line(last.box, spot.box):
                kept[-1] = Spot(last.start, spot.end, spot.page, _joined(last.box, spot.box))
            else:
                kept.append(spot)
            part = now
    return replace(facts, document=replace(facts.document, spots=tuple(kept)))


def _merged(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """What the spans cover, without overlaps, in order."""
    covered: list[tuple[int, int]] = []
    for start, end in sorted((s.start, s.end) for s in spans):
        if covered and start <= covered[-1][1]:
            covered[-1] = (covered[-1][0], max(end, covered[-1][1]))
        else:
            covered.append((start, end))
    return covered


def _same_line(a: Box, b: Box) -> bool:
    height = a[3] - a[1]
    return abs(a[3] - b[3]) < 0.6 * height and b[0] >= a[0] and b[0] - a[2] < 3 * height


def _joined(a: Box, b: Box) -> Box:
    return (a[0], min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))
