"""`communique validate`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option(
    "--graph",
    "-g",
    type=click.Path(path_type=Path),
    default=Path("graph"),
    show_default=True,
    help="Folder of the graph, or of one build.",
)
@click.option(
    "--engine",
    type=click.Choice(["auto", "pyshacl", "shacl"]),
    default="auto",
    show_default=True,
    help="What checks the shapes; auto takes the fast one where it is installed.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def validate(ctx: click.Context, graph: Path, engine: str, form: str) -> None:
    """Check a graph against its shapes, with the sentences.

    Also names what was left out when it was built. Exit code 0: conforms and nothing was left out; 1: not so.
    """
    from graph_build import pipeline

    report, left_out = pipeline.check(graph, engine)
    if form == "json":
        click.echo(pipeline.report_bytes((*left_out, *report.violations), report.warnings).decode(), nl=False)
    else:
        click.echo(str(report))
        if left_out:
            click.echo(f"\nLeft out of this graph when it was built, {len(left_out)}:")
            for finding in left_out:
                click.echo(f"\n{finding}")
    ctx.exit(0 if report.conforms and not left_out else 1)
