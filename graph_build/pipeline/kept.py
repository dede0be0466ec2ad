"""What papers and readings gave to the graphs of the last build, kept on disk so that the next makes only what differs.

```
OUT/parts/DIGEST     a paper's summary, the classes of its nodes and its lines; or the lines of another part of a graph
OUT/parts/ledger     which parts the build in use is made of, and what the shapes found in each
```

Everything here can be made again: what is damaged or missing is, and a folder without it builds as a new one does.
"""

from __future__ import annotations

import os
import shutil
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import msgspec

from graph_build.dataset import Part
from graph_build.iris import RDF
from graph_build.triples.parts import Lines, Summary

_HEAD = struct.Struct("<III")
_IS_A = f" <{RDF}type> "
_summary = msgspec.msgpack.Decoder(Summary)
_lines = msgspec.msgpack.Decoder(Lines)
_texts = msgspec.msgpack.Decoder(tuple[str, ...])


class DamagedError(Exception):
    """Something that was kept cannot be read; without all that was kept, everything is made anew."""


@contextmanager
def _whole(name: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, zlib.error, struct.error) as error:
        raise DamagedError(f"{name}: {error}") from error


class Ledger(msgspec.Struct, frozen=True):
    """What the build in use is made of.

    build    its name
    parts    graph, name, digest and size of each part
    results  what the shapes found, by the digest of what was validated together
    """

    build: str = ""
    parts: tuple[tuple[str, str, str, int], ...] = ()
    results: dict[str, tuple[tuple[str, str, str, str], ...]] = {}


class Kept:
    """The parts below a folder; those that this build used or made stay, the others go when it is published."""

    def __init__(self, folder: Path, facts: Mapping[str, str]) -> None:
        """`facts`: digest of the facts of each paper by its key."""
        self.folder = folder
        self._facts = facts
        self._used: set[str] = set()
        self._results: dict[str, tuple[tuple[str, str, str, str], ...]] = {}
        self.ledger = self._read_ledger()

    def _read_ledger(self) -> Ledger:
        try:
            return msgspec.msgpack.decode((self.folder / "ledger").read_bytes(), type=Ledger)
        except (OSError, msgspec.DecodeError):
            return Ledger()

    # What triples are made of

    def facts(self, key: str) -> str:
        """Digest of the facts of a paper of this build."""
        return self._facts[key]

    def summary(self, digest: str) -> Summary | None:
        """What is known of a paper's lines, or None."""
        self._used.add(digest)
        try:
            return _summary.decode(self._section(digest, 0))
        except (OSError, ValueError, zlib.error, struct.error):
            return None

    def put(self, digest: str, summary: Summary, lines: Lines) -> None:
        """Keep what a paper gives."""
        classes = tuple(line for graph in lines for line in graph if _IS_A in line)
        sections = [zlib.compress(msgspec.msgpack.encode(s), 1) for s in (summary, classes, lines)]
        self._write(digest, _HEAD.pack(*map(len, sections)) + b"".join(sections))

    def lines(self, digest: str) -> Lines:
        """The lines of a paper that were kept."""
        with _whole(digest):
            return _lines.decode(self._section(digest, 2))

    def classes(self, digest: str) -> tuple[str, ...]:
        """Those of a paper's lines that say of what class a node is."""
        with _whole(digest):
            return _texts.decode(self._section(digest, 1))

    def put_part(self, digest: str, lines: tuple[str, ...]) -> None:
        """Keep the lines of a part of a graph; they are known by their own digest."""
        self._used.add(digest)
        if not (self.folder / digest).is_file():
            self._write(digest, zlib.compress(msgspec.msgpack.encode(lines), 1))

    def part(self, digest: str) -> tuple[str, ...]:
        """The lines of a part."""
        with _whole(digest):
            return _texts.decode(zlib.decompress((self.folder / digest).read_bytes()))

    def _section(self, digest: str, number: int) -> bytes:
        with (self.folder / digest).open("rb") as file:
            sizes = _HEAD.unpack(file.read(_HEAD.size))
            file.seek(sum(sizes[:number]), os.SEEK_CUR)
            return zlib.decompress(file.read(sizes[number]))

    def _write(self, name: str, data: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        written = self.folder / f".{name}.{os.getpid()}"
        written.write_bytes(data)
        os.replace(written, self.folder / name)

    # What the shapes found

    def results(self, digest: str) -> Sequence[Sequence[str]] | None:
        """What was found in a part, or None where it was never looked for."""
        found = self.ledger.results.get(digest)
        if found is not None:
            self._results[digest] = found
        return found

    def put_results(self, digest: str, results: Sequence[Sequence[str]]) -> None:
        """Keep what was found in a part."""
        self._results[digest] = tuple((r[0], r[1], r[2], r[3]) for r in results)

    # From build to build

    def forget(self) -> None:
        """Remove all that was kept."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.ledger = Ledger()
        self.__dict__.pop("_former", None)

    def before(self, build: str) -> dict[str, Part] | None:
        """The parts of the build in use by name; None where they are not known."""
        if not build or self.ledger.build != build:
            return None
        return {name: self._part(graph, name, digest, size) for graph, name, digest, size in self.ledger.parts}

    def former(self, name: str) -> Part | None:
        """The part of this name of the build before; None where there is none or it cannot be read."""
        found = self._former.get(name)
        return self._part(*found) if found and (self.folder / found[2].partition("/")[0]).is_file() else None

    @cached_property
    def _former(self) -> dict[str, tuple[str, str, str, int]]:
        return {entry[1]: entry for entry in self.ledger.parts}

    def _part(self, graph: str, name: str, digest: str, size: int) -> Part:
        paper, _, section = digest.partition("/")
        if not section:
            return Part(graph, name, digest, size, lambda: self.part(digest))
        return Part(graph, name, digest, size, lambda: self.lines(paper)[int(section)])

    def published(self, build: str, parts: Iterable[Part]) -> None:
        """Note what the build in use is made of, and remove what it is not made of."""
        if not self.folder.is_dir():
            return
        ledger = Ledger(build, tuple((p.graph, p.name, p.digest, p.size) for p in parts), self._results)
        self._write("ledger", msgspec.msgpack.encode(ledger))
        used = {p.digest.partition("/")[0] for p in parts} | {"ledger"}
        for entry in os.scandir(self.folder):
            if entry.name not in used:
                os.unlink(entry)
