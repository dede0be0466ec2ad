"""The readings: small papers with known answers, and whole tables on the seeds."""

from __future__ import annotations

import re
import tomllib
from itertools import permutations
from pathlib import Path

import pytest

from graph_build.errors import RuleError
from graph_build.readings import Readings, make_readings
from graph_build.readings.counts import check_counts
from graph_build.readings.followup import status_of, to_come
from graph_build.readings.language import (
    BANDS,
    NEAREST,
    agreed_language,
    boilerplate,
    candidates,
    clauses,
    difference,
    measure,
    speaker,
    units,
)
from graph_build.readings.missing import missing_papers
from graph_build.readings.papers import Corpus, before
from graph_build.readings.patterns import kinds, kinds_of
from graph_build.records import Commitment, DocumentFacts
from graph_build.resolve import resolve
from tests.gold_facts import gold_corpus
from tests.made import Made

CASES = Path(__file__).parent / "cases" / "readings"
PAIRS = tomllib.loads((CASES / "language.toml").read_text("utf-8"))["pair"]


def corpus(*papers: Made | DocumentFacts) -> Corpus:
    facts = [p.facts() if isinstance(p, Made) else p for p in papers]
    return Corpus.of(facts, resolve(facts))


def read(*papers: Made | DocumentFacts) -> Readings:
    made = corpus(*papers)
    return make_readings(made.papers, made.resolution)


# Agreed language


def said(key: str, date: str, *sentences: str) -> Made:
    paper = Made(key, date)
    paper.body("Greater River Basin Process")
    paper.body("Working Group on Flood Warning and Related Matters")
    for sentence in sentences:
        paper.say(sentence)
    return paper


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: p["later"][:40])
def test_pairs_of_sentences(pair: dict[str, str]) -> None:
    found = agreed_language(corpus(said("a.txt", "2012", pair["earlier"]), said("b.txt", "2015", pair["later"])))
    if pair["kind"] == "no":
        assert found == ()
    else:
        (link,) = found
        assert (link.boilerplate, link.order) == (pair["kind"], "later")
        assert (link.earlier.document, link.later.document) == ("a.txt", "b.txt")
        assert pair["changed"] in link.difference
        assert 0.7 <= link.measure < 1


def test_there_are_pairs_enough() -> None:
    assert len(PAIRS) >= 11
    assert {p["kind"] for p in PAIRS} >= {"", "no", "attachment", "thanks", "opening", "attendance"}


PLAN = "Ministers agreed that every state should restore the wetlands of its own part of the basin within ten years."


def test_chains_go_back_to_where_the_words_first_stood() -> None:
    second = PLAN.replace("Ministers", "Members").replace("ten", "eight")
    third = second.replace("Members", "Participants").replace("eight", "five")
    links = agreed_language(
        corpus(said("c.txt", "2019", third), said("a.txt", "2012", PLAN), said("b.txt", "2015", second))
    )
    assert [(r.earlier.document, r.later.document, r.first.document) for r in links] == [
        ("a.txt", "b.txt", "a.txt"),
        ("b.txt", "c.txt", "a.txt"),
    ]
    assert [(r.speaker_earlier, r.speaker_later) for r in links] == [
        ("Ministers", "Members"),
        ("Members", "Participants"),
    ]


def test_one_sentence_twice_in_one_paper_is_no_reuse() -> None:
    assert agreed_language(corpus(said("a.txt", "2012", PLAN, PLAN.replace("ten", "nine")))) == ()


def test_two_papers_of_one_meeting_and_papers_without_date() -> None:
    papers = []
    for key in ("a.txt", "b.txt"):
        paper = said(key, "")
        paper.event("Workshop on Wetlands", start="2012-05-28", end="2012-05-30")
        paper.say(PLAN)
        papers.append(paper)
    assert [r.order for r in agreed_language(corpus(*papers))] == ["same meeting"]
    assert [r.order for r in agreed_language(corpus(said("a.txt", "", PLAN), said("b.txt", "", PLAN)))] == ["unknown"]


