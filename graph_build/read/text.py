"""The bytes of a file and their decoding: text stays as it stands in the file."""

from __future__ import annotations

import codecs
from pathlib import Path

from graph_build.errors import InputError

LIMIT = 32 * 1024 * 1024
"""Largest file that is read, in bytes."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def load(path: Path, key: str) -> bytes:
    """The bytes of a file; InputError where it is missing, no plain file, unreadable, empty or larger than LIMIT."""
    try:
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "does not exist" if not path.exists() else "is no regular file"
            raise InputError(f"the source {what}", key, "name a file with a paper in it")
        size = path.stat().st_size
        if size > LIMIT:
            raise InputError(
                f"the file is too large: {size:,} bytes, the limit is {LIMIT:,}", key, "split it, or leave it out"
            )
        with path.open("rb") as file:
            data = file.read(LIMIT + 1)
    except PermissionError as problem:
        raise InputError("no permission to read the file", key, "allow reading it: chmod u+r") from problem
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise InputError(f"the file cannot be read: {reason}", key, "check the disk and the path") from problem
    if not data.strip():
        raise InputError("the file is empty", key, "leave it out, or fetch the paper again")
    return data


def decode(data: bytes, key: str) -> str:
    """Text in UTF-8, UTF-16 or UTF-32 (with or without byte order mark) or Windows-1252; InputError for anything else.

    The byte order mark is no part of the text. Line ends stay as they are.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return _text(data[len(mark) :].decode(encoding), key)
            except UnicodeDecodeError as problem:
                raise InputError(
                    f"the file begins as {encoding} but breaks off at byte {problem.start + len(mark)}",
                    key,
                    "save it again as UTF-8",
                ) from problem
    wide = _wide(data)
    if wide:
        try:
            return _text(data.decode(wide), key)
        except UnicodeDecodeError:
            pass
    if _binary(data):
        raise InputError("the file is binary, not text", key, "give the paper as text, Markdown, PDF, DOCX or HTML")
    try:
        return _text(data.decode("utf-8"), key)
    except UnicodeDecodeError:
        if _mostly_beyond_ascii(data):
            raise InputError("the encoding of the text is not known", key, "save it as UTF-8") from None
        return _text(data.decode("cp1252", errors="replace"), key)


def _wide(data: bytes) -> str:
    """UTF-16 without a mark: every other byte of Latin text is zero."""
    head = data[:4096]
    if len(head) < 4 or len(data) % 2:
        return ""
    half = len(head) // 2
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.7 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.05 * half:
        return "utf-16-be"
    return ""


_CONTROL = bytes(c for c in range(32) if c not in b"\t\n\r\f\v\x1b\x08\x1a")


_BEYOND = bytes(range(128, 256))


def _binary(data: bytes) -> bool:
    head = data[:65536]
    controls = len(head) - len(head.translate(None, _CONTROL))
    return b"\0" in head or controls > max(2, len(head) // 200)


def _mostly_beyond_ascii(data: bytes) -> bool:
    """Whether no language in Windows-1252 has such bytes: of its letters fewer than one in ten is beyond ASCII."""
    head = data[:65536]
    beyond = len(head) - len(head.translate(None, _BEYOND))
    return beyond > 0.3 * len(head)


def _text(text: str, key: str) -> str:
    if not text.strip().strip("\ufeff\u200b \u00a0\r\n\t"):
        raise InputError("the file has no text", key, "leave it out, or fetch the paper again")
    return text
