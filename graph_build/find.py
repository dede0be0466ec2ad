"""Find the thing that a person means: by IRI, by short id ('meeting/2015-03-25-…'), or by words ('symposium 2015').

Several matches are listed, none is guessed. A name that is written out in full means the thing of that name, whatever
else has the same words in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from graph_build.errors import QueryError
from graph_build.iris import CQ, DCTERMS, RDFS, SKOS, local
from graph_build.source import Source, StoreSource
from graph_build.tables import visible

KINDS = (
    "Meeting",
    "MeetingSeries",
    "Body",
    "Organisation",
    "State",
    "Person",
    "Instrument",
    "InstrumentSeries",
    "Place",
)
"""Classes of the things that words can mean; papers and commitments are looked at where none of these match."""
COMMITMENTS = ("Directive", "Decision", "Pledge", "Recommendation")

LISTED = 12
"""How many matches an error names."""

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_ORDINALS = {
    word: str(n)
    for n, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
            "twentieth",
        ],
        1,
    )
}
_SMALL = frozenset(["a", "an", "and", "at", "by", "for", "in", "its", "of", "on", "the", "to", "with"])


@dataclass(frozen=True, slots=True)
class Found:
    """A thing of the graph: IRI, short id, class ('Meeting'), label, and its dates and place where they are known.

    A commitment's label is its clause and its date that of the meeting where it was made; `date` and `end` of an
    instrument are those of its period.
    """

    iri: str
    id: str
    kind: str
    label: str
    date: str = ""
    place: str = ""
    end: str = ""

    def __str__(self) -> str:
        when = ", ".join(x for x in (self.date, self.place) if x)
        return visible(f"{self.id}  {self.label}{f' ({when})' if when else ''}")


class AmbiguousError(QueryError):
    """Words that may mean several things; `matches` are all of them."""

    def __init__(self, words: str, matches: Sequence[Found]) -> None:
        listed = "".join(f"\n  {m}" for m in matches[:LISTED])
        more = f"\n  ... and {len(matches) - LISTED} more" if len(matches) > LISTED else ""
        super().__init__(f"{words!r} may be any of {len(matches)} things; name one by its id:{listed}{more}")
        self.matches = tuple(matches)


def tokens(text: str) -> tuple[str, ...]:
    """Words for comparing: lower case, without accents, ordinals as figures ('5th' and 'fifth' are '5')."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c)).replace("'", "").replace("\u2019", "")
    words = re.findall(r"[^\W_]+", plain)
    return tuple(_ORDINALS.get(w, re.sub(r"^(\d+)(?:st|nd|rd|th)$", r"\1", w)) for w in words)


def find_one(source: Source | ox.Store, words: str, kinds: Iterable[str] = ()) -> Found:
    """The one thing that is meant; QueryError where there is none (with the nearest names), AmbiguousError where several."""
    found = find(source, words, kinds)
    if len(found) == 1:
        return found[0]
    if found:
        raise AmbiguousError(words, found)
    raise QueryError(f"nothing in the graph is called {words!r}", mend=_nearest(source, words, tuple(kinds)))


def find(source: Source | ox.Store, words: str, kinds: Iterable[str] = ()) -> tuple[Found, ...]:
    """Everything that these words, this short id or this IRI may mean, sorted by date and label.

    kinds  classes to look among ('Meeting', 'Body' ...); all by default
    """
    where = StoreSource(source) if isinstance(source, ox.Store) else source
    words = words.strip()
    if not words:
        raise QueryError("no thing is named", mend="give an IRI, a short id, or words such as 'symposium 2015'")
    if re.match(r"[A-Za-z][\w+.-]*://", words):
        return _by_iri(where, words)
    if re.fullmatch(r"[a-z]+(-[a-z]+)*/\S+", words):
        return _by_iri(where, f"{base_of(where)}id/{words}")
    wanted = tuple(kinds) or KINDS
    found = _by_words(_things(where, wanted), words)
    if not found and not tuple(kinds):
        found = _by_words(_papers(where), words) or _by_words(_clauses(where), words)
    return tuple(sorted(found, key=lambda f: (f.date, f.label, f.id)))


