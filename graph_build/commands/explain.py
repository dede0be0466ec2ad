"""`communique explain`: everything said of a thing, with sentences and rules."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from graph_build.commands.query import GRAPH, asking


@click.command(name="explain")
@click.argument("thing")
@GRAPH
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of a graph on disk.")
@click.option("--all", "everything", is_flag=True, help="All statements, however many.")
@click.option(
    "--format", "-f", "form", default="text", show_default=True,
    type=click.Choice(["text", "table", "csv", "tsv", "json", "md"]), help="How the answer is written.",
)  # fmt: skip
def explain(thing: str, graph: Path, endpoint: str | None, everything: bool, form: str) -> None:
    """Show everything said of THING: paper, paragraph, sentence, rule, how it is known, and why mentions were merged.

    THING is an IRI, a short id, or words such as "symposium 2015". A statement is explained by its id.
    """
    from graph_build.explain import MOST, as_text
    from graph_build.explain import explain as run
    from graph_build.tables import render

    with asking(graph, endpoint) as source:
        found = run(source, thing, most=sys.maxsize if everything else MOST)
    if form == "text":
        width = min(shutil.get_terminal_size((100, 50)).columns, 120)
        click.echo(as_text(found, width, color=sys.stdout.isatty()), nl=False)
    else:
        click.echo(render(found.table(), form), nl=False)
