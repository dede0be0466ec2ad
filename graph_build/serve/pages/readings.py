"""Pages of the readings: what the papers say together, made from the rows of their named queries.

Each page is one address (`/language`, `/accounts` ...). Its rows come from the same queries as the command and the
table, so that all three give one answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby

import msgspec

from graph_build.readings.language import aligned
from graph_build.readings_text import other_speaker
from graph_build.serve.jobs import Rows

Row = dict[str, str]


class Reading(msgspec.Struct, frozen=True):
    """A page: its address, words, and the queries that it asks with the parameters that its form has.

    asks   query → parameters that the form passes on to it
    fixed  query → parameters that the page of a folder of files sets, where it shows all there is
    rows   rows that it asks for at least: one that counts them needs them all
    """

    address: str
    title: str
    lead: str
    asks: Mapping[str, tuple[str, ...]]
    make: Callable[[Mapping[str, list[Row]]], dict[str, object]]
    fixed: Mapping[str, Mapping[str, str]] = {}
    rows: int = 0


class Piece(msgspec.Struct, frozen=True):
    """Words of a text: 'same', 'changed', or 'beside' the clause that was compared."""

    text: str
    how: str


class Again(msgspec.Struct, frozen=True):
    """One passage that says again what an earlier one said, both texts in pieces."""

    row: Row
    earlier: tuple[Piece, ...]
    later: tuple[Piece, ...]
    speaker: bool
    share: str


class Chain(msgspec.Struct, frozen=True):
    """Passages that say one thing again, from where it first stood, in order of time."""

    id: str
    first: Row
    links: tuple[Again, ...]

    @property
    def papers(self) -> int:
        """How many papers it runs through."""
        return len({self.first["earlier"], *(a.row["later"] for a in self.links)})


def rows_of(rows: Rows) -> list[Row]:
    """Rows as text by column; '' where nothing is bound."""
    return [{c: cell.value for c, cell in zip(rows.columns, row, strict=True)} for row in rows.rows]


# Agreed language


def again(row: Row) -> Again:
    """Both texts of a row of the query `language`, in pieces."""
    sides = {"earlier": row["earlier_words"], "later": row["later_words"]}
    texts = {side: tuple(_around(row[f"{side}_quote"], words)) for side, words in sides.items()}
    pairs = list(aligned(sides["earlier"], sides["later"]))
    made = []
    for side in (0, 1):
        before, after = texts[("earlier", "later")[side]]
        inside = [Piece(words[side], "same" if same else "changed") for same, *words in pairs if words[side]]
        edges = ([Piece(t, "beside")] if t else [] for t in (before, after))
        made.append((*next(edges), *inside, *next(edges)))
    share = float(row["measure"])
    return Again(row, made[0], made[1], other_speaker(row["earlier_speaker"], row["later_speaker"]), f"{share:.0%}")


def _around(quote: str, words: str) -> tuple[str, str]:
    """What stands in a sentence before and after the words that were compared."""
    at = quote.find(words)
    return (quote[:at].strip(), quote[at + len(words) :].strip()) if at >= 0 else ("", "")


def chains(rows: Iterable[Row]) -> list[Chain]:
    """Rows of the query `language` by where their words first stood; the longest chains first, then in their order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["first_passage"], []).append(row)
    made = []
    for first, of in found.items():
        own = next((r for r in of if r["earlier_passage"] == first), of[0])
        made.append(Chain(first, own, tuple(again(r) for r in of)))
    return sorted(made, key=lambda c: -c.papers)


def _language(found: Mapping[str, list[Row]]) -> dict[str, object]:
    rows = found["language"]
    substance = chains(r for r in rows if not r["boilerplate"])
    return {
        "chains": substance,
        "boilerplate": chains(r for r in rows if r["boilerplate"]),
        "passages": len(rows),
    }


# Two accounts of one meeting


class Pair(msgspec.Struct, frozen=True):
    """Two papers on one meeting, with the rows of the query `accounts` that differ, agree and stand in only one."""

    meeting: str
    label: str
    date: str
    one: str
    other: str
    differ: tuple[Row, ...]
    agree: tuple[Row, ...]
    only: tuple[Row, ...]


def pairs(rows: Iterable[Row]) -> list[Pair]:
    """Rows of the query `accounts` by meeting and papers."""
    made = []
    ordered = sorted(rows, key=lambda r: (r["date"], r["meeting"], r["one"], r["other"]))
    for (date, meeting, one, other), group in groupby(
        ordered, lambda r: (r["date"], r["meeting"], r["one"], r["other"])
    ):
        of = sorted(group, key=lambda r: _FIELDS.get(r["field"], len(_FIELDS)))
        kinds = {kind: tuple(r for r in of if r["result"] == kind) for kind in ("differ", "agree", "only-one")}
        made.append(
            Pair(meeting, of[0]["meeting_label"], date, one, other, kinds["differ"], kinds["agree"], kinds["only-one"])
        )
    return made


