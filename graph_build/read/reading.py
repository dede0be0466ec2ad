"""What a reader gives, and how it travels from the process in which strangers' files are opened."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

import msgspec

from graph_build.errors import InputError
from graph_build.records import Spot


class UnreadableError(Exception):
    """A reader's reason not to read a file, with what to do about it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.what = what
        self.mend = mend


class Piece(NamedTuple):
    """A stretch of a paragraph in one type."""

    text: str
    bold: bool = False
    italic: bool = False


def written(pieces: Iterable[Piece]) -> str:
    """A paragraph as Markdown: slanted words between stars, all of it between two where all of it is bold."""
    parts = [p for p in pieces if p.text]
    if not any(p.bold or p.italic for p in parts):
        return "".join(p.text for p in parts)
    words = [p for p in parts if any(c.isalnum() for c in p.text)]
    bold = bool(words) and all(p.bold for p in words) and sum(len(p.text) for p in parts) < 400
    slanted = not bold and any(p.italic for p in words) and not any("*" in p.text for p in parts)
    if not slanted:
        text = "".join(p.text for p in parts)
    else:
        text = "".join(
            _starred("".join(p.text for p in run)) if italic else "".join(p.text for p in run)
            for italic, run in groupby(parts, key=lambda p: p.italic)
        )
    stripped = text.strip()
    return f"**{stripped}**" if bold else text


def _starred(text: str) -> str:
    inner = text.strip()
    if not inner or not any(c.isalnum() for c in inner) or "\n" in inner:
        return text
    return text.replace(inner, f"*{inner}*", 1)


class Reading(msgspec.Struct, frozen=True):
    """Text of a paper with the offsets at which its pages begin, and pairs of what the file says of itself;
    of a PDF, where the words stand.

    `problem` and `mend` are filled instead where the file cannot be read.
    """

    text: str = ""
    pages: tuple[int, ...] = ()
    meta: tuple[tuple[str, str], ...] = ()
    problem: str = ""
    mend: str = ""
    spots: tuple[Spot, ...] = ()


def encoded(reading: Reading) -> bytes:
    """The bytes that travel between processes: plain data, nothing that could run."""
    return msgspec.msgpack.encode(reading)


def decoded(data: bytes, key: str) -> Reading:
    """The reading in some bytes; InputError where the reader refused the file."""
    try:
        reading = msgspec.msgpack.decode(data, type=Reading)
    except msgspec.DecodeError as problem:
        raise InputError("the reader gave no answer that makes sense", key, "the file may be damaged") from problem
    if reading.problem:
        raise InputError(reading.problem, key, reading.mend)
    if not reading.text.strip():
        raise InputError("the file has no text", key, "leave it out, or fetch the paper again")
    return reading
