"""What two builds say differently: facts gained, lost and changed, each with its sentence.

Facts are compared by what they say, not by their IRIs, so that a thing that got another IRI is no loss of everything
said of it: a row of a table, without its IRIs, in its document. A row whose words agree but for some values is changed.
"""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from graph_build.query import query
from graph_build.source import Source, StoreSource
from graph_build.tables import Table, table_of, visible


@dataclass(frozen=True, slots=True)
class View:
    """How a table is compared: the columns that say which fact it is, and those whose values may change."""

    table: str
    key: tuple[str, ...]
    values: tuple[str, ...] = ()


VIEWS = (
    View(
        "documents", ("document",), ("title", "type", "date", "published_for_label", "publisher", "language", "sha256")
    ),
    View("events", ("document", "label"), ("status", "start", "end", "city", "country")),
    View("attendance", ("document", "event_label", "code", "capacity"), ("party_label",)),
    View("people", ("document", "event_label", "name", "role"), ("position", "affiliation")),
    View("membership", ("document", "body_label", "code", "capacity"), ("party_label", "since")),
    View("named", ("document", "label"), ("type",)),
    View("commitments", ("document", "quote"), ("class", "issuer", "addressee", "made_at_label", "paragraph")),
    View("lineage", ("document", "source_label", "relation", "target_label")),
    View("counts", ("document", "about_label", "number", "unit"), ("exact", "list")),
    View("quotations", ("document", "words"), ("source_label",)),
    View("identity", ("document", "label"), ("thing", "other_documents")),
)
"""The tables that are compared; `identity` is which names of which papers are one thing."""

_IDENTITY = """PREFIX cq: <https://communique.example/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?document ?label ?thing (COUNT(DISTINCT ?other) AS ?others) WHERE {
  ?account cq:about ?iri ; cq:name ?label ; cq:statedIn ?paper .
  ?paper cq:path ?document .
  ?iri rdfs:label ?thing .
  OPTIONAL { ?elsewhere cq:about ?iri ; cq:statedIn ?other . FILTER(?other != ?paper) }
}
GROUP BY ?document ?label ?thing ?iri"""


@dataclass(frozen=True, slots=True)
class Fact:
    """One row: the table, the values that say which fact it is, its other values, and its sentence."""

    table: str
    key: tuple[str, ...]
    values: tuple[str, ...]
    paragraph: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that both builds have with other values; `fields` as (column, before, after)."""

    before: Fact
    after: Fact
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Difference:
    """Facts that the second build gained, lost and changed; `counts` of facts by table, before and after."""

    gained: tuple[Fact, ...]
    lost: tuple[Fact, ...]
    changed: tuple[Change, ...]
    counts: tuple[tuple[str, int, int], ...]

    def __bool__(self) -> bool:
        return bool(self.gained or self.lost or self.changed)

    def table(self) -> Table:
        """One row a fact: what happened, the table, the document, what it says, what changed, the sentence."""
        rows = [("gained", f.table, f.key[0], " · ".join(f.key[1:]), "", f.paragraph, f.quote) for f in self.gained]
        rows += [("lost", f.table, f.key[0], " · ".join(f.key[1:]), "", f.paragraph, f.quote) for f in self.lost]
        rows += [
            ("changed", c.after.table, c.after.key[0], " · ".join(c.after.key[1:]),
             "; ".join(f"{name}: {a or 'nothing'} → {b or 'nothing'}" for name, a, b in c.fields),
             c.after.paragraph, c.after.quote)
            for c in self.changed
        ]  # fmt: skip
        rows.sort(key=lambda r: (r[2], r[1], r[0], r[3]))
        return table_of(
            ("what", "table", "document", "fact", "change", "paragraph", "quote"), rows, "Facts gained and lost"
        )


def compare(before: Source | ox.Store, after: Source | ox.Store) -> Difference:
    """What `after` says differently from `before`."""
    first, second = (StoreSource(s) if isinstance(s, ox.Store) else s for s in (before, after))
    gained: list[Fact] = []
    lost: list[Fact] = []
    changed: list[Change] = []
    counts = []
    for view in VIEWS:
        old, new = _facts(first, view), _facts(second, view)
        counts.append((view.table, sum(map(len, old.values())), sum(map(len, new.values()))))
        for key in sorted({*old, *new}):
            a, b = list(old.get(key, ())), list(new.get(key, ()))
            for fact in Counter(f.values for f in a) & Counter(f.values for f in b):
                # Equal in both; what stands twice in one build and once in the other is gained or lost once.
                for _ in range(min(sum(f.values == fact for f in a), sum(f.values == fact for f in b))):
                    a.pop(next(i for i, f in enumerate(a) if f.values == fact))
                    b.pop(next(i for i, f in enumerate(b) if f.values == fact))
            for x, y in zip(a, b, strict=False):
                fields = tuple(
                    (name, p, q) for name, p, q in zip(view.values, x.values, y.values, strict=True) if p != q
                )
                changed.append(Change(x, y, fields))
            lost += a[len(b) :]
            gained += b[len(a) :]
    return Difference(tuple(gained), tuple(lost), tuple(changed), tuple(counts))


def _facts(source: Source, view: View) -> Mapping[tuple[str, ...], Sequence[Fact]]:
    found: defaultdict[tuple[str, ...], list[Fact]] = defaultdict(list)
    if view.table == "identity":
        for document, label, thing, others in source.ask(_IDENTITY).rows:
            found[document, label].append(Fact("identity", (document, label), (thing, others)))
    else:
        for row in query(source, view.table).records():
            key = tuple(row[c] for c in view.key)
            values = tuple(row[c] for c in view.values)
            found[key].append(Fact(view.table, key, values, row.get("paragraph", ""), row.get("quote", "")))
    for facts in found.values():
        facts.sort(key=lambda f: (f.values, f.quote))
    return found


def as_text(difference: Difference, width: int = 100, color: bool = False, most: int = 200) -> str:
    """The difference for a terminal: counts by table, then each fact with its sentence, by document."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    out = io.StringIO()
    console = Console(
        file=out, width=max(40, width), force_terminal=color, color_system="standard" if color else None,
        legacy_windows=False, highlight=False,
    )  # fmt: skip
    if not difference:
        facts = sum(b for _, _, b in difference.counts)
        return f"No difference: both graphs say the same {facts} facts.\n"
    for table, a, b in difference.counts:
        if a != b:
            console.print(f"{table}: {a} → {b} ({b - a:+d})")
    shown = difference.table().rows
    marks = {"gained": ("+", "green"), "lost": ("-", "red"), "changed": ("~", "yellow")}
    paper = None
    for what, table, document, fact, change, paragraph, quote in shown[:most]:
        if document != paper:
            paper = document
            console.print(Text(f"\n{visible(document)}", style="bold underline"))
        mark, style = marks[what]
        console.print(Text.assemble((f"{mark} {table}  ", style), visible(fact)))
        if change:
            console.print(Padding(Text(visible(change)), (0, 0, 0, 4)))
        if quote and quote != fact:
            where = f"  — paragraph {paragraph}" if paragraph else ""
            console.print(Padding(Text(f"“{visible(quote)}”{visible(where)}", style="italic dim"), (0, 0, 0, 4)))
    if len(shown) > most:
        console.print(f"\n… and {len(shown) - most} more; all of them with --format csv")
    console.print(f"\n{len(difference.gained)} gained, {len(difference.lost)} lost, {len(difference.changed)} changed")
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
