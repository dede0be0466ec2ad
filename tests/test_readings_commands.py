"""The commands of the readings, judging and quality, on a graph of the seeds' gold: what a person sees."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from graph_build import pipeline
from graph_build.cli import cli
from graph_build.errors import CommuniqueError
from graph_build.judgements import load
from graph_build.quality import Coverage, Quality, as_text, decode, encode, quality
from graph_build.readings import make_readings
from graph_build.records import DocumentFacts
from graph_build.resolve import resolve
from graph_build.store import open_build
from tests.gold_facts import SEEDS, gold_corpus
from tests.made import Made


def gold_reader(path: Path, key: str) -> DocumentFacts:
    return next(d for d in gold_corpus() if d.document.key == key)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the seeds in `papers` and their graph in `graph`."""
    made = tmp_path_factory.mktemp("readings")
    shutil.copytree(SEEDS, made / "papers")
    pipeline.build(made / "papers", out=made / "graph", reader=gold_reader, workers=0)
    return made


def run(folder: Path, *words: str, answer: str = "") -> Result:
    return CliRunner(env={"COLUMNS": "110"}).invoke(cli, [*words, "--graph", str(folder / "graph")], input=answer)


def shown(folder: Path, *words: str) -> str:
    result = run(folder, *words)
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


def test_language_shows_both_texts_and_what_changed(folder: Path) -> None:
    text = shown(folder, "language", "abhorrent")
    assert "000_7a1a196fd8975034.txt says again what 002_8cc4741ada6c1362.txt said: 83% of the words" in text
    assert "speaker: Bali Process members → Participants" in text
    assert "002_8cc4741ada6c1362.txt, paragraph 14: Bali Process members agreed that trafficking in persons is" in text
    assert (
        "[-Bali Process members-] [+Participants+] agreed that trafficking in persons [+for the purposes of labour"
        in text
    )
    assert text.endswith("1 passages that stand again")


def test_language_without_boilerplate_and_with_it(folder: Path) -> None:
    assert "The list of participants is attached" not in shown(folder, "language")
    assert "The list of participants is attached" in shown(folder, "language", "--kind", "boilerplate")
    assert "no passage of one paper stands again in another" in shown(folder, "language", "no such words anywhere")
    assert shown(folder, "language", "--paper", "001_060104102ca28d5d.txt").endswith("3 passages that stand again")


def test_accounts_show_the_difference_with_both_sentences(folder: Path) -> None:
    text = shown(folder, "accounts", "symposium 2015")
    assert "≠ role (host in one, co-chair in the other)" in text
    assert "“The symposium was co-hosted by the Thai Ministry of Foreign Affairs and the Australian Government" in text
    assert "Australian Attorney-General's Department co-chaired the Bali Process Regional Symposium" in text
    assert "= start: 2015-03-25" in text
    assert (
        "1 observers, only 000_7a1a196fd8975034.txt: Canada, International Labour Organization (ILO), United Kingdom"
        in text
    )
    assert shown(folder, "accounts", "--only", "differ").endswith("0 agree, 7 differ, 0 are said by only one")


def test_accounts_of_a_meeting_that_only_one_paper_tells_of(folder: Path) -> None:
    assert shown(folder, "accounts", "workshop victim protection 2012") == "no meeting of which two papers tell"


def test_follow_up_says_what_and_of_what(folder: Path) -> None:
    text = shown(folder, "followup", "--kind", "directive")
    assert "→ delivered on by Regional Symposium on Trafficking for the Purposes of Labour Exploitation" in text
    assert "(of the meeting's outcomes as a whole; not said of this commitment)" in text
    assert "→ the body that it called for met: first meeting of the Working Group on Trafficking in Persons" in text
    silent = shown(folder, "followup", "--found", "none", "victim protection 2012")
    assert "no later mention found in 4 papers from 2012-05-30 to 2023-11-08, of which 4 of this forum" in silent


def test_silence_where_no_later_paper_is_held(folder: Path) -> None:
    assert "no later paper is held: nothing can be said" in shown(folder, "followup", "ninth annual meeting")


def test_missing_is_a_list_of_what_to_look_for(folder: Path) -> None:
    text = shown(folder, "missing")
    assert text.startswith(
        "Bali Process Co-Chairs Statement of the 4th Bali Process Regional Ministerial Conference (2011-03-30)"
    )
    assert "List of participants (Annex I) of Technical Expert Workshop" in text
    assert shown(folder, "missing", "--kind", "annex").endswith("2 papers are cited and not held")


def test_counts_where_there_are_none(folder: Path) -> None:
    assert shown(folder, "counts") == "the papers state no numbers that can be held against a list"


