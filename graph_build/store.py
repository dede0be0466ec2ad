"""Builds on disk: immutable directories named by content, and one pointer that says which is in use.

```
OUT/current.json          the pointer: build in use, when it was published, the sources of the corpus, former builds
OUT/builds/NAME/          one build; never written to again once it has its name
    manifest.json         version, base, rules, documents with hashes, counts, hash of the dump
    dump/                 canonical dump: every named graph, sorted N-Quads, in pieces (see `dump`)
    store/                pyoxigraph store: the named graphs, and the default graph written out
    texts/SLUG.txt        the untouched text that offsets point into
    originals/SLUG.pdf    a PDF as it came, for pictures of its pages
    report.json …         further files of the build
OUT/cache/                what was read from each document, to be used again
OUT/parts/                what papers and readings gave to the graphs of the build in use, to be used again
OUT/lock                  held by the one process that builds
```

A build is written under another name and renamed when it is complete; then the pointer is replaced in one step. So
readers see the former build or the new one, whole. A reader holds a shared lock on its build's manifest; what is in
use is never removed.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from graph_build.changes import Changes, Default, UnfitError, change_store, copy_store
from graph_build.dataset import Dataset
from graph_build.dump import Dump, change
from graph_build.dump import write as write_dump
from graph_build.errors import CommuniqueError, InputError

if TYPE_CHECKING:
    import pyoxigraph as ox

FORMAT = 1
KEEP = 3
"""Former builds that stay beside the one in use, so that two builds can be compared."""
_SLICE = 64 << 20
"""Bytes loaded into a store at a time: the loader sorts what it is given in memory, some five times as much."""
POINTER = "current.json"
_STAGING = ".staging"


@dataclass(frozen=True)
class Copy:
    """A file with the same words as a paper of the build: its key and the hash of its bytes."""

    key: str
    sha256: str


@dataclass(frozen=True)
class DocumentEntry:
    """A document of a build: its key, the slug in its IRIs, the hash of its bytes, and how much was read from it.

    candidates  sentences with a cue from which nothing was read
    copies      the same paper under other names or in other formats, which is in the graph once
    """

    key: str
    slug: str
    sha256: str
    title: str = ""
    sentences: int = 0
    facts: int = 0
    candidates: int = 0
    copies: tuple[Copy, ...] = ()


@dataclass(frozen=True, order=True)
class Problem:
    """Why a source or paper is not in the graph: its key or path, the reason, what to do."""

    key: str
    reason: str
    mend: str = ""

    @classmethod
    def of(cls, key: str, error: CommuniqueError) -> Problem:
        """The problem that an error tells of."""
        return cls(key, error.what, error.mend)

    def __str__(self) -> str:
        return f"{self.key}: {self.reason}{f' ({self.mend})' if self.mend else ''}"


@dataclass(frozen=True)
class Manifest:
    """What a build holds. The same input gives the same manifest on every machine: no clock, no paths of the machine.

    rules      hash of the rule set (patterns, vocabularies, ontology)
    triples    of the default graph
    counts     triples by kind of named graph
    dump       hash of the dump (`Dump.hash`)
    left_out   statements left out because they violate the shapes
    warnings   results of the shapes that do not keep a statement out
    problems   sources and papers that could not be used
    """

    version: str
    base: str
    rules: str
    documents: tuple[DocumentEntry, ...]
    triples: int
    counts: dict[str, int]
    dump: str
    left_out: int = 0
    warnings: int = 0
    problems: tuple[Problem, ...] = ()
    format: int = FORMAT


@dataclass(frozen=True)
class Published:
    """A build's name and the moment of its publication (UTC, ISO 8601), which is beside the build, not in it."""

    build: str
    at: str = ""


@dataclass(frozen=True)
class Pointer:
    """Which build is in use, and which were before it (newest first).

    sources   absolute paths of the files and folders that are the corpus
    excluded  keys of papers that were taken out of it
    """

    build: str
    at: str = ""
    sources: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    former: tuple[Published, ...] = ()


