"""Which files are the corpus: the sources as given, every paper with the key by which the graph knows it."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from graph_build.errors import InputError
from graph_build.metadata import Pairs, beside, is_beside
from graph_build.store import Problem, is_graph

BESIDE = frozenset({"judgements.toml"})
"""Files that stand beside papers and are none."""


@dataclass(frozen=True, order=True)
class Paper:
    """A file of the corpus. `key`: path within its source, or the name of a file that was given itself; `meta`: what
    files beside it say of it."""

    key: str
    path: Path
    meta: Pairs = ()


@dataclass(frozen=True)
class Corpus:
    """The papers, by key; what could not be used; the files with judgements that stand beside them."""

    papers: tuple[Paper, ...]
    problems: tuple[Problem, ...] = ()
    judgements: tuple[Path, ...] = ()


def gather(sources: Sequence[Path], excluded: Iterable[str] = ()) -> Corpus:
    """The corpus of some files and folders (read recursively; hidden files and folders, and
    graphs that were built there, are skipped).

    excluded  keys of papers that were taken out
    Where two folders hold different files under one key, their keys get as much of the folders' names as tells them
    apart. The answer does not depend on the order of sources or of the file system.
    """
    papers: dict[Path, tuple[str, Path]] = {}
    problems: list[Problem] = []
    judgements: set[Path] = set()
    for source in sorted({Path(os.path.abspath(s)) for s in sources}):
        if source.is_dir():
            for path in _walk(source, problems):
                if path.name in BESIDE:
                    judgements.add(path)
                elif not is_beside(path.name):
                    papers.setdefault(path, (path.relative_to(source).as_posix(), source))
        elif os.path.lexists(source):
            papers.setdefault(source, (source.name, source.parent))
        else:
            problems.append(Problem(_plain(str(source)), "the source does not exist", "check the path"))
    keyed = _keys(papers)
    out = frozenset(excluded)
    found = []
    for paper in sorted(keyed):
        if _plain(paper.key) != paper.key:
            problems.append(Problem(_plain(paper.key), "the file's name is not valid UTF-8", "rename the file"))
        elif paper.key not in out:
            found.append(_with_meta(paper, problems))
    return Corpus(tuple(found), tuple(sorted(problems)), tuple(sorted(judgements)))


def _with_meta(paper: Paper, problems: list[Problem]) -> Paper:
    """The paper with what files beside it say; a file that is wrong is a problem, and the paper is read without it."""
    try:
        return replace(paper, meta=beside(paper.path))
    except InputError as error:
        problem = Problem(_plain(str(Path(paper.key).parent / error.where)), error.what, error.mend)
        if problem not in problems:
            problems.append(problem)
        return paper


def _walk(folder: Path, problems: list[Problem]) -> Iterable[Path]:
    def failed(error: OSError) -> None:
        reason = InputError(f"the folder cannot be read: {error.strerror}", mend="allow reading it: chmod u+rx")
        problems.append(Problem.of(_plain(str(error.filename)), reason))

    for top, folders, files in os.walk(folder, onerror=failed):
        folders[:] = sorted(n for n in folders if not n.startswith(".") and not is_graph(Path(top, n)))
        yield from (Path(top, name) for name in sorted(files) if not name.startswith("."))


def _keys(papers: dict[Path, tuple[str, Path]]) -> list[Paper]:
    """Each paper with a key of its own; more of the folders' names where keys would be shared."""
    depth = 0
    keys = {path: key for path, (key, _) in papers.items()}
    while True:
        shared: defaultdict[str, list[Path]] = defaultdict(list)
        for path, key in keys.items():
            shared[key].append(path)
        clashes = [path for group in shared.values() if len(group) > 1 for path in group]
        if not clashes:
            return [Paper(key, path) for path, key in keys.items()]
        depth += 1
        for path in clashes:
            key, root = papers[path]
            keys[path] = "/".join((*root.parts[-depth:], key)).lstrip("/")


def _plain(name: str) -> str:
    """A file name that can be written as UTF-8: bytes that are none become the replacement character."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
