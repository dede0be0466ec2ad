"""Segmentation: tables of cases in tests/cases/segment, properties on arbitrary text, all texts at hand."""

from __future__ import annotations

import re
import time
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_build.records import Block, Document, Segmented
from graph_build.segment import segment
from graph_build.segment.sentences import sentences_of

CASES = Path(__file__).parent / "cases" / "segment"
SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))


def segmented(text: str) -> Segmented:
    return segment(Document("paper.txt", text, "0"))


# -- sentences -----------------------------------------------------------------------------------------------

SENTENCES = [
    line for line in (CASES / "sentences.txt").read_text("utf-8").splitlines() if line and not line.startswith("#")
]


def test_sentences_are_many() -> None:
    assert len(SENTENCES) >= 75


@pytest.mark.parametrize("line", SENTENCES)
def test_sentence_ends(line: str) -> None:
    text = line.replace("‖", "")
    found = [text[s.start : s.end] for s in sentences_of(text)]
    assert found == [part.strip() for part in line.split("‖")]


# -- blocks --------------------------------------------------------------------------------------------------

BLOCKS = tomllib.loads((CASES / "blocks.toml").read_text("utf-8"))["case"]


def shown(block: Block, expected: str) -> str:
    """A block as the case writes it; fields that the case leaves open ('-') are left open."""
    wanted = expected.split("|", 4)
    fields = [block.kind, block.number, str(block.level), str(block.lead)]
    shown = [("-" if w.strip() == "-" else f) for w, f in zip(wanted[:4], fields, strict=True)]
    return " | ".join([*shown, block.text]).replace(" |  | ", " | | ")


def test_block_cases_are_many() -> None:
    assert len(BLOCKS) >= 35


@pytest.mark.parametrize("case", BLOCKS, ids=lambda c: c["name"])
def test_blocks(case: dict[str, Any]) -> None:
    blocks = segmented(case["text"]).blocks
    expected = case["blocks"]
    found = [shown(b, e) for b, e in zip(blocks, expected, strict=False)]
    assert found + [b.text for b in blocks[len(expected) :]] == expected


VIEWS = tomllib.loads((CASES / "views.toml").read_text("utf-8"))["case"]


def test_view_cases_are_many() -> None:
    assert len(VIEWS) >= 20


@pytest.mark.parametrize("case", VIEWS, ids=lambda c: c["name"])
def test_view(case: dict[str, str]) -> None:
    (block,) = segmented(case["source"]).blocks
    assert block.text == case["view"]
    check(segmented(case["source"]))


def test_sections() -> None:
    text = "# Forum\n\nIt met in Apia in 2014 and was attended by all members of the body.\n\n## A\n\n### B\n\nFirst text.\n\n## C\n\nSecond text."
    found = {b.text: b.section for b in segmented(text).blocks if b.kind == "paragraph"}
    assert found["First text."] == ("A", "B")
    assert found["Second text."] == ("C",)


def test_title_lines_are_statements_of_their_own() -> None:
    blocks = segmented(
        "**LAKE FORUM ON WATER AND\nFISHERIES\nBERN, SWITZERLAND\n4 MAY 2010**\n\nThe Forum met in Bern."
    ).blocks
    title = blocks[0]
    assert [title.text[s.start : s.end] for s in title.sentences] == [
        "LAKE FORUM ON WATER AND FISHERIES",
        "BERN, SWITZERLAND",
        "4 MAY 2010",
    ]


def test_cells() -> None:
    block = segmented("| Chad | Mr A |\n| Mali | |").blocks[0]
    assert [block.text[c.start : c.end] for c in block.cells] == ["Chad", "Mr A"]


def test_a_passage_over_a_cut_has_two_spans() -> None:
    text = (
        "# The Harbour Process\n\nMinisters discussed the safety of all ports and they agreed that all\n\n"
        "# The Harbour Process\n\n2\n\nmembers should report on their steps. They left."
    )
    found = segmented(text)
    block = found.blocks[1]
    first = block.sentences[0]
    passage = found.passage(block, first.start, first.end)
    assert len(passage.spans) == 2
    assert passage.quote == (
        "Ministers discussed the safety of all ports and they agreed that all … members should report on their steps."
    )
    assert found.block_at(text.index("report on")) is block
    assert found.sentence_at(found.passage(block, block.text.index("report"), first.end)) == passage


# -- properties ----------------------------------------------------------------------------------------------

LEFT_OUT = re.compile(
    r"""(?:\s | [*_\#|\\] | </?[a-zA-Z][^<>]*> | <!--[^<>]*--> | [\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x1f\x7f]
    | <sup>.{1,3}</sup> | br\s*/?> | \[\^?\w{1,12}\]:? | !?\[ | \]\([^\s()]*(?:\([^\s()]*\))?[^\s()]*\) | [\#a-zA-Z0-9]+; | [¹²³⁰⁴-⁹]+ | -|‐ | \d{1,3}
    | \(?\w{1,6}(?:\.\d{1,2})*\\?[.):\u2013\u2014-]*\)? | [\u2022\u2023\u25aa-\u25e6\u2013\u2014·+○■□⁃∙•►▶➢➤✓✔→❖◆◇\uf000-\uf0ff§¶] )+""",
    re.X,
)


