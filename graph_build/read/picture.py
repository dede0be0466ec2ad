"""Pictures of the pages of a PDF, drawn in a confined process."""

from __future__ import annotations

import struct

from graph_build.read.confined import call


def picture(data: bytes, page: int, where: str, width: int = 1000) -> bytes:
    """A PNG of a page (counted from 1), `width` pixels wide; InputError where there is no such page."""
    return call("graph_build.read.pdf.picture:draw", struct.pack(">II", page, width) + data, where)
