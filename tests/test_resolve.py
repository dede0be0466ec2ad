"""Identity: the seeds against clusters made by hand, tables of pairs in the genre's wording, and laws that always hold."""

from __future__ import annotations

import random
import time
import tomllib
from itertools import combinations, permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_build.pipeline.workers import read_facts
from graph_build.records import DocumentFacts, EventFact, Resolution
from graph_build.resolve import names, resolve
from graph_build.resolve.entities import reconcile
from graph_build.resolve.persons import fits, plain_name
from tests.gold_facts import SEEDS, gold_corpus
from tests.made import Made

GOLD = Path(__file__).parent / "gold" / "clusters.toml"
Member = tuple[str, str]


# The seeds


def wanted_clusters(corpus: tuple[DocumentFacts, ...], complete: bool = True) -> list[frozenset[Member]]:
    """The gold clusters as members; where `complete`, every mention that they name must be there."""
    at = {
        (d.document.key[:3], names.tokens(name)): (d.document.key, t.id)
        for d in corpus
        for t in d.things
        for name in (t.label, *t.names)
    }
    found = []
    for row in tomllib.loads(GOLD.read_text("utf-8"))["cluster"]:
        parts = [m.partition(":") for m in row["mentions"]]
        keys = [(paper, names.tokens(label)) for paper, _, label in parts]
        found.append(frozenset(at[key] for key in keys if complete or key in at))
    return found


def pairs(clusters: list[frozenset[Member]]) -> set[frozenset[Member]]:
    return {frozenset(p) for c in clusters for p in combinations(sorted(c), 2)}


def test_seeds_against_clusters_made_by_hand() -> None:
    corpus = gold_corpus()
    gold = pairs(wanted_clusters(corpus))
    kinds = {(d.document.key, t.id): t.kind for d in corpus for t in d.things}
    made = pairs([frozenset(e.members) for e in resolve(corpus).entities if e.kind != "state"])
    made = {p for p in made if all(kinds[m] != "state" for m in p)}
    assert len(gold) >= 40
    assert (sorted(map(sorted, made - gold)), sorted(map(sorted, gold - made))) == ([], [])


def test_seeds_as_the_program_reads_them() -> None:
    """Pairwise precision and recall over the mentions of the gold clusters that the program finds under such a name."""
    corpus = tuple(read_facts(path, path.name) for path in sorted(SEEDS.glob("*.txt")))
    clusters = wanted_clusters(corpus, complete=False)
    known = frozenset[Member]().union(*clusters)
    gold = pairs(clusters)
    made = {p for p in pairs([frozenset(e.members) for e in resolve(corpus).entities]) if p <= known}
    assert len(known) >= 36
    assert not made - gold, "precision"
    assert len(made & gold) >= 0.9 * len(gold), "recall"


def test_seeds_keys_are_readable_and_series_hold() -> None:
    found = resolve(gold_corpus())
    keys = {e.key: e for e in found.entities}
    symposium = keys[
        "meeting/2015-03-25-bangkok-regional-symposium-on-trafficking-for-the-purposes-of-labour-exploitation"
    ]
    assert {n: v for n, v, _ in symposium.values} == {
        "start": "2015-03-25", "end": "2015-03-26", "city": "Bangkok", "country": "TH",
    }  # fmt: skip
    fourth = keys["meeting/2011-03-30-4th-bali-process-regional-ministerial-conference"]
    assert fourth.values[0] == ("start", "2011-03-30", "finest of 2 agreeing accounts")
    assert fourth.former == ("meeting/2011-03-4th-bali-process-regional-ministerial-conference",)
    fifth = keys["meeting/2013-04-02-5th-bali-process-regional-ministerial-conference"]
    assert (fourth.ordinal, fifth.ordinal, fourth.series) == ("4", "5", fifth.series)
    plans = [e for e in found.entities if e.kind == "instrument" and e.label.startswith("Forward Work Plan")]
    assert len(plans) == 3
    assert len({p.series for p in plans}) == 1
    assert keys[plans[0].series].label == "Forward Work Plan"
    asean = keys["body/asean-somtc-working-group-on-trafficking-in-persons"]
    assert asean.part_of == "organisation/asean-senior-officials-meeting-on-transnational-crime"
    assert all(m.because and m.rule for e in found.entities for m in e.merges)


