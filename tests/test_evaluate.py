"""Scoring against gold: the measures by tables of cases, and the gold of the seeds against itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_build.errors import InputError
from graph_build.evaluate import TABLES, evaluate, read_gold
from graph_build.evaluate.alike import alike, alike_person, find, fold, overlap, same_date, same_party, verbatim

ROOT = Path(__file__).parent


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Working Group on Ports", "the working group on ports", True),
        ("Forward Plan 2021-23", "Forward Plan 2021-2023", True),
        ("Forward Plan 2021-23", "Forward Plan 2024-26", False),
        ("Harbour Process", "Harbour Process on Smuggling and Related Crime", True),
        ("Fourth Port Conference", "4th Port Conference", True),
        ("Fourth Port Conference", "Fifth Port Conference", False),
        ("Committee on Trade", "Committee on Health", False),
        ("", "Committee", False),
    ],
)
def test_names_alike(a: str, b: str, same: bool) -> None:
    assert (alike(a, b) >= 82) is same


def test_an_initial_stands_for_a_given_name() -> None:
    assert alike_person("J. Okoro", "James Okoro") >= 88
    assert alike_person("James Okoro", "Grace Okoro") < 88


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("2011-03", "2011-03-30", True),
        ("2011-03-29", "2011-03-30", False),
        ("", "2011", None),
        ("2011", "2012-01", False),
    ],
)
def test_dates(a: str, b: str, expected: bool | None) -> None:
    assert same_date(a, b) is expected


def test_parties_by_code_acronym_or_name() -> None:
    assert same_party("TH", "Thailand", "TH", "Thailand")
    assert not same_party("TH", "Thailand", "MY", "Thailand")
    assert same_party("IOM", "International Organization for Migration (IOM)", "IOM", "IOM")
    assert same_party("Walk Free", "Walk Free Foundation", "Walk Free", "Walk Free")


def test_where_quotes_stand() -> None:
    text = fold("Ministers **agreed** to meet\nagain. They left.")
    assert find(text, "Ministers agreed to meet again.") == (0, 30)
    assert find(text, "never said") is None
    assert verbatim(text, "Ministers agreed … They left")
    assert not verbatim(text, "Ministers refused")
    assert overlap((0, 30), (0, 30)) == 1.0
    assert overlap((0, 30), (30, 40)) == 0.0


def _party(entry: dict[str, object]) -> dict[str, object]:
    return {"code": entry.get("party"), "party_label": entry.get("name")}


def rows_of(gold: dict[str, object], name: str) -> dict[str, list[dict[str, str]]]:
    """The tables that would be exactly right."""
    g: dict[str, list[dict[str, object]]] = gold  # type: ignore[assignment]  # gold holds lists under these keys
    label = {str(e["id"]): str(e["label"]) for e in g.get("events") or []}

    def row(entry: dict[str, object], **more: object) -> dict[str, str]:
        return {k: str(v) for k, v in {**entry, **more, "document": f"{name}.txt"}.items() if v is not None}

    return {
        "events": [row(e, event=e["id"]) for e in g.get("events") or []],
        "attendance": [row(e, event_label=label[str(e["event"])], **_party(e)) for e in g.get("attendance") or []],
        "people": [row(e, person=e["name"]) for e in g.get("people") or []],
        "membership": [row(e, body_label=e["body"], **_party(e)) for e in g.get("membership") or []],
        "named": [row(e, thing=f"{e['type']}/{e['label']}") for e in g.get("named") or []],
        "commitments": [row(e, commitment=i) for i, e in enumerate(g.get("commitments") or [])],
        "lineage": [
            row(
                e,
                source_label=label.get(str(e["source"]), e["source"]),
                target_label=label.get(str(e["target"]), e["target"]),
            )
            for e in g.get("links") or []
        ],
    }


def perfect() -> tuple[dict[str, dict[str, object]], dict[str, str], dict[str, list[dict[str, str]]]]:
    gold = read_gold(ROOT / "gold" / "seeds")
    texts = {p.stem: p.read_text(encoding="utf-8") for p in (ROOT.parent / "seeds").glob("*.txt")}
    tables: dict[str, list[dict[str, str]]] = {t: [] for t in TABLES}
    for name, one in gold.items():
        for table, rows in rows_of(one, name).items():
            tables[table] += rows
    return gold, texts, tables


def test_gold_against_itself_is_right_in_everything() -> None:
    scores = evaluate(*perfect())
    assert scores.documents == 5
    assert {n: (t.gold, t.system, t.hit) for n, t in scores.tables.items()} == {
        "events": (15, 15, 15),
        "event facts": (42, 42, 42),
        "attendance": (179, 179, 179),
        "people": (35, 35, 35),
        "membership": (33, 33, 33),
        "named": (94, 94, 94),
        "commitments": (65, 65, 65),
        "lineage": (45, 45, 45),
    }
    assert scores.mean == 1.0
    assert all(right == of for right, of in scores.accuracies.values())
    assert not scores.findings


def test_what_is_missed_and_extra_is_said_with_its_sentence() -> None:
    gold, texts, tables = perfect()
    gone = tables["commitments"].pop(0)
    tables["named"].append(
        {"document": gone["document"], "thing": "x", "label": "Quite Other", "type": "body", "quote": "q"}
    )
    scores = evaluate(gold, texts, tables)
    assert [(f.table, f.kind, f.quote) for f in scores.findings] == [
        ("named", "extra", "q"),
        ("commitments", "missed", gone["quote"]),
    ]
    assert scores.tables["commitments"].recall == pytest.approx(64 / 65)


def test_gold_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no gold files"):
        read_gold(tmp_path)
    (tmp_path / "a.yaml").write_text("- [", encoding="utf-8")
    with pytest.raises(InputError, match="not YAML"):
        read_gold(tmp_path)
