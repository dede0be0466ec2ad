"""The rule engine: files that contradict themselves are refused, masks lead back to the text, examples fit both ways."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graph_build import rules
from graph_build.errors import RuleError
from graph_build.mention import mention
from graph_build.records import Document
from graph_build.segment import segment

GOOD = """
[[rule]]
id = "met"
pattern = '''{State} met'''
cues = ["met"]
examples = ["{State:Kenya} met"]
counterexamples = ["{State:Kenya} left"]
"""


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """A function that loads a rule file of these words."""

    def load(text: str) -> rules.RuleSet:
        (tmp_path / "made.toml").write_text(text, encoding="utf-8")
        monkeypatch.setattr("importlib.resources.files", lambda _: tmp_path)
        rules.tables.cache_clear()
        rules.load.cache_clear()
        try:
            return rules.load("made")
        finally:
            rules.tables.cache_clear()
            rules.load.cache_clear()

    return load


def test_a_rule_reads_like_its_sentence(loaded) -> None:  # type: ignore[no-untyped-def]  # the fixture's function
    (rule,) = loaded(GOOD).rules
    assert rules.fits(rule, "Yesterday {State:Kenya} met {State:Norway}.")
    assert not rules.fits(rule, "Yesterday {Body:Kenya} met.")
    assert rule.name == "made/met"


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (("cues =", "cue ="), "unknown key 'cue'"),
        (('examples = ["{State:Kenya} met"]\n', ""), "missing key 'examples'"),
        (('["{State:Kenya} met"]', "[]"), "at least one example"),
        (("{State} met", "{State} (met"), "does not compile"),
        (("{State} met", "{Stat} met"), "unknown placeholder"),
        (('id = "met"', 'id = "met'), "not TOML"),
    ],
)
def test_a_broken_file_is_refused_with_file_and_rule(loaded, change: tuple[str, str], what: str) -> None:  # type: ignore[no-untyped-def]  # the fixture's function
    with pytest.raises(RuleError, match=re.escape(what)) as error:
        loaded(GOOD.replace(*change))
    assert "rules/made.toml" in str(error.value)


def test_one_id_given_twice_is_refused(loaded) -> None:  # type: ignore[no-untyped-def]  # the fixture's function
    with pytest.raises(RuleError, match="given twice"):
        loaded(GOOD + GOOD)


def test_a_missing_file_and_list_are_errors() -> None:
    with pytest.raises(RuleError, match="no such rule file"):
        rules.load("nowhere")
    with pytest.raises(RuleError, match="no word list"):
        rules.word_list("nowhere")


def test_a_mask_leads_back_to_the_text() -> None:
    text = "The Governments of Kenya and Norway signed it in Lima on 3 May 2001."
    mentioned = mention(segment(Document("a.txt", text, "0" * 64)))
    block = mentioned.segmented.blocks[0]
    masked = rules.mask(mentioned, block, 0, len(text))
    found = [(m.kind, text[m.start : m.end]) for m in masked.mentions.values()]
    assert [x for x in found if x[0] in ("state", "place", "date")] == [
        ("state", "Kenya"),
        ("state", "Norway"),
        ("place", "Lima"),
        ("date", "3 May 2001"),
    ]
    at = masked.text.index(" signed")
    start, end = masked.range(at, at + 7)
    assert text[start:end] == " signed"


def context_rules() -> list[rules.Rule]:
    found = list(rules.load("contexts", ("kind",)).rules)
    assert len(found) >= 5
    return found


@pytest.mark.parametrize("rule", context_rules(), ids=lambda r: r.id)
def test_contexts_fit_their_examples_and_no_counterexample(rule: rules.Rule) -> None:
    assert all(rules.fits(rule, x) for x in rule.examples)
    assert not any(rules.fits(rule, x) for x in rule.counterexamples)


def test_each_genre_fits_its_examples_first() -> None:
    genres = rules.tables("genres")["genre"]
    assert len(genres) >= 8
    for genre in genres:
        for example in genre["examples"]:
            first = next(g["notation"] for g in genres if re.search(g["pattern"], example))
            assert first == genre["notation"], example
