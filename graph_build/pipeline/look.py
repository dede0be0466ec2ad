"""Looks at a published graph: what is in it, what changed since, and whether it still conforms."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import msgspec

from graph_build.dataset import Dataset
from graph_build.errors import InputError
from graph_build.pipeline.sources import Paper, gather
from graph_build.pipeline.workers import hash_of
from graph_build.store import Build, Problem, open_build, pointer

if TYPE_CHECKING:
    from graph_build.validate import Engine, Finding, Report


@dataclass(frozen=True)
class PaperStatus:
    """A paper of the graph, and whether its file is still the same.

    copy_of  key of the paper of whose words it is a copy, or ''
    """

    key: str
    facts: int
    state: Literal["same", "changed", "gone"]
    copy_of: str = ""


@dataclass(frozen=True)
class Status:
    """What is in a graph. `new`: papers of its sources that it has not read; `excluded`: papers taken out."""

    build: str
    at: str
    base: str
    triples: int
    sources: tuple[str, ...]
    papers: tuple[PaperStatus, ...]
    new: tuple[str, ...]
    excluded: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def stale(self) -> bool:
        """Whether building again would read something anew."""
        return bool(self.new) or any(p.state != "same" for p in self.papers)


def status(out: Path | str) -> Status:
    """What is in the graph of a folder; InputError where there is none."""
    out = Path(out)
    with open_build(out) as build:
        at = pointer(out)
        if at is None:
            raise InputError("this is one build, not a folder of a graph", str(out), "name the folder above `builds`")
        corpus = gather([Path(s) for s in at.sources], at.excluded)
        files = {p.key: p for p in corpus.papers}
        papers = []
        for entry in build.manifest.documents:
            papers.append(PaperStatus(entry.key, entry.facts, _state(files.pop(entry.key, None), entry.sha256)))
            for copy in entry.copies:
                state = _state(files.pop(copy.key, None), copy.sha256)
                papers.append(PaperStatus(copy.key, entry.facts, state, entry.key))
        failed = {p.key for p in build.manifest.problems}
        return Status(
            build.name,
            at.at,
            build.base,
            build.manifest.triples,
            at.sources,
            tuple(papers),
            tuple(sorted(key for key in files if key not in failed)),
            at.excluded,
            build.manifest.problems,
        )


def _state(file: Paper | None, sha256: str) -> Literal["same", "changed", "gone"]:
    if file is None:
        return "gone"
    return "same" if hash_of(file) == sha256 else "changed"


def check(out: Path | str, engine: str = "auto") -> tuple[Report, tuple[Finding, ...]]:
    """The report of the shapes on a published graph, and what was left out when it was built."""
    from graph_build.validate import Finding, validate

    with open_build(out) as build:
        report = validate(dataset_of(build), cast("Engine", engine))
        try:
            data = msgspec.json.decode((build.folder / "report.json").read_bytes(), type=dict[str, tuple[Finding, ...]])
        except FileNotFoundError:
            data = {}
        return report, data.get("left_out", ())


def dataset_of(build: Build) -> Dataset:
    """The quads of a build, read from its dump."""
    prefix = f"<{build.base}graph/"
    graphs: dict[str, list[str]] = {}
    with build.dump.open() as file:
        for data in file:
            line = data.decode()
            triple, _, graph = line[:-3].rpartition(" ")
            graphs.setdefault(graph.removeprefix(prefix)[:-1], []).append(triple)
    return Dataset(build.base, {name: tuple(lines) for name, lines in sorted(graphs.items())})
