"""Ontology, schemes and reference data, as lines that a build takes over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from graph_build.errors import RuleError
from graph_build.iris import REFERENCE, SKOS, VOCABULARY
from graph_build.vocabulary import ontology_dir


@cache
def ontology() -> tuple[str, ...]:
    """The ontology and its schemes, sorted. Blank nodes become IRIs below `/.well-known/genid/`, by content."""
    dataset = ox.Dataset()
    for path in sorted(ontology_dir().glob("*.ttl")):
        if path.stem != "shapes":
            for quad in _parse(path):
                dataset.add(quad)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return tuple(sorted({f"{_term(q.subject)} {_term(q.predicate)} {_term(q.object)}" for q in dataset}))


@cache
def _entries() -> dict[str, tuple[str, ...]]:
    """Lines of each reference entry by its local name ('state/TH')."""
    entries: defaultdict[str, list[str]] = defaultdict(list)
    for name in ("states", "organisations"):
        path = ontology_dir() / "reference" / f"{name}.ttl"
        for quad in _parse(path) if path.exists() else ():
            subject = quad.subject
            if isinstance(subject, ox.NamedNode) and subject.value.startswith(REFERENCE):
                line = f"{subject} {quad.predicate} {_term(quad.object)}"
                entries[subject.value.removeprefix(REFERENCE)].append(line)
    return {name: tuple(sorted(set(lines))) for name, lines in entries.items()}


def entries(names: Iterable[str]) -> list[str]:
    """Lines of the reference entries with these local names ('state/TH', 'organisation/IOM'); unknown ones have none."""
    known = _entries()
    return [line for name in names for line in known.get(name, ())]


@cache
def state_names() -> dict[str, str]:
    """The label of each state and territory by its ISO code."""
    label = f'<{SKOS}prefLabel> "'
    names = {}
    for name, lines in _entries().items():
        kind, _, code = name.partition("/")
        if kind == "state":
            for line in lines:
                if label in line:
                    names[code] = line.split(label, 1)[1].rsplit('"', 1)[0]
    return names


def _parse(path: Path) -> Iterable[ox.Quad]:
    try:
        return list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
    except SyntaxError as error:
        raise RuleError(f"is not Turtle: {error}", str(path)) from error


def _term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    if isinstance(term, ox.BlankNode):
        return f"<{VOCABULARY}.well-known/genid/{term.value}>"
    return str(term)
