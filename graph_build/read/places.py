"""Where the words of a passage stand on the pages of a PDF, and pictures of those pages.

Nothing of this is kept in the text: reading the same file gives the same words at the same offsets, so the places
are found again from the file. `spots` may be kept beside the text by whoever does not keep the file.
"""

from __future__ import annotations

import struct
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from graph_build.read.confined import call
from graph_build.records import Span

Box = tuple[float, float, float, float]
"""Left, top, right, bottom as parts (0 to 1) of the page's width and height, from the upper left corner."""


class Spot(msgspec.Struct, frozen=True):
    """A word of the text: its offsets, its page (from 0) and its box."""

    start: int
    end: int
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Place:
    """The boxes of a passage on one page (counted from 1): one for each line of it."""

    page: int
    boxes: tuple[Box, ...]


def spots(data: bytes, where: str) -> list[Spot]:
    """The words of a PDF's text with their places, in the order of the text."""
    return msgspec.msgpack.decode(call("graph_build.read.pdf:find_spots", data, where), type=list[Spot])


def places(known: Sequence[Spot], spans: Iterable[Span]) -> tuple[Place, ...]:
    """The places of some spans among known spots (in the order of the text), page by page."""
    found: dict[int, list[Box]] = {}
    for span in spans:
        from_ = bisect_right(known, span.start, key=lambda s: s.end)
        until = bisect_left(known, span.end, key=lambda s: s.start)
        for spot in known[from_:until]:
            if spot.start < span.end and span.start < spot.end:
                boxes = found.setdefault(spot.page, [])
                if boxes and _same_line(boxes[-1], spot.box):
                    last = boxes[-1]
                    boxes[-1] = (
                        last[0],
                        min(last[1], spot.box[1]),
                        max(last[2], spot.box[2]),
                        max(last[3], spot.box[3]),
                    )
                else:
                    boxes.append(spot.box)
    return tuple(Place(page + 1, tuple(boxes)) for page, boxes in sorted(found.items()))


def _same_line(a: Box, b: Box) -> bool:
    height = a[3] - a[1]
    return abs(a[3] - b[3]) < 0.6 * height and b[0] >= a[0] and b[0] - a[2] < 3 * height


def picture(data: bytes, page: int, where: str, width: int = 1000) -> bytes:
    """A PNG of a page (counted from 1), `width` pixels wide; InputError where there is no such page."""
    return call("graph_build.read.pdf.picture:draw", struct.pack(">II", page, width) + data, where)
