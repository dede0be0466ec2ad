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
from graph_build.pipeline.briefs import Brief, Papers, brief_of, copies
from graph_build.pipeline.cache import Cache, rules_hash
from graph_build.pipeline.kept import DamagedError, Kept
from graph_build.pipeline.look import Status, check, dataset_of, status
from graph_build.pipeline.sources import Corpus as Sources
from graph_build.pipeline.sources import Paper, gather
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

    def _run(self, wanted: Pointer, base: str, corpus: Sources, judgements: Judgements) -> Built:
        kept = Kept(self.out / "parts")
        while True:
            papers, problems, anew = self._papers(corpus, kept)
            if not papers:
                what = "no source could be read" if problems else "the sources hold no papers"
                mend = "; ".join(str(p) for p in problems[:10]) or "name files or folders with papers"
                raise InputError(f"there is nothing to publish: {what}", mend=mend)
            try:
                originals = {p.key: p.path for p in corpus.papers if p.path.suffix.lower() == ".pdf"}
                return self._publish(wanted, base, papers, problems, anew, judgements, kept, originals)
            except DamagedError:
                kept.forget()

    def _publish(
        self,
        wanted: Pointer,
        base: str,
        papers: Papers,
        problems: tuple[Problem, ...],
        anew: int,
        judgements: Judgements,
        kept: Kept,
        originals: Mapping[str, Path],
    ) -> Built:
        every, same = papers.briefs, copies(papers.briefs)
        papers = papers.without(same)
        briefs = papers.briefs
        try:
            made_of = self._valid(papers, judgements, base, kept)
        except OSError as error:
            raise not_writable(error, self.out) from error
        left_out, warnings = made_of.left_out, made_of.report.warnings
        if left_out and self.strict:
            raise ValidationError(
                f"nothing was published: {len(left_out)} violations\n\n" + "\n\n".join(str(f) for f in left_out),
                str(self.out),
                "mend them, or build without --strict to leave them out",
            )
        self._tell("publishing", 0, 1)
        content = _content(papers, problems, made_of, _copies_of(every, same), originals)
        before = kept.before(self.former.build if self.former else "")
        dataset = made_of.dataset
        differs = changes(base, before, dataset.parts) if before is not None else None
        made = publish(dataset, self.out, content, wanted, _now(), differs)
        try:
            self._tell("publishing", 1, 1)
            kept.published(made.name, dataset.parts, made_of.agreed)
            return Built(
                made.name,
                made.folder,
                len(briefs),
                anew,
                problems,
                tuple(key for key, brief in briefs.items() if not brief.facts),
                left_out,
                warnings,
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

    def _judgements(self, corpus: Sources) -> Judgements:
        from graph_build import judgements

        return judgements.load(*((Path(self.judgements),) if self.judgements else corpus.judgements))

    def _papers(self, corpus: Sources, kept: Kept) -> tuple[Papers, tuple[Problem, ...], int]:
        """All papers, in the order of their keys; what could not be read; how many were read anew."""
        cache = Cache(self.out / "cache")
        before = kept.papers() if self.reader is read_facts else {}
        briefs: dict[str, Brief] = {}
        facts: dict[str, DocumentFacts] = {}
        entries: dict[str, str] = {}
        problems = list(corpus.problems)
        todo: list[Paper] = []
        total = len(corpus.papers)
        for paper in corpus.papers:
            sha256 = hash_of(paper) if self.reader is read_facts else ""
            entry = entries[paper.key] = cache.name(paper.key, sha256, paper.meta) if sha256 else ""
            if known := before.get(entry):
                briefs[paper.key] = known
            elif entry and (got := cache.get(entry)):
                briefs[paper.key] = brief_of(got[0], got[1])
                facts[paper.key] = got[0]
            else:
                todo.append(paper)
                continue
            self._tell("reading", len(briefs), total)
        for done, (paper, result) in enumerate(read_all(todo, self.workers, self.reader), len(briefs) + 1):
            self._tell("reading", done, total)
            if isinstance(result, Problem):
                problems.append(result)
                continue
            briefs[paper.key] = result.brief
            facts[paper.key] = result.facts
            try:
                if self.reader is read_facts:
                    entries[paper.key] = cache.name(paper.key, result.brief.sha256, paper.meta)
                    cache.put(entries[paper.key], result.data)
            except OSError as error:
                raise not_writable(error, self.out) from error
        cache.prune()
        briefs = {key: briefs[key] for key in sorted(briefs)}
        if self.reader is read_facts and (facts or len(before) != len(briefs)):
            try:
                kept.put_papers({entries[key]: brief for key, brief in briefs.items()})
            except OSError as error:
                raise not_writable(error, self.out) from error

        def load(key: str) -> DocumentFacts:
            got = cache.get(entries[key])
            if got is None or got[1] != briefs[key].digest:
                raise DamagedError(key)
            return got[0]

        return Papers(briefs, facts, load), tuple(sorted(problems)), len(todo)

    def _valid(self, papers: Papers, judgements: Judgements, base: str, kept: Kept) -> _Made:
        """The graph without what violates the shapes."""
        briefs = papers.briefs
        from graph_build.quality import encode as quality_bytes
        from graph_build.quality import quality
        from graph_build.readings import Corpus, CountCheck, Reader
        from graph_build.resolve import resolve, unapplied
        from graph_build.triples import triples
        from graph_build.validate import validate

        self._tell("resolving", 0, 1)
        outlines = tuple(brief.outline for brief in briefs.values())
        resolution = resolve(outlines, judgements)
        corpus = Corpus(outlines, papers, {key: brief.said for key, brief in briefs.items()}, resolution)
        slugs = document_slugs(briefs)
        kept.of({key: brief.digest for key, brief in briefs.items()})
        reader = Reader(corpus, lambda key: f"{kept.facts(key)} {slugs[key]}", kept.ledger.agreed)
        self._tell("resolving", 1, 1)
        gc.freeze()
        gc.enable()
        applied = judgements.without(entry for entry, _ in unapplied(judgements, papers, resolution))
        rejected = frozenset(_iri(base, key) for key in applied.rejected)

        def tellers(node: str) -> set[str]:
            entity = corpus.entities.get(node.removeprefix(f"{base}id/"))
            return {slugs[paper] for paper, _ in entity.members} if entity else set()

        left_out: list[Finding] = []
        for _ in range(_ROUNDS):
            self._tell("validating", 0, 1)
            misfits: list[CountCheck] = []
            dataset = triples(corpus, base, rejected, reader, applied, kept, misfits)
            report = validate(dataset, known=kept, tellers=tellers)
            self._tell("validating", 1, 1)
            left_out += report.violations
            if report.conforms:
                statements = _statements(dataset) if judgements.of("reject") else None
                odd = unapplied(judgements, papers, resolution, statements)
                covered = {key: brief.coverage for key, brief in briefs.items()}
                described = quality_bytes(quality(corpus, covered, misfits, odd))
                return _Made(dataset, report, tuple(dict.fromkeys(left_out)), described, reader.found)
            if report.broken <= rejected:
                break
            rejected |= report.broken
        raise ValidationError(
            "what violates the shapes cannot be left out:\n\n" + "\n\n".join(str(f) for f in report.violations[:5]),
            str(self.out),
            "this is a mistake in communique; report it",
        )


@dataclass(frozen=True)
class _Made:
    """A graph that conforms: its quads, the report of the shapes, what was left out because of them, the report on the
    quality of the build, what the search for agreed language found."""

    dataset: Dataset
    report: Report
    left_out: tuple[Finding, ...]
    quality: bytes
    agreed: bytes


@contextmanager
def _at_rest() -> Iterator[None]:
    """Without collecting garbage while facts are made and resolved: they hold no cycles, and going through millions of
    them again and again takes as long as making them. For the same reason they are frozen afterwards, until the build
    ends."""
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
    if not former.excluded:
        return ()
    again = {p.path for p in gather([Path(s) for s in sources]).papers}
    all_papers = gather([*(Path(s) for s in former.sources), *(Path(s) for s in sources)]).papers
    named = {p.key for p in all_papers if p.path in again}
    return tuple(key for key in former.excluded if key not in named)


def _copies_of(briefs: Mapping[str, Brief], same: Mapping[str, str]) -> Mapping[str, tuple[Copy, ...]]:
    """The copies of each paper that has some, in the order of their keys."""
    found: dict[str, tuple[Copy, ...]] = {}
    for key, brief in briefs.items():
        if key in same:
            found[same[key]] = (*found.get(same[key], ()), Copy(key, brief.sha256))
    return found


class _Texts(Mapping[str, str]):
    """The texts of papers by slug, read when they are asked for."""

    def __init__(self, papers: Papers, keys: Mapping[str, str]) -> None:
        self._papers, self._keys = papers, keys

    def __getitem__(self, slug: str) -> str:
        return self._papers[self._keys[slug]].document.text

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def _content(
    papers: Papers,
    problems: Sequence[Problem],
    made: _Made,
    joined: Mapping[str, tuple[Copy, ...]],
    originals: Mapping[str, Path],
) -> Content:
    briefs = papers.briefs
    slugs = document_slugs(briefs)
    return Content(
        program_version(),
        rules_hash(),
        tuple(
            DocumentEntry(key, slugs[key], b.sha256, b.title, b.sentences, b.facts, b.candidates, joined.get(key, ()))
            for key, b in briefs.items()
        ),
        _Texts(papers, {slugs[key]: key for key in briefs}),
        {"report.json": report_bytes(made.left_out, made.report.warnings), "quality.json": made.quality},
        len(made.left_out),
        len(made.report.warnings),
        tuple(problems),
        {slugs[key]: originals[key] for key in briefs if key in originals},
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