@pytest.mark.parametrize("order", list(permutations(range(5)))[::17])
def test_order_of_papers_does_not_matter(order: tuple[int, ...]) -> None:
    corpus = gold_corpus()
    assert resolve([corpus[i] for i in order]) == resolve(corpus)


# Tables of pairs: what two papers say, and whether it is one thing


def two(kind: str, one: dict[str, object], other: dict[str, object], forums: tuple[str, str] = ("", "")) -> bool:
    """Whether the same kind of thing, said in two papers of these forums, is resolved as one."""
    papers = []
    ids = []
    for name, fields, forum in (("a.txt", one, forums[0]), ("b.txt", other, forums[1])):
        paper = Made(name)
        body = ""
        if forum:
            body = paper.body(forum)
            paper.event(
                f"Opening Workshop on Topic {name[0].upper()}",
                held=body,
                start="1999-01-01" if name[0] == "a" else "1998-01-01",
            )
        said = dict(fields)
        label = str(said.pop("label"))
        if kind == "event":
            ids.append(paper.event(label, "mentioned", **said))  # type: ignore[arg-type]  # a table row
        elif kind == "body":
            ids.append(paper.body(label, **said))
        elif kind == "instrument":
            ids.append(paper.instrument(label, **said))
        else:
            at = paper.event(
                f"Other Workshop on Matter {name[0].upper()}", start="2001-01-01" if name[0] == "a" else "2002-01-01"
            )
            ids.append(paper.person(label, at, **said))  # type: ignore[arg-type]  # a table row
        papers.append(paper.facts())
    found = resolve(papers)
    return found.of["a.txt", ids[0]] == found.of["b.txt", ids[1]]


RIVER = "River Process"
FULL = "River Process on Border Waters and Related Matters"

