"""Holds a graph against `ontology/shapes.ttl` and says in plain words what is wrong, where, and what to do.

Two engines give the same findings: pySHACL, the reference, and, where the package `shacl` is installed, a compiled one
for large graphs. The shapes use SHACL core constraints only (https://www.w3.org/TR/shacl/). A graph conforms when it
has no violation; warnings say that the papers themselves are odd.
"""

from __future__ import annotations

import hashlib
import logging
import re
import sys
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

import pyoxigraph as ox

from graph_build.dataset import Dataset, Part
from graph_build.errors import InputError, RuleError
from graph_build.vocabulary import ontology_dir

Engine = Literal["auto", "pyshacl", "shacl"]
Severity = Literal["violation", "warning"]

_CQ = "https://communique.example/ontology#"
_SH = "http://www.w3.org/ns/shacl#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_SUBCLASS = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
_IN_SCHEME = "http://www.w3.org/2004/02/skos/core#inScheme"
_LEFT_OUT = ("ontology", "reference", "rejected")
"""Graphs of a build that are not validated: ours, not made from papers, or known to be wrong."""
_SHOWN = 5
"""Values that a finding shows at most."""
_PASS = 20_000
"""Triples that go through an engine at a time; more cost memory (some 3 kB each) and bring nothing."""
_IS_A = f" <{_TYPE}> "
_OF_PAPERS = tuple("account/ participation/ membership/ commitment/ link/ count/ quotation/ passage/".split())
"""Beginnings of the paths of what stands in the graphs of one paper."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong with one field of one thing.

    severity   'violation' (left out of a build) or 'warning' (published and reported)
    kind       class of the thing in words ('meeting', 'commitment')
    label      its name; of a statement the name or clause in it
    field      the field in words
    value      what stands there, values joined by ' | '; '' where nothing does
    message    what is wrong
    advice     what to do
    focus      IRI of the thing
    shape, component   the constraint that refused it: local names, 'Meeting-order', 'LessThanOrEquals'
    document, paragraph, sentence   where a paper says it; '' where the graph has no evidence of it
    """

    severity: Severity
    kind: str
    label: str
    field: str
    value: str
    message: str
    advice: str
    focus: str
    shape: str
    component: str
    document: str = ""
    paragraph: str = ""
    sentence: str = ""

    def __str__(self) -> str:
        value = f" Found: {self.value}." if self.value else ""
        place = self.document + (f", paragraph {self.paragraph}" if self.paragraph else "")
        source = f"\n  It stands in {place}: “{self.sentence}”" if self.sentence else ""
        return (
            f"{self.severity.capitalize()}: {self.kind} “{self.label}”, {self.field}: {self.message}{value}{source}"
            f"\n  What to do: {self.advice}\n  <{self.focus}>"
        )


