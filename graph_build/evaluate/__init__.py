"""Score the seven tables of a build against what readers wrote down (docs/guideline.md), with what was missed and extra.

`evaluate(gold, texts, tables) -> Scores`: precision, recall and F1 of each table over all documents together (micro
average), accuracies on what matched, and both again by kind of paper.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from graph_build.errors import InputError
from graph_build.evaluate.alike import (
    alike,
    alike_person,
    alike_words,
    find,
    fold,
    overlap,
    same_date,
    same_party,
    verbatim,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["TABLES", "Finding", "Score", "Scores", "evaluate", "read_gold"]

TABLES = ("events", "attendance", "people", "membership", "named", "commitments", "lineage")
Row = dict[str, str]
Gold = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a reader has and the build has not ('missed'), or the other way round ('extra'), in words."""

    document: str
    table: str
    kind: str
    what: str
    quote: str = ""


@dataclass(slots=True)
class Score:
    """Counts of one table."""

    gold: int = 0
    system: int = 0
    hit: int = 0

    @property
    def precision(self) -> float:
        return self.hit / self.system if self.system else 0.0

    @property
    def recall(self) -> float:
        return self.hit / self.gold if self.gold else (0.0 if self.system else 1.0)

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(slots=True)
class Scores:
    """Scores by table and accuracies by name ([right, of]), with every finding."""

    documents: int = 0
    tables: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    accuracies: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    findings: list[Finding] = field(default_factory=list)
    kinds: dict[str, Scores] = field(default_factory=dict)

    @property
    def mean(self) -> float:
        """Mean F1 over the tables that have anything."""
        scored = [t.f1 for t in self.tables.values() if t.gold or t.system]
        return sum(scored) / len(scored) if scored else 0.0

    def add(self, other: Scores) -> None:
        """Add the counts of other documents."""
        self.documents += other.documents
        for name, score in other.tables.items():
            mine = self.tables[name]
            mine.gold += score.gold
            mine.system += score.system
            mine.hit += score.hit
        for name, (right, of) in other.accuracies.items():
            self.accuracies[name][0] += right
            self.accuracies[name][1] += of
        self.findings += other.findings


def read_gold(folder: Path) -> dict[str, Gold]:
    """Gold by document stem from `NAME.yaml` files; InputError where there is none or one is broken."""
    import yaml

    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise InputError("no gold files (NAME.yaml) here", str(folder), "give the folder that holds them")
    found: dict[str, Gold] = {}
    for path in files:
        try:
            parsed = yaml.safe_load(path.read_text(encoding="utf-8"))
        except yaml.YAMLError as error:
            raise InputError(f"not YAML: {error}", str(path), "mend the file") from None
        if not isinstance(parsed, dict):
            raise InputError("a gold file holds one mapping", str(path), "see docs/guideline.md")
        found[path.stem] = parsed
    return found


def evaluate(
    gold: Mapping[str, Gold],
    texts: Mapping[str, str],
    tables: Mapping[str, Sequence[Row]],
    kinds: Mapping[str, str] | None = None,
) -> Scores:
    """Scores of the tables (rows as the named queries give them) for the documents of the gold.

    `texts` are the papers and `kinds` their kinds by stem. Rows of documents without gold are left out.
    """
    by_document: dict[str, dict[str, list[Row]]] = defaultdict(lambda: {t: [] for t in TABLES})
    for name in TABLES:
        for row in tables.get(name, ()):
            by_document[PurePosixPath(row.get("document", "")).stem][name].append(row)
    total = Scores()
    for stem, paper in gold.items():
        one = _Paper(stem, paper, fold(texts.get(stem, "")), by_document[stem]).score()
        total.add(one)
        total.kinds.setdefault((kinds or {}).get(stem) or "other", Scores()).add(one)
    return total


def _pairs(
    gold: Sequence[Gold], rows: Sequence[Row], score: Callable[[Gold, Row], float], least: float
) -> list[tuple[int, int]]:
    """One-to-one matches, best first; ties in order of appearance."""
    ranked = sorted(
        ((score(g, r), i, j) for i, g in enumerate(gold) for j, r in enumerate(rows)), key=lambda t: (-t[0], t[1], t[2])
    )
    taken_gold: set[int] = set()
    taken_rows: set[int] = set()
    found = []
    for value, i, j in ranked:
        if value < least:
            break
        if i not in taken_gold and j not in taken_rows:
            taken_gold.add(i)
            taken_rows.add(j)
            found.append((i, j))
    return found


