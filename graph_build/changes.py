"""What changes from one build to the next, and how a store is made from the former one by the changes alone.

The former build is only read. Its store is linked file by file, for the engine never writes to a finished table file
again, and only the copy is opened for writing.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from graph_build.dataset import Part, iri

_SHARE = 4
"""Where more than one line in so many changes, writing everything anew is as quick."""
_TABLES = 200
"""Table files above which a store is put in order; each change adds some ten."""


class UnfitError(Exception):
    """The former build does not hold what was to be taken out of it; all must be written anew."""


@dataclass(frozen=True)
class Changes:
    """Quads that differ, as lines of N-Quads without their newline, sorted.

    base    base IRI of both builds
    """

    base: str
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


@dataclass(frozen=True)
class Default:
    """What the same changes are in the default graph: triples as N-Triples writes them, without the dot."""

    removed: tuple[str, ...]
    added: tuple[str, ...]


def changes(base: str, before: Mapping[str, Part], now: Iterable[Part]) -> Changes | None:
    """What differs between the parts of two builds; None where so much does that it does not pay."""
    now = tuple(now)
    whole = sum(part.size for part in now)
    parts = {part.name: part for part in now}
    removed: set[str] = set()
    added: set[str] = set()
    # Part by part, so that only what differs is held in memory.
    for name in sorted(before.keys() | parts.keys()):
        old, new = before.get(name), parts.get(name)
        if old and new and old.digest == new.digest:
            continue
        gone, come = (set(_quads(base, [part])) if part else set() for part in (old, new))
        removed |= gone - come
        added |= come - gone
        if len(removed) + len(added) > whole // _SHARE + 1000:
            return None
    # A line may have gone over from one part of its graph to another.
    both = removed & added
    removed -= both
    added -= both
    return Changes(base, tuple(sorted(removed)), tuple(sorted(added)))


def _quads(base: str, parts: Iterable[Part]) -> Iterator[str]:
    for part in parts:
        graph = iri(f"{base}graph/{part.graph}")
        for line in part.lines():
            yield f"{line} {graph} ."


def copy_store(former: Path, to: Path) -> None:
    """A store that shares the finished table files of another; the rest is copied."""
    to.mkdir()
    for entry in sorted(os.scandir(former), key=lambda e: e.name):
        if entry.name.endswith(".sst"):
            try:
                os.link(entry.path, to / entry.name)
            except OSError:  # a file system without links
                shutil.copyfile(entry.path, to / entry.name)
        elif entry.name not in ("LOCK", "LOG") and not entry.name.startswith("LOG.old"):
            shutil.copyfile(entry.path, to / entry.name)


def change_store(folder: Path, made: Changes, default: Default) -> None:
    """Apply changes to a store that nobody reads yet."""
    import pyoxigraph as ox

    def quads(named: Iterable[str], triples: Iterable[str]) -> Iterator[ox.Quad]:
        text = "".join([*(f"{quad}\n" for quad in named), *(f"{triple} .\n" for triple in triples)])
        return ox.parse(text, format=ox.RdfFormat.N_QUADS)

    store = ox.Store(str(folder))
    for quad in quads(made.removed, default.removed):
        store.remove(quad)
    store.bulk_extend(quads(made.added, default.added))
    if sum(entry.name.endswith(".sst") for entry in os.scandir(folder)) > _TABLES:
        store.optimize()
    store.flush()
    del store
