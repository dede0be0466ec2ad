"""`communique trace`: the lineage of a thing, each hop with its sentence."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from graph_build.commands.query import GRAPH, asking


@click.command(name="trace")
@click.argument("thing")
@GRAPH
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of a graph on disk.")
@click.option("--to", "target", metavar="THING", help="Only what lies between the two.")
@click.option("--steps", default=3, show_default=True, type=click.IntRange(1), help="How far each way.")
@click.option("--all", "everything", is_flag=True, help="All steps, nothing left out.")
@click.option("--rules", is_flag=True, help="Name the rule that read each sentence.")
@click.option(
    "--format", "-f", "form", default="text", show_default=True,
    type=click.Choice(["text", "table", "csv", "tsv", "json", "md"]), help="How the answer is written.",
)  # fmt: skip
def trace(
    thing: str,
    graph: Path,
    endpoint: str | None,
    target: str | None,
    steps: int,
    everything: bool,
    rules: bool,
    form: str,
) -> None:
    """Show what led to THING and what came of it: a meeting, body, commitment or instrument.

    THING is an IRI, a short id, or words such as "symposium 2015". Where the papers fall silent, it says so.
    """
    from graph_build.tables import render
    from graph_build.trace import ALL, BREADTH
    from graph_build.trace import trace as run
    from graph_build.trace_text import as_text

    with asking(graph, endpoint) as source:
        found = run(
            source, thing, steps=ALL if everything else steps, breadth=ALL if everything else BREADTH, to=target
        )
    if form == "text":
        width = min(shutil.get_terminal_size((100, 50)).columns, 120)
        click.echo(as_text(found, width, color=sys.stdout.isatty(), rules=rules), nl=False)
    else:
        click.echo(render(found.table(), form), nl=False)