def _unique(rows: Sequence[Row], *columns: str) -> list[Row]:
    """The first row for each combination of columns."""
    return list({tuple(r.get(c, "") for c in columns): r for r in reversed(rows)}.values())[::-1]


def _text(gold: Gold, key: str) -> str:
    return str(gold.get(key) or "")


class _Paper:
    """Scores one document."""

    def __init__(self, stem: str, gold: Gold, text: str, rows: dict[str, list[Row]]) -> None:
        self.stem = stem
        self.gold = gold
        self.text = text
        self.rows = rows
        self.scores = Scores(documents=1)
        self.events: dict[str, str] = {}
        self.gold_event: dict[str, str] = {}

    def score(self) -> Scores:
        """All tables, events first: the others need to know which event is which."""
        self._events()
        self._attendance()
        self._people()
        self._membership()
        self._named()
        self._commitments()
        self._lineage()
        return self.scores

    def _entries(self, key: str) -> list[Gold]:
        return list(self.gold.get(key) or [])

    def _tally(
        self,
        table: str,
        gold: Sequence[Gold],
        rows: Sequence[Row],
        matched: Sequence[tuple[int, int]],
        of_gold: Callable[[Gold], str],
        of_row: Callable[[Row], str],
    ) -> None:
        score = self.scores.tables[table]
        score.gold += len(gold)
        score.system += len(rows)
        score.hit += len(matched)
        hit_gold, hit_rows = {i for i, _ in matched}, {j for _, j in matched}
        for i, g in enumerate(gold):
            if i not in hit_gold:
                self.scores.findings.append(Finding(self.stem, table, "missed", of_gold(g), _text(g, "quote")))
        for j, r in enumerate(rows):
            if j not in hit_rows:
                self.scores.findings.append(Finding(self.stem, table, "extra", of_row(r), r.get("quote", "")))

    def _right(self, name: str, right: bool) -> None:
        self.scores.accuracies[name][0] += right
        self.scores.accuracies[name][1] += 1

    def _same_event(self, gold_id: str, event: str) -> bool:
        return self.gold_event.get(event) == gold_id

    def _events(self) -> None:
        gold, rows = self._entries("events"), _unique(self.rows["events"], "event")

        def score(g: Gold, r: Row) -> float:
            start = same_date(_text(g, "start"), r.get("start", ""))
            if start is False:
                return 0.0
            name = alike(_text(g, "label"), r.get("label", ""))
            if start and len(_text(g, "start")) == 10 and len(r.get("start", "")) == 10:
                return name + 40 if name >= 35 else 0.0
            return name + (20 if start else 0)

        matched = _pairs(gold, rows, score, 72)
        self._tally(
            "events",
            gold,
            rows,
            matched,
            lambda g: f"{g.get('label')} {g.get('start', '')}",
            lambda r: f"{r.get('label')} {r.get('start', '')}",
        )
        self.events = {gold[i]["id"]: rows[j]["event"] for i, j in matched}
        self.gold_event = {v: k for k, v in self.events.items()}
        for i, j in matched:
            self._right("status", gold[i].get("status") == rows[j].get("status"))
        fields = ("start", "end", "city", "country")
        stated = [
            {"event": g["id"], "field": k, "value": _text(g, k), "quote": g.get("label")}
            for g in gold
            for k in fields
            if g.get(k)
        ]
        told = [
            {"event": r["event"], "field": k, "value": r[k], "quote": r.get("quote", "")}
            for r in rows
            for k in fields
            if r.get(k)
        ]
        both = _pairs(
            stated,
            told,
            lambda g, r: (
                1.0
                if g["event"] == self.gold_event.get(r["event"], r["event"])
                and g["field"] == r["field"]
                and fold(g["value"]) == fold(r["value"])
                else 0.0
            ),
            1.0,
        )
        self._tally(
            "event facts",
            stated,
            told,
            both,
            lambda g: f"{g['field']} {g['value']} of {g['quote']}",
            lambda r: f"{r['field']} {r['value']} of {r['event'].rsplit('/', 1)[-1]}",
        )

    def _attendance(self) -> None:
        gold, rows = self._entries("attendance"), _unique(self.rows["attendance"], "event", "party", "capacity")
        matched = _pairs(
            gold,
            rows,
            lambda g, r: float(
                self._same_event(g["event"], r.get("event", ""))
                and g["capacity"] == r.get("capacity")
                and same_party(_text(g, "party"), _text(g, "name"), r.get("code", ""), r.get("party_label", ""))
            ),
            1.0,
        )
        self._tally(
            "attendance",
            gold,
            rows,
            matched,
            lambda g: f"{g.get('name')} {g['capacity']} at {g['event']}",
            lambda r: f"{r.get('party_label')} {r.get('capacity')} at {r.get('event_label')}",
        )

    def _people(self) -> None:
        gold, rows = self._entries("people"), _unique(self.rows["people"], "event", "person", "role")
        matched = _pairs(
            gold,
            rows,
            lambda g, r: (
                alike_person(_text(g, "name"), r.get("name", ""))
                if self._same_event(g["event"], r.get("event", "")) and g["role"] == r.get("role")
                else 0.0
            ),
            88,
        )
        self._tally(
            "people",
            gold,
            rows,
            matched,
            lambda g: f"{g['name']} {g['role']}",
            lambda r: f"{r.get('name')} {r.get('role')}",
        )
        for i, j in matched:
            for k in ("position", "affiliation"):
                if gold[i].get(k):
                    self._right(k, alike_words(_text(gold[i], k), rows[j].get(k, "")) >= 85)

    def _membership(self) -> None:
        gold, rows = self._entries("membership"), _unique(self.rows["membership"], "body", "party", "capacity")
        matched = _pairs(
            gold,
            rows,
            lambda g, r: float(
                alike(_text(g, "body"), r.get("body_label", "")) >= 78
                and g["capacity"] == r.get("capacity")
                and same_party(_text(g, "party"), _text(g, "name"), r.get("code", ""), r.get("party_label", ""))
            ),
            1.0,
        )
        self._tally(
            "membership",
            gold,
            rows,
            matched,
            lambda g: f"{g.get('name')} {g['capacity']} of {g['body']}",
            lambda r: f"{r.get('party_label')} {r.get('capacity')} of {r.get('body_label')}",
        )

    def _named(self) -> None:
        gold, rows = self._entries("named"), _unique(self.rows["named"], "thing")
        matched = _pairs(
            gold,
            rows,
            lambda g, r: alike(_text(g, "label"), r.get("label", "")) if g["type"] == r.get("type") else 0.0,
            82,
        )
        self._tally(
            "named",
            gold,
            rows,
            matched,
            lambda g: f"{g['label']} [{g['type']}]",
            lambda r: f"{r.get('label')} [{r.get('type')}]",
        )

    def _commitments(self) -> None:
        gold, rows = self._entries("commitments"), _unique(self.rows["commitments"], "commitment")
        where_gold = {id(g): find(self.text, _text(g, "quote")) for g in gold}
        where_row = {id(r): find(self.text, r.get("quote", "")) for r in rows}
        matched = _pairs(gold, rows, lambda g, r: overlap(where_gold[id(g)], where_row[id(r)]), 0.4)
        for r in rows:
            self._right("quotes verbatim", verbatim(self.text, r.get("quote", "")))
        self._tally("commitments", gold, rows, matched, lambda g: f"[{g['class']}]", lambda r: f"[{r.get('class')}]")
        for i, j in matched:
            g, r = gold[i], rows[j]
            self._right("commitment class", g["class"] == r.get("class"))
            if g.get("issuer"):
                self._right("issuer", alike_words(_text(g, "issuer"), r.get("issuer", "")) >= 80)
            if g.get("made_at"):
                self._right("made at", self._same_event(g["made_at"], r.get("made_at", "")))
            if g.get("addressee"):
                self._right("addressee", alike_words(_text(g, "addressee"), r.get("addressee", "")) >= 80)

    def _lineage(self) -> None:
        gold, rows = self._entries("links"), _unique(self.rows["lineage"], "source", "relation", "target")
        labels = {e["id"]: _text(e, "label") for e in self._entries("events")}
        for r in rows:
            self._right("quotes verbatim", verbatim(self.text, r.get("quote", "")))

        def same_end(end: str, r: Row, side: str) -> bool:
            if end in labels:
                return self._same_event(end, r.get(side, "")) or (
                    r.get(side, "") not in self.gold_event and alike(labels[end], r.get(f"{side}_label", "")) >= 82
                )
            return alike(end, r.get(f"{side}_label", "")) >= 78

        matched = _pairs(
            gold,
            rows,
            lambda g, r: float(
                g["relation"] == r.get("relation")
                and same_end(_text(g, "source"), r, "source")
                and same_end(_text(g, "target"), r, "target")
            ),
            1.0,
        )
        self._tally(
            "lineage",
            gold,
            rows,
            matched,
            lambda g: f"{labels.get(g['source'], g['source'])} {g['relation']} {labels.get(g['target'], g['target'])}",
            lambda r: f"{r.get('source_label')} {r.get('relation')} {r.get('target_label')}",
        )