def test_the_same_answer_in_any_order_of_papers() -> None:
    facts = [
        said(f"{i}.txt", f"201{i}", PLAN.replace("ten", str(i)), "Other words stand here alone.").facts()
        for i in range(4)
    ]
    found = {agreed_language(corpus(*(facts[i] for i in order))) for order in permutations(range(4))}
    assert len(found) == 1


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("Participants agreed that rivers rise.", "Participants"),
        ("Given the rain, participants recognised the importance of dams.", "participants"),
        ("River Process members agreed to meet.", "River Process members"),
        ("Members also noted the plan.", "Members"),
        ("There is a need to act.", ""),
        ("The plan of members was long.", ""),
    ],
)
def test_speakers(sentence: str, who: str) -> None:
    assert speaker(sentence) == who


def test_differences_show_what_went_and_what_came() -> None:
    assert difference("a b c", "a x c d") == "a [-b-] [+x+] c [+d+]"
    assert difference("The same, words.", "the same words") == "the same words"
    assert measure(["a", "b"], ["a", "b"]) == 1.0
    assert measure(["a"], ["b"]) == 0.0


def test_clauses_of_a_long_sentence() -> None:
    assert list(clauses("They met; and they spoke, and that was all")) == ["They met", "and they spoke", "that was all"]
    assert list(clauses("They met.")) == []


@pytest.mark.parametrize("name", ["boilerplate", "status", "tense", "missing"])
def test_kinds_of_wording_have_examples_that_hold(name: str) -> None:
    assert kinds(name)


def test_a_kind_of_wording_is_checked_against_its_examples() -> None:
    good = "[[kind]]\nid='x'\npattern='a'\nexamples=['a']\ncounterexamples=['b']\n"
    assert len(kinds_of(good, "x.toml")) == 1
    for bad in (
        good.replace("examples=['a']", "examples=['b']", 1),
        good.replace("=['b']", "=['a']"),
        good.replace("['a']", "[]", 1),
        good.replace("id='x'\n", "id='x'\nweight=1\n"),
    ):
        with pytest.raises(RuleError):
            kinds_of(bad, "x.toml")


def test_boilerplate_is_told_by_kind() -> None:
    assert boilerplate("The list of participants is attached hereto as Annex I.") == "attachment"
    assert boilerplate("Members agreed to restore wetlands.") == ""


# Two accounts of one meeting


def test_accounts_side_by_side() -> None:
    one, other = Made("a.txt"), Made("b.txt")
    events = []
    for paper, last in ((one, "2015-03-26"), (other, "2015-03-27")):
        body = paper.body("River Process")
        values = {"start": "2015-03-25", "end": last, "city": "Suva"}
        events.append(paper.event("Symposium on Flood Warning", held=body, **values))
    for paper, event, capacity in ((one, events[0], "host"), (other, events[1], "co-chair")):
        ministry = paper.body("Fijian Ministry of Water")
        paper.attend(
            event, ministry, "Fijian Ministry of Water", capacity, f"The Fijian Ministry of Water was {capacity}."
        )
    for paper, event, codes in ((one, events[0], "FJ WS"), (other, events[1], "FJ TO")):
        for code in codes.split():
            paper.attend(event, paper.state(code, code), code, said=f"Present: {codes}.")
    one.count(events[0], 117, "officials and experts", "", "117 officials and experts came.")
    other.count(events[1], 119, "participants", "", "The 119 participants spoke.")
    one.commit("there is a need for better warning of floods in the valley", made_at=events[0])
    other.commit("the need for better and faster warning of floods in the valley", made_at=events[1])
    rows = {(c.field, c.verdict, c.one and c.one.value, c.other and c.other.value) for c in read(one, other).accounts}
    assert rows == {
        ("name", "agree", "Symposium on Flood Warning", "Symposium on Flood Warning"),
        ("start", "agree", "2015-03-25", "2015-03-25"),
        ("end", "differ", "2015-03-26", "2015-03-27"),
        ("city", "agree", "Suva", "Suva"),
        ("role", "differ", "host: Fijian Ministry of Water", "co-chair: Fijian Ministry of Water"),
        ("participants", "agree", "FJ", "FJ"),
        ("participants", "differ", "WS", "TO"),
        ("count", "differ", "117 officials and experts", "119 participants"),
        (
            "outcome", "differ", "there is a need for better warning of floods in the valley",
            "the need for better and faster warning of floods in the valley",
        ),
    }  # fmt: skip


