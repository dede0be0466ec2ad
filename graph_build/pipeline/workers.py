"""Reads documents in worker processes, so that one that crashes or never ends costs that document alone."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import NamedTuple

import msgspec

from graph_build.errors import CommuniqueError, InputError
from graph_build.metadata import beside
from graph_build.pipeline.briefs import Brief, brief_of
from graph_build.pipeline.cache import decode, digest_of, encode
from graph_build.pipeline.sources import Paper
from graph_build.records import DocumentFacts
from graph_build.store import Problem

PATIENCE = 120.0
"""Seconds for one document: a hundred times what the longest papers need."""
FEW = 8
"""Up to so many text files are read in this process: starting others would take longer."""
_PLAIN = (".txt", ".text", ".md", ".markdown", "")

Read = Callable[[Path, str], DocumentFacts]
_brief = msgspec.msgpack.Decoder(Brief)


def read_facts(path: Path, key: str) -> DocumentFacts:
    """One document through the text stages: read, segment, mention, extract."""
    from graph_build.extract import extract
    from graph_build.mention import mention
    from graph_build.places import placed
    from graph_build.read import read
    from graph_build.segment import segment

    try:
        known = beside(path)
    except InputError:
        known = ()  # named when the sources were gathered
    return placed(extract(mention(segment(read(path, key, known)))))


class Result(NamedTuple):
    """What was read from a paper: its facts as they are kept, and the paper in brief."""

    data: bytes
    brief: Brief

    @property
    def facts(self) -> DocumentFacts:
        """The facts, checked again."""
        return decode(self.data)


def read_all(
    papers: Sequence[Paper], workers: int | None = None, reader: Read = read_facts, patience: float = PATIENCE
) -> Iterator[tuple[Paper, Result | Problem]]:
    """What was read from each paper, or why nothing was, in the order in which it becomes ready.

    workers  processes; None: as many as there are processors, or none for a few text files; 0: in this process
    """
    if workers is None:
        few = len(papers) <= FEW and all(p.path.suffix.lower() in _PLAIN for p in papers)
        workers = 0 if few else (os.cpu_count() or 1)
    if workers == 0:
        for paper in papers:
            yield paper, _attempt(reader, paper)
        return
    yield from _in_processes(papers, min(workers, len(papers)), reader, patience)


def _attempt(reader: Read, paper: Paper) -> Result | Problem:
    try:
        facts = reader(paper.path, paper.key)
        data = encode(facts)
        return Result(data, brief_of(facts, digest_of(data)))
    except CommuniqueError as error:
        return Problem.of(paper.key, error)
    # Whatever goes wrong in one paper must not cost the others; it is named, with its kind, as a mistake of ours.
    except Exception as error:
        return Problem(
            paper.key, f"reading failed: {type(error).__name__}: {error}", "this is a mistake in communique; report it"
        )


def _work(pipe: Connection, reader: Read) -> None:
    """A worker: takes papers, gives what it read, encoded, or a problem, until the pipe closes."""
    while True:
        try:
            paper: Paper = pipe.recv()
        except EOFError:
            return
        result = _attempt(reader, paper)
        pipe.send(result if isinstance(result, Problem) else (result.data, msgspec.msgpack.encode(result.brief)))


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    paper: Paper | None = field(default=None)
    since: float = 0.0

    def give(self, paper: Paper) -> None:
        self.paper, self.since = paper, time.monotonic()
        self.pipe.send(paper)

    def stop(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.join()


def _start(reader: Read) -> _Worker:
    # A fresh interpreter, not a fork: this process may hold threads (progress, the store) that a fork would freeze.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, reader), daemon=True)
    # Ctrl-C reaches the whole process group; blocked from its first moment in the worker, it is answered here alone, and
    # closing the pipe ends the worker.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    theirs.close()
    return _Worker(process, ours)


def _in_processes(
    papers: Sequence[Paper], count: int, reader: Read, patience: float
) -> Iterator[tuple[Paper, Result | Problem]]:
    todo = deque(papers)
    pool: list[_Worker] = []
    try:
        while todo or any(w.paper for w in pool):
            while todo and len(pool) < count:
                pool.append(_start(reader))
            for worker in pool:
                if worker.paper is None and todo:
                    worker.give(todo.popleft())
            busy = [w for w in pool if w.paper is not None]
            ready = wait([w.pipe for w in busy], timeout=1.0)
            for worker in busy:
                paper = worker.paper
                assert paper is not None
                if worker.pipe in ready:
                    result = _answer(worker, paper)
                elif time.monotonic() - worker.since > patience:
                    what = f"reading took longer than {patience:g} seconds and was stopped"
                    result = Problem(paper.key, what, "split the file, or leave it out")
                    worker.stop()
                else:
                    continue
                worker.paper = None
                if not worker.process.is_alive():
                    worker.stop()
                    pool.remove(worker)
                yield paper, result
    finally:
        for worker in pool:
            worker.stop()


def _answer(worker: _Worker, paper: Paper) -> Result | Problem:
    try:
        answer = worker.pipe.recv()
    except (EOFError, OSError):
        worker.process.join(5)
        code = worker.process.exitcode
        how = signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"
        return Problem(paper.key, f"the process that read it died ({how})", "the file may be damaged; leave it out")
    return answer if isinstance(answer, Problem) else Result(answer[0], _brief.decode(answer[1]))


def hash_of(paper: Paper) -> str:
    """Hash of a paper's bytes, to find what was read from them before; '' where it cannot be read or is no file."""
    try:
        if not paper.path.is_file():
            return ""
        with paper.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