@pytest.mark.parametrize("command", ["language", "accounts", "counts", "followup", "missing"])
@pytest.mark.parametrize("form", ["csv", "json"])
def test_every_reading_is_a_table_in_other_formats(folder: Path, command: str, form: str) -> None:
    result = run(folder, command, "--format", form)
    assert result.exit_code == 0, result.output
    if form == "json":
        assert "bindings" in json.loads(result.output)["results"]


def test_quality_report(folder: Path) -> None:
    text = shown(folder, "quality")
    assert "000_7a1a196fd8975034.txt (2015-03-26): 31 of 80 sentences gave facts, 107 facts" in text
    assert "joined by the same dates and compatible names" in text
    assert "kept apart: meetings of one day and city (2023-11-07, Bangkok)" in text
    report = json.loads(run(folder, "quality", "--format", "json").output)
    assert [c["document"][:3] for c in report["coverage"]] == ["000", "001", "002", "003", "004"]


# Judging


@pytest.fixture
def own(folder: Path, tmp_path: Path) -> Path:
    """A folder of its own, to write judgements in."""
    shutil.copytree(folder / "papers", tmp_path / "papers")
    pipeline.build(tmp_path / "papers", out=tmp_path / "graph", reader=gold_reader, workers=0)
    return tmp_path


SIGNED = ("--who", "A. Analyst", "--why", "same agenda")


def test_judge_asks_writes_and_the_next_build_takes_it_up(own: Path) -> None:
    asked = run(
        own, "judge", "same", "ninth annual meeting", "regional event victim", answer="A. Analyst\nsame agenda\ny\n"
    )
    assert asked.exit_code == 0, asked.output
    assert "Who judges" in asked.output
    (entry,) = load(own / "papers" / "judgements.toml").entries
    assert (entry.kind, entry.who, entry.why, len(entry.things)) == ("same", "A. Analyst", "same agenda", 2)
    pipeline.build(own / "papers", out=own / "graph", reader=gold_reader, workers=0)
    meetings = run(own, "query", "events", "--format", "csv").output
    rows = [line for line in meetings.splitlines() if line.startswith("004") and "2023-11-07" in line]
    assert len({row.split(",")[1] for row in rows}) == 1, "the two meetings are one now"
    judged = shown(own, "query", "judged", "--format", "csv")
    assert "A. Analyst" in judged
    assert "same agenda" in judged
    changes = shown(own, "quality")
    assert "Changes since the build before" in changes


def test_what_steers_a_terminal_is_shown_as_text(own: Path) -> None:
    result = run(own, "judge", "label", "symposium 2015", "--label", "a\u202eb\x1b[31m", *SIGNED, "--yes")
    assert result.exit_code == 0, result.output
    assert not set(result.output) & {"\u202e", "\x1b"}
    assert load(own / "papers" / "judgements.toml").entries[0].label == "a\u202eb\x1b[31m"
    pipeline.build(own / "papers", out=own / "graph", reader=gold_reader, workers=0)
    for command in ("quality", "accounts", "language", "followup", "missing"):
        assert not set(run(own, command).output) & {"\u202e", "\x1b"}, command


def test_judge_writes_nothing_without_a_yes(own: Path) -> None:
    result = run(own, "judge", "label", "symposium 2015", "--label", "Labour Symposium", *SIGNED, answer="n\n")
    assert "nothing was written" in result.output
    assert not (own / "papers" / "judgements.toml").exists()


def test_judged_labels_rejections_and_additions_reach_the_graph(own: Path) -> None:
    commitment = "commitment/004-78a992bfb09ab6c1/decision-co-chairs-formalised-its-membership-in-2023"
    quote = "These events were followed by a Bali Process Taskforce"
    group = "body/bali-process-working-group-on-trafficking-in-persons"
    for words in (
        ("judge", "label", "symposium 2015", "--label", "Labour Symposium"),
        ("judge", "reject", commitment),
        (
            "judge",
            "add",
            "first meeting 2015",
            "--paper",
            "004_78a992bfb09ab6c1.txt",
            "--quote",
            quote,
            "--property",
            "partOf",
            "--object",
            group,
        ),
    ):
        result = run(own, *words, *SIGNED, "--yes")
        assert result.exit_code == 0, result.output
    pipeline.build(own / "papers", out=own / "graph", reader=gold_reader, workers=0)
    assert "formalised its membership" not in run(own, "query", "commitments", "--format", "csv").output
    assert "formalised its membership" not in run(own, "followup", "--format", "csv").output
    assert "Labour Symposium" in shown(own, "accounts", "Labour Symposium")
    with open_build(own / "graph") as build:
        store = build.store
        added = store.query(
            f"ASK {{ GRAPH <{build.base}graph/judgements> {{ ?s <https://communique.example/ontology#partOf> <{build.base}id/{group}> }} }}"
        )
        assert bool(added)


