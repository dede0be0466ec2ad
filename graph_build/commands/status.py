"""`communique status`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    default=Path("graph"),
    show_default=True,
    help="Folder of the graph.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def status(out: Path, form: str) -> None:
    """What is in the graph, what changed since, what failed."""
    from graph_build import pipeline

    found = pipeline.status(out)
    if form == "json":
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=1).decode())
        return
    click.echo(f"graph {found.build}, published {found.at or 'at an unknown time'}")
    copies = sum(bool(p.copy_of) for p in found.papers)
    also = f" and {copies:,} cop{'y' if copies == 1 else 'ies'} of them" if copies else ""
    papers = len(found.papers) - copies
    click.echo(f"{papers:,} paper{'' if papers == 1 else 's'}{also}, {found.triples:,} triples, base {found.base}")
    for source in found.sources:
        click.echo(f"source: {source}")
    for paper in found.papers:
        mark = {"same": " ", "changed": "~", "gone": "-"}[paper.state]
        facts = f"{paper.facts} facts" if paper.facts else "nothing found"
        if paper.copy_of:
            mark, facts = "=" if paper.state == "same" else mark, f"the same paper as {paper.copy_of}"
        click.echo(f"{mark} {paper.key}  {facts}")
    for key in found.new:
        click.echo(f"+ {key}  not read yet")
    for key in found.excluded:
        click.echo(f"x {key}  taken out")
    for problem in found.problems:
        click.echo(f"! {problem}")
    if found.stale:
        click.echo(f"The papers changed since; bring the graph up to date: communique build --add --out {out}")