def test_outcomes_that_stand_again_in_part_are_shown_together() -> None:
    part = "access to river gauges and the daily warnings of every upstream state of the basin"
    papers = []
    for key, clause in (
        ("a.txt", f"the need to raise awareness of the seasons among fishers and farmers, and {part}"),
        ("b.txt", f"the importance of drills in schools, of maps in markets and of radios on boats; and {part}"),
    ):
        paper = Made(key)
        event = paper.event("Symposium on Flood Warning", start="2015-03-25", end="2015-03-26", city="Suva")
        paper.commit(clause, made_at=event)
        paper.commit("to mark every dam" if key == "a.txt" else "that boats carry radios", made_at=event)
        papers.append(paper)
    rows = sorted((c.verdict, c.note) for c in read(*papers).accounts if c.field == "outcome")
    alone = ("only-one", "no outcome in like words in the other")
    assert rows == [("differ", "the same words in part"), alone, alone]


def test_dates_of_unequal_precision_agree() -> None:
    one, other = Made("a.txt"), Made("b.txt")
    one.event("4th River Process Ministerial Conference", "mentioned", one.body("River Process"), start="2011-03-30")
    other.event("4th River Process Ministerial Conference", "mentioned", other.body("River Process"), start="2011-03")
    rows = {(c.field, c.verdict, c.note) for c in read(one, other).accounts}
    assert ("start", "agree", "one is more exact") in rows


def test_one_account_is_not_compared() -> None:
    paper = Made("a.txt")
    paper.event("Workshop on Wetlands", start="2012-05-28")
    assert read(paper).accounts == ()


# Counts


def counted(number: int, listed: int, exact: bool = True, unit: str = "members", lists: str = "members") -> Made:
    paper = Made("a.txt")
    group = paper.body("Working Group on Floods")
    names = [f"State{chr(65 + i)}" for i in range(listed)]
    joined = f" ({', '.join(names)})" if names else ""
    sentence = f"It was attended by {number} {unit}{joined}, and by others."
    for name in names:
        paper.member(group, paper.body(name), name, said=sentence)
    paper.count(group, number, unit, lists, sentence, exact)
    return paper


@pytest.mark.parametrize(
    ("paper", "verdict", "listed"),
    [
        (counted(5, 5), "fits", 5),
        (counted(6, 5), "does-not-fit", 5),
        (counted(4, 5, exact=False), "fits", 5),
        (counted(40, 5, exact=False), "does-not-fit", 5),
        (counted(5, 0), "cannot-be-said", -1),
        (counted(117, 0, unit="officials and experts", lists="participants"), "cannot-be-said", -1),
    ],
)
def test_numbers_against_lists(paper: Made, verdict: str, listed: int) -> None:
    (row,) = check_counts(corpus(paper))
    assert (row.verdict, row.listed) == (verdict, listed)
    assert row.because


@pytest.mark.parametrize(
    ("sentences", "observers", "number", "verdict"),
    [
        (("Fiji, Samoa, Tonga came",), "", 3, "fits"),
        (("Fiji, Samoa, Tonga came",), "", 5, "does-not-fit"),
        (("Fiji, Samoa, Tonga came",), "", 2, "does-not-fit"),
        (("Fiji spoke",) + ("and so on",) * 3 + ("Samoa spoke",) + ("as before",) * 3 + ("Tonga spoke",), "", 3, "cannot-be-said"),
        (("Fiji", "Samoa", "Tonga"), "", 3, "fits"),
        (("including Fiji, Samoa, Tonga",), "", 9, "cannot-be-said"),
        (("including Fiji, Samoa, Tonga",), "", 2, "does-not-fit"),
        (("Fiji, Samoa, Tonga and others, and so on",), "", 5, "cannot-be-said"),
        (("Fiji, Samoa, Tonga, Palau came",), "Palau", 3, "fits"),
        (("Fiji, Samoa, Tonga came", "Palau came too"), "Palau", 4, "fits"),
    ],
)  # fmt: skip
def test_only_a_list_is_held_against_a_number(
    sentences: tuple[str, ...], observers: str, number: int, verdict: str
) -> None:
    paper = Made("a.txt")
    event = paper.event("Workshop on Wetlands", start="2012-05-28")
    known = {name: paper.body(name, said=f"Of {name} more.") for s in sentences for name in re.findall(r"[A-Z]\w+", s)}
    for i, sentence in enumerate(sentences):
        said = paper.say(f"{sentence}{'' if re.search('[A-Z]', sentence) else f' {i}'}")
        for name in re.findall(r"[A-Z]\w+", said):
            capacity = "observer" if name in observers.split() else "participant"
            paper.attend(event, known[name], name, capacity, said=said)
    paper.count(event, number, "members and agencies", "parties", f"There were {number} members and agencies.")
    (row,) = check_counts(corpus(paper))
    assert row.verdict == verdict, row.because