EVENTS = [
    # label, fields | label, fields | forums | one thing
    ("4th River Process Ministerial Conference", {"start": "2011-03-30"}, "Fourth Ministerial Conference", {"start": "2011-03"}, (RIVER, RIVER), True),
    ("4th River Process Ministerial Conference", {"start": "2011-03-30"}, "4th Ministerial Conference", {}, (RIVER, RIVER), True),
    ("4th River Process Ministerial Conference", {"start": "2011-03-30"}, "4th Ministerial Conference", {"start": "2012"}, (RIVER, RIVER), False),
    ("4th River Process Ministerial Conference", {"start": "2011-03-30"}, "5th Ministerial Conference", {"start": "2011-03-30"}, (RIVER, RIVER), False),
    ("4th River Process Ministerial Conference", {"start": "2011-03-30"}, "4th Ministerial Conference", {"start": "2011-03"}, (RIVER, "Lake Forum"), False),
    ("Twenty-first River Process Senior Officials' Meeting", {"start": "2011"}, "21st Senior Officials Meeting", {"start": "2011-05-04"}, (RIVER, RIVER), True),
    ("River Process Ministerial Conference", {"start": "2013-04-02"}, "5th River Process Regional Ministerial Conference", {"start": "2013-04-02"}, (RIVER, RIVER), True),
    ("River Process Ministerial Conference", {}, "5th River Process Regional Ministerial Conference", {"start": "2013-04-02"}, (RIVER, RIVER), False),
    ("Symposium on Flood Warning", {"start": "2015-03-25", "city": "Delta"}, "River Process Regional Symposium on Flood Warning: Trends", {"start": "2015-03-25", "city": "Delta"}, (RIVER, RIVER), True),
    ("Symposium on Flood Warning", {"start": "2015-03-25", "city": "Delta"}, "Symposium on Flood Warning", {"start": "2015-03-26", "city": "Delta"}, (RIVER, RIVER), False),
    ("Symposium on Flood Warning", {"start": "2015-03-25", "country": "TH"}, "Symposium on Flood Warning", {"start": "2015-03-25", "country": "VN"}, (RIVER, RIVER), False),
    ("Symposium on Flood Warning", {"start": "2015-03-25"}, "Symposium on Fish Stocks", {"start": "2015-03-25"}, (RIVER, RIVER), False),
    ("Experts' Workshop on Flood Warning", {"start": "2012-05-28", "end": "2012-05-30"}, "Expert Workshop on Flood Warning – A Joint Response", {"start": "2012-05-28", "end": "2012-05-30"}, (RIVER, RIVER), True),
    ("Workshop on Flood Warning", {"start": "2012-05"}, "Technical Workshop on Flood Warning", {"start": "2012-05-28"}, (RIVER, RIVER), True),
    ("Workshop on Flood Warning", {"start": "2012-05"}, "Training on Flood Warning", {"start": "2012-05-28"}, (RIVER, RIVER), False),
    ("Workshop on Flood Warning", {}, "Technical Workshop on Flood Warning", {"start": "2012-05-28"}, (RIVER, RIVER), True),
    ("the workshop", {"start": "2012-05-28"}, "Workshop on Flood Warning", {"start": "2012-05-28"}, (RIVER, "Lake Forum"), False),
    ("annual meeting", {}, "Annual Meeting", {}, (RIVER, RIVER), False),
    ("Annual Meeting", {"start": "2012-05-28"}, "Annual Meeting", {"start": "2012-05-28"}, ("", ""), False),
    ("Leaders' Summit on Forests", {"start": "2019"}, "Leaders' Summit on Forests", {"start": "2021"}, ("", ""), False),
]  # fmt: skip


@pytest.mark.parametrize(("one", "a", "other", "b", "forums", "same"), EVENTS)
def test_meetings(
    one: str, a: dict[str, str], other: str, b: dict[str, str], forums: tuple[str, str], same: bool
) -> None:
    assert two("event", {"label": one, **a}, {"label": other, **b}, forums) is same


BODIES = [
    ("Working Group on Floods", {}, "River Process Working Group on Floods", {}, (RIVER, RIVER), True),
    ("Working Group on Floods", {}, "Working Group on Floods", {}, (RIVER, RIVER), True),
    ("Working Group on Floods", {}, "Working Group on Floods", {}, (RIVER, "Lake Forum"), False),
    ("Working Group on Floods", {}, "Working Group on Floods", {}, ("", ""), False),
    ("Working Group on Floods", {}, "Working Group on Fish", {}, (RIVER, RIVER), False),
    ("Taskforce on Planning (TFP)", {}, "River Process Task Force on Planning", {}, (RIVER, RIVER), True),
    ("Taskforce on Planning (TFP)", {"acronym": "TFP"}, "TFP", {}, ("", ""), True),
    (FULL, {}, RIVER, {}, ("", ""), True),
    ("Ministry of Water of Thailand", {}, "Thai Ministry of Water", {}, ("", ""), True),
    ("Ministry of Water of Thailand", {}, "Ministry of Water of Viet Nam", {}, ("", ""), False),
    ("Ministry of Water", {}, "Ministry of Water", {}, (RIVER, RIVER), False),
    ("Ministry of Water of the Republic of Indonesia", {}, "Indonesian Ministry of Water", {}, ("", ""), True),
    ("Australian Government Attorney-General's Department", {}, "Attorney-General’s Department of Australia", {}, ("", ""), True),
    ("Legal Branch, Australian Attorney-General's Department", {}, "Legal Branch, Ministry of Justice of Thailand", {}, ("", ""), False),
    ("Department of Rivers, Ministry of Water of Thailand", {}, "Rivers Department, Thai Ministry of Water", {}, ("", ""), True),
    ("International Organization for Migration (IOM)", {"acronym": "IOM"}, "International Organisation for Migration", {}, ("", ""), True),
    ("Global Fund for Rivers (GFR)", {"acronym": "GFR"}, "GFR", {}, ("", ""), True),
    ("Global Fund for Rivers (GFR)", {"acronym": "GFR"}, "Gulf Fisheries Register (GFR)", {"acronym": "GFR"}, ("", ""), False),
    ("UN Office of Rivers", {"reference": "UNOR"}, "Rivers Agency", {"reference": "UNOR"}, ("", ""), True),
    ("Office of Rivers", {"reference": "UNOR"}, "Office of Rivers", {"reference": "AUOR"}, ("", ""), False),
    ("Justice Mission", {}, "Justice Mission Australia", {}, ("", ""), False),
    ("Secretariat", {}, "Secretariat", {}, ("", ""), False),
]  # fmt: skip


