"""Everything that is said of a thing: by which paper, in which sentence, read by which rule, and how it is known."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from graph_build.find import Found, describe, find_one
from graph_build.iris import CQ, DCTERMS, RDF, RDFS, SKOS, local
from graph_build.source import Source, StoreSource
from graph_build.tables import Table, table_of, visible

MOST = 200
"""Statements shown by default; the number of further ones is said."""
_DERIVED = (f"{CQ}leadsTo", f"{CQ}leadsToEventually")
"""What follows from what the papers say is shown by a trace; it is nothing that a paper says."""
_QUIET = frozenset({f"{CQ}statedIn", f"{CQ}commitmentClass", f"{RDF}type", f"{CQ}thingType", *_DERIVED})
_ORDER = (
    "Account", "Link", "Directive", "Decision", "Pledge", "Recommendation", "Participation", "Membership", "StatedCount",
    "Quotation",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Support:
    """A passage under a statement: the words, where they stand, in code points of the untouched text."""

    quote: str
    paragraph: str
    start: int
    end: int
    first: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """What one paper says: its values as (property, value) in words, its passages, the rules that read it.

    kind      'Account', 'Link', 'Directive', 'Participation' ...
    known     how its facts are known: 'stated', 'inferred', 'resolved', 'judged'
    inferred  values that are not stated, with rule and words: 'country: capital-of (Bangkok)'
    """

    id: str
    kind: str
    document: str
    values: tuple[tuple[str, str], ...]
    support: tuple[Support, ...]
    rules: tuple[str, ...]
    known: tuple[str, ...]
    inferred: tuple[str, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """All that the graph holds of a thing.

    values      what all papers together give, as (property, value)
    reconciled  how each of these was reconciled, in words
    merges      why several names were taken for one thing
    former      former IRIs
    statements  what each paper says, by paper and kind
    more        statements that are not shown
    """

    thing: Found
    values: tuple[tuple[str, str], ...] = ()
    reconciled: tuple[str, ...] = ()
    merges: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()
    more: int = 0

    def table(self) -> Table:
        """One row for each passage of each statement."""
        columns = (
            "document",
            "paragraph",
            "kind",
            "says",
            "quote",
            "start",
            "end",
            "rules",
            "known",
            "inferred",
            "statement",
        )
        rows = [
            (
                s.document,
                p.paragraph,
                s.kind,
                "; ".join(f"{k}: {v}" for k, v in s.values),
                p.quote,
                str(p.start),
                str(p.end),
                ", ".join(s.rules),
                ", ".join(s.known),
                "; ".join(s.inferred),
                s.id,
            )
            for s in self.statements
            for p in (s.support or (Support("", "", 0, 0),))
        ]
        return table_of(columns, rows, f"What is said of {self.thing.label}")


def explain(source: Source | ox.Store, thing: str | Found, most: int = MOST) -> Explanation:
    """Everything said of a thing (IRI, short id or words), or of a statement by its id; at most `most` statements.

    Raises QueryError where nothing, or more than one thing, is meant.
    """
    where = StoreSource(source) if isinstance(source, ox.Store) else source
    found = find_one(where, thing) if isinstance(thing, str) else thing
    own = where.ask(f"SELECT ?p ?o WHERE {{ <{found.iri}> ?p ?o }} ORDER BY ?p ?o").rows
    is_statement = any(p == f"{CQ}statedIn" for p, _ in own)
    # A paper is explained by what stands in it, a thing by what points to it, a statement by itself.
    pattern = "VALUES ?s { %s } ?s ?any ?x" if is_statement else "?s ?any %s"
    nodes = where.ask(
        f"""SELECT DISTINCT ?s ?path WHERE {{ {pattern % f"<{found.iri}>"} .
          FILTER(?any NOT IN (<{_DERIVED[0]}>, <{_DERIVED[1]}>))
          ?s <{CQ}statedIn> ?paper . ?paper <{CQ}path> ?path }} ORDER BY ?path ?s"""
    ).rows
    statements = _statements(where, nodes[:most], found)
    values, reconciled, merges = [], [], []
    labels = describe(where, [o for _, o in own if o.startswith("http")])
    for p, o in own if not is_statement else ():
        if p == f"{CQ}mergedBecause":
            merges.append(o)
        elif p == f"{CQ}reconciledBecause":
            reconciled.append(o)
        elif p in _ENTITY:
            values.append((local(p), _value(o, labels)))
    former = where.ask(f"SELECT ?old WHERE {{ ?old <{DCTERMS}isReplacedBy> <{found.iri}> }} ORDER BY ?old").column(
        "old"
    )
    return Explanation(
        found, tuple(values), tuple(reconciled), tuple(merges), former, statements, max(0, len(nodes) - most)
    )


_ENTITY = frozenset(
    [f"{CQ}{name}" for name in (
        "acronym isoCode meetingType start end city country place ordinal inSeries parentBody reference instrumentType "
        "inInstrumentSeries periodStart periodEnd path sha256 publishedFor documentType"
    ).split()]
    + [f"{RDFS}label", f"{SKOS}altLabel"]
    + [f"{DCTERMS}{name}" for name in ("title", "date", "publisher", "language", "license", "source", "isReplacedBy")]
)  # fmt: skip


def _value(text: str, labels: dict[str, Found]) -> str:
    """An object in words: the label of a thing, the notation of a concept, or the literal."""
    if text in labels:
        return labels[text].label
    return text.rsplit("/", 1)[-1] if "/scheme/" in text else text


def _statements(source: Source, nodes: Sequence[tuple[str, ...]], focus: Found) -> tuple[Statement, ...]:
    paths = {row[0]: row[1] for row in nodes}
    said: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    support: defaultdict[str, dict[tuple[int, int, str], Support]] = defaultdict(dict)
    notes: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    names = list(paths)
    for start in range(0, len(names), 200):
        values = " ".join(f"<{n}>" for n in names[start : start + 200])
        for s, p, o in source.ask(
            f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {values} }} ?s ?p ?o }} ORDER BY ?s ?p ?o"
        ).rows:
            said[s].append((p, o))
        for row in source.ask(
            f"""SELECT ?s ?quote ?from ?to ?paragraph ?first WHERE {{
              VALUES ?s {{ {values} }}
              GRAPH ?g {{ ?s <{CQ}evidence> ?p . ?p <{CQ}quote> ?quote ; <{CQ}startOffset> ?from ; <{CQ}endOffset> ?to .
                OPTIONAL {{ ?p <{CQ}paragraph> ?paragraph }} }}
              OPTIONAL {{ GRAPH ?g {{ ?s <{CQ}shownBy> ?p . BIND(?p AS ?first) }} }}
            }}"""
        ).records():
            at = (int(row["from"]), int(row["to"]), row["quote"])
            support[row["s"]][at] = Support(row["quote"], row["paragraph"], at[0], at[1], bool(row["first"]))
        for s, p, o in source.ask(
            f"""SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {values} }}
              VALUES ?p {{ <{CQ}rule> <{CQ}known> <{CQ}inferredValue> }} GRAPH ?g {{ ?s ?p ?o }} }}"""
        ).rows:
            notes[s, local(p)].add(o.rsplit("/", 1)[-1] if "/scheme/" in o else o)
    labels = describe(source, [o for pairs in said.values() for _, o in pairs if o.startswith("http")])
    made = [
        Statement(
            local(iri),
            next((k for p, o in said[iri] if p == f"{RDF}type" and (k := local(o)) in _ORDER), "Statement"),
            paths[iri],
            tuple((local(p), _value(o, labels)) for p, o in said[iri] if p not in _QUIET
                  and (p, o) != (f"{CQ}about", focus.iri)),
            tuple(sorted(support[iri].values(), key=lambda s: (not s.first, s.start, s.end))),
            tuple(sorted(notes[iri, "rule"])),
            tuple(sorted(notes[iri, "known"])),
            tuple(sorted(notes[iri, "inferredValue"])),
        )
        for iri in names
    ]  # fmt: skip
    order = {kind: n for n, kind in enumerate(_ORDER)}
    return tuple(
        sorted(made, key=lambda s: (s.document, order.get(s.kind, 99), s.support[0].start if s.support else 0, s.id))
    )


def as_text(explanation: Explanation, width: int = 100, color: bool = False) -> str:
    """The explanation for a terminal of `width` characters: what all papers give together, then paper by paper."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    out = io.StringIO()
    console = Console(
        file=out, width=max(40, width), force_terminal=color, color_system="standard" if color else None,
        legacy_windows=False, highlight=False,
    )  # fmt: skip
    console.print(Text(visible(explanation.thing.label), style="bold"))
    console.print(Text(f"{explanation.thing.kind} · {explanation.thing.id}", style="dim"))
    for name, value in explanation.values:
        console.print(Padding(Text.assemble((f"{name}  ", "cyan"), visible(value)), (0, 0, 0, 2)))
    for title, lines in (
        ("How the values were reconciled", explanation.reconciled),
        ("Why these mentions are one thing", explanation.merges),
        ("Former identifiers", explanation.former),
    ):
        if lines:
            console.print(Text(f"\n{title}", style="bold"))
            for line in lines:
                console.print(Padding(Text(f"· {visible(line)}"), (0, 0, 0, 2)))
    paper = ""
    for s in explanation.statements:
        if s.document != paper:
            paper = s.document
            console.print(Text(f"\n{visible(paper)}", style="bold underline"))
        console.print(Padding(Text.assemble((s.kind, "cyan"), "  ", (s.id, "dim")), (0, 0, 0, 2)))
        for name, value in s.values:
            console.print(Padding(Text.assemble((f"{name}  ", "green"), visible(value)), (0, 0, 0, 4)))
        for p in s.support:
            where = f"paragraph {p.paragraph}, " if p.paragraph else ""
            console.print(Padding(Text(f"“{visible(p.quote)}”", style="italic"), (0, 0, 0, 4)))
            console.print(
                Padding(Text(f"— {visible(where)}characters {p.start} to {p.end}", style="dim"), (0, 0, 0, 4))
            )
        how = f"{' and '.join(s.known) or 'not said how'}, by {'rules' if len(s.rules) > 1 else 'rule'} {', '.join(s.rules)}"
        console.print(
            Padding(
                Text(f"known: {how}" + (f"; not stated: {'; '.join(s.inferred)}" if s.inferred else ""), style="dim"),
                (0, 0, 0, 4),
            )
        )
    if not explanation.statements:
        console.print(Text("\nNo paper here says anything of it."))
    if explanation.more:
        console.print(Text(f"\n… and {explanation.more} more statements; see them with --all", style="yellow"))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