def test_persons_are_never_held_against_states() -> None:
    paper = Made("a.txt")
    event = paper.event("Workshop on Wetlands", start="2012-05-28")
    for name in ("Fiji", "Samoa", "Tonga"):
        paper.attend(event, paper.body(name), name)
    paper.count(event, 3, "participants", "participants", "There were 3 participants.")
    (row,) = check_counts(corpus(paper))
    assert (row.verdict, row.because) == (
        "cannot-be-said",
        "it counts persons; the papers list states and organisations",
    )


def test_the_list_of_another_paper_of_the_same_meeting_is_shown() -> None:
    one, other = Made("a.txt"), Made("b.txt")
    events = [p.event("Symposium on Flood Warning", start="2015-03-25", city="Suva") for p in (one, other)]
    for code, name in (("FJ", "Fiji"), ("WS", "Samoa"), ("TO", "Tonga")):
        one.attend(events[0], one.state(code, name), name, said="Fiji, Samoa and Tonga came.")
    other.count(events[1], 3, "member countries", "parties", "There were 3 member countries.")
    rows = check_counts(corpus(one, other))
    assert [(r.verdict, r.list_in) for r in rows] == [("cannot-be-said", ""), ("fits", "a.txt")]


# Follow-up


def mandate() -> tuple[Made, str]:
    """A paper of 2013 with a directive to found a group, and two more commitments."""
    paper = Made("a.txt")
    process = paper.body("River Process")
    group = paper.body("River Process Working Group on Floods")
    event = paper.event("5th River Process Ministerial Conference", held=process, start="2013-04-02", end="2013-04-02")
    founding = "Ministers directed the officials to establish a Working Group on Floods"
    paper.commit(founding, "directive", f"{founding}.", made_at=event, issuer="Ministers")
    paper.link(event, "establishes", group, f"{founding}.")
    paper.commit("Ministers agreed to restore the wetlands of the whole basin", "decision", made_at=event)
    paper.commit("Ministers urged states to count their dams", "directive", made_at=event)
    return paper, event


def later() -> Made:
    """A paper of 2015: the group met, one meeting delivers on the conference, one commitment stands again."""
    paper = Made("b.txt")
    process = paper.body("River Process")
    group = paper.body("River Process Working Group on Floods")
    event = paper.event(
        "First Workshop of the Working Group on Floods", held=group, start="2015-03-27", end="2015-03-27"
    )
    conference = paper.event("5th River Process Ministerial Conference", "mentioned", process, start="2013-04-02")
    paper.link(event, "deliversOn", conference, "The workshop fulfilled an outcome of the conference of 2013.")
    return paper


def rows_of(readings: Readings, *papers: Made) -> dict[str, list[tuple[str, str, str]]]:
    found: dict[str, list[tuple[str, str, str]]] = {}
    for f in readings.followed:
        found.setdefault(f.commitment, []).append((f.kind, f.scope, f.status))
    return found


def test_follow_up_says_of_what_the_sentence_speaks() -> None:
    first, _ = mandate()
    found = read(first, later())
    assert rows_of(found) == {
        "c1": [("body-met", "body", ""), ("delivered-on", "meeting", "")],
        "c2": [("delivered-on", "meeting", "")],
        "c3": [("delivered-on", "meeting", "")],
    }


def test_a_sentence_that_names_the_commitment_says_nothing_of_the_others() -> None:
    paper, conference = mandate()
    workshop = paper.event("Workshop on Floods in the Valley", start="2015-03-25", end="2015-03-26")
    said = "The workshop fulfilled the commitment that Ministers agreed to share warnings of floods with all states."
    clause = "Ministers agreed to share warnings of floods with all states"
    paper.commit(clause, "decision", said, id_="named", made_at=conference)
    paper.link(workshop, "deliversOn", conference, said)
    found = read(paper)
    assert rows_of(found)["named"] == [("delivered-on", "commitment", "completed")]
    assert {s.commitment for s in found.silent} == {"c1", "c2", "c3"}