@dataclass(frozen=True)
class Content:
    """What goes into a build beside its quads.

    texts      untouched text of each document by slug
    originals  where the file of a document with pages (a PDF) stands, by slug; kept where its bytes are still those read
    files      further files by name, such as the report of the shapes
    """

    version: str = "0"
    rules: str = ""
    documents: tuple[DocumentEntry, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    left_out: int = 0
    warnings: int = 0
    problems: tuple[Problem, ...] = ()
    originals: Mapping[str, Path] = field(default_factory=dict)


class Build:
    """One build, pinned: whatever is published or removed meanwhile, this reader goes on reading it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            self._pin = os.open(folder / "manifest.json", os.O_RDONLY)
            fcntl.flock(self._pin, fcntl.LOCK_SH)
            self.manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)
        except (OSError, msgspec.DecodeError) as error:
            raise InputError(f"this is no build: {error}", str(folder), "build it again") from error
        if self.manifest.format != FORMAT:
            raise InputError(
                f"the build has format {self.manifest.format}, this version reads {FORMAT}",
                str(folder),
                "build it again",
            )

    @property
    def name(self) -> str:
        """The build's name, made from its content."""
        return self.folder.name

    @property
    def base(self) -> str:
        """Base IRI of its things."""
        return self.manifest.base

    @property
    def dump(self) -> Dump:
        """The canonical dump, sorted N-Quads of all named graphs."""
        return Dump(self.folder / "dump")

    @cached_property
    def store(self) -> ox.Store:
        """The store, opened read-only. Open it in a worker process where a query must be killed."""
        import pyoxigraph as ox

        try:
            return ox.Store.read_only(str(self.folder / "store"))
        except OSError as error:
            raise InputError(
                f"the store cannot be opened: {error}",
                str(self.folder),
                "build it again",
            ) from error

    def text(self, slug: str) -> str:
        """The untouched text of a document by its slug; InputError where there is none."""
        path = self.folder / "texts" / f"{slug}.txt"
        if "/" in slug or not path.is_file():
            raise InputError(f"there is no document {slug!r}", str(self.folder))
        return path.read_bytes().decode("utf-8")

    def original(self, slug: str) -> bytes | None:
        """The bytes of a PDF from which a document was read; None where the document has no pages or was not kept."""
        path = self.folder / "originals" / f"{slug}.pdf"
        return None if "/" in slug or not path.is_file() else path.read_bytes()

    def close(self) -> None:
        """Let go of the build; it may be removed afterwards."""
        if self._pin >= 0:
            os.close(self._pin)
            self._pin = -1
        self.__dict__.pop("store", None)

    def __enter__(self) -> Build:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_pin", -1) >= 0:
            os.close(self._pin)


def pointer(out: Path) -> Pointer | None:
    """The pointer of an output folder, or None where nothing was published; InputError where it is broken."""
    try:
        return msgspec.json.decode((out / POINTER).read_bytes(), type=Pointer)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise InputError(f"the pointer cannot be read: {error}", str(out / POINTER), "build again") from error


def open_build(out: Path | str, name: str = "") -> Build:
    """The build in use of an output folder (or the one named, or the build that the folder itself is), pinned.

    Raises InputError where there is none.
    """
    out = Path(out)
    if not name and (out / "manifest.json").is_file():
        return Build(out)
    for _ in range(5):
        at = pointer(out)
        if at is None:
            raise InputError(
                "there is no graph here",
                str(out),
                f"make one: communique build FOLDER --out {out}",
            )
        try:
            return Build(out / "builds" / (name or at.build))
        except InputError:
            # Published and removed between the two looks; look again at what is in use now.
            now = pointer(out)
            if name or now is None or now.build == at.build:
                raise
    raise InputError("the graph changes faster than it can be opened", str(out), "try again")


def is_graph(folder: Path) -> bool:
    """Whether a folder is one into which graphs are built."""
    return (folder / "lock").is_file() and (folder / "builds").is_dir()


@contextmanager
def writing(out: Path, on_wait: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the right to build into a folder. Where another process holds it, `on_wait` is told who, and this waits.

    What a killed build left behind is removed. Raises InputError where the folder cannot be written.
    """
    try:
        (out / "builds").mkdir(parents=True, exist_ok=True)
        handle = os.open(out / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise not_writable(error, out) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if on_wait is not None:
                holder = os.pread(handle, 32, 0).decode("ascii", "replace").strip()
                on_wait(f"another build of {out} is running{f' (process {holder})' if holder else ''}; waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            os.ftruncate(handle, 0)
            os.pwrite(handle, str(os.getpid()).encode(), 0)
            for left in (out / "builds").glob(f"{_STAGING}*"):
                shutil.rmtree(left, ignore_errors=True)
            for left in out.glob(f"{POINTER}.*"):
                left.unlink(missing_ok=True)
        except OSError as error:
            raise not_writable(error, out) from error
        yield
    finally:
        os.close(handle)


def publish(
    dataset: Dataset,
    out: Path,
    content: Content | None = None,
    corpus: Pointer | None = None,
    at: str = "",
    made: Changes | None = None,
) -> Build:
    """Write a build and switch the pointer to it; the pinned build.

    corpus  the sources that the pointer remembers; its other fields are set here
    at      moment of publication, which stands in the pointer alone
    made    what differs from the build in use, where that is known: only that is then written
    The caller holds `writing(out)` where others may build. Raises InputError where the disk is full or not writable;
    the former build then stays in use.
    """
    content = content or Content()
    staging = out / "builds" / f"{_STAGING}-{os.getpid()}"
    try:
        former = pointer(out)
        before = out / "builds" / former.build if former else None
        staging.mkdir(parents=True)
        default: Default | None = None
        try:
            manifest, default = _write(dataset, staging, content, before, made)
        except UnfitError:
            made = None
            shutil.rmtree(staging)
            staging.mkdir()
            manifest, _ = _write(dataset, staging, content, before, None)
        name = hashlib.sha256(manifest).hexdigest()[:16]
        final = out / "builds" / name
        if not (final / "manifest.json").is_file():
            if made is not None and default is not None and before is not None:
                _change(before, staging, made, default)
            else:
                _load(dataset, staging)
            (staging / "manifest.json").write_bytes(manifest)
            _flush(staging)
            os.replace(staging, final)
            _flush_path(final.parent)
        switch(out, replace(corpus or Pointer(name), build=name, at=at))
    except OSError as error:
        raise not_writable(error, out) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Build(final)


def switch(out: Path, to: Pointer) -> None:
    """Point the folder to a build, in one step, and remove builds that are neither recent nor in use."""
    name, former = to.build, pointer(out)
    history = [Published(former.build, former.at), *former.former] if former else []
    kept = tuple(p for p in history if p.build != name and (out / "builds" / p.build).is_dir())[:KEEP]
    written = out / f"{POINTER}.{os.getpid()}"
    with written.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(replace(to, former=kept)), indent=2) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(written, out / POINTER)
    _flush_path(out)
    _prune(out, {name, *(p.build for p in kept)})


def not_writable(error: OSError, out: Path) -> CommuniqueError:
    """What went wrong while writing, for people."""
    text = str(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT) or "No space left" in text:
        return InputError(
            "the disk is full; the former graph is still in use",
            str(out),
            "free some space, build again",
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return InputError(
            "this folder may not be written; a former graph is still in use",
            str(out),
            "choose another with --out",
        )
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return InputError("this is a file, not a folder", str(out), "choose another with --out")
    return InputError(
        f"the graph could not be written: {text}; a former graph is still in use",
        str(out),
    )


def _write(
    dataset: Dataset, folder: Path, content: Content, before: Path | None, made: Changes | None
) -> tuple[bytes, Default | None]:
    """All files but the store; the bytes of the manifest, which names them, and what changes in the default graph."""
    default: Default | None = None
    if made is not None and before is not None:
        former = _manifest(before)
        if former is None or former.base != dataset.base:
            raise UnfitError(str(before))
        written, default = change(Dump(before / "dump"), folder / "dump", made)
        dump = written.hash
        triples = former.triples + len(default.added) - len(default.removed)
    else:
        dump, triples = _write_all(dataset, folder)
    (folder / "texts").mkdir()
    same = _same_texts(content, before)
    for slug in sorted(content.texts):
        path = folder / "texts" / f"{slug}.txt"
        if slug in same:
            os.link(same[slug], path)
        else:
            path.write_bytes(content.texts[slug].encode("utf-8"))
    if content.originals:
        _keep_originals(folder, content, before)
    for name, data in sorted(content.files.items()):
        (folder / name).write_bytes(data)
    manifest = Manifest(
        content.version,
        dataset.base,
        content.rules,
        content.documents,
        triples,
        dataset.counts(),
        dump,
        content.left_out,
        content.warnings,
        content.problems,
    )
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n", default


def _keep_originals(folder: Path, content: Content, before: Path | None) -> None:
    """The PDFs of the documents: shared with the former build where they are the same, else copied from their sources.

    A file that has changed or gone since it was read is left out: the build has no picture of its pages.
    """
    (folder / "originals").mkdir()
    hashes = {d.slug: d.sha256 for d in content.documents}
    manifest = _manifest(before) if before else None
    known = {(d.slug, d.sha256) for d in manifest.documents} if manifest else set()
    for slug, source in sorted(content.originals.items()):
        path = folder / "originals" / f"{slug}.pdf"
        former = before / "originals" / path.name if before else None
        if former is not None and (slug, hashes[slug]) in known and former.is_file():
            os.link(former, path)
            continue
        try:
            data = source.read_bytes()
        except OSError:
            continue
        if hashlib.sha256(data).hexdigest() == hashes[slug]:
            path.write_bytes(data)


def _write_all(dataset: Dataset, folder: Path) -> tuple[str, int]:
    """The dump and the default graph; the hash of the one, and how many triples the other has."""
    dump = write_dump(folder / "dump", (quad[:-1] for quad in dataset.nquads(folder)))
    triples = 0
    with (folder / "default.nt").open("wb") as file:
        for chunk in _chunks(f"{line} .\n" for line in dataset.default(folder)):
            triples += chunk.count(b"\n")
            file.write(chunk)
    return dump.hash, triples


def _manifest(folder: Path) -> Manifest | None:
    try:
        return msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        return None


def _same_texts(content: Content, before: Path | None) -> dict[str, Path]:
    """Texts of the former build that are the same still, by slug: builds share their files."""
    manifest = _manifest(before) if before else None
    if before is None or manifest is None or manifest.version != content.version:
        return {}
    known = {(d.slug, d.sha256) for d in manifest.documents}
    paths = {d.slug: before / "texts" / f"{d.slug}.txt" for d in content.documents if (d.slug, d.sha256) in known}
    return {slug: path for slug, path in paths.items() if path.is_file()}


def _load(dataset: Dataset, folder: Path) -> None:
    import pyoxigraph as ox

    store = ox.Store(str(folder / "store"))
    for opened, form in (
        (Dump(folder / "dump").open(), ox.RdfFormat.N_QUADS),
        ((folder / "default.nt").open("rb"), ox.RdfFormat.N_TRIPLES),
    ):
        with opened as file:
            while lines := file.read(_SLICE) + file.readline():
                store.bulk_load(lines, format=form)
    store.flush()
    del store
    (folder / "default.nt").unlink()


def _change(before: Path, folder: Path, made: Changes, default: Default) -> None:
    copy_store(before / "store", folder / "store")
    change_store(folder / "store", made, default)


def _chunks(lines: Iterator[str], size: int = 4096) -> Iterator[bytes]:
    batch: list[str] = []
    for line in lines:
        batch.append(line)
        if len(batch) >= size:
            yield "".join(batch).encode("utf-8")
            batch.clear()
    yield "".join(batch).encode("utf-8")


def _flush(folder: Path) -> None:
    """Bring a build to the disk before its name says that it is complete."""
    for path in (folder / "manifest.json", folder / "dump", folder):
        _flush_path(path)


def _flush_path(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _prune(out: Path, keep: set[str]) -> None:
    for folder in (out / "builds").iterdir():
        if folder.name not in keep and not folder.name.startswith(".") and not _in_use(folder):
            # Renamed first: who looks for it meanwhile finds a whole build or none.
            gone = folder.with_name(f"{_STAGING}-{folder.name}")
            try:
                os.replace(folder, gone)
            except OSError:
                continue
            shutil.rmtree(gone, ignore_errors=True)


def _in_use(folder: Path) -> bool:
    try:
        handle = os.open(folder / "manifest.json", os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False
