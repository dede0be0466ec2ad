"""Notices that the files of a corpus changed: looks at them again and again, and waits until they have come to rest.

Looking costs one `stat` a file, which is little even for thousands, works on network folders too, and needs nothing
of the system.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from graph_build.store import is_graph

PAUSE = 1.0
"""Seconds between two looks."""
REST = 2
"""Looks in a row that must see the same before a change counts: a paper that is still being copied is not read."""

Seen = dict[str, tuple[int, int, int]]


def look(sources: Sequence[Path | str]) -> Seen:
    """The files of some sources, hidden ones left out, each with the time of its last change, its size and its number."""
    found: Seen = {}
    for source in sources:
        path = os.path.abspath(source)
        if os.path.isdir(path):
            for top, folders, files in os.walk(path):
                folders[:] = [n for n in folders if not n.startswith(".") and not is_graph(Path(top, n))]
                for name in files:
                    if not name.startswith("."):
                        _note(os.path.join(top, name), found)
        else:
            _note(path, found)
    return found


def _note(path: str, found: Seen) -> None:
    try:
        at = os.stat(path)
    except OSError:  # gone between two looks, or a link to nothing: then there is nothing to read either
        return
    found[path] = (at.st_mtime_ns, at.st_size, at.st_ino)


def watch(
    sources: Callable[[], Sequence[Path | str]],
    pause: float = PAUSE,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[int]:
    """Gives how many files differ, each time that the files of the sources changed and then came to rest.

    It looks at once, and again before each answer, so that what changes while its caller works is noticed afterwards.
    `sources` is asked anew at each look. This never ends by itself.
    """
    return _changes(look(sources()), sources, pause, sleep)


def _changes(
    known: Seen, sources: Callable[[], Sequence[Path | str]], pause: float, sleep: Callable[[float], None]
) -> Iterator[int]:
    while True:
        before, looks = known, 1
        while before == known or looks < REST:
            sleep(pause)
            now = look(sources())
            looks = looks + 1 if now == before else 1
            before = now
        differ = sum(known.get(path) != before.get(path) for path in known.keys() | before.keys())
        known = before
        yield differ
