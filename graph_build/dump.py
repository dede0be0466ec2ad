"""The canonical dump of a build on disk: sorted lines of N-Quads in pieces, so that builds share what did not change.

```
dump/NUMBER-HASH.nq     a piece; all of them in the order of their names are the dump: cat dump/*.nq
dump/pieces.json        hash, size and first line of each piece
```

A piece begins at each line whose checksum says so, one in some thousands. So the pieces follow from the lines alone, not
from how the dump came about, and a line more changes one piece.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import BinaryIO
from zlib import crc32

import msgspec

from graph_build.changes import Changes, Default, UnfitError
from graph_build.dataset import APART

_EVERY = 4096
"""Lines of a piece on average: some 800 kB."""
_PIECES = "pieces.json"


@dataclass(frozen=True)
class Piece:
    """Some lines of a dump: SHA-256 and size of their bytes, and the first of them."""

    hash: str
    size: int
    first: str


class Dump:
    """The dump below a folder, read piece by piece."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lines = lru_cache(4)(self._read)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Its pieces in order. Raises OSError or ValueError where they are not known."""
        return msgspec.json.decode((self.folder / _PIECES).read_bytes(), type=tuple[Piece, ...])

    @property
    def hash(self) -> str:
        """Hash of the hashes of the pieces in their order."""
        return hashlib.sha256("".join(p.hash for p in self.pieces).encode()).hexdigest()

    @property
    def size(self) -> int:
        """Its bytes."""
        return sum(p.size for p in self.pieces)

    @cached_property
    def _firsts(self) -> list[str]:
        return [p.first for p in self.pieces]

    def path(self, number: int) -> Path:
        """The file of a piece."""
        return self.folder / name(number, self.pieces[number].hash)

    def chunks(self) -> Iterator[bytes]:
        """Its bytes, piece by piece."""
        return (self.path(number).read_bytes() for number in range(len(self.pieces)))

    def open(self) -> BinaryIO:
        """Its bytes as one file."""
        return io.BufferedReader(_Joined(self.chunks()))

    def read_text(self) -> str:
        """The whole dump, which may be large."""
        return b"".join(self.chunks()).decode()

    def copy(self, to: Path) -> None:
        """Write it as one file."""
        with to.open("wb") as file:
            file.writelines(self.chunks())

    def _read(self, number: int) -> list[str]:
        return self.path(number).read_bytes().decode().split("\n")[:-1]

    def lines(self, number: int) -> list[str]:
        """The lines of a piece, without their newlines."""
        return self._lines(number)

    def at(self, line: str) -> int:
        """The piece in which a line stands, or would stand."""
        return max(0, bisect_right(self._firsts, line) - 1)

    def starting(self, start: str) -> Iterator[str]:
        """The lines that begin so, in order."""
        for number in range(self.at(start), len(self.pieces)):
            lines = self.lines(number)
            for place in range(bisect_left(lines, start), len(lines)):
                if not lines[place].startswith(start):
                    return
                yield lines[place]


class _Joined(io.RawIOBase):
    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._left = chunks, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        into = memoryview(buffer)  # type: ignore[arg-type]  # what `io` hands over is a buffer
        if not self._left:
            self._left = memoryview(next(self._chunks, b""))
        count = min(len(into), len(self._left))
        into[:count], self._left = self._left[:count], self._left[count:]
        return count


def name(number: int, hash_: str) -> str:
    """The file of a piece."""
    return f"{number:06}-{hash_[:16]}.nq"


class _Writer:
    """Writes the pieces of a dump in order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[Piece] = []
        self._left: list[str] = []
        self._fresh: list[Path] = []
        folder.mkdir()

    def add(self, lines: Iterable[str]) -> None:
        """Lines that follow those before."""
        for line in lines:
            if self._left and _begins(line):
                self.cut()
            self._left.append(line)

    def extend(self, lines: list[str], beginning: Iterable[str]) -> None:
        """Lines that follow those before, of which it is known which begin a piece."""
        start = 0
        for end in sorted(bisect_left(lines, line) for line in beginning):
            self._left += lines[start:end]
            self.cut()
            start = end
        self._left += lines[start:]

    def cut(self) -> None:
        """The lines since the last cut are a piece."""
        if self._left:
            data = "\n".join((*self._left, "")).encode()
            piece = Piece(hashlib.sha256(data).hexdigest(), len(data), self._left[0])
            self._fresh.append(self.folder / name(len(self.made), piece.hash))
            self._fresh[-1].write_bytes(data)
            self.made.append(piece)
            self._left = []

    def share(self, former: Dump, number: int) -> None:
        """A piece that is the same as one of another dump."""
        self.cut()
        piece = former.pieces[number]
        _link(former.path(number), self.folder / name(len(self.made), piece.hash))
        self.made.append(piece)

    def end(self) -> Dump:
        """The dump, brought to the disk: all pieces at the end, for one after the other each would wait for the disk."""
        self.cut()
        for path in self._fresh:
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        (self.folder / _PIECES).write_bytes(msgspec.json.encode(self.made))
        return Dump(self.folder)


def _begins(line: str) -> bool:
    return crc32(line.encode()) % _EVERY == 0


def _link(existing: Path, to: Path) -> None:
    try:
        os.link(existing, to)
    except OSError:  # a file system without links
        shutil.copyfile(existing, to)


def write(folder: Path, lines: Iterable[str]) -> Dump:
    """Write a dump of lines of N-Quads in order, each without its newline."""
    writer = _Writer(folder)
    writer.add(lines)
    return writer.end()


def change(former: Dump, folder: Path, made: Changes) -> tuple[Dump, Default]:
    """Write a dump from the former one; and what changes in the default graph. UnfitError where it does not fit."""
    count = len(former.pieces)
    removed: dict[int, set[str]] = {}
    added: dict[int, set[str]] = {}
    for quads, by_piece in ((made.removed, removed), (made.added, added)):
        for quad in quads:
            by_piece.setdefault(former.at(quad), set()).add(quad)
    writer = _Writer(folder)
    for number in range(count):
        gone, come = removed.get(number, set()), added.get(number, set())
        goes_on = number + 1 < count and former.pieces[number + 1].first in removed.get(number + 1, ())
        if not gone and not come and not goes_on:
            writer.share(former, number)
            continue
        lines = set(former.lines(number))
        if not gone <= lines or lines & come:
            raise UnfitError(next(iter((gone - lines) | (lines & come))))
        lines = (lines - gone) | come
        first = former.pieces[number].first
        beginning = [line for line in (come | {first}) & lines if _begins(line)]
        writer.extend(sorted(lines), beginning)
    if not count:
        writer.add(made.added)
    return writer.end(), _default(former, made)


def _default(former: Dump, made: Changes) -> Default:
    """A triple stands once in the default graph, however many of its graphs hold it."""
    prefix = f"<{made.base}graph/"
    touched: dict[str, tuple[set[str], set[str]]] = {}
    for quads, which in ((made.removed, 0), (made.added, 1)):
        for quad in quads:
            triple, _, graph = quad[:-2].rpartition(" ")
            if not graph[len(prefix) :].startswith(APART):
                touched.setdefault(triple, (set(), set()))[which].add(graph)
    removed, added = [], []
    for triple in sorted(touched):
        out, into = touched[triple]
        start = f"{triple} <"
        graphs = {line[len(start) - 1 : -2] for line in former.starting(start)}
        before = {graph for graph in graphs if not graph[len(prefix) :].startswith(APART)}
        now = (before - out) | into
        if before and not now:
            removed.append(triple)
        elif now and not before:
            added.append(triple)
    return Default(tuple(removed), tuple(added))
