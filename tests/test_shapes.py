"""Every shape accepts its conforming file; every constraint refuses one file, which nothing else refuses."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph_build.dataset import Dataset
from graph_build.errors import InputError
from graph_build.validate import Finding, validate
from graph_build.vocabulary import ontology_dir
from tests.machine import need_module

FOLDER = Path(__file__).parent / "shapes"
FILES = sorted(FOLDER.glob("*/*.ttl"))
REFUSED = [f for f in FILES if f.stem != "conforms"]
SHAPES = (ontology_dir() / "shapes.ttl").read_text(encoding="utf-8")
SHAPE = "https://communique.example/shape/"
SH = "http://www.w3.org/ns/shacl#"
PARAMETERS = frozenset(
    {"minCount", "maxCount", "datatype", "class", "nodeKind", "pattern", "minLength", "maxLength", "minInclusive"}
    | {"maxInclusive", "lessThan", "lessThanOrEquals", "disjoint", "node", "in", "hasValue", "xone", "or", "not"}
)
CQ = "https://communique.example/ontology#"


def ntriples(path: Path) -> str:
    quads = ox.parse(path=path, format=ox.RdfFormat.TURTLE)
    return "".join(f"{q.subject} {q.predicate} {q.object} .\n" for q in quads)


def constraint_of(path: Path) -> tuple[str, str]:
    """Shape and component that a refusing file is named after: `Meeting/order-lessThanOrEquals.ttl`."""
    property_, _, parameter = path.stem.rpartition("-")
    shape = path.parent.name if property_ == "shape" else f"{path.parent.name}-{property_}"
    return shape, parameter[0].upper() + parameter[1:]


@cache
def findings(engine: str) -> dict[Path, list[Finding]]:
    """Findings of every file. All files go through the engine at once, each with IRIs of its own."""
    mark = "https://communique.example/id/"
    text = "".join(ntriples(f).replace(mark, f"https://communique.example/{i}/id/") for i, f in enumerate(FILES))
    found: dict[Path, list[Finding]] = {f: [] for f in FILES}
    for finding in validate(text, engine=engine).findings:  # type: ignore[arg-type]
        number = re.match(r"https://communique\.example/(\d+)/id/", finding.focus)
        assert number, finding
        found[FILES[int(number[1])]].append(finding)
    return found


def constraints() -> set[tuple[str, str]]:
    """All (shape, component) of shapes.ttl that stand at a shape with an IRI of its own."""
    found = set()
    for quad in ox.parse(SHAPES, format=ox.RdfFormat.TURTLE):
        parameter = quad.predicate.value.removeprefix(SH)
        if parameter in PARAMETERS and isinstance(quad.subject, ox.NamedNode):
            found.add((quad.subject.value.removeprefix(SHAPE), parameter[0].upper() + parameter[1:]))
    return found


HELPERS = {"Moment", "NamedThing"}
"""Shapes of values, reached by sh:node from those that have targets."""


def is_helper(shape: str) -> bool:
    return shape in HELPERS or shape.partition("-")[0].endswith("Concept")


def test_there_are_files_enough() -> None:
    assert len(REFUSED) >= 240
    assert len([f for f in FILES if f.stem == "conforms"]) == len({f.parent for f in FILES}) >= 35


@pytest.mark.parametrize("engine", ["pyshacl", "shacl"])
def test_conforming_files_conform_and_each_other_is_refused_by_its_constraint_alone(engine: str) -> None:
    if engine == "shacl":
        need_module("shacl")
    wrong = []
    for path, found in findings(engine).items():
        expected = [] if path.stem == "conforms" else [constraint_of(path)]
        if [(f.shape, f.component) for f in found] != expected:
            wrong.append(f"{path.relative_to(FOLDER)}: {[(f.shape, f.component) for f in found]}")
    assert not wrong, "\n".join(wrong)


def test_every_constraint_has_a_file_that_it_refuses() -> None:
    named = {constraint_of(f) for f in REFUSED}
    assert {c for c in constraints() if not is_helper(c[0])} == named


def test_every_class_that_a_build_writes_has_a_shape() -> None:
    told = list(ox.parse(path=ontology_dir() / "communique.ttl", format=ox.RdfFormat.TURTLE))
    classes = {
        q.subject.value
        for q in told
        if isinstance(q.object, ox.NamedNode) and q.object.value.endswith("owl#Class") and CQ in str(q.subject)
    }
    targets = {
        q.object.value
        for q in ox.parse(SHAPES, format=ox.RdfFormat.TURTLE)
        if q.predicate.value == SH + "targetClass" and isinstance(q.object, ox.NamedNode)
    }
    assert len(classes) >= 20
    assert classes == targets


def without(shape: str, parameter: str) -> str:
    """shapes.ttl as N-Triples without one constraint."""
    kept = [
        f"{q.subject} {q.predicate} {q.object} .\n"
        for q in ox.parse(SHAPES, format=ox.RdfFormat.TURTLE)
        if not (str(q.subject) == f"<{SHAPE}{shape}>" and q.predicate.value == SH + parameter)
    ]
    return "".join(kept)


def test_without_its_constraint_a_refused_file_conforms() -> None:
    """Each constraint deleted in turn, by the compiled engine."""
    need_module("shacl")
    still = []
    for path in REFUSED:
        shape, component = constraint_of(path)
        parameter = component[0].lower() + component[1:]
        if validate(ntriples(path), engine="shacl", shapes=without(shape, parameter)).findings:
            still.append(str(path.relative_to(FOLDER)))
    assert not still, "\n".join(still)


@pytest.mark.parametrize(
    ("file", "parameter"),
    [
        ("Meeting/order-lessThanOrEquals", "lessThanOrEquals"),
        ("Account/about-node", "node"),
        ("Participation/meeting-minCount", "minCount"),
        ("CapacityOrRole/shape-xone", "xone"),
    ],
)
def test_without_its_constraint_a_refused_file_conforms_in_the_reference_engine(file: str, parameter: str) -> None:
    path = FOLDER / f"{file}.ttl"
    shape, _ = constraint_of(path)
    assert validate(ntriples(path), engine="pyshacl").findings
    assert not validate(ntriples(path), engine="pyshacl", shapes=without(shape, parameter)).findings


def test_without_a_constraint_on_values_a_refused_file_conforms() -> None:
    """The same for the shapes of values: for each there is a refused file that conforms without its constraint."""
    need_module("shacl")
    files = {f: ntriples(f) for f in REFUSED if f.stem.endswith("-node")}
    helpers = {c for c in constraints() if is_helper(c[0])}
    assert len(helpers) >= 17
    for shape, component in sorted(helpers):
        changed = without(shape, component[0].lower() + component[1:])
        assert any(not validate(t, engine="shacl", shapes=changed).findings for t in files.values()), shape


def test_the_engines_give_the_same_findings_word_for_word() -> None:
    need_module("shacl")
    for path in FILES:
        assert findings("pyshacl")[path] == findings("shacl")[path], path


def text_of(*triples: str) -> str:
    head = "@prefix cq: <https://communique.example/ontology#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
    head += "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @base <https://communique.example/id/> . "
    quads = ox.parse(head + " ".join(triples), format=ox.RdfFormat.TURTLE, lenient=True)
    return "".join(f"{q.subject} {q.predicate} {q.object} .\n" for q in quads)


MEETING = '<meeting/m> a cq:Meeting ; rdfs:label "M" ;'


@pytest.mark.parametrize("engine", ["pyshacl", "shacl"])
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        # dates of unequal precision are in order as long as they can be
        ('cq:start "2011-03-30"^^xsd:date ; cq:end "2011-03"^^xsd:gYearMonth', []),
        ('cq:start "2011"^^xsd:gYear ; cq:end "2011-01-02"^^xsd:date', []),
        ('cq:start "2011-04"^^xsd:gYearMonth ; cq:end "2011-03-30"^^xsd:date', ["Meeting-order"]),
        ('cq:start "2012"^^xsd:gYear ; cq:end "2011"^^xsd:gYear', ["Meeting-order"]),
        ('cq:start "2012-02-29"^^xsd:date ; cq:end "2012-02-29"^^xsd:date', []),
        # no days of the calendar
        ('cq:start "2015-13-45"^^xsd:date', ["Meeting-start"]),
        ('cq:start "2015-02-30"^^xsd:date', ["Meeting-start"]),
        ('cq:start "2015-02-29"^^xsd:date', ["Meeting-start"]),
        ('cq:start "1900-02-29"^^xsd:date', ["Meeting-start"]),
        ('cq:start "2015-04-31"^^xsd:date', ["Meeting-start"]),
        ('cq:start "2000-02-29"^^xsd:date', []),
        ('cq:start "2015-12-31"^^xsd:date', []),
        ('cq:start "2015-11-30"^^xsd:date', []),
        ('cq:start "2015-13"^^xsd:gYearMonth', ["Meeting-start"]),
        ('cq:start ""', ["Meeting-start"]),
        # names that try to be something else
        (r'cq:city "<script>\n\" . <x> <y> <z> ."', []),
        ('cq:city "\u202eavuS"', []),
    ],
)
def test_odd_values(engine: str, said: str, expected: list[str], caplog: pytest.LogCaptureFixture) -> None:
    if engine == "shacl":
        need_module("shacl")
    report = validate(text_of(MEETING, said, "."), engine=engine)  # type: ignore[arg-type]
    assert [f.shape for f in report.findings] == expected
    assert not caplog.records


def test_a_report_says_name_field_value_sentence_and_what_to_do() -> None:
    path = FOLDER / "Membership" / "since-node.ttl"
    report = validate(ntriples(path))
    assert not report.conforms
    assert report.broken == {"https://communique.example/id/membership/d/x"}
    (finding,) = report.findings
    assert finding == Finding(
        severity="violation",
        kind="membership of",
        label="Fiji",
        field="since",
        value="next spring",
        message="The beginning of a membership is one day, month or year.",
        advice="This is a fault of the program, not of the paper: report it with the sentence.",
        focus="https://communique.example/id/membership/d/x",
        shape="Membership-since",
        component="Node",
        document="summary.txt",
        paragraph="1",
        sentence="Ministers directed the group to meet.",
    )
    assert str(report) == (
        "The graph does not conform: 1 violation, 0 warnings.\n\n"
        "Violation: membership of “Fiji”, since: The beginning of a membership is one day, month or year. "
        "Found: next spring.\n"
        "  It stands in summary.txt, paragraph 1: “Ministers directed the group to meet.”\n"
        "  What to do: This is a fault of the program, not of the paper: report it with the sentence.\n"
        "  <https://communique.example/id/membership/d/x>"
    )


def test_a_warning_leaves_the_graph_conforming_and_shows_the_dates() -> None:
    report = validate(ntriples(FOLDER / "Meeting" / "order-lessThanOrEquals.ttl"))
    assert report.conforms
    assert [(f.severity, f.field, f.value) for f in report.findings] == [
        ("warning", "dates", "2015-03-27 to 2015-03-26")
    ]


def test_a_thing_is_shown_with_the_sentence_of_its_account() -> None:
    text = ntriples(FOLDER / "Account" / "conforms.ttl") + (
        "<https://communique.example/id/meeting/m> <https://communique.example/ontology#ordinal> "
        '"zero"^^<http://www.w3.org/2001/XMLSchema#string> .\n'
    )
    found = [f for f in validate(text).findings if f.severity == "violation"]
    assert {(f.label, f.sentence) for f in found} == {
        ("Second Workshop on Ports", "Ministers directed the group to meet.")
    }


def test_every_shape_says_what_is_wrong_and_what_to_do() -> None:
    told: dict[str, dict[str, str]] = {}
    for quad in ox.parse(SHAPES, format=ox.RdfFormat.TURTLE):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
            told.setdefault(quad.subject.value, {})[quad.predicate.value] = quad.object.value
    for shape, _ in constraints():
        if not is_helper(shape):
            assert {SH + "message", SH + "description", SH + "name", SH + "severity"} <= told[SHAPE + shape].keys(), (
                shape
            )


def test_a_build_is_validated_without_its_ontology_and_rejected_graphs() -> None:
    statement = "<https://communique.example/id/meeting/m> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
    line = f"{statement}<{CQ}Meeting>"
    rejected = Dataset(graphs={"rejected": (line,), "ontology": (line,), "reference": (line,)})
    assert validate(rejected).conforms
    assert [f.shape for f in validate(Dataset(graphs={"entities": (line,)})).findings] == ["Thing-label"]
    assert [f.shape for f in validate(Dataset(graphs={"evidence/d": (line,)})).findings] == ["Thing-label"]


@pytest.mark.parametrize("engine", ["pyshacl", "shacl"])
def test_an_empty_graph_conforms(engine: str) -> None:
    if engine == "shacl":
        need_module("shacl")
    report = validate("", engine=engine)  # type: ignore[arg-type]
    assert report.conforms
    assert str(report) == "The graph conforms: 0 violations, 0 warnings."


@pytest.mark.parametrize("engine", ["pyshacl", "shacl"])
def test_text_that_is_no_ntriples_is_refused(engine: str) -> None:
    if engine == "shacl":
        need_module("shacl")
    with pytest.raises(InputError, match="not N-Triples"):
        validate("Ministers directed <the group\n", engine=engine)  # type: ignore[arg-type]


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(InputError, match="no engine 'jena'"):
        validate("", engine="jena")  # type: ignore[arg-type]