def marked(row: Row) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The two values of a row of the query `accounts`, word by word."""
    words = list(aligned(row["one_value"], row["other_value"]))
    sides = [tuple(Piece(w[i], "same" if same else "changed") for same, *w in words if w[i]) for i in (0, 1)]
    return sides[0], sides[1]


_FIELDS = {
    name: at
    for at, name in enumerate(
        ("name", "start", "end", "city", "country", "ordinal", "role", "host", "co-chair", "participants", "observers",
         "person role", "person co-chair", "person chair", "person opener", "person keynote", "count", "outcome")
    )
}  # fmt: skip
"""Fields of an account in the order in which a page shows them."""


def _accounts(found: Mapping[str, list[Row]]) -> dict[str, object]:
    made = pairs(found["accounts"])
    return {"pairs": made, "meetings": {p.meeting for p in made}, "marked": marked}


# Counts, follow-up, papers not held, members

_VERDICTS = (
    ("does-not-fit", "Does not fit"),
    ("fits", "Fits"),
    ("cannot-be-said", "Cannot be said"),
)


def _counts(found: Mapping[str, list[Row]]) -> dict[str, object]:
    rows = found["count-checks"]
    return {"groups": [(id_, words, [r for r in rows if r["result"] == id_]) for id_, words in _VERDICTS]}


class Followed(msgspec.Struct, frozen=True):
    """A commitment with the rows of the query `followup`."""

    first: Row
    rows: tuple[Row, ...]

    @property
    def silent(self) -> bool:
        """Whether no later paper says anything of it."""
        return bool(self.first["remark"])


def followed(rows: Iterable[Row]) -> list[Followed]:
    """Rows of the query `followup` by commitment, in their order."""
    return [Followed(of[0], tuple(of)) for _, group in groupby(rows, lambda r: r["commitment"]) if (of := list(group))]


def _followup(found: Mapping[str, list[Row]]) -> dict[str, object]:
    return {"commitments": followed(found["followup"])}


class NotHeld(msgspec.Struct, frozen=True):
    """A paper that is not held, with the words that others quote of it and every sentence that cites it."""

    row: Row
    words: tuple[str, ...]
    cited: tuple[Row, ...]


MISSING = (
    ("instrument", "Statements, plans, guides and other instruments"),
    ("meeting", "Records of meetings of which the papers tell what they decided or took up"),
    ("annex", "Annexes that a paper says are attached"),
    ("treaty", "Treaties and laws, which their keepers publish"),
)


def _missing(found: Mapping[str, list[Row]]) -> dict[str, object]:
    cited: dict[str, list[Row]] = {}
    for row in found["cited"]:
        cited.setdefault(row["missing"], []).append(row)
    made = [
        NotHeld(r, tuple(w for w in r["words"].split(" | ") if w), tuple(cited.get(r["missing"], ())))
        for r in found["missing"]
    ]
    return {
        "groups": [(id_, words, [m for m in made if m.row["kind"] == id_]) for id_, words in MISSING],
        "count": len(made),
    }


def _members(found: Mapping[str, list[Row]]) -> dict[str, object]:
    return {"members": found["members"], "posts": found["posts"], "standing": found["standing"]}


ALL = {
    made.address: made
    for made in (
        Reading(
            "language", "Agreed language",
            "Sentences and clauses that stand again in a later paper: where they first stood, who says them now, and which "
            "words changed.",
            {"language": ("words", "kind", "paper", "first_passage")}, _language, {"language": {"kind": "all"}},
        ),
        Reading(
            "accounts", "Two accounts of one meeting",
            "Where two papers tell of one meeting: what they agree on, where they differ, and what only one of them says.",
            {"accounts": ("meeting", "only")}, _accounts, rows=50_000,
        ),
        Reading(
            "counts", "Stated numbers",
            "Every stated number held against the list that the papers give of what is counted.",
            {"count-checks": ("only",)}, _counts,
        ),
        Reading(
            "followup", "Follow-up of commitments",
            "What later papers say of each commitment, each with its sentence; and where they say nothing, in how many papers "
            "that was looked for.",
            {"followup": ("thing", "kind", "by", "found")}, _followup,
        ),
        Reading(
            "missing", "Papers that we do not hold",
            "What the papers cite or quote that is not among them: a list of what to look for, with all that is quoted.",
            {"missing": ("kind",), "cited": ()}, _missing,
        ),
        Reading(
            "members", "As known at a date",
            "Membership, capacities and posts with two times: the day on which it held, and the last day of the papers to "
            "believe.",
            {"members": ("body", "on", "known"), "standing": ("party", "on", "known"), "posts": ("person", "on", "known")},
            _members,
        ),
    )
}  # fmt: skip
"""The readings that have a page, by address. Data quality, the last of them, is made from the build's own report."""