@pytest.mark.parametrize(("one", "a", "other", "b", "forums", "same"), BODIES)
def test_bodies(
    one: str, a: dict[str, str], other: str, b: dict[str, str], forums: tuple[str, str], same: bool
) -> None:
    assert two("body", {"label": one, **a}, {"label": other, **b}, forums) is same


INSTRUMENTS = [
    ("Forward Work Plan 2021-23", "Forward Work Plan 2021-2023", (RIVER, RIVER), True),
    ("Forward Work Plan for 2021–23", "Forward Work Plan (2021-2023)", (RIVER, RIVER), True),
    ("Forward Work Plan for 2015-17", "Forward Work Plan 2021-2023", (RIVER, RIVER), False),
    ("Forward Work Plan 2021-23", "Forward Work Plan 2021-23", (RIVER, "Lake Forum"), False),
    ("River Process Forward Work Plan 2021-23", "Forward Work Plan 2021-23", (RIVER, RIVER), True),
    ("Delta Strategy for Shared Waters", "2023 River Process Delta Strategy for Shared Waters", (RIVER, RIVER), True),
    ("2019 Delta Strategy for Shared Waters", "2023 Delta Strategy for Shared Waters", (RIVER, RIVER), False),
    ("Co-Chairs' Statement", "Co-Chairs' Statement", ("", ""), False),
    ("Flood Warning Guide", "Flood Warning Guide", ("", ""), True),
]


@pytest.mark.parametrize(("one", "other", "forums", "same"), INSTRUMENTS)
def test_instruments(one: str, other: str, forums: tuple[str, str], same: bool) -> None:
    assert two("instrument", {"label": one}, {"label": other}, forums) is same


PERSONS = [
    ("Somchai Rivers", "Ministry of Water of Thailand", "Dr Somchai Rivers", "Thai Ministry of Water", True),
    ("Somchai Rivers", "Ministry of Water of Thailand", "Somchai Rivers", "Office of Floods, Thailand", True),
    ("Somchai Rivers", "Thailand", "Somchai Rivers", "Viet Nam", False),
    ("Somchai Rivers", "Thailand", "Somchai Rivers", "", True),
    ("Febri A. Delta", "Indonesia", "Febri Delta", "Indonesia", True),
    ("Febri A. Delta", "Indonesia", "Febri Delta", "", False),
    ("H.E. Mr. Don Wells", "Thailand", "Don Wells", "Thailand", True),
    ("Dr Rivers", "Thailand", "Somchai Rivers", "Thailand", True),
    ("Anna Wells", "Thailand", "Andrea Wells", "Thailand", False),
]


@pytest.mark.parametrize(("one", "at", "other", "there", "same"), PERSONS)
def test_persons(one: str, at: str, other: str, there: str, same: bool) -> None:
    assert two("person", {"label": one, "affiliation": at}, {"label": other, "affiliation": there}) is same


