"""Judgements: what persons say of identity and facts, read strictly, applied, and reported when they apply no more."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_build.errors import InputError
from graph_build.judgements import Judgement, ThingReference, load, parse, written
from graph_build.records import DocumentFacts
from graph_build.resolve import resolve, unapplied
from tests.made import Made

SIGNED = 'who = "A. Analyst"\nwhen = 2026-01-15\nwhy = "same agenda"\n'


def papers() -> list[DocumentFacts]:
    """Two papers that tell of one meeting under different names and of one group under one name."""
    found = []
    for key, label in (("a.txt", "Workshop on Flood Warning"), ("b.txt", "Training in Early Alerts")):
        paper = Made(key)
        body = paper.body("River Process")
        paper.event(label, held=body, start="2012-05-28")
        paper.body("River Process Working Group on Floods", names=("the floods group",))
        found.append(paper.facts())
    return found


def same(*things: str) -> str:
    return f"[[same]]\nthings = [{', '.join(things)}]\n{SIGNED}"


def test_same_joins_what_rules_keep_apart() -> None:
    corpus = papers()
    keys = [resolve(corpus).of[k, "e1"].key for k in ("a.txt", "b.txt")]
    judged = parse(same(*(f'"{k}"' for k in keys)))
    found = resolve(corpus, judged)
    meeting = found.of["a.txt", "e1"]
    assert found.of["b.txt", "e1"] == meeting
    assert meeting.merges[-1].rule == "judged"
    assert meeting.merges[-1].because == "judged by A. Analyst on 2026-01-15: same agenda"
    assert {*keys} == {meeting.key, *meeting.former}
    assert unapplied(judged, {d.document.key: d for d in corpus}, found) == ()
    assert resolve(corpus, judged, former=found) == found, "it survives building again"


def test_same_by_paper_and_name() -> None:
    corpus = papers()
    judged = parse(
        same(
            '{paper = "a.txt", name = "Workshop on Flood Warning"}',
            '{paper = "b.txt", name = "Training in Early Alerts"}',
        )
    )
    found = resolve(corpus, judged)
    assert found.of["a.txt", "e1"] == found.of["b.txt", "e1"]


def test_different_parts_what_rules_join() -> None:
    corpus = papers()
    assert resolve(corpus).of["a.txt", "b2"] == resolve(corpus).of["b.txt", "b2"]
    judged = parse(
        '[[different]]\nthings = [{paper = "a.txt", name = "River Process Working Group on Floods"},'
        ' {paper = "b.txt", name = "the floods group"}]\n' + SIGNED
    )
    found = resolve(corpus, judged)
    assert found.of["a.txt", "b2"] != found.of["b.txt", "b2"]
    assert unapplied(judged, {d.document.key: d for d in corpus}, found) == ()


def test_label_changes_the_name_and_not_the_key() -> None:
    corpus = papers()
    before = resolve(corpus).of["a.txt", "e1"]
    found = resolve(corpus, parse(f'[[label]]\nthing = "{before.key}"\nlabel = "Flood Workshop"\n{SIGNED}'))
    after = found.of["a.txt", "e1"]
    assert (after.key, after.label) == (before.key, "Flood Workshop")
    assert before.label in after.names


ADD = (
    '[[add]]\npaper = "{paper}"\nquote = "{quote}"\nsubject = "{subject}"\nproperty = "{property}"\nobject = "{object}"\n'
    + SIGNED
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (same('"meeting/none"', '"meeting/neither"'), "nothing is called meeting/none any more"),
        (
            same('"body/river-process"', '"meeting/2012-05-28-workshop-on-flood-warning"'),
            "the things are of different kinds",
        ),
        ('[[reject]]\nfact = "commitment/a/x"\n' + SIGNED, "no statement has this key any more"),
        ('[[label]]\nthing = "meeting/none"\nlabel = "X"\n' + SIGNED, "nothing is called meeting/none any more"),
        (
            ADD.format(paper="c.txt", quote="x", subject="body/river-process", property="heldBy", object="body/x"),
            "the paper c.txt is not in the corpus",
        ),
        (
            ADD.format(
                paper="a.txt", quote="never said", subject="body/river-process", property="heldBy", object="body/x"
            ),
            "the quote does not stand in the paper",
        ),
        (
            ADD.format(
                paper="a.txt", quote="River Process.", subject="body/river-process", property="partOf", object="body/x"
            ),
            "nothing is called body/x any more",
        ),
    ],
)
def test_what_no_longer_applies_is_reported(text: str, reason: str) -> None:
    corpus = papers()
    judged = parse(text)
    found = resolve(corpus, judged)
    assert found == resolve(corpus)
    assert [why for _, why in unapplied(judged, {d.document.key: d for d in corpus}, found, statements=())] == [reason]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[[same]\n", "not valid TOML"),
        ("[[equal]]\nx = 1\n", "unknown table [[equal]]"),
        ("same = 1\n", "'same' must be written as [[same]] tables"),
        ("[[same]]\n" + SIGNED, "[[same]] lacks things"),
        (same('"meeting/a"'), "'things' needs at least two things"),
        (same('"meeting/a"', '"meeting/a"'), "'things' names one thing twice"),
        (same('"meeting/a"', '"two words"'), "'two words' names no thing"),
        (same('"meeting/a"', '{paper = "a.txt"}'), "{'paper': 'a.txt'} names no thing"),
        (same('"meeting/a"', '"meeting/b"').replace("2026-01-15", "20260115"), "'when' is no date: 20260115"),
        (same('"meeting/a"', '"meeting/b"').replace("2026-01-15", '"2026-13-01"'), "'when' is no date: '2026-13-01'"),
        (same('"meeting/a"', '"meeting/b"').replace('"same agenda"', '" "'), "'why' must be a text that is not empty"),
        (same('"meeting/a"', '"meeting/b"') + "extra = 1\n", "[[same]] has no field 'extra'"),
        ('[[reject]]\nfact = "no key"\n' + SIGNED, "'fact' is no key of a statement: 'no key'"),
        (ADD.format(paper="a", quote="q", subject="body/x", property="likes", object="body/y"), "unknown property 'likes'"),
        (ADD.format(paper="a", quote="q", subject="body/x", property="heldBy", object="Y"), "'object' must be the key of a thing: 'Y'"),
        (
            same('"meeting/a"', '"meeting/b"') + "[[different]]\nthings = ['meeting/b', 'meeting/a']\n" + SIGNED,
            "meeting/b and meeting/a are judged same at judgements.toml:1 and different here",
        ),
    ],
)  # fmt: skip
def test_bad_entries_are_refused_with_their_place(text: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text)
    assert what in str(caught.value)
    assert caught.value.where.startswith("judgements.toml")
    assert caught.value.mend


def test_error_names_the_line_of_the_entry() -> None:
    text = same('"meeting/a"', '"meeting/b"') + "\n[[label]]\nthing = 'meeting/a'\n" + SIGNED
    with pytest.raises(InputError, match=r"judgements\.toml:7: \[\[label\]\] lacks label"):
        parse(text)


def test_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load(tmp_path / "judgements.toml")
    (tmp_path / "judgements.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="cannot be read"):
        load(tmp_path / "judgements.toml")


def test_two_files_may_not_contradict_each_other(tmp_path: Path) -> None:
    one, other = tmp_path / "a.toml", tmp_path / "b.toml"
    one.write_text(same('"meeting/a"', '"meeting/b"'), "utf-8")
    other.write_text("[[different]]\nthings = ['meeting/b', 'meeting/a']\n" + SIGNED, "utf-8")
    assert len(load(one).entries) == 1
    with pytest.raises(InputError, match=r"judged same at .*a\.toml:1 and different here"):
        load(one, other)


TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30).map(str.strip).filter(bool)


@given(who=TEXT, why=TEXT, label=TEXT, paper=TEXT, name=TEXT)
def test_written_entries_read_back(who: str, why: str, label: str, paper: str, name: str) -> None:
    entry = Judgement(
        "label", who, "2026-01-15", why, "judgements.toml:1", (ThingReference("", paper, name),), label=label
    )
    assert parse(written(entry)).entries == (entry,)


def test_written_same_reads_back() -> None:
    entry = Judgement(
        "same",
        "A",
        "2026-01-15",
        'a "quoted" why\\',
        "judgements.toml:1",
        (ThingReference("meeting/a"), ThingReference("", "a.txt", "x")),
    )
    assert parse(written(entry)).entries == (entry,)


def test_the_entries_of_the_documentation_are_valid() -> None:
    page = (Path(__file__).parents[1] / "docs" / "judgements.md").read_text("utf-8")
    entries = parse(page.split("```toml\n")[1].split("```")[0]).entries
    assert [e.kind for e in entries] == ["same", "different", "reject", "add", "label"]