def base_of(source: Source) -> str:
    """The base IRI of the graph's things; QueryError where there are no documents in it."""
    rows = source.ask(f"SELECT ?paper WHERE {{ ?paper <{CQ}path> ?path }} LIMIT 1").rows
    if not rows or "/id/" not in rows[0][0]:
        raise QueryError("there are no documents in this graph", mend="is it a graph that communique built?")
    return rows[0][0].split("id/", 1)[0]


def describe(source: Source, iris: Iterable[str]) -> dict[str, Found]:
    """What is known of these IRIs by name: entities, documents, commitments and other statements."""
    names = [iri for iri in dict.fromkeys(iris) if _legal(iri)]
    found: dict[str, Found] = {}
    for start in range(0, len(names), 500):
        values = " ".join(f"<{iri}>" for iri in names[start : start + 500])
        rows = source.ask(
            f"""SELECT ?thing ?class ?label ?clause ?start ?end ?city ?period ?until ?made WHERE {{
              VALUES ?thing {{ {values} }}
              ?thing a ?class .
              OPTIONAL {{ ?thing <{RDFS}label> ?label }}
              OPTIONAL {{ ?thing <{CQ}clause> ?clause }}
              OPTIONAL {{ ?thing <{CQ}start> ?start }}
              OPTIONAL {{ ?thing <{CQ}end> ?end }}
              OPTIONAL {{ ?thing <{CQ}city> ?city }}
              OPTIONAL {{ ?thing <{CQ}periodStart> ?period }}
              OPTIONAL {{ ?thing <{CQ}periodEnd> ?until }}
              OPTIONAL {{ ?thing <{CQ}madeAt> ?meeting . ?meeting <{CQ}start> ?made }}
            }} ORDER BY ?thing ?class"""
        ).rows
        for iri, class_, label, clause, begins, ends, city, period, until, made in rows:
            if class_.startswith(CQ) and iri not in found:
                label = label or clause or local(iri)
                found[iri] = Found(
                    iri, _short(iri), class_[len(CQ) :], label, begins or made or period, city, ends or until
                )
    return found


def _short(iri: str) -> str:
    return iri.split("/id/", 1)[1] if "/id/" in iri else iri


def _legal(iri: str) -> bool:
    return not re.search(r'[\x00-\x20<>"{}|^`\\]', iri)


def _by_iri(source: Source, iri: str) -> tuple[Found, ...]:
    if not _legal(iri):
        return ()
    for _ in range(9):  # a former IRI may have been replaced more than once
        moved = source.ask(f"SELECT ?now WHERE {{ <{iri}> <{DCTERMS}isReplacedBy> ?now }}").rows
        if not moved:
            break
        iri = moved[0][0]
    return tuple(describe(source, [iri]).values())


@dataclass(frozen=True, slots=True)
class _Candidate:
    thing: Found
    names: frozenset[tuple[str, ...]]
    words: frozenset[str]


def _things(source: Source, kinds: Sequence[str]) -> list[_Candidate]:
    classes = " ".join(f"<{CQ}{kind}>" for kind in kinds)
    rows = source.ask(
        f"""SELECT ?thing ?class ?label ?acronym ?start ?city ?type ?land ?period ?until WHERE {{
          VALUES ?class {{ {classes} }}
          ?thing a ?class ; <{RDFS}label> ?label .
          OPTIONAL {{ ?thing <{CQ}acronym> ?acronym }}
          OPTIONAL {{ ?thing <{CQ}start> ?start }}
          OPTIONAL {{ ?thing <{CQ}city> ?city }}
          OPTIONAL {{ ?thing <{CQ}meetingType>|<{CQ}instrumentType> ?type }}
          OPTIONAL {{ ?thing <{CQ}country> ?country . ?country <{RDFS}label> ?land }}
          OPTIONAL {{ ?thing <{CQ}periodStart> ?period }}
          OPTIONAL {{ ?thing <{CQ}periodEnd> ?until }}
        }}"""
    ).rows
    other: dict[str, list[str]] = {}
    for iri, name in source.ask(f"SELECT ?thing ?name WHERE {{ ?thing <{SKOS}altLabel> ?name }}").rows:
        other.setdefault(iri, []).append(name)
    made: dict[str, _Candidate] = {}
    for iri, class_, label, acronym, start, city, type_, land, period, until in rows:
        names = (label, acronym, *other.get(iri, ()), *((iri.rsplit("/", 1)[-1],) if class_ == f"{CQ}State" else ()))
        thing = Found(iri, _short(iri), class_[len(CQ) :], label, start or period, city)
        around = (local(type_).replace("-", " "), city, land, *_moment(start), period, until, thing.kind)
        candidate = _Candidate(
            thing,
            frozenset(t for n in names if (t := tokens(n))),
            frozenset(t for text in (*names, *around) for t in tokens(text)),
        )
        known = made.get(iri)
        made[iri] = (
            _Candidate(known.thing, known.names | candidate.names, known.words | candidate.words)
            if known
            else candidate
        )
    return list(made.values())