def test_statement_of_one_meeting_under_two_names() -> None:
    papers = []
    for key, label in (
        ("a.txt", "River Process Co-Chairs Statement of the 4th Conference"),
        ("b.txt", "Co-Chairs’ Statement"),
    ):
        paper = Made(key)
        body = paper.body(RIVER)
        paper.event(f"Workshop on Topic {key[0].upper()}", held=body, start=f"20{10 + len(label) % 7}-01-01")
        meeting = paper.event(
            "4th Ministerial Conference", "mentioned", held=body, start="2011-03-30"[: 7 if key == "b.txt" else 10]
        )
        paper.link(meeting, "adopts", paper.instrument(label))
        papers.append(paper.facts())
    found = resolve(papers)
    assert found.of["a.txt", "i1"] == found.of["b.txt", "i1"]


def test_two_bearers_of_a_name_merge_nothing() -> None:
    papers = []
    for key, name in (("a.txt", "Somchai Rivers"), ("b.txt", "Suda Rivers"), ("c.txt", "Dr Rivers")):
        paper = Made(key)
        at = paper.event(f"Workshop on Topic {key}", start="2001-01-01")
        paper.person(name, at, "Thailand")
        papers.append(paper.facts())
    assert len({resolve(papers).of[k, "p1"].key for k in ("a.txt", "b.txt", "c.txt")}) == 3


def test_a_mention_that_could_be_two_meetings_joins_neither() -> None:
    papers = []
    for key, start in (("a.txt", "2012-05-28"), ("b.txt", "2014-05-28"), ("c.txt", "")):
        paper = Made(key)
        paper.event("Workshop on Flood Warning Systems", "mentioned", **({"start": start} if start else {}))
        papers.append(paper.facts())
    assert len({resolve(papers).of[k, "e1"].key for k in ("a.txt", "b.txt", "c.txt")}) == 3


def test_things_of_one_key_get_keys_of_their_own() -> None:
    papers = []
    for key, country in (("a.txt", "Thailand"), ("b.txt", "Viet Nam")):
        paper = Made(key)
        at = paper.event(f"Workshop on Topic {key}", start="2001-01-01")
        paper.person("Anna Wells", at, country)
        papers.append(paper.facts())
    found = resolve(papers)
    assert sorted(e.key for e in found.entities if e.kind == "person") == [
        "person/anna-wells-th",
        "person/anna-wells-vn",
    ]


def test_accounts_of_one_meeting_are_reconciled() -> None:
    assert reconcile([("2011-03", "a", True), ("2011-03-30", "b", False)]) == (
        "2011-03-30",
        "finest of 2 agreeing accounts",
    )
    assert reconcile([("2011-03-30", "a", True), ("2011-03-30", "b", False)]) == ("2011-03-30", "2 papers agree")
    assert reconcile([("2011-03-30", "a", False), ("2011-03-31", "b", True), ("2011-03-30", "c", False)]) == (
        "2011-03-31", "accounts differ: 2011-03-30 (2 papers), 2011-03-31 (1 paper)",
    )  # fmt: skip
    assert reconcile([]) is None


def test_keys_of_an_earlier_resolution_stay_as_aliases() -> None:
    first = Made("a.txt")
    first.event("Workshop on Flood Warning", "mentioned", start="2012-05")
    before = resolve([first.facts()])
    second = Made("b.txt")
    second.event("Workshop on Flood Warning", "mentioned", start="2012-05-28", city="Delta")
    after = resolve([first.facts(), second.facts()], former=before)
    meeting = after.of["a.txt", "e1"]
    assert meeting.key == "meeting/2012-05-28-delta-workshop-on-flood-warning"
    assert before.of["a.txt", "e1"].key in meeting.former


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("H.E. Mr. Don Wells", ("don", "wells")),
        ("YB Dato’ Lee Chee Leong", ("lee", "chee", "leong")),
        ("The Hon. Alex Stone MP", ("alex", "stone")),
        ("Dr Anna B. Wells", ("anna", "b", "wells")),
        ("Minister", ("minister",)),
    ],
)
def test_plain_names(name: str, plain: tuple[str, ...]) -> None:
    assert plain_name(name) == plain


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("anna b wells", "anna wells", True),
        ("a wells", "anna wells", True),
        ("anna wells", "wells", False),
        ("anna wells", "anna stone", False),
        ("bea anna wells", "anna wells", False),
    ],
)
def test_fitting_names(one: str, other: str, same: bool) -> None:
    assert fits(tuple(one.split()), tuple(other.split())) is same
    assert fits(tuple(other.split()), tuple(one.split())) is same


