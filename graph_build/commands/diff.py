"""`communique diff A B`: what the second graph says differently from the first."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click


@click.command(name="diff")
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option(
    "--format", "-f", "form", default="text", show_default=True,
    type=click.Choice(["text", "table", "csv", "tsv", "json", "md"]), help="How the answer is written.",
)  # fmt: skip
@click.option("--exit-code", is_flag=True, help="Exit with 1 where the graphs differ.")
@click.pass_context
def diff(ctx: click.Context, before: Path, after: Path, form: str, exit_code: bool) -> None:
    """Show the facts that AFTER gained, lost and changed against BEFORE, with their sentences.

    Both are folders of a graph, or builds in them: graph/builds/NAME.
    """
    from graph_build.compare import as_text, compare
    from graph_build.store import open_build
    from graph_build.tables import render

    with open_build(before) as first, open_build(after) as second:
        found = compare(first.store, second.store)
    if form == "text":
        width = min(shutil.get_terminal_size((100, 50)).columns, 120)
        click.echo(as_text(found, width, color=sys.stdout.isatty()), nl=False)
    else:
        click.echo(render(found.table(), form), nl=False)
    if exit_code and found:
        ctx.exit(1)
