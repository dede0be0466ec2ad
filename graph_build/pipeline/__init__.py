"""Runs the stages over a corpus: files to facts, in parallel and with a cache; facts to a validated, published build."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from graph_build.changes import changes
from graph_build.errors import InputError, ValidationError
from graph_build.iris import BASE, CQ, check_base, document_slugs
from graph_build.pipeline.cache import Cache, digest_of, encode, rules_hash
from graph_build.pipeline.copies import copies
from graph_build.pipeline.kept import DamagedError, Kept
from graph_build.pipeline.look import Status, check, dataset_of, status
from graph_build.pipeline.sources import Corpus, Paper, gather
from graph_build.pipeline.workers import Read, hash_of, read_all, read_facts
from graph_build.records import DocumentFacts
from graph_build.store import (
    Content,
    Copy,
    DocumentEntry,
    Pointer,
    Problem,
    not_writable,
    open_build,
    pointer,
    publish,
    writing,
)

if TYPE_CHECKING:
    from graph_build.dataset import Dataset
    from graph_build.judgements import Judgements
    from graph_build.validate import Finding, Report

__all__ = ["Built", "Problem", "Status", "build", "check", "dataset_of", "remove", "status"]

Progress = Callable[[str, int, int], None]
"""Told the stage ('reading' ...), how many of its steps are done, and how many there are."""
_ROUNDS = 5
"""Times that what violates the shapes is left out before giving up: what is left out may leave something else odd."""


@dataclass(frozen=True)
class Built:
    """What a build did.

    name       the build now in use
    folder     its directory
    documents  papers in it
    read       papers read anew; the others were known from the build before
    problems   sources and papers that could not be used
    silent     keys of papers in which nothing was found
    copies     (key, key of the paper that it is a copy of): the same words under another name or in another format
    left_out   violations: what was left out of the graph, with its sentence
    warnings   what is odd in the papers
    triples    of the default graph
    unchanged  whether the build is the one that was in use before
    """

    name: str
    folder: Path
    documents: int
    read: int
    problems: tuple[Problem, ...]
    silent: tuple[str, ...]
    left_out: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    triples: int
    unchanged: bool
    copies: tuple[tuple[str, str], ...] = ()

    @property
    def complete(self) -> bool:
        """Whether everything that was named is in the graph."""
        return not self.problems and not self.left_out


def build(
    *sources: Path | str,
    out: Path | str = "graph",
    add: bool = False,
    base: str = "",
    strict: bool = False,
    judgements: Path | str | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    on_wait: Callable[[str], None] | None = None,
    reader: Read = read_facts,
) -> Built:
    """Read the papers of files and folders, and publish the graph of what they say.

    sources     the corpus; with `add`, what extends the corpus of the folder
    out         output folder (see `graph_build.store`)
    base        base IRI of the things; empty for that of the folder's graph, or the default
    strict      publish nothing where anything violates the shapes
    judgements  file with what persons judged; default: each `judgements.toml` that stands in a source folder
    workers     processes that read; None for as many as pay, 0 for none
    reader      what reads one document, for another extractor; what it gives is not kept for the next build

    Raises InputError where nothing can be published or the folder cannot be written, and ValidationError where the
    graph must not be published; the former build then stays in use.
    """
    folder = Path(out)
    with writing(folder, on_wait):
        former = pointer(folder)
        named = tuple(str(Path(s).absolute()) for s in sources)
        if add and former is not None:
            named = (*former.sources, *named)
            excluded = _still_out(former, sources)
        else:
            excluded = ()
        wanted = Pointer("", sources=tuple(dict.fromkeys(named)), excluded=excluded)
        return _Run(folder, former, base, strict, judgements, workers, progress, reader).run(wanted)


def remove(
    *names: str,
    out: Path | str = "graph",
    progress: Progress | None = None,
    on_wait: Callable[[str], None] | None = None,
    workers: int | None = None,
    strict: bool = False,
) -> Built:
    """Take papers (by key or path) or whole sources out of the corpus of a folder, and build it again.

    Raises InputError where a name fits nothing in the corpus, or where nothing would be left.
    """
    folder = Path(out)
    with writing(folder, on_wait):
        former = pointer(folder)
        if former is None:
            raise InputError("there is no graph here", str(folder), "build one first")
        sources, excluded = list(former.sources), set(former.excluded)
        corpus = gather([Path(s) for s in sources], excluded)
        by_path = {str(p.path): p.key for p in corpus.papers}
        keys = {p.key for p in corpus.papers}
        for name in names:
            path = str(Path(name).absolute())
            if path in sources:
                sources.remove(path)
            elif name in keys or path in by_path:
                excluded.add(name if name in keys else by_path[path])
            else:
                raise InputError(
                    f"no paper or source of this graph is called {name!r}",
                    str(folder),
                    f"see them with: communique status --out {folder}",
                )
        wanted = Pointer("", sources=tuple(sources), excluded=tuple(sorted(excluded)))
        return _Run(folder, former, "", strict, None, workers, progress, read_facts).run(wanted)


@dataclass(frozen=True)
class _Run:
    """One build of a folder; the caller holds the right to write it."""

    out: Path
    former: Pointer | None
    base: str
    strict: bool
    judgements: Path | str | None
    workers: int | None
    progress: Progress | None
    reader: Read

    def run(self, wanted: Pointer) -> Built:
        """Read, resolve, write, validate, publish."""
        base = check_base(self.base or self._former_base() or BASE)
        corpus = gather([Path(s) for s in wanted.sources], wanted.excluded)
        judgements = self._judgements(corpus)
        with _at_rest():
            return self._run(wanted, base, corpus, judgements)

    def _run(self, wanted: Pointer, base: str, corpus: Corpus, judgements: Judgements) -> Built:
        cache = Cache(self.out / "cache")
        facts, problems, anew = self._facts(corpus, cache)
        gc.freeze()
        gc.enable()
        if not facts:
            what = "no source could be read" if problems else "the sources hold no papers"
            mend = "; ".join(str(p) for p in problems[:10]) or "name files or folders with papers"
            raise InputError(f"there is nothing to publish: {what}", mend=mend)
        kept = Kept(self.out / "parts", cache.digests)
        paths = {p.key: p.path for p in corpus.papers}
        try:
            return self._publish(wanted, base, facts, problems, anew, judgements, kept, paths)
        except DamagedError:
            kept.forget()
            return self._publish(wanted, base, facts, problems, anew, judgements, kept, paths)

    def _publish(
        self,
        wanted: Pointer,
        base: str,
        facts: tuple[DocumentFacts, ...],
        problems: tuple[Problem, ...],
        anew: int,
        judgements: Judgements,
        kept: Kept,
        paths: Mapping[str, Path],
    ) -> Built:
        every, same = facts, copies(facts)
        facts = tuple(f for f in every if f.document.key not in same)
        try:
            dataset, report, left_out, quality = self._valid(facts, judgements, base, kept)
        except OSError as error:
            raise not_writable(error, self.out) from error
        if left_out and self.strict:
            raise ValidationError(
                f"nothing was published: {len(left_out)} violations\n\n" + "\n\n".join(str(f) for f in left_out),
                str(self.out),
                "mend them, or build without --strict to leave them out",
            )
        self._tell("publishing", 0, 1)
        content = _content(facts, problems, report, left_out, quality, _copies_of(every, same), paths)
        before = kept.before(self.former.build if self.former else "")
        differs = changes(base, before, dataset.parts) if before is not None else None
        made = publish(dataset, self.out, content, wanted, _now(), differs)
        try:
            self._tell("publishing", 1, 1)
            kept.published(made.name, dataset.parts)
            return Built(
                made.name,
                made.folder,
                len(facts),
                anew,
                problems,
                tuple(f.document.key for f in facts if not f.facts),
                left_out,
                report.warnings,
                made.manifest.triples,
                self.former is not None and self.former.build == made.name,
                tuple(sorted(same.items())),
            )
        finally:
            made.close()

    def _tell(self, stage: str, done: int, total: int) -> None:
        if self.progress is not None:
            self.progress(stage, done, total)

    def _former_base(self) -> str:
        if self.former is None:
            return ""
        try:
            with open_build(self.out) as before:
                return before.base
        except InputError:
            return ""

    def _judgements(self, corpus: Corpus) -> Judgements:
        from graph_build import judgements

        return judgements.load(*((Path(self.judgements),) if self.judgements else corpus.judgements))

    def _facts(self, corpus: Corpus, cache: Cache) -> tuple[tuple[DocumentFacts, ...], tuple[Problem, ...], int]:
        """The facts of all papers, in the order of their keys; what could not be read; how many were read anew."""
        found: dict[str, DocumentFacts] = {}
        problems = list(corpus.problems)
        todo: list[Paper] = []
        total = len(corpus.papers)
        for paper in corpus.papers:
            sha256 = hash_of(paper)
            known = cache.get(paper.key, sha256, paper.meta) if sha256 and self.reader is read_facts else None
            if known is None:
                todo.append(paper)
            else:
                found[paper.key] = known
                self._tell("reading", len(found), total)
        for done, (paper, result) in enumerate(read_all(todo, self.workers, self.reader), len(found) + 1):
            self._tell("reading", done, total)
            if isinstance(result, Problem):
                problems.append(result)
                continue
            found[paper.key] = result
            if self.reader is not read_facts:
                cache.digests[paper.key] = digest_of(encode(result))
                continue
            try:
                cache.put(paper.key, result.document.sha256, encode(result), paper.meta)
            except OSError as error:
                raise not_writable(error, self.out) from error
        cache.prune()
        return tuple(found[key] for key in sorted(found)), tuple(sorted(problems)), len(todo)

    def _valid(
        self, facts: tuple[DocumentFacts, ...], judgements: Judgements, base: str, kept: Kept
    ) -> tuple[Dataset, Report, tuple[Finding, ...], bytes]:
        """The quads without what violates the shapes, their report, the violations that were left out, and the
        report on the quality of the build."""
        from graph_build.quality import encode as quality_bytes
        from graph_build.quality import quality
        from graph_build.readings import make_readings
        from graph_build.resolve import resolve, unapplied
        from graph_build.triples import triples
        from graph_build.validate import validate

        self._tell("resolving", 0, 1)
        resolution = resolve(facts, judgements)
        readings = make_readings(facts, resolution)
        self._tell("resolving", 1, 1)
        applied = judgements.without(entry for entry, _ in unapplied(judgements, facts, resolution))
        rejected = frozenset(_iri(base, key) for key in applied.rejected)
        left_out: list[Finding] = []
        for _ in range(_ROUNDS):
            self._tell("validating", 0, 1)
            dataset = triples(facts, resolution, base, rejected, readings, applied, kept)
            report = validate(dataset, known=kept)
            self._tell("validating", 1, 1)
            left_out += report.violations
            if report.conforms:
                statements = _statements(dataset) if judgements.of("reject") else None
                odd = unapplied(judgements, facts, resolution, statements)
                described = quality_bytes(quality(facts, resolution, readings, odd))
                return dataset, report, tuple(dict.fromkeys(left_out)), described
            if report.broken <= rejected:
                break
            rejected |= report.broken
        raise ValidationError(
            "what violates the shapes cannot be left out:\n\n" + "\n\n".join(str(f) for f in report.violations[:5]),
            str(self.out),
            "this is a mistake in communique; report it",
        )


@contextmanager
def _at_rest() -> Iterator[None]:
    """Without collecting garbage while facts are made: they hold no cycles, and going through millions of them again
    and again takes as long as making them. For the same reason they are frozen afterwards, until the build ends."""
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.enable()


def _iri(base: str, key: str) -> str:
    return key if key.startswith(base) else f"{base}id/{key.removeprefix('id:')}"


def _statements(dataset: Dataset) -> frozenset[str]:
    """The keys of all statements, rejected ones too."""
    mark, below = f" <{CQ}statedIn> ", f"<{dataset.base}id/"
    return frozenset(
        line.split("> ", 1)[0].removeprefix(below)
        for name, lines in dataset.graphs.items()
        if name == "rejected" or name.startswith("document/")
        for line in lines
        if mark in line
    )


def _still_out(former: Pointer, sources: Sequence[Path | str]) -> tuple[str, ...]:
    """Papers that were taken out, without those that are now named again."""
    again = {p.path for p in gather([Path(s) for s in sources]).papers}
    all_papers = gather([*(Path(s) for s in former.sources), *(Path(s) for s in sources)]).papers
    named = {p.key for p in all_papers if p.path in again}
    return tuple(key for key in former.excluded if key not in named)


def _copies_of(papers: Sequence[DocumentFacts], same: Mapping[str, str]) -> Mapping[str, tuple[Copy, ...]]:
    """The copies of each paper that has some, in the order of their keys."""
    found: dict[str, tuple[Copy, ...]] = {}
    for f in papers:
        if (key := f.document.key) in same:
            found[same[key]] = (*found.get(same[key], ()), Copy(key, f.document.sha256))
    return found


def _content(
    facts: Sequence[DocumentFacts],
    problems: Sequence[Problem],
    report: Report,
    left_out: Sequence[Finding],
    quality: bytes,
    joined: Mapping[str, tuple[Copy, ...]],
    paths: Mapping[str, Path],
) -> Content:
    slugs = document_slugs(f.document.key for f in facts)
    return Content(
        program_version(),
        rules_hash(),
        tuple(
            DocumentEntry(
                f.document.key,
                slugs[f.document.key],
                f.document.sha256,
                f.title,
                len(f.sentences),
                len(f.facts),
                len(f.candidates),
                joined.get(f.document.key, ()),
            )
            for f in facts
        ),
        {slugs[f.document.key]: f.document.text for f in facts},
        {"report.json": report_bytes(left_out, report.warnings), "quality.json": quality},
        {f.document.sha256: paths[f.document.key] for f in facts if f.document.format == "pdf"},
        len(left_out),
        len(report.warnings),
        tuple(problems),
    )


def report_bytes(left_out: Sequence[Finding], warnings: Sequence[Finding]) -> bytes:
    """The report of a build: what was left out of it, and what is odd in the papers."""
    data = msgspec.json.encode({"left_out": list(left_out), "warnings": list(warnings)})
    return msgspec.json.format(data, indent=1) + b"\n"


def program_version() -> str:
    """The version of this package; '0' where it is not installed."""
    try:
        return version("communique")
    except PackageNotFoundError:
        return "0"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
