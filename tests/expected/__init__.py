"""The expected answer of every named query: which graph is asked, with which parameters, and which file holds the answer.

`seeds` is the graph of the seed papers as careful readers took them down (`tests/gold_facts.py`), so that an answer
changes when a query changes, not when a rule of extraction does; `river` is the invented corpus of `tests/papers.py`,
which has what the gold does not record (counts, themes, quotations). `python -m tests.expected` writes the files again;
read the difference before you keep it.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from graph_build.query import query
from graph_build.questions import SEVEN
from graph_build.source import Source
from graph_build.tables import Table

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One question put to one graph; `without` names columns that are left out of the file for its readers' sake."""

    graph: str
    name: str
    values: tuple[tuple[str, str], ...] = ()
    without: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        marks = "".join(f"--{k}-{v}".replace(" ", "-").replace("/", "-") for k, v in self.values)
        return FOLDER / self.graph / f"{self.name}{marks}.csv"

    def ask(self, source: Source) -> str:
        """The answer as CSV."""
        return self.csv(query(source, self.name, **dict(self.values)))

    def csv(self, table: Table) -> str:
        kept = [i for i, c in enumerate(table.columns) if c not in self.without]
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([table.columns[i] for i in kept])
        writer.writerows([[row[i] for i in kept] for row in table.rows])
        return out.getvalue()


def _case(graph: str, name: str, *without: str, **values: str) -> Case:
    return Case(graph, name, tuple(values.items()), without)


CASES = (
    *(_case("river", name) for name in SEVEN),
    _case("seeds", "events", "quote"),
    _case("seeds", "attendance", "quote", "event", "party"),
    _case("seeds", "people", "quote", "event"),
    _case("seeds", "membership", "quote", "body", "party"),
    _case("seeds", "named", "quote"),
    _case("seeds", "commitments", "made_at"),
    _case("seeds", "lineage", "quote", "source", "target"),
    _case("seeds", "affiliations"),
    _case("seeds", "bodies"),
    _case("seeds", "came-of", thing="ministerial conference 2013"),
    _case("seeds", "chairs", "quote"),
    _case("river", "counts"),
    _case("seeds", "delivered"),
    _case("seeds", "delivered", decided="4th Bali Process Regional Ministerial Conference"),
    _case("seeds", "documents", "title"),
    _case("seeds", "hosts"),
    _case("seeds", "inferred"),
    _case("seeds", "instruments", "quote"),
    _case("seeds", "mandates"),
    _case("seeds", "mandates", year="2011"),
    _case("seeds", "mandates", year="2013"),
    _case("seeds", "mandates", by="any"),
    _case("seeds", "meetings"),
    _case("seeds", "members", "quote", "passage", on="2015-03-25", known="2016-01-01"),
    _case("river", "members", on="2012", known="2014-12-31"),
    _case("river", "members", on="2014-06"),
    _case("seeds", "mentions", thing="ILO"),
    _case("seeds", "mentions", "thing"),
    _case("seeds", "merges", "thing", "because"),
    _case("seeds", "no-follow-up", "commitment", "meeting"),
    _case("river", "no-follow-up", year="2011"),
    _case("seeds", "not-held", "quote"),
    _case("river", "posts", person="mira koleva"),
    _case("seeds", "posts", person="Catherine Smith"),
    _case("seeds", "posts", person="Catherine Smith", on="2014"),
    _case("seeds", "posts", "quote", "passage", on="2016", known="2015-03-26"),
    _case("river", "quotations"),
    _case("seeds", "series"),
    _case("seeds", "standing", "quote", "passage", party="ILO"),
    _case("seeds", "standing", "quote", "passage", party="ILO", on="2016", known="2016"),
    _case("river", "standing", party="WMO"),
    _case("seeds", "took-part", "quote", party="ILO"),
    _case("river", "took-part", year="2011"),
    _case("seeds", "together", who="Fiji"),
    _case("river", "theme", about="data"),
    _case("river", "themes"),
    _case("river", "verbs"),
    _case("seeds", "who-committed", kind="decision"),
    _case("river", "who-committed", who="albania", whom="neighbours"),
)
