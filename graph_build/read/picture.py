"""Pictures of the pages of a PDF, and where the words of its text stand on them, from a confined process."""

from __future__ import annotations

import struct

from graph_build.read.confined import call
from graph_build.read.reading import decoded
from graph_build.records import Spot


def spots(data: bytes, where: str) -> tuple[Spot, ...]:
    """The words of a PDF's text with their places, in the order of the text; InputError where it cannot be read."""
    return decoded(call("graph_build.read.pdf:read_pdf", data, where), where).spots


def picture(data: bytes, page: int, where: str, width: int = 1000) -> bytes:
    """A PNG of a page (counted from 1), `width` pixels wide; InputError where there is no such page."""
    return call("graph_build.read.pdf.picture:draw", struct.pack(">II", page, width) + data, where)