def _moment(date: str) -> tuple[str, ...]:
    parts = date.split("-")
    month = (_MONTHS[int(parts[1]) - 1],) if len(parts) > 1 and parts[1].isdecimal() and 0 < int(parts[1]) < 13 else ()
    return (parts[0], *month, *(str(int(p)) for p in parts[2:3] if p.isdecimal()))


def _papers(source: Source) -> list[_Candidate]:
    rows = source.ask(
        f"""SELECT ?paper ?path ?title WHERE {{ ?paper <{CQ}path> ?path . OPTIONAL {{ ?paper <{DCTERMS}title> ?title }} }}"""
    ).rows
    return [
        _Candidate(
            Found(iri, _short(iri), "Document", title or path),
            frozenset((tokens(path), tokens(title))),
            frozenset((*tokens(path), *tokens(title))),
        )
        for iri, path, title in rows
    ]


def _clauses(source: Source) -> list[_Candidate]:
    rows = source.ask(
        f"""SELECT ?commitment ?clause ?class ?issuer ?start WHERE {{
          ?commitment <{CQ}clause> ?clause ; a ?class .
          OPTIONAL {{ ?commitment <{CQ}issuer> ?issuer }}
          OPTIONAL {{ ?commitment <{CQ}madeAt> ?meeting . ?meeting <{CQ}start> ?start }}
        }}"""
    ).rows
    return [
        _Candidate(
            Found(iri, _short(iri), class_[len(CQ) :], clause, start),
            frozenset((tokens(clause),)),
            frozenset((*tokens(clause), *tokens(issuer), *tokens(class_[len(CQ) :]), *_moment(start))),
        )
        for iri, clause, class_, issuer, start in rows
        if class_[len(CQ) :] in COMMITMENTS
    ]


def _by_words(candidates: Sequence[_Candidate], words: str) -> list[Found]:
    whole = tokens(words)
    asked = [w for w in whole if w not in _SMALL] or list(whole)
    if not asked:
        return []
    named = [c.thing for c in candidates if whole in c.names]
    if named:
        return named
    exact = [c.thing for c in candidates if all(w in c.words for w in asked)]
    if exact:
        return exact
    # The beginning of a word will do where no thing has the word itself: 'traffick', 'minister'.
    return [
        c.thing
        for c in candidates
        if all(w in c.words or (len(w) >= 4 and any(known.startswith(w) for known in c.words)) for w in asked)
    ]


def _nearest(source: Source | ox.Store, words: str, kinds: tuple[str, ...]) -> str:
    from rapidfuzz import fuzz, process

    where = StoreSource(source) if isinstance(source, ox.Store) else source
    labels = {c.thing.id: c.thing.label for c in _things(where, kinds or KINDS)}
    near = process.extract(words, labels, scorer=fuzz.WRatio, processor=str.casefold, limit=3, score_cutoff=55)
    if not near:
        return "look with `query meetings`, `query bodies` or `query instruments`"
    return "nearest: " + "; ".join(visible(f"{id_} ({label})") for label, _, id_ in near)
