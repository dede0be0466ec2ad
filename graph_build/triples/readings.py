"""The readings of a corpus, and the judgements of persons, as triples.

Readings stand in `graph:derived`; the passages that they rest on stand in the evidence graph of their paper. A reading
that speaks of something rejected is left out with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from graph_build.dataset import iri, moment, number, text
from graph_build.iris import XSD, segments, slug
from graph_build.judgements import LITERALS, Judgements
from graph_build.readings import Comparison, CountCheck, FollowUp, Missing, Readings, Reuse, Silence
from graph_build.readings.language import METHOD
from graph_build.records import Passage
from graph_build.triples.papers import LABEL, A, Paper, concept, cq
from graph_build.triples.parts import Summary

Said = list[tuple[str, str]]
T = TypeVar("T")
_WORDS = 48


class Source(NamedTuple):
    """A paper that readings speak of, and what is known of its lines."""

    paper: Paper
    summary: Summary


class _Writer:
    """Makes the nodes of readings; keeps the passages that they cite, by node."""

    def __init__(self, sources: Sequence[Source], base: str) -> None:
        self.base = base
        self.papers = {s.paper.facts.document.key: s for s in sources}
        self.cited: dict[str, dict[str, Passage]] = defaultdict(dict)
        self.commitments = {(key, id_): node for key, s in self.papers.items() for id_, node in s.summary.commitments}
        self.counts = {
            (key, s.paper.facts.facts[i]): node for key, s in self.papers.items() for i, node in s.summary.counts
        }

    def id(self, path: str) -> str:
        return iri(f"{self.base}id/{path}")

    def document(self, key: str) -> str:
        return self.papers[key].paper.iri

    def passage(self, passage: Passage) -> str:
        paper, summary = self.papers[passage.document]
        name = f"{passage.start}-{passage.end}"
        node = paper.passage_iri(passage) if name in summary.shared else f"<{self.base}id/passage/{paper.slug}/{name}>"
        self.cited[passage.document][node] = passage
        return node

    def slug(self, key: str) -> str:
        return self.papers[key].paper.slug

    def reuse(self, r: Reuse) -> tuple[str, str, Said]:
        said = [
            (A, cq("Reuse")),
            (cq("earlierPassage"), self.passage(r.earlier)),
            (cq("laterPassage"), self.passage(r.later)),
            (cq("firstPassage"), self.passage(r.first)),
            (cq("earlierIn"), self.document(r.earlier.document)),
            (cq("laterIn"), self.document(r.later.document)),
            (cq("firstIn"), self.document(r.first.document)),
            (cq("measure"), decimal(r.measure)),
            (cq("method"), text(METHOD)),
            (cq("difference"), text(r.difference)),
            (cq("timeOrder"), text(r.order)),
            (cq("earlierWords"), text(r.words_earlier)),
            (cq("laterWords"), text(r.words_later)),
        ]
        for name, value in (
            ("earlierSpeaker", r.speaker_earlier),
            ("laterSpeaker", r.speaker_later),
            ("boilerplate", r.boilerplate),
        ):
            if value:
                said.append((cq(name), text(value)))
        return f"reuse/{self.slug(r.later.document)}/{r.later.start}-{r.later.end}", r.words_later, said

    def comparison(self, c: Comparison) -> tuple[str, str, Said]:
        said = [
            (A, cq("Comparison")),
            (cq("comparedMeeting"), self.id(c.meeting)),
            (cq("field"), text(c.field)),
            (cq("verdict"), concept("verdict", c.verdict)),
            (cq("firstPaper"), self.document(c.papers[0])),
            (cq("secondPaper"), self.document(c.papers[1])),
        ]
        for name, side in (("first", c.one), ("second", c.other)):
            if side:
                said.append((cq(f"{name}Value"), text(side.value)))
                said.append((cq(f"{name}ShownBy"), self.passage(side.passage)))
        if c.note:
            said.append((cq("remark"), text(c.note)))
        value = (c.one or c.other).value if (c.one or c.other) else ""  # type: ignore[union-attr]  # one of them is there
        path = f"comparison/{slug(c.meeting.partition('/')[2])}/{slug(c.field)}/{slug(value, _WORDS)}"
        sides = [f"{s.value}\x1e{s.passage.spans}" if s else "" for s in (c.one, c.other)]
        return path, "\x1f".join((*c.papers, c.verdict, *sides)), said

    def count(self, c: CountCheck) -> tuple[str, str, Said] | None:
        node = self.counts.get((c.paper, c.fact))
        if node is None:
            return None
        said = [
            (A, cq("CountCheck")),
            (cq("ofCount"), node),
            (cq("verdict"), concept("verdict", c.verdict)),
            (cq("remark"), text(c.because)),
        ]
        if c.list_in:
            said += [(cq("listed"), number(c.listed)), (cq("listIn"), self.document(c.list_in))]
        if c.passage:
            said.append((cq("restsOn"), self.passage(c.passage)))
        path = f"count-check/{self.slug(c.paper)}/{slug(f'{c.fact.number} {c.fact.unit}', _WORDS)}"
        return path, "\x1f".join((c.about, str(c.fact), c.list_in, c.because)), said

    def follow_up(self, f: FollowUp) -> tuple[str, str, Said] | None:
        node = self.commitments.get((f.paper, f.commitment))
        if node is None:
            return None
        said = [
            (A, cq("FollowUp")),
            (cq("ofCommitment"), node),
            (cq("followUpKind"), concept("follow-up", f.kind)),
            (cq("scope"), text(f.scope)),
            (cq("followedIn"), self.document(f.followed_in)),
            (cq("restsOn"), self.passage(f.passage)),
        ]
        if f.by:
            said.append((cq("followedBy"), self.id(f.by)))
        if f.status:
            said.append((cq("followUpStatus"), concept("followup-status", f.status)))
        path = f"follow-up/{self.slug(f.paper)}/{_last(node)}/{f.kind}"
        return path, "\x1f".join((f.commitment, f.followed_in, f.by, str(f.passage.spans))), said

    def silence(self, s: Silence) -> tuple[str, str, Said] | None:
        node = self.commitments.get((s.paper, s.commitment))
        if node is None:
            return None
        said = [
            (A, cq("Silence")),
            (cq("ofCommitment"), node),
            (cq("papersSearched"), number(s.papers)),
            (cq("followUpStatus"), concept("followup-status", "no-indication")),
            (cq("remark"), text(str(s))),
        ]
        if s.of_forum >= 0:
            said.append((cq("papersOfForum"), number(s.of_forum)))
        if s.papers:
            said += [(cq("searchedFrom"), moment(s.first)), (cq("searchedTo"), moment(s.last))]
        return f"silence/{self.slug(s.paper)}/{_last(node)}", s.commitment, said

    def missing(self, m: Missing) -> tuple[str, str, Said]:
        said = [(A, cq("MissingPaper")), (LABEL, text(m.label)), (cq("missingKind"), text(m.kind))]
        if m.thing:
            said.append((cq("missingOf"), self.id(m.thing)))
        if m.date:
            said.append((cq("issuedOn"), moment(m.date)))
        for c in m.cited:
            said += [(cq("citedIn"), self.document(c.paper)), (cq("restsOn"), self.passage(c.passage))]
        said += [(cq("quotedWords"), text(words)) for words in m.words]
        return m.key, "\x1f".join((m.kind, m.thing, m.label)), said


def decimal(value: float) -> str:
    """An xsd:decimal in the canonical form of XSD 1.1: no trailing zeros, no point where none is needed."""
    return f'"{f"{value:.3f}".rstrip("0").rstrip(".")}"^^<{XSD}decimal>'


def _last(node: str) -> str:
    return node.rstrip(">").rsplit("/", 1)[1]


def reading_lines(
    readings: Readings, sources: Sequence[Source], base: str, out: frozenset[str] | set[str] = frozenset()
) -> tuple[set[str], Mapping[str, Mapping[str, Passage]]]:
    """The lines of `graph:derived`, and the passages that they cite: by the key of the paper, by node.

    out  IRIs, as N-Triples writes them, of what was rejected: a reading that speaks of one is left out
    """
    writer = _Writer(sources, base)
    drafts = [*_nodes(readings, writer)]
    made = segments((path, content) for path, content, _ in drafts)
    lines: set[str] = set()
    for path, content, said in drafts:
        node = writer.id(made[path, content])
        if node not in out and not any(o in out for _, o in said):
            lines.update(f"{node} {p} {o}" for p, o in said)
    for instrument, paper in readings.held:
        lines.add(f"{writer.id(instrument)} {cq('heldAs')} {writer.document(paper)}")
    return lines, writer.cited


def _nodes(readings: Readings, writer: _Writer) -> Iterator[tuple[str, str, Said]]:
    yield from (writer.reuse(r) for r in readings.language)
    yield from (writer.comparison(c) for c in readings.accounts)
    yield from _some(writer.count, readings.counts)
    yield from _some(writer.follow_up, readings.followed)
    yield from _some(writer.silence, readings.silent)
    yield from (writer.missing(m) for m in readings.missing)


def _some(make: Callable[[T], tuple[str, str, Said] | None], records: Iterable[T]) -> Iterator[tuple[str, str, Said]]:
    for record in records:
        if (draft := make(record)) is not None:
            yield draft


def judgement_lines(judgements: Judgements, base: str, known: Mapping[str, str]) -> Iterator[str]:
    """What persons judged, for `graph:judgements`: a node each, and the triple of an added statement.

    known  key of every thing, former ones too, to the key that it has now
    """

    def id_(key: str) -> str:
        return iri(f"{base}id/{known.get(key, key)}")

    drafts: list[tuple[str, str, Said]] = []
    for entry in judgements.entries:
        said = [
            (A, cq("Judgement")),
            (LABEL, text(str(entry))),
            (cq("judgementKind"), text(entry.kind)),
            (cq("judgedBy"), text(entry.who)),
            (cq("judgedOn"), moment(entry.when)),
            (cq("judgedBecause"), text(entry.why)),
        ]
        said += [(cq("judges"), id_(t.key)) for t in entry.things if t.key in known]
        if entry.fact:
            said.append((cq("judges"), id_(entry.fact)))
        for name, value in (
            ("Property", entry.property),
            ("Value", entry.object or entry.label),
            ("Quote", entry.quote),
        ):
            if value:
                said.append((cq(f"judged{name}"), text(value)))
        if entry.kind == "add" and entry.things[0].key in known:
            yield f"{id_(entry.things[0].key)} {cq(entry.property)} {_object(entry.property, entry.object, id_)}"
        drafts.append((f"judgement/{slug(f'{entry.when} {entry}', 80)}", str(entry), said))
    made = segments((path, content) for path, content, _ in drafts)
    for path, content, said in drafts:
        node = iri(f"{base}id/{made[path, content]}")
        yield from (f"{node} {p} {o}" for p, o in said)


def _object(property_: str, value: str, id_: Callable[[str], str]) -> str:
    if property_ not in LITERALS:
        return id_(value)
    if property_ == "ordinal" and value.isdecimal():
        return number(int(value))
    return moment(value) if property_ in ("start", "end") else text(value)