def test_outcomes_that_went_somewhere() -> None:
    paper = Made("a.txt")
    process = paper.body("River Process")
    event = paper.event("Symposium on Flood Warning", held=process, start="2015-03-25", end="2015-03-26")
    meeting = paper.event("1st River Process Officials Meeting", "mentioned", process, start="2015-03-27")
    paper.commit("the need for better warning", made_at=event)
    paper.link(event, "consideredAt", meeting, "Its outcomes were considered at the first meeting.")
    paper.link(
        event, "incorporatedInto", paper.instrument("Flood Plan 2015-17"), "They went into the Flood Plan 2015-17."
    )
    assert rows_of(read(paper)) == {"c1": [("considered", "meeting", ""), ("incorporated", "meeting", "")]}


def test_words_said_again_are_a_follow_up() -> None:
    one, other = Made("a.txt", "2012"), Made("b.txt", "2015")
    one.commit(PLAN.rstrip("."), "decision", PLAN)
    other.say(PLAN.replace("Ministers", "Members"))
    found = read(one, other)
    assert rows_of(found) == {"c1": [("repeated", "commitment", "")]}


@pytest.mark.parametrize(
    ("sentence", "coming"),
    [
        ("Many announced their support for a Clean Rivers Pledge to be launched at the summit.", True),
        ("The plan would be reviewed at the next meeting.", True),
        (
            "The workshop delivered on a commitment made in 2011, where Ministers agreed to plan to restore wetlands.",
            False,
        ),
        ("The workshop fulfilled the pledge that “all dams will be counted”.", False),
        ("Its outcomes were considered at the first meeting.", False),
    ],
)
def test_what_is_still_to_come_is_no_follow_up(sentence: str, coming: bool) -> None:
    assert to_come(sentence) is coming
    paper, conference = mandate()
    later_ = paper.event("Workshop on Floods in the Valley", start="2015-03-25", end="2015-03-26")
    paper.link(later_, "deliversOn", conference, sentence)
    assert bool(read(paper).followed) is not coming


def test_an_instrument_adopted_before_or_at_the_meeting_is_no_follow_up() -> None:
    for start, kinds_ in (("2011-01-01", []), ("2016-01-01", [("adopted", "instrument", "")])):
        paper = Made("a.txt", "2017")
        event = paper.event("5th River Process Ministerial Conference", start="2013-04-02", end="2013-04-02")
        plan = paper.instrument("Flood Plan for the Basin")
        paper.commit("Ministers agreed to work on the Flood Plan for the Basin", "decision", made_at=event)
        other = paper.event("Lake Forum Leaders Meeting", "mentioned", start=start, end=start)
        paper.link(other, "adopts", plan, f"The leaders of {start} adopted the Flood Plan for the Basin.")
        assert rows_of(read(paper)).get("c1", []) == kinds_


@pytest.mark.parametrize(
    ("date", "held", "says"),
    [
        ("2013", "", "no later mention found in 1 paper of 2015; the forum of its own paper is not known"),
        ("", "", "it is not known when this was made, so no paper can be called later: nothing can be said"),
        ("2016", "", "no later paper is held: nothing can be said"),
        ("2013", "River Process", "no later mention found in 1 paper of 2015, of which 0 of this forum"),
    ],
)
def test_silence_says_why(date: str, held: str, says: str) -> None:
    one, other = Made("a.txt", date, f"{held} Statement" if held else ""), Made("b.txt", "2015")
    if held:
        one.body(held)
        one.event(f"{held} Workshop on Dams", held="b1", start="2013", end="2013")
    one.commit(PLAN.rstrip("."), "decision", PLAN)
    other.say("Others spoke.")
    (silent,) = read(one, other).silent
    assert str(silent) == says


def test_silence_says_where_it_looked() -> None:
    first, _ = mandate()
    papers = [first]
    for i, (forum, start) in enumerate(
        [("River Process", "2014-01-01"), ("Lake Forum", "2016-01-01"), ("River Process", "2010-01-01")]
    ):
        paper = Made(f"{i}.txt")
        paper.event(f"Workshop on Dams Number{i}", held=paper.body(forum), start=start, end=start)
        papers.append(paper)
    silent = {s.commitment: s for s in read(*papers).silent}
    assert set(silent) == {"c1", "c2", "c3"}
    found = silent["c2"]
    assert (found.papers, found.first, found.last, found.of_forum) == (2, "2014-01-01", "2016-01-01", 1)


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("The symposium fulfilled an outcome from the conference.", "completed"),
        ("The workshop delivered on a commitment made in 2011.", ""),
        ("Members shared progress on the plan.", "in-progress"),
        ("The protocol has not yet been implemented.", "not-implemented"),
        ("Members will complete the plan.", ""),
    ],
)
def test_a_status_only_where_words_give_one(sentence: str, status: str) -> None:
    assert status_of(sentence) == status


