"""What was read from a document, kept for the next build: by the document's bytes, its key and the rules.

An entry is compressed JSON. It is decoded into the same records, which check again that every quote stands at its
offsets; an entry that does not pass is read anew.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from functools import cache as once
from pathlib import Path

import msgspec

from graph_build.errors import GroundingError
from graph_build.metadata import Pairs
from graph_build.records import (
    Attendance,
    Commitment,
    Document,
    DocumentFacts,
    EventFact,
    Fact,
    Link,
    Membership,
    Passage,
    PersonRole,
    Quotation,
    StatedCount,
    Thing,
)
from graph_build.vocabulary import ontology_dir

_PACKAGE = Path(__file__).resolve().parents[1]
_AFTER = frozenset(
    "changes cli commands compare dataset dump evaluate explain export find iris judgements notebook pipeline quality query questions "
    "readings readings_text resolve serve source static store tables trace trace_text triples validate view".split()
)
"""Modules and packages that come after the facts of a document. All others, new ones too, decide what is read."""


class _Stored(msgspec.Struct, array_like=True, frozen=True):
    """`DocumentFacts` with its facts by kind: a union of records has no name for the kind in JSON."""

    document: Document
    title: str
    genre: str
    published_for: str
    things: tuple[Thing, ...]
    order: tuple[int, ...]
    events: tuple[EventFact, ...]
    attendance: tuple[Attendance, ...]
    people: tuple[PersonRole, ...]
    memberships: tuple[Membership, ...]
    commitments: tuple[Commitment, ...]
    links: tuple[Link, ...]
    counts: tuple[StatedCount, ...]
    quotations: tuple[Quotation, ...]
    candidates: tuple[Passage, ...]
    sentences: tuple[Passage, ...]
    paragraphs: tuple[str, ...]


_KINDS: tuple[type, ...] = (
    EventFact,
    Attendance,
    PersonRole,
    Membership,
    Commitment,
    Link,
    StatedCount,
    Quotation,
)
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(_Stored)


def encode(facts: DocumentFacts) -> bytes:
    """The bytes of one document's facts."""
    kinds = [_KINDS.index(type(fact)) for fact in facts.facts]
    groups = [tuple(f for f, k in zip(facts.facts, kinds, strict=True) if k == kind) for kind in range(len(_KINDS))]
    said = (facts.document, facts.title, facts.genre, facts.published_for, facts.things, tuple(kinds))
    rest = (facts.candidates, facts.sentences, facts.paragraphs)
    # In the order of the fields; msgspec checks the types when it decodes.
    return zlib.compress(_encoder.encode([*said, *groups, *rest]), 1)


def decode(data: bytes) -> DocumentFacts:
    """The facts of encoded bytes, checked as if read anew. Raises ValueError or GroundingError where they do not pass."""
    try:
        stored = _decoder.decode(zlib.decompress(data))
        groups = [
            iter(group)
            for group in (
                stored.events,
                stored.attendance,
                stored.people,
                stored.memberships,
                stored.commitments,
                stored.links,
                stored.counts,
                stored.quotations,
            )
        ]
        facts: tuple[Fact, ...] = tuple(next(groups[kind]) for kind in stored.order)  # type: ignore[misc]
    except (zlib.error, msgspec.DecodeError, StopIteration, IndexError) as error:
        raise ValueError(f"the entry is damaged: {error}") from error
    return DocumentFacts(
        stored.document,
        stored.title,
        stored.genre,
        stored.published_for,
        stored.things,
        facts,
        stored.candidates,
        stored.sentences,
        stored.paragraphs,
    )


@once
def rules_hash() -> str:
    """Hash of the rule set: patterns, word lists, vocabularies and the ontology."""
    return _hash([*_PACKAGE.rglob("*.toml"), *ontology_dir().rglob("*.ttl")])


@once
def reading_hash() -> str:
    """Hash of all that decides what is read from a document: the rules and the text stages themselves."""
    found = [p for p in _PACKAGE.rglob("*.py") if p.relative_to(_PACKAGE).parts[0].removesuffix(".py") not in _AFTER]
    return hashlib.sha256(f"{rules_hash()} {_hash(found)}".encode()).hexdigest()


@once
def code_hash() -> str:
    """Hash of all that decides what a build makes of facts: the rules and every module but those that show a graph."""
    shows = ("serve", "view", "commands", "static")
    found = [p for p in _PACKAGE.rglob("*.py") if p.relative_to(_PACKAGE).parts[0] not in shows]
    return hashlib.sha256(f"{rules_hash()} {_hash(found)}".encode()).hexdigest()


def _hash(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths, key=lambda p: (p.parent.name, p.name)):
        digest.update(f"{path.parent.name}/{path.name}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def digest_of(data: bytes) -> str:
    """Digest of a paper's encoded facts."""
    return hashlib.sha256(data).hexdigest()[:40]


class Cache:
    """The entries below a folder. `used` are those that this build asked for or wrote."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.used: set[str] = set()

    def name(self, key: str, sha256: str, meta: Pairs = ()) -> str:
        """The entry of these bytes under this key, with this known beside them, read by these rules; in use from now."""
        name = hashlib.sha256(f"{reading_hash()}\0{key}\0{sha256}\0{meta}".encode()).hexdigest()[:40]
        self.used.add(name)
        return name

    def get(self, name: str) -> tuple[DocumentFacts, str] | None:
        """The facts of an entry and the digest of its bytes; None where there is none, or it does not pass."""
        try:
            data = (self.folder / name).read_bytes()
            return decode(data), digest_of(data)
        except (OSError, ValueError, GroundingError):
            return None

    def put(self, name: str, data: bytes) -> None:
        """Keep encoded facts; OSError where the disk is full or not writable."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / name
        written = path.with_suffix(f".{os.getpid()}")
        written.write_bytes(data)
        os.replace(written, path)

    def prune(self) -> None:
        """Remove entries that this build did not use."""
        if self.folder.is_dir():
            for path in self.folder.iterdir():
                if path.name not in self.used:
                    path.unlink(missing_ok=True)