# Laws

LABELS = st.sampled_from(
    ["Workshop on Flood Warning", "Regional Workshop on Flood Warning: Trends", "4th Ministerial Conference",
     "Fifth Ministerial Conference", "Ministerial Conference", "Annual Meeting", "9th Annual Meeting of the Working Group on Floods"]
)  # fmt: skip
DATES = st.sampled_from(["", "2011", "2011-03", "2011-03-30", "2011-03-31", "2012-03-30"])
EVENT = st.tuples(LABELS, DATES, st.sampled_from(["", "Delta", "Lagoon"]))
PAPER = st.tuples(
    st.sampled_from(["", RIVER, FULL, "Lake Forum"]), st.lists(EVENT, min_size=1, max_size=4, unique=True)
)


def corpus_of(rows: list[tuple[str, list[tuple[str, str, str]]]]) -> list[DocumentFacts]:
    papers = []
    for i, (forum, events) in enumerate(rows):
        paper = Made(f"{i}.txt")
        body = paper.body(forum) if forum else ""
        paper.body("Working Group on Floods")
        for n, (label, start, city) in enumerate(events):
            values = {k: v for k, v in (("start", start), ("city", city)) if v}
            event = paper.event(
                label, "described" if n == 0 else "mentioned", held=body if n % 2 == 0 else "", **values
            )
            if n == 1:
                paper.link(event, "adopts", paper.instrument("Chair's Statement"))
        papers.append(paper.facts())
    return papers


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PAPER, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_laws_of_resolution(rows: list[tuple[str, list[tuple[str, str, str]]]], shuffle: random.Random) -> None:
    corpus = corpus_of(rows)
    found = resolve(corpus)
    mixed = list(corpus)
    shuffle.shuffle(mixed)
    assert resolve(mixed) == found, "the order of papers decides"
    assert resolve(corpus, former=found) == found, "resolving again changes something"
    members = [m for e in found.entities for m in e.members]
    assert sorted(members) == sorted((d.document.key, t.id) for d in corpus for t in d.things), (
        "a mention is lost or doubled"
    )
    assert len({e.key for e in found.entities}) == len(found.entities), "two things have one key"
    said = {(d.document.key, f.event): f for d in corpus for f in d.facts if isinstance(f, EventFact)}
    for entity in found.entities:
        if entity.kind == "meeting":
            starts = {f.start.value for m in entity.members if (f := said[m]).start}
            assert all(a.startswith(b) or b.startswith(a) for a in starts for b in starts), "two days are one"
            assert len({m[0] for m in entity.members}) == len(entity.members) or len(starts) <= 1
        assert all(set(m.members) <= set(entity.members) for m in entity.merges)
        assert (len(entity.members) == 1) == (not entity.merges) or not entity.members
    aliases = [k for e in found.entities for k in e.former]
    assert len(aliases) == len(set(aliases))
    assert not set(aliases) & {e.key for e in found.entities}