# Papers that are not held


def test_what_is_cited_or_quoted_and_not_held() -> None:
    one = Made("a.txt", "2012")
    event = one.event("Workshop on Wetlands", held=one.body("River Process"), start="2012-05-28", end="2012-05-30")
    conference = one.event(
        "4th River Process Ministerial Conference", "mentioned", one.body("The River Process"), start="2011-03-30"
    )
    said = 'The Co-Chairs\' Statement says that "wetlands must be restored by all".'
    statement = one.instrument(
        "Co-Chairs' Statement of the 4th River Process Ministerial Conference",
        said="A Co-Chairs' Statement of the 4th River Process Ministerial Conference.",
    )
    one.link(conference, "adopts", statement, said)
    one.quotation("wetlands must be restored by all", statement, said)
    one.say("The list of participants is attached hereto as Annex I.")
    one.instrument("Flood Plan 2015-17")
    one.event("2nd River Process Officials Meeting", "mentioned", one.body("River Process (RP)"), start="2012-06-01")
    found = {m.label: m for m in missing_papers(corpus(one))}
    assert set(found) == {
        "Co-Chairs' Statement of the 4th River Process Ministerial Conference",
        "List of participants (Annex I) of Workshop on Wetlands",
        "Flood Plan 2015-17",
    }, "a meeting that is merely named is no paper"
    first = next(iter(missing_papers(corpus(one))))
    assert [c.quoted for c in first.cited if c.quoted] == ["wetlands must be restored by all"]
    assert first.date == "2011-03-30"
    assert event


def test_a_paper_of_the_corpus_is_not_missing() -> None:
    one = Made("a.txt", "2012")
    one.instrument("Suva Statement on Shared Waters")
    one.instrument("Delta Statement on Shared Waters")
    other = Made("b.txt", "2011", title="Suva Statement on Shared Waters, 3 May 2011")
    other.say("Leaders met.")
    found = read(one, other)
    assert [m.label for m in found.missing] == ["Delta Statement on Shared Waters"]
    assert found.held == (("instrument/suva-statement-on-shared-waters", "b.txt"),)


def test_a_record_is_missing_only_of_a_meeting_of_which_more_is_told_than_its_name() -> None:
    paper = Made("a.txt", "2015-04")
    symposium = paper.event("Symposium on Flood Warning", held=paper.body("River Process"), start="2015-03-25")
    first = paper.event("1st River Process Officials Meeting", "mentioned", start="2015-03-27")
    paper.event("Lake Forum Seminar", "mentioned", start="2014-03-27")
    coming = paper.event("2nd River Process Officials Meeting", "mentioned", start="2016-03-27")
    paper.link(symposium, "consideredAt", first, "Its outcomes were considered at the 1st meeting.")
    paper.link(symposium, "consideredAt", coming, "They will be considered at the 2nd meeting.")
    assert [(m.kind, m.label) for m in missing_papers(corpus(paper))] == [
        ("meeting", "Record of the 1st River Process Officials Meeting"),
    ]


@pytest.mark.parametrize(
    ("label", "said", "kind"),
    [
        ("Delta Statement on Shared Waters", "Ministers recalled the Delta Statement on Shared Waters.", "instrument"),
        ("Convention on Rivers", "They are bound by the Convention on Rivers.", "treaty"),
        ("Clean Rivers Partnership", "They praised the Clean Rivers Partnership.", ""),
        ("Treaty on Dams", "They welcomed the intention to sign the Treaty on Dams.", ""),
        ("Delta Declaration", "We adopt this Delta Declaration as our own.", ""),
    ],
)
def test_what_is_a_paper_to_look_for(label: str, said: str, kind: str) -> None:
    paper = Made("a.txt", "2012")
    types = {"convention": "convention"}
    paper.instrument(label, said=said, type=types.get(label.split()[0].lower(), "instrument"))
    assert [m.kind for m in missing_papers(corpus(paper))] == ([kind] if kind else [])