def check(found: Segmented) -> None:
    """What must hold of every segmentation."""
    text = found.document.text
    covered = bytearray(len(text))
    for i, block in enumerate(found.blocks):
        view = block.view
        assert block.index == i
        assert view.text
        assert view.text == view.text.strip()
        assert all(a < b for a, b in pairwise(view.offsets))
        for char, at in zip(view.text, view.offsets, strict=True):
            source = text[at]
            assert (
                char == source
                or (char in " \t" and (source.isspace() or source in "<&"))
                or source == "&"
                or char == "-"
            )
            assert not covered[at], "two blocks share a character"
            covered[at] = 1
        assert not re.search(r"[^\S \t]|[ \t]{2}", view.text)
        assert all(0 < c < len(view.text) for c in view.cuts)
        last = 0
        for s in block.sentences:
            assert last <= s.start < s.end <= len(view.text)
            last = s.end
            assert view.spans(s.start, s.end)
        assert "".join(view.text[s.start : s.end] for s in block.sentences).replace(" ", "") == view.text.replace(
            " ", ""
        )
        assert all(0 <= c.start < c.end <= len(view.text) for c in block.cells)
        assert -1 <= block.lead < i
    starts = [b.view.offsets[0] for b in found.blocks]
    assert starts == sorted(starts)
    for run in "".join("\U0010fffd" if c else t for t, c in zip(text, covered, strict=True)).split("\U0010fffd"):
        assert not run.strip() or LEFT_OUT.fullmatch(run), f"dropped in silence: {run!r}"


@pytest.mark.parametrize("path", SEEDS, ids=lambda p: p.stem)
def test_seeds_hold_the_properties(path: Path) -> None:
    found = segmented(path.read_text("utf-8"))
    check(found)
    assert {b.kind for b in found.blocks} <= {"title", "heading", "paragraph", "item", "row", "note", "furniture"}
    assert any(b.kind == "title" for b in found.blocks)


MARKUP = st.lists(
    st.sampled_from(
        [
            "The Forum",
            " met",
            "\n",
            "\n\n",
            "\r\n",
            "\f",
            "**",
            "*",
            "# ",
            "- ",
            "1. ",
            "(a) ",
            "| ",
            "a|b|c",
            "2",
            "\t",
            "   ",
            "<sup>1</sup>",
            "[1] ",
            "[^2]: x",
            "&amp;",
            "\\* ",
            "-\n",
            "co-",
            "[x](http://y.z)",
            "\u00ad",
            "\ufeff",
            "Page 2 of 3",
            "ANNEX I",
            "====",
            "---",
            "agreed.",
            " Mr. ",
            "U.S. ",
            "“",
            "”",
            "(",
            ")",
            ";",
            ":",
            "é",
            "ﬁ",
            "\uf0b7 ",
            "§ 4 ",
            "iv) ",
        ]
    ),
    max_size=60,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(MARKUP)
def test_properties_on_markup(text: str) -> None:
    check(segmented(text))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_segmented(text: str) -> None:
    for block in segmented(text).blocks:
        assert len(block.view.text) == len(block.view.offsets)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from('Aa1. !?…"“()[]U.S.Mr'), max_size=200))
def test_sentences_cover_the_text(text: str) -> None:
    text = " ".join(text.split())
    assert "".join(text[s.start : s.end] for s in sentences_of(text)).replace(" ", "") == text.replace(" ", "")


# -- time ----------------------------------------------------------------------------------------------------

HOSTILE = {
    "one word": "a" * 333_333,
    "blanks": " " * 333_333 + "x",
    "stars": "* " * 133_333,
    "open links": "[a" * 100_000,
    "open tags": "<span " * 66_666,
    "open brackets": "The (Mr. A " * 26_666,
    "titles": "Mr. Ab " * 50_000,
    "initials": "A. Bcd " * 50_000,
    "stops": ". " * 133_333,
    "bullets": "- a\n" * 50_000,
    "numbers": "1. a\n" * 50_000,
    "lines of one kind": "Chad\n\n" * 33_333,
    "line ends in hyphens": "coopera-\ntion " * 26_666,
    "entities": "&amp" * 83_333,
    "pipes": "|a" * 100_000,
    "tabs": "a\tb\n" * 50_000,
    "form feeds": "page\f" * 33_333,
    "unfinished paragraphs": "the end of it has no end and goes on, and\n\n" * 6_666,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_with_the_text_only(name: str) -> None:
    text = HOSTILE[name]
    took = []
    for part in (text[: len(text) // 4], text):
        start = time.process_time()
        segmented(part)
        took.append(time.process_time() - start)
    assert took[1] < 40
    assert took[1] < 10 * took[0] + 0.5


def test_ten_megabytes() -> None:
    paragraph = "\n".join(path.read_text("utf-8") for path in SEEDS)
    text = paragraph * (10_000_000 // len(paragraph))
    start = time.process_time()
    found = segmented(text)
    assert time.process_time() - start < 30
    assert len(found.blocks) > 10_000
