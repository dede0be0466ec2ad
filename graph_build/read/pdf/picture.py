"""Pictures of pages."""

from __future__ import annotations

import struct
import zlib

_LARGEST = 4000


def draw(request: bytes) -> bytes:
    """A PNG of one page: `request` is the page (from 1) and the width in pixels as two 32-bit numbers, then the PDF.

    Forms and annotations are not drawn, scripts not run. Raises IndexError where there is no such page.
    """
    import pypdfium2

    number, width = struct.unpack(">II", request[:8])
    document = pypdfium2.PdfDocument(request[8:])
    try:
        if not 0 < number <= len(document):
            raise IndexError(f"there is no page {number}")
        page = document[number - 1]
        wide, high = page.get_size()
        scale = min(width, _LARGEST) / max(wide, 1.0)
        scale = min(scale, _LARGEST / max(high, 1.0))
        bitmap = page.render(scale=scale, may_draw_forms=False, draw_annots=False, rev_byteorder=True)
        rows = bytes(bitmap.buffer)
        channels, stride, size = bitmap.n_channels, bitmap.stride, (bitmap.width, bitmap.height)
    finally:
        document.close()
    return _png(rows, size, stride, channels)


def _png(rows: bytes, size: tuple[int, int], stride: int, channels: int) -> bytes:
    """A PNG file (RFC 2083) of pixels with 1 (grey), 3 (RGB) or 4 (RGBX, the fourth left out) bytes."""
    width, height = size
    lines = []
    for y in range(height):
        line = rows[y * stride : y * stride + width * channels]
        if channels == 4:
            kept = bytearray(3 * width)
            kept[0::3], kept[1::3], kept[2::3] = line[0::4], line[1::4], line[2::4]
            line = bytes(kept)
        lines.append(b"\0" + line)
    header = struct.pack(">IIBBBBB", width, height, 8, 0 if channels == 1 else 2, 0, 0, 0)
    parts = (b"IHDR", header), (b"IDAT", zlib.compress(b"".join(lines), 6)), (b"IEND", b"")
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