def test_what_stands_within_a_paper_is_held_and_a_heading_is_not() -> None:
    paper = Made("a.txt", "2012")
    paper.instrument("Delta Declaration", said="ANNEX A")
    paper.say("Delta Declaration")
    assert missing_papers(corpus(paper)) == ()


def test_a_short_form_of_one_longer_name_is_folded_into_it() -> None:
    paper = Made("a.txt", "2012")
    for label in (
        "Model Statement on Dams",
        "Model Statement on Dams and Weirs",
        "Suva Code",
        "Suva Code of Fishing",
        "Suva Code of Ports",
    ):
        paper.instrument(label, said=f"They recalled the {label} in their work.")
    found = {m.label: len(m.cited) for m in missing_papers(corpus(paper))}
    assert found == {
        "Model Statement on Dams and Weirs": 2,
        "Suva Code": 1,
        "Suva Code of Fishing": 1,
        "Suva Code of Ports": 1,
    }


def test_the_years_of_a_plan_are_not_those_of_its_issue() -> None:
    paper = Made("a.txt", "2012")
    for label in ("Flood Plan 2015-17", "1997 Suva Accord", "Basin Vision 2040"):
        paper.instrument(label, said=f"They recalled the {label} in their work.")
    assert {m.label: m.date for m in missing_papers(corpus(paper))} == {
        "Flood Plan 2015-17": "", "1997 Suva Accord": "1997", "Basin Vision 2040": "",
    }  # fmt: skip


def test_a_paper_without_title_is_known_by_its_file() -> None:
    one, other = Made("a.txt", "2012"), Made("2011/suva-statement-shared-waters.txt", "2011")
    one.instrument("Suva Statement on Shared Waters")
    other.say("Leaders met.")
    assert missing_papers(corpus(one, other)) == ()


def test_an_annex_that_the_file_has_is_held() -> None:
    paper = Made("a.txt", "2012")
    paper.say("The list of participants is attached hereto as Annex I.")
    paper.say("Annex I. List of participants")
    assert missing_papers(corpus(paper)) == ()


def test_dates_of_unequal_precision() -> None:
    assert before("2011", "2012-03")
    assert before("2011-03-30", "2011-04")
    assert not before("2011-03", "2011-03-30")
    assert not before("2011", "2011-05")
    assert not before("", "2011")


def test_empty_corpus() -> None:
    assert read() == Readings()


# The seeds, by their gold


def test_agreed_language_of_the_seeds() -> None:
    facts = gold_corpus()
    links = [r for r in make_readings(facts, resolve(facts)).language if not r.boilerplate]
    rows = [
        (
            r.earlier.document[:3],
            r.later.document[:3],
            r.measure,
            r.speaker_earlier,
            r.speaker_later,
            r.words_later[:40],
        )
        for r in links
    ]
    assert rows == [
        ("002", "000", 1.0, "Participants", "", "in the context of an increasing number o"),
        ("002", "000", 0.833, "Bali Process members", "Participants", "Participants agreed that trafficking in "),
        ("002", "000", 1.0, "Members", "Members", "Members spoke about their national exper"),
        ("002", "000", 1.0, "", "", "Many countries have put in place traffic"),
        ("002", "000", 1.0, "", "", "A number of countries have also establis"),
        ("002", "000", 1.0, "Countries", "Countries", "Countries shared information about their"),
        ("002", "000", 1.0, "", "", "Countries have also applied awareness-ra"),
        ("002", "000", 1.0, "", "", "Complex challenges remain in implementin"),
        ("002", "000", 1.0, "", "", "Ensuring a victim-centered approach duri"),
        ("002", "000", 0.882, "Member countries", "Member countries", "Member countries explored ways to strengt"[:40]),
        ("002", "000", 1.0, "participants", "participants", "Given the transnational nature of traffi"),
        ("002", "000", 0.929, "Members", "Participants", "Participants acknowledged the important "),
        ("000", "001", 0.833, "", "Participants", "and access to complaint mechanisms and r"),
        ("000", "001", 0.767, "participants", "Participants", "the need for robust mechanisms for inter"),
        ("000", "001", 0.791, "participants", "Participants", "the value of regional cooperation, and t"),
    ]