def test_judgements_that_do_not_apply_change_nothing_and_are_reported(own: Path) -> None:
    signed = 'who = "A"\nwhen = 2026-01-15\nwhy = "x"\n'
    (own / "papers" / "judgements.toml").write_text(
        f'[[reject]]\nfact = "commitment/none"\n{signed}'
        '[[add]]\npaper = "004_78a992bfb09ab6c1.txt"\nquote = "never said"\nsubject = "state/TH"\nproperty = "partOf"\n'
        f'object = "state/AU"\n{signed}',
        "utf-8",
    )
    built = pipeline.build(own / "papers", out=own / "graph", reader=gold_reader, workers=0)
    text = shown(own, "quality")
    assert "Judgements that no longer apply: 2" in text
    assert "no statement has this key any more" in text
    assert "the quote does not stand in the paper" in text
    with open_build(own / "graph", built.name) as build:
        asked = f"ASK {{ <{build.base}id/state/TH> <https://communique.example/ontology#partOf> ?o }}"
        assert not bool(build.store.query(asked))


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("judge", "same", "symposium 2015"), "'same' needs at least two things"),
        (("judge", "label", "symposium 2015", "ninth annual"), "'label' needs one thing or statement"),
        (("judge", "reject", "commitment/none", *SIGNED), "is no statement of the graph"),
        (("judge", "label", "no such thing at all", "--label", "X", *SIGNED), "no such thing at all"),
        (
            (
                "judge",
                "add",
                "symposium 2015",
                "--paper",
                "none.txt",
                "--quote",
                "x",
                "--property",
                "partOf",
                "--object",
                "body/x",
                *SIGNED,
            ),
            "there is no paper 'none.txt'",
        ),
        (
            (
                "judge",
                "add",
                "symposium 2015",
                "--paper",
                "000_7a1a196fd8975034.txt",
                "--quote",
                "never said",
                "--property",
                "partOf",
                "--object",
                "body/x",
                *SIGNED,
            ),
            "these words do not stand in",
        ),
        (
            ("judge", "same", "symposium 2015", "ninth annual meeting", "--when", "soon", *SIGNED, "--yes"),
            "'when' is no date",
        ),
    ],
)
def test_judge_refuses_what_cannot_be_used(folder: Path, words: tuple[str, ...], what: str) -> None:
    result = run(folder, *words)
    said = result.output + str(result.exception or "")
    assert result.exit_code != 0
    assert what in said
    assert isinstance(result.exception, (CommuniqueError, SystemExit)), result.exception
    assert not (folder / "papers" / "judgements.toml").exists()


# The report


def test_quality_of_made_papers() -> None:
    papers = []
    for key, country in (("a.txt", "Thailand"), ("b.txt", "Viet Nam")):
        paper = Made(key, "2012")
        event = paper.event(f"Workshop on Topic {key}", start="2001-01-01" if key == "a.txt" else "2002-01-01")
        paper.person("Anna Wells", event, country)
        group = paper.body("Working Group on Floods")
        paper.event("Seminar on Rivers and Lakes", "mentioned")
        said = f"It has 5 members (Anna{key[0]}, Bea{key[0]} and Cia{key[0]})."
        for name in ("Anna", "Bea", "Cia"):
            paper.member(group, paper.body(f"{name}{key[0]}"), f"{name}{key[0]}", said=said)
        paper.count(group, 5, "members", "members", said)
        papers.append(paper.facts())
    resolution = resolve(papers)
    report = quality(papers, resolution, make_readings(papers, resolution))
    assert [(c.number, c.listed) for c in report.counts] == [
        (5, ("Annaa", "Beaa", "Ciaa")),
        (5, ("Annab", "Beab", "Ciab")),
    ]
    assert {(d.kind, d.why) for d in report.doubts} >= {
        ("unresolved", "a unit, and no paper says of what"),
        ("look-alike", "kept apart: persons of one name, affiliations differ or are not stated (anna well)"),
        ("look-alike", "kept apart: bodies of one name (flood group working)"),
        (
            "weak-merge",
            "joined by the name alone: a specific name that only one meeting in these papers bears: 'Seminar on Rivers and Lakes'",
        ),
    }
    assert decode(encode(report)) == report


def test_quality_of_many_papers_shows_those_of_which_least_was_read() -> None:
    many = tuple(Coverage(f"{i:03}.txt", "", "", 10, i % 10, (), {}) for i in range(100))
    text = as_text(Quality(many))
    assert "Coverage by paper: the 40 of 100 of which least was read" in text
    assert "000.txt (no date): 0 of 10 sentences gave facts" in text
    assert "009.txt" not in text


def test_quality_of_nothing() -> None:
    resolution = resolve([])
    assert quality([], resolution, make_readings([], resolution)) == Quality()