def many(count: int) -> list[DocumentFacts]:
    """Papers of many forums, meetings and plans, each meeting told of by up to three papers."""
    papers = []
    for i in range(count):
        forum, meeting = i // 40, i // 3
        paper = Made(f"{i:05}.txt")
        body = paper.body(f"Alpha{forum} Process")
        group = paper.body(f"Alpha{forum} Process Working Group on Matter {forum % 7}")
        year, month, day = 1995 + meeting % 30, 1 + meeting % 12, 1 + meeting % 28
        event = paper.event(
            f"Workshop on Topic{meeting} and Rivers", held=group, start=f"{year}-{month:02}-{day:02}", city="Delta"
        )
        paper.event(f"{1 + meeting % 9}th Ministerial Conference", "mentioned", held=body, start=str(year))
        paper.link(event, "reviews", paper.instrument(f"Forward Work Plan {year}-{year + 2}"))
        paper.person(f"Anna Wells{i // 5}", event, "Thailand")
        papers.append(paper.facts())
    return papers


def test_cost_grows_no_faster_than_the_papers() -> None:
    def seconds(papers: list[DocumentFacts]) -> float:
        start = time.process_time()
        found = resolve(papers)
        assert len(found.of) == sum(len(p.things) for p in papers)
        return time.process_time() - start

    small, large = many(300), many(1800)
    seconds(small), seconds(large)  # what is remembered of names serves both
    assert seconds(large) < 12 * max(seconds(small), 0.05)


def test_empty_corpus() -> None:
    assert resolve([]) == Resolution(())


@pytest.mark.parametrize("label", ["<b>x</b>", '"quoted"', "a\u202eb", "会议", "—", "(X)", "of the", "4th"])
def test_hostile_names(label: str) -> None:
    paper = Made("a.txt")
    paper.say("Something is said.")
    paper.event(label, "mentioned")
    paper.body(label)
    paper.instrument(label)
    paper.person(label)
    keys = [e.key for e in resolve([paper.facts()]).entities]
    assert len(keys) == 4
    assert all(not set(k) & set('<>"{}|^`\\ \u202e') and not k.endswith("/") for k in keys)


# Names


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("The Attorney-General’s Department (AGD)", "the attorney general department"),
        ("Taskforce on Planning & Preparedness", "task force on planning and preparedness"),
        ("International Labor Organization", "international labour organisation"),
        ("Experts' Workshop", "expert workshop"),
        ("Working Group (Working Group) Ninth Meeting", "working group ninth meeting"),
        ("Krusell (Thailand)", "krusell thailand"),
        ("Türkiye’s Policies", "turkiye policy"),
        ("Bali Process", "bali process"),
    ],
)
def test_folded_names(name: str, folded: str) -> None:
    assert " ".join(names.tokens(name)) == folded


@pytest.mark.parametrize(
    ("name", "state", "rest"),
    [
        ("Thai Ministry of Foreign Affairs", "TH", "ministry of foreign affair"),
        ("Ministry of Foreign Affairs of the Republic of Indonesia", "ID", "ministry of foreign affair"),
        ("Australian Government Attorney-General's Department", "AU", "attorney general department"),
        ("Papua New Guinea Police", "PG", "police"),
        ("Ministry of Water", "", "ministry of water"),
    ],
)
def test_the_state_in_a_name(name: str, state: str, rest: str) -> None:
    code, left = names.split_nation(names.tokens(name))
    assert (code, " ".join(left)) == (state, rest)


@pytest.mark.parametrize(
    ("name", "number", "rest"),
    [
        ("4th Ministerial Conference", "4", "ministerial conference"),
        ("Twenty-first Meeting", "21", "meeting"),
        ("twentieth meeting", "20", "meeting"),
        ("First and Second Meetings", "", "and meeting"),
        ("Conference of 2011", "", "conference of 2011"),
    ],
)
def test_the_number_in_a_name(name: str, number: str, rest: str) -> None:
    found, left = names.split_ordinal(names.tokens(name))
    assert (found, " ".join(left)) == (number, rest)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("UNODC", True),
        ("TEG-RR", True),
        ("ASEAN SOMTC", True),
        ("UN", True),
        ("Meta", False),
        ("II", False),
        ("MAST Human", False),
    ],
)
def test_acronyms(text: str, is_one: bool) -> None:
    assert names.is_acronym(text) is is_one
