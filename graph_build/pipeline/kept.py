"""What papers and readings gave to the graphs of the last build, kept on disk so that the next makes only what differs.

```
OUT/parts/ledger     which parts the build in use is made of, what the shapes found in each, the heads of all entries
OUT/parts/papers     every paper in brief
OUT/parts/DIGEST     the sections of an entry (see `triples.parts`)
```

Everything here can be made again: what is damaged, missing or of another version of the code is, and a folder without it
builds as a new one does.
"""

from __future__ import annotations

import os
import shutil
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import msgspec

from graph_build.dataset import Part
from graph_build.pipeline.briefs import Brief
from graph_build.pipeline.cache import code_hash
from graph_build.triples.parts import unpack

_NUMBERS = struct.Struct("<6I")
"""Where up to six sections end, counted from the first."""
_FILES = ("ledger", "papers")


class DamagedError(Exception):
    """Something that was kept cannot be read; without all that was kept, everything is made anew."""


class Ledger(msgspec.Struct, frozen=True, array_like=True):
    """What the build in use is made of.

    version  of the code that made it
    build    its name
    parts    graph, name, digest and size of each part
    results  what the shapes found, by the digest of what was validated together
    heads    heads of entries by their digest
    agreed   what the search for agreed language found
    """

    version: str = ""
    build: str = ""
    parts: tuple[tuple[str, str, str, int], ...] = ()
    results: dict[str, tuple[tuple[str, str, str, str], ...]] = {}
    heads: dict[str, bytes] = {}
    agreed: bytes = b""


class Kept:
    """The entries below a folder; those that this build used or made stay, the others go when it is published."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._facts: Mapping[str, str] = {}
        self._made: dict[str, bytes] = {}
        self._used: set[str] = set()
        self._results: dict[str, tuple[tuple[str, str, str, str], ...]] = {}
        self.ledger = self._read_ledger()

    def _read_ledger(self) -> Ledger:
        try:
            found = msgspec.msgpack.decode((self.folder / "ledger").read_bytes(), type=Ledger)
        except (OSError, msgspec.DecodeError):
            return Ledger()
        return found if found.version == code_hash() else Ledger()

    # Every paper in brief

    def papers(self) -> dict[str, Brief]:
        """The briefs of the papers that were read before, by the names of their entries in the cache."""
        try:
            data = (self.folder / "papers").read_bytes()
            version, found = msgspec.msgpack.decode(data, type=tuple[str, dict[str, Brief]])
        except (OSError, msgspec.DecodeError):
            return {}
        return found if version == code_hash() else {}

    def put_papers(self, briefs: Mapping[str, Brief]) -> None:
        """Keep the briefs of the papers of this build."""
        self._write("papers", msgspec.msgpack.encode((code_hash(), briefs)))

    # Entries, as `triples.parts.Kept` has them

    def of(self, facts: Mapping[str, str]) -> None:
        """Take the digests of the facts of the papers of this build, by key."""
        self._facts = facts

    def facts(self, key: str) -> str:
        """Digest of the facts of a paper of this build."""
        return self._facts[key]

    def begin(self) -> None:
        """Entries that are not asked for or put from here on are no part of the build."""
        self._used = set()
        self._results = {}

    def head(self, digest: str) -> bytes | None:
        """The head of an entry, or None where it is not known."""
        self._used.add(digest)
        found = self._made.get(digest)
        return self.ledger.heads.get(digest) if found is None else found

    def section(self, digest: str, number: int) -> bytes:
        """A section of an entry whose head is known; DamagedError where it cannot be read."""
        try:
            with (self.folder / digest).open("rb") as file:
                ends = (0, *_NUMBERS.unpack(file.read(_NUMBERS.size)))
                file.seek(_NUMBERS.size + ends[number])
                found = file.read(ends[number + 1] - ends[number])
        except (OSError, struct.error) as error:
            raise DamagedError(f"{digest}: {error}") from error
        if zlib.crc32(found[4:]) != int.from_bytes(found[:4], "little"):
            raise DamagedError(digest)
        return found[4:]

    def put(self, digest: str, head: bytes, *sections: bytes) -> None:
        """Keep an entry."""
        self._used.add(digest)
        self._made[digest] = head
        checked = [zlib.crc32(s).to_bytes(4, "little") + s for s in sections]
        ends = [sum(map(len, checked[: i + 1])) for i in range(6)]
        self._write(digest, _NUMBERS.pack(*ends) + b"".join(checked))

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
        self._made = {}
        self.__dict__.pop("_former", None)

    def before(self, build: str) -> dict[str, Part] | None:
        """The parts of the build in use by name; None where they are not known."""
        if not build or self.ledger.build != build:
            return None
        return {entry[1]: self._part(*entry) for entry in self.ledger.parts}

    def former(self, name: str) -> Part | None:
        """The part of this name of the build before; None where there is none or it cannot be read."""
        found = self._former.get(name)
        return self._part(*found) if found and (self.folder / found[2].partition("/")[0]).is_file() else None

    @cached_property
    def _former(self) -> dict[str, tuple[str, str, str, int]]:
        return {entry[1]: entry for entry in self.ledger.parts}

    def _part(self, graph: str, name: str, digest: str, size: int) -> Part:
        entry, _, number = digest.partition("/")
        return Part(graph, name, digest, size, lambda: unpack(self.section(entry, int(number))))

    def published(self, build: str, parts: Iterable[Part], agreed: bytes) -> None:
        """Note what the build in use is made of, and remove what it is not made of."""
        if not self.folder.is_dir():
            return
        heads = {name: found for name in self._used if (found := self.head(name)) is not None}
        listed = tuple((p.graph, p.name, p.digest, p.size) for p in parts)
        ledger = Ledger(code_hash(), build, listed, self._results, dict(sorted(heads.items())), agreed)
        self._write("ledger", msgspec.msgpack.encode(ledger))
        for entry in os.scandir(self.folder):
            if entry.name not in heads and entry.name not in _FILES:
                os.unlink(entry)