def test_accounts_of_the_seeds() -> None:
    facts = gold_corpus()
    rows = make_readings(facts, resolve(facts)).accounts
    differ = [
        (r.field, r.one and r.one.value[:45], r.other and r.other.value[:45]) for r in rows if r.verdict == "differ"
    ]
    assert differ == [
        ("name", "5th Bali Process Regional Ministerial Confere", "Bali Process Ministerial Conference"),
        ("name", "Regional Symposium on Trafficking for the Pur", "Bali Process Regional Symposium on Traffickin"),
        ("role", "host: Australian Government Attorney-General'", "co-chair: Australian Attorney-General's Depar"),
        ("role", "host: Thai Ministry of Foreign Affairs", "co-chair: Thai Ministry of Foreign Affairs"),
        ("outcome", "The need for robust mechanisms for internatio", "the need for robust mechanisms for internatio"),
        ("outcome", "The potential to learn from the experiences o", "the value of regional cooperation, and the po"),
        ("outcome", "the need to raise awareness of safe migratory", "the importance of awareness-raising in suppor"),
    ]
    assert len(rows) == 62


def test_follow_up_of_the_seeds() -> None:
    facts = gold_corpus()
    found = make_readings(facts, resolve(facts))
    clause = {(p.document.key, f.id): f.clause.quote for p in facts for f in p.facts if isinstance(f, Commitment)}
    founding = next(k for k, c in clause.items() if c.startswith("Ministers directed the Bali Process Ad Hoc Group"))
    assert [(f.kind, f.scope, f.followed_in[:3]) for f in found.followed if (f.paper, f.commitment) == founding] == [
        ("delivered-on", "commitment", "000"),
        ("body-met", "body", "001"),
        ("delivered-on", "meeting", "001"),
        ("body-met", "body", "001"),
        ("body-met", "body", "004"),
        ("body-met", "body", "004"),
    ]
    silent = {clause[s.paper, s.commitment][:30]: (s.papers, s.first, s.last, s.of_forum) for s in found.silent}
    assert silent["Improving the capacity of pros"] == (3, "2015-03-26", "2023-11-08", 3)
    assert silent["Co-Chairs formalised its membe"] == (0, "", "", 0)
    assert len(silent) == 23
    assert {f.status for f in found.followed} == {""}, "no paper of the seeds states a status of a commitment"


def test_papers_that_the_seeds_cite() -> None:
    facts = gold_corpus()
    found = make_readings(facts, resolve(facts)).missing
    assert (found[0].label, found[0].date, found[0].papers) == (
        "Bali Process Co-Chairs Statement of the 4th Bali Process Regional Ministerial Conference", "2011-03-30", 2,
    )  # fmt: skip
    assert sorted((m.kind, m.label[:40]) for m in found if m.kind == "annex") == [
        ("annex", "List of participants (Annex I) of Region"),
        ("annex", "List of participants (Annex I) of Techni"),
    ]
    assert len(found) == 19


def test_the_documented_scale_is_that_of_the_schemes() -> None:
    import pyoxigraph as ox

    from graph_build.vocabulary import ontology_dir

    page = (Path(__file__).parents[1] / "docs" / "how-binding.md").read_text("utf-8")
    tables = [re.findall(r"^\| (\d+) \| (\S+) \|", part, re.M) for part in page.split("## ")]
    ranks: dict[str, dict[str, str]] = {"bindingness": {}, "speaker-level": {}}
    for quad in ox.parse(path=ontology_dir() / "schemes.ttl", format=ox.RdfFormat.TURTLE):
        scheme, _, notation = str(quad.subject).strip("<>").partition("/scheme/")[2].partition("/")
        if scheme in ranks and quad.predicate.value.endswith("#rank"):
            ranks[scheme][quad.object.value] = notation
    assert [dict(t) for t in tables if t] == [ranks["bindingness"], ranks["speaker-level"]]


def test_a_phrase_of_many_papers_costs_no_square_of_them() -> None:
    lines = [
        f"The list of participants of meeting number {i} is attached to this paper as an annex." for i in range(1500)
    ]
    found = [unit for i, line in enumerate(lines) for unit in units([line], i)]
    pairs = sum(len(others) for others in candidates(found).values())
    assert len(found) <= pairs + 1 <= len(found) * BANDS * NEAREST / 4
