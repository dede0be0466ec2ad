"""`communique evaluate`: how right a build of papers is, against what readers wrote down."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from graph_build.evaluate import Scores


@click.command()
@click.argument("gold", type=click.Path(file_okay=False, exists=True, path_type=Path))
@click.argument("texts", type=click.Path(file_okay=False, exists=True, path_type=Path))
@click.option("--details", is_flag=True, help="List what was missed and what was extra, each beside its sentence.")
@click.option("--by-kind", is_flag=True, help="Give the figures for each kind of paper too.")
@click.option("--only", multiple=True, help="Only papers whose name starts so; may be given several times.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def evaluate(gold: Path, texts: Path, details: bool, by_kind: bool, only: tuple[str, ...], as_json: bool) -> None:
    """Score the seven tables against GOLD (NAME.yaml files) for the papers in TEXTS.

    The papers are built into a folder that is thrown away. docs/guideline.md says what the tables mean.
    """
    from graph_build import pipeline
    from graph_build.errors import InputError
    from graph_build.evaluate import TABLES, read_gold
    from graph_build.evaluate import evaluate as score
    from graph_build.query import query
    from graph_build.read import read
    from graph_build.store import open_build

    wanted = {k: v for k, v in read_gold(gold).items() if not only or k.startswith(only)}
    files = {p.stem: p for p in sorted(texts.rglob("*")) if p.is_file() and p.stem in wanted}
    if missing := sorted(set(wanted) - set(files)):
        raise InputError(
            f"no paper for the gold of {', '.join(missing)}", str(texts), "name the folder that holds them"
        )
    with tempfile.TemporaryDirectory() as folder:
        pipeline.build(*files.values(), out=folder)
        with open_build(folder) as build:
            tables = {name: list(query(build.store, name).records()) for name in TABLES}
            kinds = {Path(r["document"]).stem: r["type"] for r in query(build.store, "documents").records()}
    scores = score(wanted, {k: read(p, p.name).text for k, p in files.items()}, tables, kinds)
    if as_json:
        click.echo(json.dumps(_figures(scores), indent=1))
        return
    _print(scores, "all")
    if by_kind:
        for kind, part in sorted(scores.kinds.items()):
            click.echo("")
            _print(part, kind)
    if details:
        for f in scores.findings:
            quote = f"\n      “{f.quote}”" if f.quote else ""
            click.echo(f"{f.table}: {f.kind}: {f.document}: {f.what}{quote}")


def _print(scores: Scores, what: str) -> None:
    click.echo(f"{what}: {scores.documents} documents")
    click.echo(f"{'table':<14}{'gold':>6}{'system':>8}{'hit':>6}{'P':>8}{'R':>8}{'F1':>8}")
    for name, t in scores.tables.items():
        if t.gold or t.system:
            click.echo(f"{name:<14}{t.gold:>6}{t.system:>8}{t.hit:>6}{t.precision:>8.3f}{t.recall:>8.3f}{t.f1:>8.3f}")
    for name, (right, of) in scores.accuracies.items():
        click.echo(f"accuracy: {name:<18}{right}/{of} = {right / of:.3f}")
    click.echo(f"mean F1 {scores.mean:.3f}")


def _figures(scores: Scores) -> dict[str, object]:
    return {
        "documents": scores.documents,
        "tables": {
            n: {"gold": t.gold, "system": t.system, "hit": t.hit, "P": t.precision, "R": t.recall, "F1": t.f1}
            for n, t in scores.tables.items()
            if t.gold or t.system
        },
        "accuracies": {n: right / of for n, (right, of) in scores.accuracies.items()},
        "mean F1": scores.mean,
        "kinds": {k: _figures(part) for k, part in sorted(scores.kinds.items())},
    }