@dataclass(frozen=True, slots=True)
class Report:
    """The findings of one validation, in a fixed order, and the engine that made them."""

    violations: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    engine: str

    @property
    def conforms(self) -> bool:
        """Whether there is no violation."""
        return not self.violations

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Violations, then warnings."""
        return (*self.violations, *self.warnings)

    @property
    def broken(self) -> frozenset[str]:
        """IRIs of the things that have a violation."""
        return frozenset(f.focus for f in self.violations)

    def __str__(self) -> str:
        counts = f"{_counted(len(self.violations), 'violation')}, {_counted(len(self.warnings), 'warning')}"
        verdict = "The graph conforms" if self.conforms else "The graph does not conform"
        return "\n\n".join((f"{verdict}: {counts}.", *map(str, self.findings)))


class _Result(NamedTuple):
    focus: str
    shape: str
    component: str
    value: str


class Known(Protocol):
    """What was found before in the parts of a build, by a digest of all that decides it."""

    def results(self, digest: str) -> Sequence[Sequence[str]] | None:
        """What was found, or None where it was never looked for."""

    def put_results(self, digest: str, results: Sequence[Sequence[str]]) -> None:
        """Keep what was found."""

    def former(self, name: str) -> Part | None:
        """The part of this name of the build before."""


def validate(
    data: Dataset | str,
    engine: Engine = "auto",
    shapes: str | None = None,
    known: Known | None = None,
    tellers: Callable[[str], Iterable[str]] | None = None,
) -> Report:
    """Validates a build, or N-Triples text with statements, entities and evidence, against the shapes.

    engine  'auto' takes the compiled engine where it is installed, else pySHACL
    shapes  Turtle text instead of `ontology/shapes.ttl`
    known   where the results of each part are kept; parts that are known are not validated again
    tellers gives the slugs of the papers that tell of an entity, by its IRI; None: they are looked for in all papers
    Raises InputError where the named engine is not installed, or the text is not N-Triples.
    """
    turtle = _shapes_text() if shapes is None else shapes
    chosen = engine if engine != "auto" else "shacl" if find_spec("shacl") else "pyshacl"
    run = {"pyshacl": _by_pyshacl, "shacl": _by_shacl}.get(chosen)
    if run is None:
        raise InputError(f"there is no engine {engine!r}", mend="take auto, pyshacl or shacl")
    results: set[_Result] = set()
    parts: list[Part] = []
    for unit, found in _results(data, run, turtle, chosen, known):
        results.update(_Result(*r) for r in found)
        parts += unit if found else ()
    around = (
        data if isinstance(data, str) else _around(data, {r.focus for r in results}, parts, tellers) if results else ""
    )
    findings = _findings(sorted(results), around, turtle)
    return Report(
        tuple(f for f in findings if f.severity == "violation"),
        tuple(f for f in findings if f.severity == "warning"),
        chosen,
    )


class _Unit(NamedTuple):
    """What is validated together: a paper's graphs, some entities, or some readings.

    only     the nodes that are to be looked at, where what was found before on the others holds: `carried`
    """

    digest: str
    size: int
    parts: tuple[Part, ...]
    carried: tuple[Sequence[str], ...] = ()
    only: frozenset[str] | None = None

    def lines(self) -> Iterator[str]:
        found = chain.from_iterable(part.lines() for part in self.parts)
        return found if self.only is None else (line for line in found if line.split(" ", 1)[0] in self.only)


def _results(
    data: Dataset | str,
    run: Callable[[str, str], Iterator[_Result]],
    shapes: str,
    engine: str,
    known: Known | None,
) -> Iterator[tuple[tuple[Part, ...], Sequence[Sequence[str]]]]:
    """What the shapes find, with the parts in which they find it.

    A graph goes through the engine in passes of some units, so that memory does not grow with the papers. Of the nodes
    of other units a pass knows the class, which is all that the shapes ask of them; and a node's class follows from
    its IRI, so that what was found in a unit holds as long as its lines are the same.
    """

    def found(text: str) -> Iterator[_Result]:
        return run(text + "".join(_day_lines(text)) + _class_and_scheme_lines(), shapes)

    if isinstance(data, str):
        yield (), list(found(data))
        return
    judge = hashlib.sha256(f"{engine}\0{shapes}\0{_class_and_scheme_lines()}".encode()).hexdigest()
    waiting: list[_Unit] = []
    classes = _Classes(data)
    units = _units(data, judge)
    for unit in units:
        before = known.results(unit.digest) if known and data.parts else None
        if before is not None:
            yield unit.parts, before
            continue
        waiting.append(_narrowed(unit, judge, known) if known and data.parts else unit)
        if sum(u.size for u in waiting) >= _PASS:
            yield from _pass(waiting, classes, found, known)
            waiting = []
    if waiting:
        yield from _pass(waiting, classes, found, known)


def _pass(
    units: Sequence[_Unit], classes: _Classes, found: Callable[[str], Iterator[_Result]], known: Known | None
) -> Iterator[tuple[tuple[Part, ...], Sequence[Sequence[str]]]]:
    owner: dict[str, int] = {}
    named: set[str] = set()
    lines: list[str] = []
    for i, unit in enumerate(units):
        for line in unit.lines():
            lines.append(f"{line} .\n")
            if _IS_A in line:
                owner[line.split(" ", 1)[0]] = i
            elif line.endswith(">"):
                named.add(line.rsplit(" ", 1)[1])
    lines += [f"{node}{_IS_A}{kind} .\n" for node in sorted(named - owner.keys()) for kind in classes.of(node)]
    results: list[list[_Result]] = [[] for _ in units]
    for result in sorted(set(found("".join(lines)))):
        if (at := owner.get(f"<{result.focus}>")) is not None:
            results[at].append(result)
    for unit, its in zip(units, results, strict=True):
        every = [*unit.carried, *its]
        if known:
            known.put_results(unit.digest, every)
        yield unit.parts, every


def _narrowed(unit: _Unit, judge: str, known: Known) -> _Unit:
    """The unit with only those nodes whose lines changed since the build before: of readings, each node stands for
    itself."""
    part = unit.parts[0]
    before = known.former(part.name) if part.graph == "derived" else None
    found = known.results(_unit_digest(judge, (before,))) if before else None
    if before is None or found is None:
        return unit
    changed = frozenset(line.split(" ", 1)[0] for line in set(part.lines()) ^ set(before.lines()))
    carried = tuple(r for r in found if f"<{r[0]}>" not in changed)
    return unit._replace(
        size=sum(1 for line in part.lines() if line.split(" ", 1)[0] in changed), carried=carried, only=changed
    )


def _unit_digest(judge: str, parts: Iterable[Part]) -> str:
    return hashlib.sha256("\0".join((judge, *(part.digest for part in parts))).encode()).hexdigest()[:40]


class _Classes:
    """The classes of the nodes of a build; those of a paper are read when one of its nodes is asked for."""

    def __init__(self, data: Dataset) -> None:
        self._start = len(f"<{data.base}id/")
        self._parts: dict[str, list[Part]] = {}
        for part in _parts(data):
            self._parts.setdefault(_paper(part.graph), []).append(part)
        self._known: dict[str, tuple[str, ...]] = {}
        self._read("")

    def of(self, node: str) -> tuple[str, ...]:
        found = self._known.get(node)
        if found is None:
            self._read(node[self._start : -1].split("/", 2)[1] if "/" in node[self._start :] else "")
            found = self._known.get(node, ())
        return found

    def _read(self, paper: str) -> None:
        for part in self._parts.pop(paper, ()):
            if part.graph != "derived":
                for line in part.types() if part.types else part.lines():
                    node, property_, kind = line.split(" ", 2)
                    if property_ == _IS_A.strip():
                        self._known[node] = (*self._known.get(node, ()), sys.intern(kind))


def _paper(graph: str) -> str:
    kind, _, paper = graph.partition("/")
    return paper if kind in ("document", "evidence") else ""


def _parts(data: Dataset) -> Iterator[Part]:
    """The parts that are validated; of a dataset without parts its graphs, a large one by subjects."""
    if data.parts:
        yield from (p for p in data.parts if p.graph not in _LEFT_OUT)
        return
    for name in data.graphs:
        lines = data.graphs[name]
        at = 0
        while name not in _LEFT_OUT and at < len(lines):
            end = min(at + _PASS, len(lines)) if name == "derived" else len(lines)
            while end < len(lines) and lines[end].split(" ", 1)[0] == lines[end - 1].split(" ", 1)[0]:
                end += 1
            chosen = lines[at:end]
            yield Part(name, f"{name}#{at}", "", len(chosen), partial(tuple, chosen))
            at = end


def _units(data: Dataset, judge: str) -> Iterator[_Unit]:
    papers: dict[str, list[Part]] = {}
    for part in _parts(data):
        papers.setdefault(_paper(part.graph) or part.name, []).append(part)
    for parts in papers.values():
        yield _Unit(_unit_digest(judge, parts), sum(p.size for p in parts), tuple(parts))


def _by_pyshacl(text: str, shapes: str) -> Iterator[_Result]:
    # Imported here: rdflib and pySHACL take half a second, which most commands need not spend.
    import pyshacl
    import rdflib
    from rdflib.namespace import RDF, SH

    graph = rdflib.Graph()
    with _silent("rdflib.term"):  # it warns, with a traceback, of ill-typed literals, which the shapes are to find
        try:
            graph.parse(data=text, format="nt")
        except Exception as error:  # rdflib's parser raises exceptions of several unrelated types
            raise InputError(f"the data is not N-Triples: {error}") from error
        shapes_graph = rdflib.Graph().parse(data=shapes, format="turtle")
        _, found, _ = pyshacl.validate(graph, shacl_graph=shapes_graph, inference="none", inplace=True)
    if not isinstance(found, rdflib.Graph):
        raise RuleError(f"pySHACL refuses the shapes: {found}", "shapes.ttl")
    inner = set(found.objects(None, SH.detail))
    for node in found.subjects(RDF.type, SH.ValidationResult):
        if node not in inner:
            focus, shape, component, value = (
                found.value(node, p)
                for p in (
                    SH.focusNode,
                    SH.sourceShape,
                    SH.sourceConstraintComponent,
                    SH.value,
                )
            )
            yield _Result(
                str(focus),
                str(shape),
                _component(str(component)),
                "" if value is None else str(value),
            )


@contextmanager
def _silent(name: str) -> Iterator[None]:
    logger = logging.getLogger(name)
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def _by_shacl(text: str, shapes: str) -> Iterator[_Result]:
    if not find_spec("shacl"):
        raise InputError(
            "the engine 'shacl' is not installed",
            mend="pip install 'communique[fast]', or take pyshacl",
        )
    module: Any = import_module("shacl")
    try:
        report = _compiled(module, shapes).validate_text(text, format="ntriples")
    except ValueError as error:
        raise InputError(f"the data is not N-Triples: {error}") from error
    for found in report.results:
        focus = found.focus_node
        plain = focus[1:-1] if focus.startswith("<") else focus
        shape = str(found.source_shape).strip("<>")
        yield _Result(plain, shape, _component(found.component), found.value_plain or "")


@cache
def _compiled(module: Any, shapes: str) -> Any:
    return module.Shapes.from_text(shapes, format="turtle")


def _component(name: str) -> str:
    return name.rpartition("#")[2].removesuffix("ConstraintComponent")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


@cache
def _shapes_text() -> str:
    path = ontology_dir() / "shapes.ttl"
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise RuleError(f"cannot be read: {error}", str(path), "install the package again") from error


@cache
def _class_and_scheme_lines() -> str:
    """What the shapes need to know besides the data: which class is below which, which concept is in which scheme."""
    lines = []
    for name, property_ in (("communique.ttl", _SUBCLASS), ("schemes.ttl", _IN_SCHEME)):
        for quad in _parsed(ontology_dir() / name):
            if quad.predicate.value == property_ and isinstance(quad.object, ox.NamedNode):
                lines.append(f"{quad.subject} {quad.predicate} {quad.object} .\n")
    return "".join(sorted(lines))


_MOMENT = re.compile(
    r'^(<[^>]*>) <https://communique\.example/ontology#(start|end|periodStart|periodEnd)> "(\d{4})(?:-(\d\d))?(?:-(\d\d))?"\^\^',
    re.M,
)


def _day_lines(text: str) -> Iterator[str]:
    """The first day that each start can mean, and the last that each end can, as xsd:date.

    Neither engine can order xsd:gYearMonth and xsd:gYear (SPARQL 1.1, section 17.3, defines no order for them), nor
    dates of unequal precision: '30 March 2011' to 'March 2011' is in order.
    """
    for found in _MOMENT.finditer(text):
        node, field, year, month, day = found.groups()
        first = field in ("start", "periodStart")
        try:
            at = date(int(year), int(month or (1 if first else 12)), 1)
            at = at.replace(day=int(day) if day else 1 if first else monthrange(at.year, at.month)[1])
        except ValueError:  # no day of the calendar, which the shapes name by its datatype
            continue
        yield f'{node} <{_CQ}{"earliest" if first else "latest"}> "{at}"^^<{_XSD}date> .\n'


def _parsed(path: Path) -> Iterable[ox.Quad]:
    try:
        return list(ox.parse(path=path, format=ox.RdfFormat.TURTLE))
    except SyntaxError as error:
        raise RuleError(f"is not Turtle: {error.msg}", f"{path}:{error.lineno}", "correct that line") from error


@cache
def _told(shapes: str) -> dict[str, dict[str, str]]:
    """The words of each shape by its IRI: path, name, message, description, severity (local names)."""
    told: dict[str, dict[str, str]] = {}
    for quad in ox.parse(shapes, format=ox.RdfFormat.TURTLE):
        subject, value = quad.subject, quad.object
        if isinstance(subject, ox.NamedNode) and isinstance(value, ox.NamedNode | ox.Literal):
            told.setdefault(subject.value, {})[quad.predicate.value.removeprefix(_SH)] = value.value
    return told


def _around(
    data: Dataset, focus: set[str], parts: Sequence[Part], tellers: Callable[[str], Iterable[str]] | None
) -> str:
    """What a graph says of some nodes, which stand in these parts: their triples, the accounts of them, and the passages
    and papers of these."""
    nodes = {f"<{f}>" for f in focus}
    start = len(f"<{data.base}id/")
    others = [f for f in focus if not f[start - 1 :].startswith(_OF_PAPERS)]
    papers = {_paper(p.graph) for p in parts}
    if others and tellers is not None:
        papers |= {slug for f in others for slug in tellers(f)}
    everywhere = bool(others) and tellers is None
    held = {p.name for p in parts}
    read = [p for p in _parts(data) if p.name in held or ((slug := _paper(p.graph)) and (everywhere or slug in papers))]

    def lines() -> Iterator[str]:
        return (line for part in read for line in part.lines())

    about = f" <{_CQ}about> "
    nodes |= {line.split(" ", 1)[0] for line in lines() if about in line and line.rsplit(" ", 1)[1] in nodes}
    near = [line for line in lines() if line.split(" ", 1)[0] in nodes]
    cited = {line.rsplit(" ", 1)[1] for line in near} - nodes
    return "".join(f"{line} .\n" for line in [*near, *(line for line in lines() if line.split(" ", 1)[0] in cited)])


def _findings(results: Sequence[_Result], around: str, shapes: str) -> list[Finding]:
    """Results in words; `around` are the triples that say what they are about."""
    if not results:
        return []
    told = _told(shapes)
    graph = _Lookup(around)
    findings = []
    for result in results:
        words = told.get(result.shape, {})
        warning = words.get("severity", "").endswith("#Warning")
        document, paragraph, sentence = graph.source(result.focus)
        findings.append(
            Finding(
                "warning" if warning else "violation",
                graph.kind(result.focus),
                graph.label(result.focus),
                words.get("name", ""),
                graph.shown(result, words.get("path", "")),
                words.get("message", f"it breaks the constraint {result.component}"),
                words.get("description", ""),
                result.focus,
                result.shape.rpartition("/")[2],
                result.component,
                document,
                paragraph,
                sentence,
            )
        )
    return sorted(set(findings))


def _plain(value: str) -> str:
    """An IRI of our own as the readable part of its path; anything else as it is."""
    return value.rpartition("/id/")[2] or value


class _Lookup:
    """Finds names and sentences in the validated data; built only where something is wrong."""

    def __init__(self, text: str) -> None:
        self._store = ox.Store()
        self._store.bulk_load(text.encode(), format=ox.RdfFormat.N_TRIPLES, lenient=True)

    def _objects(self, subject: str, predicate: str) -> list[str]:
        try:
            quads = self._store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None, None)
        except ValueError:  # a blank node or literal as focus, which our own builds never have
            return []
        return sorted(q.object.value for q in quads if isinstance(q.object, ox.NamedNode | ox.Literal))

    def kind(self, focus: str) -> str:
        types = [t.removeprefix(_CQ) for t in self._objects(focus, _TYPE)]
        return _KINDS.get(types[0], types[0]) if types else "thing"

    def label(self, focus: str) -> str:
        for property_ in (
            _LABEL,
            *(_CQ + name for name in ("name", "clause", "words", "quote")),
        ):
            if found := self._objects(focus, property_):
                return found[0]
        return _plain(focus)

    def shown(self, result: _Result, path: str) -> str:
        """What stands in the field that a result is about."""
        if result.component == "LessThanOrEquals":
            return self._dates(result.focus)
        if result.value and result.value != result.focus:
            return _plain(result.value)
        found = [_plain(v) for v in self._objects(result.focus, path)] if path.startswith("http") else []
        return " | ".join(found[:_SHOWN]) + (" | …" if len(found) > _SHOWN else "")

    def _dates(self, focus: str) -> str:
        """The start and end, or the period, of a thing: '2015-03-27 to 2015-03-26'."""
        found = [
            " or ".join(self._objects(focus, _CQ + a) or self._objects(focus, _CQ + b))
            for a, b in (("start", "periodStart"), ("end", "periodEnd"))
        ]
        return " to ".join(found)

    def source(self, focus: str) -> tuple[str, str, str]:
        """Document, paragraph and sentence of a statement, or of the first account of a thing; ('', '', '') if none."""
        for node in (focus, *self._accounts(focus)):
            for passage in (
                *self._objects(node, _CQ + "shownBy"),
                *self._objects(node, _CQ + "evidence"),
            ):
                if quote := self._objects(passage, _CQ + "quote"):
                    paragraph = self._objects(passage, _CQ + "paragraph")
                    paper = [p for d in self._objects(node, _CQ + "statedIn") for p in self._objects(d, _CQ + "path")]
                    return (
                        paper[0] if paper else "",
                        paragraph[0] if paragraph else "",
                        quote[0],
                    )
        return "", "", ""

    def _accounts(self, focus: str) -> list[str]:
        try:
            quads = self._store.quads_for_pattern(None, ox.NamedNode(_CQ + "about"), ox.NamedNode(focus), None)
        except ValueError:
            return []
        return sorted(q.subject.value for q in quads if isinstance(q.subject, ox.NamedNode))


_KINDS = {
    "Meeting": "meeting",
    "MeetingSeries": "series of meetings",
    "Place": "place",
    "State": "state",
    "Organisation": "organisation",
    "Body": "body",
    "Person": "person",
    "Instrument": "instrument",
    "InstrumentSeries": "series of instruments",
    "Document": "document",
    "Passage": "passage",
    "Account": "account of",
    "Participation": "participation of",
    "Membership": "membership of",
    "Directive": "directive",
    "Decision": "decision",
    "Pledge": "pledge",
    "Recommendation": "recommendation",
    "Link": "link",
    "StatedCount": "stated count",
    "Quotation": "quotation",
}
"""Classes in words."""
